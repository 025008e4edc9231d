/*---
table: analytics.red_pipeline_losses
block: pipeline
grain: [reason, stage, bucket]
reads: [analytics.fct_deal_names, analytics.fct_deals, scenarios.fct_window]
doc: Deals closed as lost in the audited period by the reason and by the stage that they were lost from. Reasons beyond the 100 most frequent are put together as (other).
max_rows: 500000
columns:
  - {name: reason, type: string, doc: "loss_reason; empty when none is given"}
  - {name: stage, type: string, doc: "stage before the loss"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: n, type: int64, unit: deals, doc: "deals"}
  - {name: amount_minor, type: int64, unit: minor, doc: "sum of their amounts"}
---*/
WITH losses AS (
  SELECT COALESCE(d.loss_reason, '') AS reason, n.stage, d.bucket, CASE WHEN d.amount_minor > 0 THEN d.amount_minor ELSE 0 END AS amount
  FROM analytics.fct_deals d
  JOIN analytics.fct_deal_names n ON n.sk = COALESCE(d.lost_from, d.sk)
  CROSS JOIN scenarios.fct_window w
  WHERE d.state = 'lost' AND d.closed_sec >= w.from_sec AND d.closed_sec < w.to_sec
),
places AS (
  SELECT reason, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, reason NULLS LAST) AS place FROM (SELECT reason, COUNT(*) AS n FROM losses GROUP BY reason) r
),
named AS (
  SELECT CASE WHEN p.place <= 100 THEN l.reason ELSE '(other)' END AS reason, l.stage, l.bucket, l.amount FROM losses l JOIN places p ON p.reason = l.reason
)
SELECT reason, stage, bucket, COUNT(*) AS n, SUM(amount) AS amount_minor FROM named GROUP BY reason, stage, bucket
