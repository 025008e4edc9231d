package backlog

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The test that a hypothesis is planned with: two-sided 5 %, power 80 %. Longer than twelve weeks is "not testable at this scale: merge or
// take a larger step" (statistics 6.3).
const (
	weeksQuarter = 13
	minTestDays  = 14
	maxTestDays  = 7 * suffstat.MaxTestWeeks
	holdoutRatio = 9 // treated customers per customer held out
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
	d := suffstat.Design{} // two-sided 5 %, power 80 %, equal arms
	if o.TestDesign == "holdout" {
		d.Split = holdoutRatio
	}
	var n suffstat.Size
	if o.Unit == "share" {
		n = share(d, o.Baseline.Value, step)
	} else {
		n = d.Means(deviation(o.Baseline), step)
	}
	if !analytics.Finite(n.Equal) {
		return plan{}, true
	}
	perArm := n.Control
	p := plan{perArm: &perArm}

	flow := float64(o.WeeklyFlow)
	if flow <= 0 {
		flow = float64(o.Population) / weeksQuarter
	}
	feasible := false
	if flow > 0 {
		enrol := max(minTestDays, 7*math.Ceil(float64(n.Total())/flow))
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

// share sizes a test of two shares. A step that leaves (0, 1) is taken in the other direction; NaN when neither direction stays inside.
func share(d suffstat.Design, p, step float64) suffstat.Size {
	p2 := p + step
	if p2 <= 0 || p2 >= 1 {
		p2 = p - step
	}
	return d.Proportions(p, p2)
}

// deviation recovers the standard deviation per customer of a mean from its interval: half-width / z · √n. With clustered intervals it
// carries the clustering with it. NaN without an interval.
func deviation(e suffstat.Estimate) float64 {
	half := (e.Upper - e.Lower) / 2
	if e.N <= 0 || !(half > 0) || !(e.Level > 0 && e.Level < 1) {
		return math.NaN()
	}
	return half / suffstat.NormalQuantile((1+e.Level)/2) * math.Sqrt(float64(e.N))
}
