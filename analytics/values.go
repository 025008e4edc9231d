package analytics

import (
	"math"
	"slices"
	"strings"

	"crmaudit/analytics/suffstat"
)

// Values collects the named values of a finding. What could not be estimated is left out, so that no NaN reaches a text or a table.
type Values []Value

// Estimate adds a number with its doubt; an open end of the interval is said as a warning.
func (v *Values) Estimate(name string, e suffstat.Estimate) {
	if !e.OK() {
		return
	}
	if !Finite(e.Lower) || !Finite(e.Upper) {
		e.Warnings = append(slices.Clone(e.Warnings), suffstat.ErrNotEstimable)
	}
	*v = append(*v, Value{Name: name, Estimate: &e})
}

// Fact adds a counted number.
func (v *Values) Fact(name string, x float64, n int64, unit string) {
	if Finite(x) {
		v.Estimate(name, suffstat.Fact(x, n, unit))
	}
}

// Point adds an estimate whose interval is not known, which the page says; n is what it was estimated on.
func (v *Values) Point(name string, x float64, n int64, unit string) {
	v.Estimate(name, suffstat.Estimate{Value: x, Lower: math.NaN(), Upper: math.NaN(), N: n, Unit: unit})
}

// Text adds a word or a name.
func (v *Values) Text(name, text string) { *v = append(*v, Value{Name: name, Text: text}) }

// SQLText is a text as an SQL literal, for evidence queries: names come from data and may hold anything.
func SQLText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// OrNull is a number for a table: nil where it is NaN or infinite.
func OrNull(x float64) any {
	if !Finite(x) {
		return nil
	}
	return x
}

// Three is an estimate as three columns of a table: value, lower, upper.
func Three(e suffstat.Estimate) []any {
	return []any{OrNull(e.Value), OrNull(e.Lower), OrNull(e.Upper)}
}

// Number is a pointer to x for Finding.Statistic and its p-values; nil where there is none.
func Number(x float64) *float64 {
	if !Finite(x) {
		return nil
	}
	return &x
}

// SafeCell puts an apostrophe before a text that a spreadsheet would take for a formula: one that starts with = + - @ tab or CR.
func SafeCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
