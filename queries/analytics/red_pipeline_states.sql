/*---
table: analytics.red_pipeline_states
block: pipeline
grain: [grouping, group_value, bucket]
reads: [analytics.fct_deal_groups, analytics.fct_deal_names, analytics.fct_deal_tasks, analytics.fct_deals, core.cfg_pipeline, scenarios.fct_window]
doc: >-
  How deals stand at the end of the audited period, and what happened to them in it: all together, by stage (of open deals the present one, of lost ones the stage they were lost from), by owner and
  by source.
max_rows: 200000
columns:
  - {name: grouping, type: string, doc: "all, stage, owner or source"}
  - {name: group_value, type: string, doc: "stage, owner or source; empty for all and where not known"}
  - {name: bucket, type: int64, unit: "1", doc: "bucket, 0..99"}
  - {name: deals, type: int64, unit: deals, doc: "deals open at some time in the period"}
  - {name: entered, type: int64, unit: deals, doc: "deals that began in the period"}
  - {name: active, type: int64, unit: deals, doc: "deals open at its end"}
  - {name: idle, type: int64, unit: deals, doc: "of active: no row of the deal for more than idle_days"}
  - {name: silent, type: int64, unit: deals, doc: "of idle: no task of the deal created or done either"}
  - {name: overdue, type: int64, unit: deals, doc: "of active: the next step is in the past or a task of the deal is overdue"}
  - {name: next_filled, type: int64, unit: deals, doc: "of active: with a next step"}
  - {name: next_past, type: int64, unit: deals, doc: "of active: the next step is in the past"}
  - {name: next_far, type: int64, unit: deals, doc: "of active: the next step is more than two years ahead"}
  - {name: owned, type: int64, unit: deals, doc: "of active: with an owner"}
  - {name: priced, type: int64, unit: deals, doc: "of active: with an amount above zero"}
  - {name: active_minor, type: int64, unit: minor, doc: "amounts of active"}
  - {name: idle_minor, type: int64, unit: minor, doc: "amounts of idle"}
  - {name: won, type: int64, unit: deals, doc: "closed as won in the period"}
  - {name: won_priced, type: int64, unit: deals, doc: "of won: with an amount above zero"}
  - {name: won_minor, type: int64, unit: minor, doc: "amounts of won"}
  - {name: lost, type: int64, unit: deals, doc: "closed as lost in the period"}
  - {name: lost_minor, type: int64, unit: minor, doc: "amounts of lost"}
  - {name: explained, type: int64, unit: deals, doc: "of lost: with a reason that says something"}
  - {name: filler, type: int64, unit: deals, doc: "of lost: with a reason that says nothing (-, other, 123)"}
  - {name: by_outcome, type: int64, unit: deals, doc: "of won and lost: only the outcome says so, the stage is an open one"}
  - {name: contradiction, type: int64, unit: deals, doc: "of deals: the outcome is not that of the stage"}
  - {name: reopened, type: int64, unit: deals, doc: "of deals: left a won or lost stage"}
  - {name: same_instant, type: int64, unit: deals, doc: "of deals: two stages begin in one second"}
  - {name: forward, type: int64, unit: moves, doc: "moves of deals forward or to won"}
  - {name: skips, type: int64, unit: moves, doc: "of forward: pass over at least one open stage"}
  - {name: backward, type: int64, unit: moves, doc: "moves of deals back to an earlier stage"}
---*/
WITH marked AS (
  SELECT d.dk, d.bucket, n.stage, CASE WHEN d.created_sec >= w.from_sec THEN 1 ELSE 0 END AS entered, CASE WHEN d.state = 'open' THEN 1 ELSE 0 END AS active,
    CASE WHEN d.state = 'open' AND w.to_sec - d.last_sec > 86400 * c.idle_days THEN 1 ELSE 0 END AS idle,
    CASE WHEN d.state = 'open' AND w.to_sec - GREATEST(d.last_sec, COALESCE(t.last_sec, d.last_sec)) > 86400 * c.idle_days THEN 1 ELSE 0 END AS silent,
    CASE WHEN d.state = 'open' AND (d.next_sec < w.to_sec OR t.overdue > 0) THEN 1 ELSE 0 END AS overdue, CASE WHEN d.state = 'open' AND d.next_sec IS NOT NULL THEN 1 ELSE 0 END AS next_filled,
    CASE WHEN d.state = 'open' AND d.next_sec < w.to_sec THEN 1 ELSE 0 END AS next_past, CASE WHEN d.state = 'open' AND d.next_sec - w.to_sec > 63072000 THEN 1 ELSE 0 END AS next_far,
    CASE WHEN d.state = 'open' AND d.owner <> '' THEN 1 ELSE 0 END AS owned, CASE WHEN d.amount_minor > 0 THEN 1 ELSE 0 END AS priced, CASE WHEN d.amount_minor > 0 THEN d.amount_minor ELSE 0 END AS amount,
    CASE WHEN d.state = 'won' THEN 1 ELSE 0 END AS won, CASE WHEN d.state = 'lost' THEN 1 ELSE 0 END AS lost,
    CASE WHEN d.loss_reason IS NULL THEN 0 WHEN LENGTH(d.loss_reason) < 2 OR LOWER(d.loss_reason) IN ('--', '---', '...', 'n/a', 'na', 'none', 'null', 'other', 'unknown', 'test', 'xx', 'xxx', '11', '12', '123', '111', 'нет', 'не указано', 'не указана', 'другое', 'прочее', 'иное', 'неизвестно', 'тест') THEN 2 ELSE 1 END AS reason,
    d.by_outcome, d.contradiction, d.reopened, d.same_instant, d.forward, d.skips, d.backward
  FROM analytics.fct_deals d
  JOIN analytics.fct_deal_names n ON n.sk = CASE WHEN d.state = 'lost' THEN COALESCE(d.lost_from, d.sk) ELSE d.sk END
  LEFT JOIN analytics.fct_deal_tasks t ON t.dk = d.dk
  CROSS JOIN scenarios.fct_window w CROSS JOIN core.cfg_pipeline c
  WHERE d.created_sec < w.to_sec AND COALESCE(d.closed_sec, w.to_sec) >= w.from_sec
),
placed AS (
  SELECT dk, 'all' AS grouping, '' AS group_value FROM marked
  UNION ALL
  SELECT dk, 'stage', stage FROM marked
  UNION ALL
  SELECT dk, grouping, group_value FROM analytics.fct_deal_groups
)
SELECT p.grouping, p.group_value, m.bucket, COUNT(*) AS deals, SUM(m.entered) AS entered, SUM(m.active) AS active, SUM(m.idle) AS idle, SUM(m.silent) AS silent, SUM(m.overdue) AS overdue,
  SUM(m.next_filled) AS next_filled, SUM(m.next_past) AS next_past, SUM(m.next_far) AS next_far, SUM(m.owned) AS owned, SUM(m.active * m.priced) AS priced, SUM(m.active * m.amount) AS active_minor,
  SUM(m.idle * m.amount) AS idle_minor, SUM(m.won) AS won, SUM(m.won * m.priced) AS won_priced, SUM(m.won * m.amount) AS won_minor, SUM(m.lost) AS lost, SUM(m.lost * m.amount) AS lost_minor,
  SUM(CASE WHEN m.lost = 1 AND m.reason = 1 THEN 1 ELSE 0 END) AS explained, SUM(CASE WHEN m.lost = 1 AND m.reason = 2 THEN 1 ELSE 0 END) AS filler, SUM(m.by_outcome) AS by_outcome,
  SUM(m.contradiction) AS contradiction, SUM(m.reopened) AS reopened, SUM(m.same_instant) AS same_instant, SUM(m.forward) AS forward, SUM(m.skips) AS skips, SUM(m.backward) AS backward
FROM placed p JOIN marked m ON m.dk = p.dk
GROUP BY p.grouping, p.group_value, m.bucket
