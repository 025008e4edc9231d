package pairs

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"

	"gonum.org/v1/gonum/mathext"
)

// The core metrics: every segment has them. Their names are the keys of decision.equivalence and segments[].margins.
const (
	OrderRate   = "order_rate"           // customers with an order in the window
	Revenue     = "revenue_per_customer" // order value per customer; with one margin for all goods the same as margin per customer
	CTR         = "ctr"                  // clicked of delivered messages
	Unsubscribe = "unsubscribe_rate"     // delivered messages followed by an unsubscribe
	Transition  = "transition_rate"      // customers in a better stage at the end of the window
	Response    = "response"             // ctr of one main scenario; the metric is written response:<scenario>
)

// MarginKeys are the metrics whose margins a segment may set.
func MarginKeys() []string {
	return []string{OrderRate, Revenue, CTR, Unsubscribe, Transition, Response}
}

// metric is what is compared: the ratio of two sums.
type metric struct {
	name, key string
	num, den  int
	money     bool // compared on the logarithm, margin relative; else a share, margin absolute
	optional  bool // left out for pairs in which one side hardly has it
}

func (c *Counts) metrics() []metric {
	out := []metric{
		{name: OrderRate, key: OrderRate, num: sumOrdered, den: sumN}, {name: Revenue, key: Revenue, num: sumRevenue, den: sumN, money: true},
		{name: CTR, key: CTR, num: sumClicked, den: sumDelivered}, {name: Unsubscribe, key: Unsubscribe, num: sumUnsubscribed, den: sumDelivered},
		{name: Transition, key: Transition, num: sumMoved, den: sumStaged},
	}
	for i, s := range c.Scenarios {
		out = append(out, metric{name: Response + ":" + s, key: Response, num: sumResponse + 2*i + 1, den: sumResponse + 2*i, optional: true})
	}
	return out
}

// measured drops the metrics that nobody has, with the reason: "missing" (nothing to measure it on) or "all_zero".
func measured(all []metric, base Sums) (out []metric, missing map[string]string) {
	missing = map[string]string{}
	for _, m := range all {
		switch {
		case base[m.den] == 0:
			missing[m.name] = "missing"
		case base[m.num] == 0:
			missing[m.name] = "all_zero"
		default:
			out = append(out, m)
		}
	}
	return out, missing
}

// side is one group of customers by bucket, with the total.
type side struct {
	by    []Sums
	total Sums
}

func (s *side) clear(buckets int) {
	if s.by == nil {
		s.by = make([]Sums, buckets)
	}
	clear(s.by)
	s.total = Sums{}
}

// customers are those of the last window: of the different customers of all windows, at least so many.
func (s *side) customers() int64 { return s.total[sumCustomers] }

func (s *side) add(g int, x *Sums) {
	for k, v := range x {
		s.by[g][k] += v
		s.total[k] += v
	}
}

func (s *side) subtract(g, k int, x int64) {
	s.by[g][k] -= x
	s.total[k] -= x
}

// Contrast is one metric of one pair. NaN where it could not be estimated.
type Contrast struct {
	Metric                    string
	ValueA, ValueB            float64 // shares, or currency units per customer
	Difference, Lower, Upper  float64 // 95 %
	Margin                    float64
	MarginFrom                string
	NA, NB                    int64
	PEquivalence, PDifference float64
	QEquivalence, QDifference float64
	Verdict                   analytics.Verdict
	Needed                    int64 // customers on the smaller side
	Method                    string
	NoVariation               bool
	d, se, df, margin         float64 // on the scale of the test
	events                    bool    // decided, or not, by rare events
}

// The methods of a contrast.
const (
	methodShare = "jackknife t"
	methodMoney = "jackknife t on log"
	methodRare  = "exact binomial"
)

// quantiles remembers the quantiles of Student's t, which are asked for 19,900 x 8 times with few degrees of freedom.
type quantiles map[[2]float64]float64

func (q quantiles) t(p, df float64) float64 {
	v, ok := q[[2]float64{p, df}]
	if !ok {
		v = suffstat.TQuantile(p, df)
		q[[2]float64{p, df}] = v
	}
	return v
}

// moments of the values that a ratio takes without each bucket, as suffstat.Rate and the jackknife of the difference use them.
type spread struct{ mean, m2, k float64 }

func (s *spread) add(x float64) {
	s.k++
	d := x - s.mean
	s.mean += d / s.k
	s.m2 += d * (x - s.mean)
}

func (s *spread) se() float64 { return math.Sqrt((s.k - 1) / s.k * s.m2) }

// contrast compares one metric of two groups of different customers. Its verdict is that of analytics.Decide for the same numbers (held by a test), with two additions for
// shares with fewer than ten events, or fewer than ten customers without it, on a side, whose jackknife says nothing: both are proved equal when both are proved rarer
// than the margin, since two shares between 0 and the margin differ by less than it (exact binomial test of share >= margin on each side, the larger p-value).
func (q quantiles) contrast(m metric, a, b *side, margin float64) Contrast {
	nan := math.NaN()
	c := Contrast{
		Metric: m.name, ValueA: nan, ValueB: nan, Difference: nan, Lower: nan, Upper: nan, Margin: margin, NA: a.total[m.den], NB: b.total[m.den], PEquivalence: nan, PDifference: nan,
		QEquivalence: nan, QDifference: nan, Verdict: analytics.InsufficientData, Method: methodShare, d: nan, se: nan, margin: margin,
	}
	scale := func(x float64) float64 { return x }
	if m.money {
		scale, c.Method, c.margin = math.Log, methodMoney, math.Log1p(margin)
	}
	if c.NA == 0 || c.NB == 0 {
		return c
	}
	na, da, nb, db := float64(a.total[m.num]), float64(c.NA), float64(b.total[m.num]), float64(c.NB)
	c.ValueA, c.ValueB = na/da, nb/db
	c.d = scale(c.ValueA) - scale(c.ValueB)
	var sa, sb, sd spread
	buckets := 0.
	for g := range a.by {
		xa, xb := &a.by[g], &b.by[g]
		inA, inB := xa[m.den] != 0, xb[m.den] != 0
		if !inA && !inB {
			continue
		}
		buckets++
		ra, rb := (na-float64(xa[m.num]))/(da-float64(xa[m.den])), (nb-float64(xb[m.num]))/(db-float64(xb[m.den]))
		sd.add(scale(ra) - scale(rb))
		if inA {
			sa.add(ra)
		}
		if inB {
			sb.add(rb)
		}
	}
	c.df, c.se = buckets-1, sd.se()
	sides := []analytics.Side{q.side(m, a, sa), q.side(m, b, sb)}
	if rare(m, sides, a, b) {
		q.rare(&c, m, a, b, sides, int(buckets))
		return c
	}
	if !analytics.Finite(c.d) || !analytics.Finite(c.se) || !(c.df > 0) {
		c.Needed = floors(sides, int(buckets))
		return c
	}
	c.interval(q, m)
	c.NoVariation = c.se == 0
	if c.Needed = floors(sides, int(buckets)); c.Needed > 0 {
		return c
	}
	gap := math.Abs(c.d) - c.margin
	c.PDifference = 1
	if c.se > 0 {
		c.PDifference = math.Min(1, 2*suffstat.TSurvival(gap/c.se, c.df))
	} else if gap > 0 {
		c.PDifference = 0
	}
	c.PEquivalence = suffstat.TOST(c.d, c.se, c.df, c.margin).P
	switch {
	case c.PEquivalence < .05:
		c.Verdict = analytics.Equivalent
	case c.PDifference < .05:
		c.Verdict = analytics.Different
	default:
		c.Verdict = analytics.Inconclusive
		c.Needed = needs(math.Abs(c.d), c.se, c.margin, min(a.customers(), b.customers()))
	}
	return c
}

// interval sets the difference with its 95 % interval as the tables show it.
func (c *Contrast) interval(q quantiles, m metric) {
	h := q.t(.975, c.df) * c.se
	c.Difference, c.Lower, c.Upper = c.d, c.d-h, c.d+h
	if m.money {
		c.Difference, c.Lower, c.Upper = math.Expm1(c.d), math.Expm1(c.d-h), math.Expm1(c.d+h)
	}
}

// side is what the floors ask of one side. Shares count as events whichever of "yes" and "no" is rarer.
func (q quantiles) side(m metric, s *side, spread spread) analytics.Side {
	out := analytics.Side{Customers: s.customers(), Effective: float64(s.customers()), Events: s.total[sumOrdered]}
	if m.money {
		return out
	}
	num, den := s.total[m.num], s.total[m.den]
	p, n := float64(num)/float64(den), float64(den)
	out.Events = min(num, den-num)
	se := spread.se()
	if iid := p * (1 - p) / n; spread.k >= 2 && iid > 0 && se*se > 1e-20*iid {
		c := 1.959963984540054 / q.t(.975, spread.k-1)
		out.Effective = math.Min(n, p*(1-p)/(se*se)) * c * c
	} else {
		out.Effective = math.Min(n, out.Effective)
	}
	return out
}

func rare(m metric, sides []analytics.Side, a, b *side) bool {
	if m.money || sides[0].Events >= analytics.MinEvents && sides[1].Events >= analytics.MinEvents {
		return false
	}
	// Both at the same end of the scale.
	return (2*a.total[m.num] < a.total[m.den]) == (2*b.total[m.num] < b.total[m.den])
}

// rare decides a contrast of rare events.
func (q quantiles) rare(c *Contrast, m metric, a, b *side, sides []analytics.Side, buckets int) {
	c.events = true
	if analytics.Finite(c.se) && c.df > 0 {
		c.interval(q, m)
	}
	below := 0.
	for i, s := range []*side{a, b} {
		n := math.Min(sides[i].Effective, float64(s.customers()))
		if n < analytics.MinEffective || buckets < analytics.MinBuckets {
			c.Needed = floors(sides, buckets)
			return
		}
		p := float64(sides[i].Events) / float64(s.total[m.den])
		below = math.Max(below, binomialAtMost(p*n, n, c.margin))
	}
	c.Method, c.PEquivalence = methodRare, below
	if below < .05 {
		c.Verdict = analytics.Equivalent
		return
	}
	c.Needed = floors(sides, buckets)
}

// binomialAtMost is P(X <= x) for n trials of probability p; x and n need not be whole.
func binomialAtMost(x, n, p float64) float64 {
	switch {
	case p >= 1:
		return 0
	case x >= n:
		return 1
	}
	return mathext.RegIncBeta(n-x, x+1, 1-p)
}

// floors is the number of customers on the smaller side that would pass the floors of statistics 0.4; 0 when they are passed.
func floors(sides []analytics.Side, buckets int) int64 {
	factor := math.Max(1, analytics.MinBuckets/math.Max(float64(buckets), 1))
	for _, s := range sides {
		eff := math.Max(s.Effective, 1)
		factor = math.Max(factor, analytics.MinEffective/eff)
		if s.Events > 0 {
			factor = math.Max(factor, analytics.MinEvents/float64(s.Events))
		} else {
			_, upper := suffstat.WilsonInterval(0, eff, .95)
			factor = math.Max(factor, analytics.MinEvents/(upper*eff))
		}
	}
	if factor <= 1 {
		return 0
	}
	return int64(math.Ceil(factor * math.Max(float64(min(sides[0].Customers, sides[1].Customers)), 1)))
}

// Normal quantiles .975 + .80, .95 + .90, .95 + .80.
const (
	zDifferent = 2.801585218
	zEqual     = 2.926405192
	zNear      = 2.486474861
)

// needs is the number of customers per side at which an inconclusive contrast is expected to be decided, as in analytics.Decide.
func needs(d, se, margin float64, n int64) int64 {
	k := zDifferent * se / (d - margin)
	if d <= margin {
		k = math.Max(zEqual*se/margin, zNear*se/(margin-d))
	}
	need := math.Ceil(k * k * float64(n))
	if !analytics.Finite(need) || need > 1e12 {
		return 0
	}
	return max(int64(need), n+1)
}
