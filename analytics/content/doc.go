// Package content is audit block 2, templates and content: which templates are in use, how old they are, which of them serve several ends or say the same under several ids, and whether the response to a template falls over its life.
//
// Load fetches the reduced tables, Fit turns them into estimates and verdicts, Findings into statements; the last two are pure.
//
// # Facts and estimates
//
// Messages, scenarios, roles and ages are counted on everybody. Responses, stages and lives come from the customers of a sample when the base is large (analytics.fct_content_sample), with intervals from the jackknife over customers.
// Age is the time since the last change at the end of the audited window; what was changed after it, or in the future, has no age.
//
// # Wear-out
//
// Question: does the response to a template fall over its life, faster than that of the other templates of its channel? Estimand: slope of clicks per delivered message over weeks, as a share of their level and per quarter,
//
//	13 b/p,   b = sum_c (sum yw - sum y sum w/n) / sum_c (sum ww - (sum w)^2/n)
//
// within cells c of step, variant, level, stage, tenure and number of the exposure: an intercept for every cell, so that a mix that grows older is no trend. Contrast = that slope less the same one of all other templates of the channel and kind (else of the
// channel), scenario held fixed, weighted to the template's messages by blocks of four weeks. A share of the level, not points: a channel that loses a tenth everywhere must not make its best letter look worn.
//
// Doubt: the larger of two standard errors. The jackknife over customers knows nothing of shocks that all customers of a week share; the scatter of the weekly series about its trend (Prais-Winsten) knows nothing of customers. "Worn" needs a fall of the template itself and
// beside the others (p is the larger of the two), Benjamini-Hochberg over all templates; "steady" is a proof within the margin (TOST).
//
// # When it misleads
//
// A template that is alone in its channel has no verdict. Where all templates of a channel wear out together, the contrast is 0 and the channel falls: analytics/trends tells that. Offers, seasons of single letters and customers who leave are not held fixed. A
// template that was changed too recently is followed with its earlier versions, and says so. Subject lines and devices are descriptions.
//
// # Proof
//
// Oracle: testdata/oracle/content.json, made by R (make_content.R): lm with a factor of the cell on single messages, jackknife by hand. Counts: testdata/sql/analytics/content_*.txtar. Truth bench, reached on 2026-11-22 (8 templates of one channel, 52 weeks, 8000 customers) with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/content/
//
//	id  | what                                                                                                          | reached | required |   R
//	W1  | nothing wears out: any of 8 templates called worn out                                                         | 0.007   | <= .09   | 150
//	W1  | nothing wears out: size of the contrast at 5 %                                                                | 0.020   | <= .065  | 150
//	W1  | the channel loses 10 % a quarter: any of 8 templates called worn out                                          | 0.013   | <= .09   | 150
//	W1  | the channel loses 10 % a quarter: size of the contrast at 5 %                                                 | 0.024   | <= .065  | 150
//	W1  | the channel loses 10 % a quarter, weeks and templates have shocks of 10 %: any of 8 templates called worn out | 0.007   | <= .09   | 150
//	W1  | the channel loses 10 % a quarter, weeks and templates have shocks of 10 %: size of the contrast at 5 %        | 0.017   | <= .065  | 150
//	W2  | a loss of 20 % a quarter beside a channel that loses 5 %, 300 a week, 52 weeks: found                         | 0.820   | >= .8    | 100
//	W2  | the same: any other template called worn out                                                                  | 0.000   | <= .1    | 100
//	W3  | late messages go to customers who click half as often: called worn out                                        | 0.000   | <= .1    | 100
//	W4  | coverage 95 % of a contrast of -0.10 a quarter (mean of the estimates -0.100)                                 | 0.967   | .92-1    | 150
//	W4  | templates that hold, proved within 10 % a quarter                                                             | 0.588   |          | 150
//
// Required bands include the Monte-Carlo error of R replicates. The larger of two standard errors is paid for: the test is half as large as it may be.
package content
