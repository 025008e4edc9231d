package suffstat

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestOracleShrink(t *testing.T) {
	type class struct {
		Y, V, S, Blup []float64
		Tau2, Mean, Q float64
		MeanSE        float64   `json:"mean_se"`
		RemlTau2      float64   `json:"reml_tau2"`
		RemlMean      float64   `json:"reml_mean"`
		RemlBlup      []float64 `json:"reml_blup"`
	}
	var o struct {
		BCG, Schools, Random class
		Baseball             struct {
			P           []float64
			V, B, First float64
		}
		CVA   []struct{ M2, C float64 }
		Brute []struct{ M2, Alpha, C float64 }
	}
	oracle(t, "shrink", &o)
	roots := func(v []float64) []float64 {
		s := make([]float64, len(v))
		for i := range v {
			s[i] = math.Sqrt(v[i])
		}
		return s
	}

	bcg := Shrink(o.BCG.Y, roots(o.BCG.V), .95)
	near(t, "bcg tau2", bcg.PauleMandel, o.BCG.Tau2, 1e-9)
	near(t, "bcg tau2, printed in the specification", bcg.PauleMandel, .318094, 1e-4) // printed with the default tolerance of rma
	near(t, "bcg mean", bcg.Mean, o.BCG.Mean, 1e-9)
	near(t, "bcg mean, printed in the specification", bcg.Mean, -.714970, 1e-5)
	near(t, "bcg se", bcg.MeanSE, o.BCG.MeanSE, 1e-9)
	near(t, "bcg Q", bcg.Q, o.BCG.Q, 1e-9)
	near(t, "bcg Q, printed in the specification", bcg.Q, 152.233, 1e-5)
	nearAll(t, "bcg shrunk", bcg.Value, o.BCG.Blup, 1e-8)
	reml := shrinkTo(o.BCG.Y, roots(o.BCG.V), o.BCG.RemlTau2, o.BCG.RemlTau2, .95)
	near(t, "bcg mean at the REML variance", reml.Mean, o.BCG.RemlMean, 1e-9)
	nearAll(t, "bcg shrunk at the REML variance", reml.Value, o.BCG.RemlBlup, 1e-9)

	schools := Shrink(o.Schools.Y, o.Schools.S, .95)
	near(t, "schools tau2", schools.PauleMandel, 0, 0)
	near(t, "schools mean", schools.Mean, o.Schools.Mean, 1e-9)
	near(t, "schools mean, printed in the specification", schools.Mean, 7.685617, 1e-6)
	near(t, "schools se", schools.MeanSE, 4.071919, 1e-6)
	near(t, "schools Q", schools.Q, 4.7071, 1e-4)
	if !(schools.Tau2 > 0) {
		t.Errorf("schools: no floor under the variance: %v", schools.Tau2)
	}

	random := Shrink(o.Random.Y, o.Random.S, .95)
	near(t, "random tau2", random.PauleMandel, o.Random.Tau2, 1e-9)
	near(t, "random mean", random.Mean, o.Random.Mean, 1e-9)
	if random.Tau2 == random.PauleMandel {
		nearAll(t, "random shrunk", random.Value, o.Random.Blup, 1e-8)
	}

	// Equal variances: James-Stein is Paule-Mandel with K-3 for K-1.
	b := o.Baseball
	v := make([]float64, len(b.P))
	for i := range v {
		v[i] = b.V
	}
	k := float64(len(b.P))
	js := b.V / (b.V + PauleMandel(b.P, v)) * (k - 3) / (k - 1)
	near(t, "James-Stein", js, b.B, 1e-9)
	near(t, "James-Stein, printed in the specification", js, .787609, 2e-6)

	for _, c := range o.CVA {
		near(t, fmt.Sprintf("CVA(%g)", c.M2), CVA(c.M2, .05), c.C, 5e-6)
	}
	for _, c := range o.Brute {
		near(t, fmt.Sprintf("CVA(%g, %g)", c.M2, c.Alpha), CVA(c.M2, c.Alpha), c.C, 2e-5)
	}
}

func TestShrinkSpecialCases(t *testing.T) {
	few := Shrink([]float64{1, 2, math.NaN(), 4}, []float64{1, 1, 1, 0}, .95)
	if few.K != 2 || !math.IsNaN(few.Tau2) || few.Value[0] != 1 || few.Value[1] != 2 || !math.IsNaN(few.Value[2]) || !math.IsNaN(few.Value[3]) {
		t.Errorf("two estimates must stay as they are: %+v", few)
	}
	near(t, "half width of an estimate that is not shrunk", few.Half[0], NormalQuantile(.975), 1e-12)
	if e := few.Estimate(2, 5, "share"); e.OK() || len(e.Warnings) == 0 {
		t.Errorf("an estimate that is not there: %+v", e)
	}
	if none := Shrink(nil, nil, .95); none.K != 0 || !math.IsNaN(none.Mean) || !math.IsNaN(none.Q) {
		t.Errorf("nothing: %+v", none)
	}
	same := Shrink([]float64{3, 3, 3, 3, 3, 3}, []float64{1, 1, 1, 1, 1, 1}, .95)
	near(t, "equal estimates", same.Value[0], 3, 1e-12)
	for _, bad := range []struct{ m2, alpha float64 }{{-1, .05}, {math.NaN(), .05}, {1, 0}, {1, 1}} {
		if c := CVA(bad.m2, bad.alpha); !math.IsNaN(c) {
			t.Errorf("CVA(%g, %g) = %g", bad.m2, bad.alpha, c)
		}
	}
	if c := CVA(1e6, .05); math.IsInf(c, 0) || math.IsNaN(c) || c < 1000 {
		t.Errorf("CVA(1e6) = %g", c)
	}
}

func TestShrinkProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(MinShrink, 12).Draw(t, "k")
		y, s := make([]float64, k), make([]float64, k)
		for i := range y {
			y[i], s[i] = rapid.Float64Range(-2, 2).Draw(t, "y"), rapid.Float64Range(.05, 1).Draw(t, "s")
		}
		r := Shrink(y, s, .95)
		moved := make([]float64, k)
		for i := range y {
			if lo, hi := math.Min(y[i], r.Mean), math.Max(y[i], r.Mean); r.Value[i] < lo-1e-9 || r.Value[i] > hi+1e-9 {
				t.Fatalf("value %g is not between %g and the mean %g", r.Value[i], y[i], r.Mean)
			}
			if !(r.Weight[i] > 0 && r.Weight[i] < 1) || !(r.Half[i] > 0) || r.Half[i] > 1e3*s[i] {
				t.Fatalf("weight %g, half width %g of s %g", r.Weight[i], r.Half[i], s[i])
			}
			moved[i] = y[i] + 10
		}
		far := Shrink(moved, s, .95)
		for i := range y {
			if math.Abs(far.Value[i]-r.Value[i]-10) > 1e-6 {
				t.Fatalf("adding 10 to all moved %g to %g", r.Value[i], far.Value[i])
			}
		}
		m := rapid.Float64Range(0, 50).Draw(t, "m2")
		if a, b := CVA(m, .05), CVA(m+rapid.Float64Range(.01, 10).Draw(t, "more"), .05); !(a >= 1.95 && b > a) {
			t.Fatalf("CVA(%g) = %g, more bias %g", m, a, b)
		}
	})
}
