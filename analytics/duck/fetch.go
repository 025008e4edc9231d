package duck

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/queries"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

var _ analytics.Source = (*DB)(nil)

const (
	// defaultMaxRows bounds the fetch of a table whose header says no max_rows.
	defaultMaxRows = 1_000_000
	// batchRows is the size of one Arrow record batch.
	batchRows = 64 << 10
)

// Fetch returns a table in the order of its grain (text by bytes, NULL last). Integers arrive as int64, enumerations, dates and timestamps
// as text. A table with more rows than max_rows of its header (1 000 000 when it says none) is refused before anything is read.
func (db *DB) Fetch(ctx context.Context, table string) (*analytics.Frame, error) {
	what := "fetch " + table
	m, ok := db.models[table]
	if !ok || m.Audit {
		return nil, fmt.Errorf("%s: no queries/%s.sql describes it", what, strings.Replace(table, ".", "/", 1))
	}
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, wrap(ctx, what, err)
	}
	defer conn.Close()
	limit := m.MaxRows
	if limit == 0 {
		limit = defaultMaxRows
	}
	var rows int64
	if err := conn.QueryRowContext(ctx, "select count(*) from "+qualified(table)).Scan(&rows); err != nil {
		return nil, wrap(ctx, what, err)
	}
	if rows > limit {
		return nil, analytics.Enginef("%s: %d rows, but only %d may be fetched: SQL reduces, Go decides", what, rows, limit)
	}
	columns := m.Columns
	if len(m.Extra) > 0 {
		have, err := describe(ctx, conn, "select * from "+qualified(table), nil)
		if err != nil {
			return nil, wrap(ctx, what, err)
		}
		extra, _ := compareColumns(m, have)
		for _, e := range extra {
			columns = append(slices.Clip(columns), extraColumn(e))
		}
	}
	text, schema := fetchQuery(m, columns)
	var parts []arrow.RecordBatch
	err = conn.Raw(func(raw any) error {
		result, err := raw.(driver.QueryerContext).QueryContext(ctx, text, nil)
		if err != nil {
			return err
		}
		parts, err = readBatches(ctx, result, schema)
		return errors.Join(err, result.Close())
	})
	if err != nil {
		return nil, wrap(ctx, what, err)
	}
	frame := analytics.NewFrame(table, schema, parts)
	for _, p := range parts {
		p.Release() // the frame holds its own reference
	}
	return frame, nil
}

// fetchQuery makes the SELECT of a fetch and the Arrow schema it fills.
func fetchQuery(m queries.Model, columns []queries.Column) (string, *arrow.Schema) {
	items, fields := make([]string, len(columns)), make([]arrow.Field, len(columns))
	place := map[string]int{}
	for i, c := range columns {
		kind, dataType := "varchar", arrow.DataType(arrow.BinaryTypes.String)
		switch c.Type {
		case queries.Int64:
			kind, dataType = "bigint", arrow.PrimitiveTypes.Int64
		case queries.Float64:
			kind, dataType = "double", arrow.PrimitiveTypes.Float64
		case queries.Bool:
			kind, dataType = "boolean", arrow.FixedWidthTypes.Boolean
		}
		items[i] = fmt.Sprintf("cast(%s as %s) as %s", ident(c.Name), kind, ident(c.Name))
		fields[i] = arrow.Field{Name: c.Name, Type: dataType, Nullable: c.Nullable}
		place[c.Name] = i + 1
	}
	order := make([]string, len(m.Grain))
	for i, g := range m.Grain {
		order[i] = fmt.Sprintf("%d asc nulls last", place[g])
	}
	return fmt.Sprintf("select %s from %s order by %s", strings.Join(items, ", "), qualified(m.Table), strings.Join(order, ", ")), arrow.NewSchema(fields, nil)
}

// readBatches copies rows into Arrow record batches.
func readBatches(ctx context.Context, rows driver.Rows, schema *arrow.Schema) (out []arrow.RecordBatch, err error) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	defer func() {
		if err != nil {
			for _, p := range out {
				p.Release()
			}
			out = nil
		}
	}()
	values := make([]driver.Value, schema.NumFields())
	n := 0
	for {
		err := rows.Next(values)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, err
		}
		for i, v := range values {
			switch f := b.Field(i).(type) {
			case *array.Int64Builder:
				if v, ok := v.(int64); ok {
					f.Append(v)
					continue
				}
			case *array.Float64Builder:
				if v, ok := v.(float64); ok {
					f.Append(v)
					continue
				}
			case *array.StringBuilder:
				if v, ok := v.(string); ok {
					f.Append(v)
					continue
				}
			case *array.BooleanBuilder:
				if v, ok := v.(bool); ok {
					f.Append(v)
					continue
				}
			}
			if v != nil {
				return out, fmt.Errorf("column %s: a %T where %s was asked for", schema.Field(i).Name, v, schema.Field(i).Type)
			}
			b.Field(i).AppendNull()
		}
		if n++; n%batchRows == 0 {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			out = append(out, b.NewRecordBatch())
		}
	}
	if n%batchRows != 0 {
		out = append(out, b.NewRecordBatch())
	}
	return out, nil
}

// Nothing is a source in which every table is there and holds no row: what a block says to it, it says about its inputs alone.
func Nothing(models []queries.Model) analytics.Source { return nothing(models) }

type nothing []queries.Model

func (n nothing) Fetch(_ context.Context, table string) (*analytics.Frame, error) {
	for _, m := range n {
		if m.Table == table {
			_, schema := fetchQuery(m, m.Columns)
			return analytics.NewFrame(table, schema, nil), nil
		}
	}
	return nil, fmt.Errorf("fetch %s: no such table", table)
}
