package effects

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// Range is an effect of emulated trials with one covariate left out of the cells, on the same entrants (statistics 7.4 e).
type Range struct {
	Scenario, Outcome, LeftOut string
	Value                      suffstat.Estimate
	UnitsTreated, UnitsControl int64
}

// covariates are the bins of a cell, by the names of scenarios.effect_ranges.
var covariates = []struct {
	name string
	of   func(b *bins) *int64
}{
	{"calendar", func(b *bins) *int64 { return &b.fortnight }},
	{"stage", func(b *bins) *int64 { return &b.stage }},
	{"stage_age", func(b *bins) *int64 { return &b.age }},
	{"recency", func(b *bins) *int64 { return &b.recency }},
	{"tenure", func(b *bins) *int64 { return &b.tenure }},
	{"orders", func(b *bins) *int64 { return &b.orders }},
	{"order_value", func(b *bins) *int64 { return &b.worth }},
	{"phase", func(b *bins) *int64 { return &b.phase }},
	{"engagement", func(b *bins) *int64 { return &b.engagement }},
	{"pressure", func(b *bins) *int64 { return &b.pressure }},
	{"audience", func(b *bins) *int64 { return &b.audience }},
}

// cells are how the trials of one scenario are compared: the cell of each row, and the rung of the ladder that made them.
type cells struct {
	rows  []CellRow
	index []int
	level int
}

// leaveOut estimates the outcomes y anew, each covariate in which units differ left out in turn. The entrants stay those whom t compares, so that what moves the number is the covariate and not other people; their
// comparators are all who agree in the rest. It says how much the number leans on one characteristic, and nothing about those that nobody has measured.
func (c cells) leaveOut(t suffstat.Trial, n func(CellRow) int64, y ...func(CellRow) int64) (names []string, out []suffstat.Trial) {
	used := func(i int) bool {
		return c.index[i] < len(t.CellOther) && t.CellTreated[c.index[i]] > 0 && t.CellOther[c.index[i]] >= suffstat.MinComparators
	}
	var rows []CellRow
	var of []bins
	varies, first := make([]bool, len(covariates)), true
	var seen bins
	for i, r := range c.rows {
		if r.Treated && !used(i) {
			continue
		}
		b := coarsen(unpack(r.Cell), c.level)
		rows, of = append(rows, r), append(of, b)
		if first {
			seen, first = b, false
		}
		for k, v := range covariates {
			varies[k] = varies[k] || *v.of(&b) != *v.of(&seen)
		}
	}
	for k, v := range covariates {
		if !varies[k] {
			continue
		}
		at, index := map[bins]int{}, make([]int, len(rows))
		for i, b := range of {
			*v.of(&b) = 0
			j, ok := at[b]
			if !ok {
				j = len(at)
				at[b] = j
			}
			index[i] = j
		}
		names, out = append(names, v.name), append(out, att(rows, index, n, y...))
	}
	return names, out
}

// ranges adds what leaving out one covariate does to the given outcomes of a scenario.
func (f *fitter) ranges(s *Scenario, names []string, trials []suffstat.Trial, outcomes []string) {
	for j, outcome := range outcomes {
		e := f.m.of(s.ID, MethodTrials, "", outcome)
		if e == nil || !e.Value.OK() {
			continue
		}
		k := 1.
		if isMoney(outcome) {
			k = 1. / minorUnits
		}
		e.RangeLower, e.RangeUpper = e.Value.Value, e.Value.Value
		var most float64
		for i, t := range trials {
			x := t.Outcomes[j].ATT.Scale(k, e.Value.Unit).Of(e.Value.N, e.Value.Unit)
			if !x.OK() {
				continue
			}
			f.m.Ranges = append(f.m.Ranges, Range{s.ID, outcome, names[i], x, t.Matched, t.MatchedComparators})
			e.RangeLower, e.RangeUpper = math.Min(e.RangeLower, x.Value), math.Max(e.RangeUpper, x.Value)
			if d := math.Abs(x.Value - e.Value.Value); d > most {
				most, e.RangeLeftOut = d, names[i]
			}
		}
	}
}
