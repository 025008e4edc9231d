package contact

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders the model as result tables of schema scenarios, columns as in queries/scenarios, rows in the order of each grain.
func (m *Model) Tables(opt Options) []analytics.Table {
	return []analytics.Table{m.loadTable(), m.meansTable(), m.replayTable(), m.quietTable(opt), m.pressureTable(), m.fatigueTable(), m.curveTable()}
}

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "scenarios." + name, Columns: columns}
}

func (m *Model) loadTable() analytics.Table {
	t := table("contact_load", "time_window", "channel", "stage", "messages", "units", "share")
	for _, l := range m.Levels {
		t.Rows = append(t.Rows, []any{l.Window, l.Channel, l.Stage, l.Messages, l.Units, l.Share})
	}
	return t
}

func (m *Model) meansTable() analytics.Table {
	t := table("contact_means", "time_window", "channel", "stage", "units", "messages", "most", "mean", "lower", "upper", "cap", "over_units", "over_share", "over_lower",
		"over_upper")
	for _, l := range m.Loads {
		row := append([]any{l.Window, l.Channel, l.Stage, l.Units, l.Messages, l.Most}, analytics.Three(l.Mean)...)
		if l.Cap == nil {
			row = append(row, nil, nil, nil, nil, nil)
		} else {
			row = append(append(row, *l.Cap, l.Over), analytics.Three(l.OverRate.Estimate)...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func scope(all bool) string {
	if all {
		return "all"
	}
	return "scenario"
}

func (m *Model) replayTable() analytics.Table {
	t := table("cap_replay", "time_window", "channel", "cap", "declared", "scope", "scenario_id", "messages", "held_back", "share")
	for _, r := range m.Replays {
		t.Rows = append(t.Rows, []any{r.Window, r.Channel, r.Cap, r.Declared, scope(r.All), r.Scenario, r.Messages, r.HeldBack, r.Share()})
	}
	return t
}

func (m *Model) quietTable(opt Options) analytics.Table {
	t := table("quiet_hours", "channel", "scope", "scenario_id", "service", "sent", "broken", "share", "customers", "declared")
	for _, q := range m.Quiet {
		var customers any
		if q.CustomersKnown {
			customers = q.Customers
		}
		t.Rows = append(t.Rows, []any{q.Channel, scope(q.All), q.Scenario, q.Service, q.Sent, q.Broken, q.Share(), customers, opt.QuietDeclared})
	}
	return t
}

func (m *Model) pressureTable() analytics.Table {
	t := table("pressure", "channel", "stage", "messages_7d", "customer_days", "unsubscribes", "complaints",
		"unsubscribe_hazard", "unsubscribe_hazard_lower", "unsubscribe_hazard_upper", "complaint_hazard", "complaint_hazard_lower", "complaint_hazard_upper",
		"order_rate", "order_rate_lower", "order_rate_upper")
	for _, p := range m.Pressure {
		row := []any{p.Channel, p.Stage, p.Messages, p.CustomerDays, p.Unsubscribes, p.Complaints}
		for _, e := range []suffstat.Estimate{p.Unsubscribe, p.Complaint, p.Order} {
			row = append(row, analytics.Three(e)...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) fatigueTable() analytics.Table {
	t := table("fatigue", "outcome", "term", "value", "lower", "upper", "p_value", "q_value", "verdict", "needed", "grade", "margin", "customers", "messages", "events",
		"baseline", "variation", "high_from", "strata", "note", "equivalence_lower", "equivalence_upper")
	f := m.Fatigue
	add := func(e Effect, term string, value suffstat.Estimate, decides bool, rest ...any) {
		row := append([]any{e.Outcome, term}, analytics.Three(value)...)
		if decides {
			var needed any
			if e.Decision.Needed > 0 {
				needed = e.Decision.Needed
			}
			row = append(row, analytics.OrNull(e.Decision.PDifference), analytics.OrNull(e.Q), string(e.Decision.Verdict), needed, string(e.Grade))
		} else {
			row = append(row, nil, nil, "", nil, "")
		}
		var customers any
		if e.Outcome == f.Response.Outcome || e.Outcome == Order {
			customers = e.Customers
		}
		row = append(row, e.Margin, customers, e.Messages, e.Events, analytics.OrNull(e.Baseline()))
		row = append(append(row, rest...), e.Note)
		if equal := e.Decision.Equivalence; decides && value.OK() {
			row = append(row, analytics.OrNull(equal.Lower), analytics.OrNull(equal.Upper))
		} else {
			row = append(row, nil, nil)
		}
		t.Rows = append(t.Rows, row)
	}
	if f.Response.Outcome != "" {
		share := analytics.OrNull(f.Share)
		add(f.Response, "previous_7d", f.Response.Value, true, share, nil, nil)
		add(f.Response, "previous_8_28d", f.Earlier, false, share, nil, nil)
		add(f.Response, "next_7d", f.Placebo, false, share, nil, nil)
		add(f.Response, "previous_7d_calendar", f.Calendar, false, share, nil, nil)
		for _, x := range f.Thirds {
			e := Effect{Outcome: f.Response.Outcome, Margin: f.Response.Margin, Customers: x.Customers, Messages: x.Messages, Events: x.Events, Note: x.Note}
			add(e, x.Term, x.Slope, false, analytics.OrNull(x.Share), nil, nil)
		}
		if len(f.Thirds) > 0 {
			add(f.Response, ThirdGap, f.ThirdGap, false, nil, nil, nil)
		}
	}
	if g := f.Goal; g != nil {
		share := analytics.OrNull(g.Share)
		add(g.Effect, "previous_7d", g.Value, true, share, nil, nil)
		add(g.Effect, "previous_8_28d", g.Earlier, false, share, nil, nil)
		add(g.Effect, "next_7d", g.Next, false, share, nil, nil)
		add(g.Effect, "next_8_14d", g.Placebo, false, share, nil, nil)
		add(g.Effect, "next_8_9d", g.Seventh, false, share, nil, nil)
	}
	for _, o := range f.OptOuts {
		from := any(o.HighFrom)
		if o.HighFrom == 0 {
			from = nil
		}
		add(o.Effect, "log_odds", o.Value, true, nil, from, int64(o.Strata))
		add(o.Effect, "log_odds_raw", o.Raw, false, nil, from, int64(o.Strata))
		add(o.Effect, "log_odds_control", o.Control, false, nil, from, nil)
	}
	for _, x := range f.Collisions {
		if x.Outcome == Unsubscribe || x.Outcome == Complaint {
			add(x.Effect, CollisionOdds, x.Value, true, nil, nil, int64(x.Strata))
			add(x.Effect, CollisionOdds+"_raw", x.Raw, false, nil, nil, int64(x.Strata))
			add(x.Effect, CollisionOdds+"_control", x.Control, false, nil, nil, nil)
			continue
		}
		share := analytics.OrNull(x.Share)
		add(x.Effect, CollisionSlope, x.Value, true, share, nil, nil)
		add(x.Effect, CollisionSlope+"_5w", x.Control, false, share, nil, nil)
	}
	slices.SortStableFunc(t.Rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[0].(string), b[0].(string)), cmp.Compare(a[1].(string), b[1].(string)))
	})
	return t
}

func (m *Model) curveTable() analytics.Table {
	t := table("fatigue_curve", "outcome", "from_messages", "to_messages", "messages", "response", "difference", "lower", "upper")
	rows := func(outcome string, curve []CurveRow) {
		for _, r := range curve {
			var to any
			if r.To >= 0 {
				to = r.To
			}
			if math.IsNaN(r.Response) {
				r.Difference = none()
			}
			t.Rows = append(t.Rows, append([]any{outcome, r.From, to, r.Messages, analytics.OrNull(r.Response)}, analytics.Three(r.Difference)...))
		}
	}
	rows(m.Fatigue.Response.Outcome, m.Fatigue.Curve)
	if g := m.Fatigue.Goal; g != nil {
		rows(Order, g.Curve)
	}
	return t
}
