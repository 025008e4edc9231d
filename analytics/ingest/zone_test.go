package ingest

import (
	"testing"
	"time"
)

// Go ends a leap year of a zone's standing rule a day before the next one begins; a search that trusts the end of a period without progress
// stays there for ever. Every year has its two changes, the leap years among them.
func TestTransitionsOfLeapYears(t *testing.T) {
	for name, each := range map[string]int{"America/New_York": 2, "America/St_Johns": 2, "Europe/Berlin": 2, "Australia/Lord_Howe": 2, "Asia/Kathmandu": 0} {
		z := zone(t, name)
		from, to := time.Date(2008, 1, 1, 12, 0, 0, 0, time.UTC), time.Date(2045, 1, 1, 12, 0, 0, 0, time.UTC)
		done := make(chan []Transition, 1)
		go func() { done <- Transitions(z, from, to) }()
		select {
		case got := <-done:
			if want := each * 37; len(got) != want {
				t.Errorf("%s: %d changes from 2008 to 2044, want %d", name, len(got), want)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: the search for changes of offset does not end", name)
		}
	}
	// From the last day of a leap year on, hour by hour: the day on which Go's bounds stand still.
	z := zone(t, "America/New_York")
	for h := range 60 {
		from := time.Date(2028, 12, 30, 12, 0, 0, 0, time.UTC).Add(time.Duration(h) * time.Hour)
		if got := Transitions(z, from, from.AddDate(1, 0, 0)); len(got) != 2 {
			t.Errorf("from %s: %d changes within a year, want 2", from, len(got))
		}
	}
}
