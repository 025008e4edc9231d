package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// effectsSection shows what scenarios change, with the design that says so, and says where no number can be given and why.
type effectsSection struct {
	Outcomes       []forest
	Absent         T
	Silent         []silentRow
	SilentMore     T
	Checks         []checkRow
	ChecksMore     T
	Ranges         []rangeRow
	RangesMore     T
	Reasons        []reasonRow
	ReasonsMore    T
	Findings       []findingRow
	FindingsAbsent T
}

// forest is one outcome: the scenarios whose design carries a number, and below them those where it is description only.
type forest struct {
	Title, Note T
	Rows, Weak  []effectRow
	WeakTitle   T
	More, Fewer T // rows that are only in the database
}

type effectRow struct {
	Scenario, Design, Words, N T
	Caveats                    []T
	Grade                      string
	Span                       span
	Effect, Relative, Base     cell
	HasRelative                bool
	rank                       int
	size                       float64
	Good, Bad                  bool
}

type silentRow struct {
	Scenario, Design, Why, Change, Outcomes T
	Customers                               T
	size                                    float64
}

type checkRow struct {
	Scenario, Design T
	Grade            string
	Chips            []chip
}

type chip struct {
	Name, Value T
	OK          bool
}

// effectOutcomes in the order of what they say about the business. Revenue is shown without outliers where there is such a number.
var effectOutcomes = []string{"order", "revenue", "better_stage", "unsubscribe"}

// confirmedQ is the false-discovery rate above which a difference is called exploratory in the table (decision.fdr unless configured; the findings below
// go by the configured one).
const confirmedQ = .05

func loadEffects(ctx context.Context, p *page) (any, error) {
	e := &effectsPart{part{page: p, ctx: ctx, schema: "scenarios"}}
	var s effectsSection
	e.effects(&s)
	s.Checks, s.ChecksMore = firstRows(p, e.checks())
	s.Ranges, s.RangesMore = firstRows(p, e.ranges())
	s.Reasons, s.ReasonsMore = firstRows(p, e.reasons())
	if e.err != nil {
		return nil, e.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "effects")
	return s, err
}

type effectsPart struct{ part }

// design is how a number came about, in words, with the experiment's id where there is one.
func (e *effectsPart) design(method, experiment string) T {
	t := e.texts.Name("methods", method)
	if experiment != "" {
		name := Shown(experiment)
		t = joined(t, " ", T{"«" + name + "»", "“" + name + "”"})
	}
	return t
}

func (e *effectsPart) effects(s *effectsSection) {
	f, absent := e.table("effects")
	if f == nil {
		s.Absent = absent
		if e.empty("scenarios.effects") {
			s.Absent = e.word("effects_none")
		}
		return
	}
	scenario, outcome, method, experiment, grade := f.String("scenario_id"), f.String("outcome"), f.String("method"), textsOf(f, "experiment_id"), textsOf(f, "grade")
	treated, control, baseline := numbersOf(f, "customers_treated"), numbersOf(f, "customers_control"), numbersOf(f, "baseline")
	value, lower, upper, level := numbersOf(f, "effect"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "level")
	relative, relativeLower, relativeUpper := numbersOf(f, "relative"), numbersOf(f, "relative_lower"), numbersOf(f, "relative_upper")
	margin, needed, days := numbersOf(f, "margin"), numbersOf(f, "needed"), numbersOf(f, "horizon_days")
	caveat, verdict, q := textsOf(f, "caveat"), textsOf(f, "verdict"), numbersOf(f, "q_value")
	positivity := e.positivity()

	type design struct{ scenario, method, experiment string }
	silent := map[design][]int{}
	numbers, pulled := map[design]bool{}, map[design]bool{}
	for i := range scenario {
		k := design{scenario[i], method[i], experiment[i]}
		if outcome[i] == "revenue_winsorised" && analytics.Finite(value[i]) {
			pulled[k] = true
		}
		if analytics.Finite(value[i]) {
			numbers[k] = true
		} else {
			silent[k] = append(silent[k], i)
		}
	}
	for _, o := range effectOutcomes {
		var at []int
		var v, lo, hi []float64
		for i := range outcome {
			of := outcome[i]
			if k := (design{scenario[i], method[i], experiment[i]}); of == "revenue_winsorised" {
				of = "revenue"
			} else if of == "revenue" && pulled[k] {
				continue
			}
			if of == o && analytics.Finite(value[i]) {
				at = append(at, i)
				v, lo, hi = append(v, value[i]), append(lo, lower[i]), append(hi, upper[i])
			}
		}
		if len(at) == 0 {
			continue
		}
		ruler := scaleOf(v, lo, hi)
		unit := "share"
		if o == "revenue" {
			unit = e.opt.Currency
		}
		fo := forest{Title: upperT(e.texts.Name("outcomes", o)), Note: e.word("effects_outcome_" + o)}
		for _, i := range at {
			n := int64(orZero(treated[i]) + orZero(control[i]))
			with := func(x, l, u float64, unit string, lvl float64) suffstat.Estimate {
				out := interval(x, l, u, n, unit)
				if analytics.Finite(lvl) && lvl > 0 {
					out.Level = lvl
				}
				return out
			}
			r := effectRow{Scenario: e.scenario(scenario[i]), Design: e.design(method[i], experiment[i]), Grade: grade[i],
				Span:   ruler.draw(value[i], lower[i], upper[i], 0),
				Effect: e.estimate(with(value[i], lower[i], upper[i], unit, level[i]), "points"),
				Base:   e.estimate(suffstat.Fact(baseline[i], 0, unit), ""),
				N:      e.say("effects_n", map[string]T{"treated": e.wholeNumber(treated[i]), "control": e.wholeNumber(control[i]), "days": e.wholeNumber(days[i])}),
				size:   value[i], rank: slices.Index([]string{"A", "B", "C", "D"}, grade[i]),
			}
			if r.HasRelative = analytics.Finite(relative[i]) && analytics.Finite(relativeLower[i]); r.HasRelative {
				r.Relative = e.estimate(with(relative[i], relativeLower[i], relativeUpper[i], "share", math.NaN()), "")
			}
			e.means(&r, o, verdict[i], value[i], map[string]T{
				"needed": e.customers(needed[i]), "margin": e.texts.each(func(w *words) string {
					return w.estimate(suffstat.Fact(margin[i], 0, unit), "", "pp")
				}),
				"q": e.texts.each(func(w *words) string { return w.pvalue("q", q[i]) }),
			}, analytics.Finite(needed[i]), q[i] <= confirmedQ)
			if outcome[i] == "revenue_winsorised" {
				r.Caveats = append(r.Caveats, e.word("effects_pulled"))
			}
			for _, c := range strings.Split(caveat[i], ",") {
				if c = strings.TrimSpace(c); c != "" {
					r.Caveats = append(r.Caveats, e.texts.Name("caveats", c))
				}
			}
			if r.Span.Weak = grade[i] == "D"; r.Span.Weak {
				fo.Weak = append(fo.Weak, r)
			} else {
				fo.Rows = append(fo.Rows, r)
			}
		}
		for _, rows := range [][]effectRow{fo.Rows, fo.Weak} {
			slices.SortStableFunc(rows, func(a, b effectRow) int {
				return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.size, a.size), strings.Compare(a.Scenario.Ru, b.Scenario.Ru))
			})
		}
		fo.WeakTitle = e.say("effects_weak", map[string]T{"count": e.count(int64(len(fo.Weak)))})
		fo.Rows, fo.More = firstRows(e.page, fo.Rows)
		fo.Weak, fo.Fewer = firstRows(e.page, fo.Weak)
		s.Outcomes = append(s.Outcomes, fo)
	}

	seen := map[design]bool{}
	for i := range scenario {
		k := design{scenario[i], method[i], experiment[i]}
		if len(silent[k]) == 0 || seen[k] {
			continue
		}
		seen[k] = true
		// One row for the design when it carries no number at all; where only some outcomes have none, they are named.
		row := silentRow{Scenario: e.scenario(k.scenario), Design: e.design(k.method, k.experiment), Customers: e.wholeNumber(treated[i])}
		var why []string
		var names [2][]string
		for _, j := range silent[k] {
			for _, c := range strings.Split(caveat[j], ",") {
				if c = strings.TrimSpace(c); e.texts.Has("failed."+c) && !slices.Contains(why, c) {
					why = append(why, c)
				}
			}
			name := e.texts.Name("outcomes", outcome[j])
			names[0], names[1] = append(names[0], name.Ru), append(names[1], name.En)
		}
		if numbers[k] {
			row.Outcomes = T{strings.Join(names[0], ", "), strings.Join(names[1], ", ")}
		}
		row.Why = e.texts.each(func(w *words) string { return upperFirst(w.list("failed", strings.Join(why, ","))) + "." })
		if p, ok := positivity[k.scenario]; ok && slices.Contains(why, "positivity") && k.method == "sequential_trials" {
			row.Why = joined(row.Why, " ", e.say("positivity_share", map[string]T{"share": e.fact(p, "share").whole()}))
		}
		change := "no_comparators"
		for _, c := range why {
			if e.texts.Has("ui.effects_change_" + c) {
				change = c
				break
			}
		}
		row.Change = e.word("effects_change_" + change)
		row.size = orZero(treated[i])
		s.Silent = append(s.Silent, row)
	}
	slices.SortStableFunc(s.Silent, func(a, b silentRow) int { return cmp.Compare(b.size, a.size) })
	s.Silent, s.SilentMore = firstRows(e.page, s.Silent)
}

func upperT(t T) T { return T{upperFirst(t.Ru), upperFirst(t.En)} }

// means says what a number means: proved, equal, or not decided, in words that fit its grade.
func (e *effectsPart) means(r *effectRow, outcome, verdict string, value float64, values map[string]T, needed, confirmed bool) {
	wanted := value > 0
	if outcome == "unsubscribe" {
		wanted = value < 0
	}
	if !needed {
		delete(values, "needed")
	}
	switch key := verdict; verdict {
	case string(analytics.Different):
		key = "loss"
		if r.Good = wanted; wanted {
			key = "gain"
		}
		r.Bad = !wanted
		grade := map[string]string{"A": "A", "B": "A", "C": "C", "D": "D"}[r.Grade]
		if grade != "D" && !confirmed {
			grade = "open"
		}
		if grade == "D" || grade == "open" {
			r.Good, r.Bad = false, false
		}
		r.Words = e.say("effects_"+key+"_"+grade, values)
	case string(analytics.Equivalent), string(analytics.Inconclusive), string(analytics.InsufficientData):
		r.Words = e.say("effects_"+key, values)
	}
}

// positivity is the share of entrants with comparators, by scenario.
func (e *effectsPart) positivity() map[string]float64 {
	out := map[string]float64{}
	f, _ := e.table("effect_checks")
	if f == nil {
		return out
	}
	scenario, name, value := f.String("scenario_id"), f.String("check_name"), numbersOf(f, "value")
	for i := range scenario {
		if name[i] == "positivity" && analytics.Finite(value[i]) {
			out[scenario[i]] = value[i]
		}
	}
	return out
}

// checkOrder is the order of the checks in a row.
var checkOrder = []string{"srm", "balance", "contamination", "exposure", "clusters", "audience", "groups", "positivity", "placebo", "negative_control", "e_value"}

// checks is what stands behind the grade of every design: of checks that differ by outcome those of orders.
func (e *effectsPart) checks() []checkRow {
	f, _ := e.table("effect_checks")
	if f == nil {
		return nil
	}
	type design struct{ scenario, method, experiment string }
	grades := map[design]string{}
	if g, _ := e.table("effects"); g != nil {
		scenario, outcome, method, experiment, grade := g.String("scenario_id"), g.String("outcome"), g.String("method"), textsOf(g, "experiment_id"), textsOf(g, "grade")
		for i := range scenario {
			if outcome[i] == "order" {
				grades[design{scenario[i], method[i], experiment[i]}] = grade[i]
			}
		}
	}
	scenario, outcome, method, experiment := f.String("scenario_id"), f.String("outcome"), f.String("method"), textsOf(f, "experiment_id")
	name, passed, note := f.String("check_name"), flagsOf(f, "passed"), textsOf(f, "note")
	value, lower, upper := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper")
	at := map[design]int{}
	var rows []checkRow
	type placed struct {
		order int
		chip  chip
	}
	chips := map[design][]placed{}
	for i := range scenario {
		order := slices.Index(checkOrder, name[i])
		if order < 0 || outcome[i] != "all" && outcome[i] != "order" {
			continue
		}
		k := design{scenario[i], method[i], experiment[i]}
		if _, ok := at[k]; !ok {
			at[k] = len(rows)
			rows = append(rows, checkRow{Scenario: e.scenario(k.scenario), Design: e.design(k.method, k.experiment), Grade: grades[k]})
		}
		chips[k] = append(chips[k], placed{order, chip{Name: e.texts.Name("checks", name[i]), Value: e.checkValue(name[i], value[i], lower[i], upper[i], note[i]), OK: passed[i]}})
	}
	for k, i := range at {
		slices.SortStableFunc(chips[k], func(a, b placed) int { return cmp.Compare(a.order, b.order) })
		for _, c := range chips[k] {
			rows[i].Chips = append(rows[i].Chips, c.chip)
		}
	}
	return rows
}

// groupName is the shown name of a group of customers that the audit writes as "segment tea" or "attribute attr_city=Moscow".
func groupName(label string) string {
	kind, name, _ := strings.Cut(label, " ")
	if kind == "attribute" {
		key, value, _ := strings.Cut(strings.TrimPrefix(name, "attr_"), "=")
		name = key + ": " + value
	}
	return Shown(name)
}

func (e *effectsPart) checkValue(name string, value, lower, upper float64, note string) T {
	reason := T{}
	if e.texts.Has("check_notes." + note) {
		reason = e.texts.Name("check_notes", note)
	}
	switch {
	case !analytics.Finite(value):
		if reason != (T{}) {
			return reason
		}
		return plain(dash)
	case name == "srm" || name == "balance":
		t := e.texts.each(func(w *words) string { return w.pvalue("p", value) })
		if plan, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimPrefix(note, "planned_"), "%"), 64); err == nil {
			planned := e.say("check_planned", map[string]T{"share": e.texts.each(func(w *words) string { return w.decimal(plan, fraction(plan, 100)) + w.text["numbers.percent"] })})
			t = joined(t, ", ", T{lowerFirst(planned.Ru), lowerFirst(planned.En)})
		}
		return t
	case name == "audience": // "in segment tea", "out_of attribute attr_city=Moscow", "by category tea"
		where, group, _ := strings.Cut(note, " ")
		return e.say("check_audience_"+where, map[string]T{"group": plain(groupName(group)), "share": e.fact(value, "share").Value})
	case name == "groups":
		return e.say("check_groups", map[string]T{"group": plain(groupName(note)), "difference": e.texts.each(func(w *words) string { return w.decimal(math.Abs(value), 2) })})
	case name == "e_value":
		return e.texts.each(func(w *words) string { return w.decimal(value, 2) })
	case name == "placebo" || name == "negative_control":
		t := e.estimate(interval(value, lower, upper, 0, "share"), "points").whole()
		if note == "nothing_to_compare" {
			return reason
		}
		return t
	}
	return e.fact(value, "share").Value
}
