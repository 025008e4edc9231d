package content

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"

	"pgregory.net/rapid"
)

// TestOracle: slope over a life and its doubt against R (testdata/oracle/make_content.R: lm with a factor of the cell on single messages, jackknife by hand).
func TestOracle(t *testing.T) {
	var o struct {
		Life    [][]float64 `json:"life"`
		Slope   float64     `json:"slope"`
		SlopeSE float64     `json:"slope_se"`
	}
	data, err := os.ReadFile("../../testdata/oracle/content.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	buckets := make([]life, Buckets)
	for b := range buckets {
		buckets[b].own = make([]lifeSums, 4)
	}
	for _, r := range o.Life {
		buckets[int(r[1])].own[int(r[0])-1] = lifeSums{r[2], r[3], r[4], r[5], r[6]}
	}
	r := suffstat.JackknifeVec(buckets, func(l life) []float64 { s, _ := relativeSlope(l.own); return []float64{s} })
	if math.Abs(r.Value[0]-o.Slope) > 1e-10 || math.Abs(r.SE(0)-o.SlopeSE) > 1e-10 {
		t.Errorf("slope %.12f (%.12f), R says %.12f (%.12f)", r.Value[0], r.SE(0), o.Slope, o.SlopeSE)
	}
}

// TestSlopeProperties: the slope does not change when clicks and messages are doubled, weeks are counted from another one, or a cell with a single week is added; it turns its sign with time.
func TestSlopeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "cells")
		var cells, double, shifted, back []lifeSums
		for range n {
			var c, s, r lifeSums
			for range rapid.IntRange(2, 6).Draw(t, "weeks") {
				w, k := float64(rapid.IntRange(0, 20).Draw(t, "week")), float64(rapid.IntRange(1, 50).Draw(t, "n"))
				y := float64(rapid.IntRange(0, int(k)).Draw(t, "y"))
				c = c.plus(lifeSums{k, k * w, k * w * w, y, y * w})
				v := w + 7
				s = s.plus(lifeSums{k, k * v, k * v * v, y, y * v})
				r = r.plus(lifeSums{k, -k * w, k * w * w, y, -y * w})
			}
			cells, double, shifted, back = append(cells, c), append(double, c.plus(c)), append(shifted, s), append(back, r)
		}
		want, _ := relativeSlope(cells)
		for name, other := range map[string][]lifeSums{"doubled": double, "shifted": shifted} {
			if got, _ := relativeSlope(other); math.Abs(got-want) > 1e-7*(1+math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("%s: %v, then %v", name, want, got)
			}
		}
		if got, _ := relativeSlope(back); math.Abs(got+want) > 1e-7*(1+math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("backwards: %v, then %v", want, got)
		}
	})
}

func TestNormalised(t *testing.T) {
	for _, c := range [][2]string{
		{"<p>Привет, {{name}}! Ещё <b>скидка</b> 20&nbsp;%</p><style>x</style>", "привет еще скидка 20"},
		{"Hello,  WORLD! https://shop.example/x?utm=1", "hello world"}, {"%%first_name%%, a < b", "a b"}, {"", ""},
	} {
		if got := Normalised(c[0]); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("aБё <>&;{}%1.,!\n"))).Draw(t, "s")
		once := Normalised(s)
		if strings.ContainsAny(once, "<>{}%,.!\n") || Normalised(once) != once {
			t.Fatalf("%q: %q, then %q", s, once, Normalised(once))
		}
	})
}

func TestHasEmoji(t *testing.T) {
	for s, want := range map[string]bool{"Скидка 🎁": true, "❤️ вы": true, "⭐ новинки": true, "© 2026, № 5 → тут ™": false, "": false, "Текст 20 %": false} {
		if HasEmoji(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

// small is three templates without lives: t1 in two roles, t2 and t3 with one text.
func small() *Counts {
	c := &Counts{Slots: map[int64]Slot{}, Totals: Totals{From: 20000, To: 20091, End: 20100, Buckets: 100, Weeks: 12, Messages: 1300, WithTemplate: 1200, Templates: 3, Listed: 3, Dated: 2}}
	slot := func(key int64, id, scenario, role string, messages, recent int64) {
		c.Slots[key] = Slot{Use: key, Chain: key, Channel: "email", Kind: "trigger", Scenario: scenario, Role: role, ID: id, Template: id != "", Audited: messages, Recent: recent, First: 19900, Last: 20090}
	}
	slot(1, "t1", "welcome", "activation", 500, 40)
	slot(2, "t1", "winback", "winback", 300, 20)
	slot(3, "t2", "winback", "winback", 200, 10)
	slot(4, "t3", "welcome", "activation", 200, 0)
	slot(5, "", "other", "", 100, 10)
	body := "<p>We kept your cart, {{name}}, for two more days.</p>"
	c.Texts = []Text{
		{ID: "t1", Name: "Hello", Subject: "Welcome 🎁", Text: "One text for all of you out there.", Updated: 19500, Dated: true},
		{ID: "t2", Subject: "Your cart", Text: body, Updated: 20050, Dated: true},
		{ID: "t3", Subject: "Your basket", Text: strings.ToUpper(body)},
	}
	for b := range 100 {
		for _, key := range []int64{1, 2, 3, 4} {
			c.Rates = append(c.Rates, RateRow{Slot: key, Bucket: b, Customers: 2, Delivered: 3, Opened: 1, Clicked: int64(b % 2)})
		}
		for _, key := range []int64{1, 3, 4} {
			c.Rates = append(c.Rates, RateRow{Template: true, Slot: key, Bucket: b, Customers: 2, Delivered: 3, Opened: 1, Clicked: int64(b % 2)})
		}
	}
	c.Stages = []StageRow{{1, "new", 90}, {1, "active", 9}, {1, "", 1}, {2, "lost", 50}}
	return c
}

func TestTemplates(t *testing.T) {
	m := Fit(small(), Options{})
	if len(m.Templates) != 3 || m.Templates[0].ID != "t1" {
		t.Fatalf("templates %v", m.Templates)
	}
	t1, t2, t3 := m.Templates[0], m.Templates[1], m.Templates[2]
	if !t1.Stale || t1.AgeDays != 591 || t1.Reuse != ByRoles || !slices.Equal(t1.Stages, []string{"new", "lost", "active"}) || !t1.Emoji || t1.Length != 9 {
		t.Errorf("t1: %+v", *t1)
	}
	if t2.Stale || t2.AgeDays != 41 || t2.Copies == nil || t2.Copies != t3.Copies || t2.Copies.Basis != BasisText || t2.Copies.Reuse != ByRoles {
		t.Errorf("t2: %+v", *t2)
	}
	if t3.Age != AgeNotGiven || t3.Still {
		t.Errorf("t3: %+v", *t3)
	}
	findings := Findings(m, Options{})
	var got []string
	for _, f := range findings {
		got = append(got, f.Kind+" "+f.Subject+" "+f.Text("reason"))
		if f.Opportunity == nil || f.Opportunity.Effect != nil || f.Opportunity.Grade != analytics.GradeStructural || f.Statistic == nil {
			t.Errorf("%s: %+v", f.Subject, f.Opportunity)
		}
	}
	if want := []string{"template_stale t1 ", "template_reused t1 roles", "template_reused t2 = t3 copies_roles"}; !slices.Equal(got, want) {
		t.Errorf("findings %q", got)
	}
}

// TestStagesDeclared: without roles, scenarios that are declared for stages with nothing in common make one text a reused one.
func TestStagesDeclared(t *testing.T) {
	c := small()
	for k, s := range c.Slots {
		s.Role = ""
		c.Slots[k] = s
	}
	opt := Options{Setup: Setup{Scenarios: []analytics.Scenario{{ID: "welcome", Stages: []string{"new"}}, {ID: "winback", Stages: []string{"lost"}}}}}
	if got := Fit(c, opt).Templates[0].Reuse; got != ByStages {
		t.Errorf("reuse %q", got)
	}
	opt.Scenarios[1].Stages = append(opt.Scenarios[1].Stages, "new")
	if got := Fit(c, opt).Templates[0].Reuse; got != "" {
		t.Errorf("reuse %q", got)
	}
}

// TestBadDates: a template changed in the future, after the window, without a day, or not listed has a word and is never stale.
func TestBadDates(t *testing.T) {
	for _, x := range []struct {
		change func(*Counts)
		age    string
		note   string
	}{
		{func(c *Counts) { c.Texts[0].Updated = 30000 }, AgeFuture, "future_dates"},
		{func(c *Counts) { c.Texts[0].Updated = 20095; c.Texts[2].Dated = true }, AgeAfterPeriod, "after_period_dates"},
		{func(c *Counts) { c.Texts[0].Dated = false }, AgeNotGiven, "some_without_date"},
		{func(c *Counts) { c.Texts = c.Texts[1:] }, AgeNotListed, "not_listed"},
		{func(c *Counts) { c.Texts = nil; c.Totals.Listed, c.Totals.Dated = 0, 0 }, AgeNotListed, "no_templates_given"},
		{func(c *Counts) { c.Texts[0].Dated = false; c.Totals.Dated = 0 }, AgeNotGiven, "no_dates"},
	} {
		c := small()
		x.change(c)
		m := Fit(c, Options{})
		if t1 := m.Templates[0]; t1.Age != x.age || t1.Stale {
			t.Errorf("%s: %s, stale %v", x.note, t1.Age, t1.Stale)
		}
		note := ""
		for _, c := range Coverage(m, map[string]bool{"messages": true, "templates": true}) {
			if c.Answers == "template_age" {
				note = c.Note
			}
		}
		if note != x.note {
			t.Errorf("note %q, want %q", note, x.note)
		}
	}
}

// TestNoData: without messages, or without template ids, there are empty tables, no findings and words of what is missing.
func TestNoData(t *testing.T) {
	for note, c := range map[string]*Counts{
		"none_in_period":  {Slots: map[int64]Slot{}},
		"no_template_ids": {Slots: map[int64]Slot{1: {Use: 1, Chain: 1, Channel: "sms", Audited: 10}}, Totals: Totals{From: 1, To: 2, End: 3, Messages: 10}},
	} {
		m := Fit(c, Options{})
		for _, table := range m.Tables() {
			if len(table.Rows) > 0 {
				t.Errorf("%s: %s has rows", note, table.Name)
			}
		}
		if len(Findings(m, Options{})) > 0 {
			t.Errorf("%s: findings", note)
		}
		if got := Coverage(m, map[string]bool{"messages": true})[0]; got.Note != note || got.Present {
			t.Errorf("%s: %+v", note, got)
		}
	}
}

// TestPermuted: the order of the rows changes nothing.
func TestPermuted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &sim{rng: rng, weeks: 20, customers: 2000, ownShock: .05, heterogenity: .5}
	c := s.counts([]simLife{{id: "t0", kind: "trigger", scenario: "a", rate: .2, loss: .5, perWeek: 100, to: 19}, {id: "t1", kind: "trigger", scenario: "b", rate: .2, perWeek: 100, to: 19}, {id: "t2", kind: "trigger", scenario: "c", rate: .2, perWeek: 100, to: 19}})
	before := fmt.Sprint(Fit(c, Options{}).Tables())
	for range 3 {
		rng.Shuffle(len(c.Life), func(i, j int) { c.Life[i], c.Life[j] = c.Life[j], c.Life[i] })
		rng.Shuffle(len(c.Rates), func(i, j int) { c.Rates[i], c.Rates[j] = c.Rates[j], c.Rates[i] })
		rng.Shuffle(len(c.Weeks), func(i, j int) { c.Weeks[i], c.Weeks[j] = c.Weeks[j], c.Weeks[i] })
		if after := fmt.Sprint(Fit(c, Options{}).Tables()); after != before {
			t.Fatal("the tables change with the order of the rows")
		}
	}
	w := Fit(c, Options{}).Wearout[0]
	if w.Verdict != Worn || w.Contrast.Value > -.2 || w.PeersOf != "kind" {
		t.Errorf("t0: %s %v", w.Verdict, w.Contrast)
	}
}

// TestAlone: a template that falls and has nobody beside it is not called worn out.
func TestAlone(t *testing.T) {
	s := &sim{rng: rand.New(rand.NewPCG(3, 4)), weeks: 20, customers: 2000, heterogenity: .5}
	m := Fit(s.counts([]simLife{{id: "t0", kind: "trigger", scenario: "a", rate: .3, loss: .5, perWeek: 200, to: 19}}), Options{})
	if w := m.Wearout[0]; w.Verdict != Alone || w.Note != "no_peers" || w.Contrast.OK() {
		t.Errorf("%+v", w)
	}
	if len(Findings(m, Options{})) > 0 {
		t.Error("a finding without anybody to compare with")
	}
}

// TestTablesFinite: no NaN and no infinity reaches a table, and every row has all columns.
func TestTablesFinite(t *testing.T) {
	s := &sim{rng: rand.New(rand.NewPCG(5, 6)), weeks: benchWeeks, customers: 500}
	for _, m := range []*Model{Fit(small(), Options{}), Fit(s.counts(family(0, 20)[:3]), Options{})} {
		for _, table := range m.Tables() {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %d values, %d columns", table.Name, len(row), len(table.Columns))
				}
				for i, v := range row {
					if x, ok := v.(float64); ok && !analytics.Finite(x) {
						t.Errorf("%s.%s is %v", table.Name, table.Columns[i], x)
					}
				}
			}
		}
	}
}

// TestHostileName keeps a hostile name out of the SQL of the evidence.
func TestHostileName(t *testing.T) {
	c := small()
	for k, s := range c.Slots {
		if s.ID == "t1" {
			s.ID = "x'; DROP TABLE analytics.templates; --"
			c.Slots[k] = s
		}
	}
	c.Texts[0].ID = "x'; DROP TABLE analytics.templates; --"
	for _, f := range Findings(Fit(c, Options{}), Options{}) {
		if strings.Contains(f.EvidenceSQL, "x'; DROP") {
			t.Errorf("not quoted: %s", f.EvidenceSQL)
		}
	}
}
