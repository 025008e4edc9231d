/*---
table: audit.audit_pipeline_totals
block: pipeline
reads: [analytics.fct_deal_keys, analytics.fct_deal_rows, analytics.fct_deal_spells, analytics.fct_deals, analytics.red_pipeline_moves, core.deals, scenarios.fct_window]
doc: Every deal is one deal with one open end, every row of core.deals lies in a stay, and the stays of the period are all in the reduced moves.
---*/
WITH totals AS (
  SELECT 'deals' AS what, k.n AS expected, d.n AS found
  FROM (SELECT COUNT(DISTINCT deal_id) AS n FROM core.deals) k CROSS JOIN (SELECT COUNT(*) AS n FROM analytics.fct_deals) d
  UNION ALL
  SELECT 'open ends', k.n, s.n
  FROM (SELECT COUNT(*) AS n FROM analytics.fct_deal_keys) k CROSS JOIN (SELECT SUM(CASE WHEN next_sk IS NULL THEN 1 ELSE 0 END) AS n FROM analytics.fct_deal_spells) s
  UNION ALL
  SELECT 'stages of deals', r.n, s.n
  FROM (SELECT COUNT(*) AS n FROM (SELECT DISTINCT dk, sk FROM analytics.fct_deal_rows) x) r
  CROSS JOIN (SELECT COUNT(*) AS n FROM (SELECT DISTINCT dk, sk FROM analytics.fct_deal_spells) y) s
  UNION ALL
  SELECT 'stays of the period', s.n, m.n
  FROM (
    SELECT COUNT(*) AS n
    FROM analytics.fct_deal_spells p JOIN analytics.fct_deals d ON d.dk = p.dk CROSS JOIN scenarios.fct_window w
    WHERE p.start_sec < w.to_sec AND COALESCE(p.end_sec, CASE WHEN d.by_outcome = 1 THEN d.last_sec ELSE w.to_sec END) >= w.from_sec
  ) s CROSS JOIN (SELECT SUM(n) AS n FROM analytics.red_pipeline_moves) m
)
SELECT what, expected, found FROM totals WHERE COALESCE(expected, 0) <> COALESCE(found, 0)
