package synth

import (
	"math"
	"slices"
	"time"
)

// Channels of the company, in the order of person.consent.
const (
	chEmail = iota
	chPush
	chSMS
	chMessenger
	chCall
	chCount
)

var channelNames = [chCount]string{"email", "push", "sms", "messenger", "call"}

func channelIndex(name string) int { return slices.Index(channelNames[:], name) }

// rhythm classes
const (
	rhythmIrregular = iota
	rhythmRegular
	rhythmPayday
	rhythmCount
)

// latent is what the company cannot see of a customer; the draws do not depend on the plant.
type latent struct {
	buyer      bool
	lambda     float64 // orders per week, Gamma(1.5, .06); 0 for leads that never buy
	engagement float64 // u ~ N(0,1)
	rhythm     int
	class      int // preferred product class
	weekday    int64
	registered int64 // Unix seconds
	bulk       float64
	consent    [chCount]bool
	birthday   int // day of the year, 0..364
	duplicate  bool
}

// neverBuy is the share of registrations that stay leads; buyAtOnce is the share of buyers who register at their first order.
const (
	neverBuy     = .08
	buyAtOnce    = .85
	lambdaScale  = .06
	activityAR   = .6
	activitySD   = .3
	slumpStart   = .04
	slumpWeeks   = 6
	slumpFactor  = .25
	vipRevenue   = 1_500_000
	dormantDays  = 90
	launchShare  = .35 // of the customers who register during the burn-in
	aliasShare   = .01
	callPerWeek  = .004
	dailyCap     = 3 // what the company keeps; the policy in audit.yaml allows one less
	weeklyCap    = 5
	highPressure = 3
)

func (w *world) latent(rng *stream, index int) latent {
	rng.seed(w.cfg.Seed, index, purposeLatent, 0)
	var l latent
	l.buyer = rng.Float64() >= neverBuy
	l.lambda = rng.gamma15(lambdaScale)
	l.engagement = rng.NormFloat64()
	l.rhythm = rng.IntN(rhythmCount)
	l.class = rng.IntN(len(categories))
	l.weekday = int64(rng.IntN(7))
	weeks := int64(0)
	if rng.Float64() < launchShare {
		weeks = int64(rng.IntN(burnIn))
	} else {
		weeks = int64(burnIn + rng.IntN(w.cfg.Weeks))
	}
	l.registered = w.start + weeks*week + int64(rng.IntN(7))*day + clock(rng.Float64())
	l.bulk = []float64{.5, 1, 1.5}[rng.IntN(3)]
	for c, share := range [chCount]float64{.92, .5, .6, .35, 1} {
		l.consent[c] = rng.Float64() < share
	}
	l.birthday = rng.IntN(365)
	// Only odd customers can double the one before them, who then is no double himself.
	l.duplicate = index%2 == 1 && w.doubled(index-1)
	if l.duplicate || !l.buyer {
		l.buyer, l.lambda = false, 0
	}
	return l
}

// clock turns a uniform into a second of the day: 4 % in the night from 0 to 8, the rest between 8 and 24.
func clock(u float64) int64 {
	if u < .04 {
		return int64(u / .04 * 8 * 3600)
	}
	return 8*3600 + int64((u-.04)/.96*(16*3600-1))
}

// happening is one thing of a week before it is worked through in time order.
type happening struct {
	at   int64
	what uint8
	arg  int
}

const (
	hapOrder = iota
	hapSession
	hapView
	hapCart
	hapCall
	hapBulk
	hapOffer
	hapEnter // arg is the scenario
)

type pending struct {
	at        int64
	scenario  int
	step      int
	enrolment int // index in chunk.Enrolments
}

// active is the running enrolment of one scenario.
type active struct {
	until      int64
	enrolment  int // index in chunk.Enrolments, -1 for none
	effectFrom int // weeks [effectFrom, effectTo)
	effectTo   int
}

// sim works through customers one after another. Everything that is not world is reset for each customer.
type sim struct {
	w     *world
	rng   *stream // the stream of the moment: every user seeds it first
	path  *stream // weekly activity and slumps
	chunk *Chunk

	index    int
	latent   latent
	id       string
	alias    [2]string
	consent  [chCount]bool
	left     [chCount]bool // unsubscribed, not merely never consented
	orders   int
	lastDay  int // day of the last order, from w.start
	firstDay int // of the first one
	revenue  int64
	events   int
	messages int
	entries  int
	queue    []pending
	week     []happening
	active   [scCount]active
	bulkAt   []int64 // recent bulk sends
	sentDay  int64
	sentSome int
	capDay   int64 // for overCap
	capWeek  int64
	today    int
	thisWeek int
	locked   int64 // no chain before this second: the dead end
	stage    int   // in force this week; -1 in the first week, where it is that of the week's end
	moscow   bool
	shop     int
	gap      float64 // factor of the order rate by the halves of pairs of segments
	firstIn  []int   // scenarios entered in the first week
	lastOpen int64
	arm      [exCount]int8 // 1 treated, 2 control, 3 the second arm
	orderLog []int64       // times of this customer's orders
	expected float64
	offset   int64 // of the customer's zone from UTC, seconds

	badAddress bool  // no server takes his e-mail
	bigBasket  bool  // buys 8 to 14 products at once
	lastSeen   int64 // his last event, open or click
	sequenceAt int64 // his last order, if it held the first product of the planted sequence; else 0
}

func newSim(w *world) *sim {
	return &sim{w: w, rng: newStream(), path: newStream()}
}

// customer simulates customer index and appends his rows and facts to s.chunk.
func (s *sim) customer(index int) {
	w := s.w
	*s = sim{w: w, rng: s.rng, path: s.path, chunk: s.chunk, queue: s.queue[:0], week: s.week[:0], bulkAt: s.bulkAt[:0], orderLog: s.orderLog[:0], firstIn: s.firstIn[:0], stage: -1}
	s.index = index
	s.latent = w.latent(s.rng, index)
	s.consent = s.latent.consent
	s.lastOpen = s.latent.registered
	s.shop = w.shop(index)
	s.bigBasket = w.blocks && w.lot(index, 10) < w.cfg.Plant.BigBaskets
	s.id = string(pad([]byte("c"), index, 7))
	for i := range s.active {
		s.active[i].enrolment = -1
	}
	f := &s.chunk.facts
	f.Customers++
	if s.latent.buyer {
		f.Buyers++
	}
	s.contact()
	if w.level == levelNone {
		s.consent[chEmail] = true // whom no message reaches is a common cause of all chains, and a loss at their first step
	}

	first := int((s.latent.registered - w.start) / week)
	s.path.seed(w.cfg.Seed, index, purposePath, 0)
	p := path{activity: s.path.NormFloat64()}
	previous := -1
	var members dynamic
	for k := first; k < w.weeks; k++ {
		p.next(s.path, w.cfg.Plant.Slumps)
		from := w.start + int64(k)*week
		s.week = s.week[:0]
		if s.latent.duplicate {
			if k == first {
				s.event("registered", s.latent.registered, 0, 0, -1)
			}
		} else {
			if k == first {
				s.register(k)
			} else {
				s.assign(k, from)
				s.stateTriggers(k, from)
				s.draw(k, from, s.stage)
				s.drawOrders(k, from, s.rate(k, p.activity, p.slump > 0))
			}
			s.drawBehaviour(k, from, p.activity)
			s.drawBulk(k, from)
			s.work(k, from+week)
		}
		stage := stageAt(s.orders, (k+1)*7-s.lastDay)
		for _, sc := range s.firstIn {
			f.Scenarios[sc].Stages[stage]++
		}
		s.firstIn, s.stage = s.firstIn[:0], stage
		if k >= burnIn {
			f.stage(k-burnIn, w.cfg.Weeks)[stage]++
			if previous >= 0 && k > burnIn {
				f.Transitions[previous][stage]++
			}
		}
		if w.cfg.StageHistory && stage != previous {
			s.chunk.Stages = append(s.chunk.Stages, StageEntry{s.id, stageRules()[stage].Name, from + week - 1})
		}
		previous = stage
		s.memberships(&members, stage, (k+1)*7-s.lastDay, from+week)
	}
	s.close(&members)
	s.deals()
	s.orphanClick()
	if s.latent.registered <= w.end-365*day {
		f.Known++
		if s.lastSeen < w.end-365*day {
			f.Inactive++
		}
	}
	if s.bigBasket {
		f.BigBaskets++
	}
	f.Expected += s.expected
	f.secondOrders(s.orderLog, w.end)
}

// path is what changes from week to week whatever the customer does.
type path struct {
	activity float64 // AR(1), stationary N(0,1)
	slump    int     // weeks left
}

// next draws one week; the number of draws never depends on the state.
func (p *path) next(rng *stream, slumps bool) {
	p.activity = activityAR*p.activity + math.Sqrt(1-activityAR*activityAR)*rng.NormFloat64()
	fall := rng.Float64()
	switch {
	case p.slump > 0:
		p.slump--
	case fall < slumpStart && slumps:
		p.slump = slumpWeeks
	}
}

// rate is the order rate of week k: latent rate x activity x slump x season x rhythm x what is planted.
func (s *sim) rate(k int, activity float64, slump bool) float64 {
	p := &s.w.cfg.Plant
	rate := s.latent.lambda * math.Exp(activitySD*activity-activitySD*activitySD/2) * s.w.season[k] * s.gap * s.w.shopRate[s.shop]
	if slump {
		rate *= slumpFactor
	}
	age := k*7 - s.lastDay
	switch s.latent.rhythm {
	case rhythmRegular:
		if s.orders > 0 {
			switch x := float64(age) / 7 * s.latent.lambda; {
			case x < .5:
				rate *= .4
			case x < 1.5:
				rate *= 1.5
			}
		}
	case rhythmPayday:
		rate *= s.w.payday[k]
	}
	if s.w.pauses != nil && s.latent.class == driftClass {
		rate *= s.w.pauses[k]
	}
	if s.orders == 1 {
		rate *= p.SecondOrder
	}
	if s.orders > 0 && age >= atRiskDays {
		rate *= p.Reactivation
	}
	if c := p.Confounding; c != 0 {
		rate *= math.Exp(c*s.latent.engagement - c*c/2)
	}
	for _, i := range s.w.effective {
		if a := &s.active[i]; k >= a.effectFrom && k < a.effectTo {
			rate *= s.w.effects[i]
		}
	}
	for i := range s.arm {
		if x := s.w.exper[i].Week; s.arm[i] == 1 && k >= x && k < x+effectWeeks {
			rate *= s.w.lift[i]
		}
	}
	return rate
}

func (s *sim) register(k int) {
	at := s.latent.registered
	s.event("registered", at, 0, 0, -1)
	s.enter(scWelcome, at, k, k+1)
	s.enter(scAppIntro, at, k, k+1)
	s.rng.seed(s.w.cfg.Seed, s.index, purposeOrders, int64(k))
	if s.latent.buyer && s.rng.Float64() < buyAtOnce {
		s.chunk.facts.AtOnce++
		ordered := at + 60 + int64(s.rng.IntN(3000))
		s.week = append(s.week, happening{min(ordered, s.w.start+int64(k+1)*week-1), hapOrder, 0})
	}
}

func (s *sim) drawOrders(k int, from int64, rate float64) {
	s.expected += rate
	s.rng.seed(s.w.cfg.Seed, s.index, purposeOrders, int64(k))
	n := poisson(s.rng.Float64(), rate)
	for range n {
		d := s.latent.weekday
		if s.rng.Float64() < .5 {
			d = int64(s.rng.IntN(7))
		}
		s.week = append(s.week, happening{from + d*day + clock(s.rng.Float64()), hapOrder, 0})
	}
}

func (s *sim) drawBehaviour(k int, from int64, activity float64) {
	s.rng.seed(s.w.cfg.Seed, s.index, purposeSessions, int64(k))
	mean := s.w.sessions * math.Exp(.4*s.latent.engagement-.08+activitySD*activity-activitySD*activitySD/2)
	n := poisson(s.rng.Float64(), mean)
	call := s.rng.Float64() < callPerWeek
	for range n {
		at := from + int64(s.rng.IntN(7))*day + clock(s.rng.Float64())
		what := hapSession
		if u := s.rng.Float64(); u > .9 {
			what = hapCart
		} else if u > .7 {
			what = hapView
		}
		if at > s.latent.registered+120 {
			s.week = append(s.week, happening{at, uint8(what), 0})
		}
	}
	if call {
		if at := from + int64(s.rng.IntN(7))*day + 9*3600 + int64(s.rng.IntN(10*3600)); at > s.latent.registered {
			s.week = append(s.week, happening{at, hapCall, 0})
		}
	}
}

func (s *sim) drawBulk(k int, from int64) {
	s.rng.seed(s.w.cfg.Seed, s.index, purposeBulk, int64(k))
	for i := range s.w.calendar[k] {
		u := s.rng.Float64()
		at := from + s.w.calendar[k][i].at
		share := s.w.bulkShare * s.latent.bulk
		if s.w.calendar[k][i].scenario == scStories {
			share = storiesShare(s.stage, float64(k-burnIn)/float64(s.w.cfg.Weeks)) * s.w.talk()
		} else if s.w.calendar[k][i].scenario == scAppNews {
			share = newsShare * s.w.talk()
		} else if s.w.cfg.Plant.Fatigue.Suppression && at-s.lastOpen > 60*day {
			share /= 2
		}
		if u < share && at > s.latent.registered+day {
			s.week = append(s.week, happening{at + int64(u*1800), hapBulk, i})
		}
	}
}

// assign draws the arms of the experiments that start in week k.
func (s *sim) assign(k int, from int64) {
	for i, e := range s.w.exper {
		if k != e.Week || !s.w.present[e.scenario] || !s.consent[chEmail] || s.latent.registered > from-4*week {
			continue
		}
		s.rng.seed(s.w.cfg.Seed, s.index, purposeTrigger, int64(i)-2000)
		arm := "control"
		s.arm[i] = 2
		u, cluster := s.rng.Float64(), ""
		if e.Clusters > 0 {
			cluster = string(pad([]byte("shop-"), s.shop+1, 2))
			if u = 0; !s.w.shopArm[s.shop] {
				u = 1
			}
		}
		switch {
		case u < e.Treated:
			arm, s.arm[i] = e.Arm, 1
		case e.Second != "" && u < 2*e.Treated:
			arm, s.arm[i] = e.Second, 3
		}
		if s.arm[i] != 2 {
			for step, def := range s.w.scenarios[e.scenario].Steps {
				s.week = append(s.week, happening{from + def.AfterHours*3600 + int64(s.index%1200), hapOffer, 2*i + step})
			}
		}
		if e.ControlLost > 0 && s.arm[i] == 2 && s.rng.Float64() < e.ControlLost {
			s.arm[i] = 0 // still without messages, and nobody knows why
			continue
		}
		s.chunk.Assignments = append(s.chunk.Assignments, Assignment{e.ID, s.id, arm, from + 9*3600, e.Scenario, cluster})
	}
}

// stateTriggers enrols by the state on Monday morning.
func (s *sim) stateTriggers(k int, from int64) {
	at := from + 10*3600 + int64(s.index%1800)
	if s.orders > 0 {
		age := k*7 - s.lastDay
		switch since := age - 7; { // the age on the Monday before: a threshold is crossed once
		case age >= winbackDays && since < winbackDays:
			s.enter(scWinback, at, k, k)
			if a := &s.active[scWinback]; a.enrolment >= 0 && a.effectFrom == k && s.latent.class == 0 && s.chunk.Enrolments[a.enrolment].Entered == at {
				s.enter(scWinbackTea, at, k, k)
			}
		case age >= silenceDays && since < silenceDays:
			s.enter(scSilence, at, k, k)
		case age >= atRiskDays && since < atRiskDays:
			s.enter(scAtRisk, at, k, k)
		case s.orders > 1 && age < atRiskDays:
			// The mean gap of his orders so far, which every export shows: the latent rate would be a confounder that nobody can measure.
			if gap := float64(s.lastDay-s.firstDay) / float64(s.orders-1); float64(age) >= gap && float64(since) < gap {
				s.enter(scReplenish, at, k, k)
			}
		}
	}
	monday := time.Unix(from+zoneOffset, 0).UTC().YearDay() - 1
	if d := (s.latent.birthday - monday + 365) % 365; d < 7 {
		s.enter(scBirthday, from+int64(d)*day+9*3600+int64(s.index%3600), k, k)
		s.enter(scBirthdayGift, from+int64(d)*day+9*3600+int64(s.index%3600), k, k)
	}
}

// enter offers a place in the scenario: a running enrolment blocks it, the capacity may refuse it.
func (s *sim) enter(sc int, at int64, k, effectFrom int) {
	a := &s.active[sc]
	if at < a.until || at >= s.w.end || at < s.locked || !s.w.present[sc] {
		return
	}
	def := &s.w.scenarios[sc]
	if def.Lock > 0 && len(s.queue) > 0 {
		return // only who is in no chain
	}
	s.rng.seed(s.w.cfg.Seed, s.index, purposeTrigger, at<<8|int64(sc))
	f := &s.chunk.facts.Scenarios[sc]
	f.Triggered++
	capacity := s.capacity(sc, k)
	if c := s.w.cfg.Plant.Confounding; c != 0 {
		capacity = expit(logit(capacity) + c*s.latent.engagement)
	}
	if s.rng.Float64() >= capacity {
		return
	}
	control := s.rng.Float64() < def.Control
	s.entries++
	arm := "treated"
	if control {
		arm = "control"
		f.Control++
	}
	f.Enrolled++
	if s.stage >= 0 {
		f.Stages[s.stage]++
	} else {
		s.firstIn = append(s.firstIn, sc)
	}
	if sc == scSilence && !silenceOpenWeek(k) {
		f.Full++
	}
	a.until = at + int64(def.Window)*day
	a.enrolment = len(s.chunk.Enrolments)
	s.chunk.Enrolments = append(s.chunk.Enrolments, Enrolment{Customer: s.id, index: s.index, Entry: s.entries, Scenario: def.ID, Entered: at, Trigger: def.Trigger, Arm: arm})
	if control {
		s.exit(a.enrolment, a.until, "completed")
		return
	}
	a.effectFrom, a.effectTo = effectFrom, effectFrom+effectWeeks
	last := at
	for i, step := range def.Steps {
		last = s.decent(at + step.AfterHours*3600)
		s.push(pending{last, sc, i, a.enrolment})
	}
	s.exit(a.enrolment, last+day, "completed")
	if def.Lock > 0 {
		s.locked = last + day + int64(def.Lock)*day
	}
}

// decent moves a message of the null world out of the customer's night.
func (s *sim) decent(at int64) int64 {
	if s.w.level != levelNone {
		return at
	}
	switch local := (at + s.offset) % day; {
	case local < 9*3600:
		return at - local + 9*3600
	case local >= 20*3600:
		return at - local + 33*3600
	}
	return at
}

// exit notes how an enrolment ends; what lies beyond the end of the data is not known to the export.
func (s *sim) exit(enrolment int, at int64, reason string) {
	e := &s.chunk.Enrolments[enrolment]
	e.Exited, e.Reason = at, reason
	if at >= s.w.end {
		e.Exited, e.Reason = 0, ""
	}
}

func (s *sim) push(p pending) {
	i := len(s.queue)
	s.queue = append(s.queue, p)
	for ; i > 0 && s.queue[i-1].at > p.at; i-- {
		s.queue[i] = s.queue[i-1]
	}
	s.queue[i] = p
}

// work goes through the week in time order, chain messages that fall due merged in.
func (s *sim) work(k int, to int64) {
	slices.SortStableFunc(s.week, func(a, b happening) int { return int(a.at - b.at) })
	for i := 0; ; {
		switch {
		case len(s.queue) > 0 && s.queue[0].at < to && (i == len(s.week) || s.queue[0].at <= s.week[i].at):
			p := s.queue[0]
			s.queue = slices.Delete(s.queue, 0, 1)
			s.chainMessage(k, p)
		case i < len(s.week):
			h := s.week[i]
			i++
			switch h.what {
			case hapOrder:
				s.order(k, h.at)
			case hapSession:
				s.event("session", h.at, 0, 0, -1)
			case hapView:
				s.event("product_view", h.at, 0, 0, s.index%10+10*s.latent.class)
				s.enter(scPriceDrop, h.at, k, k+1)
			case hapCart:
				s.event("cart_abandoned", h.at, 0, 0, -1)
				s.enter(scCart, h.at, k, k+1)
			case hapCall:
				s.call(h.at)
			case hapBulk:
				s.bulkMessage(k, h.at, h.arg)
			case hapOffer:
				s.offerMessage(k, h.at, h.arg/2, h.arg%2)
			case hapEnter:
				s.enter(h.arg, h.at, k, k+1)
			}
		default:
			return
		}
	}
}

func (s *sim) event(name string, at int64, order int, value int64, product int) {
	s.events++
	e := Event{Customer: s.name(s.events), index: s.index, Seq: s.events, Order: order, Name: name, Occurred: at, Received: at + 1 + int64(s.events*7%50), Value: value, Source: "site"}
	if product >= 0 {
		e.Product, e.Category = s.w.products[product].id, s.w.products[product].category
	}
	if name == "call_missed" || name == "task_created" {
		e.Source = "pbx"
	} else if (s.index+s.events)%3 == 0 {
		e.Source = "app"
	}
	s.lastSeen = max(s.lastSeen, at)
	if s.w.feeds && s.feed(&e) {
		return
	}
	s.chunk.Events = append(s.chunk.Events, e)
}

// name is the id that a row carries: some customers are known under other ids, which identities resolves.
func (s *sim) name(seq int) string {
	switch {
	case s.alias[1] != "" && seq%4 == 3:
		return s.alias[1]
	case s.alias[0] != "" && seq%2 == 1:
		return s.alias[0]
	}
	return s.id
}

func (s *sim) order(k int, at int64) {
	s.orders++
	s.rng.seed(s.w.cfg.Seed, s.index, purposeBasket, int64(s.orders))
	n := 1
	for n < 4 && s.rng.Float64() < .4 {
		n++
	}
	if s.bigBasket {
		n = 8 + s.rng.IntN(7)
	}
	var picked []int
	pick := func(p int) {
		if !slices.Contains(picked, p) {
			picked = append(picked, p)
		}
	}
	for range n {
		class := s.latent.class
		if s.rng.Float64() < .4 || s.bigBasket || s.w.level == levelNone { // where nothing is planted the taste of the customers ties no products
			class = s.rng.IntN(len(categories))
		}
		pick(class*10 + s.rng.IntN(10))
	}
	if s.w.blocks {
		picked = s.popular(picked)
	}
	for _, pair := range affinityPairs {
		if slices.Contains(picked, pair[0]) && s.rng.Float64() < s.w.cfg.Plant.Affinity {
			pick(pair[1])
		}
	}
	if s.w.blocks {
		picked = s.sequel(picked, at)
	}
	value, first := int64(0), len(s.chunk.OrderItems)
	for _, p := range picked {
		quantity := int64(1)
		if s.rng.Float64() < .15 {
			quantity = 2
		}
		item := s.w.products[p]
		value += quantity * item.price
		s.chunk.OrderItems = append(s.chunk.OrderItems, OrderItem{Customer: s.id, index: s.index, Order: s.orders, Product: item.id, Category: item.category, Occurred: at, Quantity: quantity, Price: item.price})
	}
	s.event("order", at, s.orders, value, -1)
	s.revenue += value
	s.lastDay = int((at - s.w.start) / day)
	if s.orders == 1 {
		s.firstDay = s.lastDay
	}
	s.orderLog = append(s.orderLog, at)
	f := &s.chunk.facts
	f.Orders++
	f.Revenue += value
	if k >= burnIn {
		f.OrdersAudited++
		f.RevenueAudited += value
	}
	for i, e := range s.w.exper {
		if s.arm[i] != 0 && k >= e.Week && k < e.Week+effectWeeks {
			f.Experiments[i].count(s.arm[i])
		}
	}
	for i := range s.active {
		if a := &s.active[i]; a.enrolment >= 0 && at < a.until {
			f.Scenarios[i].OrdersInWindow++
			if e := &s.chunk.Enrolments[a.enrolment]; s.w.scenarios[i].GoalExit && e.Reason != "goal" && e.Entered < at && (e.Exited == 0 || e.Exited > at) {
				s.exit(a.enrolment, at, "goal")
				s.queue = slices.DeleteFunc(s.queue, func(p pending) bool { return p.enrolment == a.enrolment })
			}
		}
	}
	if s.orders == 1 {
		s.enter(scSecond, at, k, k+1)
		s.enter(scRepeat, at, k, k+1)
	}
	if s.orders == 4 {
		s.enter(scLoyalty, at, k, k+1)
		s.enter(scClubMagazine, at, k, k+1)
	}
	if s.moscow {
		s.enter(scCareMoscow, at, k, k+1)
	} else {
		s.enter(scCareRegions, at, k, k+1)
	}
	s.enter(scReview, at, k, k+1)
	if s.w.blocks {
		s.afterOrder(first, at)
	}
}

// call is a missed call: a task within 15 minutes, later, or never.
func (s *sim) call(at int64) {
	p := &s.w.cfg.Plant
	s.rng.seed(s.w.cfg.Seed, s.index, purposeTrigger, at<<8|200)
	u, wait := s.rng.Float64(), int64(30+s.rng.IntN(800))
	if at+day >= s.w.end {
		return
	}
	s.event("call_missed", at, 0, 0, -1)
	f := &s.chunk.facts
	switch {
	case u < p.TriggerMissing:
		f.CallsMissing++
		return
	case u < p.TriggerMissing+p.TriggerLate:
		f.CallsLate++
		wait = 3600 + wait*80
	default:
		f.CallsInTime++
	}
	s.event("task_created", at+wait, 0, 0, -1)
}

func (s *sim) chainMessage(k int, p pending) {
	def := &s.w.scenarios[p.scenario]
	step := &def.Steps[p.step]
	if def.DropStep > 0 && s.dropped(def, p.step, s.chunk.Enrolments[p.enrolment].Entry) {
		s.chunk.facts.Scenarios[p.scenario].Dropped++
		return
	}
	m := Message{Channel: step.Channel, Scenario: def.ID, Step: step.ID, Template: step.Template, Kind: "trigger", Personalization: step.Personalization, Priority: def.Priority, Entry: s.chunk.Enrolments[p.enrolment].Entry, Sent: p.at}
	if p.scenario == scReview {
		m.Kind = "transactional"
	}
	s.send(k, p.scenario, channelIndex(step.Channel), m)
}

func (s *sim) bulkMessage(k int, at int64, c int) {
	mail := &s.w.calendar[k][c]
	def := &s.w.scenarios[mail.scenario]
	m := Message{Channel: mail.channel, Scenario: def.ID, Campaign: mail.id, Template: mail.template, Kind: "bulk", Personalization: "none", Priority: def.Priority, Sent: at}
	if mail.variantAB {
		m.Variant = [2]string{"A", "B"}[s.index%2]
	}
	if s.w.blocks {
		m.Personalization = s.level(mail.scenario, k)
	}
	s.send(k, mail.scenario, channelIndex(mail.channel), m)
}

// offerMessage is one of the two messages that only the treated arm of an experiment gets.
func (s *sim) offerMessage(k int, at int64, experiment, step int) {
	e := &s.w.exper[experiment]
	def := &s.w.scenarios[e.scenario]
	m := Message{Channel: def.Steps[step].Channel, Scenario: def.ID, Step: def.Steps[step].ID, Campaign: e.ID, Template: def.Steps[step].Template, Kind: "bulk",
		Personalization: def.Steps[step].Personalization, Priority: def.Priority, Sent: at}
	if e.Second != "" {
		m.Variant = e.Arm
		if s.arm[experiment] == 3 {
			m.Variant = e.Second
		}
	}
	if e.Levels {
		m.Personalization = m.Variant
	}
	s.send(k, e.scenario, channelIndex(m.Channel), m)
}

// send decides whether the message goes out, and what the customer does with it.
func (s *sim) send(k, scenario, channel int, m Message) {
	s.rng.seed(s.w.cfg.Seed, s.index, purposeMessage, m.Sent<<8|int64(scenario))
	p := &s.w.cfg.Plant
	f := &s.chunk.facts
	bulk := m.Kind == "bulk"
	u := s.rng.Float64()
	if today := (m.Sent - s.w.start) / day; today != s.sentDay {
		s.sentDay, s.sentSome = today, 0
	}
	reason := ""
	switch {
	case !s.consent[channel] && bulk && s.left[channel] && u < p.SentAfterUnsubscribe:
		f.SentAfterUnsubscribe++
	case !s.consent[channel]:
		if bulk || u > .1 {
			return
		}
		reason = "no_consent"
	case s.sentSome >= dailyCap:
		reason = "frequency_cap"
	}
	s.messages++
	m.index, m.Seq = s.index, s.messages
	m.Customer = s.name(s.messages)
	f.Scenarios[scenario].Messages++
	if reason != "" {
		m.NotSent, m.Sent, m.NotSentReason = m.Sent, 0, reason
		f.NotSent++
		s.chunk.Messages = append(s.chunk.Messages, m)
		return
	}
	s.sentSome++
	f.Sent++
	s.overCap(&m)
	s.respond(k, scenario, channel, bulk, &m)
	if s.w.blocks && channel == chMessenger && m.Clicked != 0 {
		s.trackClick(&m)
	}
	s.chunk.Messages = append(s.chunk.Messages, m)
}

// overCap counts what the policy of audit.yaml forbids: by calendar day and calendar week of the business zone, service messages left out.
func (s *sim) overCap(m *Message) {
	if m.Kind == "transactional" {
		return
	}
	today := (m.Sent - s.w.start) / day
	if today != s.capDay {
		s.capDay, s.today = today, 0
	}
	if w := today / 7; w != s.capWeek {
		s.capWeek, s.thisWeek = w, 0
	}
	s.today++
	s.thisWeek++
	if s.today > dailyCap-1 {
		s.chunk.facts.OverDay++
	}
	if s.thisWeek > weeklyCap {
		s.chunk.facts.OverWeek++
	}
}

// respond fills delivery, open, click, unsubscribe and complaint. What happens after the end of the data is not in the export.
func (s *sim) respond(k, scenario, channel int, bulk bool, m *Message) {
	rng, p, f, d := s.rng, &s.w.cfg.Plant, &s.chunk.facts, &s.w.drift
	local := (m.Sent + s.offset) % day
	if local < 8*3600 || local >= 22*3600 {
		f.QuietHours++
	}
	recent := 0
	for i := len(s.bulkAt) - 1; i >= 0 && s.bulkAt[i] > m.Sent-week; i-- {
		recent++
	}
	if bulk {
		s.bulkAt = append(s.bulkAt, m.Sent)
	}
	known := func(at int64) int64 {
		if at >= s.w.end {
			return 0
		}
		return at
	}
	bounce := [chCount]float64{.016, .03, .02, .01, .1}[channel]
	if channel == chEmail {
		bounce = tilt(bounce, at(d.bounce, k))
	}
	if channel == chEmail {
		f.EmailSent++
	}
	if u := rng.Float64(); u < bounce || s.badAddress && channel == chEmail {
		hard := channel == chEmail && (u < .004 && s.w.level != levelNone || s.badAddress)
		if channel == chEmail {
			f.EmailBounced++
		}
		m.Bounced = known(m.Sent + 5 + int64(rng.IntN(50)))
		if m.Bounced != 0 {
			m.BounceType = "soft"
			if hard {
				m.BounceType = "hard"
			}
		}
		if hard {
			s.consent[channel] = false
		}
		return
	}
	delivered := m.Sent + 1 + int64(rng.IntN(60))
	m.Delivered = known(delivered)
	open := [chCount]float64{.26, .14, 0, .5, 0}[channel]
	if open > 0 {
		open += .06*s.latent.engagement + p.Fatigue.Open*float64(recent) + s.w.common[k]
		if !bulk {
			open += .1
		}
		open = tilt(min(max(open, .01), .95), at(d.open[scenario], k))
		if channel == chPush {
			open = tilt(open, at(d.push, k))
		}
	}
	opened := rng.Float64() < open
	delay := 60 + int64(-math.Log(1-rng.Float64())*5*3600)
	machine := channel == chEmail && rng.Float64() < p.MachineOpens
	click := [chCount]float64{.16, .35, 0, .25, 0}[channel]
	if m.Personalization == "behavioural" {
		click += behaviouralUp
	}
	click = tilt(click, at(d.click[scenario], k))
	if x := p.Series.Mix; scenario == scStories && x != 0 {
		if s.stage != stNew && s.stage != stActive {
			x = -x
		}
		click = tilt(click, x)
	}
	if d.worn != nil && scenario == scBirthday {
		click = tilt(click, d.worn[k])
	}
	if s.w.blocks && scenario == scStories && m.Personalization == storiesLevel {
		click = tilt(click, p.Personal)
	}
	clicked := rng.Float64() < click && opened || channel == chSMS && rng.Float64() < .03
	bot := channel == chEmail && rng.Float64() < .004
	switch {
	case opened:
		s.lastOpen = delivered + delay
		m.Opened = known(delivered + delay)
		m.Opens = 1 + int64(rng.IntN(2))
	case machine:
		m.Opened, m.Opens, m.MachineOpen = known(delivered+3), 1, true
	}
	switch {
	case clicked:
		m.Clicked, m.Clicks = known(delivered+delay+20+int64(rng.IntN(100))), 1
	case bot:
		m.Clicked, m.Clicks, m.BotClick = known(delivered+2), 1, true
	}
	if m.Opened == 0 {
		m.Opens, m.MachineOpen = 0, false
	}
	if m.Clicked == 0 {
		m.Clicks, m.BotClick = 0, false
	}
	s.lastSeen = max(s.lastSeen, m.Opened, m.Clicked)
	if s.w.blocks {
		s.status(channel, m)
	}
	leave := [chCount]float64{.002, .001, .0015, .001, 0}[channel]
	if s.w.level == levelNone {
		leave *= .1
		if scenario != scDigest && scenario != scFlash {
			leave = 0 // every message that can be unsubscribed from does some harm: only those that all get may
		}
	}
	if leave > 0 {
		lo := logit(leave) - .3*s.latent.engagement + at(d.leave[scenario], k)
		if bulk {
			lo += .4
		}
		if recent >= highPressure {
			lo += p.Fatigue.Unsubscribe
		}
		u := rng.Float64()
		if u < expit(lo) && s.consent[channel] {
			m.Unsubscribed = known(delivered + delay + 30)
			s.consent[channel], s.left[channel] = false, true
			if m.Unsubscribed != 0 {
				f.Unsubscribed++
			}
		} else if channel == chEmail && u > .9998 && s.w.level != levelNone {
			m.Complained = known(delivered + delay + 40)
			s.consent[channel], s.left[channel] = false, true
		}
	}
}
