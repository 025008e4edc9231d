package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// healthSection is the health card: every check of contacts, deals and integrations against its norm, how fields are filled, and the duplicates in numbers. No contact is named on the page.
type healthSection struct {
	Lead           T
	Absent         T
	Groups         []healthGroup
	Fields         []healthField
	DuplicatesLead T
	DuplicatesCost T
	DuplicatesHow  T
	DuplicatesMore []T
	Findings       []findingRow
	FindingsAbsent T
}

type healthGroup struct {
	Title T
	Table string // where its rows come from
	Rows  []healthRow
}

// healthGauge is a check on a scale with its norm and red zone: the zones from left to right, and the point of the value, per cent.
type healthGauge struct {
	Zones []piece
	At    string
}

type healthRow struct {
	Name, Note, Value, Of, Norm, Status T
	State, Mark                         string
	Gauge                               healthGauge
}

type healthField struct {
	Name, Role, Share, Fillers, Invalid, Status T
	State, Mark, Bar                            string
}

// healthTables are the check tables of the card in their order; what is not there is left out.
var healthTables = []string{"health", "pipeline_checks", "integration_checks", "usage_checks"}

// healthMarks go before the words of a state, so that it is not told by colour alone.
var healthMarks = map[string]string{"ok": "✓", "warning": "!", "red": "✕", "not_measurable": "–"}

const mostHealthFields = 15

func loadHealth(ctx context.Context, p *page) (any, error) {
	h := &healthPart{part: part{page: p, ctx: ctx, schema: "analytics"}, states: map[string]int64{}}
	var s healthSection
	for _, table := range healthTables {
		g, absent := h.group(table)
		if table == "health" {
			s.Absent = absent
		}
		if len(g.Rows) > 0 {
			s.Groups = append(s.Groups, g)
		}
	}
	s.Lead = h.lead()
	s.Fields = h.fields()
	h.duplicates(&s)
	if h.err != nil {
		return nil, h.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "health")
	return s, err
}

type healthPart struct {
	part
	states map[string]int64
}

// group is the rows of one check table. Checks of single fields stand in the table of fields.
func (h *healthPart) group(table string) (healthGroup, T) {
	g := healthGroup{Title: h.word("health_group_" + table), Table: table}
	f, absent := h.table(table)
	if f == nil {
		return g, absent
	}
	name, status, note, better := f.String("check_name"), f.String("status"), textsOf(f, "note"), textsOf(f, "better")
	value, numerator, denominator := numbersOf(f, "value"), numbersOf(f, "numerator"), numbersOf(f, "denominator")
	norm, red, lower, upper := numbersOf(f, "norm"), numbersOf(f, "red_zone"), numbersOf(f, "lower"), numbersOf(f, "upper")
	for i := range name {
		if strings.Contains(name[i], ":") {
			continue
		}
		unit := "share"
		if strings.HasPrefix(name[i], "days_") {
			unit = "days"
		}
		h.states[status[i]]++
		r := healthRow{Name: h.checkName(table, name[i]), Status: h.texts.Name("health_status", status[i]), State: status[i], Mark: healthMarks[status[i]], Value: plain(dash), Norm: plain(dash)}
		if note[i] != "" {
			block, _, _ := strings.Cut(table, "_")
			r.Note = h.texts.coverageNote(block, note[i])
		}
		if analytics.Finite(value[i]) {
			r.Value = h.fact(value[i], unit).Value
			if analytics.Finite(lower[i]) && analytics.Finite(upper[i]) {
				c := h.estimate(interval(value[i], lower[i], upper[i], int64(orZero(denominator[i])), unit), "")
				r.Value, r.Of = c.Value, c.Doubt
			} else if analytics.Finite(numerator[i]) && analytics.Finite(denominator[i]) && unit == "share" {
				r.Of = h.say("health_of", map[string]T{"n": h.wholeNumber(numerator[i]), "all": h.wholeNumber(denominator[i])})
			}
		}
		if analytics.Finite(norm[i]) {
			values := map[string]T{"norm": h.fact(norm[i], unit).Value}
			if analytics.Finite(red[i]) {
				values["red"] = h.fact(red[i], unit).Value
			}
			key := "health_norm_lower"
			if better[i] == "higher" {
				key = "health_norm_higher"
			}
			r.Norm = h.say(key, values)
			if unit == "share" && analytics.Finite(value[i]) {
				r.Gauge = gauge(value[i], norm[i], red[i], better[i] == "higher")
			}
		}
		g.Rows = append(g.Rows, r)
	}
	rank := map[string]int{"red": 0, "warning": 1, "ok": 2, "not_measurable": 3}
	slices.SortStableFunc(g.Rows, func(a, b healthRow) int { return cmp.Compare(rank[a.State], rank[b.State]) })
	return g, T{}
}

// gauge draws a share against its norm. Where less is better the scale ends a little beyond the red zone, or at the value, since most norms are a few per cent.
func gauge(value, norm, red float64, higher bool) healthGauge {
	top := 1.0
	if !higher {
		top = min(1, max(1.6*norm, 1.3*value, 0.01))
		if analytics.Finite(red) {
			top = min(1, max(top, 1.4*red))
		}
	}
	first, second := norm, red // borders of the zones
	classes := []string{"zg", "za", "zr"}
	if higher {
		first, second, classes = red, norm, []string{"zr", "za", "zg"}
	}
	switch {
	case analytics.Finite(first) && analytics.Finite(second):
	case higher: // no red zone: what is below the norm is only outside of it
		first, classes = 0, []string{"zr", "za", "zg"}
	default:
		second = top
	}
	width := func(x float64) string { return percentOf(x / top) }
	g := healthGauge{At: width(value)}
	for i, part := range []float64{first, second - first, top - second} {
		if part > 0 {
			g.Zones = append(g.Zones, piece{Class: classes[i], Width: width(part)})
		}
	}
	return g
}

// checkName is the shown name of a check: every block may keep the words of its own checks under the name of its table.
func (h *healthPart) checkName(table, name string) T {
	if h.texts.Has(table + "." + name) {
		return h.texts.Name(table, name)
	}
	return h.texts.Name("health_checks", name)
}

// lead counts the states.
func (h *healthPart) lead() T {
	values := map[string]T{}
	for state, key := range map[string]string{"red": "red", "warning": "warning", "ok": "ok", "not_measurable": "missing"} {
		if n := h.states[state]; n > 0 {
			values[key] = h.count(n)
		}
	}
	return h.say("health_lead", values)
}

// fields is how the fields are filled: key ones first, then the emptiest.
func (h *healthPart) fields() []healthField {
	f, _ := h.table("completeness")
	if f == nil {
		return nil
	}
	name, role, status := f.String("field"), f.String("role"), textsOf(f, "status")
	given, fillers, invalid, share := numbersOf(f, "given"), numbersOf(f, "fillers"), numbersOf(f, "invalid"), numbersOf(f, "share")
	var at []int
	for i := range name {
		if given[i] > 0 || status[i] != "" {
			at = append(at, i)
		}
	}
	rank := map[string]int{"key": 0, "optional": 1, "other": 2}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank[role[a]], rank[role[b]]), cmp.Compare(share[a], share[b]))
	})
	var out []healthField
	for _, i := range at[:min(len(at), mostHealthFields)] {
		r := healthField{Name: h.texts.Name("fields", strings.TrimPrefix(name[i], "attr_")), Role: h.texts.Name("health_roles", role[i]), Share: h.fact(share[i], "share").Value, Bar: percentOf(share[i]),
			Fillers: h.wholeNumber(fillers[i]), State: status[i], Mark: healthMarks[status[i]]}
		if status[i] != "" {
			r.Status = h.texts.Name("health_status", status[i])
		}
		if analytics.Finite(invalid[i]) {
			r.Invalid = h.wholeNumber(invalid[i])
		}
		out = append(out, r)
	}
	return out
}

// duplicates is the search for duplicate contacts in numbers.
func (h *healthPart) duplicates(s *healthSection) {
	f, _ := h.table("duplicate_counts")
	if f == nil {
		return
	}
	n := map[string]float64{}
	what, value := f.String("what"), numbersOf(f, "value")
	for i := range what {
		n[what[i]] = value[i]
	}
	if n["groups"]+n["certain"]+n["likely"]+n["possible"] == 0 {
		s.DuplicatesLead = h.word("health_duplicates_none")
	} else {
		s.DuplicatesLead = h.say("health_duplicates_lead", map[string]T{"groups": h.wholeNumber(n["groups"]), "extra": h.wholeNumber(n["extra_contacts"]), "certain": h.wholeNumber(n["certain"]),
			"likely": h.wholeNumber(n["likely"]), "possible": h.wholeNumber(n["possible"])})
	}
	if n["extra_messages"] > 0 {
		values := map[string]T{"messages": h.messages(int64(n["extra_messages"]))}
		if n["extra_cost"] > 0 {
			values["cost"] = h.fact(n["extra_cost"], h.opt.Currency).Value
		}
		s.DuplicatesCost = h.say("health_duplicates_cost", values)
	}
	s.DuplicatesHow = h.say("health_duplicates_how", map[string]T{"compared": h.wholeNumber(n["compared"])})
	for what, key := range map[string]string{"capped_contacts": "capped", "refused": "refused"} {
		if n[what] > 0 {
			s.DuplicatesMore = append(s.DuplicatesMore, h.say("health_duplicates_"+key, map[string]T{key: h.wholeNumber(n[what])}))
		}
	}
	slices.SortFunc(s.DuplicatesMore, func(a, b T) int { return strings.Compare(a.En, b.En) })
}
