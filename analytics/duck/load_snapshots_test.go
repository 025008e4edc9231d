package duck

import (
	"strings"
	"testing"

	"crmaudit/analytics/ingest"
)

// Dated lists of members become intervals. Days since 2026-07-01: 0, 31 (August), 62 (September). Files of all segments of a day: customer 1 leaves vip in August, and all of
// vip is gone in September, when lapsed is still listed. Files of one segment each: gold goes its own way. The first list does not know since when.
func TestLoadSnapshots(t *testing.T) {
	at := func(s string) func(*ingest.File) { return func(f *ingest.File) { f.SnapshotAt = s } }
	w := newLoadWorld(t)
	w.file("segment_memberships", "all-20260701.csv", "segment_id,customer_id\nvip,c1\nvip,c2\nlapsed,c3\n", func(f *ingest.File) { f.Path, f.SnapshotAt = "all-*.csv", "filename" })
	for name, content := range map[string]string{"all-20260801.csv": "segment_id,customer_id\nvip,c2\nlapsed,c1\nlapsed,c3\n", "all-20260901.csv": "segment_id,customer_id\nlapsed,c1\n"} {
		w.file("identities", name, content)
		delete(w.spec.Inputs, "identities")
	}
	w.file("segment_memberships", "gold.csv", "segment_id,customer_id\ngold,c1\n", at("2026-07-15"))
	w.file("segment_memberships", "gold2.csv", "segment_id,customer_id\ngold,c2\n", at("2026-08-15"))
	w.file("segment_memberships", "own.csv", "segment_id,customer_id,dt\nown,c1,01.07.2026\nown,c1,05.07.2026\nown,c2,05.07.2026\nown,c3,\n", at("valid_from"), func(f *ingest.File) {
		f.Columns, f.TimeFormat = map[string]string{"valid_from": "dt"}, "%d.%m.%Y"
	})
	w.file("segment_memberships", "intervals.csv", "segment_id,customer_id,valid_from,valid_to\nloyal,c1,2026-07-02,2026-07-09\nloyal,c2,,\n")
	db, _ := w.mustLoad()
	equal(t, "memberships", query(t, db, `select segment_id, customer_id, valid_from IS NULL, valid_to IS NULL, from_day - 20635, to_day - 20635, listed IS NULL
		from core.segment_memberships join core.customers using (ck) order by all`), strings.TrimSpace(`
gold|c1|true|false|14|45|false
gold|c2|false|true|45|979365|false
lapsed|c1|false|false|31|62|false
lapsed|c1|false|true|62|979365|false
lapsed|c3|false|false|31|62|false
lapsed|c3|true|false|0|31|false
loyal|c1|false|false|1|8|true
loyal|c2|true|true|-1020635|979365|true
own|c1|false|true|4|979365|false
own|c1|true|false|0|4|false
own|c2|false|true|4|979365|false
own|c3|true|true|-1020635|-1020635|false
vip|c1|true|false|0|31|false
vip|c2|false|false|31|62|false
vip|c2|true|false|0|31|false`))

	w = newLoadWorld(t)
	w.file("segment_memberships", "vip.csv", "segment_id,customer_id\nvip,c1\n", at("filename"))
	if _, _, err := w.load(); err == nil || !strings.Contains(err.Error(), "sources.segment_memberships[0].snapshot_at: vip.csv has no date in its name") {
		t.Errorf("a file without a date in its name: %v", err)
	}
}
