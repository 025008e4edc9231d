package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"crmaudit/analytics"
)

// The YAML decoder with KnownFields stops at its own view of a mistake and speaks of Go types. This walk compares the document with the Go
// type itself, so that all unknown keys, repeated keys and type mistakes come out at once, each with its line, its place and what is
// allowed there; on the way it notes the line of every path for the mistakes that the checks of meaning find later.

// maxConfigBytes bounds audit.yaml: the largest honest one is a few hundred kilobytes.
const maxConfigBytes = 4 << 20

// mistake is one thing wrong in the configuration. Path is the place in the document ("lifecycle.stages[2].when").
type mistake struct {
	line int
	path string
	text string
}

// document is a parsed YAML file with the line of every path in it.
type document struct {
	file     string
	root     *yaml.Node
	lines    map[string]int
	mistakes []mistake
}

// configError is all mistakes of one file.
type configError struct {
	file     string
	where    string // "in the configuration"
	mistakes []mistake
}

func (e *configError) Error() string { return e.lines() + e.total() }

// lines is the mistakes, one per line: file:line: path: what.
func (e *configError) lines() string {
	var b strings.Builder
	for _, m := range e.mistakes {
		fmt.Fprintf(&b, "%s:%d: ", e.file, m.line)
		if m.path != "" {
			b.WriteString(printable(m.path) + ": ")
		}
		b.WriteString(printable(m.text) + "\n")
	}
	return b.String()
}

func (e *configError) total() string {
	if len(e.mistakes) == 1 {
		return "1 mistake " + e.where
	}
	return fmt.Sprintf("%d mistakes %s", len(e.mistakes), e.where)
}

// err returns the mistakes found so far in the order of the file, each once, or nil.
func (d *document) err() error {
	if len(d.mistakes) == 0 {
		return nil
	}
	return advise(&analytics.UsageError{Err: d.list("in the configuration")}, "`crmaudit help config` describes every key.")
}

func (d *document) list(where string) *configError {
	slices.SortStableFunc(d.mistakes, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.path, b.path), cmp.Compare(a.text, b.text))
	})
	d.mistakes = slices.Compact(d.mistakes)
	return &configError{d.file, where, d.mistakes}
}

// add notes a mistake at path.
func (d *document) add(path, format string, args ...any) {
	d.mistakes = append(d.mistakes, mistake{d.line(path), path, fmt.Sprintf(format, args...)})
}

// line is where path stands. A path without a line of its own (a missing key) takes the line of its nearest ancestor.
func (d *document) line(path string) int {
	for at := path; ; {
		if line, ok := d.lines[at]; ok {
			return line
		}
		cut := strings.LastIndexAny(at, ".[")
		if cut < 0 {
			return 1
		}
		at = at[:cut]
	}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s+)?line (\d+): `)

// parseDocument reads one YAML document and refuses what a configuration has no use for: several documents, anchors, aliases, merges.
func parseDocument(file string, text []byte) (*document, error) {
	d := &document{file: file, lines: map[string]int{"": 1}}
	switch {
	case len(text) > maxConfigBytes:
		d.add("", "the file has %d bytes: a configuration has at most %d", len(text), maxConfigBytes)
	case slices.Contains(text, 0):
		d.add("", "the file is binary or UTF-16: audit.yaml is UTF-8 text")
	case !utf8.Valid(text):
		line := 1 + strings.Count(string(text[:invalidAt(text)]), "\n")
		d.mistakes = append(d.mistakes, mistake{line, "", "not UTF-8: save the file as UTF-8"})
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	var root yaml.Node
	if err := decoder.Decode(&root); err != nil {
		line, what := 1, strings.TrimPrefix(err.Error(), "yaml: ")
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1])
			what = strings.TrimPrefix(err.Error(), m[0])
		}
		switch {
		case what == "EOF":
			what = "the file is empty: it needs at least version, period and sources"
		case strings.Contains(what, "cannot start any token") && hasTabIndent(text):
			what = "not valid YAML: a tab is used for indentation: use blanks"
		default:
			what = "not valid YAML: " + what
		}
		d.mistakes = append(d.mistakes, mistake{line, "", what})
		return nil, d.err()
	}
	if err := decoder.Decode(new(yaml.Node)); err == nil {
		d.add("", "the file holds more than one YAML document: one audit.yaml is one document")
	}
	d.root = root.Content[0]
	d.refuseAnchors(d.root)
	return d, d.err()
}

func invalidAt(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(text)
}

func hasTabIndent(text []byte) bool {
	return regexp.MustCompile(`(?m)^ *\t`).Match(text)
}

func (d *document) refuseAnchors(n *yaml.Node) {
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		d.mistakes = append(d.mistakes, mistake{n.Line, "", "anchors and aliases (& and *) are not part of audit.yaml: write the value out"})
	}
	if n.Tag == "!!merge" {
		d.mistakes = append(d.mistakes, mistake{n.Line, "", "merge keys (<<) are not part of audit.yaml: write the values out"})
	}
	for _, c := range n.Content {
		d.refuseAnchors(c)
	}
}

// decode compares the document with the type of out (a pointer to a struct) and decodes what fits into it; the mistakes are in d. Values
// already in out stay where the document says nothing.
func (d *document) decode(out any) {
	d.compare(d.root, reflect.TypeOf(out).Elem(), "")
	if err := d.root.Decode(out); err != nil && len(d.mistakes) == 0 {
		d.add("", "%s", withoutYAML(err))
	}
}

// mistaken tells whether something is wrong with the form of path or of what it stands in, so that its meaning need not be checked.
func (d *document) mistaken(path string) bool {
	return slices.ContainsFunc(d.mistakes, func(m mistake) bool {
		return m.path != "" && (m.path == path || strings.HasPrefix(path, m.path+".") || strings.HasPrefix(path, m.path+"["))
	})
}

func (d *document) compare(n *yaml.Node, t reflect.Type, path string) {
	d.lines[path] = n.Line
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
		return // an empty value leaves the default
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[yaml.Unmarshaler]()) {
		if err := n.Decode(reflect.New(t).Interface()); err != nil {
			d.add(path, "%s", withoutYAML(err))
		}
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		fields := structFields(t)
		if n.Kind != yaml.MappingNode {
			d.add(path, "must be a mapping of %s, not %s", strings.Join(fieldNames(t), ", "), kindName(n))
			return
		}
		d.eachKey(n, path, func(key string, at *yaml.Node, value *yaml.Node) {
			field, ok := fields[key]
			if !ok {
				d.unknownKey(at, path, key, fieldNames(t))
				return
			}
			d.compare(value, field, join(path, key))
		})
	case reflect.Map:
		if n.Kind != yaml.MappingNode {
			d.add(path, "must be a mapping, not %s", kindName(n))
			return
		}
		d.eachKey(n, path, func(key string, _ *yaml.Node, value *yaml.Node) { d.compare(value, t.Elem(), join(path, key)) })
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			d.add(path, "must be a list such as [a, b], not %s", kindName(n))
			return
		}
		for i, item := range n.Content {
			d.compare(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		if n.Kind != yaml.ScalarNode {
			d.add(path, "must be %s, not %s", wanted(t), kindName(n))
			return
		}
		value := reflect.New(t)
		err := n.Decode(value.Interface())
		if whole := value.Elem().CanInt() || value.Elem().CanUint(); err != nil || whole && n.ShortTag() != "!!int" { // the decoder would cut 2.5 to 2
			d.add(path, "must be %s, not %q", wanted(t), shorten(n.Value))
			return
		}
		if f := value.Elem(); f.CanFloat() && (math.IsNaN(f.Float()) || math.IsInf(f.Float(), 0)) {
			d.add(path, "must be a finite number, not %q", n.Value)
		}
	}
}

// eachKey visits the pairs of a mapping and refuses keys that are not plain text or stand twice.
func (d *document) eachKey(n *yaml.Node, path string, visit func(key string, at, value *yaml.Node)) {
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.mistakes = append(d.mistakes, mistake{key.Line, path, "a key must be plain text"})
			continue
		}
		if line, ok := first[key.Value]; ok {
			d.mistakes = append(d.mistakes, mistake{key.Line, join(path, key.Value), fmt.Sprintf("the key stands twice, first in line %d: keep one", line)})
			continue
		}
		first[key.Value] = key.Line
		visit(key.Value, key, value)
	}
}

func (d *document) unknownKey(at *yaml.Node, path, key string, allowed []string) {
	where := path
	if where == "" {
		where = "the top level"
	}
	text := fmt.Sprintf("unknown key %q in %s", shorten(key), where)
	if near := analytics.Nearest(key, allowed); near != "" {
		text += fmt.Sprintf(", did you mean %q?", near)
	} else {
		text += ":"
	}
	d.mistakes = append(d.mistakes, mistake{at.Line, "", text + " allowed: " + strings.Join(allowed, ", ")})
}

// structFields gives the type of every YAML key of a struct, inlined structs included.
func structFields(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for f := range visibleFields(t) {
		fields[f.key] = f.typ
	}
	return fields
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for f := range visibleFields(t) {
		names = append(names, f.key)
	}
	return names
}

type yamlField struct {
	key string
	typ reflect.Type
}

func visibleFields(t reflect.Type) func(yield func(yamlField) bool) {
	return func(yield func(yamlField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			switch {
			case !f.IsExported() || name == "-":
				continue
			case options == "inline" && f.Type.Kind() == reflect.Struct:
				for inner := range visibleFields(f.Type) {
					if !yield(inner) {
						return
					}
				}
				continue
			case name == "":
				name = strings.ToLower(f.Name)
			}
			if !yield(yamlField{name, f.Type}) {
				return
			}
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("the value %q", shorten(n.Value))
}

func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number, 0 or more"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	}
	return "text"
}

// shorten keeps a message readable when the value is absurdly long.
func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// withoutYAML takes the library's name and its line prefix off a message.
func withoutYAML(err error) string {
	if te, ok := errors.AsType[*yaml.TypeError](err); ok {
		return regexp.MustCompile(`line \d+: `).ReplaceAllString(strings.Join(te.Errors, "; "), "")
	}
	return yamlLine.ReplaceAllString(err.Error(), "")
}
