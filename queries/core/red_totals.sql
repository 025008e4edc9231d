/*---
table: core.red_totals
grain: [input]
reads: [core.customers, core.messages, core.events, core.orders]
doc: How much the audit looked at, after identities are merged and rows are sorted into their fates. What the head of the report counts.
max_rows: 100
columns:
  - {name: input, type: string, doc: "customers, messages, events or orders"}
  - {name: row_count, type: int64, unit: rows, doc: "rows of the table in core"}
---*/
SELECT 'customers' AS input, COUNT(*) AS row_count FROM core.customers
UNION ALL
SELECT 'messages' AS input, COUNT(*) AS row_count FROM core.messages
UNION ALL
SELECT 'events' AS input, COUNT(*) AS row_count FROM core.events
UNION ALL
SELECT 'orders' AS input, COUNT(*) AS row_count FROM core.orders
