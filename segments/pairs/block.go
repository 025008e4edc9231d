package pairs

import (
	"context"

	"crmaudit/analytics"
)

// Setup is what the block needs besides the settings of the audit.
type Setup struct {
	Margins map[string]map[string]float64 // segment -> metric -> its own margin (segments[].margins)
}

// NewBlock is the part of audit block 3 that compares segments with each other.
func NewBlock(s Setup) analytics.Block {
	return analytics.Block{
		Name: "pairs", Schema: "segments",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			m, err := Fit(c, Options{Setup: s, Margins: set.Equivalence, FDR: set.FDR, Seed: set.Seed, Currency: set.Currency})
			if err != nil {
				return nil, err
			}
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m), Coverage: Coverage(m, set.Inputs)}, nil
		},
	}
}

// Coverage says which inputs the block had, what each answers, and what is missing. The keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "pairs", Input: input, Present: present, Answers: answers, Note: note})
	}
	note := ""
	current, late := 0, 0
	for _, s := range m.Segments {
		if !s.Dated {
			current++
		}
		if s.Late {
			late++
		}
	}
	switch {
	case len(m.Segments) == 0:
		if inputs["segment_memberships"] {
			note = "no_window"
		}
	case m.Uncompared > 0:
		note = "segment_limit"
	case m.Scope.Keep < 1000:
		note = "part_of_customers"
	case current > 0:
		note = "current_state"
	case late > 0:
		note = "late_members"
	}
	add("segment_memberships", "segment_pairs", len(m.Segments) > 0, note)
	for _, x := range []struct{ input, metric, answers string }{
		{"events", OrderRate, "segment_orders"}, {"events.value", Revenue, "segment_revenue"}, {"messages.clicked_at", CTR, "segment_ctr"},
		{"messages.unsubscribed_at", Unsubscribe, "segment_unsubscribe"}, {"customers", Transition, "segment_transition"},
	} {
		add(x.input, x.answers, m.Missing[x.metric] == "" && len(m.Segments) > 0, m.Missing[x.metric])
	}
	note = ""
	if len(m.Explained) == 0 && len(m.Segments) > 0 {
		note = "no_dated_segments"
	}
	add("segment_memberships.valid_from", "segment_explained", len(m.Explained) > 0, note)
	note = ""
	switch {
	case m.Assignments == 0:
	case len(m.Families) == 0:
		note = "no_partition"
	case len(m.Targeting) == 0:
		note = "no_complete_experiment"
	}
	add("assignments", "segment_targeting", len(m.Targeting) > 0, note)
	return out
}
