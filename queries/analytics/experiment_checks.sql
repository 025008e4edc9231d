/*---
table: analytics.experiment_checks
block: experiments
grain: [experiment_id, check_name, item, arm, reference_arm]
doc: What stands behind the grade of an experiment. Written by analytics/experiments.
columns:
  - {name: experiment_id, type: string, doc: "experiment"}
  - {name: check_name, type: string, doc: "sample_ratio (the sizes of all arms), balance (behaviour before the assignment), contamination (messages of the scenario in the reference arm), exposure (messages of the scenario before the assignment), switched (customers in two arms), running (assignment goes on at the end of the data), window (outcome windows that are over), clusters, reference (which arm is compared with), not_found (audit.yaml names it, the data do not have it)"}
  - {name: item, type: string, doc: "balance: order, orders, revenue, messages, tenure or an event name; else empty"}
  - {name: arm, type: string, doc: "arm; empty when the check is about the whole experiment"}
  - {name: reference_arm, type: string, doc: "arm that it is compared with; empty where there is none"}
  - {name: value, type: float64, unit: "as item", nullable: true, doc: "balance: difference of means; sample_ratio: chi-squared; contamination, exposure, switched, running, window: share of customers; clusters: their number"}
  - {name: lower, type: float64, unit: "as item", nullable: true, doc: "lower end of the 95 % interval of value"}
  - {name: upper, type: float64, unit: "as item", nullable: true, doc: "upper end"}
  - {name: standardised, type: float64, unit: "standard deviations", nullable: true, doc: "balance: value by the standard deviation within arms"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no difference"}
  - {name: p_adjusted, type: float64, unit: "1", nullable: true, doc: "balance: after Holm over the covariates and arms of the experiment"}
  - {name: passed, type: bool, unit: "1", doc: "false: stops or weakens the interpretation"}
  - {name: note, type: string, doc: "key of a word on it"}
---*/
