/*---
table: analytics.template_copies
block: content
grain: [copy_group, template_id]
doc: >-
  Templates in use that say the same under different ids: the same content_hash; the same words of the text (five or more), without tags, placeholders, addresses, case and punctuation; or, where neither is given, the same words of the subject line. Of a text
  the first 20,000 characters are compared. Written by analytics/content.
columns:
  - {name: copy_group, type: int64, unit: "1", doc: "number of the group, most messages first"}
  - {name: template_id, type: string, doc: "template"}
  - {name: basis, type: string, doc: "what is the same in the group, the weakest of its links: hash, text, subject"}
  - {name: reuse, type: string, doc: "of the group: roles (its scenarios have different roles), stages (two of them are declared for stages that have nothing in common); empty otherwise"}
  - {name: messages, type: int64, unit: "messages", doc: "of this template, sent in the audited window"}
  - {name: scenario_list, type: string, doc: "scenarios of this template"}
  - {name: role_list, type: string, doc: "their roles"}
---*/
