package analytics

import (
	"math"

	"crmaudit/analytics/suffstat"
)

// The floors of every verdict (statistics 0.4): below them no verdict is given.
const (
	MinEffective = 30 // effective observations on each side
	MinEvents    = 10 // events on each side
	MinBuckets   = suffstat.MinBuckets
)

// Side is one of the groups that a comparison compares.
type Side struct {
	Customers int64
	Effective float64 // effective observations (suffstat.RateEstimate.NEff); customers for a mean
	Events    int64   // orders, moves, clicks; -1 when the metric has no events (a mean of money): then that floor does not apply
}

// Comparison is what a verdict needs: a difference (A minus B, or a value minus its reference), its doubt, and the smallest effect that matters.
type Comparison struct {
	Difference float64
	SE         float64 // clustered standard error, unit of Difference
	DF         float64 // non-empty buckets - 1; +Inf for a normal interval
	Margin     float64 // smallest effect of interest, > 0, unit of Difference
	// Directional: the claim is "there is an effect in this direction" (interval outside 0); otherwise "the effect is larger than what matters"
	// (interval outside +/- Margin).
	Directional bool
	Sides       []Side // one or two
	Buckets     int    // non-empty buckets
}

// Decision is a verdict with its reasons.
type Decision struct {
	Verdict     Verdict
	Interval    suffstat.Estimate // 95 %
	Equivalence suffstat.Estimate // 90 %: inside +/- Margin means equivalent
	// PDifference tests "no effect" (Directional) or "effect within +/- Margin", two-sided; PEquivalence is the TOST p-value.
	PDifference, PEquivalence float64
	// Needed is the number of customers on the smaller side with which a verdict could be expected (80 % power); 0 when there is a verdict, or when no number
	// would do (the difference lies on the margin; nothing was seen to vary).
	Needed int64
}

// Decide gives the three-way verdict of statistics 0.3, with the floors of 0.4 before it.
//
//   - insufficient_data: a side has fewer than 30 effective observations or 10 events, or fewer than 20 buckets hold data. Needed scales the
//     worst floor up (with no events at all: as if the upper end of their share were true, so "at least").
//   - different: the 95 % interval is entirely outside +/- Margin, or, for a directional claim, outside 0.
//   - equivalent: the 90 % interval is entirely inside +/- Margin (TOST). It wins over a directional "different": an effect that is surely there and surely too
//     small to matter is equivalent.
//   - inconclusive: neither. Needed is the n with which the observed difference would be decided either way, and at least the n with which a true difference of 0
//     would be called equivalent.
//
// "Not significant" is never "no difference". A difference or standard error that is NaN, or a Margin that is not positive, is insufficient_data.
func Decide(c Comparison) Decision {
	d := Decision{Verdict: InsufficientData}
	n := smallest(c.Sides)
	interval := func(level float64) suffstat.Estimate {
		if !Finite(c.Difference) || !Finite(c.SE) || !(c.DF > 0) {
			return suffstat.NotEstimable(suffstat.MethodJackknife, level, suffstat.ErrNoData)
		}
		h := suffstat.TQuantile((1+level)/2, c.DF) * c.SE
		return suffstat.Estimate{Value: c.Difference, Lower: c.Difference - h, Upper: c.Difference + h, Level: level, N: n, Method: suffstat.MethodJackknife}
	}
	d.Interval, d.Equivalence = interval(.95), interval(.90)
	d.PDifference, d.PEquivalence = math.NaN(), math.NaN()
	if !d.Interval.OK() || !(c.Margin > 0) {
		d.Needed = floorsNeed(c)
		return d
	}
	gap := math.Abs(c.Difference)
	if !c.Directional {
		gap -= c.Margin
	}
	d.PDifference = math.Min(1, 2*suffstat.TSurvival(gap/c.SE, c.DF))
	if c.SE == 0 {
		d.PDifference = 1
		if gap > 0 {
			d.PDifference = 0
		}
	}
	d.PEquivalence = suffstat.TOST(c.Difference, c.SE, c.DF, c.Margin).P
	if need := floorsNeed(c); need > 0 {
		d.Needed = need
		return d
	}
	out := 0.
	if !c.Directional {
		out = c.Margin
	}
	switch {
	case d.Equivalence.Lower > -c.Margin && d.Equivalence.Upper < c.Margin:
		d.Verdict = Equivalent
	case d.Interval.Lower > out || d.Interval.Upper < -out:
		d.Verdict = Different
	default:
		d.Verdict = Inconclusive
		d.Needed = decisionNeeds(c, n)
	}
	return d
}

func smallest(sides []Side) int64 {
	var n int64
	for i, s := range sides {
		if i == 0 || s.Customers < n {
			n = s.Customers
		}
	}
	return n
}

// floorsNeed returns the customers per side that would pass the floors, 0 when they are passed.
func floorsNeed(c Comparison) int64 {
	factor := 1.
	for _, s := range c.Sides {
		eff := math.Max(s.Effective, 1)
		factor = math.Max(factor, MinEffective/eff)
		switch {
		case s.Events < 0:
		case s.Events == 0:
			_, upper := suffstat.WilsonInterval(0, eff, .95)
			factor = math.Max(factor, MinEvents/(upper*eff))
		default:
			factor = math.Max(factor, MinEvents/float64(s.Events))
		}
	}
	factor = math.Max(factor, MinBuckets/math.Max(float64(c.Buckets), 1))
	if factor <= 1 {
		return 0
	}
	return int64(math.Ceil(factor * math.Max(float64(smallest(c.Sides)), 1)))
}

// decisionNeeds returns the customers per side at which an inconclusive comparison is expected to be decided: the standard error shrinks with 1/sqrt(n).
func decisionNeeds(c Comparison, n int64) int64 {
	z := suffstat.NormalQuantile
	d := math.Abs(c.Difference)
	outside := c.SE * (z(.975) + z(.80)) // the half width, with power, of an interval that leaves a bound behind
	var k float64                        // how many times smaller the standard error must be
	switch {
	case d > c.Margin && c.Directional:
		k = outside / d
	case d > c.Margin:
		k = outside / (d - c.Margin)
	default:
		// Equivalent: at a true 0 both ends must be inside, at the difference seen the nearer one.
		k = math.Max(c.SE*(z(.95)+z(.90))/c.Margin, c.SE*(z(.95)+z(.80))/(c.Margin-d))
		if c.Directional {
			k = math.Min(k, outside/d)
		}
	}
	need := math.Ceil(k * k * float64(n))
	if !Finite(need) || need > 1e12 {
		return 0
	}
	return max(int64(need), n+1)
}

// CompareRates is the comparison of two shares, A minus B, over the same buckets of customers; the jackknife accounts for customers that are on both
// sides. customersA and customersB are the different customers of each side.
func CompareRates(a, b []suffstat.Ratio, customersA, customersB int64, margin float64, directional bool) Comparison {
	ra, rb := suffstat.Rate(a, customersA, .95), suffstat.Rate(b, customersB, .95)
	rate := func(r suffstat.Ratio) []float64 { return []float64{r.Value()} }
	both := suffstat.JackknifeVec(a, rate).Join(suffstat.JackknifeVec(b, rate))
	c := Comparison{
		Difference: math.NaN(), SE: math.NaN(), DF: both.DF(), Margin: margin, Directional: directional, Buckets: both.Buckets(),
		Sides: []Side{{customersA, ra.NEff, ra.Events}, {customersB, rb.NEff, rb.Events}},
	}
	if both.Value != nil {
		diff := both.Difference(0, 1)
		c.Difference, c.SE = diff.Value[0], diff.SE(0)
	}
	return c
}
