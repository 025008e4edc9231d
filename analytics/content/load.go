package content

import (
	"context"

	"crmaudit/analytics"
)

// Buckets is the number of customer buckets of the reduced tables.
const Buckets = 100

// Counts holds the reduced tables of the block.
type Counts struct {
	Totals Totals
	Slots  map[int64]Slot
	Texts  []Text
	Rates  []RateRow
	Stages []StageRow
	Life   []LifeRow
	Weeks  []WeekRow
	Lives  map[int64]Life // by use
	Extras []ExtraRow
}

// Totals are counted over all messages of the audited window. Days are days since 1970-01-01.
type Totals struct {
	From, To, End                     int64 // window, half-open, and the day after the last loaded one
	Buckets, Weeks                    int64 // buckets of the sample; whole weeks of the window
	Messages, WithTemplate, Templates int64
	Listed, Dated                     int64 // templates in core.templates, of them with a day of change
}

// Slot is one combination of what is sent.
type Slot struct {
	Use, Chain                              int64 // keys of (template, channel, kind, scenario) and (channel, kind, scenario)
	Channel, Kind, Scenario, Role, Step, ID string
	Template                                bool // ID is given
	Audited, Recent, First, Last            int64
}

// Text is what is known of a template.
type Text struct {
	ID, Name, Subject, Text, Hash string
	Updated                       int64
	Dated                         bool
}

// RateRow is what came of the delivered messages of the sample. Slot is the smallest one of the template, or of a use of it.
type RateRow struct {
	Template                                       bool
	Slot                                           int64
	Bucket                                         int
	Customers, Delivered, Opened, Machine, Clicked int64
}

// StageRow counts messages of the sample of one use by the customer's stage.
type StageRow struct {
	Use   int64
	Stage string
	Sent  int64
}

// LifeRow holds the sums for a slope over weeks of one cell of the mix.
type LifeRow struct {
	Use      int64
	Cell     [4]int64 // slot, stage, tenure, exposure
	Bucket   int
	N, W, WW int64 // messages, sum of weeks, of squared weeks
	Opened   [2]int64
	Clicked  [2]int64 // events, sum of their weeks
}

// Life says what is known of the life of a use.
type Life struct {
	Changed, Older bool // changed within the window; messages of earlier versions are followed too
}

// WeekRow counts delivered messages of one week; Use 0 is everything of the chain.
type WeekRow struct {
	Use, Chain, Week           int64
	Bucket                     int
	Delivered, Opened, Clicked int64
}

// ExtraRow is a value of an extra column of messages.
type ExtraRow struct {
	What, Channel, Value      string
	Messages, Opened, Clicked int64
}

// Load fetches the reduced tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := analytics.NewReader(ctx, src, "analytics.red_")
	c := &Counts{Slots: map[int64]Slot{}, Lives: map[int64]Life{}}
	if f := l.Fetch("content_totals"); f != nil && f.Len() > 0 {
		one := func(column string) int64 { return f.Int64(column)[0] }
		c.Totals = Totals{From: one("from_day"), To: one("to_day"), End: one("end_day"), Buckets: one("buckets"), Weeks: one("weeks"), Messages: one("messages"), WithTemplate: one("with_template"),
			Templates: one("templates"), Listed: one("listed"), Dated: one("dated")}
	}
	if f := l.Fetch("content_slots"); f != nil {
		slot, use, chain, given := f.Int64("slot"), f.Int64("use_slot"), f.Int64("chain"), f.Valid("template_id")
		channel, kind, scenario, role, step, id := f.String("channel"), f.String("kind"), f.String("scenario_id"), f.String("role"), f.String("step_id"), f.String("template_id")
		audited, recent, first, last := l.Counts(f, "audited"), l.Counts(f, "recent"), f.Int64("first_day"), f.Int64("last_day")
		for i := range slot {
			c.Slots[slot[i]] = Slot{use[i], chain[i], channel[i], kind[i], scenario[i], role[i], step[i], id[i], given[i], audited[i], recent[i], first[i], last[i]}
		}
	}
	if f := l.Fetch("template_texts"); f != nil {
		id, name, subject, text, hash, updated, dated := f.String("template_id"), f.String("name"), f.String("subject"), f.String("text"), f.String("content_hash"), f.Int64("updated_day"), f.Valid("updated_day")
		for i := range id {
			c.Texts = append(c.Texts, Text{id[i], name[i], subject[i], text[i], hash[i], updated[i], dated[i]})
		}
	}
	if f := l.Fetch("template_rates"); f != nil {
		scope, slot, bucket, customers, delivered := f.String("scope"), f.Int64("slot"), l.Within(f, "bucket", Buckets), l.Counts(f, "customers"), l.Counts(f, "delivered")
		opened, machine, clicked := l.Counts(f, "opened"), l.Counts(f, "machine"), l.Counts(f, "clicked")
		for i := range slot {
			c.Rates = append(c.Rates, RateRow{scope[i] == "template", slot[i], bucket[i], customers[i], delivered[i], opened[i], machine[i], clicked[i]})
		}
	}
	if f := l.Fetch("template_stages"); f != nil {
		use, stage, sent := f.Int64("use_slot"), f.String("stage"), l.Counts(f, "sent")
		for i := range use {
			c.Stages = append(c.Stages, StageRow{use[i], stage[i], sent[i]})
		}
	}
	if f := l.Fetch("template_life"); f != nil {
		use, slot, st, tenure, exposure, bucket := f.Int64("use_slot"), f.Int64("slot"), f.Int64("st"), f.Int64("tenure"), f.Int64("exposure"), l.Within(f, "bucket", Buckets)
		n, w, ww, opened, openedW, clicked, clickedW := f.Int64("n"), f.Int64("n_week"), f.Int64("n_week2"), f.Int64("opened"), f.Int64("opened_week"), f.Int64("clicked"), f.Int64("clicked_week")
		for i := range use {
			c.Life = append(c.Life, LifeRow{use[i], [4]int64{slot[i], st[i], tenure[i], exposure[i]}, bucket[i], n[i], w[i], ww[i], [2]int64{opened[i], openedW[i]}, [2]int64{clicked[i], clickedW[i]}})
		}
	}
	if f := l.Fetch("template_lives"); f != nil {
		use, changed, older := f.Int64("use_slot"), f.Bool("changed"), f.Bool("older")
		for i := range use {
			c.Lives[use[i]] = Life{changed[i], older[i]}
		}
	}
	if f := l.Fetch("template_weeks"); f != nil {
		use, chain, week, bucket, delivered, opened, clicked := f.Int64("use_slot"), f.Int64("chain"), f.Int64("week"), l.Within(f, "bucket", Buckets), f.Int64("delivered"), f.Int64("opened"), f.Int64("clicked")
		for i := range use {
			c.Weeks = append(c.Weeks, WeekRow{use[i], chain[i], week[i], bucket[i], delivered[i], opened[i], clicked[i]})
		}
	}
	if f := l.Fetch("message_extras"); f != nil {
		what, channel, value, messages, opened, clicked := f.String("what"), f.String("channel"), f.String("value"), f.Int64("messages"), f.Int64("opened"), f.Int64("clicked")
		for i := range what {
			c.Extras = append(c.Extras, ExtraRow{what[i], channel[i], value[i], messages[i], opened[i], clicked[i]})
		}
	}
	return c, l.Err()
}
