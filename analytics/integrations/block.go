package integrations

import (
	"context"

	"crmaudit/analytics"
)

// Setup is what the block needs of audit.yaml.
type Setup struct {
	ControlTotals map[string]int64 // rows that the user's own system counts, by input
}

// NewBlock is integrations (audit block 15).
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "integrations", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			m := Fit(c, Options{FDR: set.FDR, Totals: s.ControlTotals, HasCard: set.Inputs["customers"]})
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m), Coverage: Coverage(m, set.Inputs)}, nil
		},
	}
}

// Coverage says what the block had, what each input answers and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "integrations", Input: input, Present: present, Answers: answers, Note: note})
	}
	tested, known := map[string]bool{}, false
	short := false
	for _, s := range m.Series {
		known = known || s.State != Rest
		short = short || s.State == Short
		if s.State == Tested {
			tested[s.Input] = true
		}
	}
	note := ""
	switch {
	case len(tested) == 0 && short:
		note = "short_history"
	case len(tested) == 0 && known:
		note = "none_regular"
	case len(tested) > 0 && len(tested) <= leastInputs:
		note = "one_source" // holidays cannot be told from gaps by what the other inputs had
	}
	add("events", "arrival", len(tested) > 0, note)
	note = ""
	if len(m.Latencies) == 0 && inputs["events"] {
		note = "no_received_at"
	}
	add("events.received_at", "latency", len(m.Latencies) > 0, note)
	note = ""
	switch {
	case len(m.Flows) == 0 && inputs["messages"]:
		note = "none_in_period"
	case len(m.Flows) > 0 && !m.Check("no_status").Measured:
		note = "no_delivery_reported"
	}
	add("messages", "message_status", len(m.Flows) > 0, note)
	add("message_events", "orphan_facts", m.Check("orphan_facts").Measured, "")
	note = ""
	if k := m.Check("orders_unrecorded"); !k.Measured && inputs["customers"] {
		note = "no_card_columns"
	}
	add("customers", "orders_matched", m.Check("orders_unrecorded").Measured, note)
	add("control_totals", "control_totals", m.Check("control_totals").Measured, "")
	return out
}
