/*---
table: analytics.fct_deal_ages
block: pipeline
grain: [dk]
reads: [analytics.fct_deals, core.calendar, core.cfg_pipeline, scenarios.fct_window]
doc: Deals as times from the first row to the closing, for those that were open at some time in the audited period or began in the year before it.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: owner, type: string, doc: "responsible employee; empty when nobody"}
  - {name: source, type: string, doc: "where the customer came from; empty when not known"}
  - {name: month_start_day, type: int64, unit: day, doc: "first day of the month in which it began, days since 1970-01-01 in the business zone"}
  - {name: entry, type: int64, unit: days, doc: "age from which it is at risk in the audited period: 1, or the first whole day of its life in the period; 0: closed before it"}
  - {name: age, type: int64, unit: days, doc: "age at the closing, rounded up; of an open deal the last whole day; at most four horizons"}
  - {name: cause, type: string, doc: "won, lost, or open (censored)"}
---*/
WITH aged AS (
  SELECT d.dk, d.bucket, d.owner, d.source, d.created_day, 4 * c.horizon_days AS cap,
    CASE WHEN COALESCE(d.closed_sec, w.to_sec) < w.from_sec THEN 0 WHEN d.created_sec >= w.from_sec THEN 1 ELSE x_idiv(w.from_sec - d.created_sec + 86399, 86400) + 1 END AS entry,
    CASE WHEN d.closed_sec IS NULL THEN x_idiv(w.to_sec - d.created_sec, 86400) ELSE GREATEST(1, x_idiv(d.closed_sec - d.created_sec + 86399, 86400)) END AS age, d.state
  FROM analytics.fct_deals d CROSS JOIN scenarios.fct_window w CROSS JOIN core.cfg_pipeline c
  WHERE d.created_sec < w.to_sec AND (COALESCE(d.closed_sec, w.to_sec) >= w.from_sec OR d.created_day >= w.from_day - 366)
)
SELECT a.dk, a.bucket, a.owner, a.source, m.month_start_day, a.entry, LEAST(a.age, a.cap) AS age, CASE WHEN a.age > a.cap THEN 'open' ELSE a.state END AS cause
FROM aged a JOIN core.calendar m ON m.day = a.created_day
