/*---
table: analytics.arrival_gaps
block: integrations
grain: [input, source, name, what, from_date]
doc: >-
  Runs of days on which a source delivered half or less of what its own history makes of them (level, weekday, scatter), gaps found by windows of 1, 2, 3, 5 and 7 days with one false-discovery rate over all sources and days; days
  with three times as much, and days of which a tenth or more came twice. Written by analytics/integrations.
columns:
  - {name: input, type: string, doc: "as analytics.arrival_series"}
  - {name: source, type: string, doc: "as analytics.arrival_series"}
  - {name: name, type: string, doc: "as analytics.arrival_series; empty when the source as a whole is missing"}
  - {name: what, type: string, doc: "gap; outage (every input was all but empty on these days); common (most inputs were low: a holiday rather than a fault); recurring (the same days of another year were low too); flood; twice (observed are the events looked at, expected the same without the repeats)"}
  - {name: from_date, type: date, doc: "first day"}
  - {name: to_date, type: date, doc: "day after the last"}
  - {name: days, type: int64, unit: days, doc: "days in which rows were expected"}
  - {name: observed, type: int64, unit: rows, doc: "rows that came"}
  - {name: expected, type: float64, unit: rows, doc: "rows that its own history makes of these days"}
  - {name: ratio, type: float64, unit: share, doc: "observed / expected"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "of so few (flood: so many) rows, the least of the windows within the run; Poisson about a mean whose scatter has the tails of all days (suffstat.MixedCount); NULL for twice"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "Benjamini-Hochberg over all windows of all sources"}
  - {name: ongoing, type: bool, unit: "1", doc: "it lasts to the last complete day"}
---*/
