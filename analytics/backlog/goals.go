package backlog

import (
	"maps"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// goal links a hypothesis to a business goal of audit.yaml (`goals:`, name -> events and moves): what its block says, else the goal that names its move, the stage that it moves customers out of, the event that its
// scenario wants, or the orders that its metric counts. Of several the first by name; "" when none fits.
func goal(h *analytics.Hypothesis, own string, in *Input) string {
	goals := in.Settings.Goals
	if _, ok := goals[own]; ok {
		return own
	}
	names := slices.Sorted(maps.Keys(goals))
	find := func(fits func(target string) bool) string {
		for _, name := range names {
			if slices.ContainsFunc(goals[name], fits) {
				return name
			}
		}
		return ""
	}
	move := func(target string) (from, to string, ok bool) {
		from, to, ok = strings.Cut(target, "->")
		return strings.TrimSpace(from), strings.TrimSpace(to), ok
	}
	if h.SubjectType == "transition" {
		a, b, _ := move(h.Subject)
		if g := find(func(t string) bool { from, to, ok := move(t); return ok && from == a && to == b }); g != "" {
			return g
		}
	}
	audience := audienceOf(h.SubjectType, h.Subject, "")
	if audience.Kind == "stage" {
		if g := find(func(t string) bool { from, _, ok := move(t); return ok && from == audience.Name }); g != "" {
			return g
		}
	}
	if event := in.ScenarioGoals[audience.Name]; audience.Kind == "scenario" && event != "" {
		if g := find(func(t string) bool { return t == event }); g != "" {
			return g
		}
	}
	if needsOrders(h.Metric) {
		return find(func(t string) bool { return slices.Contains(in.OrderEvents, t) })
	}
	return ""
}
