package personalization

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/benchtest"
)

// The bench of gains on a direct simulator: see doc.go for the command and the last table.
func TestTruth(t *testing.T) {
	benchtest.Run(t, truthGains, truthSteered)
}

func truthGains() []benchtest.Row {
	const r = 200
	opt := Options{Margins: map[string]float64{"ctr": .01}}
	var out []benchtest.Row
	for _, x := range []struct {
		design string
		gain   float64
	}{{SideBySide, 0}, {SideBySide, .01}, {SideBySide, .025}, {Assigned, 0}, {Assigned, .01}} {
		got := benchtest.Average(r, 51, func(rng *rand.Rand) []float64 {
			s := sim{rng: rng, customers: 10000, weeks: 3, gain: x.gain, assigned: x.design == Assigned}
			c := whole(Fit(s.counts(), opt), x.design)
			return []float64{benchtest.In(c.Gain.Lower, x.gain, c.Gain.Upper), benchtest.Flag(c.Verdict == Gain && !c.Exploratory), benchtest.Flag(c.Verdict == Loss && !c.Exploratory), benchtest.Flag(c.Verdict == NoGain && !c.Exploratory)}
		})
		name := fmt.Sprintf("%s, gain %.3f on 5 %%, 30,000 messages to 10,000 customers", x.design, x.gain)
		out = append(out, benchtest.AtLeast("P1", "coverage 95 %: "+name, got[0], .92, r))
		switch x.gain {
		case 0:
			out = append(out, benchtest.AtMost("P2", "called gain or loss: "+name, got[1]+got[2], .065, r), benchtest.AtLeast("P3", "called no gain: "+name, got[3], .8, r))
		case .01: // the margin itself
			out = append(out, benchtest.AtMost("P2", "called no gain at the margin: "+name, got[3], .07, r))
		default:
			out = append(out, benchtest.AtLeast("P3", "called gain: "+name, got[1], .9, r))
		}
	}
	return out
}

func truthSteered() []benchtest.Row {
	const r = 100
	got := benchtest.Average(r, 52, func(rng *rand.Rand) []float64 {
		s := sim{rng: rng, customers: 4000, weeks: 3, steered: .7}
		m := Fit(s.counts(), Options{Margins: map[string]float64{"ctr": .01}})
		c := whole(m, SideBySide)
		return []float64{benchtest.Flag(c.Grade == analytics.GradeStructural), benchtest.Flag(c.Verdict == Gain && !c.Exploratory)}
	})
	return []benchtest.Row{
		benchtest.AtLeast("P4", "the level goes to those who click more, gain 0: downgraded to D", got[0], .8, r),
		benchtest.AtMost("P4", "the same: called gain and confirmed", got[1], .2, r),
	}
}
