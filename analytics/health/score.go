package health

import (
	"math"
	"strings"
	"time"
)

// Verdict on a pair of contacts.
type Verdict string

// The verdicts on a pair. Only Certain and Likely make groups.
const (
	Certain  Verdict = "certain"
	Likely   Verdict = "likely"
	Possible Verdict = "possible"
)

// The scale is log2 of odds (Fellegi and Sunter 1969): 3 bits are 8 to 1, 8 bits are 256 to 1. The weights below are settings, chosen on worlds with planted duplicates and near-misses
// (see doc.go), not estimates; what depends on the data is how many contacts share a number, an address, a name, a date.
const (
	certainFrom  = 8.
	likelyFrom   = 3.
	possibleFrom = 0.

	// duplicateShare is the share of contacts that are expected to have a double: it makes the prior, log2(share / contacts).
	duplicateShare = .1

	// What two contacts have in common, above log2(contacts): a number or an address of just these two is theirs alone, or of a family, an office.
	weightPhone = 6.5
	weightEmail = 7.
	weightFirm  = 6.5
	weightMore  = 4. // of the second and third of them: who shares a number in a family often shares the address

	// A person has the same name within a family hardly ever: same name on a shared number or address earns at most so much.
	familyName     = 6.5
	familySlip     = 4.5 // the same with a slip of the pen
	familyInitials = 4.  // Иванов И. and Иванов Иван
	familyGiven    = 3.  // Анна and Анна Петрова
	familyOneWord  = 1.
	familySurname  = -.5 // Петрова and Анна Петрова: what families look like

	otherName     = -10. // a word on either side that the other does not have
	otherSurname  = -3.  // Анна Иванова and Анна Петрова: some marry
	otherFather   = -8.  // Иван Петрович and Иван Ильич
	otherForm     = -3.  // ТОО and АО: taken off what the rest of the name earns
	otherPhone    = -1.5
	otherEmail    = -1.5
	otherBirthday = -5.
	otherYear     = 3.  // the same day and month of another year
	nearPhone     = 13. // one digit off, or the same last seven
	nearEmail     = 13. // one sign off, or the same local part elsewhere
	sameDomain    = 2.5 // of a firm
	mostBirthday  = 12.
	slipShare     = .7 // a word with a slip of the pen is worth so much of the word
	initialBits   = 2. // an initial that fits
	typedOnce     = 20 // a slip is a word at least so many times rarer than the word meant, or one that hardly occurs

	similarFrom = .92 // Jaro-Winkler similarity from which words may be the same
)

// Score is what speaks for and against a pair being one, in bits.
type Score struct {
	Total, Prior, Phone, Email, Name, Birthday float64
	against                                    bool // they contradict each other: other given name, other father, other date of birth, and nothing outweighs it
}

// Verdict of the score; "" below Possible.
func (s Score) Verdict() Verdict {
	switch {
	case s.Total >= certainFrom:
		return Certain
	case s.Total >= likelyFrom:
		return Likely
	case s.Total >= possibleFrom:
		return Possible
	}
	return ""
}

// scorer compares records of one base.
type scorer struct {
	b       *base
	n       float64 // log2 of the number of contacts
	birthOf map[int64]uint32
	slips   map[uint64]bool // pairs of words that may be one, as found
}

// fewest contacts that the prior is made for: in a base of ten, chance likeness is no rarer than in a thousand.
const fewest = 1000

func newScorer(b *base) *scorer {
	s := &scorer{b: b, n: math.Log2(float64(max(len(b.records), fewest))), birthOf: map[int64]uint32{}, slips: map[uint64]bool{}}
	for i := range b.records {
		if d := b.records[i].birthday; d != noDay {
			s.birthOf[d]++
		}
	}
	return s
}

// sharers is how much a thing shared by of contacts is worth less than one that only two share.
func sharers(of uint32) float64 {
	if of <= 2 {
		return 0
	}
	return 2 * math.Log2(float64(of-1))
}

// score compares two contacts.
func (s *scorer) score(a, b *record) Score {
	out := Score{Prior: math.Log2(duplicateShare) - s.n}
	shared, less := 0, math.Inf(1) // less: how far the best shared thing is from being theirs alone
	take := func(weight float64, of uint32) float64 {
		shared++
		lost := sharers(of)
		less = math.Min(less, lost)
		if shared > 1 {
			return math.Max(0, weightMore-lost)
		}
		return math.Max(0, s.n+weight-lost)
	}
	if of, ok := samePhone(a, b); ok {
		out.Phone = take(weightPhone, of)
	}
	if a.email != 0 && a.email == b.email {
		w := take(weightEmail, a.emailOf)
		if a.role {
			w = math.Max(0, w-2)
		}
		out.Email = w
	}
	match := s.compareNames(a, b)
	out.Name = s.nameWeight(match, a, b, shared > 0, less)
	if a.phones[0] != 0 && b.phones[0] != 0 && out.Phone == 0 {
		out.Phone = otherPhone
		if out.Name > 0 && closePhones(a, b) {
			out.Phone = nearPhone
		}
	}
	if a.email != 0 && b.email != 0 && a.email != b.email {
		out.Email = otherEmail
		switch {
		case out.Name > 0 && closeAddresses(a, b):
			own := float64(min(a.own, b.own))
			out.Email = math.Max(otherEmail, min(nearEmail, own, s.n-sharers(max(a.localOf, b.localOf))-3))
		case match.firm && a.domain != 0 && a.domain == b.domain:
			out.Email = sameDomain
		}
	}
	if a.birthday != noDay && b.birthday != noDay {
		switch {
		case a.birthday == b.birthday && out.Name <= otherFather: // twins
		case a.birthday == b.birthday:
			out.Birthday = math.Min(mostBirthday, s.n-math.Log2(float64(max(s.birthOf[a.birthday], 1))))
		case sameDay(a.birthday, b.birthday):
			out.Birthday = otherYear
		default:
			out.Birthday = otherBirthday
		}
	}
	out.Total = out.Prior + out.Phone + out.Email + out.Name + out.Birthday
	out.against = (out.Name <= otherFather || out.Birthday == otherBirthday) && out.Total < likelyFrom
	return out
}

// sameDay tells dates of birth that differ in the year only.
func sameDay(a, b int64) bool {
	x, y := time.Unix(a*86400, 0).UTC(), time.Unix(b*86400, 0).UTC()
	return x.Month() == y.Month() && x.Day() == y.Day()
}

func samePhone(a, b *record) (of uint32, same bool) {
	for i, p := range a.phones {
		if p != 0 && (p == b.phones[0] || p == b.phones[1]) && (!same || a.phoneOf[i] < of) {
			of, same = a.phoneOf[i], true
		}
	}
	return of, same
}

// closePhones tells numbers that differ by one digit or by two neighbours that changed places, or that agree in their last seven digits.
func closePhones(a, b *record) bool {
	x, y := a.phones[0], b.phones[0]
	if x%1e7 == y%1e7 {
		return true
	}
	var p, q [20]byte
	return oneSlip(string(digitsOf(x, p[:0])), string(digitsOf(y, q[:0])))
}

func digitsOf(x uint64, out []byte) []byte {
	for ; x > 0; x /= 10 {
		out = append(out, byte('0'+x%10))
	}
	return out
}

// closeAddresses tells the same local part at another provider, or addresses of one domain that differ by one sign that is no digit: anna1 and anna2 are two people.
func closeAddresses(a, b *record) bool {
	if a.local != 0 && a.local == b.local {
		return true
	}
	if len(a.address) < 8 || !oneSlip(a.address, b.address) {
		return false
	}
	letters := func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}
	return strings.Map(letters, a.address) != strings.Map(letters, b.address) && !a.role && !b.role
}

// match is how two names agree.
type match struct {
	compared     bool // both have a name
	firm         bool // one of them has the legal form of a firm, and neither is a trader
	bits         float64
	exact        int // words
	slips        int
	initials     int
	leftA, leftB int // words without a counterpart, patronymics of one side left out
	given        bool
	surname      bool // of the words in common
	gender       bool // Иванов and Иванова
	fathers      bool // other patronymics
	surnames     bool // all that differs are surnames, and one of them is a woman's
	branch       bool // the difference is a number or a word such as branch
	forms        bool // legal forms that exclude each other
}

// compareNames pairs off the words of two names, whatever their order: equal ones first, then initials, then slips of the pen.
func (s *scorer) compareNames(a, b *record) match {
	var m match
	if !a.named() || !b.named() {
		return m
	}
	m.compared = true
	m.firm = (a.form == company || a.form == jointly || a.form == someForm || b.form == company || b.form == jointly || b.form == someForm) && a.form != trader && b.form != trader
	m.forms = a.form != noForm && b.form != noForm && a.form != someForm && b.form != someForm && a.form != b.form
	m.branch = a.digits != b.digits
	var restA, restB [maxTokens]uint32
	na, nb := 0, 0
	usedB := 0
	for _, x := range a.words {
		if x == 0 {
			break
		}
		found := false
		for k, y := range b.words {
			if x == y && usedB&(1<<k) == 0 {
				usedB |= 1 << k
				found = true
				m.agree(s, x, 1)
				m.exact++
				break
			}
		}
		if !found {
			restA[na] = x
			na++
		}
	}
	for k, y := range b.words {
		if y != 0 && usedB&(1<<k) == 0 {
			restB[nb] = y
			nb++
		}
	}
	na, nb = s.pairRest(&m, restA[:na], restB[:nb])
	m.left(s, restA[:na], restB[:nb])
	return m
}

// agree counts a word in common; share is less than 1 for a slip.
func (m *match) agree(s *scorer, w uint32, share float64) {
	word := &s.b.words[w]
	bits := math.Log2(float64(max(s.b.named, fewest)) / float64(max(word.count-1, 1)))
	m.bits += share * bits
	switch {
	case word.part == surname:
		m.surname = true
	case word.part == anyPart && !word.short:
		m.given = true
	}
}

// pairRest pairs initials and slips; what is left stays at the beginning of the slices.
func (s *scorer) pairRest(m *match, a, b []uint32) (na, nb int) {
	used := 0
	for _, x := range a {
		wx := &s.b.words[x]
		found := false
		for k, y := range b {
			if used&(1<<k) != 0 {
				continue
			}
			wy := &s.b.words[y]
			switch {
			case wx.short && strings.HasPrefix(wy.text, wx.text), wy.short && strings.HasPrefix(wx.text, wy.text):
				m.initials++
				m.bits += initialBits
				found = true
			case wx.text[0] == wy.text[0] && otherGender(wx.text, wy.text) && wx.part != patronymic:
				m.gender = true
			case s.slip(x, y):
				more := x
				if wy.count > wx.count {
					more = y
				}
				m.agree(s, more, slipShare)
				m.slips++
				found = true
			}
			if found {
				used |= 1 << k
				break
			}
		}
		if !found {
			a[na] = x
			na++
		}
	}
	for k, y := range b {
		if used&(1<<k) == 0 {
			b[nb] = y
			nb++
		}
	}
	return na, nb
}

// slip tells words of which one may be a slip of the pen for the other: alike, and one of them so much rarer that it is hardly a word of its own.
func (s *scorer) slip(x, y uint32) bool {
	a, b := &s.b.words[x], &s.b.words[y]
	if a.count > b.count {
		a, b = b, a
	}
	if len(a.text) < 4 || len(b.text) < 4 || a.count > 3 && a.count*typedOnce > b.count {
		return false
	}
	if a.part == patronymic != (b.part == patronymic) || a.given && b.given {
		return false // Алина and Арина are two names
	}
	key := uint64(min(x, y))<<32 | uint64(max(x, y))
	like, known := s.slips[key]
	if !known {
		like = oneSlip(a.text, b.text) || jaroWinkler(a.text, b.text) >= similarFrom
		if len(s.slips) < 1<<20 {
			s.slips[key] = like
		}
	}
	return like
}

// left judges the words without a counterpart.
func (m *match) left(s *scorer, a, b []uint32) {
	fatherA, fatherB := false, false
	others, woman := true, false
	each := func(rest []uint32, father *bool) (n int) {
		for _, w := range rest {
			word := &s.b.words[w]
			if word.part == patronymic {
				*father = true
				continue
			}
			n++
			others = others && word.part == surname
			woman = woman || strings.HasSuffix(word.text, "a")
			m.branch = m.branch || branchWords[word.text]
		}
		return n
	}
	m.leftA, m.leftB = each(a, &fatherA), each(b, &fatherB)
	m.fathers = fatherA && fatherB
	m.surnames = others && woman && m.leftA == 1 && m.leftB == 1 && m.given
}

// nameWeight is what the names say. shared: the contacts have a number or an address in common, and less is how much less than theirs alone it is.
func (s *scorer) nameWeight(m match, a, b *record, shared bool, less float64) float64 {
	if !m.compared {
		return 0
	}
	w := math.Min(m.bits, s.n+weightFirm-math.Log2(float64(max(a.fullOf, b.fullOf, 2)-1))) // words of one name go together, so their bits do not simply add up
	switch {
	case m.gender && m.leftA+m.leftB > 0, m.leftA > 0 && m.leftB > 0 && !m.surnames, m.firm && m.branch && (m.leftA+m.leftB > 0 || a.digits != b.digits):
		return otherName
	case m.fathers:
		return otherFather
	case m.leftA > 0 && m.leftB > 0:
		return otherSurname
	case m.firm && m.leftA+m.leftB == 0:
		firm := s.n + weightFirm - sharers(max(a.fullOf, b.fullOf)) // names of firms are theirs alone, but for branches
		if m.slips > 0 {
			firm -= 2
		}
		if m.forms {
			w, firm = w+otherForm, firm+otherForm
		}
		if shared {
			return math.Min(firm, familyName+less)
		}
		return math.Max(w, firm)
	case m.exact+m.slips == 0:
		return 0
	case !shared:
		if m.leftA+m.leftB > 0 {
			w /= 2 // what one of them leaves out may be what differs
		}
		return w
	}
	return math.Min(w, m.familyCap()+less)
}

// familyCap is the most that names earn on a shared number or address.
func (m match) familyCap() float64 {
	switch {
	case m.leftA+m.leftB > 0 && m.given && m.exact+m.slips > 1:
		return familyInitials
	case m.leftA+m.leftB > 0 && m.given:
		return familyGiven
	case m.leftA+m.leftB > 0 && m.surname:
		return familySurname
	case m.leftA+m.leftB > 0:
		return familyOneWord
	case m.initials > 0:
		return familyInitials
	case m.slips > 0:
		return familySlip
	}
	return familyName
}
