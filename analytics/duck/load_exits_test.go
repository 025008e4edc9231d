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
	if len(report.Warnings) != 1 || report.Warnings[0] != "enrolments: 3 of 7 exits found no entry of the same customer and scenario before them (core.exits)" {
		t.Errorf("warnings: %q", report.Warnings)
	}
	equal(t, "exits", query(t, db, "select customer_id, scenario_id, entry_id, exited_at, exited_day - 20500, exit_reason, fate from core.exits join core.customers using (ck) order by all"), `c1|s1|-|2026-07-11 09:00:00|145|event|closed
c1|s1|-|2026-07-12 09:00:00|146|late|repeated
c1|s2|-|2026-07-07 09:00:00|141|another scenario|no_entry
c2|s1|p1|2026-07-08 09:00:00|142|by id|closed
c3|s1|-|2026-07-07 09:00:00|141|other|repeated
c4|s1|p8|2026-07-07 09:00:00|141|another passage|no_entry
c5|s1|-|2026-07-07 09:00:00|141|nobody entered|no_entry`)
	equal(t, "counts", query(t, db, "select * from audit.exits order by fate"), `closed|2|2|2026-07-08 09:00:00|2026-07-11 09:00:00
no_entry|3|3|2026-07-07 09:00:00|2026-07-07 09:00:00
repeated|2|2|2026-07-07 09:00:00|2026-07-12 09:00:00`)
	addUp(t, db)
}

// addUp: every row of enrolments that was loaded is an entry or an exit by itself, every row read has one fate.
func addUp(t *testing.T, db *DB) {
	t.Helper()
	equal(t, "rows that add up", query(t, db, `select (select sum(rows_read) from audit.sources where input = 'enrolments') = (select count(*) from core.enrolments) + (select count(*) from core.exits)
		+ (select sum(rows_rejected + rows_duplicate + rows_outside + rows_excluded) from audit.sources where input = 'enrolments') and (select count(*) from core.exits) = (select coalesce(sum(row_count), 0) from audit.exits)`), "true")
}

// Rows rejected, doubled, outside and excluded beside exits of every fate; without such exits the tables are there and empty.
func TestExitsAddUp(t *testing.T) {
	w := newLoadWorld(t)
	w.file("enrolments", "entries.csv", `customer_id,scenario_id,entered_at,exited_at
c1,s1,2026-07-06 09:00:00,
c1,s1,2026-07-06 09:00:00,
c2,s1,soon,
`)
	w.file("enrolments", "exits.csv", `customer_id,scenario_id,exited_at
c1,s1,2026-07-07 09:00:00
c1,s1,2026-07-07 09:00:00
c2,s1,2026-07-07 09:00:00
c3,s1,never
`)
	w.spec.MaxRejectShare = 1
	db, _ := w.mustLoad()
	addUp(t, db)
	equal(t, "fates", query(t, db, "select fate, row_count from audit.exits order by fate"), "closed|1\nno_entry|1")

	none := newLoadWorld(t)
	none.file("enrolments", "entries.csv", "customer_id,scenario_id,entered_at\nc1,s1,2026-07-06 09:00:00\n")
	db, _ = none.mustLoad()
	addUp(t, db)
	equal(t, "no exits", query(t, db, "select (select count(*) from core.exits), (select count(*) from audit.exits)"), "0|0")
}
