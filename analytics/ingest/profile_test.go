package ingest

import (
	"os"
	"strings"
	"testing"
)

// Every profile of the program is in order.
func TestProfilesAreStrict(t *testing.T) {
	if _, err := readProfiles(profileFiles); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile("profiles/klaviyo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []struct{ from, to, want string }{
		{"profile: klaviyo", "profil: klaviyo", "profil"},
		{"      message_events:", "      mesage_events:", "did you mean message_events"},
		{"event_id: id", "event_ids: id", "did you mean event_id"},
		{"{input: ", "{input: ", ""},
		{"Received Email: sent", "Received Email: send", "did you mean sent"},
		{"  - input: enrolments\n    ru:", "  - input: enrolments\n    en2:", "en2"},
		{"names: [flow, flows]", "names: [Flow.csv]", `write it as "flow"`},
	} {
		_, err := ParseProfile([]byte(strings.Replace(string(good), bad.from, bad.to, 1)))
		if bad.want == "" {
			if err != nil {
				t.Errorf("%s: %v", bad.from, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: got %v, want %q", bad.to, err, bad.want)
		}
	}
}

func TestFileStem(t *testing.T) {
	for name, want := range map[string]string{
		"event.csv": "event", "dir/Klaviyo_Event_2026-01.csv.gz": "klaviyo_event", "event_data.csv": "event", "_Sent.csv": "sent", "users.messages.email.Send.parquet": "users_messages_email_send",
		"USERS_MESSAGES_EMAIL_SEND_SHARED.parquet": "users_messages_email_send", "computed_property_assignments_v2.csv": "computed_property_assignments_v2", "part-0001.csv": "part", "braze/event_type=users.messages.email.Open/date=2026-07-06/1+00035.json": "users_messages_email_open", "email_event_sent_data_postgres.csv": "email_event_sent",
	} {
		if got := fileStem(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
