/*---
table: analytics.findings
grain: [finding_id]
doc: Checked statements about the CRM, one row per subject and kind.
columns:
  - {name: finding_id, type: string, doc: "stable over runs and quarters: a hash of block, kind and subject"}
  - {name: block, type: string, doc: "audit block that found it: lifecycle, scenarios, segments, ..."}
  - {name: kind, type: string, doc: "kind of the contract: bottleneck, loss_point, scenario_conflict, ..."}
  - {name: subject_type, type: string, doc: "what the subject is: stage, transition, scenario, segment, ..."}
  - {name: subject, type: string, doc: "the user's own name of it, such as at_risk or active->lost"}
  - {name: severity, type: string, doc: "critical, warning or notice"}
  - {name: verdict, type: string, nullable: true, doc: "different, equivalent, inconclusive or insufficient_data; NULL where nothing was compared"}
  - {name: exploratory, type: bool, unit: "1", doc: "true when it did not pass the false-discovery threshold"}
  - {name: statistic, type: float64, unit: "1", nullable: true, doc: "test statistic"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "p-value of the test"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "p-value adjusted for the number of statements tested together"}
  - {name: evidence_sql, type: string, doc: "query on this database that returns the numbers of the statement"}
  - {name: text_ru, type: string, doc: "the statement in Russian"}
  - {name: text_en, type: string, doc: "the statement in English"}
---*/
