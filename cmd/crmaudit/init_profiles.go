package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"crmaudit/analytics/ingest"
)

// vendors is the files that init has recognised as exports of vendors.
type vendors []ingest.Recognised

// recognise takes the files of vendors' exports into the draft.
func (d *draft) recognise(found []string) error {
	d.vendors = ingest.Recognise(found)
	for i := range d.vendors {
		r := &d.vendors[i]
		for _, g := range r.Gives {
			if g.Problem != "" {
				continue
			}
			guess := ingest.Guessed{Path: r.Path, Dialect: r.Dialect, Input: g.Input, Confidence: 1, Found: r.Columns, Columns: map[string]string{}, Constants: map[string]string{}}
			for _, column := range g.Columns {
				guess.Columns[column] = column
			}
			if err := d.add(guess, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// knows tells whether the file is one of them. One that a profile cannot read after all is left to the guess.
func (v vendors) knows(path string) bool {
	return slices.ContainsFunc(v, func(r ingest.Recognised) bool {
		if r.Path != path {
			return false
		}
		return len(r.Gives) == 0 || slices.ContainsFunc(r.Gives, func(g ingest.Given) bool { return g.Problem == "" })
	})
}

// doubt says why a guess is not to be used before somebody has confirmed it: the file lies in the folder of a vendor's export, and either that export
// gives the input already or no column surely names the customer. "" when there is no doubt.
func (v vendors) doubt(g ingest.Guessed) string {
	for _, r := range v {
		if !v.knows(r.Path) || filepath.Dir(r.Path) != filepath.Dir(g.Path) {
			continue
		}
		id := "customer_id"
		if source := g.Columns[id]; source != "" {
			id = source
		}
		switch {
		case slices.ContainsFunc(r.Gives, func(x ingest.Given) bool { return x.Input == g.Input && x.Problem == "" }) && g.Input != "events" && g.Input != "message_events":
			return fmt.Sprintf("%s gives %s already, and this is no file that its profile knows", r.Profile.Title, g.Input)
		case !ingest.NamesCustomer(id):
			return fmt.Sprintf("it lies beside the export of %s, and the column %s hardly names the customer", r.Profile.Title, id)
		}
	}
	return ""
}

// profiles lists the vendors' profiles, each once, in the order of the files.
func (v vendors) profiles() []*ingest.Profile {
	var out []*ingest.Profile
	for _, r := range v {
		if v.knows(r.Path) && !slices.Contains(out, r.Profile) {
			out = append(out, r.Profile)
		}
	}
	return out
}

// events lists what the profiles say of their events, as far as the data have them; in a draft before the data are read, all.
func (v vendors) events(of func(*ingest.Profile) []string, names []string) []string {
	var out []string
	for _, p := range v.profiles() {
		for _, name := range of(p) {
			if (len(names) == 0 || slices.Contains(names, name)) && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// render writes what the profiles are and cannot tell, as comments.
func (v vendors) render(line func(string, ...any), d *draft) {
	for _, p := range v.profiles() {
		line("# %s: %s", p.Title, p.About.In(d.language))
		for _, g := range p.Cannot {
			if d.gives(g.Input) {
				continue
			}
			line("#   - %s: %s", g.Input, g.In(d.language))
		}
	}
	if len(v.profiles()) > 0 {
		line("")
	}
}

// gives tells whether some file of the draft fills the whole input; a gap of a column stands whatever is given.
func (d *draft) gives(input string) bool {
	return slices.ContainsFunc(d.files, func(f draftFile) bool { return f.guess.Input == input })
}

func (f draftFile) renderVendor(line func(string, ...any)) {
	parts := ""
	if f.parts > 1 {
		parts = fmt.Sprintf(", %d files", f.parts)
	}
	line("    # %s%s; the file %s of %s by its %s", comment(f.guess.Dialect.String()), parts, f.vendor.File.File, f.vendor.Profile.Title, comment(f.vendor.Why))
	line("    - path: %s", yamlText(f.path))
	line("      profile: %s   # columns, values and the rest; keys given here win", f.vendor.Profile.Name)
}

// explain says by what every file was recognised.
func (v vendors) explain(b *strings.Builder, d *draft) {
	for _, r := range v {
		path, err := relativeTo(filepath.Dir(d.out), r.Path)
		if err != nil {
			path = r.Path
		}
		var gives, problems []string
		for _, g := range r.Gives {
			if g.Problem == "" {
				gives = append(gives, g.Input)
			} else {
				problems = append(problems, fmt.Sprintf("not for %s: %s", g.Input, g.Problem))
			}
		}
		use := strings.Join(gives, ", ")
		if len(r.Gives) == 0 {
			use = "needs no entry"
		}
		fmt.Fprintf(b, "%s: %s, %s: %s (%s)\n", printable(path), r.Profile.Title, r.File.File, use, printable(r.Why))
		for _, p := range problems {
			fmt.Fprintf(b, "  ? %s\n", printable(p))
		}
	}
}

// explainGaps says what the vendors' exports cannot tell.
func (d *draft) explainGaps(b *strings.Builder, given map[string]bool) error {
	var names []string
	titles := map[string]string{}
	for _, p := range d.vendors.profiles() {
		names = append(names, p.Name)
		titles[p.Name] = p.Title
	}
	rows, err := gaps(names, given)
	if err != nil {
		return err
	}
	for i, row := range rows {
		input, name, _ := strings.Cut(row.Input, " of ")
		if i == 0 || !strings.HasSuffix(rows[i-1].Input, " of "+name) {
			fmt.Fprintf(b, "\nWhat the export of %s cannot tell:\n", titles[name])
		}
		ru, en, _ := strings.Cut(row.Note, " ‖ ")
		if d.language == "ru" {
			en = ru
		}
		fmt.Fprintf(b, "  - %s: %s\n", input, en)
	}
	return nil
}

// renderScenarios writes the scenarios that the exports name, as comments: with names alone the audit knows no more, but it reads better, and a role, a priority
// and the stages that somebody adds make it sharper.
func (v vendors) renderScenarios(line func(string, ...any)) {
	for _, r := range v {
		names := r.ScenarioNames()
		if len(names) == 0 {
			continue
		}
		line("")
		line("#scenarios:                    # names from %s: take the # away; a role, a priority and the stages spoken to make the audit sharper (`crmaudit help config`)", comment(filepath.Base(r.Path)))
		for _, n := range names {
			line("#  - {id: %s, name: %s}", yamlText(n[0]), yamlText(n[1]))
		}
		return // one list: two would be the same key twice
	}
}
