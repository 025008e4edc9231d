package synth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"crmaudit/analytics"
)

// Plant is what is wrong, and what works, in the made-up company. Multipliers act on the weekly order rate; 1 (or 0 for additive
// effects and shares) switches an effect off.
type Plant struct {
	// Scenarios says how much is wrong with the chains, segments, series and experiments: none (NullPlant), basic, usual (one or two of every problem) or extra (all
	// that the truth bench counts). SegmentGaps, Series and Shops act from usual on.
	Scenarios string `yaml:"scenarios" json:"scenarios"`
	// SecondOrder multiplies the order rate of a customer with exactly one order: the step new -> active is weak.
	SecondOrder float64 `yaml:"second_order" json:"second_order"`
	// Reactivation multiplies the order rate from the 60th day without an order: the life-cycle bottleneck, customers stay in at_risk.
	Reactivation float64 `yaml:"reactivation" json:"reactivation"`
	// ScenarioEffects multiply the order rate for four weeks after entry, by scenario id. A scenario that is not named has none.
	ScenarioEffects map[string]float64 `yaml:"scenario_effects" json:"scenario_effects"`
	// Holdouts multiply the order rate of the treated arm for four weeks after assignment, by experiment id.
	Holdouts map[string]float64 `yaml:"holdouts" json:"holdouts"`
	Fatigue  Fatigue            `yaml:"fatigue" json:"fatigue"`
	// SegmentGaps multiply the order rate of the second segment of a pair that splits the customers by lot, by its id (halfList).
	SegmentGaps map[string]float64 `yaml:"segment_gaps" json:"segment_gaps"`
	Series      Series             `yaml:"series" json:"series"`
	// Shops is the spread of the shops (log of the order rate): customers of one shop are alike, which the experiment shop_invite, assigned by shop, has to bear.
	Shops float64 `yaml:"shops" json:"shops"`
	// MachineOpens is the share of delivered and unopened e-mails that a privacy proxy opens within seconds.
	MachineOpens float64 `yaml:"machine_opens" json:"machine_opens"`
	// Confounding is the pull of the (unmeasured) engagement u on both enrolment (log-odds) and the order rate (log), e.g. .3 or .6.
	Confounding float64 `yaml:"confounding" json:"confounding"`
	// Slumps: a customer falls into one with 4 % a week, for six weeks, at a quarter of his rate.
	Slumps bool `yaml:"slumps" json:"slumps"`
	// Season switches the year's wave and the common week shocks.
	Season bool `yaml:"season" json:"season"`
	// Affinity is the chance that an order with the first product of a planted pair holds the second one too.
	Affinity float64 `yaml:"affinity" json:"affinity"`
	// TriggerLate and TriggerMissing are the shares of missed calls whose task comes hours later, or never.
	TriggerLate    float64 `yaml:"trigger_late" json:"trigger_late"`
	TriggerMissing float64 `yaml:"trigger_missing" json:"trigger_missing"`
	// SentAfterUnsubscribe is the share of bulk messages to an unsubscribed address that are sent all the same.
	SentAfterUnsubscribe float64 `yaml:"sent_after_unsubscribe" json:"sent_after_unsubscribe"`
	// FuzzyDuplicates is the share of customers who are another spelling of the customer before them, with no activity of their own.
	FuzzyDuplicates float64 `yaml:"fuzzy_duplicates" json:"fuzzy_duplicates"`
	// Fillers is the share of customers whose phone is "-", "123" or "test".
	Fillers float64 `yaml:"fillers" json:"fillers"`
	// DealsStuck is the share of deals that stop moving in the stage proposal.
	DealsStuck float64 `yaml:"deals_stuck" json:"deals_stuck"`

	// What follows is planted for the blocks of issue 5; all but NearMisses, InvalidEmails, NoLossReason and TasksOverdue act from usual on (blocks.go).

	// RhythmDrift multiplies the order rate of the customers who prefer tea (segment interest_tea): 1 in the first fifth of the audited period, this in the last two,
	// and evenly in between on the log scale: their pauses lengthen.
	RhythmDrift float64 `yaml:"rhythm_drift" json:"rhythm_drift"`
	// Sequence is the chance that the next order, within 90 days, after one with the first product of the planted sequence holds the second one.
	Sequence float64 `yaml:"sequence" json:"sequence"`
	// BigBaskets is the share of customers who buy 8 to 14 products of all kinds at once. Two popular products go into every basket in proportion to its
	// size, independently: their plain lift is above 1, that adjusted for the basket's size is not.
	BigBaskets float64 `yaml:"big_baskets" json:"big_baskets"`
	// WearOut: the clicks after an open of the birthday letter, which nobody has changed for years, fall by this log-odds over the audited period; those of its channel do not.
	WearOut float64 `yaml:"wear_out" json:"wear_out"`
	// Personal is the log-odds that a contextual issue of tea_stories adds to clicks after an open; basic issues of promo_digest add nothing.
	Personal float64 `yaml:"personal" json:"personal"`
	// NearMisses is the share of customers who look like the customer before them and are somebody else: family, namesakes, branches.
	NearMisses float64 `yaml:"near_misses" json:"near_misses"`
	// InvalidEmails is the share of customers whose e-mail is none; the first letter to it bounces for good.
	InvalidEmails float64 `yaml:"invalid_emails" json:"invalid_emails"`
	// OptionalEmpty is the share of customers without a gender.
	OptionalEmpty float64 `yaml:"optional_empty" json:"optional_empty"`
	// NoNextStep is the share of stages of deals without the date of a next step; NoLossReason that of lost deals without a reason.
	NoNextStep   float64 `yaml:"no_next_step" json:"no_next_step"`
	NoLossReason float64 `yaml:"no_loss_reason" json:"no_loss_reason"`
	// SlowOwner multiplies the days that deals stay in a stage, and tasks stay undone, at one owner, who has more deals than any other.
	SlowOwner float64 `yaml:"slow_owner" json:"slow_owner"`
	// TasksOverdue is the share of tasks done after they were due, at all other owners.
	TasksOverdue float64 `yaml:"tasks_overdue" json:"tasks_overdue"`
	// NoStatus is the share of SMS that come back without a delivery status.
	NoStatus float64 `yaml:"no_status" json:"no_status"`
	// Feeds: one source of events is silent for three days, another's day comes twice, a third one is hours late from one week on.
	Feeds bool `yaml:"feeds" json:"feeds"`
	// Orphans is the share of customers with a click that belongs to no send, and, of orders, that of order lines without customer and without order.
	Orphans float64 `yaml:"orphans" json:"orphans"`
	// Returns is the share of orders of which one line comes back a few days later.
	Returns float64 `yaml:"returns" json:"returns"`
}

// Fatigue is the harm of bulk messages.
type Fatigue struct {
	Open        float64 `yaml:"open" json:"open"`               // change of P(open) per bulk message of the last 7 days
	Unsubscribe float64 `yaml:"unsubscribe" json:"unsubscribe"` // log-odds added at three or more bulk messages in the last 7 days
	Suppression bool    `yaml:"suppression" json:"suppression"` // half as many bulk messages to customers who do not open
}

// DefaultPlant is the company of the demo.
func DefaultPlant() Plant {
	return Plant{
		Scenarios:            ScenariosUsual,
		SecondOrder:          0.35,
		Reactivation:         0.5,
		ScenarioEffects:      map[string]float64{"abandoned_cart": 1.3, "replenishment": 1.3, "at_risk": 1.3, "price_drop": 0.8},
		Holdouts:             map[string]float64{"may_offer": 1.2, "loyalty_push": 1, "delivery_offer": 1.2, "shop_invite": 1},
		Fatigue:              Fatigue{Open: -0.02, Unsubscribe: 0.5, Suppression: true},
		SegmentGaps:          map[string]float64{"wave_2": 1.07, "card_no": 0.7, "new_base": 1.07, "box_tin": 1.145},
		Series:               Series{Decline: .9, Mix: 1, Spike: 1.5, Shift: -1.2, Unsubscribe: 1.2},
		Shops:                0.3,
		MachineOpens:         0.12,
		Slumps:               true,
		Season:               true,
		Affinity:             0.4,
		TriggerLate:          0.12,
		TriggerMissing:       0.08,
		SentAfterUnsubscribe: 0.02,
		FuzzyDuplicates:      0.03,
		Fillers:              0.02,
		DealsStuck:           0.3,
		RhythmDrift:          0.4,
		Sequence:             0.35,
		BigBaskets:           0.05,
		WearOut:              2,
		Personal:             0.5,
		NearMisses:           0.03,
		InvalidEmails:        0.015,
		OptionalEmpty:        0.45,
		NoNextStep:           0.25,
		NoLossReason:         0.35,
		SlowOwner:            3,
		TasksOverdue:         0.2,
		NoStatus:             0.3,
		Feeds:                true,
		Orphans:              0.01,
		Returns:              0.02,
	}
}

// NullPlant is the world in which nothing works and nothing is wrong, so that nothing of the kind may be "confirmed" (package comment, "The null world").
func NullPlant() Plant {
	return Plant{Scenarios: ScenariosNone, SecondOrder: 1, Reactivation: 1, RhythmDrift: 1, SlowOwner: 1}
}

// ReadPlant reads a plant file (YAML, strict) on top of DefaultPlant: only what is named changes. A file with `scenarios: none` is read on top of NullPlant. All mistakes are reported at once, each as
// name:line: what.
func ReadPlant(name string, r io.Reader) (Plant, error) {
	p := DefaultPlant()
	data, err := io.ReadAll(r)
	if err != nil {
		return p, analytics.Enginef("read plant %s: %w", name, err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return p, analytics.Usagef("read plant %s: %w", name, err)
	}
	var first struct{ Scenarios string }
	if _ = root.Decode(&first); first.Scenarios == ScenariosNone { // mistakes are found below
		p = NullPlant()
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	var wrong *yaml.TypeError
	switch err := dec.Decode(&p); {
	case errors.As(err, &wrong):
		var errs []error
		for _, e := range wrong.Errors {
			errs = append(errs, plantMistake(name, e))
		}
		return p, &analytics.UsageError{Err: errors.Join(errs...)}
	case err != nil && !errors.Is(err, io.EOF):
		return p, analytics.Usagef("read plant %s: %w", name, err)
	}
	var errs []error
	for _, m := range p.mistakes() {
		line := lineOf(&root, strings.Split(m.path, "."))
		errs = append(errs, fmt.Errorf("%s:%d: %s: %s", name, line, m.path, m.what))
	}
	if errs != nil {
		return p, &analytics.UsageError{Err: errors.Join(errs...)}
	}
	return p, nil
}

var (
	decodeLine  = regexp.MustCompile(`^line (\d+): (.*)$`)
	unknownKey  = regexp.MustCompile(`^field (.*) not found in type synth\.(\w+)$`)
	wrongScalar = regexp.MustCompile("^cannot unmarshal !!\\w+ (`.*` )?into (float64|bool|string|map.*|synth.*)$")
)

// plantMistake words one message of the YAML decoder for people.
func plantMistake(name, text string) error {
	at := decodeLine.FindStringSubmatch(text)
	if at == nil {
		return fmt.Errorf("%s: %s", name, text)
	}
	line, what := at[1], at[2]
	if m := unknownKey.FindStringSubmatch(what); m != nil {
		keys := yamlKeys(reflect.TypeFor[Plant]())
		switch m[2] {
		case "Fatigue":
			keys = yamlKeys(reflect.TypeFor[Fatigue]())
		case "Series":
			keys = yamlKeys(reflect.TypeFor[Series]())
		}
		if near := analytics.Nearest(m[1], keys); near != "" {
			return fmt.Errorf("%s:%s: unknown key %s, did you mean %s?", name, line, m[1], near)
		}
		return fmt.Errorf("%s:%s: unknown key %s: allowed: %s", name, line, m[1], strings.Join(keys, ", "))
	}
	if m := wrongScalar.FindStringSubmatch(what); m != nil {
		want := "a mapping of names to numbers"
		switch m[2] {
		case "float64":
			want = "a number"
		case "bool":
			want = "true or false"
		case "string":
			want = "none, basic, usual or extra"
		}
		found := strings.TrimSpace(m[1])
		if found == "" {
			found = "a list or mapping"
		}
		return fmt.Errorf("%s:%s: found %s, want %s", name, line, found, want)
	}
	return fmt.Errorf("%s:%s: %s", name, line, what)
}

func yamlKeys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("yaml"))
	}
	return keys
}

// lineOf returns the line of the value at path, or of the nearest mapping above it.
func lineOf(n *yaml.Node, path []string) int {
	if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
		n = n.Content[0]
	}
	for i := 0; n.Kind == yaml.MappingNode && len(path) > 0 && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == path[0] {
			return lineOf(n.Content[i+1], path[1:])
		}
	}
	return max(1, n.Line)
}

type mistake struct{ path, what string }

// mistakes checks every number, in the order of the fields.
func (p Plant) mistakes() []mistake {
	var out []mistake
	add := func(path, format string, args ...any) { out = append(out, mistake{path, fmt.Sprintf(format, args...)}) }
	within := func(path string, v, low, high float64, what string) {
		if !(v >= low && v <= high) {
			add(path, "%v is not %s from %v to %v", v, what, low, high)
		}
	}
	const factor, share, logOdds = "a multiplier", "a share", "a log-odds"
	if _, ok := scenarioLevels[p.Scenarios]; !ok {
		add("scenarios", "%q is none of none, basic, usual, extra", p.Scenarios)
	}
	within("second_order", p.SecondOrder, 0, 20, factor)
	within("reactivation", p.Reactivation, 0, 20, factor)
	for _, id := range sortedKeys(p.ScenarioEffects) {
		within("scenario_effects."+id, p.ScenarioEffects[id], 0, 20, factor)
		i := slices.IndexFunc(scenarioList(), func(s Scenario) bool { return s.ID == id })
		if i < 0 || scenarioList()[i].Bulk {
			var chains []string
			for _, s := range scenarioList() {
				if !s.Bulk {
					chains = append(chains, s.ID)
				}
			}
			add("scenario_effects."+id, "no such chain: allowed: %s", strings.Join(chains, ", "))
		}
	}
	for _, id := range sortedKeys(p.Holdouts) {
		within("holdouts."+id, p.Holdouts[id], 0, 20, factor)
		if !slices.ContainsFunc(experimentList(), func(e Experiment) bool { return e.ID == id }) {
			var ids []string
			for _, e := range experimentList() {
				ids = append(ids, e.ID)
			}
			add("holdouts."+id, "no such experiment: allowed: %s", strings.Join(ids, ", "))
		}
	}
	for _, id := range sortedKeys(p.SegmentGaps) {
		within("segment_gaps."+id, p.SegmentGaps[id], 0, 20, factor)
		var ids []string
		for _, h := range halfList() {
			ids = append(ids, h.b)
		}
		if !slices.Contains(ids, id) {
			add("segment_gaps."+id, "no such segment: allowed: %s", strings.Join(ids, ", "))
		}
	}
	within("series.decline", p.Series.Decline, -5, 5, logOdds)
	within("series.mix", p.Series.Mix, -5, 5, logOdds)
	within("series.spike", p.Series.Spike, -5, 5, logOdds)
	within("series.shift", p.Series.Shift, -5, 5, logOdds)
	within("series.unsubscribe", p.Series.Unsubscribe, -5, 5, logOdds)
	within("shops", p.Shops, 0, 2, "a spread of the log rate")
	within("machine_opens", p.MachineOpens, 0, 1, share)
	within("fatigue.open", p.Fatigue.Open, -1, 1, "a change of a share")
	within("fatigue.unsubscribe", p.Fatigue.Unsubscribe, -5, 5, logOdds)
	within("confounding", p.Confounding, -5, 5, logOdds)
	within("affinity", p.Affinity, 0, 1, share)
	within("trigger_late", p.TriggerLate, 0, 1, share)
	within("trigger_missing", p.TriggerMissing, 0, 1, share)
	if p.TriggerLate+p.TriggerMissing > 1 {
		add("trigger_missing", "with trigger_late it is %v, more than 1", p.TriggerLate+p.TriggerMissing)
	}
	within("sent_after_unsubscribe", p.SentAfterUnsubscribe, 0, 1, share)
	within("fuzzy_duplicates", p.FuzzyDuplicates, 0, .5, share)
	within("fillers", p.Fillers, 0, .9, share)
	within("deals_stuck", p.DealsStuck, 0, 1, share)
	within("rhythm_drift", p.RhythmDrift, .01, 20, factor)
	within("sequence", p.Sequence, 0, 1, share)
	within("big_baskets", p.BigBaskets, 0, 1, share)
	within("wear_out", p.WearOut, -5, 5, logOdds)
	within("personal", p.Personal, -5, 5, logOdds)
	within("near_misses", p.NearMisses, 0, .4, share)
	if p.FuzzyDuplicates+p.NearMisses > .5 {
		add("near_misses", "with fuzzy_duplicates it is %v, more than .5", p.FuzzyDuplicates+p.NearMisses)
	}
	within("invalid_emails", p.InvalidEmails, 0, .9, share)
	within("optional_empty", p.OptionalEmpty, 0, 1, share)
	within("no_next_step", p.NoNextStep, 0, 1, share)
	within("no_loss_reason", p.NoLossReason, 0, 1, share)
	within("slow_owner", p.SlowOwner, .1, 20, factor)
	within("tasks_overdue", p.TasksOverdue, 0, .9, share)
	within("no_status", p.NoStatus, 0, 1, share)
	within("orphans", p.Orphans, 0, .5, share)
	within("returns", p.Returns, 0, .5, share)
	return out
}

func (p Plant) validate() error {
	var errs []error
	for _, m := range p.mistakes() {
		errs = append(errs, fmt.Errorf("%s: %s", m.path, m.what))
	}
	return errors.Join(errs...)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
