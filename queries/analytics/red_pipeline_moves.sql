/*---
table: analytics.red_pipeline_moves
block: pipeline
grain: [from_sk, to_sk, bucket]
reads: [analytics.fct_deal_spells, analytics.fct_deals, scenarios.fct_window]
doc: Stays that were under way in the audited period, by the stage that they left to in it.
max_rows: 1000000
columns:
  - {name: from_sk, type: int64, unit: "1", doc: "stage of the stay"}
  - {name: to_sk, type: int64, unit: "1", doc: "stage after it; 0: still there; -1 and -2: closed as won or lost by the outcome alone"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: n, type: int64, unit: stays, doc: "stays"}
  - {name: entered, type: int64, unit: stays, doc: "of these begun in the period"}
  - {name: priced, type: int64, unit: stays, doc: "stays of deals with an amount above zero"}
  - {name: amount_minor, type: int64, unit: minor, doc: "sum of the amounts of their deals"}
---*/
SELECT s.sk AS from_sk, CASE WHEN s.next_sk IS NOT NULL THEN s.next_sk WHEN d.by_outcome = 0 THEN 0 WHEN d.state = 'won' THEN -1 ELSE -2 END AS to_sk, d.bucket, COUNT(*) AS n,
  SUM(CASE WHEN s.start_sec >= w.from_sec THEN 1 ELSE 0 END) AS entered, SUM(CASE WHEN d.amount_minor > 0 THEN 1 ELSE 0 END) AS priced,
  SUM(CASE WHEN d.amount_minor > 0 THEN d.amount_minor ELSE 0 END) AS amount_minor
FROM analytics.fct_deal_spells s
JOIN analytics.fct_deals d ON d.dk = s.dk
CROSS JOIN scenarios.fct_window w
WHERE s.start_sec < w.to_sec AND CASE WHEN s.next_sk IS NOT NULL THEN s.end_sec WHEN d.by_outcome = 1 THEN d.last_sec ELSE w.to_sec END >= w.from_sec
GROUP BY s.sk, CASE WHEN s.next_sk IS NOT NULL THEN s.next_sk WHEN d.by_outcome = 0 THEN 0 WHEN d.state = 'won' THEN -1 ELSE -2 END, d.bucket
