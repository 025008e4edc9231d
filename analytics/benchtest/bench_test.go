package benchtest

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestReplicateRepeats(t *testing.T) {
	draw := func(rng *rand.Rand) []float64 { return []float64{rng.Float64(), 1} }
	a, b := Replicate(9, 3, draw), Replicate(9, 3, draw)
	for i := range a {
		if a[i][0] != b[i][0] {
			t.Fatalf("replicate %d: %v, then %v", i, a[i], b[i])
		}
	}
	if a[0][0] == a[1][0] {
		t.Error("two replicates share their draws")
	}
	if m := Means(a); math.Abs(m[1]-1) > 1e-12 || Mean(a, 0) != m[0] {
		t.Errorf("means %v", m)
	}
}

func TestRows(t *testing.T) {
	for _, c := range []struct {
		row      Row
		required string
		ok       bool
	}{
		{AtLeast("S1", "", .95, .95, 1), ">= .95", true},
		{AtLeast("S1", "", math.NaN(), .95, 1), ">= .95", false},
		{AtMost("S1", "", .06, .05, 1), "<= .05", false},
		{AtMost("S1", "", 2, 2, 1), "<= 2", true},
		{Between("S1", "", .95, .925, .975, 1), ".925-.975", true},
		{Between("S1", "", .98, .925, .975, 1), ".925-.975", false},
		{Info("-", "", "anything", 1), "", true},
	} {
		if c.row.Required != c.required || c.row.OK != c.ok {
			t.Errorf("%+v, not %q %v", c.row, c.required, c.ok)
		}
	}
}

// The first two moments of the draws, within five standard errors.
func TestDraws(t *testing.T) {
	const n = 100_000
	rng := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		name           string
		draw           func() float64
		mean, variance float64
	}{
		{"gamma .3", func() float64 { return Gamma(rng, .3) }, .3, .3},
		{"gamma 4", func() float64 { return Gamma(rng, 4) }, 4, 4},
		{"beta 2 6", func() float64 { return Beta(rng, 2, 6) }, .25, .25 * .75 / 9},
		{"poisson 3", func() float64 { return float64(Poisson(rng, 3)) }, 3, 3},
		{"pick", func() float64 { return float64(Pick(rng, []float64{.5, .3, .2})) }, .7, .61},
	} {
		var sum, squares float64
		for range n {
			x := c.draw()
			sum, squares = sum+x, squares+x*x
		}
		mean := sum / n
		variance := squares/n - mean*mean
		if math.Abs(mean-c.mean) > 5*math.Sqrt(c.variance/n) || math.Abs(variance/c.variance-1) > .1 {
			t.Errorf("%s: mean %g, variance %g, not %g and %g", c.name, mean, variance, c.mean, c.variance)
		}
	}
}
