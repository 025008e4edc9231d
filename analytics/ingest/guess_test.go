package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestGuess(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"sends.csv", "id;user;medium;flow;sent;first_open\n1;u1;email;welcome;01.07.2026 10:00:00;\n2;u2;sms;welcome;13.07.2026 10:00:00;14.07.2026 10:00:00\n",
			"messages map[channel:medium customer_id:user message_id:id opened_at:first_open scenario_id:flow sent_at:sent] map[] %d.%m.%Y %H:%M:%S"},
		{"Рассылки.csv", "Клиент;Канал;Дата отправки;Открыто\n1;email;2026-07-01;\n", "messages map[channel:Канал customer_id:Клиент opened_at:Открыто sent_at:Дата отправки] map[] "},
		{"orders.csv", "household_id,basket_id,sales_value,transaction_timestamp\n900,31198570044,1.5,2017-01-01 11:53:26\n", "events map[customer_id:household_id occurred_at:transaction_timestamp order_id:basket_id value:sales_value] map[name:order] "},
		{"ecom.csv", "user_id,event,timestamp\nu1,catalog,2022-11-10 08:45:02\n", "events map[customer_id:user_id name:event occurred_at:timestamp] map[] "},
		{"people.ndjson", `{"user_id":"u1","email":"a@b.c","signup_date":"2026-01-01","first":{"x":1}}` + "\n", "customers map[created_at:signup_date customer_id:user_id] map[] "},
		{"users.csv", "id,email,created\n1,a@b.c,2026-01-01\n", "customers map[created_at:created customer_id:id] map[] "},
		{"x.csv", "alias_id,customer_id\na,b\n", "identities map[] map[] "},
		{"facts.csv", "contact_id,metric,timestamp,delivery_id\nc,emailOpen,1783420000,d1\n", "message_events map[customer_id:contact_id event_type:metric message_id:delivery_id occurred_at:timestamp] map[] "},
		{"strange.csv", "a,b\n1,2\n", " map[] map[] "},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.name)
			if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
			g, err := Guess(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%s %v %v %s", g.Input, g.Columns, g.Constants, g.TimeFormat); got != c.want {
				t.Errorf("got  %s\nwant %s (confidence %.2f, missing %v)", got, c.want, g.Confidence, g.Missing)
			}
			if g.Input == "message_events" && g.Values["event_type"]["emailOpen"] != "opened" {
				t.Errorf("values %v", g.Values)
			}
		})
	}
}

func TestGuessHeadless(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.txt")
	if err := os.WriteFile(path, []byte(" 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	g, err := Guess(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Header) != 4 || !g.Dialect.Whitespace || len(g.Notes) == 0 {
		t.Errorf("header %v, dialect %s, notes %v", g.Header, g.Dialect, g.Notes)
	}
}
