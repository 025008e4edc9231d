package scenarios

import (
	"math"
	"slices"
	"sort"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Step is one message of a chain, and what is lost before it.
type Step struct {
	ID                           string
	Position                     int64
	Defined, Given               bool
	Messages, Entries, Customers int64
	Clicked                      int64
	// AtRisk are the finished entries that got the step before or a later one, Reached those that got this one, Skipped those that got only a later one. AtRisk
	// is 0 for the first step of derived entries, which begin with it.
	AtRisk, Reached, Skipped int64
	GoalStops, OptOutStops   int64
	DropOff                  suffstat.RateEstimate
	Unexplained              suffstat.RateEstimate // without the entries that stopped after a goal or an opt-out
	OwnRate, ChainsRate      float64               // the same of the other steps of the chain, and of this place in other chains; NaN without any
	Reference                string                // the larger of the two: other_steps, other_chains or none
	Difference               suffstat.Estimate     // Unexplained minus that of the reference
	Channel                  string                // of most of its messages; "" when not known
	NotSent                  int64
	NotSentReason            string            // the commonest
	Hours                    suffstat.Estimate // median since the message before
	unexplained              []suffstat.Ratio
	got                      []int64 // finished entries by bucket
	claim
}

func (x *index) steps(m *Model) {
	at := map[string]map[int64]*Step{}
	for _, r := range x.Steps {
		s := x.at[r.ID]
		if s == nil {
			continue
		}
		if at[r.ID] == nil {
			at[r.ID] = map[int64]*Step{}
		}
		p := at[r.ID][r.Position]
		if p == nil {
			p = &Step{ID: r.Step, Position: r.Position, Defined: r.Defined, Given: r.Given, claim: untested(Insufficient), Reference: "none", OwnRate: math.NaN(), ChainsRate: math.NaN()}
			at[r.ID][r.Position] = p
			p.got = make([]int64, Buckets)
			s.Steps = append(s.Steps, p)
		}
		p.got[r.Bucket] += r.Finished
		p.Messages += r.Messages
		p.Entries += r.Entries
		p.Customers += r.Customers
		p.Clicked += r.Clicked
	}
	for _, s := range m.Scenarios {
		sort.Slice(s.Steps, func(i, j int) bool { return s.Steps[i].Position < s.Steps[j].Position })
	}
	x.sends(m)
	x.gaps(m)
	x.dropOffs(m)
}

// sends adds what is known of the channel of a step and of decisions not to send it.
func (x *index) sends(m *Model) {
	type key struct{ id, step string }
	sent, reasons := map[key]map[string]int64{}, map[key]map[string]int64{}
	count := func(to map[key]map[string]int64, k key, name string, n int64) {
		if to[k] == nil {
			to[k] = map[string]int64{}
		}
		to[k][name] += n
	}
	for _, r := range x.Sends {
		k := key{r.ID, r.Step}
		if r.Reason == "" {
			count(sent, k, r.Channel, r.N)
		} else {
			count(reasons, k, r.Reason, r.N)
		}
	}
	for _, s := range m.Scenarios {
		for _, p := range s.Steps {
			k := key{s.ID, p.ID}
			p.Channel, _ = commonest(sent[k])
			p.NotSentReason, p.NotSent = commonest(reasons[k])
		}
	}
}

// commonest returns the name with the largest count, ties by name, and the sum of all counts.
func commonest(counts map[string]int64) (name string, total int64) {
	for n, c := range counts {
		total += c
		if name == "" || c > counts[name] || c == counts[name] && n < name {
			name = n
		}
	}
	return name, total
}

// gaps estimates the median time since the message before, by histograms of hours.
func (x *index) gaps(m *Model) {
	type key struct {
		id       string
		position int64
	}
	values := map[key][]float64{}
	counts := map[key]map[int64][]int64{} // hours -> by bucket
	for _, r := range x.Gaps {
		k := key{r.ID, r.Position}
		if counts[k] == nil {
			counts[k] = map[int64][]int64{}
		}
		if counts[k][r.Hours] == nil {
			counts[k][r.Hours] = make([]int64, Buckets)
			values[k] = append(values[k], float64(r.Hours))
		}
		counts[k][r.Hours][r.Bucket] += r.N
	}
	for _, s := range m.Scenarios {
		for _, p := range s.Steps {
			k := key{s.ID, p.Position}
			v := values[k]
			slices.Sort(v)
			cells := make([]suffstat.Cells, Buckets)
			for g := range cells {
				for _, hours := range v {
					cells[g] = append(cells[g], counts[k][int64(hours)][g])
				}
			}
			p.Hours = suffstat.QuantileInterval(v, cells, .5, TableLevel, x.opt.Seed).Of(p.Customers, "hours")
		}
	}
}

// dropOffs counts for every step who was lost before it. An entry that stopped after a goal or an opt-out is in DropOff, but not in Unexplained: there the goal
// or the opt-out stands for the messages that did not come.
func (x *index) dropOffs(m *Model) {
	type depth struct{ goal, optOut, other []int64 } // by last position
	byBucket := map[string][]depth{}
	for _, r := range x.Depths {
		s := x.at[r.ID]
		if s == nil {
			continue
		}
		if byBucket[r.ID] == nil {
			byBucket[r.ID] = make([]depth, Buckets)
			for g := range byBucket[r.ID] {
				n := len(s.Steps) + 1
				byBucket[r.ID][g] = depth{make([]int64, n), make([]int64, n), make([]int64, n)}
			}
		}
		d := byBucket[r.ID][r.Bucket]
		last := s.place(r.Last)
		switch r.Ended {
		case "goal":
			d.goal[last] += r.N
		case "opt_out":
			d.optOut[last] += r.N
		default:
			d.other[last] += r.N
		}
	}
	for _, s := range m.Scenarios {
		depths := byBucket[s.ID]
		for i, p := range s.Steps {
			p.DropOff.Estimate = suffstat.NotEstimable("wilson n_eff", TableLevel, suffstat.ErrNoData)
			p.Unexplained.Estimate = p.DropOff.Estimate
			p.Difference = suffstat.NotEstimable(suffstat.MethodJackknife, TableLevel, suffstat.ErrNoData)
			if i == 0 && !s.Enrolled {
				p.claim = untested(Excluded) // derived entries begin with their first message: nobody can be lost before it
				continue
			}
			if depths == nil {
				continue
			}
			dropped := make([]suffstat.Ratio, Buckets)
			p.unexplained = make([]suffstat.Ratio, Buckets)
			for g, d := range depths {
				var later int64
				for k := i + 1; k <= len(s.Steps); k++ {
					later += d.goal[k] + d.optOut[k] + d.other[k]
				}
				stopped := d.goal[i] + d.optOut[i] + d.other[i]
				p.Reached += p.got[g]
				p.Skipped += later - p.got[g]
				p.AtRisk += later + stopped
				p.GoalStops += d.goal[i]
				p.OptOutStops += d.optOut[i]
				dropped[g] = suffstat.Ratio{Num: later + stopped - p.got[g], Den: later + stopped}
				p.unexplained[g] = suffstat.Ratio{Num: later + d.other[i] - p.got[g], Den: later + d.other[i]}
			}
			customers := min(p.AtRisk, s.Entry.Customers)
			p.DropOff = suffstat.Rate(dropped, customers, TableLevel)
			p.Unexplained = suffstat.Rate(p.unexplained, customers, TableLevel)
		}
	}
	x.testDropOffs(m)
}

// place turns a position into the index of its step plus one; 0 stays 0.
func (s *Scenario) place(position int64) int {
	for i, p := range s.Steps {
		if p.Position == position {
			return i + 1
		}
	}
	return 0
}

// testDropOffs compares every step with the other steps of its chain, and with the same place (first, or later) in other chains: what all chains lose at this
// place, for want of consent say, is nothing about this one. The claim needs both where both can be asked.
func (x *index) testDropOffs(m *Model) {
	places := [2][]suffstat.Ratio{make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)}
	own := map[*Scenario][2][]suffstat.Ratio{}
	for _, s := range m.Scenarios {
		mine := [2][]suffstat.Ratio{make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)}
		for i, p := range s.Steps {
			addRatios(places[min(i, 1)], p.unexplained, 1)
			addRatios(mine[min(i, 1)], p.unexplained, 1)
		}
		own[s] = mine
	}
	var family []*claim
	for _, s := range m.Scenarios {
		for i, p := range s.Steps {
			if p.unexplained == nil {
				continue
			}
			chain := slices.Clone(own[s][0])
			addRatios(chain, own[s][1], 1)
			addRatios(chain, p.unexplained, -1)
			others := slices.Clone(places[min(i, 1)])
			addRatios(others, own[s][min(i, 1)], -1)
			x.testDropOff(s, p, chain, others)
			family = append(family, &p.claim)
		}
	}
	adjust(family)
}

func (x *index) testDropOff(s *Scenario, p *Step, chain, others []suffstat.Ratio) {
	customers := min(p.AtRisk, s.Entry.Customers)
	tested := false
	compare := func(name string, reference []suffstat.Ratio) float64 {
		total, _ := suffstat.Merge(reference)
		if total.Den == 0 {
			return math.NaN()
		}
		cmp := analytics.CompareRates(p.unexplained, reference, customers, total.Den, x.opt.margin("drop_off", .05), false)
		for i := range cmp.Sides {
			cmp.Sides[i].Events = -1 // a step without a loss is evidence too
		}
		d := analytics.Decide(cmp)
		if !tested || d.Interval.Value < p.Difference.Value {
			p.Reference, p.Difference = name, d.Interval.Of(customers, "share points")
		}
		if tested {
			p.claim = both(p.claim, claimOf(d))
		} else {
			p.claim = claimOf(d)
		}
		tested = true
		return total.Value()
	}
	p.OwnRate = compare("other_steps", chain)
	p.ChainsRate = compare("other_chains", others)
}

func addRatios(to, from []suffstat.Ratio, sign int64) {
	for g := range from {
		to[g].Num += sign * from[g].Num
		to[g].Den += sign * from[g].Den
	}
}

// clickRate is the share of a step's messages that were clicked; NaN without messages.
func (p *Step) clickRate() float64 {
	if p.Messages == 0 {
		return math.NaN()
	}
	return float64(p.Clicked) / float64(p.Messages)
}
