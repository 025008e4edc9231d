package rhythm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
)

// toldWorld is a world of 4000 customers whose segments are tea and coffee (disjoint), five by lot that hold half of the tea drinkers and a tenth of the others, one that contains tea, one made by orders that holds most of tea, and one apart from it.
// The pauses of drinkers of tea and of coffee grow by these factors in a year.
func toldWorld(seed uint64, tea, coffee, others float64) []buyer {
	rng := rand.New(rand.NewPCG(seed, 77))
	still := gammas([]float64{1, 4}, 30, .6)
	var out []buyer
	for i := range 4000 {
		var segments []string
		factor := others
		switch kind := i % 4; kind {
		case 0:
			factor = tea
			segments = []string{"tea", "drinks"}
		case 1:
			factor = coffee
			segments = []string{"coffee", "apart"}
		default:
			if rng.Float64() < .4 {
				segments = append(segments, "drinks")
			}
			if rng.Float64() < .4 {
				segments = append(segments, "apart")
			}
		}
		for k := range 5 {
			if rng.Float64() < map[bool]float64{true: .5, false: .1}[i%4 == 0] {
				segments = append(segments, fmt.Sprintf("lot_%d", k))
			}
		}
		if rng.Float64() < map[bool]float64{true: .9, false: .05}[i%4 == 0] {
			segments = append(segments, "behaves_recent")
		}
		b := pausesWorld(rng, 1, worldDays, .03, func(rng *rand.Rand) func(*rand.Rand, float64) float64 {
			draw := still(rng)
			return func(rng *rand.Rand, tenure float64) float64 {
				return draw(rng, 0) * math.Exp(math.Log(factor)*tenure/365)
			}
		})[0]
		b.segments = segments
		out = append(out, b)
	}
	return out
}

// One drifting group is told once, by its name.
func TestTell(t *testing.T) {
	for _, c := range []struct {
		name                string
		tea, coffee, others float64
		want                string
	}{
		{"nothing drifts", 1, 1, 1, ""},
		{"tea drifts", 3, 1, 1, "tea"},
		{"tea and coffee drift", 3, 3, 1, "coffee tea"},
		{"all drift alike", 2, 2, 2, "all"},
		{"tea drifts, and all others less", 5, 1.6, 1.6, "all tea"},
	} {
		wrong := 0
		const worlds = 6
		for seed := range uint64(worlds) {
			b := toldWorld(seed, c.tea, c.coffee, c.others)
			m := &Model{Drift: fitDrift(reduce(b, worldDays), driftMargin)}
			m.Tell(overlapCells(b, m.Candidates()))
			var got []string
			for _, d := range m.Drift {
				if d.Reading == Told {
					got = append(got, d.Group)
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != c.want {
				wrong++
				t.Logf("%s, world %d: %v, want %s", c.name, seed, got, c.want)
				for _, d := range m.Drift {
					t.Logf("   %s %.3f rest %.3f p %.4f q %.4f %s strength %.3f %s %s %+v", d.Group, d.Ratio.Value, d.Rest, d.P, d.Q, d.Decision.Verdict, d.Strength, d.Reading, d.By, d.Outside)
				}
			}
			for _, d := range m.Drift {
				if d.significant() != (d.Reading != "") || d.Reading == Explained && d.By == "" {
					t.Errorf("%s, %s: verdict %s, q %.3f, reading %q by %q", c.name, d.Group, d.Decision.Verdict, d.Q, d.Reading, d.By)
				}
			}
		}
		if wrong > 1 {
			t.Errorf("%s: wrong in %d of %d worlds", c.name, wrong, worlds)
		}
	}
}

// The finding of a told segment, and that of all customers beside it; the block as a whole.
func TestToldFindings(t *testing.T) {
	b := toldWorld(1, 5, 1.6, 1.6)
	m := Fit(reduce(b, worldDays), Options{FDR: .05})
	if len(DriftFindings(m, Options{FDR: .05})) > 0 {
		t.Error("told before it is decided")
	}
	m.Tell(overlapCells(b, m.Candidates()))
	finite(t, m)
	for _, f := range DriftFindings(m, Options{FDR: .05}) {
		outside := slices.ContainsFunc(f.Values, func(v analytics.Value) bool { return v.Name == "outside" })
		if outside != (f.Subject == "all") {
			t.Errorf("%s: the change outside the told segments is there: %v", f.Subject, outside)
		}
	}
	for _, d := range m.Drift {
		if d.ByOrders != (d.Group == "behaves_recent") {
			t.Errorf("%s follows from orders: %v", d.Group, d.ByOrders)
		}
	}
}

// More candidates than cells can hold: the weakest are named so, and nothing is told of them.
func TestManyCandidates(t *testing.T) {
	m := &Model{}
	for i := range 14 {
		m.Drift = append(m.Drift, Drift{Grouping: "segment", Group: fmt.Sprint(i), Strength: float64(i), Decision: analytics.Decision{Verdict: analytics.Different}, ByOrders: i == 13})
	}
	got := m.Candidates()
	if len(got) != mostCandidates || got[0] != (Candidate{"12", 1}) || got[8].Segment != "4" || got[9] != (Candidate{"13", 1 << 9}) {
		t.Errorf("%v", got)
	}
	m.Tell(nil)
	if m.Drift[3].Reading != Weaker || m.Drift[12].Reading != Told || m.Drift[13].Reading != Explained {
		t.Errorf("%+v", m.Drift)
	}
}

// A segment that may follow from orders has to be surely beyond the margin.
func TestChosen(t *testing.T) {
	of := func(strength float64) *Model {
		return &Model{Drift: []Drift{{Grouping: "segment", Group: "silent", Strength: strength, Margin: .1, ByOrders: true, Decision: analytics.Decision{Verdict: analytics.Different}}}}
	}
	for strength, want := range map[float64]string{.05: Chosen, .12: Told} {
		m := of(strength)
		m.Tell(nil)
		if m.Drift[0].Reading != want {
			t.Errorf("strength %v: %s, want %s", strength, m.Drift[0].Reading, want)
		}
	}
}
