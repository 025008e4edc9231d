package duck

import (
	"context"
	"fmt"
)

// Some systems write the exit from a scenario as an event of its own (Braze: canvas.exit.*). Such a row of enrolments has exited_at and no entered_at. It closes the customer's entry into
// the scenario of the same entry_id or, when either row has none, the latest entry before it. An entry that has an exit keeps it; of several exits the earliest counts; an exit that finds
// no entry (it came before the first loaded day) is no enrolment. Every such row is in core.exits with what became of it, so that the rows loaded are those of core.enrolments and core.exits together.

// closeEntries gives entries the exits that stand in rows of their own, and takes those rows out of core.enrolments.
func (l *loader) closeEntries(ctx context.Context) error {
	const what = "close entries"
	exits, err := l.number(ctx, what, "select count(*) from core.enrolments where entered_at IS NULL")
	if err != nil {
		return err
	}
	if exits == 0 {
		return l.exec(ctx, what, "create or replace table core.exits (ck INTEGER, scenario_id VARCHAR, entry_id VARCHAR, exited_at TIMESTAMP, exited_day INTEGER, exit_reason VARCHAR, fate VARCHAR)")
	}
	for _, text := range []string{
		"create or replace temp table load_exits as select rowid AS rid, ck, scenario_id, entry_id, exited_at, exited_day, exit_reason from core.enrolments where entered_at IS NULL",
		"create or replace temp table load_entries as select rowid AS rid, ck, scenario_id, entry_id, entered_at, exited_at from core.enrolments where entered_at IS NOT NULL",
		`create or replace temp table load_closed as
select x.rid AS exit_rid, e.rid from load_exits x join load_entries e on e.ck = x.ck and e.scenario_id = x.scenario_id and e.entry_id = x.entry_id and e.entered_at <= x.exited_at`,
		`insert into load_closed
select x.rid, e.rid from (select * from load_exits where rid not in (select exit_rid from load_closed)) x
asof join (select ck, scenario_id, entered_at, max(rid) AS rid from load_entries group by all) e on e.ck = x.ck and e.scenario_id = x.scenario_id and x.exited_at >= e.entered_at
join load_entries n on n.rid = e.rid where n.entry_id IS NULL or x.entry_id IS NULL`,
		`create or replace temp table load_first_exits as
select c.rid, x.rid AS exit_rid, x.exited_at, x.exited_day, x.exit_reason, x.entry_id from load_closed c join load_exits x on x.rid = c.exit_rid
qualify row_number() over (partition by c.rid order by x.exited_at, x.exit_reason NULLS LAST, x.entry_id NULLS LAST) = 1`,
		`create or replace table core.exits as
select x.ck, CAST(x.scenario_id AS VARCHAR) AS scenario_id, CAST(x.entry_id AS VARCHAR) AS entry_id, x.exited_at, CAST(x.exited_day AS INTEGER) AS exited_day, CAST(x.exit_reason AS VARCHAR) AS exit_reason,
  CASE WHEN f.exit_rid IS NOT NULL THEN 'closed' WHEN c.exit_rid IS NOT NULL THEN 'repeated' ELSE 'no_entry' END AS fate
from load_exits x
left join (select DISTINCT exit_rid from load_closed) c on c.exit_rid = x.rid
left join (select DISTINCT f.exit_rid from load_first_exits f join load_entries e on e.rid = f.rid where e.exited_at IS NULL) f on f.exit_rid = x.rid
order by x.ck, 2, x.exited_at, 3, 6`,
		`create or replace table core.enrolments_closed as
select e.* replace (coalesce(e.entry_id, x.entry_id) AS entry_id, coalesce(e.exited_at, x.exited_at) AS exited_at, CASE WHEN e.exited_at IS NULL THEN x.exited_day ELSE e.exited_day END AS exited_day,
  coalesce(e.exit_reason, CASE WHEN e.exited_at IS NULL THEN x.exit_reason END) AS exit_reason)
from core.enrolments e left join load_first_exits x on x.rid = e.rowid where e.entered_at IS NOT NULL`,
	} {
		if err := l.exec(ctx, what, text); err != nil {
			return err
		}
	}
	lost, err := l.number(ctx, what, "select count(*) from core.exits where fate = 'no_entry'")
	if err != nil {
		return err
	}
	if lost > 0 {
		l.report.Warnings = append(l.report.Warnings, fmt.Sprintf("enrolments: %d of %d exits found no entry of the same customer and scenario before them (core.exits)", lost, exits))
	}
	for _, text := range []string{"drop table core.enrolments", "alter table core.enrolments_closed rename to enrolments", "drop table load_exits; drop table load_entries; drop table load_closed; drop table load_first_exits"} {
		if err := l.exec(ctx, what, text); err != nil {
			return err
		}
	}
	return nil
}

// countExitsSQL writes audit.exits.
func countExitsSQL() []string {
	return []string{
		"delete from audit.exits",
		"insert into audit.exits select fate, count(*), count(DISTINCT ck), min(exited_at), max(exited_at) from core.exits group by fate order by fate",
	}
}
