package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/report"
)

var scenarioBlocks = []string{"scenarios", "overlap", "duplicates"}

// scenarioPart is the section of scenarios of a page, with ordinary spaces.
func scenarioPart(t *testing.T, page string) string {
	t.Helper()
	body := markup(page)
	at := strings.Index(body, `<section id="scenarios">`)
	if at < 0 {
		t.Fatal("the page has no section of scenarios")
	}
	body = body[at:]
	return strings.NewReplacer("\u00a0", " ", "\u2060", "").Replace(body[:strings.Index(body, "</section>")])
}

func TestScenarioSection(t *testing.T) {
	part := scenarioPart(t, write(t, defaultWorld().source(t), report.Options{}))
	for _, want := range []string{
		"Приветственная цепочка", "возврат", // names and roles
		"описание, а не результат", "descriptions, not results", // orders after contact claim nothing
		"входов 2 722, повторных 300 (факт)", "доставлено 98,8 %",
		"734 из 2 448", "95 %: 28,0–32,0; n = 2 448", // a hand-over
		"данных не хватает, чтобы решить; решат 18 983 клиента", "not enough data to decide; 18,983 customers would decide", // three answers
		"вместе чаще ожидаемого; сообщения сталкиваются чаще ожидаемого", "первым идёт нижний", "100,0 % (95 %: 99,7–100,0; n = 2 499)", // a pair
		"Конфликтов — 1, дополняют друг друга — 1, без конфликта — 1, не хватает данных — 1",
		"более важное не ушло: 188 сообщений (факт)", "Что не ушло и что ушло вместо него", "95 %: 66,0–73,0; n = 690", "RECIPIENT &lt;b&gt;suppressed", "не ушло бы всё равно", "причина не указана", "Whose messages were lost",
		"30,0 % (факт)",                               // concurrency
		"не меньше 50,0 %", "решили моменты отправки", // thresholds and why
		"0,25–0,5", "FROM scenarios.pairs",
		"Конфликт сценариев: welcome × second_order", "Обрыв цепочки: loyalty / push #2",
	} {
		if !strings.Contains(part, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
	for _, bad := range []string{"NaN", "Inf", "pair_reasons", "claims."} {
		if strings.Contains(part, bad) {
			t.Errorf("%q is in the section", bad)
		}
	}
}

// TestManyScenarios: 300 scenarios and every pair of them fit on the page; the rest is named with the query that returns it.
func TestManyScenarios(t *testing.T) {
	src := defaultWorld().source(t)
	var list, pairs, edges [][]any
	for i := range 300 {
		list = append(list, []any{fmt.Sprintf("s%03d", i), "retention", true, 1_000 - i, 1_200, 200, 1_500})
		for j := range i {
			pairs = append(pairs, []any{fmt.Sprintf("s%03d", j), fmt.Sprintf("s%03d", i), 100, 40, 1.5, 1.2, 1.9, "above", "conflict", "overlap_above"})
		}
		edges = append(edges, []any{fmt.Sprintf("s%03d", i), fmt.Sprintf("s%03d", (i+7)%300), true, 1_000, 300, .3, .28, .32})
	}
	for _, table := range []analytics.Table{
		rows("scenarios.scenarios", strings.Fields("scenario_id role defined customers entries reentries messages"), list...),
		rows("scenarios.pairs", strings.Fields("scenario_a scenario_b customers_both customers_at_once ratio lower upper overlap_verdict verdict reason"), pairs...),
		rows("scenarios.handovers", strings.Fields("from_scenario to_scenario declared exits followed share share_lower share_upper"), edges...),
	} {
		src[table.Name] = frame(t, table)
	}
	page := write(t, src, report.Options{})
	wellFormed(t, page)
	part := scenarioPart(t, page)
	if len(page) > 5<<19 {
		t.Errorf("the page has %d bytes", len(page))
	}
	for _, want := range []string{"Показано 25 из 300", "Показано 15 из 44 850", "Показано 12 из 300", "Shown: 15 of 44,850"} {
		if !strings.Contains(part, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
}

// TestPairOfCampaign: nobody is in a calendar campaign, so a pair with one says nothing of customers in both at once.
func TestPairOfCampaign(t *testing.T) {
	src := defaultWorld().source(t)
	for _, table := range []analytics.Table{
		rows("scenarios.scenarios", strings.Fields("scenario_id role bulk customers entries reentries messages"), []any{"chain", "retention", false, 100, 110, 10, 110}, []any{"news", "information", true, 100, 110, 10, 110},
			[]any{"other", "retention", false, 100, 110, 10, 110}),
		rows("scenarios.pairs", strings.Fields("scenario_a scenario_b customers_both customers_at_once verdict reason"), []any{"chain", "news", 90, 0, "none", "independent"}, []any{"chain", "other", 90, 0, "none", "independent"}),
	} {
		src[table.Name] = frame(t, table)
	}
	part := scenarioPart(t, write(t, src, report.Options{}))
	if n := strings.Count(part, `>одновременно</span>`); n != 1 {
		t.Errorf("%d pairs speak of customers in both at once, want the one of two chains", n)
	}
}

// TestNoScenarios: tables of NULLs and without rows say so and show no number that is not one.
func TestNoScenarios(t *testing.T) {
	src := defaultWorld().source(t)
	for name, f := range src {
		if !strings.HasPrefix(name, "scenarios.") {
			continue
		}
		table := analytics.Table{Name: name}
		row := []any{}
		for _, field := range f.Schema().Fields() {
			table.Columns = append(table.Columns, field.Name)
			switch field.Type.Name() {
			case "utf8":
				row = append(row, "x")
			case "bool":
				row = append(row, true)
			case "int64":
				row = append(row, int64(0))
			default:
				row = append(row, nil)
			}
		}
		table.Rows = [][]any{row}
		src[name] = frame(t, table)
	}
	page := write(t, src, report.Options{})
	wellFormed(t, page)
	for _, bad := range []string{"NaN", "Inf"} {
		if strings.Contains(markup(page), bad) {
			t.Errorf("%s on the page", bad)
		}
	}
}

// TestScenarioTextsMissing: a finding without its optional values still gives whole sentences in both languages.
func TestScenarioTextsMissing(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	optional := []string{"others", "difference", "followers", "needed_customers", "top_stage", "top_stage_share", "reentry_share", "click_rate", "own_share", "goal_stops", "opt_out_stops", "channel",
		"previous_channel", "not_sent", "not_sent_reason", "role_a", "role_b", "overlap_ratio", "priority_a", "priority_b", "with_priority", "inversion_share", "lost_share", "lost_messages", "lost_customers", "lost_reason", "scenario_lost", "scenario_sent", "withheld", "cost_saved", "response", "messages_smaller", "last_day", "best_to"}
	needs := map[string][]string{"overlap_above": {"overlap_ratio"}, "chain_drop_off": {"difference"}, "inverted": {"inversion_share"}, "ignored": {"inversion_share", "with_priority"}, "lost": {"lost_share", "lost_messages", "lost_customers", "lost_reason", "withheld"}}
	for _, f := range defaultWorld().findings() {
		if !slices.Contains(scenarioBlocks, f.Block) {
			continue
		}
		f.Values = slices.DeleteFunc(f.Values, func(v analytics.Value) bool {
			reason, _, _ := strings.Cut(f.Text("reason"), ",")
			return slices.Contains(optional, v.Name) && !slices.Contains(needs[reason], v.Name) && !slices.Contains(needs[f.Kind], v.Name)
		})
		ru, en := texts.Finding(f)
		all := []string{ru, en}
		if f.Opportunity != nil {
			ru, en := texts.Hypothesis(f)
			all = append(all, ru.What, ru.Why, ru.Change, en.What, en.Why, en.Change)
		}
		for _, s := range all {
			if strings.Contains(s, "..") || strings.Contains(s, " .") || strings.Contains(s, "  ") || strings.Contains(s, "нет данных") || strings.Contains(s, "not measured") || !strings.HasSuffix(s, ".") {
				t.Errorf("%s %s: %s", f.Kind, f.Text("reason"), s)
			}
		}
	}
}

// TestScenarioCodesHaveWords: every code that the tables of the three blocks may hold (headers in queries/scenarios) has a word in both languages.
func TestScenarioCodesHaveWords(t *testing.T) {
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for group, codes := range map[string]string{
		"roles":              "acquisition activation retention development winback service information unknown",
		"claims.any":         "yes no undecided insufficient_data excluded",
		"claims.dead_end":    "yes no",
		"claims.drop_off":    "yes no",
		"claims.breadth":     "yes no",
		"claims.rhythm":      "yes no",
		"references":         "other_steps other_chains none",
		"pair_verdicts":      "conflict complement none undecided",
		"pair_reasons":       "contradictory_roles overlap_above collisions_above hand_over apart service independent few_customers wide_interval no_messages",
		"pair_orders":        "a_first b_first no_rule mixed undecided insufficient_data",
		"order_sentences":    "a_first b_first no_rule mixed undecided insufficient_data",
		"duplicate_verdicts": "duplicate subset same_logic collision different undecided",
		"duplicate_reasons":  "all audience timing content logic few_customers timing_unknown content_unknown logic_unknown",
		"duplicate_groups":   "duplicate same_logic",
		"content_sources":    "text hash template unknown",
		"logic_sources":      "definition trigger entries time unknown",
		"responses":          "equal different inconclusive insufficient_data",
		"breadth_reasons":    "precision unselective both",
		"channels":           "email push sms",
		"not_sent_kinds":     "cap quiet_hours conflict unknown no_consent no_address condition failed",
		"blocks":             "scenarios overlap duplicates",
		"inputs":             "scenarios stages enrolments messages orders templates customers",
		"metrics":            "dead_end_share target_share entry_reach click_rate step_drop_off collision_share inversion_share lost_share cost_per_quarter messages_per_quarter",
		"coverage.answers": "entries steps roles goals_and_orders stage_reach scenario_overlap message_collisions lost_messages roles_and_priorities overlap_expected duplicate_timing duplicate_content duplicate_logic " +
			"duplicate_entries",
		"coverage.notes":    "derived reversed_exits exits_by_rule bulk_excluded no_clicks no_costs declared_loop no_roles overlap_no_priorities one_scenario no_panel pair_limit no_not_sent unknown_reasons long_steps templates_only few_customers",
		"findings.dead_end": "structural behaviour both default", "findings.unused_scenario": "never stopped undefined default", "findings.broad_trigger": "precision unselective both default",
		"findings.rhythm_mismatch": "best_window too_early both default", "findings.chain_drop_off": "default", "findings.scenario_conflict": "contradictory_roles overlap_above collisions_above default",
		"findings.priority_inversion": "inverted ignored lost no_rule default", "findings.scenario_duplicate": "duplicate subset same_logic default",
	} {
		for _, code := range strings.Fields(codes) {
			if !texts.Has(group + "." + code) {
				t.Errorf("no text %s.%s", group, code)
			}
		}
	}
	for _, kind := range strings.Fields("dead_end broad_trigger rhythm_mismatch chain_drop_off scenario_conflict priority_inversion scenario_duplicate") {
		for _, leaf := range strings.Fields("title what why change") {
			if !texts.Has("hypotheses." + kind + ".default." + leaf) {
				t.Errorf("no text hypotheses.%s.default.%s", kind, leaf)
			}
		}
	}
}
