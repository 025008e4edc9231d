package report

import (
	"strings"
	"testing"

	"crmaudit/analytics"
)

// The words of block pairs (tables at the top of segments/pairs/findings.go).
func TestPairsHaveWords(t *testing.T) {
	texts := mustTexts(t)
	for group, codes := range map[string]string{
		"findings.segment_equivalent": "equal default", "findings.segment_redundant": "same contained default", "blocks": "pairs",
		"hypotheses.segment_equivalent.default": "title what why change", "hypotheses.segment_redundant.same": "title what why change", "hypotheses.segment_redundant.default": "title what why change",
		"coverage.answers": "segment_pairs segment_orders segment_revenue segment_ctr segment_unsubscribe segment_transition segment_explained segment_targeting",
		"coverage.notes":   "missing no_window segment_limit part_of_customers current_state late_members all_zero no_dated_segments no_partition no_complete_experiment",
		"inputs":           "segment_memberships segment_memberships_valid_from events events_value messages_clicked_at messages_unsubscribed_at customers assignments",
		"metrics":          "order_rate revenue_per_customer ctr unsubscribe_rate transition_rate response segments", "behaviours": "equivalent different undecided",
		"pair_caveats": "current_state late_members everybody contained no_members few_customers not_measured no_variation",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
	ru, en := texts.Finding(analytics.Finding{Kind: "segment_redundant", SubjectType: "segment_pair", Subject: "a|b", Values: []analytics.Value{{Name: "reason", Text: "contained"},
		{Name: "smaller", Text: "a"}, {Name: "larger", Text: "b"}, {Name: "behaviour", Text: "undecided"}, {Name: "pair_caveat", Text: "contained,few_customers"}}})
	if !strings.Contains(en, "one lies within the other; too few customers") || !strings.Contains(en, "not decided") || !strings.Contains(ru, "данных не хватает") {
		t.Errorf("%s\n%s", ru, en)
	}
}
