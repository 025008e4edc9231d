package bundles

import (
	"cmp"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders the model as the result tables, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.bundlesTable(), m.attachTable(), m.sequencesTable(), m.nextTable()}
}

func (m *Model) name(it int64) string { return m.Counts.Names[it].Name }

func basketName(universe int) string {
	if universe == inQuarter {
		return "quarter"
	}
	return "order"
}

// side is one direction of a pair.
type side struct {
	from, to         int64
	nFrom, nTo       int64
	attach, stake    suffstat.Estimate
	value            float64
	baseRate         float64
	antecedent, then string
}

func (m *Model) sides(p Pair) [2]side {
	n := float64(p.Baskets)
	return [2]side{
		{p.A, p.B, p.NA, p.NB, p.AttachA, p.StakeA, p.ValueB, float64(p.NB) / n, m.name(p.A), m.name(p.B)},
		{p.B, p.A, p.NB, p.NA, p.AttachB, p.StakeB, p.ValueA, float64(p.NA) / n, m.name(p.B), m.name(p.A)},
	}
}

func (m *Model) bundlesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.bundles", Columns: []string{
		"basket", "level", "antecedent", "consequent", "support", "confidence", "lift", "lower", "upper", "q_value", "adjusted_lift", "expected", "lift_lower", "lift_upper",
		"within_category", "within_lower", "within_upper", "within_q", "shrunk_lift", "shrunk_lower", "place", "p_value", "by_value", "verdict", "n_both", "n_antecedent", "n_consequent", "baskets", "customers",
	}}
	for _, p := range m.Pairs {
		for _, s := range m.sides(p) {
			row := []any{basketName(p.Universe), level(p.A), s.antecedent, s.then, float64(p.N) / float64(p.Baskets), float64(p.N) / float64(s.nFrom), p.Lift.Value,
				analytics.OrNull(p.Adjusted.Lower), analytics.OrNull(p.Adjusted.Upper), analytics.OrNull(p.Q), analytics.OrNull(p.Adjusted.Value), analytics.OrNull(p.Expected),
				analytics.OrNull(p.Lift.Lower), analytics.OrNull(p.Lift.Upper)}
			row = append(row, analytics.Three(p.Within)...)
			row = append(row, analytics.OrNull(p.WithinQ), analytics.OrNull(p.Shrunk.Value), analytics.OrNull(p.Shrunk.Lower), placeOrNull(p.Place), analytics.OrNull(p.P), analytics.OrNull(p.BY), p.Verdict(),
				p.N, s.nFrom, s.nTo, p.Baskets, p.Customers)
			t.Rows = append(t.Rows, row)
		}
	}
	sortRows(t.Rows, 4)
	return t
}

func placeOrNull(place int) any {
	if place == 0 {
		return nil
	}
	return int64(place)
}

// sortRows puts rows in the order of their first n columns, all texts.
func sortRows(rows [][]any, n int) {
	slices.SortStableFunc(rows, func(a, b []any) int {
		for i := range n {
			if c := cmp.Compare(a[i].(string), b[i].(string)); c != 0 {
				return c
			}
		}
		return 0
	})
}

// scale takes counts of the sample and the window to a quarter of all customers.
func (m *Model) scale() float64 {
	return 91 / max(m.Opt.Days, 1) * float64(m.Counts.Totals.Every)
}

func (m *Model) attachTable() analytics.Table {
	t := analytics.Table{Name: "analytics.attach_rates", Columns: []string{
		"level", "antecedent", "consequent", "orders", "without", "attach_rate", "lower", "upper", "base_rate", "value", "margin_value", "stake", "stake_lower", "stake_upper", "n",
	}}
	orders := m.Counts.Universes[inOrder].enough()
	for _, p := range m.Pairs {
		if p.Universe == inQuarter && orders || p.Verdict() != "together" { // one row per pair: that of the order, where orders hold two products
			continue
		}
		for _, s := range m.sides(p) {
			row := []any{level(p.A), s.antecedent, s.then, float64(s.nFrom) * m.scale(), float64(s.nFrom-p.N) * m.scale(), s.attach.Value, analytics.OrNull(s.attach.Lower), analytics.OrNull(s.attach.Upper),
				s.baseRate, analytics.OrNull(s.value), analytics.OrNull(s.value * m.Opt.Margin)}
			t.Rows = append(t.Rows, append(append(row, analytics.Three(s.stake)...), s.nFrom))
		}
	}
	sortRows(t.Rows, 3)
	return t
}

func (m *Model) sequencesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.bundle_sequences", Columns: []string{
		"level", "antecedent", "consequent", "orders", "orders_without", "matched", "bought", "probability", "lower", "upper", "probability_without", "without_lower", "without_upper",
		"difference", "difference_lower", "difference_upper", "within_difference", "within_lower", "within_upper", "within_q", "p_value", "q_value", "by_value", "shrunk_lower", "verdict", "needed",
	}}
	for _, s := range m.Sequences {
		row := append([]any{level(s.A), m.name(s.A), m.name(s.B), s.Orders, s.Without, s.Matched, s.Bought}, analytics.Three(s.With)...)
		row = append(append(row, analytics.Three(s.Base)...), analytics.Three(s.Decision.Interval)...)
		row = append(row, analytics.Three(s.Within)...)
		var needed any
		if s.Decision.Needed > 0 {
			needed = s.Decision.Needed
		}
		t.Rows = append(t.Rows, append(row, analytics.OrNull(s.WithinQ), analytics.OrNull(s.P), analytics.OrNull(s.Q), analytics.OrNull(s.BY), analytics.OrNull(s.Shrunk.Lower), s.Verdict(), needed))
	}
	sortRows(t.Rows, 3)
	return t
}

func (m *Model) nextTable() analytics.Table {
	t := analytics.Table{Name: "analytics.next_products", Columns: []string{
		"stage", "level", "item", "place", "orders", "bought", "probability", "lower", "upper", "elsewhere", "elsewhere_lower", "elsewhere_upper", "elsewhere_orders", "margin_value",
	}}
	for _, n := range m.Next {
		row := append([]any{n.Stage, level(n.Item), m.name(n.Item), int64(n.Place), n.Orders, n.Bought}, analytics.Three(n.Probability)...)
		row = append(row, analytics.Three(n.Elsewhere)...)
		t.Rows = append(t.Rows, append(row, n.Elsewhere.N, analytics.OrNull(n.Value)))
	}
	sortRows(t.Rows, 3)
	return t
}
