package suffstat

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// JensenShannon returns the Jensen-Shannon divergence of two mixes of the same categories, in nats: 0 when the shares are equal, ln 2 when no category is in
// both. p and q are counts or weights of equal length; each is divided by its sum. NaN when one of them is empty. The two mixes weigh equally, whatever
// their sizes.
//
// Two samples of one mix never give 0: subtract JensenShannonFloor. Source: Lin (1991); statistics 3.2.
func JensenShannon(p, q []float64) float64 {
	a, b := shares(p), shares(q)
	if a == nil || b == nil {
		return math.NaN()
	}
	return stat.JensenShannon(a, b)
}

// JensenShannonFloor returns the divergence expected of two independent samples of n1 and n2 from one mix of k categories, (k-1)(1/n1 + 1/n2)/8 nats. With
// dependent observations n1 and n2 are effective sizes. k counts categories that occur. Source: statistics 3.2 (within 2 % in simulation).
func JensenShannonFloor(k int, n1, n2 float64) float64 {
	if k < 2 {
		return 0
	}
	return float64(k-1) * (1/n1 + 1/n2) / 8
}

func shares(x []float64) []float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	if !(sum > 0) {
		return nil
	}
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v / sum
	}
	return out
}
