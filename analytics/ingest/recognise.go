package ingest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Recognised is a file that a vendor's profile knows.
type Recognised struct {
	Path    string
	Profile *Profile
	File    *ProfileFile
	Dialect Dialect
	Columns []string
	Why     string // which columns and which name speak for it
	Gives   []Given
}

// Given is an input that a recognised file fills.
type Given struct {
	Input   string
	Columns []string // columns of the contract that it fills
	Problem string   // why it cannot be read so yet; "" when it can
}

// Recognise looks for files of vendors' exports among paths. A file that other systems have too counts only beside a telling one of the same
// vendor; between vendors that both fit, the one with more evidence and then the one with more files in the list is taken. Files that are no
// vendor's, or cannot be read, are left out. The profile generic is for those who ask for it.
func Recognise(paths []string) []Recognised {
	type candidate struct {
		file    *ProfileFile
		profile *Profile
		points  int
		telling bool
	}
	type looked struct {
		dialect Dialect
		columns []string
		fit     []candidate
	}
	x := expander{folders: map[string][]neighbour{}}
	files := map[string]*looked{}
	support := map[string]int{} // telling files by profile
	for _, path := range paths {
		d, err := Sniff(path, File{Table: "?"})
		if err != nil || d.Kind == DuckDB || d.Kind == Empty {
			continue
		}
		names, err := x.columns(Found{Path: path, Shown: path}, File{}, d)
		if err != nil {
			continue
		}
		l := &looked{dialect: d, columns: names}
		for _, name := range ProfileNames() {
			p, err := ProfileByName(name)
			if err != nil || name == "generic" {
				continue
			}
			f := p.kind(path, names, "")
			if f == nil {
				continue
			}
			points, _ := f.fits(p.Name, fileStem(path), names)
			// Two columns that are called so are no evidence.
			telling := !f.Match.Ordinary && (len(f.Match.Columns) > 2 || f.named(p.Name, fileStem(path)) && len(f.Match.Columns) > 1)
			l.fit = append(l.fit, candidate{f, p, points, telling})
			if telling {
				support[name]++
			}
		}
		files[path] = l
	}
	var out []Recognised
	for _, path := range paths {
		l := files[path]
		if l == nil {
			continue
		}
		best := -1
		weight := func(c candidate) int { return c.points + 2*min(support[c.profile.Name], 5) }
		for i, c := range l.fit {
			if support[c.profile.Name] > 0 && (best < 0 || weight(c) > weight(l.fit[best])) {
				best = i
			}
		}
		if best < 0 {
			continue
		}
		c := l.fit[best]
		r := Recognised{Path: path, Profile: c.profile, File: c.file, Dialect: l.dialect, Columns: l.columns, Why: c.file.why(c.profile.Name, path, l.columns)}
		for _, input := range InputNames() {
			if len(c.file.Inputs[input]) > 0 {
				r.Gives = append(r.Gives, x.try(path, c.profile.Name, input))
			}
		}
		out = append(out, r)
	}
	return out
}

// why words the evidence: the columns by which the file is recognised, and its name.
func (f *ProfileFile) why(profile, path string, names []string) string {
	var columns []string
	for _, c := range f.Match.Columns {
		if name, ok := pick(names, c); ok {
			columns = append(columns, name)
		}
	}
	out := "columns " + strings.Join(columns, ", ")
	if f.named(profile, fileStem(path)) {
		out += "; the name " + filepath.Base(path)
	}
	return out
}

// try binds a file to an input as the profile says.
func (x *expander) try(path, profile, input string) Given {
	out := Given{Input: input}
	spec := Spec{Inputs: map[string][]File{input: {{Path: path, Profile: profile}}}, Zone: time.UTC, BaseDir: ".", folders: x.folders}
	if abs, err := filepath.Abs(path); err == nil {
		spec.Inputs[input][0].Path = abs
	}
	plans, mistakes := Prepare(spec)
	for _, p := range plans {
		if p.Columns == nil { // only the engine knows the types; the names are enough here
			names, err := columnNames(p)
			if err != nil {
				out.Problem = err.Error()
				return out
			}
			cols := make([]SourceColumn, len(names))
			for i, n := range names {
				cols[i] = SourceColumn{Name: n, Type: "VARCHAR"}
			}
			mistakes = append(mistakes, p.Bind(cols)...)
		}
		for _, b := range p.Bound {
			if b.present() && !slices.Contains(out.Columns, b.Column.Name) {
				out.Columns = append(out.Columns, b.Column.Name)
			}
		}
	}
	if len(mistakes) > 0 {
		out.Problem = mistakes[0].What
	} else if len(plans) == 0 {
		out.Problem = fmt.Sprintf("nothing of the file fits %s", input)
	}
	return out
}

// ScenarioNames reads the names of scenarios from a recognised file, by id, in the order of the file, among its first rows; nil when it is not the file that
// has them.
func (r Recognised) ScenarioNames() (out [][2]string) {
	n := r.Profile.Scenarios
	if n == nil || n.File != r.File.File {
		return nil
	}
	var names []string
	var rows [][]string
	var err error
	switch r.Dialect.Kind {
	case CSV:
		names, rows, err = csvHead(r.Path, r.Dialect)
	case NDJSON:
		names, rows, err = jsonHead(r.Path, r.Dialect)
	case Parquet:
		names, rows, err = parquetHead(r.Path)
	}
	id, name := slices.Index(names, n.ID), slices.Index(names, n.Name)
	if err != nil || id < 0 || name < 0 {
		return nil
	}
	for _, row := range rows {
		if max(id, name) < len(row) && row[id] != "" && row[name] != "" && !slices.ContainsFunc(out, func(have [2]string) bool { return have[0] == row[id] }) {
			out = append(out, [2]string{row[id], row[name]})
		}
	}
	return out
}
