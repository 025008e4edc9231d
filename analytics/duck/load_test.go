package duck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics/ingest"
)

// loadWorld is a spec on files in a temporary directory.
type loadWorld struct {
	t    testing.TB
	dir  string
	spec ingest.Spec
}

func newLoadWorld(t testing.TB) *loadWorld {
	t.Helper()
	dir := t.TempDir()
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	return &loadWorld{t: t, dir: dir, spec: ingest.Spec{
		Inputs: map[string][]ingest.File{}, From: time.Date(2026, 7, 1, 0, 0, 0, 0, zone), To: time.Date(2026, 10, 1, 0, 0, 0, 0, zone), Zone: zone,
		Grain: "week", Currency: "RUB", OrderEvents: []string{"order"}, MaxRejectShare: 1, BaseDir: dir, TempDir: t.TempDir(),
	}}
}

// file writes a file and adds it to an input.
func (w *loadWorld) file(input, name, content string, more ...func(*ingest.File)) *loadWorld {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o644); err != nil {
		w.t.Fatal(err)
	}
	return w.entry(input, name, more...)
}

func (w *loadWorld) entry(input, name string, more ...func(*ingest.File)) *loadWorld {
	f := ingest.File{Path: name}
	for _, m := range more {
		m(&f)
	}
	w.spec.Inputs[input] = append(w.spec.Inputs[input], f)
	return w
}

func (w *loadWorld) load() (*DB, ingest.Report, error) {
	w.t.Helper()
	db := open(w.t, Options{})
	report, err := db.Load(context.Background(), w.spec, nil)
	return db, report, err
}

func (w *loadWorld) mustLoad() (*DB, ingest.Report) {
	w.t.Helper()
	db, report, err := w.load()
	if err != nil {
		w.t.Fatal(err)
	}
	return db, report
}

// query returns rows as text: values separated by |, rows by newlines, NULL as -.
func query(t testing.TB, db *DB, text string) string {
	t.Helper()
	rows, err := db.pool.Query("select * from (" + text + ")")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values, into := make([]any, len(cols)), make([]any, len(cols))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		parts := make([]string, len(cols))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
				parts[i] = "-"
			case time.Time:
				parts[i] = v.Format("2006-01-02 15:04:05")
			default:
				parts[i] = fmt.Sprint(v)
			}
		}
		out = append(out, strings.Join(parts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

func equal(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot\n%s\nwant\n%s", what, got, want)
	}
}

func TestLoadWhole(t *testing.T) {
	w := newLoadWorld(t)
	w.file("customers", "customers.csv", "customer_id,created_at,updated_at,name,city,age,vip\nc2,2026-06-01,2026-06-02,Анна,Москва,31,true\nc1,2026-05-01,,Борис,,40,false\nold,2026-01-05,2026-01-06,Стар,Тверь,50,false\n")
	w.file("identities", "ids.csv", "alias_id,customer_id\nold,mid\nmid,c1\n")
	w.file("messages", "messages.csv", "message_id,customer_id,channel,scenario_id,sent_at,opened_at,batch\nm1,c1,email,welcome,2026-07-06T21:30:00Z,,b1\nm2,old,mail,welcome,2026-07-07 10:00:00+03:00,1783420000,b2\nm2,old,mail,welcome,2026-07-07 10:00:00+03:00,1783420000,b2\nm3,c3,sms,,2026-11-01 00:00:00,,\nm4,,sms,,2026-07-01 00:00:00,,\n",
		func(f *ingest.File) { f.Values = map[string]map[string]string{"channel": {"mail": "email"}} })
	w.file("events", "events.csv", "customer_id;name;occurred_at;value;order_id;product_id\r\nc1;order;2026-07-08 12:00:00;1 234,50;o1;p1\r\nc1;order;2026-07-08 12:00:00;10,5;o1;p2\r\nc2;session;2026-07-09;;;\r\nc2;order;2026-07-10 01:00:00;5;;\r\nc9;order;2026-07-99;5;;\r\n")
	w.file("order_items", "items.csv", "order_id,product_id,customer_id,occurred_at,quantity,price\no1,p1,,,2,600\no7,p9,c2,2026-08-01,3,1.5\n")
	w.file("message_events", "facts.csv", "customer_id,event_type,occurred_at,message_id,channel,scenario_id\nc1,opened,2026-07-07 00:00:00,m1,,\nc1,clicked,2026-07-07 01:00:00,,email,welcome\nc1,unsubscribed,2026-07-20 01:00:00,,email,welcome\nc2,sent,2026-07-11 08:00:00,x1,push,\nc2,opened,2026-07-11 09:00:00,x1,,\n")
	w.file("enrolments", "enrol.csv", "customer_id,scenario_id,entered_at,exited_at\nc5,welcome,2026-07-02,9999-12-31\n")
	w.file("segment_memberships", "seg.csv", "segment_id,customer_id,valid_from,valid_to\nvip,c1,2026-07-01,\n")
	db, report := w.mustLoad()
	equal(t, "sources", query(t, db, "select * exclude (dialect) from audit.sources order by all"), `customers|customers.csv|3|2|0|1|0|0
enrolments|enrol.csv|1|1|0|0|0|0
events|events.csv|5|4|1|0|0|0
identities|ids.csv|2|2|0|0|0|0
message_events|facts.csv|5|5|0|0|0|0
messages|messages.csv|5|2|1|1|1|0
order_items|items.csv|2|2|0|0|0|0
segment_memberships|seg.csv|1|1|0|0|0|0`)
	equal(t, "rejects", query(t, db, "select path, line, column_name, reason, raw from audit.rejects order by all"),
		`events.csv|6|occurred_at|found "2026-07-99": allowed are ISO 8601, epoch seconds, milliseconds or microseconds, YYYYMMDD; other formats need time_format|c9;order;2026-07-99;5;;
messages.csv|6|customer_id|empty: customer_id is required|m4,,sms,,2026-07-01 00:00:00,,`)
	equal(t, "customers", query(t, db, "select customer_id, first_seen_day - 20500, created_day - 20500, name, attr_city, attr_age, attr_vip from core.customers order by ck"),
		"c1|-42|-42|Стар|Тверь|50|false\nc2|105|105|Анна|Москва|31|true\nc5|136|-|-|-|-|-")
	equal(t, "messages", query(t, db, "select customer_id, message_id, channel, scenario_id, sent_at, sent_day - 20500, opened_at, opens, clicks, x_batch from core.messages join core.customers using (ck) order by message_id"),
		`c1|m1|email|welcome|2026-07-06 21:30:00|141|2026-07-07 00:00:00|1|1|b1
c1|m2|email|welcome|2026-07-07 07:00:00|141|2026-07-07 10:26:40|-|-|b2
c2|x1|push|-|2026-07-11 08:00:00|145|2026-07-11 09:00:00|1|-|-`)
	equal(t, "facts", query(t, db, "select event_type, e.message_id, m.message_id, attribution from core.message_events e left join core.messages m using (mk) order by occurred_at"),
		"opened|m1|m1|message_id\nclicked|-|m1|latest_send\nsent|x1|x1|message_id\nopened|x1|x1|message_id\nunsubscribed|-|-|none")
	equal(t, "orders", query(t, db, "select customer_id, order_id, occurred_at, revenue_minor from core.orders join core.customers using (ck) order by all"),
		"c1|o1|2026-07-08 12:00:00|124500\nc2|2@2026-07-10T01:00:00.000000#1|2026-07-10 01:00:00|500\nc2|o7|2026-07-31 21:00:00|450")
	if len(report.Sources) != 8 {
		t.Errorf("report has %d sources, want 8", len(report.Sources))
	}
	equal(t, "periods", query(t, db, "select count(*), min(period_start), max(end_day - start_day), count(*) filter (where not complete) from core.periods"), "14|2026-06-29 00:00:00|7|2")
	equal(t, "calendar", query(t, db, "select date, period, week_start_day - day, month_start_day - day, weekday from core.calendar where date in ('2026-07-01', '2026-07-05')"), "2026-07-01 00:00:00|1|-2|0|3\n2026-07-05 00:00:00|1|-6|-4|7")
	equal(t, "history", query(t, db, "select first_day - 20500, last_day - 20500 from core.history"), "136|166")
	equal(t, "attributes", query(t, db, "select count(*) from core.customer_attributes where attributes.attr_age > 35"), "1")
}
