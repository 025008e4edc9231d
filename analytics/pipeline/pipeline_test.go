package pipeline

import (
	"testing"
)

func TestChecksHaveNorms(t *testing.T) {
	for _, name := range healthChecks() {
		if _, ok := Norms()[name]; !ok {
			t.Errorf("%s makes a finding and has no norm", name)
		}
	}
}
