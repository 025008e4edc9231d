package report_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/backlog"
	"crmaudit/analytics/report"
)

// publish is the page as it is written: packed.
func publish(t testing.TB, src analytics.Source, opt report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(context.Background(), &b, src, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// write is the page before it is packed, with both languages in its markup.
func write(t testing.TB, src analytics.Source, opt report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteUnpacked(context.Background(), &b, src, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	scripts = regexp.MustCompile(`(?s)<(script|style)\b[^>]*>.*?</(script|style)>`)
	tags    = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:="[^"<]*")?)*)\s*>`)
	ids     = regexp.MustCompile(`\sid="([^"]*)"`)
	links   = regexp.MustCompile(`\shref="([^"]*)"`)
)

// markup is the page without scripts and styles.
func markup(page string) string { return scripts.ReplaceAllString(page, "") }

// wellFormed checks that tags nest, ids are unique and every link leads to one of them.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	body := strings.TrimPrefix(strings.TrimSpace(markup(page)), "<!doctype html>")
	void := map[string]bool{"meta": true, "br": true, "img": true, "input": true, "hr": true, "link": true}
	var open []string
	for _, m := range tags.FindAllStringSubmatch(body, -1) {
		switch name := m[2]; {
		case void[name]:
		case m[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			t.Fatalf("</%s> closes %v", name, open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("never closed: %v", open)
	}
	if rest := tags.ReplaceAllString(body, ""); strings.ContainsAny(rest, "<>") {
		at := strings.IndexAny(rest, "<>")
		t.Errorf("stray angle bracket near %q", rest[max(0, at-60):min(len(rest), at+60)])
	}
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			t.Errorf("id %q stands twice", m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range links.FindAllStringSubmatch(body, -1) {
		if target, ok := strings.CutPrefix(m[1], "#"); !ok || !seen[target] {
			t.Errorf("link to %q leads nowhere on the page", m[1])
		}
	}
}

func TestWholePage(t *testing.T) {
	page := write(t, defaultWorld().source(t), report.Options{})
	packed := publish(t, defaultWorld().source(t), report.Options{})
	if path := os.Getenv("REPORT_OUT"); path != "" {
		if err := os.WriteFile(path, []byte(packed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wellFormed(t, page)
	wellFormed(t, packed)
	body := markup(page)
	for _, bad := range []string{"NaN", "Inf", "%!", "<nil>", "ZgotmplZ", "http://", "https://", "{{", "[["} {
		if at := strings.Index(body, bad); at >= 0 {
			t.Errorf("%q on the page near %q", bad, body[max(0, at-80):min(len(body), at+80)])
		}
	}
	for _, want := range []string{
		`<html lang="ru">`, "Acme, третий квартал 2026", "06.07.2026 – 04.10.2026", "3 402 110", // header
		"Удержать от перехода: «активные» → «под угрозой ухода»", "1,24 млн ₽", "90 %: 0,87\u2060–\u20601,61; n = 117 600", // first screen
		"Transition matrix by segment", // could not be answered
		"windows-1251", "32.13.2026",   // data
		"Стадии — не цепь Маркова",
		"FROM lifecycle.transitions", // evidence
	} {
		if !strings.Contains(strings.ReplaceAll(body, "\u00a0", " "), want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	first := body[strings.Index(body, `id="summary"`):strings.Index(body, `id="lifecycle"`)]
	if strings.Contains(first, "9,9") || strings.Contains(first, "«новые» →") {
		t.Error("an exploratory hypothesis stands among what matters most")
	}
	if packed != publish(t, defaultWorld().source(t), report.Options{}) {
		t.Error("the same tables gave two different pages")
	}
	if !strings.Contains(write(t, defaultWorld().source(t), report.Options{Language: "en"}), `<html lang="en">`) {
		t.Error("the page does not open in the language asked for")
	}
}

// TestSourcesTotal: the totals of the data section are the sums of its rows.
func TestSourcesTotal(t *testing.T) {
	body := strings.ReplaceAll(markup(write(t, defaultWorld().source(t), report.Options{})), "\u00a0", " ")
	total := body[strings.Index(body, `<section id="data">`):]
	total = total[strings.Index(total, `<tr class="total">`):]
	total = total[:strings.Index(total, "</tr>")]
	for _, want := range []string{"4 666 371", "4 651 713", ">322<", "4 228", "10 108"} {
		if !strings.Contains(total, want) {
			t.Errorf("total %s is not in %s", want, total)
		}
	}
}

// TestAbsentTables: the page stands without any table, and without each one of them in turn.
func TestAbsentTables(t *testing.T) {
	page := write(t, analyticstest.Source{}, report.Options{})
	wellFormed(t, page)
	for _, table := range []string{"lifecycle.stages", "lifecycle.transitions", "lifecycle.dwell", "analytics.hypotheses", "analytics.coverage", "audit.sources"} {
		if !strings.Contains(page, "аудит не построил таблицу "+table) || !strings.Contains(page, "the audit did not build the table "+table) {
			t.Errorf("the page does not say that %s is missing", table)
		}
	}
	whole := defaultWorld().source(t)
	for table := range whole {
		t.Run(table, func(t *testing.T) {
			part := analyticstest.Source{}
			for name, f := range whole {
				if name != table {
					part[name] = f
				}
			}
			wellFormed(t, write(t, part, report.Options{}))
		})
	}
	t.Run("empty tables", func(t *testing.T) {
		empty := analyticstest.Source{}
		for name, f := range whole {
			empty[name] = analytics.NewFrame(name, f.Schema(), nil)
		}
		page := write(t, empty, report.Options{})
		wellFormed(t, page)
		if !strings.Contains(page, "Ни одна находка не стала гипотезой") || !strings.Contains(page, "пуста таблица lifecycle.stages") {
			t.Error("the page does not say that nothing was found and which tables are empty")
		}
	})
}

type failing struct{ err error }

func (f failing) Fetch(context.Context, string) (*analytics.Frame, error) {
	return nil, fmt.Errorf("fetch: %w", f.err)
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestErrors(t *testing.T) {
	var b bytes.Buffer
	if err := report.Write(context.Background(), &b, failing{context.Canceled}, report.Options{}); !errors.Is(err, context.Canceled) || b.Len() > 0 {
		t.Errorf("cancelled: want that error and no page, got %v and %d bytes", err, b.Len())
	}
	full := errors.New("no space left")
	if err := report.Write(context.Background(), brokenWriter{full}, analyticstest.Source{}, report.Options{}); !errors.Is(err, full) {
		t.Errorf("full disk: want that error, got %v", err)
	}
}

// TestNoNumbers: tables that hold nothing but NULL show dashes.
func TestNoNumbers(t *testing.T) {
	src := defaultWorld().source(t)
	src["lifecycle.stages"] = frame(t, rows("lifecycle.stages", []string{"stage", "position", "rule", "customers_last", "share_last", "next_order_rate", "value", "value_unit", "scenarios"},
		[]any{"new", 1, "true", 0, nil, nil, nil, "", 0}))
	src["lifecycle.transitions"] = frame(t, rows("lifecycle.transitions", []string{"grouping", "group_value", "from_stage", "to_stage", "n", "at_risk", "probability", "lower", "upper", "method"},
		[]any{"all", "all", "new", "lost", 0, 0, nil, nil, nil, "none"}))
	src["lifecycle.kstep_errors"] = frame(t, rows("lifecycle.kstep_errors", []string{"horizon", "markov_error", "lower", "upper", "expanded_error", "not_markov"}, []any{2, nil, nil, nil, nil, false}))
	src["lifecycle.transition_periods"] = frame(t, rows("lifecycle.transition_periods", []string{"period_start", "from_stage", "to_stage", "n"}, []any{"2026-07-06", "new", "new", 9}))
	page := write(t, src, report.Options{})
	wellFormed(t, page)
	if !strings.Contains(page, "Nobody moved from one stage to another") {
		t.Error("stays alone are drawn as a flow")
	}
	for _, bad := range []string{"NaN", "Inf"} {
		if strings.Contains(markup(page), bad) {
			t.Errorf("%s on the page", bad)
		}
	}
}

// hostile are names that a company's own data may hold.
func hostile() world {
	return world{stages: []string{`<script>window.__xss=1</script>`, `"><img src=x onerror="window.__xss=2">`, "</script><script>window.__xss=3//", "=cmd|' /C calc'!A0\u202egnp", `{rate} [[x]] ' & \u003c`}}
}

func TestHostileNames(t *testing.T) {
	page := write(t, hostile().source(t), report.Options{})
	wellFormed(t, page)
	for _, bad := range []string{"<script>window", "<img", "</script><script>window", "\u202e"} {
		if strings.Contains(page, bad) {
			at := strings.Index(page, bad)
			t.Errorf("%q is live on the page: %q", bad, page[max(0, at-80):at+80])
		}
	}
	if !strings.Contains(page, "&lt;script&gt;window.__xss=1&lt;/script&gt;") {
		t.Error("the name is not shown as text")
	}
	if !strings.Contains(page, "{rate} [[x]]") {
		t.Error("a name with braces was filled like a text")
	}
}

// TestGoldenTexts holds every sentence of findings and hypotheses as a reader sees it.
func TestGoldenTexts(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	_, more := distinct(append(defaultWorld().policyFindings(), defaultWorld().scenarioFindings()...))
	for _, f := range append(defaultWorld().findings(), more...) {
		ru, en := texts.Finding(f)
		fmt.Fprintf(&b, "%s %s %s\nru: %s\nen: %s\n", f.Kind, f.Text("reason"), f.Subject, ru, en)
		if f.Opportunity != nil {
			ru, en := texts.Hypothesis(f)
			for i, s := range [][2]string{{ru.Title, en.Title}, {ru.What, en.What}, {ru.Why, en.Why}, {ru.Change, en.Change}} {
				fmt.Fprintf(&b, "  %s\n  ru: %s\n  en: %s\n", []string{"title", "what", "why", "change"}[i], s[0], s[1])
			}
		}
		b.WriteString("\n")
	}
	got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.String())
	report.Golden(t, "texts.golden", got)
	for _, missing := range []string{"нет данных", "not measured"} {
		if strings.Contains(got, missing) {
			t.Errorf("a sentence of a whole finding says %q", missing)
		}
	}
}

// TestMissingValues: a finding without its optional values still gives whole sentences.
func TestMissingValues(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	required := []string{"grain", "reason", "best_stage", "from_stage", "to_stage", "customers_per_period", "move_rate", "rate", "flow_per_quarter", "share_last", "restricted_to"}
	for _, f := range defaultWorld().findings() {
		if f.Kind != "bottleneck" && f.Kind != "loss_point" {
			continue
		}
		f.Values = slices.DeleteFunc(f.Values, func(v analytics.Value) bool { return !slices.Contains(required, v.Name) })
		ru, en := texts.Finding(f)
		for _, s := range []string{ru, en} {
			if strings.Contains(s, "..") || strings.Contains(s, " .") || strings.Contains(s, "нет данных") || strings.Contains(s, "not measured") || !strings.HasSuffix(s, ".") {
				t.Errorf("%s %s: %s", f.Kind, f.Text("reason"), s)
			}
		}
	}
}

func TestFindingsTable(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	findings := defaultWorld().findings()
	want := texts.FindingsTable(findings)
	slices.Reverse(findings)
	if diff := cmp.Diff(want, texts.FindingsTable(findings)); diff != "" {
		t.Errorf("the order of findings changed the table:\n%s", diff)
	}
	if len(want.Rows) != len(findings) || len(want.Rows[0]) != len(want.Columns) {
		t.Errorf("%d rows of %d findings", len(want.Rows), len(findings))
	}
}

// TestNothingConfirmed: with exploratory hypotheses only, the first screen says so and promises nothing.
func TestNothingConfirmed(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	findings := defaultWorld().findings()[:1]
	findings[0].Exploratory = true
	src := analyticstest.Source{
		"analytics.findings":   frame(t, texts.FindingsTable(findings)),
		"analytics.hypotheses": frame(t, backlog.Table(backlog.Build(findings, analytics.Settings{Grain: "week"}, texts.Hypothesis))),
	}
	body := markup(write(t, src, report.Options{}))
	first := body[strings.Index(body, `id="summary"`):strings.Index(body, `id="lifecycle"`)]
	if !strings.Contains(first, "Nothing is confirmed") || strings.Contains(first, "640") {
		t.Errorf("first screen: %s", first)
	}
}
