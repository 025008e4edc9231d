package pairs

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// Distances between pairs, for the map of segments.
const (
	featureBins  = 10 // deciles of all sampled customers
	energyPairs  = 40 // the pairs for which the energy distance is computed: the nearest of those not proved different
	energySample = 300
	permutations = 999
)

// Distance is how far a pair is apart in one feature.
type Distance struct {
	Feature          string
	SampleA, SampleB int
	JS, JSFloor      float64
	suffstat.Stability
}

// distances compares the sampled members of every pair before the window, members of both left out as in the comparison of behaviour.
func (f *fitter) distances() {
	s := &f.c.Sample
	if len(s.Of) == 0 || len(s.Features) == 0 {
		return
	}
	bins := binned(s.Features)
	count := func(of []int, without int, whole bool, into [][]float64) (n int) {
		for k := range into {
			clear(into[k])
		}
		for _, p := range of {
			if !whole && s.In[p][without/64]&(1<<(without%64)) != 0 {
				continue
			}
			n++
			for k, b := range bins[p] {
				into[k][b]++
			}
		}
		return n
	}
	a, b := make([][]float64, len(Features)), make([][]float64, len(Features))
	for k := range a {
		a[k], b[k] = make([]float64, featureBins+1), make([]float64, featureBins+1)
	}
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		na, nb := count(s.Of[p.A], p.B, p.Compared == RestOfB, a), count(s.Of[p.B], p.A, p.Compared == RestOfA, b)
		if na == 0 || nb == 0 {
			continue
		}
		p.JS, p.JSFloor = 0, 0
		p.Distances = make([]Distance, len(Features))
		for k, name := range Features {
			d := Distance{Feature: name, SampleA: na, SampleB: nb, JS: suffstat.JensenShannon(a[k], b[k]), Stability: suffstat.PSI(a[k], b[k], 1)}
			d.JSFloor = suffstat.JensenShannonFloor(d.Bins, float64(na), float64(nb))
			d.JS = math.Max(0, d.JS)
			p.JS, p.JSFloor = p.JS+d.JS/float64(len(Features)), p.JSFloor+d.JSFloor/float64(len(Features))
			p.Distances[k] = d
			if p.Far < 0 || d.Value-d.Floor > p.Distances[p.Far].Value-p.Distances[p.Far].Floor {
				p.Far = k
			}
		}
	}
	f.energies()
}

// binned gives every person the bin of each feature: deciles of all sampled persons, equal values in one bin, and a bin of its own for "never".
func binned(features [][]float64) [][]uint8 {
	out := make([][]uint8, len(features))
	for i := range out {
		out[i] = make([]uint8, len(Features))
	}
	for k := range Features {
		var values []float64
		for _, x := range features {
			if !math.IsNaN(x[k]) {
				values = append(values, x[k])
			}
		}
		slices.Sort(values)
		var cuts []float64 // a value belongs to the bin after the last cut that is below it
		for b := 1; b < featureBins && len(values) > 0; b++ {
			if c := values[(b*len(values)-1)/featureBins]; c < values[len(values)-1] && (len(cuts) == 0 || c > cuts[len(cuts)-1]) {
				cuts = append(cuts, c)
			}
		}
		for i, x := range features {
			if math.IsNaN(x[k]) {
				out[i][k] = featureBins
				continue
			}
			at, _ := slices.BinarySearch(cuts, x[k])
			out[i][k] = uint8(at)
		}
	}
	return out
}

// energies compares all features together for the nearest pairs that are not proved different; the rest is told apart by one feature already.
func (f *fitter) energies() {
	points := standardised(f.c.Sample.Features)
	var near []int
	for i := range f.m.Pairs {
		if p := &f.m.Pairs[i]; p.Distances != nil && p.Verdict != Different && min(p.Distances[0].SampleA, p.Distances[0].SampleB) >= 20 {
			near = append(near, i)
		}
	}
	slices.SortStableFunc(near, func(a, b int) int {
		x, y := &f.m.Pairs[a], &f.m.Pairs[b]
		return cmp.Compare(x.JS-x.JSFloor, y.JS-y.JSFloor)
	})
	near = near[:min(len(near), energyPairs)]
	var ps []float64
	for _, i := range near {
		p := &f.m.Pairs[i]
		p.Energy = suffstat.Energy(f.cloud(points, p.A, p.B, p.Compared == RestOfB), f.cloud(points, p.B, p.A, p.Compared == RestOfA), permutations, f.opt.Seed)
		ps = append(ps, p.Energy.P)
	}
	for k, q := range suffstat.BH(ps) {
		f.m.Pairs[near[k]].EnergyQ = q
	}
}

// cloud is at most energySample sampled members of one segment who are not in the other, evenly over the sample.
func (f *fitter) cloud(points [][]float64, segment, without int, whole bool) [][]float64 {
	s := &f.c.Sample
	var all [][]float64
	for _, p := range s.Of[segment] {
		if whole || s.In[p][without/64]&(1<<(without%64)) == 0 {
			all = append(all, points[p])
		}
	}
	if len(all) <= energySample {
		return all
	}
	out := make([][]float64, energySample)
	for i := range out {
		out[i] = all[i*len(all)/energySample]
	}
	return out
}

// standardised features: logarithm of 1 + x, so that no big spender decides alone, minus the mean, by the standard deviation of all sampled persons. "Never" is ten years ago.
func standardised(features [][]float64) [][]float64 {
	out := make([][]float64, len(features))
	for i, x := range features {
		out[i] = make([]float64, len(x))
		for k, v := range x {
			if math.IsNaN(v) {
				v = 3650
			}
			out[i][k] = math.Log1p(math.Max(0, v))
		}
	}
	for k := range Features {
		var m suffstat.Moments
		column := make([]float64, len(out))
		for i := range out {
			column[i] = out[i][k]
		}
		m = suffstat.MomentsOf(column)
		sd := math.Sqrt(m.M2 / float64(max(m.N, 1)))
		for i := range out {
			out[i][k] -= m.Mean
			if sd > 0 {
				out[i][k] /= sd
			}
		}
	}
	return out
}
