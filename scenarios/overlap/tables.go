package overlap

import (
	"crmaudit/analytics"
)

// Tables renders the model as scenarios.pairs, concurrency, message_order, lost_messages and not_sent_reasons, columns as in queries/scenarios.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.pairsTable(), m.concurrencyTable(), m.orderTable(), m.lostTable(), m.reasonsTable()}
}

func (m *Model) pairsTable() analytics.Table {
	t := analytics.Table{Name: "scenarios.pairs", Columns: []string{
		"scenario_a", "scenario_b", "customers_a", "customers_b", "customers_both", "customers_at_once", "overlap_days", "compared_days", "expected_days", "ratio", "lower", "upper",
		"p_value", "q_value", "q_any", "overlap_verdict", "method", "jaccard", "containment", "role_a", "role_b", "contradictory", "hand_over", "a_then_b", "b_then_a",
		"collisions", "customers_hit", "collisions_per_1000", "week_pairs", "week_collisions", "expected_collisions", "collision_ratio", "collision_lower",
		"collision_upper", "collision_p", "collision_q", "collision_verdict", "a_first", "a_first_lower", "a_first_upper", "order_verdict", "priority_a", "priority_b",
		"ranked_collisions", "priority_inversions", "inversion_share", "inversion_lower", "inversion_upper", "verdict", "reason", "needed_customers",
		"collision_share", "collision_share_lower", "collision_share_upper", "lost_messages",
	}}
	num := analytics.OrNull
	for i := range m.Pairs {
		p := &m.Pairs[i]
		o, c := p.Overlap, p.Collision
		var nearWeek, inverted, needed, lost any
		if p.row.MessagesEnough {
			nearWeek = p.NearWeek
		}
		if p.Ranked > 0 {
			inverted = p.Inverted
		}
		if p.Needed > 0 {
			needed = p.Needed
		}
		if len(m.Reasons) > 0 {
			lost = p.Lost
		}
		t.Rows = append(t.Rows, []any{
			p.A, p.B, p.CustomersA, p.CustomersB, p.row.Customers, p.row.AtOnce, float64(p.row.Seconds) / 86400, float64(p.row.Staged) / 86400, num(p.Expected / 86400), num(o.Value), num(o.Lower),
			num(o.Upper), num(o.P), num(o.Q), num(o.QAny), o.Verdict, o.Method, num(p.jaccard()), num(p.containment()), p.RoleA, p.RoleB, p.Contradictory, p.HandOver,
			p.row.AThenB, p.row.BThenA, p.row.Near, p.row.Hit, num(m.perThousand(p.row.Near)), p.row.Week, nearWeek, num(p.ExpectedNear), num(c.Value), num(c.Lower),
			num(c.Upper), num(c.P), num(c.Q), c.Verdict, num(p.First.Value), num(p.First.Lower), num(p.First.Upper), p.Order, priority(p.PriorityA),
			priority(p.PriorityB), p.Ranked, inverted, num(p.Inversion.Value), num(p.Inversion.Lower), num(p.Inversion.Upper), p.Verdict, p.Reason, needed,
			num(p.NearShare.Value), num(p.NearShare.Lower), num(p.NearShare.Upper), lost,
		})
	}
	return t
}

// perThousand is a count per 1,000 customer-weeks of the audited time; NaN without one.
func (m *Model) perThousand(n int64) float64 { return float64(n) * 1000 * 604800 / m.Panel }

func priority(p *int) any {
	if p == nil {
		return nil
	}
	return int64(*p)
}

// orderTable is scenarios.message_order: what all pairs together say about who goes first.
func (m *Model) orderTable() analytics.Table {
	o := m.messageOrder()
	t := analytics.Table{Name: "scenarios.message_order", Columns: []string{"pairs_judged", "pairs_without_rule", "collisions_without_rule", "pairs_with_priority", "customers", "inversion_share", "inversion_lower", "inversion_upper",
		"step", "collision_hours", "withheld_messages", "lost_messages", "lost_customers", "lost_share", "lost_lower", "lost_upper", "lost_step", "withheld_customers"}}
	if l := m.LostShare; o.judged > 0 || o.ranked > 0 || l.Trials > 0 {
		row := append([]any{o.judged, o.pairs, o.collisions, o.ranked, o.customers}, analytics.Three(o.share.Estimate)...)
		row = append(row, analytics.OrNull(step(o.share.Value)), float64(m.Grid.CollisionSeconds)/3600, l.Trials, l.Events, m.LostCustomers)
		t.Rows = [][]any{append(append(row, analytics.Three(l.Estimate)...), analytics.OrNull(step(l.Value)), l.N)}
	}
	return t
}

// lostTable is scenarios.lost_messages.
func (m *Model) lostTable() analytics.Table {
	t := analytics.Table{Name: "scenarios.lost_messages", Columns: []string{"scenario_lost", "scenario_sent", "messages", "sent_first", "customers", "messages_unsendable"}}
	for _, p := range m.Lost {
		t.Rows = append(t.Rows, []any{p.Lost, p.Sent, p.Messages, p.Before, p.Customers, p.Unsendable})
	}
	return t
}

// reasonsTable is scenarios.not_sent_reasons.
func (m *Model) reasonsTable() analytics.Table {
	t := analytics.Table{Name: "scenarios.not_sent_reasons", Columns: []string{"reason", "kind", "sendable", "messages", "customers", "with_priority", "lost", "customers_lost", "lost_share", "lost_lower", "lost_upper"}}
	for _, r := range m.Reasons {
		share := []any{nil, nil, nil}
		if r.Ranked >= analytics.MinEvents {
			share = analytics.Three(r.Share.Estimate)
		}
		t.Rows = append(t.Rows, append([]any{r.Reason, r.Kind, r.Sendable, r.Messages, r.Customers, r.Ranked, r.Lost, r.CustomersLost}, share...))
	}
	return t
}

func (m *Model) concurrencyTable() analytics.Table {
	t := analytics.Table{Name: "scenarios.concurrency", Columns: []string{"level", "customer_days", "share", "customers", "customers_at_least", "share_at_least"}}
	var customers int64
	for _, l := range m.Levels {
		customers += l.Customers
	}
	atLeast := customers
	for _, l := range m.Levels {
		t.Rows = append(t.Rows, []any{l.Level, float64(l.Seconds) / 86400, analytics.OrNull(float64(l.Seconds) / m.Panel), l.Customers, atLeast,
			analytics.OrNull(float64(atLeast) / float64(customers))})
		atLeast -= l.Customers
	}
	return t
}
