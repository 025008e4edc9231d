package synth

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestPlantedBlocks derives from the rows what truth.json says of rhythm, baskets, templates, personalization, contacts, deals, feeds and usage.
func TestPlantedBlocks(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Customers, cfg.MessagesPerCustomer, cfg.EventsPerCustomer = 9000, 60, 10
	cfg, err := cfg.normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	var f facts
	count := map[string][2]float64{} // hits, n
	add := func(name string, hit bool) {
		x := count[name]
		x[1]++
		if hit {
			x[0]++
		}
		count[name] = x
	}
	both, popular := 0., [2]float64{}
	orders := 0.
	sources := map[string]map[int64]int{}
	stays := map[string][]float64{} // days in a stage that ended, by owner
	owners := map[string]bool{}
	var phones, mails []string
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		f.add(&c.facts)
		interest := map[int]string{}
		for i, r := range c.Customers {
			interest[i] = r.Interest
			owners[r.Owner] = true
			if strings.HasPrefix(r.Phone, "+7") {
				phones = append(phones, r.Phone)
			}
			if r.Email != "" {
				mails = append(mails, r.Email)
			}
			if r.Birthday*day > w.end {
				add("future birthdays", true)
			}
			add("gender empty", r.Gender == "")
		}
		baskets := map[[2]int]map[string]bool{}
		lastTeapot := map[int]int64{}
		for _, r := range c.OrderItems {
			if r.Customer == "" {
				add("orphan lines", true)
				continue
			}
			if r.Quantity < 0 {
				add("returns", true)
				continue
			}
			key := [2]int{r.index, r.Order}
			if baskets[key] == nil {
				baskets[key] = map[string]bool{}
				orders++
			}
			baskets[key][r.Product] = true
		}
		for _, b := range baskets {
			if b["p41"] {
				popular[0]++
			}
			if b["p42"] {
				popular[1]++
			}
			if b["p41"] && b["p42"] {
				both++
			}
			if b["p01"] {
				add("p02 with p01", b["p02"])
			} else {
				add("p02 without p01", b["p02"])
			}
		}
		for _, e := range c.Events {
			if e.Name != "order" || e.Value < 0 {
				if sources[e.Source] == nil {
					sources[e.Source] = map[int64]int{}
				}
				sources[e.Source][(e.Occurred+zoneOffset)/day]++
				add("late "+e.Source+" "+map[bool]string{true: "after", false: "before"}[e.Occurred >= w.slowFrom], e.Received-e.Occurred > 3600 && e.Seq < doubleEvents)
				continue
			}
			k := int((e.Occurred - w.start) / week)
			what := "others"
			if interest[e.index%chunkSize] == categories[driftClass] {
				what = "tea"
			}
			if k >= burnIn {
				add("orders of "+what, k >= w.weeks-26)
			}
			b := baskets[[2]int{e.index, e.Order}]
			if at := lastTeapot[e.index]; at > 0 && e.Occurred-at <= sequenceDays*day {
				add("tea after the teapot", b["p07"])
			}
			delete(lastTeapot, e.index)
			if b["p33"] {
				lastTeapot[e.index] = e.Occurred
			}
		}
		for _, m := range c.Messages {
			if m.Sent == 0 || m.Delivered == 0 && m.Bounced == 0 {
				if m.Sent > 0 && m.Channel == "sms" {
					add("sms without status", true)
				}
				continue
			}
			add(m.Channel+" without status", false)
			opened := m.Opened > 0 && !m.MachineOpen
			k := int((m.Sent - w.start) / week)
			part := map[bool]string{true: "late", false: "early"}[k >= burnIn+cfg.Weeks/2]
			if k >= burnIn && opened && (m.Template == wornTemplate || m.Template == "t-welcome-1") {
				add("clicks of "+m.Template+" "+part, m.Clicked > 0 && !m.BotClick)
			}
			if opened && (m.Scenario == "promo_digest" || m.Scenario == "tea_stories" || m.Scenario == "picks") {
				add("clicks of "+m.Scenario+" "+m.Personalization, m.Clicked > 0 && !m.BotClick)
			}
		}
		last := map[string]Deal{}
		for _, d := range c.Deals {
			if p, ok := last[d.ID]; ok {
				stays[p.Owner] = append(stays[p.Owner], float64(d.Entered-p.Entered)/float64(day))
			}
			last[d.ID] = d
			if d.Outcome == "lost" {
				add("lost without a reason", d.LossReason == "")
			}
			if d.Outcome == "open" {
				add("no next step", d.NextStep == 0)
			}
		}
		for _, x := range c.Tasks {
			add("tasks overdue", x.Done > x.Due || x.Done == 0 && x.Due < w.end)
		}
		for _, x := range c.Clicks {
			add("orphan clicks", x.Scenario == orphanScenario)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	truth := w.truth(&f, nil)
	share := func(name string) float64 { return count[name][0] / count[name][1] }
	odds := func(a, b string) (x, se float64) {
		p, q := share(a), share(b)
		return logit(p) - logit(q), math.Sqrt(1/(count[a][1]*p*(1-p)) + 1/(count[b][1]*q*(1-q)))
	}
	// Pauses: of the orders of those who prefer tea fewer lie in the last third.
	if a, b := share("orders of tea"), share("orders of others"); a > .8*b {
		t.Errorf("last third of the orders: %.3f of those who prefer tea, %.3f of the others", a, b)
	}
	near(t, "second product of a pair", share("p02 with p01"), .4+.6*share("p02 without p01"), math.Sqrt(.24/count["p02 with p01"][1]))
	near(t, "second product of the sequence", share("tea after the teapot"), .35+.65*.03, math.Sqrt(.23/count["tea after the teapot"][1]))
	if lift := both * orders / popular[0] / popular[1]; lift < 1.15 {
		t.Errorf("plain lift of the popular products %.2f: %v of %v", lift, both, popular)
	}
	near(t, "returned lines", count["returns"][1], float64(truth.Baskets.Returns), .01)
	near(t, "orphan lines", count["orphan lines"][1], float64(truth.Baskets.OrphanLines), .01)
	// Templates.
	x, se := odds("clicks of "+wornTemplate+" late", "clicks of "+wornTemplate+" early")
	near(t, "clicks of the worn letter", x, -2./2, se+.1)
	x, se = odds("clicks of t-welcome-1 late", "clicks of t-welcome-1 early")
	near(t, "clicks of the letter beside it", x, 0, se+.05)
	for _, tmpl := range w.templates {
		age := (w.end - tmpl.Updated) / day
		if stale := slices.Contains(truth.Content.Stale, tmpl.ID); stale != (age > 540) || !stale && age > 160 {
			t.Errorf("%s is %d days old, stale by plan: %v", tmpl.ID, age, stale)
		}
	}
	if c := truth.Content; len(c.Stale) != 5 || len(c.Identical) != 2 || len(c.Reused) != 1 || len(c.WearOut) != 1 || len(c.ChannelOnly) < 5 || len(c.ScenarioDecline) != 6 {
		t.Errorf("planted among the templates: %+v", c)
	}
	// Levels.
	x, se = odds("clicks of promo_digest basic", "clicks of promo_digest none")
	near(t, "basic digest", x, 0, se)
	x, se = odds("clicks of tea_stories contextual", "clicks of tea_stories none")
	near(t, "contextual stories", x, .5, se)
	near(t, "behavioural picks", share("clicks of picks behavioural")-share("clicks of picks none"), behaviouralUp, math.Sqrt(.13/count["clicks of picks behavioural"][1]*2))
	// Contacts: every number and address of its own, but for what is planted.
	slices.Sort(phones)
	if twice := len(phones) - len(slices.Compact(phones)); twice == 0 || twice > cfg.Customers/20 {
		t.Errorf("%d phones are there twice", twice)
	}
	slices.Sort(mails)
	if same := len(mails) - len(slices.Compact(mails)); same == 0 || same > cfg.Customers/30 {
		t.Errorf("%d addresses are there twice", same)
	}
	for _, m := range mails {
		if _, domain, ok := strings.Cut(m, "@"); ok && domain != "" && !strings.Contains(domain, "@") && !strings.HasSuffix(strings.TrimSpace(domain), "example") && !strings.Contains(domain, ".example.") {
			t.Fatalf("%s is not of a reserved domain", m)
		}
	}
	kinds := map[string]int{}
	for _, p := range truth.Health.Pairs {
		kinds[p.Kind]++
	}
	if len(kinds) != 12 {
		t.Errorf("kinds of pairs: %v", kinds)
	}
	near(t, "empty gender", share("gender empty"), float64(truth.Health.NoGender)/float64(cfg.Customers), 1e-9)
	near(t, "birthdays to come", count["future birthdays"][1], float64(truth.Health.FutureBirthdays), .01)
	if h := truth.Health; h.Inactive == 0 || h.Inactive >= h.Known || h.InvalidEmails == 0 || h.EmailBounced == 0 || h.NearMisses < 200 || h.FuzzyDuplicates < 200 {
		t.Errorf("health: %+v", h)
	}
	// Deals.
	near(t, "lost without a reason", share("lost without a reason"), .35, math.Sqrt(.23/count["lost without a reason"][1]))
	near(t, "no next step", share("no next step"), .25, math.Sqrt(.19/count["no next step"][1]))
	near(t, "tasks overdue", count["tasks overdue"][0], float64(truth.Pipeline.TasksOverdue), .01)
	mean := func(list []float64) (sum float64) {
		for _, x := range list {
			sum += x / float64(len(list))
		}
		return sum
	}
	var rest []float64
	for owner, list := range stays {
		if owner != truth.Pipeline.SlowOwner {
			rest = append(rest, list...)
		}
	}
	if ratio := mean(stays[truth.Pipeline.SlowOwner]) / mean(rest); ratio < 2 || ratio > 3.5 {
		t.Errorf("stays at the slow owner are %.2f times those at the others", ratio)
	}
	if len(owners) != len(truth.Usage.Owners) || len(truth.Usage.Idle) != idleOwners || truth.Pipeline.Owners[truth.Usage.Idle[0]] != 0 {
		t.Errorf("owners %v, truth %+v", owners, truth.Usage)
	}
	// Feeds.
	at := func(date string) int64 {
		x, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		return x.Unix() / day
	}
	feeds := truth.Integrations
	for d := at(feeds.Silent[0].From); d < at(feeds.Silent[0].To); d++ {
		if n := sources["app"][d]; n != 0 || sources["app"][d-7] < 10 {
			t.Errorf("%d events of the app on a silent day, %d a week before", n, sources["app"][d-7])
		}
	}
	twice := at(feeds.Twice[0].From)
	if usual := sources["site"][twice-7]; sources["site"][twice] < usual*3/2 || feeds.Twice[0].Rows == 0 {
		t.Errorf("%d events of the site on the double day, %d a week before", sources["site"][twice], usual)
	}
	if share("late pbx after") != 1 || share("late pbx before") != 0 || share("late site after") != 0 {
		t.Errorf("late: %v %v %v", count["late pbx after"], count["late pbx before"], count["late site after"])
	}
	near(t, "SMS without status", share("sms without status"), .3*.97, .02)
	if n := feeds.NoStatus[0]; float64(n.Without) != count["sms without status"][0] {
		t.Errorf("%d SMS without status, truth.json says %+v", int(count["sms without status"][0]), n)
	}
	if x := count["orphan clicks"]; int64(x[0]) != feeds.OrphanClicks || x[0] < 50 || x[0] == x[1] {
		t.Errorf("orphan clicks %v, truth %d", x, feeds.OrphanClicks)
	}
}

// TestNullBlocks: where nothing is wrong nothing of it is planted for the blocks either.
func TestNullBlocks(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Customers, cfg.Plant = 3000, NullPlant()
	cfg, err := cfg.normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	var f facts
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		f.add(&c.facts)
		if len(c.Clicks) > 0 {
			t.Fatal("clicks of a tracker")
		}
		for _, r := range c.OrderItems {
			if r.Quantity <= 0 || r.Category == "" || r.Customer == "" {
				t.Fatalf("line %+v", r)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	truth := w.truth(&f, nil)
	c, h, p := truth.Content, truth.Health, truth.Pipeline
	if len(truth.Rhythm.Drifts)+len(truth.Baskets.Pairs)+len(truth.Baskets.Sequences)+len(truth.Baskets.PlainOnly)+len(truth.Personalization)+len(truth.Usage.Idle) != 0 ||
		len(c.Stale)+len(c.Identical)+len(c.Reused)+len(c.WearOut)+len(c.ChannelOnly)+len(c.ScenarioDecline) != 0 {
		t.Errorf("planted in the null world: %+v %+v %+v %+v", truth.Rhythm, truth.Baskets, c, truth.Usage)
	}
	if h.FuzzyDuplicates+h.NearMisses+h.Fillers+h.InvalidEmails+h.FutureBirthdays != 0 || len(h.Pairs) != 0 {
		t.Errorf("contacts of the null world: %+v", h)
	}
	if p.Deals < 200 || p.Stuck+p.LossEmpty+p.NoNextStep != 0 || p.TasksOverdue > p.Tasks/200 || len(p.Owners) != calmOwners {
		t.Errorf("deals of the null world: %+v", p)
	}
	i := truth.Integrations
	if len(i.Silent)+len(i.Twice)+len(i.Latency)+len(i.NoStatus) != 0 || i.OrphanClicks+i.OrphanLines != 0 {
		t.Errorf("feeds of the null world: %+v", i)
	}
}
