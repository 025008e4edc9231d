package bundles

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The limits of the block (statistics 0.4 and 5.3).
const (
	screening    = .10 // false-discovery rate of what is shown at all
	minBoth      = 10  // baskets with both, or expected, below which there is no verdict
	minCustomers = 10  // customers who had both
	smallCount   = 200 // baskets below which the Poisson tails may overrule the jackknife
	minItem      = 20  // baskets of an item that may be paired: the SQL's limit
	minExpected  = .1  // pairs that chance can bring together at all are in the family from here on
	attachStep   = .1  // the smallest meaningful step of an attach rate, relative
)

// Options is what the block needs of the configuration.
type Options struct {
	Margin   float64 // share of revenue that is kept
	Currency string
	FDR      float64
	Level    float64 // of money at stake
	Days     float64 // of the audited window
	Lift     float64 // smallest adjusted lift of interest less 1 (decision.equivalence.bundle_lift), 0.2
	Share    float64 // smallest difference of a share within 90 days that matters (decision.equivalence.next_purchase), 0.02
}

// Pair is one pair of a kind of baskets, estimated.
type Pair struct {
	Universe   int
	A, B       int64
	NA, NB, N  int64
	Customers  int64
	Baskets    int64
	Lift       suffstat.Estimate // plain
	Adjusted   suffstat.Estimate // at fixed sizes of baskets: decides
	Expected   float64
	Within     suffstat.Estimate // at fixed numbers of products of the category; Value NaN for others
	LogSE      float64           // of log adjusted lift
	P, Q, BY   float64
	WithinP    float64 // of no association within the category; NaN for others
	WithinQ    float64
	Shrunk     suffstat.Estimate // of adjusted lift
	Place      int
	Decision   analytics.Decision
	AttachA    suffstat.Estimate // of the baskets with A, those with B
	AttachB    suffstat.Estimate
	StakeA     suffstat.Estimate // currency units per quarter of a tenth more B with A; Value NaN without money
	StakeB     suffstat.Estimate
	ValueA     float64 // mean value of A in a basket, currency units; NaN without money
	ValueB     float64
	sufficient bool
}

// Model is what the block has found.
type Model struct {
	Counts    *Counts
	Opt       Options
	Pairs     []Pair // by universe, then place, then keys
	Family    float64
	Sequences []Sequence
	Next      []Next
}

// Fit estimates everything; it is pure.
func Fit(c *Counts, opt Options) (*Model, error) {
	m := &Model{Counts: c, Opt: opt}
	for _, u := range []int{inOrder, categories, inQuarter} {
		if err := m.fitUniverse(u); err != nil {
			return nil, err
		}
	}
	m.judge()
	m.fitSequences()
	return m, nil
}

// population is a fitted population of baskets with its counts without each bucket.
type population struct {
	margins *suffstat.Margins
	without [][]float64 // [bucket][place in margins.Sizes]: baskets of all other buckets
	total   int64
	rest    []int64 // [bucket] baskets of all other buckets
}

func (b *Baskets) fit() (*population, error) {
	var sizes []int64
	for _, row := range b.Sizes {
		for k, n := range row {
			for len(sizes) <= k {
				sizes = append(sizes, 0)
			}
			sizes[k] += n
		}
	}
	margins, err := suffstat.FitMargins(sizes, b.Classes)
	if err != nil {
		return nil, err
	}
	p := &population{margins: margins, without: make([][]float64, len(b.Sizes)), rest: make([]int64, len(b.Sizes))}
	for _, n := range margins.Baskets {
		p.total += n
	}
	for g, row := range b.Sizes {
		p.rest[g] = p.total
		p.without[g] = make([]float64, len(margins.Sizes))
		for i, k := range margins.Sizes {
			n := margins.Baskets[i]
			if k < len(row) {
				n -= row[k]
				p.rest[g] -= row[k]
			}
			p.without[g][i] = float64(n)
		}
	}
	return p, nil
}

func dot(a, b []float64) float64 {
	var s float64
	for i, x := range a {
		s += x * b[i]
	}
	return s
}

// ratio returns observed over expected of a pair with its value in all buckets but one. The odds are not fitted anew for each bucket left out: the expectation takes the sizes of the rest, and the odds of the two items take
// one step of Newton to their totals there, those of all others staying, which is the first order of what a new fit gives (tested against new fits).
func (p *population) ratio(na, nb int64, a, b, both []int64) (expected float64, r suffstat.Replicates) {
	holdA, holdB, together := p.margins.Holds(na), p.margins.Holds(nb), p.margins.Together(na, nb)
	expected = p.margins.Expected(na, nb)
	r = suffstat.Replicates{Value: []float64{float64(sum(both)) / expected}, Rep: make([][]float64, len(both)), Used: make([]bool, len(both))}
	n := sum(both)
	move := p.margins.Moves(holdA, holdB, together)
	for g := range both {
		e := dot(p.without[g], together) * math.Exp(move(float64(na-a[g])-dot(p.without[g], holdA), float64(nb-b[g])-dot(p.without[g], holdB)))
		r.Rep[g] = []float64{float64(n-both[g]) / e}
		r.Used[g] = p.rest[g] < p.total
		if !r.Used[g] {
			r.Rep[g] = r.Value
		}
	}
	return expected, r
}

func sum(x []int64) int64 {
	var s int64
	for _, v := range x {
		s += v
	}
	return s
}

func (m *Model) fitUniverse(u int) error {
	x := m.Counts.Universes[u]
	if x == nil || len(x.Classes) == 0 {
		return nil
	}
	all, err := x.fit()
	if err != nil {
		return fmt.Errorf("bundles, universe %d: %w", u, err)
	}
	within := map[int64]*population{}
	m.Family += family(x.Classes, x.Listed.Places, all.total)
	for _, pair := range append(slices.Clone(x.Pairs), neverTogether(x, all)...) {
		p := m.pair(u, x, all, pair)
		if float64(p.NA)*float64(p.NB) < minExpected*float64(p.Baskets) {
			m.Family++
		}
		if ca := m.sameCategory(u, pair); ca != 0 {
			if within[ca] == nil {
				within[ca], err = m.Counts.Within[ca].fit()
				if err != nil {
					return fmt.Errorf("bundles, category %q: %w", m.Counts.Names[-ca].Name, err)
				}
			}
			expected, r := within[ca].ratio(p.NA, p.NB, x.Items[p.A].N, x.Items[p.B].N, pair.N)
			p.Within = r.EstimateLog(0, .95).Of(p.N, "1")
			if p.sufficient {
				p.WithinP, _ = pValue(float64(p.N), expected, logOf(r))
			}
		}
		m.Pairs = append(m.Pairs, p)
	}
	return nil
}

// sameCategory is the category of both products of a pair in one order, 0 when they have none in common.
func (m *Model) sameCategory(u int, p PairCounts) int64 {
	a, b := m.Counts.Names[p.A], m.Counts.Names[p.B]
	if u != inOrder || a.Ca == 0 || a.Ca != b.Ca || m.Counts.Within[a.Ca] == nil {
		return 0
	}
	return a.Ca
}

// neverTogether are the pairs of the most frequent items that no basket holds although ten should.
func neverTogether(x *Universe, all *population) []PairCounts {
	if x.Listed.Kept < x.Listed.Pairs { // cut off: a pair that is not listed may have baskets
		return nil
	}
	var keys []int64
	for it := range x.Items {
		keys = append(keys, it)
	}
	slices.Sort(keys)
	var out []PairCounts
	for i, a := range keys {
		for _, b := range keys[i+1:] {
			if _, ok := x.at[[2]int64{a, b}]; ok {
				continue
			}
			na, nb := sum(x.Items[a].N), sum(x.Items[b].N)
			if float64(na)*float64(nb) >= 10*float64(all.total) && na >= minItem && nb >= minItem {
				out = append(out, PairCounts{a, b, make([]int64, Buckets), make([]int64, Buckets)})
			}
		}
	}
	return out
}

// family counts the pairs that chance can bring together at all: expected in a tenth of a basket or more. What is below cannot reach ten customers by chance, so it is in the family only when it has.
func family(classes []suffstat.ItemClass, places, baskets int64) float64 {
	sorted := slices.Clone(classes)
	slices.SortFunc(sorted, func(a, b suffstat.ItemClass) int { return cmp.Compare(b.N, a.N) })
	var kept []suffstat.ItemClass
	for _, c := range sorted {
		if c.N < minItem || places <= 0 {
			break
		}
		c.Items = min(c.Items, places)
		places -= c.Items
		kept = append(kept, c)
	}
	var pairs float64
	for i, a := range kept {
		for j, b := range kept[i:] {
			if float64(a.N)*float64(b.N) < minExpected*float64(baskets) {
				break
			}
			if j == 0 {
				pairs += float64(a.Items) * float64(a.Items-1) / 2
			} else {
				pairs += float64(a.Items) * float64(b.Items)
			}
		}
	}
	return pairs
}

func (m *Model) pair(u int, x *Universe, all *population, c PairCounts) Pair {
	a, b := x.Items[c.A], x.Items[c.B]
	p := Pair{Universe: u, A: c.A, B: c.B, NA: sum(a.N), NB: sum(b.N), N: sum(c.N), Customers: sum(c.Customers), Baskets: all.total, P: math.NaN(), Q: math.NaN(), BY: math.NaN(), WithinP: math.NaN(), WithinQ: math.NaN(),
		Within: suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData), Shrunk: suffstat.NotEstimable(suffstat.MethodShrunk, .95, suffstat.ErrNoData)}
	expected, r := all.ratio(p.NA, p.NB, a.N, b.N, c.N)
	p.Expected = expected
	plain := all.plain(p, a.N, b.N, c.N)
	p.Lift = plain.EstimateLog(0, .95).Of(p.N, "1")
	log := logOf(r)
	p.LogSE = log.SE(0)
	deff := designEffect(float64(p.N), p.LogSE)
	p.Adjusted = r.EstimateLog(0, .95).Of(p.N, "1")
	if p.N < minBoth || !analytics.Finite(p.Adjusted.Lower) {
		lower, upper := suffstat.PoissonInterval(float64(p.N)/deff, .95)
		p.Adjusted = suffstat.Estimate{Value: float64(p.N) / expected, Lower: lower * deff / expected, Upper: upper * deff / expected, Level: .95, N: p.N, Unit: "1", Method: "poisson"}
	}
	m.decide(&p, log)
	m.attach(&p, a, b, c.N)
	return p
}

// plain is lift against independence.
func (p *population) plain(x Pair, a, b, both []int64) suffstat.Replicates {
	lift := func(n, na, nb, total int64) float64 { return float64(n) * float64(total) / (float64(na) * float64(nb)) }
	r := suffstat.Replicates{Value: []float64{lift(x.N, x.NA, x.NB, x.Baskets)}, Rep: make([][]float64, len(both)), Used: make([]bool, len(both))}
	for g := range both {
		r.Used[g] = p.rest[g] < p.total
		r.Rep[g] = r.Value
		if r.Used[g] {
			r.Rep[g] = []float64{lift(x.N-both[g], x.NA-a[g], x.NB-b[g], p.rest[g])}
		}
	}
	return r
}

func logOf(r suffstat.Replicates) suffstat.Replicates {
	return r.Combine(func(v []float64) float64 { return math.Log(v[0]) })
}

// designEffect is the variance of a count over that of independent baskets: customers repeat themselves. Not below 1.
func designEffect(n, logSE float64) float64 {
	if n == 0 || !analytics.Finite(logSE) {
		return 1
	}
	return math.Max(1, n*logSE*logSE)
}

// pValue tests that n baskets are what was expected. The jackknife errs to the bold side when few baskets hold both, so the tails of a Poisson count, both counts divided by the design effect, may overrule it below smallCount; below
// minBoth they alone decide.
func pValue(n, expected float64, log suffstat.Replicates) (p, deff float64) {
	se := log.SE(0)
	deff = designEffect(n, se)
	tails := suffstat.PoissonTails(n/deff, expected/deff)
	if n < minBoth || !analytics.Finite(se) {
		return tails, deff
	}
	p = math.Min(1, 2*suffstat.TSurvival(math.Abs(log.Value[0])/se, log.DF()))
	if math.Min(n, expected) < smallCount {
		p = math.Max(p, tails)
	}
	return p, deff
}

// decide gives the verdict on log adjusted lift, and the p-value of adjusted lift 1.
func (m *Model) decide(p *Pair, log suffstat.Replicates) {
	p.sufficient = p.Customers >= minCustomers && p.N >= minBoth || p.N < minBoth && p.Expected >= minBoth
	if !p.sufficient {
		p.Decision.Verdict = analytics.InsufficientData
		return
	}
	p.P, _ = pValue(float64(p.N), p.Expected, log)
	margin := math.Log1p(m.Opt.Lift)
	lower, upper := math.Log(p.Adjusted.Lower), math.Log(p.Adjusted.Upper)
	p.Decision = analytics.Decide(analytics.Comparison{
		Difference: log.Value[0], SE: p.LogSE, DF: log.DF(), Margin: margin, Buckets: log.Buckets(),
		Sides: []analytics.Side{{Customers: p.Customers, Effective: float64(min(p.NA, p.NB)), Events: int64(math.Max(float64(p.N), p.Expected))}},
	})
	if p.N < minBoth { // no jackknife on a handful: the Poisson interval decides
		p.Decision.Verdict = analytics.Inconclusive
		if upper < -margin || lower > margin {
			p.Decision.Verdict = analytics.Different
		}
	}
}

// attach is the share of the baskets with one that hold the other, and the margin that a tenth more of them would bring in a quarter.
func (m *Model) attach(p *Pair, a, b *ItemCounts, both []int64) {
	buckets := make([]attachSums, len(both))
	for g := range both {
		buckets[g] = attachSums{float64(a.N[g]), float64(b.N[g]), float64(both[g]), float64(a.Amount[g]), float64(b.Amount[g])}
	}
	perQuarter := 91 / math.Max(m.Opt.Days, 1) * float64(m.Counts.Totals.Every)
	r := suffstat.JackknifeVec(buckets, func(s attachSums) []float64 {
		value := func(amount, n float64) float64 {
			return s.both * perQuarter * attachStep * amount / 100 / n * m.Opt.Margin
		}
		return []float64{s.both / s.a, s.both / s.b, value(s.amountB, s.b), value(s.amountA, s.a)}
	})
	share := func(i int, n int64) suffstat.Estimate {
		e := r.EstimateLogit(i, .95)
		if !analytics.Finite(e.Lower) && e.OK() {
			e.Lower, e.Upper = suffstat.WilsonInterval(e.Value, float64(n), .95)
		}
		return e.Of(n, "share")
	}
	p.AttachA, p.AttachB = share(0, p.NA), share(1, p.NB)
	p.ValueA, p.ValueB = meanValue(a, p.NA), meanValue(b, p.NB)
	none := suffstat.NotEstimable(suffstat.MethodJackknife, m.Opt.Level, suffstat.ErrNoData)
	p.StakeA, p.StakeB = none, none
	if p.ValueB > 0 && m.Opt.Margin > 0 {
		p.StakeA = r.Estimate(2, m.Opt.Level).Of(p.NA, m.Opt.Currency)
	}
	if p.ValueA > 0 && m.Opt.Margin > 0 {
		p.StakeB = r.Estimate(3, m.Opt.Level).Of(p.NB, m.Opt.Currency)
	}
}

type attachSums struct{ a, b, both, amountA, amountB float64 }

// Merge adds.
func (s attachSums) Merge(o attachSums) attachSums {
	return attachSums{s.a + o.a, s.b + o.b, s.both + o.both, s.amountA + o.amountA, s.amountB + o.amountB}
}

// Empty tells that no basket holds either.
func (s attachSums) Empty() bool { return s.a == 0 && s.b == 0 }

func meanValue(x *ItemCounts, n int64) float64 {
	amount := sum(x.Amount)
	if n == 0 || amount <= 0 {
		return math.NaN()
	}
	return float64(amount) / 100 / float64(n)
}

// judge corrects for the family and ranks by the lower end of the shrunken log adjusted lift.
func (m *Model) judge() {
	var p, within []float64
	for i := range m.Pairs {
		p, within = append(p, m.Pairs[i].P), append(within, m.Pairs[i].WithinP)
	}
	q, by := familyWise(p, m.Family)
	withinQ, _ := familyWise(within, m.Family)
	for _, u := range []int{inOrder, categories, inQuarter} {
		var at []int
		var y, s []float64
		for i := range m.Pairs {
			m.Pairs[i].Q, m.Pairs[i].BY, m.Pairs[i].WithinQ = q[i], by[i], withinQ[i]
			if x := &m.Pairs[i]; x.Universe == u && x.sufficient && x.N >= minBoth && x.LogSE > 0 {
				at, y, s = append(at, i), append(y, math.Log(x.Adjusted.Value)), append(s, x.LogSE)
			}
		}
		class := suffstat.Shrink(y, s, .95)
		for k, i := range at {
			e := class.Estimate(k, m.Pairs[i].N, "1")
			e.Value, e.Lower, e.Upper = math.Exp(e.Value), math.Exp(e.Lower), math.Exp(e.Upper)
			m.Pairs[i].Shrunk = e
		}
		slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(m.Pairs[j].Shrunk.Lower, m.Pairs[i].Shrunk.Lower) })
		for k, i := range at {
			m.Pairs[i].Place = k + 1
		}
	}
	slices.SortStableFunc(m.Pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(a.Universe, b.Universe), cmp.Compare(unplaced(a.Place), unplaced(b.Place)), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
}

func unplaced(place int) int {
	if place == 0 {
		return math.MaxInt
	}
	return place
}

// familyWise returns the q-values of BH and BY for p-values that are part of a family of size m: the others count as 1. NaN is not tested.
func familyWise(p []float64, size float64) (bh, by []float64) {
	var n, short, long float64
	scaled := make([]float64, len(p))
	for i := range p {
		scaled[i] = p[i]
		if !math.IsNaN(p[i]) {
			n++
			short += 1 / n
		}
	}
	size = math.Max(size, n)
	if n == 0 {
		return scaled, slices.Clone(scaled)
	}
	long = short
	if size > n {
		long = math.Log(size) + .5772156649015329 + 1/(2*size) // harmonic number
	}
	for i := range scaled {
		scaled[i] *= size / n
	}
	bh = suffstat.BH(scaled)
	by = make([]float64, len(p))
	for i, q := range bh {
		bh[i] = math.Min(1, q)
	}
	for i := range scaled {
		scaled[i] *= long
	}
	for i, q := range suffstat.BH(scaled) {
		by[i] = math.Min(1, q)
	}
	return bh, by
}

// Verdict of a pair in the words of the table.
func (p Pair) Verdict() string {
	switch {
	case p.Decision.Verdict == analytics.Different && p.Q <= screening && p.Adjusted.Value > 1:
		return "together"
	case p.Decision.Verdict == analytics.Different && p.Q <= screening:
		return "apart"
	case p.Decision.Verdict == analytics.Equivalent:
		return "none"
	case p.Decision.Verdict == analytics.InsufficientData:
		return string(analytics.InsufficientData)
	}
	return "undecided"
}
