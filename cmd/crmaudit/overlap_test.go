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
