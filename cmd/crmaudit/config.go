package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"crmaudit/analytics"
	"crmaudit/analytics/health"
	"crmaudit/analytics/ingest"
	"crmaudit/lifecycle"
	"crmaudit/scenarios/duplicates"
	"crmaudit/scenarios/triggers"
)

// configReference is an annotated audit.yaml with every key; tests hold that it loads and that no key is missing from it.
//
//go:embed config_reference.yaml
var configReference string

// config is audit.yaml. A value that the file leaves out has the default of defaultConfig.
type config struct {
	Version        int                 `yaml:"version"`
	Name           string              `yaml:"name"`
	Period         periodConfig        `yaml:"period"`
	Grain          string              `yaml:"grain"`
	Timezone       string              `yaml:"timezone"`
	Currency       string              `yaml:"currency"`
	Language       string              `yaml:"language"`
	Seed           uint32              `yaml:"seed"`
	Engine         engineConfig        `yaml:"engine"`
	Money          moneyConfig         `yaml:"money"`
	Goals          map[string][]string `yaml:"goals,omitempty"`
	Sources        sourcesConfig       `yaml:"sources"`
	MaxRejectShare float64             `yaml:"max_reject_share"`
	Attribution    int64               `yaml:"attribution_hours"`
	Credit         attributionConfig   `yaml:"attribution"`
	Lifecycle      lifecycle.Config    `yaml:"lifecycle"`
	Scenarios      []scenarioConfig    `yaml:"scenarios,omitempty"`
	Segments       []segmentConfig     `yaml:"segments,omitempty"`
	Policy         policyConfig        `yaml:"policy,omitempty"`
	Triggers       []triggerConfig     `yaml:"triggers,omitempty"`
	Experiments    []experimentConfig  `yaml:"experiments,omitempty"`
	Content        contentConfig       `yaml:"content"`
	Health         health.Config       `yaml:"health"`
	Pipeline       pipelineConfig      `yaml:"pipeline"`
	Usage          usageConfig         `yaml:"usage"`
	Decision       decisionConfig      `yaml:"decision"`
	Backlog        backlogConfig       `yaml:"backlog"`
	Renames        renamesConfig       `yaml:"renames,omitempty"`

	document *document // where it was read from, for messages that come later
}

// periodConfig is the audited period [From, To), days of the business zone.
type periodConfig struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// sourcesConfig is the files of every input; the keys are ingest.InputNames.
type sourcesConfig struct {
	Messages           []ingest.File    `yaml:"messages,omitempty"`
	MessageEvents      []ingest.File    `yaml:"message_events,omitempty"`
	Events             []ingest.File    `yaml:"events,omitempty"`
	OrderItems         []ingest.File    `yaml:"order_items,omitempty"`
	Customers          []ingest.File    `yaml:"customers,omitempty"`
	Identities         []ingest.File    `yaml:"identities,omitempty"`
	Enrolments         []ingest.File    `yaml:"enrolments,omitempty"`
	SegmentMemberships []ingest.File    `yaml:"segment_memberships,omitempty"`
	Templates          []ingest.File    `yaml:"templates,omitempty"`
	Assignments        []ingest.File    `yaml:"assignments,omitempty"`
	StageHistory       []ingest.File    `yaml:"stage_history,omitempty"`
	Deals              []ingest.File    `yaml:"deals,omitempty"`
	Tasks              []ingest.File    `yaml:"tasks,omitempty"`
	ControlTotals      map[string]int64 `yaml:"control_totals,omitempty"`
}

// byInput gives the files under the name of their input; inputs without files are left out.
func (s sourcesConfig) byInput() map[string][]ingest.File {
	inputs := map[string][]ingest.File{}
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if files, ok := v.Field(i).Interface().([]ingest.File); ok && len(files) > 0 {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			inputs[name] = files
		}
	}
	return inputs
}

type engineConfig struct {
	MemoryLimit   string `yaml:"memory_limit"`
	Threads       int    `yaml:"threads"`
	TempDirectory string `yaml:"temp_directory"` // empty: in the output folder
}

type moneyConfig struct {
	Margin      *float64           `yaml:"margin"` // share of revenue; nil: money is revenue
	MessageCost map[string]float64 `yaml:"message_cost,omitempty"`
	Rates       map[string]float64 `yaml:"rates,omitempty"` // currency of the data: what one unit is worth in the audit's
}

type scenarioConfig struct {
	ID         string       `yaml:"id"`
	Name       string       `yaml:"name,omitempty"`
	Role       string       `yaml:"role,omitempty"`
	Trigger    string       `yaml:"trigger,omitempty"`
	Priority   *int         `yaml:"priority,omitempty"`
	Channels   []string     `yaml:"channels,omitempty"`
	WindowDays *int         `yaml:"window_days,omitempty"`
	Goal       *goalConfig  `yaml:"goal,omitempty"`
	Next       []string     `yaml:"next,omitempty"`
	Stages     []string     `yaml:"stages,omitempty"`
	Steps      []stepConfig `yaml:"steps,omitempty"`
}

type goalConfig struct {
	Event      string `yaml:"event"`
	WithinDays int    `yaml:"within_days"`
}

type stepConfig struct {
	ID    string `yaml:"id"`
	After string `yaml:"after"`
}

type segmentConfig struct {
	ID      string             `yaml:"id"`
	Name    string             `yaml:"name,omitempty"`
	UsedBy  []string           `yaml:"used_by,omitempty"`
	When    string             `yaml:"when,omitempty"` // its own rule, in the language of stage rules
	Margins map[string]float64 `yaml:"margins,omitempty"`
}

type policyConfig struct {
	MaxPerDay    map[string]int `yaml:"max_per_day,omitempty"`
	MaxPerWeek   map[string]int `yaml:"max_per_week,omitempty"`
	QuietHours   *quietHours    `yaml:"quiet_hours,omitempty"`
	CountService bool           `yaml:"count_service,omitempty"` // service messages count against caps and quiet hours
}

type quietHours struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

type triggerConfig struct {
	Name   string  `yaml:"name"`
	When   string  `yaml:"when"`
	Expect string  `yaml:"expect"`
	After  string  `yaml:"after,omitempty"`
	Within string  `yaml:"within"`
	Late   string  `yaml:"late_within,omitempty"`
	Target float64 `yaml:"target,omitempty"`
}

type experimentConfig struct {
	ID         string   `yaml:"id"`
	Reference  string   `yaml:"reference,omitempty"`
	Outcomes   []string `yaml:"outcomes,omitempty"`
	WithinDays int      `yaml:"within_days"` // 0: 28

	Shares map[string]float64 `yaml:"shares,omitempty"` // planned split by arm
}

type decisionConfig struct {
	FDR            float64            `yaml:"fdr"`
	Level          float64            `yaml:"level"`
	MinCustomers   int64              `yaml:"min_customers"`
	CollisionHours int                `yaml:"collision_hours"`
	Equivalence    map[string]float64 `yaml:"equivalence"`

	Duplicates duplicates.Thresholds `yaml:"duplicates"`
}

// defaultConfig is what holds where audit.yaml is silent. `crmaudit check --print` shows it.
func defaultConfig() config {
	return config{
		Grain:          "week",
		Timezone:       "UTC",
		Currency:       "USD",
		Language:       "en",
		Seed:           1,
		Engine:         engineConfig{MemoryLimit: "4GB"},
		MaxRejectShare: 0.01,
		Attribution:    72,
		Health:         health.DefaultConfig(),
		Pipeline:       defaultPipeline(),
		Backlog:        defaultBacklog(),
		Decision:       decisionConfig{FDR: 0.05, Level: 0.90, MinCustomers: 100, CollisionHours: 24, Duplicates: duplicates.DefaultThresholds()},
	}
}

// defaultEquivalence is the smallest effects of interest; a key given in audit.yaml replaces its own one only.
func defaultEquivalence() map[string]float64 {
	return map[string]float64{
		"order_rate": 0.01, "ctr": 0.01, "unsubscribe_rate": 0.002, "revenue_per_customer": 0.05, "transition_rate": 0.02,
	}
}

// loadConfig reads, checks and completes a configuration. Every mistake of the file comes out at once.
func loadConfig(file string) (*config, error) {
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, advise(analytics.Usagef("read the configuration: %s does not exist", file), "Name it with -c, or make one with `crmaudit init PATH`.")
	case err != nil:
		return nil, analytics.Usagef("read the configuration: %w", err)
	}
	return parseConfig(file, text)
}

// parseConfig is loadConfig without the file system: file is only the name in the messages.
func parseConfig(file string, text []byte) (*config, error) {
	d, err := parseDocument(file, text)
	if err != nil {
		return nil, err
	}
	c := defaultConfig()
	c.document = d
	d.decode(&c)
	for metric, margin := range defaultEquivalence() {
		if _, ok := c.Decision.Equivalence[metric]; !ok {
			if c.Decision.Equivalence == nil {
				c.Decision.Equivalence = map[string]float64{}
			}
			c.Decision.Equivalence[metric] = margin
		}
	}
	c.Credit.complete()
	c.Content.complete()
	c.Pipeline.complete()
	form := document{mistakes: slices.Clone(d.mistakes)}
	c.validate(func(path, format string, args ...any) {
		if !form.mistaken(path) {
			d.add(path, format, args...)
		}
	})
	if err := d.err(); err != nil {
		return nil, err
	}
	c.Lifecycle = c.Lifecycle.WithDefaults()
	c.Health.Complete(c.Currency)
	for i := range c.Experiments {
		if c.Experiments[i].WithinDays == 0 {
			c.Experiments[i].WithinDays = 28
		}
	}
	return &c, nil
}

// locate gives mistakes that the load found in the sources their line in audit.yaml; other errors pass through.
func (c *config) locate(err error) error {
	mistakes, ok := errors.AsType[ingest.Mistakes](err)
	if !ok {
		return err
	}
	located := &document{file: c.document.file, lines: c.document.lines}
	for _, m := range mistakes {
		located.add(m.Path, "%s", m.What)
	}
	if analytics.ExitCode(err) == 3 {
		return advise(&analytics.DataError{Err: located.list("in the data")}, "Mend the files, or say in audit.yaml how they are to be read: `crmaudit help config`.")
	}
	return located.err()
}

// locateAll makes an error of the mistakes in the stage rules.
func (c *config) locateAll(mistakes []lifecycle.Mistake) error {
	located := &document{file: c.document.file, lines: c.document.lines}
	for _, m := range mistakes {
		located.add(m.Path, "%s", m.What)
	}
	return located.err()
}

// print writes the effective configuration, every default filled in, as YAML that loads to the same configuration.
func (c *config) print() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(c); err != nil {
		return nil, fmt.Errorf("print the configuration: %w", err)
	}
	return b.Bytes(), e.Close()
}

// sha256 identifies what the configuration asks for. The engine's settings change the speed, never a result, and do not count.
func (c *config) sha256() (string, error) {
	asked := *c
	asked.Engine = engineConfig{}
	text, err := asked.print()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// resolve is a path of the configuration; relative ones are relative to its file.
func (c *config) resolve(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.document.file), path)
}

func (c *config) location() *time.Location {
	loc, err := ingest.LoadZone(c.Timezone)
	if err != nil {
		return time.UTC // validate has refused it
	}
	return loc
}

// midnight is the first instant of a day of the configuration in the business zone.
func (c *config) midnight(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, c.location())
	if err != nil {
		return time.Time{} // validate has refused it
	}
	return t
}

// spec is what the load needs to know.
func (c *config) spec() ingest.Spec {
	return ingest.Spec{
		Inputs: c.Sources.byInput(), ControlTotals: c.Sources.ControlTotals,
		From: c.midnight(c.Period.From), To: c.midnight(c.Period.To), Zone: c.location(), Grain: c.Grain, Currency: c.Currency, Rates: c.Money.Rates,
		OrderEvents: c.Lifecycle.OrderEvents, ActivityEvents: c.Lifecycle.ActivityEvents,
		AttributionHours: c.Attribution, MaxRejectShare: c.MaxRejectShare,
		BaseDir: filepath.Dir(c.document.file),
	}
}

func (c *config) settings(inputs map[string]bool) analytics.Settings {
	s := analytics.Settings{
		From: c.midnight(c.Period.From), To: c.midnight(c.Period.To),
		Grain: c.Grain, Currency: c.Currency, MessageCost: c.Money.MessageCost,
		FDR: c.Decision.FDR, Level: c.Decision.Level, MinCustomers: c.Decision.MinCustomers, Equivalence: c.Decision.Equivalence,
		Goals: c.Goals, Seed: uint64(c.Seed), Inputs: inputs,
	}
	if c.Money.Margin != nil {
		s.Margin = *c.Money.Margin
	}
	return s
}

// The closed lists of the contract.
func languages() []string { return []string{"ru", "en"} }
func roles() []string {
	return []string{"acquisition", "activation", "retention", "development", "winback", "service", "information"}
}

var (
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	memoryForm   = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$`)
	durationForm = regexp.MustCompile(`^([0-9]+)(s|m|h|d|w)$`)
	clockForm    = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// leastMemory is what the engine needs to read one file: its buffers alone are 128 MB.
const leastMemory = 256e6

// validate checks the meaning of every value. add takes the path of the value, what is wrong and what is allowed.
func (c *config) validate(add func(path, format string, args ...any)) {
	oneOf := func(path, value string, allowed []string) {
		if slices.Contains(allowed, value) {
			return
		}
		if near := analytics.Nearest(value, allowed); near != "" {
			add(path, "%q is not known, did you mean %q? allowed: %s", shorten(value), near, strings.Join(allowed, ", "))
			return
		}
		add(path, "%q is not known: allowed: %s", shorten(value), strings.Join(allowed, ", "))
	}
	within := func(path string, value, low, high float64) {
		if !(value >= low && value <= high) {
			number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
			add(path, "%s is out of range: allowed: %s to %s", number(value), number(low), number(high))
		}
	}
	if c.Version != 1 {
		add("version", "version %d is not known to crmaudit %s: allowed: 1", c.Version, version)
	}
	c.validatePeriod(add)
	oneOf("language", c.Language, languages())
	if _, err := ingest.LoadZone(c.Timezone); err != nil {
		add("timezone", "%v", err)
	}
	if !currencyForm.MatchString(c.Currency) {
		add("currency", "%q is not a currency code: three capital letters, for example RUB, KZT, USD", shorten(c.Currency))
	}
	if memoryBytes(c.Engine.MemoryLimit) < leastMemory {
		add("engine.memory_limit", "%q is not a memory limit: a number with KB, MB, GB, TB, KiB, MiB, GiB or TiB, at least 256MB", shorten(c.Engine.MemoryLimit))
	}
	if c.Engine.Threads < 0 || c.Engine.Threads > 1024 {
		add("engine.threads", "%d is out of range: allowed: 1 to 1024, or 0 for all processors (one in a small audit)", c.Engine.Threads)
	}
	if c.Money.Margin != nil {
		within("money.margin", *c.Money.Margin, 0, 1)
	}
	for channel, cost := range c.Money.MessageCost {
		within("money.message_cost."+channel, cost, 0, 1e6)
	}
	for code, rate := range c.Money.Rates {
		switch {
		case !currencyForm.MatchString(code):
			add("money.rates."+code, "%q is not a currency code: three capital letters, for example RUB, KZT, USD", shorten(code))
		case code == c.Currency:
			add("money.rates."+code, "%s is the currency of the audit: rates are for the others", code)
		case !(rate > 0 && rate <= 1e9):
			add("money.rates."+code, "%v is not a rate: what one %s is worth in %s, a number above 0 and at most 1e9", rate, code, c.Currency)
		}
	}
	if len(c.Sources.byInput()) == 0 {
		add("sources", "no files: name at least one, for example {events: [{path: orders.csv}]}; inputs: %s", strings.Join(ingest.InputNames(), ", "))
	}
	for _, m := range ingest.Validate(c.spec()) {
		if m.Path != "period" && m.Path != "timezone" { // said above in more detail
			add(m.Path, "%s", m.What)
		}
	}
	for _, m := range c.Lifecycle.Validate(nil) {
		add(m.Path, "%s", m.What)
	}
	var stages []string // recorded stages are known only from the data
	if c.Lifecycle.Source != lifecycle.SourceRecorded {
		for _, s := range c.Lifecycle.WithDefaults().Stages {
			if !slices.Contains(stages, s.Name) {
				stages = append(stages, s.Name)
			}
		}
		stages = append(stages, lifecycle.Unassigned)
	}
	knownStage := func(path, stage string) {
		if stages != nil {
			oneOf(path, stage, stages)
		}
	}
	for goal, targets := range c.Goals {
		for i, target := range targets {
			if from, to, ok := strings.Cut(target, "->"); ok {
				knownStage(fmt.Sprintf("goals.%s[%d]", goal, i), strings.TrimSpace(from))
				knownStage(fmt.Sprintf("goals.%s[%d]", goal, i), strings.TrimSpace(to))
			}
		}
	}
	c.validateScenarios(add, oneOf, knownStage)
	c.validateSegments(add)
	c.validatePolicy(add)
	c.Credit.validate(add)
	c.Renames.validate(add)
	c.Content.validate(add)
	c.Pipeline.validate(add)
	c.Usage.validate(add)
	c.Backlog.validate(add)
	c.validateTriggers(add)
	c.Health.Validate(add)
	ids := map[string]bool{}
	for i, e := range c.Experiments {
		path := fmt.Sprintf("experiments[%d]", i)
		requireID(add, path, e.ID, ids)
		within(path+".within_days", float64(e.WithinDays), 0, 3660)
		e.validate(path, add)
	}
	if !(c.Decision.FDR > 0 && c.Decision.FDR < 1) {
		add("decision.fdr", "%v is out of range: allowed: above 0 and below 1", c.Decision.FDR)
	}
	within("decision.level", c.Decision.Level, 0.5, 0.999)
	within("decision.min_customers", float64(c.Decision.MinCustomers), 1, 1e9)
	within("decision.collision_hours", float64(c.Decision.CollisionHours), 1, 24*7) // pairs are looked for in one week and the next
	d := c.Decision.Duplicates
	d.Each(func(key string, value float64) { within("decision.duplicates."+key, value, 0, 1) })
	if d.AudienceLower > d.Audience {
		add("decision.duplicates.audience_lower", "%v is above audience (%v): the lower end of an interval cannot be asked to exceed the value", d.AudienceLower, d.Audience)
	}
	if d.OtherAudience > d.Audience {
		add("decision.duplicates.other_audience", "%v is above audience (%v): one pair would have the same audience and another one", d.OtherAudience, d.Audience)
	}
	for metric, margin := range c.Decision.Equivalence {
		if margin <= 0 {
			add("decision.equivalence."+metric, "%v is not a margin: a number above 0", margin)
		}
	}
}

func (c *config) validatePeriod(add func(path, format string, args ...any)) {
	var days [2]time.Time
	for i, f := range []struct{ path, value string }{{"period.from", c.Period.From}, {"period.to", c.Period.To}} {
		if f.value == "" {
			add(f.path, "missing: a day such as 2026-07-01")
			continue
		}
		day, err := time.Parse(time.DateOnly, f.value)
		if err != nil {
			add(f.path, "%q is not a day: write it as 2026-07-01", shorten(f.value))
			continue
		}
		if day.Year() < 1990 || day.Year() > 2100 {
			add(f.path, "%s is out of range: allowed: 1990-01-01 to 2100-12-31", f.value)
			continue
		}
		days[i] = day
	}
	if !days[0].IsZero() && !days[1].IsZero() && !days[0].Before(days[1]) {
		add("period", "from %s is not before to %s: the period is [from, to), to is the day after the last one", c.Period.From, c.Period.To)
	}
}

func (c *config) validateScenarios(add func(path, format string, args ...any), oneOf func(path, value string, allowed []string), knownStage func(path, stage string)) {
	ids := map[string]bool{}
	for i, s := range c.Scenarios {
		path := fmt.Sprintf("scenarios[%d]", i)
		requireID(add, path, s.ID, ids)
		if s.Role != "" {
			oneOf(path+".role", s.Role, roles())
		}
		if s.WindowDays != nil && (*s.WindowDays < 1 || *s.WindowDays > 3660) {
			add(path+".window_days", "%d is out of range: allowed: 1 to 3660", *s.WindowDays)
		}
		if g := s.Goal; g != nil {
			if g.Event == "" {
				add(path+".goal", "event is missing: the name of the event that the scenario wants")
			}
			if g.WithinDays < 1 || g.WithinDays > 3660 {
				add(path+".goal.within_days", "%d is out of range: allowed: 1 to 3660", g.WithinDays)
			}
		}
		for j, stage := range s.Stages {
			knownStage(fmt.Sprintf("%s.stages[%d]", path, j), stage)
		}
		steps := map[string]bool{}
		for j, step := range s.Steps {
			at := fmt.Sprintf("%s.steps[%d]", path, j)
			requireID(add, at, step.ID, steps)
			if _, ok := parseDuration(step.After); !ok {
				add(at+".after", "%q is not a duration: a whole number with s, m, h, d or w, for example 72h", shorten(step.After))
			}
		}
	}
}

func (c *config) validatePolicy(add func(path, format string, args ...any)) {
	for key, caps := range map[string]map[string]int{"max_per_day": c.Policy.MaxPerDay, "max_per_week": c.Policy.MaxPerWeek} {
		for channel, n := range caps {
			if n < 0 || n > 1000 {
				add("policy."+key+"."+channel, "%d is out of range: allowed: 0 to 1000", n)
			}
		}
	}
	if q := c.Policy.QuietHours; q != nil {
		for key, value := range map[string]string{"from": q.From, "to": q.To} {
			if !clockForm.MatchString(value) {
				add("policy.quiet_hours."+key, "%q is not a time of day: write it as \"22:00\"", shorten(value))
			}
		}
		if q.From == q.To {
			add("policy.quiet_hours", "from and to are both %s: the whole day would be quiet", q.From)
		}
	}
}

func (c *config) validateTriggers(add func(path, format string, args ...any)) {
	names := map[string]bool{}
	for i, t := range c.Triggers {
		path := fmt.Sprintf("triggers[%d]", i)
		for _, f := range []struct{ key, value string }{{"name", t.Name}, {"when", t.When}, {"expect", t.Expect}} {
			if f.value == "" {
				add(path, "%s is missing", f.key)
			}
		}
		if t.Name != "" && names[t.Name] {
			add(path+".name", "%q stands twice: every name once", shorten(t.Name))
		}
		names[t.Name] = true
		for _, f := range []struct {
			key, value string
			optional   bool
		}{{"within", t.Within, false}, {"after", t.After, true}, {"late_within", t.Late, true}} {
			switch d, ok := parseDuration(f.value); {
			case !ok && !(f.optional && f.value == ""):
				add(path+"."+f.key, "%q is not a duration: a whole number with s, m, h, d or w, for example 15m", shorten(f.value))
			case ok && d == 0 && f.key == "within":
				add(path+"."+f.key, "%s leaves no time for an answer: at least 1s", f.value)
			}
		}
		if t.When == "" || t.Expect == "" {
			continue
		}
		for _, m := range t.rule().Check() {
			add(path+"."+m.Key, "%s", m.What)
		}
	}
}

// rule is the trigger for its block; what is not a duration counts as none, validate has refused it.
func (t triggerConfig) rule() triggers.Rule {
	r := triggers.Rule{Name: t.Name, When: t.When, Expect: t.Expect, Target: t.Target}
	r.After, _ = parseDuration(t.After)
	r.Within, _ = parseDuration(t.Within)
	r.LateWithin, _ = parseDuration(t.Late)
	return r
}

func (c *config) triggerRules() []triggers.Rule {
	var out []triggers.Rule
	for _, t := range c.Triggers {
		out = append(out, t.rule())
	}
	return out
}

func requireID(add func(path, format string, args ...any), path, id string, seen map[string]bool) {
	switch {
	case id == "":
		add(path, "id is missing")
	case seen[id]:
		add(path+".id", "%q stands twice: every id once", shorten(id))
	}
	seen[id] = true
}

// parseDuration reads 15m, 72h, 3d, 2w.
func parseDuration(s string) (time.Duration, bool) {
	m := durationForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[m[2]]
	if err != nil || time.Duration(n) > 10*366*24*time.Hour/unit {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// memoryBytes reads 4GB, 512MiB; 0 when it is neither.
func memoryBytes(s string) float64 {
	m := memoryForm.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	n, err := strconv.ParseFloat(m[1], 64)
	scale := map[string]float64{"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}[m[2]]
	if err != nil || n*scale > 1e15 {
		return 0
	}
	return n * scale
}
