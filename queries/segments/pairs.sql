/*---
table: segments.pairs
block: pairs
grain: [segment_a, segment_b]
doc: >-
  Every two of the segments compared (at most the 300 largest): do their members behave alike, proved on all core metrics (segments.contrasts), how much do they share, how far apart are
  they before the behaviour is looked at. Members are those of the day before each window, behaviour is that of the windows (segments.red_pair_window); sizes are those of the last one. Written by segments/pairs.Fit.
columns:
  - {name: segment_a, type: string, doc: "the segment whose id is first in the order of bytes"}
  - {name: segment_b, type: string, doc: "the other"}
  - {name: customers_a, type: int64, unit: "customers", doc: "members of a (fact; scaled up where only a part of the customers is looked at)"}
  - {name: customers_b, type: int64, unit: "customers", doc: "members of b (fact)"}
  - {name: customers_both, type: int64, unit: "customers", doc: "members of both (fact)"}
  - {name: jaccard, type: float64, unit: "share", nullable: true, doc: "customers_both of the members of either"}
  - {name: jaccard_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval, customers being the sample of a lasting rule"}
  - {name: jaccard_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: containment, type: float64, unit: "share", nullable: true, doc: "customers_both of the members of the smaller one"}
  - {name: redundant, type: bool, unit: "1", doc: "lower end of jaccard above .8, or containment above .95 and well above the larger one's share of the base; and not proved different"}
  - {name: compared, type: string, doc: "who is compared: apart (members of both are left out of both), a_and_rest_of_b or b_and_rest_of_a (the one lies within the other: it is compared with what remains), none"}
  - {name: compared_a, type: int64, unit: "customers", doc: "customers compared on the side of a"}
  - {name: compared_b, type: int64, unit: "customers", doc: "customers compared on the side of b"}
  - {name: metrics, type: int64, unit: "metrics", doc: "metrics compared, rows of segments.contrasts"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "of 'some metric differs by its margin or more': the largest p-value of the two one-sided tests of all metrics (intersection-union); NULL when a metric is below the floors"}
  - {name: q_equivalence, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all pairs"}
  - {name: q_equivalence_any, type: float64, unit: "1", nullable: true, doc: "Benjamini-Yekutieli over all pairs: holds under any dependence between them"}
  - {name: q_difference, type: float64, unit: "1", nullable: true, doc: "smallest q-value of 'this metric differs by no more than its margin', Benjamini-Hochberg over all pairs and metrics"}
  - {name: q_difference_any, type: float64, unit: "1", nullable: true, doc: "the same by Benjamini-Yekutieli"}
  - {name: deciding_metric, type: string, doc: "the metric with the weakest proof of equality; of a different pair the one with the strongest proof of difference"}
  - {name: deciding_difference, type: float64, unit: "1", nullable: true, doc: "its difference, as in segments.contrasts"}
  - {name: deciding_lower, type: float64, unit: "1", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: deciding_upper, type: float64, unit: "1", nullable: true, doc: "upper end of it"}
  - {name: deciding_margin, type: float64, unit: "1", nullable: true, doc: "its margin"}
  - {name: verdict, type: string, doc: "equivalent (proved), different (proved), undecided"}
  - {name: needed_customers, type: int64, unit: "customers", nullable: true, doc: "customers on the smaller side at which an undecided pair could be decided (80 % power for the metric that takes most); NULL when decided or when no number would do"}
  - {name: merge_group, type: int64, unit: "1", nullable: true, doc: "number of the group of segments of which every two are proved equivalent (complete linkage); NULL when the two are in no common one"}
  - {name: caveat, type: string, doc: "what weakens the row, comma-separated: current_state, late_members, everybody, contained, no_members, few_customers, not_measured, no_variation; empty when nothing"}
  - {name: js, type: float64, unit: "nats", nullable: true, doc: "Jensen-Shannon divergence of sampled members, the mean over features on the day before the window (segments.distances); members of both left out"}
  - {name: js_floor, type: float64, unit: "nats", nullable: true, doc: "what two samples of that size from one population have on average"}
  - {name: psi, type: float64, unit: "1", nullable: true, doc: "population stability index of the feature that is farthest apart"}
  - {name: psi_floor, type: float64, unit: "1", nullable: true, doc: "what two samples of one population have on average"}
  - {name: psi_95, type: float64, unit: "1", nullable: true, doc: "what only one in twenty of such pairs of samples exceeds"}
  - {name: far_feature, type: string, doc: "that feature; empty without a sample"}
  - {name: energy, type: float64, unit: "1", nullable: true, doc: "energy distance of all features together, standardised; NULL beyond the nearest pairs, for which it is computed"}
  - {name: energy_share, type: float64, unit: "share", nullable: true, doc: "H: energy of the mean distance between members of the two, 0 = one distribution"}
  - {name: energy_floor, type: float64, unit: "1", nullable: true, doc: "mean of energy when customers change their segment at random"}
  - {name: energy_p, type: float64, unit: "1", nullable: true, doc: "of one distribution, by 999 random exchanges of customers"}
  - {name: energy_q, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over the pairs for which it is computed"}
---*/
