package backlog

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"crmaudit/analytics"
)

// column is one column of the backlog in the order of the contract; the header, the CSV cell and the table value come from one list.
type column struct {
	name string
	text bool // user text: guarded against formula injection
	get  func(*analytics.Hypothesis) any
}

func columns() []column {
	text := func(name string, get func(*analytics.Hypothesis) string) column {
		return column{name, true, func(h *analytics.Hypothesis) any { return get(h) }}
	}
	number := func(name string, get func(*analytics.Hypothesis) *float64) column {
		return column{name, false, func(h *analytics.Hypothesis) any {
			if v := get(h); v != nil {
				return *v
			}
			return nil
		}}
	}
	count := func(name string, get func(*analytics.Hypothesis) *int64) column {
		return column{name, false, func(h *analytics.Hypothesis) any {
			if v := get(h); v != nil {
				return *v
			}
			return nil
		}}
	}
	type H = analytics.Hypothesis
	return []column{
		text("hypothesis_id", func(h *H) string { return h.ID }),
		count("rank", func(h *H) *int64 { return &h.Rank }),
		text("block", func(h *H) string { return h.Block }),
		text("kind", func(h *H) string { return h.Kind }),
		text("subject_type", func(h *H) string { return h.SubjectType }),
		text("subject", func(h *H) string { return h.Subject }),
		text("title_ru", func(h *H) string { return h.TitleRu }),
		text("title_en", func(h *H) string { return h.TitleEn }),
		text("what_happens_ru", func(h *H) string { return h.WhatHappensRu }),
		text("what_happens_en", func(h *H) string { return h.WhatHappensEn }),
		text("why_ru", func(h *H) string { return h.WhyRu }),
		text("why_en", func(h *H) string { return h.WhyEn }),
		text("change_ru", func(h *H) string { return h.ChangeRu }),
		text("change_en", func(h *H) string { return h.ChangeEn }),
		text("metric", func(h *H) string { return h.Metric }),
		text("unit", func(h *H) string { return h.Unit }),
		number("baseline", func(h *H) *float64 { return h.Baseline }),
		number("baseline_lower", func(h *H) *float64 { return h.BaselineLower }),
		number("baseline_upper", func(h *H) *float64 { return h.BaselineUpper }),
		count("baseline_n", func(h *H) *int64 { return &h.BaselineN }),
		count("population", func(h *H) *int64 { return &h.Population }),
		number("effect", func(h *H) *float64 { return h.Effect }),
		number("effect_lower", func(h *H) *float64 { return h.EffectLower }),
		number("effect_upper", func(h *H) *float64 { return h.EffectUpper }),
		number("money", func(h *H) *float64 { return h.Money }),
		number("money_lower", func(h *H) *float64 { return h.MoneyLower }),
		number("money_upper", func(h *H) *float64 { return h.MoneyUpper }),
		number("stake", func(h *H) *float64 { return h.Stake }),
		number("stake_lower", func(h *H) *float64 { return h.StakeLower }),
		number("stake_upper", func(h *H) *float64 { return h.StakeUpper }),
		text("money_unit", func(h *H) string { return h.MoneyUnit }),
		text("grade", func(h *H) string { return string(h.Grade) }),
		{"exploratory", false, func(h *H) any { return h.Exploratory }},
		text("threat", func(h *H) string { return h.Threat }),
		text("test_design", func(h *H) string { return h.TestDesign }),
		count("sample_size_per_arm", func(h *H) *int64 { return h.SampleSizePerArm }),
		count("duration_days", func(h *H) *int64 { return h.DurationDays }),
		{"feasible", false, func(h *H) any {
			if h.Feasible != nil {
				return *h.Feasible
			}
			return nil
		}},
		text("guardrails", func(h *H) string { return h.Guardrails }),
		count("effort", func(h *H) *int64 { return &h.Effort }),
		number("priority", func(h *H) *float64 { return h.Priority }),
		text("horizon", func(h *H) string { return h.Horizon }),
		text("goal", func(h *H) string { return h.Goal }),
		text("status", func(h *H) string { return h.Status }),
		text("evidence_sql", func(h *H) string { return h.EvidenceSQL }),
		text("overlaps_with", func(h *H) string { return h.OverlapsWith }),
		number("counted_share", func(h *H) *float64 { return &h.CountedShare }),
		text("prior", func(h *H) string { return h.Prior }),
		number("probability_positive", func(h *H) *float64 { return h.ProbabilityPositive }),
		number("money_tenth", func(h *H) *float64 { return h.MoneyTenth }),
		number("expected_gain", func(h *H) *float64 { return h.ExpectedGain }),
		number("evsi", func(h *H) *float64 { return h.EVSI }),
		number("cost", func(h *H) *float64 { return h.Cost }),
		number("weeks", func(h *H) *float64 { return h.Weeks }),
		number("work_weeks", func(h *H) *float64 { return &h.WorkWeeks }),
		text("shrinkage", func(h *H) string { return h.Shrinkage }),
		count("rice_reach", func(h *H) *int64 { return &h.RICEReach }),
		number("rice_impact", func(h *H) *float64 { return &h.RICEImpact }),
		number("rice_confidence", func(h *H) *float64 { return &h.RICEConfidence }),
		number("rice_effort", func(h *H) *float64 { return &h.RICEEffort }),
		number("rice_score", func(h *H) *float64 { return &h.RICEScore }),
		text("refuted_by_ru", func(h *H) string { return h.RefutedByRu }),
		text("refuted_by_en", func(h *H) string { return h.RefutedByEn }),
		text("depends_on", func(h *H) string { return h.DependsOn }),
		count("start_week", func(h *H) *int64 { return h.StartWeek }),
		count("end_week", func(h *H) *int64 { return h.EndWeek }),
	}
}

// Table is analytics.hypotheses, rows in rank order.
func Table(hs []analytics.Hypothesis) analytics.Table {
	t := analytics.Table{Name: "analytics.hypotheses"}
	cols := columns()
	for _, c := range cols {
		t.Columns = append(t.Columns, c.name)
	}
	for i := range hs {
		row := make([]any, len(cols))
		for j, c := range cols {
			row[j] = c.get(&hs[i])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// WriteCSV writes hypotheses.csv for a spreadsheet: UTF-8 with a byte-order mark (Excel reads it as UTF-8), a header with
// the contract's column names, numbers with a decimal point, an empty cell for a null. A text that a spreadsheet would run as a formula
// gets a leading apostrophe.
func WriteCSV(w io.Writer, hs []analytics.Hypothesis) error {
	b := bufio.NewWriter(w)
	b.WriteString("\ufeff")
	c := csv.NewWriter(b)
	cols := columns()
	record := make([]string, len(cols))
	for j, col := range cols {
		record[j] = col.name
	}
	if err := c.Write(record); err != nil {
		return fmt.Errorf("write header of hypotheses.csv: %w", err)
	}
	for i := range hs {
		for j, col := range cols {
			record[j] = cell(col, &hs[i])
		}
		if err := c.Write(record); err != nil {
			return fmt.Errorf("write hypothesis %s to csv: %w", hs[i].ID, err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write hypotheses.csv: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write hypotheses.csv: %w", err)
	}
	return nil
}

func cell(c column, h *analytics.Hypothesis) string {
	switch v := c.get(h).(type) {
	case nil:
		return ""
	case string:
		if c.text {
			return analytics.SafeCell(v)
		}
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	default:
		panic(fmt.Sprintf("backlog: column %s holds a %T", c.name, v))
	}
}

// WriteJSON writes hypotheses.json: an array in rank order, keys in the order of the contract, two-space indent, a trailing newline.
// The bytes are a function of the hypotheses alone.
func WriteJSON(w io.Writer, hs []analytics.Hypothesis) error {
	if hs == nil {
		hs = []analytics.Hypothesis{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(hs); err != nil {
		return fmt.Errorf("write hypotheses.json: %w", err)
	}
	return nil
}
