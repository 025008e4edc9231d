package health

import (
	"slices"
	"strings"
)

// Contact is a contact as the source gives it.
type Contact struct {
	ID                           string
	Name, Phone, Email, Birthday string
	Created, Updated, Active     int64 // days since 1970-01-01; noDay when not known
	Messages, CostMicro          int64 // of the audited period
}

// noDay stands for a day that is not known.
const noDay = int64(-1 << 40)

// record is a contact as it is compared, without pointers but one: a million of them are 120 MB.
type record struct {
	phones   [maxPhones]uint64
	phoneOf  [maxPhones]uint32 // contacts with the same number
	email    uint64            // hash of the normalised address, 0 without one
	emailOf  uint32
	local    uint64 // hash of its local part; 0 for addresses of an office
	localOf  uint32
	domain   uint64 // hash of its domain; 0 for providers that give addresses to everybody
	full     uint64 // hash of the words in alphabetical order; 0 without a name
	fullOf   uint32
	digits   uint64 // of the numbers in the name
	birthday int64
	words    [maxTokens]uint32 // places in base.words, 0 = none
	form     legal
	role     bool   // the address is of an office
	address  string // normalised
}

func (r *record) named() bool { return r.words[0] != 0 }

// word is an entry of the dictionary of names.
type word struct {
	text  string
	part  part
	given bool   // a known given name
	count uint32 // contacts with it
}

// base is all contacts as they are compared.
type base struct {
	records []record
	words   []word // 0 is no word
	named   int    // contacts with a name
}

// tally counts what a field of all contacts holds.
type tally struct {
	Given, Filler, Invalid int64
	Fillers                map[string]int64 // folded, only those that hold a field
}

func (t *tally) add(s state, value string) {
	if s == stateEmpty {
		return
	}
	t.Given++
	switch s {
	case stateFiller:
		t.Filler++
		if t.Fillers == nil {
			t.Fillers = map[string]int64{}
		}
		folded := cut(fold(value), 40)
		if folded == "" {
			folded = cut(strings.TrimSpace(value), 40)
		}
		if _, ok := t.Fillers[folded]; ok || len(t.Fillers) < 1000 {
			t.Fillers[folded]++
		}
	case stateInvalid:
		t.Invalid++
	}
}

// reading is what one pass over the contacts finds.
type reading struct {
	base                         *base
	name, phone, email, birthday tally
	reachable                    int64 // a possible phone or address
	invalidMessages              int64 // sent in the audited period to contacts without one
	invalidCost                  int64
}

// read normalises all contacts. asOf is the day up to which ages count; fillers are more of them, folded.
func read(contacts []Contact, region string, asOf int64, fillers map[string]bool) *reading {
	r := &reading{base: &base{records: make([]record, len(contacts)), words: make([]word, 1, 1024)}}
	places := map[string]uint32{}
	spelled := map[string]uint32{}
	for i := range contacts {
		c, rec := &contacts[i], &r.base.records[i]
		own := func(value string, s state) state { // fillers that audit.yaml adds
			if s != stateEmpty && len(fillers) > 0 && fillers[fold(value)] {
				return stateFiller
			}
			return s
		}
		numbers, phone := parsePhones(c.Phone, region)
		if phone = own(c.Phone, phone); phone == stateValid {
			rec.phones = numbers
		}
		r.phone.add(phone, c.Phone)
		a, email := parseEmail(c.Email)
		if email = own(c.Email, email); email == stateValid {
			rec.setAddress(a)
		}
		r.email.add(email, c.Email)
		if phone == stateValid || email == stateValid {
			r.reachable++
		} else {
			r.invalidMessages += c.Messages
			r.invalidCost += c.CostMicro
		}
		rec.birthday = noDay
		day, birthday := parseBirthday(c.Birthday, asOf)
		if birthday == stateValid {
			rec.birthday = day
		}
		r.birthday.add(birthday, c.Birthday)
		name := nameState(c.Name)
		if name = own(c.Name, name); name == stateValid {
			r.base.setName(rec, c.Name, places, spelled)
		}
		r.name.add(name, c.Name)
	}
	return r
}

func nameState(name string) state {
	switch {
	case strings.TrimSpace(name) == "":
		return stateEmpty
	case isFiller(name, true):
		return stateFiller
	}
	return stateValid
}

func (r *record) setAddress(a address) {
	r.address, r.role = a.String(), a.role
	r.email = hashText(r.address) | 1
	if !a.role && len(a.local) >= 5 {
		r.local = hashText(a.local) | 1
	}
	if !a.free {
		r.domain = hashText(a.domain) | 1
	}
}

// setName takes the legal form off a name and puts its words into the dictionary: in the common spelling, in the order given. Invalid UTF-8 and signs are blanks. places is by spelling, spelled by the word as given, so that a common word is spelled once.
func (b *base) setName(rec *record, name string, places, spelled map[string]uint32) {
	raw := splitName(name)
	raw, rec.form = takeForm(raw)
	n := 0
	for _, w := range raw {
		if isDigits(w) {
			rec.digits = mix(rec.digits, hashText(w)|1)
			continue
		}
		place, ok := spelled[w]
		if !ok {
			text := spell(w)
			if text == "" {
				continue
			}
			if place, ok = places[text]; !ok {
				place = uint32(len(b.words))
				places[text] = place
				b.words = append(b.words, word{text: text, part: partOf(text), given: givenNames[text]})
			}
			spelled[strings.Clone(w)] = place
		}
		if n < maxTokens && !slices.Contains(rec.words[:n], place) {
			rec.words[n] = place
			n++
		}
	}
	if n == 0 {
		return
	}
	b.named++
	sorted := rec.words
	slices.Sort(sorted[:n])
	full := uint64(n)
	for _, w := range sorted[:n] {
		b.words[w].count++
		full = mix(full, uint64(w))
	}
	rec.full = mix(full, rec.digits) | 1
}
