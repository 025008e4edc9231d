package metrics

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
)

var headers = map[string]string{
	"message_cells": "cell:int64,family:int64,channel:string,kind:string,scenario_id:string,sent:int64,channel_sent:int64,channel_stamped:int64,channel_opened:int64,channel_clicked:int64,window_seconds:int64,credited:bool," +
		"response_days:int64,measured:bool",
	"message_rates": "cell:int64,stage:string,bucket:int64,messages:int64,delivered:int64,bounced:int64,ripe:int64,opened:int64,fast_opened:int64,machine_opened:int64,clicked:int64,bot_clicked:int64,unsubscribed:int64," +
		"complained:int64,order_ripe:int64,ordered:int64,orders:int64,revenue_minor:int64,staged:int64,moved_up:int64,moved_down:int64",
	"message_reach":  "scope:string,cell:int64,stage:string,customers:int64,estimated:bool",
	"metric_periods": "period:int64,start_day:int64,family:int64,bucket:int64,messages:int64,delivered:int64,bounced:int64,ripe:int64,opened:int64,clicked:int64,unsubscribed:int64,complained:int64,order_ripe:int64,ordered:int64",
	"attribution":    "cell:int64,orders_half:int64,orders:int64,orders_double:int64,revenue_half:int64,revenue:int64,revenue_double:int64",
	"response_days":  "channel:string,response:string,days:int64,messages:int64",
}

// run fits the tables of a test; those without rows are empty. Nothing that it returns may be NaN.
func run(t testing.TB, rows map[string]string) (*Model, []analytics.Finding) {
	t.Helper()
	texts := map[string]string{}
	for name, header := range headers {
		texts["analytics.red_"+name] = header + "\n" + rows[name]
	}
	c, err := Load(context.Background(), analyticstest.Tables(t, texts))
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{FDR: .05, Level: .9, MinCustomers: 10, Days: 91, Currency: "RUB"}
	m := Fit(c, opt)
	for _, table := range m.Tables() {
		for i, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%s row %d: %d values for %d columns", table.Name, i, len(row), len(table.Columns))
			}
			for j, v := range row {
				if x, ok := v.(float64); ok && !analytics.Finite(x) {
					t.Errorf("%s row %d: %s is %v", table.Name, i, table.Columns[j], x)
				}
			}
		}
	}
	found := Findings(m, opt)
	for _, f := range found {
		for _, v := range f.Values {
			if v.Estimate != nil && !analytics.Finite(v.Estimate.Value) {
				t.Errorf("%s %s: %s is %v", f.Kind, f.Subject, v.Name, v.Estimate.Value)
			}
		}
	}
	return m, found
}

func (m *Model) rate(t *testing.T, scope, channel, kind, scenario, stage, metric string) Rate {
	t.Helper()
	for _, r := range m.Rates {
		if r.Scope == scope && r.Channel == channel && r.Kind == kind && r.Scenario == scenario && r.Stage == stage && r.Metric == metric {
			return r
		}
	}
	t.Fatalf("no rate %s %s %s %s %s %s", scope, channel, kind, scenario, stage, metric)
	return Rate{}
}

// TestLayers: two buckets, two scenarios of one kind, one of another, by hand.
func TestLayers(t *testing.T) {
	m, _ := run(t, map[string]string{
		"message_cells": `1,1,email,bulk,a,300,400,390,200,20,432000,true,1,true
2,1,email,bulk,,100,400,390,200,20,432000,true,1,true
3,3,email,transactional,r,50,400,390,200,20,432000,false,1,true
4,4,sms,trigger,b,10,10,0,0,0,172800,true,7,false`,
		"message_rates": `1,active,0,100,95,5,90,30,0,5,9,1,2,0,80,4,5,5000,60,3,2
1,active,1,100,90,10,90,24,0,5,9,0,0,0,80,4,4,4000,60,3,2
1,lost,1,100,100,0,90,6,0,0,0,0,0,0,80,0,0,0,0,0,0
2,active,0,100,80,0,80,0,0,0,0,0,0,0,0,0,0,0,0,0,0
3,active,0,50,50,0,50,20,20,30,2,0,0,0,40,0,0,0,50,10,0
4,unknown,0,10,10,0,10,0,0,0,0,0,0,0,10,0,0,0,0,0,0`,
		"message_reach": `channel,1,all,60,false
family,1,all,50,false
scenario,1,all,40,false
stage,1,active,30,false
family,4,all,5,false`,
		"attribution": `0,100,100,100,9000,9000,9000
1,8,10,20,800,1000,2000
2,1,1,1,100,100,100`,
	})
	all := m.rate(t, ScopeFamily, "email", "bulk", All, All, "open_rate")
	if all.Ratio.Num != 60 || all.Ratio.Den != 350 || all.Customers != 50 || math.Abs(all.Value.Value-60./350) > 1e-12 {
		t.Errorf("opens of the family: %+v", all)
	}
	if r := m.rate(t, ScopeScenario, "email", "bulk", "a", All, "order_rate"); r.Ratio.Num != 8 || r.Ratio.Den != 240 {
		t.Errorf("orders of the scenario: %+v", r)
	}
	if r := m.rate(t, ScopeScenario, "email", "bulk", "a", All, "revenue_per_message"); math.Abs(r.Value.Value-9000./240/100) > 1e-12 || r.Value.Unit != "RUB" {
		t.Errorf("revenue per message: %+v", r)
	}
	if r := m.rate(t, ScopeStage, "email", "bulk", "a", "lost", "delivery_rate"); r.Ratio.Num != 100 || r.Ratio.Den != 100 {
		t.Errorf("delivery in a stage: %+v", r)
	}
	for _, c := range []struct{ channel, kind, scenario, stage, metric, note string }{
		{"email", "bulk", NoScenario, "active", "order_rate", TooYoung}, {"email", "bulk", NoScenario, "active", "open_rate", FewCustomers}, {"email", "transactional", "r", "active", "order_rate", NotCredited},
		{"sms", "trigger", "b", "unknown", "open_rate", NotReported}, {"sms", "trigger", "b", "unknown", "click_rate", NotReported}, {"email", "bulk", "a", "active", "complaint_rate", AllZero},
	} {
		if r := m.rate(t, ScopeStage, c.channel, c.kind, c.scenario, c.stage, c.metric); r.Note != c.note {
			t.Errorf("%s of %s: note %q, want %q", c.metric, c.scenario, r.Note, c.note)
		} else if (c.note == NotCredited || c.note == NotReported || c.note == TooYoung) && r.Value.OK() {
			t.Errorf("%s of %s has a number: %v", c.metric, c.scenario, r.Value)
		}
	}
	email, sms := m.channel("email"), m.channel("sms")
	if email.Opens() != 120 || email.Proxies.Events != 60 || email.Customers != 60 || email.Delivery != "stamped" || sms.Verdict != NotReported || sms.Delivery != "derived" {
		t.Errorf("channels: %+v, %+v", email, sms)
	}
	total, first := m.Credits[0], m.Credits[1]
	if total.Scope != All || total.Share(1) != .11 || first.Scope != ScopeFamily || first.Channel != "email" || first.Orders != [3]int64{9, 11, 21} || math.Abs(first.RevenueShare(2)-2100./9000) > 1e-12 {
		t.Errorf("credits: %+v, %+v", total, first)
	}
	for _, c := range m.Credits {
		if c.Kind == "transactional" {
			t.Error("a kind that is not credited stands among the credits")
		}
	}
}

func TestOpensUnreliable(t *testing.T) {
	var rows []string
	for b := range 60 {
		rows = append(rows, fmt.Sprintf("1,active,%d,100,100,0,100,30,10,40,3,0,0,0,100,1,1,100,0,0,0", b))
	}
	m, _ := run(t, map[string]string{"message_cells": "1,1,email,bulk,a,6000,6000,6000,4200,180,432000,true,1,true", "message_rates": strings.Join(rows, "\n"), "message_reach": "channel,1,all,3000,true\nfamily,1,all,3000,true"})
	for _, table := range m.Tables() { // customers that are extrapolated are marked in every table that has them
		if i := slices.Index(table.Columns, "customers_estimated"); (i >= 0) != slices.Contains(table.Columns, "customers") || i >= 0 && slices.ContainsFunc(table.Rows, func(row []any) bool { return row[i] != true }) {
			t.Errorf("%s does not say that its customers are estimated", table.Name)
		}
	}
	if ch := m.channel("email"); ch.Verdict != Unreliable || math.Abs(ch.Proxies.Value-50./70) > 1e-12 {
		t.Errorf("50 of 70 opens are machines: %+v", ch)
	}
	if r := m.rate(t, ScopeFamily, "email", "bulk", All, All, "open_rate"); r.Note != Unreliable || !r.Value.OK() {
		t.Errorf("open rate: %+v", r)
	}
	for _, c := range Coverage(m, Options{}, map[string]bool{"messages": true}) {
		if c.Input == "messages.opened_at" && c.Note != "opens_unreliable" {
			t.Errorf("coverage: %+v", c)
		}
	}
}

func TestNothing(t *testing.T) {
	m, found := run(t, nil)
	if len(m.Rates)+len(m.Credits)+len(m.Gaps)+len(found) > 0 {
		t.Errorf("%+v", m)
	}
	cov := Coverage(m, Options{}, map[string]bool{"messages": true})
	if len(cov) != 1 || cov[0].Present || cov[0].Note != "missing" {
		t.Errorf("coverage of nothing: %+v", cov)
	}
}

// scenarioRows makes counts of k scenarios in two stages: orders follow clicks with slope .8, scenarios differ by spread, and scenario odd by gap (log odds).
func scenarioRows(r *rand.Rand, k, odd int, spread, gap float64) map[string]string {
	var cells, rates, reach []string
	for s := 1; s <= k; s++ {
		cells = append(cells, fmt.Sprintf("%d,1,email,trigger,s%02d,90000,900000,900000,400000,50000,432000,true,1,true", s, s))
		own := spread * r.NormFloat64()
		if s == odd {
			own += gap
		}
		click := -3 + .4*r.NormFloat64()
		reach = append(reach, fmt.Sprintf("scenario,%d,all,8000,false", s))
		for i, stage := range []string{"active", "lost"} {
			pc, po := logistic(click-.3*float64(i)), logistic(-2.5+.8*(click+3)+own-.5*float64(i))
			for b := range 100 {
				n := int64(400)
				draw := func(p float64) (x int64) {
					q := math.Min(.95, math.Max(.0005, p*(1+.1*r.NormFloat64()))) // buckets differ: customers resemble themselves
					for range n {
						if r.Float64() < q {
							x++
						}
					}
					return x
				}
				rates = append(rates, fmt.Sprintf("%d,%s,%d,%d,%d,0,%d,100,0,0,%d,0,0,0,%d,%d,%d,1000,0,0,0", s, stage, b, n, n, n, draw(pc), n, draw(po), n))
			}
		}
	}
	return map[string]string{"message_cells": strings.Join(cells, "\n"), "message_rates": strings.Join(rates, "\n"), "message_reach": strings.Join(reach, "\n")}
}

// TestGaps: a scenario with a third of the orders that its clicks let expect is found, and its neighbours are not; where scenarios only differ as usual, nothing is.
func TestGaps(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 17))
	hits, others, null := 0, 0, 0
	const worlds = 12
	for range worlds {
		_, found := run(t, scenarioRows(r, 9, 4, .12, -1.1))
		for _, f := range found {
			if f.Subject == "s04" {
				hits++
				ratio, _ := f.Number("ratio")
				if !(ratio.Value > .2 && ratio.Value < .6) {
					t.Errorf("ratio %v, truth .33", ratio.Value)
				}
			} else {
				others++
			}
		}
		_, found = run(t, scenarioRows(r, 9, 0, .12, 0))
		null += len(found)
	}
	t.Logf("%d of %d gaps found, %d others beside, %d in worlds without one", hits, worlds, others, null)
	if hits < worlds-1 || others > 1 || null > 2 {
		t.Error("too few found or too many")
	}
	// Too few peers: nothing is compared, and coverage says so.
	m, _ := run(t, scenarioRows(r, 3, 1, .1, -1))
	if len(m.Gaps) > 0 {
		t.Errorf("three scenarios are compared: %+v", m.Gaps)
	}
}

// TestOneTriggerDoesNotBendTheLine: a trigger that fires on signs of an order stands out itself and makes nobody else look bad.
func TestOneTriggerDoesNotBendTheLine(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 17))
	m, found := run(t, scenarioRows(r, 8, 2, .1, 2.5))
	if len(found) > 0 {
		t.Errorf("found %s", found[0].Subject)
	}
	for _, g := range m.Gaps {
		if (g.Scenario == "s02") != (g.Residual > 1.5) {
			t.Errorf("%s has residual %.2f", g.Scenario, g.Residual)
		}
	}
}
