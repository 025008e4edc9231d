package overlap

import (
	"context"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of this block: the customer bucket halved, which keeps the tables of all pairs small. The jackknife
// covers as well with 50 groups as with 100 (statistics 12).
const Buckets = 50

// Everybody stands for the whole panel where a scenario's index is asked for.
const Everybody = -1

// Counts holds the reduced tables with scenarios as indices into Scenarios. Nothing is divided here.
type Counts struct {
	Grid      Grid
	Scenarios []Scenario // in the order of their ids
	Time      []TimeRow
	Pairs     []PairRow
	PairTime  []PairTimeRow
	Messages  []MessageRow
	Ranked    []RankedRow
	Weeks     []WeekRow
	Hours     []HourRow
	Slots     []SlotRow
	Levels    []LevelRow
}

// Grid is the calendar of the block.
type Grid struct {
	UnitSeconds      int64 // length of a step of person-time
	Units            int   // their number
	SendWeeks        int64 // weeks in a step of collisions
	Weeks            int64 // of the audited time
	CollisionSeconds int64
}

// Scenario is a chain of messages or, when Bulk, a calendar campaign.
type Scenario struct {
	ID               string
	Bulk             bool
	Customers, Spans int64
}

// TimeRow is a change of customer time: the time of a stratum (cell x unit) is Seconds + unit seconds x all Begun of earlier units.
type TimeRow struct {
	Scenario           int // Everybody: the panel
	Cell, Unit, Bucket int
	Begun, Seconds     int64
}

// PairRow is the support of a pair, A before B.
type PairRow struct {
	A, B                       int
	Customers, AThenB, BThenA  int64
	AtOnce, Seconds            int64
	Hit, Week, Near            int64
	AFirst, BFirst             int64
	TimeEnough, MessagesEnough bool
}

// PairTimeRow is time in both at once.
type PairTimeRow struct {
	A, B, Bucket int
	Seconds      int64
}

// MessageRow counts pairs of messages to one customer: in one week, of them near each other, near each other at all, by who went first.
type MessageRow struct {
	A, B, Bucket                         int
	Week, NearWeek, Near, AFirst, BFirst int64
}

// RankedRow counts collisions of messages that carry different priorities of their own.
type RankedRow struct {
	A, B, Bucket     int
	Ranked, Inverted int64
}

// WeekRow is MessageRow by calendar step.
type WeekRow struct {
	A, B, Unit     int
	Week, NearWeek int64
}

// HourRow counts messages by hour of the week.
type HourRow struct {
	Scenario, Unit, Hour int
	N                    int64
}

// SlotRow counts messages by hour of the week and five minutes within it.
type SlotRow struct {
	Scenario, Hour, Slot int
	N                    int64
}

// LevelRow is customer time spent in Level scenarios at once; Customers were never in more.
type LevelRow struct{ Level, Seconds, Customers int64 }

// Load fetches the reduced tables of the block. It reads nothing else and decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := loader{ctx: ctx, src: src, index: map[int64]int{}}
	c := &Counts{}
	if f := l.fetch("overlap_grid"); f != nil && f.Len() > 0 {
		c.Grid = Grid{
			UnitSeconds: f.Int64("unit_days")[0] * 86400, Units: int(f.Int64("units")[0]), SendWeeks: f.Int64("send_weeks")[0], Weeks: f.Int64("weeks")[0],
			CollisionSeconds: f.Int64("collision_seconds")[0],
		}
	}
	if f := l.fetch("overlap_scenarios"); f != nil {
		sk, id, bulk, n, spans := f.Int64("sk"), f.String("scenario_id"), f.Bool("bulk"), l.counts(f, "customers"), l.counts(f, "spans")
		for i := range sk {
			l.index[sk[i]] = i
			c.Scenarios = append(c.Scenarios, Scenario{id[i], bulk[i], n[i], spans[i]})
		}
	}
	for _, name := range []string{"pt", "pt_scn"} {
		f := l.fetch(name)
		if f == nil {
			break
		}
		of := slices.Repeat([]int{Everybody}, f.Len())
		if name == "pt_scn" {
			of = l.scenarios(f, "sk")
		}
		cell, unit, bucket := l.within(f, "cell", 64), l.within(f, "unit", c.Grid.Units+1), l.within(f, "bucket", Buckets)
		begun, seconds := f.Int64("begun"), f.Int64("seconds")
		for i := range of {
			c.Time = append(c.Time, TimeRow{of[i], cell[i], unit[i], bucket[i], begun[i], seconds[i]})
		}
	}
	if f := l.fetch("pair"); f != nil {
		a, b, n, ab, ba := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.counts(f, "customers"), l.counts(f, "a_then_b"), l.counts(f, "b_then_a")
		once, seconds, hit, week, near := l.counts(f, "customers_at_once"), l.counts(f, "seconds"), l.counts(f, "customers_hit"), l.counts(f, "n_week"), l.counts(f, "n_near")
		first, second := l.counts(f, "a_first"), l.counts(f, "b_first")
		time, messages := f.Bool("time_enough"), f.Bool("messages_enough")
		for i := range a {
			c.Pairs = append(c.Pairs, PairRow{a[i], b[i], n[i], ab[i], ba[i], once[i], seconds[i], hit[i], week[i], near[i], first[i], second[i],
				time[i], messages[i]})
		}
	}
	if f := l.fetch("pt_pair"); f != nil {
		a, b, g, seconds := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.within(f, "bucket", Buckets), l.counts(f, "seconds")
		for i := range a {
			c.PairTime = append(c.PairTime, PairTimeRow{a[i], b[i], g[i], seconds[i]})
		}
	}
	if f := l.fetch("collide"); f != nil {
		a, b, g := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.within(f, "bucket", Buckets)
		week, nearWeek, near := l.counts(f, "n_week"), l.counts(f, "n_near_week"), l.counts(f, "n_near")
		first, second := l.counts(f, "a_first"), l.counts(f, "b_first")
		for i := range a {
			c.Messages = append(c.Messages, MessageRow{a[i], b[i], g[i], week[i], nearWeek[i], near[i], first[i], second[i]})
		}
	}
	if f := l.fetch("ranked"); f != nil {
		a, b, g, ranked, inverted := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.within(f, "bucket", Buckets), l.counts(f, "ranked"), l.counts(f, "inverted")
		for i := range a {
			c.Ranked = append(c.Ranked, RankedRow{a[i], b[i], g[i], ranked[i], inverted[i]})
		}
	}
	if f := l.fetch("collide_units"); f != nil {
		a, b, u, week, near := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.within(f, "unit", math.MaxInt32), l.counts(f, "n_week"), l.counts(f, "n_near_week")
		for i := range a {
			c.Weeks = append(c.Weeks, WeekRow{a[i], b[i], u[i], week[i], near[i]})
		}
	}
	if f := l.fetch("sendhour"); f != nil {
		s, u, h, n := l.scenarios(f, "sk"), l.within(f, "unit", math.MaxInt32), l.within(f, "hour", HoursOfWeek), l.counts(f, "n")
		for i := range s {
			c.Hours = append(c.Hours, HourRow{s[i], u[i], h[i], n[i]})
		}
	}
	if f := l.fetch("sendslot"); f != nil {
		s, h, slot, n := l.scenarios(f, "sk"), l.within(f, "hour", HoursOfWeek), l.within(f, "slot", slotsOfHour), l.counts(f, "n")
		for i := range s {
			c.Slots = append(c.Slots, SlotRow{s[i], h[i], slot[i], n[i]})
		}
	}
	if f := l.fetch("concurrency"); f != nil {
		level, seconds, customers := f.Int64("level"), l.counts(f, "seconds"), l.counts(f, "customers")
		for i := range level {
			c.Levels = append(c.Levels, LevelRow{level[i], seconds[i], customers[i]})
		}
	}
	if l.err != nil {
		return nil, l.err
	}
	return c, nil
}

// loader keeps the first mistake, so that Load reads as the list of tables that it is.
type loader struct {
	ctx   context.Context
	src   analytics.Source
	index map[int64]int // sk -> place in Counts.Scenarios
	err   error
}

func (l *loader) fetch(name string) *analytics.Frame {
	if l.err != nil {
		return nil
	}
	table := "scenarios.red_" + name
	f, err := l.src.Fetch(l.ctx, table)
	if err != nil {
		l.err = fmt.Errorf("load %s: %w", table, err)
		return nil
	}
	return f
}

func (l *loader) scenarios(f *analytics.Frame, column string) []int {
	out := make([]int, f.Len())
	for i, sk := range f.Int64(column) {
		at, ok := l.index[sk]
		if !ok {
			l.fail("load %s: %s %d is not in scenarios.red_overlap_scenarios", f.Table(), column, sk)
			return out
		}
		out[i] = at
	}
	return out
}

func (l *loader) within(f *analytics.Frame, column string, limit int) []int {
	out := make([]int, f.Len())
	for i, x := range f.Int64(column) {
		if x < 0 || x >= int64(limit) {
			l.fail("load %s: %s is %d, not in 0..%d", f.Table(), column, x, limit-1)
			return out
		}
		out[i] = int(x)
	}
	return out
}

func (l *loader) counts(f *analytics.Frame, column string) []int64 {
	out := f.Int64(column)
	for _, n := range out {
		if n < 0 || n > math.MaxInt64/4 {
			l.fail("load %s: %s is %d, not a count", f.Table(), column, n)
			return out
		}
	}
	return out
}

func (l *loader) fail(format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf(format, args...)
	}
}
