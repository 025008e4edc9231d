/*---
table: scenarios.fct_trigger_deals
block: triggers
grain: [dk]
reads: [core.deals]
doc: Deals with an integer key, for the trigger rules.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal key: rank of deal_id, from 1"}
  - {name: deal_id, type: string, doc: "deal"}
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer of the deal"}
---*/
SELECT ROW_NUMBER() OVER (ORDER BY deal_id NULLS LAST) AS dk, deal_id, ck
FROM (SELECT CAST(deal_id AS VARCHAR) AS deal_id, MIN(ck) AS ck FROM core.deals GROUP BY CAST(deal_id AS VARCHAR)) d
