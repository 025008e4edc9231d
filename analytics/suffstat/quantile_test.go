package suffstat

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestQuantileInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 2, 15, 60, 100} {
		values := []float64{0, 1, 2, 5, 24, 72, 168}
		buckets := make([]Cells, 100)
		for g := range n {
			buckets[g] = make(Cells, len(values))
			for range 1 + rng.IntN(9) {
				buckets[g][rng.IntN(len(values))]++
			}
		}
		for _, q := range []float64{.1, .5, .95} {
			want := Bootstrap(buckets, func(c Cells) float64 { return QuantileOf(values, c, q) }, .95, 7)
			got := QuantileInterval(values, buckets, q, .95, 7)
			if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.IgnoreFields(Estimate{}, "Warnings")); diff != "" {
				t.Errorf("%d buckets, q = %g: %s", n, q, diff)
			}
			if len(want.Warnings) != len(got.Warnings) {
				t.Errorf("%d buckets: warnings %v, want %v", n, got.Warnings, want.Warnings)
			}
		}
	}
}

func BenchmarkQuantileInterval(b *testing.B) {
	values := make([]float64, 20)
	buckets := make([]Cells, 100)
	for i := range values {
		values[i] = float64(i)
	}
	for g := range buckets {
		buckets[g] = make(Cells, 20)
		for i := range values {
			buckets[g][i] = int64((i*g)%7 + 1)
		}
	}
	for b.Loop() {
		QuantileInterval(values, buckets, .5, .95, 1)
	}
}
