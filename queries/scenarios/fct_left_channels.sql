/*---
table: scenarios.fct_left_channels
block: overlap
grain: [ck, from_day]
reads: [core.messages]
doc: >-
  Which channels a customer has unsubscribed from, as a mask that holds from the Monday after. Only customers who have. A return is not
  recorded anywhere, so a closed channel stays closed.
columns:
  - {name: ck, type: int64, unit: "1", doc: "customer key"}
  - {name: mask, type: int64, unit: "1", doc: "sum of 1, 2, 4, 8, 16, 32 for the first to the sixth channel by name with an unsubscribe; later ones share the sixth"}
  - {name: from_day, type: int64, unit: "days since 1970-01-01", doc: "a Monday"}
  - {name: to_day, type: int64, unit: "days since 1970-01-01", doc: "the Monday on which the mask changes again, 1000000 when it does not"}
---*/
WITH facts AS (
  SELECT ck, CAST(channel AS VARCHAR) AS channel, MIN(unsubscribed_day) AS day
  FROM core.messages
  WHERE unsubscribed_day IS NOT NULL
  GROUP BY ck, channel
),
channels AS (
  SELECT channel, ROW_NUMBER() OVER (ORDER BY channel NULLS LAST) AS place
  FROM (SELECT channel FROM facts GROUP BY channel) c
),
closed AS (
  SELECT f.ck, LEAST(c.place, 6) AS place, MIN(7 * x_idiv(f.day + 3, 7) + 4) AS from_day
  FROM facts f JOIN channels c ON c.channel = f.channel
  GROUP BY f.ck, LEAST(c.place, 6)
),
changes AS (
  SELECT ck, from_day, SUM(CASE place WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 4 WHEN 4 THEN 8 WHEN 5 THEN 16 ELSE 32 END) AS bits
  FROM closed
  GROUP BY ck, from_day
)
SELECT ck, CAST(SUM(bits) OVER w AS INTEGER) AS mask, CAST(from_day AS INTEGER) AS from_day,
  CAST(COALESCE(x_nul(LEAD(x_nul(from_day)) OVER w), 1000000) AS INTEGER) AS to_day
FROM changes
WINDOW w AS (PARTITION BY ck ORDER BY from_day NULLS LAST)
