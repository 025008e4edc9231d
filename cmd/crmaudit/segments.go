package main

import (
	"fmt"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/lifecycle"
	"crmaudit/segments"
	"crmaudit/segments/pairs"
)

// validateSegments checks the definitions of segments; attribute columns that a rule names are not known before the load.
func (c *config) validateSegments(add func(path, format string, args ...any)) {
	ids := map[string]bool{}
	for i, s := range c.Segments {
		path := fmt.Sprintf("segments[%d]", i)
		requireID(add, path, s.ID, ids)
		for metric, margin := range s.Margins {
			if margin <= 0 {
				add(path+".margins."+metric, "%v is not a margin: a number above 0", margin)
			}
			if known := pairs.MarginKeys(); !slices.Contains(known, metric) {
				add(path+".margins."+metric, "segments are not compared by it: allowed: %s", strings.Join(known, ", "))
			}
		}
		for j, id := range s.UsedBy {
			switch {
			case id == "":
				add(fmt.Sprintf("%s.used_by[%d]", path, j), "the id is empty: the id of a scenario")
			case slices.Contains(s.UsedBy[:j], id):
				add(fmt.Sprintf("%s.used_by[%d]", path, j), "%q stands twice: every scenario once", shorten(id))
			}
		}
	}
	for _, m := range c.segmentMistakes(nil) {
		add(m.Path, "%s", m.What)
	}
}

// segmentMistakes is what is wrong with the rules of segments.
func (c *config) segmentMistakes(attrs []string) (out []lifecycle.Mistake) {
	for i, s := range c.Segments {
		if s.When == "" {
			continue
		}
		if what := lifecycle.CheckRule(s.When, attrs); what != "" {
			out = append(out, lifecycle.Mistake{Path: fmt.Sprintf("segments[%d].when", i), What: what})
		}
	}
	return out
}

// segmentSetup hands the segments' own rules to their block, as one macro that takes the place of the segment in audit.yaml.
func (c *config) segmentSetup(attrs []string) segments.Setup {
	var b strings.Builder
	for i, s := range c.Segments {
		if s.When == "" {
			continue
		}
		if rule, err := lifecycle.RuleSQL(s.When, attrs); err == nil { // compileRules has refused the others
			fmt.Fprintf(&b, "WHEN %d THEN %s ", i+1, rule)
		}
	}
	body := "CAST(NULL AS BOOLEAN)"
	if b.Len() > 0 {
		body = "CASE position " + b.String() + "END"
	}
	return segments.Setup{Rule: analytics.Macro{Name: "x_segment_rule", Params: append([]string{"position"}, lifecycle.MacroParams()...), Body: body}}
}

// segmentTables is the segments of audit.yaml as models join them.
func (c *config) segmentTables() []analytics.Table {
	list := analytics.Table{Name: "core.cfg_segments", Columns: []string{"position", "segment_id", "name", "has_rule"}}
	use := analytics.Table{Name: "core.cfg_segment_scenarios", Columns: []string{"segment_id", "scenario_id"}}
	for i, s := range c.Segments {
		list.Rows = append(list.Rows, []any{int64(i + 1), s.ID, s.Name, s.When != ""})
		for _, id := range slices.Sorted(slices.Values(s.UsedBy)) {
			use.Rows = append(use.Rows, []any{s.ID, id})
		}
	}
	return []analytics.Table{list, use}
}
