package report_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"crmaudit/analytics/report"
)

// TestBrowserTables: every table can be sorted, filtered and copied, by mouse and by keyboard, and says so to a screen reader. The names of the sample
// try to be markup and formulas.
func TestBrowserTables(t *testing.T) {
	b := newBrowser(t)
	b.open(t, publish(t, hostile().source(t), report.Options{}), 1280, false)
	eval[any](t, b, `Object.defineProperty(navigator, 'clipboard', {value: {writeText: text => { window.copied = text; return Promise.resolve(); }}});
		document.querySelectorAll('main details').forEach(d => d.open = true);
		document.querySelectorAll('main table:not(.picture)').forEach((t, k) => { t.dataset.k = k; [...t.querySelectorAll('tbody tr')].forEach((r, i) => r.dataset.at = i); }); 0`)
	bad := eval[[]string](t, b, `[...document.querySelectorAll('main table:not(.picture)')].flatMap(t => {
		const at = t.closest('section').id + ' ' + t.dataset.k + ': ', out = [], tools = (t.closest('.scroll') || t).previousElementSibling;
		const name = t.caption || document.getElementById(t.getAttribute('aria-labelledby'));
		if (!name || !name.textContent.trim()) out.push(at + 'no name');
		if (!/^SELECT /.test(t.dataset.sql || '')) out.push(at + 'no query');
		if (!t.tHead || [...t.tHead.querySelectorAll('th')].some(h => h.scope !== 'col')) out.push(at + 'a head without scope');
		if (!tools || !tools.matches('.tools') || tools.querySelectorAll('button').length < 2) return out.concat(at + 'no tools');
		if ([...tools.querySelectorAll('button, input, select')].some(e => !(e.textContent.trim() || e.labels?.[0]?.textContent.trim()))) out.push(at + 'a tool without a name');
		if (t.querySelectorAll('tbody tr:not(.group):not(.total):not(.same)').length > 1) {
			if (!tools.querySelector('input[type=search]')) out.push(at + 'no filter');
			if (!t.querySelector('th[aria-sort=none] button.sort')) out.push(at + 'no order');
		}
		return out;
	})`)
	for _, s := range bad {
		t.Error(s)
	}

	// Numbers sort as numbers, and so they sort alike in both languages.
	orders := `[...document.querySelectorAll('main table:not(.picture)')].flatMap(t => [...t.querySelectorAll('th .sort')].map((button, i) => {
		button.click();
		const numeric = button.closest('th').getAttribute('aria-sort') === 'descending', rows = [...t.querySelectorAll('tbody tr')].map(r => r.dataset.at).join(',');
		button.click(); button.click();
		if ([...t.querySelectorAll('tbody tr')].some((r, i) => r.dataset.at !== String(i))) return 'the third press does not restore ' + t.dataset.k;
		return numeric ? t.closest('section').id + ' table ' + t.dataset.k + ' column ' + i + ': ' + rows : '';
	})).filter(Boolean)`
	ru := eval[[]string](t, b, orders)
	eval[any](t, b, `document.querySelector('.switch [data-lang=en]').click()`)
	en := eval[[]string](t, b, orders)
	if len(ru) < 120 {
		t.Errorf("only %d columns of numbers", len(ru))
	}
	for _, column := range ru {
		if !slices.Contains(en, column) {
			t.Errorf("sorted otherwise in English: %s", column)
		}
	}
	if len(en) != len(ru) {
		t.Errorf("%d columns of numbers in English, %d in Russian", len(en), len(ru))
	}

	// By the keyboard: the files by rows read, from the most.
	column := func(n string) []string {
		return eval[[]string](t, b, `[...document.querySelectorAll('#data table')][0].querySelectorAll('tbody tr:not(.total):not([hidden]) td:nth-child(`+n+`)').values().map(e => e.textContent).toArray()`)
	}
	before := column("2")
	eval[any](t, b, `document.querySelector('#data table th:nth-child(2) .sort').focus()`)
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent("\r")); err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for _, s := range column("2") {
		n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	if len(numbers) < 3 || !slices.IsSortedFunc(numbers, func(a, b int) int { return b - a }) || slices.Equal(before, column("2")) {
		t.Errorf("rows read, from the most: %v; before %v", numbers, before)
	}
	if got := eval[string](t, b, `document.querySelector('#data table th:nth-child(2)').getAttribute('aria-sort') + '; ' + document.querySelector('[role=status]').textContent`); got != "descending; Sorted by “Read”, descending" {
		t.Errorf("told to a screen reader: %q", got)
	}
	if last := eval[bool](t, b, `document.querySelector('#data table tbody').lastElementChild.matches('.total')`); !last {
		t.Error("the total is not the last row after sorting")
	}

	// The filter, and the copy of what it leaves.
	eval[any](t, b, `(() => { const i = document.querySelector('#stages ~ .tools input'); i.value = 'cmd'; i.dispatchEvent(new Event('input')); })()`)
	if got := eval[string](t, b, `document.querySelector('#stages ~ .tools .count').textContent`); got != "Rows shown: 1 of 5" {
		t.Errorf("count of the filter: %q", got)
	}
	eval[any](t, b, `document.querySelectorAll('#stages ~ .tools button')[0].click()`)
	rows, err := csv.NewReader(strings.NewReader(eval[string](t, b, `window.copied`))).ReadAll()
	if err != nil || len(rows) != 2 || rows[0][0] != "Stage" || !strings.HasPrefix(rows[1][0], "'=cmd|") {
		t.Errorf("copied %q, %v", rows, err)
	}
	eval[any](t, b, `document.querySelectorAll('#stages ~ .tools button')[1].click()`)
	if got := eval[string](t, b, `window.copied`); got != "SELECT * FROM lifecycle.stages ORDER BY position" {
		t.Errorf("copied query %q", got)
	}
	if got := eval[string](t, b, `document.querySelector('[role=status]').textContent`); got != "The query is copied" {
		t.Errorf("told to a screen reader: %q", got)
	}
	// A value of the copy is never a formula, whatever the table.
	for _, text := range eval[[]string](t, b, `[...document.querySelectorAll('main .tools')].map(tools => { tools.querySelectorAll('button')[0].click(); return window.copied; })`) {
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("a copy does not read back: %v, %q", err, text)
		}
		for _, f := range slices.Concat(rows...) {
			if f != "" && strings.ContainsRune("=+-@\t\r", rune(f[0])) {
				t.Errorf("%q is copied as a formula", f)
			}
		}
	}

	// On a phone a list stands for the heads, and every cell has its label.
	b.look(t, 390, false)
	if got := eval[string](t, b, `(() => { const p = document.querySelector('#data .pick'); p.value = p.options[3].value; p.dispatchEvent(new Event('change'));
		return getComputedStyle(p).display + ' ' + document.querySelector('#data table th:nth-child(2)').getAttribute('aria-sort'); })()`); got != "block ascending" {
		t.Errorf("the list of orders: %q", got)
	}
	if n := eval[int](t, b, `[...document.querySelectorAll('main table.cards tbody td:not(.full)')].filter(e => e.textContent.trim() && !e.dataset.label).length`); n > 0 {
		t.Errorf("%d cells without a label", n)
	}
	b.clean(t)
}

// TestBrowserPrint: on paper everything is unfolded and light, no table or chart is wider than the page, and heads stand on every page of a table.
func TestBrowserPrint(t *testing.T) {
	b := newBrowser(t)
	b.open(t, publish(t, defaultWorld().source(t), report.Options{}), 1280, true)
	folded := eval[int](t, b, `document.querySelectorAll('main details:not([open])').length`)
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(718, 1000)); err != nil { // A4 less the margins
		t.Fatal(err)
	}
	eval[any](t, b, `window.dispatchEvent(new Event('beforeprint')); 0`)
	bad := eval[[]string](t, b, `[
		...[...document.querySelectorAll('main table, main svg, main pre')].filter(e => e.getBoundingClientRect().right > 719).map(e => e.closest('section').id + ' ' + e.tagName + ' ends at ' + Math.round(e.getBoundingClientRect().right)),
		...[...document.querySelectorAll('main details:not([open]):not(.sql)')].map(e => 'folded: ' + e.className),
		...[...document.querySelectorAll('.tools, .toc, .switch, .copy')].filter(e => e.getClientRects().length).map(e => 'on paper: ' + e.className),
		...[...document.querySelectorAll('main thead')].filter(e => getComputedStyle(e).display !== 'table-header-group').map(e => 'a head stands once'),
		...[...document.querySelectorAll('main tr')].filter(e => getComputedStyle(e).breakInside !== 'avoid').map(e => 'a row may be cut'),
		...(getComputedStyle(document.documentElement).getPropertyValue('--ink').trim() === '#17191c' ? [] : ['dark']),
	]`)
	for _, s := range bad {
		t.Error(s)
	}
	printed, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(printed.Data, []byte("/Type /Page\n")); n < 10 {
		t.Errorf("a PDF of %d pages", n)
	}
	eval[any](t, b, `window.dispatchEvent(new Event('afterprint')); 0`)
	if n := eval[int](t, b, `document.querySelectorAll('main details:not([open])').length`); n != folded {
		t.Errorf("%d folded after printing, %d before", n, folded)
	}
	b.clean(t)
}
