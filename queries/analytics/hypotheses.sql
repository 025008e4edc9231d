/*---
table: analytics.hypotheses
grain: [hypothesis_id]
doc: The backlog, one row per hypothesis, best first by rank. Money is in currency units per quarter, intervals have level 0.90.
columns:
  - {name: hypothesis_id, type: string, doc: "stable over runs and quarters"}
  - {name: rank, type: int64, unit: "1", doc: "place in the backlog, 1 is first"}
  - {name: block, type: string, doc: "audit block it comes from"}
  - {name: kind, type: string, doc: "kind of the finding behind it"}
  - {name: subject_type, type: string, doc: "what the subject is: stage, transition, scenario, ..."}
  - {name: subject, type: string, doc: "the user's own name of it"}
  - {name: title_ru, type: string, doc: "title in Russian"}
  - {name: title_en, type: string, doc: "title in English"}
  - {name: what_happens_ru, type: string, doc: "what happens today, in Russian"}
  - {name: what_happens_en, type: string, doc: "what happens today, in English"}
  - {name: why_ru, type: string, doc: "why, in Russian"}
  - {name: why_en, type: string, doc: "why, in English"}
  - {name: change_ru, type: string, doc: "what to change, in Russian"}
  - {name: change_en, type: string, doc: "what to change, in English"}
  - {name: metric, type: string, doc: "metric that the change should move"}
  - {name: unit, type: string, doc: "unit of baseline and effect"}
  - {name: baseline, type: float64, unit: "see unit", nullable: true, doc: "today's value of the metric"}
  - {name: population, type: int64, unit: customers, doc: "customers reachable per quarter"}
  - {name: effect, type: float64, unit: "see unit", nullable: true, doc: "expected change of the metric; NULL when no design earns one"}
  - {name: effect_lower, type: float64, unit: "see unit", nullable: true, doc: "lower end of the interval of effect"}
  - {name: effect_upper, type: float64, unit: "see unit", nullable: true, doc: "upper end of the interval of effect"}
  - {name: money, type: float64, unit: "currency per quarter", nullable: true, doc: "expected money; NULL when effect is NULL"}
  - {name: money_lower, type: float64, unit: "currency per quarter", nullable: true, doc: "lower end of the interval of money"}
  - {name: money_upper, type: float64, unit: "currency per quarter", nullable: true, doc: "upper end of the interval of money"}
  - {name: stake, type: float64, unit: "currency per quarter", nullable: true, doc: "money that one smallest meaningful step of the metric is worth: what is at stake, not an expected effect"}
  - {name: stake_lower, type: float64, unit: "currency per quarter", nullable: true, doc: "lower end of the interval of stake"}
  - {name: stake_upper, type: float64, unit: "currency per quarter", nullable: true, doc: "upper end of the interval of stake"}
  - {name: grade, type: string, doc: "grade of evidence: A randomised, B quasi-experiment, C adjusted, D structural"}
  - {name: threat, type: string, doc: "main threat to validity"}
  - {name: test_design, type: string, doc: "how to test it: ab, holdout, cap_test, sequence_test"}
  - {name: sample_size_per_arm, type: int64, unit: customers, nullable: true, doc: "customers per arm that the test needs"}
  - {name: duration_days, type: int64, unit: days, nullable: true, doc: "days until that many customers have come"}
  - {name: feasible, type: bool, unit: "1", nullable: true, doc: "whether the test can be finished within a quarter"}
  - {name: guardrails, type: string, doc: "metrics that must not get worse, separated by commas"}
  - {name: effort, type: int64, unit: "1", doc: "1 (a setting) to 5 (a project)"}
  - {name: priority, type: float64, unit: "1", doc: "number the backlog is ordered by"}
  - {name: horizon, type: string, doc: "quick_win, next_quarter or strategic"}
  - {name: goal, type: string, doc: "business goal it serves, empty when none is configured"}
  - {name: status, type: string, doc: "new, persisting, ... against the last audit"}
  - {name: evidence_sql, type: string, doc: "query on this database that returns its numbers"}
---*/
