// Package value is the value part of audit block 9: the ladder of repeat purchases, and what every customer can be expected to buy.
//
// SQL reduces orders to purchases (days with orders) and customers to groups. Load fetches those, Fit estimates the ladder, the BG/NBD model (how often and how long customers buy) and the gamma-gamma model (what a purchase is worth), and checks the
// forecast. The values of a million customers never leave the engine: Fit writes the parameters (value_settings) and the one part of the forecast that holds a hypergeometric function (value_factors, by x and T), and
// the view analytics.customer_values puts them together. The second half of the block reads that view, reduced by life-cycle stage.
//
// # What is counted
//
// A purchase is a day with orders; CDNOW's published repeat counts come out only so. A day whose returns exceed its orders is none. Time is in weeks (days / 7): t_x from the first purchase to the last, T from the first purchase to the last
// known day. The horizon of forecasts is 91 days, a quarter, as all money of the audit is per quarter. The value of a purchase is that of repeat purchases with a value above 0.
//
// Where the history is not complete, "purchase 1" may be the hundredth. Then the ladder and the fits use only customers who are known to be new: created within the history, or without an order in its first quarter
// (at most 182 days). The others get values too, marked history_known = false, from too young an age.
//
// # The ladder
//
// Of those who made purchase k, the share who make purchase k + 1 within horizon_days: 1 - S(h) of a life table by days, interval by bucket jackknife on log(-log S). The raw share beside it is too low, since recent customers had little
// time. Steps behind the first are followed the shorter, the slower the customer buys; the bench below says what that costs.
//
// # The models
//
// BG/NBD by maximum likelihood on distinct (x, t_x, T) with counts: Newton steps with damping on the logarithms, from eight starts on coarse cells to the cells as they are; standard errors from the observed information. On a ridge (nobody
// leaves; all leave alike) the parameters are those nearest to ordinary ones, without standard errors where the data say nothing, and forecasts stand if the likelihood loses less than 2 nats, or 0.00002 per customer, by it; else there is no model. The conditional
// expectation is written so that it has no pole and cannot overflow (BGNBD.Active).
//
// Verdict of the forecast, the worse of two: a model fitted without the last third of the history (at most 182 days) against the purchases in it (in all, and misplaced among customers by their number of purchases: fits up to 10 %, rough up to 25 %),
// and repeat counts, actual against expected (customers misplaced: fits up to 2 %, rough up to 5 %). A chi-squared test stands beside it; with many customers every model fails it. A poor model is marked in every row and gives no finding about stages.
//
// # When it misleads
//
// The model knows neither season, messages nor prices; gaps that are more regular than a Poisson process (subscriptions) or pauses with returns break it, which the checks show. Nobody can leave before his second purchase: p_alive
// of a customer without a repeat is 1, so stages are told by p_order, the chance of a purchase within the horizon. Intervals of stage values take the model as known. Merging the purchases of one day biases alpha (bench) where customers
// buy several times a week.
//
// # Proof
//
// testdata/oracle/value.json (scipy, mpmath with 60 digits): the published fit on CDNOW (r .243 alpha 4.414 a .793 b 2.426, -9582.43), gamma-gamma (p 6.25 q 3.74 v 15.44), standard errors, forecasts, expected counts, the hypergeometric part at poles and
// extremes. testdata/oracle/value_ladder.json (R survival): the ladder. Both again through crmaudit run: cmd/crmaudit TestValueOnCDNOW. testdata/sql/analytics/value.txtar by hand. Truth bench, reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/value/
//
//	id  | what                                                                          | reached     | required  |    R
//	V1  | BG/NBD fitted, r 0.25, alpha 4.4, a 0.8, b 2.4, 4000 customers                | 1.000       | >= .99    |  400
//	V1  | coverage 95 % of r (on the logarithm)                                         | 0.967       | .925-.975 |  400
//	V1  | bias of r, share of it                                                        | 0.000       | <= .05    |  400
//	V1  | coverage 95 % of alpha (on the logarithm)                                     | 0.955       | .925-.975 |  400
//	V1  | bias of alpha, share of it                                                    | 0.002       | <= .05    |  400
//	V1  | coverage 95 % of a (on the logarithm)                                         | 0.952       | .925-.975 |  400
//	V1  | bias of a, share of it                                                        | 0.011       | <= .05    |  400
//	V1  | coverage 95 % of b (on the logarithm)                                         | 0.960       | .925-.975 |  400
//	V1  | bias of b, share of it                                                        | 0.011       | <= .05    |  400
//	V1  | purchases of the next 13 weeks, actual to expected                            | 0.996       | .98-1.02  |  400
//	V1  | repeat counts called a fit                                                    | 1.000       | >= .95    |  400
//	V1  | purchases of one day counted as one: bias of r, alpha, a, b                   | +.02 +.06 -.03 -.02 |   |  100
//	V1  | the same: purchases of the next 13 weeks, actual to expected                  | 0.984       | .98-1.02  |  100
//	V1  | BG/NBD fitted, r 1.2, alpha 12, a 0.5, b 3, 4000 customers                    | 1.000       | >= .99    |  400
//	V1  | coverage 95 % of r (on the logarithm)                                         | 0.957       | .925-.975 |  400
//	V1  | bias of r, share of it                                                        | 0.004       | <= .05    |  400
//	V1  | coverage 95 % of alpha (on the logarithm)                                     | 0.940       | .925-.975 |  400
//	V1  | bias of alpha, share of it                                                    | 0.005       | <= .05    |  400
//	V1  | coverage 95 % of a (on the logarithm)                                         | 0.950       | .925-.975 |  400
//	V1  | bias of a, share of it                                                        | 0.003       | <= .05    |  400
//	V1  | coverage 95 % of b (on the logarithm)                                         | 0.945       | .925-.975 |  400
//	V1  | bias of b, share of it                                                        | 0.006       | <= .05    |  400
//	V1  | purchases of the next 13 weeks, actual to expected                            | 0.995       | .98-1.02  |  400
//	V1  | repeat counts called a fit                                                    | 0.977       | >= .95    |  400
//	V1  | purchases of one day counted as one: bias of r, alpha, a, b                   | +.02 +.04 -.01 +.01 |   |  100
//	V1  | the same: purchases of the next 13 weeks, actual to expected                  | 0.993       | .98-1.02  |  100
//	V1  | nobody leaves: a forecast is made                                             | 1.000       | >= .95    |  100
//	V1  | nobody leaves: said that parameters are not told                              | 0.97        |           |  100
//	V1  | nobody leaves: purchases of the next 13 weeks, actual to expected             | 1.010       | .98-1.02  |  100
//	V1  | ladder: coverage 95 % of step 1, share 0.436                                  | 0.938       | .925-.975 | 1000
//	V1  | ladder: bias of it                                                            | 0.001       | <= .005   | 1000
//	V1  | ladder: coverage and bias of step 2, share 0.467                              | 0.923 +.006 |           | 1000
//	V1  | ladder: coverage and bias of step 3, share 0.585                              | 0.936 +.006 |           | 1000
//
// Speed, 2026-11-22: 863,337 buyers with 2.9 million purchases in 337,745 distinct (x, t_x, T), 2 threads, on a machine shared with seven others (load 26): the fit 4.1 s by the clock, the SQL models 15 s by the clock, the view over all customers 0.9 s (0.15 processor
// seconds). Not measured alone.
package value
