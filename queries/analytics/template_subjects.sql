/*---
table: analytics.template_subjects
block: content
grain: [channel, kind, feature, value]
doc: >-
  Response by a feature of the subject line, as a description: different letters to different people. Nothing follows for the next letter from it. Written by analytics/content.
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: kind, type: string, doc: "bulk, trigger or transactional; empty when not given"}
  - {name: feature, type: string, doc: "length or emoji"}
  - {name: value, type: string, doc: "to_30, to_50, to_70, over_70 (characters); yes, no"}
  - {name: outcome, type: string, doc: "opened where opens can be believed, else clicked; of delivered messages"}
  - {name: templates, type: int64, unit: "templates", doc: "templates with the feature"}
  - {name: messages, type: int64, unit: "messages", doc: "delivered to customers of the sample"}
  - {name: customers, type: int64, unit: "customers", doc: "at least so many different ones, of the sample"}
  - {name: rate, type: float64, unit: share, nullable: true, doc: "response"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval (jackknife over customers)"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
---*/
