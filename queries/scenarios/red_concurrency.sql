/*---
table: scenarios.red_concurrency
block: overlap
grain: [level]
reads: [scenarios.fct_chain_spans, scenarios.fct_pair_customers, scenarios.fct_strata_spans]
doc: How many scenarios a customer is in at once, calendar campaigns not counted.
max_rows: 10000
columns:
  - {name: level, type: int64, unit: "scenarios", doc: "scenarios at once; 0 = none"}
  - {name: seconds, type: int64, unit: "customer-seconds", doc: "customer time spent in exactly so many"}
  - {name: customers, type: int64, unit: "customers", doc: "customers who were never in more at once, and in so many at least once"}
---*/
WITH crowded AS (
  SELECT ck FROM scenarios.fct_pair_customers GROUP BY ck
),
spans AS (
  SELECT s.ck, s.from_sec, s.to_sec FROM scenarios.fct_chain_spans s JOIN crowded c ON c.ck = s.ck
),
changes AS (
  SELECT ck, from_sec AS sec, 1 AS d FROM spans
  UNION ALL
  SELECT ck, to_sec, -1 FROM spans
),
levels AS (
  SELECT ck, SUM(d) OVER (PARTITION BY ck ORDER BY sec NULLS LAST, d NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS level,
    LEAD(x_nul(sec)) OVER (PARTITION BY ck ORDER BY sec NULLS LAST, d NULLS LAST) - sec AS seconds
  FROM changes
),
times AS (
  SELECT level, SUM(CAST(seconds AS BIGINT)) AS seconds
  FROM levels
  WHERE level > 1
  GROUP BY level
),
highest AS (
  SELECT ck, MAX(level) AS level FROM levels WHERE level > 1 AND seconds > 0 GROUP BY ck
),
customers AS (
  SELECT level, COUNT(*) AS customers FROM highest GROUP BY level
),
more AS (
  SELECT COALESCE(SUM(t.seconds), 0) AS seconds, COALESCE(SUM(t.level * t.seconds), 0) AS span_seconds, COALESCE(SUM(c.customers), 0) AS customers
  FROM times t LEFT JOIN customers c ON c.level = t.level
),
chains AS (
  SELECT COUNT(*) AS customers, COALESCE(SUM(seconds), 0) AS seconds
  FROM (SELECT ck, SUM(CAST(to_sec - from_sec AS BIGINT)) AS seconds FROM scenarios.fct_chain_spans GROUP BY ck) c
),
panel AS (
  SELECT COUNT(*) AS customers, COALESCE(SUM(seconds), 0) AS seconds
  FROM (SELECT ck, SUM(CAST(to_sec - from_sec AS BIGINT)) AS seconds FROM scenarios.fct_strata_spans GROUP BY ck) c
)
SELECT CAST(t.level AS BIGINT) AS level, CAST(t.seconds AS BIGINT) AS seconds, CAST(COALESCE(c.customers, 0) AS BIGINT) AS customers
FROM times t LEFT JOIN customers c ON c.level = t.level
WHERE t.seconds > 0
UNION ALL
SELECT CAST(1 AS BIGINT), CAST(n.seconds - m.span_seconds AS BIGINT), CAST(n.customers - m.customers AS BIGINT)
FROM chains n CROSS JOIN more m
UNION ALL
SELECT CAST(0 AS BIGINT), CAST(p.seconds - (n.seconds - m.span_seconds) - m.seconds AS BIGINT), CAST(p.customers - n.customers AS BIGINT)
FROM panel p CROSS JOIN chains n CROSS JOIN more m
