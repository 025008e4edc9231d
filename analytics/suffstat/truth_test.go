package suffstat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"crmaudit/analytics/benchtest"
)

// The bench of statistics 11, rows S1-S4, S9 and S22, on direct simulators:
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/suffstat/
//
// It prints one table "id | what | reached | required | R" and fails when a row is missed. Seeds are fixed, so a run repeats exactly.

func TestTruth(t *testing.T) {
	benchtest.Run(t, truthCoverage, truthClusteredX2, truthDwell, truthValueGap, truthEquivalence, truthPower)
}

func covers(e Estimate, truth float64) float64 {
	return benchtest.Flag(e.Lower <= truth && truth <= e.Upper)
}

// truthCoverage (S1): customers with own open rates (intra-customer correlation .15), 1 + Poisson(8) messages each.
func truthCoverage() []benchtest.Row {
	const icc = .15
	var out []benchtest.Row
	for _, n := range []int{60, 300, 2000, 20000} {
		for _, p := range []float64{.002, .02, .2} {
			const r = 400
			k := (1 - icc) / icc
			got := benchtest.Average(r, uint64(n)<<8|uint64(p*1000), func(rng *rand.Rand) []float64 {
				buckets := make([]Ratio, 100)
				var sent, opened int64
				for range n {
					m := 1 + benchtest.Poisson(rng, 8)
					own := benchtest.Beta(rng, p*k, (1-p)*k)
					b := &buckets[rng.IntN(100)] // as the hash does: bucket sizes differ
					for range m {
						b.Den++
						if rng.Float64() < own {
							b.Num++
							opened++
						}
						sent++
					}
				}
				naive := Wilson(opened, sent, .95)
				return []float64{covers(Rate(buckets, int64(n), .95).Estimate, p), covers(naive, p)}
			})
			// With fewer than 10 events (the floor of a verdict) whole numbers decide the coverage: it may be high, not low.
			required, most := ".925-.975", .975
			if float64(9*n)*p < 10 {
				required, most = ">= .925", 1
			}
			out = append(out, benchtest.NewRow("S1", fmt.Sprintf("coverage 95 %%, %d customers, rate %g (naive Wilson %.3f)", n, p, got[1]),
				fmt.Sprintf("%.3f", got[0]), required, r, got[0] >= .925 && got[0] <= most))
		}
	}
	return out
}

// habit draws a customer's own shares around mean with precision a.
func habit(rng *rand.Rand, mean []float64, a float64) []float64 {
	w := make([]float64, len(mean))
	var s float64
	for i, m := range mean {
		w[i] = benchtest.Gamma(rng, m*a)
		s += w[i]
	}
	for i := range w {
		w[i] /= s
	}
	return w
}

// truthClusteredX2 (S2): 2 x 3 tables of moves, customers with own habits.
func truthClusteredX2() []benchtest.Row {
	const r, customers, moves = 400, 2000, 8
	mean := []float64{.6, .3, .1}
	shape := Stack{1, 2, 3}
	run := func(seed uint64, n int, precision, shift float64, group func(rng *rand.Rand, customer, move int) int) (clustered, naive float64) {
		got := benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			buckets := make([]Cells, 100)
			for g := range buckets {
				buckets[g] = make(Cells, shape.Len())
			}
			for c := range n {
				b := buckets[rng.IntN(100)]
				w := habit(rng, mean, precision)
				first := group(rng, c, 0)
				if shift > 0 && first == 1 {
					// Probability shift moves from the first exit to the second.
					w = habit(rng, []float64{mean[0] - shift, mean[1] + shift, mean[2]}, precision)
				}
				for m := range moves {
					b[shape.At(0, group(rng, c, m), benchtest.Pick(rng, w))]++
				}
			}
			total, _ := Merge(buckets)
			return []float64{benchtest.Flag(ClusteredX2(buckets, shape).P < .05), benchtest.Flag(TestIndependence(total, shape).PX2 < .05)}
		})
		return got[0], got[1]
	}
	bySegment := func(_ *rand.Rand, c, _ int) int { return c % 2 }
	byPeriod := func(_ *rand.Rand, _, m int) int { return m % 2 }
	size := func(what string, seed uint64, precision float64, group func(*rand.Rand, int, int) int) benchtest.Row {
		c, n := run(seed, customers, precision, 0, group)
		return benchtest.NewRow("S2", fmt.Sprintf("size at 5 %%, %s (plain X2 %.3f)", what, n), fmt.Sprintf("%.3f", c), ".03-.07", r, c >= .03 && c <= .07)
	}
	out := []benchtest.Row{
		size("one customer in one segment", 21, 4, bySegment),
		size("same customers in both periods", 22, 1, byPeriod),
		size("strong clustering", 23, .5, bySegment),
	}
	power, _ := run(24, 10000, 4, .02, bySegment)
	return append(out, benchtest.NewRow("S2", "power for a shift of 2 pp, 10000 customers", fmt.Sprintf("%.3f", power), ">= .90", r, power >= .90))
}

// dwellWorld draws spells that are seen through a window of periods: entry at a random period from before periods ahead of the window on, those under
// way when it opens with delayed entry, censored when it closes. Customers differ (hazard ~ Beta(a, b), a = 0: all have hazard b) and have two
// spells each; age decides the cause.
func dwellWorld(rng *rand.Rand, customers, window, before int, a, b float64, cause func(rng *rand.Rand, age int) int) []LifeTable {
	spells := make([][]Spell, 100)
	for range customers {
		g := rng.IntN(100)
		h := b
		if a > 0 {
			h = benchtest.Beta(rng, a, b)
		}
		for range 2 {
			start := rng.IntN(window+before) - before // period of age 1
			dwell := 1 + int(math.Log(1-rng.Float64())/math.Log1p(-h))
			s := Spell{Entry: max(1, 1-start), Exit: dwell, N: 1}
			if last := window - 1 - start; dwell > last { // the last period's successor is not seen
				s.Exit, s.Cause = last, Censored
			} else {
				s.Cause = cause(rng, dwell)
			}
			spells[g] = append(spells[g], s)
		}
	}
	out := make([]LifeTable, len(spells))
	for g, s := range spells {
		out[g] = NewLifeTable(s, 2)
	}
	return out
}

// truthDwell (S3).
func truthDwell() []benchtest.Row {
	const r = 400
	cause := func(rng *rand.Rand, age int) int { // the first cause prefers young spells
		if rng.Float64() < causeShare(age) {
			return 0
		}
		return 1
	}
	var out []benchtest.Row
	bias := func(name string, seed uint64, customers, window, before, tau int, a, b float64) {
		survival := func(k int) float64 {
			s := 1.
			for u := range k {
				if a == 0 {
					s *= 1 - b
				} else {
					s *= (b + float64(u)) / (a + b + float64(u))
				}
			}
			return s
		}
		var rmst, incidence float64
		for k := range tau {
			rmst += survival(k)
			if k+1 < tau {
				incidence += causeShare(k+1) * (survival(k) - survival(k+1))
			}
		}
		truth := []float64{survival(tau - 1), incidence, rmst}
		got := benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			buckets := dwellWorld(rng, customers, window, before, a, b, cause)
			total, _ := Merge(buckets)
			s, f := SurvivalCurve(buckets, .95), IncidenceCurve(buckets, 0, .95)
			m := RMST(buckets, tau, .95)
			return []float64{total.Survival()[tau-1], total.Incidence(0)[tau-1], total.RMST(tau), covers(s[tau-1], truth[0]), covers(f[tau-1], truth[1]), covers(m, truth[2])}
		})
		for i, what := range []string{"KM", "AJ", "RMST"} {
			rel := math.Abs(got[i]/truth[i] - 1)
			out = append(out, benchtest.NewRow("S3", fmt.Sprintf("bias of %s, %s (%.4g, true %.4g, coverage %.3f)", what, name, got[i], truth[i], got[i+3]),
				fmt.Sprintf("%.2f %%", 100*rel), "< 1 %", r, rel < .01))
		}
	}
	bias("window 12, dwell 10", 31, 2000, 12, 0, 12, 0, .1)
	bias("own hazards, delayed entry", 32, 2000, 26, 12, 20, 2, 12)
	for _, c := range []struct {
		customers int
		a, b      float64
		window    int
		most      float64 // in coarse ages (few, with large hazards) the interval must cover more than its level
	}{{100, 0, .012, 180, .98}, {300, 8, 1200, 360, .98}, {600, 3, 500, 360, .98}, {600, 3, 12, 26, 1}} {
		var median float64
		for s := 1.; s > .5; median++ {
			h := c.b
			if c.a > 0 {
				h = c.a / (c.a + c.b + median)
			}
			s *= 1 - h
		}
		got := benchtest.Average(r, uint64(40+c.customers+c.window), func(rng *rand.Rand) []float64 {
			m := Median(dwellWorld(rng, c.customers, c.window, c.window/6, c.a, c.b, cause), .95)
			// An open upper end covers.
			return []float64{benchtest.Flag(m.Lower <= median && !(m.Upper < median))}
		})
		out = append(out, benchtest.NewRow("S3", fmt.Sprintf("coverage of the median, %d customers with two spells, median %g", c.customers, median),
			fmt.Sprintf("%.3f", got[0]), strings.Replace(fmt.Sprintf(".92-%.3g", c.most), "-0", "-", 1), r, got[0] >= .92 && got[0] <= c.most))
	}
	return out
}

func causeShare(age int) float64 {
	if age <= 4 {
		return .6
	}
	return .25
}

// truthValueGap (S4): the derivative against a central difference on random chains of 3 to 100 states.
func truthValueGap() []benchtest.Row {
	const r = 60
	rng := rand.New(rand.NewPCG(4, 4))
	worst := 0.
	for i := range r {
		k := 3 + i*97/(r-1)
		p := make([][]float64, k)
		reward := make([]float64, k)
		for s := range p {
			p[s] = habit(rng, uniform(k), .5*float64(k))
			reward[s] = 100 * rng.Float64() * rng.Float64()
		}
		gamma := .9 + .09*rng.Float64()
		v, n := Values(p, reward, gamma), Visits(p, gamma)
		best, least := 0, 0
		for j := range v {
			if v[j] > v[best] {
				best = j
			}
			if v[j] < v[least] {
				least = j
			}
		}
		s, row := rng.IntN(k), rng.IntN(k)
		exact := ValueGap(v, n, gamma, s, row, least, best)
		const eps = 1e-5
		bump := func(e float64) float64 {
			q := make([][]float64, k)
			for i := range q {
				q[i] = append([]float64{}, p[i]...)
			}
			q[row][best] += e
			q[row][least] -= e
			return Values(q, reward, gamma)[s]
		}
		worst = math.Max(worst, math.Abs((bump(eps)-bump(-eps))/(2*eps)/exact-1))
	}
	return []benchtest.Row{benchtest.NewRow("S4", "value-gap derivative against a central difference, 3-100 states", fmt.Sprintf("%.1e", worst), "< 1e-5", r, worst < 1e-5)}
}

func uniform(k int) []float64 {
	u := make([]float64, k)
	for i := range u {
		u[i] = 1 / float64(k)
	}
	return u
}

// arms draws messages of two groups of n customers, m messages each, with own rates around p[0] and p[1] (intra-customer correlation icc; 0 = none) and returns
// the jackknife of the difference.
func arms(rng *rand.Rand, n, m int, p [2]float64, icc float64) Replicates {
	var sides [2][]Ratio
	for a := range sides {
		sides[a] = make([]Ratio, 100)
		for range n {
			own := p[a]
			if icc > 0 {
				k := (1 - icc) / icc
				own = benchtest.Beta(rng, p[a]*k, (1-p[a])*k)
			}
			b := &sides[a][rng.IntN(100)]
			for range m {
				b.Den++
				if rng.Float64() < own {
					b.Num++
				}
			}
		}
	}
	rate := func(r Ratio) []float64 { return []float64{r.Value()} }
	return JackknifeVec(sides[0], rate).Join(JackknifeVec(sides[1], rate)).Difference(0, 1)
}

// truthEquivalence (S9): four messages per customer, margin 2 pp.
func truthEquivalence() []benchtest.Row {
	const r, m, margin, icc = 1000, 4, .02, .15
	deff := 1 + (m-1)*icc
	planned := Design{Deff: deff / m}.EquivalenceProportions(.2, margin).Control // customers
	share := func(seed uint64, n int, gap float64) float64 {
		return benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			d := arms(rng, n, m, [2]float64{.2 + gap, .2}, icc)
			return []float64{benchtest.Flag(TOST(d.Value[0], d.SE(0), d.DF(), margin).P < .05)}
		})[0]
	}
	atMargin, atZero := share(91, int(planned), margin), share(92, int(2*planned), 0)
	return []benchtest.Row{
		benchtest.NewRow("S9", fmt.Sprintf("called equivalent at a gap of the margin, %d customers per group", planned), fmt.Sprintf("%.3f", atMargin), "<= .06", r, atMargin <= .06),
		benchtest.NewRow("S9", fmt.Sprintf("called equivalent at gap 0 with twice the needed n, %d per group", 2*planned), fmt.Sprintf("%.3f", atZero), ">= .90", r, atZero >= .90),
	}
}

// truthPower (S22): the planned size gives the promised power.
func truthPower() []benchtest.Row {
	const r = 1000
	n := (Design{}).Proportions(.10, .12).Control
	got := benchtest.Average(r, 220, func(rng *rand.Rand) []float64 {
		e := arms(rng, int(n), 1, [2]float64{.10, .12}, 0).Estimate(0, .95)
		return []float64{benchtest.Flag(e.Lower > 0 || e.Upper < 0)}
	})
	return []benchtest.Row{benchtest.NewRow("S22", fmt.Sprintf("power of the planned n at .80: 10 %% against 12 %%, %d per arm", n), fmt.Sprintf("%.3f", got[0]), ".77-.83", r, got[0] >= .77 && got[0] <= .83)}
}
