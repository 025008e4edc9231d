package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"crmaudit/analytics"
	"crmaudit/scenarios/overlap"
)

// What the scenario models need to know and audit.yaml has no key for.
const (
	entryGapDays = 14 // without enrolments and entry ids, messages of one scenario closer than this are one passage
	handoverDays = 30 // an entry within so many days after an exit is a hand-over (H of statistics 2.5)
)

// scenarios is the definitions for the blocks.
func (c *config) scenarios() []analytics.Scenario {
	var out []analytics.Scenario
	for _, s := range c.Scenarios {
		d := analytics.Scenario{
			ID: s.ID, Name: s.Name, Role: s.Role, Trigger: s.Trigger, Priority: s.Priority, WindowDays: s.WindowDays,
			Channels: slices.Clone(s.Channels), Next: slices.Clone(s.Next), Stages: slices.Clone(s.Stages),
		}
		if s.Goal != nil {
			d.GoalEvent, d.GoalDays = s.Goal.Event, s.Goal.WithinDays
		}
		for _, step := range s.Steps {
			after, _ := parseDuration(step.After) // validate has checked it
			d.Steps = append(d.Steps, analytics.ScenarioStep{ID: step.ID, After: after})
		}
		out = append(out, d)
	}
	return out
}

// definitions is the lists of audit.yaml that models join: scenarios, caps and the borders of the audit. Written in every run.
func (c *config) definitions() []analytics.Table {
	scenarios := analytics.Table{Name: "core.cfg_scenarios", Columns: []string{"position", "scenario_id", "name", "role", "trigger", "priority", "window_days", "goal_event", "goal_days"}}
	steps := analytics.Table{Name: "core.cfg_scenario_steps", Columns: []string{"scenario_id", "position", "step_id", "after_seconds"}}
	links := analytics.Table{Name: "core.cfg_scenario_links", Columns: []string{"scenario_id", "next_id"}}
	stages := analytics.Table{Name: "core.cfg_scenario_stages", Columns: []string{"scenario_id", "stage"}}
	channels := analytics.Table{Name: "core.cfg_scenario_channels", Columns: []string{"scenario_id", "channel"}}
	pairs := func(t *analytics.Table, id string, values []string) {
		for _, v := range slices.Compact(slices.Sorted(slices.Values(values))) {
			t.Rows = append(t.Rows, []any{id, v})
		}
	}
	for i, s := range c.scenarios() {
		row := []any{int64(i + 1), s.ID, s.Name, text(s.Role), text(s.Trigger), whole(s.Priority), whole(s.WindowDays), text(s.GoalEvent), nil}
		if s.GoalDays > 0 {
			row[8] = int64(s.GoalDays)
		}
		scenarios.Rows = append(scenarios.Rows, row)
		for j, step := range s.Steps {
			steps.Rows = append(steps.Rows, []any{s.ID, int64(j + 1), step.ID, int64(step.After / time.Second)})
		}
		pairs(&links, s.ID, s.Next)
		pairs(&stages, s.ID, s.Stages)
		pairs(&channels, s.ID, s.Channels)
	}
	caps := analytics.Table{Name: "core.cfg_caps", Columns: []string{"time_window", "channel", "cap"}}
	for _, w := range []struct {
		name string
		caps map[string]int
	}{{"day", c.Policy.MaxPerDay}, {"week", c.Policy.MaxPerWeek}} {
		for _, channel := range sortedKeys(w.caps) {
			caps.Rows = append(caps.Rows, []any{w.name, channel, int64(w.caps[channel])})
		}
	}
	orders := analytics.Table{Name: "core.cfg_order_events", Columns: []string{"name"}}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(c.Lifecycle.WithDefaults().OrderEvents))) {
		orders.Rows = append(orders.Rows, []any{name})
	}
	return append([]analytics.Table{c.auditTable(), scenarios, steps, links, stages, channels, caps, orders, overlap.ReasonWords()}, c.segmentTables()...)
}

// auditTable is the one row of core.cfg_audit.
func (c *config) auditTable() analytics.Table {
	row := []any{dayNumber(c.Period.From), dayNumber(c.Period.To), c.midnight(c.Period.From).Unix(), c.midnight(c.Period.To).Unix(),
		int64(c.Decision.CollisionHours) * 3600, int64(entryGapDays), int64(handoverDays), nil, nil}
	if q := c.Policy.QuietHours; q != nil {
		row[7], row[8] = minuteOf(q.From), minuteOf(q.To)
	}
	return analytics.Table{
		Name:    "core.cfg_audit",
		Columns: []string{"from_day", "to_day", "from_sec", "to_sec", "collision_seconds", "entry_gap_days", "handover_days", "quiet_from_minute", "quiet_to_minute"},
		Rows:    [][]any{row},
	}
}

// dayNumber is a day of the configuration as days since 1970-01-01.
func dayNumber(day string) int64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0 // validate has refused it
	}
	return t.Unix() / 86400
}

// minuteOf reads "22:30" as minutes after midnight.
func minuteOf(clock string) any {
	hour, minute, _ := strings.Cut(clock, ":")
	h, err1 := strconv.ParseInt(hour, 10, 64)
	m, err2 := strconv.ParseInt(minute, 10, 64)
	if err1 != nil || err2 != nil {
		return nil // validate has refused it
	}
	return h*60 + m
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func whole(n *int) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}
