package backlog

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

func quarter(month time.Month) (from, to time.Time) {
	return time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, month+3, 1, 0, 0, 0, 0, time.UTC)
}

func quarterly(month time.Month) *Audit {
	a := &Audit{Blocks: map[string]bool{"lifecycle": true, "scenarios": true}}
	a.From, a.To = quarter(month)
	return a
}

func found(block, kind, subjectType, subject string) Found {
	return Found{ID: analytics.StableID("F", block, kind, subjectType, subject), Block: block, Kind: kind, SubjectType: subjectType, Subject: subject}
}

func hypo(block, kind, subjectType, subject, metric string, rank int64) analytics.Hypothesis {
	return analytics.Hypothesis{ID: analytics.StableID("H", block, kind, subjectType, subject), Rank: rank, Block: block, Kind: kind, SubjectType: subjectType, Subject: subject, Metric: metric, Unit: "share"}
}

func TestRenamesOfSubjects(t *testing.T) {
	r := Renames{Stages: map[string]string{"sleeping": "at_risk"}, Scenarios: map[string]string{"hello": "welcome", "zz": "aa"}, Segments: map[string]string{"best": "vip"}}
	for _, c := range []struct{ kind, in, want string }{
		{"stage", "sleeping", "at_risk"}, {"stage", "hello", "hello"},
		{"transition", "active->sleeping", "active->at_risk"}, {"stage_pair", "sleeping|lost", "at_risk|lost"},
		{"scenario", "hello", "welcome"}, {"scenario:open_rate", "hello", "welcome"}, {"scenario_step", "hello/s/1", "hello/s/1"}, {"scenario_step", "hello/w1", "welcome/w1"},
		{"scenario_pair", "bonus|zz", "aa|bonus"}, {"segment_pair", "best|old", "old|vip"}, {"segment_group", "a|best|z", "a|vip|z"},
		{"cap", "week:hello", "week:hello"}, {"channel", "email", "email"},
	} {
		if got := r.subject(c.kind, c.in); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.kind, c.in, got, c.want)
		}
	}
}

func TestComparedStates(t *testing.T) {
	before, after := quarterly(1), quarterly(4)
	before.Blocks["segments"], after.Blocks["contact"] = true, true
	before.Findings = []Found{found("lifecycle", "loss_point", "transition", "active->sleeping"), found("scenarios", "dead_end", "scenario", "hello"), found("segments", "segment_stuck", "segment", "old")}
	after.Findings = []Found{found("lifecycle", "loss_point", "transition", "active->at_risk"), found("scenarios", "dead_end", "scenario", "bonus"), found("contact", "over_cap", "cap", "day:any")}
	c := Compare(before, after, CompareOptions{Renames: Renames{Stages: map[string]string{"sleeping": "at_risk"}}})
	got := map[string]string{}
	for _, f := range c.Findings {
		got[f.Subject] = f.State
	}
	want := map[string]string{"active->at_risk": StatusPersisting, "hello": StatusResolved, "bonus": StatusNew, "old": OnlyBefore, "day:any": OnlyNow}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOutcomesOfHypotheses(t *testing.T) {
	tried := hypo("scenarios", "dead_end", "scenario", "hello", "order_rate", 1)
	byID := hypo("lifecycle", "bottleneck", "stage", "lost", "transition_rate", 2)
	step := hypo("scenarios", "chain_drop_off", "scenario_step", "cart/c1", "order_rate", 3)
	broken := hypo("scenarios", "scenario_duplicate", "scenario_pair", "bonus|gift", "order_rate", 4)
	open := hypo("scenarios", "dead_end", "scenario", "open", "order_rate", 5)
	old := hypo("scenarios", "dead_end", "scenario", "old", "order_rate", 6)
	before, after := quarterly(1), quarterly(4)
	before.Hypotheses = []analytics.Hypothesis{tried, byID, step, broken, open, old}
	renamed := hypo("scenarios", "dead_end", "scenario", "welcome", "order_rate", 1)
	fresh := hypo("scenarios", "dead_end", "scenario", "fresh", "order_rate", 2)
	after.Hypotheses = []analytics.Hypothesis{renamed, fresh}
	before.Trials = []Trial{{Experiment: "last year", Scenario: "old", Outcome: "order", Verdict: "win"}}
	after.Trials = []Trial{
		{Experiment: "last year", Scenario: "old", Outcome: "order", Verdict: "win"}, // known to the earlier audit: it tried nothing of it
		{Experiment: "new hello", Arm: "a", Scenario: "welcome", Outcome: "revenue", Verdict: "loss"},
		{Experiment: "new hello", Arm: "a", Scenario: "welcome", Outcome: "order", Verdict: "win", Effect: .02, Lower: .01, Upper: .03, N: 900},
		{Experiment: "try " + byID.ID, Scenario: "winback", Outcome: "order", Verdict: "equivalent"},
		{Experiment: "cart test", Scenario: "cart", Outcome: "order", Verdict: "undecided"},
		{Experiment: "gift test", Scenario: "gift", Outcome: "order", Verdict: "broken_ratio"},
	}
	c := Compare(before, after, CompareOptions{Renames: Renames{Scenarios: map[string]string{"hello": "welcome"}}})
	got := map[string][2]string{}
	for _, h := range c.Hypotheses {
		got[h.Subject] = [2]string{h.State, h.Outcome}
	}
	want := map[string][2]string{
		"welcome": {StatusPersisting, Confirmed}, "lost": {StatusResolved, Refuted}, "cart/c1": {StatusResolved, Undecided}, "bonus|gift": {StatusResolved, Unusable},
		"open": {StatusResolved, NotTried}, "old": {StatusResolved, NotTried}, "fresh": {StatusNew, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if h := c.Hypotheses[0]; h.Trial == nil || h.Trial.Outcome != "order" || h.Trial.N != 900 || h.RankBefore != 1 || h.RankAfter != 1 {
		t.Errorf("orders decide before revenue: %+v", h)
	}
	c.Statuses(after.Hypotheses)
	if after.Hypotheses[0].Status != Confirmed || after.Hypotheses[1].Status != StatusNew {
		t.Errorf("statuses %q, %q", after.Hypotheses[0].Status, after.Hypotheses[1].Status)
	}
}

func TestBaselinesBeforeAndAfter(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	b, a := hypo("lifecycle", "loss_point", "transition", "active->lost", "transition_rate", 1), hypo("lifecycle", "loss_point", "transition", "active->lost", "transition_rate", 2)
	b.Baseline, b.BaselineLower, b.BaselineUpper, b.BaselineN = number(.10), number(.07), number(.13), 500
	a.Baseline, a.BaselineLower, a.BaselineUpper, a.BaselineN = number(.16), number(.12), number(.20), 400
	before, after := quarterly(1), quarterly(4)
	before.Hypotheses, after.Hypotheses = []analytics.Hypothesis{b}, []analytics.Hypothesis{a}
	got := Compare(before, after, CompareOptions{}).Hypotheses[0].Change
	if got == nil || math.Abs(got.Value-.06) > 1e-12 || math.Abs(got.Lower-.01) > 1e-12 || math.Abs(got.Upper-.11) > 1e-12 || got.N != 400 { // half widths .03 and .04: .05
		t.Errorf("change %+v", got)
	}
	a.Unit = "RUB"
	after.Hypotheses[0] = a
	if got := Compare(before, after, CompareOptions{}).Hypotheses[0].Change; got != nil {
		t.Errorf("shares and money compared: %+v", got)
	}
}

// messagesOf draws the click sums of a quarter: two scenarios in two stages.
func messagesOf(t *rapid.T, label string) []MessageSums {
	var out []MessageSums
	for g := range buckets {
		for _, cell := range [][2]string{{"promo", "active"}, {"promo", "lost"}, {"news", "active"}} {
			den := rapid.Int64Range(0, 40).Draw(t, label+" messages")
			out = append(out, MessageSums{Channel: "email", Kind: "bulk", Scenario: cell[0], Stage: cell[1], Bucket: g,
				Sums: map[string]suffstat.Ratio{"click_rate": {Num: rapid.Int64Range(0, den).Draw(t, label+" clicks"), Den: den}}})
		}
	}
	return out
}

// The change is the rate part of Kitagawa's split of the two quarters, rate and mix add up to the crude change, turning the quarters around turns the sign, and with one cell it is the difference of two
// rates of analytics.CompareRates.
func TestComparedRates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := quarterly(1), quarterly(4)
		before.Messages, after.Messages = messagesOf(t, "before"), messagesOf(t, "after")
		one := rapid.Bool().Draw(t, "one cell")
		if one {
			for _, list := range [][]MessageSums{before.Messages, after.Messages} {
				for i := range list {
					list[i].Scenario, list[i].Stage = "promo", "active"
				}
			}
		}
		metrics := Compare(before, after, CompareOptions{FDR: .05}).Metrics
		if len(metrics) == 0 {
			return
		}
		m := metrics[0]
		if got := m.Change.Value + m.Mix; math.Abs(got-(m.After.Value()-m.Before.Value())) > 1e-9 {
			t.Fatalf("rate %g and mix %g do not add up to %g", m.Change.Value, m.Mix, m.After.Value()-m.Before.Value())
		}
		back := *before
		back.From, back.To = after.From, after.To
		forth := *after
		forth.From, forth.To = before.From, before.To
		turned := Compare(&forth, &back, CompareOptions{FDR: .05}).Metrics[0]
		if math.Abs(turned.Change.Value+m.Change.Value) > 1e-9 || math.Abs(turned.Change.Lower+m.Change.Upper) > 1e-9 {
			t.Fatalf("turned around: %+v and %+v", m.Change, turned.Change)
		}
		if one {
			sum := func(list []MessageSums) []suffstat.Ratio {
				out := make([]suffstat.Ratio, buckets)
				for _, x := range list {
					out[x.Bucket].Num += x.Sums["click_rate"].Num
					out[x.Bucket].Den += x.Sums["click_rate"].Den
				}
				return out
			}
			want := analytics.CompareRates(sum(after.Messages), sum(before.Messages), 1, 1, .01, true)
			if h := (m.Change.Upper - m.Change.Lower) / 2; math.Abs(m.Change.Value-want.Difference) > 1e-9 || math.Abs(h-suffstat.TQuantile(.975, want.DF)*want.SE) > 1e-9 {
				t.Fatalf("change %+v, two rates say %+v", m.Change, want)
			}
		}
	})
}

// A quarter beside itself has changed nothing; quarters that overlap are not compared by rates.
func TestComparedWithItself(t *testing.T) {
	a := quarterly(1)
	for g := range buckets {
		a.Messages = append(a.Messages, MessageSums{Channel: "push", Kind: "trigger", Scenario: "cart", Stage: "new", Bucket: g, Sums: map[string]suffstat.Ratio{"open_rate": {Num: int64(g % 3), Den: 20}}})
		a.Moves = append(a.Moves, MoveSums{From: "new", To: "new", Bucket: g, N: 30}, MoveSums{From: "new", To: "active", Bucket: g, N: int64(1 + g%4)})
	}
	b := *a
	b.From, b.To = quarter(4)
	c := Compare(a, &b, CompareOptions{FDR: .05, Margins: map[string]float64{"transition_rate": .02}})
	if len(c.Metrics) != 2 || c.Overlap {
		t.Fatalf("%d metrics, overlap %t", len(c.Metrics), c.Overlap)
	}
	for _, m := range c.Metrics {
		if m.Change.Value != 0 || m.Mix != 0 || m.Verdict == analytics.Different {
			t.Errorf("%s of %s: %+v, verdict %s", m.Metric, m.Subject, m.Change, m.Verdict)
		}
	}
	if i := slices.IndexFunc(c.Metrics, func(m ComparedMetric) bool { return m.Subject == "new->active" }); i < 0 || c.Metrics[i].Before.Den != 30*buckets+250 {
		t.Errorf("moves: %+v", c.Metrics)
	}
	b.From = b.From.AddDate(0, 0, -7)
	if c := Compare(a, &b, CompareOptions{}); !c.Overlap || len(c.Metrics) != 0 {
		t.Errorf("periods that overlap are compared: %+v", c.Metrics)
	}
}

// Many messages of few customers are few observations: 25 buckets that open all or nothing decide nothing, however many messages they got.
func TestComparedRatesOfFewCustomers(t *testing.T) {
	before, after := quarterly(1), quarterly(4)
	for g := range 25 {
		opened := int64(1000 * (g % 2))
		sums := func(opened int64) []MessageSums {
			return []MessageSums{{Channel: "push", Kind: "bulk", Scenario: "news", Stage: "active", Bucket: g, Sums: map[string]suffstat.Ratio{"open_rate": {Num: opened, Den: 1000}}}}
		}
		before.Messages, after.Messages = append(before.Messages, sums(opened)...), append(after.Messages, sums(1000-opened)...)
	}
	m := Compare(before, after, CompareOptions{FDR: .05}).Metrics[0]
	if m.Verdict != analytics.InsufficientData || m.Needed == 0 {
		t.Errorf("verdict %s, needed %d", m.Verdict, m.Needed)
	}
}

// weekly is the opens of one cell of messages in the weeks of one audit.
func weekly(scenario string, sums ...suffstat.Ratio) []WeekSums {
	var out []WeekSums
	for i, r := range sums {
		out = append(out, WeekSums{Channel: "push", Kind: "bulk", Scenario: scenario, Stage: "active", Week: int64(2900 + i), Sums: map[string]suffstat.Ratio{"open_rate": r}})
	}
	return out
}

// inBuckets spreads sums of weeks over all buckets of customers, as equally as they go: customers do not differ.
func inBuckets(weeks []WeekSums) []MessageSums {
	var out []MessageSums
	for _, w := range weeks {
		for g := range buckets {
			sums := map[string]suffstat.Ratio{}
			for metric, r := range w.Sums {
				sums[metric] = suffstat.Ratio{Num: r.Num / buckets, Den: r.Den / buckets}
			}
			out = append(out, MessageSums{Channel: w.Channel, Kind: w.Kind, Scenario: w.Scenario, Stage: w.Stage, Bucket: g, Sums: sums})
		}
	}
	return out
}

// Four equal weeks in each quarter and customers who do not differ. Before, 10, 20, 30 and 40 % open: without one of them 30, 26.67, 23.33 and 20 % are left, mean 25 %, so the variance is 3/4 (.05^2 + .01667^2 + .01667^2 + .05^2) = .0041667,
// which is that of a mean of four, s^2/4. After, 40, 50, 60 and 70 %: the same. The standard error is sqrt(.0083333) = .0912871 of 3 degrees of freedom, and t(.975; 3) = 3.182446.
func TestComparedWeeks(t *testing.T) {
	before, after := quarterly(1), quarterly(4)
	before.Weeks = weekly("promo", suffstat.Ratio{Num: 1000, Den: 10000}, suffstat.Ratio{Num: 2000, Den: 10000}, suffstat.Ratio{Num: 3000, Den: 10000}, suffstat.Ratio{Num: 4000, Den: 10000})
	after.Weeks = weekly("promo", suffstat.Ratio{Num: 4000, Den: 10000}, suffstat.Ratio{Num: 5000, Den: 10000}, suffstat.Ratio{Num: 6000, Den: 10000}, suffstat.Ratio{Num: 7000, Den: 10000})
	before.Messages, after.Messages = inBuckets(before.Weeks), inBuckets(after.Weeks)
	near := func(name string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) < 1e-6) {
			t.Errorf("%s %g, want %g", name, got, want)
		}
	}
	m := Compare(before, after, CompareOptions{FDR: .05}).Metrics[0]
	near("change", m.Change.Value, .3)
	near("by customers", m.SECustomers, 0)
	near("by weeks", m.SEWeeks, .0912871)
	near("lower", m.Change.Lower, .3-3.182446*.0912871)
	near("upper", m.Change.Upper, .3+3.182446*.0912871)
	if m.WeeksBefore != 4 || m.WeeksAfter != 4 || m.Note != "" || m.Verdict != analytics.Different {
		t.Errorf("%+v", m)
	}

	few := func(name string, keep func(w WeekSums) bool, grow int64) {
		t.Helper()
		x := *after
		x.Weeks = nil
		for _, w := range after.Weeks {
			if !keep(w) {
				continue
			}
			if w.Week == 2900 {
				r := w.Sums["open_rate"]
				w.Sums = map[string]suffstat.Ratio{"open_rate": {Num: grow * r.Num, Den: grow * r.Den}}
			}
			x.Weeks = append(x.Weeks, w)
		}
		x.Messages = inBuckets(x.Weeks)
		m := Compare(before, &x, CompareOptions{FDR: .05}).Metrics[0]
		if m.Verdict != analytics.InsufficientData || m.Note != NoteFewWeeks || m.P != 1 || m.Needed != 0 || analytics.Finite(m.Change.Lower) || !analytics.Finite(m.Change.Value) || !math.IsNaN(m.SEWeeks) {
			t.Errorf("%s: %+v", name, m)
		}
	}
	few("three weeks", func(w WeekSums) bool { return w.Week != 2903 }, 1)
	few("one mailing of four", func(WeekSums) bool { return true }, 8) // 11^2 / (64 + 3) = 1.8 weeks

	old := *before
	old.Weeks = nil // of a version that kept none
	m = Compare(&old, after, CompareOptions{FDR: .05}).Metrics[0]
	if m.Note != NoteNoWeeks || m.Verdict != analytics.Different || !math.IsNaN(m.SEWeeks) || m.WeeksBefore+m.WeeksAfter != 0 {
		t.Errorf("without weeks: %+v", m)
	}
}

// The interval is never narrower than that of customers alone, turning the quarters around mirrors it, the order of the weeks does not matter, and weeks that are all alike add nothing to what the customers say.
func TestComparedWeeksAnyhow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := quarterly(1), quarterly(4)
		before.Messages, after.Messages = messagesOf(t, "before"), messagesOf(t, "after")
		alike := rapid.Bool().Draw(t, "weeks alike")
		spread := func(list []MessageSums, label string) (out []WeekSums) {
			for range rapid.IntRange(4, 9).Draw(t, label+" weeks") {
				week := int64(len(out))
				for i, m := range list {
					r := m.Sums["click_rate"]
					if !alike {
						if i == 40 { // fewer draws
							break
						}
						r.Den = rapid.Int64Range(0, 9).Draw(t, label+" messages")
						r.Num = rapid.Int64Range(0, r.Den).Draw(t, label+" clicks")
					}
					out = append(out, WeekSums{Channel: m.Channel, Kind: m.Kind, Scenario: m.Scenario, Stage: m.Stage, Week: week, Sums: map[string]suffstat.Ratio{"click_rate": r}})
				}
			}
			return out
		}
		without := Compare(before, after, CompareOptions{FDR: .05}).Metrics
		before.Weeks, after.Weeks = spread(before.Messages, "before"), spread(after.Messages, "after")
		metrics := Compare(before, after, CompareOptions{FDR: .05}).Metrics
		if len(metrics) == 0 || len(without) == 0 || metrics[0].Note != "" {
			return
		}
		m := metrics[0]
		half := func(m ComparedMetric) float64 { return m.Change.Upper - m.Change.Lower }
		if m.Change.Value != without[0].Change.Value || half(m) < half(without[0])-1e-12 {
			t.Fatalf("with weeks %+v, without %+v", m.Change, without[0].Change)
		}
		if alike && m.SEWeeks > 1e-9 {
			t.Fatalf("weeks that are all alike vary by %g", m.SEWeeks)
		}
		forth, back := *after, *before
		forth.From, forth.To, back.From, back.To = before.From, before.To, after.From, after.To
		forth.Weeks = slices.Clone(forth.Weeks)
		slices.Reverse(forth.Weeks)
		turned := Compare(&forth, &back, CompareOptions{FDR: .05}).Metrics[0]
		if math.Abs(turned.SEWeeks-m.SEWeeks) > 1e-9 || math.Abs(turned.Change.Lower+m.Change.Upper) > 1e-9 {
			t.Fatalf("turned around: %+v and %+v", m, turned)
		}
	})
}
