package report

import (
	"context"
	"strconv"
)

// methodSection is how the numbers came about, and the words of the page.
type methodSection struct {
	Method, Glossary []entry
	RunID, Config    string
	Seed             string
}

type entry struct{ Term, Text T }

func loadMethod(ctx context.Context, p *page) (any, error) {
	s := methodSection{Method: p.entries("method"), Glossary: p.entries("glossary")}
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

// entries are the numbered texts of a group: glossary.0.term, glossary.0.text, glossary.1.term, …
func (p *page) entries(group string) []entry {
	var out []entry
	for i := 0; ; i++ {
		key := group + "." + strconv.Itoa(i)
		if !p.texts.Has(key + ".term") {
			return out
		}
		get := func(leaf string) T { return p.texts.each(func(w *words) string { return w.text[key+leaf] }) }
		out = append(out, entry{get(".term"), get(".text")})
	}
}
