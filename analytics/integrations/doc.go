// Package integrations is audit block 15: what arrives, how much of it, how late, how often twice, and what never comes back.
//
// Load fetches the reduced tables and the accounts of the load, Fit turns them into verdicts, Findings into statements; the last two are pure. All but gaps and floods are counts of everything that was loaded: facts.
//
// # Gaps
//
// A source is an input with what it says of itself: the source and name of events, the channel and kind of fact of message_events, the channel of messages without campaigns, which follow a calendar of their own. Statuses, and opens and
// clicks, of a channel are sources too, by the day of the send and per send: an outage of the provider's feed is a gap in them. What is usual comes from the source's own history: the trimmed mean of the 28 open days on each side (silences of more than a week left
// out), times the weekday (medians; a weekday with a median of 0 is closed). Days differ by chance, by tau of their level (robust, from medians), and neighbours alike (rho); the tails of these shocks are those of all days (suffstat.SpikeTail).
// Windows of 1, 2, 3, 5 and 7 open days are tested for too few rows, p from a Poisson count about a mean with such a shock (suffstat.MixedCount) or, doubled, from all of the days being low; only days at half of the usual or less can be in a gap.
// Windows in which not even silence would be rarer than .001 are no tests. Low days that touch are one run; q is what windows x p would be expected by chance over the runs found: counting windows by Benjamini-Hochberg instead let other gaps into 12 to 33 of 100
// worlds with one true gap.
//
// Not gaps: what three or more other inputs are low in alike (the middle of their shares is taken off; a holiday), or nothing arrives of (an outage of everything, told once), the same days of another year, days before a source begins, and silence of more than a
// fortnight up to the end (ended: retired or broken, nobody can tell). The last loaded day may be incomplete and is left out.
//
// # When it misleads
//
// A holiday in data of one or two inputs and less than a year looks like a gap if it halves the rows. Sources that come on some days only, or with fewer than some 7 rows a day (2 for a week of silence), cannot show one; the state of each source says so. A source that
// falls to less than half for good is called a gap for the first days only. Triggered messages fall with the events that trigger them: the gap of the events is the cause.
//
// # Proof
//
// testdata/oracle/counts.json (scipy: nbinom, poisson, integration over Student's t) for the tails; testdata/sql/analytics/integrations_days.txtar by hand. Truth bench, reached on 2026-11-22 (18 months; 8 sources of 6 to 800 rows a day, weekday
// patterns, trends of -40 % to +350 %, shocks t(5) and t(6) with rho .3 to .5, one source new, one ended) with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/integrations/
//
//	id | what                                                                    | reached | required | other gaps in so many worlds |   R
//	I1 | worlds of 8 null sources with any gap                                   | 0.050   | <= .075  |                              | 300
//	I1 | false gaps per tested source-day                                        | 0.00002 | <= .0005 |                              | 300
//	I1 | null worlds with any flood                                              | 0.027   | <= .1    |                              | 300
//	I1 | new and ended sources told apart from gaps                              | 1.000   | >= .99   |                              | 300
//	I2 | 5 inputs, a holiday of 9 days at 30-50 % of the usual called a gap      | 0.000   | <= .1    |                              | 100
//	I3 | found: 2 days at 0 % of 800 rows a day, tau .15                         | 1.000   | >= .98   | .030                         | 100
//	I3 | found: 2 days at 30 % of 800 rows a day, tau .15                        | 0.920   | >= .80   | .030                         | 100
//	I3 | found: 5 days at 30 % of 800 rows a day, tau .15                        | 1.000   | >= .98   | .060                         | 100
//	I3 | found: 2 days at 0 % of 150 rows a day, tau .20                         | 1.000   | >= .98   | .060                         | 100
//	I3 | found: 5 days at 30 % of 150 rows a day, tau .20                        | 0.990   | >= .90   | .010                         | 100
//	I3 | found: 3 days at 0 % of 60 rows a day, closed on weekends, tau .20      | 1.000   | >= .95   | .010                         | 100
//	I3 | found: 2 days at 0 % of 25 rows a day, tau .10                          | 1.000   | >= .95   | .040                         | 100
//	I3 | found: 5 days at 30 % of 25 rows a day, tau .10                         | 0.990   | >= .80   | .020                         | 100
//	I3 | found: 5 days at 0 % of 6 rows a day, tau .30                           | 1.000   | >= .80   | .070                         | 100
//	I3 | found: 3 days at 0 % of 300 rows a day, tau .40, rho .5                 | 0.930   | >= .80   | .020                         | 100
package integrations
