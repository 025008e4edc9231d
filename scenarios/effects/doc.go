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
// over buckets of customers. No number when less than half of the entrants have comparators. Grade D when orders of 217 to 407 days before differ too (placebo, and a negative control on a window as long as the outcome's), when there is no such history, or when an unmeasured
// cause with a risk ratio below 1.25 (E-value of the limit) would explain it.
//
// The audience of a scenario is told from data before any outcome is looked at: segments on the day before entry, attributes, source, owner and time zone as exported, the category most often ordered before
// entry. Of the groups in which entrants and comparators of the same stage, recency, tenure and orders differ by more than a quarter of a standard deviation (and four standard errors, on a sample in which a customer
// counts once in each arm), the one that tells most about entry is held equal in the cells, like the stage; membership known as of the export only (the scenario may have made it) just when nine entrants in ten
// are on one side. Grade D when entrants still differ as much in another group (groups_differ). effect_balance holds all of it. An audience that no such group tells is not seen.
//
// Why comparators did not enter is counted (effect_reasons). Customers whose last message bounced for good, with messages withheld from them, or at the weekly cap are left out of both arms when comparators with that reason order
// surely more or less than the others of their cells (p < .05, each reason by itself): beside them the scenario would look better or worse than it is. Beside every number stands the range that leaving out one
// characteristic of the cells at a time makes (effect_ranges); it is shown and lowers no grade.
//
// Money is told for grades A and C only. A better stage is one whose customers order at least 1.1 times as often in the next period.
//
// # What it does not say
//
// A clean placebo and a large E-value are no proof: a cause of the day (he was looking anyway) is in neither. The planned shares of a split are not in the data: the nearest usual one is
// tested. Customers who order on the day of the trigger are counted from the next day on. Scenarios that everybody enters, and calendar campaigns, have no comparators: hold out 5 to 10 %.
//
// # Proof
//
// Oracles: testdata/oracle/experiment.json, trial.json and sensitivity.json, made by R (testdata/oracle/make_effects.R): Welch, CUPED as the covariance model, chi-squared, the saturated regression with cell x
// arm, published E-values; leave_out.json: the same regression with one characteristic left out. analytics/duck counts the trials of random worlds by loops over customers and days (TestEffectsOracle). Truth bench, rows S17-S20 of the specification, reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./scenarios/effects/
//
//	id  | what                                                                                      | reached  | required  |   R
//	S17 | coverage 95 % of the relative lift 0, 1000 per arm, heavy-tailed spend                    | 0.955    | .925-.975 | 400
//	S17 | coverage 95 % of the difference, lift 0, 1000 per arm, heavy-tailed spend (Welch 0.965)   | 0.957    | .925-.975 | 400
//	S17 | coverage 95 % with CUPED, lift 0, 1000 per arm, heavy-tailed spend                        | 0.962    | .925-.975 | 400
//	S17 | coverage 95 % of the relative lift 0, 5000 per arm, heavy-tailed spend                    | 0.945    | .925-.975 | 400
//	S17 | coverage 95 % of the difference, lift 0, 5000 per arm, heavy-tailed spend (Welch 0.942)   | 0.955    | .925-.975 | 400
//	S17 | coverage 95 % with CUPED, lift 0, 5000 per arm, heavy-tailed spend                        | 0.957    | .925-.975 | 400
//	S17 | coverage 95 % of the relative lift 0.2, 1000 per arm, heavy-tailed spend                  | 0.950    | .925-.975 | 400
//	S17 | coverage 95 % of the difference, lift 0.2, 1000 per arm, heavy-tailed spend (Welch 0.957) | 0.957    | .925-.975 | 400
//	S17 | coverage 95 % with CUPED, lift 0.2, 1000 per arm, heavy-tailed spend                      | 0.950    | .925-.975 | 400
//	S17 | coverage 95 % of the relative lift 0.2, 5000 per arm, heavy-tailed spend                  | 0.937    | .925-.975 | 400
//	S17 | coverage 95 % of the difference, lift 0.2, 5000 per arm, heavy-tailed spend (Welch 0.940) | 0.937    | .925-.975 | 400
//	S17 | coverage 95 % with CUPED, lift 0.2, 5000 per arm, heavy-tailed spend                      | 0.930    | .925-.975 | 400
//	S17 | sample ratio 51 to 49 caught, n = 100k                                                    | 1.000    | >= .98    | 400
//	S17 | sample ratio 50 to 50 doubted                                                             | 0.000    | <= .005   | 400
//	S18 | bias of the ATT at truth 0, measured confounding, 6000 customers (naive +5.66 pp)         | 0.00 pp  | < .3 pp   | 200
//	S18 | coverage 95 % of 0, measured confounding                                                  | 0.940    | >= .92    | 200
//	S18 | worlds with a number                                                                      | 1.000    | >= .95    | 200
//	S18 | graded D at truth 0: no money                                                             | 0.985    | >= .92    | 200
//	S18 | bias at truth 0, entrants of one category whose pauses lengthen (beside all -6.88 pp) | 0.02 pp  | < .3 pp   | 100
//	S18 | coverage 95 % of 0 there                                                              | 0.950    | >= .92    | 100
//	S18 | called harmful at grade C there (beside all 0.77)                                     | 0.000    | <= .03    | 100
//	S18 | order rate x 2 there: interval above 0 (before the allowance for bias)                | 0.970    | >= .80    | 100
//	S19 | unmeasured .6, truth 0: graded D (placebo alone 0.94; ATT +2.38 pp, covers 0 in 0.42)     | 0.980    | >= .80    | 200
//	S20 | everybody enters from some week on (positivity 0.44): no number                           | 1.00     | 1         |  50
//	S20 | everybody of one kind enters (positivity 0.39): no number                                 | 1.00     | 1         |  50
//
// Numbers in brackets are not required: what the plain difference or one check alone does. At truth 0 nearly every base ends at grade D, because the interval contains 0: no money. S19 is
// the share in which an unmeasured cause of entry and orders is found out; the rest would be told as grade C.
package effects
