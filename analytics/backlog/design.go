package backlog

import (
	"math"
	"strings"

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
	perArm   *int64  // customers in an arm; of a hold-out, in the smaller (control) arm
	days     *int64  // to enrol everybody and to watch the last one for one outcome window
	feasible *bool   // enough eligible customers within twelve weeks
	weeks    float64 // that the test takes: its duration, at most twelve
	variance float64 // of the effect that the test measures, unit of the metric squared; of the arms that can be filled when the plan's cannot. NaN when unknown
}

// design plans the test of an opportunity. ok is false for a change that needs no experiment (no TestDesign).
func design(o analytics.Opportunity, s analytics.Settings, base Base) (plan, bool) {
	if o.TestDesign == "" || o.TestDesign == "none" {
		return plan{}, false
	}
	step := o.Step
	if e, _, _ := honest(o.Effect); e != nil {
		step = *e
	}
	d := suffstat.Design{Split: 1} // two-sided 5 %, power 80 %
	if o.TestDesign == "holdout" {
		d.Split = holdoutRatio
		if o.HoldoutShare > 0 && o.HoldoutShare < 1 {
			d.Split = (1 - o.HoldoutShare) / o.HoldoutShare
		}
	}
	var n suffstat.Size
	var variance float64 // of one customer
	if o.Unit == "share" {
		n = share(d, o.Baseline.Value, step)
		variance = o.Baseline.Value * (1 - o.Baseline.Value)
	} else {
		sd := deviation(o.Baseline)
		variance = sd * sd
		if growth := math.Abs(step / o.Baseline.Value); analytics.Finite(growth) && growth < 1 {
			// Who brings a tenth more does so by customers with a tenth more each: the spread of the treated grows too. Without this the test of a gain of 10 % has a power of 75 instead of 80 % (S22).
			variance *= (1 + (1+growth)*(1+growth)) / 2
		}
		n = d.Means(math.Sqrt(variance), step)
	}
	none := plan{weeks: suffstat.MaxTestWeeks, variance: math.NaN()}
	if !analytics.Finite(n.Equal) {
		return none, true
	}
	perArm, feasible := n.Control, false
	p := none
	p.perArm, p.feasible = &perArm, &feasible

	flow := float64(o.WeeklyFlow)
	if flow <= 0 {
		flow = float64(o.Population) / weeksQuarter
	}
	gap := 0.
	if needsOrders(o.Metric) {
		gap = base.GapDays / 7
	}
	watch := float64(outcomeDays(o, s.Grain)) / 7
	weeks, ok := suffstat.TestWeeks(n.Total(), flow, 1, gap, watch)
	most := math.Inf(1) // customers of the control arm
	if o.HoldoutShare > 0 {
		// The whole programme: everybody is there from the first day, and nobody comes after.
		most = math.Floor(o.HoldoutShare * float64(o.Population))
		ok = ok && float64(n.Control) <= most
	}
	feasible = ok
	if weeks > 0 && weeks <= 520 && float64(n.Control) <= most {
		days := int64(7 * weeks)
		p.days = &days
	}
	arm := float64(n.Control)
	if ok {
		p.weeks = float64(weeks)
	} else {
		arm = math.Min(math.Min(arm, most), math.Floor(flow*(suffstat.MaxTestWeeks-watch)/(1+d.Split)))
	}
	if arm >= 1 {
		p.variance = variance / arm * (1 + 1/d.Split)
	}
	return p, true
}

// needsOrders tells of a metric that customers show at the pace of their orders, so that a test of it has to last one usual pause between two. What customers do with a message they do at once.
func needsOrders(metric string) bool {
	for _, part := range []string{"order", "revenue", "transition", "better_stage", "repeat", "return", "purchase", "attach"} {
		if strings.Contains(metric, part) {
			return true
		}
	}
	return false
}

// outcomeDays is how long the last customer enrolled is watched: what the block says, else one life-cycle step, the period in which a transition or an order of the
// period is decided.
func outcomeDays(o analytics.Opportunity, grain string) int {
	if o.OutcomeDays > 0 {
		return o.OutcomeDays
	}
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
