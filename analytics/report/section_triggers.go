package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// triggersSection shows whether what ought to happen by itself happened, and in time.
type triggersSection struct {
	RulesMore, OwnersMore, ChannelsMore T
	Rules                               []triggerRow
	Absent                              T
	Weeks                               []triggerWeeks
	WeeksMore                           T
	Owners                              []ownerGroup
	Channels                            []triggerChannel
	Findings                            []findingRow
	FindingsAbsent                      T
}

type triggerRow struct {
	Name, Rule             T
	Pieces                 []piece
	CapAt                  string // the target on the bar
	HasCap                 bool
	Share, Target          cell
	Verdict                T
	State                  string
	Median, P95, Change    cell
	ChangeText             T
	Cases, Counts, Omitted T
}

type triggerWeeks struct {
	Name  T
	Chart *chart
	Rows  []triggerWeek
}

type triggerWeek struct {
	Week, Cases T
	Share       cell
}

type ownerGroup struct {
	Name T
	Rows []ownerRow
	More T
}

type ownerRow struct {
	Owner, Cases T
	Span         span
	Share        cell
}

type triggerChannel struct {
	Name, Channel, Answered T
	Median, P95             cell
}

const mostTriggerWeeks = 6 // rules whose weeks are drawn; all are in the database

func loadTriggers(ctx context.Context, p *page) (any, error) {
	t := &triggerPart{part{page: p, ctx: ctx, schema: "scenarios"}}
	var s triggersSection
	s.Rules, s.Absent = t.rules()
	s.Rules, s.RulesMore = firstRows(p, s.Rules)
	s.Weeks, s.WeeksMore = t.weeks()
	s.Owners, s.OwnersMore = firstOf(p, t.owners(), mostTriggerWeeks)
	s.Channels, s.ChannelsMore = firstRows(p, t.channels())
	if t.err != nil {
		return nil, t.err
	}
	var err error
	s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "triggers")
	return s, err
}

type triggerPart struct{ part }

// written is every rule in words: "after event call_missed: a task is created, within 15 minutes".
func (t *triggerPart) written() map[string]T {
	out := map[string]T{}
	if t.err != nil {
		return out
	}
	f, _, err := t.fetch(t.ctx, "core.cfg_triggers")
	t.err = err
	if f == nil {
		return out
	}
	name, whenKind, whenName, expectKind, expectName := f.String("name"), textsOf(f, "when_kind"), textsOf(f, "when_name"), textsOf(f, "expect_kind"), textsOf(f, "expect_name")
	within, after := numbersOf(f, "within_seconds"), numbersOf(f, "after_seconds")
	side := func(w *words, which, kind, named string) string {
		if kind == "event" {
			return w.side(which, named)
		}
		if named != "" {
			kind += ":" + named
		}
		return w.side(which, kind)
	}
	for i := range name {
		values := map[string]T{
			"when":   t.texts.each(func(w *words) string { return side(w, "when", whenKind[i], whenName[i]) }),
			"expect": t.texts.each(func(w *words) string { return lowerFirst(side(w, "expect", expectKind[i], expectName[i])) }),
			"within": t.fact(within[i], "seconds").Value,
		}
		if after[i] > 0 {
			values["after"] = t.fact(after[i], "seconds").Value
		}
		out[name[i]] = t.say("trigger_rule", values)
	}
	return out
}

// lowerFirst puts a text into the middle of a sentence.
func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func (t *triggerPart) rules() ([]triggerRow, T) {
	f, absent := t.table("triggers")
	if f == nil {
		if t.empty("scenarios.triggers") {
			absent = t.word("triggers_none")
		}
		return nil, absent
	}
	written := t.written()
	name, verdict, change := f.String("name"), textsOf(f, "verdict"), textsOf(f, "change_verdict")
	triggered, inTime, late, missing := numbersOf(f, "triggered"), numbersOf(f, "in_time"), numbersOf(f, "late"), numbersOf(f, "missing")
	notYet, unlinked, customers := numbersOf(f, "not_yet"), numbersOf(f, "unlinked"), numbersOf(f, "customers")
	share, lower, upper, target, needed := numbersOf(f, "in_time_share"), numbersOf(f, "lower"), numbersOf(f, "upper"), numbersOf(f, "target"), numbersOf(f, "needed_customers")
	median, medianLower, medianUpper := numbersOf(f, "median_latency_seconds"), numbersOf(f, "median_lower"), numbersOf(f, "median_upper")
	p95, p95Lower, p95Upper := numbersOf(f, "p95_latency_seconds"), numbersOf(f, "p95_lower"), numbersOf(f, "p95_upper")
	moved, movedLower, movedUpper := numbersOf(f, "change"), numbersOf(f, "change_lower"), numbersOf(f, "change_upper")
	var rows []triggerRow
	for i := range name {
		n := int64(orZero(customers[i]))
		answered := int64(orZero(inTime[i]) + orZero(late[i]))
		r := triggerRow{Name: plain(Shown(name[i])), Rule: written[name[i]], Cases: t.wholeNumber(triggered[i]), State: verdict[i],
			Share:  t.estimate(interval(share[i], lower[i], upper[i], n, "share"), ""),
			Target: t.fact(target[i], "share"),
			Median: t.estimate(interval(median[i], medianLower[i], medianUpper[i], answered, "seconds"), ""),
			P95:    t.estimate(interval(p95[i], p95Lower[i], p95Upper[i], answered, "seconds"), ""),
			Change: t.estimate(interval(moved[i], movedLower[i], movedUpper[i], n, "share"), "points"),
		}
		if triggered[i] > 0 {
			for _, x := range []struct {
				key, class string
				n          float64
			}{{"in_time", "c1", inTime[i]}, {"late", "c2", late[i]}, {"missing", "c3", missing[i]}} {
				r.Pieces = append(r.Pieces, piece{Class: x.class, Width: percentOf(x.n / triggered[i]), Shade: "1", Tip: joined(t.word("trigger_"+x.key), ":\u00a0", t.wholeNumber(x.n))})
			}
			r.HasCap, r.CapAt = analytics.Finite(target[i]), percentOf(target[i])
		}
		values := map[string]T{}
		if needed[i] > 0 {
			values["needed"] = t.customers(needed[i])
		}
		if t.texts.Has("ui.trigger_verdict_" + verdict[i]) {
			r.Verdict = t.say("trigger_verdict_"+verdict[i], values)
		}
		if analytics.Finite(moved[i]) && t.texts.Has("ui.trigger_change_"+change[i]) {
			r.ChangeText = t.word("trigger_change_" + change[i])
		}
		values = map[string]T{}
		if notYet[i] > 0 {
			values["not_yet"] = t.wholeNumber(notYet[i])
		}
		if unlinked[i] > 0 {
			values["unlinked"] = t.wholeNumber(unlinked[i])
		}
		r.Omitted = t.say("trigger_omitted", values)
		rows = append(rows, r)
	}
	rank := map[string]int{"yes": 0, "undecided": 1, "insufficient_data": 2, "no": 3}
	slices.SortStableFunc(rows, func(a, b triggerRow) int { return cmp.Compare(rank[a.State], rank[b.State]) })
	return rows, T{}
}

// weeks is the share in time week by week, one picture per rule.
func (t *triggerPart) weeks() ([]triggerWeeks, T) {
	f, _ := t.table("trigger_weeks")
	if f == nil {
		return nil, T{}
	}
	verdict := map[string]string{}
	if r, _ := t.table("triggers"); r != nil {
		names, v := r.String("name"), textsOf(r, "verdict")
		for i := range names {
			verdict[names[i]] = v[i]
		}
	}
	name, cases, customers := f.String("name"), f.Int64("triggered"), f.Int64("triggered")
	share, lower, upper := numbersOf(f, "in_time_share"), numbersOf(f, "lower"), numbersOf(f, "upper")
	week := daysOf(f, "week_start")
	var order []string
	of := map[string][]int{}
	for i := range name {
		if of[name[i]] == nil {
			order = append(order, name[i])
		}
		of[name[i]] = append(of[name[i]], i)
	}
	rank := map[string]int{"yes": 0, "undecided": 1, "insufficient_data": 2, "no": 3}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(rank[verdict[a]], rank[verdict[b]]) })
	more := T{}
	if len(order) > mostTriggerWeeks {
		more = t.say("trigger_weeks_more", map[string]T{"count": t.count(int64(len(order) - mostTriggerWeeks))})
		order = order[:mostTriggerWeeks]
	}
	var out []triggerWeeks
	for _, rule := range order {
		at := of[rule]
		slices.SortFunc(at, func(a, b int) int { return week[a].Compare(week[b]) })
		w := triggerWeeks{Name: plain(Shown(rule)), Chart: &chart{Kind: "lines", Label: joined(t.word("trigger_weeks_title"), ": ", plain(Shown(rule))), XName: t.word("week_of"), Percent: true, Min: point(0), Max: 1}}
		l := line{Name: plain(Shown(rule))}
		for _, i := range at {
			number := t.estimate(interval(share[i], lower[i], upper[i], customers[i], "share"), "")
			w.Chart.X = append(w.Chart.X, day(week[i]))
			l.Value, l.Lower, l.Upper, l.Tips = append(l.Value, point(share[i])), append(l.Lower, point(lower[i])), append(l.Upper, point(upper[i])), append(l.Tips, number.whole())
			w.Rows = append(w.Rows, triggerWeek{Week: day(week[i]), Cases: t.count(cases[i]), Share: number})
		}
		w.Chart.Lines = []line{l}
		if len(at) < leastPoints {
			continue
		}
		out = append(out, w)
	}
	return out, more
}

// owners are responsible employees in the order of the alphabet: no league table, since intervals mostly overlap.
func (t *triggerPart) owners() []ownerGroup {
	f, _ := t.table("trigger_owners")
	if f == nil {
		return nil
	}
	all := map[string]float64{}
	if r, _ := t.table("triggers"); r != nil {
		names, share := r.String("name"), numbersOf(r, "in_time_share")
		for i := range names {
			all[names[i]] = share[i]
		}
	}
	name, owner, cases := f.String("name"), textsOf(f, "owner"), f.Int64("triggered")
	share, lower, upper := numbersOf(f, "in_time_share"), numbersOf(f, "lower"), numbersOf(f, "upper")
	var out []ownerGroup
	for i := range name {
		if len(out) == 0 || out[len(out)-1].Name.Ru != Shown(name[i]) {
			out = append(out, ownerGroup{Name: plain(Shown(name[i]))})
		}
		reference, ok := all[name[i]]
		if !ok {
			reference = math.NaN()
		}
		r := ownerRow{Owner: plain(Shown(owner[i])), Cases: t.count(cases[i]), Span: scale{0, 1}.draw(share[i], lower[i], upper[i], reference),
			Share: t.estimate(interval(share[i], lower[i], upper[i], cases[i], "share"), "")}
		if owner[i] == "" {
			r.Owner = t.word("no_owner")
		}
		g := &out[len(out)-1]
		g.Rows = append(g.Rows, r)
	}
	out = slices.DeleteFunc(out, func(g ownerGroup) bool { return len(g.Rows) < 2 })
	for i := range out {
		out[i].Rows, out[i].More = firstRows(t.page, out[i].Rows)
	}
	return out
}

// channels is the time to the answer by the channel of the answering message, where there are any.
func (t *triggerPart) channels() []triggerChannel {
	f, _ := t.table("trigger_channels")
	if f == nil {
		return nil
	}
	name, channel, answered := f.String("name"), textsOf(f, "channel"), f.Int64("answered")
	median, lower, upper, p95 := numbersOf(f, "median_latency_seconds"), numbersOf(f, "median_lower"), numbersOf(f, "median_upper"), numbersOf(f, "p95_latency_seconds")
	var out []triggerChannel
	for i := range name {
		if channel[i] == "" {
			continue
		}
		out = append(out, triggerChannel{Name: plain(Shown(name[i])), Channel: t.channel(channel[i]), Answered: t.count(answered[i]),
			Median: t.estimate(interval(median[i], lower[i], upper[i], answered[i], "seconds"), ""),
			P95:    t.estimate(suffstat.Estimate{Value: p95[i], Lower: math.NaN(), Upper: math.NaN(), N: answered[i], Unit: "seconds"}, "")})
	}
	return out
}

// daysOf reads a column of dates, as text or as days.
func daysOf(f *analytics.Frame, column string) []time.Time {
	out := make([]time.Time, f.Len())
	if !f.Has(column) {
		return out
	}
	for i, s := range f.String(column) {
		out[i] = parseDay(s)
	}
	return out
}
