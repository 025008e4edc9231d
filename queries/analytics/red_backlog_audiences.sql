/*---
table: analytics.red_backlog_audiences
block: backlog
grain: [kind_a, name_a, kind_b, name_b]
reads: [analytics.fct_backlog_members]
doc: >-
  How many sampled customers two audiences share, a before b by kind and name; a = b is the size of the audience. The 300 largest audiences; pairs that share nobody are left out.
max_rows: 50000
columns:
  - {name: kind_a, type: string, doc: "stage, scenario or segment"}
  - {name: name_a, type: string, doc: "its name"}
  - {name: kind_b, type: string, doc: "stage, scenario or segment"}
  - {name: name_b, type: string, doc: "its name"}
  - {name: customers, type: int64, unit: customers, doc: "sampled customers in both in the last 91 days of the audited window"}
---*/
WITH sizes AS (
  SELECT kind, name, COUNT(*) AS customers FROM analytics.fct_backlog_members GROUP BY kind, name
),
ranks AS (
  SELECT kind, name, ROW_NUMBER() OVER (ORDER BY customers DESC NULLS LAST, kind NULLS LAST, name NULLS LAST) AS place FROM sizes
),
places AS (
  SELECT kind, name, ROW_NUMBER() OVER (ORDER BY kind NULLS LAST, name NULLS LAST) AS place FROM ranks WHERE place <= 300
),
members AS (
  SELECT CAST(p.place AS INTEGER) AS place, m.ck FROM analytics.fct_backlog_members m JOIN places p ON p.kind = m.kind AND p.name = m.name
),
pairs AS (
  SELECT a.place AS place_a, b.place AS place_b, COUNT(*) AS customers
  FROM members a JOIN members b ON b.ck = a.ck AND b.place >= a.place
  GROUP BY a.place, b.place
)
SELECT a.kind AS kind_a, a.name AS name_a, b.kind AS kind_b, b.name AS name_b, p.customers
FROM pairs p JOIN places a ON a.place = p.place_a JOIN places b ON b.place = p.place_b
