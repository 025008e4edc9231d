package report_test

import (
	"maps"
	"testing"
	"time"

	"crmaudit/analytics/report"
)

// TestBrowserDecision looks at the hypotheses, the roadmap, the journey map and an explanation as a reader with a phone does: nothing sideways, bars on their scales, a question mark that explains.
func TestBrowserDecision(t *testing.T) {
	b := newBrowser(t)
	src := decisionTables(t, "Proven", 20)
	maps.Copy(src, journeyTables(t, "welcome"))
	page := publish(t, src, report.Options{Language: "en", Currency: "EUR", To: time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)})
	b.open(t, page, 390, false)
	eval[any](t, b, `document.querySelectorAll('details').forEach(d => d.open = true)`)
	if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("the page scrolls sideways by %d px", over)
	}
	if n := eval[int](t, b, `[...document.querySelectorAll('#hypotheses .span, #roadmap .rtrack')].filter(e => { const r = e.getBoundingClientRect(); return r.width < 40 || r.right > innerWidth; }).length`); n > 0 {
		t.Errorf("%d bars are cut off", n)
	}
	if n := eval[int](t, b, `document.querySelectorAll('#journey .bubble.clash').length`); n != 2 {
		t.Errorf("%d bubbles are ringed, want 2", n)
	}
	// The sample gives the scenario map no customers, so its picture cannot be made: it is left out, and the page lives.
	if n := eval[int](t, b, `document.querySelectorAll('#scenarios .chart.network').length`); n != 0 {
		t.Errorf("%d pictures of nothing", n)
	}
	eval[any](t, b, `document.querySelector('a.what[href="#w-rice"]').focus({preventScroll: false})`)
	time.Sleep(300 * time.Millisecond)
	if s := eval[string](t, b, `(() => { const e = document.querySelector('a.what[href="#w-rice"]'); e.dispatchEvent(new FocusEvent('focusin', {bubbles: true})); const n = document.querySelector('.explained'), r = n.getBoundingClientRect();
		return n.hidden || r.left < 0 || r.right > innerWidth || r.bottom > innerHeight ? 'hidden or cut off' : n.innerText; })()`); len(s) < 60 || s[:4] != "RICE" {
		t.Errorf("RICE is explained by %q", s)
	}
	b.clean(t)
}
