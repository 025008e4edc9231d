package scenarios

import (
	"math"
	"slices"
	"sort"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// TableLevel is the level of every interval in the result tables.
const TableLevel = .95

// Words of the column verdict. Excluded is given to calendar campaigns, which have no steps and no exits that anything should follow, and to the first step of entries that are
// derived from messages, before which nobody can be lost.
const (
	Yes          = "yes"
	No           = "no"
	Undecided    = "undecided"
	Insufficient = "insufficient_data"
	Excluded     = "excluded"
)

// UnknownRole is the role of a scenario without a definition, or whose definition names none.
const UnknownRole = "unknown"

// Options of Fit and Findings. The zero value of a field means its default.
type Options struct {
	Defined      []analytics.Scenario // definitions of audit.yaml; nil without any
	HandoverDays int                  // horizon of what follows an exit; default 30
	Cost         map[string]float64   // price of a message by channel, currency units; nil when not given
	Margins      map[string]float64   // smallest effects of interest: ctr (.003), drop_off (.05), dead_end (.05), target_share (.05)
	FDR          float64              // of the confirmed list; default .05
	Weeks        float64              // length of the audited window, for customers per quarter; default 13
	HasOrders    bool                 // orders are known
	Seed         uint64
}

func (o Options) filled() Options {
	if o.HandoverDays == 0 {
		o.HandoverDays = 30
	}
	if o.FDR == 0 {
		o.FDR = .05
	}
	if o.Weeks == 0 {
		o.Weeks = 13
	}
	return o
}

func (o Options) margin(metric string, otherwise float64) float64 {
	if x := o.Margins[metric]; x > 0 {
		return x
	}
	return otherwise
}

func (o Options) definition(id string) *analytics.Scenario {
	for i := range o.Defined {
		if o.Defined[i].ID == id {
			return &o.Defined[i]
		}
	}
	return nil
}

// Model is the fitted scenario map: what the result tables, the findings and the report are made of. Estimates that could not be made are NaN with the
// reason in their warnings; tables write them as NULL.
type Model struct {
	Scenarios []*Scenario // by id
	Handovers []Handover  // by From, To; To empty is the total
	Graph     []Node      // declared, then observed
	Horizon   int         // days that an exit is followed
	Eligible  int64       // customers of the panel in the window
	Known     Known       // what the data tell at all
}

// Known tells what is recorded for any scenario: without it a count of zero says nothing and is written as NULL.
type Known struct {
	Delivered, Opened, Clicked, Bounced, Unsubscribed, Complained, Orders, Cost, Definitions bool
	Derived, Enrolled, Bulk, Reversed, Merged                                                int // scenarios
}

// Scenario is one row of the map.
type Scenario struct {
	ScenarioRow
	Def      *analytics.Scenario // nil without a definition
	Role     string
	Entry    EntryRow // sums over buckets
	Sent     ChannelRow
	Channels []Channel // the busiest first, then declared ones without a message
	Reasons  []ReasonRow
	Orders   OrderRow
	Cost     float64
	Changed  suffstat.RateEstimate // state_change_rate
	Steps    []*Step
	DeadEnd  *DeadEnd // nil for bulk
	Reach    []Reach
	Breadth  *Breadth // nil for bulk and without a panel
	Rhythm   *Rhythm  // nil for bulk and without messages to buyers
	Unused   bool     // nothing in the window
}

// Derived tells that the entries are made from messages.
func (s *Scenario) Derived() bool { return !s.Enrolled && s.Entry.Derived > 0 }

// Channel is the messages of a scenario in one channel.
type Channel struct {
	ChannelRow
	Declared bool
	Cost     float64 // NaN when no costs are given
}

// Fit estimates the map from its reduced tables. It is pure: the same counts in any order give the same model. Tiny or empty input is no error.
func Fit(c *Counts, opt Options) *Model {
	opt = opt.filled()
	x := &index{Counts: c, opt: opt, at: map[string]*Scenario{}}
	m := &Model{Horizon: opt.HandoverDays}
	x.scenarios(m)
	x.entries(m)
	x.messages(m)
	x.exits(m)
	x.handovers(m)
	x.graph(m)
	x.steps(m)
	x.breadth(m)
	x.rhythm(m)
	return m
}

// index is Counts with what several parts of Fit look up.
type index struct {
	*Counts
	opt Options
	at  map[string]*Scenario
}

func (x *index) scenarios(m *Model) {
	for _, r := range x.Scenarios {
		s := &Scenario{ScenarioRow: r, Def: x.opt.definition(r.ID), Role: UnknownRole}
		if s.Def != nil && s.Def.Role != "" {
			s.Role = s.Def.Role
		}
		m.Scenarios = append(m.Scenarios, s)
		x.at[r.ID] = s
		if r.Enrolled {
			m.Known.Enrolled++
		}
		if r.Bulk {
			m.Known.Bulk++
		}
		if r.ReversedExits > 0 {
			m.Known.Reversed++
		}
		if r.MergedEntries > 0 {
			m.Known.Merged++
		}
	}
	sort.Slice(m.Scenarios, func(i, j int) bool { return m.Scenarios[i].ID < m.Scenarios[j].ID })
	m.Known.Definitions = len(x.opt.Defined) > 0
}

func (x *index) entries(m *Model) {
	changed := map[string][]suffstat.Ratio{}
	known := map[string]int64{}
	for _, r := range x.Entries {
		s := x.at[r.ID]
		if s == nil {
			continue
		}
		e := &s.Entry
		e.Customers += r.Customers
		e.Entries += r.Entries
		e.Reentries += r.Reentries
		e.Controls += r.Controls
		e.RecordedExits += r.RecordedExits
		e.Derived += r.Derived
		e.ActiveSecs += r.ActiveSecs
		e.StageKnown += r.StageKnown
		e.StageChanged += r.StageChanged
		e.AfterOrder += r.AfterOrder
		if changed[r.ID] == nil {
			changed[r.ID] = make([]suffstat.Ratio, Buckets)
		}
		changed[r.ID][r.Bucket] = changed[r.ID][r.Bucket].Merge(suffstat.Ratio{Num: r.StageChanged, Den: r.StageKnown})
		if r.StageKnown > 0 {
			known[r.ID] += r.Customers
		}
	}
	for _, s := range m.Scenarios {
		s.Changed = suffstat.Rate(changed[s.ID], known[s.ID], TableLevel)
		if s.Derived() {
			m.Known.Derived++
		}
	}
	for _, r := range x.Reasons {
		if s := x.at[r.ID]; s != nil {
			s.Reasons = append(s.Reasons, r)
		}
	}
	for _, r := range x.Orders {
		if s := x.at[r.ID]; s != nil {
			s.Orders = r
		}
	}
	m.Known.Orders = x.opt.HasOrders || len(x.Orders) > 0
}

func (x *index) messages(m *Model) {
	m.Known.Cost = x.opt.Cost != nil
	for _, r := range x.Channels {
		s := x.at[r.ID]
		if s == nil {
			continue
		}
		c := Channel{ChannelRow: r, Cost: math.NaN(), Declared: s.Def != nil && slices.Contains(s.Def.Channels, r.Channel)}
		if x.opt.Cost != nil {
			c.Cost = float64(r.Messages) * x.opt.Cost[r.Channel]
			s.Cost += c.Cost
		}
		s.Channels = append(s.Channels, c)
		t := &s.Sent
		t.Messages += r.Messages
		t.Bulk += r.Bulk
		t.Transactional += r.Transactional
		t.Delivered += r.Delivered
		t.Opened += r.Opened
		t.Clicked += r.Clicked
		t.Bounced += r.Bounced
		t.Unsubscribed += r.Unsubscribed
		t.Complained += r.Complained
		t.NotSent += r.NotSent
		k := &m.Known
		k.Delivered = k.Delivered || r.Delivered > 0
		k.Opened = k.Opened || r.Opened > 0
		k.Clicked = k.Clicked || r.Clicked > 0
		k.Bounced = k.Bounced || r.Bounced > 0
		k.Unsubscribed = k.Unsubscribed || r.Unsubscribed > 0
		k.Complained = k.Complained || r.Complained > 0
	}
	for _, s := range m.Scenarios {
		sort.SliceStable(s.Channels, func(i, j int) bool {
			if s.Channels[i].Messages != s.Channels[j].Messages {
				return s.Channels[i].Messages > s.Channels[j].Messages
			}
			return s.Channels[i].Channel < s.Channels[j].Channel
		})
		if s.Def != nil {
			for _, c := range slices.Sorted(slices.Values(s.Def.Channels)) {
				if !slices.ContainsFunc(s.Channels, func(o Channel) bool { return o.Channel == c }) {
					n := Channel{ChannelRow: ChannelRow{ID: s.ID, Channel: c}, Declared: true, Cost: math.NaN()}
					if x.opt.Cost != nil {
						n.Cost = 0
					}
					s.Channels = append(s.Channels, n)
				}
			}
		}
		s.Unused = s.Entry.Entries+s.Entry.Controls+s.Sent.Messages == 0
	}
}

// channelNames lists the channels used, the busiest first.
func (s *Scenario) channelNames() string {
	var out []string
	for _, c := range s.Channels {
		if c.Messages > 0 {
			out = append(out, c.Channel)
		}
	}
	return strings.Join(out, ",")
}

// claim is a tested statement about one scenario or step: the verdict of three, or why there is none.
type claim struct {
	P, Q    float64 // NaN when not tested
	Verdict string
	Needed  int64
}

func untested(verdict string) claim { return claim{P: math.NaN(), Q: math.NaN(), Verdict: verdict} }

// claimOf turns a decision about a directional difference (positive = the claim holds) into the claim. Its p-value is one-sided.
func claimOf(d analytics.Decision) claim {
	c := claim{P: math.NaN(), Q: math.NaN(), Needed: d.Needed}
	if analytics.Finite(d.PDifference) {
		c.P = d.PDifference / 2
		if d.Interval.Value <= 0 {
			c.P = 1 - c.P
		}
	}
	switch {
	case d.Verdict == analytics.InsufficientData:
		c.Verdict, c.P = Insufficient, math.NaN()
	case d.Verdict == analytics.Different && d.Interval.Value > 0:
		c.Verdict = Yes
	case d.Verdict == analytics.Different || d.Verdict == analytics.Equivalent:
		c.Verdict = No
	default:
		c.Verdict = Undecided
	}
	return c
}

// both joins two claims that must hold together (intersection-union): the larger p-value decides.
func both(a, b claim) claim {
	switch {
	case a.Verdict == No || b.Verdict == No:
		c := claim{P: math.Max(a.P, b.P), Q: math.NaN(), Verdict: No}
		return c
	case a.Verdict == Insufficient || b.Verdict == Insufficient:
		c := untested(Insufficient)
		c.Needed = max(a.Needed, b.Needed)
		return c
	case a.Verdict == Yes && b.Verdict == Yes:
		return claim{P: math.Max(a.P, b.P), Q: math.NaN(), Verdict: Yes}
	}
	return claim{P: math.Max(a.P, b.P), Q: math.NaN(), Verdict: Undecided, Needed: max(a.Needed, b.Needed)}
}

// either joins two claims of which one is enough; the smaller p-value is doubled (Bonferroni).
func either(a, b claim) claim {
	var p float64
	switch {
	case math.IsNaN(a.P):
		p = b.P
	case math.IsNaN(b.P):
		p = a.P
	default:
		p = math.Min(1, 2*math.Min(a.P, b.P))
	}
	c := claim{P: p, Q: math.NaN(), Needed: max(a.Needed, b.Needed)}
	switch {
	case a.Verdict == Yes || b.Verdict == Yes:
		c.Verdict, c.Needed = Yes, 0
	case a.Verdict == Undecided || b.Verdict == Undecided:
		c.Verdict = Undecided
	case a.Verdict == No || b.Verdict == No:
		c.Verdict, c.Needed = No, 0
	default:
		c.Verdict = a.Verdict
	}
	return c
}

// adjust gives the claims of one family their q-values; those without a p-value are in no family.
func adjust(family []*claim) {
	var p []float64
	var of []*claim
	for _, c := range family {
		if !math.IsNaN(c.P) {
			p, of = append(p, c.P), append(of, c)
		}
	}
	for i, q := range suffstat.BH(p) {
		of[i].Q = q
	}
}

// ratios collects bucket ratios by key.
type ratios map[string][]suffstat.Ratio

func (r ratios) add(key string, bucket, num, den int64) {
	if r[key] == nil {
		r[key] = make([]suffstat.Ratio, Buckets)
	}
	r[key][bucket] = r[key][bucket].Merge(suffstat.Ratio{Num: num, Den: den})
}

// against compares a share with a fixed number, positive when the share is larger.
func against(r suffstat.RateEstimate, limit, margin float64) analytics.Decision {
	se := r.SE
	if r.NEff > 0 && (math.IsNaN(se) || se == 0) {
		// Nobody, or everybody: the doubt of as many independent customers at the near end of the Wilson interval.
		p := (r.Lower + r.Upper) / 2
		se = math.Sqrt(p * (1 - p) / r.NEff)
	}
	return analytics.Decide(analytics.Comparison{
		Difference: r.Value - limit, SE: se, DF: r.DF, Margin: margin, Directional: true, Buckets: r.Buckets,
		Sides: []analytics.Side{{Customers: r.N, Effective: r.NEff, Events: -1}},
	})
}
