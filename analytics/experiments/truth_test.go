package experiments

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/suffstat"
)

// The rows of S17 (statistics 11) that scenarios/effects does not have, through Fit: clusters, three arms, winsorised money, checks and groups at truth 0.
//
//	CRMAUDIT_BENCH_TRUTH=1 go test -run TestTruth -v -count=1 ./analytics/experiments/
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthMoney, truthClusters, truthArms, truthRatio, truthNull)
}

// customer is one assigned customer of a simulated experiment. Money is in minor units.
type customer struct {
	arm            int
	bucket         int
	stage          int
	y, x           int64 // revenue after and before
	ordered, prior bool
	messages       int64
}

// simulated is the experiment of these customers, as it comes out of the load.
func simulated(arms []string, customers []customer, winsorised bool) Experiment {
	e := Experiment{ID: "x", Source: FromAssignments, Days: 28, EndDay: 200, values: newCells(len(arms), Buckets)}
	for k, name := range arms {
		e.Arms = append(e.Arms, Arm{Key: int64(k + 1), Name: name, FirstDay: 100, LastDay: 100, dated: true})
	}
	cut := int64(math.MaxInt64)
	if winsorised {
		before := make([]float64, len(customers))
		for i, c := range customers {
			before[i] = -float64(c.x)
		}
		cut = int64(-kth(before, len(before)/1000))
	}
	const stages = 6
	for s := range stages {
		e.groups = append(e.groups, group{Key: int64(s + 1), Grouping: "stage", Value: fmt.Sprint(s), values: newCells(len(arms), Buckets/2)})
	}
	one := func(v bool) int64 {
		if v {
			return 1
		}
		return 0
	}
	of := func(y, x int64) sums { return sums{y, x, y * y, x * x, y * x} }
	for _, c := range customers {
		e.Arms[c.arm].States[stateOver]++
		for _, v := range []struct {
			cells  *cells
			bucket int
		}{{e.values, c.bucket}, {e.groups[c.stage].values, c.bucket / 2}} {
			at := v.cells.at(c.arm, stateOver, int64(v.bucket))
			v.cells.n[at]++
			v.cells.add(keyOrder, at, 1, of(one(c.ordered), one(c.prior)))
			v.cells.add(keyRevenue, at, 1, of(c.y, c.x))
			if winsorised {
				v.cells.add(keyWinsorised, at, 1, of(min(c.y, cut), min(c.x, cut)))
			}
			v.cells.add(keyMessages, at, 1, of(0, c.messages))
		}
	}
	e.Cap = float64(cut) / minorUnits
	return e
}

// kth is the k-th smallest value, from 0.
func kth(v []float64, k int) float64 {
	low, high := 0, len(v)-1
	for low < high {
		pivot, i, j := v[(low+high)/2], low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		if k <= j {
			high = j
		} else if k >= i {
			low = i
		} else {
			break
		}
	}
	return v[k]
}

// shopper spends with a heavy tail: two thirds nothing, else lognormal with sigma 1.5, correlated with what he spent before.
func shopper(rng *rand.Rand, arm int, lift float64) customer {
	habit := rng.NormFloat64()
	spend := func(factor float64) int64 {
		if rng.Float64() >= 1./3 {
			return 0
		}
		return int64(100 * factor * math.Exp(3+1.5*(.8*habit+.6*rng.NormFloat64())))
	}
	c := customer{arm: arm, bucket: rng.IntN(Buckets), stage: rng.IntN(6), x: spend(1), y: spend(1 + lift), messages: rng.Int64N(9)}
	c.ordered, c.prior = c.y > 0, c.x > 0
	return c
}

func covers(e suffstat.Estimate, truth float64) float64 {
	return benchtest.Flag(e.Lower <= truth && truth <= e.Upper)
}

func find(m *Model, arm, outcome string) *Row {
	for i := range m.Rows {
		if r := &m.Rows[i]; r.Arm == arm && r.Outcome == outcome {
			return r
		}
	}
	return nil
}

// truthMoney: revenue of 2000 customers per arm, plain, adjusted, relative, and cut at the pooled 99.9 % point of before.
func truthMoney() []benchtest.Row {
	const r, perArm = 400, 2000
	var out []benchtest.Row
	mean := math.Exp(3+1.5*1.5/2) / 3
	for _, lift := range []float64{0, .2} {
		got := benchtest.Average(r, 170+uint64(100*lift), func(rng *rand.Rand) []float64 {
			var customers []customer
			for i := range 2 * perArm {
				customers = append(customers, shopper(rng, i%2, lift*float64(i%2)))
			}
			m := Fit(&Counts{Experiments: []Experiment{simulated([]string{"control", "offer"}, customers, true)}}, Options{})
			x := find(m, "offer", Revenue)
			return []float64{covers(x.Difference, lift*mean), covers(x.Adjusted, lift*mean), covers(x.Relative, lift), covers(x.Winsorised, 0), 2 * (x.Winsorised.Upper - x.Winsorised.Value) / (2 * (x.Adjusted.Upper - x.Adjusted.Value))}
		})
		what := fmt.Sprintf("lift %g, %d per arm, heavy-tailed spend", lift, perArm)
		out = append(out, benchtest.Between("S17", "coverage 95 % of the difference, "+what, got[0], .925, .975, r), benchtest.Between("S17", "coverage 95 % with CUPED, "+what, got[1], .925, .975, r),
			benchtest.Between("S17", "coverage 95 % of the relative "+what, got[2], .925, .975, r))
		if lift == 0 {
			out = append(out, benchtest.Between("S17", fmt.Sprintf("coverage 95 %% of the winsorised difference (width %.2f of the plain), %s", got[4], what), got[3], .925, .975, r))
		}
	}
	return out
}

// truthClusters: whole shops were assigned; customers of one shop are alike.
func truthClusters() []benchtest.Row {
	const r = 400
	var out []benchtest.Row
	for _, clusters := range []int{40, 200} {
		got := benchtest.Average(r, 180+uint64(clusters), func(rng *rand.Rand) []float64 {
			var customers []customer
			for c := range clusters {
				u, bucket := .5*rng.NormFloat64(), rng.IntN(Buckets)
				for range 20 + rng.IntN(40) {
					x := customer{arm: c % 2, bucket: bucket}
					p := 1 / (1 + math.Exp(1.2-u))
					x.ordered, x.prior = rng.Float64() < p, rng.Float64() < p
					customers = append(customers, x)
				}
			}
			e := simulated([]string{"control", "offer"}, customers, false)
			e.Arms[0].Clusters, e.Arms[1].Clusters = int64(clusters/2), int64(clusters/2)
			e.Arms[0].Clustered, e.Arms[1].Clustered = e.Arms[0].Assigned(), e.Arms[1].Assigned()
			x := find(Fit(&Counts{Experiments: []Experiment{e}}, Options{}), "offer", Order)
			return []float64{covers(x.Difference, 0), covers(x.Adjusted, 0), benchtest.Flag(math.Abs(x.Difference.Value) <= 1.96*x.WelchSE), benchtest.Flag(x.Verdict == Win || x.Verdict == Loss)}
		})
		what := fmt.Sprintf("%d clusters of 20-60 customers", clusters)
		out = append(out, benchtest.Between("S17", fmt.Sprintf("coverage 95 %% of the difference, %s (Welch %.3f)", what, got[2]), got[0], .925, .975, r), benchtest.Between("S17", "coverage 95 % with CUPED, "+what, got[1], .925, .975, r),
			benchtest.AtMost("S17", "win or loss at truth 0, "+what, got[3], .072, r))
	}
	return out
}

// truthArms: three offers of no worth beside one control, and one of three that is worth something.
func truthArms() []benchtest.Row {
	const r = 1000
	arms := []string{"control", "a", "b", "c"}
	run := func(seed uint64, lift float64) []float64 {
		return benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			var customers []customer
			for i := range 6000 {
				k := i % 4
				p := .15
				if k == 3 {
					p += lift
				}
				customers = append(customers, customer{arm: k, bucket: rng.IntN(Buckets), ordered: rng.Float64() < p, prior: rng.Float64() < .15})
			}
			m := Fit(&Counts{Experiments: []Experiment{simulated(arms, customers, false)}}, Options{Setup: Setup{Experiments: []Definition{{ID: "x", Outcomes: []string{Order}}}}})
			said, naive, found := false, false, false
			for _, arm := range arms[1:] {
				x := find(m, arm, Order)
				decided := x.Verdict == Win || x.Verdict == Loss
				if arm == "c" && lift > 0 {
					found = x.Verdict == Win
					continue
				}
				said, naive = said || decided, naive || x.AdjustedP < .05
			}
			return []float64{benchtest.Flag(said), benchtest.Flag(naive), benchtest.Flag(found)}
		})
	}
	null, one := run(190, 0), run(191, .055)
	return []benchtest.Row{
		benchtest.AtMost("S17", fmt.Sprintf("three arms of no worth: any win or loss (p < .05 of any arm: %.3f)", null[1]), null[0], .065, r),
		benchtest.AtMost("S17", "one of three arms works: win or loss of another", one[0], .065, r),
		benchtest.AtLeast("S17", "one of three arms works, +5.5 pp on 15 %, 1500 per arm: found", one[2], .80, r),
	}
}

// truthRatio: three arms of equal plan, honest and with 4 % of one arm lost.
func truthRatio() []benchtest.Row {
	const r = 400
	ratio := func(lost float64, seed uint64) float64 {
		return benchtest.Average(r, seed, func(rng *rand.Rand) []float64 {
			e := Experiment{ID: "x", Source: FromAssignments, Days: 28, EndDay: 200, values: newCells(3, Buckets)}
			for k, name := range []string{"control", "a", "b"} {
				e.Arms = append(e.Arms, Arm{Key: int64(k + 1), Name: name, FirstDay: 100, LastDay: 100, dated: true})
			}
			for range 100_000 {
				k := rng.IntN(3)
				if k == 2 && rng.Float64() < lost {
					continue
				}
				e.Arms[k].States[stateOver]++
			}
			m := Fit(&Counts{Experiments: []Experiment{e}}, Options{})
			for _, c := range m.Checks {
				if c.Name == "sample_ratio" {
					return []float64{benchtest.Flag(!c.Passed)}
				}
			}
			return []float64{math.NaN()}
		})[0]
	}
	return []benchtest.Row{benchtest.AtLeast("S17", "sample ratio of three arms, 4 % of one lost, n = 100k: stopped", ratio(.04, 17), .98, r), benchtest.AtMost("S17", "sample ratio of three honest arms: stopped", ratio(0, 18), .005, r)}
}

// truthNull: what is said of an experiment without any effect.
func truthNull() []benchtest.Row {
	const r = 1000
	got := benchtest.Average(r, 200, func(rng *rand.Rand) []float64 {
		var customers []customer
		for range 4000 {
			customers = append(customers, shopper(rng, rng.IntN(2), 0))
		}
		opt := Options{}
		m := Fit(&Counts{Experiments: []Experiment{simulated([]string{"control", "offer"}, customers, true)}}, opt)
		said, stopped, uneven, group, money := false, false, false, false, false
		for i := range m.Rows {
			x := &m.Rows[i]
			said, stopped, uneven = said || x.Decided(), stopped || x.Blocked(), uneven || x.Has("imbalance")
		}
		for _, g := range m.Groups {
			group = group || g.Verdict == differs
		}
		for _, f := range Findings(m, opt) {
			money = money || f.Opportunity != nil && f.Opportunity.Money != nil
		}
		return []float64{benchtest.Flag(said), benchtest.Flag(stopped), benchtest.Flag(uneven), benchtest.Flag(group), benchtest.Flag(money)}
	})
	return []benchtest.Row{
		benchtest.AtMost("S17", "no effect: any win or loss of order and revenue", got[0], .065, r), benchtest.AtMost("S17", "no effect: stopped by a check", got[1], .005, r),
		benchtest.AtMost("S17", "no effect: balance doubted after correction for the covariates", got[2], .065, r), benchtest.AtMost("S17", "no effect: any of twelve groups told apart", got[3], .065, r),
		benchtest.AtMost("S17", "no effect: money promised", got[4], .065, r),
	}
}
