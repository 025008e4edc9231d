package content

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics/benchtest"
)

// The bench of wear-out on direct simulators: see doc.go for the command and the last table.
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthNull, truthPower, truthMix, truthCoverage)
}

const benchWeeks = 52

// family is eight templates of one channel, four of kind trigger and four of kind bulk, of which the first one loses so much per quarter.
func family(loss float64, perWeek int) []simLife {
	var out []simLife
	for i := range 8 {
		kind, scenario := "trigger", fmt.Sprintf("s%d", i)
		if i >= 4 {
			kind, scenario = "bulk", "news"
		}
		out = append(out, simLife{id: fmt.Sprintf("t%d", i), kind: kind, scenario: scenario, rate: .04 + .01*float64(i), perWeek: perWeek, to: benchWeeks - 1})
	}
	out[0].loss = loss
	return out
}

func world(rng *rand.Rand, channelLoss, weekShock, ownShock float64) *sim {
	return &sim{rng: rng, weeks: benchWeeks, customers: 8000, channelLoss: channelLoss, weekShock: weekShock, ownShock: ownShock, heterogenity: .5}
}

// worn counts confirmed wear-outs of the first template and of the others.
func worn(m *Model) (first, others float64) {
	for _, w := range m.Wearout {
		if w.Verdict != Worn || w.Exploratory {
			continue
		}
		if w.Use.Template == "t0" {
			first = 1
		} else {
			others++
		}
	}
	return first, others
}

func truthNull() []benchtest.Row {
	const r = 150
	var out []benchtest.Row
	for _, c := range []struct {
		name                         string
		channel, weekShock, ownShock float64
	}{
		{"nothing wears out", 0, 0, 0},
		{"the channel loses 10 % a quarter", .10, 0, 0},
		{"the channel loses 10 % a quarter, weeks and templates have shocks of 10 %", .10, .10, .10},
	} {
		got := benchtest.Average(r, 41, func(rng *rand.Rand) []float64 {
			m := Fit(world(rng, c.channel, c.weekShock, c.ownShock).counts(family(0, 150)), Options{})
			a, b := worn(m)
			sizes := 0.
			for _, w := range m.Wearout {
				sizes += benchtest.Flag(w.Decision.PDifference < .05) / float64(len(m.Wearout))
			}
			return []float64{benchtest.Flag(a+b > 0), sizes}
		})
		out = append(out, benchtest.AtMost("W1", c.name+": any of 8 templates called worn out", got[0], .09, r),
			benchtest.AtMost("W1", c.name+": size of the contrast at 5 %", got[1], .065, r))
	}
	return out
}

func truthPower() []benchtest.Row {
	const r = 100
	got := benchtest.Average(r, 42, func(rng *rand.Rand) []float64 {
		a, b := worn(Fit(world(rng, .05, .05, .05).counts(family(.20, 300)), Options{}))
		return []float64{a, benchtest.Flag(b > 0)}
	})
	return []benchtest.Row{
		benchtest.AtLeast("W2", "a loss of 20 % a quarter beside a channel that loses 5 %, 300 a week, 52 weeks: found", got[0], .80, r),
		benchtest.AtMost("W2", "the same: any other template called worn out", got[1], .1, r),
	}
}

func truthMix() []benchtest.Row {
	const r = 100
	got := benchtest.Average(r, 43, func(rng *rand.Rand) []float64 {
		lives := family(0, 300)
		lives[0].older = true
		a, _ := worn(Fit(world(rng, 0, .05, .05).counts(lives), Options{}))
		return []float64{a}
	})
	return []benchtest.Row{benchtest.AtMost("W3", "late messages go to customers who click half as often: called worn out", got[0], .1, r)}
}

func truthCoverage() []benchtest.Row {
	const r = 150
	const loss = .10
	got := benchtest.Average(r, 44, func(rng *rand.Rand) []float64 {
		m := Fit(world(rng, .05, 0, .05).counts(family(loss, 200)), Options{})
		w := m.Wearout[0]
		equal := 0.
		for _, x := range m.Wearout[1:] {
			equal += benchtest.Flag(x.Verdict == Steady) / float64(len(m.Wearout)-1)
		}
		return []float64{benchtest.In(w.Contrast.Lower, -loss, w.Contrast.Upper), w.Contrast.Value, equal}
	})
	return []benchtest.Row{
		benchtest.Between("W4", fmt.Sprintf("coverage 95 %% of a contrast of -0.10 a quarter (mean of the estimates %.3f)", got[1]), got[0], .92, 1, r),
		benchtest.Info("W4", "templates that hold, proved within 10 % a quarter", fmt.Sprintf("%.3f", got[2]), r),
	}
}
