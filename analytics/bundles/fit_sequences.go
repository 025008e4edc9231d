package bundles

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// parts of 30 days make the horizon of 90 days; cellsOfStage is how many cells a stage has (analytics.fct_sequence_orders.cell).
const (
	parts        = 3
	horizonDays  = 90
	cellsOfStage = 18
	// linesOf less a category key stands for the products of the category one by one (analytics.fct_sequence_starts).
	linesOf = -1000000
)

// Sequence compares what follows orders with A and like orders without it, both of customers who had not had B.
type Sequence struct {
	A, B            int64
	Orders, Without int64 // beginnings with A and, in the same cells, without
	Bought          int64
	Matched         float64
	With, Base      suffstat.Estimate // share who buy B within 90 days
	Decision        analytics.Decision
	Within          suffstat.Estimate // difference against like orders with another product of the category; Value NaN without
	SE              float64
	P, Q, BY        float64
	WithinP         float64
	WithinQ         float64
	Shrunk          suffstat.Estimate // of the difference
	sufficient      bool
}

// Next is what customers of a stage buy next that they have not had.
type Next struct {
	Stage       string
	Item        int64
	Place       int
	Orders      int64
	Bought      int64
	Probability suffstat.Estimate
	Elsewhere   suffstat.Estimate // the same share over all other stages; N: their orders
	Value       float64           // mean margin of the item in a basket, currency units; NaN without money
}

// follow counts beginnings by part of 30 days: at risk in the part, and B bought in it. It is a life table of three ages, in floats so that it may be weighted.
type follow struct{ Risk, Event [parts]float64 }

func (f *follow) add(o follow, weight float64) {
	for j := range parts {
		f.Risk[j] += weight * o.Risk[j]
		f.Event[j] += weight * o.Event[j]
	}
}

// began counts n beginnings that were seen for so many parts, ended n that bought B in the part outcome (counted from 1): an event in a part that was not seen to its end is not known as such, the beginning is censored before it.
func (f *follow) began(seen int, n float64) {
	for j := range seen {
		f.Risk[j] += n
	}
}

func (f *follow) ended(seen, outcome int, n float64) {
	if outcome > seen {
		return
	}
	f.Event[outcome-1] += n
	for j := outcome; j < seen; j++ {
		f.Risk[j] -= n
	}
}

// share is 1 - Kaplan-Meier at the horizon: Aalen-Johansen with one cause. NaN when a part has nobody at risk.
func (f *follow) share() float64 {
	s := 1.
	for j := range parts {
		if f.Risk[j] <= 0 {
			return math.NaN()
		}
		s *= 1 - f.Event[j]/f.Risk[j]
	}
	return 1 - s
}

// grid holds follow counts of one arm: [cell][bucket], cells by their dense place.
type grid [][]follow

type sequenceData struct {
	cells []int64
	place map[int64]int
	items []int64
	// began and moved are [a][cell][bucket]; a = 0 is every order.
	began map[int64]grid
	moved map[[2]int64]grid // what B takes away from, and adds to, the beginnings of A
}

func (m *Model) sequenceData() *sequenceData {
	d := &sequenceData{place: map[int64]int{}, began: map[int64]grid{}, moved: map[[2]int64]grid{}}
	for _, r := range m.Counts.Orders {
		if _, ok := d.place[r.Cell]; !ok {
			d.place[r.Cell] = len(d.cells)
			d.cells = append(d.cells, r.Cell)
		}
		if r.A != 0 && r.A > linesOf && !slices.Contains(d.items, r.A) {
			d.items = append(d.items, r.A)
		}
	}
	slices.Sort(d.items)
	for _, r := range m.Counts.Orders {
		if d.began[r.A] == nil {
			d.began[r.A] = d.grid()
		}
		d.began[r.A][d.place[r.Cell]][r.Bucket].began(r.Seen, float64(r.N))
	}
	for _, r := range m.Counts.Moves {
		c, ok := d.place[r.Cell]
		if !ok {
			continue
		}
		key := [2]int64{r.A, r.B}
		if d.moved[key] == nil {
			d.moved[key] = d.grid()
		}
		f := &d.moved[key][c][r.Bucket]
		if r.Outcome == 0 {
			f.began(r.Seen, -float64(r.N)) // had B: no beginning
		} else {
			f.ended(r.Seen, r.Outcome, float64(r.N))
		}
	}
	return d
}

func (d *sequenceData) grid() grid {
	g := make(grid, len(d.cells))
	all := make([]follow, len(d.cells)*sequenceBuckets)
	for c := range g {
		g[c] = all[c*sequenceBuckets : (c+1)*sequenceBuckets]
	}
	return g
}

// arm is the follow counts of the beginnings with a (0: all) of customers who had not had b.
func (d *sequenceData) arm(a, b int64) grid {
	g := d.grid()
	began, moved := d.began[a], d.moved[[2]int64{a, b}]
	for c := range g {
		for k := range g[c] {
			if began != nil {
				g[c][k] = began[c][k]
			}
			if moved != nil {
				g[c][k].add(moved[c][k], 1)
			}
		}
	}
	return g
}

// totals sums the buckets of every cell.
func (g grid) totals() []follow {
	out := make([]follow, len(g))
	for c, row := range g {
		for _, f := range row {
			out[c].add(f, 1)
		}
	}
	return out
}

func (m *Model) fitSequences() {
	d := m.sequenceData()
	if len(d.items) == 0 {
		return
	}
	base := map[int64]grid{}
	for _, b := range d.items {
		base[b] = d.arm(0, b)
	}
	for _, p := range m.Counts.Follows {
		a, b := p[0], p[1]
		var taste grid
		if key := linesOf - m.Counts.Names[a].Ca; a > 0 && key < linesOf && d.moved[[2]int64{key, b}] != nil {
			taste = d.arm(key, b)
		}
		m.Sequences = append(m.Sequences, m.sequence(a, b, d.arm(a, b), base[b], taste))
	}
	m.judgeSequences()
	m.fitNext(d, base)
}

// standardised sums the cells in which both arms have somebody, the orders without A weighted to those with it; of the other cells nothing is known.
func standardised(with, all []follow) (a, base follow, matched, orders float64) {
	var kept float64
	for c := range with {
		orders += with[c].Risk[0]
		other := all[c].Risk[0] - with[c].Risk[0]
		if with[c].Risk[0] <= 0 || other <= 0 {
			continue
		}
		kept += with[c].Risk[0]
		a.add(with[c], 1)
		weight := with[c].Risk[0] / other
		base.add(all[c], weight)
		base.add(with[c], -weight)
	}
	return a, base, kept / orders, orders
}

// comparison is what follows orders with A and like orders without it.
type comparison struct {
	orders, without, bought, boughtWithout int64
	matched                                float64
	r                                      suffstat.Replicates // share with, share without
}

// compare weights the orders of all that are not of with to the cells of with, anew for each bucket left out.
func compare(with, all grid) comparison {
	totalA, totalAll := with.totals(), all.totals()
	fa, fb, matched, orders := standardised(totalA, totalAll)
	c := comparison{orders: int64(orders)}
	if !math.IsNaN(matched) {
		c.matched = matched
	}
	for cell := range totalA {
		if other := totalAll[cell].Risk[0] - totalA[cell].Risk[0]; totalA[cell].Risk[0] > 0 && other > 0 {
			c.without += int64(other)
			for j := range parts {
				c.boughtWithout += int64(totalAll[cell].Event[j] - totalA[cell].Event[j])
			}
		}
		for j := range parts {
			c.bought += int64(totalA[cell].Event[j])
		}
	}
	c.r = suffstat.Replicates{Value: []float64{fa.share(), fb.share()}, Rep: make([][]float64, sequenceBuckets), Used: make([]bool, sequenceBuckets)}
	restA, restAll := make([]follow, len(totalA)), make([]follow, len(totalA))
	for g := range sequenceBuckets {
		for cell := range totalA {
			restA[cell], restAll[cell] = totalA[cell], totalAll[cell]
			restA[cell].add(with[cell][g], -1)
			restAll[cell].add(all[cell][g], -1)
			c.r.Used[g] = c.r.Used[g] || all[cell][g].Risk[0] > 0
		}
		c.r.Rep[g] = c.r.Value
		if c.r.Used[g] {
			x, y, _, _ := standardised(restA, restAll)
			c.r.Rep[g] = []float64{x.share(), y.share()}
		}
	}
	return c
}

func shareOf(r suffstat.Replicates, i int, n int64) suffstat.Estimate {
	e := r.EstimateLogLog(i, .95)
	if e.OK() && !analytics.Finite(e.Lower) {
		e.Lower, e.Upper = suffstat.WilsonInterval(e.Value, float64(n), .95)
	}
	return e.Of(n, "share")
}

// sequence estimates one pair: against all like orders without A, and, for products, against the other products of its category in like orders. There the unit is the product in the order: orders with A hold more
// of the category than orders that need only hold something of it, and so tell more taste for it.
func (m *Model) sequence(a, b int64, with, all, taste grid) Sequence {
	s := Sequence{A: a, B: b, P: math.NaN(), Q: math.NaN(), BY: math.NaN(), WithinP: math.NaN(), WithinQ: math.NaN(), Shrunk: suffstat.NotEstimable(suffstat.MethodShrunk, .95, suffstat.ErrNoData),
		Within: suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)}
	c := compare(with, all)
	s.Orders, s.Without, s.Bought, s.Matched = c.orders, c.without, c.bought, c.matched
	s.With, s.Base = shareOf(c.r, 0, s.Orders), shareOf(c.r, 1, s.Without)
	diff := c.r.Difference(0, 1)
	s.SE = diff.SE(0)
	s.Decision = analytics.Decide(analytics.Comparison{
		Difference: diff.Value[0], SE: s.SE, DF: diff.DF(), Margin: m.Opt.Share, Directional: true, Buckets: diff.Buckets(),
		Sides: []analytics.Side{{Customers: s.Orders, Effective: float64(s.Orders), Events: s.Bought}, {Customers: s.Without, Effective: float64(s.Without), Events: c.boughtWithout}},
	})
	s.sufficient = s.Decision.Verdict != analytics.InsufficientData && s.Matched >= .5
	if s.sufficient {
		s.P = s.Decision.PDifference
	} else {
		s.Decision.Verdict = analytics.InsufficientData
	}
	if taste != nil {
		c := compare(with, taste)
		if c.matched >= .5 && c.without >= analytics.MinEffective {
			d := c.r.Difference(0, 1)
			s.Within = d.Estimate(0, .95).Of(s.Orders, "share")
			if se := d.SE(0); s.sufficient && se > 0 {
				s.WithinP = math.Min(1, 2*suffstat.TSurvival(math.Abs(d.Value[0])/se, d.DF()))
			}
		}
	}
	return s
}

func (m *Model) judgeSequences() {
	p, within := make([]float64, len(m.Sequences)), make([]float64, len(m.Sequences))
	for i, s := range m.Sequences {
		p[i], within[i] = s.P, s.WithinP
	}
	withinQ, _ := familyWise(within, float64(m.Counts.Looked))
	q, by := familyWise(p, float64(m.Counts.Looked))
	for _, product := range []bool{true, false} {
		var at []int
		var y, se []float64
		for i := range m.Sequences {
			s := &m.Sequences[i]
			s.Q, s.BY, s.WithinQ = q[i], by[i], withinQ[i]
			if s.sufficient && s.SE > 0 && s.A > 0 == product {
				at, y, se = append(at, i), append(y, s.Decision.Interval.Value), append(se, s.SE)
			}
		}
		class := suffstat.Shrink(y, se, .95)
		for k, i := range at {
			m.Sequences[i].Shrunk = class.Estimate(k, m.Sequences[i].Orders, "share")
		}
	}
}

// Verdict of a sequence in the words of the table.
func (s Sequence) Verdict() string {
	switch {
	case s.Decision.Verdict == analytics.Different && s.Q <= screening && s.Decision.Interval.Value > 0:
		return "more"
	case s.Decision.Verdict == analytics.Different && s.Q <= screening:
		return "less"
	case s.Decision.Verdict == analytics.Equivalent:
		return "none"
	case s.Decision.Verdict == analytics.InsufficientData:
		return string(analytics.InsufficientData)
	}
	return "undecided"
}

// fitNext reads the same life tables by stage: what customers of a stage have not had and buy within 90 days.
func (m *Model) fitNext(d *sequenceData, base map[int64]grid) {
	stages := map[int64]bool{}
	for _, c := range d.cells {
		stages[c/cellsOfStage] = true
	}
	var keys []int64
	for st := range stages {
		if m.Counts.Stages[st] != "" {
			keys = append(keys, st)
		}
	}
	slices.Sort(keys)
	for _, st := range keys {
		for _, b := range d.items {
			if n, ok := m.next(d, st, b, base[b]); ok {
				m.Next = append(m.Next, n)
			}
		}
	}
	m.placeNext()
}

// followed is the share of a life table with its replicates, each without one bucket.
func followed(total follow, buckets *[sequenceBuckets]follow) suffstat.Replicates {
	r := suffstat.Replicates{Value: []float64{total.share()}, Rep: make([][]float64, sequenceBuckets), Used: make([]bool, sequenceBuckets)}
	for g := range sequenceBuckets {
		r.Rep[g] = r.Value
		if buckets[g].Risk[0] > 0 {
			rest := total
			rest.add(buckets[g], -1)
			r.Used[g], r.Rep[g] = true, []float64{rest.share()}
		}
	}
	return r
}

func (m *Model) next(d *sequenceData, st, b int64, all grid) (Next, bool) {
	n := Next{Stage: m.Counts.Stages[st], Item: b, Value: math.NaN()}
	var buckets, away [sequenceBuckets]follow
	var here, others follow
	for c, cell := range d.cells {
		for g := range sequenceBuckets {
			if cell/cellsOfStage == st {
				buckets[g].add(all[c][g], 1)
				here.add(all[c][g], 1)
			} else {
				away[g].add(all[c][g], 1)
				others.add(all[c][g], 1)
			}
		}
	}
	n.Orders = int64(here.Risk[0])
	for j := range parts {
		n.Bought += int64(here.Event[j])
	}
	r := followed(here, &buckets)
	if n.Orders < analytics.MinEffective || n.Bought < analytics.MinEvents || r.Buckets() < analytics.MinBuckets {
		return n, false
	}
	n.Probability = r.EstimateLogLog(0, .95).Of(n.Orders, "share")
	if !n.Probability.OK() {
		return n, false
	}
	n.Elsewhere = suffstat.Fact(math.NaN(), 0, "share")
	if o := followed(others, &away); int64(others.Risk[0]) >= analytics.MinEffective && o.Buckets() >= analytics.MinBuckets {
		n.Elsewhere = o.EstimateLogLog(0, .95).Of(int64(others.Risk[0]), "share")
	}
	universe := inOrder
	if b < 0 {
		universe = categories
	}
	if x := m.Counts.Universes[universe]; x != nil && x.Items[b] != nil {
		n.Value = meanValue(x.Items[b], sum(x.Items[b].N)) * m.Opt.Margin
	}
	return n, true
}

// placeNext ranks within stage and level by the lower end of the share times the margin.
func (m *Model) placeNext() {
	worth := func(n Next) float64 {
		w := n.Probability.Lower
		if !analytics.Finite(w) {
			w = 0
		}
		if n.Value > 0 {
			w *= n.Value
		}
		return w
	}
	slices.SortStableFunc(m.Next, func(a, b Next) int {
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), cmp.Compare(level(b.Item), level(a.Item)), cmp.Compare(worth(b), worth(a)), cmp.Compare(a.Item, b.Item))
	})
	for i := range m.Next {
		m.Next[i].Place = 1
		if i > 0 && m.Next[i-1].Stage == m.Next[i].Stage && level(m.Next[i-1].Item) == level(m.Next[i].Item) {
			m.Next[i].Place = m.Next[i-1].Place + 1
		}
	}
}

// level of an item: products have positive keys, categories negative ones.
func level(it int64) string {
	if it < 0 {
		return "category"
	}
	return "product"
}
