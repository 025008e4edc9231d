package duck

import "testing"

// Exits in rows of their own: by entry_id, else the latest entry before; what has an exit keeps it; of several the earliest counts; an exit without an entry is none.
func TestExitsClose(t *testing.T) {
	w := newLoadWorld(t)
	w.file("enrolments", "entries.csv", `customer_id,scenario_id,entry_id,entered_at,exited_at,exit_reason
c1,s1,,2026-07-06 09:00:00,,
c1,s1,,2026-07-10 09:00:00,,
c2,s1,p1,2026-07-06 09:00:00,,
c2,s1,p2,2026-07-07 09:00:00,,
c3,s1,,2026-07-06 09:00:00,2026-07-06 10:00:00,own
c4,s1,p9,2026-07-06 09:00:00,,
`)
	w.file("enrolments", "exits.csv", `customer_id,scenario_id,entry_id,exited_at,exit_reason
c1,s1,,2026-07-12 09:00:00,late
c1,s1,,2026-07-11 09:00:00,event
c2,s1,p1,2026-07-08 09:00:00,by id
c3,s1,,2026-07-07 09:00:00,other
c4,s1,p8,2026-07-07 09:00:00,another passage
c5,s1,,2026-07-07 09:00:00,nobody entered
c1,s2,,2026-07-07 09:00:00,another scenario
`)
	db, report := w.mustLoad()
	equal(t, "enrolments", query(t, db, "select customer_id, scenario_id, entry_id, entered_at, exited_at, exited_day - 20500, exit_reason from core.enrolments join core.customers using (ck) order by all"), `c1|s1|-|2026-07-06 09:00:00|-|-|-
c1|s1|-|2026-07-10 09:00:00|2026-07-11 09:00:00|145|event
c2|s1|p1|2026-07-06 09:00:00|2026-07-08 09:00:00|142|by id
c2|s1|p2|2026-07-07 09:00:00|-|-|-
c3|s1|-|2026-07-06 09:00:00|2026-07-06 10:00:00|140|own
c4|s1|p9|2026-07-06 09:00:00|-|-|-`)
	if len(report.Warnings) != 1 || report.Warnings[0] != "enrolments: 3 of 7 exits found no entry of the same customer and scenario before them" {
		t.Errorf("warnings: %q", report.Warnings)
	}
}
