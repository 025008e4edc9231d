package report

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"crmaudit/analytics"
)

// comparedTables are the tables of a comparison, in the order in which they are written.
var comparedTables = []string{"analytics.compared", "analytics.compared_findings", "analytics.compared_hypotheses", "analytics.compared_metrics"}

// WriteComparison writes two audits side by side, from the tables analytics.compared*: as a Markdown document in one language ("ru", "en", or "" for that of the audit), or as one JSON object whose keys are
// the names of the tables and whose values are arrays of rows.
// Errors: no such tables, an unknown format, a cancelled context, a writer that does not write.
func WriteComparison(ctx context.Context, w io.Writer, src analytics.Source, format, lang string) error {
	texts, err := LoadTexts()
	if err != nil {
		return err
	}
	p := &page{src: src, texts: texts, opt: Options{Language: lang}, cache: map[string]fetched{}}
	if err := p.fillOptions(ctx); err != nil {
		return err
	}
	b := &exported{page: p, words: texts.ru}
	if p.opt.Language == "en" {
		b.words = texts.en
	}
	switch format {
	case "markdown":
		return b.comparison(ctx, w)
	case "json":
		return comparedJSON(ctx, w, src)
	}
	return fmt.Errorf("compare: unknown format %q: markdown or json", format)
}

func (b *exported) comparison(ctx context.Context, w io.Writer) error {
	s, err := b.compared(ctx, 0)
	if err != nil {
		return err
	}
	if s == nil {
		return errors.New("compare: there is no comparison")
	}
	out := bufio.NewWriter(w)
	md := func(t T) string { return b.markdownText(b.in(t)) }
	ui := func(key string) string { return b.markdownText(b.ui(key)) }
	fmt.Fprintf(out, "# %s\n\n%s\n\n%s\n", b.markdownText(b.ui("compare_title")+nonempty(": ", b.opt.Name)), md(s.Periods), md(s.Lead))
	fmt.Fprintf(out, "\n## %s\n\n", ui("compare_tried_title"))
	if s.OutcomesNothing != (T{}) {
		fmt.Fprintf(out, "%s\n\n", md(s.OutcomesNothing))
	}
	for _, h := range s.Outcomes {
		fmt.Fprintf(out, "- **%s** (`%s`): %s", md(h.Title), h.ID, md(h.Outcome))
		if h.Effect.Value != (T{}) {
			fmt.Fprintf(out, ", %s", b.markdownText(b.whole(h.Effect)))
		}
		for _, t := range []T{h.Trial, h.Change} {
			if t != (T{}) {
				fmt.Fprintf(out, ". %s", md(t))
			}
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "\n## %s\n\n", ui("compare_metrics_title"))
	switch {
	case s.Overlap:
		fmt.Fprintf(out, "%s\n", ui("compare_overlap"))
	case len(s.Metrics) == 0:
		fmt.Fprintf(out, "%s\n", md(s.MetricsAbsent))
	default:
		if s.MetricsWeeks != (T{}) {
			fmt.Fprintf(out, "%s\n\n", md(s.MetricsWeeks))
		}
		fmt.Fprintf(out, "%s\n\n| %s | %s | %s | %s | %s |\n|---|---:|---:|---:|---|\n", ui("compare_metrics_lead"), ui("compare_metric"), ui("compare_then"), ui("compare_now"), ui("compare_change_head"), ui("compare_verdict"))
		for _, m := range s.Metrics {
			change := b.whole(m.Change)
			if m.Mix != (T{}) {
				change += ". " + b.in(m.Mix)
			}
			fmt.Fprintf(out, "| %s: %s | %s | %s | %s | %s |\n", md(m.Name), md(m.Subject), md(m.Before), md(m.After), b.markdownText(change), md(m.Words))
		}
	}
	fmt.Fprintf(out, "\n## %s\n", ui("compare_findings_title"))
	for _, g := range s.Groups {
		fmt.Fprintf(out, "\n### %s: %s (%s)\n\n", md(g.Title), md(g.Number), ui("fact"))
		if g.Note != (T{}) {
			fmt.Fprintf(out, "%s\n\n", md(g.Note))
		}
		for _, item := range g.Items {
			fmt.Fprintf(out, "- **%s: %s.** %s\n", md(item.Kind), md(item.Subject), md(item.Text))
		}
	}
	return flushed(out, "the comparison")
}

// comparedJSON writes the tables as they are; NULL is null.
func comparedJSON(ctx context.Context, w io.Writer, src analytics.Source) error {
	out := map[string][]map[string]any{}
	for _, table := range comparedTables {
		f, err := src.Fetch(ctx, table)
		if err != nil {
			return fmt.Errorf("compare: %w", err)
		}
		rows := make([]map[string]any, f.Len())
		for i := range rows {
			rows[i] = map[string]any{}
		}
		for _, field := range f.Schema().Fields() {
			set := func(i int, v any) { rows[i][field.Name] = v }
			switch field.Type.ID() {
			case arrow.INT64:
				each(f, field.Name, f.Int64(field.Name), set)
			case arrow.FLOAT64:
				each(f, field.Name, f.Float64(field.Name), set)
			case arrow.BOOL:
				each(f, field.Name, f.Bool(field.Name), set)
			default:
				each(f, field.Name, f.String(field.Name), set)
			}
		}
		out[table] = rows
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}

func each[V any](f *analytics.Frame, column string, values []V, set func(int, any)) {
	for i, there := range f.Valid(column) {
		if there {
			set(i, values[i])
		} else {
			set(i, nil)
		}
	}
}
