package backlog

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The test that a hypothesis is planned with: two-sided 5 %, power 80 %. Longer than twelve weeks is "not testable at this scale: merge or
// take a larger step" (statistics 6.3).
const (
	alpha         = 0.05
	power         = 0.80
	weeksQuarter  = 13
	minTestDays   = 14
	maxTestDays   = 12 * 7
	holdoutRatio  = 9 // treated customers per customer held out
	maxSampleSize = 1 << 40
)

// plan is a test design; a nil field could not be computed.
type plan struct {
	perArm   *int64 // customers in an arm; of a hold-out, in the smaller (control) arm
	days     *int64 // to enrol everybody and to watch the last one for one outcome window
	feasible *bool  // enough eligible customers within twelve weeks
}

// design plans the test of an opportunity. ok is false for a change that needs no experiment (no TestDesign).
func design(o analytics.Opportunity, s analytics.Settings) (plan, bool) {
	if o.TestDesign == "" || o.TestDesign == "none" {
		return plan{}, false
	}
	step := o.Step
	if e, _, _ := honest(o.Effect); e != nil {
		step = *e
	}
	var n float64
	if o.Unit == "share" {
		n = TwoProportions(o.Baseline.Value, step, alpha, power)
	} else {
		n = TwoMeans(deviation(o.Baseline), step, alpha, power)
	}
	if !analytics.Finite(n) || n > maxSampleSize {
		return plan{}, true
	}
	total := 2 * n
	if o.TestDesign == "holdout" {
		n *= (1 + 1.0/holdoutRatio) / 2
		total = n * (1 + holdoutRatio)
	}
	perArm := int64(math.Ceil(n))
	p := plan{perArm: &perArm}

	flow := float64(o.WeeklyFlow)
	if flow <= 0 {
		flow = float64(o.Population) / weeksQuarter
	}
	feasible := false
	if flow > 0 {
		enrol := max(minTestDays, 7*math.Ceil(total/flow))
		if days := enrol + float64(outcomeDays(s.Grain)); days <= 3650 {
			d := int64(days)
			p.days, feasible = &d, d <= maxTestDays
		}
	}
	p.feasible = &feasible
	return p, true
}

// outcomeDays is how long the last customer enrolled is watched: one life-cycle step, the period in which a transition or an order of the
// period is decided.
func outcomeDays(grain string) int {
	switch grain {
	case "day":
		return 1
	case "month":
		return 31
	case "quarter":
		return 92
	case "year":
		return 366
	}
	return 7
}

// TwoProportions returns the customers per arm that tell share p from p+step in a two-sided test of size alpha with the given power:
//
//	n = (z[1-α/2]·√(2·p̄·q̄) + z[power]·√(p1·q1 + p2·q2))² / (p1-p2)²
//
// (statistics 6.3; 5 % against 5.5 %: 31,234). A step that leaves (0, 1) is taken in the other direction; NaN when neither direction
// stays inside or step is 0. R: power.prop.test.
func TwoProportions(p, step, alpha, power float64) float64 {
	p2 := p + step
	if p2 <= 0 || p2 >= 1 {
		p2 = p - step
	}
	if !(p >= 0 && p <= 1) || !(p2 > 0 && p2 < 1) || p == p2 {
		return math.NaN()
	}
	z := distuv.UnitNormal
	bar := (p + p2) / 2
	root := z.Quantile(1-alpha/2)*math.Sqrt(2*bar*(1-bar)) + z.Quantile(power)*math.Sqrt(p*(1-p)+p2*(1-p2))
	return root * root / ((p - p2) * (p - p2))
}

// TwoMeans returns the customers per arm that show a difference delta of a mean with standard deviation sd per customer:
// 2·(z[1-α/2]+z[power])²·sd²/delta² (statistics 6.3). NaN when sd is not positive or delta is 0.
func TwoMeans(sd, delta, alpha, power float64) float64 {
	if !(sd > 0) || delta == 0 {
		return math.NaN()
	}
	z := distuv.UnitNormal
	s := z.Quantile(1-alpha/2) + z.Quantile(power)
	return 2 * s * s * sd * sd / (delta * delta)
}

// deviation recovers the standard deviation per customer of a mean from its interval: half-width / z · √n. With clustered intervals it
// carries the clustering with it. NaN without an interval.
func deviation(e suffstat.Estimate) float64 {
	half := (e.Upper - e.Lower) / 2
	if e.N <= 0 || !(half > 0) || !(e.Level > 0 && e.Level < 1) {
		return math.NaN()
	}
	return half / distuv.UnitNormal.Quantile((1+e.Level)/2) * math.Sqrt(float64(e.N))
}
