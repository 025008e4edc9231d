package duck

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"
	"strings"

	"crmaudit/analytics"
	"crmaudit/queries"
)

// Describe writes audit.dictionary: every table of the database that the catalogue knows, with its columns, extras of the input included.
// Call it after the last table is written; the dictionary describes itself.
func (db *DB) Describe(ctx context.Context) error {
	const name = "audit.dictionary"
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return wrap(ctx, "describe the tables", err)
	}
	defer conn.Close()
	tables, err := db.tables(ctx, conn)
	if err != nil {
		return err
	}
	if !slices.Contains(tables, name) {
		tables = append(tables, name)
	}
	sort.Strings(tables)
	out := analytics.Table{Name: name, Columns: []string{"table_name", "column_name", "type", "unit", "doc", "grain", "source"}}
	for _, t := range tables {
		m, ok := db.models[t]
		if !ok {
			continue // a table of the loader's own; it is dropped or has no promise
		}
		kind, grain := "table", strings.Join(m.Grain, ", ")
		if m.View {
			kind = "view"
		}
		out.Rows = append(out.Rows, []any{t, "", kind, "", m.Doc, grain, m.File})
		columns := m.Columns
		if len(m.Extra) > 0 {
			have, err := describe(ctx, conn, "select * from "+qualified(t), nil)
			if err != nil {
				return wrap(ctx, "describe "+t, err)
			}
			extra, _ := compareColumns(m, have)
			for _, e := range extra {
				columns = append(columns[:len(columns):len(columns)], extraColumn(e))
			}
		}
		for _, c := range columns {
			out.Rows = append(out.Rows, []any{t, c.Name, c.Type, c.Unit, c.Doc, grain, m.File})
		}
	}
	return db.Write(ctx, out)
}

// tables returns the tables and views of the database, sorted.
func (db *DB) tables(ctx context.Context, conn *sql.Conn) ([]string, error) {
	const what = "list the tables"
	rows, err := conn.QueryContext(ctx, "select table_schema || '.' || table_name from information_schema.tables where table_catalog = current_database()")
	if err != nil {
		return nil, wrap(ctx, what, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, wrap(ctx, what, err)
		}
		out = append(out, t)
	}
	sort.Strings(out)
	return out, wrap(ctx, what, rows.Err())
}

// Markdown is TABLES.md: every table and column of the catalogue. The same catalogue gives the same bytes.
func Markdown(models []queries.Model) string {
	var b strings.Builder
	b.WriteString("# Tables of audit.duckdb\n\nMade from the headers of the SQL files. The same is in the database itself, as `audit.dictionary` and as comments.\n" +
		"Times are UTC, days are whole days since 1970-01-01 in the business zone, intervals are half-open, `*_minor` is money in minor units.\n")
	cell := strings.NewReplacer("|", `\|`, "\n", " ").Replace
	models = append([]queries.Model(nil), models...)
	sort.Slice(models, func(i, j int) bool { return models[i].Table < models[j].Table })
	schema := ""
	for _, m := range models {
		if m.Audit {
			continue
		}
		if m.Schema() != schema {
			schema = m.Schema()
			fmt.Fprintf(&b, "\n## %s\n", schema)
		}
		kind := "Table"
		if m.View {
			kind = "View"
		}
		by := "made by"
		if m.DDL {
			by = "written by the program, described in"
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n%s, one row per %s; %s [%s](%s).\n\n| column | type | unit | meaning |\n|---|---|---|---|\n",
			m.Table, m.Doc, kind, strings.Join(m.Grain, ", "), by, m.File, m.File)
		for _, c := range m.Columns {
			kind := c.Type
			if c.Nullable {
				kind += ", may be NULL"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Name, kind, cell(c.Unit), cell(c.Doc))
		}
		for _, e := range m.Extra {
			fmt.Fprintf(&b, "| %s | as given | | columns of the input |\n", cell(e))
		}
	}
	return b.String()
}
