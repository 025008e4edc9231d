package rhythm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/benchtest"
)

// The bench of the block, row R1 and what goes with it, on direct simulators:
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/rhythm/
//
// Seeds are fixed, so a run repeats exactly.
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthLateness, truthParameters, truthCurve, truthDrift, truthGroups)
}

const worldDays = 540

func truthLateness() []benchtest.Row {
	const r = 20
	var out []benchtest.Row
	for _, w := range []struct {
		name     string
		required bool
		leave    float64
		customer func(*rand.Rand) func(*rand.Rand, float64) float64
	}{
		{"lognormal, median 30 days, sd .6 within, .7 between", true, 0, lognormals(Lognormal{math.Log(30), .36, .49})},
		{"lognormal, median 60 days, sd 1 within, .5 between", true, 0, lognormals(Lognormal{math.Log(60), 1, .25})},
		{"lognormal, median 14 days, sd .3 within, 1 between", true, 0, lognormals(Lognormal{math.Log(14), .09, 1})},
		{"exponential, median customer 40 days", true, 0, gammas([]float64{1}, 40, .7)},
		{"a third each by chance, fairly regular, regular", true, 0, gammas([]float64{1, 4, 16}, 40, .7)},
		{"lognormal, one in twenty leaves after an order", false, .05, lognormals(Lognormal{math.Log(30), .36, .49})},
	} {
		got := benchtest.Means(benchtest.Replicate(r, 91, func(rng *rand.Rand) []float64 {
			b := pausesWorld(rng, 4000, worldDays, w.leave, w.customer)
			c := reduce(b, worldDays)
			m := &Model{Rhythm: fitRhythm(c)}
			m.Quantiles = fitQuantiles(c, m.Rhythm)
			own, prior := coverage(m, b)
			return []float64{own, prior}
		}))
		what := fmt.Sprintf("coverage of the lateness threshold: %s (prior %.3f)", w.name, got[1])
		if w.required {
			out = append(out, benchtest.Between("R1", what, got[0], .88, .92, r))
		} else {
			out = append(out, benchtest.Info("R1", what+", of those who stay", fmt.Sprintf("%.3f", got[0]), r))
		}
	}
	return out
}

func truthParameters() []benchtest.Row {
	const r = 100
	truth := Lognormal{math.Log(40), .5, .6}
	reps := benchtest.Replicate(r, 92, func(rng *rand.Rand) []float64 {
		m := fitRhythm(reduce(pausesWorld(rng, 2000, worldDays, 0, lognormals(truth)), worldDays))
		out := []float64{m.Mean, m.Within, m.Between}
		for i, x := range []float64{truth.Mean, truth.Within, truth.Between} {
			e := m.replicates.Estimate(i, .95)
			out = append(out, benchtest.Flag(e.Lower <= x && x <= e.Upper))
		}
		return out
	})
	got := benchtest.Means(reps)
	var out []benchtest.Row
	for i, x := range []float64{truth.Mean, truth.Within, truth.Between} {
		name := []string{"mean", "variance within", "variance between"}[i]
		out = append(out, benchtest.AtMost("R1", fmt.Sprintf("relative bias of the model's %s (%.4f, true %.4f)", name, got[i], x), math.Abs(got[i]/x-1), .02, r),
			benchtest.Between("R1", "coverage of its 95 % interval", got[3+i], .88, .99, r))
	}
	return out
}

// truthCurve: the curve by customers against the true share of customers who have ordered again; frequent and rare buyers, a window, and customers who leave.
func truthCurve() []benchtest.Row {
	const r, day = 60, 60
	world := gammas([]float64{1}, 60, 1)
	truth := 0.
	rng := rand.New(rand.NewPCG(1, 1))
	const draws = 400_000
	for range draws {
		if world(rng)(rng, 0) < day+1 && rng.Float64() >= .1 { // a pause of less than a whole day more counts as day 60
			truth += 1. / draws
		}
	}
	reps := benchtest.Replicate(r, 93, func(rng *rand.Rand) []float64 {
		b := pausesWorld(rng, 2000, worldDays, .1, world)
		c := fitCurve(reduce(b, worldDays), 2000, 1000)
		e := c.Returned[day]
		return []float64{e.Value, benchtest.Flag(e.Lower <= truth && truth <= e.Upper), c.ReturnedGaps[day].Value}
	})
	got := benchtest.Means(reps)
	return []benchtest.Row{
		benchtest.AtMost("R1", fmt.Sprintf("bias of the share ordering again in 60 days, by customers (%.3f, true %.3f; by pauses %.3f)", got[0], truth, got[2]), math.Abs(got[0]-truth), .012, r),
	}
}

// truthDrift: nothing in worlds that only look like drift, and a planted one.
func truthDrift() []benchtest.Row {
	const r = 100
	still := gammas([]float64{1, 4}, 40, .8)
	worlds := []struct {
		name  string
		drift bool
		world func(rng *rand.Rand) []buyer
	}{
		{"frequent and rare buyers, the data just end", false, func(rng *rand.Rand) []buyer { return pausesWorld(rng, 2500, worldDays, 0, still) }},
		{"customers leave after orders", false, func(rng *rand.Rand) []buyer { return pausesWorld(rng, 2500, worldDays, .15, still) }},
		{"rarer buyers come later (mix)", false, func(rng *rand.Rand) []buyer {
			early, late := pausesWorld(rng, 1250, worldDays, .05, gammas([]float64{1}, 20, .5)), pausesWorld(rng, 1250, worldDays/2, .05, gammas([]float64{1}, 60, .5))
			for i := range late {
				for j := range late[i].days {
					late[i].days[j] += worldDays / 2
				}
			}
			return append(early, late...)
		}},
		{"customers with busy and quiet weeks", false, busyWorld},
		{"planted: pauses grow by 50 % in a year with a customer", true, func(rng *rand.Rand) []buyer {
			return pausesWorld(rng, 2500, worldDays, .05, func(rng *rand.Rand) func(*rand.Rand, float64) float64 {
				draw := still(rng)
				return func(rng *rand.Rand, tenure float64) float64 { return draw(rng, 0) * math.Exp(math.Log(1.5)*tenure/365) }
			})
		}},
	}
	var out []benchtest.Row
	for _, w := range worlds {
		reps := benchtest.Replicate(r, 94, func(rng *rand.Rand) []float64 {
			b := w.world(rng)
			d := fitDrift(reduce(b, worldDays), driftMargin)[0]
			return []float64{benchtest.Flag(d.Decision.PDifference < .05), benchtest.Flag(d.Decision.Verdict == analytics.Different && d.Change.Value > 0), d.Ratio.Value, naiveDrift(b, worldDays)}
		})
		got := benchtest.Means(reps)
		what := fmt.Sprintf("drift: %s (ratio %.3f; pauses begun in the last against the first half of the time: %.3f)", w.name, got[2], got[3])
		if w.drift {
			out = append(out, benchtest.AtLeast("R2", what+": found", got[1], .9, r))
		} else {
			out = append(out, benchtest.AtMost("R2", what+": p < .05", got[0], .09, r))
		}
	}
	return out
}

// busyWorld draws customers with weeks that resemble the week before (autocorrelation .6), and now and then six weeks at a quarter of the rate; the same at all times.
func busyWorld(rng *rand.Rand) []buyer {
	out := make([]buyer, 2500)
	for i := range out {
		b := buyer{bucket: rng.IntN(Buckets)}
		rate := math.Exp(.8*rng.NormFloat64()) / 5 // orders per week
		start := rng.IntN(worldDays * 4 / 5)
		b.days = []int{start}
		active, quiet := rng.NormFloat64(), 0
		for day := start + 1; day < worldDays; day++ {
			if (day-start)%7 == 0 {
				active = .6*active + .8*rng.NormFloat64()
				if quiet > 0 {
					quiet--
				} else if rng.Float64() < .04 {
					quiet = 6
				}
			}
			today := rate / 7 * math.Exp(.4*active-.08)
			if quiet > 0 {
				today /= 4
			}
			if rng.Float64() < today {
				b.days = append(b.days, day)
			}
		}
		out[i] = b
	}
	return out
}

// naiveDrift is what a table of mean completed pauses by half of the time shows.
func naiveDrift(buyers []buyer, end int) float64 {
	var sum, n [2]float64
	for _, b := range buyers {
		for j := range len(b.days) - 1 {
			k := 0
			if 2*b.days[j] >= end {
				k = 1
			}
			sum[k] += float64(b.days[j+1] - b.days[j])
			n[k]++
		}
	}
	return sum[1] / n[1] / (sum[0] / n[0])
}

func truthGroups() []benchtest.Row {
	const r = 10
	worlds := []struct {
		name   string
		groups bool
		world  func(rng *rand.Rand) func(*rand.Rand, float64) float64
	}{
		{"one continuum of frequent and rare, regular and irregular buyers", false, gammas([]float64{1, 2, 4}, 25, .7)},
		{"weekly and monthly buyers", true, func(rng *rand.Rand) func(*rand.Rand, float64) float64 {
			if rng.IntN(2) == 0 {
				return lognormals(Lognormal{math.Log(7), .04, .02})(rng)
			}
			return lognormals(Lognormal{math.Log(30), .04, .02})(rng)
		}},
	}
	var out []benchtest.Row
	for _, w := range worlds {
		got := benchtest.Means(benchtest.Replicate(r, 95, func(rng *rand.Rand) []float64 {
			g := fitGrouping(reduce(pausesWorld(rng, 3000, worldDays, .03, w.world), worldDays), 1)
			return []float64{benchtest.Flag(g.Kind == Groups), float64(len(g.Groups))}
		}))
		if w.groups {
			out = append(out, benchtest.AtLeast("R3", fmt.Sprintf("groups found: %s (%.1f groups)", w.name, got[1]), got[0], .9, r))
		} else {
			out = append(out, benchtest.AtMost("R3", "groups found: "+w.name, got[0], .05, r))
		}
	}
	return out
}
