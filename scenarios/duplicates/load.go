package duplicates

import (
	"cmp"
	"context"
	"slices"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Buckets is the number of customer buckets of every reduced table.
const Buckets = 100

// Counts holds the reduced tables, scenarios in the order of their ids. Nothing is divided here.
type Counts struct {
	Scenarios []Scenario
	Shared    []Shared            // pairs that share person-time
	Templates map[string]Template // of the templates in use, as far as known
}

// Scenario is what is known of one scenario within the audited window.
type Scenario struct {
	ID             string
	Enrolled, Bulk bool
	Entries        int64 // control arm included
	Looked         int   // buckets 0..Looked-1 are looked at for shared person-time: all of chains, of large calendar campaigns a sample
	Customers      [Buckets]int64
	Seconds        [Buckets]int64
	Triggers       map[string]int64   // recorded trigger -> entries
	Delays         map[string][]Delay // base (entry, first) -> histogram
	Steps          []StepCount
	Contents       []ContentCount
	Messages       []MessageCount
	Goal           string // "" when nothing is known of goals
	GoalDays       int64
	GoalCustomers  int64
	Reached        [Buckets]suffstat.Ratio // entries with the goal in time, of entries that had the time
}

// Delay counts messages by the begin of the hour or, from a week on, of the day after the base.
type Delay struct{ Hours, Messages int64 }

// StepCount counts messages of a step by channel and delay bin (queries/scenarios/red_dup_steps.sql).
type StepCount struct {
	Base, Step    string
	Place         int64
	Channel       string
	Bin, Messages int64
}

// ContentCount counts messages of a step by template; Template is "" when not given.
type ContentCount struct {
	Step     string
	Place    int64
	Template string
	Messages int64
}

// MessageCount counts messages by channel and bucket; Clicked is of the Mature ones.
type MessageCount struct {
	Channel                   string
	Bucket                    int
	Messages, Mature, Clicked int64
}

// Template is what is known of a template; unknown texts are empty.
type Template struct{ Name, Subject, Text, Hash string }

// Shared is a pair A < B (places in Counts.Scenarios) that shares person-time, in the buckets that are looked at.
type Shared struct {
	A, B               int
	Customers, Seconds int64
	Close              bool           // looked at bucket by bucket
	Buckets            [Buckets]int64 // seconds by bucket; only when Close
	AWithB, BWithA     int64          // entries with an entry into the other within 24 hours; only when Close
}

// Load fetches the reduced tables. It reads nothing else and decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := loader{Reader: analytics.NewReader(ctx, src, "scenarios.red_dup_"), at: map[int64]int{}, pairs: map[int64]int{}}
	c := &Counts{Templates: map[string]Template{}}
	l.scenarios(c)
	l.parts(c)
	l.shared(c)
	if f := l.Fetch("texts"); f != nil {
		id, name, subject, text, hash := f.String("template_id"), f.String("name"), f.String("subject"), f.String("text"), f.String("content_hash")
		for i := range id {
			c.Templates[id[i]] = Template{name[i], subject[i], text[i], hash[i]}
		}
	}
	if l.Err() != nil {
		return nil, l.Err()
	}
	return c, nil
}

// loader is the reader of the block's tables with the places of scenarios and pairs.
type loader struct {
	*analytics.Reader
	at    map[int64]int // scenario key -> place in Counts.Scenarios
	pairs map[int64]int // pair key -> place in Counts.Shared
}

func (l *loader) scenarios(c *Counts) {
	f := l.Fetch("scenarios")
	if f == nil {
		return
	}
	sk, id, enrolled, bulk, entries, looked := f.Int64("sk"), f.String("scenario_id"), f.Bool("enrolled"), f.Bool("bulk"), f.Int64("entries"), f.Int64("time_buckets")
	places := make([]int, len(sk))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Compare(id[a], id[b]) })
	for _, i := range places {
		l.at[sk[i]] = len(c.Scenarios)
		c.Scenarios = append(c.Scenarios, Scenario{ID: id[i], Enrolled: enrolled[i], Bulk: bulk[i], Entries: entries[i], Looked: int(min(max(looked[i], 0), Buckets)), Triggers: map[string]int64{}, Delays: map[string][]Delay{}})
	}
}

// each visits the rows of a table that has a scenario key and, when buckets is set, a bucket. Rows of scenarios that are not compared are left out.
func (l *loader) each(c *Counts, f *analytics.Frame, buckets bool, visit func(i int, s *Scenario, bucket int)) {
	if f == nil {
		return
	}
	sk, bucket := f.Int64("sk"), make([]int64, f.Len())
	if buckets {
		bucket = f.Int64("bucket")
	}
	for i := range sk {
		if bucket[i] < 0 || bucket[i] >= Buckets {
			l.Fail("load %s: bucket %d is not in 0..%d", f.Table(), bucket[i], Buckets-1)
			return
		}
		if at, ok := l.at[sk[i]]; ok {
			visit(i, &c.Scenarios[at], int(bucket[i]))
		}
	}
}

func (l *loader) parts(c *Counts) {
	if f := l.Fetch("audience"); f != nil {
		customers, seconds := l.Counts(f, "customers"), l.Counts(f, "seconds")
		l.each(c, f, true, func(i int, s *Scenario, g int) { s.Customers[g], s.Seconds[g] = customers[i], seconds[i] })
	}
	if f := l.Fetch("triggers"); f != nil {
		trigger, entries := f.String("trigger"), l.Counts(f, "entries")
		l.each(c, f, false, func(i int, s *Scenario, _ int) { s.Triggers[trigger[i]] = entries[i] })
	}
	if f := l.Fetch("delays"); f != nil {
		base, hours, n := f.String("base"), l.Counts(f, "hours"), l.Counts(f, "messages")
		l.each(c, f, false, func(i int, s *Scenario, _ int) { s.Delays[base[i]] = append(s.Delays[base[i]], Delay{hours[i], n[i]}) })
	}
	if f := l.Fetch("steps"); f != nil {
		base, step, place, channel, bin, n := f.String("base"), f.String("step_id"), f.Int64("place"), f.String("channel"), l.Counts(f, "bin"), l.Counts(f, "messages")
		l.each(c, f, false, func(i int, s *Scenario, _ int) {
			s.Steps = append(s.Steps, StepCount{base[i], step[i], place[i], channel[i], bin[i], n[i]})
		})
	}
	if f := l.Fetch("templates"); f != nil {
		step, place, template, n := f.String("step_id"), f.Int64("place"), f.String("template_id"), l.Counts(f, "messages")
		l.each(c, f, false, func(i int, s *Scenario, _ int) {
			s.Contents = append(s.Contents, ContentCount{step[i], place[i], template[i], n[i]})
		})
	}
	if f := l.Fetch("messages"); f != nil {
		channel, n, mature, clicked := f.String("channel"), l.Counts(f, "messages"), l.Counts(f, "mature"), l.Counts(f, "clicked")
		l.each(c, f, true, func(i int, s *Scenario, g int) {
			s.Messages = append(s.Messages, MessageCount{channel[i], g, n[i], mature[i], clicked[i]})
		})
	}
	if f := l.Fetch("goals"); f != nil {
		goal, days, customers, entries, reached := f.String("goal"), f.Int64("goal_days"), l.Counts(f, "customers"), l.Counts(f, "entries"), l.Counts(f, "reached")
		l.each(c, f, true, func(i int, s *Scenario, g int) {
			s.Goal, s.GoalDays = goal[i], days[i]
			s.GoalCustomers += customers[i]
			s.Reached[g] = suffstat.Ratio{Num: reached[i], Den: entries[i]}
		})
	}
}

func (l *loader) shared(c *Counts) {
	if f := l.Fetch("pairs"); f != nil {
		pair, customers, seconds, isClose := f.Int64("pair"), l.Counts(f, "customers"), l.Counts(f, "seconds"), f.Bool("close")
		for i := range pair {
			a, okA := l.at[pair[i]>>20]
			b, okB := l.at[pair[i]&0xfffff]
			if !okA || !okB || a >= b {
				l.Fail("load %s: %d is not a pair of scenarios", f.Table(), pair[i])
				return
			}
			l.pairs[pair[i]] = len(c.Shared)
			c.Shared = append(c.Shared, Shared{A: a, B: b, Customers: customers[i], Seconds: seconds[i], Close: isClose[i]})
		}
	}
	of := func(f *analytics.Frame, pair int64) *Shared {
		at, ok := l.pairs[pair]
		if !ok {
			l.Fail("load %s: %d is not among the pairs", f.Table(), pair)
			return nil
		}
		return &c.Shared[at]
	}
	if f := l.Fetch("pair_buckets"); f != nil {
		pair, bucket, seconds := f.Int64("pair"), f.Int64("bucket"), l.Counts(f, "seconds")
		for i := range pair {
			if bucket[i] < 0 || bucket[i] >= Buckets {
				l.Fail("load %s: bucket %d is not in 0..%d", f.Table(), bucket[i], Buckets-1)
				return
			}
			if s := of(f, pair[i]); s != nil {
				s.Buckets[bucket[i]] = seconds[i]
			}
		}
	}
	if f := l.Fetch("coentries"); f != nil {
		pair, first, second := f.Int64("pair"), l.Counts(f, "first_with"), l.Counts(f, "second_with")
		for i := range pair {
			if s := of(f, pair[i]); s != nil {
				s.AWithB, s.BWithA = first[i], second[i]
			}
		}
	}
}

func (s *Scenario) customers() int64 { return sum(s.Customers[:]) }
func (s *Scenario) seconds() int64   { return sum(s.Seconds[:]) }

// looked is the person-time of the buckets in which shared time is counted.
func (s *Scenario) looked() int64 { return sum(s.Seconds[:s.Looked]) }

func (s *Scenario) messages() int64 {
	var n int64
	for _, m := range s.Messages {
		n += m.Messages
	}
	return n
}

func sum(x []int64) int64 {
	var n int64
	for _, v := range x {
		n += v
	}
	return n
}
