package suffstat

import (
	"math"
	"slices"
)

// order returns the positions of p from the smallest value up, NaN left out. Ties keep their order.
func order(p []float64) []int {
	idx := make([]int, 0, len(p))
	for i, v := range p {
		if !math.IsNaN(v) {
			idx = append(idx, i)
		}
	}
	slices.SortStableFunc(idx, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	return idx
}

func stepUp(p []float64, factor func(m int) float64) []float64 {
	q := nans(len(p))
	idx := order(p)
	m := len(idx)
	least, k := 1., factor(m)
	for r := m - 1; r >= 0; r-- {
		least = math.Min(least, p[idx[r]]*k*float64(m)/float64(r+1))
		q[idx[r]] = least
	}
	return q
}

func nans(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

// BH returns q-values by Benjamini and Hochberg (1995): the findings with q <= a have a false-discovery rate of at most a when the p-values of
// the family are independent or positively dependent. Same order as p; a NaN (a comparison that could not be made) stays NaN and is
// not counted in the family. q in [0, 1]. Screening uses a = .10, the confirmed list a = .05 (statistics 0.4).
func BH(p []float64) []float64 { return stepUp(p, func(int) float64 { return 1 }) }

// BY returns q-values by Benjamini and Yekutieli (2001): as BH under any dependence, paid with the factor sum 1/i. Shown beside BH for pairwise
// families (segments, scenarios), where one member is in many pairs.
func BY(p []float64) []float64 {
	return stepUp(p, func(m int) float64 {
		s := 0.
		for i := 1; i <= m; i++ {
			s += 1 / float64(i)
		}
		return s
	})
}

// Holm returns adjusted p-values by Holm (1979): those <= a contain any false finding with probability at most a, under any dependence. For
// small families where one false alarm is costly.
func Holm(p []float64) []float64 {
	q := nans(len(p))
	idx := order(p)
	most := 0.
	for r, i := range idx {
		most = math.Max(most, math.Min(1, p[i]*float64(len(idx)-r)))
		q[i] = most
	}
	return q
}

// FCRLevel returns the level at which to print the intervals of the selected findings when selected of family were selected at the
// false-discovery rate q: 1 - selected*q/family. Of all printed intervals then at most a share q misses its truth. selected = 0 gives 1.
// Source: Benjamini and Yekutieli, JASA 100 (2005) 71.
func FCRLevel(q float64, selected, family int) float64 {
	if family <= 0 {
		return math.NaN()
	}
	return 1 - float64(selected)*q/float64(family)
}
