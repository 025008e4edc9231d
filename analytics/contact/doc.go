// Package contact is audit block 1, the contact policy: how many messages customers get, which of them a cap would hold back, which reached them at night or
// after an unsubscribe, and what goes with the pressure of bulk messages (statistics 4.5).
//
// Load fetches the reduced tables, Fit turns them into estimates and verdicts, Findings into statements; the last two are pure.
//
// # Facts and estimates
//
// Loads, caps, quiet hours and sends after an unsubscribe are counted on everybody and labelled facts. Pressure and fatigue are estimated, on a sample of the customers
// when the base is large (scenarios.fct_contact_sample), with intervals from the jackknife over customers.
//
// # Fatigue
//
// Only bulk (calendar) messages count as pressure: triggered ones follow what the customer does, and their slope has the wrong sign. Responses: the exact
// two-way fixed-effects slope (customer in a channel, week), solved anew for every bucket left out, and twice that less the mean of the slopes of the two
// halves of every customer's time (split-panel jackknife): mail that follows earlier opens biases the plain slope. What the fixed effects leave of the variance of the pressure must
// be 5 % or more, else the answer is "not identifiable, randomise a frequency cap"; the messages of the next seven days must say nothing, else
// "confounded" and grade D. An opt-out ends the series, so customer effects would be biased: odds within week, stage and tenth of engagement, minus the
// same odds for the pressure five weeks earlier, which cannot have caused it and has the same bias.
//
// # Orders
//
// The goal is an order within 7 days after the message (core.orders: less what was returned or cancelled). These 7 days overlap the next messages, which go with those before within a customer, so their number stands beside
// and the placebo is the messages of days 8 to 14; messages without 14 days of data after them are left out. The effects are those of customer and mailing (day, channel, scenario): a day of sales lies in the 7 days after some messages of
// a week and not after others. When orders steer the mail (recent buyers are left out) the slope is biased whatever stands beside it, so it has to be seen: the placebo sees a week or more, and the orders of the seventh day
// against the messages of days 8 and 9 see a day or two.
//
// # Collisions
//
// A collision is another bulk message less than decision.collision_hours before, in any channel. It is compared with a message of the same mailing whose customer got as many in the 7 days before, but not so shortly before: within the customer for
// responses and orders (every number of messages up to six has an effect of its own), within stage and tenth of engagement for opt-outs, less the same five weeks earlier. Only bulk messages identify it; what a triggered message
// does right after another one stays unknown. Where the plan of the mailings alone decides who is hit, less than 5 % of the variance is left and there is no number.
//
// # When it misleads
//
// Carry-over of more than four weeks, slopes that differ between customers (the slope of each third of engagement before the panel stands beside the one for all), mailings steered by what the customer did this very week. The best evidence is a
// randomised frequency cap, and the findings say so.
//
// # Proof
//
// testdata/oracle/contact.json (R: lm with factors of 200 members and 26 weeks, and of 120 members and 60 days, mantelhaen.test, glm); analytics/duck TestContactOracle does loads, caps, quiet hours, opt-outs,
// pressure and the counts before and after each bulk message by loops over small random worlds. Truth bench, rows S14 and S15 of statistics 11, reached on 2026-11-22
// (1500 customers, 26 weeks; 40,000 customers, 26 weeks) with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 -timeout 30m ./analytics/contact/
//
//	id  | what                                                                                  | reached | required |   R
//	S14 | bias: slope -0.02, no open in 60 days halves the mail (pooled -0.0177)                | -0.0007 | < .002   | 200
//	S14 | coverage: the same (placebo +0.0068, called confounded 0.475)                         | 0.950   | >= .88   | 200
//	S14 | sign errors: the same                                                                 | 0.000   | 0        | 200
//	S14 | bias: slope 0, the same (pooled +0.0013)                                              | -0.0007 | < .002   | 200
//	S14 | coverage: the same (placebo +0.0045, called confounded 0.165)                         | 0.930   | >= .88   | 200
//	S14 | called different from 0: the same                                                     | 0.070   | <= .12   | 200
//	S14 | called confounded: slope -0.02, no open in 14 days halves the mail (bias +0.0021)     | 1.000   | >= .95   | 200
//	S14 | least engaged third: bias: slope -0.02 for all                                        | +0.0001 | < .004   | 100
//	S14 | least engaged third: coverage: slope -0.02 for all                                    | 0.980   | >= .88   | 100
//	S14 | middle third: bias: slope -0.02 for all                                               | -0.0005 | < .004   | 100
//	S14 | middle third: coverage: slope -0.02 for all                                           | 0.970   | >= .88   | 100
//	S14 | most engaged third: bias: slope -0.02 for all                                         | -0.0007 | < .004   | 100
//	S14 | most engaged third: coverage: slope -0.02 for all                                     | 0.990   | >= .88   | 100
//	S14 | difference third: bias: slope -0.02 for all                                           | -0.0008 | < .004   | 100
//	S14 | difference third: coverage: slope -0.02 for all                                       | 0.930   | >= .88   | 100
//	S14 | engaged called more tired: slope -0.02 for all                                        | 0.050   |          | 100
//	S14 | least engaged third: bias: slope -0.02 less 0.02 per standard deviation of engagement | -0.0009 | < .004   | 100
//	S14 | least engaged third: coverage: slope -0.02 less 0.02 per standard deviation of engagement | 0.940   | >= .88   | 100
//	S14 | middle third: bias: slope -0.02 less 0.02 per standard deviation of engagement        | -0.0009 | < .004   | 100
//	S14 | middle third: coverage: slope -0.02 less 0.02 per standard deviation of engagement    | 0.940   | >= .88   | 100
//	S14 | most engaged third: bias: slope -0.02 less 0.02 per standard deviation of engagement  | -0.0004 | < .004   | 100
//	S14 | most engaged third: coverage: slope -0.02 less 0.02 per standard deviation of engagement | 0.930   | >= .88   | 100
//	S14 | difference third: bias: slope -0.02 less 0.02 per standard deviation of engagement    | +0.0004 | < .004   | 100
//	S14 | difference third: coverage: slope -0.02 less 0.02 per standard deviation of engagement | 0.930   | >= .88   | 100
//	S14 | engaged called more tired: slope -0.02 less 0.02 per standard deviation of engagement | 1.000   |          | 100
//	S15 | bias of log odds 0.5 of an opt-out (raw 0.209, control -0.283, coverage 1.00)         | -0.008  | < .05    |  20
//	S15 | bias of log odds 0 of an opt-out (raw -0.285, control -0.295, coverage 0.95)          | +0.010  | < .05    |  20
//	S14 | bias: orders -0.005 per message (12,000 customers) (truth -0.0043, half width 0.0019) | +0.0003 | < .002 | 50
//	S14 | coverage: orders -0.005 per message (12,000 customers) (placebo +0.0001, of the seventh day -0.0001, called confounded 0.02) | 0.980 | >= .88 | 50
//	S14 | sign errors: orders -0.005 per message (12,000 customers) | 0.000 | 0 | 50
//	S14 | bias: orders 0 per message (6,000 customers) (truth +0.0000, half width 0.0029) | +0.0000 | < .002 | 100
//	S14 | coverage: orders 0 per message (6,000 customers) (placebo -0.0001, of the seventh day -0.0001, called confounded 0.01) | 0.960 | >= .88 | 100
//	S14 | called different from 0: orders 0 per message (6,000 customers) | 0.040 | <= .12 | 100
//	S14 | bias: orders -0.005 per message (1,500 customers) (truth -0.0043, half width 0.0053) | +0.0006 | < .002 | 100
//	S14 | coverage: orders -0.005 per message (1,500 customers) (placebo -0.0001, of the seventh day -0.0002, called confounded 0.02) | 0.980 | >= .88 | 100
//	S14 | sign surely wrong: orders -0.005 per message (1,500 customers) (estimate above 0: 0.08) | 0.000 | 0 | 100
//	S14 | called confounded, grade D: orders 0, seven of ten messages spared for 7 days after an order (bias -0.0013, placebo -0.1268, of the seventh day -0.0519) | 1.000 | >= .95 | 50
//	S14 | called confounded, grade D: orders 0, two of ten spared for 7 days (bias -0.0011, placebo -0.0664, of the seventh day -0.0221) | 1.000 | >= .95 | 50
//	S14 | called confounded, grade D: orders 0, seven of ten spared for 2 days (bias -0.0063, placebo -0.0066, of the seventh day -0.0691) | 1.000 | >= .95 | 50
//	S14 | called confounded, grade D: the same with 1,500 customers (bias -0.0060, placebo -0.0067, of the seventh day -0.0691) | 1.000 | >= .95 | 50
//	S14 | called confounded, grade D: orders 0, three of ten spared for a day (bias -0.0021, placebo +0.0020, of the seventh day -0.0109) | 1.000 | >= .95 | 50
//	S14 | called confounded, grade D: orders 0, three of ten spared for 30 days (bias +0.0062, placebo -0.0706, of the seventh day -0.0112) | 1.000 | >= .95 | 50
//	S14 | bias: a collision -0.03 on opens beside -0.02 per message (variance left 0.10, half width 0.0156) | -0.0009 | < .004 | 100
//	S14 | coverage: a collision -0.03 on opens beside -0.02 per message (control -0.0000, called confounded 0.58) | 0.970 | >= .88 | 100
//	S14 | sign errors: a collision -0.03 on opens beside -0.02 per message | 0.000 | 0 | 100
//	S14 | bias: a collision 0, the same (variance left 0.10, half width 0.0156) | -0.0004 | < .004 | 100
//	S14 | coverage: a collision 0, the same (control +0.0012, called confounded 0.56) | 0.950 | >= .88 | 100
//	S14 | called different from 0: a collision 0, the same | 0.050 | <= .12 | 100
//	S14 | called confounded: a collision 0, half of those who did not open get it again after 20 hours (bias +0.0015) | 1.000 | >= .95 | 50
//	S15 | bias of log odds 0.5 of a collision (raw 0.515, control -0.013, coverage 1.00, half width 0.28, of raw 0.18, 1231 events, 194 strata) | +0.029 | < .05 | 20
//	S15 | bias of log odds 0.0 of a collision (raw 0.024, control 0.001, coverage 0.90, half width 0.32, of raw 0.21, 766 events, 177 strata) | +0.023 | < .05 | 20
//
// The plain two-way slope, without the halves, misses the first two rows: bias -0.0026, coverage 0.740. The price of the placebo: half of the worlds with
// suppression and a true slope get grade D, and their collisions with it.
//
// Orders with week effects instead of mailing effects (prototype, 40 worlds): bias +0.0010 to +0.0019 at truth -0.0043; without the messages of the next 7 days +0.0006 to +0.0010.
package contact
