package duck

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"crmaudit/queries"

	gocmp "github.com/google/go-cmp/cmp"
)

// The SQL of the scenario map joins ranges, packs keys and looks at spans. Here the same is done the slow way: every customer in every hour, every entry with every
// message. Random worlds must agree. They hold what goes wrong in practice: entries that overlap or touch, exits before entries, none, and after the data, control
// arms, messages without entry ids and of nobody's entry, chains without enrolments, campaigns, goals in the hour of the entry and of the exit, opt-outs.
//
//	go test ./analytics/duck -run TestScenarioMapOracle -worlds 300

type smEntry struct {
	ck, sk        int
	id            string // "" = none
	entered, exit int    // hours since the first loaded day; exit < 0: none
	arm           string
}

type smMessage struct {
	mk, ck, sk    int // sk 0: no scenario
	id, step, how string
	hour          int
	kind          string
	left          bool // unsubscribed through it, at once
	clicked       bool
}

type smStage struct{ ck, st, from, to int } // days

type smGoal struct {
	ck, hour int
	visit    bool // goal event of scenario 1; else an order
}

type smWorld struct {
	days, from, to, customers int
	horizon, gap              int
	entries                   []smEntry
	messages                  []smMessage
	stages                    []smStage
	goals                     []smGoal
}

// Scenario 1: enrolments, no window, goal visit, steps defined. 2: enrolments, window of 5 days. 3: messages only. 4: a campaign. 5: messages only, window of 3 days.
const smScenarios = 5

var smWindow = map[int]int{2: 5, 5: 3}

const smDay0 = 20000

func randomMapWorld(r *rand.Rand) *smWorld {
	w := &smWorld{days: 40 + r.IntN(20), customers: 5, horizon: pick(r, 2, 5, 10, 20), gap: pick(r, 2, 4)}
	w.from = r.IntN(10)
	w.to = w.days - r.IntN(6)
	hours := w.days * 24
	for ck := 1; ck <= w.customers; ck++ {
		for sk := 1; sk <= 2; sk++ {
			at := r.IntN(10 * 24)
			for n := range r.IntN(6) {
				e := smEntry{ck: ck, sk: sk, entered: at, exit: at + r.IntN(8*24), arm: pick(r, "", "treated", "treated", "Control")}
				switch r.IntN(6) {
				case 0:
					e.exit = -1
				case 1:
					e.exit = max(0, at-5) // before the entry, or the entry at hour 0
				}
				if r.IntN(2) == 0 {
					e.id = fmt.Sprintf("e%d", n)
				}
				if e.entered >= hours {
					break
				}
				w.entries = append(w.entries, e)
				at += pick(r, 1, 24, 3*24, r.IntN(8*24)+1, max(e.exit-at, 1))
			}
		}
		for range r.IntN(40) {
			sk := r.IntN(smScenarios + 1)
			m := smMessage{mk: len(w.messages) + 1, ck: ck, sk: sk, hour: r.IntN(hours), kind: pick(r, "trigger", "trigger", "transactional", ""), left: r.IntN(40) == 0,
				clicked: r.IntN(3) == 0, step: pick(r, "a", "b", "c", ""), how: pick(r, "t1", "t2", "")}
			if sk == 4 || sk != 1 && r.IntN(12) == 0 {
				m.kind = "bulk"
			}
			if sk > 0 && r.IntN(3) > 0 {
				m.id = fmt.Sprintf("e%d", r.IntN(4))
			}
			if sk == 3 && r.IntN(2) == 0 {
				m.id = ""
			}
			if n := len(w.entries); n > 0 && r.IntN(4) == 0 { // near an entry
				m.hour = min(hours-1, w.entries[r.IntN(n)].entered+r.IntN(3))
			}
			w.messages = append(w.messages, m)
		}
		for range r.IntN(10) {
			g := smGoal{ck: ck, hour: r.IntN(hours), visit: r.IntN(2) == 0}
			if n := len(w.entries); n > 0 && r.IntN(3) == 0 {
				g.hour = min(hours-1, max(0, pick(r, w.entries[n-1].entered, w.entries[n-1].exit)))
			}
			w.goals = append(w.goals, g)
		}
		for from, st := w.from+r.IntN(4), 1+r.IntN(2); from < w.to; st = 3 - st {
			to := from + 1 + r.IntN(12)
			w.stages = append(w.stages, smStage{ck, st, from, to})
			from = to
		}
	}
	// The history ends with the last message, so that its last day is a day of data.
	return w
}

func smBucket(ck int) int { return ck * 19 % 100 }

func (w *smWorld) load(t *testing.T, db *DB) {
	insert := map[string][]string{}
	add := func(table, format string, args ...any) {
		insert[table] = append(insert[table], fmt.Sprintf(format, args...))
	}
	at := func(hour int) string { return fmt.Sprintf("make_timestamp(%d * 3600000000::bigint)", smDay0*24+hour) }
	text := func(s string) string {
		if s == "" {
			return "NULL"
		}
		return "'" + s + "'"
	}
	add("core.cfg_audit", "(%d, %d, %d, %d, 86400, %d, %d)", smDay0+w.from, smDay0+w.to, (smDay0+w.from)*86400, (smDay0+w.to)*86400, w.gap, w.horizon)
	add("core.history", "(%d, %d)", smDay0, smDay0+w.days-1)
	add("core.cfg_scenarios", "(1, 's1', NULL, 'visit')")
	add("core.cfg_scenarios", "(2, 's2', %d, 'order')", smWindow[2])
	add("core.cfg_scenarios", "(3, 's5', %d, NULL)", smWindow[5])
	add("core.cfg_scenario_steps", "('s1', 1, 'b', 0)")
	add("core.cfg_scenario_steps", "('s1', 2, 'a', 3600)")
	add("core.cfg_scenario_steps", "('s1', 3, 'never', 7200)")
	add("core.cfg_order_events", "('order')")
	add("core.cfg_scenario_stages", "('s1', 'A')")
	add("core.cfg_scenario_stages", "('s3', 'B')")
	add("scenarios.fct_stages", "(1, 'A')")
	add("scenarios.fct_stages", "(2, 'B')")
	for d := range w.days {
		add("lifecycle.fct_days", "(%d, %d)", smDay0+d, d/7)
	}
	for p := range w.days/7 + 1 {
		add("lifecycle.fct_grid", "(%d, %d, %d)", p, smDay0+7*p, smDay0+7*p+7)
	}
	for ck := 1; ck <= w.customers; ck++ {
		add("core.customers", "(%d, %d)", ck, smBucket(ck))
	}
	for i, e := range w.entries {
		exited, day := "NULL", "NULL"
		if e.exit >= 0 {
			exited, day = at(e.exit), fmt.Sprint(smDay0+e.exit/24)
		}
		add("core.enrolments", "(%d, %d, 's%d', %s, %s, %d, %s, %s, NULL, %s)", i+1, e.ck, e.sk, text(e.id), at(e.entered), smDay0+e.entered/24, exited, day, text(e.arm))
	}
	for _, m := range w.messages {
		scenario, left, clicked := "NULL", "NULL", "NULL"
		if m.sk > 0 {
			scenario = fmt.Sprintf("'s%d'", m.sk)
		}
		if m.left {
			left = at(m.hour)
		}
		if m.clicked {
			clicked = fmt.Sprint(smDay0 + m.hour/24)
		}
		add("core.messages", "(%d, %d, 'email', %s, %s, %s, %s, %s, %s, %d, %s, NULL, %s, false, NULL, NULL)", m.mk, m.ck, scenario, text(m.step), text(m.id), text(m.how), text(m.kind), at(m.hour), smDay0+m.hour/24, left, clicked)
	}
	for _, g := range w.goals {
		if g.visit {
			add("core.events", "(%d, 'visit', %s)", g.ck, at(g.hour))
		} else {
			add("core.orders", "(%d, %s, %d, 100)", g.ck, at(g.hour), smDay0+g.hour/24)
		}
	}
	for _, s := range w.stages {
		add("scenarios.fct_stage_days", "(%d, %d, %d, %d, %d)", s.ck, smBucket(s.ck), s.st, smDay0+s.from, smDay0+s.to)
	}
	ddl := map[string]string{
		"core.cfg_audit":           "from_day bigint, to_day bigint, from_sec bigint, to_sec bigint, collision_seconds bigint, entry_gap_days bigint, handover_days bigint",
		"core.history":             "first_day integer, last_day integer",
		"core.cfg_scenarios":       "position bigint, scenario_id varchar, window_days bigint, goal_event varchar",
		"core.cfg_scenario_steps":  "scenario_id varchar, position bigint, step_id varchar, after_seconds bigint",
		"core.cfg_scenario_stages": "scenario_id varchar, stage varchar",
		"core.cfg_order_events":    "name varchar",
		"core.customers":           "ck integer, bucket integer",
		"core.enrolments":          "ek bigint, ck integer, scenario_id varchar, entry_id varchar, entered_at timestamp, entered_day integer, exited_at timestamp, exited_day integer, exit_reason varchar, arm varchar",
		"core.messages":            "mk bigint, ck integer, channel varchar, scenario_id varchar, step_id varchar, entry_id varchar, template_id varchar, kind varchar, sent_at timestamp, sent_day integer, unsubscribed_at timestamp, complained_at timestamp, clicked_day integer, bot_click boolean, not_sent_at timestamp, not_sent_reason varchar",
		"core.orders":              "ck integer, occurred_at timestamp, day integer, revenue_minor bigint",
		"core.events":              "ck integer, name varchar, occurred_at timestamp",
		"lifecycle.fct_days":       "day integer, period integer",
		"lifecycle.fct_grid":       "period integer, start_day integer, end_day integer",
		"scenarios.fct_stages":     "st integer, stage varchar",
		"scenarios.fct_stage_days": "ck integer, bucket integer, st integer, from_day integer, to_day integer",
	}
	exec := func(q string) {
		if _, err := db.pool.ExecContext(context.Background(), q); err != nil {
			t.Fatalf("%v in %.300s", err, q)
		}
	}
	for _, schema := range []string{"core", "lifecycle", "scenarios"} {
		exec("create schema if not exists " + schema)
	}
	for table, columns := range ddl {
		exec("create or replace table " + table + " (" + columns + ")")
		if rows := insert[table]; len(rows) > 0 {
			exec("insert into " + table + " values " + strings.Join(rows, ", "))
		}
	}
}

// smPassage is an entry as the block sees it: derived ones included.
type smPassage struct {
	smEntry
	out, uncut     int // hour of the exit, by whatever rule; before the end of the data cuts it
	known, control bool
	derived        bool
	bulk           int // key of the message that it is, 0 for none
	messages       []smMessage
}

// before tells which of two entries in one hour hands the messages that say no entry to the other: the order of their keys.
func (p smPassage) before(o smPassage) bool {
	switch {
	case p.bulk > 0 || o.bulk > 0:
		return p.bulk > o.bulk
	case p.uncut != o.uncut:
		return p.uncut < o.uncut
	}
	return p.id != "" && (o.id == "" || o.id > p.id)
}

func (w *smWorld) hours() int { return w.days * 24 }

// enrolled and campaign repeat fct_scenarios.
func (w *smWorld) enrolled(sk int) bool {
	return slices.ContainsFunc(w.entries, func(e smEntry) bool { return e.sk == sk })
}

func (w *smWorld) messaged(sk int) bool {
	return slices.ContainsFunc(w.messages, func(m smMessage) bool { return m.sk == sk })
}

func (w *smWorld) campaign(sk int) bool {
	bulk, all := 0, 0
	for _, m := range w.messages {
		if m.sk == sk {
			all++
			if m.kind == "bulk" {
				bulk++
			}
		}
	}
	return !w.enrolled(sk) && 2*bulk > all
}

// passages lists every entry with its exit.
func (w *smWorld) passages() []smPassage {
	var out []smPassage
	for _, e := range w.entries {
		p := smPassage{smEntry: e, control: strings.EqualFold(e.arm, "control")}
		p.known = e.exit >= e.entered && e.exit <= w.hours()
		switch window := smWindow[e.sk]; {
		case e.exit >= e.entered:
			p.out = e.exit // cut below when it lies after the data
		case window > 0:
			p.out = e.entered + 24*window
		default:
			p.out = e.entered + 24
			if !p.control {
				p.out = w.lastMessage(e) + 24
			}
		}
		out = append(out, p)
	}
	for sk := 1; sk <= smScenarios; sk++ {
		if w.enrolled(sk) {
			continue
		}
		for ck := 1; ck <= w.customers; ck++ {
			byID := map[string][]int{}
			var loose []int
			for _, m := range w.messages {
				switch {
				case m.ck != ck || m.sk != sk:
				case m.kind == "bulk":
					out = append(out, smPassage{smEntry: smEntry{ck: ck, sk: sk, id: m.id, entered: m.hour}, out: m.hour + 24, derived: true, bulk: m.mk})
				case m.id != "":
					byID[m.id] = append(byID[m.id], m.hour)
				default:
					loose = append(loose, m.hour)
				}
			}
			add := func(id string, hours []int) {
				slices.Sort(hours)
				p := smPassage{smEntry: smEntry{ck: ck, sk: sk, id: id, entered: hours[0]}, out: hours[len(hours)-1] + 24, derived: true}
				if window := smWindow[sk]; window > 0 {
					p.out = p.entered + 24*window
				}
				out = append(out, p)
			}
			for id, hours := range byID {
				add(id, hours)
			}
			slices.Sort(loose)
			for len(loose) > 0 {
				n := 1
				for n < len(loose) && loose[n]-loose[n-1] < 24*w.gap {
					n++
				}
				add("", loose[:n])
				loose = loose[n:]
			}
		}
	}
	for i := range out {
		out[i].uncut, out[i].out = out[i].out, max(out[i].entered, min(out[i].out, w.hours()))
	}
	return out
}

// lastMessage is the hour of the last message of an entry without an exit and window, its own hour when there is none. Messages without an id, or of an entry without
// one, belong to the last such entry before them.
func (w *smWorld) lastMessage(e smEntry) int {
	last := e.entered
	for _, m := range w.messages {
		if m.ck != e.ck || m.sk != e.sk || m.hour < e.entered {
			continue
		}
		if m.id != "" && m.id == e.id {
			last = max(last, m.hour)
		}
		if m.id == "" || e.id == "" {
			later := slices.ContainsFunc(w.entries, func(o smEntry) bool {
				open := o.exit < o.entered && !strings.EqualFold(o.arm, "control")
				return open && o.ck == e.ck && o.sk == e.sk && o.entered > e.entered && o.entered <= m.hour
			})
			if !later {
				last = max(last, m.hour)
			}
		}
	}
	return last
}

type smSpan struct{ ck, sk, from, to int }

// spans marks every hour and reads off the runs.
func (w *smWorld) spans(passages []smPassage) []smSpan {
	var out []smSpan
	for ck := 1; ck <= w.customers; ck++ {
		for sk := 1; sk <= smScenarios; sk++ {
			active := make([]bool, w.hours()+1)
			for _, p := range passages {
				if p.ck == ck && p.sk == sk && !p.control {
					for h := p.entered; h < p.out; h++ {
						active[h] = true
					}
				}
			}
			for h := 0; h < w.hours(); h++ {
				if active[h] {
					s := smSpan{ck, sk, h, h}
					for h < w.hours() && active[h] {
						h++
					}
					s.to = h
					out = append(out, s)
				}
			}
		}
	}
	return out
}

func (w *smWorld) stage(ck, day int) string {
	for _, s := range w.stages {
		if s.ck == ck && day >= s.from && day < s.to {
			return string(rune('A' + s.st - 1))
		}
	}
	return ""
}

func (w *smWorld) ageOf(days int) int {
	age := 1
	for _, end := range []int{1, 3, 7, 14} {
		if days > end {
			age++
		}
	}
	return age
}

// optedOut is the hour of the first opt-out, -1 for none.
func (w *smWorld) optedOut(ck int) int {
	first := -1
	for _, m := range w.messages {
		if m.ck == ck && m.left && (first < 0 || m.hour < first) {
			first = m.hour
		}
	}
	return first
}

func (w *smWorld) goal(ck, sk, hour int) bool {
	return slices.ContainsFunc(w.goals, func(g smGoal) bool { return g.ck == ck && g.hour == hour && (!g.visit || sk == 1) })
}

// tables is what the models must return.
func (w *smWorld) tables() map[string][]string {
	out := map[string][]string{}
	add := func(table, format string, args ...any) { out[table] = append(out[table], fmt.Sprintf(format, args...)) }
	passages := w.passages()
	sec := func(hour int) int { return (smDay0*24 + hour) * 3600 }
	for _, p := range passages {
		add("entries", "%d|s%d|%d|%d|%v|%v|%v", p.ck, p.sk, sec(p.entered), sec(p.out), p.known, p.derived, p.control)
	}
	spans := w.spans(passages)
	for _, s := range spans {
		add("active", "%d|s%d|%d|%d", s.ck, s.sk, sec(s.from), sec(s.to))
	}
	w.after(spans, add)
	w.entriesOf(passages, spans, add)
	w.steps(passages, add)
	return out
}

// after walks hour by hour from every exit.
func (w *smWorld) after(spans []smSpan, add func(string, string, ...any)) {
	exits, pairs := map[string]int{}, map[string][3]int{}
	for _, x := range spans {
		if w.campaign(x.sk) || x.to < 24*w.from || x.to >= 24*w.to {
			continue
		}
		stage := w.stage(x.ck, x.to/24)
		if stage == "" {
			stage = "unknown"
		}
		optedOut := w.optedOut(x.ck)
		achieved := false
		for h := x.from + 1; h <= x.to; h++ {
			achieved = achieved || w.goal(x.ck, x.sk, h)
		}
		outcome, age := "none", 0
		followed := map[int]bool{}
		first := 0
		for h := x.to; h < x.to+24*w.horizon; h++ {
			next := 0
			for _, s := range spans {
				if s.ck == x.ck && s.from == h && !w.campaign(s.sk) {
					followed[s.sk] = true
					if next == 0 || s.sk < next {
						next = s.sk
					}
				}
			}
			if first == 0 {
				first = next
			}
			message := slices.ContainsFunc(w.messages, func(m smMessage) bool {
				return m.ck == x.ck && m.hour == h && m.sk != x.sk && (m.kind == "trigger" || m.kind == "") && (m.sk == 0 || !w.campaign(m.sk))
			})
			if outcome != "none" {
				continue
			}
			switch {
			case h > x.to && w.goal(x.ck, x.sk, h):
				outcome = "goal"
			case next > 0:
				outcome = "next"
			case message:
				outcome = "message"
			case h > x.to && optedOut == h:
				outcome = "opt_out"
			}
			if outcome != "none" {
				age = w.ageOf((h-x.to-1)/24 + 1)
				if h == x.to {
					age = 1
				}
			}
		}
		seen := min(w.horizon, (w.hours()-x.to)/24)
		full := 0 // intervals loaded in full
		if seen == w.horizon {
			full = w.ageOf(w.horizon)
		} else {
			for _, end := range []int{1, 3, 7, 14} {
				if seen >= end {
					full++
				}
			}
		}
		if outcome == "none" || age > full { // what came in an interval that others were not followed to the end of
			outcome, age = "none", full
		}
		if optedOut >= 0 && optedOut <= x.to {
			outcome, age = "opted_out", 0
		}
		if achieved {
			outcome, age = "achieved", 0
		}
		exits[fmt.Sprintf("s%d|%s|%d|%s|%d", x.sk, stage, age, outcome, smBucket(x.ck)/2)]++
		if seen < w.horizon {
			continue
		}
		count := func(to string, exits, followed, first int) {
			k := fmt.Sprintf("s%d|%s|%d", x.sk, to, smBucket(x.ck)/4)
			c := pairs[k]
			pairs[k] = [3]int{c[0] + exits, c[1] + followed, c[2] + first}
		}
		any := min(1, len(followed))
		count("", 1, any, any)
		for sk := range followed {
			if sk == first {
				count(fmt.Sprintf("s%d", sk), 0, 1, 1)
			} else {
				count(fmt.Sprintf("s%d", sk), 0, 1, 0)
			}
		}
	}
	for k, n := range exits {
		add("exits", "%s|%d", k, n)
	}
	for k, c := range pairs {
		add("handovers", "%s|%d|%d|%d", k, c[0], c[1], c[2])
	}
}

func (w *smWorld) inWindow(day int) bool { return day >= w.from && day < w.to }

func (w *smWorld) entriesOf(passages []smPassage, spans []smSpan, add func(string, string, ...any)) {
	type row struct{ customers, entries, re, controls, known, derived, seconds, stage, changed, after int }
	rows := map[string]*row{}
	at := func(sk, ck int) *row {
		k := fmt.Sprintf("s%d|%d", sk, smBucket(ck))
		if rows[k] == nil {
			rows[k] = &row{}
		}
		return rows[k]
	}
	entered := map[[2]int]bool{}
	for _, p := range passages {
		r := at(p.sk, p.ck)
		if !w.inWindow(p.entered / 24) {
			continue
		}
		if p.control {
			r.controls++
			continue
		}
		r.entries++
		entered[[2]int{p.sk, p.ck}] = true
		if p.known {
			r.known++
		}
		if p.derived {
			r.derived++
		}
		if w.campaign(p.sk) {
			continue
		}
		a, b := w.stage(p.ck, p.entered/24), w.stage(p.ck, p.entered/24+w.horizon)
		if a != "" && b != "" {
			r.stage++
			if a != b {
				r.changed++
			}
		}
		day := p.entered / 24
		if slices.ContainsFunc(w.goals, func(g smGoal) bool { return !g.visit && g.ck == p.ck && (g.hour/24 == day || g.hour/24 == day-1) }) {
			r.after++
		}
	}
	for k := range entered {
		r := at(k[0], k[1])
		r.customers++
		// All entries but the very first one ever.
		earlier, own := false, 0
		for _, p := range passages {
			if p.sk == k[0] && p.ck == k[1] && !p.control {
				earlier = earlier || p.entered/24 < w.from
				if w.inWindow(p.entered / 24) {
					own++
				}
			}
		}
		r.re += own
		if !earlier {
			r.re--
		}
	}
	for _, s := range spans {
		for h := s.from; h < s.to; h++ {
			if w.inWindow(h / 24) {
				at(s.sk, s.ck).seconds += 3600
			}
		}
	}
	for k, r := range rows {
		add("red_entries", "%s|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d", k, r.customers, r.entries, r.re, r.controls, r.known, r.derived, r.after, r.seconds, r.stage, r.changed)
	}
}

// smStep is a step with the sum of its delays in seconds.
type smStep struct {
	name     string
	delay, n int
}

// steps gives every message to its entries and counts how far they got.
func (w *smWorld) steps(passages []smPassage, add func(string, string, ...any)) {
	seen := map[int]map[string]*smStep{}
	var mine []smPassage
	for _, p := range passages {
		if w.campaign(p.sk) || p.control || !w.inWindow(p.entered/24) {
			continue
		}
		next := 1 << 30
		for _, o := range passages {
			if o.ck == p.ck && o.sk == p.sk && o.entered > p.entered {
				next = min(next, o.entered)
			}
			if o.ck == p.ck && o.sk == p.sk && o.entered == p.entered && p.before(o) {
				next = p.entered
			}
		}
		for _, m := range w.messages {
			if m.ck == p.ck && m.sk == p.sk && (m.id != "" && m.id == p.id || (m.id == "" || p.id == "") && m.hour >= p.entered && m.hour < next) {
				p.messages = append(p.messages, m)
			}
		}
		sort.Slice(p.messages, func(i, j int) bool {
			a, b := p.messages[i], p.messages[j]
			return a.hour < b.hour || a.hour == b.hour && a.mk < b.mk
		})
		for i := range p.messages {
			m := &p.messages[i]
			if m.step == "" {
				m.step = m.how
			}
			if m.step == "" {
				m.step = fmt.Sprintf("#%d", min(i+1, 20))
			}
			if seen[p.sk] == nil {
				seen[p.sk] = map[string]*smStep{}
			}
			if seen[p.sk][m.step] == nil {
				seen[p.sk][m.step] = &smStep{name: m.step}
			}
			s := seen[p.sk][m.step]
			s.delay += (m.hour - p.entered) * 3600
			s.n++
		}
		mine = append(mine, p)
	}
	place := map[int]map[string]int{}
	for sk := 1; sk <= smScenarios; sk++ {
		var order []*smStep
		defined := 0
		if sk == 1 {
			order = []*smStep{{name: "b"}, {name: "a"}, {name: "never"}}
			defined = len(order)
		}
		var rest []*smStep
		for _, s := range seen[sk] {
			if !slices.ContainsFunc(order, func(o *smStep) bool { return o.name == s.name }) {
				rest = append(rest, s)
			}
		}
		sort.Slice(rest, func(i, j int) bool {
			a, b := rest[i].delay/rest[i].n, rest[j].delay/rest[j].n
			return a < b || a == b && rest[i].name < rest[j].name
		})
		place[sk] = map[string]int{}
		for i, s := range append(order, rest...) {
			place[sk][s.name] = i + 1
			if w.campaign(sk) {
				continue
			}
			add("steps", "s%d|%d|%s|%v|%v", sk, i+1, s.name, i < defined, seen[sk][s.name] != nil)
		}
	}
	depth := map[string]int{}
	got := map[string][3]int{}
	for _, p := range mine {
		finished := (p.known || p.out+24*(w.gap-1) <= w.hours()) && p.entered*3600+w.whole(p.sk, passages, seen[p.sk]) <= w.hours()*3600
		last := 0
		steps := map[int]bool{}
		for _, m := range p.messages {
			at := place[p.sk][m.step]
			last = max(last, at)
			steps[at] = true
			k := fmt.Sprintf("s%d|%d|%d", p.sk, at, smBucket(p.ck))
			c := got[k]
			c[0]++
			got[k] = c
		}
		for at := range steps {
			k := fmt.Sprintf("s%d|%d|%d", p.sk, at, smBucket(p.ck))
			c := got[k]
			c[1]++
			if finished {
				c[2]++
			}
			got[k] = c
		}
		if !finished || !w.messaged(p.sk) {
			continue
		}
		ended := "other"
		if o := w.optedOut(p.ck); o >= 0 && o <= p.out {
			ended = "opt_out"
		}
		for h := p.entered + 1; h <= p.out; h++ {
			if w.goal(p.ck, p.sk, h) {
				ended = "goal"
			}
		}
		depth[fmt.Sprintf("s%d|%d|%s|%d", p.sk, last, ended, smBucket(p.ck))]++
	}
	for k, n := range depth {
		add("depth", "%s|%d", k, n)
	}
	for k, c := range got {
		add("red_steps", "%s|%d|%d|%d", k, c[0], c[1], c[2])
	}
}

// whole is how many seconds a passage through the chain takes, from the mean delays of its steps.
func (w *smWorld) whole(sk int, passages []smPassage, steps map[string]*smStep) int {
	most, last, entries, known := 0, 0, 0, 0
	for _, s := range steps {
		most = max(most, s.n)
	}
	for _, s := range steps {
		if 10*s.n >= most {
			last = max(last, s.delay/s.n)
		}
	}
	for _, p := range passages {
		if p.sk == sk && !p.control {
			entries++
			if p.known {
				known++
			}
		}
	}
	if 2*known >= entries {
		return last + 24*3600
	}
	return last + w.gap*24*3600
}

func TestScenarioMapOracle(t *testing.T) {
	catalog, err := queries.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"entries": "select e.ck, s.scenario_id, entered_sec, exited_sec, exit_known, derived, control from scenarios.fct_entries e join scenarios.fct_scenarios s using (sk)" +
			" union all select m.ck, s.scenario_id, m.sec, greatest(m.sec, least(m.sec + 86400, w.end_sec)), false, true, false from scenarios.fct_messages m join scenarios.fct_scenarios s using (sk), scenarios.fct_window w where m.campaign",
		// The days of campaigns may touch; here they are put together.
		"active": `select ck, scenario_id, min(from_sec), max(to_sec) from (
			select *, count(case when begins then 1 end) over (partition by ck, sk order by from_sec) as island from (
				select *, coalesce(lag(to_sec) over (partition by ck, sk order by from_sec) < from_sec, true) as begins from (
					select ck, sk, from_sec, to_sec from scenarios.fct_active union all select ck, sk, from_sec, to_sec from scenarios.fct_campaign_days)))
			join scenarios.fct_scenarios using (sk) group by ck, scenario_id, island`,
		"exits":       "select scenario_id, stage, age, outcome, bucket, n from scenarios.red_exits",
		"handovers":   "select from_scenario, to_scenario, bucket, exits, followed, first from scenarios.red_handovers",
		"red_entries": "select scenario_id, bucket, customers, entries, reentries, controls, recorded_exits, derived, after_order, active_seconds, stage_known, stage_changed from scenarios.red_entries",
		"steps":       "select scenario_id, position, step_id, t.defined, observed from scenarios.fct_steps t join scenarios.fct_scenarios s using (sk)",
		"depth":       "select scenario_id, last_position, ended, bucket, n from scenarios.red_step_depth",
		"red_steps":   "select scenario_id, position, bucket, messages, entries, finished from scenarios.red_steps where messages > 0",
	}
	given := []string{"scenarios.fct_stages", "scenarios.fct_stage_days", "lifecycle.fct_days", "lifecycle.fct_grid"}
	models := slices.Clone(catalog)
	for i := range models {
		if slices.Contains(given, models[i].Table) {
			models[i].DDL, models[i].Reads = true, nil
		}
	}
	models, err = queries.Plan(models, "scenarios.red_exits", "scenarios.red_handovers", "scenarios.red_entries", "scenarios.red_steps", "scenarios.red_step_depth")
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, Options{Models: catalog, Threads: 2})
	found := map[string]int{}
	for seed := range *worldsFlag {
		w := randomMapWorld(rand.New(rand.NewPCG(uint64(seed), 29)))
		w.load(t, db)
		if err := db.Build(context.Background(), models, nil, nil); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		want := w.tables()
		for table, text := range texts {
			got := rowsOf(t, db, text)
			slices.Sort(got)
			slices.Sort(want[table])
			if diff := gocmp.Diff(want[table], got); diff != "" {
				t.Fatalf("world %d (window %d to %d of %d days, horizon %d, gap %d): %s (-want +got):\n%s", seed, w.from, w.to, w.days, w.horizon, w.gap, table, diff)
			}
			found[table] += len(got)
		}
	}
	for table := range texts {
		if found[table] == 0 {
			t.Errorf("no world has rows of %s", table)
		}
	}
}
