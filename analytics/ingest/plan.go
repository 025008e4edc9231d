package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// SourceColumn is a column of a file. Type is the engine's name of the type, VARCHAR in text files.
type SourceColumn struct {
	Name   string
	Type   string
	lookup int   // 1-based index of the lookup that adds it; 0: the file itself; madeColumn: made from other columns
	at     int   // position in the lookup
	made   *made // how a column of madeColumn is made
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

// SideTable is the file of a lookup, or all the files that its path names: parts of one export.
type SideTable struct {
	Lookup  Lookup
	Columns []string    // those that are taken and those of the key
	On      [][2]string // column of the file, column of the side table
	Files   []*FilePlan // how each is read: its Columns are all of the side file's
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
	At      string              // "sources.messages[1]"
	Group   string              // files with row versions or moves are one whole with the others of their group
	Again   bool                // an entry before this one reads the same file for the same input: its broken records are counted there
	Kind    string              // the file of the profile that it was taken for
	Known   map[string][]string // column of the file: values that the profile knows
	want    []int               // further columns that are read: of a side file
	avro    bool                // NDJSON in which optional values are written as {"string": v}
	window  string              // table with the fates of the rows of the group; "": the rows are judged one by one
	beside  []Found             // see Together
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
		if first.Dialect.Kind != Parquet || p.Dialect.Kind != Parquet || len(first.Sides) > 0 || p.Group != first.Group ||
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
	vendors := expander{base: spec.BaseDir, folders: spec.folders}
	if vendors.folders == nil {
		vendors.folders = map[string][]neighbour{}
	}
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
				entries := []entry{{file: f}}
				if f.Profile != "" {
					var what *Mistake
					if entries, what = vendors.expand(in, f, file, at); what != nil {
						mistakes = append(mistakes, *what)
						continue
					}
				}
				for _, e := range entries {
					p := &FilePlan{Input: in, File: e.file, Found: file, At: at, Group: fmt.Sprintf("%s %s %d", at, e.kind, e.number), Kind: e.kind, Known: e.known,
						to: spec.To, zone: spec.Zone, money: Currencies{Main: spec.Currency, Rates: spec.Rates}}
					more, ok := p.prepare(spec, len(plans)+1)
					mistakes = append(mistakes, more...)
					if ok {
						plans = append(plans, p)
					}
				}
			}
		}
	}
	first, before := map[string]string{}, map[string]bool{}
	for src, p := range plans {
		p.Again = before[p.Input.Name+" "+p.Found.Shown]
		before[p.Input.Name+" "+p.Found.Shown] = true
		if p.Windowed() {
			if first[p.Group] == "" {
				first[p.Group] = fmt.Sprintf("load_window_%d", src)
			}
			p.window = first[p.Group]
		}
	}
	return plans, mistakes
}

// prepare sniffs one file and binds its columns when no engine is needed for that; number is the number of the file from 1. A file that is not ok
// is left out.
func (p *FilePlan) prepare(spec Spec, number int) (mistakes Mistakes, ok bool) {
	f := p.File
	p.rules = TimeRule{Format: f.TimeFormat, Business: spec.Zone}
	var err error
	if f.SourceTimezone != "" {
		if p.rules.Source, err = LoadZone(f.SourceTimezone); err != nil {
			return nil, false // Validate says so
		}
	}
	if what := p.snapshot(number, spec.Zone); what != "" {
		return Mistakes{{p.At + ".snapshot_at", what, true}}, false
	}
	if what := p.constantsOfName(); what != "" {
		return Mistakes{{p.At + ".from_filename", what, true}}, false
	}
	if p.Dialect, err = Sniff(p.Found.Path, f); err != nil {
		return Mistakes{{p.At + ".path", err.Error(), true}}, false
	}
	mistakes = p.readSides(spec.BaseDir)
	cols, err := p.head()
	if err != nil {
		return append(mistakes, Mistake{p.At + ".path", err.Error(), true}), false
	}
	if cols != nil {
		mistakes = append(mistakes, p.Bind(cols)...)
	}
	return mistakes, true
}

// constantsOfName turns from_filename into constants of this one file. The mistake is one of the file.
func (p *FilePlan) constantsOfName() (mistake string) {
	if len(p.File.FromFilename) == 0 {
		return ""
	}
	constants := maps.Clone(p.File.Constants)
	if constants == nil {
		constants = map[string]string{}
	}
	for _, name := range slices.Sorted(maps.Keys(p.File.FromFilename)) {
		re, err := regexp.Compile(p.File.FromFilename[name])
		if err != nil || re.NumSubexp() != 1 {
			return "" // Validate says so
		}
		base := filepath.Base(p.Found.Path)
		m := re.FindStringSubmatch(base)
		if m == nil {
			return fmt.Sprintf("the name %s does not fit %s, which gives %s", base, p.File.FromFilename[name], name)
		}
		constants[name] = m[1]
	}
	p.File.Constants = constants
	return ""
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
			p.avro = p.avro || isUnion(value)
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	// A mapped path into an object (properties.plan) is a column too.
	for _, source := range p.File.references() {
		if head, _, dotted := strings.Cut(source, "."); !seen[source] && dotted && seen[head] {
			seen[source] = true
			names = append(names, source)
		}
	}
	return names, nil
}

// jsonPaths collects the keys of the first hundred objects and the paths of the keys inside, three deep, in the order in which they appear.
func (p *FilePlan) jsonPaths() ([]string, error) {
	r, err := p.Dialect.Open(p.Found.Path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var names []string
	seen := map[string]bool{}
	var walk func(prefix string, object map[string]any, depth int)
	walk = func(prefix string, object map[string]any, depth int) {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			name := prefix + key
			if inner, nested := object[key].(map[string]any); nested && depth < 3 && !isUnionObject(inner) {
				walk(name+".", inner, depth+1)
			} else if !seen[name] && len(names) < 1000 {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	s := NewSplitter(r, p.Dialect, 1)
	for range 100 {
		rec, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Found.Path, err)
		}
		var object map[string]any
		if json.Unmarshal(rec.Raw, &object) == nil {
			walk("", object, 1)
		}
	}
	return names, nil
}

func (p *FilePlan) readSides(baseDir string) Mistakes {
	var out Mistakes
	for i, l := range p.File.Lookup {
		at := fmt.Sprintf("%s.lookup[%d]", p.At, i)
		side, err := readSide(l, baseDir)
		if err != nil {
			out = append(out, Mistake{at, err.Error(), true})
			side = SideTable{Lookup: l}
		}
		p.Sides = append(p.Sides, side)
	}
	return out
}

// readSide finds a side file and its columns; the rows are read by the engine.
func readSide(l Lookup, baseDir string) (SideTable, error) {
	found, err := Discover(File{Path: l.Path}, baseDir)
	if err != nil {
		return SideTable{}, err
	}
	for _, path := range l.more {
		also, err := Discover(File{Path: path}, baseDir)
		if err != nil {
			return SideTable{}, err
		}
		found = append(found, also...)
	}
	side := SideTable{Lookup: l}
	for _, f := range found {
		if err := side.add(f); err != nil {
			return side, err
		}
	}
	return side, nil
}

// add takes in a file of the lookup; the first one decides which columns are taken.
func (t *SideTable) add(found Found) (err error) {
	plan := &FilePlan{Found: found}
	if plan.Dialect, err = Sniff(found.Path, File{}); err != nil {
		return err
	}
	names, err := columnNames(plan)
	if err != nil {
		return err
	}
	for _, n := range names {
		plan.Columns = append(plan.Columns, SourceColumn{Name: n, Type: "VARCHAR"})
	}
	missing := func(name string) error {
		return fmt.Errorf("%s has no column %q%s: there are %s", found.Shown, name, hint(name, names), plan.names())
	}
	l := t.Lookup
	for _, name := range l.Take {
		if plan.source(name) < 0 {
			return missing(name)
		}
	}
	if l.Newest != "" && plan.source(l.Newest) < 0 {
		return missing(l.Newest)
	}
	if t.Files == nil {
		for _, from := range slices.Sorted(maps.Keys(l.On)) {
			k := plan.source(l.On[from])
			if k < 0 {
				return missing(l.On[from])
			}
			t.On = append(t.On, [2]string{from, names[k]})
		}
		for _, name := range names {
			key := slices.ContainsFunc(t.On, func(on [2]string) bool { return on[1] == name })
			taken := len(l.Take) == 0 || slices.ContainsFunc(l.Take, func(t string) bool { return strings.EqualFold(t, name) })
			if (key || taken) && !slices.Contains(t.Columns, name) {
				t.Columns = append(t.Columns, name)
			}
		}
	}
	for _, name := range t.Columns {
		if plan.source(name) < 0 {
			return missing(name)
		}
		plan.want = append(plan.want, plan.source(name))
	}
	if l.Newest != "" {
		plan.want = append(plan.want, plan.source(l.Newest))
	}
	t.Files = append(t.Files, plan)
	return nil
}

// columnNames lists the columns of a file that no engine has to open.
func columnNames(p *FilePlan) ([]string, error) {
	switch p.Dialect.Kind {
	case CSV:
		return ReadHeader(p.Found.Path, p.Dialect)
	case NDJSON:
		return p.jsonNames()
	case Parquet:
		names, _, err := parquetHead(p.Found.Path)
		return names, err
	case Empty:
		return nil, fmt.Errorf("%s: empty", p.Found.Shown)
	}
	return nil, fmt.Errorf("%s: a %s file: allowed are csv, ndjson and parquet", p.Found.Shown, p.Dialect.Kind)
}

// references lists the columns of the file that the entry names.
func (f File) references() []string {
	seen := map[string]bool{}
	for _, name := range f.Columns {
		seen[name] = true
	}
	for _, lists := range []map[string][]string{f.FirstOf, f.Combine} {
		for _, list := range lists {
			for _, name := range list {
				seen[name] = true
			}
		}
	}
	for _, rows := range []map[string][]string{f.OnlyRows, f.DropRows} {
		for name := range rows {
			seen[name] = true
		}
	}
	if f.Newest != nil {
		for _, name := range append(slices.Clone(f.Newest.Per), f.Newest.By) {
			seen[name] = true
		}
	}
	if f.UntilNext != nil {
		for _, name := range f.UntilNext.Per {
			seen[name] = true
		}
		for name := range f.UntilNext.Ends {
			seen[name] = true
		}
	}
	for _, l := range f.Lookup {
		for name := range l.On {
			seen[name] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Bind ties the columns of the contract to those of the file.
func (p *FilePlan) Bind(cols []SourceColumn) Mistakes {
	var out Mistakes
	add := func(path, format string, args ...any) {
		out = append(out, Mistake{Path: path, What: fmt.Sprintf(format, args...)})
	}
	p.Columns = slices.Clone(cols)
	p.bindPaths()
	for i, side := range p.Sides {
		for _, on := range side.On {
			if p.source(on[0]) < 0 {
				add(fmt.Sprintf("%s.lookup[%d].on.%s", p.At, i, on[0]), "%s has no column %q: there are %s", p.Found.Shown, on[0], p.names())
			}
		}
		for k, name := range side.Columns {
			onKey := slices.ContainsFunc(side.On, func(on [2]string) bool { return on[1] == name })
			if side.Lookup.As != "" {
				onKey, name = false, side.Lookup.As+"."+name
			}
			if !onKey && !slices.ContainsFunc(p.Columns, func(c SourceColumn) bool { return c.Name == name }) {
				p.Columns = append(p.Columns, SourceColumn{Name: name, Type: "VARCHAR", lookup: i + 1, at: k})
			}
		}
	}
	made := p.bindMade(add)
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
		} else if k, ok := made[c.Name]; ok {
			b.Source = k
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
			if used[k] || c.Name == "" || c.lookup == madeColumn || nested(strings.ToUpper(c.Type)) || len(p.Extras) >= 200 {
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
	if p.Kind != "" {
		return Mistakes{{p.At + ".profile", fmt.Sprintf("%s (file %s of profile %s) has no column for the required %s: there are %s; name it under columns, or remove the entry",
			p.Found.Shown, p.Kind, p.File.Profile, strings.Join(names, ", "), p.names()), false}}
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
		if c.Name == name && c.lookup != madeColumn {
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
