package report

import (
	"context"
	"fmt"
	"io"
	"strings"

	"crmaudit/analytics"
)

// ExportFormats are the forms in which Export writes the backlog for people and for trackers, in the order of the help.
func ExportFormats() []string { return []string{"xlsx", "markdown", "jira", "github", "linear"} }

// Export writes the backlog of a finished audit in one language: "ru", "en", or "" for that of the audit. The same hypothesis has the same external key in every quarter: its id, which every format carries
// where the target can search for it. Every number stands with its interval and n, as on the page.
//
//	xlsx      a workbook: backlog, roadmap, findings, coverage, queries; numbers are numbers, texts are never formulas
//	markdown  one document (CommonMark with tables)
//	jira      CSV for Jira's importer: Summary, Description (wiki markup), Issue Type, Priority, External ID, Labels (several columns)
//	github    JSON lines, one issue each {title, body, labels}, for `gh api repos/OWNER/REPO/issues --input -`
//	linear    CSV for Linear's importer: ID, Title, Description (Markdown), Status, Priority, Labels
//
// Names from the data are escaped for the target's markup, and cells of a CSV that a spreadsheet would run as a formula get a leading apostrophe.
// Errors: an unknown format or language, a cancelled context, an audit without analytics.hypotheses, a writer that does not write.
func Export(ctx context.Context, w io.Writer, src analytics.Source, format, lang string) error {
	texts, err := LoadTexts()
	if err != nil {
		return err
	}
	p := &page{src: src, texts: texts, opt: Options{Language: lang}, cache: map[string]fetched{}}
	if err := p.fillOptions(ctx); err != nil {
		return err
	}
	rows, absent, err := p.hypotheses(ctx)
	if err != nil {
		return err
	}
	if rows == nil && !p.empty("analytics.hypotheses") {
		return fmt.Errorf("export the backlog: %s", absent.En)
	}
	b := &exported{page: p, words: texts.ru, rows: rows}
	if p.opt.Language == "en" {
		b.words = texts.en
	}
	switch format {
	case "xlsx":
		return b.xlsx(ctx, w)
	case "markdown":
		return b.markdown(w)
	case "jira":
		return b.jira(w)
	case "github":
		return b.github(w)
	case "linear":
		return b.linear(w)
	}
	return fmt.Errorf("export: unknown format %q: %s", format, strings.Join(ExportFormats(), ", "))
}

// exported is the backlog in one language.
type exported struct {
	*page
	words *words
	rows  []hypothesisRow
}

// in picks the language.
func (b *exported) in(t T) string {
	if b.words == b.texts.en {
		return t.En
	}
	return t.Ru
}

func (b *exported) ui(key string) string { return b.words.text["ui."+key] }

// whole is a number with its doubt on one line; empty without a number.
func (b *exported) whole(c cell) string {
	value, doubt := b.in(c.Value), b.in(c.Doubt)
	if doubt == "" {
		return value
	}
	return value + " (" + doubt + ")"
}

// exportField is one labelled line under a hypothesis.
type exportField struct{ label, value string }

// fields is what the page shows under the three sentences, in its order; empty ones are left out.
func (b *exported) fields(r hypothesisRow) []exportField {
	var out []exportField
	add := func(label, value string) {
		if value != "" {
			out = append(out, exportField{label, value})
		}
	}
	if r.hasMoney {
		add(b.in(r.MoneyLabel), b.whole(r.Money))
	}
	metric := b.in(r.Metric)
	if r.HasBaseline {
		metric += ": " + b.whole(r.Baseline)
	}
	add(b.ui("metric"), metric)
	effect := b.ui("no_effect_claimed")
	if r.HasEffect {
		effect = b.whole(r.Effect)
	}
	add(b.ui("expected_effect"), effect)
	if people := b.in(r.Population); people != "" {
		add(b.ui("population"), people+" ("+b.ui("fact")+")")
	}
	add(b.ui("grade"), b.in(r.GradeText))
	add(b.ui("threat"), b.in(r.Threat))
	add(b.ui("design"), b.in(r.Design))
	add(b.ui("sample"), b.in(r.Sample))
	add(b.ui("duration"), b.in(r.Duration))
	if r.Feasible != "" {
		add(b.ui("feasible"), b.ui("feasible_"+r.Feasible))
	}
	var guardrails []string
	for _, g := range r.Guardrails {
		guardrails = append(guardrails, b.in(g))
	}
	add(b.ui("guardrails"), strings.Join(guardrails, ", "))
	add(b.ui("effort"), b.in(r.EffortText))
	add(b.ui("refuted_by"), b.in(r.Refuted))
	add(b.ui("priority"), strings.TrimSpace(b.in(r.Priority)+" "+b.in(r.Parts)))
	if probability := b.in(r.Probability); probability != "" && r.ByConvention {
		add(b.ui("probability"), probability+", "+b.ui("by_convention_long"))
	} else {
		add(b.ui("probability"), probability)
	}
	add(b.ui("tenth"), b.in(r.Tenth))
	add(b.ui("rice"), strings.TrimSpace(b.in(r.RICE)+" "+b.in(r.RICEParts)))
	add(b.ui("goal"), b.in(r.Goal))
	add(b.ui("horizon_of_plan"), b.in(r.Horizon))
	add(b.ui("when"), b.in(r.When))
	if after := b.in(r.DependsTitle); after != "" {
		add(strings.TrimSuffix(b.ui("depends_on"), ":"), after)
	}
	add(b.ui("status"), b.in(r.Status))
	if overlaps := b.in(r.OverlapsTitle); overlaps != "" {
		add(strings.TrimSuffix(b.ui("overlaps"), ":"), overlaps)
	}
	return out
}

// sentences are the three sentences with their headings.
func (b *exported) sentences(r hypothesisRow) []exportField {
	return []exportField{{b.ui("what_happens"), b.in(r.What)}, {b.ui("why"), b.in(r.Why)}, {b.ui("change"), b.in(r.Change)}}
}

// labels are tags without blanks, for trackers whose labels have none; the id is one of them, so that a search finds the issue of last quarter.
func (r hypothesisRow) labels() []string {
	out := []string{"crmaudit", r.ID, "grade-" + r.Grade, strings.ReplaceAll(r.HorizonCode, "_", "-"), strings.ReplaceAll(r.kind, "_", "-")}
	if r.Exploratory {
		out = append(out, "exploratory")
	}
	return out
}

// urgency is High for a confirmed quick win, Medium for what is confirmed and fits the next quarter, else Low.
func (r hypothesisRow) urgency() string {
	switch {
	case r.Exploratory:
		return "Low"
	case r.HorizonCode == "quick_win":
		return "High"
	case r.HorizonCode == "next_quarter":
		return "Medium"
	}
	return "Low"
}
