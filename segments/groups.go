package segments

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// leastGroup is how many segments with one fault are said in one finding: where the cause is one (the base is small for its segments, nobody cleans up), fifty sentences that
// differ by a name hide it, and all the other findings with it.
const leastGroup = 3

// fault is what a group of segments has in common. Exploratory ones stay apart: one of them would make all the others look unproved.
type fault struct {
	kind, reason string
	exploratory  bool
}

// grouped are the reasons that are said together, in the order of the report, with what selects them in segments.segments; the rest are decided segment by segment.
var grouped = []struct{ kind, reason, where, columns, order string }{
	{"segment_size", TooSmall, "size_verdict = 'too_small'", sizeColumns, "mde_relative, segment_id"},
	{"segment_size", Empty, "size_verdict = 'empty'", sizeColumns, "segment_id"},
	{"segment_stuck", Static, "stuck_verdict = 'static' AND stale_verdict <> 'stale' AND customers > 0", stuckColumns, "customers DESC, segment_id"},
	{"segment_unused", Unused, "use_verdict = 'unused' AND customers > 0", useColumns, "customers DESC, segment_id"},
	{"segment_unused", Silent, "use_verdict = 'silent' AND customers > 0", useColumns, "customers DESC, segment_id"},
}

// together replaces findings of one reason by one finding where they are leastGroup or more; of[i] is the segment of all[i]. The groups come last, the others keep their order.
func (m *Model) together(all []analytics.Finding, of []*Segment, opt Options) []analytics.Finding {
	members := map[fault][]*Segment{}
	faultOf := func(x analytics.Finding) fault { return fault{x.Kind, x.Text("reason"), x.Exploratory} }
	for i, x := range all {
		members[faultOf(x)] = append(members[faultOf(x)], of[i])
	}
	var groups []analytics.Finding
	said := map[fault]bool{}
	for i, g := range grouped {
		for _, exploratory := range []bool{false, true} {
			if f := (fault{g.kind, g.reason, exploratory}); len(members[f]) >= leastGroup {
				said[f] = true
				groups = append(groups, m.group(i, exploratory, members[f], opt))
			}
		}
	}
	var out []analytics.Finding
	for _, x := range all {
		if !said[faultOf(x)] {
			out = append(out, x)
		}
	}
	return append(out, groups...)
}

// group is the finding for all segments of one fault, of which there are leastGroup or more. The statistic is their number. Where each was tested, p and q are those of the weakest of them.
func (m *Model) group(i int, exploratory bool, of []*Segment, opt Options) analytics.Finding {
	g := grouped[i]
	n := int64(len(of))
	var members int64
	for _, s := range of {
		members += s.Total.Members
	}
	var v analytics.Values
	v.Text("reason", g.reason+"_many")
	v.Fact("segments", float64(n), int64(len(m.Segments)), "")
	v.Fact("of_segments", float64(len(m.Segments)), int64(len(m.Segments)), "")
	v.Fact("customers", float64(members), members, "customers")
	if g.reason == TooSmall {
		smallest(&v, of)
	} else {
		largest(&v, of)
	}
	x := analytics.Finding{
		Block: "segments", Kind: g.kind, SubjectType: "segments", Subject: g.reason, Severity: analytics.Notice, Statistic: analytics.Number(float64(n)), Exploratory: exploratory,
	}
	where := g.where
	switch g.reason {
	case Static:
		x.Verdict = analytics.Different
		x.PValue = analytics.Number(slices.MaxFunc(of, func(a, b *Segment) int { return cmp.Compare(a.StuckP, b.StuckP) }).StuckP)
		x.QValue = analytics.Number(slices.MaxFunc(of, func(a, b *Segment) int { return cmp.Compare(a.StuckQ, b.StuckQ) }).StuckQ)
		from, to := -1., opt.FDR
		if exploratory {
			from, to = opt.FDR, screening
			x.Subject += "_exploratory"
		}
		where += fmt.Sprintf(" AND stuck_q_value > %v AND stuck_q_value <= %v", from, min(to, screening))
		weakest := slices.MinFunc(of, func(a, b *Segment) int { return cmp.Compare(a.Stay.Lower, b.Stay.Lower) })
		v.Text("weakest", weakest.ID)
		v.Estimate("stay_share", weakest.Stay.Estimate)
	case Unused, Silent:
		x.Opportunity = m.tryLargest(of, opt)
	}
	if x.Opportunity == nil && g.reason != Static {
		x.Opportunity = tidy(suffstat.Fact(float64(n), int64(len(m.Segments)), "segments"), members, 2)
		x.Opportunity.Metric = "segments"
	}
	x.Values = v
	x.EvidenceSQL = fmt.Sprintf("SELECT segment_id, customers, share, %s, count(*) OVER () AS segments, (SELECT count(*) FROM segments.segments) AS of_segments FROM segments.segments WHERE %s ORDER BY %s", g.columns, where, g.order)
	return x
}

// smallest names the segment that is nearest to being large enough, by the change that a test would find, and the one that is farthest from it.
func smallest(v *analytics.Values, of []*Segment) {
	byMDE := func(a, b *Segment) int { return cmp.Compare(a.MDE, b.MDE) }
	best, worst := slices.MinFunc(of, byMDE), slices.MaxFunc(of, byMDE)
	v.Text("nearest", best.ID)
	v.Fact("nearest_customers", float64(best.Total.Members), best.Total.Members, "customers")
	v.Point("mde", best.MDE, best.Total.Members, "share")
	v.Fact("plausible", plausible, best.Total.Members, "share")
	if best.Needed > 0 {
		v.Fact("members_needed", float64(best.Needed), best.Total.Members, "customers")
	}
	v.Text("farthest", worst.ID)
	v.Fact("farthest_customers", float64(worst.Total.Members), worst.Total.Members, "customers")
}

// bySize are segments with the most members first, of equals by id.
func bySize(of []*Segment) []*Segment {
	of = slices.Clone(of)
	slices.SortStableFunc(of, func(a, b *Segment) int { return cmp.Compare(b.Total.Members, a.Total.Members) })
	return of
}

func largest(v *analytics.Values, of []*Segment) {
	for i, s := range bySize(of)[:leastGroup] {
		v.Text([leastGroup]string{"first", "second", "third"}[i], s.ID)
	}
}

// tryLargest is what the largest of unused segments offers: they overlap, so what all of them together are is not a number to plan a test on.
func (m *Model) tryLargest(of []*Segment, opt Options) *analytics.Opportunity {
	s := bySize(of)[0]
	if !s.Order.OK() || s.Order.Events == 0 || !(opt.Step > 0) || math.IsInf(opt.Step, 0) {
		return nil
	}
	f := finder{m: m, s: s, opt: opt}
	o := f.opportunity("order_rate", s.Order.Estimate, opt.Step, 3)
	o.Problem = "segment:" + s.ID
	return o
}
