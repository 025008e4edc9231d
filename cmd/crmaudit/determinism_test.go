package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// The order of rows, the number of files and the number of threads change nothing: hypotheses.json is the same byte for byte.
func TestSameInputSameHypotheses(t *testing.T) {
	t.Parallel()
	world := smallWorld()
	audited := func(t *testing.T, files map[string][]string, config string) string {
		dir := t.TempDir()
		mustCLI(t, "run", "-q", "-c", writeWorld(t, dir, files, config), "--out", filepath.Join(dir, "out"))
		return readFile(t, dir, "out", "hypotheses.json")
	}
	want := audited(t, world, smallWorldConfig)
	if strings.Count(want, `"hypothesis_id"`) < 2 {
		t.Fatalf("the world has too few hypotheses to compare:\n%s", want)
	}
	permuted, split := map[string][]string{}, map[string][]string{}
	rng := rand.New(rand.NewPCG(1, 2))
	for name, rows := range world {
		mixed := append([]string{}, rows...)
		rng.Shuffle(len(mixed)-1, func(i, j int) { mixed[i+1], mixed[j+1] = mixed[j+1], mixed[i+1] })
		permuted[name] = mixed
		for i, row := range mixed[1:] {
			part := fmt.Sprintf("%s-%d.csv", strings.TrimSuffix(name, ".csv"), i%3)
			if split[part] == nil {
				split[part] = mixed[:1:1]
			}
			split[part] = append(split[part], row)
		}
	}
	for _, c := range []struct {
		name   string
		files  map[string][]string
		config string
	}{
		{"again", world, smallWorldConfig},
		{"permuted rows", permuted, smallWorldConfig},
		{"split files", split, smallWorldConfig},
		{"two threads", permuted, strings.Replace(smallWorldConfig, "threads: 1", "threads: 2", 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := audited(t, c.files, c.config); got != want {
				t.Errorf("hypotheses.json differs from that of the first run:\n%s\nfirst:\n%s", got, want)
			}
		})
	}
	t.Run("the comparison sees a difference", func(t *testing.T) {
		t.Parallel()
		fewer := map[string][]string{}
		for name, rows := range world {
			fewer[name] = rows[:len(rows)/2]
		}
		if audited(t, fewer, smallWorldConfig) == want {
			t.Error("half of the rows give the same hypotheses: the test compares nothing")
		}
	})
}
