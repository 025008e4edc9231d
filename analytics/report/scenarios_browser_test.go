package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics/report"
)

// TestBrowserScenarios looks at the pictures of the scenario section: drawn whole at both widths, with tips made of text, and links that open what is folded.
func TestBrowserScenarios(t *testing.T) {
	b := newBrowser(t)
	for name, w := range map[string]world{"tame": defaultWorld(), "hostile": hostile()} {
		page := publish(t, w.source(t), report.Options{})
		for _, width := range []int64{1280, 390} {
			b.open(t, page, width, width == 390)
			kinds := eval[[]string](t, b, `[...document.querySelectorAll('#scenarios .chart')].map(e => e.className.replace('chart ', ''))`)
			if got := strings.Join(kinds, " "); got != "network heatmap heatmap heatmap" {
				t.Fatalf("%s %d: pictures %q", name, width, got)
			}
			// Every node, every edge and every label of the map is there, and none is cut off.
			if n := eval[int](t, b, `document.querySelectorAll('#scenarios .network svg text').length`); n != 5 {
				t.Errorf("%s %d: the map has %d labels, want 5", name, width, n)
			}
			cut := eval[[]string](t, b, `[...document.querySelectorAll('#scenarios .chart')].flatMap(c => { const box = c.getBoundingClientRect();
				return [...c.querySelectorAll('svg text')].filter(e => { const r = e.getBoundingClientRect(); return r.left < box.left - 2 || r.right > box.right + 2 || r.top < box.top - 2 || r.bottom > box.bottom + 2; }).map(e => e.textContent); })`)
			if len(cut) > 0 {
				t.Errorf("%s %d: labels cut off: %q", name, width, cut)
			}
			tips := eval[[]string](t, b, `[...document.querySelectorAll('#scenarios .chart')].map(box => {
				const c = echarts.getInstanceByDom(box.lastElementChild), last = c.getOption().series[0].data.length - 1;
				c.dispatchAction({type: 'showTip', seriesIndex: 0, dataIndex: last});
				return [...box.lastElementChild.children].slice(1).map(x => x.innerText).join(' ');
			})`)
			for i, want := range []string{"факт", "95", "время вместе к ожидаемому", "доля кликов"} {
				if i >= len(tips) || !strings.Contains(tips[i], want) {
					t.Errorf("%s %d: tip %d does not say %q: %q", name, width, i, want, tips)
				}
			}
			if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%s %d: the page scrolls sideways by %d px", name, width, over)
			}
			if eval[bool](t, b, `'__xss' in window`) {
				t.Errorf("%s %d: a name ran as script", name, width)
			}
			eval[any](t, b, `document.querySelectorAll('main > section:not(#scenarios)').forEach(e => e.remove())`)
			b.shot(t, "scenarios-"+name+"-"+map[int64]string{1280: "wide", 390: "phone-dark"}[width])
		}
	}
	b.clean(t)
}
