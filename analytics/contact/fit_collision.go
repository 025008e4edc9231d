package contact

import (
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Goal is what goes with one more bulk message in the 7 days before a bulk message for the share of customers who order within the 7 days after it.
//
// The outcome takes 7 days, in which the next messages arrive: they go with those before within a customer, so they stand beside them (Next), and the placebo is what comes on days 8 to 14 (Placebo). Effects of every
// mailing (day, channel, scenario) instead of every week: a day of sales stands in the 7 days after some messages of a week and not after others. Orders that steer the mail (recent buyers are left out) bend the slope both ways; the placebo
// sees it when they are left out for a week or more, Seventh when for a day or two: who ordered on the seventh day and gets less on days 8 and 9.
type Goal struct {
	Effect
	Earlier, Next, Placebo suffstat.Estimate
	Seventh                suffstat.Estimate // of orders on the seventh day: the slope of the messages of the two days after it
	Share                  float64           // of the variance of the pressure left within customer and mailing
	Curve                  []CurveRow
}

// Collision is what goes with another bulk message less than decision.collision_hours before a bulk message, beside one that came earlier in the same 7 days: messages of one mailing with as many bulk messages in
// the 7 days before are compared. For responses and orders within the customer, for opt-outs within stage and tenth of engagement.
type Collision struct {
	Effect                             // of those messages; Customers are those with a collision
	Raw              suffstat.Estimate // of opt-outs, before the control is taken off
	Control          suffstat.Estimate // of the same five weeks earlier
	Share            float64           // of the variance of the collision left within customer, mailing and number of messages
	Strata           int               // of opt-outs
	Collided, Beside int64             // messages with and without a collision, of those with a bulk message in the 7 days before
}

// Terms of collisions in scenarios.fatigue: of responses and orders, and of opt-outs.
const (
	CollisionSlope = "previous_collision_hours"
	CollisionOdds  = "collision_log_odds"
)

// Regressors of the daily panel.
const (
	dBefore = iota
	dEarlier
	dNext
	dLead
	dSoon
	dCollided
	dCollided5
	dTail                  // messages in the 7 days before, beyond doses
	dTail5                 // the same five weeks earlier
	dSteps                 // of the curve, len(bins) - 1
	doses  = 6             // numbers of messages in 7 days that have an effect of their own
	dDose  = dSteps + 4    // doses of them
	dDose5 = dDose + doses // the same five weeks earlier
	dAll   = dDose5 + doses
)

// daily is a regression with effects of customers and of mailings (day, channel, scenario): exact by alternate demeaning, which is not done anew for every bucket left out.
type daily struct {
	rows     []PanelRow
	outcomes [][]suffstat.Products // by bucket
	total    suffstat.Within       // of the regressors
	own      float64               // share of the variance of the pressure left within customers
}

func regressors(r PanelRow, x []float64) {
	clear(x)
	x[dBefore], x[dEarlier], x[dNext], x[dLead], x[dSoon] = float64(r.Before), float64(r.Earlier), float64(r.Placebo), float64(r.Lead), float64(r.Soon)
	x[dCollided], x[dCollided5] = float64(number(r.Collided)), float64(number(r.Collided5))
	x[dTail], x[dTail5] = float64(max(r.Before-doses, 0)), float64(max(r.Before5-doses, 0))
	if b := binOf(r.Before); b > 0 {
		x[dSteps+b-1] = 1
	}
	if d := min(r.Before, doses); d > 0 {
		x[dDose+d-1] = 1
	}
	if d := min(r.Before5, doses); d > 0 {
		x[dDose5+d-1] = 1
	}
}

// newDaily keeps the rows that are wanted and takes the effects off.
func newDaily(all []PanelRow, wanted func(PanelRow) bool, outcomes ...func(PanelRow) int64) daily {
	d := daily{outcomes: make([][]suffstat.Products, len(outcomes))}
	type mailing struct{ day, channel, scenario int64 }
	members, mailings := map[int64]int{}, map[mailing]int{}
	var member, sent []int
	for _, r := range all {
		if !wanted(r) {
			continue
		}
		d.rows = append(d.rows, r)
		member = append(member, place(members, r.Member))
		sent = append(sent, place(mailings, mailing{r.Day, r.Member % 1024, r.Scenario}))
	}
	columns := make([][]float64, dAll+len(outcomes))
	for k := range columns {
		columns[k] = make([]float64, len(d.rows))
	}
	weight, raw, x := make([]float64, len(d.rows)), make([]float64, dAll), make([]float64, dAll)
	var within suffstat.Products
	mean, n := make([]float64, len(members)), make([]float64, len(members))
	for i, r := range d.rows {
		weight[i] = float64(r.N)
		regressors(r, raw)
		for k, v := range raw {
			columns[k][i] = v
		}
		for k, y := range outcomes {
			columns[dAll+k][i] = float64(y(r)) / weight[i]
		}
		mean[member[i]] += weight[i] * raw[dBefore]
		n[member[i]] += weight[i]
	}
	for i, r := range d.rows {
		before := float64(r.Before)
		within.Add(weight[i], []float64{before}, []float64{before - mean[member[i]]/n[member[i]]}, 0)
	}
	d.own = math.NaN()
	if len(d.rows) > 0 {
		d.own = within.Within().Share(0)
	}
	suffstat.Absorb(columns, weight, member, sent) // what has not come to rest after 500 rounds is used: statistics 4.5 asks for 30
	for k := range outcomes {
		d.outcomes[k] = make([]suffstat.Products, Buckets)
	}
	for i, r := range d.rows {
		regressors(r, raw)
		for k := range x {
			x[k] = columns[k][i]
		}
		for k := range outcomes {
			d.outcomes[k][r.Bucket].Add(weight[i], raw, x, columns[dAll+k][i])
		}
	}
	if total, ok := suffstat.Merge(d.outcomes[0]); ok && !total.Empty() {
		d.total = total.Within()
	}
	return d
}

// model is one regression: the first is what is asked for, the others stand beside it.
type model struct {
	kept []int
	at   int     // place of the first in kept; -1 when the others and the fixed effects determine it
	left float64 // share of its variance that the others and the fixed effects leave
}

func (d daily) model(asked int, beside ...int) model {
	kept, left := d.total.Independent(append(beside, asked)...)
	m := model{kept: kept, at: -1}
	if last := len(kept) - 1; last >= 0 && kept[last] == asked {
		m.at, m.left = last, left[last]
	}
	return m
}

func (m model) slope(w suffstat.Within) float64 {
	if m.at < 0 {
		return math.NaN()
	}
	return w.Slopes(0, m.kept...)[m.at]
}

func span(from, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = from + i
	}
	return out
}

// fitGoal estimates the slope of orders; without an order in the data there is no such outcome.
func (f *Fatigue) fitGoal(c *Counts, opt Options) {
	g := Goal{Effect: Effect{Outcome: Order, Value: none(), Expected: none(), Q: math.NaN(), Grade: analytics.GradeStructural, Margin: opt.margin("order_rate_per_message", orderMargin)}, Share: math.NaN()}
	g.Earlier, g.Next, g.Placebo, g.Seventh = none(), none(), none(), none()
	if !c.orders() {
		return
	}
	d := newDaily(c.Panel, func(r PanelRow) bool { return r.Ripe }, func(r PanelRow) int64 { return r.Ordered }, func(r PanelRow) int64 { return r.Ordered7th })
	g.Curve = make([]CurveRow, len(bins))
	responses := make([]int64, len(bins))
	last := int64(-1)
	for i, b := range bins {
		g.Curve[i] = CurveRow{From: b[0], To: b[1], Response: math.NaN(), Difference: none()}
	}
	for _, r := range d.rows {
		if customer := r.Member / 1024; customer != last {
			g.Customers++
			last = customer
		}
		g.Messages += r.N
		g.Events += r.Ordered
		b := binOf(r.Before)
		g.Curve[b].Messages += r.N
		responses[b] += r.Ordered
	}
	f.Goal = &g
	if g.Messages == 0 {
		g.Note = FewEvents
		g.Decision = analytics.Decide(analytics.Comparison{Difference: math.NaN(), SE: math.NaN(), Margin: g.Margin, Sides: []analytics.Side{{}}})
		return
	}
	for b, n := range responses {
		if g.Curve[b].Messages > 0 {
			g.Curve[b].Response = float64(n) / float64(g.Curve[b].Messages)
		}
	}
	g.Share = d.total.Share(dBefore)
	models := []model{d.model(dBefore, dEarlier, dNext), d.model(dEarlier, dBefore, dNext), d.model(dNext, dBefore, dEarlier), d.model(dLead, dBefore, dEarlier, dNext)}
	var steps []int
	for i, c := range g.Curve[1:] {
		if c.Messages > 0 && g.Curve[0].Messages > 0 {
			steps = append(steps, dSteps+i)
		}
	}
	for _, s := range steps {
		others := slices.DeleteFunc(slices.Clone(steps), func(o int) bool { return o == s })
		models = append(models, d.model(s, append([]int{dEarlier, dNext}, others...)...))
	}
	reps := suffstat.JackknifeVec(d.outcomes[0], func(p suffstat.Products) []float64 {
		w := p.Within()
		out := make([]float64, len(models))
		for i, m := range models {
			out[i] = m.slope(w)
		}
		return out
	})
	estimate := func(i int, level float64) suffstat.Estimate {
		return reps.Estimate(i, level).Of(g.Customers, "share per message")
	}
	g.Earlier, g.Next, g.Placebo = estimate(1, confidence), estimate(2, confidence), estimate(3, confidence)
	seventh := d.model(dSoon, dBefore, dEarlier, dNext)
	g.Seventh = suffstat.JackknifeVec(d.outcomes[1], func(p suffstat.Products) []float64 { return []float64{seventh.slope(p.Within())} }).Estimate(0, confidence).Of(g.Customers, "share per message")
	g.Curve[0].Difference = suffstat.Fact(0, g.Curve[0].Messages, "share")
	for i, s := range steps {
		g.Curve[1+s-dSteps].Difference = reps.Estimate(4+i, confidence).Of(g.Customers, "share")
	}
	if unknown := unidentified(g.Share, d.own); unknown != "" {
		g.Note = unknown
		g.Decision = undecidable(g.Margin, g.Customers)
		return
	}
	g.Value, g.Expected = estimate(0, confidence), estimate(0, opt.Level)
	g.Decision = analytics.Decide(analytics.Comparison{
		Difference: g.Value.Value, SE: reps.SE(0), DF: reps.DF(), Margin: g.Margin, Directional: true, Buckets: reps.Buckets(),
		Sides: []analytics.Side{{Customers: g.Customers, Effective: float64(g.Customers), Events: g.Events}},
	})
	g.Grade = analytics.GradeAdjusted
	if acts(g.Placebo, g.Margin) || acts(g.Seventh, g.Margin) {
		g.Grade, g.Note = analytics.GradeStructural, Confounded
	}
	f.collisionWithin(d, g.Effect, []int{dEarlier, dNext}, opt)
}

// acts tells that what cannot act does, or that nobody knows: then an effect is called confounded.
func acts(placebo suffstat.Estimate, margin float64) bool {
	return !placebo.OK() || placebo.Lower > margin/2 || placebo.Upper < -margin/2
}

// unidentified is the note of a pressure that does not vary enough; empty when it does.
func unidentified(share, own float64) string {
	switch {
	case !(share >= leastVariance) && own >= leastVariance:
		return CalendarOnly
	case !(share >= leastVariance):
		return NotIdentifiable
	}
	return ""
}

// undecidable is the decision when the number that would decide cannot be told: more customers of the same calendar would not vary more.
func undecidable(margin float64, customers int64) analytics.Decision {
	return analytics.Decide(analytics.Comparison{Difference: math.NaN(), SE: math.NaN(), Margin: margin, Sides: []analytics.Side{{Customers: customers, Effective: 1e9, Events: -1}}, Buckets: Buckets})
}

// collisionWithin estimates what goes with a collision within customer and mailing, at the same number of messages of the last 7 days. The number has an effect of its own for each of 1 to doses, so that a
// collision does not stand for a dose. beside are further regressors of the outcome e; its placebo speaks for the collision too: what steers the mail by the outcome steers the collisions.
func (f *Fatigue) collisionWithin(d daily, e Effect, beside []int, opt Options) {
	x := Collision{Effect: Effect{Outcome: e.Outcome, Value: none(), Expected: none(), Q: math.NaN(), Grade: analytics.GradeStructural, Margin: e.Margin}, Raw: none(), Control: none(), Share: math.NaN()}
	var otherCustomers, otherEvents, lastHit, lastOther int64
	lastHit, lastOther = -1, -1
	for _, r := range d.rows {
		y := r.Ordered
		switch e.Outcome {
		case Open:
			y = r.Opened
		case Click:
			y = r.Clicked
		}
		customer := r.Member / 1024
		switch {
		case r.Collided:
			x.Collided += r.N
			x.Events += y
			if customer != lastHit {
				x.Customers++
				lastHit = customer
			}
		case r.Before > 0:
			x.Beside += r.N
			otherEvents += y
			if customer != lastOther {
				otherCustomers++
				lastOther = customer
			}
		}
	}
	x.Messages = x.Collided
	sides := []analytics.Side{{Customers: x.Customers, Effective: float64(x.Customers), Events: x.Events}, {Customers: otherCustomers, Effective: float64(otherCustomers), Events: otherEvents}}
	defer func() {
		if !x.Value.OK() {
			x.Control = none() // what cannot be told has no parts
		}
		f.Collisions = append(f.Collisions, x)
	}()
	if x.Collided == 0 {
		x.Note = NoCollisions
		x.Decision = undecidable(x.Margin, 0)
		return
	}
	held := slices.Concat(beside, span(dDose, doses), []int{dTail})
	asked := d.model(dCollided, held...)
	control := d.model(dCollided5, slices.Concat(held, []int{dCollided}, span(dDose5, doses), []int{dTail5})...)
	x.Share = asked.left
	reps := suffstat.JackknifeVec(d.outcomes[0], func(p suffstat.Products) []float64 {
		w := p.Within()
		return []float64{asked.slope(w), control.slope(w)}
	})
	estimate := func(i int, level float64) suffstat.Estimate {
		return reps.Estimate(i, level).Of(x.Customers, "share")
	}
	x.Control = estimate(1, confidence)
	if !(asked.left >= leastVariance) {
		x.Note = NotIdentifiable
		x.Decision = undecidable(x.Margin, x.Customers)
		return
	}
	x.Decision = analytics.Decide(analytics.Comparison{Difference: reps.Estimate(0, confidence).Value, SE: reps.SE(0), DF: reps.DF(), Margin: x.Margin, Directional: true, Buckets: reps.Buckets(), Sides: sides})
	if x.Decision.Verdict == analytics.InsufficientData {
		x.Note = FewEvents
		return
	}
	x.Value, x.Expected = estimate(0, confidence), estimate(0, opt.Level)
	x.Grade = analytics.GradeAdjusted
	if e.Note == Confounded || acts(x.Control, x.Margin) {
		x.Grade, x.Note = analytics.GradeStructural, Confounded
	}
}

// collisionOdds estimates what goes with a collision for opt-outs: strata of one mailing, stage, tenth of engagement and number of messages in 7 days; those of the control hold the present collision and the number
// of messages five weeks earlier too.
func (f *Fatigue) collisionOdds(c *Counts, opt Options) {
	type stratum struct{ day, channel, scenario, stage, class, dose, dose5, collided int64 } // dose5 -1 in the comparison itself
	odds := newContrast[stratum]()
	for _, h := range c.Collisions {
		own := stratum{h.Day, h.Channel, h.Scenario, h.Stage, h.Class, h.Dose, -1, -1}
		before := own
		before.dose5, before.collided = h.Dose5, int64(number(h.Collided))
		odds.add(h.Bucket, h.N, own, h.Collided, before, h.Collided5)
	}
	for _, o := range []struct {
		name   string
		events func(CollisionRow) int64
	}{{Unsubscribe, func(h CollisionRow) int64 { return h.Unsubscribed }}, {Complaint, func(h CollisionRow) int64 { return h.Complained }}} {
		x := Collision{Effect: Effect{Outcome: o.name, Value: none(), Expected: none(), Q: math.NaN(), Grade: analytics.GradeStructural, Margin: opt.margin("log_odds", oddsMargin)}, Raw: none(), Control: none(), Share: math.NaN()}
		var otherEvents int64
		for _, h := range c.Collisions {
			e := o.events(h)
			if h.Collided {
				x.Collided += h.N
				x.Events += e
			} else {
				x.Beside += h.N
				otherEvents += e
			}
		}
		x.Messages = x.Collided
		if x.Events+otherEvents == 0 { // nobody opted out: there is nothing to tell
			continue
		}
		reps, compared, control := odds.estimate(func(i int) int64 { return o.events(c.Collisions[i]) })
		x.Strata = informative(compared)
		// The floors of events hold for the comparison and for its control, and only events of strata that compare something count.
		var sides []analytics.Side
		for _, cells := range []suffstat.Cells{compared, control} {
			exposed, other := telling(cells)
			sides = append(sides, analytics.Side{Customers: x.Collided, Effective: float64(x.Collided), Events: exposed}, analytics.Side{Customers: x.Beside, Effective: float64(x.Beside), Events: other})
		}
		estimate := func(i int, level float64) suffstat.Estimate {
			return reps.Estimate(i, level).Of(x.Collided, "log odds")
		}
		x.Raw, x.Control = estimate(1, confidence), estimate(2, confidence)
		difference, se := math.NaN(), math.NaN()
		if value := estimate(0, confidence); value.OK() {
			difference, se = value.Value, reps.SE(0)
		}
		x.Decision = analytics.Decide(analytics.Comparison{
			Difference: difference, SE: se, DF: reps.DF(), Margin: x.Margin, Directional: true, Buckets: reps.Buckets(),
			Sides: sides,
		})
		switch {
		case x.Collided == 0:
			x.Note = NoCollisions
		case x.Decision.Verdict == analytics.InsufficientData && x.Raw.OK() && !x.Control.OK():
			x.Note = NoControl
		case x.Decision.Verdict == analytics.InsufficientData:
			x.Note = FewEvents
		default:
			x.Value, x.Expected = estimate(0, confidence), estimate(0, opt.Level)
			x.Grade = analytics.GradeAdjusted
		}
		if !x.Value.OK() {
			x.Raw, x.Control = none(), none() // what cannot be told has no parts
		}
		f.Collisions = append(f.Collisions, x)
	}
}

// orders tells whether the data know of orders at all.
func (c *Counts) orders() bool {
	return slices.ContainsFunc(c.Panel, func(r PanelRow) bool { return r.Ordered > 0 }) || slices.ContainsFunc(c.Pressure, func(r PressureRow) bool { return r.OrderDays > 0 })
}
