package duck

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crmaudit/analytics/ingest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// kindRows is one small table of events that every file kind must carry unharmed.
const kindRows = `customer_id,name,occurred_at,value,category
k1,order,2026-07-08 12:00:00,10.50,"Чай, чёрный"
k2,заказ,2026-07-09 12:00:00,1234567.89,"two
lines"
k3,bonus,2026-07-10 12:00:00,-0.01,"a ""quote"""
k4,order,2026-07-11 12:00:00,,=1+1
`

const kindWant = `k1|order|2026-07-08 12:00:00|1050|Чай, чёрный
k2|заказ|2026-07-09 12:00:00|123456789|two
lines
k3|bonus|2026-07-10 12:00:00|-1|a "quote"
k4|order|2026-07-11 12:00:00|-|=1+1`

func TestFileKinds(t *testing.T) {
	engine := open(t, Options{})
	exec := func(text string) {
		t.Helper()
		if _, err := engine.pool.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	exec(`create table x as select * from (values ('k1','order',TIMESTAMP '2026-07-08 12:00:00',10.50::DECIMAL(12,2),'Чай, чёрный'), ('k2','заказ','2026-07-09 12:00:00',1234567.89,'two
lines'), ('k3','bonus','2026-07-10 12:00:00',-0.01,'a "quote"'), ('k4','order','2026-07-11 12:00:00',NULL,'=1+1')) v(customer_id, name, occurred_at, value, category)`)
	dir := t.TempDir()
	exec("copy x to '" + dir + "/x.parquet' (format parquet)")
	exec("copy (select customer_id, name, occurred_at AT TIME ZONE 'Asia/Tokyo' AT TIME ZONE 'Asia/Tokyo' as occurred_at, value::DOUBLE as value, category from x) to '" + dir + "/double.parquet' (format parquet)")
	exec("copy (select customer_id, name, occurred_at::TIMESTAMPTZ as occurred_at, value, category from x) to '" + dir + "/zoned.parquet' (format parquet)")
	exec("copy (select * replace (epoch_ms(occurred_at) as occurred_at) from x) to '" + dir + "/epoch.parquet' (format parquet)")
	exec("copy x to '" + dir + "/x.ndjson' (format json)")
	exec("attach '" + dir + "/x.duckdb' as other; create schema other.crmx; create table other.crmx.events as select * from x; detach other")
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	gz := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Write(b)
		w.Close()
		return out.Bytes()
	}
	zst := func(b []byte) []byte {
		w, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		return w.EncodeAll(b, nil)
	}
	u16, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewEncoder().String(kindRows)
	if err != nil {
		t.Fatal(err)
	}
	u16be, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(kindRows)
	if err != nil {
		t.Fatal(err)
	}
	win, err := charmap.Windows1251.NewEncoder().String(kindRows)
	if err != nil {
		t.Fatal(err)
	}
	semicolons := strings.NewReplacer("Чай, чёрный", "Чай, чёрный", ",", ";", "10.50", "10,50", "1234567.89", "1 234 567,89", "-0.01", "-0,01").Replace(kindRows)
	tabs := strings.NewReplacer("Чай, чёрный", "Чай, чёрный", ",", "\t").Replace(kindRows)
	mixed := strings.Replace(strings.Replace(kindRows, "чёрный\"\n", "чёрный\"\r\n", 1), "value,category\n", "value,category\r", 1)
	for _, c := range []struct {
		name    string
		content []byte
		more    func(*ingest.File)
		dialect string
	}{
		{"x.csv", []byte(kindRows), nil, `csv, utf-8, delimiter ",", quote ", header, LF`},
		{"bom.csv", []byte("\ufeff" + kindRows), nil, `csv, utf-8 with BOM, delimiter ",", quote ", header, LF`},
		{"crlf.csv", []byte(strings.ReplaceAll(strings.ReplaceAll(kindRows, "\n", "\r\n"), "two\r\n", "two\n")), nil, "mixed line ends"},
		{"mixed.csv", []byte(mixed), nil, "mixed line ends"},
		{"noend.csv", []byte(strings.TrimSuffix(kindRows, "\n")), nil, "LF"},
		{"blank.csv", []byte(strings.ReplaceAll(kindRows, "\nk", "\n\nk")), nil, "LF"},
		{"semi.csv", []byte(semicolons), nil, `delimiter ";", quote ", header, LF, decimal comma`},
		{"x.tsv", []byte(tabs), nil, "delimiter tab"},
		{"x.csv.gz", gz([]byte(kindRows)), nil, "csv.gzip"},
		{"x.csv.zst", zst([]byte(kindRows)), nil, "csv.zstd"},
		{"utf16.csv", []byte(u16), nil, "utf-16le with BOM"},
		{"utf16be.csv", []byte(u16be), nil, "utf-16be"},
		{"win.csv", []byte(win), func(f *ingest.File) { f.Encoding = "cp1251" }, "windows-1251"},
		{"win-found.csv", []byte(win), nil, "windows-1251"},
		{"x.parquet", read("x.parquet"), nil, "parquet"},
		{"double.parquet", read("double.parquet"), nil, "parquet"},
		{"zoned.parquet", read("zoned.parquet"), nil, "parquet"},
		{"epoch.parquet", read("epoch.parquet"), nil, "parquet"},
		{"x.ndjson", read("x.ndjson"), nil, "ndjson, utf-8, LF"},
		{"x.ndjson.gz", gz(read("x.ndjson")), nil, "ndjson.gzip"},
		{"x.jsonl", bytes.ReplaceAll(read("x.ndjson"), []byte("\n"), []byte("\r\n")), nil, "CRLF"},
		{"x.duckdb", read("x.duckdb"), func(f *ingest.File) { f.Table = "crmx.events" }, "duckdb"},
		{"noheader.csv", []byte(kindRows[strings.Index(kindRows, "\n")+1:]), func(f *ingest.File) {
			f.Header = []string{"customer_id", "name", "occurred_at", "value", "category"}
		}, "no header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newLoadWorld(t)
			var more []func(*ingest.File)
			if c.more != nil {
				more = append(more, c.more)
			}
			w.file("events", c.name, string(c.content), more...)
			db, report := w.mustLoad()
			equal(t, "events", query(t, db, "select customer_id, name, occurred_at, value_minor, category from core.events join (select ck, customer_id from core.customers) using (ck) order by 1"), kindWant)
			equal(t, "rejects", query(t, db, "select * from audit.rejects"), "")
			if got := report.Sources[0].Dialect; !strings.Contains(got, c.dialect) {
				t.Errorf("dialect %q, want %q in it", got, c.dialect)
			}
		})
	}
}

// Line ends change nothing: a file of an ordinary Windows program gives the rows and the customers of the same file with \n. Rows of every input are read twice
// (customer ids, then rows), so both readings are looked at.
func TestLineEnds(t *testing.T) {
	const rows = "customer_id,name,occurred_at,value\nk1,order,2026-07-08 12:00:00,10.50\nk2,\"a, \"\"b\"\"\",2026-07-09 12:00:00,\nk1,order,2026-07-10 12:00:00,1\nk3,order,2026-07-11 12:00:00,2\n"
	const want = "k1|order|2026-07-08 12:00:00|1050\nk1|order|2026-07-10 12:00:00|100\nk2|a, \"b\"|2026-07-09 12:00:00|-\nk3|order|2026-07-11 12:00:00|200"
	whole := func(s string) string { return s }
	for _, c := range []struct {
		name string
		text func(string) string
		more func(*ingest.File)
	}{
		{"lf", whole, nil},
		{"crlf", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, nil},
		{"crlf, no final end", func(s string) string { return strings.TrimSuffix(strings.ReplaceAll(s, "\n", "\r\n"), "\r\n") }, nil},
		{"crlf, byte-order mark", func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") }, nil},
		{"crlf, one row", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, nil},
		{"cr", func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }, nil},
		{"crlf, refused row", func(s string) string { return strings.ReplaceAll(s+"k9,order,2026-07-99 12:00:00,5\n", "\n", "\r\n") }, nil},
		{"crlf, no header", func(s string) string {
			_, s, _ = strings.Cut(s, "\n")
			return strings.ReplaceAll(s, "\n", "\r\n")
		}, func(f *ingest.File) { f.Header = []string{"customer_id", "name", "occurred_at", "value"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newLoadWorld(t)
			var more []func(*ingest.File)
			if c.more != nil {
				more = append(more, c.more)
			}
			text, list := rows, want
			if c.name == "crlf, one row" {
				text, list = strings.Join(strings.SplitAfter(rows, "\n")[:2], ""), strings.Split(want, "\n")[0]
			}
			db, _ := w.file("events", "e.csv", c.text(text), more...).mustLoad()
			equal(t, "events", query(t, db, "select c.customer_id, e.name, e.occurred_at, e.value_minor from core.events e join core.customers c using (ck) order by 1, 3"), list)
		})
	}
}

// A file may show its encoding late: its first letters beyond ASCII come after the part that is looked at first.
func TestLateEncoding(t *testing.T) {
	w := newLoadWorld(t)
	text, err := charmap.Windows1251.NewEncoder().String(strings.Repeat("c1,order,2026-07-01,x\n", 20000) + "c2,order,2026-07-02,Чай\nc3,order,2026-07-02,Кофе и чай\n")
	if err != nil {
		t.Fatal(err)
	}
	db, report := w.file("events", "e.csv", "customer_id,name,occurred_at,category\n"+text).mustLoad()
	equal(t, "events", query(t, db, "select category from core.events where category <> 'x' order by 1"), "Кофе и чай\nЧай")
	if s := report.Sources[0]; s.Read != 20002 || s.Duplicate != 19999 || !strings.Contains(s.Dialect, "windows-1251") {
		t.Errorf("%+v", s)
	}
}

// The bucket is the one that Go computes: the sampling unit must not depend on the engine.
func TestBucket(t *testing.T) {
	w := newLoadWorld(t)
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, "клиент-%d\n", i)
	}
	db, _ := w.file("customers", "c.csv", "customer_id\n"+b.String()).mustLoad()
	for _, line := range strings.Split(query(t, db, "select customer_id, bucket from core.customers"), "\n") {
		id, bucket, _ := strings.Cut(line, "|")
		sum := sha256.Sum256([]byte("crmaudit/bucket/v1|" + id))
		if want := fmt.Sprint(binary.BigEndian.Uint64(sum[:8]) % 100); bucket != want {
			t.Fatalf("%s: bucket %s, want %s", id, bucket, want)
		}
	}
}

// A cluster has the bucket that a customer of that id would have; who was assigned on his own has none.
func TestClusterBucket(t *testing.T) {
	w := newLoadWorld(t)
	db, _ := w.file("assignments", "a.csv", "experiment_id,customer_id,arm,assigned_at,cluster_id\nx,c1,a,2026-07-02,магазин 7\nx,c2,b,2026-07-02,\n").
		file("customers", "c.csv", "customer_id\nмагазин 7\n").mustLoad()
	equal(t, "clusters", query(t, db, `select c.customer_id, a.cluster_bucket = b.bucket from core.assignments a join core.customers c on c.ck = a.ck,
		(select bucket from core.customers where customer_id = 'магазин 7') b order by all`), "c1|true\nc2|-")
}

// A deal without a customer has the bucket that a customer of its id would have, and so have its tasks; a task of no deal has its own. Rows that name a customer have none.
func TestDealBucket(t *testing.T) {
	w := newLoadWorld(t)
	db, _ := w.file("deals", "d.csv", "deal_id,stage,entered_at,customer_id\nd1,new,2026-07-02,\nd2,new,2026-07-02,c1\n").
		file("tasks", "t.csv", "task_id,created_at,deal_id,customer_id\nt1,2026-07-02,d1,\nt2,2026-07-02,,\nt3,2026-07-02,d1,c1\n").
		file("customers", "c.csv", "customer_id\nd1\nt2\n").mustLoad()
	const of = "(select bucket from core.customers where customer_id = %s)"
	equal(t, "deals", query(t, db, "select deal_id, bucket = "+fmt.Sprintf(of, "'d1'")+" from core.deals order by all"), "d1|true\nd2|-")
	equal(t, "tasks", query(t, db, "select task_id, bucket = "+fmt.Sprintf(of, "coalesce(deal_id, task_id)")+" from core.tasks order by all"), "t1|true\nt2|true\nt3|-")
}

// Facts fold into messages of any kind of file, and a message known from facts alone is made.
func TestFoldParquet(t *testing.T) {
	w := newLoadWorld(t)
	gen := open(t, Options{})
	for name, text := range map[string]string{
		"messages":       "select 'c' || (range % 3) as customer_id, 'm' || range as message_id, ['email', 'sms'][1 + range % 2] as channel, 's1' as scenario_id, TIMESTAMP '2026-07-10' + to_hours(range) as sent_at from range(6)",
		"message_events": "select 'c0' as customer_id, * from (values ('opened', TIMESTAMP '2026-07-10 05:00:00', 'm0', NULL, NULL), ('clicked', '2026-07-10 04:00:00', NULL, 'sms', 's1'), ('opened', '2026-07-10 06:00:00', NULL, 'push', 's1'), ('sent', '2026-07-11', 'n1', 'push', NULL), ('not_sent', '2026-07-12', NULL, NULL, NULL)) v(event_type, occurred_at, message_id, channel, scenario_id)",
	} {
		if _, err := gen.pool.Exec(fmt.Sprintf("copy (%s) to '%s/%s.parquet' (format parquet)", text, w.dir, name)); err != nil {
			t.Fatal(err)
		}
		w.entry(name, name+".parquet")
	}
	db, _ := w.mustLoad()
	equal(t, "messages", query(t, db, "select customer_id, message_id, channel, scenario_id, sent_at, opened_at, opens, clicks, not_sent_at from core.messages join (select ck, customer_id from core.customers) using (ck) where customer_id = 'c0' order by message_id nulls last"),
		`c0|m0|email|s1|2026-07-10 00:00:00|2026-07-10 05:00:00|1|-|-
c0|m3|sms|s1|2026-07-10 03:00:00|-|-|1|-
c0|n1|push|-|2026-07-11 00:00:00|-|-|-|-
c0|-|unknown|-|-|-|-|-|2026-07-12 00:00:00`)
	equal(t, "attribution", query(t, db, "select attribution, count(*) from core.message_events group by 1 order by 1"), "latest_send|1\nmessage_id|3\nnone|1")
}

func TestWhitespaceFile(t *testing.T) {
	w := newLoadWorld(t)
	w.file("events", "cdnow.txt", " 00001 0001 20260701  1   11.77\n 00002 0002 20260712 10  12.00\n\n 00002 0002 20260712  5  77.00\n", func(f *ingest.File) {
		f.Delimiter, f.Header = "whitespace", []string{"id", "customer_id", "date", "cds", "value"}
		f.Columns = map[string]string{"occurred_at": "date"}
		f.Constants = map[string]string{"name": "order"}
	})
	db, report := w.mustLoad()
	equal(t, "events", query(t, db, "select customer_id, name, occurred_at, day - 20500, value_minor from core.events join (select ck, customer_id from core.customers) using (ck) order by all"),
		"0001|order|2026-06-30 21:00:00|135|1177\n0002|order|2026-07-11 21:00:00|146|1200\n0002|order|2026-07-11 21:00:00|146|7700")
	equal(t, "dialect", report.Sources[0].Dialect, "csv, utf-8, delimiter whitespace, no quote, no header, LF")
}

func TestLookup(t *testing.T) {
	w := newLoadWorld(t)
	if err := os.WriteFile(filepath.Join(w.dir, "campaigns.csv"), []byte("id;medium;start\n1;email;2026-07-02\n2;sms;2026-07-03\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.file("messages", "sends.csv", "customer_id,campaign\nc1,1\nc2,2\nc3,9\n", func(f *ingest.File) {
		f.Lookup = []ingest.Lookup{{Path: "campaigns.csv", On: map[string]string{"campaign": "id"}}}
		f.Columns = map[string]string{"campaign_id": "campaign", "channel": "medium", "sent_at": "start"}
	})
	db, _ := w.mustLoad()
	equal(t, "messages", query(t, db, "select customer_id, campaign_id, channel, sent_at from core.messages join core.customers using (ck) order by all"),
		"c1|1|email|2026-07-01 21:00:00\nc2|2|sms|2026-07-02 21:00:00")
	equal(t, "rejects", query(t, db, "select line, column_name, reason from audit.rejects"), "4|medium|empty: channel is required")
}

// Every class of bad input of the contract, with what the user is told.
func TestBadInput(t *testing.T) {
	head := "customer_id,name,occurred_at\n"
	good := head + "c1,order,2026-07-01\n"
	for _, c := range []struct {
		name, path, content string
		more                func(*loadWorld, *ingest.File)
		err                 string // in the error, or
		rejects             string // line|column|reason
		loaded              int64
	}{
		{name: "missing file", path: "-", err: "sources.events[0].path: %DIR%/-: no such file"},
		{name: "empty folder", path: "sub/*.csv", err: "no file matches: the folder %DIR%/sub is empty"},
		{name: "directory", path: "sub", err: "an empty folder, not a file"},
		{name: "no match", path: "*.tsv", err: "*.tsv: no file in %DIR% matches"},
		{name: "empty file", path: "e.csv", content: ""},
		{name: "header only", path: "e.csv", content: head},
		{name: "header only without line end", path: "e.csv", content: strings.TrimSpace(head)},
		{name: "binary", path: "e.csv", content: strings.Repeat("\x00\x01\x02\x03\x80", 100), err: "a binary file, not a table"},
		{name: "excel", path: "e.csv", content: "PK\x03\x04rest", err: "a zip archive or an Excel workbook: save it as CSV"},
		{name: "endless line", path: "e.csv", content: head[:20] + strings.Repeat("x", 6<<20), err: "no line end in the first 4 MiB"},
		{name: "not parquet", path: "e.parquet", content: good, err: "named .parquet, but it is no Parquet file"},
		{name: "damaged parquet", path: "e.parquet", content: "PAR1 and nothing", err: "cannot be read"},
		{name: "damaged gzip", path: "e.csv.gz", content: "\x1f\x8b\x08\x00rubbish and more rubbish", err: "damaged"},
		{name: "json array", path: "e.json", content: `[{"a":1}]`, err: "a JSON array: one object per line is read"},
		{name: "lacks column", path: "e.csv", content: "customer_id,name\nc1,x\n", err: "sources.events[0].columns: e.csv lacks the required occurred_at: map it under columns (there are customer_id, name)"},
		{name: "headless", path: "e.csv", content: "c1,order,2026-07-01\n", err: "the first line looks like data"},
		{name: "wrong mapping", path: "e.csv", content: good, more: func(_ *loadWorld, f *ingest.File) { f.Columns = map[string]string{"name": "nmae"} },
			err: `sources.events[0].columns.name: e.csv has no column "nmae" (did you mean name?): there are customer_id, name, occurred_at`},
		{name: "unknown column", path: "e.csv", content: good, more: func(_ *loadWorld, f *ingest.File) { f.Columns = map[string]string{"custmer_id": "customer_id"} },
			err: "sources.events[0].columns.custmer_id: unknown column of events (did you mean customer_id?)"},
		{name: "unknown input", path: "e.csv", content: good, more: func(w *loadWorld, _ *ingest.File) { w.spec.Inputs["evnts"] = nil }, err: "sources.evnts: unknown input (did you mean events?)"},
		{name: "field count", path: "e.csv", content: good + "c2,order\nc3,order,2026-07-02,x\nc4,order,2026-07-03\n", loaded: 2,
			rejects: "3||the row has 2 fields, the header has 3\n4||the row has 4 fields, the header has 3"},
		{name: "lost quote", path: "e.csv", content: good + "\"c2,order,2026-07-02\nc3,order,2026-07-03\nc4,\"order\",2026-07-04\nc5,order,2026-07-05\n", loaded: 4, rejects: "3||text after a closing quote"},
		{name: "quote never closed", path: "e.csv", content: good + "c2,\"order,2026-07-02\nc3,order,2026-07-03\n", loaded: 2, rejects: "3||a quote is opened and never closed"},
		{name: "nul", path: "e.csv", content: good + "c2,or\x00der,2026-07-02\n", loaded: 1, rejects: "3||a NUL byte in the row"},
		{name: "broken encoding", path: "e.csv", content: good + "c2,\xff\xfe,2026-07-02\nc3,Чай,2026-07-02\n", loaded: 2, rejects: "3||bytes that are no text in the file's encoding"},
		{name: "long record", path: "e.csv", content: good + "c2," + strings.Repeat("x", 1<<20) + ",2026-07-02\nc3,order,2026-07-03\n", loaded: 2, rejects: "3||the line is longer than 1048576 bytes"},
		{name: "bad time", path: "e.csv", content: good + "c2,order,yesterday\n", loaded: 1,
			rejects: `3|occurred_at|found "yesterday": allowed are ISO 8601, epoch seconds, milliseconds or microseconds, YYYYMMDD; other formats need time_format`},
		{name: "absurd time", path: "e.csv", content: good + "c2,order,0001-01-01\nc3,order,2999-01-01\n", loaded: 1,
			rejects: "3|occurred_at|found \"0001-01-01\": allowed are times from 1990-01-01 to before 2100-01-01\n4|occurred_at|found \"2999-01-01\": allowed are times from 1990-01-01 to before 2100-01-01"},
		{name: "bad number", path: "e.csv", content: "customer_id,name,occurred_at,value\nc1,order,2026-07-01,12 rub\n", rejects: `2|value|found "12 rub": allowed are numbers such as 1234.56`},
		{name: "missing value", path: "e.csv", content: good + ",order,2026-07-01\nNULL,order,2026-07-01\n", loaded: 1, rejects: "3|customer_id|empty: customer_id is required\n4|customer_id|empty: customer_id is required"},
		{name: "ndjson broken line", path: "e.ndjson", content: "{\"customer_id\":\"c1\",\"name\":\"x\",\"occurred_at\":\"2026-07-01\"}\n{broken\n[1]\n\"x\"\n", loaded: 1,
			rejects: "2||not a JSON object: allowed is one JSON object per line\n3||not a JSON object: allowed is one JSON object per line\n4||not a JSON object: allowed is one JSON object per line"},
		{name: "ndjson nested", path: "e.ndjson", content: "{\"customer_id\":\"c1\",\"name\":{\"a\":1},\"occurred_at\":\"2026-07-01\"}\n{\"customer_id\":7,\"name\":\"[x]\",\"occurred_at\":1782900000.5}\n", loaded: 1,
			rejects: `1|name|found a nested value "{\"a\":1}": allowed is one value; map a part of it as name.key`},
		{name: "hostile names", path: "e.csv", content: "customer_id,name,occurred_at,\"value\"\"); drop table core.events; --\"\n\"c1'; drop table x; --\",<script>,2026-07-01,1\n", loaded: 1},
		{name: "too many rejects", path: "e.csv", content: good + "c2,order,never\n", more: func(w *loadWorld, _ *ingest.File) { w.spec.MaxRejectShare = 0.1 },
			err: `events: 1 of 2 rows rejected (50.00 %), allowed are 10.00 %; most in e.csv: line 3, column occurred_at: found "never"`},
		{name: "control total", path: "e.csv", content: good, more: func(w *loadWorld, _ *ingest.File) {
			w.spec.MaxRejectShare, w.spec.ControlTotals = 0.1, map[string]int64{"events": 5}
		}, err: "events: the control total is 5, the files hold 1 (difference -4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newLoadWorld(t)
			if err := os.Mkdir(filepath.Join(w.dir, "sub"), 0o755); err != nil {
				t.Fatal(err)
			}
			f := ingest.File{Path: c.path}
			if c.path == "e.csv" || strings.HasPrefix(c.path, "e.") {
				if err := os.WriteFile(filepath.Join(w.dir, c.path), []byte(c.content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if c.more != nil {
				c.more(w, &f)
			}
			w.spec.Inputs["events"] = []ingest.File{f}
			db, report, err := w.load()
			if c.err != "" {
				want := strings.ReplaceAll(c.err, "%DIR%", w.dir)
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("error %v, want %q in it", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "rejects", query(t, db, "select line, column_name, reason from audit.rejects order by line"), c.rejects)
			if s := report.Sources[0]; s.Loaded != c.loaded || s.Read != s.Loaded+s.Rejected {
				t.Errorf("loaded %d of %d, want %d", s.Loaded, s.Read, c.loaded)
			}
		})
	}
}

func TestNoPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	w := newLoadWorld(t)
	w.file("events", "e.csv", "customer_id\n")
	if err := os.Chmod(filepath.Join(w.dir, "e.csv"), 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.load(); err == nil || !strings.Contains(err.Error(), "no permission to read it") {
		t.Fatalf("error %v", err)
	}
}

func TestLoadResumes(t *testing.T) {
	w := newLoadWorld(t)
	w.file("events", "e.csv", "customer_id,name,occurred_at\nc1,order,2026-07-01\n")
	db, first := w.mustLoad()
	again, err := db.Load(context.Background(), w.spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "report", fmt.Sprint(again.Sources), fmt.Sprint(first.Sources))
	steps := query(t, db, "select step from audit.steps order by all")
	if !strings.Contains(steps, "load:events") {
		t.Errorf("steps: %s", steps)
	}
	w.spec.Inputs["events"] = nil
	w.file("events", "f.csv", "customer_id,name,occurred_at\nc2,order,2026-07-01\nc3,order,2026-07-01\n")
	third, err := db.Load(context.Background(), w.spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "report", fmt.Sprint(len(third.Sources), third.Sources[0].Loaded), "1 2")
}

// The words for a missing value are missing values in text files, and in optional typed columns a few more.
func TestMissingWords(t *testing.T) {
	w := newLoadWorld(t)
	w.file("events", "e.csv", "customer_id,name,occurred_at,value,category,received_at\nc1,a,2026-07-01,NaN,NULL,0000-00-00\nc2,a,2026-07-01, 5 ,\\N,None\nc3,a,2026-07-01,,\" \",\nc4,a,NaT,,,\n")
	w.file("order_items", "i.ndjson", "{\"order_id\":\"o1\",\"product_id\":\"p\",\"customer_id\":null,\"quantity\":\"None\",\"price\":1.5,\"category\":\"\"}\n")
	db, _ := w.mustLoad()
	equal(t, "events", query(t, db, "select customer_id, value_minor, category, received_at from core.events join (select ck, customer_id from core.customers) using (ck) order by 1"), "c1|-|-|-\nc2|500|-|-\nc3|-|-|-")
	equal(t, "items", query(t, db, "select ck, category, quantity, amount_minor from core.order_items"), "-|-|-|150")
	equal(t, "rejects", query(t, db, "select line, reason from audit.rejects"), `5|found "NaT": allowed are ISO 8601, epoch seconds, milliseconds or microseconds, YYYYMMDD; other formats need time_format`)
}

func TestGuessParquet(t *testing.T) {
	gen := open(t, Options{})
	path := filepath.Join(t.TempDir(), "sends.parquet")
	if _, err := gen.pool.Exec("copy (select 'u1' as user_id, 'email' as medium, TIMESTAMPTZ '2026-07-01 10:00:00+00' as sent, {'a': 1} as extra) to '" + path + "' (format parquet)"); err != nil {
		t.Fatal(err)
	}
	g, err := ingest.Guess(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "guess", fmt.Sprint(g.Input, " ", g.Columns, g.Missing, g.Samples["medium"]), "messages map[channel:medium customer_id:user_id sent_at:sent] [] [email]")
}

// A load that is cut off at any step goes on from there and ends like one that was not.
func TestLoadCutOff(t *testing.T) {
	fresh := func() *loadWorld {
		w := newLoadWorld(t)
		w.file("events", "e.csv", "customer_id,name,occurred_at,value\nc1,order,2026-07-01,5\nc1,order,2026-07-01,5\nc2,order,never,\n")
		w.file("messages", "m.csv", "customer_id,channel,sent_at\nc1,email,2026-07-01\nc3,sms,2026-12-01\n")
		w.file("message_events", "f.csv", "customer_id,event_type,occurred_at,channel\nc1,opened,2026-07-02,email\n")
		return w
	}
	state := func(db *DB) string {
		return query(t, db, "select * exclude (dialect) from audit.sources order by all") + "\n" + query(t, db, "select * from audit.rejects order by all") + "\n" +
			query(t, db, "select ck, first_seen_day from core.customers order by all") + "\n" + query(t, db, "select * from core.messages order by all") + "\n" + query(t, db, "select * from core.orders order by all")
	}
	whole, _ := fresh().mustLoad()
	want := state(whole)
	for _, stop := range []string{"load customer ids", "load customers", "load messages", "load message_events", "load events", "load tasks", "load core"} {
		w := fresh()
		path := filepath.Join(t.TempDir(), "x.duckdb")
		db := open(t, Options{Path: path})
		ctx, cancel := context.WithCancel(context.Background())
		_, err := db.Load(ctx, w.spec, func(step string, _, _ int64) {
			if step == stop {
				cancel()
			}
		})
		cancel()
		if err == nil {
			t.Fatalf("stopped at %s: no error", stop)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = open(t, Options{Path: path})
		if _, err := db.Load(context.Background(), w.spec, nil); err != nil {
			t.Fatalf("stopped at %s: %v", stop, err)
		}
		equal(t, "stopped at "+stop, state(db), want)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
