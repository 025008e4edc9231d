/*---
table: analytics.templates
block: content
grain: [template_id]
doc: >-
  The templates in use: those that messages of the audited window name. Messages are counted on everybody; responses and stages come from the customers of the sample (analytics.fct_content_sample), within seven days of the send. A scenario, role
  or stage counts when it has a twentieth of the template's messages. Written by analytics/content.
columns:
  - {name: template_id, type: string, doc: "template"}
  - {name: name, type: string, nullable: true, doc: "name; NULL when not given"}
  - {name: subject, type: string, nullable: true, doc: "subject line; NULL when not given"}
  - {name: updated_at, type: date, nullable: true, doc: "day of the last change, UTC; NULL when not given"}
  - {name: age, type: string, doc: "known, not_given (listed without a day of change), not_listed (messages name it, the templates given do not), after_period (changed after the audited window: the age within it is not known), future (changed after the last loaded day: the day is wrong)"}
  - {name: age_days, type: int64, unit: "days", nullable: true, doc: "from the last change to the end of the audited window; NULL when not known"}
  - {name: in_use_days, type: int64, unit: "days", doc: "from the first send of the loaded history to the end of the audited window: at least so long in use"}
  - {name: first_sent, type: date, doc: "day of the first send of the loaded history"}
  - {name: last_sent, type: date, doc: "day of the last send of the audited window"}
  - {name: still_sent, type: bool, unit: "1", doc: "sent in the last 28 days of the audited window"}
  - {name: stale, type: bool, unit: "1", doc: "still sent, and not changed for more than content.stale_days"}
  - {name: messages, type: int64, unit: "messages", doc: "sent in the audited window"}
  - {name: recent_messages, type: int64, unit: "messages", doc: "of them in its last 28 days"}
  - {name: scenarios, type: int64, unit: "scenarios", doc: "scenarios it is used in"}
  - {name: roles, type: int64, unit: "roles", doc: "different roles of them, where audit.yaml gives roles"}
  - {name: stages, type: int64, unit: "stages", doc: "stages in which customers got it"}
  - {name: channels, type: int64, unit: "channels", doc: "channels"}
  - {name: steps, type: int64, unit: "steps", doc: "steps of scenarios"}
  - {name: scenario_list, type: string, doc: "the scenarios, by name"}
  - {name: role_list, type: string, doc: "the roles"}
  - {name: stage_list, type: string, doc: "the stages, most messages first"}
  - {name: reuse, type: string, doc: "roles (its scenarios have different roles), stages (two of them are declared for stages that have nothing in common); empty otherwise"}
  - {name: copy_group, type: int64, unit: "1", nullable: true, doc: "analytics.template_copies.copy_group; NULL when no other template says the same"}
  - {name: delivered, type: int64, unit: "messages", doc: "delivered to customers of the sample"}
  - {name: customers, type: int64, unit: "customers", doc: "of the sample, with a delivered message"}
  - {name: click_rate, type: float64, unit: share, nullable: true, doc: "clicks per delivered message; NULL where the channel reports no clicks or there are several channels (see analytics.template_uses)"}
  - {name: click_lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval (jackknife over customers)"}
  - {name: click_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: open_rate, type: float64, unit: share, nullable: true, doc: "opens per delivered message; NULL where the channel reports none, where machines make more than a quarter of them, or with several channels"}
  - {name: open_lower, type: float64, unit: share, nullable: true, doc: "lower end of the 95 % interval"}
  - {name: open_upper, type: float64, unit: share, nullable: true, doc: "upper end"}
  - {name: subject_length, type: int64, unit: "characters", nullable: true, doc: "length of the subject line"}
  - {name: subject_emoji, type: bool, unit: "1", nullable: true, doc: "the subject line holds an emoji"}
---*/
