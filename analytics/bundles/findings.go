package bundles

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
)

// Findings of the block, all of kind bundle. (t) is a Value.Text, all others are Value.Estimate; "fact" is counted, no interval.
//
//	SubjectType                          Subject   reason (t)  Values
//	product_pair, category_pair          "A + B"   together    antecedent, consequent (t; the one with the higher attach rate first), adjusted_lift (95 % interval: decides), lift (plain), within_category (the same beyond the
//	                                                           taste for the category; absent for products of two categories and for categories), n_both, expected (orders), customers (facts),
//	                                                           attach_rate (share of orders with the antecedent that hold the consequent), base_rate (fact: share of all orders that do), value (fact: mean
//	                                                           value of the consequent; absent without money)
//	product_sequence, category_sequence  "A -> B"  sequence    antecedent, consequent (t), probability (share who first buy the consequent within 90 days after an order with the antecedent), probability_without (after like orders
//	                                                           without it), difference, within_difference (against orders with another product of the category; absent without category), orders, bought (facts), value (fact)
//
// A pair is a finding when its verdict is together (q <= .10 and adjusted lift surely above the margin) in one order (reason quarter: in 91 days of one customer, only where no pair has enough orders) and, for two products of one category, it goes together within the category too (q <= .10): that lovers of tea buy
// two teas is no bundle. Of products the 10 surest (lower end of the shrunken adjusted lift), of categories 5. A sequence is one when its verdict is more, its shrunken lower end above 0, and likewise within the category: 5 of
// each level. Exploratory when a q is above decision.fdr. What is bought apart, and quarters, are in the tables only.
//
// Opportunity: pairs: Metric attach_rate, Baseline attach_rate, Population = orders with the antecedent and without the consequent in a quarter, Step a tenth of the attach rate, Stake = the margin of so many consequents. Sequences:
// Metric next_purchase_rate, Baseline probability, Population = orders with the antecedent of customers who have not had the consequent in a quarter, Stake likewise. Grade D: nothing says what an offer would change; Threat
// association_only; TestDesign ab.
//
// Coverage (input: answers): order_items: bundles; order_items.category: bundle_categories; order_items.price: attach_money; order_items.customer_id: bundle_customers. Notes: "", missing, product_events (lines from order events),
// none_in_period, bundles_sample (a part of the customers, beyond 1 million lines), bundles_capped (not all products or pairs entered), large_baskets (orders above 500 products left out), returns (lines of no or fewer pieces set off or left out),
// no_category, some_without_category, no_value, some_without_customer, small_baskets (hardly an order holds two products).

const (
	mostProductPairs  = 10
	mostCategoryPairs = 5
	mostSequences     = 5
)

// Findings says what is bought together and one after another.
func Findings(m *Model) []analytics.Finding {
	var out []analytics.Finding
	left := map[int]int{inOrder: mostProductPairs, categories: mostCategoryPairs}
	if !m.Counts.Universes[inOrder].enough() { // hardly an order holds two products: what a customer buys within a quarter is all there is
		left[inQuarter] = mostProductPairs
	}
	for _, p := range m.Pairs { // surest first
		beyond := !p.Within.OK() || p.Within.Value > 1 && p.WithinQ <= screening
		if left[p.Universe] == 0 || p.Verdict() != "together" || p.Place == 0 || !beyond || m.opposite(p) || m.taste(p) {
			continue
		}
		left[p.Universe]--
		out = append(out, m.pairFinding(p))
	}
	sequences := slices.Clone(m.Sequences)
	slices.SortStableFunc(sequences, func(a, b Sequence) int { return cmp.Compare(lowest(b), lowest(a)) })
	most := map[string]int{"product": mostSequences, "category": mostSequences}
	for _, s := range sequences {
		beyond := !s.Within.OK() || s.Within.Value > 0 && s.WithinQ <= screening
		if most[level(s.A)] == 0 || s.Verdict() != "more" || !(s.Shrunk.Lower > 0) || !beyond {
			continue
		}
		most[level(s.A)]--
		out = append(out, m.sequenceFinding(s))
	}
	return out
}

// taste tells that a pair of a quarter is of one category: whether it goes together beyond the taste for it is not looked at there.
func (m *Model) taste(p Pair) bool {
	a, b := m.Counts.Names[p.A], m.Counts.Names[p.B]
	return p.Universe == inQuarter && a.Ca != 0 && a.Ca == b.Ca
}

// opposite tells that the shrunken estimate does not bear the pair out.
func (m *Model) opposite(p Pair) bool { return p.Shrunk.OK() && p.Shrunk.Lower <= 1 }

func lowest(s Sequence) float64 {
	if s.Shrunk.OK() {
		return s.Shrunk.Lower
	}
	return math.Inf(-1)
}

func (m *Model) pairFinding(p Pair) analytics.Finding {
	sides := m.sides(p)
	s := sides[0]
	if sides[1].attach.Value > s.attach.Value {
		s = sides[1]
	}
	v := &analytics.Values{}
	reason := "together"
	if p.Universe == inQuarter {
		reason = "quarter"
	}
	v.Text("reason", reason)
	v.Text("antecedent", s.antecedent)
	v.Text("consequent", s.then)
	lift := func(name string, x float64) { // all on the pair's own count
		e := p.Adjusted
		e.Unit = "ratio"
		if name == "lift" {
			e = p.Lift
			e.Unit = "ratio"
		}
		if x > 0 {
			v.Estimate(name, e)
		}
	}
	lift("adjusted_lift", p.Adjusted.Value)
	lift("lift", p.Lift.Value)
	if p.Within.OK() {
		e := p.Within
		e.Unit = "ratio"
		v.Estimate("within_category", e)
	}
	v.Fact("n_both", float64(p.N), p.Customers, "orders")
	v.Point("expected", math.Round(p.Expected), p.N, "orders")
	v.Fact("customers", float64(p.Customers), p.Customers, "customers")
	v.Estimate("attach_rate", s.attach)
	v.Fact("base_rate", s.baseRate, p.Baskets, "share")
	if s.value > 0 {
		v.Fact("value", s.value, s.nTo, m.Opt.Currency)
	}
	orders := float64(s.nFrom-p.N) * m.scale()
	f := analytics.Finding{
		Block: "bundles", Kind: "bundle", SubjectType: level(p.A) + "_pair", Subject: m.name(p.A) + " + " + m.name(p.B), Severity: analytics.Notice, Verdict: analytics.Different,
		Statistic: analytics.Number(p.Adjusted.Value), PValue: analytics.Number(p.P), QValue: analytics.Number(p.Q), Exploratory: !(p.Q <= m.Opt.FDR) || p.WithinQ > m.Opt.FDR, Values: *v,
		EvidenceSQL: fmt.Sprintf("SELECT b.antecedent, b.consequent, b.adjusted_lift, b.lower, b.upper, b.lift, b.within_category, b.within_lower, b.within_upper, b.n_both, b.expected, b.customers, b.q_value, "+
			"r.orders, r.attach_rate, r.lower AS attach_lower, r.upper AS attach_upper, r.n AS attach_n, r.base_rate, r.value, r.stake FROM analytics.bundles b LEFT JOIN analytics.attach_rates r ON r.level = b.level AND r.antecedent = b.antecedent AND r.consequent = b.consequent "+
			"WHERE b.basket = '%s' AND b.level = '%s' AND b.antecedent = %s AND b.consequent = %s", basketName(p.Universe), level(p.A), analytics.SQLText(s.antecedent), analytics.SQLText(s.then)),
		Opportunity: &analytics.Opportunity{
			Metric: "attach_rate", Unit: "share", Baseline: s.attach, Population: int64(math.Round(orders)), Step: math.Max(1e-4, attachStep*s.attach.Value), Grade: analytics.GradeStructural, Threat: "association_only",
			TestDesign: "ab", Guardrails: []string{"revenue_per_customer"}, Effort: 2, WeeklyFlow: int64(math.Round(orders / 13)), Problem: level(s.from) + ":" + s.antecedent + " + " + s.then,
		},
	}
	if s.stake.OK() && s.stake.Value > 0 {
		stake := s.stake
		f.Opportunity.Stake = &stake
	}
	return f
}

func (m *Model) sequenceFinding(s Sequence) analytics.Finding {
	v := &analytics.Values{}
	v.Text("reason", "sequence")
	v.Text("antecedent", m.name(s.A))
	v.Text("consequent", m.name(s.B))
	v.Estimate("probability", s.With)
	v.Estimate("probability_without", s.Base)
	v.Estimate("difference", s.Decision.Interval.Of(s.Orders, "share"))
	v.Estimate("within_difference", s.Within)
	v.Fact("orders", float64(s.Orders), s.Orders, "orders")
	v.Fact("bought", float64(s.Bought), s.Orders, "orders")
	universe := inOrder
	if s.B < 0 {
		universe = categories
	}
	value := math.NaN()
	if x := m.Counts.Universes[universe]; x != nil && x.Items[s.B] != nil {
		value = meanValue(x.Items[s.B], sum(x.Items[s.B].N))
	}
	if value > 0 {
		v.Fact("value", value, s.Orders, m.Opt.Currency)
	}
	orders := float64(s.Orders) * m.scale() * m.Opt.Days / math.Max(m.Opt.Days-30, 1) // the last 30 days begin nothing
	f := analytics.Finding{
		Block: "bundles", Kind: "bundle", SubjectType: level(s.A) + "_sequence", Subject: m.name(s.A) + " -> " + m.name(s.B), Severity: analytics.Notice, Verdict: analytics.Different,
		Statistic: analytics.Number(s.Decision.Interval.Value), PValue: analytics.Number(s.P), QValue: analytics.Number(s.Q), Exploratory: !(s.Q <= m.Opt.FDR) || s.WithinQ > m.Opt.FDR, Values: *v,
		EvidenceSQL: fmt.Sprintf("SELECT antecedent, consequent, orders, orders_without, bought, probability, lower, upper, probability_without, without_lower, without_upper, difference, difference_lower, difference_upper, within_difference, within_lower, within_upper, q_value "+
			"FROM analytics.bundle_sequences WHERE level = '%s' AND antecedent = %s AND consequent = %s", level(s.A), analytics.SQLText(m.name(s.A)), analytics.SQLText(m.name(s.B))),
		Opportunity: &analytics.Opportunity{
			Metric: "next_purchase_rate", Unit: "share", Baseline: s.With, Population: int64(math.Round(orders)), Step: math.Max(1e-4, attachStep*s.With.Value), Grade: analytics.GradeStructural, Threat: "association_only",
			TestDesign: "ab", Guardrails: []string{"unsubscribe_rate", "revenue_per_customer"}, Effort: 2, WeeklyFlow: int64(math.Round(orders / 13)), Problem: level(s.A) + ":" + m.name(s.A) + " -> " + m.name(s.B),
		},
	}
	if value > 0 && m.Opt.Margin > 0 {
		stake := s.With
		scale := orders * attachStep * value * m.Opt.Margin
		stake.Value, stake.Lower, stake.Upper, stake.Unit = stake.Value*scale, stake.Lower*scale, stake.Upper*scale, m.Opt.Currency
		f.Opportunity.Stake = &stake
	}
	return f
}
