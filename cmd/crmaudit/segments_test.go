package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// The features that a segment's own rule sees are those of lifecycle.customer_periods at the end of the last complete period.
func TestSegmentRuleFeatures(t *testing.T) {
	t.Parallel()
	world, out := t.TempDir(), t.TempDir()
	mustCLI(t, "simulate", "-q", "--out", world, "--seed", "4", "--customers", "600", "--weeks", "40")
	mustCLI(t, "run", "-q", "-c", filepath.Join(world, "audit.yaml"), "--only", "segments,lifecycle", "--out", out)
	columns := "recency_days, first_order_days, tenure_days, orders_total, orders_28d, orders_90d, orders_365d, revenue_total, revenue_365d, avg_order_value, last_activity_days, " +
		"activity_28d, messages_28d, opens_28d, clicks_28d, subscribed, median_gap_days, overdue_ratio"
	got := mustCLI(t, "sql", "--db", filepath.Join(out, databaseName), "--format", "csv", `SELECT (SELECT count(*) FROM segments.fct_rule_features) > 300 AS many, count(*) AS different FROM (
		SELECT c.customer_id, `+columns+` FROM segments.fct_rule_features JOIN core.customers c USING (ck)
		EXCEPT SELECT customer_id, `+columns+` FROM lifecycle.customer_periods WHERE period = (SELECT last_period FROM lifecycle.fct_panel))`)
	if want := "many,different\ntrue,0\n"; got != want {
		t.Errorf("got %q, want %q", got, strings.TrimSpace(want))
	}
}
