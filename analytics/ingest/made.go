package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Columns that the file does not have and the entry makes: paths into JSON text and objects, first_of, combine, and the ends of until_next; and the
// fates of rows that newest, only_rows, drop_rows and until_next decide.

// madeColumn is SourceColumn.lookup of a made column.
const madeColumn = -1

// made says how a column is made from others.
type made struct {
	path  []string // keys below column parts[0], which is JSON text or an object
	join  string   // "first": the first that is not empty; "all": all of them with ":" between; "until": the end of an interval; "text": the text itself
	text  string
	parts []int
}

// bindPaths makes a column of every path that the entry names and the file does not have as a column. In NDJSON the keys are columns already.
func (p *FilePlan) bindPaths() {
	if p.Dialect.Kind == NDJSON {
		return
	}
	for _, name := range p.File.references() {
		head, rest, dotted := strings.Cut(name, ".")
		if k := p.source(head); dotted && p.source(name) < 0 && k >= 0 && !strings.HasSuffix(p.Columns[k].Type, "]") {
			p.Columns = append(p.Columns, SourceColumn{Name: name, Type: "VARCHAR", lookup: madeColumn, made: &made{path: strings.Split(rest, "."), parts: []int{k}}})
		}
	}
}

// bindMade makes the columns of first_of, combine and until_next and returns which column of the contract each of them fills. Every column that
// the entry names elsewhere is looked for too.
func (p *FilePlan) bindMade(add func(path, format string, args ...any)) map[string]int {
	out := map[string]int{}
	absent := func(path, name string) {
		if p.Dialect.Kind != Empty && p.Dialect.Kind != NDJSON {
			add(path, "%s has no column %q%s: there are %s", p.Found.Shown, name, hint(name, p.nameList()), p.names())
		}
	}
	for _, group := range []struct {
		key, join string
		lists     map[string][]string
	}{{"first_of", "first", p.File.FirstOf}, {"combine", "all", p.File.Combine}} {
		for _, ours := range slices.Sorted(maps.Keys(group.lists)) {
			m := &made{join: group.join}
			for _, name := range group.lists[ours] {
				if literal, ok := strings.CutPrefix(name, "="); ok {
					m.parts = append(m.parts, len(p.Columns))
					p.Columns = append(p.Columns, SourceColumn{Name: name, Type: "VARCHAR", lookup: madeColumn, made: &made{join: "text", text: literal}})
				} else if k := p.source(name); k >= 0 {
					m.parts = append(m.parts, k)
				} else {
					absent(p.At+"."+group.key+"."+ours, name)
				}
			}
			if len(m.parts) == 0 || m.join == "all" && len(m.parts) < len(group.lists[ours]) {
				continue
			}
			out[ours] = len(p.Columns)
			p.Columns = append(p.Columns, SourceColumn{Name: strings.Join(group.lists[ours], map[string]string{"first": " or ", "all": ":"}[m.join]), Type: "VARCHAR", lookup: madeColumn, made: m})
		}
	}
	for _, rows := range []struct {
		key   string
		lists map[string][]string
	}{{"only_rows", p.File.OnlyRows}, {"drop_rows", p.File.DropRows}} {
		for _, name := range slices.Sorted(maps.Keys(rows.lists)) {
			if p.source(name) < 0 {
				absent(p.At+"."+rows.key+"."+name, name)
			}
		}
	}
	if n := p.File.Newest; n != nil {
		for _, name := range append([]string{n.By}, n.Per...) {
			if p.source(name) < 0 {
				absent(p.At+".newest", name)
			}
		}
	}
	if u := p.File.UntilNext; u != nil {
		for _, name := range append(slices.Clone(u.Per), slices.Sorted(maps.Keys(u.Ends))...) {
			if p.source(name) < 0 {
				absent(p.At+".until_next", name)
			}
		}
		if _, end, ok := p.Input.interval(); ok {
			out[end] = len(p.Columns)
			p.Columns = append(p.Columns, SourceColumn{Name: "start of the next row", Type: "VARCHAR", lookup: madeColumn, made: &made{join: "until"}})
		}
	}
	return out
}

// Windowed tells whether the fate of a row depends on others of its group, so that they are judged together and need line numbers.
func (p *FilePlan) Windowed() bool { return p.File.Newest != nil || p.File.UntilNext != nil }

// WindowName is the temporary table that holds the fates of the rows of the file's group; "" when the rows are judged one by one.
func (p *FilePlan) WindowName() string { return p.window }

// judged tells whether rows are chosen by columns of the file.
func (p *FilePlan) judged() bool {
	return p.Windowed() || len(p.File.OnlyRows)+len(p.File.DropRows) > 0
}

// parts lists the columns of the file itself and of lookups that column k is made from: itself when it is one of those.
func (p *FilePlan) parts(k int) []int {
	if k < 0 {
		return nil
	}
	if p.Columns[k].lookup != madeColumn {
		return []int{k}
	}
	var out []int
	for _, part := range p.Columns[k].made.parts {
		out = append(out, p.parts(part)...)
	}
	return out
}

// judges lists the columns that decide the fates of rows.
func (p *FilePlan) judges() []int {
	var names []string
	for _, lists := range []map[string][]string{p.File.OnlyRows, p.File.DropRows} {
		names = append(names, slices.Sorted(maps.Keys(lists))...)
	}
	if n := p.File.Newest; n != nil {
		names = append(append(names, n.By), n.Per...)
	}
	if u := p.File.UntilNext; u != nil {
		names = append(append(names, u.Per...), slices.Sorted(maps.Keys(u.Ends))...)
	}
	var out []int
	for _, name := range names {
		out = append(out, p.source(name))
	}
	return out
}

// pathSQL renders the value of a path below column k: a field of an object, a key of JSON text.
func (p *FilePlan) pathSQL(m *made) string {
	k := m.parts[0]
	expr := fmt.Sprintf("c%d", k)
	if strings.HasPrefix(strings.ToUpper(p.Columns[k].Type), "STRUCT") {
		for _, key := range m.path {
			expr = fmt.Sprintf("struct_extract(%s, %s)", expr, Quote(key))
		}
		return "CAST(" + expr + " AS VARCHAR)"
	}
	keys := make([]string, len(m.path))
	for i, key := range m.path {
		keys[i] = `"` + strings.ReplaceAll(strings.ReplaceAll(key, `\`, `\\`), `"`, `\"`) + `"`
	}
	text := "CAST(" + expr + " AS VARCHAR)"
	return fmt.Sprintf("CASE WHEN json_valid(%[1]s) THEN json_extract_string(%[1]s, %[2]s) END", text, Quote("$."+strings.Join(keys, ".")))
}

// madeSQL renders the columns of first_of and combine over a relation that has all others, as "expression AS c7".
func (p *FilePlan) madeSQL() []string {
	var out []string
	for k, c := range p.Columns {
		if c.lookup != madeColumn || c.made.path != nil || c.made.join == "until" || c.made.join == "text" {
			continue
		}
		parts := make([]string, len(c.made.parts))
		for i, part := range c.made.parts {
			parts[i] = p.clean(fmt.Sprintf("CAST(c%d AS VARCHAR)", part))
			if m := p.Columns[part].made; m != nil && m.join == "text" {
				parts[i] = Quote(m.text)
			}
		}
		expr := "coalesce(" + strings.Join(parts, ", ") + ")"
		if c.made.join == "all" {
			expr = strings.Join(parts, " || ':' || ")
		}
		out = append(out, fmt.Sprintf("%s AS c%d", expr, k))
	}
	return out
}

// among renders whether the column of the file has one of the values: no regard to case, "" is empty.
func (p *FilePlan) among(name string, values []string) string {
	k := p.source(name)
	if k < 0 {
		return fmt.Sprint(slices.Contains(values, ""))
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = Quote(strings.ToLower(v))
	}
	return fmt.Sprintf("coalesce(lower(%s), '') IN (%s)", p.clean(fmt.Sprintf("CAST(c%d AS VARCHAR)", k)), strings.Join(quoted, ", "))
}

// keptSQL renders whether only_rows and drop_rows leave the row.
func (p *FilePlan) keptSQL() string {
	terms := []string{"true"}
	for _, name := range slices.Sorted(maps.Keys(p.File.OnlyRows)) {
		terms = append(terms, p.among(name, p.File.OnlyRows[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(p.File.DropRows)) {
		terms = append(terms, "NOT "+p.among(name, p.File.DropRows[name]))
	}
	return strings.Join(terms, " AND ")
}

// endsSQL renders whether the row only ends the interval before it.
func (p *FilePlan) endsSQL() string {
	if p.File.UntilNext == nil || len(p.File.UntilNext.Ends) == 0 {
		return "false"
	}
	var terms []string
	for _, name := range slices.Sorted(maps.Keys(p.File.UntilNext.Ends)) {
		terms = append(terms, p.among(name, p.File.UntilNext.Ends[name]))
	}
	return "(" + strings.Join(terms, " OR ") + ")"
}

// later renders the terms of an ORDER BY that puts text x in order: as times, as numbers, as text.
func later(x, format, direction string) string {
	when := fmt.Sprintf("try_cast(%s AS TIMESTAMPTZ)", x)
	if format != "" {
		when = fmt.Sprintf("try_strptime(%s, %s)", x, Quote(format))
	}
	return fmt.Sprintf("%[1]s %[3]s NULLS LAST, try_cast(%[2]s AS DOUBLE) %[3]s NULLS LAST, %[2]s %[3]s NULLS LAST", when, x, direction)
}

// WindowMember is a file of a group: its number, and its rewritten copy or "".
type WindowMember struct {
	Plan       *FilePlan
	Src        int
	Normalised string
}

// WindowSQL renders the SELECT of the fates of the rows of a group: src, line, fate (Loaded, Excluded or Superseded) and until, the text of the
// start of the next row.
func WindowSQL(members []WindowMember) string {
	var union []string
	first := members[0].Plan
	text := func(p *FilePlan, name string) string {
		if k := p.source(name); k >= 0 {
			return p.clean(fmt.Sprintf("CAST(c%d AS VARCHAR)", k))
		}
		return "CAST(NULL AS VARCHAR)"
	}
	newest, until := first.File.Newest, first.File.UntilNext
	var versionKeys, moveKeys []string
	for _, m := range members {
		cols := []string{fmt.Sprintf("CAST(%d AS INTEGER) AS src", m.Src), "line", m.Plan.keptSQL() + " AS kept", m.Plan.endsSQL() + " AS ends"}
		versionKeys, moveKeys = nil, nil
		if newest != nil {
			cols = append(cols, text(m.Plan, newest.By)+" AS v")
			for i, name := range newest.Per {
				versionKeys = append(versionKeys, fmt.Sprintf("n%d", i))
				cols = append(cols, fmt.Sprintf("%s AS n%d", text(m.Plan, name), i))
			}
		}
		if until != nil {
			start, _, _ := m.Plan.Input.interval()
			begins := "CAST(NULL AS VARCHAR)"
			for _, b := range m.Plan.Bound {
				if b.Column.Name == start && b.present() {
					begins, _ = m.Plan.text(b)
					begins = "CAST(" + begins + " AS VARCHAR)"
				}
			}
			cols = append(cols, begins+" AS s")
			for i, name := range until.Per {
				moveKeys = append(moveKeys, fmt.Sprintf("m%d", i))
				cols = append(cols, fmt.Sprintf("%s AS m%d", text(m.Plan, name), i))
			}
		}
		union = append(union, fmt.Sprintf("SELECT %s FROM (%s)", strings.Join(cols, ", "), m.Plan.rows(m.Src, m.Normalised)))
	}
	rows := strings.Join(union, "\nUNION ALL ")
	version := "1"
	if newest != nil {
		keyed := strings.Join(versionKeys, " IS NOT NULL AND ") + " IS NOT NULL"
		version = fmt.Sprintf("CASE WHEN %s THEN row_number() OVER (PARTITION BY %s ORDER BY %s, src DESC, line DESC) ELSE 1 END", keyed, strings.Join(versionKeys, ", "), later("v", "", "DESC"))
	}
	next := "CAST(NULL AS VARCHAR)"
	if until != nil {
		next = fmt.Sprintf("lead(s) OVER (PARTITION BY %s ORDER BY %s, src, line)", strings.Join(moveKeys, ", "), later("s", first.File.TimeFormat, "ASC"))
	}
	return fmt.Sprintf(`WITH judged AS MATERIALIZED (SELECT *, %s AS version FROM (%s)),
moves AS (SELECT src, line, %s AS until FROM judged WHERE version = 1 AND kept)
SELECT j.src, j.line, CAST(CASE WHEN j.version > 1 THEN %d WHEN NOT j.kept OR j.ends THEN %d ELSE %d END AS SMALLINT) AS fate, m.until
FROM judged j LEFT JOIN moves m ON m.src = j.src AND m.line = j.line`, version, rows, next, Superseded, Excluded, Loaded)
}

// UnknownSQL renders the SELECT of the values of a column that its open list does not have: value and n, the most frequent first; "" when the file is
// not read or an entry before this one reads it.
func (p *FilePlan) UnknownSQL(src int, normalised, column string, most int) string {
	k := p.source(column)
	if k < 0 || p.Again || p.Dialect.Kind == Empty || !slices.Contains(p.needed(), k) {
		return ""
	}
	known := make([]string, len(p.Known[column]))
	for i, v := range p.Known[column] {
		known[i] = Quote(strings.ToLower(v))
	}
	value := p.clean(fmt.Sprintf("CAST(c%d AS VARCHAR)", k))
	return fmt.Sprintf("SELECT value, count(*) AS n FROM (SELECT %s AS value FROM (%s)) WHERE value IS NOT NULL AND lower(value) NOT IN (%s) GROUP BY value ORDER BY n DESC, value LIMIT %d",
		value, p.rows(src, normalised), strings.Join(known, ", "), most)
}
