package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/report"
	"crmaudit/analytics/suffstat"
)

// valueFindings are what the value block would say, one of each kind and reason.
func (w world) valueFindings() []analytics.Finding {
	e := func(name string, value, half float64, n int64, unit string) analytics.Value {
		return analytics.Value{Name: name, Estimate: &suffstat.Estimate{Value: value, Lower: value - half, Upper: value + half, Level: 0.95, N: n, Unit: unit, Method: "jackknife t"}}
	}
	f := func(name string, value float64, unit string) analytics.Value {
		x := suffstat.Fact(value, 0, unit)
		return analytics.Value{Name: name, Estimate: &x}
	}
	txt := func(name, text string) analytics.Value { return analytics.Value{Name: name, Text: text} }
	chance := func(metric string) *analytics.Opportunity {
		stake := suffstat.Estimate{Value: 412_000, Lower: 380_000, Upper: 444_000, Level: .90, N: 9_300, Unit: "RUB"}
		return &analytics.Opportunity{Metric: metric, Unit: "share", Baseline: suffstat.Estimate{Value: .376, Lower: .36, Upper: .39, Level: .95, N: 12_300, Unit: "share"}, Population: 5_100, Step: .02, Stake: &stake,
			Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab", Guardrails: []string{"unsubscribe_rate"}, Effort: 2, WeeklyFlow: 390}
	}
	return []analytics.Finding{
		{Block: "value", Kind: "loss_point", SubjectType: "order_step", Subject: "1->2", Severity: analytics.Warning, Verdict: analytics.Different, EvidenceSQL: "SELECT 1", Opportunity: chance("repeat_rate"), Values: []analytics.Value{
			txt("reason", "order_step"), f("order_number", 1, "1"), f("next_number", 2, "1"), f("customers", 12_300, "customers"), e("probability", .376, .02, 12_300, "share"), f("horizon_days", 180, "days"),
			f("median_gap", 35, "days"), f("reached", 5_100, "customers"), f("lost", 3_182, "customers"), e("next_probability", .552, .03, 6_900, "share"), e("next_value", 4_040, 130, 6_200, "RUB")}},
		{Block: "value", Kind: "loss_point", SubjectType: "stage", Subject: w.stages[3], Severity: analytics.Notice, Verdict: analytics.Different, EvidenceSQL: "SELECT 1", Opportunity: chance("order_rate"), Values: []analytics.Value{
			txt("reason", "departed"), txt("model", "fits"), f("buyers", 18_401, "customers"), e("order_share", .061, .002, 18_401, "share"), e("expected_orders", .07, .003, 18_401, "orders"),
			e("expected_revenue", 243, 12, 18_401, "RUB"), e("lost_revenue", 7_070_000, 410_000, 18_401, "RUB"), f("share_of_orders", .235, "share")}},
	}
}

// valueTables are the result tables of the block.
func (w world) valueTables() []analytics.Table {
	var ladder, stages [][]any
	for k := range 6 {
		p := .36 + .1*float64(k)
		ladder = append(ladder, []any{k + 1, 12_300 - 1_700*k, 5_000 - 700*k, .4, p, p - .02, p + .02, 180, 35.0, 5_100.0, 3_100.0, 4_040.0, 3_900.0, 4_200.0})
	}
	ladder = append(ladder, []any{7, 40, 20, .5, nil, nil, nil, 180, nil, 12.0, nil, nil, nil, nil})
	for i, s := range w.stages[:4] {
		p := .61 - .15*float64(i)
		stages = append(stages, []any{s, 6_000, 5_900, p, p - .01, p + .01, p, p - .02, p + .02, 3_000 * p, 2_900 * p, 3_100 * p, .25, 91, "rough"})
	}
	stages = append(stages, []any{w.stages[4], 900, 0, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, 91, "rough"})
	checks := [][]any{{"holdout", -1, 11_800, 9_120.0, 9_420.0, .968, .93, 1.006, nil, .04, 182, "fits"}, {"repeat_counts", -1, 12_300, 12_300.0, 12_300.0, 1.0, nil, nil, 212.0, .029, nil, "rough"}}
	for k := range 8 {
		checks = append(checks, []any{"repeat_counts", k, 6_000 - 700*k, float64(6_000 - 700*k), 5_900 - 690*float64(k), 1.02, nil, nil, nil, nil, nil, nil})
	}
	return []analytics.Table{
		rows("analytics.repeat_orders", []string{"order_number", "customers", "repeated", "raw_share", "probability", "lower", "upper", "horizon_days", "median_gap_days", "reached_per_quarter", "lost_per_quarter", "next_value",
			"next_value_lower", "next_value_upper"}, ladder...),
		rows("analytics.stage_expectations", []string{"stage", "customers", "buyers", "p_order", "p_order_lower", "p_order_upper", "expected_orders", "expected_orders_lower", "expected_orders_upper", "expected_revenue",
			"expected_revenue_lower", "expected_revenue_upper", "share_of_orders", "horizon_days", "verdict"}, stages...),
		rows("analytics.value_settings", []string{"horizon_days", "verdict"}, []any{91, "rough"}),
		rows("analytics.value_checks", []string{"check_name", "repeats", "customers", "actual", "expected", "ratio", "lower", "upper", "statistic", "misplaced", "days", "verdict"}, checks...),
	}
}

// Every sentence of the block is whole, in both languages, with all values and with those only that are always there.
func TestValueTexts(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	always := []string{"reason", "order_number", "next_number", "probability", "horizon_days", "reached", "buyers", "order_share", "lost_revenue"}
	for _, f := range defaultWorld().valueFindings() {
		bare := f
		bare.Values = nil
		for _, v := range f.Values {
			for _, name := range always {
				if v.Name == name {
					bare.Values = append(bare.Values, v)
				}
			}
		}
		for _, x := range []analytics.Finding{f, bare} {
			ru, en := texts.Finding(x)
			r, e := texts.Hypothesis(x)
			for _, s := range []string{ru, en, r.Title + ".", r.What, r.Why, r.Change, e.Title + ".", e.What, e.Why, e.Change} {
				if strings.Contains(s, "нет данных") || strings.Contains(s, "not measured") || strings.Contains(s, "..") || strings.Contains(s, " .") || strings.Contains(s, "{") || !strings.HasSuffix(strings.TrimSpace(s), ".") {
					t.Errorf("%s: %q", x.Subject, s)
				}
			}
		}
	}
}
