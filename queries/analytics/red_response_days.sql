/*---
table: analytics.red_response_days
block: metrics
grain: [channel, response, days]
reads: [core.messages, scenarios.fct_window]
doc: How long responses take - messages sent at least 30 days before the end of the loaded history by the days from the send to the first open or click. Machines and robots count; later than 30 days counts nowhere.
max_rows: 100000
columns:
  - {name: channel, type: string, doc: "channel"}
  - {name: response, type: string, doc: "opened or clicked"}
  - {name: days, type: int64, unit: "days", doc: "day of the response less day of the send; 0 is the same day"}
  - {name: messages, type: int64, unit: "messages", doc: "how many"}
---*/
WITH delays AS (
  SELECT m.channel, m.opened_day - m.sent_day AS opened_after, m.clicked_day - m.sent_day AS clicked_after, COUNT(*) AS n
  FROM core.messages m CROSS JOIN scenarios.fct_window w
  WHERE m.sent_day < w.end_day - 30 AND (m.opened_day IS NOT NULL OR m.clicked_day IS NOT NULL)
  GROUP BY m.channel, m.opened_day - m.sent_day, m.clicked_day - m.sent_day
),
responses AS (
  SELECT channel, 'opened' AS response, opened_after AS days, n FROM delays
  UNION ALL
  SELECT channel, 'clicked', clicked_after, n FROM delays
)
SELECT CAST(channel AS VARCHAR) AS channel, response, CAST(days AS BIGINT) AS days, CAST(SUM(n) AS BIGINT) AS messages
FROM responses
WHERE days >= 0 AND days <= 30
GROUP BY channel, response, days
