/*---
table: core.cfg_contact
block: contact
grain: [quiet_from_minute]
doc: "Settings of the contact policy, one row. Written from audit.yaml; without quiet hours there the night from 22:00 to 08:00 is looked at and nothing is called broken."
columns:
  - {name: count_service, type: bool, unit: "1", doc: "service and transactional messages count against caps and quiet hours"}
  - {name: quiet_from_minute, type: int64, unit: minutes, doc: "begin of the quiet hours, minutes after local midnight"}
  - {name: quiet_to_minute, type: int64, unit: minutes, doc: "end of the quiet hours, minutes after local midnight; not after the begin when they span midnight"}
  - {name: quiet_declared, type: bool, unit: "1", doc: "audit.yaml names them; else they are the default night"}
---*/
