// Package duplicates finds scenarios that do the same under two names: near-duplicates of audit block 4 (statistics 2.4).
//
// Every pair of scenarios has four similarities, each 0 to 1, each printed:
//
//   - A, audience: shared person-time of all person-time of the two (Jaccard), with an interval over buckets of customers, and containment, the share of the smaller one.
//   - T, timing: the mean of 1 - W1 of the delays from entry to message in weeks and 1 - edit distance of the steps (channel, delay) over the longer length.
//   - C, content: Jaccard of stemmed three-word shingles of the texts, over the best alignment of the steps. One template or one content hash is 1.
//   - L, logic: what the definitions say of entry and goal; else recorded triggers; else how often the entries of one come with entries of the other.
//
// The verdict follows from thresholds (decision.duplicates), never from the product alone: duplicate, subset, same_logic (for another audience), collision (same
// audience and timing, other content), different, undecided with the number of customers that would decide. Whether customers respond alike is a question of its own,
// answered by equivalence tests of click rate and goal rate. Groups are of complete linkage.
//
// Load reads scenarios.red_dup_*, Fit compares, Findings decides what to say; findings.go lists every value.
//
// # When it misleads
//
// Scenarios without texts are compared by template ids: a copy of a template then has another one, so that different ids leave the verdict undecided. Delays and texts are those of a sample of customers, enough for
// shares of a percent. A calendar campaign has no entry: its timing is the distance from message to message, its logic the shared time. Without definitions and
// recorded triggers nothing can be said of the logic of scenarios for separate audiences: they stay undecided.
//
// # Row S7 of the bench
//
// Direct simulators, 50 worlds of 27 scenarios each: 2 duplicates, 1 subset and 1 same logic planted; 2 collisions and 3 near misses (half of the texts, ten days later, two
// classes of customers of three against another two) that must be called none of these. Precision and recall of the verdicts, by `CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./scenarios/duplicates/`:
//
//	id  | what                                                                           | reached        | required       |     R
//	S7  | duplicates: definitions, texts, enrolments                                     | 1.000, 1.000   | >= .95, >= .90 |    50
//	S7  | duplicates: recorded triggers, hashes, enrolments                              | 1.000, 1.000   | >= .95, >= .90 |    50
//	S7  | duplicates: texts, enrolments; logic from common entries (same_logic cannot be told) | 1.000, 1.000   | >= .95, >= .90 |    50
//	S7  | duplicates: texts, no enrolments (same_logic cannot be told)                   | 1.000, 0.960   | >= .95, >= .90 |    50
//	S7  | duplicates: definitions, texts, 600 customers                                  | 1.000, 1.000   | >= .95, >= .90 |    50
package duplicates
