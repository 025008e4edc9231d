package value

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
	"crmaudit/analytics/suffstat"
)

// The bench of the value model, rows V1, on direct simulators: see doc.go for the command and the last table.
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthRecovery, truthRidge, truthLadder)
}

// buyer is a simulated customer: whole days of his purchases, the first one at 0, within days; further is the number of later days with a purchase within further days after that.
type buyer struct {
	days  []int64
	later int
}

// simulate draws a customer of the model, seen for so many days and then for some more. merge makes one purchase of all of a day, as the block does.
func (m BGNBD) simulate(rng *rand.Rand, days, more int64, merge bool) buyer {
	rate := benchtest.Gamma(rng, m.R) / m.Alpha / DaysPerUnit // a day
	leave := 0.
	if m.A > 0 {
		leave = benchtest.Beta(rng, m.A, m.B)
	}
	b := buyer{days: []int64{0}}
	last := int64(0)
	at := .5 // the first purchase falls into the middle of its day
	for {
		at += rng.ExpFloat64() / rate
		if !(at < float64(days+more+1)) {
			return b
		}
		day := int64(at)
		if day != last || !merge {
			if day <= days {
				b.days = append(b.days, day)
			} else {
				b.later++
			}
			last = day
		}
		if rng.Float64() < leave {
			return b
		}
	}
}

// world draws n customers whose first purchases are spread over spread days, the last of them at least days - spread days before the end.
func (m BGNBD) world(rng *rand.Rand, n int, days, spread, more int64, merge bool) (cells []Cell, buyers []buyer) {
	for range n {
		age := days - rng.Int64N(spread)
		b := m.simulate(rng, age, more, merge)
		cells = append(cells, Cell{int64(len(b.days) - 1), b.days[len(b.days)-1], age, 1})
		buyers = append(buyers, b)
	}
	return cells, buyers
}

func truthRecovery() []benchtest.Row {
	const r, n, more = 400, 4000, 91
	var out []benchtest.Row
	for i, m := range []BGNBD{{.25, 4.4, .8, 2.4}, {1.2, 12, .5, 3}} {
		got := benchtest.Average(r, uint64(40+i), func(rng *rand.Rand) []float64 {
			cells, buyers := m.world(rng, n, 364, 182, more, false)
			fit := FitBGNBD(cells)
			row := []float64{benchtest.Flag(fit.State == Fitted)}
			for k, truth := range []float64{m.R, m.Alpha, m.A, m.B} {
				if fit.State != Fitted {
					row = append(row, 0, 0)
					continue
				}
				value := []float64{fit.R, fit.Alpha, fit.A, fit.B}[k]
				h := 1.96 * fit.SE[k] / value
				row = append(row, benchtest.In(-h, math.Log(truth/value), h), math.Log(value/truth))
			}
			actual, expected := 0., 0.
			for j, b := range buyers {
				actual += float64(b.later)
				expected += fit.Expected(float64(cells[j].X), float64(cells[j].Recency)/DaysPerUnit, float64(cells[j].Age)/DaysPerUnit, more/DaysPerUnit)
			}
			model := Fit(&Counts{Cells: cells, Window: Window{End: 364, Cut: 364}}, Options{})
			return append(row, actual/expected, benchtest.Flag(model.Verdict == Fits))
		})
		days := benchtest.Average(100, uint64(45+i), func(rng *rand.Rand) []float64 {
			cells, buyers := m.world(rng, n, 364, 182, more, true)
			fit := FitBGNBD(cells)
			actual, expected := 0., 0.
			for j, b := range buyers {
				actual += float64(b.later)
				expected += fit.Expected(float64(cells[j].X), float64(cells[j].Recency)/DaysPerUnit, float64(cells[j].Age)/DaysPerUnit, more/DaysPerUnit)
			}
			return []float64{math.Log(fit.R / m.R), math.Log(fit.Alpha / m.Alpha), math.Log(fit.A / m.A), math.Log(fit.B / m.B), actual / expected}
		})
		what := fmt.Sprintf("r %g, alpha %g, a %g, b %g, %d customers", m.R, m.Alpha, m.A, m.B, n)
		out = append(out, benchtest.AtLeast("V1", "BG/NBD fitted, "+what, got[0], .99, r))
		for k, name := range []string{"r", "alpha", "a", "b"} {
			out = append(out, benchtest.Between("V1", "coverage 95 % of "+name+" (on the logarithm)", got[1+2*k], .925, .975, r),
				benchtest.AtMost("V1", "bias of "+name+", share of it", math.Abs(got[2+2*k]), .05, r))
		}
		out = append(out, benchtest.Between("V1", "purchases of the next 13 weeks, actual to expected", got[9], .98, 1.02, r), benchtest.AtLeast("V1", "repeat counts called a fit", got[10], .95, r),
			benchtest.Info("V1", "purchases of one day counted as one: bias of r, alpha, a, b", fmt.Sprintf("%+.3f %+.3f %+.3f %+.3f", days[0], days[1], days[2], days[3]), 100),
			benchtest.Between("V1", "the same: purchases of the next 13 weeks, actual to expected", days[4], .98, 1.02, 100))
	}
	return out
}

// truthRidge is a world that nobody leaves: a and b are not told, the forecast is.
func truthRidge() []benchtest.Row {
	const r, n, more = 100, 4000, 91
	m := BGNBD{R: .4, Alpha: 9}
	got := benchtest.Average(r, 50, func(rng *rand.Rand) []float64 {
		cells, buyers := m.world(rng, n, 364, 182, more, true)
		fit := FitBGNBD(cells)
		actual, expected := 0., 0.
		for j, b := range buyers {
			actual += float64(b.later)
			expected += fit.Expected(float64(cells[j].X), float64(cells[j].Recency)/DaysPerUnit, float64(cells[j].Age)/DaysPerUnit, more/DaysPerUnit)
		}
		return []float64{benchtest.Flag(fit.Ready()), benchtest.Flag(fit.State == OnRidge), actual / expected}
	})
	return []benchtest.Row{
		benchtest.AtLeast("V1", "nobody leaves: a forecast is made", got[0], .95, r), benchtest.Info("V1", "nobody leaves: said that parameters are not told", fmt.Sprintf("%.2f", got[1]), r),
		benchtest.Between("V1", "nobody leaves: purchases of the next 13 weeks, actual to expected", got[2], .98, 1.02, r),
	}
}

// truthLadder is the coverage of the ladder's intervals, with customers who came at any time: many have had too little time.
func truthLadder() []benchtest.Row {
	const r, n, horizon = 1000, 2000, 90
	m := BGNBD{.6, 8, .8, 2.4}
	// The truth of the purchases that fall into the window, by many customers followed past its end.
	truth := [3]float64{}
	{
		rng := rand.New(rand.NewPCG(60, 0))
		var have, next [3]float64
		for range 400_000 {
			age := rng.Int64N(365)
			b := m.simulate(rng, age+horizon, 0, true)
			for k := range truth {
				if k < len(b.days) && b.days[k] <= age {
					have[k]++
					if k+1 < len(b.days) && b.days[k+1]-b.days[k] <= horizon {
						next[k]++
					}
				}
			}
		}
		for k := range truth {
			truth[k] = next[k] / have[k]
		}
	}
	got := benchtest.Average(r, 61, func(rng *rand.Rand) []float64 {
		var spells [3][Buckets][]suffstat.Spell
		c := &Counts{Window: Window{First: 0, End: 365, Horizon: horizon, Cut: 365, Complete: true}}
		for i := range n {
			age := rng.Int64N(365)
			b := m.simulate(rng, age, 0, true)
			for k := 0; k < len(b.days) && k < 3; k++ {
				s := suffstat.Spell{Entry: 1, Exit: int(age - b.days[k]), Cause: suffstat.Censored, N: 1}
				if k+1 < len(b.days) {
					s.Exit, s.Cause = int(b.days[k+1]-b.days[k]), 0
				}
				s.Exit = min(s.Exit, horizon+1)
				spells[k][i%Buckets] = append(spells[k][i%Buckets], s)
			}
		}
		for k := range c.Ladder {
			c.Ladder[k] = make([]Step, Buckets)
			if k < 3 {
				for g := range c.Ladder[k] {
					c.Ladder[k][g] = Step{Life: suffstat.NewLifeTable(spells[k][g], 1), Customers: int64(len(spells[k][g]))}
				}
			}
		}
		model := Fit(c, Options{})
		var row []float64
		for k := range truth {
			p := model.Ladder[k].Probability
			row = append(row, benchtest.In(p.Lower, truth[k], p.Upper), p.Value-truth[k])
		}
		return row
	})
	var out []benchtest.Row
	for k := range truth {
		// Later steps: who comes late to a purchase buys slowly and is followed for a short time only, so censoring is not independent.
		if k == 0 {
			out = append(out, benchtest.Between("V1", fmt.Sprintf("ladder: coverage 95 %% of step %d, share %.3f", k+1, truth[k]), got[2*k], .925, .975, r),
				benchtest.AtMost("V1", "ladder: bias of it", math.Abs(got[2*k+1]), .005, r))
			continue
		}
		out = append(out, benchtest.Info("V1", fmt.Sprintf("ladder: coverage and bias of step %d, share %.3f", k+1, truth[k]), fmt.Sprintf("%.3f %+.3f", got[2*k], got[2*k+1]), r))
	}
	return out
}
