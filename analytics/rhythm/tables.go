package rhythm

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

func table(name string, columns ...string) analytics.Table {
	return analytics.Table{Name: "analytics." + name, Columns: columns}
}

func orNil(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// ends of an interval for a table.
func interval(e suffstat.Estimate) []any {
	return []any{analytics.OrNull(e.Lower), analytics.OrNull(e.Upper)}
}

// row joins values and slices of values.
func row(parts ...any) []any {
	var out []any
	for _, p := range parts {
		if s, ok := p.([]any); ok {
			out = append(out, s...)
		} else {
			out = append(out, p)
		}
	}
	return out
}

// Tables are the result tables.
func (m *Model) Tables() []analytics.Table {
	return []analytics.Table{
		m.modelTable(), m.quantilesTable(), m.summaryTable(), m.groupsTable(), m.choiceTable(), m.cellsTable(), m.curveTable(), m.hoursTable(), m.cyclesTable(), m.candidatesTable(), m.thresholdsTable(), m.responsesTable(),
	}
}

func (m *Model) modelTable() analytics.Table {
	t := table("rhythm_model", "model", "status", "customers", "with_gap", "with_two_gaps", "gaps", "mean_log", "mean_log_error", "within_variance", "within_error", "between_variance", "between_error",
		"prior_gaps", "late_share", "log_likelihood", "grouping", "note")
	r := m.Rhythm
	fit := make([]any, 7)
	if r.Status == Fitted {
		fit = []any{
			r.Mean, analytics.OrNull(r.replicates.SE(0)), r.Within, analytics.OrNull(r.replicates.SE(1)), r.Between, analytics.OrNull(r.replicates.SE(2)), r.PriorGaps(),
		}
	}
	t.Rows = [][]any{row("lognormal", r.Status, r.Customers, r.WithGap, r.WithTwo, r.All, fit, lateShare, analytics.OrNull(r.LogLikelihood), m.Grouping.Kind, r.Note)}
	return t
}

func (m *Model) quantilesTable() analytics.Table {
	t := table("rhythm_quantiles", "gap_class", "quantile", "lower", "upper", "source", "pauses", "completed", "model_coverage")
	for _, q := range m.Quantiles {
		t.Rows = append(t.Rows, row(int64(q.Class), analytics.Three(q.Value), q.Source, q.Pauses, q.Completed, analytics.OrNull(q.Coverage)))
	}
	return t
}

// Measure is a line of the summary.
type Measure struct {
	Name string
	suffstat.Estimate
}

// Summary are the numbers that there are.
func (m *Model) Summary() []Measure {
	var out []Measure
	add := func(name string, e suffstat.Estimate) {
		if e.OK() {
			out = append(out, Measure{name, e})
		}
	}
	if m.Rhythm.Status == Fitted {
		add("typical_gap", m.Rhythm.estimate(func(l Lognormal) float64 { return math.Exp(l.Mean) }, "days"))
		add("late_after_new", m.Rhythm.estimate(func(l Lognormal) float64 {
			mean, variance := l.Posterior(0, 0)
			return math.Exp(mean + suffstat.NormalQuantile(lateShare)*math.Sqrt(variance))
		}, "days"))
	}
	add("median_gap", m.Curve.Median)
	for _, r := range []struct {
		name string
		days int
	}{{"return_30", 30}, {"return_90", 90}, {"return_180", 180}, {"return_365", 365}} {
		if r.days <= m.Curve.Days {
			add(r.name, m.Curve.Returned[r.days])
		}
	}
	add("repeat_50", m.Repeat50)
	add("repeat_95", m.Repeat95)
	add("repeat_95_orders", m.Repeat95By)
	if m.Curve.Horizon > 0 {
		add("horizon", suffstat.Fact(float64(m.Curve.Horizon), m.Rhythm.WithGap, "days"))
	}
	add("cv_median", m.Grouping.CVMedian)
	add("regular_share", m.Grouping.Regular)
	add("clumpiness", m.Clumpiness)
	add("clumpiness_excess", m.Clumped)
	return out
}

func (m *Model) summaryTable() analytics.Table {
	t := table("rhythm_summary", "measure", "value", "lower", "upper", "unit", "customers")
	for _, s := range m.Summary() {
		t.Rows = append(t.Rows, row(s.Name, analytics.Three(s.Estimate), s.Unit, s.N))
	}
	return t
}

func (m *Model) groupsTable() analytics.Table {
	t := table("rhythm_groups", "rhythm", "position", "customers", "share", "lower", "upper", "typical_gap_days", "from_days", "to_days", "cv", "components", "source")
	for i, g := range m.Grouping.Groups {
		ends := []any{nil, nil}
		if g.Source == "mixture" {
			ends = interval(g.Share)
		}
		t.Rows = append(t.Rows, row(g.Name, int64(i+1), g.Customers, float64(g.Customers)/float64(m.Grouping.Customers), ends, g.Typical, g.From, g.To, g.CV, int64(g.Components), g.Source))
	}
	return t
}

func (m *Model) choiceTable() analytics.Table {
	t := table("rhythm_choice", "components", "log_likelihood", "bic", "heaps", "stability", "chosen", "verdict")
	for _, c := range m.Grouping.Choices {
		t.Rows = append(t.Rows, []any{int64(c.Components), c.LogLik, c.BIC, int64(c.Heaps), analytics.OrNull(c.Stability), c.Chosen, c.Verdict})
	}
	return t
}

func (m *Model) cellsTable() analytics.Table {
	t := table("rhythm_cells", "mean_bin", "cv_bin", "rhythm")
	for _, c := range sortedCells(m.Grouping.Of) {
		t.Rows = append(t.Rows, []any{int64(c.Mean), int64(c.CV), m.Grouping.Groups[m.Grouping.Of[c]].Name})
	}
	return t
}

// shownDay keeps every day up to 60, then fewer: the table is for a picture.
func shownDay(k, last int) bool {
	return k <= 60 || k <= 180 && k%5 == 0 || k%30 == 0 || k == 365 || k == last
}

func (m *Model) curveTable() analytics.Table {
	t := table("gap_curve", "days", "returned", "lower", "upper", "returned_gaps", "gaps_lower", "gaps_upper", "completed", "at_risk")
	for k := 1; k <= m.Curve.Days; k++ {
		if e := m.Curve.Returned[k]; shownDay(k, m.Curve.Days) && e.OK() {
			t.Rows = append(t.Rows, row(int64(k), analytics.Three(e), analytics.Three(m.Curve.ReturnedGaps[k]), m.Curve.Completed[k], m.Curve.AtRisk[k]))
		}
	}
	return t
}

func (m *Model) hoursTable() analytics.Table {
	t := table("activity_hours", "weekday", "hour", "orders", "share")
	total := int64(0)
	for d := range m.hours {
		for _, n := range m.hours[d] {
			total += n
		}
	}
	if total == 0 {
		return t
	}
	noTime := m.cycle(Day).Status == "no_time"
	for d := 1; d <= 7; d++ {
		sum := int64(0)
		for _, n := range m.hours[d] {
			sum += n
		}
		t.Rows = append(t.Rows, []any{int64(d), nil, sum, float64(sum) / float64(total)})
		for h, n := range m.hours[d] {
			if !noTime {
				t.Rows = append(t.Rows, []any{int64(d), int64(h), n, float64(n) / float64(total)})
			}
		}
	}
	return t
}

func (m *Model) cyclesTable() analytics.Table {
	t := table("rhythm_cycles", "cycle", "status", "orders", "customers", "strength", "lower", "upper", "direction", "rayleigh_z", "rayleigh_p", "statistic", "p_value", "q_value", "margin", "verdict",
		"top", "top_share", "even_share", "own_same", "own_lower", "own_upper", "own_expected", "own_customers")
	for _, c := range m.Cycles {
		var top any
		if c.Status == "measured" {
			top = int64(c.Top)
		}
		t.Rows = append(t.Rows, row(c.Name, c.Status, c.Orders, m.Rhythm.Customers, analytics.Three(c.Strength), analytics.OrNull(c.Direction), analytics.OrNull(c.Z), analytics.OrNull(c.RayleighP),
			analytics.OrNull(c.F), analytics.OrNull(c.P), analytics.OrNull(c.Q), strengthMargin, string(c.Decision.Verdict), top, analytics.OrNull(c.TopShare), analytics.OrNull(c.EvenShare),
			analytics.Three(c.OwnSame), analytics.OrNull(c.OwnExpected), orNil(c.OwnCustomers)))
	}
	return t
}

// candidatesTable is read by analytics.red_rhythm_overlaps.
func (m *Model) candidatesTable() analytics.Table {
	t := table("rhythm_drift_candidates", "segment_id", "bit")
	for _, c := range m.Candidates() {
		t.Rows = append(t.Rows, []any{c.Segment, c.Bit})
	}
	return t
}

// DriftTable says what Tell has decided, too.
func (m *Model) DriftTable() analytics.Table {
	t := table("rhythm_drift", "grouping", "group_value", "customers", "pairs", "log_change", "std_error", "ratio", "lower", "upper", "margin", "rest_ratio", "p_value", "q_value", "verdict", "needed",
		"by_orders", "reading", "explained_by", "outside_customers", "outside_ratio", "outside_lower", "outside_upper", "outside_rest_ratio", "outside_p_value")
	for _, d := range m.Drift {
		outside := make([]any, 6)
		if o := d.Outside; o != nil {
			outside = row(o.Customers, analytics.Three(o.Ratio), analytics.OrNull(o.Rest), analytics.OrNull(o.P))
		}
		t.Rows = append(t.Rows, row(d.Grouping, d.Group, d.Customers, d.Pairs, analytics.OrNull(d.Change.Value), analytics.OrNull(d.SE), analytics.Three(d.Ratio), d.Margin, analytics.OrNull(d.Rest), analytics.OrNull(d.P),
			analytics.OrNull(d.Q), string(d.Decision.Verdict), orNil(d.Decision.Needed), d.ByOrders, textOrNil(d.Reading), textOrNil(d.By), outside))
	}
	return t
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (m *Model) thresholdsTable() analytics.Table {
	t := table("rhythm_thresholds", "stage", "next_stage", "days", "position", "horizon_days", "returned_before", "lower", "upper", "repeat_95_days", "repeat_95_lower", "repeat_95_upper", "repeat_95_orders",
		"repeat_50_days", "too_late_from", "too_early_until", "p_value", "q_value", "verdict", "needed")
	for _, x := range m.Thresholds {
		var next any
		if x.Next != "" {
			next = x.Next
		}
		t.Rows = append(t.Rows, row(x.Stage, next, x.Days, x.Position, int64(m.Curve.Horizon), analytics.Three(x.Before), analytics.Three(m.Repeat95), analytics.OrNull(m.Repeat95By.Value),
			analytics.OrNull(m.Repeat50.Value), x.Late, x.Early, analytics.OrNull(x.P), analytics.OrNull(x.Q), x.Verdict, orNil(x.Needed)))
	}
	return t
}

func (m *Model) responsesTable() analytics.Table {
	t := table("rhythm_responses", "kind", "rhythm", "customers", "delivered", "clicked", "click_rate", "lower", "upper", "difference", "difference_lower", "difference_upper", "sampled")
	for _, r := range m.Responses {
		t.Rows = append(t.Rows, row(r.Kind, r.Rhythm, r.Customers, r.Delivered, r.Clicked, analytics.Three(r.Rate.Estimate), analytics.Three(r.Difference), r.Sampled))
	}
	return t
}
