package suffstat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestWorth(t *testing.T) {
	for mean, want := range map[float64]float64{0: .398942, .5: .697797, -1: .083315} { // statistics 6.4
		if got := (Bet{mean, 1}).Worth(); math.Abs(got-want) > 5e-7 {
			t.Errorf("E max(0, N(%g, 1)) = %.6f, want %.6f", mean, got, want)
		}
	}
	if got := (Bet{3, 0}).Worth(); got != 3 {
		t.Errorf("without doubt %g", got)
	}
	if b := (Bet{1, 2}); math.Abs(b.Positive()-.6914625) > 1e-6 || math.Abs(b.Quantile(.1)-(1-2*1.2815516)) > 1e-6 { // R: pnorm(.5), qnorm(.1, 1, 2)
		t.Errorf("P(theta > 0) %g, q10 %g", b.Positive(), b.Quantile(.1))
	}
}

// EVSI is what a simulated decision maker gains by testing.
func TestEVSISimulated(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ mean, sd, v float64 }{{0, 1, 1}, {.5, 1, .25}, {-.8, 2, 4}, {2, 1, 1}} {
		const n = 400_000
		gain := 0.0
		w := c.sd * c.sd / (c.sd*c.sd + c.v)
		for range n {
			theta := c.mean + c.sd*rng.NormFloat64()
			seen := theta + math.Sqrt(c.v)*rng.NormFloat64()
			if c.mean+w*(seen-c.mean) > 0 {
				gain += theta
			}
			if c.mean > 0 {
				gain -= theta
			}
		}
		got := (Bet{c.mean, c.sd}).EVSI(c.v)
		if math.Abs(got-gain/n) > 5*c.sd/math.Sqrt(n) {
			t.Errorf("%+v: EVSI %.4f, simulated %.4f", c, got, gain/n)
		}
	}
}

func TestEVSIProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Bet{rapid.Float64Range(-10, 10).Draw(t, "mean"), rapid.Float64Range(.01, 10).Draw(t, "sd")}
		v := rapid.Float64Range(0, 100).Draw(t, "v")
		perfect := b.Worth() - math.Max(b.Mean, 0)
		e := b.EVSI(v)
		if e < 0 || e > perfect+1e-9 || math.Abs(b.EVSI(0)-perfect) > 1e-9 || b.EVSI(math.Inf(1)) != 0 {
			t.Fatalf("EVSI %g of perfect %g", e, perfect)
		}
		if more := b.EVSI(v / 2); more < e-1e-12 {
			t.Fatalf("a larger test is worth less: %g, %g", more, e)
		}
		if k := rapid.Float64Range(.1, 10).Draw(t, "unit"); math.Abs((Bet{k * b.Mean, k * b.SD}).EVSI(k*k*v)-k*e) > 1e-9*(1+k*e) {
			t.Fatal("EVSI does not follow the unit of money")
		}
	})
}
