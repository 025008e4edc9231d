package lifecycle

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

const (
	// maxStates bounds the chain of stage x age: 100 solves of a system of that size are cheap (statistics 1.2).
	maxStates = 100
	// valueAges is the oldest age that lifecycle.red_stage_value tells apart.
	valueAges = 26
	// Below thinState customer-periods a state's row and reward are shrunk: to the stage's own row, which counts for priorMoves customer-periods,
	// and to the stage's mean reward, which counts for priorReward. A judgement: it keeps a state seen three times from deciding about money.
	thinState, priorMoves, priorReward = 100, 10, 30
)

// chain is the life cycle as a Markov chain on stage x age in stage: state i*ages + a-1 is age a of stage i, the last age stands for all older ones.
// A stay of known age moves from age a to a+1 or to age 1 of another stage.
type chain struct {
	k, ages int
	buckets []suffstat.Cells // per bucket, see the offsets below
	total   suffstat.Cells
	thin    []bool // states whose row is shrunk
	poor    []bool // states whose reward is shrunk
	unit    string // of rewards; "" when nothing is known of orders
	scale   float64
	gamma   float64
}

func (c *chain) states() int { return c.k * c.ages }

// The vector of one bucket: moves of known age [state][to stage] (to = own stage: stays), moves of everybody [stage][to stage],
// customer-periods by state, rewards by state.
func (c *chain) move(s, to int) int  { return s*c.k + to }
func (c *chain) pooled(i, j int) int { return c.states()*c.k + i*c.k + j }
func (c *chain) exposure(s int) int  { return c.states()*c.k + c.k*c.k + s }
func (c *chain) reward(s int) int    { return c.states()*(c.k+1) + c.k*c.k + s }
func (c *chain) length() int         { return c.states()*(c.k+2) + c.k*c.k }
func (c *chain) state(i, age int) int {
	return i*c.ages + min(age, c.ages) - 1
}
func (c *chain) next(s int) int { return c.state(s/c.ages, s%c.ages+2) }

func (x *index) newChain(m *Model) *chain {
	c := &chain{k: x.k, gamma: m.Gamma}
	if x.k == 0 {
		return c
	}
	c.ages = max(1, min(valueAges, maxStates/x.k))
	c.buckets = make([]suffstat.Cells, Buckets)
	for g := range c.buckets {
		b := make(suffstat.Cells, c.length())
		copy(b[c.pooled(0, 0):], x.all[g])
		for i := range x.k {
			t := x.life[i][g]
			for a, n := range t.AtRisk() {
				if a == 0 {
					continue
				}
				s := c.state(i, a)
				for j, exits := range t.Exits {
					b[c.move(s, j)] += exits[a]
					n -= exits[a]
				}
				b[c.move(s, i)] += n
			}
		}
		c.buckets[g] = b
	}
	var money, orders int64
	for _, r := range x.Counts.Values {
		money += r.RevenueMinor
		orders += r.Orders
	}
	switch {
	case money > 0:
		c.unit, c.scale = x.opt.Currency, .01
		if x.opt.Margin > 0 {
			c.scale *= x.opt.Margin
		}
	case orders > 0:
		c.unit, c.scale = "orders", 1
	}
	for _, r := range x.Counts.Values {
		s := c.state(x.to[r.Stage], int(max(1, min(r.Age, valueAges))))
		b := c.buckets[r.Bucket]
		b[c.exposure(s)] += r.CustomerPeriods
		if money > 0 {
			b[c.reward(s)] += r.RevenueMinor
		} else {
			b[c.reward(s)] += r.Orders
		}
	}
	c.total, _ = suffstat.Merge(c.buckets)
	c.thin, c.poor = make([]bool, c.states()), make([]bool, c.states())
	for s := range c.thin {
		c.thin[s] = c.total[c.move(s, 0):c.move(s+1, 0)].Sum() < thinState
		c.poor[s] = c.total[c.exposure(s)] < thinState
	}
	return c
}

// matrix returns the transition matrix of the chain from one vector of sums. A stage without moves stays in place.
func (c *chain) matrix(v suffstat.Cells) [][]float64 {
	p := make([][]float64, c.states())
	for s := range p {
		p[s] = make([]float64, c.states())
		i := s / c.ages
		var weight [2]float64 // of the state's own moves and of the stage's
		n, all := v[c.move(s, 0):c.move(s+1, 0)].Sum(), v[c.pooled(i, 0):c.pooled(i+1, 0)].Sum()
		if n > 0 {
			weight[0] = 1 / float64(n)
		}
		if all > 0 && (c.thin[s] || n == 0) {
			share := priorMoves / (priorMoves + float64(n))
			weight = [2]float64{weight[0] * (1 - share), share / float64(all)}
		}
		if n == 0 && all == 0 {
			p[s][s] = 1
			continue
		}
		for j := range c.k {
			q := weight[0]*float64(v[c.move(s, j)]) + weight[1]*float64(v[c.pooled(i, j)])
			if j == i {
				p[s][c.next(s)] += q
			} else {
				p[s][c.state(j, 1)] += q
			}
		}
	}
	return p
}

// rewards returns the reward per customer-period of every state, in the chain's unit.
func (c *chain) rewards(v suffstat.Cells) []float64 {
	r := make([]float64, c.states())
	for i := range c.k {
		var n, sum float64
		for a := range c.ages {
			n += float64(v[c.exposure(i*c.ages+a)])
			sum += float64(v[c.reward(i*c.ages+a)])
		}
		if n == 0 {
			continue
		}
		for a := range c.ages {
			s := i*c.ages + a
			e, x := float64(v[c.exposure(s)]), float64(v[c.reward(s)])
			if c.poor[s] {
				e, x = e+priorReward, x+priorReward*sum/n
			}
			if e > 0 {
				r[s] = c.scale * x / e
			} else {
				r[s] = c.scale * sum / n
			}
		}
	}
	return r
}

// ageMix returns how the stage's customer-periods spread over its ages; those of unknown age count as the oldest. It sums to 1, or is nil when the stage
// has no customer-period at risk.
func (c *chain) ageMix(v suffstat.Cells, i int) []float64 {
	all := v[c.pooled(i, 0):c.pooled(i+1, 0)].Sum()
	mix := make([]float64, c.ages)
	var known int64
	for a := range mix {
		s := i*c.ages + a
		n := v[c.move(s, 0):c.move(s+1, 0)].Sum()
		known += n
		mix[a] = float64(n)
	}
	n := max(all, known)
	if n == 0 {
		return nil
	}
	mix[c.ages-1] += float64(n - known)
	for a := range mix {
		mix[a] /= float64(n)
	}
	return mix
}

// ahead returns the shares of stages h periods ahead by stage; NaN rows for stages without moves.
func (c *chain) ahead(h int) [][]float64 {
	out := make([][]float64, c.k)
	p := c.matrix(c.total)
	for i := range out {
		out[i] = make([]float64, c.k)
		mix := c.ageMix(c.total, i)
		if mix == nil {
			for j := range out[i] {
				out[i][j] = math.NaN()
			}
			continue
		}
		now := make([]float64, c.states())
		copy(now[i*c.ages:], mix)
		for range h {
			then := make([]float64, len(now))
			for s, w := range now {
				if w == 0 {
					continue
				}
				for to, q := range p[s] {
					then[to] += w * q
				}
			}
			now = then
		}
		for s, w := range now {
			out[i][s/c.ages] += w
		}
	}
	return out
}

// The numbers that come out of one solution, per stage and per pair of stages. Index them with the methods below.
func (c *chain) valueOf(s int) int     { return s }                              // V of a state
func (c *chain) stayValue(i int) int   { return c.states() + i }                 // gamma x V one period later of those who stay
func (c *chain) mixValue(i int) int    { return c.states() + c.k + i }           // the same over the stage's own mix of next states
func (c *chain) lossGap(i, j int) int  { return c.states() + 2*c.k + i*c.k + j } // gamma x (V of staying - V of entering j), by the ages at which they leave
func (c *chain) lossRate(i, j int) int { return c.lossGap(i, j) + c.k*c.k }      // the same x share moving

// solve is the function of the sums that the jackknife repeats. Stages without moves give NaN.
func (c *chain) solve(v suffstat.Cells) []float64 {
	out := make([]float64, c.states()+2*c.k+2*c.k*c.k)
	p := c.matrix(v)
	value := suffstat.Values(p, c.rewards(v), c.gamma)
	copy(out, value)
	for i := range c.k {
		mix := c.ageMix(v, i)
		all := v[c.pooled(i, 0):c.pooled(i+1, 0)].Sum()
		for a := range c.ages {
			if mix == nil {
				out[c.stayValue(i)], out[c.mixValue(i)] = math.NaN(), math.NaN()
				break
			}
			s := i*c.ages + a
			out[c.stayValue(i)] += mix[a] * c.gamma * value[c.next(s)]
			for to, q := range p[s] {
				if q > 0 {
					out[c.mixValue(i)] += mix[a] * c.gamma * q * value[to]
				}
			}
		}
		for j := range c.k {
			var n, gap float64
			for a := range c.ages {
				s := i*c.ages + a
				exits := float64(v[c.move(s, j)])
				n += exits
				gap += exits * value[c.next(s)]
			}
			switch {
			case mix == nil || j == i:
				out[c.lossGap(i, j)], out[c.lossRate(i, j)] = math.NaN(), math.NaN()
				continue
			case n > 0:
				gap = c.gamma * (gap/n - value[c.state(j, 1)])
			default:
				gap = out[c.stayValue(i)] - c.gamma*value[c.state(j, 1)]
			}
			out[c.lossGap(i, j)] = gap
			out[c.lossRate(i, j)] = gap * float64(v[c.pooled(i, j)]) / float64(all)
		}
	}
	return out
}

// StageValue is what a customer of one stage and age is worth.
type StageValue struct {
	Stage           string
	Age             int
	CustomerPeriods int64
	Reward          float64
	Value           suffstat.Estimate
}

// Bottleneck is a stage in which value is held up.
type Bottleneck struct {
	Stage, Best      string
	Rank             int
	PerPeriod        float64 // customers
	PerQuarter       float64
	N, AtRisk        int64
	Move, Leave      suffstat.RateEstimate
	Gap, Potential   suffstat.Estimate
	ShareOfPotential float64
	Gain             suffstat.Estimate // per customer moved to Best instead of staying
	Stake            suffstat.Estimate // what one smallest step of Move is worth in a quarter, at Options.Level: customers per quarter x step x gain
	Derivative       float64
	Stuck            bool
	P, Q             float64
	Verdict          analytics.Verdict
	Needed           float64 // customers that would decide, NaN when decided or beyond reach
	gap              suffstat.Replicates
}

// LossPoint is a move to a stage that is worth less than staying.
type LossPoint struct {
	From, To      string
	Rank          int
	N, AtRisk     int64
	Rate          suffstat.RateEstimate
	FlowQuarter   float64
	Gap, Loss     suffstat.Estimate
	Stake         suffstat.Estimate // what one smallest step of Rate is worth in a quarter, at Options.Level: customers per quarter x step x gap
	ShareOfLosses float64
	P, Q          float64
	Verdict       analytics.Verdict
	Needed        float64 // customers that would decide, NaN when decided or beyond reach
	at            [2]int  // the numbers of the gap and of the loss in the solution
	perQuarter    float64 // customer-periods at risk
}

func (x *index) fitValues(m *Model, c *chain) {
	m.Unit = c.unit
	for i := range m.Stages {
		m.Stages[i].Value = suffstat.NotEstimable(suffstat.MethodJackknife, TableLevel, suffstat.ErrNoData)
	}
	if c.unit == "" || m.Moves == 0 {
		return
	}
	r := suffstat.JackknifeVec(c.buckets, c.solve)
	reward := c.rewards(c.total)
	for i := range m.Stages {
		s := &m.Stages[i]
		var exposure int64
		for a := range c.ages {
			exposure += c.total[c.exposure(i*c.ages+a)]
		}
		if s.AtRisk == 0 || exposure == 0 {
			continue
		}
		s.Value = r.Estimate(c.valueOf(c.state(i, 1)), TableLevel).Of(s.Customers, c.unit)
		for a := range c.ages {
			st := i*c.ages + a
			if c.total[c.exposure(st)] == 0 {
				continue
			}
			m.Values = append(m.Values, StageValue{Stage: s.Name, Age: a + 1, CustomerPeriods: c.total[c.exposure(st)], Reward: reward[st],
				Value: r.Estimate(c.valueOf(st), TableLevel).Of(c.total[c.exposure(st)], c.unit)})
		}
	}
	rates := suffstat.TransitionRates(x.all, x.k, x.cust, TableLevel)
	x.fitBottlenecks(m, c, r, rates)
	x.fitLossPoints(m, c, r, rates)
}

// twoSided is the p-value that a jackknifed number is 0, times the number of candidates that it was chosen from. NaN when it cannot be tested.
func twoSided(r suffstat.Replicates, candidates int) float64 {
	se := r.SE(0)
	if math.IsNaN(r.Value[0]) || !(se > 0) || r.DF() <= 0 {
		return math.NaN()
	}
	return math.Min(1, 2*suffstat.TSurvival(math.Abs(r.Value[0])/se, r.DF())*float64(candidates))
}

// judge is the verdict on a gap: the floors of statistics 0.4, then whether it differs from 0.
func judge(rate suffstat.RateEstimate, p float64) analytics.Verdict {
	switch {
	case math.IsNaN(p) || rate.NEff < analytics.MinEffective || rate.Events < analytics.MinEvents || rate.Trials-rate.Events < analytics.MinEvents ||
		rate.Buckets < analytics.MinBuckets:
		return analytics.InsufficientData
	case p < 1-TableLevel:
		return analytics.Different
	}
	return analytics.Inconclusive
}

// needed is the number of customers at which an undecided gap would be told from 0 with power .80, and at which the floors are met: the doubt of r shrinks with the
// square root of customers. NaN when the gap is decided, nothing is known about its doubt, or more than a thousand times the base would be needed.
func needed(v analytics.Verdict, r suffstat.Replicates, rate suffstat.RateEstimate, customers int64) float64 {
	if v != analytics.Inconclusive && v != analytics.InsufficientData || customers <= 0 {
		return math.NaN()
	}
	more := 1.
	if v == analytics.Inconclusive || r.SE(0) > 0 {
		z := suffstat.NormalQuantile(.5+TableLevel/2) + suffstat.NormalQuantile(.80)
		more = math.Max(more, math.Pow(z*r.SE(0)/r.Value[0], 2))
	}
	if v == analytics.InsufficientData {
		for _, have := range []float64{rate.NEff / analytics.MinEffective, float64(rate.Events) / analytics.MinEvents,
			float64(rate.Trials-rate.Events) / analytics.MinEvents, float64(rate.Buckets) / analytics.MinBuckets} {
			more = math.Max(more, 1/have)
		}
	}
	if !(more <= 1000) {
		return math.NaN()
	}
	return math.Ceil(float64(customers) * more)
}

// minExitShare is the share of a stage's exits that a stage must take to count as reachable: what a handful of customers jump to is no aim.
const minExitShare = .10

// fitBottlenecks ranks the stages. A stage counts as reachable when at least analytics.MinEvents moves to it were seen, and minExitShare of
// all moves out of the stage.
func (x *index) fitBottlenecks(m *Model, c *chain, r suffstat.Replicates, rates [][]suffstat.RateEstimate) {
	// Where today's base is, for the derivative.
	start := make([]float64, c.states())
	for i, s := range m.Stages {
		if mix := c.ageMix(c.total, i); mix != nil && s.ShareLast > 0 {
			for a, w := range mix {
				start[i*c.ages+a] = s.ShareLast * w
			}
		}
	}
	visits := suffstat.Visits(c.matrix(c.total), c.gamma)
	for i, s := range m.Stages {
		if s.Name == Unassigned || !s.Value.OK() || !analytics.Finite(s.PerPeriod) {
			continue
		}
		var exits int64
		for j := range m.Stages {
			if j != i {
				exits += rates[i][j].Events
			}
		}
		best, candidates := -1, 0
		for j, to := range m.Stages {
			if j == i || to.Name == Unassigned || !to.Value.OK() || rates[i][j].Events < analytics.MinEvents ||
				float64(rates[i][j].Events) < minExitShare*float64(exits) {
				continue
			}
			candidates++
			if best < 0 || to.Value.Value > m.Stages[best].Value.Value {
				best = j
			}
		}
		if best < 0 {
			continue
		}
		entry := c.valueOf(c.state(best, 1))
		gap := r.Combine(func(v []float64) float64 { return c.gamma*v[entry] - v[c.mixValue(i)] })
		gain := r.Combine(func(v []float64) float64 { return c.gamma*v[entry] - v[c.stayValue(i)] })
		if !(gap.Value[0] > 0) {
			continue
		}
		b := Bottleneck{Stage: s.Name, Best: m.Stages[best].Name, PerPeriod: s.PerPeriod, PerQuarter: s.PerQuarter, N: rates[i][best].Events,
			AtRisk: s.AtRisk, Move: rates[i][best], Leave: s.Leave, Stuck: s.Stuck, P: twoSided(gap, candidates), gap: gap}
		b.Gap = gap.Estimate(0, TableLevel).Of(s.Customers, c.unit)
		b.Potential = b.Gap.Scale(s.PerPeriod, c.unit)
		b.Gain = gain.Estimate(0, TableLevel).Of(s.Customers, c.unit)
		b.Stake = gain.Estimate(0, x.opt.Level).Of(s.Customers, c.unit).Scale(math.Round(s.PerQuarter)*x.opt.step(), c.unit)
		for from, w := range start {
			if w == 0 {
				continue
			}
			for a := range c.ages {
				st := i*c.ages + a
				b.Derivative += w * suffstat.ValueGap(r.Value, visits, c.gamma, from, st, c.next(st), c.state(best, 1))
			}
		}
		b.Verdict = judge(b.Move, b.P)
		b.Needed = needed(b.Verdict, gap, b.Move, s.Customers)
		m.Bottlenecks = append(m.Bottlenecks, b)
	}
	slices.SortStableFunc(m.Bottlenecks, func(a, b Bottleneck) int { return cmp.Compare(b.Potential.Value, a.Potential.Value) })
	var sum float64
	p := make([]float64, len(m.Bottlenecks))
	for i, b := range m.Bottlenecks {
		sum += b.Potential.Value
		p[i] = b.P
		if b.Verdict == analytics.InsufficientData {
			p[i] = math.NaN() // not in the family: nothing can be said about it
		}
	}
	q := suffstat.BH(p)
	level := selectedLevel(q, x.opt.FDR)
	for i := range m.Bottlenecks {
		b := &m.Bottlenecks[i]
		b.Rank, b.Q, b.ShareOfPotential = i+1, q[i], b.Potential.Value/sum
		if b.Q <= x.opt.FDR {
			b.Gap = b.gap.Estimate(0, level).Of(b.Gap.N, c.unit)
			b.Potential = b.Gap.Scale(b.PerPeriod, c.unit)
		}
	}
}

// selectedLevel is the level at which the intervals of the selected rows of a family are made, so that of all that are printed at most a share fdr misses
// its truth: the best-looking of many are selected for being large (statistics 0.4). It is never below TableLevel.
func selectedLevel(q []float64, fdr float64) float64 {
	selected, family := 0, 0
	for _, v := range q {
		if math.IsNaN(v) {
			continue
		}
		family++
		if v <= fdr {
			selected++
		}
	}
	if family == 0 {
		return TableLevel
	}
	return math.Max(TableLevel, math.Min(.999, suffstat.FCRLevel(fdr, selected, family)))
}

func (x *index) fitLossPoints(m *Model, c *chain, r suffstat.Replicates, rates [][]suffstat.RateEstimate) {
	quarter := periodsPerQuarter[x.opt.Grain]
	for i, from := range m.Stages {
		for j, to := range m.Stages {
			if i == j || from.Name == Unassigned || to.Name == Unassigned || !from.Value.OK() || !to.Value.OK() || rates[i][j].Events == 0 {
				continue
			}
			at := c.lossGap(i, j)
			if !(r.Value[at] > 0) {
				continue
			}
			gap := r.Combine(func(v []float64) float64 { return v[at] })
			l := LossPoint{From: from.Name, To: to.Name, N: rates[i][j].Events, AtRisk: from.AtRisk, Rate: rates[i][j], P: twoSided(gap, 1)}
			perQuarter := float64(from.AtRisk) / float64(x.steps) * quarter
			l.FlowQuarter = float64(l.N) / float64(x.steps) * quarter
			l.Gap = gap.Estimate(0, TableLevel).Of(from.Customers, c.unit)
			l.Stake = gap.Estimate(0, x.opt.Level).Of(from.Customers, c.unit).Scale(math.Round(from.PerQuarter)*x.opt.step(), c.unit)
			l.Loss = r.Estimate(c.lossRate(i, j), TableLevel).Of(from.Customers, c.unit).Scale(perQuarter, c.unit)
			l.at, l.perQuarter = [2]int{at, c.lossRate(i, j)}, perQuarter
			l.Verdict = judge(l.Rate, l.P)
			l.Needed = needed(l.Verdict, gap, l.Rate, from.Customers)
			m.LossPoints = append(m.LossPoints, l)
		}
	}
	slices.SortStableFunc(m.LossPoints, func(a, b LossPoint) int { return cmp.Compare(b.Loss.Value, a.Loss.Value) })
	var sum float64
	p := make([]float64, len(m.LossPoints))
	for i, l := range m.LossPoints {
		sum += l.Loss.Value
		p[i] = l.P
		if l.Verdict == analytics.InsufficientData {
			p[i] = math.NaN()
		}
	}
	q := suffstat.BH(p)
	level := selectedLevel(q, x.opt.FDR)
	for i := range m.LossPoints {
		l := &m.LossPoints[i]
		l.Rank, l.Q, l.ShareOfLosses = i+1, q[i], l.Loss.Value/sum
		if l.Q <= x.opt.FDR {
			l.Gap = r.Estimate(l.at[0], level).Of(l.Gap.N, c.unit)
			l.Loss = r.Estimate(l.at[1], level).Of(l.Gap.N, c.unit).Scale(l.perQuarter, c.unit)
		}
	}
}
