package suffstat

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Absorb takes the fixed effects of two factors off every column, in place: the residuals of a weighted regression on the dummies of both. It returns false when the residuals of a column have not come to
// rest after 500 rounds; they are then close to what they would become.
//
// Formula: alternate demeaning over the levels of a and b until no mean of b is larger than 1e-9 of the spread of its column (von Neumann, Halperin). Levels are 0, 1, 2 ...; columns[k][i] is row i.
// For few levels of one factor Panel solves the same exactly and anew for every bucket; this is for many, such as days.
func Absorb(columns [][]float64, weight []float64, a, b []int) bool {
	const most, tolerance = 500, 1e-9
	levels := func(of []int) (int, []float64) {
		n := 0
		for _, v := range of {
			n = max(n, v+1)
		}
		sum := make([]float64, n)
		for i, v := range of {
			sum[v] += weight[i]
		}
		return n, sum
	}
	na, wa := levels(a)
	nb, wb := levels(b)
	// take subtracts the means of the levels and returns the largest.
	take := func(m, x []float64, of []int, w []float64) float64 {
		m = m[:len(w)]
		clear(m)
		for i, v := range of {
			m[v] += weight[i] * x[i]
		}
		largest := 0.
		for v := range m {
			if w[v] > 0 {
				m[v] /= w[v]
			}
			largest = math.Max(largest, math.Abs(m[v]))
		}
		for i, v := range of {
			x[i] -= m[v]
		}
		return largest
	}
	// rests demeans one column; columns do not touch each other, so they are shared out among workers without changing a digit.
	rests := func(means, x []float64) bool {
		var square, total float64
		take(means, x, a, wa)
		for i, v := range x {
			square, total = square+weight[i]*v*v, total+weight[i]
		}
		if square == 0 {
			return true
		}
		scale := math.Sqrt(square / total)
		for range most {
			if take(means, x, b, wb) <= tolerance*scale {
				return true
			}
			take(means, x, a, wa)
		}
		return false
	}
	var wg sync.WaitGroup
	var restless atomic.Bool
	workers := min(runtime.GOMAXPROCS(0), len(columns))
	for first := range workers {
		wg.Go(func() {
			means := make([]float64, max(na, nb))
			for k := first; k < len(columns); k += workers {
				if !rests(means, columns[k]) {
					restless.Store(true)
				}
			}
		})
	}
	wg.Wait()
	return !restless.Load()
}

// Products is the state of a regression on columns that are demeaned already: sums of products of regressors and one outcome, and of the regressors before any demeaning. A jackknife over buckets
// does not demean anew for each bucket left out.
//
// The zero value is the state of no rows and merges with any shape.
type Products struct {
	N      float64
	xx     []float64 // square, upper triangle used
	xy     []float64
	sum    []float64
	square []float64
}

// Add adds a row: regressors before and after demeaning, and the demeaned outcome.
func (p *Products) Add(weight float64, raw, x []float64, y float64) {
	k := len(x)
	if p.xx == nil {
		p.xx, p.xy, p.sum, p.square = make([]float64, k*k), make([]float64, k), make([]float64, k), make([]float64, k)
	}
	p.N += weight
	for i, v := range x {
		if v != 0 {
			w := weight * v
			for j := i; j < k; j++ {
				p.xx[i*k+j] += w * x[j]
			}
			p.xy[i] += w * y
		}
		p.sum[i] += weight * raw[i]
		p.square[i] += weight * raw[i] * raw[i]
	}
}

// Merge adds two states.
func (p Products) Merge(o Products) Products {
	if p.xx == nil {
		return o
	}
	if o.xx == nil {
		return p
	}
	plus := func(a, b []float64) []float64 {
		out := make([]float64, len(a))
		for i := range a {
			out[i] = a[i] + b[i]
		}
		return out
	}
	return Products{p.N + o.N, plus(p.xx, o.xx), plus(p.xy, o.xy), plus(p.sum, o.sum), plus(p.square, o.square)}
}

// Empty tells that there are no rows.
func (p Products) Empty() bool { return p.N == 0 }

// Within returns the products as those of Panel.TwoWay, of outcome 0.
func (p Products) Within() Within {
	k := len(p.xy)
	w := Within{total: make([]float64, k)}
	for i := range k {
		row := make([]float64, k)
		for j := range k {
			row[j] = p.xx[min(i, j)*k+max(i, j)]
		}
		w.xx = append(w.xx, row)
		w.xy = append(w.xy, []float64{p.xy[i]})
		if p.N > 0 {
			w.total[i] = p.square[i] - p.sum[i]*p.sum[i]/p.N
		}
	}
	return w
}

// Independent returns the regressors that vary beyond the fixed effects and the regressors named before them, and for each the share of its variance that is left then. Slopes of these can be told;
// one that is dropped is a sum of the others, a constant, or empty.
func (w Within) Independent(regressors ...int) (kept []int, left []float64) {
	var rows [][]float64 // eliminated rows of the kept, over all regressors named
	for at, r := range regressors {
		row := make([]float64, len(regressors))
		for j, c := range regressors {
			row[j] = w.xx[r][c]
		}
		own := row[at]
		for k, other := range rows {
			i := slices.Index(regressors, kept[k])
			f := row[i] / other[i]
			for j := range row {
				row[j] -= f * other[j]
			}
		}
		if own > 1e-9*w.total[r] && row[at] > 1e-9*own {
			kept, left, rows = append(kept, r), append(left, row[at]/w.total[r]), append(rows, row)
		}
	}
	return kept, left
}
