package backlog

import (
	"cmp"
	"slices"

	"crmaudit/analytics"
)

// Tables are analytics.compared, compared_findings, compared_hypotheses and compared_metrics.
func (c *Comparison) Tables() []analytics.Table {
	head := analytics.Table{Name: "analytics.compared", Columns: []string{"before_from", "before_to", "after_from", "after_to", "overlap"},
		Rows: [][]any{{c.Before.From, c.Before.To, c.After.From, c.After.To, c.Overlap}}}
	return []analytics.Table{head, c.findingTable(), c.hypothesisTable(), c.metricTable()}
}

func (c *Comparison) findingTable() analytics.Table {
	t := analytics.Table{Name: "analytics.compared_findings", Columns: []string{"finding_id", "state", "block", "kind", "subject_type", "subject", "severity", "exploratory_before", "exploratory_after", "text_ru", "text_en"}}
	for _, f := range c.Findings {
		t.Rows = append(t.Rows, []any{f.ID, f.State, f.Block, f.Kind, f.SubjectType, f.Subject, f.Severity, flag(f.ExploratoryBefore), flag(f.ExploratoryAfter), f.TextRu, f.TextEn})
	}
	return t
}

func (c *Comparison) hypothesisTable() analytics.Table {
	t := analytics.Table{Name: "analytics.compared_hypotheses", Columns: []string{"hypothesis_id", "state", "outcome", "block", "kind", "subject_type", "subject", "title_ru", "title_en", "rank_before", "rank_after",
		"experiment_id", "arm", "trial_outcome", "trial_effect", "trial_lower", "trial_upper", "trial_unit", "trial_n",
		"metric", "unit", "baseline_before", "baseline_after", "change", "change_lower", "change_upper", "change_n"}}
	for _, h := range c.Hypotheses {
		row := []any{h.ID, h.State, nil, h.Block, h.Kind, h.SubjectType, h.Subject, h.TitleRu, h.TitleEn, given(h.RankBefore), given(h.RankAfter)}
		if h.Outcome != "" {
			row[2] = h.Outcome
		}
		if x := h.Trial; x != nil {
			row = append(row, x.Experiment, x.Arm, x.Outcome, analytics.OrNull(x.Effect), analytics.OrNull(x.Lower), analytics.OrNull(x.Upper), x.Unit, x.N)
		} else {
			row = append(row, nil, nil, nil, nil, nil, nil, nil, nil)
		}
		row = append(row, h.Metric, h.Unit, maybe(h.BaselineBefore), maybe(h.BaselineAfter))
		if h.Change != nil {
			row = append(row, h.Change.Value, h.Change.Lower, h.Change.Upper, h.Change.N)
		} else {
			row = append(row, nil, nil, nil, nil)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (c *Comparison) metricTable() analytics.Table {
	t := analytics.Table{Name: "analytics.compared_metrics", Columns: []string{"metric", "subject_type", "subject", "value_before", "n_before", "value_after", "n_after", "change", "lower", "upper", "mix", "margin", "p_value", "q_value", "verdict", "needed", "se_customers", "se_weeks", "weeks_before", "weeks_after", "note"}}
	for _, m := range c.Metrics {
		t.Rows = append(t.Rows, []any{m.Metric, m.SubjectType, m.Subject, m.Before.Value(), m.Before.Den, m.After.Value(), m.After.Den, analytics.OrNull(m.Change.Value), analytics.OrNull(m.Change.Lower), analytics.OrNull(m.Change.Upper),
			analytics.OrNull(m.Mix), m.Margin, m.P, m.Q, string(m.Verdict), given(m.Needed),
			analytics.OrNull(m.SECustomers), analytics.OrNull(m.SEWeeks), given(m.WeeksBefore), given(m.WeeksAfter), named(m.Note)})
	}
	slices.SortFunc(t.Rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[0].(string), b[0].(string)), cmp.Compare(a[1].(string), b[1].(string)), cmp.Compare(a[2].(string), b[2].(string)))
	})
	return t
}

func flag(b *bool) any {
	if b == nil {
		return nil
	}
	return *b
}

// given is a count that is NULL when there is none.
func given(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// named is a word that is NULL when there is none.
func named(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func maybe(x *float64) any {
	if x == nil {
		return nil
	}
	return analytics.OrNull(*x)
}
