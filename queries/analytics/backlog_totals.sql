/*---
table: analytics.backlog_totals
grain: [measure]
doc: What the backlog adds up to, each customer's problem counted once. Limits are added as if all errors went together, the widest interval that any dependence can give.
columns:
  - {name: measure, type: string, doc: "money (expected gain per quarter of hypotheses with an effect) or stake (what one smallest meaningful step of each metric is worth: not an expected effect)"}
  - {name: value, type: float64, unit: "see unit", doc: "sum over what is counted, each by the part of its customers that no better ranked one has"}
  - {name: lower, type: float64, unit: "see unit", doc: "lower end of the 90 % interval"}
  - {name: upper, type: float64, unit: "see unit", doc: "upper end"}
  - {name: unit, type: string, doc: "currency of the audit"}
  - {name: plain_sum, type: float64, unit: "see unit", doc: "sum of all confirmed rows as if no customers were shared: more than can be had"}
  - {name: counted, type: int64, unit: "hypotheses", doc: "hypotheses in value"}
  - {name: overlapping, type: int64, unit: "hypotheses", doc: "left out: a better ranked one fixes the same customers' same problem"}
  - {name: reduced, type: int64, unit: "hypotheses", doc: "counted in part: some of their customers are in a better ranked one"}
  - {name: exploratory, type: int64, unit: "hypotheses", doc: "left out: not confirmed"}
---*/
