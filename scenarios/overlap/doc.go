// Package overlap is audit block 6, orchestration: what scenarios do to each other's customers.
//
// # Three questions per pair
//
//   - Are they active at the same customer at once more than who they may reach explains? Time at once against E = sum over strata of T_a T_b / T, strata being
//     stage x calendar step x the channels that the customer has left. Two chains that speak to one stage meet more often than two drawn at random, without knowing
//     of each other: crude lift 2.4, O/E 1.00 (bench S5).
//   - Do their messages collide (two to one customer within collision_hours) more than their hours of sending explain? Collisions against the chance that messages of
//     the two to different customers in the same calendar step and time zone lie so near. Both above 1: a common trigger; below 1: they give way.
//   - Which goes first, and is it the one of higher priority? A rule, no rule (proved by two one-sided tests, never concluded), or not enough data. And was the higher one not sent at
//     all, held back by a cap or the like, while a lower one went (fitLost)?
//
// Every answer has an interval from leaving out one of fifty buckets of customers, on the log for ratios; where few customers are in both at once, the exact Poisson
// interval of their number. q-values by Benjamini-Hochberg over all pairs, Benjamini-Yekutieli beside. The verdict (conflict, complement, none, undecided with the
// number of customers that would decide) is defined at fitter.decide, the bounds of harm beside it.
//
// # Load, Fit, Findings
//
// Pairs are found in two steps: support first (scenarios.red_pair: who shares customers at all), buckets only for pairs with 30 customers at once or 30 pairs of
// messages in one week. Nothing of the size strata x buckets x pairs is ever made: observed time is per pair and bucket, expected time is a product of
// time per scenario, stratum and bucket, computed here. That table keeps below four million rows by longer calendar steps (scenarios.red_overlap_grid).
//
// # What it does not say
//
// A ratio above 1 says that a pair meets more often than its strata explain, not why: chains that active customers trigger meet up to 1.4 times as often
// through activity alone, which is why a conflict in time begins at 1.5. The harm of collisions is not measured by comparing customers who were hit with those who were not
// (they differ in everything that brought them into two chains): block contact estimates what pressure does. Calendar campaigns have no person-time, nobody enters
// them; they take part in collisions. Messages in the week in which a customer came count as collisions but not for their ratio: he gets the welcome and
// the mailing of the day by his coming. Transactional messages collide with nothing.
//
// # Proof
//
// Brute force by minute and by pair of messages on random worlds (analytics/duck, TestOverlapOracle); entries thrown onto other customers and days of the stratum (B = 199,
// TestPermutation); R for Poisson intervals and the hypergeometric mean (testdata/oracle/make_overlap.R). Truth bench, rows S5 and S6 of statistics 11, reached on
// 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./scenarios/overlap/
//
//	id  | what                                                                                               | reached | required   |   R
//	S5  | overlap O/E of independent scenarios gated by one stage: false flags (O/E 1.000, crude 2.43)       | 0.040   | <= .085    | 300
//	S5  | overlap O/E of 1.07 (1.070): found, 12000 customers, 26 weeks                                      | 1.000   | >= .95     | 300
//	S6  | expected collisions within 2 h, not coordinated: observed 843.6, expected 841.5 (even hours 247.4) | 0.3 %   | within 3 % | 300
//	S6  | the same: false flags of the ratio, 2 h                                                            | 0.073   | <= .085    | 300
//	S6  | expected collisions within 24 h, not coordinated: observed 3761.2, expected 3758.8 (even 2771.5)   | 0.1 %   | within 3 % | 300
//	S6  | the same: false flags of the ratio, 24 h                                                           | 0.040   | <= .085    | 300
//	S6  | three of ten messages follow one of the other: O/E 2.02, found                                     | 1.000   | >= .95     | 300
package overlap
