package ingest

import (
	"strings"
	"testing"
)

func TestDateInName(t *testing.T) {
	for name, want := range map[string]string{
		"segments-2026-09-01.csv": "2026-09-01", "20260901.parquet": "2026-09-01", "seg_2026_09_01_full.csv.gz": "2026-09-01", "v2.2026.09.01.csv": "2026-09-01",
		"dir-2026-01-01/vip-2026-09-01.csv": "2026-09-01", "vip-2026-09-01-2026-09-01.csv": "2026-09-01",
		"vip.csv": "", "vip-2026-13-01.csv": "", "vip-2026-02-30.csv": "", "vip-2026-0901.csv": "", "from-2026-09-01-to-2026-10-01.csv": "", "1202609011.csv": "", "2026-09.csv": "",
	} {
		if got := DateInName(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestSnapshotMistakes(t *testing.T) {
	members, _ := InputByName("segment_memberships")
	events, _ := InputByName("events")
	for _, c := range []struct {
		in   Input
		f    File
		want string // part of the message; "" when all is well
	}{
		{members, File{}, ""},
		{members, File{SnapshotAt: "2026-09-01"}, ""},
		{members, File{SnapshotAt: "filename"}, ""},
		{members, File{SnapshotAt: "valid_from", Columns: map[string]string{"valid_from": "dt"}}, ""},
		{events, File{SnapshotAt: "filename"}, "only for segment_memberships"},
		{members, File{SnapshotAt: "yesterday"}, "allowed are a date such as 2026-09-01, filename"},
		{members, File{SnapshotAt: "filename", Columns: map[string]string{"valid_from": "dt"}}, "write snapshot_at: valid_from"},
		{members, File{SnapshotAt: "2026-09-01", Constants: map[string]string{"valid_from": "2026-09-02"}}, "write snapshot_at: valid_from"},
		{members, File{SnapshotAt: "filename", Columns: map[string]string{"valid_to": "dt"}}, "no valid_to"},
		{members, File{SnapshotAt: "valid_from", Constants: map[string]string{"listed": "1"}}, "no listed"},
	} {
		got := snapshotMistake(c.in, c.f)
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s %+v: got %q, want %q", c.in.Name, c.f, got, c.want)
		}
	}
}
