package bundles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics/benchtest"
)

// Row S16 of statistics 11, on direct simulators:
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/bundles/
//
// It prints one table "id | what | reached | required | R" and fails when a row is missed. Seeds are fixed, so a run repeats exactly.

func TestTruth(t *testing.T) {
	benchtest.Run(t, truthSwaps, truthPairs, truthSequences)
}

// curveball trades the items that only one of two baskets has, again and again: sizes of baskets and totals of items stay (Strona et al. 2014).
func curveball(rng *rand.Rand, baskets [][]int64, times int) {
	for range times {
		i, j := rng.IntN(len(baskets)), rng.IntN(len(baskets)-1)
		if j >= i {
			j++
		}
		a, b := baskets[i], baskets[j]
		var both, pool []int64
		for _, x := range a {
			if slices.Contains(b, x) {
				both = append(both, x)
			} else {
				pool = append(pool, x)
			}
		}
		n := len(pool)
		for _, x := range b {
			if !slices.Contains(a, x) {
				pool = append(pool, x)
			}
		}
		rng.Shuffle(len(pool), func(x, y int) { pool[x], pool[y] = pool[y], pool[x] })
		baskets[i], baskets[j] = append(slices.Clone(both), pool[:n]...), append(slices.Clone(both), pool[n:]...)
	}
}

// truthSwaps compares the expectation with swap randomization, in worlds of different sizes of baskets and popularity of products.
func truthSwaps() []benchtest.Row {
	const worlds, items, samples = 20, 30, 250
	got := benchtest.Average(worlds, 16, func(rng *rand.Rand) []float64 {
		s := newShopper()
		var baskets [][]int64
		large := .3 * rng.Float64()
		for i := range 2500 {
			b := randomBasket(rng, items, large)
			baskets = append(baskets, b)
			s.order(i%Buckets, slices.Clone(b))
		}
		m := mustFit(nil, s.done())
		var mean [items + 1][items + 1]float64
		curveball(rng, baskets, 10*len(baskets))
		for range samples {
			curveball(rng, baskets, 2*len(baskets))
			for _, b := range baskets {
				for _, x := range b {
					for _, y := range b {
						if x < y {
							mean[x][y] += 1. / samples
						}
					}
				}
			}
		}
		worst, pairs, plain := 0., 0., 0.
		for _, p := range m.Pairs {
			if e := mean[p.A][p.B]; e >= 50 {
				pairs++
				worst = math.Max(worst, math.Abs(p.Expected/e-1))
				plain = math.Max(plain, math.Abs(float64(p.NA)*float64(p.NB)/float64(p.Baskets)/e-1))
			}
		}
		return []float64{worst, pairs, plain}
	})
	return []benchtest.Row{benchtest.AtMost("S16", fmt.Sprintf("largest difference of expectation from swaps, E >= 50 (%.0f pairs; independence %.2f)", got[1], got[2]), got[0], .03, worlds)}
}

// choice draws baskets of a given size in which no product has to do with another: the chance of a set is the product of its odds (the model of fixed margins).
type choice struct {
	odds []float64
	e    [][]float64 // e[i][j]: elementary symmetric polynomial of order j of the odds from product i on
}

func newChoice(items, largest int) *choice {
	c := &choice{odds: make([]float64, items), e: make([][]float64, items+1)}
	c.e[items] = make([]float64, largest+1)
	c.e[items][0] = 1
	for i := items - 1; i >= 0; i-- {
		c.odds[i] = math.Pow(float64(i+1), -.8)
		c.e[i] = make([]float64, largest+1)
		c.e[i][0] = 1
		for j := 1; j <= largest; j++ {
			c.e[i][j] = c.e[i+1][j] + c.odds[i]*c.e[i+1][j-1]
		}
	}
	return c
}

func (c *choice) draw(rng *rand.Rand, size int) []int64 {
	var out []int64
	for i := 0; i < len(c.odds) && size > 0; i++ {
		if rng.Float64() < c.odds[i]*c.e[i+1][size-1]/c.e[i][size] {
			out = append(out, int64(i+1))
			size--
		}
	}
	return out
}

// truthPairs counts what is told of pairs that have nothing to do with each other and of planted ones. Customers make several orders, large ones or small ones by habit, and repeat what they took before: orders are not independent.
func truthPairs() []benchtest.Row {
	const worlds, items, planted = 20, 60, 6
	got := benchtest.Average(worlds, 17, func(rng *rand.Rand) []float64 {
		s := newShopper()
		null := newChoice(items, 30)
		popular := rng.Perm(20) // planted among products that are bought often enough to tell
		customers := map[[2]int64]map[int]bool{}
		for c := range 6000 {
			bucket := rng.IntN(Buckets)
			large := rng.Float64() < .1
			var last []int64
			for range 1 + rng.IntN(4) {
				size := 1
				for size < 6 && rng.Float64() < .45 {
					size++
				}
				if large {
					size = 5 + rng.IntN(25)
				}
				b := null.draw(rng, size)
				if last != nil && rng.Float64() < .25 {
					b = slices.Clone(last)
				}
				for k := range planted {
					x, y := int64(1+popular[2*k]), int64(1+popular[2*k+1])
					if slices.Contains(b, x) && !slices.Contains(b, y) && rng.Float64() < .3 {
						b = append(b, y)
					}
				}
				last = b
				for _, x := range b {
					for _, y := range b {
						if x < y {
							if customers[[2]int64{x, y}] == nil {
								customers[[2]int64{x, y}] = map[int]bool{}
							}
							customers[[2]int64{x, y}][c] = true
						}
					}
				}
				s.order(bucket, slices.Clone(b))
			}
		}
		counts := s.done()
		u := counts.Universes[inOrder]
		for i, p := range u.Pairs {
			u.Pairs[i].Customers = make([]int64, Buckets)
			u.Pairs[i].Customers[0] = int64(len(customers[[2]int64{p.A, p.B}]))
		}
		m := mustFit(nil, counts)
		is := func(p Pair) bool {
			for k := range planted {
				x, y := int64(1+popular[2*k]), int64(1+popular[2*k+1])
				if p.A == min(x, y) && p.B == max(x, y) {
					return true
				}
			}
			return false
		}
		// A planted pair moves what is in the basket beside it, too: only pairs that share no product with it are surely null.
		touched := func(p Pair) bool {
			return slices.ContainsFunc(popular[:2*planted], func(k int) bool { return p.A == int64(k+1) || p.B == int64(k+1) })
		}
		var found, discoveries, wrong, told, plain, nulls, cover float64
		for _, p := range m.Pairs {
			switch {
			case is(p):
				if p.Verdict() == "together" {
					found++
				}
				continue
			case touched(p):
				continue
			}
			nulls++
			cover += benchtest.Flag(p.Adjusted.Lower <= 1 && 1 <= p.Adjusted.Upper)
			if p.Q <= screening {
				wrong++
			}
			if p.Verdict() == "together" || p.Verdict() == "apart" {
				told++
			}
			if p.Lift.Lower > 1 {
				plain++
			}
		}
		for _, p := range m.Pairs {
			if p.Q <= screening {
				discoveries++
			}
		}
		return []float64{found / planted, wrong / math.Max(discoveries, 1), told, plain / nulls, cover / nulls}
	})
	return []benchtest.Row{
		benchtest.AtMost("S16", "false among the pairs with q <= .10, customers who repeat themselves", got[1], .10, worlds),
		benchtest.AtLeast("S16", "planted pairs found", got[0], .90, worlds),
		benchtest.Info("-", "null pairs told as together or apart (q <= .10), per world", fmt.Sprintf("%.2f", got[2]), worlds),
		benchtest.Info("-", "coverage 95 % of adjusted lift 1, null pairs", fmt.Sprintf("%.3f", got[4]), worlds),
		benchtest.Info("-", "null pairs with plain lift surely above 1", fmt.Sprintf("%.3f", got[3]), worlds),
	}
}

// truthSequences: customers differ in how often they order, and who orders more meets B sooner. A does nothing; then A makes B follow.
func truthSequences() []benchtest.Row {
	const worlds = 60
	run := func(effect float64, seed uint64) []float64 {
		return benchtest.Average(worlds, seed, func(rng *rand.Rand) []float64 {
			c := &Counts{Totals: Totals{Every: 1}, Universes: map[int]*Universe{}, Within: map[int64]*Baskets{}, Names: map[int64]Item{}, Follows: [][2]int64{{1, 2}}, Looked: 1}
			var naive [2][2]float64
			for range 12000 {
				bucket := rng.IntN(sequenceBuckets)
				often := rng.IntN(3) // the cell: what stage, orders and recency tell
				for range 1 + 2*often {
					var a int64
					if rng.Float64() < .1+.15*float64(often) {
						a = 1
					}
					hazard := .02 + .03*float64(often)
					if a == 1 {
						hazard += effect
					}
					seen, outcome := 1+rng.IntN(3), 0
					for k := 1; k <= 3 && outcome == 0; k++ {
						if rng.Float64() < hazard {
							outcome = k
						}
					}
					cell := int64(often)
					c.Orders = append(c.Orders, OrderRow{0, cell, seen, bucket, 1})
					c.Moves = append(c.Moves, MoveRow{0, 2, cell, seen, max(outcome, 0), bucket, 0})
					if a == 1 {
						c.Orders = append(c.Orders, OrderRow{1, cell, seen, bucket, 1})
					}
					if outcome > 0 {
						c.Moves = append(c.Moves, MoveRow{0, 2, cell, seen, outcome, bucket, 1})
						if a == 1 {
							c.Moves = append(c.Moves, MoveRow{1, 2, cell, seen, outcome, bucket, 1})
						}
					}
					naive[a][0]++
					naive[a][1] += benchtest.Flag(outcome > 0 && outcome <= seen)
				}
			}
			c.Orders = append(c.Orders, OrderRow{2, 0, 1, 0, 1})
			s := mustFit(nil, c).Sequences[0]
			return []float64{s.Decision.Interval.Value, benchtest.Flag(s.Verdict() == "more"), naive[1][1]/naive[1][0] - naive[0][1]/naive[0][0], benchtest.Flag(s.Decision.Interval.Lower <= 0 && 0 <= s.Decision.Interval.Upper)}
		})
	}
	null, effect := run(0, 18), run(.02, 19)
	return []benchtest.Row{
		benchtest.AtMost("S16", fmt.Sprintf("bias of a sequence of no difference, points (plain difference %.1f)", 100*null[2]), 100*math.Abs(null[0]), .3, worlds),
		benchtest.AtLeast("S16", "its 95 % interval covers 0", null[3], .88, worlds),
		benchtest.AtLeast("S16", "a sequence that adds 2 points a month found", effect[1], .90, worlds),
	}
}
