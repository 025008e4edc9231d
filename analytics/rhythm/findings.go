package rhythm

import (
	"fmt"
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of the block and what each carries; texts in both languages refer to these names. (t) is a text, "fact" is counted, everything else has an interval.
//
//	kind             SubjectType   Subject          reason (t)    Values
//	rhythm_drift     customers     "all"            lengthen      the pauses of one and the same customer have become longer
//	                                                shorten       ... shorter
//	                 segment       the segment      lengthen_segment, shorten_segment: the same for the members on the day of their second order
//	                 ratio                          later pauses / earlier pauses of a customer - 1, a share (.25 = a quarter longer, at least)
//	                 customers, pairs               facts: customers with two pauses and more that began 28 days after the second order; pauses in the later half
//	                 rest                           segments: the same of all other customers
//		margin                         fact, share: a smaller change does not matter
//	                 moved                          fact, share: segments that may follow from orders: members who joined after their first order or have left since; else absent
//	                 outside                        "all" beside told segments: the change of the customers outside them, share; else absent
//	                 return_90                      share of customers who order again within 90 days; absent where the data are shorter
//	                 season_days                    fact, days: length of the history when it is under two years, so that a season may be behind it; else absent
//	stage_threshold  stage_pair    "active|at_risk" late_border   the first border of days since the last order comes when nearly all repeat orders have come
//	                                                early_first   ... when half of them are still to come
//	                                                early_last    behind the last border, where customers are given up, more than a tenth of the repeat orders is still to come
//	                 stage, next_stage (t)          the stage that ends; the next one, absent when not known
//	                 border                         fact, days
//	                 returned_before                share of those who order again within the horizon that has come by the border
//	                 repeat_95, repeat_50           days by which 95 % and half of them have; by customers
//	                 repeat_95_orders               the same by orders: frequent buyers weigh more
//	                 horizon                        fact, days
//
// Both carry an Opportunity of grade D: Metric "return_rate" (share of customers who order again within the horizon, or within 90 days), no effect, no money: the data say where the border should stand, not what an earlier message brings.
//
// Families for the false-discovery rate: the segments of analytics.rhythm_drift; its other rows; the borders that are judged. A segment is told of only when it drifts beyond what the told ones explain, all customers only when those outside the told segments drift too (told.go).
//
// Coverage. Input: events (answers rhythm; notes missing, rhythm_no_orders, one_order_each, few_rhythms), events.occurred_at (answers activity_hours; note dates_only), stages (answers rhythm_thresholds; note no_day_borders), messages (answers rhythm_response;
// note missing), history (answers repeat_horizon; note short_history under two years).

// DriftFindings are the drifts that Tell found worth telling.
func DriftFindings(m *Model, opt Options) []analytics.Finding {
	var out []analytics.Finding
	for _, d := range m.Drift {
		if f, ok := m.driftFinding(d, opt); ok {
			out = append(out, f)
		}
	}
	return out
}

// Findings is what the model says at once: the borders. Drifts need the cells of the candidates first.
func Findings(m *Model, opt Options) []analytics.Finding {
	var out []analytics.Finding
	for _, t := range m.Thresholds {
		if f, ok := m.thresholdFinding(t, opt); ok {
			out = append(out, f)
		}
	}
	return out
}

// twoYears of orders show every season twice.
const twoYears = 730

// named finds a number of the summary.
func (m *Model) named(name string) suffstat.Estimate {
	for _, s := range m.Summary() {
		if s.Name == name {
			return s.Estimate
		}
	}
	return suffstat.NotEstimable("", .95, suffstat.ErrNoData)
}

// opportunity says whom it concerns; what a change would bring is not known.
func (m *Model) opportunity(baseline suffstat.Estimate, perQuarter float64, effort int) *analytics.Opportunity {
	n := int64(math.Round(perQuarter))
	return &analytics.Opportunity{
		Metric: "return_rate", Unit: "share", Baseline: baseline, Population: n, Step: math.Max(.02, .05*baseline.Value), Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab",
		Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: effort, WeeklyFlow: max(1, n/13),
	}
}

// perQuarter turns a count over the whole history into one per quarter.
func (m *Model) perQuarter(n int64) float64 {
	return float64(n) * 91 / math.Max(float64(m.Days), 91)
}

func (m *Model) driftFinding(d Drift, opt Options) (analytics.Finding, bool) {
	if d.Reading != Told {
		return analytics.Finding{}, false
	}
	reason, severity := "lengthen", analytics.Warning
	if d.Change.Value < 0 {
		reason, severity = "shorten", analytics.Notice
	}
	subjectType := "customers"
	if d.Grouping == "segment" {
		subjectType, reason = "segment", reason+"_segment"
	}
	confirmed := d.Q <= opt.FDR
	if !confirmed {
		severity = analytics.Notice
	}
	v := analytics.Values{}
	v.Text("reason", reason)
	ratio := d.Ratio.Of(d.Customers, "share")
	ratio.Value, ratio.Lower, ratio.Upper = ratio.Value-1, ratio.Lower-1, ratio.Upper-1
	v.Estimate("ratio", ratio)
	v.Fact("customers", float64(d.Customers), d.Customers, "customers")
	v.Fact("pairs", float64(d.Pairs), d.Customers, "gaps")
	v.Fact("margin", d.Margin, d.Customers, "share")
	if analytics.Finite(d.Rest) {
		v.Point("rest", d.Rest-1, d.others, "share")
	}
	if d.ByOrders {
		v.Fact("moved", d.Moved, d.Customers, "share")
	}
	if o := d.Outside; o != nil && d.Grouping == "all" {
		outside := o.Ratio.Of(o.Customers, "share")
		outside.Value, outside.Lower, outside.Upper = outside.Value-1, outside.Lower-1, outside.Upper-1
		v.Estimate("outside", outside)
	}
	base := m.named("return_90")
	v.Estimate("return_90", base)
	if m.Days < twoYears {
		v.Fact("season_days", float64(m.Days), d.Customers, "days")
	}
	f := analytics.Finding{
		Block: "rhythm", Kind: "rhythm_drift", SubjectType: subjectType, Subject: d.Group, Severity: severity, Verdict: d.Decision.Verdict, Statistic: analytics.Number(d.Change.Value),
		PValue: analytics.Number(d.P), QValue: analytics.Number(d.Q), Exploratory: !confirmed, Values: v,
		EvidenceSQL: fmt.Sprintf("SELECT d.grouping, d.by_orders, (SELECT SUM(g.moved) * 1.0 / SUM(g.customers) FROM analytics.red_rhythm_segments g WHERE g.segment_id = d.group_value AND d.grouping = 'segment') AS moved, d.group_value, d.customers, d.pairs, d.log_change, d.std_error, d.ratio, d.ratio - 1 AS change, d.lower - 1 AS change_lower, d.upper - 1 AS change_upper, d.margin, d.rest_ratio - 1 AS rest_change, d.p_value, d.q_value, d.verdict, d.reading, d.outside_ratio - 1 AS outside_change, d.outside_lower - 1 AS outside_change_lower, d.outside_upper - 1 AS outside_change_upper, "+
			"(SELECT max(s.value) FROM analytics.rhythm_summary s WHERE s.measure = 'return_90') AS return_90, (SELECT max(s.lower) FROM analytics.rhythm_summary s WHERE s.measure = 'return_90') AS return_90_lower, "+
			"(SELECT max(s.upper) FROM analytics.rhythm_summary s WHERE s.measure = 'return_90') AS return_90_upper, (SELECT max(s.customers) FROM analytics.rhythm_summary s WHERE s.measure = 'return_90') AS return_90_customers, "+
			"(SELECT max(end_day - first_day) FROM analytics.red_rhythm_span) AS history_days FROM analytics.rhythm_drift d WHERE d.grouping = %s AND d.group_value = %s", analytics.SQLText(d.Grouping), analytics.SQLText(d.Group)),
	}
	if d.Change.Value > 0 && base.OK() {
		f.Opportunity = m.opportunity(base, math.Min(m.perQuarter(2*d.Pairs), float64(d.Customers)), 2)
	}
	return f, true
}

func (m *Model) thresholdFinding(t Threshold, opt Options) (analytics.Finding, bool) {
	reason := map[string]string{Late: "late_border", Early: "early_first"}[t.Verdict]
	if reason == "" || !(t.Q <= .10) {
		return analytics.Finding{}, false
	}
	if t.Verdict == Early && t.Position == "last" {
		reason = "early_last"
	}
	confirmed := t.Q <= opt.FDR
	severity := analytics.Notice
	if confirmed && reason != "early_first" {
		severity = analytics.Warning
	}
	subject := t.Stage
	v := analytics.Values{}
	v.Text("reason", reason)
	v.Text("stage", t.Stage)
	if t.Next != "" {
		subject += "|" + t.Next
		v.Text("next_stage", t.Next)
	}
	n := m.Rhythm.WithGap
	v.Fact("border", float64(t.Days), n, "days")
	v.Estimate("returned_before", t.Before)
	v.Estimate("repeat_95", m.Repeat95)
	v.Estimate("repeat_50", m.Repeat50)
	v.Point("repeat_95_orders", m.Repeat95By.Value, n, "days")
	v.Fact("horizon", float64(m.Curve.Horizon), n, "days")
	o := m.opportunity(m.Curve.Returned[m.Curve.Horizon], m.perQuarter(m.Curve.AtRisk[t.Days]), 1)
	o.Problem = "stage:" + t.Stage
	return analytics.Finding{
		Block: "rhythm", Kind: "stage_threshold", SubjectType: "stage_pair", Subject: subject, Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(t.Before.Value), PValue: analytics.Number(t.P),
		QValue: analytics.Number(t.Q), Exploratory: !confirmed, Values: v, Opportunity: o,
		EvidenceSQL: fmt.Sprintf("SELECT stage, next_stage, days, position, horizon_days, returned_before, rhythm_thresholds.lower, rhythm_thresholds.upper, repeat_95_days, repeat_95_lower, repeat_95_upper, repeat_95_orders, repeat_50_days, "+
			"too_late_from, too_early_until, p_value, q_value, verdict, s.lower AS repeat_50_lower, s.upper AS repeat_50_upper, s.customers, r.value AS return_rate, r.lower AS return_lower, r.upper AS return_upper "+
			"FROM analytics.rhythm_thresholds LEFT JOIN analytics.rhythm_summary s ON s.measure = 'repeat_50' LEFT JOIN analytics.rhythm_summary r ON r.measure = 'return_' || horizon_days WHERE stage = %s AND days = %d", analytics.SQLText(t.Stage), t.Days),
	}, true
}
