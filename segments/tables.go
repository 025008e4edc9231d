package segments

import (
	"strings"
	"time"

	"crmaudit/analytics"
)

// Tables renders the model as the result tables, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.segmentsTable(), m.membersTable(), m.flowsTable()}
}

func (m *Model) segmentsTable() analytics.Table {
	t := analytics.Table{Name: "segments.segments", Columns: []string{
		"segment_id", "name", "form", "customers", "share", "entries", "leaves", "median_days_in", "median_lower", "median_upper", "memberships_watched",
		"turnover_rate", "turnover_lower", "turnover_upper", "at_risk",
		"stay_share", "stay_lower", "stay_upper", "stuck_share", "stuck_lower", "stuck_upper", "stage_changes", "stuck_p_value", "stuck_q_value", "stuck_verdict", "stuck_needed",
		"stale_share", "rule_members", "stale_verdict",
		"order_rate", "order_lower", "order_upper", "outcome_members", "outcome_days", "mde_relative", "members_needed",
		"stage_gain", "stage_gain_lower", "stage_gain_upper", "size_verdict", "used_by", "use_verdict", "verdict",
	}}
	for _, s := range m.Segments {
		n := s.Total
		moved := s.Movement() && m.Steps > 1
		row := []any{s.ID, s.Name.Name, s.Form, n.Members, analytics.OrNull(ratio(n.Members, m.Base)), only(moved || s.Form == EntriesOnly && m.Steps > 1, n.Entries), only(moved, n.Leaves)}
		row = append(row, analytics.Three(s.Median)...)
		row = append(row, only(s.Watched > 0, s.Watched))
		row = append(row, analytics.Three(s.Turnover.Estimate)...)
		row = append(row, only(moved, n.AtRisk))
		row = append(row, analytics.Three(s.Stay.Estimate)...)
		row = append(row, analytics.Three(s.Stuck.Estimate)...)
		row = append(row, only(moved, n.Changes), analytics.OrNull(s.StuckP), analytics.OrNull(s.StuckQ), s.StuckVerdict, only(s.StuckNeeded > 0, s.StuckNeeded),
			analytics.OrNull(s.StaleShare()), only(s.HasRule, s.RuleMembers), s.StaleVerdict)
		row = append(row, analytics.Three(s.Order.Estimate)...)
		row = append(row, only(s.Order.Trials > 0, s.Order.Trials), only(s.OutcomeDays > 0, s.OutcomeDays), analytics.OrNull(s.MDE), only(s.Needed > 0, s.Needed))
		row = append(row, analytics.Three(s.Gain)...)
		t.Rows = append(t.Rows, append(row, s.SizeVerdict, strings.Join(s.UsedBy, ", "), s.UseVerdict, s.Verdict()))
	}
	return t
}

func (m *Model) membersTable() analytics.Table {
	t := analytics.Table{Name: "segments.members", Columns: []string{"segment_id", "period_start", "members", "share", "entered", "gone"}}
	for _, p := range m.Periods {
		start, _ := time.Parse(time.DateOnly, p.Start) // a date of the engine
		t.Rows = append(t.Rows, []any{p.Segment, start, p.Members, analytics.OrNull(ratio(p.Members, p.Base)), only(p.Entered >= 0, p.Entered), only(p.Gone >= 0, p.Gone)})
	}
	return t
}

func (m *Model) flowsTable() analytics.Table {
	t := analytics.Table{Name: "segments.flows", Columns: []string{"from_segment", "to_segment", "moves", "share"}}
	for _, f := range m.Flows {
		t.Rows = append(t.Rows, []any{f.From, f.To, f.N, ratio(f.N, f.Left)})
	}
	return t
}

// only is a count, or NULL where it could not be counted.
func only(known bool, n int64) any {
	if !known {
		return nil
	}
	return n
}
