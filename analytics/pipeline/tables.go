package pipeline

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders the model as the result tables.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.transitionsTable(), m.stagesTable(), m.cohortsTable(), m.groupsTable(), m.ownersTable(), m.responsesTable(), m.lossesTable(), m.checksTable()}
}

func three(row []any, estimates ...suffstat.Estimate) []any {
	for _, e := range estimates {
		row = append(row, analytics.Three(e)...)
	}
	return row
}

// money is minor units as currency units; nil where none of the deals has an amount.
func money(minor, priced int64) any {
	if priced == 0 {
		return nil
	}
	return float64(minor) / 100
}

func countOrNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func share(n, of int64) any {
	if of == 0 {
		return nil
	}
	return float64(n) / float64(of)
}

func (m *Model) transitionsTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_transitions", Columns: []string{
		"from_stage", "to_stage", "n", "at_risk", "probability", "lower", "upper", "median_days", "raw_share", "horizon_days", "direction", "from_position", "to_position", "amount",
		"value_gap", "loss", "loss_lower", "loss_upper", "unit", "p_value", "q_value", "verdict",
	}}
	for _, x := range m.Moves {
		row := three([]any{x.FromStage, x.ToStage, x.N, x.AtRisk}, x.Probability)
		row = append(row, analytics.OrNull(x.MedianDays), share(x.N, x.AtRisk), countOrNull(int64(x.Horizon)), x.Direction, x.FromPosition, x.ToPosition, money(x.AmountMinor, x.Priced), analytics.OrNull(x.Gap.Value))
		row = append(three(row, x.Loss), m.Unit)
		if !x.Tested {
			t.Rows = append(t.Rows, append(row, nil, nil, ""))
			continue
		}
		t.Rows = append(t.Rows, append(row, pValue(x.Test), analytics.OrNull(x.Q), string(x.Test.Verdict)))
	}
	return t
}

// pValue is the p-value of a test that was made.
func pValue(d analytics.Decision) any {
	if d.Verdict == analytics.InsufficientData || d.Verdict == "" {
		return nil
	}
	return analytics.OrNull(d.PDifference)
}

func (m *Model) stagesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_stages", Columns: []string{
		"position", "stage", "role", "role_from", "listed", "stays", "entered", "left_stays", "median_days", "median_lower", "median_upper", "mean_days", "mean_lower", "mean_upper", "restricted_to",
		"stalled_share", "stalled_lower", "stalled_upper", "dwell_note", "active", "idle", "silent", "idle_share", "idle_lower", "idle_upper", "idle_p_value", "idle_q_value", "idle_verdict",
		"active_amount", "idle_amount", "win_probability", "win_lower", "win_upper", "value", "value_lower", "value_upper", "potential", "potential_lower", "potential_upper", "potential_rank",
		"potential_verdict", "potential_p_value", "potential_q_value", "unit",
	}}
	for _, s := range m.Stages {
		row := three([]any{s.Position, s.Name, s.Role, s.RoleFrom, s.Listed, s.Stays, s.Entered, s.Left}, s.Median, s.Mean)
		row = three(append(row, countOrNull(int64(s.Horizon))), s.Stalled)
		row = three(append(row, s.DwellNote, s.State.Active, s.State.Idle, s.State.Silent), s.Idle.Estimate)
		var idle, stall analytics.Verdict
		if s.Role == roleOpen {
			idle, stall = s.IdleNorm.Verdict, s.Stall.Verdict
			if stall == "" {
				stall = analytics.InsufficientData
			}
		}
		row = append(row, pValue(s.IdleNorm), analytics.OrNull(s.IdleQ), string(idle), money(s.State.ActiveMinor, s.State.Priced), money(s.State.IdleMinor, s.State.Priced))
		if s.Role != roleOpen {
			row[len(row)-5], row[len(row)-4] = nil, nil
		}
		row = three(row, s.Win, s.Value, s.Potential)
		t.Rows = append(t.Rows, append(row, countOrNull(int64(s.Rank)), string(stall), pValue(s.Stall), analytics.OrNull(s.StallQ), m.Unit))
	}
	return t
}

func (m *Model) cohortsTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_cohorts", Columns: []string{
		"cohort", "deals", "won", "lost", "active", "raw_share", "probability", "lower", "upper", "lost_probability", "lost_lower", "lost_upper", "horizon_days", "followed_days",
		"median_days", "median_lower", "median_upper",
	}}
	for _, c := range m.Cohorts {
		n := c.Won + c.Lost + c.Active
		row := three([]any{c.Name, n, c.Won, c.Lost, c.Active, share(c.Won, n)}, c.Probability, c.LostProbability)
		var followed any
		if c.Followed >= 0 {
			followed = int64(c.Followed)
		}
		t.Rows = append(t.Rows, three(append(row, countOrNull(int64(c.Horizon)), followed), c.Median))
	}
	return t
}

func (m *Model) groupsTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_groups", Columns: []string{
		"grouping", "group_value", "metric", "n", "events", "value", "lower", "upper", "shrunk", "shrunk_lower", "shrunk_upper", "reference", "p_value", "q_value", "verdict",
	}}
	for _, g := range m.Groups {
		row := three([]any{g.Grouping, g.Value, g.Metric, g.N, g.Events}, g.Raw, g.Shrunk)
		t.Rows = append(t.Rows, append(row, analytics.OrNull(g.Reference), pValue(g.Decision), analytics.OrNull(g.Q), g.Verdict))
	}
	return t
}

func (m *Model) ownersTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_owners", Columns: []string{
		"owner", "deals", "entered", "active", "idle", "overdue", "won", "lost", "won_amount", "tasks", "done", "active_days", "tasks_per_day", "most_per_day", "due", "on_time", "late",
		"overdue_tasks", "undated",
	}}
	for _, o := range m.Owners {
		t.Rows = append(t.Rows, []any{o.Name, o.Deals, o.Entered, o.Active, o.Idle, o.Overdue, o.Won, o.Lost, money(o.WonMinor, o.WonPriced), o.Tasks.Tasks, o.Tasks.Done, o.Days.Days,
			share(o.Tasks.Done, o.Days.Days), o.Days.Most, o.Tasks.Due, o.Tasks.OnTime, o.Tasks.Late, o.Tasks.Overdue, o.Tasks.Undated})
	}
	return t
}

func (m *Model) responsesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_responses", Columns: []string{
		"answer", "deals", "answered", "median_hours", "median_lower", "median_upper", "within_hour", "hour_lower", "hour_upper", "within_day", "day_lower", "day_upper",
		"within_month", "month_lower", "month_upper",
	}}
	for _, r := range m.Responses {
		t.Rows = append(t.Rows, three([]any{r.Answer, r.Deals, r.Answered}, r.Median, r.Hour, r.Day, r.Month))
	}
	return t
}

func (m *Model) lossesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_losses", Columns: []string{"reason", "deals", "share", "lower", "upper", "amount", "top_stage", "top_deals"}}
	for _, x := range m.Losses {
		row := three([]any{x.Reason, x.Deals}, x.Share.Estimate)
		t.Rows = append(t.Rows, append(row, money(x.AmountMinor, x.AmountMinor), x.TopStage, x.TopDeals))
	}
	return t
}

func (m *Model) checksTable() analytics.Table {
	t := analytics.Table{Name: "analytics.pipeline_checks", Columns: []string{"check_name", "value", "numerator", "denominator", "norm", "red_zone", "status", "better", "note", "lower", "upper"}}
	for _, c := range m.Checks {
		row := []any{c.Name, analytics.OrNull(c.Value), nil, nil, nil, nil, c.Status, "lower", nil, nil, nil}
		if c.Name == "idle_deals" {
			row[9], row[10] = analytics.OrNull(m.Idle.Lower), analytics.OrNull(m.Idle.Upper)
		}
		if !math.IsNaN(c.Value) {
			row[2], row[3] = c.Numerator, c.Total
		} else {
			row[8] = c.Note
		}
		if c.Norm != nil {
			row[4], row[5] = c.Norm.Norm, c.Norm.Red
		}
		if c.Higher {
			row[7] = "higher"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
