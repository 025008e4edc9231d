package analytics

// Hypothesis is one row of the backlog (analytics.hypotheses), every field filled or honestly nil. Shares are fractions, money is in
// currency units per quarter, intervals have level 0.90. The JSON names are the contract's column names.
type Hypothesis struct {
	ID               string   `json:"hypothesis_id"`
	Rank             int64    `json:"rank"`
	Block            string   `json:"block"`
	Kind             string   `json:"kind"`
	SubjectType      string   `json:"subject_type"`
	Subject          string   `json:"subject"`
	TitleRu          string   `json:"title_ru"`
	TitleEn          string   `json:"title_en"`
	WhatHappensRu    string   `json:"what_happens_ru"`
	WhatHappensEn    string   `json:"what_happens_en"`
	WhyRu            string   `json:"why_ru"`
	WhyEn            string   `json:"why_en"`
	ChangeRu         string   `json:"change_ru"`
	ChangeEn         string   `json:"change_en"`
	Metric           string   `json:"metric"`
	Unit             string   `json:"unit"`
	Baseline         *float64 `json:"baseline"`
	BaselineLower    *float64 `json:"baseline_lower"` // of the level that the block uses, 0.95
	BaselineUpper    *float64 `json:"baseline_upper"`
	BaselineN        int64    `json:"baseline_n"` // customers (or customer-periods) that Baseline was measured on
	Population       int64    `json:"population"`
	Effect           *float64 `json:"effect"`
	EffectLower      *float64 `json:"effect_lower"`
	EffectUpper      *float64 `json:"effect_upper"`
	Money            *float64 `json:"money"`
	MoneyLower       *float64 `json:"money_lower"`
	MoneyUpper       *float64 `json:"money_upper"`
	Stake            *float64 `json:"stake"`
	StakeLower       *float64 `json:"stake_lower"`
	StakeUpper       *float64 `json:"stake_upper"`
	MoneyUnit        string   `json:"money_unit"` // unit of money and stake: the currency, or "orders" when orders carry no money
	Grade            Grade    `json:"grade"`
	Exploratory      bool     `json:"exploratory"` // the finding behind it is not confirmed: it did not pass the false-discovery threshold, or the data do not decide
	Threat           string   `json:"threat"`
	TestDesign       string   `json:"test_design"`
	SampleSizePerArm *int64   `json:"sample_size_per_arm"`
	DurationDays     *int64   `json:"duration_days"`
	Feasible         *bool    `json:"feasible"`
	Guardrails       string   `json:"guardrails"`
	Effort           int64    `json:"effort"`
	Priority         *float64 `json:"priority"` // currency per quarter and week, see ExpectedGain; nil without money
	Horizon          string   `json:"horizon"`  // quick_win, next_quarter, strategic
	Goal             string   `json:"goal"`
	Status           string   `json:"status"` // new, persisting, ... against the last audit
	EvidenceSQL      string   `json:"evidence_sql"`
	// OverlapsWith is the id of the better ranked hypothesis on the same customers' same problem, which is counted in totals instead of
	// this one; empty when this one is counted.
	OverlapsWith string `json:"overlaps_with"`
	// CountedShare is the share of its money or stake that totals count, in [0, 1]: without the customers whom a better ranked one has already; 0 for what is not counted at all.
	CountedShare float64 `json:"counted_share"`

	// The parts of Priority = (ExpectedGain + EVSI - Cost) / Weeks (statistics 6.4). All are nil when no money of the audit's currency is known, neither expected nor at stake.
	Prior               string   `json:"prior"`                // where what is believed before a test comes from: "effect" (the shrunk estimate), "step" (a convention, see backlog.belief), "" (nothing in money)
	ProbabilityPositive *float64 `json:"probability_positive"` // P(net gain > 0) under that belief; of an effect without money, P(the metric moves in the good direction)
	MoneyTenth          *float64 `json:"money_tenth"`          // 10 % quantile of the gain per quarter
	ExpectedGain        *float64 `json:"expected_gain"`        // max(mean gain, 0): what doing it without a test is worth, per quarter
	EVSI                *float64 `json:"evsi"`                 // expected value of sample information: what the test adds to that, per quarter, >= 0
	Cost                *float64 `json:"cost"`                 // of the work, once: work weeks x backlog.week_cost
	Weeks               *float64 `json:"weeks"`                // work by effort and the test one after the other, > 0
	WorkWeeks           float64  `json:"work_weeks"`           // the first part of Weeks, by effort
	Shrinkage           string   `json:"shrinkage"`            // how Effect was kept from being the best-looking of many: "class" (empirical Bayes), "few" (fewer than five of its kind), "counted" (money saved, a count), "" (no effect)

	// RICE, for those who use it; never what the backlog is ordered by.
	RICEReach      int64   `json:"rice_reach"`      // customers per quarter
	RICEImpact     float64 `json:"rice_impact"`     // .25, .5, 1, 2 or 3
	RICEConfidence float64 `json:"rice_confidence"` // share
	RICEEffort     float64 `json:"rice_effort"`     // person-months
	RICEScore      float64 `json:"rice_score"`      // reach x impact x confidence / effort

	RefutedByRu string `json:"refuted_by_ru"` // which result would refute it
	RefutedByEn string `json:"refuted_by_en"`

	// The roadmap (table analytics.roadmap has the reasons). Weeks are counted from 1, the week after the audited period.
	DependsOn string `json:"depends_on"` // id of the hypothesis that it waits for, or ""
	StartWeek *int64 `json:"start_week"` // nil: not on the roadmap
	EndWeek   *int64 `json:"end_week"`   // the last week, of work and test together
}

// Sentences is a hypothesis in words of one language: what happens to the customer, why today's CRM logic does not support it, which
// change can bring which effect.
type Sentences struct{ Title, What, Why, Change string }

// DoFirst are at most n things to begin with, of things in their rank: those that may be told (confirmed, one for each problem), and what nobody can put a number on only when too few have one.
func DoFirst[H any](ranked []H, n int, told, valued func(H) bool) []H {
	var out, unvalued []H
	for _, h := range ranked {
		switch {
		case !told(h):
		case valued(h):
			out = append(out, h)
		default:
			unvalued = append(unvalued, h)
		}
	}
	out = append(out, unvalued...)
	return out[:min(len(out), n)]
}
