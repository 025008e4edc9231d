/*---
table: core.templates
grain: [template_id]
doc: "Message templates, the latest version of each."
columns:
  - {name: template_id, type: string, doc: "template"}
  - {name: updated_at, type: timestamp, nullable: true, doc: "last change, UTC"}
  - {name: name, type: string, nullable: true, doc: "name"}
  - {name: content_hash, type: string, nullable: true, doc: "hash of the content"}
  - {name: subject, type: string, nullable: true, doc: "subject line"}
  - {name: text, type: string, nullable: true, doc: "the words of the message, plain or HTML; only compared with those of other templates"}
---*/
