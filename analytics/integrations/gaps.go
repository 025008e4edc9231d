package integrations

import (
	"cmp"
	"math"
	"slices"

	"crmaudit/analytics/suffstat"
)

// What counts as a gap and as a flood.
const (
	gapRatio     = .5   // observed / expected at most
	floodRatio   = 3.   // at least
	hopeless     = 1e-3 // windows in which not a single row would not be rarer than this cannot show a gap and are not tested
	screened     = 1e-3 // what is not rarer than this among light-tailed days has p 1: it could not be found, and its exact p takes longer
	leastCompare = 5.   // rows expected of an input on a day for the comparison between inputs
	manyRows     = 20.  // rows expected on a day whose scatter tells of the tails
	leastScores  = 200  // such days of a series that has tails of its own
	commonLow    = .8   // inputs at less than this share of the usual, in the middle: a common low day
	commonOut    = .15  // and at less than this: nothing arrives at all
	leastInputs  = 3    // other inputs that a common low day needs
	recurringLow = .6   // of the usual on the same days of another year
	mostNames    = .6   // of the names of a source that must be low for the source to be
)

// gapWindows are the lengths of the windows in which rows are counted, open days.
func gapWindows() [5]int { return [5]int{1, 2, 3, 5, 7} }

// What a run of days is.
const (
	GapRun    = "gap"
	Outage    = "outage"
	Common    = "common"
	Recurring = "recurring"
	Flood     = "flood"
)

// Gap is a run of days [From, To) with implausibly few rows, or a day with implausibly many.
type Gap struct {
	What     string
	From, To int64
	Days     int64 // open ones
	Observed int64
	Expected float64
	P, Q     float64
	Ongoing  bool
}

// Ratio is observed to expected rows.
func (g Gap) Ratio() float64 { return float64(g.Observed) / g.Expected }

// window is a stretch of open days of a series with the p-value of so few rows, or so many.
type window struct {
	days  []int
	p     float64
	flood bool
}

// findGaps tests all series of a run as one family and leaves what it finds in them. Only days of the audited window [from, to) are tested.
func findGaps(all []*Series, from, to int64, fdr float64) (family int) {
	var series []*Series
	for _, s := range all {
		if s.State == "" && s.mu != nil {
			series = append(series, s)
		}
	}
	common := commonDays(series)
	df, _ := tails(series)
	for _, s := range series {
		tail := df
		if own, scores := tails([]*Series{s}); scores >= leastScores {
			tail = math.Min(df, own)
		}
		windows := windowsOf(s, from, to, common[s.Input], tail)
		s.State = Tested
		if len(windows) == 0 {
			s.State = TooFew
		}
		s.findRuns(windows)
		family += len(windows)
	}
	runQ(series, family)
	for _, s := range series {
		s.Gaps = slices.DeleteFunc(s.Gaps, func(g Gap) bool { return g.Q > fdr })
		for i := range s.Gaps {
			s.judge(&s.Gaps[i], common[s.Input])
		}
	}
	narrow(series)
	return family
}

// findRuns merges the low, or high, days of windows that are rarer than screened. The p of a run is the least of its windows.
func (s *Series) findRuns(windows []window) {
	least := map[int]float64{} // of every flagged day
	for _, w := range windows {
		if w.p > screened {
			continue
		}
		for _, d := range s.core(w) {
			if have, ok := least[d]; !ok || w.p < have {
				least[d] = w.p
			}
		}
	}
	s.runs(least)
}

// core is the stretch of low days of a window that lacks most rows: a day that is low by chance beside a gap is none of it. Of a flood it is the day itself.
func (s *Series) core(w window) (core []int) {
	if w.flood {
		return w.days
	}
	var stretch []int
	var lack, most float64
	for k, d := range w.days {
		low := float64(s.y[d]) <= gapRatio*s.mu[d]
		if low {
			stretch = append(stretch, d)
			lack += s.mu[d] - float64(s.y[d])
		}
		if (!low || k == len(w.days)-1) && len(stretch) > 0 {
			if lack > most {
				core, most = stretch, lack
			}
			stretch, lack = nil, 0
		}
	}
	return core
}

// runQ gives every run the share of false ones among all with a p as small: windows x p are expected by chance, and a run counts once, however many windows show it. Windows that overlap make fewer runs than that, so
// q errs upwards; over windows instead (BH) one true gap of ten windows would let ten times as much chance in.
func runQ(series []*Series, windows int) {
	var runs []*Gap
	for _, s := range series {
		for i := range s.Gaps {
			runs = append(runs, &s.Gaps[i])
		}
	}
	slices.SortStableFunc(runs, func(a, b *Gap) int { return cmp.Compare(a.P, b.P) })
	least := 1.
	for i := len(runs) - 1; i >= 0; i-- {
		least = math.Min(least, runs[i].P*float64(windows)/float64(i+1))
		runs[i].Q = least
	}
}

// tails are the degrees of freedom of what days differ by beyond chance, from all days of all series with many rows, and how many these are.
func tails(series []*Series) (df float64, scores int) {
	var z []float64
	for _, s := range series {
		for i, own := range s.scores() {
			if !math.IsNaN(own) && s.mu[i] >= manyRows {
				z = append(z, own)
			}
		}
	}
	return suffstat.SpikeTail(z), len(z)
}

// windowsOf makes the windows of a series that could show a gap, and its days for floods.
func windowsOf(s *Series, from, to int64, common map[int64]float64, df float64) (out []window) {
	var open []int
	expected := make([]float64, len(s.mu))
	for i, m := range s.mu {
		if m > 0 {
			open = append(open, i)
			expected[i] = m * factorOf(common, s.day(i))
		}
	}
	var alike [7]float64 // of days so far apart
	for k := range alike {
		alike[k] = s.Tau * s.Tau * math.Pow(s.Rho, float64(k))
	}
	within := func(i int) bool { return s.day(i) >= from && s.day(i) < to }
	s.tested = make([]bool, len(s.mu))
	for _, length := range gapWindows() {
		for k := 0; k+length <= len(open); k++ {
			days := open[k : k+length]
			if !within(days[0]) || !within(days[length-1]) {
				continue
			}
			var y int64
			var mean, extra float64
			for a, i := range days {
				y += s.y[i]
				mean += expected[i]
				for b, j := range days {
					extra += expected[i] * expected[j] * alike[max(a-b, b-a)]
				}
			}
			size := suffstat.CountSize(mean, mean+extra)
			if suffstat.CountCDF(0, mean, size) > hopeless {
				continue
			}
			for _, i := range days {
				s.tested[i] = true
			}
			low, high := 1., 1.
			if tau := math.Sqrt(extra) / mean; float64(y) <= gapRatio*mean && suffstat.CountCDF(y, mean, size) <= screened {
				low, _ = suffstat.MixedCount(y, mean, tau, df)
				low = math.Min(1, 2*math.Min(low, s.allLow(days, expected, df)))
			} else if length == 1 && float64(y) >= floodRatio*mean && suffstat.CountSurvival(y, mean, size) <= screened {
				_, high = suffstat.MixedCount(y, mean, tau, df)
			}
			out = append(out, window{days: days, p: low})
			if length == 1 {
				out = append(out, window{days: days, p: high, flood: true})
			}
		}
	}
	for i, t := range s.tested {
		if t && within(i) {
			s.TestDays++
		}
	}
	return out
}

// allLow is the chance that every one of the days is as rare as the least rare of them: one bad shock may halve a window, it takes as many as days to make all of them low. Neighbours that are alike count for less than one.
func (s *Series) allLow(days []int, expected []float64, df float64) float64 {
	var worst float64
	for _, i := range days {
		if float64(s.y[i]) > gapRatio*expected[i] {
			return 1
		}
		p, _ := suffstat.MixedCount(s.y[i], expected[i], s.Tau, df)
		worst = math.Max(worst, p)
	}
	return math.Pow(worst, 1+float64(len(days)-1)*(1-s.Rho))
}

// factorOf is the common share of a day, 1 where it is not low or nothing arrives at all.
func factorOf(common map[int64]float64, day int64) float64 {
	if f, ok := common[day]; ok && f >= commonOut && f < commonLow {
		return f
	}
	return 1
}

// commonDays is, for every input, the middle of what the other inputs had of their usual rows on each day: holidays lower all of them. A day with fewer than three others is not here.
func commonDays(series []*Series) map[string]map[int64]float64 {
	type sums struct{ y, mu float64 }
	of := map[string]map[int64]*sums{}
	for _, s := range series {
		if s.exposure != nil { // a share of sends knows no holidays
			continue
		}
		if of[s.Input] == nil {
			of[s.Input] = map[int64]*sums{}
		}
		for i, m := range s.mu {
			if m > 0 {
				d := s.day(i)
				if of[s.Input][d] == nil {
					of[s.Input][d] = &sums{}
				}
				of[s.Input][d].y += float64(s.y[i])
				of[s.Input][d].mu += m
			}
		}
	}
	out := map[string]map[int64]float64{}
	for _, s := range series {
		if out[s.Input] != nil {
			continue
		}
		others := map[int64][]float64{}
		for input, days := range of {
			if input == s.Input {
				continue
			}
			for d, v := range days {
				if v.mu >= leastCompare {
					others[d] = append(others[d], v.y/v.mu)
				}
			}
		}
		out[s.Input] = map[int64]float64{}
		for d, ratios := range others {
			if len(ratios) >= leastInputs {
				out[s.Input][d] = suffstat.SampleMedian(ratios)
			}
		}
	}
	return out
}

// runs merges flagged days that are neighbours, closed days between them left out.
func (s *Series) runs(least map[int]float64) {
	begin, end := -1, -1
	flush := func() {
		if begin < 0 {
			return
		}
		g := Gap{What: GapRun, From: s.day(begin), To: s.day(end) + 1, P: 1, Q: 1}
		for i := begin; i <= end; i++ {
			if s.mu[i] > 0 {
				g.Days++
				g.Observed += s.y[i]
				g.Expected += s.mu[i]
			}
			if p, ok := least[i]; ok {
				g.P = math.Min(g.P, p)
			}
		}
		if g.Ratio() >= floodRatio {
			g.What = Flood
		}
		g.Ongoing = end == len(s.y)-1 && g.What == GapRun
		s.Gaps = append(s.Gaps, g)
		begin = -1
	}
	flood := func(i int) bool { return float64(s.y[i]) > s.mu[i] }
	for i := range s.y {
		_, flagged := least[i]
		switch {
		case s.mu[i] == 0:
		case flagged:
			if begin >= 0 && flood(begin) != flood(i) {
				flush()
			}
			if begin < 0 {
				begin = i
			}
			end = i
		default:
			flush()
		}
	}
	flush()
}

// judge tells gaps from what all inputs share and from what the calendar brings every year.
func (s *Series) judge(g *Gap, common map[int64]float64) {
	if g.What != GapRun {
		return
	}
	var low, known, sum float64
	for d := g.From; d < g.To; d++ {
		if f, ok := common[d]; ok {
			known++
			sum += f
			if f < commonOut {
				low++
			}
		}
	}
	switch days := float64(g.To - g.From); {
	case 2*low > days:
		g.What = Outage
	case known > 0 && g.Ratio() >= sum/known*gapRatio && sum/known < commonLow:
		g.What = Common
	case s.recurs(*g):
		g.What = Recurring
	}
}

// recurs tells whether the same days of the year before or after were low too, but for nothing that was found there by itself alone.
func (s *Series) recurs(g Gap) bool {
	if g.To-g.From > fortnight || s.exposure != nil {
		return false
	}
	for _, shift := range []int64{-366, -365, -364, 364, 365, 366} {
		var y, mu float64
		for d := g.From + shift; d < g.To+shift; d++ {
			if i := d - s.from; i >= 0 && i < int64(len(s.y)) {
				y += float64(s.y[i])
				mu += s.mu[i]
			}
		}
		if mu >= .7*g.Expected && mu >= 4*leastCompare && y <= recurringLow*mu && y > 0 {
			return true
		}
	}
	return false
}

// narrow tells every fault once: of a source and its names, the source when most of its names are low in the run, else the names.
func narrow(series []*Series) {
	type source [2]string
	names := map[source][]*Series{}
	for _, s := range series {
		if !s.whole() {
			names[source{s.Input, s.Source}] = append(names[source{s.Input, s.Source}], s)
		}
	}
	for _, s := range series {
		if !s.whole() || s.Input == "messages" { // campaigns and the rest of a channel are not parts of one series
			continue
		}
		parts := names[source{s.Input, s.Source}]
		s.Gaps = slices.DeleteFunc(s.Gaps, func(g Gap) bool {
			if g.What == Flood || len(parts) == 0 {
				return false
			}
			var low, all float64
			var touched bool
			for _, n := range parts {
				y, mu := n.within(g.From, g.To)
				if mu >= leastCompare {
					all++
					if y <= gapRatio*mu {
						low++
					}
				}
				touched = touched || slices.ContainsFunc(n.Gaps, func(o Gap) bool { return overlap(o, g) && o.What != Flood })
			}
			return touched && low < mostNames*all
		})
		for _, n := range parts {
			n.Gaps = slices.DeleteFunc(n.Gaps, func(o Gap) bool {
				return slices.ContainsFunc(s.Gaps, func(g Gap) bool { return overlap(o, g) && (g.What == Flood) == (o.What == Flood) })
			})
		}
	}
}

func overlap(a, b Gap) bool { return a.From < b.To && b.From < a.To }

// within is what came and what was expected in [from, to).
func (s *Series) within(from, to int64) (y, mu float64) {
	for d := from; d < to; d++ {
		if i := d - s.from; i >= 0 && i < int64(len(s.y)) {
			y += float64(s.y[i])
			mu += s.mu[i]
		}
	}
	return y, mu
}

// lost are the days in gaps and the rows that they lack.
func (s *Series) lost() (days int64, rows float64) {
	for _, g := range s.Gaps {
		if g.What == GapRun || g.What == Outage {
			days += g.Days
			rows += g.Expected - float64(g.Observed)
		}
	}
	return days, rows
}
