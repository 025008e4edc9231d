package overlap

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The numbers that decide. All are judgement (statistics 12), printed in the report and held by the bench.
const (
	// TableLevel is the level of every interval in the result tables.
	TableLevel = .95
	// equalWithin: observed and expected that differ by less than 10 % count as equal.
	equalWithin = 1.10
	// harmTime and harmMessages are the ratios from which a pair is a conflict: time at once, and collisions. Engagement alone (who is active
	// triggers more of everything) makes chains meet up to 1.4 times as often as their strata explain, so the bound for time lies above that. That for
	// collisions is smaller because their ratio cannot exceed 1 / chance: 3.7 at 24 hours, 1.5 at three days.
	harmTime, harmMessages = 1.5, 1.25
	// floorCustomers is how many customers must be hit or in both at once for a conflict.
	floorCustomers = 30
	// contradictoryShare is the share of the smaller scenario's time from which contradictory roles at once are more than an exit that comes an hour late.
	contradictoryShare = .01
	// inversionShare is the share of collisions in which the lower priority may go first before it is a finding.
	inversionShare = .10
)

// Options of Fit and Findings.
type Options struct {
	Scenarios []analytics.Scenario // the definitions of audit.yaml
	FDR       float64              // of the confirmed list; 0 means .05
}

// The answers to "more or less than expected".
const (
	VerdictAbove        = "above"
	VerdictBelow        = "below"
	VerdictEquivalent   = "equivalent"
	VerdictInconclusive = "inconclusive"
	VerdictFew          = "insufficient_data"
)

// The verdicts of a pair.
const (
	Conflict   = "conflict"
	Complement = "complement"
	None       = "none"
	Undecided  = "undecided"
)

// Ratio is observed over expected with its doubt. NaN where it could not be estimated.
type Ratio struct {
	Value, Lower, Upper float64
	LogSE, DF           float64 // NaN for a Poisson interval
	P, Q, QAny          float64 // of ratio = 1; q by Benjamini-Hochberg and Benjamini-Yekutieli over all pairs
	Verdict, Method     string
	Needed              int64 // customers at which it could be decided whether it is a harm; 0 = decided or not known
	Customers           int64
}

func noRatio() Ratio {
	n := math.NaN()
	return Ratio{n, n, n, n, n, n, n, n, VerdictFew, "", 0, 0}
}

// At returns the ratio with an interval of another level, for selected rows (false-coverage rate).
func (r Ratio) At(level float64) suffstat.Estimate {
	e := suffstat.Estimate{Value: r.Value, Lower: r.Lower, Upper: r.Upper, Level: TableLevel, N: r.Customers, Unit: "ratio", Method: r.Method}
	if h := suffstat.TQuantile((1+level)/2, r.DF) * r.LogSE; analytics.Finite(h) {
		e.Level, e.Lower, e.Upper = level, r.Value*math.Exp(-h), r.Value*math.Exp(h)
	}
	return e
}

// Pair is one pair of scenarios, A before B.
type Pair struct {
	A, B                   string
	CustomersA, CustomersB int64
	RoleA, RoleB           string
	PriorityA, PriorityB   *int
	Contradictory          bool
	HandOver               string  // "declared a->b", "observed b->a" or ""
	TimeA, TimeB           float64 // customer-seconds
	Expected               float64 // customer-seconds at once; NaN when one is a calendar campaign
	Overlap                Ratio
	NearWeek               int64                 // collisions within one customer-week
	ExpectedNear           float64               // NaN when not estimable
	NearShare              suffstat.RateEstimate // of the pairs of messages in one customer-week
	Collision              Ratio
	First                  suffstat.RateEstimate
	Order                  string
	Ranked, Inverted       int64
	Inversion              suffstat.RateEstimate
	inverted               []suffstat.Ratio // Inversion by bucket
	Lost                   int64            // messages of the more important of the two that were not sent while the other wrote, though they could have gone
	InversionVerdict       analytics.Verdict
	InversionP, InversionQ float64
	Verdict, Reason        string
	Needed                 int64
	row                    *PairRow
	a, b                   int
	bulk                   bool
}

// Model is what the tables and findings are made of.
type Model struct {
	Pairs  []Pair // in the order of A, B
	Levels []LevelRow
	Grid   Grid
	Panel  float64 // customer-seconds
	Staged float64 // of them with a known stage
	Chains int     // scenarios with customers that are no calendar campaign
	Cut    bool    // more pairs share a customer than the tables hold
	FDR    float64

	Lost          []LostPair            // by Lost, Sent
	Reasons       []Reason              // of not sending, the commonest first; none: the exports hold no such messages
	LostShare     suffstat.RateEstimate // of the messages not sent that could have gone, those beside which a less important one went
	LostCustomers int64                 // customers of these
}

// maxPairs is the number of rows that scenarios.red_pair holds at most.
const maxPairs = 1_000_000

// fitter is Counts on the way to a Model.
type fitter struct {
	c   *Counts
	m   *Model
	opt Options
}

// Fit estimates and judges every pair. It is pure; empty input gives an empty model.
func Fit(c *Counts, opt Options) (*Model, error) {
	if opt.FDR == 0 {
		opt.FDR = .05
	}
	if !(opt.FDR > 0 && opt.FDR < 1) {
		return nil, fmt.Errorf("fit the pairs of scenarios: fdr is %g: must be between 0 and 1", opt.FDR)
	}
	f := &fitter{c: c, opt: opt, m: &Model{Levels: c.Levels, Grid: c.Grid, FDR: opt.FDR, Cut: len(c.Pairs) >= maxPairs}}
	for _, s := range c.Scenarios {
		if !s.Bulk && s.Customers > 0 {
			f.m.Chains++
		}
	}
	for _, l := range c.Levels {
		f.m.Panel += float64(l.Seconds)
	}
	f.describe()
	f.fitTime()
	f.fitMessages()
	f.fitLost()
	f.adjust()
	for i := range f.m.Pairs {
		f.decide(&f.m.Pairs[i])
	}
	return f.m, nil
}

// describe fills what is known of a pair without estimating.
func (f *fitter) describe() {
	defined := map[string]*analytics.Scenario{}
	for i := range f.opt.Scenarios {
		defined[f.opt.Scenarios[i].ID] = &f.opt.Scenarios[i]
	}
	nan := math.NaN()
	for i := range f.c.Pairs {
		r := &f.c.Pairs[i]
		a, b := f.c.Scenarios[r.A], f.c.Scenarios[r.B]
		p := Pair{
			A: a.ID, B: b.ID, CustomersA: a.Customers, CustomersB: b.Customers, Expected: nan, Overlap: noRatio(), ExpectedNear: nan, Collision: noRatio(),
			Order: OrderFew, InversionVerdict: analytics.InsufficientData, InversionP: nan, InversionQ: nan, row: r, a: r.A, b: r.B, bulk: a.Bulk || b.Bulk,
		}
		none := suffstat.RateEstimate{Estimate: suffstat.NotEstimable("", TableLevel, suffstat.ErrNoData), SE: nan}
		p.NearShare, p.First, p.Inversion = none, none, none
		p.HandOver = handOver(defined[a.ID], defined[b.ID], r)
		if d := defined[a.ID]; d != nil {
			p.RoleA, p.PriorityA = d.Role, d.Priority
		}
		if d := defined[b.ID]; d != nil {
			p.RoleB, p.PriorityB = d.Role, d.Priority
		}
		p.Contradictory = Contradict(p.RoleA, p.RoleB)
		f.m.Pairs = append(f.m.Pairs, p)
	}
	slices.SortFunc(f.m.Pairs, func(a, b Pair) int {
		if c := strings.Compare(a.A, b.A); c != 0 {
			return c
		}
		return strings.Compare(a.B, b.B)
	})
}

// Contradict tells whether two roles contradict each other at one customer at one time. A customer is either not yet one (acquisition), new (activation),
// active (retention, development) or gone (winback): chains of neighbouring phases may hand him over, chains of distant ones say opposite things.
//
//	             activation  retention  development  winback
//	acquisition  -           x          x            x
//	activation               -          -            x
//	retention                           -            x
//	development                                      x
//
// Service and information speak to anybody. An unknown role contradicts nothing.
func Contradict(a, b string) bool {
	phase := map[string]int{"acquisition": 1, "activation": 2, "retention": 3, "development": 3, "winback": 5}
	x, y := phase[a], phase[b]
	return x > 0 && y > 0 && max(x-y, y-x) >= 2
}

// handOver tells whether one of the two is meant to follow the other, or does: the lower limit of the share of common customers who come from one to the other
// within handover_days is above one half.
func handOver(a, b *analytics.Scenario, r *PairRow) string {
	switch {
	case a != nil && b != nil && slices.Contains(a.Next, b.ID):
		return "declared a->b"
	case a != nil && b != nil && slices.Contains(b.Next, a.ID):
		return "declared b->a"
	case r.Customers < floorCustomers:
	case suffstat.Wilson(r.AThenB, r.Customers, TableLevel).Lower > .5:
		return "observed a->b"
	case suffstat.Wilson(r.BThenA, r.Customers, TableLevel).Lower > .5:
		return "observed b->a"
	}
	return ""
}

// byPair lists the rows of a table by pair.
func (f *fitter) byPair(n int, of func(int) (int, int)) map[[2]int][]int {
	out := map[[2]int][]int{}
	for i := range n {
		a, b := of(i)
		out[[2]int{a, b}] = append(out[[2]int{a, b}], i)
	}
	return out
}

// ratio judges replicates of one ratio on the log against 1, events being what the ratio counts.
func (f *fitter) ratio(r suffstat.Replicates, buckets int, customers int64, effective float64, events int64) Ratio {
	out := noRatio()
	e := r.EstimateLog(0, TableLevel)
	out.Value, out.Lower, out.Upper, out.Method, out.Customers = e.Value, e.Lower, e.Upper, e.Method, customers
	if !e.OK() || !analytics.Finite(e.Lower) {
		return out
	}
	logs := r.Combine(func(v []float64) float64 { return math.Log(v[0]) })
	out.LogSE, out.DF = logs.SE(0), logs.DF()
	d := analytics.Decide(analytics.Comparison{
		Difference: logs.Value[0], SE: out.LogSE, DF: out.DF, Margin: math.Log(equalWithin), Directional: true, Buckets: buckets,
		Sides: []analytics.Side{{Customers: customers, Effective: effective, Events: events}},
	})
	if d.Verdict == analytics.InsufficientData {
		out.Needed = d.Needed
		return out
	}
	out.P = d.PDifference
	switch {
	case d.Verdict == analytics.Equivalent:
		out.Verdict = VerdictEquivalent
	case d.Verdict == analytics.Inconclusive:
		out.Verdict = VerdictInconclusive
	case out.Value > 1:
		out.Verdict = VerdictAbove
	default:
		out.Verdict = VerdictBelow
	}
	return out
}

// adjust computes q-values: overlaps are one family, collisions another, inversions a third.
func (f *fitter) adjust() {
	n := len(f.m.Pairs)
	time, messages, inversions := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		time[i], messages[i], inversions[i] = p.Overlap.P, p.Collision.P, math.NaN()
		d := analytics.Decide(analytics.Comparison{
			Difference: p.Inversion.Value - inversionShare, SE: p.Inversion.SE, DF: p.Inversion.DF, Margin: .02, Directional: true, Buckets: p.Inversion.Buckets,
			Sides: []analytics.Side{{Customers: p.row.Hit, Effective: p.Inversion.NEff, Events: p.Inversion.Trials}},
		})
		if p.InversionVerdict = d.Verdict; d.Verdict != analytics.InsufficientData {
			p.InversionP, inversions[i] = d.PDifference, d.PDifference
		}
	}
	bh, by, messageQ, inversionQ := suffstat.BH(time), suffstat.BY(time), suffstat.BH(messages), suffstat.BH(inversions)
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		p.Overlap.Q, p.Overlap.QAny, p.Collision.Q, p.InversionQ = bh[i], by[i], messageQ[i], inversionQ[i]
	}
}

// decide gives the verdict of a pair, in this order:
//
//	conflict    contradictory_roles   30 customers in both at once, and that is 1 % of the time of the smaller scenario, in roles that contradict each other
//	conflict    overlap_above         in both at once more than 1.5 times as much as expected (lower end of the interval; confirmed), and their messages collide
//	conflict    collisions_above      collisions more than 1.25 times as often as the hours of sending explain (lower end; confirmed), 30 customers hit
//	complement  hand_over             one is declared to follow the other, or most common customers go from one to the other; only collisions_above yields to it
//	complement  apart                 in both at once less than expected (upper end below 1 / 1.1; confirmed): one gives way to the other
//	none        service               one is a service scenario, which conflicts with nothing
//	none        independent           both ratios are known to lie below their bounds of harm
//	undecided   no_stage              in both at once only while the customers' stage is not known: nothing to compare with
//	undecided   few_customers         below the floors
//	undecided   no_messages           above the bound in time, but one of them sends no messages that the data hold: the harm is not known
//	undecided   wide_interval         the interval holds the bound
func (f *fitter) decide(p *Pair) {
	contained := p.containment()
	above := p.Overlap.Lower > harmTime && p.Overlap.Q <= f.opt.FDR && p.row.StagedAtOnce >= floorCustomers
	collide := p.Collision.Lower > harmMessages && p.Collision.Q <= f.opt.FDR && p.row.Hit >= floorCustomers
	service := p.RoleA == "service" || p.RoleB == "service"
	var reasons []string
	if p.Contradictory && p.row.AtOnce >= floorCustomers && contained >= contradictoryShare {
		reasons = append(reasons, "contradictory_roles")
	}
	if above && p.row.Hit >= floorCustomers && !service {
		reasons = append(reasons, "overlap_above")
	}
	if collide && !service && (p.HandOver == "" || len(reasons) > 0) {
		reasons = append(reasons, "collisions_above")
	}
	timeSafe := p.bulk || p.Overlap.Upper < harmTime
	messagesSafe := p.row.Week < floorCustomers || p.Collision.Upper < harmMessages
	switch {
	case len(reasons) > 0:
		p.Verdict, p.Reason = Conflict, strings.Join(reasons, ",")
	case p.HandOver != "":
		p.Verdict, p.Reason = Complement, "hand_over"
	case p.Overlap.Upper < 1/equalWithin && p.Overlap.Q <= f.opt.FDR && messagesSafe:
		p.Verdict, p.Reason = Complement, "apart"
	case service:
		p.Verdict, p.Reason = None, "service"
	case timeSafe && messagesSafe && !(p.bulk && p.row.Week < floorCustomers):
		p.Verdict, p.Reason = None, "independent"
	case above && p.row.Week == 0:
		p.Verdict, p.Reason = Undecided, "no_messages"
	case !p.bulk && p.row.AtOnce >= floorCustomers && p.row.StagedAtOnce == 0:
		p.Verdict, p.Reason = Undecided, "no_stage"
	case !p.bulk && p.Overlap.Verdict == VerdictFew:
		p.Verdict, p.Reason, p.Needed = Undecided, "few_customers", p.Overlap.Needed
	case p.bulk && p.Collision.Verdict == VerdictFew:
		p.Verdict, p.Reason, p.Needed = Undecided, "few_customers", p.Collision.Needed
	default:
		p.Verdict, p.Reason = Undecided, "wide_interval"
		if !timeSafe {
			p.Needed = p.Overlap.needs(harmTime)
		}
		if !messagesSafe {
			p.Needed = max(p.Needed, p.Collision.needs(harmMessages))
		}
	}
}

// needs is the number of customers with which the ratio would be expected to fall on one side of the bound (80 % power); 0 when no number would do.
func (r Ratio) needs(bound float64) int64 {
	k := r.LogSE * (suffstat.NormalQuantile(.975) + suffstat.NormalQuantile(.80)) / math.Abs(math.Log(r.Value)-math.Log(bound))
	need := math.Ceil(k * k * float64(r.Customers))
	if !analytics.Finite(need) || need > 1e12 {
		return 0
	}
	return max(int64(need), r.Customers+1)
}

// containment is the time at once as a share of the time in the scenario that has less of it.
func (p *Pair) containment() float64 {
	if least := math.Min(p.TimeA, p.TimeB); least > 0 {
		return float64(p.row.Seconds) / least
	}
	return math.NaN()
}

func (p *Pair) jaccard() float64 {
	if union := p.TimeA + p.TimeB - float64(p.row.Seconds); union > 0 {
		return float64(p.row.Seconds) / union
	}
	return math.NaN()
}
