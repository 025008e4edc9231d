package analyticstest

import (
	"context"
	"strings"
	"testing"
)

const typed = `
# a comment
a:int64, b:float64, c:string, d:bool, e:date
1, 0.5, x, true, 2026-07-06
, , '', , 
`

func TestTables(t *testing.T) {
	src := Tables(t, map[string]string{"s.t": typed})
	f, err := src.Fetch(context.Background(), "s.t")
	if err != nil {
		t.Fatal(err)
	}
	if f.Len() != 2 || f.Int64("a")[0] != 1 || f.Float64("b")[0] != 0.5 || !f.Bool("d")[0] || f.String("e")[0] != "2026-07-06" {
		t.Errorf("wrong values: %s", CSV(f))
	}
	if f.Valid("a")[1] || !f.Valid("c")[1] || f.Valid("e")[1] {
		t.Errorf("NULL and the empty text are mixed up: %s", CSV(f))
	}
	if got, want := CSV(f, "a", "c"), "a,c\n1,x\n,''\n"; got != want {
		t.Errorf("CSV = %q, want %q", got, want)
	}
	if _, err := src.Fetch(context.Background(), "s.u"); err == nil {
		t.Error("a table that is not given was fetched")
	}
	for text, want := range map[string]string{
		"":              "no header",
		"a:int\n1\n":    `type "int"`,
		"a:int64\nx\n":  "row 1, column a",
		"a:bool\n2\n":   "row 1, column a",
		"a:int64\n1,2":  "wrong number of fields",
		"a:float64\nx,": "wrong number of fields",
	} {
		if _, err := Frame("s.t", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Frame(%q) = %v, want %q", text, err, want)
		}
	}
}
