// Package synth is the made-up company: customers, orders, behaviour and messages with planted truth (statistics section 11).
//
// # World
//
// Customers register over the whole time, the first third of them during a burn-in of 26 weeks. One in twelve never buys, most buyers register with their first order. A buyer has a latent
// order rate from Gamma(shape 1.5, scale .06 a week), an engagement from N(0,1), slumps (4 % a week fall into one, six weeks at a quarter
// of the rate), a weekly activity that is AR(1) with .6, one of three rhythm classes, one preferred product class; weeks share a season and
// shocks. Orders are Poisson within the week. Ten chains are triggered by events or by the state on Monday morning, each with a capacity:
// triggered customers who are not enrolled are natural comparators. Bulk messages follow a calendar. What is planted is in Plant.
//
// # Chains with something to be found
//
// Plant.Scenarios adds chains to the ten (planted.go), and truth.json says in "chains" what a detector should and should not say of them. usual, the demo:
// a duplicate, a pair of one audience and timing with different content, a conflict (one trigger, opposite roles, the less important message first,
// joint time three times the expected), a dead end, a trigger outside its declared stages and one that takes whom it meets, a chain that mostly
// leaves nobody to compare with, a step that loses its sends, a chain that nobody defined and that writes at five in the morning, and a hold-out whose control arm is
// partly lost. extra, the truth bench (statistics section 11): a second duplicate, a subset, one logic for two audiences, two more conflicts, three pairs that
// a stage gates and that are independent within it, a second dead end, another pair of different content. They draw from streams of their own: the same customers enter
// the ten chains at the same times with and without them, except whom a dead end locks (TestLevels).
//
// # Segments, series, experiments
//
// Segments (segments.go): pairs that a lot splits, equal by construction or with a factor on the order rate of one half; from usual on a segment whose members
// nobody removes though its rule no longer holds, one of 30 customers and one of nearly everybody; one is used by no scenario. Series (series.go): clicks that fall, a mailing whose rate falls only because it
// moves to other stages, weeks that stand out, a level that shifts, unsubscribes that grow under steady opens; a share of the opens is a machine's. Experiments (experimentList):
// hold-outs with and without a lift, from usual on one whose control arm is partly lost, one of three arms, one that shops were drawn for, whose customers are alike.
// The truth of a lift, of a factor and of a scenario's effect is that of the counterfactual world; that of a series is its log-odds.
//
// # Behaviour, content, contacts, deals, feeds
//
// From usual on (blocks.go): the pauses of those who prefer tea lengthen (RhythmDrift); three product pairs and one sequence, two popular products whose plain lift comes from big baskets only (Affinity, Sequence, BigBaskets), a few
// lines that come back (Returns); templates last changed long ago and still sent, one text under several ids, one template in two roles, one that wears out beside its scenario, all of push that fall with their channel; two levels of
// personalization by the lot of customer and week, one with a gain and one without, and two that the experiment picks assigns; a stage in which deals get stuck, empty fields of deals, an owner who is slow, two who have no deals; a source of
// events that is silent for three days, a day that comes twice, a source that is late, SMS without a status, clicks without a send, lines without customer and order. Contacts, at every level (contact.go): doubles in nine kinds, and family,
// namesakes and branches that are none; invalid addresses. truth.json lists the pairs of contacts up to 200,000 customers.
//
// # The null world
//
// NullPlant, `scenarios: none` in a plant file: six chains by e-mail without effect and without a trigger in common, mailings and two hold-outs without lift, no fatigue, no season, no slumps,
// every message by day and within the caps, everybody with an address and hardly anybody who
// leaves, equal pairs of segments. What an audit still finds with good reason: the life cycle itself (customers stop buying), segments that follow
// behaviour differ, and the equal pairs are equal.
//
// # Random numbers
//
// Every draw comes from a PCG that is seeded by (seed, customer, purpose, place): the result depends neither on the number of workers nor on
// the order of work, and the same seed with an effect switched off is the counterfactual world of the same people (common random numbers).
//
// # Dirty rows
//
// With Config.Dirty: 1 % of events, messages, customers and order items are delivered twice, 1 % stand out of order; a few rows lack a
// required id, carry a time that is no date (CSV only), lie after the end of the period, or are test pings that audit.yaml excludes; one
// customer in a hundred is also known by alias ids; order_items.csv is Windows-1251 with semicolons and decimal commas. truth.json counts
// every fate per file. At most .5 % of a file's rows are to be rejected, below the default max_reject_share.
//
// # Cost
//
// A million customers over 78 weeks as Parquet, basic chains: 20.7 million messages, 5.1 million events, 5.1 million enrolments, 43 million rows in all inputs,
// 598 MB, 70 s of processor time on both of two cores together (254 s by the clock on a machine with a load of 14), .74 GB of memory at the peak. With the usual
// ones 21.2 million messages, 8.3 million enrolments and a tenth more time (ratio of two runs of 30,000 customers):
//
//	/usr/bin/time -v crmaudit simulate --out DIR --customers 1000000
//
// Config.Counterfactual costs .6 of that again for each effect, and once more .6 (Counterfactual).
package synth

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"crmaudit/analytics"
)

// Config is what one world depends on.
type Config struct {
	Seed      uint64
	Customers int
	Weeks     int // audited weeks; 26 weeks of history come before
	Plant     Plant
	Start     time.Time // Monday on which the data begins (date only); zero: so that the period ends on Monday 2026-10-05
	// MessagesPerCustomer and EventsPerCustomer are the mean numbers of rows over 104 weeks of data; fewer weeks give fewer. Orders and chains
	// come first, bulk mailings and sessions fill up.
	MessagesPerCustomer float64
	EventsPerCustomer   float64
	Dirty               bool
	StageHistory        bool // also write stage_history
	Counterfactual      bool // run the counterfactual worlds for truth.json (see Counterfactual for the cost)
	Workers             int  // 0: GOMAXPROCS; never changes the result
	// Inputs names the inputs to write; nil: all.
	Inputs []string

	partSize int // of the files; tests make it small
}

// DefaultConfig is the world of `crmaudit simulate` and of the speed bench: 20 messages and 5 events per customer, nothing dirty.
func DefaultConfig() Config {
	return Config{Seed: 1, Customers: 1_000_000, Weeks: 78, Plant: DefaultPlant(), MessagesPerCustomer: 20, EventsPerCustomer: 5}
}

// DemoConfig is the world of `crmaudit demo`: small, talkative and dirty.
func DemoConfig() Config {
	c := DefaultConfig()
	c.Customers, c.MessagesPerCustomer, c.EventsPerCustomer = 2000, 50, 12
	c.Dirty, c.Counterfactual = true, true
	return c
}

// chunkSize is the number of customers that are generated at a time; partSize, a multiple of it, that of the customers whose rows share one set of files. Both are
// constants of the format: the result must not depend on the machine.
const (
	chunkSize = 500
	partSize  = 50_000
)

// normalize checks the configuration and fills in what is derived.
func (c Config) normalize() (Config, error) {
	switch {
	case c.Customers < 1 || c.Customers > 50_000_000:
		return c, analytics.Usagef("customers: %d is not a number from 1 to 50000000", c.Customers)
	case c.Weeks < 8 || c.Weeks > 520:
		return c, analytics.Usagef("weeks: %d is not a number from 8 to 520", c.Weeks)
	case !(c.MessagesPerCustomer >= 0 && c.MessagesPerCustomer <= 2000):
		return c, analytics.Usagef("messages per customer: %v is not a number from 0 to 2000", c.MessagesPerCustomer)
	case !(c.EventsPerCustomer >= 0 && c.EventsPerCustomer <= 2000):
		return c, analytics.Usagef("events per customer: %v is not a number from 0 to 2000", c.EventsPerCustomer)
	}
	if c.Start.IsZero() {
		c.Start = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -7*(burnIn+c.Weeks))
	}
	c.Start = time.Date(c.Start.Year(), c.Start.Month(), c.Start.Day(), 0, 0, 0, 0, time.UTC)
	if c.Start.Weekday() != time.Monday {
		return c, analytics.Usagef("start: %s is a %s, weeks start on Monday", c.Start.Format(time.DateOnly), c.Start.Weekday())
	}
	if y := c.Start.Year(); y < 2015 || y > 2080 {
		return c, analytics.Usagef("start: %s is not between 2015 and 2080", c.Start.Format(time.DateOnly))
	}
	if err := c.Plant.validate(); err != nil {
		return c, analytics.Usagef("plant: %w", err)
	}
	if c.partSize == 0 {
		c.partSize = partSize
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	for _, in := range c.Inputs {
		if _, ok := inputOrder[in]; !ok {
			return c, analytics.Usagef("inputs: no input %q, choose from %v", in, sortedKeys(inputOrder))
		}
	}
	return c, nil
}

// Period returns the audited period [from, to), dates in the business zone.
func (c Config) Period() (from, to time.Time, err error) {
	c, err = c.normalize()
	if err != nil {
		return from, to, err
	}
	return c.Start.AddDate(0, 0, 7*burnIn), c.Start.AddDate(0, 0, 7*(burnIn+c.Weeks)), nil
}

// chunk generates the customers [from, to) into a fresh chunk.
func (s *sim) run(from, to int, c *Chunk) {
	s.chunk = c
	for i := from; i < to; i++ {
		s.customer(i)
	}
}

// Generate hands the world to sink in chunks of consecutive customers, in their order, on cfg.Workers goroutines; rows are clean whatever
// cfg.Dirty says. The chunk belongs to sink. An error of sink stops the work.
func Generate(ctx context.Context, cfg Config, sink func(*Chunk) error) error {
	cfg, err := cfg.normalize()
	if err != nil {
		return err
	}
	w := newWorld(cfg)
	total := (cfg.Customers + chunkSize - 1) / chunkSize
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type job struct {
		at  int
		out chan *Chunk
	}
	jobs, order := make(chan job), make(chan chan *Chunk, 2*cfg.Workers)
	go func() {
		defer close(jobs)
		defer close(order)
		for at := range total {
			out := make(chan *Chunk, 1)
			select {
			case order <- out:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- job{at, out}:
			case <-ctx.Done():
				return
			}
		}
	}()
	var wg sync.WaitGroup
	for range cfg.Workers {
		wg.Go(func() {
			s := newSim(w)
			for j := range jobs {
				c := &Chunk{}
				s.run(j.at*chunkSize, min((j.at+1)*chunkSize, cfg.Customers), c)
				j.out <- c
			}
		})
	}
	defer wg.Wait()
	defer cancel()
	done := 0
	for out := range order {
		select {
		case c := <-out:
			if done == 0 {
				c.Templates = w.templates
			}
			done++
			if err := sink(c); err != nil {
				return fmt.Errorf("generate customers: %w", err)
			}
		case <-ctx.Done():
			return fmt.Errorf("generate customers: %w", ctx.Err())
		}
	}
	if done < total {
		return fmt.Errorf("generate customers: %w", ctx.Err())
	}
	return nil
}
