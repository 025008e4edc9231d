package experiments

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
)

// Tables renders analytics.experiments, experiment_arms, experiment_checks and experiment_groups, rows in the order of their grain.
func (m *Model) Tables(opt Options) []analytics.Table {
	return []analytics.Table{m.results(opt.filled()), m.arms(), m.checks(), m.groupTable()}
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (m *Model) results(opt Options) analytics.Table {
	out := analytics.Table{Name: "analytics.experiments", Columns: []string{"experiment_id", "arm", "reference_arm", "outcome", "n", "n_reference", "mean", "mean_reference", "effect", "std_error", "lower", "upper", "p_value",
		"q_value", "srm_p_value", "source", "scenario_id", "grade", "verdict", "caveat", "unit", "window_days", "assigned", "assigned_reference", "relative", "relative_lower", "relative_upper", "cuped_effect",
		"cuped_std_error", "cuped_lower", "cuped_upper", "cuped_p_value", "cuped_q_value", "correlation", "df", "welch_std_error", "welch_p_value", "winsorised_effect", "winsorised_lower", "winsorised_upper", "winsorised_at",
		"observed_effect", "observed_lower", "observed_upper", "arms_compared", "p_family", "margin", "p_equivalence", "q_equivalence", "needed", "mean_reference_lower", "mean_reference_upper", "selected_level", "selected_lower", "selected_upper"}}
	rows := slices.Clone(m.Rows)
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(strings.Compare(a.Experiment, b.Experiment), strings.Compare(a.Arm, b.Arm), strings.Compare(a.Reference, b.Reference), strings.Compare(a.Outcome, b.Outcome))
	})
	num := analytics.OrNull
	for _, r := range rows {
		var needed any
		if r.Needed > 0 {
			needed = r.Needed
		}
		row := []any{r.Experiment, r.Arm, r.Reference, r.Outcome, r.N, r.NReference, num(r.Mean), num(r.MeanReference), num(r.Difference.Value), num(r.SE), num(r.Difference.Lower), num(r.Difference.Upper), num(r.P),
			num(r.Q), num(r.SRM), r.Source, textOrNull(r.Scenario), string(r.Grade()), r.Verdict, strings.Join(r.Caveats, ","), opt.unit(r.Outcome), r.Days, r.Assigned, r.AssignedReference}
		row = append(row, analytics.Three(r.Relative)...)
		row = append(row, num(r.Adjusted.Value), num(r.AdjustedSE), num(r.Adjusted.Lower), num(r.Adjusted.Upper), num(r.AdjustedP), num(r.AdjustedQ), num(r.Correlation), num(r.DF), num(r.WelchSE), num(r.WelchP))
		row = append(row, analytics.Three(r.Winsorised)...)
		row = append(row, num(r.Cap))
		row = append(row, analytics.Three(r.Observed)...)
		shown := m.selected(&r, opt.FDR)
		row = append(row, int64(r.Comparisons), num(r.FamilyP), num(r.Margin), num(r.Decision.PEquivalence), num(r.QEquivalence), needed, num(r.Baseline.Lower), num(r.Baseline.Upper))
		out.Rows = append(out.Rows, append(row, num(shown.Level), num(shown.Lower), num(shown.Upper)))
	}
	return out
}

// date is a day number as a date; nil where there is none.
func date(day int64, known bool) any {
	if !known {
		return nil
	}
	return time.Unix(86400*day, 0).UTC()
}

func (m *Model) arms() analytics.Table {
	out := analytics.Table{Name: "analytics.experiment_arms", Columns: []string{"experiment_id", "arm", "role", "source", "scenario_id", "assigned", "share", "planned_share", "compared", "window_open", "before_data", "after_data",
		"two_arms", "switched", "messaged", "messaged_before", "clusters", "first_assigned", "last_assigned"}}
	for _, r := range m.Arms {
		a := r.Arm
		out.Rows = append(out.Rows, []any{r.Experiment, r.Name, r.Role, r.Source, textOrNull(r.Scenario), a.Assigned(), analytics.OrNull(r.Share), analytics.OrNull(r.Planned), r.Compared, a.States[stateOpen], a.States[stateBefore],
			a.States[stateAfter], a.States[stateTied], a.Switched - a.States[stateTied], a.Messaged, a.MessagedBefore, a.Clusters, date(a.FirstDay, r.Dated), date(a.LastDay, r.Dated)})
	}
	return out
}

func (m *Model) checks() analytics.Table {
	out := analytics.Table{Name: "analytics.experiment_checks", Columns: []string{"experiment_id", "check_name", "item", "arm", "reference_arm", "value", "lower", "upper", "standardised", "p_value", "p_adjusted", "passed", "note"}}
	rows := slices.Clone(m.Checks)
	slices.SortFunc(rows, func(a, b Check) int {
		return cmp.Or(strings.Compare(a.Experiment, b.Experiment), strings.Compare(a.Name, b.Name), strings.Compare(a.Item, b.Item), strings.Compare(a.Arm, b.Arm), strings.Compare(a.Reference, b.Reference))
	})
	for _, c := range rows {
		row := append([]any{c.Experiment, c.Name, c.Item, c.Arm, c.Reference}, analytics.Three(c.Value)...)
		out.Rows = append(out.Rows, append(row, analytics.OrNull(c.Standardised), analytics.OrNull(c.P), analytics.OrNull(c.Adjusted), c.Passed, c.Note))
	}
	return out
}

func (m *Model) groupTable() analytics.Table {
	out := analytics.Table{Name: "analytics.experiment_groups", Columns: []string{"experiment_id", "arm", "reference_arm", "outcome", "grouping", "group_value", "n", "n_reference", "mean", "mean_reference", "effect", "std_error", "lower",
		"upper", "shrunk", "shrunk_lower", "shrunk_upper", "weight", "interaction", "interaction_lower", "interaction_upper", "p_value", "q_value", "verdict"}}
	rows := slices.Clone(m.Groups)
	slices.SortFunc(rows, func(a, b GroupRow) int {
		return cmp.Or(strings.Compare(a.Experiment, b.Experiment), strings.Compare(a.Arm, b.Arm), strings.Compare(a.Reference, b.Reference), strings.Compare(a.Outcome, b.Outcome), strings.Compare(a.Grouping, b.Grouping),
			strings.Compare(a.Value, b.Value))
	})
	for _, g := range rows {
		row := []any{g.Experiment, g.Arm, g.Reference, g.Outcome, g.Grouping, g.Value, g.N, g.NReference, analytics.OrNull(g.Mean), analytics.OrNull(g.MeanReference), analytics.OrNull(g.Effect.Value), analytics.OrNull(g.SE),
			analytics.OrNull(g.Effect.Lower), analytics.OrNull(g.Effect.Upper)}
		row = append(append(row, analytics.Three(g.Shrunk)...), analytics.OrNull(g.Weight))
		row = append(row, analytics.Three(g.Interaction)...)
		out.Rows = append(out.Rows, append(row, analytics.OrNull(g.P), analytics.OrNull(g.Q), g.Verdict))
	}
	return out
}
