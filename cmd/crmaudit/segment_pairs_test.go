package main

import (
	"strings"
	"testing"
)

// A margin of a metric by which segments are not compared is a mistake, not a margin that nobody reads.
func TestSegmentMargins(t *testing.T) {
	t.Parallel()
	config := func(margins string) string {
		return "version: 1\nperiod: {from: 2026-07-01, to: 2026-10-01}\nsources: {events: [{path: e.csv}]}\nsegments: [{id: vip, margins: {" + margins + "}}]\n"
	}
	c, err := parseConfig("audit.yaml", []byte(config("order_rate: 0.02, response: 0.03")))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.segmentPairs().Margins["vip"]; got["order_rate"] != .02 || got["response"] != .03 {
		t.Errorf("%v", got)
	}
	if _, err := parseConfig("audit.yaml", []byte(config("orders: 0.02"))); err == nil || !strings.Contains(err.Error(), "audit.yaml:4: segments[0].margins.orders") {
		t.Errorf("%v", err)
	}
}
