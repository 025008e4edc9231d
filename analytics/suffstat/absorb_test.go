package suffstat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The fixed effects of 120 members and 60 days by R's lm: the slope of a collision beside the number of messages, how much of its variance is left, and the slopes of the goal.
func TestAbsorbOracle(t *testing.T) {
	var o struct {
		Daily struct {
			Rows            [][]float64
			Collision, Left float64
			Goal            []float64
		}
	}
	oracle(t, "contact", &o)
	rows := o.Daily.Rows // i, d, p, l, m, c, y
	member, day, weight := make([]int, len(rows)), make([]int, len(rows)), make([]float64, len(rows))
	raw := make([][]float64, len(rows)) // p, l, m, doses 1..5 of p (5 is empty), c
	columns := make([][]float64, 10)
	for i, r := range rows {
		member[i], day[i], weight[i] = int(r[0]), int(r[1]), 1
		raw[i] = append(append([]float64(nil), r[2:5]...), 0, 0, 0, 0, 0, r[5])
		if p := int(r[2]); p > 0 {
			raw[i][2+p] = 1
		}
		for k, v := range append(append([]float64(nil), raw[i]...), r[6]) {
			columns[k] = append(columns[k], v)
		}
	}
	if !Absorb(columns, weight, member, day) {
		t.Error("did not come to rest")
	}
	var whole, a, b Products
	for i := range rows {
		x := make([]float64, 9)
		for k := range x {
			x[k] = columns[k][i]
		}
		into := &a
		if i%3 == 0 {
			into = &b
		}
		into.Add(1, raw[i], x, columns[9][i])
		whole.Add(1, raw[i], x, columns[9][i])
	}
	w := a.Merge(Products{}).Merge(b).Within()
	for i, v := range w.Slopes(0, 0, 1, 2) {
		near(t, "goal", v, o.Daily.Goal[i], 1e-8)
	}
	// The dose of 5 is empty, the linear dose is a sum of its steps: neither is kept, and none of the others is lost.
	kept, left := w.Independent(1, 3, 4, 5, 6, 7, 0, 8)
	if len(kept) != 6 || kept[4] != 6 || kept[5] != 8 {
		t.Fatalf("kept %v", kept)
	}
	slopes := w.Slopes(0, kept...)
	near(t, "collision", slopes[5], o.Daily.Collision, 1e-8)
	near(t, "variance left of the collision", left[5], o.Daily.Left, 1e-8)
	near(t, "variance left of p", w.Share(0), whole.Within().Share(0), 1e-12)
	if !math.IsNaN(w.Slopes(0, 7, 8)[1]) {
		t.Error("an empty regressor has a slope")
	}
}

// Weights are repeated rows.
func TestAbsorbWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var x, y, w, xr, yr, wr []float64
	var a, b, ar, br []int
	for range 200 {
		i, j, n := rng.IntN(20), rng.IntN(15), 1+rng.IntN(3)
		u, v := rng.NormFloat64()+float64(i)/9+float64(j)/7, rng.Float64()
		x, y, w, a, b = append(x, u), append(y, v), append(w, float64(n)), append(a, i), append(b, j)
		for range n {
			xr, yr, wr, ar, br = append(xr, u), append(yr, v), append(wr, 1), append(ar, i), append(br, j)
		}
	}
	slope := func(x, y, w []float64, a, b []int) (slope, share float64) {
		raw := append([]float64(nil), x...)
		if !Absorb([][]float64{x, y}, w, a, b) {
			t.Error("did not come to rest")
		}
		var p Products
		for i := range x {
			p.Add(w[i], raw[i:i+1], x[i:i+1], y[i])
		}
		return p.Within().Slopes(0, 0)[0], p.Within().Share(0)
	}
	s1, v1 := slope(x, y, w, a, b)
	s2, v2 := slope(xr, yr, wr, ar, br)
	near(t, "slope", s1, s2, 1e-8)
	near(t, "share", v1, v2, 1e-8)
}
