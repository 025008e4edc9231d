package personalization

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// TestOracle: difference at one mix of strata and its doubt against R (testdata/oracle/make_content.R: metafor::rma.mh(measure = "RD"), jackknife by hand).
func TestOracle(t *testing.T) {
	var o struct {
		Levels [][]float64 `json:"levels"`
		Gain   float64     `json:"gain"`
		GainSE float64     `json:"gain_se"`
	}
	data, err := os.ReadFile("../../testdata/oracle/content.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	buckets := make([]strata, Buckets)
	for b := range buckets {
		buckets[b] = make(strata, 6)
	}
	for _, r := range o.Levels {
		x := &buckets[int(r[2])][int(r[0])-1]
		if r[1] == 1 {
			*x = x.plus(cell{n: r[3], y: r[4]})
		} else {
			*x = x.plus(cell{n0: r[3], y0: r[4]})
		}
	}
	d := suffstat.JackknifeVec(buckets, strata.rates).Difference(0, 1)
	if math.Abs(d.Value[0]-o.Gain) > 1e-10 || math.Abs(d.SE(0)-o.GainSE) > 1e-10 {
		t.Errorf("gain %.12f (%.12f), R says %.12f (%.12f)", d.Value[0], d.SE(0), o.Gain, o.GainSE)
	}
}

// sim is one step that goes out with two levels; customers have their own propensity to click.
type sim struct {
	rng       *rand.Rand
	customers int
	weeks     int
	gain      float64 // of the click rate, at the higher level
	steered   float64 // how strongly the higher level goes to those who click more; 0 is a lot of the customer and week
	assigned  bool    // customers are assigned once instead
	lost      float64 // share of the assigned of the higher level who get lost
}

func (s *sim) counts() *Counts {
	c := &Counts{Slots: map[int64]Slot{}, Buckets: 100, Customers: map[CustomerKey]int64{}}
	c.Slots[1] = Slot{1, 1, "email", "trigger", "cart", "c1", "", "none", 1000}
	c.Slots[2] = Slot{1, 1, "email", "trigger", "cart", "c1", "", "behavioural", 1000}
	type key struct {
		slot, week, tenure int64
		stage              string
		bucket             int
	}
	cells, trials, arms := map[key]*CellRow{}, map[key]*TrialRow{}, map[key]*ArmRow{}
	for i := range s.customers {
		z := s.rng.NormFloat64()
		p := .05 * math.Exp(.6*z-.18)
		b, stage, tenure := i%Buckets, []string{"new", "active"}[s.rng.IntN(2)], int64(s.rng.IntN(3))
		others := int64(5 + s.rng.IntN(10))
		clicked := int64(0)
		for range others {
			if s.rng.Float64() < p {
				clicked++
			}
		}
		arm := s.rng.IntN(2)
		if s.assigned {
			if arm == 1 && s.rng.Float64() < s.lost {
				continue
			}
			k := key{slot: int64(1 + arm), bucket: b}
			if arms[k] == nil {
				arms[k] = &ArmRow{Experiment: "x", Arm: []string{"plain", "rich"}[arm], Bucket: b}
			}
			arms[k].Customers++
		}
		met := map[int]bool{}
		for w := range s.weeks {
			if !s.assigned {
				arm = 0
				if s.rng.Float64() < 1/(1+math.Exp(-s.steered*z)) {
					arm = 1
				}
			}
			y := int64(0)
			if s.rng.Float64() < p+s.gain*float64(arm) {
				y = 1
			}
			k := key{int64(1 + arm), int64(w), tenure, stage, b}
			if cells[k] == nil {
				cells[k] = &CellRow{Slot: k.slot, Stage: stage, Tenure: tenure, Week: k.week, Bucket: b}
			}
			x := cells[k]
			x.Delivered, x.Clicked, x.OtherDelivered, x.OtherClicked = x.Delivered+1, x.Clicked+y, x.OtherDelivered+others, x.OtherClicked+clicked
			if s.assigned {
				k = key{slot: k.slot, stage: stage, bucket: b}
				if trials[k] == nil {
					trials[k] = &TrialRow{Experiment: "x", Arm: []string{"plain", "rich"}[arm], Slot: k.slot, Stage: stage, Bucket: b}
				}
				if !met[arm] {
					trials[k].Customers++
				}
				trials[k].Delivered, trials[k].Clicked = trials[k].Delivered+1, trials[k].Clicked+y
			}
			if !met[arm] {
				level := c.Slots[int64(1+arm)].Level
				c.Customers[CustomerKey{Chain: 1, Level: level}]++
				c.Customers[CustomerKey{ByStage: true, Chain: 1, Level: level, Stage: stage}]++
			}
			met[arm] = true
		}
	}
	for _, x := range cells {
		c.Cells = append(c.Cells, *x)
		c.Rates = append(c.Rates, RateRow{1, c.Slots[x.Slot].Level, x.Stage, x.Bucket, x.Delivered, x.Delivered, x.Clicked})
	}
	for _, x := range trials {
		c.Trials = append(c.Trials, *x)
	}
	for _, x := range arms {
		c.Arms = append(c.Arms, *x)
	}
	return c
}

func whole(m *Model, design string) *Comparison {
	for _, c := range m.Comparisons {
		if c.Design == design && c.Stage == allStages {
			return c
		}
	}
	return nil
}

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 1)) }

func TestGrades(t *testing.T) {
	for _, x := range []struct {
		name            string
		s               sim
		design          string
		grade           analytics.Grade
		threat, verdict string
		kind            string
	}{
		{"a lot, a gain", sim{rng: seeded(1), customers: 8000, weeks: 5, gain: .02}, SideBySide, analytics.GradeAdjusted, ThreatUnrecorded, Gain, "personalization_gain"},
		{"a lot, no gain", sim{rng: seeded(2), customers: 8000, weeks: 5}, SideBySide, analytics.GradeAdjusted, ThreatUnrecorded, NoGain, "personalization_no_gain"},
		{"steered, no gain", sim{rng: seeded(3), customers: 8000, weeks: 5, steered: 1}, SideBySide, analytics.GradeStructural, ThreatElsewhere, Gain, "personalization_gain"},
		{"assigned, a gain", sim{rng: seeded(4), customers: 8000, weeks: 5, gain: .02, assigned: true}, Assigned, analytics.GradeRandomized, ThreatOtherTime, Gain, "personalization_gain"},
		{"assigned, no gain", sim{rng: seeded(5), customers: 8000, weeks: 5, assigned: true}, Assigned, analytics.GradeRandomized, ThreatOtherTime, NoGain, "personalization_no_gain"},
		{"assigned, a tenth lost", sim{rng: seeded(6), customers: 8000, weeks: 5, gain: .02, assigned: true, lost: .1}, Assigned, analytics.GradeStructural, ThreatSplit, BrokenSplit, ""},
		{"few", sim{rng: seeded(7), customers: 60, weeks: 1}, SideBySide, analytics.GradeStructural, "", FewData, ""},
	} {
		opt := Options{Margins: map[string]float64{"ctr": .01}, Weeks: 13, Currency: "RUB", Setup: Setup{Upkeep: map[string]float64{"none": 0, "behavioural": 1000}}}
		m := Fit(x.s.counts(), opt)
		c := whole(m, x.design)
		if c == nil || c.Verdict != x.verdict || x.threat != "" && (c.Grade != x.grade || c.Threat != x.threat) {
			t.Errorf("%s: %+v", x.name, c)
			continue
		}
		findings := Findings(m, opt)
		if x.kind == "" {
			for _, f := range findings {
				if f.Text("design") == x.design {
					t.Errorf("%s: finding %s", x.name, f.Kind)
				}
			}
			continue
		}
		if len(findings) != 1 || findings[0].Kind != x.kind {
			t.Errorf("%s: %d findings", x.name, len(findings))
			continue
		}
		f := findings[0]
		if f.Exploratory != (x.grade == analytics.GradeStructural) {
			t.Errorf("%s: exploratory %v", x.name, f.Exploratory)
		}
		o := f.Opportunity
		if (o.Effect != nil) != (x.kind == "personalization_gain" && x.grade != analytics.GradeStructural) || o.Money != nil {
			t.Errorf("%s: effect %v, money %v", x.name, o.Effect, o.Money)
		}
		if x.kind == "personalization_no_gain" && (o.Stake == nil || o.Stake.Value != 3000) {
			t.Errorf("%s: stake %v", x.name, o.Stake)
		}
	}
}

// TestOneLevel and the other gaps of the data: a word each, no comparison and no finding.
func TestGaps(t *testing.T) {
	slot := func(level string) map[int64]Slot {
		return map[int64]Slot{1: {1, 1, "email", "bulk", "news", "", "", level, 100}}
	}
	for _, x := range []struct {
		c             *Counts
		answers, note string
	}{
		{&Counts{Slots: map[int64]Slot{}}, "level_inventory", "none_in_period"},
		{&Counts{Slots: slot("")}, "level_inventory", "no_levels"},
		{&Counts{Slots: slot("basic"), Rates: []RateRow{{1, "basic", "", 0, 10, 10, 1}}}, "level_gain", "one_level"},
		{&Counts{Slots: map[int64]Slot{1: slot("basic")[1], 2: {2, 2, "email", "bulk", "x", "", "", "none", 5}}, Rates: []RateRow{{1, "basic", "", 0, 10, 10, 1}}}, "level_gain", "never_together"},
		{&Counts{Slots: slot("basic"), Rates: []RateRow{{1, "basic", "", 0, 10, 10, 0}}}, "level_response", "no_clicks"},
	} {
		m := Fit(x.c, Options{})
		got := ""
		for _, c := range Coverage(m, map[string]bool{"messages": true}) {
			if c.Answers == x.answers {
				got = c.Note
			}
		}
		if got != x.note || len(m.Comparisons) > 0 || len(Findings(m, Options{})) > 0 {
			t.Errorf("%s: note %q", x.note, got)
		}
	}
}

// TestPermuted: the order of the rows changes nothing; relabelled levels turn the sign.
func TestPermuted(t *testing.T) {
	s := sim{rng: seeded(9), customers: 3000, weeks: 3, gain: .01}
	c := s.counts()
	before := fmt.Sprint(Fit(c, Options{}).Tables())
	gain := whole(Fit(c, Options{}), SideBySide).Gain.Value
	for range 3 {
		s.rng.Shuffle(len(c.Cells), func(i, j int) { c.Cells[i], c.Cells[j] = c.Cells[j], c.Cells[i] })
		s.rng.Shuffle(len(c.Rates), func(i, j int) { c.Rates[i], c.Rates[j] = c.Rates[j], c.Rates[i] })
		if after := fmt.Sprint(Fit(c, Options{}).Tables()); after != before {
			t.Fatal("the tables change with the order of the rows")
		}
	}
	a, b := c.Slots[1], c.Slots[2]
	a.Level, b.Level = b.Level, a.Level
	c.Slots[1], c.Slots[2] = a, b
	if got := whole(Fit(c, Options{}), SideBySide).Gain.Value; math.Abs(got+gain) > 1e-12 {
		t.Errorf("relabelled: %v, then %v", gain, got)
	}
}

func TestHostileNames(t *testing.T) {
	s := sim{rng: seeded(10), customers: 4000, weeks: 5, gain: .03}
	c := s.counts()
	for k, x := range c.Slots {
		x.Scenario = "x'; DROP TABLE core.messages; --"
		c.Slots[k] = x
	}
	findings := Findings(Fit(c, Options{}), Options{})
	if len(findings) == 0 || strings.Contains(findings[0].EvidenceSQL, "x'; DROP") {
		t.Errorf("%d findings: not quoted", len(findings))
	}
}

func TestTablesFinite(t *testing.T) {
	for _, s := range []sim{{rng: seeded(11), customers: 40, weeks: 1}, {rng: seeded(12), customers: 3000, weeks: 2, assigned: true}} {
		for _, table := range Fit(s.counts(), Options{}).Tables() {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %d values, %d columns", table.Name, len(row), len(table.Columns))
				}
				for i, v := range row {
					if x, ok := v.(float64); ok && !analytics.Finite(x) {
						t.Errorf("%s.%s is %v", table.Name, table.Columns[i], x)
					}
				}
			}
		}
	}
}
