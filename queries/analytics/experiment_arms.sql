/*---
table: analytics.experiment_arms
block: experiments
grain: [experiment_id, arm]
doc: Who was assigned to the arms of every experiment, and who of them is compared. Written by analytics/experiments.
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: arm, type: string, doc: "arm"}
  - {name: role, type: string, doc: "reference, treated, out (not part of the test), missing (planned, and nobody was assigned)"}
  - {name: source, type: string, doc: "assignments or enrolments"}
  - {name: scenario_id, type: string, nullable: true, doc: "scenario under test"}
  - {name: assigned, type: int64, unit: "customers", doc: "assigned, each by his first arm; 0 for arms that are out of the test"}
  - {name: share, type: float64, unit: "share", nullable: true, doc: "of all assigned of the experiment"}
  - {name: planned_share, type: float64, unit: "share", nullable: true, doc: "as configured, else the nearest usual split"}
  - {name: compared, type: int64, unit: "customers", doc: "of them, compared"}
  - {name: window_open, type: int64, unit: "customers", doc: "the outcome window reaches beyond the data"}
  - {name: before_data, type: int64, unit: "customers", doc: "assigned before the data begin: not compared"}
  - {name: after_data, type: int64, unit: "customers", doc: "assigned after the data end: not compared"}
  - {name: two_arms, type: int64, unit: "customers", doc: "in two arms in the same second: not compared"}
  - {name: switched, type: int64, unit: "customers", doc: "also put into another arm before the outcome window was over: counted by the first one"}
  - {name: messaged, type: int64, unit: "customers", doc: "sent a message of the scenario under test within the outcome window"}
  - {name: messaged_before, type: int64, unit: "customers", doc: "sent one in as long a time before the assignment"}
  - {name: clusters, type: int64, unit: "clusters", doc: "clusters that were assigned as a whole; 0 when customers were assigned"}
  - {name: first_assigned, type: date, nullable: true, doc: "first assignment"}
  - {name: last_assigned, type: date, nullable: true, doc: "last assignment"}
---*/
