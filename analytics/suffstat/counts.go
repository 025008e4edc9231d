package suffstat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
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
