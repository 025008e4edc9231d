package backlog

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

func est(value, half float64, n int64, unit string) suffstat.Estimate {
	return suffstat.Estimate{Value: value, Lower: value - half, Upper: value + half, Level: 0.90, N: n, Unit: unit, Method: "jackknife t"}
}

func words(f analytics.Finding) (ru, en analytics.Sentences) {
	return analytics.Sentences{Title: "Проверить " + f.Subject, What: "что", Why: "почему", Change: "изменить"},
		analytics.Sentences{Title: "Test " + f.Subject, What: "what", Why: "why", Change: "change"}
}

var settings = analytics.Settings{Grain: "week", Currency: "RUB", Level: 0.90}

// loss is a loss point of a stage with a stake.
func loss(subject string, stake float64) analytics.Finding {
	st := est(stake, stake/2, 1000, "RUB")
	return analytics.Finding{
		Block: "lifecycle", Kind: "loss_point", SubjectType: "transition", Subject: subject, Severity: analytics.Warning,
		Verdict: analytics.Different, EvidenceSQL: "select * from lifecycle.loss_points\nwhere from_stage = 'x'",
		Opportunity: &analytics.Opportunity{
			Metric: "transition_rate", Unit: "share", Baseline: est(0.05, 0.01, 4000, "share"), Population: 130_000, Stake: &st, Step: 0.005,
			Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "ab", Guardrails: []string{"unsubscribe_rate"},
			Effort: 2, WeeklyFlow: 10_000, Goal: "retention",
		},
	}
}

func TestBuildPlansTheTest(t *testing.T) {
	hs := Build([]analytics.Finding{loss("active->lost", 1000)}, settings, words)
	if len(hs) != 1 {
		t.Fatalf("want 1 hypothesis, got %d", len(hs))
	}
	h := hs[0]
	// 5 % against 5.5 %: 31,234 per arm (statistics 6.3); 2·31,234 at 10,000 a week is 7 weeks, and one more to watch.
	if h.SampleSizePerArm == nil || *h.SampleSizePerArm != 31_234 {
		t.Errorf("sample size per arm: want 31234, got %v", deref(h.SampleSizePerArm))
	}
	if h.DurationDays == nil || *h.DurationDays != 7*7+7 {
		t.Errorf("duration: want 56 days, got %v", deref(h.DurationDays))
	}
	if h.Feasible == nil || !*h.Feasible {
		t.Errorf("feasible: want true, got %v", h.Feasible)
	}
	// Mean 0, spread 1000; the test that finds one step with 80 % has a standard error of a 2.8th of it: st = 1000/sqrt(1 + 1/2.8²) = 941, times phi(0) = 376. Work 1 week, test 8.
	if h.Priority == nil || math.Abs(*h.EVSI-376) > 1 || *h.Weeks != 9 || math.Abs(*h.Priority-*h.EVSI/9) > .01 || *h.ExpectedGain != 0 || h.Prior != PriorStep {
		t.Errorf("priority: want 376/9 by convention, got %v = (%v + %v - %v)/%v by %q", *h.Priority, *h.ExpectedGain, *h.EVSI, *h.Cost, *h.Weeks, h.Prior)
	}
	if h.Horizon != NextQuarter || h.Status != StatusNew || h.Rank != 1 || h.OverlapsWith != "" {
		t.Errorf("horizon %q status %q rank %d overlaps %q", h.Horizon, h.Status, h.Rank, h.OverlapsWith)
	}
	if h.ID != analytics.StableID("H", "lifecycle", "loss_point", "transition", "active->lost") {
		t.Errorf("id %s does not follow from block, kind and subject", h.ID)
	}
}

func TestNotTestableAtThisScale(t *testing.T) {
	f := loss("active->lost", 1000)
	f.Opportunity.WeeklyFlow, f.Opportunity.Population = 100, 1300
	h := Build([]analytics.Finding{f}, settings, words)[0]
	if h.Feasible == nil || *h.Feasible || h.Horizon != Strategic {
		t.Errorf("100 customers a week against 62,470: want infeasible and strategic, got %v %q", h.Feasible, h.Horizon)
	}
	f.Opportunity.WeeklyFlow, f.Opportunity.Population = 0, 0
	h = Build([]analytics.Finding{f}, settings, words)[0]
	if h.Feasible == nil || *h.Feasible || h.DurationDays != nil {
		t.Errorf("nobody to test on: want infeasible without a duration, got %v %v", h.Feasible, deref(h.DurationDays))
	}
	f.Opportunity.TestDesign = ""
	h = Build([]analytics.Finding{f}, settings, words)[0]
	if h.Feasible != nil || h.SampleSizePerArm != nil || h.Horizon != QuickWin {
		t.Errorf("a change without an experiment has no sample size: got %v %v %q", h.Feasible, deref(h.SampleSizePerArm), h.Horizon)
	}
}

func TestHoldoutIsCheaperInControlAndDearerInAll(t *testing.T) {
	f := loss("active->lost", 1000)
	f.Opportunity.TestDesign = "holdout"
	h := Build([]analytics.Finding{f}, settings, words)[0]
	if want := int64(math.Ceil(31_233.5 * (1 + 1.0/9) / 2)); deref(h.SampleSizePerArm) != want {
		t.Errorf("control arm of a 10 %% hold-out: want %d, got %d", want, deref(h.SampleSizePerArm))
	}
	if deref(h.DurationDays) <= 56 {
		t.Errorf("a hold-out enrols more customers than two equal arms: got %d days", deref(h.DurationDays))
	}
}

func TestNullHonesty(t *testing.T) {
	whole := est(0.01, 0.002, 4000, "share")
	money := est(5000, 1000, 4000, "RUB")
	broken := func(change func(*suffstat.Estimate)) *suffstat.Estimate {
		e := whole
		change(&e)
		return &e
	}
	cases := []struct {
		name          string
		grade         analytics.Grade
		metric        string
		effect        *suffstat.Estimate
		effectPresent bool
	}{
		{"whole at grade C", "C", "transition_rate", &whole, true},
		{"no effect", "C", "transition_rate", nil, false},
		{"value not a number", "C", "transition_rate", broken(func(e *suffstat.Estimate) { e.Value = math.NaN() }), false},
		{"open upper limit", "C", "transition_rate", broken(func(e *suffstat.Estimate) { e.Upper = math.Inf(1) }), false},
		{"lower limit not a number", "C", "transition_rate", broken(func(e *suffstat.Estimate) { e.Lower = math.NaN() }), false},
		{"limits the wrong way round", "C", "transition_rate", broken(func(e *suffstat.Estimate) { e.Lower, e.Upper = e.Upper, e.Lower }), false},
		{"value below its limits", "C", "transition_rate", broken(func(e *suffstat.Estimate) { e.Value = e.Lower - 1 }), false},
		{"structural claims no effect", "D", "transition_rate", &whole, false},
		{"structural may claim cost saved", "D", "cost_saved", &whole, true},
		{"unknown grade is structural", "", "transition_rate", &whole, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := loss("active->lost", 1000)
			f.Opportunity.Grade, f.Opportunity.Metric, f.Opportunity.Effect, f.Opportunity.Money = c.grade, c.metric, c.effect, &money
			f.Opportunity.Baseline.Value = math.NaN()
			h := Build([]analytics.Finding{f}, settings, words)[0]
			for _, p := range []*float64{h.Effect, h.EffectLower, h.EffectUpper, h.Money, h.MoneyLower, h.MoneyUpper} {
				if (p != nil) != c.effectPresent {
					t.Errorf("effect and money: want present=%v, got %v", c.effectPresent, h)
					break
				}
			}
			if h.Baseline != nil {
				t.Errorf("a baseline that is not a number is null, got %v", *h.Baseline)
			}
			if h.Grade == "" {
				t.Error("grade is never empty")
			}
		})
	}
}

func TestRankKeepsGradeBands(t *testing.T) {
	solid, loud := loss("new->lost", 10), loss("active->lost", 1e9)
	solid.Opportunity.Grade, loud.Opportunity.Grade = "B", "D"
	hs := Build([]analytics.Finding{loud, solid}, settings, words)
	if hs[0].Subject != "new->lost" {
		t.Errorf("a huge structural stake topped a quasi-experiment: %s first", hs[0].Subject)
	}
}

func TestConfirmedComesFirst(t *testing.T) {
	loud, undecided, solid := loss("new->lost", 1e9), loss("lead->lost", 1e8), loss("active->lost", 10)
	loud.Exploratory, undecided.Verdict = true, analytics.Inconclusive
	hs := Build([]analytics.Finding{loud, undecided, solid}, settings, words)
	if hs[0].Subject != "active->lost" || hs[0].Exploratory || !hs[1].Exploratory || !hs[2].Exploratory {
		t.Errorf("want the confirmed hypothesis first and the others exploratory, got %s %v %v %v", hs[0].Subject, hs[0].Exploratory, hs[1].Exploratory, hs[2].Exploratory)
	}
	if total := Sum(hs, true); total.Value != 10 || total.Exploratory != 2 {
		t.Errorf("exploratory hypotheses are in no total: %+v", total)
	}
}

func TestOverlapIsNotCountedTwice(t *testing.T) {
	stage := loss("active", 600)
	stage.Kind, stage.SubjectType = "bottleneck", "stage"
	hs := Build([]analytics.Finding{loss("active->lost", 1000), stage, loss("new->lost", 200)}, settings, words)
	total := Sum(hs, true)
	if want := (Total{Value: 1200, Lower: 600, Upper: 1800, Plain: 1800, Counted: 2, Overlapping: 1}); total != want {
		t.Errorf("total at stake: want %+v, got %+v", want, total)
	}
	for _, h := range hs {
		if h.Subject == "active" && h.OverlapsWith != hs[0].ID {
			t.Errorf("the bottleneck of active overlaps with %q, want %q", h.OverlapsWith, hs[0].ID)
		}
	}
	if got := Sum(hs, false); got != (Total{}) {
		t.Errorf("no expected money: want an empty total, got %+v", got)
	}
}

func TestPermutedFindingsGiveTheSameBytes(t *testing.T) {
	var findings []analytics.Finding
	for i := range 40 {
		f := loss(fmt.Sprintf("s%d->lost", i%13), float64(100*(i%4)))
		f.Kind = []string{"loss_point", "bottleneck", "no_state_change"}[i%3]
		f.EvidenceSQL = fmt.Sprint("select ", i)
		findings = append(findings, f)
	}
	render := func() string {
		var b bytes.Buffer
		if err := errors.Join(WriteJSON(&b, Build(findings, settings, words)), WriteCSV(&b, Build(findings, settings, words))); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	want := render()
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		r.Shuffle(len(findings), func(i, j int) { findings[i], findings[j] = findings[j], findings[i] })
		if diff := cmp.Diff(want, render()); diff != "" {
			t.Fatalf("order of findings changed the bytes:\n%s", diff)
		}
	}
}

func TestJSONRoundTrip(t *testing.T) {
	hs := Build([]analytics.Finding{loss("active-><b>\"lost\"", 1000), loss("=cmd|' /C calc'!A0", 0)}, settings, words)
	var b bytes.Buffer
	if err := WriteJSON(&b, hs); err != nil {
		t.Fatal(err)
	}
	var back []analytics.Hypothesis
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hs, back); diff != "" {
		t.Errorf("json round trip:\n%s", diff)
	}
	if !bytes.HasSuffix(b.Bytes(), []byte("]\n")) || !bytes.Contains(b.Bytes(), []byte("\n  {\n    \"hypothesis_id\"")) {
		t.Errorf("want indented json with a trailing newline, got %s", b.Bytes())
	}
	b.Reset()
	if err := WriteJSON(&b, nil); err != nil || b.String() != "[]\n" {
		t.Errorf("no hypotheses: want an empty array, got %q %v", b.String(), err)
	}
}

func TestCSVRoundTripAndFormulaGuard(t *testing.T) {
	hostile := []string{"=1+1", "+7 999", "-5", "@SUM(A1)", "\tx", "a,\"b\";\nc", "имя", ""}
	var findings []analytics.Finding
	for i, s := range hostile {
		findings = append(findings, loss(s, float64(-100*i)))
	}
	hs := Build(findings, settings, words)
	var b bytes.Buffer
	if err := WriteCSV(&b, hs); err != nil {
		t.Fatal(err)
	}
	body, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Fatal("no byte-order mark: Excel would read the file as Windows-1251")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(hs)+1 {
		t.Fatalf("want %d rows, got %d", len(hs)+1, len(rows))
	}
	subject := slices.Index(rows[0], "subject")
	stake := slices.Index(rows[0], "stake_lower")
	for i, h := range hs {
		got := rows[i+1][subject]
		if strings.TrimPrefix(got, "'") != h.Subject {
			t.Errorf("subject %q came back as %q", h.Subject, got)
		}
		if got != "" && strings.ContainsAny(got[:1], "=+-@\t\r") {
			t.Errorf("subject %q would run as a formula", got)
		}
		if h.StakeLower == nil {
			if rows[i+1][stake] != "" {
				t.Errorf("null stake written as %q", rows[i+1][stake])
			}
		} else if *h.StakeLower < 0 && !strings.HasPrefix(rows[i+1][stake], "-") {
			t.Errorf("number %v guarded like a text: %q", *h.StakeLower, rows[i+1][stake])
		}
	}
	if got := analytics.SafeCell("\rx"); got != "'\rx" {
		t.Errorf("carriage return: got %q", got)
	}
}

// TestColumnsAreTheFields holds the three outputs together: CSV and table columns are the JSON keys, in the same order.
func TestColumnsAreTheFields(t *testing.T) {
	var keys, names []string
	for i := range reflect.TypeFor[analytics.Hypothesis]().NumField() {
		keys = append(keys, reflect.TypeFor[analytics.Hypothesis]().Field(i).Tag.Get("json"))
	}
	for _, c := range columns() {
		names = append(names, c.name)
	}
	if diff := cmp.Diff(keys, names); diff != "" {
		t.Errorf("columns and json keys differ:\n%s", diff)
	}
	table := Table(Build([]analytics.Finding{loss("active->lost", 1)}, settings, words))
	for i, c := range table.Columns {
		switch v := table.Rows[0][i].(type) {
		case nil, bool, int64, float64, string:
		default:
			t.Errorf("column %s holds %T", c, v)
		}
	}
}

// The sizes themselves are tested in suffstat; here only what a share may not leave.
func TestShareStaysInside(t *testing.T) {
	var d suffstat.Design
	if got, want := share(d, .02, -.05), d.Proportions(.02, .07); got != want {
		t.Errorf("a step below 0: want %v, got %v", want, got)
	}
	for _, bad := range []suffstat.Size{share(d, .05, 0), share(d, math.NaN(), .1), share(d, .5, .9)} {
		if !math.IsNaN(bad.Equal) {
			t.Errorf("want not a number, got %v", bad)
		}
	}
}

func deref(p *int64) int64 {
	if p == nil {
		return -1
	}
	return *p
}

// TestFirst: what has a number comes before what has none, in rank order; exploratory ones and those on a problem that is told already never come.
func TestFirst(t *testing.T) {
	money, stake := 1.0, 2.0
	hs := []analytics.Hypothesis{{ID: "no number"}, {ID: "money", Money: &money}, {ID: "chance", Money: &money, Exploratory: true}, {ID: "again", Stake: &stake, OverlapsWith: "money"}, {ID: "stake", Stake: &stake}, {ID: "shift", Effect: &money}}
	ids := func(n int) (out []string) {
		for _, h := range First(hs, n) {
			out = append(out, h.ID)
		}
		return out
	}
	if diff := cmp.Diff([]string{"money", "stake", "shift", "no number"}, ids(5)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"money", "stake"}, ids(2)); diff != "" {
		t.Error(diff)
	}
	if hs = hs[2:4]; len(First(hs, 5)) != 0 {
		t.Errorf("want nothing, got %v", ids(5))
	}
}
