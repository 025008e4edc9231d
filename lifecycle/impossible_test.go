package lifecycle

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestImpossible(t *testing.T) {
	list := func(rules []StageRule, grain string) []string {
		var out []string
		for m := range Impossible(rules, grain) {
			if m[0] != Unassigned && m[1] != Unassigned {
				out = append(out, m[0]+"->"+m[1])
			}
		}
		slices.Sort(out)
		return out
	}
	// new: one order, at most 30 days old. Nobody comes back to new or to lead; recency falls to 1..7 or grows by 7.
	want := []string{
		"active->lead", "active->lost", "active->new",
		"at_risk->lead", "at_risk->new",
		"lead->at_risk", "lead->lost",
		"lost->at_risk", "lost->lead", "lost->new",
		"new->at_risk", "new->lead", "new->lost",
	}
	if d := cmp.Diff(want, list(Preset("ecommerce"), "week")); d != "" {
		t.Errorf("ecommerce by week (-want +got):\n%s", d)
	}
	// In a quarter of 89..92 days nobody returns to lead or new, and nobody's first order can be 121 days ago.
	want = []string{"active->lead", "active->new", "at_risk->lead", "at_risk->new", "lead->lost", "lost->lead", "lost->new", "new->lead", "new->new"}
	if d := cmp.Diff(want, list(Preset("ecommerce"), "quarter")); d != "" {
		t.Errorf("ecommerce by quarter (-want +got):\n%s", d)
	}
	// What the rules do not tell is possible.
	for _, rules := range [][]StageRule{
		{{"a", "attr_city = 'x'"}, {"b", "true"}},
		{{"a", "opens_28d > 3 or recency_days > orders_total"}, {"b", "true"}},
		{{"a", "this does not parse"}, {"b", "true"}},
		{{"a", ""}, {"b", ""}},
		{{"a", "recency_days < 100000000"}, {"b", "first_order_days > 3"}},
		nil,
	} {
		if got := list(rules, "week"); len(got) > 0 {
			t.Errorf("%v: %v", rules, got)
		}
	}
}

func TestUnreachable(t *testing.T) {
	for _, p := range Presets() {
		if got := Unreachable(Preset(p)); len(got) > 0 {
			t.Errorf("%s: %v", p, got)
		}
	}
	for _, c := range []struct {
		rules []StageRule
		want  []string
	}{
		{[]StageRule{{"a", "recency_days <= 60"}, {"b", "recency_days between 30 and 60"}, {"c", "recency_days < 90"}}, []string{"b"}},
		{[]StageRule{{"a", "orders_total > 0"}, {"b", "recency_days is not null"}, {"c", "orders_total = 0"}, {"d", "true"}}, []string{"b", "d"}},
		{[]StageRule{{"a", "orders_total = 1"}, {"b", "orders_total < 2 and recency_days <> first_order_days"}, {"c", "orders_total = 1 and recency_days < 5"}}, []string{"c"}},
		{[]StageRule{{"a", "attr_city = 'x'"}, {"b", "attr_city = 'x' and orders_total > 1"}}, nil}, // true, but beyond what is known
		{[]StageRule{{"a", "true"}, {"b", "does not parse"}}, nil},
	} {
		var got []string
		for name := range Unreachable(c.rules) {
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.rules, got, c.want)
		}
	}
}

// No history of orders makes a move that is called impossible: random order days, rules over the three features evaluated directly.
func TestImpossibleIsNeverSeen(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		type atom struct {
			feature, sign string
			num           int
		}
		gen := rapid.Custom(func(r *rapid.T) atom {
			f := rapid.SampledFrom([]string{ordersTotal, firstOrderDays, recencyDays}).Draw(r, "feature")
			top := 40
			if f == ordersTotal {
				top = 4
			}
			return atom{f, rapid.SampledFrom([]string{"<", "<=", "=", "<>", ">", ">="}).Draw(r, "sign"), rapid.IntRange(0, top).Draw(r, "num")}
		})
		type rule struct {
			a, b atom
			join string
			not  bool
		}
		var rules []rule
		var written []StageRule
		for i := range rapid.IntRange(1, 4).Draw(r, "rules") {
			x := rule{gen.Draw(r, "a"), gen.Draw(r, "b"), rapid.SampledFrom([]string{"and", "or"}).Draw(r, "join"), rapid.Bool().Draw(r, "not")}
			rules = append(rules, x)
			not := ""
			if x.not {
				not = "not "
			}
			written = append(written, StageRule{fmt.Sprint("s", i),
				fmt.Sprintf("%s(%s %s %d %s %s %s %d)", not, x.a.feature, x.a.sign, x.a.num, x.join, x.b.feature, x.b.sign, x.b.num)})
		}
		// A customer's order days, and his stage at the end of two neighbouring weeks.
		days := rapid.SliceOfN(rapid.IntRange(0, 90), 0, 5).Draw(r, "days")
		end := rapid.IntRange(0, 90).Draw(r, "end")
		stage := func(end int) string {
			known := map[string]int{ordersTotal: 0}
			for _, d := range days {
				if d < end {
					known[ordersTotal]++
					if age, ok := known[recencyDays]; !ok || end-d < age {
						known[recencyDays] = end - d
					}
					known[firstOrderDays] = max(known[firstOrderDays], end-d)
				}
			}
			eval := func(a atom) (value, null bool) {
				x, ok := known[a.feature]
				if !ok {
					return false, true
				}
				switch a.sign {
				case "<":
					return x < a.num, false
				case "<=":
					return x <= a.num, false
				case "=":
					return x == a.num, false
				case "<>":
					return x != a.num, false
				case ">":
					return x > a.num, false
				}
				return x >= a.num, false
			}
			for i, x := range rules {
				a, an := eval(x.a)
				b, bn := eval(x.b)
				var v, null bool
				if x.join == "and" {
					v, null = a && b, (an || bn) && !(!an && !a || !bn && !b)
				} else {
					v, null = a && !an || b && !bn, (an || bn) && !(a && !an || b && !bn)
				}
				if !null && v != x.not {
					return written[i].Name
				}
			}
			return Unassigned
		}
		if s := stage(end); Unreachable(written)[s] {
			r.Fatalf("%v: %s seen with orders on days %v at %d", written, s, days, end)
		}
		if from, to := stage(end), stage(end+7); Impossible(written, "week")[[2]string{from, to}] {
			r.Fatalf("%v: %s->%s seen with orders on days %v at %d", written, from, to, days, end)
		}
	})
}
