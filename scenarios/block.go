package scenarios

import (
	"context"
	"slices"

	"crmaudit/analytics"
)

// Setup is what the block needs besides the settings of the audit.
type Setup struct {
	Defined      []analytics.Scenario // definitions of audit.yaml; nil without any
	HandoverDays int                  // of core.cfg_audit
}

// NewBlock is the scenario map (audit block 4).
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "scenarios",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{
				Defined: s.Defined, HandoverDays: s.HandoverDays, Cost: set.MessageCost, Margins: set.Equivalence, FDR: set.FDR, Seed: set.Seed,
				HasOrders: set.Inputs["events"] || set.Inputs["order_items"], Weeks: set.To.Sub(set.From).Hours() / (24 * 7),
			}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, set.Inputs)}, nil
		},
	}
}

// Coverage says which inputs the block had, what each answers, and what is derived or left out. The keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "scenarios", Input: input, Present: present, Answers: answers, Note: note})
	}
	k := m.Known
	note := ""
	switch {
	case !inputs["enrolments"] && k.Derived > 0:
		note = "derived"
	case k.Reversed > 0:
		note = "reversed_exits"
	case k.Merged > 0:
		note = "merged_entries"
	case slices.ContainsFunc(m.Scenarios, func(s *Scenario) bool { return s.Enrolled && s.Entry.Entries > 0 && s.Entry.RecordedExits == 0 }):
		note = "exits_by_rule"
	}
	add("enrolments", "entries", inputs["enrolments"], note)
	note = ""
	switch {
	case !inputs["messages"]:
	case !k.Clicked:
		note = "no_clicks"
	case !k.Cost:
		note = "no_costs"
	case k.Bulk > 0:
		note = "bulk_excluded"
	}
	add("messages", "steps", inputs["messages"], note)
	note = ""
	if slices.ContainsFunc(m.Graph, func(n Node) bool { return n.Graph == "declared" && n.Loop > 0 }) {
		note = "declared_loop"
	}
	add("scenarios", "roles", k.Definitions, note)
	add("orders", "goals_and_orders", k.Orders, "")
	add("stages", "stage_reach", m.Eligible > 0, "")
	return out
}
