/*---
table: scenarios.effect_ranges
block: effects
grain: [scenario_id, outcome, left_out]
doc: >-
  Effects of emulated trials with one characteristic left out of the cells in which entrants and comparators are alike, on the same entrants. What moves a number much is what its comparators differ in most, and the
  number leans on that characteristic being measured well. A narrow range says nothing of what nobody has measured. Written by scenarios/effects.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: outcome, type: string, doc: "as in scenarios.effects"}
  - {name: left_out, type: string, doc: "calendar, stage, stage_age (time in it), recency, tenure, orders, order_value, phase (recency beside the own gap), engagement, pressure, audience (the group of scenarios.fct_trial_audiences); only those in which units differ"}
  - {name: effect, type: float64, unit: "share or money per customer", nullable: true, doc: "ATT over the wider cells, beside effect of scenarios.effects"}
  - {name: lower, type: float64, unit: "share or money per customer", nullable: true, doc: "lower end of its 95 % interval, bucket jackknife"}
  - {name: upper, type: float64, unit: "share or money per customer", nullable: true, doc: "upper end"}
  - {name: units_treated, type: int64, unit: "units", doc: "entrants compared, the same as with all characteristics"}
  - {name: units_control, type: int64, unit: "units", doc: "their comparators"}
---*/
