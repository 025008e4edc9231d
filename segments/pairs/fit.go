package pairs

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The numbers that decide, all judgement (statistics 12), printed in the report.
const (
	// TableLevel is the level of the intervals in the tables.
	TableLevel = .95
	// redundantJaccard and redundantContainment are the shares from which a pair of segments holds the same customers.
	redundantJaccard, redundantContainment = .8, .95
	// redundantBeyond is how much of what chance leaves open a containment must fill: in a segment of nine tenths of the base anybody's members are.
	redundantBeyond = .8
	// everybodyShare of all customers makes a segment everybody.
	everybodyShare = .95
)

// Options of Fit.
type Options struct {
	Setup
	Margins  map[string]float64 // decision.equivalence
	FDR      float64            // 0 means .05
	Seed     uint64
	Currency string
}

// The verdicts of a pair.
const (
	Equivalent = "equivalent"
	Different  = "different"
	Undecided  = "undecided"
)

// Who is compared in a pair.
const (
	Apart    = "apart"           // members of both are left out of both
	RestOfB  = "a_and_rest_of_b" // a lies within b
	RestOfA  = "b_and_rest_of_a" // b lies within a
	NoneLeft = "none"            // the same customers, or too few
)

// What weakens a row, in the order in which the column caveat lists it.
const (
	caveatCurrent   = "current_state" // the list says only who is a member today
	caveatLate      = "late_members"  // no members before the window: those of its end
	caveatEverybody = "everybody"     // one of the two holds nearly all customers
	caveatContained = "contained"     // the one lies within the other
	caveatNobody    = "no_members"    // nobody is left to compare
	caveatFew       = "few_customers" // below the floors in some metric
	caveatMissing   = "not_measured"  // a core metric is not in the data
	caveatVariation = "no_variation"  // some metric does not vary at all
)

// Pair is one pair of segments, A before B. Numbers that could not be estimated are NaN.
type Pair struct {
	A, B                           int // places in Model.Segments
	Both                           int64
	Jaccard                        suffstat.Estimate
	Containment                    float64
	Compared                       string
	ComparedA, ComparedB           int64
	Contrasts                      []Contrast
	PEquivalence                   float64
	QEquivalence, QEquivalenceAny  float64
	QDifference, QDifferenceAny    float64
	Deciding                       int // place in Contrasts; -1 without one
	Verdict                        string
	Needed                         int64
	Redundant                      bool
	Group                          int // 0 = none
	Caveats                        []string
	Distances                      []Distance
	JS, JSFloor                    float64
	Far                            int // place in Distances of the feature that is farthest apart; -1 without a sample
	Energy                         suffstat.EnergyDistance
	EnergyQ                        float64
	contained, whole, insufficient bool
}

// Model is what the tables and findings are made of.
type Model struct {
	Segments    []Segment
	Empty       []string
	Uncompared  int
	Window      *Window
	Scope       Scope
	Assignments int64
	Metrics     []string
	Missing     map[string]string // core metric -> "missing" or "all_zero"
	Pairs       []Pair
	Groups      [][]int // merge groups: places of segments
	Families    []Family
	Agreements  []PartitionPair
	Explained   []Explained
	Targeting   []Target
	FDR         float64
	Currency    string
	Base        Sums // of all customers looked at
	sums        []Sums
	selected    int // pairs proved equivalent
	family      int // pairs that were tested
}

type fitter struct {
	c       *Counts
	m       *Model
	opt     Options
	metrics []metric
	money   float64 // currency units of one unit of revenue
}

// Fit estimates and judges every pair. It is pure; empty input gives an empty model.
func Fit(c *Counts, opt Options) (*Model, error) {
	if opt.FDR == 0 {
		opt.FDR = .05
	}
	if !(opt.FDR > 0 && opt.FDR < 1) {
		return nil, fmt.Errorf("fit the pairs of segments: fdr is %g: must be between 0 and 1", opt.FDR)
	}
	f := &fitter{c: c, opt: opt, money: float64(c.UnitMinor) / 100, m: &Model{Segments: c.Segments, Empty: c.Empty, Uncompared: c.Uncompared, Window: c.Window, Scope: c.Scope, FDR: opt.FDR, Currency: opt.Currency}}
	if c.Window == nil {
		f.m.Missing = map[string]string{OrderRate: "missing", Revenue: "missing", CTR: "missing", Unsubscribe: "missing", Transition: "missing"}
		return f.m, nil
	}
	f.m.Assignments = c.Window.Assignments
	for g := range c.Base {
		for k, x := range c.Base[g] {
			f.m.Base[k] += x
		}
	}
	f.m.sums = make([]Sums, len(c.Segments))
	for i := range c.Sums {
		for g := range c.Sums[i] {
			for k, x := range c.Sums[i][g] {
				f.m.sums[i][k] += x
			}
		}
	}
	f.metrics, f.m.Missing = measured(c.metrics(), f.m.Base)
	for _, m := range f.metrics {
		f.m.Metrics = append(f.m.Metrics, m.name)
	}
	f.pairs()
	f.adjust()
	f.groups()
	f.distances()
	f.partitions()
	f.explained()
	f.targeting()
	return f.m, nil
}

// pairs compares every two segments. The rows of the shared customers come in the order of the pairs.
func (f *fitter) pairs() {
	sh, n := &f.c.Shared, len(f.c.Segments)
	q := quantiles{}
	var a, b side
	row := 0
	f.m.Pairs = make([]Pair, 0, n*(n-1)/2)
	for i := range n {
		for j := i + 1; j < n; j++ {
			first := row
			for row < len(sh.A) && sh.A[row] == i && sh.B[row] == j {
				row++
			}
			f.m.Pairs = append(f.m.Pairs, f.pair(q, i, j, first, row, &a, &b))
		}
	}
}

func (f *fitter) pair(q quantiles, i, j, first, end int, a, b *side) Pair {
	sh, buckets := &f.c.Shared, f.c.Scope.Buckets
	nan := math.NaN()
	p := Pair{A: i, B: j, Deciding: -1, Far: -1, PEquivalence: nan, QEquivalence: nan, QEquivalenceAny: nan, QDifference: nan, QDifferenceAny: nan, JS: nan, JSFloor: nan,
		Energy: suffstat.EnergyDistance{E: nan, H: nan, Floor: nan, P: nan}, EnergyQ: nan, Containment: nan, Verdict: Undecided}
	a.clear(buckets)
	b.clear(buckets)
	union := make([]suffstat.Ratio, buckets)
	for g := range buckets {
		a.add(g, &f.c.Sums[i][g])
		b.add(g, &f.c.Sums[j][g])
		union[g].Den = f.c.Sums[i][g][sumCustomers] + f.c.Sums[j][g][sumCustomers]
	}
	na, nb := a.customers(), b.customers()
	for r := first; r < end; r++ {
		n := sh.Sums[sumCustomers][r]
		p.Both += n
		union[sh.Bucket[r]].Num, union[sh.Bucket[r]].Den = n, union[sh.Bucket[r]].Den-n
	}
	p.Jaccard = jaccard(union, p.Both, na+nb-p.Both)
	if least := min(na, nb); least > 0 {
		p.Containment = float64(p.Both) / float64(least)
	}
	whole := func(n int64) bool { return float64(n) >= everybodyShare*float64(f.m.Base[sumCustomers]) }
	p.whole = whole(na) || whole(nb)
	share := float64(max(na, nb)) / float64(max(f.m.Base[sumCustomers], 1)) // of the base in the larger one: the containment that chance would give
	p.contained = p.Containment > redundantContainment && p.Containment-share > redundantBeyond*(1-share)
	p.Compared = compared(na, nb, p.Both)
	for k := range nSums {
		for r := first; r < end; r++ {
			g, x := int(sh.Bucket[r]), sh.Sums[k][r]
			if p.Compared != RestOfB {
				a.subtract(g, k, x)
			}
			if p.Compared != RestOfA {
				b.subtract(g, k, x)
			}
		}
	}
	p.ComparedA, p.ComparedB = a.customers(), b.customers()
	f.caveats(&p)
	if p.ComparedA > 0 && p.ComparedB > 0 {
		f.contrasts(q, &p, a, b)
	}
	return p
}

// compared tells who is compared when both members are of both segments: normally the members of both are left out; where hardly anybody is left of the one, it lies within the
// other and is compared with what remains of that.
func compared(na, nb, both int64) string {
	left := func(n int64) bool { return n-both >= analytics.MinEffective }
	switch {
	case na == both && nb == both:
		return NoneLeft
	case left(na) && left(nb) || both == 0:
		return Apart
	case left(nb) && 20*(na-both) <= na:
		return RestOfB
	case left(na) && 20*(nb-both) <= nb:
		return RestOfA
	}
	return Apart
}

func jaccard(union []suffstat.Ratio, both, all int64) suffstat.Estimate {
	switch {
	case all == 0:
		return suffstat.NotEstimable("wilson n_eff", TableLevel, suffstat.ErrNoData)
	case both == 0:
		e := suffstat.Wilson(0, all, TableLevel)
		return e.Of(all, "share")
	}
	return suffstat.Rate(union, all, TableLevel).Estimate
}

func (f *fitter) caveats(p *Pair) {
	a, b := f.c.Segments[p.A], f.c.Segments[p.B]
	add := func(yes bool, caveat string) {
		if yes {
			p.Caveats = append(p.Caveats, caveat)
		}
	}
	add(!a.Dated || !b.Dated, caveatCurrent)
	add(a.Late || b.Late, caveatLate)
	add(p.whole, caveatEverybody)
	add(p.contained, caveatContained)
	add(p.ComparedA == 0 || p.ComparedB == 0, caveatNobody)
	for _, name := range []string{OrderRate, Revenue, CTR, Unsubscribe, Transition} {
		if f.m.Missing[name] != "" {
			add(true, caveatMissing)
			break
		}
	}
}

// margin is the narrower one of the two segments' margins, and whose it is.
func (f *fitter) margin(m metric, a, b int) (margin float64, from string) {
	general := func(x map[string]float64) float64 {
		if v, ok := x[m.key]; ok {
			return v
		}
		if m.key == Response {
			return x[CTR]
		}
		return 0
	}
	margin, from = math.Inf(1), "decision"
	if v := general(f.opt.Margins); v > 0 {
		margin = v
	}
	own := [2]float64{margin, margin}
	ids := [2]string{f.c.Segments[a].ID, f.c.Segments[b].ID}
	for i, id := range ids {
		if v := general(f.opt.Setup.Margins[id]); v > 0 {
			own[i] = v
		}
	}
	for i, v := range own {
		if given := f.opt.Setup.Margins[ids[i]]; general(given) > 0 && v == math.Min(own[0], own[1]) {
			return v, ids[i]
		}
	}
	return math.Min(own[0], own[1]), from
}

func (f *fitter) contrasts(q quantiles, p *Pair, a, b *side) {
	few, still := false, false
	for _, m := range f.metrics {
		margin, from := f.margin(m, p.A, p.B)
		if !analytics.Finite(margin) || m.optional && (a.total[m.den] == 0 || b.total[m.den] == 0) {
			continue
		}
		c := q.contrast(m, a, b, margin)
		if m.optional && c.Verdict == analytics.InsufficientData {
			continue // the scenario hardly speaks to one of the two
		}
		c.MarginFrom = from
		if m.money {
			c.ValueA, c.ValueB = c.ValueA*f.money, c.ValueB*f.money
		}
		few = few || c.Verdict == analytics.InsufficientData
		still = still || c.NoVariation
		p.Contrasts = append(p.Contrasts, c)
	}
	if few {
		p.Caveats = append(p.Caveats, caveatFew)
	}
	if still {
		p.Caveats = append(p.Caveats, caveatVariation)
	}
	slices.SortStableFunc(p.Caveats, func(x, y string) int { return slices.Index(caveatOrder, x) - slices.Index(caveatOrder, y) })
	p.insufficient = few
	if len(p.Contrasts) == 0 {
		return
	}
	p.PEquivalence = 0
	for _, c := range p.Contrasts {
		p.PEquivalence = math.Max(p.PEquivalence, c.PEquivalence) // NaN stays
	}
}

var caveatOrder = []string{caveatCurrent, caveatLate, caveatEverybody, caveatContained, caveatNobody, caveatFew, caveatMissing, caveatVariation}

// adjust corrects for the number of pairs and gives the verdicts: equality is one family over pairs (the p-value of a pair is the largest of its metrics), difference is one family over
// all pairs and metrics.
func (f *fitter) adjust() {
	var equal, each, differ []float64
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		equal = append(equal, p.PEquivalence)
		for _, c := range p.Contrasts {
			each, differ = append(each, c.PEquivalence), append(differ, c.PDifference)
		}
	}
	bh, by := suffstat.BH(equal), suffstat.BY(equal)
	eachQ, differQ, differAny := suffstat.BH(each), suffstat.BH(differ), suffstat.BY(differ)
	for _, p := range equal {
		if !math.IsNaN(p) {
			f.m.family++
		}
	}
	at := 0
	for i := range f.m.Pairs {
		p := &f.m.Pairs[i]
		p.QEquivalence, p.QEquivalenceAny = bh[i], by[i]
		strongest := -1
		for k := range p.Contrasts {
			c := &p.Contrasts[k]
			c.QEquivalence, c.QDifference = eachQ[at], differQ[at]
			if least := p.QDifference; math.IsNaN(least) || differQ[at] < least {
				p.QDifference, p.QDifferenceAny = differQ[at], differAny[at]
			}
			if !math.IsNaN(c.PDifference) && (strongest < 0 || stronger(c, &p.Contrasts[strongest])) {
				strongest = k
			}
			at++
		}
		switch {
		case p.QEquivalence <= f.opt.FDR:
			p.Verdict = Equivalent
			p.Deciding = weakest(p.Contrasts)
			f.m.selected++
		case p.QDifference <= f.opt.FDR:
			p.Verdict, p.Deciding = Different, strongest
		default:
			p.Deciding = weakest(p.Contrasts)
			p.Needed = f.needed(p)
		}
		p.Redundant = p.Both > 0 && p.Verdict != Different && (p.Jaccard.Lower > redundantJaccard || p.contained && !p.whole)
	}
}

// stronger compares proofs of difference; where both p-values are 0, by how many standard errors.
func stronger(a, b *Contrast) bool {
	if a.PDifference != b.PDifference {
		return a.PDifference < b.PDifference
	}
	return (math.Abs(a.d)-a.margin)/a.se > (math.Abs(b.d)-b.margin)/b.se
}

// weakest is the contrast that stands most in the way of "equal": one below the floors, else the one with the largest p-value.
func weakest(cs []Contrast) int {
	at := -1
	for k := range cs {
		switch {
		case math.IsNaN(cs[k].PEquivalence):
			return k
		case at < 0 || cs[k].PEquivalence > cs[at].PEquivalence:
			at = k
		}
	}
	return at
}

// needed is the number of customers on the smaller side at which an undecided pair could be decided: where some metric lies beyond its margin, as many as show that; else as
// many as the hungriest metric takes.
func (f *fitter) needed(p *Pair) int64 {
	var most, beyond int64
	n := min(p.ComparedA, p.ComparedB)
	family := float64(max(f.m.family, 1))
	for i := range p.Contrasts {
		c := &p.Contrasts[i]
		need := c.Needed
		if c.Verdict == analytics.Equivalent && !c.events && c.se > 0 {
			// Proved alone, but not among so many pairs: as many as the strictest step of the correction takes.
			k := (suffstat.NormalQuantile(1-f.opt.FDR/family) + .8416) * c.se / (c.margin - math.Abs(c.d))
			if need = int64(math.Ceil(k * k * float64(n))); need <= n {
				need = 0
			}
		} else if c.Verdict == analytics.Inconclusive && math.Abs(c.d) > c.margin && need > 0 && (beyond == 0 || need < beyond) {
			beyond = need
		}
		if c.Verdict != analytics.Equivalent && need == 0 {
			return beyond // no number of customers would prove this one equal
		}
		most = max(most, need)
	}
	if beyond > 0 {
		return beyond
	}
	return most
}

// groups joins segments of which every two are proved equivalent.
func (f *fitter) groups() {
	n := len(f.c.Segments)
	if n < 2 {
		return
	}
	at := func(i, j int) *Pair { return &f.m.Pairs[i*(2*n-i-1)/2+j-i-1] }
	joins := suffstat.CompleteLinkage(n, func(i, j int) float64 {
		if p := at(i, j); p.Verdict == Equivalent {
			return p.QEquivalence
		}
		return math.Inf(1)
	})
	members := make([][]int, n)
	for i, label := range suffstat.CutJoins(n, joins, 1) {
		members[label] = append(members[label], i)
	}
	for _, group := range members {
		if len(group) < 2 {
			continue
		}
		f.m.Groups = append(f.m.Groups, group)
		for i, a := range group {
			for _, b := range group[i+1:] {
				at(a, b).Group = len(f.m.Groups)
			}
		}
	}
}

// key is the subject of a finding on several segments.
func (m *Model) key(places []int) string {
	ids := make([]string, len(places))
	for i, at := range places {
		ids[i] = m.Segments[at].ID
	}
	return strings.Join(ids, "|")
}

// scaled is a count of the customers looked at as one of all customers.
func (m *Model) scaled(n int64) int64 {
	if m.Scope.Keep >= 1000 {
		return n
	}
	return int64(math.Round(float64(n) * 1000 / float64(m.Scope.Keep)))
}
