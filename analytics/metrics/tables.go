package metrics

import (
	"cmp"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// Tables renders the tables of the block that SQL does not make, rows in the order of their grain.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{m.ratesTable(), m.periodsTable(), m.creditsTable(), m.reliabilityTable(), m.gapsTable()}
}

func (m *Model) ratesTable() analytics.Table {
	t := analytics.Table{Name: "analytics.metric_rates", Columns: []string{"scope", "channel", "kind", "scenario_id", "stage", "layer", "metric", "numerator", "denominator", "value", "lower", "upper", "customers", "customers_estimated", "note"}}
	rows := slices.Clone(m.Rates)
	slices.SortFunc(rows, func(a, b Rate) int {
		return cmp.Or(strings.Compare(a.Scope, b.Scope), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Stage, b.Stage),
			strings.Compare(a.Metric, b.Metric))
	})
	for _, r := range rows {
		t.Rows = append(t.Rows, append(append([]any{r.Scope, r.Channel, r.Kind, r.Scenario, r.Stage, r.Layer, r.Metric, r.Ratio.Num, r.Ratio.Den}, analytics.Three(r.Value)...), r.Customers, m.Estimated, r.Note))
	}
	return t
}

func (m *Model) periodsTable() analytics.Table {
	t := analytics.Table{Name: "analytics.metric_periods", Columns: []string{"period_start", "channel", "kind", "metric", "numerator", "denominator", "value", "lower", "upper", "partial"}}
	rows := slices.Clone(m.Periods)
	slices.SortFunc(rows, func(a, b PeriodRate) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Metric, b.Metric))
	})
	for _, r := range rows {
		t.Rows = append(t.Rows, append(append([]any{r.Start, r.Channel, r.Kind, r.Metric, r.Ratio.Num, r.Ratio.Den}, analytics.Three(r.Value)...), r.Partial))
	}
	return t
}

func (m *Model) creditsTable() analytics.Table {
	t := analytics.Table{Name: "analytics.attribution", Columns: []string{"scope", "channel", "kind", "scenario_id", "size", "window_days", "orders", "revenue", "order_share", "revenue_share"}}
	rows := slices.Clone(m.Credits)
	slices.SortFunc(rows, func(a, b Credit) int {
		return cmp.Or(strings.Compare(a.Scope, b.Scope), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Scenario, b.Scenario))
	})
	factor := []float64{.5, 1, 2}
	for _, c := range rows {
		for _, s := range []int{2, 1, 0} { // double, full, half: by the name
			t.Rows = append(t.Rows, []any{c.Scope, c.Channel, c.Kind, c.Scenario, Sizes()[s], analytics.OrNull(c.Days * factor[s]), c.Orders[s], c.Revenue[s], analytics.OrNull(c.Share(s)), analytics.OrNull(c.RevenueShare(s))})
		}
	}
	return t
}

func (m *Model) reliabilityTable() analytics.Table {
	t := analytics.Table{Name: "analytics.channel_reliability", Columns: []string{"channel", "delivered", "opens", "machine_opens", "fast_opens", "proxy_share", "lower", "upper", "threshold", "verdict", "customers", "customers_estimated", "clicks", "bot_clicks",
		"delivery", "response_days", "response_days_measured", "window_days"}}
	rows := slices.Clone(m.Reliability)
	slices.SortFunc(rows, func(a, b Channel) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range rows {
		n := c.Total
		row := append([]any{c.Name, n.Ripe, c.Opens(), n.MachineOpened, n.FastOpened}, analytics.Three(c.Proxies.Estimate)...)
		t.Rows = append(t.Rows, append(row, proxiesDominate, c.Verdict, c.Customers, m.Estimated, n.Clicked, n.BotClicked, c.Delivery, c.ResponseDays, c.Measured, c.WindowDays))
	}
	return t
}

func (m *Model) gapsTable() analytics.Table {
	t := analytics.Table{Name: "analytics.engagement_gaps", Columns: []string{"channel", "kind", "scenario_id", "stages", "customers", "customers_estimated", "delivered", "clicked", "ordered", "order_rate", "expected_rate", "residual", "std_error", "spread", "shrunk", "lower",
		"upper", "margin", "p_value", "q_value", "verdict", "needed"}}
	rows := slices.Clone(m.Gaps)
	slices.SortFunc(rows, func(a, b Gap) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Scenario, b.Scenario))
	})
	for _, g := range rows {
		if !g.Shrunk.OK() || !analytics.Finite(g.SE) { // one bucket holds all of it
			continue
		}
		var needed any
		if g.Decision.Needed > 0 {
			needed = g.Decision.Needed
		}
		row := append([]any{g.Channel, g.Kind, g.Scenario, int64(g.Stages), g.Customers, m.Estimated, g.Delivered, g.Clicked, g.Orders, g.Rate.Value, g.Expected, g.Residual, g.SE, g.Spread}, analytics.Three(g.Shrunk)...)
		t.Rows = append(t.Rows, append(row, gapMargin, analytics.OrNull(g.Decision.PDifference), analytics.OrNull(g.Q), string(g.Decision.Verdict), needed))
	}
	return t
}
