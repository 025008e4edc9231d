package lifecycle

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// RuleVerdict says whether a stage rule does anything.
type RuleVerdict string

// The verdicts on a rule.
const (
	RuleOK          RuleVerdict = "ok"
	RuleUnreachable RuleVerdict = "unreachable" // rules above take all that it matches: by the rules themselves, or in a year of data
	RuleNoMatch     RuleVerdict = "no_match"    // it matches nobody, and the stage was never seen in a year of data
	RuleUnseen      RuleVerdict = "unseen"      // the stage was not seen, but the data are too short or too few to say more
)

// A stage that was never seen is worth a word when yearOfData days were watched and enoughCustomers were in the panel: a young company has nobody to lose yet.
const (
	yearOfData      = 364
	enoughCustomers = 100
)

// RuleCheck is what one rule matches in the last period.
type RuleCheck struct {
	StageRule
	Position       int
	Matches, Taken int64
	ShadowedBy     string
	Shadowed       int64
	CatchAll       bool
	Verdict        RuleVerdict
}

// RuleOverlap counts customers of the last period that two rules both match.
type RuleOverlap struct {
	A, B      string // A stands above B
	Customers int64
	ShareOfB  float64
	// Contested: neither rule lies within the other. Nested rules (recency up to 60 days, up to 120 days) are how first-match lists are written, and
	// their order is natural; of contested ones only the order of the list decides.
	Contested bool
}

func (x *index) fitRules(m *Model) {
	n := len(x.opt.Rules)
	evaluated := slices.ContainsFunc(x.opt.Rules, func(r StageRule) bool { return r.When != "" })
	if !evaluated || len(x.Matches) == 0 {
		return // stages recorded by the CRM have no rules to check
	}
	both := make([][]int64, n) // customers by pair of rules
	for i := range both {
		both[i] = make([]int64, n)
	}
	var everybody int64
	for _, r := range x.Matches {
		everybody += r.N
		for i := range n {
			for j := i; j < n; j++ {
				if r.Mask>>i&1 == 1 && r.Mask>>j&1 == 1 {
					both[i][j] += r.N
				}
			}
		}
	}
	catchAll := both[n-1][n-1] == everybody
	contested := func(i, j int) bool {
		return both[i][j] > 0 && both[i][j] < both[i][i] && both[i][j] < both[j][j]
	}
	taken := make([][]int64, n) // taken[i][j]: matched by j, first matched by i
	for i := range taken {
		taken[i] = make([]int64, n)
	}
	for _, r := range x.Matches {
		mask := uint64(r.Mask) & (1<<n - 1)
		if mask == 0 {
			continue
		}
		first := bits.TrailingZeros64(mask)
		for j := range n {
			if mask>>j&1 == 1 {
				taken[first][j] += r.N
			}
		}
		if slices.ContainsFunc(ones(mask), func(i int) bool {
			return slices.ContainsFunc(ones(mask), func(j int) bool { return i < j && contested(i, j) })
		}) {
			m.OrderDecide += r.N
		}
	}
	var watched int64
	for _, p := range x.Periods {
		watched += p.Days
	}
	for i, rule := range x.opt.Rules {
		c := RuleCheck{StageRule: rule, Position: i + 1, Matches: both[i][i], Taken: taken[i][i], CatchAll: catchAll && i == n-1, Verdict: RuleOK}
		for j := range i {
			if taken[j][i] > c.Shadowed {
				c.ShadowedBy, c.Shadowed = x.opt.Rules[j].Name, taken[j][i]
			}
		}
		s := m.StageNamed(rule.Name)
		s.Matches, s.catchAll = c.Matches, c.CatchAll
		switch {
		case s.everSeen || everybody == 0:
		case x.opt.Unreachable[rule.Name]:
			c.Verdict = RuleUnreachable
		case watched < yearOfData || everybody < enoughCustomers:
			c.Verdict = RuleUnseen
		case c.Matches == 0:
			c.Verdict = RuleNoMatch
		case c.Taken == 0:
			c.Verdict = RuleUnreachable
		}
		m.Rules = append(m.Rules, c)
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			if both[i][j] > 0 {
				m.Overlaps = append(m.Overlaps, RuleOverlap{x.opt.Rules[i].Name, x.opt.Rules[j].Name, both[i][j],
					float64(both[i][j]) / float64(both[j][j]), contested(i, j)})
			}
		}
	}
}

// ones lists the bits that are set.
func ones(mask uint64) []int {
	out := make([]int, 0, bits.OnesCount64(mask))
	for ; mask != 0; mask &= mask - 1 {
		out = append(out, bits.TrailingZeros64(mask))
	}
	return out
}

// The kinds of Threshold.
const (
	EqualNeighbours = "equal_neighbours"
	MixedStage      = "mixed_stage"
)

// Threshold compares the order rates on two sides of a border: of two neighbouring stages, or of the early and the late ages of one stage.
type Threshold struct {
	Kind       string
	A, B       string
	SplitAge   int // 0 for neighbours
	RateA      suffstat.RateEstimate
	RateB      suffstat.RateEstimate
	Difference suffstat.Estimate
	Margin     float64
	PDifferent float64 // that the difference lies within the margin
	PEquiv     float64 // that it does not
	Q          float64
	Verdict    analytics.Verdict
	Needed     int64 // customers on the smaller side that would decide, 0 when decided or beyond reach
}

// fitThresholds checks borders against the data. The margin is decision.equivalence.order_rate, but never more than a tenth of the larger rate: one
// percentage point means nothing where half a percent of customers order in a period.
func (x *index) fitThresholds(m *Model) {
	byAge := make([]map[int64][]suffstat.Ratio, x.k)
	for i := range byAge {
		byAge[i] = map[int64][]suffstat.Ratio{}
	}
	for _, r := range x.Counts.Values {
		i := x.to[r.Stage]
		if byAge[i][r.Age] == nil {
			byAge[i][r.Age] = make([]suffstat.Ratio, Buckets)
		}
		byAge[i][r.Age][r.Bucket] = byAge[i][r.Age][r.Bucket].Merge(suffstat.Ratio{Num: r.Buyers, Den: r.CustomerPeriods})
	}
	part := func(i int, from, until int64) []suffstat.Ratio {
		out := make([]suffstat.Ratio, Buckets)
		for age, b := range byAge[i] {
			if age >= from && age <= until {
				for g := range b {
					out[g] = out[g].Merge(b[g])
				}
			}
		}
		return out
	}
	// Only stages that the configuration orders have neighbours; recorded ones that it does not list stand in no order.
	ordered := len(x.opt.Rules)
	for i := 0; i+1 < min(x.k, ordered); i++ {
		t := x.threshold(part(i, 0, math.MaxInt64), part(i+1, 0, math.MaxInt64), x.cust[i], x.cust[i+1])
		t.Kind, t.A, t.B = EqualNeighbours, x.names[i], x.names[i+1]
		if t.RateA.OK() && t.RateB.OK() {
			m.Thresholds = append(m.Thresholds, t)
		}
	}
	for i, name := range x.names {
		split := medianAge(byAge[i])
		if split == 0 || name == Unassigned {
			continue
		}
		t := x.threshold(part(i, 0, split), part(i, split+1, math.MaxInt64), x.cust[i], x.cust[i])
		t.Kind, t.A, t.B, t.SplitAge = MixedStage, name, name, int(split)
		if t.RateA.OK() && t.RateB.OK() {
			m.Thresholds = append(m.Thresholds, t)
		}
	}
	for _, kind := range []string{EqualNeighbours, MixedStage} {
		p := make([]float64, len(m.Thresholds))
		for i, t := range m.Thresholds {
			p[i] = math.NaN()
			if t.Kind == kind && t.Verdict != analytics.InsufficientData {
				p[i] = t.PDifferent
				if kind == EqualNeighbours {
					p[i] = t.PEquiv
				}
			}
		}
		for i, q := range suffstat.BH(p) {
			if m.Thresholds[i].Kind == kind {
				m.Thresholds[i].Q = q
			}
		}
	}
	slices.SortStableFunc(m.Thresholds, func(a, b Threshold) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
}

// medianAge is the age that splits the customer-periods of a stage as evenly as ages allow; 0 when there is only one age.
func medianAge(byAge map[int64][]suffstat.Ratio) int64 {
	var ages []int64
	n := map[int64]int64{}
	var all int64
	for age, b := range byAge {
		for _, r := range b {
			n[age] += r.Den
		}
		if n[age] > 0 {
			ages = append(ages, age)
			all += n[age]
		}
	}
	slices.Sort(ages)
	var below int64
	for i := range len(ages) - 1 { // the oldest age is never early
		below += n[ages[i]]
		if 2*below >= all || i == len(ages)-2 {
			return ages[i]
		}
	}
	return 0
}

func (x *index) threshold(a, b []suffstat.Ratio, customersA, customersB int64) Threshold {
	t := Threshold{RateA: suffstat.Rate(a, customersA, TableLevel), RateB: suffstat.Rate(b, customersB, TableLevel), Q: math.NaN()}
	t.Margin = math.Min(x.opt.margin("order_rate", .01), .1*math.Max(t.RateA.Value, t.RateB.Value))
	d := analytics.Decide(analytics.CompareRates(a, b, customersA, customersB, t.Margin, false))
	t.Difference, t.PDifferent, t.PEquiv = d.Interval.Of(min(customersA, customersB), "share"), d.PDifference, d.PEquivalence
	t.Verdict, t.Needed = d.Verdict, d.Needed
	return t
}
