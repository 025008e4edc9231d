package suffstat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestOracleEnergy(t *testing.T) {
	var o struct {
		Energy []struct {
			Name            string
			X, Y            [][]float64
			Statistic, E, H float64
			P               float64
		}
	}
	oracle(t, "segments", &o)
	for _, c := range o.Energy {
		got := Energy(c.X, c.Y, 9999, 1)
		near(t, c.Name+": E", got.E, c.E, 1e-10)
		near(t, c.Name+": H", got.H, c.H, 1e-10)
		n, m := float64(len(c.X)), float64(len(c.Y))
		near(t, c.Name+": statistic", got.E*n*m/(n+m), c.Statistic, 1e-10)
		if math.Abs(got.P-c.P) > 4*math.Sqrt(c.P*(1-c.P)/5000) { // two permutation p-values of 9,999
			t.Errorf("%s: p = %g, R has %g", c.Name, got.P, c.P)
		}
		if back := Energy(c.Y, c.X, 0, 1); math.Abs(back.E-got.E) > 1e-9 || !math.IsNaN(back.P) {
			t.Errorf("%s: turned round %+v", c.Name, back)
		}
	}
}

// Statistics 9: E 4.942153, H .748534, nm/(n+m) E 123.55381 are those of R; the published PSI and divergence of one pair of mixes.
func TestGoldenDistances(t *testing.T) {
	p, q := []float64{.1, .2, .3, .4}, []float64{.25, .25, .25, .25}
	near(t, "JS", JensenShannon(p, q), .0278656, 2e-6)
	scaled := make([]float64, 4)
	for i := range p {
		scaled[i] = 1e6 * p[i]
	}
	near(t, "PSI", PSI(scaled, []float64{2.5e5, 2.5e5, 2.5e5, 2.5e5}, 1).Value, .2282174, 2e-7)
}

func TestOraclePSI(t *testing.T) {
	var o struct {
		PSI []struct {
			X, Y                  []float64
			Deff, PSI, Floor, P95 float64
			Bins                  int
		}
		Null []struct{ N1, N2, Mean, P95 float64 } `json:"psi_null"`
	}
	oracle(t, "segments", &o)
	for i, c := range o.PSI {
		got := PSI(c.X, c.Y, c.Deff)
		near(t, "psi", got.Value, c.PSI, 1e-12)
		near(t, "floor", got.Floor, c.Floor, 1e-12)
		near(t, "95 %", got.P95, c.P95, 1e-9)
		if got.Bins != c.Bins {
			t.Errorf("case %d: %d bins, want %d", i, got.Bins, c.Bins)
		}
	}
	for _, c := range o.Null { // R's simulation of two samples of one population
		x, y := make([]float64, 10), make([]float64, 10)
		for i := range x {
			x[i], y[i] = c.N1/10, c.N2/10
		}
		got := PSI(x, y, 1)
		near(t, "simulated floor", got.Floor, c.Mean, .03)
		near(t, "simulated 95 %", got.P95, c.P95, .03)
	}
	if got := PSI([]float64{0, 0}, []float64{1, 2}, 1); !math.IsNaN(got.Value) {
		t.Errorf("an empty side gives %+v", got)
	}
	if got := PSI([]float64{5}, []float64{7}, 1); got.Value != 0 || got.Floor != 0 || got.P95 != 0 {
		t.Errorf("one bin gives %+v", got)
	}
}

func TestOraclePartitions(t *testing.T) {
	var o struct {
		Cases []struct {
			Name              string
			Table             [][]int64
			AMI, ARI, MI, EMI float64
		}
	}
	oracle(t, "partitions", &o)
	if len(o.Cases) < 9 {
		t.Fatal("cases are missing")
	}
	close := func(what string, got, want float64) {
		if !(math.Abs(got-want) <= 1e-9) {
			t.Errorf("%s = %.12g, want %.12g", what, got, want)
		}
	}
	for _, c := range o.Cases {
		got := Partitions(c.Table)
		close(c.Name+": AMI", got.AMI, c.AMI)
		close(c.Name+": ARI", got.ARI, c.ARI)
		close(c.Name+": MI", got.MI, c.MI)
		if c.Name != "everybody alone" { // not computed where nothing is to adjust
			close(c.Name+": EMI", got.EMI, c.EMI)
		}
	}
	close("AMI of statistics 9", math.Round(1e6*Partitions(o.Cases[0].Table).AMI)/1e6, .350066)
	if got := Partitions(nil); !math.IsNaN(got.AMI) {
		t.Errorf("an empty table gives %+v", got)
	}
}

// The energy distance of one sample with itself is 0, is not negative, and does not know which way the axes point.
func TestEnergyProperties(t *testing.T) {
	point := rapid.SliceOfN(rapid.Float64Range(-5, 5), 2, 2)
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.SliceOfN(point, 1, 12).Draw(t, "x"), rapid.SliceOfN(point, 1, 12).Draw(t, "y")
		e := Energy(x, y, 19, 1)
		if e.E < -1e-9 || e.H < 0 || e.H > 1+1e-9 || e.P <= 0 || e.P > 1 {
			t.Fatalf("%+v", e)
		}
		if own := Energy(x, x, 0, 1); math.Abs(own.E) > 1e-9 {
			t.Fatalf("with itself %g", own.E)
		}
		turn := func(p [][]float64) (out [][]float64) {
			for _, v := range p {
				out = append(out, []float64{3 - v[1], v[0] + 7})
			}
			return out
		}
		if turned := Energy(turn(x), turn(y), 0, 1); math.Abs(turned.E-e.E) > 1e-9 {
			t.Fatalf("%g, turned %g", e.E, turned.E)
		}
	})
}

func TestEnergyPermutations(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	small := 0
	for r := range 200 {
		sample := func(n int) (out [][]float64) {
			for range n {
				out = append(out, []float64{rng.NormFloat64(), rng.ExpFloat64()})
			}
			return out
		}
		e := Energy(sample(20), sample(35), 99, uint64(r))
		if e.P <= .05 {
			small++
		}
	}
	if small > 22 { // 10 expected, sd 3.1
		t.Errorf("%d of 200 p-values of one distribution are at most .05", small)
	}
}

// Partitions does not know the names of parts, nor which of the two is the first.
func TestPartitionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 5).Draw(t, "k")
		table := rapid.SliceOfN(rapid.SliceOfN(rapid.Int64Range(0, 9), k, k), 1, 5).Draw(t, "table")
		turned := make([][]int64, k)
		var n int64
		for j := range k {
			for i := len(table) - 1; i >= 0; i-- {
				turned[j] = append(turned[j], table[i][j])
				n += table[i][j]
			}
		}
		if n == 0 {
			return
		}
		a, b := Partitions(table), Partitions(turned)
		if math.Abs(a.AMI-b.AMI) > 1e-9 || math.Abs(a.ARI-b.ARI) > 1e-9 || a.AMI > 1+1e-9 || a.ARI > 1+1e-9 || math.IsNaN(a.AMI) || math.IsNaN(a.ARI) {
			t.Fatalf("%+v, turned %+v", a, b)
		}
	})
}

func BenchmarkEnergy(b *testing.B) {
	rng := rand.New(rand.NewPCG(4, 4))
	sample := func(n int) (out [][]float64) {
		for range n {
			p := make([]float64, 8)
			for i := range p {
				p[i] = rng.NormFloat64()
			}
			out = append(out, p)
		}
		return out
	}
	x, y := sample(300), sample(300)
	for b.Loop() {
		Energy(x, y, 999, 1)
	}
}
