package pairs

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkFit: 200 segments, 19,900 pairs that all share customers, 50 buckets, 8 metrics, 1,000 sampled members each.
//
//	go test -run xxx -bench BenchmarkFit -benchtime 1x ./segments/pairs/
func BenchmarkFit(b *testing.B) {
	c := crowded(200)
	for b.Loop() {
		if _, err := Fit(c, Options{Margins: margins()}); err != nil {
			b.Fatal(err)
		}
	}
}

// crowded is made of sums at once: customers drawn one by one would take longer than what is timed.
func crowded(n int) *Counts {
	rng := rand.New(rand.NewPCG(1, 2))
	const buckets = 50
	c := &Counts{Window: &Window{Customers: 1_000_000}, Scope: Scope{Buckets: buckets, Keep: 1000}, UnitMinor: 1, Scenarios: []string{"x", "y", "z"}, Base: make([]Sums, buckets), Base2: make([]int64, buckets)}
	draw := func(n int64) (s Sums) {
		part := func(of int64, p float64) int64 { return int64(float64(of)*p + rng.Float64()) }
		s[sumN], s[sumCustomers], s[sumStaged] = n, n, n
		s[sumOrdered], s[sumMoved], s[sumDelivered] = part(n, .2+.02*rng.NormFloat64()), part(n, .1+.01*rng.NormFloat64()), 4*n
		s[sumRevenue] = 3000 * s[sumOrdered]
		s[sumClicked], s[sumUnsubscribed] = part(4*n, .05+.003*rng.NormFloat64()), part(4*n, .004)
		for i := range 3 {
			s[sumResponse+2*i], s[sumResponse+2*i+1] = n, part(n, .05+.01*rng.NormFloat64())
		}
		return s
	}
	for g := range buckets {
		c.Base[g] = draw(20000)
		c.Base2[g] = c.Base[g][sumRevenue] * 3000
	}
	for s := range n {
		c.Segments = append(c.Segments, Segment{ID: fmt.Sprintf("s%03d", s), Members: 40000, Dated: true})
		by := make([]Sums, buckets)
		for g := range by {
			by[g] = draw(800)
		}
		c.Sums = append(c.Sums, by)
	}
	for a := range n {
		for b := a + 1; b < n; b++ {
			for g := range buckets {
				x := draw(32)
				c.Shared.A, c.Shared.B, c.Shared.Bucket = append(c.Shared.A, a), append(c.Shared.B, b), append(c.Shared.Bucket, int64(g))
				for k, v := range x {
					c.Shared.Sums[k] = append(c.Shared.Sums[k], v)
				}
			}
		}
	}
	for cell := range 81 {
		for g := range buckets {
			c.RFM = append(c.RFM, CellRow{cell, g, 240, 48, 144000, 432000000})
		}
	}
	persons := 60000
	c.Sample = Sample{Features: make([][]float64, persons), In: make([][]uint64, persons), Of: make([][]int, n)}
	for p := range persons {
		c.Sample.Features[p] = make([]float64, len(Features))
		for k := range Features {
			c.Sample.Features[p][k] = float64(rng.IntN(300))
		}
		c.Sample.In[p] = make([]uint64, (n+63)/64)
		for range 8 {
			s := rng.IntN(n)
			c.Sample.In[p][s/64] |= 1 << (s % 64)
			if len(c.Sample.Of[s]) < 1000 {
				c.Sample.Of[s] = append(c.Sample.Of[s], p)
			}
		}
	}
	return c
}
