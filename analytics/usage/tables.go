package usage

import (
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders the model as result tables of schema analytics, columns as in queries/analytics, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.ownersTable(), m.returnTable(), m.changesTable(), m.repeatsTable()}
}

func (m *Model) ownersTable() analytics.Table {
	t := analytics.Table{Name: "analytics.usage_owners", Columns: []string{"owner", "customers", "deal_moves", "tasks_created", "tasks_done", "last_date", "state"}}
	for _, o := range m.Owners {
		var last any
		if o.Traced {
			last = time.Unix(o.Last*86400, 0).UTC()
		}
		t.Rows = append(t.Rows, []any{o.Owner, o.Customers, o.DealMoves, o.TasksNew, o.TasksDone, last, o.State})
	}
	return t
}

func (m *Model) returnTable() analytics.Table {
	t := analytics.Table{Name: "analytics.usage_return", Columns: []string{"scope", "channel", "scenario_id", "messages", "unit_cost", "cost", "orders", "order_share", "share_half", "share_double", "revenue",
		"margin_money", "result", "return_share", "best_result", "randomized", "randomized_lower", "randomized_upper", "randomized_customers", "credited_per_customer"}}
	money := func(n *int64) any {
		if n == nil {
			return nil
		}
		return *n
	}
	for _, r := range m.Returns {
		var unit, back any
		if r.UnitCost != nil {
			unit = *r.UnitCost
		}
		if r.Result != nil && *r.Cost > 0 {
			back = float64(*r.Result) / float64(*r.Cost)
		}
		row := []any{r.Scope, r.Channel, r.Scenario, r.Messages, unit, money(r.Cost), r.Orders, analytics.OrNull(r.Share(r.Orders)), analytics.OrNull(r.Share(r.Half)), analytics.OrNull(r.Share(r.Double)), r.Revenue,
			money(r.Margin), money(r.Result), back, money(r.Best), nil, nil, nil, nil, nil}
		if e := r.Effect; e != nil {
			row[15], row[16], row[17], row[18] = e.Effect, e.Lower, e.Upper, e.Treated
			if e.Treated > 0 {
				row[19] = float64(r.Revenue) / 100 / float64(e.Treated)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) changesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.usage_changes", Columns: []string{"metric", "last", "before", "year_ago", "year_ago_before", "change", "change_lower", "change_upper", "year_change", "year_lower", "year_upper",
		"seasonal", "seasonal_lower", "seasonal_upper", "customers"}}
	three := func(e suffstat.Estimate) []any {
		if e.Method == suffstat.MethodFact {
			return []any{analytics.OrNull(e.Value), nil, nil}
		}
		return analytics.Three(e)
	}
	for _, c := range m.Changes {
		row := []any{c.Metric}
		for _, v := range c.At {
			row = append(row, analytics.OrNull(v))
		}
		var customers any
		if c.Customers > 0 {
			customers = c.Customers
		}
		t.Rows = append(t.Rows, append(append(append(append(row, three(c.Before)...), three(c.Year)...), three(c.Seasonal)...), customers))
	}
	return t
}
