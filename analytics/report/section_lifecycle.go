package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// lifecycleSection shows where customers are, how they move, how long they stay and where they are lost.
type lifecycleSection struct {
	Stages         []stageRow
	StagesAbsent   T
	Shares         *chart
	SharesRows     []seriesRow
	SharesAbsent   T
	Matrix         *chart
	MatrixHead     []T
	MatrixRows     []matrixRow
	MatrixAbsent   T
	Mobility       T
	Flow           *chart
	FlowRows       []flowRow
	FlowAbsent     T
	Dwell          *chart
	DwellRows      []dwellRow
	DwellAbsent    T
	Losses         []lossRow
	LossesAbsent   T
	Bottlenecks    []bottleneckRow
	BottleAbsent   T
	Tests          []testRow
	TestsAbsent    T
	Markov         T
	MarkovRows     []markovRow
	MarkovAbsent   T
	Findings       []findingRow
	FindingsAbsent T
}

type stageRow struct {
	Name                   T
	Code, Rule             string
	Hue                    int
	Customers, Share       cell
	Bar                    string // width of the bar, per cent
	NextOrder, Value, Stay cell
	Scenarios              cell
	Expected               T // revenue of a buyer within the horizon of the value model, beside Value
	ScenarioIDs            string
	Stuck                  bool
	place                  int
}

type seriesRow struct {
	Name        T
	Hue         int
	First, Last cell
}

type matrixRow struct {
	From  T
	N     T
	Cells []matrixCell
}

type matrixCell struct {
	Number cell
	Stay   bool
}

type flowRow struct {
	From, To T
	Moves    cell
	Rate     cell
}

type dwellRow struct {
	Stage                    T
	Hue                      int
	Spells, Censored         T
	Median, Mean, Restricted cell
	HasRestricted            bool
	place                    int
}

type lossRow struct {
	From, To              T
	Rate, Flow, Gap, Loss cell
	Share                 cell
	Verdict               T
}

type bottleneckRow struct {
	Stage, Best                     T
	Customers, Rate, Gap, Potential cell
	Verdict                         T
	Stuck                           bool
}

type testRow struct {
	Question, Answer, Detail T
	State                    string // matters, minor, unclear, none
	Stages                   []T
}

type markovRow struct {
	Horizon, Markov, Expanded cell
	Bad                       bool
}

// life reads the life-cycle tables once for all parts of the section.
type life struct {
	*page
	ctx   context.Context
	order []string         // stages in the order of the rules
	hue   map[string]int   // place of a stage in order: its colour, the same in every picture
	n     map[string]int64 // customers ever in the stage: the sampling unit of every statement about it
	err   error
}

// colour is one of the eight colours of the page; of more than eight stages some share one.
func (l *life) colour(stage string) int { return l.hue[stage] % 8 }

func (l *life) table(name string) (*analytics.Frame, T) {
	if l.err != nil {
		return nil, T{}
	}
	f, absent, err := l.fetch(l.ctx, "lifecycle."+name)
	l.err = err
	return f, absent
}

func loadLifecycle(ctx context.Context, p *page) (any, error) {
	l := &life{page: p, ctx: ctx, hue: map[string]int{}, n: map[string]int64{}}
	l.collect()
	var s lifecycleSection
	s.Stages, s.StagesAbsent = l.stages()
	s.Shares, s.SharesRows, s.SharesAbsent = l.shares()
	s.Matrix, s.MatrixHead, s.MatrixRows, s.MatrixAbsent = l.matrix()
	s.Mobility = l.mobility()
	s.Flow, s.FlowRows, s.FlowAbsent = l.flow()
	s.Dwell, s.DwellRows, s.DwellAbsent = l.dwell()
	s.Losses, s.LossesAbsent = l.losses()
	s.Bottlenecks, s.BottleAbsent = l.bottlenecks()
	s.Tests, s.TestsAbsent = l.tests()
	s.Markov, s.MarkovRows, s.MarkovAbsent = l.markov()
	if l.err != nil {
		return nil, l.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "lifecycle")
	return s, err
}

// collect learns the order of the stages and how many customers were in each.
func (l *life) collect() {
	see := func(name string) {
		if _, ok := l.hue[name]; !ok {
			l.hue[name] = len(l.order)
			l.order = append(l.order, name)
		}
	}
	if f, _ := l.table("stages"); f != nil {
		names, position := f.String("stage"), numbersOf(f, "position")
		at := make([]int, len(names))
		for i := range at {
			at[i] = i
		}
		slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(position[a], position[b]) })
		for _, i := range at {
			see(names[i])
		}
	}
	if f, _ := l.table("transitions"); f != nil {
		grouping, from, to := f.String("grouping"), f.String("from_stage"), f.String("to_stage")
		for i := range from {
			if grouping[i] == "all" {
				see(from[i])
				see(to[i])
			}
		}
	}
	if f, _ := l.table("red_stage_customers"); f != nil {
		stage, customers := f.String("stage"), f.Int64("customers")
		for i := range stage {
			l.n[stage[i]] += customers[i]
		}
	}
}

func (l *life) stages() ([]stageRow, T) {
	f, absent := l.table("stages")
	if f == nil {
		return nil, absent
	}
	name, rule, ids := f.String("stage"), textsOf(f, "rule"), textsOf(f, "scenario_ids")
	customers, share := numbersOf(f, "customers_last"), numbersOf(f, "share_last")
	next, nextLower, nextUpper := numbersOf(f, "next_order_rate"), numbersOf(f, "next_order_lower"), numbersOf(f, "next_order_upper")
	value, valueLower, valueUpper, unit := numbersOf(f, "value"), numbersOf(f, "value_lower"), numbersOf(f, "value_upper"), textsOf(f, "value_unit")
	scenarios, stuck := numbersOf(f, "scenarios"), flagsOf(f, "stuck")
	stay := map[string]cell{}
	if d, _ := l.table("dwell"); d != nil {
		stages, spells := d.String("stage"), d.Int64("spells")
		median, lower, upper := numbersOf(d, "median_periods"), numbersOf(d, "median_lower"), numbersOf(d, "median_upper")
		mean, meanLower, meanUpper := numbersOf(d, "mean_periods"), numbersOf(d, "lower"), numbersOf(d, "upper")
		for i, s := range stages {
			if analytics.Finite(median[i]) && analytics.Finite(lower[i]) && analytics.Finite(upper[i]) {
				stay[s] = l.estimate(interval(median[i], lower[i], upper[i], spells[i], "periods"), "")
			} else {
				stay[s] = l.estimate(interval(mean[i], meanLower[i], meanUpper[i], spells[i], "periods"), "")
			}
		}
	}
	expected := l.expectations()
	rows := make([]stageRow, 0, len(name))
	for i, s := range name {
		n := l.n[s]
		r := stageRow{Name: l.stage(s), Code: Shown(s), Rule: rule[i], Hue: l.colour(s), Customers: l.fact(customers[i], ""), Share: l.fact(share[i], "share"),
			NextOrder: l.estimate(interval(next[i], nextLower[i], nextUpper[i], n, "share"), ""),
			Value:     l.estimate(interval(value[i], valueLower[i], valueUpper[i], n, unit[i]), ""),
			Stay:      l.estimate(suffstat.Estimate{Value: math.NaN()}, ""), Scenarios: l.fact(scenarios[i], ""), ScenarioIDs: cut(Shown(strings.ReplaceAll(ids[i], ",", ", ")), 60),
			Stuck: stuck[i], Bar: "0", Expected: expected[s], place: l.hue[s]}
		if c, ok := stay[s]; ok {
			r.Stay = c
		}
		if analytics.Finite(share[i]) {
			r.Bar = fmt.Sprintf("%.1f", 100*min(1, max(0, share[i])))
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b stageRow) int { return cmp.Compare(a.place, b.place) })
	return rows, T{}
}

// expectations are what a buyer of each stage is expected to bring within the horizon of the value model, in words; none where the model is not fitted or fits badly.
func (l *life) expectations() map[string]T {
	out := map[string]T{}
	if l.err != nil {
		return out
	}
	f, _, err := l.fetch(l.ctx, "analytics.stage_expectations")
	if l.err = err; f == nil || err != nil {
		return out
	}
	stage, verdict, buyers, days := f.String("stage"), textsOf(f, "verdict"), f.Int64("buyers"), f.Int64("horizon_days")
	value, lower, upper := numbersOf(f, "expected_revenue"), numbersOf(f, "expected_revenue_lower"), numbersOf(f, "expected_revenue_upper")
	for i, s := range stage {
		if buyers[i] > 0 && analytics.Finite(value[i]) && verdict[i] != "poor" && verdict[i] != "not_fitted" {
			out[s] = l.say("stage_value_expected", map[string]T{"days": l.fact(float64(days[i]), "days").Value,
				"revenue": l.estimate(interval(value[i], lower[i], upper[i], buyers[i], l.opt.Currency), "").whole()})
		}
	}
	return out
}

// shares is how the base was spread over the stages, period by period.
func (l *life) shares() (*chart, []seriesRow, T) {
	f, absent := l.table("stage_periods")
	if f == nil {
		return nil, nil, absent
	}
	start, stage, customers, share := f.String("period_start"), f.String("stage"), numbersOf(f, "customers"), numbersOf(f, "share")
	starts := slices.Compact(slices.Sorted(slices.Values(start)))
	column := map[string]int{}
	c := &chart{Kind: "area", Label: l.word("shares_title"), YName: l.word("share_of_base")}
	for i, s := range starts {
		column[s] = i
		c.X = append(c.X, day(parseDay(s)))
	}
	byStage := map[string]*line{}
	var rows []seriesRow
	for _, s := range l.order {
		byStage[s] = &line{Name: l.stage(s), Value: make([]*float64, len(starts)), Tips: make([]T, len(starts))}
	}
	for i, s := range stage {
		ln, ok := byStage[s]
		if !ok || !analytics.Finite(share[i]) {
			continue
		}
		x := column[start[i]]
		ln.Value[x] = point(share[i])
		number, n := l.fact(share[i], "share"), l.fact(customers[i], "customers")
		ln.Tips[x] = T{Ru: number.Value.Ru + ", " + n.Value.Ru + " (" + n.Doubt.Ru + ")", En: number.Value.En + ", " + n.Value.En + " (" + n.Doubt.En + ")"}
	}
	for _, s := range l.order {
		ln := byStage[s]
		c.Lines = append(c.Lines, *ln)
		r := seriesRow{Name: ln.Name, Hue: l.colour(s), First: l.fact(0, "share"), Last: l.fact(0, "share")}
		if v := ln.Value[0]; v != nil {
			r.First = l.fact(*v, "share")
		}
		if v := ln.Value[len(starts)-1]; v != nil {
			r.Last = l.fact(*v, "share")
		}
		rows = append(rows, r)
	}
	return c, rows, T{}
}

// matrix is the heatmap of the overall transition matrix and its table.
func (l *life) matrix() (*chart, []T, []matrixRow, T) {
	f, absent := l.table("transitions")
	if f == nil {
		return nil, nil, nil, absent
	}
	grouping, from, to, n := f.String("grouping"), f.String("from_stage"), f.String("to_stage"), f.Int64("n")
	probability, lower, upper, method := numbersOf(f, "probability"), numbersOf(f, "lower"), numbersOf(f, "upper"), textsOf(f, "method")
	c := &chart{Kind: "heatmap", Label: l.word("matrix_title"), XName: l.word("to_stage"), YName: l.word("from_stage")}
	var head []T
	row := map[string]int{}
	var rows []matrixRow
	for _, s := range l.order {
		c.X, c.Y, head = append(c.X, l.stage(s)), append(c.Y, l.stage(s)), append(head, l.stage(s))
		row[s] = len(rows)
		rows = append(rows, matrixRow{From: l.stage(s), N: l.count(l.n[s]), Cells: make([]matrixCell, len(l.order))})
		for j := range l.order {
			rows[len(rows)-1].Cells[j] = matrixCell{Number: cell{Value: plain(dash)}, Stay: j == len(rows)-1}
		}
	}
	for i := range from {
		if grouping[i] != "all" || !analytics.Finite(probability[i]) {
			continue
		}
		y, x := row[from[i]], row[to[i]]
		number := l.estimate(interval(probability[i], lower[i], upper[i], l.n[from[i]], "share"), "")
		moves := l.count(n[i])
		if method[i] == "structural zero" {
			number = cell{Value: plain("0"), Doubt: l.word("impossible")}
		}
		rows[y].Cells[x].Number = number
		if n[i] == 0 {
			number.Value = plain("0")
		}
		c.Cells = append(c.Cells, tile{X: x, Y: y, Value: probability[i], Stay: x == y, Text: number.Value, Tip: T{
			Ru: number.Value.Ru + " (" + number.Doubt.Ru + "); " + l.word("moves").Ru + ": " + moves.Ru + " (" + l.word("fact").Ru + ")",
			En: number.Value.En + " (" + number.Doubt.En + "); " + l.word("moves").En + ": " + moves.En + " (" + l.word("fact").En + ")"}})
		if x != y {
			c.Max = max(c.Max, probability[i])
		}
	}
	if len(c.Cells) == 0 {
		return nil, nil, nil, l.word("matrix_empty")
	}
	return c, head, rows, T{}
}

func (l *life) mobility() T {
	f, _ := l.table("mobility")
	if f == nil {
		return T{}
	}
	grouping, base := f.String("grouping"), int64(0)
	if periods, _ := l.table("periods"); periods != nil {
		base = slices.Max(periods.Int64("customers"))
	}
	value, lower, upper := numbersOf(f, "shorrocks"), numbersOf(f, "lower"), numbersOf(f, "upper")
	for i, g := range grouping {
		if g == "all" && analytics.Finite(value[i]) {
			e := interval(value[i], lower[i], upper[i], base, "ratio")
			return l.say("mobility", map[string]T{"mobility": l.texts.each(func(w *words) string { return w.estimate(e, "", "") })})
		}
	}
	return T{}
}

// flow is who moved where over the audited period; those who stayed are not drawn, or they would hide every move.
func (l *life) flow() (*chart, []flowRow, T) {
	f, absent := l.table("transition_periods")
	if f == nil {
		return nil, nil, absent
	}
	type move struct{ from, to string }
	moves := map[move]int64{}
	from, to, n := f.String("from_stage"), f.String("to_stage"), f.Int64("n")
	for i := range from {
		if from[i] != to[i] {
			moves[move{from[i], to[i]}] += n[i]
		}
	}
	rate := map[move]cell{}
	if t, _ := l.table("transitions"); t != nil {
		g, a, b := t.String("grouping"), t.String("from_stage"), t.String("to_stage")
		p, lower, upper := numbersOf(t, "probability"), numbersOf(t, "lower"), numbersOf(t, "upper")
		for i := range g {
			if g[i] == "all" {
				rate[move{a[i], b[i]}] = l.estimate(interval(p[i], lower[i], upper[i], l.n[a[i]], "share"), "")
			}
		}
	}
	var order []move
	for m, count := range moves {
		if count > 0 {
			order = append(order, m)
		}
	}
	slices.SortFunc(order, func(a, b move) int {
		return cmp.Or(cmp.Compare(moves[b], moves[a]), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	if len(order) == 0 {
		return nil, nil, l.word("flow_empty")
	}
	c := &chart{Kind: "flow", Label: l.word("flow_title"), XName: l.word("flow_left"), YName: l.word("flow_right")}
	left, right := map[string]bool{}, map[string]bool{}
	var rows []flowRow
	for _, m := range order {
		left[m.from], right[m.to] = true, true
		count := l.fact(float64(moves[m]), "")
		tip := func(ru bool) string {
			pick := func(t T) string {
				if ru {
					return t.Ru
				}
				return t.En
			}
			s := pick(l.stage(m.from)) + " → " + pick(l.stage(m.to)) + ": " + pick(count.Value) + " (" + pick(count.Doubt) + ")"
			if r, ok := rate[m]; ok {
				s += "; " + pick(l.texts.each(func(w *words) string { return w.text["grains."+l.opt.Grain+".in"] })) + " " + pick(r.Value) + " (" + pick(r.Doubt) + ")"
			}
			return s
		}
		c.Links = append(c.Links, link{From: fmt.Sprint("a", l.hue[m.from]), To: fmt.Sprint("b", l.hue[m.to]), Value: moves[m], Tip: T{tip(true), tip(false)}})
		rows = append(rows, flowRow{From: l.stage(m.from), To: l.stage(m.to), Moves: count, Rate: rate[m]})
	}
	for _, s := range l.order {
		if left[s] {
			c.Nodes = append(c.Nodes, node{ID: fmt.Sprint("a", l.hue[s]), Name: l.stage(s), Hue: l.hue[s], Left: true})
		}
	}
	for _, s := range l.order {
		if right[s] {
			c.Nodes = append(c.Nodes, node{ID: fmt.Sprint("b", l.hue[s]), Name: l.stage(s), Hue: l.hue[s]})
		}
	}
	return c, rows, T{}
}

// dwell is how long customers stay in a stage.
func (l *life) dwell() (*chart, []dwellRow, T) {
	f, absent := l.table("dwell")
	if f == nil {
		return nil, nil, absent
	}
	stage, spells, censored := f.String("stage"), f.Int64("spells"), f.Int64("censored")
	median, medianLower, medianUpper := numbersOf(f, "median_periods"), numbersOf(f, "median_lower"), numbersOf(f, "median_upper")
	mean, lower, upper, restricted := numbersOf(f, "mean_periods"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "restricted_to")
	var rows []dwellRow
	for i, s := range stage {
		r := dwellRow{Stage: l.stage(s), Hue: l.colour(s), Spells: l.count(spells[i]), Censored: l.count(censored[i]), place: l.hue[s],
			Median: l.estimate(interval(median[i], medianLower[i], medianUpper[i], spells[i], "periods"), ""),
			Mean:   l.estimate(interval(mean[i], lower[i], upper[i], spells[i], "periods"), "")}
		if !analytics.Finite(median[i]) && analytics.Finite(mean[i]) {
			r.Median.Doubt = l.word("median_not_reached")
		}
		if analytics.Finite(restricted[i]) {
			r.HasRestricted, r.Restricted = true, l.fact(restricted[i], "periods")
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b dwellRow) int { return cmp.Compare(a.place, b.place) })

	f, _ = l.table("dwell_curves")
	if f == nil {
		return nil, rows, T{}
	}
	stage, age, atRisk := f.String("stage"), f.Int64("age"), f.Int64("at_risk")
	survival, low, high := numbersOf(f, "survival"), numbersOf(f, "lower"), numbersOf(f, "upper")
	last := int(slices.Max(age))
	c := &chart{Kind: "curves", Label: l.word("dwell_title"), XName: l.texts.each(func(w *words) string { return w.text["ui.age_in"] + " " + w.noun(l.opt.Grain, 5, 0) }), YName: l.word("still_in_stage")}
	for x := range last + 1 {
		c.X = append(c.X, plain(fmt.Sprint(x)))
	}
	byStage := map[string]*line{}
	one := 1.0
	for i, s := range stage {
		if age[i] < 0 || !analytics.Finite(survival[i]) {
			continue
		}
		ln, ok := byStage[s]
		if !ok {
			ln = &line{Name: l.stage(s), Value: make([]*float64, last+1), Lower: make([]*float64, last+1), Upper: make([]*float64, last+1), Tips: make([]T, last+1)}
			ln.Value[0], ln.Lower[0], ln.Upper[0] = &one, &one, &one // everybody is in the stage on entry
			byStage[s] = ln
		}
		x := age[i]
		ln.Value[x], ln.Lower[x], ln.Upper[x] = point(survival[i]), point(low[i]), point(high[i])
		number := l.estimate(interval(survival[i], low[i], high[i], atRisk[i], "share"), "")
		ln.Tips[x] = T{number.Value.Ru + " (" + number.Doubt.Ru + ")", number.Value.En + " (" + number.Doubt.En + ")"}
	}
	for _, s := range l.order {
		if ln, ok := byStage[s]; ok {
			c.Lines = append(c.Lines, *ln)
		} else {
			c.Lines = append(c.Lines, line{Name: l.stage(s)}) // keeps the colours of the stages
		}
	}
	return c, rows, T{}
}

func (l *life) losses() ([]lossRow, T) {
	f, absent := l.table("loss_points")
	if f == nil {
		return nil, absent
	}
	from, to, unit, verdict := f.String("from_stage"), f.String("to_stage"), textsOf(f, "unit"), textsOf(f, "verdict")
	rate, rateLower, rateUpper := numbersOf(f, "rate"), numbersOf(f, "rate_lower"), numbersOf(f, "rate_upper")
	gap, gapLower, gapUpper := numbersOf(f, "value_gap"), numbersOf(f, "gap_lower"), numbersOf(f, "gap_upper")
	loss, lossLower, lossUpper := numbersOf(f, "loss_per_quarter"), numbersOf(f, "loss_lower"), numbersOf(f, "loss_upper")
	flow, share := numbersOf(f, "flow_per_quarter"), numbersOf(f, "share_of_losses")
	rows := make([]lossRow, f.Len())
	for i := range rows {
		rows[i] = lossRow{From: l.stage(from[i]), To: l.stage(to[i]),
			Rate:    l.estimate(interval(rate[i], rateLower[i], rateUpper[i], l.n[from[i]], "share"), ""),
			Flow:    l.fact(math.Round(flow[i]), ""),
			Gap:     l.estimate(interval(gap[i], gapLower[i], gapUpper[i], l.n[from[i]], unit[i]), ""),
			Loss:    l.estimate(interval(loss[i], lossLower[i], lossUpper[i], l.n[from[i]], unit[i]), ""),
			Share:   l.fact(share[i], "share"),
			Verdict: l.verdict(verdict[i])}
	}
	return rows, T{}
}

func (l *life) bottlenecks() ([]bottleneckRow, T) {
	f, absent := l.table("bottlenecks")
	if f == nil {
		return nil, absent
	}
	stage, best, unit, verdict, stuck := f.String("stage"), textsOf(f, "best_stage"), textsOf(f, "unit"), textsOf(f, "verdict"), flagsOf(f, "stuck")
	rate, rateLower, rateUpper := numbersOf(f, "rate"), numbersOf(f, "rate_lower"), numbersOf(f, "rate_upper")
	gap, gapLower, gapUpper := numbersOf(f, "value_gap"), numbersOf(f, "gap_lower"), numbersOf(f, "gap_upper")
	potential, potentialLower, potentialUpper := numbersOf(f, "potential"), numbersOf(f, "potential_lower"), numbersOf(f, "potential_upper")
	customers := numbersOf(f, "customers_per_period")
	rows := make([]bottleneckRow, f.Len())
	for i := range rows {
		rows[i] = bottleneckRow{Stage: l.stage(stage[i]), Best: l.stage(best[i]), Customers: l.fact(math.Round(customers[i]), ""),
			Rate:      l.estimate(interval(rate[i], rateLower[i], rateUpper[i], l.n[stage[i]], "share"), ""),
			Gap:       l.estimate(interval(gap[i], gapLower[i], gapUpper[i], l.n[stage[i]], unit[i]), ""),
			Potential: l.estimate(interval(potential[i], potentialLower[i], potentialUpper[i], l.n[stage[i]], unit[i]), ""),
			Verdict:   l.verdict(verdict[i]), Stuck: stuck[i]}
		if best[i] == "" {
			rows[i].Best = plain(dash)
		}
	}
	return rows, T{}
}

func (l *life) verdict(code string) T {
	if code == "" {
		return T{}
	}
	return l.texts.Name("verdicts", code)
}

// tests answers each question about the matrix in words. "Not significant" is never told as "no difference".
func (l *life) tests() ([]testRow, T) {
	f, absent := l.table("tests")
	if f == nil {
		return nil, absent
	}
	test, subject, note := f.String("test"), textsOf(f, "subject"), textsOf(f, "note")
	statistic, df, p, q := numbersOf(f, "statistic"), numbersOf(f, "df"), numbersOf(f, "p_value"), numbersOf(f, "q_value")
	n, gain, matters := numbersOf(f, "n"), numbersOf(f, "log_loss_gain"), flagsOf(f, "matters")
	state := func(i int) string {
		switch {
		case !analytics.Finite(p[i]):
			return "none"
		case matters[i]:
			return "matters"
		case p[i] < 0.05:
			return "minor"
		}
		return "unclear"
	}
	detail := func(i int) T {
		if state(i) == "none" {
			return l.texts.testNote(note[i])
		}
		return l.texts.each(func(w *words) string {
			s := "F = " + w.decimal(statistic[i], 2) + ", df = " + w.decimal(df[i], 0) + ", " + w.pvalue("p", p[i])
			if analytics.Finite(q[i]) {
				s += ", " + w.pvalue("q", q[i])
			}
			return s + ", n\u00a0=\u00a0" + w.decimal(n[i], 0)
		})
	}
	worth := func(i int) T {
		if !analytics.Finite(gain[i]) {
			return T{}
		}
		return l.texts.each(func(w *words) string {
			return w.show(suffstat.Fact(gain[i], 0, "share"), "", "").Value + " (n\u00a0=\u00a0" + w.decimal(n[i], 0) + ")"
		})
	}
	question := func(name string) T { return l.texts.Name("tests", name) }

	// One row per question about the whole matrix, with the stages where it matters.
	var rows []testRow
	for _, name := range []string{"markov_order", "duration_dependence", "homogeneity_over_time"} {
		var stages []T
		row := testRow{}
		for i := range test {
			switch {
			case test[i] != name:
			case subject[i] == "all" || subject[i] == "":
				row = testRow{State: state(i), Question: question(name), Answer: l.say("test_"+state(i), map[string]T{"gain": worth(i)}), Detail: detail(i)}
			case matters[i]:
				stages = append(stages, l.stage(subject[i]))
			}
		}
		if row.State != "" {
			row.Stages = stages
			rows = append(rows, row)
		}
	}
	// One row per answer about groups of customers, which may be many.
	for _, answer := range []string{"matters", "minor", "unclear", "none"} {
		var list, details [2][]string
		for i := range test {
			if test[i] != "between_groups" || state(i) != answer {
				continue
			}
			name, d, g := l.grouping(subject[i]), detail(i), worth(i)
			for k, s := range [2][3]string{{name.Ru, d.Ru, g.Ru}, {name.En, d.En, g.En}} {
				details[k] = append(details[k], s[0]+": "+s[1])
				if s[2] != "" && (answer == "matters" || answer == "minor") {
					s[0] += " — " + s[2]
				}
				list[k] = append(list[k], s[0])
			}
		}
		if len(list[0]) > 0 {
			rows = append(rows, testRow{State: answer, Question: question("between_groups"),
				Answer: l.say("groups_"+answer, map[string]T{"list": {strings.Join(list[0], "; "), strings.Join(list[1], "; ")}}),
				Detail: T{strings.Join(details[0], "; "), strings.Join(details[1], "; ")}})
		}
	}
	return rows, T{}
}

// grouping is the shown name of a grouping of customers: segment, cohort, or a field of the customer card.
func (l *life) grouping(code string) T {
	if field, ok := strings.CutPrefix(code, "attr_"); ok {
		return plain(Shown(field))
	}
	return l.texts.Name("groupings", code)
}

// pvalue is "p = 0,031" or "p < 0,001".
func (w *words) pvalue(name string, p float64) string {
	if p < 0.001 {
		return name + " < " + w.decimal(0.001, 3)
	}
	return name + " = " + w.decimal(p, 3)
}

// markov says whether powers of the matrix may be used as a forecast.
func (l *life) markov() (T, []markovRow, T) {
	f, absent := l.table("kstep_errors")
	if f == nil {
		return T{}, nil, absent
	}
	horizon, e, lower, upper := numbersOf(f, "horizon"), numbersOf(f, "markov_error"), numbersOf(f, "lower"), numbersOf(f, "upper")
	expanded, bad := numbersOf(f, "expanded_error"), flagsOf(f, "not_markov")
	base := int64(0)
	if f, _ := l.table("periods"); f != nil {
		base = slices.Max(f.Int64("customers"))
	}
	var rows []markovRow
	anyBad, known := false, false
	for i := range horizon {
		r := markovRow{Horizon: l.fact(horizon[i], "periods"), Markov: l.estimate(interval(e[i], lower[i], upper[i], base, "share"), "points"),
			Expanded: l.estimate(interval(expanded[i], math.NaN(), math.NaN(), base, "share"), "points"), Bad: bad[i]}
		rows = append(rows, r)
		anyBad, known = anyBad || bad[i], known || analytics.Finite(e[i])
	}
	switch {
	case anyBad:
		return l.word("not_markov"), rows, T{}
	case known:
		return l.word("markov_ok"), rows, T{}
	}
	return l.word("markov_unknown"), rows, T{}
}

// word is a text of the page without values.
func (p *page) word(key string) T {
	return p.texts.each(func(w *words) string { return w.text["ui."+key] })
}
