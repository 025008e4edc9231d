package duplicates

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// What a similarity of logic rests on.
const (
	logicDefinition = "definition"
	logicTrigger    = "trigger"
	logicEntries    = "entries"
	logicTime       = "time"
	logicUnknown    = "unknown"
)

// logic is how alike the entry rules of two scenarios are, 0..1, NaN when nothing is known. smaller is the same from the smaller scenario's side: a subset may enter
// fewer, but not others.
type logic struct {
	value, smaller float64
	source         string
}

// predicates lists what a definition says about who gets in and what for: "field=value", sorted. Without a trigger and stages it says nothing about entry: nil.
func predicates(d analytics.Scenario) []string {
	if strings.TrimSpace(d.Trigger) == "" && len(d.Stages) == 0 {
		return nil
	}
	var out []string
	add := func(field, value string) {
		if value = strings.Join(strings.Fields(strings.ToLower(value)), " "); value != "" {
			out = append(out, field+"="+value)
		}
	}
	add("trigger", d.Trigger)
	if d.GoalEvent != "" {
		add("goal", d.GoalEvent)
	}
	for _, s := range d.Stages {
		add("stage", s)
	}
	for _, c := range d.Channels {
		add("channel", c)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// logicSimilar compares, in this order, what is known of both:
//
//   - definition: predicates in common of all predicates (trigger, goal, stages, channels).
//   - time: calendar campaigns are entered by nobody; the shared person-time of the larger one's (of the smaller one's).
//   - trigger: overlap of the recorded triggers, the sum of the smaller shares over the sum of the larger ones.
//   - entries: the smaller of P(enters b within 24 h | enters a) and the reverse, the time before and after counting alike. The smaller, because a
//     scenario that everybody enters takes all who enter any other. Only of pairs that share a good part of their time: of separate audiences it is unknown,
//     not 0. For smaller it is the probability of the scenario with less person-time.
func logicSimilar(a, b *Scenario, defA, defB []string, p *Shared) logic {
	if len(defA) > 0 && len(defB) > 0 {
		v := overlapOf(defA, defB)
		return logic{v, v, logicDefinition}
	}
	switch {
	case a.Bulk != b.Bulk:
		return logic{0, 0, logicTime} // one is sent by the calendar, the other by an event
	case a.Bulk:
		if p == nil {
			return logic{0, 0, logicTime}
		}
		sa, sb := float64(a.looked()), float64(b.looked())
		return logic{float64(p.Seconds) / math.Max(sa, sb), float64(p.Seconds) / math.Min(sa, sb), logicTime}
	}
	if triggers := triggerSimilar(a.Triggers, b.Triggers); !math.IsNaN(triggers) {
		return logic{triggers, triggers, logicTrigger}
	}
	if p == nil || !p.Close || a.Entries == 0 || b.Entries == 0 {
		return logic{math.NaN(), math.NaN(), logicUnknown}
	}
	ab, ba := float64(p.AWithB)/float64(a.Entries), float64(p.BWithA)/float64(b.Entries)
	small := ab
	if b.seconds() < a.seconds() {
		small = ba
	}
	return logic{math.Min(ab, ba), small, logicEntries}
}

// overlapOf is the Jaccard similarity of two sorted sets.
func overlapOf(a, b []string) float64 {
	both := 0
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); ok {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// triggerSimilar is sum min / sum max over the shares of recorded triggers; NaN when one side has none.
func triggerSimilar(a, b map[string]int64) float64 {
	var na, nb int64
	for _, n := range a {
		na += n
	}
	for _, n := range b {
		nb += n
	}
	if na == 0 || nb == 0 {
		return math.NaN()
	}
	var names []string
	for t := range a {
		names = append(names, t)
	}
	for t := range b {
		if _, ok := a[t]; !ok {
			names = append(names, t)
		}
	}
	slices.Sort(names) // floats add up in one order
	less, more := 0., 0.
	for _, t := range names {
		x, y := float64(a[t])/float64(na), float64(b[t])/float64(nb)
		less, more = less+math.Min(x, y), more+math.Max(x, y)
	}
	return less / more
}

// key names a pair of scenarios: "a|b".
func key(a, b string) string { return fmt.Sprintf("%s|%s", a, b) }
