/*---
table: analytics.event_latency
block: integrations
grain: [all_sources, source]
doc: From happening to arrival, events of the audited window with a time of arrival. Facts; times to two significant digits. Written by analytics/integrations.
columns:
  - {name: source, type: string, doc: "system that recorded them; empty when not given, and for all together"}
  - {name: all_sources, type: bool, unit: "1", doc: "the row of all together"}
  - {name: events, type: int64, unit: events, doc: "with a time of arrival"}
  - {name: median_seconds, type: int64, unit: seconds, doc: "half arrived within"}
  - {name: p90_seconds, type: int64, unit: seconds, doc: "90 of 100"}
  - {name: p99_seconds, type: int64, unit: seconds, doc: "99 of 100"}
  - {name: over_hour, type: int64, unit: events, doc: "more than an hour after they happened: no trigger on them can be fast"}
  - {name: late, type: int64, unit: events, doc: "more than a day after they happened"}
  - {name: late_share, type: float64, unit: share, doc: "of events"}
  - {name: early, type: int64, unit: events, doc: "before they happened: one of the two clocks is wrong"}
  - {name: early_share, type: float64, unit: share, doc: "of events"}
  - {name: median_before, type: int64, unit: seconds, nullable: true, doc: "of the time before slowed_from"}
  - {name: median_since, type: int64, unit: seconds, nullable: true, doc: "since then"}
  - {name: slowed_from, type: date, nullable: true, doc: "begin of the 28 days from which on the median is more than an hour and ten times that before, to the end; NULL when there is none"}
---*/
