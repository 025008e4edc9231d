package suffstat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestJensenShannon(t *testing.T) {
	// Golden value of statistics 9: p .1 .2 .3 .4 against equal shares.
	if got := JensenShannon([]float64{1, 2, 3, 4}, []float64{5, 5, 5, 5}); math.Abs(got-.0278656) > 5e-8 {
		t.Errorf("JensenShannon = %.8f, want .0278656", got)
	}
	if got := JensenShannon([]float64{1, 0}, []float64{0, 7}); math.Abs(got-math.Ln2) > 1e-15 {
		t.Errorf("nothing in common: %g, want ln 2", got)
	}
	if got := JensenShannon([]float64{3, 0, 9}, []float64{1, 0, 3}); math.Abs(got) > 1e-15 {
		t.Errorf("equal mixes: %g, want 0", got)
	}
	if got := JensenShannon([]float64{0, 0}, []float64{1, 1}); !math.IsNaN(got) {
		t.Errorf("an empty mix: %g, want NaN", got)
	}
}

// TestJensenShannonFloor draws two samples of one mix: their mean divergence is the floor.
func TestJensenShannonFloor(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	mix := []float64{.05, .05, .1, .1, .1, .1, .1, .1, .15, .15}
	for _, n := range [][2]int{{500, 500}, {300, 3000}} {
		var sum float64
		const runs = 4000
		for range runs {
			var x [2][]float64
			for s := range x {
				x[s] = make([]float64, len(mix))
				for range n[s] {
					u, i := rng.Float64(), 0
					for u > mix[i] && i < len(mix)-1 {
						u -= mix[i]
						i++
					}
					x[s][i]++
				}
			}
			sum += JensenShannon(x[0], x[1])
		}
		floor := JensenShannonFloor(len(mix), float64(n[0]), float64(n[1]))
		if got := sum / runs; math.Abs(got/floor-1) > .03 {
			t.Errorf("n = %v: mean divergence %.6f, floor %.6f", n, got, floor)
		}
	}
	if JensenShannonFloor(1, 5, 5) != 0 {
		t.Error("one category has no floor")
	}
}
