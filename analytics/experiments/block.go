package experiments

import (
	"context"

	"crmaudit/analytics"
)

// NewBlock is the part of audit block 7 that estimates every randomized comparison in the data.
func NewBlock(setup Setup) analytics.Block {
	return analytics.Block{
		Name:   "experiments",
		Schema: "analytics",
		Config: setup.tables(),
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: setup, Currency: set.Currency, Margin: set.Margin, FDR: set.FDR, Level: set.Level, Margins: set.Equivalence, Goals: set.Goals, MinCustomers: set.MinCustomers}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(opt), Findings: Findings(m, opt), Coverage: Coverage(m, set.Inputs)}, nil
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
		out = append(out, analytics.Coverage{Block: "experiments", Input: input, Present: present, Answers: answers, Note: note})
	}
	verdicts, caveats, sources := map[string]bool{}, map[string]bool{}, map[string]bool{}
	numbers, orders, scenarios := false, false, false
	for i := range m.Rows {
		r := &m.Rows[i]
		sources[r.Source] = true
		orders = orders || (r.Outcome == Order || r.Outcome == Revenue) && r.Verdict != NoEvents && r.Difference.OK()
		if r.Source != FromAssignments {
			continue
		}
		verdicts[r.Verdict] = true
		scenarios, numbers = scenarios || r.Scenario != "", numbers || r.Adjusted.OK()
		for _, c := range r.Caveats {
			caveats[c] = true
		}
	}
	// first is the note of the gravest of several problems.
	first := func(there map[string]bool, notes ...string) string {
		for _, note := range notes {
			if there[note] {
				return note
			}
		}
		return ""
	}
	otherwise := func(present bool, note string) string {
		if present {
			return ""
		}
		return note
	}
	add("assignments", "experiment_results", numbers, first(verdicts, OneArm, NoMembers, AfterData, BeforeData))
	if sources[FromAssignments] {
		add("assignments_arm", "experiment_reference", true, first(caveats, "two_arms", "switched", "all_pairs", "out_of_test"))
		add("assignments_assigned_at", "experiment_windows", true, first(caveats, "window_open", "open_left_out", "running"))
		add("assignments_cluster_id", "experiment_clusters", caveats["clusters"], otherwise(caveats["clusters"], "no_clusters"))
		add("assignments_scenario_id", "experiment_contamination", scenarios, otherwise(scenarios, "no_scenario_named"))
		add("experiments_shares", "sample_ratio", !caveats["guessed_shares"], first(caveats, "guessed_shares"))
	}
	if len(m.NotFound) > 0 {
		add("experiments", "experiment_results", false, "not_found")
	}
	add("enrolments", "experiment_control_arms", sources[FromEnrolments], otherwise(sources[FromEnrolments] || !inputs["enrolments"], "no_control_arm"))
	note := ""
	switch {
	case m.NamesLimited:
		note = "names_limited"
	case len(m.Rows) > 0 && !orders:
		note = "no_orders"
	}
	add("events", "experiment_outcomes", len(m.Rows) > 0, note)
	return out
}
