/*---
table: analytics.fct_deals
block: pipeline
grain: [dk]
reads: [analytics.fct_deal_keys, analytics.fct_deal_rows, analytics.fct_deal_spells, analytics.fct_pipeline_stages]
doc: >-
  Deals as they stand after their last row. A deal is won or lost when its last stage is; where that stage is an open one, the outcome of the last row decides, and the time of that row stands in
  for the unknown time of the closing.
columns:
  - {name: dk, type: int64, unit: "1", doc: "deal, analytics.fct_deal_keys"}
  - {name: deal_id, type: string, doc: "deal"}
  - {name: ck, type: int64, unit: "1", nullable: true, doc: "customer"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket of the customer, else of the deal"}
  - {name: source, type: string, doc: "where the customer came from; empty when not known"}
  - {name: owner, type: string, doc: "responsible employee: of the last row, else of any; empty when nobody"}
  - {name: sk, type: int64, unit: "1", doc: "stage of the last row, analytics.fct_deal_names"}
  - {name: created_sec, type: int64, unit: seconds, doc: "first row, Unix seconds"}
  - {name: created_day, type: int64, unit: day, doc: "its day, days since 1970-01-01 in the business zone"}
  - {name: moved_sec, type: int64, unit: seconds, nullable: true, doc: "first move to another stage"}
  - {name: entered_sec, type: int64, unit: seconds, doc: "entry into the last stage"}
  - {name: last_sec, type: int64, unit: seconds, doc: "last row of the deal; a row that repeats the stage is a sign of life too"}
  - {name: state, type: string, doc: "won, lost or open"}
  - {name: by_outcome, type: int64, unit: "1", doc: "1: only the outcome says that it is closed, the stage is an open one"}
  - {name: closed_sec, type: int64, unit: seconds, nullable: true, doc: "of a won deal the first entry into a won stage, of a lost one the entry into its last stage; NULL: open"}
  - {name: amount_minor, type: int64, unit: minor, nullable: true, doc: "amount: of the last row, else the largest of any"}
  - {name: loss_reason, type: string, nullable: true, doc: "reason: of the last row, else of any"}
  - {name: next_sec, type: int64, unit: seconds, nullable: true, doc: "next step, as the last row says"}
  - {name: lost_from, type: int64, unit: "1", nullable: true, doc: "stage before the last one; the last one where only the outcome says lost"}
  - {name: moves, type: int64, unit: moves, doc: "moves between stages"}
  - {name: backward, type: int64, unit: moves, doc: "moves from an open stage to an earlier one"}
  - {name: skips, type: int64, unit: moves, doc: "moves forward, or to won, that pass over at least one open stage"}
  - {name: forward, type: int64, unit: moves, doc: "moves forward or to won: what skips is a part of"}
  - {name: reopened, type: int64, unit: "1", doc: "1: it left a won or lost stage"}
  - {name: same_instant, type: int64, unit: "1", doc: "1: two stages begin in one second"}
  - {name: contradiction, type: int64, unit: "1", doc: "1: the outcome of the last row is not that of its won or lost stage"}
---*/
WITH steps AS (
  SELECT s.dk, s.seq, s.sk, s.start_sec, s.end_sec, s.next_sk, s.previous_sk, s.same_instant, a.role, a.position, b.role AS next_role, b.position AS next_position
  FROM analytics.fct_deal_spells s
  JOIN analytics.fct_pipeline_stages a ON a.sk = s.sk
  LEFT JOIN analytics.fct_pipeline_stages b ON b.sk = s.next_sk
),
opens AS (
  SELECT COUNT(*) AS n FROM analytics.fct_pipeline_stages WHERE role = 'open'
),
story AS (
  SELECT s.dk, MIN(s.start_sec) AS created_sec, MIN(CASE WHEN s.seq = 1 THEN s.end_sec END) AS moved_sec, MIN(CASE WHEN s.role = 'won' THEN s.start_sec END) AS won_sec,
    MAX(CASE WHEN s.next_sk IS NULL THEN s.sk END) AS sk, MAX(CASE WHEN s.next_sk IS NULL THEN s.start_sec END) AS entered_sec, MAX(CASE WHEN s.next_sk IS NULL THEN s.previous_sk END) AS previous_sk,
    COUNT(s.next_sk) AS moves, SUM(CASE WHEN s.role = 'open' AND s.next_role = 'open' AND s.next_position < s.position THEN 1 ELSE 0 END) AS backward,
    SUM(CASE WHEN s.role = 'open' AND (s.next_role = 'open' AND s.next_position > s.position + 1 OR s.next_role = 'won' AND s.position < o.n) THEN 1 ELSE 0 END) AS skips,
    SUM(CASE WHEN s.role = 'open' AND (s.next_role = 'open' AND s.next_position > s.position OR s.next_role = 'won') THEN 1 ELSE 0 END) AS forward,
    MAX(CASE WHEN s.role <> 'open' AND s.next_role = 'open' THEN 1 ELSE 0 END) AS reopened, MAX(s.same_instant) AS same_instant
  FROM steps s CROSS JOIN opens o
  GROUP BY s.dk
),
marks AS (
  SELECT dk, MAX(at_sec) AS last_sec, MIN(at_day) AS created_day, MIN(owner) AS owner, MAX(amount_minor) AS amount_minor, MIN(loss_reason) AS loss_reason
  FROM analytics.fct_deal_rows
  GROUP BY dk
),
ends AS (
  SELECT y.dk, y.created_sec, y.moved_sec, y.won_sec, y.sk, y.entered_sec, y.previous_sk, y.moves, y.backward, y.skips, y.forward, y.reopened, y.same_instant, m.last_sec, m.created_day,
    COALESCE(r.owner, m.owner, '') AS owner, COALESCE(r.amount_minor, m.amount_minor) AS amount_minor, COALESCE(r.loss_reason, m.loss_reason) AS loss_reason, r.next_sec, r.won, r.lost, r.opened,
    p.role, CASE WHEN p.role <> 'open' THEN p.role WHEN r.won = 1 THEN 'won' WHEN r.lost = 1 THEN 'lost' ELSE 'open' END AS state
  FROM story y
  JOIN marks m ON m.dk = y.dk
  JOIN analytics.fct_deal_rows r ON r.dk = m.dk AND r.at_sec = m.last_sec AND r.sk = y.sk
  JOIN analytics.fct_pipeline_stages p ON p.sk = y.sk
)
SELECT k.dk, k.deal_id, k.ck, k.bucket, k.source, e.owner, e.sk, e.created_sec, e.created_day, e.moved_sec, e.entered_sec, e.last_sec, e.state,
  CASE WHEN e.role = 'open' AND e.state <> 'open' THEN 1 ELSE 0 END AS by_outcome,
  CASE WHEN e.state = 'won' THEN COALESCE(e.won_sec, e.last_sec) WHEN e.state = 'lost' AND e.role = 'open' THEN e.last_sec WHEN e.state = 'lost' THEN e.entered_sec END AS closed_sec,
  e.amount_minor, e.loss_reason, e.next_sec, CASE WHEN e.state = 'lost' AND e.role = 'open' THEN e.sk ELSE e.previous_sk END AS lost_from,
  e.moves, CAST(e.backward AS BIGINT) AS backward, CAST(e.skips AS BIGINT) AS skips, CAST(e.forward AS BIGINT) AS forward, e.reopened, e.same_instant,
  CASE WHEN e.role = 'won' AND (e.lost = 1 OR e.opened = 1) OR e.role = 'lost' AND (e.won = 1 OR e.opened = 1) THEN 1 ELSE 0 END AS contradiction
FROM ends e JOIN analytics.fct_deal_keys k ON k.dk = e.dk
