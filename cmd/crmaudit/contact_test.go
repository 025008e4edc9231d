package main

import (
	"testing"
	"time"

	"crmaudit/analytics/ingest"
)

// Every instant has exactly one span, and its offset is that of Go's own zone data: whole hours, half hours, quarters, and clocks that change.
func TestZoneSpans(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Moscow", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Asia/Almaty"} {
		zone, err := ingest.LoadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		rows := spansOf(name, zone, true)
		at := ingest.Earliest().Unix()
		for i, row := range rows {
			if row[1] != at || row[2].(int64) <= at {
				t.Fatalf("%s: span %d is %v, must begin at %d", name, i, row, at)
			}
			at = row[2].(int64)
			for _, sec := range []int64{row[1].(int64), (row[1].(int64) + at) / 2, at - 1} {
				if _, want := time.Unix(sec, 0).In(zone).Zone(); row[3] != int64(want) {
					t.Errorf("%s: offset %v at %v, want %d", name, row[3], time.Unix(sec, 0).UTC(), want)
				}
			}
		}
		if at != ingest.Latest().Unix() {
			t.Errorf("%s: the spans end at %d", name, at)
		}
	}
}
