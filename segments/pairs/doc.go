// Package pairs is the part of audit block 3 that compares segments with each other.
//
// # Questions
//
//   - Do two segments behave alike? Proved, not concluded from the lack of a difference: on every core metric the interval of the difference lies inside the margin (two one-sided tests, the
//     largest p-value of all metrics, Benjamini-Hochberg over all pairs; Benjamini-Yekutieli beside). Or proved different: some interval lies wholly outside its margin. Else undecided, with
//     the number of customers that would decide. Groups of which every two are proved equal are one merge group (complete linkage: single linkage would join A and C because both resemble B).
//   - How far are they apart, before any behaviour is looked at: Jensen-Shannon divergence and population stability index feature by feature, energy distance of all features together, each
//     beside what chance alone would show between samples of that size.
//   - Do they hold the same customers: Jaccard index with interval, containment, adjusted mutual information where segments cut the base into parts.
//   - Does the segmentation earn its keep: what membership explains of the behaviour that follows, beside a plain recency-frequency-money grid, on customers it has not seen; and, from randomized
//     experiments, what it would bring to treat every segment with its own best arm.
//
// # Whose behaviour, when
//
// Members are those of the day before a window; behaviour is that of the window, complete periods of at least 28 days (segments.red_pair_window). So a segment of "ordered last month"
// is judged by the next month: equality means equal behaviour, not an equal definition. Small bases take up to twelve windows of the audited time, one behind the other (600,000 customer-windows
// in all), because a customer in twelve windows tells more than in one; they stay in one bucket, so the intervals know that it is one customer. Sizes and shared customers are those of the last window. Where the list says only who is a member today, or a segment had no members before the window, the
// behaviour of the window may be what made them members: the row says so (caveat), its finding is exploratory, and the segment takes no part in what is explained.
//
// Members of both are left out of both. Where one segment lies within the other, nobody would be left: it is compared with the rest of the other one. A segment without messages cannot be proved
// equal to one with messages. Rare events (fewer than ten on a side) have no jackknife; two shares proved to lie below the margin are equal by an exact binomial test.
//
// A metric that nobody has (no clicks in the data) is left out for all pairs, with a caveat, and coverage says which one. The response to the three main scenarios is a metric of the
// pairs that both get the scenario.
//
// # Size
//
// 200 segments and 1 million customers are 19,900 pairs: SQL adds up each customer once, then per segment and bucket, and per pair and bucket for the members of both only; a without b is a
// subtraction. More than 300 segments: the 300 largest. More than 60 million pairs of memberships: a part of the customers, the same in all tables. Distances need single customers: a sample of up to 5,000
// per segment, the one exception to "no customer rows"; the energy distance is computed for the 40 nearest pairs that are not proved different. Measured on 2026-11-22 on two shared cores: 1 million customers,
// 200 segments, 8 memberships each, all 19,900 pairs share customers: models 15 processor seconds (8 of them segments.red_pair_shared, 1.1 GB at most), Fit 3 seconds (BenchmarkFit); 20 segments
// with 3 memberships each, two windows: 11 seconds (since then one window at this size).
//
// # What it does not say
//
// Equal on these metrics within these margins is not equal in all: read the margins first. The default ones need some 100,000 members a segment for money (5 %). Two segments that behave alike may still
// need different words. Every pair counts in the correction, also those that nobody would compare: with hundreds of segments a proof takes more customers (needed_customers says how many). Targeting is of the
// arms that half of the customers would choose, a lower bound for the best ones.
//
// # Proof
//
// R energy, scikit-learn, R simulation of the index of stability (testdata/oracle/make_segments.R, make_partitions.py); the judgement of a contrast against analytics.Decide on random data; the share explained
// against a regression customer by customer; SQL cases worked by hand (testdata/sql/segments/pairs*.txtar). Truth bench, rows S9, S24 and the logic of S10 of statistics 11 (whole worlds:
// cmd/crmaudit, TestTruthSegments), reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./segments/pairs/
//
//	id  | what                                                                                      | reached       | required |    R
//	S9  | called equivalent at a gap of the margin, order rate, 13704 per segment                   | 0.048         | <= .06   | 1000
//	S9  | called equivalent at gap 0 with twice the needed n, order rate, 13704 per segment         | 0.981         | >= .90   | 1000
//	S9  | five metrics, better stage at its margin                                                  | 0.050         | <= .06   | 1000
//	S9  | five metrics, clicks (clustered) at their margin                                          | 0.057         | <= .06   | 4000
//	S9  | five metrics, all equal, 13000 per segment                                                | 1.000         | >= .90   | 1000
//	S10 | equal pairs found, 14 segments of 12,000, 91 pairs (sums, no SQL)                         | 0.960         | >= .85   |   50
//	S10 | of pairs called equal, those that are not                                                 | 0.000         | <= .05   |   50
//	S10 | pairs at exactly the margin called equal                                                  | 0.000         |          |   50
//	S10 | pairs at twice the margin called different                                                | 0.990         |          |   50
//	S24 | honest value of targeting at truth 0: mean +0.00001 (plug-in +0.00874)                    | 0.03 se       | < 2 se   | 1000
//	S24 | the same: called a gain / Cochran's Q at .05                                              | 0.012 / 0.059 |          | 1000
//	S24 | real gain .0278 of the best policy: bias -.0039; interval covers it / Q finds the spread  | 0.919 / 0.575 |          | 1000
//	S24 | share explained by 12 segments that say nothing, unseen customers                         | -0.008        | <= .001  |  400
//	S24 | the same: interval above 0                                                                | 0.000         | <= .05   |  400
//	S24 | the same, on the customers it was fitted to                                               | 0.0041        |          |  400
package pairs
