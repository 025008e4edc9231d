// Package suffstat estimates, tests and bounds from sufficient statistics: sums per bucket of customers, never rows of customers. It is pure: no
// input or output, no clock, no hidden randomness (a seed is an argument), gonum and the standard library only.
//
// # The one idea
//
// SQL reduces millions of messages to small tables of integer sums with a column bucket = hash of the customer, 0..99. Messages of one customer resemble each
// other, but customers of different buckets are independent. So the doubt of any number is found by leaving out one bucket at a time: no
// formula for each statistic and no assumption about what a customer does with his messages. Naive intervals on messages cover 65-73 % instead of
// 95 %; these cover what they say (table below).
//
//	type State[S any] interface{ Merge(S) S }   // Cells, Ratio, Moments, LifeTable, Strata, or your own
//	buckets []S  ->  f(total), f(total without bucket g)  ->  Estimate{Value, Lower, Upper, ...}
//
// # Which function answers which question
//
//	share of messages, moves, customers            Rate (clustered), Wilson (one trial per customer), BetaInterval
//	any smooth function of sums                    Jackknife; JackknifeVec keeps replicates: Combine, Difference, Join, Cov
//	ratio, lift, odds ratio                        JackknifeLog
//	quantile, median, rank, place of a change      Bootstrap, QuantileOf
//	difference of two independent shares           NewcombeDifference, RelativeRisk; clustered: analytics.CompareRates
//	shares of tiny groups                          ShrinkRows (Dirichlet rows pulled to the pool)
//	is it different, equal, or unknown             analytics.Decide; TOST alone
//	many estimates of one kind, the largest picked Shrink (empirical Bayes; CVA for its interval)
//	many comparisons at once                       BH, BY, Holm, FCRLevel
//	how many customers does a test need            Design, TestWeeks
//	transition matrix, mobility, long run          Transitions, TransitionRates, Mobility, Stationary
//	may powers of the matrix be used               KStepError
//	does the last stage, segment, period, age      TestIndependence for the size (Gain), ClusteredX2 for the p-value,
//	matter for the next stage                        on a Stack with slice = present stage and column = next stage
//	money of a stage, of moving its exits          Values, Visits, ValueGap
//	how long do customers stay, where do they go   NewLifeTable; SurvivalCurve, IncidenceCurve, RMST, Median
//	odds of an event within strata                 MantelHaenszel; LogOdds for the jackknife
//	slope within customers and weeks               Panel: TwoWay, WithinMembers, Slopes
//	do two groups stay equally long                ClusteredLogRank (LogRank for one spell per customer)
//	how far apart are two distributions of delays  Wasserstein, WassersteinBins
//	how far apart are two mixes, two clouds        JensenShannon, PSI (each beside its floor); Energy
//	do two ways to cut the base say the same       Partitions (AMI, ARI)
//	are two products together beyond basket size   FitMargins (fixed margins); PoissonTails for small counts
//	which things are all alike, every two of them  CompleteLinkage, CutJoins
//
// # Conventions
//
// Shares are in [0, 1], money in the unit of the sums, ages and dwell times in periods. Buckets are positional: element g of every slice is bucket g, empty
// ones included (they are recognised and not counted). Level is the coverage of the interval, .95 or .90. N of an Estimate counts customers and is set by the
// caller with Of, except where a function says otherwise.
//
// A number that cannot be estimated is an Estimate with Value NaN and a warning that says why (ErrNoData ...); a number whose interval cannot be made has
// Lower and Upper NaN and a warning. A valid result is never infinite. Fewer than 20 non-empty buckets give ErrFewBuckets. Warnings travel with the number
// into the report; nothing here logs. A wrong shape (12 cells for a stack of 18) is a bug of the caller and panics.
//
// # When it misleads
//
// The buckets must be independent: not when treatment is by region or the customers of one firm are spread over buckets. The jackknife is for smooth functions: not
// for medians and maxima. Census facts (how many customers were in two scenarios last month) have no interval: use Fact. None of it turns a
// comparison into an effect: selection by trigger, regression to the mean and immortal time are in the data, not in the formula.
//
// # Proof
//
// Oracles: testdata/oracle/*.json, made by R 4.2 (testdata/oracle/make_oracle.R), and the golden numbers of the specification, section 9. One of those is
// misprinted: the upper end of S(23) on aml is .83530 in R (survival 3.5), not .83533. Truth bench, rows S1-S4, S9 and S22 of section 11, reached on 2026-11-21 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/suffstat/
//
//	id  | what                                                                            | reached  | required  |    R
//	S1  | coverage 95 %, 60 customers, rate 0.002 (naive Wilson 0.900)                    | 0.950    | >= .925   |  400
//	S1  | coverage 95 %, 60 customers, rate 0.02 (naive Wilson 0.843)                     | 0.940    | .925-.975 |  400
//	S1  | coverage 95 %, 60 customers, rate 0.2 (naive Wilson 0.797)                      | 0.940    | .925-.975 |  400
//	S1  | coverage 95 %, 300 customers, rate 0.002 (naive Wilson 0.865)                   | 0.975    | >= .925   |  400
//	S1  | coverage 95 %, 300 customers, rate 0.02 (naive Wilson 0.810)                    | 0.938    | .925-.975 |  400
//	S1  | coverage 95 %, 300 customers, rate 0.2 (naive Wilson 0.792)                     | 0.955    | .925-.975 |  400
//	S1  | coverage 95 %, 2000 customers, rate 0.002 (naive Wilson 0.790)                  | 0.948    | .925-.975 |  400
//	S1  | coverage 95 %, 2000 customers, rate 0.02 (naive Wilson 0.823)                   | 0.940    | .925-.975 |  400
//	S1  | coverage 95 %, 2000 customers, rate 0.2 (naive Wilson 0.815)                    | 0.968    | .925-.975 |  400
//	S1  | coverage 95 %, 20000 customers, rate 0.002 (naive Wilson 0.777)                 | 0.955    | .925-.975 |  400
//	S1  | coverage 95 %, 20000 customers, rate 0.02 (naive Wilson 0.810)                  | 0.965    | .925-.975 |  400
//	S1  | coverage 95 %, 20000 customers, rate 0.2 (naive Wilson 0.787)                   | 0.925    | .925-.975 |  400
//	S2  | size at 5 %, one customer in one segment (plain X2 0.270)                       | 0.058    | .03-.07   |  400
//	S2  | size at 5 %, same customers in both periods (plain X2 0.005)                    | 0.043    | .03-.07   |  400
//	S2  | size at 5 %, strong clustering (plain X2 0.565)                                 | 0.052    | .03-.07   |  400
//	S2  | power for a shift of 2 pp, 10000 customers                                      | 0.968    | >= .90    |  400
//	S3  | bias of KM, window 12, dwell 10 (0.3143, true 0.3138, coverage 0.963)           | 0.15 %   | < 1 %     |  400
//	S3  | bias of AJ, window 12, dwell 10 (0.2915, true 0.2919, coverage 0.945)           | 0.15 %   | < 1 %     |  400
//	S3  | bias of RMST, window 12, dwell 10 (7.174, true 7.176, coverage 0.955)           | 0.02 %   | < 1 %     |  400
//	S3  | bias of KM, own hazards, delayed entry (0.1573, true 0.1573, coverage 0.953)    | 0.05 %   | < 1 %     |  400
//	S3  | bias of AJ, own hazards, delayed entry (0.3605, true 0.36, coverage 0.968)      | 0.16 %   | < 1 %     |  400
//	S3  | bias of RMST, own hazards, delayed entry (8.116, true 8.125, coverage 0.935)    | 0.11 %   | < 1 %     |  400
//	S3  | coverage of the median, 100 customers with two spells, median 58                | 0.955    | .92-.98   |  400
//	S3  | coverage of the median, 300 customers with two spells, median 109               | 0.973    | .92-.98   |  400
//	S3  | coverage of the median, 600 customers with two spells, median 131               | 0.968    | .92-.98   |  400
//	S3  | coverage of the median, 600 customers with two spells, median 4                 | 1.000    | .92-1     |  400
//	S4  | value-gap derivative against a central difference, 3-100 states                 | 1.8e-09  | < 1e-5    |   60
//	S9  | called equivalent at a gap of the margin, 2484 customers per group              | 0.055    | <= .06    | 1000
//	S9  | called equivalent at gap 0 with twice the needed n, 4968 per group              | 0.980    | >= .90    | 1000
//	S22 | power of the planned n at .80: 10 % against 12 %, 3841 per arm                  | 0.801    | .77-.83   | 1000
//
// Numbers in brackets are not required: what the naive method does, or the coverage of the interval beside its bias. Rates with fewer than ten
// events, and medians of a few coarse periods, may cover more than their level but not less.
//
// Speed (2 shared cores; go test -run xxx -bench . ./analytics/suffstat/): jackknife of a 10 x 10 matrix over 100 buckets under 1 ms, its 100 rates with intervals 4 ms,
// a survival curve of 104 ages 4 ms, a bootstrapped median 220 ms.
package suffstat
