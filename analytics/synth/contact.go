package synth

import (
	"strconv"
	"strings"
	"time"
)

var (
	hostileNames = []string{`О'Нил "Шон"; ИП`, `ООО "Ромашка", филиал №2`, "Анна\nМария", `=1+1`, `\N`, `Иванов;Пётр`, "Қасымова Әлия", `NULL`, `"`, `'; DROP TABLE customers; --`}
	sources      = []string{"site", "app", "store", "partner"}
	// owners: from usual on the last idleOwners are idle (customers, and no deal), and the two before them have hardly any deals (dealOwner).
	owners  = [9]string{"Белова", "Громов", "Дёмина", "Ершов", "Жукова", "Ильина", "Котов", "Зимин", "Яшина"}
	fillers = []string{"-", "123", "test"}
	domains = []string{"pochta.example", "mail.example", "box.example.net", "ya.example.org"} // reserved: RFC 2606
	cities  = [len(zones)][]string{{"Москва", "Санкт-Петербург", "Казань"}, {"Екатеринбург", "Челябинск"}, {"Новосибирск"}, {"Алматы"}}
)

// calmOwners is the number of owners of a world in which nothing is planted about them; all have customers and deals alike.
const (
	calmOwners = 5
	idleOwners = 2
)

const latin = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya"

var latinLetters = strings.Split(latin, " ")

// transliterate writes Russian and Kazakh letters in Latin lower-case ones (BGN/PCGN simplified); everything else but a-z and 0-9 is left out.
func transliterate(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(kazakh.Replace(s)) {
		switch {
		case r == 'ё':
			b.WriteString("e")
		case r >= 'а' && r <= 'я':
			b.WriteString(latinLetters[r-'а'])
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// person is the contact of a customer, from his own stream: whoever doubles him draws it again.
type person struct {
	first, last, city, gender string
	form                      string // legal form: the customer is a company called first
	zone                      int
	number                    int64
	hostile                   bool
	email                     string
}

const companyShare = .03

// lot is a number in [0, 1) that depends on the customer and the place only and moves no stream.
func (w *world) lot(index int, place uint64) float64 {
	return unit(mix(mix(w.cfg.Seed+golden*(uint64(index)+1)) ^ purposeContact<<56 ^ place<<32))
}

// phoneBase begins the codes 972 to 976, which Russia has not given out. Multiplying by phoneStep, which has no divisor in common with their number, makes every number differ.
const (
	phoneBase = 972_000_0000
	phones    = 50_000_000
	phoneStep = 31_415_927
)

func (w *world) person(rng *stream, index int) person {
	rng.seed(w.cfg.Seed, index, purposeContact, 0)
	var p person
	female := rng.IntN(2) == 1
	p.last = surnames[rng.IntN(len(surnames))]
	if female {
		p.gender, p.first, p.last = "f", femaleNames[rng.IntN(len(femaleNames))], feminine(p.last)
	} else {
		p.gender, p.first = "m", maleNames[rng.IntN(len(maleNames))]
	}
	u := rng.Float64()
	for p.zone = 0; u >= zones[p.zone].cum; p.zone++ {
	}
	p.city = cities[p.zone][rng.IntN(len(cities[p.zone]))]
	_ = rng.IntN(7_919) // keeps the draws that follow where they were
	p.number = phoneBase + (int64(index)*phoneStep+int64(mix(w.cfg.Seed)%phones))%phones
	p.hostile = rng.Float64() < .005
	domain := domains[rng.IntN(len(domains))]
	tag := strconv.FormatInt((int64(index)*7_654_321+1_234_567)%100_000_000, 36)
	if w.lot(index, 1) < companyShare {
		k := mix(mix(w.cfg.Seed+golden*(uint64(index)+1)) ^ purposeContact<<56 ^ 2<<32)
		p.first = strings.TrimSpace(companyFirst[k%uint64(len(companyFirst))] + " " + companySecond[k>>16%uint64(len(companySecond))] + " " + companyThird[k>>32%uint64(len(companyThird))])
		p.form, p.last, p.gender = legalForms[k>>48%uint64(len(legalForms))], "", ""
		p.email = "info@" + transliterate(p.first) + "-" + tag + ".example"
		return p
	}
	a, b := transliterate(p.first), transliterate(p.last)
	switch int(w.lot(index, 3) * 4) {
	case 0:
		p.email = a + "." + b + "." + tag
	case 1:
		p.email = b + "_" + tag
	case 2:
		p.email = a[:1] + b + tag
	default:
		p.email = tag + "-" + a
	}
	p.email += "@" + domain
	return p
}

// name is how the company itself writes him.
func (p *person) name() string {
	if p.form != "" {
		return p.form + " " + p.first
	}
	return p.first + " " + p.last
}

func (p *person) phone() string { return "+7" + strconv.FormatInt(p.number, 10) }

// oldPhone is the number as people write it: 8 (972) 123-45-67.
func (p *person) oldPhone() string {
	d := strconv.FormatInt(p.number, 10)
	return "8 (" + d[:3] + ") " + d[3:6] + "-" + d[6:8] + "-" + d[8:]
}

// double writes the contact of somebody who is in the base already: in c stands that of the record before, and the kind says what differs. Every double shares a phone or an
// e-mail, or one but for a typing error, with the other record.
func (p *person) double(c *Customer, lot float64) (kind string) {
	if p.form != "" {
		switch c.Phone = p.oldPhone(); int(lot * 4) {
		case 0:
			c.Name = p.first + " ЖШС"
		case 1:
			words := strings.Fields(p.first)
			for i, x := range words {
				words[i] = latinWord(x)
			}
			c.Name = strings.Join(words, " ")
		case 2:
			c.Name, c.Phone = "«"+p.first+"», ООО", "" // the e-mail tells
		default:
			c.Name, c.Email = strings.ToUpper(p.first), ""
		}
		return "legal_form"
	}
	kinds := []string{"same", "word_order", "transliteration", "email_case", "typo_name", "typo_phone", "kazakh", "email_only"}
	kind = kinds[int(lot*float64(len(kinds)))]
	switch kind {
	case "same":
		c.Phone, c.Name = p.oldPhone(), p.first+"  "+p.last
	case "word_order":
		c.Name, c.Phone, c.Email = p.last+" "+p.first, p.oldPhone(), ""
	case "transliteration":
		c.Name, c.Phone, c.Email = strings.ToUpper(transliterate(p.last))+" "+latinWord(p.first), p.oldPhone(), ""
	case "email_case":
		c.Email, c.Phone = strings.ToUpper(c.Email[:1])+c.Email[1:]+" ", ""
	case "typo_name":
		c.Name, c.Phone, c.Email = p.first+" "+swapLetters(p.last), p.phone(), ""
	case "typo_phone":
		digits := []byte(p.phone())
		digits[8] = '0' + (digits[8]-'0'+1)%10
		c.Phone = string(digits)
	case "kazakh":
		c.Name, c.Phone, c.Email = kazakhLetter(p.last)+" "+kazakhLetter(p.first), p.oldPhone(), ""
	case "email_only":
		c.Name, c.Phone = latinWord(p.first), ""
	}
	return kind
}

// nearMiss makes the contact look like that of the customer before, who is somebody else.
func (p *person) nearMiss(c *Customer, own *person, lot float64) (kind string) {
	switch {
	case p.form != "":
		c.Name, c.City, c.Gender = p.form+" "+p.first+", филиал "+branchCities[int(lot*float64(len(branchCities)))], branchCities[int(lot*float64(len(branchCities)))], ""
		c.Email = "filial@" + transliterate(p.first) + "-" + strconv.FormatInt(own.number%100_000, 36) + ".example"
		return "branch"
	case lot < .5 && own.form == "":
		last := strings.TrimSuffix(p.last, "а")
		if p.gender == "m" {
			last = p.last
		}
		if own.gender == "f" {
			last = feminine(last)
		}
		first := own.first
		if first == p.first {
			first = map[bool]string{true: "Мария", false: "Пётр"}[own.gender == "f"]
			if first == p.first {
				first = map[bool]string{true: "Анна", false: "Иван"}[own.gender == "f"]
			}
		}
		c.Name, c.Phone = first+" "+last, p.phone()
		return "family"
	}
	c.Name, c.Gender = p.name(), p.gender
	return "namesake"
}

// invalidEmail spoils an address so that no server takes it.
func invalidEmail(email string, index int) string {
	name, domain, _ := strings.Cut(email, "@")
	return [4]string{name, name + "@", name + "@@" + domain, strings.ReplaceAll(name, ".", " ") + " @" + domain}[index%4]
}

// contact writes the customer's row, his static segments and his aliases.
func (s *sim) contact() {
	w, l, plant := s.w, &s.latent, &s.w.cfg.Plant
	f := &s.chunk.facts
	var before person
	near := !l.duplicate && s.index%2 == 1 && plant.NearMisses > 0 && w.lot(s.index, 4) < 2*plant.NearMisses
	if near {
		before = w.person(s.rng, s.index-1)
	}
	of := s.index
	if l.duplicate {
		of--
	}
	p := w.person(s.rng, of)
	shown := calmOwners
	if w.blocks {
		shown = len(owners)
	}
	c := Customer{ID: s.id, Created: l.registered, Timezone: zones[p.zone].name, City: p.city, Gender: p.gender, Source: sources[s.rng.IntN(len(sources))], Owner: owners[s.rng.IntN(shown)],
		Interest: categories[l.class], Name: p.name(), Email: p.email, Phone: p.phone()}
	birthday := l.birthday
	if l.duplicate {
		birthday = s.birthdayOf(of)
	}
	c.Birthday = time.Date(1960+s.rng.IntN(45), 1, 1+birthday, 0, 0, 0, 0, time.UTC).Unix() / day
	c.Updated = min(l.registered+int64(s.rng.ExpFloat64()*200*day), w.end-1)
	c.Tier = [3]string{"base", "silver", "gold"}[min(2, int(s.rng.ExpFloat64()))]
	if p.hostile && !l.duplicate {
		c.Name = hostileNames[s.index%len(hostileNames)]
		f.HostileNames++
	}
	switch u := s.rng.Float64(); {
	case l.duplicate:
		f.FuzzyDuplicates++
		f.pair(w, s.index, p.double(&c, w.lot(s.index, 5)), true)
	case near:
		f.NearMisses++
		f.pair(w, s.index, before.nearMiss(&c, &p, w.lot(s.index, 5)), false)
	case w.doubled(s.index): // the record before a double is whole, or nothing would tell
	case u < plant.Fillers:
		c.Phone = fillers[s.index%len(fillers)]
		f.Fillers++
	case u > .97:
		c.Phone = ""
	case u > .95:
		c.Email = ""
		s.consent[chEmail] = false
	case plant.InvalidEmails > 0 && w.lot(s.index, 6) < plant.InvalidEmails/.93:
		c.Email, s.badAddress = invalidEmail(c.Email, s.index), true
		f.InvalidEmails++
	}
	w.gaps(&c, s.index, f)
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

// birthdayOf is the day of the year on which another customer was born.
func (s *sim) birthdayOf(index int) int {
	other := newStream()
	l := s.w.latent(other, index)
	return l.birthday
}

// gaps empties an optional field, turns a few birthdays into dates to come, and counts what is missing.
func (w *world) gaps(c *Customer, index int, f *facts) {
	if x := w.cfg.Plant.OptionalEmpty; w.blocks && w.lot(index, 7) < x {
		c.Gender = ""
	}
	if w.blocks && w.lot(index, 8) < futureBirthdays {
		c.Birthday += 75 * 366
		f.FutureBirthdays++
	}
	if c.Phone == "" {
		f.NoPhone++
	}
	if c.Email == "" {
		f.NoEmail++
	}
	if c.Gender == "" {
		f.NoGender++
	}
}

// futureBirthdays is the share of customers born, by their record, after the end of the data.
const futureBirthdays = .003

// listedPairs is how many customers a world may have for truth.json to list the pairs of contacts.
const listedPairs = 200_000

func (f *facts) pair(w *world, index int, kind string, duplicate bool) {
	if w.cfg.Customers <= listedPairs {
		f.Pairs = append(f.Pairs, ContactPair{string(pad([]byte("c"), index-1, 7)), string(pad([]byte("c"), index, 7)), kind, duplicate})
	}
}
