package suffstat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Stability is a population stability index beside what chance alone makes.
type Stability struct {
	Value float64 // sum (p-q) ln(p/q), both shares in each bin
	Floor float64 // its mean for two samples of one population, (k-1)(1/n1 + 1/n2)
	P95   float64 // what one in twenty such pairs of samples exceeds, chi2_{k-1,.95} (1/n1 + 1/n2)
	Bins  int     // k, bins in which somebody is
}

// PSI compares two mixes of the same bins. The rules of thumb "below .1 stable, above .25 shifted" are blind to the sizes: two samples of 100 from one
// population have .18 on average with ten bins. Print it beside Floor and P95.
//
// p and q are counts of customers. A bin that is empty on one side counts as half a customer there (the logarithm of 0 has no value); bins empty on both sides are left
// out. deff is the design effect of dependent observations, 1 when every customer counts once. An empty side gives NaN.
// Source: Yurdakul and Naranjo, Statistical properties of the population stability index, J. Risk Model Validation 14 (2020); statistics 3.2.
func PSI(p, q []float64, deff float64) Stability {
	var n1, n2, s1, s2 float64
	out := Stability{}
	for i := range p {
		if p[i] > 0 || q[i] > 0 {
			out.Bins++
			n1, n2 = n1+p[i], n2+q[i]
			s1, s2 = s1+half(p[i]), s2+half(q[i])
		}
	}
	if !(n1 > 0 && n2 > 0) {
		return Stability{math.NaN(), math.NaN(), math.NaN(), out.Bins}
	}
	for i := range p {
		if p[i] > 0 || q[i] > 0 {
			a, b := half(p[i])/s1, half(q[i])/s2
			out.Value += (a - b) * math.Log(a/b)
		}
	}
	if out.Bins > 1 {
		k, c := float64(out.Bins-1), deff*(1/n1+1/n2)
		out.Floor, out.P95 = k*c, distuv.ChiSquared{K: k}.Quantile(.95)*c
	}
	return out
}

func half(n float64) float64 {
	if n <= 0 {
		return .5
	}
	return n
}
