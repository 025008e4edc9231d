package duplicates

import (
	"hash/fnv"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// shingleWords is how many words in a row make one shingle: fewer and common phrases make everything alike, more and one changed word costs too much.
const shingleWords = 3

// mostWords is how many words of a text are looked at.
const mostWords = 2000

var (
	hidden       = regexp.MustCompile(`(?is)<!--.*?-->|<(style|script|head)\b.*?</(style|script|head)\s*>`)
	tag          = regexp.MustCompile(`(?s)<[/!a-zA-Z][^<>]*>`)
	placeholders = regexp.MustCompile(`(?s)\{\{.*?\}\}|\{%.*?%\}|\$\{[^{}]*\}|\[\[.*?\]\]|\*\|.*?\|\*|%%[^%\s]+%%`)
	addresses    = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
)

// words returns the stems of a text in its order: tags, hidden parts, placeholders of personalisation and addresses are left out, letters are made small, words past mostWords are not read,
// ё is е. A word in Cyrillic letters is stemmed as Russian, one in Latin letters as English; numbers and other scripts stay as they are.
func (c stems) words(text string) []string {
	if strings.ContainsRune(text, '<') {
		text = tag.ReplaceAllString(hidden.ReplaceAllString(text, " "), " ")
	}
	text = addresses.ReplaceAllString(placeholders.ReplaceAllString(html.UnescapeString(text), " "), " ")
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	fields = fields[:min(len(fields), mostWords)]
	for i, w := range fields {
		fields[i] = c.stem(w)
	}
	return fields
}

// stems remembers the stem of every word met: texts of one company repeat themselves.
type stems map[string]string

func (c stems) stem(word string) string {
	s, ok := c[word]
	if !ok {
		s = stem(word)
		c[word] = s
	}
	return s
}

func stem(word string) string {
	word = strings.ReplaceAll(word, "ё", "е")
	for _, r := range word {
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			return russian.Stem(word, true)
		case unicode.Is(unicode.Latin, r):
			return english.Stem(word, true)
		}
	}
	return word
}

// shingles returns the set of all runs of three stems of the texts, as sorted hashes; a text of fewer words is one shingle. No run crosses the border of
// two texts. Empty texts have none.
func (c stems) shingles(texts ...string) []uint64 {
	var out []uint64
	for _, text := range texts {
		w := c.words(text)
		if len(w) == 0 {
			continue
		}
		n := min(len(w), shingleWords)
		for i := 0; i+n <= len(w); i++ {
			h := fnv.New64a()
			// A hash never fails to write.
			_, _ = h.Write([]byte(strings.Join(w[i:i+n], " ")))
			out = append(out, h.Sum64())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// jaccard returns the share of common members of two sorted sets, 0..1; two empty sets have nothing in common that is known: 0.
func jaccard(a, b []uint64) float64 {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
