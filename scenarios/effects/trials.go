package effects

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// bins are the bins of a cell, unpacked from its number (queries/scenarios/fct_trial_units.sql, red_tte.sql).
type bins struct {
	fortnight, stage, age, recency, tenure, orders, worth, phase, engagement, pressure int64
	audience                                                                           int64 // 1 in the group by which entry is told (fct_trial_audiences)
}

func unpack(cell int64) bins {
	take := func(radix int64) int64 {
		v := cell % radix
		cell /= radix
		return v
	}
	var b bins
	b.audience = take(2)
	b.pressure, b.engagement, b.phase, b.worth, b.orders = take(4), take(3), take(4), take(3), take(6)
	b.tenure, b.recency, b.age, b.stage = take(4), take(13), take(3), take(256)
	b.fortnight = cell
	return b
}

// step is one rung of the ladder of cells: what it merges, and the bins that lose detail.
type step struct {
	note  string
	merge func(b *bins)
	loses []func(b bins) int64
}

// ladder is how cells are made larger in a small base, from the least to the most important bins. The stage and the audience always stay. A bin may lose detail only when by itself, within
// the stage and within the audience, at least 90 % of the entrants have comparators in its fine bins: so a scenario that takes everybody from some day on, or everybody of some kind, is seen for what it is, and only
// thin cells are joined. Outcomes play no part.
var ladder = []step{
	{"cells_full", func(*bins) {}, nil},
	{"cells_without_value", func(b *bins) { b.worth, b.age = 0, 0 }, []func(bins) int64{func(b bins) int64 { return b.worth }, func(b bins) int64 { return b.age }}},
	{"cells_eight_weeks", func(b *bins) { b.fortnight /= 4 }, []func(bins) int64{func(b bins) int64 { return b.fortnight }}},
	{"cells_coarse", func(b *bins) { b.pressure, b.tenure, b.phase = min(b.pressure, 1), b.tenure/2, min(b.phase, 2) },
		[]func(bins) int64{func(b bins) int64 { return b.pressure }, func(b bins) int64 { return b.tenure }, func(b bins) int64 { return b.phase }}},
	{"cells_no_calendar", func(b *bins) { b.fortnight = 0 }, []func(bins) int64{func(b bins) int64 { return b.fortnight }}},
	{"cells_joined", func(b *bins) {
		b.recency, b.orders, b.engagement = wideRecency[b.recency], wideOrders[b.orders], min(b.engagement, 1)
	},
		[]func(bins) int64{func(b bins) int64 { return b.recency }, func(b bins) int64 { return b.orders }, func(b bins) int64 { return b.engagement }}},
}

var (
	wideRecency = [13]int64{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6} // fortnights, then about two months each
	wideOrders  = [6]int64{0, 1, 2, 2, 3, 3}
)

// coarsen applies the ladder up to a rung.
func coarsen(b bins, level int) bins {
	for _, s := range ladder[:level+1] {
		s.merge(&b)
	}
	return b
}

// cellsBy numbers the cells that key makes and returns the positivity.
func cellsBy[K comparable](rows []CellRow, key func(b bins) K) (index []int, positivity float64) {
	at := map[K]int{}
	var n [][2]int64
	index = make([]int, len(rows))
	for i, r := range rows {
		k := key(unpack(r.Cell))
		j, ok := at[k]
		if !ok {
			j = len(n)
			at[k], n = j, append(n, [2]int64{})
		}
		index[i] = j
		n[j][arm(r.Treated)] += r.N
	}
	var all, matched int64
	for _, c := range n {
		all += c[1]
		if c[0] >= suffstat.MinComparators {
			matched += c[1]
		}
	}
	if all == 0 {
		return index, math.NaN()
	}
	return index, float64(matched) / float64(all)
}

// chooseCells takes the finest cells in which 90 % of the entrants have comparators; without such, those with the most that the ladder allows.
func chooseCells(rows []CellRow) (index []int, level int, positivity float64) {
	index, positivity = cellsBy(rows, func(b bins) bins { return b })
	for l := 1; l < len(ladder) && !(positivity >= fullPositivity); l++ {
		for _, fine := range ladder[l].loses {
			for _, within := range []func(bins) int64{func(b bins) int64 { return b.stage }, func(b bins) int64 { return b.audience }} {
				if _, p := cellsBy(rows, func(b bins) [2]int64 { return [2]int64{within(b), fine(b)} }); !(p >= fullPositivity) {
					return index, level, positivity
				}
			}
		}
		if i, p := cellsBy(rows, func(b bins) bins { return coarsen(b, l) }); p > positivity {
			index, level, positivity = i, l, p
		}
	}
	return index, level, positivity
}

// att runs suffstat.ATT on some sums of the rows.
func att(rows []CellRow, index []int, n func(CellRow) int64, y ...func(CellRow) int64) suffstat.Trial {
	out := make([]suffstat.TrialRow, 0, len(rows))
	for i, r := range rows {
		if n(r) == 0 {
			continue
		}
		t := suffstat.TrialRow{Cell: index[i], Treated: r.Treated, Bucket: r.Bucket, N: n(r), Y: make([]int64, len(y))}
		for j := range y {
			t.Y[j] = y[j](r)
		}
		out = append(out, t)
	}
	return suffstat.ATT(out, len(y), Buckets, tableLevel)
}

func (f *fitter) trials(s *Scenario) {
	rows := slices.Clone(s.Cells)
	slices.SortFunc(rows, func(a, b CellRow) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(arm(a.Treated), arm(b.Treated)), cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.Reason, b.Reason))
	})
	excluded := len(rows)
	rows = f.reasons(s, rows)
	excluded -= len(rows)
	index, level, positivity := chooseCells(rows)
	check := func(outcome, name string, value suffstat.Estimate, passed bool, note string) {
		f.check(Check{s.ID, outcome, MethodTrials, "", name, value, passed, note})
	}
	note := ladder[level].note
	if s.TreatedEvery > 1 || s.OthersEvery > 1 {
		note += fmt.Sprintf(", sampled 1/%d entrants 1/%d comparators", max(1, s.TreatedEvery), max(1, s.OthersEvery))
	}
	check("all", "positivity", number(positivity), positivity >= minPositivity, note)
	balanced := f.balance(s)

	everybody, measured := func(r CellRow) int64 { return r.N }, func(r CellRow) int64 { return r.Staged }
	outcomes := []string{Order, Revenue, Winsorised, Unsubscribe}
	sums := []func(CellRow) int64{func(r CellRow) int64 { return r.Ordered }, func(r CellRow) int64 { return r.Revenue }, func(r CellRow) int64 { return r.Winsorised }, func(r CellRow) int64 { return r.Unsubscribed }}
	better := func(r CellRow) int64 { return r.Better }
	main, staged := att(rows, index, everybody, sums...), att(rows, index, measured, better)
	old := att(rows, index, func(r CellRow) int64 { return r.Placebos }, func(r CellRow) int64 { return r.Placebo }, func(r CellRow) int64 { return r.PlaceboShort })

	// The placebo must speak for most of the entrants.
	margin := f.opt.margin(Order, 0)
	placebo := old.Outcomes[0].ATT
	seen := placebo.OK() && 2*old.Matched >= main.Matched && old.Matched > 0
	// A placebo that nobody or everybody has says nothing (first orders: nobody ordered before).
	known := seen && old.Outcomes[0].SE > 0 && (old.Outcomes[0].Treated.Value+old.Outcomes[0].Comparison.Value)*float64(old.Matched) >= analytics.MinEvents
	differs := func(e suffstat.Estimate) bool { return e.Lower > margin/2 || e.Upper < -margin/2 }
	// Over half a year nearly every frequent buyer orders, so the same is asked of a window as long as the outcome's.
	short := old.Outcomes[1].ATT
	clean := known && !differs(placebo) && !differs(short)
	why := ""
	switch {
	case !seen:
		why = "history_too_short"
	case !known:
		why = "nothing_to_compare"
	case differs(placebo):
		why = "older_orders_differ"
	}
	check(Order, "placebo", placebo, known && !differs(placebo), why)
	if known {
		why = ""
		if differs(short) {
			why = "older_orders_differ"
		}
		check(Order, "negative_control", short, !differs(short), why)
		f.short = append(f.short, control{old.Outcomes[1].ATT.Value, old.Outcomes[1].SE})
	}

	for j, outcome := range outcomes {
		events := main.Outcomes[j]
		if isMoney(outcome) {
			events = main.Outcomes[0] // of orders: money has none of its own
		}
		f.trial(s, outcome, main, main.Outcomes[j], events, positivity, known, clean)
	}
	if staged.Matched > 0 {
		f.trial(s, BetterStage, staged, staged.Outcomes[0], staged.Outcomes[0], positivity, known, clean)
	}
	for i := range f.m.Effects {
		e := &f.m.Effects[i]
		if e.Scenario != s.ID || e.Method != MethodTrials {
			continue
		}
		if excluded > 0 {
			e.caveat("reasons_excluded")
		}
		if !balanced && e.Value.OK() {
			e.caveat("groups_differ")
		}
	}
	c := cells{rows, index, level}
	names, trials := c.leaveOut(main, everybody, sums...)
	f.ranges(s, names, trials, outcomes)
	if staged.Matched > 0 {
		names, trials = c.leaveOut(staged, measured, better)
		f.ranges(s, names, trials, []string{BetterStage})
	}
}

func (f *fitter) trial(s *Scenario, outcome string, t suffstat.Trial, o, events suffstat.TrialOutcome, positivity float64, known, clean bool) {
	unit := f.opt.unit(outcome)
	e := Effect{Scenario: s.ID, Outcome: outcome, Method: MethodTrials, Grade: analytics.GradeAdjusted, Treated: s.TreatedCustomers, Control: s.OtherCustomers,
		UnitsTreated: t.Treated, UnitsControl: t.Comparators, Horizon: s.Horizon, Population: perQuarter(s.Customers, s.ToDay-s.FromDay), NotReached: perQuarter(s.OtherCustomers*max(1, s.OthersEvery), s.ToDay-s.FromDay),
		Q: math.NaN(), QEquivalence: math.NaN(), RangeLower: math.NaN(), RangeUpper: math.NaN()}
	if s.TreatedEvery > 1 || s.OthersEvery > 1 {
		e.caveat("sampled")
	}
	if !(positivity >= minPositivity) || t.Matched == 0 {
		e.forbid()
		e.caveat("positivity")
		f.m.Effects = append(f.m.Effects, e)
		return
	}
	if o.Treated.Value == 0 && o.Comparison.Value == 0 {
		e.forbid()
		e.caveat("no_events")
		f.m.Effects = append(f.m.Effects, e)
		return
	}
	if positivity < fullPositivity {
		e.caveat("trimmed")
	}
	k := 1.
	if isMoney(outcome) {
		k = 1. / minorUnits
	}
	n := s.TreatedCustomers + s.OtherCustomers
	e.Baseline, e.Value = o.Comparison.Scale(k, unit).Of(s.OtherCustomers, unit), o.ATT.Scale(k, unit).Of(n, unit)
	e.SE, e.DF, e.P, e.Unadjusted, e.Relative = o.SE*k, t.DF, o.P, o.Naive*k, o.Relative.Of(n, "share")
	e.Margin = f.opt.margin(outcome, e.Baseline.Value)
	e.NEff = math.Min(t.EffectiveComparators, float64(t.Matched))
	// A customer may be in several trials: no more independent customers than there are.
	other, own := math.Min(t.EffectiveComparators, float64(s.OtherCustomers)), math.Min(float64(t.Matched), float64(s.TreatedCustomers))
	count := func(mean, n float64) int64 { return int64(math.Round(mean * n)) }
	e.compared = analytics.Comparison{Difference: e.Value.Value, SE: e.SE, DF: e.DF, Margin: e.Margin, Directional: true, Buckets: t.Buckets,
		Sides: []analytics.Side{{Customers: s.TreatedCustomers, Effective: own, Events: count(events.Treated.Value, float64(t.Matched))},
			{Customers: s.OtherCustomers, Effective: other, Events: count(events.Comparison.Value, t.EffectiveComparators)}}}
	e.Decision = analytics.Decide(e.compared)
	base := e.Baseline.Value
	e.EValue = suffstat.EValueLimit((base+e.Value.Lower)/base, (base+e.Value.Upper)/base)
	if !(base > 0) {
		e.EValue = math.NaN()
	}
	switch {
	case !known:
		e.caveat("no_placebo")
	case !clean:
		e.caveat("placebo")
	}
	f.check(Check{s.ID, outcome, MethodTrials, "", "e_value", suffstat.Estimate{Value: e.EValue, Lower: math.NaN(), Upper: math.NaN()}, e.EValue >= minEValue, ""})
	if !(e.EValue >= minEValue) {
		e.caveat("e_value")
	}
	if e.Decision.Verdict == analytics.InsufficientData {
		e.caveat("few")
	}
	f.m.Effects = append(f.m.Effects, e)
}

// calibrate widens the intervals of trials by what their negative controls say about the design, or by the convention without enough of them, and decides again.
func (f *fitter) calibrate() {
	var y, se []float64
	for _, c := range f.short {
		y, se = append(y, c.y), append(se, c.se)
	}
	f.m.Bias, f.m.BiasKnown = suffstat.CalibrateBias(y, se)
	for i := range f.m.Effects {
		e := &f.m.Effects[i]
		if e.Method != MethodTrials || !e.Value.OK() {
			continue
		}
		bias, note := suffstat.Bias{SD: math.Abs(e.Unadjusted-e.Value.Value) / 2}, "convention"
		if f.m.BiasKnown && e.Outcome == Order {
			bias, note = f.m.Bias, fmt.Sprintf("negative_controls %d", f.m.Bias.Controls)
		} else {
			e.caveat("bias_convention")
		}
		if math.IsNaN(bias.SD) {
			bias.SD = 0
		}
		e.AllowedSE = math.Sqrt(e.SE*e.SE + bias.SD*bias.SD + bias.VarMean)
		e.Allowed = bias.Allow(e.Value, e.SE, e.DF)
		// What is decided is decided with the allowance: a difference that the design may have made itself is none.
		e.compared.Difference, e.compared.SE = e.Allowed.Value, e.AllowedSE
		if e.Decision.Verdict != analytics.InsufficientData && e.Allowed.OK() {
			e.Decision = analytics.Decide(e.compared)
			e.P = e.Decision.PDifference
		}
		f.check(Check{e.Scenario, e.Outcome, MethodTrials, "", "calibration",
			suffstat.Estimate{Value: bias.Mean, Lower: bias.Mean - 1.96*bias.SD, Upper: bias.Mean + 1.96*bias.SD, Level: tableLevel}, f.m.BiasKnown && e.Outcome == Order, note})
	}
}

// lowering are the caveats that make a grade D of trials.
var lowering = []string{"no_placebo", "placebo", "groups_differ", "e_value", "few"}

// grade lowers what the checks do not carry.
func (f *fitter) grade() {
	for i := range f.m.Effects {
		e := &f.m.Effects[i]
		if e.Method != MethodTrials || !e.Value.OK() {
			continue
		}
		if slices.ContainsFunc(e.Caveats, func(c string) bool { return slices.Contains(lowering, c) }) {
			e.Grade = analytics.GradeStructural
		}
	}
}
