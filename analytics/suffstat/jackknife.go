package suffstat

import (
	"fmt"
	"math"
)

// MinBuckets is the number of non-empty buckets below which every interval carries ErrFewBuckets (statistics 0.4).
const MinBuckets = 20

// Replicates is a vector of estimates with the values that they take when each bucket of customers is left out. Keeping them makes
// covariances, differences and composites of estimates free, whatever the dependence between them.
//
// Value has one entry per estimate. Rep has one row per bucket that was given, in the same order, each as long as Value. Used tells which
// buckets held customers; for the others the row repeats Value and is not counted as a group.
type Replicates struct {
	Value []float64
	Rep   [][]float64
	Used  []bool
}

// MethodJackknife names the interval estimate +/- T(df) * se of the delete-a-group jackknife.
const MethodJackknife = "jackknife t"

// JackknifeVec evaluates f on the total of all buckets and on the total without each bucket.
//
// Question: how would these numbers vary with another set of customers? Customers are the sampling unit: all rows of one customer are in one
// bucket, so messages or transitions of one customer may depend on each other in any way.
//
// f must be a smooth function of the sums (rates, ratios, differences, solutions of linear systems) and must return the same number of
// values each time. It misleads for medians, quantiles, ranks and maxima over many near-equal cells: use Bootstrap there. f is never
// called on a state without customers. The cost is 3G merges and G+1 calls of f.
//
// buckets is indexed by bucket (0..99); its order matters only for Join. With no non-empty bucket the result has no values.
// Source: Kott, "The delete-a-group jackknife", Journal of Official Statistics 17 (2001); statistics 0.1.
func JackknifeVec[S State[S]](buckets []S, f func(S) []float64) Replicates {
	r := Replicates{Rep: make([][]float64, len(buckets)), Used: make([]bool, len(buckets))}
	used := make([]int, 0, len(buckets))
	for g, b := range buckets {
		if !isEmpty(b) {
			r.Used[g] = true
			used = append(used, g)
		}
	}
	if len(used) == 0 {
		return r
	}
	// after[i] is the total of used[i:]; before is the total of used[:i].
	after := make([]S, len(used))
	for i := len(used) - 1; i >= 0; i-- {
		after[i] = buckets[used[i]]
		if i+1 < len(used) {
			after[i] = after[i].Merge(after[i+1])
		}
	}
	r.Value = f(after[0])
	for g := range buckets {
		if !r.Used[g] || len(used) == 1 {
			r.Rep[g] = r.Value
		}
	}
	if len(used) == 1 {
		return r
	}
	var before S
	for i, g := range used {
		var rest S
		switch {
		case i == 0:
			rest = after[1]
		case i+1 == len(used):
			rest = before
		default:
			rest = before.Merge(after[i+1])
		}
		r.Rep[g] = f(rest)
		if len(r.Rep[g]) != len(r.Value) {
			panic(fmt.Sprintf("suffstat: jackknife function returned %d values, then %d", len(r.Value), len(r.Rep[g])))
		}
		if i == 0 {
			before = buckets[g]
		} else {
			before = before.Merge(buckets[g])
		}
	}
	return r
}

// Jackknife estimates one number f(total) with the interval f(total) +/- T(G-1) * se, where
//
//	se^2 = (G-1)/G * sum_g (t_g - mean t)^2,   t_g = f(total without bucket g)
//
// and G is the number of non-empty buckets. It is JackknifeVec for one number; see there for when it misleads. With one customer per bucket
// and f the mean, se^2 is exactly s^2/n. Level is in (0, 1). N of the result is 0: set it with Of.
func Jackknife[S State[S]](buckets []S, f func(S) float64, level float64) Estimate {
	return JackknifeVec(buckets, func(s S) []float64 { return []float64{f(s)} }).Estimate(0, level)
}

// JackknifeLog estimates a positive number (a ratio, a lift, an odds ratio) with a jackknife interval made on the logarithm and taken back,
// so that it is asymmetric and stays positive.
func JackknifeLog[S State[S]](buckets []S, f func(S) float64, level float64) Estimate {
	return JackknifeVec(buckets, func(s S) []float64 { return []float64{f(s)} }).EstimateLog(0, level)
}

// Buckets returns the number of non-empty buckets.
func (r Replicates) Buckets() int {
	n := 0
	for _, u := range r.Used {
		if u {
			n++
		}
	}
	return n
}

// DF returns the degrees of freedom of the intervals: non-empty buckets - 1, not below 0.
func (r Replicates) DF() float64 { return math.Max(0, float64(r.Buckets()-1)) }

// Cov returns the jackknife covariance of estimates i and j, (G-1)/G * sum_g (t_gi - mean)(t_gj - mean); NaN with fewer than two non-empty
// buckets or when a replicate is not a number.
func (r Replicates) Cov(i, j int) float64 {
	return r.cov(func(v []float64) (float64, float64) { return v[i], v[j] })
}

func (r Replicates) cov(of func([]float64) (float64, float64)) float64 {
	g := float64(r.Buckets())
	if g < 2 || r.Value == nil {
		return math.NaN()
	}
	// Means are taken of the distances to the estimate, so that equal replicates give exactly 0.
	a0, b0 := of(r.Value)
	var ma, mb float64
	for k, v := range r.Rep {
		if r.Used[k] {
			a, b := of(v)
			ma += (a - a0) / g
			mb += (b - b0) / g
		}
	}
	var s float64
	for k, v := range r.Rep {
		if r.Used[k] {
			a, b := of(v)
			s += (a - a0 - ma) * (b - b0 - mb)
		}
	}
	return (g - 1) / g * s
}

// SE returns the jackknife standard error of estimate i, in its own unit.
func (r Replicates) SE(i int) float64 { return math.Sqrt(r.Cov(i, i)) }

// Estimate returns estimate i with its interval value +/- T(df) * se.
func (r Replicates) Estimate(i int, level float64) Estimate {
	same := func(x float64) float64 { return x }
	return r.on(i, level, MethodJackknife, same, same)
}

// EstimateLog returns estimate i with the interval made on its logarithm. Values at or below zero are not estimable on this scale.
func (r Replicates) EstimateLog(i int, level float64) Estimate {
	return r.on(i, level, "jackknife t on log", math.Log, math.Exp)
}

// EstimateLogit returns estimate i, a share strictly between 0 and 1, with the interval made on its log-odds; the ends stay in (0, 1).
func (r Replicates) EstimateLogit(i int, level float64) Estimate {
	return r.on(i, level, "jackknife t on logit", func(p float64) float64 { return math.Log(p / (1 - p)) },
		func(x float64) float64 { return 1 / (1 + math.Exp(-x)) })
}

// EstimateLogLog returns estimate i, a survival probability strictly between 0 and 1, with the interval made on log(-log S).
func (r Replicates) EstimateLogLog(i int, level float64) Estimate {
	return r.on(i, level, "jackknife t on log(-log)", func(s float64) float64 { return math.Log(-math.Log(s)) },
		func(x float64) float64 { return math.Exp(-math.Exp(x)) })
}

func (r Replicates) on(i int, level float64, method string, to, from func(float64) float64) Estimate {
	if r.Value == nil {
		return NotEstimable(method, level, ErrNoData)
	}
	v := r.Value[i]
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return NotEstimable(method, level, ErrNoData)
	}
	e := Estimate{Value: v, Lower: math.NaN(), Upper: math.NaN(), Level: level, Method: method}
	g := r.Buckets()
	if g < MinBuckets {
		e.Warnings = append(e.Warnings, fmt.Errorf("%d buckets: %w", g, ErrFewBuckets))
	}
	se := math.Sqrt(r.cov(func(x []float64) (float64, float64) { t := to(x[i]); return t, t }))
	centre := to(v)
	if g < 2 {
		return e
	}
	if math.IsNaN(se) || math.IsInf(se, 0) || math.IsInf(centre, 0) || math.IsNaN(centre) {
		why := ErrNotEstimable
		if math.IsInf(centre, 0) || math.IsNaN(centre) {
			why = ErrOutOfScale
		}
		e.Warnings = append(e.Warnings, why)
		return e
	}
	if se == 0 {
		e.Warnings = append(e.Warnings, ErrNoVariation)
	}
	h := TQuantile((1+level)/2, r.DF()) * se
	e.Lower, e.Upper = from(centre-h), from(centre+h)
	if e.Lower > e.Upper {
		e.Lower, e.Upper = e.Upper, e.Lower
	}
	return e
}

// Combine returns the replicates of one number computed from the vector, such as a difference v[0]-v[1] or a weighted sum.
func (r Replicates) Combine(f func(v []float64) float64) Replicates {
	return r.CombineVec(func(v []float64) []float64 { return []float64{f(v)} })
}

// CombineVec is Combine for several numbers at once.
func (r Replicates) CombineVec(f func(v []float64) []float64) Replicates {
	out := Replicates{Used: r.Used, Rep: make([][]float64, len(r.Rep))}
	if r.Value == nil {
		return out
	}
	out.Value = f(r.Value)
	for g, v := range r.Rep {
		if r.Used[g] {
			out.Rep[g] = f(v)
		} else {
			out.Rep[g] = out.Value
		}
	}
	return out
}

// Difference returns the replicates of estimate i minus estimate j, whose covariance is thereby accounted for.
func (r Replicates) Difference(i, j int) Replicates {
	return r.Combine(func(v []float64) float64 { return v[i] - v[j] })
}

// Join puts the estimates of o behind those of r: two numbers from different tables over the same buckets. A bucket counts as non-empty when
// either side uses it. It panics when the numbers of buckets differ.
func (r Replicates) Join(o Replicates) Replicates {
	if len(r.Rep) != len(o.Rep) {
		panic(fmt.Sprintf("suffstat: join of replicates over %d and %d buckets", len(r.Rep), len(o.Rep)))
	}
	out := Replicates{Rep: make([][]float64, len(r.Rep)), Used: make([]bool, len(r.Rep))}
	if r.Value == nil || o.Value == nil {
		return out
	}
	out.Value = append(append([]float64{}, r.Value...), o.Value...)
	for g := range r.Rep {
		out.Used[g] = r.Used[g] || o.Used[g]
		out.Rep[g] = append(append([]float64{}, r.Rep[g]...), o.Rep[g]...)
	}
	return out
}
