package health

import (
	"context"

	"crmaudit/analytics"
)

// Counts holds the tables of the block: contacts as given, and counts of all else.
type Counts struct {
	N                        int64 // contacts known by the end of the audited period
	FirstDay, FromDay, ToDay int64 // days since 1970-01-01: first loaded, first audited, day after the last audited
	Contacts                 []Contact
	Values                   map[string]*FieldValues // by field; name, phone and email are not in it
	Bounces                  []Bounce
}

// FieldValues is what a field holds: its most frequent values, and how many contacts have any.
type FieldValues struct {
	Filled, Distinct int64
	Values           []ValueCount
}

// ValueCount counts the contacts with a value.
type ValueCount struct {
	Value    string
	Contacts int64
}

// Bounce counts the messages of a channel.
type Bounce struct {
	Channel                    string
	Sent, Bounced, EverBounced int64
}

// Load fetches the tables. It decides nothing.
func Load(ctx context.Context, src analytics.Source) (*Counts, error) {
	l := analytics.NewReader(ctx, src, "analytics.red_health_")
	c := &Counts{Values: map[string]*FieldValues{}}
	if f := l.Fetch("base"); f != nil && f.Len() > 0 {
		c.N, c.FirstDay, c.FromDay, c.ToDay = f.Int64("contacts")[0], f.Int64("first_day")[0], f.Int64("from_day")[0], f.Int64("to_day")[0]
	}
	if f := l.Fetch("values"); f != nil {
		field, value, n, filled, distinct := f.String("field"), f.String("value"), l.Counts(f, "contacts"), l.Counts(f, "filled"), l.Counts(f, "distinct_values")
		for i := range field {
			v := c.Values[field[i]]
			if v == nil {
				v = &FieldValues{Filled: filled[i], Distinct: distinct[i]}
				c.Values[field[i]] = v
			}
			v.Values = append(v.Values, ValueCount{value[i], n[i]})
		}
	}
	if f := l.Fetch("bounces"); f != nil {
		channel, sent, bounced, ever := f.String("channel"), l.Counts(f, "sent"), l.Counts(f, "bounced"), l.Counts(f, "ever_bounced")
		for i := range channel {
			c.Bounces = append(c.Bounces, Bounce{channel[i], sent[i], bounced[i], ever[i]})
		}
	}
	if f := l.Fetch("contacts"); f != nil {
		c.Contacts = make([]Contact, f.Len())
		texts := func(column string, set func(*Contact, string)) {
			for i, x := range f.String(column) {
				set(&c.Contacts[i], x)
			}
		}
		texts("customer_id", func(c *Contact, x string) { c.ID = x })
		texts("name", func(c *Contact, x string) { c.Name = x })
		texts("phone", func(c *Contact, x string) { c.Phone = x })
		texts("email", func(c *Contact, x string) { c.Email = x })
		texts("birthday", func(c *Contact, x string) { c.Birthday = x })
		days := func(column string, set func(*Contact, int64)) {
			valid := f.Valid(column)
			for i, x := range f.Int64(column) {
				if !valid[i] {
					x = noDay
				}
				set(&c.Contacts[i], x)
			}
		}
		days("created_day", func(c *Contact, x int64) { c.Created = x })
		days("updated_day", func(c *Contact, x int64) { c.Updated = x })
		days("active_day", func(c *Contact, x int64) { c.Active = x })
		for i, x := range l.Counts(f, "messages") {
			c.Contacts[i].Messages = x
		}
		for i, x := range l.Counts(f, "cost_micro") {
			c.Contacts[i].CostMicro = x
		}
	}
	return c, l.Err()
}
