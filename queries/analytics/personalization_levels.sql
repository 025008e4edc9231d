/*---
table: analytics.personalization_levels
block: personalization
grain: [scenario_id, channel, kind, level, stage]
doc: >-
  What goes out at which level of personalization, by scenario and stage, and what came of it. An inventory: levels of different steps say different things, and their click rates are no comparison (see analytics.personalization_gains). Written by analytics/personalization.
columns:
  - {name: scenario_id, type: string, doc: "scenario; empty without one"}
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: level, type: string, doc: "none, basic, contextual or behavioural"}
  - {name: stage, type: string, doc: "stage in force on the day of the send; all for all of them; empty where none is known"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the audited window; of a stage, to customers of the sample"}
  - {name: share, type: float64, unit: share, doc: "of the messages of this scenario, channel and kind (and stage), those without a level included for all stages"}
  - {name: steps, type: int64, unit: "steps", nullable: true, doc: "steps with the level; NULL for a stage"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered to customers of the sample and old enough for a response"}
  - {name: clicked, type: int64, unit: "messages", doc: "of them clicked within seven days, not by a robot"}
  - {name: click_rate, type: float64, unit: share, nullable: true, doc: "clicked / delivered; NULL when no message was ever clicked"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval (jackknife over customers)"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
---*/
