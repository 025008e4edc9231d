/*---
table: analytics.fct_deal_keys
block: pipeline
grain: [dk]
reads: [core.customers, core.deals]
doc: Deals with an integer key, their customer and bucket.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal key: rank of deal_id, from 1"}
  - {name: deal_id, type: string, doc: "deal"}
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer of the deal; the first by key of several"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket of the customer; of deal_id when the deal names no customer"}
  - {name: source, type: string, doc: "where the customer came from; empty when not known"}
---*/
SELECT ROW_NUMBER() OVER (ORDER BY d.deal_id NULLS LAST) AS dk, d.deal_id, d.ck, COALESCE(c.bucket, d.bucket, 0) AS bucket, COALESCE(CAST(c.source AS VARCHAR), '') AS source
FROM (SELECT CAST(deal_id AS VARCHAR) AS deal_id, MIN(ck) AS ck, MIN(bucket) AS bucket FROM core.deals GROUP BY CAST(deal_id AS VARCHAR)) d
LEFT JOIN core.customers c ON c.ck = d.ck
