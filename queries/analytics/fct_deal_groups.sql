/*---
table: analytics.fct_deal_groups
block: pipeline
grain: [dk, grouping]
reads: [analytics.fct_deals]
doc: Owner and source of every deal. Beyond the 200 with the most deals they are put together as (other).
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal"}
  - {name: grouping, type: string, doc: "owner or source"}
  - {name: group_value, type: string, doc: "the owner or source; empty when not known; (other) beyond the 200 largest"}
---*/
WITH owners AS (
  SELECT owner, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, owner NULLS LAST) AS place FROM (SELECT owner, COUNT(*) AS n FROM analytics.fct_deals GROUP BY owner) o
),
sources AS (
  SELECT source, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, source NULLS LAST) AS place FROM (SELECT source, COUNT(*) AS n FROM analytics.fct_deals GROUP BY source) s
)
SELECT d.dk, 'owner' AS grouping, CASE WHEN o.place <= 200 THEN d.owner ELSE '(other)' END AS group_value
FROM analytics.fct_deals d JOIN owners o ON o.owner = d.owner
UNION ALL
SELECT d.dk, 'source' AS grouping, CASE WHEN s.place <= 200 THEN d.source ELSE '(other)' END AS group_value
FROM analytics.fct_deals d JOIN sources s ON s.source = d.source
