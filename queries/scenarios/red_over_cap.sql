/*---
table: scenarios.red_over_cap
block: contact
grain: [time_window, channel]
reads: [core.cfg_caps, scenarios.fct_crowded_days, scenarios.fct_crowded_weeks, scenarios.fct_window, scenarios.red_contact_channels]
doc: Customers who got more messages than a declared cap in at least one day or whole week. A cap of 0 is broken by single messages too, which are not counted here.
max_rows: 1000
columns:
  - {name: time_window, type: string, doc: "day or week"}
  - {name: channel, type: string, doc: "a channel, or any"}
  - {name: cap, type: int64, unit: "messages", doc: "the declared cap"}
  - {name: customers, type: int64, unit: "customers", doc: "different customers above it"}
---*/
SELECT 'day' AS time_window, CAST(c.channel AS VARCHAR) AS channel, c.cap, COUNT(DISTINCT x.ck) AS customers
FROM core.cfg_caps c JOIN scenarios.fct_crowded_days x ON x.day_rank > c.cap
WHERE c.time_window = 'day' AND c.channel = 'any'
GROUP BY c.channel, c.cap
UNION ALL
SELECT 'week', CAST(c.channel AS VARCHAR), c.cap, COUNT(DISTINCT x.ck)
FROM core.cfg_caps c JOIN scenarios.fct_crowded_weeks x ON x.week_rank > c.cap
CROSS JOIN scenarios.fct_window w
WHERE c.time_window = 'week' AND c.channel = 'any' AND x.week_day >= w.from_day AND x.week_day + 7 <= w.to_day
GROUP BY c.channel, c.cap
UNION ALL
SELECT 'day', CAST(c.channel AS VARCHAR), c.cap, COUNT(DISTINCT x.ck)
FROM core.cfg_caps c
JOIN scenarios.red_contact_channels h ON h.channel = c.channel
JOIN scenarios.fct_crowded_days x ON x.ch = h.ch AND x.day_channel_rank > c.cap
WHERE c.time_window = 'day' AND c.channel <> 'any'
GROUP BY c.channel, c.cap
UNION ALL
SELECT 'week', CAST(c.channel AS VARCHAR), c.cap, COUNT(DISTINCT x.ck)
FROM core.cfg_caps c
JOIN scenarios.red_contact_channels h ON h.channel = c.channel
JOIN scenarios.fct_crowded_weeks x ON x.ch = h.ch AND x.week_channel_rank > c.cap
CROSS JOIN scenarios.fct_window w
WHERE c.time_window = 'week' AND c.channel <> 'any' AND x.week_day >= w.from_day AND x.week_day + 7 <= w.to_day
GROUP BY c.channel, c.cap
