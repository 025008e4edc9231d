package backlog

import "strings"

// Kinds are the kinds of findings and hypotheses, in the order of the contract; low_usage and no_holdout came later.
func Kinds() []string {
	return strings.Fields(`bottleneck loss_point stage_rule_gap stage_threshold scenario_conflict scenario_duplicate dead_end no_state_change unused_scenario broad_trigger trigger_missed rhythm_mismatch
		chain_drop_off fatigue over_cap quiet_hours sent_after_unsubscribe priority_inversion segment_equivalent segment_redundant segment_stuck segment_size segment_unused engagement_gap metric_decline
		metric_shift unsubscribe_growth template_stale template_reused template_wearout personalization_no_gain personalization_gain bundle rhythm_drift scenario_effect scenario_harm experiment_result
		data_health pipeline_stuck integration_gap channel_redundant low_usage ` + NoHoldout)
}
