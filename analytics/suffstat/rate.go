package suffstat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// RateEstimate is a rate with everything that a decider or a reader may ask of it.
type RateEstimate struct {
	Estimate
	Events, Trials int64   // numerator and denominator
	SE             float64 // jackknife standard error, share; NaN with fewer than two non-empty buckets
	DF             float64 // non-empty buckets - 1
	NEff           float64 // independent trials that would leave the same doubt, after the correction for DF
	Deff           float64 // design effect se_jk^2 / (p(1-p)/n); NaN where p is 0 or 1
	Buckets        int     // non-empty buckets
}

// Rate estimates a share of trials (messages opened of messages sent, moves i->j of periods in i) where trials of one customer may depend on
// each other.
//
// Formula: p = events/trials; Wilson interval at
//
//	n_eff = min(trials, p(1-p)/se^2) * (z/T(df))^2
//
// with the bucket jackknife se and z, T the two-sided quantiles of level. If p is 0 or 1, se is 0, or fewer than two buckets hold data,
// n_eff = min(trials, customers): as if every customer gave one independent trial. customers <= 0 means unknown; then the number of
// non-empty buckets stands in, which is wide. Result in [0, 1], unit "share", N = customers.
//
// Measured: the naive Wilson interval on messages covers 70-73 % instead of 95 %, this one 93-96 % from 60 to 20,000 customers (bench S1).
// It misleads when customers of one bucket are not independent of the others (a whole company in one account; a test by region).
// Source: Wilson (1927); Korn and Graubard (1998) for the effective sample size; statistics 0.2.
func Rate(buckets []Ratio, customers int64, level float64) RateEstimate {
	const method = "wilson n_eff"
	var total Ratio
	var r RateEstimate
	for _, b := range buckets {
		if !b.Empty() {
			r.Buckets++
			total = total.Merge(b)
		}
	}
	r.Events, r.Trials, r.DF = total.Num, total.Den, math.Max(0, float64(r.Buckets-1))
	r.SE, r.Deff = math.NaN(), math.NaN()
	if customers <= 0 {
		customers = int64(r.Buckets)
	}
	if total.Den <= 0 {
		r.Estimate = NotEstimable(method, level, ErrNoData).Of(0, "share")
		return r
	}
	p, n := total.Value(), float64(total.Den)
	if r.Buckets >= 2 {
		// t_g = p without bucket g; a bucket that holds all trials leaves nothing: then the se stays unknown.
		g := float64(r.Buckets)
		var mean, m2 float64
		k := 0.
		ok := true
		for _, b := range buckets {
			if b.Empty() {
				continue
			}
			if total.Den == b.Den {
				ok = false
				break
			}
			k++
			t := float64(total.Num-b.Num) / float64(total.Den-b.Den)
			d := t - mean
			mean += d / k
			m2 += d * (t - mean)
		}
		if ok {
			r.SE = math.Sqrt((g - 1) / g * m2)
		}
	}
	r.Estimate = Estimate{Value: p, Level: level, N: customers, Unit: "share", Method: method}
	iid := p * (1 - p) / n
	if iid > 0 && !math.IsNaN(r.SE) {
		r.Deff = r.SE * r.SE / iid
	}
	// A se of rounding size (every bucket has the same rate) is no se.
	if iid <= 0 || math.IsNaN(r.SE) || r.SE*r.SE <= 1e-20*iid {
		r.NEff = math.Min(n, float64(customers))
	} else {
		c := NormalQuantile((1+level)/2) / TQuantile((1+level)/2, r.DF)
		r.NEff = math.Min(n, p*(1-p)/(r.SE*r.SE)) * c * c
	}
	r.Lower, r.Upper = WilsonInterval(p, r.NEff, level)
	if r.Buckets < MinBuckets {
		r.Warnings = append(r.Warnings, fmt.Errorf("%d buckets: %w", r.Buckets, ErrFewBuckets))
	}
	return r
}

// WilsonInterval returns the score interval of a share p observed on n independent trials (n need not be whole). In [0, 1], and a true end at
// p = 0 and p = 1; n <= 0 gives 0, 1. Source: Wilson (1927); Newcombe, Statistics in Medicine 17 (1998) 857, method 3.
func WilsonInterval(p, n, level float64) (lower, upper float64) {
	if math.IsNaN(p) || math.IsNaN(n) {
		return math.NaN(), math.NaN()
	}
	if n <= 0 {
		return 0, 1
	}
	z := NormalQuantile((1 + level) / 2)
	z2 := z * z
	c := p + z2/(2*n)
	h := z * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	lower, upper = (c-h)/(1+z2/n), (c+h)/(1+z2/n)
	if p <= 0 || lower < 0 {
		lower = 0
	}
	if p >= 1 || upper > 1 {
		upper = 1
	}
	return lower, upper
}

// Wilson estimates a share of n independent trials, x of which were events: for one trial per customer. For several trials per customer it is
// too narrow: use Rate. 0 <= x <= n; n = 0 is not estimable.
func Wilson(x, n int64, level float64) Estimate {
	if n <= 0 {
		return NotEstimable("wilson", level, ErrNoData).Of(0, "share")
	}
	p := float64(x) / float64(n)
	lo, hi := WilsonInterval(p, float64(n), level)
	return Estimate{Value: p, Lower: lo, Upper: hi, Level: level, N: n, Unit: "share", Method: "wilson"}
}

// NewcombeDifference estimates x1/n1 - x2/n2 of two independent samples of independent trials by the square-and-add of two Wilson intervals.
// In [-1, 1]; keeps its coverage at small shares, where the Wald interval does not. For clustered trials use the jackknife of the difference.
// Source: Newcombe, Statistics in Medicine 17 (1998) 873, method 10.
func NewcombeDifference(x1, n1, x2, n2 int64, level float64) Estimate {
	const method = "newcombe"
	if n1 <= 0 || n2 <= 0 {
		return NotEstimable(method, level, ErrNoData).Of(0, "share")
	}
	a, b := Wilson(x1, n1, level), Wilson(x2, n2, level)
	d := a.Value - b.Value
	return Estimate{
		Value: d,
		Lower: d - math.Hypot(a.Value-a.Lower, b.Upper-b.Value),
		Upper: d + math.Hypot(a.Upper-a.Value, b.Value-b.Lower),
		Level: level, N: n1 + n2, Unit: "share", Method: method,
	}
}

// RelativeRisk estimates (x1/n1)/(x2/n2) of two independent samples of independent trials, interval on the log with the delta-method variance
// 1/x1 - 1/n1 + 1/x2 - 1/n2. Not estimable when x1 or x2 is 0. Source: Katz et al. (1978).
func RelativeRisk(x1, n1, x2, n2 int64, level float64) Estimate {
	const method = "log delta"
	if x1 <= 0 || x2 <= 0 || n1 <= 0 || n2 <= 0 {
		return NotEstimable(method, level, ErrNoData).Of(n1+n2, "ratio")
	}
	v := float64(x1) / float64(n1) / (float64(x2) / float64(n2))
	h := NormalQuantile((1+level)/2) * math.Sqrt(1/float64(x1)-1/float64(n1)+1/float64(x2)-1/float64(n2))
	return Estimate{Value: v, Lower: v * math.Exp(-h), Upper: v * math.Exp(h), Level: level, N: n1 + n2, Unit: "ratio", Method: method}
}

// BetaInterval estimates a share with a Beta(a, b) posterior: mean a/(a+b) and the central interval of the given level. a = x + 1/2,
// b = n - x + 1/2 is the Jeffreys interval; a cell of a Dirichlet row has a = alpha_j, b = sum of the other alphas. a = 0 (a structural zero)
// gives 0, 0, 0; b = 0 gives 1, 1, 1; a + b = 0 is not estimable.
func BetaInterval(a, b, level float64) Estimate {
	const method = "beta"
	switch {
	case !(a >= 0 && b >= 0) || a+b == 0:
		return NotEstimable(method, level, ErrNoData).Of(0, "share")
	case a == 0:
		return Estimate{Level: level, Unit: "share", Method: method}
	case b == 0:
		return Estimate{Value: 1, Lower: 1, Upper: 1, Level: level, Unit: "share", Method: method}
	}
	return Estimate{
		Value: a / (a + b),
		Lower: mathext.InvRegIncBeta(a, b, (1-level)/2),
		Upper: mathext.InvRegIncBeta(a, b, (1+level)/2),
		Level: level, Unit: "share", Method: method,
	}
}
