package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

const (
	level = .95
	// minRisk is the number of stays at risk below which a curve is not followed further.
	minRisk = 10
	// monthDeals is the usual number of deals of a month below which deals are put together by quarter of their beginning.
	monthDeals = 30
	// groupRisk is the same for owners and sources, whose standard errors have a floor of their own.
	groupRisk = 5
	// maxStages bounds the stages whose dwell and value are estimated, those with the most stays first: beyond it there is no pipeline but a list of words.
	maxStages = 60
	// rest is the share still there at which a curve that is no longer followed by minRisk stays may be read to the horizon: what is unknown is at most this much.
	rest = .05
	// unknownEnds is the share of ends known by the outcome alone above which no time is shown: they have no time of their own.
	unknownEnds = .10
	// defaultMargin is the smallest difference of a share that matters: 2 percentage points (statistics 0.3).
	defaultMargin = .02
	quarterDays   = 365.25 / 4
)

// The roles of stages.
const (
	roleOpen = "open"
	roleWon  = "won"
	roleLost = "lost"
)

// Options are the settings of Fit and Findings.
type Options struct {
	Setup
	FDR      float64
	Currency string
	Margin   float64 // smallest difference of a share that matters; 0: 2 percentage points
}

func (o Options) filled() Options {
	o.Setup = o.Setup.filled()
	if o.FDR == 0 {
		o.FDR = .05
	}
	if o.Margin == 0 {
		o.Margin = defaultMargin
	}
	return o
}

// Model is what the data say about deals and tasks.
type Model struct {
	Options   Options
	Window    Window
	Quarters  float64 // length of the period in quarters
	Stages    []Stage // in the order of the pipeline
	Moves     []Move  // by from and to stage, in the order of the pipeline
	Cohorts   []Cohort
	Groups    []Group
	Owners    []Owner
	Responses []Response
	Losses    []Loss
	Checks    []Check
	All       State
	Tasks     Tasks
	Idle      suffstat.RateEstimate // of all active deals
	IdleNorm  analytics.Decision    // Idle against its norm
	IdleQ     float64
	OnTime    suffstat.RateEstimate // tasks due in the period done by then
	Unit      string                // of values: the currency, or "deals" where no won deal has an amount
	NoHistory bool                  // no deal has more than one stage: what is exported may be the cards of deals without their moves
	KnowsWon  bool                  // some stage, or some outcome, means won
	MeanWon   suffstat.Estimate     // mean amount of won deals in Unit; 1 deal without amounts
}

// Stage is a stage of the pipeline.
type Stage struct {
	StageRow
	Stays, Entered, Left int64
	Horizon              int // days up to which chances are read; 0: too few stays
	Median, Mean         suffstat.Estimate
	Stalled              suffstat.Estimate // share still there at Horizon
	DwellNote            string
	State                State // of active deals: what stands here
	Idle                 suffstat.RateEstimate
	IdleNorm             analytics.Decision
	IdleQ                float64
	Win, Value           suffstat.Estimate
	Potential            suffstat.Estimate // per quarter
	Stall                analytics.Decision
	StallQ               float64
	Rank                 int // by Potential, 1 = largest; 0: none

	moves    []int // places of its moves in Model.Moves
	tables   []suffstat.LifeTable
	chances  suffstat.Replicates // one per cause, then the share still there, then the restricted mean
	causes   []int64
	ownValue suffstat.Replicates
}

// Move is a move between two stages. Key byOutcomeWon and byOutcomeLost: the outcome alone tells of it.
type Move struct {
	From, To                 int64
	FromStage, ToStage       string
	FromPosition, ToPosition int64
	N, AtRisk                int64
	Priced, AmountMinor      int64
	Probability              suffstat.Estimate
	MedianDays               float64
	Horizon                  int
	Direction                string
	Gap, Loss                suffstat.Estimate
	Test                     analytics.Decision
	Q                        float64
	Tested                   bool
}

// Cohort is the deals that began in a month (2026-05), in a quarter (2026-Q2) where months are small, or all that were open at some time in the period.
type Cohort struct {
	Name              string
	Won, Lost, Active int64
	Probability       suffstat.Estimate
	LostProbability   suffstat.Estimate
	Horizon, Followed int
	Median            suffstat.Estimate
}

// Loss is a reason of lost deals.
type Loss struct {
	Reason      string
	Deals       int64
	Share       suffstat.RateEstimate
	AmountMinor int64
	TopStage    string
	TopDeals    int64
}

// Fit estimates. Deals are the trials and customers (else deals) in buckets the sampling unit; counts are facts of the period.
func Fit(c *Counts, opt Options) *Model {
	opt = opt.filled()
	m := &Model{Options: opt, Window: c.Window, Quarters: math.Max(1, float64(c.Window.To-c.Window.From)) / quarterDays, IdleQ: math.NaN()}
	all := make([]State, Buckets)
	for _, r := range c.States {
		if r.Grouping == "all" {
			m.All = m.All.Merge(r.State)
			all[r.Bucket] = all[r.Bucket].Merge(r.State)
		}
	}
	onTime := make([]suffstat.Ratio, Buckets)
	for _, r := range c.Tasks {
		m.Tasks = m.Tasks.Merge(r.Tasks)
		onTime[r.Bucket] = onTime[r.Bucket].Merge(suffstat.Ratio{Num: r.OnTime, Den: r.Due})
	}
	m.OnTime = suffstat.Rate(onTime, m.Tasks.Due, level)
	m.fitChecks()
	m.stages(c)
	m.moves(c)
	m.NoHistory = len(m.Moves) == 0 && m.All.Won+m.All.Lost == 0
	m.KnowsWon = m.All.Won > 0 || slices.ContainsFunc(m.Stages, func(s Stage) bool { return s.Role == roleWon })
	m.dwell(c)
	m.values(all)
	m.tests()
	m.idle(c, all)
	m.cohorts(c)
	m.groups(c)
	m.responses(c)
	m.losses(c)
	return m
}

func (m *Model) stages(c *Counts) {
	for _, r := range c.Stages {
		m.Stages = append(m.Stages, Stage{StageRow: r, IdleQ: math.NaN(), StallQ: math.NaN(), Median: none("days"), Mean: none("days"), Stalled: none("share"), Win: none("share"), Value: none(""), Potential: none("")})
	}
	slices.SortFunc(m.Stages, func(a, b Stage) int { return cmp.Compare(a.Position, b.Position) })
}

func none(unit string) suffstat.Estimate {
	return suffstat.NotEstimable(suffstat.MethodJackknife, level, suffstat.ErrNoData).Of(0, unit)
}

func (m *Model) stage(key int64) *Stage {
	for i := range m.Stages {
		if m.Stages[i].Key == key {
			return &m.Stages[i]
		}
	}
	return nil
}

// moves counts stays and moves of the period.
func (m *Model) moves(c *Counts) {
	type pair struct{ from, to int64 }
	at := map[pair]int{}
	for _, r := range c.Moves {
		s := m.stage(r.From)
		if s == nil {
			continue
		}
		s.Stays, s.Entered = s.Stays+r.N, s.Entered+r.Entered
		if r.To == 0 {
			continue
		}
		s.Left += r.N
		k, ok := at[pair{r.From, r.To}]
		if !ok {
			k = len(m.Moves)
			at[pair{r.From, r.To}] = k
			m.Moves = append(m.Moves, m.newMove(s, r.To))
		}
		x := &m.Moves[k]
		x.N, x.Priced, x.AmountMinor = x.N+r.N, x.Priced+r.Priced, x.AmountMinor+r.AmountMinor
	}
	slices.SortFunc(m.Moves, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.FromPosition, b.FromPosition), cmp.Compare(a.ToPosition, b.ToPosition), cmp.Compare(a.ToStage, b.ToStage))
	})
	for i := range m.Moves {
		s := m.stage(m.Moves[i].From)
		m.Moves[i].AtRisk = s.Stays
		s.moves = append(s.moves, i)
	}
}

func (m *Model) newMove(s *Stage, to int64) Move {
	x := Move{From: s.Key, To: to, FromStage: s.Name, FromPosition: s.Position, MedianDays: math.NaN(), Q: math.NaN(), Probability: none("share"), Gap: none(""), Loss: none("")}
	role := roleWon
	switch t := m.stage(to); {
	case t != nil:
		x.ToStage, x.ToPosition, role = t.Name, t.Position, t.Role
	case to == byOutcomeWon:
		x.ToStage, x.ToPosition = "(won)", int64(len(m.Stages)+1)
	default:
		x.ToStage, x.ToPosition, role = "(lost)", int64(len(m.Stages)+2), roleLost
	}
	switch {
	case s.Role != roleOpen && role == roleOpen:
		x.Direction = "reopened"
	case s.Role != roleOpen:
		x.Direction = "closed"
	case role != roleOpen:
		x.Direction = role
	case x.ToPosition < x.FromPosition:
		x.Direction = "backward"
	case x.ToPosition > x.FromPosition+1:
		x.Direction = "skip"
	default:
		x.Direction = "forward"
	}
	return x
}

// dwell makes the life tables of the stages and what is read from each alone.
func (m *Model) dwell(c *Counts) {
	rows := map[int64][]ageRow{}
	causes := map[int64][]int64{}
	for i := range m.Stages {
		for _, k := range m.Stages[i].moves {
			causes[m.Stages[i].Key] = append(causes[m.Stages[i].Key], m.Moves[k].To)
		}
	}
	for _, r := range c.Ages {
		rows[r.Stage] = append(rows[r.Stage], ageRow{r.Kind, slices.Index(causes[r.Stage], r.To), r.Age, r.Bucket, r.N})
	}
	for _, i := range m.largest() {
		s := &m.Stages[i]
		s.causes = causes[s.Key]
		s.tables = lifeTables(rows[s.Key], len(s.causes))
		m.fitDwell(s)
	}
}

// largest is the places of the stages whose dwell is estimated, in the order of the pipeline.
func (m *Model) largest() []int {
	at := make([]int, len(m.Stages))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(m.Stages[b].Stays, m.Stages[a].Stays) })
	at = at[:min(len(at), maxStages)]
	slices.Sort(at)
	return at
}

func (m *Model) fitDwell(s *Stage) {
	total, _ := suffstat.Merge(s.tables)
	s.Horizon = horizon(total, int(m.Options.HorizonDays), minRisk)
	if s.Horizon == 0 {
		s.DwellNote = "few_stays"
		return
	}
	h, n := s.Horizon, len(s.causes)
	s.chances = suffstat.JackknifeVec(s.tables, func(t suffstat.LifeTable) []float64 {
		out := make([]float64, 0, n+2)
		for k := range n {
			out = append(out, at(t.Incidence(k), h))
		}
		survival := t.Survival()
		var mean float64
		for k := range h {
			mean += at(survival, k)
		}
		return append(out, at(survival, h), mean)
	})
	s.Stalled = shareOf(s.chances, n, s.Stays)
	for k, i := range s.moves {
		x := &m.Moves[i]
		x.Probability, x.Horizon = shareOf(s.chances, k, s.Stays), h
		x.MedianDays = halfway(total.Incidence(k), h)
	}
	var unknown int64
	for _, i := range s.moves {
		if m.Moves[i].To < 0 {
			unknown += m.Moves[i].N
		}
	}
	if float64(unknown) > unknownEnds*float64(s.Left) {
		s.DwellNote = "closing_unknown"
		for _, i := range s.moves {
			m.Moves[i].MedianDays = math.NaN()
		}
		return
	}
	s.Median = suffstat.Median(s.tables, level).Of(s.Stays, "days")
	s.Mean = s.chances.Estimate(n+1, level).Of(s.Stays, "days")
	s.Mean.Lower, s.Mean.Upper = math.Max(0, s.Mean.Lower), math.Min(float64(h), s.Mean.Upper)
}

// ageRow is a row of a life table of one group.
type ageRow struct {
	kind        string
	cause       int // of an exit
	age, bucket int
	n           int64
}

// lifeTables makes the life table of every bucket.
func lifeTables(rows []ageRow, causes int) []suffstat.LifeTable {
	last := 0
	for _, r := range rows {
		last = max(last, r.age)
	}
	out := make([]suffstat.LifeTable, Buckets)
	for _, r := range rows {
		t := &out[r.bucket]
		if t.Empty() {
			t.Enter, t.Lost, t.Exits = make([]int64, last+1), make([]int64, last+1), make([][]int64, causes)
			for k := range t.Exits {
				t.Exits[k] = make([]int64, last+1)
			}
		}
		switch {
		case r.kind == "enter":
			t.Enter[r.age] += r.n
		case r.kind == "exit" && r.cause >= 0:
			t.Exits[r.cause][r.age] += r.n
		default:
			t.Lost[r.age] += r.n
		}
	}
	return out
}

// horizon is the age up to which a curve is read: the longest one, at most limit, up to which so many are at risk; limit where
// hardly anybody is left then, or nobody is censored before it.
func horizon(t suffstat.LifeTable, limit int, risk int64) int {
	if t.Empty() {
		return 0
	}
	tau := t.Tau(limit, risk)
	if t.Enter[1] >= risk && wholly(t, limit) {
		return limit
	}
	if tau > 0 && tau < limit && at(t.Survival(), tau) <= rest {
		return limit
	}
	return tau
}

// wholly tells whether all stays are followed from the entry to an age or to their end: then what happened until then is counted, not estimated.
func wholly(t suffstat.LifeTable, age int) bool {
	for k := range t.Enter {
		if k != 1 && t.Enter[k] > 0 || k < age && t.Lost[k] > 0 {
			return false
		}
	}
	return true
}

// at reads a curve at an age; behind its end it stays what it was.
func at(curve []float64, age int) float64 { return curve[min(age, len(curve)-1)] }

// halfway is the first age at which a curve that rises from 0 has half of its value at h; NaN for one that does not rise.
func halfway(curve []float64, h int) float64 {
	whole := at(curve, h)
	for k, v := range curve {
		if v > 0 && v >= whole/2 {
			return float64(k)
		}
	}
	return math.NaN()
}

// shareOf is a share of a curve with its interval on log(-log); at 0 and 1 Wilson's on n independent stays, and where a replicate is 0 or 1 the plain one cut to [0, 1].
func shareOf(r suffstat.Replicates, i int, n int64) suffstat.Estimate {
	if r.Value == nil {
		return none("share")
	}
	e := r.EstimateLogLog(i, level)
	switch v := r.Value[i]; {
	case v <= 0 || v >= 1:
		e = suffstat.Estimate{Value: v, Level: level, Method: "wilson"}
		e.Lower, e.Upper = suffstat.WilsonInterval(v, float64(n), level)
	case math.IsNaN(e.Lower):
		e = r.Estimate(i, level)
		e.Lower, e.Upper = math.Max(0, e.Lower), math.Min(1, e.Upper)
	}
	return e.Of(n, "share")
}

// values solves what a deal in each open stage is worth: V = P V + (chance of won) x (mean amount of won deals), with the chances of moves within the horizon as P. What has not moved by then is
// worth nothing. Stages with too few stays enter with their counted shares, without doubt of their own.
func (m *Model) values(all []State) {
	var open []int
	amounts := make([]suffstat.Ratio, Buckets)
	for g, s := range all {
		amounts[g] = suffstat.Ratio{Num: s.WonMinor, Den: s.WonPriced}
	}
	price := suffstat.JackknifeVec(amounts, func(r suffstat.Ratio) []float64 { return []float64{r.Value() / 100} })
	m.Unit, m.MeanWon = m.Options.Currency, none(m.Options.Currency)
	if m.All.WonPriced == 0 || m.Options.Currency == "" {
		price = constant([]float64{1})
		m.Unit, m.MeanWon = "deals", suffstat.Fact(1, m.All.Won, "deals")
	}
	if price.Value != nil && m.Unit == m.Options.Currency {
		m.MeanWon = price.Estimate(0, level).Of(m.All.WonPriced, m.Unit)
	}
	joined := price
	for i := range m.Stages {
		s := &m.Stages[i]
		if s.Role != roleOpen || s.Stays == 0 {
			continue
		}
		open = append(open, i)
		joined = joined.Join(m.chancesOf(s))
	}
	if len(open) == 0 || joined.Value == nil {
		return
	}
	worth := joined.CombineVec(func(v []float64) []float64 { return m.worth(open, v) })
	for k, i := range open {
		s := &m.Stages[i]
		s.Win = shareOf(worth, k, s.Stays)
		s.ownValue = worth.Combine(func(v []float64) float64 { return v[len(open)] * v[k] })
		s.Value = s.ownValue.Estimate(0, level).Of(s.Stays, m.Unit)
		if s.chances.Value == nil {
			continue
		}
		stays := float64(s.Entered) / m.Quarters
		n := len(s.causes)
		s.Potential = s.ownValue.Join(s.chances).Combine(func(v []float64) float64 {
			stalled := v[1+n]
			if stalled >= 1 {
				return math.NaN()
			}
			return stays * stalled * v[0] / (1 - stalled)
		}).Estimate(0, level).Of(s.Stays, m.Unit)
	}
	m.rank(open)
	for i := range m.Moves {
		m.loss(&m.Moves[i])
	}
}

func (m *Model) rank(open []int) {
	order := slices.Clone(open)
	order = slices.DeleteFunc(order, func(i int) bool { return !m.Stages[i].Potential.OK() || m.Stages[i].Potential.Value <= 0 })
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.Stages[b].Potential.Value, m.Stages[a].Potential.Value) })
	for k, i := range order {
		m.Stages[i].Rank = k + 1
	}
}

// chancesOf is the chances of a stage's moves, one per cause; counted shares where no curve could be made.
func (m *Model) chancesOf(s *Stage) suffstat.Replicates {
	if s.chances.Value != nil {
		return s.chances.CombineVec(func(v []float64) []float64 { return v[:len(s.causes)] })
	}
	raw := make([]float64, len(s.moves))
	for k, i := range s.moves {
		raw[k] = float64(m.Moves[i].N) / float64(s.Stays)
	}
	return constant(raw)
}

// constant is numbers without doubt as replicates.
func constant(v []float64) suffstat.Replicates {
	r := suffstat.Replicates{Value: v, Rep: make([][]float64, Buckets), Used: make([]bool, Buckets)}
	for g := range r.Rep {
		r.Rep[g] = v
	}
	return r
}

// worth returns the chance of winning of every open stage and behind them the price. v holds the price, then the chances of every stage.
func (m *Model) worth(open []int, v []float64) []float64 {
	k := len(open)
	p, win := make([][]float64, k), make([]float64, k)
	next := 1
	for a, i := range open {
		p[a] = make([]float64, k)
		s := &m.Stages[i]
		for c, j := range s.moves {
			chance := v[next+c]
			x := m.Moves[j]
			switch b := slices.IndexFunc(open, func(o int) bool { return m.Stages[o].Key == x.To }); {
			case b >= 0:
				p[a][b] += chance
			case x.Direction == roleWon:
				win[a] += chance
			}
		}
		next += len(s.moves)
	}
	return append(suffstat.Values(p, win, 1), v[0])
}

// loss is what a move to a lost stage, or back, costs.
func (m *Model) loss(x *Move) {
	from := m.stage(x.From)
	if from.ownValue.Value == nil {
		return
	}
	gap := from.ownValue
	switch x.Direction {
	case roleLost:
	case "backward":
		to := m.stage(x.To)
		if to.ownValue.Value == nil {
			return
		}
		gap = from.ownValue.Join(to.ownValue).Combine(func(v []float64) float64 { return v[0] - v[1] })
	default:
		return
	}
	x.Gap = gap.Estimate(0, level).Of(x.AtRisk, m.Unit)
	x.Loss = x.Gap.Scale(float64(x.N)/m.Quarters, m.Unit)
}

// tests asks of every open stage whether more stalls there than in the others, and of every loss whether it is likelier there than from
// the others that lose deals in the same way.
func (m *Model) tests() {
	var stages []int
	for i := range m.Stages {
		if s := &m.Stages[i]; s.Role == roleOpen && s.chances.Value != nil {
			stages = append(stages, i)
		}
	}
	still := func(s *Stage) int { return len(s.causes) }
	for _, i := range stages {
		m.Stages[i].Stall = m.against(i, stages, still)
	}
	decide(stages, func(i int) (*analytics.Decision, *float64) { return &m.Stages[i].Stall, &m.Stages[i].StallQ })
	var moves []int
	for k := range m.Moves {
		x := &m.Moves[k]
		i := slices.IndexFunc(m.Stages, func(s Stage) bool { return s.Key == x.From })
		if x.Direction != roleLost || m.Stages[i].Role != roleOpen {
			continue
		}
		x.Tested = true
		to := func(s *Stage) int { return slices.Index(s.causes, x.To) }
		losing := slices.DeleteFunc(slices.Clone(stages), func(j int) bool { return to(&m.Stages[j]) < 0 }) // a stage that cannot lose is no standard
		if m.Stages[i].chances.Value != nil {
			x.Test = m.against(i, losing, to)
		} else {
			x.Test = undecidable()
		}
		moves = append(moves, k)
	}
	decide(moves, func(k int) (*analytics.Decision, *float64) { return &m.Moves[k].Test, &m.Moves[k].Q })
}

func undecidable() analytics.Decision {
	return analytics.Decide(analytics.Comparison{Difference: math.NaN()})
}

// decide gives the q-values of one family; what is below the floors is not in it.
func decide(places []int, of func(int) (*analytics.Decision, *float64)) {
	var p []float64
	var tested []int
	for _, i := range places {
		if d, _ := of(i); d.Verdict != analytics.InsufficientData {
			p, tested = append(p, d.PDifference), append(tested, i)
		}
	}
	for k, q := range suffstat.BH(p) {
		_, at := of(tested[k])
		*at = q
	}
}

// against compares a chance of a stage with that of the other open stages, weighted by their stays. which gives its place among the chances.
func (m *Model) against(i int, stages []int, which func(*Stage) int) analytics.Decision {
	mine := &m.Stages[i]
	joined := pick(mine, which(mine))
	var weights []float64
	var others int64
	for _, j := range stages {
		if j == i {
			continue
		}
		s := &m.Stages[j]
		joined = joined.Join(pick(s, which(s)))
		weights = append(weights, float64(s.Stays))
		others += s.Stays
	}
	if len(weights) == 0 {
		return undecidable()
	}
	diff := joined.Combine(func(v []float64) float64 {
		var sum, weight float64
		for k, w := range weights {
			sum, weight = sum+w*v[1+k], weight+w
		}
		return v[0] - sum/weight
	})
	return analytics.Decide(analytics.Comparison{
		Difference: diff.Value[0], SE: diff.SE(0), DF: diff.DF(), Margin: m.Options.Margin, Directional: true, Buckets: diff.Buckets(),
		Sides: []analytics.Side{{Customers: mine.Stays, Effective: float64(mine.Stays), Events: -1}, {Customers: others, Effective: float64(others), Events: -1}},
	})
}

func pick(s *Stage, k int) suffstat.Replicates {
	return s.chances.Combine(func(v []float64) float64 { return v[k] })
}

// idle compares the share of active deals that stand still with its norm, for all deals and for every open stage.
func (m *Model) idle(c *Counts, all []State) {
	norm := m.check("idle_deals").Norm.Norm
	ratios := func(states []State) []suffstat.Ratio {
		out := make([]suffstat.Ratio, Buckets)
		for g, s := range states {
			out[g] = suffstat.Ratio{Num: s.Idle, Den: s.Active}
		}
		return out
	}
	m.Idle, m.IdleNorm = m.overNorm(ratios(all), norm)
	by := map[string][]State{}
	for _, r := range c.States {
		if r.Grouping != "stage" {
			continue
		}
		if by[r.Group] == nil {
			by[r.Group] = make([]State, Buckets)
		}
		by[r.Group][r.Bucket] = by[r.Group][r.Bucket].Merge(r.State)
	}
	places := []int{-1}
	for i := range m.Stages {
		s := &m.Stages[i]
		s.State, _ = suffstat.Merge(by[s.Name])
		s.Idle, s.IdleNorm = m.overNorm(ratios(by[s.Name]), norm)
		if s.Role == roleOpen {
			places = append(places, i)
		}
	}
	decide(places, func(i int) (*analytics.Decision, *float64) {
		if i < 0 {
			return &m.IdleNorm, &m.IdleQ
		}
		return &m.Stages[i].IdleNorm, &m.Stages[i].IdleQ
	})
}

// overNorm asks whether a share is above a norm as a habit. Its standard error is at least that of independent deals at the norm, so that a handful of deals in few buckets proves nothing.
func (m *Model) overNorm(buckets []suffstat.Ratio, norm float64) (suffstat.RateEstimate, analytics.Decision) {
	total, _ := suffstat.Merge(buckets)
	r := suffstat.Rate(buckets, total.Den, level)
	se := math.Max(r.SE, math.Sqrt(norm*(1-norm)/math.Max(1, float64(total.Den))))
	return r, analytics.Decide(analytics.Comparison{
		Difference: r.Value - norm, SE: se, DF: r.DF, Margin: m.Options.Margin, Directional: true, Buckets: r.Buckets,
		Sides: []analytics.Side{{Customers: total.Den, Effective: float64(total.Den), Events: -1}},
	})
}

// The causes of a closing.
const (
	causeWon  = 0
	causeLost = 1
)

func closingRows(rows []ClosingRow, keep func(ClosingRow) bool) (out []ageRow) {
	for _, r := range rows {
		if !keep(r) {
			continue
		}
		cause := causeWon
		if r.Cause == roleLost {
			cause = causeLost
		}
		out = append(out, ageRow{r.Kind, cause, r.Age, r.Bucket, r.N})
	}
	return out
}

func (m *Model) cohorts(c *Counts) {
	rows := map[int64][]ClosingRow{}
	for _, r := range c.Closings {
		if r.Grouping == "month" {
			rows[r.Month] = append(rows[r.Month], r)
		}
	}
	everything := func(ClosingRow) bool { return true }
	all := closingRows(c.Closings, func(r ClosingRow) bool { return r.Grouping == "all" })
	if len(all) > 0 {
		m.Cohorts = append(m.Cohorts, m.cohort("all", all, false))
	}
	quarters := m.byQuarter(rows)
	parts, names := map[string][]ClosingRow{}, []string{}
	for _, month := range slices.Sorted(maps.Keys(rows)) {
		day := time.Unix(month*86400, 0).UTC()
		name := day.Format("2006-01")
		if quarters {
			name = fmt.Sprintf("%d-Q%d", day.Year(), (day.Month()+2)/3)
		}
		if _, ok := parts[name]; !ok {
			names = append(names, name)
		}
		parts[name] = append(parts[name], rows[month]...)
	}
	for _, name := range names {
		m.Cohorts = append(m.Cohorts, m.cohort(name, closingRows(parts[name], everything), true))
	}
}

// byQuarter tells whether months are too small to stand alone: half of those that can be followed to the horizon have fewer than monthDeals deals.
// A share of ten deals says nothing, and fewer than minRisk have none.
func (m *Model) byQuarter(rows map[int64][]ClosingRow) bool {
	months, small := 0, 0
	for month, r := range rows {
		if month+31+m.Options.HorizonDays > m.Window.To {
			continue
		}
		var n int64
		for _, x := range r {
			if x.Kind == "enter" {
				n += x.N
			}
		}
		months++
		if n < monthDeals {
			small++
		}
	}
	return months > 0 && 2*small >= months
}

// cohort estimates won of entered. whole: only when the cohort is followed to the horizon, so that months compare.
func (m *Model) cohort(name string, rows []ageRow, whole bool) Cohort {
	tables := lifeTables(rows, 2)
	total, _ := suffstat.Merge(tables)
	x := Cohort{Name: name, Probability: none("share"), LostProbability: none("share"), Median: none("days")}
	for k := range total.Enter {
		x.Won, x.Lost, x.Active = x.Won+total.Exits[causeWon][k], x.Lost+total.Exits[causeLost][k], x.Active+total.Lost[k]
	}
	n := x.Won + x.Lost + x.Active
	x.Followed = slices.IndexFunc(total.Lost, func(n int64) bool { return n > 0 })
	h := horizon(total, int(m.Options.HorizonDays), minRisk)
	if h == 0 {
		return x
	}
	x.Median = suffstat.Median(tables, level).Of(n, "days")
	if whole && h < int(m.Options.HorizonDays) || !m.KnowsWon {
		return x
	}
	x.Horizon = h
	r := suffstat.JackknifeVec(tables, func(t suffstat.LifeTable) []float64 {
		return []float64{at(t.Incidence(causeWon), h), at(t.Incidence(causeLost), h)}
	})
	x.Probability, x.LostProbability = shareOf(r, causeWon, n), shareOf(r, causeLost, n)
	return x
}

func (m *Model) losses(c *Counts) {
	total := make([]int64, Buckets)
	by := map[string][]LossRow{}
	for _, r := range c.Losses {
		total[r.Bucket] += r.N
		by[r.Reason] = append(by[r.Reason], r)
	}
	for _, reason := range sortedKeys(by) {
		x := Loss{Reason: reason}
		ratios := make([]suffstat.Ratio, Buckets)
		for g, n := range total {
			ratios[g].Den = n
		}
		stages := map[string]int64{}
		for _, r := range by[reason] {
			x.Deals, x.AmountMinor = x.Deals+r.N, x.AmountMinor+r.AmountMinor
			ratios[r.Bucket].Num += r.N
			stages[r.Stage] += r.N
		}
		for _, s := range sortedKeys(stages) {
			if stages[s] > x.TopDeals {
				x.TopStage, x.TopDeals = s, stages[s]
			}
		}
		x.Share = suffstat.Rate(ratios, m.All.Lost, level)
		m.Losses = append(m.Losses, x)
	}
	slices.SortStableFunc(m.Losses, func(a, b Loss) int { return cmp.Compare(b.Deals, a.Deals) })
}
