/*---
table: analytics.fct_order_times
block: rhythm
grain: [ck, day]
reads: [core.calendar, core.customers, core.orders, core.zone_offsets]
doc: The first order of every order day with its hour and weekday in the business zone.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "order day in the business zone"}
  - {name: weekday, type: int64, unit: "1", doc: "1 Monday to 7 Sunday"}
  - {name: hour, type: int64, unit: "1", doc: "hour of the day, 0..23"}
  - {name: sharp, type: bool, unit: "1", doc: "the order has a time on the full hour"}
---*/
WITH firsts AS (
  SELECT ck, day, MIN(x_sec(occurred_at)) AS sec FROM core.orders GROUP BY ck, day
),
zones AS ( -- the offset on the evening before and the morning after: they differ only on the two days of the year on which clocks change
  SELECT d.day, d.weekday, a.offset_seconds AS before, b.offset_seconds AS after, b.from_sec AS change_sec
  FROM core.calendar d
  JOIN core.zone_offsets a ON a.zone = '' AND a.from_sec <= 86400 * CAST(d.day AS BIGINT) - 50400 AND a.to_sec > 86400 * CAST(d.day AS BIGINT) - 50400
  JOIN core.zone_offsets b ON b.zone = '' AND b.from_sec <= 86400 * CAST(d.day AS BIGINT) + 129600 AND b.to_sec > 86400 * CAST(d.day AS BIGINT) + 129600
),
locals AS (
  SELECT f.ck, f.day, z.weekday, f.sec + CASE WHEN f.sec < z.change_sec THEN z.before ELSE z.after END - 86400 * CAST(f.day AS BIGINT) AS clock
  FROM firsts f JOIN zones z ON z.day = f.day
)
SELECT l.ck, CAST(c.bucket AS INTEGER) AS bucket, l.day, CAST(l.weekday AS INTEGER) AS weekday, CAST(LEAST(GREATEST(x_idiv(l.clock, 3600), 0), 23) AS INTEGER) AS hour, l.clock = 3600 * x_idiv(l.clock, 3600) AS sharp
FROM locals l JOIN core.customers c ON c.ck = l.ck
