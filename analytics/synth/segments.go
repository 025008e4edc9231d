package synth

import (
	"maps"
	"slices"
	"strconv"
)

// segment is one segment of the company's CRM as audit.yaml names it.
type segment struct {
	id, name string
	usedBy   []string
	when     string // its own rule, where the CRM tells one
	level    int    // of Plant.Scenarios
}

const halfCount = 7 // of halfList

const recentDays = atRiskDays // of the rule of recent_buyers

// segmentList is in the order of audit.yaml; the halves of a lot follow (halfList).
func segmentList() []segment {
	return []segment{
		{id: "new_buyers", name: "Новые покупатели", usedBy: []string{"second_order"}},
		{id: "active_buyers", name: "Активные покупатели", usedBy: []string{"replenishment"}},
		{id: "dormant_90", name: "Молчат больше 90 дней", usedBy: []string{"winback"}},
		{id: "vip", name: "VIP: покупок на 15 000 ₽", usedBy: []string{"loyalty"}},
		{id: "city_moscow", name: "Москва"}, // in use nowhere
		{id: "interest_tea", name: "Интерес: чай", usedBy: []string{"promo_digest"}},
		{id: "interest_coffee", name: "Интерес: кофе", usedBy: []string{"promo_digest"}},
		{id: "app_users", name: "Пользователи приложения", usedBy: []string{"flash_sale"}},
		// Whoever has bought once is in for good, whatever the rule says: the segment is stale.
		{id: "recent_buyers", name: "Покупали за последние два месяца", usedBy: []string{"repeat_purchase"}, when: "recency_days <= " + strconv.Itoa(recentDays), level: levelUsual},
		{id: "founders", name: "Клуб основателей", usedBy: []string{"vip_offer"}, level: levelUsual},
		{id: "newsletter", name: "Подписчики рассылки", usedBy: []string{"promo_digest"}, level: levelUsual},
	}
}

const (
	foundersSize    = 30  // members of founders, whatever the size of the company
	newsletterShare = .97 // of the customers are in newsletter: nearly everybody
)

// half is a pair of segments that split all customers of one kind by lot. The second of a pair with a gap orders at Plant.SegmentGaps times the rate of
// the first; a pair without one is equal by construction.
type half struct {
	a, b         string
	nameA, nameB string
	kind         int
	gap          bool // Plant.SegmentGaps may name b
	level        int
}

// kinds of customers that a pair splits.
const (
	kindAll     = iota
	kindRegions // outside Moscow
	kindPhone   // with consent for SMS at registration
)

// halfList holds the pairs; the random number of a pair depends on its place here.
func halfList() []half {
	return []half{
		{a: "group_a", b: "group_b", nameA: "Группа рассылки А", nameB: "Группа рассылки Б"},
		{a: "wave_1", b: "wave_2", nameA: "Первая волна импорта", nameB: "Вторая волна импорта", gap: true, level: levelUsual},
		{a: "card_yes", b: "card_no", nameA: "Выдана карта лавки", nameB: "Карта не выдана", gap: true, level: levelUsual},
		{a: "regions_a", b: "regions_b", nameA: "Регионы: менеджеры А–К", nameB: "Регионы: менеджеры Л–Я", kind: kindRegions, level: levelExtra},
		{a: "phone_a", b: "phone_b", nameA: "Обзвон: колл-центр 1", nameB: "Обзвон: колл-центр 2", kind: kindPhone, level: levelExtra},
		{a: "old_base", b: "new_base", nameA: "База из старой CRM", nameB: "База из новой CRM", gap: true, level: levelExtra},
		{a: "box_paper", b: "box_tin", nameA: "Упаковка: бумага", nameB: "Упаковка: жесть", gap: true, level: levelExtra},
	}
}

// inWorld: a world in which nothing is wrong has the equal pairs.
func (h *half) inWorld(level int) bool {
	if level == levelNone {
		return !h.gap
	}
	return h.level <= level
}

// halves sets the pairs of this world and what they multiply the order rate by.
func (w *world) halves(level int) {
	for i, h := range halfList() {
		w.inHalf[i] = h.inWorld(level)
		w.gap[i] = 1
		if f, ok := w.cfg.Plant.SegmentGaps[h.b]; ok && w.inHalf[i] {
			w.gap[i] = f
		}
	}
	w.pairs = halfList()
}

// second tells on which side of a pair the lot puts the customer.
func (w *world) second(pair, index int) bool {
	if pair == 0 {
		return mix(uint64(index)+w.cfg.Seed)%2 == 1
	}
	return mix(mix(w.cfg.Seed+golden*(uint64(index)+1))^purposeSegment<<56^uint64(pair))%2 == 1
}

// staticMemberships writes the segments that follow from the contact, not from behaviour, and sets the factor of the order rate that the customer's halves bring.
func (s *sim) staticMemberships(city string) {
	w, l := s.w, &s.latent
	join := func(id string) {
		s.chunk.Memberships = append(s.chunk.Memberships, Membership{id, s.id, l.registered, 0})
	}
	if city == "Москва" {
		join("city_moscow")
	}
	switch l.class {
	case 0:
		join("interest_tea")
	case 1:
		join("interest_coffee")
	}
	if l.consent[chPush] {
		join("app_users")
	}
	s.gap = 1
	for i := range w.pairs {
		h := &w.pairs[i]
		if !w.inHalf[i] || h.kind == kindRegions && city == "Москва" || h.kind == kindPhone && !l.consent[chSMS] {
			continue
		}
		if w.second(i, s.index) {
			s.gap *= w.gap[i]
			join(h.b)
		} else {
			join(h.a)
		}
	}
	if w.level < levelUsual {
		return
	}
	f := &s.chunk.facts
	if step := max(1, w.cfg.Customers/foundersSize); s.index%step == 0 && s.index/step < foundersSize {
		join("founders")
		f.Founders++
	}
	if unit(mix(mix(w.cfg.Seed+golden*(uint64(s.index)+1))^purposeSegment<<56^1000)) < newsletterShare {
		join("newsletter")
		f.Newsletter++
	}
}

// dynamic holds the running memberships of the segments that follow the state.
type dynamic struct {
	since [5]int64
}

var dynamicSegments = [5]string{"new_buyers", "active_buyers", "dormant_90", "vip", "recent_buyers"}

const dyRecent = 4 // of dynamicSegments: nobody leaves it

// memberships moves the customer between the state segments at the end of a week.
func (s *sim) memberships(d *dynamic, stage, recency int, at int64) {
	in := [5]bool{stage == stNew, stage == stActive, s.orders > 0 && recency > dormantDays, s.revenue >= vipRevenue, s.orders > 0 && s.w.level >= levelUsual}
	for i, inside := range in {
		switch {
		case inside && d.since[i] == 0:
			d.since[i] = at
		case !inside && d.since[i] != 0:
			s.chunk.Memberships = append(s.chunk.Memberships, Membership{dynamicSegments[i], s.id, d.since[i], at})
			d.since[i] = 0
		}
	}
}

// close writes the memberships that are still open at the end of the data.
func (s *sim) close(d *dynamic) {
	for i, from := range d.since {
		if from != 0 && from < s.w.end {
			s.chunk.Memberships = append(s.chunk.Memberships, Membership{dynamicSegments[i], s.id, from, 0})
			if i == dyRecent {
				s.chunk.facts.Recent++
				if s.w.weeks*7-s.lastDay > recentDays {
					s.chunk.facts.RecentStale++
				}
			}
		}
	}
}

// segments of this world, in the order of audit.yaml.
func (w *world) segments() []segment {
	var out []segment
	exists := func(id string) bool {
		return slices.ContainsFunc(w.scenarios, func(s Scenario) bool { return s.ID == id }) && w.present[slices.IndexFunc(w.scenarios, func(s Scenario) bool { return s.ID == id })]
	}
	for _, s := range segmentList() {
		if s.level > max(w.level, levelBasic) {
			continue
		}
		if w.level == levelNone && (s.usedBy == nil || !exists(s.usedBy[0])) {
			s.usedBy = []string{"promo_digest"} // nothing is wrong: all are in use
		}
		out = append(out, s)
	}
	for i, h := range w.pairs {
		if w.inHalf[i] {
			out = append(out, segment{id: h.a, name: h.nameA, usedBy: []string{"promo_digest"}}, segment{id: h.b, name: h.nameB, usedBy: []string{"promo_digest"}})
		}
	}
	return out
}

// driftedShare is what RhythmDrift leaves of the orders of the last weeks: a quarter of the customers prefer tea.
func (w *world) driftedShare() float64 {
	if w.pauses == nil {
		return 1
	}
	return 1 - .25*(1-w.cfg.Plant.RhythmDrift)
}

// orderRateGap is what a factor of the order rate makes of the share of customers with an order in the last 28 days of the data (.131 without it): calibrated on 40,000
// customers of DefaultPlant, held by TestSegmentGaps. The common shocks of these four weeks move it by some 5 % of itself.
func orderRateGap(factor float64) float64 {
	return .146*(factor-1) - .028*(factor-1)*(factor-1)
}

// segmentTruth says what is planted among the segments.
func (w *world) segmentTruth(f *facts) SegmentTruth {
	var t SegmentTruth
	for i, h := range w.pairs {
		switch {
		case !w.inHalf[i]:
		case w.gap[i] == 1:
			t.Equal = append(t.Equal, [2]string{h.a, h.b})
		default:
			t.Gaps = append(t.Gaps, GapTruth{h.a, h.b, w.gap[i], orderRateGap(w.gap[i]) * w.driftedShare()})
		}
	}
	for _, s := range w.segments() {
		if s.usedBy == nil {
			t.Unused = append(t.Unused, s.id)
		}
	}
	if w.level >= levelUsual {
		t.Stale = []StaleTruth{{"recent_buyers", "recency_days <= " + strconv.Itoa(recentDays), f.Recent, f.RecentStale, ratio(f.RecentStale, f.Recent)}}
		t.Tiny = []SizeTruth{{"founders", f.Founders}}
		t.NearlyAll = []SizeTruth{{"newsletter", f.Newsletter}}
	}
	return t
}

// without returns the map without one key.
func without(m map[string]float64, key string) map[string]float64 {
	m = maps.Clone(m)
	delete(m, key)
	return m
}
