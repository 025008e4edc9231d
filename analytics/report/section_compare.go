package report

import (
	"cmp"
	"context"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// compareSection is what changed since the last audit. Without one there is no section.
type compareSection struct {
	Periods, Lead   T
	Overlap         bool
	Outcomes        []comparedHypothesis // of the hypotheses of the last audit: the tried ones
	NotTried        T
	Groups          []comparedGroup
	Metrics         []comparedMetric
	MetricsMore     T
	MetricsAbsent   T
	MetricsWeeks    T // that weeks are unknown
	OutcomesNothing T
}

type comparedHypothesis struct {
	ID                        string
	Title, Outcome, Trial     T
	Effect                    cell
	Good, Bad                 bool
	Before, After, Change     T
	HasChange                 bool
	State                     string
	StateText, RankAfter, Why T
}

// comparedGroup is the findings of one state.
type comparedGroup struct {
	State  string
	Title  T
	Note   T
	Items  []comparedItem
	More   T
	Number T
}

type comparedItem struct{ Kind, Subject, Text T }

type comparedMetric struct {
	Name, Subject, Before, After, Mix, Words T
	Change                                   cell
	Span                                     span
	Weight                                   float64
}

// mostCompared is how many rows of a list the page shows; the rest is in the tables.
const mostCompared = 12

func loadCompare(ctx context.Context, p *page) (any, error) {
	s, err := p.compared(ctx, mostCompared)
	if s == nil {
		return nil, err
	}
	return *s, err
}

// compared reads the tables of a comparison; nil without one. most bounds the lists, 0 does not.
func (p *page) compared(ctx context.Context, most int) (*compareSection, error) {
	head, _, err := p.fetch(ctx, "analytics.compared")
	if head == nil {
		return nil, err
	}
	period := func(from, to string) T {
		return joined(day(parseDay(head.String(from)[0])), " – ", day(parseDay(head.String(to)[0]).AddDate(0, 0, -1)))
	}
	s := &compareSection{Overlap: head.Bool("overlap")[0]}
	s.Periods = p.say("compare_periods", map[string]T{"before": period("before_from", "before_to"), "after": period("after_from", "after_to")})
	if err := p.comparedHypotheses(ctx, s, most); err != nil {
		return nil, err
	}
	if err := p.comparedFindings(ctx, s, most); err != nil {
		return nil, err
	}
	return s, p.comparedMetrics(ctx, s, most)
}

func (p *page) comparedHypotheses(ctx context.Context, s *compareSection, most int) error {
	f, _, err := p.fetch(ctx, "analytics.compared_hypotheses")
	if f == nil {
		return err
	}
	text := func(c string) []string { return textsOf(f, c) }
	number := func(c string) []float64 { return numbersOf(f, c) }
	id, state, outcome, ru, en, unit, trialUnit := text("hypothesis_id"), text("state"), text("outcome"), text("title_ru"), text("title_en"), text("unit"), text("trial_unit")
	experiment, arm, of := text("experiment_id"), text("arm"), text("trial_outcome")
	effect, lower, upper, n := number("trial_effect"), number("trial_lower"), number("trial_upper"), number("trial_n")
	before, after, change, changeLower, changeUpper, changeN := number("baseline_before"), number("baseline_after"), number("change"), number("change_lower"), number("change_upper"), number("change_n")
	metric, subjectType := text("metric"), text("subject_type")
	count := map[string]int64{}
	var moved []comparedHypothesis
	for i := range id {
		if outcome[i] == "" {
			count["new"]++
			continue
		}
		count[outcome[i]]++
		count["earlier"]++
		h := comparedHypothesis{ID: id[i], Title: T{ru[i], en[i]}, Outcome: p.texts.Name("trial_outcomes", outcome[i]), State: state[i], StateText: p.texts.Name("compared_states", state[i]),
			Good: outcome[i] == "confirmed", Bad: outcome[i] == "refuted"}
		if analytics.Finite(change[i]) {
			h.HasChange = true
			e := interval(change[i], changeLower[i], changeUpper[i], whole64(changeN[i]), unit[i])
			form := ""
			if unit[i] == "share" {
				form = "points"
			}
			value := func(x float64) T { return p.estimate(suffstat.Fact(x, 0, unit[i]), "").Value }
			h.Change = p.say("compare_change", map[string]T{"metric": p.texts.Name("metrics", metric[i]), "before": value(before[i]), "after": value(after[i]), "change": p.estimate(e, form).whole()})
		}
		if experiment[i] != "" {
			h.Trial = p.say("compare_trial", map[string]T{"experiment": plain(Shown(experiment[i])), "arm": plain(Shown(arm[i])), "outcome": p.texts.Name("outcomes", of[i])})
			if analytics.Finite(effect[i]) {
				form := ""
				if trialUnit[i] == "share" {
					form = "points"
				}
				h.Effect = p.estimate(interval(effect[i], lower[i], upper[i], whole64(n[i]), trialUnit[i]), form)
			}
			s.Outcomes = append(s.Outcomes, h)
		} else if h.HasChange && subjectType[i] != "experiment" { // what an old experiment measured does not change
			moved = append(moved, h)
		}
	}
	words := map[string]T{}
	for _, name := range []string{"earlier", "confirmed", "refuted", "undecided", "unusable", "not_tried", "new"} {
		words[name] = p.count(count[name])
	}
	s.Lead = p.say("compare_lead", words)
	if len(s.Outcomes) == 0 {
		s.OutcomesNothing = p.word("compare_none_tried")
	}
	if most > 0 && len(moved) > most {
		moved = moved[:most]
	}
	s.Outcomes = append(s.Outcomes, moved...)
	return nil
}

func whole64(x float64) int64 {
	if !analytics.Finite(x) {
		return 0
	}
	return int64(x)
}

func (p *page) comparedFindings(ctx context.Context, s *compareSection, most int) error {
	f, _, err := p.fetch(ctx, "analytics.compared_findings")
	if f == nil {
		return err
	}
	state, kind, subjectType, subject, ru, en, severity := textsOf(f, "state"), textsOf(f, "kind"), textsOf(f, "subject_type"), textsOf(f, "subject"), textsOf(f, "text_ru"), textsOf(f, "text_en"), textsOf(f, "severity")
	for _, want := range []string{"new", "persisting", "resolved", "only_now", "only_before"} {
		g := comparedGroup{State: want, Title: p.texts.Name("compared_states", want)}
		if p.texts.Has("compared_notes." + want) {
			g.Note = p.texts.Name("compared_notes", want)
		}
		var at []int
		for i := range state {
			if state[i] == want {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			continue
		}
		order := map[string]int{"critical": 0, "warning": 1, "notice": 2}
		slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(order[severity[a]], order[severity[b]]) })
		g.Number = p.count(int64(len(at)))
		for _, i := range at {
			if most > 0 && len(g.Items) == most {
				break
			}
			g.Items = append(g.Items, comparedItem{Kind: p.texts.Name("kinds", kind[i]), Subject: p.texts.each(func(w *words) string { return w.subject(subjectType[i], subject[i]) }), Text: T{ru[i], en[i]}})
		}
		if left := len(at) - len(g.Items); left > 0 {
			g.More = p.say("compare_more", map[string]T{"left": p.count(int64(left)), "table": plain("analytics.compared_findings")})
		}
		s.Groups = append(s.Groups, g)
	}
	return nil
}

func (p *page) comparedMetrics(ctx context.Context, s *compareSection, most int) error {
	f, _, err := p.fetch(ctx, "analytics.compared_metrics")
	if f == nil {
		if err == nil {
			s.MetricsAbsent = p.word("compare_no_metrics")
		}
		return err
	}
	metric, subjectType, subject, verdict := textsOf(f, "metric"), textsOf(f, "subject_type"), textsOf(f, "subject"), textsOf(f, "verdict")
	before, after, change, lower, upper, mix := numbersOf(f, "value_before"), numbersOf(f, "value_after"), numbersOf(f, "change"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "mix")
	note, weeksBefore, weeksAfter := textsOf(f, "note"), numbersOf(f, "weeks_before"), numbersOf(f, "weeks_after")
	if slices.Contains(note, "no_weeks") {
		s.MetricsWeeks = p.word("compare_no_weeks")
	}
	nBefore, nAfter, needed := numbersOf(f, "n_before"), numbersOf(f, "n_after"), numbersOf(f, "needed")
	rank := map[string]float64{"different": 0, "inconclusive": 1, "insufficient_data": 2, "equivalent": 3}
	var at []int
	for i := range metric {
		if analytics.Finite(change[i]) {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(rank[verdict[a]], rank[verdict[b]]) })
	if most > 0 && len(at) > 2*most {
		s.MetricsMore = p.say("compare_more", map[string]T{"left": p.count(int64(len(at) - 2*most)), "table": plain("analytics.compared_metrics")})
		at = at[:2*most]
	}
	var relative, low, high []float64
	for _, i := range at { // on a scale of their own size, or a rate of one per mille would not be seen beside one of a half
		size := math.Max(before[i], after[i])
		relative, low, high = append(relative, change[i]/size), append(low, lower[i]/size), append(high, upper[i]/size)
	}
	scale := scaleOf(relative, low, high)
	for k, i := range at {
		rate := func(x, n float64) T {
			value := p.estimate(suffstat.Fact(x, whole64(n), "share"), "").Value
			return p.say("compare_rate", map[string]T{"value": value, "n": p.count(whole64(n))})
		}
		m := comparedMetric{Name: p.texts.Name("metrics", metric[i]), Subject: p.texts.each(func(w *words) string { return w.subject(subjectType[i], subject[i]) }),
			Before: rate(before[i], nBefore[i]), After: rate(after[i], nAfter[i]),
			Change: p.estimate(interval(change[i], lower[i], upper[i], whole64(math.Min(nBefore[i], nAfter[i])), "share"), "points"),
			Span:   scale.draw(relative[k], low[k], high[k], 0), Words: upperT(p.texts.Name("compared_verdicts", verdict[i]))}
		if analytics.Finite(mix[i]) && mix[i] != 0 {
			m.Mix = p.say("compare_mix", map[string]T{"mix": p.estimate(suffstat.Fact(mix[i], 0, "share"), "points").Value})
		}
		if verdict[i] == "inconclusive" && needed[i] > 0 {
			m.Words = p.say("compare_needs", map[string]T{"n": p.count(whole64(needed[i]))})
		}
		if note[i] == "few_weeks" {
			m.Words = p.say("compare_few_weeks", map[string]T{"before": p.count(whole64(weeksBefore[i])), "after": p.count(whole64(weeksAfter[i]))})
		}
		s.Metrics = append(s.Metrics, m)
	}
	return nil
}
