package report_test

import (
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/report"
)

// healthTables are the card of contacts and that of deals, fields with hostile names, and the duplicates in numbers.
func (w world) healthTables() []analytics.Table {
	field := w.name(2, "attr_city")
	return []analytics.Table{
		rows("analytics.health", []string{"check_name", "value", "numerator", "denominator", "norm", "red_zone", "status", "better", "note"},
			[]any{"duplicates", .162, 1_620, 10_000, .05, .15, "red", "lower", "capped_blocks"}, []any{"key_fields_filled", .91, 27_300, 30_000, .95, .8, "warning", "higher", nil},
			[]any{"key_filled:phone", .74, 7_400, 10_000, .95, .8, "red", "higher", nil}, []any{"fillers", .004, 390, 92_000, .01, .05, "ok", "lower", "part_of_values"},
			[]any{"optional_fields_filled", .82, 16_400, 20_000, .7, nil, "ok", "higher", nil}, []any{"inactive", nil, nil, nil, .2, .5, "not_measurable", "lower", "short_history"},
			[]any{field + "?", .5, 5, 10, .2, nil, "warning", "lower", field}),
		rows("analytics.completeness", []string{"field", "role", "contacts", "given", "fillers", "filled", "invalid", "share", "status"},
			[]any{"phone", "key", 10_000, 7_600, 200, 7_400, 31, .74, "red"}, []any{"name", "key", 10_000, 9_990, 40, 9_950, nil, .995, "ok"}, []any{field, "optional", 10_000, 8_200, 0, 8_200, nil, .82, "ok"},
			[]any{"timezone", "other", 10_000, 0, 0, 0, nil, 0.0, nil}),
		rows("analytics.duplicate_counts", []string{"what", "value"}, []any{"capped_contacts", 412.0}, []any{"certain", 1_400.0}, []any{"compared", 912_345.0}, []any{"extra_contacts", 1_620.0}, []any{"extra_cost", 12_400.5},
			[]any{"extra_messages", 3_300.0}, []any{"groups", 1_500.0}, []any{"likely", 120.0}, []any{"possible", 77.0}, []any{"refused", 9.0}),
	}
}

// sourceOf is a source of these tables alone.
func sourceOf(t *testing.T, tables []analytics.Table) analyticstest.Source {
	src := analyticstest.Source{}
	for _, table := range tables {
		src[table.Name] = frame(t, table)
	}
	return src
}

func TestHealthSection(t *testing.T) {
	w := world{stages: []string{"new"}}
	src := sourceOf(t, w.healthTables())
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "").Replace(experimentTags.ReplaceAllString(section(t, write(t, src, report.Options{Currency: "EUR"}), "health"), ""))
	for _, want := range []string{
		"Checks in the red zone: 1. Outside the norm: 2. Within the norm: 2. Not measurable: 1.", "В красной зоне проверок: 1. Вне нормы: 2. В норме: 2. Измерить нельзя: 1.",
		"✕ красная зонаred zone", "! вне нормыoutside the norm", "✓ в нормеwithin the norm", "– не измеритьnot measurable", "1,620 of 10,000", "1 620 из 10 000", "Up to 5.0%, red from 15.0% on", "From 95.0% on, red below 80.0%", "От 70,0 %",
		"The loaded history is shorter", "more than 200 owners", "Groups: 1,500, surplus records in them: 1,620. Pairs beyond doubt: 1,400, likely ones: 120; the possible ones, 77,", "3,300 messages", "which cost €12,400", "an address that more than 200 share: 412.",
		"912,345 in all", "join no group: 9", "телефонphone", "74.0%",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if strings.Contains(text, "key_filled") || strings.Contains(text, "timezone") {
		t.Errorf("checks of single fields and fields that nobody has stand in the card: %s", text)
	}
	// Less is better, more is better, and without a red zone: zones as wide as the norms say, the point at the value.
	body := section(t, write(t, src, report.Options{}), "health")
	for _, want := range []string{
		`<i class="zg" style="width:23.74%"></i><i class="za" style="width:47.48%"></i><i class="zr" style="width:28.77%"></i><b style="left:76.92%">`,
		`<i class="zr" style="width:80.00%"></i><i class="za" style="width:15.00%"></i><i class="zg" style="width:5.00%"></i><b style="left:91.00%">`,
		`<i class="za" style="width:70.00%"></i><i class="zg" style="width:30.00%"></i><b style="left:82.00%">`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no gauge %s", want)
		}
	}
	// Nothing at all is said to be absent.
	if body := section(t, write(t, sourceOf(t, nil), report.Options{}), "health"); !strings.Contains(body, "analytics.health") {
		t.Error(body)
	}
}
