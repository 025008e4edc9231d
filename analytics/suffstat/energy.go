package suffstat

import (
	"math"
	"math/rand/v2"
)

// EnergyDistance is how far two samples of points are apart, beside what chance alone makes.
type EnergyDistance struct {
	E     float64 // 2 mean|X-Y| - mean|X-X'| - mean|Y-Y'|, in the unit of the points; 0 when the distributions are equal
	H     float64 // E / (2 mean|X-Y|), 0 to 1
	Floor float64 // mean of E when the labels are exchanged at random
	P     float64 // of one distribution: (1 + permutations with an E as large) / (1 + permutations)
}

// Energy compares two samples of points in any dimension by the energy distance, which is 0 only for equal distributions: it sees differences of spread and of joint shape that
// means and single features do not show. The p-value exchanges the labels of customers; every row must be one customer.
//
// x and y hold one point per customer, all of one length; standardise the coordinates first. Means run over all ordered pairs, a point with itself included (V-statistic, as R's
// eqdist.e; nm/(n+m) E is its statistic). permutations 0 leaves Floor and P NaN; 999 is usual. The cost is (n+m)^2/2 distances and n^2/2 additions per permutation (the
// smaller sample). An empty sample gives NaN. Source: Szekely and Rizzo, J. Statistical Planning and Inference 143 (2013) 1249; statistics 3.2.
func Energy(x, y [][]float64, permutations int, seed uint64) EnergyDistance {
	if len(x) > len(y) {
		x, y = y, x
	}
	n, m := len(x), len(y)
	nan := math.NaN()
	if n == 0 {
		return EnergyDistance{nan, nan, nan, nan}
	}
	points := append(append(make([][]float64, 0, n+m), x...), y...)
	total := n + m
	d := make([]float64, total*total)
	rows := make([]float64, total) // sum of distances from each point
	all := 0.
	for i := range total {
		for j := range i {
			s := 0.
			for k, a := range points[i] {
				b := a - points[j][k]
				s += b * b
			}
			s = math.Sqrt(s)
			d[i*total+j], d[j*total+i] = s, s
			rows[i] += s
			rows[j] += s
			all += s
		}
	}
	// energy from the sum of distances within the first sample (each pair once) and the sum of its rows.
	a, b := float64(n), float64(m)
	energy := func(within, of float64) (e, between float64) {
		across := of - 2*within
		between = across / (a * b)
		return 2*between - 2*within/(a*a) - 2*(all-within-across)/(b*b), between
	}
	within := func(members []int) (w, of float64) {
		for i, p := range members {
			row := d[p*total : (p+1)*total]
			for _, q := range members[:i] {
				w += row[q]
			}
			of += rows[p]
		}
		return w, of
	}
	order := make([]int, total)
	for i := range order {
		order[i] = i
	}
	e, between := energy(within(order[:n]))
	out := EnergyDistance{E: e, Floor: nan, P: nan}
	if between > 0 {
		out.H = math.Max(0, e/(2*between))
	}
	if permutations <= 0 {
		return out
	}
	rng := rand.New(rand.NewPCG(seed, 0x656e65726779))
	as, sum := 1, 0.
	slack := 1e-12 * math.Abs(between) // equal numbers added in another order
	for range permutations {
		for i := range n {
			j := i + rng.IntN(total-i)
			order[i], order[j] = order[j], order[i]
		}
		p, _ := energy(within(order[:n]))
		sum += p
		if p >= e-slack {
			as++
		}
	}
	out.Floor, out.P = sum/float64(permutations), float64(as)/float64(permutations+1)
	return out
}
