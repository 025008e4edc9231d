/*---
table: scenarios.contact_means
block: contact
grain: [time_window, channel, stage]
doc: >-
  Mean load and the share above the declared cap, among customer-days and customer-weeks with at least one message. units, over_units and over_share are counts of
  the whole base (facts); the intervals hold when they are read as the habit behind them, for other customers like these. Written by contact.Fit.
columns:
  - {name: time_window, type: string, doc: "day or week"}
  - {name: channel, type: string, doc: "channel, or any for all together"}
  - {name: stage, type: string, doc: "life-cycle stage; all for all customers"}
  - {name: units, type: int64, unit: "customer-days or customer-weeks", doc: "those with at least one message"}
  - {name: messages, type: int64, unit: "messages", doc: "messages in them"}
  - {name: mean, type: float64, unit: "messages", nullable: true, doc: "messages per unit"}
  - {name: lower, type: float64, unit: "messages", nullable: true, doc: "lower end of the 95 % interval of mean"}
  - {name: upper, type: float64, unit: "messages", nullable: true, doc: "upper end of the 95 % interval of mean"}
  - {name: most, type: int64, unit: "messages", doc: "most messages in one unit; 1001 stands for more than 1000"}
  - {name: cap, type: int64, unit: "messages", nullable: true, doc: "declared cap; NULL without one"}
  - {name: over_units, type: int64, unit: "customer-days or customer-weeks", nullable: true, doc: "units above the cap"}
  - {name: over_share, type: float64, unit: "share", nullable: true, doc: "over_units / units"}
  - {name: over_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of over_share"}
  - {name: over_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of over_share"}
---*/
