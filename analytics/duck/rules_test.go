package duck

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"crmaudit/lifecycle"
	"crmaudit/queries"

	"pgregory.net/rapid"
)

// drawRule writes any rule that the language allows, of the wanted type.
func drawRule(t *rapid.T, kind string, depth int) string {
	sub := func(kind string) string { return drawRule(t, kind, depth-1) }
	of := func(options ...string) string { return rapid.SampledFrom(options).Draw(t, "of") }
	attr := `"attr_` + of("text", "whole", "day", "flag", "Odd \"\"name'") + `"`
	if depth <= 0 {
		switch kind {
		case "number":
			return of("recency_days", "orders_total", "revenue_total", "overdue_ratio", "messages_28d", "0", "30", "0.1", "1e15", "-7", attr)
		case "text":
			return of("'x'", "'O''Hara'", "'; drop table t; --'", "''", "'Тверь'", attr)
		}
		return of("subscribed", "true", "false", attr)
	}
	switch kind {
	case "number":
		return of("("+sub("number")+" + "+sub("number")+")", "("+sub("number")+" - "+sub("number")+")", "("+sub("number")+" * "+sub("number")+")",
			"(- "+sub("number")+")", "abs("+sub("number")+")", "coalesce("+sub("number")+", "+sub("number")+")", "least("+sub("number")+", "+sub("number")+", 1.5)",
			"greatest("+sub("number")+", 3)", sub("number"))
	case "text":
		return of("coalesce("+sub("text")+", 'none')", "least("+sub("text")+", "+sub("text")+")", sub("text"))
	}
	list := map[string]string{"number": "(1, 2.5, -3)", "text": "('a', 'b''c')"}
	k := of("number", "text")
	return of("("+sub("condition")+" and "+sub("condition")+")", "("+sub("condition")+" or "+sub("condition")+")", "(not "+sub("condition")+")",
		"("+sub(k)+of(" = ", " <> ", " < ", " <= ", " > ", " >= ")+sub(k)+")", "("+sub(k)+of(" in ", " not in ")+list[k]+")",
		"("+sub(k)+of(" between ", " not between ")+sub(k)+" and "+sub(k)+")", "("+sub(of("number", "text", "condition"))+of(" is null", " is not null")+")",
		"("+sub("condition")+of(" = ", " <> ")+sub("condition")+")", "coalesce("+sub("condition")+", false)")
}

// Whatever the parser accepts, the engine binds and computes, over attributes of every type and NULL in every feature.
func TestRulesBind(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	db := open(t, Options{Models: catalog, Threads: 1})
	attrs := []string{"attr_text", "attr_whole", "attr_day", "attr_flag", `attr_Odd "name'`}
	for _, text := range []string{
		`create table features as select * from (values (1, 100, 1.5, true), (null, null, null, null), (2000000000, 9000000000000000, 1e300, false)) v(small, large, real, flag)`,
		`create table attributes as select * from (values ('x', 7, date '2026-01-01', true, '1'), (null, null, null, null, null), ('12.5', -1, date '1999-12-31', false, 'nan'))
			v(attr_text, attr_whole, attr_day, attr_flag, "attr_Odd ""name'")`,
	} {
		if _, err := db.pool.ExecContext(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	var args []string
	for _, f := range lifecycle.MacroParams() {
		switch {
		case f == "attributes":
			args = append(args, "a")
		case f == "subscribed":
			args = append(args, "flag")
		case strings.HasSuffix(f, "_days") && f != "median_gap_days":
			args = append(args, "small")
		case strings.HasPrefix(f, "revenue") || f == "avg_order_value" || f == "median_gap_days" || f == "overdue_ratio":
			args = append(args, "real")
		default:
			args = append(args, "large")
		}
	}
	call := "(" + strings.Join(args, ", ") + ")"
	rapid.Check(t, func(rt *rapid.T) {
		rule := drawRule(rt, "condition", rapid.IntRange(0, 4).Draw(rt, "depth"))
		if len(rule) > 3900 {
			return
		}
		rules, err := lifecycle.Compile(lifecycle.Config{Stages: []lifecycle.StageRule{{Name: "it's", When: rule}, {Name: "b", When: "orders_total = 1"}}}, attrs)
		if err != nil {
			if strings.Contains(err.Error(), "never reached") {
				return
			}
			rt.Fatalf("%s: %v", rule, err)
		}
		if err := db.CreateMacros(ctx, rules.Macros); err != nil {
			rt.Fatalf("%s: %v", rule, err)
		}
		rows, err := db.pool.QueryContext(ctx, fmt.Sprintf("select x_stage%s, x_stage_mask%s, x_attribute(a, 2) from features, attributes a", call, call))
		if err != nil {
			rt.Fatalf("%s: %v", rule, err)
		}
		defer rows.Close()
		for rows.Next() {
			var stage string
			var mask int64
			var whole *string
			if err := rows.Scan(&stage, &mask, &whole); err != nil {
				rt.Fatalf("%s: %v", rule, err)
			}
			if want := map[int64]string{0: "unassigned", 1: "it's", 2: "b", 3: "it's"}[mask]; stage != want {
				rt.Fatalf("%s: stage %s, mask %d", rule, stage, mask)
			}
		}
		if err := rows.Err(); err != nil {
			rt.Fatalf("%s: %v", rule, err)
		}
	})
}

// The rules of the presets run on the engine too.
func TestPresetsBind(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, Options{Models: catalog, Threads: 1})
	for _, p := range lifecycle.Presets() {
		rules, err := lifecycle.Compile(lifecycle.Config{Preset: p}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.CreateMacros(context.Background(), rules.Macros); err != nil {
			t.Fatal(err)
		}
		var stage string
		nulls := strings.TrimSuffix(strings.Repeat("null, ", len(lifecycle.MacroParams())-1), ", ")
		row := db.pool.QueryRowContext(context.Background(), "select x_stage("+nulls+", {'attr_none': null})")
		if err := row.Scan(&stage); err != nil || stage != "lead" {
			t.Errorf("%s: a customer of whom nothing is known is %q: %v", p, stage, err)
		}
	}
}
