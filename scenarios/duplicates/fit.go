package duplicates

import (
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Verdicts on a pair.
const (
	Duplicate = "duplicate"  // the same audience, timing, content and logic
	Subset    = "subset"     // the same timing, content and logic for a part of the other one's audience
	SameLogic = "same_logic" // the same timing, content and logic for another audience
	Collision = "collision"  // the same audience and timing, other content
	Different = "different"
	Undecided = "undecided"
)

// Answers on the response of customers.
const (
	ResponseEqual        = "equal"
	ResponseDifferent    = "different"
	ResponseInconclusive = "inconclusive"
	ResponseInsufficient = "insufficient_data"
)

// Default margins of equal response, shares (contract: decision.equivalence).
const (
	defaultClick = .01
	defaultOrder = .01
)

// Options is what Fit and Findings need besides the counts.
type Options struct {
	Thresholds   Thresholds
	Defined      map[string]analytics.Scenario // definitions by scenario id; may be nil
	MinCustomers int64                         // fewer customers on one side give no verdict
	FDR          float64
	Level        float64            // of expected effects
	Margins      map[string]float64 // ctr, order_rate
	MessageCost  map[string]float64 // channel -> currency units per message
	Currency     string
	Days         float64 // of the audited period
}

func (o Options) filled() (Options, error) {
	if o.Thresholds == (Thresholds{}) {
		o.Thresholds = DefaultThresholds()
	}
	var err error
	o.Thresholds.Each(func(key string, v float64) {
		if !(v >= 0 && v <= 1) && err == nil {
			err = fmt.Errorf("fit duplicates: threshold %s is %v, not between 0 and 1", key, v)
		}
	})
	if o.MinCustomers <= 0 {
		o.MinCustomers = 100
	}
	if !(o.FDR > 0 && o.FDR < 1) {
		o.FDR = .05
	}
	if !(o.Level > 0 && o.Level < 1) {
		o.Level = .90
	}
	if !(o.Days > 0) {
		o.Days = 91
	}
	return o, err
}

func (o Options) margin(metric string, fallback float64) float64 {
	if m, ok := o.Margins[metric]; ok && m > 0 {
		return m
	}
	return fallback
}

// Model is the pairs that may be the same, and the groups that they make.
type Model struct {
	Scenarios []Scenario
	Pairs     []Pair // in the order of scenario ids
	Groups    []Group
	Compared  int // all pairs that were compared
	Cut       bool
	shared    map[[2]int]*Shared
}

// Pair is two scenarios with their similarities; NaN where a part is not known.
type Pair struct {
	A, B                       int // places in Model.Scenarios
	Smaller                    int // the one with less person-time; A when equal
	CustomersA, CustomersB     int64
	CustomersBoth              int64
	Audience, Containment      suffstat.Estimate
	Timing, Delay, Sequence    float64
	Content                    float64
	ContentSource, LogicSource string
	Logic                      float64
	Similarity                 float64
	Verdict, Reason            string
	Needed                     int64 // customers of the smaller one that would decide; 0: none or not a matter of numbers
	StepsA, StepsB             int
	Response                   Response
	Group                      int // number of its group, 0 for none
}

// Response says whether customers respond alike. The zero value: not asked.
type Response struct {
	Verdict    string
	Needed     int64
	P, Q       float64
	Click      Rates
	Goal       Rates
	GoalName   string
	GoalDays   int64
	Comparable bool // the goals of both are the same
}

// Rates is two shares and their difference; NaN when not measured.
type Rates struct{ A, B, Difference suffstat.Estimate }

// Group is scenarios of which every two are the same.
type Group struct {
	Number     int
	Kind       string // Duplicate or SameLogic
	Members    []int  // places in Model.Scenarios
	Keep       int    // the member with the most person-time
	Similarity float64
}

// Fit compares every pair of scenarios. Cost: all pairs for timing and content on reduced tables (300 scenarios: 44,850 pairs), the jackknife only for
// pairs that share a good part of their time.
func Fit(c *Counts, opt Options) (*Model, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	m := &Model{Scenarios: c.Scenarios, shared: map[[2]int]*Shared{}}
	for i := range c.Shared {
		s := &c.Shared[i]
		m.shared[[2]int{s.A, s.B}] = s
	}
	m.Cut = len(c.Shared) >= mostPairs
	f := fitter{m: m, opt: opt, lib: newLibrary(c.Templates), chains: make([]chain, len(c.Scenarios)), rules: make([][]string, len(c.Scenarios))}
	for i := range c.Scenarios {
		f.chains[i] = newChain(&c.Scenarios[i])
		f.rules[i] = predicates(opt.Defined[c.Scenarios[i].ID])
	}
	for a := range c.Scenarios {
		for b := a + 1; b < len(c.Scenarios); b++ {
			f.pair(a, b)
		}
	}
	f.responses()
	f.groups()
	return m, nil
}

// The limits of red_dup_pairs and of fct_dup_scope.
const (
	mostPairs     = 200000
	mostScenarios = 1000
)

type fitter struct {
	m      *Model
	opt    Options
	lib    *library
	chains []chain
	rules  [][]string
}

// pair compares two scenarios and keeps them when they share a good part of their time, or timing and content.
func (f *fitter) pair(a, b int) {
	x, y := &f.m.Scenarios[a], &f.m.Scenarios[b]
	if x.looked() == 0 || y.looked() == 0 {
		return // nobody was in it in the audited window
	}
	f.m.Compared++
	shared := f.m.shared[[2]int{a, b}]
	isClose := shared != nil && shared.Close
	delay, sequence := timingSimilar(x, y, f.chains[a], f.chains[b])
	timing := (delay + sequence) / 2
	th := f.opt.Thresholds
	if !isClose && !(timing >= th.Timing) {
		return
	}
	base := baseOf(x, y)
	if base == "" {
		base = baseFirst
	}
	stepsA, stepsB := f.chains[a].steps[base], f.chains[b].steps[base]
	content, source := math.NaN(), sourceUnknown
	if f.chains[a].known && f.chains[b].known {
		content, source = f.lib.contentSimilar(stepsA, stepsB), weaker(f.lib.source(stepsA), f.lib.source(stepsB))
	}
	if !isClose && !(content >= th.Content) {
		return
	}
	p := Pair{A: a, B: b, Smaller: a, CustomersA: x.customers(), CustomersB: y.customers(), Timing: timing, Delay: delay, Sequence: sequence, Content: content, ContentSource: source,
		StepsA: len(stepsA), StepsB: len(stepsB)}
	if y.seconds() < x.seconds() {
		p.Smaller = b
	}
	if shared != nil {
		p.CustomersBoth = shared.customers(x)
	}
	p.Audience, p.Containment = audience(x, y, shared)
	l := logicSimilar(x, y, f.rules[a], f.rules[b], shared)
	p.Logic, p.LogicSource = l.value, l.source
	p.Similarity = math.Pow(p.Audience.Value*p.Timing*p.Content*p.Logic, .25)
	p.Verdict, p.Reason, p.Needed = decide(p, l.smaller, f.opt)
	f.m.Pairs = append(f.m.Pairs, p)
}

// weaker names the less sure of two sources.
func weaker(a, b string) string {
	order := []string{sourceUnknown, sourceTemplate, sourceHash, sourceText}
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}

// audience estimates the shared person-time as a share of all person-time of the two (Jaccard) and of the smaller one's (containment).
//
// The interval is that of suffstat.Rate over buckets of customers: Wilson at the effective number of customers. A pair that shares less than a twentieth of the
// smaller one's time is not looked at bucket by bucket: there the customers of the smaller one stand for the effective number, which at shares near 0
// is the rule for x = 0 as well.
func audience(x, y *Scenario, p *Shared) (jaccard, containment suffstat.Estimate) {
	sx, sy := x.looked(), y.looked()
	smaller, least := x, min(sx, sy)
	if sy < sx {
		smaller = y
	}
	var both, shared int64
	if p != nil {
		both, shared = p.Seconds, p.customers(x)
	}
	if p == nil || !p.Close {
		n := smaller.customers()
		of := func(share float64) suffstat.Estimate {
			lo, hi := suffstat.WilsonInterval(share, float64(n), .95)
			return suffstat.Estimate{Value: share, Lower: lo, Upper: hi, Level: .95, N: n, Unit: "share", Method: "wilson customers"}
		}
		return of(float64(both) / float64(sx+sy-both)), of(float64(both) / float64(least))
	}
	var j, k [Buckets]suffstat.Ratio
	for g := range x.Looked {
		j[g] = suffstat.Ratio{Num: p.Buckets[g], Den: x.Seconds[g] + y.Seconds[g] - p.Buckets[g]}
		k[g] = suffstat.Ratio{Num: p.Buckets[g], Den: smaller.Seconds[g]}
	}
	return suffstat.Rate(j[:], x.customers()+y.customers()-shared, .95).Estimate, suffstat.Rate(k[:], smaller.customers(), .95).Estimate
}

// customers is how many customers were in both at once: counted, or projected from the buckets that were looked at.
func (p *Shared) customers(a *Scenario) int64 { return p.Customers * Buckets / int64(max(a.Looked, 1)) }

// decide gives the verdict, the part that decided or is missing, and the number of customers that would decide.
//
// Timing decides first, because every other verdict needs it. The audience is the same (value and lower end), within (containment of the smaller one, with
// as much room below as audience_lower leaves below audience), another one (value and upper end), between these, or not yet known: then the
// verdict waits. Content that is known by template ids only may be the same in spite of different ids: then it is not known.
func decide(p Pair, logicOfSmaller float64, opt Options) (verdict, reason string, needed int64) {
	th := opt.Thresholds
	least := p.CustomersA
	if p.CustomersB < least {
		least = p.CustomersB
	}
	ofSmaller := p.CustomersA
	if p.Smaller == p.B {
		ofSmaller = p.CustomersB
	}
	if p.Timing < th.Timing {
		return Different, "timing", 0
	}
	if least < opt.MinCustomers {
		return Undecided, "few_customers", opt.MinCustomers
	}
	if p.ContentSource == sourceTemplate && p.Content < th.Content {
		p.Content = math.NaN() // other template ids may be copies of one text
	}
	a, k := p.Audience, p.Containment
	same := a.Value >= th.Audience && a.Lower >= th.AudienceLower
	within := k.Value >= th.Containment && k.Lower >= th.Containment-(th.Audience-th.AudienceLower)
	other := a.Value < th.OtherAudience && !(a.Upper >= th.OtherAudience)
	wait, factor := audienceOpen(a, k, th)
	if same || within || other {
		wait = false
	}
	need := scaled(ofSmaller, factor)
	overlaps := same || within || wait && a.Value >= th.OtherAudience
	switch {
	case math.IsNaN(p.Timing):
		if p.Content < th.Content || p.Logic < th.Logic {
			return Different, "content", 0
		}
		return Undecided, "timing_unknown", 0
	case p.Content < th.Content && same:
		return Collision, "content", 0
	case p.Content < th.Content && wait && a.Value >= th.Audience:
		return Undecided, "audience", need
	case p.Content < th.Content:
		return Different, "content", 0
	case math.IsNaN(p.Content) && overlaps:
		return Undecided, "content_unknown", 0
	case math.IsNaN(p.Content):
		return Different, "audience", 0
	case p.Logic < th.Logic && !(within && !same && logicOfSmaller >= th.Logic):
		return Different, "logic", 0
	case same && p.Logic >= th.Logic:
		return Duplicate, "all", 0
	case within && logicOfSmaller >= th.Logic:
		return Subset, "all", 0
	case math.IsNaN(p.Logic) && (overlaps || other):
		return Undecided, "logic_unknown", 0
	case other:
		return SameLogic, "all", 0
	case wait:
		return Undecided, "audience", need
	}
	return Different, "audience", 0
}

// audienceOpen tells whether the interval still allows another answer, and by which factor it would have to shrink.
func audienceOpen(a, k suffstat.Estimate, th Thresholds) (open bool, factor float64) {
	switch {
	case a.Value >= th.Audience: // the lower end is too low
		return true, (a.Value - a.Lower) / (a.Value - th.AudienceLower)
	case k.Value >= th.Containment:
		return true, (k.Value - k.Lower) / (k.Value - th.Containment + th.Audience - th.AudienceLower)
	case a.Upper >= th.Audience:
		return true, (a.Upper - a.Value) / (th.Audience - a.Value)
	case k.Upper >= th.Containment:
		return true, (k.Upper - k.Value) / (th.Containment - k.Value)
	case a.Value < th.OtherAudience && a.Upper >= th.OtherAudience:
		return true, (a.Upper - a.Value) / (th.OtherAudience - a.Value)
	}
	return false, 1
}

// scaled returns the customers at which an interval is factor times narrower; 0 when no number would do.
func scaled(n int64, factor float64) int64 {
	need := math.Ceil(float64(n) * factor * factor)
	if !analytics.Finite(need) || need > 1e12 {
		return 0
	}
	return max(n+1, int64(need))
}

// groups finds the complete-linkage groups of duplicates (with subsets) and those of the same logic.
func (f *fitter) groups() {
	at := map[[2]int]*Pair{}
	for i := range f.m.Pairs {
		at[[2]int{f.m.Pairs[i].A, f.m.Pairs[i].B}] = &f.m.Pairs[i]
	}
	for _, kind := range []string{Duplicate, SameLogic} {
		joined := func(p *Pair) bool {
			return p != nil && (p.Verdict == Duplicate || p.Verdict == Subset || kind == SameLogic && p.Verdict == SameLogic)
		}
		var places []int // scenarios that any pair joins, in order
		for _, p := range f.m.Pairs {
			if joined(&p) {
				places = append(places, p.A, p.B)
			}
		}
		slices.Sort(places)
		places = slices.Compact(places)
		n := len(places)
		joins := suffstat.CompleteLinkage(n, func(i, j int) float64 {
			if p := at[[2]int{places[i], places[j]}]; joined(p) {
				return 1 - p.Similarity
			}
			return math.Inf(1)
		})
		members := make([][]int, n)
		for i, label := range suffstat.CutJoins(n, joins, 1) {
			members[label] = append(members[label], places[i])
		}
		for _, m := range members {
			f.group(kind, m, at)
		}
	}
}

// group adds a group of two or more members; one of the same logic only when some pair in it is no duplicate.
func (f *fitter) group(kind string, members []int, at map[[2]int]*Pair) {
	if len(members) < 2 {
		return
	}
	g := Group{Number: len(f.m.Groups) + 1, Kind: kind, Members: members, Keep: members[0], Similarity: math.Inf(1)}
	news := kind == Duplicate
	for i, a := range members {
		if f.m.Scenarios[a].seconds() > f.m.Scenarios[g.Keep].seconds() {
			g.Keep = a
		}
		for _, b := range members[i+1:] {
			p := at[[2]int{a, b}]
			g.Similarity = math.Min(g.Similarity, p.Similarity)
			news = news || p.Verdict == SameLogic
		}
	}
	if !news {
		return
	}
	f.m.Groups = append(f.m.Groups, g)
	for i, a := range members {
		for _, b := range members[i+1:] {
			if p := at[[2]int{a, b}]; p.Group == 0 {
				p.Group = g.Number
			}
		}
	}
}

// GroupOf returns the group of a pair, nil without one.
func (m *Model) GroupOf(p Pair) *Group {
	if p.Group == 0 {
		return nil
	}
	return &m.Groups[p.Group-1]
}
