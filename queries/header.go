package queries

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// header is the YAML of a file, exactly these keys.
type header struct {
	Table   string   `yaml:"table"`
	Block   string   `yaml:"block"`
	Grain   []string `yaml:"grain"`
	Reads   []string `yaml:"reads"`
	Doc     string   `yaml:"doc"`
	MaxRows int64    `yaml:"max_rows"`
	View    bool     `yaml:"view"`
	Extra   []string `yaml:"extra"`
	Columns []Column `yaml:"columns"`
}

var (
	identifier  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	tableName   = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)
	columnTypes = []string{Int64, Float64, String, Bool, Date, Timestamp, Struct}
)

// splitHeader cuts a file into the YAML text and the text behind it, with the line on which that text starts.
// The YAML text starts on line 2 of the file.
func splitHeader(text string) (yamlText, body string, bodyLine int, err error) {
	const open, end = "/*---\n", "---*/"
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !strings.HasPrefix(text, open) {
		return "", "", 0, errors.New(`no header: the file must start with a line "/*---"`)
	}
	rest := text[len(open):]
	at := strings.Index("\n"+rest, "\n"+end)
	if at < 0 {
		return "", "", 0, errors.New(`the header is not closed: no line "---*/"`)
	}
	yamlText, body = rest[:at], rest[at+len(end):]
	if line, _, _ := strings.Cut(body, "\n"); strings.TrimSpace(line) != "" {
		return "", "", 0, errors.New(`text on the line "---*/": the SELECT starts on the next line`)
	}
	return yamlText, body, 1 + strings.Count(open+yamlText, "\n"), nil
}

// yamlLine finds the "line N: " that yaml puts into its messages.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)

// parseHeader decodes the YAML of a header strictly. Errors carry the line within the YAML text, 0 when yaml gave none.
func parseHeader(text string) (header, []lineError) {
	var h header
	dec := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	dec.KnownFields(true)
	err := dec.Decode(&h)
	if errors.Is(err, io.EOF) {
		return h, []lineError{{1, "the header is empty"}}
	}
	if err == nil {
		if err := dec.Decode(new(header)); !errors.Is(err, io.EOF) {
			return h, []lineError{{1, "the header holds more than one YAML document"}}
		}
		return h, nil
	}
	messages := []string{err.Error()}
	var typeErr *yaml.TypeError
	if errors.As(err, &typeErr) {
		messages = typeErr.Errors
	}
	var out []lineError
	for _, m := range messages {
		e := lineError{1, m}
		if g := yamlLine.FindStringSubmatch(m); g != nil {
			e.line, _ = strconv.Atoi(g[1])
			e.what = g[2]
		}
		e.what = strings.Replace(e.what, " in type queries.header", ": allowed are table, block, grain, reads, doc, max_rows, view, extra, columns", 1)
		e.what = strings.Replace(e.what, " in type queries.Column", " of a column: allowed are name, type, unit, doc, nullable", 1)
		e.what = strings.Replace(e.what, "field ", "unknown key ", 1)
		e.what = strings.Replace(e.what, " not found", "", 1)
		out = append(out, e)
	}
	return h, out
}

type lineError struct {
	line int
	what string
}

// errorf makes a file:line error; the line is that of the key in the header.
func (m Model) errorf(key, format string, args ...any) error {
	line := 1
	for i, l := range strings.Split(m.Header, "\n") {
		if strings.HasPrefix(l, key+":") {
			line = i + 2
			break
		}
	}
	return fmt.Errorf("%s:%d: %s", m.File, line, fmt.Sprintf(format, args...))
}

// columnErrorf is errorf at the line of a column.
func (m Model) columnErrorf(column, format string, args ...any) error {
	line, at := 1, regexp.MustCompile(`\bname:\s*["']?`+regexp.QuoteMeta(column)+`\b`)
	for i, l := range strings.Split(m.Header, "\n") {
		if at.MatchString(l) {
			line = i + 2
			break
		}
	}
	return fmt.Errorf("%s:%d: column %s: %s", m.File, line, column, fmt.Sprintf(format, args...))
}

// parseModel reads one file and checks all that can be checked within it. name is "<schema>/<name>.sql".
func parseModel(name, text string, schemas map[string]bool) (Model, []error) {
	schema, stem := path.Dir(name), strings.TrimSuffix(path.Base(name), ".sql")
	m := Model{Table: schema + "." + stem, File: "queries/" + name, Audit: strings.HasPrefix(stem, "audit_")}
	yamlText, body, bodyLine, err := splitHeader(text)
	if err != nil {
		return m, []error{fmt.Errorf("%s:1: %w", m.File, err)}
	}
	m.Header = yamlText
	h, lineErrs := parseHeader(yamlText)
	if len(lineErrs) > 0 {
		var errs []error
		for _, e := range lineErrs {
			errs = append(errs, fmt.Errorf("%s:%d: %s", m.File, e.line+1, e.what))
		}
		return m, errs
	}
	m.Block = cmp.Or(h.Block, schema)
	m.Grain, m.Reads, m.Doc, m.MaxRows, m.View, m.Extra, m.Columns = h.Grain, h.Reads, strings.TrimSpace(h.Doc), h.MaxRows, h.View, h.Extra, h.Columns
	m.SQL, m.body = strings.TrimSpace(body), bodyLine+strings.Count(body[:len(body)-len(strings.TrimLeft(body, " \t\n"))], "\n")
	m.DDL = m.SQL == ""

	errs := m.checkHeader(h.Table)
	if m.DDL {
		if len(m.Reads) > 0 {
			errs = append(errs, m.errorf("reads", "reads of a table that Go or the loader writes: there is no SELECT to read them"))
		}
	} else {
		errs = append(errs, m.checkText(m.SQL, m.File, m.body, schemas)...)
	}
	return m, errs
}

func (m Model) checkHeader(table string) []error {
	var errs []error
	add := func(err error) { errs = append(errs, err) }
	switch {
	case table == "":
		add(m.errorf("table", "no table: write table: %s", m.Table))
	case table != m.Table:
		add(m.errorf("table", "table %s in a file that makes %s", table, m.Table))
	case !tableName.MatchString(table):
		add(m.errorf("table", "table %q: lower case letters, digits and _ only", table))
	}
	if !identifier.MatchString(m.Block) {
		add(m.errorf("block", "block %q: lower case letters, digits and _ only", m.Block))
	}
	if m.Doc == "" {
		add(m.errorf("doc", "no doc: one sentence that says what a row is"))
	}
	if m.MaxRows < 0 {
		add(m.errorf("max_rows", "max_rows %d: must be positive", m.MaxRows))
	}
	for i, r := range m.Reads {
		if slices.Contains(m.Reads[:i], r) {
			add(m.errorf("reads", "reads %s twice", r))
		}
	}
	for _, p := range m.Extra {
		if !regexp.MustCompile(`^[a-z0-9_]+\*$`).MatchString(p) {
			add(m.errorf("extra", "extra %q: a prefix and a star, such as attr_*", p))
		}
	}
	if m.Audit {
		switch {
		case m.DDL:
			add(m.errorf("table", "a check without a SELECT"))
		case m.View || m.MaxRows != 0 || len(m.Grain) > 0 || len(m.Columns) > 0:
			add(m.errorf("table", "a check makes no table: only table, reads and doc"))
		}
		return errs
	}
	if len(m.Grain) == 0 {
		add(m.errorf("grain", "no grain: the columns that identify a row"))
	}
	if len(m.Columns) == 0 {
		add(m.errorf("columns", "no columns"))
	}
	seen := map[string]bool{}
	for i, c := range m.Columns {
		if !identifier.MatchString(c.Name) {
			add(m.errorf("columns", "column %d: name %q: lower case letters, digits and _ only", i+1, c.Name))
			continue
		}
		if seen[c.Name] {
			add(m.columnErrorf(c.Name, "listed twice"))
		}
		seen[c.Name] = true
		if !slices.Contains(columnTypes, c.Type) {
			add(m.columnErrorf(c.Name, "type %q: allowed are %s", c.Type, strings.Join(columnTypes, ", ")))
		}
		if strings.TrimSpace(c.Doc) == "" {
			add(m.columnErrorf(c.Name, "no doc"))
		}
		if c.Unit == "" && (c.Type == Int64 || c.Type == Float64) {
			add(m.columnErrorf(c.Name, `no unit: a number needs one, "1" for counts, shares and keys`))
		}
	}
	for i, g := range m.Grain {
		c, ok := m.Column(g)
		switch {
		case !ok:
			add(m.errorf("grain", "grain column %s is not among the columns", g))
		case slices.Contains(m.Grain[:i], g):
			add(m.errorf("grain", "grain column %s twice", g))
		case c.Type == Float64 && !m.DDL: // what Go writes from a configuration is exact
			add(m.errorf("grain", "grain column %s is float64: a key must compare exactly", g))
		}
	}
	if m.View && m.DDL {
		add(m.errorf("view", "a view without a SELECT"))
	}
	if m.Reduced() && !m.DDL && m.MaxRows == 0 {
		add(m.errorf("max_rows", "no max_rows: Go fetches red_ tables, so they must be bounded"))
	}
	return errs
}

// checkText checks a SELECT: one statement, and exactly the declared reads.
func (m Model) checkText(text, file string, line int, schemas map[string]bool) []error {
	tokens, err := tokenize(text)
	if err != nil {
		var le *tokenError
		if errors.As(err, &le) {
			line += le.line - 1
		}
		return []error{fmt.Errorf("%s:%d: %w", file, line, err)}
	}
	var errs []error
	at := func(t token) int { return line + t.line - 1 }
	if len(tokens) == 0 || !(tokens[0].is("select") || tokens[0].is("with")) {
		errs = append(errs, fmt.Errorf("%s:%d: one SELECT (or WITH … SELECT) per file", file, line))
	}
	read := map[string]bool{}
	for i, t := range tokens {
		if t.text == ";" {
			errs = append(errs, fmt.Errorf("%s:%d: semicolon: one SELECT per file, without an end mark", file, at(t)))
		}
		if t.kind == tokenParam && m.View {
			errs = append(errs, fmt.Errorf("%s:%d: parameter %s in a view: read a core.cfg_ table instead", file, at(t), t.text))
		}
		if name, ok := tableAt(tokens, i, schemas); ok {
			if !slices.Contains(m.Reads, name) && !read[name] {
				errs = append(errs, fmt.Errorf("%s:%d: %s is read but not listed under reads", file, at(t), name))
			}
			if name == m.Table {
				errs = append(errs, fmt.Errorf("%s:%d: the model reads its own table", file, at(t)))
			}
			read[name] = true
		}
	}
	for _, r := range m.Reads {
		if !read[r] {
			errs = append(errs, m.errorf("reads", "reads %s, but %s does not mention it", r, path.Base(file)))
		}
	}
	return errs
}

// tableAt tells whether a schema-qualified table name starts at token i.
func tableAt(tokens []token, i int, schemas map[string]bool) (string, bool) {
	if i+2 >= len(tokens) || tokens[i].kind != tokenWord || tokens[i+1].text != "." || tokens[i+2].kind != tokenWord {
		return "", false
	}
	if i > 0 && tokens[i-1].text == "." || i+3 < len(tokens) && tokens[i+3].text == "(" {
		return "", false
	}
	schema := strings.ToLower(tokens[i].text)
	return schema + "." + strings.ToLower(tokens[i+2].text), schemas[schema]
}

func checkOverride(m Model, text string, schemas map[string]bool) []error {
	file := strings.TrimSuffix(m.File, ".sql") + ".duckdb.sql"
	if m.DDL {
		return []error{fmt.Errorf("%s:1: an override of a table that Go or the loader writes", file)}
	}
	if strings.HasPrefix(text, "/*---") {
		return []error{fmt.Errorf("%s:1: an override has no header: it shares that of %s", file, path.Base(m.File))}
	}
	lead := strings.Count(text[:len(text)-len(strings.TrimLeft(text, " \t\n"))], "\n")
	return m.checkText(m.Override, file, 1+lead, schemas)
}
