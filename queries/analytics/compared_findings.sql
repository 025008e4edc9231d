/*---
table: analytics.compared_findings
grain: [finding_id]
doc: "Findings of two audits, by what became of them. Names of the earlier audit are taken through renames of audit.yaml first."
columns:
  - {name: finding_id, type: string, doc: "id, the same in both audits"}
  - {name: state, type: string, doc: "new, persisting, resolved (the block ran and does not find it any more, which is not yet proof that something was mended), only_before or only_now (the other audit did not run the block)"}
  - {name: block, type: string, doc: "audit block"}
  - {name: kind, type: string, doc: "kind of the contract"}
  - {name: subject_type, type: string, doc: "what the subject is"}
  - {name: subject, type: string, doc: "the user's own name of it, the present one"}
  - {name: severity, type: string, doc: "critical, warning or notice; of the later audit where it has the finding"}
  - {name: exploratory_before, type: bool, unit: "1", nullable: true, doc: "it was exploratory in the earlier audit; NULL when that does not have it"}
  - {name: exploratory_after, type: bool, unit: "1", nullable: true, doc: "the same in the later one"}
  - {name: text_ru, type: string, doc: "the statement in Russian, of the later audit where it has the finding"}
  - {name: text_en, type: string, doc: "the same in English"}
---*/
