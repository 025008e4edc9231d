package report_test

import (
	"math"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// name is one of the made-up company's own names; in the hostile world it is one of the hostile ones.
func (w world) name(i int, tame string) string {
	if w.stages[0] == "new" {
		return tame
	}
	return w.stages[i%len(w.stages)]
}

// policyFindings are what contact policy, triggers and effects would say, one of each kind and reason.
func (w world) policyFindings() []analytics.Finding {
	e := func(name string, value, half float64, n int64, unit string) analytics.Value {
		return analytics.Value{Name: name, Estimate: &suffstat.Estimate{Value: value, Lower: value - half, Upper: value + half, Level: 0.95, N: n, Unit: unit, Method: "jackknife t"}}
	}
	f := func(name string, value float64, unit string) analytics.Value {
		x := suffstat.Fact(value, 0, unit)
		return analytics.Value{Name: name, Estimate: &x}
	}
	txt := func(name, text string) analytics.Value { return analytics.Value{Name: name, Text: text} }
	q := func(x float64) *float64 { return &x }
	chance := func(metric string, grade analytics.Grade, threat, design string) *analytics.Opportunity {
		return &analytics.Opportunity{Metric: metric, Unit: "share", Baseline: suffstat.Fact(0.1, 1_000, "share"), Population: 1_300, Step: 0.02, Grade: grade, Threat: threat,
			TestDesign: design, Guardrails: []string{"unsubscribe_rate"}, Effort: 2, WeeklyFlow: 100, Goal: "retention"}
	}
	const sql = "SELECT 1"
	add := func(block, kind, subjectType, subject string, severity analytics.Severity, verdict analytics.Verdict, exploratory bool, o *analytics.Opportunity, values ...analytics.Value) analytics.Finding {
		return analytics.Finding{Block: block, Kind: kind, SubjectType: subjectType, Subject: subject, Severity: severity, Verdict: verdict, Exploratory: exploratory, Opportunity: o, Values: values,
			EvidenceSQL: sql}
	}
	welcome, winback, digest, gift := w.name(0, "welcome"), w.name(1, "winback"), w.name(2, "promo_digest"), w.name(3, "birthday_gift")
	sms := w.name(4, "sms")
	different, undecided, few := analytics.Different, analytics.Inconclusive, analytics.InsufficientData
	out := []analytics.Finding{
		add("contact", "over_cap", "cap", "week:"+sms, analytics.Warning, different, false, chance("over_cap_share", "D", "structural_only", "cap_test"),
			txt("time_window", "week"), txt("channel", sms), f("cap", 1, "messages"), e("over_share", .103, .008, 5_336, "share"), f("over_units", 551, "customer-weeks"), f("units", 5_336, "customer-weeks"),
			f("customers", 516, "customers"), e("mean", 1.11, .01, 5_336, "messages"), f("most", 3, "messages"), f("held_back", 583, "messages"), f("messages", 5_919, "messages"),
			f("held_share", .0985, "share"), txt("top_scenario", winback), f("top_held", 395, "messages"), f("top_share", .712, "share"), txt("top_stage", w.stages[0]), e("top_stage_share", .406, .03, 1_025, "share")),
		add("contact", "quiet_hours", "policy", "quiet_hours", analytics.Warning, different, false, chance("quiet_share", "D", "structural_only", ""),
			txt("declared", "no"), f("share", .0318, "share"), f("broken", 2_784, "messages"), f("sent", 87_528, "messages"), f("customers", 889, "customers"), txt("top_channel", "email"),
			f("top_channel_share", .0255, "share"), txt("top_scenario", welcome), f("top_broken", 432, "messages"), f("top_share", .203, "share"), f("service_broken", 177, "messages"), f("unknown_zones", 3, "customers")),
		add("contact", "sent_after_unsubscribe", "channel", sms, analytics.Critical, different, false, chance("sent_after_unsubscribe", "D", "structural_only", ""),
			f("messages", 86, "messages"), f("customers", 64, "customers"), f("within_two_days", 1, "messages"), txt("top_scenario", digest), f("top_messages", 71, "messages"), f("service_messages", 4, "messages")),
	}
	response := func(reason string, verdict analytics.Verdict, o *analytics.Opportunity, values ...analytics.Value) {
		x := add("contact", "fatigue", "pressure", "response", analytics.Notice, verdict, verdict != different, o, append([]analytics.Value{txt("outcome", "open"), txt("reason", reason), f("margin", .005, "share per message"),
			f("baseline", .246, "share"), f("customers", 1_655, "customers"), f("messages", 51_537, "messages"), f("variation", .021, "share")}, values...)...)
		x.QValue = q(.0001)
		out = append(out, x)
	}
	slope, placebo := e("slope", -.0238, .006, 1_655, "share per message"), e("placebo", .001, .005, 1_655, "share per message")
	response("fatigue", different, chance("open_rate", "C", "time_varying_activity", "cap_test"), slope, placebo)
	response("benefit", different, nil, e("slope", .011, .004, 1_655, "share per message"))
	response("none", analytics.Equivalent, nil, e("slope", .0004, .001, 1_655, "share per message"))
	response("inconclusive", undecided, chance("open_rate", "D", "time_varying_activity", "cap_test"), e("slope", -.004, .006, 1_655, "share per message"), f("needed_customers", 9_400, "customers"))
	response("insufficient_data", few, nil, f("needed_customers", 3_000, "customers"))
	response("not_identifiable", few, chance("open_rate", "D", "not_identifiable", "cap_test"))
	response("calendar_only", few, chance("open_rate", "D", "not_identifiable", "cap_test"), e("calendar", -.012, .009, 1_655, "share per message"))
	response("confounded", different, chance("open_rate", "D", "confounded_placebo", "cap_test"), slope, e("placebo", -.014, .004, 1_655, "share per message"))
	goal := func(reason string, verdict analytics.Verdict, o *analytics.Opportunity, values ...analytics.Value) {
		out = append(out, add("contact", "fatigue", "pressure", "order", analytics.Notice, verdict, verdict != different, o, append([]analytics.Value{txt("outcome", "order"), txt("reason", reason), f("margin", .002, "share per message"),
			f("baseline", .061, "share"), f("customers", 1_655, "customers"), f("messages", 47_210, "messages"), f("variation", .03, "share")}, values...)...))
	}
	orders := e("slope", -.0062, .0031, 1_655, "share per message")
	goal("fatigue", different, chance("order_rate", "C", "time_varying_activity", "cap_test"), orders, e("placebo", .0004, .002, 1_655, "share per message"))
	goal("benefit", different, nil, e("slope", .0041, .002, 1_655, "share per message"))
	goal("none", analytics.Equivalent, nil, e("slope", .0002, .0008, 1_655, "share per message"))
	goal("inconclusive", undecided, nil, e("slope", -.002, .003, 1_655, "share per message"), f("needed_customers", 14_900, "customers"))
	goal("insufficient_data", few, nil, f("needed_customers", 3_000, "customers"))
	goal("not_identifiable", few, nil)
	goal("calendar_only", few, nil)
	goal("confounded", undecided, nil, orders, e("placebo", -.0127, .004, 1_655, "share per message"), e("seventh", -.0052, .001, 1_655, "share per message"))
	opt := func(subject, reason string, verdict analytics.Verdict, o *analytics.Opportunity, values ...analytics.Value) {
		out = append(out, add("contact", "fatigue", "pressure", subject, analytics.Notice, verdict, verdict != different, o, append([]analytics.Value{txt("reason", reason), f("high_from", 3, "messages"),
			f("baseline", .0034, "share"), f("events", 166, "messages"), f("messages", 48_900, "messages")}, values...)...))
	}
	ratio := e("odds_ratio", 1.62, .3, 48_900, "ratio")
	opt("unsubscribe", "fatigue", different, chance("unsubscribe_rate", "C", "time_varying_activity", "cap_test"), ratio, f("high_rate", .0061, "share"))
	opt("unsubscribe", "benefit", different, nil, e("odds_ratio", .7, .2, 48_900, "ratio"))
	opt("complaint", "none", analytics.Equivalent, nil, e("odds_ratio", 1.01, .05, 48_900, "ratio"))
	opt("unsubscribe", "inconclusive", undecided, nil, e("odds_ratio", 1.37, .6, 48_900, "ratio"), f("needed_messages", 122_680, "messages"))
	opt("complaint", "insufficient_data", few, nil, f("needed_messages", 60_230, "messages"))

	trigger := func(reason, name string, verdict analytics.Verdict, values ...analytics.Value) {
		out = append(out, add("triggers", "trigger_missed", "trigger", name, analytics.Warning, verdict, verdict != different, chance("in_time_share", "D", "structural_only", "ab"),
			append(values, txt("reason", reason), txt("when", "call_missed"), txt("expect", "task_created"), f("within", 900, "seconds"), f("triggered", 404, "cases"), f("in_time", 337, "cases"),
				f("late", 42, "cases"), f("missing", 25, "cases"), e("in_time_share", .834, .037, 361, "share"), f("target", .95, "share"))...))
	}
	trigger("late", w.name(1, "missed call gets a task"), different, e("median_latency", 483, 40, 379, "seconds"), e("p95_latency", 35_400, 12_000, 379, "seconds"), txt("change_verdict", "better"),
		e("change", .068, .05, 361, "share"), txt("worst_owner", w.name(2, "Дёмина")), e("worst_owner_share", .756, .09, 78, "share"))
	trigger("missing", w.name(3, "won deal gets a message"), few, txt("when", "deal:won"), txt("expect", "message"), f("needed_customers", 900, "customers"))

	number := func(kind, reason, subject, outcome, grade, failed string, verdict analytics.Verdict, effect analytics.Value, values ...analytics.Value) {
		method, threat := "sequential_trials", "unmeasured_confounding"
		if grade == "A" {
			method, threat = "holdout", "other_time_and_customers"
		}
		v := append([]analytics.Value{txt("reason", reason), txt("outcome", outcome), txt("method", method), txt("grade", grade), effect, f("customers_treated", 672, "customers"), f("customers_control", 68, "customers"),
			f("horizon_days", 28, "days")}, values...)
		if failed != "" {
			v = append(v, txt("failed", failed))
		}
		out = append(out, add("effects", kind, "scenario", subject, analytics.Notice, verdict, grade == "D", chance("order_rate", analytics.Grade(grade), threat, "holdout"), v...))
	}
	base := e("baseline", .0604, .006, 68, "share")
	number("scenario_effect", "lift", winback, "revenue", "A", "", different, e("effect", 80, 68, 740, "RUB"), e("relative", .31, .2, 740, "share"), e("baseline", 258, 30, 68, "RUB"))
	number("scenario_effect", "adjusted_lift", gift, "order", "C", "", different, e("effect", .021, .008, 1_655, "share"), base, txt("audience", w.name(5, "tea")), e("allowed", .019, .012, 1_655, "share"), e("placebo", .001, .01, 1_655, "share"))
	number("scenario_effect", "association", digest, "order", "D", "groups_differ,placebo,e_value", different, e("effect", .098, .06, 900, "share"), base, txt("differs_in", "city: Москва"))
	number("scenario_effect", "broken_split", welcome, "order", "D", "srm", few, f("control_share", .417, "share"), f("planned_share", .5, "share"))
	number("scenario_effect", "no_design", w.name(4, "abandoned_cart"), "order", "D", "positivity", few, analytics.Value{Name: "positivity", Estimate: &suffstat.Estimate{Value: .036, Lower: math.NaN(), Upper: math.NaN(), N: 622, Unit: "share"}})
	number("scenario_harm", "more_unsubscribes", welcome, "unsubscribe", "A", "", different, e("effect", .011, .006, 1_186, "share"), base)
	number("scenario_harm", "adjusted_lift", digest, "unsubscribe", "C", "", different, e("effect", .0021, .0015, 2_163, "share"), base)
	number("scenario_harm", "association", gift, "order", "D", "no_placebo,few", different, e("effect", -.03, .02, 740, "share"), base)
	number("no_state_change", "equivalent", gift, "better_stage", "D", "e_value", analytics.Equivalent, e("effect", -.0081, .006, 1_833, "share"), base, f("margin", .02, "share"),
		analytics.Value{Name: "equivalence", Estimate: &suffstat.Estimate{Value: -.0072, Lower: -.0141, Upper: -.0003, Level: .9, N: 1_833, Unit: "share", Method: "jackknife t"}}, e("observed", -.0081, .006, 1_833, "share"))
	return out
}

// distinct splits findings into the first of each identity, which is all that one audit can have, and the rest.
func distinct(all []analytics.Finding) (first, rest []analytics.Finding) {
	seen := map[string]bool{}
	for _, f := range all {
		if seen[f.ID()] {
			rest = append(rest, f)
		} else {
			first = append(first, f)
		}
		seen[f.ID()] = true
	}
	return first, rest
}

// policyTables are the result tables of the three blocks.
func (w world) policyTables() []analytics.Table {
	welcome, winback, digest, gift := w.name(0, "welcome"), w.name(1, "winback"), w.name(2, "promo_digest"), w.name(3, "birthday_gift")
	sms := w.name(4, "sms")
	nan := math.NaN()
	var load, means [][]any
	for _, x := range []struct {
		window, channel, stage string
		shares                 []float64
		limit                  float64
	}{
		{"day", "any", "all", []float64{.934, .06, .006}, 2}, {"day", "email", "all", []float64{.944, .055, .001}, nan}, {"day", sms, "all", []float64{.936, .064}, nan}, {"day", "any", w.stages[0], []float64{.81, .15, .04}, 2},
		{"week", "any", "all", []float64{.54, .3, .11, .03, .01, .005, .003, .002}, 5}, {"week", sms, "all", []float64{.9, .1}, 1}, {"week", "any", w.stages[0], []float64{.4, .32, .15, .08, .03, .02}, 5},
		{"week", sms, w.stages[0], []float64{.6, .4}, 1},
	} {
		units, over, mean := 10_000, 0.0, 0.0
		for i, s := range x.shares {
			load = append(load, []any{x.window, x.channel, x.stage, i + 1, int(s * float64(units)), s})
			mean += float64(i+1) * s
			if float64(i+1) > x.limit {
				over += s
			}
		}
		row := []any{x.window, x.channel, x.stage, units, int(mean * float64(units)), mean, mean - .01, mean + .01, len(x.shares)}
		if math.IsNaN(x.limit) {
			row = append(row, nil, nil, nil, nil, nil)
		} else {
			row = append(row, int(x.limit), int(over*float64(units)), over, over*.9, over*1.1)
		}
		means = append(means, row)
	}
	var replay [][]any
	for k := 1; k <= 4; k++ {
		replay = append(replay, []any{"day", "any", k, k == 2, "all", "", 87_528, []int{5_926, 524, 12, 0}[k-1], []float64{.068, .006, .0001, 0}[k-1]},
			[]any{"week", sms, k, k == 1, "all", "", 5_919, []int{583, 32, 0, 0}[k-1], []float64{.0985, .0054, 0, 0}[k-1]})
	}
	replay = append(replay, []any{"week", sms, 1, true, "scenario", winback, 555, 395, .712}, []any{"week", sms, 1, true, "scenario", "", 300, 180, .6}, []any{"day", "any", 2, true, "scenario", digest, 47_837, 198, .0041})
	var pressure [][]any
	for m := 0; m <= 7; m++ {
		days := []int{330_238, 198_528, 113_892, 39_882, 11_571, 3_427, 985, 242}[m]
		unsubscribe, order := .0003*float64(m), .005+.002*float64(m)-.0003*float64(m*m)
		pressure = append(pressure, []any{"any", "all", m, days, int(unsubscribe * float64(days)), min(m, 1), unsubscribe, unsubscribe * .7, unsubscribe*1.4 + .0001, 0.0, 0.0, .01, order, order * .8, order * 1.2})
	}
	fatigue := func(outcome, term string, value, half float64, verdict string, needed any, grade, note string, extra ...any) []any {
		return append([]any{outcome, term, value, value - half, value + half, .001, .002, verdict, needed, grade, .005, 1_655, 51_537, 12_690, .246}, append(extra, note)...)
	}
	monday := time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC)
	var weeks [][]any
	for k := range 6 {
		weeks = append(weeks, []any{w.name(1, "missed call gets a task"), monday.AddDate(0, 0, 7*k).Format(time.DateOnly), 30, 25 + k%3, 3, 2 - k%3, float64(25+k%3) / 30, .7, .95})
	}
	effects := [][]any{}
	effect := func(scenario, outcome, method, experiment, grade string, treated, control int, base, value, half, level, q, relative float64, caveat, verdict string, needed any) {
		effects = append(effects, []any{scenario, outcome, method, experiment, grade, treated, control, base, value, value - half, value + half, .001, q, caveat, level, relative, relative - .1, relative + .1, .02, verdict, needed, 28, nil, nil, ""})
		if row := effects[len(effects)-1]; method == "sequential_trials" {
			copy(row[len(row)-3:], []any{value - half/3, value + half/2, "recency"})
		}
	}
	effect(winback, "revenue", "holdout", "", "A", 672, 68, 17, 80, 68, .99, .004, nan, "switched", "different", nil)
	effect(winback, "revenue_winsorised", "holdout", "", "A", 672, 68, 17, 71, 60, .99, .004, .4, "switched", "different", nil)
	effect(winback, "order", "holdout", "", "A", 672, 68, .015, .034, .032, .95, nan, nan, "switched", "insufficient_data", 680)
	effect(gift, "order", "assignment", w.name(0, "gift-2026"), "A", 767, 218, .1055, -.0476, .02, .95, .227, -.4, "all_assigned", "different", nil)
	effect(gift, "better_stage", "sequential_trials", "", "C", 1_193, 640, .022, -.0081, .0066, .95, .19, -.36, "sampled,bias_convention", "equivalent", nil)
	effect(digest, "unsubscribe", "sequential_trials", "", "C", 1_201, 962, .0034, .0021, .0019, .975, .028, .63, "sampled", "different", nil)
	effect(digest, "order", "sequential_trials", "", "D", 1_201, 962, .06, .003, .006, .95, .6, .05, "placebo,e_value", "inconclusive", 17_718)
	effect(welcome, "order", "none", "", "D", 1_151, 0, nan, nan, nan, nan, nan, nan, "positivity", "", nil)
	effect(welcome, "order", "assignment", "spring", "D", 348, 249, nan, nan, nan, nan, nan, nan, "all_assigned,srm", "", nil)
	return []analytics.Table{
		rows("scenarios.contact_load", []string{"time_window", "channel", "stage", "messages", "units", "share"}, load...),
		rows("scenarios.contact_means", []string{"time_window", "channel", "stage", "units", "messages", "mean", "lower", "upper", "most", "cap", "over_units", "over_share", "over_lower", "over_upper"}, means...),
		rows("scenarios.cap_replay", []string{"time_window", "channel", "cap", "declared", "scope", "scenario_id", "messages", "held_back", "share"}, replay...),
		rows("scenarios.quiet_hours", []string{"channel", "scope", "scenario_id", "service", "sent", "broken", "share", "customers", "declared"},
			[]any{"any", "all", "", false, 87_528, 2_784, .0318, 889, false}, []any{"any", "all", "", true, 839, 177, .211, 149, false}, []any{sms, "all", "", false, 5_919, 283, .0478, nil, false},
			[]any{"email", "all", "", false, 74_692, 1_903, .0255, nil, false}, []any{"email", "scenario", welcome, false, 2_124, 432, .203, 219, false}, []any{sms, "scenario", "", false, 555, 172, .31, 172, false}),
		rows("scenarios.red_sent_after_unsubscribe", []string{"channel", "scope", "scenario_id", "service", "messages", "customers", "within_two_days"},
			[]any{sms, "all", "", false, 86, 64, 1}, []any{sms, "scenario", digest, false, 71, 60, 1}, []any{sms, "scenario", "", false, 15, 9, 0}, []any{sms, "all", "", true, 4, 4, 0}),
		rows("scenarios.pressure", []string{"channel", "stage", "messages_7d", "customer_days", "unsubscribes", "complaints", "unsubscribe_hazard", "unsubscribe_hazard_lower", "unsubscribe_hazard_upper", "complaint_hazard",
			"complaint_hazard_lower", "complaint_hazard_upper", "order_rate", "order_rate_lower", "order_rate_upper"}, pressure...),
		rows("scenarios.fatigue", []string{"outcome", "term", "value", "lower", "upper", "p_value", "q_value", "verdict", "needed", "grade", "margin", "customers", "messages", "events", "baseline", "variation", "high_from", "strata", "note"},
			fatigue("open", "previous_7d", -.0238, .006, "different", nil, "D", "confounded", .71, nil, nil), fatigue("open", "next_7d", -.014, .004, "", nil, "", "confounded", .71, nil, nil),
			fatigue("open", "previous_8_28d", -.0048, .003, "", nil, "", "confounded", .71, nil, nil),
			fatigue("open", "previous_7d_low", -.011, .008, "", nil, "", "", .7, nil, nil), fatigue("open", "previous_7d_high", -.031, .009, "", nil, "", "", .7, nil, nil), fatigue("unsubscribe", "log_odds", .31, .5, "inconclusive", 122_680, "C", "", nil, 3, 155),
			fatigue("open", "previous_collision_hours", -.031, .012, "different", nil, "C", "", .67, nil, nil), fatigue("open", "previous_collision_hours_5w", .002, .009, "", nil, "", "", .67, nil, nil),
			fatigue("order", "previous_7d", -.0062, .0031, "different", nil, "C", "", .71, nil, nil), fatigue("order", "next_8_14d", .0004, .002, "", nil, "", "", .71, nil, nil),
			fatigue("order", "next_8_9d", -.0001, .001, "", nil, "", "", .71, nil, nil), fatigue("order", "previous_8_28d", -.0011, .001, "", nil, "", "", .71, nil, nil),
			fatigue("order", "previous_collision_hours", .0021, .004, "inconclusive", 8_400, "D", "confounded", .66, nil, nil),
			fatigue("unsubscribe", "collision_log_odds", .41, .2, "different", nil, "C", "", nil, nil, 88), fatigue("unsubscribe", "collision_log_odds_control", .05, .2, "", nil, "", "", nil, nil, 88),
			fatigue("complaint", "collision_log_odds", nan, nan, "insufficient_data", nil, "D", "no_collisions", nil, nil, 0),
			fatigue("unsubscribe", "log_odds_raw", .11, .3, "", nil, "", "", nil, 3, 155), fatigue("complaint", "log_odds", nan, nan, "insufficient_data", 60_230, "D", "few_events", nil, 3, 4)),
		rows("scenarios.fatigue_curve", []string{"outcome", "from_messages", "to_messages", "messages", "response", "difference", "lower", "upper"},
			[]any{"open", 0, 0, 23_032, .264, 0.0, 0.0, 0.0}, []any{"open", 1, 1, 21_298, .239, -.0296, -.04, -.019}, []any{"open", 2, 3, 7_185, .212, -.0465, -.061, -.032}, []any{"open", 4, nil, 22, .18, -.044, -.22, .13}),
		rows("core.cfg_triggers", []string{"position", "name", "when_kind", "when_name", "expect_kind", "expect_name", "by_deal", "after_seconds", "within_seconds", "late_seconds"},
			[]any{1, w.name(1, "missed call gets a task"), "event", w.name(2, "call_missed"), "task_created", "", false, 0, 900, 604_800},
			[]any{2, w.name(3, "quiet customers"), "idle", "", "message", w.name(0, "winback"), false, 5_184_000, 259_200, 2_592_000}),
		rows("scenarios.triggers", []string{"name", "triggered", "in_time", "late", "missing", "not_yet", "unlinked", "customers", "in_time_share", "lower", "upper", "target", "verdict", "needed_customers", "median_latency_seconds",
			"median_lower", "median_upper", "p95_latency_seconds", "p95_lower", "p95_upper", "change", "change_lower", "change_upper", "change_verdict"},
			[]any{w.name(1, "missed call gets a task"), 404, 337, 42, 25, 3, 2, 361, .834, .794, .868, .95, "yes", nil, 483.0, 439.0, 505.0, 35_400.0, 22_400.0, 47_000.0, .068, -.006, .142, "undecided"},
			[]any{w.name(3, "quiet customers"), 12, 11, 0, 1, 0, 0, 12, .92, .6, .99, .95, "insufficient_data", 90, 86_400.0, nil, nil, nil, nil, nil, nil, nil, nil, "insufficient_data"}),
		rows("scenarios.trigger_weeks", []string{"name", "week_start", "triggered", "in_time", "late", "missing", "in_time_share", "lower", "upper"}, weeks...),
		rows("scenarios.trigger_owners", []string{"name", "owner", "triggered", "in_time", "late", "missing", "in_time_share", "lower", "upper"},
			[]any{w.name(1, "missed call gets a task"), "", 12, 10, 1, 1, .83, .5, .96}, []any{w.name(1, "missed call gets a task"), w.name(2, "Дёмина"), 78, 59, 11, 8, .756, .64, .84},
			[]any{w.name(1, "missed call gets a task"), "Жукова", 74, 69, 2, 3, .93, .85, .97}),
		rows("scenarios.trigger_channels", []string{"name", "channel", "answered", "median_latency_seconds", "median_lower", "median_upper", "p95_latency_seconds"},
			[]any{w.name(3, "quiet customers"), sms, 11, 7_300.0, 6_000.0, 9_000.0, nil}, []any{w.name(1, "missed call gets a task"), "", 379, 483.0, 439.0, 505.0, 35_400.0}),
		rows("scenarios.effects", []string{"scenario_id", "outcome", "method", "experiment_id", "grade", "customers_treated", "customers_control", "baseline", "effect", "lower", "upper", "p_value", "q_value", "caveat", "level", "relative",
			"relative_lower", "relative_upper", "margin", "verdict", "needed", "horizon_days", "range_lower", "range_upper", "range_left_out"}, effects...),
		rows("scenarios.effect_ranges", []string{"scenario_id", "outcome", "left_out", "effect", "lower", "upper", "units_treated", "units_control"}, []any{digest, "order", "recency", .006, -.001, .013, 1_300, 9_000}),
		rows("scenarios.effect_reasons", []string{"scenario_id", "reason", "units_control", "share_control", "units_treated", "share_treated", "ordered", "difference", "lower", "upper", "p_value", "excluded"},
			[]any{digest, "unknown", 5_200, .578, nil, nil, .061, nil, nil, nil, nil, false}, []any{digest, "withheld", 3_100, .344, 12, .01, .02, -.041, -.06, -.022, .0001, true},
			[]any{digest, "entered_later", 700, .078, nil, nil, .08, nil, nil, nil, nil, false}),
		rows("scenarios.effect_checks", []string{"scenario_id", "outcome", "method", "experiment_id", "check_name", "value", "lower", "upper", "passed", "note"},
			[]any{winback, "all", "holdout", "", "srm", .588, nil, nil, true, "planned_10%"}, []any{winback, "all", "holdout", "", "contamination", 0.0, nil, nil, true, ""},
			[]any{digest, "order", "sequential_trials", "", "placebo", .03, .01, .05, false, "older_orders_differ"}, []any{digest, "all", "sequential_trials", "", "positivity", .92, nil, nil, true, "cells_full"},
			[]any{digest, "all", "sequential_trials", "", "audience", .116, nil, nil, true, "in segment tea"}, []any{digest, "all", "sequential_trials", "", "groups", -.31, nil, nil, false, "attribute attr_city=Москва"},
			[]any{gift, "all", "sequential_trials", "", "audience", .6, nil, nil, true, "out_of category чай"},
			[]any{digest, "order", "sequential_trials", "", "e_value", 1.12, nil, nil, false, ""}, []any{welcome, "all", "assignment", "spring", "srm", .00002, nil, nil, false, "planned_50%"},
			[]any{gift, "order", "sequential_trials", "", "placebo", nil, nil, nil, false, "history_too_short"}),
	}
}
