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
	Title, What, Why, Change     T
	Money                        cell
	MoneyLabel                   T
	Effect                       cell
	HasEffect                    bool
	Metric                       T
	Baseline                     cell
	HasBaseline                  bool
	Population                   T
	Grade                        string
	GradeText, Threat            T
	Design, Sample, Duration     T
	Feasible                     string // yes, no or empty
	Guardrails                   []T
	Effort                       []bool // five steps, the first Effort are true
	EffortText                   T
	Priority                     T
	Horizon, Block, Goal, Status T
	HorizonCode                  string
	SQL                          string
	Exploratory                  bool
	Overlaps, OverlapsAnchor     string
	OverlapsTitle                T
	hasMoney                     bool
	stake                        suffstat.Estimate
	kind, subject                string
}

// backlogSection is the list of hypotheses.
type backlogSection struct {
	Rows   []hypothesisRow
	Absent T
	Lead   T
}

func loadHypotheses(ctx context.Context, p *page) (any, error) {
	rows, absent, err := p.hypotheses(ctx)
	if err != nil {
		return nil, err
	}
	s := backlogSection{Rows: rows, Absent: absent}
	if len(rows) > 0 {
		testable := 0
		for _, r := range rows {
			if r.Feasible == "yes" {
				testable++
			}
		}
		s.Lead = p.say("hypotheses_lead", map[string]T{
			"count":    p.texts.each(func(w *words) string { return w.count(int64(len(rows)), "hypothesis") }),
			"testable": p.count(int64(testable)),
		})
	}
	return s, nil
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
			r.MoneyLabel, r.hasMoney = p.texts.each(func(w *words) string { return w.text["ui.expected_money"] }), true
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
		r.Priority = p.texts.each(func(w *words) string { return w.decimal(priority[i], 0) })
		rows[i] = r
	}
	// The table's grain is the id; the reader wants the rank.
	slices.SortStableFunc(rows, func(a, b hypothesisRow) int { return cmp.Compare(a.Rank, b.Rank) })
	byID := map[string]hypothesisRow{}
	for _, r := range rows {
		byID[r.ID] = r
	}
	for i := range rows {
		if o, ok := byID[rows[i].Overlaps]; ok && rows[i].Overlaps != "" {
			rows[i].OverlapsAnchor, rows[i].OverlapsTitle = o.Anchor, o.Title
		}
	}
	return rows, absent, nil
}
