package report

import (
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The words of block pipeline (table at the top of analytics/pipeline/findings.go): every check has a name, every verdict, direction and note its word.
func TestPipelineHasWords(t *testing.T) {
	texts := mustTexts(t)
	for group, codes := range map[string]string{
		"findings.pipeline_stuck": "pipeline stage owner", "findings.bottleneck": "deals", "findings.loss_point": "deals", "findings.data_health": "deals_low deals_high",
		"hypotheses.pipeline_stuck.pipeline": "title what why change", "hypotheses.pipeline_stuck.stage": "title what why change", "hypotheses.pipeline_stuck.owner": "title what why change",
		"hypotheses.bottleneck.deals": "title what why change", "hypotheses.loss_point.deals": "title what why change", "hypotheses.data_health.deals_low": "title what why change",
		"hypotheses.data_health.deals_high": "title what why change",
		"coverage.answers":                  "pipeline deal_intervals owners_of_deals pipeline_money won_and_lost loss_reasons next_steps stage_order tasks_of_owners first_response",
		"coverage.notes":                    "missing pipeline_none_in_period stage_limit deals_end_early bucket_by_deal some_unfilled count_of_deals none_closed order_inferred no_moves pipeline_nothing_to_count pipeline_field_not_given",
		"inputs":                            "deals tasks deals_customer_id deals_owner deals_amount deals_outcome deals_loss_reason deals_next_step_at pipeline_stages tasks_done_at",
		"metrics":                           "deals_idle_share deals_stalled_share deals_lost_share field_filled_share record_error_share won_share idle_share on_time_share",
		"ui": "pipeline_direction_forward pipeline_direction_skip pipeline_direction_backward pipeline_direction_won pipeline_direction_lost pipeline_direction_reopened pipeline_direction_closed " +
			"pipeline_verdict_higher pipeline_verdict_lower pipeline_verdict_same pipeline_verdict_few pipeline_unknown_owner pipeline_unknown_source",
		"pipeline_checks": `idle_deals silent_deals overdue_deals next_step_filled next_step_past next_step_far owner_filled amount_filled customer_filled won_without_amount loss_reason_filled
			loss_reason_filler closed_without_move outcome_contradicts reopened same_instant backward_moves skipped_stages future_rows days_since_last_row tasks_on_time tasks_overdue tasks_undated tasks_unreal`, "kinds": "pipeline_stuck", "blocks": "pipeline", "nouns.deal": "one other", "nouns.task": "one other",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
	ru, en := texts.Finding(analytics.Finding{Kind: "loss_point", SubjectType: "deal_move", Subject: "new->lost", Values: []analytics.Value{{Name: "reason", Text: "deals"}, {Name: "deal_from", Text: "new"}, {Name: "deal_to", Text: "lost"}}})
	if !strings.Contains(ru, "«new»") || !strings.Contains(en, "“new”") {
		t.Errorf("a stage of deals got a word of the life cycle: %s %s", ru, en)
	}
	two := suffstat.Fact(2, 0, "deals")
	if got := texts.ru.estimate(two, "", "bare"); got != "2\u00a0сделки" && got != "2 сделки" {
		t.Errorf("two deals are %q", got)
	}
}
