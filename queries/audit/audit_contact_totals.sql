/*---
table: audit.audit_contact_totals
block: contact
reads: [core.messages, scenarios.fct_window, scenarios.red_contact_channels, scenarios.red_contact_load, scenarios.red_contact_totals]
doc: >-
  The reduced tables of the contact policy add up: sent messages of the audited window by channel and by scenario, and the counted ones over the places of customer-days
  and whole customer-weeks, in all channels together and channel by channel.
---*/
WITH expected AS (
  SELECT COUNT(*) AS sent FROM core.messages m JOIN scenarios.fct_window w ON m.sent_day >= w.from_day AND m.sent_day < w.to_day
),
counted AS (
  SELECT COALESCE(SUM(messages), 0) AS sent, COALESCE(SUM(CASE WHEN service THEN 0 ELSE messages END), 0) AS days,
    COALESCE(SUM(CASE WHEN service THEN 0 ELSE week_messages END), 0) AS weeks
  FROM scenarios.red_contact_totals
),
totals AS (
  SELECT 'channels' AS what, (SELECT COALESCE(SUM(audited), 0) FROM scenarios.red_contact_channels) AS found, sent AS expected FROM expected
  UNION ALL
  SELECT 'scenarios', (SELECT sent FROM counted), sent FROM expected
  UNION ALL
  SELECT 'days, any', (SELECT COALESCE(SUM(units), 0) FROM scenarios.red_contact_load WHERE time_window = 'day' AND ch = 0), days FROM counted
  UNION ALL
  SELECT 'days, channels', (SELECT COALESCE(SUM(units), 0) FROM scenarios.red_contact_load WHERE time_window = 'day' AND ch > 0), days FROM counted
  UNION ALL
  SELECT 'weeks, any', (SELECT COALESCE(SUM(units), 0) FROM scenarios.red_contact_load WHERE time_window = 'week' AND ch = 0), weeks FROM counted
  UNION ALL
  SELECT 'weeks, channels', (SELECT COALESCE(SUM(units), 0) FROM scenarios.red_contact_load WHERE time_window = 'week' AND ch > 0), weeks FROM counted
)
SELECT what, found, expected FROM totals WHERE found <> expected
