package scenarios

import (
	"math"
	"slices"
	"sort"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The limits of a trigger that is too broad (statistics 2.7, judgement).
const (
	leastPrecision   = .6  // share of entries in the declared stages
	mostReach        = .5  // share of the base
	leastSelectivity = .02 // nats
)

// Reach is one scenario in one life-cycle stage.
type Reach struct {
	Stage                      string
	Declared                   bool
	Eligible, Entered, Entries int64
	ShareOfEntries             float64
	Rate                       suffstat.RateEstimate
}

// Breadth is how selective a trigger is.
type Breadth struct {
	Entrants, Eligible int64
	Entries            int64 // with a known stage
	Reach              suffstat.RateEstimate
	Precision          suffstat.RateEstimate // NaN when the definition names no stage
	Selectivity        suffstat.Estimate     // nats above the floor; NaN when everybody entered
	Floor              float64
	ReentryShare       float64
	Reason             string // precision, unselective, both or ""
	claim
}

func (x *index) breadth(m *Model) {
	eligible := ratios{} // Den by stage; "" for all
	customers := map[string]int64{}
	days := map[string][]int64{} // by stage and bucket
	for _, r := range x.Base {
		eligible.add(r.Stage, r.Bucket, 0, r.Customers)
		customers[r.Stage] += r.Customers
		if days[r.Stage] == nil {
			days[r.Stage] = make([]int64, Buckets)
		}
		days[r.Stage][r.Bucket] += r.Days
	}
	m.Eligible = customers[""]
	var stages []string
	for stage := range customers {
		if stage != "" {
			stages = append(stages, stage)
		}
	}
	sort.Strings(stages)
	rows := map[string][]StageRow{}
	for _, r := range x.Stages {
		rows[r.ID] = append(rows[r.ID], r)
	}
	var family []*claim
	for _, s := range m.Scenarios {
		if s.Bulk || len(rows[s.ID]) == 0 || m.Eligible == 0 {
			continue
		}
		s.Breadth = x.breadthOf(s, rows[s.ID], stages, eligible, customers, days)
		family = append(family, &s.Breadth.claim)
	}
	adjust(family)
}

func (x *index) breadthOf(s *Scenario, rows []StageRow, stages []string, eligible ratios, customers map[string]int64, days map[string][]int64) *Breadth {
	b := &Breadth{Eligible: customers[""], ReentryShare: math.NaN(), claim: untested(Insufficient)}
	if s.Entry.Entries > 0 {
		b.ReentryShare = float64(s.Entry.Reentries) / float64(s.Entry.Entries)
	}
	declared := func(stage string) bool { return s.Def != nil && slices.Contains(s.Def.Stages, stage) }
	all := slices.Clone(eligible[""])
	precision := make([]suffstat.Ratio, Buckets)
	mix := make([]suffstat.Cells, Buckets) // entries by stage, then days of who never entered
	k := len(stages)
	for g := range mix {
		mix[g] = make(suffstat.Cells, 2*k)
		for i, stage := range stages {
			mix[g][k+i] = days[stage][g]
		}
	}
	for i, stage := range stages {
		r := Reach{Stage: stage, Declared: declared(stage), Eligible: customers[stage]}
		parts := slices.Clone(eligible[stage])
		for _, row := range rows {
			if row.Stage != stage {
				continue
			}
			r.Entered += row.Entrants
			r.Entries += row.Entries
			b.Entries += row.Entries
			b.Entrants += row.FirstEntries
			parts[row.Bucket].Num += row.Entrants
			all[row.Bucket].Num += row.FirstEntries
			precision[row.Bucket] = precision[row.Bucket].Merge(suffstat.Ratio{Num: row.Targeted, Den: row.Entries})
			mix[row.Bucket][i] += row.Entries
			mix[row.Bucket][k+i] -= row.Days
		}
		r.Rate = suffstat.Rate(parts, r.Eligible, TableLevel)
		s.Reach = append(s.Reach, r)
	}
	for i := range s.Reach {
		s.Reach[i].ShareOfEntries = math.NaN()
		if b.Entries > 0 {
			s.Reach[i].ShareOfEntries = float64(s.Reach[i].Entries) / float64(b.Entries)
		}
	}
	b.Reach = suffstat.Rate(all, b.Eligible, TableLevel)
	b.selectivity(mix, k)
	unselective := x.unselective(b)
	missed := untested(Insufficient)
	b.Precision.Estimate = suffstat.NotEstimable("wilson n_eff", TableLevel, suffstat.ErrNoData)
	if s.Def != nil && len(s.Def.Stages) > 0 {
		b.Precision = suffstat.Rate(precision, b.Entrants, TableLevel)
		margin := x.opt.margin("target_share", .05)
		d := against(b.Precision, leastPrecision, margin)
		d.Interval = d.Interval.Scale(-1, "") // the claim is "below"
		missed = claimOf(d)
		b.claim = either(missed, unselective)
	} else {
		b.claim = unselective
	}
	switch {
	case missed.Verdict == Yes && unselective.Verdict == Yes:
		b.Reason = "both"
	case missed.Verdict == Yes:
		b.Reason = "precision"
	case unselective.Verdict == Yes:
		b.Reason = "unselective"
	}
	return b
}

// selectivity is the divergence of the stages of entries from the days of those who never entered, above what two equal mixes of this size would show. With the
// jackknife it is an approximation near zero, where the divergence is not linear in the counts.
func (b *Breadth) selectivity(mix []suffstat.Cells, k int) {
	others := float64(b.Eligible - b.Entrants)
	occurring := 0
	total, _ := suffstat.Merge(mix)
	for i := range k {
		if total[i]+total[k+i] > 0 {
			occurring++
		}
	}
	b.Floor = suffstat.JensenShannonFloor(occurring, float64(b.Entrants), others)
	if b.Entrants == 0 || others <= 0 || !analytics.Finite(b.Floor) {
		b.Floor = math.NaN()
		b.Selectivity = suffstat.NotEstimable(suffstat.MethodJackknife, TableLevel, suffstat.ErrNoData)
		return
	}
	b.Selectivity = suffstat.Jackknife(mix, func(c suffstat.Cells) float64 {
		p, q := make([]float64, k), make([]float64, k)
		for i := range k {
			p[i], q[i] = float64(c[i]), float64(max(c[k+i], 0))
		}
		return suffstat.JensenShannon(p, q) - b.Floor
	}, TableLevel).Of(b.Entrants, "nats")
}

// unselective is the claim that the trigger takes more than half of the base and does not look at the stage.
func (x *index) unselective(b *Breadth) claim {
	wide := claimOf(against(b.Reach, mostReach, .05))
	if wide.Verdict == No || !b.Selectivity.OK() {
		return wide.orInsufficient(b.Selectivity.OK())
	}
	half := (b.Selectivity.Upper - b.Selectivity.Lower) / 2
	c := claim{P: math.NaN(), Q: math.NaN(), Verdict: Undecided}
	if analytics.Finite(half) {
		se := half / suffstat.TQuantile((1+TableLevel)/2, Buckets-1)
		c.P = suffstat.TSurvival((leastSelectivity-b.Selectivity.Value)/se, Buckets-1)
		switch {
		case b.Selectivity.Upper < leastSelectivity:
			c.Verdict = Yes
		case b.Selectivity.Lower >= leastSelectivity:
			c.Verdict = No
		default:
			k := half / math.Max(math.Abs(leastSelectivity-b.Selectivity.Value), 1e-6)
			c.Needed = int64(math.Min(math.Ceil(k*k*float64(b.Entrants)), 1e12))
		}
	}
	return both(wide, c)
}

// orInsufficient keeps a No, and says that there is nobody to compare with otherwise.
func (c claim) orInsufficient(known bool) claim {
	if c.Verdict == No || known {
		return c
	}
	return untested(Insufficient)
}
