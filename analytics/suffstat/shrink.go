package suffstat

import (
	"fmt"
	"math"
)

// MinShrink is the number of estimates below which nothing is shrunk: the spread of fewer true values cannot be told from their doubt (statistics 6.1).
const MinShrink = 5

// MethodShrunk names the interval of Shrink.
const MethodShrunk = "empirical Bayes, robust interval"

// ShrunkClass is one class of estimates pulled towards its mean. All slices have the length and order of what was given; an estimate that was left out
// (not a number, standard error not positive) is NaN there.
type ShrunkClass struct {
	Mean, MeanSE float64   // mean of the class and its standard error, unit of the estimates
	PauleMandel  float64   // between-estimate variance, >= 0
	Tau2         float64   // the variance used: PauleMandel, but not below the floor 2 sum s^4 / (K sum s^2)
	Q            float64   // Cochran's Q, K-1 degrees of freedom
	K            int       // estimates used
	Value        []float64 // Mean + Weight * (y - Mean)
	Weight       []float64 // Tau2 / (Tau2 + s^2), in [0, 1]; 1 is "not shrunk"
	Half         []float64 // half width of the interval at the level asked
	Level        float64
}

// Shrink estimates K true values theta from y_i ~ N(theta_i, s_i^2) when they are all of one kind: theta_i ~ (mu, tau2).
//
// Question: how large is an effect that was picked because it looked large? The best-looking of many is always over-estimated; the shrunk one is not.
//
//	tau2: Paule-Mandel, sum (y - mu)^2/(s^2 + tau2) = K - 1, not below 2 sum s^4/(K sum s^2)
//	value: mu + w (y - mu), w = tau2/(tau2 + s^2);  interval: value +/- CVA(s^2/tau2) * w * s
//
// The interval is robust: it covers its level on average over the class whatever the distribution of the true values, of which only the variance is used. For one
// picked estimate it may cover less (.89-.96 for the top five of 40 at .95). It misleads when the class mixes kinds (rates of mailings and of triggers) or when
// a few true effects stand out of many zeros. Fewer than MinShrink estimates are returned as they are, with normal intervals and Tau2 NaN.
// Sources: Paule and Mandel (1982); Armstrong, Kolesar and Plagborg-Moller, Econometrica 90 (2022) 2567; statistics 6.1.
func Shrink(y, s []float64, level float64) ShrunkClass {
	if len(y) != len(s) {
		panic(fmt.Sprintf("suffstat: shrink %d estimates with %d standard errors", len(y), len(s)))
	}
	var ys, vs []float64
	for i := range y {
		if usable(y[i], s[i]) {
			ys, vs = append(ys, y[i]), append(vs, s[i]*s[i])
		}
	}
	pm := PauleMandel(ys, vs)
	tau2 := math.NaN()
	if len(ys) >= MinShrink {
		var s4, s2 float64
		for _, v := range vs {
			s4, s2 = s4+v*v, s2+v
		}
		tau2 = math.Max(pm, 2*s4/(float64(len(vs))*s2))
	}
	r := shrinkTo(y, s, tau2, pm, level)
	r.PauleMandel = pm
	r.Q = cochranQ(ys, vs)
	return r
}

func usable(y, s float64) bool {
	return !math.IsNaN(y) && !math.IsInf(y, 0) && s > 0 && !math.IsInf(s, 0)
}

// shrinkTo shrinks with a given variance of the true values; the mean is that of the weights 1/(s^2 + meanTau2). A NaN tau2 shrinks nothing.
func shrinkTo(y, s []float64, tau2, meanTau2, level float64) ShrunkClass {
	r := ShrunkClass{Mean: math.NaN(), MeanSE: math.NaN(), Tau2: tau2, Level: level, Value: nans(len(y)), Weight: nans(len(y)), Half: nans(len(y))}
	var sum, weight float64
	for i := range y {
		if usable(y[i], s[i]) {
			w := 1 / (s[i]*s[i] + math.Max(meanTau2, 0))
			sum, weight, r.K = sum+w*y[i], weight+w, r.K+1
		}
	}
	if r.K == 0 {
		return r
	}
	r.Mean, r.MeanSE = sum/weight, math.Sqrt(1/weight)
	for i := range y {
		if !usable(y[i], s[i]) {
			continue
		}
		if math.IsNaN(tau2) {
			r.Value[i], r.Weight[i], r.Half[i] = y[i], 1, NormalQuantile((1+level)/2)*s[i]
			continue
		}
		w := tau2 / (tau2 + s[i]*s[i])
		r.Value[i], r.Weight[i] = r.Mean+w*(y[i]-r.Mean), w
		r.Half[i] = CVA(s[i]*s[i]/tau2, 1-level) * w * s[i]
	}
	return r
}

// Estimate returns value i with its interval; N counts customers, unit is that of the estimates.
func (r ShrunkClass) Estimate(i int, n int64, unit string) Estimate {
	if math.IsNaN(r.Value[i]) {
		return NotEstimable(MethodShrunk, r.Level, ErrNoData).Of(n, unit)
	}
	method := MethodShrunk
	if math.IsNaN(r.Tau2) {
		method = "normal"
	}
	return Estimate{Value: r.Value[i], Lower: r.Value[i] - r.Half[i], Upper: r.Value[i] + r.Half[i], Level: r.Level, N: n, Unit: unit, Method: method}
}

// PauleMandel returns the variance of the true values behind estimates y with variances v: the root of sum w (y - mu)^2 = K - 1 with w = 1/(v + tau2) and mu the
// mean so weighted; 0 when even tau2 = 0 leaves less than K - 1, NaN with fewer than two. v > 0.
// Source: Paule and Mandel, Journal of Research of the NBS 87 (1982) 377. dat.bcg: .318094.
func PauleMandel(y, v []float64) float64 {
	k := float64(len(y))
	if len(y) < 2 {
		return math.NaN()
	}
	excess := func(tau2 float64) float64 {
		var sum, weight float64
		for i := range y {
			w := 1 / (v[i] + tau2)
			sum, weight = sum+w*y[i], weight+w
		}
		mu, q := sum/weight, 0.
		for i := range y {
			q += (y[i] - mu) * (y[i] - mu) / (v[i] + tau2)
		}
		return q - (k - 1)
	}
	if excess(0) <= 0 {
		return 0
	}
	low, high := 0., maxOf(v)
	for excess(high) > 0 { // the excess falls with tau2 and tends to -(K-1)
		low, high = high, 2*high
	}
	for range 200 {
		mid := (low + high) / 2
		if excess(mid) > 0 {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// cochranQ is the heterogeneity statistic, chi-squared with K-1 degrees of freedom when all true values are one.
func cochranQ(y, v []float64) float64 {
	if len(y) < 2 {
		return math.NaN()
	}
	var sum, weight, q float64
	for i := range y {
		sum, weight = sum+y[i]/v[i], weight+1/v[i]
	}
	for i := range y {
		q += (y[i] - sum/weight) * (y[i] - sum/weight) / v[i]
	}
	return q
}

// CVA returns the critical value c of the robust empirical-Bayes interval: the least c with P(|Z + b| > c) <= alpha for every distribution of the bias b with
// E b^2 = m2, where Z is standard normal. m2 = 0 gives the normal quantile; CVA(.25) = 2.22665, (1) = 3.25920, (4) = 7.21635 at alpha = .05. alpha in (0, 1).
//
// The worst distribution is found from r0(t) = P(|Z + sqrt t| > c), which is convex up to a point and concave from there on: its concave envelope at m2 is the chord
// from 0 to the point t0 whose tangent passes through r0(0), or r0 itself beyond t0. Source: Armstrong, Kolesar and Plagborg-Moller (2022), function cva of their R package ebci.
func CVA(m2, alpha float64) float64 {
	if math.IsNaN(m2) || m2 < 0 || !(alpha > 0 && alpha < 1) {
		return math.NaN()
	}
	low, high := NormalQuantile(1-alpha/2), math.Sqrt((1+m2)/alpha) // the upper end is Chebyshev's
	if m2 == 0 {
		return low
	}
	for range 100 {
		mid := (low + high) / 2
		if worstNonCoverage(m2, mid) > alpha {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// worstNonCoverage is the concave envelope of r0(t, c) at m2.
func worstNonCoverage(m2, c float64) float64 {
	at0 := 2 * NormalSurvival(c)
	r0 := func(b float64) float64 { return NormalSurvival(c-b) + NormalSurvival(c+b) } // b = sqrt t
	density := func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
	// The chord from 0 is below the tangent at b up to the point of contact, above it from there on.
	above := func(b float64) bool { return r0(b)-at0 > b/2*(density(b-c)-density(b+c)) }
	low, high := 1e-3, c+8
	if c*c > 3 && !above(low) { // else concave everywhere
		for range 100 {
			if mid := (low + high) / 2; above(mid) {
				high = mid
			} else {
				low = mid
			}
		}
		if t0 := high * high; m2 < t0 {
			return at0 + m2/t0*(r0(high)-at0)
		}
	}
	return r0(math.Sqrt(m2))
}
