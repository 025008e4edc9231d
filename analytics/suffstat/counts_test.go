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

// TestMixedOracle: within a fiftieth of what adaptive integration gives; the tails beyond the grid only add.
func TestMixedOracle(t *testing.T) {
	var o struct {
		Mixed []struct {
			K             int64
			Mean, Tau, DF float64
			CDF, Survival float64
		}
	}
	oracle(t, "counts", &o)
	if len(o.Mixed) < 100 {
		t.Fatalf("%d rows", len(o.Mixed))
	}
	for _, r := range o.Mixed {
		low, high := MixedCount(r.K, r.Mean, r.Tau, r.DF)
		if math.Abs(low-r.CDF) > .02*r.CDF+2e-9 || math.Abs(high-r.Survival) > .02*r.Survival+2e-9 {
			t.Errorf("%+v: %v, %v", r, low, high)
		}
	}
	for _, bad := range [][3]float64{{-1, .1, 4}, {1, -1, 4}, {1, .1, 0}, {math.NaN(), .1, 4}} {
		if low, high := MixedCount(1, bad[0], bad[1], bad[2]); !math.IsNaN(low) || !math.IsNaN(high) {
			t.Error("not NaN:", bad)
		}
	}
	if low, high := MixedCount(2, 5, 0, 4); low != CountCDF(2, 5, math.Inf(1)) || high != CountSurvival(2, 5, math.Inf(1)) {
		t.Error("tau 0 is not Poisson")
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
