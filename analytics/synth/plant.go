package synth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"

	"crmaudit/analytics"
)

// Plant is what is wrong, and what works, in the made-up company. Multipliers act on the weekly order rate; 1 (or 0 for additive
// effects and shares) switches an effect off.
type Plant struct {
	// SecondOrder multiplies the order rate of a customer with exactly one order: the step new -> active is weak.
	SecondOrder float64 `yaml:"second_order" json:"second_order"`
	// Reactivation multiplies the order rate from the 60th day without an order: the life-cycle bottleneck, customers stay in at_risk.
	Reactivation float64 `yaml:"reactivation" json:"reactivation"`
	// ScenarioEffects multiply the order rate for four weeks after entry, by scenario id. A scenario that is not named has none.
	ScenarioEffects map[string]float64 `yaml:"scenario_effects" json:"scenario_effects"`
	// Holdouts multiply the order rate of the treated arm for four weeks after assignment, by experiment id.
	Holdouts map[string]float64 `yaml:"holdouts" json:"holdouts"`
	Fatigue  Fatigue            `yaml:"fatigue" json:"fatigue"`
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
		SecondOrder:          0.35,
		Reactivation:         0.5,
		ScenarioEffects:      map[string]float64{"abandoned_cart": 1.3, "replenishment": 1.3, "at_risk": 1.3, "price_drop": 0.8},
		Holdouts:             map[string]float64{"may_offer": 1.2, "loyalty_push": 1},
		Fatigue:              Fatigue{Open: -0.02, Unsubscribe: 0.5, Suppression: true},
		Slumps:               true,
		Season:               true,
		Affinity:             0.4,
		TriggerLate:          0.12,
		TriggerMissing:       0.08,
		SentAfterUnsubscribe: 0.02,
		FuzzyDuplicates:      0.03,
		Fillers:              0.02,
		DealsStuck:           0.3,
	}
}

// NullPlant has no effect of any kind: the world in which nothing may be "confirmed".
func NullPlant() Plant { return Plant{SecondOrder: 1, Reactivation: 1} }

// ReadPlant reads a plant file (YAML, strict) on top of DefaultPlant: only what is named changes. All mistakes are reported at once.
func ReadPlant(name string, r io.Reader) (Plant, error) {
	p := DefaultPlant()
	data, err := io.ReadAll(r)
	if err != nil {
		return p, analytics.Enginef("read plant %s: %w", name, err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		return p, analytics.Usagef("read plant %s: %w", name, err)
	}
	if err := p.validate(); err != nil {
		return p, analytics.Usagef("plant %s: %w", name, err)
	}
	return p, nil
}

func (p Plant) validate() error {
	var errs []error
	factor := func(name string, v float64) {
		if !(v >= 0 && v <= 20) {
			errs = append(errs, fmt.Errorf("%s: %v is not a multiplier from 0 to 20", name, v))
		}
	}
	share := func(name string, v float64) {
		if !(v >= 0 && v <= 1) {
			errs = append(errs, fmt.Errorf("%s: %v is not a share from 0 to 1", name, v))
		}
	}
	factor("second_order", p.SecondOrder)
	factor("reactivation", p.Reactivation)
	for _, id := range sortedKeys(p.ScenarioEffects) {
		factor("scenario_effects."+id, p.ScenarioEffects[id])
		if !slices.ContainsFunc(scenarioList(), func(s Scenario) bool { return s.ID == id }) {
			errs = append(errs, fmt.Errorf("scenario_effects.%s: no such scenario, choose from %v", id, scenarioIDs()))
		}
	}
	for _, id := range sortedKeys(p.Holdouts) {
		factor("holdouts."+id, p.Holdouts[id])
		if !slices.ContainsFunc(experimentList(), func(e Experiment) bool { return e.ID == id }) {
			errs = append(errs, fmt.Errorf("holdouts.%s: no such experiment, choose from may_offer, loyalty_push", id))
		}
	}
	if !(p.Fatigue.Open >= -1 && p.Fatigue.Open <= 1) {
		errs = append(errs, fmt.Errorf("fatigue.open: %v is not a change of a share from -1 to 1", p.Fatigue.Open))
	}
	for name, v := range map[string]float64{"fatigue.unsubscribe": p.Fatigue.Unsubscribe, "confounding": p.Confounding} {
		if !(v >= -5 && v <= 5) {
			errs = append(errs, fmt.Errorf("%s: %v is not a log-odds from -5 to 5", name, v))
		}
	}
	share("affinity", p.Affinity)
	share("trigger_late", p.TriggerLate)
	share("trigger_missing", p.TriggerMissing)
	if p.TriggerLate+p.TriggerMissing > 1 {
		errs = append(errs, fmt.Errorf("trigger_late + trigger_missing: %v is more than 1", p.TriggerLate+p.TriggerMissing))
	}
	share("sent_after_unsubscribe", p.SentAfterUnsubscribe)
	share("fuzzy_duplicates", p.FuzzyDuplicates)
	share("fillers", p.Fillers)
	share("deals_stuck", p.DealsStuck)
	slices.SortFunc(errs, func(a, b error) int { return bytes.Compare([]byte(a.Error()), []byte(b.Error())) })
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
