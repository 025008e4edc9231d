// Package trends looks at metrics over time (audit block 7, statistics 4.1 to 4.4): does a rate rise or fall, did it jump, was a week unusual, and is it the
// customers who changed or the response?
//
// Load fetches the reduced tables, Fit turns them into series and verdicts, Findings into statements; the last two are pure.
//
// # Series
//
// Eight rates in three layers for every kind of messages, channel and kind, and scenario; kinds are never pooled. Periods are complete, and their sends have had seven days for a response
// before the data end: every response is counted within the same time (7 days; 28 for a better stage), so the end of a series does not fall off. Weeks are the grain of decisions; an audit by days has
// series by days, one by months with two years has months. Periods with fewer than 50 messages or 5 expected events are merged with the next.
//
// # The mix is fixed first
//
// Each point is standardised to the mix of all points over channel, scenario, step, stage and tenure. Direct standardisation has no answer where a cell is empty and a wild one where it holds three messages; such cells are
// drawn, with the weight of 20 messages, to their own rate over all periods times what the period does to the others. Where only the mix moves, nothing moves; the Kitagawa split from the
// first to the last third says how much was mix.
//
// # Verdicts
//
// rising or falling: the Prais-Winsten slope passes its family (BH) and its interval lies beyond the margin (1 % of the rate in a month, 12 % over more than a year). level_shift: sup-F passes its own family, and two levels fit
// clearly better than a line. spike: neither, and a point far from its neighbours. steady: a slope that matters is ruled out (TOST). undecided: none of these, with the number of periods that would decide. Fewer
// than 20 points are a short series: the slope is shown, no verdict. Waves of the year are in the model from 15 months on; before that a trend may be a season, and the note says so.
//
// # What is told
//
// One change is told once, of the narrowest subject that explains it: a scenario that has most of a channel's messages, or whose change weighted with its share of them is most of the channel's. The tables keep
// every series.
//
// # A sample at size
//
// Above 5 million messages, orders and stage moves after a message are counted on as many of the 100 buckets of customers as hold about 5 million (28 at 1 million customers): order_rate and move_rate, their messages and
// events are those of the sample, never scaled up, and carry the note sample_of_customers. All other metrics count everybody.
//
// # When it misleads
//
// Series of 15 to 24 months hardly tell a season from a trend. The order rate follows the season of all orders, messages or not. A shift under strong autocorrelation (rho .6) is often called a trend. A change of
// tracking looks like a shift. Orders after a message are not orders by it. The heavier the tails of a company's series, the fewer spikes are seen: with noise like Student's t with 5 degrees of freedom an eighth of
// the spikes called are none, and less than four in ten of those of 8 standard deviations are found (last row of the bench).
//
// # Where it leaves statistics 4.4
//
// Spikes by T(4) of a local MAD and BH over all series and weeks find 9 to 17 % of spikes of 8 standard deviations in 20 series of 78 weeks, because among 1,560 p-values those of T(4) hardly ever pass. Here the spread is that of the whole
// series on the arcsine scale, never less than counting makes, and the tail is read off the inner 95 % of all scores: FDR and recall below.
//
// # Proof
//
// testdata/oracle/trends.json (R: lm on the transformed data, strucchange::Fstats, definitions of Mann-Kendall, Sen, Pettitt, Kitagawa; the published numbers of Nile and LakeHuron beside them);
// testdata/sql/analytics/trends*.txtar. Truth bench, rows S11 to S13 of statistics 11, reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/trends/
//
//	id  | what                                                                                  | reached         | required |    R
//	S11 | trend size, 26 weeks, rho 0.0                                                         | 0.040           | <= .075  | 1000
//	S11 | the same through the block (104 weeks: with the season)                               | 0.043           | <= .075  | 1000
//	S11 | sup-F size at .05, 26 weeks, rho 0.0                                                  | 0.062           |          | 1000
//	S11 | called rising or falling / level_shift (family of the world)                          | 0.004 / 0.004   |          | 1000
//	S11 | trend size, 26 weeks, rho 0.3                                                         | 0.061           | <= .075  | 1000
//	S11 | the same through the block (104 weeks: with the season)                               | 0.064           | <= .075  | 1000
//	S11 | sup-F size at .05, 26 weeks, rho 0.3                                                  | 0.080           |          | 1000
//	S11 | called rising or falling / level_shift (family of the world)                          | 0.012 / 0.027   |          | 1000
//	S11 | trend size, 52 weeks, rho 0.3                                                         | 0.055           | <= .075  | 1000
//	S11 | the same through the block (104 weeks: with the season)                               | 0.057           | <= .075  | 1000
//	S11 | sup-F size at .05, 52 weeks, rho 0.3                                                  | 0.080           |          | 1000
//	S11 | called rising or falling / level_shift (family of the world)                          | 0.000 / 0.013   |          | 1000
//	S11 | trend size, 52 weeks, rho 0.6                                                         | 0.081           | <= .095  | 1000
//	S11 | the same through the block (104 weeks: with the season)                               | 0.076           | <= .095  | 1000
//	S11 | sup-F size at .05, 52 weeks, rho 0.6                                                  | 0.095           |          | 1000
//	S11 | called rising or falling / level_shift (family of the world)                          | 0.004 / 0.031   |          | 1000
//	S11 | trend size, 104 weeks, rho 0.6                                                        | 0.052           | <= .095  | 1000
//	S11 | the same through the block (104 weeks: with the season)                               | 0.074           | <= .095  | 1000
//	S11 | sup-F size at .05, 104 weeks, rho 0.6                                                 | 0.117           |          | 1000
//	S11 | called rising or falling / level_shift (family of the world)                          | 0.000 / 0.031   |          | 1000
//	S12 | planted decline, 26 weeks, 3.5 sd, rho 0.0: found                                     | 0.990           | >= .9    |  400
//	S12 | planted decline, 26 weeks, 3.5 sd, rho 0.0: verdict falling / level_shift             | 0.900 / 0.065   |          |  400
//	S12 | planted decline, 26 weeks, 3.5 sd, rho 0.3: found                                     | 0.945           | >= .9    |  400
//	S12 | planted decline, 26 weeks, 3.5 sd, rho 0.3: verdict falling / level_shift             | 0.755 / 0.078   |          |  400
//	S12 | planted decline, 26 weeks, 3.5 sd, rho 0.6: found                                     | 0.767           | >= .75   |  400
//	S12 | planted decline, 26 weeks, 3.5 sd, rho 0.6: verdict falling / level_shift             | 0.570 / 0.090   |          |  400
//	S12 | mix-only decline, 26 weeks, called trend                                              | 0.065           | <= .075  |  400
//	S12 | the same: verdict falling or level_shift                                              | 0.015           | <= .075  |  400
//	S12 | the same: crude change, rate part of Kitagawa                                         | -0.100, +0.0002 |          |  400
//	S12 | mix-only decline, 78 weeks, called trend                                              | 0.068           | <= .075  |  400
//	S12 | the same: verdict falling or level_shift                                              | 0.015           | <= .075  |  400
//	S12 | the same: crude change, rate part of Kitagawa                                         | -0.094, +0.0002 |          |  400
//	S12 | planted shift, 78 weeks, 3 sd, rho 0.0: verdict level_shift / falling                 | 0.915 / 0.085   |          |  400
//	S12 | planted shift, 78 weeks, 3 sd, rho 0.0: 95 % interval of the place covers, weeks wide | 0.967, 2.4      |          |  400
//	S12 | planted shift, 78 weeks, 3 sd, rho 0.3: verdict level_shift / falling                 | 0.740 / 0.260   |          |  400
//	S12 | planted shift, 78 weeks, 3 sd, rho 0.3: 95 % interval of the place covers, weeks wide | 0.929, 3.3      |          |  400
//	S12 | planted shift, 78 weeks, 3 sd, rho 0.6: verdict level_shift / falling                 | 0.300 / 0.622   |          |  400
//	S12 | planted shift, 78 weeks, 3 sd, rho 0.6: 95 % interval of the place covers, weeks wide | 0.858, 3.3      |          |  400
//	S13 | spikes FDR: 20 series, 78 weeks, 5 spikes of 8 sd, rho 0.0                            | 0.045           | <= .1    |  400
//	S13 | spikes recall: the same                                                               | 0.992           | >= .95   |  400
//	S13 | the same by T(4) of a local MAD, FDR, recall                                          | 0.020, 0.088    |          |  400
//	S13 | spikes FDR: 20 series, 78 weeks, 5 spikes of 8 sd, rho 0.3                            | 0.045           | <= .1    |  400
//	S13 | spikes recall: the same                                                               | 0.997           | >= .95   |  400
//	S13 | the same by T(4) of a local MAD, FDR, recall                                          | 0.017, 0.102    |          |  400
//	S13 | spikes FDR: 20 series, 78 weeks, 5 spikes of 8 sd, rho 0.6                            | 0.042           | <= .1    |  400
//	S13 | spikes recall: the same                                                               | 0.998           | >= .95   |  400
//	S13 | the same by T(4) of a local MAD, FDR, recall                                          | 0.024, 0.170    |          |  400
//	S13 | spikes FDR: 5 series, 78 weeks, 1 spikes of 8 sd, rho 0.3                             | 0.037           | <= .1    |  400
//	S13 | spikes recall: the same                                                               | 0.960           |          |  400
//	S13 | the same by T(4) of a local MAD, FDR, recall                                          | 0.018, 0.250    |          |  400
//	S13 | spikes FDR, recall: 20 series, 78 weeks, 5 spikes of 8 sd, rho 0.3, t(5)              | 0.127, 0.372    |          |  400
//
// Rows without a requirement are information: the verdict asks for more than p < .05 (the margin, the family of the world).
//
// Cost: at 1 million customers and 20.6 million messages (78 weeks) the SQL takes 6.6 processor seconds (2.6 for what followed the messages, on 28 of 100 buckets; 3.8 for the series), and BenchmarkFit, 260 weeks of
// 40 scenarios, about half a second.
package trends
