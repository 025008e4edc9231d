package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"crmaudit/analytics"
)

// warnings is what looks like a slip in the definitions and may still be meant: scenarios that are named and not defined (only the data may know
// them), and declared successions that go round. Each is file:line: what.
func (c *config) warnings() []string {
	if len(c.Scenarios) == 0 {
		return nil // without definitions every name may be right
	}
	var ids, out []string
	for _, s := range c.Scenarios {
		ids = append(ids, s.ID)
	}
	place := func(path string) string {
		return fmt.Sprintf("%s:%d: %s", c.document.file, c.document.line(path), path)
	}
	known := func(path, id string) {
		if slices.Contains(ids, id) {
			return
		}
		hint := ""
		if near := analytics.Nearest(id, ids); near != "" {
			hint = fmt.Sprintf(", did you mean %q?", near)
		}
		out = append(out, fmt.Sprintf("%s: scenario %q is not defined%s", place(path), shorten(id), hint))
	}
	for i, s := range c.Scenarios {
		for j, next := range s.Next {
			known(fmt.Sprintf("scenarios[%d].next[%d]", i, j), next)
		}
	}
	for i, s := range c.Segments {
		for j, id := range s.UsedBy {
			known(fmt.Sprintf("segments[%d].used_by[%d]", i, j), id)
		}
	}
	for i, t := range c.Triggers {
		for _, id := range slices.Compact(t.rule().Scenarios()) {
			known(fmt.Sprintf("triggers[%d]", i), id)
		}
	}
	for _, loop := range c.loops(ids) {
		out = append(out, place("scenarios")+": next goes round without end: "+shorten(strings.Join(loop, ", ")))
	}
	return out
}

// namedChannels are the channels that the configuration names, by the path of the key that does.
func (c *config) namedChannels() map[string]string {
	out := map[string]string{}
	for key, caps := range map[string]map[string]int{"max_per_day": c.Policy.MaxPerDay, "max_per_week": c.Policy.MaxPerWeek} {
		for channel := range caps {
			if channel != "any" {
				out["policy."+key+"."+channel] = channel
			}
		}
	}
	for i, s := range c.Scenarios {
		for j, channel := range s.Channels {
			out[fmt.Sprintf("scenarios[%d].channels[%d]", i, j)] = channel
		}
	}
	return out
}

// channelWarnings is what is declared for channels in which the data hold no message, in the order of the file: a slip of the pen, or words that values.channel ought to map.
func (c *config) channelWarnings(known []string) []string {
	named := c.namedChannels()
	paths := slices.SortedFunc(maps.Keys(named), func(a, b string) int { return cmp.Or(c.document.line(a)-c.document.line(b), cmp.Compare(a, b)) })
	var out []string
	for _, path := range paths {
		if slices.Contains(known, named[path]) {
			continue
		}
		hint := ""
		if near := analytics.Nearest(named[path], known); near != "" {
			hint = fmt.Sprintf(", did you mean %q?", near)
		}
		out = append(out, fmt.Sprintf("%s:%d: %s: no message of channel %q%s (the data have: %s)", c.document.file, c.document.line(path), path, shorten(named[path]), hint, shorten(strings.Join(known, ", "))))
	}
	return out
}

// loops are the groups of scenarios in which next leads back to where it began, sorted.
func (c *config) loops(ids []string) [][]string {
	g := simple.NewDirectedGraph()
	for i := range ids {
		g.AddNode(simple.Node(i))
	}
	var loops [][]string
	for i, s := range c.Scenarios {
		for _, next := range s.Next {
			switch j := slices.Index(ids, next); {
			case j == i:
				loops = append(loops, []string{s.ID})
			case j >= 0:
				g.SetEdge(g.NewEdge(simple.Node(i), simple.Node(j)))
			}
		}
	}
	for _, component := range topo.TarjanSCC(g) {
		if len(component) > 1 {
			var loop []string
			for _, n := range component {
				loop = append(loop, ids[n.ID()])
			}
			slices.Sort(loop)
			loops = append(loops, loop)
		}
	}
	slices.SortFunc(loops, slices.Compare)
	return loops
}
