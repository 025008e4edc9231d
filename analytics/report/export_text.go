package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"crmaudit/analytics"
)

// Limits of the targets, in characters: a title of a GitHub issue and a Jira summary.
const titleLimit = 250

// markdown writes one document: a table of all hypotheses, then each with its sentences, numbers and query.
func (b *exported) markdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n", b.markdownText(b.ui("title")+nonempty(": ", b.opt.Name)))
	if !b.opt.From.IsZero() {
		fmt.Fprintf(out, "%s – %s\n\n", b.in(day(b.opt.From)), b.in(day(b.opt.To.AddDate(0, 0, -1))))
	}
	if len(b.rows) == 0 {
		fmt.Fprintf(out, "%s\n", b.markdownText(b.ui("no_hypotheses")))
		return flushed(out, "markdown")
	}
	fmt.Fprintf(out, "| № | %s | %s | %s | %s | %s |\n|---:|---|---|---|---|---|\n",
		b.ui("hypothesis"), b.ui("money_column"), b.ui("grade"), b.ui("horizon_of_plan"), b.ui("id"))
	for _, r := range b.rows {
		money := ""
		if r.hasMoney {
			money = b.in(r.MoneyLabel) + ": " + b.whole(r.Money)
		}
		grade := r.Grade
		if r.Exploratory {
			grade += ", " + b.ui("exploratory")
		}
		fmt.Fprintf(out, "| %d | %s | %s | %s | %s | `%s` |\n", r.Rank, b.markdownText(b.in(r.Title)), b.markdownText(money), b.markdownText(grade), b.markdownText(b.in(r.Horizon)), r.ID)
	}
	for _, r := range b.rows {
		fmt.Fprintf(out, "\n## %d. %s\n\n%s", r.Rank, b.markdownText(b.in(r.Title)), b.markdownBody(r))
	}
	fmt.Fprintf(out, "\n---\n\n%s %s\n", b.markdownText(b.ui("stake_note")), b.markdownText(b.ui("priority_note")))
	return flushed(out, "markdown")
}

func nonempty(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

func flushed(w *bufio.Writer, format string) error {
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", format, err)
	}
	return nil
}

// markdownBody is what stands under the title of a hypothesis; the last line is its external key.
func (b *exported) markdownBody(r hypothesisRow) string {
	var out strings.Builder
	for _, f := range b.sentences(r) {
		fmt.Fprintf(&out, "**%s.** %s\n\n", b.markdownText(f.label), b.markdownText(f.value))
	}
	for _, f := range b.fields(r) {
		fmt.Fprintf(&out, "- **%s:** %s\n", b.markdownText(f.label), b.markdownText(f.value))
	}
	if r.Exploratory {
		fmt.Fprintf(&out, "\n%s\n", b.markdownText(b.ui("exploratory_note")))
	}
	fence := "```"
	for strings.Contains(r.SQL, fence) {
		fence += "`"
	}
	fmt.Fprintf(&out, "\n%s:\n\n%ssql\n%s\n%s\n\n%s: `%s`\n", b.markdownText(b.ui("evidence")), fence, r.SQL, fence, b.ui("id"), r.ID)
	return out.String()
}

// markdownText makes a text stand as it is in Markdown, tables included: punctuation with a meaning gets a backslash, line breaks become blanks, and neither @name nor #1 is a link to a stranger.
func (b *exported) markdownText(s string) string {
	var out strings.Builder
	for _, r := range oneLine(s) {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>|~&!$", r):
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '#':
			out.WriteString("\\#\u2060")
		case r == '@':
			out.WriteString("@\u2060")
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// oneLine is s without line breaks, control and formatting characters, blanks at the ends cut.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s))
}

// clipped is s cut to the limit of a title.
func clipped(s string) string {
	if r := []rune(s); len(r) > titleLimit {
		return string(r[:titleLimit-1]) + "…"
	}
	return s
}

// github writes one line of JSON for each hypothesis.
func (b *exported) github(w io.Writer) error {
	out := bufio.NewWriter(w)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	for _, r := range b.rows {
		issue := struct {
			Title  string   `json:"title"`
			Body   string   `json:"body"`
			Labels []string `json:"labels"`
		}{clipped(oneLine(b.in(r.Title))), b.markdownBody(r), r.labels()}
		if err := e.Encode(issue); err != nil {
			return fmt.Errorf("write issue %s: %w", r.ID, err)
		}
	}
	return flushed(out, "github")
}

// linear writes the columns that Linear's importer reads; the effort is the estimate.
func (b *exported) linear(w io.Writer) error {
	records := [][]string{{"ID", "Title", "Description", "Status", "Priority", "Estimate", "Labels"}}
	for _, r := range b.rows {
		labels := strings.Join(r.labels(), ", ")
		records = append(records, []string{r.ID, clipped(oneLine(b.in(r.Title))), b.markdownBody(r), "Backlog", r.urgency(), strconv.Itoa(r.effort()), labels})
	}
	return writeRecords(w, "linear", records)
}

// jira writes a CSV whose header Jira's importer recognises. Several labels are several columns of the same name.
func (b *exported) jira(w io.Writer) error {
	most := 0
	for _, r := range b.rows {
		most = max(most, len(r.labels()))
	}
	head := []string{"Summary", "Description", "Issue Type", "Priority", "External ID"}
	for range most {
		head = append(head, "Labels")
	}
	records := [][]string{head}
	for _, r := range b.rows {
		record := []string{clipped(oneLine(b.in(r.Title))), b.jiraBody(r), "Task", r.urgency(), r.ID}
		labels := r.labels()
		record = append(record, append(labels, make([]string, most-len(labels))...)...)
		records = append(records, record)
	}
	return writeRecords(w, "jira", records)
}

// jiraBody is the description in Jira's wiki markup.
func (b *exported) jiraBody(r hypothesisRow) string {
	var out strings.Builder
	for _, f := range b.sentences(r) {
		fmt.Fprintf(&out, "*%s.* %s\n\n", jiraText(f.label), jiraText(f.value))
	}
	for _, f := range b.fields(r) {
		fmt.Fprintf(&out, "* *%s:* %s\n", jiraText(f.label), jiraText(f.value))
	}
	if r.Exploratory {
		fmt.Fprintf(&out, "\n%s\n", jiraText(b.ui("exploratory_note")))
	}
	// A name in the query cannot close the block: the word is broken up by SQL itself.
	sql := strings.ReplaceAll(r.SQL, "{noformat}", "{' || 'noformat}")
	fmt.Fprintf(&out, "\n%s:\n{noformat}\n%s\n{noformat}\n%s: %s\n", jiraText(b.ui("evidence")), sql, b.ui("id"), r.ID)
	return out.String()
}

// jiraText makes a text stand as it is in wiki markup.
func jiraText(s string) string {
	var out strings.Builder
	for _, r := range oneLine(s) {
		switch {
		case r == '\\':
			out.WriteString("&#92;")
		case strings.ContainsRune("{}[]|!*_^~+", r):
			out.WriteByte('\\')
			out.WriteRune(r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// writeRecords writes a CSV in UTF-8 with a byte-order mark.
func writeRecords(w io.Writer, format string, records [][]string) error {
	out := bufio.NewWriter(w)
	out.WriteString("\ufeff")
	c := csv.NewWriter(out)
	for _, record := range records {
		for i := range record {
			record[i] = analytics.SafeCell(record[i])
		}
		if err := c.Write(record); err != nil {
			return fmt.Errorf("write %s: %w", format, err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write %s: %w", format, err)
	}
	return flushed(out, format)
}

// effort is 1 to 5.
func (r hypothesisRow) effort() int {
	n := 0
	for _, on := range r.Effort {
		if on {
			n++
		}
	}
	return n
}
