package pipeline

import (
	"context"

	"crmaudit/analytics"
)

// Buckets is the number of buckets of every reduced table.
const Buckets = 100

// The stage keys that stand for a closing that only the outcome of the deal tells of.
const (
	byOutcomeWon  = -1
	byOutcomeLost = -2
)

// Counts holds the reduced tables of the block.
type Counts struct {
	Stages    []StageRow // in the order of their keys
	Ages      []AgeRow
	Moves     []MoveRow
	Closings  []ClosingRow
	Responses []ResponseRow
	States    []StateRow
	Losses    []LossRow
	Tasks     []TaskRow
	Days      map[string]DayRow // by owner
	Window    Window
}

// StageRow is a stage of the pipeline.
type StageRow struct {
	Key            int64
	Name           string
	Role, RoleFrom string
	Position       int64
	Listed         bool
}

// AgeRow counts stays of a stage that come under observation (enter), leave (exit) or are censored (lost) at an age in days.
type AgeRow struct {
	Stage  int64
	Kind   string
	To     int64
	Age    int
	Bucket int
	N      int64
}

// MoveRow counts stays of the period by the stage that they left to; To 0: still there.
type MoveRow struct {
	From, To                        int64
	Bucket                          int
	N, Entered, Priced, AmountMinor int64
}

// ClosingRow counts deals of a group that come under observation, are closed or censored at an age in days (all, month) or weeks (owner, source).
type ClosingRow struct {
	Grouping, Group string
	Month           int64
	Kind, Cause     string
	Age, Bucket     int
	N               int64
}

// ResponseRow counts deals by the slot of the first response, or of the end of what was seen.
type ResponseRow struct {
	Kind, Answer string
	Slot, Bucket int
	N            int64
}

// StateRow counts how deals of a group stand and what happened to them; the columns of analytics.red_pipeline_states.
type StateRow struct {
	Grouping, Group string
	Bucket          int
	State
}

// State is counts of deals; see analytics.red_pipeline_states.
type State struct {
	Deals, Entered, Active, Idle, Silent, Overdue, NextFilled, NextPast, NextFar, Owned, Priced, ActiveMinor, IdleMinor                     int64
	Won, WonPriced, WonMinor, Lost, LostMinor, Explained, Filler, ByOutcome, Contradiction, Reopened, SameInstant, Forward, Skips, Backward int64
}

// Merge adds counts.
func (s State) Merge(o State) State {
	return State{
		s.Deals + o.Deals, s.Entered + o.Entered, s.Active + o.Active, s.Idle + o.Idle, s.Silent + o.Silent, s.Overdue + o.Overdue, s.NextFilled + o.NextFilled, s.NextPast + o.NextPast,
		s.NextFar + o.NextFar, s.Owned + o.Owned, s.Priced + o.Priced, s.ActiveMinor + o.ActiveMinor, s.IdleMinor + o.IdleMinor,
		s.Won + o.Won, s.WonPriced + o.WonPriced, s.WonMinor + o.WonMinor, s.Lost + o.Lost, s.LostMinor + o.LostMinor, s.Explained + o.Explained, s.Filler + o.Filler, s.ByOutcome + o.ByOutcome,
		s.Contradiction + o.Contradiction, s.Reopened + o.Reopened, s.SameInstant + o.SameInstant, s.Forward + o.Forward, s.Skips + o.Skips, s.Backward + o.Backward,
	}
}

// LossRow counts lost deals by reason and by the stage that they were lost from.
type LossRow struct {
	Reason, Stage  string
	Bucket         int
	N, AmountMinor int64
}

// TaskRow counts tasks of an owner; see analytics.red_pipeline_tasks.
type TaskRow struct {
	Owner  string
	Bucket int
	Tasks
}

// Tasks is counts of tasks; see analytics.red_pipeline_tasks.
type Tasks struct{ Tasks, Created, Done, Due, OnTime, Late, Active, ActiveDue, Overdue, Undated, Unreal int64 }

// Merge adds counts.
func (t Tasks) Merge(o Tasks) Tasks {
	return Tasks{t.Tasks + o.Tasks, t.Created + o.Created, t.Done + o.Done, t.Due + o.Due, t.OnTime + o.OnTime, t.Late + o.Late, t.Active + o.Active, t.ActiveDue + o.ActiveDue,
		t.Overdue + o.Overdue, t.Undated + o.Undated, t.Unreal + o.Unreal}
}

// DayRow is the days on which an owner finished tasks, and the most on one day.
type DayRow struct{ Days, Most int64 }

// Window is the borders of the pipeline's data: days since 1970-01-01, rows.
type Window struct {
	From, To                                int64
	First, Last                             int64 // of deals and tasks; 0 without any
	DealRows, TaskRows, FutureRows, Clients int64 // Clients: rows of deals that name a customer
}

// Load fetches the reduced tables of the block; it decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	r := &reader{analytics.NewReader(ctx, src, "analytics.red_pipeline_")}
	c := &Counts{Days: map[string]DayRow{}}
	r.rows("stages", func(f *frame) {
		k, name, role, from, pos, listed := f.Int64("sk"), f.String("stage"), f.String("role"), f.String("role_from"), f.count("position"), f.Bool("listed")
		for i := range k {
			c.Stages = append(c.Stages, StageRow{k[i], name[i], role[i], from[i], pos[i], listed[i]})
		}
	})
	r.rows("ages", func(f *frame) {
		stage, kind, to, age, bucket, n := f.Int64("sk"), f.String("kind"), f.Int64("to_sk"), f.place("age", maxAge+1), f.place("bucket", Buckets), f.count("n")
		for i := range stage {
			c.Ages = append(c.Ages, AgeRow{stage[i], kind[i], to[i], age[i], bucket[i], n[i]})
		}
	})
	r.rows("moves", func(f *frame) {
		from, to, bucket, n, entered, priced, amount := f.Int64("from_sk"), f.Int64("to_sk"), f.place("bucket", Buckets), f.count("n"), f.count("entered"), f.count("priced"), f.count("amount_minor")
		for i := range from {
			c.Moves = append(c.Moves, MoveRow{from[i], to[i], bucket[i], n[i], entered[i], priced[i], amount[i]})
		}
	})
	r.rows("closings", func(f *frame) {
		grouping, group, month, kind, cause := f.String("grouping"), f.String("group_value"), f.Int64("month_start_day"), f.String("kind"), f.String("cause")
		age, bucket, n := f.place("age", maxAge+1), f.place("bucket", Buckets), f.count("n")
		for i := range grouping {
			c.Closings = append(c.Closings, ClosingRow{grouping[i], group[i], month[i], kind[i], cause[i], age[i], bucket[i], n[i]})
		}
	})
	r.rows("responses", func(f *frame) {
		kind, answer, slot, bucket, n := f.String("kind"), f.String("answer"), f.place("slot", slots+1), f.place("bucket", Buckets), f.count("n")
		for i := range kind {
			c.Responses = append(c.Responses, ResponseRow{kind[i], answer[i], slot[i], bucket[i], n[i]})
		}
	})
	r.rows("states", func(f *frame) { c.States = states(f) })
	r.rows("losses", func(f *frame) {
		reason, stage, bucket, n, amount := f.String("reason"), f.String("stage"), f.place("bucket", Buckets), f.count("n"), f.count("amount_minor")
		for i := range reason {
			c.Losses = append(c.Losses, LossRow{reason[i], stage[i], bucket[i], n[i], amount[i]})
		}
	})
	r.rows("tasks", func(f *frame) {
		owner, bucket := f.String("owner"), f.place("bucket", Buckets)
		of := f.counts("tasks", "created", "done", "due", "on_time", "late", "active", "active_due", "overdue", "undated", "unreal")
		for i := range owner {
			x := of(i)
			c.Tasks = append(c.Tasks, TaskRow{owner[i], bucket[i], Tasks{x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10]}})
		}
	})
	r.rows("days", func(f *frame) {
		owner, days, most := f.String("owner"), f.count("days"), f.count("most")
		for i := range owner {
			c.Days[owner[i]] = DayRow{days[i], most[i]}
		}
	})
	r.rows("window", func(f *frame) {
		if f.Len() == 0 {
			return
		}
		of := func(column string) int64 { return f.Int64(column)[0] }
		c.Window = Window{of("from_day"), of("to_day"), of("first_day"), of("last_day"), of("deal_rows"), of("task_rows"), of("future_rows"), of("customers")}
	})
	return c, r.Err()
}

func states(f *frame) (out []StateRow) {
	grouping, group, bucket := f.String("grouping"), f.String("group_value"), f.place("bucket", Buckets)
	of := f.counts("deals", "entered", "active", "idle", "silent", "overdue", "next_filled", "next_past", "next_far", "owned", "priced", "active_minor", "idle_minor",
		"won", "won_priced", "won_minor", "lost", "lost_minor", "explained", "filler", "by_outcome", "contradiction", "reopened", "same_instant", "forward", "skips", "backward")
	for i := range grouping {
		x := of(i)
		out = append(out, StateRow{grouping[i], group[i], bucket[i], State{
			x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11], x[12], x[13], x[14], x[15], x[16], x[17], x[18], x[19], x[20], x[21], x[22], x[23], x[24], x[25], x[26]}})
	}
	return out
}

// reader reads tables row by row and keeps the first mistake.
type reader struct{ *analytics.Reader }

type frame struct {
	*analytics.Frame
	r *analytics.Reader
}

func (r *reader) rows(name string, read func(f *frame)) {
	if f := r.Fetch(name); f != nil {
		read(&frame{f, r.Reader})
	}
}

func (f *frame) place(column string, limit int) []int { return f.r.Within(f.Frame, column, limit) }

func (f *frame) count(column string) []int64 { return f.r.Counts(f.Frame, column) }

// counts reads several columns of counts; the function gives those of a row.
func (f *frame) counts(columns ...string) func(i int) []int64 {
	all := make([][]int64, len(columns))
	for k, c := range columns {
		all[k] = f.count(c)
	}
	return func(i int) []int64 {
		row := make([]int64, len(all))
		for k := range all {
			row[k] = all[k][i]
		}
		return row
	}
}
