// Package pipeline is audit block 14: deals and tasks.
//
// It answers how deals move through the stages of the pipeline, where they stand still, where they are lost and what that is worth, how fast they are taken up, whether next steps and reasons are
// written down, and how owners and sources differ, as far as the data can tell them apart.
//
// # What is a deal
//
// Rows of one deal are taken in time order; consecutive rows with one stage are one stay (contract). A deal is won or lost when its last stage is; where that stage is an open one the outcome of the
// last row decides, and the row's time stands in for the unknown time of the closing (check closed_without_move; where that is more than a tenth of the ends of a stage, no time is shown). Deals are
// looked at on the day after the last loaded one, or at the end of the period: no movement means no row of the deal, and silent means no task either.
//
// # Chances, not shares
//
// Of the deals that entered a stage some are still there. Counting them as not moved makes every conversion too low, the more so the younger the deals; leaving them out makes it too high. So a
// chance of a move is the Aalen-Johansen incidence within the horizon (pipeline.horizon_days): open deals are censored, the other moves compete, and stays that began before the period are at risk from
// the first whole day of their life in it. The same for won of entered by month of the begin, for dwell (median, restricted mean) and for the first response. Raw shares stand beside them.
//
// # Money
//
// V = P V + w A: P the chances of moves between open stages within the horizon, w the chance of a move to won, A the mean amount of won deals; what has not moved within the horizon is worth nothing.
// The potential of a stage is what its stalled deals would be worth if they moved like the others: a ceiling, not an expected effect. No design, so no effect (grade D).
//
// # Owners and sources
//
// No league table. A group is compared with the middle of the others (a weighted median, so that one group that stands out does not make all the rest differ), its standard error at least that of independent
// deals at the mean of all; it is named only when q is at most decision.fdr and its shrunken interval lies beside the middle as well. All others cannot be told apart. Owners get different deals: a difference is no verdict on a person.
//
// The sampling unit is the customer of the deal (bucket of core.customers), else the deal (bucket of deal_id, made at load).
//
// # When it misleads
//
// Export the history of stages, not only the present stage: from one row per deal there are no moves. Deals deleted in the CRM take their losses with them. An order of stages that is inferred is the usual
// order, not the intended one: give pipeline.stages. An inferred order also makes moves back and skipped stages a matter of the majority.
//
// # Proof
//
// testdata/oracle/pipeline.json, made by R survival 3.5 (make_pipeline.R): chances of moves with delayed entry, median and restricted mean stay, chance of winning, to nine digits. Truth bench of
// 2026-11-22 on direct simulators (customers of unequal speed with one to three deals each):
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/pipeline/
//
//	id  | what                                                                                           | reached        | required       |     R
//	P1  | bias of won within 90 days (0.3605, true 0.3611)                                               | 0.17 %         | < 1 %          |   400
//	P1  | coverage of won within 90 days                                                                 | 0.962          | .925-.975      |   400
//	P1  | won of all deals, won of closed ones (not within 90 days of anything)                          | 0.398, 0.457   |                |   400
//	P1  | bias of restricted mean stay in a stage (31.84, true 31.84)                                    | 0.00 %         | < 1 %          |   400
//	P1  | coverage of restricted mean stay in a stage                                                    | 0.955          | .925-.975      |   400
//	P1  | bias of share that stalls in a stage (0.09406, true 0.09413)                                   | 0.08 %         | < 1 %          |   400
//	P1  | coverage of share that stalls in a stage                                                       | 0.947          | .925-.975      |   400
//	P1  | coverage of the median stay (true 22)                                                          | 0.980          | .925-.99       |   400
//	P2  | worlds with a confirmed stuck pipeline or stage, idle share .05 (norm .10), 150 deals per stage | 0.000          | <= .01         |  1000
//	P2  | the same with the idle share on the norm, .10                                                  | 0.011          | <= .05         |  1000
//	P2  | the same with an idle share of .25 (power)                                                     | 1.000          | >= .95         |  1000
//	P3  | worlds that name an owner for idle deals, 20 owners all alike, 10-200 deals each               | 0.007          | <= .05         |   400
//	P3  | worlds that name an owner for the chance of winning, 20 owners all alike, 140 deals each       | 0.007          | <= .05         |   400
//	P3  | an owner of 200 deals whose idle share is .30 instead of .12 is named                          | 0.890          | >= .85         |   400
//
// Median stays are whole days, so their interval covers more than its level. What is named wrongly stays below the level because the standard error of a group has a floor.
//
// Speed: 300,000 deals with 1.1 million moves and 0.84 million tasks of 150 owners: 14.6 processor seconds for the whole run, reading the CSV included (2 threads, 2500 MB). At
// 1 million customers (48,903 deals, 20 million messages) its models took 12 s on the clock of a machine with 28 jobs on 2 cores, 3.5 s of them fct_deal_responses, the only one that reads messages.
package pipeline
