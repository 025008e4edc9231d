package suffstat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// BootstrapReplicates is the number of resamples of Bootstrap.
const BootstrapReplicates = 999

// Bootstrap estimates a number that is not a smooth function of the sums (a quantile, a rank, the place of a change) with a percentile interval over
// BootstrapReplicates resamples of the non-empty buckets, drawn with replacement (multinomial weights) from a PCG generator with the given seed: the
// same seed and buckets give the same interval. Cost: 999 G merges and 1000 calls of f.
//
// Resamples in which f is NaN are left out; more than 5 % of them leave the interval unknown (ErrNotEstimable). Statistics 0.1.
func Bootstrap[S State[S]](buckets []S, f func(S) float64, level float64, seed uint64) Estimate {
	const method = "bucket bootstrap"
	var used []S
	for _, b := range buckets {
		if !isEmpty(b) {
			used = append(used, b)
		}
	}
	total, ok := Merge(used)
	if !ok {
		return NotEstimable(method, level, ErrNoData)
	}
	v := f(total)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return NotEstimable(method, level, ErrNoData)
	}
	e := Estimate{Value: v, Lower: math.NaN(), Upper: math.NaN(), Level: level, Method: method}
	if len(used) < MinBuckets {
		e.Warnings = append(e.Warnings, fmt.Errorf("%d buckets: %w", len(used), ErrFewBuckets))
	}
	if len(used) < 2 {
		return e
	}
	rng := rand.New(rand.NewPCG(seed, 0x6275636b6574))
	reps := make([]float64, 0, BootstrapReplicates)
	for range BootstrapReplicates {
		s := used[rng.IntN(len(used))]
		for range len(used) - 1 {
			s = s.Merge(used[rng.IntN(len(used))])
		}
		if t := f(s); !math.IsNaN(t) && !math.IsInf(t, 0) {
			reps = append(reps, t)
		}
	}
	if float64(len(reps)) < .95*BootstrapReplicates {
		e.Warnings = append(e.Warnings, ErrNotEstimable)
		return e
	}
	slices.Sort(reps)
	// (B+1) p-th order statistics: 25th and 975th of 999 at 95 %.
	at := func(p float64) float64 {
		i := int(math.Round(p*float64(len(reps)+1))) - 1
		return reps[min(max(i, 0), len(reps)-1)]
	}
	e.Lower, e.Upper = at((1-level)/2), at((1+level)/2)
	return e
}

// QuantileOf returns the q-quantile of counted values: the smallest value with at least a share q of the counts at or below it. values must ascend and
// pair with counts; no counts give NaN. With Bootstrap it makes an interval for a quantile from bucket histograms.
func QuantileOf(values []float64, counts Cells, q float64) float64 {
	n := float64(counts.Sum())
	if n == 0 {
		return math.NaN()
	}
	var below int64
	for i, c := range counts {
		below += c
		// The slack keeps q = .1 of 10 values at the first one in spite of binary fractions.
		if c > 0 && float64(below) >= q*n*(1-1e-12) {
			return values[i]
		}
	}
	return values[len(values)-1]
}
