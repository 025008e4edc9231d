package duplicates

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// A direct simulator of the reduced tables: customers whom triggers hit, scenarios that answer to them. No engine, a world in some ten milliseconds.

const (
	simDays = 91
	simDay  = 86400
)

// simStep is one planned message.
type simStep struct {
	hours    float64
	channel  string
	template string
}

// simScenario answers a trigger for customers of some classes.
type simScenario struct {
	id       string
	trigger  int
	classes  []int // of 0, 1, 2; nil for all
	capacity float64
	window   float64 // days
	late     float64 // hours from trigger to entry
	steps    []simStep
	goal     float64 // share of entries that order
	click    float64
	bulk     bool
}

// simOptions says what the company records.
type simOptions struct {
	customers   int
	definitions bool // audit.yaml defines the scenarios
	triggers    bool // enrolments say what started them
	texts       bool // templates have texts; otherwise hashes
	unenrolled  bool // no enrolments: entries begin with the first message
}

type span struct{ from, to float64 }

// simulate plays the scenarios and counts as the SQL does.
func simulate(rng *rand.Rand, scenarios []simScenario, templates map[string]Template, o simOptions) (*Counts, map[string]analytics.Scenario) {
	slices.SortFunc(scenarios, func(a, b simScenario) int { return strings.Compare(a.id, b.id) })
	c := &Counts{Templates: map[string]Template{}}
	defined := map[string]analytics.Scenario{}
	for id, t := range templates {
		if o.texts {
			t.Hash = ""
		} else {
			t = Template{Hash: t.Hash}
		}
		c.Templates[id] = t
	}
	triggers := 0
	for _, s := range scenarios {
		triggers = max(triggers, s.trigger+1)
		c.Scenarios = append(c.Scenarios, Scenario{ID: s.id, Enrolled: !o.unenrolled && !s.bulk, Bulk: s.bulk, Looked: Buckets, Triggers: map[string]int64{}, Delays: map[string][]Delay{}, Goal: "order", GoalDays: 14})
		if o.definitions {
			d := analytics.Scenario{ID: s.id, Trigger: fmt.Sprint("event ", s.trigger), GoalEvent: "order", GoalDays: 14}
			for _, k := range []int{0, 1, 2} {
				if len(s.classes) == 0 || slices.Contains(s.classes, k) {
					d.Stages = append(d.Stages, fmt.Sprint("class ", k))
				}
			}
			for _, x := range s.steps {
				if !slices.Contains(d.Channels, x.channel) {
					d.Channels = append(d.Channels, x.channel)
				}
			}
			defined[s.id] = d
		}
	}
	shared := map[[2]int]*Shared{}
	delays := make([]map[string]map[int64]int64, len(scenarios))
	steps := make([]map[StepCount]int64, len(scenarios))
	contents := make([]map[ContentCount]int64, len(scenarios))
	messages := make([]map[MessageCount]int64, len(scenarios))
	for i := range scenarios {
		delays[i] = map[string]map[int64]int64{baseEntry: {}, baseFirst: {}}
		steps[i], contents[i], messages[i] = map[StepCount]int64{}, map[ContentCount]int64{}, map[MessageCount]int64{}
	}
	for k := range o.customers {
		bucket, class := k%Buckets, rng.IntN(3)
		spans, entered := make([][]span, len(scenarios)), make([][]float64, len(scenarios))
		for trigger := range triggers {
			for at := rng.ExpFloat64() * 60; at < simDays; at += rng.ExpFloat64() * 60 {
				for i, s := range scenarios {
					if s.trigger != trigger || len(s.classes) > 0 && !slices.Contains(s.classes, class) || rng.Float64() > s.capacity {
						continue
					}
					entry := at + s.late/24 + rng.Float64()/48
					entered[i] = append(entered[i], entry)
					last, first := entry, math.NaN()
					for n, x := range s.steps {
						if rng.Float64() < .03 {
							continue
						}
						sent := entry + x.hours/24 + rng.ExpFloat64()/24/6
						if hour := math.Mod(sent, 1) * 24; hour < 8 && rng.Float64() < .5 {
							sent += (8 - hour) / 24 // not at night
						}
						sent = math.Max(sent, last)
						if math.IsNaN(first) {
							first = sent
						}
						last = sent
						for base, from := range map[string]float64{baseEntry: entry, baseFirst: first} {
							sec := int64((sent - from) * simDay)
							h := min(sec/3600, lastHour)
							if h >= weekHours {
								h = h / 24 * 24
							}
							delays[i][base][h]++
							steps[i][StepCount{Base: base, Step: fmt.Sprint(s.id, n), Channel: x.channel, Bin: simBin(sec)}]++
						}
						contents[i][ContentCount{Step: fmt.Sprint(s.id, n), Template: x.template}]++
						m := MessageCount{Channel: x.channel, Bucket: bucket}
						if rng.Float64() < s.click {
							m.Clicked = 1
						}
						messages[i][m]++
					}
					if o.unenrolled {
						if math.IsNaN(first) {
							entered[i] = entered[i][:len(entered[i])-1]
							continue
						}
						entered[i][len(entered[i])-1] = first
						spans[i] = append(spans[i], span{first, last + 1})
					} else {
						spans[i] = append(spans[i], span{entry, entry + s.window})
					}
					c.Scenarios[i].Entries++
					c.Scenarios[i].Triggers[fmt.Sprint("event ", s.trigger)]++
					c.Scenarios[i].GoalCustomers++
					reached := int64(0)
					if rng.Float64() < s.goal {
						reached = 1
					}
					c.Scenarios[i].Reached[bucket] = c.Scenarios[i].Reached[bucket].Merge(suffstat.Ratio{Num: reached, Den: 1})
				}
			}
		}
		for i := range scenarios {
			spans[i] = union(spans[i])
			if len(spans[i]) > 0 {
				c.Scenarios[i].Customers[bucket]++
			}
			for _, s := range spans[i] {
				c.Scenarios[i].Seconds[bucket] += int64(s.to - s.from)
			}
		}
		for i := range scenarios {
			for j := i + 1; j < len(scenarios); j++ {
				both := int64(common(spans[i], spans[j]))
				if both == 0 {
					continue
				}
				p := shared[[2]int{i, j}]
				if p == nil {
					p = &Shared{A: i, B: j}
					shared[[2]int{i, j}] = p
				}
				p.Customers++
				p.Seconds += both
				p.Buckets[bucket] += both
				p.AWithB += near(entered[i], entered[j])
				p.BWithA += near(entered[j], entered[i])
			}
		}
	}
	for i := range scenarios {
		s := &c.Scenarios[i]
		if !o.triggers || o.unenrolled {
			s.Triggers = map[string]int64{}
		}
		for base, h := range delays[i] {
			for hours, n := range h {
				s.Delays[base] = append(s.Delays[base], Delay{hours, n})
			}
		}
		for k, n := range steps[i] {
			k.Messages = n
			s.Steps = append(s.Steps, k)
		}
		for k, n := range contents[i] {
			k.Messages = n
			s.Contents = append(s.Contents, k)
		}
		for k, n := range messages[i] {
			s.Messages = append(s.Messages, MessageCount{k.Channel, k.Bucket, n, n, n * k.Clicked})
		}
	}
	for _, p := range shared {
		p.Close = 20*p.Seconds >= min(c.Scenarios[p.A].seconds(), c.Scenarios[p.B].seconds())
		if !p.Close {
			p.Buckets, p.AWithB, p.BWithA = [Buckets]int64{}, 0, 0
		}
		c.Shared = append(c.Shared, *p)
	}
	slices.SortFunc(c.Shared, func(a, b Shared) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return c, defined
}

// simBin is the delay bin of red_dup_steps.sql.
func simBin(sec int64) int64 {
	for i, border := range []int64{16200, 54000, 129600, 216000, 388800, 734400, 1382400, 2160000, 3024000} {
		if sec < border {
			return int64(i)
		}
	}
	return 9
}

// union is the spans of days as seconds, whole ones, joined where they touch.
func union(s []span) []span {
	slices.SortFunc(s, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, x := range s {
		x = span{math.Floor(x.from * simDay), math.Floor(math.Min(x.to, simDays) * simDay)}
		switch {
		case x.from >= x.to:
		case len(out) > 0 && x.from <= out[len(out)-1].to:
			out[len(out)-1].to = math.Max(out[len(out)-1].to, x.to)
		default:
			out = append(out, x)
		}
	}
	return out
}

func common(a, b []span) float64 {
	t := 0.
	for _, x := range a {
		for _, y := range b {
			t += math.Max(0, math.Min(x.to, y.to)-math.Max(x.from, y.from))
		}
	}
	return t
}

func near(a, b []float64) int64 {
	var n int64
	for _, x := range a {
		if slices.ContainsFunc(b, func(y float64) bool { return math.Abs(x-y) <= 1 }) {
			n++
		}
	}
	return n
}

// letter writes a text of words of its own kind, so that two letters have little in common but a phrase or two.
func letter(rng *rand.Rand, subject int) Template {
	syllables := []string{"ма", "ло", "ки", "ту", "ре", "со", "ва", "пи", "на", "до", "гу", "ше"}
	word := func() string {
		w := ""
		for range 2 + rng.IntN(3) {
			w += syllables[rng.IntN(len(syllables))]
		}
		return w
	}
	text := func(n int) string {
		w := make([]string, n)
		for i := range w {
			w[i] = word()
		}
		return strings.Join(w, " ")
	}
	t := Template{Name: fmt.Sprint("letter ", subject), Subject: text(4 + rng.IntN(4)), Text: "Здравствуйте, {{name}}! " + text(40+rng.IntN(60)) + ". Вы получили это письмо, потому что подписаны на нашу рассылку"}
	t.Hash = fmt.Sprintf("%x", rng.Uint64())
	return t
}

// copied is a letter that somebody copied and polished: a few words changed, the name and the template another.
func copied(rng *rand.Rand, t Template) Template {
	w := strings.Fields(t.Text)
	for range 1 + len(w)/40 {
		w[rng.IntN(len(w))] = "новое"
	}
	t.Name, t.Text = t.Name+" (копия)", strings.Join(w, " ")
	return t
}

// plantedPair is a pair that the world has and the verdict that it must get; "" for pairs that must get none of the three.
type plantedPair struct{ a, b, verdict string }

// plantedWorld plants 2 duplicates, 1 subset, 1 of the same logic for another audience, 2 of the same audience and timing with other content, and
// near misses, and scenarios that share one thing each: trigger, texts, timing.
func plantedWorld(rng *rand.Rand) (scenarios []simScenario, templates map[string]Template, planted []plantedPair) {
	templates = map[string]Template{}
	channels := []string{"email", "email", "push", "sms", "messenger"}
	hours := []float64{0, 1, 24, 48, 72, 96, 168, 240, 336}
	add := func(s simScenario) simScenario {
		scenarios = append(scenarios, s)
		return s
	}
	chain := func(id string, trigger int) simScenario {
		s := simScenario{id: id, trigger: trigger, capacity: .8 + .2*rng.Float64(), window: float64(7 * (1 + rng.IntN(4))), goal: .05 + .1*rng.Float64(), click: .05 + .1*rng.Float64()}
		at := rng.IntN(2)
		for n := range 1 + rng.IntN(4) {
			t := fmt.Sprint(id, "-", n)
			templates[t] = letter(rng, len(templates))
			s.steps = append(s.steps, simStep{hours[min(at, len(hours)-1)], channels[rng.IntN(len(channels))], t})
			at += 1 + rng.IntN(3)
		}
		return s
	}
	again := func(id string, s simScenario, same bool) simScenario {
		s.id, s.capacity, s.late = id, .85+.15*rng.Float64(), rng.Float64()*2
		s.steps = slices.Clone(s.steps)
		for n := range s.steps {
			t := fmt.Sprint(id, "-", n)
			if same {
				templates[t] = copied(rng, templates[s.steps[n].template])
			} else {
				templates[t] = letter(rng, len(templates))
			}
			s.steps[n].template = t
			if s.steps[n].hours > 0 {
				s.steps[n].hours += rng.Float64()*2 - 1
			}
		}
		return s
	}
	pair := func(a, b, verdict string) { planted = append(planted, plantedPair{a, b, verdict}) }
	one, two := add(chain("d1", 0)), add(chain("d2", 1))
	add(again("d1 copy", one, true))
	add(again("d2 copy", two, true))
	pair("d1", "d1 copy", Duplicate)
	pair("d2", "d2 copy", Duplicate)
	whole := add(chain("s", 2))
	part := again("s part", whole, true)
	part.classes = []int{rng.IntN(3)}
	add(part)
	pair("s", "s part", Subset)
	here := chain("o here", 3)
	there := again("o there", here, true)
	here.classes, there.classes = []int{0, 1}, []int{2}
	add(here)
	add(there)
	pair("o here", "o there", SameLogic)
	add(again("c1 other", add(chain("c1", 4)), false))
	add(again("c2 other", add(chain("c2", 5)), false))
	// Near misses: half of the texts copied; the same ten days later; two classes of three against another two.
	half := add(func() simScenario {
		s := chain("h", 6)
		for len(s.steps) < 2 {
			s = chain("h", 6)
		}
		return s
	}())
	mixed := again("h half", half, false)
	for n := 0; n < len(mixed.steps)/2; n++ {
		templates[mixed.steps[n].template] = copied(rng, templates[half.steps[n].template])
	}
	add(mixed)
	after := again("l later", add(chain("l", 7)), true)
	for n := range after.steps {
		after.steps[n].hours += 240
	}
	add(after)
	some := chain("p", 8)
	others := again("p others", some, true)
	some.classes, others.classes = []int{0, 1}, []int{1, 2}
	add(some)
	add(others)
	// One trigger, another chain.
	for trigger := range 4 {
		add(chain(fmt.Sprint("t", trigger), trigger))
	}
	// The texts of d1, another trigger and timing.
	reused := chain("reused", 9)
	reused.steps = nil
	for n, s := range one.steps {
		reused.steps = append(reused.steps, simStep{float64(300 + 200*n), "sms", s.template})
	}
	add(reused)
	for i := range 4 {
		add(chain(fmt.Sprint("u", i), 10+i))
	}
	return scenarios, templates, planted
}
