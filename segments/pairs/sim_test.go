package pairs

import (
	"math"
	"math/rand/v2"
)

// person is one customer of a made-up company: what the SQL would know of him.
type person struct {
	in   []int // segments
	sums Sums  // n = 1
}

// behaviour is the law by which the members of a segment behave.
type behaviour struct{ order, click, leave, better, value float64 }

var usual = behaviour{order: .20, click: .08, leave: .004, better: .10, value: 3000}

// draw is one customer with the law b: messages of one customer depend on each other through his own click rate.
func (b behaviour) draw(rng *rand.Rand, messages int) (s Sums) {
	s[sumN], s[sumCustomers], s[sumStaged] = 1, 1, 1
	if rng.Float64() < b.order {
		s[sumOrdered], s[sumRevenue] = 1, int64(b.value*math.Exp(.4*rng.NormFloat64()-.08))
	}
	if rng.Float64() < b.better {
		s[sumMoved] = 1
	}
	own := b.click * rng.ExpFloat64()
	for range messages {
		s[sumDelivered]++
		if rng.Float64() < own {
			s[sumClicked]++
		}
		if rng.Float64() < b.leave {
			s[sumUnsubscribed]++
		}
	}
	return s
}

// countsOf adds up persons as the models do.
func countsOf(rng *rand.Rand, persons []person, segments []Segment, buckets int) *Counts {
	c := &Counts{Window: &Window{Day: 99, FromDay: 100, ToDay: 128, Customers: int64(len(persons))}, Scope: Scope{Buckets: buckets, Keep: 1000}, Segments: segments, UnitMinor: 100,
		Base: make([]Sums, buckets), Base2: make([]int64, buckets), Sums: make([][]Sums, len(segments))}
	for i := range c.Sums {
		c.Sums[i] = make([]Sums, buckets)
	}
	type key struct{ a, b, g int }
	shared := map[key]*Sums{}
	for _, p := range persons {
		g := rng.IntN(buckets)
		add := func(into *Sums) {
			for k, x := range p.sums {
				into[k] += x
			}
		}
		add(&c.Base[g])
		c.Base2[g] += p.sums[sumRevenue] * p.sums[sumRevenue]
		for i, a := range p.in {
			add(&c.Sums[a][g])
			for _, b := range p.in[i+1:] {
				k := key{a, b, g}
				if shared[k] == nil {
					shared[k] = &Sums{}
				}
				add(shared[k])
			}
		}
	}
	for a := range segments {
		for b := a + 1; b < len(segments); b++ {
			for g := range buckets {
				x := shared[key{a, b, g}]
				if x == nil {
					continue
				}
				sh := &c.Shared
				sh.A, sh.B, sh.Bucket = append(sh.A, a), append(sh.B, b), append(sh.Bucket, int64(g))
				for k, v := range x {
					sh.Sums[k] = append(sh.Sums[k], v)
				}
			}
		}
	}
	for i := range segments {
		segments[i].Members = 0
		for _, b := range c.Sums[i] {
			segments[i].Members += b[sumN]
		}
	}
	return c
}

func named(n int) []Segment {
	out := make([]Segment, n)
	for i := range out {
		out[i] = Segment{ID: string(rune('a' + i)), Dated: true}
	}
	return out
}

func noShared(n int) []person { return make([]person, 0, n) }

// margins of the tests: those of audit.yaml's defaults, with a margin of money that samples of a few thousand can decide.
func margins() map[string]float64 {
	return map[string]float64{OrderRate: .01, Revenue: .10, CTR: .01, Unsubscribe: .002, Transition: .02}
}
