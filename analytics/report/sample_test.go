package report_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/backlog"
	"crmaudit/analytics/report"
	"crmaudit/analytics/suffstat"
)

// frame turns a result table into what the engine would hand back; a column of nulls only is float64.
func frame(t testing.TB, table analytics.Table) *analytics.Frame {
	t.Helper()
	fields := make([]arrow.Field, len(table.Columns))
	for j, c := range table.Columns {
		fields[j] = arrow.Field{Name: c, Type: arrow.PrimitiveTypes.Float64, Nullable: true}
		for _, row := range table.Rows {
			switch row[j].(type) {
			case int64:
				fields[j].Type = arrow.PrimitiveTypes.Int64
			case string:
				fields[j].Type = arrow.BinaryTypes.String
			case bool:
				fields[j].Type = arrow.FixedWidthTypes.Boolean
			}
		}
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, row := range table.Rows {
		for j, v := range row {
			switch v := v.(type) {
			case nil:
				b.Field(j).AppendNull()
			case int64:
				b.Field(j).(*array.Int64Builder).Append(v)
			case float64:
				b.Field(j).(*array.Float64Builder).Append(v)
			case string:
				b.Field(j).(*array.StringBuilder).Append(v)
			case bool:
				b.Field(j).(*array.BooleanBuilder).Append(v)
			default:
				t.Fatalf("%s.%s: %T", table.Name, table.Columns[j], v)
			}
		}
	}
	batch := b.NewRecordBatch()
	defer batch.Release()
	return analytics.NewFrame(table.Name, schema, []arrow.RecordBatch{batch})
}

// rows is a result table made of literal rows; an int is an int64, a NaN is a null.
func rows(name string, columns []string, data ...[]any) analytics.Table {
	for _, row := range data {
		for j, v := range row {
			switch v := v.(type) {
			case int:
				row[j] = int64(v)
			case float64:
				if math.IsNaN(v) {
					row[j] = nil
				}
			}
		}
	}
	return analytics.Table{Name: name, Columns: columns, Rows: data}
}

// world is the made-up company that the tests look at: a year-old shop with weekly stages.
type world struct {
	stages []string // new, active, at_risk, lost, lead by default
}

func defaultWorld() world {
	return world{stages: []string{"new", "active", "at_risk", "lost", "lead"}}
}

var matrix = [][]float64{
	{0.905, 0.031, 0.064, 0, 0},
	{0, 0.952, 0.048, 0, 0},
	{0, 0.021, 0.869, 0.110, 0},
	{0, 0.003, 0, 0.997, 0},
	{0.0065, 0, 0, 0, 0.9935},
}

var (
	base   = []float64{2_900, 9_800, 6_300, 18_400, 14_200}
	next   = []float64{0.062, 0.118, 0.021, 0.003, 0.0065}
	value  = []float64{1_840, 3_410.5, 1_210, 260, 415}
	stay   = []float64{5, 9, 4, math.NaN(), math.NaN()}
	clicks = []int{3, 4, 1, 0, 2}
)

// findings are what the life cycle would say about the world, one of each kind and reason.
func (w world) findings() []analytics.Finding {
	s := w.stages
	e := func(value, half float64, n int64, unit string) *suffstat.Estimate {
		return &suffstat.Estimate{Value: value, Lower: value - half, Upper: value + half, Level: 0.95, N: n, Unit: unit, Method: "jackknife t"}
	}
	f := func(value float64, unit string) *suffstat.Estimate { x := suffstat.Fact(value, 0, unit); return &x }
	num := func(name string, e *suffstat.Estimate) analytics.Value {
		return analytics.Value{Name: name, Estimate: e}
	}
	txt := func(name, text string) analytics.Value { return analytics.Value{Name: name, Text: text} }
	stake := func(v float64) *suffstat.Estimate { x := e(v, v*0.3, 0, "RUB"); x.Level = 0.90; return x }
	chance := func(metric string, baseline *suffstat.Estimate, population int64, money float64) *analytics.Opportunity {
		return &analytics.Opportunity{Metric: metric, Unit: "share", Baseline: *baseline, Population: population, Stake: stake(money), Step: 0.02,
			Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab", Guardrails: []string{"unsubscribe_rate", "complaint_rate"},
			Effort: 2, WeeklyFlow: population / 13, Goal: "retention"}
	}
	week := txt("grain", "week")
	policy, _ := distinct(append(w.policyFindings(), w.scenarioFindings()...))
	sql := "SELECT from_stage, to_stage, n, at_risk, probability, lower, upper\nFROM lifecycle.transitions\nWHERE grouping = 'all'"
	move := e(0.021, 0.002, 75_600, "share")
	loss := e(0.110, 0.004, 75_600, "share")
	return append([]analytics.Finding{
		{Block: "lifecycle", Kind: "bottleneck", SubjectType: "stage", Subject: s[2], Severity: analytics.Critical, Verdict: analytics.Different, EvidenceSQL: sql,
			Values: []analytics.Value{week, txt("reason", "value"), txt("best_stage", s[1]), num("customers_per_period", f(6_240, "customers")), num("move_rate", move),
				num("value_gap", e(1_820, 210, 75_600, "RUB")), num("potential", e(11_356_800, 1_310_000, 75_600, "RUB")), num("median_stay", e(4, 1, 5_100, "periods")), num("restricted_to", f(12, "periods"))},
			Opportunity: chance("transition_rate", move, 14_300, 640_000)},
		{Block: "lifecycle", Kind: "bottleneck", SubjectType: "stage", Subject: s[3], Severity: analytics.Warning, Verdict: analytics.Different, EvidenceSQL: sql,
			Values: []analytics.Value{week, txt("reason", "stuck"), num("share_last", f(0.512, "share")), num("restricted_to", f(12, "periods")), num("leave_rate", e(0.003, 0.0006, 220_000, "share"))}},
		{Block: "lifecycle", Kind: "loss_point", SubjectType: "transition", Subject: s[2] + "->" + s[3], Severity: analytics.Critical, Verdict: analytics.Different, EvidenceSQL: sql,
			Values: []analytics.Value{week, txt("from_stage", s[2]), txt("to_stage", s[3]), num("rate", loss), num("flow_per_quarter", f(8_921, "customers")),
				num("value_gap", e(950, 120, 75_600, "RUB")), num("loss", e(8_474_950, 1_070_000, 75_600, "RUB")), num("share_of_losses", f(0.614, "share"))},
			Opportunity: chance("transition_rate", loss, 14_300, 271_000)},
		{Block: "lifecycle", Kind: "loss_point", SubjectType: "transition", Subject: s[1] + "->" + s[2], Severity: analytics.Warning, Verdict: analytics.Different, EvidenceSQL: sql,
			Values: []analytics.Value{week, txt("from_stage", s[1]), txt("to_stage", s[2]), num("rate", e(0.048, 0.002, 117_600, "share")), num("flow_per_quarter", f(6_115, "customers")),
				num("value_gap", e(2_200, 190, 117_600, "RUB"))},
			Opportunity: chance("transition_rate", e(0.048, 0.002, 117_600, "share"), 15_900, 1_240_000)},
		{Block: "lifecycle", Kind: "loss_point", SubjectType: "transition", Subject: s[0] + "->" + s[2], Severity: analytics.Notice, Verdict: analytics.InsufficientData, Exploratory: true, EvidenceSQL: sql,
			Values: []analytics.Value{week, txt("from_stage", s[0]), txt("to_stage", s[2]), num("rate", e(0.064, 0.005, 34_800, "share")), num("flow_per_quarter", f(2_411, "customers")),
				num("needed_customers", f(12_000, "customers"))},
			Opportunity: chance("transition_rate", e(0.064, 0.005, 34_800, "share"), 4_100, 9_900_000)},
		{Block: "lifecycle", Kind: "stage_rule_gap", SubjectType: "stage", Subject: "unassigned", Severity: analytics.Notice,
			Values: []analytics.Value{week, txt("reason", "unassigned"), num("customers", f(21, "customers")), num("share", f(0.0004, "share"))}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "stage_rule_gap", SubjectType: "stage", Subject: "vip", Severity: analytics.Warning,
			Values: []analytics.Value{week, txt("reason", "unreachable"), num("matched", f(1_204, "customers")), txt("shadowed_by", s[1])}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "stage_rule_gap", SubjectType: "stage", Subject: s[3], Severity: analytics.Warning,
			Values: []analytics.Value{week, txt("reason", "no_scenario"), num("customers", f(18_401, "customers")), num("share_last", f(0.512, "share")), num("scenarios", f(8, ""))}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "stage_rule_gap", SubjectType: "stage", Subject: "paused", Severity: analytics.Notice,
			Values: []analytics.Value{week, txt("reason", "no_match"), num("customers", f(51_600, "customers"))}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "stage_rule_gap", SubjectType: "lifecycle", Subject: "rule_order", Severity: analytics.Notice,
			Values: []analytics.Value{week, txt("reason", "overlap"), num("customers", f(2_003, "customers")), num("share", f(0.039, "share")), txt("stage_a", s[0]), txt("stage_b", s[1]), num("pair_customers", f(1_992, "customers"))}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "stage_rule_gap", SubjectType: "lifecycle", Subject: "memory", Severity: analytics.Notice,
			Values: []analytics.Value{week, txt("reason", "memory"), num("horizon", f(8, "periods")), num("forecast_error", e(0.121, 0.014, 300_000, "share")), num("expanded_error", e(0.02, 0.004, 300_000, "share")),
				num("log_loss_gain", e(0.083, 0.002, 300_000, "share")), num("information_bits", f(0.021, "bits"))}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "stage_threshold", SubjectType: "stage_pair", Subject: s[3] + "|" + s[4], Severity: analytics.Notice, Verdict: analytics.Equivalent,
			Values: []analytics.Value{week, txt("reason", "equal_neighbours"), txt("stage_a", s[3]), txt("stage_b", s[4]), num("rate_a", e(0.003, 0.0002, 220_000, "share")), num("rate_b", e(0.0065, 0.0004, 170_000, "share")),
				num("difference", e(-0.0035, 0.0005, 390_000, "share")), num("margin", f(0.02, "share"))}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "stage_threshold", SubjectType: "stage", Subject: s[1], Severity: analytics.Notice, Verdict: analytics.Different, Exploratory: true,
			Values: []analytics.Value{week, txt("reason", "mixed_stage"), num("rate_early", e(0.162, 0.006, 40_000, "share")), num("rate_late", e(0.084, 0.004, 77_000, "share")), num("difference", e(0.078, 0.007, 117_000, "share")),
				num("split_age", f(4, "periods")), num("margin", f(0.02, "share"))}, EvidenceSQL: sql},
		{Block: "lifecycle", Kind: "metric_shift", SubjectType: "lifecycle", Subject: "transitions", Severity: analytics.Notice, Verdict: analytics.Different,
			Values: []analytics.Value{week, txt("reason", "time"), num("log_loss_gain", e(0.014, 0.003, 300_000, "share")), num("information_bits", f(0.004, "bits")), txt("stage", s[0])}, EvidenceSQL: sql},
	}, policy...)
}

// source is the audit database of the world, whole.
func (w world) source(t testing.TB) analyticstest.Source {
	t.Helper()
	s := w.stages
	from := time.Date(2026, 7, 6, 0, 0, 0, 0, time.UTC)
	total := 0.0
	for _, n := range base {
		total += n
	}
	var stages, transitions, stagePeriods, transitionPeriods, dwell, curves, periods, customers [][]any
	for i, name := range s {
		h := 0.04 * next[i]
		rule := []string{"orders_total = 1 and first_order_days <= 30", "recency_days <= 60", "recency_days <= 120", "orders_total > 0", "true"}[i]
		stages = append(stages, []any{name, i + 1, rule, int(base[i]), base[i] / total, next[i], next[i] - h, next[i] + h, base[i], base[i] * 2, 1 - matrix[i][i],
			value[i], value[i] * 0.92, value[i] * 1.08, "RUB", int(base[i] * 1.1), i == 3, clicks[i], "abandoned_cart,birthday,flash_sale,welcome,winback_long_name", ""})
		for bucket := range 2 {
			customers = append(customers, []any{name, bucket, int(base[i])})
		}
		for j, p := range matrix[i] {
			n := base[i] * 12
			half := 1.96 * math.Sqrt(p*(1-p)/n) * 1.4
			transitions = append(transitions, []any{"all", "all", name, s[j], int(p * n), int(n), p, max(0, p-half), p + half, n / 2, "wilson n_eff"})
			for k := range 12 {
				if p > 0 {
					start := from.AddDate(0, 0, 7*k).Format(time.DateOnly)
					transitionPeriods = append(transitionPeriods, []any{start, name, s[j], int(p * base[i] * (1 + 0.02*float64(k)))})
				}
			}
		}
		spells := int(base[i] * 1.4)
		dwell = append(dwell, []any{name, spells, spells / 3, 900, stay[i], []float64{4.9, 8.3, 3.8, 11.2, 11.4}[i], 12, []float64{4.7, 8.1, 3.7, 11.1, 11.3}[i], []float64{5.1, 8.6, 3.9, 11.3, 11.5}[i], stay[i] - 1, stay[i] + 1, ""})
		alive := 1.0
		for age := 1; age <= 12; age++ {
			leave := 1 - matrix[i][i]
			if i == 0 && age == 4 {
				leave = 0.45
			}
			alive *= 1 - leave
			half := 0.004 * float64(age) * math.Min(1, 8*alive*(1-alive))
			curves = append(curves, []any{name, age, int(float64(spells) * alive), int(float64(spells) * alive * leave), alive, max(0, alive-half), math.Min(1, alive+half)})
		}
	}
	for k := range 13 {
		start := from.AddDate(0, 0, 7*k).Format(time.DateOnly)
		sum := 0.0
		week := make([]float64, len(s))
		for i := range s {
			week[i] = base[i] * (1 + []float64{-0.3, 0.1, -0.05, 0.15, 0.2}[i]*float64(k-6)/20)
			sum += week[i]
		}
		for i := range s {
			stagePeriods = append(stagePeriods, []any{start, s[i], int(week[i]), week[i] / sum})
		}
		periods = append(periods, []any{k + 1, start, 7, int(sum), int(sum)})
	}
	texts, err := report.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	findings := w.findings()
	hypotheses := backlog.Build(findings, analytics.Settings{Grain: "week", Currency: "RUB", Level: 0.90}, texts.Hypothesis)
	tables := []analytics.Table{
		texts.FindingsTable(findings),
		backlog.Table(hypotheses),
		rows("audit.runs", []string{"run_id", "version", "config_sha256", "seed", "period_from", "period_to", "name", "grain", "timezone", "currency", "language"},
			[]any{"R-1f0c2d", "0.1.0", "9f2c4e", 1, "2026-07-06", "2026-10-05", "Acme, третий квартал 2026", "week", "Europe/Moscow", "RUB", "ru"}),
		rows("audit.sources", []string{"input", "path", "dialect", "rows_read", "rows_loaded", "rows_rejected", "rows_duplicate", "rows_outside", "rows_excluded"},
			[]any{"customers", "exports/customers.csv", "csv, windows-1251, ;", 51_640, 51_600, 12, 28, 0, 0},
			[]any{"events", "exports/events-2026.parquet", "parquet", 1_204_511, 1_198_003, 0, 4_200, 2_308, 0},
			[]any{"messages", "exports/sends-2026-q3.parquet", "parquet", 3_410_220, 3_402_110, 310, 0, 7_800, 0}),
		rows("audit.rejects", []string{"input", "path", "line", "column_name", "reason", "raw"},
			[]any{"customers", "exports/customers.csv", 118, "created_at", "not a time: expected ISO 8601", "118;Иванов;32.13.2026"},
			[]any{"customers", "exports/customers.csv", 512, "created_at", "not a time: expected ISO 8601", "512;Ким;—"},
			[]any{"messages", "exports/sends-2026-q3.parquet", nil, "channel", "missing required value", ""}),
		rows("core.red_totals", []string{"input", "row_count"}, []any{"customers", 51_600}, []any{"messages", 3_402_110}, []any{"events", 1_198_003}, []any{"orders", 96_412}),
		rows("analytics.coverage", []string{"block", "input", "present", "answers", "note"},
			[]any{"lifecycle", "customers", true, "panel", ""}, []any{"lifecycle", "events", true, "orders_value", "no_margin"},
			[]any{"lifecycle", "history", true, "dwell_from_entry", "burn_in"}, []any{"lifecycle", "messages", true, "stage_scenarios", ""},
			[]any{"contact", "messages.kind", true, "bulk_and_service", "some_without_kind"}, []any{"contact", "scenarios.priority", false, "cap_replay", "no_priorities"},
			[]any{"effects", "assignments", false, "effect_by_experiment", "missing"}, []any{"triggers", "tasks", true, "trigger_conformance", "never_fired"},
			[]any{"lifecycle", "segment_memberships", false, "transitions_by_segment", "missing"}, []any{"lifecycle", "stage_history", false, "recorded_stages", "missing"}),
		rows("lifecycle.stages", []string{"stage", "position", "rule", "customers_last", "share_last", "next_order_rate", "next_order_lower", "next_order_upper", "customers_per_period",
			"customers_per_quarter", "leave_rate", "value", "value_lower", "value_upper", "value_unit", "rule_matches", "stuck", "scenarios", "scenario_ids", "note"}, stages...),
		rows("lifecycle.transitions", []string{"grouping", "group_value", "from_stage", "to_stage", "n", "at_risk", "probability", "lower", "upper", "n_eff", "method"}, transitions...),
		rows("lifecycle.stage_periods", []string{"period_start", "stage", "customers", "share"}, stagePeriods...),
		rows("lifecycle.transition_periods", []string{"period_start", "from_stage", "to_stage", "n"}, transitionPeriods...),
		rows("lifecycle.periods", []string{"period", "period_start", "days", "customers", "moves"}, periods...),
		rows("lifecycle.dwell", []string{"stage", "spells", "censored", "left_open", "median_periods", "mean_periods", "restricted_to", "lower", "upper", "median_lower", "median_upper", "note"}, dwell...),
		rows("lifecycle.dwell_curves", []string{"stage", "age", "at_risk", "exits", "survival", "lower", "upper"}, curves...),
		rows("lifecycle.red_stage_customers", []string{"stage", "bucket", "customers"}, customers...),
		rows("lifecycle.mobility", []string{"grouping", "group_value", "stages", "at_risk", "shorrocks", "lower", "upper"}, []any{"all", "all", 5, 619_200, 0.0714, 0.0702, 0.0727}),
		rows("lifecycle.loss_points", []string{"from_stage", "to_stage", "rank", "n", "at_risk", "rate", "rate_lower", "rate_upper", "flow_per_quarter", "value_gap", "gap_lower", "gap_upper",
			"loss_per_quarter", "loss_lower", "loss_upper", "share_of_losses", "p_value", "q_value", "verdict", "unit"},
			[]any{s[1], s[2], 1, 5_645, 117_600, 0.048, 0.046, 0.050, 6_115.0, 2_200.0, 2_010.0, 2_390.0, 13_453_000.0, 12_100_000.0, 14_800_000.0, 0.614, 1e-9, 1e-8, "different", "RUB"},
			[]any{s[2], s[3], 2, 8_316, 75_600, 0.110, 0.106, 0.114, 8_921.0, 950.0, 830.0, 1_070.0, 8_474_950.0, 7_400_000.0, 9_550_000.0, 0.386, 1e-9, 1e-8, "different", "RUB"},
			[]any{s[0], s[2], 3, 2_200, 34_800, 0.064, 0.06, 0.069, 2_411.0, nil, nil, nil, nil, nil, nil, nil, nil, nil, "insufficient_data", "RUB"}),
		rows("lifecycle.bottlenecks", []string{"stage", "rank", "best_stage", "customers_per_period", "n", "at_risk", "rate", "rate_lower", "rate_upper", "value_gap", "gap_lower", "gap_upper",
			"potential", "potential_lower", "potential_upper", "stuck", "verdict", "unit"},
			[]any{s[2], 1, s[1], 6_240.0, 1_588, 75_600, 0.021, 0.019, 0.023, 1_820.0, 1_610.0, 2_030.0, 11_356_800.0, 10_046_400.0, 12_667_200.0, false, "different", "RUB"},
			[]any{s[3], 2, s[1], 18_400.0, 660, 220_800, 0.003, 0.0026, 0.0034, 301.5, 280.2, 322.8, 5_547_600.0, 5_155_680.0, 5_939_520.0, true, "different", "RUB"}),
		rows("lifecycle.tests", []string{"test", "subject", "statistic", "df", "p_value", "note", "q_value", "df2", "x2", "g2", "delta", "n", "information_bits", "log_loss_gain", "matters"},
			[]any{"between_groups", "attr_region", 1.1, 12, 0.35, "", 0.4, 1_188.0, 13.2, 13.1, 1.2, 619_200, 0.0001, 0.0004, false},
			[]any{"between_groups", "segment", 101.7, 56, 1e-30, "", 1e-29, 5_544.0, 13.2, 13.1, 1.2, 619_200, 0.01, 0.021, true},
			[]any{"between_groups", "cohort", nil, nil, nil, "one group only", nil, nil, nil, nil, nil, 0, nil, nil, false},
			[]any{"duration_dependence", "all", 41.5, 20, 1e-30, "", 1e-29, 1_980.0, 900.0, 910.0, 1.1, 619_200, 0.02, 0.061, true},
			[]any{"duration_dependence", s[0], 88.1, 4, 1e-30, "", 1e-29, 396.0, 400.0, 410.0, 1.1, 34_800, 0.11, 0.21, true},
			[]any{"homogeneity_over_time", "all", 1.8, 44, 0.002, "", 0.004, 4_356.0, 90.0, 91.0, 1.1, 619_200, 0.0004, 0.004, false},
			[]any{"markov_order", "all", nil, nil, nil, "fewer than three complete periods", nil, nil, nil, nil, nil, 0, nil, nil, false}),
		rows("lifecycle.kstep_errors", []string{"horizon", "markov_error", "lower", "upper", "expanded_error", "from_stage", "to_stage", "not_markov"},
			[]any{2, 0.021, 0.018, 0.024, 0.004, s[0], s[1], false}, []any{4, 0.083, 0.075, 0.091, 0.008, s[0], s[1], true}, []any{8, 0.121, 0.107, 0.135, 0.020, s[0], s[2], true}),
		rows("lifecycle.kstep", []string{"horizon", "from_stage", "to_stage", "n", "at_risk", "direct", "lower", "upper"},
			[]any{2, s[0], s[1], 1_000, 31_900, 0.06, 0.05, 0.07}, []any{4, s[0], s[1], 1_900, 29_000, 0.1, 0.09, 0.11}, []any{8, s[0], s[1], 2_400, 23_200, 0.15, 0.14, 0.16}),
	}
	tables = append(append(tables, w.policyTables()...), w.scenarioTables()...)
	tables = append(tables, w.valueTables()...)
	tables = append(tables, w.healthTables()...)
	src := analyticstest.Source{}
	for _, table := range tables {
		src[table.Name] = frame(t, table)
	}
	if len(src) != len(tables) {
		t.Fatal(fmt.Sprint("a table is given twice: ", len(tables), " tables, ", len(src), " names"))
	}
	return src
}
