/*---
table: core.cfg_scenario_channels
grain: [scenario_id, channel]
doc: "Channels that a scenario is declared to use."
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: channel, type: string, doc: "channel"}
---*/
