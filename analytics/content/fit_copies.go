package content

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What says that two templates have one content, the surest first.
const (
	BasisHash    = "hash"    // the same content_hash
	BasisText    = "text"    // the same words
	BasisSubject = "subject" // the same subject line; neither text nor hash is given
)

// leastWords of a text make its equality a fact about content: "see you soon" in two letters is none.
const leastWords = 5

// Copies are templates with one content under several ids.
type Copies struct {
	Number           int
	Basis            string // the weakest link among them
	Members          []*Template
	Scenarios, Roles []string
	Reuse            string // ByRoles, ByStages; "" when all are used for the same end
	Messages         int64
}

// Name is the ids of the members.
func (c *Copies) Name() string {
	ids := make([]string, len(c.Members))
	for i, t := range c.Members {
		ids[i] = t.ID
	}
	return strings.Join(ids, " = ")
}

var (
	hidden       = regexp.MustCompile(`(?is)<!--.*?-->|<(style|script|head)\b.*?</(style|script|head)\s*>`)
	tag          = regexp.MustCompile(`(?s)<[/!a-zA-Z][^<>]*>`)
	placeholders = regexp.MustCompile(`(?s)\{\{.*?\}\}|\{%.*?%\}|\$\{[^{}]*\}|\[\[.*?\]\]|\*\|.*?\|\*|%%[^%\s]+%%`)
	addresses    = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
)

// Normalised returns the words of a text in small letters, one blank between them: tags, hidden parts, placeholders of personalization, addresses and punctuation are left out; ё is е.
func Normalised(text string) string {
	if strings.ContainsRune(text, '<') {
		text = tag.ReplaceAllString(hidden.ReplaceAllString(text, " "), " ")
	}
	text = addresses.ReplaceAllString(placeholders.ReplaceAllString(html.UnescapeString(text), " "), " ")
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	return strings.ReplaceAll(strings.Join(words, " "), "ё", "е")
}

// copies groups templates that say the same under different ids. Being the same is transitive here: equal hashes, or equal words of text and subject.
func (f *fitter) copies() {
	group := make([]int, len(f.m.Templates)) // the smallest member that says the same
	basis := make([]string, len(f.m.Templates))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	seen := map[string]int{}
	link := func(i int, key, why string) {
		j, ok := seen[key]
		if !ok {
			seen[key] = i
			return
		}
		a, b := find(i), find(j)
		if a != b {
			group[max(a, b)] = min(a, b)
			basis[i] = why
		}
	}
	for i, t := range f.m.Templates {
		if t.Hash != "" {
			link(i, "h"+t.Hash, BasisHash)
		}
	}
	for i, t := range f.m.Templates {
		subject, text := Normalised(t.Subject), Normalised(t.Text.Text)
		switch {
		case strings.Count(text, " ")+1 >= leastWords:
			link(i, "t"+text, BasisText)
		case text == "" && t.Hash == "" && strings.Count(subject, " ")+1 >= leastWords:
			link(i, "s"+subject, BasisSubject)
		}
	}
	members := map[int][]int{}
	for i := range group {
		members[find(i)] = append(members[find(i)], i)
	}
	for i := range group {
		if find(i) == i && len(members[i]) > 1 {
			f.group(members[i], basis)
		}
	}
	slices.SortStableFunc(f.m.Groups, func(a, b *Copies) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), strings.Compare(a.Name(), b.Name()))
	})
	for n, g := range f.m.Groups {
		g.Number = n + 1
	}
}

func (f *fitter) group(at []int, basis []string) {
	g := &Copies{Basis: BasisHash}
	worst := map[string]int{BasisHash: 0, BasisText: 1, BasisSubject: 2}
	for _, i := range at {
		t := f.m.Templates[i]
		t.Copies = g
		g.Members = append(g.Members, t)
		g.Messages += t.Messages
		for _, s := range t.Scenarios {
			g.Scenarios = add(g.Scenarios, s)
		}
		for _, r := range t.Roles {
			g.Roles = add(g.Roles, r)
		}
		if basis[i] != "" && worst[basis[i]] > worst[g.Basis] {
			g.Basis = basis[i]
		}
	}
	slices.SortFunc(g.Members, func(a, b *Template) int { return strings.Compare(a.ID, b.ID) })
	g.Reuse = f.reuse(g.Scenarios, g.Roles)
	f.m.Groups = append(f.m.Groups, g)
}
