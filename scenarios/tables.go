package scenarios

import (
	"math"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders the model as the result tables of schema scenarios that this block owns (queries/scenarios).
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{
		m.scenariosTable(), m.stepsTable(), m.channelsTable(), m.exitsTable(), m.handoversTable(), m.graphTable(), m.deadEndsTable(),
		m.stageReachTable(), m.breadthTable(), m.rhythmTable(), m.rhythmWindowsTable(),
	}
}

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "scenarios." + name, Columns: columns}
}

func add(t *analytics.Table, parts ...[]any) { t.Rows = append(t.Rows, slices.Concat(parts...)) }

func (c claim) columns() []any {
	needed := any(nil)
	if c.Needed > 0 && (c.Verdict == Undecided || c.Verdict == Insufficient) {
		needed = c.Needed
	}
	return []any{analytics.OrNull(c.P), analytics.OrNull(c.Q), c.Verdict, needed}
}

func when(known bool, v any) any {
	if !known {
		return nil
	}
	return v
}

func date(day int64) time.Time { return time.Unix(day*86400, 0).UTC() }

func (m *Model) scenariosTable() analytics.Table {
	t := table("scenarios", "scenario_id", "name", "role", "defined", "derived", "bulk", "unused", "trigger", "priority", "window_days", "channels", "next", "stages",
		"customers", "entries", "reentries", "controls", "recorded_exits", "reversed_exits", "merged_entries", "active_days", "messages", "not_sent", "delivered", "opened", "clicked",
		"bounced", "unsubscribed", "complaints", "orders", "revenue", "cost", "steps", "exits", "dead_end_share", "dead_end_lower", "dead_end_upper",
		"state_change_rate", "state_change_lower", "state_change_upper", "state_change_entries", "first_day", "last_day", "note")
	k := m.Known
	for _, s := range m.Scenarios {
		def := []any{"", nil, nil, nil, "", ""}
		if d := s.Def; d != nil {
			def = []any{d.Name, nil, nil, nil, strings.Join(d.Next, ","), strings.Join(d.Stages, ",")}
			if d.Trigger != "" {
				def[1] = d.Trigger
			}
			if d.Priority != nil {
				def[2] = int64(*d.Priority)
			}
			if d.WindowDays != nil {
				def[3] = int64(*d.WindowDays)
			}
		}
		exits, nothing := int64(0), suffstat.NotEstimable("", TableLevel)
		if s.DeadEnd != nil {
			exits, nothing = s.DeadEnd.Exits, s.DeadEnd.Nothing
		}
		e, n := s.Entry, s.Sent
		add(&t, []any{s.ID, def[0], s.Role, s.Defined, s.Derived(), s.Bulk, s.Unused, def[1], def[2], def[3], s.channelNames(), def[4], def[5],
			e.Customers, e.Entries, e.Reentries, e.Controls, e.RecordedExits, s.ReversedExits, s.MergedEntries, float64(e.ActiveSecs) / 86400, n.Messages, n.NotSent,
			when(k.Delivered, n.Delivered), when(k.Opened, n.Opened), when(k.Clicked, n.Clicked), when(k.Bounced, n.Bounced), when(k.Unsubscribed, n.Unsubscribed),
			when(k.Complained, n.Complained), when(k.Orders, s.Orders.Orders), when(k.Orders, float64(s.Orders.Minor)/100), when(k.Cost, s.Cost),
			int64(len(s.Steps)), exits}, analytics.Three(nothing), analytics.Three(s.Changed.Estimate),
			[]any{e.StageKnown, when(s.Alive, date(s.FirstDay)), when(s.Alive, date(s.LastDay)), s.note()})
	}
	return t
}

// note says what the row does not say, in words of the dictionary; the report has its own texts.
func (s *Scenario) note() string {
	var out []string
	if s.Unused {
		out = append(out, "no entries and no messages in the audited window")
	}
	if s.Bulk {
		out = append(out, "calendar campaign: no steps, hand-overs or dead ends")
	}
	if s.Derived() {
		out = append(out, "entries derived from messages")
	}
	if !s.Bulk && s.Enrolled && s.Entry.Entries > 0 && s.Entry.RecordedExits == 0 {
		out = append(out, "no exit is recorded: exits by rule")
	}
	if s.ReversedExits > 0 {
		out = append(out, "some exits lie before the entry and count as not recorded")
	}
	if s.MergedEntries > 0 {
		out = append(out, "some entries run into an earlier one of the same customer and their time counts once")
	}
	return strings.Join(out, "; ")
}

func (m *Model) stepsTable() analytics.Table {
	t := table("steps", "scenario_id", "step_id", "position", "defined", "channel", "not_sent", "not_sent_reason", "source", "messages", "entries", "customers", "at_risk", "reached", "skipped",
		"drop_off", "drop_off_lower", "drop_off_upper", "goal_stops", "opt_out_stops", "unexplained", "unexplained_lower", "unexplained_upper", "own_rate", "chains_rate", "reference",
		"difference", "difference_lower", "difference_upper", "p_value", "q_value", "verdict", "needed",
		"median_hours_since_previous", "hours_lower", "hours_upper", "click_rate", "customers_at_risk")
	for _, s := range m.Scenarios {
		for _, p := range s.Steps {
			source := "derived"
			switch {
			case p.Messages == 0:
				source = "definition"
			case p.Given:
				source = "step"
			}
			add(&t, []any{s.ID, p.ID, p.Position, p.Defined, when(p.Channel != "", p.Channel), when(p.Given, p.NotSent), when(p.NotSent > 0, p.NotSentReason), source, p.Messages, p.Entries, p.Customers, p.AtRisk, p.Reached, p.Skipped}, analytics.Three(p.DropOff.Estimate),
				[]any{p.GoalStops, p.OptOutStops}, analytics.Three(p.Unexplained.Estimate), []any{analytics.OrNull(p.OwnRate), analytics.OrNull(p.ChainsRate), p.Reference}, analytics.Three(p.Difference), p.columns(), analytics.Three(p.Hours),
				[]any{when(m.Known.Clicked, analytics.OrNull(p.clickRate())), p.Unexplained.N})
		}
	}
	return t
}

func (m *Model) channelsTable() analytics.Table {
	t := table("channels", "scenario_id", "channel", "declared", "messages", "not_sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "cost")
	for _, s := range m.Scenarios {
		channels := slices.Clone(s.Channels)
		slices.SortFunc(channels, func(a, b Channel) int { return strings.Compare(a.Channel, b.Channel) })
		for _, c := range channels {
			add(&t, []any{s.ID, c.Channel, c.Declared, c.Messages, c.NotSent, c.Delivered, c.Opened, c.Clicked, c.Bounced, c.Unsubscribed, c.Complained,
				analytics.OrNull(c.Cost)})
		}
	}
	return t
}

func (m *Model) exitsTable() analytics.Table {
	t := table("exits", "scenario_id", "ended", "reason", "n", "share")
	for _, s := range m.Scenarios {
		var total int64
		for _, r := range s.Reasons {
			total += r.N
		}
		for _, r := range s.Reasons {
			add(&t, []any{s.ID, r.Ended, r.Reason, r.N, float64(r.N) / float64(total)})
		}
	}
	return t
}

func (m *Model) handoversTable() analytics.Table {
	t := table("handovers", "from_scenario", "to_scenario", "declared", "exits", "followed", "first", "share", "share_lower", "share_upper")
	for _, h := range m.Handovers {
		add(&t, []any{h.From, h.To, h.Declared, h.Exits, h.Followed, h.First}, analytics.Three(h.Share.Estimate))
	}
	return t
}

func (m *Model) graphTable() analytics.Table {
	t := table("graph", "graph", "scenario_id", "successors", "predecessors", "sink", "unreachable", "loop", "loop_members")
	for _, n := range m.Graph {
		add(&t, []any{n.Graph, n.ID, n.Successors, n.Predecessors, n.Sink, n.Unreachable, when(n.Loop > 0, n.Loop), strings.Join(n.Members, ",")})
	}
	return t
}

func (m *Model) deadEndsTable() analytics.Table {
	t := table("dead_ends", "scenario_id", "structural", "exits", "achieved", "opted_out", "at_risk", "horizon_days", "nothing", "nothing_lower", "nothing_upper",
		"next_share", "message_share", "goal_share", "opt_out_share", "others", "difference", "difference_lower", "difference_upper", "p_value", "q_value",
		"verdict", "needed", "note")
	for _, s := range m.Scenarios {
		if s.DeadEnd == nil {
			add(&t, []any{s.ID, when(s.Def != nil, false), int64(0), int64(0), int64(0), int64(0), int64(m.Horizon)}, analytics.Three(suffstat.NotEstimable("", TableLevel)),
				[]any{nil, nil, nil, nil, nil}, analytics.Three(suffstat.NotEstimable("", TableLevel)), untested(Excluded).columns(), []any{"calendar campaign: nothing has to follow a message of the calendar"})
			continue
		}
		d := s.DeadEnd
		note := ""
		switch {
		case d.AtRisk == 0:
			note = "no exit was followed for a day"
		case !d.Nothing.OK():
			note = "no exit was followed to the horizon"
		case !d.Compared:
			note = "no other chain was left in the same stages"
		}
		add(&t, []any{s.ID, when(d.HasDefinition, d.Structural), d.Exits, d.Achieved, d.OptedOut, d.AtRisk, int64(m.Horizon)}, analytics.Three(d.Nothing),
			[]any{analytics.OrNull(d.First["next"]), analytics.OrNull(d.First["message"]), analytics.OrNull(d.First["goal"]), analytics.OrNull(d.First["opt_out"]),
				analytics.OrNull(d.Others)}, analytics.Three(d.Difference), d.columns(), []any{note})
	}
	return t
}

func (m *Model) stageReachTable() analytics.Table {
	t := table("stage_reach", "scenario_id", "stage", "declared", "eligible", "entered", "entries", "share_of_entries", "reach", "reach_lower", "reach_upper")
	for _, s := range m.Scenarios {
		for _, r := range s.Reach {
			add(&t, []any{s.ID, r.Stage, r.Declared, r.Eligible, r.Entered, r.Entries, analytics.OrNull(r.ShareOfEntries)}, analytics.Three(r.Rate.Estimate))
		}
	}
	return t
}

func (m *Model) breadthTable() analytics.Table {
	t := table("breadth", "scenario_id", "entrants", "eligible", "reach", "reach_lower", "reach_upper", "target_entries", "precision", "precision_lower",
		"precision_upper", "selectivity", "selectivity_lower", "selectivity_upper", "noise_floor", "reentry_share", "reason", "p_value", "q_value", "verdict", "needed")
	for _, s := range m.Scenarios {
		b := s.Breadth
		if b == nil {
			continue
		}
		entries := any(nil)
		if b.Precision.OK() {
			entries = b.Entries
		}
		add(&t, []any{s.ID, b.Entrants, b.Eligible}, analytics.Three(b.Reach.Estimate), []any{entries}, analytics.Three(b.Precision.Estimate), analytics.Three(b.Selectivity),
			[]any{analytics.OrNull(b.Floor), analytics.OrNull(b.ReentryShare), b.Reason}, b.columns())
	}
	return t
}

func (m *Model) rhythmTable() analytics.Table {
	t := table("rhythm", "scenario_id", "messages", "own_share", "early_share", "early_lower", "early_upper", "best_from", "best_to", "click_rate",
		"gain", "gain_lower", "gain_upper", "p_value", "q_value", "verdict", "needed", "reason")
	for _, s := range m.Scenarios {
		r := s.Rhythm
		if r == nil {
			continue
		}
		from, to := any(nil), any(nil)
		if r.Best >= 0 {
			from, to = uFrom(r.Best), analytics.OrNull(uEnds[r.Best])
		}
		add(&t, []any{s.ID, r.Messages, analytics.OrNull(r.OwnShare)}, analytics.Three(r.Early.Estimate), []any{from, to, analytics.OrNull(r.ClickRate)}, analytics.Three(r.Gain),
			r.columns(), []any{r.Reason})
	}
	return t
}

func (m *Model) rhythmWindowsTable() analytics.Table {
	t := table("rhythm_windows", "scenario_id", "u_from", "u_to", "messages", "clicked", "click_rate", "click_rate_lower", "click_rate_upper", "adjusted")
	for _, s := range m.Scenarios {
		if s.Rhythm == nil {
			continue
		}
		for i, w := range s.Rhythm.Windows {
			adjusted := w.Adjusted
			if w.Messages == 0 {
				adjusted = math.NaN()
			}
			add(&t, []any{s.ID, uFrom(i), analytics.OrNull(uEnds[i]), w.Messages, w.Clicked}, analytics.Three(w.Rate.Estimate), []any{analytics.OrNull(adjusted)})
		}
	}
	return t
}
