package synth

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// auditYAML writes the configuration that audits the files of this world. Every text is quoted, so a name can hold anything.
func (w *world) auditYAML(files []FileTruth, format string) []byte {
	var b bytes.Buffer
	line := func(format string, args ...any) {
		fmt.Fprintf(&b, format, args...)
		b.WriteByte('\n')
	}
	list := func(items []string) string {
		quoted := make([]string, len(items))
		for i, s := range items {
			quoted[i] = plain(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	date := func(sec int64) string { return time.Unix(sec+zoneOffset, 0).UTC().Format(time.DateOnly) }
	from := date(w.start + burnIn*week)
	line("%s (seed %d, %d customers). What is wrong with it stands in truth.json.", signature, w.cfg.Seed, w.cfg.Customers)
	line("# Audit it: crmaudit run -c audit.yaml --out report")
	line("version: 1")
	line("name: %s", plain("Чайная лавка (выдуманная компания)"))
	line("# What is audited; the rows before it, from %s on, only feed recency and history.", date(w.start))
	line("period: {from: %s, to: %s}", from, date(w.end))
	line("grain: week")
	line("timezone: %s", Timezone)
	line("currency: RUB")
	line("language: ru")
	line("money: {margin: 0.35, message_cost: {email: 0.02, sms: 3.5, messenger: 1.2, push: 0, call: 40}}")
	line("goals: {revenue: [order], retention: [at_risk->active], second_order: [new->active]}")
	line("")
	line("sources:")
	seen := map[string]int{}
	for _, f := range files {
		seen[f.Input]++
	}
	var inputs []string
	for _, f := range files {
		if !slices.Contains(inputs, f.Input) {
			inputs = append(inputs, f.Input)
		}
	}
	for _, input := range inputs {
		path := input + "." + format
		if seen[input] > 1 || w.cfg.Customers > w.cfg.partSize && input != "templates" {
			path = input + "-*." + format
		}
		switch {
		case input == "order_items" && format == CSV && w.cfg.Dirty:
			line("  # Windows-1251, semicolons, decimal commas, local times: the shop system's own export.")
			line("  order_items: [{path: %s, encoding: windows-1251, delimiter: \";\", decimal_comma: true, time_format: \"%%d.%%m.%%Y %%H:%%M:%%S\", source_timezone: %s}]", path, Timezone)
		case input == "events" && w.cfg.Dirty:
			line("  events: [{path: %s, exclude: {name: [%s]}}]   # pings of the integration's own tests", path, pingName)
		case input == "stage_history":
			line("  stage_history: [{path: %s}]   # used by lifecycle: {source: recorded}", path)
		default:
			line("  %s: [{path: %s}]", input, path)
		}
	}
	line("max_reject_share: 0.01")
	line("")
	line("lifecycle:")
	line("  order_events: [order]")
	line("  activity_events: [session, product_view, cart_abandoned]")
	line("  history_complete: true   # the data begins with the company")
	line("  stages:   # first match wins, evaluated at the end of each week")
	for _, r := range stageRules() {
		line("    - {name: %s, when: %q}", r.Name, r.When)
	}
	line("")
	line("scenarios:")
	for i, s := range w.scenarios {
		if !w.present[i] || s.Undefined {
			continue
		}
		line("  - id: %s", s.ID)
		line("    name: %s", plain(s.Name))
		line("    role: %s", s.Role)
		line("    trigger: %s", plain(s.Trigger))
		line("    priority: %d   # higher wins", s.Priority)
		line("    channels: %s", list(s.Channels))
		if s.Window > 0 {
			line("    window_days: %d", s.Window)
		}
		if s.GoalDays > 0 {
			line("    goal: {event: order, within_days: %d}", s.GoalDays)
		}
		if len(s.Next) > 0 {
			line("    next: %s", list(s.Next))
		}
		if len(s.Stages) > 0 {
			line("    stages: %s", list(s.Stages))
		}
		if len(s.Steps) > 0 {
			var steps []string
			for _, step := range s.Steps {
				steps = append(steps, fmt.Sprintf("{id: %s, after: %dh}", step.ID, step.AfterHours))
			}
			line("    steps: [%s]", strings.Join(steps, ", "))
		}
		if i == scConcierge {
			line("    # defined, and never used")
		}
	}
	line("segments:")
	for _, s := range w.segments() {
		fields := "id: " + s.id + ", name: " + plain(s.name)
		if s.usedBy != nil {
			fields += ", used_by: " + list(s.usedBy)
		}
		if s.when != "" {
			fields += ", when: " + strconv.Quote(s.when)
		}
		line("  - {%s}", fields)
	}
	if w.level == levelNone { // the company keeps its own rules
		line("policy: {max_per_day: {any: %d}, quiet_hours: {from: \"22:00\", to: \"08:00\"}}", dailyCap)
	} else {
		line("policy: {max_per_day: {any: %d}, max_per_week: {any: %d, sms: 1}, quiet_hours: {from: \"22:00\", to: \"08:00\"}}", dailyCap-1, weeklyCap)
	}
	line("triggers: [{name: missed call gets a task, when: call_missed, expect: task_created, within: 15m}]")
	if slices.Contains(inputs, "assignments") {
		line("experiments:")
		for _, e := range w.exper {
			if !w.present[e.scenario] {
				continue
			}
			reference := "control"
			if e.Levels {
				reference = e.Second
			}
			line("  - {id: %s, reference: %s, outcomes: [order, revenue], within_days: %d}", e.ID, reference, effectWeeks*7)
		}
	}
	line("decision: {fdr: 0.05, level: 0.90, min_customers: 100, collision_hours: 24, equivalence: {order_rate: 0.01, ctr: 0.01, unsubscribe_rate: 0.002, revenue_per_customer: 0.05}}")
	return b.Bytes()
}

// plain writes a text as a YAML scalar: bare when it is a word, in double quotes otherwise (JSON's escapes are YAML's too).
func plain(s string) string {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r == '_') {
			return strconv.Quote(s)
		}
	}
	if s == "" || slices.Contains([]string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}, s) {
		return strconv.Quote(s)
	}
	return s
}
