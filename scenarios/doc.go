// Package scenarios is the map of communication scenarios, audit block 4: what runs, through which steps, how customers leave, and what follows.
//
// # Facts
//
// Entries, exits and active time come from enrolments where a scenario has any, else they are derived from messages (queries/scenarios/fct_entries.sql) and
// marked so; definitions of audit.yaml add names, roles, goals, steps and declared hand-overs, and are never required. A calendar campaign (bulk) is on the map
// with its messages, but has no steps, hand-overs, exits or trigger to judge.
//
// # Load, Fit, Findings
//
// Load fetches the reduced tables into Counts. Fit is pure:
//
//   - dead ends: what comes first after an exit, as competing risks (next chain, targeted message, goal, opt-out) by life table; the share that nothing
//     follows within the hand-over days, against customers who left other chains in the same life-cycle stage;
//   - hand-overs and their graphs, declared and observed: sinks, loops, unreachable scenarios;
//   - steps: drop-off, whatever its reason and without goals and opt-outs, against the other steps; median time between steps;
//   - breadth of triggers: reach per stage, share of entries in the declared stages, divergence of the entrants' stages from the base's;
//   - rhythm: where messages fall between two orders of the customer, and the best window measured on other customers than it was chosen on.
//
// Findings decides what of this is worth a reader's time; Tables renders all. Shares have intervals from leaving out buckets of customers; counts have none.
//
// # What it does not say
//
// Nothing here is an effect. Orders during a scenario, the rate of stage changes after an entry and the click rate by rhythm are descriptions: customers who enter
// differ from those who do not. Effects are in scenarios/effects. The limits of detectors (half left alone, 60 % in the declared stages, half of the base, .02 nats,
// five points of drop-off) are judgement, printed with each finding.
//
// # Measured
//
// Bench row S8 on whole made-up companies of 6,000 customers, `CRMAUDIT_BENCH_TRUTH=1 CRMAUDIT_BENCH_WORLDS=3 go test -run TestTruthWorlds -v -count=1 ./cmd/crmaudit/`:
//
//	what             precision      recall         required
//	dead ends        1.00 (6 of 6)  1.00 (6 of 6)  .90, .90
//	broad triggers   1.00 (6 of 6)  1.00 (6 of 6)  .90, .90
//	unused           1.00 (3 of 3)  1.00 (3 of 3)
//	drop-off         1.00 (3 of 3)  1.00 (3 of 3)  breaks that are true and were not planted (truth.json, natural_drop_offs) are not counted
//
// The SQL agrees with a count hour by hour on random worlds (analytics/duck, TestScenarioMapOracle), which fails when a border of it is moved by a second.
package scenarios
