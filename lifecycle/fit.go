package lifecycle

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// TableLevel is the level of every interval in the result tables.
const TableLevel = .95

// Options of Fit and Findings. The zero value of a field means its default.
type Options struct {
	Rules []StageRule // in the order of audit.yaml; recorded stages have no When
	// Defined says which stages a scenario's definition names; nil without definitions. Scenarios is the number of scenarios known in all.
	Defined map[string][]string
	// Impossible lists moves that the rules forbid (from, to): structural zeros come from the rules, never from data.
	Impossible map[[2]string]bool
	// Unreachable lists the stages that rules above leave nothing for, whatever the data.
	Unreachable map[string]bool
	Grain       string             // day, week, month, quarter, year; default week
	Currency    string             // unit of money
	Margin      float64            // share of revenue that is kept; 0 = not given, revenue counts as margin and a note says so
	Discount    float64            // per year; default .10
	Level       float64            // of the intervals of stakes; default .90
	FDR         float64            // of the confirmed list; default .05
	Margins     map[string]float64 // smallest effects of interest: transition_rate (.02), order_rate (.01)
	Goals       map[string][]string
}

// periodsPerQuarter of every grain; a quarter is 13 weeks, 91 days.
var periodsPerQuarter = map[string]float64{"day": 91, "week": 13, "month": 3, "quarter": 1, "year": .25}

func (o Options) filled() (Options, error) {
	if o.Grain == "" {
		o.Grain = "week"
	}
	if periodsPerQuarter[o.Grain] == 0 {
		return o, fmt.Errorf("fit the life cycle: grain %q: allowed are day, week, month, quarter, year", o.Grain)
	}
	set := func(x *float64, d float64) {
		if *x == 0 {
			*x = d
		}
	}
	set(&o.Discount, .10)
	set(&o.Level, .90)
	set(&o.FDR, .05)
	if o.Currency == "" {
		o.Currency = "money"
	}
	for name, x := range map[string]float64{"margin": o.Margin, "discount": o.Discount, "level": o.Level, "fdr": o.FDR} {
		if !(x >= 0 && x <= 1) {
			return o, fmt.Errorf("fit the life cycle: %s is %g: must be between 0 and 1", name, x)
		}
	}
	return o, nil
}

// gamma is the discount of one period: (1 + Discount)^(-1/periods per year).
func (o Options) gamma() float64 { return math.Pow(1+o.Discount, -1/(4*periodsPerQuarter[o.Grain])) }

// margin returns the smallest effect of interest of a metric.
func (o Options) margin(metric string, otherwise float64) float64 {
	if x := o.Margins[metric]; x > 0 {
		return x
	}
	return otherwise
}

// Model is the fitted life cycle: what the result tables, the findings and the report are made of. Estimates that could not be made are NaN
// with the reason in their warnings; the tables write them as NULL.
type Model struct {
	Stages      []StageFit
	Periods     []PeriodFit
	Transitions []Transition
	Mobility    []Mobility
	Tests       []Test
	KStep       []KStep
	KStepErrors []KStepError
	Dwell       []Dwell
	Values      []StageValue
	Bottlenecks []Bottleneck
	LossPoints  []LossPoint
	Rules       []RuleCheck
	Overlaps    []RuleOverlap
	Thresholds  []Threshold
	Unit        string // unit of values: the currency, or orders, or "" when neither is known
	Gamma       float64
	Customers   int64 // in the panel at the end of the last period
	Moves       int64 // customer-periods with a next one
	LeftOpen    int64 // stays of unknown age
	GroupsCut   int   // groups left out because there are too many
	Scenarios   int   // scenarios known, by messages or by definition
	OrderDecide int64 // customers of the last period matched by two rules of which neither lies within the other
	moves       []MoveRow
	inStage     []StageRow
	stageNames  []string // of the two above
}

// StageFit is one stage.
type StageFit struct {
	Name, Rule         string
	Position           int
	CustomersLast      int64
	ShareLast          float64
	NextOrder          suffstat.RateEstimate
	PerPeriod          float64 // mean customers in the stage over the periods that have a next one
	PerQuarter         float64 // mean at the start of a quarter + entries in it
	AtRisk             int64   // customer-periods with a next one
	Customers          int64   // ever in the stage; 0 = not known
	Leave              suffstat.RateEstimate
	Value              suffstat.Estimate
	Matches            int64 // customers that the rule matches in the last period; -1 without rules
	Stuck              bool
	ScenarioIDs        []string
	ObservedScenarios  bool // at least one of them by messages
	Note               string
	everSeen, catchAll bool
}

// PeriodFit is one complete period.
type PeriodFit struct {
	Period
	Customers, Moves int64
}

// maxFitStages bounds a matrix that anybody can read. Rules make at most MaxStages; recorded stages may be anything that a CRM holds.
const maxFitStages = 200

// Fit estimates the life cycle from its reduced tables. It is pure: the same counts in any order give the same model. Tiny or empty input is no
// error: what cannot be estimated is NaN with a warning.
func Fit(c *Counts, opt Options) (*Model, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	if n := len(c.Stages); n > maxFitStages {
		return nil, analytics.Dataf("fit the life cycle: %d stages: at most %d; map the recorded stages to fewer with values in audit.yaml", n, maxFitStages)
	}
	x := newIndex(c, opt)
	m := &Model{Gamma: opt.gamma()}
	x.fitPeriods(m)
	x.fitTransitions(m)
	x.fitDwell(m)
	x.fitStages(m)
	x.fitTests(m)
	chain := x.newChain(m)
	x.fitKStep(m, chain)
	x.fitValues(m, chain)
	x.fitRules(m)
	x.fitThresholds(m)
	return m, nil
}

// index is Counts in the order of the model's stages, with the sums that several parts of Fit need.
type index struct {
	*Counts
	opt     Options
	names   []string // stages in model order
	k       int
	to      []int                  // Counts index -> model index
	all     []suffstat.Cells       // per bucket: k x k moves of everybody
	total   suffstat.Cells         // their sum
	steps   int                    // periods that have a next one
	start   map[int64]bool         // those periods
	grouped []group                // everybody first
	cust    []int64                // customers ever in the stage
	life    [][]suffstat.LifeTable // per stage and bucket, causes are the model's stages
}

func newIndex(c *Counts, opt Options) *index {
	x := &index{Counts: c, opt: opt, start: map[int64]bool{}}
	for _, r := range opt.Rules {
		if !slices.Contains(x.names, r.Name) {
			x.names = append(x.names, r.Name)
		}
	}
	for _, s := range c.Stages {
		if !slices.Contains(x.names, s) && s != Unassigned {
			x.names = append(x.names, s)
		}
	}
	if slices.Contains(c.Stages, Unassigned) {
		x.names = append(slices.DeleteFunc(x.names, func(s string) bool { return s == Unassigned }), Unassigned)
	}
	x.k = len(x.names)
	x.to = make([]int, len(c.Stages))
	for i, s := range c.Stages {
		x.to[i] = slices.Index(x.names, s)
	}
	x.all, x.total = make([]suffstat.Cells, Buckets), make(suffstat.Cells, x.k*x.k)
	for g := range x.all {
		x.all[g] = make(suffstat.Cells, x.k*x.k)
	}
	for _, r := range c.Moves {
		at := x.to[r.From]*x.k + x.to[r.To]
		x.all[r.Bucket][at] += r.N
		x.total[at] += r.N
		if r.N > 0 {
			x.start[r.Period] = true
		}
	}
	x.steps = len(x.start)
	x.cust = make([]int64, x.k)
	for _, r := range c.Customers {
		x.cust[x.to[r.Stage]] += r.N
	}
	return x
}

func (x *index) row(i int) suffstat.Cells { return x.total[i*x.k : (i+1)*x.k] }

func (x *index) fitPeriods(m *Model) {
	m.inStage, m.moves, m.stageNames = x.InStage, x.Counts.Moves, x.Stages
	at := map[int64]int{}
	for _, p := range x.Periods {
		at[p.Number] = len(m.Periods)
		m.Periods = append(m.Periods, PeriodFit{Period: p})
	}
	for _, r := range x.InStage {
		if i, ok := at[r.Period]; ok {
			m.Periods[i].Customers += r.N
		}
	}
	for _, r := range x.Counts.Moves {
		if i, ok := at[r.Period]; ok {
			m.Periods[i].Moves += r.N
		}
		m.Moves += r.N
	}
}

// fitStages fills what is counted about a stage; values and rules come later.
func (x *index) fitStages(m *Model) {
	var last int64
	for _, r := range x.InStage {
		last = max(last, r.Period)
	}
	m.Stages = make([]StageFit, x.k)
	at, lastOf := make([]float64, x.k), make([]int64, x.k)
	inStage := make([]map[int64]int64, x.k) // by period
	for i := range inStage {
		inStage[i] = map[int64]int64{}
	}
	for _, r := range x.InStage {
		i := x.to[r.Stage]
		inStage[i][r.Period] += r.N
		if r.Period == last {
			lastOf[i] += r.N
			m.Customers += r.N
		}
		if x.start[r.Period] {
			at[i] += float64(r.N)
		}
		if r.N > 0 {
			m.Stages[i].everSeen = true
		}
	}
	stays := make([]map[int64]int64, x.k)
	for i := range stays {
		stays[i] = map[int64]int64{}
	}
	for _, r := range x.Counts.Moves {
		if r.From == r.To {
			stays[x.to[r.From]][r.Period] += r.N
		}
	}
	orders := make([][]suffstat.Ratio, x.k)
	leave := make([][]suffstat.Ratio, x.k)
	for i := range orders {
		orders[i], leave[i] = make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)
		for g, b := range x.all {
			n := b[i*x.k : (i+1)*x.k].Sum()
			leave[i][g] = suffstat.Ratio{Num: n - b[i*x.k+i], Den: n}
		}
	}
	var ordered int64
	for _, r := range x.Counts.Values {
		i := x.to[r.Stage]
		ordered += r.Buyers
		orders[i][r.Bucket] = orders[i][r.Bucket].Merge(suffstat.Ratio{Num: r.Buyers, Den: r.CustomerPeriods})
	}
	scenarios := x.scenariosOf(m)
	quarter := periodsPerQuarter[x.opt.Grain]
	for i := range m.Stages {
		s := &m.Stages[i]
		s.Name, s.Position, s.Matches = x.names[i], i+1, -1
		for _, r := range x.opt.Rules {
			if r.Name == s.Name {
				s.Rule = r.When
			}
		}
		s.CustomersLast, s.ShareLast = lastOf[i], math.NaN()
		if m.Customers > 0 {
			s.ShareLast = float64(lastOf[i]) / float64(m.Customers)
		}
		s.AtRisk, s.Customers = x.row(i).Sum(), x.cust[i]
		s.NextOrder = suffstat.Rate(orders[i], x.cust[i], TableLevel)
		s.Leave = suffstat.Rate(leave[i], x.cust[i], TableLevel)
		s.PerPeriod, s.PerQuarter = math.NaN(), math.NaN()
		if x.steps > 0 {
			s.PerPeriod = at[i] / float64(x.steps)
			// In the stage one period after a start and not a stay: moved here or was first seen here.
			var entries int64
			for p := range x.start {
				entries += inStage[i][p+1] - stays[i][p]
			}
			s.PerQuarter = s.PerPeriod + float64(max(0, entries))/float64(x.steps)*quarter
		}
		s.ScenarioIDs, s.ObservedScenarios = scenarios[s.Name].ids, scenarios[s.Name].observed
		if d := m.dwellOf(s.Name); d != nil && s.ShareLast > .5 && d.longerThanTau() {
			s.Stuck = true
		}
		var notes []string
		if ordered == 0 {
			s.NextOrder = suffstat.RateEstimate{Estimate: suffstat.NotEstimable(MethodWilson, TableLevel, suffstat.ErrNoData)}
			notes = append(notes, "no orders are known")
		} else if !s.NextOrder.OK() {
			notes = append(notes, "no period follows a customer in this stage: no order rate")
		}
		if s.AtRisk == 0 {
			notes = append(notes, "nobody was in this stage with a next period: no matrix row, no value")
		}
		s.Note = strings.Join(notes, "; ")
	}
}

type stageScenarios struct {
	ids      []string
	observed bool
}

func (x *index) scenariosOf(m *Model) map[string]stageScenarios {
	out := map[string]stageScenarios{}
	known := map[string]bool{}
	add := func(stage, id string, observed bool) {
		s := out[stage]
		if !slices.Contains(s.ids, id) {
			s.ids = append(s.ids, id)
		}
		s.observed = s.observed || observed
		out[stage] = s
	}
	for _, r := range x.Counts.Scenarios {
		if r.Scenario != "" && r.Messages > 0 {
			known[r.Scenario] = true
			add(x.names[x.to[r.Stage]], r.Scenario, true)
		}
	}
	for id, stages := range x.opt.Defined {
		known[id] = true
		for _, s := range stages {
			add(s, id, false)
		}
	}
	m.Scenarios = len(known)
	for s, v := range out {
		slices.Sort(v.ids)
		out[s] = v
	}
	return out
}

// StageNamed returns the fitted stage, nil if there is none.
func (m *Model) StageNamed(name string) *StageFit {
	for i := range m.Stages {
		if m.Stages[i].Name == name {
			return &m.Stages[i]
		}
	}
	return nil
}

func (m *Model) dwellOf(stage string) *Dwell {
	for i := range m.Dwell {
		if m.Dwell[i].Stage == stage {
			return &m.Dwell[i]
		}
	}
	return nil
}

// notes turns warnings into one line without repetition.
func notes(warnings []error) string {
	var out []string
	for _, w := range warnings {
		if w != nil && !slices.Contains(out, w.Error()) {
			out = append(out, w.Error())
		}
	}
	return strings.Join(out, "; ")
}
