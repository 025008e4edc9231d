package suffstat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Transitions returns the matrix of transition probabilities p_ij = n_ij / n_i from the k x k counts of moves, flattened row by row
// (counts[i*k+j] = moves from i to j). Shape k x k, shares. The row of a stage from which no move was seen is NaN.
//
// It is the maximum-likelihood matrix of one step. Its powers are no forecast when stages depend on elapsed time (recency rules make them so):
// use direct k-step counts and see KStepGap. Source: Anderson and Goodman (1957); statistics 1.1.
func Transitions(counts Cells, k int) [][]float64 {
	p := square(k)
	for i := range p {
		n := counts[i*k : (i+1)*k].Sum()
		for j := range p[i] {
			if n == 0 {
				p[i][j] = math.NaN()
			} else {
				p[i][j] = float64(counts[i*k+j]) / float64(n)
			}
		}
	}
	return p
}

func square(k int) [][]float64 {
	p := make([][]float64, k)
	for i := range p {
		p[i] = make([]float64, k)
	}
	return p
}

// TransitionRates returns the matrix of Transitions with clustered intervals (Rate: Wilson at the effective sample size). buckets[g] holds the k x k
// counts of bucket g. customers[i] is the number of different customers seen in stage i, nil if unknown (then rows without events get wide intervals).
// Rows from which no move was seen are not estimable. A structural zero (a move that the rules forbid) looks here like a rare event:
// the caller must blank it.
func TransitionRates(buckets []Cells, k int, customers []int64, level float64) [][]RateEstimate {
	out := make([][]RateEstimate, k)
	ratios := make([]Ratio, len(buckets))
	for i := range out {
		out[i] = make([]RateEstimate, k)
		var people int64
		if customers != nil {
			people = customers[i]
		}
		for j := range out[i] {
			for g, b := range buckets {
				ratios[g] = Ratio{}
				if b != nil {
					ratios[g] = Ratio{b[i*k+j], b[i*k : (i+1)*k].Sum()}
				}
			}
			out[i][j] = Rate(ratios, people, level)
		}
	}
	return out
}

// Shorrocks returns the mobility of a transition matrix, (K - trace P)/(K - 1): 0 when nobody ever moves, 1 when the next stage does not depend on
// the present one with equal rows, up to K/(K-1) when everybody always moves. Rows that are NaN are left out and K counts the others; fewer than two
// rows give NaN. Source: Shorrocks (1978).
func Shorrocks(p [][]float64) float64 {
	var k, trace float64
	for i := range p {
		if !math.IsNaN(p[i][i]) {
			k++
			trace += p[i][i]
		}
	}
	if k < 2 {
		return math.NaN()
	}
	return (k - trace) / (k - 1)
}

// Mobility is Shorrocks with its jackknife interval; buckets as for TransitionRates. Unit "index".
func Mobility(buckets []Cells, k int, level float64) Estimate {
	return Jackknife(buckets, func(c Cells) float64 { return Shorrocks(Transitions(c, k)) }, level).Of(0, "index")
}

// stochastic copies p with NaN rows replaced by staying in place.
func stochastic(p [][]float64) *mat.Dense {
	k := len(p)
	m := mat.NewDense(k, k, nil)
	for i, row := range p {
		for j, v := range row {
			switch {
			case !math.IsNaN(v):
				m.Set(i, j, v)
			case i == j:
				m.Set(i, j, 1)
			}
		}
	}
	return m
}

// Stationary returns the distribution pi with pi P = pi and sum 1: the shares of the stages in the long run if the chain were Markov and unchanging,
// so a description of the matrix rather than a forecast. All NaN when it is not unique (two groups of stages that cannot reach each other).
// Rows that are NaN count as staying in place.
func Stationary(p [][]float64) []float64 {
	k := len(p)
	if k == 0 {
		return nil
	}
	m := stochastic(p)
	// (P' - I) pi = 0 with the last equation replaced by sum pi = 1.
	a := mat.NewDense(k, k, nil)
	b := mat.NewVecDense(k, nil)
	for i := range k {
		for j := range k {
			v := m.At(j, i)
			if i == j {
				v--
			}
			if i == k-1 {
				v = 1
			}
			a.Set(i, j, v)
		}
	}
	b.SetVec(k-1, 1)
	var lu mat.LU
	lu.Factorize(a)
	var x mat.VecDense
	if lu.Cond() > 1e12 || lu.SolveVecTo(&x, false, b) != nil {
		return nans(k)
	}
	return x.RawVector().Data
}

// Power returns P^h, h >= 0: what h steps would do if the chain were Markov. Rows that are NaN count as staying in place.
func Power(p [][]float64, h int) [][]float64 {
	var out mat.Dense
	out.Pow(stochastic(p), h)
	return rows(&out)
}

func rows(m *mat.Dense) [][]float64 {
	r, _ := m.Dims()
	out := make([][]float64, r)
	for i := range out {
		out[i] = append([]float64{}, m.RawRowView(i)...)
	}
	return out
}

// KStepGap returns D_h = max_ij |P^h - Phat_h|, the largest error that powers of the one-step matrix make against the observed h-step shares, and the
// cell where it is. counts holds the k x k one-step counts followed by the k x k h-step counts. Only stages with h-step counts are compared; none
// gives NaN and -1, -1. Above .05 the stages are not Markov and no forecast may use P^h (statistics 1.2).
func KStepGap(counts Cells, k, h int) (gap float64, from, to int) {
	model := Power(Transitions(counts[:k*k], k), h)
	seen := Transitions(counts[k*k:], k)
	gap, from, to = math.NaN(), -1, -1
	for i := range seen {
		for j := range seen[i] {
			if d := math.Abs(model[i][j] - seen[i][j]); !math.IsNaN(d) && !(d <= gap) {
				gap, from, to = d, i, j
			}
		}
	}
	return gap, from, to
}

// KStepError is D_h with a jackknife interval (share; lower end not below 0). The maximum over cells is followed in the one cell where the total has it,
// signed, so that the replicates are smooth. Being the largest of many errors it is biased up when counts are small: read the lower end.
func KStepError(buckets []Cells, k, h int, level float64) Estimate {
	total, ok := Merge(buckets)
	if !ok || total.Empty() {
		return NotEstimable(MethodJackknife, level, ErrNoData).Of(0, "share")
	}
	gap, i, j := KStepGap(total, k, h)
	if math.IsNaN(gap) {
		return NotEstimable(MethodJackknife, level, ErrNoData).Of(0, "share")
	}
	e := Jackknife(buckets, func(c Cells) float64 {
		return Power(Transitions(c[:k*k], k), h)[i][j] - Transitions(c[k*k:], k)[i][j]
	}, level)
	if e.Value < 0 {
		e = e.Scale(-1, "")
	}
	e.Lower = math.Max(0, e.Lower)
	return e.Of(0, "share")
}

// Values returns V = (I - gamma P)^-1 r: the expected discounted sum of rewards of a customer who starts in each state, r_i = reward (money) per
// customer-period in state i, gamma = discount per period in [0, 1). P is k x k by rows; a NaN row counts as staying in place for ever. Unit of r. All NaN
// when the system cannot be solved (gamma = 1 with a closed group of states).
//
// It holds for Markov states: use the expanded states (stage, age in stage) when KStepGap says that the stages are not. Statistics 1.5.
func Values(p [][]float64, r []float64, gamma float64) []float64 {
	k := len(p)
	var lu mat.LU
	lu.Factorize(resolvent(p, gamma))
	var v mat.VecDense
	if lu.Cond() > 1e14 || lu.SolveVecTo(&v, false, mat.NewVecDense(k, append([]float64{}, r...))) != nil {
		return nans(k)
	}
	return v.RawVector().Data
}

func resolvent(p [][]float64, gamma float64) *mat.Dense {
	a := stochastic(p)
	a.Apply(func(i, j int, v float64) float64 {
		if i == j {
			return 1 - gamma*v
		}
		return -gamma * v
	}, a)
	return a
}

// Visits returns N = (I - gamma P)^-1: N[s][i] is the expected discounted number of periods that a customer who starts in s spends in i, the present one
// included. Arguments as for Values. All NaN when the system cannot be solved.
func Visits(p [][]float64, gamma float64) [][]float64 {
	k := len(p)
	var lu mat.LU
	lu.Factorize(resolvent(p, gamma))
	eye := mat.NewDiagDense(k, nil)
	for i := range k {
		eye.SetDiag(i, 1)
	}
	var n mat.Dense
	if lu.Cond() > 1e14 || lu.SolveTo(&n, false, eye) != nil {
		out := make([][]float64, k)
		for i := range out {
			out[i] = nans(k)
		}
		return out
	}
	return rows(&n)
}

// ValueGap returns dV_s/d eps = gamma * N[s][i] * (V[to] - V[from]): how much the value of a customer who starts in s grows per unit of probability
// moved, in row i, from the exit "from" to the exit "to" (visits times value gap). For a change of 2 pp multiply by .02. Exact for small
// changes; v and n are the results of Values and Visits with the same gamma. Statistics 1.5.
func ValueGap(v []float64, n [][]float64, gamma float64, s, i, from, to int) float64 {
	return gamma * n[s][i] * (v[to] - v[from])
}

// Stack is the shape of a stack of contingency tables: Slices tables of Rows x Cols, flattened slice by slice and row by row. A single table is a stack of
// one slice. For the questions about stages, Slices is always the present stage and Cols the next one; Rows is what may matter besides:
// the previous stage (order), the segment (homogeneity), the period (stationarity), the bin of age in the stage (duration dependence).
type Stack struct{ Slices, Rows, Cols int }

// Len returns the number of cells.
func (s Stack) Len() int { return s.Slices * s.Rows * s.Cols }

// At returns the position of a cell in the flattened vector.
func (s Stack) At(slice, row, col int) int { return (slice*s.Rows+row)*s.Cols + col }

// Independence is the result of a test that rows and columns are independent within every slice, with the size of the dependence beside it.
type Independence struct {
	G2, X2   float64 // likelihood-ratio and Pearson statistics
	DF       float64 // sum over slices of (non-empty rows - 1)(non-empty columns - 1)
	PG2, PX2 float64 // chi-squared p-values; valid for independent observations only
	N        int64   // sum of the cells
	// Bits is the conditional mutual information I(row; column | slice) = G2/(2 N ln 2); BitsCorrected has its bias DF/(2 N ln 2) taken off and may be
	// negative.
	Bits, BitsCorrected float64
	// Gain is BitsCorrected / H(column | slice): the share of the log loss of a forecast of the column that knowing the row would save.
	// Above .01 it matters (a judgement, statistics 1.3); NaN when the column is certain.
	Gain float64
}

// TestIndependence tests whether the row tells anything about the column once the slice is known.
//
// H0: n_ijk has expectation n_ij. n_.jk / n_.j. in every slice j. G2 = 2 sum n_ijk ln(n_ijk n_.j. / (n_ij. n_.jk)), X2 = sum (n - E)^2/E. Rows and columns
// without counts are left out of the degrees of freedom, so moves that the rules forbid cost nothing. DF = 0 gives NaN p-values.
//
// At the size of a CRM everything is significant: judge by Gain, and take the p-value from ClusteredX2, since a customer gives many
// observations. Source: Bishop, Fienberg and Holland (1975) ch. 7; statistics 1.3. (R's markovchain 0.9.1 gets df and statistic wrong.)
func TestIndependence(counts Cells, shape Stack) Independence {
	if len(counts) != shape.Len() {
		panic(fmt.Sprintf("suffstat: %d cells for a stack of %d", len(counts), shape.Len()))
	}
	t := Independence{}
	exp, df := expected(floats(counts, 1), shape)
	var entropy float64 // in nats, times N
	for s := range shape.Slices {
		cols := make([]float64, shape.Cols)
		var n float64
		for r := range shape.Rows {
			for c := range shape.Cols {
				at := shape.At(s, r, c)
				o, e := float64(counts[at]), exp[at]
				n += o
				cols[c] += o
				t.N += counts[at]
				if e > 0 {
					t.X2 += (o - e) * (o - e) / e
				}
				if o > 0 {
					t.G2 += 2 * o * math.Log(o/e)
				}
			}
		}
		for _, c := range cols {
			if c > 0 {
				entropy -= c * math.Log(c/n)
			}
		}
	}
	t.DF = df
	t.PG2, t.PX2 = ChiSquaredSurvival(t.G2, df), ChiSquaredSurvival(t.X2, df)
	n := float64(t.N)
	t.Bits = t.G2 / (2 * n * math.Ln2)
	t.BitsCorrected = t.Bits - df/(2*n*math.Ln2)
	t.Gain = t.BitsCorrected * n * math.Ln2 / entropy // 0/0 when every column is certain
	return t
}

func floats(c Cells, k float64) []float64 {
	out := make([]float64, len(c))
	for i, v := range c {
		out[i] = k * float64(v)
	}
	return out
}

// expected returns the expectations under independence within slices and the degrees of freedom.
func expected(o []float64, shape Stack) (exp []float64, df float64) {
	exp = make([]float64, len(o))
	for s := range shape.Slices {
		row, col := make([]float64, shape.Rows), make([]float64, shape.Cols)
		var n float64
		for r := range row {
			for c := range col {
				v := o[shape.At(s, r, c)]
				row[r] += v
				col[c] += v
				n += v
			}
		}
		if n == 0 {
			continue
		}
		var nr, nc float64
		for _, v := range row {
			if v > 0 {
				nr++
			}
		}
		for _, v := range col {
			if v > 0 {
				nc++
			}
		}
		df += (nr - 1) * (nc - 1)
		for r := range row {
			for c := range col {
				exp[shape.At(s, r, c)] = row[r] * col[c] / n
			}
		}
	}
	return exp, df
}

// Clustered is the result of ClusteredX2: X2/(Delta*DF) is referred to F(DF, DF2).
type Clustered struct {
	X2, Delta, F float64
	DF, DF2      float64
	P            float64
	N            int64
	Buckets      int
	Warnings     []error
}

// ClusteredX2 tests independence within slices when observations of one customer depend on each other.
//
// H0 as for TestIndependence. With R = O - E the residuals, R_g those of the table without bucket g blown up by G/(G-1), and v_c the jackknife
// variance of R_c: Delta = sum_c v_c/E_c / DF is the mean design effect, and X2/(Delta*DF) is referred to F(DF, DF*(G-1)) with G the
// non-empty buckets. No matrix is inverted, so empty and sparse cells do no harm.
//
// buckets[g] has shape.Len() cells (or is nil). Delta is about 1 for independent observations. P is NaN when DF is 0, there are fewer than two non-empty
// buckets, or nothing varies between buckets. Measured at nominal 5 %: the plain test rejects 1.6 % to 91 % depending on the clustering, this one
// 4-6 % (bench S2). Source: Rao and Scott (1981), first-order correction; statistics 1.3.
func ClusteredX2(buckets []Cells, shape Stack) Clustered {
	t := Clustered{X2: math.NaN(), Delta: math.NaN(), F: math.NaN(), P: math.NaN(), DF2: math.NaN()}
	total := make(Cells, shape.Len())
	for _, b := range buckets {
		if b.Empty() {
			continue
		}
		t.Buckets++
		for i, n := range b {
			total[i] += n
		}
	}
	t.N = total.Sum()
	o := floats(total, 1)
	exp, df := expected(o, shape)
	t.DF = df
	if t.Buckets < 2 || df <= 0 {
		t.Warnings = append(t.Warnings, ErrNoData)
		return t
	}
	g := float64(t.Buckets)
	t.DF2 = df * (g - 1)
	if t.Buckets < MinBuckets {
		t.Warnings = append(t.Warnings, fmt.Errorf("%d buckets: %w", t.Buckets, ErrFewBuckets))
	}
	mean, m2 := make([]float64, len(o)), make([]float64, len(o))
	left := make([]float64, len(o))
	k := 0.
	for _, b := range buckets {
		if b.Empty() {
			continue
		}
		k++
		for i := range left {
			left[i] = float64(total[i]-b[i]) * g / (g - 1)
		}
		eg, _ := expected(left, shape)
		for i := range left {
			d := left[i] - eg[i] - mean[i]
			mean[i] += d / k
			m2[i] += d * (left[i] - eg[i] - mean[i])
		}
	}
	t.X2 = 0
	var delta float64
	small := false
	for i, e := range exp {
		if e <= 0 {
			continue
		}
		small = small || e < 5
		t.X2 += (o[i] - e) * (o[i] - e) / e
		delta += (g - 1) / g * m2[i] / e
	}
	if small {
		t.Warnings = append(t.Warnings, ErrSmallExpected)
	}
	t.Delta = delta / df
	if t.Delta <= 1e-18 {
		t.Warnings = append(t.Warnings, ErrNoVariation)
		return t
	}
	t.F = t.X2 / (t.Delta * df)
	t.P = FSurvival(t.F, df, t.DF2)
	return t
}
