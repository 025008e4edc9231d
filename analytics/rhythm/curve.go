package rhythm

import (
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

const (
	maxDays = 1999 // longest pause that the tables tell apart
	// furthest is how many days ahead repeat orders are looked at; less where the data are shorter.
	furthest = 365
	// leastAtRisk pauses must still be watched at the horizon.
	leastAtRisk = 100
)

// spells are the pauses of one bucket, by customers and by pauses.
type spells struct{ customers, gaps suffstat.LifeTable }

// Merge adds them.
func (s spells) Merge(o spells) spells {
	return spells{s.customers.Merge(o.customers), s.gaps.Merge(o.gaps)}
}

// Empty tells that there are none.
func (s spells) Empty() bool { return s.gaps.Empty() }

// Curve is how many have ordered again within so many days.
type Curve struct {
	Days int // 1..Days are known
	// Horizon is up to which day repeat orders are counted.
	Horizon           int
	Returned          []suffstat.Estimate // by customers; index is days, 0 unused
	ReturnedGaps      []suffstat.Estimate // by pauses
	Before            []suffstat.Estimate // of those who order again within the horizon, by customers; up to Horizon
	BeforeGaps        []suffstat.Estimate // by pauses
	Completed, AtRisk []int64             // pauses
	Median            suffstat.Estimate
	replicates        suffstat.Replicates // Before, index day - 1
}

// fitCurve estimates the gap curve. By customers it is the estimator of Wang and Chang (JASA 94, 1999, 146): a customer's completed pauses share his weight, and his open pause counts only when
// he has no other. Pauses of a customer are alike given their number, so that this is what the first pause of everybody would show, only more exactly. The open pause of a customer with others must
// stay out: it is the one that the end of the data has cut, long pauses more often than short ones.
func fitCurve(c *Counts, customers, withGap int64) Curve {
	buckets := make([]spells, Buckets)
	weighted, plain := make([][]suffstat.Spell, Buckets), make([][]suffstat.Spell, Buckets)
	for _, r := range c.Curve {
		weighted[r.Bucket] = append(weighted[r.Bucket], suffstat.Spell{Entry: 1, Exit: r.Days, N: r.Weight}, suffstat.Spell{Entry: 1, Exit: r.Days, Cause: suffstat.Censored, N: r.OpenWeight})
		plain[r.Bucket] = append(plain[r.Bucket], suffstat.Spell{Entry: 1, Exit: r.Days, N: r.Completed}, suffstat.Spell{Entry: 1, Exit: r.Days, Cause: suffstat.Censored, N: r.Open})
	}
	for g := range buckets {
		buckets[g] = spells{suffstat.NewLifeTable(weighted[g], 1), suffstat.NewLifeTable(plain[g], 1)}
	}
	total, _ := suffstat.Merge(buckets)
	out := Curve{Median: suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)}
	if withGap < leastWithGap || total.Empty() {
		return out
	}
	risk := total.gaps.AtRisk()
	for k := 1; k <= total.customers.Ages() && k < len(risk) && risk[k] >= leastAtRisk; k++ {
		out.Days = k
	}
	if out.Days == 0 {
		return out
	}
	out.Horizon = min(furthest, out.Days)
	n := out.Days
	reps := suffstat.JackknifeVec(buckets, func(s spells) []float64 {
		return append(returned(s.customers, n), returned(s.gaps, n)...)
	})
	out.Returned, out.ReturnedGaps = make([]suffstat.Estimate, n+1), make([]suffstat.Estimate, n+1)
	var completed int64
	out.Completed, out.AtRisk = make([]int64, n+1), risk[:n+1]
	for k := 1; k <= n; k++ {
		completed += total.gaps.Exits[0][k]
		out.Completed[k] = completed
		out.Returned[k] = reps.EstimateLogLog(k-1, .95).Of(customers, "share")
		out.ReturnedGaps[k] = reps.EstimateLogLog(n+k-1, .95).Of(customers, "share")
	}
	h := out.Horizon
	before := reps.CombineVec(func(v []float64) []float64 {
		x := make([]float64, 2*h)
		for k := range h {
			x[k], x[h+k] = v[k]/v[h-1], v[n+k]/v[n+h-1]
		}
		return x
	})
	out.replicates = before
	out.Before, out.BeforeGaps = make([]suffstat.Estimate, h+1), make([]suffstat.Estimate, h+1)
	for k := 1; k <= h; k++ {
		out.Before[k], out.BeforeGaps[k] = shareOf(before, k-1, customers), shareOf(before, h+k-1, customers)
	}
	survival := make([]suffstat.Estimate, n+1)
	survival[0] = suffstat.Fact(1, customers, "share")
	for k := 1; k <= n; k++ {
		e := out.Returned[k]
		survival[k] = e
		survival[k].Value, survival[k].Lower, survival[k].Upper = 1-e.Value, 1-e.Upper, 1-e.Lower
	}
	out.Median = suffstat.MedianOfCurve(survival, .95).Of(customers, "days")
	return out
}

// returned is the share that has ordered again within 1..n days; flat behind the end of the table.
func returned(t suffstat.LifeTable, n int) []float64 {
	s := t.Survival()
	out := make([]float64, n)
	last := 0.
	for k := 1; k <= n; k++ {
		if k < len(s) {
			last = 1 - s[k]
		}
		out[k-1] = last
	}
	return out
}

// shareOf is a share with an interval that stays within [0, 1], also at its ends.
func shareOf(r suffstat.Replicates, i int, customers int64) suffstat.Estimate {
	e := r.EstimateLogit(i, .95)
	if e.OK() && (math.IsNaN(e.Lower) || math.IsNaN(e.Upper)) {
		e = r.Estimate(i, .95)
		e.Lower, e.Upper = math.Max(0, e.Lower), math.Min(1, e.Upper)
	}
	return e.Of(customers, "share")
}

// daysUntil is the first day by which a share q of the repeat orders within the horizon has come; its interval are the days on which the upper and the lower end of the share reach q.
func daysUntil(before []suffstat.Estimate, q float64, customers int64) suffstat.Estimate {
	out := suffstat.NotEstimable("inverted interval", .95, suffstat.ErrNoData).Of(customers, "days")
	if len(before) < 2 || !before[len(before)-1].OK() {
		return out
	}
	first := func(of func(suffstat.Estimate) float64) float64 {
		i := slices.IndexFunc(before[1:], func(e suffstat.Estimate) bool { return of(e) >= q })
		if i < 0 {
			return math.NaN()
		}
		return float64(i + 1)
	}
	out.Value = first(func(e suffstat.Estimate) float64 { return e.Value })
	out.Lower = first(func(e suffstat.Estimate) float64 { return e.Upper })
	out.Upper = first(func(e suffstat.Estimate) float64 { return e.Lower })
	out.Warnings = nil
	return out
}
