package value

import (
	"math"

	"crmaudit/analytics"
)

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "analytics." + name, Columns: columns}
}

// Tables renders the model as result tables, columns as in queries/analytics, rows in the order of each grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.ladderTable(), m.modelTable(), m.settingsTable(), m.factorsTable(), m.checksTable()}
}

func (m *Model) ladderTable() analytics.Table {
	t := table("repeat_orders", "order_number", "customers", "repeated", "raw_share", "probability", "lower", "upper", "horizon_days", "median_gap_days", "reached_per_quarter", "lost_per_quarter",
		"next_value", "next_value_lower", "next_value_upper", "next_value_customers", "step_value", "stake_lower", "stake_upper")
	for _, r := range m.Ladder {
		row := []any{int64(r.Number), r.Customers, r.Repeated, float64(r.Repeated) / float64(r.Customers)}
		row = append(row, analytics.Three(r.Probability)...)
		row = append(row, m.Window.Horizon, analytics.OrNull(r.MedianGap), zeroed(r.Reached), analytics.OrNull(r.Lost))
		row = append(append(row, analytics.Three(r.NextValue)...), r.NextValue.N)
		row = append(row, analytics.Three(r.Stake)...)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// zeroed is a rate that is 0 where nothing could be counted.
func zeroed(x float64) float64 {
	if !finite(x) {
		return 0
	}
	return x
}

func (m *Model) modelTable() analytics.Table {
	t := table("value_model", "model", "parameter", "value", "std_error", "log_likelihood", "time_unit", "customers", "verdict")
	if m.Fit.Ready() {
		f := m.Fit
		for i, p := range []struct {
			name  string
			value float64
		}{{"a", f.A}, {"alpha", f.Alpha}, {"b", f.B}, {"r", f.R}} {
			at := []int{2, 1, 3, 0}[i]
			t.Rows = append(t.Rows, []any{"bg_nbd", p.name, p.value, analytics.OrNull(f.SE[at]), f.LogLikelihood, "week", f.N, m.Verdict})
		}
	}
	if m.Money.State == Fitted {
		g := m.Money
		for i, p := range []struct {
			name  string
			value float64
		}{{"p", g.P}, {"q", g.Q}, {"v", g.V}} {
			t.Rows = append(t.Rows, []any{"gamma_gamma", p.name, p.value, analytics.OrNull(g.SE[i]), g.LogLikelihood, "week", g.N, g.Verdict()})
		}
	}
	return t
}

func (m *Model) settingsTable() analytics.Table {
	t := table("value_settings", "horizon_days", "r", "alpha", "a", "b", "p", "q", "v", "mean_value", "verdict")
	row := make([]any, len(t.Columns))
	row[0], row[9] = int64(HorizonDays), m.Verdict
	if m.Fit.Ready() {
		row[1], row[2], row[3], row[4] = m.Fit.R, m.Fit.Alpha, m.Fit.A, m.Fit.B
	}
	if m.Money.State == Fitted {
		row[5], row[6], row[7] = m.Money.P, m.Money.Q, m.Money.V
	}
	if m.Money.MeanValue > 0 {
		row[8] = m.Money.MeanValue
	}
	t.Rows = append(t.Rows, row)
	return t
}

func (m *Model) factorsTable() analytics.Table {
	t := table("value_factors", "repeats", "age_days", "orders")
	if !m.Fit.Ready() {
		return t
	}
	for _, c := range m.Factors {
		e := m.Fit.Active(float64(c.X), float64(c.Age)/DaysPerUnit, HorizonDays/DaysPerUnit)
		t.Rows = append(t.Rows, []any{c.X, c.Age, math.Max(0, e)})
	}
	return t
}

func (m *Model) checksTable() analytics.Table {
	t := table("value_checks", "check_name", "repeats", "customers", "actual", "expected", "ratio", "lower", "upper", "statistic", "df", "p_value", "misplaced", "days", "verdict")
	for _, c := range m.Checks {
		row := []any{c.Name, c.Repeats, c.Customers, c.Actual, c.Expected}
		if c.Name == "holdout" {
			row = append(row, analytics.Three(c.Ratio)...)
		} else {
			row = append(row, analytics.OrNull(c.Actual/c.Expected), nil, nil)
		}
		row = append(row, nullUnless(c.Name == "repeat_counts" && c.Repeats < 0, c.Statistic), analytics.OrNull(c.DF), analytics.OrNull(c.P), analytics.OrNull(c.Misplaced))
		var days, verdict any
		if c.Days > 0 {
			days = c.Days
		}
		if c.Verdict != "" {
			verdict = c.Verdict
		}
		t.Rows = append(t.Rows, append(row, days, verdict))
	}
	return t
}

func nullUnless(ok bool, x float64) any {
	if !ok {
		return nil
	}
	return analytics.OrNull(x)
}

// stagesTable is analytics.stage_expectations.
func (m *Model) stagesTable(stages []StageValue) analytics.Table {
	t := table("stage_expectations", "stage", "customers", "buyers", "p_alive", "p_alive_lower", "p_alive_upper", "p_order", "p_order_lower", "p_order_upper", "expected_orders", "expected_orders_lower", "expected_orders_upper",
		"expected_revenue", "expected_revenue_lower", "expected_revenue_upper", "lost_revenue", "lost_revenue_lower", "lost_revenue_upper", "share_of_orders", "horizon_days", "verdict", "stake", "stake_lower", "stake_upper")
	for _, s := range stages {
		row := []any{s.Stage, s.Customers, s.Buyers}
		for _, e := range [][]any{analytics.Three(s.Alive), analytics.Three(s.Order), analytics.Three(s.Orders), analytics.Three(s.Revenue), analytics.Three(s.Lost)} {
			row = append(row, e...)
		}
		t.Rows = append(t.Rows, append(append(row, analytics.OrNull(s.OrdersShare), int64(HorizonDays), m.Verdict), analytics.Three(s.Stake)...))
	}
	return t
}
