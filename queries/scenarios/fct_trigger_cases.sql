/*---
table: scenarios.fct_trigger_cases
block: triggers
grain: [position, entity, start_sec, deal_id, owner]
reads: [core.cfg_audit, core.cfg_triggers, core.customers, core.history, scenarios.fct_trigger_answers, scenarios.fct_trigger_deals, scenarios.fct_trigger_starts]
doc: >-
  Every case of a trigger rule in the audited period with its first answer. One answer may answer several cases: a task created after three
  missed calls answers all three. An answer in a deal rule is a later move, and what starts the clock never answers
  itself; else an answer in the same second counts. A case whose time was not over when the data end is open even if it was answered: of the unanswered ones nothing is known yet.
columns:
  - {name: position, type: int64, unit: "1", doc: "rule, core.cfg_triggers"}
  - {name: name, type: string, doc: "name of the rule"}
  - {name: entity, type: int64, unit: "1", nullable: true, doc: "customer key, or minus the deal key; NULL when the row names neither"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99; of the deal key when the deal has no customer"}
  - {name: customer_id, type: string, nullable: true, doc: "customer"}
  - {name: deal_id, type: string, nullable: true, doc: "deal, for rules about deals"}
  - {name: owner, type: string, nullable: true, doc: "responsible employee"}
  - {name: start_sec, type: int64, unit: seconds, doc: "the clock starts, Unix seconds"}
  - {name: answer_sec, type: int64, unit: seconds, nullable: true, doc: "first answer up to late_seconds, Unix seconds"}
  - {name: channel, type: string, nullable: true, doc: "channel of an answer that is a message"}
  - {name: week_start_day, type: int64, unit: day, doc: "Monday of the week of start_sec, days since 1970-01-01 in the business zone (one offset for the period)"}
  - {name: outcome, type: string, doc: "in_time, late, missing, open (the time is not over when the data end, answered or not) or unlinked (the row names nobody)"}
---*/
WITH points AS (
  SELECT position, entity, start_sec AS at_sec, 1 AS tie FROM scenarios.fct_trigger_starts WHERE entity IS NOT NULL
  UNION ALL
  SELECT a.position, a.entity, a.at_sec, CASE WHEN r.by_deal AND r.expect_kind IN ('deal', 'deal_moved') THEN 0 WHEN r.expect_kind = r.when_kind AND r.expect_name = r.when_name THEN 0 ELSE 2 END
  FROM scenarios.fct_trigger_answers a JOIN core.cfg_triggers r ON r.position = a.position
),
following AS (
  SELECT position, entity, at_sec, tie, MIN(CASE WHEN tie <> 1 THEN at_sec END) OVER (PARTITION BY position, entity
    ORDER BY at_sec NULLS LAST, tie NULLS LAST ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS answer_sec
  FROM points
),
firsts AS (
  SELECT position, entity, at_sec AS start_sec, MIN(answer_sec) AS answer_sec FROM following WHERE tie = 1 GROUP BY position, entity, at_sec
),
borders AS (
  SELECT MIN(LEAST(b.to_sec, (h.last_day + 1) * 86400 + b.from_sec - b.from_day * 86400)) AS end_sec, MIN(b.from_sec - b.from_day * 86400) AS shift_sec
  FROM core.cfg_audit b CROSS JOIN core.history h
),
cases AS (
  SELECT s.position, r.name, s.entity, s.deal_id, s.owner, s.start_sec, r.within_seconds, e.end_sec, e.shift_sec,
    CASE WHEN f.answer_sec - s.start_sec <= r.late_seconds THEN f.answer_sec END AS answer_sec
  FROM scenarios.fct_trigger_starts s
  JOIN core.cfg_triggers r ON r.position = s.position
  CROSS JOIN borders e
  LEFT JOIN firsts f ON f.position = s.position AND f.entity = s.entity AND f.start_sec = s.start_sec
  WHERE s.start_sec < e.end_sec
)
SELECT x.position, x.name, x.entity, CAST(COALESCE(c.bucket, k.dk - 100 * x_idiv(k.dk, 100), 0) AS BIGINT) AS bucket,
  CAST(c.customer_id AS VARCHAR) AS customer_id, x.deal_id, x.owner, x.start_sec, x.answer_sec, a.channel,
  7 * x_idiv(x_idiv(x.start_sec - x.shift_sec, 86400) + 3, 7) - 3 AS week_start_day,
  CASE WHEN x.entity IS NULL THEN 'unlinked'
    WHEN x.start_sec + x.within_seconds > x.end_sec THEN 'open'
    WHEN x.answer_sec - x.start_sec <= x.within_seconds THEN 'in_time'
    WHEN x.answer_sec IS NOT NULL THEN 'late'
    ELSE 'missing' END AS outcome
FROM cases x
LEFT JOIN scenarios.fct_trigger_deals k ON k.deal_id = x.deal_id
LEFT JOIN core.customers c ON c.ck = CASE WHEN x.entity >= 0 THEN x.entity ELSE k.ck END
LEFT JOIN scenarios.fct_trigger_answers a ON a.position = x.position AND a.entity = x.entity AND a.at_sec = x.answer_sec
