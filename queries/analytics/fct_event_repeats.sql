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
people AS (
  SELECT ck, bucket FROM core.customers WHERE bucket < (SELECT MIN(buckets) FROM limits)
),
near AS ( -- two of the same within 5 seconds have nothing but such neighbours between them: only events with a neighbour are compared by all they say
  SELECT e.source, e.day, c.bucket, e.ck, e.name, e.order_id, e.product_id, e.value_minor, e.event_id, e.occurred_at, x_sec(e.occurred_at) AS sec,
    LAG(x_nul(x_sec(e.occurred_at))) OVER w AS before, LEAD(x_nul(x_sec(e.occurred_at))) OVER w AS after
  FROM core.events e JOIN people c ON c.ck = e.ck
  WHERE e.day >= (SELECT MIN(from_day) FROM limits) AND e.day < (SELECT MIN(to_day) FROM limits)
  WINDOW w AS (PARTITION BY e.ck ORDER BY e.occurred_at NULLS LAST)
),
looked AS (
  SELECT source, day, bucket, sec - LAG(x_nul(sec)) OVER (PARTITION BY ck, name, source, order_id, product_id, value_minor ORDER BY occurred_at NULLS LAST, event_id NULLS LAST) AS since
  FROM near
  WHERE sec - before <= 5 OR after - sec <= 5
),
parts AS (
  SELECT source, day, bucket, COUNT(*) AS events, 0 AS repeats FROM near GROUP BY source, day, bucket
  UNION ALL
  SELECT source, day, bucket, 0, COUNT(*) FROM looked WHERE since <= 5 GROUP BY source, day, bucket
)
SELECT COALESCE(CAST(source AS VARCHAR), '') AS source, day, bucket, CAST(SUM(events) AS BIGINT) AS events, CAST(SUM(repeats) AS BIGINT) AS repeats
FROM parts
GROUP BY COALESCE(CAST(source AS VARCHAR), ''), day, bucket
