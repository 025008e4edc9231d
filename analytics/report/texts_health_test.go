package report

import (
	"strings"
	"testing"
)

// The words of block health (tables at the top of analytics/health/findings.go).
func TestHealthHasWords(t *testing.T) {
	texts := mustTexts(t)
	for group, codes := range map[string]string{
		"findings.data_health": "duplicates key_fields_filled optional_fields_filled fillers phones_invalid emails_invalid unreachable birthdays_absurd stale inactive email_bounces",
		"health_checks":        "duplicates key_fields_filled optional_fields_filled fillers phones_invalid emails_invalid unreachable birthdays_absurd stale inactive email_bounces",
		"health_status":        "ok warning red not_measurable", "health_roles": "key optional other", "blocks": "health", "kinds": "data_health",
		"metrics":          "duplicate_share filled_share filler_share invalid_share unreachable_share absurd_share stale_record_share inactive_contact_share bounce_share",
		"coverage.answers": "health duplicates staleness birthdays fillers bounces inactive duplicate_cost",
		"coverage.notes":   "health_too_many health_no_field health_no_customers health_short_history health_no_emails health_no_bounces health_no_birthdays health_capped_blocks health_dropped_pairs health_part_of_values health_no_message_cost missing",
		"inputs":           "customers customers_name customers_phone customers_email customers_updated_at customers_birthday customers_fillers messages_bounced_at history money_message_cost",
		"ui":               "section_health health_group_health health_group_pipeline_checks health_group_integration_checks health_group_usage_checks",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
			if group == "findings.data_health" {
				for _, leaf := range []string{"title", "what", "why", "change"} {
					if key := "hypotheses.data_health." + code + "." + leaf; !texts.Has(key) {
						t.Errorf("no text %s", key)
					}
				}
			}
		}
	}
}
