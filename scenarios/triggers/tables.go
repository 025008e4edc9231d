package triggers

import (
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
)

// Tables renders the model as the result tables, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	all := analytics.Table{Name: "scenarios.triggers", Columns: []string{
		"name", "triggered", "in_time", "late", "missing", "not_yet", "unlinked", "customers", "in_time_share", "lower", "upper", "target", "verdict", "needed_customers",
		"median_latency_seconds", "median_lower", "median_upper", "p95_latency_seconds", "p95_lower", "p95_upper", "change", "change_lower", "change_upper", "change_verdict",
	}}
	columns := []string{"triggered", "in_time", "late", "missing", "in_time_share", "lower", "upper"}
	weeks := analytics.Table{Name: "scenarios.trigger_weeks", Columns: append([]string{"name", "week_start"}, columns...)}
	owners := analytics.Table{Name: "scenarios.trigger_owners", Columns: append([]string{"name", "owner"}, columns...)}
	channels := analytics.Table{Name: "scenarios.trigger_channels", Columns: []string{
		"name", "channel", "answered", "median_latency_seconds", "median_lower", "median_upper", "p95_latency_seconds",
	}}
	rules := slices.Clone(m.Rules)
	slices.SortFunc(rules, func(a, b Fitted) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range rules {
		row := []any{f.Name, f.Triggered(), f.InTime, f.Late, f.Missing, f.NotYet, f.Unlinked, f.Customers}
		row = append(row, analytics.Three(f.Share.Estimate)...)
		row = append(row, f.Target, f.Verdict(), needed(f.Decision.Needed))
		row = append(row, analytics.Three(f.All.Median)...)
		row = append(row, analytics.Three(f.All.P95)...)
		row = append(row, analytics.Three(f.Change.Interval)...)
		all.Rows = append(all.Rows, append(row, f.ChangeVerdict()))
		for _, w := range f.Weeks {
			weeks.Rows = append(weeks.Rows, append([]any{f.Name, time.Unix(w.Week*86400, 0).UTC()}, w.cells()...))
		}
		for _, o := range f.Owners {
			owners.Rows = append(owners.Rows, append([]any{f.Name, o.Owner}, o.cells()...))
		}
		for _, c := range f.Channels {
			row := append([]any{f.Name, c.Channel, c.Answered}, analytics.Three(c.Median)...)
			channels.Rows = append(channels.Rows, append(row, analytics.OrNull(c.P95.Value)))
		}
	}
	return []analytics.Table{all, weeks, owners, channels}
}

// Verdict answers "is the rule missed": yes (the share in time is below the target), no (at it, or within two percentage points of it), undecided, insufficient_data.
func (f Fitted) Verdict() string {
	switch {
	case f.Decision.Verdict == analytics.InsufficientData:
		return string(analytics.InsufficientData)
	case f.Decision.Verdict == analytics.Different && f.Decision.Interval.Upper < 0:
		return "yes"
	case f.Decision.Verdict == analytics.Inconclusive:
		return "undecided"
	}
	return "no"
}

// ChangeVerdict answers "did it change over the period".
func (f Fitted) ChangeVerdict() string {
	switch {
	case f.Change.Verdict == analytics.Different && f.Change.Interval.Value > 0:
		return "better"
	case f.Change.Verdict == analytics.Different:
		return "worse"
	case f.Change.Verdict == analytics.Inconclusive:
		return "undecided"
	}
	return string(f.Change.Verdict)
}

func (g Group) cells() []any {
	return append([]any{g.Triggered(), g.InTime, g.Late, g.Missing}, analytics.Three(g.Share.Estimate)...)
}

func needed(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}
