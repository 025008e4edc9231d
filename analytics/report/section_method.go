package report

import (
	"context"
	"html/template"
	"strconv"
	"strings"
)

// methodSection is how the numbers came about, and the words of the page: what each number means and when it misleads.
type methodSection struct {
	Method   []entry
	Glossary []glossaryGroup
	RunID    string
	Config   string
	Seed     string
}

type entry struct{ Term, Text T }

// glossaryGroup is the words of one part of the page.
type glossaryGroup struct {
	Name  T
	Words []glossaryWord
}

type glossaryWord struct {
	ID                   string
	Term, Text, Misleads T
}

func loadMethod(ctx context.Context, p *page) (any, error) {
	s := methodSection{Method: p.entries("method"), Glossary: p.glossary()}
	f, _, err := p.fetch(ctx, "audit.runs")
	if err != nil {
		return nil, err
	}
	if f != nil {
		s.RunID, s.Config = textsOf(f, "run_id")[0], textsOf(f, "config_sha256")[0]
		if f.Has("seed") {
			s.Seed = strconv.FormatInt(f.Int64("seed")[0], 10)
		}
	}
	return s, nil
}

// entries are the numbered texts of a group: terms.0.term, terms.0.text, terms.1.term, …
func (p *page) entries(group string) []entry {
	var out []entry
	for i := 0; ; i++ {
		key := group + "." + strconv.Itoa(i)
		if !p.texts.Has(key + ".term") {
			return out
		}
		out = append(out, entry{p.leaf(key + ".term"), p.leaf(key + ".text")})
	}
}

// leaf is the text of a key.
func (p *page) leaf(key string) T { return p.texts.each(func(w *words) string { return w.text[key] }) }

func (p *page) glossary() []glossaryGroup {
	var out []glossaryGroup
	for i := range p.entries("terms") {
		key := "terms." + strconv.Itoa(i)
		if p.texts.Has(key+".group") || len(out) == 0 {
			out = append(out, glossaryGroup{Name: p.leaf(key + ".group")})
		}
		g := &out[len(out)-1]
		g.Words = append(g.Words, glossaryWord{ID: wordAnchor(p.leaf(key + ".id").En), Term: p.leaf(key + ".term"), Text: p.leaf(key + ".text"), Misleads: p.leaf(key + ".misleads")})
	}
	return out
}

func wordAnchor(id string) string { return "w-" + anchor(id) }

// explained is, for each text of the page that the glossary explains, the place of the explanation.
func (t *Texts) explained() map[string]string {
	out := map[string]string{}
	for i := 0; t.Has("terms." + strconv.Itoa(i) + ".term"); i++ {
		key := "terms." + strconv.Itoa(i)
		for _, of := range strings.Fields(t.en.text[key+".keys"]) {
			out[of] = wordAnchor(t.en.text[key+".id"])
		}
	}
	return out
}

// explanation is the link from a heading to what it means; the word there is the name of the link.
func explanation(at string) template.HTML {
	return template.HTML(`<a class="what" href="#` + at + `" aria-labelledby="` + at + `"></a>`) //nolint:gosec // our own anchor
}
