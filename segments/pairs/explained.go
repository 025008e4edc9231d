package pairs

import (
	"math"

	"crmaudit/analytics/suffstat"

	"gonum.org/v1/gonum/mat"
)

// Explained is the share of the behaviour in the window that a model explains on customers it has not seen.
type Explained struct {
	Model, Outcome string
	Share          suffstat.Estimate
	InSample       float64
	Parameters     int
}

// The models and outcomes.
const (
	modelSegments   = "segments"
	modelRFM        = "rfm"
	modelDifference = "difference"
	outcomeOrder    = "order"
	outcomeRevenue  = "revenue"
)

// explained measures both models for both outcomes. Segments of which only today's members are known, or whose members are known only after the window, are left out: they may
// have been chosen by what they should predict. Without any other there is nothing to say.
func (f *fitter) explained() {
	var use []int
	for i, s := range f.c.Segments {
		if s.Dated && !s.Late && f.m.sums[i][sumN] > 0 {
			use = append(use, i)
		}
	}
	if len(use) == 0 || f.m.Base[sumN] == 0 {
		return
	}
	gram := f.gram(use)
	for _, outcome := range []struct {
		name string
		sum  int
	}{{outcomeOrder, sumOrdered}, {outcomeRevenue, sumRevenue}} {
		if f.m.Base[outcome.sum] == 0 {
			continue
		}
		linear := f.linear(use, gram, outcome.sum)
		cells := f.cells(outcome.sum)
		a, b := honestShare(linear), honestShare(cells)
		if a.Value == nil || b.Value == nil {
			continue
		}
		n := f.m.Base[sumCustomers]
		rows := []Explained{
			{modelSegments, outcome.name, a.Estimate(0, TableLevel).Of(n, "share"), inSample(linear), len(use) + 1},
			{modelRFM, outcome.name, b.Estimate(0, TableLevel).Of(n, "share"), inSample(cells), len(cells.index)},
			{modelDifference, outcome.name, a.Join(b).Difference(0, 1).Estimate(0, TableLevel).Of(n, "share"), math.NaN(), 0},
		}
		f.m.Explained = append(f.m.Explained, rows...)
	}
}

// moments of one outcome in a set of buckets: customers, sum, sum of squares.
type outcomeSums struct{ n, y, yy float64 }

func (o outcomeSums) plus(x outcomeSums, sign float64) outcomeSums {
	return outcomeSums{o.n + sign*x.n, o.y + sign*x.y, o.yy + sign*x.yy}
}

// honest is a model whose sums are known bucket by bucket: fit on some, judge on others.
type honest interface {
	buckets() int
	outcome(g int) outcomeSums
	// fit returns the coefficients for the sum of the buckets in use.
	fit(use []int) []float64
	// wrong returns the sum of squared errors of the coefficients in the buckets in use.
	wrong(beta []float64, use []int) float64
}

// honestShare is 1 - squared error / squared error of the mean, the model and the mean fitted to the even buckets and judged on the odd ones, and the other way round; the two are
// added before dividing. Replicates leave out one bucket wherever it stands.
func honestShare(h honest) suffstat.Replicates {
	n := h.buckets()
	halves := func(without int) (out [2][]int) {
		for g := range n {
			if g != without {
				out[g%2] = append(out[g%2], g)
			}
		}
		return out
	}
	// What a half of the buckets says does not change when a bucket of the other half is left out.
	type fitted struct {
		beta []float64
		mean float64
	}
	learn := func(use []int) fitted {
		var o outcomeSums
		for _, g := range use {
			o = o.plus(h.outcome(g), 1)
		}
		return fitted{h.fit(use), o.y / o.n}
	}
	judge := func(x fitted, use []int) (wrong, total float64) {
		var o outcomeSums
		for _, g := range use {
			o = o.plus(h.outcome(g), 1)
		}
		return h.wrong(x.beta, use), o.yy - 2*x.mean*o.y + x.mean*x.mean*o.n
	}
	all := halves(-1)
	full := [2]fitted{learn(all[0]), learn(all[1])}
	share := func(x [2]fitted, parts [2][]int) []float64 {
		w0, t0 := judge(x[0], parts[1])
		w1, t1 := judge(x[1], parts[0])
		return []float64{1 - (w0+w1)/(t0+t1)}
	}
	r := suffstat.Replicates{Value: share(full, all), Rep: make([][]float64, n), Used: make([]bool, n)}
	if math.IsNaN(r.Value[0]) {
		return suffstat.Replicates{}
	}
	for g := range n {
		r.Rep[g] = r.Value
		if h.outcome(g).n == 0 {
			continue
		}
		r.Used[g] = true
		parts, x := halves(g), full
		x[g%2] = learn(parts[g%2])
		r.Rep[g] = share(x, parts)
	}
	return r
}

// inSample is the share explained of the customers that the model was fitted to.
func inSample(h honest) float64 {
	var all []int
	var o outcomeSums
	for g := range h.buckets() {
		all = append(all, g)
		o = o.plus(h.outcome(g), 1)
	}
	return 1 - h.wrong(h.fit(all), all)/(o.yy-o.y*o.y/o.n)
}

// linear is the regression on an intercept and one indicator per segment: each segment adds its own.
type linear struct {
	gram []*mat.SymDense // by bucket: X'X
	xy   [][]float64     // by bucket: X'y
	o    []outcomeSums
}

func (l *linear) buckets() int              { return len(l.o) }
func (l *linear) outcome(g int) outcomeSums { return l.o[g] }

func (l *linear) fit(use []int) []float64 {
	k := len(l.xy[0])
	sum, y := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	for _, g := range use {
		sum.AddSym(sum, l.gram[g])
		for i, x := range l.xy[g] {
			y.SetVec(i, y.AtVec(i)+x)
		}
	}
	for i := 1; i < k; i++ {
		sum.SetSym(i, i, sum.At(i, i)+1) // one customer's worth of shrinkage: segments that make up everybody are not told apart from the intercept
	}
	if sum.At(0, 0) == 0 {
		sum.SetSym(0, 0, 1)
	}
	var chol mat.Cholesky
	beta := mat.NewVecDense(k, nil)
	if !chol.Factorize(sum) || chol.SolveVecTo(beta, y) != nil {
		for i := range k {
			beta.SetVec(i, math.NaN())
		}
	}
	return beta.RawVector().Data
}

func (l *linear) wrong(beta []float64, use []int) float64 {
	k := len(beta)
	sum, out := mat.NewSymDense(k, nil), 0.
	xy := make([]float64, k)
	for _, g := range use {
		sum.AddSym(sum, l.gram[g])
		out += l.o[g].yy
		for i, x := range l.xy[g] {
			xy[i] += x
		}
	}
	b := mat.NewVecDense(k, beta)
	for i, x := range xy {
		out -= 2 * beta[i] * x
	}
	return out + mat.Inner(b, sum, b)
}

// gram counts, bucket by bucket, customers in each segment and in every two.
func (f *fitter) gram(use []int) []*mat.SymDense {
	place := map[int]int{}
	for i, s := range use {
		place[s] = i + 1
	}
	out := make([]*mat.SymDense, f.c.Scope.Buckets)
	for g := range out {
		out[g] = mat.NewSymDense(len(use)+1, nil)
		out[g].SetSym(0, 0, float64(f.c.Base[g][sumN]))
		for i, s := range use {
			n := float64(f.c.Sums[s][g][sumN])
			out[g].SetSym(0, i+1, n)
			out[g].SetSym(i+1, i+1, n)
		}
	}
	sh := &f.c.Shared
	for r := range sh.A {
		a, okA := place[sh.A[r]]
		b, okB := place[sh.B[r]]
		if okA && okB {
			out[sh.Bucket[r]].SetSym(a, b, float64(sh.Sums[sumN][r]))
		}
	}
	return out
}

func (f *fitter) linear(use []int, gram []*mat.SymDense, sum int) *linear {
	l := &linear{gram: gram, xy: make([][]float64, len(gram)), o: f.outcomes(sum)}
	for g := range gram {
		l.xy[g] = make([]float64, len(use)+1)
		l.xy[g][0] = float64(f.c.Base[g][sum])
		for i, s := range use {
			l.xy[g][i+1] = float64(f.c.Sums[s][g][sum])
		}
	}
	return l
}

func (f *fitter) outcomes(sum int) []outcomeSums {
	out := make([]outcomeSums, f.c.Scope.Buckets)
	for g, b := range f.c.Base {
		out[g] = outcomeSums{float64(b[sumN]), float64(b[sum]), float64(b[sum])}
		if sum == sumRevenue {
			out[g].yy = float64(f.c.Base2[g])
		}
	}
	return out
}

// cells is the mean of each cell of a grid.
type cells struct {
	index map[int]int
	by    [][]outcomeSums // bucket, cell
	o     []outcomeSums
}

func (c *cells) buckets() int              { return len(c.o) }
func (c *cells) outcome(g int) outcomeSums { return c.o[g] }

func (c *cells) sum(use []int) ([]outcomeSums, outcomeSums) {
	out := make([]outcomeSums, len(c.index))
	var all outcomeSums
	for _, g := range use {
		all = all.plus(c.o[g], 1)
		for i, x := range c.by[g] {
			out[i] = out[i].plus(x, 1)
		}
	}
	return out, all
}

// fit pulls every cell by one customer to the mean of all.
func (c *cells) fit(use []int) []float64 {
	sums, all := c.sum(use)
	beta := make([]float64, len(sums))
	for i, s := range sums {
		beta[i] = (s.y + all.y/all.n) / (s.n + 1)
	}
	return beta
}

func (c *cells) wrong(beta []float64, use []int) float64 {
	sums, _ := c.sum(use)
	out := 0.
	for i, s := range sums {
		out += s.yy - 2*beta[i]*s.y + beta[i]*beta[i]*s.n
	}
	return out
}

func (f *fitter) cells(sum int) *cells {
	c := &cells{index: map[int]int{}, by: make([][]outcomeSums, f.c.Scope.Buckets), o: f.outcomes(sum)}
	for _, r := range f.c.RFM {
		if _, ok := c.index[r.Cell]; !ok {
			c.index[r.Cell] = len(c.index)
		}
	}
	for g := range c.by {
		c.by[g] = make([]outcomeSums, len(c.index))
	}
	for _, r := range f.c.RFM {
		x := outcomeSums{float64(r.N), float64(r.Ordered), float64(r.Ordered)}
		if sum == sumRevenue {
			x.y, x.yy = float64(r.Revenue), float64(r.Revenue2)
		}
		c.by[r.Bucket][c.index[r.Cell]] = x
	}
	return c
}
