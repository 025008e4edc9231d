package duplicates

import (
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of the block "duplicates" and what each carries, for the texts (ru, en) and for the backlog.
//
// Shares are fractions in [0, 1]. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted, no interval. A value that is not known
// is left out, never NaN. Pairs that are a collision or undecided stay in scenarios.duplicates; a collision is the finding scenario_conflict of block overlap.
//
//	kind                SubjectType    Subject  reason (t)   Values
//	scenario_duplicate  scenario_pair  "a|b"    duplicate    the two do the same to the same customers: keep one
//	                                            subset       the smaller one does the same to a part of the other one's customers: the other one suffices
//	                                            same_logic   the two do the same to different customers: make one scenario with a parameter
//	scenario_a (t), scenario_b (t)
//	smaller (t), larger (t)         by person-time
//	keep (t)                        the scenario of the group with the most person-time
//	group (t)                       the members, separated by ", "; group_size (fact)
//	audience                        A: shared person-time of all person-time of the two, 95 % interval, N = customers of the two
//	containment                     shared person-time of the smaller one's, 95 % interval
//	timing, content, logic          facts: T, C, L
//	similarity                      fact: (A T C L)^(1/4)
//	content_source (t)              text, hash, template
//	logic_source (t)                definition, trigger, entries, time
//	customers_smaller, customers_larger, customers_both   facts
//	messages_smaller                fact: messages of the smaller one per quarter
//	cost_saved                      currency per quarter: cost of the messages of smaller x containment; only when message costs are given and when the other one of the pair is keep,
//	                                so that no scenario of a group is counted twice; absent for same_logic, where no message is saved
//	response (t)                    do customers respond alike: equal, different, inconclusive, insufficient_data
//	response_needed                 fact: customers of the smaller one that would decide it; only when inconclusive or insufficient_data
//	click_a, click_b                share of messages clicked within 7 days, 95 % interval; click_difference (a minus b)
//	goal (t), goal_days (fact)      what is compared, when both have the same goal
//	goal_a, goal_b                  share of entries that reach it, 95 % interval; goal_difference (a minus b)
//	threshold_audience, threshold_audience_lower, threshold_other_audience, threshold_containment, threshold_timing, threshold_content, threshold_logic   facts
//
// Finding.Verdict is "equivalent"; the verdict rests on thresholds, so there is no p-value; Statistic is the similarity.
// The p-values of equal response are in scenarios.duplicates.
//
// Opportunity: Metric "cost_per_quarter", Unit the currency, Baseline = cost of the messages of both per quarter, Effect = -cost_saved, Money = cost_saved, grade D (cost
// saved, nothing else is claimed). Without message costs, and for same_logic: Metric "messages_per_quarter", Unit "messages", no Effect. Threat "structural_only",
// TestDesign "ab" (both against one of them; none for same_logic), Guardrails "order_rate" and "unsubscribe_rate". Pairs of a group without its keep, and pairs whose members
// are in other groups, have no Opportunity.
//
// Coverage keys. Input: messages (answers duplicate_timing), templates (duplicate_content), scenarios (duplicate_logic: definitions), enrolments (duplicate_entries). Note keys:
// "", missing, templates_only (no texts and no hashes: content is compared by template id), pair_limit,
// scenario_limit (only the 1,000 largest scenarios are compared), few_customers.

// Findings decides what the model says.
func Findings(m *Model, opt Options) []analytics.Finding {
	opt, err := opt.filled()
	if err != nil {
		return nil // Fit has refused the same options with this error
	}
	var out []analytics.Finding
	for _, p := range m.Pairs {
		if p.Verdict == Duplicate || p.Verdict == Subset || p.Verdict == SameLogic {
			out = append(out, m.finding(p, opt))
		}
	}
	return out
}

func (m *Model) finding(p Pair, opt Options) analytics.Finding {
	a, b := &m.Scenarios[p.A], &m.Scenarios[p.B]
	small, large := &m.Scenarios[p.Smaller], &m.Scenarios[p.A+p.B-p.Smaller]
	group := m.GroupOf(p)
	alone := group == nil // the two are in groups with others, which differ
	if alone {
		group = &Group{Members: []int{p.A, p.B}, Keep: p.A + p.B - p.Smaller}
	}
	x := analytics.Finding{
		Block: "duplicates", Kind: "scenario_duplicate", SubjectType: "scenario_pair", Subject: key(a.ID, b.ID), Severity: analytics.Warning,
		Verdict: analytics.Equivalent, Statistic: analytics.Number(p.Similarity),
		EvidenceSQL: evidence(a.ID, b.ID),
	}
	if p.Verdict == SameLogic {
		x.Severity = analytics.Notice
	}
	v := analytics.Values{}
	v.Text("reason", p.Verdict)
	v.Text("scenario_a", a.ID)
	v.Text("scenario_b", b.ID)
	v.Text("smaller", small.ID)
	v.Text("larger", large.ID)
	v.Text("keep", m.Scenarios[group.Keep].ID)
	names := make([]string, len(group.Members))
	for i, member := range group.Members {
		names[i] = m.Scenarios[member].ID
	}
	v.Text("group", strings.Join(names, ", "))
	both := p.CustomersA + p.CustomersB - p.CustomersBoth
	v.Fact("group_size", float64(len(names)), both, "scenarios")
	v.Estimate("audience", p.Audience)
	v.Estimate("containment", p.Containment)
	v.Fact("timing", p.Timing, both, "share")
	v.Fact("content", p.Content, both, "share")
	v.Fact("logic", p.Logic, both, "share")
	v.Fact("similarity", p.Similarity, both, "share")
	v.Text("content_source", p.ContentSource)
	v.Text("logic_source", p.LogicSource)
	v.Fact("customers_smaller", float64(small.customers()), small.customers(), "customers")
	v.Fact("customers_larger", float64(large.customers()), large.customers(), "customers")
	v.Fact("customers_both", float64(p.CustomersBoth), p.CustomersBoth, "customers")
	v.Fact("messages_smaller", float64(small.messages())*quarter/opt.Days, small.customers(), "messages")
	addResponse(&v, p.Response)
	opt.Thresholds.Each(func(key string, t float64) { v.Fact("threshold_"+key, t, both, "share") })
	if !alone {
		x.Opportunity = m.opportunity(p, *group, opt)
	}
	if o := x.Opportunity; o != nil && o.Money != nil {
		v.Estimate("cost_saved", *o.Money)
	}
	x.Values = v
	return x
}

func addResponse(v *analytics.Values, r Response) {
	v.Text("response", r.Verdict)
	if r.Needed > 0 {
		v.Fact("response_needed", float64(r.Needed), r.Needed, "customers")
	}
	v.Estimate("click_a", r.Click.A)
	v.Estimate("click_b", r.Click.B)
	v.Estimate("click_difference", r.Click.Difference.Of(r.Click.Difference.N, "share"))
	if r.Comparable {
		v.Text("goal", r.GoalName)
		v.Fact("goal_days", float64(r.GoalDays), r.Goal.A.N+r.Goal.B.N, "days")
		v.Estimate("goal_a", r.Goal.A)
		v.Estimate("goal_b", r.Goal.B)
		v.Estimate("goal_difference", r.Goal.Difference.Of(r.Goal.Difference.N, "share"))
	}
}

// quarter is the days of a quarter.
const quarter = 91

// opportunity is what stopping the smaller scenario, or merging the two, saves. nil for pairs of a group without the scenario that is kept: what they save is
// counted with the pair that has it.
func (m *Model) opportunity(p Pair, g Group, opt Options) *analytics.Opportunity {
	if p.A != g.Keep && p.B != g.Keep {
		return nil
	}
	drop := p.A + p.B - g.Keep
	small := &m.Scenarios[drop]
	o := &analytics.Opportunity{
		Metric: "messages_per_quarter", Unit: "messages", Population: int64(math.Round(float64(small.customers()) * quarter / opt.Days)),
		Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab", Guardrails: []string{"order_rate", "unsubscribe_rate"},
		Effort: 1, WeeklyFlow: int64(math.Round(float64(small.customers()) * 7 / opt.Days)),
	}
	n := p.CustomersA + p.CustomersB - p.CustomersBoth
	o.Baseline = suffstat.Fact(float64(m.Scenarios[p.A].messages()+m.Scenarios[p.B].messages())*quarter/opt.Days, n, "messages")
	switch p.Verdict {
	case SameLogic:
		o.TestDesign, o.Effort = "none", 3
		return o
	case Subset:
		o.Effort = 2
	}
	saved := m.saved(p, drop, opt)
	if !saved.OK() || !(saved.Value > 0) || !analytics.Finite(saved.Lower) || !analytics.Finite(saved.Upper) {
		return o
	}
	cost := opt.cost(&m.Scenarios[p.A]) + opt.cost(&m.Scenarios[p.B])
	effect := saved.Scale(-1, opt.Currency)
	o.Metric, o.Unit, o.Effect, o.Money = "cost_per_quarter", opt.Currency, &effect, &saved
	o.Baseline = suffstat.Fact(cost*quarter/opt.Days, n, opt.Currency)
	return o
}

func (o Options) cost(s *Scenario) float64 {
	c := 0.
	for _, m := range s.Messages {
		c += float64(m.Messages) * o.MessageCost[m.Channel]
	}
	return c
}

// saved is the cost per quarter of the messages of drop that its counterpart sends anyway: cost of its messages x share of its person-time that lies within the
// counterpart. Interval by the bucket jackknife of the product, at the level of expected effects.
func (m *Model) saved(p Pair, drop int, opt Options) suffstat.Estimate {
	s, shared := &m.Scenarios[drop], m.shared[[2]int{p.A, p.B}]
	var channels []string
	for channel, cost := range opt.MessageCost {
		if cost > 0 {
			channels = append(channels, channel)
		}
	}
	if shared == nil || len(channels) == 0 {
		return suffstat.NotEstimable(suffstat.MethodJackknife, opt.Level, suffstat.ErrNoData)
	}
	parts := make([]suffstat.Cells, Buckets) // shared seconds, seconds, 1 per bucket, then messages by channel
	used := 0.
	for g := range parts {
		parts[g] = make(suffstat.Cells, 3+len(channels))
		parts[g][0], parts[g][1] = shared.Buckets[g], s.Seconds[g]
		if s.Seconds[g] > 0 {
			parts[g][2], used = 1, used+1
		}
	}
	place := map[string]int{}
	slices.Sort(channels)
	for i, c := range channels {
		place[c] = 3 + i
	}
	for _, x := range s.Messages {
		if at, ok := place[x.Channel]; ok {
			parts[x.Bucket][at] += x.Messages
		}
	}
	e := suffstat.Jackknife(parts, func(c suffstat.Cells) float64 {
		cost := 0.
		for i, channel := range channels {
			cost += float64(c[3+i]) * opt.MessageCost[channel]
		}
		// Per bucket, so that leaving one out is no smaller company.
		return used * cost / float64(c[2]) * float64(c[0]) / float64(c[1]) * quarter / opt.Days
	}, opt.Level)
	e.Lower = math.Max(0, e.Lower)
	return e.Of(s.customers(), opt.Currency)
}

func evidence(a, b string) string {
	return "SELECT scenario_a, scenario_b, customers_a, customers_b, customers_both, audience, audience_lower, audience_upper, containment, containment_lower, containment_upper, " +
		"timing, content, content_source, logic, logic_source, similarity, verdict, response, click_difference, goal_difference, messages_a, messages_b, messages_a_quarter, messages_b_quarter, " +
		"messages_a_quarter + messages_b_quarter AS messages_quarter, customers_a + customers_b - customers_both AS customers, cost_quarter, saved_quarter, saved_lower, saved_upper\n" +
		"FROM scenarios.duplicates WHERE scenario_a = " + analytics.SQLText(a) + " AND scenario_b = " + analytics.SQLText(b)
}
