package ingest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// entry is a source of audit.yaml as it holds for one file: what the user wrote, or what a profile says.
type entry struct {
	file   File
	kind   string // file of the profile
	number int    // mapping of the profile
	known  map[string][]string
}

// neighbour is a file of a folder, as a profile sees it.
type neighbour struct {
	path, stem string
	columns    []string // nil: not read yet
}

// expander applies profiles to files. It remembers the folders that it has seen.
type expander struct {
	base    string
	folders map[string][]neighbour
}

// expand turns an entry with a profile into the entries that the profile has for the file: one per mapping, keys of the user's own win. The mistake is
// one of the configuration: another file, another input or no profile is needed.
func (x *expander) expand(in Input, f File, found Found, at string) ([]entry, *Mistake) {
	profile, err := ProfileByName(f.Profile)
	if err != nil {
		return nil, nil // Validate says so
	}
	bad := func(format string, args ...any) *Mistake {
		return &Mistake{at + ".profile", fmt.Sprintf(format, args...), false}
	}
	dialect, err := Sniff(found.Path, f)
	if err != nil {
		return nil, &Mistake{at + ".path", err.Error(), true}
	}
	plain := f
	plain.Profile = ""
	switch dialect.Kind {
	case Empty:
		return []entry{{file: plain}}, nil
	case DuckDB:
		return nil, bad("a profile reads files, not tables of a DuckDB database: export the table to Parquet, or map its columns with columns")
	}
	names, err := x.columns(found, f, dialect)
	if err != nil {
		return nil, &Mistake{at + ".path", err.Error(), true}
	}
	kind := profile.kind(found.Path, names, in.Name)
	if kind == nil {
		near, lacks := profile.nearest(found.Path, names, in.Name)
		return nil, bad("%s is no file that profile %s has for %s: nearest is its file %s, which also has %s; the file has %s. Put the entry under another input, take another profile, or map the columns with columns",
			found.Shown, profile.Name, in.Name, near, strings.Join(lacks, ", "), shortList(names))
	}
	mappings := kind.Inputs[in.Name]
	if len(mappings) == 0 {
		return nil, bad("%s is the file %s of profile %s, which has nothing for %s: %s", found.Shown, kind.File, profile.Name, in.Name, kind.gives())
	}
	var out []entry
	for i, m := range mappings {
		e, ok := x.apply(profile, m, names, found)
		if !ok {
			continue
		}
		out = append(out, entry{file: overlay(e, f), kind: kind.File, number: i, known: kind.knownIn(names)})
	}
	if len(out) == 0 {
		return nil, bad("%s has none of the columns from which profile %s makes %s: there are %s", found.Shown, profile.Name, in.Name, shortList(names))
	}
	return out, nil
}

// gives words which inputs the file fills.
func (f *ProfileFile) gives() string {
	if len(f.Inputs) == 0 {
		return "it is only looked up by others and needs no entry"
	}
	return "it gives " + strings.Join(slices.Sorted(maps.Keys(f.Inputs)), ", ")
}

func shortList(names []string) string {
	if len(names) > 20 {
		return strings.Join(names[:20], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// columns lists what may be named in the file: its columns and, in NDJSON, the paths of nested keys.
func (x *expander) columns(found Found, f File, d Dialect) ([]string, error) {
	if len(f.Header) > 0 {
		return f.Header, nil
	}
	p := &FilePlan{Found: found, Dialect: d, File: f}
	if d.Kind == NDJSON {
		return p.jsonPaths()
	}
	return columnNames(p)
}

// has finds a column without regard to case; a path counts when its head is there and the path itself cannot be looked up.
func has(names []string, name string) (string, bool) {
	if i := slices.Index(names, name); i >= 0 {
		return names[i], true
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) }); i >= 0 {
		return names[i], true
	}
	return "", false
}

// pick takes the first of the names that the file has. A path into JSON text counts when its head is there.
func pick(names []string, among OneOf) (string, bool) {
	for _, name := range among {
		if found, ok := has(names, name); ok {
			return found, true
		}
	}
	nested := slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, ".") })
	for _, name := range among {
		if head, rest, dotted := strings.Cut(name, "."); dotted && !nested {
			if found, ok := has(names, head); ok {
				return found + "." + rest, true
			}
		}
	}
	return "", false
}

// fits tells how well the file is the kind: missing are the columns that it lacks; points count the columns by which it is recognised, and the name.
func (f *ProfileFile) fits(profile, stem string, names []string) (points int, missing []string) {
	for _, c := range f.Match.Columns {
		if _, ok := pick(names, c); ok {
			points += 2
		} else {
			missing = append(missing, strings.Join(c, " or "))
		}
	}
	for _, c := range f.Match.Absent {
		if _, ok := has(names, c); ok {
			missing = append(missing, "no column "+c)
		}
	}
	switch {
	case f.named(profile, stem):
		points += 5
	case f.Match.Named:
		missing = append(missing, "the name "+strings.Join(f.Match.Names, " or "))
	}
	return points, missing
}

// named tells whether the file is called so: exactly, or with something before it, such as the profile's name or a schema.
func (f *ProfileFile) named(profile, stem string) bool {
	stem = strings.TrimPrefix(strings.TrimPrefix(stem, profile+"_"), strings.SplitN(profile, "_", 2)[0]+"_")
	return slices.Contains(f.Match.Names, stem)
}

// kind is the kind of file that the profile takes it for, nil when it is none: of those that fit the one with most evidence, and one that fills the
// input before one that does not.
func (p *Profile) kind(path string, names []string, input string) *ProfileFile {
	stem := fileStem(path)
	var best *ProfileFile
	most := -1
	for i := range p.Files {
		f := &p.Files[i]
		points, missing := f.fits(p.Name, stem, names)
		if len(missing) > 0 {
			continue
		}
		if input != "" && len(f.Inputs[input]) > 0 {
			points += 3
		}
		if points > most {
			best, most = f, points
		}
	}
	return best
}

// nearest is the kind of file for the input that lacks least, with what it lacks.
func (p *Profile) nearest(path string, names []string, input string) (kind string, lacks []string) {
	stem := fileStem(path)
	for i := range p.Files {
		f := &p.Files[i]
		if input != "" && len(f.Inputs[input]) == 0 {
			continue
		}
		if _, missing := f.fits(p.Name, stem, names); kind == "" || len(missing) < len(lacks) {
			kind, lacks = f.File, missing
		}
	}
	if kind == "" && input != "" {
		return p.nearest(path, names, "")
	}
	return kind, lacks
}

// knownIn keeps the open lists of columns that the file has.
func (f *ProfileFile) knownIn(names []string) map[string][]string {
	out := map[string][]string{}
	for column, values := range f.Known {
		if name, ok := pick(names, OneOf{column}); ok {
			out[name] = values
		}
	}
	return out
}

// apply turns a mapping into an entry for a file with these columns; false when it does not hold for the file.
func (x *expander) apply(profile *Profile, m Mapping, names []string, found Found) (File, bool) {
	f := m.entry()
	lookups := x.lookups(profile, m, &names, found)
	for _, name := range m.Needs {
		if _, ok := pick(names, OneOf{name}); !ok {
			return f, false
		}
	}
	for ours, among := range m.Columns {
		if name, ok := pick(names, among); ok {
			f.Columns[ours] = name
		}
	}
	f.FirstOf, f.Combine = map[string][]string{}, map[string][]string{}
	for ours, list := range m.FirstOf {
		if there := present(names, list); len(there) > 0 {
			f.FirstOf[ours] = there
		}
	}
	for ours, list := range m.Combine {
		if there := present(names, list); len(there) == len(list) {
			f.Combine[ours] = there
		}
	}
	f.OnlyRows, f.DropRows = map[string][]string{}, map[string][]string{}
	for column, values := range m.OnlyRows {
		if name, ok := pick(names, OneOf{column}); ok {
			f.OnlyRows[name] = values
		} else if !slices.Contains(values, "") {
			return f, false // the column counts as empty: no row is left
		}
	}
	for column, values := range m.DropRows {
		if name, ok := pick(names, OneOf{column}); ok {
			f.DropRows[name] = values
		} else if slices.Contains(values, "") {
			return f, false
		}
	}
	f.Newest = resolveNewest(m.Newest, names)
	f.UntilNext = resolveUntil(m.UntilNext, names)
	// What nothing refers to is not read.
	refers := f.references()
	for _, l := range slices.Backward(lookups) {
		for _, name := range refers {
			if column, ours := strings.CutPrefix(name, l.As+"."); ours && !slices.Contains(l.Take, column) {
				l.Take = append(l.Take, column)
			}
		}
		if len(l.Take) == 0 {
			continue
		}
		f.Lookup = slices.Insert(f.Lookup, 0, l)
		refers = append(refers, slices.Sorted(maps.Keys(l.On))...)
	}
	for _, lists := range []*map[string][]string{&f.FirstOf, &f.Combine, &f.OnlyRows, &f.DropRows} {
		if len(*lists) == 0 {
			*lists = nil
		}
	}
	return f, true
}

// present are the columns of a list that the file has, and its literal texts ("=email").
func present(names, list []string) (there []string) {
	for _, c := range list {
		if name, ok := pick(names, OneOf{c}); ok {
			there = append(there, name)
		} else if strings.HasPrefix(c, "=") {
			there = append(there, c)
		}
	}
	return there
}

func resolveNewest(n *Newest, names []string) *Newest {
	if n == nil {
		return nil
	}
	by, ok := pick(names, OneOf{n.By})
	if !ok {
		return nil // a file without versions
	}
	out := &Newest{By: by}
	for _, c := range n.Per {
		if name, ok := pick(names, OneOf{c}); ok {
			out.Per = append(out.Per, name)
		} else {
			return nil
		}
	}
	return out
}

func resolveUntil(u *UntilNext, names []string) *UntilNext {
	if u == nil {
		return nil
	}
	out := &UntilNext{Ends: map[string][]string{}}
	for _, c := range u.Per {
		if name, ok := pick(names, OneOf{c}); ok {
			out.Per = append(out.Per, name)
		}
	}
	for c, values := range u.Ends {
		if name, ok := pick(names, OneOf{c}); ok {
			out.Ends[name] = values
		}
	}
	return out
}

// lookups finds the side files of the mapping beside the file and adds their columns to names.
func (x *expander) lookups(profile *Profile, m Mapping, names *[]string, found Found) []Lookup {
	var out []Lookup
	for _, l := range m.Lookup {
		sides := x.beside(profile, l.File, found)
		if len(sides) == 0 {
			continue
		}
		side := sides[0]
		lookup := Lookup{Path: x.relative(side.path), As: l.as(), On: map[string]string{}, Take: slices.Clone(l.Take)}
		for _, more := range sides[1:] {
			lookup.more = append(lookup.more, x.relative(more.path))
		}
		whole := true
		for from, to := range l.On {
			ours, here := pick(*names, OneOf{from})
			theirs, there := pick(side.columns, to)
			whole = whole && here && there
			lookup.On[ours] = theirs
		}
		if l.Newest != "" {
			lookup.Newest, _ = pick(side.columns, OneOf{l.Newest})
		}
		if !whole {
			continue
		}
		more := slices.Clone(*names)
		for _, c := range side.columns {
			more = append(more, lookup.As+"."+c)
		}
		*names = more
		out = append(out, lookup)
	}
	return out
}

// relative is a path as the configuration would name it.
func (x *expander) relative(path string) string {
	if rel, err := filepath.Rel(x.base, path); err == nil {
		return rel
	}
	return path
}

// beside finds the profile's files of a kind in the folder of found: those that fit best, in the order of their names.
func (x *expander) beside(profile *Profile, kind string, found Found) []neighbour {
	i := slices.IndexFunc(profile.Files, func(f ProfileFile) bool { return f.File == kind })
	if i < 0 {
		return nil
	}
	f := &profile.Files[i]
	dir := filepath.Dir(found.Path)
	if _, seen := x.folders[dir]; !seen {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil
		}
		x.folders[dir] = []neighbour{}
		for _, e := range entries {
			if e.Type().IsRegular() {
				x.folders[dir] = append(x.folders[dir], neighbour{path: filepath.Join(dir, e.Name()), stem: fileStem(e.Name())})
			}
		}
	}
	var best []neighbour
	most := -1
	for i := range x.folders[dir] {
		n := &x.folders[dir][i]
		// Opening every file of a large folder takes long: one that is not called so is looked at only when the columns alone tell.
		if !f.named(profile.Name, n.stem) && f.Match.Named || n.path == found.Path {
			continue
		}
		if n.columns == nil {
			n.columns = []string{}
			if d, err := Sniff(n.path, File{}); err == nil && d.Kind != DuckDB && d.Kind != Empty {
				n.columns, _ = columnNames(&FilePlan{Found: Found{Path: n.path, Shown: n.path}, Dialect: d})
			}
		}
		points, missing := f.fits(profile.Name, n.stem, n.columns)
		if len(missing) > 0 || points < most {
			continue
		}
		if points > most {
			best, most = nil, points
		}
		best = append(best, *n)
	}
	return best
}

// overlay lays the user's own keys over what the profile says: column by column.
func overlay(profile, user File) File {
	out := profile
	out.Path, out.Table, out.Profile = user.Path, user.Table, user.Profile
	out.Encoding, out.Delimiter, out.Quote, out.DecimalComma, out.Header = user.Encoding, user.Delimiter, user.Quote, user.DecimalComma, user.Header
	own := map[string]bool{}
	for _, names := range []([]string){slices.Sorted(maps.Keys(user.Columns)), slices.Sorted(maps.Keys(user.Constants)), slices.Sorted(maps.Keys(user.FirstOf)), slices.Sorted(maps.Keys(user.Combine)), slices.Sorted(maps.Keys(user.FromFilename))} {
		for _, name := range names {
			own[name] = true
		}
	}
	out.Columns = without(out.Columns, own, user.Columns)
	out.Constants = without(out.Constants, own, user.Constants)
	out.FirstOf = without(out.FirstOf, own, user.FirstOf)
	out.Combine = without(out.Combine, own, user.Combine)
	out.FromFilename = without(out.FromFilename, own, user.FromFilename)
	out.Values = without(out.Values, nil, user.Values)
	out.Only = without(out.Only, nil, user.Only)
	out.Exclude = without(out.Exclude, nil, user.Exclude)
	out.OnlyRows = without(out.OnlyRows, nil, user.OnlyRows)
	out.DropRows = without(out.DropRows, nil, user.DropRows)
	out.Lookup = append(slices.Clone(out.Lookup), user.Lookup...)
	out.KeepIdentical = out.KeepIdentical || user.KeepIdentical
	if user.TimeFormat != "" {
		out.TimeFormat = user.TimeFormat
	}
	if user.SourceTimezone != "" {
		out.SourceTimezone = user.SourceTimezone
	}
	if user.SnapshotAt != "" {
		out.SnapshotAt = user.SnapshotAt
	}
	if user.Newest != nil {
		out.Newest = user.Newest
	}
	if user.UntilNext != nil {
		out.UntilNext = user.UntilNext
	}
	return out
}

// without copies a map, leaves out what the user gives under any key, and lays his own over it.
func without[V any](profile map[string]V, own map[string]bool, user map[string]V) map[string]V {
	out := map[string]V{}
	for name, v := range profile {
		if !own[name] {
			out[name] = v
		}
	}
	maps.Copy(out, user)
	if len(out) == 0 {
		return nil
	}
	return out
}
