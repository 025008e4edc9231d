package lifecycle

import (
	"context"
	"slices"

	"crmaudit/analytics"
)

// Setup is what the block needs besides the settings of the audit.
type Setup struct {
	Rules Rules // of Compile
	// Defined maps the id of every configured scenario to the stages that its definition names (none is an empty list); nil without definitions.
	Defined map[string][]string
	// Inputs tells which inputs were given, for coverage; nil means Settings.Inputs.
	Inputs map[string]bool
}

// NewBlock is audit block 10, the life cycle.
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name:   "lifecycle",
		Config: s.Rules.Config,
		Macros: s.Rules.Macros,
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{
				Rules: s.Rules.Stages, Defined: s.Defined, Grain: set.Grain, Currency: set.Currency, Margin: set.Margin, Level: set.Level,
				FDR: set.FDR, Margins: set.Equivalence, Goals: set.Goals, Impossible: Impossible(s.Rules.Stages, set.Grain),
				Unreachable: Unreachable(s.Rules.Stages),
			}
			m, err := Fit(c, opt)
			if err != nil {
				return nil, err
			}
			inputs := s.Inputs
			if inputs == nil {
				inputs = set.Inputs
			}
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, opt, inputs, set.MinCustomers)}, nil
		},
	}
}

// Coverage says which inputs the block had, what each answers, and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, opt Options, inputs map[string]bool, minCustomers int64) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "lifecycle", Input: input, Present: present, Answers: answers, Note: note})
	}
	note := ""
	switch {
	case m.Unit == "orders":
		note = "no_revenue"
	case m.Unit != "" && opt.Margin == 0:
		note = "no_margin"
	}
	add("events", "orders_value", m.Unit != "", note)
	note = ""
	if m.Customers > 0 && m.Customers < minCustomers {
		note = "few_customers"
	}
	add("customers", "panel", m.Customers > 0, note)
	note = ""
	var known int64
	for _, d := range m.Dwell {
		known += d.Spells
	}
	switch {
	case m.Moves == 0:
		note = "too_short"
	case known == 0:
		note = "left_open_only"
	case m.LeftOpen > 0:
		note = "burn_in"
	}
	add("history", "dwell_from_entry", known > 0, note)
	add("messages", "stage_scenarios", inputs["messages"], "")
	segments := slices.ContainsFunc(m.Transitions, func(t Transition) bool { return t.Grouping == "segment" })
	note = ""
	if inputs["segment_memberships"] && !segments {
		note = "too_short"
	}
	if m.GroupsCut > 0 {
		note = "group_limit"
	}
	add("segment_memberships", "transitions_by_segment", segments, note)
	add("stage_history", "recorded_stages", inputs["stage_history"], "")
	return out
}
