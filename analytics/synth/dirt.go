package synth

// Fates counts what must become of the rows of one file: the five fates add up to Rows.
type Fates struct {
	Rows      int64 `json:"rows_read"`
	Loaded    int64 `json:"rows_loaded"`
	Rejected  int64 `json:"rows_rejected"`
	Duplicate int64 `json:"rows_duplicate"`
	Outside   int64 `json:"rows_outside"`
	Excluded  int64 `json:"rows_excluded"`
}

func (f *Fates) add(o Fates) {
	f.Rows += o.Rows
	f.Loaded += o.Loaded
	f.Rejected += o.Rejected
	f.Duplicate += o.Duplicate
	f.Outside += o.Outside
	f.Excluded += o.Excluded
}

// Chances per clean row. Rejected rows add up to .3 % at most.
const (
	dirtTwice    = .01
	dirtSwap     = .01
	dirtNoID     = .001
	dirtStamp    = .001
	dirtOutside  = .001
	dirtPing     = .001
	dirtForced   = 500 // a first chunk with that many rows has every kind of dirt at least once
	pingName     = "test_ping"
	dirtSequence = 1_000_000 // running numbers of rows that never happened start here
)

// spoil adds dirty rows to the tables of one chunk and leaves in c.fates what must become of all rows. Files of text can hold times that
// are no dates.
func (w *world) spoil(c *Chunk, at int, textFormat bool) {
	rng := newStream()
	rng.seed(w.cfg.Seed, at, purposeDirt, 1)
	late := func() int64 { return w.end + int64(rng.IntN(3*day)) }
	force := func(clean int) bool { return at == 0 && clean >= dirtForced }

	spread(rng, &c.Customers, c.fates, "customers", force, func(r Customer, add func(Customer, *int64), f *Fates, first bool) {
		if first || rng.Float64() < dirtTwice {
			old := r // the state of the record before its last change
			old.Updated, old.Phone = r.Updated-30*day, "+70000000000"
			add(old, &f.Duplicate)
		}
		if first || rng.Float64() < dirtNoID {
			r.flaw = noID
			add(r, &f.Rejected)
		}
	})
	spread(rng, &c.Messages, c.fates, "messages", force, func(r Message, add func(Message, *int64), f *Fates, first bool) {
		if first || rng.Float64() < dirtTwice {
			add(r, &f.Duplicate)
		}
		made := Message{Customer: r.Customer, index: r.index, Seq: dirtSequence + r.Seq, Channel: r.Channel, Scenario: r.Scenario, Kind: r.Kind, Sent: max(r.Sent, r.NotSent)}
		if first || rng.Float64() < dirtNoID {
			bad := made
			bad.flaw = noID
			add(bad, &f.Rejected)
		}
		if textFormat && (first || rng.Float64() < dirtStamp) {
			bad := made
			bad.flaw = badStamp
			bad.Seq += dirtSequence
			add(bad, &f.Rejected)
		}
		if first || rng.Float64() < dirtOutside {
			made.Seq += 2 * dirtSequence
			made.Sent = late()
			add(made, &f.Outside)
		}
	})
	spread(rng, &c.Events, c.fates, "events", force, func(r Event, add func(Event, *int64), f *Fates, first bool) {
		if first || rng.Float64() < dirtTwice {
			add(r, &f.Duplicate)
		}
		made := Event{Customer: r.Customer, index: r.index, Seq: dirtSequence + r.Seq, Name: "session", Occurred: r.Occurred, Received: r.Received, Source: r.Source}
		if first || rng.Float64() < dirtNoID {
			bad := made
			bad.flaw = noID
			add(bad, &f.Rejected)
		}
		if textFormat && (first || rng.Float64() < dirtStamp) {
			bad := made
			bad.flaw = badStamp
			bad.Seq += dirtSequence
			add(bad, &f.Rejected)
		}
		if first || rng.Float64() < dirtPing {
			ping := made
			ping.Seq += 2 * dirtSequence
			ping.Name = pingName
			add(ping, &f.Excluded)
		}
		if first || rng.Float64() < dirtOutside {
			made.Seq += 3 * dirtSequence
			made.Occurred = late()
			made.Received = made.Occurred + 1
			add(made, &f.Outside)
		}
	})
	spread(rng, &c.OrderItems, c.fates, "order_items", force, func(r OrderItem, add func(OrderItem, *int64), f *Fates, first bool) {
		if first || rng.Float64() < dirtTwice {
			add(r, &f.Duplicate)
		}
		if first || rng.Float64() < dirtNoID {
			r.flaw = noID
			add(r, &f.Rejected)
		}
	})
}

// spread calls dirty for every clean row of one table, appends what it adds, and puts 1 % of the rows out of order.
func spread[R any](rng *stream, rows *[]R, fates map[string]Fates, input string, force func(clean int) bool, dirty func(r R, add func(R, *int64), f *Fates, first bool)) {
	f := fates[input]
	clean := len(*rows)
	forced := force(clean)
	for i := range clean {
		dirty((*rows)[i], func(r R, count *int64) {
			*rows = append(*rows, r)
			*count++
			f.Rows++
		}, &f, forced && i == 0)
	}
	for i := range *rows {
		if rng.Float64() < dirtSwap {
			j := rng.IntN(len(*rows))
			(*rows)[i], (*rows)[j] = (*rows)[j], (*rows)[i]
		}
	}
	fates[input] = f
}
