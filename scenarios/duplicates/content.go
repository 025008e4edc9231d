package duplicates

import (
	"hash/fnv"
	"math"
	"slices"
)

// What a similarity of content rests on.
const (
	sourceText     = "text"
	sourceHash     = "hash"
	sourceTemplate = "template"
	sourceUnknown  = "unknown"
)

// library compares templates: once per pair of them, however many scenarios use them.
type library struct {
	templates map[string]Template
	sets      map[string][]uint64 // shingles of templates with words
	known     map[[2]string]float64
}

// A shingle that more than commonShare of the different texts have, and more than commonLeast of them, is part of the frame (footer, greeting, address)
// and says nothing about what a message is about.
const (
	commonShare = .3
	commonLeast = 10
)

// newLibrary takes words from subject and text and, where neither is given, from the name.
func newLibrary(templates map[string]Template) *library {
	l := &library{templates: templates, sets: map[string][]uint64{}, known: map[[2]string]float64{}}
	different, users, c := map[uint64]bool{}, map[uint64]int{}, stems{}
	for id, t := range templates {
		set := c.shingles(t.Subject, t.Text)
		if len(set) == 0 {
			set = c.shingles(t.Name)
		}
		if len(set) == 0 {
			continue
		}
		l.sets[id] = set
		if key := fingerprint(set); !different[key] {
			different[key] = true
			for _, s := range set {
				users[s]++
			}
		}
	}
	limit := max(commonLeast, int(commonShare*float64(len(different))))
	for id, set := range l.sets {
		rest := slices.DeleteFunc(slices.Clone(set), func(s uint64) bool { return users[s] > limit })
		if len(rest) > 0 {
			l.sets[id] = rest
		}
	}
	return l
}

func fingerprint(set []uint64) uint64 {
	h := fnv.New64a()
	for _, s := range set {
		var b [8]byte
		for i := range b {
			b[i] = byte(s >> (8 * i))
		}
		// A hash never fails to write.
		_, _ = h.Write(b[:])
	}
	return h.Sum64()
}

// similar returns how much two templates say the same, 0..1: 1 for one template or one content hash, else the share of common shingles, else 0.
func (l *library) similar(a, b string) float64 {
	if a == b {
		return 1
	}
	if b < a {
		a, b = b, a
	}
	if s, ok := l.known[[2]string{a, b}]; ok {
		return s
	}
	s := 0.
	if h := l.templates[a].Hash; h != "" && h == l.templates[b].Hash {
		s = 1
	} else {
		s = jaccard(l.sets[a], l.sets[b])
	}
	l.known[[2]string{a, b}] = s
	return s
}

// share is a template with its share of the messages of a step.
type share struct {
	template string
	share    float64
}

// stepSimilar compares what two steps send: every message with the most similar template of the other side, both ways, averaged. Two steps with the same variants
// are 1, whatever the shares of the variants.
func (l *library) stepSimilar(a, b []share) float64 {
	oneWay := func(a, b []share) float64 {
		s := 0.
		for _, x := range a {
			best := 0.
			for _, y := range b {
				best = math.Max(best, l.similar(x.template, y.template))
			}
			s += x.share * best
		}
		return s
	}
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	return (oneWay(a, b) + oneWay(b, a)) / 2
}

// source names what comparisons of these templates rest on, the surest first.
func (l *library) source(steps []step) string {
	found := sourceUnknown
	for _, s := range steps {
		for _, c := range s.contents {
			switch {
			case len(l.sets[c.template]) > 0:
				return sourceText
			case l.templates[c.template].Hash != "":
				found = sourceHash
			case found == sourceUnknown:
				found = sourceTemplate
			}
		}
	}
	return found
}

// contentSimilar aligns the steps of two chains in order so that the sum of their similarities is greatest, and returns
//
//	C = 2 * sum / (steps of a + steps of b)
//
// in 0..1: the mean over the steps of both chains, a step without a counterpart counting 0. Without steps it is NaN.
func (l *library) contentSimilar(a, b []step) float64 {
	if len(a) == 0 || len(b) == 0 {
		return math.NaN()
	}
	best := make([]float64, len(b)+1) // best[j]: of the steps of a so far and the first j of b
	for i := range a {
		corner := 0.
		for j := range b {
			up := best[j+1]
			best[j+1] = math.Max(math.Max(up, best[j]), corner+l.stepSimilar(a[i].contents, b[j].contents))
			corner = up
		}
	}
	return 2 * best[len(b)] / float64(len(a)+len(b))
}
