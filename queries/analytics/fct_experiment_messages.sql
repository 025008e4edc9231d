/*---
table: analytics.fct_experiment_messages
block: experiments
grain: [xk, ck]
reads: [analytics.fct_experiment_units, analytics.fct_experiments, core.messages]
doc: Messages that randomized customers were sent in the time before the assignment, and those of the scenario under test before and after it. Only customers with at least one such message have a row.
columns:
  - {name: xk, type: int64, unit: "1", doc: "experiment key"}
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: cell, type: int64, unit: "1", doc: "(ak * 2 + state) * 128 + bucket"}
  - {name: messages_before, type: int64, unit: "messages", doc: "messages of any scenario sent in [t - H, t)"}
  - {name: scenario_before, type: int64, unit: "1", doc: "1 with a message of the scenario under test in [t - H, t)"}
  - {name: scenario_after, type: int64, unit: "1", doc: "1 with a message of the scenario under test in [t, t + H)"}
---*/
WITH span AS (
  SELECT MIN(day - within_days) - 1 AS lo, MAX(day + within_days) + 1 AS hi FROM analytics.fct_experiment_units WHERE state <= 1
),
known AS (
  SELECT scenario_id FROM core.messages WHERE scenario_id IS NOT NULL GROUP BY scenario_id
),
tested AS (
  SELECT x.xk, k.scenario_id FROM analytics.fct_experiments x JOIN known k ON CAST(k.scenario_id AS VARCHAR) = x.scenario_id
),
near AS (
  SELECT m.ck, x_sec(m.sent_at) AS sec, m.scenario_id
  FROM core.messages m CROSS JOIN span s
  WHERE m.sent_day >= s.lo AND m.sent_day <= s.hi
),
met AS (
  SELECT u.xk * CAST(2147483648 AS BIGINT) + u.ck AS packed, (u.ak * 2 + u.state) * 128 + u.bucket AS cell, CASE WHEN m.sec >= u.assigned_sec THEN 1 ELSE 0 END AS y,
    CASE WHEN t.xk IS NULL THEN 0 ELSE 1 END AS own
  FROM near m
  JOIN analytics.fct_experiment_units u ON u.ck = m.ck
  LEFT JOIN tested t ON t.xk = u.xk AND t.scenario_id = m.scenario_id
  WHERE u.state <= 1 AND m.sec < CAST(u.assigned_sec AS BIGINT) + 86400 * u.within_days AND m.sec >= CAST(u.assigned_sec AS BIGINT) - 86400 * u.within_days
    AND (m.sec < u.assigned_sec OR t.xk IS NOT NULL)
),
folded AS (
  SELECT packed, MIN(cell) AS cell, SUM(1 - y) AS messages_before, MAX(own * (1 - y)) AS scenario_before, MAX(own * y) AS scenario_after
  FROM met
  GROUP BY packed
)
SELECT CAST(x_idiv(packed, 2147483648) AS INTEGER) AS xk, CAST(packed - 2147483648 * x_idiv(packed, 2147483648) AS INTEGER) AS ck, cell, CAST(messages_before AS INTEGER) AS messages_before, scenario_before, scenario_after
FROM folded
