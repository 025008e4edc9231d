package segments

import (
	"context"
	"slices"

	"crmaudit/analytics"
)

// Setup is what the block needs besides the settings of the audit.
type Setup struct {
	// Rule is the scalar macro x_segment_rule(position, <features of a stage rule>, attributes): whether the own rule of the segment at this place in audit.yaml takes
	// a customer.
	Rule analytics.Macro
}

// NewBlock is audit block 7, the segments one by one; segments/pairs compares them.
func NewBlock(setup Setup) analytics.Block {
	return analytics.Block{
		Name:   "segments",
		Macros: []analytics.Macro{setup.Rule},
		Run: func(ctx context.Context, src analytics.Source, s analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			m := Fit(c)
			opt := Options{FDR: s.FDR, Weeks: s.To.Sub(s.From).Hours() / (24 * 7), Step: s.Equivalence["order_rate"]}
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, s.Inputs)}, nil
		},
	}
}

// Coverage says what the block could and could not answer; the keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		out = append(out, analytics.Coverage{Block: "segments", Input: input, Present: present, Answers: answers, Note: note})
	}
	has := func(of func(*Segment) bool) bool { return slices.ContainsFunc(m.Segments, of) }
	form := func(form string) bool { return has(func(s *Segment) bool { return s.Form == form }) }
	given := inputs["segment_memberships"]
	note := ""
	switch {
	case !given:
		note = "missing"
	case !has(func(s *Segment) bool { return s.Memberships > 0 }):
		note = "no_memberships"
	}
	there := note == ""
	moving := has((*Segment).Movement)
	if there {
		switch {
		case !moving && form(EntriesOnly):
			note = "entries_only"
		case !moving:
			note = "current_only"
		case m.Steps < 2:
			note = "too_short"
		case form(Current):
			note = "some_current"
		case form(Snapshots):
			note = "snapshots"
		}
	}
	add("segment_memberships", "segment_movement", there, note)
	if !there {
		return out
	}
	note = "no_orders"
	if has(func(s *Segment) bool { return analytics.Finite(s.MDE) }) {
		note = ""
	}
	add("orders", "segment_size_test", note == "", note)
	rules := has(func(s *Segment) bool { return s.HasRule })
	switch {
	case rules && m.Declared:
		note = ""
	case rules:
		note = "no_used_by"
	case m.Declared:
		note = "no_segment_rules"
	default:
		note = "no_segment_definitions"
	}
	add("segments", "segment_definitions", rules || m.Declared, note)
	return out
}
