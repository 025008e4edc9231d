package report

import (
	"context"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// experimentsSection shows every randomized comparison: who was drawn for which arm, what the arms did, and what may be read from it.
type experimentsSection struct {
	Cards          []experimentCard
	More           T
	Absent         T
	Findings       []findingRow
	FindingsAbsent T
}

type experimentCard struct {
	ID          string // as the data have it, for the queries
	Name, About T
	Grade       string
	Stop        T // why nothing may be read; empty when it may
	Arms        []experimentArm
	Pairs       []experimentPair
	Checks      []chip
	Caveats     []T
}

type experimentArm struct {
	Name, Role, Assigned, Share, Compared T
	Lost                                  []T
}

type experimentPair struct {
	ID, Arm    string // as the data have them, for the queries
	Title      T
	Rows       []experimentRow
	More       T
	Groups     []experimentGroup
	GroupsMore T
	GroupsHead T
}

type experimentRow struct {
	Outcome, Means   T
	Span             span
	Effect, Relative cell
	HasRelative      bool
	Plain            T
	Words, Q         T
	Notes            []T
	Good, Bad        bool
	money            bool // orders and revenue stand before events
}

type experimentGroup struct {
	Outcome, Group, N, Words, Raw T
	Span                          span
	Effect, Others                cell
	Told                          bool
}

// mostExperiments are shown as cards; all are in the database.
const mostExperiments = 12

// Rows of one comparison: outcomes, and groups of customers; what was decided comes first.
const (
	mostOutcomes = 12
	mostGroups   = 10
)

func loadExperiments(ctx context.Context, p *page) (any, error) {
	e := &experimentsPart{part: part{page: p, ctx: ctx, schema: "analytics"}}
	var s experimentsSection
	e.cards(&s)
	if e.err != nil {
		return nil, e.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "experiments")
	return s, err
}

type experimentsPart struct{ part }

// experimentFrame is analytics.experiments by column.
type experimentFrame struct {
	id, arm, reference, outcome, source, scenario, grade, verdict, caveat, unit []string
	n, nReference, mean, meanReference, days, assigned, assignedReference       []float64
	effect, effectLower, effectUpper, plain, plainLower, plainUpper             []float64
	relative, relativeLower, relativeUpper                                      []float64
	cut, cutLower, cutUpper, seen, seenLower, seenUpper, margin, needed, q      []float64
}

func experimentsOf(f *analytics.Frame) experimentFrame {
	return experimentFrame{
		id: f.String("experiment_id"), arm: f.String("arm"), reference: f.String("reference_arm"), outcome: f.String("outcome"), source: textsOf(f, "source"), scenario: textsOf(f, "scenario_id"),
		grade: textsOf(f, "grade"), verdict: textsOf(f, "verdict"), caveat: textsOf(f, "caveat"), unit: textsOf(f, "unit"), n: numbersOf(f, "n"), nReference: numbersOf(f, "n_reference"),
		mean: numbersOf(f, "mean"), meanReference: numbersOf(f, "mean_reference"), days: numbersOf(f, "window_days"), assigned: numbersOf(f, "assigned"), assignedReference: numbersOf(f, "assigned_reference"),
		effect: numbersOf(f, "cuped_effect"), effectLower: numbersOf(f, "cuped_lower"), effectUpper: numbersOf(f, "cuped_upper"), plain: numbersOf(f, "effect"), plainLower: numbersOf(f, "lower"), plainUpper: numbersOf(f, "upper"),
		relative: numbersOf(f, "relative"), relativeLower: numbersOf(f, "relative_lower"), relativeUpper: numbersOf(f, "relative_upper"), cut: numbersOf(f, "winsorised_effect"), cutLower: numbersOf(f, "winsorised_lower"),
		cutUpper: numbersOf(f, "winsorised_upper"), seen: numbersOf(f, "observed_effect"), seenLower: numbersOf(f, "observed_lower"), seenUpper: numbersOf(f, "observed_upper"), margin: numbersOf(f, "margin"),
		needed: numbersOf(f, "needed"), q: numbersOf(f, "cuped_q_value"),
	}
}

// places is where each value stands, values in the order of their first place.
func places(values []string) (order []string, at map[string][]int) {
	at = map[string][]int{}
	for i, v := range values {
		if at[v] == nil {
			order = append(order, v)
		}
		at[v] = append(at[v], i)
	}
	return order, at
}

func (e *experimentsPart) cards(s *experimentsSection) {
	f, absent := e.table("experiments")
	if f == nil {
		s.Absent = absent
		if e.empty("analytics.experiments") {
			s.Absent = e.word("exp_none")
		}
		return
	}
	x := experimentsOf(f)
	arms, checks, groups := e.arms(), e.checks(), e.groupRows(x)
	order, at := places(x.id)
	// Experiments that were assigned come first, then the control groups of scenarios.
	slices.SortStableFunc(order, func(a, b string) int { return strings.Compare(x.source[at[a][0]], x.source[at[b][0]]) })
	for k, id := range order {
		if k == mostExperiments {
			s.More = e.say("exp_more", map[string]T{"count": e.count(int64(len(order) - mostExperiments))})
			break
		}
		s.Cards = append(s.Cards, e.card(x, id, at[id], arms[id], checks[id], groups))
	}
}

func (e *experimentsPart) card(x experimentFrame, id string, at []int, arms []experimentArm, checks []chip, groups map[string][]experimentGroup) experimentCard {
	i := at[0]
	about := e.word("exp_source_" + sourceOr(x.source[i]))
	name := plain(Shown(id))
	if x.source[i] == "enrolments" {
		about = e.say("exp_source_enrolments", map[string]T{"scenario": e.scenario(x.scenario[i])})
		name = e.scenario(x.scenario[i])
	}
	within := e.say("exp_window", map[string]T{"days": e.fact(x.days[i], "days").Value})
	about = joined(about, "; ", T{lowerFirst(within.Ru), lowerFirst(within.En)})
	c := experimentCard{ID: id, Name: name, About: upperT(about), Grade: x.grade[i], Arms: arms, Checks: checks}
	for _, j := range at {
		if x.grade[j] < c.Grade {
			c.Grade = x.grade[j]
		}
		for _, key := range strings.Split(x.caveat[j], ",") {
			if key != "" && e.texts.Has("experiment_caveats."+key) {
				if t := e.texts.Name("experiment_caveats", key); !slices.Contains(c.Caveats, t) {
					c.Caveats = append(c.Caveats, t)
				}
			}
		}
	}
	if e.texts.Has("experiment_words." + x.verdict[i]) {
		c.Stop = e.texts.Name("experiment_words", x.verdict[i])
		return c
	}
	pairs := make([]string, 0, len(at))
	for _, j := range at {
		pairs = append(pairs, x.arm[j]+"\x00"+x.reference[j])
	}
	order, places := places(pairs)
	for _, key := range order {
		c.Pairs = append(c.Pairs, e.pair(x, at, places[key], groups))
	}
	return c
}

// sourceOr is the source of an experiment that has words; assignments when it is not known.
func sourceOr(source string) string {
	if source == "enrolments" {
		return source
	}
	return "assignments"
}

func (e *experimentsPart) pair(x experimentFrame, at, in []int, groups map[string][]experimentGroup) experimentPair {
	first := at[in[0]]
	p := experimentPair{ID: x.id[first], Arm: x.arm[first], Title: joined(joined(plain(Shown(x.arm[first])), " ", e.word("exp_against")), " ", plain(Shown(x.reference[first])))}
	// One ruler for the shares, one for each other unit.
	rulers := map[string]scale{}
	for _, k := range in {
		i := at[k]
		if _, ok := rulers[x.unit[i]]; ok {
			continue
		}
		var v, lo, hi []float64
		for _, k := range in {
			if j := at[k]; x.unit[j] == x.unit[i] && analytics.Finite(x.effectLower[j]) {
				v, lo, hi = append(v, x.effect[j]), append(lo, x.effectLower[j]), append(hi, x.effectUpper[j])
			}
		}
		rulers[x.unit[i]] = scaleOf(v, lo, hi)
	}
	for _, k := range in {
		p.Rows = append(p.Rows, e.row(x, at[k], rulers[x.unit[at[k]]]))
	}
	rank := func(r experimentRow) int {
		switch {
		case r.Good || r.Bad:
			return 0
		case r.money:
			return 1
		case r.Span.Shown:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(p.Rows, func(a, b experimentRow) int { return rank(a) - rank(b) })
	p.Rows, p.More = firstOf(e.page, p.Rows, mostOutcomes)
	p.Groups = groups[groupKey(x.id[first], x.arm[first], x.reference[first])]
	p.GroupsHead = e.say("exp_groups", map[string]T{"count": e.count(int64(len(p.Groups)))})
	p.Groups, p.GroupsMore = firstOf(e.page, p.Groups, mostGroups)
	return p
}

func (e *experimentsPart) row(x experimentFrame, i int, r scale) experimentRow {
	unit := x.unit[i]
	n := int64(orZero(x.n[i]) + orZero(x.nReference[i]))
	one := func(v, lo, hi float64) suffstat.Estimate { return interval(v, lo, hi, n, unit) }
	level := func(v float64) T { return e.estimate(suffstat.Fact(v, 0, unit), "").Value }
	row := experimentRow{Outcome: e.outcome(x.outcome[i]), Effect: e.estimate(one(x.effect[i], x.effectLower[i], x.effectUpper[i]), "points"),
		Means: e.say("exp_means", map[string]T{"mean": level(x.mean[i]), "reference": level(x.meanReference[i])})}
	if analytics.Finite(x.effectLower[i]) {
		row.Span = r.draw(x.effect[i], x.effectLower[i], x.effectUpper[i], 0)
	}
	if analytics.Finite(x.plainLower[i]) && math.Abs(x.plain[i]-x.effect[i]) > 1e-9*math.Abs(x.plain[i]) {
		row.Plain = e.say("exp_plain", map[string]T{"plain": e.estimate(one(x.plain[i], x.plainLower[i], x.plainUpper[i]), "points").Value})
	}
	if row.HasRelative = analytics.Finite(x.relative[i]) && analytics.Finite(x.relativeLower[i]); row.HasRelative {
		row.Relative = e.estimate(interval(x.relative[i], x.relativeLower[i], x.relativeUpper[i], n, "share"), "")
	}
	if analytics.Finite(x.cut[i]) {
		row.Notes = append(row.Notes, e.say("exp_winsorised", map[string]T{"value": e.estimate(one(x.cut[i], x.cutLower[i], x.cutUpper[i]), "points").whole()}))
	}
	if analytics.Finite(x.seen[i]) {
		all := interval(x.seen[i], x.seenLower[i], x.seenUpper[i], int64(orZero(x.assigned[i])+orZero(x.assignedReference[i])), unit)
		row.Notes = append(row.Notes, e.say("exp_observed", map[string]T{"value": e.estimate(all, "points").whole()}))
	}
	values := map[string]T{"margin": e.texts.each(func(w *words) string { return w.estimate(suffstat.Fact(x.margin[i], 0, unit), "", "pp") })}
	if analytics.Finite(x.needed[i]) {
		values["needed"] = e.customers(x.needed[i])
	}
	verdict := x.verdict[i]
	row.Words = T{
		Ru: e.texts.ru.render(e.texts.ru.text["experiment_verdicts."+verdict], func(n, _ string) (string, bool) { v, ok := values[n]; return v.Ru, ok }),
		En: e.texts.en.render(e.texts.en.text["experiment_verdicts."+verdict], func(n, _ string) (string, bool) { v, ok := values[n]; return v.En, ok }),
	}
	row.Good, row.Bad = verdict == "win", verdict == "loss"
	row.money = slices.Contains([]string{"order", "orders", "revenue"}, x.outcome[i])
	if analytics.Finite(x.q[i]) {
		row.Q = e.texts.each(func(w *words) string { return w.pvalue("q", x.q[i]) })
	}
	return row
}

// outcome is the word for what is made of orders; an event has its own name.
func (e *experimentsPart) outcome(name string) T {
	if slices.Contains([]string{"order", "orders", "revenue", "messages", "tenure"}, name) {
		return upperT(e.texts.Name("outcomes", name))
	}
	return plain(Shown(name))
}

func (e *experimentsPart) arms() map[string][]experimentArm {
	out := map[string][]experimentArm{}
	f, _ := e.table("experiment_arms")
	if f == nil {
		return out
	}
	id, arm, role := f.String("experiment_id"), f.String("arm"), textsOf(f, "role")
	assigned, share, planned, compared := numbersOf(f, "assigned"), numbersOf(f, "share"), numbersOf(f, "planned_share"), numbersOf(f, "compared")
	lost := []struct {
		key    string
		values []float64
	}{{"exp_open", numbersOf(f, "window_open")}, {"exp_before_data", numbersOf(f, "before_data")}, {"exp_after_data", numbersOf(f, "after_data")}, {"exp_two_arms", numbersOf(f, "two_arms")}, {"exp_switched", numbersOf(f, "switched")},
		{"exp_clusters", numbersOf(f, "clusters")}}
	for i := range id {
		a := experimentArm{Name: plain(Shown(arm[i])), Role: e.texts.Name("experiment_roles", role[i]), Assigned: e.wholeNumber(assigned[i]), Compared: e.wholeNumber(compared[i]), Share: plain(dash)}
		if analytics.Finite(share[i]) {
			a.Share = e.fact(share[i], "share").Value
		}
		if analytics.Finite(planned[i]) {
			plan := e.say("exp_plan", map[string]T{"share": e.fact(planned[i], "share").Value})
			a.Share = joined(a.Share, ", ", T{lowerFirst(plan.Ru), lowerFirst(plan.En)})
		}
		for _, l := range lost {
			if l.values[i] > 0 {
				t := e.say(l.key, map[string]T{"count": e.count(int64(l.values[i]))})
				a.Lost = append(a.Lost, T{lowerFirst(t.Ru), lowerFirst(t.En)})
			}
		}
		out[id[i]] = append(out[id[i]], a)
	}
	return out
}

// experimentChecks is the order of the checks of an experiment.
var experimentChecks = []string{"not_found", "sample_ratio", "balance", "exposure", "contamination", "switched", "window", "running", "clusters"}

// checks are the gates of every experiment as chips; the covariates of balance make one.
func (e *experimentsPart) checks() map[string][]chip {
	out := map[string][]chip{}
	f, _ := e.table("experiment_checks")
	if f == nil {
		return out
	}
	id, name, item := f.String("experiment_id"), f.String("check_name"), textsOf(f, "item")
	value, p, passed := numbersOf(f, "value"), numbersOf(f, "p_value"), flagsOf(f, "passed")
	order, at := places(id)
	for _, experiment := range order {
		for _, check := range experimentChecks {
			var rows []int
			for _, i := range at[experiment] {
				if name[i] == check {
					rows = append(rows, i)
				}
			}
			if len(rows) == 0 {
				continue
			}
			c := chip{Name: e.texts.Name("experiment_checks", check), OK: true}
			switch check {
			case "balance":
				var bad []T
				for _, i := range rows {
					if !passed[i] {
						bad = append(bad, e.outcome(item[i]))
						c.OK = false
					}
				}
				c.Value = e.say("exp_balance_ok", map[string]T{"count": e.count(int64(len(rows)))})
				if len(bad) > 0 {
					var ru, en []string
					for _, t := range bad {
						ru, en = append(ru, t.Ru), append(en, t.En)
					}
					c.Value = e.say("exp_balance_bad", map[string]T{"items": {strings.Join(ru, ", "), strings.Join(en, ", ")}})
				}
				c.Value = T{lowerFirst(c.Value.Ru), lowerFirst(c.Value.En)}
			case "sample_ratio":
				i := rows[0]
				c.OK, c.Value = passed[i], e.texts.each(func(w *words) string { return w.pvalue("p", p[i]) })
			case "clusters":
				c.OK, c.Value = passed[rows[0]], e.count(int64(orZero(value[rows[0]])))
			default:
				worst := rows[0]
				for _, i := range rows {
					if math.Abs(orZero(value[i])) > math.Abs(orZero(value[worst])) {
						worst = i
					}
					c.OK = c.OK && passed[i]
				}
				c.Value = plain(dash)
				if analytics.Finite(value[worst]) {
					c.Value = e.fact(value[worst], "share").Value
				}
			}
			out[experiment] = append(out[experiment], c)
		}
	}
	return out
}

func groupKey(id, arm, reference string) string { return id + "\x00" + arm + "\x00" + reference }

// groupRows is the heterogeneity of every comparison: what stands out first.
func (e *experimentsPart) groupRows(x experimentFrame) map[string][]experimentGroup {
	out := map[string][]experimentGroup{}
	f, _ := e.table("experiment_groups")
	if f == nil {
		return out
	}
	units := map[string]string{}
	for i := range x.id {
		units[x.id[i]+"\x00"+x.outcome[i]] = x.unit[i]
	}
	id, arm, reference, outcome := f.String("experiment_id"), f.String("arm"), f.String("reference_arm"), f.String("outcome")
	grouping, group, verdict := f.String("grouping"), f.String("group_value"), textsOf(f, "verdict")
	n, nReference := numbersOf(f, "n"), numbersOf(f, "n_reference")
	raw, shrunk, lower, upper := numbersOf(f, "effect"), numbersOf(f, "shrunk"), numbersOf(f, "shrunk_lower"), numbersOf(f, "shrunk_upper")
	others, othersLower, othersUpper := numbersOf(f, "interaction"), numbersOf(f, "interaction_lower"), numbersOf(f, "interaction_upper")
	keys := make([]string, len(id))
	for i := range id {
		keys[i] = groupKey(id[i], arm[i], reference[i])
	}
	order, at := places(keys)
	for _, key := range order {
		rulers := map[string]scale{}
		var rows []experimentGroup
		for _, i := range at[key] {
			unit := units[id[i]+"\x00"+outcome[i]]
			r, ok := rulers[outcome[i]]
			if !ok {
				var v, lo, hi []float64
				for _, j := range at[key] {
					if outcome[j] == outcome[i] && analytics.Finite(lower[j]) {
						v, lo, hi = append(v, shrunk[j]), append(lo, lower[j]), append(hi, upper[j])
					}
				}
				r = scaleOf(v, lo, hi)
				rulers[outcome[i]] = r
			}
			size := int64(orZero(n[i]) + orZero(nReference[i]))
			name := plain(Shown(group[i]))
			if grouping[i] == "stage" {
				name = e.stage(group[i])
			}
			g := experimentGroup{Outcome: e.outcome(outcome[i]), Group: name, N: e.say("exp_group_n", map[string]T{"n": e.wholeNumber(n[i]), "reference": e.wholeNumber(nReference[i])}), Told: verdict[i] == "differs",
				Words: e.word("exp_group_" + groupVerdict(verdict[i])), Effect: e.estimate(interval(shrunk[i], lower[i], upper[i], size, unit), "points"),
				Others: e.estimate(interval(others[i], othersLower[i], othersUpper[i], size, unit), "points")}
			if analytics.Finite(lower[i]) {
				g.Span = r.draw(shrunk[i], lower[i], upper[i], 0)
			}
			if analytics.Finite(raw[i]) {
				t := e.say("exp_group_raw", map[string]T{"value": e.estimate(suffstat.Fact(raw[i], 0, unit), "points").Value})
				g.Raw = T{lowerFirst(t.Ru), lowerFirst(t.En)}
			}
			rows = append(rows, g)
		}
		slices.SortStableFunc(rows, func(a, b experimentGroup) int {
			rank := func(g experimentGroup) int {
				switch {
				case g.Told:
					return 0
				case g.Span.Shown:
					return 1
				}
				return 2
			}
			return rank(a) - rank(b)
		})
		out[key] = rows
	}
	return out
}

func groupVerdict(v string) string {
	if v == "differs" || v == "insufficient_data" {
		return v
	}
	return "not_told_apart"
}
