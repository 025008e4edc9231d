package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics/report"
)

// What stands behind an effect, a slope and a stage value besides the number itself is on the page, in both languages.
func TestWhatStandsBehindNumbers(t *testing.T) {
	page := write(t, defaultWorld().source(t), report.Options{})
	for id, parts := range map[string][]string{
		"effects": {
			`id="effects-ranges"`, "From 0.10 pp to 0.60 pp", "The time since the last order", "От 0,10 п. п. до 0,60 п. п.", // .003 and a third, or a half, of its half-width .006
			`id="effects-reasons"`, "им решено не отправлять", "34.4%", "против остальных похожих доля заказавших ниже на 4,1 п. п. (95 %: 2,2–6,0)", "left out on both sides", "entered a little later", "9,000",
		},
		"contact":   {"third who answered least before: per message −1.1 pp (95%: −1.9 to −0.3; n = 1,655)", "third who answered most −3.1 pp", "реть, которая отвечала чаще всех −3,1 п. п."},
		"lifecycle": {"xpected of a buyer within 91 days: ", "жидается от покупателя за 91", "need not agree"},
	} {
		s := strings.ReplaceAll(section(t, page, id), "\u00a0", " ")
		for _, want := range parts {
			if !strings.Contains(s, want) {
				t.Errorf("%s: no %q", id, want)
			}
		}
	}
}
