package overlap

import (
	"context"

	"crmaudit/analytics"
)

// Setup is what the block needs besides the settings of the audit.
type Setup struct {
	Scenarios []analytics.Scenario // the definitions of audit.yaml: roles, priorities, what follows what
}

// NewBlock is audit block 6, orchestration: what scenarios do to each other.
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "overlap", Schema: "scenarios",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			m, err := Fit(c, Options{Scenarios: s.Scenarios, FDR: set.FDR})
			if err != nil {
				return nil, err
			}
			weeks := set.To.Sub(set.From).Hours() / (24 * 7)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, weeks), Coverage: Coverage(m, s, set.Inputs)}, nil
		},
	}
}

// Coverage says which inputs the block had, what each answers, and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, s Setup, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "overlap", Input: input, Present: present, Answers: answers, Note: note})
	}
	note := ""
	switch {
	case m.Chains == 1:
		note = "one_scenario"
	case m.Cut:
		note = "pair_limit"
	case m.Grid.UnitSeconds > 7*86400:
		note = "long_steps"
	case !inputs["enrolments"] && m.Chains > 0:
		note = "derived"
	}
	add("enrolments", "scenario_overlap", inputs["enrolments"] || m.Chains > 0, note)
	messages := inputs["messages"] || inputs["message_events"] // the load makes messages of the facts
	add("messages", "message_collisions", messages, "")
	roles, priorities := 0, 0
	for _, d := range s.Scenarios {
		if d.Role != "" {
			roles++
		}
		if d.Priority != nil {
			priorities++
		}
	}
	note = ""
	switch {
	case len(s.Scenarios) == 0:
	case roles == 0:
		note = "no_roles"
	case priorities == 0:
		note = "no_priorities"
	}
	add("scenarios", "roles_and_priorities", len(s.Scenarios) > 0, note)
	note = ""
	if m.Staged == 0 {
		note = "no_panel"
	}
	add("customers", "overlap_expected", m.Staged > 0, note)
	var sendable, unknown int64
	for _, r := range m.Reasons {
		if r.Sendable {
			sendable += r.Messages
		}
		if r.Kind == "unknown" {
			unknown += r.Messages
		}
	}
	note = ""
	switch {
	case !messages:
		note = "missing"
	case len(m.Reasons) == 0:
		note = "no_not_sent"
	case sendable > 0 && m.LostShare.Trials == 0:
		note = "no_priorities"
	case 2*unknown > sendable:
		note = "unknown_reasons"
	}
	add("messages.not_sent_at", "lost_messages", len(m.Reasons) > 0, note)
	return out
}
