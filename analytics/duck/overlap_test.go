package duck

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/queries"

	gocmp "github.com/google/go-cmp/cmp"
)

// The SQL of overlap joins spans, and of collisions packs keys and compares weeks. Here the same is done the slow way: every customer in every minute of the audited
// time, every two messages of a customer. Random worlds must agree. They hold what goes wrong in practice: stages that change in the middle of a span, customers who
// come late, channels that are left, spans that touch, campaigns, messages in one second and across the border of weeks, time zones, a long distance of collisions.
//
//	go test ./analytics/duck -run TestOverlapOracle -worlds 300

const ovMinute = 60

type ovSpan struct{ ck, sk, from, to int } // minutes since the begin of the audited time; may reach outside

type ovStage struct{ ck, st, from, to int } // days since the first audited day

type ovMessage struct {
	mk, ck, sk, sec int // seconds since the begin of the audited time
	channel         string
	priority        int // 0: none
	kind            string
	unsubscribed    int  // day since the first audited day, -1: never
	withheld        bool // decided against at sec
	reason          string
}

type ovWorld struct {
	fromDay, days, near int
	scenarios           int // 1..n, the last a calendar campaign
	customers           int
	firstSeen           []int // day since the first audited day, by ck-1
	zone                []string
	spans               []ovSpan
	stages              []ovStage
	messages            []ovMessage
	declared            []int // priority of the definition by sk-1, 0: none
}

func randomOverlapWorld(r *rand.Rand) *ovWorld {
	w := &ovWorld{fromDay: 20000 + r.IntN(14), days: 8 + r.IntN(14), near: 3600 * pick(r, 1, 6, 24, 24, 72), scenarios: 4, customers: 5}
	minutes := w.days * 1440
	for ck := 1; ck <= w.customers; ck++ {
		first := pick(r, -40, -3, 0, r.IntN(w.days))
		w.firstSeen = append(w.firstSeen, first)
		w.zone = append(w.zone, pick(r, "", "east", "west", "nowhere"))
		st := 1 + r.IntN(3)
		for from := max(first, -2) + pick(r, 0, 0, 3, w.days); from < w.days; { // now and then the stage is known later, or never
			to := from + 1 + r.IntN(9)
			if r.IntN(8) == 0 {
				to = w.days + 2 // beyond the audited time
			}
			w.stages = append(w.stages, ovStage{ck, st, from, to})
			from, st = to, st%3+1
		}
		for sk := 1; sk <= w.scenarios; sk++ {
			at := -1440 + r.IntN(2880)
			for range r.IntN(4) {
				if n := len(w.spans); n > 0 && w.spans[n-1].ck == ck && w.spans[n-1].sk < sk && r.IntN(2) == 0 { // touches, or meets for a minute
					at = w.spans[n-1].to + pick(r, 0, -1)
				}
				to := at + 1 + r.IntN(6*1440)
				w.spans = append(w.spans, ovSpan{ck, sk, at, to})
				at = to + 1 + r.IntN(4*1440)
			}
		}
		for range r.IntN(18) {
			m := ovMessage{mk: len(w.messages) + 1, ck: ck, sk: r.IntN(w.scenarios + 1), sec: r.IntN(minutes*60+2*86400) - 86400, channel: pick(r, "email", "push", "sms"),
				priority: pick(r, 0, 1, 2), kind: pick(r, "trigger", "trigger", "bulk", "transactional"), unsubscribed: -1}
			if r.IntN(3) == 0 && len(w.messages) > 0 { // near another, often in the same second or exactly the distance apart
				m.sec = w.messages[len(w.messages)-1].sec + pick(r, 0, 1, 600, w.near-1, w.near, -w.near)
			}
			if r.IntN(6) == 0 {
				m.unsubscribed = max(0, m.sec/86400) + r.IntN(3)
			}
			if r.IntN(3) == 0 {
				m.withheld, m.unsubscribed, m.priority, m.reason = true, -1, pick(r, 0, 2, 2, 3), pick(r, "", "Frequency_Cap", "no consent", "consent or frequency cap", "nobody knows")
				if n := len(w.messages); n > 0 && w.messages[n-1].ck == ck && r.IntN(3) > 0 {
					m.sec, m.sk = w.messages[n-1].sec+pick(r, 0, 1, -600, w.near-1, w.near, -w.near, 1-w.near), pick(r, m.sk, w.messages[n-1].sk)
				}
			}
			w.messages = append(w.messages, m)
		}
	}
	for range w.scenarios {
		w.declared = append(w.declared, pick(r, 0, 0, 1, 2, 3))
	}
	return w
}

func (w *ovWorld) load(t *testing.T, db *DB) {
	begin := w.fromDay * 86400
	insert := map[string][]string{}
	add := func(table, format string, args ...any) {
		insert[table] = append(insert[table], fmt.Sprintf(format, args...))
	}
	for i, word := range []string{"('frequency_cap', 'cap', true)", "('consent', 'no_consent', false)"} {
		add("core.cfg_reasons", "(%d, %s", i+1, word[1:])
	}
	add("core.cfg_audit", "(%d, %d, %d, %d, %d, 14, 30)", w.fromDay, w.fromDay+w.days, begin, begin+w.days*86400, w.near)
	add("scenarios.fct_window", "(%d, %d, %d, %d, %d, %d, %d, %d)", w.fromDay-30, w.fromDay+w.days+30, w.fromDay, w.fromDay+w.days, begin-30*86400,
		begin+(w.days+30)*86400, begin, begin+w.days*86400)
	for sk := 1; sk <= w.scenarios; sk++ {
		add("scenarios.fct_scenarios", "(%d, 's%d', true, true, true, %v)", sk, sk, sk == w.scenarios)
		if p := w.declared[sk-1]; p > 0 {
			add("core.cfg_scenarios", "('s%d', %d)", sk, p)
		}
	}
	for _, z := range []struct {
		name   string
		offset int
	}{{"", 3}, {"east", 5}, {"west", -2}, {"nowhere", 3}} {
		add("core.zone_offsets", "('%s', %d, 2147483647, %d, true)", z.name, begin-1, z.offset*3600)
	}
	for i, first := range w.firstSeen {
		zone := "NULL"
		if w.zone[i] != "" {
			zone = "'" + w.zone[i] + "'"
		}
		add("core.customers", "(%d, 'c%d', %d, %d, %s)", i+1, i+1, (i*37)%100, w.fromDay+first, zone)
	}
	for _, s := range w.spans {
		if s.sk == w.scenarios { // a calendar campaign
			add("scenarios.fct_campaign_days", "(%d, %d, %d, %d)", s.ck, s.sk, begin+s.from*ovMinute, begin+s.to*ovMinute)
			continue
		}
		add("scenarios.fct_active", "(%d, %d, %d, %d, %d)", s.ck, (s.ck-1)*37%100, s.sk, begin+s.from*ovMinute, begin+s.to*ovMinute)
	}
	for _, s := range w.stages {
		add("scenarios.fct_stage_days", "(%d, %d, %d, %d, %d)", s.ck, (s.ck-1)*37%100, s.st, w.fromDay+s.from, w.fromDay+s.to)
	}
	for _, m := range w.messages {
		scenario, priority, left, reason := "NULL", "NULL", "NULL", "NULL"
		if m.sk > 0 {
			scenario = fmt.Sprintf("'s%d'", m.sk)
		}
		if m.priority > 0 {
			priority = fmt.Sprint(m.priority)
		}
		if m.unsubscribed >= 0 {
			left = fmt.Sprint(w.fromDay + m.unsubscribed)
		}
		if m.reason != "" {
			reason = "'" + m.reason + "'"
		}
		at, never := fmt.Sprintf("make_timestamp(%d * 1000000::bigint)", begin+m.sec), "NULL"
		if m.withheld {
			at, never = never, at
		}
		add("core.messages", "(%d, %d, 'm%d', '%s', %s, '%s', %s, %s, %s, NULL, %s, %s, %s)", m.mk, m.ck, m.mk, m.channel, scenario, m.kind, priority, at,
			map[bool]string{false: fmt.Sprint(w.fromDay), true: "NULL"}[m.withheld], left, never, reason)
	}
	ddl := map[string]string{
		"core.cfg_audit":              "from_day bigint, to_day bigint, from_sec bigint, to_sec bigint, collision_seconds bigint, entry_gap_days bigint, handover_days bigint",
		"core.cfg_scenarios":          "scenario_id varchar, priority bigint",
		"core.zone_offsets":           "zone varchar, from_sec bigint, to_sec bigint, offset_seconds bigint, known boolean",
		"core.customers":              "ck integer, customer_id varchar, bucket integer, first_seen_day integer, timezone varchar",
		"core.messages":               "mk bigint, ck integer, message_id varchar, channel varchar, scenario_id varchar, kind varchar, priority bigint, sent_at timestamp, sent_day integer, bounced_at timestamp, unsubscribed_day integer, not_sent_at timestamp, not_sent_reason varchar",
		"core.cfg_reasons":            "position bigint, word varchar, kind varchar, sendable boolean",
		"scenarios.fct_window":        "first_day integer, end_day integer, from_day integer, to_day integer, first_sec integer, end_sec integer, from_sec integer, to_sec integer",
		"scenarios.fct_scenarios":     "sk integer, scenario_id varchar, defined boolean, enrolled boolean, messaged boolean, bulk boolean",
		"scenarios.fct_active":        "ck integer, bucket integer, sk integer, from_sec integer, to_sec integer",
		"scenarios.fct_campaign_days": "ck integer, sk integer, from_sec integer, to_sec integer",
		"scenarios.fct_stage_days":    "ck integer, bucket integer, st integer, from_day integer, to_day integer",
	}
	exec := func(q string) {
		if _, err := db.pool.ExecContext(context.Background(), q); err != nil {
			t.Fatalf("%v in %.300s", err, q)
		}
	}
	exec("create schema if not exists core")
	exec("create schema if not exists scenarios")
	for table, columns := range ddl {
		exec("create or replace table " + table + " (" + columns + ")")
		if rows := insert[table]; len(rows) > 0 {
			exec("insert into " + table + " values " + strings.Join(rows, ", "))
		}
	}
}

// monday is the first day of the week that holds day 0 of the world, as a day of the world.
func (w *ovWorld) monday() int { return -((w.fromDay + 3) % 7) }

func (w *ovWorld) bucket(ck int) int { return (ck - 1) * 37 % 100 / 2 }

// minutes walks through every minute of every customer: the time of codes, of scenarios and pairs, and of numbers at once.
func (w *ovWorld) minutes() (codes map[int]int, panel, chains map[[4]int]int, pairs, staged map[[3]int]int, levels map[int]int, highest map[int]int) {
	codes, panel, chains, pairs, staged = map[int]int{}, map[[4]int]int{}, map[[4]int]int{}, map[[3]int]int{}, map[[3]int]int{}
	levels, highest = map[int]int{}, map[int]int{}
	bits := map[string]int{}
	for _, channel := range []string{"email", "push", "sms"} {
		if slices.ContainsFunc(w.messages, func(m ovMessage) bool { return m.channel == channel && m.unsubscribed >= 0 }) {
			bits[channel] = 1 << len(bits)
		}
	}
	for ck := 1; ck <= w.customers; ck++ {
		for minute := range w.days * 1440 {
			day := minute / 1440
			st := 0
			for _, s := range w.stages {
				if s.ck == ck && s.from <= day && day < s.to {
					st = s.st
				}
			}
			if day < w.firstSeen[ck-1] {
				continue
			}
			week := (day - w.monday()) / 7
			mask := 0
			for _, m := range w.messages {
				if m.ck == ck && m.unsubscribed >= 0 && (m.unsubscribed-w.monday())/7 < week {
					mask |= bits[m.channel]
				}
			}
			code := 64*st + mask
			codes[code] += ovMinute
			panel[[4]int{0, code, week, w.bucket(ck)}] += ovMinute
			var in []int
			for _, s := range w.spans {
				if s.ck == ck && s.sk < w.scenarios && s.from <= minute && minute < s.to {
					in = append(in, s.sk)
					chains[[4]int{s.sk, code, week, w.bucket(ck)}] += ovMinute
				}
			}
			levels[len(in)] += ovMinute
			highest[ck] = max(highest[ck], len(in))
			for _, a := range in {
				for _, b := range in {
					if a < b {
						pairs[[3]int{ck, a, b}] += ovMinute
						if st > 0 {
							staged[[3]int{ck, a, b}] += ovMinute
						}
					}
				}
			}
		}
	}
	return codes, panel, chains, pairs, staged, levels, highest
}

func (w *ovWorld) tables() map[string][]string {
	out := map[string][]string{}
	add := func(table, format string, args ...any) { out[table] = append(out[table], fmt.Sprintf(format, args...)) }
	codes, panel, chains, pairs, staged, levels, highest := w.minutes()
	order := make([]int, 0, len(codes))
	for code := range codes {
		order = append(order, code)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(codes[b], codes[a]), cmp.Compare(a, b)) })
	cell := map[int]int{}
	next := 1
	for _, code := range order {
		if code >= 64 { // without a stage: cell 0
			cell[code] = min(next, 12)
			next++
		}
		add("fct_strata", "%d|%d|%d", code, cell[code], codes[code])
	}
	sums := map[[4]int]int{}
	for _, m := range []map[[4]int]int{panel, chains} {
		for k, n := range m {
			sums[[4]int{k[0], cell[k[1]], k[2], k[3]}] += n
		}
	}
	for k, n := range sums {
		add("time", "%d|%d|%d|%d|%d", k[0], k[1], k[2], k[3], n)
	}
	for k, n := range pairs {
		add("fct_pair_customers", "%d|%d|%d|%d|%d|%d", k[0], w.bucket(k[0]), k[1], k[2], n, staged[k])
	}
	customers := map[int]int{}
	for ck := 1; ck <= w.customers; ck++ {
		customers[highest[ck]]++ // all are first seen before the end
	}
	for level := range 1 + slices.Max(append([]int{1}, sortedInts(levels)...)) {
		if level < 2 || levels[level] > 0 {
			add("red_concurrency", "%d|%d|%d", level, levels[level], customers[level])
		}
	}
	// Messages.
	clock := func(ck int) int {
		places := map[string]int{}
		count := map[string]int{}
		for _, z := range w.zone {
			count[z]++
		}
		names := []string{"east", "west"}
		slices.SortFunc(names, func(a, b string) int {
			return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(map[string]int{"east": 5, "west": -2}[a], map[string]int{"east": 5, "west": -2}[b]))
		})
		for _, n := range names {
			if count[n] > 0 {
				places[n] = len(places) + 1
			}
		}
		return places[w.zone[ck-1]]
	}
	weekOf := func(sec int) int { return (sec - w.monday()*86400) / 604800 }
	known := func(ck int) int {
		if first := w.firstSeen[ck-1] - w.monday(); first >= 0 {
			return first/7 + 1
		}
		return 0
	}
	counts, ranks := map[[4]int][5]int{}, map[[3]int][2]int{}
	hours, slots := map[[3]int]int{}, map[[3]int]int{}
	counted := func(m ovMessage) bool {
		return !m.withheld && m.sk > 0 && m.kind != "transactional" && m.sec >= 0 && m.sec < w.days*86400
	}
	for _, a := range w.messages {
		if !counted(a) {
			continue
		}
		if week := weekOf(a.sec); week >= known(a.ck) {
			in := (a.sec - w.monday()*86400) % 604800
			hours[[3]int{a.sk, 8*week + clock(a.ck), in / 3600}]++
			slots[[3]int{a.sk, in / 3600, in % 3600 / 300}]++
		}
		for _, b := range w.messages {
			if !counted(b) || b.ck != a.ck || a.sk >= b.sk {
				continue
			}
			week := weekOf(min(a.sec, b.sec))
			same := weekOf(a.sec) == weekOf(b.sec) && week >= known(a.ck)
			gap := max(a.sec-b.sec, b.sec-a.sec)
			if near := gap < w.near; same || near {
				k := [4]int{a.ck, a.sk, b.sk, 8 * week}
				if week >= known(a.ck) {
					k[3] += clock(a.ck)
				}
				n := counts[k]
				n[0] += one(same)
				n[1] += one(same && near)
				n[2] += one(near)
				n[3] += one(near && a.sec < b.sec)
				n[4] += one(near && b.sec < a.sec)
				ranked := a.priority > 0 && b.priority > 0 && a.priority != b.priority && (w.declared[a.sk-1] == 0 || w.declared[b.sk-1] == 0)
				counts[k] = n
				if near && ranked {
					k := [3]int{a.sk, b.sk, w.bucket(a.ck)}
					n := ranks[k]
					n[0]++
					n[1] += one(a.priority < b.priority && a.sec < b.sec || b.priority < a.priority && b.sec < a.sec)
					ranks[k] = n
				}
			}
			if gap < w.near {
				first := "same"
				switch {
				case a.sec < b.sec:
					first = "a"
				case b.sec < a.sec:
					first = "b"
				}
				add("fct_collisions", "s%d|s%d|%d|%d|%d|%s", a.sk, b.sk, a.ck, a.mk, b.mk, first)
			}
		}
	}
	w.lost(add)
	for k, n := range counts {
		add("fct_customer_collisions", "%d|%d|%d|%d|%d|%d|%d|%d|%d", k[0], k[1], k[2], k[3], n[0], n[1], n[2], n[3], n[4])
	}
	for k, n := range ranks {
		add("red_ranked", "%d|%d|%d|%d|%d", k[0], k[1], k[2], n[0], n[1])
	}
	for k, n := range hours {
		add("red_sendhour", "%d|%d|%d|%d", k[0], k[1], k[2], n)
	}
	for k, n := range slots {
		add("red_sendslot", "%d|%d|%d|%d", k[0], k[1], k[2], n)
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out
}

// lost looks at every message that was not sent, and for each at every message of its customer.
func (w *ovWorld) lost(add func(table, format string, args ...any)) {
	type cell struct{ messages, ranked, lost, first int }
	cells, customers, losers := map[string]*cell{}, map[string]map[int]bool{}, map[string]map[int]bool{}
	pairs, pairCustomers, seen := map[string][2]int{}, map[string]map[int]bool{}, map[string][2]int{}
	firstRow := map[string]*cell{} // by customer and sendable: the row of his earliest lost message
	put := func(m map[string]map[int]bool, key string, ck int) {
		if m[key] == nil {
			m[key] = map[int]bool{}
		}
		m[key][ck] = true
	}
	order := map[string][2]int{}
	for _, h := range w.messages {
		if !h.withheld || h.sk == 0 || h.kind == "transactional" || h.sec < 0 || h.sec >= w.days*86400 {
			continue
		}
		kind := map[string]string{"Frequency_Cap": "cap", "no consent": "no_consent", "consent or frequency cap": "cap"}[h.reason]
		if kind == "" {
			kind = "unknown"
		}
		sendable := kind != "no_consent"
		row := fmt.Sprintf("%s|%s|%v|%d", h.reason, kind, sendable, w.bucket(h.ck))
		if cells[row] == nil {
			cells[row] = &cell{}
		}
		c := cells[row]
		c.messages++
		put(customers, row, h.ck)
		if h.priority > 0 || w.declared[h.sk-1] > 0 {
			c.ranked++
		}
		lost := false
		for _, l := range w.messages {
			if l.withheld || l.ck != h.ck || l.sk == 0 || l.sk == h.sk || l.kind == "transactional" || l.sec < 0 || l.sec >= w.days*86400 || max(l.sec-h.sec, h.sec-l.sec) >= w.near {
				continue
			}
			x, y := w.declared[h.sk-1], w.declared[l.sk-1]
			if x == 0 || y == 0 {
				x, y = h.priority, l.priority
			}
			if x == 0 || y == 0 || x <= y {
				continue
			}
			lost = true
			add("fct_lost_messages", "s%d|s%d|c%d|%d|%d|%v|%d|%d|%s|%s|%v", h.sk, l.sk, h.ck, h.mk, l.mk, l.sec <= h.sec, x, y, h.reason, kind, sendable)
			key := fmt.Sprintf("%d|%d|%v", h.sk, l.sk, sendable)
			put(pairCustomers, key, h.ck)
			if m := [2]int{h.mk, one(l.sec <= h.sec)}; seen[key][0] != h.mk { // messages come in the order of mk
				n := pairs[key]
				pairs[key], seen[key] = [2]int{n[0] + 1, n[1] + m[1]}, m
			} else if m[1] == 1 && seen[key][1] == 0 {
				n := pairs[key]
				pairs[key], seen[key] = [2]int{n[0], n[1] + 1}, m
			}
		}
		if lost {
			c.lost++
			put(losers, row, h.ck)
			who := fmt.Sprintf("%d|%v", h.ck, sendable)
			if at := [2]int{h.sec, h.mk}; firstRow[who] == nil || at[0] < order[who][0] || at[0] == order[who][0] && at[1] < order[who][1] {
				if firstRow[who] != nil {
					firstRow[who].first--
				}
				firstRow[who], order[who] = c, at
				c.first++
			}
		}
	}
	for row, c := range cells {
		add("red_withheld", "%s|%d|%d|%d|%d|%d|%d", row, c.messages, len(customers[row]), c.ranked, c.lost, len(losers[row]), c.first)
	}
	for key, n := range pairs {
		add("red_lost", "%s|%d|%d|%d", key, n[0], n[1], len(pairCustomers[key]))
	}
}

func sortedInts(m map[int]int) []int {
	var out []int
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestOverlapOracle(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	// Time is compared as time: changes added up over the steps.
	const added = `select sk, cell, unit, bucket, time from (
		select sk, cell, bucket, u.unit, coalesce(seconds, 0) + 604800 * coalesce(sum(begun) over (partition by sk, cell, bucket order by u.unit rows between unbounded preceding and 1 preceding), 0) as time
		from (select distinct sk, cell, bucket from c) k cross join (select unnest(range(0, 6)) as unit) u left join c using (sk, cell, bucket, unit)) where time <> 0`
	texts := map[string]string{
		"fct_strata":              "select code, cell, seconds from scenarios.fct_strata",
		"time":                    "with c as (select 0 as sk, * from scenarios.red_pt union all by name select * from scenarios.red_pt_scn) " + added,
		"fct_pair_customers":      "select ck, bucket, sk_a, sk_b, seconds, staged_seconds from scenarios.fct_pair_customers",
		"red_concurrency":         "select level, seconds, customers from scenarios.red_concurrency",
		"fct_customer_collisions": "select ck, sk_a, sk_b, unit, n_week, n_near_week, n_near, a_first, b_first from scenarios.fct_customer_collisions",
		"fct_collisions":          "select scenario_a, scenario_b, ck, mk_a, mk_b, first_sent from scenarios.fct_collisions",
		"red_ranked":              "select sk_a, sk_b, bucket, ranked, inverted from scenarios.red_ranked",
		"fct_lost_messages":       "select scenario_lost, scenario_sent, customer_id, mk_lost, mk_sent, sent_first, priority_lost, priority_sent, reason, kind, sendable from scenarios.fct_lost_messages",
		"red_lost":                "select sk_lost, sk_sent, sendable, messages, sent_first, customers from scenarios.red_lost",
		"red_withheld":            "select reason, kind, sendable, bucket, messages, customers, ranked, lost, customers_lost, customers_first from scenarios.red_withheld",
		"red_sendhour":            "select sk, unit, hour, n from scenarios.red_sendhour",
		"red_sendslot":            "select sk, hour, slot, n from scenarios.red_sendslot",
	}
	given := []string{"scenarios.fct_window", "scenarios.fct_scenarios", "scenarios.fct_active", "scenarios.fct_campaign_days", "scenarios.fct_stage_days"}
	models := slices.Clone(catalog)
	for i := range models {
		if slices.Contains(given, models[i].Table) {
			models[i].DDL, models[i].Reads = true, nil
		}
	}
	models, err = queries.Plan(models, "scenarios.fct_strata", "scenarios.red_pt", "scenarios.red_pt_scn", "scenarios.fct_pair_customers", "scenarios.red_concurrency",
		"scenarios.fct_customer_collisions", "scenarios.fct_collisions", "scenarios.red_sendhour", "scenarios.red_sendslot", "scenarios.red_pair", "scenarios.red_ranked",
		"scenarios.fct_lost_messages", "scenarios.red_lost", "scenarios.red_withheld")
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, Options{Models: catalog, Threads: 2})
	found := map[string]int{}
	for seed := range *worldsFlag {
		w := randomOverlapWorld(rand.New(rand.NewPCG(uint64(seed), 11)))
		w.load(t, db)
		if err := db.Build(context.Background(), models, nil, nil); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		want := w.tables()
		for table, text := range texts {
			if diff := gocmp.Diff(want[table], rowsOf(t, db, text)); diff != "" {
				t.Fatalf("world %d (near %d, from day %d, %d days): %s (-want +got):\n%s", seed, w.near, w.fromDay, w.days, table, diff)
			}
			found[table] += len(want[table])
		}
		// The support of the pairs is the sum of both.
		if diff := rowsOf(t, db, `select p.sk_a, p.sk_b from scenarios.red_pair p
			where (p.seconds, p.customers_at_once, p.staged_seconds, p.staged_at_once) <>
				(select (coalesce(sum(seconds), 0), count(*), coalesce(sum(staged_seconds), 0), count(*) filter (where staged_seconds > 0)) from scenarios.fct_pair_customers c where c.sk_a = p.sk_a and c.sk_b = p.sk_b)
			or (p.n_near, p.customers_hit) <> (select (coalesce(sum(n_near), 0), count(distinct ck) filter (where n_near > 0)) from scenarios.fct_customer_collisions c where c.sk_a = p.sk_a and c.sk_b = p.sk_b)`); len(diff) > 0 {
			t.Fatalf("world %d: red_pair differs for %v", seed, diff)
		}
	}
	for table := range texts {
		if *worldsFlag >= 12 && found[table] == 0 {
			t.Errorf("the worlds exercise too little: no rows of %s", table)
		}
	}
	t.Logf("%d worlds, rows %v", *worldsFlag, found)
}
