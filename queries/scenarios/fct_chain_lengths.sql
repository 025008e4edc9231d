/*---
table: scenarios.fct_chain_lengths
grain: [sk]
reads: [core.cfg_audit, scenarios.fct_entries, scenarios.fct_steps]
doc: >-
  How long a passage through the whole chain takes: the mean delay of its latest step (of those sent at least a tenth as often as its commonest one), and a day for the exit, or
  entry_gap_days when most exits are not recorded. Drop-off is counted on the entries that began at least so long before the end of the data: of the later ones only those that
  ended early would be over, and nearly all of them would be lost ones.
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: whole_sec, type: int64, unit: "seconds", doc: "time after the entry when the chain is over"}
---*/
WITH lengths AS (
  SELECT t.sk, MAX(t.delay_sec) AS last_sec
  FROM scenarios.fct_steps t
  JOIN (SELECT sk, MAX(sends) AS most FROM scenarios.fct_steps GROUP BY sk) u ON u.sk = t.sk
  WHERE t.observed AND 10 * t.sends >= u.most
  GROUP BY t.sk
),
exits AS (
  SELECT sk, SUM(CASE WHEN exit_known THEN 2 ELSE 0 END) >= COUNT(*) AS recorded
  FROM scenarios.fct_entries
  WHERE NOT control
  GROUP BY sk
)
SELECT e.sk, GREATEST(COALESCE(l.last_sec, 0), 0) + 86400 * CASE WHEN e.recorded THEN 1 ELSE a.entry_gap_days END AS whole_sec
FROM exits e
LEFT JOIN lengths l ON l.sk = e.sk
CROSS JOIN core.cfg_audit a
