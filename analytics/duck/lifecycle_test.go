package duck

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"crmaudit/lifecycle"
	"crmaudit/queries"

	"github.com/google/go-cmp/cmp"
)

// The life-cycle SQL looks at a customer only where a rule can change its value and counts from the ends of runs. Here the same is done the
// slow way: every customer in every period, every feature from the events, every count by a loop. Random worlds, grains and rules must agree.
//
//	go test ./analytics/duck -run TestLifecycleOracle
//	go test ./analytics/duck -run TestLifecycleOracle -worlds 500

const day0 = 20000 // the first day on which something may happen in a world

type lcOrder struct {
	day   int
	minor int64
}

type lcMessage struct {
	sent, opened, clicked, unsubscribed, complained int // 0 = never
	machine, bot                                    bool
	scenario                                        string
}

type lcCustomer struct {
	ck, firstSeen int
	orders        []lcOrder
	activity      []int
	other         []int // events that are no activity
	messages      []lcMessage
	city          *string
	level         *string
	recorded      []lcRecord
	segments      []lcMember
}

type lcRecord struct {
	day   int
	stage string
}

type lcMember struct {
	segment  string
	from, to int
}

type lcPeriod struct {
	number, start, end int
	inPanel, burnIn    bool
}

type lcWorld struct {
	grain     string
	history   int // first loaded day
	from, to  int
	grid      []lcPeriod
	customers []lcCustomer
	cfg       lifecycle.Config
	rules     []func(*lcFeatures) *bool
	rulesC    lifecycle.Rules
}

// lcFeatures is one customer at one period's end; nil is NULL.
type lcFeatures struct {
	num         map[string]*float64
	subscribed  *bool
	city, level *string
}

func unixDay(t time.Time) int { return int(t.Unix() / 86400) }

func dayTime(d int) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// unitStart returns the first day of the calendar unit that holds d; unitNext the first day of the next one.
func unitStart(grain string, d int) int {
	t := dayTime(d)
	switch grain {
	case "week":
		return d - (int(t.Weekday())+6)%7
	case "month":
		return unixDay(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC))
	case "quarter":
		return unixDay(time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC))
	case "year":
		return unixDay(time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC))
	}
	return d
}

func unitNext(grain string, d int) int {
	for n := unitStart(grain, d); ; d++ {
		if s := unitStart(grain, d); s != n {
			return s
		}
	}
}

func num(x float64) *float64 { return &x }

func truth(b bool) *bool { return &b }

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// randomNumber returns a numeric expression as text and as Go. Constants are ages that occur.
func randomNumber(r *rand.Rand, depth int) (string, func(*lcFeatures) *float64) {
	constant := func() float64 {
		return pick(r, 0, 1, 2, 7, 10, 28, 30, 45, 60, 90, 0.5, 1.5, 14.5, float64(r.IntN(120)))
	}
	if depth <= 0 || r.IntN(3) > 0 {
		names := slices.DeleteFunc(lifecycle.Features(), func(s string) bool { return s == "subscribed" })
		if r.IntN(3) > 0 { // mostly those that matter
			names = []string{"recency_days", "first_order_days", "tenure_days", "orders_total", "orders_28d", "last_activity_days", "overdue_ratio"}
		}
		name := pick(r, names...)
		return name, func(f *lcFeatures) *float64 { return f.num[name] }
	}
	a, evalA := randomNumber(r, depth-1)
	b, evalB := randomNumber(r, depth-1)
	c := constant()
	both := func(op func(x, y float64) float64) func(*lcFeatures) *float64 {
		return func(f *lcFeatures) *float64 {
			x, y := evalA(f), evalB(f)
			if x == nil || y == nil {
				return nil
			}
			return num(op(*x, *y))
		}
	}
	one := func(op func(x float64) float64) func(*lcFeatures) *float64 {
		return func(f *lcFeatures) *float64 {
			x := evalA(f)
			if x == nil {
				return nil
			}
			return num(op(*x))
		}
	}
	skip := func(better func(x, y float64) bool) func(*lcFeatures) *float64 {
		return func(f *lcFeatures) *float64 {
			x, y := evalA(f), evalB(f)
			switch {
			case x == nil:
				return y
			case y == nil || better(*x, *y):
				return x
			}
			return y
		}
	}
	switch r.IntN(9) {
	case 0:
		return fmt.Sprintf("%s + %v", a, c), one(func(x float64) float64 { return x + c })
	case 1:
		return fmt.Sprintf("(%s - %s)", a, b), both(func(x, y float64) float64 { return x - y })
	case 2:
		return fmt.Sprintf("%v * %s", c, a), one(func(x float64) float64 { return c * x })
	case 3:
		return fmt.Sprintf("coalesce(%s, %v)", a, c), func(f *lcFeatures) *float64 {
			if x := evalA(f); x != nil {
				return x
			}
			return num(c)
		}
	case 4:
		return fmt.Sprintf("least(%s, %s)", a, b), skip(func(x, y float64) bool { return x <= y })
	case 5:
		return fmt.Sprintf("greatest(%s, %s)", a, b), skip(func(x, y float64) bool { return x >= y })
	case 6:
		return fmt.Sprintf("abs(%s - %v)", a, c), one(func(x float64) float64 { return math.Abs(x - c) })
	case 7:
		return fmt.Sprintf("- (%s)", a), one(func(x float64) float64 { return 0 - x })
	}
	return fmt.Sprintf("(%s * %s)", a, b), both(func(x, y float64) float64 { return x * y })
}

// randomRule returns a condition as text and as Go, with SQL's three-valued logic.
func randomRule(r *rand.Rand, depth int) (string, func(*lcFeatures) *bool) {
	if depth > 0 && r.IntN(2) == 0 {
		a, evalA := randomRule(r, depth-1)
		b, evalB := randomRule(r, depth-1)
		switch r.IntN(3) {
		case 0:
			return fmt.Sprintf("(%s and %s)", a, b), func(f *lcFeatures) *bool {
				x, y := evalA(f), evalB(f)
				if x != nil && !*x || y != nil && !*y {
					return truth(false)
				}
				if x == nil || y == nil {
					return nil
				}
				return truth(true)
			}
		case 1:
			return fmt.Sprintf("(%s or %s)", a, b), func(f *lcFeatures) *bool {
				x, y := evalA(f), evalB(f)
				if x != nil && *x || y != nil && *y {
					return truth(true)
				}
				if x == nil || y == nil {
					return nil
				}
				return truth(false)
			}
		}
		return fmt.Sprintf("not (%s)", a), func(f *lcFeatures) *bool {
			if x := evalA(f); x != nil {
				return truth(!*x)
			}
			return nil
		}
	}
	a, evalA := randomNumber(r, 2)
	c := pick(r, 0, 1, 2, 3, 7, 28, 29, 30, 45, 60, 0.5, 1.5, float64(r.IntN(200)))
	compare := map[string]func(x, y float64) bool{
		"=": func(x, y float64) bool { return x == y }, "<>": func(x, y float64) bool { return x != y },
		"<": func(x, y float64) bool { return x < y }, "<=": func(x, y float64) bool { return x <= y },
		">": func(x, y float64) bool { return x > y }, ">=": func(x, y float64) bool { return x >= y },
	}
	onText := func(get func(*lcFeatures) *string, test func(string) *bool) func(*lcFeatures) *bool {
		return func(f *lcFeatures) *bool {
			if s := get(f); s != nil {
				return test(*s)
			}
			return nil
		}
	}
	city, level := func(f *lcFeatures) *string { return f.city }, func(f *lcFeatures) *string { return f.level }
	switch r.IntN(11) {
	case 0:
		low, high := c, c+float64(r.IntN(60))
		return fmt.Sprintf("%s between %v and %v", a, low, high), func(f *lcFeatures) *bool {
			if x := evalA(f); x != nil {
				return truth(*x >= low && *x <= high)
			}
			return nil
		}
	case 1:
		return fmt.Sprintf("%s not in (%v, 1, 2.5)", a, c), func(f *lcFeatures) *bool {
			if x := evalA(f); x != nil {
				return truth(*x != c && *x != 1 && *x != 2.5)
			}
			return nil
		}
	case 2:
		return fmt.Sprintf("%s is null", a), func(f *lcFeatures) *bool { return truth(evalA(f) == nil) }
	case 3:
		return fmt.Sprintf("%s is not null", a), func(f *lcFeatures) *bool { return truth(evalA(f) != nil) }
	case 4:
		return "subscribed", func(f *lcFeatures) *bool { return f.subscribed }
	case 5:
		return "attr_city = 'Tver''s'", onText(city, func(s string) *bool { return truth(s == "Tver's") })
	case 6:
		return "attr_level >= 2", onText(level, func(s string) *bool {
			var x float64
			if _, err := fmt.Sscan(s, &x); err != nil {
				return nil
			}
			return truth(x >= 2)
		})
	case 7:
		b, evalB := randomNumber(r, 1)
		sign := pick(r, "=", "<>", "<", "<=", ">", ">=")
		return fmt.Sprintf("%s %s %s", a, sign, b), func(f *lcFeatures) *bool {
			x, y := evalA(f), evalB(f)
			if x == nil || y == nil {
				return nil
			}
			return truth(compare[sign](*x, *y))
		}
	}
	sign := pick(r, "=", "<>", "<", "<=", ">", ">=")
	if r.IntN(2) == 0 {
		return fmt.Sprintf("%v %s %s", c, sign, a), func(f *lcFeatures) *bool {
			if x := evalA(f); x != nil {
				return truth(compare[sign](c, *x))
			}
			return nil
		}
	}
	return fmt.Sprintf("%s %s %v", a, sign, c), func(f *lcFeatures) *bool {
		if x := evalA(f); x != nil {
			return truth(compare[sign](*x, c))
		}
		return nil
	}
}

func randomWorld(t *testing.T, r *rand.Rand) *lcWorld {
	w := &lcWorld{grain: pick(r, "day", "week", "week", "month", "quarter", "year")}
	length := map[string]int{"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[w.grain]
	w.history = day0 + r.IntN(30)
	w.from = w.history + r.IntN(6*length)
	if r.IntN(2) == 0 {
		w.from = unitStart(w.grain, w.from) // may lie before the history
	}
	w.to = w.from + length*(2+r.IntN(18)) + r.IntN(length)
	w.cfg = lifecycle.Config{HistoryComplete: r.IntN(2) == 0, ActivityEvents: []string{"login", "session"}, OrderEvents: []string{"order"}}
	if r.IntN(4) == 0 {
		w.cfg.Source = lifecycle.SourceRecorded
	} else {
		for i := range 1 + r.IntN(4) {
			rule, eval := randomRule(r, 2)
			w.cfg.Stages = append(w.cfg.Stages, lifecycle.StageRule{Name: fmt.Sprintf("s%d", i), When: rule})
			w.rules = append(w.rules, eval)
		}
	}
	var err error
	if w.rulesC, err = lifecycle.Compile(w.cfg, []string{"attr_city", "attr_level"}); err != nil {
		t.Fatal(err)
	}
	// The grid: complete periods of [from, to), and the units before them back to the history.
	var panel []lcPeriod
	number := 0
	for s := unitStart(w.grain, w.from); s < w.to; s = unitNext(w.grain, s) {
		number++
		if s >= w.from && unitNext(w.grain, s) <= w.to {
			panel = append(panel, lcPeriod{number: number, start: s, end: unitNext(w.grain, s), inPanel: true})
		}
	}
	first := min(w.history, w.from)
	if len(panel) > 0 {
		n := panel[0].number
		for s := panel[0].start; s > first; {
			p := unitStart(w.grain, s-1)
			if p < first && w.grain != "week" {
				p = unitStart("month", first)
			}
			n--
			w.grid = append([]lcPeriod{{number: n, start: p, end: s}}, w.grid...)
			s = p
		}
	}
	w.grid = append(w.grid, panel...)
	for i := range w.grid {
		w.grid[i].burnIn = !w.cfg.HistoryComplete && w.grid[i].end-int(w.rulesC.LookbackDays) < w.history
	}
	for ck := 1; ck <= 8; ck++ {
		c := lcCustomer{ck: ck}
		some := func() int { return w.history + r.IntN(max(1, w.to-w.history)) }
		days := []int{some()}
		for range pick(r, 0, 1, 2, 5, 30) {
			d := some()
			c.orders = append(c.orders, lcOrder{d, int64(r.IntN(5) * 1050)})
			days = append(days, d)
		}
		for range pick(r, 0, 1, 4, 20) {
			d := some()
			c.activity, days = append(c.activity, d), append(days, d)
		}
		for range r.IntN(2) {
			d := some()
			c.other, days = append(c.other, d), append(days, d)
		}
		for range pick(r, 0, 1, 3, 10) {
			m := lcMessage{sent: some(), scenario: pick(r, "", "a", "b"), machine: r.IntN(5) == 0, bot: r.IntN(5) == 0}
			if r.IntN(2) == 0 {
				m.opened = m.sent + r.IntN(20)
				if r.IntN(2) == 0 {
					m.clicked = m.opened + r.IntN(20)
				}
			}
			if r.IntN(12) == 0 {
				m.unsubscribed = m.sent + r.IntN(20)
			}
			if r.IntN(12) == 0 {
				m.complained = m.sent + r.IntN(20)
			}
			c.messages, days = append(c.messages, m), append(days, m.sent)
		}
		if w.cfg.Source == lifecycle.SourceRecorded {
			for range r.IntN(8) {
				c.recorded = append(c.recorded, lcRecord{some(), pick(r, "x", "y", "z")})
			}
			sort.SliceStable(c.recorded, func(i, j int) bool { return c.recorded[i].day < c.recorded[j].day })
		}
		for range r.IntN(4) {
			m := lcMember{pick(r, "vip", "all"), some(), some() + r.IntN(60)}
			if r.IntN(3) == 0 {
				m.from = -1000000
			}
			if r.IntN(3) == 0 {
				m.to = 1000000
			}
			c.segments = append(c.segments, m)
		}
		c.firstSeen = slices.Min(days)
		if r.IntN(10) == 0 {
			c.firstSeen -= r.IntN(400) // created before the history
		}
		if r.IntN(3) > 0 {
			c.city = new(pick(r, "Tver's", "Omsk"))
		}
		if r.IntN(3) > 0 {
			c.level = new(pick(r, "1", "2", "3", "gold"))
		}
		w.customers = append(w.customers, c)
	}
	return w
}

func (w *lcWorld) features(c lcCustomer, end int) *lcFeatures {
	f := &lcFeatures{num: map[string]*float64{}, city: c.city, level: c.level}
	count := func(days []int, window int) *float64 {
		n := 0
		for _, d := range days {
			if d < end && d >= end-window {
				n++
			}
		}
		return num(float64(n))
	}
	since := func(days []int, last bool) *float64 {
		var out *float64
		for _, d := range days {
			if age := float64(end - d); d < end && (out == nil || last && age < *out || !last && age > *out) {
				out = num(age)
			}
		}
		return out
	}
	var orderDays, sent, opened, clicked []int
	var minor, minor365, n int64
	for _, o := range c.orders {
		orderDays = append(orderDays, o.day)
		if o.day < end {
			n, minor = n+1, minor+o.minor
			if o.day >= end-365 {
				minor365 += o.minor
			}
		}
	}
	var optedOut bool
	for _, m := range c.messages {
		sent = append(sent, m.sent)
		if m.opened != 0 && !m.machine {
			opened = append(opened, m.opened)
		}
		if m.clicked != 0 && !m.bot {
			clicked = append(clicked, m.clicked)
		}
		if m.unsubscribed != 0 && m.unsubscribed < end || m.complained != 0 && m.complained < end {
			optedOut = true
		}
		if m.sent < end {
			f.subscribed = truth(true)
		}
	}
	if optedOut {
		f.subscribed = truth(false)
	}
	f.num["recency_days"], f.num["first_order_days"] = since(orderDays, true), since(orderDays, false)
	f.num["tenure_days"] = num(float64(end - c.firstSeen))
	f.num["orders_total"], f.num["orders_28d"], f.num["orders_90d"], f.num["orders_365d"] = num(float64(n)), count(orderDays, 28), count(orderDays, 90), count(orderDays, 365)
	f.num["revenue_total"], f.num["revenue_365d"] = num(float64(minor)/100), num(float64(minor365)/100)
	if n > 0 {
		f.num["avg_order_value"] = num(float64(minor) / float64(100*n))
	}
	f.num["last_activity_days"], f.num["activity_28d"] = since(c.activity, true), count(c.activity, 28)
	f.num["messages_28d"], f.num["opens_28d"], f.num["clicks_28d"] = count(sent, 28), count(opened, 28), count(clicked, 28)
	var distinct, gaps []int
	for _, d := range orderDays {
		if d < end && !slices.Contains(distinct, d) {
			distinct = append(distinct, d)
		}
	}
	slices.Sort(distinct)
	for i := 1; i < len(distinct); i++ {
		gaps = append(gaps, distinct[i]-distinct[i-1])
	}
	slices.Sort(gaps)
	if k := len(gaps); k > 0 {
		gap := float64(gaps[(k-1)/2]+gaps[k/2]) / 2
		f.num["median_gap_days"], f.num["overdue_ratio"] = num(gap), num(*f.num["recency_days"]/gap)
	}
	return f
}

// lcDense is the slow evaluation: stage and mask of each customer by position in the grid; "" before he is first seen.
type lcDense struct {
	stage [][]string
	mask  [][]int64
	entry []int
}

func (w *lcWorld) dense() lcDense {
	var out lcDense
	for _, c := range w.customers {
		stages, masks := make([]string, len(w.grid)), make([]int64, len(w.grid))
		entry := -1
		for i, p := range w.grid {
			if c.firstSeen >= p.end {
				continue
			}
			if entry < 0 {
				entry = i
			}
			stages[i] = lifecycle.Unassigned
			if w.cfg.Source == lifecycle.SourceRecorded {
				for _, rec := range c.recorded {
					if rec.day < p.end {
						stages[i] = rec.stage
					}
				}
				continue
			}
			f := w.features(c, p.end)
			for k := len(w.rules) - 1; k >= 0; k-- {
				if v := w.rules[k](f); v != nil && *v {
					stages[i] = fmt.Sprintf("s%d", k)
					masks[i] |= 1 << k
				}
			}
		}
		out.stage, out.mask, out.entry = append(out.stage, stages), append(out.mask, masks), append(out.entry, entry)
	}
	return out
}

// tables counts everything by loops over customers and periods.
func (w *lcWorld) tables() map[string][]string {
	d := w.dense()
	out := map[string][]string{}
	count := map[string]map[string]int64{}
	add := func(table string, n int64, key ...any) {
		if count[table] == nil {
			count[table] = map[string]int64{}
		}
		parts := make([]string, len(key))
		for i, k := range key {
			parts[i] = fmt.Sprint(k)
		}
		count[table][strings.Join(parts, "|")] += n
	}
	type cell struct{ n, buyers, orders, minor int64 }
	values := map[string]*cell{}
	last := len(w.grid) - 1
	first := slices.IndexFunc(w.grid, func(p lcPeriod) bool { return p.inPanel })
	clean := slices.IndexFunc(w.grid, func(p lcPeriod) bool { return !p.burnIn })
	if clean < 0 {
		clean = len(w.grid)
	}
	for i, c := range w.customers {
		s, entry := d.stage[i], d.entry[i]
		if entry < 0 {
			continue
		}
		bucket := c.ck % 3
		ok := func(p int) bool { return p >= 0 && p <= last && w.grid[p].inPanel && !w.grid[p].burnIn && s[p] != "" }
		// Where does the stay of period p begin, and was that seen?
		begin := func(p int) int {
			for p > entry && s[p-1] == s[p] {
				p--
			}
			return p
		}
		seen := func(b int) bool {
			return b > clean || b == entry && b >= clean && c.firstSeen >= w.grid[0].start
		}
		age := func(p int) int { return p - max(begin(p), min(clean, p)) + 1 }
		for p := max(first, entry); p <= last; p++ {
			number := w.grid[p].number
			add("red_stage_periods", 1, number, s[p], bucket)
			b := begin(p)
			if p == max(first, b) { // a run
				e := p
				for e < last && s[e+1] == s[p] {
					e++
				}
				next, prev, cleanFirst, cleanAge := "NULL", "NULL", "NULL", "NULL"
				if e < last {
					next = s[e+1]
				}
				if seen(b) && b > entry {
					prev = s[b-1]
				}
				if e >= clean {
					cf := max(p, clean)
					cleanFirst, cleanAge = fmt.Sprint(w.grid[cf].number), fmt.Sprint(cf-max(b, clean)+1)
					out := cf - max(b, clean) + 1 + e - cf
					if e == last {
						out--
					}
					add("red_spells", 1, s[p], next, cf-max(b, clean)+1, out, !seen(b), bucket)
				}
				out["fct_stage_runs"] = append(out["fct_stage_runs"], fmt.Sprintf("%d|%d|%s|%d|%d|%d|%v|%s|%s|%s|%s", c.ck, bucket, s[p], number, w.grid[e].number,
					age(p), !seen(b), prev, next, cleanFirst, cleanAge))
			}
			f := w.features(c, w.grid[p].end)
			row := []string{fmt.Sprintf("c%d", c.ck), fmt.Sprint(number), s[p], fmt.Sprint(w.grid[p].burnIn)}
			for _, name := range lifecycle.Features() {
				v := f.num[name]
				switch {
				case name == "subscribed" && f.subscribed != nil:
					row = append(row, fmt.Sprint(*f.subscribed))
				case name == "subscribed" || v == nil:
					row = append(row, "NULL")
				default:
					row = append(row, fmt.Sprint(*v))
				}
			}
			out["customer_periods"] = append(out["customer_periods"], strings.Join(row, "|"))
			if p == last && w.cfg.Source != lifecycle.SourceRecorded {
				add("red_rule_matches", 1, d.mask[i][p], s[p], bucket)
			}
			if ok(p) && ok(p+1) {
				add("red_transition_periods", 1, number, s[p], s[p+1], bucket)
				add("red_transitions", 1, "all", "all", s[p], s[p+1], bucket)
				cohort := "before"
				if c.firstSeen >= min(w.history, w.from) {
					cohort = dayTime(unitStart("month", c.firstSeen)).Format(time.DateOnly)
				}
				add("red_transitions", 1, "cohort", cohort, s[p], s[p+1], bucket)
				for name, v := range map[string]*string{"attr_city": c.city, "attr_level": c.level} {
					value := "(none)"
					if v != nil {
						value = *v
					}
					add("red_transitions", 1, name, value, s[p], s[p+1], bucket)
				}
				var in []string
				for _, m := range c.segments {
					if at := w.grid[p].end - 1; m.from <= at && at < m.to && !slices.Contains(in, m.segment) {
						in = append(in, m.segment)
						add("red_transitions", 1, "segment", m.segment, s[p], s[p+1], bucket)
					}
				}
				if ok(p - 1) {
					add("red_triples", 1, s[p-1], s[p], s[p+1], bucket)
				}
				a := p - max(b, clean) + 1
				key := fmt.Sprintf("%s|%d|%d", s[p], min(a, 26), bucket)
				if values[key] == nil {
					values[key] = &cell{}
				}
				v := values[key]
				v.n++
				before := v.orders
				for _, o := range c.orders {
					if o.day >= w.grid[p+1].start && o.day < w.grid[p+1].end {
						v.orders++
						v.minor += o.minor
					}
				}
				if v.orders > before {
					v.buyers++
				}
			}
			for _, h := range []int{2, 4, 8, 13} {
				if ok(p) && ok(p+h) {
					add("red_kstep", 1, h, s[p], s[p+h], bucket)
				}
			}
		}
		for _, m := range c.messages {
			for p := first; p <= last; p++ {
				if m.sent < w.grid[p].start || m.sent >= w.grid[p].end || m.scenario == "" {
					continue
				}
				at := s[max(p-1, entry, first)]
				add("red_stage_scenarios", 1, at, m.scenario)
			}
		}
	}
	for table, rows := range count {
		for key, n := range rows {
			out[table] = append(out[table], fmt.Sprintf("%s|%d", key, n))
		}
	}
	for key, v := range values {
		out["red_stage_value"] = append(out["red_stage_value"], fmt.Sprintf("%s|%d|%d|%d|%d", key, v.n, v.buyers, v.orders, v.minor))
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out
}

// load writes the world's core tables.
func (w *lcWorld) load(t *testing.T, db *DB) {
	ctx := context.Background()
	orNull := func(v int) string {
		if v == 0 {
			return "NULL"
		}
		return fmt.Sprint(v)
	}
	text := func(s *string) string {
		if s == nil {
			return "NULL"
		}
		return quote(*s)
	}
	insert := map[string][]string{}
	for _, c := range w.customers {
		insert["core.customers"] = append(insert["core.customers"], fmt.Sprintf("(%d, 'c%d', %d, %d, %s, %s)", c.ck, c.ck, c.ck%3, c.firstSeen, text(c.city), text(c.level)))
		for i, o := range c.orders {
			insert["core.orders"] = append(insert["core.orders"], fmt.Sprintf("(%d, 'o%d-%d', %d, %d)", c.ck, c.ck, i, o.day, o.minor))
			insert["core.events"] = append(insert["core.events"], fmt.Sprintf("(%d, 'order', %d)", c.ck, o.day))
		}
		for i, d := range c.activity {
			insert["core.events"] = append(insert["core.events"], fmt.Sprintf("(%d, '%s', %d)", c.ck, []string{"login", "session"}[i%2], d))
		}
		for _, d := range c.other {
			insert["core.events"] = append(insert["core.events"], fmt.Sprintf("(%d, 'call', %d)", c.ck, d))
		}
		for _, m := range c.messages {
			scenario := "NULL"
			if m.scenario != "" {
				scenario = quote(m.scenario)
			}
			insert["core.messages"] = append(insert["core.messages"], fmt.Sprintf("(%d, %s, %d, %s, %s, %s, %s, %v, %v)", c.ck, scenario, m.sent, orNull(m.opened),
				orNull(m.clicked), orNull(m.unsubscribed), orNull(m.complained), m.machine, m.bot))
		}
		for i, rec := range c.recorded {
			insert["core.stage_history"] = append(insert["core.stage_history"], fmt.Sprintf("(%d, %s, timestamp '%s', %d)", c.ck, quote(rec.stage),
				dayTime(rec.day).Add(time.Duration(i)*time.Minute).Format(time.DateTime), rec.day))
		}
		for _, m := range c.segments {
			insert["core.segment_memberships"] = append(insert["core.segment_memberships"], fmt.Sprintf("(%d, %s, %d, %d)", c.ck, quote(m.segment), m.from, m.to))
		}
	}
	first := min(w.history, w.from)
	for d := first; d < w.to; d++ {
		insert["core.calendar"] = append(insert["core.calendar"], fmt.Sprintf("(%d, date '%s', %d, %d)", d, dayTime(d).Format(time.DateOnly), unitStart("week", d), unitStart("month", d)))
	}
	number := 0
	for s := unitStart(w.grain, w.from); s < w.to; s = unitNext(w.grain, s) {
		number++
		end := unitNext(w.grain, s)
		insert["core.periods"] = append(insert["core.periods"], fmt.Sprintf("(%d, date '%s', %d, %d, %v)", number, dayTime(s).Format(time.DateOnly), s, end, s >= w.from && end <= w.to))
	}
	insert["core.history"] = []string{fmt.Sprintf("(%d, %d)", w.history, w.to-1)}
	ddl := map[string]string{
		"core.customers":           "ck integer, customer_id varchar, bucket integer, first_seen_day integer, attr_city varchar, attr_level varchar",
		"core.orders":              "ck integer, order_id varchar, day integer, revenue_minor bigint",
		"core.events":              "ck integer, name varchar, day integer",
		"core.messages":            "ck integer, scenario_id varchar, sent_day integer, opened_day integer, clicked_day integer, unsubscribed_day integer, complained_day integer, machine_open boolean, bot_click boolean",
		"core.stage_history":       "ck integer, stage varchar, entered_at timestamp, entered_day integer",
		"core.segment_memberships": "ck integer, segment_id varchar, from_day integer, to_day integer",
		"core.calendar":            "day integer, date date, week_start_day integer, month_start_day integer",
		"core.periods":             "period integer, period_start date, start_day integer, end_day integer, complete boolean",
		"core.history":             "first_day integer, last_day integer",
	}
	exec := func(q string) {
		if _, err := db.pool.ExecContext(ctx, q); err != nil {
			t.Fatalf("%v in %.300s", err, q)
		}
	}
	exec("create schema if not exists core")
	for table, columns := range ddl {
		exec("create or replace table " + table + " (" + columns + ")")
		if rows := insert[table]; len(rows) > 0 {
			exec("insert into " + table + " values " + strings.Join(rows, ", "))
		}
	}
	exec("create or replace view core.customer_attributes as select ck, struct_pack(attr_city := attr_city, attr_level := attr_level) as attributes from core.customers")
	if err := db.CreateMacros(ctx, w.rulesC.Macros); err != nil {
		t.Fatal(err)
	}
	if err := db.WriteConfig(ctx, w.rulesC.Config); err != nil {
		t.Fatal(err)
	}
}

// rowsOf returns the rows of a query as sorted text.
func rowsOf(t *testing.T, db *DB, query string) []string {
	t.Helper()
	rows, err := db.pool.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var out []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = fmt.Sprint(v)
			if v == nil {
				parts[i] = "NULL"
			}
		}
		out = append(out, strings.Join(parts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestLifecycleOracle(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{
		"fct_stage_runs":         "ck, bucket, stage, first_period, last_period, age_at_first, left_open, prev_stage, next_stage, clean_first, clean_age",
		"customer_periods":       "customer_id, period, stage, burn_in, " + strings.Join(lifecycle.Features(), ", "),
		"red_stage_periods":      "period, stage, bucket, n",
		"red_transition_periods": "period, from_stage, to_stage, bucket, n",
		"red_transitions":        "grouping, group_value, from_stage, to_stage, bucket, n",
		"red_triples":            "prev_stage, from_stage, to_stage, bucket, n",
		"red_kstep":              "h, from_stage, to_stage, bucket, n",
		"red_spells":             "stage, next_stage, entry_age, exit_age, left_open, bucket, n",
		"red_stage_value":        "stage, age, bucket, customer_periods, buyers, orders, revenue_minor",
		"red_rule_matches":       "mask, stage, bucket, n",
		"red_stage_scenarios":    "stage, scenario_id, messages",
	}
	var targets []string
	for name := range columns {
		targets = append(targets, "lifecycle."+name)
	}
	for _, m := range catalog {
		if m.Audit && strings.HasPrefix(m.Name(), "audit_lifecycle") {
			targets = append(targets, m.Reads...)
		}
	}
	slices.Sort(targets)
	targets = slices.Compact(targets)
	worlds, dense, moved := *worldsFlag, 0, 0
	for _, portable := range []bool{true, false} {
		models := slices.Clone(catalog)
		if portable {
			models = withoutOverrides(models)
		}
		models, err := queries.Plan(models, targets...)
		if err != nil {
			t.Fatal(err)
		}
		db := open(t, Options{Models: catalog, Threads: 2})
		for seed := range worlds {
			r := rand.New(rand.NewPCG(uint64(seed), 7))
			w := randomWorld(t, r)
			name := fmt.Sprintf("world %d, portable %v, %s [%d, %d) history %d, %+v", seed, portable, w.grain, w.from, w.to, w.history, w.cfg)
			w.load(t, db)
			if err := db.Build(context.Background(), models, nil, nil); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want := map[string][]string{}
			if slices.ContainsFunc(w.grid, func(p lcPeriod) bool { return p.inPanel }) {
				want = w.tables()
			}
			for table, list := range columns {
				text := list
				if table == "customer_periods" { // numbers as Go prints them
					text = strings.NewReplacer("_days", "_days::double", "_total", "_total::double", "_28d", "_28d::double", "orders_90d", "orders_90d::double",
						"_365d", "_365d::double").Replace(list)
				}
				if diff := cmp.Diff(want[table], rowsOf(t, db, "select "+text+" from lifecycle."+table)); diff != "" {
					t.Fatalf("%s: %s (-want +got):\n%s", name, table, diff)
				}
			}
			for _, m := range catalog {
				if m.Audit && strings.HasPrefix(m.Name(), "audit_lifecycle") {
					if err := db.Audits(context.Background(), []queries.Model{m}, nil); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
			}
			if w.rulesC.Dense {
				dense++
			}
			moved += len(want["red_transitions"])
		}
	}
	if worlds >= 12 && (dense == 0 || moved == 0) {
		t.Errorf("the worlds exercise too little: %d dense, %d transition cells", dense, moved)
	}
	t.Logf("%d worlds twice, %d of them dense, %d transition cells", worlds, dense, moved)
}

var worldsFlag = flag.Int("worlds", 12, "random worlds of TestLifecycleOracle")
