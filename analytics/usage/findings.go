package usage

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block 16 and what each carries, for the texts (ru, en) and for the backlog. All values are facts; money in currency units.
//
//	kind       SubjectType  Subject      reason (t)  Values
//	low_usage  owners       owners       owners      owners, without (of them without a trace in the last 28 days), share, customers (that they own), never (of them without any in the audited window)
//	           channel      the channel  cost        messages, cost, credited (margin of the orders credited with double windows), missing (what that lacks to the cost), order_share
//	channel_redundant  scenario_channel  "welcome/sms"  repeats     scenario, channel, first_channel (t), repeat_share (share of the channel's messages in the scenario that repeat one of first_channel, 95 %), repeated, customers (facts, of the sample),
//	                                                    unmeasured  collision_hours (fact), cost (per quarter, decision.level; left out when not given); repeats only: clicked_only (fact), extra_rate (share clicked where the first was not, 90 %), margin (fact)
//
// channel_redundant: verdict equivalent with p and q (the share of clicks that the later channel adds is surely below decision.equivalence.ctr; q within .10, exploratory above decision.fdr), or, where no click of the channel is ever reported and it costs money,
// inconclusive and exploratory. Opportunity: Metric cost_per_quarter with Effect and Money = the cost saved, Grade D (nothing else is claimed); without a cost messages_per_quarter. TestDesign ab, guardrail order_rate.
//
// owners are reported when deals or tasks are there at all, from two owners on; a channel when even with double windows, and if every credited order came from its messages, the margin does not reach the cost. Both are facts.
//
// Opportunities: Grade D, Threat structural_only, Effect and money nil. A channel: Metric cost_per_order, no test of its own. Owners: Metric idle_owner_share, TestDesign none.
//
// Coverage keys (input: answers): customers.owner: owners_active; orders: orders_credited; money.message_cost: message_cost; money.margin: message_return; history: year_ago; usage.fixed_cost: fixed_cost; enrolments.arm:
// randomized_return. Notes: "", missing, no_trace (owners are known, deals and tasks are not), unpriced_channels, priced_unused, under_half_year, under_year, under_18_months, no_holdouts.

const (
	mostIdle      = .2  // share of owners above which it is worth a decision
	leastMessages = 500 // of a channel whose return is judged
)

// Findings says what is hardly used, or costs more than it can bring.
func Findings(m *Model, opt Options) []analytics.Finding {
	var out []analytics.Finding
	if f, ok := m.idleOwners(); ok {
		out = append(out, f)
	}
	for _, r := range m.Returns {
		if f, ok := r.loses(opt.Currency); ok {
			out = append(out, f)
		}
	}
	return append(out, m.redundant(opt)...)
}

// traced tells that somebody's work leaves traces: without deals and tasks nobody's does.
func (m *Model) traced() bool {
	for _, o := range m.Owners {
		if o.State != None {
			return true
		}
	}
	return false
}

func (m *Model) idleOwners() (analytics.Finding, bool) {
	var idle, never, customers int64
	for _, o := range m.Owners {
		if o.State != Active {
			idle++
			customers += o.Customers
			if o.State == None {
				never++
			}
		}
	}
	n := int64(len(m.Owners))
	if n < 2 || idle == 0 || !m.traced() {
		return analytics.Finding{}, false
	}
	share := float64(idle) / float64(n)
	severity := analytics.Notice
	if share > mostIdle {
		severity = analytics.Warning
	}
	v := analytics.Values{}
	v.Text("reason", "owners")
	v.Fact("owners", float64(n), n, "owners")
	v.Fact("without", float64(idle), n, "owners")
	v.Fact("share", share, n, "share")
	v.Fact("never", float64(never), n, "owners")
	v.Fact("customers", float64(customers), customers, "customers")
	return analytics.Finding{
		Block: "usage", Kind: "low_usage", SubjectType: "owners", Subject: "owners", Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(float64(idle)), Values: v,
		EvidenceSQL: "SELECT owner, customers, deal_moves, tasks_created, tasks_done, last_date, state, count(*) OVER () AS without, sum(customers) OVER () AS all_customers, " +
			"count(*) FILTER (state = 'none') OVER () AS never, (SELECT count(*) FROM analytics.usage_owners) AS owners, count(*) OVER () * 1.0 / (SELECT count(*) FROM analytics.usage_owners) AS share FROM analytics.usage_owners WHERE state <> 'active' ORDER BY customers DESC, owner",
		Opportunity: &analytics.Opportunity{
			Metric: "idle_owner_share", Unit: "share", Baseline: suffstat.Fact(share, n, "share"), Population: customers, Step: share / 2, Grade: analytics.GradeStructural, Threat: "structural_only",
			TestDesign: "none", Guardrails: []string{"order_rate"}, Effort: 2,
		},
	}, true
}

// loses tells of a channel that costs more than it could possibly bring.
func (r Return) loses(currency string) (analytics.Finding, bool) {
	if r.Scope != "channel" || r.Best == nil || *r.Best >= 0 || r.Messages < leastMessages || r.All == 0 {
		return analytics.Finding{}, false
	}
	money := func(minor int64) float64 { return float64(minor) / 100 }
	v := analytics.Values{}
	v.Text("reason", "cost")
	v.Fact("messages", float64(r.Messages), r.Messages, "messages")
	v.Fact("cost", money(*r.Cost), r.Messages, currency)
	v.Fact("credited", money(*r.Best+*r.Cost), r.Messages, currency)
	v.Fact("missing", money(-*r.Best), r.Messages, currency)
	v.Fact("order_share", r.Share(r.Orders), r.All, "share")
	perOrder := money(*r.Cost) / math.Max(float64(r.Double), 1)
	return analytics.Finding{
		Block: "usage", Kind: "low_usage", SubjectType: "channel", Subject: r.Channel, Severity: analytics.Warning, Verdict: analytics.Different, Statistic: analytics.Number(float64(*r.Best)), Values: v,
		EvidenceSQL: "SELECT channel, messages, unit_cost, cost, orders, order_share, share_double, revenue, margin_money, result, best_result FROM analytics.usage_return WHERE scope = 'channel' AND channel = " +
			analytics.SQLText(r.Channel),
		Opportunity: &analytics.Opportunity{
			Metric: "cost_per_order", Unit: currency, Baseline: suffstat.Fact(perOrder, r.Double, currency), Step: perOrder / 5, Grade: analytics.GradeStructural, Threat: "structural_only",
			Guardrails: []string{"order_rate"}, Effort: 2,
		},
	}, true
}
