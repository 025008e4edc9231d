package usage

import (
	"context"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Buckets and spans of analytics.red_usage_windows.
const (
	Buckets  = 100
	Spans    = 9
	spanDays = 91
)

// The sums of a span in Counts.Spans, one after the other.
const (
	newcomers = iota
	buyers
	orders
	revenue
	width
)

// Counts holds the reduced tables of the block.
type Counts struct {
	First, End, From, To int64 // borders of time, days since 1970-01-01
	Owners               []OwnerRow
	Spans                []suffstat.Cells // by bucket: Spans x width sums
	Channels             []ChannelRow
	Scenarios            []ScenarioRow
	Repeats              []RepeatRow
	Sample               int         // buckets of customers that Repeats were counted on
	Within               int64       // seconds after which a message is no repeat
	Effects              []EffectRow // random hold-outs, grade A, order value
}

// OwnerRow is what the data show of one responsible employee.
type OwnerRow struct {
	Owner                                     string
	Customers, DealMoves, TasksNew, TasksDone int64
	Last                                      int64 // last day with a trace
	Traced                                    bool  // Last is known
}

// ChannelRow counts messages and credited orders of a channel in a span.
type ChannelRow struct {
	Span               int
	Channel            string
	Messages, Credited int64
}

// ScenarioRow counts messages of the complete periods and what is credited to them; an empty channel is all orders.
type ScenarioRow struct {
	Channel, Scenario      string
	Messages               int64
	Half, Orders, Double   int64
	Revenue, RevenueDouble int64 // minor units
}

// EffectRow is what a scenario adds to the order value per treated customer, by its random hold-out.
type EffectRow struct {
	Scenario             string
	Effect, Lower, Upper float64
	Treated              int64
}

// Load fetches the reduced tables. What other blocks found by hold-outs is read where they ran before; else there is none.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	c := &Counts{Spans: make([]suffstat.Cells, Buckets)}
	l := analytics.NewReader(ctx, src, "analytics.red_")
	if f := l.Fetch("integration_totals"); f != nil && f.Len() > 0 {
		c.First, c.End, c.From, c.To = f.Int64("first_day")[0], f.Int64("end_day")[0], f.Int64("from_day")[0], f.Int64("to_day")[0]
	}
	if f := l.Fetch("usage_owners"); f != nil {
		owner, n, d, t, k, last := f.String("owner"), f.Int64("customers"), f.Int64("deal_moves"), f.Int64("tasks_created"), f.Int64("tasks_done"), f.Int64("last_day")
		traced := f.Valid("last_day")
		for i := range owner {
			c.Owners = append(c.Owners, OwnerRow{owner[i], n[i], d[i], t[i], k[i], last[i], traced[i]})
		}
	}
	if f := l.Fetch("usage_windows"); f != nil {
		span, b := l.Within(f, "span", Spans), l.Within(f, "bucket", Buckets)
		sums := [width][]int64{l.Counts(f, "newcomers"), l.Counts(f, "buyers"), l.Counts(f, "orders"), f.Int64("revenue_minor")}
		for i := range span {
			if c.Spans[b[i]] == nil {
				c.Spans[b[i]] = make(suffstat.Cells, Spans*width)
			}
			for k, column := range sums {
				c.Spans[b[i]][span[i]*width+k] += column[i]
			}
		}
	}
	if f := l.Fetch("usage_spans"); f != nil {
		span, ch, n, o := l.Within(f, "span", Spans), f.String("channel"), l.Counts(f, "messages"), l.Counts(f, "credited")
		for i := range span {
			c.Channels = append(c.Channels, ChannelRow{span[i], ch[i], n[i], o[i]})
		}
	}
	if f := l.Fetch("usage_scenarios"); f != nil {
		ch, sc, n := f.String("channel"), f.String("scenario_id"), l.Counts(f, "messages")
		half, full, double, money, most := l.Counts(f, "orders_half"), l.Counts(f, "orders"), l.Counts(f, "orders_double"), f.Int64("revenue"), f.Int64("revenue_double")
		for i := range ch {
			c.Scenarios = append(c.Scenarios, ScenarioRow{ch[i], sc[i], n[i], half[i], full[i], double[i], money[i], most[i]})
		}
	}
	if f := l.Fetch("channel_repeats"); f != nil {
		sc, ch, first, b := f.String("scenario_id"), f.String("channel"), f.String("first_channel"), l.Within(f, "bucket", Buckets)
		n, people, clicked, before, only := l.Counts(f, "messages"), l.Counts(f, "customers"), l.Counts(f, "clicked"), l.Counts(f, "first_clicked"), l.Counts(f, "clicked_only")
		sample, within := f.Int64("buckets"), f.Int64("within_seconds")
		for i := range sc {
			c.Repeats = append(c.Repeats, RepeatRow{sc[i], ch[i], first[i], b[i], n[i], people[i], clicked[i], before[i], only[i]})
			c.Sample, c.Within = int(sample[i]), within[i]
		}
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	c.Effects = effects(ctx, src)
	return c, ctx.Err()
}

// effects are the hold-outs of scenarios.effects; none when that block did not run.
func effects(ctx context.Context, src analytics.Source) (out []EffectRow) {
	f, err := src.Fetch(ctx, "scenarios.effects")
	if err != nil {
		return nil
	}
	sc, outcome, grade, n := f.String("scenario_id"), f.String("outcome"), f.String("grade"), f.Int64("customers_treated")
	effect, lower, upper := f.Float64("effect"), f.Float64("lower"), f.Float64("upper")
	known, bounded := f.Valid("effect"), f.Valid("lower")
	for i := range sc {
		if grade[i] == string(analytics.GradeRandomized) && outcome[i] == "revenue" && known[i] && bounded[i] {
			out = append(out, EffectRow{sc[i], effect[i], lower[i], upper[i], n[i]})
		}
	}
	return out
}
