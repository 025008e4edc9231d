/*---
table: analytics.integration_checks
block: integrations
grain: [check_name]
doc: >-
  Checks of what arrives, with the columns of analytics.health. Shares of rows, source-days, messages or orders; facts unless method says estimate. norm and red_zone are upper limits: up to norm ok, from red_zone on red,
  between them warning. Written by analytics/integrations.
columns:
  - {name: check_name, type: string, doc: "gap_days (source-days with implausibly few rows), silent_sources (sources that stopped), rows_rejected, rows_duplicate (dropped by the load as repeats), rows_repeated (events that say the same within 5 seconds under another id), events_late (received more than a day after they happened), clock_faults (received before they happened), response_before_send (opened or clicked on a day before the send), no_status (sends that nothing came back from, in channels that report), one_way_flows (scenarios of a channel that never return what others return), orphan_facts (facts about messages that find no send), orders_unrecorded (orders of customers without a record), lines_unknown (order lines without a customer), control_totals (rows missed)"}
  - {name: value, type: float64, unit: share, nullable: true, doc: "numerator / denominator; NULL when not measurable"}
  - {name: numerator, type: int64, unit: "1", nullable: true, doc: "what is wrong"}
  - {name: denominator, type: int64, unit: "1", nullable: true, doc: "of how many"}
  - {name: norm, type: float64, unit: share, doc: "up to here it is ok"}
  - {name: red_zone, type: float64, unit: share, doc: "from here on it is red"}
  - {name: status, type: string, doc: "ok, warning, red or not_measurable"}
  - {name: method, type: string, doc: "fact, or estimate where a sample of the customers was looked at"}
  - {name: lower, type: float64, unit: share, nullable: true, doc: "of an estimate: lower end of its 95 % interval"}
  - {name: upper, type: float64, unit: share, nullable: true, doc: "upper end"}
---*/
