package suffstat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestCountsOracle(t *testing.T) {
	var o struct {
		Rows []struct {
			K             int64
			Mean          float64
			Size          *float64
			CDF, Survival float64
		}
	}
	oracle(t, "counts", &o)
	if len(o.Rows) < 200 {
		t.Fatalf("%d rows", len(o.Rows))
	}
	for _, r := range o.Rows {
		size := math.Inf(1)
		if r.Size != nil {
			size = *r.Size
		}
		for _, c := range []struct {
			name      string
			got, want float64
		}{{"cdf", CountCDF(r.K, r.Mean, size), r.CDF}, {"survival", CountSurvival(r.K, r.Mean, size), r.Survival}} {
			if math.Abs(c.got-c.want) > 1e-7*c.want+1e-280 {
				t.Errorf("%s(%d, %v, %v) = %v, scipy %v", c.name, r.K, r.Mean, size, c.got, c.want)
			}
		}
	}
}

func TestCountEdges(t *testing.T) {
	if CountCDF(-1, 5, 2) != 0 || CountCDF(0, 0, 2) != 1 || CountSurvival(0, 5, 2) != 1 || CountSurvival(1, 0, 2) != 0 {
		t.Error("edges")
	}
	for _, bad := range []float64{CountCDF(1, -1, 2), CountCDF(1, 1, 0), CountCDF(1, 1, math.NaN()), CountSurvival(1, math.NaN(), 1)} {
		if !math.IsNaN(bad) {
			t.Error("not NaN:", bad)
		}
	}
	if !math.IsInf(CountSize(5, 5), 1) || CountSize(10, 30) != 5 {
		t.Error("size")
	}
	rapid.Check(t, func(t *rapid.T) {
		mean, size, k := rapid.Float64Range(.01, 1e5).Draw(t, "mean"), rapid.Float64Range(.1, 1e5).Draw(t, "size"), rapid.Int64Range(0, 1e6).Draw(t, "k")
		cdf := CountCDF(k, mean, size)
		if s := cdf + CountSurvival(k+1, mean, size); math.Abs(s-1) > 1e-6 {
			t.Fatalf("cdf + survival = %v", s)
		}
		if next := CountCDF(k+1, mean, size); next < cdf-1e-12 {
			t.Fatalf("cdf falls from %v to %v", cdf, next)
		}
	})
}
