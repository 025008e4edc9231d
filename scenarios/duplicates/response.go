package duplicates

import (
	"math"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// responses asks of every pair that is not different whether customers respond alike.
func (f *fitter) responses() {
	var p []float64
	var asked []*Pair
	for i := range f.m.Pairs {
		x := &f.m.Pairs[i]
		if x.Verdict == Different {
			continue
		}
		x.Response = f.response(&f.m.Scenarios[x.A], &f.m.Scenarios[x.B])
		asked, p = append(asked, x), append(p, x.Response.P)
	}
	for i, q := range suffstat.BH(p) {
		r := &asked[i].Response
		r.Q = q
		if r.Verdict == ResponseEqual && q > f.opt.FDR {
			r.Verdict = ResponseInconclusive // one of so many looks would be equal by chance
		}
	}
}

// response compares the click rate and, when both have the same goal, the share of entries that reach it. Equal needs equivalence of all that can be
// measured (an intersection-union test: p is the largest), different needs one difference beyond its margin.
func (f *fitter) response(a, b *Scenario) Response {
	r := Response{P: math.NaN(), Q: math.NaN(), Verdict: ResponseInsufficient}
	none := suffstat.NotEstimable("", .95, suffstat.ErrNoData)
	r.Click, r.Goal = Rates{none, none, none}, Rates{none, none, none}
	var decisions []analytics.Decision
	compare := func(x, y []suffstat.Ratio, nx, ny int64, margin float64) Rates {
		d := analytics.Decide(analytics.CompareRates(x, y, nx, ny, margin, false))
		decisions = append(decisions, d)
		return Rates{suffstat.Rate(x, nx, .95).Estimate, suffstat.Rate(y, ny, .95).Estimate, d.Interval}
	}
	if x, y := clicks(a), clicks(b); some(x) && some(y) {
		r.Click = compare(x, y, a.customers(), b.customers(), f.opt.margin("ctr", defaultClick))
	}
	r.Comparable = a.Goal != "" && a.Goal == b.Goal && a.GoalDays == b.GoalDays
	if r.Comparable {
		r.GoalName, r.GoalDays = a.Goal, a.GoalDays
		r.Goal = compare(a.Reached[:], b.Reached[:], a.GoalCustomers, b.GoalCustomers, f.opt.margin("order_rate", defaultOrder))
	}
	equal, different, open := 0, 0, 0
	for _, d := range decisions {
		switch d.Verdict {
		case analytics.Equivalent:
			equal++
		case analytics.Different:
			different++
		case analytics.Inconclusive:
			open++
		}
		r.Needed = max(r.Needed, d.Needed)
		if math.IsNaN(r.P) || d.PEquivalence > r.P {
			r.P = d.PEquivalence
		}
	}
	switch {
	case different > 0:
		r.Verdict, r.Needed = ResponseDifferent, 0
	case equal > 0 && equal == len(decisions):
		r.Verdict = ResponseEqual
	case open > 0:
		r.Verdict = ResponseInconclusive
	}
	return r
}

// clicks is the messages of all channels by bucket: clicked of those that had the time.
func clicks(s *Scenario) []suffstat.Ratio {
	out := make([]suffstat.Ratio, Buckets)
	for _, m := range s.Messages {
		out[m.Bucket] = out[m.Bucket].Merge(suffstat.Ratio{Num: m.Clicked, Den: m.Mature})
	}
	return out
}

// some tells whether anything was clicked: without a single click in a scenario clicks are probably not recorded in its channels.
func some(x []suffstat.Ratio) bool {
	for _, r := range x {
		if r.Num > 0 {
			return true
		}
	}
	return false
}
