// Package lifecycle is audit block 10: how customers really move through their life cycle, where they get stuck, and where they are lost.
//
// # Stages
//
// A stage is a rule over what is known of a customer at the end of a period (rules.go), or the stage that the CRM recorded. Compile checks the rules and
// turns them into macros of the engine; the models of queries/lifecycle evaluate them and reduce customers to counts by bucket. A rule may
// only use the past, so no stage leaks the future. Impossible and Unreachable prove from the rules alone which moves and stages cannot be.
//
// # Load, Fit, Findings
//
// Load fetches the reduced tables into Counts. Fit is pure and makes the Model:
//
//   - the transition matrix of everybody and of groups, Wilson intervals at the effective sample size, small groups shrunk to their grouping;
//   - tests with clustered chi-squared statistics: does the matrix change over time, has it memory, does the age in a stage matter, do groups differ;
//   - forecasts of 2, 4, 8 and 13 periods by direct counts, beside the powers of the matrix, which are wrong when a rule makes everybody wait, and beside
//     the chain of stage x age in stage, which is what values are computed from;
//   - the length of stays by life table with delayed entry and censoring, and where stays end (Aalen-Johansen);
//   - values: V = (I - gamma P)^-1 r on the chain of stage x age, r the margin of the following period, gamma 10 % a year by default;
//   - bottlenecks: customers in a stage x (value of the best stage that others reach from it - value of its own mix of next states), and loss points:
//     customers who move x (value of staying - value of where they go);
//   - what each rule matches, which rules contest the same customers, and whether the borders of stages separate anything.
//
// Findings decides what of this is worth a reader's time; Tables renders the rest. Every number about customers has an interval from leaving out
// buckets of customers, since the periods of one customer are not independent of each other; counts of what happened have none and are called facts.
//
// # What it does not say
//
// A matrix shows where, never what a change would do: customers who come back by themselves differ from those who would come back for a message. So
// findings carry what one step of two percentage points is worth, not an effect, and evidence grade D. Values assume that the next periods look
// like the audited ones. Stays whose beginning lies before the data are left out of the life table and count as the oldest in the chain.
package lifecycle
