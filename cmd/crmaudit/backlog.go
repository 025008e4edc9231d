package main

import (
	"context"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/backlog"
)

// backlogConfig is how the backlog weighs what is to be done.
type backlogConfig struct {
	Effort   map[string]int `yaml:"effort,omitempty"` // kind of finding -> 1 (a setting) to 5 (a project), instead of the block's own
	WeekCost float64        `yaml:"week_cost"`        // of a week of work, currency units; 0: unknown, cost is left out
	Parallel int            `yaml:"parallel"`         // hypotheses worked on or tested at once
}

func defaultBacklog() backlogConfig { return backlogConfig{Parallel: 3} }

func (b backlogConfig) validate(add func(path, format string, args ...any)) {
	kinds := append(analytics.Kinds(), analytics.MoreKinds()...)
	for kind, effort := range b.Effort {
		path := "backlog.effort." + kind
		switch {
		case !slices.Contains(kinds, kind) && analytics.Nearest(kind, kinds) != "":
			add(path, "%q is not a kind of finding, did you mean %q? allowed: %s", shorten(kind), analytics.Nearest(kind, kinds), strings.Join(kinds, ", "))
		case !slices.Contains(kinds, kind):
			add(path, "%q is not a kind of finding: allowed: %s", shorten(kind), strings.Join(kinds, ", "))
		case effort < 1 || effort > 5:
			add(path, "%d is out of range: allowed: 1 (a setting) to 5 (a project)", effort)
		}
	}
	if !(b.WeekCost >= 0 && b.WeekCost <= 1e9) {
		add("backlog.week_cost", "%v is out of range: allowed: 0 to 1000000000", b.WeekCost)
	}
	if b.Parallel < 1 || b.Parallel > 100 {
		add("backlog.parallel", "%d is out of range: allowed: 1 to 100", b.Parallel)
	}
}

// makeBacklog turns what the blocks found into the backlog. What it knows of customers as a whole is read only when the block of that name ran.
func (c *config) makeBacklog(ctx context.Context, src analytics.Source, result *finished, settings analytics.Settings, chosen []analytics.Block) (backlog.Backlog, error) {
	in := backlog.Input{
		Findings: result.findings, Settings: settings, OrderEvents: c.Lifecycle.OrderEvents, ScenarioGoals: map[string]string{}, Words: result.texts.Hypothesis, Refuted: result.texts.Refuted,
		Options: backlog.Options{Effort: c.Backlog.Effort, WeekCost: c.Backlog.WeekCost, Parallel: c.Backlog.Parallel},
	}
	for _, s := range c.Scenarios {
		if s.Goal != nil {
			in.ScenarioGoals[s.ID] = s.Goal.Event
		}
	}
	if slices.ContainsFunc(chosen, func(b analytics.Block) bool { return b.Name == "backlog" }) {
		base, err := backlog.Load(ctx, src)
		if err != nil {
			return backlog.Backlog{}, err
		}
		in.Base = base
	}
	return backlog.Make(in), nil
}
