package segments

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// The thresholds of statistics 3.4 and 3.5; judgement, printed in the report.
const (
	level = .95

	stuckLimit    = .90 // of members whose stage changes: more than this still in it is stuck
	staticLimit   = .99 // of all members: more than this still in it is static
	staleLimit    = .10 // of members whom the segment's own rule does not take
	largeShare    = .40 // of the base
	everybody     = .99 // of the base
	gainLimit     = .01 // of what is open about who orders
	plausible     = .30 // largest relative effect that a campaign is credited with
	mdeFactor     = 2.80
	baseWeight    = 10 // customers of the base that a segment's order rate is shrunk by
	leastWatched  = 10 // memberships at risk below which the life table is not followed
	noSuccessor   = -1
	classesOfDays = 28
	classesOfWeek = 76
)

// Forms of memberships: what they tell of time.
const (
	Intervals   = "intervals"
	Snapshots   = "snapshots"
	EntriesOnly = "entries_only"
	Current     = "current"
	None        = "none"
)

// Verdicts.
const (
	Static        = "static"
	Stuck         = "stuck"
	Moves         = "moves"
	Undecided     = "undecided"
	NotMeasurable = "not_measurable"
	Stale         = "stale"
	Fresh         = "fresh"
	NoRule        = "no_rule"
	NoMembers     = "no_members"
	Empty         = "empty"
	Everybody     = "everybody"
	TooSmall      = "too_small"
	TooLarge      = "too_large"
	Fits          = "fits"
	Used          = "used"
	Silent        = "silent"
	Unused        = "unused"
	Unknown       = "unknown"
	Fine          = "fine"
)

// Segment is everything that is said of one segment. Estimates that could not be made have a NaN value.
type Segment struct {
	Name
	Form  string
	Total SizeRow // over all buckets

	Median  suffstat.Estimate // days
	Watched int64             // memberships behind it

	Turnover suffstat.RateEstimate

	Stay         suffstat.RateEstimate // still members four weeks on
	Stuck        suffstat.RateEstimate // the same of those whose stage changes
	StuckP       float64
	StuckQ       float64
	StuckVerdict string
	StuckNeeded  int64

	RuleMembers, Misfits int64
	StaleVerdict         string

	Order       suffstat.RateEstimate
	OutcomeDays int64
	MDE         float64 // relative
	Needed      int64   // members with which MDE is what a campaign may plausibly do
	Gain        suffstat.Estimate
	GainP       float64 // of "the stage tells at most gainLimit", segments over largeShare of the base only
	GainQ       float64
	SizeVerdict string

	UsedBy     []string
	UseVerdict string
}

// StaleShare is the share of members whom the own rule does not take, NaN without.
func (s *Segment) StaleShare() float64 { return ratio(s.Misfits, s.RuleMembers) }

// Period is the state of a segment at the end of one complete period. Entered and Gone are -1 in the first one.
type Period struct {
	Segment, Start string
	Members, Base  int64
	Entered, Gone  int64
}

// Flow is how many left From and came into To ("" is none); Left is all who left From.
type Flow struct {
	From, To string
	N, Left  int64
}

// Model is what Fit makes of the counts.
type Model struct {
	Segments []*Segment // by id
	Periods  []Period   // by segment and period
	Flows    []Flow     // by from and to
	Base     int64      // customers known by the last audited day
	Steps    int        // complete periods
	Declared bool       // audit.yaml says of some segment who uses it
	Family   int        // segments that were tested for being stuck
}

func ratio(a, b int64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

// Fit makes estimates and verdicts of the counts.
func Fit(c *Counts) *Model {
	m := &Model{}
	f := fitter{Model: m, counts: c, byKey: map[int64]*Segment{}}
	names := slices.Clone(c.Names)
	slices.SortFunc(names, func(a, b Name) int { return strings.Compare(a.ID, b.ID) })
	for _, n := range names {
		s := &Segment{Name: n}
		m.Segments = append(m.Segments, s)
		f.byKey[n.Key] = s
	}
	f.forms()
	f.sizes()
	f.dwell()
	f.outcomes()
	f.stale()
	f.usage()
	f.periods()
	f.flows()
	return m
}

type fitter struct {
	*Model
	counts *Counts
	byKey  map[int64]*Segment
}

// forms reads off what the memberships tell of time. A begin without any end anywhere is a log of entries: that nobody left cannot be told from
// that nobody wrote it down. One segment without ends among others with ends is a segment that nobody left.
func (f *fitter) forms() {
	var ends int64
	for _, s := range f.Segments {
		ends += s.Ended
	}
	for _, s := range f.Segments {
		switch {
		case s.Memberships == 0:
			s.Form = None
		case s.Begun == 0 && s.Ended == 0:
			s.Form = Current
		case s.Lists > 1:
			s.Form = Snapshots
		case ends == 0:
			s.Form = EntriesOnly
		default:
			s.Form = Intervals
		}
	}
}

// Movement tells whether leaving can be seen at all.
func (s *Segment) Movement() bool { return s.Form == Intervals || s.Form == Snapshots }

func (f *fitter) sizes() {
	type buckets struct{ left, stayed, kept []suffstat.Ratio }
	by := map[int64]*buckets{}
	for _, r := range f.counts.Sizes {
		s := f.byKey[r.Key]
		if s == nil {
			if r.Key == 0 {
				f.Base += r.Members
			}
			continue
		}
		t := &s.Total
		t.Members += r.Members
		t.Begun += r.Begun
		t.AtRisk += r.AtRisk
		t.Leaves += r.Leaves
		t.Entries += r.Entries
		t.Watched += r.Watched
		t.Stayed += r.Stayed
		t.Changes += r.Changes
		t.Kept += r.Kept
		b := by[r.Key]
		if b == nil {
			b = &buckets{make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)}
			by[r.Key] = b
		}
		b.left[r.Bucket] = b.left[r.Bucket].Merge(suffstat.Ratio{Num: r.Leaves, Den: r.AtRisk})
		b.stayed[r.Bucket] = b.stayed[r.Bucket].Merge(suffstat.Ratio{Num: r.Stayed, Den: r.Watched})
		b.kept[r.Bucket] = b.kept[r.Bucket].Merge(suffstat.Ratio{Num: r.Kept, Den: r.Changes})
	}
	var tested []*Segment
	var p []float64
	for _, s := range f.Segments {
		b := by[s.Key]
		if b == nil || !s.Movement() {
			b = &buckets{}
		}
		customers := s.Total.Members + s.Total.Leaves // who was a member at the end of some period, re-entries twice
		s.Turnover, s.Stay, s.Stuck = suffstat.Rate(b.left, customers, level), suffstat.Rate(b.stayed, customers, level), suffstat.Rate(b.kept, customers, level)
		if s.decideStuck() {
			tested, p = append(tested, s), append(p, s.StuckP)
		}
	}
	f.Family = len(tested)
	for i, q := range suffstat.BH(p) {
		tested[i].StuckQ = q
	}
}

// decideStuck says whether membership follows the life cycle, and whether that was a test. The p-value is that of the score test of "at most stuckLimit"
// on the effective number of changes, which is the test that the interval inverts.
func (s *Segment) decideStuck() bool {
	e, t := s.Stuck, s.Total
	s.StuckP, s.StuckQ = math.NaN(), math.NaN()
	if !s.Movement() || t.Changes == 0 {
		s.StuckVerdict = NotMeasurable
		return false
	}
	if e.NEff < analytics.MinEffective || e.Buckets < analytics.MinBuckets {
		s.StuckVerdict = string(analytics.InsufficientData)
		s.StuckNeeded = scaled(t.Members, analytics.MinEffective/math.Max(1, e.NEff))
		if e.Buckets < analytics.MinBuckets {
			s.StuckNeeded = max(s.StuckNeeded, scaled(t.Members, analytics.MinBuckets/math.Max(1, float64(e.Buckets))))
		}
		return false
	}
	s.StuckP = suffstat.NormalSurvival((e.Value - stuckLimit) / math.Sqrt(stuckLimit*(1-stuckLimit)/e.NEff))
	switch {
	case e.Lower > stuckLimit && s.Stay.Lower > staticLimit:
		s.StuckVerdict = Static
	case e.Lower > stuckLimit:
		s.StuckVerdict = Stuck
	case e.Upper < stuckLimit:
		s.StuckVerdict = Moves
	default:
		s.StuckVerdict = Undecided
		gap := math.Abs(e.Value - stuckLimit)
		need := math.Pow((suffstat.NormalQuantile(.975)*math.Sqrt(stuckLimit*(1-stuckLimit))+suffstat.NormalQuantile(.8)*math.Sqrt(e.Value*(1-e.Value)))/gap, 2)
		s.StuckNeeded = scaled(t.Members, need/e.NEff)
	}
	return true
}

// scaled is n times a factor as a number of customers, 0 where no number would do.
func scaled(n int64, factor float64) int64 {
	x := math.Ceil(float64(n) * factor)
	if !(x >= 1 && x < 1e9) {
		return 0
	}
	return int64(x)
}

// daysOf is the last day of a class of age of segments.red_dwell.
func daysOf(class float64) float64 {
	switch {
	case class <= classesOfDays:
		return class
	case class <= classesOfWeek:
		return classesOfDays + 7*(class-classesOfDays)
	}
	return 364 + 28*(class-classesOfWeek)
}

// dwell estimates how long memberships last. The curve is followed while leastWatched memberships are at risk: with late entry the risk set may be of one or two
// at an early age, and one that leaves would take the curve to 0.
func (f *fitter) dwell() {
	rows := slices.Clone(f.counts.Dwell)
	slices.SortStableFunc(rows, func(a, b DwellRow) int { return cmp.Compare(a.Key, b.Key) })
	for _, s := range f.Segments {
		s.Median = suffstat.NotEstimable("brookmeyer-crowley", level, suffstat.ErrNoData).Of(0, "days")
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Key == rows[0].Key {
			n++
		}
		if s := f.byKey[rows[0].Key]; s != nil && s.Movement() {
			s.fitDwell(rows[:n])
		}
		rows = rows[n:]
	}
}

func (s *Segment) fitDwell(rows []DwellRow) {
	var last int64
	for _, r := range rows {
		last = max(last, r.Age)
	}
	tables := make([]suffstat.LifeTable, Buckets)
	for _, r := range rows {
		t := &tables[r.Bucket]
		if t.Enter == nil {
			*t = suffstat.LifeTable{Enter: make([]int64, last+1), Exits: [][]int64{make([]int64, last+1)}, Lost: make([]int64, last+1)}
		}
		t.Enter[r.Age] += r.Entered
		t.Exits[0][r.Age] += r.Ended
		t.Lost[r.Age] += r.Lost
	}
	total, _ := suffstat.Merge(tables)
	s.Watched, _, _ = total.Spells()
	curve := suffstat.SurvivalCurve(tables, level)
	for k, n := range total.AtRisk() {
		if k > 0 && n < leastWatched {
			curve = curve[:k]
			break
		}
	}
	e := suffstat.MedianOfCurve(curve, level)
	e.Value, e.Lower, e.Upper = daysOf(e.Value), daysOf(e.Lower), daysOf(e.Upper)
	s.Median = e.Of(s.Watched, "days")
}

// cells is the orders of a segment's members by stage in one bucket: the state of the gain.
type cells map[int64]suffstat.Ratio

// Merge adds stage by stage.
func (c cells) Merge(o cells) cells {
	out := make(cells, max(len(c), len(o)))
	for st, r := range c {
		out[st] = r
	}
	for st, r := range o {
		out[st] = out[st].Merge(r)
	}
	return out
}

// Empty tells that there is no member.
func (c cells) Empty() bool { return len(c) == 0 }

// gain is the part of the entropy of "orders" that the stage tells: I(stage; order)/H(order), less the bias (k-1)/(2n) of the information in nats. NaN when
// nobody or everybody orders. Statistics 1.3 and 3.5.
func (c cells) gain() float64 {
	var n, x float64
	stages := make([]int64, 0, len(c))
	for st := range c {
		stages = append(stages, st)
	}
	slices.Sort(stages) // the order of a sum decides its last digits
	within, kinds := 0., 0
	for _, st := range stages {
		r := c[st]
		if r.Den == 0 {
			continue
		}
		kinds++
		n, x = n+float64(r.Den), x+float64(r.Num)
		within += float64(r.Den) * entropy(float64(r.Num)/float64(r.Den))
	}
	h := entropy(x / n)
	if !(n > 0) || h == 0 {
		return math.NaN()
	}
	return (h - within/n - float64(kinds-1)/(2*n)) / h
}

// entropy of a share in nats.
func entropy(p float64) float64 {
	if !(p > 0 && p < 1) {
		return 0
	}
	return -p*math.Log(p) - (1-p)*math.Log(1-p)
}

func (f *fitter) outcomes() {
	by := map[int64][]cells{}
	var base suffstat.Ratio
	var days int64
	for _, r := range f.counts.Outcomes {
		days = r.Days
		if r.Key == 0 {
			base = base.Merge(suffstat.Ratio{Num: r.Ordered, Den: r.N})
			continue
		}
		if by[r.Key] == nil {
			by[r.Key] = make([]cells, Buckets)
		}
		b := by[r.Key]
		if b[r.Bucket] == nil {
			b[r.Bucket] = cells{}
		}
		b[r.Bucket][r.Stage] = b[r.Bucket][r.Stage].Merge(suffstat.Ratio{Num: r.Ordered, Den: r.N})
	}
	var tested []*Segment
	var p []float64
	for _, s := range f.Segments {
		s.OutcomeDays = days
		s.fitSize(by[s.Key], base, f.Base)
		if analytics.Finite(s.GainP) {
			tested, p = append(tested, s), append(p, s.GainP)
		}
	}
	for i, q := range suffstat.BH(p) {
		tested[i].GainQ = q
	}
}

// fitSize judges the size of a segment; statistics 3.5.
func (s *Segment) fitSize(buckets []cells, base suffstat.Ratio, known int64) {
	share := ratio(s.Total.Members, known)
	orders := make([]suffstat.Ratio, len(buckets))
	for g, b := range buckets {
		for _, r := range b {
			orders[g] = orders[g].Merge(r)
		}
	}
	s.Order = suffstat.Rate(orders, 0, level)
	s.Order.N = s.Order.Trials
	s.MDE, s.GainP, s.GainQ = math.NaN(), math.NaN(), math.NaN()
	s.Gain = suffstat.NotEstimable(suffstat.MethodJackknife, level, suffstat.ErrNoData).Of(s.Order.Trials, "1")
	if base.Num > 0 && base.Num < base.Den {
		p := (float64(s.Order.Events) + baseWeight*base.Value()) / (float64(s.Order.Trials) + baseWeight)
		s.MDE = mdeFactor * math.Sqrt(2*p*(1-p)/(float64(s.Total.Members)/2)) / p
		s.Needed = scaled(1, 2*2*p*(1-p)*math.Pow(mdeFactor/(plausible*p), 2))
	}
	if s.Order.Trials > 0 {
		r := suffstat.JackknifeVec(buckets, func(c cells) []float64 { return []float64{c.gain()} })
		s.Gain = r.Estimate(0, level).Of(s.Order.Trials, "share")
		if share > largeShare && s.Gain.OK() {
			s.GainP = suffstat.TSurvival((s.Gain.Value-gainLimit)/r.SE(0), r.DF())
		}
	}
	switch {
	case s.Total.Members == 0:
		s.SizeVerdict, s.MDE = Empty, math.NaN()
	case share >= everybody:
		s.SizeVerdict = Everybody
	case math.IsNaN(s.MDE):
		s.SizeVerdict = NotMeasurable
	case s.MDE > plausible:
		s.SizeVerdict = TooSmall
	case share <= largeShare || !s.Gain.OK() || s.Gain.Upper <= gainLimit:
		s.SizeVerdict = Fits
	case s.Gain.Lower > gainLimit:
		s.SizeVerdict = TooLarge
	default:
		s.SizeVerdict = Undecided
	}
}

func (f *fitter) stale() {
	for _, r := range f.counts.Stale {
		if s := f.byKey[r.Key]; s != nil {
			s.RuleMembers += r.Members
			s.Misfits += r.Members - r.Fitting
		}
	}
	for _, s := range f.Segments {
		switch {
		case !s.HasRule:
			s.StaleVerdict = NoRule
		case s.RuleMembers == 0:
			s.StaleVerdict = NoMembers
		case s.StaleShare() > staleLimit:
			s.StaleVerdict = Stale
		default:
			s.StaleVerdict = Fresh
		}
	}
}

func (f *fitter) usage() {
	used, alive := map[string][]string{}, map[string]bool{}
	for _, u := range f.counts.Usage {
		f.Declared = true
		used[u.Segment] = append(used[u.Segment], u.Scenario)
		alive[u.Segment] = alive[u.Segment] || u.Active
	}
	for _, s := range f.Segments {
		s.UsedBy = slices.Sorted(slices.Values(used[s.ID]))
		switch {
		case !f.Declared:
			s.UseVerdict = Unknown
		case len(s.UsedBy) == 0:
			s.UseVerdict = Unused
		case !alive[s.ID]:
			s.UseVerdict = Silent
		default:
			s.UseVerdict = Used
		}
	}
}

// Verdict is the first thing to say of the segment.
func (s *Segment) Verdict() string {
	switch {
	case s.SizeVerdict == Empty || s.SizeVerdict == Everybody:
		return s.SizeVerdict
	case s.StaleVerdict == Stale:
		return Stale
	case s.StuckVerdict == Stuck || s.StuckVerdict == Static:
		return s.StuckVerdict
	case s.SizeVerdict == TooSmall || s.SizeVerdict == TooLarge:
		return s.SizeVerdict
	case s.UseVerdict == Unused || s.UseVerdict == Silent:
		return Unused
	case s.StuckVerdict == Undecided || s.SizeVerdict == Undecided:
		return Undecided
	}
	return Fine
}

func (f *fitter) periods() {
	type event struct{ entered, gone int64 }
	events := map[int64]map[int64]event{}
	starts := map[int64]string{}
	for _, r := range f.counts.Members {
		if events[r.Key] == nil {
			events[r.Key] = map[int64]event{}
		}
		events[r.Key][r.Period] = event{r.Entered, r.Gone}
		starts[r.Period] = r.Start
	}
	var grid []int64
	for p := range starts {
		grid = append(grid, p)
	}
	slices.Sort(grid)
	f.Steps = len(grid)
	base := map[int64]int64{}
	var known int64
	for _, p := range grid {
		known += events[0][p].entered
		base[p] = known
	}
	for _, s := range f.Segments {
		if s.Form == None || s.Form == Current {
			continue
		}
		var members, left int64
		for i, p := range grid {
			e := events[s.Key][p]
			row := Period{Segment: s.ID, Start: starts[p], Base: base[p], Entered: e.entered, Gone: left}
			members += e.entered - left
			row.Members, left = members, e.gone
			if i == 0 {
				row.Entered, row.Gone = noSuccessor, noSuccessor
			}
			f.Periods = append(f.Periods, row)
		}
	}
}

func (f *fitter) flows() {
	for _, r := range f.counts.Flows {
		from, to := f.byKey[r.From], f.byKey[r.To]
		if from == nil || from.Total.Leaves == 0 || (to == nil && r.To != 0) {
			continue
		}
		flow := Flow{From: from.ID, N: r.N, Left: from.Total.Leaves}
		if to != nil {
			flow.To = to.ID
		}
		f.Flows = append(f.Flows, flow)
	}
	slices.SortFunc(f.Flows, func(a, b Flow) int { return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To)) })
}
