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
package bundles
