/*---
table: analytics.compared_hypotheses
grain: [hypothesis_id]
doc: "Hypotheses of two audits: which are new, persist or are gone, and what became of those of the earlier one. Only an experiment confirms or refutes; a change of the metric is before and after, not an effect."
columns:
  - {name: hypothesis_id, type: string, doc: "id, the same in both audits"}
  - {name: state, type: string, doc: "new, persisting, resolved, only_before or only_now, as in compared_findings"}
  - {name: outcome, type: string, nullable: true, doc: "of a hypothesis of the earlier audit: confirmed, refuted (the opposite, or surely smaller than what matters), undecided, unusable (the split is broken) or not_tried (no new experiment has its id or scenario); NULL for a new one"}
  - {name: block, type: string, doc: "audit block"}
  - {name: kind, type: string, doc: "kind of the contract"}
  - {name: subject_type, type: string, doc: "what the subject is"}
  - {name: subject, type: string, doc: "the user's own name of it, the present one"}
  - {name: title_ru, type: string, doc: "title in Russian"}
  - {name: title_en, type: string, doc: "title in English"}
  - {name: rank_before, type: int64, unit: "1", nullable: true, doc: "place in the earlier backlog; NULL when it is not in it"}
  - {name: rank_after, type: int64, unit: "1", nullable: true, doc: "place in the later backlog"}
  - {name: experiment_id, type: string, nullable: true, doc: "experiment that tried it: its id names the hypothesis, or it is on the scenario of the hypothesis; not known to the earlier audit"}
  - {name: arm, type: string, nullable: true, doc: "arm of it"}
  - {name: trial_outcome, type: string, nullable: true, doc: "outcome that decided: that of the hypothesis' metric, else orders, else revenue"}
  - {name: trial_effect, type: float64, unit: "see trial_unit", nullable: true, doc: "effect, adjusted for the behaviour before (analytics.experiments.cuped_effect)"}
  - {name: trial_lower, type: float64, unit: "see trial_unit", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: trial_upper, type: float64, unit: "see trial_unit", nullable: true, doc: "upper end"}
  - {name: trial_unit, type: string, nullable: true, doc: "unit of the effect"}
  - {name: trial_n, type: int64, unit: customers, nullable: true, doc: "customers of both arms"}
  - {name: metric, type: string, doc: "metric of the hypothesis"}
  - {name: unit, type: string, doc: "its unit"}
  - {name: baseline_before, type: float64, unit: "see unit", nullable: true, doc: "the metric in the earlier audit"}
  - {name: baseline_after, type: float64, unit: "see unit", nullable: true, doc: "the metric in the later audit"}
  - {name: change, type: float64, unit: "see unit", nullable: true, doc: "baseline_after - baseline_before: before and after, not an effect"}
  - {name: change_lower, type: float64, unit: "see unit", nullable: true, doc: "lower end of its 95 % interval, the two measurements taken as independent (too wide where the same customers are in both)"}
  - {name: change_upper, type: float64, unit: "see unit", nullable: true, doc: "upper end"}
  - {name: change_n, type: int64, unit: "1", nullable: true, doc: "the smaller n of the two"}
---*/
