package usage

import (
	"math"
	"math/rand/v2"
	"testing"

	"crmaudit/analytics"
)

// repeatCounts are n messages a bucket of an SMS that follows an e-mail in scenario welcome: share of them repeat it, and of the repeats a share extra is clicked where the e-mail was not.
func repeatCounts(n int, share, extra float64, clicks bool) *Counts {
	rng := rand.New(rand.NewPCG(1, 2))
	c := &Counts{From: 1000, To: 1091, End: 1098, Sample: 50, Within: 86400}
	for b := range 50 {
		all, repeat := RepeatRow{Scenario: "welcome", Channel: "sms", Bucket: b}, RepeatRow{Scenario: "welcome", Channel: "sms", First: "email", Bucket: b}
		for range n {
			all.Messages++
			all.Customers++
			if rng.Float64() < share {
				repeat.Messages++
				repeat.Customers++
				if rng.Float64() < extra {
					repeat.ClickedOnly++
					repeat.Clicked++
				}
			}
		}
		if clicks {
			all.Clicked = repeat.Clicked + 1
		}
		c.Repeats = append(c.Repeats, all, repeat)
	}
	return c
}

// A channel that repeats another one and adds no click is redundant; one that adds clicks, that mostly comes alone, or that nobody can judge is not called so.
func TestChannelRedundant(t *testing.T) {
	opt := options()
	opt.FDR, opt.Level = .05, .90
	for _, c := range []struct {
		name         string
		n            int
		share, extra float64
		clicks       bool
		verdict      string
	}{
		{"no click is added", 200, .9, .0005, true, Repeats},
		{"never clicked beyond the first", 200, .9, 0, true, Repeats},
		{"too few to exclude the margin", 10, .9, 0, true, Undecided},
		{"clicks are added", 200, .9, .05, true, Adds},
		{"mostly alone", 200, .2, 0, true, Apart},
		{"no click is ever reported", 200, .9, 0, false, Unmeasured},
	} {
		m := Fit(repeatCounts(c.n, c.share, c.extra, c.clicks), opt)
		if len(m.Repeats) != 1 || m.Repeats[0].Verdict != c.verdict {
			t.Errorf("%s: %+v", c.name, m.Repeats)
			continue
		}
		r, f := m.Repeats[0], m.redundant(opt)
		if told := c.verdict == Repeats || c.verdict == Unmeasured; told != (len(f) == 1) {
			t.Errorf("%s: %d findings", c.name, len(f))
			continue
		} else if !told {
			continue
		}
		x := f[0]
		o := x.Opportunity
		if x.Kind != "channel_redundant" || x.Subject != "welcome/sms" || o == nil || x.Text("reason") != c.verdict || x.Text("first_channel") != "email" {
			t.Fatalf("%s: %+v", c.name, x)
		}
		// Half of the buckets in 91 days, of which all had seven days for a response: twice as many a quarter, at 5 a message.
		want := float64(r.Repeated) * 2 * 5
		if math.Abs(o.Money.Value-want) > 1e-6*want || o.Effect.Value != -o.Money.Value || !(o.Money.Lower < want && want < o.Money.Upper) || o.Grade != analytics.GradeStructural || o.Metric != "cost_per_quarter" {
			t.Errorf("%s: saved %+v, want %v", c.name, o.Money, want)
		}
		if o.Population != 2*r.Customers || o.WeeklyFlow != int64(math.Round(float64(2*r.Customers)/13)) {
			t.Errorf("%s: %d customers a quarter, %d a week", c.name, o.Population, o.WeeklyFlow)
		}
		if (c.verdict == Repeats) == x.Exploratory || (c.verdict == Repeats) != (x.Verdict == analytics.Equivalent) {
			t.Errorf("%s: exploratory %v, %s", c.name, x.Exploratory, x.Verdict)
		}
	}
	opt.MessageCost = nil // nothing is saved but messages; a channel that nobody can judge is not told at all
	if f := Fit(repeatCounts(200, .9, 0, true), opt).redundant(opt); len(f) != 1 || f[0].Opportunity.Metric != "messages_per_quarter" || f[0].Opportunity.Money != nil || f[0].Opportunity.Effect != nil {
		t.Errorf("%+v", f)
	}
	if f := Fit(repeatCounts(200, .9, 0, false), opt).redundant(opt); len(f) != 0 {
		t.Errorf("%+v", f)
	}
}

// Of scenarios whose second channel adds exactly the margin, about one in twenty may be called redundant.
func TestChannelRedundantBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	wrong := 0
	const worlds = 400
	for range worlds {
		c := &Counts{From: 1000, To: 1091, End: 1098, Sample: 100, Within: 86400}
		for b := range 100 {
			x := RepeatRow{Scenario: "s", Channel: "push", First: "email", Bucket: b, Messages: 60, Customers: 60}
			for range 60 {
				if rng.Float64() < clickMargin {
					x.ClickedOnly++
				}
			}
			c.Repeats = append(c.Repeats, x, RepeatRow{Scenario: "s", Channel: "push", Bucket: b, Messages: 60, Customers: 60, Clicked: 1})
		}
		if Fit(c, options()).Repeats[0].Verdict == Repeats {
			wrong++
		}
	}
	if wrong > worlds/11 {
		t.Errorf("%d of %d", wrong, worlds)
	}
}
