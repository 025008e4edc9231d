package ingest

import "time"

// Period is one cell of the audit's grid: days [Start, End) since 1970-01-01. Complete is false when the audited period covers it in part.
type Period struct {
	Start, End int64
	Complete   bool
}

// Periods cuts the audited period [from, to) into days, weeks from Monday, months, quarters or years. The first cell starts at or before
// from, the last ends at or after to.
func Periods(from, to time.Time, grain string) []Period {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	number := func(t time.Time) int64 { return t.Unix() / 86400 }
	first, last := day(from), day(to)
	start := first
	next := func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	switch grain {
	case "week":
		start = first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
		next = func(t time.Time) time.Time { return t.AddDate(0, 0, 7) }
	case "month":
		start = time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC)
		next = func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }
	case "quarter":
		start = time.Date(first.Year(), (first.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
		next = func(t time.Time) time.Time { return t.AddDate(0, 3, 0) }
	case "year":
		start = time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		next = func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }
	}
	var out []Period
	for start.Before(last) {
		end := next(start)
		out = append(out, Period{number(start), number(end), !start.Before(first) && !end.After(last)})
		start = end
	}
	return out
}
