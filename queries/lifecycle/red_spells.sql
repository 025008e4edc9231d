/*---
table: lifecycle.red_spells
grain: [stage, next_stage, entry_age, exit_age, left_open, bucket]
reads: [lifecycle.fct_stage_runs]
doc: >-
  Stays in a stage for the life table, outside burn-in. A stay is at risk of ending at the ages entry_age..exit_age (periods in the stage, 1 =
  just entered), because only a period with a successor can show an exit. With next_stage it ended at exit_age; without, it was not over
  when the panel ended, at age exit_age + 1; entry_age = exit_age + 1 is a stay that began in the last period and was never at risk. A stay that
  began before the panel enters at the age that history gives (delayed entry); when its entry was not observed (left_open), its ages are lower bounds.
max_rows: 8000000
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: next_stage, type: string, nullable: true, doc: "stage that it ended for; NULL = not over (censored)"}
  - {name: entry_age, type: int64, unit: "periods", doc: "first age at risk"}
  - {name: exit_age, type: int64, unit: "periods", doc: "last age at risk"}
  - {name: left_open, type: bool, unit: "1", doc: "the entry was not observed"}
  - {name: bucket, type: int64, unit: "1", doc: "customer bucket 0..99"}
  - {name: n, type: int64, unit: "stays", doc: "stays, at least 1"}
---*/
SELECT stage, next_stage, CAST(clean_age AS BIGINT) AS entry_age,
  CAST(clean_age + last_period - clean_first - CASE WHEN next_stage IS NULL THEN 1 ELSE 0 END AS BIGINT) AS exit_age,
  left_open, CAST(bucket AS BIGINT) AS bucket, COUNT(*) AS n
FROM lifecycle.fct_stage_runs
WHERE clean_first IS NOT NULL
GROUP BY stage, next_stage, clean_age, clean_age + last_period - clean_first, left_open, bucket
