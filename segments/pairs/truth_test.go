package pairs

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
)

// TestTruth reaches rows S9 and S24 of the bench (statistics 11), and the logic of S10 on worlds of sums; whole worlds are those of cmd/crmaudit.
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./segments/pairs/
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthEquivalence, truthWorlds, truthTargeting, truthExplained)
}

// sized is how many customers on a side one metric of two equal sides takes to be proved equal with 80 % power.
func sized(law behaviour, margin float64) int {
	return int(math.Ceil(2 * law.order * (1 - law.order) * zEqual * zEqual / (margin * margin)))
}

// world is segments of n customers each by their laws, with messages that depend on each other within a customer.
func world(rng *rand.Rand, laws []behaviour, n int) *Counts {
	persons := noShared(len(laws) * n)
	for s, law := range laws {
		for range n {
			persons = append(persons, person{[]int{s}, law.draw(rng, 1+rng.IntN(7))})
		}
	}
	return countsOf(rng, persons, named(len(laws)), 50)
}

func fitWorld(c *Counts, m map[string]float64) *Model {
	out, err := Fit(c, Options{Margins: m})
	if err != nil {
		panic(err)
	}
	return out
}

func truthEquivalence() []benchtest.Row {
	const r, margin = 1000, .02
	n := sized(usual, margin)
	apart := usual
	apart.order += margin
	one := map[string]float64{OrderRate: margin} // the other metrics have no margin and are not compared
	rate := func(r int, seed uint64, laws []behaviour, n int, m map[string]float64) float64 {
		return benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			return []float64{benchtest.Flag(fitWorld(world(rng, laws, n), m).Pairs[0].Verdict == Equivalent)}
		})[0]
	}
	// All metrics at once: one of them at its margin, the others equal. n is that of the hungriest metric.
	all := map[string]float64{OrderRate: .03, Revenue: .20, CTR: .02, Unsubscribe: .004, Transition: .03}
	far := usual
	far.better += all[Transition]
	clicks := usual
	clicks.click += all[CTR]
	const many = 2 * 6500 // money: 2 (2.93 x 2.13 / ln 1.2)^2 = 2,340; orders 3,045; unsubscribes with several messages each fewer
	return []benchtest.Row{
		benchtest.AtMost("S9", fmt.Sprintf("called equivalent at a gap of the margin, order rate, %d per segment", 2*n), rate(r, 1, []behaviour{usual, apart}, 2*n, one), .06, r),
		benchtest.AtLeast("S9", fmt.Sprintf("called equivalent at gap 0 with twice the needed n, order rate, %d per segment", 2*n), rate(r, 2, []behaviour{usual, usual}, 2*n, one), .90, r),
		benchtest.AtMost("S9", "five metrics, better stage at its margin", rate(r, 3, []behaviour{usual, far}, many, all), .06, r),
		benchtest.AtMost("S9", "five metrics, clicks (clustered) at their margin", rate(4*r, 4, []behaviour{usual, clicks}, many, all), .06, 4*r),
		benchtest.AtLeast("S9", fmt.Sprintf("five metrics, all equal, %d per segment", many), rate(r, 5, []behaviour{usual, usual}, many, all), .90, r),
	}
}

// truthWorlds: eleven segments. Three pairs are equal, two pairs lie apart by exactly the margin, two by twice the margin; every pair of different origin differs by more than that.
func truthWorlds() []benchtest.Row {
	const r = 50
	m := map[string]float64{OrderRate: .03, Revenue: .25, CTR: .03, Unsubscribe: .004, Transition: .03}
	base := []float64{.10, .20, .30, .40, .50, .60, .70}
	gap := []float64{0, 0, 0, .03, .03, .06, .06}
	var laws []behaviour
	truth := map[[2]int]string{}
	for i, p := range base {
		a, b := usual, usual
		a.order, b.order = p, p+gap[i]
		truth[[2]int{len(laws), len(laws) + 1}] = []string{"equal", "margin", "twice"}[int(math.Round(gap[i]/.03))]
		laws = append(laws, a, b)
	}
	got := benchtest.Average(r, 9, func(rng *rand.Rand) []float64 {
		model := fitWorld(world(rng, laws, 12000), m)
		var equal, equalFound, called, wrong, two, twoFound, at, atCalled float64
		for i := range model.Pairs {
			p := &model.Pairs[i]
			kind := truth[[2]int{p.A, p.B}]
			if p.Verdict == Equivalent {
				called++
				if kind != "equal" {
					wrong++
				}
			}
			switch kind {
			case "equal":
				equal++
				equalFound += benchtest.Flag(p.Verdict == Equivalent)
			case "twice":
				two++
				twoFound += benchtest.Flag(p.Verdict == Different)
			case "margin":
				at++
				atCalled += benchtest.Flag(p.Verdict == Equivalent)
			}
		}
		return []float64{equalFound / equal, wrong / math.Max(called, 1), twoFound / two, atCalled / at}
	})
	return []benchtest.Row{
		benchtest.AtLeast("S10", "equal pairs found, 14 segments of 12,000, 91 pairs (sums, no SQL)", got[0], .85, r),
		benchtest.AtMost("S10", "of pairs called equal, those that are not", got[1], .05, r),
		benchtest.Info("S10", "pairs at exactly the margin called equal", fmt.Sprintf("%.3f", got[3]), r),
		benchtest.Info("S10", "pairs at twice the margin called different", fmt.Sprintf("%.3f", got[2]), r),
	}
}

// truthTargeting: six parts, three arms. Without any effect the honest value is 0 on average and the plug-in is not.
func truthTargeting() []benchtest.Row {
	const r = 1000
	arms := []string{"a", "b", "control"}
	draw := func(rng *rand.Rand, effect func(part, arm int) float64) [][]armCell {
		parts := make([][]armCell, 6)
		for s := range parts {
			parts[s] = make([]armCell, len(arms))
			for a := range arms {
				for range 250 + 60*s {
					x := &parts[s][a][rng.IntN(ArmBuckets)]
					x.Den++
					if rng.Float64() < .10+.02*float64(s)+effect(s, a) {
						x.Num++
					}
				}
			}
		}
		return parts
	}
	got := benchtest.Average(r, 11, func(rng *rand.Rand) []float64 {
		t := TargetingValue(draw(rng, func(int, int) float64 { return 0 }), arms)
		return []float64{t.Value.Value, t.Value.Value * t.Value.Value, t.PlugIn, benchtest.Flag(t.Verdict == Gain), benchtest.Flag(t.QP <= .05)}
	})
	sum, sum2, plug, gain, hits := got[0], got[1], got[2], got[3], got[4]
	se := math.Sqrt((sum2 - sum*sum) / r)
	// Arm a is worth .06 in even parts, arm b in odd ones; the parts weigh 250, 310, ... 550.
	real := benchtest.Average(r, 12, func(rng *rand.Rand) []float64 {
		t := TargetingValue(draw(rng, func(s, a int) float64 {
			if a == s%2 {
				return .06
			}
			return 0
		}), arms)
		want := .06 - .06*1290./2400
		return []float64{t.Value.Value - want, benchtest.Flag(t.Value.Lower <= want && want <= t.Value.Upper), benchtest.Flag(t.QP <= .05)}
	})
	return []benchtest.Row{
		benchtest.NewRow("S24", fmt.Sprintf("honest value of targeting at truth 0: mean %+.5f (plug-in %+.5f)", sum, plug), fmt.Sprintf("%.2f se", math.Abs(sum)/se), "< 2 se", r, math.Abs(sum) < 2*se),
		benchtest.Info("S24", "the same: called a gain / Cochran's Q at .05", fmt.Sprintf("%.3f / %.3f", gain, hits), r),
		benchtest.Info("S24", "real gain .0278 of the best policy: bias of the honest value / interval covers it / Q finds the spread", fmt.Sprintf("%+.4f / %.3f / %.3f", real[0], real[1], real[2]), r),
	}
}

// truthExplained: segments that say nothing of what follows explain nothing on average, on customers that they have not seen.
func truthExplained() []benchtest.Row {
	const r = 400
	got := benchtest.Average(r, 13, func(rng *rand.Rand) []float64 {
		var persons []person
		for range 3000 {
			in := []int{}
			for s := range 12 {
				if rng.IntN(3) == 0 {
					in = append(in, s)
				}
			}
			persons = append(persons, person{in, usual.draw(rng, 1)})
		}
		c := countsOf(rng, persons, named(12), 50)
		for g, b := range c.Base {
			c.RFM = append(c.RFM, CellRow{0, g, b[sumN], b[sumOrdered], b[sumRevenue], c.Base2[g]})
		}
		for _, e := range fitWorld(c, margins()).Explained {
			if e.Model == modelSegments && e.Outcome == outcomeOrder {
				return []float64{e.Share.Value, e.InSample, benchtest.Flag(e.Share.Lower > 0)}
			}
		}
		return []float64{math.NaN(), math.NaN(), 0}
	})
	return []benchtest.Row{
		benchtest.AtMost("S24", "share explained by 12 segments that say nothing, unseen customers", got[0], .001, r),
		benchtest.AtMost("S24", "the same: interval above 0", got[2], .05, r),
		benchtest.Info("S24", "the same, on the customers it was fitted to", fmt.Sprintf("%.4f", got[1]), r),
	}
}
