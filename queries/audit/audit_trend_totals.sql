/*---
table: audit.audit_trend_totals
block: trends
reads: [analytics.fct_trend_days, analytics.fct_trend_hits, analytics.red_series, core.messages]
doc: The reduced series add up to the sent messages of their days and to the messages that were followed by an order or a better stage.
---*/
WITH expected AS (
  SELECT COUNT(*) AS sent FROM core.messages m JOIN analytics.fct_trend_days d ON d.day = m.sent_day
),
hits AS (
  SELECT COALESCE(SUM(ordered), 0) AS ordered, COALESCE(SUM(moved), 0) AS moved FROM analytics.fct_trend_hits
),
found AS (
  SELECT COALESCE(SUM(sent), 0) AS sent, COALESCE(SUM(ordered), 0) AS ordered, COALESCE(SUM(moved), 0) AS moved FROM analytics.red_series
),
totals AS (
  SELECT 'sent' AS what, f.sent AS found, e.sent AS expected FROM found f CROSS JOIN expected e
  UNION ALL
  SELECT 'ordered', f.ordered, h.ordered FROM found f CROSS JOIN hits h
  UNION ALL
  SELECT 'moved', f.moved, h.moved FROM found f CROSS JOIN hits h
)
SELECT what, found, expected FROM totals WHERE found <> expected
