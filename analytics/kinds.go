package analytics

// Kinds are the kinds of findings and hypotheses of the contract, in its order. Scripts rely on the names: they never change.
func Kinds() []string {
	return []string{
		"bottleneck", "loss_point", "stage_rule_gap", "stage_threshold", "scenario_conflict", "scenario_duplicate", "dead_end", "no_state_change", "unused_scenario", "broad_trigger",
		"trigger_missed", "rhythm_mismatch", "chain_drop_off", "fatigue", "over_cap", "quiet_hours", "sent_after_unsubscribe", "priority_inversion", "segment_equivalent", "segment_redundant",
		"segment_stuck", "segment_size", "segment_unused", "engagement_gap", "metric_decline", "metric_shift", "unsubscribe_growth", "template_stale", "template_reused", "template_wearout",
		"personalization_no_gain", "personalization_gain", "bundle", "rhythm_drift", "scenario_effect", "scenario_harm", "experiment_result", "data_health", "pipeline_stuck", "integration_gap",
		"channel_redundant",
	}
}

// MoreKinds are kinds beyond the contract's list: owners who leave no trace, and that nothing was ever held back by chance.
func MoreKinds() []string { return []string{"low_usage", "no_holdout"} }
