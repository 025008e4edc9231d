package overlap

import (
	"context"
	"math"
	"slices"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of this block: the customer bucket halved, which keeps the tables of all pairs small. The jackknife
// covers as well with 50 groups as with 100 (statistics 12).
const Buckets = 50

// Everybody stands for the whole panel where a scenario's index is asked for.
const Everybody = -1

// unknownStage is the cell of the customer time in which no stage is known: a fact like all time, but compared with nothing.
const unknownStage = 0

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
	Lost      []LostRow
	Withheld  []WithheldRow
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

// TimeRow is a change of customer time; cell 0 holds the time without a known stage: the time of a stratum (cell x unit) is Seconds + unit seconds x all Begun of earlier units.
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
	StagedAtOnce, Staged       int64 // of them while the customer's stage was known: what is compared with the expected
	Hit, Week, Near            int64
	AFirst, BFirst             int64
	TimeEnough, MessagesEnough bool
}

// PairTimeRow is time in both at once while the stage was known.
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

// LostRow counts the messages of one scenario that were not sent although one of lower priority of another went to the customer; Before: the lower one went before the
// decision.
type LostRow struct {
	Lost, Sent                  int
	Sendable                    bool
	Messages, Before, Customers int64
}

// WithheldRow counts messages decided against by reason and bucket: with a known priority, and of these beside one of lower priority that was sent. First are the
// customers of these who count in this row alone.
type WithheldRow struct {
	Reason, Kind                                            string
	Sendable                                                bool
	Bucket                                                  int
	Messages, Customers, Ranked, Lost, CustomersLost, First int64
}

// Load fetches the reduced tables of the block. It reads nothing else and decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := loader{Reader: analytics.NewReader(ctx, src, "scenarios.red_"), index: map[int64]int{}}
	c := &Counts{}
	if f := l.Fetch("overlap_grid"); f != nil && f.Len() > 0 {
		c.Grid = Grid{
			UnitSeconds: f.Int64("unit_days")[0] * 86400, Units: int(f.Int64("units")[0]), SendWeeks: f.Int64("send_weeks")[0], Weeks: f.Int64("weeks")[0],
			CollisionSeconds: f.Int64("collision_seconds")[0],
		}
	}
	if f := l.Fetch("overlap_scenarios"); f != nil {
		sk, id, bulk, n, spans := f.Int64("sk"), f.String("scenario_id"), f.Bool("bulk"), l.Counts(f, "customers"), l.Counts(f, "spans")
		for i := range sk {
			l.index[sk[i]] = i
			c.Scenarios = append(c.Scenarios, Scenario{id[i], bulk[i], n[i], spans[i]})
		}
	}
	for _, name := range []string{"pt", "pt_scn"} {
		f := l.Fetch(name)
		if f == nil {
			break
		}
		of := slices.Repeat([]int{Everybody}, f.Len())
		if name == "pt_scn" {
			of = l.scenarios(f, "sk")
		}
		cell, unit, bucket := l.Within(f, "cell", 64), l.Within(f, "unit", c.Grid.Units+1), l.Within(f, "bucket", Buckets)
		begun, seconds := f.Int64("begun"), f.Int64("seconds")
		for i := range of {
			c.Time = append(c.Time, TimeRow{of[i], cell[i], unit[i], bucket[i], begun[i], seconds[i]})
		}
	}
	if f := l.Fetch("pair"); f != nil {
		a, b, n, ab, ba := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.Counts(f, "customers"), l.Counts(f, "a_then_b"), l.Counts(f, "b_then_a")
		once, seconds, hit, week, near := l.Counts(f, "customers_at_once"), l.Counts(f, "seconds"), l.Counts(f, "customers_hit"), l.Counts(f, "n_week"), l.Counts(f, "n_near")
		stagedOnce, staged := l.Counts(f, "staged_at_once"), l.Counts(f, "staged_seconds")
		first, second := l.Counts(f, "a_first"), l.Counts(f, "b_first")
		time, messages := f.Bool("time_enough"), f.Bool("messages_enough")
		for i := range a {
			c.Pairs = append(c.Pairs, PairRow{a[i], b[i], n[i], ab[i], ba[i], once[i], seconds[i], stagedOnce[i], staged[i], hit[i], week[i], near[i], first[i],
				second[i], time[i], messages[i]})
		}
	}
	if f := l.Fetch("pt_pair"); f != nil {
		a, b, g, seconds := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.Within(f, "bucket", Buckets), l.Counts(f, "seconds")
		for i := range a {
			c.PairTime = append(c.PairTime, PairTimeRow{a[i], b[i], g[i], seconds[i]})
		}
	}
	if f := l.Fetch("collide"); f != nil {
		a, b, g := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.Within(f, "bucket", Buckets)
		week, nearWeek, near := l.Counts(f, "n_week"), l.Counts(f, "n_near_week"), l.Counts(f, "n_near")
		first, second := l.Counts(f, "a_first"), l.Counts(f, "b_first")
		for i := range a {
			c.Messages = append(c.Messages, MessageRow{a[i], b[i], g[i], week[i], nearWeek[i], near[i], first[i], second[i]})
		}
	}
	if f := l.Fetch("ranked"); f != nil {
		a, b, g, ranked, inverted := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.Within(f, "bucket", Buckets), l.Counts(f, "ranked"), l.Counts(f, "inverted")
		for i := range a {
			c.Ranked = append(c.Ranked, RankedRow{a[i], b[i], g[i], ranked[i], inverted[i]})
		}
	}
	if f := l.Fetch("collide_units"); f != nil {
		a, b, u, week, near := l.scenarios(f, "sk_a"), l.scenarios(f, "sk_b"), l.Within(f, "unit", math.MaxInt32), l.Counts(f, "n_week"), l.Counts(f, "n_near_week")
		for i := range a {
			c.Weeks = append(c.Weeks, WeekRow{a[i], b[i], u[i], week[i], near[i]})
		}
	}
	if f := l.Fetch("sendhour"); f != nil {
		s, u, h, n := l.scenarios(f, "sk"), l.Within(f, "unit", math.MaxInt32), l.Within(f, "hour", HoursOfWeek), l.Counts(f, "n")
		for i := range s {
			c.Hours = append(c.Hours, HourRow{s[i], u[i], h[i], n[i]})
		}
	}
	if f := l.Fetch("sendslot"); f != nil {
		s, h, slot, n := l.scenarios(f, "sk"), l.Within(f, "hour", HoursOfWeek), l.Within(f, "slot", slotsOfHour), l.Counts(f, "n")
		for i := range s {
			c.Slots = append(c.Slots, SlotRow{s[i], h[i], slot[i], n[i]})
		}
	}
	if f := l.Fetch("lost"); f != nil {
		lost, sent, sendable, n, before, customers := l.scenarios(f, "sk_lost"), l.scenarios(f, "sk_sent"), f.Bool("sendable"), l.Counts(f, "messages"), l.Counts(f, "sent_first"), l.Counts(f, "customers")
		for i := range lost {
			c.Lost = append(c.Lost, LostRow{lost[i], sent[i], sendable[i], n[i], before[i], customers[i]})
		}
	}
	if f := l.Fetch("withheld"); f != nil {
		reason, kind, sendable, g, n, customers := f.String("reason"), f.String("kind"), f.Bool("sendable"), l.Within(f, "bucket", Buckets), l.Counts(f, "messages"), l.Counts(f, "customers")
		ranked, lost, hit, first := l.Counts(f, "ranked"), l.Counts(f, "lost"), l.Counts(f, "customers_lost"), l.Counts(f, "customers_first")
		for i := range reason {
			c.Withheld = append(c.Withheld, WithheldRow{reason[i], kind[i], sendable[i], g[i], n[i], customers[i], ranked[i], lost[i], hit[i], first[i]})
		}
	}
	if f := l.Fetch("concurrency"); f != nil {
		level, seconds, customers := f.Int64("level"), l.Counts(f, "seconds"), l.Counts(f, "customers")
		for i := range level {
			c.Levels = append(c.Levels, LevelRow{level[i], seconds[i], customers[i]})
		}
	}
	if l.Err() != nil {
		return nil, l.Err()
	}
	return c, nil
}

// loader is the reader of the block's tables with the places of the scenarios.
type loader struct {
	*analytics.Reader
	index map[int64]int // sk -> place in Counts.Scenarios
}

func (l *loader) scenarios(f *analytics.Frame, column string) []int {
	out := make([]int, f.Len())
	for i, sk := range f.Int64(column) {
		at, ok := l.index[sk]
		if !ok {
			l.Fail("load %s: %s %d is not in scenarios.red_overlap_scenarios", f.Table(), column, sk)
			return out
		}
		out[i] = at
	}
	return out
}
