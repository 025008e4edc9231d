/*---
table: analytics.fct_deal_spells
block: pipeline
grain: [dk, seq]
reads: [analytics.fct_deal_rows, analytics.fct_pipeline_stages]
doc: >-
  Stays of deals in stages: consecutive rows with one stage are one stay. Rows of one instant are put in the order of the stages: what came first nobody knows, and the number of such rows is a
  check.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal, analytics.fct_deal_keys"}
  - {name: seq, type: int64, unit: "1", doc: "number of the stay within the deal, from 1"}
  - {name: sk, type: int64, unit: "1", doc: "stage, analytics.fct_deal_names"}
  - {name: start_sec, type: int64, unit: seconds, doc: "entry, Unix seconds"}
  - {name: end_sec, type: int64, unit: seconds, nullable: true, doc: "move to the next stage, Unix seconds; NULL: still there"}
  - {name: next_sk, type: int64, unit: "1", nullable: true, doc: "the next stage; NULL: still there"}
  - {name: previous_sk, type: int64, unit: "1", nullable: true, doc: "the stage before; NULL: the deal begins here"}
  - {name: same_instant, type: int64, unit: "1", doc: "1: it begins in the very second in which the stay before began"}
---*/
WITH ordered AS (
  SELECT r.dk, r.at_sec, r.sk, ROW_NUMBER() OVER (PARTITION BY r.dk ORDER BY r.at_sec NULLS FIRST, s.position NULLS FIRST) AS k
  FROM analytics.fct_deal_rows r JOIN analytics.fct_pipeline_stages s ON s.sk = r.sk
),
marked AS (
  SELECT dk, at_sec, sk, k, x_nul(LAG(sk) OVER (PARTITION BY dk ORDER BY k NULLS FIRST)) AS before_sk, x_nul(LAG(at_sec) OVER (PARTITION BY dk ORDER BY k NULLS FIRST)) AS before_sec
  FROM ordered
)
SELECT dk, ROW_NUMBER() OVER (PARTITION BY dk ORDER BY k NULLS FIRST) AS seq, sk, at_sec AS start_sec,
  x_nul(LEAD(at_sec) OVER (PARTITION BY dk ORDER BY k NULLS FIRST)) AS end_sec, x_nul(LEAD(sk) OVER (PARTITION BY dk ORDER BY k NULLS FIRST)) AS next_sk, before_sk AS previous_sk,
  CASE WHEN before_sec = at_sec THEN 1 ELSE 0 END AS same_instant
FROM marked
WHERE before_sk IS NULL OR before_sk <> sk
