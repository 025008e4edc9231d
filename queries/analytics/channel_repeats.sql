/*---
table: analytics.channel_repeats
block: usage
grain: [scenario_id, channel, first_channel]
doc: >-
  Channels of one scenario that follow each other within decision.collision_hours to the same customer: how many messages of the later channel repeat one of the earlier, and how many are clicked where the first was not. A click is not an order: what the later channel brings
  beyond clicks, only a random half without it tells. Counted on the sample of content (analytics.fct_content_sample). Written by analytics/usage.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: channel, type: string, doc: "channel of the later message"}
  - {name: first_channel, type: string, doc: "channel of the message it repeats"}
  - {name: messages, type: int64, unit: messages, doc: "messages of channel in the scenario, in the sample"}
  - {name: repeated, type: int64, unit: messages, doc: "of them that repeat a message of first_channel"}
  - {name: customers, type: int64, unit: customers, doc: "who got such a repeat, in the sample"}
  - {name: repeat_share, type: float64, unit: share, nullable: true, doc: "repeated / messages"}
  - {name: repeat_lower, type: float64, unit: share, nullable: true, doc: "lower end of its 95 % interval, over customers"}
  - {name: repeat_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: clicked, type: int64, unit: messages, doc: "of repeated, clicked within seven days"}
  - {name: first_clicked, type: int64, unit: messages, doc: "of the messages they repeat"}
  - {name: clicked_only, type: int64, unit: messages, doc: "clicked, while the one repeated was not"}
  - {name: extra_rate, type: float64, unit: share, nullable: true, doc: "clicked_only / repeated; NULL where nothing in the channel is ever clicked"}
  - {name: extra_lower, type: float64, unit: share, nullable: true, doc: "lower end of its 90 % interval, over customers"}
  - {name: extra_upper, type: float64, unit: share, nullable: true, doc: "upper end: below margin, the later channel surely adds next to no click"}
  - {name: margin, type: float64, unit: share, doc: "smallest share of clicks of interest, decision.equivalence.ctr"}
  - {name: p_value, type: float64, unit: share, nullable: true, doc: "that the true extra_rate is at least the margin: one-sided score test on the effective number"}
  - {name: q_value, type: float64, unit: share, nullable: true, doc: "Benjamini-Hochberg over this table"}
  - {name: repeated_per_quarter, type: float64, unit: "messages per quarter", doc: "repeated, for all customers and 91 days"}
  - {name: customers_per_quarter, type: float64, unit: "customers per quarter", doc: "customers, likewise"}
  - {name: cost, type: float64, unit: "money per quarter", nullable: true, doc: "of repeated_per_quarter, by money.message_cost; NULL when not given"}
  - {name: cost_lower, type: float64, unit: "money per quarter", nullable: true, doc: "lower end of its interval at decision.level, over customers"}
  - {name: cost_upper, type: float64, unit: "money per quarter", nullable: true, doc: "upper end"}
  - {name: hours, type: float64, unit: hours, doc: "decision.collision_hours: how long after the first message a repeat comes at most"}
  - {name: verdict, type: string, doc: "repeats (most messages repeat and add no click), adds (they add clicks), unmeasured (nothing in the channel is ever clicked), apart (not most of them repeat), undecided, insufficient_data"}
---*/
