/*---
table: scenarios.effect_checks
block: effects
grain: [scenario_id, outcome, method, experiment_id, check_name]
doc: What stands behind the grade of every effect. Written by scenarios/effects.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: outcome, type: string, doc: "outcome that the check is about; all when it is about the design"}
  - {name: method, type: string, doc: "as in scenarios.effects"}
  - {name: experiment_id, type: string, doc: "as in scenarios.effects"}
  - {name: check_name, type: string, doc: "srm, balance, contamination, exposure, clusters, audience (trials: the group held equal), groups (trials: the group in which arms still differ most), positivity, placebo, negative_control (the same in a window as long as the outcome's), e_value, calibration"}
  - {name: value, type: float64, unit: "p-value, share, standard deviations, risk ratio or change of a share", nullable: true, doc: "p-value of srm and balance, share of contamination, exposure, clusters and positivity, share of the comparators in the audience, standardised difference of groups, change of a share of placebo and calibration, E-value of the limit"}
  - {name: lower, type: float64, unit: "as value", nullable: true, doc: "lower end of its 95 % interval, where there is one"}
  - {name: upper, type: float64, unit: "as value", nullable: true, doc: "upper end"}
  - {name: passed, type: bool, unit: "1", doc: "nothing speaks against the number"}
  - {name: note, type: string, doc: "key of what was found: planned share, cells used, sampling, why there is no placebo; the group: in, out_of (nine entrants in ten are) or by (both sides) and its name"}
---*/
