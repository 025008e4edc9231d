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
// # When it misleads
//
// Carry-over of more than four weeks, slopes that differ between customers (the slope of each third of engagement before the panel stands beside the one for all), mailings steered by what the customer did this very week. The best evidence is a
// randomised frequency cap, and the findings say so.
//
// # Proof
//
// testdata/oracle/contact.json (R: lm with factors of 200 members and 26 weeks, mantelhaen.test, glm); analytics/duck TestContactOracle does loads, caps, quiet hours, opt-outs,
// pressure and the counts before and after each bulk message by loops over small random worlds. Truth bench, rows S14 and S15 of statistics 11, reached on 2026-11-22
// (1500 customers, 26 weeks; 40,000 customers, 26 weeks) with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/contact/
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
//
// The plain two-way slope, without the halves, misses the first two rows: bias -0.0026, coverage 0.740. The price of the placebo: half of the worlds with
// suppression and a true slope get grade D.
package contact
