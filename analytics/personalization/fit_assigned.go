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

// references are the names of arms that others are compared with.
var references = []string{"control", "holdout", "hold-out", "hold_out", "reference"}

// assigned compares the arms of experiments whose messages in one scenario are of different levels: all assigned customers to whom a message was delivered, by the arm they were assigned to.
func (f *fitter) assigned() {
	type test struct {
		experiment string
		chain      int64
	}
	trials := map[test][]*TrialRow{}
	for i := range f.c.Trials {
		r := &f.c.Trials[i]
		k := test{r.Experiment, f.c.Slots[r.Slot].Chain}
		trials[k] = append(trials[k], r)
	}
	keys := slices.SortedFunc(maps.Keys(trials), func(a, b test) int {
		return cmp.Or(strings.Compare(a.experiment, b.experiment), cmp.Compare(a.chain, b.chain))
	})
	for _, k := range keys {
		f.trial(k.experiment, k.chain, trials[k])
	}
}

// split is what is known of the arms of an experiment.
type split struct {
	customers, moved int64
	buckets          map[string][]int64 // assigned by bucket
	sizes            map[string]int64
	ratioP           float64
}

func (f *fitter) split(experiment string) split {
	s := split{buckets: map[string][]int64{}, sizes: map[string]int64{}, ratioP: math.NaN()}
	for _, r := range f.c.Arms {
		if r.Experiment != experiment {
			continue
		}
		if s.buckets[r.Arm] == nil {
			s.buckets[r.Arm] = make([]int64, Buckets)
		}
		s.buckets[r.Arm][r.Bucket] += r.Customers
		s.sizes[r.Arm] += r.Customers
		s.customers, s.moved = s.customers+r.Customers, s.moved+r.Moved
	}
	arms := slices.Sorted(maps.Keys(s.sizes))
	n := make([]int64, len(arms))
	for i, arm := range arms {
		n[i] = s.sizes[arm]
	}
	if len(arms) > 1 {
		reference := slices.IndexFunc(arms, func(arm string) bool { return slices.Contains(references, strings.ToLower(arm)) })
		_, s.ratioP = suffstat.SRM(n, suffstat.NearestPlannedSplit(n, reference))
	}
	return s
}

// pair is two arms with the levels that they were sent.
type pair struct{ arm, reference, high, low string }

// trial makes the comparisons of one experiment in one channel, kind and scenario.
func (f *fitter) trial(experiment string, chain int64, rows []*TrialRow) {
	type at struct {
		place int64
		arm   string
	}
	sent := map[at]map[string]int64{}
	var stages []string
	for _, r := range rows {
		s := f.c.Slots[r.Slot]
		k := at{s.Place, r.Arm}
		if sent[k] == nil {
			sent[k] = map[string]int64{}
		}
		sent[k][s.Level] += r.Delivered
		if r.Stage != "" && !slices.Contains(stages, r.Stage) {
			stages = append(stages, r.Stage)
		}
	}
	slices.Sort(stages)
	level := map[at]string{} // of the arm at the place
	var places []int64
	var arms []string
	for _, k := range slices.SortedFunc(maps.Keys(sent), func(a, b at) int { return cmp.Or(cmp.Compare(a.place, b.place), strings.Compare(a.arm, b.arm)) }) {
		var most, total int64
		for _, l := range slices.Sorted(maps.Keys(sent[k])) {
			n := sent[k][l]
			total += n
			if n > most {
				most, level[k] = n, l
			}
		}
		if level[k] == "" || float64(most) < leastCompliance*float64(total) {
			delete(level, k)
		}
		if !slices.Contains(places, k.place) {
			places = append(places, k.place)
		}
		if !slices.Contains(arms, k.arm) {
			arms = append(arms, k.arm)
		}
	}
	slices.Sort(arms)
	pairs := map[pair][]int64{} // places
	for i, a := range arms {
		for _, b := range arms[i+1:] {
			for _, place := range places {
				la, lb := level[at{place, a}], level[at{place, b}]
				switch {
				case la == "" || lb == "" || la == lb:
				case rankOf(la) > rankOf(lb):
					pairs[pair{a, b, la, lb}] = append(pairs[pair{a, b, la, lb}], place)
				default:
					pairs[pair{b, a, lb, la}] = append(pairs[pair{b, a, lb, la}], place)
				}
			}
		}
	}
	known := f.split(experiment)
	for _, p := range slices.SortedFunc(maps.Keys(pairs), func(a, b pair) int {
		return cmp.Or(strings.Compare(a.arm, b.arm), strings.Compare(a.reference, b.reference), strings.Compare(a.high, b.high), strings.Compare(a.low, b.low))
	}) {
		for _, stage := range append([]string{allStages}, stages...) {
			f.compareArms(experiment, chain, p, pairs[p], stage, rows, known)
		}
	}
}

// compareArms makes one comparison of two arms in the steps in which their levels differ.
func (f *fitter) compareArms(experiment string, chain int64, p pair, places []int64, stage string, rows []*TrialRow, known split) {
	c := f.blank(chain, p.high, p.low, stage, Assigned)
	c.Experiment, c.Arm, c.ReferenceArm, c.Strata = experiment, p.arm, p.reference, len(places)
	buckets := make([]strata, Buckets)
	for b := range buckets {
		buckets[b] = make(strata, len(places))
	}
	contact := make([]suffstat.Cells, Buckets) // delivered and assigned, of the arm and of the reference
	for b := range contact {
		contact[b] = suffstat.Cells{0, at(known.buckets[p.arm], b), 0, at(known.buckets[p.reference], b)}
	}
	var own, total [2]int64
	customers := map[[2]int64]int64{} // place and side
	for _, r := range rows {
		s := f.c.Slots[r.Slot]
		i := slices.Index(places, s.Place)
		if i < 0 || stage != allStages && r.Stage != stage || r.Arm != p.arm && r.Arm != p.reference {
			continue
		}
		side, level := 0, p.high
		x := &buckets[r.Bucket][i]
		if r.Arm == p.arm {
			c.Delivered += r.Delivered
			*x = x.plus(cell{n: float64(r.Delivered), y: float64(r.Clicked)})
		} else {
			side, level = 1, p.low
			c.DeliveredReference += r.Delivered
			*x = x.plus(cell{n0: float64(r.Delivered), y0: float64(r.Clicked)})
		}
		contact[r.Bucket][2*side] += r.Delivered
		total[side] += r.Delivered
		if s.Level == level {
			own[side] += r.Delivered
		}
		customers[[2]int64{s.Place, int64(side)}] += r.Customers
	}
	for k, n := range customers { // of several steps the one with most: at least so many
		if k[1] == 0 {
			c.Customers = max(c.Customers, n)
		} else {
			c.CustomersReference = max(c.CustomersReference, n)
		}
	}
	c.Diluted = float64(own[0]) < fullCompliance*float64(total[0]) || float64(own[1]) < fullCompliance*float64(total[1])
	f.estimate(c, buckets)
	c.RatioP = known.ratioP
	c.Grade, c.Threat = analytics.GradeRandomized, ThreatOtherTime
	switch {
	case known.ratioP < suffstat.SRMThreshold || float64(known.moved) > mostMoved*float64(known.customers):
		c.Grade, c.Threat, c.Verdict = analytics.GradeStructural, ThreatSplit, BrokenSplit
	case stage == allStages && contactDiffers(contact):
		c.Grade, c.Threat = analytics.GradeAdjusted, ThreatContact
	}
	f.m.Comparisons = append(f.m.Comparisons, c)
}

func at(list []int64, i int) int64 {
	if i >= len(list) {
		return 0
	}
	return list[i]
}

// contactDiffers tells that the arms were delivered different numbers of messages per assigned customer: the whole 95 % interval of their ratio is more than a twentieth away from 1. Then clicks per message say less than clicks per customer would.
func contactDiffers(buckets []suffstat.Cells) bool {
	e := suffstat.JackknifeLog(buckets, func(c suffstat.Cells) float64 { return float64(c[0]) / float64(c[1]) / (float64(c[2]) / float64(c[3])) }, tableLevel)
	return e.OK() && (e.Lower > 1+mostContact || e.Upper < 1-mostContact)
}
