package report

import (
	"context"
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// behaviourSection shows how often customers order, who is late by his own measure, whether pauses lengthen, when orders are placed, and whether the borders of stages fit the pauses.
type behaviourSection struct {
	Rhythm         T
	Absent         T
	Curve          *chart
	CurveRows      []returnRow
	GroupsLead     T
	Regularity     T
	Pauses         []pauseRow
	Groups         []rhythmGroupRow
	Drift          T
	DriftState     string
	Hours          *chart
	HourHeads      []T
	HourRows       []hourRow
	Cycles         []cycleRow
	Borders        []borderRow
	BordersNote    T
	Findings       []findingRow
	FindingsAbsent T
}

type returnRow struct {
	Days               T
	Customers, Pauses  cell
	Completed, Waiting T
}

// pauseRow is a class of typical pauses: how many customers have one, and its bar in per cent of the largest class.
type pauseRow struct {
	Name, Customers, Share T
	Bar                    string
}

// hourRow is a weekday in parts of four hours.
type hourRow struct {
	Day   T
	Cells []T
}

type rhythmGroupRow struct {
	Name, Customers, Typical, Regularity T
	Share                                T
	Late                                 cell
	Click                                cell
	HasClick                             bool
}

type cycleRow struct {
	Name, Verdict, Top, Own T
	Strength                cell
	Span                    span
	Measured                bool
}

type borderRow struct {
	Stage, Days, Verdict T
	Before               cell
	Span                 span
	Bad                  bool
}

// shownGaps are the days of the table beside the curve.
var shownGaps = map[int64]bool{7: true, 14: true, 30: true, 60: true, 90: true, 180: true, 360: true, 365: true}

func loadBehaviour(ctx context.Context, p *page) (any, error) {
	b := &behaviourPart{part{page: p, ctx: ctx, schema: "analytics"}}
	var s behaviourSection
	b.rhythm(&s)
	b.curve(&s)
	b.pauses(&s)
	b.groups(&s)
	b.drift(&s)
	b.hours(&s)
	b.cycles(&s)
	b.borders(&s)
	if b.err != nil {
		return nil, b.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "rhythm")
	return s, err
}

type behaviourPart struct{ part }

// number shows a number without a unit.
func (b *behaviourPart) number(x float64) T {
	return b.estimate(suffstat.Fact(x, 0, "1"), "bare").Value
}

// summary are the measures by name.
func (b *behaviourPart) summary() map[string]suffstat.Estimate {
	out := map[string]suffstat.Estimate{}
	f, _ := b.table("rhythm_summary")
	if f == nil {
		return out
	}
	name, unit, n := f.String("measure"), f.String("unit"), f.Int64("customers")
	value, lower, upper := numbersOf(f, "value"), numbersOf(f, "lower"), numbersOf(f, "upper")
	for i := range name {
		out[name[i]] = interval(value[i], lower[i], upper[i], n[i], unit[i])
	}
	return out
}

func (b *behaviourPart) rhythm(s *behaviourSection) {
	f, absent := b.table("rhythm_model")
	if f == nil {
		s.Absent = absent
		return
	}
	status, customers, withGap := f.String("status")[0], f.Int64("customers")[0], f.Int64("with_gap")[0]
	if status != "fitted" {
		s.Absent = b.say("behaviour_no_model", map[string]T{"customers": b.fact(float64(customers), "customers").Value, "with_gap": b.count(withGap)})
		return
	}
	m := b.summary()
	values := map[string]T{}
	for _, name := range []string{"return_90", "repeat_50", "repeat_95"} {
		if e, ok := m[name]; ok {
			values[name] = b.estimate(e, "").whole()
		}
	}
	if e, ok := m["horizon"]; ok {
		values["horizon"] = b.fact(e.Value, "days").Value
	}
	if _, ok := values["return_90"]; ok {
		s.Rhythm = b.say("behaviour_rhythm", values)
	}
	if cv, ok := m["cv_median"]; ok {
		s.Regularity = b.say("rhythm_regularity", map[string]T{"cv_median": b.estimate(cv, "").whole(), "regular_share": b.estimate(m["regular_share"], "").whole()})
	}
}

func (b *behaviourPart) curve(s *behaviourSection) {
	f, _ := b.table("gap_curve")
	if f == nil {
		return
	}
	days, completed, risk := f.Int64("days"), f.Int64("completed"), f.Int64("at_risk")
	all, lower, upper := numbersOf(f, "returned"), numbersOf(f, "lower"), numbersOf(f, "upper")
	gaps, gapsLower, gapsUpper := numbersOf(f, "returned_gaps"), numbersOf(f, "gaps_lower"), numbersOf(f, "gaps_upper")
	ch := &chart{Kind: "lines", Label: b.word("gap_chart"), XName: b.word("gap_x"), Percent: true, Min: point(0), Max: 1}
	customers, pauses := line{Name: b.word("gap_customers")}, line{Name: b.word("gap_pauses")}
	for i := range days {
		// An even axis: every tenth day.
		if days[i]%10 == 0 && (days[i] <= 60 || days[i]%30 == 0) && days[i] <= 360 {
			ch.X = append(ch.X, b.count(days[i]))
			a, g := b.estimate(interval(all[i], lower[i], upper[i], 0, "share"), ""), b.estimate(interval(gaps[i], gapsLower[i], gapsUpper[i], 0, "share"), "")
			customers.Value, customers.Lower, customers.Upper, customers.Tips = append(customers.Value, point(all[i])), append(customers.Lower, point(lower[i])), append(customers.Upper, point(upper[i])), append(customers.Tips, a.whole())
			pauses.Value, pauses.Tips = append(pauses.Value, point(gaps[i])), append(pauses.Tips, g.whole())
			pauses.Lower, pauses.Upper = append(pauses.Lower, point(gapsLower[i])), append(pauses.Upper, point(gapsUpper[i]))
		}
		if shownGaps[days[i]] {
			s.CurveRows = append(s.CurveRows, returnRow{Days: b.count(days[i]), Customers: b.estimate(interval(all[i], lower[i], upper[i], 0, "share"), ""),
				Pauses: b.estimate(interval(gaps[i], gapsLower[i], gapsUpper[i], 0, "share"), ""), Completed: b.count(completed[i]), Waiting: b.count(risk[i])})
		}
	}
	if len(ch.X) >= 3 {
		ch.Lines = []line{customers, pauses}
		s.Curve = ch
	}
}

// pauseClasses are the upper ends, in days, of the classes in which typical pauses are counted.
var pauseClasses = []float64{7, 14, 21, 30, 45, 60, 90, 120, 180, 365, math.Inf(1)}

// pauses is the distribution of customers by their typical pause, the geometric mean of their own pauses. The table has it in steps of an eighth of a logarithm; a step counts whole in the class of its middle.
func (b *behaviourPart) pauses(s *behaviourSection) {
	f, _ := b.table("red_rhythm_shapes")
	if f == nil {
		return
	}
	bin, customers := f.Int64("mean_bin"), f.Int64("customers")
	counts, total, most := make([]int64, len(pauseClasses)), int64(0), int64(0)
	for i := range bin {
		days := math.Exp((float64(bin[i]) + .5) / 8)
		for k, end := range pauseClasses {
			if days <= end {
				counts[k] += customers[i]
				break
			}
		}
		total += customers[i]
	}
	for _, n := range counts {
		most = max(most, n)
	}
	from := 0.
	for k, end := range pauseClasses {
		n := counts[k]
		if n > 0 || len(s.Pauses) > 0 {
			name := b.say("band_between", map[string]T{"from": b.count(int64(from)), "to": b.fact(end, "days").Value})
			switch {
			case k == 0:
				name = b.say("band_upto", map[string]T{"to": b.fact(end, "days").Value})
			case math.IsInf(end, 1):
				name = b.say("band_over", map[string]T{"from": b.fact(from, "days").Value})
			}
			s.Pauses = append(s.Pauses, pauseRow{Name: name, Customers: b.count(n), Share: b.fact(quotient(float64(n), float64(total)), "share").Value, Bar: percentOf(quotient(float64(n), float64(most)))})
		}
		from = end
	}
	for n := len(s.Pauses); n > 0 && s.Pauses[n-1].Bar == "0.00"; n-- {
		s.Pauses = s.Pauses[:n-1]
	}
}

// hours is when customers order: weekday by hour as a picture, by parts of four hours as a table.
func (b *behaviourPart) hours(s *behaviourSection) {
	f, _ := b.table("activity_hours")
	if f == nil {
		return
	}
	weekday, hour, share := f.Int64("weekday"), numbersOf(f, "hour"), numbersOf(f, "share")
	ch := &chart{Kind: "heatmap", Label: b.word("hours_chart"), Between: ", "}
	for h := range 24 {
		ch.X = append(ch.X, b.say("clock_hour", map[string]T{"hour": b.count(int64(h))}))
	}
	parts := [7][6]float64{}
	known := false
	for d := range 7 {
		ch.Y = append(ch.Y, b.word("weekday_"+string(rune('1'+d))))
	}
	for i := range weekday {
		d := int(weekday[i]) - 1
		if !analytics.Finite(hour[i]) || d < 0 || d > 6 || hour[i] < 0 || hour[i] > 23 {
			continue
		}
		h := int(hour[i])
		known = true
		parts[d][h/4] += share[i]
		ch.Max = max(ch.Max, share[i])
		ch.Cells = append(ch.Cells, tile{X: h, Y: d, Value: math.Round(share[i]*1e5) / 1e5, Tip: b.fact(share[i], "share").whole()})
	}
	if !known {
		return
	}
	s.Hours = ch
	for part := range 6 {
		s.HourHeads = append(s.HourHeads, joined(b.count(int64(4*part)), "–", b.say("clock_hour", map[string]T{"hour": b.count(int64(4*part + 4))})))
	}
	for d := range 7 {
		row := hourRow{Day: ch.Y[d]}
		for _, x := range parts[d] {
			row.Cells = append(row.Cells, b.fact(x, "share").Value)
		}
		s.HourRows = append(s.HourRows, row)
	}
}

// band is the shown name of a group of rhythms.
func (b *behaviourPart) band(source string, position, groups int64, typical, from, to, cv float64) T {
	day := func(x float64) T { return b.fact(math.Max(1, math.Round(x)), "days").Value }
	switch {
	case source == "mixture":
		word := "irregular"
		if cv < .35 {
			word = "regular"
		} else if cv < .75 {
			word = "mixed"
		}
		return b.say("band_group", map[string]T{"typical": day(typical), "regularity": b.word(word)})
	case position == 1:
		return b.say("band_upto", map[string]T{"to": day(to)})
	case position == groups:
		return b.say("band_over", map[string]T{"from": day(from)})
	}
	return b.say("band_between", map[string]T{"from": b.count(int64(math.Round(from))), "to": day(to)})
}

func (b *behaviourPart) groups(s *behaviourSection) {
	f, _ := b.table("rhythm_groups")
	if f == nil || f.Len() == 0 {
		s.GroupsLead = b.word("rhythms_few")
		return
	}
	late, lateOf := map[string]int64{}, map[string]int64{}
	if l, _ := b.table("rhythm_late"); l != nil {
		name, n, of := l.String("rhythm"), l.Int64("late"), l.Int64("customers")
		for i := range name {
			late[name[i]], lateOf[name[i]] = late[name[i]]+n[i], lateOf[name[i]]+of[i]
		}
	}
	click := map[string]suffstat.Estimate{}
	if r, _ := b.table("rhythm_responses"); r != nil {
		kind, name, n := r.String("kind"), r.String("rhythm"), r.Int64("customers")
		value, lower, upper := numbersOf(r, "click_rate"), numbersOf(r, "lower"), numbersOf(r, "upper")
		for i := range kind {
			if kind[i] == "bulk" {
				click[name[i]] = interval(value[i], lower[i], upper[i], n[i], "share")
			}
		}
	}
	name, position, customers, share := f.String("rhythm"), f.Int64("position"), f.Int64("customers"), numbersOf(f, "share")
	typical, from, to, cv, source := numbersOf(f, "typical_gap_days"), numbersOf(f, "from_days"), numbersOf(f, "to_days"), numbersOf(f, "cv"), f.String("source")
	order := make([]int, len(name))
	for i, k := range position {
		order[k-1] = i // 1 to the number of groups
	}
	for _, i := range order {
		r := rhythmGroupRow{Name: b.band(source[i], position[i], int64(len(name)), typical[i], from[i], to[i], cv[i]), Customers: b.count(customers[i]), Share: b.fact(share[i], "share").Value,
			Typical: b.fact(typical[i], "days").Value, Regularity: b.number(cv[i])}
		if lateOf[name[i]] > 0 {
			r.Late = b.fact(float64(late[name[i]])/float64(lateOf[name[i]]), "share")
		}
		if e, ok := click[name[i]]; ok && e.OK() {
			r.Click, r.HasClick = b.estimate(e, ""), true
		}
		s.Groups = append(s.Groups, r)
	}
	s.GroupsLead = b.word("rhythms_continuum")
	if source[0] != "mixture" {
		return
	}
	stability := T{}
	if c, _ := b.table("rhythm_choice"); c != nil {
		chosen, value := flagsOf(c, "chosen"), numbersOf(c, "stability")
		for i := range chosen {
			if chosen[i] && analytics.Finite(value[i]) {
				stability = b.number(value[i])
			}
		}
	}
	s.GroupsLead = b.say("rhythms_groups", map[string]T{"stability": stability})
}

func (b *behaviourPart) drift(s *behaviourSection) {
	f, _ := b.table("rhythm_drift")
	if f == nil {
		return
	}
	s.Drift = b.word("drift_none")
	grouping, verdict, customers := f.String("grouping"), f.String("verdict"), f.Int64("customers")
	ratio, lower, upper, margin, needed := numbersOf(f, "ratio"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "margin"), numbersOf(f, "needed")
	for i := range grouping {
		if grouping[i] != "all" || !analytics.Finite(ratio[i]) || verdict[i] == string(analytics.InsufficientData) {
			continue
		}
		values := map[string]T{"ratio": b.estimate(interval(ratio[i]-1, lower[i]-1, upper[i]-1, customers[i], "share"), "").whole(), "margin": b.fact(margin[i], "share").Value}
		if analytics.Finite(needed[i]) {
			values["needed"] = b.fact(needed[i], "customers").Value
		}
		key := "drift_unknown"
		switch {
		case verdict[i] == string(analytics.Different) && ratio[i] > 1:
			key, s.DriftState = "drift_lengthen", "yes"
		case verdict[i] == string(analytics.Different):
			key = "drift_shorten"
		case verdict[i] == string(analytics.Equivalent):
			key, s.DriftState = "drift_steady", "no"
		}
		s.Drift = b.say(key, values)
	}
}

// moment is a time of a cycle in words: a weekday, an hour, a day of the month.
func (b *behaviourPart) moment(cycle string, at float64) T {
	switch cycle {
	case "week":
		k := (int64(math.Round(at))-1)%7 + 1
		return b.word("weekday_" + string(rune('0'+k)))
	case "day":
		return b.say("clock_hour", map[string]T{"hour": b.count(int64(math.Round(at)) % 24)})
	}
	return b.say("month_day", map[string]T{"day": b.count(int64(math.Max(1, math.Round(at))))})
}

func (b *behaviourPart) cycles(s *behaviourSection) {
	f, _ := b.table("rhythm_cycles")
	if f == nil {
		return
	}
	cycle, status, verdict, orders := f.String("cycle"), f.String("status"), f.String("verdict"), f.Int64("orders")
	strength, lower, upper, direction := numbersOf(f, "strength"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "direction")
	top, topShare := numbersOf(f, "top"), numbersOf(f, "top_share")
	own, ownLower, ownUpper, expected, n := numbersOf(f, "own_same"), numbersOf(f, "own_lower"), numbersOf(f, "own_upper"), numbersOf(f, "own_expected"), numbersOf(f, "own_customers")
	for i := range cycle {
		r := cycleRow{Name: b.texts.Name("cycles", cycle[i]), Verdict: b.word("cycle_unknown"), Top: plain(dash), Own: plain(dash)}
		switch {
		case status[i] == "no_orders":
			continue
		case status[i] == "no_time":
			r.Verdict = b.word("cycle_no_time")
		case status[i] == "short":
			r.Verdict = b.word("cycle_short")
		case verdict[i] == string(analytics.Different):
			r.Verdict = b.say("cycle_yes", map[string]T{"direction": b.moment(cycle[i], direction[i])})
		case verdict[i] == string(analytics.Equivalent):
			r.Verdict = b.word("cycle_no")
		}
		if analytics.Finite(strength[i]) {
			r.Measured = true
			r.Strength, r.Span = b.estimate(interval(strength[i], lower[i], upper[i], orders[i], "1"), ""), scale{0, 1}.draw(strength[i], lower[i], upper[i], math.NaN())
			r.Top = joined(b.moment(cycle[i], top[i]), ", ", b.fact(topShare[i], "share").Value)
		}
		if analytics.Finite(own[i]) {
			r.Own = b.say("cycle_own_text", map[string]T{"own_same": b.estimate(interval(own[i], ownLower[i], ownUpper[i], int64(n[i]), "share"), "").whole(), "own_expected": b.fact(expected[i], "share").Value})
		}
		s.Cycles = append(s.Cycles, r)
	}
}

func (b *behaviourPart) borders(s *behaviourSection) {
	f, _ := b.table("rhythm_thresholds")
	if f == nil || f.Len() == 0 {
		return
	}
	stage, days, verdict, horizon := f.String("stage"), f.Int64("days"), f.String("verdict"), f.Int64("horizon_days")
	before, lower, upper := numbersOf(f, "returned_before"), numbersOf(f, "lower"), numbersOf(f, "upper")
	for i := range stage {
		r := borderRow{Stage: b.stage(stage[i]), Days: b.fact(float64(days[i]), "days").Value, Verdict: b.texts.Name("border_verdicts", verdict[i]), Bad: verdict[i] == "late" || verdict[i] == "early"}
		r.Before = cell{Value: plain(dash)}
		if analytics.Finite(before[i]) {
			r.Before, r.Span = b.estimate(interval(before[i], lower[i], upper[i], 0, "share"), ""), scale{0, 1}.draw(before[i], lower[i], upper[i], math.NaN())
		}
		s.Borders = append(s.Borders, r)
	}
	s.BordersNote = b.say("borders_note", map[string]T{"horizon": b.fact(float64(horizon[0]), "days").Value})
}
