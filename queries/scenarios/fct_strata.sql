/*---
table: scenarios.fct_strata
block: overlap
grain: [code]
reads: [scenarios.fct_strata_spans]
doc: >-
  The cells of stage x left channels in which overlap is compared: the eleven with the most customer time each for itself, all others together as the
  twelfth, so that the reduced tables stay small whatever the stages are. Time without a known stage is cell 0: it counts in the facts and is compared with nothing.
columns:
  - {name: code, type: int64, unit: "1", doc: "as in scenarios.fct_strata_spans"}
  - {name: cell, type: int64, unit: "1", doc: "1..11 by customer time, 12 = the rest, 0 = no stage is known"}
  - {name: seconds, type: int64, unit: "customer-seconds", doc: "customer time of the code"}
---*/
WITH sizes AS (
  SELECT code, SUM(CAST(to_sec - from_sec AS BIGINT)) AS seconds
  FROM scenarios.fct_strata_spans
  GROUP BY code
)
SELECT code, CAST(CASE WHEN code < 64 THEN 0 ELSE LEAST(ROW_NUMBER() OVER (ORDER BY code < 64 NULLS LAST, seconds DESC NULLS LAST, code NULLS LAST), 12) END AS INTEGER) AS cell, CAST(seconds AS BIGINT) AS seconds
FROM sizes
