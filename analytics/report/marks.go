package report

import (
	"context"
	"math"
	"strconv"

	"crmaudit/analytics"
)

// Pictures inside a table row: a bar of shares and an interval on a scale. They are plain HTML, so that they stand in print and without script,
// with the numbers beside them.

// part is one section's view of the tables of a schema; the first error, a cancelled context, ends it.
type part struct {
	*page
	ctx    context.Context
	schema string
	err    error
}

func (t *part) table(name string) (*analytics.Frame, T) {
	if t.err != nil {
		return nil, T{}
	}
	f, absent, err := t.fetch(t.ctx, t.schema+"."+name)
	t.err = err
	return f, absent
}

// piece is one share of a bar.
type piece struct {
	Class string // colour: c0 … c7, or a class of its own
	Width string // per cent
	Shade string // opacity, 0 to 1
	Tip   T
}

// percentOf is a share as CSS per cent, between 0 and 100.
func percentOf(share float64) string {
	if !analytics.Finite(share) {
		return "0"
	}
	return strconv.FormatFloat(100*min(1, max(0, share)), 'f', 2, 64)
}

// span is an interval drawn on the scale [low, high] that all rows of a table share.
type span struct {
	Left, Width, At, Zero string // per cent
	CutLeft, CutRight     bool   // the interval goes on beyond the scale
	HasZero, Shown, Weak  bool   // Weak: no result promised (grade D)
	Class                 string
}

// scale is where the rows of a table are drawn.
type scale struct{ low, high float64 }

// scaleOf spans 0 and the intervals; values far beyond the others are cut off rather than squeezing all the rest.
func scaleOf(values, lower, upper []float64) scale {
	var s scale
	middle := 0.0
	for i, v := range values {
		if analytics.Finite(v) {
			s.low, s.high = min(s.low, v), max(s.high, v)
		}
		if analytics.Finite(lower[i]) && analytics.Finite(upper[i]) {
			middle = max(middle, min(upper[i]-lower[i], 3*math.Abs(v)+1e-12))
		}
	}
	reach := max(s.high, -s.low, middle/2) * 1.25
	if reach == 0 {
		reach = 1
	}
	return scale{-reach, reach}
}

func (s scale) at(x float64) float64 { return (x - s.low) / (s.high - s.low) }

// draw places a value and its interval; reference is the line that it is read against.
func (s scale) draw(value, lower, upper, reference float64) span {
	if !analytics.Finite(value) {
		return span{}
	}
	m := span{Shown: true, At: percentOf(s.at(value)), Class: "c0"}
	if analytics.Finite(reference) {
		m.HasZero, m.Zero = true, percentOf(s.at(reference))
	}
	if !analytics.Finite(lower) {
		lower = value
	}
	if !analytics.Finite(upper) {
		upper = value
	}
	m.CutLeft, m.CutRight = lower < s.low, upper > s.high
	lower, upper = max(lower, s.low), min(upper, s.high)
	m.Left, m.Width = percentOf(s.at(lower)), percentOf(s.at(upper)-s.at(lower))
	return m
}

// joined is a text made of two texts in each language.
func joined(a T, between string, b T) T { return T{a.Ru + between + b.Ru, a.En + between + b.En} }

// whole is a cell as one text: "3,4 % (95 %: 2,9–3,9; n = 1 204)".
func (c cell) whole() T {
	if c.Doubt == (T{}) {
		return c.Value
	}
	return T{c.Value.Ru + " (" + c.Doubt.Ru + ")", c.Value.En + " (" + c.Doubt.En + ")"}
}

// longTable is how many rows of a long table stand on the page; all are in the database.
const longTable = 40

// firstRows cuts a long table and says how many rows more there are.
func firstRows[R any](p *page, rows []R) ([]R, T) { return firstOf(p, rows, longTable) }

// firstOf cuts a table to so many rows.
func firstOf[R any](p *page, rows []R, most int) ([]R, T) {
	if len(rows) <= most {
		return rows, T{}
	}
	return rows[:most], p.say("more_rows", map[string]T{"count": p.count(int64(len(rows) - most))})
}
