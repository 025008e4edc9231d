/*---
table: lifecycle.loss_points
grain: [rank]
doc: >-
  Moves to a stage that is worth less than staying, by money lost per quarter: flow x (value of staying - value of entering to_stage).
  Written by lifecycle.Fit.
columns:
  - {name: from_stage, type: string, doc: "stage left"}
  - {name: to_stage, type: string, doc: "stage entered"}
  - {name: rank, type: int64, unit: "1", doc: "1 = largest loss"}
  - {name: n, type: int64, unit: "customer-periods", doc: "moves counted"}
  - {name: at_risk, type: int64, unit: "customer-periods", doc: "customer-periods in the stage with a next period"}
  - {name: rate, type: float64, unit: "share", doc: "n divided by at_risk"}
  - {name: rate_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of rate"}
  - {name: rate_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of rate"}
  - {name: flow_per_quarter, type: float64, unit: "customers", doc: "customers who make the move in a quarter"}
  - {name: value_gap, type: float64, unit: "money", nullable: true, doc: "per customer: value of staying minus value of entering to_stage, discounted one period"}
  - {name: gap_lower, type: float64, unit: "money", nullable: true, doc: "lower end of the interval of value_gap, level in column level"}
  - {name: gap_upper, type: float64, unit: "money", nullable: true, doc: "upper end of the interval of value_gap, level in column level"}
  - {name: loss_per_quarter, type: float64, unit: "money", nullable: true, doc: "flow_per_quarter x value_gap"}
  - {name: loss_lower, type: float64, unit: "money", nullable: true, doc: "lower end of the interval of loss_per_quarter, level in column level"}
  - {name: loss_upper, type: float64, unit: "money", nullable: true, doc: "upper end of the interval of loss_per_quarter, level in column level"}
  - {name: share_of_losses, type: float64, unit: "share", nullable: true, doc: "of the sum over this table"}
  - {name: p_value, type: float64, unit: "share", nullable: true, doc: "that the gap is 0; two-sided, times the number of candidates"}
  - {name: q_value, type: float64, unit: "share", nullable: true, doc: "Benjamini-Hochberg over this table"}
  - {name: verdict, type: string, doc: "different, inconclusive or insufficient_data"}
  - {name: needed, type: float64, unit: "customers", nullable: true, doc: "ever in the stage, at which the verdict would be reached; NULL when it is or when more than a thousand times today's would be needed"}
  - {name: level, type: float64, unit: "share", doc: "level of the intervals of value_gap and of what is made from it; above 0.95 where rows were selected of many (false-coverage rate)"}
  - {name: unit, type: string, doc: "unit of value, gap, and money: currency, or orders"}
  - {name: customers, type: int64, unit: "customers", doc: "customers ever in the stage left: n of the intervals"}
  - {name: stake, type: float64, unit: "money per quarter", nullable: true, doc: "what one smallest step of rate (decision.equivalence.transition_rate) is worth: customers of the stage per quarter x step x gain; not an expected effect"}
  - {name: stake_lower, type: float64, unit: "money per quarter", nullable: true, doc: "lower end of its interval at decision.level"}
  - {name: stake_upper, type: float64, unit: "money per quarter", nullable: true, doc: "upper end of it"}
---*/
