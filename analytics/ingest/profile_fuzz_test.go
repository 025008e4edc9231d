package ingest

import (
	"os"
	"path/filepath"
	"testing"
)

// Whatever the bytes are, reading a profile ends, and a profile that it accepts can be applied to any columns.
func FuzzParseProfile(f *testing.F) {
	text, err := os.ReadFile("profiles/klaviyo.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, "event.csv", "person_id", "type")
	f.Add([]byte("profile: a\nfiles: [{file: x, match: {columns: [[]]}}]"), "", "", "")
	f.Add([]byte("profile: a\ntitle: b\nabout: {ru: x, en: y}\nfiles: [{file: x, match: {columns: [a.b]}, inputs: {events: [{first_of: {name: ['=']}, lookup: [{file: x, on: {a: b}}]}]}}]"), "x.csv", "a", "b")
	f.Fuzz(func(t *testing.T, text []byte, name, first, second string) {
		p, err := ParseProfile(text)
		if err != nil {
			return
		}
		x := expander{base: ".", folders: map[string][]neighbour{filepath.Dir(name): {{path: name + "2", stem: fileStem(name), columns: []string{first, second}}}}}
		columns := []string{first, second}
		for _, file := range p.Files {
			for input, mappings := range file.Inputs {
				p.kind(name, columns, input)
				p.nearest(name, columns, input)
				for _, m := range mappings {
					x.apply(p, m, columns, Found{Path: name})
				}
			}
		}
	})
}
