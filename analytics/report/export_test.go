package report

import "testing"

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
