package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/tealeg/xlsx/v3"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"crmaudit/analytics/report"
)

// hostileToTrackers are names that mean something to the markup of a tracker.
func hostileToTrackers() world {
	return world{stages: []string{"@admin closes #12 `x`", "[a](https://e.example)|*b*", "{noformat}{code}x", "-2+3|=1" + strings.Repeat(" long", 80), "<b>x</b>\n```\n# head"}}
}

func exportWorlds() map[string]world {
	return map[string]world{"usual": defaultWorld(), "hostile": hostile(), "hostile to trackers": hostileToTrackers()}
}

func export(t *testing.T, w world, format, language string) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Export(context.Background(), &b, w.source(t), format, language); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

// hypothesesOf is the backlog of a world, read the way the page reads it.
func hypothesesOf(t *testing.T, w world) (ids, titles []string) {
	t.Helper()
	f, err := w.source(t).Fetch(context.Background(), "analytics.hypotheses")
	if err != nil {
		t.Fatal(err)
	}
	return f.String("hypothesis_id"), f.String("title_en")
}

// Jira's and Linear's files are read back by the standard CSV reader: a record per hypothesis, its id as the key, no cell that a spreadsheet would run.
func TestExportTrackers(t *testing.T) {
	for name, w := range exportWorlds() {
		ids, _ := hypothesesOf(t, w)
		for format, key := range map[string]string{"jira": "External ID", "linear": "ID"} {
			content := export(t, w, format, "en")
			records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(content, "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatalf("%s, %s: %v", name, format, err)
			}
			if len(records) != len(ids)+1 {
				t.Errorf("%s, %s: %d records of %d hypotheses", name, format, len(records)-1, len(ids))
			}
			column, title := -1, -1
			for i, head := range records[0] {
				switch head {
				case key:
					column = i
				case "Summary", "Title":
					title = i
				}
			}
			var got []string
			for _, r := range records[1:] {
				got = append(got, r[column])
				if strings.ContainsAny(r[title], "\r\n") || len([]rune(r[title])) > 255 || r[title] == "" {
					t.Errorf("%s, %s: title %q", name, format, r[title])
				}
				for _, cell := range r {
					if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
						t.Errorf("%s, %s: a spreadsheet would run %.40q", name, format, cell)
					}
				}
			}
			sameSet(t, name+", "+format, got, ids)
		}
	}
}

func sameSet(t *testing.T, what string, got, want []string) {
	t.Helper()
	count := map[string]int{}
	for _, s := range want {
		count[s]++
	}
	for _, s := range got {
		count[s]--
	}
	for s, n := range count {
		if n != 0 {
			t.Errorf("%s: %q is there %d times too few", what, s, n)
		}
	}
}

// Every line for GitHub is one issue whose body carries the id; nobody is called by @name and nothing is linked by #number.
func TestExportGitHub(t *testing.T) {
	for name, w := range exportWorlds() {
		ids, _ := hypothesesOf(t, w)
		var got []string
		for line := range strings.Lines(export(t, w, "github", "ru")) {
			var issue struct {
				Title, Body string
				Labels      []string
			}
			d := json.NewDecoder(strings.NewReader(line))
			d.DisallowUnknownFields()
			if err := d.Decode(&issue); err != nil {
				t.Fatalf("%s: %v in %.80s", name, err, line)
			}
			if issue.Title == "" || len([]rune(issue.Title)) > 256 || len(issue.Labels) < 5 {
				t.Errorf("%s: title %q, labels %q", name, issue.Title, issue.Labels)
			}
			id := issue.Labels[1]
			got = append(got, id)
			if !strings.Contains(issue.Body, "`"+id+"`") {
				t.Errorf("%s: the body does not carry %s", name, id)
			}
			prose, _, _ := strings.Cut(issue.Body, "```")
			for i := range len(prose) - 1 {
				if strings.ContainsRune("@#", rune(prose[i])) && prose[i+1] < 0x80 {
					t.Errorf("%s: %q may call or link somebody", name, prose[max(0, i-10):min(len(prose), i+20)])
				}
			}
		}
		sameSet(t, name, got, ids)
	}
}

// The Markdown document, read by an independent parser: a heading per hypothesis, its query in a block of its own, and nothing that a name could have smuggled in.
func TestExportMarkdown(t *testing.T) {
	for name, w := range exportWorlds() {
		ids, _ := hypothesesOf(t, w)
		source := []byte(export(t, w, "markdown", "en"))
		doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source))
		headings, blocks := 0, 0
		err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.Heading:
				if n.Level == 2 {
					headings++
				}
			case *ast.FencedCodeBlock:
				blocks++
			case *ast.RawHTML, *ast.HTMLBlock, *ast.Link, *ast.Image, *ast.AutoLink:
				t.Errorf("%s: %s in the document", name, n.Kind())
			}
			return ast.WalkContinue, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if headings != len(ids) || blocks != len(ids) {
			t.Errorf("%s: %d headings and %d queries of %d hypotheses", name, headings, blocks, len(ids))
		}
	}
}

// The workbook, read by another library: frozen heads, filters, numbers as numbers, and no formula anywhere.
func TestExportWorkbook(t *testing.T) {
	for name, w := range exportWorlds() {
		f, err := w.source(t).Fetch(context.Background(), "analytics.hypotheses")
		if err != nil {
			t.Fatal(err)
		}
		stake := map[string]float64{}
		for i, id := range f.String("hypothesis_id") {
			if f.Valid("stake")[i] {
				stake[id] = f.Float64("stake")[i]
			}
		}
		content := export(t, w, "xlsx", "en")
		if again := export(t, w, "xlsx", "en"); again != content {
			t.Errorf("%s: two exports differ", name)
		}
		book, err := xlsx.OpenBinary([]byte(content))
		if err != nil {
			t.Fatal(err)
		}
		if len(book.Sheets) != 6 {
			t.Fatalf("%s: %d sheets", name, len(book.Sheets))
		}
		for _, s := range book.Sheets {
			if len(s.SheetViews) == 0 || s.SheetViews[0].Pane == nil || s.SheetViews[0].Pane.State != "frozen" || s.AutoFilter == nil {
				t.Errorf("%s: sheet %s has no frozen head or no filter", name, s.Name)
			}
			err := s.ForEachRow(func(r *xlsx.Row) error {
				return r.ForEachCell(func(c *xlsx.Cell) error {
					if c.Formula() != "" {
						t.Errorf("%s: sheet %s has the formula %q", name, s.Name, c.Formula())
					}
					return nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		sheet, at, seen := book.Sheets[0], map[string]int{}, 0
		for i := range sheet.MaxCol {
			c, err := sheet.Cell(0, i)
			if err != nil {
				t.Fatal(err)
			}
			at[c.Value] = i
		}
		for row := 1; row < sheet.MaxRow; row++ {
			id, err := sheet.Cell(row, at["Id"])
			if err != nil {
				t.Fatal(err)
			}
			money, err := sheet.Cell(row, at["One step, per quarter"])
			if err != nil {
				t.Fatal(err)
			}
			want, ok := stake[id.Value]
			if !ok {
				continue
			}
			seen++
			if got, err := money.Float(); err != nil || got != want || money.Type() != xlsx.CellTypeNumeric {
				t.Errorf("%s: stake of %s is %v (%v, type %v), want %v", name, id.Value, got, err, money.Type(), want)
			}
		}
		if seen != len(stake) || seen == 0 {
			t.Errorf("%s: %d of %d stakes found", name, seen, len(stake))
		}
	}
}

func TestExportErrors(t *testing.T) {
	var b bytes.Buffer
	src := defaultWorld().source(t)
	if err := report.Export(context.Background(), &b, src, "pdf", "en"); err == nil || !strings.Contains(err.Error(), "markdown") {
		t.Errorf("unknown format: %v", err)
	}
	if err := report.Export(context.Background(), &b, failing{errors.New("gone")}, "jira", "en"); err == nil {
		t.Error("no table, no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := report.Export(ctx, &b, failing{context.Canceled}, "jira", "en"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, format := range report.ExportFormats() {
		if err := report.Export(context.Background(), brokenWriter{errors.New("full")}, src, format, "en"); err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("%s to a full disk: %v", format, err)
		}
	}
}

func TestExportEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"{code}": `\{code\}`, "[~admin]": `\[\~admin\]`, `a\b`: "a&#92;b", "!x.png!": `\!x.png\!`, "a|b": `a\|b`, "two\nlines": "two lines", "plain, 5 % – 6 %": "plain, 5 % – 6 %",
	} {
		if got := report.JiraText(in); got != want {
			t.Errorf("Jira: %q is %q, want %q", in, got, want)
		}
	}
	if got := report.OneLine(" a\r\nb\u202e\x00c "); got != "a  bc" {
		t.Errorf("one line: %q", got)
	}
	if got := []rune(report.Clipped(strings.Repeat("я", 300))); len(got) != 250 || got[249] != '…' {
		t.Errorf("a title of 300 letters is cut to %d", len(got))
	}
}
