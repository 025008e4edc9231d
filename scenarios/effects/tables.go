package effects

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Tables renders scenarios.effects and scenarios.effect_checks, rows in the order of their grain.
func (m *Model) Tables() []analytics.Table {
	effects := analytics.Table{Name: "scenarios.effects", Columns: []string{"scenario_id", "outcome", "method", "experiment_id", "grade", "customers_treated", "customers_control", "baseline", "effect",
		"lower", "upper", "p_value", "q_value", "caveat", "level", "std_error", "unadjusted", "relative", "relative_lower", "relative_upper", "allowed", "allowed_lower", "allowed_upper", "margin",
		"p_equivalence", "verdict", "needed", "n_eff", "units_treated", "units_control", "horizon_days", "population_quarter", "expected", "expected_lower", "expected_upper", "range_lower", "range_upper", "range_left_out", "baseline_lower", "baseline_upper",
		"equivalence", "equivalence_lower", "equivalence_upper"}}
	rows := slices.Clone(m.Effects)
	slices.SortFunc(rows, func(a, b Effect) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Outcome, b.Outcome), strings.Compare(a.Method, b.Method), strings.Compare(a.Experiment, b.Experiment))
	})
	for _, e := range rows {
		var needed, level any
		if e.Decision.Needed > 0 {
			needed = e.Decision.Needed
		}
		held, verdict := e.equivalence(), ""
		if e.Value.OK() {
			level, verdict = e.Value.Level, string(e.Decision.Verdict)
		}
		effects.Rows = append(effects.Rows, []any{e.Scenario, e.Outcome, e.Method, e.Experiment, string(e.Grade), e.Treated, e.Control, analytics.OrNull(e.Baseline.Value), analytics.OrNull(e.Value.Value),
			analytics.OrNull(e.Value.Lower), analytics.OrNull(e.Value.Upper), analytics.OrNull(e.P), analytics.OrNull(e.Q), strings.Join(e.Caveats, ","), level, analytics.OrNull(e.SE), analytics.OrNull(e.Unadjusted), analytics.OrNull(e.Relative.Value),
			analytics.OrNull(e.Relative.Lower), analytics.OrNull(e.Relative.Upper), analytics.OrNull(e.Allowed.Value), analytics.OrNull(e.Allowed.Lower), analytics.OrNull(e.Allowed.Upper), analytics.OrNull(e.Margin), analytics.OrNull(e.Decision.PEquivalence), verdict,
			needed, analytics.OrNull(e.NEff), e.UnitsTreated, e.UnitsControl, e.Horizon, e.Population, analytics.OrNull(e.Expected.Value), analytics.OrNull(e.Expected.Lower), analytics.OrNull(e.Expected.Upper),
			analytics.OrNull(e.RangeLower), analytics.OrNull(e.RangeUpper), e.RangeLeftOut,
			analytics.OrNull(e.Baseline.Lower), analytics.OrNull(e.Baseline.Upper), analytics.OrNull(held.Value), analytics.OrNull(held.Lower), analytics.OrNull(held.Upper)})
	}
	checks := analytics.Table{Name: "scenarios.effect_checks", Columns: []string{"scenario_id", "outcome", "method", "experiment_id", "check_name", "value", "lower", "upper", "passed", "note"}}
	gates := slices.Clone(m.Checks)
	slices.SortFunc(gates, func(a, b Check) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Outcome, b.Outcome), strings.Compare(a.Method, b.Method), strings.Compare(a.Experiment, b.Experiment), strings.Compare(a.Name, b.Name))
	})
	for _, c := range gates {
		checks.Rows = append(checks.Rows, []any{c.Scenario, c.Outcome, c.Method, c.Experiment, c.Name, analytics.OrNull(c.Value.Value), analytics.OrNull(c.Value.Lower), analytics.OrNull(c.Value.Upper), c.Passed, c.Note})
	}
	return []analytics.Table{effects, checks, m.ranges(), m.reasons(), m.balance()}
}

// ranges renders scenarios.effect_ranges.
func (m *Model) ranges() analytics.Table {
	t := analytics.Table{Name: "scenarios.effect_ranges", Columns: []string{"scenario_id", "outcome", "left_out", "effect", "lower", "upper", "units_treated", "units_control"}}
	rows := slices.Clone(m.Ranges)
	slices.SortFunc(rows, func(a, b Range) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Outcome, b.Outcome), strings.Compare(a.LeftOut, b.LeftOut))
	})
	for _, r := range rows {
		t.Rows = append(t.Rows, []any{r.Scenario, r.Outcome, r.LeftOut, analytics.OrNull(r.Value.Value), analytics.OrNull(r.Value.Lower), analytics.OrNull(r.Value.Upper), r.UnitsTreated, r.UnitsControl})
	}
	return t
}

// reasons renders scenarios.effect_reasons.
func (m *Model) reasons() analytics.Table {
	t := analytics.Table{Name: "scenarios.effect_reasons", Columns: []string{"scenario_id", "reason", "units_control", "share_control", "units_treated", "share_treated", "ordered", "difference", "lower", "upper", "p_value", "excluded"}}
	rows := slices.Clone(m.Reasons)
	slices.SortFunc(rows, func(a, b Reason) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(reasonNames[a.Reason], reasonNames[b.Reason]))
	})
	for _, r := range rows {
		var treated any
		if bothArms(r.Reason) {
			treated = r.Treated
		}
		t.Rows = append(t.Rows, []any{r.Scenario, reasonNames[r.Reason], r.Comparators, analytics.OrNull(r.Share), treated, analytics.OrNull(r.ShareTreated), analytics.OrNull(r.Ordered),
			analytics.OrNull(r.Difference.Value), analytics.OrNull(r.Difference.Lower), analytics.OrNull(r.Difference.Upper), analytics.OrNull(r.P), r.Excluded})
	}
	return t
}

// of returns the effect of a scenario by outcome and design, nil when there is none.
func (m *Model) of(scenario, method, experiment, outcome string) *Effect {
	for i := range m.Effects {
		if e := &m.Effects[i]; e.Scenario == scenario && e.Method == method && e.Experiment == experiment && e.Outcome == outcome {
			return e
		}
	}
	return nil
}

// Check returns a gate of a scenario, nil when it was not looked at.
func (m *Model) Check(scenario, outcome, name string) *Check {
	for i := range m.Checks {
		if c := &m.Checks[i]; c.Scenario == scenario && c.Outcome == outcome && c.Name == name {
			return c
		}
	}
	return nil
}

// finite tells whether an estimate has a number and an interval.
func finite(e suffstat.Estimate) bool {
	return e.OK() && !math.IsNaN(e.Lower) && !math.IsNaN(e.Upper) && !math.IsInf(e.Lower, 0) && !math.IsInf(e.Upper, 0)
}
