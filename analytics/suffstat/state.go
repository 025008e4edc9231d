package suffstat

import (
	"errors"
	"fmt"
	"math"
)

// The reasons why a number is doubtful or was not made. They travel in Estimate.Warnings and are told apart with errors.Is.
var (
	ErrNoData         = errors.New("no data")
	ErrFewBuckets     = errors.New("fewer than 20 non-empty buckets: the interval rests on too few groups of customers")
	ErrNoVariation    = errors.New("no replicate differs from the estimate: the interval has no width and says nothing about doubt")
	ErrNotEstimable   = errors.New("not estimable when one bucket of customers is left out")
	ErrOutOfScale     = errors.New("outside the scale of the interval's transformation")
	ErrNotReached     = errors.New("the curve does not fall to one half within the observed ages")
	ErrUpperUnbounded = errors.New("the upper end of the interval is beyond the observed ages")
	ErrSmallExpected  = errors.New("some expected counts are below 5: the p-value is approximate")
	ErrAtBoundary     = errors.New("the estimate of the prior weight is at the edge of its range")
)

// State is a sufficient statistic that merges. Merge must be commutative and associative and must not change its receiver or argument,
// so that buckets, files and quarters can be added in any order with the same result.
//
// A state that also has the method Empty() bool tells the jackknife which buckets hold no customer at all: those are not counted as
// groups. A state without it counts as non-empty.
type State[S any] interface{ Merge(S) S }

// Merge adds up states in the given order. ok is false when there are none.
func Merge[S State[S]](states []S) (total S, ok bool) {
	for i, s := range states {
		if i == 0 {
			total = s
		} else {
			total = total.Merge(s)
		}
	}
	return total, len(states) > 0
}

func isEmpty[S any](s S) bool {
	e, ok := any(s).(interface{ Empty() bool })
	return ok && e.Empty()
}

// Moments is the state of a mean and a variance: number of values, mean, and sum of squared deviations from the mean. Never a sum of
// squares, which loses all digits when the mean is large (mean 1e9, values 1, 2, 3 apart: variance 14510 instead of .667).
//
// The zero value is the state of no values. Merge follows Chan, Golub and LeVeque (1979); it is commutative and associative up to the
// last bits of a float64. Source: statistics 0.1; analytics.experiments.
type Moments struct {
	N        int64
	Mean, M2 float64
}

// MomentsOf returns the state of the given values (Welford's updates).
func MomentsOf(values []float64) Moments {
	var m Moments
	for _, x := range values {
		m.N++
		d := x - m.Mean
		m.Mean += d / float64(m.N)
		m.M2 += d * (x - m.Mean)
	}
	return m
}

// Merge adds two sets of values.
func (m Moments) Merge(o Moments) Moments {
	switch {
	case m.N == 0:
		return o
	case o.N == 0:
		return m
	}
	n := m.N + o.N
	a, b := float64(m.N), float64(o.N)
	d := o.Mean - m.Mean
	return Moments{N: n, Mean: (a*m.Mean + b*o.Mean) / float64(n), M2: m.M2 + o.M2 + d*d*a*b/float64(n)}
}

// Empty tells that there are no values.
func (m Moments) Empty() bool { return m.N == 0 }

// Variance returns M2/(N-1), the unbiased variance of the values; NaN for fewer than two.
func (m Moments) Variance() float64 {
	if m.N < 2 {
		return math.NaN()
	}
	return m.M2 / float64(m.N-1)
}

// Ratio is the state of a rate or of a ratio of two sums: messages opened of messages sent, revenue in minor units per customer. SQL ships
// the two integers, Go divides.
type Ratio struct{ Num, Den int64 }

// Merge adds numerators and denominators.
func (r Ratio) Merge(o Ratio) Ratio { return Ratio{r.Num + o.Num, r.Den + o.Den} }

// Empty tells that nothing was counted: a bucket with Den 0 and Num 0 holds no customer of this rate.
func (r Ratio) Empty() bool { return r.Num == 0 && r.Den == 0 }

// Value returns Num/Den; NaN when Den is 0.
func (r Ratio) Value() float64 {
	if r.Den == 0 {
		return math.NaN()
	}
	return float64(r.Num) / float64(r.Den)
}

// Cells is a vector of integer sums: the cells of a table, flattened in an order that the caller chooses (see Stack for the order that the
// tests of this package expect). Integers make Merge exact, so results do not depend on the order of buckets or threads.
//
// A nil Cells is the state of nothing and merges with any length; two non-nil states must have one length.
type Cells []int64

// Merge adds cell by cell into a new vector. It panics when both are non-nil and of different length: that is a bug of the caller.
func (c Cells) Merge(o Cells) Cells {
	switch {
	case c == nil:
		return o
	case o == nil:
		return c
	case len(c) != len(o):
		panic(fmt.Sprintf("suffstat: merge of %d cells with %d cells", len(c), len(o)))
	}
	out := make(Cells, len(c))
	for i := range c {
		out[i] = c[i] + o[i]
	}
	return out
}

// Empty tells that every cell is zero.
func (c Cells) Empty() bool {
	for _, n := range c {
		if n != 0 {
			return false
		}
	}
	return true
}

// Sum returns the total over all cells.
func (c Cells) Sum() int64 {
	var n int64
	for _, v := range c {
		n += v
	}
	return n
}

// Of returns e with the number of customers and the unit set; the engine itself knows neither.
func (e Estimate) Of(customers int64, unit string) Estimate {
	e.N, e.Unit = customers, unit
	return e
}

// OK tells that the estimate was made: Value is a number.
func (e Estimate) OK() bool { return !math.IsNaN(e.Value) && !math.IsInf(e.Value, 0) }

// Scale multiplies value and interval by k (shares to percent, minor units to units); a negative k swaps the ends.
func (e Estimate) Scale(k float64, unit string) Estimate {
	e.Value, e.Lower, e.Upper, e.Unit = e.Value*k, e.Lower*k, e.Upper*k, unit
	if k < 0 {
		e.Lower, e.Upper = e.Upper, e.Lower
	}
	return e
}

// NotEstimable returns the estimate that could not be made: NaN with the reasons.
func NotEstimable(method string, level float64, why ...error) Estimate {
	return Estimate{Value: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Level: level, Method: method, Warnings: why}
}
