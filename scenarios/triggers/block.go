package triggers

import (
	"context"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// NewBlock is trigger conformance (audit block 5).
func NewBlock(rules []Rule) analytics.Block {
	return analytics.Block{
		Name: "triggers", Schema: "scenarios",
		Config: []analytics.Table{Config(rules)},
		Run: func(ctx context.Context, src analytics.Source, s analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			m := Fit(c, rules, s.Seed)
			weeks := s.To.Sub(s.From).Hours() / (24 * 7)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, s.FDR, weeks), Coverage: Coverage(m, s.Inputs)}, nil
		},
	}
}

// Coverage says per input of the rules whether it is there; without rules, that there are none.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	row := func(input string, present bool, note string) analytics.Coverage {
		return analytics.Coverage{Block: "triggers", Input: input, Present: present, Answers: "trigger_conformance", Note: note}
	}
	if len(m.Rules) == 0 {
		return []analytics.Coverage{row("triggers", false, "no_rules")}
	}
	notes := map[string]string{}
	for _, f := range m.Rules {
		for _, input := range f.needs() {
			switch {
			case !inputs[input]:
				notes[input] = "missing"
			case f.Triggered()+f.NotYet+f.Unlinked == 0 && notes[input] == "":
				notes[input] = "never_fired"
			case f.Unlinked > 0 && notes[input] == "":
				notes[input] = "unlinked"
			default:
				notes[input] += ""
			}
		}
	}
	var out []analytics.Coverage
	for input, note := range notes {
		out = append(out, row(input, note != "missing", note))
	}
	slices.SortFunc(out, func(a, b analytics.Coverage) int { return strings.Compare(a.Input, b.Input) })
	return out
}
