package lifecycle

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseRule(t *testing.T) {
	// Every rule with what the parser understood, parentheses written out.
	for rule, want := range map[string]string{
		"true": "true",
		"orders_total = 1 and first_order_days <= 30": "((orders_total = 1) AND (first_order_days <= 30))",
		"a_or_b":                  "",
		"not subscribed":          "(NOT subscribed)",
		"NOT Subscribed OR false": "((NOT subscribed) OR false)",
		"orders_28d>=3 or orders_90d>=6 and revenue_total>100.5": "((orders_28d >= 3) OR ((orders_90d >= 6) AND (revenue_total > 100.5)))",
		"not orders_total = 1 and subscribed":                    "((NOT (orders_total = 1)) AND subscribed)",
		"recency_days between 31 and 60 and subscribed":          "((recency_days BETWEEN 31 AND 60) AND subscribed)",
		"recency_days not between 1 + 1 and 60":                  "(recency_days NOT BETWEEN (1 + 1) AND 60)",
		"orders_total in (1, 2, -3)":                             "(orders_total IN (1, 2, (-3)))",
		"attr_city not in ('Moscow', 'O''Hara')":                 `("attr_city" NOT IN ('Moscow', 'O''Hara'))`,
		"recency_days is not null":                               "(recency_days IS NOT NULL)",
		"recency_days * 2 + 1 - 3 * tenure_days != -4":           "((((recency_days * 2) + 1) - (3 * tenure_days)) <> (-4))",
		"-recency_days < - -5":                                   "((- recency_days) < 5)",
		"coalesce(recency_days, 1e3) > 0.5":                      "(coalesce(recency_days, 1000) > 0.5)",
		"least(attr_a, attr_b) = 'x'":                            `(least("attr_a", "attr_b") = 'x')`,
		`"attr_Home Town" = 'Тверь'`:                             `("attr_Home Town" = 'Тверь')`,
		"attr_vip":                                               `"attr_vip"`,
		"subscribed = true":                                      "(subscribed = true)",
		"overdue_ratio >= .5":                                    "(overdue_ratio >= 0.5)",
		"(((recency_days))) < 1":                                 "(recency_days < 1)",
	} {
		n, err := parseRule(rule, nil)
		if want == "" {
			if err == nil {
				t.Errorf("%s: accepted", rule)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		if got := n.String(); got != want {
			t.Errorf("%s: %s, want %s", rule, got, want)
		}
	}
}

func TestParseRuleRefuses(t *testing.T) {
	// Every mistake with the words that the message must have.
	attrs := []string{"attr_city", "attr_level"}
	for _, c := range []struct{ rule, want string }{
		{"", "column 1: the rule is empty"},
		{"  ", "the rule is empty"},
		{"recency_day <= 30", `column 1: unknown name "recency_day", did you mean recency_days?; allowed are recency_days, first_order_days`},
		{"next_order_days < 30", "leaks the answer"},
		{"churned", "leaks the answer"},
		{"orders_total > 0 and attr_citty = 'x'", `column 22: unknown attribute "attr_citty", did you mean attr_city?; attributes of customers: attr_city, attr_level`},
		{"customer_id = 'x'", `unknown name "customer_id"`},
		{"read_csv('/etc/passwd') = 1", `function "read_csv" is not allowed`},
		{"colesce(recency_days, 1) = 1", "did you mean coalesce?"},
		{"getenv('HOME') = 'x'", `function "getenv" is not allowed`},
		{"orders_total = (select 1)", "without subqueries"},
		{"exists (select 1)", "without subqueries"},
		{"case when true then true end", "without subqueries, CASE"},
		{"orders_total::varchar = '1'", "no cast"},
		{"cast(orders_total as varchar) = '1'", "and casts"},
		{"orders_total = 1 -- all", "no comments"},
		{"orders_total = 1 /* all */", "no comments"},
		{"orders_total = 1 # all", "no comments"},
		{"orders_total = 1; drop table core.orders", "a rule is one condition"},
		{"core.orders = 1", "without a table"},
		{"orders_total.x = 1", "without a table"},
		{"orders_total == 1", "= (one sign)"},
		{"orders_total / 2 > 1", "do not divide"},
		{"orders_total % 2 = 1", "do not divide"},
		{"orders_total = null", "write: is null"},
		{"orders_total", "is a number, not a condition"},
		{"'x'", "is a text, not a condition"},
		{"orders_total = 'x'", "found a text next to a number"},
		{"orders_total and subscribed", "found a number where a condition is needed"},
		{"subscribed + 1 = 2", "found a condition where a number is needed"},
		{"subscribed > true", "= and <> only"},
		{"1 < orders_total < 3", "do not chain"},
		{"orders_total in (recency_days)", "numbers or texts only"},
		{"orders_total in ()", "allowed here"},
		{"orders_total in (1, 'x')", "found a text next to a number"},
		{"orders_total between 1 or 2", "allowed here: and"},
		{"orders_total not 1", "in or between after not"},
		{"(orders_total = 1", `allowed here: ")"`},
		{"orders_total = 1)", "the end of the rule"},
		{"orders_total = 'x", "the quote ' is not closed"},
		{"orders_total = 30d", "a number is written"},
		{"orders_total = 1.2.3", "a number is written"},
		{"orders_total = 1e999", "too large"},
		{"orders_total = \xff", "not UTF-8"},
		{"abs(1, 2) = 1", "abs takes 1 argument"},
		{"orders_total = $level", "allowed here"},
		{"orders_total = ?", "allowed here"},
		{"orders_total =", "found the end of the rule"},
		{"greatest(subscribed, true)", "takes numbers or texts"},
		{strings.Repeat("(", 500) + "true" + strings.Repeat(")", 500), "nested too deeply"},
		{"not " + strings.Repeat("not ", 150) + "true", "nested too deeply"},
		{strings.Repeat("true and ", 1000) + "true", "allowed are 4000"},
	} {
		_, err := parseRule(c.rule, attrs)
		if err == nil {
			t.Errorf("%.60s: accepted", c.rule)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s: %q, want it to say %q", c.rule, err, c.want)
		}
	}
}

func TestRuleSQL(t *testing.T) {
	for rule, want := range map[string]string{
		"attr_level >= 2":                          `(TRY_CAST(CAST(attributes."attr_level" AS VARCHAR) AS DOUBLE) >= 2)`,
		"attr_city = 'O''Hara'":                    `(CAST(attributes."attr_city" AS VARCHAR) = 'O''Hara')`,
		"attr_vip":                                 `TRY_CAST(CAST(attributes."attr_vip" AS VARCHAR) AS BOOLEAN)`,
		"attr_vip = true":                          `(TRY_CAST(CAST(attributes."attr_vip" AS VARCHAR) AS BOOLEAN) = true)`,
		"attr_a = attr_b":                          `(CAST(attributes."attr_a" AS VARCHAR) = CAST(attributes."attr_b" AS VARCHAR))`,
		"attr_a is null":                           `(CAST(attributes."attr_a" AS VARCHAR) IS NULL)`,
		"coalesce(attr_a, 3) > orders_total":       `(coalesce(TRY_CAST(CAST(attributes."attr_a" AS VARCHAR) AS DOUBLE), 3) > orders_total)`,
		`"attr_a""; drop table x; --" = 'y'`:       `(CAST(attributes."attr_a""; drop table x; --" AS VARCHAR) = 'y')`,
		"orders_total * 2 > 0.1":                   "((CAST(orders_total AS DOUBLE) * CAST(2 AS DOUBLE)) > 1e-01)",
		"orders_total > 1000000000000000":          "(orders_total > 1000000000000000)",
		"greatest(attr_a, attr_b) between 1 and 2": `(greatest(TRY_CAST(CAST(attributes."attr_a" AS VARCHAR) AS DOUBLE), TRY_CAST(CAST(attributes."attr_b" AS VARCHAR) AS DOUBLE)) BETWEEN 1 AND 2)`,
	} {
		n, err := parseRule(rule, nil)
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		if got := n.sql(); got != want {
			t.Errorf("%s:\n%s, want\n%s", rule, got, want)
		}
	}
}

// same compares two trees by meaning: the place in the text does not count.
func same(a, b *node) bool {
	var strip func(*node) *node
	strip = func(n *node) *node {
		c := *n
		c.at, c.args = 0, nil
		for _, x := range n.args {
			c.args = append(c.args, strip(x))
		}
		return &c
	}
	return cmp.Equal(strip(a), strip(b), cmp.AllowUnexported(node{}))
}

// FuzzParseRule: the parser never panics, and the text of a tree parses to the same tree.
func FuzzParseRule(f *testing.F) {
	for _, p := range Presets() {
		for _, s := range Preset(p) {
			f.Add(s.When)
		}
	}
	for _, s := range []string{"not (attr_x in ('a', 'b''c')) or -recency_days * 2 between 1e-3 and .5", "least(1, 2) is not null", `"attr_Ä b" = 'x'`, "((", "'", "1 < 2 < 3", "- - -1 = 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		n, err := parseRule(rule, nil)
		if err != nil {
			if n != nil {
				t.Fatal("a tree beside an error")
			}
			return
		}
		again, err := parse(n.String(), nil)
		if err != nil {
			t.Fatalf("%q was read as %s, which is refused: %v", rule, n, err)
		}
		if !same(n, again) {
			t.Fatalf("%q was read as %s, which is read as %s", rule, n, again)
		}
		if sql := n.sql(); strings.Contains(strings.NewReplacer("''", "", `""`, "").Replace(sql), ";") && !strings.ContainsAny(rule, `'"`) {
			t.Fatalf("%q became %s", rule, sql)
		}
		t2 := timing{points: map[breakpoint]bool{}}
		t2.add(n)
		for p := range t2.points {
			if p.Offset < 0 || p.Offset > 40000 {
				t.Fatalf("%q has a breakpoint %+v", rule, p)
			}
		}
	})
}

func points(t *testing.T, rule string) ([]string, timing) {
	t.Helper()
	n, err := parseRule(rule, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := timing{points: map[breakpoint]bool{}}
	out.add(n)
	var lines []string
	for _, row := range out.table().Rows {
		s := row[0].(string)
		lines = append(lines, strings.TrimSuffix(strings.Join([]string{s, itoa(row[1].(int64)), ftoa(row[2].(float64))}, " "), " 0"))
	}
	return lines, out
}

func itoa(n int64) string   { return strings.TrimSuffix(ftoa(float64(n)), ".0") }
func ftoa(x float64) string { return strings.Trim(ruleNumber(x), "()") }

func TestBreakpoints(t *testing.T) {
	order := "order 1"
	for _, c := range []struct {
		rule     string
		want     []string
		lookback int64
		dense    bool
	}{
		{"recency_days <= 60", []string{"last_order 61", order}, 60, false},
		{"recency_days < 60", []string{"last_order 60", order}, 60, false},
		{"60 >= recency_days", []string{"last_order 61", order}, 60, false},
		{"- recency_days >= -60", []string{"last_order 61", order}, 60, false},
		{"recency_days = 60", []string{"last_order 60", "last_order 61", order}, 60, false},
		{"recency_days between 30 and 60", []string{"last_order 30", "last_order 61", order}, 60, false},
		{"recency_days in (7, 14)", []string{"last_order 7", "last_order 8", "last_order 14", "last_order 15", order}, 14, false},
		{"2 * recency_days > 61", []string{"last_order 30", "last_order 31", "last_order 32", order}, 31, false},
		{"recency_days + 5 <= 35", []string{"last_order 31", order}, 30, false},
		{"coalesce(recency_days, 999) > 90", []string{"last_order 91", order}, 90, false},
		{"least(recency_days, last_activity_days) <= 14", []string{"activity 1", "last_activity 15", "last_order 15", order}, 14, false},
		{"abs(recency_days - 30) <= 5", []string{"last_order 25", "last_order 36", order}, 35, false},
		{"recency_days = first_order_days", []string{order}, 0, false},
		{"recency_days > tenure_days + 1", []string{order}, 0, false},
		{"2 * recency_days > tenure_days", []string{order}, 0, true},
		{"recency_days > attr_days", []string{order}, 0, true},
		{"recency_days > 2 * median_gap_days", []string{order}, 0, true},
		{"recency_days * recency_days > 100", []string{order}, 0, true},
		{"overdue_ratio > 1.5", []string{order, "overdue 0 1.5"}, 0, false},
		{"orders_28d >= 3", []string{order, "order 29"}, 28, false},
		{"revenue_365d > 100", []string{order, "order 366"}, 365, false},
		{"orders_28d * 13 > orders_365d", []string{order, "order 29", "order 366"}, 365, false},
		{"messages_28d > 0 and opens_28d = 0", []string{"message 1", "message 29", "open 1", "open 29"}, 28, false},
		{"subscribed", []string{"consent 1"}, 0, false},
		{"tenure_days <= 30", []string{"first_seen 31"}, 0, false},
		{"recency_days > 100000", []string{order}, 0, false},
		{"recency_days >= 1", []string{order}, 1, false},
		{"orders_total > 0", []string{order}, 0, false},
		{"attr_city = 'x'", nil, 0, false},
	} {
		got, timing := points(t, c.rule)
		slices.Sort(got)
		want := slices.Clone(c.want)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" || timing.dense != c.dense || timing.lookback != c.lookback {
			t.Errorf("%s: dense %v, lookback %d, want %v, %d; breakpoints (-want +got)\n%s", c.rule, timing.dense, timing.lookback, c.dense, c.lookback, diff)
		}
	}
}

// A comparison of an age with a constant flips only at breakpoints, whatever the form of the expression.
func TestBreakpointsCoverEveryFlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom([]float64{1, -1, 2, 0.3, -0.7, 3}).Draw(t, "a")
		b := rapid.Float64Range(-200, 200).Draw(t, "b")
		if rapid.Bool().Draw(t, "whole") {
			b = float64(int(b))
		}
		sign := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "=", "<>"}).Draw(t, "sign")
		tm := timing{points: map[breakpoint]bool{}}
		tm.cross(piece{coef: map[string]float64{recencyDays: a}, con: b}, sign)
		tm.points[breakpoint{anchorLastOrder, 1, 0}] = true
		holds := func(age int) bool {
			x := a*float64(age) + b
			return map[string]bool{"<": x < 0, "<=": x <= 0, ">": x > 0, ">=": x >= 0, "=": x == 0, "<>": x != 0}[sign]
		}
		for age := 2; age < 1000; age++ {
			if holds(age) != holds(age-1) && !tm.points[breakpoint{anchorLastOrder, int64(age), 0}] {
				t.Fatalf("%v * age + %v %s 0 flips at %d, breakpoints %v", a, b, sign, age, tm.points)
			}
		}
	})
}
