/*---
table: analytics.fct_pipeline_stages
block: pipeline
grain: [sk]
reads: [analytics.fct_deal_names, analytics.fct_deal_rows, core.cfg_pipeline_stages]
doc: >-
  The stages of the pipeline in order. A stage is won or lost when audit.yaml says so, else by a usual name, else when more than nine in ten deals that are in it last have
  that outcome. Stages that audit.yaml does not list stand behind those that it does, in the order in which deals reach them: by the mean, over the other stages, of the share of deals with
  both that come to this one first. Won and lost stages stand last.
columns:
  - {name: sk, type: int64, unit: "1", doc: "stage, analytics.fct_deal_names"}
  - {name: stage, type: string, doc: "name"}
  - {name: role, type: string, doc: "won, lost or open"}
  - {name: role_from, type: string, doc: "config, name, outcome, or default: open because nothing says otherwise"}
  - {name: position, type: int64, unit: "1", doc: "place in the pipeline, from 1"}
  - {name: listed, type: bool, unit: "1", doc: "audit.yaml gives its place; else it is inferred from the moves"}
  - {name: earliness, type: int64, unit: "1e-6", nullable: true, doc: "mean share, in millionths, of the deals with this stage and another one that reach this one first; NULL when no deal has two stages"}
---*/
WITH lasts AS (
  SELECT dk, MAX(at_sec) AS at_sec FROM analytics.fct_deal_rows GROUP BY dk
),
ends AS (
  SELECT r.sk, COUNT(*) AS n, SUM(r.won) AS won, SUM(r.lost) AS lost
  FROM analytics.fct_deal_rows r JOIN lasts l ON l.dk = r.dk AND l.at_sec = r.at_sec
  GROUP BY r.sk
),
firsts AS (
  SELECT dk, sk, MIN(at_sec) AS at_sec FROM analytics.fct_deal_rows GROUP BY dk, sk
),
orders AS (
  SELECT a.sk, b.sk AS other, SUM(CASE WHEN a.at_sec < b.at_sec THEN 1 ELSE 0 END) AS earlier, SUM(CASE WHEN a.at_sec > b.at_sec THEN 1 ELSE 0 END) AS later
  FROM firsts a JOIN firsts b ON b.dk = a.dk
  WHERE a.sk <> b.sk
  GROUP BY a.sk, b.sk
),
named AS (
  SELECT n.sk, n.stage, c.position,
    CASE WHEN c.role IN ('won', 'lost') OR c.declared THEN c.role WHEN 10 * e.won > 9 * e.n THEN 'won' WHEN 10 * e.lost > 9 * e.n THEN 'lost' ELSE 'open' END AS role,
    CASE WHEN c.declared THEN 'config' WHEN c.role IN ('won', 'lost') THEN 'name' WHEN 10 * e.won > 9 * e.n OR 10 * e.lost > 9 * e.n THEN 'outcome' ELSE 'default' END AS role_from
  FROM (SELECT sk, stage, LOWER(stage) AS low FROM analytics.fct_deal_names) n
  LEFT JOIN core.cfg_pipeline_stages c ON c.stage = n.low
  LEFT JOIN ends e ON e.sk = n.sk
),
scores AS (
  SELECT o.sk, x_idiv(SUM(x_idiv(1000000 * o.earlier, o.earlier + o.later)), COUNT(*)) AS earliness
  FROM orders o JOIN named a ON a.sk = o.sk JOIN named b ON b.sk = o.other
  WHERE o.earlier + o.later > 0 AND a.role = 'open' AND b.role = 'open'
  GROUP BY o.sk
)
SELECT n.sk, n.stage, n.role, n.role_from,
  ROW_NUMBER() OVER (ORDER BY CASE WHEN n.role = 'open' THEN 0 WHEN n.role = 'won' THEN 1 ELSE 2 END NULLS LAST, n.position NULLS LAST, s.earliness DESC NULLS LAST, n.sk NULLS LAST) AS position,
  CASE WHEN n.position IS NULL THEN FALSE ELSE TRUE END AS listed, CAST(s.earliness AS BIGINT) AS earliness
FROM named n LEFT JOIN scores s ON s.sk = n.sk
