package lifecycle

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// SmallCell is the effective sample size of a row below which a group's row is shrunk to the row of all customers (statistics 0.2).
const SmallCell = 100

// The methods of Transition.Method.
const (
	MethodWilson     = "wilson n_eff"
	MethodDirichlet  = "dirichlet"
	MethodStructural = "structural zero"
)

// Transition is one cell of a transition matrix.
type Transition struct {
	Grouping, Group string
	From, To        string
	N, AtRisk       int64
	Rate            suffstat.Estimate // share with its interval
	NEff            float64
	Method          string
}

// Mobility is the Shorrocks index of one matrix.
type Mobility struct {
	Grouping, Group string
	Stages          int
	AtRisk          int64
	Index           suffstat.Estimate
}

type group struct {
	grouping, value string
	buckets         []suffstat.Cells
}

// maxGroupCells bounds the memory of the groups' matrices, 8 bytes each: 200 groups of 30 stages.
const maxGroupCells = 2e7

// groups returns the groups in the order all, then grouping and value, and how many were left out. When all would not fit, the largest stay.
func (x *index) groups() (out []group, cut int) {
	type key struct{ grouping, value string }
	size := map[key]int64{}
	for _, r := range x.Counts.Groups {
		if r.Grouping != "all" { // everybody comes from the moves by period, which the rest of the model uses too
			size[key{r.Grouping, r.Value}] += r.N
		}
	}
	var keys []key
	for k := range size {
		keys = append(keys, k)
	}
	byName := func(a, b key) int {
		return cmp.Or(strings.Compare(a.grouping, b.grouping), strings.Compare(a.value, b.value))
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(size[b], size[a]), byName(a, b)) })
	if fit := max(1, int(maxGroupCells)/(Buckets*max(1, x.k*x.k))); len(keys) > fit {
		keys, cut = keys[:fit], len(keys)-fit
	}
	slices.SortFunc(keys, byName)
	at := map[key]int{}
	out = []group{{"all", "all", x.all}}
	for _, k := range keys {
		at[k] = len(out)
		g := group{k.grouping, k.value, make([]suffstat.Cells, Buckets)}
		for b := range g.buckets {
			g.buckets[b] = make(suffstat.Cells, x.k*x.k)
		}
		out = append(out, g)
	}
	for _, r := range x.Counts.Groups {
		if i, ok := at[key{r.Grouping, r.Value}]; ok {
			out[i].buckets[r.Bucket][x.to[r.From]*x.k+x.to[r.To]] += r.N
		}
	}
	return out, cut
}

func (x *index) fitTransitions(m *Model) {
	groups, cut := x.groups()
	m.GroupsCut, x.grouped = cut, groups
	rows := x.shrunkRows(groups)
	for at, g := range groups {
		total, _ := suffstat.Merge(g.buckets)
		rates := suffstat.TransitionRates(g.buckets, x.k, x.customersOf(total), TableLevel)
		for i := range x.k {
			n := total[i*x.k : (i+1)*x.k].Sum()
			if n == 0 {
				continue
			}
			for j := range x.k {
				t := Transition{Grouping: g.grouping, Group: g.value, From: x.names[i], To: x.names[j], N: total[i*x.k+j], AtRisk: n,
					Rate: rates[i][j].Estimate, NEff: rates[i][j].NEff, Method: MethodWilson}
				s := rows[at][i]
				switch {
				case t.N == 0 && x.opt.Impossible[[2]string{t.From, t.To}]:
					t.Rate = suffstat.Estimate{Level: TableLevel, N: t.Rate.N, Unit: "share"}
					t.NEff, t.Method = math.NaN(), MethodStructural // known from the rules, not from trials
				case s.row != nil:
					t.Rate, t.NEff, t.Method = s.row[j].Of(t.Rate.N, "share"), s.neff, MethodDirichlet
				}
				m.Transitions = append(m.Transitions, t)
			}
		}
		mob := Mobility{Grouping: g.grouping, Group: g.value, AtRisk: total.Sum()}
		for i := range x.k {
			if total[i*x.k:(i+1)*x.k].Sum() > 0 {
				mob.Stages++
			}
		}
		mob.Index = suffstat.Mobility(g.buckets, x.k, TableLevel)
		m.Mobility = append(m.Mobility, mob)
	}
}

type shrunkRow struct {
	row  []suffstat.Estimate // nil when the row stands on its own feet
	neff float64
}

// shrunkRows returns for every group and stage the row shrunk to that of its grouping where the group's own is small. The matrix of everybody is
// never shrunk.
func (x *index) shrunkRows(groups []group) [][]shrunkRow {
	out := make([][]shrunkRow, len(groups))
	for g := range out {
		out[g] = make([]shrunkRow, x.k)
	}
	for from := 1; from < len(groups); {
		until := from
		for until < len(groups) && groups[until].grouping == groups[from].grouping {
			until++
		}
		for i := range x.k {
			zero := make([]bool, x.k)
			for j := range zero {
				zero[j] = x.opt.Impossible[[2]string{x.names[i], x.names[j]}] && x.row(i)[j] == 0
			}
			same := make([][]suffstat.Cells, until-from)
			for s := range same {
				same[s] = make([]suffstat.Cells, Buckets)
				for b, c := range groups[from+s].buckets {
					same[s][b] = c[i*x.k : (i+1)*x.k]
				}
			}
			fit := suffstat.ShrinkRows(same, zero, TableLevel)
			for s, row := range fit.Rows {
				if fit.NEff[s] < SmallCell {
					out[from+s][i] = shrunkRow{row, fit.NEff[s]}
				}
			}
		}
		from = until
	}
	return out
}

// customersOf guesses the customers behind the rows of a group: the stage's customers x the group's share of its customer-periods. It is used
// only where no move was seen and the clustering cannot be estimated. nil when customers are not known.
func (x *index) customersOf(total suffstat.Cells) []int64 {
	out := make([]int64, x.k)
	for i := range out {
		all := x.row(i).Sum()
		if all == 0 || x.cust[i] == 0 {
			continue
		}
		n := total[i*x.k : (i+1)*x.k].Sum()
		out[i] = int64(math.Ceil(float64(x.cust[i]) * float64(n) / float64(all)))
	}
	return out
}

// Test is one row of lifecycle.tests.
type Test struct {
	Name, Subject string
	Clustered     suffstat.Clustered
	Independence  suffstat.Independence
	Q             float64
	Matters       bool
	Note          string
}

// The names of the tests.
const (
	TestTime     = "homogeneity_over_time"
	TestOrder    = "markov_order"
	TestDuration = "duration_dependence"
	TestGroups   = "between_groups"
)

// maxBlocks is the largest number of blocks of periods that the test of homogeneity compares: more would leave few moves in each.
const maxBlocks = 13

// GainThatMatters is the share of log loss above which a dependence is worth acting on (statistics 1.3, a judgement).
const GainThatMatters = .01

func (x *index) fitTests(m *Model) {
	x.testTime(m)
	x.testOrder(m)
	x.testDuration(m)
	x.testGroups(m)
	p := make([]float64, len(m.Tests))
	for i, t := range m.Tests {
		p[i] = t.Clustered.P
	}
	for i, q := range suffstat.BH(p) {
		m.Tests[i].Q = q
	}
}

// test runs one stacked test over all slices and, when each is wanted, one per slice.
func (m *Model) test(name, note string, buckets []suffstat.Cells, shape suffstat.Stack, slices []string) {
	add := func(subject string, b []suffstat.Cells, s suffstat.Stack) {
		total, ok := suffstat.Merge(b)
		if !ok || total.Sum() == 0 {
			return
		}
		t := Test{Name: name, Subject: subject, Note: note, Clustered: suffstat.ClusteredX2(b, s), Independence: suffstat.TestIndependence(total, s)}
		if t.Clustered.DF <= 0 {
			if subject != "all" {
				return // one row or one column: there is nothing to compare in this stage
			}
			t.Note += "; nothing to compare: one row or one column"
		} else if w := notes(t.Clustered.Warnings); w != "" {
			t.Note += "; " + w
		}
		t.Matters = t.Clustered.P < .05 && t.Independence.Gain > GainThatMatters && t.Clustered.Buckets >= analytics.MinBuckets
		m.Tests = append(m.Tests, t)
	}
	add("all", buckets, shape)
	if len(slices) < 2 {
		return
	}
	size := shape.Rows * shape.Cols
	for s, name := range slices {
		part := make([]suffstat.Cells, len(buckets))
		for g, b := range buckets {
			if b != nil {
				part[g] = b[s*size : (s+1)*size]
			}
		}
		if name == "all" {
			name = "stage all" // a stage of that name, not every stage
		}
		add(name, part, suffstat.Stack{Slices: 1, Rows: shape.Rows, Cols: shape.Cols})
	}
}

func cells(shape suffstat.Stack) []suffstat.Cells {
	out := make([]suffstat.Cells, Buckets)
	for g := range out {
		out[g] = make(suffstat.Cells, shape.Len())
	}
	return out
}

func (x *index) testTime(m *Model) {
	if x.steps < 2 {
		return
	}
	var periods []int64
	for p := range x.start {
		periods = append(periods, p)
	}
	slices.Sort(periods)
	blocks := min(maxBlocks, len(periods))
	block := map[int64]int{}
	for i, p := range periods {
		block[p] = i * blocks / len(periods)
	}
	shape := suffstat.Stack{Slices: x.k, Rows: blocks, Cols: x.k}
	b := cells(shape)
	for _, r := range x.Counts.Moves {
		if x.start[r.Period] {
			b[r.Bucket][shape.At(x.to[r.From], block[r.Period], x.to[r.To])] += r.N
		}
	}
	note := fmt.Sprintf("%d periods compared", len(periods))
	if blocks < len(periods) {
		note = fmt.Sprintf("%d periods pooled into %d blocks", len(periods), blocks)
	}
	m.test(TestTime, note, b, shape, x.names)
}

func (x *index) testOrder(m *Model) {
	if len(x.Triples) == 0 {
		return
	}
	shape := suffstat.Stack{Slices: x.k, Rows: x.k, Cols: x.k}
	b := cells(shape)
	for _, r := range x.Triples {
		b[r.Bucket][shape.At(x.to[r.From], x.to[r.Prev], x.to[r.To])] += r.N
	}
	m.test(TestOrder, "order 2 against order 1: does the stage before the present one tell the next", b, shape, x.names)
}

func (x *index) testDuration(m *Model) {
	bins := []int{1, 2, 3, 4, 6, 9, 13, 18, 26, maxAge}
	bin := func(age int) int { i, _ := slices.BinarySearch(bins, age); return min(i, len(bins)-1) }
	shape := suffstat.Stack{Slices: x.k, Rows: len(bins), Cols: x.k}
	b := cells(shape)
	any := false
	for i, buckets := range x.life {
		for g, t := range buckets {
			for a, n := range t.AtRisk() {
				if a == 0 || n == 0 {
					continue
				}
				any = true
				for j, exits := range t.Exits {
					b[g][shape.At(i, bin(a), j)] += exits[a]
					n -= exits[a]
				}
				b[g][shape.At(i, bin(a), i)] += n
			}
		}
	}
	if any {
		m.test(TestDuration, "age in the stage in bins up to 1, 2, 3, 4, 6, 9, 13, 18, 26 and above, stays of known age", b, shape, x.names)
	}
}

func (x *index) testGroups(m *Model) {
	groups := x.grouped[1:]
	for len(groups) > 0 {
		n := 1
		for n < len(groups) && groups[n].grouping == groups[0].grouping {
			n++
		}
		same := groups[:n]
		groups = groups[n:]
		if n < 2 {
			continue
		}
		shape := suffstat.Stack{Slices: x.k, Rows: n, Cols: x.k}
		b := cells(shape)
		for r, g := range same {
			for bucket, c := range g.buckets {
				for i := range x.k {
					for j := range x.k {
						b[bucket][shape.At(i, r, j)] += c[i*x.k+j]
					}
				}
			}
		}
		at := len(m.Tests)
		m.test(TestGroups, fmt.Sprintf("%d groups compared", n), b, shape, nil)
		if len(m.Tests) > at {
			m.Tests[at].Subject = same[0].grouping
		}
	}
}

// KStep is one cell of a forecast of Horizon periods.
type KStep struct {
	Horizon          int64
	From, To         string
	N, AtRisk        int64
	Direct           suffstat.Estimate
	Markov, Expanded float64 // NaN when not known
}

// KStepError is the largest error of the forecasts of one horizon.
type KStepError struct {
	Horizon   int64
	Markov    suffstat.Estimate
	Expanded  float64
	From, To  string
	NotMarkov bool
}

// NotMarkovError is the error of P^h above which its forecasts are not used (statistics 1.2).
const NotMarkovError = .05

func (x *index) fitKStep(m *Model, chain *chain) {
	horizons := map[int64]bool{}
	for _, r := range x.Ahead {
		horizons[r.Horizon] = horizons[r.Horizon] || r.N > 0
	}
	var sorted []int64
	for h, seen := range horizons {
		if seen && h > 0 {
			sorted = append(sorted, h)
		}
	}
	slices.Sort(sorted)
	kk := x.k * x.k
	for _, h := range sorted {
		b := make([]suffstat.Cells, Buckets)
		ahead := make([]suffstat.Cells, Buckets)
		for g := range b {
			b[g] = append(slices.Clone(x.all[g]), make(suffstat.Cells, kk)...)
			ahead[g] = b[g][kk:]
		}
		for _, r := range x.Ahead {
			if r.Horizon == h {
				ahead[r.Bucket][x.to[r.From]*x.k+x.to[r.To]] += r.N
			}
		}
		total, _ := suffstat.Merge(b)
		customers := x.customersOf(x.total)
		direct := suffstat.TransitionRates(ahead, x.k, customers, TableLevel)
		power := suffstat.Power(suffstat.Transitions(total[:kk], x.k), int(h))
		expanded := chain.ahead(int(h))
		e := KStepError{Horizon: h, Markov: suffstat.KStepError(b, x.k, int(h), TableLevel), Expanded: math.NaN()}
		e.Markov.N = m.Customers
		if _, i, j := suffstat.KStepGap(total, x.k, int(h)); i >= 0 {
			e.From, e.To = x.names[i], x.names[j]
		}
		for i := range x.k {
			n := total[kk+i*x.k : kk+(i+1)*x.k].Sum()
			if n == 0 {
				continue
			}
			for j := range x.k {
				s := KStep{Horizon: h, From: x.names[i], To: x.names[j], N: total[kk+i*x.k+j], AtRisk: n, Direct: direct[i][j].Estimate,
					Markov: power[i][j], Expanded: expanded[i][j]}
				if x.row(i).Sum() == 0 {
					s.Markov = math.NaN()
				}
				if d := math.Abs(s.Expanded - s.Direct.Value); !math.IsNaN(d) && !(d <= e.Expanded) {
					e.Expanded = d
				}
				m.KStep = append(m.KStep, s)
			}
		}
		e.NotMarkov = e.Markov.Value > NotMarkovError && e.Markov.Lower > 0 && filled(b) >= analytics.MinBuckets
		m.KStepErrors = append(m.KStepErrors, e)
	}
}

// filled counts the buckets that hold customers.
func filled(buckets []suffstat.Cells) int {
	n := 0
	for _, b := range buckets {
		if !b.Empty() {
			n++
		}
	}
	return n
}
