package main

import (
	"os/exec"
	"strings"
	"testing"
)

// Who may import whom (DESIGN: architecture.md). A package not named here is a block: analytics and suffstat only.
func allowedImports(pkg string) []string {
	switch pkg {
	case "crmaudit/cmd/crmaudit":
		return nil // everything
	case "crmaudit/analytics/duck":
		return []string{"crmaudit/analytics", "crmaudit/analytics/suffstat", "crmaudit/analytics/ingest", "crmaudit/queries"}
	case "crmaudit/analytics":
		return []string{"crmaudit/analytics/suffstat"}
	case "crmaudit/analytics/suffstat", "crmaudit/queries":
		return []string{}
	}
	return []string{"crmaudit/analytics", "crmaudit/analytics/suffstat"}
}

const engineModule = "github.com/duckdb/"

// TestImportRule holds the architecture on what `go list -deps` really says: blocks know neither each other nor the engine nor the SQL.
func TestImportRule(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}: {{join .Deps \" \"}}", "crmaudit/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 5 {
		t.Fatalf("only %d packages", len(lines))
	}
	for _, line := range lines {
		pkg, deps, _ := strings.Cut(line, ": ")
		for _, mistake := range importMistakes(pkg, strings.Fields(deps)) {
			t.Error(mistake)
		}
	}
}

func importMistakes(pkg string, deps []string) []string {
	allowed := allowedImports(pkg)
	if allowed == nil || strings.HasSuffix(pkg, "/analyticstest") { // helpers of tests belong to no build
		return nil
	}
	var mistakes []string
	for _, dep := range deps {
		ok := !strings.HasPrefix(dep, "crmaudit/")
		for _, a := range allowed {
			ok = ok || dep == a
		}
		if strings.HasPrefix(dep, engineModule) && pkg != "crmaudit/analytics/duck" {
			ok = false
		}
		if !ok {
			mistakes = append(mistakes, pkg+" must not import "+dep)
		}
	}
	return mistakes
}

func TestImportRuleCatches(t *testing.T) {
	for _, c := range []struct{ pkg, dep string }{
		{"crmaudit/lifecycle", "crmaudit/scenarios"},
		{"crmaudit/lifecycle", "crmaudit/queries"},
		{"crmaudit/segments", "crmaudit/analytics/duck"},
		{"crmaudit/analytics/report", "github.com/duckdb/duckdb-go/v2"},
		{"crmaudit/analytics/suffstat", "crmaudit/analytics"},
		{"crmaudit/queries", "crmaudit/analytics"},
	} {
		if len(importMistakes(c.pkg, []string{c.dep})) != 1 {
			t.Errorf("%s importing %s is not caught", c.pkg, c.dep)
		}
	}
	if m := importMistakes("crmaudit/lifecycle", []string{"crmaudit/analytics", "fmt"}); len(m) != 0 {
		t.Error(m)
	}
}
