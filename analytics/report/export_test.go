package report

import (
	"context"
	"io"
	"testing"

	"crmaudit/analytics"
)

// Golden is golden for the tests that look from outside.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	golden(t, name, got)
}

// The escapes of the exports, for the tests that look from outside.
var (
	JiraText = jiraText
	Clipped  = clipped
	OneLine  = oneLine
)

// WriteUnpacked is Write with both languages and the data of the charts readable in the markup.
func WriteUnpacked(ctx context.Context, w io.Writer, src analytics.Source, opt Options) error {
	return writePage(ctx, w, src, opt, true)
}
