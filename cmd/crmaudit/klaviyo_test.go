package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// asKlaviyo writes the data of `crmaudit simulate` as a folder of Klaviyo's CSV files (the columns of its connector): as-klaviyo SIMULATED FOLDER. Klaviyo has one table of events for
// sends, responses, orders and visits, no enrolments and no deliveries; expected.csv tells what must come out of it. A messenger is no channel of its, so those messages come as facts that the profile does not know.
func asKlaviyo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: as-klaviyo SIMULATED FOLDER")
	}
	from, to := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(to, 0o777))
	read := func(name string) []map[string]string {
		f, err := os.Open(filepath.Join(from, name))
		ts.Check(err)
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		ts.Check(err)
		out := make([]map[string]string, 0, len(rows))
		for _, row := range rows[1:] {
			m := map[string]string{}
			for i, name := range rows[0] {
				m[name] = row[i]
			}
			out = append(out, m)
		}
		return out
	}
	write := func(name string, columns []string, rows []map[string]string) {
		f, err := os.Create(filepath.Join(to, name))
		ts.Check(err)
		w := csv.NewWriter(f)
		ts.Check(w.Write(columns))
		for _, row := range rows {
			line := make([]string, len(columns))
			for i, c := range columns {
				line[i] = row[c]
			}
			ts.Check(w.Write(line))
		}
		w.Flush()
		ts.Check(w.Error())
		ts.Check(f.Close())
	}

	var people []map[string]string
	for _, c := range read("customers.csv") {
		people = append(people, map[string]string{"id": c["customer_id"], "created": c["created_at"], "updated": c["updated_at"], "first_name": c["name"], "timezone": c["timezone"],
			"phone_number": c["phone"], "email": c["email"], "city": c["city"], "custom_source": c["source"], "_fivetran_deleted": "FALSE"})
	}
	write("person.csv", []string{"id", "updated", "created", "_fivetran_deleted", "first_name", "timezone", "phone_number", "city", "email", "custom_source"}, people)

	var events []map[string]string
	add := func(person, kind, at string, more map[string]string) {
		e := map[string]string{"id": "e" + strconv.Itoa(len(events)), "person_id": person, "type": kind, "datetime": at + ".000", "timestamp": at + ".000", "_fivetran_deleted": "FALSE"}
		for k, v := range more {
			e[k] = v
		}
		events = append(events, e)
	}
	flows, counts := map[string]bool{}, map[string]*[3]int{"email": {}, "push": {}, "sms": {}}
	for _, m := range read("messages.csv") {
		if m["sent_at"] == "" {
			continue // Klaviyo does not export what it has not sent
		}
		words := map[string][]string{
			"email": {"Received Email", "Opened Email", "Clicked Email", "Bounced Email", "Unsubscribed", "Marked Email as Spam"},
			"sms":   {"Received SMS", "Opened SMS", "Clicked SMS", "Failed to Deliver SMS", "Unsubscribed from SMS", "Marked SMS as Spam"},
			"push":  {"Received Push", "Opened Push", "Clicked Push", "Bounced Push", "Unsubscribed from Push", "Marked Push as Spam"},
		}[m["channel"]]
		if words == nil {
			add(m["customer_id"], "Received "+m["channel"], m["sent_at"], nil)
			continue
		}
		of := map[string]string{"flow_id": m["scenario_id"], "flow_message_id": m["step_id"], "_variation": m["variant"]}
		if m["kind"] == "bulk" {
			of = map[string]string{"campaign_id": m["campaign_id"] + m["scenario_id"] + m["sent_at"][:10], "_variation": m["variant"]}
		} else {
			flows[m["scenario_id"]] = true
		}
		first := words[0]
		counts[m["channel"]][0]++
		if m["opened_at"] != "" && m["channel"] != "sms" {
			counts[m["channel"]][1]++
		}
		if m["bounced_at"] != "" {
			first = words[3]
			counts[m["channel"]][2]++
		}
		add(m["customer_id"], first, m["sent_at"], of)
		for i, at := range []string{m["opened_at"], m["clicked_at"], "", m["unsubscribed_at"], m["complained_at"]} {
			if at != "" {
				add(m["customer_id"], words[1+i], at, of)
			}
		}
	}
	names := map[string]string{"order": "Placed Order", "session": "Active on Site", "product_view": "Viewed Product", "cart_abandoned": "Checkout Started"}
	for _, e := range read("events.csv") {
		name := e["name"]
		if names[name] != "" {
			name = names[name]
		}
		add(e["customer_id"], name, e["occurred_at"], map[string]string{"property_value": e["value"], "property_event_id": e["order_id"]})
	}
	write("event.csv", []string{"id", "person_id", "campaign_id", "flow_id", "flow_message_id", "datetime", "timestamp", "_fivetran_deleted", "metric_id", "type", "_variation", "property_value", "property_event_id"}, events)

	var list []map[string]string
	for _, id := range sortedKeys(flows) {
		list = append(list, map[string]string{"id": id, "name": "Flow " + id, "status": "live", "trigger_type": "Metric", "archived": "false"})
	}
	expected := "channel,sent,opened,bounced\n"
	for _, channel := range sortedKeys(counts) {
		expected += fmt.Sprintf("%s,%d,%d,%d\n", channel, counts[channel][0], counts[channel][1], counts[channel][2])
	}
	ts.Check(os.WriteFile(ts.MkAbs("expected.csv"), []byte(expected), 0o666))
	write("flow.csv", []string{"id", "name", "status", "created", "updated", "archived", "trigger_type"}, list)
}
