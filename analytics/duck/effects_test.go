package duck

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/queries"

	gocmp "github.com/google/go-cmp/cmp"
)

// The emulated trials are built in SQL by joins of intervals and samples. Here the same is done the slow way, customer by customer and day by day, for random small worlds.
//
//	go test ./analytics/duck -run TestEffectsOracle
//	go test ./analytics/duck -run TestEffectsOracle -effects 200

var effectWorlds = flag.Int("effects", 10, "random worlds of TestEffectsOracle")

type efEntry struct {
	sk, day int
	control bool
}

type efStage struct{ st, from, to int }

type efMember struct {
	segment  string
	from, to int
}

type efLine struct {
	day      int
	category string
}

type efCustomer struct {
	ck, bucket, firstSeen int
	orders                map[int]int64 // day -> minor units; one order a day
	events                map[int][]string
	sent, hard, held      []int // days of messages; of those that bounced for good; of decisions not to send
	refused               []efEntry
	unsubscribed          []int
	entries               []efEntry
	stages                []efStage
	members               []efMember
	city, source          string
	lines                 []efLine
}

type efWorld struct {
	first, end, from, to int
	horizons             map[int]int // sk -> H
	triggers             map[int]string
	bulk                 map[int]bool
	cap                  int // of a week over all channels; 0 without one
	customers            []efCustomer
}

const efScenarios = 4

func randomEffects(r *rand.Rand) *efWorld {
	w := &efWorld{first: 1000, horizons: map[int]int{}, triggers: map[int]string{}, bulk: map[int]bool{}}
	w.end = w.first + 420 + r.IntN(80)
	w.from = w.end - 90 - r.IntN(60)
	w.to = w.end - r.IntN(5)
	for sk := 1; sk <= efScenarios; sk++ {
		w.horizons[sk] = pick(r, 7, 14, 28)
		if r.IntN(3) == 0 {
			w.triggers[sk] = pick(r, "cart", "call", "words")
		}
		w.bulk[sk] = r.IntN(12) == 0
	}
	audience := pick(r, "", "segment", "city", "category") // whom scenario 3 takes
	weekday, late := r.IntN(2) == 0, r.IntN(2) == 0
	if r.IntN(2) == 0 {
		w.cap = 1 + r.IntN(2)
	}
	for i := range 40 + r.IntN(40) {
		c := efCustomer{ck: i + 1, bucket: r.IntN(100), firstSeen: w.first + r.IntN(450), orders: map[int]int64{}, events: map[int][]string{}}
		c.firstSeen = min(c.firstSeen, w.end-1)
		for _, name := range []string{"a", "b", "c"} {
			switch from := w.first + r.IntN(200); {
			case r.IntN(3) > 0:
			case name == "c": // a list without dates
				c.members = append(c.members, efMember{name, -1000000, 1000000})
			case r.IntN(3) == 0:
				c.members = append(c.members, efMember{name, from, from + r.IntN(300)})
			default:
				c.members = append(c.members, efMember{name, from, 1000000}, efMember{name, from + 1, from + 90})
			}
		}
		c.city, c.source = pick(r, "Omsk", "Perm", "Tver"), pick(r, "", "shop")
		for range r.IntN(6) {
			c.lines = append(c.lines, efLine{w.first + r.IntN(450), pick(r, "tea", "coffee", "cups", "")})
		}
		rate := r.Float64() * .06
		if audience != "" {
			rate *= .05 // few kinds of customers, so that many are alike but for the audience
		}
		for d := c.firstSeen; d < w.end; d++ {
			if r.Float64() < rate {
				c.orders[d] = int64(r.IntN(5000))
			}
			for _, name := range []string{"cart", "call"} {
				if r.Float64() < .04 {
					c.events[d] = append(c.events[d], name)
				}
			}
			if r.Float64() < .08 {
				c.sent = append(c.sent, d)
			}
			switch x := r.Float64(); {
			case x < .004:
				c.hard = append(c.hard, d)
			case x < .01:
				c.held = append(c.held, d)
			case x < .02:
				c.refused = append(c.refused, efEntry{sk: 1 + r.IntN(efScenarios), day: d})
			}
			if r.Float64() < .0008 {
				c.unsubscribed = append(c.unsubscribed, d)
			}
		}
		for sk := 1; sk <= efScenarios; sk++ {
			last := -1
			for d := c.firstSeen; d < w.end; d++ {
				if c.orders[d] > 0 {
					last = d
				}
				var in bool
				switch sk {
				case 1: // a recency trigger, perhaps on Mondays only
					in = last >= 0 && d-last >= 30 && d-last < 37 && r.IntN(3) == 0 && (!weekday || unitStart("week", d) == d)
				case 2: // an event trigger
					in = slices.Contains(c.events[d], "cart") && r.IntN(2) == 0
					if late && in && r.IntN(5) > 0 {
						c.entries = append(c.entries, efEntry{sk, min(d+1, w.end-1), false})
						continue
					}
				case 3:
					in = r.IntN(30) == 0 && (audience == "" || slices.Contains(c.groups(d), map[string]string{"segment": "segment|a|", "city": "attribute|attr_city|Omsk", "category": "category||tea"}[audience]))
				case 4:
					in = r.IntN(300) == 0
				}
				if in {
					c.entries = append(c.entries, efEntry{sk, d, sk == 3 && r.IntN(40) == 0})
				}
			}
		}
		for d := max(c.firstSeen, w.from); d < w.to; {
			to := min(w.to, d+1+r.IntN(60))
			c.stages = append(c.stages, efStage{1 + r.IntN(3), d, to})
			d = to
		}
		w.customers = append(w.customers, c)
	}
	return w
}

func (c *efCustomer) stage(d int) (efStage, bool) {
	for _, s := range c.stages {
		if s.from <= d && d < s.to {
			return s, true
		}
	}
	return efStage{}, false
}

// groups are what the customer is known by on day d, as kind, name and value.
func (c *efCustomer) groups(d int) []string {
	out := []string{"attribute|attr_city|" + c.city, "attribute|source|" + cmp.Or(c.source, "(none)")}
	for _, m := range c.members {
		if name := "segment|" + m.segment + "|"; m.from < d && m.to >= d && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	lines := map[string]int{}
	for _, l := range c.lines {
		if l.day < d && l.category != "" {
			lines[l.category]++
		}
	}
	best := ""
	for _, category := range []string{"coffee", "cups", "tea"} {
		if lines[category] > lines[best] {
			best = category
		}
	}
	if best != "" {
		out = append(out, "category||"+best)
	}
	return out
}

// better stages of every world: 1 -> 2, 1 -> 3.
func efBetter(from, to int) bool { return from == 1 && to > 1 }

func weekdayOf(d int) int { return d - unitStart("week", d) + 1 }

type efUnit struct {
	sk, ck, day int
	treated     bool
	k           int // stage, recency, tenure and orders in one number
}

// tables does by loops what queries/scenarios/fct_trial_*.sql and red_tte.sql do.
func (w *efWorld) tables() (tte, units, locks, audiences, balance []string) {
	type scenario struct {
		from, to, h, weekday int
		trial                bool
	}
	scenarios := map[int]*scenario{}
	batch := map[int]bool{}
	for sk := 1; sk <= efScenarios; sk++ {
		s := &scenario{from: w.from, h: w.horizons[sk]}
		s.to = max(w.from, min(w.to, w.end-s.h))
		days, all := map[int]int{}, 0
		controls := 0
		for _, c := range w.customers {
			control := false
			for _, e := range c.entries {
				if e.sk != sk || e.day < s.from || e.day >= s.to {
					continue
				}
				if e.control {
					control = true
				} else {
					days[weekdayOf(e.day)]++
					all++
				}
			}
			if control {
				controls++
			}
		}
		for d, n := range days {
			if 10*n >= 9*all {
				s.weekday = d
			}
		}
		s.trial = !w.bulk[sk] && all > 0 && controls < 30
		if s.trial && s.weekday > 0 {
			batch[s.weekday] = true
		}
		scenarios[sk] = s
	}
	minFrom, maxTo := 1<<30, 0
	for _, s := range scenarios {
		if s.trial && s.from < s.to {
			minFrom, maxTo = min(minFrom, s.from), max(maxTo, s.to)
		}
	}
	// Entries that may be treated units.
	entered := map[int][]efUnit{}
	for sk, s := range scenarios {
		if !s.trial {
			continue
		}
		for _, c := range w.customers {
			last := -1 << 30
			days := []int{}
			for _, e := range c.entries {
				if e.sk == sk && !e.control {
					days = append(days, e.day)
				}
			}
			slices.Sort(days)
			for _, d := range slices.Compact(days) {
				if d-last >= s.h && d >= s.from && d < s.to {
					entered[sk] = append(entered[sk], efUnit{sk, c.ck, d, true, 0})
				}
				last = d
			}
		}
	}
	// Trigger events.
	total := map[string]int{}
	for _, c := range w.customers {
		for _, names := range c.events {
			for _, n := range names {
				total[n]++
			}
		}
	}
	starts := map[int][]efUnit{}
	for sk, s := range scenarios {
		best, lag := "", 0
		for _, name := range []string{"call", "cart"} {
			hits, late := 0, 0
			for _, u := range entered[sk] {
				c := &w.customers[u.ck-1]
				switch {
				case slices.Contains(c.events[u.day], name):
					hits++
				case slices.Contains(c.events[u.day-1], name):
					hits, late = hits+1, late+1
				}
			}
			if hits == 0 || 2*hits < len(entered[sk]) {
				continue
			}
			if best == "" || name == w.triggers[sk] || best != w.triggers[sk] && total[name] < total[best] {
				best, lag = name, 0
				if 2*late > hits {
					lag = 1
				}
			}
		}
		if best == "" {
			continue
		}
		for i := range w.customers {
			c := &w.customers[i]
			taken := map[int]bool{}
			for d := s.from; d < s.to; d++ {
				week := (d - s.from) / 7
				if !slices.Contains(c.events[d], best) || taken[week] {
					continue
				}
				taken[week] = true
				treated, spoiled := false, false
				for _, e := range c.entries {
					if e.sk != sk {
						continue
					}
					if e.day > d-s.h && e.day < d+lag || e.control && e.day == d+lag {
						spoiled = true
					}
					if !e.control && e.day == d+lag {
						treated = true
					}
				}
				if !spoiled {
					starts[sk] = append(starts[sk], efUnit{sk, c.ck, d, treated, 0})
				}
			}
		}
	}
	var allOrders, allMoney int64
	for _, c := range w.customers {
		for _, m := range c.orders {
			allOrders, allMoney = allOrders+1, allMoney+m
		}
	}
	type point struct {
		st, age, recency, recencyDays, tenure, tenureDays, orders, worth, phase, engagement, pressure int
		ok                                                                                            bool
	}
	bin := func(x int, borders ...int) int {
		i := 0
		for i < len(borders) && x >= borders[i] {
			i++
		}
		return i
	}
	at := func(c *efCustomer, d int) point {
		var p point
		s, ok := c.stage(d)
		if !ok || d < c.firstSeen && false {
			return p
		}
		for _, u := range c.unsubscribed {
			if u < d {
				return p
			}
		}
		p.ok, p.st, p.age = true, s.st, bin(d-s.from, 28, 84)
		p.recencyDays = 100000
		n, money, days, oldest := 0, int64(0), 0, 0
		for o, m := range c.orders {
			if o < d {
				p.recencyDays = min(p.recencyDays, d-o)
				if o >= d-210 {
					n, money, days, oldest = n+1, money+m, days+1, max(oldest, d-o)
				}
			}
		}
		p.recency = bin(p.recencyDays, 7, 14, 21, 28, 42, 56, 70, 91, 119, 147, 175, 211)
		p.tenureDays = d - c.firstSeen
		p.tenure = bin(p.tenureDays, 7, 28, 91)
		p.orders = min(n, 3)
		if n > 3 {
			p.orders = bin(n, 4, 7) + 3
		}
		if n > 0 {
			p.worth = 2
			if money*allOrders < allMoney*int64(n) {
				p.worth = 1
			}
		}
		if days > 1 {
			gap := float64(oldest-p.recencyDays) / float64(days-1)
			p.phase = 1 + bin(int(1e6*float64(p.recencyDays)/gap+.5), 750000, 1500000)
		}
		acts, sent := 0, 0
		for i := d - 28; i < d; i++ {
			acts += len(c.events[i])
		}
		for _, x := range c.sent {
			if x < d && x >= d-28 {
				sent++
			}
		}
		for _, x := range slices.Concat(c.unsubscribed, c.hard) { // the message that carried it
			if x < d && x >= d-28 {
				sent++
			}
		}
		p.engagement, p.pressure = bin(acts, 1, 4), bin(sent, 1, 4, 9)
		return p
	}
	panel := func(c *efCustomer, d int) bool {
		if d < minFrom || d >= maxTo || c.firstSeen > d {
			return false
		}
		m := int64(c.ck+unitStart("week", d)) * 2246822519 % 4294967296
		return batch[weekdayOf(d)] || int64(weekdayOf(d)-1) == 7*m/4294967296
	}
	var list []efUnit
	firstOrder := 1 << 30
	for _, c := range w.customers {
		for o := range c.orders {
			firstOrder = min(firstOrder, o)
		}
	}
	for sk := 1; sk <= efScenarios; sk++ {
		s := scenarios[sk]
		if !s.trial {
			continue
		}
		var recencies, tenures []int
		for _, u := range entered[sk] {
			if p := at(&w.customers[u.ck-1], u.day); p.ok {
				recencies, tenures = append(recencies, p.recencyDays), append(tenures, p.tenureDays)
			}
		}
		if len(recencies) == 0 {
			continue
		}
		lock := func(v []int) (int, int) {
			slices.Sort(v)
			n, from, to := len(v), 1<<30, -1
			for i, x := range v {
				if 20*(i+1) > n {
					from = min(from, x)
				}
				if 20*(i+1) <= 19*n+19 {
					to = max(to, x)
				}
			}
			if to-from <= 7 && to < 100000 {
				return from, to
			}
			return 0, 100000
		}
		rf, rt := lock(recencies)
		tf, tt := lock(tenures)
		byEvent := len(starts[sk]) > 0
		locks = append(locks, fmt.Sprintf("%d|%v|%d|%d|%d|%d", sk, byEvent, rf, rt, tf, tt))
		type cond struct{ st, recency, tenure, orders int }
		wanted := map[cond]bool{}
		if byEvent {
			for _, u := range starts[sk] {
				if at(&w.customers[u.ck-1], u.day).ok {
					list = append(list, u)
				}
			}
			continue
		}
		for _, u := range entered[sk] {
			p := at(&w.customers[u.ck-1], u.day)
			if p.ok && p.recencyDays >= rf && p.recencyDays <= rt && p.tenureDays >= tf && p.tenureDays <= tt {
				list = append(list, u)
				wanted[cond{p.st, p.recency, p.tenure, p.orders}] = true
			}
		}
		for i := range w.customers {
			c := &w.customers[i]
			for d := s.from; d < s.to; d++ {
				p := at(c, d)
				if !p.ok || !panel(c, d) || !wanted[cond{p.st, p.recency, p.tenure, p.orders}] || s.weekday > 0 && weekdayOf(d) != s.weekday ||
					p.recencyDays < rf || p.recencyDays > rt || p.tenureDays < tf || p.tenureDays > tt {
					continue
				}
				if !slices.ContainsFunc(c.entries, func(e efEntry) bool { return e.sk == sk && e.day <= d && e.day > d-s.h }) {
					list = append(list, efUnit{sk, c.ck, d, false, 0})
				}
			}
		}
	}
	type sums [10]int64
	groups := map[string]*sums{}
	befores := map[int][]int64{}
	type row struct {
		key     string
		sk      int
		revenue int64
		rest    sums
	}
	var rows []row
	for i, u := range list {
		p := at(&w.customers[u.ck-1], u.day)
		list[i].k = p.st*312 + (p.recency*4+p.tenure)*6 + p.orders
	}
	chosen, audiences, balance := w.audiences(list)
	for _, u := range list {
		c, s := &w.customers[u.ck-1], scenarios[u.sk]
		p := at(c, u.day)
		v := int64((u.day-s.from)/14)*256 + int64(p.st)
		for _, x := range [][2]int{{3, p.age}, {13, p.recency}, {4, p.tenure}, {6, p.orders}, {3, p.worth}, {4, p.phase}, {3, p.engagement}, {4, p.pressure}} {
			v = v*int64(x[0]) + int64(x[1])
		}
		units = append(units, fmt.Sprintf("%d|%d|%d|%v|%d", u.sk, u.ck, u.day, u.treated, v))
		var y sums
		var before int64
		y[0] = 1
		flagged := func(i int) { y[i] = 1 }
		for o, m := range c.orders {
			switch {
			case o > u.day && o <= u.day+s.h:
				flagged(1)
				y[2] += m
			case o < u.day && o >= u.day-s.h:
				before += m
			}
			if u.day-217-firstOrder >= 91 && o <= u.day-217 && o > u.day-407 {
				flagged(8)
				if o > u.day-217-s.h {
					flagged(9)
				}
			}
		}
		for _, g := range c.unsubscribed {
			if g > u.day && g <= u.day+s.h {
				flagged(4)
			}
		}
		a, okA := c.stage(u.day)
		z, okZ := c.stage(u.day + s.h)
		if okA && okZ {
			flagged(5)
			if efBetter(a.st, z.st) {
				flagged(6)
			}
		}
		if u.day-217-firstOrder >= 91 {
			flagged(7)
		}
		befores[u.sk] = append(befores[u.sk], before)
		in := int64(0)
		if slices.Contains(c.groups(u.day), chosen[u.sk]) {
			in = 1
		}
		rows = append(rows, row{fmt.Sprintf("%d|%d|%v|%d|%d", u.sk, 2*v+in, u.treated, w.reason(c, u), c.bucket), u.sk, y[2], y})
	}
	caps := map[int]int64{}
	for sk, b := range befores {
		slices.SortFunc(b, func(x, y int64) int { return int(y - x) })
		caps[sk] = b[len(b)/1000]
	}
	for _, r := range rows {
		r.rest[3] = r.revenue
		if cap := caps[r.sk]; cap > 0 {
			r.rest[3] = min(cap, r.revenue)
		}
		if groups[r.key] == nil {
			groups[r.key] = &sums{}
		}
		for i, x := range r.rest {
			groups[r.key][i] += x
		}
	}
	for k, g := range groups {
		tte = append(tte, k+"|"+strings.Trim(strings.ReplaceAll(fmt.Sprint(*g), " ", "|"), "[]"))
	}
	slices.Sort(tte)
	slices.Sort(units)
	slices.Sort(locks)
	return tte, units, locks, audiences, balance
}

// audiences does by loops what fct_trial_looks, groups, traits, audiences and red_trial_balance do: the group that tells entrants from comparators, and how they differ in all.
func (w *efWorld) audiences(list []efUnit) (chosen map[int]string, audiences, balance []string) {
	type who struct {
		sk, ck  int
		treated bool
	}
	mixed := func(u efUnit) int64 { return int64(u.ck+u.day) * 2246822519 % 4294967296 }
	looks := map[who]efUnit{}
	for _, u := range list {
		k := who{u.sk, u.ck, u.treated}
		if x, ok := looks[k]; !ok || mixed(u) < mixed(x) || mixed(u) == mixed(x) && u.day < x.day {
			looks[k] = u
		}
	}
	people := map[int]bool{}
	for k := range looks {
		people[k.ck] = true
	}
	values, dated := map[string]map[string]bool{}, map[string]bool{}
	for ck := range people {
		c := &w.customers[ck-1]
		for _, g := range c.groups(0)[:2] {
			part := strings.Split(g, "|")
			if values[part[1]] == nil {
				values[part[1]] = map[string]bool{}
			}
			values[part[1]][part[2]] = true
		}
		for _, m := range c.members {
			if m.from > -1000000 {
				dated["segment|"+m.segment+"|"] = true
			}
		}
		for _, l := range c.lines {
			dated["category||"+l.category] = true
		}
	}
	groups := func(u efUnit) (out []string) {
		for _, g := range w.customers[u.ck-1].groups(u.day) {
			if part := strings.Split(g, "|"); part[0] != "attribute" || len(values[part[1]]) > 1 {
				out = append(out, g)
			}
		}
		return out
	}
	type members struct{ n, in, expected, weight int64 }
	// measure counts the entrants in cells with comparators, those in the group, those expected there, and the weight.
	measure := func(sk int, group string, cell func(efUnit) int) (m members) {
		n, in := map[int]*[2]int64{}, map[int]*[2]int64{}
		for _, u := range looks {
			if u.sk != sk {
				continue
			}
			k, a := cell(u), 0
			if u.treated {
				a = 1
			}
			if n[k] == nil {
				n[k], in[k] = &[2]int64{}, &[2]int64{}
			}
			n[k][a]++
			if slices.Contains(groups(u), group) {
				in[k][a]++
			}
		}
		for k, c := range n {
			if c[1] > 0 && c[0] >= 5 {
				m.n, m.in, m.expected, m.weight = m.n+c[1], m.in+in[k][1], m.expected+1000*c[1]*in[k][0]/c[0], m.weight+1000*c[1]*c[1]/c[0]
			}
		}
		return m
	}
	arms := map[[2]int]*[2]int{}
	for _, u := range looks {
		k := [2]int{u.sk, u.k}
		if arms[k] == nil {
			arms[k] = &[2]int{}
		}
		if u.treated {
			arms[k][1]++
		} else {
			arms[k][0]++
		}
	}
	compared := func(u efUnit) bool { a := arms[[2]int{u.sk, u.k}]; return a[1] > 0 && a[0] >= 5 }
	chosen = map[int]string{}
	for sk := 1; sk <= efScenarios; sk++ {
		customers := [2]int{}
		all := map[string]bool{}
		for k, u := range looks {
			if k.sk != sk {
				continue
			}
			if k.treated {
				customers[1]++
			} else {
				customers[0]++
			}
			for _, g := range groups(u) {
				all[g] = true
			}
		}
		names := slices.Sorted(maps.Keys(all))
		plain := map[string]members{}
		type candidate struct {
			group         string
			ratio         float64
			narrow        bool
			dated, inside int
		}
		var best *candidate
		for _, g := range names {
			m := measure(sk, g, func(u efUnit) int { return u.k })
			plain[g] = m
			if m.n == 0 {
				continue
			}
			n := float64(m.n)
			p1, p0 := (float64(m.in)+.5)/(n+1), (float64(m.expected)*.001+.5)/(n+1)
			smd := math.Abs(p1-p0) / math.Sqrt((p1*(1-p1)+p0*(1-p0))/2)
			se := math.Sqrt(math.Max(p1*(1-p1), p0*(1-p0)) * (1/n + float64(m.weight)/1000/n/n))
			narrow := p1 >= .9 && p1 > p0 || p1 <= .1 && p1 < p0
			c := candidate{g, math.Floor(1e6*smd*smd/2 + .5), narrow, 1, 1}
			if dated[g] {
				c.dated = 0
			}
			if p1 > p0 {
				c.inside = 0
			}
			if smd > .25 && math.Abs(p1-p0) > 4*se && (dated[g] || narrow) &&
				(best == nil || cmp.Or(cmp.Compare(best.ratio, c.ratio), cmp.Compare(c.dated, best.dated), cmp.Compare(c.inside, best.inside)) < 0) {
				best = &c
			}
		}
		if best != nil {
			chosen[sk] = best.group
			audiences = append(audiences, fmt.Sprintf("%d|%s|%v|%v", sk, best.group, best.inside == 0, best.narrow))
		}
		for _, g := range names {
			m := plain[g]
			// In SQL a group is there when one of its members is in a cell with comparators.
			anybody := false
			for _, u := range looks {
				anybody = anybody || u.sk == sk && slices.Contains(groups(u), g) && compared(u)
			}
			if !anybody {
				continue
			}
			h := measure(sk, g, func(u efUnit) int {
				if slices.Contains(groups(u), chosen[sk]) {
					return 2*u.k + 1
				}
				return 2 * u.k
			})
			balance = append(balance, fmt.Sprintf("%d|%s|%v|%v|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d", sk, g, dated[g], g == chosen[sk], m.n, m.in, m.expected, m.weight, h.n, h.in, h.expected, h.weight, customers[1], customers[0]))
		}
	}
	slices.Sort(balance)
	return chosen, audiences, balance
}

// reason is why a unit did not enter, by the days of the customer one by one.
func (w *efWorld) reason(c *efCustomer, u efUnit) int {
	days := func(list []int, from, to int) (n int) {
		for _, d := range list {
			if d >= from && d < to {
				n++
			}
		}
		return n
	}
	sent := slices.Concat(c.sent, c.hard, c.unsubscribed)
	held := slices.Clone(c.held)
	var own []int
	for _, e := range c.refused {
		held = append(held, e.day)
		if e.sk == u.sk {
			own = append(own, e.day)
		}
	}
	last := -1
	for _, d := range sent {
		if d < u.day {
			last = max(last, d)
		}
	}
	good := slices.Concat(c.sent, c.unsubscribed)
	switch {
	case slices.Contains(c.hard, last) && !slices.Contains(good, last):
		return 1
	case days(held, u.day-28, u.day) > 0 && days(sent, u.day-28, u.day) == 0:
		return 2
	case w.cap > 0 && days(sent, u.day-7, u.day) >= w.cap:
		return 3
	case u.treated:
		return 0
	case days(own, u.day, u.day+2) > 0:
		return 4
	}
	idle := true
	for _, o := range w.customers {
		for _, e := range o.entries {
			if e.sk == u.sk && !e.control && e.day >= u.day-3 && e.day <= u.day+3 {
				idle = false
			}
		}
	}
	if idle {
		return 5
	}
	for _, e := range c.entries {
		if e.sk == u.sk && !e.control && e.day > u.day && e.day <= u.day+w.horizons[u.sk] {
			return 6
		}
	}
	return 0
}

// load writes the tables that the trials read and that other tests look after.
func (w *efWorld) load(t *testing.T, db *DB) {
	insert := map[string][]string{}
	add := func(table, format string, args ...any) {
		insert[table] = append(insert[table], fmt.Sprintf(format, args...))
	}
	mk := 0
	for i := range w.customers {
		c := &w.customers[i]
		source := "NULL"
		if c.source != "" {
			source = quote(c.source)
		}
		add("core.customers", "(%d, %d, %d, %s, NULL, NULL)", c.ck, c.bucket, c.firstSeen, source)
		add("core.customer_attributes", "(%d, {'attr_city': '%s'})", c.ck, c.city)
		for _, m := range c.members {
			add("core.segment_memberships", "(%d, '%s', %d, %d)", c.ck, m.segment, m.from, m.to)
		}
		for j, l := range c.lines {
			add("analytics.fct_order_lines", "(%d, 'o%d', 'p', '%s', %d)", c.ck, j, l.category, l.day)
		}
		for d, m := range c.orders {
			add("core.orders", "(%d, 'o%d-%d', %d, %d)", c.ck, c.ck, d, d, m)
		}
		for d, names := range c.events {
			for _, n := range names {
				add("core.events", "(%d, '%s', %d, timestamp '%s 08:00:00')", c.ck, n, d, dayTime(d).Format("2006-01-02"))
			}
		}
		for _, d := range c.sent {
			mk++
			add("core.messages", "(%d, %d, %d, NULL, NULL, NULL, NULL, NULL, NULL, NULL)", mk, c.ck, d)
		}
		for _, d := range c.unsubscribed {
			mk++
			add("core.messages", "(%d, %d, %d, %d, NULL, NULL, NULL, NULL, NULL, NULL)", mk, c.ck, d, d)
		}
		for i, d := range c.hard {
			add("core.messages", "(%d, %d, %d, NULL, NULL, NULL, NULL, NULL, 'hard', NULL)", 1000000+100*c.ck+i, c.ck, d)
		}
		for i, d := range c.held {
			add("core.messages", "(%d, %d, NULL, NULL, NULL, NULL, NULL, NULL, NULL, timestamp '%s 20:00:00')", 2000000+1000*c.ck+i, c.ck, dayTime(d).Format("2006-01-02"))
		}
		for i, e := range c.refused {
			add("core.messages", "(%d, %d, NULL, NULL, NULL, 's%d', NULL, NULL, NULL, timestamp '%s 05:00:00')", 3000000+1000*c.ck+i, c.ck, e.sk, dayTime(e.day).Format("2006-01-02"))
		}
		for j, e := range c.entries {
			add("scenarios.fct_entries", "(%d, %d, %d, %d, %d, %d, %v)", c.ck*1000+j, c.ck, c.bucket, e.sk, e.day*86400+12*3600, e.day, e.control)
		}
		for _, s := range c.stages {
			add("scenarios.fct_stage_days", "(%d, %d, %d, %d, %d)", c.ck, c.bucket, s.st, s.from, s.to)
		}
	}
	for sk := 1; sk <= efScenarios; sk++ {
		trigger := "NULL"
		if w.triggers[sk] != "" {
			trigger = quote(w.triggers[sk])
		}
		add("core.cfg_scenarios", "('s%d', %s, NULL, %d)", sk, trigger, w.horizons[sk])
		add("scenarios.fct_scenarios", "(%d, 's%d', %v, false)", sk, sk, w.bulk[sk])
	}
	for d := w.first; d < w.end; d++ {
		add("core.calendar", "(%d, %d, %d)", d, unitStart("week", d), weekdayOf(d))
	}
	add("scenarios.fct_window", "(%d, %d, %d, %d)", w.first, w.end, w.from, w.to)
	add("scenarios.fct_better_stages", "(1, 2)")
	add("scenarios.fct_better_stages", "(1, 3)")
	add("core.cfg_lifecycle", "(true)")
	add("core.cfg_attributes", "(1, 'attr_city')")
	if w.cap > 0 {
		add("core.cfg_caps", "('week', 'any', %d)", w.cap)
		add("core.cfg_caps", "('day', 'any', 1)")
		add("core.cfg_caps", "('week', 'sms', 1)")
	}
	ddl := map[string]string{
		"core.customers": "ck integer, bucket integer, first_seen_day integer, source varchar, owner varchar, timezone varchar", "core.customer_attributes": "ck integer, attributes struct(attr_city varchar)",
		"core.cfg_attributes": "position integer, attribute varchar", "core.segment_memberships": "ck integer, segment_id varchar, from_day integer, to_day integer",
		"analytics.fct_order_lines": "ck integer, order_id varchar, product_id varchar, category varchar, day integer",
		"core.orders":               "ck integer, order_id varchar, day integer, revenue_minor bigint",
		"core.events":               "ck integer, name varchar, day integer, occurred_at timestamp", "core.messages": "mk integer, ck integer, sent_day integer, unsubscribed_day integer, channel varchar, scenario_id varchar, kind varchar, sent_at timestamp, bounce_type varchar, not_sent_at timestamp",
		"core.cfg_caps": "time_window varchar, channel varchar, cap integer", "core.zone_offsets": "zone varchar, from_sec bigint, to_sec bigint, offset_seconds integer",
		"core.calendar": "day integer, week_start_day integer, weekday integer", "core.cfg_scenarios": "scenario_id varchar, trigger varchar, window_days integer, goal_days integer",
		"core.cfg_lifecycle": "all_activity boolean", "core.cfg_activity_events": "name varchar",
		"scenarios.fct_entries":   "ek integer, ck integer, bucket integer, sk integer, entered_sec integer, entered_day integer, control boolean",
		"scenarios.fct_scenarios": "sk integer, scenario_id varchar, bulk boolean, enrolled boolean", "scenarios.fct_window": "first_day integer, end_day integer, from_day integer, to_day integer",
		"scenarios.fct_better_stages": "from_st integer, to_st integer", "scenarios.fct_stage_days": "ck integer, bucket integer, st integer, from_day integer, to_day integer",
	}
	for table, columns := range ddl {
		schema, _, _ := strings.Cut(table, ".")
		text := "create schema if not exists " + schema + "; create or replace table " + table + " (" + columns + ")"
		if rows := insert[table]; len(rows) > 0 {
			text += "; insert into " + table + " values " + strings.Join(rows, ", ")
		}
		if _, err := db.pool.ExecContext(context.Background(), text); err != nil {
			t.Fatalf("%v in %.300s", err, text)
		}
	}
}

func TestEffectsOracle(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	given := []string{"scenarios.fct_entries", "scenarios.fct_scenarios", "scenarios.fct_window", "scenarios.fct_better_stages", "scenarios.fct_stage_days", "analytics.fct_order_lines"}
	models := withoutOverrides(catalog)
	for i := range models {
		if slices.Contains(given, models[i].Table) {
			models[i].DDL, models[i].Reads = true, nil
		}
	}
	plan, err := queries.Plan(models, "scenarios.red_tte", "scenarios.red_trial_balance")
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, Options{Models: catalog, Threads: 2})
	if _, err := db.pool.ExecContext(context.Background(), "create or replace macro x_attribute(attributes, place) as case place when 1 then attributes.attr_city end"); err != nil {
		t.Fatal(err)
	}
	treated, events, locked := 0, 0, 0
	kinds := map[string]int{}
	reasons := map[string]int{}
	for seed := range *effectWorlds {
		w := randomEffects(rand.New(rand.NewPCG(uint64(seed), 31)))
		w.load(t, db)
		if err := db.Build(context.Background(), plan, nil, nil); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		tte, units, locks, audiences, balance := w.tables()
		for _, x := range []struct {
			query string
			want  []string
		}{
			{"select sk, by_event, recency_from, recency_to, tenure_from, tenure_to from scenarios.fct_trial_locks", locks},
			{"select sk, ck, day, treated, cell from scenarios.fct_trial_units", units},
			{"select a.sk, g.kind, g.name, g.group_value, a.inside, a.narrow from scenarios.fct_trial_audiences a join scenarios.fct_trial_groups g on g.gk = a.gk", audiences},
			{"select sk, kind, name, group_value, dated, used, units, members, expected_milli, weight_milli, held_units, held_members, held_expected_milli, held_weight_milli, customers_treated, customers_control from scenarios.red_trial_balance", balance},
			{"select sk, cell, treated, reason, bucket, n, ordered, revenue_minor, capped_minor, unsubscribed, staged, better, placebos, placebo, placebo_short from scenarios.red_tte", tte},
		} {
			if diff := gocmp.Diff(x.want, rowsOf(t, db, x.query)); diff != "" {
				t.Fatalf("world %d: %s (-want +got):\n%.4000s", seed, x.query, diff)
			}
		}
		for _, u := range units {
			if strings.Contains(u, "true") {
				treated++
			}
		}
		for _, row := range audiences {
			kinds[strings.Split(row, "|")[1]]++
		}
		for _, row := range tte {
			reasons[strings.Split(row, "|")[3]]++
		}
		for _, l := range locks {
			if strings.Contains(l, "true") {
				events++
			} else if !strings.HasSuffix(l, "|0|100000|0|100000") {
				locked++
			}
		}
	}
	if *effectWorlds >= 10 && (treated < 100 || events == 0 || locked == 0 || len(reasons) < 7) || *effectWorlds >= 60 && len(kinds) < 3 {
		t.Errorf("the worlds exercise too little: %d treated, %d with events, %d with a narrow condition, reasons %v, audiences %v", treated, events, locked, reasons, kinds)
	}
	t.Logf("%d worlds: %d treated units, %d scenarios with trigger events, %d with a narrow condition, audiences %v", *effectWorlds, treated, events, locked, kinds)
}
