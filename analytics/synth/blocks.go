package synth

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What is planted for rhythm, baskets, templates, personalization, deals, feeds and usage. Everything here acts from usual on (world.blocks), the deals aside.

const (
	driftClass   = 0 // customers who prefer tea: segment interest_tea
	driftSegment = "interest_tea"
	driftFrom    = .2 // of the audited period: until then pauses are as they were, after driftTo as they stay
	driftTo      = .6

	sequenceFirst, sequenceThen, sequenceDays = 32, 6, 90 // a teapot, then the tea for it
	popularA, popularB                        = 40, 41
	popularShareA, popularShareB              = .05, .04 // of the places in a basket

	wornTemplate  = "t-birthday"
	digestLevel   = "basic"      // half of the issues of promo_digest; gains nothing
	storiesLevel  = "contextual" // half of the issues of tea_stories; gains Plant.Personal
	behaviouralUp = .08          // share of clicks after an open that a behavioural letter adds

	silentAt, silentDays = .35, 3
	twiceAt              = .55
	slowAt               = .7
	orphanScenario       = "landing_old" // of clicks that belong to no send; no audit.yaml knows it
)

// staleTemplates were last changed before the audited period, and are sent to this day.
var staleTemplates = []string{"t-birthday", "t-review", "t-atrisk-2", "t-oldreminder-1", "t-flash-2"}

// blockFacts are the true counts behind the truth of the blocks.
type blockFacts struct {
	NearMisses, InvalidEmails, NoPhone, NoEmail, NoGender, FutureBirthdays int64
	Inactive, Known, EmailSent, EmailBounced                               int64
	BigBaskets, Returns, Returned, OrphanLines, OrphanClicks               int64
	SilentRows, TwiceRows, LateRows                                        int64
	SMSSent, SMSWithout                                                    int64
	LossEmpty, StageRows, NoNextStep, Tasks, TasksOverdue                  int64
	OwnerDeals                                                             [len(owners)]int64
	Pairs                                                                  []ContactPair
}

func (f *blockFacts) add(o *blockFacts) {
	for _, p := range [][2]*int64{
		{&f.NearMisses, &o.NearMisses}, {&f.InvalidEmails, &o.InvalidEmails}, {&f.NoPhone, &o.NoPhone}, {&f.NoEmail, &o.NoEmail}, {&f.NoGender, &o.NoGender}, {&f.FutureBirthdays, &o.FutureBirthdays},
		{&f.Inactive, &o.Inactive}, {&f.Known, &o.Known}, {&f.EmailSent, &o.EmailSent}, {&f.EmailBounced, &o.EmailBounced},
		{&f.BigBaskets, &o.BigBaskets}, {&f.Returns, &o.Returns}, {&f.Returned, &o.Returned}, {&f.OrphanLines, &o.OrphanLines}, {&f.OrphanClicks, &o.OrphanClicks},
		{&f.SilentRows, &o.SilentRows}, {&f.TwiceRows, &o.TwiceRows}, {&f.LateRows, &o.LateRows}, {&f.SMSSent, &o.SMSSent}, {&f.SMSWithout, &o.SMSWithout},
		{&f.LossEmpty, &o.LossEmpty}, {&f.StageRows, &o.StageRows}, {&f.NoNextStep, &o.NoNextStep}, {&f.Tasks, &o.Tasks}, {&f.TasksOverdue, &o.TasksOverdue},
	} {
		*p[0] += *p[1]
	}
	for i, n := range o.OwnerDeals {
		f.OwnerDeals[i] += n
	}
	f.Pairs = append(f.Pairs, o.Pairs...)
}

// doubled tells whether the customer behind an even one is another record of the same person. Never depends on anything but seed and plant.
func (w *world) doubled(index int) bool {
	x := w.cfg.Plant.FuzzyDuplicates
	return x > 0 && index%2 == 0 && index+1 < w.cfg.Customers && w.lot(index, 9) < 2*x
}

// setBlocks lays the plants of the blocks into the weeks.
func (w *world) setBlocks() {
	if !w.blocks {
		return
	}
	p := &w.cfg.Plant
	if p.RhythmDrift != 1 {
		for k := range w.weeks {
			part := ((float64(k-burnIn)+.5)/float64(w.cfg.Weeks) - driftFrom) / (driftTo - driftFrom)
			w.pauses = append(w.pauses, math.Pow(p.RhythmDrift, math.Min(1, math.Max(0, part))))
		}
	}
	w.feeds = p.Feeds
	monday := func(part float64) int64 { return w.start + int64(w.weekAt(part))*week }
	w.gone[0] = monday(silentAt) + day // Tuesday to Thursday
	w.gone[1] = w.gone[0] + silentDays*day
	w.twice[0] = monday(twiceAt) + 2*day
	w.twice[1] = w.twice[0] + day
	w.slowFrom = monday(slowAt)
}

// popular puts the two popular products into places of the basket.
func (s *sim) popular(picked []int) []int {
	for i := range picked {
		p := -1
		switch u := s.rng.Float64(); {
		case u < popularShareA:
			p = popularA
		case u < popularShareA+popularShareB:
			p = popularB
		}
		if p >= 0 && !slices.Contains(picked, p) {
			picked[i] = p
		}
	}
	return picked
}

// sequel puts the second product of the sequence into the order that follows one with the first.
func (s *sim) sequel(picked []int, at int64) []int {
	u := s.rng.Float64()
	if s.sequenceAt > 0 && at-s.sequenceAt <= sequenceDays*day && u < s.w.cfg.Plant.Sequence && !slices.Contains(picked, sequenceThen) {
		picked = append(picked, sequenceThen)
	}
	s.sequenceAt = 0
	if slices.Contains(picked, sequenceFirst) {
		s.sequenceAt = at
	}
	return picked
}

// afterOrder sends back one line of some orders of several, and loses the customer and the order of a few lines.
// first is the place of the order's first line. It runs last: enter has seeded the stream.
func (s *sim) afterOrder(first int, at int64) {
	p, f := &s.w.cfg.Plant, &s.chunk.facts
	s.rng.seed(s.w.cfg.Seed, s.index, purposeBasket, int64(orphanOrders+s.orders))
	items := s.chunk.OrderItems[first:]
	u, v, days := s.rng.Float64(), s.rng.Float64(), int64(1+s.rng.IntN(10))
	last := items[len(items)-1]
	if back := at + days*day; u < p.Returns && len(items) > 1 && back < s.w.end {
		value := last.Quantity * last.Price
		last.Occurred, last.Quantity = back, -last.Quantity
		s.chunk.OrderItems = append(s.chunk.OrderItems, last)
		s.event("order", back, s.orders, -value, -1)
		s.revenue -= value
		f.Revenue -= value
		if back >= s.w.start+burnIn*week {
			f.RevenueAudited -= value
		}
		f.Returns++
		f.Returned += value
	}
	if v < p.Orphans {
		lost := items[0]
		lost.Customer, lost.Order = "", orphanOrders+s.orders
		s.chunk.OrderItems = append(s.chunk.OrderItems, lost)
		f.OrphanLines++
	}
}

// orphanOrders begins the running numbers of orders that nobody has placed; doubleEvents those of events that came twice.
const (
	orphanOrders = 5_000_000
	doubleEvents = 50_000_000
)

// level is the personalization of a bulk message: a lot of the customer and the week, where two levels are compared.
func (s *sim) level(scenario, k int) string {
	level := ""
	switch scenario {
	case scDigest:
		level = digestLevel
	case scStories:
		level = storiesLevel
	default:
		return "none"
	}
	if s.w.lot(s.index, uint64(2000+k*2+scenario%2)) < .5 {
		return level
	}
	return "none"
}

// status loses the delivery status of some SMS.
func (s *sim) status(channel int, m *Message) {
	if channel != chSMS {
		return
	}
	f := &s.chunk.facts
	f.SMSSent++
	if m.Clicked == 0 && s.w.lot(s.index, uint64(4_000_000+m.Seq)) < s.w.cfg.Plant.NoStatus {
		m.Delivered, m.Opened, m.Opens = 0, 0, 0
		f.SMSWithout++
	}
}

// feed lets an event pass through the faulty feeds; true: it is lost.
func (s *sim) feed(e *Event) bool {
	w, f := s.w, &s.chunk.facts
	switch {
	case e.Source == "app" && e.Occurred >= w.gone[0] && e.Occurred < w.gone[1]:
		if e.Name == "order" { // orders are not lost: the shop reports them
			e.Source = "site"
			return false
		}
		f.SilentRows++
		return true
	case e.Source == "pbx" && e.Occurred >= w.slowFrom:
		e.Received = e.Occurred + 6*3600 + int64(s.events*977+s.index*7_919)%(6*3600)
		f.LateRows++
	case e.Source == "site" && e.Occurred >= w.twice[0] && e.Occurred < w.twice[1] && (e.Name == "session" || e.Name == "product_view" || e.Name == "cart_abandoned"):
		again := *e
		again.Seq += doubleEvents
		again.Received += 6 * 3600
		s.chunk.Events = append(s.chunk.Events, again)
		f.TwiceRows++
	}
	return false
}

// trackClick reports a click in a messenger once more, from the tracker's own feed; it is the same fact.
func (s *sim) trackClick(m *Message) {
	s.chunk.Clicks = append(s.chunk.Clicks, MessageEvent{Customer: m.Customer, index: s.index, Seq: m.Seq, Channel: m.Channel, Scenario: m.Scenario, Occurred: m.Clicked})
}

// orphanClick is a click on a link that no message of the export holds.
func (s *sim) orphanClick() {
	w := s.w
	if !w.blocks || w.lot(s.index, 11) >= w.cfg.Plant.Orphans {
		return
	}
	from := max(s.latent.registered, w.start+burnIn*week)
	at := from + int64(w.lot(s.index, 12)*float64(w.end-from))
	s.chunk.Clicks = append(s.chunk.Clicks, MessageEvent{Customer: s.id, index: s.index, Seq: dirtSequence, Channel: "email", Scenario: orphanScenario, Occurred: at})
	s.chunk.facts.OrphanClicks++
	s.lastSeen = max(s.lastSeen, at)
}

// dealOwner draws an owner: from usual on the second one has many deals, the sixth and the seventh hardly any, the last two none.
func (s *sim) dealOwner() int {
	u := s.rng.Float64()
	if !s.w.blocks {
		return int(u * calmOwners)
	}
	switch {
	case u < .36:
		return slowOwner
	case u < .38:
		return calmOwners
	case u < .40:
		return calmOwners + 1
	}
	return [4]int{0, 2, 3, 4}[int((u-.4)/.6*4)]
}

const slowOwner = 1

// deals gives a few customers wholesale deals that move through stages of their own.
func (s *sim) deals() {
	w := s.w
	share := dealShare
	if w.level != levelBasic {
		share = dealShareTold
	}
	s.rng.seed(w.cfg.Seed, s.index, purposeDeals, 0)
	if s.rng.Float64() >= share || s.latent.duplicate {
		return
	}
	p, f := &w.cfg.Plant, &s.chunk.facts
	span := w.end - s.latent.registered
	at := s.latent.registered + int64(s.rng.Float64()*float64(span))
	deal := string(pad([]byte("d"), s.index, 7))
	who := s.dealOwner()
	slow := 1.
	if w.blocks && who == slowOwner {
		slow = p.SlowOwner
	}
	// A task is due after three days; its time to be done is exponential.
	undone := .3
	if p.TasksOverdue > 0 {
		undone = -3 / math.Log(p.TasksOverdue)
	}
	row := Deal{ID: deal, Customer: s.id, Owner: owners[who], Amount: int64(20+s.rng.IntN(400)) * 100_000, Outcome: "open"}
	f.Deals++
	f.OwnerDeals[who]++
	stages := []string{"new", "qualified", stuckStage, "won"}
	for i, stage := range stages {
		if at >= w.end {
			return
		}
		row.Stage, row.Entered, row.NextStep = stage, at, at+int64(2+s.rng.IntN(10))*day
		lost := (i > 0 || w.level == levelNone) && i < 3 && s.rng.Float64() < .25 // where nothing is planted no stage loses more than another
		if w.level == levelNone {
			row.NextStep += 60 * day // nor is a date of a next step ever behind
		}
		stuck := stage == stuckStage && s.rng.Float64() < p.DealsStuck
		if u := s.rng.Float64(); w.blocks && u < p.NoNextStep {
			row.NextStep = 0
		}
		if stage == "won" {
			row.Outcome, row.NextStep = "won", 0
			f.DealsWon++
		} else {
			f.StageRows++
			if row.NextStep == 0 {
				f.NoNextStep++
			}
		}
		s.chunk.Deals = append(s.chunk.Deals, row)
		if wait := int64(s.rng.ExpFloat64() * undone * slow * day); i < 3 && at+600 < w.end {
			t := Task{ID: deal + "-" + strconv.Itoa(i+1), Deal: deal, Customer: s.id, Owner: row.Owner, Created: at + 600, Due: at + 3*day, Done: at + 600 + wait}
			if stuck || t.Done >= w.end {
				t.Done = 0
			}
			f.Tasks++
			if t.Done > t.Due || t.Done == 0 && t.Due < w.end {
				f.TasksOverdue++
			}
			s.chunk.Tasks = append(s.chunk.Tasks, t)
		}
		if stuck {
			if w.end-at > 30*day {
				f.DealsStuck++
			}
			return
		}
		at += int64(s.rng.ExpFloat64()*9*slow*day) + 3600
		if lost {
			if at < w.end {
				row.Stage, row.Entered, row.Outcome, row.NextStep = "lost", at, "lost", 0
				row.LossReason = [3]string{"дорого", "выбрали другого", "нет бюджета"}[s.rng.IntN(3)]
				if s.rng.Float64() < p.NoLossReason {
					row.LossReason = ""
					f.LossEmpty++
				}
				s.chunk.Deals = append(s.chunk.Deals, row)
				f.DealsLost++
			}
			return
		}
	}
}

const (
	dealShare     = .05 // of the customers have a deal
	dealShareTold = .12 // where deals are looked into
	stuckStage    = "proposal"
)

// age of a template at the end of the data, in seconds.
func (w *world) templateAge(id string) int64 {
	h := fnv.New64a()
	h.Write([]byte(id)) // never fails
	u := unit(mix(h.Sum64() ^ w.cfg.Seed))
	if w.blocks && slices.Contains(staleTemplates, id) {
		return (560 + int64(u*150)) * day
	}
	return (20 + int64(u*130)) * day
}

// textHash is the content_hash of a template: texts that are the same have the same.
func textHash(text string) string {
	h := fnv.New64a()
	h.Write([]byte(text)) // never fails
	return fmt.Sprintf("%016x", h.Sum64())
}

// contentTruth says what is planted among the templates.
func (w *world) contentTruth() ContentTruth {
	t := ContentTruth{Stale: []string{}, Identical: [][]string{}, Reused: []ReusedTruth{}, WearOut: []WearTruth{}, ChannelOnly: []WearTruth{}, ScenarioDecline: []WearTruth{}}
	same := map[string][]string{}
	users := map[string][]int{}
	channel := map[string]string{}
	for i, s := range w.scenarios {
		for _, step := range s.Steps {
			if w.present[i] && step.Template != "" {
				users[step.Template] = append(users[step.Template], i)
				channel[step.Template] = step.Channel
			}
		}
	}
	p := &w.cfg.Plant
	for _, x := range w.templates {
		if w.blocks && slices.Contains(staleTemplates, x.ID) {
			t.Stale = append(t.Stale, x.ID)
		}
		same[x.Hash] = append(same[x.Hash], x.ID)
		if list := users[x.ID]; len(list) > 1 {
			r := ReusedTruth{Template: x.ID}
			for _, i := range list {
				r.Scenarios = append(r.Scenarios, w.scenarios[i].ID)
				r.Roles = append(r.Roles, w.scenarios[i].Role)
			}
			t.Reused = append(t.Reused, r)
		}
		news := strings.HasPrefix(x.ID, "t-appnews-")
		if w.blocks && p.Series.Shift != 0 && (channel[x.ID] == "push" || news) {
			scenario := "app_news"
			if !news {
				scenario = w.scenarios[users[x.ID][0]].ID
			}
			t.ChannelOnly = append(t.ChannelOnly, WearTruth{x.ID, scenario, "push", "opened", p.Series.Shift})
		}
		if w.blocks && p.Series.Decline != 0 && strings.HasPrefix(x.ID, "t-digest-") {
			t.ScenarioDecline = append(t.ScenarioDecline, WearTruth{x.ID, "promo_digest", "email", "clicked", -p.Series.Decline})
		}
		if w.level >= levelExtra && p.Series.Decline != 0 && x.ID == "t-recommend-1" {
			t.ScenarioDecline = append(t.ScenarioDecline, WearTruth{x.ID, "recommendations", "email", "clicked", -2 * p.Series.Decline})
		}
	}
	for _, h := range sortedKeys(same) {
		if len(same[h]) > 1 {
			t.Identical = append(t.Identical, same[h])
		}
	}
	slices.SortFunc(t.Identical, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	if w.blocks && p.WearOut != 0 {
		t.WearOut = append(t.WearOut, WearTruth{wornTemplate, "birthday", "email", "clicked", -p.WearOut})
	}
	return t
}

// blockTruth fills what is planted for the blocks.
func (w *world) blockTruth(t *Truth, f *facts) {
	p := &w.cfg.Plant
	date := func(sec int64) string { return time.Unix(sec+zoneOffset, 0).UTC().Format(time.DateOnly) }
	pair := func(a, b int, chance float64, days int) ProductPair {
		return ProductPair{w.products[a].id, w.products[b].id, chance, days}
	}
	t.Rhythm = RhythmTruth{Drifts: []DriftTruth{}, Classes: []string{"irregular", "regular", "payday"}}
	t.Baskets = BasketTruth{Pairs: []ProductPair{}, Sequences: []ProductPair{}, PlainOnly: []ProductPair{}, NoCategory: []string{}, BigBaskets: f.BigBaskets, Returns: f.Returns,
		Returned: float64(f.Returned) / 100, OrphanLines: f.OrphanLines}
	t.Personalization = []PersonalizationTruth{}
	t.Integrations = IntegrationTruth{Silent: []FeedTruth{}, Twice: []FeedTruth{}, Latency: []FeedTruth{}, NoStatus: []NoStatusTruth{}, OrphanClicks: f.OrphanClicks, OrphanLines: f.OrphanLines}
	t.Usage = UsageTruth{Owners: owners[:calmOwners], Idle: []string{}}
	t.Content = w.contentTruth()
	if p.Affinity > 0 {
		for _, x := range affinityPairs {
			t.Baskets.Pairs = append(t.Baskets.Pairs, pair(x[0], x[1], p.Affinity, 0))
		}
	}
	stuck := ""
	if p.DealsStuck > 0 {
		stuck = stuckStage
	}
	t.Pipeline = PipelineTruth{Deals: f.Deals, Won: f.DealsWon, Lost: f.DealsLost, Stuck: f.DealsStuck, StuckStage: stuck, StuckShare: p.DealsStuck, LossEmpty: f.LossEmpty, StageRows: f.StageRows, NoNextStep: f.NoNextStep,
		Tasks: f.Tasks, TasksOverdue: f.TasksOverdue, Owners: map[string]int64{}}
	for i, n := range f.OwnerDeals {
		if n > 0 {
			t.Pipeline.Owners[owners[i]] = n
		}
	}
	t.Health = HealthTruth{FuzzyDuplicates: f.FuzzyDuplicates, Fillers: f.Fillers, HostileNames: f.HostileNames, Aliases: t.Totals["identities"].Rows, NearMisses: f.NearMisses, NoPhone: f.NoPhone, NoEmail: f.NoEmail,
		InvalidEmails: f.InvalidEmails, NoGender: f.NoGender, FutureBirthdays: f.FutureBirthdays, Inactive: f.Inactive, Known: f.Known, EmailSent: f.EmailSent, EmailBounced: f.EmailBounced, Pairs: f.Pairs}
	if t.Health.Pairs == nil {
		t.Health.Pairs = []ContactPair{}
	}
	if !w.blocks {
		return
	}
	if p.RhythmDrift != 1 {
		t.Rhythm.Drifts = append(t.Rhythm.Drifts, DriftTruth{driftSegment, categories[driftClass], p.RhythmDrift})
	}
	if p.Sequence > 0 {
		t.Baskets.Sequences = append(t.Baskets.Sequences, pair(sequenceFirst, sequenceThen, p.Sequence, sequenceDays))
	}
	t.Baskets.NoCategory = append(t.Baskets.NoCategory, w.products[popularB].id)
	if p.BigBaskets > 0 {
		t.Baskets.PlainOnly = append(t.Baskets.PlainOnly, pair(popularA, popularB, 0, 0))
	}
	levels := func(scenario, level string, gain float64, unit, experiment string) {
		t.Personalization = append(t.Personalization, PersonalizationTruth{scenario, "email", level, "none", "clicked", gain, unit, experiment})
	}
	levels("promo_digest", digestLevel, 0, "log_odds", "")
	levels("tea_stories", storiesLevel, p.Personal, "log_odds", "")
	levels("picks", "behavioural", behaviouralUp, "share", "picks")
	if p.SlowOwner != 1 {
		t.Pipeline.SlowOwner, t.Pipeline.SlowFactor = owners[slowOwner], p.SlowOwner
	}
	if p.Feeds {
		t.Integrations.Silent = append(t.Integrations.Silent, FeedTruth{"app", date(w.gone[0]), date(w.gone[1]), f.SilentRows})
		t.Integrations.Twice = append(t.Integrations.Twice, FeedTruth{"site", date(w.twice[0]), date(w.twice[1]), f.TwiceRows})
		t.Integrations.Latency = append(t.Integrations.Latency, FeedTruth{"pbx", date(w.slowFrom), "", f.LateRows})
	}
	if p.NoStatus > 0 {
		t.Integrations.NoStatus = append(t.Integrations.NoStatus, NoStatusTruth{"sms", f.SMSSent, f.SMSWithout, p.NoStatus})
	}
	t.Usage = UsageTruth{Owners: owners[:], Idle: owners[len(owners)-idleOwners:]}
}
