// Package metrics is audit block 3 without what is over time (that is analytics/trends): messages and what came of them by channel, scenario, kind and stage, in three layers; orders credited to
// messages; whether opens can be believed; scenarios whose clicks do not become orders.
//
// SQL makes analytics.metrics itself. Load fetches the reduced tables, Fit turns them into rates, shares and verdicts, Findings into statements; the last two are pure.
//
// # What is counted
//
// Every sent message of the complete periods, by the day of the send. Its responses count whenever they came, but rates leave out sends that are too young: 95 of 100 opens and clicks of the channel
// come within L days (measured on sends of at least 30 days ago), so the last L days before the end of the data are dropped; for orders the last attribution window is. Delivered is what has a time of
// delivery; a channel that never gives one counts what was sent and did not bounce. Machines and robots are those that the source names; opens within 5 seconds of the delivery are counted beside them
// and decide whether the opens of the channel can be believed.
//
// Kinds (bulk, trigger, transactional, unknown) and channels are never added up into one rate: a reminder of a cart and a digest have nothing in common but the word open.
//
// Above 2 million messages the different customers behind a rate are ten times those of ten of the hundred buckets (right to about a hundredth): customers_estimated says so in the tables, ≈ in the report.
//
// # Attribution
//
// Last touch: an order belongs to the last message delivered before it whose channel's window still ran, so to at most one. Windows are configuration, shown in the report with what half and double
// windows would give. Transactional messages do not compete unless audit.yaml says so: a receipt would take the credit for the next order.
//
// # When it misleads
//
// Attributed is not caused: a customer who gets a message every other day has one before every order. Rates of scenarios differ by who gets them; only the randomized comparisons (analytics/experiments,
// scenarios/effects) say what messages bring. Moves of the stage after a message are the customer's, not the message's. A trigger that fires on signs of a coming order has more orders than its clicks let
// expect, and its neighbours fewer: the gap of engagement and action is a reason to test, no more.
//
// # Proof
//
// testdata/sql/analytics/metrics_*.txtar by hand; analytics/duck TestMetricsOracle does the counts, the attribution and the moves by loops over small random worlds; testdata/oracle/shrink.json for the
// shrinkage (suffstat.Shrink); TestGaps finds a planted gap in 12 of 12 simulated classes of nine scenarios and nothing in 12 without one.
//
// Speed, 2026-11-22: world of 1 million customers and 20 million messages, 2 threads, 2500 MB, on a machine shared with seven others (load 12 to 20), processor seconds per model: fct_message_cells 0.8,
// fct_message_outcomes 8.3, fct_attributions 3.0, red_response_days 0.9, fct_message_sums 3.6, red_message_reach 0.6, the rest below 1 together. Not measured alone.
package metrics
