package suffstat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// CountCDF returns P(Y <= k) for a count Y with the given mean and variance mean + mean^2/size: negative binomial, or Poisson for size = +Inf.
//
// Question: how likely are so few rows? Formula: I_p(size, k+1) with p = size/(size+mean), the regularised incomplete beta function; Poisson: Q(k+1, mean). Special cases: k < 0 gives 0;
// mean = 0 gives 1; a negative mean, a size that is not positive, or NaN give NaN. It misleads when days resemble their neighbours: give the variance of the sum then (CountSize).
func CountCDF(k int64, mean, size float64) float64 {
	switch {
	case math.IsNaN(mean) || mean < 0 || math.IsNaN(size) || size <= 0:
		return math.NaN()
	case k < 0:
		return 0
	case mean == 0:
		return 1
	case math.IsInf(size, 1):
		return mathext.GammaIncRegComp(float64(k)+1, mean)
	}
	return mathext.RegIncBeta(size, float64(k)+1, size/(size+mean))
}

// CountSurvival returns P(Y >= k), with the accuracy of its own tail; arguments and special cases as CountCDF.
func CountSurvival(k int64, mean, size float64) float64 {
	switch {
	case math.IsNaN(mean) || mean < 0 || math.IsNaN(size) || size <= 0:
		return math.NaN()
	case k <= 0:
		return 1
	case mean == 0:
		return 0
	case math.IsInf(size, 1):
		return mathext.GammaIncReg(float64(k), mean)
	}
	return mathext.RegIncBeta(float64(k), size, mean/(size+mean))
}

// CountSize is the size of the negative binomial with this mean and variance: mean^2/(variance - mean), +Inf (Poisson) for a variance up to the mean.
func CountSize(mean, variance float64) float64 {
	if !(variance > mean) {
		return math.Inf(1)
	}
	return mean * mean / (variance - mean)
}

// The grid of MixedCount: steps of asinh(t), the tails beyond it count in full.
const (
	mixedSteps = 480
	mixedReach = 6.5 // asinh of the farthest t, 333
)

// MixedCount returns P(Y <= k) and P(Y >= k) for a count that is Poisson given its mean, which is mean x exp(tau T): T has a Student distribution with df degrees of freedom, scaled so that its quartiles are those of a normal one.
//
// Question: how likely are so few (or so many) rows on a day when days differ by more than chance, and some by much more? CountCDF has the same two moments, but its shocks have light tails: with df of 4 to 6, as daily counts
// have, it calls ten times too many days strange. Formula: the integral of the Poisson tail over the Student density on a grid of asinh(t) (480 steps, trapezoidal), plus all of the Student tails beyond |t| = 333, so that it errs upwards. Special cases: tau = 0 is
// Poisson; mean = 0 gives 1 and P(0 >= k); a negative or missing argument gives NaN.
func MixedCount(k int64, mean, tau, df float64) (atMost, atLeast float64) {
	if math.IsNaN(mean) || mean < 0 || math.IsNaN(tau) || tau < 0 || !(df > 0) {
		return math.NaN(), math.NaN()
	}
	infinite := math.Inf(1)
	if tau == 0 || mean == 0 {
		return CountCDF(k, mean, infinite), CountSurvival(k, mean, infinite)
	}
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	unit := TQuantile(.75, df) / NormalQuantile(.75)
	const step = 2 * mixedReach / mixedSteps
	for i := range mixedSteps + 1 {
		u := -mixedReach + step*float64(i)
		weight := step * math.Cosh(u) * student.Prob(math.Sinh(u))
		if i == 0 || i == mixedSteps {
			weight /= 2
		}
		m := mean * math.Exp(math.Min(tau*math.Sinh(u)/unit, 700))
		if math.IsInf(m, 1) {
			m = math.MaxFloat64
		}
		atMost += weight * CountCDF(k, m, infinite)
		atLeast += weight * CountSurvival(k, m, infinite)
	}
	beyond := TSurvival(math.Sinh(mixedReach), df)
	return math.Min(1, atMost+beyond), math.Min(1, atLeast+beyond)
}
