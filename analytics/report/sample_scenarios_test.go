package report_test

import (
	"math"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

func (w world) scenarioNames() []string {
	return []string{w.name(0, "welcome"), w.name(1, "second_order"), w.name(2, "loyalty"), w.name(3, "winback"), w.name(4, "digest")}
}

// scenarioFindings are what blocks scenarios, overlap and duplicates would say about the world, one of each kind and reason.
func (w world) scenarioFindings() []analytics.Finding {
	s := w.scenarioNames()
	e := func(name string, value, half float64, n int64, unit string) analytics.Value {
		return analytics.Value{Name: name, Estimate: &suffstat.Estimate{Value: value, Lower: value - half, Upper: value + half, Level: 0.95, N: n, Unit: unit, Method: "jackknife t"}}
	}
	f := func(name string, value float64, unit string) analytics.Value {
		x := suffstat.Fact(value, 0, unit)
		return analytics.Value{Name: name, Estimate: &x}
	}
	txt := func(name, text string) analytics.Value { return analytics.Value{Name: name, Text: text} }
	point := func(name string, value float64, n int64) analytics.Value {
		return analytics.Value{Name: name, Estimate: &suffstat.Estimate{Value: value, Lower: math.NaN(), Upper: math.NaN(), N: n, Unit: "share"}}
	}
	q := 0.0004
	find := func(block, kind, subjectType, subject string, severity analytics.Severity, o *analytics.Opportunity, values ...analytics.Value) analytics.Finding {
		return analytics.Finding{Block: block, Kind: kind, SubjectType: subjectType, Subject: subject, Severity: severity, Verdict: analytics.Different, QValue: &q,
			Values: values, EvidenceSQL: "SELECT * FROM scenarios.scenarios WHERE scenario_id = " + analytics.SQLText(subject), Opportunity: o}
	}
	chance := func(metric string, baseline float64, test string) *analytics.Opportunity {
		return &analytics.Opportunity{Metric: metric, Unit: "share", Baseline: suffstat.Estimate{Value: baseline, Lower: baseline - .01, Upper: baseline + .01, Level: .95, N: 1_490, Unit: "share", Method: "wilson"},
			Population: 1_612, Step: 0.05, Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: test, Guardrails: []string{"unsubscribe_rate", "complaint_rate"}, Effort: 3, WeeklyFlow: 124}
	}
	dead := func(reason string) []analytics.Value {
		return []analytics.Value{txt("reason", reason), txt("role", "winback"), f("horizon", 30, "days"), f("exits", 1_465, "exits"), f("at_risk", 1_294, "exits"),
			e("nothing", .842, .021, 1_294, "share"), point("others", .237, 1_294), e("difference", .605, .023, 1_294, "share points"), point("next_share", .1, 1_294), txt("followers", s[0]+", "+s[1])}
	}
	pair := s[0] + "|" + s[1]
	names := []analytics.Value{txt("scenario_a", s[0]), txt("scenario_b", s[1])}
	meet := func(reason, order string) []analytics.Value {
		return append(append([]analytics.Value{txt("reason", reason)}, names...), txt("role_a", "activation"), txt("role_b", "winback"), f("customers_both", 1_544, "customers"),
			f("customers_at_once", 1_104, "customers"), f("overlap_days", 12_126.6, "customer-days"), f("containment", .949, "share"), e("overlap_ratio", 3.24, .31, 1_104, "ratio"),
			f("collisions", 2_499, "pairs of messages"), f("collision_hours", 24, "hours"), f("customers_hit", 1_445, "customers"), f("collisions_per_1000", 12.03, "per 1,000 customer-weeks"),
			e("collision_share", .7, .03, 1_445, "share"), e("collision_ratio", 2.48, .09, 1_445, "ratio"), txt("order", order), e("a_first", .52, .04, 2_499, "share"),
			f("priority_inversions", 900, "pairs of messages"), txt("pressure", "scenarios.pressure"), txt("harm", "told"), e("harm_open", -.031, .012, 776, "share"),
			e("harm_unsubscribe", 1.51, .3, 8_400, "ratio"))
	}
	same := func(reason string) []analytics.Value {
		return append(append([]analytics.Value{txt("reason", reason)}, names...), txt("smaller", s[1]), txt("larger", s[0]), txt("keep", s[0]), txt("group", s[0]+", "+s[1]), f("group_size", 2, "scenarios"),
			e("audience", .635, .021, 2_317, "share"), e("containment", .858, .018, 1_718, "share"), f("timing", .943, "share"), f("content", .912, "share"), f("logic", 1, "share"), f("similarity", .86, "share"),
			txt("content_source", "text"), txt("logic_source", "definition"), f("customers_smaller", 1_718, "customers"), f("customers_larger", 2_071, "customers"), f("customers_both", 1_472, "customers"),
			f("messages_smaller", 2_314, "messages"), e("cost_saved", 2_775, 60, 1_718, "RUB"), txt("response", "equal"), e("click_difference", -.002, .004, 4_200, "share"), f("threshold_audience", .5, "share"))
	}
	drop := []analytics.Value{txt("scenario", s[2]), txt("step", "push #2"), f("position", 2, "1"), txt("previous_step", "email 1"), e("drop_off", .698, .027, 1_481, "share"), e("unexplained", .58, .032, 1_481, "share"),
		txt("reference", "other_chains"), point("own_rate", .06, 1_481), point("chains_rate", .223, 1_481), e("difference", .357, .032, 1_481, "share points"), f("at_risk", 1_481, "entries"), f("skipped", 517, "entries"),
		f("goal_stops", 413, "entries"), f("opt_out_stops", 1, "entries"), txt("channel", "push"), txt("previous_channel", "email"), f("not_sent", 21, "messages"), txt("not_sent_reason", "no_consent")}
	broad := func(reason string) []analytics.Value {
		return []analytics.Value{txt("reason", reason), txt("role", "development"), e("precision", .185, .016, 3_883, "share"), f("limit", .6, "share"), txt("declared_stages", w.stages[0]+", "+w.stages[1]),
			txt("top_stage", w.stages[2]), f("top_stage_share", .49, "share"), e("reach", .568, .016, 4_000, "share"), f("entrants", 2_272, "customers"), f("eligible", 4_000, "customers"), f("reentry_share", .472, "share")}
	}
	late := func(reason string) []analytics.Value {
		return []analytics.Value{txt("reason", reason), txt("role", "activation"), e("early_share", .724, .02, 2_025, "share"), f("best_from", .75, "1"), f("best_to", 1, "1"), e("gain", .021, .018, 2_025, "share points"),
			point("click_rate", .062, 2_025), f("own_share", .18, "share")}
	}
	openEnd := late("best_window")
	openEnd = append(openEnd[:4:4], openEnd[5:]...)
	lost := []analytics.Value{e("lost_share", .61, .04, 820, "share"), f("lost_messages", 512, "messages"), f("lost_customers", 431, "customers"), f("withheld", 839, "messages"), txt("lost_reason", "frequency_cap"),
		txt("scenario_lost", s[1]), txt("scenario_sent", s[4])}
	return []analytics.Finding{
		find("scenarios", "dead_end", "scenario", s[3], analytics.Warning, chance("dead_end_share", .842, "sequence_test"), dead("behaviour")...),
		find("scenarios", "dead_end", "scenario", s[0], analytics.Notice, chance("dead_end_share", .842, "sequence_test"), append(dead("structural"), f("needed_customers", 3_100, "customers"))...),
		find("scenarios", "dead_end", "scenario", s[4], analytics.Warning, nil, dead("both")...),
		find("scenarios", "unused_scenario", "scenario", s[1], analytics.Notice, nil, txt("reason", "never"), txt("role", "service")),
		find("scenarios", "unused_scenario", "scenario", s[2], analytics.Notice, nil, txt("reason", "stopped"), txt("role", "service"), txt("last_day", "2026-03-31")),
		find("scenarios", "unused_scenario", "scenario", s[4], analytics.Notice, nil, txt("reason", "undefined"), f("entries", 711, "entries"), f("messages", 525, "messages"), f("customers", 356, "customers")),
		find("scenarios", "broad_trigger", "scenario", s[2], analytics.Warning, chance("target_share", .185, "ab"), broad("precision")...),
		find("scenarios", "broad_trigger", "scenario", s[1], analytics.Warning, nil, broad("unselective")...),
		find("scenarios", "broad_trigger", "scenario", s[0], analytics.Warning, chance("target_share", .185, "ab"), broad("both")...),
		find("scenarios", "rhythm_mismatch", "scenario", s[0], analytics.Warning, chance("click_rate", .062, "ab"), late("best_window")...),
		find("scenarios", "rhythm_mismatch", "scenario", s[1], analytics.Notice, nil, late("too_early")...),
		find("scenarios", "rhythm_mismatch", "scenario", s[2], analytics.Warning, nil, late("both")...),
		find("scenarios", "rhythm_mismatch", "scenario", s[3], analytics.Warning, chance("click_rate", .062, "ab"), openEnd...),
		find("scenarios", "chain_drop_off", "scenario_step", s[2]+"/push #2", analytics.Warning, chance("step_drop_off", .58, "ab"), drop...),
		find("overlap", "scenario_conflict", "scenario_pair", pair, analytics.Critical, chance("collision_share", .7, "sequence_test"), meet("contradictory_roles,overlap_above,collisions_above", "no_rule")...),
		find("overlap", "scenario_conflict", "scenario_pair", s[0]+"|"+s[2], analytics.Critical, chance("collision_share", .7, "sequence_test"), meet("overlap_above,collisions_above", "b_first")...),
		find("overlap", "scenario_conflict", "scenario_pair", s[0]+"|"+s[3], analytics.Warning, chance("collision_share", .7, "sequence_test"), meet("collisions_above", "insufficient_data")...),
		find("overlap", "priority_inversion", "scenario_pair", pair, analytics.Warning, chance("inversion_share", .36, "sequence_test"), append([]analytics.Value{txt("reason", "inverted")}, append(names[:2:2],
			f("priority_a", 35, "1"), f("priority_b", 80, "1"), e("inversion_share", .361, .03, 2_499, "share"), f("priority_inversions", 902, "pairs of messages"), f("ranked_collisions", 2_499, "pairs of messages"),
			f("customers_hit", 1_445, "customers"), f("collision_hours", 24, "hours"), f("lost_messages", 188, "messages"), txt("harm", "unknown"))...)...),
		find("overlap", "priority_inversion", "scenarios", "order", analytics.Warning, chance("lost_share", .61, "sequence_test"), append([]analytics.Value{txt("reason", "lost"), f("pairs_judged", 64, "pairs of scenarios"),
			f("collision_hours", 24, "hours")}, lost...)...),
		find("overlap", "priority_inversion", "scenarios", "order", analytics.Notice, nil, txt("reason", "no_rule"), f("pairs", 21, "pairs of scenarios"), f("pairs_judged", 64, "pairs of scenarios"),
			f("collisions", 4_411, "pairs of messages"), f("collision_hours", 24, "hours")),
		find("overlap", "priority_inversion", "scenarios", "order", analytics.Warning, chance("inversion_share", .48, "sequence_test"), txt("reason", "ignored"), f("with_priority", 12, "pairs of scenarios"),
			e("inversion_share", .478, .01, 2_499, "share"), f("pairs", 21, "pairs of scenarios"), f("collisions", 4_411, "pairs of messages"), f("pairs_judged", 64, "pairs of scenarios"),
			f("collision_hours", 24, "hours")),
		find("overlap", "priority_inversion", "scenarios", "order", analytics.Warning, chance("inversion_share", .48, "sequence_test"), append([]analytics.Value{txt("reason", "ignored"), f("with_priority", 12, "pairs of scenarios"),
			e("inversion_share", .478, .01, 2_499, "share"), f("pairs_judged", 64, "pairs of scenarios"), f("collision_hours", 24, "hours")}, lost...)...),
		find("duplicates", "scenario_duplicate", "scenario_pair", pair, analytics.Warning, chance("cost_per_quarter", .5, "ab"), same("duplicate")...),
		find("duplicates", "scenario_duplicate", "scenario_pair", s[1]+"|"+s[2], analytics.Warning, chance("messages_per_quarter", .5, "ab"), same("subset")...),
		find("duplicates", "scenario_duplicate", "scenario_pair", s[2]+"|"+s[3], analytics.Notice, chance("messages_per_quarter", .5, "none"), same("same_logic")...),
	}
}

// scenarioTables are the result tables of the three blocks.
func (w world) scenarioTables() []analytics.Table {
	s, nan := w.scenarioNames(), math.NaN()
	words := strings.Fields
	var list, steps, ends, exits, reach, breadth, rhythm, windows [][]any
	role := []string{"activation", "retention", "development", "winback", "information"}
	for i, id := range s {
		n := []int{2_422, 1_617, 1_373, 1_403, 3_313}[i]
		bulk := i == 4
		name := ""
		if i < 2 {
			name = []string{"Приветственная цепочка", "Вторая покупка"}[i]
		}
		list = append(list, []any{id, name, role[i], i != 3, bulk, bulk, false, n, n + 300, 300, i * 10, 2 * n, 2*n - 60, n / 2, n / 10, n / 12, float64(n) * 91.5, float64(n) * .5, n, .29, .26, .32, .16, .15, .18, n - 200})
		if bulk {
			ends = append(ends, []any{id, false, 0, 0, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, "excluded", nil})
			continue
		}
		verdict := []string{"no", "undecided", "yes", "insufficient_data"}[i]
		needed := any(nil)
		if verdict == "undecided" {
			needed = 18_983
		}
		for k := range 2 {
			hours := nan
			if k == 1 {
				hours = 71.5
			}
			steps = append(steps, []any{id, "step " + string(rune('1'+k)), k + 1, []string{"email", "push"}[k], 21, "no_consent", n - 400*k, n, .3, .28, .32, 41, 17, .25, .23, .28, []string{"other_steps", "other_chains"}[k], .11, .08, .14, verdict, needed, hours, hours, hours, .055})
		}
		ends = append(ends, []any{id, i == 0, n, n - 100, .4, .38, .42, .45, .05, .08, .02, .23, .17, .15, .19, verdict, needed})
		exits = append(exits, []any{id, "recorded", "completed", n - 40}, []any{id, "recorded", `by "hand"`, 30}, []any{id, "open", "", 10})
		for j, stage := range w.stages[:3] {
			reach = append(reach, []any{id, stage, j == 0, 3_000, n / 3, n / 3, .1 + .2*float64(j), .08 + .2*float64(j), .12 + .2*float64(j)})
		}
		breadth = append(breadth, []any{id, 4_000, .55, .53, .57, n, .4, .38, .43, .3, []string{"", "", "both", ""}[i], verdict, needed})
		rhythm = append(rhythm, []any{id, 2 * n, .2, .31, .29, .33, .25, .5, .06, .021, .004, .038, verdict, needed})
		for k, from := range []float64{0, .25, 2} {
			windows = append(windows, []any{id, from, []float64{.25, .5, nan}[k], n / 2, .04 + .02*float64(k), .03 + .02*float64(k), .05 + .02*float64(k), -.02 + .02*float64(k)})
		}
	}
	return []analytics.Table{
		rows("scenarios.scenarios", words("scenario_id name role defined derived bulk unused customers entries reentries controls messages delivered opened clicked orders revenue cost exits "+
			"dead_end_share dead_end_lower dead_end_upper state_change_rate state_change_lower state_change_upper state_change_entries"), list...),
		rows("scenarios.steps", words("scenario_id step_id position channel not_sent not_sent_reason entries at_risk drop_off drop_off_lower drop_off_upper goal_stops opt_out_stops unexplained "+
			"unexplained_lower unexplained_upper reference difference difference_lower difference_upper verdict needed median_hours_since_previous hours_lower hours_upper click_rate"), steps...),
		rows("scenarios.dead_ends", words("scenario_id structural exits at_risk nothing nothing_lower nothing_upper next_share message_share goal_share opt_out_share others difference difference_lower "+
			"difference_upper verdict needed"), ends...),
		rows("scenarios.exits", words("scenario_id ended reason n"), exits...),
		rows("scenarios.stage_reach", words("scenario_id stage declared eligible entered entries reach reach_lower reach_upper"), reach...),
		rows("scenarios.breadth", words("scenario_id eligible reach reach_lower reach_upper target_entries precision precision_lower precision_upper reentry_share reason verdict needed"), breadth...),
		rows("scenarios.rhythm", words("scenario_id messages own_share early_share early_lower early_upper best_from best_to click_rate gain gain_lower gain_upper verdict needed"), rhythm...),
		rows("scenarios.rhythm_windows", words("scenario_id u_from u_to messages click_rate click_rate_lower click_rate_upper adjusted"), windows...),
		rows("scenarios.handovers", words("from_scenario to_scenario declared exits followed share share_lower share_upper"),
			[]any{s[0], "", false, 2_448, 1_500, .61, .59, .63}, []any{s[0], s[1], true, 2_448, 734, .30, .28, .32}, []any{s[1], s[2], true, 1_638, 20, .012, .008, .019}, []any{s[2], s[0], false, 1_300, 210, .16, .14, .18}),
		rows("scenarios.graph", words("graph scenario_id sink unreachable loop"), []any{"declared", s[0], false, true, nil}, []any{"declared", s[1], true, false, nil}, []any{"observed", s[0], false, false, 1},
			[]any{"observed", s[1], false, false, 1}, []any{"observed", s[3], true, true, nil}),
		rows("scenarios.pairs", words("scenario_a scenario_b customers_both customers_at_once ratio lower upper overlap_verdict role_a role_b contradictory collisions customers_hit collision_ratio collision_lower "+
			"collision_upper a_first a_first_lower a_first_upper order_verdict ranked_collisions inversion_share inversion_lower inversion_upper verdict reason needed_customers lost_messages"),
			[]any{s[0], s[1], 1_544, 1_104, 3.24, 2.93, 3.55, "above", "activation", "retention", false, 2_499, 1_445, 2.48, 2.4, 2.57, 0.0, 0.0, .003, "b_first", 2_499, .36, .33, .39, "conflict", "overlap_above,collisions_above", nil, 188},
			[]any{s[0], s[2], 900, 41, .31, .2, .48, "below", "activation", "development", false, 60, 55, 1.02, .8, 1.3, .52, .41, .6, "no_rule", 0, nil, nil, nil, "complement", "apart", nil, 0},
			[]any{s[1], s[2], 700, 210, 1.1, .7, 1.9, "inconclusive", "retention", "development", false, 0, 0, nil, nil, nil, nil, nil, nil, "insufficient_data", 0, nil, nil, nil, "undecided", "wide_interval", 2_455, 0},
			[]any{s[1], s[3], 90, 3, nil, nil, nil, "insufficient_data", "retention", "winback", true, 1, 1, nil, nil, nil, nil, nil, nil, "insufficient_data", 0, nil, nil, nil, "none", "independent", nil, nil}),
		rows("scenarios.not_sent_reasons", words("reason kind sendable messages customers with_priority lost customers_lost lost_share lost_lower lost_upper"), []any{"frequency_cap", "cap", true, 700, 500, 690, 480, 400, .696, .66, .73},
			[]any{"", "unknown", true, 149, 120, 149, 32, 31, .215, .15, .29}, []any{"RECIPIENT <b>suppressed", "no_consent", false, 90, 80, 90, 11, 11, .122, .07, .2}),
		rows("scenarios.lost_messages", words("scenario_lost scenario_sent messages sent_first customers messages_unsendable"), []any{s[1], s[4], 500, 450, 420, 8}, []any{s[0], s[4], 12, 12, 11, 0}, []any{s[0], s[1], 0, 0, 0, 3}),
		rows("scenarios.concurrency", words("level customer_days share customers customers_at_least share_at_least"), []any{0, 9_000.5, .9, 1_200, 4_000, 1.0}, []any{1, 800.0, .08, 2_000, 2_800, .7}, []any{2, 200.0, .02, 800, 800, .2}),
		rows("scenarios.duplicates", words("scenario_a scenario_b customers_a customers_b customers_both audience audience_lower audience_upper containment containment_lower containment_upper timing content content_source "+
			"logic logic_source similarity verdict reason needed_customers response threshold_audience threshold_audience_lower threshold_other_audience threshold_containment threshold_timing threshold_content threshold_logic"),
			[]any{s[0], s[1], 2_422, 1_617, 1_472, .635, .614, .655, .858, .839, .876, .943, .912, "text", 1.0, "definition", .86, "duplicate", "all", nil, "equal", .5, .4, .2, .8, .7, .7, .5},
			[]any{s[1], s[2], 1_617, 1_373, 90, .1, .05, .2, .2, .1, .4, nil, nil, "unknown", .3, "entries", nil, "undecided", "few_customers", 640, nil, .5, .4, .2, .8, .7, .7, .5},
			[]any{s[0], s[2], 2_422, 1_373, 9, .01, .005, .02, .02, .01, .04, .1, 0.0, "template", .3, "entries", .1, "different", "timing", nil, nil, .5, .4, .2, .8, .7, .7, .5}),
		rows("scenarios.duplicate_groups", words("group_id scenario_id kind size keep similarity"), []any{1, s[0], "duplicate", 2, true, .86}, []any{1, s[1], "duplicate", 2, false, .86}),
	}
}
