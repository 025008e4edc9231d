package suffstat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// NormalQuantile returns z with P(Z <= z) = p; p in (0, 1).
func NormalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

// NormalSurvival returns P(Z > z), accurate in the far tail, where gonum's Normal.Survival gives 0 (z = 20: 2.75e-89).
func NormalSurvival(z float64) float64 { return .5 * math.Erfc(z/math.Sqrt2) }

// TQuantile returns t with P(T <= t) = p for Student's t with df degrees of freedom; df = +Inf is the normal distribution.
// p = .5 gives 0; df <= 0 gives NaN.
func TQuantile(p, df float64) float64 {
	switch {
	case math.IsNaN(df) || df <= 0:
		return math.NaN()
	case math.IsInf(df, 1):
		return NormalQuantile(p)
	case p == .5:
		return 0
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

// TSurvival returns P(T > t) for Student's t with df degrees of freedom; df = +Inf is the normal distribution.
func TSurvival(t, df float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case math.IsInf(df, 1):
		return NormalSurvival(t)
	case math.IsInf(t, 1):
		return 0
	case math.IsInf(t, -1):
		return 1
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-t)
}

// ChiSquaredSurvival returns P(X > x) for the chi-squared distribution; df = 0 gives NaN.
func ChiSquaredSurvival(x, df float64) float64 {
	if math.IsNaN(x) || df <= 0 {
		return math.NaN()
	}
	if x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(df/2, x/2)
}

// FSurvival returns P(F > x) for the F distribution with d1 and d2 degrees of freedom, by the incomplete beta function: gonum's F.Survival is
// 1 - CDF and gives 1e-16 where the truth is 1.8e-26. d2 = +Inf gives the chi-squared limit.
func FSurvival(x, d1, d2 float64) float64 {
	if math.IsNaN(x) || d1 <= 0 || d2 <= 0 {
		return math.NaN()
	}
	if x <= 0 {
		return 1
	}
	if math.IsInf(d2, 1) {
		return ChiSquaredSurvival(x*d1, d1)
	}
	return mathext.RegIncBeta(d2/2, d1/2, d2/(d2+d1*x))
}
