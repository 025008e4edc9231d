/*---
table: analytics.arrival_series
block: integrations
grain: [input, source, name]
doc: Every source of rows and how regularly it delivers. The last loaded day may be incomplete and is left out. Facts; expected rows are from its own history. Written by analytics/integrations.
columns:
  - {name: input, type: string, doc: "input of the contract; message_status and message_response are messages of a channel with any status, or opened or clicked, by the day of the send"}
  - {name: source, type: string, doc: "source of events, channel of messages; empty when not given"}
  - {name: name, type: string, doc: "name of events, kind of fact; bulk for campaigns; empty for the source as a whole"}
  - {name: state, type: string, doc: "tested, or why not: irregular (a flow that comes on some days only, as campaigns do), too_few (a day without rows would be no surprise), short (less than 28 days), no_days (never on half of the days of a fortnight), rest (small sources together)"}
  - {name: rows, type: int64, unit: rows, doc: "rows"}
  - {name: first_date, type: date, doc: "first day from which on it comes regularly; first day with a row when it never does"}
  - {name: last_date, type: date, doc: "last day with rows"}
  - {name: stray_rows, type: int64, unit: rows, doc: "rows dated before first_date: single old or absurd dates"}
  - {name: started, type: bool, unit: "1", doc: "it begins more than 14 days after the first regular day of any source: a new source, not a gap before"}
  - {name: ended, type: bool, unit: "1", doc: "nothing for more than 14 days up to the end: retired or broken, the data cannot tell"}
  - {name: open_weekdays, type: int64, unit: days, nullable: true, doc: "weekdays on which it usually delivers"}
  - {name: expected_last, type: float64, unit: "rows per day", nullable: true, doc: "what its own history makes of the last 28 open days"}
  - {name: spread, type: float64, unit: "1", nullable: true, doc: "coefficient of variation of its days beyond chance and weekday (tau)"}
  - {name: correlation, type: float64, unit: "1", nullable: true, doc: "of neighbouring days"}
  - {name: tested_days, type: int64, unit: days, doc: "days of the audited window that were tested"}
  - {name: gap_days, type: int64, unit: days, doc: "of them in gaps (analytics.arrival_gaps)"}
  - {name: missing_rows, type: float64, unit: rows, nullable: true, doc: "rows that these gaps lack against what was expected"}
---*/
