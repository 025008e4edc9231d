package ingest

import (
	"fmt"
	"time"
	_ "time/tzdata" // the zones work on machines without a zone database
)

// Transition is one change of a zone's offset: from the instant At (Unix seconds) on, local time is UTC + After seconds.
type Transition struct {
	At            int64
	Before, After int64
}

// Transitions lists the changes of offset of zone in (from, to], found by bisection on Go's own zone data.
func Transitions(zone *time.Location, from, to time.Time) []Transition {
	var out []Transition
	t := from
	for {
		_, end := t.In(zone).ZoneBounds()
		if end.IsZero() || end.After(to) {
			return out
		}
		if !end.After(t) {
			// Go ends a leap year of the zone's standing rule a day early, and that day where it begins.
			t = t.Add(24 * time.Hour)
			continue
		}
		_, before := t.In(zone).Zone()
		_, after := end.In(zone).Zone()
		if before != after { // a change of name or of the DST flag alone is none
			out = append(out, Transition{At: end.Unix(), Before: int64(before), After: int64(after)})
		}
		t = end
	}
}

// ZoneExpr renders the offset of zone in seconds at the UTC instant sec (an SQL expression of integer Unix seconds), exact for instants in
// [from, to].
func ZoneExpr(sec string, zone *time.Location, from, to time.Time) string {
	return caseRecent(sec, zone, from, to, func(t Transition) int64 { return t.At })
}

// LocalExpr renders the offset to subtract from sec (an SQL expression of integer seconds of local wall time in zone) to get UTC. A time
// that occurs twice (clocks put back) is the first of the two; one that does not occur (clocks put forward) is read with the offset before
// the change, that is, moved forward by the gap.
func LocalExpr(sec string, zone *time.Location, from, to time.Time) string {
	return caseRecent(sec, zone, from, to, func(t Transition) int64 { return t.At + max(t.Before, t.After) })
}

// caseRecent asks first whether the instant is in the last four years before to, where most of them are, and then searches that part or the rest.
func caseRecent(sec string, zone *time.Location, from, to time.Time, threshold func(Transition) int64) string {
	_, off := from.In(zone).Zone()
	first, ts := int64(off), Transitions(zone, from, to)
	old := 0
	for old < len(ts) && ts[old].At < to.AddDate(-4, 0, 0).Unix() {
		old++
	}
	if old < 3 {
		return caseTree(sec, first, ts, threshold)
	}
	return fmt.Sprintf("CASE WHEN %s >= %d THEN %s ELSE %s END", sec, threshold(ts[old-1]), caseTree(sec, ts[old-1].After, ts[old:], threshold), caseTree(sec, first, ts[:old-1], threshold))
}

// caseTree is a binary search written as CASE: a zone with 220 changes costs eight comparisons.
func caseTree(sec string, first int64, ts []Transition, threshold func(Transition) int64) string {
	if len(ts) == 0 {
		return fmt.Sprint(first)
	}
	mid := len(ts) / 2
	return fmt.Sprintf("CASE WHEN %s < %d THEN %s ELSE %s END", sec, threshold(ts[mid]),
		caseTree(sec, first, ts[:mid], threshold), caseTree(sec, ts[mid].After, ts[mid+1:], threshold))
}

// LocalOffset is LocalExpr for one value: the offset of wall-clock seconds local in zone.
func LocalOffset(local int64, zone *time.Location) int64 {
	// Any transition that can matter lies within a day of the wall time read as UTC.
	around := time.Unix(local, 0)
	from, to := around.AddDate(0, 0, -2), around.AddDate(0, 0, 2)
	_, off := from.In(zone).Zone()
	offset := int64(off)
	for _, t := range Transitions(zone, from, to) {
		if local >= t.At+max(t.Before, t.After) {
			offset = t.After
		}
	}
	return offset
}

// DayOf is the business day of an instant: days since 1970-01-01 in zone.
func DayOf(t time.Time, zone *time.Location) int64 {
	_, off := t.In(zone).Zone()
	return floorDiv(t.Unix()+int64(off), 86400)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// Earliest and Latest bound the instants that a file may hold; what lies beyond is a mistake of the source and rejected.
func Earliest() time.Time { return time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) }

// Latest is the first instant that is too late to be true.
func Latest() time.Time { return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) }
