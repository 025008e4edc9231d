package duck

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// The allocator prints its settings when it is asked to; without the variable of allocator.c it would keep freed memory for one second.
func TestAllocatorSetting(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("DuckDB has this allocator on Linux only")
	}
	child := exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), "DUCKDB_JE_MALLOC_CONF=confirm_conf:true")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var last string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "dirty_decay_ms:") && strings.Contains(line, "Set conf value") {
			last = strings.TrimSpace(line)
		}
	}
	if !strings.HasSuffix(last, "dirty_decay_ms:10000") {
		t.Fatalf("the last setting is %q, not 10000; the allocator says:\n%s", last, out)
	}
}
