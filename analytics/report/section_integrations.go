package report

import (
	"cmp"
	"context"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// integrationsSection is what arrives and what comes back, and below it who uses the CRM and what it costs. The checks against their norms stand in the health card.
type integrationsSection struct {
	Lead, Absent   T
	Gaps           []arrivalGap
	GapsMore       T
	Sources        []arrivalRow
	SourcesMore    T
	Latencies      []arrivalLatency
	Flows          []messageFlow
	Totals         []controlTotal
	Findings       []findingRow
	FindingsAbsent T

	Owners        T
	Idle          []usageOwner
	IdleMore      T
	Returns       []usageReturn
	HoldOuts      []usageHoldOut
	Changes       []usageChange
	UsageAbsent   T
	UsageFindings []findingRow
}

type arrivalGap struct {
	Source, What, Dates, Rows, Ratio, Q T
	State                               string
}

type arrivalRow struct {
	Source, State, Rows, Usual, Days, Since T
	Class                                   string
}

type arrivalLatency struct{ Source, Events, Median, P90, P99, Late T }

type messageFlow struct {
	Channel, Messages, Delivered, Opened, Clicked, None T
}

type controlTotal struct{ Input, Control, Found, Difference T }

type usageOwner struct{ Owner, Customers, Last, State T }

type usageReturn struct {
	Name, Messages, Cost, Orders, Share, Range, Result, Return T
}

type usageHoldOut struct {
	Name             T
	Effect, Credited cell
	Span             span
}

type usageChange struct {
	Name, Last, Before, YearAgo T
	Change, Year, Seasonal      cell
}

func loadIntegrations(ctx context.Context, p *page) (any, error) {
	t := &integrationsPart{part{page: p, ctx: ctx, schema: "analytics"}}
	var s integrationsSection
	s.Sources, s.SourcesMore, s.Lead, s.Absent = t.sources()
	s.Gaps, s.GapsMore = t.gaps()
	s.Latencies = t.latencies()
	s.Flows = t.flows()
	s.Totals = t.totals()
	s.Owners, s.Idle, s.IdleMore = t.owners()
	s.Returns, s.HoldOuts, s.UsageAbsent = t.returns()
	s.Changes = t.changes()
	if t.err != nil {
		return nil, t.err
	}
	var err error
	if s.Findings, s.FindingsAbsent, err = p.blockFindings(ctx, "integrations"); err != nil {
		return nil, err
	}
	s.UsageFindings, _, err = p.blockFindings(ctx, "usage")
	return s, err
}

type integrationsPart struct{ part }

// source is the shown name of a source of rows: input, source and name.
func (t *integrationsPart) source(input, source, name string) T {
	out := t.texts.Name("inputs", input)
	switch {
	case source == "":
	case input == "events":
		out = joined(out, ": ", plain(Shown(source)))
	default: // of messages and facts about them
		out = joined(out, ": ", t.channel(source))
	}
	switch {
	case name == "bulk" && input == "messages":
		out = joined(out, ", ", t.word("arrival_bulk"))
	case name != "":
		out = joined(out, ": ", plain(Shown(name)))
	}
	return out
}

// shownWhole is a number of rows, with one decimal below ten.
func (t *integrationsPart) shownWhole(x float64) T {
	if !analytics.Finite(x) {
		return plain(dash)
	}
	return t.texts.each(func(w *words) string { return w.decimal(x, fraction(x, 10)) })
}

// sources are all sources: those that stopped or have gaps first, then the largest. lead counts them.
func (t *integrationsPart) sources() (rows []arrivalRow, rest, lead, absent T) {
	f, absent := t.table("arrival_series")
	if f == nil {
		return nil, T{}, T{}, absent
	}
	input, source, name, state := f.String("input"), f.String("source"), textsOf(f, "name"), f.String("state")
	n, usual, days, gaps := numbersOf(f, "rows"), numbersOf(f, "expected_last"), numbersOf(f, "tested_days"), numbersOf(f, "gap_days")
	ended, started, first, last := f.Bool("ended"), f.Bool("started"), daysOf(f, "first_date"), daysOf(f, "last_date")
	var tested, with, over, stopped float64
	at := make([]int, len(input))
	for i := range at {
		at[i] = i
		if state[i] == "tested" {
			tested++
			over += days[i]
		}
		if gaps[i] > 0 {
			with++
		}
		if ended[i] {
			stopped++
		}
	}
	bad := func(i int) int {
		switch {
		case gaps[i] > 0:
			return 0
		case ended[i]:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Or(cmp.Compare(bad(a), bad(b)), cmp.Compare(n[b], n[a])) })
	for _, i := range at {
		r := arrivalRow{Source: t.source(input[i], source[i], name[i]), State: t.texts.Name("arrival_states", state[i]), Rows: t.wholeNumber(n[i]), Usual: t.shownWhole(usual[i]), Days: plain(dash)}
		if state[i] == "tested" {
			r.Days = joined(t.wholeNumber(gaps[i]), " / ", t.wholeNumber(days[i]))
		}
		switch {
		case ended[i]:
			r.Since = t.say("arrival_ended", map[string]T{"day": day(last[i])})
		case started[i]:
			r.Since = t.say("arrival_started", map[string]T{"day": day(first[i])})
		}
		rows = append(rows, r)
	}
	values := map[string]T{"tested": t.wholeNumber(tested), "all": t.wholeNumber(float64(len(at))), "days": t.wholeNumber(over)}
	if with > 0 {
		values["with"] = t.wholeNumber(with)
	}
	if stopped > 0 {
		values["stopped"] = t.wholeNumber(stopped)
	}
	lead = t.say("integrations_lead", values)
	rows, rest = firstRows(t.page, rows)
	return rows, rest, lead, T{}
}

func (t *integrationsPart) gaps() ([]arrivalGap, T) {
	f, _ := t.table("arrival_gaps")
	if f == nil {
		return nil, T{}
	}
	input, source, name, what := f.String("input"), f.String("source"), textsOf(f, "name"), f.String("what")
	from, to, ongoing := daysOf(f, "from_date"), daysOf(f, "to_date"), f.Bool("ongoing")
	observed, expected, ratio, q := numbersOf(f, "observed"), numbersOf(f, "expected"), numbersOf(f, "ratio"), numbersOf(f, "q_value")
	at := make([]int, len(input))
	for i := range at {
		at[i] = i
	}
	rank := map[string]int{"outage": 0, "gap": 1, "twice": 2, "flood": 3, "recurring": 4, "common": 5}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(cmp.Compare(rank[what[a]], rank[what[b]]), cmp.Compare(expected[b]-observed[b], expected[a]-observed[a]))
	})
	var rows []arrivalGap
	for _, i := range at {
		last := to[i].AddDate(0, 0, -1)
		r := arrivalGap{Source: t.source(input[i], source[i], name[i]), What: t.texts.Name("arrival_gaps", what[i]), Dates: day(from[i]), State: what[i], Ratio: t.fact(ratio[i], "share").Value,
			Rows: t.say("arrival_of", map[string]T{"observed": t.wholeNumber(observed[i]), "expected": t.shownWhole(math.Round(expected[i]))}), Q: plain(dash)}
		if last.After(from[i]) {
			r.Dates = joined(day(from[i]), " – ", day(last))
		}
		if ongoing[i] {
			r.Dates = joined(r.Dates, ", ", t.word("arrival_ongoing"))
		}
		if analytics.Finite(q[i]) {
			r.Q = t.texts.each(func(w *words) string {
				if q[i] < .001 {
					return "< " + w.decimal(.001, 3)
				}
				return w.decimal(q[i], 3)
			})
		}
		rows = append(rows, r)
	}
	return firstRows(t.page, rows)
}

func (t *integrationsPart) latencies() (rows []arrivalLatency) {
	f, _ := t.table("event_latency")
	if f == nil {
		return nil
	}
	source, all := f.String("source"), f.Bool("all_sources")
	n, median, p90, p99, late := numbersOf(f, "events"), numbersOf(f, "median_seconds"), numbersOf(f, "p90_seconds"), numbersOf(f, "p99_seconds"), numbersOf(f, "late_share")
	seconds := func(x float64) T { return t.fact(x, "seconds").Value }
	for i := range source {
		name := t.source("events", source[i], "")
		if all[i] {
			name = t.word("arrival_all_sources")
		}
		rows = append(rows, arrivalLatency{Source: name, Events: t.wholeNumber(n[i]), Median: seconds(median[i]), P90: seconds(p90[i]), P99: seconds(p99[i]), Late: t.fact(late[i], "share").Value})
	}
	return rows[:min(len(rows), longTable)]
}

func (t *integrationsPart) flows() (rows []messageFlow) {
	f, _ := t.table("message_flows")
	if f == nil {
		return nil
	}
	channel, scope := f.String("channel"), f.String("scope")
	n, stated, delivered, opened, clicked := numbersOf(f, "messages"), numbersOf(f, "stated"), numbersOf(f, "delivered"), numbersOf(f, "opened"), numbersOf(f, "clicked")
	for i := range channel {
		if scope[i] != "channel" || n[i] == 0 {
			continue
		}
		share := func(x float64) T { return t.fact(x/n[i], "share").Value }
		ever := func(x float64) T { // a channel that never tells has no share of none
			if x == 0 {
				return plain(dash)
			}
			return share(x)
		}
		rows = append(rows, messageFlow{Channel: t.channel(channel[i]), Messages: t.wholeNumber(n[i]), Delivered: share(delivered[i]), Opened: ever(opened[i]), Clicked: ever(clicked[i]), None: share(n[i] - stated[i])})
	}
	return rows[:min(len(rows), longTable)]
}

// totals are the inputs with a control total.
func (t *integrationsPart) totals() (rows []controlTotal) {
	f, _ := t.table("input_accounts")
	if f == nil {
		return nil
	}
	input, control, found, difference := f.String("input"), numbersOf(f, "control_total"), numbersOf(f, "found"), numbersOf(f, "difference")
	for i := range input {
		if analytics.Finite(control[i]) {
			rows = append(rows, controlTotal{t.texts.Name("inputs", input[i]), t.wholeNumber(control[i]), t.wholeNumber(found[i]), t.wholeNumber(difference[i])})
		}
	}
	return rows
}

// owners says how many leave traces, and names those who do not.
func (t *integrationsPart) owners() (lead T, rows []usageOwner, rest T) {
	f, _ := t.table("usage_owners")
	if f == nil {
		return T{}, nil, T{}
	}
	owner, customers, state, last := f.String("owner"), numbersOf(f, "customers"), f.String("state"), daysOf(f, "last_date")
	var active float64
	for i := range owner {
		if state[i] == "active" {
			active++
			continue
		}
		r := usageOwner{Owner: plain(Shown(owner[i])), Customers: t.wholeNumber(customers[i]), Last: plain(dash), State: t.texts.Name("owner_states", state[i])}
		if !last[i].IsZero() {
			r.Last = day(last[i])
		}
		rows = append(rows, r)
	}
	lead = t.say("usage_owners_lead", map[string]T{"active": t.wholeNumber(active), "all": t.wholeNumber(float64(len(owner)))})
	rows, rest = firstRows(t.page, rows)
	return lead, rows, rest
}

// returns are all messages, the channels, and the scenarios with a random hold-out.
func (t *integrationsPart) returns() (rows []usageReturn, held []usageHoldOut, absent T) {
	f, absent := t.table("usage_return")
	if f == nil {
		return nil, nil, absent
	}
	scope, channel, scenario := f.String("scope"), f.String("channel"), f.String("scenario_id")
	n, cost, orders := numbersOf(f, "messages"), numbersOf(f, "cost"), numbersOf(f, "orders")
	share, half, double, result, back := numbersOf(f, "order_share"), numbersOf(f, "share_half"), numbersOf(f, "share_double"), numbersOf(f, "result"), numbersOf(f, "return_share")
	effect, lower, upper, treated, credited := numbersOf(f, "randomized"), numbersOf(f, "randomized_lower"), numbersOf(f, "randomized_upper"), numbersOf(f, "randomized_customers"), numbersOf(f, "credited_per_customer")
	money := func(minor float64) T {
		if !analytics.Finite(minor) {
			return plain(dash)
		}
		return t.fact(minor/100, t.opt.Currency).Value
	}
	var low, high float64
	for i := range scope {
		if analytics.Finite(effect[i]) {
			low, high = min(low, lower[i]), max(high, upper[i], credited[i])
		}
		if scope[i] == "scenario" {
			continue
		}
		r := usageReturn{Name: t.word("usage_all"), Messages: t.wholeNumber(n[i]), Cost: money(cost[i]), Orders: t.wholeNumber(orders[i]), Share: plain(dash), Result: money(result[i]), Return: plain(dash)}
		if scope[i] == "channel" {
			r.Name = t.channel(channel[i])
		}
		if analytics.Finite(share[i]) {
			r.Share = t.fact(share[i], "share").Value
			r.Range = joined(t.fact(half[i], "share").Value, " – ", t.fact(double[i], "share").Value)
		}
		if analytics.Finite(back[i]) {
			r.Return = t.texts.each(func(w *words) string { return w.decimal(back[i], fraction(math.Abs(back[i]), 10)) })
		}
		rows = append(rows, r)
	}
	for i := range scope {
		if !analytics.Finite(effect[i]) {
			continue
		}
		per := suffstat.Fact(credited[i], 0, t.opt.Currency)
		held = append(held, usageHoldOut{Name: t.scenario(scenario[i]), Effect: t.estimate(interval(effect[i], lower[i], upper[i], int64(orZero(treated[i])), t.opt.Currency), ""), Credited: t.estimate(per, ""),
			Span: scale{low, high}.draw(effect[i], lower[i], upper[i], 0)})
	}
	return rows[:min(len(rows), longTable)], held[:min(len(held), longTable)], T{}
}

func (t *integrationsPart) changes() (rows []usageChange) {
	f, _ := t.table("usage_changes")
	if f == nil {
		return nil
	}
	metric := f.String("metric")
	last, before, year := numbersOf(f, "last"), numbersOf(f, "before"), numbersOf(f, "year_ago")
	customers := numbersOf(f, "customers")
	three := func(value, lower, upper string) func(i int) cell {
		v, l, u := numbersOf(f, value), numbersOf(f, lower), numbersOf(f, upper)
		return func(i int) cell {
			if analytics.Finite(v[i]) && !analytics.Finite(l[i]) {
				return t.fact(v[i], "share")
			}
			return t.estimate(interval(v[i], l[i], u[i], int64(orZero(customers[i])), "share"), "")
		}
	}
	change, yearly, seasonal := three("change", "change_lower", "change_upper"), three("year_change", "year_lower", "year_upper"), three("seasonal", "seasonal_lower", "seasonal_upper")
	order := []string{"orders", "orders_per_customer", "buyers", "revenue", "revenue_per_customer", "messages", "credited_share"}
	at := make([]int, len(metric))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(slices.Index(order, metric[a]), slices.Index(order, metric[b])) })
	for _, i := range at {
		show := func(x float64) T {
			switch {
			case !analytics.Finite(x):
				return plain(dash)
			case metric[i] == "credited_share":
				return t.fact(x, "share").Value
			case metric[i] == "revenue" || metric[i] == "revenue_per_customer":
				return t.fact(x, t.opt.Currency).Value
			case metric[i] == "orders_per_customer":
				return t.texts.each(func(w *words) string { return w.decimal(x, 3) })
			}
			return t.wholeNumber(x)
		}
		rows = append(rows, usageChange{Name: t.texts.Name("usage_metrics", metric[i]), Last: show(last[i]), Before: show(before[i]), YearAgo: show(year[i]), Change: change(i), Year: yearly(i), Seasonal: seasonal(i)})
	}
	return rows
}
