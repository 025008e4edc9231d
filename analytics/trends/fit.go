package trends

import (
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Options is what Fit and Findings need besides the counts.
type Options struct {
	FDR float64 // of the confirmed list
	// Margin is the smallest change of a rate that matters, in a month, as a share of the rate (of its complement above one half); series of more than a year: twelve times as much over
	// the whole.
	Margin float64
	Seed   uint64
	Days   float64 // length of the audited period
}

// DefaultMargin is a change by 1 % of itself in a month, or by 12 % over a series of more than a year. decision.equivalence.trend_per_month replaces it.
const DefaultMargin = .01

// screening is the false-discovery rate of spikes.
const screening = .10

const confidence = .95

// The verdicts of a series.
const (
	Rising     = "rising"
	Falling    = "falling"
	LevelShift = "level_shift"
	Spike      = "spike"
	Steady     = "steady"
	Undecided  = "undecided"
)

// Model is what the block found.
type Model struct {
	Unit          string
	Periods       int
	ActionBuckets int64
	Series        []*Series
	Spikes        []SpikeAt
	Links         []Link
	Channels      map[string]*channel
	Short         int // series too short for a verdict
	Rows          int
}

// Series is one metric of one subject with what is known of its trend. Rates and slopes are shares, slopes per month.
type Series struct {
	subject
	Metric           string
	Points           []Point
	Messages, Events int64
	Rate             float64
	Slope            suffstat.Estimate
	P, Q             float64
	Margin           float64
	PEquivalence     float64
	Needed           int64
	Rho, TheilSen    float64
	Season           string
	Shift            suffstat.Shift
	ShiftSize        float64 // share
	ShiftQ           float64
	PettittAt        int // -1 when not looked at
	PettittP         float64
	Split            suffstat.Decomposition
	Spikes           int
	Worst            int // point of the greatest spike, -1 without one
	Verdict          string
	Notes            []string

	m      metric
	base   map[string]int64 // Messages by channel
	trend  suffstat.Trend
	scale  float64 // steepness at Rate
	season []float64
	level  []float64   // link less the season of the line, or, once relocated, of the step
	waved  [][]float64 // the regressors of the season
}

// Short tells that the series has too few points for a verdict.
func (s *Series) Short() bool { return len(s.Points) < shortSeries }

// SpikeAt is one period far from its neighbours.
type SpikeAt struct {
	Series         *Series
	Point          int
	Expected, Z, P float64
	Q              float64
}

// Fit makes the series and decides. The family of slopes are all series with 20 points or more, so is that of shifts; that of spikes are all points.
func Fit(c *Counts, opt Options) *Model {
	if !(opt.Margin > 0) {
		opt.Margin = DefaultMargin
	}
	m := &Model{Unit: c.Unit, Periods: len(c.Periods), ActionBuckets: c.ActionBuckets, Channels: readChannels(c.Rows, c.Machines), Rows: len(c.Rows)}
	for _, g := range groups(c.Rows) {
		for _, metric := range metrics() {
			points := g.points(metric, m.Channels, c.Periods)
			if points == nil {
				continue
			}
			s := newSeries(g.subject, metric, points, c, opt)
			s.base = g.base(metric, m.Channels)
			m.Series = append(m.Series, s)
		}
	}
	slices.SortStableFunc(m.Series, func(a, b *Series) int { // the grain of the table
		for _, c := range []int{strings.Compare(a.Metric, b.Metric), strings.Compare(a.Type, b.Type)} {
			if c != 0 {
				return c
			}
		}
		return strings.Compare(a.ID, b.ID)
	})
	m.families()
	m.spikes()
	for _, s := range m.Series {
		s.decide(opt)
		if s.Short() {
			m.Short++
		}
	}
	m.Links = links(m, opt)
	return m
}

func newSeries(of subject, m metric, points []Point, c *Counts, opt Options) *Series {
	nan := math.NaN()
	s := &Series{subject: of, Metric: m.name, Points: points, Season: "none", m: m, P: nan, Q: nan, Margin: nan, PEquivalence: nan, Rho: nan, TheilSen: nan, ShiftSize: nan, ShiftQ: nan,
		PettittAt: -1, PettittP: nan, Worst: -1, Rate: nan, Slope: suffstat.NotEstimable("prais-winsten", confidence, suffstat.ErrNoData), Verdict: Undecided}
	s.Shift = suffstat.Shift{P: nan, Before: nan, After: nan}
	merged := false
	var weighted float64
	for _, p := range points {
		s.Messages, s.Events = s.Messages+p.Den, s.Events+p.Num
		weighted += p.Standardised
		merged = merged || p.Merged > 1
	}
	s.Rate = weighted / float64(len(points))
	s.Split = s.split()
	s.note(c, merged)
	if s.dead() {
		return s
	}
	s.estimate(c, opt)
	return s
}

// dead tells that nothing varies: the note says why.
func (s *Series) dead() bool {
	return slices.ContainsFunc(s.Notes, func(n string) bool {
		return n == "no_events" || n == "all_events" || n == "constant" || n == "one_period"
	})
}

// note says what a reader must know before he reads the numbers.
func (s *Series) note(c *Counts, merged bool) {
	add := func(is bool, note string) {
		if is {
			s.Notes = append(s.Notes, note)
		}
	}
	first, last := s.Points[0], s.Points[len(s.Points)-1]
	constant := len(s.Points) > 1
	for _, p := range s.Points {
		constant = constant && math.Abs(p.y-first.y) < 1e-9
	}
	switch {
	case s.Events == 0:
		add(true, "no_events")
	case s.Events == s.Messages:
		add(true, "all_events")
	case len(s.Points) == 1:
		add(true, "one_period")
	case constant:
		add(true, "constant")
	case s.Short():
		add(true, "short_series")
	}
	add(s.Events > 0 && s.Events < fewestEvents, "few_events")
	add(c.ActionBuckets < 100 && (s.Metric == Order || s.Metric == Move), "sample_of_customers")
	var with int64
	for _, p := range s.Points {
		with += p.Merged
	}
	from := slices.IndexFunc(c.Periods, func(p Period) bool { return p.From == first.From })
	to := slices.IndexFunc(c.Periods, func(p Period) bool { return p.To == last.To })
	add(from > 0, "late_start")
	add(from >= 0 && to >= from && int64(to-from+1) > with, "gaps")
	add(merged, "merged")
	if !s.Short() && s.months() < monthsForWave {
		add(true, "season_open")
	}
}

// months is the time from the first to the last point.
func (s *Series) months() float64 {
	return float64(s.Points[len(s.Points)-1].To-s.Points[0].From) / daysPerMonth
}

// estimate fits the trend and looks for one change of level.
func (s *Series) estimate(c *Counts, opt Options) {
	n := len(s.Points)
	t, y := make([]float64, n), make([]float64, n)
	for i, p := range s.Points {
		t[i], y[i] = p.time, p.y
	}
	s.scale = steepness(s.m, s.Rate)
	s.Margin = opt.Margin * math.Min(1, 12/s.months()) * math.Min(s.Rate, 1-s.Rate)
	s.TheilSen = suffstat.TheilSen(t, y) * s.scale
	if n < fewestPoints {
		return
	}
	x := s.waves(t, c.Unit)
	s.trend = suffstat.PraisWinsten(t, y, x...)
	if !s.trend.OK() && len(x) > 0 {
		s.Season, x = "none", nil
		s.trend = suffstat.PraisWinsten(t, y)
	}
	if !s.trend.OK() {
		s.Notes = append(s.Notes, "constant")
		return
	}
	s.season = make([]float64, n)
	copy(s.season, s.trend.Season)
	lower, upper := s.trend.Interval(confidence)
	s.Slope = suffstat.Estimate{Value: s.trend.Slope * s.scale, Lower: lower * s.scale, Upper: upper * s.scale, Level: confidence, N: int64(n), Unit: "share", Method: "prais-winsten"}
	s.Rho = s.trend.Rho
	s.PEquivalence = suffstat.TOST(s.trend.Slope, s.trend.SE, s.trend.DF, s.Margin/s.scale).P
	if s.Short() {
		return
	}
	s.P = s.trend.P
	s.level = make([]float64, n)
	for i := range y {
		s.level[i] = y[i] - s.season[i]
	}
	s.waved = x
	s.Shift = suffstat.LevelShift(s.level, len(x), s.seed(opt.Seed))
	if math.IsNaN(s.Shift.P) {
		return
	}
	s.ShiftSize = unlink(s.m, s.Shift.After) - unlink(s.m, s.Shift.Before)
	_, s.PettittAt, s.PettittP = suffstat.PettittTest(s.level)
}

// waves are the regressors of the season: two waves of the year from two years on, one from 15 months on, and the days of the week for series by days.
func (s *Series) waves(t []float64, unit string) [][]float64 {
	var out [][]float64
	waves := 0
	switch months := s.months(); {
	case months >= monthsForTwo:
		waves = 2
	case months >= monthsForWave:
		waves = 1
	}
	if s.Short() {
		waves = 0
	}
	if len(t) < 40 {
		waves = min(waves, 1)
	}
	for k := 1; k <= waves; k++ {
		sin, cos := make([]float64, len(t)), make([]float64, len(t))
		for i, v := range t {
			sin[i], cos[i] = math.Sincos(2 * math.Pi * float64(k) * v / 12)
		}
		out = append(out, sin, cos)
	}
	if waves > 0 {
		s.Season = "annual"
	}
	if unit == "day" && !s.Short() && !slices.ContainsFunc(s.Points, func(p Point) bool { return p.Merged > 1 }) {
		for day := range int64(6) {
			x := make([]float64, len(t))
			for i, p := range s.Points {
				if p.From%7 == day {
					x[i] = 1
				}
			}
			if slices.Contains(x, 1) {
				out = append(out, x)
			}
		}
	}
	return out
}

// seed differs between series and depends on nothing but their names.
func (s *Series) seed(of uint64) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s.Metric + "\x00" + s.Type + "\x00" + s.ID))
	return of ^ h.Sum64()
}

// split is the Kitagawa decomposition from the first to the last third of the points.
func (s *Series) split() suffstat.Decomposition {
	third := len(s.Points) / 3
	if third == 0 {
		return suffstat.Kitagawa(nil)
	}
	cells := make([]suffstat.MixCell, len(s.Points[0].cells))
	for _, p := range s.Points[:third] {
		for i, c := range p.cells {
			cells[i].BaseBefore += c.den
			cells[i].EventsBefore += c.num
		}
	}
	for _, p := range s.Points[len(s.Points)-third:] {
		for i, c := range p.cells {
			cells[i].BaseAfter += c.den
			cells[i].EventsAfter += c.num
		}
	}
	return suffstat.Kitagawa(cells)
}

// families turns p-values into q-values.
func (m *Model) families() {
	p, shift := make([]float64, len(m.Series)), make([]float64, len(m.Series))
	for i, s := range m.Series {
		p[i], shift[i] = s.P, s.Shift.P
	}
	q, shiftQ := suffstat.BH(p), suffstat.BH(shift)
	for i, s := range m.Series {
		s.Q, s.ShiftQ = q[i], shiftQ[i]
	}
}

// spikes scores every point of every series that lives.
func (m *Model) spikes() {
	var at []SpikeAt
	var scores []float64
	var steps []bool
	for _, s := range m.Series {
		if s.dead() || len(s.Points) < fewestPoints || s.Metric == Move { // 28 days after one week are in those of the next three
			continue
		}
		y, noise := make([]float64, len(s.Points)), make([]float64, len(s.Points))
		for i, p := range s.Points {
			y[i], noise[i] = angle(unlink(s.m, p.y-s.wave(i))), p.noise
		}
		z, expected := suffstat.SpikeScores(y, noise)
		for i := range z {
			e := math.Pow(math.Sin(expected[i]/2), 2)
			at = append(at, SpikeAt{Series: s, Point: i, Expected: unlink(s.m, logitOrLog(s.m, e)+s.wave(i)), Z: z[i]})
			scores = append(scores, z[i])
			steps = append(steps, suffstat.StepNotSpike(y, i, expected[i]))
		}
	}
	p := suffstat.SpikeP(scores, suffstat.SpikeTail(scores))
	q := suffstat.BH(p)
	for i, a := range at {
		s, point := a.Series, a.Series.Points[a.Point]
		if q[i] > screening || a.Z == 0 || steps[i] || math.Abs(point.Standardised-a.Expected) < spikeSize*math.Min(s.Rate, 1-s.Rate) {
			continue
		}
		a.P, a.Q = p[i], q[i]
		m.Spikes = append(m.Spikes, a)
		s.Spikes++
		s.Points[a.Point].Spike = true
		if s.Worst < 0 || math.Abs(a.Z) > math.Abs(m.spike(s).Z) {
			s.Worst = a.Point
		}
	}
}

// angle is the arcsine root of a share: its variance by counting is 1/n whatever the share, so that thin periods do not pass for spikes.
func angle(share float64) float64 { return 2 * math.Asin(math.Sqrt(math.Min(math.Max(share, 0), 1))) }

// wave is the season at a point, on the link.
func (s *Series) wave(i int) float64 {
	if s.season == nil {
		return 0
	}
	return s.season[i]
}

// spike is the greatest spike of a series.
func (m *Model) spike(s *Series) SpikeAt {
	for _, a := range m.Spikes {
		if a.Series == s && a.Point == s.Worst {
			return a
		}
	}
	return SpikeAt{}
}

// decide gives the verdict. A trend: the slope passes the family and its interval lies beyond the margin. A shift: it passes its family, is 3 % of the rate or more, and two levels fit better than the line. A spike is local and says nothing about the rest, so it is the verdict only when there is neither, also beside a steady level.
func (s *Series) decide(opt Options) {
	if s.Short() || math.IsNaN(s.P) {
		return
	}
	beyond := s.Slope.Lower > s.Margin || s.Slope.Upper < -s.Margin
	trend := s.Q <= opt.FDR && beyond
	if s.ShiftQ <= opt.FDR {
		s.relocate()
	}
	shift := s.ShiftQ <= opt.FDR && math.Abs(s.ShiftSize) > shiftSize*math.Min(s.Rate, 1-s.Rate) && s.stepFits()
	switch {
	case shift:
		s.Verdict = LevelShift
		s.Shift = s.Shift.Locate(s.level, s.seed(opt.Seed))
	case trend && s.Slope.Value > 0:
		s.Verdict = Rising
	case trend:
		s.Verdict = Falling
	case s.Spikes > 0:
		s.Verdict = Spike
	case s.PEquivalence < 1-confidence:
		s.Verdict = Steady
	default:
		s.Needed = s.needed()
	}
	for i := range s.Points {
		if s.Verdict == LevelShift {
			level := s.Shift.Before
			if i >= s.Shift.At {
				level = s.Shift.After
			}
			s.Points[i].Fitted = unlink(s.m, level+s.Points[i].y-s.level[i])
		} else {
			s.Points[i].Fitted = unlink(s.m, s.trend.Fitted[i])
		}
	}
}

// relocate takes the season off anew, as it is beside a step: the line has bent it.
func (s *Series) relocate() {
	if len(s.waved) == 0 {
		return
	}
	y := make([]float64, len(s.Points))
	for i, p := range s.Points {
		y[i] = p.y
	}
	season := suffstat.StepSeason(y, s.waved...)
	for i := range y {
		s.level[i] = y[i] - season[i]
	}
	s.Shift = s.Shift.On(s.level)
	s.ShiftSize = unlink(s.m, s.Shift.After) - unlink(s.m, s.Shift.Before)
	_, s.PettittAt, s.PettittP = suffstat.PettittTest(s.level)
}

// stepFits tells that two levels fit clearly better than the line: by log(n) + 1 on the scale of twice the log-likelihood, with as many independent points as the autocorrelation
// leaves. The place of the change is paid for by that, and a steady trend is seldom called a shift.
func (s *Series) stepFits() bool {
	var line, step float64
	for i, p := range s.Points {
		line += square(p.y - s.trend.Fitted[i])
		level := s.Shift.Before
		if i >= s.Shift.At {
			level = s.Shift.After
		}
		step += square(s.level[i] - level)
	}
	n := float64(len(s.Points))
	return n*(1-s.Shift.Rho)/(1+s.Shift.Rho)*math.Log(line/step) > math.Log(n)+1
}

func square(x float64) float64 { return x * x }

// needed is the number of points with which the slope seen would be told from the margin, or none from a slope that matters: its error falls with n to the power of one and a half.
func (s *Series) needed() int64 {
	z := suffstat.NormalQuantile
	se := s.trend.SE * s.scale
	slope := math.Abs(s.Slope.Value)
	var k float64
	if slope > s.Margin {
		k = se * (z(.975) + z(.80)) / (slope - s.Margin)
	} else {
		k = math.Max(se*(z(.95)+z(.90))/s.Margin, se*(z(.95)+z(.80))/(s.Margin-slope))
	}
	n := math.Ceil(float64(len(s.Points)) * math.Pow(k, 2./3))
	if !analytics.Finite(n) || n > 1e5 {
		return 0
	}
	return max(int64(n), int64(len(s.Points))+1)
}
