package contact

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
	"crmaudit/analytics/suffstat"
)

var headers = map[string]string{
	"contact_channels":       "ch:int64,channel:string,sent:int64,audited:int64,bulk:int64,kind_known:int64,transactional:int64,opened:int64,opened_machine:int64,opened_fast:int64,clicked:int64,unsubscribed:int64,complained:int64",
	"contact_names":          "what:string,code:int64,name:string",
	"contact_load":           "time_window:string,ch:int64,st:int64,place:int64,bucket:int64,units:int64",
	"cap_ranks":              "time_window:string,ch:int64,sk:int64,place:int64,messages:int64",
	"contact_totals":         "ch:int64,sk:int64,service:bool,messages:int64,week_messages:int64",
	"over_cap":               "time_window:string,channel:string,cap:int64,customers:int64",
	"quiet_hours":            "ch:int64,sk:int64,service:bool,broken:int64,customers:int64",
	"unknown_zones":          "state:string,customers:int64",
	"sent_after_unsubscribe": "channel:string,scope:string,scenario_id:string,service:bool,messages:int64,customers:int64,within_two_days:int64",
	"pressure":               "ch:int64,st:int64,messages_7d:int64,bucket:int64,customer_days:int64,unsubscribes:int64,complaints:int64,order_days:int64",
	"fe":                     "member:int64,week:int64,day:int64,sk:int64,bulk_7d:int64,bulk_28d:int64,bulk_next_7d:int64,bulk_next_8_14d:int64,bulk_next_8_9d:int64,bulk_5w:int64,collided:bool,collided_5w:bool,bucket:int64,ripe:bool,n:int64,opened:int64,clicked:int64,ordered:int64,ordered_7th:int64,score:int64",
	"haz_collision":          "day:int64,ch:int64,sk:int64,st:int64,score_class:int64,dose:int64,dose_5w:int64,collided:bool,collided_5w:bool,bucket:int64,n:int64,unsubscribed:int64,complained:int64",
	"haz":                    "week:int64,st:int64,score_class:int64,high:bool,high_5w:bool,bucket:int64,high_from:int64,n:int64,unsubscribed:int64,complained:int64",
}

// source makes the reduced tables of a test; those without rows are empty.
func source(t *testing.T, rows map[string]string) analyticstest.Source {
	t.Helper()
	texts := map[string]string{}
	for name, header := range headers {
		texts["scenarios.red_"+name] = header + "\n" + rows[name]
	}
	return analyticstest.Tables(t, texts)
}

func run(t *testing.T, rows map[string]string, opt Options) (*Model, []analytics.Finding) {
	t.Helper()
	c, err := Load(context.Background(), source(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	m := Fit(c, opt)
	for _, table := range m.Tables(opt) {
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
		for _, p := range []*float64{f.Statistic, f.PValue, f.QValue} {
			if p != nil && !analytics.Finite(*p) {
				t.Errorf("%s %s: %v", f.Kind, f.Subject, *p)
			}
		}
	}
	return m, found
}

func options() Options {
	return Options{Setup: Setup{Caps: []Cap{{Day, AnyChannel, 2}, {Week, "sms", 0}}, QuietFrom: 1320, QuietTo: 480, QuietDeclared: true}, FDR: .05, Level: .9, Days: 91}
}

func finding(t *testing.T, found []analytics.Finding, kind, subject string) analytics.Finding {
	t.Helper()
	for _, f := range found {
		if f.Kind == kind && f.Subject == subject {
			return f
		}
	}
	t.Fatalf("no finding %s %s", kind, subject)
	return analytics.Finding{}
}

func value(t *testing.T, f analytics.Finding, name string, want float64) {
	t.Helper()
	if e, ok := f.Number(name); !ok || math.Abs(e.Value-want) > 1e-12 {
		t.Errorf("%s %s: %s is %v (there: %v), want %v", f.Kind, f.Subject, name, e.Value, ok, want)
	}
}

func TestNothingAtAll(t *testing.T) {
	m, found := run(t, nil, options())
	if len(found) != 0 {
		t.Errorf("findings on nothing: %v", found)
	}
	for _, c := range Coverage(m, options(), map[string]bool{}) {
		if c.Present && !strings.HasPrefix(c.Input, "policy.") {
			t.Errorf("%s is said to be present", c.Input)
		}
	}
}

// 100 customers with one message a day, one of them with 50,000 on one day: 97 customer-days with 1, 2 with 2, 1 with 50,000.
func TestLoadsAndCaps(t *testing.T) {
	var load strings.Builder
	for b := range 100 {
		fmt.Fprintf(&load, "day,0,1,1,%d,1\nday,2,1,1,%d,1\n", b, b)
	}
	load.WriteString("day,0,1,2,0,1\nday,0,1,2,1,1\nday,0,1,2,2,1\n")
	for place := 3; place <= 1001; place++ {
		fmt.Fprintf(&load, "day,0,1,%d,2,1\n", place)
	}
	load.WriteString("day,0,1,1002,2,48999\n")
	m, found := run(t, map[string]string{
		"contact_channels": "1,any,0,0,0,0,0,0,0,0,0,0,0\n2,sms,50101,50101,0,50101,0,0,0,0,0,0,0",
		"contact_names":    "scenario,1,O'Neil; x\nscenario,2,digest\nstage,1,active",
		"contact_load":     load.String(),
		"contact_totals":   "2,1,false,102,102\n2,2,false,50000,50000\n2,0,true,7,7",
		"cap_ranks":        "day,0,1,1,2\nday,0,1,2,1\nday,0,2,1,1\nday,0,2,2,1\nday,0,2,3,1\nday,0,2,1002,49000",
		"over_cap":         "day,any,2,1",
		"unknown_zones":    "own,90\nunknown,10",
	}, options())
	f := finding(t, found, "over_cap", "day:any")
	value(t, f, "over_share", .01)
	value(t, f, "units", 100)
	value(t, f, "over_units", 1)
	value(t, f, "customers", 1)
	value(t, f, "mean", (100+3+999+48999)/100.)
	value(t, f, "most", 1001)
	value(t, f, "held_back", 49001)
	value(t, f, "top_held", 49001)
	if f.Text("top_scenario") != "digest" || f.Text("top_stage") != "active" || f.Verdict != analytics.Different || f.Opportunity.TestDesign != "cap_test" || f.Opportunity.Money != nil {
		t.Errorf("finding: %+v", f)
	}
	levels := map[int64]int64{}
	for _, l := range m.Levels {
		if l.Window == Day && l.Channel == AnyChannel && l.Stage == AllStages {
			levels[l.Messages] = l.Units
		}
	}
	if levels[1] != 97 || levels[2] != 2 || levels[3] != 0 {
		t.Errorf("levels %v", levels)
	}
	var weekSMS Replay
	for _, r := range m.Replays {
		if r.Window == Week && r.Channel == "sms" && r.Cap == 0 && r.All {
			weekSMS = r
		}
	}
	if weekSMS.HeldBack != 50102 || !weekSMS.Declared {
		t.Errorf("a cap of 0 holds everything back but service messages: %+v", weekSMS)
	}
	if m.Service != 7 {
		t.Errorf("service messages %d", m.Service)
	}
}

func TestQuietAndAfter(t *testing.T) {
	rows := map[string]string{
		"contact_channels": "1,email,100,100,0,0,0,0,0,0,0,5,0",
		"contact_names":    "scenario,1,night'; DROP TABLE x; --\nscenario,2,day",
		"contact_totals":   "1,1,false,40,40\n1,2,false,60,60\n1,2,true,10,10",
		"quiet_hours":      "0,-1,false,12,9\n0,-1,true,4,4\n1,1,false,10,8\n1,2,false,2,2\n1,2,true,4,4",
		"unknown_zones":    "none,50\nunknown,3",
		"sent_after_unsubscribe": "email,all,'',false,3,2,1\nemail,all,'',true,5,5,0\nemail,scenario,'',false,1,1,0\nemail,scenario,night'; DROP TABLE x; --,false,2,2,1\n" +
			"email,scenario,day,true,5,5,0\nsms,all,'',false,2,2,2\nsms,scenario,day,false,2,2,2\npush,all,'',true,1,1,0\npush,scenario,day,true,1,1,0\ncall,all,'',false,2,2,0\ncall,scenario,day,false,2,2,0",
	}
	opt := options()
	m, found := run(t, rows, opt)
	f := finding(t, found, "quiet_hours", "quiet_hours")
	value(t, f, "broken", 12)
	value(t, f, "sent", 100)
	value(t, f, "share", .12)
	value(t, f, "customers", 9)
	value(t, f, "top_broken", 10)
	value(t, f, "service_broken", 4)
	value(t, f, "unknown_zones", 3)
	if f.Severity != analytics.Warning || f.Text("declared") != "yes" || f.Text("top_scenario") != "night'; DROP TABLE x; --" {
		t.Errorf("%+v", f)
	}
	opt.QuietDeclared = false
	_, undeclared := run(t, rows, opt)
	if f := finding(t, undeclared, "quiet_hours", "quiet_hours"); f.Severity != analytics.Notice || f.Text("declared") != "no" {
		t.Errorf("undeclared: %+v", f)
	}
	f = finding(t, found, "sent_after_unsubscribe", "email")
	value(t, f, "messages", 3)
	value(t, f, "customers", 2)
	value(t, f, "service_messages", 5)
	value(t, f, "top_messages", 2)
	if f.Severity != analytics.Critical {
		t.Errorf("severity %s", f.Severity)
	}
	if f := finding(t, found, "sent_after_unsubscribe", "sms"); f.Severity != analytics.Warning {
		t.Errorf("all within two days: severity %s", f.Severity)
	}
	if n, ok := finding(t, found, "sent_after_unsubscribe", "call").Number("within_two_days"); ok {
		t.Errorf("none within two days is said as %v", n.Value)
	}
	for _, f := range found {
		if f.Subject == "push" {
			t.Error("service messages alone are no finding")
		}
	}
	notes := map[string]string{}
	for _, c := range Coverage(m, options(), map[string]bool{"messages": true}) {
		notes[c.Input] = c.Note
	}
	if notes["messages.kind"] != "no_kind" || notes["customers.timezone"] != "business_zone" || notes["scenarios.priority"] != "no_priorities" || notes["messages.bulk"] != "no_bulk" {
		t.Errorf("coverage notes %v", notes)
	}
}

// What the data never record has no rate: 0 of 400 customer-days would be a claim about opt-outs or orders that nobody has seen.
func TestPressureUnrecorded(t *testing.T) {
	rows := ""
	for b := range Buckets {
		rows += fmt.Sprintf("0,0,1,%d,4,%d,0,0\n", b, b%2)
	}
	m, _ := run(t, map[string]string{"pressure": rows}, Options{})
	if len(m.Pressure) != 1 || m.Pressure[0].CustomerDays != 4*Buckets {
		t.Fatalf("%+v", m.Pressure)
	}
	if p := m.Pressure[0]; !p.Unsubscribe.OK() || p.Complaint.OK() || p.Order.OK() {
		t.Errorf("unsubscribe %v, complaint %v, order %v", p.Unsubscribe, p.Complaint, p.Order)
	}
}

// panelOf renders a panel world as rows of red_fe. With calendar, every customer has the pressure of the week.
func panelOf(slope float64, calendar bool) string {
	rng := rand.New(rand.NewPCG(3, 3))
	var b strings.Builder
	week := make([]int64, 30)
	for w := range week {
		week[w] = int64(rng.IntN(4))
	}
	for i := range 600 {
		for w := range 30 {
			x := int64(rng.IntN(4))
			if calendar {
				x = week[w]
			}
			opened := 0
			if rng.Float64() < .4+slope*float64(x)+.1*math.Sin(float64(w)) {
				opened = 1
			}
			fmt.Fprintf(&b, "%d,%d,%d,0,%d,%d,%d,0,0,0,false,false,%d,true,1,%d,0,0,0,%d\n", i*1024+1, w, 7*w, x, rng.IntN(3), rng.IntN(4), i%100, opened, 10+i*80/600)
		}
	}
	return b.String()
}

func TestFatigueVerdicts(t *testing.T) {
	channels := "1,email,9000,9000,9000,9000,0,3000,0,0,500,0,0"
	reason := func(rows map[string]string) (analytics.Finding, string) {
		t.Helper()
		_, found := run(t, rows, options())
		f := finding(t, found, "fatigue", "response")
		return f, f.Text("reason")
	}
	f, r := reason(map[string]string{"contact_channels": channels, "fe": panelOf(-.05, false)})
	if r != "fatigue" || f.Opportunity.Grade != analytics.GradeAdjusted || f.Opportunity.Effect == nil || f.Opportunity.Effect.Value <= 0 || f.Opportunity.Money != nil || f.Severity != analytics.Warning {
		t.Errorf("a slope of -0.05: %s %+v", r, f.Opportunity)
	}
	if e, _ := f.Number("slope"); math.Abs(e.Value+.05) > .015 {
		t.Errorf("slope %v", e.Value)
	}
	if f, r = reason(map[string]string{"contact_channels": channels, "fe": panelOf(-.05, true)}); r != CalendarOnly || f.Opportunity.Effect != nil || f.Verdict != analytics.InsufficientData {
		t.Errorf("calendar only: %s %s %+v", r, f.Verdict, f.Opportunity)
	}
	if _, ok := f.Number("calendar"); !ok {
		t.Error("the calendar's slope is not shown")
	}
	if f, r = reason(map[string]string{"contact_channels": channels, "fe": panelOf(.05, false)}); r != "benefit" || f.Opportunity != nil {
		t.Errorf("a slope of +0.05: %s %+v", r, f.Opportunity)
	}
	// Opens within seconds are machines: clicks are the response.
	m, _ := run(t, map[string]string{"contact_channels": "1,email,9000,9000,9000,9000,0,3000,0,900,500,0,0", "fe": panelOf(0, false)}, options())
	if m.Fatigue.Response.Outcome != Click {
		t.Errorf("response %s, want clicks", m.Fatigue.Response.Outcome)
	}
	m, found := run(t, map[string]string{"contact_channels": "1,sms,9000,9000,9000,9000,0,0,0,0,0,0,0", "fe": panelOf(0, false)}, options())
	if m.Fatigue.Note != NoResponse || len(found) != 0 {
		t.Errorf("no opens, no clicks: %s, %v", m.Fatigue.Note, found)
	}
}

// Two strata by hand: odds ratio 2 at high pressure, nothing at the pressure five weeks before.
func TestOptOuts(t *testing.T) {
	var b strings.Builder
	for bucket := range HazardBuckets {
		for _, high := range []bool{false, true} {
			for _, before := range []bool{false, true} {
				events := 20
				if high {
					events = 40 - bucket%2
				} else {
					events += bucket % 3
				}
				fmt.Fprintf(&b, "1,1,5,%v,%v,%d,3,1000,%d,0\n", high, before, bucket, events)
			}
		}
	}
	rows := map[string]string{"contact_channels": "1,email,9000,9000,9000,9000,0,0,0,0,0,50,0", "haz": b.String()}
	_, found := run(t, rows, options())
	f := finding(t, found, "fatigue", "unsubscribe")
	e, _ := f.Number("odds_ratio")
	if f.Verdict != analytics.Different || f.Text("reason") != "fatigue" || math.Abs(e.Value-39.5*979/(21*960.5)) > .02 || f.Opportunity.Grade != analytics.GradeAdjusted {
		t.Errorf("%s %s odds ratio %v, %+v", f.Verdict, f.Text("reason"), e.Value, f.Opportunity)
	}
	if c, ok := f.Number("change"); !ok || c.Value >= 0 || c.Upper >= 0 || c.Level != .9 {
		t.Errorf("change %+v", c)
	}
	value(t, f, "high_from", 3)
	for _, f := range found {
		if f.Subject == "complaint" {
			t.Error("nobody complained: no finding")
		}
	}
}

func TestConfigNight(t *testing.T) {
	if got := Config(Setup{}).Rows[0]; got[1] != int64(1320) || got[2] != int64(480) || got[3] != false {
		t.Errorf("without quiet hours: %v", got)
	}
	if got := Config(Setup{QuietDeclared: true, QuietFrom: 60, QuietTo: 120}).Rows[0]; got[1] != int64(60) || got[2] != int64(120) || got[3] != true {
		t.Errorf("declared: %v", got)
	}
}

// Thirds of engagement: the engaged tire, the others do not; nobody is in two thirds, equal scores stay together, and few customers have no slope.
func TestFatigueThirds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	c := &Counts{Channels: []ChannelRow{{Code: 1, Name: "email", Sent: 1, Bulk: 1, Opened: 1, Clicked: 1}}}
	world := func(customers int, score func(i int) int64) *Counts {
		c := &Counts{Channels: c.Channels}
		for i := range customers {
			s := score(i)
			for w := range int64(30) {
				r := PanelRow{Member: int64(i)*1024 + 1, Week: w, Before: int64(rng.IntN(4)), Earlier: int64(rng.IntN(3)), Placebo: int64(rng.IntN(4)), Bucket: i % Buckets, N: 1, Score: s}
				p := .4
				if s >= 60 {
					p -= .06 * float64(r.Before)
				}
				if rng.Float64() < p {
					r.Opened = 1
				}
				c.Panel = append(c.Panel, r)
			}
		}
		return c
	}
	f := fitFatigue(world(900, func(i int) int64 { return int64(30 * (1 + i%3)) }), options())
	if len(f.Thirds) != 3 {
		t.Fatalf("%+v", f.Thirds)
	}
	for i, want := range []float64{0, -.06, -.06} {
		x := f.Thirds[i]
		if math.Abs(x.Slope.Value-want) > .02 || x.Customers != 300 || x.Messages != 9000 || !(x.Slope.Lower < x.Slope.Value) || x.Note != "" || x.Term != thirdTerms[i] {
			t.Errorf("third %d: %+v, want a slope of %g", i, x, want)
		}
	}
	if g := f.ThirdGap; math.Abs(g.Value+.06) > .03 || !(g.Upper < 0) || g.N != 600 || math.Abs((g.Upper-g.Lower)-math.Hypot(f.Thirds[0].Slope.Upper-f.Thirds[0].Slope.Lower, f.Thirds[2].Slope.Upper-f.Thirds[2].Slope.Lower)) > .002 {
		t.Errorf("difference %+v", g)
	}
	// Everybody alike: all are in one third, and there is no difference to tell.
	f = fitFatigue(world(600, func(int) int64 { return 50 }), options())
	if len(f.Thirds) != 3 || f.Thirds[1].Customers != 600 || f.Thirds[0].Note != FewEvents || f.Thirds[2].Note != FewEvents || f.ThirdGap.OK() {
		t.Errorf("%+v %+v", f.Thirds, f.ThirdGap)
	}
	// Ninety customers per third are too few.
	if f = fitFatigue(world(270, func(i int) int64 { return int64(30 * (1 + i%3)) }), options()); f.Thirds[0].Note != FewEvents || f.Thirds[0].Slope.OK() {
		t.Errorf("%+v", f.Thirds[0])
	}
	m := Model{Fatigue: fitFatigue(world(900, func(i int) int64 { return int64(i % 90) }), options())}
	terms := map[any]bool{}
	for _, row := range m.fatigueTable().Rows {
		terms[row[1]] = true
	}
	for _, term := range append(slices.Clone(thirdTerms), ThirdGap) {
		if !terms[term] {
			t.Errorf("no row of %s", term)
		}
	}
}

// What is told to be as good as nothing carries the interval that two one-sided tests hold against the margin: inside it, also where that of 95 % is not.
func TestShown(t *testing.T) {
	for _, c := range []struct {
		difference, level float64
	}{{.0011, .90}, {.004, .95}, {.02, .95}} {
		e := Effect{Value: suffstat.Estimate{Value: c.difference, Lower: c.difference - .00425, Upper: c.difference + .00425, Level: .95, N: 500, Unit: "share", Method: suffstat.MethodJackknife}, Margin: .005}
		e.Decision = analytics.Decide(analytics.Comparison{
			Difference: c.difference, SE: .00425 / 1.96, DF: math.Inf(1), Margin: e.Margin, Directional: true, Buckets: 100, Sides: []analytics.Side{{Customers: 500, Effective: 500, Events: 500}},
		})
		got := e.Shown()
		if got.Level != c.level || got.N != 500 || got.Value != c.difference {
			t.Errorf("difference %g (%s): shown at %g, want %g", c.difference, e.Decision.Verdict, got.Level, c.level)
		}
		if equal := e.Decision.Verdict == analytics.Equivalent; equal != (got.Level == .90) || equal && (got.Lower <= -e.Margin || got.Upper >= e.Margin) {
			t.Errorf("difference %g (%s): %g to %g", c.difference, e.Decision.Verdict, got.Lower, got.Upper)
		}
	}
}
