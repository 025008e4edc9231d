-- A name that core.messages does not have is looked up one level further out, where it is NULL: so a column that may not be there can be asked for.
WITH given AS (
  SELECT r.*
  FROM (SELECT CAST(NULL AS VARCHAR) AS x_device, CAST(NULL AS VARCHAR) AS x_device_type, CAST(NULL AS VARCHAR) AS x_platform, CAST(NULL AS VARCHAR) AS x_os) o,
  LATERAL (
    SELECT 'device' AS what, channel, COALESCE(CAST(x_device AS VARCHAR), CAST(x_device_type AS VARCHAR), CAST(x_platform AS VARCHAR), CAST(x_os AS VARCHAR)) AS value, COUNT(*) AS messages,
      COUNT(*) FILTER (WHERE opened_day IS NOT NULL AND NOT COALESCE(machine_open, FALSE)) AS opened, COUNT(*) FILTER (WHERE clicked_day IS NOT NULL AND NOT COALESCE(bot_click, FALSE)) AS clicked
    FROM core.messages, scenarios.fct_window
    WHERE sent_day >= from_day AND sent_day < to_day AND COALESCE(CAST(x_device AS VARCHAR), CAST(x_device_type AS VARCHAR), CAST(x_platform AS VARCHAR), CAST(x_os AS VARCHAR)) IS NOT NULL
    GROUP BY 1, 2, 3
  ) r
  UNION ALL
  SELECT r.*
  FROM (SELECT CAST(NULL AS VARCHAR) AS x_click_position, CAST(NULL AS VARCHAR) AS x_link_position) o,
  LATERAL (
    SELECT 'click_position' AS what, channel, COALESCE(CAST(x_click_position AS VARCHAR), CAST(x_link_position AS VARCHAR)) AS value, COUNT(*) AS messages,
      COUNT(*) FILTER (WHERE opened_day IS NOT NULL AND NOT COALESCE(machine_open, FALSE)) AS opened, COUNT(*) FILTER (WHERE clicked_day IS NOT NULL AND NOT COALESCE(bot_click, FALSE)) AS clicked
    FROM core.messages, scenarios.fct_window
    WHERE sent_day >= from_day AND sent_day < to_day AND COALESCE(CAST(x_click_position AS VARCHAR), CAST(x_link_position AS VARCHAR)) IS NOT NULL
    GROUP BY 1, 2, 3
  ) r
  UNION ALL
  SELECT r.*
  FROM (SELECT CAST(NULL AS VARCHAR) AS x_click_depth, CAST(NULL AS VARCHAR) AS x_scroll_depth) o,
  LATERAL (
    SELECT 'click_depth' AS what, channel, COALESCE(CAST(x_click_depth AS VARCHAR), CAST(x_scroll_depth AS VARCHAR)) AS value, COUNT(*) AS messages,
      COUNT(*) FILTER (WHERE opened_day IS NOT NULL AND NOT COALESCE(machine_open, FALSE)) AS opened, COUNT(*) FILTER (WHERE clicked_day IS NOT NULL AND NOT COALESCE(bot_click, FALSE)) AS clicked
    FROM core.messages, scenarios.fct_window
    WHERE sent_day >= from_day AND sent_day < to_day AND COALESCE(CAST(x_click_depth AS VARCHAR), CAST(x_scroll_depth AS VARCHAR)) IS NOT NULL
    GROUP BY 1, 2, 3
  ) r
),
placed AS (
  SELECT what, channel, value, messages, opened, clicked, ROW_NUMBER() OVER (PARTITION BY what, channel ORDER BY messages DESC, value) AS n FROM given
)
SELECT what, CAST(channel AS VARCHAR) AS channel, value, messages, opened, clicked
FROM placed
WHERE n <= 50
