package pairs

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics/suffstat"
)

// minPart is the number of randomized customers that a part of a partition needs in every arm.
const minPart = 30

// Target is what giving each part its own best arm would bring over the best arm for all.
type Target struct {
	Experiment, Partition, Outcome string
	Arms, Parts                    int
	Customers                      int64
	Value                          suffstat.Estimate // honest, per customer
	P, QValue                      float64           // of no gain, one-sided; Benjamini-Hochberg over all rows
	PlugIn                         float64
	Q, QP, I2, Tau2                float64
	Verdict                        string
}

// The verdicts of targeting.
const (
	Gain        = "gain"
	NoGainShown = "no_gain_shown"
	TooFew      = "insufficient_data"
)

// armCell is the outcome of one arm in one part, bucket by bucket.
type armCell [ArmBuckets]suffstat.Ratio

func (f *fitter) targeting() {
	experiments := map[string][]string{}
	for _, r := range f.c.Arms {
		if !slices.Contains(experiments[r.Experiment], r.Arm) {
			experiments[r.Experiment] = append(experiments[r.Experiment], r.Arm)
		}
	}
	byExperiment := map[string][]ArmRow{}
	for _, r := range f.c.Arms {
		byExperiment[r.Experiment] = append(byExperiment[r.Experiment], r)
	}
	names := make([]string, 0, len(experiments))
	for name, arms := range experiments {
		slices.Sort(arms)
		if len(arms) > 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var ps []float64
	for _, name := range names {
		for _, family := range f.m.Families {
			for _, outcome := range []string{outcomeOrder, outcomeRevenue} {
				t := f.target(name, experiments[name], byExperiment[name], family, outcome)
				f.m.Targeting, ps = append(f.m.Targeting, t), append(ps, t.P)
			}
		}
	}
	for i, q := range suffstat.BH(ps) {
		t := &f.m.Targeting[i]
		if t.QValue = q; t.Verdict == Gain && !(q <= f.opt.FDR) {
			t.Verdict = NoGainShown
		}
	}
}

func (f *fitter) target(name string, arms []string, rows []ArmRow, family Family, outcome string) Target {
	parts := make([][]armCell, len(family.Members)+1) // part, arm
	for i := range parts {
		parts[i] = make([]armCell, len(arms))
	}
	rest := len(family.Members)
	for _, r := range rows {
		x := suffstat.Ratio{Num: r.Ordered, Den: r.N}
		if outcome == outcomeRevenue {
			x.Num = r.Revenue
		}
		arm := slices.Index(arms, r.Arm)
		add := func(part int, sign int64) {
			c := &parts[part][arm][r.Bucket]
			c.Num, c.Den = c.Num+sign*x.Num, c.Den+sign*x.Den
		}
		if r.Segment == everybody {
			add(rest, 1)
		} else if at := slices.Index(family.Members, r.Segment); at >= 0 {
			add(at, 1)
			add(rest, -1)
		}
	}
	scale := 1.
	unit := "share"
	if outcome == outcomeRevenue {
		scale, unit = .01, f.opt.Currency
	}
	t := TargetingValue(parts, arms)
	t.Experiment, t.Partition, t.Outcome = name, f.m.key(family.Members), outcome
	t.Value = t.Value.Scale(scale, unit).Of(t.Customers, unit)
	t.PlugIn, t.Tau2 = t.PlugIn*scale, t.Tau2*scale*scale
	return t
}

// TargetingValue is sum_s w_s max_a mu_sa - max_a sum_s w_s mu_sa from randomized customers, honest: the arms are chosen on the even buckets and judged on the odd ones, and the other way
// round, and the two are averaged. Choosing and judging on the same customers is biased up (truth 0: +.0087 and +.0000, bench S24). w_s is the share of the part among all
// randomized customers of the parts used: those with 30 customers in every arm in either half. The interval is the jackknife of the judgements with the choices held: it is for the arms that half of the customers would choose, a lower bound for the best ones. Statistics 3.3.
func TargetingValue(parts [][]armCell, arms []string) Target {
	nan := math.NaN()
	t := Target{Arms: len(arms), Value: suffstat.NotEstimable(suffstat.MethodJackknife, TableLevel, suffstat.ErrNoData), P: nan, QValue: nan, PlugIn: nan, Q: nan, QP: nan, I2: nan, Tau2: nan, Verdict: TooFew}
	half := func(c *armCell, which int) (r suffstat.Ratio) {
		for g, x := range c {
			if which < 0 || g%2 == which {
				r = r.Merge(x)
			}
		}
		return r
	}
	var used [][]armCell
	for _, p := range parts {
		enough := true
		for a := range p {
			enough = enough && half(&p[a], 0).Den >= minPart && half(&p[a], 1).Den >= minPart
		}
		if enough {
			used = append(used, p)
			for a := range p {
				t.Customers += half(&p[a], -1).Den
			}
		}
	}
	t.Parts = len(used)
	if len(used) < 2 || len(arms) < 2 {
		return t
	}
	// sums[part][arm] of a half, or of both
	sums := func(which int) [][]suffstat.Ratio {
		out := make([][]suffstat.Ratio, len(used))
		for s, p := range used {
			for a := range p {
				out[s] = append(out[s], half(&p[a], which))
			}
		}
		return out
	}
	all := sums(-1)
	choices := [2]choice{choose(sums(0)), choose(sums(1))}
	t.PlugIn = judge(choose(all), all, all)
	value := func(a, b [][]suffstat.Ratio) []float64 {
		both := make([][]suffstat.Ratio, len(a))
		for s := range a {
			for k := range a[s] {
				both[s] = append(both[s], a[s][k].Merge(b[s][k]))
			}
		}
		return []float64{judge(choices[0], b, both), judge(choices[1], a, both)}
	}
	halves := [2][][]suffstat.Ratio{sums(0), sums(1)}
	r := suffstat.Replicates{Value: value(halves[0], halves[1]), Rep: make([][]float64, ArmBuckets), Used: make([]bool, ArmBuckets)}
	for g := range ArmBuckets {
		r.Rep[g] = r.Value
		var n int64
		for s, p := range used {
			for a := range p {
				c := &halves[g%2][s][a]
				c.Num, c.Den = c.Num-p[a][g].Num, c.Den-p[a][g].Den
				n += p[a][g].Den
			}
		}
		if n > 0 {
			r.Used[g], r.Rep[g] = true, value(halves[0], halves[1])
		}
		for s, p := range used {
			for a := range p {
				halves[g%2][s][a] = halves[g%2][s][a].Merge(p[a][g])
			}
		}
	}
	// Each half is judged by the choice of the other: where the two look alike by chance both judgements are high at once. So their standard errors add, as if they went together.
	gain, se, df := (r.Value[0]+r.Value[1])/2, (r.SE(0)+r.SE(1))/2, float64(r.Buckets()/2-1)
	h := suffstat.TQuantile((1+TableLevel)/2, df) * se
	t.Value = suffstat.Estimate{Value: gain, Lower: gain - h, Upper: gain + h, Level: TableLevel, Method: suffstat.MethodJackknife}
	t.Verdict = NoGainShown
	if se > 0 {
		t.P = suffstat.TSurvival(gain/se, df)
	}
	if t.Value.Lower > 0 {
		t.Verdict = Gain
	}
	t.spread(used, arms)
	return t
}

// choice is the best arm of each part and the best one for all.
type choice struct {
	part []int
	all  int
}

// choose takes the arms with the highest means; of equal ones the first. The arm for all is the best mean over parts weighted as the parts are, whatever the arms' sizes in them.
func choose(sums [][]suffstat.Ratio) choice {
	c := choice{part: make([]int, len(sums))}
	whole := make([]float64, len(sums[0]))
	for s, arms := range sums {
		var n int64
		for _, x := range arms {
			n += x.Den
		}
		for a, x := range arms {
			whole[a] += float64(n) * x.Value()
			if x.Value() > arms[c.part[s]].Value() {
				c.part[s] = a
			}
		}
	}
	for a, x := range whole {
		if x > whole[c.all] {
			c.all = a
		}
	}
	return c
}

// judge is the gain of a choice by the means in sums, parts weighted by their customers in weights.
func judge(c choice, sums, weights [][]suffstat.Ratio) float64 {
	total, out := 0., 0.
	for s, arms := range sums {
		n := 0.
		for _, x := range weights[s] {
			n += float64(x.Den)
		}
		total += n
		out += n * (arms[c.part[s]].Value() - arms[c.all].Value())
	}
	return out / total
}

// references are the names of arms that others are compared with.
var references = []string{"control", "holdout", "hold-out", "hold_out", "reference"}

// spread tells whether the effect of the largest arm against the reference (else the second largest) differs between parts.
func (t *Target) spread(used [][]armCell, arms []string) {
	size := make([]int64, len(arms))
	for _, p := range used {
		for a := range p {
			for _, x := range p[a] {
				size[a] += x.Den
			}
		}
	}
	order := make([]int, len(arms))
	for i := range order {
		order[i] = i
	}
	known := func(a int) int {
		if slices.Contains(references, strings.ToLower(arms[a])) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(known(a), known(b)), cmp.Compare(size[b], size[a])) })
	reference, arm := order[0], order[1]
	var y, v []float64
	for _, p := range used {
		r := suffstat.JackknifeVec(p[arm][:], value).Join(suffstat.JackknifeVec(p[reference][:], value)).Difference(0, 1)
		if r.Value == nil {
			continue
		}
		if se := r.SE(0); se > 0 && !math.IsInf(se, 0) && !math.IsNaN(r.Value[0]) {
			y, v = append(y, r.Value[0]), append(v, se*se)
		}
	}
	if len(y) < 2 {
		return
	}
	var w, wy float64
	for i := range y {
		w, wy = w+1/v[i], wy+y[i]/v[i]
	}
	t.Q = 0
	for i := range y {
		t.Q += (y[i] - wy/w) * (y[i] - wy/w) / v[i]
	}
	df := float64(len(y) - 1)
	t.QP, t.I2, t.Tau2 = suffstat.ChiSquaredSurvival(t.Q, df), 0, suffstat.PauleMandel(y, v)
	if t.Q > df {
		t.I2 = (t.Q - df) / t.Q
	}
}

func value(r suffstat.Ratio) []float64 { return []float64{r.Value()} }
