package report

import (
	"math"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Refuted says which result would refute a hypothesis, in both languages. It fits backlog.Input.Refuted.
func (t *Texts) Refuted(h analytics.Hypothesis) (ru, en string) {
	return t.ru.refuted(h), t.en.refuted(h)
}

func (w *words) refuted(h analytics.Hypothesis) string {
	key := "test"
	switch {
	case h.TestDesign == "" || h.TestDesign == "none":
		key = "no_test"
		if h.Baseline == nil {
			key = "no_test_no_number"
		}
	case h.SampleSizePerArm == nil:
		key = "no_plan"
	case h.Feasible != nil && !*h.Feasible:
		key = "too_small"
	case h.Effect != nil:
		key = "effect"
	}
	return w.render(w.text["refuted."+key], func(name, _ string) (string, bool) {
		switch name {
		case "metric":
			return w.name("metrics", h.Metric), true
		case "sample":
			return w.count(valueOf(h.SampleSizePerArm), "customer"), h.SampleSizePerArm != nil
		case "duration":
			return w.count(valueOf(h.DurationDays), "day"), h.DurationDays != nil
		case "baseline":
			if h.Baseline == nil {
				return "", false
			}
			return w.estimate(suffstat.Estimate{Value: *h.Baseline, Lower: *h.BaselineLower, Upper: *h.BaselineUpper, Level: .95, N: h.BaselineN, Unit: h.Unit}, "", "bare"), true
		case "effect":
			if h.Effect == nil {
				return "", false
			}
			form := "bare"
			if h.Unit == "share" {
				form = "pp"
			}
			return w.estimate(suffstat.Fact(math.Abs(*h.Effect), 0, h.Unit), "", form), true
		case "guardrails":
			var names []string
			for _, g := range strings.Split(h.Guardrails, ",") {
				if g = strings.TrimSpace(g); g != "" {
					names = append(names, w.name("metrics", g))
				}
			}
			return strings.Join(names, ", "), len(names) > 0
		}
		return "", false
	})
}

func valueOf(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}
