package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/contact"
	"crmaudit/analytics/duck"
	"crmaudit/analytics/ingest"
)

// zoneOffsets is core.zone_offsets: the offset of every time zone that customers have, and of the business zone, as spans of UTC seconds.
func (c *config) zoneOffsets(ctx context.Context, db *duck.DB) (analytics.Table, error) {
	rows, err := db.Query(ctx, "SELECT DISTINCT timezone FROM core.customers WHERE timezone <> '' ORDER BY timezone")
	if err != nil {
		return analytics.Table{}, err
	}
	names := []string{""}
	for row := rows.Next(); row != nil; row = rows.Next() {
		names = append(names, fmt.Sprint(row[0]))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return analytics.Table{}, err
	}
	t := analytics.Table{Name: "core.zone_offsets", Columns: []string{"zone", "from_sec", "to_sec", "offset_seconds", "known"}}
	for _, name := range names {
		zone, known := c.location(), true
		if name != "" {
			own, err := ingest.LoadZone(name)
			if known = err == nil; known {
				zone = own
			}
		}
		t.Rows = append(t.Rows, spansOf(name, zone, known)...)
	}
	return t, nil
}

// spansOf cuts the time that a file may hold at the changes of the zone's offset.
func spansOf(name string, zone *time.Location, known bool) (rows [][]any) {
	from, to := ingest.Earliest(), ingest.Latest()
	_, offset := from.In(zone).Zone()
	begin, now := from.Unix(), int64(offset)
	for _, change := range ingest.Transitions(zone, from, to) {
		rows = append(rows, []any{name, begin, change.At, now, known})
		begin, now = change.At, change.After
	}
	return append(rows, []any{name, begin, to.Unix(), now, known})
}

// contactPolicy is the policy of audit.yaml for block contact.
func (c *config) contactPolicy() contact.Setup {
	s := contact.Setup{
		CountService:       c.Policy.CountService,
		PrioritiesDeclared: slices.ContainsFunc(c.Scenarios, func(s scenarioConfig) bool { return s.Priority != nil }),
	}
	for _, w := range []struct {
		name string
		caps map[string]int
	}{{contact.Day, c.Policy.MaxPerDay}, {contact.Week, c.Policy.MaxPerWeek}} {
		for _, channel := range sortedKeys(w.caps) {
			s.Caps = append(s.Caps, contact.Cap{Window: w.name, Channel: channel, Most: int64(w.caps[channel])})
		}
	}
	if q := c.Policy.QuietHours; q != nil {
		from, _ := minuteOf(q.From).(int64) // validate has checked both
		to, _ := minuteOf(q.To).(int64)
		s.QuietFrom, s.QuietTo, s.QuietDeclared = from, to, true
	}
	return s
}
