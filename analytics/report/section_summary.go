package report

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"unicode/utf8"

	"crmaudit/analytics"
)

// header is what the audit looked at.
type header struct {
	Name, Period, Zone, Version T
	Facts                       []fact
}

type fact struct {
	Label T
	Value cell
}

func (p *page) header(ctx context.Context) (header, error) {
	ui := func(key string) T { return p.word(key) }
	h := header{Name: plain(Shown(p.opt.Name)), Zone: plain(Shown(p.opt.Timezone)), Version: plain(Shown(p.opt.Version))}
	if h.Name.Ru == "" {
		h.Name = ui("title")
	}
	if !p.opt.From.IsZero() && !p.opt.To.IsZero() {
		from, to := day(p.opt.From), day(p.opt.To.AddDate(0, 0, -1))
		h.Period = T{Ru: from.Ru + " – " + to.Ru, En: from.En + " – " + to.En}
	}
	// Before the reductions of core there is the count of the load.
	count := map[string]float64{}
	sources, _, err := p.fetch(ctx, "audit.sources")
	if err != nil {
		return h, err
	}
	if sources != nil {
		rows := numbersOf(sources, "rows_loaded")
		for i, input := range sources.String("input") {
			count[input] += rows[i]
		}
	}
	totals, _, err := p.fetch(ctx, "core.red_totals")
	if err != nil {
		return h, err
	}
	if totals != nil {
		rows := numbersOf(totals, "row_count")
		for i, input := range totals.String("input") {
			count[input] = rows[i]
		}
	}
	for _, input := range []string{"customers", "messages", "orders", "events"} {
		if n := count[input]; n > 0 {
			label := p.texts.Name("inputs", input)
			if input == "customers" {
				label = ui("customers_in_base")
			}
			h.Facts = append(h.Facts, fact{label, p.fact(n, "")})
		}
	}
	if sources != nil {
		h.Facts = append(h.Facts, fact{ui("sources_read"), p.fact(float64(sources.Len()), "")})
	}
	return h, nil
}

// summary is the first screen: what was looked at, what to do first, and what could not be answered.
type summary struct {
	Looked         T // what the data could answer
	Top            []important
	Rest           T // how many hypotheses more there are
	Calm           T // nothing stands out
	Totals         []T
	Unanswered     []coverageRow
	UnansweredMore T
}

// important is one of the three to five things to do first.
type important struct {
	Title, What T
	Money       cell
	MoneyLabel  T
	Grade       string
	GradeText   T
	Horizon     T
	Link        string
}

const (
	mostImportant  = 5
	mostUnanswered = 4
)

func loadSummary(ctx context.Context, p *page) (any, error) {
	var s summary
	hs, absent, err := p.hypotheses(ctx)
	if err != nil {
		return nil, err
	}
	told := map[string]bool{}
	for _, h := range hs {
		told[h.kind+"\x00"+h.subject] = true
	}
	for _, h := range doFirst(hs) {
		i := important{Title: h.Title, What: T{firstSentences(h.Change.Ru), firstSentences(h.Change.En)}, Money: h.Money, MoneyLabel: h.MoneyLabel, Grade: h.Grade, GradeText: h.GradeText, Horizon: h.Horizon, Link: h.Anchor}
		if i.Money.Value == (T{}) && h.HasEffect { // its money is not known: the shift of the metric instead
			i.Money, i.MoneyLabel = h.Effect, joined(p.word("expected_shift"), ": ", h.Metric)
		}
		s.Top = append(s.Top, i)
	}
	if n := len(hs) - len(s.Top); len(s.Top) > 0 && n > 0 {
		s.Rest = p.say("summary_rest", map[string]T{"count": p.texts.each(func(w *words) string { return w.count(int64(n), "hypothesis") })})
	}
	findings, _, err := p.findings(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, f := range findings { // what is wrong without a hypothesis; notices are no reason for alarm
		if len(s.Top) == mostImportant || f.Exploratory || f.Severity == "notice" || told[f.kind+"\x00"+f.subject] {
			continue
		}
		s.Top = append(s.Top, important{Title: f.Title, What: T{firstSentences(f.Text.Ru), firstSentences(f.Text.En)}, GradeText: f.SeverityText, Link: f.Anchor})
	}
	if len(s.Top) == 0 {
		s.Calm = absent
		switch {
		case len(hs) > 0:
			s.Calm = p.say("nothing_confirmed", map[string]T{"count": p.texts.each(func(w *words) string { return w.count(int64(len(hs)), "hypothesis") })})
		case p.empty("analytics.hypotheses"):
			s.Calm = p.word("nothing_found")
		}
	} else if s.Totals, err = p.backlogTotals(ctx); err != nil {
		return nil, err
	} else if different, err := p.standsOut(ctx); err != nil {
		return nil, err
	} else if !different {
		s.Calm = p.word("nothing_stands_out")
	}
	rows, _, err := p.coverage(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if !r.Present {
			s.Unanswered = append(s.Unanswered, r)
		}
	}
	if len(rows) > 0 {
		s.Looked = p.say("looked_at", map[string]T{"asked": p.count(int64(len(rows))), "answered": p.count(int64(len(rows) - len(s.Unanswered)))})
	}
	if n := len(s.Unanswered) - mostUnanswered; n > 0 {
		s.Unanswered = s.Unanswered[:mostUnanswered]
		s.UnansweredMore = p.say("unanswered_more", map[string]T{"count": p.count(int64(n))})
	}
	return s, nil
}

// doFirst are the hypotheses of the first screen, of rows in their rank; see analytics.DoFirst.
func doFirst(rows []hypothesisRow) []*hypothesisRow {
	all := make([]*hypothesisRow, len(rows))
	for i := range rows {
		all[i] = &rows[i]
	}
	return analytics.DoFirst(all, mostImportant,
		func(r *hypothesisRow) bool { return !r.Exploratory && r.Overlaps == "" },
		func(r *hypothesisRow) bool { return r.Money.Value != (T{}) || r.HasEffect })
}

// firstSentences are the sentences of a text up to some 130 characters, at least one; a point inside of a number or an abbreviation ends none.
func firstSentences(s string) string {
	end := 0
	for _, m := range sentenceEnd.FindAllStringIndex(s, -1) {
		if end > 0 && utf8.RuneCountInString(s[:m[0]]) > 130 {
			break
		}
		end = m[0] + 1
	}
	if end == 0 {
		return s
	}
	return s[:end]
}

// sentenceEnd is a point before a capital letter or a number.
var sentenceEnd = regexp.MustCompile(`\. [\p{Lu}«“"\d]`)

// findingRow is one statement of analytics.findings.
type findingRow struct {
	Title, Text, SeverityText, VerdictText T
	Severity, Anchor, SQL                  string
	Exploratory                            bool
	Q                                      T
	kind, subject                          string
	More                                   T // instead of a finding: how many are only in the database
}

const (
	mostOfKind   = 6  // findings of one kind in a section
	mostFindings = 20 // findings in a section
)

// blockFindings are the findings of a block that stand in its section: confirmed before exploratory, worst first, not more than some of one kind.
func (p *page) blockFindings(ctx context.Context, block string) ([]findingRow, T, error) {
	rows, absent, err := p.findings(ctx, block)
	slices.SortStableFunc(rows, func(a, b findingRow) int { return bit(a.Exploratory) - bit(b.Exploratory) })
	ofKind := map[string]int{}
	var out []findingRow
	for _, r := range rows {
		if ofKind[r.kind] < mostOfKind && len(out) < mostFindings {
			out = append(out, r)
		}
		ofKind[r.kind]++
	}
	return p.cutFindings(out, len(rows)), absent, err
}

// cutFindings says at the end of a list how many findings more there are.
func (p *page) cutFindings(rows []findingRow, total int) []findingRow {
	if n := total - len(rows); n > 0 {
		rows = append(slices.Clone(rows), findingRow{More: p.say("findings_more", map[string]T{"count": p.count(int64(n))})})
	}
	return rows
}

// findings reads the statements of a block (all blocks: ""), worst first.
func (p *page) findings(ctx context.Context, block string) ([]findingRow, T, error) {
	f, absent, err := p.fetch(ctx, "analytics.findings")
	if f == nil {
		if p.empty("analytics.findings") {
			absent = p.word("findings_none")
		}
		return nil, absent, err
	}
	id, blocks, kind, subject, severity := f.String("finding_id"), f.String("block"), f.String("kind"), f.String("subject"), f.String("severity")
	subjectType, verdict, exploratory := textsOf(f, "subject_type"), textsOf(f, "verdict"), flagsOf(f, "exploratory")
	ru, en, sql, q := f.String("text_ru"), f.String("text_en"), f.String("evidence_sql"), numbersOf(f, "q_value")
	var out []findingRow
	for i := range id {
		if block != "" && blocks[i] != block {
			continue
		}
		r := findingRow{Text: T{ru[i], en[i]}, Severity: severity[i], SeverityText: p.texts.Name("severities", severity[i]), Anchor: anchor(id[i]),
			SQL: safeSQL(sql[i]), Exploratory: exploratory[i], kind: kind[i], subject: subject[i]}
		r.Title = p.texts.each(func(w *words) string {
			return upperFirst(w.name("kinds", kind[i])) + ": " + w.subject(subjectType[i], subject[i])
		})
		if verdict[i] != "" {
			r.VerdictText = p.texts.Name("verdicts", verdict[i])
		}
		if q[i] == q[i] {
			r.Q = p.texts.each(func(w *words) string { return w.pvalue("q", q[i]) })
		}
		out = append(out, r)
	}
	rank := map[string]int{"critical": 0, "warning": 1, "notice": 2}
	slices.SortStableFunc(out, func(a, b findingRow) int {
		return cmp.Or(cmp.Compare(rank[a.Severity], rank[b.Severity]), cmp.Compare(a.Anchor, b.Anchor))
	})
	return out, absent, nil
}

// anchor is an id of the page made of an identifier: letters, digits and hyphens only.
func anchor(id string) string {
	b := []byte(id)
	for i, c := range b {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-') {
			b[i] = '-'
		}
	}
	return string(b)
}
