package suffstat

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// ItemClass is a number of items (products) that are in exactly N baskets each.
type ItemClass struct{ N, Items int64 }

// Margins is the model of baskets that are filled by the items' own frequency alone: of all baskets with k items, each choice of k items has the probability
//
//	prod of the items' odds w / e_k(w),   e_k the elementary symmetric polynomial,
//
// which leaves the number of baskets of every size and of baskets with every item as they are (fixed margins). Items with one N share their odds, so the model is as large as the number of different N, not
// of items.
type Margins struct {
	Sizes   []int   // sizes of baskets that occur, ascending
	Baskets []int64 // how many baskets have that size
	Error   float64 // largest relative error of an item's expected number of baskets; below 1e-6 when the fit has converged
	Rounds  int

	classes []ItemClass // N descending
	odds    []float64
	bands   []*marginBand
	items   int64
}

// Limits of the exact computation. Larger baskets of many items follow the approximation of Hajek, which is the better the larger the basket.
const (
	exactSize  = 64  // of baskets, when there are more items than exactItems
	exactItems = 256 // with no more items every size is exact
)

// marginBand is a range of sizes with one scale of the odds: p = c w/(1 + c w) is the chance of an item in a basket of independent choices, whose number of items given that it is k is that of the model. The scale
// makes k likely, so that nothing under- or overflows.
type marginBand struct {
	sizes  []int // places in Margins.Sizes
	target float64
	scale  float64 // log c
	hajek  bool

	p      []float64 // per class
	low    []float64 // distribution of the number of items with p <= 1/2, cut at the largest size
	high   []int     // classes with p > 1/2
	full   []float64
	spread float64 // sum p(1-p), Hajek only
	mean   float64 // sum p^2 (1-p) / spread
}

// FitMargins finds the odds. sizes[k] is the number of baskets with k different items (sizes[0] is not used), classes says how many items are in how many baskets; both count the same baskets: sum k sizes[k] = sum N Items.
//
// Each round multiplies every item's odds by N/E, E being the expected number of baskets with it (Chen, Dempster and Liu, Biometrika 81 (1994) 457), and by (B-E)/(B-N), B being all baskets, which is 1 for rare items and makes
// those that nearly every basket holds converge. Up to 64 items in a basket (any number when there are at most 256 items)
// the polynomials are exact, by convolution; beyond, inclusion probabilities follow Hajek (Annals of Mathematical Statistics 35 (1964) 1491), with an error of the order of one part in the square of the basket's variance.
// The zero result (no baskets) expects nothing. Source: statistics 5.3.
func FitMargins(sizes []int64, classes []ItemClass) (*Margins, error) {
	m := &Margins{}
	var slots, held int64
	for k, n := range sizes {
		if k > 0 && n > 0 {
			m.Sizes, m.Baskets = append(m.Sizes, k), append(m.Baskets, n)
			slots += int64(k) * n
		}
	}
	for _, c := range classes {
		if c.N > 0 && c.Items > 0 {
			m.classes = append(m.classes, c)
			held += c.N * c.Items
			m.items += c.Items
		}
	}
	if slots != held {
		return nil, fmt.Errorf("fit baskets: the sizes hold %d items, the items are in %d baskets", slots, held)
	}
	if len(m.Sizes) > 0 && int64(m.Sizes[len(m.Sizes)-1]) > m.items {
		return nil, fmt.Errorf("fit baskets: a basket of %d items, but there are only %d", m.Sizes[len(m.Sizes)-1], m.items)
	}
	slices.SortFunc(m.classes, func(a, b ItemClass) int { return cmp.Compare(b.N, a.N) })
	m.odds = make([]float64, len(m.classes))
	for j, c := range m.classes {
		m.odds[j] = float64(c.N) / float64(max(slots, 1))
	}
	m.cutBands()
	var all float64
	for _, n := range m.Baskets {
		all += float64(n)
	}
	limit := 400
	if len(m.classes) > 300 {
		limit = 60
	}
	for m.Rounds = 0; ; m.Rounds++ {
		for _, b := range m.bands {
			m.prepare(b)
		}
		m.Error = 0
		next := make([]float64, len(m.odds))
		for j, c := range m.classes {
			e := m.expect(m.holds(j))
			next[j] = m.odds[j] * math.Min(1000, float64(c.N)/e*(all-e)/math.Max(all-float64(c.N), 1e-9*all))
			m.Error = math.Max(m.Error, math.Abs(float64(c.N)/e-1))
		}
		if m.Error < 1e-7 || m.Rounds >= limit {
			return m, nil
		}
		m.odds = next
	}
}

// cutBands puts the sizes into ranges of a factor of four, and those beyond the exact computation each for itself.
func (m *Margins) cutBands() {
	exact := exactSize
	if m.items <= exactItems {
		exact = exactItems
	}
	last := -1
	for i, k := range m.Sizes {
		if k > exact {
			m.bands = append(m.bands, &marginBand{sizes: []int{i}, target: float64(k), hajek: true, scale: math.NaN()})
			continue
		}
		band := 0
		for top := 4; k > top; top *= 4 {
			band++
		}
		if band != last {
			m.bands, last = append(m.bands, &marginBand{scale: math.NaN()}), band
		}
		b := m.bands[len(m.bands)-1]
		b.sizes = append(b.sizes, i)
		b.target = math.Min(math.Sqrt(float64(m.Sizes[b.sizes[0]])*float64(k)), .9*float64(m.items))
	}
}

// prepare computes what a band needs at the present odds.
func (m *Margins) prepare(b *marginBand) {
	target := b.target
	if b.hajek {
		target = math.Min(target, float64(m.items)*(1-1e-9))
	}
	b.scale = m.tilt(target, b.scale)
	b.p = make([]float64, len(m.odds))
	for j, w := range m.odds {
		x := w * math.Exp(b.scale)
		b.p[j] = x / (1 + x)
	}
	if b.hajek {
		b.spread, b.mean = 0, 0
		for j, p := range b.p {
			b.spread += float64(m.classes[j].Items) * p * (1 - p)
			b.mean += float64(m.classes[j].Items) * p * p * (1 - p)
		}
		b.mean /= b.spread
		return
	}
	top := m.Sizes[b.sizes[len(b.sizes)-1]]
	b.low, b.high = []float64{1}, nil
	for j, p := range b.p {
		if p > .5 {
			b.high = append(b.high, j)
			continue
		}
		b.low = convolve(b.low, binomial(m.classes[j].Items, p, top), top)
	}
	b.full = m.without(b, -1, -1)
}

// tilt solves sum p = target for the log of the scale, from the last solution on.
func (m *Margins) tilt(target, from float64) float64 {
	sum := func(s float64) (f, slope float64) {
		c := math.Exp(s)
		for j, w := range m.odds {
			p := w * c / (1 + w*c)
			f += float64(m.classes[j].Items) * p
			slope += float64(m.classes[j].Items) * p * (1 - p)
		}
		return f, slope
	}
	low, high := -700., 700.
	s := from
	if math.IsNaN(s) {
		s = 0
	}
	for range 200 {
		f, slope := sum(s)
		if math.Abs(f-target) <= 1e-10*target {
			break
		}
		if f < target {
			low = s
		} else {
			high = s
		}
		s -= (f - target) / slope
		if !(s > low && s < high) { // also when the slope is 0
			s = (low + high) / 2
		}
	}
	return s
}

// without is the distribution of the number of items, up to the band's largest size, without one item of class x and one of class y (-1: none), made anew from the unlikely items and the likely ones.
func (m *Margins) without(b *marginBand, x, y int) []float64 {
	top := m.Sizes[b.sizes[len(b.sizes)-1]]
	out := b.low
	for _, j := range b.high {
		n := m.classes[j].Items
		if j == x {
			n--
		}
		if j == y {
			n--
		}
		out = convolve(out, binomial(n, b.p[j], top), top)
	}
	return out
}

// remove takes one item of chance p <= 1/2 out of a distribution.
func remove(f []float64, p float64) []float64 {
	out := make([]float64, len(f))
	var before float64
	for i := range f {
		out[i] = math.Max(0, (f[i]-p*before)/(1-p))
		before = out[i]
	}
	return out
}

// lacking is the distribution without one item of class j.
func (m *Margins) lacking(b *marginBand, j int) []float64 {
	if b.p[j] > .5 {
		return m.without(b, j, -1)
	}
	return remove(b.full, b.p[j])
}

// holds returns for every size the chance that a basket of that size holds an item of class j.
func (m *Margins) holds(j int) []float64 {
	out := make([]float64, len(m.Sizes))
	for _, b := range m.bands {
		if b.hajek {
			out[b.sizes[0]] = b.include(j)
			continue
		}
		rest := m.lacking(b, j)
		for _, i := range b.sizes {
			out[i] = b.p[j] * at(rest, m.Sizes[i]-1) / at(b.full, m.Sizes[i])
		}
	}
	return out
}

// include is Hajek's second approximation of an inclusion probability.
func (b *marginBand) include(j int) float64 {
	p := b.p[j]
	return math.Min(1, p*(1-(b.mean-p)*(1-p)/b.spread))
}

func at(f []float64, k int) float64 {
	if k < 0 || k >= len(f) {
		return 0
	}
	return f[k]
}

// expect is the expected number of baskets, given the chance per size.
func (m *Margins) expect(chance []float64) float64 {
	var e float64
	for i, p := range chance {
		e += float64(m.Baskets[i]) * p
	}
	return e
}

// class is the place of the class of items that are in n baskets, -1 when there is none.
func (m *Margins) class(n int64) int {
	return slices.IndexFunc(m.classes, func(c ItemClass) bool { return c.N == n })
}

// Holds returns, for every element of Sizes, the chance that a basket of that size holds a given item that is in n baskets altogether; zeros when no item is.
func (m *Margins) Holds(n int64) []float64 {
	j := m.class(n)
	if j < 0 {
		return make([]float64, len(m.Sizes))
	}
	return m.holds(j)
}

// Together returns, for every element of Sizes, the chance that a basket of that size holds both of two given items, one in na and one in nb baskets altogether.
func (m *Margins) Together(na, nb int64) []float64 {
	out := make([]float64, len(m.Sizes))
	x, y := m.class(na), m.class(nb)
	if x < 0 || y < 0 || x == y && m.classes[x].Items < 2 {
		return out
	}
	for _, b := range m.bands {
		if b.hajek {
			px, py := b.include(x), b.include(y)
			out[b.sizes[0]] = px * py * math.Max(0, 1-(1-px)*(1-py)/b.spread)
			continue
		}
		var rest []float64
		switch {
		case b.p[x] > .5 && b.p[y] > .5:
			rest = m.without(b, x, y)
		case b.p[y] > .5:
			rest = remove(m.without(b, y, -1), b.p[x])
		default:
			rest = remove(m.lacking(b, x), b.p[y])
		}
		for _, i := range b.sizes {
			out[i] = b.p[x] * b.p[y] * at(rest, m.Sizes[i]-2) / at(b.full, m.Sizes[i])
		}
	}
	return out
}

// Expected returns the number of baskets expected to hold both of two items, one in na and one in nb baskets altogether, at fixed sizes of baskets and fixed totals of items. The ratio of the baskets seen to it is the lift adjusted
// for the size of the basket.
//
// Plain lift compares with independence; since a large basket holds any two things more often than two small ones do, it is above 1 for things that have nothing to do with each other. Agreement with randomization by
// swaps within 1 % (testdata/oracle/bundles.json). It misleads when an order is not what a customer bought together: part deliveries, orders collected over weeks.
func (m *Margins) Expected(na, nb int64) float64 { return m.expect(m.Together(na, nb)) }

// Moves returns how the log of the expected number of baskets with both items follows small changes of the two items' totals, the odds of all others staying: one step of Newton. holdA, holdB and together are those of Holds and
// Together. With derivatives of the model by the logs of the two odds: of the totals sum N (pi_a - pi_a^2), sum N (pi_ab - pi_a pi_b), of the pair sum N pi_ab (1 - pi_a).
func (m *Margins) Moves(holdA, holdB, together []float64) func(da, db float64) float64 {
	var aa, ab, bb, pa, pb, e float64
	for i, n := range m.Baskets {
		w, a, b, t := float64(n), holdA[i], holdB[i], together[i]
		aa, ab, bb = aa+w*a*(1-a), ab+w*(t-a*b), bb+w*b*(1-b)
		pa, pb, e = pa+w*t*(1-a), pb+w*t*(1-b), e+w*t
	}
	det := aa*bb - ab*ab
	return func(da, db float64) float64 {
		if !(det > 0) || e == 0 {
			return 0
		}
		return (pa*(bb*da-ab*db) + pb*(aa*db-ab*da)) / det / e
	}
}

// binomial is the distribution of successes in n trials up to top, without a tail below 1e-18 of it.
func binomial(n int64, p float64, top int) []float64 {
	if n == 0 || p == 0 {
		return []float64{1}
	}
	last := int(math.Min(float64(n), float64(top)))
	out := make([]float64, 1, last+1)
	out[0] = math.Exp(float64(n) * math.Log1p(-p))
	if out[0] == 0 { // far from 0 successes: from the logs
		out = out[:0]
		for k := 0; k <= last; k++ {
			x, y := float64(k), float64(n)
			a, _ := math.Lgamma(y + 1)
			b, _ := math.Lgamma(x + 1)
			c, _ := math.Lgamma(y - x + 1)
			out = append(out, math.Exp(a-b-c+x*math.Log(p)+(y-x)*math.Log1p(-p)))
		}
		return out
	}
	odds := p / (1 - p)
	for k := 1; k <= last; k++ {
		x := out[k-1] * odds * float64(n-int64(k)+1) / float64(k)
		if x < 1e-18*out[0] && float64(k) > float64(n)*p {
			break
		}
		out = append(out, x)
	}
	return out
}

func convolve(a, b []float64, top int) []float64 {
	if len(b) == 1 {
		out := slices.Clone(a)
		for i := range out {
			out[i] *= b[0]
		}
		return out
	}
	out := make([]float64, min(len(a)+len(b)-1, top+1))
	for i, x := range a {
		for j, y := range b {
			if i+j >= len(out) {
				break
			}
			out[i+j] += x * y
		}
	}
	return out
}

// PoissonTails is the two-sided p-value of a count x under the mean expected, twice the smaller tail, at most 1; x and expected may be counts divided by a design effect. 1 when nothing is expected and nothing came.
func PoissonTails(x, expected float64) float64 {
	if expected <= 0 {
		if x > 0 {
			return 0
		}
		return 1
	}
	upper := 1.
	if x > 0 {
		upper = mathext.GammaIncReg(x, expected)
	}
	lower := mathext.GammaIncRegComp(x+1, expected)
	return math.Min(1, 2*math.Min(upper, lower))
}

// PoissonInterval is the exact interval of a mean when x came: chi-squared quantiles over 2 (Garwood 1936). lower is 0 for x = 0.
func PoissonInterval(x, level float64) (lower, upper float64) {
	a := (1 - level) / 2
	if x > 0 {
		lower = mathext.GammaIncRegInv(x, a)
	}
	return lower, mathext.GammaIncRegInv(x+1, 1-a)
}
