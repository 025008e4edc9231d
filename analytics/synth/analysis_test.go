package synth

import (
	"context"
	"math"
	"slices"
	"testing"
)

// perCustomer generates a world and hands over each customer's index, registration and orders of the last 28 days.
func perCustomer(t *testing.T, cfg Config, f func(index int, registered int64, recent int)) *world {
	t.Helper()
	cfg, err := cfg.normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	s := newSim(w)
	c := &Chunk{}
	s.chunk = c
	for i := range cfg.Customers {
		c.reset()
		s.customer(i)
		f(i, s.latent.registered, between(s.orderLog, w.end-28*day, w.end))
	}
	return w
}

// TestSegmentGaps holds the calibration of orderRateGap on the same customers with and without the factor, and the equality of the other half.
func TestSegmentGaps(t *testing.T) {
	const n = 16_000
	cfg := DefaultConfig()
	cfg.Customers, cfg.MessagesPerCustomer, cfg.EventsPerCustomer = n, 60, 10
	cfg.Plant.RhythmDrift = 1
	ordered := func(gaps map[string]float64) []float64 {
		cfg.Plant.SegmentGaps = gaps
		out := make([]float64, n)
		w := perCustomer(t, cfg, func(i int, registered int64, recent int) { out[i] = float64(min(recent, 1)) })
		for i := range out {
			if !w.second(1, i) && !w.second(2, i) {
				out[i] = -1 - out[i] // of no interest below, but must not change
			}
		}
		return out
	}
	plain, factored := ordered(nil), ordered(map[string]float64{"wave_2": 1.2145, "card_no": .617})
	cfg, _ = cfg.normalize()
	w := newWorld(cfg)
	for pair, factor := range map[int]float64{1: 1.2145, 2: .617} {
		var d, dd, m float64
		for i := range n {
			if w.second(pair, i) && !w.second(3-pair, i) {
				x := factored[i] - plain[i]
				d, dd, m = d+x, dd+x*x, m+1
			}
		}
		// All registered are counted here, not those known 28 days before the end: .96 of the customers.
		mean := d / m
		t.Logf("factor %v: difference of the shares with an order in 28 days %+.4f, planned %+.4f", factor, mean, orderRateGap(factor))
		if math.Abs(mean-orderRateGap(factor)) > 3*math.Sqrt(dd)/m+.08*math.Abs(orderRateGap(factor)) {
			t.Errorf("factor %v: difference %+.4f, planned %+.4f", factor, mean, orderRateGap(factor))
		}
	}
	for i := range n {
		if plain[i] < 0 && plain[i] != factored[i] {
			t.Fatalf("customer %d of the first halves orders otherwise: %v, %v", i, plain[i], factored[i])
		}
	}
}

// TestPlantedSegments derives from the rows what truth.json says of segments.
func TestPlantedSegments(t *testing.T) {
	cfg, err := extra(3000).normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	members := map[string]map[string]bool{}
	var f facts
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		f.add(&c.facts)
		for _, m := range c.Memberships {
			if m.To == 0 {
				if members[m.Segment] == nil {
					members[m.Segment] = map[string]bool{}
				}
				members[m.Segment][m.Customer] = true
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	truth := w.segmentTruth(&f)
	if len(truth.Equal) != 3 || len(truth.Gaps) != 4 || len(truth.Stale) != 1 || len(truth.Unused) != 1 {
		t.Errorf("planted among the segments: %+v", truth)
	}
	for _, p := range truth.Equal {
		a, b := members[p[0]], members[p[1]]
		near(t, p[0]+" of both", float64(len(a))/float64(len(a)+len(b)), .5, .5/math.Sqrt(float64(len(a)+len(b))))
		for id := range a {
			if b[id] {
				t.Fatalf("%s is in both halves of %v", id, p)
			}
		}
	}
	if s := truth.Stale[0]; int64(len(members[s.Segment])) != s.Members || s.Share < .4 || s.Share > .95 {
		t.Errorf("%d members of the stale segment, truth %+v", len(members[s.Segment]), s)
	}
	if n := len(members["founders"]); n != foundersSize || truth.Tiny[0].Members != foundersSize {
		t.Errorf("%d founders", n)
	}
	if n := len(members["newsletter"]); int64(n) != truth.NearlyAll[0].Members || n < 2860 || n > 2950 {
		t.Errorf("%d of 3000 in the newsletter", n)
	}
	for _, s := range w.segments() {
		if members[s.id] == nil {
			t.Errorf("%s has no member", s.id)
		}
	}
}

// TestPlantedSeries looks for the planted changes in the rows: clicks after an open, opens and bounces of the delivered.
func TestPlantedSeries(t *testing.T) {
	cfg := extra(6000)
	cfg.Plant.Fatigue, cfg.Plant.WearOut = Fatigue{}, 0
	cfg, err := cfg.normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	type rate struct{ hits, n float64 }
	logOdds := func(a, b rate) (x, se float64) {
		p, q := a.hits/a.n, b.hits/b.n
		return logit(p) - logit(q), math.Sqrt(1/(a.n*p*(1-p)) + 1/(b.n*q*(1-q)))
	}
	count := map[string]rate{}
	add := func(name string, hit bool) {
		x := count[name]
		x.n++
		if hit {
			x.hits++
		}
		count[name] = x
	}
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		for _, m := range c.Messages {
			k := int((m.Sent - w.start) / week)
			if m.Sent == 0 || k < burnIn || m.Sent > w.end-3*day {
				continue
			}
			part := "start"
			if k >= w.weeks-15 {
				part = "end"
			} else if k >= burnIn+15 {
				part = "between"
			}
			opened := m.Opened > 0 && !m.MachineOpen
			if opened && (m.Scenario == "promo_digest" || m.Scenario == "recommendations") {
				add("clicks "+m.Scenario+" "+part, m.Clicked > 0 && !m.BotClick)
			}
			if m.Scenario == "tea_stories" && m.Delivered > 0 {
				add("opens of stories "+map[bool]string{true: "spike", false: "else"}[k == w.weekAt(spikeAt)], opened)
				add("clicks of stories "+part, m.Clicked > 0 && !m.BotClick)
			}
			if m.Channel == "email" {
				add("bounces "+map[bool]string{true: "spike", false: "else"}[k == w.weekAt(bounceAt)], m.Bounced > 0)
			}
			if m.Scenario == "app_news" && m.Delivered > 0 {
				add("opens of push "+map[bool]string{true: "after", false: "before"}[k >= w.weekAt(shiftAt)], opened)
			}
			if m.Scenario == "promo_digest" && m.Delivered > 0 {
				add("leaves "+part, m.Unsubscribed > 0)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after, before string
		want, slack   float64 // slack: the first and last 15 weeks are not the ends, customers differ
	}{
		{"clicks promo_digest end", "clicks promo_digest start", -.9 * 63 / 78, .1},
		{"clicks recommendations end", "clicks recommendations start", -1.8 * 63 / 78, .1},
		{"opens of stories spike", "opens of stories else", 1.5, .15},
		{"bounces spike", "bounces else", 2.25, .1},
		{"opens of push after", "opens of push before", -1.2, .15},
		{"leaves end", "leaves start", 1.2 * 63 / 78, .2},
	} {
		x, se := logOdds(count[c.after], count[c.before])
		t.Logf("%s against %s: %+.3f ± %.3f, planted %+.3f", c.after, c.before, x, se, c.want)
		if !(math.Abs(x-c.want) < 3.5*se+c.slack) {
			t.Errorf("%s against %s: %+.3f ± %.3f, planted %+.3f", c.after, c.before, x, se, c.want)
		}
	}
	if x, _ := logOdds(count["clicks of stories end"], count["clicks of stories start"]); x > -.3 {
		t.Errorf("clicks of tea_stories fall by %.2f only: the mix does not move", -x)
	}
}

// TestNullWorld: nothing is sent by night, beyond the caps or after an unsubscribe, nothing is lost on the way but by bounces and opt-outs, and no order depends on it.
func TestNullWorld(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Customers, cfg.Plant, cfg.MessagesPerCustomer = 3000, NullPlant(), 60
	var f facts
	today := map[string]int{}
	most := 0
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		f.add(&c.facts)
		for _, m := range c.Messages {
			if m.Sent > 0 {
				key := m.Customer + string(rune((m.Sent+zoneOffset)/day))
				today[key]++
				most = max(most, today[key])
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if f.QuietHours != 0 || f.SentAfterUnsubscribe != 0 || most > dailyCap || f.CallsLate != 0 || f.CallsMissing != 0 || f.FuzzyDuplicates != 0 || f.Fillers != 0 {
		t.Errorf("in the null world: %d sends by night, %d after an unsubscribe, %d on one day", f.QuietHours, f.SentAfterUnsubscribe, most)
	}
	if f.Sent < 30_000 || f.Unsubscribed == 0 {
		t.Errorf("%d messages, %d unsubscribes", f.Sent, f.Unsubscribed)
	}
	cfg, _ = cfg.normalize()
	w := newWorld(cfg)
	if x := w.segmentTruth(&f); len(x.Equal) != 3 || len(x.Gaps)+len(x.Stale)+len(x.Unused) != 0 || w.seriesTruth() != nil {
		t.Errorf("planted in the null world: %+v, %+v", x, w.seriesTruth())
	}
	for _, e := range w.exper {
		if slices.Contains([]string{"may_offer", "loyalty_push"}, e.ID) != w.present[e.scenario] {
			t.Errorf("experiment %s runs: %v", e.ID, w.present[e.scenario])
		}
	}
}
