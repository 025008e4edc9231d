/*---
table: analytics.red_event_latency
block: integrations
grain: [source, span, latency_seconds]
reads: [core.events, scenarios.fct_window]
doc: >-
  How long events of the audited window took from happening to arrival, by source and span of 28 days, to two significant digits - 0 to 99 seconds, then in steps of 10, of 100 and so on, written as the lower end of the step. Negative is the same
  of a clock that is ahead. The 50 largest sources.
max_rows: 1000000
columns:
  - {name: source, type: string, doc: "system that recorded them; empty when not given"}
  - {name: span, type: int64, unit: "1", doc: "0 the last 28 days of the audited window, 1 those before, and so on; 12 all earlier ones"}
  - {name: latency_seconds, type: int64, unit: "seconds", doc: "received_at - occurred_at, two significant digits, towards zero"}
  - {name: events, type: int64, unit: "events", doc: "how many"}
---*/
WITH delays AS (
  SELECT e.source, LEAST(x_idiv(w.to_day - 1 - e.day, 28), 12) AS span, x_sec(e.received_at) - x_sec(e.occurred_at) AS delay, COUNT(*) AS n
  FROM core.events e CROSS JOIN scenarios.fct_window w
  WHERE e.received_at IS NOT NULL AND e.day >= w.from_day AND e.day < w.to_day
  GROUP BY e.source, LEAST(x_idiv(w.to_day - 1 - e.day, 28), 12), x_sec(e.received_at) - x_sec(e.occurred_at)
),
steps AS (
  SELECT COALESCE(CAST(source AS VARCHAR), '') AS source, span, delay, n,
    CASE WHEN ABS(delay) < 100 THEN 1 WHEN ABS(delay) < 1000 THEN 10 WHEN ABS(delay) < 10000 THEN 100 WHEN ABS(delay) < 100000 THEN 1000 WHEN ABS(delay) < 1000000 THEN 10000 WHEN ABS(delay) < 10000000 THEN 100000
      WHEN ABS(delay) < 100000000 THEN 1000000 ELSE 10000000 END AS step
  FROM delays
),
sizes AS (
  SELECT source, SUM(n) AS n FROM steps GROUP BY source
),
ranks AS (
  SELECT source, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, source NULLS LAST) AS place FROM sizes
)
SELECT s.source, CAST(s.span AS BIGINT) AS span, CAST(x_idiv(s.delay, s.step) * s.step AS BIGINT) AS latency_seconds, SUM(s.n) AS events
FROM steps s JOIN ranks r ON r.source = s.source AND r.place <= 50
GROUP BY s.source, s.span, x_idiv(s.delay, s.step) * s.step
