package synth

import (
	"math"
	"slices"
	"strings"
)

// The values of Plant.Scenarios.
const (
	ScenariosNone  = "none"  // nothing is wrong: NullPlant
	ScenariosBasic = "basic" // the ten chains and the mailings only: nothing is wrong with the chains but what the state triggers bring
	ScenariosUsual = "usual" // and one or two of every problem: the demo
	ScenariosExtra = "extra" // and all that the truth bench counts (statistics section 11)
)

const (
	levelNone = iota - 1
	levelBasic
	levelUsual
	levelExtra
)

var scenarioLevels = map[string]int{ScenariosNone: levelNone, ScenariosBasic: levelBasic, ScenariosUsual: levelUsual, ScenariosExtra: levelExtra}

func (p *Plant) level() int { return scenarioLevels[p.Scenarios] }

// plantedList continues scenarioList: the scenarios that are there because something is to be found about them.
func plantedList() []Scenario {
	mail := func(prefix string, hours ...int64) []Step {
		var steps []Step
		for i, h := range hours {
			n := string(rune('1' + i))
			steps = append(steps, Step{prefix + n, h, "email", "t-" + prefix + "-" + n, "basic"})
		}
		return steps
	}
	on := func(channel string, step int, steps []Step) []Step {
		steps[step].Channel = channel
		return steps
	}
	sends := func(template string, step int, steps []Step) []Step {
		steps[step].Template = template
		return steps
	}
	return []Scenario{
		// A duplicate of second_order that somebody built a year later.
		{ID: "repeat_purchase", Name: "Повторный заказ", Role: "activation", Trigger: "order", Priority: 68, Channels: []string{"email", "sms"}, Window: 28, GoalDays: 30,
			Next: []string{"replenishment"}, Stages: []string{"new"}, Capacity: .85, GoalExit: true, Steps: on("sms", 1, mail("repeat", 169, 506)), level: levelUsual},
		// The audience and the timing of welcome, another content; its second step loses most of its sends.
		{ID: "app_intro", Name: "Знакомство с приложением", Role: "activation", Trigger: "registered", Priority: 35, Channels: []string{"email", "push"}, Window: 14, GoalDays: 28,
			Next: []string{"second_order"}, Stages: []string{"lead", "new"}, Capacity: .62, DropStep: 2, DropShare: .65, Steps: on("push", 2, mail("intro", 1, 74, 169)), level: levelUsual},
		// A common trigger, opposite roles, and the less important message first.
		{ID: "win_discount", Name: "Скидка тем, кто остывает", Role: "winback", Trigger: "interest score", Priority: 85, Channels: []string{"email", "push"}, Window: 5, GoalDays: 14,
			Next: []string{"replenishment"}, Stages: []string{"lead", "new", "active", "at_risk", "lost"}, Capacity: 1, Steps: on("push", 1, mail("windiscount", 3, 96)), level: levelUsual},
		{ID: "premium_set", Name: "Подарочные наборы премиум", Role: "development", Trigger: "interest score", Priority: 12, Channels: []string{"email"}, Window: 5, GoalDays: 14,
			Next: []string{"loyalty"}, Stages: []string{"lead", "new", "active", "at_risk", "lost"}, Capacity: 1, Steps: mail("premium", 0, 96), level: levelUsual},
		{ID: "nps_survey", Name: "Опрос: как вам у нас", Role: "information", Trigger: "90 days without an answer", Priority: 18, Channels: []string{"email"}, Window: 7,
			Stages: []string{"at_risk"}, Capacity: 1, Lock: 45, Steps: mail("nps", 0), level: levelUsual},
		{ID: "vip_offer", Name: "Закрытая распродажа для постоянных", Role: "development", Trigger: "any activity", Priority: 45, Channels: []string{"email"}, Window: 6, GoalDays: 14,
			Next: []string{"loyalty"}, Stages: []string{"active"}, Capacity: 1, Steps: sends("t-windiscount-1", 1, mail("vip", 0, 72)), level: levelUsual}, // its second letter was written for those who are leaving
		{ID: "recommendations", Name: "Персональная подборка", Role: "information", Trigger: "any customer, every Monday", Priority: 14, Channels: []string{"email"}, Window: 2, GoalDays: 14,
			Next: []string{"replenishment"}, Stages: []string{"lead", "new", "active", "at_risk", "lost"}, Capacity: 1, Steps: mail("recommend", 0), level: levelUsual},
		{ID: "long_silence", Name: "Пять месяцев тишины", Role: "retention", Trigger: "150 days without an order", Priority: 42, Channels: []string{"email"}, Window: 14, GoalDays: 28,
			Next: []string{"winback"}, Stages: []string{"at_risk"}, Capacity: silenceHalf, Steps: mail("silence", 0, 168), level: levelUsual},
		{ID: "old_reminder", Name: "Напоминание (старое)", Role: "activation", Trigger: "registered", Priority: 16, Channels: []string{"email"}, Window: 3, GoalDays: 14,
			Next: []string{"welcome"}, Stages: []string{"lead"}, Capacity: 1, Undefined: true, Steps: mail("oldreminder", 0), level: levelUsual},
		{ID: "spring_offer", Name: "Весеннее предложение", Role: "retention", Trigger: "calendar", Priority: 24, Channels: []string{"email", "sms"}, Bulk: true,
			Steps: on("sms", 1, mail("spring", 36, 108)), level: levelUsual},
		// Its clicks depend on the stage, and it moves from one stage to another: series.go.
		{ID: "tea_stories", Name: "Чайные истории", Role: "information", Trigger: "calendar", Priority: 11, Channels: []string{"email"}, Bulk: true, level: levelUsual},
		// The push mailing in which a level that shifts can be seen.
		{ID: "app_news", Name: "Новости приложения", Role: "information", Trigger: "calendar", Priority: 13, Channels: []string{"push"}, Bulk: true, level: levelUsual},
		{ID: "delivery_offer", Name: "Подарок или доставка", Role: "retention", Trigger: "calendar", Priority: 23, Channels: []string{"email"}, Bulk: true,
			Steps: mail("delivery", 37, 109), level: levelUsual},
		{ID: "shop_invite", Name: "Приглашение в магазин", Role: "retention", Trigger: "calendar", Priority: 22, Channels: []string{"email"}, Bulk: true,
			Steps: mail("shop", 38, 110), level: levelUsual},

		{ID: "birthday_gift", Name: "Подарок ко дню рождения", Role: "retention", Trigger: "birthday", Priority: 64, Channels: []string{"email"}, Window: 7, GoalDays: 14,
			Next: []string{"replenishment"}, Stages: []string{"new", "active", "at_risk"}, Capacity: .9, Steps: mail("bdgift", 1), level: levelExtra},
		{ID: "winback_tea", Name: "Возвращение любителей чая", Role: "winback", Trigger: "180 days without an order", Priority: 41, Channels: []string{"email", "sms"}, Window: 28, GoalDays: 28,
			Next: []string{"replenishment"}, Stages: []string{"at_risk", "lost"}, Capacity: 1, GoalExit: true, Steps: on("sms", 1, mail("winbacktea", 1, 241)), level: levelExtra},
		{ID: "care_moscow", Name: "Как вам заказ: Москва", Role: "service", Trigger: "order delivered", Priority: 32, Channels: []string{"email", "messenger"}, Window: 8, GoalDays: 28,
			Next: []string{"replenishment"}, Stages: []string{"new", "active"}, Capacity: .5, Steps: on("messenger", 1, mail("caremsk", 48, 144)), level: levelExtra},
		{ID: "care_regions", Name: "Как вам заказ: регионы", Role: "service", Trigger: "order delivered", Priority: 32, Channels: []string{"email", "messenger"}, Window: 8, GoalDays: 28,
			Next: []string{"replenishment"}, Stages: []string{"new", "active"}, Capacity: .5, Steps: on("messenger", 1, mail("careregions", 48, 144)), level: levelExtra},
		{ID: "club_magazine", Name: "Журнал клуба", Role: "information", Trigger: "fourth order", Priority: 28, Channels: []string{"email", "push"}, Window: 21, GoalDays: 28,
			Next: []string{"replenishment"}, Stages: []string{"active"}, Capacity: .8, Steps: on("push", 1, mail("magazine", 26, 337)), level: levelExtra},
		calm("tea_ritual", "Чайный ритуал", "ritual", stAtRisk), calm("coffee_break", "Кофейный перерыв", "coffee", stAtRisk),
		calm("old_friends", "Старые друзья", "friends", stLost), calm("gift_ideas", "Идеи подарков", "gifts", stLost),
		calm("collection", "Собери коллекцию", "collection", stActive), calm("bring_friend", "Приведи друга", "friend", stActive),
		clash("hot_price", "Горячая цена", "hotprice", 22, 0), clash("last_items", "Последние штуки", "lastitems", 23, 4),
		clash("new_arrival", "Новинки недели", "arrival", 26, 0), clash("bonus_days", "Дни бонусов", "bonus", 27, 6),
		{ID: "partner_gift", Name: "Подарок от партнёра", Role: "retention", Trigger: "partner list", Priority: 17, Channels: []string{"email"}, Window: 7,
			Stages: []string{"lead", "lost"}, Capacity: 1, Lock: 45, Steps: mail("partner", 0), level: levelExtra},
		{ID: "picks", Name: "Подборка по вашему вкусу", Role: "information", Trigger: "calendar", Priority: 19, Channels: []string{"email"}, Bulk: true,
			Steps: mail("picks", 35, 107), level: levelUsual},
	}
}

// calm is one of two scenarios that draw their customers in one stage, each by its own lot.
func calm(id, name, prefix string, stage int) Scenario {
	return Scenario{ID: id, Name: name, Role: "retention", Trigger: "weekly lot " + prefix, Priority: 21, Channels: []string{"email"}, Window: 3, GoalDays: 14,
		Next: []string{"replenishment"}, Stages: []string{stageRules()[stage].Name}, Capacity: 1, Steps: []Step{{prefix + "1", 0, "email", "t-" + prefix + "-1", "basic"}, {prefix + "2", 48, "email", "t-" + prefix + "-2", "basic"}}, level: levelExtra}
}

// clash is one of two scenarios that one trigger starts.
func clash(id, name, prefix string, priority int, after int64) Scenario {
	return Scenario{ID: id, Name: name, Role: "retention", Trigger: "price feed " + prefix, Priority: priority, Channels: []string{"email"}, Window: 5, GoalDays: 14,
		Next: []string{"replenishment"}, Stages: []string{"lead", "new", "active", "at_risk", "lost"}, Capacity: 1,
		Steps: []Step{{prefix + "1", after, "email", "t-" + prefix + "-1", "basic"}, {prefix + "2", 96, "email", "t-" + prefix + "-2", "basic"}}, level: levelExtra}
}

// subjects of the letters. A duplicate's letters were written by somebody else who copied them.
var subjects = map[string]string{
	"t-welcome-1": "Добро пожаловать в Чайную лавку: дарим 300 рублей на первый заказ", "t-welcome-2": "Как выбрать чай и кофе, если глаза разбегаются", "t-welcome-3": "Ваши 300 рублей ещё ждут вас",
	"t-cart-1": "Вы оставили товары в корзине", "t-cart-2": "Корзина ждёт: оформите заказ, пока всё есть в наличии",
	"t-second-1": "Спасибо за первый заказ! Второй со скидкой десять процентов до конца месяца", "t-second-2": "Скидка десять процентов на второй заказ сгорает через неделю",
	"t-replenish-1": "Похоже, чай заканчивается: повторить прошлый заказ в один клик", "t-replenish-2": "Повторить прошлый заказ?",
	"t-atrisk-1": "Мы скучаем: что нового появилось в лавке за два месяца", "t-atrisk-2": "Для вас подборка новинок и бесплатная доставка",
	"t-winback-1": "Вернитесь за любимым чаем: дарим пятьсот рублей на следующий заказ", "t-winback-2": "Пятьсот рублей на заказ действуют ещё три дня",
	"t-birthday": "С днём рождения! Скидка пятнадцать процентов на всё в вашу праздничную неделю", "t-loyalty-1": "Вы в клубе постоянных покупателей: копите баллы с каждой покупки", "t-loyalty-2": "Баллы клуба уже на вашем счёте",
	"t-review": "Расскажите, понравился ли вам заказ", "t-pricedrop": "Цена на просмотренный товар снизилась", "t-offer-1": "Майское предложение: три пачки по цене двух", "t-offer-2": "Майское предложение заканчивается завтра",
	"t-points-1": "Не забудьте потратить баллы до конца квартала", "t-points-2": "Баллы скоро сгорят",
	"t-repeat-1": "Спасибо за первый заказ! Второй со скидкой десять процентов до конца недели", "t-repeat-2": "Скидка десять процентов на второй заказ сгорает через неделю",
	"t-intro-1": "Скачайте приложение: история заказов и статус доставки под рукой", "t-intro-2": "Три вещи, которые удобнее делать с телефона", "t-intro-3": "Включите уведомления о доставке",
	"t-windiscount-1": "Давно не виделись: скидка двадцать процентов только сегодня", "t-windiscount-2": "Скидка двадцать процентов ещё действует",
	"t-premium-1": "Премиальные подарочные наборы в новой коллекции", "t-premium-2": "Наборы заканчиваются: осталось меньше ста штук",
	"t-nps-1": "Оцените нас от нуля до десяти: один вопрос", "t-vip-1": "Закрытая распродажа: только для постоянных покупателей",
	"t-recommend-1": "Подобрали для вас новинки недели", "t-silence-1": "Пять месяцев без вас: вот что изменилось", "t-silence-2": "Если не хотите наших писем, отпишитесь в один клик",
	"t-oldreminder-1": "Вы зарегистрировались, но так ничего и не заказали", "t-spring-1": "Весна в лавке: сорта первого сбора", "t-spring-2": "Первый сбор заканчивается",
	"t-bdgift-1": "С днём рождения! Скидка пятнадцать процентов на всё в вашу праздничную неделю", "t-winbacktea-1": "Вернитесь за любимым чаем: дарим пятьсот рублей на следующий заказ", "t-winbacktea-2": "Пятьсот рублей на заказ действуют ещё три дня",
	"t-caremsk-1": "Всё ли хорошо с вашим заказом: ответьте нам одним нажатием", "t-caremsk-2": "Как заварить то, что вы купили", "t-careregions-1": "Всё ли хорошо с вашим заказом: ответьте нам одним нажатием", "t-careregions-2": "Как заварить то, что вы купили",
	"t-magazine-1": "Journal of the club: spring teas of Fujian and how to brew them", "t-magazine-2": "Новый номер журнала: интервью с мастером керамики",
	"t-ritual-1": "Чайный ритуал: гайвань для начинающих", "t-ritual-2": "Какой водой заваривать улун", "t-coffee-1": "Перерыв на кофе: воронка или турка", "t-coffee-2": "Помол под ваш способ",
	"t-friends-1": "Мы помним ваш первый заказ", "t-friends-2": "Пять хитов прошлого сезона", "t-gifts-1": "Идеи подарков до тысячи рублей", "t-gifts-2": "Открытка в подарок к набору",
	"t-collection-1": "Соберите коллекцию чашек", "t-collection-2": "До полной коллекции две чашки", "t-friend-1": "Приведите друга и получите по двести рублей", "t-friend-2": "Ваш друг ещё не получил подарок",
	"t-hotprice-1": "Горячая цена дня на кофе в зёрнах", "t-hotprice-2": "Цена держится до полуночи", "t-lastitems-1": "Последние штуки на складе", "t-lastitems-2": "Больше не привезём",
	"t-arrival-1": "Новинки недели уже на полках", "t-arrival-2": "Новинки, которые разбирают первыми", "t-bonus-1": "Дни бонусов: двойные баллы", "t-bonus-2": "Bonus days end tonight",
	"t-delivery-1": "Подарок к заказу или доставка: выбираем за вас", "t-delivery-2": "Предложение действует до воскресенья", "t-shop-1": "Приглашаем в магазин у дома на дегустацию", "t-shop-2": "Дегустация в субботу, приходите с друзьями",
	"t-picks-1": "Подборка для вас: шесть сортов, которые вам подойдут", "t-picks-2": "Ваша подборка ещё здесь",
	"t-partner-1": "A gift from our partner is waiting for you",
}

// chance is a weekly lot: every Monday each customer in the stage draws it, independently of everything else, and the winner meets the
// trigger at a random moment of the week, by day.
type chance struct {
	key   uint64  // of the random numbers: never changes
	stage int     // -1: any
	p     float64 // per customer and week
	// starts are the scenarios that the trigger starts, each with its own chance.
	starts []start
	share  float64 // of the customers who are ever asked; 0: all
	night  bool    // at five on Monday morning
}

type start struct {
	scenario int
	p        float64
}

// clashChance and clashShare make the person-time of two scenarios with a common trigger overlap three times as much as chance does. The trigger
// knows a share of the customers, and comes once a week with chance q at a uniform moment; it starts a and b, independently, for D = 5 days of 7.
// Observed joint time per week and customer known is a b (D q + 2 q^2 w) with w = D^3/6/49, the mean overlap with the trigger of one neighbouring week; expected
// is share a b q^2 D^2 / 7. Their ratio, (7/(D q) + 14 w/D^2)/share, is 2.9 here; customers whom no trigger can reach yet (first days) or for some weeks
// (Lock) make it 3, as TestPairRatios measures. A trigger that knew all customers would catch more than half of them: too broad.
const (
	clashChance = .93
	clashShare  = .6
)

// talk grows from .15 to 1 with the messages per customer: how much the drawn scenarios send. A company of 20 messages per customer has
// no room for a weekly selection.
func (w *world) talk() float64 {
	return math.Min(1, math.Max(.15, (w.cfg.MessagesPerCustomer-20)/30))
}

func chanceList(level int, talk float64) []chance {
	calm := []chance{
		{6, stAtRisk, .03, []start{{scCalmA, 1}}, 0, false}, {7, stAtRisk, .03, []start{{scCalmB, 1}}, 0, false},
		{8, stLost, .06, []start{{scCalmC, 1}}, 0, false}, {9, stLost, .06, []start{{scCalmD, 1}}, 0, false},
		{10, stActive, .05, []start{{scCalmE, 1}}, 0, false}, {11, stActive, .05, []start{{scCalmF, 1}}, 0, false},
	}
	switch level {
	case levelNone:
		for i := range calm { // so many that nobody is left alone
			calm[i].p = .08
		}
		return calm
	case levelBasic:
		return nil
	}
	part := .25 + .75*talk
	list := []chance{
		{1, -1, clashChance, []start{{scPremium, .03 * part}, {scWinDiscount, .03 * part}}, clashShare, false},
		{2, stAtRisk, .003 * part, []start{{scSurvey, 1}}, 0, false},
		{3, -1, .02 * part, []start{{scVipOffer, 1}}, 0, false},
		{4, -1, .2 * talk * talk, []start{{scRecommend, 1}}, .7, false},
		{5, stLead, .03 * part, []start{{scLegacy, 1}}, 0, true},
	}
	if level < levelExtra {
		return list
	}
	return append(append(list, calm...), []chance{
		{12, -1, clashChance, []start{{scClashA, .03}, {scClashB, .03}}, clashShare, false},
		{13, -1, clashChance, []start{{scClashC, .03}, {scClashD, .03}}, clashShare, false},
		{14, stLead, .004, []start{{scPartner, 1}}, 0, false}, {15, stLost, .004, []start{{scPartner, 1}}, 0, false},
	}...)
}

// plantedMessages is what the planted chains send, per customer in 104 weeks; calibrated, held by TestVolume.
func (w *world) plantedMessages(level int) float64 {
	talk := w.talk()
	part := .25 + .75*talk
	switch level {
	case levelNone, levelBasic:
		return 0
	case levelUsual:
		return 3.2 + 4*part + 5*talk*talk + (storiesMessages+newsMessages)*talk
	}
	return 15 + 4*part + 5*talk*talk + (storiesMessages+newsMessages)*talk
}

// draw lets the customer draw the week's lots. The numbers of one lot depend on nothing but seed, customer, week and lot.
func (s *sim) draw(k int, from int64, stage int) {
	if len(s.w.chances) == 0 {
		return
	}
	base := mix(mix(s.w.cfg.Seed+golden*(uint64(s.index)+1)) ^ purposeChance<<56 ^ uint64(k))
	for i := range s.w.chances {
		c := &s.w.chances[i]
		if c.stage >= 0 && c.stage != stage {
			continue
		}
		at := base + golden*(c.key<<8)
		if unit(mix(at)) >= c.p || c.share > 0 && unit(mix(s.w.cfg.Seed+golden*(uint64(s.index)<<8+c.key))) >= c.share {
			continue
		}
		moment := from + int64(unit(mix(at+1))*7)*day + 9*3600 + int64(unit(mix(at+2))*11*3600)
		if c.night {
			moment = from + 5*3600 + int64(unit(mix(at+2))*600)
		}
		for j, x := range c.starts {
			if unit(mix(at+golden+uint64(j))) < x.p {
				s.week = append(s.week, happening{moment + int64(j)*300, hapEnter, x.scenario})
			}
		}
	}
}

// long_silence: in some blocks of weeks everybody who has not ordered for 150 days is enrolled, in the others one in two: only the latter have comparators,
// 40 % of the enrolled of the audited weeks when there are 78 of them.
const (
	silenceHalf  = .5
	silenceBlock = 28
	silenceOpen  = 14 // weeks of the block with comparators
)

func silenceOpenWeek(k int) bool { return k%silenceBlock < silenceOpen }

// capacity of a scenario in week k.
func (s *sim) capacity(sc, k int) float64 {
	if sc == scSilence && !silenceOpenWeek(k) {
		return 1
	}
	return s.w.scenarios[sc].Capacity
}

// dropped says whether a broken rule inside the chain loses this message.
func (s *sim) dropped(def *Scenario, step, entry int) bool {
	return step+1 == def.DropStep && unit(mix(mix(s.w.cfg.Seed+golden*(uint64(s.index)+1))^purposeChance<<56^uint64(entry)<<32^uint64(step))) < def.DropShare
}

// bodies are the texts of the letters, by the template's name without its number. Copies share theirs.
var bodies = map[string]string{
	"t-welcome":   "Мы торгуем чаем и кофе двенадцать лет и пробуем каждую партию сами. Расскажите, что вы любите, и мы подберём набор для знакомства.",
	"t-cart":      "Товары в корзине мы держим двое суток. Доставим завтра, если оформить заказ до шести вечера, оплатить можно при получении.",
	"t-second":    "Промокод уже в вашем личном кабинете, вводить ничего не нужно. Он действует на любой чай, кофе и посуду, кроме подарочных сертификатов.",
	"t-replenish": "Судя по прошлым заказам, ваш запас подходит к концу. Нажмите кнопку, и мы соберём тот же набор по старой цене.",
	"t-atrisk":    "За это время приехали улуны из Уишаня и свежая обжарка из Эфиопии. Загляните, пока сезонные сорта не разобрали.",
	"t-winback":   "Сумма уже лежит на вашем счёте и спишется сама при оплате. Минимального заказа нет, доставка от двух тысяч бесплатна.",
	"t-birthday":  "Выберите подарок себе: скидка суммируется с баллами клуба и действует на весь каталог, включая новинки и фарфор.",
	"t-loyalty":   "Один балл равен одному рублю, оплатить ими можно половину заказа. Уровень пересматривается раз в квартал по сумме покупок.",
	"t-review":    "Отзыв займёт минуту и поможет другим не ошибиться с сортом. За фотографию начислим пятьдесят баллов.",
	"t-pricedrop": "Товар, который вы смотрели, подешевел. Количество по новой цене ограничено складом.",
	"t-offer":     "Соберите любые три пачки из майского списка, самая недорогая достанется вам в подарок.",
	"t-points":    "На вашем счёте есть баллы, которые сгорят в конце квартала. Ими можно оплатить половину любого заказа.",
	"t-repeat":    "Промокод уже в вашем личном кабинете, вводить ничего не нужно. Он действует на любой чай, кофе и посуду, кроме подарочных сертификатов.",
	"t-intro":     "В приложении видно, где курьер, сколько накоплено баллов и когда пора повторить заказ. Установка занимает полминуты и работает без регистрации.",
	"t-nps":       "Поставьте оценку от нуля до десяти и, если хотите, напишите пару слов. Мы читаем каждый ответ.", "t-recommend": "На этой неделе мы выбрали для вас пять новинок по вашим прошлым просмотрам и покупкам.",
	"t-windiscount": "Мы заметили, что вы давно ничего не выбирали. Сегодня всё, что в списке желаний, дешевле на пятую часть.",
	"t-premium":     "Наборы в деревянных шкатулках собраны вручную: три редких улуна, чайник и пиала. Подпишем открытку от вашего имени.",
	"t-vip":         "Ссылка открывает страницу, которой нет в меню. Остатки прошлой коллекции уходят по закупочной цене, по две единицы в руки.",
	"t-silence":     "Мы не хотим надоедать. Посмотрите, что появилось за это время, или отпишитесь: обижаться не станем.",
	"t-oldreminder": "Вы зарегистрировались на нашем сайте. Нажмите на ссылку, чтобы перейти в каталог и сделать покупку.",
	"t-spring":      "Чай первого сбора приезжает один раз в году. Для этого письма мы отложили четыреста пачек.",
	"t-bdgift":      "Выберите подарок себе: скидка суммируется с баллами клуба и действует на весь каталог, включая новинки и фарфор.",
	"t-winbacktea":  "Сумма уже лежит на вашем счёте и спишется сама при оплате. Минимального заказа нет, доставка от двух тысяч бесплатна.",
	"t-caremsk":     "Если что-то пошло не так, мы заменим товар или вернём деньги в тот же день. Ваша оценка попадёт прямо к сборщику заказа.",
	"t-careregions": "Если что-то пошло не так, мы заменим товар или вернём деньги в тот же день. Ваша оценка попадёт прямо к сборщику заказа.",
	"t-magazine":    "This month we climb the Wuyi mountains with a family of growers, visit a potter in Gzhel and learn to brew white tea in the cold.",
	"t-ritual":      "Ополосните гайвань кипятком, подождите минуту и слейте первую заварку. Вторая раскроет аромат, третья вкус.",
	"t-coffee":      "Для воронки нужен средний помол и вода чуть ниже кипения. Для турки мелкий, как пудра, и терпение.",
	"t-friends":     "Начните заново с набора пробников: восемь сортов по две порции. Потом решите, что заказать большой пачкой.",
	"t-gifts":       "Кружка с крышкой, термос, мёд с орехами: двадцать вещей, за которые не стыдно перед коллегами.",
	"t-collection":  "Шесть чашек с птицами средней полосы. Каждая следующая дешевле предыдущей на сто рублей.",
	"t-friend":      "Перешлите другу это письмо. Он получит скидку на первый заказ, а вы деньги на счёт, когда он его оплатит.",
	"t-hotprice":    "Сегодня бразильская арабика стоит как растворимый кофе. Завтра цена вернётся.",
	"t-lastitems":   "Эти чайники сняты с производства. На складе остались единицы, отложить можно на сутки.",
	"t-arrival":     "Разобрали контейнер из Японии: сенча, генмайча и пять видов матчи.",
	"t-bonus":       "До воскресенья за каждый рубль начисляем два балла вместо одного. Ограничений по сумме нет.",
	"t-partner":     "Our friends at the bakery next door would like to treat you to a loaf of rye bread. Show this letter at the counter.",
	"t-digest":      "Главное за неделю: что привезли, что подешевело и что мы пьём сами.",
	"t-stories":     "Как мы искали плантацию, которой нет на картах, и почему вернулись без чая, но с рецептом.",
	"t-appnews":     "Мы починили поиск, ускорили оплату и добавили историю заказов за все годы.",
	"t-delivery":    "Сделайте заказ на этой неделе. Подарок или бесплатная доставка уже в корзине.",
	"t-shop":        "Заварим шесть сортов, расскажем, чем они отличаются, и угостим пирогом.",
	"t-picks":       "Мы посмотрели, что вы покупали и что рассматривали, и отложили похожее. Попробуйте хотя бы одно.",
	"t-flash":       "Распродажа идёт до воскресенья, скидка видна в корзине.",
}

// chains says what is planted among the scenarios of this world.
func (w *world) chains() ChainTruth {
	var t ChainTruth
	id := func(sc int) string { return w.scenarios[sc].ID }
	pair := func(a, b int) [2]string {
		if id(a) > id(b) {
			a, b = b, a
		}
		return [2]string{id(a), id(b)}
	}
	pairs := func(list ...[2]int) (out [][2]string) {
		for _, p := range list {
			if w.present[p[0]] && w.present[p[1]] {
				out = append(out, pair(p[0], p[1]))
			}
		}
		return out
	}
	names := func(list ...int) (out []string) {
		for _, sc := range list {
			if w.present[sc] {
				out = append(out, id(sc))
			}
		}
		return out
	}
	ratios := func(ratio float64, list ...[3]int) (out []PairTruth) {
		for _, p := range list {
			if w.present[p[0]] && w.present[p[1]] {
				x := pair(p[0], p[1])
				row := PairTruth{A: x[0], B: x[1], Ratio: ratio}
				if p[2] >= 0 {
					row.Stage = stageRules()[p[2]].Name
				}
				out = append(out, row)
			}
		}
		return out
	}
	t.Duplicates = pairs([2]int{scSecond, scRepeat}, [2]int{scBirthday, scBirthdayGift})
	t.Subsets = pairs([2]int{scWinback, scWinbackTea})
	t.SameLogic = pairs([2]int{scCareMoscow, scCareRegions})
	t.DifferentContent = pairs([2]int{scWelcome, scAppIntro}, [2]int{scLoyalty, scClubMagazine})
	t.CommonTrigger = ratios(3, [3]int{scWinDiscount, scPremium, -1}, [3]int{scClashA, scClashB, -1}, [3]int{scClashC, scClashD, -1})
	t.Independent = ratios(1, [3]int{scCalmA, scCalmB, stAtRisk}, [3]int{scCalmC, scCalmD, stLost}, [3]int{scCalmE, scCalmF, stActive})
	t.Together = w.together(pair)
	t.Contradictory = pairs([2]int{scWinDiscount, scPremium})
	t.PriorityInversion = pairs([2]int{scWinDiscount, scPremium}, [2]int{scClashA, scClashB}, [2]int{scClashC, scClashD})
	t.DeadEnds = names(scSurvey, scPartner)
	for sc, why := range map[int]string{scVipOffer: "stages", scRecommend: "everybody"} {
		if w.present[sc] {
			t.Broad = append(t.Broad, BroadTruth{id(sc), why})
		}
	}
	slices.SortFunc(t.Broad, func(a, b BroadTruth) int { return strings.Compare(a.Scenario, b.Scenario) })
	for i, s := range w.scenarios {
		switch {
		case !w.present[i]:
			continue
		case s.DropStep > 0:
			t.DropOffs = append(t.DropOffs, DropTruth{s.ID, s.Steps[s.DropStep-1].ID, s.DropShare})
		case s.Undefined:
			t.Undefined = append(t.Undefined, s.ID)
		}
		if s.losesSends() {
			t.NaturalDrops = append(t.NaturalDrops, s.ID)
		}
		switch f := w.effects[i]; {
		case s.Bulk:
		case f > 1:
			t.Positive = append(t.Positive, s.ID)
		case f < 1:
			t.Harmful = append(t.Harmful, s.ID)
		case i != scConcierge:
			t.Null = append(t.Null, s.ID)
		}
	}
	t.Unused = names(scConcierge)
	t.Night = names(scLegacy)
	t.NoComparators = names(scSilence)
	for _, e := range w.exper {
		if w.present[e.scenario] && e.ControlLost > 0 {
			t.BrokenRatio = append(t.BrokenRatio, e.ID)
		}
	}
	return t
}

// losesSends tells whether steps go out to fewer for reasons that are no fault: goal exits, or channels that fewer customers allow than e-mail.
func (s *Scenario) losesSends() bool {
	return !s.Bulk && s.DropStep == 0 && (s.GoalExit || slices.ContainsFunc(s.Steps, func(x Step) bool { return x.Channel != "email" }))
}

// together lists the pairs with a cause in common other than the stage: one event or moment starts both, or one blocks the other.
func (w *world) together(pair func(a, b int) [2]string) (out [][2]string) {
	if w.level == levelNone {
		return nil
	}
	order := []int{scSecond, scRepeat, scReview, scCareMoscow, scCareRegions, scLoyalty, scClubMagazine}
	register := []int{scWelcome, scAppIntro}
	causes := [][]int{
		// What was entered in the last days of a stage runs on into the next one, whose first day starts at_risk.
		{scAtRisk, scCalmE}, {scAtRisk, scCalmF},
		append(slices.Clone(register), order...), // most customers register with an order
		{scBirthday, scBirthdayGift}, {scWinback, scWinbackTea},
		{scCart, scPriceDrop}, // sessions come in clusters: activity and engagement
		{scWinDiscount, scPremium}, {scClashA, scClashB}, {scClashC, scClashD},
	}
	seen := map[[2]string]bool{}
	for _, c := range causes {
		for i, a := range c {
			for _, b := range c[i+1:] {
				if p := pair(a, b); w.present[a] && w.present[b] && !seen[p] {
					seen[p] = true
					out = append(out, p)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[0]+"|"+a[1], b[0]+"|"+b[1]) })
	return out
}
