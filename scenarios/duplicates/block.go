package duplicates

import (
	"context"

	"crmaudit/analytics"
)

// Setup is what the block needs besides the settings of the audit.
type Setup struct {
	Thresholds Thresholds           // decision.duplicates; the zero value is DefaultThresholds
	Scenarios  []analytics.Scenario // the definitions of audit.yaml
}

// NewBlock is the near-duplicate detector of audit block 4.
func NewBlock(s Setup) analytics.Block {
	defined := map[string]analytics.Scenario{}
	for _, d := range s.Scenarios {
		defined[d.ID] = d
	}
	return analytics.Block{
		Name: "duplicates", Schema: "scenarios",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{
				Thresholds: s.Thresholds, Defined: defined, MinCustomers: set.MinCustomers, FDR: set.FDR, Level: set.Level, Margins: set.Equivalence,
				MessageCost: set.MessageCost, Currency: set.Currency, Days: set.To.Sub(set.From).Hours() / 24,
			}
			m, err := Fit(c, opt)
			if err != nil {
				return nil, err
			}
			return &analytics.Result{Tables: m.Tables(opt), Findings: Findings(m, opt), Coverage: Coverage(m, c, opt, set.Inputs)}, nil
		},
	}
}

// Coverage says which inputs the block had, what each answers, and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, c *Counts, opt Options, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "duplicates", Input: input, Present: present, Answers: answers, Note: note})
	}
	sends, words, named, few := false, false, false, false
	for i := range c.Scenarios {
		s := &c.Scenarios[i]
		sends = sends || len(s.Messages) > 0
		few = few || s.customers() > 0 && s.customers() < opt.MinCustomers
		for _, x := range s.Contents {
			t := c.Templates[x.Template]
			named = named || x.Template != ""
			words = words || t.Hash != "" || t.Subject != "" || t.Text != "" || t.Name != ""
		}
	}
	note := ""
	switch {
	case len(c.Scenarios) >= mostScenarios:
		note = "scenario_limit"
	case m.Cut:
		note = "pair_limit"
	case few:
		note = "few_customers"
	}
	add("messages", "duplicate_timing", sends, note)
	note = ""
	if !words && named {
		note = "templates_only"
	}
	add("templates", "duplicate_content", words, note)
	add("scenarios", "duplicate_logic", len(opt.Defined) > 0, "")
	add("enrolments", "duplicate_entries", inputs["enrolments"], "")
	return out
}
