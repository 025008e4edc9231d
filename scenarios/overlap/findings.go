package overlap

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of the block and what each carries, for the texts (ru, en) and for the backlog. (t) is a Value.Text, all others are Value.Estimate; "fact"
// is counted, no interval. A value that could not be estimated is left out of Values, never NaN.
//
//	kind                SubjectType     Subject   reason (t)          Values
//	scenario_conflict   scenario_pair   "a|b"     contradictory_roles, overlap_above, collisions_above: what decided, comma-separated, the gravest first
//	                    scenario_a (t), scenario_b (t)
//	                    role_a (t), role_b (t)      declared roles; absent when not declared
//	                    customers_both              fact: customers who were in both within the audited time
//	                    customers_at_once           fact: of them those who were in both at once
//	                    overlap_days                fact: their time in both, customer-days
//	                    containment                 fact: that time as a share of the time in the scenario with less of it
//	                    overlap_ratio               observed over expected time at once, given stage x week x channels left; interval at the false-coverage
//	                                                level of the pairs selected; absent for a calendar campaign
//	                    collisions                  fact: two messages to one customer closer than collision_hours; listed in scenarios.fct_collisions
//	                    collision_hours             fact: that distance
//	                    customers_hit               fact: customers with a collision
//	                    collisions_per_1000         fact: per 1,000 customer-weeks of the panel
//	                    collision_share             share of the pairs of messages in one customer-week that collide (clustered interval)
//	                    collision_ratio             observed over expected collisions, given the hours at which each of the two is sent
//	                    order (t)                   a_first, b_first, no_rule, mixed, undecided, insufficient_data: who goes first of two colliding messages
//	                    a_first                     share of collisions in which a goes first
//	                    priority_inversions         fact: collisions in which the lower priority went first; absent without priorities
//	                    pressure (t)                always "scenarios.pressure". The harm of messages close together is not estimated here: customers who were hit differ from those who were not in everything that
//	                                                brought them into two scenarios. contact.LinkCollisions adds what the pressure model says of all bulk messages (harm, harm_open ... harm_complaint)
//	priority_inversion  scenario_pair   "a|b"     inverted            the lower priority surely goes first in more than half of the collisions; where it is about half nobody
//	                                                                  decides, and that is one finding for all pairs (order)
//	                    scenario_a (t), scenario_b (t)
//	                    priority_a, priority_b      facts: declared priorities; absent when the messages carry them
//	                    inversion_share             share of collisions of different priority in which the lower one went first
//	                    priority_inversions, ranked_collisions   facts
//	                    customers_hit, collision_hours           facts
//	                    lost_messages               fact: messages of the more important one that were not sent at all while the other wrote; absent when there is none
//	priority_inversion  scenarios       "order"   ignored             of all collisions of different priority, the lower one goes first in surely more than one of ten
//	                                                                  (Opportunity as above)
//	                                              lost                not that, but of the messages not sent that could have gone, surely more than one of ten had a
//	                                                                  less important one sent to the same customer nearby (Opportunity: lost_share)
//	                                              no_rule             neither (priorities are not known, the same, or kept in all but few), and there are pairs of scenarios whose order is proved to follow no rule
//	                    inversion_share             share of those collisions in which the lower one went first; only with reason ignored, as
//	                    with_priority               fact: pairs of scenarios behind it
//	                    lost_share                  share of the messages not sent, though they could have gone (cap, quiet hours, conflict, unknown reason), beside which a
//	                                                less important one went; with reason lost, and with ignored when it would be a finding of its own, as
//	                    lost_messages, lost_customers, withheld  facts: those, their customers, and all that it is a share of
//	                    lost_reason (t)             the commonest reason among those lost
//	                    scenario_lost (t), scenario_sent (t)     the pair that loses most
//	                    pairs                       fact: pairs whose order is proved to follow no rule: neither goes first in less than .4 or more than .6 of their
//	                                                collisions; absent when there is none, as
//	                    collisions                  fact: collisions of such pairs
//	                    pairs_judged                fact: pairs with enough collisions to judge their order
//	                    collision_hours             fact
//
// scenario_conflict and priority_inversion of a pair carry an Opportunity: Metric "collision_share" (share of the pairs of messages in one customer-week that lie
// closer than collision_hours), "inversion_share" or "lost_share", Unit "share", Baseline the value above, Population = customers hit per quarter, Step = a tenth of the
// baseline at least and 2 percentage points at least, Grade D (nothing was tried out), Threat "structural_only", TestDesign "sequence_test", Guardrails
// "unsubscribe_rate" and "complaint_rate", Effort 2. Without collisions (roles alone) the metric of a conflict is "shared_time", its containment; that of no_rule is "unordered_collisions",
// a number.
//
// The fifty gravest conflicts and inversions each are findings; the rest is in scenarios.pairs.
//
// Severity: critical when contradictory roles hold 1,000 customers at once, or 10 % of the customers of the smaller scenario are hit by collisions above
// expectation; else warning. no_rule is a notice.
//
// Coverage keys. Input: enrolments (answers scenario_overlap), messages (answers message_collisions), scenarios (answers roles_and_priorities), stage panel
// "customers" (answers overlap_expected), messages.not_sent_at (answers lost_messages). Note keys: "", missing, no_not_sent (the exports hold no decision against sending),
// unknown_reasons (most of those that could have gone have a reason that is not known), derived (entries made from messages), no_roles, no_priorities, one_scenario, no_panel,
// pair_limit (more pairs than the table holds), long_steps (calendar steps longer than a week: many scenarios over a long time).

// shownFindings is the most findings of one kind.
const shownFindings = 50

// Findings decides what of the model is worth a reader's time. weeks is the length of the audited time.
func Findings(m *Model, weeks float64) []analytics.Finding {
	f := finder{m: m, weeks: math.Max(weeks, 1)}
	f.conflicts()
	f.inversions()
	f.order()
	return f.out
}

type finder struct {
	m     *Model
	weeks float64
	out   []analytics.Finding
}

func (f *finder) top(keep func(*Pair) bool, weight func(*Pair) float64) []*Pair {
	var out []*Pair
	for i := range f.m.Pairs {
		if keep(&f.m.Pairs[i]) {
			out = append(out, &f.m.Pairs[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *Pair) int { return cmp.Compare(weight(b), weight(a)) })
	return out[:min(len(out), shownFindings)]
}

// fcr is the level of the intervals of selected pairs.
func (f *finder) fcr(of func(*Pair) (p float64, selected bool)) float64 {
	family, selected := 0, 0
	for i := range f.m.Pairs {
		p, yes := of(&f.m.Pairs[i])
		if !math.IsNaN(p) {
			family++
			if yes {
				selected++
			}
		}
	}
	if family == 0 {
		return TableLevel
	}
	return math.Max(TableLevel, suffstat.FCRLevel(f.m.FDR, selected, family))
}

func (f *finder) names(v *analytics.Values, p *Pair) {
	v.Text("scenario_a", p.A)
	v.Text("scenario_b", p.B)
}

func (f *finder) conflicts() {
	timeLevel := f.fcr(func(p *Pair) (float64, bool) { return p.Overlap.P, strings.Contains(p.Reason, "overlap_above") })
	messageLevel := f.fcr(func(p *Pair) (float64, bool) { return p.Collision.P, strings.Contains(p.Reason, "collisions_above") })
	weight := func(p *Pair) float64 { return float64(p.row.Hit + p.row.AtOnce) }
	for _, p := range f.top(func(p *Pair) bool { return p.Verdict == Conflict }, weight) {
		var v analytics.Values
		v.Text("reason", p.Reason)
		f.names(&v, p)
		if p.RoleA != "" && p.RoleB != "" {
			v.Text("role_a", p.RoleA)
			v.Text("role_b", p.RoleB)
		}
		v.Fact("customers_both", float64(p.row.Customers), p.row.Customers, "customers")
		v.Fact("customers_at_once", float64(p.row.AtOnce), p.row.Customers, "customers")
		v.Fact("overlap_days", float64(p.row.Seconds)/86400, p.row.AtOnce, "customer-days")
		v.Fact("containment", p.containment(), p.row.AtOnce, "share")
		v.Estimate("overlap_ratio", p.Overlap.At(timeLevel))
		v.Fact("collisions", float64(p.row.Near), p.row.Hit, "pairs of messages")
		v.Fact("collision_hours", float64(f.m.Grid.CollisionSeconds)/3600, p.row.Hit, "hours")
		v.Fact("customers_hit", float64(p.row.Hit), p.row.Customers, "customers")
		v.Fact("collisions_per_1000", f.m.perThousand(p.row.Near), p.row.Hit, "per 1,000 customer-weeks")
		v.Estimate("collision_share", p.NearShare.Estimate)
		v.Estimate("collision_ratio", p.Collision.At(messageLevel))
		v.Text("order", p.Order)
		v.Estimate("a_first", p.First.Estimate)
		if p.Ranked > 0 {
			v.Fact("priority_inversions", float64(p.Inverted), p.row.Hit, "pairs of messages")
		}
		v.Text("pressure", "scenarios.pressure")
		severity := analytics.Warning
		least := float64(min(p.CustomersA, p.CustomersB))
		if strings.HasPrefix(p.Reason, "contradictory_roles") && p.row.AtOnce >= 1000 || strings.Contains(p.Reason, "collisions_above") && float64(p.row.Hit) >= .1*least {
			severity = analytics.Critical
		}
		x := analytics.Finding{Kind: "scenario_conflict", SubjectType: "scenario_pair", Subject: p.A + "|" + p.B, Severity: severity, Verdict: analytics.Different,
			EvidenceSQL: evidence(p, "customers_both, customers_at_once, overlap_days, expected_days, containment, ratio, lower, upper, p_value, q_value, q_any, role_a, role_b, "+
				"contradictory, collisions, customers_hit, collisions_per_1000, collision_share, collision_share_lower, collision_share_upper, greatest(.02, collision_share / 10) AS step, week_pairs, week_collisions, expected_collisions, collision_ratio, collision_lower, "+
				"collision_upper, collision_q, a_first, a_first_lower, a_first_upper, order_verdict, priority_inversions, verdict, reason"),
		}
		ratio := p.Overlap
		if !strings.Contains(p.Reason, "overlap_above") && strings.Contains(p.Reason, "collisions_above") {
			ratio = p.Collision
		}
		x.Statistic, x.PValue, x.QValue = analytics.Number(ratio.Value), analytics.Number(ratio.P), analytics.Number(ratio.Q)
		switch {
		case p.NearShare.OK() && p.NearWeek > 0:
			x.Opportunity = f.opportunity("collision_share", p.NearShare, p.row.Hit)
		case analytics.Finite(p.containment()):
			x.Opportunity = f.opportunity("shared_time", suffstat.RateEstimate{Estimate: suffstat.Fact(p.containment(), p.row.AtOnce, "share")}, p.row.AtOnce)
		}
		f.add(x, v)
	}
}

// backwards tells whether the lower priority surely goes first more often than not. A coin toss is no matter of the pair: see order.
func (f *finder) backwards(p *Pair) bool {
	return p.InversionVerdict == analytics.Different && p.Inversion.Lower > .5 && p.InversionQ <= f.m.FDR
}

func (f *finder) inversions() {
	for _, p := range f.top(f.backwards, func(p *Pair) float64 { return float64(p.Inverted) }) {
		var v analytics.Values
		v.Text("reason", "inverted")
		f.names(&v, p)
		if p.PriorityA != nil && p.PriorityB != nil {
			v.Fact("priority_a", float64(*p.PriorityA), p.row.Hit, "1")
			v.Fact("priority_b", float64(*p.PriorityB), p.row.Hit, "1")
		}
		v.Estimate("inversion_share", p.Inversion.Estimate)
		v.Fact("priority_inversions", float64(p.Inverted), p.row.Hit, "pairs of messages")
		v.Fact("ranked_collisions", float64(p.Ranked), p.row.Hit, "pairs of messages")
		v.Fact("customers_hit", float64(p.row.Hit), p.row.Customers, "customers")
		v.Fact("collision_hours", float64(f.m.Grid.CollisionSeconds)/3600, p.row.Hit, "hours")
		if p.Lost > 0 {
			v.Fact("lost_messages", float64(p.Lost), p.row.Hit, "messages")
		}
		f.add(analytics.Finding{Kind: "priority_inversion", SubjectType: "scenario_pair", Subject: p.A + "|" + p.B, Severity: analytics.Warning, Verdict: analytics.Different,
			Statistic: analytics.Number(p.Inversion.Value), PValue: analytics.Number(p.InversionP), QValue: analytics.Number(p.InversionQ),
			EvidenceSQL: evidence(p, "priority_a, priority_b, greatest(.02, inversion_share / 10) AS step, inversion_share, inversion_lower, inversion_upper, priority_inversions, ranked_collisions, customers_hit, collisions, lost_messages"),
			Opportunity: f.opportunity("inversion_share", p.Inversion, p.row.Hit),
		}, v)
	}
}

// messageOrder is what all pairs together say about who goes first.
type messageOrder struct {
	pairs, judged, collisions, ranked, customers int64
	share                                        suffstat.RateEstimate // of the collisions of different priority, those in which the lower one went first
}

func (m *Model) messageOrder() (o messageOrder) {
	inverted := make([]suffstat.Ratio, Buckets)
	for i := range m.Pairs {
		p := &m.Pairs[i]
		if p.Order != OrderFew {
			o.judged++
		}
		if p.Order == OrderNone {
			o.pairs++
			o.collisions += p.row.Near
			o.customers = max(o.customers, p.row.Hit) // one customer may be hit by several pairs: at least so many
		}
		if p.inverted != nil && p.Ranked > 0 {
			o.ranked++
			o.customers = max(o.customers, p.row.Hit)
			for b, r := range p.inverted {
				inverted[b] = inverted[b].Merge(r)
			}
		}
	}
	o.share = suffstat.Rate(inverted, o.customers, TableLevel)
	return o
}

// step is the smallest change that a test would look for.
func step(share float64) float64 { return math.Max(.02, share/10) }

// losing tells whether of the messages not sent surely more than one of ten had a less important one beside it.
func (m *Model) losing() bool {
	return m.LostShare.OK() && m.LostShare.Lower > inversionShare && m.LostShare.Events >= analytics.MinEvents && m.LostCustomers >= floorCustomers
}

// order says once, for all pairs, that nobody decides who goes first, or who goes at all.
func (f *finder) order() {
	o := f.m.messageOrder()
	pairs, judged, collisions, ranked, customers, share := o.pairs, o.judged, o.collisions, o.ranked, o.customers, o.share
	ignored := share.OK() && share.Lower > inversionShare && share.Events >= analytics.MinEvents
	losing := f.m.losing()
	if !ignored && !losing && pairs == 0 {
		return
	}
	x := analytics.Finding{
		Kind: "priority_inversion", SubjectType: "scenarios", Subject: "order", Severity: analytics.Notice, Verdict: analytics.Equivalent,
		EvidenceSQL: "SELECT * FROM scenarios.message_order",
	}
	var v analytics.Values
	reason := "no_rule"
	switch {
	case ignored:
		reason = "ignored"
		v.Fact("with_priority", float64(ranked), customers, "pairs of scenarios")
		v.Estimate("inversion_share", share.Estimate)
		x.Severity, x.Verdict, x.Opportunity = analytics.Warning, analytics.Different, f.opportunity("inversion_share", share, customers)
	case losing:
		reason = "lost"
		x.Severity, x.Verdict, x.Opportunity = analytics.Warning, analytics.Different, f.opportunity("lost_share", f.m.LostShare, f.m.LostCustomers)
	default:
		x.Opportunity = f.opportunity("unordered_collisions", suffstat.RateEstimate{Estimate: suffstat.Fact(float64(collisions), customers, "pairs of messages")}, customers)
		x.Opportunity.Unit, x.Opportunity.Step = "pairs of messages", 1
	}
	v.Text("reason", reason)
	if losing {
		f.lost(&v)
	}
	if pairs > 0 {
		v.Fact("pairs", float64(pairs), customers, "pairs of scenarios")
		v.Fact("collisions", float64(collisions), customers, "pairs of messages")
	}
	v.Fact("pairs_judged", float64(judged), customers, "pairs of scenarios")
	v.Fact("collision_hours", float64(f.m.Grid.CollisionSeconds)/3600, customers, "hours")
	f.add(x, v)
}

// lost adds what is known of more important messages that were not sent.
func (f *finder) lost(v *analytics.Values) {
	n := f.m.LostCustomers
	v.Estimate("lost_share", f.m.LostShare.Estimate)
	v.Fact("lost_messages", float64(f.m.LostShare.Events), n, "messages")
	v.Fact("lost_customers", float64(n), n, "customers")
	v.Fact("withheld", float64(f.m.LostShare.Trials), n, "messages")
	var most Reason
	for _, r := range f.m.Reasons {
		if r.Sendable && r.Lost > most.Lost {
			most = r
		}
	}
	v.Text("lost_reason", cmp.Or(most.Reason, "unknown"))
	var worst LostPair
	for _, p := range f.m.Lost {
		if p.Messages > worst.Messages {
			worst = p
		}
	}
	if worst.Messages > 0 {
		v.Text("scenario_lost", worst.Lost)
		v.Text("scenario_sent", worst.Sent)
	}
}

// opportunity is what may be tried: another order or distance of the messages, on random customers. Nothing says yet what it would bring.
func (f *finder) opportunity(metric string, baseline suffstat.RateEstimate, hit int64) *analytics.Opportunity {
	quarter := float64(hit) * 13 / f.weeks
	return &analytics.Opportunity{
		Metric: metric, Unit: "share", Baseline: baseline.Estimate, Population: int64(math.Round(quarter)), Step: step(baseline.Value),
		Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "sequence_test", Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: 2,
		WeeklyFlow: int64(math.Round(quarter / 13)),
	}
}

func (f *finder) add(x analytics.Finding, v analytics.Values) {
	x.Block, x.Values = "overlap", v
	f.out = append(f.out, x)
}

func evidence(p *Pair, columns string) string {
	return fmt.Sprintf("SELECT scenario_a, scenario_b, (SELECT max(collision_seconds) / 3600.0 FROM core.cfg_audit) AS collision_hours, %s FROM scenarios.pairs WHERE scenario_a = %s AND scenario_b = %s", columns, analytics.SQLText(p.A), analytics.SQLText(p.B))
}
