package analytics

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"recency_days", "orders_total", "check", "run", "sql"}
	for word, want := range map[string]string{
		"recencydays": "recency_days", "order_total": "orders_total", "chekc": "check", "rum": "run", "lqs": "", "elephant": "", "": "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
