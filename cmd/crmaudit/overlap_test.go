package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// The 27 campaigns of the Complete Journey make 65 pairs whose windows overlap in time (to the day, both ends included), 56 of which share a household. Aimed at the
// same households by what they bought before, they overlap more than chance: nothing of this is called a conflict or an effect, because no message is known.
func TestOverlapOfCampaigns(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(sharedData); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the public data are not beside the repository")
	}
	out := t.TempDir()
	mustCLI(t, "run", "-q", "-c", filepath.Join("..", "..", "testdata", "examples", "completejourney", "audit.yaml"), "--only", "overlap", "--out", out)
	got := mustCLI(t, "sql", "--db", filepath.Join(out, databaseName), "--format", "csv", `WITH w AS (
			SELECT scenario_id, min(entered_day) AS from_day, max(exited_day) AS to_day FROM core.enrolments GROUP BY scenario_id),
		pairs AS (SELECT a.scenario_id AS a, b.scenario_id AS b FROM w a JOIN w b ON a.scenario_id < b.scenario_id AND a.from_day <= b.to_day AND b.from_day <= a.to_day)
		SELECT (SELECT count(*) FROM pairs) AS overlapping,
			(SELECT count(*) FROM pairs JOIN (SELECT DISTINCT x.scenario_id AS a, y.scenario_id AS b FROM core.enrolments x JOIN core.enrolments y USING (ck)) USING (a, b)) AS sharing,
			(SELECT count(*) FROM scenarios.pairs WHERE customers_at_once > 0 AND (scenario_a, scenario_b) NOT IN (SELECT (a, b) FROM pairs)) AS others,
			(SELECT count(*) FROM scenarios.pairs WHERE verdict = 'conflict') AS conflicts`)
	if want := "overlapping,sharing,others,conflicts\n65,56,0,0\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The pairs, the list of collisions and the evidence of findings tell the same story: an analyst who lists what is behind a pair finds as many messages as it says.
func TestCollisionsListed(t *testing.T) {
	t.Parallel()
	world, out := t.TempDir(), t.TempDir()
	mustCLI(t, "simulate", "-q", "--out", world, "--seed", "5", "--customers", "1500", "--weeks", "40")
	mustCLI(t, "run", "-q", "-c", filepath.Join(world, "audit.yaml"), "--only", "overlap", "--out", out)
	db := filepath.Join(out, databaseName)
	got := mustCLI(t, "sql", "--db", db, "--format", "csv", `SELECT p.scenario_a, p.scenario_b, p.collisions, count(f.mk_a) AS listed
		FROM scenarios.pairs p LEFT JOIN scenarios.fct_collisions f USING (scenario_a, scenario_b) GROUP BY ALL
		HAVING p.collisions <> count(f.mk_a) OR any_value(p.customers_hit) <> count(DISTINCT f.ck) OR any_value(p.ranked_collisions) <> count(f.priority_inversion)
			OR coalesce(any_value(p.priority_inversions), 0) <> count(*) FILTER (WHERE f.priority_inversion)`)
	if want := "scenario_a,scenario_b,collisions,listed\n"; got != want {
		t.Errorf("pairs that differ from the list: %s", got)
	}
	got = mustCLI(t, "sql", "--db", db, "--format", "csv", "SELECT count(*) > 5 AS enough FROM scenarios.fct_collisions f JOIN scenarios.pairs p USING (scenario_a, scenario_b) WHERE p.verdict = 'conflict'")
	if got != "enough\ntrue\n" {
		t.Errorf("the world has no conflict to look at: %s", got)
	}
}
