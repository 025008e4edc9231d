// Package rhythm is audit block 9 without the repeat ladder and customer value (analytics/value): how often customers order, who is late by his own measure, whether pauses lengthen, at which hours and days orders come, and whether
// the borders of life-cycle stages fit the pauses.
//
// SQL reduces pauses between order days (orders of one day are one) to sums; Load fetches them, Fit decides, Findings states; analytics.rhythms is a view over the sums of every customer and the parameters that Fit writes, so that a million
// customers cost one pass. Load is input, all else is pure.
//
// # The rhythm of a customer
//
//	ln(pause) = m_i + e,  e ~ N(0, s2),  m_i ~ N(m, t2)
//
// by maximum likelihood of m, s2, t2 with the open last pause of everybody as "longer than". Completed pauses are normal with equal correlation; given them the open one is normal with the posterior predictive mean and variance, so the likelihood
// has a closed form (model.go) and needs per customer only the number, mean and spread of his logarithms and the open days: cells of these, a quarter of a logarithm wide, with their means. Standard errors by a one-step jackknife over 20 parts of the
// customers. With fewer than two pauses a customer has the prior, labelled.
//
// Late is who has waited longer than 90 % of such pauses: exp(posterior mean + q sqrt(posterior variance + s2)). q is not taken from the normal distribution where the data can tell: every pause, completed or open, is set against what was
// foreseen when it began, and q is where the Kaplan-Meier curve of these standardised pauses reaches 90 % (analytics.rhythm_quantiles, by the number of pauses known). Real pauses are seldom lognormal: with exponential ones the normal quantile covers 92 to 93 %.
//
// # The others
//
// Curve by customers: Wang and Chang (curve.go). Clumpiness: Zhang, Bradlow and Small, beside its mean by chance. Groups: a Gaussian mixture on cells of (mean logarithm, ln CV) by BIC; components without a valley between them are one heap (Ray and Lindsay's ridge), and heaps
// must come back in 50 resamples of the buckets (adjusted Rand index of .75); else quarters of a continuum. Hours, weekdays and days of the month: Rayleigh's test with Hotelling's T^2 over buckets of customers, BH over the three. Drift: later against
// earlier completed pauses within a customer (drift.go says why that is not fooled by the end of the data); a drift
// that shows in several segments is told once (told.go). Borders: the first one is late when 95 % of the repeat orders of a year have come before it and early when half have not, the last one is early when 90 % have not.
//
// # When it misleads
//
// The prior threshold of customers with one or two orders is an extrapolation: most of them never come back, and late there means years. The irregularity s2 is one for all: thresholds of customers like a clock are wide, of erratic ones narrow, right on the
// average only. Who left for good is late like who is late. A season looks like drift within less than two years. Drift is understated: the longest late pauses are not completed. A response by rhythm is a description: who buys often reads more. Rayleigh
// sees one preferred time, not two opposite ones.
//
// # Proof
//
// testdata/oracle/rhythm.json (make_rhythm.R): survreg for censored lognormal pauses, the likelihood by numeric integration and its maximum, mclust VVI for the mixture, Rayleigh on Zar's leaning trees, clumpiness by simulation. testdata/sql/analytics/rhythm*.txtar by hand. CDNOW runs (TestCDNOW).
// Bench, reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/rhythm/
//
//	id  | what                                                                                                                                                    | reached  | required |    R
//	R1  | coverage of the lateness threshold: lognormal, median 30 days, sd .6 within, .7 between (prior 0.491)                                                   | 0.894    | .88-.92  |   20
//	R1  | coverage of the lateness threshold: lognormal, median 60 days, sd 1 within, .5 between (prior 0.828)                                                    | 0.898    | .88-.92  |   20
//	R1  | coverage of the lateness threshold: lognormal, median 14 days, sd .3 within, 1 between (prior 0.000)                                                    | 0.912    | .88-.92  |   20
//	R1  | coverage of the lateness threshold: exponential, median customer 40 days (prior 0.675)                                                                  | 0.891    | .88-.92  |   20
//	R1  | coverage of the lateness threshold: a third each by chance, fairly regular, regular (prior 0.517)                                                       | 0.909    | .88-.92  |   20
//	R1  | coverage of the lateness threshold: lognormal, one in twenty leaves after an order (prior 0.681), of those who stay                                     | 0.938    |          |   20
//	R1  | relative bias of the model's mean (3.6863, true 3.6889)                                                                                                 | 0.001    | <= .02   |  100
//	R1  | coverage of its 95 % interval                                                                                                                           | 0.970    | .88-.99  |  100
//	R1  | relative bias of the model's variance within (0.5034, true 0.5000)                                                                                      | 0.007    | <= .02   |  100
//	R1  | coverage of its 95 % interval                                                                                                                           | 0.940    | .88-.99  |  100
//	R1  | relative bias of the model's variance between (0.5988, true 0.6000)                                                                                     | 0.002    | <= .02   |  100
//	R1  | coverage of its 95 % interval                                                                                                                           | 0.920    | .88-.99  |  100
//	R1  | bias of the share ordering again in 60 days, by customers (0.554, true 0.561; by pauses 0.656)                                                          | 0.007    | <= .012  |   60
//	R2  | drift: frequent and rare buyers, the data just end (ratio 1.001; pauses begun in the last against the first half of the time: 0.738): p < .05           | 0.030    | <= .09   |  100
//	R2  | drift: customers leave after orders (ratio 1.002; pauses begun in the last against the first half of the time: 0.850): p < .05                          | 0.050    | <= .09   |  100
//	R2  | drift: rarer buyers come later (mix) (ratio 1.000; pauses begun in the last against the first half of the time: 1.191): p < .05                         | 0.030    | <= .09   |  100
//	R2  | drift: customers with busy and quiet weeks (ratio 1.000; pauses begun in the last against the first half of the time: 0.673): p < .05                   | 0.060    | <= .09   |  100
//	R2  | drift: planted: pauses grow by 50 % in a year with a customer (ratio 1.145; pauses begun in the last against the first half of the time: 0.850): found  | 1.000    | >= .9    |  100
//	R3  | groups found: one continuum of frequent and rare, regular and irregular buyers                                                                          | 0.000    | <= .05   |   10
//	R3  | groups found: weekly and monthly buyers (2.1 groups)                                                                                                    | 1.000    | >= .9    |   10
//
// Rows without a requirement inform.
//
// Speed, 2026-11-22: world of 100,000 customers (86,000 buyers, 287,000 order days, 2 million messages), processor seconds of each query run alone on the finished database: fct_rhythm_customers .14, red_rhythm_responses .09, red_rhythm_pauses .07, red_order_habits .06, fct_order_times .05,
// red_gap_curve .04, the rest below .02 each; .5 together. A million customers were not measured.
package rhythm
