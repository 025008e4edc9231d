/*---
table: scenarios.pressure
block: contact
grain: [channel, stage, messages_7d]
doc: >-
  What happens on a customer-day, by the messages of the seven days that end with it. A description: who gets many messages differs from who gets few, and
  the rows say nothing about what fewer messages would do (scenarios.fatigue). Estimated on the pressure sample. Written by contact.Fit.
columns:
  - {name: channel, type: string, doc: "channel, or any for all together"}
  - {name: stage, type: string, doc: "life-cycle stage of the day; all for all customers"}
  - {name: messages_7d, type: int64, unit: "messages", doc: "messages of the last seven days, all kinds; 7 stands for seven or more"}
  - {name: customer_days, type: int64, unit: "customer-days", doc: "days under observation: from the first message in the channel to the opt-out"}
  - {name: unsubscribes, type: int64, unit: "customers", doc: "first unsubscribes"}
  - {name: complaints, type: int64, unit: "customers", doc: "first complaints"}
  - {name: unsubscribe_hazard, type: float64, unit: "share", nullable: true, doc: "unsubscribes per customer-day; NULL when the data hold none at all"}
  - {name: unsubscribe_hazard_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: unsubscribe_hazard_upper, type: float64, unit: "share", nullable: true, doc: "upper end of its 95 % interval"}
  - {name: complaint_hazard, type: float64, unit: "share", nullable: true, doc: "complaints per customer-day; NULL when the data hold none at all"}
  - {name: complaint_hazard_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: complaint_hazard_upper, type: float64, unit: "share", nullable: true, doc: "upper end of its 95 % interval"}
  - {name: order_rate, type: float64, unit: "share", nullable: true, doc: "share of customer-days with an order; NULL when the data hold none at all"}
  - {name: order_rate_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval"}
  - {name: order_rate_upper, type: float64, unit: "share", nullable: true, doc: "upper end of its 95 % interval"}
---*/
