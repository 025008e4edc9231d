/*---
table: scenarios.red_dup_coentries
block: duplicates
grain: [pair]
reads: [scenarios.fct_entries, scenarios.fct_scenarios, scenarios.fct_window, scenarios.red_dup_pairs]
doc: >-
  Entries into one scenario within 24 hours, before or after, of an entry of the same customer into the other. Only pairs that share a good part of their time, and no
  calendar campaigns, which nobody enters.
max_rows: 20000
columns:
  - {name: pair, type: int64, unit: "1", doc: "key of the first scenario x 1048576 + key of the second"}
  - {name: first_with, type: int64, unit: "entries", doc: "entries into the first scenario with an entry into the second near by"}
  - {name: second_with, type: int64, unit: "entries", doc: "entries into the second scenario with an entry into the first near by"}
---*/
WITH pairs AS (
  SELECT pair, x_idiv(pair, 1048576) AS a, pair - 1048576 * x_idiv(pair, 1048576) AS b FROM scenarios.red_dup_pairs WHERE close
),
entries AS (
  SELECT e.ek, e.ck, CAST(e.sk AS BIGINT) AS sk, e.entered_sec
  FROM scenarios.fct_entries e
  JOIN scenarios.fct_scenarios s ON s.sk = e.sk
  CROSS JOIN scenarios.fct_window w
  WHERE NOT s.bulk AND e.entered_day >= w.from_day AND e.entered_day < w.to_day
),
near AS (
  SELECT p.pair, x.ek AS first_ek, y.ek AS second_ek
  FROM entries x
  JOIN entries y ON y.ck = x.ck AND y.sk > x.sk AND y.entered_sec <= x.entered_sec + 86400 AND x.entered_sec <= y.entered_sec + 86400
  JOIN pairs p ON p.a = x.sk AND p.b = y.sk
)
SELECT pair, COUNT(DISTINCT first_ek) AS first_with, COUNT(DISTINCT second_ek) AS second_with
FROM near
GROUP BY pair
