package report

import (
	"strings"
	"testing"

	"crmaudit/analytics"
)

// The kinds and reasons of templates, content and personalization (tables at the top of their findings.go), and the words of their tables.
func TestContentHasWords(t *testing.T) {
	texts := mustTexts(t)
	for _, key := range strings.Fields(`template_stale.default template_reused.roles template_reused.stages template_reused.copies_roles template_reused.copies_stages template_wearout.default personalization_gain.assigned
		personalization_gain.observed personalization_no_gain.equal personalization_no_gain.loss`) {
		if !texts.Has("findings." + key) {
			t.Errorf("no text findings.%s", key)
		}
	}
	for _, kind := range strings.Fields("template_stale.default template_reused.default template_wearout.default personalization_gain.assigned personalization_gain.default personalization_no_gain.equal") {
		for _, leaf := range []string{"title", "what", "why", "change"} {
			if !texts.Has("hypotheses." + kind + "." + leaf) {
				t.Errorf("no text hypotheses.%s.%s", kind, leaf)
			}
		}
	}
	for group, codes := range map[string]string{
		"coverage.answers": "template_use template_age template_copies template_subjects template_wearout device_mix click_position click_depth level_inventory level_response level_gain level_randomized level_cost",
		"coverage.notes": `none_in_period no_template_ids some_without_template templates_limited no_templates_given no_dates some_without_date not_listed future_dates after_period_dates no_texts no_subjects no_lives lives_limited no_column
			no_levels some_without_level one_level never_together personalization_no_clicks no_assigned_levels no_upkeep`,
		"inputs":          "messages_template_id templates_updated_at templates_text templates_subject messages_clicked_at messages_x_device messages_x_click_position messages_x_click_depth messages_personalization messages_levels content_level_upkeep assignments",
		"levels":          "none basic contextual behavioural",
		"bases":           "hash text subject",
		"peers":           "kind channel",
		"threats":         "template_untested worn_association other_time_and_customers split_not_recorded level_by_data levels_differ_elsewhere no_placebo contact_differs broken_split",
		"wear_verdicts":   "worn with_channel alone improving steady undecided insufficient_data",
		"gain_verdicts":   "gain loss no_gain undecided insufficient_data broken_split",
		"level_designs":   "assigned side_by_side",
		"subject_classes": "to_30 to_50 to_70 over_70 yes no",
		"metrics":         "click_rate open_rate",
		"ui":              "template_age_not_given template_age_not_listed template_age_after_period template_age_future extra_device extra_click_position extra_click_depth subject_length subject_emoji subject_opened subject_clicked",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
}

// TestLevelsInWords: the subject of a comparison of levels is shown with the levels in words, and a name with the separators in it stays whole.
func TestLevelsInWords(t *testing.T) {
	texts := mustTexts(t)
	for subject, want := range map[string]string{
		"cart, email: behavioural × none":         "cart, email — behavioural personalization × no personalization",
		"a: b × c, sms: basic × none (lot)":       "a: b × c, sms — basic personalization × no personalization (lot)",
		"whatever somebody has put into the name": "whatever somebody has put into the name",
	} {
		_, en := texts.Finding(analytics.Finding{Kind: "unknown", SubjectType: "personalization", Subject: subject})
		if !strings.Contains(en, want) {
			t.Errorf("%s: %s", subject, en)
		}
	}
}
