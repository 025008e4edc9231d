package report

import (
	"flag"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func mustTexts(t testing.TB) *Texts {
	t.Helper()
	texts, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestLanguagesAgree: the same keys, and in every text the same placeholders, in and outside of optional parts.
func TestLanguagesAgree(t *testing.T) {
	texts := mustTexts(t)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(texts.ru.text)), slices.Sorted(maps.Keys(texts.en.text))); diff != "" {
		t.Fatalf("ru.yaml and en.yaml have different keys:\n%s", diff)
	}
	holes := func(s string) (required, optionals []string) {
		for _, o := range optional.FindAllString(s, -1) {
			optionals = append(optionals, placeholder.FindAllString(o, -1)...)
		}
		required = placeholder.FindAllString(optional.ReplaceAllString(s, ""), -1)
		slices.Sort(required)
		slices.Sort(optionals)
		return slices.Compact(required), slices.Compact(optionals)
	}
	for key, ru := range texts.ru.text {
		en := texts.en.text[key]
		if ru == "" || en == "" {
			t.Errorf("%s is empty", key)
		}
		ruRequired, ruOptional := holes(ru)
		enRequired, enOptional := holes(en)
		if diff := cmp.Diff([][]string{ruRequired, ruOptional}, [][]string{enRequired, enOptional}); diff != "" {
			t.Errorf("%s has different placeholders:\n%s", key, diff)
		}
		for _, s := range []string{ru, en} {
			if strings.Count(s, "[[") != len(optional.FindAllString(s, -1)) || strings.Count(s, "{") != len(placeholder.FindAllString(s, -1)) {
				t.Errorf("%s has a placeholder or an optional part that does not parse: %s", key, s)
			}
		}
	}
}

// TestNoForeignLetters: no Cyrillic in English and no unexpected Latin words in Russian sentences.
func TestNoForeignLetters(t *testing.T) {
	texts := mustTexts(t)
	cyrillic, latin := regexp.MustCompile(`\p{Cyrillic}`), regexp.MustCompile(`[A-Za-z]{2,}`)
	known := regexp.MustCompile(`CRM|CSV|SQL|VIP|audit\.yaml|audit\.duckdb|analytics\.findings|audit\.rejects|money\.margin|pipeline\.[a-z]+|CODE|Br|JSON|ISO|RICE|analytics\.hypotheses|hypotheses\.csv`)
	for key, s := range texts.en.text {
		if cyrillic.MatchString(s) {
			t.Errorf("en %s has Cyrillic letters: %s", key, s)
		}
	}
	for key, s := range texts.ru.text {
		if strings.HasPrefix(key, "terms.") && (strings.HasSuffix(key, ".id") || strings.HasSuffix(key, ".keys")) { // names of the page's own, in no language
			continue
		}
		s = known.ReplaceAllString(placeholder.ReplaceAllString(s, ""), "")
		if latin.MatchString(s) {
			t.Errorf("ru %s has Latin words: %s", key, latin.FindString(s))
		}
	}
}

// The life cycle's kinds and reasons (table at the top of lifecycle/findings.go) and all kinds of the contract.
var (
	lifecycleTexts = map[string][]string{
		"bottleneck":      {"value", "stuck", "value_and_stuck"},
		"loss_point":      {"default"},
		"stage_rule_gap":  {"unassigned", "unreachable", "no_match", "overlap", "no_scenario", "memory"},
		"stage_threshold": {"equal_neighbours", "mixed_stage"},
		"metric_shift":    {"time"},
	}
	contractKinds = strings.Fields(`bottleneck loss_point stage_rule_gap stage_threshold scenario_conflict scenario_duplicate dead_end no_state_change
		unused_scenario broad_trigger trigger_missed rhythm_mismatch chain_drop_off fatigue over_cap quiet_hours sent_after_unsubscribe priority_inversion
		segment_equivalent segment_redundant segment_stuck segment_size segment_unused engagement_gap metric_decline metric_shift unsubscribe_growth
		template_stale template_reused template_wearout personalization_no_gain personalization_gain bundle rhythm_drift scenario_effect scenario_harm
		experiment_result data_health pipeline_stuck integration_gap channel_redundant`)
)

func TestEveryKindHasWords(t *testing.T) {
	texts := mustTexts(t)
	for kind, reasons := range lifecycleTexts {
		for _, reason := range reasons {
			if key := "findings." + kind + "." + reason; !texts.Has(key) {
				t.Errorf("no text %s", key)
			}
		}
	}
	for _, kind := range contractKinds {
		if !texts.Has("kinds." + kind) {
			t.Errorf("no word for kind %s", kind)
		}
	}
	for _, kind := range []string{"bottleneck.value", "bottleneck.value_and_stuck", "loss_point.default", "other.default"} {
		for _, leaf := range []string{"title", "what", "why", "change"} {
			if !texts.Has("hypotheses." + kind + "." + leaf) {
				t.Errorf("no text hypotheses.%s.%s", kind, leaf)
			}
		}
	}
	keys := map[string][]string{
		"coverage.answers": {"orders_value", "stage_scenarios", "panel", "recorded_stages", "transitions_by_segment", "dwell_from_entry"},
		"coverage.notes":   {"missing", "no_revenue", "no_margin", "too_short", "burn_in", "left_open_only", "group_limit", "few_customers"},
		"designs":          {"ab", "holdout", "cap_test", "sequence_test"},
		"grades":           {"A", "B", "C", "D"},
		"horizons":         {"quick_win", "next_quarter", "strategic"},
		"severities":       {string(analytics.Critical), string(analytics.Warning), string(analytics.Notice)},
		"verdicts":         {string(analytics.Different), string(analytics.Equivalent), string(analytics.Inconclusive), string(analytics.InsufficientData)},
		"tests":            {"homogeneity_over_time", "markov_order", "duration_dependence", "between_groups"},
		"threats":          {"structural_only"},
	}
	for group, codes := range keys {
		for _, code := range codes {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
}

// randomized are the texts that stand only where customers were split at random: scenario_effect and scenario_harm with reason lift, experiment_result with
// reasons win and loss.
var randomized = regexp.MustCompile(`^(findings|hypotheses)\.(scenario_(effect|harm)\.lift|experiment_result\.(win|loss))\b`)

// TestNoCausalWords: every other text of a finding and of a hypothesis is shown at grades C and D too, where nothing may be said to bring
// something about.
func TestNoCausalWords(t *testing.T) {
	texts := mustTexts(t)
	causal := map[string]*regexp.Regexp{
		"ru": regexp.MustCompile(`(?i)даёт прирост|вредит|увелич|повыс|повыш|сниз|сниж|уменьш|приведёт|приводит|привел|вызыва|вызван|из-за|благодаря|влия|эффект|потому что|в результате|способству|улучш`),
		"en": regexp.MustCompile(`(?i)\b(brings a|does harm|increas|reduc|caus|because|due to|leads? to|led to|driv(e|es|en)\b|impact|effect|boost|improv|thanks to|results? in|raises?\b|lowers?\b)`),
	}
	for language, words := range map[string]*words{"ru": texts.ru, "en": texts.en} {
		for key, s := range words.text {
			if !strings.HasPrefix(key, "findings.") && !strings.HasPrefix(key, "hypotheses.") || randomized.MatchString(key) {
				continue
			}
			if found := causal[language].FindString(placeholder.ReplaceAllString(s, "")); found != "" {
				t.Errorf("%s %s claims a cause: %q in %s", language, key, found, s)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	texts := mustTexts(t)
	e := func(v, lo, hi float64, n int64, unit string) suffstat.Estimate {
		return suffstat.Estimate{Value: v, Lower: lo, Upper: hi, Level: 0.95, N: n, Unit: unit, Method: "wilson n_eff"}
	}
	nan := math.NaN()
	cases := []struct {
		name   string
		e      suffstat.Estimate
		form   string
		ru, en string
	}{
		{"the example of the brief", e(.034, .029, .039, 1204, "share"), "", "3,4 % (95 %: 2,9–3,9; n = 1 204)", "3.4% (95%: 2.9–3.9; n = 1,204)"},
		{"small share", e(.0034, .0029, .0039, 120, "share"), "", "0,34 % (95 %: 0,29–0,39; n = 120)", "0.34% (95%: 0.29–0.39; n = 120)"},
		{"negative limit", e(.002, -.003, .007, 120, "share"), "points", "0,20 п. п. (95 %: −0,30 … 0,70; n = 120)", "0.20 pp (95%: −0.30 to 0.70; n = 120)"},
		{"nothing observed", e(0, 0, .161, 20, "share"), "", "0,0 % (95 %: 0,0–16,1; n = 20)", "0.0% (95%: 0.0–16.1; n = 20)"},
		{"one customer", suffstat.Fact(1, 1, "customers"), "", "1 клиент (факт)", "1 customer (fact)"},
		{"few customers", suffstat.Fact(1204, 0, "customers"), "", "1 204 клиента (факт)", "1,204 customers (fact)"},
		{"many customers", suffstat.Fact(11, 0, "customers"), "", "11 клиентов (факт)", "11 customers (fact)"},
		{"twenty-one", suffstat.Fact(21, 0, "customers"), "bare", "21 клиент", "21 customers"},
		{"periods with a fraction", e(3.2, 2.9, 3.6, 88, "periods"), "", "3,2 недели (95 %: 2,9–3,6; n = 88)", "3.2 weeks (95%: 2.9–3.6; n = 88)"},
		{"whole periods", suffstat.Fact(5, 0, "periods"), "bare", "5 недель", "5 weeks"},
		{"roubles", e(1_240_000, 980_000, 1_510_000, 4_100, "RUB"), "", "1,24 млн ₽ (95 %: 0,98–1,51; n = 4 100)", "RUB 1.24M (95%: 0.98–1.51; n = 4,100)"},
		{"dollars", e(152.4, 140, 165, 4_100, "USD"), "", "152 $ (95 %: 140–165; n = 4 100)", "$152 (95%: 140–165; n = 4,100)"},
		{"a currency without a sign", suffstat.Fact(12, 0, "XAU"), "bare", "12,0 XAU", "XAU 12.0"},
		{"orders", e(0.25, 0.2, 0.3, 70, "orders"), "", "0,25 заказа (95 %: 0,20–0,30; n = 70)", "0.25 orders (95%: 0.20–0.30; n = 70)"},
		{"no interval", e(.5, nan, nan, 70, "share"), "", "50,0 % (без интервала; n = 70)", "50.0% (no interval; n = 70)"},
		{"no upper limit", e(73, 61, nan, 70, "periods"), "", "73 недели (95 %: ≥ 61; n = 70)", "73 weeks (95%: ≥ 61; n = 70)"},
		{"n not known", suffstat.Estimate{Value: .034, Lower: .029, Upper: .039, Level: .95, Unit: "share", Method: "jackknife t"}, "", "3,4 % (95 %: 2,9–3,9)", "3.4% (95%: 2.9–3.9)"},
		{"infinite lower limit", e(.5, math.Inf(-1), 1, 70, "share"), "", "50,0 % (без интервала; n = 70)", "50.0% (no interval; n = 70)"},
		{"three figures of money", e(70_147, 61_676, 78_618, 1_787, "RUB"), "", "70 100 ₽ (95 %: 61 700–78 600; n = 1 787)", "RUB 70,100 (95%: 61,700–78,600; n = 1,787)"},
		{"not a number", e(nan, nan, nan, 0, "RUB"), "", "— (нет данных)", "— (not measured)"},
		{"infinite", e(math.Inf(1), 0, 1, 9, "share"), "", "— (нет данных)", "— (not measured)"},
		{"no negative zero", e(-0.0000001, -0.01, 0.01, 9, ""), "bare", "0,000", "0.000"},
		{"step", suffstat.Fact(.02, 0, "share"), "pp", "2 п. п.", "2 pp"},
	}
	space := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := space.Replace(texts.ru.estimate(c.e, "week", c.form)); got != c.ru {
				t.Errorf("ru: want %q, got %q", c.ru, got)
			}
			if got := space.Replace(texts.en.estimate(c.e, "week", c.form)); got != c.en {
				t.Errorf("en: want %q, got %q", c.en, got)
			}
		})
	}
}

func TestRender(t *testing.T) {
	w := mustTexts(t).ru
	values := func(name, form string) (string, bool) {
		v, ok := map[string]string{"a": "раз", "b": "{a} и [[a]]", "p": "2 п. п."}[name]
		return v, ok
	}
	for text, want := range map[string]string{
		"{a}, два":                "Раз, два",
		"два[[, {a}]].":           "Два, раз.",
		"два[[, {c}]].":           "Два.",
		"два {c}":                 "Два нет данных",
		"имя {b}":                 "Имя {a} и [[a]]",
		"имя[[ {b}]], {a}":        "Имя {a} и [[a]], раз",
		"шаг {p}.":                "Шаг 2 п. п.",
		"имя[[ {a} {c}]][[ {b}]]": "Имя {a} и [[a]]",
	} {
		if got := w.render(text, values); got != want {
			t.Errorf("%q: want %q, got %q", text, want, got)
		}
	}
}

func TestShown(t *testing.T) {
	for name, want := range map[string]string{
		"at_risk":                "at_risk",
		"a\u202egnp.exe":         "agnp.exe",
		"line\nbreak\x00\x1b[0m": "line break[0m",
		"\u200f\u2066x\u2069":    "x",
		" שלום ":                 "שלום",
		strings.Repeat("ж", 90):  strings.Repeat("ж", 80) + "…",
	} {
		if got := Shown(name); got != want {
			t.Errorf("%q: want %q, got %q", name, want, got)
		}
	}
}

// golden compares with testdata/name; go test -update rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test -update rewrites it):\n%s", path, diff)
	}
}
