package personalization

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

const (
	tableLevel = .95
	screening  = .10
	allStages  = "all"

	leastCompliance = .8  // of the messages of an arm at its own level: with fewer the arm is no arm of a level
	fullCompliance  = .95 // below it the assigned difference is diluted, which is said
	mostMoved       = .01 // share of the assigned that were put into two arms
	mostContact     = .05 // arms that get messages more different than that are not compared on messages alone
	randomLooking   = .05 // p-value of balance below which a split does not look random
)

// The designs of a comparison of two levels.
const (
	Assigned   = "assigned"     // customers were assigned to the levels (assignments)
	SideBySide = "side_by_side" // one step went out with both levels in the same weeks; who got which was decided somehow
)

// The verdicts on a level beside a simpler one.
const (
	Gain        = "gain"
	Loss        = "loss"
	NoGain      = "no_gain" // proved: the difference is within the margin
	Undecided   = "undecided"
	FewData     = "insufficient_data"
	BrokenSplit = "broken_split" // the sizes of the arms cannot come from a plan, or customers are in two arms
)

// The threats to a comparison, keys of the texts.
const (
	ThreatOtherTime  = "other_time_and_customers" // randomized: what holds for these customers may not hold for others
	ThreatUnrecorded = "split_not_recorded"       // looks random, but nobody wrote down that it was
	ThreatByData     = "level_by_data"            // the level may follow what is known of the customer
	ThreatElsewhere  = "levels_differ_elsewhere"  // the customers of the two levels differ in what the level cannot change
	ThreatNoCheck    = "no_placebo"               // nothing to check it with
	ThreatContact    = "contact_differs"          // the arms got different numbers of messages
	ThreatSplit      = "broken_split"
)

// Inventory is how much of a chain (channel, kind, scenario) goes out at a level, to customers of one stage or of all.
type Inventory struct {
	Chain                                 int64
	Scenario, Channel, Kind, Level, Stage string
	Messages                              int64 // of everybody for all stages, of the sample for one
	Share                                 float64
	Delivered, Clicked                    int64 // of the sample
	Rate                                  suffstat.RateEstimate
	Steps                                 int // of all stages: steps with the level
}

// Comparison is a level beside a simpler one (the reference) within one channel, kind and scenario.
type Comparison struct {
	Chain                                                    int64
	Scenario, Channel, Kind, Stage, Level, Reference, Design string
	Experiment, Arm, ReferenceArm                            string
	Customers, CustomersReference                            int64
	Delivered, DeliveredReference                            int64
	Rate, RateReference                                      suffstat.Estimate // at one mix of strata
	Gain                                                     suffstat.Estimate // Rate - RateReference, 95 %
	Placebo                                                  suffstat.Estimate // the same difference in the messages of all other scenarios
	SE, DF                                                   float64
	P, Q, QEquivalence                                       float64
	BalanceP, RatioP                                         float64 // of one share of the level in all strata; of a usual split
	Margin                                                   float64
	Decision                                                 analytics.Decision
	Shrunk                                                   suffstat.Estimate
	Strata                                                   int
	Grade                                                    analytics.Grade
	Threat, Verdict                                          string
	Diluted                                                  bool // not everybody of an arm got its level
	Exploratory                                              bool
	Flow                                                     int64   // messages per quarter, of everybody, that the chain sends at the reference level
	Saved                                                    float64 // upkeep per quarter of the level beyond the reference; NaN when not given
	replicates                                               suffstat.Replicates
}

// Model is what the tables and findings are made of.
type Model struct {
	Inventory   []*Inventory
	Comparisons []*Comparison
	Messages    int64 // with or without a level
	WithLevel   int64
	Present     []string // levels that messages have
	Clicks      bool
	Upkeep      bool
	Buckets     int64
}

// Fit makes the model. Pure; the same counts in any order give the same model.
func Fit(c *Counts, opt Options) *Model {
	opt = opt.filled()
	f := &fitter{c: c, opt: opt, m: &Model{Upkeep: len(opt.Upkeep) > 0, Buckets: c.Buckets}}
	f.inventory()
	f.sideBySide()
	f.assigned()
	f.decide()
	slices.SortFunc(f.m.Comparisons, func(a, b *Comparison) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Level, b.Level), strings.Compare(a.Reference, b.Reference),
			strings.Compare(a.Design, b.Design), strings.Compare(a.Experiment, b.Experiment), strings.Compare(a.Arm, b.Arm), strings.Compare(a.ReferenceArm, b.ReferenceArm), strings.Compare(a.Stage, b.Stage))
	})
	return f.m
}

type fitter struct {
	c   *Counts
	opt Options
	m   *Model
}

// inventory counts what goes out at which level.
func (f *fitter) inventory() {
	type key struct {
		chain        int64
		level, stage string
	}
	rows := map[key]*Inventory{}
	steps := map[key]map[string]bool{}
	totals := map[int64]int64{}
	at := func(k key) *Inventory {
		if rows[k] == nil {
			s := f.c.Slots[k.chain]
			rows[k] = &Inventory{Chain: k.chain, Scenario: s.Scenario, Channel: s.Channel, Kind: s.Kind, Level: k.level, Stage: k.stage}
			steps[k] = map[string]bool{}
		}
		return rows[k]
	}
	for _, s := range f.c.Slots {
		f.m.Messages += s.Audited
		totals[s.Chain] += s.Audited
		if s.Level == "" || s.Audited == 0 {
			continue
		}
		f.m.WithLevel += s.Audited
		if !slices.Contains(f.m.Present, s.Level) {
			f.m.Present = append(f.m.Present, s.Level)
		}
		k := key{s.Chain, s.Level, allStages}
		at(k).Messages += s.Audited
		steps[k][s.Step] = true
	}
	slices.SortFunc(f.m.Present, func(a, b string) int { return cmp.Compare(rankOf(a), rankOf(b)) })
	ratios := map[key][]suffstat.Ratio{}
	sampled := map[key]int64{} // by chain and stage
	for _, r := range f.c.Rates {
		f.m.Clicks = f.m.Clicks || r.Clicked > 0
		sampled[key{chain: r.Chain, stage: r.Stage}] += r.Sent
		for _, stage := range []string{r.Stage, allStages} {
			k := key{r.Chain, r.Level, stage}
			x := at(k)
			if stage != allStages {
				x.Messages += r.Sent
			}
			x.Delivered, x.Clicked = x.Delivered+r.Delivered, x.Clicked+r.Clicked
			if ratios[k] == nil {
				ratios[k] = make([]suffstat.Ratio, Buckets)
			}
			ratios[k][r.Bucket] = ratios[k][r.Bucket].Merge(suffstat.Ratio{Num: r.Clicked, Den: r.Delivered})
		}
	}
	for k, x := range rows {
		x.Rate, x.Steps = suffstat.Rate(ratios[k], 0, tableLevel), len(steps[k])
		total := totals[k.chain]
		if k.stage != allStages {
			total = sampled[key{chain: k.chain, stage: k.stage}]
		}
		x.Share = float64(x.Messages) / math.Max(float64(total), 1)
		f.m.Inventory = append(f.m.Inventory, x)
	}
	slices.SortFunc(f.m.Inventory, func(a, b *Inventory) int {
		return cmp.Or(strings.Compare(a.Scenario, b.Scenario), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), cmp.Compare(rankOf(a.Level), rankOf(b.Level)), strings.Compare(a.Stage, b.Stage))
	})
}

// cell holds one stratum: messages and clicks at the level and at the reference, and the same of messages of other scenarios.
type cell struct{ n, y, n0, y0, o, c, o0, c0 float64 }

func (a cell) plus(b cell) cell {
	return cell{a.n + b.n, a.y + b.y, a.n0 + b.n0, a.y0 + b.y0, a.o + b.o, a.c + b.c, a.o0 + b.o0, a.c0 + b.c0}
}

// strata are the cells of one bucket of customers.
type strata []cell

// Merge adds.
func (s strata) Merge(o strata) strata {
	out := make(strata, len(s))
	for i := range s {
		out[i] = s[i].plus(o[i])
	}
	return out
}

// Empty tells that the bucket has no message.
func (s strata) Empty() bool {
	return !slices.ContainsFunc(s, func(c cell) bool { return c.n > 0 || c.n0 > 0 })
}

// rates are the click rates of the level and of the reference at one mix of strata, and those of messages of other scenarios at the same mix:
//
//	p = sum_c w_c y_c/n_c / sum_c w_c,   w = n n0/(n + n0)
//
// (Mantel-Haenszel weights of a difference of shares). Strata without one of the two levels have no weight. NaN without any stratum.
func (s strata) rates() []float64 {
	var sum, p, p0, osum, q, q0 float64
	for _, c := range s {
		if c.n <= 0 || c.n0 <= 0 {
			continue
		}
		w := c.n * c.n0 / (c.n + c.n0)
		sum, p, p0 = sum+w, p+w*c.y/c.n, p0+w*c.y0/c.n0
		if c.o > 0 && c.o0 > 0 {
			osum, q, q0 = osum+w, q+w*c.c/c.o, q0+w*c.c0/c.o0
		}
	}
	return []float64{p / sum, p0 / sum, q / osum, q0 / osum}
}

// sideBySide compares levels that one step had in the same weeks, within step, stage, tenure and week.
func (f *fitter) sideBySide() {
	byChain := map[int64][]*CellRow{}
	for i := range f.c.Cells {
		r := &f.c.Cells[i]
		chain := f.c.Slots[r.Slot].Chain
		byChain[chain] = append(byChain[chain], r)
	}
	for _, chain := range slices.Sorted(maps.Keys(byChain)) {
		var present []string
		stages := []string{allStages}
		for _, r := range byChain[chain] {
			if level := f.c.Slots[r.Slot].Level; !slices.Contains(present, level) {
				present = append(present, level)
			}
			if r.Stage != "" && !slices.Contains(stages, r.Stage) {
				stages = append(stages, r.Stage)
			}
		}
		slices.SortFunc(present, func(a, b string) int { return cmp.Compare(rankOf(a), rankOf(b)) })
		slices.Sort(stages[1:])
		for i, low := range present {
			for _, high := range present[i+1:] {
				for _, stage := range stages {
					f.observed(chain, high, low, stage, byChain[chain])
				}
			}
		}
	}
}

// observed makes one comparison of levels that ran side by side.
func (f *fitter) observed(chain int64, high, low, stage string, rows []*CellRow) {
	type key struct {
		place, tenure, week int64
		stage               string
	}
	sides := map[key]*[2]bool{}
	for _, r := range rows { // strata with both levels only
		s := f.c.Slots[r.Slot]
		if s.Level != high && s.Level != low || stage != allStages && r.Stage != stage {
			continue
		}
		k := key{s.Place, r.Tenure, r.Week, r.Stage}
		if sides[k] == nil {
			sides[k] = &[2]bool{}
		}
		sides[k][0], sides[k][1] = sides[k][0] || s.Level == high, sides[k][1] || s.Level == low
	}
	both := 0
	number := map[key]int{} // from 1; in one order, whatever that of the rows, so that sums are the same to the last bit
	for _, k := range slices.SortedFunc(maps.Keys(sides), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.tenure, b.tenure), cmp.Compare(a.week, b.week), strings.Compare(a.stage, b.stage))
	}) {
		if sides[k][0] && sides[k][1] {
			both++
			number[k] = both
		}
	}
	if both == 0 {
		return
	}
	buckets := make([]strata, Buckets)
	for b := range buckets {
		buckets[b] = make(strata, both)
	}
	c := f.blank(chain, high, low, stage, SideBySide)
	c.Strata = both
	for _, r := range rows {
		s := f.c.Slots[r.Slot]
		if s.Level != high && s.Level != low || stage != allStages && r.Stage != stage {
			continue
		}
		i := number[key{s.Place, r.Tenure, r.Week, r.Stage}]
		if i == 0 {
			continue
		}
		x := &buckets[r.Bucket][i-1]
		n, y, o, oc := float64(r.Delivered), float64(r.Clicked), float64(r.OtherDelivered), float64(r.OtherClicked)
		if s.Level == high {
			c.Delivered += r.Delivered
			*x = x.plus(cell{n: n, y: y, o: o, c: oc})
		} else {
			c.DeliveredReference += r.Delivered
			*x = x.plus(cell{n0: n, y0: y, o0: o, c0: oc})
		}
	}
	scope := CustomerKey{ByStage: stage != allStages, Chain: chain, Level: high}
	if scope.ByStage {
		scope.Stage = stage
	}
	c.Customers = f.c.Customers[scope]
	scope.Level = low
	c.CustomersReference = f.c.Customers[scope]
	f.estimate(c, buckets)
	f.looksRandom(c, rows, func(r *CellRow) bool {
		s := f.c.Slots[r.Slot]
		return (s.Level == high || s.Level == low) && (stage == allStages || r.Stage == stage) && number[key{s.Place, r.Tenure, r.Week, r.Stage}] > 0
	})
	f.gradeObserved(c)
	f.m.Comparisons = append(f.m.Comparisons, c)
}

func (f *fitter) blank(chain int64, high, low, stage, design string) *Comparison {
	nan, s := math.NaN(), f.c.Slots[chain]
	none := suffstat.NotEstimable("", tableLevel, suffstat.ErrNoData)
	c := &Comparison{Chain: chain, Scenario: s.Scenario, Channel: s.Channel, Kind: s.Kind, Stage: stage, Level: high, Reference: low, Design: design, Rate: none, RateReference: none, Gain: none, Placebo: none, Shrunk: none, SE: nan, DF: nan,
		P: nan, Q: nan, QEquivalence: nan, BalanceP: nan, RatioP: nan, Margin: nan, Decision: analytics.Decision{PDifference: nan, PEquivalence: nan}, Grade: analytics.GradeStructural, Verdict: FewData, Saved: nan}
	var reference int64
	places := map[int64]bool{}
	for _, x := range f.c.Slots {
		if x.Chain != chain {
			continue
		}
		if x.Level == low {
			reference += x.Audited
		}
		if x.Level == high {
			places[x.Place] = true
		}
	}
	c.Flow = int64(math.Round(float64(reference) * 13 / f.opt.Weeks))
	if up, ok := f.opt.Upkeep[high]; ok {
		if down, ok := f.opt.Upkeep[low]; ok {
			c.Saved = 3 * (up - down) * float64(len(places))
		}
	}
	return c
}

// estimate fills in rates, gain and decision.
func (f *fitter) estimate(c *Comparison, buckets []strata) {
	r := suffstat.JackknifeVec(buckets, strata.rates)
	if r.Value == nil || math.IsNaN(r.Value[0]) {
		return
	}
	c.replicates = r
	customers := max(c.Customers, c.CustomersReference)
	c.Rate, c.RateReference = r.Estimate(0, tableLevel).Of(c.Customers, "share"), r.Estimate(1, tableLevel).Of(c.CustomersReference, "share")
	d := r.Difference(0, 1)
	c.SE, c.DF, c.Margin = d.SE(0), r.DF(), f.opt.margin(r.Value[1])
	side := func(customers, messages int64, rate float64, se float64) analytics.Side {
		eff := float64(messages)
		if se > 0 {
			eff = math.Min(eff, rate*(1-rate)/(se*se))
		}
		return analytics.Side{Customers: customers, Effective: eff, Events: int64(math.Round(rate * float64(messages)))}
	}
	c.Decision = analytics.Decide(analytics.Comparison{Difference: d.Value[0], SE: c.SE, DF: c.DF, Margin: c.Margin, Directional: true, Buckets: r.Buckets(),
		Sides: []analytics.Side{side(c.Customers, c.Delivered, r.Value[0], r.SE(0)), side(c.CustomersReference, c.DeliveredReference, r.Value[1], r.SE(1))}})
	c.Gain = c.Decision.Interval.Of(customers, "share")
	c.P = c.Decision.PDifference
	if p := r.Difference(2, 3); !math.IsNaN(p.Value[0]) {
		c.Placebo = p.Estimate(0, tableLevel).Of(customers, "share")
	}
	if c.Decision.Verdict != analytics.InsufficientData {
		c.Verdict = Undecided
	}
}

// looksRandom asks whether the level had the same share in all stages and tenures of a step (clustered X2), and whether its share of all is a usual one. Passing proves no randomization.
func (f *fitter) looksRandom(c *Comparison, rows []*CellRow, in func(*CellRow) bool) {
	type group struct {
		stage  string
		tenure int64
	}
	places, groups := map[int64]int{}, map[group]int{}
	for _, r := range rows {
		if in(r) {
			places[f.c.Slots[r.Slot].Place], groups[group{r.Stage, r.Tenure}] = 1, 1
		}
	}
	for i, k := range slices.Sorted(maps.Keys(places)) {
		places[k] = i + 1
	}
	for i, k := range slices.SortedFunc(maps.Keys(groups), func(a, b group) int {
		return cmp.Or(strings.Compare(a.stage, b.stage), cmp.Compare(a.tenure, b.tenure))
	}) {
		groups[k] = i + 1
	}
	if len(groups) == 0 {
		return
	}
	shape := suffstat.Stack{Slices: len(places), Rows: len(groups), Cols: 2}
	buckets := make([]suffstat.Cells, Buckets)
	ratios := make([]suffstat.Ratio, Buckets)
	for _, r := range rows {
		if !in(r) {
			continue
		}
		if buckets[r.Bucket] == nil {
			buckets[r.Bucket] = make(suffstat.Cells, shape.Len())
		}
		s := f.c.Slots[r.Slot]
		column := 0
		if s.Level == c.Level {
			column = 1
			ratios[r.Bucket].Num += r.Delivered
		}
		ratios[r.Bucket].Den += r.Delivered
		buckets[r.Bucket][shape.At(places[s.Place]-1, groups[group{r.Stage, r.Tenure}]-1, column)] += r.Delivered
	}
	for b := range buckets {
		if buckets[b] == nil {
			buckets[b] = make(suffstat.Cells, shape.Len())
		}
	}
	if len(groups) > 1 {
		c.BalanceP = suffstat.ClusteredX2(buckets, shape).P
	}
	share := suffstat.Rate(ratios, max(c.Customers, c.CustomersReference), tableLevel)
	if share.SE > 0 {
		planned := suffstat.NearestPlannedShare(share.Value, 2)
		c.RatioP = math.Min(1, 2*suffstat.TSurvival(math.Abs(share.Value-planned)/share.SE, share.DF))
	}
}

// gradeObserved grades what nobody randomized on the record: C when the customers of the two levels do the same with messages of other scenarios, else D.
func (f *fitter) gradeObserved(c *Comparison) {
	c.Grade, c.Threat = analytics.GradeStructural, ThreatNoCheck
	if !c.Placebo.OK() || !(c.Margin > 0) || !analytics.Finite(c.Placebo.Lower) {
		return
	}
	if c.Placebo.Lower > c.Margin/2 || c.Placebo.Upper < -c.Margin/2 {
		c.Threat = ThreatElsewhere
		return
	}
	c.Grade, c.Threat = analytics.GradeAdjusted, ThreatByData
	if (math.IsNaN(c.BalanceP) || c.BalanceP > randomLooking) && !(c.RatioP < suffstat.SRMThreshold) {
		c.Threat = ThreatUnrecorded
	}
}

// decide corrects for the number of comparisons, shrinks within a design, and gives the verdicts.
func (f *fitter) decide() {
	list := f.m.Comparisons
	p, equal := make([]float64, len(list)), make([]float64, len(list))
	for i, c := range list {
		p[i], equal[i] = math.NaN(), math.NaN()
		if c.Verdict == Undecided {
			p[i], equal[i] = c.P, c.Decision.PEquivalence
		}
	}
	q, qe := suffstat.BH(p), suffstat.BH(equal)
	for _, design := range []string{Assigned, SideBySide} {
		y, s := make([]float64, len(list)), make([]float64, len(list))
		for i, c := range list {
			y[i], s[i] = math.NaN(), math.NaN()
			if c.Design == design && c.Verdict == Undecided {
				y[i], s[i] = c.Gain.Value, c.SE
			}
		}
		class := suffstat.Shrink(y, s, f.opt.Level)
		for i, c := range list {
			if !math.IsNaN(y[i]) {
				c.Shrunk = class.Estimate(i, c.Gain.N, "share")
			}
		}
	}
	for i, c := range list {
		if c.Verdict != Undecided {
			continue
		}
		c.Q, c.QEquivalence = q[i], qe[i]
		switch {
		case c.Decision.Verdict == analytics.Equivalent && qe[i] <= screening:
			c.Verdict, c.Exploratory = NoGain, qe[i] > f.opt.FDR
		case c.Decision.Verdict == analytics.Different && q[i] <= screening:
			c.Verdict, c.Exploratory = Gain, q[i] > f.opt.FDR
			if c.Gain.Value < 0 {
				c.Verdict = Loss
			}
		}
		if c.Grade == analytics.GradeStructural {
			c.Exploratory = true
		}
	}
}
