package report

import (
	"regexp"
	"strings"
)

// The tables hold reasons of rejects and notes of tests as English sentences with the found values in them: one text for every reader of the
// database. The page needs them in its own language, so a sentence is traced back to its code here, and the code's text in texts/*.yaml is filled
// with the values. A sentence that is not known (of a database by another version) is shown as it is.

// phrase is one sentence of the tables: its code in texts/*.yaml and its shape. Named groups are the placeholders of the text.
type phrase struct {
	code  string
	shape *regexp.Regexp
}

func shaped(code, shape string) phrase {
	return phrase{code, regexp.MustCompile(`(?s)^` + shape + `$`)}
}

// rejectPhrases are the reasons of audit.rejects (ingest: FilePlan.Explain and the splitter). The first that fits decides.
var rejectPhrases = []phrase{
	shaped("currency", `money in (?P<found>\S+), the audit counts in (?P<wanted>\S+): give what one .+`),
	shaped("bad_json", `not a JSON object: allowed is one JSON object per line`),
	shaped("none_of", `all empty: one of (?P<columns>.+) is required`),
	shaped("missing", `empty: (?P<column>.+) is required`),
	shaped("absurd", `found (?P<found>".*"): allowed are times from (?P<from>\S+) to before (?P<to>\S+)`),
	shaped("not_allowed", `found (?P<found>".*"): allowed are (?P<allowed>.+) \(map other words under values\.(?P<column>.+)\)`),
	shaped("nested", `found a nested value (?P<found>".*"): allowed is one value; map a part of it as (?P<column>.+)\.key`),
	shaped("before_start", `found (?P<found>".*"), which is before the start of the interval`),
	shaped("time", `found (?P<found>".*"): allowed are ISO 8601, epoch seconds, milliseconds or microseconds, YYYYMMDD; other formats need (?P<key>time_format)`),
	shaped("time_format", `found (?P<found>".*"): allowed are times written as (?P<format>.+)`),
	shaped("number", `found (?P<found>".*"): allowed are numbers such as (?P<example>\S+)`),
	shaped("whole", `found (?P<found>".*"): allowed are whole numbers`),
	shaped("flag", `found (?P<found>".*"): allowed are (?P<allowed>true, false, .+)`),
	shaped("long_line", `the (?:line|record) is longer than (?P<bytes>\d+) bytes`),
	shaped("fields", `the row has (?P<fields>\d+) fields, the header has (?P<wanted>\d+)`),
	shaped("quote_line", `a quote is opened and not closed on the line`),
	shaped("quote", `a quote is opened and never closed`),
	shaped("quote_bytes", `a quote is opened and not closed within (?P<bytes>\d+) bytes`),
	shaped("after_quote", `text after a closing quote`),
	shaped("nul", `a NUL byte in the row`),
	shaped("encoding", `bytes that are no text in the file's encoding`),
}

// notePhrases are the parts of lifecycle.tests.note (lifecycle: fit_matrix.go, and the warnings of suffstat).
var notePhrases = []phrase{
	shaped("periods", `(?P<periods>\d+) periods compared`),
	shaped("pooled", `(?P<periods>\d+) periods pooled into (?P<blocks>\d+) blocks`),
	shaped("order", `order 2 against order 1: does the stage before the present one tell the next`),
	shaped("ages", `age in the stage in bins up to (?P<bins>[\d, ]+) and above, stays of known age`),
	shaped("groups", `(?P<groups>\d+) groups compared`),
	shaped("one_row", `nothing to compare: one row or one column`),
	shaped("no_data", `no data`),
	shaped("few_buckets", `fewer than 20 non-empty buckets: the interval rests on too few groups of customers`),
	shaped("no_variation", `no replicate differs from the estimate: the interval has no width and says nothing about doubt`),
	shaped("not_estimable", `not estimable when one bucket of customers is left out`),
	shaped("small_expected", `some expected counts are below 5: the p-value is approximate`),
}

// translated renders a sentence by its code in both languages; one that no phrase fits stands for itself.
func (t *Texts) translated(group string, phrases []phrase, sentence string) T {
	for _, p := range phrases {
		m := p.shape.FindStringSubmatch(sentence)
		if m == nil || !t.Has(group+"."+p.code) {
			continue
		}
		value := func(name, _ string) (string, bool) {
			i := p.shape.SubexpIndex(name)
			if i < 0 {
				return "", false
			}
			return m[i], true
		}
		return t.each(func(w *words) string { return w.render(w.text[group+"."+p.code], value) })
	}
	return plain(sentence)
}

// rejectReason is a reason of audit.rejects in both languages.
func (t *Texts) rejectReason(reason string) T { return t.translated("rejects", rejectPhrases, reason) }

// testNote is a note of lifecycle.tests in both languages: its parts, one sentence each.
func (t *Texts) testNote(note string) T {
	var ru, en []string
	for _, part := range strings.Split(note, "; ") {
		s := t.translated("test_notes", notePhrases, part)
		ru, en = append(ru, s.Ru), append(en, s.En)
	}
	return T{Ru: strings.Join(ru, ". "), En: strings.Join(en, ". ")}
}
