// Package bundles asks what customers buy together and one after another (audit block 11).
//
// # Together
//
// A basket is an order. Who buys much buys any two things together, so plain lift finds bundles wherever baskets differ in size; the lift that decides compares with what baskets of the same sizes would hold if they were filled by
// the products' own frequency alone (fixed margins, suffstat.FitMargins). Its interval is the bucket jackknife on the log, so a customer who repeats one basket every week counts as one customer; q-values are of the family of all
// pairs that chance can bring together; the ranking is the lower end of the shrunken estimate. Two products of one category must go together beyond their customers' taste for the category too: the same comparison among
// the products of that category alone. The same is done for the categories of an order and for the products of a customer in 91 days (table only).
//
// # One after another
//
// Every order is a beginning; customers who have not had B are followed for 90 days after orders with A and after like orders without it (stage, orders so far, time since the last one, size of the order), the latter weighted
// to the former. Ever-A against never-A would give A the time before it was bought. What customers of a stage buy next that they have not had is read from the same life tables.
//
// # What it does not say
//
// All of it is association: grade D, stakes instead of effects. Part deliveries and orders collected over weeks are no baskets. Products bought before the data begin count as not had. With more than 1 million lines a part of the customers
// is looked at. Pairs are counted among what is in at least 20 baskets, of so many products that at most 12 million pairs are counted; orders of more than 500 products are left out. All of this is said in analytics.coverage.
//
// # Proof
//
// Oracle: testdata/oracle/bundles.json, made by testdata/oracle/make_bundles.py: swap randomization of two worlds and an enumeration of all baskets of seven products; R (survfit with weights) for the life table; the totals of Groceries for plain lift. SQL cases bundles*.txtar
// count small worlds by hand. Truth bench, row S16 of the specification, reached on 2026-11-22 with
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/bundles/
//
//	id  | what                                                                                           | reached        | required       |     R
//	S16 | largest difference of expectation from swaps, E >= 50 (310 pairs; independence 0.61)           | 0.026          | <= .03         |    20
//	S16 | false among the pairs with q <= .10, customers who repeat themselves                           | 0.024          | <= .1          |    20
//	S16 | planted pairs found                                                                            | 0.958          | >= .9          |    20
//	-   | null pairs told as together or apart (q <= .10), per world                                     | 0.15           |                |    20
//	-   | coverage 95 % of adjusted lift 1, null pairs                                                   | 0.950          |                |    20
//	-   | null pairs with plain lift surely above 1                                                      | 1.000          |                |    20
//	S16 | bias of a sequence of no difference, points (plain difference 1.8)                             | 0.050          | <= .3          |    60
//	S16 | its 95 % interval covers 0                                                                     | 0.983          | >= .88         |    60
//	S16 | a sequence that adds 2 points a month found                                                    | 1.000          | >= .9          |    60
//
// Numbers in brackets are not required: what plain lift and the plain difference do. The null pairs of the second part are drawn from the model of fixed margins; in worlds where products differ in how they depend on the size of the basket in other ways
// the adjusted lift is not exactly 1, which the margin of the verdict is for.
package bundles
