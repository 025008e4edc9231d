package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/report"
)

// What would refute a hypothesis is said for every kind of plan, whole and with its own numbers; a hypothesis of which nothing is known but its name gets a sentence too.
func TestRefuted(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	whole := func(n int64) *int64 { return &n }
	number := func(x float64) *float64 { return &x }
	yes, no := true, false
	planned := analytics.Hypothesis{Metric: "order_rate", Unit: "share", Baseline: number(.1), BaselineLower: number(.09), BaselineUpper: number(.11), BaselineN: 500, TestDesign: "ab", SampleSizePerArm: whole(3841),
		DurationDays: whole(56), Feasible: &yes, Guardrails: "unsubscribe_rate, complaint_rate"}
	effect, small, unplanned, without := planned, planned, planned, planned
	effect.Effect = number(-.02)
	small.Feasible = &no
	unplanned.SampleSizePerArm, unplanned.Guardrails = nil, ""
	without.TestDesign = "none"
	for name, c := range map[string]struct {
		h      analytics.Hypothesis
		ru, en []string
	}{
		"planned":   {planned, []string{"3 841 клиент", "56 дней", "доля отписок"}, []string{"3,841 customers", "56 days", "unsubscribe rate", "planned step"}},
		"effect":    {effect, []string{"2 п. п."}, []string{"2 pp"}},
		"small":     {small, []string{"На такой базе не опровергнуть"}, []string{"Cannot be refuted at this scale"}},
		"unplanned": {unplanned, []string{"случайно оставили"}, []string{"left out at random"}},
		"without":   {without, []string{"останется прежней", "10,0 %"}, []string{"10.0%"}},
		"nothing":   {analytics.Hypothesis{}, []string{"то же самое"}, []string{"finds the same"}},
	} {
		ru, en := texts.Refuted(c.h)
		for _, s := range []struct {
			text string
			want []string
		}{{ru, c.ru}, {en, c.en}} {
			text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s.text)
			for _, want := range s.want {
				if !strings.Contains(text, want) {
					t.Errorf("%s: want %q in %q", name, want, text)
				}
			}
			if strings.ContainsAny(text, "{}[]") || !strings.HasSuffix(text, ".") || strings.Contains(text, "нет данных") || strings.Contains(text, "not measured") {
				t.Errorf("%s: %q", name, text)
			}
		}
	}
}
