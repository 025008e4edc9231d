/*---
table: analytics.fct_event_repeats
block: integrations
grain: [source, day, bucket]
reads: [core.customers, core.events, core.red_totals, scenarios.fct_window]
doc: >-
  Events of the audited window that say the same of the same customer as one at most 5 seconds before (name, source, order, product and value) under another id: the same row delivered twice. Rows with the same id or without any difference
  were dropped by the load and are counted in audit.sources. Of more than 2 million events, the customers of ten of the hundred buckets are looked at.
columns:
  - {name: source, type: string, doc: "system that recorded them; empty when not given"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day of the events in the business zone"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: events, type: int64, unit: "events", doc: "events looked at"}
  - {name: repeats, type: int64, unit: "events", doc: "of them, repeats"}
---*/
WITH limits AS (
  SELECT CASE WHEN MAX(t.row_count) > 2000000 THEN 10 ELSE 100 END AS buckets, MIN(w.from_day) AS from_day, MIN(w.to_day) AS to_day
  FROM core.red_totals t CROSS JOIN scenarios.fct_window w
  WHERE t.input = 'events'
),
looked AS (
  SELECT e.source, e.day, c.bucket, x_sec(e.occurred_at) - LAG(x_nul(x_sec(e.occurred_at)))
      OVER (PARTITION BY e.ck, e.name, e.source, e.order_id, e.product_id, e.value_minor ORDER BY e.occurred_at NULLS LAST, e.event_id NULLS LAST) AS since
  FROM core.events e JOIN core.customers c ON c.ck = e.ck
  WHERE c.bucket < (SELECT MIN(buckets) FROM limits) AND e.day >= (SELECT MIN(from_day) FROM limits) AND e.day < (SELECT MIN(to_day) FROM limits)
)
SELECT COALESCE(CAST(source AS VARCHAR), '') AS source, day, bucket, COUNT(*) AS events, SUM(CASE WHEN since <= 5 THEN 1 ELSE 0 END) AS repeats
FROM looked
GROUP BY COALESCE(CAST(source AS VARCHAR), ''), day, bucket
