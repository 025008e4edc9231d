/*---
table: scenarios.red_dup_delays
block: duplicates
grain: [sk, base, hours]
reads: [scenarios.fct_dup_messages]
doc: >-
  When the messages of a scenario come: hours after the entry, and hours after the first message of the entry (for calendar campaigns: after the one before). Whole hours up
  to a week, then whole days up to 60; later ones count as 60 days.
max_rows: 2000000
columns:
  - {name: sk, type: int64, unit: "1", doc: "scenario key"}
  - {name: base, type: string, doc: "entry or first"}
  - {name: hours, type: int64, unit: "hours", doc: "begin of the hour or day"}
  - {name: messages, type: int64, unit: "messages", doc: "messages of the sample"}
---*/
WITH delays AS (
  SELECT sk, CAST('entry' AS VARCHAR) AS base, after_entry AS after FROM scenarios.fct_dup_messages WHERE after_entry IS NOT NULL
  UNION ALL
  SELECT sk, CAST('first' AS VARCHAR), after_first FROM scenarios.fct_dup_messages WHERE after_first IS NOT NULL
),
binned AS (
  SELECT sk, base, CASE WHEN after < 604800 THEN x_idiv(after, 3600) ELSE 24 * x_idiv(LEAST(after, 5184000), 86400) END AS hours
  FROM delays
)
SELECT sk, base, hours, COUNT(*) AS messages
FROM binned
GROUP BY sk, base, hours
