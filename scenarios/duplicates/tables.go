package duplicates

import (
	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders the model as scenarios.duplicates and scenarios.duplicate_groups, columns as in queries/scenarios.
func (m *Model) Tables(opt Options) []analytics.Table {
	opt, err := opt.filled()
	if err != nil {
		return nil // Fit has refused the same options with this error
	}
	return []analytics.Table{m.pairsTable(opt), m.groupsTable()}
}

func (m *Model) pairsTable(opt Options) analytics.Table {
	t := analytics.Table{Name: "scenarios.duplicates", Columns: []string{
		"scenario_a", "scenario_b", "customers_a", "customers_b", "customers_both", "audience", "audience_lower", "audience_upper",
		"containment", "containment_lower", "containment_upper", "smaller", "timing", "timing_delay", "timing_sequence", "content", "content_source",
		"logic", "logic_source", "similarity", "verdict", "reason", "needed_customers", "response", "response_needed", "p_equivalence", "q_equivalence",
		"click_a", "click_b", "click_difference", "click_lower", "click_upper", "goal", "goal_days", "goal_a", "goal_b", "goal_difference", "goal_lower", "goal_upper",
		"steps_a", "steps_b", "messages_a", "messages_b", "group_id",
	}}
	var thresholds []any
	opt.Thresholds.Each(func(_ string, v float64) { thresholds = append(thresholds, v) })
	t.Columns = append(t.Columns, "threshold_audience", "threshold_audience_lower", "threshold_other_audience", "threshold_containment", "threshold_timing", "threshold_content", "threshold_logic",
		"messages_a_quarter", "messages_b_quarter", "cost_quarter", "saved_quarter", "saved_lower", "saved_upper")
	for _, p := range m.Pairs {
		a, b, r := &m.Scenarios[p.A], &m.Scenarios[p.B], p.Response
		row := []any{a.ID, b.ID, p.CustomersA, p.CustomersB, p.CustomersBoth}
		row = append(row, analytics.Three(p.Audience)...)
		row = append(row, analytics.Three(p.Containment)...)
		row = append(row, m.Scenarios[p.Smaller].ID, analytics.OrNull(p.Timing), analytics.OrNull(p.Delay), analytics.OrNull(p.Sequence), analytics.OrNull(p.Content), p.ContentSource, analytics.OrNull(p.Logic), p.LogicSource,
			analytics.OrNull(p.Similarity), p.Verdict, p.Reason, positive(p.Needed))
		if r.Verdict == "" {
			row = append(row, make([]any, 16)...)
		} else {
			row = append(row, r.Verdict, positive(r.Needed), analytics.OrNull(r.P), analytics.OrNull(r.Q))
			row = append(row, r.Click.cells()...)
			if r.Comparable {
				row = append(row, r.GoalName, r.GoalDays)
			} else {
				row = append(row, nil, nil)
			}
			row = append(row, r.Goal.cells()...)
		}
		row = append(row, int64(p.StepsA), int64(p.StepsB), a.messages(), b.messages(), positive(int64(p.Group)))
		row = append(append(row, thresholds...), float64(a.messages())*quarter/opt.Days, float64(b.messages())*quarter/opt.Days)
		cost, saved := m.costs(p, opt)
		t.Rows = append(t.Rows, append(append(row, cost), analytics.Three(saved)...))
	}
	return t
}

// costs are what the messages of both cost in a quarter, and what giving up the one that the group does not keep saves of it; nil and not estimable without message costs.
func (m *Model) costs(p Pair, opt Options) (cost any, saved suffstat.Estimate) {
	none := suffstat.NotEstimable(suffstat.MethodJackknife, opt.Level, suffstat.ErrNoData)
	if len(opt.MessageCost) == 0 {
		return nil, none
	}
	cost = (opt.cost(&m.Scenarios[p.A]) + opt.cost(&m.Scenarios[p.B])) * quarter / opt.Days
	if g := m.GroupOf(p); g != nil && (p.Verdict == Duplicate || p.Verdict == Subset) && (p.A == g.Keep || p.B == g.Keep) {
		return cost, m.saved(p, p.A+p.B-g.Keep, opt)
	}
	return cost, none
}

func (m *Model) groupsTable() analytics.Table {
	t := analytics.Table{Name: "scenarios.duplicate_groups", Columns: []string{"group_id", "scenario_id", "kind", "size", "keep", "similarity"}}
	for _, g := range m.Groups {
		for _, i := range g.Members {
			t.Rows = append(t.Rows, []any{int64(g.Number), m.Scenarios[i].ID, g.Kind, int64(len(g.Members)), i == g.Keep, analytics.OrNull(g.Similarity)})
		}
	}
	return t
}

func (r Rates) cells() []any {
	return append([]any{analytics.OrNull(r.A.Value), analytics.OrNull(r.B.Value)}, analytics.Three(r.Difference)...)
}

func positive(n int64) any {
	if n <= 0 {
		return nil
	}
	return n
}
