package suffstat

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics/benchtest"
)

func warned(e Estimate, what error) bool {
	return slices.ContainsFunc(e.Warnings, func(w error) bool { return errors.Is(w, what) })
}

func ratios(n int, f func(g int) Ratio) []Ratio {
	out := make([]Ratio, n)
	for g := range out {
		out[g] = f(g)
	}
	return out
}

func TestRateSpecialCases(t *testing.T) {
	even := ratios(100, func(int) Ratio { return Ratio{2, 10} })
	for _, c := range []struct {
		name      string
		buckets   []Ratio
		customers int64
		value     float64
		neff      float64
		warning   error
	}{
		{"nothing", ratios(100, func(int) Ratio { return Ratio{} }), 0, math.NaN(), 0, ErrNoData},
		{"no events: as many trials as customers", ratios(100, func(int) Ratio { return Ratio{0, 10} }), 300, 0, 300, nil},
		{"only events", ratios(100, func(int) Ratio { return Ratio{10, 10} }), 300, 1, 300, nil},
		{"no variation between buckets", even, 300, .2, 300, nil},
		{"customers unknown: buckets stand in", even, 0, .2, 100, nil},
		{"fewer trials than customers cannot be", ratios(100, func(int) Ratio { return Ratio{0, 1} }), 300, 0, 100, nil},
		{"one bucket", ratios(100, func(g int) Ratio { return Ratio{int64(3 * (1 - min(g, 1))), int64(10 * (1 - min(g, 1)))} }), 4, .3, 4, ErrFewBuckets},
	} {
		r := Rate(c.buckets, c.customers, .95)
		near(t, c.name+": value", r.Value, c.value, 1e-12)
		near(t, c.name+": n_eff", r.NEff, c.neff, 1e-12)
		if c.warning != nil && !warned(r.Estimate, c.warning) {
			t.Errorf("%s: warnings %v, want %v", c.name, r.Warnings, c.warning)
		}
		if c.warning == nil && len(r.Warnings) > 0 {
			t.Errorf("%s: warnings %v", c.name, r.Warnings)
		}
		if c.neff > 0 && !(r.Lower >= 0 && r.Upper <= 1 && r.Upper > r.Lower) {
			t.Errorf("%s: interval %g..%g", c.name, r.Lower, r.Upper)
		}
	}
	// Few buckets pay for the unknown variance: n_eff shrinks by (z/T)^2.
	few := ratios(20, func(g int) Ratio { return Ratio{int64(1 + g%3), 10} })
	r := Rate(few, 200, .95)
	near(t, "n_eff with 19 df", r.NEff, math.Min(200, r.Value*(1-r.Value)/(r.SE*r.SE))*math.Pow(1.959963985/2.093024054, 2), 1e-8)
}

func TestJackknifeSpecialCases(t *testing.T) {
	mean := func(m Moments) float64 { return m.Mean }
	one := func(values ...float64) (out []Moments) {
		for _, v := range values {
			out = append(out, MomentsOf([]float64{v}))
		}
		return out
	}
	if e := Jackknife([]Moments{}, mean, .95); e.OK() || !warned(e, ErrNoData) {
		t.Errorf("no buckets: %+v", e)
	}
	if e := Jackknife(make([]Moments, 100), mean, .95); e.OK() || !warned(e, ErrNoData) {
		t.Errorf("empty buckets: %+v", e)
	}
	if e := Jackknife(append(one(3), Moments{}), mean, .95); e.Value != 3 || !math.IsNaN(e.Lower) || !warned(e, ErrFewBuckets) {
		t.Errorf("one bucket: %+v", e)
	}
	if e := Jackknife(one(3, 3, 3), mean, .95); e.Value != 3 || e.Lower != 3 || !warned(e, ErrNoVariation) {
		t.Errorf("no variation: %+v", e)
	}
	third := JackknifeVec(ratios(30, func(int) Ratio { return Ratio{1, 3} }), func(r Ratio) []float64 { return []float64{r.Value()} })
	if e := third.EstimateLog(0, .95); third.SE(0) != 0 || !warned(e, ErrNoVariation) {
		t.Errorf("no variation, rounding: se %g, %+v", third.SE(0), e)
	}
	// The rate of the only bucket with a denominator cannot be jackknifed.
	r := ratios(30, func(g int) Ratio { return Ratio{1, int64(4 * (1 - min(g, 1)))} })
	if e := Jackknife(r, Ratio.Value, .95); math.IsNaN(e.Value) || !math.IsNaN(e.Upper) || !warned(e, ErrNotEstimable) {
		t.Errorf("denominator in one bucket: %+v", e)
	}
	if e := JackknifeLog(one(-1, 2, -3, 1), mean, .95); !warned(e, ErrOutOfScale) || !math.IsNaN(e.Lower) {
		t.Errorf("log of a negative mean: %+v", e)
	}
	// The interval: 3.875 +/- T(7) * .971698.
	e := Jackknife(one(3, 1, 4, 1, 5, 9, 2, 6), mean, .95)
	near(t, "lower", e.Lower, 3.875-2.364624252*math.Sqrt(.94419642857), 1e-8)
	near(t, "upper", e.Upper, 3.875+2.364624252*math.Sqrt(.94419642857), 1e-8)
	if e = e.Of(8, "RUB"); e.N != 8 || e.Unit != "RUB" {
		t.Errorf("Of: %+v", e)
	}
	if s := e.Scale(-100, "%"); s.Value != -387.5 || s.Lower >= s.Upper || s.Unit != "%" {
		t.Errorf("Scale: %+v", s)
	}
}

func TestTransformedIntervalsStayOnTheirScale(t *testing.T) {
	buckets := ratios(40, func(g int) Ratio { return Ratio{int64(min(1, g%9)), 3} })
	r := JackknifeVec(buckets, func(s Ratio) []float64 { return []float64{s.Value()} })
	for name, e := range map[string]Estimate{"log": r.EstimateLog(0, .99), "logit": r.EstimateLogit(0, .99), "log(-log)": r.EstimateLogLog(0, .99)} {
		if !(0 < e.Lower && e.Lower < e.Value && e.Value < e.Upper) || name != "log" && e.Upper >= 1 {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestJoinKeepsTheCovariance(t *testing.T) {
	var a, b []Ratio
	for g := range int64(50) {
		a, b = append(a, Ratio{g % 7, 10}), append(b, Ratio{g%7 + 1, 10})
	}
	b[3] = Ratio{} // no customers on this side
	rate := func(r Ratio) []float64 { return []float64{r.Value()} }
	both := JackknifeVec(a, rate).Join(JackknifeVec(b, rate))
	near(t, "cov", both.Cov(0, 1), both.Cov(1, 0), 1e-12)
	d := both.Difference(1, 0)
	near(t, "var of the difference", d.Cov(0, 0), both.Cov(0, 0)+both.Cov(1, 1)-2*both.Cov(0, 1), 1e-9)
	if d.SE(0) > both.SE(0)/3 {
		t.Errorf("the two sides move together, yet se %g of the difference, %g of a side", d.SE(0), both.SE(0))
	}
	if both.Buckets() != 50 || both.DF() != 49 {
		t.Errorf("%d buckets, df %g", both.Buckets(), both.DF())
	}
}

func TestBootstrap(t *testing.T) {
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	rng := rand.New(rand.NewPCG(1, 2))
	buckets := make([]Cells, 100)
	for g := range buckets {
		buckets[g] = make(Cells, 10)
		for range 5 {
			buckets[g][rng.IntN(10)]++
		}
	}
	median := func(c Cells) float64 { return QuantileOf(values, c, .5) }
	e := Bootstrap(buckets, median, .95, 7)
	if e.Value < 5 || e.Value > 6 || e.Lower > e.Value || e.Upper < e.Value || e.Upper-e.Lower > 3 || len(e.Warnings) > 0 {
		t.Errorf("median %+v", e)
	}
	again := Bootstrap(buckets, median, .95, 7)
	if again.Lower != e.Lower || again.Upper != e.Upper {
		t.Errorf("same seed: %+v, then %+v", e, again)
	}
	// For a smooth number the bootstrap and the jackknife agree.
	mean := func(c Cells) float64 {
		var s float64
		for i, n := range c {
			s += values[i] * float64(n)
		}
		return s / float64(c.Sum())
	}
	b, j := Bootstrap(buckets, mean, .95, 7), Jackknife(buckets, mean, .95)
	near(t, "width", b.Upper-b.Lower, j.Upper-j.Lower, .1)
	near(t, "centre", b.Value, j.Value, 0)
	if c := Bootstrap(buckets, mean, .95, 8); c.Lower == b.Lower {
		t.Errorf("another seed gave the same interval")
	}
	if e := Bootstrap(make([]Cells, 5), median, .95, 7); e.OK() || !warned(e, ErrNoData) {
		t.Errorf("no customers: %+v", e)
	}
	if e := Bootstrap([]Cells{{1}}, func(c Cells) float64 { return float64(c[0]) }, .95, 7); e.Value != 1 || !math.IsNaN(e.Lower) || !warned(e, ErrFewBuckets) {
		t.Errorf("one bucket: %+v", e)
	}
	total, _ := Merge(buckets)
	sometimes := func(c Cells) float64 {
		if c[0] < total[0] {
			return math.NaN()
		}
		return 1
	}
	if e := Bootstrap(buckets, sometimes, .95, 7); e.Value != 1 || !math.IsNaN(e.Lower) || !warned(e, ErrNotEstimable) {
		t.Errorf("often not a number: %+v", e)
	}
}

func TestQuantileOf(t *testing.T) {
	values := []float64{1, 2, 3, 4}
	for _, c := range []struct {
		counts Cells
		q      float64
		want   float64
	}{
		{Cells{1, 1, 1, 1}, .5, 2}, {Cells{1, 1, 1, 1}, .51, 3}, {Cells{1, 1, 1, 1}, 0, 1}, {Cells{1, 1, 1, 1}, 1, 4},
		{Cells{0, 5, 0, 0}, .1, 2}, {Cells{0, 5, 0, 0}, 0, 2}, {Cells{3, 0, 0, 7}, .3, 1}, {Cells{0, 0, 0, 0}, .5, math.NaN()},
	} {
		near(t, "quantile", QuantileOf(values, c.counts, c.q), c.want, 0)
	}
}

func TestTransitionsWithUnseenStages(t *testing.T) {
	c := Cells{8, 2, 0, 5, 5, 0, 0, 0, 0} // stage 2 never left, never entered
	p := Transitions(c, 3)
	if !math.IsNaN(p[2][0]) {
		t.Errorf("row of an unseen stage: %v", p[2])
	}
	near(t, "mobility over the two seen stages", Shorrocks(p), (2-.8-.5)/1, 1e-12)
	if pi := Stationary(p); !math.IsNaN(pi[0]) {
		t.Errorf("two closed groups have no single stationary distribution: %v", pi)
	}
	nearAll(t, "power 0", Power(p, 0)[0], []float64{1, 0, 0}, 0)
	near(t, "value of staying for ever", Values(p, []float64{0, 0, 3}, .9)[2], 30, 1e-10)
	if v := Values([][]float64{{1, 0}, {0, 1}}, []float64{1, 1}, 1); !math.IsNaN(v[0]) {
		t.Errorf("no discount and a closed stage: %v", v)
	}
	if n := Visits([][]float64{{1, 0}, {0, 1}}, 1); !math.IsNaN(n[0][0]) {
		t.Errorf("no discount and a closed stage: %v", n)
	}
	rates := TransitionRates([]Cells{c, nil, c}, 3, nil, .95)
	near(t, "rate", rates[0][1].Value, .2, 1e-12)
	if rates[2][0].OK() || !warned(rates[2][0].Estimate, ErrNoData) {
		t.Errorf("rate of an unseen stage: %+v", rates[2][0])
	}
	if s := Shorrocks([][]float64{{math.NaN()}}); !math.IsNaN(s) {
		t.Errorf("mobility of nothing: %g", s)
	}
	if s := Stationary(nil); s != nil {
		t.Errorf("stationary of nothing: %v", s)
	}
}

// A recency rule is not Markov: at risk lasts exactly two periods, so powers of the matrix are wrong, and D_h says so.
func TestKStepErrorFindsFixedWaitingTimes(t *testing.T) {
	const k, h = 3, 2 // 0 active, 1 at risk (two periods), 2 lost
	rng := rand.New(rand.NewPCG(3, 1))
	recency := make([]Cells, 100)
	chain := make([]Cells, 100)
	for g := range recency {
		recency[g], chain[g] = make(Cells, 2*k*k), make(Cells, 2*k*k)
		for range 30 {
			last := 0
			stage := func() int { return min(2, (last+1)/2) }
			state := 0
			var seen, markov []int
			for range 20 {
				if last++; rng.Float64() < .3 {
					last = 0
				}
				seen = append(seen, stage())
				if u := rng.Float64(); u < .3 {
					state = (state + 1 + rng.IntN(2)) % 3
				}
				markov = append(markov, state)
			}
			for i := range 18 {
				recency[g][seen[i]*k+seen[i+1]]++
				recency[g][k*k+seen[i]*k+seen[i+2]]++
				chain[g][markov[i]*k+markov[i+1]]++
				chain[g][k*k+markov[i]*k+markov[i+2]]++
			}
		}
	}
	if e := KStepError(recency, k, h, .95); e.Lower < .05 {
		t.Errorf("recency stages: %+v", e)
	}
	if e := KStepError(chain, k, h, .95); e.Value > .02 || e.Lower < 0 || e.Value < 0 || e.Upper < e.Value {
		t.Errorf("a Markov chain: %+v", e)
	}
	// The largest error may be too low a power: P^2 says .75 return, all do.
	back := make([]Cells, 40)
	for g := range back {
		back[g] = Cells{5, 5 + int64(g%3), 5, 5, 10, 0, int64(g % 2), 10}
	}
	if e := KStepError(back, 2, h, .95); e.Value < .4 || e.Lower > e.Value || e.Upper < e.Value || e.Unit != "share" {
		t.Errorf("a power that is too low: %+v", e)
	}
	if e := KStepError(make([]Cells, 3), k, h, .95); e.OK() || !warned(e, ErrNoData) {
		t.Errorf("nothing: %+v", e)
	}
	if e := Mobility(chain, k, .95); e.Lower > e.Value || e.Upper < e.Value || e.Unit != "index" {
		t.Errorf("mobility: %+v", e)
	}
}

func TestIndependenceSpecialCases(t *testing.T) {
	certain := TestIndependence(Cells{5, 0, 7, 0}, Stack{1, 2, 2})
	if !math.IsNaN(certain.Gain) || certain.DF != 0 || !math.IsNaN(certain.PG2) {
		t.Errorf("a certain column: %+v", certain)
	}
	if c := ClusteredX2([]Cells{{5, 0, 7, 0}, {1, 0, 2, 0}}, Stack{1, 2, 2}); !math.IsNaN(c.P) || len(c.Warnings) == 0 {
		t.Errorf("no degrees of freedom: %+v", c)
	}
	if c := ClusteredX2([]Cells{{5, 3, 7, 1}}, Stack{1, 2, 2}); !math.IsNaN(c.P) || len(c.Warnings) == 0 {
		t.Errorf("one bucket: %+v", c)
	}
	if c := ClusteredX2([]Cells{{5, 3, 7, 1}, {5, 3, 7, 1}}, Stack{1, 2, 2}); !math.IsNaN(c.P) || !slices.Contains(c.Warnings, ErrNoVariation) {
		t.Errorf("nothing varies: %+v", c)
	}
	// Independent observations: the design effect is 1.
	rng := rand.New(rand.NewPCG(5, 5))
	buckets := make([]Cells, 400)
	for g := range buckets {
		buckets[g] = make(Cells, 6)
		for range 50 {
			buckets[g][rng.IntN(2)*3+benchtest.Pick(rng, []float64{.5, .3, .2})]++
		}
	}
	near(t, "delta", ClusteredX2(buckets, Stack{1, 2, 3}).Delta, 1, .1)
}

func TestLifeTableSpecialCases(t *testing.T) {
	var none LifeTable
	if s := none.Survival(); len(s) != 1 || s[0] != 1 || !math.IsNaN(none.Median()) || none.Ages() != 0 {
		t.Errorf("empty table: %v", s)
	}
	if e := Median([]LifeTable{none}, .95); e.OK() || !warned(e, ErrNoData) {
		t.Errorf("median of nothing: %+v", e)
	}
	if e := RMST([]LifeTable{none}, 12, .95); e.OK() || !warned(e, ErrNoData) {
		t.Errorf("mean of nothing: %+v", e)
	}
	// A stay whose first period is the last one tells nothing; an age below 1 is 1.
	if !NewLifeTable([]Spell{{1, 0, Censored, 5}, {3, 2, 0, 1}, {1, 4, 0, 0}}, 1).Empty() {
		t.Error("spells that tell nothing were counted")
	}
	if n := NewLifeTable([]Spell{{-2, 2, 0, 5}}, 1).AtRisk(); n[1] != 5 || n[0] != 0 {
		t.Errorf("at risk %v", n)
	}
	// Nobody leaves: no median, no mean beyond the last age, and the curve has an interval all the same.
	stay := make([]LifeTable, 30)
	for g := range stay {
		stay[g] = NewLifeTable([]Spell{{1, 5, Censored, 4}}, 1)
	}
	if e := Median(stay, .95); e.OK() || !warned(e, ErrNotReached) {
		t.Errorf("median not reached: %+v", e)
	}
	if e := RMST(stay, 7, .95); e.OK() {
		t.Errorf("mean beyond the data: %+v", e)
	}
	near(t, "mean up to the last known age", RMST(stay, 6, .95).Value, 6, 0)
	if c := SurvivalCurve(stay, .95); c[5].Value != 1 || !(c[5].Lower > .8 && c[5].Lower < .95) || c[5].N != 120 || c[0].Method != MethodFact {
		t.Errorf("curve without exits: %+v", c)
	}
	// A median whose upper end is not reached says so.
	for g := range stay {
		stay[g] = NewLifeTable([]Spell{{1, 3, 0, int64(2 + g%2)}, {1, 5, Censored, int64(2 + g%3%2)}}, 1)
	}
	if e := Median(stay, .95); e.Value != 3 || !math.IsNaN(e.Upper) || e.Lower != 3 || !warned(e, ErrUpperUnbounded) {
		t.Errorf("median with an open end: %+v", e)
	}
	near(t, "S is exactly one half", NewLifeTable([]Spell{{1, 2, 0, 2}, {1, 5, 0, 2}}, 1).Median(), 2, 0)
	// An end behind an age whose interval is unknown is unknown.
	nan := math.NaN()
	half := Estimate{Value: .4, Lower: .3, Upper: .45}
	if e := MedianOfCurve([]Estimate{Fact(1, 0, ""), {Value: .6, Lower: nan, Upper: nan}, half}, .95); e.Value != 2 || !math.IsNaN(e.Lower) || !math.IsNaN(e.Upper) {
		t.Errorf("unknown interval before the median: %+v", e)
	}
	if tau := stay[0].Tau(12, 4); tau != 3 {
		t.Errorf("tau %d: 4 of 4 at risk up to age 3, then 2", tau)
	}
	if tau := stay[0].Tau(2, 1); tau != 2 {
		t.Errorf("tau %d above its limit", tau)
	}
	// One event only: the curve falls back to the plain scale.
	lone := make([]LifeTable, 25)
	for g := range lone {
		lone[g] = NewLifeTable([]Spell{{1, 3, Censored, 4}}, 1)
	}
	lone[0] = NewLifeTable([]Spell{{1, 2, 0, 1}, {1, 3, Censored, 3}}, 1)
	if c := SurvivalCurve(lone, .95)[2]; c.Value != .99 || !(c.Lower > .9 && c.Lower < .99) || c.Upper != 1 {
		t.Errorf("one event: %+v", c)
	}
}

// Mean of completed stays against Kaplan-Meier, statistics 1.4: true mean 10 periods, window 12.
func TestCompletedSpellsMislead(t *testing.T) {
	var completed, n float64
	var spells []Spell
	rng := rand.New(rand.NewPCG(9, 9))
	for range 20000 {
		start, dwell := rng.IntN(12), 1+int(math.Log(1-rng.Float64())/math.Log(.9))
		if last := 11 - start; dwell <= last {
			completed, n = completed+float64(dwell), n+1
			spells = append(spells, Spell{1, dwell, 0, 1})
		} else {
			spells = append(spells, Spell{1, last, Censored, 1})
		}
	}
	if mean := completed / n; mean > 4 || mean < 3.5 {
		t.Errorf("mean of completed stays %.2f", mean)
	}
	near(t, "restricted mean", NewLifeTable(spells, 1).RMST(12), 7.176, .02)
}

func TestClusteredLogRank(t *testing.T) {
	// One spell per customer and one customer per bucket: the clustered variance is near the hypergeometric one.
	rng := rand.New(rand.NewPCG(2, 2))
	var buckets []Strata
	for range 400 {
		var p Pair
		spell := func(h float64) LifeTable {
			return NewLifeTable([]Spell{{1, 1 + int(math.Log(1-rng.Float64())/math.Log1p(-h)), 0, 1}}, 1)
		}
		if rng.IntN(2) == 0 {
			p.A = spell(.1)
		} else {
			p.B = spell(.1)
		}
		buckets = append(buckets, Strata{p})
	}
	total, _ := Merge(buckets)
	c, h := ClusteredLogRank(buckets, 0), LogRank(total, 0)
	near(t, "variance", c.Variance, h.Variance, .15)
	near(t, "U", c.U, h.U, 1e-12)
	if c.DF2 != 399 || c.Buckets != 400 || math.Abs(c.P-h.P) > .1 {
		t.Errorf("clustered %+v, plain %+v", c, h)
	}
	if e := ClusteredLogRank(buckets[:1], 0); !math.IsNaN(e.P) || len(e.Warnings) == 0 {
		t.Errorf("one bucket: %+v", e)
	}
	if e := LogRank(nil, 0); !math.IsNaN(e.P) || len(e.Warnings) == 0 {
		t.Errorf("nothing: %+v", e)
	}
}

func TestShrinkRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	zero := []bool{false, false, false, true}
	group := func(perBucket int, p []float64) []Cells {
		out := make([]Cells, 100)
		for g := range out {
			out[g] = make(Cells, 4)
			for range perBucket {
				out[g][benchtest.Pick(rng, p)]++
			}
		}
		return out
	}
	tiny := make([]Cells, 100)
	tiny[0] = Cells{0, 0, 2, 0}
	s := ShrinkRows([][]Cells{group(20, []float64{.6, .3, .1, 0}), group(20, []float64{.5, .4, .1, 0}), group(3, []float64{.7, .2, .1, 0}), tiny}, zero, .95)
	for i, row := range s.Rows {
		var total float64
		for _, e := range row {
			total += e.Value
			if e.Lower > e.Value || e.Upper < e.Value {
				t.Errorf("group %d: %+v", i, e)
			}
		}
		near(t, "row sum", total, 1, 1e-12)
		if row[3].Value != 0 || row[3].Upper != 0 {
			t.Errorf("group %d: a structural zero is %+v", i, row[3])
		}
	}
	big, small := s.Rows[0][2], s.Rows[3][2]
	// A row whose customers never change counts as its customers, not as its moves.
	loyal := make([]Cells, 100)
	for g := range loyal {
		loyal[g] = Cells{0, 0, 0, 0}
		loyal[g][g%3] = 200
	}
	if l := ShrinkRows([][]Cells{loyal, group(20, []float64{.6, .3, .1, 0})}, zero, .95); l.NEff[0] > 120 || l.Rows[0][0].N > 120 || l.Rows[0][0].Upper-l.Rows[0][0].Lower < .1 {
		t.Errorf("n_eff %v, %+v", l.NEff, l.Rows[0][0])
	}
	near(t, "a big group keeps its share", big.Value, .1, .15)
	if small.Value > .5 || small.Upper-small.Lower < big.Upper-big.Lower {
		t.Errorf("two of two in a tiny group: %+v", small)
	}
	if s.Weight < 1 || s.NEff[0] < 500 || s.NEff[3] != 1 {
		t.Errorf("weight %g, n_eff %v", s.Weight, s.NEff)
	}
	// Groups that are alike: the weight goes to its bound and the groups to the pool.
	same := ShrinkRows([][]Cells{group(20, []float64{.6, .3, .1, 0}), group(20, []float64{.6, .3, .1, 0}), tiny}, zero, .95)
	near(t, "the tiny group takes the pooled share", same.Rows[2][0].Value, same.Prior[0], .1)
	if len(same.Warnings) > 0 && !errors.Is(same.Warnings[0], ErrAtBoundary) {
		t.Errorf("warnings %v", same.Warnings)
	}
	alone := ShrinkRows([][]Cells{group(20, []float64{.6, .3, .1, 0})}, zero, .95)
	near(t, "one group: half an observation per cell", alone.Weight, 1.5, 1e-12)
	if none := ShrinkRows(nil, nil, .95); len(none.Warnings) == 0 || len(none.Rows) != 0 {
		t.Errorf("nothing: %+v", none)
	}
	if e := BetaInterval(0, 0, .95); e.OK() {
		t.Errorf("beta(0,0): %+v", e)
	}
	if e := BetaInterval(3, 0, .95); e.Value != 1 || e.Lower != 1 {
		t.Errorf("beta(3,0): %+v", e)
	}
}

func TestDesignSpecialCases(t *testing.T) {
	if s := (Design{}).Proportions(.1, .1); !math.IsNaN(s.Equal) || s.Total() != 0 {
		t.Errorf("no difference: %+v", s)
	}
	if s := (Design{}).Proportions(.9, 1.1); !math.IsNaN(s.Equal) {
		t.Errorf("a share above 1: %+v", s)
	}
	if s := (Design{}).Means(1, 0); !math.IsNaN(s.Equal) {
		t.Errorf("no difference: %+v", s)
	}
	if s := (Design{}).EquivalenceProportions(.2, 0); !math.IsNaN(s.Equal) {
		t.Errorf("no margin: %+v", s)
	}
	near(t, "design effect", Design{Deff: 2}.Means(1, .1).Equal, 2*Design{}.Means(1, .1).Equal, 1e-12)
	if a, b := (Design{Comparisons: 3}).Means(1, .1).Equal, (Design{}).Means(1, .1).Equal; a <= b {
		t.Errorf("three comparisons need %g, one %g", a, b)
	}
	d := Design{Deff: 1.5, Correlation: .3}
	near(t, "MDE at the size", d.MDEMean(2, d.Means(2, .1).Equal), .1, 1e-12)
	if !math.IsNaN(d.MDEMean(2, 0)) {
		t.Error("MDE with nobody")
	}
	for _, c := range []struct {
		total                        int64
		perWeek, share, gap, horizon float64
		weeks                        int
		ok                           bool
	}{
		{10000, 2000, 1, 0, 4, 9, true},
		{10001, 2000, 1, 0, 4, 10, true},
		{100, 2000, 1, 0, 1, 3, true},        // at least two weeks
		{100, 2000, 1, 6, 1, 7, true},        // one purchase gap
		{100000, 2000, .5, 0, 4, 104, false}, // too long
		{100, 0, 1, 0, 4, 0, false},          // nobody enters
		{1 << 60, 1, 1, 0, 4, 0, false},      // for ever
	} {
		if w, ok := TestWeeks(c.total, c.perWeek, c.share, c.gap, c.horizon); w != c.weeks || ok != c.ok {
			t.Errorf("%+v: %d weeks, %v", c, w, ok)
		}
	}
}

func TestTOSTWithoutError(t *testing.T) {
	if p := TOST(0, 0, 10, 1).P; p != 0 {
		t.Errorf("a known 0: p = %g", p)
	}
	if p := TOST(2, 0, 10, 1).P; p != 1 {
		t.Errorf("a known 2 with margin 1: p = %g", p)
	}
	for _, d := range []float64{-1, 1} {
		if p := TOST(d, 0, 10, 1).P; p != 1 {
			t.Errorf("a known %g with margin 1: p = %g", d, p)
		}
	}
	if p := TOST(math.NaN(), 1, 10, 1).P; !math.IsNaN(p) {
		t.Errorf("unknown: p = %g", p)
	}
}

func TestMergeOfCellsOfDifferentLengthPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Cells{1}.Merge(Cells{1, 2})
}

func BenchmarkJackknife(b *testing.B) {
	buckets := make([]Cells, 100)
	for g := range buckets {
		buckets[g] = make(Cells, 100)
		for i := range buckets[g] {
			buckets[g][i] = int64(1 + (g*7+i*3)%11)
		}
	}
	b.Run("mobility 10x10", func(b *testing.B) {
		for b.Loop() {
			Mobility(buckets, 10, .95)
		}
	})
	b.Run("rates 10x10", func(b *testing.B) {
		for b.Loop() {
			TransitionRates(buckets, 10, nil, .95)
		}
	})
	b.Run("clustered X2 10x10", func(b *testing.B) {
		for b.Loop() {
			ClusteredX2(buckets, Stack{1, 10, 10})
		}
	})
	b.Run("values of 10 states", func(b *testing.B) {
		reward := make([]float64, 10)
		for b.Loop() {
			JackknifeVec(buckets, func(c Cells) []float64 { return Values(Transitions(c, 10), reward, .98) })
		}
	})
	b.Run("bootstrap of a median", func(b *testing.B) {
		values := make([]float64, 100)
		for i := range values {
			values[i] = float64(i)
		}
		for b.Loop() {
			Bootstrap(buckets, func(c Cells) float64 { return QuantileOf(values, c, .5) }, .95, 1)
		}
	})
}

func BenchmarkLifeTable(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	buckets := dwellWorld(rng, 20000, 104, 26, 2, 20, func(rng *rand.Rand, _ int) int { return rng.IntN(2) })
	b.Run("survival curve 104 ages", func(b *testing.B) {
		for b.Loop() {
			SurvivalCurve(buckets, .95)
		}
	})
	b.Run("incidence curve 104 ages", func(b *testing.B) {
		for b.Loop() {
			IncidenceCurve(buckets, 0, .95)
		}
	})
	b.Run("clustered log-rank", func(b *testing.B) {
		pairs := make([]Strata, len(buckets))
		for g := range pairs {
			pairs[g] = Strata{{buckets[g], buckets[(g+1)%len(buckets)]}}
		}
		for b.Loop() {
			ClusteredLogRank(pairs, 0)
		}
	})
}
