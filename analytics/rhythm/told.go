package rhythm

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// mostCandidates bounds the cells of analytics.red_rhythm_overlaps: 2^10 sets of candidates times 100 buckets.
const mostCandidates = 10

// The readings of a drift that passes the family: what becomes of it in the findings.
const (
	Told      = "told"
	Explained = "explained" // nothing is left of it outside the told segments
	Weaker    = "weaker"    // not among the ten strongest, not looked at
	Chosen    = "chosen"    // the segment may follow from orders, and the difference is not surely larger than the margin
)

// Candidate is a segment that drifts more than all other customers, to be looked at beside the others. Its bit marks its members in the cells of overlaps.
type Candidate struct {
	Segment string
	Bit     int64
}

// OverlapRow sums the halves of pauses of the customers who are in exactly these candidates.
type OverlapRow struct {
	Cell             int64 // sum of the bits
	Bucket           int
	Customers, Pairs int64
	LaterLessEarlier float64 // ln days
}

// significant tells that the drift passes the family.
func (d *Drift) significant() bool {
	return d.Grouping != "gaps" && d.Decision.Verdict == analytics.Different && d.Q <= .10
}

// chosen tells that the drift may come from the choice of the members. Who is in a segment on the day of his second order because of how he ordered just then (after a long silence, say) returns to his usual pauses later, which looks like drift: in a made-up company without any,
// those who had been silent for 90 days drifted by 13 %, all others by 5 %. Only a difference that is surely larger than the margin is believed.
func (d *Drift) chosen() bool {
	return d.ByOrders && !(d.Strength > math.Log1p(d.Margin))
}

// candidates are the places in m.Drift of the segments to look at: declared ones before those that may follow from orders, the surest difference to all other customers first. The place in the list is the number of the bit.
func (m *Model) candidates() []int {
	var out []int
	for i := range m.Drift {
		if m.Drift[i].Grouping == "segment" && m.Drift[i].significant() && !m.Drift[i].chosen() {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(i, j int) int { return cmp.Compare(m.Drift[j].Strength, m.Drift[i].Strength) })
	out = out[:min(len(out), mostCandidates)]
	slices.SortStableFunc(out, func(i, j int) int {
		a, b := m.Drift[i].ByOrders, m.Drift[j].ByOrders
		switch {
		case a == b:
			return 0
		case b:
			return -1
		}
		return 1
	})
	return out
}

// Candidates are the segments to look at, at most ten.
func (m *Model) Candidates() []Candidate {
	var out []Candidate
	for k, i := range m.candidates() {
		out = append(out, Candidate{m.Drift[i].Group, 1 << k})
	}
	return out
}

// Outside is what is left of a drift when the members of told segments are taken out of both sides.
type Outside struct {
	Customers int64
	Ratio     suffstat.Estimate
	Rest      float64
	P         float64
}

// overlaps are the cells of candidates by bucket.
type overlaps map[int64][]halves

func overlapsOf(rows []OverlapRow) overlaps {
	out := overlaps{}
	for _, r := range rows {
		if out[r.Cell] == nil {
			out[r.Cell] = make([]halves, Buckets)
		}
		b := &out[r.Cell][r.Bucket]
		*b = b.Merge(halves{r.Customers, r.Pairs, r.LaterLessEarlier})
	}
	return out
}

// outside splits the customers who are in none of the told segments into members of bit and all others. Sums of cells are taken in the order of their numbers.
func (o overlaps) outside(told, bit int64) (members, all []halves) {
	members, all = make([]halves, Buckets), make([]halves, Buckets)
	cells := make([]int64, 0, len(o))
	for cell := range o {
		cells = append(cells, cell)
	}
	slices.Sort(cells)
	for _, cell := range cells {
		if cell&told != 0 {
			continue
		}
		for g, h := range o[cell] {
			all[g] = all[g].Merge(h)
			if cell&bit != 0 {
				members[g] = members[g].Merge(h)
			}
		}
	}
	return members, all
}

// shared counts the customers who are in both.
func (o overlaps) shared(a, b int64) (n int64) {
	for cell, buckets := range o {
		if cell&a != 0 && cell&b != 0 {
			for _, h := range buckets {
				n += h.customers
			}
		}
	}
	return n
}

// Tell decides which of the drifts that pass the family a reader is told. One drifting segment shows through every segment that shares members with it, and in all customers; it is to be told once, with the right name.
//
// The candidates are taken in order. The first one is told. Each further one is compared once more with all other customers, both without the members of the segments told so far, and is told when its pauses change and change more than those of the rest,
// the same way as before, with p at most .05 divided by the number of candidates still open. A segment that was told early may be a mere part of one told later, so at the end each told one must hold outside the other ones too (a declared segment need not hold
// outside those that may follow from them). All customers are told of when those outside the told segments change too.
//
// It misleads where two segments have nearly the same members: the surer one is told, the other one is called explained, whichever is the cause.
func (m *Model) Tell(rows []OverlapRow) {
	o, places := overlapsOf(rows), m.candidates()
	for i := range m.Drift {
		if m.Drift[i].significant() {
			m.Drift[i].Reading = Weaker
			if m.Drift[i].chosen() {
				m.Drift[i].Reading = Chosen
			}
		}
	}
	var told []int // numbers of bits
	for k, i := range places {
		d := &m.Drift[i]
		d.Reading = Told
		if len(told) > 0 && !d.holds(o, mask(told), 1<<k, len(places)-k) {
			d.Reading = Explained
			continue
		}
		told = append(told, k)
	}
	told = m.review(o, places, told)
	for k, i := range places {
		if d := &m.Drift[i]; d.Reading == Explained {
			d.By = m.closest(o, places, told, k)
		}
	}
	all := slices.IndexFunc(m.Drift, func(d Drift) bool { return d.Grouping == "all" })
	if all < 0 || !m.Drift[all].significant() {
		return
	}
	d := &m.Drift[all]
	d.Reading = Told
	if len(told) == 0 {
		return
	}
	_, others := o.outside(mask(told), 0)
	rest := driftOf("all", "all", others, d.Margin)
	d.Outside = &Outside{rest.Customers, rest.Ratio, math.NaN(), rest.P}
	if rest.Decision.Verdict != analytics.Different || !(rest.P <= .05) || rest.Change.Value*d.Change.Value < 0 {
		d.Reading, d.By = Explained, m.Drift[places[told[0]]].Group
	}
}

func mask(bits []int) (out int64) {
	for _, k := range bits {
		out |= 1 << k
	}
	return out
}

// holds tells whether the members outside the told segments drift as the segment does. open is the number of candidates that share the error of five in a hundred.
func (d *Drift) holds(o overlaps, told, bit int64, open int) bool {
	members, all := o.outside(told, bit)
	left := driftOf(d.Grouping, d.Group, members, d.Margin)
	left.against(members, all)
	left.ByOrders = d.ByOrders
	d.Outside = &Outside{left.Customers, left.Ratio, left.Rest, left.P}
	return left.Decision.Verdict != analytics.InsufficientData && left.P <= .05/float64(max(open, 1)) && left.Change.Value*d.Change.Value > 0 && !left.chosen()
}

// review takes back what was told early and does not hold outside the segments told later; the first told goes first.
func (m *Model) review(o overlaps, places, told []int) []int {
	for _, k := range slices.Clone(told) {
		d := &m.Drift[places[k]]
		others := slices.DeleteFunc(slices.Clone(told), func(j int) bool { return j == k || m.Drift[places[j]].ByOrders && !d.ByOrders })
		if len(others) == 0 {
			continue
		}
		if !d.holds(o, mask(others), 1<<k, 1) {
			d.Reading = Explained
			told = slices.DeleteFunc(told, func(j int) bool { return j == k })
		}
	}
	return told
}

// closest is the told segment with the most members of the explained one; with none, the first told.
func (m *Model) closest(o overlaps, places, told []int, k int) string {
	by, most := "", int64(-1)
	for _, j := range told {
		if n := o.shared(1<<k, 1<<j); n > most {
			by, most = m.Drift[places[j]].Group, n
		}
	}
	return by
}
