package report

import (
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The kinds and reasons of contact policy, triggers and effects (tables at the top of their findings.go).
var policyTexts = map[string][]string{
	"over_cap": {"default"}, "quiet_hours": {"default"}, "sent_after_unsubscribe": {"default"},
	"fatigue": {"response_fatigue", "response_benefit", "response_none", "response_inconclusive", "response_insufficient_data", "response_not_identifiable", "response_calendar_only", "response_confounded",
		"order_fatigue", "order_benefit", "order_none", "order_inconclusive", "order_insufficient_data", "order_not_identifiable", "order_calendar_only", "order_confounded", "fatigue", "benefit", "none", "inconclusive", "insufficient_data"},
	"trigger_missed":  {"late", "missing"},
	"scenario_effect": {"lift", "lift_exploratory", "adjusted_lift", "association", "broken_split", "no_design"},
	"scenario_harm":   {"more_unsubscribes", "lift", "lift_exploratory", "adjusted_lift", "association"},
	"no_state_change": {"default"},
}

func TestPolicyHasWords(t *testing.T) {
	texts := mustTexts(t)
	for kind, reasons := range policyTexts {
		for _, reason := range reasons {
			if key := "findings." + kind + "." + reason; !texts.Has(key) {
				t.Errorf("no text %s", key)
			}
		}
	}
	for _, kind := range strings.Fields(`over_cap.default quiet_hours.default sent_after_unsubscribe.default fatigue.response_fatigue fatigue.order_fatigue fatigue.fatigue fatigue.default trigger_missed.default scenario_effect.lift
		scenario_effect.adjusted_lift scenario_effect.association scenario_effect.broken_split scenario_effect.no_design scenario_harm.lift scenario_harm.default no_state_change.default`) {
		for _, leaf := range []string{"title", "what", "why", "change"} {
			if !texts.Has("hypotheses." + kind + "." + leaf) {
				t.Errorf("no text hypotheses.%s.%s", kind, leaf)
			}
		}
	}
	keys := map[string]string{
		"blocks": "contact triggers effects",
		"coverage.answers": `contact_load bulk_and_service sent_after_unsubscribe fatigue fatigue_orders fatigue_collisions over_cap cap_replay quiet_hours local_time trigger_conformance effect_by_experiment effect_by_control_arm effect_by_trials
			effect_on_orders placebo`,
		"coverage.notes": `none_in_period no_kind some_without_kind no_bulk no_response contact_no_orders no_collisions collisions_untold contact_no_priorities default_night business_zone unknown_zones some_without_zone never_fired no_rules unlinked no_scenario no_control_arm
			history_too_short no_scenarios`,
		"inputs":               `messages_kind messages_unsubscribed_at messages_bulk messages_collisions orders policy_caps scenarios_priority policy_quiet_hours customers_timezone triggers assignments enrolments events history tasks deals customers messages`,
		"metrics":              `over_cap_share open_rate click_rate unsubscribe_rate complaint_rate quiet_share sent_after_unsubscribe in_time_share better_stage_rate order_rate revenue_per_customer`,
		"threats":              "structural_only time_varying_activity confounded_placebo not_identifiable unmeasured_confounding no_comparators broken_split other_time_and_customers",
		"outcomes":             "open click unsubscribe complaint order revenue revenue_winsorised better_stage",
		"methods":              "holdout assignment sequential_trials none",
		"failed":               "few groups_differ placebo no_placebo e_value srm balance contamination exposure clusters positivity bulk no_comparators no_events window_too_short",
		"caveats":              `few groups_differ placebo no_placebo e_value srm balance contamination exposure clusters positivity bulk no_comparators no_events window_too_short all_assigned switched sampled trimmed bias_convention`,
		"checks":               "srm balance contamination exposure clusters audience groups positivity placebo negative_control e_value",
		"subjects":             "quiet_hours response unsubscribe complaint",
		"pressure_subjects":    "order",
		"opt_outs":             "unsubscribe complaint",
		"harm_sentences":       "told unknown",
		"windows":              "day week",
		"trigger_sides.when":   "idle customer_created deal deal_idle enrolled exited task_due",
		"trigger_sides.expect": "message task_created task_done deal deal_moved enrolled",
	}
	for group, codes := range keys {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
}

// TestOptionalPartsDrop: every sentence of a finding and of a hypothesis is whole without its optional parts.
func TestOptionalPartsDrop(t *testing.T) {
	texts := mustTexts(t)
	for language, w := range map[string]*words{"ru": texts.ru, "en": texts.en} {
		for key, text := range w.text {
			if !strings.HasPrefix(key, "findings.") && !strings.HasPrefix(key, "hypotheses.") {
				continue
			}
			required := map[string]bool{}
			for _, p := range placeholder.FindAllStringSubmatch(optional.ReplaceAllString(text, ""), -1) {
				required[p[1]] = true
			}
			got := w.render(text, func(name, _ string) (string, bool) { return "X", required[name] })
			for _, bad := range []string{"..", " .", " ,", ",.", ";.", ":.", "  ", "()", w.text["ui.not_measured"]} {
				if strings.Contains(got, bad) {
					t.Errorf("%s %s: %q in %s", language, key, bad, got)
				}
			}
			got = strings.TrimSpace(got)
			if !strings.HasSuffix(key, ".title") && !strings.HasSuffix(got, ".") && !strings.HasSuffix(got, " X") {
				t.Errorf("%s %s does not end with a full stop: %s", language, key, got)
			}
		}
	}
}

// TestDurations: times stand in the unit that a reader would choose.
func TestDurations(t *testing.T) {
	texts := mustTexts(t)
	space := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
	for _, c := range []struct {
		seconds float64
		ru, en  string
	}{
		{0, "0 секунд", "0 seconds"}, {40, "40 секунд", "40 seconds"}, {60, "1 минута", "1 minute"}, {483, "8,1 минуты", "8.1 minutes"}, {900, "15 минут", "15 minutes"}, {3_600, "1 час", "1 hour"},
		{35_400, "9,8 часа", "9.8 hours"}, {86_400, "1 день", "1 day"}, {259_200, "3 дня", "3 days"}, {5_184_000, "60 дней", "60 days"},
	} {
		e := suffstat.Fact(c.seconds, 0, "seconds")
		if got := space.Replace(texts.ru.estimate(e, "", "bare")); got != c.ru {
			t.Errorf("%v: want %q, got %q", c.seconds, c.ru, got)
		}
		if got := space.Replace(texts.en.estimate(e, "", "bare")); got != c.en {
			t.Errorf("%v: want %q, got %q", c.seconds, c.en, got)
		}
	}
	if got := texts.en.estimate(suffstat.Fact(404, 0, "cases"), "", "number"); got != "404" {
		t.Errorf("number: %q", got)
	}
}

// TestRandomizedWordsOnly: a finding below grade A, or one that is exploratory, never gets the words of a random split.
func TestRandomizedWordsOnly(t *testing.T) {
	texts := mustTexts(t)
	for _, kind := range []string{"scenario_effect", "scenario_harm"} {
		for _, f := range []analytics.Finding{
			{Kind: kind, SubjectType: "scenario", Subject: "adjusted", Exploratory: true, Values: []analytics.Value{{Name: "reason", Text: "lift"}}},
			{Kind: kind, SubjectType: "scenario", Subject: "lift", Values: []analytics.Value{{Name: "reason", Text: "adjusted_lift"}}},
			{Kind: kind, SubjectType: "scenario", Subject: "lift", Values: []analytics.Value{{Name: "reason", Text: "association"}}},
		} {
			ru, en := texts.Finding(f)
			for _, bad := range []string{"даёт прирост", "вредит", "brings a gain", "does harm"} {
				if strings.Contains(ru+en, bad) {
					t.Errorf("%s %s: %q in %s %s", kind, f.Text("reason"), bad, ru, en)
				}
			}
		}
	}
}
