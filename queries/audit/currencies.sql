/*---
table: audit.currencies
grain: [input, currency]
doc: "Currencies of the money in the input, where the files tell them. Rows without a code count in the audit's currency and are not here."
columns:
  - {name: input, type: string, doc: "events, order_items or deals"}
  - {name: currency, type: string, doc: "code as delivered"}
  - {name: rate, type: float64, unit: "1", doc: "what one unit is worth in the audit's currency (money.rates); 1 for that currency itself"}
  - {name: row_count, type: int64, unit: rows, doc: "rows loaded that hold money"}
  - {name: converted, type: bool, unit: "1", doc: "the amount in core is that of the file times the rate"}
---*/
