package usage

import (
	"math"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"
	"crmaudit/analytics/suffstat"

	"pgregory.net/rapid"
)

func options() Options {
	return Options{Margin: .4, MessageCost: map[string]float64{"email": .1, "sms": 5, "call": 40}, Currency: "RUB"}
}

// spansOf gives every bucket the same customers and orders in each of the spans.
func spansOf(orderCounts [Spans]int64) []suffstat.Cells {
	out := make([]suffstat.Cells, Buckets)
	for b := range out {
		out[b] = make(suffstat.Cells, Spans*width)
		for span, n := range orderCounts {
			jitter := int64(b % 3)
			out[b][span*width+buyers], out[b][span*width+orders], out[b][span*width+revenue] = n+jitter, n+jitter, 10_000*(n+jitter)
		}
		out[b][(Spans-1)*width+newcomers] = 100
	}
	return out
}

func TestReturns(t *testing.T) {
	c := &Counts{First: 0, From: 1000, To: 1000 + 365, End: 1365, Spans: make([]suffstat.Cells, Buckets), Scenarios: []ScenarioRow{
		{Orders: 100, Half: 100, Double: 100, Revenue: 1_000_000, RevenueDouble: 1_000_000},
		{Channel: "email", Scenario: "a", Messages: 1000, Half: 10, Orders: 20, Double: 30, Revenue: 200_000, RevenueDouble: 300_000},
		{Channel: "sms", Scenario: "a", Messages: 600, Half: 1, Orders: 2, Double: 3, Revenue: 20_000, RevenueDouble: 30_000},
		{Channel: "fax", Scenario: "", Messages: 7},
	}, Effects: []EffectRow{{"a", 5, 1, 9, 400}}}
	cost := 3000.
	opt := options()
	opt.FixedCost = &cost
	m := Fit(c, opt)
	of := func(scope, channel, scenario string) Return {
		for _, r := range m.Returns {
			if r.Scope == scope && r.Channel == channel && r.Scenario == scenario {
				return r
			}
		}
		t.Fatalf("no %s %s %s", scope, channel, scenario)
		return Return{}
	}
	email := of("channel", "email", "")
	if *email.Cost != 10_000 || *email.Margin != 80_000 || *email.Result != 70_000 || *email.Best != 110_000 || email.Share(email.Orders) != .2 {
		t.Errorf("%+v", email)
	}
	if sms := of("channel", "sms", ""); *sms.Cost != 300_000 || *sms.Best != 12_000-300_000 {
		t.Errorf("%+v", sms)
	}
	if all := of("all", "", ""); all.Cost != nil || all.Result != nil || all.Messages != 1607 { // a channel without a cost
		t.Errorf("%+v", all)
	}
	if a := of("scenario", "", "a"); a.Effect == nil || a.Effect.Effect != 5 || a.Orders != 22 || *a.Cost != 310_000 {
		t.Errorf("%+v", a)
	}
	if len(m.Unpriced) != 1 || m.Unpriced[0] != "fax" || len(m.Unused) != 1 || m.Unused[0] != "call" {
		t.Error(m.Unpriced, m.Unused)
	}
	f := Findings(m, options())
	if len(f) != 1 || f[0].Subject != "sms" || f[0].Opportunity == nil || f[0].Opportunity.Effect != nil {
		t.Fatalf("%+v", f)
	}
	if missing, _ := f[0].Number("missing"); missing.Value != 2880 {
		t.Errorf("%+v", missing)
	}
	c.Scenarios = c.Scenarios[:3]
	if all := (Fit(c, opt)).Returns[0]; all.Scope != "all" || *all.Cost != 310_000+int64(math.Round(100*3000*365/daysPerMonth)) {
		t.Errorf("fixed cost: %+v", *all.Cost)
	}
}

func TestOwners(t *testing.T) {
	c := &Counts{From: 1000, To: 1100, Spans: make([]suffstat.Cells, Buckets), Owners: []OwnerRow{
		{"Ann", 10, 5, 2, 2, 1099, true}, {"Bob", 7, 0, 0, 0, 0, false}, {"Cy", 3, 1, 0, 0, 1071, true}, {"Di", 2, 0, 0, 0, 900, true},
	}}
	m := Fit(c, options())
	for i, want := range []string{Active, None, Idle, None} {
		if m.Owners[i].State != want {
			t.Errorf("%s is %s, want %s", m.Owners[i].Owner, m.Owners[i].State, want)
		}
	}
	f := Findings(m, options())
	if len(f) != 1 || *f[0].Statistic != 3 || f[0].Severity != analytics.Warning {
		t.Fatalf("%+v", f)
	}
	if n, _ := f[0].Number("customers"); n.Value != 12 {
		t.Errorf("%+v", n)
	}
	// Nobody leaves a trace: there are no deals and tasks, which says nothing of the owners.
	c.Owners = []OwnerRow{{Owner: "Ann", Customers: 10}, {Owner: "Bob", Customers: 7}}
	if m := Fit(c, options()); len(Findings(m, options())) > 0 || Coverage(m, options())[0].Note != "no_trace" {
		t.Error("owners without deals and tasks are called idle")
	}
}

func TestChanges(t *testing.T) {
	c := &Counts{First: 0, From: 500, To: 1000, Spans: spansOf([Spans]int64{20, 10, 0, 0, 16, 8, 0, 0, 0}), Channels: []ChannelRow{{0, "email", 500, 800}, {1, "email", 400, 300}, {4, "email", 100, 0}}}
	m := Fit(c, options())
	of := func(metric string) Change {
		for _, x := range m.Changes {
			if x.Metric == metric {
				return x
			}
		}
		t.Fatal("no " + metric)
		return Change{}
	}
	if m.Whole != 8 || m.Credited != 5 {
		t.Errorf("%d spans, %d credited", m.Whole, m.Credited)
	}
	x := of("orders")
	if want := 2099./1099 - 1; math.Abs(x.Before.Value-want) > 1e-12 || x.Before.Lower > want || x.Before.Upper < want || x.Customers != 10_000 {
		t.Errorf("%+v", x)
	}
	if want := (2099./1099)/(1699./899) - 1; math.Abs(x.Seasonal.Value-want) > 1e-12 {
		t.Errorf("%+v, want %v", x.Seasonal, want)
	}
	if x := of("messages"); x.At != [4]float64{500, 400, 100, 0} || x.Before.Value != .25 || x.Seasonal.OK() {
		t.Errorf("%+v", x)
	}
	if x := of("credited_share"); !math.IsNaN(x.At[3]) || x.At[1] != 300./1099 {
		t.Errorf("%+v", x)
	}
	// Half a year of data: no year ago.
	c.First = 1000 - 200
	m = Fit(c, options())
	if x := of("revenue"); !x.Before.OK() || x.Year.OK() || !math.IsNaN(x.At[2]) {
		t.Errorf("%+v", x)
	}
	notes := map[string]string{}
	for _, row := range Coverage(m, options()) {
		notes[row.Input] = row.Note
	}
	if notes["history"] != "under_year" || notes["enrolments.arm"] != "no_holdouts" || notes["money.message_cost"] != "priced_unused" && notes["money.message_cost"] != "" {
		t.Error(notes)
	}
}

func TestLoad(t *testing.T) {
	tables := map[string]string{
		"analytics.red_integration_totals": "first_day:int64,end_day:int64,from_day:int64,to_day:int64\n1,1000,500,999\n",
		"analytics.red_usage_owners":       "owner:string,customers:int64,deal_moves:int64,tasks_created:int64,tasks_done:int64,last_day:int64\nAnn,3,2,1,0,\n",
		"analytics.red_usage_windows":      "span:int64,bucket:int64,newcomers:int64,buyers:int64,orders:int64,revenue_minor:int64\n4,7,1,2,3,-400\n",
		"analytics.red_usage_spans":        "span:int64,channel:string,messages:int64,credited:int64\n0,email,5,1\n",
		"analytics.red_usage_scenarios":    "channel:string,scenario_id:string,messages:int64,orders_half:int64,orders:int64,orders_double:int64,revenue:int64,revenue_double:int64\n'','',0,1,1,1,5,5\n",
		"analytics.red_channel_repeats":    "scenario_id:string,channel:string,first_channel:string,bucket:int64,buckets:int64,within_seconds:int64,messages:int64,customers:int64,clicked:int64,first_clicked:int64,clicked_only:int64\ns,sms,email,7,50,3600,4,3,2,1,1\n",
		"scenarios.effects":                "scenario_id:string,outcome:string,grade:string,customers_treated:int64,effect:float64,lower:float64,upper:float64\na,revenue,A,9,1.5,1,2\na,order,A,9,1,1,2\nb,revenue,C,9,1,1,2\nc,revenue,A,9,,,\n",
	}
	c, err := Load(t.Context(), analyticstest.Tables(t, tables))
	if err != nil {
		t.Fatal(err)
	}
	if c.To != 999 || c.Owners[0].Traced || c.Spans[7][4*width+revenue] != -400 || len(c.Repeats) != 1 || c.Repeats[0] != (RepeatRow{"s", "sms", "email", 7, 4, 3, 2, 1, 1}) || c.Sample != 50 || c.Within != 3600 || len(c.Effects) != 1 || c.Effects[0] != (EffectRow{"a", 1.5, 1, 2, 9}) {
		t.Errorf("%+v", c)
	}
	delete(tables, "scenarios.effects") // that block did not run
	if c, err := Load(t.Context(), analyticstest.Tables(t, tables)); err != nil || len(c.Effects) > 0 {
		t.Error(c, err)
	}
	delete(tables, "analytics.red_usage_spans")
	if _, err := Load(t.Context(), analyticstest.Tables(t, tables)); err == nil {
		t.Error("a missing table passes")
	}
}

func TestNothing(t *testing.T) {
	m := Fit(&Counts{Spans: make([]suffstat.Cells, Buckets)}, Options{})
	if len(Findings(m, options())) > 0 {
		t.Error("findings of nothing")
	}
	for _, row := range Coverage(m, Options{}) {
		if row.Present {
			t.Errorf("%+v", row)
		}
	}
	m.Tables()
}

// No number of any table is NaN or infinite, whatever the counts.
func TestAnyCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.Int64Range(0, 1<<40)
		c := &Counts{First: 0, From: rapid.Int64Range(0, 900).Draw(t, "from"), To: 1000, Spans: make([]suffstat.Cells, Buckets)}
		for b := range rapid.IntRange(0, Buckets).Draw(t, "buckets") {
			c.Spans[b] = make(suffstat.Cells, Spans*width)
			for k := range c.Spans[b] {
				c.Spans[b][k] = rapid.SampledFrom([]int64{0, 0, 1, 7, 1 << 40}).Draw(t, "n")
			}
		}
		for _, channel := range []string{"", "email", "sms", "x"} {
			c.Scenarios = append(c.Scenarios, ScenarioRow{channel, "s", count.Draw(t, "messages"), count.Draw(t, "half"), count.Draw(t, "orders"), count.Draw(t, "double"), count.Draw(t, "money"), count.Draw(t, "most")})
		}
		c.Channels = []ChannelRow{{0, "email", count.Draw(t, "sent"), count.Draw(t, "credited")}}
		m := Fit(c, options())
		Findings(m, options())
		for _, table := range m.Tables() {
			for _, row := range table.Rows {
				for i, v := range row {
					if x, ok := v.(float64); ok && !analytics.Finite(x) {
						t.Fatalf("%s.%s is %v", table.Name, table.Columns[i], x)
					}
				}
			}
		}
	})
}
