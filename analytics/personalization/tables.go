package personalization

import (
	"cmp"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// Tables renders analytics.personalization_levels and personalization_gains, rows in the order of their grain.
func (m *Model) Tables() []analytics.Table { return []analytics.Table{m.levelTable(), m.gainTable()} }

func (m *Model) levelTable() analytics.Table {
	t := analytics.Table{Name: "analytics.personalization_levels", Columns: []string{"scenario_id", "channel", "kind", "level", "stage", "messages", "share", "steps", "delivered", "clicked", "click_rate", "lower", "upper"}}
	rows := slices.Clone(m.Inventory)
	slices.SortFunc(rows, func(a, b *Inventory) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Level, b.Level), strings.Compare(a.Stage, b.Stage))
	})
	for _, x := range rows {
		var steps any
		if x.Stage == allStages {
			steps = int64(x.Steps)
		}
		row := []any{x.Scenario, x.Channel, x.Kind, x.Level, x.Stage, x.Messages, x.Share, steps, x.Delivered, x.Clicked}
		if m.Clicks {
			row = append(row, analytics.Three(x.Rate.Estimate)...)
		} else {
			row = append(row, nil, nil, nil)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m *Model) gainTable() analytics.Table {
	t := analytics.Table{Name: "analytics.personalization_gains", Columns: []string{"scenario_id", "channel", "kind", "level", "reference_level", "design", "experiment_id", "arm", "reference_arm", "stage", "customers", "customers_reference", "delivered",
		"delivered_reference", "strata", "rate", "rate_reference", "gain", "std_error", "lower", "upper", "df", "p_value", "q_value", "p_equivalence", "q_equivalence", "margin", "shrunk", "shrunk_lower", "shrunk_upper", "placebo", "placebo_lower",
		"placebo_upper", "balance_p_value", "ratio_p_value", "diluted", "grade", "threat", "verdict", "needed", "flow_per_quarter", "saved_per_quarter",
		"rate_lower", "rate_upper", "rate_reference_lower", "rate_reference_upper"}}
	num := analytics.OrNull
	for _, c := range m.Comparisons {
		var needed any
		if c.Decision.Needed > 0 {
			needed = c.Decision.Needed
		}
		row := []any{c.Scenario, c.Channel, c.Kind, c.Level, c.Reference, c.Design, c.Experiment, c.Arm, c.ReferenceArm, c.Stage, c.Customers, c.CustomersReference, c.Delivered, c.DeliveredReference, int64(c.Strata), num(c.Rate.Value),
			num(c.RateReference.Value), num(c.Gain.Value), num(c.SE), num(c.Gain.Lower), num(c.Gain.Upper), num(c.DF), num(c.P), num(c.Q), num(c.Decision.PEquivalence), num(c.QEquivalence), num(c.Margin)}
		row = append(append(row, analytics.Three(c.Shrunk)...), analytics.Three(c.Placebo)...)
		t.Rows = append(t.Rows, append(row, num(c.BalanceP), num(c.RatioP), c.Diluted, string(c.Grade), c.Threat, c.Verdict, needed, c.Flow, num(c.Saved),
			num(c.Rate.Lower), num(c.Rate.Upper), num(c.RateReference.Lower), num(c.RateReference.Upper)))
	}
	return t
}
