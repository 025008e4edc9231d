package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// hypothesisRow is one row of analytics.hypotheses, ready to be shown.
type hypothesisRow struct {
	Rank                         int64
	ID, Anchor                   string
	Full                         bool // it stands on the page with all its fields, and may be linked to
	Title, What, Why, Change     T
	Money                        cell
	MoneyLabel                   T
	Effect                       cell
	HasEffect                    bool
	Shrinkage                    T
	Metric                       T
	Baseline                     cell
	HasBaseline                  bool
	Population                   T
	Grade                        string
	GradeText, Threat            T
	Design, Sample, Duration     T
	Feasible                     string // yes, no or empty
	Guardrails                   []T
	Refuted                      T
	Effort                       []bool // five steps, the first Effort are true
	EffortText                   T
	Priority, Parts              T // in currency per quarter and week, and how it comes about
	Probability, Tenth           T // that there is a gain, and what it exceeds nine times out of ten
	ByConvention                 bool
	RICE, RICEParts              T
	Horizon, Block, Goal, Status T
	HorizonCode                  string
	SQL                          string
	Exploratory                  bool
	Overlaps, OverlapsAnchor     string
	OverlapsTitle                T
	Depends, DependsAnchor       string
	DependsTitle, When           T
	Span                         span // the money on the scale of the page
	hasMoney, expected           bool // expected: of an effect, not a stake
	stake                        suffstat.Estimate
	start, end                   float64
	kind, subject                string
}

// backlogSection is the list of hypotheses: a table with a forest plot, and the first of them in full.
type backlogSection struct {
	Rows           []hypothesisRow // in full
	Groups         []hypothesisGroup
	More           more
	Absent         T
	Lead           T
	Totals         []T
	AxisLow, Axis0 T
	AxisHigh       T
	Zero           string // where 0 is on the axis, per cent; empty when it is the left end
	Stakes         bool   // some bar is a stake
	RestText       T
}

// hypothesisGroup is the rows of one grade; what is exploratory stands in groups of its own.
type hypothesisGroup struct {
	Name T
	Rows []hypothesisRow
}

const (
	mostInFull = 10 // hypotheses with all their fields; the others are in the table, and all in the database
	mostListed = 30 // rows of the table
)

func loadHypotheses(ctx context.Context, p *page) (any, error) {
	rows, absent, err := p.hypotheses(ctx)
	if err != nil {
		return nil, err
	}
	s := backlogSection{Absent: absent}
	if len(rows) == 0 {
		return s, nil
	}
	testable := 0
	for _, r := range rows {
		if r.Feasible == "yes" {
			testable++
		}
		if r.Full {
			s.Rows = append(s.Rows, r)
		}
	}
	s.Lead = p.say("hypotheses_lead", map[string]T{
		"count":    p.texts.each(func(w *words) string { return w.count(int64(len(rows)), "hypothesis") }),
		"testable": p.count(int64(testable)),
	})
	listed := rows[:min(len(rows), mostListed)]
	p.forest(&s, listed)
	for _, r := range listed {
		name := r.GradeText
		if r.Exploratory {
			name = joined(p.word("exploratory_group"), " · ", r.GradeText)
		}
		if n := len(s.Groups); n == 0 || s.Groups[n-1].Name != name {
			s.Groups = append(s.Groups, hypothesisGroup{Name: name})
		}
		g := &s.Groups[len(s.Groups)-1]
		g.Rows = append(g.Rows, r)
	}
	s.More = p.rest(len(listed), len(rows), "SELECT rank, hypothesis_id, title_ru, title_en, grade, exploratory, money, money_lower, money_upper, stake, stake_lower, stake_upper, money_unit,\n"+
		"  probability_positive, money_tenth, expected_gain, evsi, cost, weeks, priority, rice_score, horizon\nFROM analytics.hypotheses ORDER BY rank")
	if len(s.Rows) < len(rows) {
		s.RestText = p.say("hypotheses_rest", map[string]T{"shown": p.count(int64(len(s.Rows))), "total": p.count(int64(len(rows)))})
	}
	s.Totals, err = p.backlogTotals(ctx)
	return s, err
}

// forest places the money of the listed rows on one scale, which begins at 0 unless an interval goes below it. Money in another unit than most of the rows has is not drawn.
func (p *page) forest(s *backlogSection, rows []hypothesisRow) {
	units := map[string]int{}
	unit := ""
	for _, r := range rows {
		if r.hasMoney {
			if units[r.stake.Unit]++; units[r.stake.Unit] > units[unit] {
				unit = r.stake.Unit
			}
		}
	}
	var sc scale
	for _, r := range rows {
		if r.hasMoney && r.stake.Unit == unit {
			for _, x := range []float64{r.stake.Value, r.stake.Lower, r.stake.Upper} {
				if analytics.Finite(x) {
					sc.low, sc.high = min(sc.low, x), max(sc.high, x)
				}
			}
		}
	}
	if sc.high == sc.low {
		return
	}
	bare := func(x float64) T {
		if x == 0 {
			return plain("0")
		}
		return p.estimate(suffstat.Fact(x, 0, unit), "bare").Value
	}
	s.AxisLow, s.AxisHigh = bare(sc.low), bare(sc.high)
	if sc.low < 0 {
		s.Zero = percentOf(sc.at(0))
	}
	for i := range rows {
		r := &rows[i]
		if !r.hasMoney || r.stake.Unit != unit {
			continue
		}
		r.Span = sc.draw(r.stake.Value, r.stake.Lower, r.stake.Upper, 0)
		r.Span.HasZero = sc.low < 0
		if r.Span.Weak = !r.expected; r.Span.Weak {
			s.Stakes = true
		}
	}
}

// backlogTotals says what the list adds up to, each customer's problem counted once.
func (p *page) backlogTotals(ctx context.Context) ([]T, error) {
	f, _, err := p.fetch(ctx, "analytics.backlog_totals")
	if f == nil {
		return nil, err
	}
	measure, unit := f.String("measure"), textsOf(f, "unit")
	value, lower, upper, plainSum := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "plain_sum")
	counted, overlapping, reduced := numbersOf(f, "counted"), numbersOf(f, "overlapping"), numbersOf(f, "reduced")
	var out []T
	for i := range measure {
		if !(counted[i] > 0) || !p.texts.Has("ui.totals_"+measure[i]) {
			continue
		}
		e := suffstat.Estimate{Value: value[i], Lower: lower[i], Upper: upper[i], Level: 0.90, Unit: unit[i], Method: "sum"}
		sum := T{}
		if math.Abs(plainSum[i]-value[i]) > 0.005*math.Abs(value[i]) {
			sum = p.estimate(suffstat.Fact(plainSum[i], 0, unit[i]), "bare").Value
		}
		out = append(out, p.say("totals_"+measure[i], map[string]T{
			"total": p.texts.each(func(w *words) string { return w.estimate(e, p.opt.Grain, "") }), "counted": p.count(whole(counted[i])), "overlapping": p.count(whole(overlapping[i])),
			"reduced": p.count(whole(reduced[i])), "plain": sum}))
	}
	return out, nil
}

// hypotheses reads the backlog in the order of rank.
func (p *page) hypotheses(ctx context.Context) ([]hypothesisRow, T, error) {
	f, absent, err := p.fetch(ctx, "analytics.hypotheses")
	if f == nil {
		if p.empty("analytics.hypotheses") {
			absent = p.word("no_hypotheses")
		}
		return nil, absent, err
	}
	text := func(c string) []string { return textsOf(f, c) }
	number := func(c string) []float64 { return numbersOf(f, c) }
	id, rank := text("hypothesis_id"), f.Int64("rank")
	pair := func(c string) func(int) T {
		ru, en := text(c+"_ru"), text(c+"_en")
		return func(i int) T { return T{ru[i], en[i]} }
	}
	title, what, why, change := pair("title"), pair("what_happens"), pair("why"), pair("change")
	block, kind, subject, metric, unit, moneyUnit := text("block"), text("kind"), text("subject"), text("metric"), text("unit"), text("money_unit")
	baseline, baselineLower, baselineUpper, baselineN := number("baseline"), number("baseline_lower"), number("baseline_upper"), number("baseline_n")
	effect, effectLower, effectUpper := number("effect"), number("effect_lower"), number("effect_upper")
	money, moneyLower, moneyUpper := number("money"), number("money_lower"), number("money_upper")
	stake, stakeLower, stakeUpper := number("stake"), number("stake_lower"), number("stake_upper")
	population, sample, duration := number("population"), number("sample_size_per_arm"), number("duration_days")
	effort, priority := number("effort"), number("priority")
	chance, tenth, gain, evsi, cost, weeks := number("probability_positive"), number("money_tenth"), number("expected_gain"), number("evsi"), number("cost"), number("weeks")
	reach, impact, confidence, months, score := number("rice_reach"), number("rice_impact"), number("rice_confidence"), number("rice_effort"), number("rice_score")
	prior, shrinkage, depends, start, end := text("prior"), text("shrinkage"), text("depends_on"), number("start_week"), number("end_week")
	refuted := pair("refuted_by")
	grade, threat, design, guardrails := text("grade"), text("threat"), text("test_design"), text("guardrails")
	horizon, goal, status, sql, overlaps := text("horizon"), text("goal"), text("status"), text("evidence_sql"), text("overlaps_with")
	exploratory := flagsOf(f, "exploratory")
	feasible, feasibleKnown := flagsOf(f, "feasible"), make([]bool, f.Len())
	if f.Has("feasible") {
		feasibleKnown = f.Valid("feasible")
	}

	rows := make([]hypothesisRow, f.Len())
	for i := range rows {
		n := int64(0)
		if analytics.Finite(baselineN[i]) {
			n = int64(baselineN[i])
		}
		if moneyUnit[i] == "" {
			moneyUnit[i] = p.opt.Currency
		}
		r := hypothesisRow{
			Rank: rank[i], ID: id[i], Anchor: anchor(id[i]), Title: title(i), What: what(i), Why: why(i), Change: change(i),
			Metric: p.texts.Name("metrics", metric[i]), Grade: grade[i], GradeText: p.texts.Name("grades", grade[i]),
			Threat: p.texts.Name("threats", threat[i]), Horizon: p.texts.Name("horizons", horizon[i]), HorizonCode: anchor(horizon[i]),
			Block: p.texts.Name("blocks", block[i]), Goal: p.texts.Name("goals", goal[i]), Status: p.texts.Name("statuses", status[i]),
			SQL: safeSQL(sql[i]), Overlaps: overlaps[i], Exploratory: exploratory[i], kind: kind[i], subject: subject[i],
		}
		level := func(e suffstat.Estimate, l float64) suffstat.Estimate { e.Level = l; return e }
		if analytics.Finite(baseline[i]) {
			r.HasBaseline, r.Baseline = true, p.estimate(interval(baseline[i], baselineLower[i], baselineUpper[i], n, unit[i]), "")
		}
		if analytics.Finite(effect[i]) {
			form := ""
			if unit[i] == "share" {
				form = "points"
			}
			r.HasEffect, r.Effect = true, p.estimate(level(interval(effect[i], effectLower[i], effectUpper[i], n, unit[i]), 0.90), form)
		}
		switch {
		case analytics.Finite(money[i]):
			r.stake = level(interval(money[i], moneyLower[i], moneyUpper[i], n, moneyUnit[i]), 0.90)
			r.MoneyLabel, r.hasMoney, r.expected = p.texts.each(func(w *words) string { return w.text["ui.expected_money"] }), true, true
		case analytics.Finite(stake[i]):
			r.stake = level(interval(stake[i], stakeLower[i], stakeUpper[i], n, moneyUnit[i]), 0.90)
			r.MoneyLabel, r.hasMoney = p.texts.each(func(w *words) string { return w.text["ui.at_stake"] }), true
		}
		if r.hasMoney {
			r.Money = p.estimate(r.stake, "")
		}
		if population[i] > 0 {
			r.Population = p.texts.each(func(w *words) string { return w.count(int64(population[i]), "customer") })
		}
		if design[i] != "" {
			r.Design = p.texts.Name("designs", design[i])
		}
		if sample[i] > 0 {
			r.Sample = p.texts.each(func(w *words) string { return w.count(int64(sample[i]), "customer") })
		}
		if duration[i] > 0 {
			r.Duration = p.texts.each(func(w *words) string { return w.count(int64(duration[i]), "day") })
		}
		if feasibleKnown[i] {
			r.Feasible = map[bool]string{true: "yes", false: "no"}[feasible[i]]
		}
		for _, g := range strings.Split(guardrails[i], ",") {
			if g = strings.TrimSpace(g); g != "" {
				r.Guardrails = append(r.Guardrails, p.texts.Name("metrics", g))
			}
		}
		for step := range 5 {
			r.Effort = append(r.Effort, float64(step) < effort[i])
		}
		if analytics.Finite(effort[i]) {
			r.EffortText = plain(p.texts.ru.decimal(math.Round(effort[i]), 0) + "/5")
		}
		r.start, r.end, r.Depends, r.Refuted = start[i], end[i], depends[i], refuted(i)
		if analytics.Finite(start[i]) && analytics.Finite(end[i]) {
			r.When = p.weeksText(start[i], end[i])
		}
		if p.texts.Has("shrinkage." + shrinkage[i]) {
			r.Shrinkage = p.texts.Name("shrinkage", shrinkage[i])
		}
		bare := func(x float64) T { return p.estimate(suffstat.Fact(x, 0, moneyUnit[i]), "bare").Value }
		if analytics.Finite(priority[i]) {
			r.Priority = bare(priority[i])
			if analytics.Finite(gain[i]) && analytics.Finite(evsi[i]) && analytics.Finite(cost[i]) && analytics.Finite(weeks[i]) {
				r.Parts = p.say("priority_parts", map[string]T{"gain": bare(gain[i]), "evsi": bare(evsi[i]), "cost": bare(cost[i]), "weeks": p.fact(weeks[i], "weeks").Value, "priority": r.Priority})
			}
		}
		if analytics.Finite(chance[i]) {
			r.Probability, r.ByConvention = p.chance(chance[i]), prior[i] == "step"
		}
		if analytics.Finite(tenth[i]) && prior[i] != "step" {
			r.Tenth = bare(tenth[i])
		}
		if analytics.Finite(score[i]) {
			number := func(x float64, decimals int) T {
				return p.texts.each(func(w *words) string { return w.decimal(x, decimals) })
			}
			r.RICE = number(score[i], fraction(score[i], 10))
			r.RICEParts = p.say("rice_parts", map[string]T{"reach": number(reach[i], 0), "impact": number(impact[i], 2*fraction(impact[i], 1)),
				"confidence": p.texts.each(func(w *words) string { return w.decimal(100*confidence[i], 0) + w.text["numbers.percent"] }), "months": number(months[i], 2*fraction(months[i], 10)), "score": r.RICE})
		}
		rows[i] = r
	}
	// The table's grain is the id; the reader wants the rank.
	slices.SortStableFunc(rows, func(a, b hypothesisRow) int { return cmp.Compare(a.Rank, b.Rank) })
	for i := range rows {
		rows[i].Full = i < mostInFull
	}
	for _, r := range doFirst(rows) { // what the first screen links to
		r.Full = true
	}
	byID := map[string]hypothesisRow{}
	for _, r := range rows {
		byID[r.ID] = r
	}
	link := func(id string) (anchor string, title T) {
		o, ok := byID[id]
		if !ok || id == "" {
			return "", T{}
		}
		if o.Full {
			anchor = o.Anchor
		}
		return anchor, o.Title
	}
	for i := range rows {
		r := &rows[i]
		r.OverlapsAnchor, r.OverlapsTitle = link(r.Overlaps)
		r.DependsAnchor, r.DependsTitle = link(r.Depends)
	}
	return rows, absent, nil
}

// weeksText is the place of something on the roadmap: weeks 1–9.
func (p *page) weeksText(from, to float64) T {
	if from == to {
		return p.say("week_one", map[string]T{"week": p.count(whole(from))})
	}
	return p.say("week_span", map[string]T{"from": p.count(whole(from)), "to": p.count(whole(to))})
}

// chance shows a probability in whole per cent; nothing in this audit is certain, so it is never 0 or 100.
func (p *page) chance(x float64) T {
	sign, shown := "", 100*x
	switch {
	case x > 0.99:
		sign, shown = "> ", 99
	case x < 0.01:
		sign, shown = "< ", 1
	}
	return p.texts.each(func(w *words) string { return sign + w.decimal(shown, 0) + w.text["numbers.percent"] })
}
