package report_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/report"
)

func write(t testing.TB, src analytics.Source, opt report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(context.Background(), &b, src, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWholePage(t *testing.T) {
	page := write(t, defaultWorld().source(t), report.Options{})
	if path := os.Getenv("REPORT_OUT"); path != "" {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(page) > 2<<20 {
		t.Errorf("the page has %d bytes, more than 2 MB", len(page))
	}
	_ = strings.Contains
}
