// Package analytics holds the words that every part of crmaudit speaks: Source and Frame (reduced tables in), Result and Table (result
// tables out), Finding, Hypothesis, Coverage and Block. It decides nothing and reads nothing.
package analytics

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Source hands out reduced tables by their full name ("lifecycle.red_transitions"), rows in the order of the table's grain.
// The only interface of the program: analytics/duck implements it on DuckDB, tests with tables in memory.
type Source interface {
	Fetch(ctx context.Context, table string) (*Frame, error)
}

// Frame is one fetched table: Arrow record batches with typed access by column name.
//
// The accessors copy into Go slices of length Len. Asking for a column that is not there, or with another type than it has, is a bug of
// the caller (the header of the model fixes the schema) and panics with the table's name.
type Frame struct {
	table  string
	schema *arrow.Schema
	parts  []arrow.RecordBatch
	rows   int
}

// NewFrame wraps record batches that share schema. The frame keeps its own reference on each batch.
func NewFrame(table string, schema *arrow.Schema, parts []arrow.RecordBatch) *Frame {
	f := &Frame{table: table, schema: schema, parts: parts}
	for _, p := range parts {
		p.Retain()
		f.rows += int(p.NumRows())
	}
	return f
}

// Table returns the full name of the table.
func (f *Frame) Table() string { return f.table }

// Len returns the number of rows.
func (f *Frame) Len() int { return f.rows }

// Schema returns the Arrow schema.
func (f *Frame) Schema() *arrow.Schema { return f.schema }

// Has tells whether the frame has the column.
func (f *Frame) Has(column string) bool { return len(f.schema.FieldIndices(column)) == 1 }

func (f *Frame) each(column string, visit func(a arrow.Array, at int)) {
	idx := f.schema.FieldIndices(column)
	if len(idx) != 1 {
		panic(fmt.Sprintf("analytics: table %s has no column %q", f.table, column))
	}
	at := 0
	for _, p := range f.parts {
		visit(p.Column(idx[0]), at)
		at += int(p.NumRows())
	}
}

func (f *Frame) wrongType(column string, a arrow.Array, want string) string {
	return fmt.Sprintf("analytics: column %s.%s is %s, not %s", f.table, column, a.DataType(), want)
}

// Int64 returns an integer column; NULL is 0 (see Valid).
func (f *Frame) Int64(column string) []int64 {
	out := make([]int64, f.rows)
	f.each(column, func(a arrow.Array, at int) {
		col, ok := a.(*array.Int64)
		if !ok {
			panic(f.wrongType(column, a, "int64"))
		}
		for i := range col.Len() {
			if col.IsValid(i) {
				out[at+i] = col.Value(i)
			}
		}
	})
	return out
}

// Float64 returns a numeric column, integers converted; NULL is 0 (see Valid).
func (f *Frame) Float64(column string) []float64 {
	out := make([]float64, f.rows)
	f.each(column, func(a arrow.Array, at int) {
		for i := range a.Len() {
			if a.IsNull(i) {
				continue
			}
			switch col := a.(type) {
			case *array.Float64:
				out[at+i] = col.Value(i)
			case *array.Int64:
				out[at+i] = float64(col.Value(i))
			default:
				panic(f.wrongType(column, a, "float64"))
			}
		}
	})
	return out
}

// String returns a text column; NULL is "" (see Valid).
func (f *Frame) String(column string) []string {
	out := make([]string, f.rows)
	f.each(column, func(a arrow.Array, at int) {
		col, ok := a.(*array.String)
		if !ok {
			panic(f.wrongType(column, a, "string"))
		}
		for i := range col.Len() {
			if col.IsValid(i) {
				out[at+i] = col.Value(i)
			}
		}
	})
	return out
}

// Bool returns a boolean column; NULL is false (see Valid).
func (f *Frame) Bool(column string) []bool {
	out := make([]bool, f.rows)
	f.each(column, func(a arrow.Array, at int) {
		col, ok := a.(*array.Boolean)
		if !ok {
			panic(f.wrongType(column, a, "bool"))
		}
		for i := range col.Len() {
			out[at+i] = col.IsValid(i) && col.Value(i)
		}
	})
	return out
}

// Valid tells for every row whether the column is not NULL.
func (f *Frame) Valid(column string) []bool {
	out := make([]bool, f.rows)
	f.each(column, func(a arrow.Array, at int) {
		for i := range a.Len() {
			out[at+i] = a.IsValid(i)
		}
	})
	return out
}
