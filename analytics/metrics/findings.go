package metrics

import (
	"math"

	"crmaudit/analytics"
)

// The value names of the findings; texts in both languages refer to them.
//
// engagement_gap (subject_type scenario, subject the scenario): reason (across), channel, message_kind (texts), ordered_rate (share of delivered messages with a credited order), expected_rate (share, what the clicks let
// expect), click_rate (share), gap (log odds, shrunk), ratio (observed / expected orders, from gap), delivered, clicked, ordered (facts, messages), peers (fact, scenarios compared with), stages (fact),
// margin (fact, share by which orders must differ to matter). Opportunity: metric order_rate, grade D (no effect claimed), threat selection, test ab.
//
// Coverage keys (input: answers). messages: metrics; messages.kind: metrics_by_kind; messages.scenario_id: metrics_by_scenario; messages.delivered_at: delivery; messages.opened_at: opens;
// messages.clicked_at: clicks; events: attribution; stages: stage_moves; messages.response: engagement_gap. Notes: "", missing, none_in_period, no_kind, some_without_kind, no_scenario_id,
// some_without_scenario, delivery_derived, delivery_derived_some, delivery_partly, opens_unreliable, some_channels, no_orders, no_stages, few_scenarios.

// screening is the false-discovery rate of what is shown at all; confirmed is what passes Options.FDR (statistics 0.4).
const screening = .10

// Findings decides what the model says: scenarios whose clicks do not become orders. One family: all scenarios compared in one run.
func Findings(m *Model, opt Options) []analytics.Finding {
	var found []Gap // of every scenario the channel and kind where most is missing
	at := map[string]int{}
	for _, g := range m.Gaps {
		if g.Decision.Verdict != analytics.Different || g.Residual >= 0 || g.Q > screening || !g.Shrunk.OK() || g.Scenario == NoScenario {
			continue
		}
		i, ok := at[g.Scenario]
		switch {
		case !ok:
			at[g.Scenario] = len(found)
			found = append(found, g)
		case g.Shrunk.Value < found[i].Shrunk.Value:
			found[i] = g
		}
	}
	var out []analytics.Finding
	for _, g := range found {
		out = append(out, g.finding(opt))
	}
	return out
}

func (g Gap) finding(opt Options) analytics.Finding {
	confirmed := g.Q <= opt.FDR
	ratio := g.Shrunk
	ratio.Value, ratio.Lower, ratio.Upper, ratio.Unit = math.Exp(ratio.Value), math.Exp(ratio.Lower), math.Exp(ratio.Upper), "ratio"
	v := analytics.Values{}
	v.Text("reason", "across")
	v.Text("channel", g.Channel)
	v.Text("message_kind", g.Kind)
	v.Estimate("ordered_rate", g.Rate.Estimate)
	v.Fact("expected_rate", g.Expected, g.Customers, "share")
	v.Estimate("click_rate", g.Clicks.Estimate)
	v.Estimate("gap", g.Shrunk)
	v.Estimate("ratio", ratio)
	v.Fact("delivered", float64(g.Delivered), g.Customers, "messages")
	v.Fact("clicked", float64(g.Clicked), g.Customers, "messages")
	v.Fact("ordered", float64(g.Orders), g.Customers, "messages")
	v.Fact("peers", float64(g.Peers-1), g.Customers, "scenarios")
	v.Fact("stages", float64(g.Stages), g.Customers, "stages")
	v.Fact("margin", math.Expm1(gapMargin), g.Customers, "share")
	severity := analytics.Notice
	if confirmed {
		severity = analytics.Warning
	}
	perQuarter := int64(math.Round(float64(g.Customers) * 91 / math.Max(opt.Days, 91)))
	return analytics.Finding{
		Block: "metrics", Kind: "engagement_gap", SubjectType: "scenario", Subject: g.Scenario, Severity: severity, Verdict: g.Decision.Verdict, Statistic: analytics.Number(g.Residual),
		PValue: analytics.Number(g.Decision.PDifference), QValue: analytics.Number(g.Q), Exploratory: !confirmed, Values: v,
		EvidenceSQL: "SELECT channel, kind, scenario_id, stages, customers, delivered, clicked, ordered, order_rate, expected_rate, residual, std_error, spread, shrunk, lower, upper, margin, p_value, q_value, verdict " +
			"FROM analytics.engagement_gaps WHERE channel = " + analytics.SQLText(g.Channel) + " AND kind = " + analytics.SQLText(g.Kind) + " AND scenario_id = " + analytics.SQLText(g.Scenario),
		Opportunity: &analytics.Opportunity{
			Metric: "order_rate", Unit: "share", Baseline: g.Rate.Estimate, Population: perQuarter, Step: math.Max(math.Abs(g.Expected-g.Rate.Value)/2, 1e-4),
			Grade: analytics.GradeStructural, Threat: "selection", TestDesign: "ab", Guardrails: []string{"unsubscribe_rate"}, Effort: 2, WeeklyFlow: max(1, perQuarter/13),
		},
	}
}
