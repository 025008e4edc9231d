package suffstat

import "math"

// PanelRow is what one member (a customer, or a customer in a channel) did in one period: N trials with the same regressors X, and the sums of the outcomes
// over these trials.
type PanelRow struct {
	Period   int
	N        float64
	X        []float64
	Outcomes []float64
}

// Panel is the state of a two-way fixed-effects regression: products of the period dummies, the regressors and the outcomes after the mean of every
// member is taken off. Adding members adds states, so that a jackknife over buckets of members solves the week effects anew for each bucket left out.
//
// The zero value is the state of no members and merges with any shape; two others must have one shape.
type Panel struct {
	Periods, Regressors, Outcomes int
	Members                       int64
	N                             float64
	products                      []float64 // square matrix of Periods + Regressors + Outcomes, upper triangle used
	sum, square                   []float64 // of each regressor over all trials, before any demeaning
	outcome                       []float64 // sums of the outcomes
}

// NewPanel returns the state of no members.
func NewPanel(periods, regressors, outcomes int) Panel {
	k := periods + regressors + outcomes
	return Panel{Periods: periods, Regressors: regressors, Outcomes: outcomes, products: make([]float64, k*k), sum: make([]float64, regressors),
		square: make([]float64, regressors), outcome: make([]float64, outcomes)}
}

func (p *Panel) at(i, j int) *float64 {
	return &p.products[i*(p.Periods+p.Regressors+p.Outcomes)+j]
}

// Add adds one member with all its rows. A member with one trial says nothing about slopes and adds only to the totals.
func (p *Panel) Add(rows []PanelRow) {
	var n float64
	x, y := make([]float64, p.Regressors), make([]float64, p.Outcomes)
	inPeriod := map[int]float64{}
	var periods []int // in the order of the rows, so that sums do not depend on the order of a map
	for _, r := range rows {
		n += r.N
		if _, ok := inPeriod[r.Period]; !ok {
			periods = append(periods, r.Period)
		}
		inPeriod[r.Period] += r.N
		for i, v := range r.X {
			x[i] += r.N * v
			p.sum[i] += r.N * v
			p.square[i] += r.N * v * v
		}
		for i, v := range r.Outcomes {
			y[i] += v
			p.outcome[i] += v
		}
	}
	if n == 0 {
		return
	}
	p.Members++
	p.N += n
	fx, fy := p.Periods, p.Periods+p.Regressors
	for i, a := range periods {
		na := inPeriod[a]
		*p.at(a, a) += na - na*na/n
		for _, b := range periods[i+1:] {
			*p.at(min(a, b), max(a, b)) -= na * inPeriod[b] / n
		}
		for j := range x {
			*p.at(a, fx+j) -= na * x[j] / n
		}
		for j := range y {
			*p.at(a, fy+j) -= na * y[j] / n
		}
	}
	for i := range x {
		for j := i; j < len(x); j++ {
			*p.at(fx+i, fx+j) -= x[i] * x[j] / n
		}
		for j := range y {
			*p.at(fx+i, fy+j) -= x[i] * y[j] / n
		}
	}
	for _, r := range rows {
		for i, v := range r.X {
			*p.at(r.Period, fx+i) += r.N * v
			for j := i; j < len(r.X); j++ {
				*p.at(fx+i, fx+j) += r.N * v * r.X[j]
			}
			for j, w := range r.Outcomes {
				*p.at(fx+i, fy+j) += v * w
			}
		}
		for j, w := range r.Outcomes {
			*p.at(r.Period, fy+j) += w
		}
	}
}

// Merge adds two states.
func (p Panel) Merge(o Panel) Panel {
	if p.products == nil {
		return o
	}
	if o.products == nil {
		return p
	}
	if p.Periods != o.Periods || p.Regressors != o.Regressors || p.Outcomes != o.Outcomes {
		panic("suffstat: merge of panels of different shape")
	}
	out := NewPanel(p.Periods, p.Regressors, p.Outcomes)
	out.Members, out.N = p.Members+o.Members, p.N+o.N
	plus := func(to, a, b []float64) {
		for i := range to {
			to[i] = a[i] + b[i]
		}
	}
	plus(out.products, p.products, o.products)
	plus(out.sum, p.sum, o.sum)
	plus(out.square, p.square, o.square)
	plus(out.outcome, p.outcome, o.outcome)
	return out
}

// Empty tells that there are no members.
func (p Panel) Empty() bool { return p.N == 0 }

// Mean returns the mean of an outcome over all trials.
func (p Panel) Mean(outcome int) float64 {
	if p.N == 0 {
		return math.NaN()
	}
	return p.outcome[outcome] / p.N
}

// Within holds what is left of the regressors and outcomes after the fixed effects are taken off.
type Within struct {
	xx    [][]float64
	xy    [][]float64
	total []float64
}

// WithinMembers returns the products within members only: the fixed effects of the periods stay in.
func (p Panel) WithinMembers() Within { return p.within(p.products) }

// TwoWay returns the products within members and periods: the exact solution of the two-way fixed effects, to which alternate demeaning converges.
//
// Formula: the dummies of the periods are swept out of the products within members. A period that the others determine (the last one, and one more for each
// part of the panel that no member connects) is left out, which changes no slope.
func (p Panel) TwoWay() Within {
	k := p.Periods + p.Regressors + p.Outcomes
	m := append([]float64(nil), p.products...)
	for s := range p.Periods {
		pivot := m[s*k+s]
		if !(pivot > 1e-9*math.Max(p.N, 1)) || pivot <= 1e-9*p.products[s*k+s] {
			continue
		}
		for i := s + 1; i < k; i++ {
			f := m[s*k+i] / pivot
			if f == 0 {
				continue
			}
			row, from := m[i*k:(i+1)*k], m[s*k:(s+1)*k]
			for j := i; j < k; j++ {
				row[j] -= f * from[j]
			}
		}
	}
	return p.within(m)
}

func (p Panel) within(m []float64) Within {
	k := p.Periods + p.Regressors + p.Outcomes
	fx, fy := p.Periods, p.Periods+p.Regressors
	w := Within{total: make([]float64, p.Regressors)}
	for i := range p.Regressors {
		row := make([]float64, p.Regressors)
		for j := range p.Regressors {
			row[j] = m[(fx+min(i, j))*k+fx+max(i, j)]
		}
		w.xx = append(w.xx, row)
		w.xy = append(w.xy, append([]float64(nil), m[(fx+i)*k+fy:(fx+i)*k+fy+p.Outcomes]...))
		if p.N > 0 {
			w.total[i] = p.square[i] - p.sum[i]*p.sum[i]/p.N
		}
	}
	return w
}

// Share returns the share of the variance of a regressor that the fixed effects leave, in [0, 1]; NaN for a constant. Below .05 a slope cannot be told from the
// fixed effects (statistics 4.5).
func (w Within) Share(regressor int) float64 {
	if !(w.total[regressor] > 0) {
		return math.NaN()
	}
	return math.Max(0, w.xx[regressor][regressor]/w.total[regressor])
}

// Slopes regresses an outcome on the named regressors together and returns their slopes: the change of the outcome's mean per unit of each. A regressor
// without variation of its own makes all of them NaN.
//
// It misleads when the regressor reacts to earlier outcomes of the member, and for outcomes that end the membership (an unsubscribe): use MantelHaenszel.
func (w Within) Slopes(outcome int, regressors ...int) []float64 {
	k := len(regressors)
	a, b := make([][]float64, k), make([]float64, k)
	for i, r := range regressors {
		for _, c := range regressors {
			a[i] = append(a[i], w.xx[r][c])
		}
		b[i] = w.xy[r][outcome]
	}
	for s := range k { // Gaussian elimination of a symmetric positive matrix: no pivoting is needed
		own := w.xx[regressors[s]][regressors[s]]
		if !(own > 1e-9*w.total[regressors[s]] && a[s][s] > 1e-9*own) {
			return nans(k)
		}
		for i := s + 1; i < k; i++ {
			f := a[i][s] / a[s][s]
			for j := s; j < k; j++ {
				a[i][j] -= f * a[s][j]
			}
			b[i] -= f * b[s]
		}
	}
	for s := k - 1; s >= 0; s-- {
		for j := s + 1; j < k; j++ {
			b[s] -= a[s][j] * b[j]
		}
		b[s] /= a[s][s]
	}
	return b
}

// SlopeSums is the state of a regression on one regressor whose products are already demeaned, for clusters other than members: the periods, when all
// members have the same load and nothing but the calendar varies.
type SlopeSums struct {
	XX, XY float64
	N      float64
}

// Merge adds two states.
func (s SlopeSums) Merge(o SlopeSums) SlopeSums {
	return SlopeSums{s.XX + o.XX, s.XY + o.XY, s.N + o.N}
}

// Empty tells that there are no trials.
func (s SlopeSums) Empty() bool { return s.N == 0 }

// Slope returns XY/XX; NaN without variation.
func (s SlopeSums) Slope() float64 {
	if !(s.XX > 0) {
		return math.NaN()
	}
	return s.XY / s.XX
}

// AddByPeriod splits the within-member products of one regressor and outcome among the periods of the rows.
func AddByPeriod(into []SlopeSums, rows []PanelRow, regressor, outcome int) {
	var n, x, y float64
	for _, r := range rows {
		n, x, y = n+r.N, x+r.N*r.X[regressor], y+r.Outcomes[outcome]
	}
	if n == 0 {
		return
	}
	for _, r := range rows {
		d := r.X[regressor] - x/n
		s := &into[r.Period]
		s.XX += r.N * d * d
		s.XY += d * (r.Outcomes[outcome] - r.N*y/n)
		s.N += r.N
	}
}
