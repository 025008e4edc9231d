package value

import (
	"math"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// HorizonDays is the horizon of expected orders and revenue: a quarter, as all money of the audit is per quarter.
const HorizonDays = 91

// Verdicts of a model; the states of a fit that failed stand beside them.
const (
	Fits      = "fits"
	Rough     = "rough"
	Poor      = "poor"
	NotFitted = "not_fitted"
)

// Options are what the block needs of the configuration.
type Options struct {
	Currency string
	Margin   float64 // share of revenue; 0 = not given, revenue counts as margin
	FDR      float64
	Level    float64 // of the interval of a stake, default .90
	Step     float64 // smallest meaningful step of a repeat rate, default .02
	Goal     string  // business goal of repeat purchases, "" when none is declared
}

func (o Options) withDefaults() Options {
	if o.Level == 0 {
		o.Level = .90
	}
	if o.Step == 0 {
		o.Step = .02
	}
	if o.FDR == 0 {
		o.FDR = .05
	}
	return o
}

// margin is what is kept of a currency unit of revenue.
func (o Options) margin() float64 {
	if o.Margin > 0 {
		return o.Margin
	}
	return 1
}

// Rung is one step of the repeat ladder.
type Rung struct {
	Number              int
	Customers, Repeated int64
	Probability         suffstat.Estimate // of the next purchase within the horizon
	MedianGap           float64           // days, among repeats within the horizon; NaN when there are none
	Reached             float64           // customers who make this purchase, per quarter
	Lost                float64           // of them, without the next one within the horizon; NaN
	NextValue           suffstat.Estimate // revenue in the 91 days from the next purchase on
	Stake               suffstat.Estimate // margin per quarter of Options.Step more who make the next purchase, Options.Level
	replicates          suffstat.Replicates
}

// The vector of a rung's jackknife.
const (
	atSurvival = iota // S(horizon)
	atReached         // per quarter
	atNext            // currency units
	atLength
)

// Check is one row of analytics.value_checks.
type Check struct {
	Name             string
	Repeats          int64 // -1: the whole check
	Customers        int64
	Actual, Expected float64
	Ratio            suffstat.Estimate
	Statistic, DF, P float64 // NaN where there is none
	Misplaced        float64 // NaN
	Days             int64
	Verdict          string
}

// Model is what the block found.
type Model struct {
	Window             Window
	Customers, Unknown int64 // with a purchase; of them, those whose first purchase is not known
	Ladder             []Rung
	Top                int // place in Ladder of the step where most customers are lost, -1 when there is none
	TopP               float64
	TopVerdict         analytics.Verdict
	Fit                BGNBDFit
	Money              GammaGammaFit
	HasMoney           bool
	Checks             []Check
	Verdict            string // fits, rough, poor, not_fitted
	Holdout            BGNBDFit
	Factors            []AgeCell // pairs (x, T) that customers have
}

// Fit estimates the ladder, the value model and its checks. It is pure.
func Fit(c *Counts, opt Options) *Model {
	opt = opt.withDefaults()
	m := &Model{Window: c.Window, Top: -1, TopP: math.NaN(), Factors: c.Ages}
	for _, a := range c.Ages {
		m.Customers += a.N
		m.Unknown += a.N - a.Known
	}
	m.Money = FitGammaGamma(c.Spends)
	m.HasMoney = m.Money.MeanValue > 0
	for b := range c.Ladder[0] {
		m.HasMoney = m.HasMoney || c.Ladder[0][b].Spending > 0
	}
	m.ladder(c, opt)
	m.Fit = FitBGNBD(c.Cells)
	m.checks(c)
	return m
}

func (m *Model) ladder(c *Counts, opt Options) {
	for k := range Steps {
		total, ok := suffstat.Merge(c.Ladder[k])
		if !ok || total.Customers == 0 {
			break
		}
		m.Ladder = append(m.Ladder, m.rung(k, total, c, opt))
	}
	m.top()
}

// pairOf is a purchase and the next one, for quantities that need both, and the number of buckets in it: without a bucket, a sum is that over the others per bucket, times all buckets.
type pairOf struct {
	this, next Step
	buckets    float64
}

func (p pairOf) Merge(o pairOf) pairOf {
	return pairOf{p.this.Merge(o.this), p.next.Merge(o.next), p.buckets + o.buckets}
}
func (p pairOf) Empty() bool { return p.this.Empty() && p.next.Empty() }

func (m *Model) rung(k int, total Step, c *Counts, opt Options) Rung {
	h := int(m.Window.Horizon)
	r := Rung{Number: k + 1, Customers: total.Customers, Repeated: total.Repeated, MedianGap: math.NaN(), Lost: math.NaN()}
	pairs, buckets := make([]pairOf, Buckets), 0.
	for b := range pairs {
		pairs[b] = pairOf{c.Ladder[k][b], c.Ladder[k+1][b], 1}
		if !pairs[b].Empty() {
			buckets++
		}
	}
	quarters := m.Window.Quarters()
	r.replicates = suffstat.JackknifeVec(pairs, func(p pairOf) []float64 {
		out := make([]float64, atLength)
		out[atSurvival] = survivalAt(p.this.Life, h)
		out[atReached] = float64(p.this.Reached) / quarters * buckets / p.buckets
		out[atNext] = float64(p.next.Spending) / 100 / float64(p.next.Whole)
		return out
	})
	r.Probability = probability(r.replicates, total, h).Of(total.Customers, "share")
	r.Reached = r.replicates.Value[atReached]
	if r.Probability.OK() && finite(r.Reached) {
		r.Lost = r.Reached * (1 - r.Probability.Value)
	}
	r.MedianGap = medianGap(total.Life, h)
	next, _ := suffstat.Merge(c.Ladder[k+1])
	if m.HasMoney && next.Whole > 0 {
		r.NextValue = r.replicates.Estimate(atNext, .95).Of(next.Whole, opt.Currency)
		r.Stake = r.replicates.Combine(func(v []float64) float64 {
			return v[atReached] * opt.Step * v[atNext] * opt.margin()
		}).Estimate(0, opt.Level).Of(next.Whole, opt.Currency)
	} else {
		r.NextValue = suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)
		r.Stake = suffstat.NotEstimable(suffstat.MethodJackknife, opt.Level, suffstat.ErrNoData)
	}
	return r
}

// survivalAt is the share still waiting after so many days; NaN when nobody was seen for that long.
func survivalAt(t suffstat.LifeTable, days int) float64 {
	s := t.Survival()
	if days < len(s) {
		return s[days]
	}
	if len(s) > 1 && s[len(s)-1] == 0 {
		return 0
	}
	return math.NaN()
}

// leastAtRisk is the number of customers who must still have been waiting at the end of the horizon.
const leastAtRisk = 3

// probability is 1 - S(horizon) with the interval on log(-log S). Where nobody or everybody repeats, the interval is Wilson's over the customers seen for the whole horizon.
func probability(r suffstat.Replicates, total Step, days int) suffstat.Estimate {
	n := total.Life.AtRisk()
	if days >= len(n) || n[days] < leastAtRisk {
		return suffstat.NotEstimable("life table", .95, suffstat.ErrNoData)
	}
	e := r.EstimateLogLog(atSurvival, .95)
	if !e.OK() {
		return e
	}
	if e.Value <= 0 || e.Value >= 1 {
		e.Lower, e.Upper = suffstat.WilsonInterval(e.Value, float64(n[days]), .95)
		e.Method = "wilson"
	}
	if !finite(e.Lower) || !finite(e.Upper) { // without one of the buckets nobody is seen for that long
		return suffstat.NotEstimable(e.Method, .95, suffstat.ErrNoData)
	}
	e.Value, e.Lower, e.Upper = 1-e.Value, 1-e.Upper, 1-e.Lower
	return e
}

// medianGap is the number of days within which half of the repeats of the horizon come.
func medianGap(t suffstat.LifeTable, days int) float64 {
	s := t.Survival()
	end := min(days, len(s)-1)
	half := 1 - (1-s[end])/2
	if !(s[end] < 1) {
		return math.NaN()
	}
	for d, x := range s {
		if x <= half {
			return float64(d)
		}
	}
	return math.NaN()
}

// top finds the step where most customers are lost per quarter, and tests that it is the one: against every other step the difference must be above 0 (an intersection-union test: the largest p-value counts).
func (m *Model) top() {
	for i, r := range m.Ladder {
		if finite(r.Lost) && r.Lost > 0 && (m.Top < 0 || r.Lost > m.Ladder[m.Top].Lost) {
			m.Top = i
		}
	}
	if m.Top < 0 {
		return
	}
	best := m.Ladder[m.Top]
	lost := func(v []float64) float64 { return v[atReached] * v[atSurvival] }
	m.TopP, m.TopVerdict = 0, analytics.Different
	compared := false
	for i, r := range m.Ladder {
		if i == m.Top || !finite(r.Lost) {
			continue
		}
		compared = true
		both := best.replicates.Join(r.replicates).Combine(func(v []float64) float64 { return lost(v[:atLength]) - lost(v[atLength:]) })
		d := analytics.Decide(analytics.Comparison{
			Difference: both.Value[0], SE: both.SE(0), DF: both.DF(), Margin: .05 * best.Lost, Directional: true, Buckets: both.Buckets(),
			Sides: []analytics.Side{{Customers: best.Customers, Effective: float64(best.Customers), Events: best.Customers - best.Repeated}},
		})
		if d.PDifference > m.TopP {
			m.TopP = d.PDifference
		}
		if d.Verdict != analytics.Different && m.TopVerdict == analytics.Different {
			m.TopVerdict = d.Verdict
		}
	}
	if !compared {
		m.TopP = math.NaN()
		if best.Customers < analytics.MinEffective || best.replicates.Buckets() < analytics.MinBuckets {
			m.TopVerdict = analytics.InsufficientData
		}
	}
}

// mostCounts is the last class of repeat counts: 7 or more, as in the paper.
const mostCounts = 7

// The limits of the checks.
const (
	fitsRatio, roughRatio = .10, .25 // purchases in the hold-out against the forecast, and misplaced among classes
	fitsShare, roughShare = .02, .05 // customers in the wrong class of repeat counts
)

func (m *Model) checks(c *Counts) {
	m.Verdict = NotFitted
	if !m.Fit.Ready() {
		return
	}
	counts := m.countCheck(c.Cells)
	m.Verdict = counts
	if hold, ok := m.holdoutCheck(c); ok && rank(hold) > rank(counts) {
		m.Verdict = hold
	}
}

func rank(verdict string) int { return slices.Index([]string{Fits, Rough, Poor}, verdict) }

// countCheck compares the customers with 0, 1, ... 7 and more repeat purchases with what the model expects of customers of their ages.
func (m *Model) countCheck(cells []Cell) string {
	ages := map[int64]int64{}
	actual, expected := make([]float64, mostCounts+1), make([]float64, mostCounts+1)
	var n int64
	for _, c := range cells {
		ages[c.Age] += c.N
		actual[min(c.X, mostCounts)] += float64(c.N)
		n += c.N
	}
	var days []int64
	for d := range ages {
		days = append(days, d)
	}
	slices.Sort(days)
	for _, d := range days {
		if d == 0 {
			expected[0] += float64(ages[d])
			continue
		}
		for k, p := range m.Fit.Counts(float64(d)/DaysPerUnit, mostCounts) {
			expected[k] += p * float64(ages[d])
		}
	}
	whole := Check{Name: "repeat_counts", Repeats: -1, Customers: n, Actual: float64(n), Expected: float64(n), Misplaced: 0, DF: -1 - 4}
	for k := range actual {
		whole.Misplaced += math.Abs(actual[k]-expected[k]) / 2 / float64(n)
	}
	// Classes of fewer than five expected customers are put together with the one before.
	var a, e float64
	for k := mostCounts; k >= 0; k-- {
		a, e = a+actual[k], e+expected[k]
		if e >= 5 || k == 0 {
			whole.Statistic += (a - e) * (a - e) / e
			whole.DF++
			a, e = 0, 0
		}
	}
	whole.P = math.NaN()
	if whole.DF > 0 {
		whole.P = suffstat.ChiSquaredSurvival(whole.Statistic, whole.DF)
	} else {
		whole.DF = math.NaN()
	}
	whole.Verdict = grade(whole.Misplaced, fitsShare, roughShare)
	m.Checks = append(m.Checks, whole)
	for k := range actual {
		m.Checks = append(m.Checks, Check{Name: "repeat_counts", Repeats: int64(k), Customers: int64(actual[k]), Actual: actual[k], Expected: expected[k],
			Statistic: math.NaN(), DF: math.NaN(), P: math.NaN(), Misplaced: math.NaN()})
	}
	return whole.Verdict
}

func grade(x, fits, rough float64) string {
	switch {
	case x <= fits:
		return Fits
	case x <= rough:
		return Rough
	}
	return Poor
}

// holdoutCheck fits the model on what came before the hold-out and compares the purchases in it with the forecast, in all and by the number of repeat purchases until then. The interval is that of the actual purchases over
// customers, the forecast taken as known. A poor ratio whose interval reaches into the limits is only rough.
func (m *Model) holdoutCheck(c *Counts) (string, bool) {
	cells := make([]Cell, len(c.Holdout))
	for i, h := range c.Holdout {
		cells[i] = h.Cell
	}
	m.Holdout = FitBGNBD(cells)
	if !m.Holdout.Ready() {
		return "", false
	}
	days := m.Window.End - m.Window.Cut
	span := float64(days) / DaysPerUnit
	rows := make([]holdoutSums, mostCounts+1)
	var all holdoutSums
	for _, h := range c.Holdout {
		e := m.Holdout.Expected(float64(h.X), float64(h.Recency)/DaysPerUnit, float64(h.Age)/DaysPerUnit, span)
		n, y := float64(h.N), float64(h.Orders)
		part := holdoutSums{h.N, y, e * n, math.Max(0, float64(h.Squares)-2*e*y+n*e*e)}
		rows[min(h.X, mostCounts)].add(part)
		all.add(part)
	}
	whole := all.check(-1, days)
	wrong := 0.
	for _, r := range rows {
		wrong += math.Abs(r.actual-r.expected) / 2 / math.Max(all.expected, 1)
	}
	whole.Misplaced = wrong
	whole.Verdict = grade(math.Max(math.Abs(whole.Ratio.Value-1), wrong), fitsRatio, roughRatio)
	if whole.Verdict == Poor && wrong <= roughRatio && whole.Ratio.Lower <= 1+roughRatio && whole.Ratio.Upper >= 1-roughRatio {
		whole.Verdict = Rough
	}
	m.Checks = append(m.Checks, whole)
	for k, r := range rows {
		if r.customers > 0 {
			m.Checks = append(m.Checks, r.check(int64(k), days))
		}
	}
	return whole.Verdict, true
}

type holdoutSums struct {
	customers                  int64
	actual, expected, variance float64
}

func (s *holdoutSums) add(o holdoutSums) {
	s.customers, s.actual, s.expected, s.variance = s.customers+o.customers, s.actual+o.actual, s.expected+o.expected, s.variance+o.variance
}

func (s holdoutSums) check(repeats, days int64) Check {
	c := Check{Name: "holdout", Repeats: repeats, Customers: s.customers, Actual: s.actual, Expected: s.expected, Days: days, Statistic: math.NaN(), DF: math.NaN(), P: math.NaN(), Misplaced: math.NaN()}
	c.Ratio = suffstat.NotEstimable("normal", .95, suffstat.ErrNoData)
	if s.expected > 0 {
		r, h := s.actual/s.expected, suffstat.NormalQuantile(.975)*math.Sqrt(s.variance)/s.expected
		c.Ratio = suffstat.Estimate{Value: r, Lower: math.Max(0, r-h), Upper: r + h, Level: .95, N: s.customers, Unit: "ratio", Method: "normal"}
	}
	return c
}

// StageValue is what the customers of a stage are expected to do within HorizonDays. Intervals are over customers, the model taken as known.
type StageValue struct {
	Stage                               string
	Customers, Buyers                   int64
	Alive, Order, Orders, Revenue, Lost suffstat.Estimate // per buyer: shares, purchases, currency; Lost is of the whole stage, currency
	OrdersShare                         float64
	Stake                               suffstat.Estimate   // of the whole stage: margin of Options.Step more who order once, at Options.Level
	lost                                suffstat.Replicates // of the whole stage: revenue
}

// FitStages estimates the values by stage. It is pure.
func FitStages(m *Model, names []string, stages map[string][]StageSums, opt Options) []StageValue {
	opt = opt.withDefaults()
	var out []StageValue
	var orders float64
	fitted := m.Verdict != NotFitted
	none := suffstat.NotEstimable(suffstat.MethodJackknife, .95, suffstat.ErrNoData)
	for _, name := range names {
		buckets := stages[name]
		total, ok := suffstat.Merge(buckets)
		if !ok {
			continue
		}
		used := float64(total.Buckets)
		s := StageValue{Stage: name, Customers: total.Customers, Buyers: total.Buyers, Alive: none, Order: none, Orders: none, Revenue: none, Lost: none, Stake: none, OrdersShare: math.NaN()}
		if fitted && total.Buyers > 0 {
			orders += float64(total.Orders)
			r := suffstat.JackknifeVec(buckets, func(s StageSums) []float64 {
				n := float64(s.Buyers)
				return []float64{float64(s.Alive) / 1e6 / n, float64(s.Orders) / 1e6 / n, float64(s.Revenue) / 100 / n, float64(s.Active-s.Revenue) / 100 * used / float64(s.Buckets),
					float64(s.Order) / 1e6 / n, n * used / float64(s.Buckets)}
			})
			s.Alive = clip(r.Estimate(0, .95), 0, 1).Of(total.Buyers, "share")
			s.Order = clip(r.Estimate(4, .95), 0, 1).Of(total.Buyers, "share")
			s.Orders = clip(r.Estimate(1, .95), 0, math.Inf(1)).Of(total.Buyers, "orders")
			if m.HasMoney {
				s.Revenue = clip(r.Estimate(2, .95), 0, math.Inf(1)).Of(total.Buyers, opt.Currency)
				s.lost = r.Combine(func(v []float64) float64 { return v[3] })
				stake := r.Combine(func(v []float64) float64 { return v[5] * v[2] / v[1] * opt.Step * opt.margin() })
				s.Stake = clip(stake.Estimate(0, opt.Level).Of(total.Buyers, opt.Currency), 0, math.Inf(1))
				s.Lost = clip(s.lost.Estimate(0, .95), 0, math.Inf(1)).Of(total.Buyers, opt.Currency)
			}
		}
		out = append(out, s)
	}
	for i := range out {
		if total, ok := suffstat.Merge(stages[out[i].Stage]); ok && fitted && orders > 0 {
			out[i].OrdersShare = float64(total.Orders) / orders
		}
	}
	return out
}

// clip keeps the ends of an interval within what the quantity can be.
func clip(e suffstat.Estimate, lower, upper float64) suffstat.Estimate {
	e.Lower, e.Upper = math.Max(e.Lower, lower), math.Min(e.Upper, upper)
	return e
}
