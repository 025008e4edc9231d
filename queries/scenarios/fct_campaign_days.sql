/*---
table: scenarios.fct_campaign_days
grain: [ck, sk, from_sec]
reads: [scenarios.fct_entries, scenarios.fct_messages, scenarios.fct_scenarios, scenarios.fct_window]
doc: >-
  When a customer was active in a calendar campaign (bulk): the day after each of its bulk messages, and the treated entries that its other messages make, cut to the
  loaded history. A span begins where the one before it ends: those of one customer and campaign may touch and do not overlap. A view, because these are most of all messages.
view: true
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: sk, type: int64, unit: "1", doc: "scenario key, scenarios.fct_scenarios.sk"}
  - {name: from_sec, type: int64, unit: "unix seconds", doc: "begin"}
  - {name: to_sec, type: int64, unit: "unix seconds", doc: "end, exclusive"}
---*/
WITH spans AS (
  SELECT ck, sk, sec AS from_sec, sec + 86400 AS to_sec FROM scenarios.fct_messages WHERE campaign
  UNION ALL
  SELECT e.ck, e.sk, e.entered_sec, e.exited_sec
  FROM scenarios.fct_entries e JOIN scenarios.fct_scenarios s ON s.sk = e.sk AND s.bulk
  WHERE NOT e.control
),
followed AS (
  SELECT ck, sk, from_sec, to_sec,
    MAX(to_sec) OVER (PARTITION BY ck, sk ORDER BY from_sec NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_sec
  FROM spans
),
cut AS (
  SELECT f.ck, f.sk, GREATEST(f.from_sec, COALESCE(f.before_sec, 0), w.first_sec) AS from_sec, LEAST(f.to_sec, w.end_sec) AS to_sec
  FROM followed f CROSS JOIN scenarios.fct_window w
)
SELECT ck, sk, from_sec, to_sec FROM cut WHERE from_sec < to_sec
