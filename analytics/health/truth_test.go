package health

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics/benchtest"
)

// The bench row D1: precision and recall on planted duplicates among near-misses. See doc.go for the command and the last table.
func TestTruth(t *testing.T) {
	benchtest.Run(t, func() []benchtest.Row {
		var out []benchtest.Row
		for _, c := range []struct{ n, r int }{{3000, 10}, {30_000, 4}, {200_000, 1}} {
			var sum bench
			for seed := range c.r {
				sum.add(newPlanted(rand.New(rand.NewPCG(uint64(seed+1), 13)), c.n).bench())
			}
			out = append(out, benchtest.AtLeast("D1", fmt.Sprintf("precision of certain and likely pairs, %d contacts", c.n), sum.precision(), .95, c.r),
				benchtest.AtLeast("D1", "recall, the same", sum.recall(), .90, c.r),
				benchtest.AtLeast("D1", "precision of certain pairs alone", float64(sum.certainTrue)/float64(sum.certain), .99, c.r),
				benchtest.AtLeast("D1", "precision of groups (pairs within them)", float64(sum.groupTrue)/float64(sum.groupPairs), .95, c.r))
			if c.n != 30_000 { // the kinds once
				continue
			}
			for _, kind := range sum.kinds() {
				out = append(out, benchtest.Info("-", "called duplicates, "+kind, fmt.Sprintf("%.3f of %d", float64(sum.called[kind])/float64(sum.planted[kind]), sum.planted[kind]), c.r))
			}
		}
		return out
	})
}

// bench counts what became of planted pairs.
type bench struct {
	found, calls, truths  int
	certain, certainTrue  int
	groupPairs, groupTrue int
	planted, called       map[string]int
	wrong                 []string
}

func (b *bench) add(o bench) {
	b.found, b.calls, b.truths = b.found+o.found, b.calls+o.calls, b.truths+o.truths
	b.certain, b.certainTrue, b.groupPairs, b.groupTrue = b.certain+o.certain, b.certainTrue+o.certainTrue, b.groupPairs+o.groupPairs, b.groupTrue+o.groupTrue
	if b.planted == nil {
		b.planted, b.called = map[string]int{}, map[string]int{}
	}
	for k, n := range o.planted {
		b.planted[k] += n
		b.called[k] += o.called[k]
	}
}

func (b *bench) precision() float64 { return float64(b.found) / float64(b.calls) }
func (b *bench) recall() float64    { return float64(b.found) / float64(b.truths) }

func (b *bench) kinds() (out []string) {
	for k := range b.planted {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// planted is a base with known duplicates. It is made without regard to the code under test: names with the frequencies of life, families, namesakes, firms with branches, shared numbers, fillers.
type planted struct {
	rng      *rand.Rand
	contacts []Contact
	entity   []int             // who the contact is
	kind     map[[2]int]string // planted pairs, near-misses with "not: "
	taken    map[string]bool   // addresses
}

type person struct {
	first, last, father, phone, email, birthday string
	female                                      bool
}

var (
	benchMale    = strings.Fields("Александр Сергей Дмитрий Андрей Алексей Максим Иван Евгений Михаил Артём Николай Владимир Нурлан Ерлан Данияр Тимур Арман Руслан Игорь Павел Юрий Константин Виктор Олег Роман Денис Илья Кирилл Егор Пётр Григорий Вячеслав Щербан Асхат Бауыржан Қайрат Ғалым Серік")
	benchFemale  = strings.Fields("Анна Мария Елена Ольга Наталья Татьяна Ирина Екатерина Светлана Юлия Айгуль Динара Жанар Сауле Гүлнар Әлия Дарья Ксения Алина Арина Виктория Людмила Галина Любовь Надежда Марина Софья Полина Евгения Зинаида Раиса Камила")
	benchStems   = strings.Fields("Иван Смирн Кузнец Поп Василь Петр Сокол Михайл Новик Фёдор Мороз Волк Алексе Лебед Семён Егор Павл Козл Степан Никола Орл Андре Макар Никит Захар Соловь Борис Яковл Григорь Роман Воробь Серге Кузьм Фрол Александр Дмитри Корол Гус Киселё Иль Максим Поляк Сорок Виноград Ковал Бел Медвед Антон Тарас Жук Баран Филипп Комар Давыд Беля Герасим Богдан Осип Сидор Матве Тит Марк Мирон Крыл Кулик Карп Влас Мельник Денис Гаврил Тихон Казак Афанась Данил Савель Тимофе Фом Черн Абрам Мартын Ефим Федот Щерб Назар Калин Иса Чернышё Бык Масл Родион Ахмет Касым Сулеймен Нургали Оспан Жумаба Ибра Сейт Абиш Рахим Искак Темирхан Бекет")
	benchEndings = []string{"ов", "ев", "ин", "енко", "ский", "ук"}
	benchFirms   = strings.Fields("Ромашка Вектор Горизонт Алатау Меридиан Орион Каспий Байкал Титан Атлант Сфера Импульс Прогресс Луч Заря Восход Акцент Форум Фаворит Гарант Лидер Союз Партнёр Альянс Эталон Норд Вега Дельта Сигма Омега")
	benchTrades  = strings.Fields("Сервис Трейд Логистик Строй Маркет Снаб Транс Агро Мебель Текстиль Медиа Дизайн Монтаж Энерго")
	benchCities  = strings.Fields("Алматы Астана Караганда Шымкент Москва Казань Самара Пермь")
	benchForms   = []string{"ТОО", "ООО", "АО", "ЖШС"}
	benchHosts   = []string{"mail.ru", "gmail.com", "yandex.ru", "bk.ru", "inbox.ru"}
)

func pick[T any](rng *rand.Rand, list []T) T {
	u := rng.Float64()
	return list[int(u*u*float64(len(list)))] // the first are the common ones
}

func (p *planted) lastName() string {
	return pick(p.rng, benchStems) + pick(p.rng, []string{"", "", "", "", "", "ак", "ар", "ел", "он", "ич", "уш", "ец"}) + pick(p.rng, benchEndings)
}

func feminine(last string) string {
	switch {
	case strings.HasSuffix(last, "ский"):
		return strings.TrimSuffix(last, "ий") + "ая"
	case strings.HasSuffix(last, "енко"), strings.HasSuffix(last, "ук"):
		return last
	}
	return last + "а"
}

func (p *planted) number() string {
	return fmt.Sprintf("7%02d%07d", p.rng.IntN(90)+1, p.rng.IntN(10_000_000))
}

func (p *planted) person(last string) person {
	rng := p.rng
	x := person{female: rng.IntN(2) == 0, last: last}
	father := pick(rng, benchMale[:12])
	if x.female {
		x.first, x.last, x.father = pick(rng, benchFemale), feminine(last), strings.TrimRight(father, "йь")+"овна"
	} else {
		x.first, x.father = pick(rng, benchMale), strings.TrimRight(father, "йь")+"ович"
	}
	x.phone = p.number()
	x.email = p.mailOf(x)
	x.birthday = fmt.Sprintf("%d-%02d-%02d", 1950+rng.IntN(55), rng.IntN(12)+1, rng.IntN(28)+1)
	return x
}

func (p *planted) mailOf(x person) string {
	a, b := latinOf(x.first), latinOf(x.last)
	local := []string{a + "." + b, b + "_" + a, a[:1] + b, b, a}[p.rng.IntN(5)]
	if p.rng.IntN(3) > 0 {
		local += fmt.Sprint(p.rng.IntN(9999))
	}
	address := local + "@" + pick(p.rng, benchHosts)
	for p.taken[address] { // an address has one owner
		address = local + fmt.Sprint(p.rng.IntN(100_000)) + "@" + pick(p.rng, benchHosts)
	}
	p.taken[address] = true
	return address
}

// latinOf is one of the usual ways to write a word in Latin letters; not that of the code under test.
func latinOf(s string) string {
	return strings.ToLower(strings.NewReplacer("щ", "shch", "ш", "sh", "ч", "ch", "ц", "ts", "ж", "zh", "х", "kh", "ю", "yu", "я", "ya", "ё", "yo", "э", "e", "й", "y", "ы", "y", "ь", "", "ъ", "", "а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e",
		"з", "z", "и", "i", "к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "ә", "a", "қ", "q", "ғ", "g", "ү", "u", "ұ", "u", "ң", "n", "ө", "o", "і", "i", "һ", "h").Replace(strings.ToLower(s)))
}

func (p *planted) put(entity int, name, phone, email, birthday string) int {
	at := len(p.contacts)
	p.contacts = append(p.contacts, Contact{ID: fmt.Sprintf("c%07d", at), Name: name, Phone: phone, Email: email, Birthday: birthday, Created: noDay, Updated: noDay, Active: noDay})
	p.entity = append(p.entity, entity)
	return at
}

// plant adds a contact that is (or, with "not: ", is not) the one at a.
func (p *planted) plant(kind string, a int, entity int, name, phone, email, birthday string) {
	b := p.put(entity, name, phone, email, birthday)
	p.kind[[2]int{a, b}] = kind
}

func (p *planted) maybe(s string, share float64) string {
	if p.rng.Float64() < share {
		return s
	}
	return ""
}

// typo spoils one letter in the middle of a word.
func (p *planted) typo(s string) string {
	r := []rune(s)
	k := 1 + p.rng.IntN(max(1, len(r)-2))
	switch p.rng.IntN(3) {
	case 0:
		return string(r[:k]) + string(r[k+1:])
	case 1:
		r[k], r[k-1] = r[k-1], r[k]
		if k == 1 {
			r[0], r[1] = r[1], r[0]
			return string(r[:1]) + string(r[1]) + string(r[1:])
		}
		return string(r)
	}
	r[k] = 'о'
	return string(r)
}

func (p *planted) phoneStyle(n string) string {
	return []string{"+7" + n, "8" + n, "8 (" + n[:3] + ") " + n[3:6] + "-" + n[6:8] + "-" + n[8:], "+7 " + n[:3] + " " + n[3:6] + " " + n[6:], n, "7-" + n[:3] + "-" + n[3:]}[p.rng.IntN(6)]
}

func newPlanted(rng *rand.Rand, n int) *planted {
	p := &planted{rng: rng, kind: map[[2]int]string{}, taken: map[string]bool{}}
	for len(p.contacts) < n {
		switch u := rng.Float64(); {
		case u < .88:
			p.addPerson()
		default:
			p.addFirm()
		}
	}
	callCentre, office := p.number(), p.number()
	for range n / 100 { // numbers that many have, and fields that say nothing
		x := p.person(p.lastName())
		p.put(len(p.contacts), x.first+" "+x.last, "8"+callCentre, p.maybe(x.email, .5), "")
		y := p.person(p.lastName())
		p.put(len(p.contacts), y.last+" "+y.first, pick(rng, []string{"-", "+70000000000", "123", "+7" + office}), "info@bigfirm.kz", "")
	}
	return p
}

func (p *planted) addPerson() {
	rng := p.rng
	x := p.person(p.lastName())
	name := x.first + " " + x.last
	full := x.last + " " + x.first + " " + x.father
	entity := len(p.contacts)
	birthday := p.maybe(x.birthday, .6)
	shown := name
	if rng.IntN(3) == 0 {
		shown = full
	}
	u := rng.Float64()
	phone, email := p.phoneStyle(x.phone), x.email
	if u >= .18 { // an ordinary contact with the gaps of ordinary contacts
		switch rng.IntN(10) {
		case 0:
			phone = ""
		case 1:
			email = ""
		case 2:
			shown = x.first
		}
		p.put(entity, shown, phone, email, birthday)
		return
	}
	a := p.put(entity, shown, phone, email, birthday)
	again, old := p.phoneStyle(x.phone), x.birthday
	if birthday == "" || rng.IntN(2) == 0 {
		old = ""
	}
	if u < .09 {
		p.double(a, entity, x, name, full, again, old)
	} else {
		p.nearMiss(a, x, name, again)
	}
}

func (p *planted) double(a, entity int, x person, name, full, phone, birthday string) {
	rng := p.rng
	switch rng.IntN(14) {
	case 0:
		p.plant("all the same", a, entity, strings.ToUpper(name), phone, strings.ToUpper(x.email), birthday)
	case 1:
		p.plant("word order and patronymic, phone", a, entity, full, phone, "", birthday)
	case 2:
		p.plant("Latin letters, phone, other e-mail", a, entity, latinOf(x.last)+" "+latinOf(x.first), phone, p.mailOf(x), "")
	case 3:
		local, host, _ := strings.Cut(x.email, "@")
		if host == "gmail.com" {
			local = local[:1] + "." + local[1:] + "+shop"
		}
		p.plant("label in the e-mail, no phone", a, entity, name, "", local+"@"+host, birthday)
	case 4:
		p.plant("slip in the surname, phone", a, entity, x.first+" "+p.typo(x.last), phone, "", birthday)
	case 5:
		d := []byte(x.phone)
		k := 3 + rng.IntN(7)
		d[k] = '0' + (d[k]-'0'+byte(rng.IntN(8)+1))%10
		p.plant("slip in the phone, e-mail", a, entity, name, p.phoneStyle(string(d)), x.email, "")
	case 6:
		p.plant("no name, phone and e-mail", a, entity, "", phone, x.email, "")
	case 7:
		p.plant("no name, phone", a, entity, "-", phone, "", "")
	case 8:
		p.plant("given name only, e-mail", a, entity, x.first, "", x.email, "")
	case 9:
		r := []rune(x.first)
		p.plant("initials, phone", a, entity, x.last+" "+string(r[:1])+".", phone, "", "")
	case 10:
		p.contacts[a].Birthday, p.contacts[a].Name = x.birthday, full
		p.plant("full name and date of birth only", a, entity, name+" "+x.father, "", "", x.birthday)
	case 11:
		other := person{first: x.first, last: x.last, female: true, father: x.father}
		if x.female {
			other.last = feminine(p.lastName())
			p.plant("another surname, phone and e-mail", a, entity, other.first+" "+other.last, phone, x.email, birthday)
		} else {
			p.plant("all the same", a, entity, name, phone, x.email, "")
		}
	case 12:
		p.plant("Latin name, e-mail", a, entity, latinOf(x.first)+" "+latinOf(x.last), "", " "+strings.ToUpper(x.email), "")
	default:
		p.plant("two doubles, phone and e-mail", a, entity, name, phone, "", "")
		b := p.put(entity, x.first, "", x.email, "")
		p.kind[[2]int{a, b}] = "two doubles, phone and e-mail"
	}
}

func (p *planted) nearMiss(a int, x person, name, phone string) {
	rng := p.rng
	entity := len(p.contacts)
	stem := x.last
	if x.female {
		stem = strings.TrimSuffix(strings.TrimSuffix(x.last, "а"), "ая")
	}
	y := p.person(stem)
	for y.first == x.first {
		y = p.person(stem)
	}
	switch rng.IntN(9) {
	case 0:
		p.plant("not: family, phone", a, entity, y.first+" "+y.last, phone, "", "")
	case 1:
		p.plant("not: family, phone and e-mail", a, entity, y.first+" "+y.last, phone, x.email, "")
	case 2:
		p.plant("not: family, e-mail", a, entity, y.last+" "+y.first, p.phoneStyle(y.phone), x.email, y.birthday)
	case 3:
		p.plant("not: namesake", a, entity, name, p.phoneStyle(y.phone), y.email, y.birthday)
	case 4:
		p.plant("not: namesake without more", a, entity, name, p.phoneStyle(y.phone), "", "")
	case 5: // twins
		p.contacts[a].Birthday = x.birthday
		p.plant("not: twins, phone", a, entity, y.first+" "+y.last, phone, "", x.birthday)
	case 6: // father and son, or mother and daughter
		p.contacts[a].Name = x.last + " " + x.first + " " + x.father
		other := "Иннокентьевич"
		if x.female {
			other = "Иннокентьевна"
		}
		p.plant("not: same name, other father, phone", a, entity, x.last+" "+x.first+" "+other, phone, "", y.birthday)
	case 7:
		d := []byte(x.phone)
		d[9] = '0' + (d[9]-'0'+1)%10
		p.plant("not: neighbouring number, family", a, entity, y.first+" "+y.last, p.phoneStyle(string(d)), "", "")
	default:
		p.plant("not: surname alone, phone", a, entity, y.last+" "+y.first, phone, y.email, "")
	}
}

// hostOf is a domain of its own for a firm.
func (p *planted) hostOf(words, end string) string {
	host := latinOf(strings.ReplaceAll(words, " ", "")) + end
	for p.taken[host] {
		host = latinOf(strings.ReplaceAll(words, " ", "-")) + fmt.Sprint(p.rng.IntN(100_000)) + end
	}
	p.taken[host] = true
	return host
}

func (p *planted) addFirm() {
	rng := p.rng
	words := pick(rng, benchFirms)
	if rng.IntN(3) > 0 {
		words += " " + pick(rng, benchTrades)
	}
	if rng.IntN(2) == 0 {
		words = pick(rng, benchStems) + pick(rng, []string{"а", "ия", "ика", "ор", "лайн", "тех", "пром"}) + " " + words
	}
	form, phone := pick(rng, benchForms), p.number()
	host := p.hostOf(words, ".kz")
	entity := len(p.contacts)
	a := p.put(entity, form+" "+words, p.phoneStyle(phone), "info@"+host, "")
	u := rng.Float64()
	switch {
	case u < .03:
		p.plant("firm: form behind, phone", a, entity, "«"+words+"», "+form, p.phoneStyle(phone), "", "")
	case u < .06:
		p.plant("firm: Latin letters, phone", a, entity, latinOf(words)+" LLP", p.phoneStyle(phone), "", "")
	case u < .08:
		p.plant("firm: another form, e-mail", a, entity, pick(rng, benchForms)+" "+words, "", "info@"+host, "")
	case u < .10:
		p.plant("firm: another person's address", a, entity, strings.ToUpper(words), p.phoneStyle(phone), "director@"+host, "")
	case u < .13:
		p.plant("not: branch, its own phone", a, len(p.contacts), form+" "+words+", филиал "+pick(rng, benchCities), p.phoneStyle(p.number()), "filial@"+host, "")
	case u < .16:
		p.plant("not: branch, common phone", a, len(p.contacts), form+" "+words+" "+pick(rng, benchCities)+" №"+fmt.Sprint(rng.IntN(9)+1), p.phoneStyle(phone), "", "")
	case u < .19:
		p.plant("not: namesake of a firm", a, len(p.contacts), form+" "+words, p.phoneStyle(p.number()), "info@"+p.hostOf(words, ".com"), "")
	case u < .24:
		x := p.person(p.lastName())
		p.plant("not: employee, phone of the firm", a, len(p.contacts), x.first+" "+x.last, p.phoneStyle(phone), latinOf(x.first)+"@"+host, "")
	}
}

// bench runs the search and counts.
func (p *planted) bench() bench {
	b := bench{planted: map[string]int{}, called: map[string]int{}}
	r := read(p.contacts, "KZ", 20000, nil)
	pairs, _, _ := findPairs(r.base)
	groups, _ := grouping(r.base, pairs)
	calls := map[[2]int]bool{}
	for _, x := range pairs {
		v := x.score.Verdict()
		if v == Possible {
			continue
		}
		i, j := int(x.a), int(x.b)
		calls[[2]int{i, j}] = true
		b.calls++
		same := p.entity[i] == p.entity[j]
		if same {
			b.found++
		} else {
			b.wrong = append(b.wrong, fmt.Sprintf("%s: %v | %v: %+v", p.kind[[2]int{i, j}], p.contacts[i], p.contacts[j], x.score))
		}
		if v == Certain {
			b.certain++
			if same {
				b.certainTrue++
			}
		}
	}
	members := map[int][]int{}
	for i, e := range p.entity {
		members[e] = append(members[e], i)
	}
	for _, m := range members {
		b.truths += len(m) * (len(m) - 1) / 2
	}
	for k, kind := range p.kind {
		b.planted[kind]++
		if calls[k] {
			b.called[kind]++
		} else if !strings.HasPrefix(kind, "not: ") {
			b.wrong = append(b.wrong, fmt.Sprintf("missed %s: %v | %v", kind, p.contacts[k[0]], p.contacts[k[1]]))
		}
	}
	for _, g := range groups {
		for k, i := range g.members {
			for _, j := range g.members[k+1:] {
				b.groupPairs++
				if p.entity[i] == p.entity[j] {
					b.groupTrue++
				}
			}
		}
	}
	return b
}

// A small base keeps what the bench measures on many.
func TestPlantedDuplicates(t *testing.T) {
	t.Parallel()
	b := newPlanted(rand.New(rand.NewPCG(7, 13)), 3000).bench()
	if b.precision() < .95 || b.recall() < .90 {
		t.Errorf("precision %.3f, recall %.3f", b.precision(), b.recall())
		for _, w := range b.wrong[:min(20, len(b.wrong))] {
			t.Log(w)
		}
	}
}
