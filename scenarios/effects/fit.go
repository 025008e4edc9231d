package effects

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The gates (statistics 7.1, 7.2, 7.4).
const (
	maxContamination = .01  // share of the control arm that was sent the scenario's messages
	minPositivity    = .50  // share of entrants in cells with comparators: below, no number
	fullPositivity   = .90  // below, the number is about a trimmed population
	minEValue        = 1.25 // of the limit: below, grade D
	tableLevel       = .95
)

// The methods.
const (
	MethodHoldout    = "holdout"           // control arm of enrolments
	MethodAssignment = "assignment"        // experiment with a reference arm
	MethodTrials     = "sequential_trials" // emulated, not randomized
	MethodNone       = "none"              // nothing to compare with
)

// Options are the settings of the audit that the effects need.
type Options struct {
	Currency     string
	Margin       float64             // share of revenue that is kept; 0 = not given, revenue counts as margin
	FDR          float64             // of the confirmed list; default .05
	Level        float64             // of the intervals of expected effects; default .90
	Margins      map[string]float64  // smallest effects of interest: transition_rate (.02, at most half of the baseline), order_rate (.01), unsubscribe_rate (.002), revenue_per_customer (.05 of the baseline)
	Goals        map[string][]string // business goals of audit.yaml: name -> events and moves
	MinCustomers int64               // treated customers below which "add a hold-out" is not worth a finding; default 100
}

func (o Options) filled() Options {
	if o.FDR == 0 {
		o.FDR = .05
	}
	if o.Level == 0 {
		o.Level = .90
	}
	if o.Currency == "" {
		o.Currency = "money"
	}
	if o.MinCustomers == 0 {
		o.MinCustomers = 100
	}
	return o
}

// margin is the smallest effect of interest of an outcome, in its unit; money is a share of the baseline.
func (o Options) margin(outcome string, baseline float64) float64 {
	get := func(key string, otherwise float64) float64 {
		if x := o.Margins[key]; x > 0 {
			return x
		}
		return otherwise
	}
	switch outcome {
	case BetterStage:
		// Two points of a share of three would call anything equal.
		if baseline > 0 {
			return get("transition_rate", math.Min(.02, baseline/2))
		}
		return get("transition_rate", .02)
	case Unsubscribe:
		return get("unsubscribe_rate", .002)
	case Revenue, Winsorised:
		return get("revenue_per_customer", .05) * math.Abs(baseline)
	}
	return get("order_rate", .01)
}

func (o Options) unit(outcome string) string {
	if isMoney(outcome) {
		return o.Currency
	}
	return "share"
}

// Effect is one outcome of one scenario by one design. Value has no number when a gate forbids it.
type Effect struct {
	Scenario, Outcome, Method, Experiment string
	Grade                                 analytics.Grade
	Treated, Control                      int64 // customers
	UnitsTreated, UnitsControl            int64
	Baseline                              suffstat.Estimate
	Value                                 suffstat.Estimate // 95 %, or the false-coverage level when selected of many
	SE, DF, P, Q                          float64
	Unadjusted                            float64
	Relative                              suffstat.Estimate
	Allowed                               suffstat.Estimate // trials: with the allowance for bias
	AllowedSE                             float64
	RangeLower, RangeUpper                float64              // trials: least and greatest effect with one covariate left out; NaN without
	RangeLeftOut                          string               // the covariate that moves it most
	Expected                              suffstat.Estimate    // at the level of expected effects, pulled towards the effects of the same outcome and kind of design
	compared                              analytics.Comparison // of trials: what Decision judges
	Margin                                float64
	Decision                              analytics.Decision
	QEquivalence                          float64
	NEff                                  float64
	Horizon                               int64
	Population                            int64   // customers who enter per quarter
	NotReached                            int64   // customers per quarter in the same condition who do not
	Planned                               float64 // share of the control arm that the sample ratio was tested against
	Caveats                               []string
	EValue                                float64 // of the limit; NaN for a random split
}

func (e *Effect) caveat(key string) {
	if !slices.Contains(e.Caveats, key) {
		e.Caveats = append(e.Caveats, key)
	}
}

// Check is one gate of an effect.
type Check struct {
	Scenario, Outcome, Method, Experiment, Name string
	Value                                       suffstat.Estimate // a number without interval has Lower = Upper = NaN
	Passed                                      bool
	Note                                        string
}

// Model is what the tables and findings are made of.
type Model struct {
	Effects   []Effect
	Checks    []Check
	Scenarios []Scenario // without cells
	Ranges    []Range
	Reasons   []Reason
	Balance   []Balance
	Bias      suffstat.Bias
	BiasKnown bool
}

// Fit estimates every effect that a design allows. Pure; the same counts in any order give the same model.
func Fit(c *Counts, opt Options) *Model {
	opt = opt.filled()
	f := fitter{opt: opt, m: &Model{}}
	tried := map[int64]bool{}
	holdouts := slices.Clone(c.Holdouts)
	slices.SortFunc(holdouts, func(a, b Holdout) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Experiment, b.Experiment))
	})
	for i := range holdouts {
		if h := &holdouts[i]; h.Customers[0] > 0 && h.Customers[1] > 0 {
			tried[h.Key] = true
			f.holdout(h)
		}
	}
	scenarios := slices.Clone(c.Scenarios)
	slices.SortFunc(scenarios, func(a, b Scenario) int { return strings.Compare(a.ID, b.ID) })
	for i := range scenarios {
		s := &scenarios[i]
		switch {
		case len(s.Cells) > 0 && !tried[s.Key]:
			f.trials(s)
		case !tried[s.Key] && (s.Entries > 0 || s.ToDay <= s.FromDay):
			f.none(s)
		}
		s.Cells, s.Groups = nil, nil
	}
	f.m.Scenarios = scenarios
	f.calibrate()
	f.grade()
	f.families()
	f.expect()
	return f.m
}

// expect makes the effect that a hypothesis may count on. The best-looking of many is over-estimated, so effects on one outcome by one kind of design (random splits, trials) are one class and are
// pulled towards its mean (Paule-Mandel, statistics 6.1); the class holds all of them, not only those that stand out. Fewer than five are left as they are, with the interval of the false-coverage rate for so many selected.
func (f *fitter) expect() {
	classes := map[string][]int{}
	var names []string
	for i := range f.m.Effects {
		e := &f.m.Effects[i]
		e.Expected = plain(math.NaN())
		if !e.Value.OK() {
			continue
		}
		name := e.Outcome + " trials"
		if e.Method != MethodTrials {
			name = e.Outcome + " split"
		}
		if classes[name] == nil {
			names = append(names, name)
		}
		classes[name] = append(classes[name], i)
	}
	for _, name := range names {
		members := classes[name]
		y, se := make([]float64, len(members)), make([]float64, len(members))
		chosen := 0
		for k, i := range members {
			e := &f.m.Effects[i]
			if e.Decision.Verdict == analytics.Different && e.Q <= f.opt.FDR {
				chosen++
			}
			y[k], se[k] = e.Value.Value, e.SE
			if e.Method == MethodTrials {
				y[k], se[k] = e.Allowed.Value, e.AllowedSE
			}
		}
		class := suffstat.Shrink(y, se, f.opt.Level)
		for k, i := range members {
			e := &f.m.Effects[i]
			from, unshrunk := e.Value, e.SE
			if e.Method == MethodTrials {
				from, unshrunk = e.Allowed, e.AllowedSE
			}
			if class.K < suffstat.MinShrink || math.IsNaN(class.Value[k]) {
				e.Expected = interval(from, unshrunk, e.DF, suffstat.FCRLevel(1-f.opt.Level, max(1, chosen), max(1, class.K)))
			} else {
				e.Expected = class.Estimate(k, from.N, from.Unit)
			}
		}
	}
}

type fitter struct {
	opt   Options
	m     *Model
	short []control // negative controls, one per scenario with trials
}

// control is an order-like outcome that the scenario cannot have caused.
type control struct{ y, se float64 }

func (f *fitter) check(c Check) { f.m.Checks = append(f.m.Checks, c) }

// plain is a number without interval.
func plain(x float64) suffstat.Estimate {
	return suffstat.Estimate{Value: x, Lower: math.NaN(), Upper: math.NaN()}
}

func number(x float64) suffstat.Estimate {
	e := plain(x)
	if math.IsNaN(x) {
		e.Warnings = []error{suffstat.ErrNoData}
	}
	return e
}

// perQuarter scales a count over days to 91 days; a window shorter than a quarter is not stretched.
func perQuarter(n, days int64) int64 {
	return int64(math.Round(float64(n) * 91 / math.Max(91, float64(days))))
}

func (f *fitter) holdout(h *Holdout) {
	method := MethodHoldout
	if h.Experiment != "" {
		method = MethodAssignment
	}
	check := func(name string, value suffstat.Estimate, passed bool, note string) bool {
		f.check(Check{h.Scenario, "all", method, h.Experiment, name, value, passed, note})
		return passed
	}
	n0, n1 := h.Customers[0], h.Customers[1]
	var blocked []string
	gate := func(name string, value suffstat.Estimate, passed bool, note string) {
		if !check(name, value, passed, note) {
			blocked = append(blocked, name)
		}
	}
	planned := suffstat.NearestPlannedShare(float64(n0)/float64(n0+n1), h.Arms)
	_, p := suffstat.SRM([]int64{n0, n1}, []float64{planned, 1 - planned})
	gate("srm", number(p), !(p < suffstat.SRMThreshold), sharePlanned(planned))
	order := suffstat.CompareArms(h.Outcomes[Order], 1, 0, tableLevel)
	gate("balance", number(order.BalanceP), !(order.BalanceP < suffstat.SRMThreshold), "orders_before")
	dirty := float64(h.Messaged[0]) / float64(n0)
	gate("contamination", number(dirty), dirty <= maxContamination, "")
	exposed := float64(h.MessagedBefore[1])/float64(n1) - float64(h.MessagedBefore[0])/float64(n0)
	gate("exposure", number(exposed), exposed <= maxContamination, "messaged_before_assignment")
	if h.Clustered > 0 {
		gate("clusters", number(float64(h.Clustered)/float64(n0+n1)), false, "assigned_by_cluster")
	}
	for _, outcome := range Outcomes() {
		arms := h.Outcomes[outcome]
		if arms == nil {
			continue
		}
		f.arms(h, method, outcome, arms, planned, blocked)
	}
}

func (f *fitter) arms(h *Holdout, method, outcome string, arms []suffstat.Arms, planned float64, blocked []string) {
	c := suffstat.CompareArms(arms, 1, 0, tableLevel)
	if c.N == 0 || c.NReference == 0 {
		return
	}
	unit := f.opt.unit(outcome)
	e := Effect{Scenario: h.Scenario, Outcome: outcome, Method: method, Experiment: h.Experiment, Grade: analytics.GradeRandomized, Treated: c.N, Control: c.NReference,
		UnitsTreated: c.N, UnitsControl: c.NReference, Horizon: h.Horizon, Q: math.NaN(), QEquivalence: math.NaN(), EValue: math.NaN(), AllowedSE: math.NaN(), RangeLower: math.NaN(), RangeUpper: math.NaN(), Planned: planned}
	days := h.LastDay - h.FirstDay + 1
	e.Population, e.NotReached = perQuarter(c.N, days), perQuarter(c.NReference, days)
	e.Allowed = suffstat.NotEstimable("", tableLevel)
	if method == MethodAssignment {
		e.caveat("all_assigned")
	}
	if h.Switched[0]+h.Switched[1] > 0 {
		e.caveat("switched")
	}
	if len(blocked) > 0 {
		for _, b := range blocked {
			e.caveat(b)
		}
		e.forbid()
		f.m.Effects = append(f.m.Effects, e)
		return
	}
	if c.Mean == 0 && c.MeanReference == 0 {
		e.forbid()
		e.caveat("no_events")
		f.m.Effects = append(f.m.Effects, e)
		return
	}
	e.Baseline = suffstat.Jackknife(arms, func(s suffstat.Arms) float64 {
		if s[0].N == 0 {
			return math.NaN()
		}
		return s[0].MeanY
	}, tableLevel).Of(c.NReference, unit)
	e.Value, e.SE, e.DF, e.P = c.Adjusted.Of(c.N+c.NReference, unit), c.AdjustedSE, c.DF, c.AdjustedP
	e.Unadjusted, e.Relative = c.Difference.Value, c.AdjustedRelative.Of(c.N+c.NReference, "share")
	e.Margin = f.opt.margin(outcome, c.MeanReference)
	// Money has no events of its own: orders stand behind it.
	mean, reference := c.Mean, c.MeanReference
	if total, ok := suffstat.Merge(h.Outcomes[Order]); ok && isMoney(outcome) {
		mean, reference = total[1].MeanY, total[0].MeanY
	}
	events := func(mean float64, n int64) int64 { return int64(math.Round(mean * float64(n))) }
	e.NEff = float64(min(c.N, c.NReference))
	e.Decision = analytics.Decide(analytics.Comparison{Difference: e.Value.Value, SE: e.SE, DF: e.DF, Margin: e.Margin, Directional: true, Buckets: c.Buckets,
		Sides: []analytics.Side{{Customers: c.N, Effective: float64(c.N), Events: events(mean, c.N)}, {Customers: c.NReference, Effective: float64(c.NReference), Events: events(reference, c.NReference)}}})
	if e.Decision.Verdict == analytics.InsufficientData {
		e.caveat("few")
	}
	f.m.Effects = append(f.m.Effects, e)
}

// forbid takes the number away.
func (e *Effect) forbid() {
	none := suffstat.NotEstimable("", tableLevel)
	e.Grade, e.Value, e.Baseline, e.Relative, e.Allowed = analytics.GradeStructural, none, none, none, none
	e.SE, e.DF, e.P, e.Q, e.Unadjusted, e.Margin, e.NEff, e.EValue, e.AllowedSE, e.RangeLower, e.RangeUpper = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	e.Decision = analytics.Decision{PEquivalence: math.NaN()}
}

func sharePlanned(share float64) string {
	return fmt.Sprintf("planned_%.4g%%", 100*share)
}

func (f *fitter) none(s *Scenario) {
	e := Effect{Scenario: s.ID, Outcome: Order, Method: MethodNone, Treated: s.Customers, Horizon: s.Horizon, Population: perQuarter(s.Customers, s.ToDay-s.FromDay), QEquivalence: math.NaN()}
	e.forbid()
	switch {
	case s.Bulk:
		e.caveat("bulk")
	case s.ToDay <= s.FromDay:
		e.caveat("window_too_short")
	default:
		e.caveat("no_comparators")
	}
	f.m.Effects = append(f.m.Effects, e)
}

// families gives q-values over all scenarios and outcomes of the run, one family (statistics 0.4), and false-coverage intervals to those selected. "Nothing changes" is another question and
// is asked of the better stage only: its family is the better stages.
func (f *fitter) families() {
	var at, stages []int
	var p, pe []float64
	for i := range f.m.Effects {
		e := &f.m.Effects[i]
		if !e.Value.OK() || math.IsNaN(e.P) || e.Decision.Verdict == analytics.InsufficientData {
			continue
		}
		at, p = append(at, i), append(p, e.P)
		if e.Outcome == BetterStage {
			stages, pe = append(stages, i), append(pe, e.Decision.PEquivalence)
		}
	}
	for i, q := range suffstat.BH(pe) {
		f.m.Effects[stages[i]].QEquivalence = q
	}
	selected := 0
	for i, q := range suffstat.BH(p) {
		f.m.Effects[at[i]].Q = q
		if q <= f.opt.FDR {
			selected++
		}
	}
	level := suffstat.FCRLevel(f.opt.FDR, selected, len(at))
	for _, i := range at {
		if e := &f.m.Effects[i]; e.Q <= f.opt.FDR && level > tableLevel && level < 1 {
			e.Value = interval(e.Value, e.SE, e.DF, level)
		}
	}
}

// interval is the estimate at another level.
func interval(e suffstat.Estimate, se, df, level float64) suffstat.Estimate {
	if !e.OK() || math.IsNaN(se) {
		return e
	}
	h := suffstat.TQuantile((1+level)/2, df) * se
	e.Level, e.Lower, e.Upper = level, e.Value-h, e.Value+h
	return e
}
