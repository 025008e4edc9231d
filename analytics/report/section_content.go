package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// contentSection shows the templates in use, what wears out, one text for several ends, subject lines and devices as description, and what levels of personalization bring.
type contentSection struct {
	Lead           T
	Templates      []templateRow
	TemplatesMore  T
	Absent         T
	Wear           []wearRow
	WearLead       T
	WearAbsent     T
	Copies         []copyRow
	CopiesMore     T
	Subjects       []subjectRow
	Extras         []extraRow
	Levels         []personalRow
	LevelsMore     T
	LevelsAbsent   T
	Gains          []gainRow
	GainsAbsent    T
	Findings       []findingRow
	FindingsAbsent T
}

type templateRow struct {
	Template, Name, Age, Messages, Where T
	Click                                cell
	Stale                                bool
}

type wearRow struct {
	Template, Where, Words T
	Span                   span
	Own, Peers, Contrast   cell
	Bad, Good              bool
}

type copyRow struct{ Templates, Basis, Messages T }

type subjectRow struct {
	Group, Value, Templates T
	Rate                    cell
	Span                    span
}

type extraRow struct {
	What, Value, Messages T
	Share                 cell
	Bar                   string
}

type personalRow struct {
	Scenario, Messages T
	Pieces             []piece
	Words              T
}

type gainRow struct {
	Where, Levels, Words, Notes T
	Grade                       string
	Span                        span
	Gain                        cell
	Rates                       T
	Good, Bad                   bool
}

const (
	mostTemplates = 12
	mostWear      = 10
	mostCopies    = 8
	mostLevels    = 14
	mostExtras    = 8
)

func loadContent(ctx context.Context, p *page) (any, error) {
	c := &contentPart{part{page: p, ctx: ctx, schema: "analytics"}}
	var s contentSection
	c.templates(&s)
	c.wearout(&s)
	c.copies(&s)
	c.subjects(&s)
	c.extras(&s)
	c.levels(&s)
	c.gains(&s)
	if c.err != nil {
		return nil, c.err
	}
	for _, block := range []string{"content", "personalization"} {
		rows, absent, err := p.blockFindings(ctx, block)
		if err != nil {
			return nil, err
		}
		s.Findings = append(s.Findings, rows...)
		if absent != (T{}) {
			s.FindingsAbsent = absent
		}
	}
	return s, nil
}

type contentPart struct{ part }

// templates is the templates with most messages.
func (c *contentPart) templates(s *contentSection) {
	f, absent := c.table("templates")
	if f == nil {
		s.Absent = absent
		if c.empty("analytics.templates") {
			s.Absent = c.word("templates_none")
		}
		return
	}
	id, name, age, stale, messages := f.String("template_id"), textsOf(f, "name"), f.String("age"), flagsOf(f, "stale"), f.Int64("messages")
	days, use := numbersOf(f, "age_days"), f.Int64("in_use_days")
	scenarios, stages := textsOf(f, "scenario_list"), textsOf(f, "stage_list")
	rate, lower, upper, customers := numbersOf(f, "click_rate"), numbersOf(f, "click_lower"), numbersOf(f, "click_upper"), f.Int64("customers")
	at := byCount(messages, id)
	var old, total int64
	for i := range id {
		total++
		if stale[i] {
			old++
		}
	}
	s.Lead = c.say("templates_lead", map[string]T{"templates": c.count(total), "stale": c.count(old)})
	for _, i := range at[:min(len(at), mostTemplates)] {
		r := templateRow{Template: plain(Shown(id[i])), Messages: c.count(messages[i]), Stale: stale[i], Where: c.where(scenarios[i], stages[i]), Click: c.estimate(interval(rate[i], lower[i], upper[i], customers[i], "share"), "")}
		if name[i] != "" && name[i] != id[i] {
			r.Name = plain(Shown(name[i]))
		}
		if analytics.Finite(days[i]) {
			r.Age = c.say("template_age_days", map[string]T{"days": c.fact(days[i], "days").Value})
		} else {
			r.Age = c.say("template_age_"+age[i], map[string]T{"days": c.fact(float64(use[i]), "days").Value})
		}
		s.Templates = append(s.Templates, r)
	}
	if len(at) > mostTemplates {
		s.TemplatesMore = c.say("more_in_table", map[string]T{"count": c.count(int64(len(at) - mostTemplates)), "table": plain("analytics.templates")})
	}
}

// byCount is the order of rows by a count, largest first, then by name.
func byCount(n []int64, name []string) []int {
	at := make([]int, len(n))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Or(cmp.Compare(n[b], n[a]), strings.Compare(name[a], name[b])) })
	return at
}

// where is the scenarios and stages of a template; of long lists the begin.
func (c *contentPart) where(scenarios, stages string) T {
	var parts []T
	if scenarios != "" {
		parts = append(parts, plain(Shown(scenarios)))
	}
	if stages != "" {
		var names []T
		for _, stage := range strings.Split(stages, ", ") {
			names = append(names, c.stage(stage))
		}
		parts = append(parts, joinedAll(names, ", "))
	}
	return joinedAll(parts, " · ")
}

func joinedAll(parts []T, sep string) (out T) {
	for i, p := range parts {
		if i == 0 {
			out = p
			continue
		}
		out = joined(out, sep, p)
	}
	return out
}

// wearout is the lives with an answer, the worst first.
func (c *contentPart) wearout(s *contentSection) {
	f, absent := c.table("template_wearout")
	if f == nil {
		s.WearAbsent = absent
		if c.empty("analytics.template_wearout") {
			s.WearAbsent = c.word("wearout_none")
		}
		return
	}
	id, scenario, channel, verdict, note := f.String("template_id"), f.String("scenario_id"), f.String("channel"), f.String("verdict"), textsOf(f, "note")
	own, ownLower, ownUpper := numbersOf(f, "slope"), numbersOf(f, "slope_lower"), numbersOf(f, "slope_upper")
	peer, peerLower, peerUpper := numbersOf(f, "peer_slope"), numbersOf(f, "peer_lower"), numbersOf(f, "peer_upper")
	contrast, lower, upper, customers := numbersOf(f, "contrast"), numbersOf(f, "lower"), numbersOf(f, "upper"), f.Int64("customers")
	counts := map[string]int64{}
	var at []int
	for i := range id {
		counts[verdict[i]]++
		if verdict[i] != "insufficient_data" && analytics.Finite(contrast[i]) {
			at = append(at, i)
		}
	}
	rank := map[string]int{"worn": 0, "with_channel": 1, "improving": 2, "steady": 3, "undecided": 4}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank[verdict[a]], rank[verdict[b]]), cmp.Compare(contrast[a], contrast[b]))
	})
	s.WearLead = c.say("wearout_lead", map[string]T{"templates": c.count(int64(len(id))), "worn": c.count(counts["worn"]), "channel": c.count(counts["with_channel"]), "steady": c.count(counts["steady"]),
		"undecided": c.count(counts["undecided"] + counts["insufficient_data"] + counts["alone"])})
	at = at[:min(len(at), mostWear)]
	var values, lows, highs []float64
	for _, i := range at {
		values, lows, highs = append(values, contrast[i]), append(lows, lower[i]), append(highs, upper[i])
	}
	scale := scaleOf(values, lows, highs)
	for _, i := range at {
		share := func(v, lo, hi float64) cell { return c.estimate(interval(v, lo, hi, customers[i], "share"), "") }
		r := wearRow{Template: plain(Shown(id[i])), Where: joined(c.scenario(scenario[i]), ", ", c.channel(channel[i])), Words: c.texts.Name("wear_verdicts", verdict[i]), Span: scale.draw(contrast[i], lower[i], upper[i], 0),
			Own: share(own[i], ownLower[i], ownUpper[i]), Peers: share(peer[i], peerLower[i], peerUpper[i]), Contrast: share(contrast[i], lower[i], upper[i]), Bad: verdict[i] == "worn", Good: verdict[i] == "steady"}
		if note[i] == "older_versions" {
			r.Words = joined(r.Words, "; ", c.word("older_versions"))
		}
		s.Wear = append(s.Wear, r)
	}
}

// copies is one content under several ids.
func (c *contentPart) copies(s *contentSection) {
	f, _ := c.table("template_copies")
	if f == nil {
		return
	}
	group, id, basis, messages := f.Int64("copy_group"), f.String("template_id"), f.String("basis"), f.Int64("messages")
	names, sums, bases := map[int64][]string{}, map[int64]int64{}, map[int64]string{}
	var order []int64
	for i := range group {
		if len(names[group[i]]) == 0 {
			order = append(order, group[i])
		}
		names[group[i]], sums[group[i]], bases[group[i]] = append(names[group[i]], Shown(id[i])), sums[group[i]]+messages[i], basis[i]
	}
	slices.Sort(order)
	for _, g := range order[:min(len(order), mostCopies)] {
		s.Copies = append(s.Copies, copyRow{Templates: plain(strings.Join(names[g], " = ")), Basis: c.texts.Name("bases", bases[g]), Messages: c.count(sums[g])})
	}
	if len(order) > mostCopies {
		s.CopiesMore = c.say("more_in_table", map[string]T{"count": c.count(int64(len(order) - mostCopies)), "table": plain("analytics.template_copies")})
	}
}

// subjects describes subject lines where there is more than one class to look at.
func (c *contentPart) subjects(s *contentSection) {
	f, _ := c.table("template_subjects")
	if f == nil {
		return
	}
	channel, kind, feature, value, outcome := f.String("channel"), f.String("kind"), f.String("feature"), f.String("value"), f.String("outcome")
	templates, customers := f.Int64("templates"), f.Int64("customers")
	rate, lower, upper := numbersOf(f, "rate"), numbersOf(f, "lower"), numbersOf(f, "upper")
	classes := map[string]int{}
	key := func(i int) string { return channel[i] + "\x00" + kind[i] + "\x00" + feature[i] }
	high := 0.
	for i := range channel {
		classes[key(i)]++
		if analytics.Finite(upper[i]) {
			high = math.Max(high, upper[i])
		}
	}
	before := ""
	for i := range channel {
		if classes[key(i)] < 2 {
			continue
		}
		r := subjectRow{Value: c.texts.Name("subject_classes", value[i]), Templates: c.count(templates[i]), Rate: c.estimate(interval(rate[i], lower[i], upper[i], customers[i], "share"), ""),
			Span: scale{0, high}.draw(rate[i], lower[i], upper[i], math.NaN())}
		if key(i) != before {
			before = key(i)
			r.Group = c.say("subject_group", map[string]T{"feature": c.word("subject_" + feature[i]), "channel": c.channel(channel[i]), "kind": c.kindOf(kind[i]), "outcome": c.word("subject_" + outcome[i])})
		}
		s.Subjects = append(s.Subjects, r)
	}
}

// kindOf is the shown kind of messages; nothing where it is not given.
func (c *contentPart) kindOf(kind string) T {
	if kind == "" {
		return T{}
	}
	return c.texts.Name("message_kinds", kind)
}

// extras is devices, places and depths of clicks, where the source gives them.
func (c *contentPart) extras(s *contentSection) {
	f, _ := c.table("message_extras")
	if f == nil {
		return
	}
	what, channel, value, messages, share := f.String("what"), f.String("channel"), f.String("value"), f.Int64("messages"), numbersOf(f, "share")
	shown := map[string]int{}
	for _, i := range byCount(messages, value) {
		if k := what[i] + channel[i]; shown[k] < mostExtras {
			shown[k]++
			s.Extras = append(s.Extras, extraRow{What: joined(c.word("extra_"+what[i]), ", ", c.channel(channel[i])), Value: plain(Shown(value[i])), Messages: c.count(messages[i]), Share: c.fact(share[i], "share"), Bar: percentOf(share[i])})
		}
	}
}

// levels is the share of each level of personalization by scenario.
func (c *contentPart) levels(s *contentSection) {
	f, absent := c.table("personalization_levels")
	if f == nil {
		s.LevelsAbsent = absent
		if c.empty("analytics.personalization_levels") {
			s.LevelsAbsent = c.word("personal_none")
		}
		return
	}
	scenario, level, stage, messages := f.String("scenario_id"), f.String("level"), f.String("stage"), f.Int64("messages")
	order := []string{"none", "basic", "contextual", "behavioural"}
	sums, totals := map[string]map[string]int64{}, map[string]int64{}
	for i := range scenario {
		if stage[i] != "all" {
			continue
		}
		if sums[scenario[i]] == nil {
			sums[scenario[i]] = map[string]int64{}
		}
		sums[scenario[i]][level[i]] += messages[i]
		totals[scenario[i]] += messages[i]
	}
	var ids []string
	var counts []int64
	for id, n := range totals {
		ids, counts = append(ids, id), append(counts, n)
	}
	at := byCount(counts, ids)
	for _, i := range at[:min(len(at), mostLevels)] {
		r := personalRow{Scenario: c.scenario(ids[i]), Messages: c.count(counts[i])}
		var words []T
		for k, l := range order {
			n := sums[ids[i]][l]
			if n == 0 {
				continue
			}
			share := float64(n) / float64(max(counts[i], 1))
			text := joined(c.texts.Name("levels", l), " ", c.fact(share, "share").Value)
			words = append(words, text)
			r.Pieces = append(r.Pieces, piece{Class: "c0", Width: percentOf(share), Shade: []string{"0.25", "0.5", "0.75", "1"}[k], Tip: text})
		}
		r.Words = joinedAll(words, ", ")
		s.Levels = append(s.Levels, r)
	}
	if len(at) > mostLevels {
		s.LevelsMore = c.say("more_in_table", map[string]T{"count": c.count(int64(len(at) - mostLevels)), "table": plain("analytics.personalization_levels")})
	}
}

// gains is every comparison of two levels over all stages.
func (c *contentPart) gains(s *contentSection) {
	f, absent := c.table("personalization_gains")
	if f == nil {
		s.GainsAbsent = absent
		if c.empty("analytics.personalization_gains") {
			s.GainsAbsent = c.word("gains_none")
		}
		return
	}
	scenario, channel, level, reference, design, stage := f.String("scenario_id"), f.String("channel"), f.String("level"), f.String("reference_level"), f.String("design"), f.String("stage")
	experiment, grade, threat, verdict := textsOf(f, "experiment_id"), f.String("grade"), f.String("threat"), f.String("verdict")
	gain, lower, upper, customers, needed := numbersOf(f, "gain"), numbersOf(f, "lower"), numbersOf(f, "upper"), f.Int64("customers"), numbersOf(f, "needed")
	rate, rateReference, saved := numbersOf(f, "rate"), numbersOf(f, "rate_reference"), numbersOf(f, "saved_per_quarter")
	var at []int
	var values, lows, highs []float64
	for i := range scenario {
		if stage[i] == "all" && analytics.Finite(gain[i]) {
			at = append(at, i)
			values, lows, highs = append(values, gain[i]), append(lows, lower[i]), append(highs, upper[i])
		}
	}
	if len(at) == 0 {
		s.GainsAbsent = c.word("gains_none")
		return
	}
	scale := scaleOf(values, lows, highs)
	for _, i := range at {
		r := gainRow{Where: joined(c.scenario(scenario[i]), ", ", c.channel(channel[i])), Levels: joined(c.texts.Name("levels", level[i]), " × ", c.texts.Name("levels", reference[i])), Words: c.texts.Name("gain_verdicts", verdict[i]), Grade: grade[i],
			Span: scale.draw(gain[i], lower[i], upper[i], 0), Gain: c.estimate(interval(gain[i], lower[i], upper[i], customers[i], "share"), "points"), Good: verdict[i] == "gain", Bad: verdict[i] == "loss"}
		r.Span.Weak = grade[i] == "D"
		r.Rates = c.say("gain_rates", map[string]T{"rate": c.fact(rate[i], "share").Value, "reference": c.fact(rateReference[i], "share").Value})
		values := map[string]T{"design": c.texts.Name("level_designs", design[i]), "threat": c.texts.Name("threats", threat[i])}
		if experiment[i] != "" {
			values["experiment"] = plain(Shown(experiment[i]))
		}
		if analytics.Finite(needed[i]) && verdict[i] == "undecided" {
			values["needed"] = c.customers(needed[i])
		}
		if analytics.Finite(saved[i]) && saved[i] > 0 {
			values["saved"] = c.fact(saved[i], c.opt.Currency).Value
		}
		r.Notes = c.say("gain_notes", values)
		s.Gains = append(s.Gains, r)
	}
}
