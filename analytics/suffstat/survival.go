package suffstat

import (
	"fmt"
	"math"
)

// Spell is a group of equal spells (stays in one stage). Ages count periods since entry, from 1. The spell is at risk of leaving at the ages
// Entry..Exit; at Exit it leaves for Cause (0..causes-1), or, with Cause Censored, it was still there after age Exit.
//
// Beware of the last period. A spell that leaves after L periods has Exit L. A spell that is in its L-th period when the data end was only seen to stay
// through the ages 1..L-1: whether it leaves at age L is not known, so its Exit is L-1 (for L = 1 it tells nothing and Exit < Entry drops it). Giving it
// Exit L puts spells into the risk set that could not have left, and every dwell comes out too long.
//
// Entry > 1 is delayed entry: a spell that was already under way when observation began and whose true age is known. If the age is not known,
// leave the spell out.
type Spell struct {
	Entry, Exit int
	Cause       int
	N           int64
}

// Censored is the Cause of a spell whose end was not seen.
const Censored = -1

// LifeTable is the sufficient statistic of dwell times in discrete periods: for every age, how many spells come under observation, leave by cause, or
// are censored. It merges exactly (integers), tables of different length included; the zero value is the table of nothing.
//
// All slices are indexed by age, position 0 is unused. Enter[k] spells are at risk from age k on; Exits[cause][k] leave at age k;
// Lost[k] are censored after age k (still at risk at k).
type LifeTable struct {
	Enter []int64
	Exits [][]int64
	Lost  []int64
}

// NewLifeTable counts spells. causes is the number of kinds of exit, at least 1. Spells with Exit < Entry or N = 0 tell nothing and are skipped; Entry below 1
// counts as 1. It panics on a cause outside -1..causes-1.
func NewLifeTable(spells []Spell, causes int) LifeTable {
	last := 0
	for _, s := range spells {
		if s.Exit >= s.Entry && s.N > 0 {
			last = max(last, s.Exit)
		}
	}
	if last == 0 {
		return LifeTable{}
	}
	t := LifeTable{Enter: make([]int64, last+1), Exits: make([][]int64, causes), Lost: make([]int64, last+1)}
	for c := range t.Exits {
		t.Exits[c] = make([]int64, last+1)
	}
	for _, s := range spells {
		entry := max(1, s.Entry)
		if s.Exit < entry || s.N == 0 {
			continue
		}
		t.Enter[entry] += s.N
		switch {
		case s.Cause == Censored:
			t.Lost[s.Exit] += s.N
		case s.Cause >= 0 && s.Cause < causes:
			t.Exits[s.Cause][s.Exit] += s.N
		default:
			panic(fmt.Sprintf("suffstat: spell with cause %d of %d", s.Cause, causes))
		}
	}
	return t
}

func addAges(a, b []int64) []int64 {
	out := make([]int64, max(len(a), len(b)))
	copy(out, a)
	for i, v := range b {
		out[i] += v
	}
	return out
}

// Merge adds two tables.
func (t LifeTable) Merge(o LifeTable) LifeTable {
	if t.Empty() {
		return o
	}
	if o.Empty() {
		return t
	}
	out := LifeTable{Enter: addAges(t.Enter, o.Enter), Lost: addAges(t.Lost, o.Lost), Exits: make([][]int64, max(len(t.Exits), len(o.Exits)))}
	for c := range out.Exits {
		var a, b []int64
		if c < len(t.Exits) {
			a = t.Exits[c]
		}
		if c < len(o.Exits) {
			b = o.Exits[c]
		}
		out.Exits[c] = addAges(a, b)
		if len(out.Exits[c]) < len(out.Enter) {
			out.Exits[c] = addAges(out.Exits[c], make([]int64, len(out.Enter)))
		}
	}
	return out
}

// Empty tells that no spell was at risk.
func (t LifeTable) Empty() bool { return len(t.Enter) == 0 }

// Ages returns the last age with a spell at risk, 0 for the empty table.
func (t LifeTable) Ages() int { return max(0, len(t.Enter)-1) }

// Spells returns the number of spells, of exits and of censored spells; the last two add up to the first.
func (t LifeTable) Spells() (all, exits, censored int64) {
	for k := range t.Enter {
		all += t.Enter[k]
		exits += t.exits(k)
		censored += t.Lost[k]
	}
	return all, exits, censored
}

func (t LifeTable) exits(k int) int64 {
	var d int64
	for _, e := range t.Exits {
		d += e[k]
	}
	return d
}

// AtRisk returns n_k, the number of spells at risk at each age 0..Ages() (position 0 is 0).
func (t LifeTable) AtRisk() []int64 {
	n := make([]int64, len(t.Enter))
	var now int64
	for k := range n {
		now += t.Enter[k]
		n[k] = now
		now -= t.exits(k) + t.Lost[k]
	}
	return n
}

// CauseSpecific returns the table in which only exits by the given cause count and the others are censored at their age: for cause-specific hazards and
// log-rank tests. 1 minus its survival is not the share that leaves by this cause (21 % instead of 10 % on mgus2): that is Incidence.
func (t LifeTable) CauseSpecific(cause int) LifeTable {
	if t.Empty() {
		return t
	}
	out := LifeTable{Enter: t.Enter, Exits: [][]int64{make([]int64, len(t.Enter))}, Lost: append([]int64{}, t.Lost...)}
	for c, e := range t.Exits {
		for k, d := range e {
			if c == cause {
				out.Exits[0][k] += d
			} else {
				out.Lost[k] += d
			}
		}
	}
	return out
}

// Survival returns S(k) = prod_{u<=k} (1 - d_u/n_u), the share of spells that last longer than k periods, for k = 0..Ages(); S(0) = 1. Ages without a
// spell at risk change nothing. With delayed entry a tiny risk set at a young age can throw the whole curve down: look at AtRisk.
// Source: Kaplan and Meier (1958); statistics 1.4.
func (t LifeTable) Survival() []float64 {
	n := t.AtRisk()
	s := make([]float64, max(1, len(n)))
	s[0] = 1
	for k := 1; k < len(n); k++ {
		s[k] = s[k-1]
		if n[k] > 0 {
			s[k] *= 1 - float64(t.exits(k))/float64(n[k])
		}
	}
	return s
}

// Greenwood returns the standard error of Survival at each age, S(k) sqrt( sum d_u/(n_u (n_u - d_u)) ): the oracle when every customer has one spell, too
// small when customers return. 0 where S is 0 or 1.
func (t LifeTable) Greenwood() []float64 {
	n, s := t.AtRisk(), t.Survival()
	se := make([]float64, len(s))
	var sum float64
	for k := 1; k < len(n); k++ {
		d := float64(t.exits(k))
		if d > 0 && float64(n[k]) > d {
			sum += d / (float64(n[k]) * (float64(n[k]) - d))
		}
		se[k] = s[k] * math.Sqrt(sum)
	}
	return se
}

// KaplanMeier returns S(k), k = 0..Ages(), with the log(-log) interval of Greenwood's error: for one spell per customer. N is the number at risk. Use
// SurvivalCurve for repeated spells.
func (t LifeTable) KaplanMeier(level float64) []Estimate {
	n, s, se := t.AtRisk(), t.Survival(), t.Greenwood()
	z := NormalQuantile((1 + level) / 2)
	out := make([]Estimate, len(s))
	for k := range s {
		e := Estimate{Value: s[k], Lower: s[k], Upper: s[k], Level: level, Unit: "share", Method: "log(-log) greenwood"}
		if k < len(n) {
			e.N = n[k]
		}
		if s[k] > 0 && s[k] < 1 {
			h := z * se[k] / (s[k] * -math.Log(s[k]))
			e.Lower, e.Upper = math.Pow(s[k], math.Exp(h)), math.Pow(s[k], math.Exp(-h))
		} else if k > 0 {
			e.Lower, e.Upper = WilsonInterval(s[k], float64(e.N), level)
		}
		out[k] = e
	}
	return out
}

// Incidence returns F_j(k) = sum_{u<=k} S(u-1) d_uj/n_u, the share of spells that have left by cause j within k periods, k = 0..Ages() (Aalen-Johansen). Over
// all causes it adds up to 1 - S(k).
func (t LifeTable) Incidence(cause int) []float64 {
	n, s := t.AtRisk(), t.Survival()
	f := make([]float64, len(s))
	for k := 1; k < len(n); k++ {
		f[k] = f[k-1]
		if n[k] > 0 && cause < len(t.Exits) {
			f[k] = math.Min(1, f[k]+s[k-1]*float64(t.Exits[cause][k])/float64(n[k]))
		}
	}
	return f
}

// IncidenceSE returns the standard error of Incidence at each age for one spell per customer:
//
//	sum_{u<=k} [ S^2 h_j(1-h_j)/n + B^2 h/(n(1-h)) - 2 S B h_j/n ],   S = S(u-1), B = F_j(k) - F_j(u), h = d_u/n_u
//
// the delta method with multinomial exits at every age. Use IncidenceCurve for repeated spells.
func (t LifeTable) IncidenceSE(cause int) []float64 {
	n, s, f := t.AtRisk(), t.Survival(), t.Incidence(cause)
	se := make([]float64, len(s))
	if cause >= len(t.Exits) {
		return se
	}
	// The sum over u of a_u + b_u F(k)^2 + c_u F(k), so that all ages cost one pass.
	var a, b, c float64
	for k := 1; k < len(n); k++ {
		if n[k] > 0 {
			m := float64(n[k])
			h, hj := float64(t.exits(k))/m, float64(t.Exits[cause][k])/m
			a += s[k-1] * s[k-1] * hj * (1 - hj) / m
			if h < 1 {
				g := h / (m * (1 - h))
				a += g*f[k]*f[k] + 2*s[k-1]*f[k]*hj/m
				b += g
				c -= 2*g*f[k] + 2*s[k-1]*hj/m
			}
		}
		se[k] = math.Sqrt(math.Max(0, a+b*f[k]*f[k]+c*f[k]))
	}
	return se
}

// RMST returns the restricted mean dwell, sum_{k<tau} S(k): the mean number of periods spent, counting at most tau. It needs no tail. NaN when the curve is
// not known up to tau-1. Never take the mean of completed spells instead: long spells are the ones not completed (true mean 10 in a
// window of 12: 3.8).
func (t LifeTable) RMST(tau int) float64 {
	s := t.Survival()
	var sum float64
	for k := range tau {
		if k >= len(s) {
			if s[len(s)-1] > 0 {
				return math.NaN()
			}
			break
		}
		sum += s[k]
	}
	return sum
}

// RMSTSE returns the standard error of RMST for one spell per customer, sqrt( sum_{u<tau} (sum_{u<=k<tau} S(k))^2 d_u/(n_u (n_u-d_u)) ).
func (t LifeTable) RMSTSE(tau int) float64 {
	n, s := t.AtRisk(), t.Survival()
	var rest, sum float64
	for u := min(tau-1, len(s)-1); u >= 1; u-- {
		rest += s[u]
		d := float64(t.exits(u))
		if m := float64(n[u]); d > 0 && m > d {
			sum += rest * rest * d / (m * (m - d))
		}
	}
	return math.Sqrt(sum)
}

// Tau returns the horizon of the restricted mean: the longest age, at most limit, at which at least risk spells are at risk at that and every
// younger age from the first on. 0 when there is none. Statistics 1.4 uses limit 12 and risk 30.
func (t LifeTable) Tau(limit int, risk int64) int {
	tau := 0
	for k, n := range t.AtRisk() {
		if k == 0 {
			continue
		}
		if n < risk || k > limit {
			break
		}
		tau = k
	}
	return tau
}

// Median returns the smallest age k with S(k) <= 1/2: half of the spells last at most k periods. NaN when the curve does not fall that far. (R takes the
// midpoint to the next drop where S is exactly 1/2.)
func (t LifeTable) Median() float64 {
	for k, s := range t.Survival() {
		if s <= .5 {
			return float64(k)
		}
	}
	return math.NaN()
}

// curveOf returns f of the table at the ages 0..ages, NaN beyond the last age at risk of a table whose spells have not all left.
func curveOf(t LifeTable, ages int, f func(LifeTable) []float64) []float64 {
	v, s := f(t), t.Survival()
	out := make([]float64, ages+1)
	for k := range out {
		switch {
		case k < len(v):
			out[k] = v[k]
		case s[len(s)-1] == 0:
			out[k] = v[len(v)-1]
		default:
			out[k] = math.NaN()
		}
	}
	return out
}

// shareCurve turns replicates of shares into estimates on log(-log). At 0 and 1 the interval is Wilson's at the number of non-empty buckets; where a
// replicate is 0 or 1 it is made on the plain scale and cut to [0, 1].
func shareCurve(r Replicates, level float64) []Estimate {
	out := make([]Estimate, len(r.Value))
	for k, v := range r.Value {
		if v == 0 || v == 1 {
			e := Estimate{Value: v, Level: level, Method: "wilson buckets"}
			e.Lower, e.Upper = WilsonInterval(v, float64(r.Buckets()), level)
			out[k] = e
			continue
		}
		out[k] = r.EstimateLogLog(k, level)
		if e := out[k]; e.OK() && math.IsNaN(e.Lower) {
			e = r.Estimate(k, level)
			e.Lower, e.Upper = math.Max(0, e.Lower), math.Min(1, e.Upper)
			out[k] = e
		}
	}
	return out
}

// SurvivalCurve returns S(k), k = 0..Ages of the total, with jackknife intervals on log(-log S): one customer may have many spells. buckets[g] is the table of
// bucket g. Unit "share", N = spells at risk at k. S(0) is the fact 1.
func SurvivalCurve(buckets []LifeTable, level float64) []Estimate {
	return bucketCurve(buckets, level, 1, LifeTable.Survival)
}

// IncidenceCurve returns F_j(k), k = 0..Ages of the total, the share that has left by cause j within k periods, with jackknife intervals on log(-log F).
func IncidenceCurve(buckets []LifeTable, cause int, level float64) []Estimate {
	return bucketCurve(buckets, level, 0, func(t LifeTable) []float64 { return t.Incidence(cause) })
}

func bucketCurve(buckets []LifeTable, level, first float64, f func(LifeTable) []float64) []Estimate {
	total, _ := Merge(buckets)
	ages := total.Ages()
	if total.Empty() {
		return []Estimate{Fact(first, 0, "share")}
	}
	out := shareCurve(JackknifeVec(buckets, func(t LifeTable) []float64 { return curveOf(t, ages, f) }), level)
	for k, n := range total.AtRisk() {
		out[k] = out[k].Of(n, "share")
	}
	out[0] = Fact(first, 0, "share")
	return out
}

// RMST estimates the restricted mean dwell in periods up to tau with a jackknife interval, cut to [0, tau]. N = spells. Not estimable when the curve of
// the total ends before tau.
func RMST(buckets []LifeTable, tau int, level float64) Estimate {
	total, _ := Merge(buckets)
	if total.Empty() || tau < 1 {
		return NotEstimable(MethodJackknife, level, ErrNoData).Of(0, "periods")
	}
	e := Jackknife(buckets, func(t LifeTable) float64 { return t.RMST(tau) }, level)
	e.Lower, e.Upper = math.Max(0, e.Lower), math.Min(float64(tau), e.Upper)
	all, _, _ := total.Spells()
	return e.Of(all, "periods")
}

// Median estimates the median dwell in periods by inverting the intervals of SurvivalCurve: see MedianOfCurve. The jackknife itself fails for medians.
func Median(buckets []LifeTable, level float64) Estimate {
	total, _ := Merge(buckets)
	all, _, _ := total.Spells()
	return MedianOfCurve(SurvivalCurve(buckets, level), level).Of(all, "periods")
}

// MedianOfCurve returns the median and its interval from a survival curve with pointwise intervals (index = age): value, lower and upper end are the
// first ages at which S, its lower end and its upper end fall to 1/2.
//
// A median that is not reached is NaN with ErrNotReached; its Lower may still be a number ("at least"). An end that is not reached, or that lies behind an
// age whose own interval is unknown, is NaN with ErrUpperUnbounded, never an infinity. In coarse periods the interval covers more than its level. Source: Brookmeyer and Crowley (1982).
func MedianOfCurve(curve []Estimate, level float64) Estimate {
	e := NotEstimable("brookmeyer-crowley", level)
	e.Unit = "periods"
	known := true // the interval of every age so far
	for k, s := range curve {
		age := float64(k)
		known = known && !math.IsNaN(s.Lower) && !math.IsNaN(s.Upper)
		if math.IsNaN(e.Value) && s.Value <= .5 {
			e.Value = age
		}
		if known && math.IsNaN(e.Lower) && s.Lower <= .5 {
			e.Lower = age
		}
		if known && math.IsNaN(e.Upper) && s.Upper <= .5 {
			e.Upper = age
		}
	}
	switch {
	case len(curve) <= 1:
		e.Warnings = append(e.Warnings, ErrNoData)
	case math.IsNaN(e.Value):
		e.Warnings = append(e.Warnings, ErrNotReached)
	case math.IsNaN(e.Upper):
		e.Warnings = append(e.Warnings, ErrUpperUnbounded)
	}
	return e
}

// Pair is the life tables of two groups in one stratum.
type Pair struct{ A, B LifeTable }

// Strata is the state of a stratified two-sample log-rank test: one Pair per stratum, in the same order in every bucket.
type Strata []Pair

// Merge adds stratum by stratum.
func (s Strata) Merge(o Strata) Strata {
	out := make(Strata, max(len(s), len(o)))
	copy(out, s)
	for i, p := range o {
		out[i] = Pair{out[i].A.Merge(p.A), out[i].B.Merge(p.B)}
	}
	return out
}

// Empty tells that no stratum holds a spell.
func (s Strata) Empty() bool {
	for _, p := range s {
		if !p.A.Empty() || !p.B.Empty() {
			return false
		}
	}
	return true
}

// LogRankTest is the result of a two-sample log-rank test. U < 0: group A leaves later than group B.
type LogRankTest struct {
	Observed, Expected float64 // exits of group A, weighted; U = Observed - Expected
	U, Variance        float64
	Statistic          float64 // U^2/Variance
	DF, DF2            float64 // chi-squared(1) when DF2 is +Inf, else F(1, DF2)
	P                  float64
	Buckets            int
	Warnings           []error
}

// LogRank tests whether two groups leave at the same rate at every age, for one spell per customer.
//
// U = sum_k w_k (d_1k - n_1k d_k/n_k) over ages and strata, variance hypergeometric, sum w^2 n_1 n_2 d (n-d)/(n^2 (n-1)), U^2/V against chi-squared(1).
// rho weights early ages by S(k-1)^rho of the pooled stratum: 0 is the log-rank test, 1 the Peto-Peto test. Weak against curves that cross.
// Delayed entry is respected. Groups must be known when the spell begins: "customers who ever got scenario X" is immortal-time
// biased. For more than two groups use ClusteredX2 with Slices = ages, Rows = groups, Cols = {stays, leaves}. Source: Mantel (1966);
// Harrington and Fleming (1982).
func LogRank(strata Strata, rho float64) LogRankTest {
	t := LogRankTest{DF: 1, DF2: math.Inf(1)}
	for _, p := range strata {
		both := p.A.Merge(p.B)
		s, n := both.Survival(), both.AtRisk()
		n1 := p.A.AtRisk()
		for k := 1; k < len(n); k++ {
			d := float64(both.exits(k))
			if d == 0 {
				continue
			}
			w := 1.
			if rho != 0 {
				w = math.Pow(s[k-1], rho)
			}
			var m1, d1 float64
			if k < len(n1) {
				m1, d1 = float64(n1[k]), float64(p.A.exits(k))
			}
			m := float64(n[k])
			t.Observed += w * d1
			t.Expected += w * m1 * d / m
			if m > 1 {
				t.Variance += w * w * m1 / m * (1 - m1/m) * d * (m - d) / (m - 1)
			}
		}
	}
	t.U = t.Observed - t.Expected
	t.Statistic = t.U * t.U / t.Variance
	if t.Variance <= 0 {
		t.Statistic = math.NaN()
		t.Warnings = append(t.Warnings, ErrNoData)
	}
	t.P = ChiSquaredSurvival(t.Statistic, 1)
	return t
}

// ClusteredLogRank is LogRank for customers with many spells: the variance of U is the delete-a-group jackknife of U over buckets (each replicate blown up
// by G/(G-1), since U is a sum), and U^2/Variance is referred to F(1, G-1). Buckets hold the strata in one common order.
func ClusteredLogRank(buckets []Strata, rho float64) LogRankTest {
	total, _ := Merge(buckets)
	t := LogRank(total, rho)
	r := JackknifeVec(buckets, func(s Strata) []float64 { return []float64{LogRank(s, rho).U} })
	t.Buckets = r.Buckets()
	if t.Buckets < 2 {
		t.Variance, t.Statistic, t.P, t.DF2 = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		t.Warnings = append(t.Warnings, ErrNoData)
		return t
	}
	if t.Buckets < MinBuckets {
		t.Warnings = append(t.Warnings, fmt.Errorf("%d buckets: %w", t.Buckets, ErrFewBuckets))
	}
	t.DF2 = r.DF()
	blow := float64(t.Buckets) / r.DF()
	t.Variance = r.Cov(0, 0) * blow * blow
	t.Statistic = t.U * t.U / t.Variance
	if !(t.Variance > 0) {
		t.Statistic = math.NaN()
	}
	t.P = FSurvival(t.Statistic, 1, t.DF2)
	return t
}
