package content

import (
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders the model as result tables of schema analytics, columns as in queries/analytics, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.templateTable(), m.useTable(), m.stageTable(), m.copyTable(), m.wearTable(), m.subjectTable(), m.extraTable()}
}

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "analytics." + name, Columns: columns}
}

// date is a day number as a date.
func date(day int64) any { return time.Unix(86400*day, 0).UTC() }

func orNull(ok bool, x any) any {
	if !ok {
		return nil
	}
	return x
}

func textOrNull(s string) any { return orNull(s != "", s) }

// rate is a rate as three columns; nil where the channel never reports it.
func rate(r suffstat.RateEstimate, reported bool) []any {
	if !reported {
		return []any{nil, nil, nil}
	}
	return analytics.Three(r.Estimate)
}

// sorted are the templates by id.
func (m *Model) sorted() []*Template {
	out := append([]*Template{}, m.Templates...)
	slices.SortFunc(out, func(a, b *Template) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func (m *Model) templateTable() analytics.Table {
	t := table("templates", "template_id", "name", "subject", "updated_at", "age", "age_days", "in_use_days", "first_sent", "last_sent", "still_sent", "stale", "messages", "recent_messages", "scenarios", "roles", "stages", "channels",
		"steps", "scenario_list", "role_list", "stage_list", "reuse", "copy_group", "delivered", "customers", "click_rate", "click_lower", "click_upper", "open_rate", "open_lower", "open_upper", "subject_length", "subject_emoji")
	for _, x := range m.sorted() {
		var copies any
		if x.Copies != nil {
			copies = int64(x.Copies.Number)
		}
		row := []any{x.ID, textOrNull(x.Name), textOrNull(x.Subject), orNull(x.Listed && x.Dated, date(x.Updated)), x.Age, orNull(x.Age == AgeKnown, x.AgeDays), x.InUseDays, date(x.First), date(x.Last), x.Still, x.Stale, x.Messages,
			x.Recent, int64(len(x.Scenarios)), int64(len(x.Roles)), int64(len(x.Stages)), int64(len(x.Channels)), int64(x.Steps), strings.Join(x.Scenarios, ", "), strings.Join(x.Roles, ", "), strings.Join(x.Stages, ", "), x.Reuse, copies,
			x.Delivered, x.Customers}
		row = append(row, rate(x.Click, x.OneChannel && m.Clicks[x.Channels[0]])...)
		row = append(row, rate(x.Open, x.OneChannel && m.Opens[x.Channels[0]] == "reliable")...)
		t.Rows = append(t.Rows, append(row, orNull(x.Length > 0, int64(x.Length)), orNull(x.Length > 0, x.Emoji)))
	}
	return t
}

func (m *Model) useTable() analytics.Table {
	t := table("template_uses", "template_id", "channel", "kind", "scenario_id", "role", "messages", "recent_messages", "steps", "first_sent", "last_sent", "delivered", "customers", "click_rate", "click_lower", "click_upper", "open_rate",
		"open_lower", "open_upper", "opens")
	for _, x := range m.uses() {
		row := []any{x.Template, x.Channel, x.Kind, x.Scenario, x.Role, x.Messages, x.Recent, int64(x.Steps), date(x.First), date(x.Last), x.Delivered, x.Customers}
		row = append(row, rate(x.Click, m.Clicks[x.Channel])...)
		row = append(row, rate(x.Open, m.Opens[x.Channel] == "reliable")...)
		t.Rows = append(t.Rows, append(row, m.Opens[x.Channel]))
	}
	return t
}

// uses are all uses in the order of the grain.
func (m *Model) uses() []*Use {
	var out []*Use
	for _, t := range m.Templates {
		out = append(out, t.Uses...)
	}
	slices.SortFunc(out, compareUses)
	return out
}

func (m *Model) stageTable() analytics.Table {
	t := table("template_stages", "template_id", "channel", "kind", "scenario_id", "stage", "messages", "share")
	for _, u := range m.uses() {
		stages := append([]StageShare{}, u.Stages...)
		slices.SortFunc(stages, func(a, b StageShare) int { return strings.Compare(a.Stage, b.Stage) })
		for _, s := range stages {
			t.Rows = append(t.Rows, []any{u.Template, u.Channel, u.Kind, u.Scenario, s.Stage, s.Messages, s.Share})
		}
	}
	return t
}

func (m *Model) copyTable() analytics.Table {
	t := table("template_copies", "copy_group", "template_id", "basis", "reuse", "messages", "scenario_list", "role_list")
	for _, g := range m.Groups {
		for _, x := range g.Members {
			t.Rows = append(t.Rows, []any{int64(g.Number), x.ID, g.Basis, g.Reuse, x.Messages, strings.Join(x.Scenarios, ", "), strings.Join(x.Roles, ", ")})
		}
	}
	return t
}

func (m *Model) wearTable() analytics.Table {
	t := table("template_wearout", "template_id", "channel", "kind", "scenario_id", "outcome", "life_from", "weeks", "changed", "delivered", "customers", "rate", "slope", "slope_lower", "slope_upper", "peers", "peer_slope", "peer_lower",
		"peer_upper", "contrast", "lower", "upper", "std_error", "std_error_customers", "std_error_weeks", "df", "p_value", "q_value", "p_equivalence", "margin", "shrunk", "shrunk_lower", "shrunk_upper", "verdict", "needed", "note")
	num := analytics.OrNull
	for _, w := range m.Wearout {
		u := w.Use
		row := []any{u.Template, u.Channel, u.Kind, u.Scenario, w.Outcome, orNull(w.Weeks > 0, date(w.FromDay)), w.Weeks, w.Changed, w.Delivered, u.Customers, num(w.Rate)}
		row = append(append(row, analytics.Three(w.Own)...), w.PeersOf)
		row = append(row, analytics.Three(w.Peers)...)
		row = append(row, analytics.Three(w.Contrast)...)
		row = append(row, num(w.SE), num(w.SECustomers), num(w.SEWeeks), num(w.DF), num(w.P), num(w.Q), num(w.Decision.PEquivalence), w.Margin)
		row = append(row, analytics.Three(w.Shrunk)...)
		t.Rows = append(t.Rows, append(row, w.Verdict, orNull(w.Decision.Needed > 0, w.Decision.Needed), w.Note))
	}
	return t
}

func (m *Model) subjectTable() analytics.Table {
	t := table("template_subjects", "channel", "kind", "feature", "value", "outcome", "templates", "messages", "customers", "rate", "lower", "upper")
	for _, s := range m.Subjects {
		t.Rows = append(t.Rows, append([]any{s.Channel, s.Kind, s.Feature, s.Value, s.Outcome, int64(s.Templates), s.Messages, s.Rate.N}, analytics.Three(s.Rate.Estimate)...))
	}
	return t
}

func (m *Model) extraTable() analytics.Table {
	t := table("message_extras", "what", "channel", "value", "messages", "share", "opened", "clicked")
	sums := map[[2]string]int64{}
	for _, x := range m.Extras {
		sums[[2]string{x.What, x.Channel}] += x.Messages
	}
	rows := append([]ExtraRow{}, m.Extras...)
	slices.SortFunc(rows, func(a, b ExtraRow) int {
		return strings.Compare(a.What+"\x00"+a.Channel+"\x00"+a.Value, b.What+"\x00"+b.Channel+"\x00"+b.Value)
	})
	for _, x := range rows {
		t.Rows = append(t.Rows, []any{x.What, x.Channel, x.Value, x.Messages, float64(x.Messages) / float64(max(sums[[2]string{x.What, x.Channel}], 1)), x.Opened, x.Clicked})
	}
	return t
}
