package queries

import "testing"

func TestCatalog(t *testing.T) {
	models, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		for _, p := range Lint(m) {
			t.Error(p)
		}
	}
}
