// Package usage is audit block 16: who and what uses the CRM, what messages cost, what is credited to them, and what changed.
//
// Load fetches the reduced tables, Fit adds them up, Findings says what is hardly used or costs more than it can bring; the last two are pure.
//
// # What it says and what not
//
// Owners are active when a move of a deal, or a task created or done, is theirs in the last 28 days of the period: traces in the CRM, not work. Without deals and tasks nobody leaves any, and nothing is said.
//
// The return of messages is a rule, not an effect: an order is credited to the last message before it within the window of its channel (block metrics), the margin of credited orders less the cost of messages is what would be earned if all of them came from the
// messages. Who gets messages often has one before every order, so it is close to an upper bound; with half and double windows beside it. Where a scenario has a random hold-out (scenarios.effects, grade A), what it adds per treated customer stands beside what is
// credited to it, with its interval; the first one alone is an effect. A channel is a finding only when even double windows and all credited orders do not pay for it.
//
// Before and after: the last 13 weeks of the period, the 13 before and the same weeks (364 days) a year ago, by the same rules. Ratios with jackknife intervals over customers; the change is also divided by the same change a year ago. That takes off a season that
// repeats, nothing else: prices, the market and the base change too. Nothing here is called an effect.
//
// # Proof
//
// testdata/sql/analytics/usage.txtar by hand, tests of this package on counts by hand; the attribution it rests on is proved in analytics/metrics.
package usage
