package suffstat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// QuantileInterval estimates the q-quantile of counted values with the interval of Bootstrap: it returns what
//
//	Bootstrap(buckets, func(c Cells) float64 { return QuantileOf(values, c, q) }, level, seed)
//
// returns, with the same draws, at a hundredth of its cost: resamples are weights of buckets, and no state is merged. values must ascend; every bucket
// has one count per value, or is nil when it holds no customer.
func QuantileInterval(values []float64, buckets []Cells, q, level float64, seed uint64) Estimate {
	const method = "bucket bootstrap"
	var used []Cells
	for _, b := range buckets {
		if !b.Empty() {
			used = append(used, b)
		}
	}
	total, ok := Merge(used)
	if !ok {
		return NotEstimable(method, level, ErrNoData)
	}
	v := QuantileOf(values, total, q)
	if math.IsNaN(v) {
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
	reps := make([]float64, BootstrapReplicates)
	weights, sum := make([]int64, len(used)), make(Cells, len(values))
	for r := range reps {
		clear(weights)
		clear(sum)
		for range used {
			weights[rng.IntN(len(used))]++
		}
		for g, w := range weights {
			if w == 0 {
				continue
			}
			for i, n := range used[g] {
				sum[i] += w * n
			}
		}
		reps[r] = QuantileOf(values, sum, q)
	}
	slices.Sort(reps)
	at := func(p float64) float64 {
		i := int(math.Round(p*float64(len(reps)+1))) - 1
		return reps[min(max(i, 0), len(reps)-1)]
	}
	e.Lower, e.Upper = at((1-level)/2), at((1+level)/2)
	return e
}
