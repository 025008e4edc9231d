package trends

import (
	"context"
	"fmt"

	"crmaudit/analytics"
)

// Counts holds the reduced tables of the block.
type Counts struct {
	Unit          string   // day, week or month; empty without periods
	Periods       []Period // complete and mature, in their order, also those without a message
	Rows          []Row
	Machines      map[string]Machine // opens by channel
	ActionBuckets int64              // orders and stage moves are counted on so many of the 100 buckets
}

// Period is one step of the series, days since 1970-01-01, half-open.
type Period struct {
	From, To   int64
	MovesKnown bool // stages are known for 28 days after it
}

// Machine is how many of a channel's opens machines make.
type Machine struct{ Opened, Machines int64 }

// Row counts the messages of one period and cell.
type Row struct {
	Period                                                     int // index in Counts.Periods
	Channel, Kind, Scenario, Step                              string
	Stage, Tenure                                              int64
	Sent, Delivered, Bounced, Unsubscribed, Complained, Opened int64
	OpenedMachine, Clicked, Followed, Ordered, Moved           int64
}

// Load fetches the reduced tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	c := &Counts{ActionBuckets: 100, Machines: map[string]Machine{}}
	f, err := src.Fetch(ctx, "analytics.red_trend_periods")
	if err != nil {
		return nil, fmt.Errorf("load analytics.red_trend_periods: %w", err)
	}
	at := map[int64]int{}
	from, to, unit, moves, buckets := f.Int64("period_day"), f.Int64("end_day"), f.String("unit"), f.Bool("moves_known"), f.Int64("action_buckets")
	for i := range from {
		at[from[i]] = i
		c.Unit, c.ActionBuckets = unit[i], buckets[i]
		c.Periods = append(c.Periods, Period{from[i], to[i], moves[i]})
	}
	if f, err = src.Fetch(ctx, "analytics.red_series"); err != nil {
		return nil, fmt.Errorf("load analytics.red_series: %w", err)
	}
	day := f.Int64("period_day")
	channel, kind, scenario, step := f.String("channel"), f.String("kind"), f.String("scenario_id"), f.String("step_id")
	stage, tenure := f.Int64("st"), f.Int64("tenure")
	sent, delivered, bounced, out, complained, opened := f.Int64("sent"), f.Int64("delivered"), f.Int64("bounced"), f.Int64("unsubscribed"), f.Int64("complained"), f.Int64("opened")
	machine, clicked, followed, ordered, moved := f.Int64("opened_machine"), f.Int64("clicked"), f.Int64("followed"), f.Int64("ordered"), f.Int64("moved")
	c.Rows = make([]Row, f.Len())
	for i := range c.Rows {
		p, ok := at[day[i]]
		if !ok {
			return nil, fmt.Errorf("load analytics.red_series: day %d is not a period of analytics.red_trend_periods", day[i])
		}
		c.Rows[i] = Row{p, channel[i], kind[i], scenario[i], step[i], stage[i], tenure[i], sent[i], delivered[i], bounced[i], out[i], complained[i], opened[i], machine[i], clicked[i],
			followed[i], ordered[i], moved[i]}
	}
	if f, err = src.Fetch(ctx, "analytics.red_trend_channels"); err != nil {
		return nil, fmt.Errorf("load analytics.red_trend_channels: %w", err)
	}
	name, all, machines := f.String("channel"), f.Int64("opened"), f.Int64("machines")
	for i := range name {
		c.Machines[name[i]] = Machine{all[i], machines[i]}
	}
	return c, nil
}
