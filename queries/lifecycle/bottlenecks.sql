/*---
table: lifecycle.bottlenecks
grain: [rank]
doc: >-
  Stages by what is held up in them: customers per period x (value of the best stage that others reach from here - value of the stage's own
  mix of next states). A ceiling, not an expected effect. Written by lifecycle.Fit.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: rank, type: int64, unit: "1", doc: "1 = most held up"}
  - {name: best_stage, type: string, doc: "the most valuable stage that customers of this one move to"}
  - {name: customers_per_period, type: float64, unit: "customers", doc: "mean customers in the stage at the end of a period"}
  - {name: customers_per_quarter, type: float64, unit: "customers", doc: "customers reachable in a quarter"}
  - {name: n, type: int64, unit: "customer-periods", doc: "moves counted"}
  - {name: at_risk, type: int64, unit: "customer-periods", doc: "customer-periods in the stage with a next period"}
  - {name: rate, type: float64, unit: "share", doc: "n divided by at_risk"}
  - {name: rate_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of rate"}
  - {name: rate_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of rate"}
  - {name: leave_rate, type: float64, unit: "share", doc: "share in any other stage one period later"}
  - {name: leave_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of leave_rate"}
  - {name: leave_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of leave_rate"}
  - {name: value_gap, type: float64, unit: "money", nullable: true, doc: "per customer: value of entering best_stage minus value of the stage's own mix of next states, discounted one period"}
  - {name: gap_lower, type: float64, unit: "money", nullable: true, doc: "lower end of the interval of value_gap, level in column level"}
  - {name: gap_upper, type: float64, unit: "money", nullable: true, doc: "upper end of the interval of value_gap, level in column level"}
  - {name: potential, type: float64, unit: "money", nullable: true, doc: "customers_per_period x value_gap, per period"}
  - {name: potential_lower, type: float64, unit: "money", nullable: true, doc: "lower end of the interval of potential, level in column level"}
  - {name: potential_upper, type: float64, unit: "money", nullable: true, doc: "upper end of the interval of potential, level in column level"}
  - {name: share_of_potential, type: float64, unit: "share", nullable: true, doc: "of the sum over this table"}
  - {name: move_gain, type: float64, unit: "money", nullable: true, doc: "per customer moved to best_stage instead of staying: gamma x (V best - V stay)"}
  - {name: move_gain_lower, type: float64, unit: "money", nullable: true, doc: "lower end of the 95 % interval of move_gain"}
  - {name: move_gain_upper, type: float64, unit: "money", nullable: true, doc: "upper end of the 95 % interval of move_gain"}
  - {name: derivative, type: float64, unit: "money", nullable: true, doc: "change in the value of a customer of today's base per unit of probability moved from staying to best_stage in every period: gamma x N x (V best - V stay)"}
  - {name: stuck, type: bool, doc: "more than half of the base is here and the median stay is longer than tau"}
  - {name: p_value, type: float64, unit: "share", nullable: true, doc: "that the gap is 0; two-sided, times the number of candidates"}
  - {name: q_value, type: float64, unit: "share", nullable: true, doc: "Benjamini-Hochberg over this table"}
  - {name: verdict, type: string, doc: "different, inconclusive or insufficient_data"}
  - {name: needed, type: float64, unit: "customers", nullable: true, doc: "ever in the stage, at which the verdict would be reached; NULL when it is or when more than a thousand times today's would be needed"}
  - {name: level, type: float64, unit: "share", doc: "level of the intervals of value_gap and of what is made from it; above 0.95 where rows were selected of many (false-coverage rate)"}
  - {name: unit, type: string, doc: "unit of value, gap, and money: currency, or orders"}
  - {name: customers, type: int64, unit: "customers", doc: "customers ever in the stage: n of the intervals"}
  - {name: stake, type: float64, unit: "money per quarter", nullable: true, doc: "what one smallest step of rate (decision.equivalence.transition_rate) is worth: customers of the stage per quarter x step x gain; not an expected effect"}
  - {name: stake_lower, type: float64, unit: "money per quarter", nullable: true, doc: "lower end of its interval at decision.level"}
  - {name: stake_upper, type: float64, unit: "money per quarter", nullable: true, doc: "upper end of it"}
---*/
