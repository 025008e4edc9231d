package duck

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics/ingest"
	"crmaudit/queries"

	diff "github.com/google/go-cmp/cmp"
)

// The contact policy the slow way: every customer-day and every message by loops, local time by Go's own zones. Random worlds must agree.
//
//	go test ./analytics/duck -run TestContactOracle
//	go test ./analytics/duck -run TestContactOracle -contact-worlds 300

var contactWorlds = flag.Int("contact-worlds", 12, "random worlds of TestContactOracle")

// ctMessage has times in seconds and 0 for never.
type ctMessage struct {
	mk, ck, ch, sk                                  int // sk 0: no scenario
	sent, opened, clicked, unsubscribed, complained int
	machine                                         bool
	kind                                            string // "" unknown
	campaign                                        bool
}

type ctScenario struct {
	priority *int
	service  bool
	enrolled bool
}

type ctStage struct{ st, from, to int }

type ctWorld struct {
	first, end, from, to int // days
	collision            int // seconds
	countService         bool
	quietFrom, quietTo   int
	zones                []string // of customer ck-1
	stages               [][]ctStage
	orders               [][]int
	messages             []ctMessage
	scenarios            []ctScenario // sk-1
	caps                 map[string]int
}

var ctChannels = []string{"email", "push", "sms"}

const (
	ctBusiness = 3 * 3600 // Moscow: the business zone
	never      = 1 << 60
)

func ctDay(sec int) int { return (sec + ctBusiness) / 86400 }

// ctOrderSec is when the order number j of a customer comes on a day.
func ctOrderSec(day, j int) int { return day*86400 - ctBusiness + (12*3600+j*7919)%86400 }

func ctMonday(day int) int { return unitStart("week", day) }

func randomContacts(r *rand.Rand) *ctWorld {
	w := &ctWorld{first: 20500, countService: r.IntN(5) == 0, quietFrom: 22 * 60, quietTo: 8 * 60, caps: map[string]int{"day:any": 1 + r.IntN(3), "week:email": r.IntN(3), "week:any": 3}}
	if r.IntN(4) == 0 {
		w.quietFrom, w.quietTo = 60, 7*60+30
	}
	w.collision = pick(r, 3600, 86400, 7*86400)
	w.end = w.first + 70 + r.IntN(60)
	w.from = w.first + r.IntN(50)
	w.to = w.from + 8 + r.IntN(w.end-w.from-7)
	if r.IntN(3) == 0 {
		w.to = w.end
	}
	for range 5 {
		s := ctScenario{service: r.IntN(6) == 0, enrolled: r.IntN(2) == 0}
		if r.IntN(3) > 0 {
			p := r.IntN(3)
			s.priority = &p
		}
		w.scenarios = append(w.scenarios, s)
	}
	for ck := 1; ck <= 8; ck++ {
		w.zones = append(w.zones, pick(r, "", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Mars/Phobos", "Europe/Moscow"))
		var stages []ctStage
		for d := w.from - 5 + r.IntN(20); d < w.to && r.IntN(8) > 0; {
			until := min(d+1+r.IntN(20), w.to+3)
			stages = append(stages, ctStage{1 + r.IntN(3), d, until})
			d = until
		}
		if n := len(stages); n > 0 { // the last one holds to the end of the window, as scenarios.fct_stage_days has it
			stages[n-1].to = max(stages[n-1].to, w.to)
		}
		w.stages = append(w.stages, stages)
		var orders []int
		for range r.IntN(6) {
			orders = append(orders, w.first+r.IntN(w.end-w.first))
		}
		w.orders = append(w.orders, orders)
		busy := 1 + r.IntN(60)
		for range r.IntN(busy) {
			m := ctMessage{mk: len(w.messages) + 1, ck: ck, ch: 1 + r.IntN(3), sk: r.IntN(6), kind: pick(r, "bulk", "bulk", "trigger", "transactional", ""), campaign: r.IntN(2) == 0}
			m.sent = (w.first+r.IntN(w.end-w.first))*86400 - ctBusiness + pick(r, 0, 1, r.IntN(86400), r.IntN(86400), 12*3600)
			later := func() int { return m.sent + pick(r, 2, 3600, 3*86400, 7*86400, 7*86400+1, 20*86400) }
			if r.IntN(3) == 0 {
				m.opened = later()
				m.machine = r.IntN(5) == 0
			}
			if r.IntN(5) == 0 {
				m.clicked = later()
			}
			if r.IntN(15) == 0 {
				m.unsubscribed = later()
			}
			if r.IntN(25) == 0 {
				m.complained = later()
			}
			w.messages = append(w.messages, m)
		}
	}
	for ch := range 3 { // every channel occurs, so that its key is its place
		m := ctMessage{mk: len(w.messages) + 1, ck: 1 + r.IntN(8), ch: ch + 1, kind: "trigger", sent: (w.first+r.IntN(w.end-w.first))*86400 + 40000}
		w.messages = append(w.messages, m)
	}
	return w
}

func (w *ctWorld) load(t *testing.T, db *DB) {
	insert := map[string][]string{}
	add := func(table, format string, args ...any) {
		insert[table] = append(insert[table], fmt.Sprintf(format, args...))
	}
	at := func(sec int) string {
		if sec == 0 {
			return "NULL"
		}
		return "timestamp '" + time.Unix(int64(sec), 0).UTC().Format(time.DateTime) + "'"
	}
	dayOf := func(sec int) string {
		if sec == 0 {
			return "NULL"
		}
		return fmt.Sprint(ctDay(sec))
	}
	text := func(s string) string {
		if s == "" {
			return "NULL"
		}
		return quote(s)
	}
	for i, zone := range w.zones {
		add("core.customers", "(%d, 'c%d', %d, %s)", i+1, i+1, (i+1)*12, text(zone))
		for _, s := range w.stages[i] {
			add("scenarios.fct_stage_days", "(%d, %d, %d, %d, %d)", i+1, (i+1)*12, s.st, s.from, s.to)
		}
		for j, d := range w.orders[i] {
			add("core.orders", "(%d, 'o%d', %d, %s)", i+1, j, d, at(ctOrderSec(d, j)))
		}
	}
	for _, name := range append(slices.Compact(slices.Sorted(slices.Values(w.zones))), "+") {
		if name == "+" {
			name = ""
			if slices.Contains(w.zones, "") {
				continue
			}
		}
		offset := func(now time.Time) (int, time.Time) {
			zone, err := ingest.LoadZone(name)
			if err != nil {
				return ctBusiness, time.Time{}
			}
			_, off := now.In(zone).Zone()
			for _, c := range ingest.Transitions(zone, now, now.AddDate(1, 0, 0)) {
				return off, time.Unix(c.At, 0)
			}
			return off, time.Time{}
		}
		begin := time.Unix(int64(w.first-400)*86400, 0)
		for range 20 {
			off, end := offset(begin)
			to := end.Unix()
			if end.IsZero() {
				to = int64(w.end+400) * 86400
			}
			add("core.zone_offsets", "(%s, %d, %d, %d, true)", quote(name), begin.Unix(), to, off)
			if end.IsZero() || to > int64(w.end+10)*86400 {
				break
			}
			begin = end
		}
	}
	for _, m := range w.messages {
		scenario := "NULL"
		if m.sk > 0 {
			scenario = fmt.Sprintf("'s%d'", m.sk)
		}
		campaign := "NULL"
		if m.campaign {
			campaign = "'c'"
		}
		add("core.messages", "(%d, %d, %s, %s, %s, %s, %s, %d, %s, %s, %s, %s, %v, %s, %s, %s, %s)", m.mk, m.ck, quote(ctChannels[m.ch-1]), scenario, text(m.kind), campaign, at(m.sent), ctDay(m.sent),
			"NULL", at(m.opened), at(m.clicked), "false", m.machine, at(m.unsubscribed), dayOf(m.unsubscribed), at(m.complained), dayOf(m.complained))
	}
	for i, s := range w.scenarios {
		priority, role := "NULL", "NULL"
		if s.priority != nil {
			priority = fmt.Sprint(*s.priority)
		}
		if s.service {
			role = "'service'"
		}
		add("core.cfg_scenarios", "('s%d', %s, %s)", i+1, role, priority)
		add("scenarios.fct_scenarios", "(%d, 's%d', %v, false)", i+1, i+1, s.enrolled)
	}
	for key, most := range w.caps {
		window, channel, _ := strings.Cut(key, ":")
		add("core.cfg_caps", "('%s', '%s', %d)", window, channel, most)
	}
	add("core.cfg_audit", "(%d)", w.collision)
	add("core.cfg_contact", "(%v, %d, %d, true)", w.countService, w.quietFrom, w.quietTo)
	sec := func(day int) int { return day*86400 - ctBusiness }
	add("scenarios.fct_window", "(%d, %d, %d, %d, %d, %d, %d, %d)", w.first, w.end, w.from, w.to, sec(w.first), sec(w.end), sec(w.from), sec(w.to))
	for table, columns := range map[string]string{
		"core.customers": "ck integer, customer_id varchar, bucket integer, timezone varchar", "core.orders": "ck integer, order_id varchar, day integer, occurred_at timestamp",
		"core.cfg_audit": "collision_seconds integer",
		"core.messages": "mk bigint, ck integer, channel varchar, scenario_id varchar, kind varchar, campaign_id varchar, sent_at timestamp, sent_day integer, delivered_at timestamp, opened_at timestamp, " +
			"clicked_at timestamp, bot_click boolean, machine_open boolean, unsubscribed_at timestamp, unsubscribed_day integer, complained_at timestamp, complained_day integer, message_id varchar, opened_day integer",
		"core.cfg_scenarios": "scenario_id varchar, role varchar, priority bigint", "core.cfg_caps": "time_window varchar, channel varchar, cap bigint",
		"core.cfg_contact":  "count_service boolean, quiet_from_minute bigint, quiet_to_minute bigint, quiet_declared boolean",
		"core.zone_offsets": "zone varchar, from_sec bigint, to_sec bigint, offset_seconds bigint, known boolean", "scenarios.fct_scenarios": "sk integer, scenario_id varchar, enrolled boolean, bulk boolean",
		"scenarios.fct_window":     "first_day integer, end_day integer, from_day integer, to_day integer, first_sec integer, end_sec integer, from_sec integer, to_sec integer",
		"scenarios.fct_stage_days": "ck integer, bucket integer, st integer, from_day integer, to_day integer",
	} {
		schema, _, _ := strings.Cut(table, ".")
		text := "create schema if not exists " + schema + "; create or replace table " + table + " (" + columns + ")"
		if rows := insert[table]; len(rows) > 0 {
			names := ""
			if table == "core.messages" {
				names = " (" + strings.Join(strings.Fields(strings.NewReplacer(" bigint", "", " integer", "", " varchar", "", " timestamp", "", " boolean", "", ", message_id", "", ", opened_day", "").Replace(columns)), " ") + ")"
			}
			text += "; insert into " + table + names + " values " + strings.Join(rows, ", ")
		}
		if _, err := db.pool.ExecContext(context.Background(), text); err != nil {
			t.Fatalf("%v in %.300s", err, text)
		}
	}
}

func (w *ctWorld) service(m ctMessage) bool {
	return !w.countService && (m.kind == "transactional" || m.sk > 0 && w.scenarios[m.sk-1].service)
}

func (w *ctWorld) bulk(m ctMessage) bool {
	return m.kind == "bulk" || m.kind == "" && m.campaign && !(m.sk > 0 && w.scenarios[m.sk-1].enrolled)
}

func (w *ctWorld) audited(m ctMessage) bool { d := ctDay(m.sent); return d >= w.from && d < w.to }

func (w *ctWorld) stage(ck, day int) int {
	for _, s := range w.stages[ck-1] {
		if s.from <= day && day < s.to {
			return s.st
		}
	}
	return 0
}

// counts renders a map of counts as sorted rows.
func counts[K comparable](m map[K]int, render func(K) string) []string {
	var out []string
	for k, n := range m {
		if n > 0 {
			out = append(out, fmt.Sprintf("%s|%d", render(k), n))
		}
	}
	slices.Sort(out)
	return out
}

// loads returns red_contact_load, red_cap_ranks and red_over_cap.
func (w *ctWorld) loads() (load, ranks, over []string) {
	type unit struct{ week, ck, day, ch int }
	units := map[unit][]ctMessage{}
	for _, m := range w.messages {
		if !w.audited(m) || w.service(m) {
			continue
		}
		d := ctDay(m.sent)
		for _, ch := range []int{0, m.ch} {
			units[unit{0, m.ck, d, ch}] = append(units[unit{0, m.ck, d, ch}], m)
			if monday := ctMonday(d); monday >= w.from && monday+7 <= w.to {
				units[unit{1, m.ck, monday, ch}] = append(units[unit{1, m.ck, monday, ch}], m)
			}
		}
	}
	windows := []string{"day", "week"}
	loads, places, customers := map[[5]int]int{}, map[[4]int]int{}, map[string]map[int]bool{}
	for u, ms := range units {
		slices.SortFunc(ms, func(a, b ctMessage) int {
			priority := func(m ctMessage) int {
				if m.sk == 0 || w.scenarios[m.sk-1].priority == nil {
					return -1
				}
				return *w.scenarios[m.sk-1].priority
			}
			return cmp.Or(cmp.Compare(priority(b), priority(a)), cmp.Compare(a.sent, b.sent), cmp.Compare(a.ch, b.ch), cmp.Compare(a.sk, b.sk))
		})
		whole := units[unit{u.week, u.ck, u.day, 0}]
		first := slices.MinFunc(whole, func(a, b ctMessage) int { return cmp.Compare(a.sent, b.sent) })
		for i, m := range ms {
			loads[[5]int{u.week, u.ch, w.stage(u.ck, ctDay(first.sent)), i + 1, u.ck * 12}]++
			if len(whole) > 1 {
				places[[4]int{u.week, u.ch, m.sk, i + 1}]++
			}
		}
		channel := "any"
		if u.ch > 0 {
			channel = ctChannels[u.ch-1]
		}
		key := windows[u.week] + ":" + channel
		// A cap of 0 counts customers with two messages or more only: single ones are not in the crowded tables.
		if most, ok := w.caps[key]; ok && len(ms) > most && len(whole) > 1 {
			if customers[key] == nil {
				customers[key] = map[int]bool{}
			}
			customers[key][u.ck] = true
		}
	}
	for key, cks := range customers {
		window, channel, _ := strings.Cut(key, ":")
		over = append(over, fmt.Sprintf("%s|%s|%d|%d", window, channel, w.caps[key], len(cks)))
	}
	slices.Sort(over)
	return counts(loads, func(k [5]int) string { return fmt.Sprintf("%s|%d|%d|%d|%d", windows[k[0]], k[1], k[2], k[3], k[4]) }),
		counts(places, func(k [4]int) string { return fmt.Sprintf("%s|%d|%d|%d", windows[k[0]], k[1], k[2], k[3]) }), over
}

func (w *ctWorld) quiet() []string {
	n, customers := map[[3]int]int{}, map[[3]int]map[int]bool{}
	for _, m := range w.messages {
		if !w.audited(m) {
			continue
		}
		zone, err := ingest.LoadZone(w.zones[m.ck-1])
		if err != nil {
			zone = time.FixedZone("business", ctBusiness)
		}
		local := time.Unix(int64(m.sent), 0).In(zone)
		minute := local.Hour()*60 + local.Minute()
		quiet := minute >= w.quietFrom && minute < w.quietTo
		if w.quietFrom >= w.quietTo {
			quiet = minute >= w.quietFrom || minute < w.quietTo
		}
		if !quiet {
			continue
		}
		service := 0
		if w.service(m) {
			service = 1
		}
		for _, k := range [][3]int{{m.ch, m.sk, service}, {0, -1, service}} {
			n[k]++
			if customers[k] == nil {
				customers[k] = map[int]bool{}
			}
			customers[k][m.ck] = true
		}
	}
	var out []string
	for k, x := range n {
		out = append(out, fmt.Sprintf("%d|%d|%v|%d|%d", k[0], k[1], k[2] == 1, x, len(customers[k])))
	}
	slices.Sort(out)
	return out
}

// first is the day of a customer's first unsubscribe or complaint in a channel; far away without one.
func (w *ctWorld) firstDay(ck, ch int, of func(ctMessage) int) int {
	out := never
	for _, m := range w.messages {
		if m.ck == ck && m.ch == ch && of(m) > 0 {
			out = min(out, of(m))
		}
	}
	return out
}

func unsubscribedAt(m ctMessage) int { return m.unsubscribed }
func complainedAt(m ctMessage) int   { return m.complained }

func (w *ctWorld) after() []string {
	var out []string
	for _, m := range w.messages {
		if at := w.firstDay(m.ck, m.ch, unsubscribedAt); w.audited(m) && m.sent > at {
			service := m.kind == "transactional" || m.sk > 0 && w.scenarios[m.sk-1].service
			out = append(out, fmt.Sprintf("%d|c%d|%s|%d|%v", m.mk, m.ck, ctChannels[m.ch-1], (m.sent-at)/3600, service))
		}
	}
	slices.Sort(out)
	return out
}

func (w *ctWorld) pressure() []string {
	type cell struct{ ch, st, dose, bucket int }
	type sums struct{ days, out, complained, orders int }
	cells := map[cell]*sums{}
	for ck := 1; ck <= len(w.zones); ck++ {
		for ch := range 4 {
			begin := never
			for _, m := range w.messages {
				if m.ck == ck && (ch == 0 || m.ch == ch) && ctDay(m.sent) < w.to {
					begin = min(begin, ctDay(m.sent))
				}
			}
			last := never
			if ch > 0 {
				for _, of := range []func(ctMessage) int{unsubscribedAt, complainedAt} {
					if at := w.firstDay(ck, ch, of); at < never {
						last = min(last, ctDay(at))
					}
				}
			}
			for day := max(begin, w.from); day < w.to && day <= last; day++ {
				c := cell{ch: ch, st: w.stage(ck, day), bucket: ck * 12}
				for _, m := range w.messages {
					if d := ctDay(m.sent); m.ck == ck && (ch == 0 || m.ch == ch) && d <= day && d > day-7 {
						c.dose++
					}
				}
				c.dose = min(c.dose, 7)
				if cells[c] == nil {
					cells[c] = &sums{}
				}
				s := cells[c]
				s.days++
				if slices.Contains(w.orders[ck-1], day) {
					s.orders++
				}
				for one := 1; one <= 3; one++ {
					if ch != 0 && ch != one {
						continue
					}
					if at := w.firstDay(ck, one, unsubscribedAt); at < never && ctDay(at) == day {
						s.out++
					}
					if at := w.firstDay(ck, one, complainedAt); at < never && ctDay(at) == day {
						s.complained++
					}
				}
			}
		}
	}
	var out []string
	for c, s := range cells {
		out = append(out, fmt.Sprintf("%d|%d|%d|%d|%d|%d|%d|%d", c.ch, c.st, c.dose, c.bucket, s.days, s.out, s.complained, s.orders))
	}
	slices.Sort(out)
	return out
}

func (w *ctWorld) focal() []string {
	const day = 86400
	var out []string
	for _, m := range w.messages {
		d := ctDay(m.sent)
		if !w.bulk(m) || !w.audited(m) || d < w.first+42 || d+8 > w.end || d < w.to-1092 {
			continue
		}
		if at := w.firstDay(m.ck, m.ch, unsubscribedAt); at < never && d > ctDay(at) {
			continue
		}
		within := func(x ctMessage, at int) bool { return at > 0 && at-x.sent <= 7*day }
		var before, earlier, next, later, soon, weeks5, known, responses int
		var collided, collided5, ordered, seventh bool
		for j, o := range w.orders[m.ck-1] {
			ago := ctOrderSec(o, j) - m.sent
			ordered = ordered || ago >= 1 && ago <= 7*day
			seventh = seventh || ago > 6*day && ago <= 7*day
		}
		for _, o := range w.messages {
			if o.ck != m.ck || !w.bulk(o) {
				continue
			}
			ago := m.sent - o.sent
			switch {
			case ago >= 1 && ago <= 7*day:
				before++
			case ago > 7*day && ago <= 28*day:
				earlier++
			case ago <= -1 && ago >= -7*day:
				next++
			case ago < -7*day && ago >= -14*day:
				later++
				if ago >= -9*day {
					soon++
				}
			case ago > 35*day && ago <= 42*day:
				weeks5++
			}
			collided = collided || ago >= 1 && ago < w.collision
			collided5 = collided5 || ago > 35*day && ago < 35*day+w.collision
			if ago > 7*day {
				known++
				if within(o, o.opened) && !o.machine || within(o, o.clicked) {
					responses++
				}
			}
		}
		out = append(out, fmt.Sprintf("%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%v|%v|%v|%v|%v|%v|%v|%v|%v|%d", m.mk, m.ck, m.ch, w.stage(m.ck, d), m.sk, d, (d-4)/7, before, earlier, next, later, soon, weeks5, collided, collided5,
			within(m, m.opened) && !m.machine, within(m, m.clicked), within(m, m.unsubscribed), within(m, m.complained), ordered, seventh, d+15 <= w.end, 100*(responses+1)/(known+2)))
	}
	slices.Sort(out)
	return out
}

func TestContactOracle(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	given := []string{"scenarios.fct_scenarios", "scenarios.fct_window", "scenarios.fct_stage_days"}
	models := withoutOverrides(catalog)
	for i := range models {
		if slices.Contains(given, models[i].Table) {
			models[i].DDL, models[i].Reads = true, nil
		}
	}
	targets := []string{"scenarios.red_contact_load", "scenarios.red_cap_ranks", "scenarios.red_over_cap", "scenarios.red_quiet_hours", "scenarios.red_sent_after_unsubscribe",
		"scenarios.red_pressure", "scenarios.red_fe", "scenarios.red_haz", "scenarios.red_haz_collision", "scenarios.red_contact_totals"}
	plan, err := queries.Plan(models, targets...)
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, Options{Models: catalog, Threads: 2})
	seen := map[string]int{}
	for seed := range *contactWorlds {
		w := randomContacts(rand.New(rand.NewPCG(uint64(seed), 71)))
		w.load(t, db)
		if err := db.Build(context.Background(), plan, nil, nil); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		load, ranks, over := w.loads()
		for _, x := range []struct {
			name, query string
			want        []string
		}{
			{"load", "select time_window, ch, st, place, bucket, units from scenarios.red_contact_load", load},
			{"ranks", "select time_window, ch, sk, place, messages from scenarios.red_cap_ranks", ranks},
			{"over", "select time_window, channel, cap, customers from scenarios.red_over_cap", over},
			{"quiet", "select ch, sk, service, broken, customers from scenarios.red_quiet_hours", w.quiet()},
			{"after", "select mk, customer_id, channel, hours_after, service from scenarios.sent_after_unsubscribe", w.after()},
			{"pressure", "select ch, st, messages_7d, bucket, customer_days, unsubscribes, complaints, order_days from scenarios.red_pressure", w.pressure()},
			{"focal", "select mk, ck, ch, st, sk, day, week, bulk_7d, bulk_28d, bulk_next_7d, bulk_next_8_14d, bulk_next_8_9d, bulk_5w, collided, collided_5w, opened, clicked, unsubscribed, complained, ordered, ordered_7th, ripe, score from scenarios.fct_bulk_focal", w.focal()},
		} {
			got := rowsOf(t, db, x.query)
			slices.Sort(got)
			if d := diff.Diff(x.want, got); d != "" {
				t.Fatalf("world %d: %s (-want +got):\n%.3000s", seed, x.name, d)
			}
			seen[x.name] += len(got)
		}
		// The rows that Go fetches hold every focal message of the panel that is not alone, and every opt-out.
		for _, x := range []string{
			"select sum(n) from scenarios.red_fe except select sum(n) from (select count(*) n from scenarios.fct_bulk_focal group by ck, ch having count(*) > 1)",
			"select distinct member, score from scenarios.red_fe except select cast(f.ck as bigint) * 1024 + f.ch, x.score from scenarios.fct_bulk_focal f join " +
				"(select ck, min(score) as score from (select ck, score, week, min(week) over (partition by ck) as first from scenarios.fct_bulk_focal) where week = first group by ck) x on x.ck = f.ck",
			"select coalesce(sum(unsubscribed), 0), coalesce(sum(complained), 0) from scenarios.red_haz except " +
				"select count(*) filter (unsubscribed), count(*) filter (complained) from scenarios.fct_bulk_focal",
			"select coalesce(sum(unsubscribed), 0), coalesce(sum(complained), 0), coalesce(sum(n) filter (collided), 0), coalesce(sum(n) filter (collided_5w), 0) from scenarios.red_haz_collision except " +
				"select count(*) filter (unsubscribed), count(*) filter (complained), count(*) filter (collided and out > 0), count(*) filter (collided_5w and out > 0) from (select *, count(*) filter (unsubscribed or complained) " +
				"over (partition by f.day, f.ch, f.sk, f.st, least(f.bulk_7d, 7), cast(floor(10.0 * (2 * less + n) / (2 * total)) as integer)) as out from scenarios.fct_bulk_focal f join " +
				"(select score as s, count(*) as n, sum(count(*)) over (order by score) - count(*) as less, sum(count(*)) over () as total from scenarios.fct_bulk_focal group by score) on s = f.score where f.bulk_7d > 0)",
			"select coalesce(sum(ordered), 0), coalesce(sum(ordered_7th), 0), count(distinct day), coalesce(sum(n) filter (collided), 0), coalesce(sum(n) filter (ripe), 0) from scenarios.red_fe except select count(*) filter (ordered), count(*) filter (ordered_7th), count(distinct day), count(*) filter (collided), count(*) filter (ripe) from " +
				"(select *, count(*) over (partition by ck, ch) as own from scenarios.fct_bulk_focal) where own > 1",
		} {
			if rows := rowsOf(t, db, x); len(rows) > 0 {
				t.Fatalf("world %d: %v from %s", seed, rows, x)
			}
		}
	}
	t.Logf("%d worlds, rows compared: %v", *contactWorlds, seen)
	for name, n := range seen {
		if *contactWorlds >= 10 && n < 10 {
			t.Errorf("the worlds exercise too little: %d rows of %s", n, name)
		}
	}
}
