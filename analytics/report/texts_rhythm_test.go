package report

import (
	"strings"
	"testing"
)

// The kinds, reasons and codes of block rhythm (table at the top of analytics/rhythm/findings.go).
func TestRhythmHasWords(t *testing.T) {
	texts := mustTexts(t)
	for kind, reasons := range map[string]string{"rhythm_drift": "lengthen shorten lengthen_segment shorten_segment", "stage_threshold": "late_border early_first early_last"} {
		for _, reason := range strings.Fields(reasons) {
			if key := "findings." + kind + "." + reason; !texts.Has(key) {
				t.Errorf("no text %s", key)
			}
		}
	}
	for _, kind := range []string{"rhythm_drift.default", "stage_threshold.late_border", "stage_threshold.early_first", "stage_threshold.early_last"} {
		for _, leaf := range []string{"title", "what", "why", "change"} {
			if !texts.Has("hypotheses." + kind + "." + leaf) {
				t.Errorf("no text hypotheses.%s.%s", kind, leaf)
			}
		}
	}
	for group, codes := range map[string]string{
		"blocks": "rhythm", "metrics": "return_rate", "inputs": "events events_occurred_at stages messages history",
		"coverage.answers": "rhythm activity_hours rhythm_thresholds rhythm_response repeat_horizon",
		"coverage.notes":   "missing rhythm_no_orders one_order_each few_rhythms dates_only no_day_borders short_history",
		"cycles":           "week day month", "border_verdicts": "late early fits undecided insufficient_data not_judged beyond_data",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
}
