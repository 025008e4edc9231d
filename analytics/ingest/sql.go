package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The fates of a row as the stage table's code. A code from FirstReject on is a rejection: see Explain.
const (
	Loaded      = 0
	Excluded    = 1
	Outside     = 2
	Superseded  = 3 // an older version of another row: counted as a duplicate
	BadJSON     = 5
	NoneOf      = 6 // all of the input's OneOf columns are empty
	FirstReject = 5
)

// The kinds of a value's rejection: code = 10 + 10 × column index + kind.
const (
	kindMissing = iota + 1
	kindUnreadable
	kindAbsurd
	kindNotAllowed
	kindNested
	kindOrder
	kindForeign
)

// Direct tells whether the engine can read the file as it is.
func (p *FilePlan) Direct() bool {
	d := p.Dialect
	switch d.Kind {
	case CSV:
		return d.Encoding == "utf-8" && !d.Whitespace && (d.Newline == "LF" || d.Newline == "CRLF" || d.Newline == "no line end")
	case NDJSON:
		return d.Encoding == "utf-8" && (d.Newline == "LF" || d.Newline == "CRLF" || d.Newline == "no line end")
	}
	return true
}

// Text tells whether the file is one whose lines Scan counts.
func (p *FilePlan) Text() bool { return p.Dialect.Kind == CSV || p.Dialect.Kind == NDJSON }

// needed lists the columns of the file itself that the load uses, ascending.
func (p *FilePlan) needed() []int {
	var out []int
	add := func(k int) {
		for _, part := range p.parts(k) {
			if p.Columns[part].lookup == 0 && !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	for _, b := range p.Bound {
		add(b.Source)
	}
	for _, e := range p.Extras {
		add(e.Source)
	}
	for _, side := range p.Sides {
		for _, on := range side.On {
			add(p.source(on[0]))
		}
	}
	for _, k := range append(p.judges(), p.want...) {
		add(k)
	}
	slices.Sort(out)
	return out
}

// SideName is the name of the temporary table that holds side table k (0-based) of file number src.
func SideName(src, k int) string { return fmt.Sprintf("load_side_%d_%d", src, k) }

// Relation renders the SELECT that hands out the file's rows: line (NULL when only a rewritten file knows it), c<k> for every needed
// column of the file and every column of lookups and made ones, doc and ok for NDJSON, and fate when rows are chosen by columns of the file.
// normalised is the rewritten file, or "" to read the file itself.
func (p *FilePlan) Relation(src int, normalised string) string {
	rows := p.rows(src, normalised)
	switch {
	case !p.judged():
		return rows
	case p.window == "":
		return fmt.Sprintf("SELECT *, CASE WHEN %s THEN %d ELSE %d END AS fate FROM (%s)", p.keptSQL(), Loaded, Excluded, rows)
	}
	number, until := fmt.Sprint(src), ""
	if len(p.beside) > 0 {
		number += " + r.file"
	}
	for k, c := range p.Columns {
		if c.lookup == madeColumn && c.made.join == "until" {
			until = fmt.Sprintf(", w.until AS c%d", k)
		}
	}
	return fmt.Sprintf("SELECT r.*, w.fate%s FROM (%s) r LEFT JOIN %s w ON w.src = %s AND w.line = r.line", until, rows, p.window, number)
}

// rows is Relation without the fates.
func (p *FilePlan) rows(src int, normalised string) string {
	var from string
	needed := p.needed()
	switch p.Dialect.Kind {
	case CSV:
		if normalised != "" {
			types := []string{"'line': 'BIGINT'"}
			for _, k := range needed {
				types = append(types, fmt.Sprintf("'c%d': 'VARCHAR'", k))
			}
			from = fmt.Sprintf("SELECT * FROM read_csv(%s, auto_detect=false, header=false, delim=',', quote='\"', escape='\"', new_line='\\n', strict_mode=true, %s, max_line_size=%d, columns={%s})",
				Quote(normalised), nullSQL, 8*MaxRecord, strings.Join(types, ", "))
		} else {
			var types []string
			for k, c := range p.Columns {
				if c.lookup == 0 {
					types = append(types, fmt.Sprintf("'c%d': 'VARCHAR'", k))
				}
			}
			quote := "''"
			if p.Dialect.Quote != 0 {
				quote = Quote(string(p.Dialect.Quote))
			}
			from = fmt.Sprintf("SELECT CAST(NULL AS BIGINT) AS line, * FROM read_csv(%s, auto_detect=false, header=%t, delim=%s, quote=%s, escape=%s%s, strict_mode=true, %s, max_line_size=%d%s, columns={%s})",
				Quote(p.Found.Path), p.Dialect.Header, Quote(string(p.Dialect.Delimiter)), quote, quote, p.newlineSQL(), nullSQL, 8*MaxRecord, p.compressionSQL(), strings.Join(types, ", "))
		}
	case NDJSON:
		var source string
		if normalised != "" {
			source = fmt.Sprintf("SELECT line, doc FROM read_csv(%s, auto_detect=false, header=false, delim=',', quote='\"', escape='\"', new_line='\\n', strict_mode=true, max_line_size=%d, columns={'line': 'BIGINT', 'doc': 'VARCHAR'})", Quote(normalised), 8*MaxRecord)
		} else {
			source = fmt.Sprintf("SELECT CAST(NULL AS BIGINT) AS line, doc FROM read_csv(%s, auto_detect=false, header=false, delim=chr(1), quote='', escape=''%s, max_line_size=%d%s, columns={'doc': 'VARCHAR'}) WHERE doc <> ''",
				Quote(p.Found.Path), p.newlineSQL(), 8*MaxRecord, p.compressionSQL())
		}
		var paths []string
		list := make([]string, 0, len(needed))
		for n, k := range needed {
			paths = append(paths, Quote(p.jsonPath(k)))
			value := fmt.Sprintf("j[%d]", n+1)
			if p.avro {
				value = unionSQL(value)
			}
			list = append(list, fmt.Sprintf("%s AS c%d", value, k))
		}
		if len(list) == 0 {
			list, paths = []string{"j"}, []string{"'$'"}
		}
		from = fmt.Sprintf("SELECT line, doc, ok, %s FROM (SELECT line, doc, ok, CASE WHEN ok THEN json_extract_string(doc, [%s]) END AS j FROM (SELECT line, doc, json_valid(doc) AND doc LIKE '%%{%%' AS ok FROM (%s)))",
			strings.Join(list, ", "), strings.Join(paths, ", "), source)
	case Parquet:
		list := []string{"file_row_number + 1 AS line"}
		if len(p.beside) > 0 {
			list = append(list, "file_index AS file")
		}
		for _, k := range needed {
			list = append(list, fmt.Sprintf("%s AS c%d", Name(p.Columns[k].Name), k))
		}
		paths := []string{Quote(p.Found.Path)}
		for _, f := range p.beside {
			paths = append(paths, Quote(f.Path))
		}
		from = fmt.Sprintf("SELECT %s FROM read_parquet([%s], binary_as_string=true)", strings.Join(list, ", "), strings.Join(paths, ", "))
	case DuckDB:
		list := []string{"rowid + 1 AS line"}
		for _, k := range needed {
			list = append(list, fmt.Sprintf("%s AS c%d", Name(p.Columns[k].Name), k))
		}
		from = fmt.Sprintf("SELECT %s FROM %s", strings.Join(list, ", "), p.TableName(src))
	default:
		list := []string{"CAST(NULL AS BIGINT) AS line"}
		return "SELECT " + strings.Join(list, ", ") + " WHERE false"
	}
	var paths []string
	for k, c := range p.Columns {
		if c.lookup == madeColumn && c.made.path != nil {
			paths = append(paths, fmt.Sprintf("%s AS c%d", p.pathSQL(c.made), k))
		}
	}
	if len(paths) > 0 {
		from = "SELECT *, " + strings.Join(paths, ", ") + " FROM (" + from + ")"
	}
	for i, side := range p.Sides {
		var on []string
		sel := []string{"r.*"}
		for k, c := range p.Columns {
			if c.lookup == i+1 {
				sel = append(sel, fmt.Sprintf("s.l%d AS c%d", c.at, k))
			}
		}
		for _, pair := range side.On {
			on = append(on, fmt.Sprintf("CAST(r.c%d AS VARCHAR) = s.l%d", p.source(pair[0]), slices.Index(side.Columns, pair[1])))
		}
		from = fmt.Sprintf("SELECT %s FROM (%s) r LEFT JOIN %s s ON %s", strings.Join(sel, ", "), from, SideName(src, i), strings.Join(on, " AND "))
	}
	if made := p.madeSQL(); len(made) > 0 {
		from = "SELECT *, " + strings.Join(made, ", ") + " FROM (" + from + ")"
	}
	return from
}

// SideSQL renders the SELECT of a side table, one row per key: l<k> for every column that is taken. normalised are the rewritten files, or "" for those read as they are.
func (t SideTable) SideSQL(normalised []string) string {
	var keys, order, parts []string
	for i := range t.Columns {
		order = append(order, fmt.Sprintf("l%d DESC NULLS LAST", i))
	}
	for n, file := range t.Files {
		var cols []string
		for i, name := range t.Columns {
			cols = append(cols, fmt.Sprintf("%s AS l%d", file.clean(fmt.Sprintf("CAST(c%d AS VARCHAR)", file.source(name))), i))
		}
		if t.Lookup.Newest != "" {
			cols = append(cols, file.clean(fmt.Sprintf("CAST(c%d AS VARCHAR)", file.source(t.Lookup.Newest)))+" AS version")
		}
		rewritten := ""
		if n < len(normalised) {
			rewritten = normalised[n]
		}
		parts = append(parts, fmt.Sprintf("SELECT %s FROM (%s)", strings.Join(cols, ", "), file.rows(0, rewritten)))
	}
	all := strings.Join(parts, "\nUNION ALL ")
	if t.Lookup.Newest == "" {
		return all
	}
	for _, on := range t.On {
		keys = append(keys, fmt.Sprintf("l%d", slices.Index(t.Columns, on[1])))
	}
	return fmt.Sprintf("SELECT * EXCLUDE (version) FROM (%s) QUALIFY row_number() OVER (PARTITION BY %s ORDER BY %s, %s) = 1",
		all, strings.Join(keys, ", "), later("version", "", "DESC"), strings.Join(order, ", "))
}

// Twice renders the SELECT of a key that a side table has more than once, as text, with the number of its rows; no row when there is none.
func (t SideTable) Twice(table string) string {
	var keys []string
	for _, on := range t.On {
		keys = append(keys, fmt.Sprintf("l%d", slices.Index(t.Columns, on[1])))
	}
	list := strings.Join(keys, ", ")
	return fmt.Sprintf("SELECT concat_ws(', ', %s), count(*) FROM %s WHERE %s IS NOT NULL GROUP BY %s HAVING count(*) > 1 ORDER BY 1 LIMIT 1", list, table, strings.Join(keys, " IS NOT NULL AND "), list)
}

// newlineSQL leaves CRLF to be found by the engine: asked for new_line='\r\n' in strict mode, DuckDB 1.5.5 returns no row at all, without an error.
func (p *FilePlan) newlineSQL() string {
	if p.Dialect.Newline == "CRLF" {
		return ""
	}
	return `, new_line='\n'`
}

func (p *FilePlan) compressionSQL() string {
	if p.Dialect.Compression != "" {
		return ", compression=" + Quote(p.Dialect.Compression)
	}
	return ", compression='none'"
}

// jsonPath is the engine's path of a key, or of a dotted path when the object has no such key itself.
func (p *FilePlan) jsonPath(k int) string {
	quote := func(s string) string {
		return `"` + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"`, `\"`) + `"`
	}
	name := p.Columns[k].Name
	head, _, dotted := strings.Cut(name, ".")
	if dotted && slices.ContainsFunc(p.Columns, func(c SourceColumn) bool { return c.Name == head }) {
		parts := strings.Split(name, ".")
		for i := range parts {
			parts[i] = quote(parts[i])
		}
		return "$." + strings.Join(parts, ".")
	}
	return "$." + quote(name)
}

// Database is the name under which the file of a duckdb source is attached.
func Database(src int) string { return fmt.Sprintf("load_db_%d", src) }

// TableName is the table of a duckdb source; schema.table and table are allowed in the configuration.
func (p *FilePlan) TableName(src int) string {
	schema, table, two := strings.Cut(p.File.Table, ".")
	if !two {
		schema, table = "main", schema
	}
	return Name(Database(src)) + "." + Name(schema) + "." + Name(table)
}

// text renders the value of a bound column before typing: mapped text, or the native value when nothing has to be done to it.
func (p *FilePlan) text(b Bound) (expr, native string) {
	if b.Constant != nil {
		return Quote(*b.Constant), "VARCHAR"
	}
	c := p.Columns[b.Source]
	expr, native = fmt.Sprintf("c%d", b.Source), strings.ToUpper(c.Type)
	values, only, exclude := p.File.Values[b.Column.Name], p.File.Only[b.Column.Name], p.File.Exclude[b.Column.Name]
	asText := b.Column.Type == Text || b.Column.Type == Key || b.Column.Type == Choice || b.Column.Type == Currency || len(values)+len(only)+len(exclude) > 0
	if native != "VARCHAR" {
		if !asText {
			return expr, native
		}
		expr, native = "CAST("+expr+" AS VARCHAR)", "VARCHAR"
	}
	expr = p.clean(expr)
	if len(values) > 0 {
		var s strings.Builder
		s.WriteString("CASE " + expr)
		target := func(from string) string {
			if values[from] == "" {
				return "CAST(NULL AS VARCHAR)"
			}
			return Quote(values[from])
		}
		other := expr
		for _, from := range sortedKeys(values) {
			if from == anyOther {
				// No value stays no value; only words that are not listed are meant.
				other = fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", expr, target(from))
				continue
			}
			fmt.Fprintf(&s, " WHEN %s THEN %s", Quote(from), target(from))
		}
		if len(values) == 1 && other != expr {
			return other, native // a CASE without a WHEN is none
		}
		expr = s.String() + " ELSE " + other + " END"
	}
	return expr, native
}

// anyOther is the key of values that stands for every value that is not listed.
const anyOther = "*"

// clean trims text and turns the words for a missing value into NULL. In delimited text the reader has done the latter (nullSQL).
func (p *FilePlan) clean(expr string) string {
	trimmed := fmt.Sprintf("CASE WHEN starts_with(%[1]s, ' ') OR ends_with(%[1]s, ' ') THEN nullif(trim(%[1]s), '') ELSE %[1]s END", expr)
	switch p.Dialect.Kind {
	case CSV:
		return trimmed
	case NDJSON:
		return fmt.Sprintf("CASE WHEN %s IN ('', 'NULL', 'null', '\\N') THEN NULL ELSE %s END", expr, trimmed)
	}
	return "nullif(" + expr + ", '')"
}

// nullSQL is the reader's option for the words that stand for a missing value.
const nullSQL = `nullstr=['', 'NULL', 'null', '\N']`

// missingSQL lists what stands for a missing value in typed columns, beyond that: such a value is no value, and no reason to reject the row.
const missingSQL = "['None', 'NaN', 'nan', 'NaT', '<NA>', '0000-00-00', '0000-00-00 00:00:00']"

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Type names the engine's type of a column in core.
func (c Column) SQLType() string {
	switch c.Type {
	case Time:
		return "TIMESTAMP"
	case Money, Int:
		return "BIGINT"
	case Float:
		return "DOUBLE"
	case Bool:
		return "BOOLEAN"
	}
	return "VARCHAR"
}

// typed renders the typed value of text expression t.
func (p *FilePlan) typed(c Column, t, native string) string {
	switch c.Type {
	case Money:
		return moneySQL(t, native, p.Dialect.DecimalComma)
	case Currency:
		return "upper(" + t + ")"
	case Int:
		return intSQL(t, native, p.Dialect.DecimalComma)
	case Float:
		return floatSQL(t, native, p.Dialect.DecimalComma)
	case Bool:
		return boolSQL(t, native)
	case Choice:
		quoted := make([]string, len(c.Allowed))
		for i, a := range c.Allowed {
			quoted[i] = Quote(a)
		}
		return fmt.Sprintf("CASE WHEN %[1]s IN (%[2]s) THEN %[1]s WHEN lower(%[1]s) IN (%[2]s) THEN lower(%[1]s) END", t, strings.Join(quoted, ", "))
	}
	return t
}

// total tells whether every value of the engine's type is read as a value of the column.
func (p *FilePlan) total(c Column, native string) bool {
	native = strings.ToUpper(native)
	switch c.Type {
	case Time:
		_, _, plain := p.rules.timeSQL("", native)
		return plain != ""
	case Money, Int, Float:
		return isInteger(native) && !strings.HasSuffix(native, "HUGEINT") && native != "UBIGINT"
	case Bool:
		return native == "BOOLEAN"
	}
	return false
}

// KeysSQL renders the customers' ids of the file, as text, distinct and not NULL; "" when the file names no customer.
func (p *FilePlan) KeysSQL(src int, normalised string) string {
	for _, b := range p.Bound {
		if b.Column.Type == Key && b.present() {
			expr, _ := p.text(b)
			return fmt.Sprintf("SELECT DISTINCT %s AS id FROM (%s) WHERE %s IS NOT NULL", expr, p.Relation(src, normalised), expr)
		}
	}
	return ""
}

// ValuesSQL renders the SELECT of one row: aggregate, such as "count(DISTINCT %s)", of what each of the named columns holds in the file,
// NULL for one that the file does not fill.
func (p *FilePlan) ValuesSQL(src int, normalised string, columns []string, aggregate string) string {
	var out []string
	for _, name := range columns {
		expr := "CAST(NULL AS VARCHAR)"
		for _, b := range p.Bound {
			if b.Column.Name == name && b.present() {
				expr, _ = p.text(b)
			}
		}
		out = append(out, fmt.Sprintf(aggregate, expr))
	}
	return fmt.Sprintf("SELECT %s FROM (%s)", strings.Join(out, ", "), p.Relation(src, normalised))
}

// StageColumns lists the columns of the input's stage table with their types: ck first when the input names customers. FileSQL has the row's currency besides, where the file tells it.
func StageColumns(in Input, extras []string) [][2]string {
	var out [][2]string
	for _, c := range in.Columns {
		if c.Type == Key {
			out = append(out, [2]string{"ck", "INTEGER"})
		}
	}
	for _, c := range in.Columns {
		if c.Type == Key || c.Type == Currency {
			continue
		}
		out = append(out, [2]string{c.CoreName(), c.SQLType()})
		if c.Day != "" {
			out = append(out, [2]string{c.Day, "INTEGER"})
		}
	}
	for _, e := range extras {
		out = append(out, [2]string{e, "VARCHAR"})
	}
	return out
}

// FileSQL renders the SELECT of the file's stage rows: the columns of StageColumns, then h (UBIGINT: rows with equal h are the same fact; NULL:
// compared with none), src, line and code. keys is the table (id VARCHAR, ck INTEGER) of known ids.
func (p *FilePlan) FileSQL(src int, normalised, keys string, extras []string) string {
	in := p.Input
	var texts, stamps, stampSeconds, values, seconds, outs []string
	key := ""
	for i, b := range p.Bound {
		if !b.present() {
			continue
		}
		t, native := p.text(b)
		texts = append(texts, fmt.Sprintf("%s AS t%d", t, i))
		if b.Column.Type == Key {
			key = fmt.Sprintf("t%d", i)
			continue
		}
		column := fmt.Sprintf("t%d", i)
		if b.Column.Type == Time {
			us, mode, plain := p.rules.timeSQL(column, native)
			if plain == "" {
				stamps = append(stamps, fmt.Sprintf("%s AS u%d, %s AS m%d", us, i, mode, i))
				stampSeconds = append(stampSeconds, fmt.Sprintf("u%d // 1000000 AS w%d", i, i))
				plain = p.rules.instantSQL(fmt.Sprintf("u%d", i), fmt.Sprintf("w%d", i), fmt.Sprintf("m%d", i))
			}
			values = append(values, fmt.Sprintf("%s AS v%d", plain, i))
			continue
		}
		values = append(values, fmt.Sprintf("%s AS v%d", p.typed(b.Column, column, native), i))
	}
	for i, e := range extras {
		expr := "CAST(NULL AS VARCHAR)"
		if k := slices.IndexFunc(p.Extras, func(x Extra) bool { return x.Name == e }); k >= 0 {
			expr = p.clean(fmt.Sprintf("CAST(c%d AS VARCHAR)", p.Extras[k].Source))
		}
		texts = append(texts, fmt.Sprintf("%s AS x%d", expr, i))
		values = append(values, fmt.Sprintf("x%d", i))
	}
	hasKey := slices.ContainsFunc(in.Columns, func(c Column) bool { return c.Type == Key })
	if hasKey {
		outs = append(outs, "ck")
	}
	content := slices.Clone(outs)
	for i, b := range p.Bound {
		c := b.Column
		if c.Type == Key {
			continue
		}
		if c.Type == Currency {
			code := "CAST(NULL AS VARCHAR)"
			if b.present() {
				code = fmt.Sprintf("v%d", i)
				content = append(content, code)
			}
			if p.CountCurrency {
				outs = append(outs, code+" AS currency")
			}
			continue
		}
		if !b.present() {
			outs = append(outs, fmt.Sprintf("CAST(NULL AS %s) AS %s", c.SQLType(), Name(c.CoreName())))
			if c.Day != "" {
				outs = append(outs, fmt.Sprintf("CAST(NULL AS INTEGER) AS %s", Name(c.Day)))
			}
			continue
		}
		v := fmt.Sprintf("v%d", i)
		if p.isEnd(c.Name) {
			// 9999-12-31 and its kind mean: open.
			v = fmt.Sprintf("CASE WHEN v%d < %s THEN v%d END", i, stampSQL(Latest()), i)
		}
		content = append(content, v)
		if c.Type == Money {
			v = p.converted(v)
		}
		outs = append(outs, v+" AS "+Name(c.CoreName()))
		if c.Day != "" {
			seconds = append(seconds, fmt.Sprintf("epoch_us(%s) // 1000000 AS s%d", v, i))
			outs = append(outs, fmt.Sprintf("%s AS %s", p.daySQL(fmt.Sprintf("s%d", i)), Name(c.Day)))
		}
	}
	for i, e := range extras {
		content = append(content, fmt.Sprintf("x%d", i))
		outs = append(outs, fmt.Sprintf("x%d AS %s", i, Name(e)))
	}
	ck := "CAST(NULL AS INTEGER) AS ck"
	join := ""
	if key != "" {
		ck = "k.ck AS ck"
		join = fmt.Sprintf(" LEFT JOIN %s k ON k.id = t.%s", keys, key)
	}
	// One layer per step: an expression that is used twice is a column of the layer below.
	layer := func(columns []string, from string) string {
		if len(columns) == 0 {
			return from
		}
		return "(SELECT *, " + strings.Join(columns, ", ") + " FROM " + from + ")"
	}
	rows := layer(stampSeconds, layer(stamps, layer(texts, "("+p.Relation(src, normalised)+")")))
	keyed := fmt.Sprintf("(SELECT %s FROM %s t%s)", strings.Join(append([]string{"t.*", ck}, values...), ", "), rows, join)
	number := fmt.Sprint(src)
	if len(p.beside) > 0 {
		number += " + file"
	}
	return fmt.Sprintf("SELECT %s, %s AS h, CAST(%s AS INTEGER) AS src, line, CAST(%s AS SMALLINT) AS code\nFROM %s",
		strings.Join(outs, ", "), p.hashSQL(content), number, p.codeSQL(), layer(seconds, keyed))
}

func stampSQL(t time.Time) string {
	return "TIMESTAMP '" + t.UTC().Format("2006-01-02 15:04:05.999999") + "'"
}

// daySQL renders the business day of UTC seconds.
func (p *FilePlan) daySQL(sec string) string {
	return fmt.Sprintf("CAST((%s + %s) // 86400 AS INTEGER)", sec, ZoneExpr(sec, p.zone, Earliest(), p.to.AddDate(2, 0, 0)))
}

// isEnd tells whether the column is the later end of an interval.
func (p *FilePlan) isEnd(name string) bool {
	return slices.ContainsFunc(p.Input.Columns, func(c Column) bool { return c.NotAfter == name })
}

// hashSQL renders h. With an id: rows of one id, of the same customer where the input has one, are the same fact. Without: rows that agree
// in everything that is mapped.
func (p *FilePlan) hashSQL(content []string) string {
	var ids, set []string
	has, all := false, true
	for i, b := range p.Bound {
		if !b.Column.ID {
			continue
		}
		has = true
		if b.Column.Type == Key {
			ids = append(ids, "ck")
			continue
		}
		if !b.present() {
			all = false
			continue
		}
		ids = append(ids, fmt.Sprintf("v%d", i))
		set = append(set, fmt.Sprintf("v%d IS NOT NULL", i))
	}
	same := "hash(" + strings.Join(content, ", ") + ")"
	if p.File.KeepIdentical {
		same = "CAST(NULL AS UBIGINT)"
	}
	switch {
	case !has || !all:
		return same
	case len(set) == 0:
		return "hash(" + strings.Join(ids, ", ") + ")"
	}
	return fmt.Sprintf("CASE WHEN %s THEN hash(%s) ELSE %s END", strings.Join(set, " AND "), strings.Join(ids, ", "), same)
}

// codeSQL renders the fate of a row.
func (p *FilePlan) codeSQL() string {
	var b strings.Builder
	b.WriteString("CASE")
	when := func(cond string, code int) { fmt.Fprintf(&b, " WHEN %s THEN %d", cond, code) }
	switch {
	case p.Dialect.Kind == NDJSON && p.Again:
		when("NOT ok", Excluded) // said by the entry that reads the file first
	case p.Dialect.Kind == NDJSON:
		when("NOT ok", BadJSON)
	}
	if p.judged() {
		when(fmt.Sprintf("fate = %d", Superseded), Superseded)
		when(fmt.Sprintf("fate = %d", Excluded), Excluded)
	}
	quoted := func(list []string) string {
		out := make([]string, len(list))
		for i, v := range list {
			out[i] = Quote(v)
		}
		return strings.Join(out, ", ")
	}
	for i, x := range p.Bound {
		if !x.present() {
			continue
		}
		if only := p.File.Only[x.Column.Name]; len(only) > 0 {
			when(fmt.Sprintf("NOT coalesce(t%d IN (%s), false)", i, quoted(only)), Excluded)
		}
		if drop := p.File.Exclude[x.Column.Name]; len(drop) > 0 {
			when(fmt.Sprintf("t%d IN (%s)", i, quoted(drop)), Excluded)
		}
	}
	code := func(i, kind int) int { return 10 + 10*i + kind }
	for i, x := range p.Bound {
		c := x.Column
		if !x.present() {
			if c.Required {
				when("true", code(i, kindMissing)) // an NDJSON file whose objects never have the key
			}
			continue
		}
		if c.Required {
			when(fmt.Sprintf("t%d IS NULL", i), code(i, kindMissing))
		}
		if p.Dialect.Kind == NDJSON && x.Source >= 0 {
			when(fmt.Sprintf("(starts_with(t%[1]d, '{') OR starts_with(t%[1]d, '[')) AND json_type(doc, %[2]s) IN ('OBJECT', 'ARRAY')", i, Quote(p.jsonPath(x.Source))), code(i, kindNested))
		}
		if c.Type == Text || c.Type == Key {
			continue
		}
		if c.Type == Currency {
			if condition := p.foreign(); condition != "" {
				when(condition, code(i, kindForeign))
			}
			continue
		}
		kind := kindUnreadable
		if c.Type == Choice {
			kind = kindNotAllowed
		}
		if _, native := p.text(x); !p.total(c, native) {
			unread := fmt.Sprintf("v%[1]d IS NULL AND t%[1]d IS NOT NULL", i)
			if !c.Required {
				// A CASE, because the engine tries the terms of AND in any order; no IN, because it joins every row with a long list.
				unread = fmt.Sprintf("CASE WHEN %s THEN NOT list_contains(%s, CAST(t%d AS VARCHAR)) END", unread, missingSQL, i)
			}
			when(unread, code(i, kind))
		}
		if c.Type == Time {
			absurd := fmt.Sprintf("v%d NOT BETWEEN %s AND %s", i, stampSQL(Earliest()), stampSQL(Latest().Add(-time.Microsecond)))
			if p.isEnd(c.Name) {
				absurd = fmt.Sprintf("v%d < %s", i, stampSQL(Earliest()))
			}
			when(absurd, code(i, kindAbsurd))
		}
	}
	var one []string
	for i, x := range p.Bound {
		if slices.Contains(p.Input.OneOf, x.Column.Name) && x.present() {
			one = append(one, fmt.Sprintf("v%d IS NULL", i))
		}
	}
	if len(one) > 0 {
		when(strings.Join(one, " AND "), NoneOf)
	}
	for i, x := range p.Bound {
		for j, y := range p.Bound {
			if x.Column.NotAfter != "" && x.Column.NotAfter == y.Column.Name && x.present() && y.present() {
				when(fmt.Sprintf("v%d > v%d", i, j), code(j, kindOrder))
			}
		}
	}
	var moments []string
	for _, name := range p.Input.When {
		for i, x := range p.Bound {
			if x.Column.Name == name && x.present() {
				moments = append(moments, fmt.Sprintf("v%d", i))
			}
		}
	}
	if len(moments) > 0 {
		when(fmt.Sprintf("coalesce(%s) >= %s", strings.Join(moments, ", "), stampSQL(p.to)), Outside)
	}
	if b.Len() == len("CASE") {
		return "0"
	}
	return b.String() + " ELSE 0 END"
}

// FoundSQL renders the text of the value that code refuses, for kinds of files whose lines Go does not read.
func (p *FilePlan) FoundSQL(code int) string {
	if i := (code - 10) / 10; code >= 10 && i < len(p.Bound) && p.Bound[i].Source >= 0 {
		return fmt.Sprintf("CAST(c%d AS VARCHAR)", p.Bound[i].Source)
	}
	return "CAST(NULL AS VARCHAR)"
}

// RowSQL renders the whole row as JSON, for the raw text of a reject in a file without lines.
func (p *FilePlan) RowSQL() string {
	var parts []string
	for _, k := range p.needed() {
		parts = append(parts, fmt.Sprintf("%s, CAST(c%d AS VARCHAR)", Quote(p.Columns[k].Name), k))
	}
	return "CAST(json_object(" + strings.Join(parts, ", ") + ") AS VARCHAR)"
}

// Explain turns a rejection's code and the text that was found into the column of the file and a reason with what is allowed.
func (p *FilePlan) Explain(code int, found string) (column, reason string) {
	switch code {
	case BadJSON:
		return "", "not a JSON object: allowed is one JSON object per line"
	case NoneOf:
		return strings.Join(p.Input.OneOf, ", "), "all empty: one of " + strings.Join(p.Input.OneOf, ", ") + " is required"
	}
	b := p.Bound[(code-10)/10]
	column = b.Column.Name
	if b.Source >= 0 {
		column = p.Columns[b.Source].Name
	}
	if len(found) > 100 {
		found = string(cut([]byte(found)))
		if r := []rune(found); len(r) > 100 {
			found = string(r[:100]) + "…"
		}
	}
	quoted := strconv.Quote(found)
	switch (code - 10) % 10 {
	case kindMissing:
		return column, "empty: " + b.Column.Name + " is required"
	case kindAbsurd:
		return column, fmt.Sprintf("found %s: allowed are times from %s to before %s", quoted, Earliest().Format(time.DateOnly), Latest().Format(time.DateOnly))
	case kindNotAllowed:
		return column, fmt.Sprintf("found %s: allowed are %s (map other words under values.%s)", quoted, strings.Join(b.Column.Allowed, ", "), b.Column.Name)
	case kindNested:
		return column, fmt.Sprintf("found a nested value %s: allowed is one value; map a part of it as %s.key", quoted, column)
	case kindForeign:
		other := strings.ToUpper(strings.TrimSpace(found))
		return column, fmt.Sprintf("%s%s, the audit counts in %s: give what one %s is worth as money: {rates: {%s: ...}}, or map the file's words for it under values.currency", CurrencyRefused, other, p.money.Main, other, other)
	case kindOrder:
		return column, fmt.Sprintf("found %s, which is before the start of the interval", quoted)
	}
	allowed := ""
	switch b.Column.Type {
	case Time:
		allowed = "ISO 8601, epoch seconds, milliseconds or microseconds, YYYYMMDD; other formats need time_format"
		if p.File.TimeFormat != "" {
			allowed = "times written as " + p.File.TimeFormat
		}
	case Money, Float:
		allowed = "numbers such as 1234.56"
		if p.Dialect.DecimalComma {
			allowed = "numbers such as 1234,56"
		}
	case Int:
		allowed = "whole numbers"
	case Bool:
		allowed = "true, false, 1, 0, yes, no, да, нет"
	}
	return column, fmt.Sprintf("found %s: allowed are %s", quoted, allowed)
}
