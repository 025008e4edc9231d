/*---
table: scenarios.triggers
block: triggers
grain: [name]
doc: "Trigger conformance: after the event, was the action there in time. Written by scenarios/triggers."
columns:
  - {name: name, type: string, doc: "name of the rule"}
  - {name: triggered, type: int64, unit: cases, doc: "cases of the audited period whose time was over when the data end (fact)"}
  - {name: in_time, type: int64, unit: cases, doc: "answered in time (fact)"}
  - {name: late, type: int64, unit: cases, doc: "answered later (fact)"}
  - {name: missing, type: int64, unit: cases, doc: "not answered (fact)"}
  - {name: not_yet, type: int64, unit: cases, doc: "the time is not over when the data end, answered or not: in no other count (fact)"}
  - {name: unlinked, type: int64, unit: cases, doc: "cases that name no customer (or deal), so that no answer can be looked for: in no other count (fact)"}
  - {name: customers, type: int64, unit: customers, doc: "customers (or deals) with a case whose time was over"}
  - {name: in_time_share, type: float64, unit: share, nullable: true, doc: "in_time divided by triggered"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval of in_time_share"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end of the 95 % interval of in_time_share"}
  - {name: target, type: float64, unit: share, doc: "share in time that is wanted"}
  - {name: verdict, type: string, doc: "yes: below the target; no: at it; undecided; insufficient_data"}
  - {name: needed_customers, type: int64, unit: customers, nullable: true, doc: "customers that would decide"}
  - {name: median_latency_seconds, type: float64, unit: seconds, nullable: true, doc: "median time to the answer, of answered cases"}
  - {name: median_lower, type: float64, unit: seconds, nullable: true, doc: "lower end of its 95 % interval"}
  - {name: median_upper, type: float64, unit: seconds, nullable: true, doc: "upper end of its 95 % interval"}
  - {name: p95_latency_seconds, type: float64, unit: seconds, nullable: true, doc: "95th percentile of the time to the answer, of answered cases"}
  - {name: p95_lower, type: float64, unit: seconds, nullable: true, doc: "lower end of its 95 % interval"}
  - {name: p95_upper, type: float64, unit: seconds, nullable: true, doc: "upper end of its 95 % interval"}
  - {name: change, type: float64, unit: share, nullable: true, doc: "in_time_share of the second half of the weeks minus that of the first: before and after, not an effect"}
  - {name: change_lower, type: float64, unit: share, nullable: true, doc: "lower end of its 95 % interval"}
  - {name: change_upper, type: float64, unit: share, nullable: true, doc: "upper end of its 95 % interval"}
  - {name: change_verdict, type: string, doc: "better, worse, equivalent, undecided or insufficient_data"}
---*/
