/*---
table: scenarios.fatigue_curve
block: contact
grain: [outcome, from_messages]
doc: >-
  Response to a bulk message, and orders within 7 days after it, by the number of bulk messages in the 7 days before it: the raw share, and the difference from the first row within customer
  and week (orders: customer and mailing, at the same number of messages in the 7 days after). Written by contact.Fit.
columns:
  - {name: outcome, type: string, doc: "open or click; order"}
  - {name: from_messages, type: int64, unit: "messages", doc: "least bulk messages of the row"}
  - {name: to_messages, type: int64, unit: "messages", nullable: true, doc: "most bulk messages of the row; NULL is open"}
  - {name: messages, type: int64, unit: "messages", doc: "bulk messages with so many before them"}
  - {name: response, type: float64, unit: "share", nullable: true, doc: "share with a response or an order, as counted"}
  - {name: difference, type: float64, unit: "share", nullable: true, doc: "from the first row, within customer and week and at the same 8 to 28 day load; 0 in the first row"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of difference"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of difference"}
---*/
