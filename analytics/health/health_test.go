package health

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crmaudit/analytics"
	"crmaudit/analytics/analyticstest"

	"github.com/google/go-cmp/cmp"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// tables is a base of eight contacts on day 20100, counted by hand: 1 and 2 are one person, 3 is his wife with the same phone, 4 and 5 are one firm, 6 is a row of fillers,
// 7 has nothing, 8 an impossible address and number.
func tables(t *testing.T) analyticstest.Source {
	return analyticstest.Tables(t, map[string]string{
		"analytics.red_health_base": "contacts:int64,first_day:int64,from_day:int64,to_day:int64\n8,19000,20009,20100\n",
		"analytics.red_health_contacts": `ck:int64,customer_id:string,name:string,phone:string,email:string,birthday:string,created_day:int64,updated_day:int64,active_day:int64,messages:int64,cost_micro:int64
1,c1,Иванов Пётр,8 701 123 45 68,Petr.Ivanov@gmail.com,1990-05-17,19100,20050,20090,4,80000
2,c2,PETR IVANOV,+77011234568,petrivanov+x@gmail.com,,19200,19000,,3,60000
3,c3,Иванова Анна,87011234568,,1991-01-02,19200,20050,20080,2,40000
4,c4,ТОО Алматы Сервис,8 727 222 33 41,info@as.kz,,19200,20050,19500,0,0
5,c5,Almaty Service LLP,,info@as.kz,,20000,,,1,20000
6,c6,-,123,aaa@aaa.aa,1900-01-01,19200,20050,20080,5,100000
7,c7,,,,,19200,20050,,0,0
8,c8,Пак Юрий,2-45-68,пак@,2090-01-01,19300,20050,20080,7,140000
`,
		"analytics.red_health_values": `field:string,value:string,contacts:int64,filled:int64,distinct_values:int64
attr_birthday,1990-05-17,1,4,4
attr_birthday,1991-01-02,1,4,4
attr_birthday,1900-01-01,1,4,4
attr_birthday,2090-01-01,1,4,4
attr_level,1,4,6,3
attr_level,123,1,6,3
attr_level,-,1,6,3
created_at,any,8,8,1
source,site,5,7,3
source,123,1,7,3
source,тест,1,7,3
updated_at,any,7,7,1
`,
		"analytics.red_health_bounces": "channel:string,sent:int64,bounced:int64,ever_bounced:int64\nemail,22,3,3\nsms,5,1,1\n",
	})
}

func setup() Setup {
	s := Setup{Config: DefaultConfig(), Attributes: []string{"attr_birthday", "attr_level"}, MessageCost: map[string]float64{"email": .02}}
	s.Complete("KZT")
	return s
}

func settings() analytics.Settings {
	return analytics.Settings{From: day("2024-10-13"), To: day("2025-01-12"), Currency: "KZT", MessageCost: map[string]float64{"email": .02}, Inputs: map[string]bool{"customers": true, "messages": true}}
}

func TestBlock(t *testing.T) {
	t.Parallel()
	r, err := NewBlock(setup()).Run(context.Background(), tables(t), settings())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]any{}
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			switch table.Name {
			case "analytics.health":
				got[row[0].(string)] = []any{row[2], row[3], row[6]}
			case "analytics.duplicate_groups":
				got["group "+row[3].(string)] = []any{row[1], row[2], row[4], row[5]}
			}
		}
	}
	i := func(n int64) any { return n }
	want := map[string][]any{
		"duplicates":                    {i(2), i(8), "red"},
		"key_fields_filled":             {i(6 + 5 + 5), i(24), "red"},
		"key_filled:name":               {i(6), i(8), "red"},
		"key_filled:phone":              {i(5), i(8), "red"},
		"key_filled:email":              {i(5), i(8), "red"},
		"optional_fields_filled":        {i(3 + 5 + 5), i(24), "warning"}, // birthday 4 less 1900-01-01; level 6 less -; source 7 less 123 and тест
		"optional_filled:attr_birthday": {i(3), i(8), "warning"},
		"optional_filled:attr_level":    {i(5), i(8), "warning"},
		"optional_filled:source":        {i(5), i(8), "warning"},
		"fillers":                       {i(3 + 4), i(7 + 6 + 6 + 4 + 6 + 7 + 8 + 7), "red"}, // c6 in name, phone and e-mail; birthday, level, source twice
		"phones_invalid":                {i(1), i(5), "red"},
		"emails_invalid":                {i(1), i(5), "red"},
		"unreachable":                   {i(3), i(8), "red"},
		"birthdays_absurd":              {i(1), i(3), "red"},
		"stale":                         {i(1), i(7), "ok"},
		"inactive":                      {i(3), i(8), "warning"}, // c2 and c7 never, c4 too long ago; c5 is new
		"email_bounces":                 {i(3), i(22), "red"},
		"group c1":                      {i(2), "certain", i(3), .06},
		"group c4":                      {i(2), "certain", i(1), .02},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	notes := map[string]string{}
	for _, c := range r.Coverage {
		notes[c.Input] = c.Note
	}
	if notes["customers"] != "" || notes["history"] != "" || notes["messages.bounced_at"] != "" {
		t.Errorf("coverage: %v", notes)
	}
	subjects := map[string]analytics.Finding{}
	for _, f := range r.Findings {
		subjects[f.Subject] = f
		if f.Kind != "data_health" || f.Opportunity == nil || f.Opportunity.Grade != analytics.GradeStructural || f.Opportunity.Effect != nil || f.Opportunity.Money != nil {
			t.Errorf("%s: %+v", f.Subject, f)
		}
	}
	if len(subjects) != 10 {
		t.Errorf("%d findings, want the ten checks outside their norm", len(subjects))
	}
	// 91 days are a quarter: what it costs is what it cost.
	if s := subjects["duplicates"].Opportunity.Stake; s == nil || s.Value < .0799 || s.Value > .0801 || s.Unit != "KZT" {
		t.Errorf("stake of duplicates: %+v", s)
	}
	if e, _ := subjects["unreachable"].Number("messages"); e.Value != 12 {
		t.Errorf("messages to those who cannot be reached: %+v", e)
	}
	for _, table := range r.Tables {
		if strings.Contains(table.Name, "blocks") || strings.Contains(table.Name, "counts") || table.Name == "analytics.health" {
			for _, row := range table.Rows {
				for _, v := range row {
					if s, ok := v.(string); ok && strings.Contains(s, "ванов") {
						t.Errorf("%s names a person: %v", table.Name, row)
					}
				}
			}
		}
	}
}

// Without the input customers, or without anything at all, the card says so and nothing crashes.
func TestNothing(t *testing.T) {
	t.Parallel()
	empty := tables(t)
	for name, text := range map[string]string{
		"analytics.red_health_base":     "contacts:int64,first_day:int64,from_day:int64,to_day:int64\n",
		"analytics.red_health_contacts": "ck:int64,customer_id:string,name:string,phone:string,email:string,birthday:string,created_day:int64,updated_day:int64,active_day:int64,messages:int64,cost_micro:int64\n",
		"analytics.red_health_values":   "field:string,value:string,contacts:int64,filled:int64,distinct_values:int64\n",
		"analytics.red_health_bounces":  "channel:string,sent:int64,bounced:int64,ever_bounced:int64\n",
	} {
		f, err := analyticstest.Frame(name, text)
		if err != nil {
			t.Fatal(err)
		}
		empty[name] = f
	}
	without := settings()
	without.Inputs = nil
	for _, c := range []struct {
		what string
		src  analyticstest.Source
		set  analytics.Settings
	}{{"no rows", empty, settings()}, {"no rows and no input", empty, without}, {"no input", tables(t), without}} {
		r, err := NewBlock(setup()).Run(context.Background(), c.src, c.set)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range r.Tables {
			if table.Name != "analytics.health" {
				continue
			}
			for _, row := range table.Rows {
				if row[6] != "not_measurable" && row[0] != EmailBounces {
					t.Errorf("%s: %v", c.what, row)
				}
			}
		}
		if len(r.Findings) > 1 {
			t.Errorf("%s: %d findings", c.what, len(r.Findings))
		}
	}
}

// A short history cannot tell that somebody was silent for a year.
func TestShortHistory(t *testing.T) {
	t.Parallel()
	src := tables(t)
	f, err := analyticstest.Frame("analytics.red_health_base", "contacts:int64,first_day:int64,from_day:int64,to_day:int64\n8,19900,20009,20100\n")
	if err != nil {
		t.Fatal(err)
	}
	src["analytics.red_health_base"] = f
	c, err := Load(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	m := Fit(c, Options{Setup: setup(), Customers: true})
	at := slices.IndexFunc(m.Checks, func(c Check) bool { return c.Name == Inactive })
	if m.Checks[at].Status != NotMeasurable || m.Checks[at].Note != ShortHistory {
		t.Errorf("%+v", m.Checks[at])
	}
}

func people(names ...string) []Contact {
	var out []Contact
	for i, x := range names {
		f := strings.Split(x, "|")
		c := Contact{ID: string(rune('a' + i)), Name: f[0], Created: noDay, Updated: noDay, Active: noDay}
		if len(f) > 1 {
			c.Phone = f[1]
		}
		if len(f) > 2 {
			c.Email = f[2]
		}
		if len(f) > 3 {
			c.Birthday = f[3]
		}
		out = append(out, c)
	}
	return out
}

// pairsOf finds pairs in a base of the given contacts among two thousand others.
func pairsOf(contacts []Contact) (map[string]Verdict, []group) {
	r := read(append(slices.Clone(contacts), newPlanted(rand.New(rand.NewPCG(5, 5)), 2000).contacts...), "KZ", 20_100, nil)
	pairs, _, _ := findPairs(r.base)
	groups, _ := grouping(r.base, pairs)
	out := map[string]Verdict{}
	for _, p := range pairs {
		if int(p.b) < len(contacts) {
			out[contacts[p.a].ID+contacts[p.b].ID] = p.score.Verdict()
		}
	}
	return out, slices.DeleteFunc(groups, func(g group) bool { return int(g.members[0]) >= len(contacts) })
}

// A chain of likenesses does not make one contact of a family: a number that a man and his wife share stands between his records and hers.
func TestNoChaining(t *testing.T) {
	t.Parallel()
	pairs, groups := pairsOf(people("Ким Олег|87010000412|oleg.kim.7741@mail.ru", "|87010000412|", "Ким Вера|87010000412|vera.kim.5513@mail.ru", "Vera Kim||vera.kim.5513@mail.ru"))
	if pairs["ac"] != "" {
		t.Errorf("a couple: %v", pairs)
	}
	for _, g := range groups {
		if slices.Contains(g.members, 0) && slices.Contains(g.members, 2) {
			t.Errorf("chained: %v", groups)
		}
	}
	if pairs["cd"] != Certain {
		t.Errorf("%v", pairs)
	}
}

// The same rare name is evidence, the same common one is not; a number that a call centre has is none either.
func TestRarity(t *testing.T) {
	t.Parallel()
	var common []Contact
	for i := range 60 {
		common = append(common, Contact{ID: string(rune('A' + i)), Name: "Иван Смирнов", Created: noDay, Updated: noDay, Active: noDay})
	}
	common[0].Name, common[1].Name = "Феофилакт Бржезинский", "Brzhezinskiy Feofilakt"
	pairs, _ := pairsOf(common)
	if pairs["AB"] == "" || pairs["CD"] != "" {
		t.Errorf("rare %q, common %q", pairs["AB"], pairs["CD"])
	}
	shared := people()
	for i := range 400 {
		shared = append(shared, Contact{ID: string(rune(0x4e00 + i)), Phone: "87270001122", Name: []string{"", "Иван", "Анна"}[i%3], Created: noDay, Updated: noDay, Active: noDay})
	}
	pairs, _ = pairsOf(shared)
	for p, v := range pairs {
		if v != Possible {
			t.Fatalf("a number of 400: %s %s", p, v)
		}
	}
}

// The order of the contacts changes no verdict, and a base is read the same way twice.
func TestOrderOfContacts(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 3))
	contacts := newPlanted(rng, 1500).contacts
	verdicts := func(contacts []Contact) map[string]Verdict {
		r := read(contacts, "KZ", 20_100, nil)
		pairs, _, _ := findPairs(r.base)
		out := map[string]Verdict{}
		for _, p := range pairs {
			a, b := contacts[p.a].ID, contacts[p.b].ID
			out[min(a, b)+" "+max(a, b)] = p.score.Verdict()
		}
		return out
	}
	want := verdicts(contacts)
	shuffled := slices.Clone(contacts)
	rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if diff := cmp.Diff(want, verdicts(shuffled)); diff != "" || len(want) < 50 {
		t.Errorf("%d pairs: %s", len(want), diff)
	}
	if diff := cmp.Diff(want, verdicts(contacts)); diff != "" {
		t.Error(diff)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	red := func(x float64) *float64 { return &x }
	c := Config{Region: "rus", KeyFields: []string{"phone", "phone", "fone", "attr_"}, OptionalFields: []string{"phone", "attr_x"}, Fillers: []string{" "}, InactiveDays: 0, StaleDays: 40_000,
		Norms: map[string]Norm{"duplicate": {.1, nil}, Duplicates: {.2, red(.1)}, KeyFilled: {.5, red(.6)}, Fillers: {1.5, nil}, Stale: {.1, red(2)}}}
	got := map[string]bool{}
	c.Validate(func(path, _ string, _ ...any) { got[path] = true })
	want := strings.Fields(`health.region health.inactive_days health.stale_days health.norms.duplicate health.norms.duplicates.red health.norms.key_fields_filled.red health.norms.fillers.norm health.norms.stale.red
		health.key_fields[1] health.key_fields[2] health.key_fields[3] health.optional_fields[0] health.fillers[0]`)
	for _, path := range want {
		if !got[path] {
			t.Errorf("no mistake at %s", path)
		}
	}
	if len(got) != len(want) {
		t.Errorf("mistakes at %v", got)
	}
	d := DefaultConfig()
	d.Complete("KZT")
	d.Validate(func(path, format string, args ...any) {
		t.Errorf("default: %s "+format, append([]any{path}, args...)...)
	})
	if d.Region != "KZ" || len(d.Norms) != len(Checks()) {
		t.Errorf("%+v", d)
	}
}

// A norm reached exactly is ok, the border of the red zone reached exactly is a warning.
func TestJudge(t *testing.T) {
	t.Parallel()
	red := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		n, of  int64
		higher bool
		red    *float64
		want   Status
	}{{5, 100, false, red(.15), OK}, {6, 100, false, red(.15), Warning}, {15, 100, false, red(.15), Warning}, {16, 100, false, red(.15), Red}, {16, 100, false, nil, Warning}, {0, 0, false, nil, NotMeasurable},
		{5, 100, true, red(.02), OK}, {4, 100, true, red(.02), Warning}, {2, 100, true, red(.02), Warning}, {1, 100, true, red(.02), Red}} {
		x := Check{Numerator: c.n, Denominator: c.of, Norm: .05, Red: c.red, Higher: c.higher}
		if x.judge(); x.Status != c.want {
			t.Errorf("%+v: %s", c, x.Status)
		}
	}
}

func BenchmarkDuplicates(b *testing.B) {
	contacts := newPlanted(rand.New(rand.NewPCG(1, 1)), 100_000).contacts
	for b.Loop() {
		r := read(contacts, "KZ", 20_100, nil)
		pairs, _, _ := findPairs(r.base)
		grouping(r.base, pairs)
	}
}
