package backlog

import (
	"math"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// company has 20,000 customers with messages, a fifth of whom ordered in the last 28 days, and 13 weeks of 1,000 RUB each.
func company() Base {
	b := Base{Days: 91, GapDays: 40}
	for g := range int64(100) {
		b.Buckets = append(b.Buckets, BaseRow{Bucket: g, Every: 2, Sampled: 110, Reached: 100, Buyers: 20, RevenueMinor: 100 * 1000_00})
	}
	return b
}

// Where nothing was ever held back by chance, to begin with that is a hypothesis with its value, and what only it can answer waits for it.
func TestHoldoutIsAHypothesis(t *testing.T) {
	base := company()
	s := analytics.Settings{Grain: "week", Currency: "RUB", Level: .90, Margin: .5, MinCustomers: 100, Equivalence: map[string]float64{"order_rate": .02}}
	found := Findings(&base, s)
	if len(found) != 1 {
		t.Fatalf("want one finding, got %d", len(found))
	}
	effect := loss("x", 1000)
	effect.Block, effect.Kind, effect.SubjectType, effect.Subject = "effects", "scenario_effect", "scenario", "welcome"
	b := Make(Input{Findings: append(found, effect), Settings: s, Base: base, Words: words})
	h := b.Hypotheses[0]
	if h.Kind != NoHoldout || h.Exploratory || h.Grade != analytics.GradeStructural || h.Effect != nil {
		t.Fatalf("want the hold-out first, got %+v", h)
	}
	if h.Baseline == nil || *h.Baseline != .2 || !(*h.BaselineLower > .19) || !(*h.BaselineUpper < .21) || !(*h.BaselineLower < .2) {
		t.Errorf("a fifth of 20,000 order: got %v", h.Baseline)
	}
	// 20,000 reached bought for 20 million in the quarter, half of it margin; a step of 2 pp on 20 % is a tenth of the orders.
	if math.Abs(*h.Stake-1e6) > 1e-6 {
		t.Errorf("stake: want 1,000,000, got %v", *h.Stake)
	}
	// 20 % against 22 %: 6,510 per equal arm; 5 % held back take 3,427 of 68,540 customers: too many; at 10 % 3,617 of 36,167, still too many, so 10 % is the share, and the test is not feasible.
	if got := found[0].Opportunity.HoldoutShare; got != .10 {
		t.Errorf("share: want .10, got %v", got)
	}
	if *h.SampleSizePerArm != 3617 || *h.Feasible || h.DurationDays != nil || h.Horizon != Strategic {
		t.Errorf("3,617 held back are more than 10 %% of 20,000: got %d, %v, %s", *h.SampleSizePerArm, *h.Feasible, h.Horizon)
	}
	large := company()
	for i := range large.Buckets {
		large.Buckets[i].Every = 8
	}
	s.Goals = map[string][]string{"revenue": {"order"}}
	if h := Make(Input{Findings: Findings(&large, s), Settings: s, Base: large, Words: words, OrderEvents: []string{"order"}}).Hypotheses[0]; !*h.Feasible || h.Horizon != NextQuarter || h.Goal != "revenue" || *h.SampleSizePerArm != 3427 {
		t.Errorf("80,000 customers: want 5 %% held back within the quarter, got %d, %v, %s, %q", *h.SampleSizePerArm, *h.Feasible, h.Horizon, h.Goal)
	}
	if got := holdoutShare(.2, .02, 70000); got != .05 {
		t.Errorf("70,000 customers: want 5 %%, got %v", got)
	}
	if got := holdoutShare(.2, .02, 50000); got != .07 {
		t.Errorf("50,000 customers: want 7 %%, got %v", got)
	}
	place := map[string]Place{}
	for _, p := range b.Roadmap {
		place[p.ID] = p
	}
	after := place[b.Hypotheses[1].ID]
	if after.DependsOn != h.ID || after.Because != HoldoutFirst && after.Because != SharedCustomers || after.Start < place[h.ID].Test {
		t.Errorf("what needs the hold-out does not wait for it: %+v, %+v", after, place[h.ID])
	}
	for name, change := range map[string]func(*Base){
		"an experiment": func(b *Base) { b.Assigned = 10 }, "a control arm": func(b *Base) { b.Held = 1 }, "nobody reached": func(b *Base) { b.Buckets = nil },
	} {
		other := company()
		change(&other)
		if got := Findings(&other, s); len(got) != 0 {
			t.Errorf("%s: want no finding, got %v", name, got)
		}
	}
}

// A test of orders lasts one usual pause between them; one of clicks does not.
func TestDurationTakesOnePurchaseGap(t *testing.T) {
	o := analytics.Opportunity{Metric: "order_rate", Unit: "share", Baseline: suffstat.Fact(.05, 4000, "share"), Step: .005, TestDesign: "ab", WeeklyFlow: 50_000}
	for _, c := range []struct {
		metric  string
		gap     float64
		outcome int
		days    int64
	}{
		{"order_rate", 0, 0, 21},  // 2 weeks and one to watch
		{"order_rate", 60, 0, 70}, // 8.6 and 1: 10 weeks
		{"order_rate", 60, 28, 91},
		{"click_rate", 60, 0, 21},
	} {
		o.Metric, o.OutcomeDays = c.metric, c.outcome
		p, _ := design(o, settings, Base{GapDays: c.gap})
		if *p.days != c.days || *p.feasible != (c.days <= 84) {
			t.Errorf("%s, pause of %v days, watched %d: want %d days, got %d (%v)", c.metric, c.gap, c.outcome, c.days, *p.days, *p.feasible)
		}
	}
}

// Customers of a better hypothesis on the same pot of money are not counted again.
func TestTotalsLeaveOutSharedCustomers(t *testing.T) {
	var base Base
	active, risk := Audience{"stage", "active"}, Audience{"stage", "at_risk"}
	base.Add(active, active, 400)
	base.Add(risk, risk, 100)
	base.Add(active, risk, 40)
	big, small := loss("active->lost", 1000), loss("at_risk->lost", 500)
	hs := Make(Input{Findings: []analytics.Finding{small, big}, Settings: settings, Base: base, Words: words}).Hypotheses
	if hs[0].CountedShare != 1 || hs[1].CountedShare != .6 { // 40 of the 100 at risk were active too
		t.Errorf("want 1 and .6, got %v and %v", hs[0].CountedShare, hs[1].CountedShare)
	}
	if got, want := Sum(hs, true), (Total{Value: 1300, Lower: 650, Upper: 1950, Plain: 1500, Counted: 2, Reduced: 1}); got != want {
		t.Errorf("want %+v, got %+v", want, got)
	}
	small.Opportunity.Metric = "cost_per_quarter" // another pot: a message less and an order more are two things
	hs = Make(Input{Findings: []analytics.Finding{small, big}, Settings: settings, Base: base, Words: words}).Hypotheses
	if hs[1].CountedShare != 1 {
		t.Errorf("cost and orders of one customer are two things, got %v", hs[1].CountedShare)
	}
}

// EVSI by hand (statistics 6.4): prior N(100, 100²) of money, effect .02, test variance so that v = 100²: st = 100/sqrt 2.
func TestPriorityByHand(t *testing.T) {
	f := loss("x->y", 10)
	effect, money := est(.02, .01, 1000, "share"), est(100, 100*1.6448536269514722, 1000, "RUB")
	f.Opportunity.Grade, f.Opportunity.Effect, f.Opportunity.Money, f.Opportunity.TestDesign = "C", &effect, &money, "none"
	h := Make(Input{Findings: []analytics.Finding{f}, Settings: settings, Options: Options{WeekCost: 30}, Words: words}).Hypotheses[0]
	// Its own test: v = 0, EVSI = E max(N(100, 100²), 0) - 100 = 100 x (1.083315 - 1); a week of work.
	if math.Abs(*h.EVSI-8.33) > .005 || *h.ExpectedGain != 100 || *h.Cost != 30 || *h.Weeks != 1 || *h.Priority != 78.33 || h.Prior != PriorEffect {
		t.Errorf("want (100 + 8.33 - 30)/1, got (%v + %v - %v)/%v = %v by %q", *h.ExpectedGain, *h.EVSI, *h.Cost, *h.Weeks, *h.Priority, h.Prior)
	}
	if *h.ProbabilityPositive != .8413 || math.Abs(*h.MoneyTenth-(100-128.16)) > .01 {
		t.Errorf("P(gain > 0) .8413 and 10 %% quantile -28.16, got %v and %v", *h.ProbabilityPositive, *h.MoneyTenth)
	}
	// With a test of 31,234... the variance of the arms planned for .02 on .05 is (.02/2.8)²-like; money per unit 5,000.
	f.Opportunity.TestDesign = "ab"
	h = Make(Input{Findings: []analytics.Finding{f}, Settings: settings, Words: words}).Hypotheses[0]
	se := 5000 * math.Sqrt(2*.05*.95/float64(*h.SampleSizePerArm))
	if want := (suffstat.Bet{Mean: 100, SD: 100}).EVSI(se * se); math.Abs(*h.EVSI-want) > .006 || !(want < 8.33) {
		t.Errorf("EVSI of the planned test: want %v, got %v", want, *h.EVSI)
	}
}

// Links to the goals of audit.yaml, most specific first.
func TestGoals(t *testing.T) {
	in := Input{
		Settings:    analytics.Settings{Goals: map[string][]string{"growth": {"order"}, "retention": {"at_risk -> active"}, "visits": {"visit"}}},
		OrderEvents: []string{"order"}, ScenarioGoals: map[string]string{"welcome": "visit"},
	}
	for _, c := range []struct{ own, subjectType, subject, metric, want string }{
		{"", "transition", "at_risk->active", "transition_rate", "retention"},
		{"", "transition", "at_risk->lost", "transition_rate", "retention"},
		{"", "transition", "new->lost", "transition_rate", "growth"},
		{"", "scenario", "welcome", "click_rate", "visits"},
		{"", "scenario", "other", "click_rate", ""},
		{"growth", "scenario", "welcome", "click_rate", "growth"},
		{"revenue", "scenario", "other", "click_rate", ""}, // a goal that audit.yaml does not have
	} {
		h := analytics.Hypothesis{SubjectType: c.subjectType, Subject: c.subject, Metric: c.metric}
		if got := goal(&h, c.own, &in); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

// Effort comes from audit.yaml before the block.
func TestEffortOfConfiguration(t *testing.T) {
	h := Make(Input{Findings: []analytics.Finding{loss("a->b", 10)}, Settings: settings, Options: Options{Effort: map[string]int{"loss_point": 5}}, Words: words}).Hypotheses[0]
	if h.Effort != 5 || h.WorkWeeks != 8 {
		t.Errorf("want effort 5 and 8 weeks, got %v and %v", h.Effort, h.WorkWeeks)
	}
}

// The hold-out stands above a solid experiment, but not while it is not confirmed; RICE trusts what is not confirmed half as much.
func TestHoldoutAboveGrades(t *testing.T) {
	solid, hold := loss("a->b", 10), loss("programme", 1)
	solid.Opportunity.Grade = "A"
	hold.Kind, hold.SubjectType = NoHoldout, "programme"
	hs := Build([]analytics.Finding{solid, hold}, settings, words)
	if hs[0].Kind != NoHoldout || hs[0].RICEConfidence != .3 || hs[1].RICEConfidence != 1 {
		t.Errorf("want the hold-out first, got %s with confidence %v and %v", hs[0].Kind, hs[0].RICEConfidence, hs[1].RICEConfidence)
	}
	hold.Exploratory = true
	hs = Build([]analytics.Finding{solid, hold}, settings, words)
	if hs[0].Kind == NoHoldout || hs[1].RICEConfidence != .15 {
		t.Errorf("an exploratory hold-out stands first, or is trusted: %s, %v", hs[0].Kind, hs[1].RICEConfidence)
	}
}
