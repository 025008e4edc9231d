package experiments

import (
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// GroupRow is the effect among the customers of one stage or segment, beside all others of the experiment.
type GroupRow struct {
	Experiment, Arm, Reference, Outcome string
	Grouping, Value                     string
	N, NReference                       int64
	Mean, MeanReference                 float64
	Effect                              suffstat.Estimate // with the same behaviour before as covariate
	SE, DF                              float64
	Shrunk                              suffstat.Estimate
	Weight                              float64
	Interaction                         suffstat.Estimate // effect in the group minus effect in the others
	P, Q                                float64
	Verdict                             string
}

// groups estimates the effect by stage and by segment at the assignment, for orders, revenue (winsorised where that can be done) and the events that audit.yaml names.
func (f *fitter) groups(t *trial) {
	if len(t.Experiment.groups) == 0 {
		return
	}
	listed := map[int64]bool{}
	for _, e := range t.Events {
		listed[e.Key] = e.Listed
	}
	for _, p := range t.pairs {
		if nobody(&t.Arms[p[0]]) != "" || nobody(&t.Arms[p[1]]) != "" {
			continue
		}
		for _, o := range f.outcomes(t) {
			key := o.key
			if key == keyRevenue && t.values.sums[keyWinsorised] != nil {
				key = keyWinsorised
			}
			if key != keyOrder && key != keyRevenue && key != keyWinsorised && !listed[key] || t.values.sums[key] == nil {
				continue
			}
			for _, grouping := range []string{"stage", "segment"} {
				f.grouped(t, p, o, key, grouping)
			}
		}
	}
}

// grouped shrinks the effects of one grouping together.
func (f *fitter) grouped(t *trial, p [2]int, o outcome, key int64, grouping string) {
	unit := f.opt.unit(o.name)
	var rows []GroupRow
	for i := range t.Experiment.groups {
		g := &t.Experiment.groups[i]
		if g.Grouping != grouping {
			continue
		}
		buckets := g.values.within(t.values, key, t.open, p[0], p[1])
		c := suffstat.CompareArms(buckets, 0, 1, tableLevel)
		if c.N == 0 || c.NReference == 0 {
			continue
		}
		r := GroupRow{Experiment: t.ID, Arm: t.Arms[p[0]].Name, Reference: t.Arms[p[1]].Name, Outcome: o.name, Grouping: grouping, Value: g.Value, N: c.N, NReference: c.NReference, Mean: c.Mean, MeanReference: c.MeanReference,
			DF: c.DF, Shrunk: none(), Weight: math.NaN(), Interaction: none(), P: math.NaN(), Q: math.NaN()}
		r.Effect, r.SE, _ = doubt(c.Adjusted, c.AdjustedSE, c.AdjustedP, c.N+c.NReference, unit)
		if enough(c) && !math.IsNaN(r.SE) {
			reps := suffstat.JackknifeVec(buckets, func(a suffstat.Arms) []float64 {
				return []float64{a.AdjustedDifference(0, 1) - a.AdjustedDifference(2, 3)}
			})
			se, df := reps.SE(0), reps.DF()
			r.Interaction, se, _ = doubt(reps.Estimate(0, tableLevel), se, 0, c.N+c.NReference, unit)
			if !math.IsNaN(se) && r.Interaction.OK() {
				r.P = math.Min(1, 2*suffstat.TSurvival(math.Abs(r.Interaction.Value)/se, df))
			}
		}
		rows = append(rows, r)
	}
	var at []int
	var y, s []float64
	for i, r := range rows {
		if !math.IsNaN(r.P) || len(rows) == 1 && !math.IsNaN(r.SE) {
			at = append(at, i)
			// The quantile of few buckets is wider than the normal one that shrinkage uses.
			y, s = append(y, r.Effect.Value), append(s, r.SE*suffstat.TQuantile((1+tableLevel)/2, r.DF)/suffstat.NormalQuantile((1+tableLevel)/2))
		}
	}
	shrunk := suffstat.Shrink(y, s, tableLevel)
	for k, i := range at {
		rows[i].Shrunk, rows[i].Weight = shrunk.Estimate(k, rows[i].N+rows[i].NReference, unit), shrunk.Weight[k]
	}
	f.m.Groups = append(f.m.Groups, rows...)
}

// enough is the floors of a verdict on both sides.
func enough(c suffstat.ArmComparison) bool {
	return c.N >= analytics.MinEffective && c.NReference >= analytics.MinEffective && c.Buckets >= analytics.MinBuckets
}

// interactions gives q-values over all groups, outcomes and experiments.
func (f *fitter) interactions() {
	p := make([]float64, len(f.m.Groups))
	for i, g := range f.m.Groups {
		p[i] = g.P
	}
	for i, q := range suffstat.BH(p) {
		g := &f.m.Groups[i]
		g.Q, g.Verdict = q, notToldApart
		switch {
		case math.IsNaN(g.P):
			g.Verdict = FewData
		case q <= f.opt.FDR:
			g.Verdict = differs
		}
	}
}

// differing are the groups in which the effect of a comparison is told apart from the others, the surest first.
func (m *Model) differing(r *Row) []GroupRow {
	var out []GroupRow
	for _, g := range m.Groups {
		if g.Experiment == r.Experiment && g.Arm == r.Arm && g.Reference == r.Reference && g.Outcome == r.Outcome && g.Verdict == differs {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b GroupRow) int {
		switch {
		case a.P < b.P:
			return -1
		case a.P > b.P:
			return 1
		}
		return 0
	})
	return out
}
