package main

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crmaudit/analytics/ingest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares got with a file under testdata/golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (go test ./cmd/crmaudit -run %s -update rewrites it):\n%s", path, t.Name(), diff)
	}
}

const smallConfig = `version: 1
period: {from: 2026-07-01, to: 2026-10-01}
sources:
  events: [{path: orders.csv}]
`

func mustParse(t *testing.T, text string) *config {
	t.Helper()
	c, err := parseConfig("audit.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConfigReferenceLoads(t *testing.T) { mustParse(t, configReference) }

// Every key that the loader knows stands in the reference, so that a new key cannot stay undocumented.
func TestConfigReferenceIsComplete(t *testing.T) {
	var missing []string
	var walk func(typ reflect.Type, path string)
	walk = func(typ reflect.Type, path string) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct {
			return
		}
		for f := range visibleFields(typ) {
			if !regexp.MustCompile(`(^|[\s{,\-#])`+f.key+`:`).MatchString(configReference) && f.key != "profile" {
				missing = append(missing, join(path, f.key))
			}
			walk(f.typ, join(path, f.key))
		}
	}
	walk(reflect.TypeFor[config](), "")
	if len(missing) > 0 {
		t.Errorf("keys that `crmaudit help config` does not show: %s", strings.Join(missing, ", "))
	}
}

func TestSourcesAreTheInputsOfTheContract(t *testing.T) {
	var keys []string
	for f := range visibleFields(reflect.TypeFor[sourcesConfig]()) {
		if f.key != "control_totals" {
			keys = append(keys, f.key)
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(ingest.InputNames())), slices.Sorted(slices.Values(keys))); diff != "" {
		t.Error(diff)
	}
}

// What --print shows loads again to the same configuration.
func TestPrintRoundTrip(t *testing.T) {
	files, err := filepath.Glob("../../testdata/examples/*/audit.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	texts := map[string]string{"reference": configReference, "small": smallConfig, "recorded": smallConfig + "lifecycle: {source: recorded}\n"}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[f] = string(text)
	}
	for name, text := range texts {
		first := mustParse(t, text)
		printed, err := first.print()
		if err != nil {
			t.Fatal(err)
		}
		second, err := parseConfig("audit.yaml", printed)
		if err != nil {
			t.Fatalf("%s: the printed configuration does not load: %v\n%s", name, err, printed)
		}
		if diff := configDiff(first, second); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if a, _ := first.sha256(); a == "" {
			t.Error("no hash")
		}
	}
}

func TestHashIgnoresTheEngine(t *testing.T) {
	hash := func(text string) string {
		sum, err := mustParse(t, text).sha256()
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	a := hash(smallConfig)
	if b := hash(smallConfig + "engine: {threads: 7, memory_limit: 1GB}\n"); a != b {
		t.Error("threads change the hash of the configuration")
	}
	if b := hash(smallConfig + "grain: month\n"); a == b {
		t.Error("the grain does not change the hash of the configuration")
	}
}

// Every mistake of a file comes out at once, with its line. The cases are testdata/golden/config/*.yaml beside their messages.
func TestConfigMistakes(t *testing.T) {
	files, err := filepath.Glob("../../testdata/golden/config/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			_, err = parseConfig("audit.yaml", text)
			if err == nil {
				t.Fatal("loads without a mistake")
			}
			golden(t, "config/"+strings.TrimSuffix(filepath.Base(f), ".yaml")+".txt", err.Error()+"\n")
		})
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(configReference)
	f.Add(smallConfig)
	f.Add("a: &x [*x]\n")
	f.Add("version: 1\nperiod: {from: 0001-01-01, to: 9999-01-01}\nlifecycle: {stages: [{name: a, when: 'b'}]}")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseConfig("audit.yaml", []byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "audit.yaml:") {
				t.Fatalf("a message without its place: %v", err)
			}
			return
		}
		printed, err := c.print()
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseConfig("audit.yaml", printed)
		if err != nil {
			t.Fatalf("the printed configuration does not load: %v\n%s", err, printed)
		}
		if diff := configDiff(c, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The automations that init writes as comments are rules once the # is taken away.
func TestAutomations(t *testing.T) {
	text := "version: 1\nperiod: {from: 2026-01-01, to: 2026-02-01}\nsources: {events: [{path: e.csv}]}\n" +
		strings.ReplaceAll("\n"+automations, "\n#", "\n")
	c, err := parseConfig("audit.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Triggers) != 12 {
		t.Errorf("%d automations, want 12", len(c.Triggers))
	}
}

func TestTriggerMistakes(t *testing.T) {
	_, err := parseConfig("audit.yaml", []byte(`version: 1
period: {from: 2026-01-01, to: 2026-02-01}
sources: {events: [{path: e.csv}]}
triggers:
  - {name: a, when: idle, expect: message, within: 3d}
  - {name: a, when: x, expect: "message:welcom", within: soon, late_within: 1h}
  - {when: x, expect: y, within: 1h, target: 95}
  - {name: b, when: x, expect: y, within: 0m}
`))
	if err == nil {
		t.Fatal("no mistake found")
	}
	for _, want := range []string{
		`audit.yaml:5: triggers[0].after: idle needs after`,
		`audit.yaml:6: triggers[1].name: "a" stands twice`,
		`audit.yaml:6: triggers[1].within: "soon" is not a duration`,
		`audit.yaml:7: triggers[2]: name is missing`,
		`triggers[2].target: 95 is out of range`,
		`audit.yaml:8: triggers[3].within: 0m leaves no time for an answer`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing: %s\n%v", want, err)
		}
	}
}

// A cap on a channel that no message has would hold nothing back without anybody noticing.
func TestChannelWarnings(t *testing.T) {
	c := mustParse(t, `version: 1
period: {from: 2026-01-01, to: 2026-02-01}
sources: {messages: [{path: m.csv}]}
scenarios:
  - {id: welcome, channels: [email, pussh]}
policy: {max_per_day: {any: 2, email: 1}, max_per_week: {pigeon: 3}}
`)
	want := []string{
		`audit.yaml:5: scenarios[0].channels[1]: no message of channel "pussh", did you mean "push"? (the data have: email, push)`,
		`audit.yaml:6: policy.max_per_week.pigeon: no message of channel "pigeon" (the data have: email, push)`,
	}
	if got := c.channelWarnings([]string{"email", "push"}); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestQuietHoursOfNoLength(t *testing.T) {
	_, err := parseConfig("audit.yaml", []byte(`version: 1
period: {from: 2026-01-01, to: 2026-02-01}
sources: {messages: [{path: m.csv}]}
policy: {quiet_hours: {from: "08:00", to: "08:00"}}
`))
	if want := "audit.yaml:4: policy.quiet_hours: from and to are both 08:00"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What may be meant is not refused, but said: definitions may name scenarios that only the data know.
func TestWarnings(t *testing.T) {
	c := mustParse(t, `version: 1
period: {from: 2026-01-01, to: 2026-02-01}
sources: {events: [{path: e.csv}]}
scenarios:
  - {id: welcome, next: [regula, regular]}
  - {id: regular, next: [winback]}
  - {id: winback, next: [welcome]}
  - {id: alone, next: [alone]}
segments: [{id: vip, used_by: [winbac]}]
triggers: [{name: a, when: "exited:elsewhere", expect: "message:welcom", within: 1h}]
`)
	want := []string{
		`audit.yaml:5: scenarios[0].next[0]: scenario "regula" is not defined, did you mean "regular"?`,
		`audit.yaml:9: segments[0].used_by[0]: scenario "winbac" is not defined, did you mean "winback"?`,
		`audit.yaml:10: triggers[0]: scenario "elsewhere" is not defined`,
		`audit.yaml:10: triggers[0]: scenario "welcom" is not defined, did you mean "welcome"?`,
		`audit.yaml:5: scenarios: next goes round without end: alone`,
		`audit.yaml:5: scenarios: next goes round without end: regular, welcome, winback`,
	}
	if got := c.warnings(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// configDiff leaves out what parsing notes about the text: places, and which windows it names (printed are all).
func configDiff(a, b *config) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(config{}, attributionConfig{}, ingest.Lookup{}), cmpopts.EquateEmpty())
}
