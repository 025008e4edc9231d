package metrics

import (
	"context"
	"slices"
	"time"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of every reduced table.
const Buckets = 100

// Counts holds the reduced tables of the block.
type Counts struct {
	Cells     map[int64]Cell
	Order     []int64 // keys of Cells, ascending: by channel, kind, scenario
	Rates     []RateRow
	Reach     map[ReachKey]int64
	Estimated bool // Reach is extrapolated from ten of the hundred buckets
	Periods   []PeriodRow
	Calendar  map[int64]time.Time // first day of every period
	Credits   []CreditRow
	Days      []DayRow
}

// Cell is one combination of channel, kind and scenario.
type Cell struct {
	Code, Family                                               int64
	Channel, Kind, Scenario                                    string // Kind Unknown and Scenario NoScenario when the source gives none
	Sent                                                       int64
	ChannelSent, ChannelStamped, ChannelOpened, ChannelClicked int64
	WindowSeconds                                              int64
	Credited                                                   bool
	ResponseDays                                               int64
	Measured                                                   bool
}

// ReachKey names a row of the customers behind a rate.
type ReachKey struct {
	Scope string
	Cell  int64
	Stage string
}

// Count is what was counted of one cell, stage or period in one bucket of customers, or in all.
type Count struct {
	Messages, Delivered, Bounced                                                           int64
	Ripe, Opened, FastOpened, MachineOpened, Clicked, BotClicked, Unsubscribed, Complained int64
	OrderRipe, Ordered, Orders, RevenueMinor                                               int64
	Staged, MovedUp, MovedDown                                                             int64
}

// Merge adds counts.
func (c Count) Merge(o Count) Count {
	return Count{
		c.Messages + o.Messages, c.Delivered + o.Delivered, c.Bounced + o.Bounced,
		c.Ripe + o.Ripe, c.Opened + o.Opened, c.FastOpened + o.FastOpened, c.MachineOpened + o.MachineOpened, c.Clicked + o.Clicked, c.BotClicked + o.BotClicked,
		c.Unsubscribed + o.Unsubscribed, c.Complained + o.Complained,
		c.OrderRipe + o.OrderRipe, c.Ordered + o.Ordered, c.Orders + o.Orders, c.RevenueMinor + o.RevenueMinor,
		c.Staged + o.Staged, c.MovedUp + o.MovedUp, c.MovedDown + o.MovedDown,
	}
}

// RateRow counts messages of one cell and stage in one bucket; rows of one cell and stage follow each other.
type RateRow struct {
	Cell   int64
	Stage  string
	Bucket int
	Count
}

// PeriodRow counts messages of one period, channel and kind in one bucket; rows of one period and family follow each other.
type PeriodRow struct {
	Period, Family int64
	Bucket         int
	Count
}

// CreditRow counts orders by the cell that they are credited to, with three windows: half, full, double. Cell 0 is all orders.
type CreditRow struct {
	Cell            int64
	Orders, Revenue [3]int64
}

// DayRow counts responses by the days that they took.
type DayRow struct {
	Channel, Response string
	Days, Messages    int64
}

// Load fetches the reduced tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := analytics.NewReader(ctx, src, "analytics.")
	c := &Counts{Cells: map[int64]Cell{}, Reach: map[ReachKey]int64{}, Calendar: map[int64]time.Time{}}
	if f := l.Fetch("red_message_cells"); f != nil {
		code, family, channel, kind := f.Int64("cell"), f.Int64("family"), f.String("channel"), f.String("kind")
		scenario, given := f.String("scenario_id"), f.Valid("scenario_id")
		sent, cs, st, op, cl := f.Int64("sent"), f.Int64("channel_sent"), f.Int64("channel_stamped"), f.Int64("channel_opened"), f.Int64("channel_clicked")
		window, credited, days, measured := f.Int64("window_seconds"), f.Bool("credited"), f.Int64("response_days"), f.Bool("measured")
		for i := range code {
			if !given[i] {
				scenario[i] = NoScenario
			}
			c.Cells[code[i]] = Cell{code[i], family[i], channel[i], kind[i], scenario[i], sent[i], cs[i], st[i], op[i], cl[i], window[i], credited[i], days[i], measured[i]}
			c.Order = append(c.Order, code[i])
		}
	}
	if f := l.Fetch("red_message_rates"); f != nil {
		cell, stage, b, n := f.Int64("cell"), f.String("stage"), l.Within(f, "bucket", Buckets), counts(f)
		c.Rates = make([]RateRow, len(cell))
		for i := range cell {
			c.Rates[i] = RateRow{cell[i], stage[i], b[i], n[i]}
		}
	}
	if f := l.Fetch("red_message_reach"); f != nil {
		scope, cell, stage, n := f.String("scope"), f.Int64("cell"), f.String("stage"), f.Int64("customers")
		c.Estimated = slices.Contains(f.Bool("estimated"), true)
		for i := range scope {
			c.Reach[ReachKey{scope[i], cell[i], stage[i]}] = n[i]
		}
	}
	if f := l.Fetch("red_metric_periods"); f != nil {
		period, family, b, n, start := f.Int64("period"), f.Int64("family"), l.Within(f, "bucket", Buckets), counts(f), f.Int64("start_day")
		c.Periods = make([]PeriodRow, len(period))
		for i := range period {
			c.Periods[i] = PeriodRow{period[i], family[i], b[i], n[i]}
			c.Calendar[period[i]] = time.Unix(start[i]*86400, 0).UTC()
		}
	}
	if f := l.Fetch("red_attribution"); f != nil {
		cell := f.Int64("cell")
		o := [3][]int64{f.Int64("orders_half"), f.Int64("orders"), f.Int64("orders_double")}
		r := [3][]int64{f.Int64("revenue_half"), f.Int64("revenue"), f.Int64("revenue_double")}
		for i := range cell {
			c.Credits = append(c.Credits, CreditRow{cell[i], [3]int64{o[0][i], o[1][i], o[2][i]}, [3]int64{r[0][i], r[1][i], r[2][i]}})
		}
	}
	if f := l.Fetch("red_response_days"); f != nil {
		channel, response, days, n := f.String("channel"), f.String("response"), f.Int64("days"), f.Int64("messages")
		for i := range channel {
			c.Days = append(c.Days, DayRow{channel[i], response[i], days[i], n[i]})
		}
	}
	return c, l.Err()
}

// counts reads the counts that the table has; what it does not have is 0.
func counts(f *analytics.Frame) []Count {
	out := make([]Count, f.Len())
	for name, to := range map[string]func(*Count) *int64{
		"messages": func(c *Count) *int64 { return &c.Messages }, "delivered": func(c *Count) *int64 { return &c.Delivered }, "bounced": func(c *Count) *int64 { return &c.Bounced },
		"ripe": func(c *Count) *int64 { return &c.Ripe }, "opened": func(c *Count) *int64 { return &c.Opened }, "fast_opened": func(c *Count) *int64 { return &c.FastOpened },
		"machine_opened": func(c *Count) *int64 { return &c.MachineOpened }, "clicked": func(c *Count) *int64 { return &c.Clicked }, "bot_clicked": func(c *Count) *int64 { return &c.BotClicked },
		"unsubscribed": func(c *Count) *int64 { return &c.Unsubscribed }, "complained": func(c *Count) *int64 { return &c.Complained },
		"order_ripe": func(c *Count) *int64 { return &c.OrderRipe }, "ordered": func(c *Count) *int64 { return &c.Ordered }, "orders": func(c *Count) *int64 { return &c.Orders },
		"revenue_minor": func(c *Count) *int64 { return &c.RevenueMinor },
		"staged":        func(c *Count) *int64 { return &c.Staged }, "moved_up": func(c *Count) *int64 { return &c.MovedUp }, "moved_down": func(c *Count) *int64 { return &c.MovedDown },
	} {
		if !f.Has(name) {
			continue
		}
		for i, n := range f.Int64(name) {
			*to(&out[i]) = n
		}
	}
	return out
}
