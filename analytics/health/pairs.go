package health

import (
	"cmp"
	"slices"
)

// A pair of contacts, places in base.records, a < b.
type pair struct {
	a, b  int32
	score Score
}

// entry is a contact under a key.
type entry struct {
	key uint64
	at  int32
}

// key is a property whose sharers are compared with each other.
type key struct {
	name string
	cap  int // contacts of a block from which only neighbours are compared
	of   func(b *base, r *record, add func(uint64))
	note func(r *record, key uint64, of uint32) // keeps how many share it, where the score asks
}

// Caps of blocks, and how far neighbours in a bigger one are compared.
const (
	contactCap = 200
	nameCap    = 60
	neighbours = 4
)

// mostPairs bounds the pairs that are kept; of more, the best ones.
const mostPairs = 1_000_000

// keys are the properties by which candidates are found, so that of a million contacts a few million pairs are compared and not half a billion million.
func keys() []key {
	return []key{
		{name: "phone", cap: contactCap,
			of: func(_ *base, r *record, add func(uint64)) {
				for _, p := range r.phones {
					if p != 0 {
						add(p)
					}
				}
			},
			note: func(r *record, key uint64, of uint32) {
				for i, p := range r.phones {
					if p == key {
						r.phoneOf[i] = of
					}
				}
			}},
		{name: "email", cap: contactCap,
			of: func(_ *base, r *record, add func(uint64)) {
				if r.email != 0 {
					add(r.email)
				}
			},
			note: func(r *record, _ uint64, of uint32) { r.emailOf = of }},
		{name: "local_part", cap: nameCap,
			of: func(_ *base, r *record, add func(uint64)) {
				if r.local != 0 {
					add(r.local)
				}
			},
			note: func(r *record, _ uint64, of uint32) { r.localOf = of }},
		{name: "full_name", cap: nameCap,
			of: func(_ *base, r *record, add func(uint64)) {
				if r.full != 0 {
					add(r.full)
				}
			},
			note: func(r *record, _ uint64, of uint32) { r.fullOf = of }},
		{name: "phone_end", cap: nameCap, of: func(_ *base, r *record, add func(uint64)) {
			for _, p := range r.phones {
				if p != 0 {
					add(p % 1e7)
				}
			}
		}},
		{name: "two_words", cap: nameCap, of: twoWords},
		{name: "consonants", cap: nameCap, of: consonants},
		{name: "word_and_initial", cap: nameCap, of: wordAndInitial},
		{name: "word_and_birthday", cap: nameCap, of: wordAndBirthday},
	}
}

// rarest are the two rarest words of a name that are no patronymics and no initials, the rarer one first; 0 where there is none.
func (b *base) rarest(r *record) (first, second uint32) {
	rarer := func(x, y uint32) bool {
		return y == 0 || cmp.Or(cmp.Compare(b.words[x].count, b.words[y].count), cmp.Compare(b.words[x].text, b.words[y].text)) < 0
	}
	for _, w := range r.words {
		if w == 0 || b.words[w].part == patronymic || b.words[w].short {
			continue
		}
		switch {
		case rarer(w, first):
			first, second = w, first
		case rarer(w, second):
			second = w
		}
	}
	return first, second
}

// twoWords: the same two rarest words, whatever else the name holds (a patronymic, a city).
func twoWords(b *base, r *record, add func(uint64)) {
	if x, y := b.rarest(r); x != 0 {
		add(mix(uint64(min(x, y))+1, uint64(max(x, y))))
	}
}

// consonants: the same two rarest words, vowels left out: Нурсултан and Nursoltan.
func consonants(b *base, r *record, add func(uint64)) {
	x, y := b.rarest(r)
	if x == 0 || y == 0 {
		return
	}
	p, q := skeleton(b.words[x].text), skeleton(b.words[y].text)
	add(mix(min(p, q), max(p, q)))
}

func skeleton(word string) uint64 {
	h := uint64(word[0])
	for i := 1; i < len(word); i++ {
		if !isVowel(word[i]) {
			h = mix(h, uint64(word[i]))
		}
	}
	return h
}

// wordAndInitial: one word the same, the other with the same first sign: a slip in one of them.
func wordAndInitial(b *base, r *record, add func(uint64)) {
	x, y := b.rarest(r)
	if x == 0 || y == 0 {
		return
	}
	add(mix(uint64(x), uint64(b.words[y].text[0])))
	add(mix(uint64(y), uint64(b.words[x].text[0])))
}

// wordAndBirthday: the same date of birth and one of the two words.
func wordAndBirthday(b *base, r *record, add func(uint64)) {
	if r.birthday == noDay {
		return
	}
	x, y := b.rarest(r)
	for _, w := range []uint32{x, y} {
		if w != 0 {
			add(mix(uint64(w), uint64(r.birthday)+1<<41))
		}
	}
}

// KeyStats says what was compared under one key.
type KeyStats struct {
	Key                                               string
	Contacts, Blocks, Largest, Compared, Capped, Size int64 // Size: contacts in capped blocks
	Shared                                            bool  // a number or an address: what is not compared there may be missed
}

// findPairs compares the contacts that have a key in common and returns the pairs that may be one, in the order of their places, each once. In a block above its cap every contact is compared with its
// nearest neighbours only, by date of birth, name and number: the cost is bounded whatever the data, and what was capped is counted.
func findPairs(b *base) (pairs []pair, stats []KeyStats, dropped int64) {
	all := keys()
	var list []entry
	for _, k := range all {
		if k.note == nil {
			continue
		}
		list = b.entries(k, list[:0])
		eachBlock(list, func(block []entry) {
			for _, e := range block {
				k.note(&b.records[e.at], e.key, uint32(len(block)))
			}
		})
	}
	s := newScorer(b)
	seen := make([]bool, len(b.records))
	for _, k := range all {
		clear(seen)
		list = b.entries(k, list[:0])
		st := KeyStats{Key: k.name, Contacts: contactsIn(list, seen), Shared: k.cap == contactCap}
		clear(seen)
		compare := func(x, y entry) {
			st.Compared++
			if score := s.score(&b.records[x.at], &b.records[y.at]); score.Total >= possibleFrom {
				pairs = append(pairs, pair{min(x.at, y.at), max(x.at, y.at), score})
			}
		}
		eachBlock(list, func(block []entry) {
			if len(block) < 2 {
				return
			}
			st.Blocks++
			st.Largest = max(st.Largest, int64(len(block)))
			reach := len(block)
			if len(block) > k.cap {
				st.Capped++
				st.Size += contactsIn(block, seen)
				reach = neighbours
				b.sortBlock(block)
			}
			for i := range block {
				for _, y := range block[i+1 : min(len(block), i+1+reach)] {
					compare(block[i], y)
				}
			}
		})
		stats = append(stats, st)
		pairs = distinct(pairs)
		if len(pairs) > mostPairs {
			slices.SortFunc(pairs, byScore)
			dropped += int64(len(pairs) - mostPairs)
			pairs = distinct(pairs[:mostPairs])
		}
	}
	return pairs, stats, dropped
}

// contactsIn counts the contacts of a list that have not been seen yet, and marks them.
func contactsIn(list []entry, seen []bool) (n int64) {
	for _, e := range list {
		if !seen[e.at] {
			seen[e.at] = true
			n++
		}
	}
	return n
}

// entries lists the contacts under a key, in the order of keys and places; a contact stands under one key once.
func (b *base) entries(k key, list []entry) []entry {
	for i := range b.records {
		k.of(b, &b.records[i], func(key uint64) { list = append(list, entry{key, int32(i)}) })
	}
	slices.SortFunc(list, func(x, y entry) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.at, y.at)) })
	return slices.Compact(list)
}

func eachBlock(list []entry, visit func([]entry)) {
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].key == list[from].key {
			to++
		}
		visit(list[from:to])
		from = to
	}
}

// sortBlock brings those together in a big block that may be one: the same date of birth, then the same name, then the same number.
func (b *base) sortBlock(block []entry) {
	slices.SortFunc(block, func(x, y entry) int {
		p, q := &b.records[x.at], &b.records[y.at]
		return cmp.Or(cmp.Compare(p.birthday, q.birthday), cmp.Compare(p.full, q.full), cmp.Compare(p.phones[0], q.phones[0]), cmp.Compare(x.at, y.at))
	})
}

// distinct sorts pairs by their places and keeps each once; a pair has one score, whatever key found it.
func distinct(pairs []pair) []pair {
	slices.SortFunc(pairs, func(x, y pair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return slices.CompactFunc(pairs, func(x, y pair) bool { return x.a == y.a && x.b == y.b })
}

// byScore orders pairs, the best first.
func byScore(x, y pair) int {
	return cmp.Or(cmp.Compare(y.score.Total, x.score.Total), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
}
