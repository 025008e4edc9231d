package duck

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crmaudit/queries"

	diff "github.com/google/go-cmp/cmp"
)

// Metrics and attribution the slow way: every message and every order by loops. Random worlds must agree.
//
//	go test ./analytics/duck -run TestMetricsOracle
//	go test ./analytics/duck -run TestMetricsOracle -metric-worlds 300

var metricWorlds = flag.Int("metric-worlds", 15, "random worlds of TestMetricsOracle")

// mtMessage has times in seconds and 0 for never; sent 0 is a decision not to send.
type mtMessage struct {
	ck                                                                           int
	channel, scenario, kind                                                      string // scenario and kind "" when not given
	sent, delivered, opened, clicked, bounced, unsubscribed, complained, decided int
	machine, bot                                                                 bool
}

type mtOrder struct{ ck, sec, revenue int }

type mtWorld struct {
	first, end, from, to int // days; end is after the last loaded one
	length               int // days of a period
	service              bool
	windows              map[string]int // hours by channel, "" for others
	stages               [][]ctStage    // of customer ck-1
	better               map[[2]int]bool
	messages             []mtMessage
	orders               []mtOrder
}

func randomMetrics(r *rand.Rand) *mtWorld {
	w := &mtWorld{first: 20500, length: 7, service: r.IntN(4) == 0, windows: map[string]int{"email": 24 * (1 + r.IntN(5)), "push": 1 + r.IntN(30), "": 12 * (1 + r.IntN(6))}, better: map[[2]int]bool{{1, 2}: true, {2, 3}: r.IntN(2) == 0}}
	w.from = ctMonday(w.first + 10 + r.IntN(40))
	w.to = w.from + 7*(2+r.IntN(6))
	w.end = w.to + pick(r, 0, 0, 1, 4, 40)
	last := w.to - pick(r, 0, 3) // a period may be cut: its days are in the calendar without being complete
	kinds, scenarios, channels := []string{"bulk", "trigger", "transactional", ""}, []string{"s1", "s2", ""}, []string{"email", "push", "sms"}
	stamped := map[string]bool{"email": true, "push": r.IntN(2) == 0, "sms": false}
	sec := func(day int) int { return day*86400 - ctBusiness }
	for ck := 1; ck <= 6; ck++ {
		var stages []ctStage
		for d := w.from; d < w.to && r.IntN(6) > 0; {
			until := min(d+7*(1+r.IntN(3)), w.to)
			if r.IntN(5) == 0 { // known from the middle of a period on
				d += 2
			}
			stages = append(stages, ctStage{1 + r.IntN(3), d, until})
			d = until
		}
		if n := len(stages); n > 0 {
			stages[n-1].to = w.to
		}
		w.stages = append(w.stages, stages)
		for range r.IntN(40) {
			m := mtMessage{ck: ck, channel: pick(r, channels...), scenario: pick(r, scenarios...), kind: pick(r, kinds...)}
			at := sec(w.first) + r.IntN((w.end-w.first)*86400)
			if r.IntN(3) == 0 {
				at = sec(w.from) + 43200*r.IntN(2*(w.to-w.from)) // ties of seconds
			}
			if r.IntN(10) == 0 {
				m.decided = at
				w.messages = append(w.messages, m)
				continue
			}
			m.sent = at
			later := func() int { return m.sent + pick(r, 0, 2, 3600, 86400, 3*86400, 9*86400) }
			switch {
			case r.IntN(8) == 0:
				m.bounced = later()
			case stamped[m.channel] && r.IntN(10) > 0:
				m.delivered = m.sent + pick(r, 0, 1, 60)
			}
			if m.channel != "sms" && r.IntN(3) == 0 {
				m.opened, m.machine = later(), r.IntN(4) == 0
			}
			if r.IntN(5) == 0 {
				m.clicked, m.bot = later(), r.IntN(4) == 0
			}
			if r.IntN(12) == 0 {
				m.unsubscribed = later()
			}
			if r.IntN(20) == 0 {
				m.complained = later()
			}
			w.messages = append(w.messages, m)
		}
		for range r.IntN(10) {
			at := sec(w.first) + r.IntN((w.end-w.first)*86400)
			if n := len(w.messages); n > 0 && r.IntN(2) == 0 { // exactly at the border of a window, and beside it
				m := w.messages[r.IntN(n)]
				hours := w.window(m.channel)
				at = max(m.sent, m.decided) + pick(r, 0, 1, hours*1800, hours*1800+1, hours*3600, hours*3600+1, hours*7200, hours*7200+1)
			}
			w.orders = append(w.orders, mtOrder{ck, at, 100 * (1 + r.IntN(50))})
		}
	}
	w.to = last
	return w
}

func (w *mtWorld) window(channel string) int {
	if h, ok := w.windows[channel]; ok {
		return h
	}
	return w.windows[""]
}

// periods gives the number of the complete period of a day, 0 outside.
func (w *mtWorld) period(day int) int {
	if day < w.from || day >= w.from+(w.to-w.from)/7*7 {
		return 0
	}
	return (day-w.from)/7 + 1
}

// panelEnd is the day after the last complete period; 0 without one.
func (w *mtWorld) panelEnd() int { return w.from + (w.to-w.from)/7*7 }

func (w *mtWorld) stage(ck, day int) (st, to int) {
	for i, s := range w.stages[ck-1] {
		until := s.to
		if i == len(w.stages[ck-1])-1 || until > w.panelEnd() {
			until = w.panelEnd()
		}
		if s.from <= day && day < until {
			return s.st, until
		}
	}
	return 0, 0
}

func (w *mtWorld) load(t *testing.T, db *DB) {
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
	day := func(sec int) string {
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
	for ck := 1; ck <= len(w.stages); ck++ {
		add("core.customers", "(%d, %d)", ck, ck*10)
		for i, s := range w.stages[ck-1] {
			until := s.to
			if i == len(w.stages[ck-1])-1 || until > w.panelEnd() {
				until = w.panelEnd()
			}
			if s.from < until {
				add("scenarios.fct_stage_days", "(%d, %d, %d, %d, %d)", ck, ck*10, s.st, s.from, until)
			}
		}
	}
	for i, m := range w.messages {
		add("core.messages", "(%d, %d, %s, %s, %s, %s, %s, %s, %s, %s, %v, %s, %s, %v, %s, %s, %s, %s)", i+1, m.ck, quote(m.channel), text(m.scenario), text(m.kind), at(m.sent), day(m.sent), at(m.delivered), at(m.opened), day(m.opened),
			m.machine, at(m.clicked), day(m.clicked), m.bot, at(m.bounced), day(m.unsubscribed), day(m.complained), at(m.decided))
	}
	for i, o := range w.orders {
		add("core.orders", "(%d, 'o%d', %s, %d, %d)", o.ck, i, at(o.sec), ctDay(o.sec), o.revenue)
	}
	for d := w.from; d < w.to; d++ {
		add("core.calendar", "(%d, %d)", d, (d-w.from)/7+1)
	}
	for p := w.from; p < w.to; p += 7 {
		add("core.periods", "(%d, date '%s', %d, %d, %v)", (p-w.from)/7+1, time.Unix(int64(p)*86400, 0).UTC().Format(time.DateOnly), p, min(p+7, w.to), p+7 <= w.to)
	}
	for channel, hours := range w.windows {
		add("core.cfg_attribution", "(%s, %d, true, %v)", quote(channel), hours*3600, w.service)
	}
	for turn := range w.better {
		if w.better[turn] {
			add("scenarios.fct_better_stages", "(%d, %d)", turn[0], turn[1])
		}
	}
	for st := 1; st <= 3; st++ {
		add("scenarios.fct_stages", "(%d, 'stage%d', %d)", st, st, st)
	}
	add("core.zone_offsets", "('', 0, 4000000000, %d, true)", ctBusiness)
	if w.panelEnd() > w.from {
		add("lifecycle.fct_panel", "(%d)", w.panelEnd())
	}
	sec := func(day int) int { return day*86400 - ctBusiness }
	add("scenarios.fct_window", "(%d, %d, %d, %d, %d, %d, %d, %d)", w.first, w.end, w.from, w.to, sec(w.first), sec(w.end), sec(w.from), sec(w.to))
	for table, columns := range map[string]string{
		"core.customers": "ck integer, bucket integer", "core.orders": "ck integer, order_id varchar, occurred_at timestamp, day integer, revenue_minor bigint",
		"core.messages": "mk bigint, ck integer, channel varchar, scenario_id varchar, kind varchar, sent_at timestamp, sent_day integer, delivered_at timestamp, opened_at timestamp, opened_day integer, machine_open boolean, " +
			"clicked_at timestamp, clicked_day integer, bot_click boolean, bounced_at timestamp, unsubscribed_day integer, complained_day integer, not_sent_at timestamp",
		"core.calendar": "day integer, period bigint", "core.periods": "period bigint, period_start date, start_day integer, end_day integer, complete boolean",
		"core.cfg_attribution": "channel varchar, window_seconds bigint, given boolean, service boolean", "core.zone_offsets": "zone varchar, from_sec bigint, to_sec bigint, offset_seconds bigint, known boolean",
		"scenarios.fct_better_stages": "from_st integer, to_st integer", "scenarios.fct_stages": "st integer, stage varchar, position bigint", "lifecycle.fct_panel": "end_day integer",
		"scenarios.fct_window":     "first_day integer, end_day integer, from_day integer, to_day integer, first_sec integer, end_sec integer, from_sec integer, to_sec integer",
		"scenarios.fct_stage_days": "ck integer, bucket integer, st integer, from_day integer, to_day integer",
	} {
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

// cellKey is what a message is counted under.
func (m mtMessage) cellKey() string {
	kind := m.kind
	if kind == "" {
		kind = "unknown"
	}
	return m.channel + "|" + m.scenario + "|" + kind
}

func (w *mtWorld) isDelivered(m mtMessage) bool {
	if m.delivered > 0 || m.opened > 0 || m.clicked > 0 || m.unsubscribed > 0 || m.complained > 0 {
		return true
	}
	for _, o := range w.messages {
		if o.channel == m.channel && o.sent > 0 && o.delivered > 0 {
			return false
		}
	}
	return m.bounced == 0
}

// touches says to which message an order belongs within factor halves of its window; nil when to none. Of two in one second the one whose cell ranks last.
func (w *mtWorld) touch(o mtOrder, halves int) *mtMessage {
	var best *mtMessage
	for i := range w.messages {
		m := &w.messages[i]
		age := o.sec - m.sent
		if m.ck != o.ck || m.sent == 0 || !w.isDelivered(*m) || age <= 0 || 2*age > halves*3600*w.window(m.channel) || m.kind == "transactional" && !w.service {
			continue
		}
		if best == nil || m.sent > best.sent || m.sent == best.sent && rank(*m) > rank(*best) {
			best = m
		}
	}
	return best
}

// rank orders cells as the model does: channel, kind, scenario, with what is not given last.
func rank(m mtMessage) string {
	last := func(s string) string {
		if s == "" {
			return "~"
		}
		return s
	}
	return m.channel + "|" + last(m.kind) + "|" + last(m.scenario)
}

// responseDays is the least number of days within which 95 of 100 opens, and of 100 clicks, of the channel came.
func (w *mtWorld) responseDays(channel string) int {
	worst, any := 0, false
	for _, of := range []func(mtMessage) int{func(m mtMessage) int { return m.opened }, func(m mtMessage) int { return m.clicked }} {
		var days []int
		for _, m := range w.messages {
			if m.channel != channel || m.sent == 0 || of(m) == 0 || ctDay(m.sent) >= w.end-30 {
				continue
			}
			if d := ctDay(of(m)) - ctDay(m.sent); d >= 0 && d <= 30 {
				days = append(days, d)
			}
		}
		if len(days) == 0 {
			continue
		}
		slices.Sort(days)
		any = true
		worst = max(worst, days[(95*len(days)+99)/100-1])
	}
	if !any {
		return 7
	}
	return worst
}

// metrics renders analytics.metrics.
func (w *mtWorld) metrics() (table, rates []string) {
	type key struct {
		period int
		cell   string
		st     int
	}
	type rateKey struct {
		cell       string
		st, bucket int
	}
	sums, ripe := map[key]*[17]int{}, map[rateKey]*[12]int{}
	at := func(k key) *[17]int {
		if sums[k] == nil {
			sums[k] = &[17]int{}
		}
		return sums[k]
	}
	rate := func(k rateKey) *[12]int {
		if ripe[k] == nil {
			ripe[k] = &[12]int{}
		}
		return ripe[k]
	}
	one := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	young := func(m mtMessage) (responses, orders bool) {
		d := ctDay(m.sent)
		return d >= w.end-w.responseDays(m.channel), d >= w.end-(w.window(m.channel)+23)/24
	}
	for _, m := range w.messages {
		if m.sent == 0 {
			if p := (ctDay(m.decided)-w.from)/7 + 1; ctDay(m.decided) >= w.from && w.period(ctDay(m.decided)) == p {
				st, _ := w.stage(m.ck, ctDay(m.decided))
				at(key{p, m.cellKey(), st})[12]++
			}
			continue
		}
		day := ctDay(m.sent)
		p := w.period(day)
		if p == 0 {
			continue
		}
		st, until := w.stage(m.ck, day)
		end := w.from + 7*p
		delivered := w.isDelivered(m)
		staged := delivered && st > 0 && end < w.panelEnd()
		next, _ := w.stage(m.ck, end)
		up, down := staged && until == end && w.better[[2]int{st, next}], staged && until == end && w.better[[2]int{next, st}]
		row := at(key{p, m.cellKey(), st})
		for i, n := range []int{1, one(delivered), one(m.opened > 0 && !m.machine), one(m.clicked > 0 && !m.bot), one(m.unsubscribed > 0), one(m.complained > 0), one(m.bounced > 0)} {
			row[i] += n
		}
		row[10] += one(m.opened > 0 && m.machine)
		row[11] += one(m.clicked > 0 && m.bot)
		row[13] += one(staged)
		row[14] += one(up)
		row[15] += one(down)
		late, lateOrders := young(m)
		r := rate(rateKey{m.cellKey(), st, m.ck * 10})
		fast := m.opened > 0 && !m.machine && m.delivered > 0 && m.opened >= m.delivered && m.opened-m.delivered < 5
		for i, n := range []int{1, one(delivered), one(!late && delivered), one(!late && m.opened > 0 && !m.machine), one(!late && fast), one(!late && m.clicked > 0 && !m.bot), one(!late && m.unsubscribed > 0), one(!lateOrders && delivered)} {
			r[i] += n
		}
	}
	credited := map[string][2]int{} // message → orders, revenue
	of := map[string]mtMessage{}
	for _, o := range w.orders {
		if m := w.touch(o, 2); m != nil {
			id := fmt.Sprint(m.ck, m.sent, m.cellKey())
			c := credited[id]
			credited[id], of[id] = [2]int{c[0] + 1, c[1] + o.revenue}, *m
		}
	}
	for id, c := range credited {
		m := of[id]
		p := w.period(ctDay(m.sent))
		if p == 0 {
			continue
		}
		st, _ := w.stage(m.ck, ctDay(m.sent))
		row := at(key{p, m.cellKey(), st})
		row[7], row[8], row[9] = row[7]+c[0], row[8]+c[1], row[9]+1
		if _, late := young(m); !late {
			r := rate(rateKey{m.cellKey(), st, m.ck * 10})
			r[8], r[9], r[10] = r[8]+1, r[9]+c[0], r[10]+c[1]
		}
	}
	stage := func(st int) string {
		if st == 0 {
			return "unknown"
		}
		return fmt.Sprintf("stage%d", st)
	}
	for k, n := range sums {
		channel := strings.SplitN(k.cell, "|", 2)[0]
		end := w.from + 7*k.period
		line := []string{time.Unix(int64(end-7)*86400, 0).UTC().Format(time.DateOnly), k.cell, stage(k.st)}
		for _, x := range n[:16] {
			line = append(line, fmt.Sprint(x))
		}
		line = append(line, fmt.Sprint(end <= w.end-w.responseDays(channel)), fmt.Sprint(end <= w.end-(w.window(channel)+23)/24))
		table = append(table, strings.Join(line, "|"))
	}
	for k, n := range ripe {
		line := []string{k.cell, stage(k.st), fmt.Sprint(k.bucket)}
		for _, x := range n[:11] {
			line = append(line, fmt.Sprint(x))
		}
		rates = append(rates, strings.Join(line, "|"))
	}
	slices.Sort(table)
	slices.Sort(rates)
	return table, rates
}

// attribution renders analytics.red_attribution by channel, scenario and kind.
func (w *mtWorld) attribution() []string {
	sums := map[string]*[6]int{}
	add := func(key string, size int, o mtOrder) {
		if sums[key] == nil {
			sums[key] = &[6]int{}
		}
		sums[key][size]++
		sums[key][size+3] += o.revenue
	}
	sums["all"] = &[6]int{}
	for _, o := range w.orders {
		if w.period(ctDay(o.sec)) == 0 {
			continue
		}
		for size, halves := range []int{1, 2, 4} {
			add("all", size, o)
			if m := w.touch(o, halves); m != nil {
				add(m.cellKey(), size, o)
			}
		}
	}
	var out []string
	for key, n := range sums {
		line := key
		for _, x := range n {
			line += fmt.Sprintf("|%d", x)
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// reach renders analytics.red_message_reach of the scopes channel and stage.
func (w *mtWorld) reach() []string {
	seen := map[string]map[int]bool{}
	add := func(key string, ck int) {
		if seen[key] == nil {
			seen[key] = map[int]bool{}
		}
		seen[key][ck] = true
	}
	for _, m := range w.messages {
		if m.sent == 0 || w.period(ctDay(m.sent)) == 0 {
			continue
		}
		st, _ := w.stage(m.ck, ctDay(m.sent))
		kind := strings.Split(m.cellKey(), "|")[2]
		add("channel|"+m.channel, m.ck)
		add("family|"+m.channel+"|"+kind, m.ck)
		add("scenario|"+m.cellKey(), m.ck)
		add(fmt.Sprintf("stage|%s|%d", m.cellKey(), st), m.ck)
	}
	var out []string
	for key, cks := range seen {
		out = append(out, fmt.Sprintf("%s|%d", key, len(cks)))
	}
	slices.Sort(out)
	return out
}

func TestMetricsOracle(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	given := []string{"scenarios.fct_stages", "scenarios.fct_window", "scenarios.fct_stage_days", "scenarios.fct_better_stages", "lifecycle.fct_panel"}
	models := withoutOverrides(catalog)
	for i := range models {
		if slices.Contains(given, models[i].Table) {
			models[i].DDL, models[i].Reads = true, nil
		}
	}
	plan, err := queries.Plan(models, "analytics.metrics", "analytics.red_message_rates", "analytics.red_message_weeks", "analytics.red_message_cells", "analytics.red_message_reach", "analytics.red_attribution", "analytics.red_metric_periods")
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, Options{Models: catalog, Threads: 2})
	seen := map[string]int{}
	for seed := range *metricWorlds {
		w := randomMetrics(rand.New(rand.NewPCG(uint64(seed), 83)))
		w.load(t, db)
		if err := db.Build(context.Background(), plan, nil, nil); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		table, rates := w.metrics()
		key := "channel || '|' || coalesce(scenario_id, '') || '|' || kind"
		for _, x := range []struct {
			name, query string
			want        []string
		}{
			{"metrics", "select period_start::varchar, " + key + ", stage, messages, delivered, opened, clicked, unsubscribed, complained, bounced, orders_attributed, revenue_attributed, ordered, machine_opened, bot_clicked, not_sent, " +
				"staged, moved_up, moved_down, ripe, orders_ripe from analytics.metrics", table},
			{"rates", "select " + key + ", stage, bucket, messages, delivered, ripe, opened, fast_opened, clicked, unsubscribed, order_ripe, ordered, orders, revenue_minor " +
				"from analytics.red_message_rates r join analytics.red_message_cells k using (cell)", rates},
			{"attribution", "select coalesce(" + key + ", 'all'), orders_half, orders, orders_double, revenue_half, revenue, revenue_double from analytics.red_attribution left join analytics.red_message_cells using (cell)", w.attribution()},
			{"reach", "select case scope when 'channel' then 'channel|' || channel when 'family' then 'family|' || channel || '|' || kind when 'scenario' then 'scenario|' || " + key +
				" else 'stage|' || " + key + " || '|' || case stage when 'unknown' then '0' else right(stage, 1) end end, customers from analytics.red_message_reach join analytics.red_message_cells using (cell)", w.reach()},
		} {
			got := rowsOf(t, db, x.query)
			slices.Sort(got)
			if d := diff.Diff(x.want, got); d != "" {
				t.Fatalf("world %d: %s (-want +got):\n%.3000s", seed, x.name, d)
			}
			seen[x.name] += len(got)
		}
		// By period, by week and by stage the same messages are counted.
		for _, x := range []string{
			"select sum(messages), sum(delivered), sum(ripe), sum(opened), sum(ordered) from analytics.red_metric_periods except select sum(messages), sum(delivered), sum(ripe), sum(opened), sum(ordered) from analytics.red_message_rates",
			"select cell, stage, sum(messages), sum(delivered), sum(bounced), sum(ripe), sum(opened), sum(clicked), sum(unsubscribed), sum(complained), sum(order_ripe), sum(ordered) from analytics.red_message_weeks group by all " +
				"except select cell, stage, sum(messages), sum(delivered), sum(bounced), sum(ripe), sum(opened), sum(clicked), sum(unsubscribed), sum(complained), sum(order_ripe), sum(ordered) from analytics.red_message_rates group by all",
		} {
			if rows := rowsOf(t, db, x); len(rows) > 0 {
				t.Fatalf("world %d: %v from %s", seed, rows, x)
			}
		}
	}
	t.Logf("%d worlds, rows compared: %v", *metricWorlds, seen)
	for name, n := range seen {
		if *metricWorlds >= 10 && n < 100 {
			t.Errorf("the worlds exercise too little: %d rows of %s", n, name)
		}
	}
}
