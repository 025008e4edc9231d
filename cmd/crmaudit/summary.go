package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/backlog"
)

// topHypotheses is how many hypotheses the summary names; the rest is in the report.
const topHypotheses = 5

// summaryWords is the frame of the summary in one language.
type summaryWords struct {
	done, report, backlog, database, first, none, calm, stake, effect, grade string
}

func wordsOf(language string) summaryWords {
	if language == "ru" {
		return summaryWords{
			done: "Аудит готов за %.1f с: строк прочитано %s, выводов %d, гипотез %d.", report: "отчёт", backlog: "гипотезы", database: "таблицы",
			first: "Что менять сначала:", none: "Ни одна находка не стала гипотезой: почему — в разделе отчёта о покрытии.",
			calm:  "Ничто не выделяется: ни одна гипотеза пока не подтверждена, все они — поводы присмотреться.",
			stake: "на кону %s — %s %s в квартал", effect: "ожидается %s — %s %s в квартал", grade: "класс доказательства %s",
		}
	}
	return summaryWords{
		done: "Audit finished in %.1f s: %s rows read, %d findings, %d hypotheses.", report: "report", backlog: "backlog", database: "tables",
		first: "What to change first:", none: "No finding became a hypothesis: the coverage section of the report says why.",
		calm:  "Nothing stands out: no hypothesis is confirmed yet, all of them are reasons to look closer.",
		stake: "at stake %s to %s %s a quarter", effect: "expected %s to %s %s a quarter", grade: "evidence grade %s",
	}
}

// summary says where the results are and what to change first, in the language of the audit.
func (r *finished) summary(w io.Writer) error {
	words := wordsOf(r.config.Language)
	var rows int64
	for _, s := range r.sources {
		rows += s.Read
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, words.done+"\n", r.seconds, grouped(rows), len(r.findings), len(r.hypotheses))
	for _, line := range [][2]string{{words.report, "report.html"}, {words.backlog, "hypotheses.csv"}, {words.database, databaseName}} {
		fmt.Fprintf(b, "  %-9s %s\n", line[0], filepath.Join(r.dir, line[1]))
	}
	if len(r.hypotheses) == 0 {
		fmt.Fprintln(b, words.none)
		return b.Flush()
	}
	first := backlog.First(r.hypotheses, topHypotheses)
	if len(first) == 0 {
		fmt.Fprintln(b, words.calm)
		return b.Flush()
	}
	fmt.Fprintln(b, words.first)
	for i, h := range first {
		title := h.TitleEn
		if r.config.Language == "ru" {
			title = h.TitleRu
		}
		details := []string{fmt.Sprintf(words.grade, h.Grade)}
		if h.MoneyLower != nil && h.MoneyUpper != nil {
			details = append(details, fmt.Sprintf(words.effect, roughly(*h.MoneyLower), roughly(*h.MoneyUpper), r.unit(h)))
		} else if h.StakeLower != nil && h.StakeUpper != nil {
			details = append(details, fmt.Sprintf(words.stake, roughly(*h.StakeLower), roughly(*h.StakeUpper), r.unit(h)))
		}
		fmt.Fprintf(b, "  %d. %s (%s)\n", i+1, printable(title), strings.Join(details, ", "))
	}
	return b.Flush()
}

// unit is the unit of a hypothesis' money.
func (r *finished) unit(h analytics.Hypothesis) string {
	if h.MoneyUnit != "" {
		return h.MoneyUnit
	}
	return r.config.Currency
}

// roughly is an amount rounded to three digits: 1234567 is 1 230 000.
func roughly(x float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	return grouped(int64(math.Round(rounded)))
}

// grouped is a whole number, thousands apart: 1 234 567.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	digits, negative := strings.CutPrefix(digits, "-")
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + " " + digits[at:]
	}
	if negative {
		return "-" + digits
	}
	return digits
}
