package ingest

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Profile says how the export of one vendor is read: which files it has, how they are recognised, which inputs each of them fills and how, and
// what the export cannot tell. A profile is data: profiles/README.md describes the form.
type Profile struct {
	Name   string        `yaml:"profile"`
	Title  string        `yaml:"title"`
	About  Words         `yaml:"about"`
	Files  []ProfileFile `yaml:"files"`
	Orders []string      `yaml:"order_events,omitempty"`    // events that are orders, as init writes them
	Acts   []string      `yaml:"activity_events,omitempty"` // events that are activity
	Cannot []Gap         `yaml:"cannot"`

	Scenarios *NamesOf `yaml:"scenarios,omitempty"` // where the names of scenarios stand
}

// NamesOf is a file of the profile that gives names to ids.
type NamesOf struct {
	File string `yaml:"file"`
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
}

// Words is a text in both languages of the audit.
type Words struct {
	Ru string `yaml:"ru"`
	En string `yaml:"en"`
}

// In is the text in the language "ru", else the English one.
func (w Words) In(language string) string {
	if language == "ru" {
		return w.Ru
	}
	return w.En
}

// Gap is something that the vendor's export does not carry, or carries only as something derived.
type Gap struct {
	Input string `yaml:"input"` // an input (enrolments), or a column of one (messages.machine_open)
	Words `yaml:",inline"`
}

// ProfileFile is one kind of file of the export.
type ProfileFile struct {
	File   string               `yaml:"file"` // its name within the profile
	Match  Match                `yaml:"match"`
	Known  map[string][]string  `yaml:"known,omitempty"` // column of the file: the values that the profile knows; all others are counted as unknown
	Inputs map[string][]Mapping `yaml:"inputs,omitempty"`
}

// Match tells how a file is recognised.
type Match struct {
	Columns  []OneOf  `yaml:"columns"`            // all of them must be there; of a list any one
	Absent   []string `yaml:"absent,omitempty"`   // none of them may be there
	Names    []string `yaml:"names,omitempty"`    // what the file or table is called, see fileStem
	Named    bool     `yaml:"named,omitempty"`    // the columns alone do not tell: the name must fit too
	Ordinary bool     `yaml:"ordinary,omitempty"` // other systems have such files as well: recognised beside a telling file of the profile, or when asked for
}

// Mapping is an entry of audit.yaml in the making. The keys mean what they mean there; those that name columns of the file may list several, of
// which the first that the file has is meant, and are left out when the file has none of them.
type Mapping struct {
	Needs          []string                     `yaml:"needs,omitempty"` // columns without which the entry is left out
	Columns        map[string]OneOf             `yaml:"columns,omitempty"`
	FirstOf        map[string][]string          `yaml:"first_of,omitempty"`
	Combine        map[string][]string          `yaml:"combine,omitempty"`
	FromFilename   map[string]string            `yaml:"from_filename,omitempty"`
	Values         map[string]map[string]string `yaml:"values,omitempty"`
	Constants      map[string]string            `yaml:"constants,omitempty"`
	Only           map[string][]string          `yaml:"only,omitempty"`
	Exclude        map[string][]string          `yaml:"exclude,omitempty"`
	OnlyRows       map[string][]string          `yaml:"only_rows,omitempty"`
	DropRows       map[string][]string          `yaml:"drop_rows,omitempty"`
	Newest         *Newest                      `yaml:"newest,omitempty"`
	UntilNext      *UntilNext                   `yaml:"until_next,omitempty"`
	Lookup         []ProfileLookup              `yaml:"lookup,omitempty"`
	TimeFormat     string                       `yaml:"time_format,omitempty"`
	SourceTimezone string                       `yaml:"source_timezone,omitempty"`
	KeepIdentical  bool                         `yaml:"keep_identical,omitempty"`
	SnapshotAt     string                       `yaml:"snapshot_at,omitempty"`
}

// ProfileLookup is a lookup of another file of the profile that lies in the same folder; a lookup whose file is not there is left out, with the
// columns that it would have given.
type ProfileLookup struct {
	File   string           `yaml:"file"`
	As     string           `yaml:"as,omitempty"` // default: the name of the file
	On     map[string]OneOf `yaml:"on"`           // column of the file, or of a lookup before this one: column of the side file
	Take   []string         `yaml:"take,omitempty"`
	Newest string           `yaml:"newest,omitempty"`
}

// OneOf is a column of a file under one of several names: a word or a list of words in YAML.
type OneOf []string

// UnmarshalYAML reads a word or a list.
func (o *OneOf) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*o = OneOf{node.Value}
		return nil
	}
	var list []string
	if err := node.Decode(&list); err != nil {
		return fmt.Errorf("line %d: a column is a word or a list of words", node.Line)
	}
	*o = list
	return nil
}

//go:embed profiles/*.yaml
var profileFiles embed.FS

var embedded = sync.OnceValues(func() (map[string]*Profile, error) { return readProfiles(profileFiles) })

func readProfiles(files fs.FS) (map[string]*Profile, error) {
	names, err := fs.Glob(files, "profiles/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the profiles: %w", err)
	}
	out := map[string]*Profile{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the profiles: %w", err)
		}
		p, err := ParseProfile(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if base := strings.TrimSuffix(path.Base(name), ".yaml"); p.Name != base {
			return nil, fmt.Errorf("%s: profile is %q: it must be called like its file", name, p.Name)
		}
		out[p.Name] = p
	}
	return out, nil
}

// ProfileNames lists the vendor profiles of the program, sorted.
func ProfileNames() []string {
	all, err := embedded()
	if err != nil {
		return nil // a test holds that they are all in order
	}
	return slices.Sorted(maps.Keys(all))
}

// ProfileByName finds a profile of the program.
func ProfileByName(name string) (*Profile, error) {
	all, err := embedded()
	if err != nil {
		return nil, err
	}
	p, ok := all[name]
	if !ok {
		names := ProfileNames()
		return nil, fmt.Errorf("unknown profile %q%s: allowed are %s", name, hint(name, names), strings.Join(names, ", "))
	}
	return p, nil
}

// ParseProfile reads a profile strictly: an unknown key, an unknown input or column, or a text without its other language is an error.
func ParseProfile(text []byte) (*Profile, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var p Profile
	if err := d.Decode(&p); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the profile is empty")
		}
		return nil, fmt.Errorf("not a profile: %w", err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	var mistakes []error
	p.check(func(at, format string, args ...any) {
		mistakes = append(mistakes, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
	})
	if err := errors.Join(mistakes...); err != nil {
		return nil, err
	}
	return &p, nil
}

// check reports every mistake of the profile.
func (p *Profile) check(add func(at, format string, args ...any)) {
	if p.Name == "" || p.Name != cleanName(p.Name) {
		add("profile", "%q: a name of letters, digits and _", p.Name)
	}
	if p.Title == "" {
		add("title", "missing: the vendor's name")
	}
	both := func(at string, w Words) {
		if w.Ru == "" || w.En == "" {
			add(at, "a text in both ru and en is needed")
		}
	}
	both("about", p.About)
	if len(p.Files) == 0 {
		add("files", "missing: what files the export has")
	}
	kinds := map[string]bool{}
	for _, f := range p.Files {
		if f.File == "" || kinds[f.File] {
			add("files", "%q: every file has a name of its own", f.File)
		}
		kinds[f.File] = true
	}
	for _, f := range p.Files {
		f.check("files."+f.File, kinds, add)
	}
	if n := p.Scenarios; n != nil && (!kinds[n.File] || n.ID == "" || n.Name == "") {
		add("scenarios", "a file of the profile, its column with the id and its column with the name are needed: {file: flow, id: id, name: name}")
	}
	for i, g := range p.Cannot {
		at := fmt.Sprintf("cannot[%d]", i)
		both(at, g.Words)
		input, column, _ := strings.Cut(g.Input, ".")
		in, ok := InputByName(input)
		if !ok {
			add(at+".input", "unknown input%s: allowed are %s", hint(input, InputNames()), strings.Join(InputNames(), ", "))
		} else if _, known := in.Column(column); column != "" && !known {
			add(at+".input", "unknown column of %s%s: allowed are %s", input, hint(column, in.ColumnNames()), strings.Join(in.ColumnNames(), ", "))
		}
	}
}

func (f ProfileFile) check(at string, kinds map[string]bool, add func(at, format string, args ...any)) {
	if len(f.Match.Columns) == 0 {
		add(at+".match.columns", "missing: the columns by which the file is recognised")
	}
	for i, c := range f.Match.Columns {
		if len(c) == 0 || slices.Contains(c, "") {
			add(fmt.Sprintf("%s.match.columns[%d]", at, i), "empty")
		}
	}
	if f.Match.Named && len(f.Match.Names) == 0 {
		add(at+".match.names", "named needs names")
	}
	for _, n := range f.Match.Names {
		if n != fileStem(n) {
			add(at+".match.names", "%q: write it as %q", n, fileStem(n))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
		in, ok := InputByName(name)
		if !ok {
			add(at+".inputs", "unknown input %q%s: allowed are %s", name, hint(name, InputNames()), strings.Join(InputNames(), ", "))
			continue
		}
		for i, m := range f.Inputs[name] {
			where := fmt.Sprintf("%s.inputs.%s[%d]", at, name, i)
			validateFile(in, m.whole(), where, add)
			for j, l := range m.Lookup {
				if !kinds[l.File] {
					add(fmt.Sprintf("%s.lookup[%d].file", where, j), "%q is no file of the profile: allowed are %s", l.File, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
				}
			}
		}
	}
}

// whole is the mapping as an entry of audit.yaml in which every column is there under its first name.
func (m Mapping) whole() File {
	f := m.entry()
	f.Path = "?"
	for ours, names := range m.Columns {
		if len(names) > 0 {
			f.Columns[ours] = names[0]
		}
	}
	f.FirstOf, f.Combine = m.FirstOf, m.Combine
	f.OnlyRows, f.DropRows = m.OnlyRows, m.DropRows
	f.Newest, f.UntilNext = m.Newest, m.UntilNext
	for _, l := range m.Lookup {
		on := map[string]string{}
		for from, to := range l.On {
			if len(to) > 0 {
				on[from] = to[0]
			}
		}
		f.Lookup = append(f.Lookup, Lookup{Path: "?", As: l.as(), On: on, Take: l.Take, Newest: l.Newest})
	}
	return f
}

// entry is what the mapping says without regard to the file.
func (m Mapping) entry() File {
	return File{Columns: map[string]string{}, Values: m.Values, Constants: m.Constants, FromFilename: m.FromFilename, Only: m.Only, Exclude: m.Exclude,
		TimeFormat: m.TimeFormat, SourceTimezone: m.SourceTimezone, KeepIdentical: m.KeepIdentical, SnapshotAt: m.SnapshotAt}
}

func (l ProfileLookup) as() string {
	if l.As != "" {
		return l.As
	}
	return l.File
}

// fileStem is what a file is called, for comparison with Match.Names: lower case, without folders, extensions, dates, numbers and the words that
// exporters add at the end. A folder event_type=X, as object stores have them, says it instead of the file.
func fileStem(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	s := strings.ToLower(path.Base(name))
	for _, folder := range strings.Split(path.Dir(name), "/") {
		if event, ok := strings.CutPrefix(strings.ToLower(folder), "event_type="); ok {
			s = event
		}
	}
	for {
		ext := path.Ext(s)
		if !slices.Contains([]string{".csv", ".tsv", ".txt", ".gz", ".zst", ".ndjson", ".jsonl", ".json", ".parquet", ".duckdb", ".avro"}, ext) {
			break
		}
		s = strings.TrimSuffix(s, ext)
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	noise := func(w string) bool {
		return strings.Trim(w, "0123456789tz") == "" || slices.Contains([]string{"data", "shared", "part", "export", "databricks", "postgres", "snowflake", "bigquery", "redshift"}, w)
	}
	for len(words) > 1 && noise(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, "_")
}
