// Package experiments estimates every randomized comparison in the data: the experiments of assignments, and the control arms of enrolments.
//
// # Estimand
//
// Intention to treat: the mean of an outcome over all customers who were drawn for an arm, minus that of the reference arm, whatever reached them. A customer counts once, in his first arm. Outcomes count in the seconds [t, t + H)
// after the assignment t, H = within_days (28), covariates in [t - H, t). Who was assigned so late that t + H lies beyond the data is left out and counted; when that would leave fewer than decision.min_customers in an arm he is
// compared as far as he can be seen, and a caveat says so. The plain difference of all assigned stands beside it (observed_*).
//
// # Estimators
//
// Difference of means, relative lift on the log, and the difference with the same behaviour before as covariate (CUPED): suffstat.CompareArms, jackknife over 100 buckets of customers. Where cluster_id is given the buckets are those
// of clusters. Welch is shown beside. Money also with values cut at the pooled 99.9 % point of before. The verdict goes by the adjusted difference: Benjamini-Hochberg over all rows of the audit, and Holm over the arms of the experiment.
//
// # Gates
//
// No interpretation when the sizes of the arms cannot come from the plan (configured shares, else the nearest usual split; clusters are counted where clusters were assigned; p < .0005), when a covariate of before differs (Holm over
// covariates and arms, p < .0005), when the arms were sent different shares of the scenario's messages before, when more than 1 % of the reference arm were sent them after, or when more than 1 % of all were put into two arms within
// the window. A test that is still assigning is never confirmed.
//
// # Heterogeneity
//
// By stage and by dated segment on the day of the assignment: effect within the group, pulled to the mean of the groups (suffstat.Shrink), and its difference from that in all others with Benjamini-Hochberg over all groups of the audit.
//
// # What it does not say
//
// What the treatment did to those who took it. Whether a loss of customers that hits both arms alike, or ends at another usual split, happened. Whether a stop was planned: five looks at a running test give 14 % of false alarms. The mean of
// customers whose window is open is that of the time seen, not of H days.
//
// # Proof
//
// Oracles: testdata/oracle/experiments.json and experiment_clusters.json, made by R (make_experiments.R): t.test, lm with the covariate, a jackknife by hand, chisq.test, p.adjust, sandwich::vcovCL. Public data: abtest.json of the same
// script, and cmd/crmaudit TestExamples. Truth bench, row S17 of the specification where scenarios/effects does not have it, reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/experiments/
//
//	id  | what                                                                                                           | reached | required  |    R
//	S17 | coverage 95 % of the difference, lift 0, 2000 per arm, heavy-tailed spend                                      | 0.955   | .925-.975 |  400
//	S17 | coverage 95 % with CUPED, lift 0, 2000 per arm, heavy-tailed spend                                             | 0.957   | .925-.975 |  400
//	S17 | coverage 95 % of the relative lift 0, 2000 per arm, heavy-tailed spend                                         | 0.950   | .925-.975 |  400
//	S17 | coverage 95 % of the winsorised difference (width 0.78 of the plain), lift 0, 2000 per arm, heavy-tailed spend | 0.947   | .925-.975 |  400
//	S17 | coverage 95 % of the difference, lift 0.2, 2000 per arm, heavy-tailed spend                                    | 0.945   | .925-.975 |  400
//	S17 | coverage 95 % with CUPED, lift 0.2, 2000 per arm, heavy-tailed spend                                           | 0.945   | .925-.975 |  400
//	S17 | coverage 95 % of the relative lift 0.2, 2000 per arm, heavy-tailed spend                                       | 0.940   | .925-.975 |  400
//	S17 | coverage 95 % of the difference, 40 clusters of 20-60 customers (Welch 0.792)                                  | 0.962   | .925-.975 |  400
//	S17 | coverage 95 % with CUPED, 40 clusters of 20-60 customers                                                       | 0.962   | .925-.975 |  400
//	S17 | win or loss at truth 0, 40 clusters of 20-60 customers                                                         | 0.035   | <= .072   |  400
//	S17 | coverage 95 % of the difference, 200 clusters of 20-60 customers (Welch 0.717)                                 | 0.950   | .925-.975 |  400
//	S17 | coverage 95 % with CUPED, 200 clusters of 20-60 customers                                                      | 0.942   | .925-.975 |  400
//	S17 | win or loss at truth 0, 200 clusters of 20-60 customers                                                        | 0.058   | <= .072   |  400
//	S17 | three arms of no worth: any win or loss (p < .05 of any arm: 0.127)                                            | 0.038   | <= .065   | 1000
//	S17 | one of three arms works: win or loss of another                                                                | 0.050   | <= .065   | 1000
//	S17 | one of three arms works, +5.5 pp on 15 %, 1500 per arm: found                                                  | 0.925   | >= .8     | 1000
//	S17 | sample ratio of three arms, 4 % of one lost, n = 100k: stopped                                                 | 0.995   | >= .98    |  400
//	S17 | sample ratio of three honest arms: stopped                                                                     | 0.003   | <= .005   |  400
//	S17 | no effect: any win or loss of order and revenue                                                                | 0.033   | <= .065   | 1000
//	S17 | no effect: stopped by a check                                                                                  | 0.002   | <= .005   | 1000
//	S17 | no effect: balance doubted after correction for the covariates                                                 | 0.033   | <= .065   | 1000
//	S17 | no effect: any of twelve groups told apart                                                                     | 0.043   | <= .065   | 1000
//	S17 | no effect: money promised                                                                                      | 0.033   | <= .065   | 1000
//
// Numbers in brackets are not required: what another formula does. Required bands include the Monte-Carlo error of R replicates.
package experiments
