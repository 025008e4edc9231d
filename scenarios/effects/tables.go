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
		"p_equivalence", "verdict", "needed", "n_eff", "units_treated", "units_control", "horizon_days", "population_quarter"}}
	rows := slices.Clone(m.Effects)
	slices.SortFunc(rows, func(a, b Effect) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Outcome, b.Outcome), strings.Compare(a.Method, b.Method), strings.Compare(a.Experiment, b.Experiment))
	})
	for _, e := range rows {
		var needed, level any
		if e.Decision.Needed > 0 {
			needed = e.Decision.Needed
		}
		verdict := ""
		if e.Value.OK() {
			level, verdict = e.Value.Level, string(e.Decision.Verdict)
		}
		effects.Rows = append(effects.Rows, []any{e.Scenario, e.Outcome, e.Method, e.Experiment, string(e.Grade), e.Treated, e.Control, orNull(e.Baseline.Value), orNull(e.Value.Value),
			orNull(e.Value.Lower), orNull(e.Value.Upper), orNull(e.P), orNull(e.Q), strings.Join(e.Caveats, ","), level, orNull(e.SE), orNull(e.Unadjusted), orNull(e.Relative.Value),
			orNull(e.Relative.Lower), orNull(e.Relative.Upper), orNull(e.Allowed.Value), orNull(e.Allowed.Lower), orNull(e.Allowed.Upper), orNull(e.Margin), orNull(e.Decision.PEquivalence), verdict,
			needed, orNull(e.NEff), e.UnitsTreated, e.UnitsControl, e.Horizon, e.Population})
	}
	checks := analytics.Table{Name: "scenarios.effect_checks", Columns: []string{"scenario_id", "outcome", "method", "experiment_id", "check_name", "value", "lower", "upper", "passed", "note"}}
	gates := slices.Clone(m.Checks)
	slices.SortFunc(gates, func(a, b Check) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Outcome, b.Outcome), strings.Compare(a.Method, b.Method), strings.Compare(a.Experiment, b.Experiment), strings.Compare(a.Name, b.Name))
	})
	for _, c := range gates {
		checks.Rows = append(checks.Rows, []any{c.Scenario, c.Outcome, c.Method, c.Experiment, c.Name, orNull(c.Value.Value), orNull(c.Value.Lower), orNull(c.Value.Upper), c.Passed, c.Note})
	}
	return []analytics.Table{effects, checks}
}

// orNull is x for a table: NULL when it is not finite.
func orNull(x float64) any {
	if !analytics.Finite(x) {
		return nil
	}
	return x
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
