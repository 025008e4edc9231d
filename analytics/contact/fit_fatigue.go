package contact

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Default smallest effects of interest: what one more bulk message in seven days must change to matter. Judgement; decision.equivalence replaces them.
const (
	openMargin    = .005          // of the share opened: half a percentage point per message
	clickMargin   = .001          // of the share clicked
	orderMargin   = .002          // of the share who order within 7 days
	oddsMargin    = .182321556793 // of log odds: odds a fifth higher
	leastVariance = .05           // of the pressure within customer and week (statistics 4.5)
	fastOpens     = .20           // of the opens within 5 seconds of delivery: above it opens are machines
)

// Outcomes and notes of fatigue, as tables and texts call them.
const (
	Open        = "open"
	Click       = "click"
	Order       = "order"
	Unsubscribe = "unsubscribe"
	Complaint   = "complaint"

	NotIdentifiable = "not_identifiable" // less than 5 % of the pressure varies within customer and week
	CalendarOnly    = "calendar_only"    // all customers get the same load: only weeks differ
	Confounded      = "confounded"       // the messages of the next week "act" too
	FewEvents       = "few_events"
	NoResponse      = "no_response" // neither opens nor clicks are known
	NoBulk          = "no_bulk"
	NoCollisions    = "no_collisions" // no bulk message follows another within decision.collision_hours
	NoControl       = "no_control"    // the negative control cannot be estimated
)

// Fatigue is the answer to: what goes with one more bulk message?
type Fatigue struct {
	Note     string // no_bulk or no_response when there is nothing to estimate on
	Response Effect
	Earlier  suffstat.Estimate // slope of the bulk messages 8 to 28 days before
	Placebo  suffstat.Estimate // slope of the bulk messages of the next 7 days
	Calendar suffstat.Estimate // slope of the last 7 days with customer effects only, clusters are weeks
	Share    float64           // of the variance of the pressure left within customer and week
	Curve    []CurveRow
	Thirds   []Third           // by engagement before the panel, least engaged first; empty when the slope cannot be told
	ThirdGap suffstat.Estimate // slope of the most engaged third less that of the least
	OptOuts  []OptOut

	Goal       *Goal       // nil without an order in the data
	Collisions []Collision // of the response, the goal and the opt-outs, those that can be asked
}

// Effect is an estimate with its verdict.
type Effect struct {
	Outcome                     string
	Value                       suffstat.Estimate // 95 %
	Expected                    suffstat.Estimate // at Options.Level
	Decision                    analytics.Decision
	Q                           float64
	Grade                       analytics.Grade
	Margin                      float64
	Customers, Messages, Events int64
	Note                        string
}

// Baseline is the share of messages with the event.
func (e Effect) Baseline() float64 {
	if e.Messages == 0 {
		return math.NaN()
	}
	return float64(e.Events) / float64(e.Messages)
}

// Shown is the value as texts print it: where it is told to be as good as nothing, with the 90 % interval that two one-sided tests at 5 % hold against the margin.
func (e Effect) Shown() suffstat.Estimate {
	v := e.Value
	if e.Decision.Verdict == analytics.Equivalent && e.Note == "" {
		v.Level, v.Lower, v.Upper = e.Decision.Equivalence.Level, e.Decision.Equivalence.Lower, e.Decision.Equivalence.Upper
	}
	return v
}

// CurveRow is the response by the number of bulk messages before.
type CurveRow struct {
	From, To   int64 // To -1 is open
	Messages   int64
	Response   float64
	Difference suffstat.Estimate
}

// OptOut is the odds of an unsubscribe or complaint through a bulk message, high against low pressure.
type OptOut struct {
	Effect            // Value is the difference raw - control
	Raw, Control      suffstat.Estimate
	HighFrom          int64
	Strata            int
	HighEvents, HighN int64
	Change            suffstat.Estimate // of the share of opt-outs among messages at high pressure, if it were low: at Options.Level
}

// The regressors of the panel.
const (
	xBefore = iota
	xEarlier
	xPlacebo
	xBins
)

// bins are the steps of the curve; the first is the reference.
var bins = [][2]int64{{0, 0}, {1, 1}, {2, 3}, {4, 5}, {6, -1}}

func fitFatigue(c *Counts, opt Options) Fatigue {
	f := Fatigue{Share: math.NaN()}
	f.Earlier, f.Placebo, f.Calendar, f.ThirdGap = none(), none(), none(), none()
	var bulk int64
	for _, ch := range c.Channels {
		bulk += ch.Bulk
	}
	switch {
	case bulk == 0:
		f.Note = NoBulk
		return f
	case !f.fitResponse(c, opt):
		f.Note = NoResponse
	}
	f.fitOptOuts(c, opt)
	f.fitGoal(c, opt)
	f.collisionOdds(c, opt)
	f.family()
	return f
}

func none() suffstat.Estimate {
	return suffstat.NotEstimable(suffstat.MethodJackknife, confidence, suffstat.ErrNoData)
}

// response chooses what counts as a response: opens of the channels where they are people's, else clicks.
func response(c *Counts) (outcome string, channels map[int64]bool) {
	opens, clicks := map[int64]bool{}, map[int64]bool{}
	var readable, opened int64
	for _, ch := range c.Channels {
		if ch.Bulk == 0 {
			continue
		}
		if human := ch.Opened - ch.OpenedMachine; human > 0 {
			opened += ch.Bulk
			if float64(ch.OpenedFast) <= fastOpens*float64(human) {
				opens[ch.Code] = true
				readable += ch.Bulk
			}
		}
		if ch.Clicked > 0 {
			clicks[ch.Code] = true
		}
	}
	switch {
	case 2*readable > opened:
		return Open, opens
	case len(clicks) > 0:
		return Click, clicks
	}
	return "", nil
}

// fitResponse estimates the slope of the response; false when no response is known.
func (f *Fatigue) fitResponse(c *Counts, opt Options) bool {
	outcome, channels := response(c)
	f.Response = Effect{Outcome: outcome, Value: none(), Expected: none(), Q: math.NaN(), Grade: analytics.GradeStructural, Margin: opt.margin("open_rate_per_message", openMargin)}
	if outcome == "" {
		return false
	}
	if outcome == Click {
		f.Response.Margin = opt.margin("ctr_per_message", clickMargin)
	}
	p := newPanel(c.Panel, outcome, channels)
	r := &f.Response
	r.Customers, r.Messages, r.Events = p.customers, p.messages, p.events
	f.Curve = p.curve
	if p.messages == 0 {
		r.Note = FewEvents
		r.Decision = analytics.Decide(analytics.Comparison{Difference: math.NaN(), SE: math.NaN(), Margin: r.Margin, Sides: []analytics.Side{{}}})
		return true
	}
	f.Share, f.Calendar = p.share, p.calendar.Of(p.customers, "share per message")
	estimate := func(i int, level float64) suffstat.Estimate {
		return p.slopes.Estimate(i, level).Of(p.customers, "share per message")
	}
	f.Earlier, f.Placebo = estimate(1, confidence), estimate(2, confidence)
	for i := range f.Curve {
		if i == 0 {
			f.Curve[i].Difference = suffstat.Fact(0, f.Curve[i].Messages, "share")
		} else {
			f.Curve[i].Difference = p.slopes.Estimate(2+i, confidence).Of(p.customers, "share")
		}
	}
	if r.Note = unidentified(p.share, p.own); r.Note != "" {
		r.Decision = undecidable(r.Margin, p.customers)
		return true
	}
	r.Value, r.Expected = estimate(0, confidence), estimate(0, opt.Level)
	f.thirds(c, outcome, channels)
	r.Decision = analytics.Decide(analytics.Comparison{
		Difference: r.Value.Value, SE: p.slopes.SE(0), DF: p.slopes.DF(), Margin: r.Margin, Directional: true, Buckets: p.slopes.Buckets(),
		Sides: []analytics.Side{{Customers: p.customers, Effective: float64(p.customers), Events: p.events}},
	})
	r.Grade = analytics.GradeAdjusted
	if acts(f.Placebo, r.Margin) {
		r.Grade, r.Note = analytics.GradeStructural, Confounded
	}
	d := newDaily(c.Panel, func(row PanelRow) bool { return channels[row.Member%1024] }, func(row PanelRow) int64 {
		if outcome == Click {
			return row.Clicked
		}
		return row.Opened
	})
	f.collisionWithin(d, *r, []int{dEarlier}, opt)
	return true
}

// panel is the rows of scenarios.red_fe as states.
type panel struct {
	customers, messages, events int64
	share, own                  float64 // variance of the pressure left within customer and week; within customer
	slopes                      suffstat.Replicates
	calendar                    suffstat.Estimate
	curve                       []CurveRow
}

func newPanel(rows []PanelRow, outcome string, channels map[int64]bool) panel {
	p := panel{share: math.NaN(), own: math.NaN()}
	weeks := map[int64]int{}
	for _, r := range rows {
		weeks[r.Week] = 0
	}
	order := make([]int64, 0, len(weeks))
	for w := range weeks {
		order = append(order, w)
	}
	slices.Sort(order)
	for i, w := range order {
		weeks[w] = i
	}
	p.curve = make([]CurveRow, len(bins))
	for i, b := range bins {
		p.curve[i] = CurveRow{From: b[0], To: b[1], Response: math.NaN(), Difference: none()}
	}
	buckets := make([]halves, Buckets)
	byWeek := make([]suffstat.SlopeSums, len(order))
	responses := make([]int64, len(bins))
	last := int64(-1)
	for i := 0; i < len(rows); {
		member := rows[i].Member
		var own []suffstat.PanelRow
		bucket := rows[i].Bucket
		for ; i < len(rows) && rows[i].Member == member; i++ {
			r := rows[i]
			if !channels[member%1024] {
				continue
			}
			y := r.Opened
			if outcome == Click {
				y = r.Clicked
			}
			x := make([]float64, xBins+len(bins)-1)
			x[xBefore], x[xEarlier], x[xPlacebo] = float64(r.Before), float64(r.Earlier), float64(r.Placebo)
			b := binOf(r.Before)
			if b > 0 {
				x[xBins+b-1] = 1
			}
			p.curve[b].Messages += r.N
			responses[b] += y
			p.messages += r.N
			p.events += y
			own = append(own, suffstat.PanelRow{Period: weeks[r.Week], N: float64(r.N), X: x, Outcomes: []float64{float64(y)}})
		}
		if own == nil {
			continue
		}
		if customer := member / 1024; customer != last {
			p.customers++
			last = customer
		}
		buckets[bucket].add(own, len(order))
		suffstat.AddByPeriod(byWeek, own, xBefore, 0)
	}
	for b, n := range responses {
		if p.curve[b].Messages > 0 {
			p.curve[b].Response = float64(n) / float64(p.curve[b].Messages)
		}
	}
	if p.messages == 0 {
		return p
	}
	total, _ := suffstat.Merge(buckets)
	p.share, p.own = total.whole.TwoWay().Share(xBefore), total.whole.WithinMembers().Share(xBefore)
	p.calendar = suffstat.Jackknife(byWeek, suffstat.SlopeSums.Slope, confidence)
	p.slopes = suffstat.JackknifeVec(buckets, func(h halves) []float64 {
		whole, first, second := slopes(h.whole, p.curve), slopes(h.first, p.curve), slopes(h.second, p.curve)
		for i := range whole {
			if halved := (first[i] + second[i]) / 2; !math.IsNaN(halved) {
				whole[i] = 2*whole[i] - halved
			}
		}
		return whole
	})
	return p
}

// halves is the state of the split-panel jackknife: mail that follows earlier opens (suppression of who does not open) makes the mean of a customer depend
// on his responses, a bias of the fixed effects of the order 1/T. It is twice as large in half the time, so 2 x whole - mean of the halves is free
// of it. Source: Dhaene and Jochmans, Review of Economic Studies 82 (2015) 991. Measured (TestTruth, S14).
type halves struct{ whole, first, second suffstat.Panel }

// Merge adds two states.
func (h halves) Merge(o halves) halves {
	return halves{h.whole.Merge(o.whole), h.first.Merge(o.first), h.second.Merge(o.second)}
}

// Empty tells that there are no members.
func (h halves) Empty() bool { return h.whole.Empty() }

// add adds a member, his rows in the order of time.
func (h *halves) add(rows []suffstat.PanelRow, periods int) {
	if h.whole.Empty() {
		h.whole = suffstat.NewPanel(periods, xBins+len(bins)-1, 1)
		h.first, h.second = suffstat.NewPanel(periods, xBins+len(bins)-1, 1), suffstat.NewPanel(periods, xBins+len(bins)-1, 1)
	}
	h.whole.Add(rows)
	h.first.Add(rows[:len(rows)/2])
	h.second.Add(rows[len(rows)/2:])
}

// slopes returns the slope of the last 7 days and of the 21 before them, the placebo's slope beside both, and the steps of the curve. Steps that nobody has
// are left out of the regression.
func slopes(s suffstat.Panel, curve []CurveRow) []float64 {
	w := s.TwoWay()
	// Without messages 8 to 28 days before, their column is empty and is left out.
	with := func(first ...int) []float64 {
		if w.Share(xEarlier) > 1e-9 {
			return w.Slopes(0, append(first, xEarlier)...)
		}
		return append(w.Slopes(0, first...), math.NaN())
	}
	out := make([]float64, 0, 2+len(curve))
	out = append(out, with(xBefore)...)
	out = append(out, with(xPlacebo, xBefore)[0])
	var steps []int
	for i, c := range curve[1:] {
		if c.Messages > 0 {
			steps = append(steps, xBins+i)
		}
	}
	at := map[int]float64{}
	if curve[0].Messages > 0 && len(steps) > 0 {
		for i, v := range with(steps...)[:len(steps)] {
			at[steps[i]] = v
		}
	}
	for i := range curve[1:] {
		v, ok := at[xBins+i]
		if !ok {
			v = math.NaN()
		}
		out = append(out, v)
	}
	return out
}

func binOf(messages int64) int {
	for i, b := range bins {
		if messages >= b[0] && (b[1] < 0 || messages <= b[1]) {
			return i
		}
	}
	return 0
}

// fitOptOuts estimates the odds of opt-outs. Strata of the comparison: week, stage, tenth of engagement; of its negative control: the same and the present
// pressure.
func (f *Fatigue) fitOptOuts(c *Counts, opt Options) {
	type stratum struct {
		week, stage, class int64
		high               int // -1 in the comparison itself
	}
	odds := newContrast[stratum]()
	for _, h := range c.Hazards {
		own, before := stratum{h.Week, h.Stage, h.Class, -1}, stratum{h.Week, h.Stage, h.Class, number(h.High)}
		odds.add(h.Bucket, h.N, own, h.High, before, h.HighBefore)
	}
	for _, o := range []struct {
		name   string
		events func(HazardRow) int64
	}{{Unsubscribe, func(h HazardRow) int64 { return h.Unsubscribed }}, {Complaint, func(h HazardRow) int64 { return h.Complained }}} {
		out := OptOut{Effect: Effect{Outcome: o.name, Value: none(), Expected: none(), Q: math.NaN(), Grade: analytics.GradeStructural, Margin: opt.margin("log_odds", oddsMargin)}}
		out.Raw, out.Control, out.Change = none(), none(), none()
		var low, lowEvents int64
		for _, h := range c.Hazards {
			e := o.events(h)
			out.HighFrom = h.HighFrom
			out.Messages += h.N
			out.Events += e
			if h.High {
				out.HighN += h.N
				out.HighEvents += e
			} else {
				low += h.N
				lowEvents += e
			}
		}
		out.Customers = 0
		reps, compared, _ := odds.estimate(func(i int) int64 { return o.events(c.Hazards[i]) })
		out.Strata = informative(compared)
		estimate := func(i int, level float64) suffstat.Estimate {
			return reps.Estimate(i, level).Of(out.Messages, "log odds")
		}
		out.Raw, out.Control = estimate(1, confidence), estimate(2, confidence)
		out.Value, out.Expected = estimate(0, confidence), estimate(0, opt.Level)
		difference, se := math.NaN(), math.NaN()
		if out.Value.OK() {
			difference, se = out.Value.Value, reps.SE(0)
		}
		out.Decision = analytics.Decide(analytics.Comparison{
			Difference: difference, SE: se, DF: reps.DF(), Margin: out.Margin, Directional: true, Buckets: reps.Buckets(),
			Sides: []analytics.Side{{Customers: out.HighN, Effective: float64(out.HighN), Events: out.HighEvents}, {Customers: low, Effective: float64(low), Events: lowEvents}},
		})
		switch {
		case out.Decision.Verdict == analytics.InsufficientData && out.Raw.OK() && !out.Control.OK():
			out.Note = NoControl
		case out.Decision.Verdict == analytics.InsufficientData:
			out.Note = FewEvents
		default:
			out.Grade = analytics.GradeAdjusted
			out.Change = change(out, out.Expected)
		}
		f.OptOuts = append(f.OptOuts, out)
	}
}

// change turns a difference of log odds into the change of the share of opt-outs that messages at high pressure would have at low pressure.
func change(o OptOut, difference suffstat.Estimate) suffstat.Estimate {
	if o.HighEvents == 0 || o.HighEvents == o.HighN || !difference.OK() {
		return none()
	}
	p := float64(o.HighEvents) / float64(o.HighN)
	at := func(d float64) float64 { return 1/(1+math.Exp(d-math.Log(p/(1-p)))) - p }
	e := difference
	e.Value, e.Lower, e.Upper, e.Unit = at(difference.Value), at(difference.Upper), at(difference.Lower), "share"
	return e
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// family gives the q-values: one family of the response, the opt-outs, the goal and the collisions.
func (f *Fatigue) family() {
	effects := []*Effect{&f.Response}
	for i := range f.OptOuts {
		effects = append(effects, &f.OptOuts[i].Effect)
	}
	if f.Goal != nil {
		effects = append(effects, &f.Goal.Effect)
	}
	for i := range f.Collisions {
		effects = append(effects, &f.Collisions[i].Effect)
	}
	p := make([]float64, len(effects))
	for i, e := range effects {
		p[i] = math.NaN()
		if e.Decision.Verdict == analytics.Different || e.Decision.Verdict == analytics.Equivalent || e.Decision.Verdict == analytics.Inconclusive {
			p[i] = e.Decision.PDifference
		}
	}
	for i, q := range suffstat.BH(p) {
		effects[i].Q = q
	}
}

// worst sorts by what is largest first, then by name, so that the same data name the same scenario.
func worst[T any](rows []T, size func(T) int64, name func(T) string) []T {
	out := slices.Clone(rows)
	slices.SortStableFunc(out, func(a, b T) int { return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(name(a), name(b))) })
	return out
}
