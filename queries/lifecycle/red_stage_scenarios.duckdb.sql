-- The portable text joins 20 M messages with the runs of their customers by ranges of periods. Here the stages of a customer are one text with
-- a letter per period, so that the stage at a send is one look-up.
WITH letters AS (
  SELECT stage, chr(CAST(33 + row_number() OVER (ORDER BY stage) AS INTEGER)) AS letter FROM lifecycle.fct_stage_runs GROUP BY stage
),
paths AS (
  SELECT r.ck, min(r.first_period) AS first_period,
    string_agg(repeat(l.letter, r.last_period - r.first_period + 1), '' ORDER BY r.first_period) AS path
  FROM lifecycle.fct_stage_runs r JOIN letters l ON l.stage = r.stage
  GROUP BY r.ck
),
received AS (
  SELECT m.scenario_id, m.ck, substring(p.path, CAST(greatest(d.period - 1 - p.first_period, 0) + 1 AS BIGINT), 1) AS letter, count(*) AS messages
  FROM core.messages m
  JOIN lifecycle.fct_days d ON d.day = m.sent_day
  JOIN lifecycle.fct_panel f ON d.period >= f.first_period
  JOIN paths p ON p.ck = m.ck AND d.period >= p.first_period
  WHERE m.scenario_id IS NOT NULL
  GROUP BY ALL
)
SELECT l.stage, CAST(r.scenario_id AS VARCHAR) AS scenario_id, CAST(sum(r.messages) AS BIGINT) AS messages, count(*) AS customers
FROM received r JOIN letters l ON l.letter = r.letter
GROUP BY ALL
