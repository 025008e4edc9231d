/*---
table: analytics.fct_experiment_groups
block: experiments
grain: [xk, ck, gk]
reads: [analytics.fct_experiment_units, core.segment_memberships, scenarios.fct_stage_days]
doc: The stage of randomized customers on the day of the assignment, and the segments that they were in (of an experiment the forty largest).
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: gk, type: int64, unit: "1", doc: "stage key st; 1000 + place of the segment by name"}
  - {name: cell, type: int64, unit: "1", doc: "(ak * 2 + state) * 64 + half of the bucket"}
---*/
WITH names AS (
  SELECT segment_id, ROW_NUMBER() OVER (ORDER BY CAST(segment_id AS VARCHAR) NULLS LAST) AS place
  FROM (SELECT segment_id FROM core.segment_memberships GROUP BY segment_id) s
),
within AS (
  SELECT u.xk, u.ck, 1000 + n.place AS gk, MIN((u.ak * 2 + u.state) * 64 + x_idiv(u.bucket, 2)) AS cell
  FROM analytics.fct_experiment_units u
  JOIN core.segment_memberships m ON m.ck = u.ck AND m.from_day <= u.day AND m.to_day > u.day
  JOIN names n ON n.segment_id = m.segment_id
  WHERE u.state <= 1
  GROUP BY u.xk, u.ck, n.place
),
sizes AS (
  SELECT xk, gk, ROW_NUMBER() OVER (PARTITION BY xk ORDER BY n DESC NULLS LAST, gk NULLS LAST) AS place
  FROM (SELECT xk, gk, COUNT(*) AS n FROM within GROUP BY xk, gk) s
)
SELECT u.xk, u.ck, CAST(d.st AS INTEGER) AS gk, (u.ak * 2 + u.state) * 64 + x_idiv(u.bucket, 2) AS cell
FROM analytics.fct_experiment_units u JOIN scenarios.fct_stage_days d ON d.ck = u.ck AND d.from_day <= u.day AND d.to_day > u.day
WHERE u.state <= 1
UNION ALL
SELECT w.xk, w.ck, CAST(w.gk AS INTEGER), w.cell
FROM within w JOIN sizes s ON s.xk = w.xk AND s.gk = w.gk
WHERE s.place <= 40
