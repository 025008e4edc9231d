package suffstat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

type trendOracle struct {
	Published struct {
		NileSlope  published `json:"nile"`
		HuronSlope published `json:"lake_huron"`
		NileChange struct {
			LastBefore          int `json:"last_before"`
			Before, After, SupF float64
			Pettitt             float64
		} `json:"nile_change"`
		NileMK   struct{ S, Var, Z, Tau, Sen float64 } `json:"nile_mk"`
		Ties     struct{ S, Var, P float64 }
		Kitagawa struct{ Total, Rate, Mix float64 }
	}
	PraisWinsten map[string]struct {
		Y                     []float64
		X                     [][]float64
		Rho, Slope, SE, DF, P float64
	} `json:"prais_winsten"`
	Change []struct {
		Y             []float64
		SupF          float64
		LastBefore    int `json:"last_before"`
		Before, After float64
		Pettitt       struct {
			K  float64
			At int
		}
	}
	MannKendall []struct {
		Y                      []float64
		S, Var, Z, P, Tau, Sen float64
	} `json:"mann_kendall"`
	Kitagawa []struct {
		N0, X0, N1, X1   []float64
		Total, Rate, Mix float64
	}
}

type published struct{ Rho, Slope, SE, P float64 }

func periods(n int) []float64 {
	t := make([]float64, n)
	for i := range t {
		t[i] = float64(i + 1)
	}
	return t
}

func TestOracleTrends(t *testing.T) {
	var o trendOracle
	oracle(t, "trends", &o)
	if len(o.PraisWinsten) != 3 || len(o.Change) != 2 || len(o.MannKendall) != 2 || len(o.Kitagawa) != 2 {
		t.Fatal("the oracle file is not what make_trends.R writes")
	}
	for name, c := range o.PraisWinsten {
		got := PraisWinsten(periods(len(c.Y)), c.Y, c.X...)
		near(t, name+" rho", got.Rho, c.Rho, 1e-10)
		near(t, name+" slope", got.Slope, c.Slope, 1e-9)
		near(t, name+" se", got.SE, c.SE, 1e-9)
		near(t, name+" df", got.DF, c.DF, 0)
		near(t, name+" p", got.P, c.P, 1e-7)
		for published, want := range map[string]published{"nile": o.Published.NileSlope, "lake_huron": o.Published.HuronSlope} {
			if name == published {
				near(t, name+" published rho", got.Rho, want.Rho, 1e-5)
				near(t, name+" published slope", got.Slope, want.Slope, 1e-5)
				near(t, name+" published se", got.SE, want.SE, 1e-5)
				near(t, name+" published p", got.P, want.P, 1e-3)
			}
		}
	}
	for i, c := range o.Change {
		f, at := SupF(c.Y)
		near(t, "sup-F", f, c.SupF, 1e-10)
		s := LevelShift(c.Y, 0, 1)
		if at != c.LastBefore || s.At != at {
			t.Errorf("change %d at %d, %d, want %d", i, at, s.At, c.LastBefore)
		}
		near(t, "before", s.Before, c.Before, 1e-10)
		near(t, "after", s.After, c.After, 1e-10)
		if !(s.P < .001) {
			t.Errorf("change %d: p = %g after %d replicates", i, s.P, s.Replicates)
		}
		k, at, p := PettittTest(c.Y)
		near(t, "Pettitt", k, c.Pettitt.K, 1e-12)
		if at != c.Pettitt.At || !(p < .001) {
			t.Errorf("Pettitt at %d (p %g), want %d", at, p, c.Pettitt.At)
		}
		if l := s.Locate(c.Y, 1); l.Lower > c.LastBefore || l.Upper < c.LastBefore || l.Lower < c.LastBefore-12 || l.Upper > c.LastBefore+12 {
			t.Errorf("change %d lies in %d..%d", i, l.Lower, l.Upper)
		}
	}
	near(t, "Nile sup-F", o.Change[0].SupF, o.Published.NileChange.SupF, 1e-6)
	near(t, "Nile Pettitt", o.Change[0].Pettitt.K, o.Published.NileChange.Pettitt, 0)
	for i, c := range o.MannKendall {
		got := MannKendallTest(c.Y)
		nearAll(t, "Mann-Kendall", []float64{got.S, got.Var, got.Z, got.P, got.Tau}, []float64{c.S, c.Var, c.Z, c.P, c.Tau}, 1e-9)
		near(t, "Theil-Sen", TheilSen(periods(len(c.Y)), c.Y), c.Sen, 1e-12)
		if i == 0 {
			w := o.Published.NileMK
			nearAll(t, "published", []float64{got.S, got.Var, got.Z, got.Tau, c.Sen}, []float64{w.S, w.Var, w.Z, w.Tau, w.Sen}, 1e-6)
		}
	}
	for i, c := range o.Kitagawa {
		var cells []MixCell
		for j := range c.N0 {
			cells = append(cells, MixCell{c.N0[j], c.X0[j], c.N1[j], c.X1[j]})
		}
		d := Kitagawa(cells)
		nearAll(t, "Kitagawa", []float64{d.After - d.Before, d.Rate, d.Mix}, []float64{c.Total, c.Rate, c.Mix}, 1e-10)
		if i == 0 {
			near(t, "published rate part", d.Rate, o.Published.Kitagawa.Rate, 1e-10)
			near(t, "published mix part", d.Mix, o.Published.Kitagawa.Mix, 1e-10)
		}
	}
}

// What no series decides: no number that is not one, no panic.
func TestTrendsOfNothing(t *testing.T) {
	for name, y := range map[string][]float64{
		"none": nil, "one": {1}, "four": {1, 2, 3, 4}, "constant": make([]float64, 40), "a line": periods(30),
	} {
		p := PraisWinsten(periods(len(y)), y)
		if p.OK() || !math.IsNaN(p.P) {
			t.Errorf("%s: slope %g se %g p %g", name, p.Slope, p.SE, p.P)
		}
		if name == "a line" && math.Abs(p.Slope-1) > 1e-9 {
			t.Errorf("a line has slope %g", p.Slope)
		}
		if s := LevelShift(y, 0, 1); name != "a line" && !math.IsNaN(s.P) {
			t.Errorf("%s: shift %+v", name, s)
		}
		PettittTest(y)
		MannKendallTest(y)
		z, _ := SpikeScores(y, nil)
		for _, v := range z {
			if math.IsNaN(v) {
				t.Errorf("%s: score %g", name, v)
			}
		}
	}
	same := make([]float64, 30)
	if p := PraisWinsten(same, periods(30)); p.OK() || !math.IsNaN(p.Slope) {
		t.Error("a slope on a time that stands still")
	}
	if d := Kitagawa([]MixCell{{0, 0, 5, 1}}); !math.IsNaN(d.Rate) {
		t.Error("a split of nothing")
	}
	if d := Kitagawa([]MixCell{{100, 10, 0, 0}, {100, 30, 100, 30}}); math.Abs(d.Rate) > 1e-12 || math.Abs(d.Mix-.1) > 1e-12 {
		t.Errorf("a cell that goes is mix: %+v", d)
	}
}

func TestSampleMedianIsTheMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-3, 3), 1, 40).Draw(t, "x")
		if rapid.Bool().Draw(t, "ties") {
			for i := range x {
				x[i] = math.Round(x[i])
			}
		}
		sorted := slices.Sorted(slices.Values(x))
		want := (sorted[(len(x)-1)/2] + sorted[len(x)/2]) / 2
		if got := SampleMedian(x); got != want {
			t.Fatalf("median %g, want %g", got, want)
		}
	})
}

func TestTrendProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-5, 5), 12, 60).Draw(t, "y")
		c, k := rapid.Float64Range(-100, 100).Draw(t, "c"), rapid.Float64Range(.1, 10).Draw(t, "k")
		same := func(what string, a, b float64) {
			if math.IsNaN(a) != math.IsNaN(b) || math.Abs(a-b) > 1e-6*(1+math.Abs(a)) {
				t.Fatalf("%s: %g and %g", what, a, b)
			}
		}
		moved := make([]float64, len(y)) // a change of unit and origin changes no p-value
		back := make([]float64, len(y))
		for i, v := range y {
			moved[i], back[len(y)-1-i] = c+k*v, v
		}
		n := periods(len(y))
		a, b := PraisWinsten(n, y), PraisWinsten(n, moved)
		if a.OK() && b.OK() {
			same("p", a.P, b.P)
			same("slope", k*a.Slope, b.Slope)
		}
		fa, _ := SupF(y)
		fb, _ := SupF(moved)
		fc, _ := SupF(back)
		if fa < 1e6 {
			same("sup-F", fa, fb)
			same("sup-F backwards", fa, fc)
		}
		same("S", MannKendallTest(y).S, -MannKendallTest(back).S)
		same("Theil-Sen", TheilSen(n, y), -TheilSen(n, back))
		same("LevelShift", LevelShift(y, 0, 3).P, LevelShift(y, 0, 3).P)
	})
}

func BenchmarkLevelShift(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	y := make([]float64, 260)
	for i := range y {
		y[i] = rng.NormFloat64()
		if i > 130 {
			y[i] += 3 // the dearest case: nothing exceeds, all replicates are drawn
		}
	}
	for b.Loop() {
		LevelShift(y, 0, 1)
	}
}

// Where a series steps from one level to another the points beside the step are far from the median of both sides, and none of them is a spike; a point that sticks out of one of the levels is.
func TestStepNotSpike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, at := 60, rapid.IntRange(10, 50).Draw(t, "step")
		size := rapid.Float64Range(10, 40).Draw(t, "size") * float64(1-2*rapid.IntRange(0, 1).Draw(t, "down"))
		y := make([]float64, n)
		for i := range y {
			y[i] = float64((i*7)%5-2) / 2 // a ripple of one unit
			if i >= at {
				y[i] += size
			}
		}
		spike := rapid.SampledFrom([]int{-1, 4, at - 2, at + 1, 56}).Draw(t, "spike")
		if spike >= 0 {
			y[spike] += 2 * size
		}
		z, expected := SpikeScores(y, nil)
		for i := range y {
			called := math.Abs(z[i]) > 5 && !StepNotSpike(y, i, expected[i])
			if called != (i == spike) {
				t.Fatalf("point %d (step at %d): called %t, score %g, expected %g of %g", i, at, called, z[i], expected[i], y[i])
			}
		}
	})
}
