package health

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Status of a check.
type Status string

// The statuses, as in the contract.
const (
	OK            Status = "ok"
	Warning       Status = "warning"
	Red           Status = "red"
	NotMeasurable Status = "not_measurable"
)

// Notes: why a check is not measurable, or what is to be known of it.
const (
	NoCustomers   = "no_customers"    // the input customers is not given
	TooMany       = "too_many"        // more than five million contacts
	NoField       = "no_field"        // nobody has anything in the fields that it looks at
	ShortHistory  = "short_history"   // the loaded history is shorter than the time without activity that is asked for
	NoEmails      = "no_emails"       // nothing was sent by e-mail in the audited period
	NoBounces     = "no_bounces"      // no bounce in the whole history: they are not reported
	NoBirthdays   = "no_birthdays"    // no attribute that is a date of birth
	CappedBlocks  = "capped_blocks"   // more than 200 contacts share a number or an address: only neighbours were compared among them
	DroppedPairs  = "dropped_pairs"   // more than a million pairs; the best were kept
	PartOfValues  = "part_of_values"  // fillers are looked for among the 500 most frequent values
	NoMessageCost = "no_message_cost" // money.message_cost is not given
)

// Check is a row of analytics.health.
type Check struct {
	Name                   string
	Numerator, Denominator int64
	Norm                   float64
	Red                    *float64
	Higher                 bool
	Status                 Status
	Note                   string
}

// Value is the share; only of a check that is measurable.
func (c Check) Value() float64 { return float64(c.Numerator) / float64(c.Denominator) }

// judge compares the share with norm and red zone. Both are inclusive on the good side: exactly the norm is ok, exactly the border of the red zone is a warning.
func (c *Check) judge() {
	if c.Denominator <= 0 {
		c.Status = NotMeasurable
		return
	}
	better := func(border float64) bool {
		if c.Higher {
			return c.Value() >= border
		}
		return c.Value() <= border
	}
	switch {
	case better(c.Norm):
		c.Status = OK
	case c.Red != nil && !better(*c.Red):
		c.Status = Red
	default:
		c.Status = Warning
	}
}

// Field is a row of analytics.completeness.
type Field struct {
	Name, Role                      string
	Contacts, Given, Filler, Bad    int64
	HasBad                          bool // Bad is looked at
	Status                          Status
	fillers                         map[string]int64
	partial, missing, isDate, known bool
}

// Filled is what is in the field and no formal filler.
func (f Field) Filled() int64 { return f.Given - f.Filler }

// Filler is a row of analytics.health_fillers.
type Filler struct {
	Field, Value string
	Contacts     int64
}

// Group is contacts that are one.
type Group struct {
	Members  []string
	Kept     string
	Verdict  Verdict
	Messages int64
	Cost     int64 // 1e-6 currency units
}

// Pair is a row of analytics.duplicate_contacts.
type Pair struct {
	A, B    string
	Verdict Verdict
	Score   Score
	Group   int64 // 0: none
}

// Waste is what messages to contacts of a kind cost in the audited period.
type Waste struct{ Messages, CostMicro int64 }

// Model is everything the block says.
type Model struct {
	N                   int64
	Contacts            bool // they could be looked at
	Checks              []Check
	Fields              []Field
	Fillers             []Filler
	Pairs               []Pair
	Groups              []Group
	Keys                []KeyStats
	Refused, Dropped    int64 // pairs that would chain; pairs above the million
	ByVerdict           map[Verdict]int64
	Extra               int64 // contacts beyond the one to keep of each group
	Largest             int
	Duplicate, Inactive Waste
	Unreached           Waste
	Birthdays           []string // the attributes taken for dates of birth
	Missing             bool     // no input customers
	Days                int64    // of the audited period
}

// Options is what the deciders need beside the counts.
type Options struct {
	Setup
	Customers bool // the input customers is given
	HasCosts  bool
	Currency  string
}

// Fit makes the model. It is pure: the same counts and options give the same model.
func Fit(c *Counts, opt Options) *Model {
	m := &Model{N: c.N, Contacts: len(c.Contacts) > 0 && opt.Customers, Missing: !opt.Customers, ByVerdict: map[Verdict]int64{}, Days: max(1, c.ToDay-c.FromDay)}
	f := fitter{c: c, opt: opt, m: m}
	if m.Contacts {
		f.read = read(c.Contacts, opt.Region, c.ToDay, foldedSet(opt.Config.Fillers))
		f.duplicates()
	}
	f.fields()
	f.checks()
	return m
}

func foldedSet(values []string) map[string]bool {
	m := map[string]bool{}
	for _, v := range values {
		m[fold(v)] = true
	}
	return m
}

type fitter struct {
	c    *Counts
	opt  Options
	m    *Model
	read *reading
}

// duplicates finds pairs and groups and what the messages to the extra contacts cost.
func (f *fitter) duplicates() {
	b := f.read.base
	pairs, stats, dropped := findPairs(b)
	groups, refused := grouping(b, pairs)
	m := f.m
	m.Keys, m.Refused, m.Dropped = stats, refused, dropped
	of := map[int32]int64{}
	for n, g := range groups {
		keep := slices.MinFunc(g.members, func(i, j int32) int { return f.better(i, j) })
		out := Group{Kept: f.c.Contacts[keep].ID, Verdict: g.verdict}
		for _, i := range g.members {
			of[i] = int64(n + 1)
			c := &f.c.Contacts[i]
			out.Members = append(out.Members, c.ID)
			if i != keep {
				out.Messages += c.Messages
				out.Cost += c.CostMicro
			}
		}
		m.Extra += int64(len(g.members) - 1)
		m.Largest = max(m.Largest, len(g.members))
		m.Duplicate.Messages += out.Messages
		m.Duplicate.CostMicro += out.Cost
		m.Groups = append(m.Groups, out)
	}
	for _, p := range pairs {
		v := p.score.Verdict()
		m.ByVerdict[v]++
		out := Pair{A: f.c.Contacts[p.a].ID, B: f.c.Contacts[p.b].ID, Verdict: v, Score: p.score}
		if g := of[p.a]; g != 0 && g == of[p.b] {
			out.Group = g
		}
		m.Pairs = append(m.Pairs, out)
	}
}

// better orders contacts of a group, the one to keep first: last active, most written to, oldest.
func (f *fitter) better(i, j int32) int {
	x, y := &f.c.Contacts[i], &f.c.Contacts[j]
	created := func(day int64) int64 {
		if day == noDay {
			return 1 << 40
		}
		return day
	}
	return cmp.Or(cmp.Compare(y.Active, x.Active), cmp.Compare(y.Messages, x.Messages), cmp.Compare(created(x.Created), created(y.Created)), cmp.Compare(i, j))
}

// fields counts how every field is filled.
func (f *fitter) fields() {
	tallies := map[string]*tally{}
	if f.read != nil {
		tallies = map[string]*tally{"name": &f.read.name, "phone": &f.read.phone, "email": &f.read.email}
	}
	for _, r := range f.opt.roles() {
		x := Field{Name: r.field, Role: r.role, Contacts: f.c.N}
		switch {
		case r.field == "name" || r.field == "phone" || r.field == "email":
			t := tallies[r.field]
			if t == nil {
				x.missing = true
				break
			}
			x.Given, x.Filler, x.Bad, x.HasBad, x.fillers = t.Given, t.Filler, t.Invalid, r.field != "name", t.Fillers
		case f.m.Missing:
			x.missing = true
		default:
			f.valuesOf(&x, r)
		}
		x.known = x.Given > 0 || f.opt.declared(r.field)
		f.m.Fields = append(f.m.Fields, x)
		for _, v := range slices.Sorted(maps.Keys(x.fillers)) {
			f.m.Fillers = append(f.m.Fillers, Filler{x.Name, v, x.fillers[v]})
		}
	}
	f.m.Fillers = most(f.m.Fillers)
}

// fillersShown bounds the fillers listed for a field.
const fillersShown = 100

// most keeps the most frequent fillers of every field.
func most(all []Filler) []Filler {
	slices.SortStableFunc(all, func(a, b Filler) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(b.Contacts, a.Contacts))
	})
	seen := map[string]int{}
	all = slices.DeleteFunc(all, func(x Filler) bool {
		seen[x.Field]++
		return seen[x.Field] > fillersShown
	})
	slices.SortFunc(all, func(a, b Filler) int { return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value)) })
	return all
}

// valuesOf reads a field from its frequent values.
func (f *fitter) valuesOf(x *Field, r fieldRole) {
	v := f.c.Values[r.field]
	if v == nil {
		return
	}
	x.Given = v.Filled
	if r.field == "created_at" || r.field == "updated_at" {
		return
	}
	own := foldedSet(f.opt.Config.Fillers)
	var numbers, dates, known int64
	for _, c := range v.Values {
		known += c.Contacts
		if isNumber(c.Value) {
			numbers += c.Contacts
		}
		if r.birthday {
			if _, ok := parseDate(strings.TrimSpace(c.Value)); ok {
				dates += c.Contacts
			}
		}
	}
	x.partial = known < v.Filled
	x.isDate = r.birthday && 2*dates >= known
	if x.isDate {
		f.m.Birthdays = append(f.m.Birthdays, r.field)
		x.HasBad = true
	}
	x.fillers = map[string]int64{}
	for _, c := range v.Values {
		filler := own[fold(c.Value)] || isFiller(c.Value, false)
		switch {
		case x.isDate:
			_, s := parseBirthday(c.Value, f.c.ToDay)
			filler = filler || s == stateFiller
			if s == stateInvalid && !filler {
				x.Bad += c.Contacts
			}
		case 2*numbers < known:
			filler = filler || numericFiller(c.Value)
		}
		if filler {
			x.Filler += c.Contacts
			folded := cut(fold(c.Value), 40)
			if folded == "" {
				folded = cut(strings.TrimSpace(c.Value), 40)
			}
			x.fillers[folded] += c.Contacts
		}
	}
}

func (f *fitter) check(name, note string, numerator, denominator int64) {
	norm := f.opt.Norms[name]
	switch {
	case strings.HasPrefix(name, keyFieldPrefix):
		norm = f.opt.Norms[KeyFilled]
	case strings.HasPrefix(name, optionalPrefix):
		norm = f.opt.Norms[OptionalFilled]
	}
	c := Check{Name: name, Numerator: numerator, Denominator: denominator, Norm: norm.Norm, Red: norm.Red, Note: note,
		Higher: higherIsBetter(name) || strings.HasPrefix(name, keyFieldPrefix) || strings.HasPrefix(name, optionalPrefix)}
	c.judge()
	f.m.Checks = append(f.m.Checks, c)
}

// none is a check that cannot be measured.
func (f *fitter) none(name, note string) { f.check(name, note, 0, 0) }

// checks makes the card.
func (f *fitter) checks() {
	field := map[string]*Field{}
	for i := range f.m.Fields {
		field[f.m.Fields[i].Name] = &f.m.Fields[i]
	}
	absent := ""
	switch {
	case f.m.Missing:
		absent = NoCustomers
	case !f.m.Contacts && f.c.N > 0:
		absent = TooMany
	case !f.m.Contacts:
		absent = NoField
	}
	f.duplicateCheck(absent, field)
	f.filled(KeyFilled, RoleKey, keyFieldPrefix, absent)
	f.filled(OptionalFilled, RoleOptional, optionalPrefix, absent)
	f.fillerCheck(absent)
	for _, x := range []struct{ check, field string }{{PhonesInvalid, "phone"}, {EmailsInvalid, "email"}} {
		if y := field[x.field]; absent != "" || y.Filled() == 0 {
			f.none(x.check, cmp.Or(absent, NoField))
		} else {
			f.check(x.check, "", y.Bad, y.Filled())
		}
	}
	if absent != "" || field["phone"].Given+field["email"].Given == 0 {
		f.none(Unreachable, cmp.Or(absent, NoField))
	} else {
		f.check(Unreachable, "", int64(len(f.c.Contacts))-f.read.reachable, int64(len(f.c.Contacts)))
		f.m.Unreached = Waste{f.read.invalidMessages, f.read.invalidCost}
	}
	f.birthdays(absent)
	f.ages(absent)
	f.bounces()
}

func (f *fitter) duplicateCheck(absent string, field map[string]*Field) {
	if absent != "" || field["name"].Given+field["phone"].Given+field["email"].Given == 0 {
		f.none(Duplicates, cmp.Or(absent, NoField))
		return
	}
	note := ""
	for _, k := range f.m.Keys {
		if k.Shared && k.Capped > 0 {
			note = CappedBlocks
		}
	}
	if f.m.Dropped > 0 {
		note = DroppedPairs
	}
	f.check(Duplicates, note, f.m.Extra, int64(len(f.c.Contacts)))
}

// filled is the share of filled fields of a role, all together and one by one. Fields that nobody has filled and audit.yaml does not name are not given by the source,
// and left out.
func (f *fitter) filled(name, role, prefix, absent string) {
	var numerator, denominator int64
	var single []Field
	for i := range f.m.Fields {
		x := &f.m.Fields[i]
		if x.Role != role || x.missing || !x.known {
			continue
		}
		numerator += x.Filled()
		denominator += x.Contacts
		c := Check{Numerator: x.Filled(), Denominator: x.Contacts, Norm: f.opt.Norms[name].Norm, Red: f.opt.Norms[name].Red, Higher: true}
		if c.judge(); c.Status != NotMeasurable {
			x.Status = c.Status
		}
		single = append(single, *x)
	}
	if denominator == 0 {
		f.none(name, cmp.Or(absent, NoField))
		return
	}
	f.check(name, "", numerator, denominator)
	for _, x := range single {
		f.check(prefix+x.Name, "", x.Filled(), x.Contacts)
	}
}

func (f *fitter) fillerCheck(absent string) {
	var numerator, denominator int64
	note := ""
	for _, x := range f.m.Fields {
		numerator += x.Filler
		denominator += x.Given
		if x.partial {
			note = PartOfValues
		}
	}
	if denominator == 0 {
		f.none(Fillers, cmp.Or(absent, NoField))
		return
	}
	f.check(Fillers, note, numerator, denominator)
}

func (f *fitter) birthdays(absent string) {
	var numerator, denominator int64
	for _, x := range f.m.Fields {
		if x.isDate {
			numerator += x.Bad
			denominator += x.Filled()
		}
	}
	if denominator == 0 {
		if absent != NoCustomers {
			absent = NoBirthdays
		}
		f.none(BirthdaysAbsurd, absent)
		return
	}
	f.check(BirthdaysAbsurd, "", numerator, denominator)
}

// ages counts contacts whose record has not changed, and who have done nothing, for long. Who was created later than that is not silent yet; who has neither a date of creation nor any activity is.
func (f *fitter) ages(absent string) {
	if absent != "" {
		f.none(Stale, absent)
		f.none(Inactive, absent)
		return
	}
	var dated, stale, silent int64
	staleDay, silentDay := f.c.ToDay-int64(f.opt.StaleDays), f.c.ToDay-int64(f.opt.InactiveDays)
	for i := range f.c.Contacts {
		c := &f.c.Contacts[i]
		if c.Updated != noDay {
			dated++
			if c.Updated < staleDay {
				stale++
			}
		}
		if c.Active < silentDay && c.Created < silentDay {
			silent++
			f.m.Inactive.Messages += c.Messages
			f.m.Inactive.CostMicro += c.CostMicro
		}
	}
	if dated == 0 {
		f.none(Stale, NoField)
	} else {
		f.check(Stale, "", stale, dated)
	}
	if f.c.FirstDay > silentDay {
		f.none(Inactive, ShortHistory)
		f.m.Inactive = Waste{}
		return
	}
	f.check(Inactive, "", silent, int64(len(f.c.Contacts)))
}

func (f *fitter) bounces() {
	var sent, bounced, ever int64
	for _, b := range f.c.Bounces {
		if b.Channel == "email" {
			sent, bounced, ever = b.Sent, b.Bounced, b.EverBounced
		}
	}
	switch {
	case sent == 0:
		f.none(EmailBounces, NoEmails)
	case ever == 0:
		f.none(EmailBounces, NoBounces)
	default:
		f.check(EmailBounces, "", bounced, sent)
	}
}
