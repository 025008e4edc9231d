/*---
table: segments.fct_pair_days
block: pairs
grain: [day]
reads: [core.calendar, segments.red_pair_window]
doc: In which window of segments.red_pair_window a day lies.
columns:
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "day"}
  - {name: number, type: int64, unit: "1", doc: "window"}
  - {name: ripe, type: bool, unit: "1", doc: "messages sent on this day are old enough for a response"}
---*/
SELECT c.day, w.number, c.day < w.sent_to_day AS ripe
FROM core.calendar c JOIN segments.red_pair_window w ON c.day >= w.from_day AND c.day < w.to_day
