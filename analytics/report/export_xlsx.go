package report

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/xuri/excelize/v2"
)

// cellLimit is the most characters that a cell of a workbook holds.
const cellLimit = 32767

// sheetColumn is one column of a sheet: its heading and its width in characters.
type sheetColumn struct {
	head  string
	width float64
}

// workbook is a file in the making; the first error stops it.
type workbook struct {
	file              *excelize.File
	head, text, count int // styles
	money             int
	err               error
}

// xlsx writes the workbook.
func (b *exported) xlsx(ctx context.Context, w io.Writer) error {
	k, err := newWorkbook()
	if err != nil {
		return err
	}
	defer k.file.Close()
	b.backlogSheet(ctx, k)
	b.roadmapSheet(k)
	if err := b.findingsSheet(ctx, k); err != nil {
		return err
	}
	if err := b.coverageSheet(ctx, k); err != nil {
		return err
	}
	b.queriesSheet(k)
	b.wordsSheet(k)
	k.do(k.file.DeleteSheet("Sheet1"))
	k.file.SetActiveSheet(0)
	k.do(k.file.SetDocProps(&excelize.DocProperties{Creator: "crmaudit", Title: b.ui("title"), Language: b.opt.Language, Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}))
	if k.err != nil {
		return fmt.Errorf("make the workbook: %w", k.err)
	}
	if _, err := k.file.WriteTo(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

func newWorkbook() (*workbook, error) {
	k := &workbook{file: excelize.NewFile()}
	style := func(to *int, s *excelize.Style) {
		id, err := k.file.NewStyle(s)
		k.do(err)
		*to = id
	}
	top := &excelize.Alignment{Vertical: "top"}
	style(&k.head, &excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EDF3"}}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	style(&k.text, &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	style(&k.count, &excelize.Style{NumFmt: 3, Alignment: top})
	general := "#,##0.####"
	style(&k.money, &excelize.Style{CustomNumFmt: &general, Alignment: top})
	if k.err != nil {
		return nil, fmt.Errorf("make the workbook: %w", k.err)
	}
	return k, nil
}

func (k *workbook) do(err error) {
	if k.err == nil {
		k.err = err
	}
}

// sheet writes a table with a bold frozen header and a filter. A value is nil (an empty cell), a string (never a formula), int64, float64 or bool.
func (k *workbook) sheet(name string, columns []sheetColumn, rows [][]any) {
	_, err := k.file.NewSheet(name)
	k.do(err)
	at := func(column, row int) string {
		cell, err := excelize.CoordinatesToCellName(column+1, row+1)
		k.do(err)
		return cell
	}
	for i, c := range columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		k.do(err)
		k.do(k.file.SetColWidth(name, letter, letter, c.width))
		k.do(k.file.SetCellStr(name, at(i, 0), c.head))
	}
	k.do(k.file.SetCellStyle(name, at(0, 0), at(len(columns)-1, 0), k.head))
	for j, row := range rows {
		for i, value := range row {
			cell, style := at(i, j+1), k.text
			switch v := value.(type) {
			case string:
				if r := []rune(v); len(r) > cellLimit {
					v = string(r[:cellLimit-1]) + "…"
				}
				k.do(k.file.SetCellStr(name, cell, v))
			case int64:
				k.do(k.file.SetCellInt(name, cell, v))
				style = k.count
			case float64:
				k.do(k.file.SetCellFloat(name, cell, v, -1, 64))
				style = k.money
			case bool:
				k.do(k.file.SetCellBool(name, cell, v))
			}
			k.do(k.file.SetCellStyle(name, cell, cell, style))
		}
	}
	k.do(k.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	k.do(k.file.AutoFilter(name, at(0, 0)+":"+at(len(columns)-1, len(rows)), nil))
}

// backlogSheet is one row per hypothesis, numbers as numbers.
func (b *exported) backlogSheet(ctx context.Context, k *workbook) {
	ui := b.ui
	low, high := ", "+ui("from_limit"), ", "+ui("to_limit")
	columns := []sheetColumn{
		{"№", 5}, {ui("hypothesis"), 44}, {ui("what_happens"), 60}, {ui("why"), 60}, {ui("change"), 60}, {ui("grade"), 12}, {ui("exploratory"), 14},
		{ui("expected_money"), 14}, {ui("expected_money") + low, 14}, {ui("expected_money") + high, 14},
		{ui("at_stake"), 14}, {ui("at_stake") + low, 14}, {ui("at_stake") + high, 14}, {ui("money_unit"), 10},
		{ui("metric_name"), 30}, {ui("unit_of_metric"), 12}, {ui("baseline"), 12}, {ui("baseline") + low, 12}, {ui("baseline") + high, 12}, {"n", 10},
		{ui("expected_effect"), 12}, {ui("expected_effect") + low, 12}, {ui("expected_effect") + high, 12},
		{ui("population"), 14}, {ui("design"), 30}, {ui("sample"), 14}, {ui("duration_days"), 12}, {ui("feasible"), 12}, {ui("guardrails"), 30},
		{ui("threat"), 50}, {ui("effort"), 8}, {ui("priority"), 12}, {ui("horizon_of_plan"), 16}, {ui("goal"), 16}, {ui("status"), 14}, {ui("block"), 18}, {ui("id"), 18}, {ui("overlaps_id"), 18},
		{ui("probability"), 12}, {ui("tenth"), 14}, {ui("gain_at_once"), 14}, {ui("worth_of_test"), 14}, {ui("cost_of_work"), 14}, {ui("weeks_of_all"), 10}, {ui("counted_part"), 12},
		{ui("rice"), 12}, {"Reach", 10}, {"Impact", 8}, {"Confidence", 10}, {"Effort", 8}, {ui("refuted_by"), 60}, {ui("first_week"), 10}, {ui("last_week"), 10}, {ui("waits_for_id"), 18},
	}
	f, _, err := b.fetch(ctx, "analytics.hypotheses")
	k.do(err)
	if f == nil {
		k.sheet(ui("section_hypotheses"), columns, nil)
		return
	}
	at := map[string]int{}
	for i, id := range f.String("hypothesis_id") {
		at[id] = i
	}
	number := func(column string, i int) any {
		if x := numbersOf(f, column)[i]; !math.IsNaN(x) {
			return x
		}
		return nil
	}
	count := func(column string, i int) any {
		if x := numbersOf(f, column)[i]; !math.IsNaN(x) {
			return int64(x)
		}
		return nil
	}
	var rows [][]any
	for _, r := range b.rows {
		i := at[r.ID]
		feasible := any(nil)
		if r.Feasible != "" {
			feasible = ui("feasible_" + r.Feasible)
		}
		guardrails := ""
		for j, g := range r.Guardrails {
			if j > 0 {
				guardrails += ", "
			}
			guardrails += b.in(g)
		}
		rows = append(rows, []any{
			r.Rank, b.in(r.Title), b.in(r.What), b.in(r.Why), b.in(r.Change), r.Grade, b.yesNo(r.Exploratory),
			number("money", i), number("money_lower", i), number("money_upper", i), number("stake", i), number("stake_lower", i), number("stake_upper", i), textsOf(f, "money_unit")[i],
			b.in(r.Metric), textsOf(f, "unit")[i], number("baseline", i), number("baseline_lower", i), number("baseline_upper", i), count("baseline_n", i),
			number("effect", i), number("effect_lower", i), number("effect_upper", i),
			count("population", i), b.in(r.Design), count("sample_size_per_arm", i), count("duration_days", i), feasible, guardrails,
			b.in(r.Threat), int64(r.effort()), number("priority", i), b.in(r.Horizon), b.in(r.Goal), b.in(r.Status), b.in(r.Block), r.ID, r.Overlaps,
			number("probability_positive", i), number("money_tenth", i), number("expected_gain", i), number("evsi", i), number("cost", i), number("weeks", i), number("counted_share", i),
			number("rice_score", i), count("rice_reach", i), number("rice_impact", i), number("rice_confidence", i), number("rice_effort", i), b.in(r.Refuted), count("start_week", i), count("end_week", i), r.Depends,
		})
	}
	k.sheet(ui("section_hypotheses"), columns, rows)
}

func (b *exported) yesNo(yes bool) string {
	if yes {
		return b.ui("yes")
	}
	return b.ui("no")
}

// roadmapSheet is the plan: horizon by horizon, within each by rank.
func (b *exported) roadmapSheet(k *workbook) {
	var rows [][]any
	week := func(x float64) any {
		if math.IsNaN(x) || x == 0 {
			return nil
		}
		return int64(x)
	}
	for _, horizon := range []string{"quick-win", "next-quarter", "strategic"} {
		for _, r := range b.rows {
			if r.HorizonCode == horizon {
				rows = append(rows, []any{b.in(r.Horizon), r.Rank, week(r.start), week(r.end), r.Depends, b.in(r.Title), b.in(r.Change), r.Grade, b.whole(r.Money), b.in(r.Design), b.in(r.Duration), int64(r.effort()), r.ID})
			}
		}
	}
	k.sheet(b.ui("roadmap"), []sheetColumn{{b.ui("horizon_of_plan"), 18}, {"№", 6}, {b.ui("first_week"), 10}, {b.ui("last_week"), 10}, {b.ui("waits_for_id"), 18}, {b.ui("hypothesis"), 50}, {b.ui("change"), 60}, {b.ui("grade"), 10}, {b.ui("money_column"), 34}, {b.ui("design"), 30},
		{b.ui("duration"), 16}, {b.ui("effort"), 8}, {b.ui("id"), 18}}, rows)
}

func (b *exported) findingsSheet(ctx context.Context, k *workbook) error {
	f, _, err := b.fetch(ctx, "analytics.findings")
	if err != nil {
		return err
	}
	var rows [][]any
	if f != nil {
		id, block, kind, severity, p, q := textsOf(f, "finding_id"), textsOf(f, "block"), textsOf(f, "kind"), textsOf(f, "severity"), numbersOf(f, "p_value"), numbersOf(f, "q_value")
		text, exploratory := textsOf(f, "text_"+b.opt.Language), flagsOf(f, "exploratory")
		number := func(x float64) any {
			if math.IsNaN(x) {
				return nil
			}
			return x
		}
		for i := range id {
			rows = append(rows, []any{b.in(b.texts.Name("blocks", block[i])), b.in(b.texts.Name("kinds", kind[i])), b.in(b.texts.Name("severities", severity[i])), text[i],
				number(p[i]), number(q[i]), b.yesNo(exploratory[i]), id[i]})
		}
	}
	k.sheet(b.ui("findings_title"), []sheetColumn{{b.ui("block"), 22}, {b.ui("kind_of_finding"), 28}, {b.ui("severity"), 14}, {b.ui("statement"), 100}, {"p", 10}, {"q", 10}, {b.ui("exploratory"), 16}, {b.ui("id"), 18}}, rows)
	return nil
}

func (b *exported) coverageSheet(ctx context.Context, k *workbook) error {
	covered, _, err := b.coverage(ctx)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, c := range covered {
		rows = append(rows, []any{b.in(c.Block), b.in(c.Input), b.yesNo(c.Present), b.in(c.Answers), b.in(c.Note)})
	}
	k.sheet(b.ui("coverage_sheet"), []sheetColumn{{b.ui("block"), 26}, {b.ui("input"), 26}, {b.ui("answered"), 14}, {b.ui("answers"), 70}, {b.ui("remark"), 70}}, rows)
	return nil
}

// queriesSheet holds the SQL that returns the numbers of every hypothesis.
func (b *exported) queriesSheet(k *workbook) {
	var rows [][]any
	for _, r := range b.rows {
		rows = append(rows, []any{r.Rank, b.in(r.Title), r.ID, r.SQL})
	}
	k.sheet(b.ui("queries_sheet"), []sheetColumn{{"№", 6}, {b.ui("hypothesis"), 50}, {b.ui("id"), 18}, {b.ui("evidence"), 120}}, rows)
}

// wordsSheet says what was audited and what the columns mean.
func (b *exported) wordsSheet(k *workbook) {
	rows := [][]any{{b.ui("title"), b.opt.Name}}
	if !b.opt.From.IsZero() {
		rows = append(rows, []any{b.ui("period_of_audit"), b.in(day(b.opt.From)) + " – " + b.in(day(b.opt.To.AddDate(0, 0, -1)))})
	}
	rows = append(rows, []any{b.ui("at_stake"), b.ui("stake_note")}, []any{b.ui("priority"), b.ui("priority_note")}, []any{b.ui("exploratory"), b.ui("exploratory_note")},
		[]any{b.ui("from_limit") + " / " + b.ui("to_limit"), b.ui("limits_note")})
	for _, e := range b.entries("terms") {
		rows = append(rows, []any{b.in(e.Term), b.in(e.Text)})
	}
	k.sheet(b.ui("words_sheet"), []sheetColumn{{b.ui("term"), 34}, {b.ui("meaning"), 110}}, rows)
}
