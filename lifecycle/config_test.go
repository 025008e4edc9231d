package lifecycle

import (
	"errors"
	"strings"
	"testing"

	"crmaudit/analytics"

	"github.com/google/go-cmp/cmp"
)

func TestPresets(t *testing.T) {
	for _, p := range Presets() {
		r, err := Compile(Config{Preset: p}, nil)
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		if last := r.Stages[len(r.Stages)-1]; last.When != "true" {
			t.Errorf("%s: the last stage is %+v: somebody may be left unassigned", p, last)
		}
		if r.Dense {
			t.Errorf("%s must be looked at in every period", p)
		}
	}
	if Preset("bank") != nil {
		t.Error("a preset that is not there")
	}
}

func TestValidate(t *testing.T) {
	cfg := Config{
		Preset: "ecomerce", Source: "rule", OrderEvents: []string{"order", "", "order"},
		Stages: []StageRule{
			{"new", "orders_total = 1 and first_order_dayz <= 30"},
			{"", "true"},
			{"new", "recency_days <= 60"},
			{"unassigned", "recency_days <= "},
			{"a->b", "subscribed"},
			{"x\ny", "next_order_days > 1"},
		},
	}
	var got []string
	for _, m := range cfg.Validate(nil) {
		got = append(got, m.Error())
	}
	want := []string{
		"lifecycle.preset: found \"ecomerce\", did you mean ecommerce?; allowed are",
		"lifecycle.source: found \"rule\", did you mean rules?; allowed are rules, recorded",
		"lifecycle.order_events[1]: found an empty name",
		"lifecycle.order_events[2]: \"order\" is listed twice",
		"lifecycle.stages[0].when: column 22: unknown name \"first_order_dayz\", did you mean first_order_days?",
		"lifecycle.stages[1].name: the stage has no name",
		"lifecycle.stages[2].name: the stage \"new\" is listed twice",
		"lifecycle.stages[2].when: never reached: stage \"\"",
		"lifecycle.stages[3].name: \"unassigned\" is the stage",
		"lifecycle.stages[3].when: column 17: found the end of the rule",
		"lifecycle.stages[4].name: found \"a->b\"; names do not contain ->",
		"lifecycle.stages[4].when: never reached",
		"lifecycle.stages[5].name: found \"x\\ny\"",
		"lifecycle.stages[5].when: column 1: unknown name \"next_order_days\"",
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("missing: %s", want[i])
		case i >= len(want):
			t.Errorf("not expected: %s", got[i])
		case !strings.HasPrefix(got[i], want[i]):
			t.Errorf("mistake %d: %s\nwant %s", i, got[i], want[i])
		}
	}
	recorded := Config{Source: SourceRecorded, Stages: []StageRule{{"lead", ""}, {"won", "true"}}}
	if m := recorded.Validate(nil); len(m) != 1 || m[0].Path != "lifecycle.stages[1].when" {
		t.Errorf("recorded stages: %v", m)
	}
	if m := (Config{Stages: make([]StageRule, MaxStages+1)}).Validate(nil); m[0].Path != "lifecycle.stages" {
		t.Errorf("too many stages: %v", m[0])
	}
	if m := (Config{Stages: []StageRule{{"a", "attr_x = 1"}}}).Validate(nil); m != nil {
		t.Errorf("attributes that are not known yet: %v", m)
	}
	if m := (Config{Stages: []StageRule{{"a", "attr_x = 1"}}}).Validate([]string{}); len(m) != 1 {
		t.Errorf("attributes that do not exist: %v", m)
	}
}

func TestCompile(t *testing.T) {
	cfg := Config{
		ActivityEvents: []string{"session", "login"},
		Stages: []StageRule{
			{"new", "orders_total = 1 and first_order_days <= 30"},
			{"it's active", "recency_days <= 60 or last_activity_days <= 7"},
			{"vip", "attr_level > 2 and orders_28d > 1 and subscribed"},
		},
	}
	r, err := Compile(cfg, []string{"attr_city", "attr_level"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"recency_days", "first_order_days", "orders_total", "orders_28d", "last_activity_days", "subscribed", "attr_level"}, r.UsedFeatures); diff != "" {
		t.Error(diff)
	}
	if r.LookbackDays != 60 {
		t.Errorf("look-back %d", r.LookbackDays)
	}
	tables := map[string][][]any{}
	for _, c := range r.Config {
		tables[c.Name] = c.Rows
	}
	want := map[string][][]any{
		"core.cfg_stages": {{int64(1), "new", cfg.Stages[0].When}, {int64(2), "it's active", cfg.Stages[1].When}, {int64(3), "vip", cfg.Stages[2].When}},
		"core.cfg_stage_breakpoints": {{"activity", int64(1), 0.}, {"consent", int64(1), 0.}, {"first_order", int64(31), 0.}, {"last_activity", int64(8), 0.},
			{"last_order", int64(61), 0.}, {"order", int64(1), 0.}, {"order", int64(29), 0.}},
		"core.cfg_lifecycle":       {{"rules", int64(60), false, false, false, false}},
		"core.cfg_activity_events": {{"login"}, {"session"}},
		"core.cfg_attributes":      {{int64(1), "attr_city"}, {int64(2), "attr_level"}},
		"core.cfg_stage_features":  {{"last_activity_days"}, {"orders_28d"}, {"subscribed"}},
	}
	if diff := cmp.Diff(want, tables); diff != "" {
		t.Error(diff)
	}
	macros := map[string]analytics.Macro{}
	for _, m := range r.Macros {
		macros[m.Name] = m
	}
	if got := macros["x_stage"].Body; got != "CASE WHEN ((orders_total = 1) AND (first_order_days <= 30)) THEN 'new' WHEN ((recency_days <= 60) OR (last_activity_days <= 7)) "+
		"THEN 'it''s active' WHEN (((TRY_CAST(CAST(attributes.\"attr_level\" AS VARCHAR) AS DOUBLE) > 2) AND (orders_28d > 1)) AND subscribed) THEN 'vip' ELSE 'unassigned' END" {
		t.Error(got)
	}
	if got := macros["x_stage_mask"].Body; !strings.HasSuffix(got, "THEN CAST(4 AS BIGINT) ELSE CAST(0 AS BIGINT) END") {
		t.Error(got)
	}
	if diff := cmp.Diff(append(Features(), "attributes"), macros["x_stage"].Params); diff != "" {
		t.Error(diff)
	}
	var usage *analytics.UsageError
	if _, err := Compile(Config{Stages: []StageRule{{"a", "attr_x = 1"}}}, nil); !errors.As(err, &usage) || !strings.Contains(err.Error(), "lifecycle.stages[0].when") {
		t.Errorf("unknown attribute: %v", err)
	}
	if r, err := Compile(Config{Source: SourceRecorded}, nil); err != nil || r.Macros[0].Body != "'unassigned'" {
		t.Errorf("recorded: %v, %+v", err, r)
	}
}
