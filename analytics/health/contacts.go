package health

import (
	"slices"
	"strings"
	"unicode/utf8"
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
	own      float32 // bits of the local part that the name does not give away: ivanov is nothing, ivanov7512 is four digits
	domain   uint64  // hash of its domain; 0 for providers that give addresses to everybody
	full     uint64  // hash of the words in alphabetical order; 0 without a name
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
	short bool   // an initial
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
		if rec.local != 0 {
			rec.own = r.base.ownBits(rec, a.local)
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
				b.words = append(b.words, word{text: text, part: partOf(text), given: givenNames[text], short: utf8.RuneCountInString(w) == 1})
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

// What a local part says beyond the name: bits of a digit, of a word that is none of the name's, and of a local part that is the name.
const (
	digitBits = 3.3
	wordBits  = 13.
	bareBits  = 1.
)

// ownBits tells how much the local part of an address says that the name does not: namesakes have the same ivan.ivanov at every provider, but not the same ivan.ivanov7512.
func (b *base) ownBits(rec *record, local string) float32 {
	bits, digits, nineteen := bareBits, 0, 0.
	for i := 0; i < len(local); {
		k := i
		for k < len(local) && isLetter(local[k]) == isLetter(local[i]) {
			k++
		}
		part := local[i:k]
		switch {
		case isLetter(local[i]):
			if !b.ofName(rec, part) {
				bits += wordBits
			}
		default:
			for _, c := range part {
				if c >= '0' && c <= '9' {
					digits++
				}
			}
			if d := strings.Trim(part, "._-"); len(d) == 4 && (d[:2] == "19" || d[:2] == "20") {
				nineteen += 2 * digitBits // a year
			}
		}
		i = k
	}
	return float32(bits + digitBits*float64(digits) - nineteen)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 0x80 }

// ofName tells whether letters of an address come from the name: a word of it, one or two initials, or initials and a word on either side. Without a name nothing is known to come from it.
func (b *base) ofName(rec *record, letters string) bool {
	if len(letters) <= 2 {
		return true
	}
	for cutAt := 0; cutAt <= 2; cutAt++ {
		for _, s := range []string{letters[cutAt:], letters[:len(letters)-cutAt]} {
			if len(s) < 3 {
				continue
			}
			text := spell(s)
			for _, w := range rec.words {
				if w == 0 {
					break
				}
				name := b.words[w].text
				if text == name || oneSlip(text, name) || len(text) >= 4 && strings.HasPrefix(name, text) {
					return true
				}
			}
		}
	}
	return false
}
