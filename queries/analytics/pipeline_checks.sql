/*---
table: analytics.pipeline_checks
block: pipeline
grain: [check_name]
doc: >-
  The health card of deals and tasks: every check against its norm. Counted on all deals, so facts. Written by pipeline.Fit.
columns:
  - {name: check_name, type: string, doc: "idle_deals, silent_deals, overdue_deals, next_step_filled, next_step_past, next_step_far, owner_filled, amount_filled, won_without_amount, loss_reason_filled, loss_reason_filler, closed_without_move, outcome_contradicts, reopened, same_instant, backward_moves, skipped_stages, customer_filled, future_rows, days_since_last_row, tasks_on_time, tasks_overdue, tasks_undated, tasks_unreal"}
  - {name: value, type: float64, unit: "share", nullable: true, doc: "numerator over denominator (days_since_last_row: days); NULL when not measurable"}
  - {name: numerator, type: int64, unit: "1", nullable: true, doc: "deals, moves or tasks counted"}
  - {name: denominator, type: int64, unit: "1", nullable: true, doc: "of how many"}
  - {name: norm, type: float64, unit: "share", nullable: true, doc: "ok up to here (from here on, where more is better); NULL: no norm"}
  - {name: red_zone, type: float64, unit: "share", nullable: true, doc: "red beyond it; NULL: never red"}
  - {name: status, type: string, doc: "ok, warning, red or not_measurable"}
  - {name: better, type: string, doc: "lower or higher: which way is good"}
  - {name: note, type: string, nullable: true, doc: "why it is not measurable: nothing_to_count, or field_not_given (filled in nowhere, so most likely not exported)"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of value, over customers; only of idle_deals, the others are counted"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
---*/
