package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
)

// SourceColumn is a column of a file. Type is the engine's name of the type, VARCHAR in text files.
type SourceColumn struct {
	Name   string
	Type   string
	lookup int // 1-based index of the lookup that adds it; 0: the file itself
	at     int // position in the lookup
}

// Bound ties a column of the contract to a column of the file or to a constant.
type Bound struct {
	Column   Column
	Source   int // index into FilePlan.Columns, -1: none
	Constant *string
}

func (b Bound) present() bool { return b.Source >= 0 || b.Constant != nil }

// Extra is a further column of the file that is carried along as text.
type Extra struct {
	Source int
	Name   string // attr_city
}

// SideTable is a lookup read into memory.
type SideTable struct {
	Columns []string
	Rows    [][]string
	On      [][2]string // column of the file, column of the side table
}

// FilePlan is everything about one file: where, how written, what its columns mean.
type FilePlan struct {
	Input   Input
	File    File
	Found   Found
	Dialect Dialect
	Columns []SourceColumn // nil until Bind, for kinds that only the engine can open
	Bound   []Bound        // one per column of the input
	Extras  []Extra
	Sides   []SideTable
	At      string  // "sources.messages[1]"
	beside  []Found // see Together
	rules   TimeRule
	money   Currencies
	// CountCurrency keeps the row's currency in FileSQL, NULL where the file does not tell it; the loader sets it on all files of an input.
	CountCurrency bool
	to            time.Time
	zone          *time.Location
}

// Together returns how many of the first plans may be read in one scan: Parquet files of one source entry with the same columns. The plan of
// such a scan is the first one's, and its files have the numbers src, src+1, … in every SELECT that it renders. One scan, because the engine
// reads a file of few row groups on one thread and builds the table of keys again for every statement.
func Together(plans []*FilePlan) (n int, scan *FilePlan) {
	first := plans[0]
	one := *first
	for n = 1; n < len(plans); n++ {
		p := plans[n]
		if first.Dialect.Kind != Parquet || p.Dialect.Kind != Parquet || len(first.Sides) > 0 || p.At != first.At ||
			!reflect.DeepEqual(p.Columns, first.Columns) || !reflect.DeepEqual(p.Bound, first.Bound) || !reflect.DeepEqual(p.Extras, first.Extras) {
			break
		}
		one.beside = append(one.beside, p.Found)
	}
	return n, &one
}

// Prepare finds and sniffs every file of the spec and binds the columns of those that need no engine. Parquet and DuckDB files come back
// without Columns: the caller describes them and calls Bind. All mistakes are reported at once.
func Prepare(spec Spec) ([]*FilePlan, Mistakes) {
	var plans []*FilePlan
	var mistakes Mistakes
	for _, in := range Inputs() {
		for i, f := range spec.Inputs[in.Name] {
			at := fmt.Sprintf("sources.%s[%d]", in.Name, i)
			found, err := Discover(f, spec.BaseDir)
			if err != nil {
				mistakes = append(mistakes, Mistake{at + ".path", err.Error(), true})
				continue
			}
			for _, file := range found {
				file.Entry = i
				p := &FilePlan{Input: in, File: f, Found: file, At: at, to: spec.To, zone: spec.Zone, money: Currencies{Main: spec.Currency, Rates: spec.Rates}}
				p.rules = TimeRule{Format: f.TimeFormat, Business: spec.Zone}
				if f.SourceTimezone != "" {
					if p.rules.Source, err = LoadZone(f.SourceTimezone); err != nil {
						continue // Validate says so
					}
				}
				if what := p.snapshot(len(plans)+1, spec.Zone); what != "" {
					mistakes = append(mistakes, Mistake{at + ".snapshot_at", what, true})
					continue
				}
				if p.Dialect, err = Sniff(file.Path, f); err != nil {
					mistakes = append(mistakes, Mistake{at + ".path", err.Error(), true})
					continue
				}
				mistakes = append(mistakes, p.readSides(spec.BaseDir)...)
				cols, err := p.head()
				if err != nil {
					mistakes = append(mistakes, Mistake{at + ".path", err.Error(), true})
					continue
				}
				if cols != nil {
					mistakes = append(mistakes, p.Bind(cols)...)
				}
				plans = append(plans, p)
			}
		}
	}
	return plans, mistakes
}

// head reads the column names of a text file; nil for kinds that only the engine can open.
func (p *FilePlan) head() ([]SourceColumn, error) {
	text := func(names []string) []SourceColumn {
		out := make([]SourceColumn, len(names))
		for i, n := range names {
			out[i] = SourceColumn{Name: n, Type: "VARCHAR"}
		}
		return out
	}
	switch p.Dialect.Kind {
	case Empty:
		return []SourceColumn{}, nil
	case NDJSON:
		names, err := p.jsonNames()
		return text(names), err
	case CSV:
		if len(p.File.Header) > 0 {
			return text(p.File.Header), nil
		}
		names, err := ReadHeader(p.Found.Path, p.Dialect)
		return text(names), err
	}
	return nil, nil
}

// ReadHeader returns the first record of a delimited file.
func ReadHeader(path string, d Dialect) ([]string, error) {
	r, err := d.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	rec, err := NewSplitter(r, d, 0).Next()
	if errors.Is(err, io.EOF) {
		return []string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: read the header: %w", path, err)
	}
	if rec.Problem != "" {
		return nil, fmt.Errorf("%s:%d: the header cannot be read: %s", path, rec.Line, rec.Problem)
	}
	out := make([]string, len(rec.Fields))
	for i, f := range rec.Fields {
		out[i] = strings.TrimSpace(string(f))
	}
	return out, nil
}

// jsonNames collects the keys of the first thousand objects, in the order in which they appear.
func (p *FilePlan) jsonNames() ([]string, error) {
	r, err := p.Dialect.Open(p.Found.Path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	names := []string{}
	seen := map[string]bool{}
	s := NewSplitter(r, p.Dialect, 1)
	for range 1000 {
		rec, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Found.Path, err)
		}
		dec := json.NewDecoder(bytes.NewReader(rec.Raw))
		if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
			continue
		}
		for dec.More() {
			key, err := dec.Token()
			name, ok := key.(string)
			if err != nil || !ok {
				break
			}
			var value json.RawMessage
			if dec.Decode(&value) != nil {
				break
			}
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	// A mapped path into an object (properties.plan) is a column too.
	for _, source := range p.File.Columns {
		if head, _, dotted := strings.Cut(source, "."); !seen[source] && dotted && seen[head] {
			seen[source] = true
			names = append(names, source)
		}
	}
	sort.Strings(names[len(names):])
	return names, nil
}

func (p *FilePlan) readSides(baseDir string) Mistakes {
	var out Mistakes
	for i, l := range p.File.Lookup {
		at := fmt.Sprintf("%s.lookup[%d]", p.At, i)
		side, err := readSide(l, baseDir)
		if err != nil {
			out = append(out, Mistake{at, err.Error(), true})
			side = SideTable{}
		}
		p.Sides = append(p.Sides, side)
	}
	return out
}

func readSide(l Lookup, baseDir string) (SideTable, error) {
	found, err := Discover(File{Path: l.Path}, baseDir)
	if err != nil {
		return SideTable{}, err
	}
	path := found[0].Path
	d, err := Sniff(path, File{})
	if err != nil {
		return SideTable{}, err
	}
	if d.Kind != CSV {
		return SideTable{}, fmt.Errorf("%s: a %s file: side files are delimited text", path, d.Kind)
	}
	names, err := ReadHeader(path, d)
	if err != nil {
		return SideTable{}, err
	}
	side := SideTable{Columns: names}
	var keys []int
	for _, from := range slices.Sorted(maps.Keys(l.On)) {
		k := slices.Index(names, l.On[from])
		if k < 0 {
			return side, fmt.Errorf("%s has no column %q: there are %s", path, l.On[from], strings.Join(names, ", "))
		}
		keys = append(keys, k)
		side.On = append(side.On, [2]string{from, l.On[from]})
	}
	r, err := d.Open(path)
	if err != nil {
		return side, err
	}
	defer r.Close()
	s := NewSplitter(r, d, len(names))
	seen := map[string]int64{}
	for first := true; ; first = false {
		rec, err := s.Next()
		if errors.Is(err, io.EOF) {
			return side, nil
		}
		if err != nil {
			return side, fmt.Errorf("%s: %w", path, err)
		}
		if rec.Problem != "" {
			return side, fmt.Errorf("%s:%d: %s: a side file must be clean", path, rec.Line, rec.Problem)
		}
		if first {
			continue
		}
		row := make([]string, len(rec.Fields))
		for i, f := range rec.Fields {
			row[i] = string(f)
		}
		key := ""
		for _, k := range keys {
			key += fmt.Sprintf("%d:%s", len(row[k]), row[k])
		}
		if before, twice := seen[key]; twice {
			return side, fmt.Errorf("%s:%d: the key is on line %d already: a side file has one row per key", path, rec.Line, before)
		}
		seen[key] = rec.Line
		side.Rows = append(side.Rows, row)
		if len(side.Rows) > 1_000_000 {
			return side, fmt.Errorf("%s: more than 1,000,000 rows: a side file is small", path)
		}
	}
}

// Bind ties the columns of the contract to those of the file.
func (p *FilePlan) Bind(cols []SourceColumn) Mistakes {
	var out Mistakes
	add := func(path, format string, args ...any) {
		out = append(out, Mistake{Path: path, What: fmt.Sprintf(format, args...)})
	}
	p.Columns = cols
	for i, side := range p.Sides {
		for k, name := range side.Columns {
			onKey := slices.ContainsFunc(side.On, func(on [2]string) bool { return on[1] == name })
			if !onKey && !slices.ContainsFunc(p.Columns, func(c SourceColumn) bool { return c.Name == name }) {
				p.Columns = append(p.Columns, SourceColumn{Name: name, Type: "VARCHAR", lookup: i + 1, at: k})
			}
		}
		for _, on := range side.On {
			if p.source(on[0]) < 0 {
				add(fmt.Sprintf("%s.lookup[%d].on.%s", p.At, i, on[0]), "%s has no column %q: there are %s", p.Found.Shown, on[0], p.names())
			}
		}
	}
	p.Bound, p.Extras = nil, nil
	used := map[int]bool{}
	for _, c := range p.Input.Columns {
		b := Bound{Column: c, Source: -1}
		if name, ok := p.File.Columns[c.Name]; ok {
			b.Source = p.source(name)
			if b.Source < 0 && p.Dialect.Kind != Empty {
				if p.Dialect.Kind == NDJSON && !c.Required {
					p.Dialect.Notes = append(p.Dialect.Notes, fmt.Sprintf("no object among the first 1000 has %q (mapped to %s)", name, c.Name))
				} else {
					add(p.At+".columns."+c.Name, "%s has no column %q%s: there are %s", p.Found.Shown, name, hint(name, p.nameList()), p.names())
				}
			}
		} else if value, ok := p.File.Constants[c.Name]; ok {
			b.Constant = &value
		} else {
			b.Source = p.source(c.Name)
		}
		if b.Source >= 0 {
			used[b.Source] = true
			if n := p.count(p.Columns[b.Source].Name); n > 1 {
				add(p.At+".columns."+c.Name, "%s has %d columns named %q: give header with different names", p.Found.Shown, n, p.Columns[b.Source].Name)
			}
			if t := strings.ToUpper(p.Columns[b.Source].Type); nested(t) {
				add(p.At+".columns."+c.Name, "column %q of %s is %s: a %s is one value, not a nested one", p.Columns[b.Source].Name, p.Found.Shown, t, c.Name)
			}
		}
		p.Bound = append(p.Bound, b)
	}
	if p.Dialect.Kind != Empty && len(cols) > 0 {
		out = append(out, p.missing()...)
	}
	for name, source := range p.File.Columns {
		if _, ok := p.Input.Column(name); !ok && p.Input.Extra != "" {
			if k := p.source(source); k >= 0 {
				used[k] = true
				p.Extras = append(p.Extras, Extra{k, cleanName(name)})
			} else if p.Dialect.Kind != Empty {
				add(p.At+".columns."+name, "%s has no column %q%s: there are %s", p.Found.Shown, source, hint(source, p.nameList()), p.names())
			}
		}
	}
	slices.SortFunc(p.Extras, func(a, b Extra) int { return strings.Compare(a.Name, b.Name) })
	if p.Input.Extra != "" {
		taken := map[string]bool{}
		for _, e := range p.Extras {
			taken[e.Name] = true
		}
		for k, c := range p.Columns {
			if used[k] || c.Name == "" || nested(strings.ToUpper(c.Type)) || len(p.Extras) >= 200 {
				continue
			}
			name := p.Input.Extra + strings.TrimPrefix(cleanName(c.Name), p.Input.Extra)
			for base, n := name, 2; taken[name]; n++ {
				name = fmt.Sprintf("%s_%d", base, n)
			}
			taken[name] = true
			p.Extras = append(p.Extras, Extra{k, name})
		}
	}
	return out
}

// missing names the required columns that the file cannot fill, with what would.
func (p *FilePlan) missing() Mistakes {
	var names []string
	oneOf := len(p.Input.OneOf) == 0
	for _, b := range p.Bound {
		if b.Column.Required && !b.present() {
			names = append(names, b.Column.Name)
		}
		oneOf = oneOf || slices.Contains(p.Input.OneOf, b.Column.Name) && b.present()
	}
	if !oneOf {
		names = append(names, strings.Join(p.Input.OneOf, " or "))
	}
	if len(names) == 0 {
		return nil
	}
	what := fmt.Sprintf("%s lacks the required %s: map it under columns (there are %s), or give a constant", p.Found.Shown, strings.Join(names, ", "), p.names())
	if p.Dialect.Kind == CSV && p.Dialect.Header && p.looksLikeData() {
		what += "; the first line looks like data: if the file has no header, give the names with header: [..]"
	}
	return Mistakes{{p.At + ".columns", what, false}}
}

func (p *FilePlan) looksLikeData() bool {
	for _, c := range p.Columns {
		if _, ok := ParseMoney(c.Name, false); ok && c.Name != "" {
			return true
		}
		if _, ok := (TimeRule{}).ParseTime(c.Name); ok {
			return true
		}
	}
	return false
}

func nested(t string) bool {
	return strings.HasPrefix(t, "STRUCT") || strings.HasPrefix(t, "MAP") || strings.HasSuffix(t, "]") || strings.HasPrefix(t, "UNION")
}

// source finds a column of the file by name, exactly or else without regard to case.
func (p *FilePlan) source(name string) int {
	if k := slices.IndexFunc(p.Columns, func(c SourceColumn) bool { return c.Name == name }); k >= 0 {
		return k
	}
	return slices.IndexFunc(p.Columns, func(c SourceColumn) bool { return strings.EqualFold(c.Name, name) })
}

func (p *FilePlan) count(name string) (n int) {
	for _, c := range p.Columns {
		if c.Name == name {
			n++
		}
	}
	return n
}

func (p *FilePlan) nameList() []string {
	out := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		out[i] = c.Name
	}
	return out
}

func (p *FilePlan) names() string {
	names := p.nameList()
	if len(names) > 40 {
		names = append(names[:40:40], "…")
	}
	return strings.Join(names, ", ")
}

// cleanName makes a name that is one word in every SQL and in stage rules: letters and digits of any script, in lower case.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, strings.TrimSpace(s))
	if s == "" {
		return "column"
	}
	return s
}
