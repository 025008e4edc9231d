package report

import (
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// How firm the comparisons with similar customers are (statistics 7.2 and 7.4 e): what one characteristic less does to a number, and why the similar customers did not enter.

type rangeRow struct {
	Scenario    T
	Grade       string
	Effect      cell
	Range, Most T
}

type reasonRow struct {
	Scenario, N T
	Reasons     []reasonPart
}

type reasonPart struct {
	Name, Share, Differs T
	Excluded             bool
}

// ranges are the shares who order, by scenario; the other outcomes are in scenarios.effect_ranges.
func (e *effectsPart) ranges() []rangeRow {
	f, _ := e.table("effects")
	if f == nil {
		return nil
	}
	scenario, outcome, grade, most := f.String("scenario_id"), f.String("outcome"), textsOf(f, "grade"), textsOf(f, "range_left_out")
	treated, control := numbersOf(f, "customers_treated"), numbersOf(f, "customers_control")
	value, lower, upper := numbersOf(f, "effect"), numbersOf(f, "lower"), numbersOf(f, "upper")
	level, from, to := numbersOf(f, "level"), numbersOf(f, "range_lower"), numbersOf(f, "range_upper")
	points := func(x float64) T { return e.estimate(suffstat.Fact(x, 0, "share"), "points").Value }
	var out []rangeRow
	for i := range scenario {
		if outcome[i] != "order" || !analytics.Finite(value[i]) || !analytics.Finite(from[i]) || most[i] == "" {
			continue
		}
		x := interval(value[i], lower[i], upper[i], int64(orZero(treated[i])+orZero(control[i])), "share")
		if analytics.Finite(level[i]) {
			x.Level = level[i]
		}
		out = append(out, rangeRow{Scenario: e.scenario(scenario[i]), Grade: grade[i], Effect: e.estimate(x, "points"),
			Range: e.say("effects_range_from", map[string]T{"from": points(from[i]), "to": points(to[i])}), Most: upperT(e.texts.Name("covariates", most[i]))})
	}
	slices.SortStableFunc(out, func(a, b rangeRow) int { return strings.Compare(a.Grade+a.Scenario.Ru, b.Grade+b.Scenario.Ru) })
	return out
}

// reasons are why comparators did not enter, by scenario, the most frequent first.
func (e *effectsPart) reasons() []reasonRow {
	f, _ := e.table("effect_reasons")
	if f == nil {
		return nil
	}
	scenario, reason, excluded := f.String("scenario_id"), f.String("reason"), flagsOf(f, "excluded")
	n, share := numbersOf(f, "units_control"), numbersOf(f, "share_control")
	value, lower, upper := numbersOf(f, "difference"), numbersOf(f, "lower"), numbersOf(f, "upper")
	at, all := map[string][]int{}, map[string]float64{}
	var names []string
	for i, s := range scenario {
		if at[s] == nil {
			names = append(names, s)
		}
		at[s], all[s] = append(at[s], i), all[s]+orZero(n[i])
	}
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(a, b) })
	var out []reasonRow
	for _, s := range names {
		row := reasonRow{Scenario: e.scenario(s), N: e.wholeNumber(all[s])}
		slices.SortStableFunc(at[s], func(i, j int) int { return int(orZero(n[j]) - orZero(n[i])) })
		for _, i := range at[s] {
			if !(n[i] > 0) {
				continue
			}
			p := reasonPart{Name: e.texts.Name("trial_reasons", reason[i]), Share: e.fact(share[i], "share").Value, Excluded: excluded[i]}
			if analytics.Finite(value[i]) && analytics.Finite(lower[i]) {
				p.Differs = e.say("effects_reason_differs", map[string]T{"difference": e.texts.each(func(w *words) string {
					return w.estimate(interval(value[i], lower[i], upper[i], 0, "share"), "", "direction")
				})})
				p.Differs = T{lowerFirst(p.Differs.Ru), lowerFirst(p.Differs.En)}
			}
			row.Reasons = append(row.Reasons, p)
		}
		out = append(out, row)
	}
	return out
}
