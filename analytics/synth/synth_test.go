package synth

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	pqfile "github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding/charmap"

	"crmaudit/analytics"
)

// plainPlant is the basic chains without any effect.
func plainPlant() Plant {
	p := NullPlant()
	p.Scenarios = ScenariosBasic
	return p
}

func small(customers int) Config {
	c := DemoConfig()
	c.Customers, c.Weeks, c.Counterfactual, c.StageHistory = customers, 40, false, true
	return c
}

func write(t *testing.T, cfg Config, format string) string {
	t.Helper()
	dir := t.TempDir()
	if err := Write(context.Background(), cfg, dir, format, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// digest returns the hash of every file in dir, by name.
func digest(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[d.Name()] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSameSeedSameBytes(t *testing.T) {
	for _, format := range []string{CSV, Parquet} {
		cfg := small(1700)
		cfg.partSize, cfg.Counterfactual, cfg.Workers = 500, format == CSV, 1
		want := digest(t, write(t, cfg, format))
		if n := len(want); n != 4*12+1+2 {
			t.Errorf("%s: %d files written, want 4 of each of 12 inputs, templates, audit.yaml and truth.json", format, n)
		}
		cfg.Workers = 3
		got := digest(t, write(t, cfg, format))
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s: %s differs between 1 and 3 workers", format, name)
			}
		}
		cfg.Seed++
		other := write(t, cfg, format)
		empty := map[string]bool{} // four parts in five hold aliases
		for _, f := range readTruth(t, other).Files {
			empty[f.Path] = f.Rows == 0
		}
		for name, sum := range digest(t, other) {
			if sum == want[name] && !empty[name] {
				t.Errorf("%s: %s is the same with another seed", format, name)
			}
		}
	}
}

func TestGenerateDeliversInOrder(t *testing.T) {
	var runs [][]string
	for _, workers := range []int{1, 4} {
		cfg := small(2100)
		cfg.Workers = workers
		var ids []string
		if err := Generate(context.Background(), cfg, func(c *Chunk) error {
			for _, x := range c.Customers {
				ids = append(ids, x.ID)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, ids)
	}
	if len(runs[0]) != 2100 || !slices.IsSorted(runs[0]) || !slices.Equal(runs[0], runs[1]) {
		t.Errorf("customers come as %d and %d rows, sorted %v: want 2100 in order both times", len(runs[0]), len(runs[1]), slices.IsSorted(runs[0]))
	}
}

func TestGenerateStops(t *testing.T) {
	stop := errors.New("enough")
	n := 0
	err := Generate(context.Background(), small(5000), func(*Chunk) error {
		if n++; n == 2 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 2 {
		t.Errorf("after an error of the sink: err %v, %d chunks", err, n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Generate(ctx, small(5000), func(*Chunk) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: err %v", err)
	}
	if err := Write(ctx, small(5000), t.TempDir(), CSV, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled write: err %v", err)
	}
}

// near checks a Monte-Carlo mean against its law with a tolerance of 4.5 standard errors: false alarms of one test in 150,000.
func near(t *testing.T, what string, got, want, se float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > 4.5*se {
		t.Errorf("%s: %.5f, want %.5f ± %.5f", what, got, want, 4.5*se)
	}
}

func TestLatentLaws(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Plant = plainPlant()
	cfg, err := cfg.normalize()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(cfg)
	rng := newStream()
	const n = 40_000
	var buyers, lambda, square, u, uu float64
	var early float64
	classes := [rhythmCount]float64{}
	for i := range n {
		l := w.latent(rng, i)
		if l.buyer {
			buyers++
			lambda += l.lambda
			square += l.lambda * l.lambda
		}
		u += l.engagement
		uu += l.engagement * l.engagement
		classes[l.rhythm]++
		if l.registered < w.start+burnIn*week {
			early++
		}
		if l.registered < w.start || l.registered >= w.end {
			t.Fatalf("customer %d registers at %d, outside [%d, %d)", i, l.registered, w.start, w.end)
		}
	}
	near(t, "share of buyers", buyers/n, 1-neverBuy, math.Sqrt(.25*.75/n))
	near(t, "share registered in the burn-in", early/n, launchShare, math.Sqrt(.35*.65/n))
	// Gamma(k=1.5, s=.06): mean ks, variance ks^2, central fourth moment (3k^2+6k) s^4.
	const k, s = 1.5, .06
	near(t, "mean of lambda", lambda/buyers, k*s, math.Sqrt(k*s*s/buyers))
	variance := square/buyers - lambda*lambda/buyers/buyers
	near(t, "variance of lambda", variance, k*s*s, math.Sqrt((3*k*k+6*k-k*k)*s*s*s*s/buyers))
	near(t, "mean of u", u/n, 0, 1/math.Sqrt(n))
	near(t, "second moment of u", uu/n, 1, math.Sqrt(2./n))
	for i, c := range classes {
		near(t, fmt.Sprintf("share of rhythm class %d", i), c/n, 1./3, math.Sqrt(2./9/n))
	}
}

func TestPathLaws(t *testing.T) {
	rng := newStream()
	const customers, weeks = 2000, 100
	var sum, square, product, slump, pairs float64
	var shares []float64
	for i := range customers {
		rng.seed(7, i, purposePath, 0)
		p := path{activity: rng.NormFloat64()}
		share := 0.
		for range weeks {
			before := p.activity
			p.next(rng, true)
			sum += p.activity
			square += p.activity * p.activity
			product += before * p.activity
			pairs++
			if p.slump > 0 {
				share++
			}
		}
		shares = append(shares, share/weeks)
		slump += share / weeks
	}
	// The mean of an AR(1) over n weeks has variance (1+r)/(1-r)/n, the mean of its squares 2 (1+r^2)/(1-r^2)/n, of lagged products at most the same.
	const r = .6
	near(t, "mean of activity", sum/pairs, 0, math.Sqrt((1+r)/(1-r)/pairs))
	near(t, "variance of activity", square/pairs, 1, math.Sqrt(2*(1+r*r)/(1-r*r)/pairs))
	near(t, "autocovariance of activity", product/pairs, r, math.Sqrt(2*(1+r*r)/(1-r*r)/pairs))
	// A cycle is 6 weeks of slump and 1/.04 = 25 weeks without; paths begin outside a slump, so their first weeks hold fewer.
	want, first := 6./31, 0.
	var v float64
	for _, x := range shares {
		v += (x - slump/customers) * (x - slump/customers)
	}
	se := math.Sqrt(v / customers / customers)
	for m, in := 0, []float64{0, 0, 0, 0, 0, 0, 0}; m < weeks; m++ { // exact share over the first weeks: in[j] = probability of j weeks left
		next := make([]float64, 7)
		for j := 1; j < 6; j++ {
			next[j] = in[j+1]
		}
		// Out of a slump is everything else; the week after the last one cannot fall again.
		out := 1 - in[1] - in[2] - in[3] - in[4] - in[5] - in[6]
		next[6] = out * .04
		in = next
		for _, q := range in[1:] {
			first += q
		}
	}
	near(t, "share of slump weeks", slump/customers, first/weeks, se)
	if first/weeks < want*.9 || first/weeks > want {
		t.Errorf("exact share of slump weeks is %v, far from the stationary %v", first/weeks, want)
	}
	rng.seed(7, 0, purposePath, 0)
	quiet := path{}
	for range weeks {
		if quiet.next(rng, false); quiet.slump != 0 {
			t.Fatal("a slump with slumps off")
		}
	}
}

// TestOrdersFollowTheirRates: given the past, the orders of a week are Poisson with the week's rate, so their sum less the sum of the
// rates is a martingale with variance equal to the sum of the rates. It holds with every effect on.
func TestOrdersFollowTheirRates(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Customers, cfg.Plant.Confounding = 6000, .6
	var f facts
	if err := Generate(context.Background(), cfg, func(c *Chunk) error { f.add(&c.facts); return nil }); err != nil {
		t.Fatal(err)
	}
	near(t, "orders after registration", float64(f.Orders-f.AtOnce), f.Expected, math.Sqrt(f.Expected))
	buyers := float64(f.Buyers)
	near(t, "orders at registration", float64(f.AtOnce)/buyers, buyAtOnce, math.Sqrt(buyAtOnce*(1-buyAtOnce)/buyers))
	if f.Expected < 5000 {
		t.Errorf("only %.0f orders expected: the test sees nothing", f.Expected)
	}
}

func TestPoisson(t *testing.T) {
	rng := newStream()
	rng.seed(3, 0, purposeOrders, 0)
	const n = 200_000
	for _, mean := range []float64{.05, .7, 3} {
		sum, square := 0., 0.
		for range n {
			x := float64(poisson(rng.Float64(), mean))
			sum += x
			square += x * x
		}
		near(t, "mean of Poisson", sum/n, mean, math.Sqrt(mean/n))
		near(t, "variance of Poisson", square/n-sum*sum/n/n, mean, math.Sqrt((mean+2*mean*mean)/n))
	}
	if poisson(.5, 0) != 0 || poisson(.999, .7) < poisson(.999, .2) {
		t.Error("poisson is not monotone in its mean")
	}
}

func TestVolume(t *testing.T) {
	for _, c := range []struct {
		messages, events float64
		weeks            int
		share            float64
	}{{20, 5, 78, 1}, {60, 20, 78, 1}, {40, 10, 26, .5}} {
		cfg := DefaultConfig()
		cfg.Customers, cfg.Weeks, cfg.MessagesPerCustomer, cfg.EventsPerCustomer = 3000, c.weeks, c.messages, c.events
		messages, events := 0, 0
		if err := Generate(context.Background(), cfg, func(c *Chunk) error {
			messages += len(c.Messages)
			events += len(c.Events)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		m, e := float64(messages)/3000, float64(events)/3000
		t.Logf("%d weeks, asked for %.0f and %.0f: %.2f messages and %.2f events per customer", c.weeks, c.messages, c.events, m, e)
		if math.Abs(m/(c.messages*c.share)-1) > .15 || math.Abs(e/(c.events*c.share)-1) > .15 {
			t.Errorf("volumes are off by more than 15 %%: %.2f messages, %.2f events, want %.2f and %.2f", m, e, c.messages*c.share, c.events*c.share)
		}
	}
}

func effectsOf(t *testing.T, customers int, p Plant) map[string]Effect {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Customers, cfg.Plant = customers, p
	list, err := Counterfactual(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]Effect{}
	for _, e := range list {
		out[e.Subject] = e
	}
	return out
}

func TestCounterfactual(t *testing.T) {
	if got := effectsOf(t, 600, NullPlant()); len(got) != 0 {
		t.Errorf("a null world has %d effects", len(got))
	}
	p := plainPlant()
	p.ScenarioEffects = map[string]float64{"at_risk": 1, "welcome": 1}
	p.Holdouts = map[string]float64{"may_offer": 1}
	for _, e := range effectsOf(t, 600, p) {
		if e.Value != 0 || e.Orders != 0 || e.StdError != 0 || e.Population == 0 {
			t.Errorf("effect switched off has truth %+v", e)
		}
	}
	p.ScenarioEffects = map[string]float64{"at_risk": 2, "price_drop": .3}
	p.Holdouts = map[string]float64{"may_offer": 1.5}
	p.SecondOrder = .35
	got := effectsOf(t, 4000, p)
	for _, c := range []struct {
		subject   string
		low, high float64 // of On/Off
	}{{"at_risk", 1.6, 2.05}, {"price_drop", .3, .85}, {"may_offer", 1.3, 1.6}, {"second_order_rate", .3, .8}} {
		e := got[c.subject]
		if r := e.On / e.Off; !(r >= c.low && r <= c.high) || e.StdError <= 0 || math.Abs(e.Value/e.StdError) < 4 {
			t.Errorf("%s: ratio %.3f outside [%v, %v] or hardly seen: %+v", c.subject, r, c.low, c.high, e)
		}
	}
	cfg := DefaultConfig()
	cfg.Customers = 1200
	var runs []string
	for _, workers := range []int{1, 3} {
		cfg.Workers = workers
		list, err := Counterfactual(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, fmt.Sprintf("%x", list))
	}
	if runs[0] != runs[1] {
		t.Error("the counterfactual truth depends on the number of workers")
	}
}

// TestRandomized: in the world itself the arms of the hold-out show the planted lift, and those of the null one do not.
func TestRandomized(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Customers = 12_000
	cfg.Plant.Holdouts = map[string]float64{"may_offer": 2, "loyalty_push": 1}
	var f facts
	arms := map[string]float64{}
	messages := map[string]int{}
	arm, clusters := map[string]string{}, map[string]string{}
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		f.add(&c.facts)
		for _, a := range c.Assignments {
			arms[a.Experiment+" "+a.Arm]++
			arm[a.Experiment+" "+a.Customer] = a.Arm
			if c := a.Cluster; c != "" && !strings.Contains(clusters[c], a.Arm) {
				clusters[c] += a.Arm
			}
		}
		for _, m := range c.Messages {
			if slices.ContainsFunc(experimentList(), func(e Experiment) bool { return e.Scenario == m.Scenario }) {
				messages[m.Scenario+" "+arm[m.Scenario+" "+m.Customer]]++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, e := range experimentList() {
		n1, n0, n2 := arms[e.ID+" "+e.Arm], arms[e.ID+" control"], arms[e.ID+" "+e.Second]
		treated := e.Treated / (e.Treated + (1-e.Treated)*(1-e.ControlLost)) // of those who are in the export
		other := f.Experiments[i].Control
		if e.Levels {
			n0, other = n2, f.Experiments[i].Second
		} else if e.Second != "" {
			treated = .5
			near(t, e.ID+" share of the second arm", n2/(n1+n2+n0), e.Treated, math.Sqrt(e.Treated*(1-e.Treated)/(n1+n2+n0)))
			near(t, e.ID+" log lift of the second arm", math.Log(float64(f.Experiments[i].Second)/n2/(float64(f.Experiments[i].Control)/n0)), 0, 1.5*math.Sqrt(2/float64(f.Experiments[i].Control)))
		}
		if e.Clusters > 0 {
			if n := len(clusters); n != e.Clusters {
				t.Errorf("%s: %d clusters, want %d", e.ID, n, e.Clusters)
			}
			for c, arms := range clusters {
				if arms != e.Arm && arms != "control" {
					t.Errorf("%s: cluster %s has the arms %s", e.ID, c, arms)
				}
			}
			// Shops differ, in size and in orders: 60 of them, and their spread is .3 of the rate.
			near(t, e.ID+" share treated", n1/(n1+n0), .5, .5*math.Sqrt(1./shops/100+1/(n1+n0)))
			near(t, e.ID+" log lift", math.Log(float64(f.Experiments[i].Treated)/n1/(float64(f.Experiments[i].Control)/n0)), 0, math.Sqrt(4*.3*.3/shops+2.25/float64(f.Experiments[i].Treated)+2.25/float64(f.Experiments[i].Control)))
			continue
		}
		near(t, e.ID+" share treated", n1/(n1+n0), treated, math.Sqrt(treated*(1-treated)/(n1+n0)))
		x := f.Experiments[i]
		y1, y0 := float64(x.Treated), float64(other)
		// The mixture over customers makes orders over-dispersed: 1.5 covers it. A doubled rate leaves the states with a high rate sooner, and
		// gives 93 % of its log in orders (Counterfactual says so too).
		near(t, e.ID+" log lift", math.Log(y1/n1/(y0/n0)), math.Log(cmp.Or(cfg.Plant.Holdouts[e.ID], 1))*.93, 1.5*math.Sqrt(1/y1+1/y0))
		planned := e.Treated
		if e.Second != "" && !e.Levels {
			planned = .5
		}
		if chi := (n1 - planned*(n1+n0)) * (n1 - planned*(n1+n0)) / (n1 + n0) / planned / (1 - planned); (chi > 12.1) != (e.ControlLost > 0) { // p .0005
			t.Errorf("%s: chi-square of the ratio of the arms is %.1f, control lost %v", e.ID, chi, e.ControlLost)
		}
		if messages[e.ID+" control"] != 0 || messages[e.ID+" "] != 0 || float64(messages[e.ID+" "+e.Arm]) < n1 {
			t.Errorf("%s: messages by arm %v", e.ID, messages)
		}
	}
}

// TestFatigue finds the planted harm of pressure in the messages: without targeted suppression pressure does not depend on engagement, so
// within a week the opens of bulk e-mail fall linearly with the bulk messages of the seven days before, and the odds of leaving jump.
func TestFatigue(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Customers, cfg.MessagesPerCustomer = 5000, 80
	cfg.Plant.Fatigue = Fatigue{Open: -.04, Unsubscribe: 1}
	type cell struct{ n, x, y, xx, xy float64 }
	cells := map[int64]*cell{}
	var left, kept [2]float64 // by pressure
	if err := Generate(context.Background(), cfg, func(c *Chunk) error {
		bulk := map[string][]int64{}
		for _, m := range c.Messages { // of one customer in time order
			if m.Sent == 0 {
				continue
			}
			pressure := 0.
			for _, at := range bulk[m.Customer] {
				if at > m.Sent-week {
					pressure++
				}
			}
			if m.Kind != "bulk" {
				continue
			}
			bulk[m.Customer] = append(bulk[m.Customer], m.Sent)
			if m.Channel != "email" || m.Delivered == 0 {
				continue
			}
			open := 0.
			if m.Opened != 0 && !m.MachineOpen {
				open = 1
			}
			k := m.Sent / week
			if cells[k] == nil {
				cells[k] = &cell{}
			}
			x := cells[k]
			x.n++
			x.x += pressure
			x.y += open
			x.xx += pressure * pressure
			x.xy += pressure * open
			high := 0
			if pressure >= highPressure {
				high = 1
			}
			if m.Unsubscribed != 0 {
				left[high]++
			} else {
				kept[high]++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var sxx, sxy float64
	for _, c := range cells {
		sxx += c.xx - c.x*c.x/c.n
		sxy += c.xy - c.x*c.y/c.n
	}
	near(t, "opens per bulk message of the last week", sxy/sxx, -.04, .5/math.Sqrt(sxx)) // a share has standard deviation .5 at most
	se := math.Sqrt(1/left[0] + 1/left[1] + 1/kept[0] + 1/kept[1])
	near(t, "log-odds of leaving under pressure", math.Log(left[1]/kept[1]/(left[0]/kept[0])), 1, se)
	if se > .15 || .5/math.Sqrt(sxx) > .004 {
		t.Errorf("the test sees too little: standard errors %.3f and %.4f", se, .5/math.Sqrt(sxx))
	}
}

type record map[string]string

// readCSV reads a written file with the standard library, not with the code under test.
func readCSV(t *testing.T, path string) []record {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r io.Reader = bytes.NewReader(data)
	comma := ','
	if bytes.HasPrefix(data, []byte("order_id;")) {
		r, comma = charmap.Windows1251.NewDecoder().Reader(r), ';'
	}
	c := csv.NewReader(r)
	c.Comma = comma
	rows, err := c.ReadAll()
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	var out []record
	for _, row := range rows[1:] {
		rec := record{}
		for i, name := range rows[0] {
			rec[name] = row[i]
		}
		out = append(out, rec)
	}
	return out
}

func readTruth(t *testing.T, dir string) *Truth {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var truth Truth
	if err := dec.Decode(&truth); err != nil {
		t.Fatal(err)
	}
	return &truth
}

// TestTruthAgainstFiles derives from the written files, by the words of the contract and slowly, what truth.json says of them: the fate of
// every row, and the life cycle with its transitions.
func TestTruthAgainstFiles(t *testing.T) {
	cfg := small(1500)
	dir := write(t, cfg, CSV)
	truth := readTruth(t, dir)
	end, err := time.ParseInLocation(time.DateOnly, truth.To, time.FixedZone("MSK", 3*3600))
	if err != nil {
		t.Fatal(err)
	}
	start, _ := time.ParseInLocation(time.DateOnly, truth.From, end.Location())
	parse := func(s string) (time.Time, bool) {
		at, err := time.Parse(time.DateTime, s)
		return at, err == nil
	}
	alias := map[string]string{}
	for _, r := range readCSV(t, filepath.Join(dir, "identities.csv")) {
		alias[r["alias_id"]] = r["customer_id"]
	}
	resolve := func(id string) string {
		for alias[id] != "" {
			id = alias[id]
		}
		return id
	}
	kept := map[string][]record{}
	for _, f := range truth.Files {
		var got Fates
		seen := map[string]bool{}
		for _, r := range readCSV(t, filepath.Join(dir, f.Path)) {
			got.Rows++
			required, when, key := []string{}, "", ""
			switch f.Input {
			case "events":
				required, when, key = []string{"customer_id", "name"}, r["occurred_at"], r["customer_id"]+r["event_id"]
			case "messages":
				required, when, key = []string{"customer_id", "channel"}, r["sent_at"]+r["not_sent_at"], r["customer_id"]+r["message_id"]
			case "customers":
				required, when, key = []string{"customer_id"}, r["created_at"], r["customer_id"]
			case "order_items":
				required = []string{"order_id", "product_id"}
				key = fmt.Sprint(r)
			default:
				key = fmt.Sprint(r)
			}
			at, ok := parse(when)
			switch {
			case r["name"] == pingName && f.Input == "events":
				got.Excluded++
			case slices.ContainsFunc(required, func(c string) bool { return r[c] == "" }), when != "" && !ok:
				got.Rejected++
			case when != "" && !at.Before(end):
				got.Outside++
			case seen[key]:
				got.Duplicate++
			default:
				seen[key] = true
				got.Loaded++
				kept[f.Input] = append(kept[f.Input], r)
			}
		}
		if got != f.Fates {
			t.Errorf("%s: truth.json says %+v, the file %+v", f.Path, f.Fates, got)
		}
		if share := float64(f.Rejected) / float64(max(1, f.Rows)); share > .01 {
			t.Errorf("%s: %.4f of the rows are to be rejected, more than max_reject_share", f.Path, share)
		}
	}
	for _, input := range []string{"customers", "messages", "events", "order_items"} {
		f := truth.Totals[input]
		if f.Rejected == 0 || f.Duplicate == 0 || input == "events" && f.Excluded == 0 || strings.HasSuffix(input, "s") && input != "customers" && input != "order_items" && f.Outside == 0 {
			t.Errorf("%s lacks a kind of dirt: %+v", input, f)
		}
	}
	if len(alias) == 0 || truth.Health.Aliases != int64(len(alias)) {
		t.Errorf("%d aliases, truth.json says %d", len(alias), truth.Health.Aliases)
	}

	orders, first := map[string][]time.Time{}, map[string]time.Time{}
	revenue, returns, back := 0., int64(0), 0.
	for _, r := range kept["events"] {
		if r["name"] == "order" {
			at, _ := parse(r["occurred_at"])
			id := resolve(r["customer_id"])
			v, err := strconv.ParseFloat(r["value"], 64)
			if err != nil {
				t.Fatal(err)
			}
			revenue += v
			if v < 0 { // one of several lines comes back: the order stays one
				returns++
				back -= v
				continue
			}
			orders[id] = append(orders[id], at)
		}
	}
	if math.Abs(revenue-truth.Orders.Revenue) > .005 {
		t.Errorf("revenue %.2f, truth.json says %.2f", revenue, truth.Orders.Revenue)
	}
	if returns == 0 || returns != truth.Baskets.Returns || math.Abs(back-truth.Baskets.Returned) > .005 {
		t.Errorf("%d lines of %.2f came back, truth.json says %+v", returns, back, truth.Baskets)
	}
	for _, r := range kept["customers"] {
		first[r["customer_id"]], _ = parse(r["created_at"])
	}
	for _, input := range []string{"events", "messages"} {
		for _, r := range kept[input] {
			at, _ := parse(r["occurred_at"] + r["sent_at"] + r["not_sent_at"])
			if id := resolve(r["customer_id"]); at.Before(first[id]) {
				t.Fatalf("%s of %s at %v, before the customer is known at %v", input, id, at, first[id])
			}
		}
	}
	type pair struct{ from, to string }
	moves, last := map[pair]int64{}, map[string]int64{}
	for id, known := range first {
		previous := ""
		for at := start.AddDate(0, 0, 7); !at.After(end); at = at.AddDate(0, 0, 7) {
			if !known.Before(at) {
				continue
			}
			n, recency := 0, math.MaxInt
			for _, o := range orders[id] {
				if o.Before(at) {
					n++
					recency = min(recency, int((at.Unix()-o.Unix()-1)/day)+1)
				}
			}
			stage := "lead"
			switch {
			case n == 1 && recency <= 60:
				stage = "new"
			case n > 1 && recency <= 60:
				stage = "active"
			case n > 0 && recency <= 365:
				stage = "at_risk"
			case n > 0:
				stage = "lost"
			}
			if previous != "" {
				moves[pair{previous, stage}]++
			}
			previous = stage
		}
		last[previous]++
	}
	for _, r := range truth.Lifecycle.Transitions {
		if n := moves[pair{r.From, r.To}]; n != r.N {
			t.Errorf("%s -> %s: truth.json says %d moves, the files give %d", r.From, r.To, r.N, n)
		}
		delete(moves, pair{r.From, r.To})
	}
	if len(moves) != 0 {
		t.Errorf("moves in the files that truth.json does not know: %v", moves)
	}
	for stage, n := range truth.Lifecycle.Last {
		if last[stage] != n {
			t.Errorf("%s at the end: truth.json says %d, the files give %d", stage, n, last[stage])
		}
	}

	arm, control := map[string]string{}, 0
	for _, r := range kept["enrolments"] {
		arm[r["entry_id"]] = r["arm"]
		if r["arm"] == "control" {
			control++
		}
	}
	for _, r := range kept["messages"] {
		if e := r["entry_id"]; e != "" && arm[e] != "treated" {
			t.Fatalf("message %s belongs to entry %s of arm %q", r["message_id"], e, arm[e])
		}
	}
	if control == 0 {
		t.Error("no enrolment in the control arm")
	}

	total, paid := map[string]float64{}, map[string]float64{}
	for _, r := range kept["order_items"] {
		price, err := strconv.ParseFloat(strings.ReplaceAll(r["price"], ",", "."), 64)
		if err != nil || !strings.Contains(r["price"], ",") || !slices.Contains(append(categories[:], "Упаковка"), r["category"]) && r["product_id"] != truth.Baskets.NoCategory[0] {
			t.Fatalf("price %q, category %q: want a number with a decimal comma and a category in Russian", r["price"], r["category"])
		}
		quantity, _ := strconv.ParseFloat(r["quantity"], 64)
		total[r["order_id"]] += quantity * price
	}
	for _, r := range kept["events"] {
		if r["name"] == "order" {
			v, _ := strconv.ParseFloat(r["value"], 64)
			paid[r["order_id"]] += v
		}
	}
	for id, v := range paid {
		if math.Abs(v-total[id]) > .005 {
			t.Fatalf("order %s: value %v, its items %v", id, v, total[id])
		}
	}
	hostile := 0
	for _, r := range kept["customers"] {
		if slices.Contains(hostileNames, r["name"]) {
			hostile++
		}
	}
	if hostile == 0 || int64(hostile) != truth.Health.HostileNames {
		t.Errorf("%d hostile names read back, truth.json says %d", hostile, truth.Health.HostileNames)
	}
	missed, tasks := map[string][]time.Time{}, map[string][]time.Time{}
	for _, r := range kept["events"] {
		at, _ := parse(r["occurred_at"])
		switch id := resolve(r["customer_id"]); r["name"] {
		case "call_missed":
			missed[id] = append(missed[id], at)
		case "task_created":
			tasks[id] = append(tasks[id], at)
		}
	}
	var in, late, never int64
	for id, calls := range missed {
		for _, at := range calls {
			soon := slices.ContainsFunc(tasks[id], func(x time.Time) bool { return !x.Before(at) && x.Sub(at) <= 15*time.Minute })
			later := slices.ContainsFunc(tasks[id], func(x time.Time) bool { return !x.Before(at) && x.Sub(at) <= 24*time.Hour })
			switch {
			case soon:
				in++
			case later:
				late++
			default:
				never++
			}
		}
	}
	if got := (TriggerTruth{in, late, never}); got != truth.Trigger || in == 0 || late == 0 || never == 0 {
		t.Errorf("missed calls: truth.json says %+v, the files %+v", truth.Trigger, got)
	}
}

// TestRecordedStages: stage_history holds, at the end of every week, the stage of the rules.
func TestRecordedStages(t *testing.T) {
	cfg := small(300)
	cfg.Dirty = false
	dir := write(t, cfg, CSV)
	truth := readTruth(t, dir)
	latest := map[string]string{}
	for _, r := range readCSV(t, filepath.Join(dir, "stage_history.csv")) {
		at, err := time.Parse(time.DateTime, r["entered_at"])
		if at = at.Add(3*time.Hour + time.Second); err != nil || at.Weekday() != time.Monday || at.Format(time.TimeOnly) != "00:00:00" {
			t.Fatalf("stage entered at %s, not in the last second of a week", r["entered_at"])
		}
		latest[r["customer_id"]] = r["stage"] // rows of one customer are in time order
	}
	got := map[string]int64{}
	for _, stage := range latest {
		got[stage]++
	}
	for stage, n := range truth.Lifecycle.Last {
		if got[stage] != n {
			t.Errorf("%s: %d customers by stage_history, %d by the rules", stage, got[stage], n)
		}
	}
}

// TestParquetReadsBack: the clean world is the same world in both formats, cell by cell, and truth.json counts the rows of a dirty one.
func TestParquetReadsBack(t *testing.T) {
	cfg := small(400)
	cfg.Dirty = false
	asText, asParquet := write(t, cfg, CSV), write(t, cfg, Parquet)
	for _, f := range readTruth(t, asParquet).Files {
		want := readCSV(t, filepath.Join(asText, f.Input+".csv"))
		columns, got := readParquet(t, filepath.Join(asParquet, f.Path))
		if len(got) != len(want) || int64(len(got)) != f.Rows {
			t.Errorf("%s: %d rows, %d in CSV, truth.json says %d", f.Path, len(got), len(want), f.Rows)
			continue
		}
		for i := range got {
			for c, name := range columns {
				if got[i][c] != want[i][name] {
					t.Fatalf("%s, row %d, %s: %q in Parquet, %q in CSV", f.Path, i, name, got[i][c], want[i][name])
				}
			}
		}
	}
	cfg = small(900)
	cfg.partSize = 500
	dir := write(t, cfg, Parquet)
	for _, f := range readTruth(t, dir).Files {
		r, err := pqfile.OpenParquetFile(filepath.Join(dir, f.Path), false)
		if err != nil {
			t.Fatal(err)
		}
		if sum := f.Loaded + f.Rejected + f.Duplicate + f.Outside + f.Excluded; r.NumRows() != f.Rows || sum != f.Rows {
			t.Errorf("%s has %d rows, truth.json says %d in all and %d by fate", f.Path, r.NumRows(), f.Rows, sum)
		}
		r.Close()
	}
}

// readParquet returns the cells as CSV would show them.
func readParquet(t *testing.T, path string) (columns []string, rows [][]string) {
	t.Helper()
	r, err := pqfile.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ar, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := ar.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	rows = make([][]string, table.NumRows())
	for c := range int(table.NumCols()) {
		columns = append(columns, table.Column(c).Name())
		at := 0
		for _, chunk := range table.Column(c).Data().Chunks() {
			for i := range chunk.Len() {
				cell := ""
				if chunk.IsValid(i) {
					switch a := chunk.(type) {
					case *array.Timestamp:
						cell = time.UnixMilli(int64(a.Value(i))).UTC().Format("2006-01-02 15:04:05.999")
					case *array.Float64:
						cell = strconv.FormatFloat(a.Value(i), 'f', 2, 64)
					default:
						cell = chunk.ValueStr(i)
					}
				}
				rows[at] = append(rows[at], cell)
				at++
			}
		}
	}
	return columns, rows
}

// TestAuditYAML: the configuration names every file that was written and no other, and every scenario and template that messages use.
func TestAuditYAML(t *testing.T) {
	for _, format := range []string{CSV, Parquet} {
		cfg := small(1100)
		cfg.partSize = 500
		dir := write(t, cfg, format)
		data, err := os.ReadFile(filepath.Join(dir, "audit.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Version   int
			Period    struct{ From, To string }
			Sources   map[string][]struct{ Path string }
			Lifecycle struct{ Stages []StageRule }
			Scenarios []struct {
				ID    string
				Steps []struct{ ID, After string }
			}
		}
		if err := yaml.Unmarshal(data, &c); err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		found := map[string]int{}
		for input, list := range c.Sources {
			for _, s := range list {
				matches, err := filepath.Glob(filepath.Join(dir, s.Path))
				if err != nil || len(matches) == 0 {
					t.Errorf("source %s: %s matches nothing (%v)", input, s.Path, err)
				}
				for _, m := range matches {
					found[filepath.Base(m)]++
				}
			}
		}
		for _, f := range readTruth(t, dir).Files {
			if found[f.Path] != 1 {
				t.Errorf("%s is named %d times in the sources", f.Path, found[f.Path])
			}
			delete(found, f.Path)
		}
		if len(found) != 0 {
			t.Errorf("sources catch files that truth.json does not know: %v", found)
		}
		if c.Version != 1 || len(c.Scenarios) != len(readTruth(t, dir).Scenarios)-1 || len(c.Lifecycle.Stages) != stCount || c.Period.From >= c.Period.To {
			t.Errorf("audit.yaml reads as %+v", c)
		}
	}
}

func TestOnlyInputs(t *testing.T) {
	cfg := small(500)
	cfg.Inputs = []string{"messages", "events"}
	dir := write(t, cfg, Parquet)
	got := digest(t, dir)
	if len(got) != 4 {
		t.Errorf("files %v, want messages, events, audit.yaml and truth.json", sortedKeys(got))
	}
}

func TestReadPlant(t *testing.T) {
	p, err := ReadPlant("p.yaml", strings.NewReader("second_order: 1\nscenario_effects: {at_risk: 1}\nfatigue: {open: 0}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultPlant()
	want.SecondOrder, want.Fatigue.Open, want.ScenarioEffects["at_risk"] = 1, 0, 1
	if fmt.Sprint(p) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", p, want)
	}
	if p, err := ReadPlant("empty.yaml", strings.NewReader("")); err != nil || fmt.Sprint(p) != fmt.Sprint(DefaultPlant()) {
		t.Errorf("an empty file gives %+v, %v", p, err)
	}
	for _, c := range []struct {
		text string
		says []string
	}{
		{"# x\nsceond_order: 1\nzzz: 2\nfatigue: {opne: 1}", []string{"p.yaml:2: unknown key sceond_order, did you mean second_order?", "p.yaml:3: unknown key zzz: allowed: scenarios, second_order,", "p.yaml:4: unknown key opne, did you mean open?"}},
		{"second_order: lots\nslumps: 7\nholdouts: [1]", []string{"p.yaml:1: found `lots`, want a number", "p.yaml:2: found `7`, want true or false", "p.yaml:3: found a list or mapping, want a mapping of names to numbers"}},
		{"second_order: -1\nscenario_effects:\n  nope: 2\nholdouts: {june: 1}\naffinity: 2\nfatigue: {unsubscribe: .nan}\n", []string{"p.yaml:1: second_order: -1 is not a multiplier from 0 to 20", "p.yaml:3: scenario_effects.nope: no such chain: allowed: welcome,", "p.yaml:4: holdouts.june", "p.yaml:5: affinity: 2", "p.yaml:6: fatigue.unsubscribe"}},
		{"scenarios: many", []string{`p.yaml:1: scenarios: "many" is none of none, basic, usual, extra`}},
		{"trigger_late: .7\ntrigger_missing: .7\n", []string{"p.yaml:2: trigger_missing: with trigger_late it is 1.4, more than 1"}},
		{"a: [", []string{"p.yaml", "line"}},
		{"second_order: 1\nsecond_order: 2", []string{"p.yaml", "2", "already defined"}},
	} {
		_, err := ReadPlant("p.yaml", strings.NewReader(c.text))
		var usage *analytics.UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%q: error %v is no usage error", c.text, err)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%q: %q does not say %q", c.text, err, s)
			}
		}
	}
}

func TestBadUse(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"customers": func(c *Config) { c.Customers = 0 },
		"weeks":     func(c *Config) { c.Weeks = 3 },
		"Monday":    func(c *Config) { c.Start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) },
		"messages":  func(c *Config) { c.MessagesPerCustomer = math.NaN() },
		"plant":     func(c *Config) { c.Plant.Affinity = 7 },
		"inputs":    func(c *Config) { c.Inputs = []string{"mesages"} },
	} {
		cfg := small(10)
		change(&cfg)
		err := Write(context.Background(), cfg, t.TempDir(), CSV, nil)
		var usage *analytics.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if err := Write(context.Background(), small(10), t.TempDir(), "xlsx", nil); err == nil || !strings.Contains(err.Error(), "xlsx") {
		t.Errorf("format xlsx: error %v", err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "audit.yaml"), []byte("version: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), small(10), foreign, CSV, nil); err == nil || !strings.Contains(err.Error(), "did not write") {
		t.Errorf("a directory with somebody's audit.yaml: error %v", err)
	}
	if data, err := os.ReadFile(filepath.Join(foreign, "audit.yaml")); err != nil || string(data) != "version: 1\n" {
		t.Errorf("somebody's audit.yaml is now %q, %v", data, err)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var engine *analytics.EngineError
	if err := Write(context.Background(), small(10), blocked, CSV, nil); !errors.As(err, &engine) {
		t.Errorf("a file for a directory: error %v", err)
	}
}

// TestRewrite: a smaller world in the same directory leaves no file of the larger one behind.
func TestRewrite(t *testing.T) {
	dir := t.TempDir()
	cfg := small(1100)
	cfg.partSize = 500
	for _, customers := range []int{1100, 600, 400} {
		cfg.Customers = customers
		if err := Write(context.Background(), cfg, dir, CSV, nil); err != nil {
			t.Fatal(err)
		}
		got := sortedKeys(digest(t, dir))
		if want := len(readTruth(t, dir).Files) + 2; len(got) != want {
			t.Errorf("%d customers: %d files, want %d: %v", customers, len(got), want, got)
		}
	}
}

// TestInterrupted: a world that was not finished has no truth.json, also not that of the world before it.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	cfg := small(1100)
	if err := Write(context.Background(), cfg, dir, CSV, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := Write(ctx, cfg, dir, CSV, func(string, int64, int64) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "truth.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("truth.json after an interruption: %v", err)
	}
	if err := Write(context.Background(), cfg, dir, CSV, nil); err != nil {
		t.Errorf("writing again: %v", err)
	}
}

// TestTiny: the smallest worlds are whole worlds.
func TestTiny(t *testing.T) {
	for _, format := range []string{CSV, Parquet} {
		cfg := small(1)
		cfg.Weeks = 8
		dir := write(t, cfg, format)
		if truth := readTruth(t, dir); truth.Totals["customers"].Loaded != 1 {
			t.Errorf("%s: %+v", format, truth.Totals["customers"])
		}
	}
}

func TestProgress(t *testing.T) {
	var seen []int64
	cfg := small(1300)
	cfg.partSize = 500
	if err := Write(context.Background(), cfg, t.TempDir(), CSV, func(_ string, done, total int64) {
		if total != 1300 {
			t.Errorf("total %d", total)
		}
		seen = append(seen, done)
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(seen) || len(seen) == 0 || seen[len(seen)-1] != 1300 {
		t.Errorf("progress %v", seen)
	}
}

func TestCivil(t *testing.T) {
	for d := int64(-20_000); d < 40_000; d++ {
		at := time.Unix(d*day, 0).UTC()
		if y, m, dd := civil(d); y != at.Year() || m != int(at.Month()) || dd != at.Day() {
			t.Fatalf("day %d is %d-%d-%d, want %s", d, y, m, dd, at.Format(time.DateOnly))
		}
	}
}

// BenchmarkWrite measures the generator with Parquet writing: 20,000 customers, 420,000 messages, 97,000 events and all other inputs.
func BenchmarkWrite(b *testing.B) {
	cfg := DefaultConfig()
	cfg.Customers, cfg.partSize = 20_000, 10_000
	dir := b.TempDir()
	for b.Loop() {
		if err := Write(context.Background(), cfg, dir, Parquet, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cfg.Customers)*float64(b.N)/b.Elapsed().Seconds(), "customers/s")
}

// BenchmarkGenerate measures the generator alone.
func BenchmarkGenerate(b *testing.B) {
	cfg := DefaultConfig()
	cfg.Customers = 20_000
	for b.Loop() {
		if err := Generate(context.Background(), cfg, func(*Chunk) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cfg.Customers)*float64(b.N)/b.Elapsed().Seconds(), "customers/s")
}
