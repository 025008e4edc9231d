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

// Messages that were not sent: pairs, the list, the reasons and the messages themselves tell the same story, and the words that vendors use are read as what they mean.
func TestLostMessagesListed(t *testing.T) {
	t.Parallel()
	world, out := t.TempDir(), t.TempDir()
	mustCLI(t, "simulate", "-q", "--out", world, "--seed", "5", "--customers", "1500", "--weeks", "40")
	mustCLI(t, "run", "-q", "-c", filepath.Join(world, "audit.yaml"), "--only", "overlap", "--out", out)
	db := filepath.Join(out, databaseName)
	for name, c := range map[string]struct{ query, want string }{
		"pairs against the list": {`WITH listed AS (SELECT least(scenario_lost, scenario_sent) AS scenario_a, greatest(scenario_lost, scenario_sent) AS scenario_b, count(DISTINCT mk_lost) AS n
				FROM scenarios.fct_lost_messages WHERE sendable GROUP BY ALL)
			SELECT p.scenario_a, p.scenario_b FROM scenarios.pairs p FULL JOIN listed l USING (scenario_a, scenario_b) WHERE p.lost_messages <> coalesce(l.n, 0)`, "scenario_a,scenario_b\n"},
		"lost_messages against the list": {`SELECT l.scenario_lost, l.scenario_sent FROM scenarios.lost_messages l LEFT JOIN scenarios.fct_lost_messages f USING (scenario_lost, scenario_sent) GROUP BY ALL
			HAVING any_value(l.messages) <> count(DISTINCT mk_lost) FILTER (WHERE sendable) OR any_value(l.customers) <> count(DISTINCT ck) FILTER (WHERE sendable)
				OR any_value(l.messages_unsendable) <> count(DISTINCT mk_lost) FILTER (WHERE NOT sendable) OR any_value(l.sent_first) <> count(DISTINCT mk_lost) FILTER (WHERE sendable AND f.sent_first)`, "scenario_lost,scenario_sent\n"},
		"reasons against the messages": {`SELECT n.reason FROM scenarios.not_sent_reasons n FULL JOIN (SELECT coalesce(not_sent_reason, '') AS reason, count(*) AS n, count(DISTINCT ck) AS customers
				FROM core.messages CROSS JOIN core.cfg_audit a WHERE sent_at IS NULL AND kind <> 'transactional' AND scenario_id IS NOT NULL AND epoch(not_sent_at) >= a.from_sec AND epoch(not_sent_at) < a.to_sec GROUP BY ALL) m
			USING (reason) WHERE n.messages IS DISTINCT FROM m.n OR n.customers IS DISTINCT FROM m.customers`, "reason\n"},
		"one row for all": {`SELECT withheld_messages = (SELECT sum(with_priority) FROM scenarios.not_sent_reasons WHERE sendable) AND lost_messages = (SELECT count(DISTINCT mk_lost) FROM scenarios.fct_lost_messages WHERE sendable)
			AND lost_customers = (SELECT count(DISTINCT ck) FROM scenarios.fct_lost_messages WHERE sendable) AND lost_messages > 50 AS same FROM scenarios.message_order`, "same\ntrue\n"},
		// The generator's cap of a day takes a message only when others have gone that day: nearly always a less important one is among them.
		"planted": {`SELECT lost_share > .8 AS found, (SELECT string_agg(DISTINCT kind, ' ' ORDER BY kind) FROM scenarios.not_sent_reasons) AS kinds FROM scenarios.message_order`, "found,kinds\ntrue,cap no_consent\n"},
		"words": {`SELECT coalesce((SELECT arg_min(kind, position) FROM core.cfg_reasons WHERE lower(reason) LIKE '%' || word || '%'), 'unknown') AS kind, string_agg(reason, '; ' ORDER BY reason) AS reasons
			FROM (VALUES ('frequency_cap'), ('RECIPIENT_FATIGUE_SUPPRESSED'), ('THROTTLED'), ('SYS_OVER_BOOKED'), ('Skipped: Smart Sending'), ('Лимит сообщений в неделю'), ('quiet hours'), ('Тихие часы'),
				('priority_conflict'), ('no_consent'), ('PREVIOUSLY_UNSUBSCRIBED_PORTAL'), ('ADDRESS_OPTED_OUT'), ('GRAYMAIL_SUPPRESSED'), ('EmailBlackList'), ('SubscriptionState'), ('Отписка'), ('no_address'), ('InvalidContact'),
				('PREVIOUSLY_BOUNCED'), ('INVALID_TO_ADDRESS'), ('MissingIdentifier'), ('DuplicateMarketingMessage'), ('control_group'), ('failed'), ('PORTAL_OVER_LIMIT'), ('TEMPLATE_RENDER_EXCEPTION'), ('aborted'),
				('something'), ('')) AS v(reason) GROUP BY 1 ORDER BY 1`,
			"kind,reasons\ncap,RECIPIENT_FATIGUE_SUPPRESSED; SYS_OVER_BOOKED; Skipped: Smart Sending; THROTTLED; frequency_cap; Лимит сообщений в неделю\n" +
				"condition,DuplicateMarketingMessage; control_group\nconflict,priority_conflict\nfailed,PORTAL_OVER_LIMIT; TEMPLATE_RENDER_EXCEPTION; aborted; failed\n" +
				"no_address,INVALID_TO_ADDRESS; InvalidContact; MissingIdentifier; PREVIOUSLY_BOUNCED; no_address\n" +
				"no_consent,ADDRESS_OPTED_OUT; EmailBlackList; GRAYMAIL_SUPPRESSED; PREVIOUSLY_UNSUBSCRIBED_PORTAL; SubscriptionState; no_consent; Отписка\nquiet_hours,quiet hours; Тихие часы\nunknown,; something\n"},
	} {
		if got := mustCLI(t, "sql", "--db", db, "--format", "csv", c.query); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
