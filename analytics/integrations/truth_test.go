package integrations

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"crmaudit/analytics/benchtest"

	"gonum.org/v1/gonum/stat/distuv"
)

// The bench of gaps on direct simulators: see doc.go for the command and the last table.
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthNull, truthHolidays, truthGaps)
}

// feed is one made-up source of events.
type feed struct {
	name        string
	level       float64    // rows a day at the begin
	trend       float64    // log change over the whole time
	week        [7]float64 // shares of the weekdays
	tau, rho    float64    // scatter of the days beyond chance, and how alike neighbours are
	df          float64    // tails of the scatter: Student, 0 normal
	from, until int        // days between which it exists; until 0: to the end
}

const (
	testDays = 546
	firstDay = 20003 // a Monday is 20003 + 1
)

var (
	flat  = [7]float64{1, 1, 1, 1, 1, 1, 1}
	work  = [7]float64{1.2, 1.1, 1.1, 1.1, 1, .5, .4}
	shut  = [7]float64{1, 1, 1, 1, .9, 0, 0}
	world = []feed{
		{name: "site", level: 800, trend: .8, week: work, tau: .15, rho: .3, df: 6}, {name: "app", level: 150, trend: 1.5, week: flat, tau: .2, rho: .3, df: 6},
		{name: "pbx", level: 60, trend: -.5, week: shut, tau: .2, rho: 0, df: 0}, {name: "pos", level: 25, trend: 0, week: work, tau: .1, rho: 0, df: 0},
		{name: "chat", level: 6, trend: .3, week: flat, tau: .3, rho: 0, df: 0}, {name: "new", level: 90, trend: .5, week: work, tau: .25, rho: .3, df: 5, from: 200},
		{name: "old", level: 70, trend: 0, week: flat, tau: .2, rho: .3, df: 6, until: 300}, {name: "wild", level: 300, trend: 0, week: work, tau: .4, rho: .5, df: 5},
	}
)

// draw makes the rows of a feed; times are factors of single days.
func (f feed) draw(rng *rand.Rand, times func(day int) float64) []ArrivalRow {
	shock := func() float64 {
		if f.df > 0 {
			return distuv.StudentsT{Sigma: 1, Nu: f.df, Src: rng}.Rand() / math.Sqrt(f.df/(f.df-2))
		}
		return rng.NormFloat64()
	}
	u := shock()
	until := f.until
	if until == 0 {
		until = testDays
	}
	var out []ArrivalRow
	for d := range testDays {
		u = f.rho*u + math.Sqrt(1-f.rho*f.rho)*shock()
		if d < f.from || d >= until {
			continue
		}
		mean := f.level * math.Exp(f.trend*float64(d)/testDays+f.tau*u) * f.week[weekday(firstDay+int64(d))] * times(d)
		if mean <= 0 {
			continue
		}
		if n := int64(distuv.Poisson{Lambda: mean, Src: rng}.Rand()); n > 0 {
			out = append(out, ArrivalRow{Input: "events", Source: f.name, Day: firstDay + int64(d), Rows: n})
		}
	}
	return out
}

func countsOf(rows []ArrivalRow) *Counts {
	return &Counts{Totals: Totals{First: firstDay, End: firstDay + testDays, From: firstDay + 91, To: firstDay + testDays}, Arrivals: rows}
}

func usual(int) float64 { return 1 }

func seriesOf(m *Model, source string) *Series {
	for _, s := range m.Series {
		if s.Source == source {
			return s
		}
	}
	return nil
}

// gapsOf are the runs of a kind in a series.
func gapsOf(s *Series, what string) []Gap {
	return slices.DeleteFunc(slices.Clone(s.Gaps), func(g Gap) bool { return g.What != what })
}

func truthNull() []benchtest.Row {
	const r = 300
	got := benchtest.Average(r, 1, func(rng *rand.Rand) []float64 {
		var rows []ArrivalRow
		for _, f := range world {
			rows = append(rows, f.draw(rng, usual)...)
		}
		m := Fit(countsOf(rows), Options{FDR: .05})
		var any, flood, tested float64
		for _, s := range m.Series {
			any += float64(len(gapsOf(s, GapRun)))
			flood += float64(len(gapsOf(s, Flood)))
			tested += float64(s.TestDays)
		}
		old, young := seriesOf(m, "old"), seriesOf(m, "new")
		return []float64{benchtest.Flag(any > 0), any / tested, benchtest.Flag(flood > 0), benchtest.Flag(old.Ended && !young.Ended && young.Started && !old.Started), tested}
	})
	return []benchtest.Row{
		benchtest.AtMost("I1", "worlds of 8 null sources (week, trend, shocks t(5)-t(6), rho .3-.5, one new, one ended) with any gap", got[0], .075, r),
		benchtest.AtMost("I1", "false gaps per tested source-day", got[1], .0005, r),
		benchtest.AtMost("I1", "the same worlds with any flood", got[2], .1, r),
		benchtest.AtLeast("I1", "new and ended sources told apart from gaps", got[3], .99, r),
		benchtest.Info("I1", "tested source-days in a world", fmt.Sprintf("%.0f", got[4]), r),
	}
}

// truthHolidays: nine days on which everything is at 30 to 50 % of the usual are no gaps where four inputs say so.
func truthHolidays() []benchtest.Row {
	const r = 100
	low := func(d int) float64 {
		if d >= 300 && d < 309 {
			return .3 + .2*float64(d%3)/2
		}
		return 1
	}
	got := benchtest.Average(r, 2, func(rng *rand.Rand) []float64 {
		var rows []ArrivalRow
		for i, f := range world[:5] {
			own := f.draw(rng, low)
			for k := range own {
				own[k].Input = fmt.Sprint("input", i)
			}
			rows = append(rows, own...)
		}
		m := Fit(countsOf(rows), Options{FDR: .05})
		var any float64
		for _, s := range m.Series {
			any += float64(len(gapsOf(s, GapRun)))
		}
		return []float64{benchtest.Flag(any > 0)}
	})
	return []benchtest.Row{benchtest.AtMost("I2", "worlds of 5 inputs with a holiday of 9 days at 30-50 % of the usual called a gap", got[0], .1, r)}
}

// truthGaps plants one gap of 2 to 5 days at 0 to 30 % into one source of the world.
func truthGaps() []benchtest.Row {
	const r = 100
	var out []benchtest.Row
	for i, c := range []struct {
		source int
		keep   float64
		days   int
		least  float64
	}{{0, 0, 2, .98}, {0, .3, 2, .80}, {0, .3, 5, .98}, {1, 0, 2, .98}, {1, .3, 5, .90}, {2, 0, 3, .95}, {3, 0, 2, .95}, {3, .3, 5, .80}, {4, 0, 5, .80}, {7, 0, 3, .80}} {
		got := benchtest.Average(r, uint64(10+i), func(rng *rand.Rand) []float64 {
			begin := 150 + rng.IntN(350)
			if i%2 == 1 { // on Mondays
				begin -= weekday(firstDay + int64(begin))
			}
			for weekday(firstDay+int64(begin)) > 7-c.days && world[c.source].week[6] == 0 {
				begin++
			}
			var rows []ArrivalRow
			for k, f := range world {
				times := usual
				if k == c.source {
					times = func(d int) float64 {
						if d >= begin && d < begin+c.days {
							return c.keep
						}
						return 1
					}
				}
				rows = append(rows, f.draw(rng, times)...)
			}
			m := Fit(countsOf(rows), Options{FDR: .05})
			planted := Gap{From: firstDay + int64(begin), To: firstDay + int64(begin+c.days)}
			var hit, days, false1 float64
			for _, s := range m.Series {
				for _, g := range gapsOf(s, GapRun) {
					if s.Source == world[c.source].name && overlap(g, planted) {
						hit = 1
						days += float64(min(g.To, planted.To) - max(g.From, planted.From))
					} else {
						false1++
					}
				}
			}
			return []float64{hit, days / float64(c.days), benchtest.Flag(false1 > 0)}
		})
		f := world[c.source]
		out = append(out, benchtest.AtLeast("I3", fmt.Sprintf("gap of %d days at %.0f %% in %s (%.0f rows a day, tau %.2f): found", c.days, 100*c.keep, f.name, f.level, f.tau), got[0], c.least, r),
			benchtest.Info("I3", "the same: share of its days / worlds with another gap", fmt.Sprintf("%.2f / %.3f", got[1], got[2]), r))
	}
	return out
}
