package report_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"crmaudit/analytics/report"
)

// browser is one headless chromium with what it complained about.
type browser struct {
	ctx context.Context
	mu  sync.Mutex
	bad []string
	// requests counts what the listener saw, so that a deaf listener does not pass for a quiet page.
	requests int
	// ready is what the page has when its script is through.
	ready string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no chromium on this machine: install one (Debian: apt-get install chromium) to check the page in a browser")
	}
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx, ready: "html.ready"}
	err := chromedp.Listen(ctx, func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
				text, _ := json.Marshal(e.Args)
				b.bad = append(b.bad, "console "+string(e.Type)+": "+string(text))
			}
		case *runtime.EventExceptionThrown:
			text, _ := json.Marshal(e.ExceptionDetails)
			b.bad = append(b.bad, "exception: "+string(text))
		case *log.EventEntryAdded:
			b.bad = append(b.bad, "log: "+e.Entry.Text)
		case *network.EventRequestWillBeSent:
			b.requests++
			if !strings.HasPrefix(e.Request.URL, "file://") && !strings.HasPrefix(e.Request.URL, "data:") {
				b.bad = append(b.bad, "request: "+e.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); return err },
		func() error { _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); return err },
	} {
		if err := enable(); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// open loads a page at a width and hands back what script evaluates to.
func (b *browser) open(t *testing.T, page string, width int64, dark bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	b.look(t, width, dark)
	ctx, cancel := context.WithTimeout(b.ctx, 40*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+path), chromedp.WaitReady(b.ready)); err != nil {
		t.Fatal(err, b.bad)
	}
}

// look makes the window so wide, and light or dark; the page redraws its charts.
func (b *browser) look(t *testing.T, width int64, dark bool) {
	t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(width, 900), chromedp.Sleep(400*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
}

func eval[V any](t *testing.T, b *browser, script string) V {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[V](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

func (b *browser) shot(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("REPORT_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Logf("no picture %s: %v", name, err) // a phone's page with every hypothesis open can be too long for one
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (b *browser) clean(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.bad {
		t.Error(s)
	}
	if b.requests == 0 {
		t.Error("the browser reported no request at all: the listener is deaf")
	}
}

var cyrillic = regexp.MustCompile(`\p{Cyrillic}`)

// TestBrowser looks at the page as its reader does: both languages, light and dark, wide and on a phone. REPORT_SHOTS=DIR keeps the pictures.
func TestBrowser(t *testing.T) {
	b := newBrowser(t)
	b.open(t, publish(t, defaultWorld().source(t), report.Options{}), 1280, false)
	eval[any](t, b, `document.querySelectorAll('details.hypothesis, details.extra').forEach(d => d.open = true)`)
	for _, width := range []int64{1280, 390} {
		for _, dark := range []bool{false, true} {
			b.look(t, width, dark)
			for _, lang := range []string{"ru", "en"} {
				name := fmt.Sprintf("%s-%d", lang, width)
				if dark {
					name += "-dark"
				}
				eval[any](t, b, `document.querySelector('.switch [data-lang=`+lang+`]').click()`)
				if got := eval[string](t, b, `document.documentElement.lang + getComputedStyle(document.documentElement).getPropertyValue('--bg').trim()`); got != lang+map[bool]string{false: "#fbfbfa", true: "#121417"}[dark] {
					t.Errorf("%s: after the switches the page is in %q", name, got)
				}
				heads := eval[[]string](t, b, `[...document.querySelectorAll('main h2')].map(e => e.innerText)`)
				want := map[string]string{
					"ru": "Главное|Жизненный цикл|Путь клиента|Сценарии|Что дают сценарии|Повторные покупки и ценность|Метрики|Эксперименты|Сегменты|Поведение|Триггеры|Сделки и задачи|Контактная политика|Связки и допродажа|Контент и персонализация|Здоровье данных|Интеграции и использование CRM|Гипотезы|Дорожная карта|Данные|На что хватило данных|Метод и словарь",
					"en": "What matters most|Life cycle|Customer journey|Scenarios|What scenarios bring|Repeat purchases and value|Metrics|Experiments|Segments|Behaviour|Triggers|Deals and tasks|Contact policy|Bundles and upsell|Content and personalization|Data health|Integrations and use of the CRM|Hypotheses|Roadmap|Data|What the data could answer|Method and glossary",
				}[lang]
				if got := strings.Join(heads, "|"); got != want {
					t.Errorf("%s: sections %q, want %q", name, got, want)
				}
				// Names from the data stay what they are; all else is in the language of the page.
				texts := eval[[]string](t, b, `[...document.querySelectorAll('main x-t')].map(e => e.textContent)`)
				russian := 0
				for _, text := range texts {
					if cyrillic.MatchString(text) {
						russian++
					}
				}
				if share := float64(russian) / float64(len(texts)); len(texts) < 1000 || (lang == "en" && share > .01) || (lang == "ru" && share < .3) {
					t.Errorf("%s: of %d texts, %d have Russian letters", name, len(texts), russian)
				}
				if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
					t.Errorf("%s: the page scrolls sideways by %d px", name, over)
				}
				if wide := eval[[]string](t, b, `[...document.querySelectorAll('.chart svg')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.closest('.chart').className)`); len(wide) > 0 {
					t.Errorf("%s: charts cut off: %v", name, wide)
				}
				// Life cycle 4; cap replay 2, pressure 2, fatigue 1, a trigger's weeks 1; and those of the scenario map.
				if n := eval[[]int](t, b, `[document.querySelectorAll('.chart svg').length, document.querySelectorAll('.chart').length]`); n[0] != n[1] || n[0] < 10 {
					t.Errorf("%s: %d of %d charts drawn, want all and at least 10", name, n[0], n[1])
				}
				if n := eval[int](t, b, `[...document.querySelectorAll('.chart.lines svg')].filter(e => e.querySelectorAll('path').length < 6).length`); n > 0 {
					t.Errorf("%s: %d line charts are empty", name, n)
				}
				if n := eval[int](t, b, `[...document.querySelectorAll('.span i, .pieces i, .pile .tick')].filter(e => { const box = e.parentElement.getBoundingClientRect(), r = e.getBoundingClientRect();
					return r.width > 0 && (r.right > box.right + 7 || r.left < box.left - 7); }).length`); n > 0 {
					t.Errorf("%s: %d marks lie outside of their scales", name, n)
				}
				b.shot(t, name)
			}
		}
	}
	b.clean(t)
}

// TestBrowserHostileNames: names that try to be markup stay text, also in the tips of the charts.
func TestBrowserHostileNames(t *testing.T) {
	b := newBrowser(t)
	page := publish(t, hostile().source(t), report.Options{})
	b.open(t, page, 390, false)
	tips := eval[[]string](t, b, `[...document.querySelectorAll('.chart > div')].map(e => {
		const c = echarts.getInstanceByDom(e), kind = e.parentElement.className;
		const series = c.getOption().series;
		c.dispatchAction({type: 'showTip', seriesIndex: kind.includes('curves') ? 2 : Math.max(0, kind.includes('lines') ? series.findIndex(s => s.type === 'line') : 0), dataIndex: 1});
		return kind + ': ' + [...e.children].slice(1).map(x => x.innerText).join(' ');
	})`)
	for i, want := range []string{"<script>window.__xss=1</script>", "<script>window.__xss=1</script>", "onerror", "<script>window.__xss=1</script>"} {
		if i >= len(tips) || !strings.Contains(tips[i], want) {
			t.Errorf("tip %d does not show %q as text: %q", i, want, tips)
		}
	}
	if n := eval[int](t, b, `document.querySelectorAll('img, main script:not([type="application/json"])').length`); n > 0 {
		t.Errorf("%d elements made of names", n)
	}
	if xss := eval[bool](t, b, `'__xss' in window`); xss {
		t.Error("a name ran as script")
	}
	if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("long names make the page scroll sideways by %d px", over)
	}
	b.shot(t, "hostile-390")
	b.clean(t)
}

// TestBrowserWithoutScript: without script the page is whole in its own language, and every chart is a table.
func TestBrowserWithoutScript(t *testing.T) {
	b := newBrowser(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.ready = "footer"
	b.open(t, publish(t, defaultWorld().source(t), report.Options{Language: "en"}), 390, false)
	b.shot(t, "noscript-390")
	if n := eval[int](t, b, `[...document.querySelectorAll('.chart')].filter(c => !c.closest('figure')?.querySelector('details.table[open] table')).length`); n > 0 {
		t.Errorf("%d charts do not stand as a table", n)
	}
	if n := eval[int](t, b, `[...document.querySelectorAll('.chart')].filter(e => e.getClientRects().length > 0).length`); n > 0 {
		t.Errorf("%d empty charts are visible", n)
	}
	b.clean(t)
}
