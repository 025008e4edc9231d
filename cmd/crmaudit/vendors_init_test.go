package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// init recognises every vendor from the folder alone, and check accepts what it writes.
func TestVendorInit(t *testing.T) {
	t.Parallel()
	for _, name := range vendorNames(t) {
		if name == "generic" {
			continue // nobody's export: init guesses, the profile is for those who ask for it
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "exports"), os.DirFS(filepath.Join(vendorFolder, name))); err != nil {
				t.Fatal(err)
			}
			for _, ours := range []string{"audit.yaml", "expected.txt"} {
				if err := os.Remove(filepath.Join(dir, "exports", ours)); err != nil {
					t.Fatal(err)
				}
			}
			out := filepath.Join(dir, "audit.yaml")
			said := mustCLI(t, "init", "-q", filepath.Join(dir, "exports"), "--out", out)
			text := readFile(t, dir, "audit.yaml")
			if !strings.Contains(text, "profile: "+name) {
				t.Fatalf("the profile is not named in\n%s\ninit said\n%s", text, said)
			}
			// init has loaded the files as audit.yaml says, and tells what check would. One vendor for all is checked after it.
			if _, err := loadConfig(out); err != nil || strings.Contains(said, "Before it works") {
				t.Errorf("%v; init said\n%s", err, said)
			}
			if name != "mautic" {
				return
			}
			if stdout, stderr, code := cli(t, "check", "-q", "-c", out); code != 0 {
				t.Errorf("check: exit %d\n%s%s\naudit.yaml:\n%s", code, stdout, stderr, text)
			}
		})
	}
}
