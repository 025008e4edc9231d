// Package personalization is audit block 8: which levels of personalization (none, basic, contextual, behavioural) go out, by scenario and stage, and what a level brings beside a simpler one.
//
// Load fetches the reduced tables, Fit turns them into estimates and verdicts, Findings into statements; the last two are pure.
//
// # Designs
//
// Assigned: an experiment (assignments) whose arms were sent different levels in the same steps of a scenario. Clicks per delivered message of all assigned, by the arm they were assigned to, whatever level reached them. Grade A when the sizes of the arms can
// come from a plan (p >= .0005), at most 1 % are in two arms, and the arms were delivered about equally many messages; only a recorded assignment earns it.
//
// Side by side: one step went out with both levels in the same weeks. Difference of click rates within step, stage, tenure and week with Mantel-Haenszel weights n n0/(n + n0). Grade C when the customers of both levels do the same with the messages of all other
// scenarios, which the level cannot change (95 % interval of that difference not beyond half of the margin), else D. A split that is balanced over stages and tenures and of a usual size is said to look random; that is no assignment.
//
// Levels that never ran side by side are not compared: what differs then is the step. The inventory shows their click rates as what they are.
//
// # Verdicts
//
// Gain or loss: the 95 % interval is outside 0 and q within decision.fdr. No gain: two one-sided tests within decision.equivalence.ctr, at most a quarter of the level of the simpler one, Benjamini-Hochberg over these. "Not significant" is neither, and says how many customers
// would decide. Doubt: jackknife over customers (clusters where clusters were assigned). Effects are pulled to the mean of their design.
//
// # When it misleads
//
// A click is no order: guardrails are the test's. The check with other scenarios sees whoever clicks more everywhere, not whoever is interested in this very message. Experiments change what else customers get.
//
// # Proof
//
// Oracle: testdata/oracle/content.json, made by R (make_content.R): metafor::rma.mh(measure = "RD"), jackknife by hand. Counts: testdata/sql/analytics/content_levels.txtar. Truth bench, reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/personalization/
//
//	id | what                                                                                               | reached | required |   R
//	P1 | coverage 95 %: side_by_side, gain 0.000 on 5 %, 30,000 messages to 10,000 customers                | 0.995   | >= .92   | 200
//	P2 | called gain or loss: side_by_side, gain 0.000 on 5 %, 30,000 messages to 10,000 customers          | 0.000   | <= .065  | 200
//	P3 | called no gain: side_by_side, gain 0.000 on 5 %, 30,000 messages to 10,000 customers               | 0.965   | >= .8    | 200
//	P1 | coverage 95 %: side_by_side, gain 0.010 on 5 %, 30,000 messages to 10,000 customers                | 0.970   | >= .92   | 200
//	P2 | called no gain at the margin: side_by_side, gain 0.010 on 5 %, 30,000 messages to 10,000 customers | 0.015   | <= .07   | 200
//	P1 | coverage 95 %: side_by_side, gain 0.025 on 5 %, 30,000 messages to 10,000 customers                | 0.970   | >= .92   | 200
//	P3 | called gain: side_by_side, gain 0.025 on 5 %, 30,000 messages to 10,000 customers                  | 1.000   | >= .9    | 200
//	P1 | coverage 95 %: assigned, gain 0.000 on 5 %, 30,000 messages to 10,000 customers                    | 0.955   | >= .92   | 200
//	P2 | called gain or loss: assigned, gain 0.000 on 5 %, 30,000 messages to 10,000 customers              | 0.030   | <= .065  | 200
//	P3 | called no gain: assigned, gain 0.000 on 5 %, 30,000 messages to 10,000 customers                   | 0.930   | >= .8    | 200
//	P1 | coverage 95 %: assigned, gain 0.010 on 5 %, 30,000 messages to 10,000 customers                    | 0.950   | >= .92   | 200
//	P2 | called no gain at the margin: assigned, gain 0.010 on 5 %, 30,000 messages to 10,000 customers     | 0.025   | <= .07   | 200
//	P4 | the level goes to those who click more, gain 0: downgraded to D                                    | 1.000   | >= .8    | 100
//	P4 | the same: called gain and confirmed                                                                | 0.000   | <= .2    | 100
package personalization
