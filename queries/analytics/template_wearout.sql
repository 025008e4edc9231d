/*---
table: analytics.template_wearout
block: content
grain: [template_id, channel, kind, scenario_id]
doc: >-
  How the response to a template changes over its life in one scenario, with the mix held fixed (step, variant, level, stage, tenure, how often the customer had it before), beside the other templates of its channel in the same four-week blocks. Slopes are shares of
  the level of the response per quarter: -0.2 is a fifth of it lost in 13 weeks. An association, no effect. Written by analytics/content.
columns:
  - {name: template_id, type: string, doc: "template"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: outcome, type: string, doc: "clicked, or opened where the channel reports no clicks and its opens can be believed; of delivered messages, within seven days; empty when neither is known"}
  - {name: life_from, type: date, nullable: true, doc: "first day that is looked at: the first week of the audited window with a send, or, where that leaves eight weeks and 500 messages, the first whole week after a change in it"}
  - {name: weeks, type: int64, unit: "weeks", doc: "first to last week with a send"}
  - {name: changed, type: bool, unit: "1", doc: "the template was changed in the audited window"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered to customers of the sample"}
  - {name: customers, type: int64, unit: "customers", doc: "of the sample"}
  - {name: rate, type: float64, unit: share, nullable: true, doc: "response over the life"}
  - {name: slope, type: float64, unit: "share of the level per quarter", nullable: true, doc: "of the template itself"}
  - {name: slope_lower, type: float64, unit: "share of the level per quarter", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: slope_upper, type: float64, unit: "share of the level per quarter", nullable: true, doc: "upper end"}
  - {name: peers, type: string, doc: "who it is compared with: kind (others of the same channel and kind), channel (others of the channel); empty when there are no others in at least a fifth of its time"}
  - {name: peer_slope, type: float64, unit: "share of the level per quarter", nullable: true, doc: "of the others, scenario held fixed, weighted to the template's messages by blocks of four weeks"}
  - {name: peer_lower, type: float64, unit: "share of the level per quarter", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: peer_upper, type: float64, unit: "share of the level per quarter", nullable: true, doc: "upper end"}
  - {name: contrast, type: float64, unit: "share of the level per quarter", nullable: true, doc: "slope - peer_slope: what the template loses beyond its channel"}
  - {name: lower, type: float64, unit: "share of the level per quarter", nullable: true, doc: "lower end of the 95 % interval"}
  - {name: upper, type: float64, unit: "share of the level per quarter", nullable: true, doc: "upper end"}
  - {name: std_error, type: float64, unit: "share of the level per quarter", nullable: true, doc: "of the contrast: the larger of the next two"}
  - {name: std_error_customers, type: float64, unit: "share of the level per quarter", nullable: true, doc: "jackknife over customers"}
  - {name: std_error_weeks, type: float64, unit: "share of the level per quarter", nullable: true, doc: "from the scatter of the weekly series (Prais-Winsten), of the template and of the others; NULL with fewer than 8 points"}
  - {name: df, type: float64, unit: "1", nullable: true, doc: "degrees of freedom of std_error"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of no trend: the larger of that of the template itself and that of the contrast, 1 when they point in different directions"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all templates of the audit"}
  - {name: p_equivalence, type: float64, unit: "1", nullable: true, doc: "of a contrast within the margin (TOST)"}
  - {name: margin, type: float64, unit: "share of the level per quarter", doc: "content.wearout_margin"}
  - {name: shrunk, type: float64, unit: "share of the level per quarter", nullable: true, doc: "contrast pulled to the mean of all templates (empirical Bayes)"}
  - {name: shrunk_lower, type: float64, unit: "share of the level per quarter", nullable: true, doc: "lower end, level of decision.level"}
  - {name: shrunk_upper, type: float64, unit: "share of the level per quarter", nullable: true, doc: "upper end"}
  - {name: verdict, type: string, doc: "worn (falls, and faster than the others), with_channel (falls as the others do), alone (falls, nobody to compare with), improving, steady (proved within the margin), undecided, insufficient_data"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers of the sample with which a verdict could be expected"}
  - {name: note, type: string, doc: "no_peers, few_points (fewer than 8 weeks with 50 messages), older_versions (changed in the window, and too little was sent since: earlier versions are followed too); empty otherwise"}
---*/
