package lifecycle

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crmaudit/analytics"
)

// Unassigned is the stage of customers that no rule matches.
const Unassigned = "unassigned"

// Sources of stages.
const (
	SourceRules    = "rules"    // evaluated by crmaudit at the end of each period
	SourceRecorded = "recorded" // the CRM's own stage_history
)

// MaxStages is the largest number of stage rules: one bit each in the mask of matching rules.
const MaxStages = 50

// Config is the part lifecycle of audit.yaml.
type Config struct {
	Preset          string      `yaml:"preset,omitempty"`           // one of Presets; default ecommerce when no stages are given
	Source          string      `yaml:"source,omitempty"`           // rules (default) or recorded
	OrderEvents     []string    `yaml:"order_events,omitempty"`     // event names that are orders; default [order]
	ActivityEvents  []string    `yaml:"activity_events,omitempty"`  // event names that are activity; default: every event
	HistoryComplete bool        `yaml:"history_complete,omitempty"` // the data reach back to each customer's beginning: no burn-in
	Stages          []StageRule `yaml:"stages,omitempty"`           // replace those of the preset; first match wins
}

// StageRule is one stage. When is empty for a recorded stage that is listed only for its position.
type StageRule struct {
	Name string `yaml:"name"`
	When string `yaml:"when"`
}

// WithDefaults fills what the user left out.
func (c Config) WithDefaults() Config {
	if c.Source == "" {
		c.Source = SourceRules
	}
	if c.OrderEvents == nil {
		c.OrderEvents = []string{"order"}
	}
	if len(c.Stages) == 0 && c.Source == SourceRules {
		if c.Preset == "" {
			c.Preset = Presets()[0]
		}
		c.Stages = Preset(c.Preset)
	}
	return c
}

// Mistake is one mistake of the configuration. Path leads to the YAML node ("lifecycle.stages[2].when"), so that the caller can name its line.
type Mistake struct {
	Path string
	What string // what was found and what is allowed
}

func (m Mistake) Error() string { return m.Path + ": " + m.What }

// Validate returns all mistakes at once, nil when there are none. attrs are the attribute columns of customers ("attr_city"); nil means
// that they are not known yet.
func (c Config) Validate(attrs []string) []Mistake {
	var out []Mistake
	add := func(path, format string, args ...any) {
		out = append(out, Mistake{"lifecycle." + path, fmt.Sprintf(format, args...)})
	}
	if c.Preset != "" && !slices.Contains(Presets(), c.Preset) {
		add("preset", "found %q%s; allowed are %s", c.Preset, nearest(c.Preset, Presets()), strings.Join(Presets(), ", "))
	}
	if sources := []string{SourceRules, SourceRecorded}; c.Source != "" && !slices.Contains(sources, c.Source) {
		add("source", "found %q%s; allowed are %s", c.Source, nearest(c.Source, sources), strings.Join(sources, ", "))
	}
	for _, l := range []struct {
		path  string
		names []string
	}{{"order_events", c.OrderEvents}, {"activity_events", c.ActivityEvents}} {
		for i, name := range l.names {
			switch {
			case strings.TrimSpace(name) == "":
				add(fmt.Sprintf("%s[%d]", l.path, i), "found an empty name; allowed are names of events")
			case slices.Contains(l.names[:i], name):
				add(fmt.Sprintf("%s[%d]", l.path, i), "%q is listed twice", name)
			}
		}
	}
	if len(c.Stages) > MaxStages {
		add("stages", "found %d stages; allowed are at most %d", len(c.Stages), MaxStages)
	}
	always := -1
	for i, s := range c.Stages {
		path := fmt.Sprintf("stages[%d]", i)
		switch {
		case s.Name == "":
			add(path+".name", "the stage has no name")
		case !utf8.ValidString(s.Name) || strings.ContainsFunc(s.Name, unicode.IsControl) || strings.TrimSpace(s.Name) != s.Name || utf8.RuneCountInString(s.Name) > 64:
			add(path+".name", "found %q; allowed are up to 64 characters without line breaks or spaces at the ends", s.Name)
		case s.Name == Unassigned:
			add(path+".name", "%q is the stage of customers that no rule matches; choose another name", s.Name)
		case strings.Contains(s.Name, "->") || strings.Contains(s.Name, "|"):
			add(path+".name", "found %q; names do not contain -> or |, which write moves between stages", s.Name)
		case slices.ContainsFunc(c.Stages[:i], func(o StageRule) bool { return o.Name == s.Name }):
			add(path+".name", "the stage %q is listed twice; join its rules with or", s.Name)
		}
		if c.Source == SourceRecorded {
			if s.When != "" {
				add(path+".when", "a rule with source: recorded, where the CRM's own stage_history decides; remove when, or set source: rules")
			}
			continue
		}
		n, err := parseRule(s.When, attrs)
		var re *RuleError
		if errors.As(err, &re) {
			add(path+".when", "%s (in %s)", re.Error(), quoteShort(s.When))
			continue
		}
		if always >= 0 {
			add(path+".when", "never reached: stage %q before it takes everybody (when: true)", c.Stages[always].Name)
		} else if n.op == opBool && n.num == 1 {
			always = i
		}
	}
	return out
}

func quoteShort(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:79]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// Rules are compiled stage rules: what the engine needs to evaluate them.
type Rules struct {
	Stages       []StageRule       // in order of position, 1-based
	Macros       []analytics.Macro // x_stage, x_stage_mask, x_attribute
	Config       []analytics.Table // core.cfg_stages, cfg_stage_breakpoints, cfg_stage_features, cfg_lifecycle, cfg_activity_events, cfg_attributes
	UsedFeatures []string          // features that the rules name, in the order of Features; attributes after them, sorted
	Attributes   []string          // the attribute columns of core.customers, which other rules may name too
	LookbackDays int64             // a period is burn-in when its end minus this lies before the first loaded day
	Dense        bool              // every period of every customer must be looked at
}

// MacroParams lists the parameters of x_stage and x_stage_mask.
func MacroParams() []string { return append(Features(), "attributes") }

// Compile turns a configuration into macros and tables. attrs are the attribute columns of core.customers, in the order of the table; an
// unknown name in a rule is an error here at the latest. The error is a UsageError that joins all mistakes.
//
// The look-back is the largest window or constant age that a rule names. Features over the whole life of a customer (orders_total,
// revenue_total, tenure_days, median_gap_days) do not lengthen it: otherwise every period would be burn-in.
func Compile(cfg Config, attrs []string) (Rules, error) {
	cfg = cfg.WithDefaults()
	if attrs == nil {
		attrs = []string{}
	}
	if mistakes := cfg.Validate(attrs); len(mistakes) > 0 {
		var errs []error
		for _, m := range mistakes {
			errs = append(errs, m)
		}
		return Rules{}, &analytics.UsageError{Err: fmt.Errorf("compile stage rules: %w", errors.Join(errs...))}
	}
	r := Rules{Stages: cfg.Stages, Attributes: attrs}
	t := timing{points: map[breakpoint]bool{}}
	used := map[string]bool{}
	stage, mask := strings.Builder{}, []string{"CAST(0 AS BIGINT)"}
	stages := analytics.Table{Name: "core.cfg_stages", Columns: []string{"position", "stage", "rule"}}
	for i, s := range cfg.Stages {
		rule := any(nil)
		if cfg.Source == SourceRules {
			n, err := parseRule(s.When, attrs)
			if err != nil {
				return Rules{}, analytics.Usagef("compile rule of stage %q: %w", s.Name, err)
			}
			rule = s.When
			t.add(n)
			n.walk(func(n *node) {
				if n.op == opFeature || n.op == opAttr {
					used[n.str] = true
				}
			})
			fmt.Fprintf(&stage, "WHEN %s THEN %s ", n.sql(), sqlText(s.Name))
			mask = append(mask, fmt.Sprintf("CASE WHEN %s THEN CAST(%d AS BIGINT) ELSE CAST(0 AS BIGINT) END", n.sql(), int64(1)<<i))
		}
		stages.Rows = append(stages.Rows, []any{int64(i + 1), s.Name, rule})
	}
	for _, f := range Features() {
		if used[f] {
			r.UsedFeatures = append(r.UsedFeatures, f)
		}
	}
	for _, a := range attrs {
		if used[a] {
			r.UsedFeatures = append(r.UsedFeatures, a)
		}
	}
	slices.Sort(r.UsedFeatures[len(r.UsedFeatures)-countAttrs(r.UsedFeatures):])
	r.LookbackDays, r.Dense = t.lookback, t.dense
	body := sqlText(Unassigned)
	if stage.Len() > 0 {
		body = "CASE " + stage.String() + "ELSE " + body + " END"
	}
	attribute, attributes := "CAST(NULL AS VARCHAR)", analytics.Table{Name: "core.cfg_attributes", Columns: []string{"position", "attribute"}}
	if len(attrs) > 0 {
		var b strings.Builder
		for i, a := range attrs {
			fmt.Fprintf(&b, "WHEN %d THEN CAST(attributes.%s AS VARCHAR) ", i+1, sqlName(a))
			attributes.Rows = append(attributes.Rows, []any{int64(i + 1), a})
		}
		attribute = "CASE place " + b.String() + "END"
	}
	r.Macros = []analytics.Macro{
		{Name: "x_stage", Params: MacroParams(), Body: body},
		{Name: "x_stage_mask", Params: MacroParams(), Body: strings.Join(mask, " + ")},
		{Name: "x_attribute", Params: []string{"attributes", "place"}, Body: attribute},
	}
	r.Config = []analytics.Table{stages, t.table(), cfg.table(r, used), cfg.activityTable(), attributes, lookupTable(used)}
	return r, nil
}

func countAttrs(names []string) int {
	n := 0
	for _, s := range names {
		if !slices.Contains(Features(), s) {
			n++
		}
	}
	return n
}

func (t timing) table() analytics.Table {
	out := analytics.Table{Name: "core.cfg_stage_breakpoints", Columns: []string{"anchor", "offset_days", "factor"}}
	var points []breakpoint
	for p := range t.points {
		points = append(points, p)
	}
	slices.SortFunc(points, func(a, b breakpoint) int {
		switch {
		case a.Anchor != b.Anchor:
			return strings.Compare(a.Anchor, b.Anchor)
		case a.Offset != b.Offset:
			return int(a.Offset - b.Offset)
		case a.Factor < b.Factor:
			return -1
		}
		return 1
	})
	for _, p := range points {
		out.Rows = append(out.Rows, []any{p.Anchor, p.Offset, p.Factor})
	}
	return out
}

func (c Config) table(r Rules, used map[string]bool) analytics.Table {
	return analytics.Table{
		Name:    "core.cfg_lifecycle",
		Columns: []string{"source", "lookback_days", "dense", "history_complete", "all_activity", "gaps"},
		Rows: [][]any{{c.Source, r.LookbackDays, r.Dense, c.HistoryComplete, c.ActivityEvents == nil,
			used[medianGapDays] || used[overdueRatio]}},
	}
}

// lookupTable lists the features that need data of their own, as far as the rules use them.
func lookupTable(used map[string]bool) analytics.Table {
	out := analytics.Table{Name: "core.cfg_stage_features", Columns: []string{"feature"}}
	for _, f := range []string{activity28d, clicks28d, lastActivityDays, messages28d, opens28d, orders28d, orders365d, orders90d, revenue365d, subscribed} {
		if used[f] {
			out.Rows = append(out.Rows, []any{f})
		}
	}
	return out
}

func (c Config) activityTable() analytics.Table {
	out := analytics.Table{Name: "core.cfg_activity_events", Columns: []string{"name"}}
	for _, name := range slices.Sorted(slices.Values(c.ActivityEvents)) {
		out.Rows = append(out.Rows, []any{name})
	}
	return out
}
