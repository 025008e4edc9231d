/*---
table: analytics.red_experiments
block: experiments
grain: [xk]
reads: [analytics.fct_experiment_caps, analytics.fct_experiment_window, analytics.fct_experiments]
doc: The experiments by name, with the end of the data.
max_rows: 10000
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: experiment_id, type: string, doc: "experiment; holdout:<scenario> for the control arm of enrolments"}
  - {name: source, type: string, doc: "assignments or enrolments"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario under test"}
  - {name: within_days, type: int64, unit: "days", doc: "outcome window H"}
  - {name: first_day, type: int64, unit: "days since 1970-01-01", doc: "first day on which behaviour could be seen"}
  - {name: end_day, type: int64, unit: "days since 1970-01-01", doc: "day after the last one"}
  - {name: cap_minor, type: int64, unit: "minor currency units", nullable: true, doc: "where winsorised order values end"}
---*/
SELECT x.xk, x.experiment_id, x.source, x.scenario_id, x.within_days, w.first_day, w.end_day, c.cap AS cap_minor
FROM analytics.fct_experiments x
CROSS JOIN analytics.fct_experiment_window w
LEFT JOIN analytics.fct_experiment_caps c ON c.xk = x.xk
