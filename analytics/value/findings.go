package value

import (
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
)

// Findings of the block and what each carries, for the texts (ru, en) and for the backlog.
//
// Shares are fractions in [0, 1], money is in the configured currency. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted, no interval. A value that could not be estimated is left out
// of Values, never NaN. A purchase is a day with orders.
//
//	kind        SubjectType  Subject      reason (t)   Values
//	loss_point  order_step   "1->2"       order_step   most customers are lost at this step of the repeat ladder, per quarter:
//	                                                   order_number, next_number (facts), customers (fact: with at least order_number purchases), probability (of the next purchase within horizon_days;
//	                                                   life table), horizon_days (fact), median_gap (days without interval: half of the repeats come within), reached (customers per quarter, fact),
//	                                                   lost (customers per quarter without interval), next_probability (of the step after), next_value (currency per customer in the 91 days from the
//	                                                   next purchase on)
//	loss_point  stage        the stage    departed     of all stages, this one misses most revenue of the coming quarter because its customers have left (BG/NBD):
//	                                                   buyers (fact), order_share (expected to order in the coming quarter), expected_orders, expected_revenue (per buyer and quarter), lost_revenue (of the stage),
//	                                                   share_of_orders (without interval), model (t: fits or rough)
//
// Both carry an Opportunity without effect or money, grade D, threat structural_only, design ab. order_step: Metric repeat_rate, Baseline = probability, Population = customers who make the purchase in a quarter,
// Step 2 percentage points, Stake = Population x Step x next_value x margin. departed: Metric order_rate, Baseline = order_share (a forecast), Population = buyers of the stage, Step 2 percentage points, Stake = Population x Step x
// expected value of an order x margin: what it is worth that one in fifty more orders once.
//
// order_step is confirmed when its loss per quarter is above that of every other step (the largest of the p-values is at most decision.fdr); departed when the same holds for stages and the model fits. No finding about stages when the model is
// poor or could not be fitted.
//
// Coverage keys. Input orders (answers repeat_ladder), orders.repeats (answers value_model), orders.history (answers first_purchases), orders.value (answers order_values), orders.holdout (answers forecast_check), lifecycle.stages (answers stage_expectations). Notes: "", missing,
// value_few, value_not_converged, value_not_identifiable, value_ridge, value_rough, value_poor, value_first_unknown, value_no_money, value_correlated, value_short, value_not_fitted, no_margin.

// Findings of the ladder.
func Findings(m *Model, opt Options) []analytics.Finding {
	opt = opt.withDefaults()
	if m.Top < 0 {
		return nil
	}
	r := m.Ladder[m.Top]
	confirmed := m.TopVerdict == analytics.Different && (math.IsNaN(m.TopP) || m.TopP <= opt.FDR)
	severity := analytics.Notice
	if confirmed {
		severity = analytics.Warning
	}
	v := analytics.Values{}
	v.Text("reason", "order_step")
	v.Fact("order_number", float64(r.Number), r.Customers, "1")
	v.Fact("next_number", float64(r.Number+1), r.Customers, "1")
	v.Fact("customers", float64(r.Customers), r.Customers, "customers")
	v.Estimate("probability", r.Probability)
	v.Fact("horizon_days", float64(m.Window.Horizon), r.Customers, "days")
	v.Point("median_gap", r.MedianGap, r.Repeated, "days")
	v.Fact("reached", r.Reached, r.Customers, "customers")
	v.Point("lost", r.Lost, r.Customers, "customers")
	if m.Top+1 < len(m.Ladder) {
		v.Estimate("next_probability", m.Ladder[m.Top+1].Probability)
	}
	v.Estimate("next_value", r.NextValue)
	population := int64(math.Round(r.Reached))
	o := &analytics.Opportunity{
		Metric: "repeat_rate", Unit: "share", Baseline: r.Probability, Population: population, Step: opt.Step, Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab",
		Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: 2, WeeklyFlow: int64(math.Round(r.Reached / 13)), Goal: opt.Goal,
	}
	if r.Stake.OK() && finite(r.Stake.Lower) && finite(r.Stake.Upper) {
		stake := r.Stake
		o.Stake = &stake
	}
	return []analytics.Finding{{
		Block: "value", Kind: "loss_point", SubjectType: "order_step", Subject: fmt.Sprintf("%d->%d", r.Number, r.Number+1), Severity: severity, Verdict: m.TopVerdict,
		Statistic: analytics.Number(r.Lost), PValue: analytics.Number(m.TopP), QValue: analytics.Number(m.TopP), Exploratory: !confirmed, Values: v, Opportunity: o,
		EvidenceSQL: fmt.Sprintf("SELECT order_number, customers, repeated, raw_share, probability, lower, upper, horizon_days, median_gap_days, reached_per_quarter, lost_per_quarter, next_value, "+
			"next_value_lower, next_value_upper, next_value_customers, step_value, stake_lower, stake_upper, %v AS step FROM analytics.repeat_orders WHERE order_number IN (%d, %d) ORDER BY order_number", opt.Step, r.Number, r.Number+1),
	}}
}

// leastLost is the share of the money of all stages below which the departed of a stage are no finding.
const leastLost = .05

// StageFindings of the values by stage.
func StageFindings(m *Model, stages []StageValue, opt Options) []analytics.Finding {
	opt = opt.withDefaults()
	if !slices.Contains([]string{Fits, Rough}, m.Verdict) {
		return nil
	}
	top, expected, lost := -1, 0., 0.
	for i, s := range stages {
		if !s.Lost.OK() {
			continue
		}
		expected += s.Revenue.Value * float64(s.Buyers)
		lost += s.Lost.Value
		if top < 0 || s.Lost.Value > stages[top].Lost.Value {
			top = i
		}
	}
	if top < 0 || !(stages[top].Lost.Value > leastLost*(expected+lost)) {
		return nil
	}
	s := stages[top]
	p, verdict := 0., analytics.Different
	compared := false
	for i, o := range stages {
		if i == top || !o.Lost.OK() {
			continue
		}
		compared = true
		diff := s.lost.Join(o.lost).Combine(func(v []float64) float64 { return v[0] - v[1] })
		d := analytics.Decide(analytics.Comparison{
			Difference: diff.Value[0], SE: diff.SE(0), DF: diff.DF(), Margin: .05 * s.Lost.Value, Directional: true, Buckets: diff.Buckets(),
			Sides: []analytics.Side{{Customers: s.Buyers, Effective: float64(s.Buyers), Events: -1}},
		})
		p = math.Max(p, d.PDifference)
		if d.Verdict != analytics.Different && verdict == analytics.Different {
			verdict = d.Verdict
		}
	}
	if !compared {
		p = math.NaN()
	}
	confirmed := verdict == analytics.Different && (math.IsNaN(p) || p <= opt.FDR) && m.Verdict == Fits
	v := analytics.Values{}
	v.Text("reason", "departed")
	v.Text("model", m.Verdict)
	v.Fact("buyers", float64(s.Buyers), s.Buyers, "customers")
	v.Estimate("order_share", s.Order)
	v.Estimate("expected_orders", s.Orders)
	v.Estimate("expected_revenue", s.Revenue)
	v.Estimate("lost_revenue", s.Lost)
	v.Point("share_of_orders", s.OrdersShare, s.Buyers, "share")
	o := &analytics.Opportunity{
		Metric: "order_rate", Unit: "share", Baseline: s.Order, Population: s.Buyers, Step: opt.Step, Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab",
		Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: 3, WeeklyFlow: int64(math.Round(float64(s.Buyers) / 13)), Goal: opt.Goal,
	}
	if stake := s.Stake; stake.OK() && finite(stake.Lower) && finite(stake.Upper) {
		o.Stake = &stake
	}
	severity := analytics.Notice
	if confirmed {
		severity = analytics.Warning
	}
	return []analytics.Finding{{
		Block: "value", Kind: "loss_point", SubjectType: "stage", Subject: s.Stage, Severity: severity, Verdict: verdict, Statistic: analytics.Number(s.Lost.Value), PValue: analytics.Number(p),
		QValue: analytics.Number(p), Exploratory: !confirmed, Values: v, Opportunity: o,
		EvidenceSQL: "SELECT stage, customers, buyers, p_alive, p_order, p_order_lower, p_order_upper, expected_orders, expected_orders_lower, expected_orders_upper, expected_revenue, expected_revenue_lower, " +
			"expected_revenue_upper, lost_revenue, lost_revenue_lower, lost_revenue_upper, share_of_orders, verdict, stake, stake_lower, stake_upper, " + fmt.Sprint(opt.Step) + " AS step FROM analytics.stage_expectations WHERE stage = " + analytics.SQLText(s.Stage),
	}}
}

// Coverage says what the block had, what each input answers and what is missing.
func Coverage(m *Model, opt Options) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "value", Input: input, Present: present, Answers: answers, Note: note})
	}
	some := m.Customers > 0
	note := ""
	if some && len(m.Ladder) == 0 {
		note = "value_few"
	}
	add("orders", "repeat_ladder", len(m.Ladder) > 0, note)
	note = map[string]string{TooFew: "value_few", NotConverged: "value_not_converged", NotIdentifiable: "value_not_identifiable"}[m.Fit.State]
	switch {
	case !some:
		note = ""
	case m.Verdict == Poor:
		note = "value_poor"
	case m.Verdict == Rough:
		note = "value_rough"
	case m.Fit.State == OnRidge:
		note = "value_ridge"
	}
	add("orders.repeats", "value_model", m.Fit.Ready(), note)
	note = ""
	if m.Unknown > 0 {
		note = "value_first_unknown"
	}
	add("orders.history", "first_purchases", some && m.Unknown == 0, note)
	note = ""
	switch {
	case some && !m.HasMoney:
		note = "value_no_money"
	case m.HasMoney && m.Money.State != Fitted:
		note = "value_few"
	case m.HasMoney && m.Money.Verdict() == "correlated":
		note = "value_correlated"
	case m.HasMoney && opt.Margin == 0:
		note = "no_margin"
	}
	add("orders.value", "order_values", m.HasMoney, note)
	note = ""
	if some && !m.Holdout.Ready() {
		note = "value_short"
	}
	add("orders.holdout", "forecast_check", m.Holdout.Ready() && m.Fit.Ready(), note)
	return out
}
