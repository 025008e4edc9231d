// Package effects asks what scenarios change: not who opened or clicked, not before against after, but what happened to customers whom a scenario took, beside customers like
// them whom it did not take.
//
// # Two designs
//
// Random splits (grade A): the control arm of enrolments, and experiments whose assignments name a scenario. Intention to treat over all assigned customers, difference of
// means with the same behaviour before the assignment as covariate (CUPED). No number when the split cannot have come from any usual plan (sample ratio, or orders before the assignment differ,
// p < .0005), when more than 1 % of the control arm was sent the scenario's messages, when the treated had been sent more of them before, or when whole clusters were assigned.
//
// Emulated sequential trials (grade C, mostly D): every day on which a customer may enter is the beginning of a small trial. Treated are those who enter that day; comparators are customers of the same
// stage, recency, tenure, orders, order value, engagement, contact pressure and fortnight who meet the same condition and do not enter that day (they may later). Outcomes count from the day after. The condition is the
// trigger event where the definition names one that entries follow, else the narrow range of recency or tenure at which entrants enter, else the cells of the entrants. ATT over cells, jackknife
// over buckets of customers. No number when less than half of the entrants have comparators. Grade D when orders of 217 to 407 days before differ too (placebo), when there is no such history, or when an unmeasured
// cause with a risk ratio below 1.25 (E-value of the limit) would explain it.
//
// Money is told for grades A and C only. A better stage is one whose customers order at least 1.1 times as often in the next period.
//
// # What it does not say
//
// A clean placebo and a large E-value are no proof: a cause of the day (he was looking anyway) is in neither. The planned shares of a split are not in the data: the nearest usual one is
// tested. Customers who order on the day of the trigger are counted from the next day on. Scenarios that everybody enters, and calendar campaigns, have no comparators: hold out 5 to 10 %.
package effects
