package suffstat

import (
	"math"
	"slices"
)

// The neighbours on each side that a period is compared with.
const spikeReach = 6

// neighbourNoise is the variance of a point less the median of twelve neighbours, over that of a point: 1 + pi/2/12.
const neighbourNoise = 1.13

// leastSpread is the least number of points whose scatter stands for that of the series.
const leastSpread = 8

// SpikeScores compares every point with the median of its six neighbours on each side (at the ends with the nearest twelve). noise is the variance that each point has by counting alone, on the
// scale of y (1/n for arcsine roots of shares of n); nil when it is the same for all. z is the distance in robust standard deviations sqrt(tau^2 + noise), scaled to the MAD of all such distances
// of the series (a MAD of twelve neighbours is itself off by a quarter), and never less than what counting alone makes. Fewer than 8 points, or a series half of whose points equal their median, have z = 0 throughout: nothing can
// be called unusual. Statistics 4.4.
func SpikeScores(y, noise []float64) (z, expected []float64) {
	n := len(y)
	z, expected = make([]float64, n), slices.Clone(y)
	if n < leastSpread {
		return z, expected
	}
	window := make([]float64, 0, 2*spikeReach)
	away := make([]float64, n)
	for i := range y {
		from := min(max(i-spikeReach, 0), max(n-2*spikeReach-1, 0))
		window = window[:0]
		for j := from; j < min(from+2*spikeReach+1, n); j++ {
			if j != i {
				window = append(window, y[j])
			}
		}
		expected[i] = middle(window)
		z[i] = y[i] - expected[i]
		away[i] = math.Abs(z[i])
	}
	scale := 1.4826 * SampleMedian(away)
	if !(scale > 1e-12) {
		return make([]float64, n), expected
	}
	if noise != nil {
		between := math.Max(0, scale*scale-neighbourNoise*SampleMedian(noise)) // the variance between periods
		for i := range z {
			z[i] /= math.Sqrt(between + noise[i])
			away[i] = math.Abs(z[i])
		}
		scale = math.Max(1.4826*SampleMedian(away), 1)
	}
	for i := range z {
		z[i] /= scale
	}
	return z, expected
}

// StepNotSpike tells whether point i belongs to the level of one of its sides: a series that steps from one level to another has no spike there, though its last points before and its
// first points after the step stand far from the median of the twelve neighbours, which lies between the levels. expected is what SpikeScores expects of the point. A side of fewer than 3 points is not
// asked.
func StepNotSpike(y []float64, i int, expected float64) bool {
	for _, side := range [][]float64{y[max(i-spikeReach, 0):i], y[i+1 : min(i+1+spikeReach, len(y))]} {
		if len(side) >= 3 && math.Abs(y[i]-SampleMedian(side)) < math.Abs(y[i]-expected)/2 {
			return true
		}
	}
	return false
}

// middle is SampleMedian that sorts x in place.
func middle(x []float64) float64 {
	slices.Sort(x)
	if m := len(x) / 2; len(x)%2 == 0 {
		return (x[m-1] + x[m]) / 2
	}
	return x[len(x)/2]
}

// The degrees of freedom that SpikeP works with: T(4) is what scores by a MAD of twelve neighbours follow (statistics 4.4), T(30) is all but normal.
const (
	heaviestTail = 4.
	lightestTail = 30.
	fewScores    = 6. // of a family too small to tell
	manyScores   = 300
	tailCaution  = .9 // tails beyond the 5 % points may be heavier than up to them
)

// SpikeTail reads off all scores of a family how heavy the tails of scores without spikes are: the degrees of freedom of the Student distribution whose 5 % points
// stand to its quartiles as those of the scores do, less a tenth. The outermost 5 % are where spikes are and are not looked at. The fewer scores below 300, the nearer to
// 6. With T(4) throughout, no family of more than some hundred scores could ever show a spike of 8 standard deviations (bench S13).
func SpikeTail(scores []float64) float64 {
	var a []float64
	for _, z := range scores {
		if z != 0 {
			a = append(a, math.Abs(z))
		}
	}
	if len(a) == 0 {
		return heaviestTail
	}
	slices.Sort(a)
	at := func(p float64) float64 { return a[int(p*float64(len(a)-1))] }
	seen := at(.95) / at(.50)
	lo, hi := heaviestTail, lightestTail
	ratio := func(df float64) float64 { return TQuantile(.975, df) / TQuantile(.75, df) }
	for range 40 {
		if m := (lo + hi) / 2; seen > ratio(m) {
			hi = m
		} else {
			lo = m
		}
	}
	known := math.Min(float64(len(a))/manyScores, 1)
	return math.Max(heaviestTail, known*tailCaution*lo+(1-known)*fewScores)
}

// SpikeP are the two-sided p-values of scores. Scores are in units of the middle of their distribution: scaled so that its quartiles are those of Student's t with df degrees of freedom.
func SpikeP(scores []float64, df float64) []float64 {
	unit := TQuantile(.75, df) / NormalQuantile(.75)
	p := make([]float64, len(scores))
	for i, z := range scores {
		p[i] = math.Min(1, 2*TSurvival(math.Abs(z)*unit, df))
	}
	return p
}
