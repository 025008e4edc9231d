package synth

import (
	"slices"
	"time"
)

// Truth is truth.json: what was planted, and what is true in the files written.
type Truth struct {
	Seed      uint64  `json:"seed"`
	Customers int     `json:"customers"`
	Weeks     int     `json:"weeks"`
	From      string  `json:"period_from"` // dates in the business zone, half-open
	To        string  `json:"period_to"`
	Start     string  `json:"data_from"`
	Timezone  string  `json:"timezone"`
	Messages  float64 `json:"messages_per_customer"`
	Events    float64 `json:"events_per_customer"`
	Dirty     bool    `json:"dirty"`
	Plant     Plant   `json:"plant"`

	Files  []FileTruth      `json:"files"`
	Totals map[string]Fates `json:"totals"` // by input

	Lifecycle   LifecycleTruth    `json:"lifecycle"`
	Bottleneck  BottleneckTruth   `json:"bottleneck"`
	Scenarios   []ScenarioTruth   `json:"scenarios"`
	Chains      ChainTruth        `json:"chains"`
	Experiments []ExperimentTruth `json:"experiments"`
	Trigger     TriggerTruth      `json:"trigger"`
	Contact     ContactTruth      `json:"contact"`
	Segments    SegmentTruth      `json:"segments"`
	Series      []SeriesTruth     `json:"series"`
	Bundles     [][2]string       `json:"bundles"` // product pairs (first, second) with Plant.Affinity
	Pipeline    PipelineTruth     `json:"pipeline"`
	Health      HealthTruth       `json:"health"`

	// What is planted for the blocks of issue 5 (blocks.go); empty lists where nothing is.
	Rhythm          RhythmTruth            `json:"rhythm"`
	Baskets         BasketTruth            `json:"baskets"`
	Content         ContentTruth           `json:"content"`
	Personalization []PersonalizationTruth `json:"personalization"`
	Integrations    IntegrationTruth       `json:"integrations"`
	Usage           UsageTruth             `json:"usage"`

	Orders OrdersTruth `json:"orders"`
	// Effects are the counterfactual truths; empty unless they were asked for.
	Effects []Effect `json:"effects,omitempty"`
}

// FileTruth says what must become of the rows of one file (audit.sources).
type FileTruth struct {
	Input string `json:"input"`
	Path  string `json:"path"`
	Fates
}

// LifecycleTruth is the life cycle by the stage rules, at the ends of the audited weeks.
type LifecycleTruth struct {
	Rules       []StageRule        `json:"rules"`
	Last        map[string]int64   `json:"customers_last"` // by stage, at the end of the period
	Transitions []TransitionRow    `json:"transitions"`
	Weekly      []map[string]int64 `json:"customers_weekly"` // by stage, at the end of each audited week
}

// TransitionRow counts moves from the end of one audited week to the end of the next; stays included.
type TransitionRow struct {
	From        string  `json:"from_stage"`
	To          string  `json:"to_stage"`
	N           int64   `json:"n"`
	AtRisk      int64   `json:"at_risk"`
	Probability float64 `json:"probability"`
}

// BottleneckTruth is where customers get stuck by plan: at_risk fills up because few come back from it. The weak step before it is the
// second order: most new customers go to at_risk instead of active.
type BottleneckTruth struct {
	Stage           string  `json:"stage"`
	To              string  `json:"to_stage"`
	Reactivation    float64 `json:"order_rate_factor"`       // planted from the 60th day without an order
	Rate            float64 `json:"rate_per_week"`           // stage -> to_stage
	ShareLast       float64 `json:"share_of_customers_last"` // in the stage at the end of the period
	WeakFrom        string  `json:"weak_step_from"`          // second order
	WeakTo          string  `json:"weak_step_to"`            //
	SecondOrder     float64 `json:"weak_step_rate_factor"`   // planted between the first and the second order
	WeakRate        float64 `json:"weak_step_rate_per_week"` // weak_step_from -> weak_step_to
	WeakLoss        float64 `json:"weak_step_loss_per_week"` // weak_step_from -> stage
	FirstOrders     int64   `json:"first_orders"`            // with 90 days of sight
	SecondOrderIn30 int64   `json:"second_order_in_30_days"` // of these
	SecondOrderIn90 int64   `json:"second_order_in_90_days"` // of these
}

// ScenarioTruth is one scenario with its planted effect.
type ScenarioTruth struct {
	Scenario
	Effect      float64 `json:"order_rate_factor"`
	EffectWeeks int     `json:"effect_weeks"` // from the week of entry (state triggers) or from the week after (event triggers)
	ScenarioFacts
	Comparators int64            `json:"comparators"` // triggered, not enrolled
	Unused      bool             `json:"unused"`
	ByStage     map[string]int64 `json:"enrolled_by_stage"` // stage in force at entry; in the customer's first week that of its end
	// Precision is the share of the enrolled who were in one of the declared stages.
	Precision float64 `json:"share_in_declared_stages"`
}

// ChainTruth is what is wrong, and what only looks wrong, with the chains: the answers to the scenario detectors. Pairs are in the order of their ids.
type ChainTruth struct {
	Duplicates       [][2]string `json:"duplicates"`        // two chains for one purpose
	Subsets          [][2]string `json:"subsets"`           // the customers of one are all in the other, with the same content
	SameLogic        [][2]string `json:"same_logic"`        // one chain twice, for audiences that exclude each other
	DifferentContent [][2]string `json:"different_content"` // one audience and timing, two contents: a collision, no duplicate
	// CommonTrigger are the planted conflicts: one trigger starts both, and their person-time overlaps Ratio times as much as chance does.
	CommonTrigger []PairTruth `json:"common_trigger"`
	// Independent pairs draw customers of one stage, each by its own lot: crude lift, but a ratio of 1 within the stage.
	Independent []PairTruth `json:"independent"`
	// Together are all pairs that some common cause starts at once, planted conflicts and duplicates among them: called a conflict or not, they are no
	// false alarms.
	Together          [][2]string  `json:"together"`
	Contradictory     [][2]string  `json:"contradictory_roles"` // at once by a common trigger
	PriorityInversion [][2]string  `json:"priority_inversions"` // the less important one writes first, then the other
	DeadEnds          []string     `json:"dead_ends"`           // after the exit no chain takes the customer for 45 days; no goal, no next
	Broad             []BroadTruth `json:"broad_triggers"`      //
	DropOffs          []DropTruth  `json:"drop_offs"`           //
	// NaturalDrops lose sends from step to step too, by goal exits and by channels that fewer customers allow.
	NaturalDrops  []string `json:"natural_drop_offs"`
	Unused        []string `json:"unused"`              // defined, never run
	Undefined     []string `json:"undefined"`           // run, not defined
	Night         []string `json:"night"`               // send at five in the morning
	Null          []string `json:"no_effect"`           // enrol, and change nothing
	Positive      []string `json:"positive_effect"`     //
	Harmful       []string `json:"harmful"`             //
	NoComparators []string `json:"few_comparators"`     // most enrolled have nobody to be compared with
	BrokenRatio   []string `json:"broken_sample_ratio"` // experiments
}

// PairTruth is a pair with the planted ratio of observed to expected joint time given the stage.
type PairTruth struct {
	A     string  `json:"scenario_a"`
	B     string  `json:"scenario_b"`
	Ratio float64 `json:"ratio"`
	Stage string  `json:"stage,omitempty"` // that gates both; empty: none does
}

// BroadTruth is a trigger that catches too many.
type BroadTruth struct {
	Scenario string `json:"scenario_id"`
	Why      string `json:"why"` // "stages": most of the enrolled are in none of the declared stages; "everybody": it takes whom it meets
}

// DropTruth is a step that loses sends by a broken rule.
type DropTruth struct {
	Scenario string  `json:"scenario_id"`
	Step     string  `json:"step_id"`
	Share    float64 `json:"share"`
}

// ExperimentTruth is one hold-out with its planted lift.
type ExperimentTruth struct {
	Experiment
	Lift float64 `json:"order_rate_factor"`
	ExperimentOrders
}

// TriggerTruth is the fate of missed calls: a task within 15 minutes, later, never.
type TriggerTruth struct {
	InTime  int64 `json:"in_time"`
	Late    int64 `json:"late"`
	Missing int64 `json:"missing"`
}

// ContactTruth counts what contact policy looks for.
type ContactTruth struct {
	Sent                 int64 `json:"sent"`
	NotSent              int64 `json:"not_sent"`
	Unsubscribed         int64 `json:"unsubscribed"`
	SentAfterUnsubscribe int64 `json:"sent_after_unsubscribe"`
	QuietHours           int64 `json:"quiet_hours"` // sends from 22 to 8 in the customer's own zone
	// Sends beyond the policy's caps for all channels, by calendar day and calendar week of the business zone, service messages left out.
	OverDay  int64 `json:"over_day_cap"`
	OverWeek int64 `json:"over_week_cap"`
}

// SegmentTruth is what is planted among the segments.
type SegmentTruth struct {
	Equal     [][2]string  `json:"equal"`      // by construction: a lot splits the customers of one kind
	Gaps      []GapTruth   `json:"gaps"`       // the same, and the second orders more or less
	Stale     []StaleTruth `json:"stale"`      //
	Tiny      []SizeTruth  `json:"tiny"`       //
	NearlyAll []SizeTruth  `json:"nearly_all"` //
	Unused    []string     `json:"unused"`     // by any scenario
}

// GapTruth is a pair of segments that differ in nothing but the order rate. What the factor makes of a measured rate stands in effects.
type GapTruth struct {
	A      string  `json:"segment_a"`
	B      string  `json:"segment_b"`
	Factor float64 `json:"order_rate_factor"` // of b
	// Difference, b less a, of the shares with an order in the last 28 days.
	Difference float64 `json:"difference_28_days"`
}

// StaleTruth counts the members at the end of the data and those for whom the segment's own rule does not hold any more.
type StaleTruth struct {
	Segment string  `json:"segment_id"`
	Rule    string  `json:"rule"`
	Members int64   `json:"members"`
	Outside int64   `json:"outside"`
	Share   float64 `json:"share_outside"`
}

// SizeTruth is the number of members at the end of the data.
type SizeTruth struct {
	Segment string `json:"segment_id"`
	Members int64  `json:"members"`
}

// SeriesTruth is one change over time. LogOdds is the whole change: at the end of the period (decline, unsubscribe_growth), in the week Week (spike), from it on (level_shift); of
// mix_only, that of the warm stages, the cold ones have its negative, at all times.
type SeriesTruth struct {
	Kind     string  `json:"kind"`                  // decline, mix_only, spike, level_shift, unsubscribe_growth
	Metric   string  `json:"metric"`                // clicked (after an open), opened, bounced, unsubscribed (of the delivered)
	Scenario string  `json:"scenario_id,omitempty"` // empty: all of the channel
	Channel  string  `json:"channel"`               //
	LogOdds  float64 `json:"log_odds"`
	Week     string  `json:"week,omitempty"` // Monday
}

// OrdersTruth are totals; money in currency units.
type OrdersTruth struct {
	Buyers         int64   `json:"potential_buyers"` // customers with a positive latent rate
	Orders         int64   `json:"orders"`
	OrdersAudited  int64   `json:"orders_audited"` // in the audited period
	Revenue        float64 `json:"revenue"`
	RevenueAudited float64 `json:"revenue_audited"`
}

func ratio(a, b int64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (w *world) truth(f *facts, files []FileTruth) *Truth {
	cfg := &w.cfg
	date := func(sec int64) string { return time.Unix(sec+zoneOffset, 0).UTC().Format(time.DateOnly) }
	t := &Truth{Seed: cfg.Seed, Customers: cfg.Customers, Weeks: cfg.Weeks, Start: date(w.start), From: date(w.start + burnIn*week), To: date(w.end), Timezone: Timezone,
		Messages: cfg.MessagesPerCustomer, Events: cfg.EventsPerCustomer, Dirty: cfg.Dirty, Plant: cfg.Plant, Files: files, Totals: map[string]Fates{}}
	for _, file := range files {
		sum := t.Totals[file.Input]
		sum.add(file.Fates)
		t.Totals[file.Input] = sum
	}
	rules := stageRules()
	t.Lifecycle = LifecycleTruth{Rules: rules, Last: map[string]int64{}}
	var p [stCount][stCount]float64
	for i := range f.Transitions {
		var risk int64
		for _, n := range f.Transitions[i] {
			risk += n
		}
		for j, n := range f.Transitions[i] {
			p[i][j] = ratio(n, risk)
			if n > 0 {
				t.Lifecycle.Transitions = append(t.Lifecycle.Transitions, TransitionRow{rules[i].Name, rules[j].Name, n, risk, p[i][j]})
			}
		}
	}
	for k, counts := range f.Stages {
		weekly := map[string]int64{}
		for i, n := range counts {
			weekly[rules[i].Name] = n
		}
		t.Lifecycle.Weekly = append(t.Lifecycle.Weekly, weekly)
		if k == len(f.Stages)-1 {
			t.Lifecycle.Last = weekly
		}
	}
	t.Bottleneck = BottleneckTruth{Stage: rules[stAtRisk].Name, To: rules[stActive].Name, Reactivation: cfg.Plant.Reactivation, Rate: p[stAtRisk][stActive],
		ShareLast: ratio(t.Lifecycle.Last[rules[stAtRisk].Name], f.Customers), WeakFrom: rules[stNew].Name, WeakTo: rules[stActive].Name, SecondOrder: cfg.Plant.SecondOrder,
		WeakRate: p[stNew][stActive], WeakLoss: p[stNew][stAtRisk], FirstOrders: f.FirstOrders, SecondOrderIn30: f.Second30, SecondOrderIn90: f.Second90}
	for i, s := range w.scenarios {
		if !w.present[i] {
			continue
		}
		x := f.Scenarios[i]
		row := ScenarioTruth{Scenario: s, Effect: w.effects[i], EffectWeeks: effectWeeks, ScenarioFacts: x, Comparators: x.Triggered - x.Enrolled, Unused: x.Messages == 0 && x.Enrolled == 0, ByStage: map[string]int64{}}
		var inside int64
		for k, n := range x.Stages {
			if n > 0 {
				row.ByStage[rules[k].Name] = n
			}
			if slices.Contains(s.Stages, rules[k].Name) {
				inside += n
			}
		}
		row.Precision = ratio(inside, x.Enrolled)
		t.Scenarios = append(t.Scenarios, row)
	}
	t.Chains = w.chains()
	for i, e := range w.exper {
		if w.present[e.scenario] {
			t.Experiments = append(t.Experiments, ExperimentTruth{e, w.lift[i], f.Experiments[i]})
		}
	}
	t.Trigger = TriggerTruth{f.CallsInTime, f.CallsLate, f.CallsMissing}
	t.Contact = ContactTruth{f.Sent, f.NotSent, f.Unsubscribed, f.SentAfterUnsubscribe, f.QuietHours, f.OverDay, f.OverWeek}
	t.Segments = w.segmentTruth(f)
	t.Series = w.seriesTruth()
	for _, pair := range affinityPairs {
		t.Bundles = append(t.Bundles, [2]string{w.products[pair[0]].id, w.products[pair[1]].id})
	}
	w.blockTruth(t, f)
	t.Orders = OrdersTruth{f.Buyers, f.Orders, f.OrdersAudited, float64(f.Revenue) / 100, float64(f.RevenueAudited) / 100}
	return t
}
