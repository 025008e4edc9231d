package report

import (
	"strings"
	"testing"

	"crmaudit/analytics"
)

// The words of blocks integrations and usage (tables at the top of their findings.go, states and checks of their tables).
func TestIntegrationsHaveWords(t *testing.T) {
	texts := mustTexts(t)
	for group, codes := range map[string]string{
		"findings.integration_gap": "gap ongoing outage silent no_status one_way flow_no_delivery flow_no_opens flow_no_clicks orphans unrecorded unknown_lines default",
		"findings.data_health":     "feed_twice feed_repeats feed_doubled_days feed_late feed_clock feed_slowed feed_before",
		"findings.low_usage":       "owners cost default",
		"kinds":                    "integration_gap data_health low_usage",
		"blocks":                   "integrations usage",
		"arrival_states":           "tested irregular too_few short no_days rest",
		"arrival_gaps":             "gap outage common recurring flood twice",
		"owner_states":             "active idle none",
		"usage_metrics":            "orders orders_per_customer buyers revenue revenue_per_customer messages credited_share",
		"integration_checks":       "gap_days silent_sources control_totals rows_rejected rows_duplicate rows_repeated events_late clock_faults no_status one_way_flows response_before_send orphan_facts orders_unrecorded lines_unknown",
		"coverage.answers":         "arrival latency message_status orphan_facts orders_matched control_totals owners_active orders_credited message_cost message_return year_ago fixed_cost randomized_return",
		"inputs":                   "events events_received_at messages message_events customers control_totals customers_owner orders money_message_cost money_margin usage_fixed_cost enrolments_arm history message_status message_response",
		"metrics":                  "gap_days no_status_share lacking_returns orphan_share unmatched_share latency cost_per_order",
		"coverage.notes":           "integrations_none_in_period integrations_short_history integrations_none_regular integrations_one_source integrations_no_received_at integrations_no_delivery_reported integrations_no_card_columns usage_no_trace usage_unpriced_channels usage_priced_unused usage_no_holdouts usage_under_half_year usage_under_year usage_under_18_months",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
	for _, kind := range strings.Fields("integration_gap.gap integration_gap.ongoing integration_gap.outage integration_gap.no_status integration_gap.one_way integration_gap.flow_no_delivery integration_gap.flow_no_opens " +
		"integration_gap.flow_no_clicks integration_gap.orphans integration_gap.unrecorded integration_gap.unknown_lines integration_gap.silent data_health.feed_slowed low_usage.cost low_usage.owners") {
		for _, leaf := range []string{"title", "what", "why", "change"} {
			if !texts.Has("hypotheses." + kind + "." + leaf) {
				t.Errorf("no text hypotheses.%s.%s", kind, leaf)
			}
		}
	}
	// A source is shown by its input in words and its own name as it is; what the name holds is not filled in again.
	ru, en := texts.Finding(analytics.Finding{Kind: "integration_gap", SubjectType: "silent_source", Subject: "events: {days} <b>", Values: []analytics.Value{{Name: "reason", Text: "silent"}, {Name: "change_last", Text: "2026-03-01"}}})
	if !strings.Contains(en, "“Behaviour events, {days} <b>” is silent: the last row is of 1 Mar 2026") || !strings.Contains(ru, "«События поведения, {days} <b>» молчит: последняя строка — от 01.03.2026") {
		t.Errorf("%s\n%s", ru, en)
	}
}
