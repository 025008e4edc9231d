/*---
table: core.cfg_triggers
grain: [position]
doc: "Trigger rules of audit.yaml: after what, which answer within which time. Written from scenarios/triggers."
columns:
  - {name: position, type: int64, unit: "1", doc: "place in the file, 1 = first"}
  - {name: name, type: string, doc: "name of the rule"}
  - {name: when_kind, type: string, doc: "event, idle, customer_created, deal, deal_idle, enrolled, exited or task_due"}
  - {name: when_name, type: string, doc: "the event, stage or scenario; empty: any"}
  - {name: expect_kind, type: string, doc: "event, message, task_created, task_done, deal, deal_moved or enrolled"}
  - {name: expect_name, type: string, doc: "the event, stage or scenario; empty: any"}
  - {name: by_deal, type: bool, unit: "1", doc: "the answer must come in the same deal; else for the same customer"}
  - {name: after_seconds, type: int64, unit: seconds, doc: "wait before the clock starts; for idle and deal_idle how long nothing must have happened"}
  - {name: within_seconds, type: int64, unit: seconds, doc: "time for the answer"}
  - {name: late_seconds, type: int64, unit: seconds, doc: "an answer after this counts as none"}
---*/
