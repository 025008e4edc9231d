// Package health is audit block 13, data health: which contacts are the same person or firm, how their fields are filled, what is out of date or cannot be reached, each held
// against a norm and a red zone.
//
// Load fetches the tables, Fit turns them into checks, pairs and groups, Findings into statements; the last two are pure.
//
// # The exception
//
// Everywhere else SQL reduces and Go never sees a customer row. Here it does: analytics.red_health_contacts is one row per contact, because spellings cannot be compared
// in the portable subset (no regular expressions, no phonetics). It is refused above five million contacts, and then the checks that need it are not measurable. All that leaves the package
// but the tables of the database is counts: neither the page nor a finding names a contact.
//
// # Facts
//
// Every check is counted on all contacts (bounces: on all messages of the audited period), so it is a fact without an interval. Ages are counted up to the end of the audited period. A formal filler
// does not count as filled. Fillers of name, phone and e-mail are looked for one by one, those of all other fields among their 500 most frequent values. Inactive needs a loaded
// history as long as the silence that is asked for. A field that nobody has filled is not given, unless audit.yaml names it.
//
// # Duplicates
//
// Phones become E.164 (+7 numbers here, all others by libphonenumber), addresses what the provider reads (case, IDN; dots and labels only where the provider is known to ignore them),
// names words in a common spelling: Cyrillic, Kazakh and the ways to write them in Latin letters meet in it (names.go), legal forms are taken off.
//
// Candidates share a key: phone, its last seven digits, address, local part, full name, the two rarest words, their consonants, one word and the initial of the other, one word
// and the date of birth. A block above 200 (numbers, addresses) or 60 (all others) is sorted by date of birth, name and number, and only neighbours are compared, so the cost is
// bounded: nine keys a contact, at most cap comparisons each. analytics.duplicate_blocks counts all of it.
//
// A pair is scored in bits, log2 of odds, as Fellegi and Sunter (1969) do: prior log2(.1 / contacts), plus or minus what phone, e-mail, name and date of birth say. What is shared weighs
// log2(contacts) and more, less 2 log2(k-1) when k contacts share it; a second shared thing weighs 4, for who shares a number in a family shares the address. Names weigh
// the rarity of their words; on a shared number or address at most 6.5, since there chance is not the base but the family. Another given name is -10, another patronymic -8. A local part that
// is the name itself is no evidence beside the name. The weights (score.go) are settings, not estimates: chosen on worlds with planted duplicates, they hold where the planted mix is like the real one.
// Certain is 8 bits and more, likely 3, possible 0; groups come from certain and likely pairs, the best first, and never join members who contradict each other (no chaining).
//
// # When it misleads
//
// A couple without given names on one phone is taken for one contact (likely). Firms of one name without any contact data are at best possible. Who changed name, number and address at once is not found.
// A woman with a new surname is found only when number and address, or another word, stayed. Alphabets other than Latin and Cyrillic are compared as they are written.
//
// # Proof
//
// testdata/oracle/health.json (make_health.py: jellyfish for similarities; the tables of ICAO 9303, ISO 9, GOST 7.79 B, BGN/PCGN and the Kazakh Latin of 2021 for spellings); libphonenumber for +7 numbers;
// fuzz targets FuzzName and FuzzFields. Truth bench, row D1 (duplicates of 18 kinds among near-misses of 13 kinds, 9 % duplicates, one number of 1 % of the base), reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/health/
//
//	id  | what                                                   | reached | required |  R
//	D1  | precision of certain and likely pairs, 3000 contacts   | 0.999   | >= .95   | 10
//	D1  | recall, the same                                       | 0.944   | >= .9    | 10
//	D1  | precision of certain pairs alone                       | 1.000   | >= .99   | 10
//	D1  | precision of groups (pairs within them)                | 0.999   | >= .95   | 10
//	D1  | precision of certain and likely pairs, 30000 contacts  | 0.999   | >= .95   |  4
//	D1  | recall, the same                                       | 0.938   | >= .9    |  4
//	D1  | precision of certain pairs alone                       | 1.000   | >= .99   |  4
//	D1  | precision of groups (pairs within them)                | 0.999   | >= .95   |  4
//	D1  | precision of certain and likely pairs, 200000 contacts | 0.999   | >= .95   |  1
//	D1  | recall, the same                                       | 0.936   | >= .9    |  1
//	D1  | precision of certain pairs alone                       | 1.000   | >= .99   |  1
//	D1  | precision of groups (pairs within them)                | 0.999   | >= .95   |  1
//
// The rules were mended while these worlds were looked at, so they are no independent proof. The made-up company of analytics/synth, whose doubles somebody else wrote, is nearer to one: of 30,000 contacts
// (simulate --seed 11 --customers 30000 --weeks 12) precision 1.000, recall .993 (907 planted pairs, 848 near-misses).
//
// Speed: a million contacts of the bench take 6.7 processor seconds to read, 10.7 to compare (26 million pairs) and .2 to group, with 810 MB of heap in use, 232 MB of them the contacts themselves. The world of a million customers (20.6 M messages)
// with --only health: 95 processor seconds, load and report included, 2.98 GB resident with the engine; 22 million pairs compared, 29,624 groups where 3 % are planted.
package health
