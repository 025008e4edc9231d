package suffstat

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestOracleExperiment(t *testing.T) {
	var o struct {
		Rows []struct {
			Arm, Bucket         int
			N, Y, X, YY, XX, YX int64
		}
		Means                   []float64
		Difference, SE          float64
		WelchSE                 float64 `json:"welch_se"`
		WelchDF                 float64 `json:"welch_df"`
		Theta, Ancova, Adjusted float64
		AdjustedSE              float64 `json:"adjusted_se"`
		Lift                    struct{ Value, Lower, Upper float64 }
		Sigma, Correlation      float64
		SRM                     []struct {
			N      []int64
			Shares []float64
			Chi2   float64
			P      float64
		}
	}
	oracle(t, "experiment", &o)
	buckets := make([]Arms, 40)
	for i := range buckets {
		buckets[i] = make(Arms, 2)
	}
	for _, r := range o.Rows {
		buckets[r.Bucket][r.Arm] = ComomentsOfSums(r.N, r.Y, r.X, r.YY, r.XX, r.YX)
	}
	c := CompareArms(buckets, 1, 0, .95)
	near(t, "reference mean", c.MeanReference, o.Means[0], 1e-12)
	near(t, "mean", c.Mean, o.Means[1], 1e-12)
	near(t, "difference", c.Difference.Value, o.Difference, 1e-11)
	near(t, "se", c.SE, o.SE, 1e-9)
	near(t, "Welch se", c.WelchSE, o.WelchSE, 1e-10)
	near(t, "Welch df", c.WelchDF, o.WelchDF, 1e-9)
	near(t, "theta", c.Theta, o.Theta, 1e-9)
	near(t, "adjusted", c.Adjusted.Value, o.Adjusted, 1e-9)
	near(t, "adjusted is the coefficient of the covariance model", c.Adjusted.Value, o.Ancova, 1e-9)
	near(t, "adjusted se", c.AdjustedSE, o.AdjustedSE, 1e-8)
	near(t, "sigma", c.Sigma, o.Sigma, 1e-10)
	near(t, "correlation", c.Correlation, o.Correlation, 1e-9)
	nearAll(t, "lift", []float64{c.Relative.Value, c.Relative.Lower, c.Relative.Upper}, []float64{o.Lift.Value, o.Lift.Lower, o.Lift.Upper}, 1e-9)
	for _, s := range o.SRM {
		chi2, p := SRM(s.N, s.Shares)
		near(t, fmt.Sprintf("SRM %v", s.N), chi2, s.Chi2, 1e-10)
		near(t, fmt.Sprintf("SRM %v p", s.N), p, s.P, 1e-8)
	}
	// Golden numbers of statistics 9.
	chi2, p := SRM([]int64{821588, 815482}, []float64{1, 1})
	near(t, "golden SRM", chi2, 22.7744, 1e-5)
	near(t, "golden SRM p", p, 1.8218e-6, 1e-4)
}

func TestOracleTrial(t *testing.T) {
	type outcome struct{ ATT, SE, Naive, Treated float64 }
	var o struct {
		Rows []struct {
			Cell                int
			Treated             bool
			Bucket              int
			N, Ordered, Revenue int64
		}
		Positivity     float64
		Order, Revenue outcome
	}
	oracle(t, "trial", &o)
	var rows []TrialRow
	for _, r := range o.Rows {
		rows = append(rows, TrialRow{r.Cell, r.Treated, r.Bucket, r.N, []int64{r.Ordered, r.Revenue}})
	}
	got := ATT(rows, 2, 30, .95)
	near(t, "positivity", got.Positivity, o.Positivity, 1e-12)
	if got.Cells != 12 || got.UsedCells != 11 {
		t.Errorf("%d of %d cells used, want 11 of 12", got.UsedCells, got.Cells)
	}
	for j, want := range []outcome{o.Order, o.Revenue} {
		x := got.Outcomes[j]
		nearAll(t, fmt.Sprintf("outcome %d", j), []float64{x.ATT.Value, x.SE, x.Naive, x.Treated.Value}, []float64{want.ATT, want.SE, want.Naive, want.Treated}, 1e-8)
		near(t, "treated - comparison", x.Treated.Value-x.Comparison.Value, x.ATT.Value, 1e-12)
	}
}

func TestOracleSensitivity(t *testing.T) {
	type bias struct {
		Y, SE    []float64
		Mean, SD float64
		VarMean  float64 `json:"var_mean"`
	}
	var o struct {
		E         []struct{ RR, E float64 } `json:"e_value"`
		Published []struct{ RR, E float64 }
		Bias      bias
		Quiet     bias
		Rosenbaum []struct {
			T, D     int64
			Gamma, P float64
		}
	}
	oracle(t, "sensitivity", &o)
	for _, c := range o.E {
		near(t, fmt.Sprintf("EValue(%g)", c.RR), EValue(c.RR), c.E, 1e-12)
	}
	for _, c := range o.Published {
		near(t, fmt.Sprintf("published EValue(%g)", c.RR), EValue(c.RR), c.E, 1e-6)
	}
	for _, c := range o.Rosenbaum {
		near(t, fmt.Sprintf("Rosenbaum %d of %d, %g", c.T, c.D, c.Gamma), RosenbaumP(c.T, c.D, c.Gamma), c.P, 1e-9)
	}
	near(t, "golden Rosenbaum", RosenbaumP(110, 122, 5), .023169, 1e-4)
	near(t, "golden Rosenbaum", RosenbaumP(110, 122, 6), .096929, 1e-4)
	for name, want := range map[string]bias{"bias": o.Bias, "quiet": o.Quiet} {
		got, ok := CalibrateBias(want.Y, want.SE)
		if !ok || got.Controls != len(want.Y) {
			t.Fatalf("%s: %+v %v", name, got, ok)
		}
		near(t, name+" mean", got.Mean, want.Mean, 1e-4)
		near(t, name+" sd", got.SD, want.SD, 1e-4)
		near(t, name+" variance of the mean", got.VarMean, want.VarMean, 1e-4)
	}
	if _, ok := CalibrateBias(o.Bias.Y[:4], o.Bias.SE[:4]); ok {
		t.Error("four controls calibrate")
	}
	if _, ok := CalibrateBias([]float64{1, 2, 3, 4, 5, math.NaN()}, []float64{1, 1, 1, 1, 0, 1}); ok {
		t.Error("controls without a standard error calibrate")
	}
	if e := EValueLimit(.9, 1.2); e != 1 {
		t.Errorf("interval with 1: E-value %g, want 1", e)
	}
	if got, want := EValueLimit(.5, .8), EValue(.8); got != want {
		t.Errorf("E-value of the nearer limit %g, want %g", got, want)
	}
	if !math.IsNaN(EValue(0)) || !math.IsNaN(EValue(math.NaN())) || !math.IsNaN(RosenbaumP(5, 4, 2)) {
		t.Error("impossible input gives a number")
	}
}

func TestNearestPlannedShare(t *testing.T) {
	for _, c := range []struct {
		observed float64
		arms     int
		want     float64
	}{{.49, 2, .5}, {.437, 2, .5}, {.0991, 2, .1}, {.203, 2, .2}, {.334, 3, 1. / 3}, {.168, 6, 1. / 6}, {.168, 2, .15}, {.951, 2, .95}, {.012, 2, .01}} {
		if got := NearestPlannedShare(c.observed, c.arms); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("NearestPlannedShare(%g, %d) = %g, want %g", c.observed, c.arms, got, c.want)
		}
	}
}

func TestComomentsMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Comoments {
			y := rapid.SliceOfN(rapid.Float64Range(-1e4, 1e4), 0, 12).Draw(t, name)
			x := make([]float64, len(y))
			for i := range x {
				x[i] = rapid.Float64Range(-1e4, 1e4).Draw(t, "x")
			}
			return ComomentsOf(y, x)
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		same := func(p, q Comoments) bool {
			close := func(u, v float64) bool { return math.Abs(u-v) <= 1e-9*(1+math.Abs(u)+math.Abs(v))*1e3 }
			return p.N == q.N && close(p.MeanY, q.MeanY) && close(p.MeanX, q.MeanX) && close(p.M2Y, q.M2Y) && close(p.M2X, q.M2X) && close(p.CYX, q.CYX)
		}
		if !same(a.Merge(b), b.Merge(a)) || !same(a.Merge(b).Merge(c), a.Merge(b.Merge(c))) {
			t.Fatalf("merge of %+v, %+v, %+v depends on the order", a, b, c)
		}
	})
}

// The variance of 1, 2, 3 above a mean of 2^21 is in the last digits of the sums; whole numbers keep them.
func TestComomentsOfSumsIsExact(t *testing.T) {
	const mean, times = 1 << 21, 100_000
	var y, yy int64
	for d := int64(-1); d <= 1; d++ {
		y, yy = y+times*(mean+d), yy+times*(mean+d)*(mean+d)
	}
	c := ComomentsOfSums(3*times, y, y, yy, yy, yy)
	if c.M2Y != 2*times || c.M2X != 2*times || c.CYX != 2*times || c.MeanY != mean {
		t.Errorf("%+v, want M2 %d", c, 2*times)
	}
}

func TestCompareArmsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		buckets := make([]Arms, 30)
		shifted, swapped := make([]Arms, 30), make([]Arms, 30)
		const k = 1000.
		for g := range buckets {
			buckets[g], shifted[g], swapped[g] = make(Arms, 2), make(Arms, 2), make(Arms, 2)
			for a := range 2 {
				n := rapid.IntRange(2, 5).Draw(t, "n")
				y, x, z := make([]float64, n), make([]float64, n), make([]float64, n)
				for i := range y {
					y[i], x[i] = float64(rapid.IntRange(1, 50).Draw(t, "y")), float64(rapid.IntRange(0, 9).Draw(t, "x"))
					z[i] = y[i] + k
				}
				buckets[g][a], shifted[g][a] = ComomentsOf(y, x), ComomentsOf(z, x)
				swapped[g][1-a] = buckets[g][a]
			}
		}
		c, s, w := CompareArms(buckets, 1, 0, .95), CompareArms(shifted, 1, 0, .95), CompareArms(swapped, 1, 0, .95)
		close := func(what string, a, b float64) {
			if math.Abs(a-b) > 1e-7*(1+math.Abs(a)) {
				t.Fatalf("%s: %g and %g", what, a, b)
			}
		}
		close("a constant added to y changes the difference", c.Difference.Value, s.Difference.Value)
		close("a constant added to y changes CUPED", c.Adjusted.Value, s.Adjusted.Value)
		close("a constant added to y changes the doubt", c.AdjustedSE, s.AdjustedSE)
		close("arms exchanged", c.Adjusted.Value, -w.Adjusted.Value)
		close("arms exchanged", c.Adjusted.Lower, -w.Adjusted.Upper)
	})
}

func TestCompareArmsWithoutData(t *testing.T) {
	for _, buckets := range [][]Arms{nil, make([]Arms, 100), {Arms{{}, ComomentsOf([]float64{1}, nil)}}} {
		c := CompareArms(buckets, 1, 0, .95)
		if c.Difference.OK() || c.Adjusted.OK() || c.Relative.OK() {
			t.Errorf("%v: %+v", buckets, c)
		}
	}
	// Nobody ordered: a difference of 0 without doubt, no relative lift.
	buckets := make([]Arms, 25)
	for g := range buckets {
		buckets[g] = Arms{ComomentsOf([]float64{0, 0}, nil), ComomentsOf([]float64{0}, nil)}
	}
	if c := CompareArms(buckets, 1, 0, .95); c.Difference.Value != 0 || c.Relative.OK() || c.P != 1 {
		t.Errorf("%+v", c)
	}
	if chi2, p := SRM([]int64{5}, []float64{1}); !math.IsNaN(chi2) || !math.IsNaN(p) {
		t.Error("one arm has a sample ratio")
	}
	if chi2, _ := SRM([]int64{5, 5}, []float64{1, 0}); !math.IsNaN(chi2) {
		t.Error("a share of 0 has a sample ratio")
	}
}

func TestATTProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []TrialRow
		for cell := range rapid.IntRange(1, 5).Draw(t, "cells") {
			for g := range 24 {
				for _, treated := range []bool{false, true} {
					n := int64(rapid.IntRange(0, 6).Draw(t, "n"))
					if n > 0 {
						rows = append(rows, TrialRow{cell, treated, g, n, []int64{int64(rapid.IntRange(0, int(n)).Draw(t, "y"))}})
					}
				}
			}
		}
		a := ATT(rows, 1, 24, .95)
		back := make([]TrialRow, len(rows))
		for i, r := range rows {
			back[len(rows)-1-i] = r
		}
		if b := ATT(back, 1, 24, .95); b.Positivity != a.Positivity && !math.IsNaN(a.Positivity) || math.Abs(b.Outcomes[0].ATT.Value-a.Outcomes[0].ATT.Value) > 1e-12 {
			t.Fatalf("order of rows: %+v %+v", a, b)
		}
		var matched int64
		for c := range a.CellTreated {
			if a.CellOther[c] >= MinComparators {
				matched += a.CellTreated[c]
			}
		}
		if matched != a.Matched {
			t.Fatalf("matched %d, want %d", a.Matched, matched)
		}
	})
}

func TestATTWithoutData(t *testing.T) {
	for _, rows := range [][]TrialRow{nil, {{0, true, 1, 5, []int64{1}}}, {{0, false, 1, 50, []int64{1}}}} {
		a := ATT(rows, 1, 100, .95)
		if a.Outcomes[0].ATT.OK() || a.Positivity > 0 {
			t.Errorf("%v: %+v", rows, a)
		}
	}
}
