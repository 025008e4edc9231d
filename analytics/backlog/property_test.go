package backlog

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// drawn makes findings of every shape: subjects that meet, grades, with and without effect, money, stake, test, flow; also what a block should never say.
func drawn(t *rapid.T) Input {
	stages := []string{"new", "active", "at_risk"}
	scenarios := []string{"welcome", "winback", "promo", "a|b"}
	f := rapid.Custom(func(t *rapid.T) analytics.Finding {
		type subject struct{ kind, name string }
		s := rapid.SampledFrom([]subject{
			{"stage", rapid.SampledFrom(stages).Draw(t, "stage")}, {"transition", rapid.SampledFrom(stages).Draw(t, "from") + "->lost"}, {"scenario", rapid.SampledFrom(scenarios).Draw(t, "scenario")},
			{"scenario_step", rapid.SampledFrom(scenarios).Draw(t, "of") + "/s1"}, {"pressure", "response"}, {"template", "t1"}, {"programme", "programme"},
		}).Draw(t, "subject")
		number := func(name string) *suffstat.Estimate {
			if !rapid.Bool().Draw(t, name+"?") {
				return nil
			}
			v, half := rapid.Float64Range(-1e5, 1e6).Draw(t, name), rapid.Float64Range(0, 1e5).Draw(t, name+" half")
			if rapid.IntRange(0, 20).Draw(t, name+" bad") == 0 {
				half = math.Inf(1)
			}
			return &suffstat.Estimate{Value: v, Lower: v - half, Upper: v + half, Level: .9, N: 100, Unit: rapid.SampledFrom([]string{"RUB", "RUB", "RUB", "orders"}).Draw(t, "unit")}
		}
		rate := rapid.Float64Range(0, 1).Draw(t, "rate")
		o := &analytics.Opportunity{
			Metric: rapid.SampledFrom([]string{"order_rate", "click_rate", "cost_per_quarter", "transition_rate"}).Draw(t, "metric"), Unit: rapid.SampledFrom([]string{"share", "RUB"}).Draw(t, "measure"),
			Baseline: suffstat.Estimate{Value: rate, Lower: rate - .01, Upper: rate + .01, Level: .95, N: 1000}, Population: rapid.Int64Range(0, 1e6).Draw(t, "population"),
			Money: number("money"), Stake: number("stake"), Step: rapid.Float64Range(0, .2).Draw(t, "step"), Grade: analytics.Grade(rapid.SampledFrom([]string{"A", "B", "C", "D", ""}).Draw(t, "grade")),
			TestDesign: rapid.SampledFrom([]string{"", "none", "ab", "holdout", "cap_test"}).Draw(t, "design"), Effort: rapid.IntRange(-1, 7).Draw(t, "effort"), WeeklyFlow: rapid.Int64Range(0, 1e5).Draw(t, "flow"),
		}
		if o.Money != nil {
			v := rapid.Float64Range(-.1, .1).Draw(t, "effect")
			o.Effect = &suffstat.Estimate{Value: v, Lower: v - .01, Upper: v + .01, Level: .9}
		}
		x := analytics.Finding{
			Block: rapid.SampledFrom([]string{"lifecycle", "effects", "backlog"}).Draw(t, "block"), Kind: rapid.SampledFrom([]string{"bottleneck", "scenario_effect", NoHoldout}).Draw(t, "kind"), SubjectType: s.kind, Subject: s.name,
			Verdict: analytics.Different, Exploratory: rapid.Bool().Draw(t, "exploratory"), EvidenceSQL: fmt.Sprint("select ", rapid.IntRange(0, 3).Draw(t, "sql")), Opportunity: o,
		}
		return x
	})
	in := Input{
		Findings: rapid.SliceOfN(f, 0, 25).Draw(t, "findings"), Settings: analytics.Settings{Grain: "week", Currency: "RUB", Level: .9, Goals: map[string][]string{"retention": {"active->lost"}, "revenue": {"order"}}}, Words: words,
		Options:     Options{WeekCost: rapid.Float64Range(0, 1e4).Draw(t, "week cost"), Parallel: rapid.IntRange(0, 4).Draw(t, "parallel"), Effort: map[string]int{"bottleneck": rapid.IntRange(1, 5).Draw(t, "effort of bottleneck")}},
		OrderEvents: []string{"order"}, Base: Base{GapDays: rapid.Float64Range(0, 100).Draw(t, "gap")},
	}
	all := []Audience{{"stage", "new"}, {"stage", "active"}, {"stage", "at_risk"}, {"scenario", "welcome"}, {"scenario", "winback"}}
	for i, a := range all {
		in.Base.Add(a, a, 1000)
		for _, b := range all[:i] {
			in.Base.Add(a, b, rapid.Int64Range(0, 1000).Draw(t, "shared"))
		}
	}
	return in
}

// The order of findings changes nothing, byte for byte, in any of the tables.
func TestPropertyOrderOfFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		render := func() string {
			b := Make(in)
			var out bytes.Buffer
			if err := WriteJSON(&out, b.Hypotheses); err != nil {
				t.Fatal(err)
			}
			return out.String() + fmt.Sprint(b.Tables())
		}
		want := render()
		r := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))
		r.Shuffle(len(in.Findings), func(i, j int) { in.Findings[i], in.Findings[j] = in.Findings[j], in.Findings[i] })
		if diff := cmp.Diff(want, render()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestPropertyBacklog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		b := Make(in)
		byID := map[string]analytics.Hypothesis{}
		for i, h := range b.Hypotheses {
			byID[h.ID] = h
			// The parts of the priority add up, and none is below what it may be.
			if h.Priority != nil {
				if *h.EVSI < 0 || *h.ExpectedGain < 0 || *h.Cost < 0 || !(*h.Weeks > 0) || *h.ProbabilityPositive < 0 || *h.ProbabilityPositive > 1 {
					t.Fatalf("parts out of range: %+v", h)
				}
				if sum := (*h.ExpectedGain + *h.EVSI - *h.Cost) / *h.Weeks; math.Abs(sum-*h.Priority) > .0051+1e-9*math.Abs(sum) {
					t.Fatalf("(%v + %v - %v)/%v is %v, not %v", *h.ExpectedGain, *h.EVSI, *h.Cost, *h.Weeks, sum, *h.Priority)
				}
				if h.Prior == PriorStep && *h.ProbabilityPositive != .5 {
					t.Fatalf("nothing is known, but P is %v", *h.ProbabilityPositive)
				}
			}
			if got := float64(h.RICEReach) * h.RICEImpact * h.RICEConfidence / h.RICEEffort; math.Abs(got-h.RICEScore) > .0051+1e-9*got {
				t.Fatalf("RICE: %v, not %v", got, h.RICEScore)
			}
			// Nothing exploratory above what is confirmed, and grades in bands.
			if i > 0 {
				before := b.Hypotheses[i-1]
				if before.Exploratory && !h.Exploratory || before.Exploratory == h.Exploratory && before.Grade > h.Grade && before.Kind != NoHoldout {
					t.Fatalf("%d: %v %s above %v %s", i, before.Exploratory, before.Grade, h.Exploratory, h.Grade)
				}
			}
			if h.CountedShare < 0 || h.CountedShare > 1 || h.OverlapsWith != "" && h.CountedShare != 0 || h.Exploratory && h.CountedShare != 0 {
				t.Fatalf("counted by %v: %+v", h.CountedShare, h)
			}
		}
		// No total above its sum, and no customer counted twice: of one pot of money, one audience counts at most once.
		for _, stake := range []bool{false, true} {
			total, plain := Sum(b.Hypotheses, stake), 0.
			for _, h := range b.Hypotheses {
				if v := map[bool]*float64{false: h.Money, true: h.Stake}[stake]; v != nil && !h.Exploratory && !(stake && h.Money != nil) {
					plain += math.Abs(*v)
				}
			}
			if math.Abs(total.Value) > plain*(1+1e-9) || total.Lower > total.Value || total.Value > total.Upper {
				t.Fatalf("total %+v of a sum of %v", total, plain)
			}
		}
		parts := map[string]float64{}
		for _, h := range b.Hypotheses {
			if a := audienceOf(h.SubjectType, h.Subject, ""); a != (Audience{}) {
				parts[fmt.Sprint(family(&h), a)] += h.CountedShare
			}
		}
		for key, sum := range parts {
			if sum > 1+1e-3 {
				t.Fatalf("customers of %s are counted %v times", key, sum)
			}
		}
		checkRoadmap(t, in, b, byID)
	})
}

// checkRoadmap: dependencies, capacity, tests on the same customers one after the other.
func checkRoadmap(t *rapid.T, in Input, b Backlog, byID map[string]analytics.Hypothesis) {
	places := map[string]Place{}
	for _, p := range b.Roadmap {
		places[p.ID] = p
	}
	parallel := in.Options.Parallel
	if parallel == 0 {
		parallel = defaultParallel
	}
	busy := map[int]int{}
	var tests []Place
	for _, p := range b.Roadmap {
		h := byID[p.ID]
		if (p.Place == Planned) != (h.StartWeek != nil) || (p.Place == Planned) != (p.Start > 0) {
			t.Fatalf("the roadmap and the hypothesis do not agree: %+v", p)
		}
		if p.Place != Planned {
			continue
		}
		if h.Exploratory || h.OverlapsWith != "" || p.Start > p.End || p.Test > 0 && (p.Test <= p.Start || p.Test > p.End) {
			t.Fatalf("has a place: %+v", p)
		}
		if on := places[p.DependsOn]; p.Because == HoldoutFirst && (on.Place != Planned || p.Start < on.Test) {
			t.Fatalf("begins before the hold-out stands: %+v, %+v", p, on)
		} else if p.Because == SharedCustomers && (on.Place != Planned || p.Test <= on.End && on.Test <= p.End) {
			t.Fatalf("waits for one that runs beside it: %+v, %+v", p, on)
		}
		for w := p.Start; w <= p.End; w++ {
			if busy[w]++; busy[w] > parallel {
				t.Fatalf("week %d: more than %d at once", w, parallel)
			}
		}
		if p.Test > 0 && h.Kind != NoHoldout {
			tests = append(tests, p)
		}
	}
	for i, p := range tests {
		for _, q := range tests[:i] {
			x, y := byID[p.ID], byID[q.ID]
			if p.Test <= q.End && q.Test <= p.End && shares(&item{h: x, audience: audienceOf(x.SubjectType, x.Subject, "")}, &item{h: y, audience: audienceOf(y.SubjectType, y.Subject, "")}, &in.Base) {
				t.Fatalf("two tests on the same customers at once: %+v, %+v", p, q)
			}
		}
	}
}
