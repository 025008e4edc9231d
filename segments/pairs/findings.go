package pairs

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of the block and what each carries, for the texts (ru, en) and for the backlog. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted, no interval. A value that
// could not be estimated is left out, never NaN.
//
//	kind                SubjectType    Subject      reason (t)   Values
//	segment_equivalent  segment_pair   "a|b"        equal        two segments proved to behave alike
//	                    segment_group  "a|b|c…"     equal        of more than two, every two
//	                    segments (t)                their names, separated by ", "
//	                    count                       fact: how many
//	                    customers                   fact: members of all of them added up
//	                    shared                      fact: members of both; only for a pair
//	                    metrics (t)                 the metrics compared, comma-separated
//	                    metric (t)                  the metric with the weakest proof (order_rate, revenue_per_customer, ctr, unsubscribe_rate, transition_rate, response)
//	                    scenario (t)                whose response it is; only for response
//	                    difference                  its difference, share; interval at the level of the selection among pairs, inside the margin
//	                    relative_difference         instead of difference for revenue_per_customer: a / b - 1
//	                    margin                      fact: the margin, unit share
//	                    pairs_tested                fact: pairs in the family
//	                    pair_caveat (t)             as column caveat of segments.pairs; absent when empty
//	segment_redundant   segment_pair   "a|b"        same         nearly the same customers
//	                                                contained    the smaller one lies within the larger one
//	                    smaller (t), larger (t)
//	                    customers_smaller, customers_larger, customers_both   facts
//	                    jaccard                     members of both of the members of either, 95 % interval
//	                    containment                 fact: members of both of those of the smaller one
//	                    behaviour (t)               equivalent, undecided: do those compared behave alike
//	                    pair_caveat (t)             as above
//
// Both carry an Opportunity: Metric "segments", Unit "segments", Baseline = how many there are (fact), Population their members, no Effect (to merge two lists changes nothing
// for a customer), grade D, Threat "structural_only", TestDesign "none", Effort 1 for a redundant pair and 2 for equal segments (their scenarios have to be looked at), Guardrails
// "order_rate" and "unsubscribe_rate".
//
// The fifty groups and pairs with most members each are findings; the rest is in segments.pairs. Equal segments of which one is known by today's members only are findings too, with the
// caveat current_state, and count as exploratory. A redundant pair whose behaviour is undecided has the verdict inconclusive.
//
// Coverage keys (Input: Answers, notes beside "" and missing): segment_memberships: segment_pairs (no_window, segment_limit, part_of_customers, current_state, late_members);
// events: segment_orders, events.value: segment_revenue, messages.clicked_at: segment_ctr, messages.unsubscribed_at: segment_unsubscribe, customers: segment_transition (all_zero);
// segment_memberships.valid_from: segment_explained (no_dated_segments); assignments: segment_targeting (no_partition, no_complete_experiment).

// shownFindings is the most findings of one kind.
const shownFindings = 50

// Findings decides what of the model is worth a reader's time.
func Findings(m *Model) []analytics.Finding {
	return append(m.equalFindings(), m.redundantFindings()...)
}

func (m *Model) members(places []int) (n int64) {
	for _, s := range places {
		n += m.scaled(m.sums[s][sumCustomers])
	}
	return n
}

func (m *Model) equalFindings() []analytics.Finding {
	groups := slices.Clone(m.Groups)
	number := map[string]int{}
	for i, g := range groups {
		number[m.key(g)] = i + 1
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return cmp.Compare(m.members(b), m.members(a)) })
	var out []analytics.Finding
	for _, g := range groups[:min(len(groups), shownFindings)] {
		out = append(out, m.equalFinding(g, number[m.key(g)]))
	}
	return out
}

func (m *Model) equalFinding(group []int, number int) analytics.Finding {
	var weak *Pair
	var caveats []string
	for i := range m.Pairs {
		p := &m.Pairs[i]
		if p.Group != number {
			continue
		}
		if weak == nil || p.PEquivalence > weak.PEquivalence {
			weak = p
		}
		for _, c := range p.Caveats {
			if !slices.Contains(caveats, c) {
				caveats = append(caveats, c)
			}
		}
	}
	c := &weak.Contrasts[weak.Deciding]
	n := m.members(group)
	var v analytics.Values
	v.Text("reason", "equal")
	v.Text("segments", strings.ReplaceAll(m.key(group), "|", ", "))
	v.Fact("count", float64(len(group)), n, "segments")
	v.Fact("customers", float64(n), n, "customers")
	if len(group) == 2 {
		v.Fact("shared", float64(m.scaled(weak.Both)), n, "customers")
	}
	v.Text("metrics", metricKeys(weak.Contrasts))
	key, scenario, _ := strings.Cut(c.Metric, ":")
	v.Text("metric", key)
	if scenario != "" {
		v.Text("scenario", scenario)
	}
	d := m.atSelection(c)
	if c.Method == methodMoney {
		v.Estimate("relative_difference", d)
	} else {
		v.Estimate("difference", d)
	}
	v.Fact("margin", c.Margin, n, "share")
	v.Fact("pairs_tested", float64(m.family), n, "pairs")
	if len(caveats) > 0 {
		v.Text("pair_caveat", strings.Join(caveats, ","))
	}
	x := analytics.Finding{
		Block: "pairs", Kind: "segment_equivalent", SubjectType: "segment_group", Subject: m.key(group), Severity: analytics.Notice, Verdict: analytics.Equivalent,
		Statistic: analytics.Number(c.Difference), PValue: analytics.Number(weak.PEquivalence), QValue: analytics.Number(weak.QEquivalence),
		Exploratory: slices.Contains(caveats, caveatCurrent) || slices.Contains(caveats, caveatLate), Values: v, Opportunity: m.opportunity(group, 2),
		EvidenceSQL: "SELECT p.segment_a, p.segment_b, p.customers_both, p.p_equivalence, p.q_equivalence, p.q_equivalence_any, c.metric, c.value_a, c.value_b, c.difference, c.lower, c.upper, c.margin, " +
			"c.margin_from, c.p_equivalence AS metric_p FROM segments.pairs p JOIN segments.contrasts c ON c.segment_a = p.segment_a AND c.segment_b = p.segment_b WHERE p.segment_a IN (" + m.list(group) +
			") AND p.segment_b IN (" + m.list(group) + ") ORDER BY p.segment_a, p.segment_b, c.metric",
	}
	if len(group) == 2 {
		x.SubjectType = "segment_pair"
	}
	return x
}

// metricKeys lists the kinds of metrics compared, each once.
func metricKeys(cs []Contrast) string {
	var out []string
	for _, c := range cs {
		if key, _, _ := strings.Cut(c.Metric, ":"); !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return strings.Join(out, ",")
}

// atSelection is the difference with the interval that belongs to a proof selected among all pairs: of R equal pairs of m at q the tests were at R q / m, one-sided on either side.
func (m *Model) atSelection(c *Contrast) suffstat.Estimate {
	money := c.Method == methodMoney
	e := suffstat.Estimate{Value: c.Difference, Lower: c.Lower, Upper: c.Upper, Level: TableLevel, N: min(c.NA, c.NB), Unit: "share", Method: c.Method}
	level := 1 - 2*float64(m.selected)*m.FDR/float64(max(m.family, 1))
	if h := suffstat.TQuantile((1+level)/2, c.df) * c.se; level > 0 && analytics.Finite(h) && !c.events {
		e.Level, e.Lower, e.Upper = level, c.d-h, c.d+h
		if money {
			e.Lower, e.Upper = math.Expm1(e.Lower), math.Expm1(e.Upper)
		}
	}
	return e
}

func (m *Model) list(places []int) string {
	out := make([]string, len(places))
	for i, s := range places {
		out[i] = analytics.SQLText(m.Segments[s].ID)
	}
	return strings.Join(out, ", ")
}

func (m *Model) opportunity(places []int, effort int) *analytics.Opportunity {
	n := m.members(places)
	return &analytics.Opportunity{
		Metric: "segments", Unit: "segments", Baseline: suffstat.Fact(float64(len(places)), n, "segments"), Population: n, Grade: analytics.GradeStructural, Threat: "structural_only",
		TestDesign: "none", Guardrails: []string{"order_rate", "unsubscribe_rate"}, Effort: effort,
	}
}

func (m *Model) redundantFindings() []analytics.Finding {
	var found []*Pair
	for i := range m.Pairs {
		if m.Pairs[i].Redundant {
			found = append(found, &m.Pairs[i])
		}
	}
	slices.SortStableFunc(found, func(a, b *Pair) int { return cmp.Compare(b.Both, a.Both) })
	var out []analytics.Finding
	for _, p := range found[:min(len(found), shownFindings)] {
		out = append(out, m.redundantFinding(p))
	}
	return out
}

func (m *Model) redundantFinding(p *Pair) analytics.Finding {
	small, large := p.A, p.B
	if m.sums[small][sumCustomers] > m.sums[large][sumCustomers] {
		small, large = large, small
	}
	n := p.Jaccard.N
	var v analytics.Values
	reason := "contained"
	if p.Jaccard.Lower > redundantJaccard {
		reason = "same"
	}
	v.Text("reason", reason)
	v.Text("smaller", m.Segments[small].ID)
	v.Text("larger", m.Segments[large].ID)
	v.Fact("customers_smaller", float64(m.scaled(m.sums[small][sumCustomers])), n, "customers")
	v.Fact("customers_larger", float64(m.scaled(m.sums[large][sumCustomers])), n, "customers")
	v.Fact("customers_both", float64(m.scaled(p.Both)), n, "customers")
	v.Estimate("jaccard", p.Jaccard)
	v.Fact("containment", p.Containment, n, "share")
	v.Text("behaviour", p.Verdict)
	if len(p.Caveats) > 0 {
		v.Text("pair_caveat", strings.Join(p.Caveats, ","))
	}
	statistic := p.Jaccard.Value
	if reason == "contained" {
		statistic = p.Containment
	}
	x := analytics.Finding{
		Block: "pairs", Kind: "segment_redundant", SubjectType: "segment_pair", Subject: m.Segments[p.A].ID + "|" + m.Segments[p.B].ID, Severity: analytics.Notice, Verdict: analytics.Equivalent,
		Statistic: analytics.Number(statistic), Values: v, Opportunity: m.opportunity([]int{p.A, p.B}, 1),
		EvidenceSQL: "SELECT segment_a, segment_b, customers_a, customers_b, customers_both, jaccard, jaccard_lower, jaccard_upper, containment, compared, verdict, caveat FROM segments.pairs WHERE segment_a = " +
			analytics.SQLText(m.Segments[p.A].ID) + " AND segment_b = " + analytics.SQLText(m.Segments[p.B].ID),
	}
	if reason == "contained" && p.Verdict == Undecided {
		x.Verdict = analytics.Inconclusive
	}
	return x
}
