package contact

import (
	"context"
	"slices"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of every reduced table but red_haz, which has half as many.
const (
	Buckets       = 100
	HazardBuckets = 50
)

// Windows of loads and caps.
const (
	Day  = "day"
	Week = "week"
)

// AnyChannel is what tables and caps call all channels together; its key is 0.
const AnyChannel = "any"

// AllStages is what tables call all customers.
const AllStages = "all"

// Counts holds the reduced tables of the block, keys not yet turned into names.
type Counts struct {
	Channels  []ChannelRow
	Stages    map[int64]string
	Scenarios map[int64]string
	Loads     []LoadRow
	Places    []PlaceRow
	Totals    []TotalRow
	Over      []OverRow
	Quiet     []QuietRow
	Zones     map[string]int64 // customers by state: own, none, unknown
	After     []AfterRow
	Pressure  []PressureRow
	Panel     []PanelRow
	Hazards   []HazardRow

	Collisions []CollisionRow
}

// ChannelRow is what is known of a channel over the whole loaded history; counts of messages.
type ChannelRow struct {
	Code                                                                                                                int64
	Name                                                                                                                string
	Sent, Audited, Bulk, KindKnown, Transactional, Opened, OpenedMachine, OpenedFast, Clicked, Unsubscribed, Complained int64
}

// LoadRow counts customer-days or -weeks with at least Place messages.
type LoadRow struct {
	Window                string
	Channel, Stage, Place int64
	Bucket                int
	Units                 int64
}

// PlaceRow counts crowded messages by their place under a cap; Channel 0 is a cap on all channels together.
type PlaceRow struct {
	Window                             string
	Channel, Scenario, Place, Messages int64
}

// TotalRow counts the messages of the audited window.
type TotalRow struct {
	Channel, Scenario      int64
	Service                bool
	Messages, WeekMessages int64
}

// OverRow counts the different customers above a declared cap.
type OverRow struct {
	Window, Channel string
	Customers       int64
}

// QuietRow counts messages in quiet hours; Scenario -1 with Channel 0 is all of them.
type QuietRow struct {
	Channel, Scenario int64
	Service           bool
	Broken, Customers int64
}

// AfterRow counts messages after an unsubscribe; All is all scenarios of the channel.
type AfterRow struct {
	All                            bool
	Channel, Scenario              string
	Service                        bool
	Messages, Customers, WithinTwo int64
}

// PressureRow counts customer-days and what happened on them.
type PressureRow struct {
	Channel, Stage, Messages                          int64
	Bucket                                            int
	CustomerDays, Unsubscribes, Complaints, OrderDays int64
}

// PanelRow counts bulk messages of one customer in one channel, day, scenario and pressure.
type PanelRow struct {
	Member                                  int64
	Week, Day, Scenario                     int64
	Before, Earlier, Placebo                int64
	Lead, Soon, Before5                     int64 // bulk messages 8 to 14 days after, 8 and 9 days after, and 36 to 42 days before
	Collided, Collided5                     bool  // another bulk message less than decision.collision_hours before; the same five weeks earlier
	Bucket                                  int
	Ripe                                    bool // Ordered and Lead can be known
	N, Opened, Clicked, Ordered, Ordered7th int64
	Score                                   int64 // percent of bulk messages answered before the customer's first one here
}

// CollisionRow counts bulk messages and opt-outs of one mailing, stage, tenth of engagement and number of messages in 7 days.
type CollisionRow struct {
	Day, Channel, Scenario, Stage, Class, Dose, Dose5 int64
	Collided, Collided5                               bool
	Bucket                                            int
	N, Unsubscribed, Complained                       int64
}

// HazardRow counts bulk messages and opt-outs of one stratum, pressure and bucket.
type HazardRow struct {
	Week, Stage, Class          int64
	High, HighBefore            bool
	Bucket                      int
	HighFrom                    int64
	N, Unsubscribed, Complained int64
}

// Load fetches the reduced tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := analytics.NewReader(ctx, src, "scenarios.red_")
	c := &Counts{Stages: map[int64]string{0: ""}, Scenarios: map[int64]string{0: ""}, Zones: map[string]int64{}}
	if f := l.Fetch("contact_channels"); f != nil {
		code, name := f.Int64("ch"), f.String("channel")
		sent, audited, bulk, kind, service := f.Int64("sent"), f.Int64("audited"), f.Int64("bulk"), f.Int64("kind_known"), f.Int64("transactional")
		opened, machine, fast, clicked, out, complained := f.Int64("opened"), f.Int64("opened_machine"), f.Int64("opened_fast"), f.Int64("clicked"), f.Int64("unsubscribed"), f.Int64("complained")
		for i := range code {
			if name[i] == AnyChannel {
				name[i] = AnyChannel + " (channel)" // a channel of that name must not be taken for all of them
			}
			c.Channels = append(c.Channels, ChannelRow{code[i], name[i], sent[i], audited[i], bulk[i], kind[i], service[i], opened[i], machine[i], fast[i], clicked[i], out[i], complained[i]})
		}
	}
	if f := l.Fetch("contact_names"); f != nil {
		what, code, name := f.String("what"), f.Int64("code"), f.String("name")
		for i := range what {
			if what[i] == "stage" {
				c.Stages[code[i]] = name[i]
			} else {
				c.Scenarios[code[i]] = name[i]
			}
		}
	}
	if f := l.Fetch("contact_load"); f != nil {
		w, ch, st, place, b, n := f.String("time_window"), f.Int64("ch"), f.Int64("st"), f.Int64("place"), l.Within(f, "bucket", Buckets), f.Int64("units")
		for i := range w {
			c.Loads = append(c.Loads, LoadRow{w[i], ch[i], st[i], place[i], b[i], n[i]})
		}
	}
	if f := l.Fetch("cap_ranks"); f != nil {
		w, ch, sk, place, n := f.String("time_window"), f.Int64("ch"), f.Int64("sk"), f.Int64("place"), f.Int64("messages")
		for i := range w {
			c.Places = append(c.Places, PlaceRow{w[i], ch[i], sk[i], place[i], n[i]})
		}
	}
	if f := l.Fetch("contact_totals"); f != nil {
		ch, sk, service := f.Int64("ch"), f.Int64("sk"), f.Bool("service")
		n, week := f.Int64("messages"), f.Int64("week_messages")
		for i := range ch {
			c.Totals = append(c.Totals, TotalRow{ch[i], sk[i], service[i], n[i], week[i]})
		}
	}
	if f := l.Fetch("over_cap"); f != nil {
		w, ch, n := f.String("time_window"), f.String("channel"), f.Int64("customers")
		for i := range w {
			c.Over = append(c.Over, OverRow{w[i], ch[i], n[i]})
		}
	}
	if f := l.Fetch("quiet_hours"); f != nil {
		ch, sk, service, n, k := f.Int64("ch"), f.Int64("sk"), f.Bool("service"), f.Int64("broken"), f.Int64("customers")
		for i := range ch {
			c.Quiet = append(c.Quiet, QuietRow{ch[i], sk[i], service[i], n[i], k[i]})
		}
	}
	if f := l.Fetch("unknown_zones"); f != nil {
		state, n := f.String("state"), f.Int64("customers")
		for i := range state {
			c.Zones[state[i]] = n[i]
		}
	}
	if f := l.Fetch("sent_after_unsubscribe"); f != nil {
		scope := f.String("scope")
		ch, sc, service, n, k, soon := f.String("channel"), f.String("scenario_id"), f.Bool("service"), f.Int64("messages"), f.Int64("customers"), f.Int64("within_two_days")
		for i := range ch {
			c.After = append(c.After, AfterRow{scope[i] == "all", ch[i], sc[i], service[i], n[i], k[i], soon[i]})
		}
	}
	if f := l.Fetch("pressure"); f != nil {
		ch, st, k, b := f.Int64("ch"), f.Int64("st"), f.Int64("messages_7d"), l.Within(f, "bucket", Buckets)
		n, u, p, o := f.Int64("customer_days"), f.Int64("unsubscribes"), f.Int64("complaints"), f.Int64("order_days")
		for i := range ch {
			c.Pressure = append(c.Pressure, PressureRow{ch[i], st[i], k[i], b[i], n[i], u[i], p[i], o[i]})
		}
	}
	if f := l.Fetch("fe"); f != nil {
		m, w, d, sk, b := f.Int64("member"), f.Int64("week"), f.Int64("day"), f.Int64("sk"), l.Within(f, "bucket", Buckets)
		x, e, p, lead, soon, x5 := f.Int64("bulk_7d"), f.Int64("bulk_28d"), f.Int64("bulk_next_7d"), f.Int64("bulk_next_8_14d"), f.Int64("bulk_next_8_9d"), f.Int64("bulk_5w")
		hit, hit5, ripe := f.Bool("collided"), f.Bool("collided_5w"), f.Bool("ripe")
		n, o, k, y, y7, s := f.Int64("n"), f.Int64("opened"), f.Int64("clicked"), f.Int64("ordered"), f.Int64("ordered_7th"), f.Int64("score")
		c.Panel = make([]PanelRow, len(m))
		for i := range m {
			c.Panel[i] = PanelRow{m[i], w[i], d[i], sk[i], x[i], e[i], p[i], lead[i], soon[i], x5[i], hit[i], hit5[i], b[i], ripe[i], n[i], o[i], k[i], y[i], y7[i], s[i]}
		}
	}
	if f := l.Fetch("haz_collision"); f != nil {
		d, ch, sk, st, class := f.Int64("day"), f.Int64("ch"), f.Int64("sk"), f.Int64("st"), f.Int64("score_class")
		dose, dose5, hit, hit5, b := f.Int64("dose"), f.Int64("dose_5w"), f.Bool("collided"), f.Bool("collided_5w"), l.Within(f, "bucket", HazardBuckets)
		n, u, p := f.Int64("n"), f.Int64("unsubscribed"), f.Int64("complained")
		c.Collisions = make([]CollisionRow, len(d))
		for i := range d {
			c.Collisions[i] = CollisionRow{d[i], ch[i], sk[i], st[i], class[i], dose[i], dose5[i], hit[i], hit5[i], b[i], n[i], u[i], p[i]}
		}
	}
	if f := l.Fetch("haz"); f != nil {
		w, st, class, high, before, b := f.Int64("week"), f.Int64("st"), f.Int64("score_class"), f.Bool("high"), f.Bool("high_5w"), l.Within(f, "bucket", HazardBuckets)
		from, n, u, p := f.Int64("high_from"), f.Int64("n"), f.Int64("unsubscribed"), f.Int64("complained")
		c.Hazards = make([]HazardRow, len(w))
		for i := range w {
			c.Hazards[i] = HazardRow{w[i], st[i], class[i], high[i], before[i], b[i], from[i], n[i], u[i], p[i]}
		}
	}
	return c, l.Err()
}

// channel is the name of a channel key.
func (c *Counts) channel(code int64) string {
	if code == 0 {
		return AnyChannel
	}
	i := slices.IndexFunc(c.Channels, func(r ChannelRow) bool { return r.Code == code })
	if i < 0 {
		return ""
	}
	return c.Channels[i].Name
}

// stage is the name of a stage key; a day without a known stage has none.
func (c *Counts) stage(code int64) string { return c.Stages[code] }
