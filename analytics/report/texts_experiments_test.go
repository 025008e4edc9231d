package report

import (
	"strings"
	"testing"
)

// The reasons, verdicts and caveats of experiments (tables at the top of analytics/experiments/findings.go and in queries/analytics/experiments.sql) have words.
func TestExperimentsHaveWords(t *testing.T) {
	texts := mustTexts(t)
	keys := map[string]string{
		"blocks":                     "experiments",
		"findings.experiment_result": "win loss higher lower running equivalent undecided few broken_ratio unbalanced contaminated two_arms default",
		"experiment_verdicts":        "win loss higher lower equivalent undecided insufficient_data broken_ratio unbalanced contaminated no_events no_variation no_members one_arm before_data after_data",
		"experiment_words":           "broken_ratio unbalanced contaminated one_arm no_members before_data after_data",
		"experiment_caveats": `window_open open_left_out short_history running switched two_arms clusters few_clusters imbalance several_arms all_pairs all_assigned
			guessed_shares out_of_test`,
		"experiment_checks": strings.Join(experimentChecks, " "), "experiment_roles": "reference treated out missing",
		"outcomes": "order orders revenue messages tenure", "metrics": "order_rate orders_per_customer revenue_per_customer event_rate",
		"threats":          "other_time_and_customers peeking open_windows broken_split",
		"inputs":           "assignments assignments_arm assignments_assigned_at assignments_cluster_id assignments_scenario_id experiments_shares experiments enrolments events",
		"coverage.answers": "experiment_results experiment_reference experiment_windows experiment_clusters experiment_contamination sample_ratio experiment_control_arms experiment_outcomes",
		"coverage.notes": `missing experiments_one_arm experiments_no_members experiments_after_data experiments_before_data experiments_two_arms experiments_switched experiments_all_pairs experiments_out_of_test
			experiments_window_open experiments_open_left_out experiments_running experiments_no_clusters experiments_no_scenario_named experiments_guessed_shares experiments_not_found experiments_no_control_arm
			experiments_names_limited experiments_no_orders`,
		"ui": "section_experiments exp_source_assignments exp_source_enrolments exp_group_differs exp_group_not_told_apart exp_group_insufficient_data",
	}
	for group, codes := range keys {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
	for _, reason := range strings.Fields("win loss running equivalent undecided few broken_ratio unbalanced contaminated two_arms default") {
		for _, leaf := range []string{"title", "what", "why", "change"} {
			if !texts.Has("hypotheses.experiment_result." + reason + "." + leaf) {
				t.Errorf("no text hypotheses.experiment_result.%s.%s", reason, leaf)
			}
		}
	}
}
