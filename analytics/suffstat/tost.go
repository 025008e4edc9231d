package suffstat

import "math"

// Equivalence is the result of two one-sided tests that a difference lies inside (-margin, +margin). TLower tests d > -margin (large is evidence
// for it), TUpper tests d < +margin (very negative is evidence for it). P is the larger of the two p-values: small means equivalent.
type Equivalence struct {
	TLower, TUpper float64
	DF             float64 // +Inf for normal tests
	PLower, PUpper float64
	P              float64
}

// TOST tests equivalence of a difference d with standard error se on df degrees of freedom (+Inf for the normal distribution).
//
// Question: is the difference small enough not to matter? H0: |true d| >= margin. Formula: p = max( P(T > (d+margin)/se), P(T < (d-margin)/se) ).
// P < .05 is the same statement as "the 90 % interval is inside +/- margin". "Not significant" is not equivalence: with a true gap of 2 pp, margin
// 2 pp and n = 500, "not significant" calls 87 % equal, this test none. d, se, margin share one unit; margin > 0; se = 0 is decided by d alone.
// A NaN gives P = NaN. Source: Schuirmann (1987); statistics 0.3. statsmodels 0.13.5 returns the smaller p for proportions (issue 8213).
func TOST(d, se, df, margin float64) Equivalence {
	e := Equivalence{TLower: (d + margin) / se, TUpper: (d - margin) / se, DF: df}
	if se == 0 {
		e.TLower, e.TUpper = math.Inf(-1), math.Inf(1)
		if d > -margin {
			e.TLower = math.Inf(1)
		}
		if d < margin {
			e.TUpper = math.Inf(-1)
		}
	}
	e.PLower, e.PUpper = TSurvival(e.TLower, df), TSurvival(-e.TUpper, df)
	e.P = math.Max(e.PLower, e.PUpper)
	return e
}

// TOSTMeans tests equivalence of two means of independent customers with unequal variances (Welch), margin in the unit of the values.
func TOSTMeans(a, b Moments, margin float64) Equivalence {
	va, vb := a.Variance()/float64(a.N), b.Variance()/float64(b.N)
	df := (va + vb) * (va + vb) / (va*va/float64(a.N-1) + vb*vb/float64(b.N-1))
	return TOST(a.Mean-b.Mean, math.Sqrt(va+vb), df, margin)
}

// TOSTProportions tests equivalence of two shares of independent trials with the Wald standard error, margin as a share.
func TOSTProportions(x1, n1, x2, n2 int64, margin float64) Equivalence {
	p1, p2 := float64(x1)/float64(n1), float64(x2)/float64(n2)
	se := math.Sqrt(p1*(1-p1)/float64(n1) + p2*(1-p2)/float64(n2))
	return TOST(p1-p2, se, math.Inf(1), margin)
}
