package analytics

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestExitCode(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{io.EOF, 1},
		{Enginef("open: %w", io.EOF), 1},
		{fmt.Errorf("run: %w", Usagef("unknown key %q", "x")), 2},
		{fmt.Errorf("load: %w", Dataf("12 of 100 rows rejected")), 3},
		{errors.Join(Dataf("a"), Usagef("b")), 2},
		{errors.Join(Enginef("a"), Dataf("b")), 3},
	} {
		if got := ExitCode(c.err); got != c.want {
			t.Errorf("ExitCode(%v) = %d, want %d", c.err, got, c.want)
		}
	}
	if !errors.Is(Enginef("open: %w", io.EOF), io.EOF) {
		t.Error("EngineError hides the error it wraps")
	}
}
