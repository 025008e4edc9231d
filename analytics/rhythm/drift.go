package rhythm

import (
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// driftMargin is the smallest change of pauses that matters: a tenth.
const driftMargin = .10

// halves sums the later half of the completed pauses of customers minus the earlier half.
type halves struct {
	customers, pairs int64
	change           float64
}

// Merge adds them.
func (h halves) Merge(o halves) halves {
	return halves{h.customers + o.customers, h.pairs + o.pairs, h.change + o.change}
}

// Empty tells that there are none.
func (h halves) Empty() bool { return h.pairs == 0 }

// Drift is whether the pauses of a group of customers lengthen.
type Drift struct {
	Grouping, Group  string // all, gaps or segment
	Customers, Pairs int64
	Change           suffstat.Estimate // ln
	SE               float64
	Ratio            suffstat.Estimate
	Decision         analytics.Decision
	Q                float64
	Margin           float64 // a ratio up to 1 + Margin does not matter
	Rest             float64 // ratio of all other customers, segments only
	Strength         float64 // segments: lower end of the 95 % interval of the distance to all others, ln; the surest drift is the strongest
	Moved            float64 // segments: share of members who joined after the first order or have left since
	ByOrders         bool    // half of them and more: the segment may follow from the orders of its members
	Reading, By      string  // Tell: told, explained or weaker, "" where the drift does not pass the family; the segment that explains it
	Outside          *Outside
	others           int64 // customers behind Rest
	P                float64
}

// fitDrift compares, within customers, the later half of the completed pauses that began 28 days and more after the second order with the earlier half.
//
// Given the number of completed pauses of a customer, the order of his pauses is pure chance when his rhythm stays: the density of (g1..gn) and "the next is longer than what is left of the window" is the product of the f(g) times S(T - sum g),
// which does not change when they are put into another order. So the difference has mean 0 under "no drift" wherever the data begin and end, however customers differ, whoever comes and goes, and also when customers leave
// for good.
// And it holds for customers with busy and quiet times, if these come and go alike forwards and backwards, because both ends of the time looked at are moments that are no orders: right after an order a customer is busier than at the end of the data, and pauses counted from it
// would seem to lengthen. Comparing all pauses of two quarters has none of this: early and late quarters have other customers, and the last quarter has only the short pauses. The first pause is left out: the way to the second order is a matter of its own,
// and mostly longer.
//
// When pauses do lengthen, the longest of the late ones are not completed and thus not here: the change is larger than shown, never smaller. A season of ordering is a drift within a history that does not cover whole years.
func fitDrift(c *Counts, margin float64) []Drift {
	var out []Drift
	var all []halves
	groups := []struct {
		grouping, name string
		from, to       int
	}{{"all", "all", 0, 1000}, {"gaps", "up to 4", 0, 4}, {"gaps", "5-8", 5, 8}, {"gaps", "9+", 9, 1000}}
	for _, k := range groups {
		buckets := make([]halves, Buckets)
		for _, r := range c.Gaps {
			if r.Gaps >= k.from && r.Gaps <= k.to {
				buckets[r.Bucket] = buckets[r.Bucket].Merge(halves{r.Paired, r.Pairs, r.LaterLessEarlier})
			}
		}
		if k.grouping == "all" {
			all = buckets
		}
		out = append(out, driftOf(k.grouping, k.name, buckets, margin))
	}
	var names []string
	segments, moved, members := map[string][]halves{}, map[string]int64{}, map[string]int64{}
	for _, r := range c.Segments {
		if segments[r.Segment] == nil {
			segments[r.Segment] = make([]halves, Buckets)
			names = append(names, r.Segment)
		}
		b := &segments[r.Segment][r.Bucket]
		*b = b.Merge(halves{r.Customers, r.Pairs, r.LaterLessEarlier})
		moved[r.Segment], members[r.Segment] = moved[r.Segment]+r.Moved, members[r.Segment]+r.Customers
	}
	slices.Sort(names)
	for _, name := range names {
		d := driftOf("segment", name, segments[name], margin)
		d.against(segments[name], all)
		d.Moved, d.ByOrders = float64(moved[name])/float64(max(members[name], 1)), 2*moved[name] >= members[name]
		out = append(out, d)
	}
	family(out[:len(groups)])
	family(out[len(groups):])
	return out
}

// family corrects for looking at many. Segments are a family of their own: where everybody drifts, the rows of all and of gaps say one thing four times, and would let a segment pass that differs from the others by chance.
func family(rows []Drift) {
	p := make([]float64, len(rows))
	for i, d := range rows {
		p[i] = d.P
		if d.Decision.Verdict == analytics.InsufficientData {
			p[i] = math.NaN()
		}
	}
	for i, q := range suffstat.BH(p) {
		rows[i].Q = q
	}
}

func driftOf(grouping, name string, buckets []halves, margin float64) Drift {
	total, _ := suffstat.Merge(buckets)
	d := Drift{Grouping: grouping, Group: name, Customers: total.customers, Pairs: total.pairs, SE: math.NaN(), Q: math.NaN(), Margin: margin}
	r := suffstat.JackknifeVec(buckets, func(h halves) []float64 { return []float64{h.change / float64(h.pairs)} })
	d.Change = suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)
	if r.Value != nil {
		d.Change, d.SE = r.Estimate(0, .95).Of(d.Customers, "1"), r.SE(0)
	}
	d.Ratio = d.Change
	d.Ratio.Value, d.Ratio.Lower, d.Ratio.Upper = math.Exp(d.Change.Value), math.Exp(d.Change.Lower), math.Exp(d.Change.Upper)
	d.Decision = analytics.Decide(analytics.Comparison{
		Difference: d.Change.Value, SE: d.SE, DF: r.DF(), Margin: math.Log1p(margin), Directional: true, Buckets: r.Buckets(),
		Sides: []analytics.Side{{Customers: d.Customers, Effective: float64(d.Customers), Events: d.Pairs}},
	})
	d.P, d.Rest = d.Decision.PDifference, math.NaN()
	return d
}

// against compares the members of a segment with all other customers: a segment is worth a word when its pauses change more than everybody's. The claim is both, so its p-value is the larger one.
func (d *Drift) against(segment, all []halves) {
	buckets := make([]both, len(all))
	for g := range all {
		s, a := segment[g], all[g]
		buckets[g] = both{[2]halves{s, {a.customers - s.customers, a.pairs - s.pairs, a.change - s.change}}}
	}
	r := suffstat.JackknifeVec(buckets, func(b both) []float64 {
		return []float64{b.of[0].change / float64(b.of[0].pairs), b.of[1].change / float64(b.of[1].pairs)}
	})
	if r.Value == nil || math.IsNaN(r.Value[1]) {
		return
	}
	d.Rest = math.Exp(r.Value[1])
	d.others = 0
	for _, b := range buckets {
		d.others += b.of[1].customers
	}
	difference := r.Difference(0, 1)
	p := 1.
	d.Strength = math.Abs(difference.Value[0]) - suffstat.TQuantile(.975, difference.DF())*difference.SE(0)
	if math.IsNaN(d.Strength) {
		d.Strength = math.Inf(-1)
	}
	if se := difference.SE(0); se > 0 && difference.Value[0]*d.Change.Value > 0 {
		p = 2 * suffstat.TSurvival(math.Abs(difference.Value[0])/se, difference.DF())
	}
	d.P = math.Max(d.P, math.Min(1, p))
	if d.Decision.Verdict == analytics.Different && !(p <= .05) {
		d.Decision.Verdict = analytics.Inconclusive
	}
}

// both is a segment and all others.
type both struct{ of [2]halves }

// Merge adds them.
func (b both) Merge(o both) both {
	return both{[2]halves{b.of[0].Merge(o.of[0]), b.of[1].Merge(o.of[1])}}
}

// Empty tells that there are none.
func (b both) Empty() bool { return b.of[0].Empty() && b.of[1].Empty() }
