package lifecycle

import (
	"context"
	"slices"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of every reduced table.
const Buckets = 100

// Censored is SpellRow.Next of a stay that was not over when the data ended.
const Censored = -1

// Counts holds the reduced tables of the life cycle with stage names turned into indices into Stages. N counts customers, customer-periods
// or stays, as each row type says; every row belongs to one bucket of customers. Rows are kept as they came: nothing is divided here.
type Counts struct {
	Stages    []string // every stage name met, sorted
	Periods   []Period // ordered by period
	InStage   []StageRow
	Moves     []MoveRow
	Groups    []GroupRow
	Triples   []TripleRow
	Ahead     []AheadRow
	Spells    []SpellRow
	Values    []ValueRow
	Matches   []MatchRow
	Scenarios []ScenarioRow
	Customers []CustomerRow
}

// Period is one complete step of the panel.
type Period struct {
	Number int64  // 1..P
	Start  string // ISO date of its first day
	Days   int64
}

// StageRow counts customers who are in Stage at the end of Period, burn-in periods included.
type StageRow struct {
	Period        int64
	Stage, Bucket int
	N             int64
}

// MoveRow counts customers who are in From at the end of Period and in To one period later (To = From is a stay).
type MoveRow struct {
	Period           int64
	From, To, Bucket int
	N                int64
}

// GroupRow is MoveRow summed over periods within one group of customers; grouping "all" is everybody.
type GroupRow struct {
	Grouping, Value  string
	From, To, Bucket int
	N                int64
}

// TripleRow counts customer-periods by the stages of three neighbouring periods.
type TripleRow struct {
	Prev, From, To, Bucket int
	N                      int64
}

// AheadRow counts customers in From at one period's end and in To at the end of the period Horizon steps later, whatever lay between.
type AheadRow struct {
	Horizon          int64
	From, To, Bucket int
	N                int64
}

// SpellRow counts stays in Stage that came under observation at age Entry (periods in the stage, 1 = just entered) and were last seen at
// age Exit. Next is the stage they left for, or Censored. A LeftOpen stay began before the data, so that its ages are not known.
type SpellRow struct {
	Stage, Next int
	Entry, Exit int64
	LeftOpen    bool
	Bucket      int
	N           int64
}

// ValueRow sums what customers in Stage at age Age ordered in the period that follows.
type ValueRow struct {
	Stage                                         int
	Age                                           int64
	Bucket                                        int
	CustomerPeriods, Buyers, Orders, RevenueMinor int64
}

// MatchRow counts customers of the last period by the set of rules that match them: bit p-1 of Mask is the rule at position p.
type MatchRow struct {
	Mask          int64
	Stage, Bucket int
	N             int64
}

// ScenarioRow counts messages of a scenario to customers who were in Stage.
type ScenarioRow struct {
	Stage    int
	Scenario string
	Messages int64
}

// CustomerRow counts customers who were in Stage in at least one period.
type CustomerRow struct {
	Stage, Bucket int
	N             int64
}

// Load fetches the reduced tables of the life cycle. It reads nothing else and decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := loader{Reader: analytics.NewReader(ctx, src, "lifecycle.red_"), index: map[string]int{}}
	c := &Counts{}
	if f := l.Fetch("periods"); f != nil {
		n, start, days := f.Int64("period"), f.String("period_start"), f.Int64("days")
		for i := range n {
			c.Periods = append(c.Periods, Period{n[i], start[i], days[i]})
		}
	}
	if f := l.Fetch("stage_periods"); f != nil {
		p, s, b, n := f.Int64("period"), l.stages(f, "stage"), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
		for i := range p {
			c.InStage = append(c.InStage, StageRow{p[i], s[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("transition_periods"); f != nil {
		p, a, z, b, n := f.Int64("period"), l.stages(f, "from_stage"), l.stages(f, "to_stage"), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
		for i := range p {
			c.Moves = append(c.Moves, MoveRow{p[i], a[i], z[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("transitions"); f != nil {
		g, v := f.String("grouping"), f.String("group_value")
		a, z, b, n := l.stages(f, "from_stage"), l.stages(f, "to_stage"), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
		for i := range g {
			c.Groups = append(c.Groups, GroupRow{g[i], v[i], a[i], z[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("triples"); f != nil {
		o, a, z, b, n := l.stages(f, "prev_stage"), l.stages(f, "from_stage"), l.stages(f, "to_stage"), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
		for i := range o {
			c.Triples = append(c.Triples, TripleRow{o[i], a[i], z[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("kstep"); f != nil {
		h, a, z, b, n := f.Int64("h"), l.stages(f, "from_stage"), l.stages(f, "to_stage"), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
		for i := range h {
			c.Ahead = append(c.Ahead, AheadRow{h[i], a[i], z[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("spells"); f != nil {
		s, z, over := l.stages(f, "stage"), l.stages(f, "next_stage"), f.Valid("next_stage")
		in, out, open, b, n := f.Int64("entry_age"), f.Int64("exit_age"), f.Bool("left_open"), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
		for i := range s {
			next := Censored
			if over[i] {
				next = z[i]
			}
			c.Spells = append(c.Spells, SpellRow{s[i], next, in[i], out[i], open[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("stage_value"); f != nil {
		s, age, b := l.stages(f, "stage"), f.Int64("age"), l.Within(f, "bucket", Buckets)
		n, buyers, orders, money := l.Counts(f, "customer_periods"), l.Counts(f, "buyers"), l.Counts(f, "orders"), f.Int64("revenue_minor")
		for i := range s {
			c.Values = append(c.Values, ValueRow{s[i], age[i], b[i], n[i], buyers[i], orders[i], money[i]})
		}
	}
	if f := l.Fetch("rule_matches"); f != nil {
		m, s, b, n := f.Int64("mask"), l.stages(f, "stage"), l.Within(f, "bucket", Buckets), l.Counts(f, "n")
		for i := range m {
			c.Matches = append(c.Matches, MatchRow{m[i], s[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("stage_scenarios"); f != nil {
		s, id, m := l.stages(f, "stage"), f.String("scenario_id"), l.Counts(f, "messages")
		for i := range s {
			c.Scenarios = append(c.Scenarios, ScenarioRow{s[i], id[i], m[i]})
		}
	}
	if f := l.Fetch("stage_customers"); f != nil {
		s, b, n := l.stages(f, "stage"), l.Within(f, "bucket", Buckets), l.Counts(f, "customers")
		for i := range s {
			c.Customers = append(c.Customers, CustomerRow{s[i], b[i], n[i]})
		}
	}
	if l.Err() != nil {
		return nil, l.Err()
	}
	l.finish(c)
	return c, nil
}

// loader is the reader of the block's tables with the order of the stage names.
type loader struct {
	*analytics.Reader
	index map[string]int // stage name -> order of first sight
	names []string
}

func (l *loader) stages(f *analytics.Frame, column string) []int {
	out := make([]int, f.Len())
	valid := f.Valid(column)
	for i, s := range f.String(column) {
		if !valid[i] {
			out[i] = Censored
			continue
		}
		at, ok := l.index[s]
		if !ok {
			at = len(l.names)
			l.index[s], l.names = at, append(l.names, s)
		}
		out[i] = at
	}
	return out
}

// finish sorts the stage names and renumbers the rows, so that Counts does not depend on the order of rows.
func (l *loader) finish(c *Counts) {
	c.Stages = slices.Clone(l.names)
	slices.Sort(c.Stages)
	c.renumber(func(old int) int {
		if old == Censored {
			return Censored
		}
		at, _ := slices.BinarySearch(c.Stages, l.names[old])
		return at
	})
	slices.SortFunc(c.Periods, func(a, b Period) int { return int(a.Number - b.Number) })
}

func (c *Counts) renumber(to func(int) int) {
	for i := range c.InStage {
		c.InStage[i].Stage = to(c.InStage[i].Stage)
	}
	for i := range c.Moves {
		c.Moves[i].From, c.Moves[i].To = to(c.Moves[i].From), to(c.Moves[i].To)
	}
	for i := range c.Groups {
		c.Groups[i].From, c.Groups[i].To = to(c.Groups[i].From), to(c.Groups[i].To)
	}
	for i := range c.Triples {
		c.Triples[i].Prev, c.Triples[i].From, c.Triples[i].To = to(c.Triples[i].Prev), to(c.Triples[i].From), to(c.Triples[i].To)
	}
	for i := range c.Ahead {
		c.Ahead[i].From, c.Ahead[i].To = to(c.Ahead[i].From), to(c.Ahead[i].To)
	}
	for i := range c.Spells {
		c.Spells[i].Stage, c.Spells[i].Next = to(c.Spells[i].Stage), to(c.Spells[i].Next)
	}
	for i := range c.Values {
		c.Values[i].Stage = to(c.Values[i].Stage)
	}
	for i := range c.Matches {
		c.Matches[i].Stage = to(c.Matches[i].Stage)
	}
	for i := range c.Scenarios {
		c.Scenarios[i].Stage = to(c.Scenarios[i].Stage)
	}
	for i := range c.Customers {
		c.Customers[i].Stage = to(c.Customers[i].Stage)
	}
}
