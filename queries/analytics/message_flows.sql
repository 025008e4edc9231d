/*---
table: analytics.message_flows
block: integrations
grain: [scope, channel, scenario_id]
doc: What comes back from the sends of the audited window that are at least 7 days old, by channel and scenario, beside the other scenarios of the channel. Facts. Written by analytics/integrations.
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: scenario_id, type: string, doc: "scenario; empty when not given"}
  - {name: scope, type: string, doc: "channel (all scenarios together, scenario_id empty) or scenario"}
  - {name: messages, type: int64, unit: messages, doc: "sent"}
  - {name: stated, type: int64, unit: messages, doc: "with any status: delivered, bounced, opened or clicked"}
  - {name: delivered, type: int64, unit: messages, doc: "with a time of delivery"}
  - {name: bounced, type: int64, unit: messages, doc: "bounced"}
  - {name: opened, type: int64, unit: messages, doc: "opened"}
  - {name: clicked, type: int64, unit: messages, doc: "clicked"}
  - {name: no_status_share, type: float64, unit: share, doc: "of messages nothing at all came back"}
  - {name: verdict, type: string, doc: "two_way; one_way (a channel that never returns anything); no_delivery, no_opens, no_clicks (what other scenarios of the channel return, this one never does, although 30 or more would be usual); several are joined by commas; few (too few to tell)"}
  - {name: lacks_expected, type: float64, unit: messages, nullable: true, doc: "how many returns of the kind first lacking would be usual for so many messages"}
---*/
