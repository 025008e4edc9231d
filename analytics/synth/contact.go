package synth

import (
	"strconv"
	"strings"
	"time"
)

var (
	maleNames    = []string{"Александр", "Дмитрий", "Иван", "Сергей", "Андрей", "Алексей", "Максим", "Евгений", "Нурлан", "Тимур", "Пётр", "Юрий"}
	femaleNames  = []string{"Анна", "Мария", "Елена", "Ольга", "Наталья", "Татьяна", "Ирина", "Екатерина", "Айгуль", "Динара", "Светлана", "Юлия"}
	surnames     = []string{"Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Михайлов", "Новиков", "Фёдоров", "Морозов", "Волков", "Алексеев", "Лебедев", "Семёнов", "Егоров", "Павлов", "Козлов", "Степанов", "Николаев", "Орлов", "Ахметов", "Сулейменов", "Щербаков"}
	hostileNames = []string{`О'Нил "Шон"; ИП`, `ООО "Ромашка", филиал №2`, "Анна\nМария", `=1+1`, `\N`, `Иванов;Пётр`, "Қасымова Әлия", `NULL`, `"`, `'; DROP TABLE customers; --`}
	sources      = []string{"site", "app", "store", "partner"}
	owners       = []string{"Белова", "Громов", "Дёмина", "Ершов", "Жукова", "Зимин"} // the last one is idle: he has no deals
	fillers      = []string{"-", "123", "test"}
	domains      = []string{"mail.ru", "yandex.ru", "gmail.com", "bk.ru"}
	cities       = [len(zones)][]string{{"Москва", "Санкт-Петербург", "Казань"}, {"Екатеринбург", "Челябинск"}, {"Новосибирск"}, {"Алматы"}}
)

const latin = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya"

// transliterate writes Russian lower-case letters in Latin ones (BGN/PCGN simplified); everything else but a-z and 0-9 is left out.
func transliterate(s string) string {
	table := strings.Split(latin, " ")
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r == 'ё':
			b.WriteString("e")
		case r >= 'а' && r <= 'я':
			b.WriteString(table[r-'а'])
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// person is the contact of a customer, from his own stream: a fuzzy duplicate draws that of the customer before him again.
type person struct {
	first, last, city, gender string
	zone                      int
	number                    int64
	hostile                   bool
	email                     string
}

func (w *world) person(rng *stream, index int) person {
	rng.seed(w.cfg.Seed, index, purposeContact, 0)
	var p person
	female := rng.IntN(2) == 1
	p.last = surnames[rng.IntN(len(surnames))]
	if female {
		p.gender, p.first, p.last = "f", femaleNames[rng.IntN(len(femaleNames))], p.last+"а"
	} else {
		p.gender, p.first = "m", maleNames[rng.IntN(len(maleNames))]
	}
	u := rng.Float64()
	for p.zone = 0; u >= zones[p.zone].cum; p.zone++ {
	}
	p.city = cities[p.zone][rng.IntN(len(cities[p.zone]))]
	p.number = 900_000_0000 + (int64(index)*7_919+int64(rng.IntN(7_919)))%1_000_000_000
	p.hostile = rng.Float64() < .005
	p.email = transliterate(p.first) + "." + transliterate(p.last) + strconv.Itoa(index) + "@" + domains[rng.IntN(len(domains))]
	return p
}

// contact writes the customer's row, his static segments and his aliases.
func (s *sim) contact() {
	w, l := s.w, &s.latent
	of := s.index
	if l.duplicate {
		of--
	}
	p := w.person(s.rng, of)
	c := Customer{ID: s.id, Created: l.registered, Timezone: zones[p.zone].name, City: p.city, Gender: p.gender, Source: sources[s.rng.IntN(len(sources))], Owner: owners[s.rng.IntN(len(owners)-1)],
		Interest: categories[l.class], Name: p.first + " " + p.last, Email: p.email, Phone: "+7" + strconv.FormatInt(p.number, 10)}
	c.Birthday = time.Date(1960+s.rng.IntN(45), 1, 1+l.birthday, 0, 0, 0, 0, time.UTC).Unix() / day
	c.Updated = min(l.registered+int64(s.rng.ExpFloat64()*200*day), w.end-1)
	c.Tier = [3]string{"base", "silver", "gold"}[min(2, int(s.rng.ExpFloat64()))]
	f := &s.chunk.facts
	if p.hostile && !l.duplicate {
		c.Name = hostileNames[s.index%len(hostileNames)]
		f.HostileNames++
	}
	switch u := s.rng.Float64(); {
	case l.duplicate:
		f.FuzzyDuplicates++
		digits := strconv.FormatInt(p.number, 10)
		c.Phone = "8 (" + digits[:3] + ") " + digits[3:6] + "-" + digits[6:8] + "-" + digits[8:]
		switch s.index % 3 {
		case 0:
			c.Name = p.last + " " + p.first
		case 1:
			c.Name = strings.ToUpper(transliterate(p.last)) + " " + transliterate(p.first)
		default:
			c.Name, c.Email = p.first+"  "+p.last, strings.ToUpper(c.Email[:1])+c.Email[1:]
		}
	case u < w.cfg.Plant.Fillers:
		c.Phone = fillers[s.index%len(fillers)]
		f.Fillers++
	case u > .97:
		c.Phone = ""
	case u > .95:
		c.Email = ""
		s.consent[chEmail] = false
	}
	s.offset, s.moscow = zones[p.zone].offset, c.City == "Москва"
	s.chunk.Customers = append(s.chunk.Customers, c)
	s.staticMemberships(c.City)
	s.rng.seed(w.cfg.Seed, s.index, purposeDirt, 0)
	if u := s.rng.Float64(); w.cfg.Dirty && u < aliasShare && !l.duplicate {
		s.alias[0] = "web-" + s.id[1:]
		s.chunk.Identities = append(s.chunk.Identities, Identity{s.alias[0], s.id})
		if u < aliasShare/4 {
			s.alias[1] = "app-" + s.id[1:]
			s.chunk.Identities = append(s.chunk.Identities, Identity{s.alias[1], s.alias[0]})
		}
	}
}
