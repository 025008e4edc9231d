package segments

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

var groupOptions = Options{FDR: .05, Weeks: 13, Step: .01}

// faulty is a model of segments a, b, c …, each with some members and what a test gives it.
func faulty(n int, with func(i int, s *Segment)) *Model {
	m := &Model{Base: 10_000}
	for i := range n {
		s := &Segment{Name: Name{ID: string(rune('a' + i))}, StuckVerdict: Moves, StaleVerdict: NoRule, SizeVerdict: Fits, UseVerdict: Unknown, Gain: suffstat.Estimate{Value: math.NaN()}}
		s.Total.Members = int64(100 * (i + 1))
		s.Order.Estimate = suffstat.Fact(.1, 100, "share")
		s.Order.Events, s.Order.Trials = 10, 100
		s.StuckP, s.StuckQ, s.GainQ = math.NaN(), math.NaN(), math.NaN()
		with(i, s)
		m.Segments = append(m.Segments, s)
	}
	return m
}

func said(m *Model) string {
	var out []string
	for _, f := range Findings(m, groupOptions) {
		out = append(out, fmt.Sprint(f.Kind, ".", f.Text("reason"), " ", f.SubjectType, ":", f.Subject, " ", *f.Statistic))
	}
	return strings.Join(out, "; ")
}

// Two segments with one fault are two findings; three are one, and segments with other faults keep their own.
func TestManyAreOneFinding(t *testing.T) {
	small := func(n int) *Model {
		return faulty(5, func(i int, s *Segment) {
			if i < n {
				s.SizeVerdict, s.MDE, s.Needed = TooSmall, .9-float64(i)/10, 5000
			} else {
				s.SizeVerdict = Everybody
			}
		})
	}
	for n, want := range map[int]string{
		2: "segment_size.too_small segment:a 0.9; segment_size.too_small segment:b 0.8; segment_size.everybody segment:c 0.03; segment_size.everybody segment:d 0.04; segment_size.everybody segment:e 0.05",
		3: "segment_size.everybody segment:d 0.04; segment_size.everybody segment:e 0.05; segment_size.too_small_many segments:too_small 3",
	} {
		if got := said(small(n)); got != want {
			t.Errorf("%d: got  %s\nwant %s", n, got, want)
		}
	}
	fs := Findings(small(4), groupOptions)
	f := fs[len(fs)-1]
	mde, _ := f.Number("mde")
	customers, _ := f.Number("customers")
	n, _ := f.Number("segments")
	total, _ := f.Number("of_segments")
	if f.Text("nearest") != "d" || math.Abs(mde.Value-.6) > 1e-9 || f.Text("farthest") != "a" || customers.Value != 1000 || n.Value != 4 || total.Value != 5 ||
		f.Opportunity == nil || f.Opportunity.Metric != "segments" || f.Opportunity.Baseline.Value != 4 || f.Opportunity.Population != 1000 || f.Opportunity.TestDesign != "none" {
		t.Errorf("%+v", f)
	}
}

// Confirmed and exploratory static segments are said apart, stale ones by name; p and q are the weakest of the group.
func TestManyStatic(t *testing.T) {
	m := faulty(8, func(i int, s *Segment) {
		s.StuckVerdict, s.StuckP, s.StuckQ = Static, .001*float64(i+1), .002*float64(i+1)
		s.Stuck.Estimate, s.Stay.Estimate = suffstat.Fact(1, 50, "share"), suffstat.Fact(1-.001*float64(i%3), 50, "share")
		switch i {
		case 4, 5, 6:
			s.StuckQ = .08
		case 7:
			s.StaleVerdict, s.RuleMembers, s.Misfits = Stale, 100, 50
		}
	})
	want := "segment_stuck.both segment:h 1; segment_stuck.static_many segments:static 4; segment_stuck.static_many segments:static_exploratory 3"
	if got := said(m); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	f := Findings(m, groupOptions)[1]
	if *f.PValue != .004 || *f.QValue != .008 || f.Exploratory || f.Verdict != analytics.Different || f.Text("weakest") != "c" || f.Text("first")+f.Text("second")+f.Text("third") != "dcb" {
		t.Errorf("%+v", f)
	}
	if !strings.Contains(f.EvidenceSQL, "stuck_q_value <= 0.05") {
		t.Error(f.EvidenceSQL)
	}
}

// Unused segments are one hypothesis, measured on the largest of them: they overlap.
func TestManyUnused(t *testing.T) {
	m := faulty(4, func(_ int, s *Segment) { s.UseVerdict = Unused })
	fs := Findings(m, groupOptions)
	if len(fs) != 1 || fs[0].Opportunity == nil || fs[0].Opportunity.Population != 400 || fs[0].Opportunity.Problem != "segment:d" {
		t.Fatalf("%+v", fs)
	}
	empty := faulty(3, func(_ int, s *Segment) { s.SizeVerdict, s.UseVerdict, s.Total.Members = Empty, Unused, 0 })
	if got := said(empty); got != "segment_size.empty_many segments:empty 3" {
		t.Error(got)
	}
	if ids := []string{fs[0].ID(), Findings(empty, groupOptions)[0].ID()}; len(slices.Compact(ids)) != 2 {
		t.Error(ids)
	}
}
