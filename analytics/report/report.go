// Package report writes what people read: report.html and the sentences of findings and hypotheses, in Russian and English.
//
// The page is one file without network access: styles, script and the charting library are inside it. It shows both languages and
// switches between them; it reads nothing but result tables, through analytics.Source, and a table that is not there costs its part of
// the page, which then says so. Every number stands with its interval and n, or is marked as a fact.
//
// A section is one file section_*.go, one template of the same name and its texts; the list in sections is the order of the page.
//
// A table of a template needs nothing but <table data-sql="the query that returns it"> (class="cards" when it becomes cards on a phone), scope="col"
// on the cells of its head, class="r" on columns of numbers, and on rows class="group" (a heading), "same" (goes on) and "total": sorting, filtering,
// copying, its name for a screen reader and the labels of the cards come from report.js.
package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"regexp"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets/report.css
var stylesheet string

//go:embed assets/report.js
var script string

// echarts is the unmodified dist/echarts.min.js of npm package echarts (Apache-2.0, licence and notice beside it).
//
//go:embed assets/echarts.min.js
var echarts string

// Options are what the page says about itself. An empty field is taken from audit.runs.
type Options struct {
	Language string // "ru" or "en": the language the page opens in
	Name     string // name of the audit
	From, To time.Time
	Grain    string
	Timezone string
	Currency string
	Version  string
}

// section is one part of the page: data and template have the same name.
type section struct {
	ID   string
	Load func(context.Context, *page) (any, error)
}

// sections is the page from top to bottom. A new audit block adds its line here.
func sections() []section {
	return []section{
		{"summary", loadSummary},
		{"compare", loadCompare},
		{"lifecycle", loadLifecycle},
		{"journey", loadJourney},
		{"scenarios", loadScenarios},
		{"effects", loadEffects},
		{"value", loadValue},
		{"metrics", loadMetrics},
		{"experiments", loadExperiments},
		{"segments", loadSegments},
		{"behaviour", loadBehaviour},
		{"triggers", loadTriggers},
		{"pipeline", loadPipeline},
		{"contact", loadContact},
		{"bundles", loadBundles},
		{"content", loadContent},
		{"health", loadHealth},
		{"integrations", loadIntegrations},
		{"hypotheses", loadHypotheses},
		{"roadmap", loadRoadmap},
		{"data", loadData},
		{"coverage", loadCoverage},
		{"method", loadMethod},
	}
}

// Write renders the whole page to w. Tables that are absent are said to be absent; the only errors are a cancelled context, a broken
// build and a writer that does not write.
func Write(ctx context.Context, w io.Writer, src analytics.Source, opt Options) error {
	return writePage(ctx, w, src, opt, false)
}

// writePage is Write; unpacked leaves both languages and the data of the charts readable in the markup, which the tests look at.
func writePage(ctx context.Context, w io.Writer, src analytics.Source, opt Options, unpacked bool) error {
	texts, err := LoadTexts()
	if err != nil {
		return err
	}
	p := &page{src: src, texts: texts, opt: opt, cache: map[string]fetched{}}
	if err := p.fillOptions(ctx); err != nil {
		return err
	}
	tmpl, err := template.New("report").Funcs(p.functions()).ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return fmt.Errorf("parse report templates: %w", err)
	}
	type body struct {
		ID   string
		HTML template.HTML
	}
	var bodies []body
	for _, s := range sections() {
		data, err := s.Load(ctx, p)
		if err != nil {
			return fmt.Errorf("load report section %s: %w", s.ID, err)
		}
		if data == nil { // a section for some audits only
			continue
		}
		var b bytes.Buffer
		if err := tmpl.ExecuteTemplate(&b, s.ID, data); err != nil {
			return fmt.Errorf("render report section %s: %w", s.ID, err)
		}
		bodies = append(bodies, body{s.ID, template.HTML(b.String())}) //nolint:gosec // escaped by html/template a line above
	}
	head, err := p.header(ctx)
	if err != nil {
		return err
	}
	library, err := squeeze([]byte(echarts))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = tmpl.ExecuteTemplate(&b, "layout", map[string]any{
		"Lang": p.opt.Language, "Head": head, "Sections": bodies, "Hashes": hashOf(echarts) + " " + hashOf(script),
		"CSS": template.CSS(stylesheet + artefactStyle), "Script": template.JS(script), "ECharts": template.HTML(library), //nolint:gosec // our own files
	})
	if err != nil {
		return fmt.Errorf("render report: %w", err)
	}
	if unpacked {
		_, err = w.Write(b.Bytes())
	} else {
		err = pack(w, b.Bytes(), p.opt.Language, texts.scriptWords())
	}
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// hashOf names a script in the page's content security policy: only these two may run, whatever a name on the page tries to be.
func hashOf(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// page is what sections share: tables, texts and the settings of the audit.
type page struct {
	src   analytics.Source
	texts *Texts
	opt   Options
	cache map[string]fetched
}

type fetched struct {
	frame *analytics.Frame
	err   error
}

// fetch returns a table, or nil and the reason for the reader. Only a cancelled context is an error.
func (p *page) fetch(ctx context.Context, table string) (*analytics.Frame, T, error) {
	got, ok := p.cache[table]
	if !ok {
		got.frame, got.err = p.src.Fetch(ctx, table)
		p.cache[table] = got
	}
	switch {
	case errors.Is(got.err, context.Canceled) || errors.Is(got.err, context.DeadlineExceeded):
		return nil, T{}, fmt.Errorf("fetch %s for the report: %w", table, got.err)
	case got.err != nil:
		return nil, p.texts.each(func(w *words) string { return w.text["ui.no_table"] + " " + table }), nil
	case got.frame.Len() == 0:
		return nil, p.texts.each(func(w *words) string { return w.text["ui.empty_table"] + " " + table }), nil
	}
	return got.frame, T{}, nil
}

// empty tells whether a fetched table is there but has no rows: an answer, not a gap.
func (p *page) empty(table string) bool {
	got, ok := p.cache[table]
	return ok && got.err == nil && got.frame.Len() == 0
}

// fillOptions takes what the caller left empty from audit.runs.
func (p *page) fillOptions(ctx context.Context) error {
	f, _, err := p.fetch(ctx, "audit.runs")
	if err != nil {
		return err
	}
	if f != nil {
		fill := func(column string, to *string) {
			if *to == "" && f.Has(column) {
				*to = f.String(column)[0]
			}
		}
		fill("language", &p.opt.Language)
		fill("name", &p.opt.Name)
		fill("grain", &p.opt.Grain)
		fill("timezone", &p.opt.Timezone)
		fill("currency", &p.opt.Currency)
		fill("version", &p.opt.Version)
		day := func(column string, to *time.Time) {
			if to.IsZero() && f.Has(column) {
				*to = parseDay(f.String(column)[0])
			}
		}
		day("period_from", &p.opt.From)
		day("period_to", &p.opt.To)
	}
	if p.opt.Language != "en" {
		p.opt.Language = "ru"
	}
	return nil
}

// parseDay reads an ISO date; the zero time when there is none.
func parseDay(s string) time.Time {
	if len(s) >= 10 {
		if t, err := time.Parse(time.DateOnly, s[:10]); err == nil {
			return t
		}
	}
	return time.Time{}
}

// functions are the words of the templates: ui prints a text of the page, t a text in both languages.
func (p *page) functions() template.FuncMap {
	explained := p.texts.explained()
	return template.FuncMap{
		"ui": func(key string) (template.HTML, error) {
			t, err := p.texts.Get("ui." + key)
			if at := explained[key]; at != "" {
				return both(t) + explanation(at), err
			}
			return both(t), err
		},
		"t":   both,
		"has": func(t T) bool { return t != T{} },
		// quote is a value inside the query of a table.
		"quote": func(s string) string { return safeSQL(analytics.SQLText(s)) },
		"add":   func(a, b int) int { return a + b },
	}
}

// both prints a text so that the page can show either language; everything in it is escaped.
func both(t T) template.HTML {
	if t.Ru == t.En {
		return template.HTML(escape(t.Ru)) //nolint:gosec // escaped
	}
	return template.HTML(`<span lang="ru">` + escape(t.Ru) + `</span><span lang="en">` + escape(t.En) + `</span>`) //nolint:gosec // escaped
}

// escape makes a text safe to stand in HTML and keeps an interval ("2,9–3,9") on one line.
func escape(s string) string {
	return unbroken.ReplaceAllString(template.HTMLEscapeString(s), "$1\u2060–\u2060")
}

var unbroken = regexp.MustCompile(`(\d)–`)

// plain is a text that is the same in both languages.
func plain(s string) T { return T{Ru: s, En: s} }

// cell is a number of a table: the value, and under it the doubt.
type cell struct{ Value, Doubt T }

// estimate shows an estimate in both languages.
func (p *page) estimate(e suffstat.Estimate, form string) cell {
	ru, en := p.texts.ru.show(e, p.opt.Grain, form), p.texts.en.show(e, p.opt.Grain, form)
	return cell{Value: T{ru.Value, en.Value}, Doubt: T{ru.Doubt, en.Doubt}}
}

// fact shows a counted number.
func (p *page) fact(x float64, unit string) cell { return p.estimate(suffstat.Fact(x, 0, unit), "") }

// count shows a counted number without its unit, for a column whose head names it.
func (p *page) count(n int64) T { return p.texts.each(func(w *words) string { return w.integer(n) }) }

// interval makes an estimate of table columns; every interval of a result table has level 0.95 unless it says otherwise.
func interval(value, lower, upper float64, n int64, unit string) suffstat.Estimate {
	return suffstat.Estimate{Value: value, Lower: lower, Upper: upper, Level: 0.95, N: n, Unit: unit, Method: "table"}
}

// say fills a text of the page with values.
func (p *page) say(key string, values map[string]T) T {
	return T{
		Ru: p.texts.ru.render(p.texts.ru.text["ui."+key], func(n, _ string) (string, bool) { v, ok := values[n]; return v.Ru, ok && v.Ru != "" }),
		En: p.texts.en.render(p.texts.en.text["ui."+key], func(n, _ string) (string, bool) { v, ok := values[n]; return v.En, ok && v.En != "" }),
	}
}

// stage is the shown name of a stage.
func (p *page) stage(name string) T { return p.texts.Name("stages", name) }

// day shows a date: 06.07.2026, 6 Jul 2026.
func day(t time.Time) T {
	if t.IsZero() {
		return plain(dash)
	}
	return T{Ru: t.Format("02.01.2006"), En: t.Format("2 Jan 2006")}
}

// numbersOf returns a numeric column with NaN for NULL; all NaN when the table has no such column.
func numbersOf(f *analytics.Frame, column string) []float64 {
	out := make([]float64, f.Len())
	if !f.Has(column) {
		for i := range out {
			out[i] = math.NaN()
		}
		return out
	}
	copy(out, f.Float64(column))
	for i, ok := range f.Valid(column) {
		if !ok {
			out[i] = math.NaN()
		}
	}
	return out
}

// textsOf returns a text column, empty for NULL; all empty when the table has no such column.
func textsOf(f *analytics.Frame, column string) []string {
	if !f.Has(column) {
		return make([]string, f.Len())
	}
	return f.String(column)
}

// flagsOf returns a boolean column; all false when the table has no such column.
func flagsOf(f *analytics.Frame, column string) []bool {
	if !f.Has(column) {
		return make([]bool, f.Len())
	}
	return f.Bool(column)
}
