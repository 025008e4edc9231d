package synth

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Scenario is one communication chain of the made-up company.
type Scenario struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"` // Russian, as in the CRM
	Role     string   `json:"role"`
	Trigger  string   `json:"trigger"`
	Priority int      `json:"priority"` // higher wins
	Channels []string `json:"channels"`
	Window   int      `json:"window_days"`
	GoalDays int      `json:"goal_days"` // 0: no goal
	Next     []string `json:"next"`
	Stages   []string `json:"stages"`
	Steps    []Step   `json:"steps"`
	// Capacity is the share of triggered customers who are enrolled; the others are the natural comparators.
	Capacity float64 `json:"capacity"`
	// Control is the share of enrolled customers who are kept as a recorded control arm: no messages, no effect.
	Control float64 `json:"control_share"`
	// GoalExit ends the chain at the first order.
	GoalExit bool `json:"goal_exit"`
	// Bulk scenarios have no enrolments: their messages follow the calendar.
	Bulk bool `json:"bulk"`
	// DropStep (from 1; 0: none) loses DropShare of its sends without a trace: a broken rule inside the chain.
	DropStep  int     `json:"drop_step"`
	DropShare float64 `json:"drop_share"`
	// Undefined scenarios run, but audit.yaml does not know them.
	Undefined bool `json:"undefined"`
	// Lock is the number of days after the exit in which the customer may enter no chain at all: the dead end.
	Lock int `json:"lock_days"`
	// level says from which Plant.Scenarios on the scenario exists.
	level int
}

// Step is one message of a chain.
type Step struct {
	ID              string `json:"id"`
	AfterHours      int64  `json:"after_hours"`
	Channel         string `json:"channel"`
	Template        string `json:"template"`
	Personalization string `json:"personalization"`
}

// Positions in scenarioList that the simulation refers to.
const (
	scWelcome = iota
	scCart
	scSecond
	scReplenish
	scAtRisk
	scWinback
	scBirthday
	scLoyalty
	scReview
	scPriceDrop
	scDigest
	scFlash
	scOffer
	scLoyaltyPush
	scConcierge
	scRepeat
	scAppIntro
	scWinDiscount
	scPremium
	scSurvey
	scVipOffer
	scRecommend
	scSilence
	scLegacy
	scSpring
	scStories
	scAppNews
	scDelivery
	scShop
	scBirthdayGift
	scWinbackTea
	scCareMoscow
	scCareRegions
	scClubMagazine
	scCalmA // scCalmA..scCalmF: three pairs that a stage gates, independent of each other
	scCalmB
	scCalmC
	scCalmD
	scCalmE
	scCalmF
	scClashA // scClashA..scClashD: two more pairs with a trigger in common
	scClashB
	scClashC
	scClashD
	scPartner
	scPicks
	scCount
)

// scenarioList is everything that can run; newWorld leaves out what Plant.Scenarios does not ask for.
func scenarioList() []Scenario {
	list := []Scenario{
		scWelcome: {ID: "welcome", Name: "Приветственная цепочка", Role: "activation", Trigger: "registered", Priority: 80, Channels: []string{"email", "push"}, Window: 14, GoalDays: 14,
			Next: []string{"second_order"}, Stages: []string{"lead", "new"}, Capacity: .95, GoalExit: false,
			Steps: []Step{{"w1", 0, "email", "t-welcome-1", "basic"}, {"w2", 72, "email", "t-welcome-2", "basic"}, {"w3", 168, "push", "t-welcome-3", "none"}}},
		scCart: {ID: "abandoned_cart", Name: "Брошенная корзина", Role: "retention", Trigger: "cart_abandoned", Priority: 90, Channels: []string{"push", "email"}, Window: 3, GoalDays: 3,
			Stages: []string{"new", "active", "at_risk"}, Capacity: .7, GoalExit: true,
			Steps: []Step{{"c1", 1, "push", "t-cart-1", "behavioural"}, {"c2", 24, "email", "t-cart-2", "behavioural"}}},
		scSecond: {ID: "second_order", Name: "Вторая покупка", Role: "activation", Trigger: "order", Priority: 70, Channels: []string{"email", "sms"}, Window: 28, GoalDays: 30,
			Next: []string{"replenishment"}, Stages: []string{"new"}, Capacity: .7, GoalExit: true,
			Steps: []Step{{"s1", 168, "email", "t-second-1", "contextual"}, {"s2", 504, "sms", "t-second-2", "basic"}}},
		scReplenish: {ID: "replenishment", Name: "Пора пополнить запас", Role: "development", Trigger: "own_rhythm", Priority: 60, Channels: []string{"email", "messenger"}, Window: 10, GoalDays: 14,
			Stages: []string{"active"}, Capacity: .7, GoalExit: true,
			Steps: []Step{{"r1", 0, "email", "t-replenish-1", "behavioural"}, {"r2", 96, "messenger", "t-replenish-2", "behavioural"}}},
		scAtRisk: {ID: "at_risk", Name: "Давно не заходили", Role: "retention", Trigger: "60 days without an order", Priority: 50, Channels: []string{"email", "messenger"}, Window: 28, GoalDays: 28,
			Next: []string{"winback"}, Stages: []string{"at_risk"}, Capacity: .7, Control: .1, GoalExit: true,
			Steps: []Step{{"a1", 0, "email", "t-atrisk-1", "contextual"}, {"a2", 168, "messenger", "t-atrisk-2", "basic"}}},
		scWinback: {ID: "winback", Name: "Возвращение ушедших", Role: "winback", Trigger: "180 days without an order", Priority: 40, Channels: []string{"email", "sms"}, Window: 28, GoalDays: 28,
			Stages: []string{"at_risk", "lost"}, Capacity: .7, Control: .1, GoalExit: true,
			Steps: []Step{{"b1", 0, "email", "t-winback-1", "basic"}, {"b2", 240, "sms", "t-winback-2", "none"}}},
		scBirthday: {ID: "birthday", Name: "День рождения", Role: "retention", Trigger: "birthday", Priority: 65, Channels: []string{"email"}, Window: 7, GoalDays: 14,
			Stages: []string{"new", "active", "at_risk"}, Capacity: .9,
			Steps: []Step{{"bd1", 0, "email", "t-birthday", "contextual"}}},
		scLoyalty: {ID: "loyalty", Name: "Клуб постоянных покупателей", Role: "development", Trigger: "fourth order", Priority: 55, Channels: []string{"email", "push"}, Window: 21, GoalDays: 28,
			Stages: []string{"active"}, Capacity: .8,
			Steps: []Step{{"l1", 24, "email", "t-loyalty-1", "contextual"}, {"l2", 336, "push", "t-loyalty-2", "basic"}}},
		scReview: {ID: "review_request", Name: "Просьба об отзыве", Role: "service", Trigger: "order", Priority: 30, Channels: []string{"email"}, Window: 10,
			Next: []string{"loyalty"}, Stages: []string{"new", "active"}, Capacity: .25,
			Steps: []Step{{"v1", 72, "email", "t-review", "contextual"}}},
		scPriceDrop: {ID: "price_drop", Name: "Снижение цены на просмотренное", Role: "retention", Trigger: "product_view", Priority: 20, Channels: []string{"push"}, Window: 2, GoalDays: 7,
			Stages: []string{"lead", "new", "active", "at_risk"}, Capacity: .4,
			Steps: []Step{{"p1", 3, "push", "t-pricedrop", "behavioural"}}},
		scDigest: {ID: "promo_digest", Name: "Еженедельный дайджест", Role: "information", Trigger: "calendar", Priority: 10, Channels: []string{"email"}, Bulk: true},
		scFlash:  {ID: "flash_sale", Name: "Распродажа выходного дня", Role: "retention", Trigger: "calendar", Priority: 15, Channels: []string{"push", "sms", "email"}, Bulk: true},
		scOffer: {ID: "may_offer", Name: "Майское предложение", Role: "retention", Trigger: "calendar", Priority: 25, Channels: []string{"email", "sms"}, Bulk: true, Next: nil,
			Steps: []Step{{"o1", 34, "email", "t-offer-1", "basic"}, {"o2", 106, "sms", "t-offer-2", "none"}}},
		scLoyaltyPush: {ID: "loyalty_push", Name: "Напоминание о баллах", Role: "development", Trigger: "calendar", Priority: 12, Channels: []string{"push", "email"}, Bulk: true,
			Steps: []Step{{"lp1", 35, "email", "t-points-1", "basic"}, {"lp2", 131, "push", "t-points-2", "none"}}},
		scConcierge: {ID: "vip_concierge", Name: "Личный менеджер для VIP", Role: "development", Trigger: "manual", Priority: 95, Channels: []string{"call"}, Window: 30, GoalDays: 30,
			Stages: []string{"active"}, Steps: []Step{{"k1", 0, "call", "", "contextual"}}},
	}
	return append(list, plantedList()...)
}

// Experiment is one randomized hold-out: customers with e-mail consent, registered four weeks before, are split on one Monday morning.
type Experiment struct {
	ID       string  `json:"id"`
	Scenario string  `json:"scenario_id"` // of the messages that the treated arm gets
	Week     int     `json:"week"`        // from the start of the data
	Treated  float64 `json:"treated"`     // share
	// ControlLost is the share of the control arm that is missing in the export: the ratio of the arms is broken.
	ControlLost float64 `json:"control_lost"`
	// Arm is the treated arm in the export; Second, if any, is another one of the same share that gets messages and no effect.
	Arm    string `json:"arm"`
	Second string `json:"second_arm,omitempty"`
	// Clusters: the shops are drawn, not the customers, half of them treated (0: customers are drawn).
	Clusters int `json:"clusters,omitempty"`
	// Levels: the arms are levels of personalization of one letter, which all get; Second is the reference.
	Levels   bool `json:"levels,omitempty"`
	scenario int
	level    int // of Plant.Scenarios
}

const (
	exOffer = iota
	exLoyalty
	exSpring
	exDelivery
	exShop
	exPicks
	exCount
)

// experimentList has the share of the treated; the week is set by newWorld.
func experimentList() []Experiment {
	return []Experiment{
		exOffer:   {ID: "may_offer", Scenario: "may_offer", Treated: .5, Arm: "treated", scenario: scOffer},
		exLoyalty: {ID: "loyalty_push", Scenario: "loyalty_push", Treated: .8, Arm: "treated", scenario: scLoyaltyPush},
		exSpring:  {ID: "spring_offer", Scenario: "spring_offer", Treated: .5, ControlLost: .25, Arm: "treated", scenario: scSpring, level: levelUsual},
		// Three arms: the gift works, the free delivery does not.
		exDelivery: {ID: "delivery_offer", Scenario: "delivery_offer", Treated: 1. / 3, Arm: "gift", Second: "free_delivery", scenario: scDelivery, level: levelUsual},
		exShop:     {ID: "shop_invite", Scenario: "shop_invite", Treated: .5, Arm: "treated", Clusters: shops, scenario: scShop, level: levelUsual},
		// The same letter with products picked by behaviour or without: more clicks, not one order more.
		exPicks: {ID: "picks", Scenario: "picks", Treated: .5, Arm: "behavioural", Second: "none", Levels: true, scenario: scPicks, level: levelUsual},
	}
}

// Stage rules of the made-up company, first match wins. The truth of the life cycle in truth.json is counted by the same rules in Go.
const (
	stNew = iota
	stActive
	stAtRisk
	stLost
	stLead
	stCount
)

// StageRule is one line of lifecycle.stages in audit.yaml.
type StageRule struct {
	Name string `json:"name"`
	When string `json:"when"`
}

func stageRules() []StageRule {
	return []StageRule{
		stNew:    {"new", "orders_total = 1 and recency_days <= 60"},
		stActive: {"active", "orders_total > 1 and recency_days <= 60"},
		stAtRisk: {"at_risk", "recency_days <= 365"},
		stLost:   {"lost", "orders_total > 0"},
		stLead:   {"lead", "true"},
	}
}

// stageAt is stageRules in Go: orders before the period's end, and days from the last of them to that end.
func stageAt(orders, recency int) int {
	switch {
	case orders == 1 && recency <= atRiskDays:
		return stNew
	case orders > 1 && recency <= atRiskDays:
		return stActive
	case orders > 0 && recency <= lostDays:
		return stAtRisk
	case orders > 0:
		return stLost
	}
	return stLead
}

// shops of the company. Every customer has one.
const shops = 60

// setShops draws how well the shops sell and which of them the experiment treats.
func (w *world) setShops() {
	rng := newStream()
	rng.seed(w.cfg.Seed, 0, purposeShops, 0)
	for i := range shops {
		w.shopRate[i] = 1
		if x := w.cfg.Plant.Shops; x > 0 && w.level >= levelUsual {
			w.shopRate[i] = math.Exp(x*rng.NormFloat64() - x*x/2)
		}
	}
	for n, i := range rng.Perm(shops) {
		w.shopArm[i] = n < shops/2
	}
}

func (w *world) shop(index int) int {
	return int(unit(mix(mix(w.cfg.Seed+golden*(uint64(index)+1))^purposeShops<<56)) * shops)
}

// inNullWorld tells which scenarios run where nothing is wrong: no two of them share a trigger, and none begins at an order (the next
// chain then is as far away as it can be: a dead end by comparison) or with a habit such as a cart that is left.
func inNullWorld(i int) bool {
	switch i {
	case scWelcome, scAtRisk, scWinback, scBirthday, scDigest, scFlash, scOffer, scLoyaltyPush, scCalmA, scCalmB, scCalmC, scCalmD:
		return true
	}
	return false
}

// calmDown takes from a scenario what audits find with good reason: steps that fewer customers can get than the step before, exits at the goal, priorities that
// hours of sending cannot keep, opposite roles at the same time.
func (s *Scenario) calmDown() {
	s.Role, s.Priority, s.GoalExit = "retention", 50, false
	if s.Bulk && len(s.Steps) == 0 {
		return
	}
	s.Channels = []string{"email"}
	if s.ID == "birthday" {
		s.Stages = nil // everybody has one
	}
	for i := range s.Steps {
		s.Steps[i].Channel = "email"
	}
}

type product struct {
	id, category string
	price        int64 // minor units
}

// affinityPairs are the planted bundles: an order with the first product holds the second with chance Plant.Affinity.
var affinityPairs = [3][2]int{{0, 1}, {10, 12}, {21, 25}}

var categories = [4]string{"Чай", "Кофе", "Сладости", "Посуда"}

func productList() []product {
	var list []product
	for c, category := range categories {
		for k := range 10 {
			n := c*10 + k
			list = append(list, product{fmt.Sprintf("p%02d", n+1), category, int64(19000 + 7000*((n*37)%23) + 37*(n%7))})
		}
	}
	// In every kind of basket (Plant.BigBaskets); nobody gave the samples a category.
	list = append(list, product{"p41", "Упаковка", 9_900}, product{"p42", "", 4_900})
	return list
}

// campaign is one bulk mailing of the calendar.
type campaign struct {
	id        string
	scenario  int
	channel   string
	template  string
	at        int64 // second of the week
	variantAB bool
}

const (
	day  = 24 * 60 * 60
	week = 7 * day
	// burnIn is the history before the audited period: it feeds recency and lets the latent processes settle.
	burnIn = 26
	// zoneOffset is that of Europe/Moscow, the business zone, fixed since 2014.
	zoneOffset = 3 * 60 * 60
	// openShock is the spread of the weeks in the share of opens, common to all.
	openShock = .01
	// effectWeeks is how long a scenario or hold-out effect lasts.
	effectWeeks = 4
	// atRiskDays and lostDays are the thresholds of the stage rules; the CRM's own triggers fire at atRiskDays, silenceDays and winbackDays.
	atRiskDays  = 60
	lostDays    = 365
	silenceDays = 150
	winbackDays = 180
)

// Timezone is the business zone of the made-up company.
const Timezone = "Europe/Moscow"

type zone struct {
	name   string
	offset int64
	cum    float64
}

var zones = [4]zone{{"Europe/Moscow", 3 * 3600, .7}, {"Asia/Yekaterinburg", 5 * 3600, .85}, {"Asia/Novosibirsk", 7 * 3600, .95}, {"Asia/Almaty", 5 * 3600, 1}}

// world is everything that customers share: it depends on the configuration only.
type world struct {
	cfg       Config
	start     int64 // Monday 00:00 in the business zone, Unix seconds
	end       int64 // exclusive end of the audited period and of the data
	weeks     int   // of the data: burnIn + cfg.Weeks
	scenarios []Scenario
	present   [scCount]bool // Plant.Scenarios
	effects   [scCount]float64
	effective []int // scenarios with an effect
	chances   []chance
	exper     []Experiment
	lift      [exCount]float64
	level     int
	pairs     []half
	inHalf    [halfCount]bool
	gap       [halfCount]float64 // of the order rate of the second segment
	drift     drifts
	shopRate  [shops]float64
	shopArm   [shops]bool
	products  []product
	templates []Template
	calendar  [][]campaign // by week
	season    []float64    // by week: multiplier of the order rate
	common    []float64    // by week: shock of opens, additive on P(open)
	payday    []float64    // by week: multiplier of the rhythm class payday
	bulkShare float64      // chance that a customer gets one campaign of the calendar
	sessions  float64      // behaviour events other than orders, per customer-week
	blocks    bool         // what is planted for issue 5 is there (usual, extra)
	pauses    []float64    // by week: multiplier of the order rate of driftClass; nil: none
	feeds     bool         // Plant.Feeds
	gone      [2]int64     // seconds in which the source app is silent
	twice     [2]int64     // day of the source site that comes twice
	slowFrom  int64        // from here on the source pbx is late
}

// Calibration of the volumes on the default plant, held by TestVolume.
const (
	triggeredMessages = 7.0  // messages of the basic chains per customer in 104 weeks, without those that sessions trigger
	sessionMessages   = 0.13 // messages of the chains per session event
	exposureShare     = 0.55 // weeks that a customer is in the data, as a share of all weeks
	bulkReach         = 0.57 // share of bulk sends that find a consent and an opener
	orderEvents       = 4.3  // orders, registration, calls and tasks per customer in 104 weeks
)

func newWorld(cfg Config) *world {
	w := &world{cfg: cfg, weeks: burnIn + cfg.Weeks, scenarios: scenarioList(), exper: experimentList(), products: productList()}
	level := cfg.Plant.level()
	w.level = level
	w.blocks = level >= levelUsual
	w.end = cfg.Start.Unix() - zoneOffset + int64(w.weeks)*week
	w.start = w.end - int64(w.weeks)*week
	for i, s := range w.scenarios {
		w.effects[i] = 1
		if f, ok := cfg.Plant.ScenarioEffects[s.ID]; ok {
			w.effects[i] = f
		}
		w.present[i] = s.level <= level
		if level == levelNone {
			w.present[i] = inNullWorld(i)
			w.scenarios[i].calmDown()
		}
		if w.effects[i] != 1 {
			w.effective = append(w.effective, i)
		}
	}
	w.chances = chanceList(level, w.talk())
	w.halves(level)
	w.setDrifts()
	w.setBlocks()
	w.setShops()
	for i := range w.exper {
		w.exper[i].Week = burnIn + cfg.Weeks*[exCount]int{4, 6, 2, 5, 7, 3}[i]/8
		w.lift[i] = 1
		if f, ok := cfg.Plant.Holdouts[w.exper[i].ID]; ok {
			w.lift[i] = f
		}
	}
	rng := newStream()
	rng.seed(cfg.Seed, 0, purposeWorld, 0)
	perYear := float64(cfg.Weeks+burnIn) / 104
	exposure := float64(w.weeks) * exposureShare
	perCustomer := func(target float64) float64 { return target * perYear }
	w.sessions = math.Max(.01, perCustomer(cfg.EventsPerCustomer-orderEvents)/exposure)
	chains := triggeredMessages + sessionMessages*math.Max(0, cfg.EventsPerCustomer-orderEvents) + w.plantedMessages(level)
	bulk := math.Max(.02, perCustomer(cfg.MessagesPerCustomer-chains)/exposure/bulkReach) // sends attempted per customer-week
	count := int(math.Max(1, math.Ceil(bulk*1.4)))
	w.bulkShare = math.Min(1, bulk/float64(count))
	for k := range w.weeks {
		at := time.Unix(w.start+int64(k)*week+zoneOffset, 0).UTC()
		season, shock := 1.0, rng.NormFloat64()
		if cfg.Plant.Season {
			season = (1 + .25*math.Cos(2*math.Pi*(float64(at.YearDay())-350)/365)) * math.Exp(.1*shock-.005)
		}
		w.season = append(w.season, season)
		w.common = append(w.common, openShock*rng.NormFloat64())
		pay := .7
		for d := range 7 {
			if m := at.AddDate(0, 0, d).Day(); m == 10 || m == 25 {
				pay = 1.4
			}
		}
		w.payday = append(w.payday, pay)
		w.calendar = append(w.calendar, w.mailings(k, count, at))
	}
	w.templates = w.templateList()
	return w
}

// mailings is the calendar of one week: the load varies between weeks, or nothing but it would identify the harm of pressure.
func (w *world) mailings(k, count int, at time.Time) []campaign {
	year, number := at.ISOWeek()
	n := count + (k%3 - 1) // count-1, count, count+1 in turn: the mean is count
	if count == 1 {
		n = 1
	}
	var list []campaign
	for c := range n {
		m := campaign{at: int64((c*2+1)%7)*day + int64(10+(c*3)%9)*3600, scenario: scDigest, channel: "email", template: fmt.Sprintf("t-digest-%d", k%6+1), variantAB: c == 0 && k%4 == 0}
		if c%3 == 2 || (count == 1 && k%4 == 3) {
			m.scenario, m.channel, m.template = scFlash, "push", fmt.Sprintf("t-flash-%d", k%3+1)
			if k%6 == 5 {
				m.channel = "sms"
			}
		}
		if w.level == levelNone {
			m.at = int64((c*2+1)%7)*day + int64(10+c%4)*3600 // no customer's night
		}
		m.id = fmt.Sprintf("%s-%dw%02d-%d", w.scenarios[m.scenario].ID, year, number, c+1)
		list = append(list, m)
	}
	if w.present[scStories] {
		list = append(list, campaign{id: fmt.Sprintf("tea_stories-%dw%02d", year, number), at: 3*day + 12*3600, scenario: scStories, channel: "email", template: fmt.Sprintf("t-stories-%d", k%4+1)})
	}
	if w.present[scAppNews] {
		list = append(list, campaign{id: fmt.Sprintf("app_news-%dw%02d", year, number), at: 6*day + 18*3600, scenario: scAppNews, channel: "push", template: fmt.Sprintf("t-appnews-%d", k%4+1)})
	}
	return list
}

func (w *world) templateList() []Template {
	var list []Template
	add := func(id, name, subject string) {
		if slices.ContainsFunc(list, func(t Template) bool { return t.ID == id }) {
			return // a template that two scenarios send
		}
		text := subject + ". " + bodies[id[:strings.LastIndexByte(id, '-')]]
		if body, ok := bodies[id]; ok { // a letter without a number
			text = subject + ". " + body
		}
		list = append(list, Template{ID: id, Name: name, Subject: subject, Text: text, Updated: w.end - w.templateAge(id), Hash: textHash(text)})
	}
	for n, s := range w.scenarios {
		for i, step := range s.Steps {
			if step.Template != "" && w.present[n] {
				add(step.Template, fmt.Sprintf("%s, шаг %d", s.Name, i+1), subjects[step.Template])
			}
		}
	}
	for i := range 6 {
		add(fmt.Sprintf("t-digest-%d", i+1), fmt.Sprintf("Дайджест %d", i+1), fmt.Sprintf("Новости недели; \"лучшее\" и скидки, выпуск %d", i+1))
	}
	for i := range 4 {
		if w.present[scAppNews] {
			add(fmt.Sprintf("t-appnews-%d", i+1), fmt.Sprintf("Новости приложения %d", i+1), fmt.Sprintf("Что нового в приложении, часть %d", i+1))
		}
		if w.present[scStories] {
			add(fmt.Sprintf("t-stories-%d", i+1), fmt.Sprintf("Чайная история %d", i+1), fmt.Sprintf("Чайная история, глава %d", i+1))
		}
	}
	for i := range 3 {
		subject := "Только два дня:\nминус 20 % на всё"
		if w.level == levelNone { // else one text under three ids
			subject = fmt.Sprintf("%s, выпуск %d", subject, i+1)
		}
		add(fmt.Sprintf("t-flash-%d", i+1), fmt.Sprintf("Распродажа %d", i+1), subject)
	}
	return list
}
