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
// Members are those of the day before the window; behaviour is that of the window, the last complete periods of at least 28 days (segments.red_pair_window). So a segment of "ordered last month"
// is judged by the next month: equality means equal behaviour, not an equal definition. Where the list says only who is a member today, or a segment had no members before the window, the
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
// subtraction. More than 300 segments: the 300 largest. More than 60 million pairs of memberships: a part of the customers, the same in all tables. Measured on 2026-11-22 with 8 overlapping
// memberships per customer: SEE BELOW. Distances need single customers: a sample of up to 5,000 per segment, the one exception to "no customer rows".
package pairs
