/*---
table: segments.red_pair_list
block: pairs
grain: [gk]
reads: [segments.fct_members, segments.fct_segments, segments.red_pair_window]
doc: >-
  The segments that are compared, each with whose members: those on the day before the last window (and before each of the others); of a segment that had none then, those of the last audited day, in the last window alone. At most the 300 with most
  members are compared in pairs. Segments without members are here with 0.
max_rows: 100000
columns:
  - {name: gk, type: int64, unit: "1", doc: "segment key, segments.fct_segments.gk"}
  - {name: segment_id, type: string, doc: "segment"}
  - {name: members, type: int64, unit: "customers", doc: "members on the day that counts"}
  - {name: day, type: int64, unit: "days since 1970-01-01", doc: "that day"}
  - {name: late, type: bool, unit: "1", doc: "no members before the window: those of its end are taken, whose behaviour may have made them members"}
  - {name: dated, type: bool, unit: "1", doc: "some membership has a begin or an end; else the list says who is a member today only"}
  - {name: compared, type: bool, unit: "1", doc: "among the 300 largest"}
---*/
WITH counted AS (
  SELECT m.gk, COUNT(CASE WHEN m.from_day <= w.day AND m.to_day > w.day THEN m.ck END) AS before, COUNT(CASE WHEN m.from_day <= w.last_day AND m.to_day > w.last_day THEN m.ck END) AS now
  FROM segments.fct_members m JOIN segments.red_pair_window w ON w.number = 1
  GROUP BY m.gk
),
listed AS (
  SELECT s.gk, CAST(s.segment_id AS VARCHAR) AS segment_id, CASE WHEN c.before > 0 THEN c.before ELSE COALESCE(c.now, 0) END AS members,
    CASE WHEN COALESCE(c.before, 0) = 0 AND c.now > 0 THEN w.last_day ELSE w.day END AS day, COALESCE(c.before, 0) = 0 AND COALESCE(c.now, 0) > 0 AS late,
    s.begun + s.ended > 0 AS dated
  FROM segments.fct_segments s JOIN segments.red_pair_window w ON w.number = 1 LEFT JOIN counted c ON c.gk = s.gk
)
SELECT gk, segment_id, members, day, late, dated, members > 0 AND ROW_NUMBER() OVER (ORDER BY members DESC NULLS LAST, gk NULLS LAST) <= 300 AS compared
FROM listed
