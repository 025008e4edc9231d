// Package analyticstest holds tables in memory for tests: whoever decides on reduced tables is tested without an engine.
//
//	src := analyticstest.Tables(t, map[string]string{"lifecycle.red_stage_periods": `
//	period:int64,stage:string,bucket:int64,n:int64
//	1,active,0,10
//	`})
//
// The first line names the columns and their types: int64, float64, string, bool, date, timestamp (the last two are text in a frame, as
// everywhere). An empty cell is NULL; two single quotes are an empty text. Lines that start with # are comments.
package analyticstest

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"crmaudit/analytics"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Source is an analytics.Source in memory. Frames are handed out as they are: give the rows in the order of the table's grain.
type Source map[string]*analytics.Frame

// Fetch returns the table; a table that is not there is an error, as in the engine.
func (s Source) Fetch(_ context.Context, table string) (*analytics.Frame, error) {
	f, ok := s[table]
	if !ok {
		return nil, fmt.Errorf("fetch %s: the test does not give it", table)
	}
	return f, nil
}

// Tables parses one CSV text per table name and ends the test when one is wrong.
func Tables(t testing.TB, texts map[string]string) Source {
	t.Helper()
	out := Source{}
	for table, text := range texts {
		f, err := Frame(table, text)
		if err != nil {
			t.Fatal(err)
		}
		out[table] = f
	}
	return out
}

// Frame parses a CSV text with a typed header.
func Frame(table, text string) (*analytics.Frame, error) {
	columns, rows, err := Parse(table, text)
	if err != nil {
		return nil, err
	}
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: arrowType(c.Type), Nullable: true}
		if fields[i].Type == nil {
			return nil, fmt.Errorf("%s: column %s: type %q", table, c.Name, c.Type)
		}
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for r, row := range rows {
		for i, cell := range row {
			if err := appendCell(b.Field(i), cell); err != nil {
				return nil, fmt.Errorf("%s: row %d, column %s: %w", table, r+1, columns[i].Name, err)
			}
		}
	}
	batch := b.NewRecordBatch()
	defer batch.Release()
	return analytics.NewFrame(table, schema, []arrow.RecordBatch{batch}), nil
}

// Column is a column of a typed CSV header; Type is empty when the header does not say it.
type Column struct{ Name, Type string }

// Parse reads a CSV text: the columns, and the rows with nil for NULL.
func Parse(table, text string) ([]Column, [][]*string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment, r.TrimLeadingSpace = '#', true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("%s: no header", table)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", table, err)
	}
	columns := make([]Column, len(header))
	for i, h := range header {
		name, kind, _ := strings.Cut(strings.TrimSpace(h), ":")
		columns[i] = Column{name, kind}
	}
	var rows [][]*string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return columns, rows, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", table, err)
		}
		row := make([]*string, len(record))
		for i, cell := range record {
			switch cell = strings.TrimSpace(cell); cell {
			case "":
			case "''":
				row[i] = new(string)
			default:
				row[i] = &cell
			}
		}
		rows = append(rows, row)
	}
}

func arrowType(kind string) arrow.DataType {
	switch kind {
	case "int64":
		return arrow.PrimitiveTypes.Int64
	case "float64":
		return arrow.PrimitiveTypes.Float64
	case "bool":
		return arrow.FixedWidthTypes.Boolean
	case "string", "date", "timestamp":
		return arrow.BinaryTypes.String
	}
	return nil
}

func appendCell(b array.Builder, cell *string) error {
	if cell == nil {
		b.AppendNull()
		return nil
	}
	switch b := b.(type) {
	case *array.Int64Builder:
		v, err := strconv.ParseInt(*cell, 10, 64)
		if err != nil {
			return err
		}
		b.Append(v)
	case *array.Float64Builder:
		v, err := strconv.ParseFloat(*cell, 64)
		if err != nil {
			return err
		}
		b.Append(v)
	case *array.BooleanBuilder:
		v, err := strconv.ParseBool(*cell)
		if err != nil {
			return err
		}
		b.Append(v)
	case *array.StringBuilder:
		b.Append(*cell)
	}
	return nil
}

// CSV writes the named columns of a frame (all when none is named) as CSV, the inverse of Parse without types. Floats have the fewest
// digits that read back as the same number.
func CSV(f *analytics.Frame, names ...string) string {
	if len(names) == 0 {
		for _, field := range f.Schema().Fields() {
			names = append(names, field.Name)
		}
	}
	columns := make([][]string, len(names))
	for i, n := range names {
		columns[i] = cells(f, n)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	// Writing to a strings.Builder never fails.
	_ = w.Write(names)
	for r := range f.Len() {
		row := make([]string, len(names))
		for i := range names {
			row[i] = columns[i][r]
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.String()
}

func cells(f *analytics.Frame, name string) []string {
	out, valid := make([]string, f.Len()), f.Valid(name)
	field, _ := f.Schema().FieldsByName(name)
	switch field[0].Type.ID() {
	case arrow.INT64:
		for i, v := range f.Int64(name) {
			out[i] = strconv.FormatInt(v, 10)
		}
	case arrow.FLOAT64:
		for i, v := range f.Float64(name) {
			out[i] = strconv.FormatFloat(v, 'g', -1, 64)
		}
	case arrow.BOOL:
		for i, v := range f.Bool(name) {
			out[i] = strconv.FormatBool(v)
		}
	default:
		for i, v := range f.String(name) {
			out[i] = v
			if v == "" {
				out[i] = "''"
			}
		}
	}
	for i, ok := range valid {
		if !ok {
			out[i] = ""
		}
	}
	return out
}
