package effects

import (
	"context"

	"crmaudit/analytics"
)

// NewBlock is the part of audit block 4 that asks what scenarios change.
func NewBlock() analytics.Block {
	return analytics.Block{
		Name:   "effects",
		Schema: "scenarios",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Currency: set.Currency, Margin: set.Margin, FDR: set.FDR, Level: set.Level, Margins: set.Equivalence, Goals: set.Goals, MinCustomers: set.MinCustomers}
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
		out = append(out, analytics.Coverage{Block: "effects", Input: input, Present: present, Answers: answers, Note: note})
	}
	by := map[string]int{}
	for _, e := range m.Effects {
		by[e.Method]++
	}
	note := ""
	if inputs["assignments"] && by[MethodAssignment] == 0 {
		note = "no_scenario"
	}
	add("assignments", "effect_by_experiment", by[MethodAssignment] > 0, note)
	switch {
	case by[MethodHoldout] > 0:
		add("enrolments", "effect_by_control_arm", true, "")
	case by[MethodTrials] > 0:
		add("enrolments", "effect_by_trials", inputs["enrolments"], "no_control_arm")
	default:
		add("enrolments", "effect_by_control_arm", false, "")
	}
	orders := false
	for _, e := range m.Effects {
		orders = orders || e.Outcome == Order && e.Value.OK()
	}
	note = ""
	if len(m.Effects) == 0 {
		note = "no_scenarios"
	}
	add("events", "effect_on_orders", orders, note)
	tried, known := 0, 0
	for _, c := range m.Checks {
		if c.Name == "placebo" {
			tried++
			if c.Note != "history_too_short" {
				known++
			}
		}
	}
	if tried > 0 {
		note = ""
		if known == 0 {
			note = "history_too_short"
		}
		add("history", "placebo", known > 0, note)
	}
	return out
}
