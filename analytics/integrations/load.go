package integrations

import (
	"context"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of analytics.red_event_repeats.
const Buckets = 100

// latencySpans is the number of spans of analytics.red_event_latency.
const latencySpans = 13

// Counts holds the reduced tables of the block.
type Counts struct {
	Totals    Totals
	Arrivals  []ArrivalRow
	Messages  []MessageRow
	Flows     []FlowRow
	Latencies []LatencyRow
	Repeats   []RepeatRow
	Doubled   []DoubledRow
	Orphans   []OrphanRow
	Sources   []SourceRow
}

// Totals are the borders of time, as days since 1970-01-01, half-open, and the orders of the audited window.
type Totals struct {
	First, End, From, To     int64
	Customers, Recorded      int64
	Orders, OrdersUnrecorded int64
	Lines, LinesUnknown      int64
}

// ArrivalRow counts the rows of one source on one day.
type ArrivalRow struct {
	Input, Source, Name string
	Rest                bool // all smaller sources of the input together
	Day, Rows           int64
}

// MessageRow counts the messages of one channel by the day of the send.
type MessageRow struct {
	Channel                                        string
	Bulk                                           bool
	Day                                            int64
	Messages, Delivered, Stated, Responded, Before int64
}

// FlowRow counts the mature messages of a scenario in a channel and what came back.
type FlowRow struct {
	Channel, Scenario                                             string
	Messages, Stated, Delivered, Bounced, Opened, Clicked, Before int64
}

// LatencyRow counts events by the time they took to arrive, two significant digits of seconds.
type LatencyRow struct {
	Source                string
	Span, Seconds, Events int64 // Span: 28 days, back in time
}

// RepeatRow counts events that say the same as one just before.
type RepeatRow struct {
	Source          string
	Bucket          int
	Events, Repeats int64
}

// DoubledRow counts the same by the day of the events.
type DoubledRow struct {
	Source               string
	Day, Events, Repeats int64
}

// OrphanRow counts facts about messages and those without a send.
type OrphanRow struct {
	Channel, Event          string
	Facts, Orphans, Guessed int64
}

// SourceRow is a file of audit.sources.
type SourceRow struct {
	Input                                                string
	Read, Loaded, Rejected, Duplicate, Outside, Excluded int64
}

// Load fetches the reduced tables and the accounts of the load. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	c := &Counts{}
	l := analytics.NewReader(ctx, src, "analytics.red_")
	if f := l.Fetch("integration_totals"); f != nil && f.Len() > 0 {
		at := func(column string) int64 { return f.Int64(column)[0] }
		c.Totals = Totals{at("first_day"), at("end_day"), at("from_day"), at("to_day"), at("customers"), at("recorded"), at("orders"), at("orders_unrecorded"), at("lines"), at("lines_unknown")}
	}
	if f := l.Fetch("arrivals"); f != nil {
		in, source, name, rest, day, n := f.String("input"), f.String("source"), f.String("name"), f.Bool("rest"), f.Int64("day"), l.Counts(f, "row_count")
		c.Arrivals = make([]ArrivalRow, len(in))
		for i := range in {
			c.Arrivals[i] = ArrivalRow{in[i], source[i], name[i], rest[i], day[i], n[i]}
		}
	}
	if f := l.Fetch("message_days"); f != nil {
		ch, bulk, day := f.String("channel"), f.Bool("bulk"), f.Int64("day")
		n, d, s, r, b := l.Counts(f, "messages"), l.Counts(f, "delivered"), l.Counts(f, "stated"), l.Counts(f, "responded"), l.Counts(f, "early")
		c.Messages = make([]MessageRow, len(ch))
		for i := range ch {
			c.Messages[i] = MessageRow{ch[i], bulk[i], day[i], n[i], d[i], s[i], r[i], b[i]}
		}
	}
	if f := l.Fetch("message_flows"); f != nil {
		ch, sc := f.String("channel"), f.String("scenario_id")
		n, s, d, b, o, k, e := l.Counts(f, "messages"), l.Counts(f, "stated"), l.Counts(f, "delivered"), l.Counts(f, "bounced"), l.Counts(f, "opened"), l.Counts(f, "clicked"), l.Counts(f, "early")
		for i := range ch {
			c.Flows = append(c.Flows, FlowRow{ch[i], sc[i], n[i], s[i], d[i], b[i], o[i], k[i], e[i]})
		}
	}
	if f := l.Fetch("event_latency"); f != nil {
		source, span, sec, n := f.String("source"), l.Within(f, "span", latencySpans), f.Int64("latency_seconds"), l.Counts(f, "events")
		for i := range source {
			c.Latencies = append(c.Latencies, LatencyRow{source[i], int64(span[i]), sec[i], n[i]})
		}
	}
	if f := l.Fetch("event_repeats"); f != nil {
		source, b, n, r := f.String("source"), l.Within(f, "bucket", Buckets), l.Counts(f, "events"), l.Counts(f, "repeats")
		for i := range source {
			c.Repeats = append(c.Repeats, RepeatRow{source[i], b[i], n[i], r[i]})
		}
	}
	if f := l.Fetch("repeat_days"); f != nil {
		source, day, n, r := f.String("source"), f.Int64("day"), l.Counts(f, "events"), l.Counts(f, "repeats")
		for i := range source {
			c.Doubled = append(c.Doubled, DoubledRow{source[i], day[i], n[i], r[i]})
		}
	}
	if f := l.Fetch("orphan_facts"); f != nil {
		ch, e, n, o, g := f.String("channel"), f.String("event_type"), l.Counts(f, "facts"), l.Counts(f, "orphans"), l.Counts(f, "guessed")
		for i := range ch {
			c.Orphans = append(c.Orphans, OrphanRow{ch[i], e[i], n[i], o[i], g[i]})
		}
	}
	a := analytics.NewReader(ctx, src, "audit.")
	if f := a.Fetch("sources"); f != nil {
		in := f.String("input")
		read, loaded, rejected, dup, out, ex := f.Int64("rows_read"), f.Int64("rows_loaded"), f.Int64("rows_rejected"), f.Int64("rows_duplicate"), f.Int64("rows_outside"), f.Int64("rows_excluded")
		for i := range in {
			c.Sources = append(c.Sources, SourceRow{in[i], read[i], loaded[i], rejected[i], dup[i], out[i], ex[i]})
		}
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	return c, a.Err()
}
