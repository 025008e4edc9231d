package backlog

import (
	"math"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The values of Hypothesis.Prior.
const (
	PriorEffect = "effect" // money of the shrunk effect, with its spread
	PriorStep   = "step"   // the convention of a hypothesis of which only a stake is known
)

// The values of Hypothesis.Shrinkage.
const (
	ShrunkInClass = "class"
	TooFew        = "few"
	Counted       = "counted"
)

// workWeeks is what an effort of 1..5 takes: a day, then 1, 2, 4 and 8 weeks of one person. A convention; audit.yaml gives a kind another effort.
var workWeeks = [...]float64{0, .2, 1, 2, 4, 8}

// weeksPerMonth turns weeks of work into the person-months of RICE.
const weeksPerMonth = 52.0 / 12

// belief is what is known of the net gain per quarter before a test, in the currency of the audit, and what one unit of the metric is worth (NaN when not known).
//
// With money: normal with its value and the spread that its interval implies; the value is shrunk, so this is an honest prior. With a stake only: mean 0 and a spread of one stake, the
// money of one smallest meaningful step: a gain and a loss of a step are equally likely, which says that nobody knows. That is a convention, marked by Prior, and it never meets the first
// kind in the ranking, since a grade with an effect is another grade. ok is false when there is neither, or in another unit than the currency.
func belief(h *analytics.Hypothesis, o analytics.Opportunity, currency string) (b suffstat.Bet, perUnit float64, prior string, ok bool) {
	switch {
	case currency != "" && h.MoneyUnit != currency:
		return b, math.NaN(), "", false
	case h.Money != nil:
		level := o.Money.Level
		if !(level > 0 && level < 1) {
			level = .90
		}
		b = suffstat.Bet{Mean: *h.Money, SD: (*h.MoneyUpper - *h.MoneyLower) / 2 / suffstat.NormalQuantile((1+level)/2)}
		return b, math.Abs(*h.Money / *h.Effect), PriorEffect, true
	case h.Stake != nil && *h.Stake != 0:
		stake := math.Abs(*h.Stake)
		return suffstat.Bet{SD: stake}, stake / math.Abs(o.Step), PriorStep, true
	}
	return b, math.NaN(), "", false
}

// value fills the parts of the priority: Priority = (ExpectedGain + EVSI - Cost) / Weeks, statistics 6.4.
//
// The variance v of the test is that of the planned arms, or of those that can be filled within twelve weeks. A change that needs no test is its own test (v = 0): what it brings is counted when
// it is done. A test that cannot be planned says nothing (v infinite) and takes the twelve weeks.
func value(h *analytics.Hypothesis, o analytics.Opportunity, p plan, testable bool, s analytics.Settings, opt Options) {
	h.WorkWeeks = workWeeks[h.Effort]
	b, perUnit, prior, ok := belief(h, o, s.Currency)
	h.Prior = prior
	if !ok {
		h.ProbabilityPositive = good(h, o)
		return
	}
	v, weeks := 0., h.WorkWeeks
	if testable {
		v = perUnit * perUnit * p.variance
		if math.IsNaN(v) {
			v = math.Inf(1)
		}
		weeks += p.weeks
	}
	cents := func(x float64) *float64 { x = math.Round(100*x) / 100; return &x }
	positive := probability(b)
	h.ProbabilityPositive, h.MoneyTenth = &positive, cents(tenth(b))
	h.ExpectedGain, h.EVSI, h.Cost, h.Weeks = cents(math.Max(b.Mean, 0)), cents(b.EVSI(v)), cents(h.WorkWeeks*opt.WeekCost), cents(weeks)
	h.Priority = cents((*h.ExpectedGain + *h.EVSI - *h.Cost) / *h.Weeks)
}

// good is P(the metric moves in the good direction) of an effect without money; nil without an effect.
func good(h *analytics.Hypothesis, o analytics.Opportunity) *float64 {
	if h.Effect == nil {
		return nil
	}
	level := o.Effect.Level
	if !(level > 0 && level < 1) {
		level = .90
	}
	b := suffstat.Bet{Mean: *h.Effect, SD: (*h.EffectUpper - *h.EffectLower) / 2 / suffstat.NormalQuantile((1+level)/2)}
	if lowerIsBetter(h.Metric) {
		b.Mean = -b.Mean
	}
	p := probability(b)
	return &p
}

func probability(b suffstat.Bet) float64 {
	switch {
	case b.SD > 0:
		return math.Round(1e4*b.Positive()) / 1e4
	case b.Mean > 0:
		return 1
	}
	return 0
}

func tenth(b suffstat.Bet) float64 {
	if !(b.SD > 0) {
		return b.Mean
	}
	return b.Quantile(.1)
}

// lowerIsBetter tells of a metric whose fall is wanted.
func lowerIsBetter(metric string) bool {
	for _, part := range []string{"unsubscribe", "complaint", "bounce", "cost", "drop_off", "dead_end", "collision", "inversion", "over_cap", "idle", "stalled"} {
		if strings.Contains(metric, part) {
			return true
		}
	}
	return false
}

// shrinkage tells how an effect was kept from being the best-looking of many; the blocks shrink within the class of all they estimated, which only they know.
func shrinkage(h *analytics.Hypothesis, o analytics.Opportunity) string {
	switch {
	case h.Effect == nil:
		return ""
	case strings.HasPrefix(h.Metric, "cost"):
		return Counted
	case o.Effect.Method == suffstat.MethodShrunk:
		return ShrunkInClass
	}
	return TooFew
}

// rice fills the RICE score beside the priority. Impact is the usual scale 3, 2, 1, .5, .25 by the relative change of the metric; where no effect is known it is that of the smallest
// meaningful step and at most 1. Confidence goes by grade, half when exploratory.
func rice(h *analytics.Hypothesis, o analytics.Opportunity) {
	h.RICEReach = h.Population
	change, most := math.Abs(o.Step), 1.
	if h.Effect != nil {
		change, most = math.Abs(*h.Effect), 3
	}
	h.RICEImpact = .25
	if h.Baseline != nil && *h.Baseline != 0 {
		relative := change / math.Abs(*h.Baseline)
		for _, x := range []struct{ from, impact float64 }{{.20, 3}, {.10, 2}, {.05, 1}, {.02, .5}} {
			if relative >= x.from {
				h.RICEImpact = math.Min(most, x.impact)
				break
			}
		}
	}
	h.RICEConfidence = map[analytics.Grade]float64{analytics.GradeRandomized: 1, analytics.GradeQuasiExperiment: .8, analytics.GradeAdjusted: .5}[h.Grade]
	if h.RICEConfidence == 0 {
		h.RICEConfidence = .3
	}
	if h.Exploratory {
		h.RICEConfidence /= 2
	}
	h.RICEEffort = math.Round(100*workWeeks[h.Effort]/weeksPerMonth) / 100
	h.RICEScore = math.Round(100*float64(h.RICEReach)*h.RICEImpact*h.RICEConfidence/h.RICEEffort) / 100
}
