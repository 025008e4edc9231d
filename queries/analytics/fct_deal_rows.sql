/*---
table: analytics.fct_deal_rows
block: pipeline
grain: [dk, at_sec, sk]
reads: [analytics.fct_deal_keys, analytics.fct_deal_names, core.deals]
doc: The rows of core.deals with integer keys; rows of one deal, stage and second are one.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal, analytics.fct_deal_keys"}
  - {name: at_sec, type: int64, unit: seconds, doc: "entry into the stage, Unix seconds"}
  - {name: sk, type: int64, unit: "1", doc: "stage, analytics.fct_deal_names"}
  - {name: at_day, type: int64, unit: day, doc: "day of the entry, days since 1970-01-01 in the business zone"}
  - {name: owner, type: string, nullable: true, doc: "responsible employee"}
  - {name: amount_minor, type: int64, unit: minor, nullable: true, doc: "amount"}
  - {name: won, type: int64, unit: "1", doc: "1: outcome won"}
  - {name: lost, type: int64, unit: "1", doc: "1: outcome lost and not won"}
  - {name: opened, type: int64, unit: "1", doc: "1: outcome open and neither won nor lost"}
  - {name: loss_reason, type: string, nullable: true, doc: "why it was lost; NULL when empty"}
  - {name: next_sec, type: int64, unit: seconds, nullable: true, doc: "planned next step, Unix seconds"}
---*/
WITH folded AS (
  SELECT k.dk, x_sec(d.entered_at) AS at_sec, n.sk, MIN(d.entered_day) AS at_day, MIN(NULLIF(CAST(d.owner AS VARCHAR), '')) AS owner, MAX(d.amount_minor) AS amount_minor,
    MAX(CASE WHEN CAST(d.outcome AS VARCHAR) = 'won' THEN 3 WHEN CAST(d.outcome AS VARCHAR) = 'lost' THEN 2 WHEN CAST(d.outcome AS VARCHAR) = 'open' THEN 1 ELSE 0 END) AS outcome,
    MIN(NULLIF(CAST(d.loss_reason AS VARCHAR), '')) AS loss_reason, MAX(x_sec(d.next_step_at)) AS next_sec
  FROM core.deals d
  JOIN analytics.fct_deal_keys k ON k.deal_id = d.deal_id
  JOIN analytics.fct_deal_names n ON n.stage = d.stage
  GROUP BY k.dk, x_sec(d.entered_at), n.sk
)
SELECT dk, at_sec, sk, at_day, owner, amount_minor, CASE WHEN outcome = 3 THEN 1 ELSE 0 END AS won, CASE WHEN outcome = 2 THEN 1 ELSE 0 END AS lost,
  CASE WHEN outcome = 1 THEN 1 ELSE 0 END AS opened, loss_reason, next_sec
FROM folded
