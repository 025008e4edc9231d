package personalization

import (
	"context"

	"crmaudit/analytics"
)

// NewBlock is audit block 8, personalization.
func NewBlock(setup Setup) analytics.Block {
	return analytics.Block{
		Name: "personalization", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: setup, Currency: set.Currency, FDR: set.FDR, Level: set.Level, Margins: set.Equivalence, Weeks: set.To.Sub(set.From).Hours() / (24 * 7)}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, set.Inputs)}, nil
		},
	}
}

// Coverage says which inputs the block had and what each answered. The keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "personalization", Input: input, Present: present, Answers: answers, Note: note})
	}
	note := ""
	switch {
	case m.Messages == 0 && inputs["messages"]:
		note = "none_in_period"
	case m.Messages > 0 && m.WithLevel == 0:
		note = "no_levels"
	case m.WithLevel < m.Messages:
		note = "some_without_level"
	}
	add("messages.personalization", "level_inventory", m.WithLevel > 0, note)
	if m.WithLevel == 0 {
		return out
	}
	note = ""
	if !m.Clicks {
		note = "no_clicks"
	}
	add("messages.clicked_at", "level_response", m.Clicks, note)
	assigned := false
	for _, c := range m.Comparisons {
		assigned = assigned || c.Design == Assigned
	}
	note = ""
	switch {
	case len(m.Present) == 1:
		note = "one_level"
	case len(m.Comparisons) == 0:
		note = "never_together"
	}
	add("messages.levels", "level_gain", len(m.Comparisons) > 0, note)
	note = ""
	if !assigned {
		note = "no_assigned_levels"
	}
	add("assignments", "level_randomized", assigned, note)
	note = ""
	if !m.Upkeep {
		note = "no_upkeep"
	}
	add("content.level_upkeep", "level_cost", m.Upkeep, note)
	return out
}
