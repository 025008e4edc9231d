package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The public data that the examples point to; they are not part of the repository.
const sharedData = "../../../shared/data"

// The examples on public data run from end to end. The counts are those that the publishers of the data give, or that a count of the file's
// lines gives; every panel row either moves on or is a customer's last one.
func TestExamples(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(sharedData); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the public data are not beside the repository")
	}
	for _, c := range []struct {
		name, query, want string
		hypotheses        bool // orders carry money, so something is at stake
	}{
		{"cdnow", `SELECT (SELECT count(*) FROM core.customers) AS customers, (SELECT count(*) FROM core.orders) AS orders,
			(SELECT sum(revenue_minor) FROM core.orders) AS minor`, "customers,orders,minor\n2357,6919,24409194\n", true},
		{"ecom", `SELECT (SELECT count(*) FROM core.customers) AS customers, (SELECT rows_read FROM audit.sources WHERE input = 'events') AS events`,
			"customers,events\n600,31106\n", false},
		{"completejourney", `SELECT (SELECT count(*) FROM core.enrolments) AS enrolments, (SELECT count(DISTINCT scenario_id) FROM core.enrolments) AS campaigns,
			(SELECT rows_read FROM audit.sources WHERE input = 'order_items') AS lines`, "enrolments,campaigns,lines\n6589,27,75000\n", true},
		// The cards of 44 deals and the stages of 14 others: nobody can say from these what is won, what moves and how fast, and the audit does not.
		{"hubspot", `SELECT (SELECT count(DISTINCT deal_id) FROM core.deals) AS deals, (SELECT count(*) FROM core.tasks) AS tasks, (SELECT count(*) FROM analytics.pipeline_transitions) AS moves,
			(SELECT active || '/' || idle FROM analytics.pipeline_stages WHERE stage = 'created') AS created, (SELECT count(probability) FROM analytics.pipeline_cohorts) AS chances,
			(SELECT note FROM analytics.coverage WHERE block = 'pipeline' AND input = 'deals') AS note,
			(SELECT count(*) FROM analytics.findings WHERE kind = 'pipeline_stuck' AND NOT exploratory) AS confirmed`,
			"deals,tasks,moves,created,chances,note,confirmed\n58,2,0,44/44,0,no_moves,0\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := t.TempDir()
			mustCLI(t, "run", "-q", "-c", filepath.Join("..", "..", "testdata", "examples", c.name, "audit.yaml"), "--out", out)
			db := filepath.Join(out, databaseName)
			if got := mustCLI(t, "sql", "--db", db, "--format", "csv", c.query); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			got := mustCLI(t, "sql", "--db", db, "--format", "csv", `SELECT (SELECT sum(n) FROM lifecycle.transitions WHERE "grouping" = 'all')
				+ (SELECT count(*) FROM core.customers) = (SELECT sum(n) FROM lifecycle.red_stage_periods) AS whole`)
			if got != "whole\ntrue\n" {
				t.Errorf("transitions and last periods do not add up to the panel: %q", got)
			}
			if c.name == "completejourney" { // three cuts of the 801 households with demographics: today's state, of which nothing of movement may be said
				got := mustCLI(t, "sql", "--db", db, "--format", "csv", `SELECT count(*) AS segments, sum(customers) AS members, count(median_days_in) + count(turnover_rate) + count(stuck_share) + count(entries) AS movement,
					string_agg(DISTINCT form) AS form, max(customers) FILTER (WHERE segment_id = 'age_45_54') AS middle, (SELECT count(*) FROM segments.pairs) AS pairs,
					(SELECT note FROM analytics.coverage WHERE block = 'segments' AND input = 'segment_memberships') AS note FROM segments.segments`)
				if want := "segments,members,movement,form,middle,pairs,note\n22,2403,0,current,288,231,current_only\n"; got != want {
					t.Errorf("demographics as segments: got %q, want %q", got, want)
				}
			}
			if c.name == "completejourney" { // bundles of 75,000 lines: a sample of lines, so hardly an order holds two of them; a quarter of a customer does
				got := mustCLI(t, "sql", "--db", db, "--format", "csv", `SELECT (SELECT baskets FROM analytics.red_basket_totals) AS baskets, (SELECT sum(size * n) FROM analytics.red_basket_sizes WHERE universe = 1) AS lines,
					count(*) FILTER (WHERE basket = 'quarter') > 500 AS pairs, count(*) FILTER (WHERE basket = 'order' AND verdict = 'together') AS orders, bool_and(lower <= adjusted_lift AND adjusted_lift <= upper) AS inside,
					(SELECT note FROM analytics.coverage WHERE block = 'bundles' AND input = 'order_items') AS note FROM analytics.bundles`)
				if want := "baskets,lines,pairs,orders,inside,note\n47225,74977,true,0,true,small_baskets\n"; got != want {
					t.Errorf("bundles: %q", got)
				}
			}
			if c.name == "completejourney" { // campaigns aimed at buyers: no design, no causal word, no money from their lift
				got := mustCLI(t, "sql", "--db", db, "--format", "csv", `SELECT (SELECT count(*) FROM scenarios.effects WHERE grade <> 'D') AS causal,
					(SELECT count(*) FROM scenarios.effects WHERE method = 'sequential_trials' AND effect IS NOT NULL) > 50 AS tried,
					(SELECT count(*) FROM analytics.hypotheses WHERE block = 'effects' AND (grade <> 'D' OR effect IS NOT NULL OR money IS NOT NULL)) AS promised`)
				if got != "causal,tried,promised\n0,true,0\n" {
					t.Errorf("the lift of campaigns: %q", got)
				}
			}
			if c.hypotheses && !strings.Contains(readFile(t, out, "hypotheses.json"), "hypothesis_id") {
				t.Error("no hypothesis")
			}
		})
	}
}
