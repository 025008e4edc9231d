package content

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"crmaudit/analytics/suffstat"
)

const (
	tableLevel   = .95
	screening    = .10 // false-discovery rate up to which a wear-out is shown
	machineOpens = .25 // share of machine opens above which the opens of a channel say nothing about people
	stageShare   = .05 // a stage that gets less of a template's messages is not counted as one it is used in
	useShare     = .05 // nor is a scenario
	stillDays    = 28  // a template sent in so many last days of the audited window is still sent
)

// What is known of the age of a template.
const (
	AgeKnown       = "known"
	AgeNotGiven    = "not_given"    // the template is listed without a day of change
	AgeNotListed   = "not_listed"   // messages name it, the list of templates does not
	AgeAfterPeriod = "after_period" // changed after the audited window: how old it was within the window is not known
	AgeFuture      = "future"       // changed after the last loaded day: the day is wrong
)

// Response is the click rate, or open rate, of delivered messages.
type Response struct {
	Customers, Delivered, Opened, Clicked int64
	Click, Open                           suffstat.RateEstimate
	clicks, opens                         []suffstat.Ratio
}

// Use is a template in one channel, kind and scenario.
type Use struct {
	Key, Chain                              int64
	Template, Channel, Kind, Scenario, Role string
	Steps                                   int
	Messages, Recent, First, Last           int64
	Response
	Stages []StageShare // by messages of the sample, most first
}

// StageShare is the part of the messages of the sample that went to customers of one stage.
type StageShare struct {
	Stage    string // "" where none is known
	Messages int64
	Share    float64
}

// Template is one template in use.
type Template struct {
	Text
	Listed                             bool
	Age                                string
	AgeDays                            int64 // from the last change to the end of the window; only with AgeKnown
	InUseDays                          int64 // from the first send of the loaded history to the end of the window
	Messages, Recent, First, Last      int64
	Still, Stale                       bool
	Uses                               []*Use
	Scenarios, Roles, Stages, Channels []string
	Steps                              int
	Response                           // only with one channel
	OneChannel                         bool
	Reuse                              string // ByRoles, ByStages; "" when it is not reused
	Copies                             *Copies
	Length                             int // of the subject in characters; 0 without one
	Emoji                              bool
}

// Why a template, or one text under several ids, counts as reused.
const (
	ByRoles  = "roles"  // its scenarios have different roles
	ByStages = "stages" // two of its scenarios are declared for stages that have nothing in common
)

// Model is what the tables and findings are made of.
type Model struct {
	Totals    Totals
	Templates []*Template // most messages first
	Groups    []*Copies
	Wearout   []*Wear
	Subjects  []SubjectRow
	Extras    []ExtraRow
	Opens     map[string]string // by channel: reliable, unreliable, not_reported
	Clicks    map[string]bool   // by channel: it reports clicks
	Lives     int               // uses whose response can be followed
	Limited   bool              // more templates than were looked at
}

// Fit makes the model. Pure; the same counts in any order give the same model.
func Fit(c *Counts, opt Options) *Model {
	opt = opt.filled()
	m := &Model{Totals: c.Totals, Opens: map[string]string{}, Clicks: map[string]bool{}}
	f := &fitter{c: c, opt: opt, m: m, templates: map[string]*Template{}, uses: map[int64]*Use{}}
	f.read()
	f.channels()
	f.ages()
	f.spread()
	f.copies()
	f.wearout()
	f.subjects()
	f.extras()
	return m
}

type fitter struct {
	c         *Counts
	opt       Options
	m         *Model
	templates map[string]*Template
	uses      map[int64]*Use
	rates     map[string]*[2]int64 // by channel: opens of people, of machines
}

// read gathers slots into uses and templates, and gives them their texts and responses.
func (f *fitter) read() {
	steps := map[int64]map[string]bool{}
	smallest := map[string]int64{}
	for _, key := range slices.Sorted(maps.Keys(f.c.Slots)) {
		s := f.c.Slots[key]
		if !s.Template {
			continue
		}
		if _, ok := smallest[s.ID]; !ok {
			smallest[s.ID] = key
		}
		if s.Audited == 0 {
			continue
		}
		u := f.uses[s.Use]
		if u == nil {
			u = &Use{Key: s.Use, Chain: s.Chain, Template: s.ID, Channel: s.Channel, Kind: s.Kind, Scenario: s.Scenario, Role: s.Role, First: s.First}
			f.uses[s.Use], steps[s.Use] = u, map[string]bool{}
		}
		steps[s.Use][s.Step] = true
		u.Messages, u.Recent, u.First, u.Last, u.Steps = u.Messages+s.Audited, u.Recent+s.Recent, min(u.First, s.First), max(u.Last, s.Last), len(steps[s.Use])
		t := f.templates[s.ID]
		if t == nil {
			t = &Template{Text: Text{ID: s.ID}, First: s.First}
			f.templates[s.ID] = t
			f.m.Templates = append(f.m.Templates, t)
		}
		t.Messages, t.Recent, t.First, t.Last = t.Messages+s.Audited, t.Recent+s.Recent, min(t.First, s.First), max(t.Last, s.Last)
	}
	for _, key := range slices.Sorted(maps.Keys(f.uses)) {
		u := f.uses[key]
		t := f.templates[u.Template]
		t.Uses, t.Steps = append(t.Uses, u), t.Steps+u.Steps
	}
	for _, text := range f.c.Texts {
		if t := f.templates[text.ID]; t != nil {
			t.Text, t.Listed = text, true
			t.Length, t.Emoji = utf8.RuneCountInString(strings.TrimSpace(text.Subject)), HasEmoji(text.Subject)
		}
	}
	f.m.Limited = f.m.Totals.Templates > int64(len(f.m.Templates)) || len(f.c.Texts) >= 5000
	f.responses(smallest)
	for _, t := range f.m.Templates {
		t.OneChannel = !slices.ContainsFunc(t.Uses, func(u *Use) bool { return u.Channel != t.Uses[0].Channel })
		slices.SortStableFunc(t.Uses, func(a, b *Use) int { return cmp.Or(cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.Key, b.Key)) })
	}
	slices.SortFunc(f.m.Templates, func(a, b *Template) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), strings.Compare(a.ID, b.ID))
	})
}

// responses fills in the rates of uses and templates.
func (f *fitter) responses(smallest map[string]int64) {
	of := map[int64]*Template{}
	for id, t := range f.templates {
		of[smallest[id]] = t
	}
	f.rates = map[string]*[2]int64{}
	for _, r := range f.c.Rates {
		var to *Response
		if r.Template {
			if t := of[r.Slot]; t != nil {
				to = &t.Response
			}
		} else if u := f.uses[r.Slot]; u != nil {
			to = &u.Response
			if f.rates[u.Channel] == nil {
				f.rates[u.Channel] = &[2]int64{}
			}
			f.rates[u.Channel][0] += r.Opened
			f.rates[u.Channel][1] += r.Machine
		}
		if to != nil {
			to.add(r)
		}
	}
	for _, t := range f.m.Templates {
		t.Response.rate()
	}
	for _, u := range f.uses {
		u.Response.rate()
	}
}

func (r *Response) add(x RateRow) {
	if r.clicks == nil {
		r.clicks, r.opens = make([]suffstat.Ratio, Buckets), make([]suffstat.Ratio, Buckets)
	}
	r.Customers, r.Delivered, r.Opened, r.Clicked = r.Customers+x.Customers, r.Delivered+x.Delivered, r.Opened+x.Opened, r.Clicked+x.Clicked
	r.clicks[x.Bucket] = r.clicks[x.Bucket].Merge(suffstat.Ratio{Num: x.Clicked, Den: x.Delivered})
	r.opens[x.Bucket] = r.opens[x.Bucket].Merge(suffstat.Ratio{Num: x.Opened, Den: x.Delivered})
}

func (r *Response) rate() {
	r.Click, r.Open = suffstat.Rate(r.clicks, r.Customers, tableLevel), suffstat.Rate(r.opens, r.Customers, tableLevel)
}

// channels tells which channels report clicks, and whether their opens can be believed.
func (f *fitter) channels() {
	for _, u := range f.uses {
		f.m.Clicks[u.Channel] = f.m.Clicks[u.Channel] || u.Clicked > 0
		r := f.rates[u.Channel]
		switch {
		case r == nil || r[0]+r[1] == 0:
			f.m.Opens[u.Channel] = "not_reported"
		case float64(r[1]) > machineOpens*float64(r[0]+r[1]):
			f.m.Opens[u.Channel] = "unreliable"
		default:
			f.m.Opens[u.Channel] = "reliable"
		}
	}
}

// ages says how old every template is at the end of the window, and which are stale.
func (f *fitter) ages() {
	for _, t := range f.m.Templates {
		t.InUseDays = f.m.Totals.To - t.First
		t.Still = t.Recent > 0
		switch {
		case !t.Listed:
			t.Age = AgeNotListed
		case !t.Dated:
			t.Age = AgeNotGiven
		case t.Updated >= f.m.Totals.End:
			t.Age = AgeFuture
		case t.Updated >= f.m.Totals.To:
			t.Age = AgeAfterPeriod
		default:
			t.Age, t.AgeDays = AgeKnown, f.m.Totals.To-t.Updated
			t.Stale = t.Still && t.AgeDays > int64(f.opt.StaleDays)
		}
	}
}

// spread says in which scenarios, roles, stages and channels a template is used. A scenario or stage with less than a twentieth of its messages does not count.
func (f *fitter) spread() {
	for _, r := range f.c.Stages {
		if u := f.uses[r.Use]; u != nil {
			u.Stages = append(u.Stages, StageShare{Stage: r.Stage, Messages: r.Sent})
		}
	}
	for _, u := range f.uses {
		rank(u.Stages)
	}
	for _, t := range f.m.Templates {
		scenarios, all := map[string]int64{}, map[string]int64{}
		roles := map[string]string{}
		for _, u := range t.Uses {
			t.Channels = add(t.Channels, u.Channel)
			scenarios[u.Scenario] += u.Messages
			roles[u.Scenario] = u.Role
			for _, s := range u.Stages {
				all[s.Stage] += s.Messages
			}
		}
		for _, s := range slices.Sorted(maps.Keys(scenarios)) {
			if s == "" || float64(scenarios[s]) < useShare*float64(t.Messages) {
				continue
			}
			t.Scenarios = add(t.Scenarios, s)
			if roles[s] != "" {
				t.Roles = add(t.Roles, roles[s])
			}
		}
		var stages []StageShare
		for _, s := range slices.Sorted(maps.Keys(all)) {
			stages = append(stages, StageShare{Stage: s, Messages: all[s]})
		}
		rank(stages)
		for _, s := range stages {
			if s.Stage != "" && s.Share >= stageShare {
				t.Stages = append(t.Stages, s.Stage)
			}
		}
		t.Reuse = f.reuse(t.Scenarios, t.Roles)
	}
}

// reuse tells in which way one text is used for different ends.
func (f *fitter) reuse(scenarios, roles []string) string {
	if len(roles) > 1 {
		return ByRoles
	}
	var declared [][]string
	for _, s := range f.opt.Scenarios {
		if len(s.Stages) > 0 && slices.Contains(scenarios, s.ID) {
			declared = append(declared, s.Stages)
		}
	}
	for i, a := range declared {
		for _, b := range declared[i+1:] {
			if !slices.ContainsFunc(a, func(stage string) bool { return slices.Contains(b, stage) }) {
				return ByStages
			}
		}
	}
	return ""
}

// rank puts stages in the order of their messages and fills in the shares.
func rank(list []StageShare) {
	var sum int64
	for _, s := range list {
		sum += s.Messages
	}
	for i := range list {
		list[i].Share = float64(list[i].Messages) / math.Max(float64(sum), 1)
	}
	slices.SortFunc(list, func(a, b StageShare) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), strings.Compare(a.Stage, b.Stage))
	})
}

func add(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	list = append(list, s)
	slices.Sort(list)
	return list
}

// extras keeps what extra columns say, in a fixed order.
func (f *fitter) extras() {
	f.m.Extras = slices.Clone(f.c.Extras)
	slices.SortFunc(f.m.Extras, func(a, b ExtraRow) int {
		return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Channel, b.Channel), cmp.Compare(b.Messages, a.Messages), strings.Compare(a.Value, b.Value))
	})
}

// HasEmoji tells whether a text holds a pictograph: a symbol of the emoji blocks or with the emoji variation selector. The signs of copyright, trade mark and currency, arrows and dingbats
// without the selector are no emoji.
func HasEmoji(s string) bool {
	for _, r := range s {
		switch {
		case r >= 0x1F300 && r <= 0x1FAFF, r >= 0x1F1E6 && r <= 0x1F1FF, r == 0xFE0F, r >= 0x2600 && r <= 0x26FF, r == 0x2728, r == 0x2764, r == 0x2705, r == 0x2B50:
			return true
		}
	}
	return false
}

// SubjectRow describes the response of messages by a feature of their subject line.
type SubjectRow struct {
	Channel, Kind, Feature, Value string // Feature: length or emoji; Value: to_30, to_50, to_70, over_70; yes, no
	Templates                     int
	Outcome                       string // clicked or opened
	Messages                      int64
	Rate                          suffstat.RateEstimate
}

// lengths are the upper ends of the classes of subject lines, in characters.
var lengths = []struct {
	upTo int
	name string
}{{30, "to_30"}, {50, "to_50"}, {70, "to_70"}, {math.MaxInt, "over_70"}}

// subjects describes response by length and emoji of the subject line: opens where they can be believed, else clicks. A description of different letters to different people, no comparison.
func (f *fitter) subjects() {
	type key struct{ channel, kind, feature, value string }
	type group struct {
		templates map[string]bool
		ratios    []suffstat.Ratio
		customers int64
	}
	groups := map[key]*group{}
	for _, t := range f.m.Templates {
		if t.Length == 0 {
			continue
		}
		length := slices.IndexFunc(lengths, func(x struct {
			upTo int
			name string
		}) bool {
			return t.Length <= x.upTo
		})
		emoji := "no"
		if t.Emoji {
			emoji = "yes"
		}
		for _, u := range t.Uses {
			if u.clicks == nil {
				continue
			}
			source := u.clicks
			if f.m.Opens[u.Channel] == "reliable" {
				source = u.opens
			} else if !f.m.Clicks[u.Channel] {
				continue
			}
			for _, k := range []key{{u.Channel, u.Kind, "emoji", emoji}, {u.Channel, u.Kind, "length", lengths[length].name}} {
				g := groups[k]
				if g == nil {
					g = &group{templates: map[string]bool{}, ratios: make([]suffstat.Ratio, Buckets)}
					groups[k] = g
				}
				g.templates[t.ID] = true
				g.customers = max(g.customers, u.Customers) // the same people get many letters: at least so many
				for b, r := range source {
					g.ratios[b] = g.ratios[b].Merge(r)
				}
			}
		}
	}
	for k, g := range groups {
		r := SubjectRow{Channel: k.channel, Kind: k.kind, Feature: k.feature, Value: k.value, Templates: len(g.templates), Outcome: "clicked", Rate: suffstat.Rate(g.ratios, g.customers, tableLevel)}
		if f.m.Opens[k.channel] == "reliable" {
			r.Outcome = "opened"
		}
		r.Messages = r.Rate.Trials
		f.m.Subjects = append(f.m.Subjects, r)
	}
	slices.SortFunc(f.m.Subjects, func(a, b SubjectRow) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Feature, b.Feature), strings.Compare(a.Value, b.Value))
	})
}

// perQuarter scales a count of the audited window to 13 weeks.
func (m *Model) perQuarter(n int64) int64 {
	return int64(math.Round(float64(n) * 91 / math.Max(float64(m.Totals.To-m.Totals.From), 1)))
}

var none = suffstat.NotEstimable("", tableLevel, suffstat.ErrNoData)
