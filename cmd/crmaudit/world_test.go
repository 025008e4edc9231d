package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// smallWorld is a hand-sized company for the tests of the command line: some hundred rows of customers, orders and messages, enough for
// every step of a run and small enough for dozens of runs. Rows per file: header first.
func smallWorld() map[string][]string {
	rng := rand.New(rand.NewPCG(7, 7))
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	files := map[string][]string{
		"customers.csv": {"customer_id,created_at,city"},
		"events.csv":    {"event_id,customer_id,name,occurred_at,value"},
		"messages.csv":  {"message_id,customer_id,channel,scenario_id,sent_at,opened_at"},
	}
	add := func(file, format string, args ...any) {
		files[file] = append(files[file], fmt.Sprintf(format, args...))
	}
	stamp := func(t time.Time) string { return t.Format("2006-01-02T15:04:05Z") }
	for i := range 150 {
		id := fmt.Sprintf("c%03d", i)
		day := rng.IntN(90)
		add("customers.csv", "%s,%s,%s", id, stamp(start.AddDate(0, 0, day)), []string{"Москва", "Алматы", "Kazan"}[rng.IntN(3)])
		gap := 6 + rng.IntN(40)
		for k := 0; day < 170 && k < 12; k++ {
			at := start.AddDate(0, 0, day).Add(time.Duration(rng.IntN(86400)) * time.Second)
			add("events.csv", "e%s-%d,%s,order,%s,%d.50", id, k, id, stamp(at), 300+rng.IntN(2000))
			sent := at.Add(48 * time.Hour)
			opened := ""
			if rng.IntN(3) == 0 {
				opened = stamp(sent.Add(time.Hour))
			}
			add("messages.csv", "m%s-%d,%s,email,%s,%s,%s", id, k, id, []string{"welcome", "digest"}[min(k, 1)], stamp(sent), opened)
			if rng.IntN(5) == 0 {
				break // lost
			}
			day += gap + rng.IntN(gap)
		}
	}
	return files
}

const smallWorldConfig = `version: 1
name: small world
period: {from: 2026-01-05, to: 2026-07-06}
grain: week
timezone: Europe/Moscow
currency: RUB
engine: {memory_limit: 1GB, threads: 1}
money: {margin: 0.4}
sources:
  customers: [{path: customers*.csv}]
  events: [{path: events*.csv}]
  messages: [{path: messages*.csv}]
lifecycle: {history_complete: true}
`

// writeWorld writes files and audit.yaml into dir and returns the path of audit.yaml.
func writeWorld(t testing.TB, dir string, files map[string][]string, config string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"audit.yaml": config}
	for name, rows := range files {
		texts[name] = strings.Join(rows, "\n") + "\n"
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "audit.yaml")
}

func readFile(t testing.TB, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
