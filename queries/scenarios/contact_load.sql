/*---
table: scenarios.contact_load
block: contact
grain: [time_window, channel, stage, messages]
doc: >-
  How many messages customers get in a day and in a week: customer-days and customer-weeks by the number of messages. Service messages are left out unless
  policy.count_service; days and weeks without a message are not counted. Counts of the whole base (facts). Written by contact.Fit.
columns:
  - {name: time_window, type: string, doc: "day (of the business zone) or week (Monday to Sunday, whole weeks of the audited period)"}
  - {name: channel, type: string, doc: "channel, or any for all together"}
  - {name: stage, type: string, doc: "life-cycle stage on the day, of a week on the day of the customer's first message in it; all for all customers"}
  - {name: messages, type: int64, unit: "messages", doc: "messages in the window, at least 1; 1001 stands for more than 1000"}
  - {name: units, type: int64, unit: "customer-days or customer-weeks", doc: "how many had exactly so many messages"}
  - {name: share, type: float64, unit: "share", doc: "of those with at least one"}
---*/
