package experiments

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The gates and levels (statistics 7.1).
const (
	tableLevel       = .95
	maxContamination = .01 // share of the reference arm that was sent the scenario's messages; of all assigned that are in two arms
	imbalance        = .05 // a covariate differs, after Holm: said; below suffstat.SRMThreshold nothing may be read
	fewClusters      = 40  // in the compared arms together: intervals are rough
	screening        = .10 // false-discovery rate up to which a result is shown
	smallShare       = .5  // the margin of an event's share is at most so much of its level
)

// The verdicts of a row.
const (
	Win           = "win"
	Loss          = "loss"
	Higher        = "higher" // of events of which nobody said whether more is better
	Lower         = "lower"
	Equivalent    = "equivalent"
	Undecided     = "undecided"
	FewData       = "insufficient_data"
	BrokenRatio   = "broken_ratio"
	Unbalanced    = "unbalanced"
	Contaminated  = "contaminated"
	NoEvents      = "no_events"
	NoVariation   = "no_variation"
	NoMembers     = "no_members"
	OneArm        = "one_arm"
	BeforeData    = "before_data"
	AfterData     = "after_data"
	differs       = "differs"        // of a group
	notToldApart  = "not_told_apart" // of a group
	roleReference = "reference"
	roleTreated   = "treated"
	roleOut       = "out"
	roleMissing   = "missing"
)

// Options are the settings of the audit that experiments need.
type Options struct {
	Setup        Setup
	Currency     string
	Margin       float64             // share of revenue that is kept; 0 = not given, revenue counts as margin
	FDR          float64             // of the confirmed list; default .05
	Level        float64             // of the intervals of expected effects; default .90
	Margins      map[string]float64  // smallest effects of interest: order_rate (.01, also of events, there at most half of their level), revenue_per_customer (.05 of the level, also of orders), or an event's own name
	Goals        map[string][]string // business goals of audit.yaml: the events that they name are wanted
	MinCustomers int64               // with fewer finished windows in an arm those that are open are compared too; default 100
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

func (o Options) unit(outcome string) string {
	switch outcome {
	case Revenue:
		return o.Currency
	case Orders:
		return "orders"
	}
	return "share"
}

// margin is the smallest effect of interest of an outcome at a level of the reference arm, in its unit.
func (o Options) margin(outcome string, level float64) float64 {
	get := func(key string, otherwise float64) float64 {
		if x := o.Margins[key]; x > 0 {
			return x
		}
		return otherwise
	}
	switch outcome {
	case Order:
		return get("order_rate", .01)
	case Orders, Revenue:
		return get("revenue_per_customer", .05) * math.Abs(level)
	}
	if x := o.Margins[outcome]; x > 0 {
		return x
	}
	if level > 0 {
		return math.Min(get("order_rate", .01), smallShare*level)
	}
	return get("order_rate", .01)
}

// unwanted are the event names of which more is worse.
var unwanted = []string{"unsubscribe", "unsubscribed", "complaint", "complained", "refund", "refunded", "return", "returned", "cancel", "cancelled", "canceled", "order_cancelled", "order_canceled", "churn", "churned"}

// good tells whether more of an outcome is wanted: 1, -1, or 0 when nobody said.
func (o Options) good(outcome string) float64 {
	switch outcome {
	case Order, Orders, Revenue:
		return 1
	}
	for _, targets := range o.Goals {
		if slices.Contains(targets, outcome) {
			return 1
		}
	}
	if slices.Contains(unwanted, strings.ToLower(outcome)) {
		return -1
	}
	return 0
}

// Row is one outcome of one arm beside its reference.
type Row struct {
	Experiment, Source, Scenario string
	Arm, Reference, Outcome      string
	Days                         int64
	N, NReference                int64
	Assigned, AssignedReference  int64
	Mean, MeanReference          float64
	Difference                   suffstat.Estimate // of means, 95 %
	Adjusted                     suffstat.Estimate // with the same behaviour before as covariate: what the verdict goes by
	Relative                     suffstat.Estimate
	Winsorised                   suffstat.Estimate
	Observed                     suffstat.Estimate // all assigned, as far as they could be seen
	Baseline                     suffstat.Estimate // MeanReference
	SE, P, Q                     float64           // of Difference
	AdjustedSE, AdjustedP        float64
	AdjustedQ, FamilyP           float64
	WinsorisedSE                 float64
	Correlation, DF              float64
	WelchSE, WelchP              float64
	Cap                          float64
	SRM                          float64 // p-value of the sample ratio
	Margin                       float64
	Decision                     analytics.Decision
	QEquivalence                 float64
	Needed                       int64
	Comparisons                  int
	Verdict                      string
	Caveats                      []string
	place                        int // of the outcome: the first one decides
	population, reached          int64
}

func (r *Row) caveat(key string) {
	if !slices.Contains(r.Caveats, key) {
		r.Caveats = append(r.Caveats, key)
	}
}

// Has tells whether a caveat is there.
func (r *Row) Has(key string) bool { return slices.Contains(r.Caveats, key) }

// Blocked tells that nothing may be read from the row: the split is not what it should be.
func (r *Row) Blocked() bool {
	return r.Verdict == BrokenRatio || r.Verdict == Unbalanced || r.Verdict == Contaminated
}

// Decided tells that the row says that the arms differ.
func (r *Row) Decided() bool {
	return r.Verdict == Win || r.Verdict == Loss || r.Verdict == Higher || r.Verdict == Lower
}

// Grade is A for a random split that passes its checks, D where no effect may be claimed.
func (r *Row) Grade() analytics.Grade {
	if r.Blocked() || !r.Adjusted.OK() || r.Verdict == NoEvents || r.Verdict == NoVariation {
		return analytics.GradeStructural
	}
	return analytics.GradeRandomized
}

// ArmRow is one arm of one experiment.
type ArmRow struct {
	Experiment, Source, Scenario, Name, Role string
	Arm                                      Arm
	Share, Planned                           float64
	Compared                                 int64
	Dated                                    bool
}

// Check is one gate of an experiment. Fields that do not apply are NaN or empty.
type Check struct {
	Experiment, Name, Item, Arm, Reference string
	Value                                  suffstat.Estimate // a number without interval has Lower = Upper = NaN
	Standardised, P, Adjusted              float64
	Passed                                 bool
	Note                                   string
}

// Model is what the tables and findings are made of.
type Model struct {
	Rows         []Row
	Arms         []ArmRow
	Checks       []Check
	Groups       []GroupRow
	NotFound     []string // experiments that audit.yaml names and the data do not have
	NamesLimited bool     // there are more event names than outcomes
}

// Fit estimates every experiment. Pure; the same counts in any order give the same model.
func Fit(c *Counts, opt Options) *Model {
	opt = opt.filled()
	f := fitter{opt: opt, m: &Model{}}
	order := make([]*Experiment, len(c.Experiments))
	for i := range c.Experiments {
		order[i] = &c.Experiments[i]
	}
	slices.SortFunc(order, func(a, b *Experiment) int { return strings.Compare(a.ID, b.ID) })
	for _, x := range order {
		f.experiment(x)
	}
	for _, d := range opt.Setup.Experiments {
		if !slices.ContainsFunc(order, func(x *Experiment) bool { return x.ID == d.ID && x.Source == FromAssignments }) {
			f.m.NotFound = append(f.m.NotFound, d.ID)
			f.check(Check{Experiment: d.ID, Name: "not_found", Value: none(), Standardised: math.NaN(), P: math.NaN(), Adjusted: math.NaN(), Note: "not_in_data"})
		}
	}
	f.families()
	f.verdicts()
	f.interactions()
	return f.m
}

type fitter struct {
	opt Options
	m   *Model
}

func (f *fitter) check(c Check) { f.m.Checks = append(f.m.Checks, c) }

func none() suffstat.Estimate { return suffstat.NotEstimable("", tableLevel, suffstat.ErrNoData) }

// plain is a number without interval.
func plain(x float64) suffstat.Estimate {
	if math.IsNaN(x) {
		return none()
	}
	return suffstat.Estimate{Value: x, Lower: math.NaN(), Upper: math.NaN()}
}

// trial is an experiment while it is being estimated.
type trial struct {
	*Experiment
	def     Definition
	in      []int // indices of the arms of the test
	ref     int   // index of the reference arm, -1 for every pair
	pairs   [][2]int
	open    bool // those whose window is open are compared too
	srm     float64
	planned map[int]float64
	caveats []string
	stop    string // verdict of every row when nothing may be read
}

func (f *fitter) experiment(x *Experiment) {
	t := &trial{Experiment: x, ref: -1, srm: math.NaN(), planned: map[int]float64{}}
	if x.Source == FromAssignments {
		t.def, _ = f.opt.Setup.find(x.ID)
	}
	for i, a := range x.Arms {
		if a.Out {
			t.caveat("out_of_test")
		} else {
			t.in = append(t.in, i)
		}
	}
	f.reference(t)
	f.sampleRatio(t)
	f.window(t)
	f.gates(t)
	f.balance(t)
	if len(t.def.Outcomes) == 0 && x.EventNames > int64(len(x.Events)) {
		f.m.NamesLimited = true
	}
	f.armRows(t)
	for _, p := range t.pairs {
		for place, o := range f.outcomes(t) {
			f.row(t, p[0], p[1], place, o)
		}
	}
	if len(t.pairs) == 0 {
		f.alone(t)
	}
	if t.stop == "" {
		f.groups(t)
	}
}

func (t *trial) caveat(key string) {
	if !slices.Contains(t.caveats, key) {
		t.caveats = append(t.caveats, key)
	}
}

// references are the names of arms that others are compared with, first match wins.
var references = []string{"control", "holdout", "hold-out", "hold_out", "reference"}

// reference chooses the arm to compare with and the pairs of arms.
func (f *fitter) reference(t *trial) {
	note := "every_pair"
	if t.def.Reference != "" {
		note = "reference_not_in_data"
		for _, fold := range []bool{false, true} {
			for _, i := range t.in {
				if t.ref < 0 && (t.Arms[i].Name == t.def.Reference || fold && strings.EqualFold(t.Arms[i].Name, t.def.Reference)) {
					t.ref, note = i, "configured"
				}
			}
		}
	} else {
		for _, name := range references {
			for _, i := range t.in {
				if t.ref < 0 && strings.EqualFold(strings.TrimSpace(t.Arms[i].Name), name) {
					t.ref, note = i, "by_name"
				}
			}
		}
	}
	switch {
	case t.ref >= 0:
		for _, i := range t.in {
			if i != t.ref {
				t.pairs = append(t.pairs, [2]int{i, t.ref})
			}
		}
	case note == "every_pair":
		for j, a := range t.in {
			for _, b := range t.in[j+1:] {
				t.pairs = append(t.pairs, [2]int{b, a})
			}
		}
		if len(t.pairs) > 0 {
			t.caveat("all_pairs")
		}
	}
	if len(t.pairs) > 1 {
		t.caveat("several_arms")
	}
	if t.Source == FromAssignments {
		t.caveat("all_assigned")
	}
	name := ""
	if t.ref >= 0 {
		name = t.Arms[t.ref].Name
	}
	f.check(Check{Experiment: t.ID, Name: "reference", Reference: name, Value: none(), Standardised: math.NaN(), P: math.NaN(), Adjusted: math.NaN(), Passed: note != "reference_not_in_data", Note: note})
}

// alone says why an experiment has nothing to compare.
func (f *fitter) alone(t *trial) {
	for place, o := range f.outcomes(t) {
		for _, i := range t.in {
			r := f.blank(t, i, -1, place, o)
			r.Verdict = OneArm
			if t.def.Reference != "" && t.ref < 0 {
				r.Verdict, r.Reference = NoMembers, t.def.Reference
			}
			all := t.values.compared(o.key, t.open, i)
			if total, ok := suffstat.Merge(all); ok && total[0].N > 0 {
				r.N, r.Mean = total[0].N, total[0].MeanY
			}
			f.m.Rows = append(f.m.Rows, r)
		}
	}
}

// outcome is what is compared, with its key in the reduced tables.
type outcome struct {
	name string
	key  int64
}

// outcomes in the order of what decides: as audit.yaml lists them, else order, revenue, then the events by name.
func (f *fitter) outcomes(t *trial) []outcome {
	keys := map[string]int64{Order: keyOrder, Orders: keyOrders, Revenue: keyRevenue}
	for _, e := range t.Events {
		keys[e.Name] = e.Key
	}
	var out []outcome
	if len(t.def.Outcomes) > 0 {
		for _, name := range t.def.Outcomes {
			key, ok := keys[name]
			if !ok {
				key = -1 // an event that never happened
			}
			if !slices.ContainsFunc(out, func(o outcome) bool { return o.name == name }) {
				out = append(out, outcome{name, key})
			}
		}
		return out
	}
	out = []outcome{{Order, keyOrder}, {Revenue, keyRevenue}}
	events := slices.Clone(t.Events)
	slices.SortFunc(events, func(a, b Event) int { return strings.Compare(a.Name, b.Name) })
	for _, e := range events {
		out = append(out, outcome{e.Name, e.Key})
	}
	return out
}

// blank is the row of a comparison before anything is estimated; reference -1 is none.
func (f *fitter) blank(t *trial, arm, reference, place int, o outcome) Row {
	nan := math.NaN()
	r := Row{Experiment: t.ID, Source: t.Source, Scenario: t.Scenario, Arm: t.Arms[arm].Name, Outcome: o.name, Days: t.Days, Assigned: t.Arms[arm].Assigned(), Mean: nan, MeanReference: nan,
		Difference: none(), Adjusted: none(), Relative: none(), Winsorised: none(), Observed: none(), Baseline: none(), SE: nan, P: nan, Q: nan, AdjustedSE: nan, AdjustedP: nan, AdjustedQ: nan, FamilyP: nan, WinsorisedSE: nan,
		Correlation: nan, DF: nan, WelchSE: nan, WelchP: nan, Cap: nan, SRM: t.srm, Margin: nan, Decision: analytics.Decision{PEquivalence: nan, PDifference: nan}, QEquivalence: nan,
		Comparisons: len(t.pairs), Caveats: slices.Clone(t.caveats), place: place}
	if reference >= 0 {
		r.Reference, r.AssignedReference = t.Arms[reference].Name, t.Arms[reference].Assigned()
		days := max(t.Arms[arm].LastDay, t.Arms[reference].LastDay) - min(t.Arms[arm].FirstDay, t.Arms[reference].FirstDay) + 1
		r.population, r.reached = perQuarter(r.AssignedReference, days), perQuarter(r.Assigned, days)
	}
	return r
}

// perQuarter scales a count over days to 91 days; a span shorter than a quarter is not stretched.
func perQuarter(n, days int64) int64 {
	return int64(math.Round(float64(n) * 91 / math.Max(91, float64(days))))
}

// nobody tells why an arm has no customers to compare; "" when it has.
func nobody(a *Arm) string {
	switch {
	case a.Seen() > 0:
		return ""
	case a.States[stateAfter] > 0 && a.States[stateAfter] >= a.States[stateBefore]:
		return AfterData
	case a.States[stateBefore] > 0:
		return BeforeData
	}
	return NoMembers
}

func (f *fitter) row(t *trial, arm, reference, place int, o outcome) {
	r := f.blank(t, arm, reference, place, o)
	defer func() { f.m.Rows = append(f.m.Rows, r) }()
	for _, i := range []int{arm, reference} {
		if why := nobody(&t.Arms[i]); why != "" {
			r.Verdict = why
			return
		}
	}
	unit := f.opt.unit(o.name)
	buckets := t.values.compared(o.key, t.open, arm, reference)
	c := suffstat.CompareArms(buckets, 0, 1, tableLevel)
	r.N, r.NReference, r.Mean, r.MeanReference, r.DF = c.N, c.NReference, c.Mean, c.MeanReference, c.DF
	if c.N == 0 || c.NReference == 0 {
		r.Verdict = NoMembers // those there are have no window that is over
		return
	}
	n := c.N + c.NReference
	r.Difference, r.SE, r.P = doubt(c.Difference, c.SE, c.P, n, unit)
	r.Adjusted, r.AdjustedSE, r.AdjustedP = doubt(c.Adjusted, c.AdjustedSE, c.AdjustedP, n, unit)
	r.Baseline = baseline(buckets, unit).Of(c.NReference, unit)
	r.Relative, r.Correlation = c.Relative.Of(n, "share"), c.Correlation
	if c.WelchSE > 0 {
		r.WelchSE, r.WelchP = c.WelchSE, math.Min(1, 2*suffstat.TSurvival(math.Abs(c.Difference.Value)/c.WelchSE, c.WelchDF))
	}
	r.Margin = f.opt.margin(o.name, c.MeanReference)
	switch {
	case c.Mean == 0 && c.MeanReference == 0:
		r.Verdict = NoEvents
	case math.IsNaN(r.AdjustedSE):
		r.Verdict = NoVariation
		r.caveat("no_variation")
	}
	if o.key == keyRevenue {
		r.winsorise(t, arm, reference, unit)
	}
	if !t.open && t.Arms[arm].States[stateOpen]+t.Arms[reference].States[stateOpen] > 0 {
		all := suffstat.CompareArms(t.values.compared(o.key, true, arm, reference), 0, 1, tableLevel)
		r.Observed, _, _ = doubt(all.Difference, all.SE, all.P, all.N+all.NReference, unit)
	}
	if r.Verdict == "" {
		r.decide(t, arm, reference, o, c)
	}
	if t.stop != "" {
		r.Verdict = t.stop
	}
}

// doubt is an estimate with its standard error and p-value; without any variation there is neither.
func doubt(e suffstat.Estimate, se, p float64, n int64, unit string) (suffstat.Estimate, float64, float64) {
	e = e.Of(n, unit)
	if !(se > 1e-12*math.Abs(e.Value)) || !analytics.Finite(se) || !analytics.Finite(p) {
		e.Lower, e.Upper = math.NaN(), math.NaN()
		return e, math.NaN(), math.NaN()
	}
	return e, se, p
}

func (r *Row) winsorise(t *trial, arm, reference int, unit string) {
	if t.values.sums[keyWinsorised] == nil {
		return
	}
	c := suffstat.CompareArms(t.values.compared(keyWinsorised, t.open, arm, reference), 0, 1, tableLevel)
	r.Winsorised, r.WinsorisedSE, _ = doubt(c.Adjusted, c.AdjustedSE, c.AdjustedP, c.N+c.NReference, unit)
	r.Cap = t.Cap
}

// decide judges the adjusted difference.
func (r *Row) decide(t *trial, arm, reference int, o outcome, c suffstat.ArmComparison) {
	// Money and orders have no events of their own: customers with orders stand behind them.
	events := map[int]int64{}
	key := o.key
	if key == keyRevenue || key == keyOrders {
		key = keyOrder
	}
	for _, i := range []int{arm, reference} {
		if total, ok := suffstat.Merge(t.values.compared(key, t.open, i)); ok {
			events[i] = int64(math.Round(total[0].MeanY * float64(total[0].N)))
		}
	}
	// Clusters leave as much doubt as fewer independent customers would.
	inflation := 1.
	if r.WelchSE > 0 && r.SE > r.WelchSE {
		inflation = r.SE * r.SE / (r.WelchSE * r.WelchSE)
	}
	r.Decision = analytics.Decide(analytics.Comparison{Difference: r.Adjusted.Value, SE: r.AdjustedSE, DF: c.DF, Margin: r.Margin, Directional: true, Buckets: c.Buckets,
		Sides: []analytics.Side{{Customers: c.N, Effective: float64(c.N) / inflation, Events: events[arm]}, {Customers: c.NReference, Effective: float64(c.NReference) / inflation, Events: events[reference]}}})
	r.Needed = r.Decision.Needed
}

// families gives q-values over all rows that may be read, and Holm's p-values over the arms of an outcome.
func (f *fitter) families() {
	var at []int
	var p, adjusted, equal []float64
	arms := map[[2]string][]int{}
	for i := range f.m.Rows {
		r := &f.m.Rows[i]
		if math.IsNaN(r.AdjustedP) || r.Blocked() {
			continue
		}
		at = append(at, i)
		p, adjusted, equal = append(p, r.P), append(adjusted, r.AdjustedP), append(equal, r.Decision.PEquivalence)
		arms[[2]string{r.Experiment, r.Outcome}] = append(arms[[2]string{r.Experiment, r.Outcome}], i)
	}
	q, qa, qe := suffstat.BH(p), suffstat.BH(adjusted), suffstat.BH(equal)
	for k, i := range at {
		f.m.Rows[i].Q, f.m.Rows[i].AdjustedQ, f.m.Rows[i].QEquivalence = q[k], qa[k], qe[k]
	}
	for _, rows := range arms {
		var own []float64
		for _, i := range rows {
			own = append(own, f.m.Rows[i].AdjustedP)
		}
		for k, x := range suffstat.Holm(own) {
			f.m.Rows[rows[k]].FamilyP = x
		}
	}
}

// verdicts turns decisions into words. A difference counts only when it also holds among all comparisons of the audit and among the arms of the experiment.
func (f *fitter) verdicts() {
	for i := range f.m.Rows {
		r := &f.m.Rows[i]
		if r.Verdict != "" {
			continue
		}
		switch d := r.Decision; {
		case d.Verdict == analytics.InsufficientData:
			r.Verdict = FewData
		case d.Verdict == analytics.Equivalent && r.QEquivalence <= f.opt.FDR:
			r.Verdict = Equivalent
		case d.Verdict == analytics.Different && r.AdjustedQ <= f.opt.FDR && r.FamilyP <= f.opt.FDR:
			r.Verdict = f.direction(r)
		default:
			r.Verdict = Undecided
			if r.Needed == 0 {
				r.Needed = f.needs(r)
			}
		}
	}
}

func (f *fitter) direction(r *Row) string {
	up := r.Adjusted.Value > 0
	switch good := f.opt.good(r.Outcome); {
	case good == 0 && up:
		return Higher
	case good == 0:
		return Lower
	case up == (good > 0):
		return Win
	}
	return Loss
}

// needs is the number of customers in the smaller arm at which a difference as large as the one seen would also hold among so many comparisons, with 80 % power.
func (f *fitter) needs(r *Row) int64 {
	if !(r.AdjustedP > 0) || r.Adjusted.Value == 0 {
		return 0
	}
	correction := math.Max(1, math.Max(r.AdjustedQ, r.FamilyP)/r.AdjustedP)
	z := suffstat.NormalQuantile(1-f.opt.FDR/correction/2) + suffstat.NormalQuantile(.8)
	k := z * r.AdjustedSE / r.Adjusted.Value
	n := min(r.N, r.NReference)
	if need := math.Ceil(k * k * float64(n)); need > float64(n) && need < 1e12 {
		return int64(need)
	}
	return 0
}

func (f *fitter) armRows(t *trial) {
	var total int64
	for _, i := range t.in {
		total += t.Arms[i].Assigned()
	}
	for i, a := range t.Arms {
		row := ArmRow{Experiment: t.ID, Source: t.Source, Scenario: t.Scenario, Name: a.Name, Role: roleTreated, Arm: a, Share: math.NaN(), Planned: math.NaN(), Dated: a.dated}
		switch {
		case a.Out:
			row.Role = roleOut
		case i == t.ref:
			row.Role = roleReference
		}
		if !a.Out && total > 0 {
			row.Share = float64(a.Assigned()) / float64(total)
			row.Compared = a.States[stateOver]
			if t.open {
				row.Compared = a.Seen()
			}
		}
		if p, ok := t.planned[i]; ok {
			row.Planned = p
		}
		f.m.Arms = append(f.m.Arms, row)
	}
	missing := map[string]float64{}
	for name, share := range t.def.Shares {
		missing[name] = share
	}
	if t.def.Reference != "" && t.ref < 0 {
		if _, ok := missing[t.def.Reference]; !ok {
			missing[t.def.Reference] = math.NaN()
		}
	}
	var sum float64
	for _, name := range slices.Sorted(maps.Keys(t.def.Shares)) {
		sum += t.def.Shares[name]
	}
	for name, share := range missing {
		if !slices.ContainsFunc(t.Arms, func(a Arm) bool { return a.Name == name }) {
			f.m.Arms = append(f.m.Arms, ArmRow{Experiment: t.ID, Source: t.Source, Scenario: t.Scenario, Name: name, Role: roleMissing, Share: 0, Planned: share / sum})
		}
	}
	slices.SortFunc(f.m.Arms, func(a, b ArmRow) int {
		return cmp.Or(strings.Compare(a.Experiment, b.Experiment), strings.Compare(a.Name, b.Name))
	})
}

// baseline is the mean of the second arm with its interval. A share has Wilson's, which stays open where nobody, or everybody, did it.
func baseline(buckets []suffstat.Arms, unit string) suffstat.Estimate {
	if unit != "share" {
		return suffstat.Jackknife(buckets, func(a suffstat.Arms) float64 {
			if a[1].N == 0 {
				return math.NaN()
			}
			return a[1].MeanY
		}, tableLevel)
	}
	counts := make([]suffstat.Ratio, len(buckets))
	var customers int64
	for i, b := range buckets {
		if !b.Empty() {
			counts[i] = suffstat.Ratio{Num: int64(math.Round(float64(b[1].N) * b[1].MeanY)), Den: b[1].N}
			customers += b[1].N
		}
	}
	return suffstat.Rate(counts, customers, tableLevel).Estimate
}
