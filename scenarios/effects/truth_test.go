package effects

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/suffstat"
)

// The bench of statistics 11, rows S17-S20, on direct simulators:
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./scenarios/effects/
//
// It prints one table "id | what | reached | required | R" and fails when a row is missed. Seeds are fixed, so a run repeats exactly.

func TestTruth(t *testing.T) {
	benchtest.Run(t, truthRandomized, truthMeasured, truthAudience, truthUnmeasured, truthPositivity)
}

func covers(e suffstat.Estimate, truth float64) float64 {
	return benchtest.Flag(e.Lower <= truth && truth <= e.Upper)
}

// truthRandomized (S17): spend of which two thirds are 0 and the rest lognormal with sigma 1.5, correlated with spend before; and arms of 51 to 49.
func truthRandomized() []benchtest.Row {
	const r = 400
	var out []benchtest.Row
	for _, lift := range []float64{0, .2} {
		for _, perArm := range []int{1000, 5000} {
			mean := math.Exp(3+1.5*1.5/2) / 3
			got := benchtest.Average(r, uint64(perArm)+uint64(100*lift), func(rng *rand.Rand) []float64 {
				values := make([][2][2][]float64, Buckets)
				for i := range 2 * perArm {
					a, g := i%2, rng.IntN(Buckets)
					habit := rng.NormFloat64()
					spend := func() float64 {
						if rng.Float64() >= 1./3 {
							return 0
						}
						return math.Exp(3 + 1.5*(.8*habit+.6*rng.NormFloat64()))
					}
					before, after := spend(), spend()*(1+lift*float64(a))
					values[g][a][0], values[g][a][1] = append(values[g][a][0], after), append(values[g][a][1], before)
				}
				arms := make([]suffstat.Arms, Buckets)
				for g := range arms {
					arms[g] = make(suffstat.Arms, 2)
					for a := range 2 {
						arms[g][a] = suffstat.ComomentsOf(values[g][a][0], values[g][a][1])
					}
				}
				c := suffstat.CompareArms(arms, 1, 0, .95)
				welch := suffstat.TQuantile(.975, c.WelchDF) * c.WelchSE
				return []float64{covers(c.Relative, lift), covers(c.Difference, lift*mean), covers(c.Adjusted, lift*mean), benchtest.Flag(math.Abs(c.Difference.Value-lift*mean) <= welch)}
			})
			in := func(p float64) bool { return p >= .925 && p <= .975 }
			what := fmt.Sprintf("lift %g, %d per arm, heavy-tailed spend", lift, perArm)
			out = append(out, benchtest.NewRow("S17", "coverage 95 % of the relative "+what, fmt.Sprintf("%.3f", got[0]), ".925-.975", r, in(got[0])),
				benchtest.NewRow("S17", fmt.Sprintf("coverage 95 %% of the difference, %s (Welch %.3f)", what, got[3]), fmt.Sprintf("%.3f", got[1]), ".925-.975", r, in(got[1])),
				benchtest.NewRow("S17", "coverage 95 % with CUPED, "+what, fmt.Sprintf("%.3f", got[2]), ".925-.975", r, in(got[2])))
		}
	}
	ratio := func(share float64, seed uint64) float64 {
		return benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			const n = 100_000
			var first int64
			for range n {
				if rng.Float64() < share {
					first++
				}
			}
			planned := suffstat.NearestPlannedShare(float64(first)/n, 2)
			_, p := suffstat.SRM([]int64{first, n - first}, []float64{planned, 1 - planned})
			return []float64{benchtest.Flag(p < suffstat.SRMThreshold)}
		})[0]
	}
	caught, alarm := ratio(.51, 17), ratio(.5, 18)
	return append(out, benchtest.NewRow("S17", "sample ratio 51 to 49 caught, n = 100k", fmt.Sprintf("%.3f", caught), ">= .98", r, caught >= .98),
		benchtest.NewRow("S17", "sample ratio 50 to 50 doubted", fmt.Sprintf("%.3f", alarm), "<= .005", r, alarm <= .005))
}

// base is a made-up base of customers by week: orders are Poisson with a rate of habit and engagement; an inactivity scenario asks everybody whose last order is eight to
// eleven weeks old.
type base struct {
	customers int
	hidden    float64                               // pull of the unmeasured engagement on entry (log-odds) and order rate (log)
	measured  float64                               // pull of orders and activity, which are in the cells, on entry
	lift      float64                               // factor of the order rate for four weeks after entry
	enter     func(week int, engaged int64) float64 // share of triggered customers who are let in, before the pulls; nil: .25
	// audience is the share of customers of the one category whom the scenario takes; others never enter. Their order rate falls to drift of it from the first trial on. 0: the scenario takes everybody.
	audience, drift float64
	told            bool // the category is in the cells
}

const (
	history = 62 // weeks before the first trial
	trialed = 26 // weeks with trials
	horizon = 4  // weeks of the outcome window
)

// cells simulates the base and returns its trials as scenarios.red_tte would hold them.
func (w base) cells(rng *rand.Rand) []CellRow {
	type key struct {
		cell    int64
		treated bool
		bucket  int
	}
	sums := map[key]*CellRow{}
	all := history + trialed + horizon
	orders, active := make([]int64, all), make([]bool, all)
	for range w.customers {
		bucket := rng.IntN(Buckets)
		habit := .06 * math.Exp(.8*rng.NormFloat64()-.32)
		u := rng.NormFloat64()
		until, last, asked := -1, -1, -100
		own := habit * math.Exp(w.hidden*u-w.hidden*w.hidden/2)
		in := w.audience > 0 && rng.Float64() < w.audience
		type unit struct {
			week    int
			cell    int64
			treated bool
			placebo [3]int64
		}
		var units []unit
		for t := range all {
			// The state before week t.
			if since := t - 1 - last; t >= history && t < history+trialed && last >= 0 && since >= 8 && since <= 11 && t-asked > horizon {
				var recent, older, short int64
				for i := t - 30; i < t; i++ {
					recent += orders[i]
				}
				for i := t - 58; i < t-31; i++ {
					older += orders[i]
					if i >= t-31-horizon {
						short += orders[i]
					}
				}
				var engaged int64
				for i := t - 4; i < t; i++ {
					if active[i] {
						engaged++
					}
				}
				b := bins{fortnight: int64((t - history) / 2), recency: int64(7 + (since-8)/2), orders: []int64{0, 1, 2, 3, 4, 4, 4, 5}[min(recent, 7)], engagement: min(engaged, 2)}
				base := .25
				if w.enter != nil {
					base = w.enter(t-history, b.engagement)
				}
				p := 1.
				if base < 1 {
					p = 1 / (1 + math.Exp(-(math.Log(base/(1-base)) + w.measured*(float64(b.orders)-1.5+float64(b.engagement)-.5) + w.hidden*u)))
				}
				if w.audience > 0 && !in {
					p = 0
				}
				if w.told && in {
					b.audience = 1
				}
				x := unit{week: t, cell: pack(b), treated: rng.Float64() < p, placebo: [3]int64{1, min(1, older), min(1, short)}}
				if x.treated {
					asked, until = t, t+horizon
				}
				units = append(units, x)
			}
			rate := own
			if t < until {
				rate *= w.lift
			}
			if in && t >= history {
				rate *= w.drift
			}
			orders[t] = benchtest.Poisson(rng, rate)
			if orders[t] > 0 {
				last = t
			}
			active[t] = rng.Float64() < 1-math.Exp(-3*habit)
		}
		for _, x := range units {
			k := key{x.cell, x.treated, bucket}
			r := sums[k]
			if r == nil {
				r = &CellRow{Cell: x.cell, Treated: x.treated, Bucket: bucket}
				sums[k] = r
			}
			var n int64
			for i := x.week; i < x.week+horizon; i++ {
				n += orders[i]
			}
			r.N, r.Staged, r.Placebos = r.N+1, r.Staged+1, r.Placebos+x.placebo[0]
			r.Ordered, r.Better, r.Revenue, r.Winsorised = r.Ordered+min(1, n), r.Better+min(1, n), r.Revenue+1000*n, r.Winsorised+1000*n
			r.Placebo, r.PlaceboShort = r.Placebo+x.placebo[1], r.PlaceboShort+x.placebo[2]
		}
	}
	out := make([]CellRow, 0, len(sums))
	for _, r := range sums {
		out = append(out, *r)
	}
	return out
}

func pack(b bins) int64 {
	v := b.fortnight*256 + b.stage
	for _, x := range [][2]int64{{3, b.age}, {13, b.recency}, {4, b.tenure}, {6, b.orders}, {3, b.worth}, {4, b.phase}, {3, b.engagement}, {4, b.pressure}, {2, b.audience}} {
		v = v*x[0] + x[1]
	}
	return v
}

// effect fits one base and returns its effect on orders.
func (w base) effect(rng *rand.Rand) *Effect {
	s := Scenario{Key: 1, ID: "s", Horizon: 28, FromDay: 0, ToDay: 7 * trialed, Entries: 1, Customers: 1, Trial: true, TreatedEvery: 1, OthersEvery: 1, Cells: w.cells(rng)}
	for _, r := range s.Cells {
		if r.Treated {
			s.TreatedCustomers += r.N
		} else {
			s.OtherCustomers += r.N
		}
	}
	return Fit(&Counts{Scenarios: []Scenario{s}}, Options{}).of("s", MethodTrials, "", Order)
}

func truthMeasured() []benchtest.Row {
	const r = 200
	got := benchtest.Average(r, 1800, func(rng *rand.Rand) []float64 {
		e := base{customers: 6000, measured: .5, lift: 1}.effect(rng)
		return []float64{e.Value.Value, covers(e.Value, 0), e.Unadjusted, benchtest.Flag(e.Value.OK()), benchtest.Flag(e.Grade == analytics.GradeStructural)}
	})
	return []benchtest.Row{
		benchtest.NewRow("S18", fmt.Sprintf("bias of the ATT at truth 0, measured confounding, 6000 customers (naive %+.2f pp)", 100*got[2]), fmt.Sprintf("%.2f pp", 100*math.Abs(got[0])), "< .3 pp", r, math.Abs(got[0]) < .003),
		benchtest.NewRow("S18", "coverage 95 % of 0, measured confounding", fmt.Sprintf("%.3f", got[1]), ">= .92", r, got[1] >= .92),
		benchtest.NewRow("S18", "worlds with a number", fmt.Sprintf("%.3f", got[3]), ">= .95", r, got[3] >= .95),
		benchtest.NewRow("S18", "graded D at truth 0: no money", fmt.Sprintf("%.3f", got[4]), ">= .92", r, got[4] >= .92),
	}
}

// truthAudience: a scenario for the customers of one category, whose pauses have become longer. It changes nothing; beside everybody it looks harmful.
func truthAudience() []benchtest.Row {
	const r = 100
	harmful := func(e *Effect) float64 {
		return benchtest.Flag(e.Value.OK() && e.Grade == analytics.GradeAdjusted && e.Decision.Verdict == analytics.Different && e.Value.Value < 0)
	}
	half := func(int, int64) float64 { return .5 }
	got := benchtest.Average(r, 1850, func(rng *rand.Rand) []float64 {
		seed := [2]uint64{rng.Uint64(), rng.Uint64()}
		w := base{customers: 20000, measured: .5, lift: 1, enter: half, audience: .25, drift: .6}
		blind := w.effect(rand.New(rand.NewPCG(seed[0], seed[1])))
		w.told = true
		e := w.effect(rand.New(rand.NewPCG(seed[0], seed[1])))
		w.lift = 2
		gain := w.effect(rand.New(rand.NewPCG(seed[1], seed[0])))
		return []float64{e.Value.Value, covers(e.Value, 0), harmful(e), harmful(blind), blind.Value.Value, benchtest.Flag(gain.Value.Lower > 0)}
	})
	return []benchtest.Row{
		benchtest.NewRow("S18", fmt.Sprintf("bias at truth 0, entrants of one category whose pauses lengthen (beside all %+.2f pp)", 100*got[4]), fmt.Sprintf("%.2f pp", 100*math.Abs(got[0])), "< .3 pp", r, math.Abs(got[0]) < .003),
		benchtest.NewRow("S18", "coverage 95 % of 0 there", fmt.Sprintf("%.3f", got[1]), ">= .92", r, got[1] >= .92),
		benchtest.NewRow("S18", fmt.Sprintf("called harmful at grade C there (beside all %.2f)", got[3]), fmt.Sprintf("%.3f", got[2]), "<= .03", r, got[2] <= .03),
		benchtest.NewRow("S18", "order rate x 2 there: interval above 0 (before the allowance for bias)", fmt.Sprintf("%.3f", got[5]), ">= .80", r, got[5] >= .80),
	}
}

func truthUnmeasured() []benchtest.Row {
	const r = 200
	got := benchtest.Average(r, 1900, func(rng *rand.Rand) []float64 {
		e := base{customers: 6000, hidden: .6, measured: .5, lift: 1}.effect(rng)
		placebo := false
		for _, c := range e.Caveats {
			placebo = placebo || c == "placebo"
		}
		return []float64{e.Value.Value, covers(e.Value, 0), benchtest.Flag(e.Grade != analytics.GradeRandomized && e.Grade != analytics.GradeAdjusted), benchtest.Flag(placebo)}
	})
	return []benchtest.Row{benchtest.NewRow("S19", fmt.Sprintf("unmeasured .6, truth 0: graded D (placebo alone %.2f; ATT %+.2f pp, covers 0 in %.2f)", got[3], 100*got[0], got[1]), fmt.Sprintf("%.3f", got[2]), ">= .80", r, got[2] >= .80)}
}

func truthPositivity() []benchtest.Row {
	const r = 50
	run := func(seed uint64, enter func(week int, engaged int64) float64) (none, positivity float64) {
		got := benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			w := base{customers: 6000, lift: 1, enter: enter}
			_, _, p := chooseCells(w.cells(rng))
			e := w.effect(rng)
			return []float64{benchtest.Flag(!e.Value.OK()), p}
		})
		return got[0], got[1]
	}
	late, p1 := run(2000, func(week int, _ int64) float64 {
		if week >= 13 {
			return 1
		}
		return .2
	})
	kind, p2 := run(2001, func(_ int, engaged int64) float64 {
		if engaged < 1 {
			return 1
		}
		return .4
	})
	return []benchtest.Row{
		benchtest.NewRow("S20", fmt.Sprintf("everybody enters from some week on (positivity %.2f): no number", p1), fmt.Sprintf("%.2f", late), "1", r, late > .999),
		benchtest.NewRow("S20", fmt.Sprintf("everybody of one kind enters (positivity %.2f): no number", p2), fmt.Sprintf("%.2f", kind), "1", r, kind > .999),
	}
}
