package queries

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The embedded catalogue is whole and portable.
func TestCatalog(t *testing.T) {
	models, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range LintCatalog(models) {
		t.Error(p)
	}
	order, err := Plan(models)
	if err != nil {
		t.Fatal(err)
	}
	place := map[string]int{}
	for i, m := range order {
		place[m.Table] = i
	}
	for _, m := range order {
		for _, r := range m.Reads {
			if place[r] >= place[m.Table] {
				t.Errorf("plan: %s comes before %s, which it reads", m.Table, r)
			}
		}
	}
}

// Every name that one engine's prelude defines, the other one's defines too.
func TestPreludesAgree(t *testing.T) {
	names := func(engine string) (out []string) {
		text, err := Prelude(engine)
		if err != nil {
			t.Fatal(err)
		}
		tokens, err := tokenize(text)
		if err != nil {
			t.Fatal(err)
		}
		for i, tok := range tokens {
			if i > 0 && (tokens[i-1].is("macro") || tokens[i-1].is("function")) {
				out = append(out, tok.text)
			}
		}
		return out
	}
	a, b := names("duckdb"), names("clickhouse")
	if len(a) < 8 || !slices.Equal(a, b) {
		t.Errorf("duckdb defines %v, clickhouse %v", a, b)
	}
	if _, err := Prelude("oracle"); err == nil {
		t.Error("no error for an engine without a prelude")
	}
}

// file makes a model's text; replacements change it.
func file(replace ...string) string {
	const text = `/*---
table: s.red_t
grain: [a]
reads: [s.base]
doc: A row.
max_rows: 10
columns:
  - {name: a, type: int64, unit: "1", doc: "key"}
  - {name: b, type: string, nullable: true, doc: "name"}
---*/
select a, b from s.base
`
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			panic("nothing to replace: " + replace[i])
		}
	}
	return strings.NewReplacer(replace...).Replace(text)
}

const base = `/*---
table: s.base
grain: [a]
doc: Written by Go.
extra: [attr_*]
columns:
  - {name: a, type: int64, unit: "1", doc: "key"}
---*/
`

func load(files map[string]string) ([]Model, error) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(fsys)
}

func TestLoad(t *testing.T) {
	models, err := load(map[string]string{
		"s/base.sql":         base,
		"s/red_t.sql":        file(),
		"s/red_t.duckdb.sql": "-- faster\nselect a, b from s.base where $p = 1 and $q = $p",
		"s/audit_t.sql":      "/*---\ntable: s.audit_t\nreads: [s.red_t]\ndoc: None is negative.\n---*/\nselect a from s.red_t where a < 0\n",
		"prelude/duckdb.sql": "create macro x_a(b) as b",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(models) != 3 {
		t.Fatalf("%d models", len(models))
	}
	audit, bas, red := models[0], models[1], models[2]
	if !audit.Audit || audit.DDL || !bas.DDL || bas.SQL != "" || red.DDL || !red.Reduced() || bas.Reduced() {
		t.Errorf("wrong kinds: %+v", models)
	}
	if red.SQL != "select a, b from s.base" || red.Text("clickhouse") != red.SQL || !strings.HasPrefix(red.Text("duckdb"), "-- faster") {
		t.Errorf("texts: %q, %q", red.SQL, red.Text("duckdb"))
	}
	if got := red.Params("duckdb"); !slices.Equal(got, []string{"p", "q"}) || len(red.Params("clickhouse")) != 0 {
		t.Errorf("params = %v", got)
	}
	if !bas.MatchesExtra("attr_city") || bas.MatchesExtra("city") || red.MatchesExtra("attr_city") {
		t.Error("extra")
	}
	if c, ok := red.Column("b"); !ok || !c.Nullable || red.Schema() != "s" || red.Name() != "red_t" {
		t.Errorf("column b: %+v", c)
	}
	plan, err := Plan(models)
	if err != nil || len(plan) != 2 || plan[0].Table != "s.base" {
		t.Errorf("plan without checks = %v, %v", plan, err)
	}
	if plan, err = Plan(models, "s.audit_t"); err != nil || len(plan) != 3 {
		t.Errorf("plan of a check = %v, %v", plan, err)
	}
}

// Every mistake has its place and its words.
func TestLoadErrors(t *testing.T) {
	many := file("doc: A row.", "dok: A row.", "max_rows: 10", "max_row: ten")
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"no header":          {"select 1", []string{`queries/s/red_t.sql:1: no header: the file must start with a line "/*---"`}},
		"not closed":         {"/*---\ntable: x\n", []string{":1: the header is not closed"}},
		"empty":              {"/*---\n---*/\nselect 1", []string{":2: the header is empty"}},
		"text behind":        {file("---*/", "---*/ select 1"), []string{":1: text on the line"}},
		"unknown keys":       {many, []string{":5: unknown key dok: allowed are table, block, grain", ":6: unknown key max_row: allowed"}},
		"unknown column key": {file("nullable: true", "nulls: true"), []string{":9: unknown key nulls of a column: allowed are name"}},
		"wrong type":         {file("max_rows: 10", "max_rows: ten"), []string{":6: cannot unmarshal"}},
		"not YAML":           {file("doc: A row.", "doc: a: b"), []string{":5: mapping values are not allowed"}},
		"two documents":      {file("doc: A row.", "doc: A row.\n---\nx: 1"), []string{"more than one YAML document"}},
		"other table":        {file("table: s.red_t", "table: s.red_u"), []string{":2: table s.red_u in a file that makes s.red_t"}},
		"no table":           {file("table: s.red_t\n", ""), []string{":1: no table"}},
		"no doc":             {file("doc: A row.\n", ""), []string{"no doc: one sentence"}},
		"no grain":           {file("grain: [a]\n", ""), []string{"no grain"}},
		"grain elsewhere":    {file("grain: [a]", "grain: [z, a, a]"), []string{":3: grain column z is not among the columns", ":3: grain column a twice"}},
		"float grain":        {file("type: int64", "type: float64"), []string{":3: grain column a is float64"}},
		"no max_rows":        {file("max_rows: 10\n", ""), []string{"no max_rows"}},
		"negative":           {file("max_rows: 10", "max_rows: -1"), []string{":6: max_rows -1"}},
		"column type":        {file("type: int64", "type: int"), []string{`:8: column a: type "int": allowed are int64, float64`}},
		"column unit":        {file(`, unit: "1"`, ""), []string{":8: column a: no unit"}},
		"column doc":         {file(`doc: "name"`, `doc: " "`), []string{":9: column b: no doc"}},
		"column name":        {file("name: b", "name: B"), []string{`:7: column 2: name "B"`}},
		"column twice":       {file("name: b", "name: a"), []string{":8: column a: listed twice"}},
		"undeclared read":    {file("from s.base", "from s.base join s.other on 1 = 1"), []string{":11: s.other is read but not listed under reads"}},
		"unread":             {file("from s.base", "from t"), []string{":4: reads s.base, but red_t.sql does not mention it"}},
		"unknown read":       {file("[s.base]", "[s.base, s.gone]", "from s.base", "from s.base, s.gone"), []string{":4: reads s.gone, but there is no queries/s/gone.sql"}},
		"itself":             {file("[s.base]", "[s.red_t]", "from s.base", "from s.red_t"), []string{":11: the model reads its own table"}},
		"statements":         {file("from s.base", "from s.base;"), []string{":11: semicolon"}},
		"not a SELECT":       {file("select a, b from", "insert into"), []string{":11: one SELECT"}},
		"string":             {file("select a,", "select 'a,"), []string{":11: text in ' without end"}},
		"comment":            {file("select a,", "\n\nselect a, /* b"), []string{":13: comment without end"}},
		"view parameter":     {file("max_rows: 10", "max_rows: 10\nview: true", "from s.base", "from s.base where a = $p"), []string{":12: parameter $p in a view"}},
		"view of nothing":    {file("max_rows: 10", "view: true", "select a, b from s.base\n", "", "reads: [s.base]\n", ""), []string{":5: a view without a SELECT"}},
		"reads of nothing":   {file("select a, b from s.base\n", ""), []string{":4: reads of a table that Go or the loader writes"}},
		"extra":              {file("max_rows: 10", `max_rows: 10`+"\n"+`extra: ["*"]`), []string{`:7: extra "*"`}},
	} {
		_, err := load(map[string]string{"s/base.sql": base, "s/red_t.sql": c.text})
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\nwant %s", name, err, want)
			}
		}
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"override alone":  {map[string]string{"s/base.sql": base, "s/x.duckdb.sql": "select 1"}, "queries/s/x.duckdb.sql:1: an override without queries/s/x.sql"},
		"other engine":    {map[string]string{"s/base.sql": base, "s/base.mysql.sql": "select 1"}, `override for engine "mysql"`},
		"override of DDL": {map[string]string{"s/base.sql": base, "s/base.duckdb.sql": "select 1"}, "an override of a table that Go"},
		"override header": {map[string]string{"s/base.sql": base, "s/red_t.sql": file(), "s/red_t.duckdb.sql": file()}, "an override has no header"},
		"override reads":  {map[string]string{"s/base.sql": base, "s/red_t.sql": file(), "s/red_t.duckdb.sql": "\nselect a, b from s.base, s.z"}, "red_t.duckdb.sql:2: s.z is read but not listed"},
		"check columns":   {map[string]string{"s/base.sql": base, "s/audit_t.sql": file("s.red_t", "s.audit_t")}, "a check makes no table"},
		"read a check": {map[string]string{"s/base.sql": base, "s/red_t.sql": file("s.base", "s.audit_t"),
			"s/audit_t.sql": "/*---\ntable: s.audit_t\nreads: [s.base]\ndoc: d\n---*/\nselect a from s.base"}, "reads s.audit_t, which is a check"},
		"cycle": {map[string]string{"s/red_t.sql": file("s.base", "s.red_u"), "s/red_u.sql": file("s.red_t", "s.red_u", "s.base", "s.red_t")},
			"plan: cycle: s.red_t reads s.red_u reads s.red_t"},
	} {
		if _, err := load(c.files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
	// all files, all at once
	_, err := load(map[string]string{"s/base.sql": base, "s/red_t.sql": many, "s/red_v.sql": "x"})
	if n := strings.Count(fmt.Sprint(err), "queries/s/"); n != 3 {
		t.Errorf("%d mistakes reported, want 3: %v", n, err)
	}
}

func TestPlanErrors(t *testing.T) {
	models := []Model{{Table: "s.a", Reads: []string{"s.b"}}, {Table: "s.b", Reads: []string{"s.c"}}}
	if _, err := Plan(models); err == nil || err.Error() != "plan: s.b reads s.c, which no model makes" {
		t.Error(err)
	}
	if _, err := Plan(models, "s.z"); err == nil || err.Error() != "plan: no model makes s.z" {
		t.Error(err)
	}
}

// What reads a table that a block writes, directly or through others, is built after the blocks; input and configuration are there before.
func TestHalves(t *testing.T) {
	plan, err := Plan([]Model{
		{Table: "core.orders", DDL: true}, {Table: "core.cfg_x", DDL: true}, {Table: "audit.sources", DDL: true},
		{Table: "a.fct_orders", Reads: []string{"core.orders", "core.cfg_x", "audit.sources"}},
		{Table: "a.fit", DDL: true},
		{Table: "a.b_values", Reads: []string{"a.fct_orders", "a.fit"}, View: true},
		{Table: "a.red_values", Reads: []string{"a.b_values"}},
		{Table: "a.red_orders", Reads: []string{"a.fct_orders"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	names := func(models []Model) string {
		var out []string
		for _, m := range models {
			if !m.DDL {
				out = append(out, m.Table)
			}
		}
		return strings.Join(out, " ")
	}
	before, after := Halves(plan)
	if got := names(before); got != "a.fct_orders a.red_orders" {
		t.Errorf("before: %s", got)
	}
	if got := names(after); got != "a.b_values a.red_values" {
		t.Errorf("after: %s", got)
	}
	if len(before)+len(after) != len(plan) {
		t.Errorf("%d + %d models of %d", len(before), len(after), len(plan))
	}
}

func TestLint(t *testing.T) {
	for text, want := range map[string]string{
		"select a::int from t":                                        ":11: not portable: ::",
		"select\na / b from t":                                        ":12: not portable: /",
		"select a // b from t":                                        "not portable: //",
		"select a % b from t":                                         "not portable: %",
		`select "a" from t`:                                           `not portable: "a"`,
		"select [1]":                                                  "not portable: [",
		"select a != 1 from t":                                        "not portable: !=",
		"select a, count(*) from t group by all":                      "group by all",
		"select a, count(*) from t group by 1":                        "group by a position",
		"select a, b, count(*) from t group by a, 2 having b > 1":     "group by a position",
		"select a from t order by all":                                "order by all",
		"select a from t order by a":                                  "no nulls first or nulls last",
		"select a from t order by a nulls first, b":                   "no nulls first or nulls last",
		"select lag(a) over (partition by b order by c) from t":       "no nulls first or nulls last",
		"select row_number() over (partition by b) from t":            "no order: row_number()",
		"select a from t qualify a = 1":                               "not portable: qualify",
		"select a from t asof join u on t.a >= u.a":                   "not portable: asof",
		"select a from t natural join u":                              "not portable: natural",
		"select a from t join u using (a)":                            "not portable: using",
		"select * exclude (a) from t":                                 "not portable: exclude",
		"select a from t, lateral (select 1)":                         "not portable: lateral",
		"select unnest(a) from t":                                     "not portable: unnest",
		"select a from t tablesample (1)":                             "not portable: tablesample",
		"select a from (values (1)) as v":                             "not portable: values",
		"select a + interval 1 day from t":                            "not portable: interval",
		"select current_date":                                         "never reads the clock",
		"select now()":                                                "never reads the clock",
		"select random()":                                             "random",
		"select hash(a) from t":                                       "bucket is a column",
		"select median(a) from t":                                     "Go estimates",
		"select approx_count_distinct(a) from t":                      "Go estimates",
		"select quantile_cont(a, 0.5) from t":                         "Go estimates",
		"select regexp_matches(a, 'b') from t":                        "not portable: regexp_matches()",
		"select json_extract(a, 'b') from t":                          "not portable: json_extract()",
		"select date_diff('day', a, b) from t":                        "date functions",
		"select stddev(a) from t":                                     "(n, mean, m2)",
		"select list(a) from t":                                       "lists differ",
		"select any_value(a) from t":                                  "ties are broken at random",
		"select round(a) from t":                                      "halves",
		"select bool_or(a) from t":                                    "x_any",
		"select cast(a as decimal) from t":                            "money is integer",
		"select a at time zone 'UTC' from t":                          "time zones",
		"with recursive r as (select 1) select 1 from r":              "not portable: recursive",
		"select a from range(3)":                                      "join core.calendar",
		"select string_split(a, ',') from t":                          "not among the functions",
		"select a, sum(b) from t group by rollup (a)":                 "not portable: rollup",
		"select a from t where a = ?":                                 "parameters have names",
		"select lead(a, 1) over (order by b nulls last, c) from t":    "no nulls first",
		"select lead(coalesce(a, 1)) over (partition by b) as x":      "no order: lead()",
		"select if(a, 1, 2) from t":                                   "CASE",
		"select a from t where b glob 'x*'":                           "patterns differ",
		"select t.unnest(a) from t":                                   "not portable: unnest",
		"select a from t where lower(a) ilike 'b' and a not in ('c')": "case folding",
		"select a from t join u on x_day(t.at) = u.day where b = 1":   "hides the key",
		"select a from t join u on u.day = x_day(t.at)":               "hides the key",
	} {
		got := fmt.Sprint(Lint(Model{File: "f.sql", SQL: text, body: 11}))
		if !strings.Contains(got, want) {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	for _, text := range []string{
		"with a as (select ck, day, row_number() over (partition by ck order by day nulls first, ck nulls last) as k from core.orders), b as (select 1 as k) " +
			"select a.ck, case when a.k in (1, 2) then 'x / y' else \n -- a % b :: \n 'z' end as s, count(*) as n, sum(cast(a.day as bigint)) as d " +
			"from a join b on a.k = b.k and not (a.k > b.k or exists (select 1 from b)) group by a.ck, s having count(distinct a.k) > 1 order by n nulls last, s nulls first limit 3",
		"select x_sec(t.at) - lag(x_sec(t.at)) over (partition by ck order by at nulls last, mk nulls last) as gap from t where day between $from and $to",
		"select sum(n) over (order by day nulls last rows between unbounded preceding and current row) as n from t",
		"select t.values, t.sample, t.interval from t",
		"select a from t left join u on t.a = u.a and u.b > 3 * x_idiv(t.b, 3) where x_any(u.b)",
		"select count(*) filter (where a is not null) as n, var_pop(a) as v from t union all select 1 as n, 2.5 as v",
	} {
		if got := Lint(Model{File: "f.sql", SQL: text}); len(got) > 0 {
			t.Errorf("%s\n%v", text, got)
		}
	}
	if got := Lint(Model{File: "f.sql", SQL: "select 'a", body: 3}); len(got) != 1 || got[0].Rule != "not SQL" {
		t.Error(got)
	}
}

func TestLintFloatSums(t *testing.T) {
	models := []Model{
		{Table: "s.base", Columns: []Column{{Name: "f", Type: Float64}, {Name: "i", Type: Int64}}},
		{Table: "s.t", File: "f.sql", Reads: []string{"s.base"}, SQL: "select sum(i) as i,\nsum(coalesce(b.f, 0)) as g, max(f) as f from s.base as b", body: 5},
	}
	got := LintCatalog(models)
	if len(got) != 1 || got[0].Line != 6 || got[0].Rule != "sum of the float64 column f" {
		t.Error(got)
	}
}

func TestTokenize(t *testing.T) {
	tokens, err := tokenize("select t.1a, 1.5e-3+.5 'it''s -- no', \"q\"\"q\"\n/* x\ny */ $name $1 é<>b.c")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tok := range tokens {
		got = append(got, fmt.Sprintf("%s@%d", tok.text, tok.line))
	}
	want := "select@1 t@1 .@1 1a@1 ,@1 1.5e-3@1 +@1 .5@1 'it''s -- no'@1 ,@1 \"q\"\"q\"@1 $name@3 $@3 1@3 é@3 <>@3 b@3 .@3 c@3"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// Whatever the text, the tokens and what lies between them are the text, and lines and positions are right.
func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"select 1", "a::b", "'x", `"y""z"`, "/* c", "-- d\ne", "$p$q", "1.5e+3.", "\x00\xff", "a.b.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens, err := tokenize(text)
		end := 0
		for _, tok := range tokens {
			if tok.text == "" || tok.pos < end || text[tok.pos:tok.pos+len(tok.text)] != tok.text {
				t.Fatalf("token %+v does not lie in the text after byte %d", tok, end)
			}
			if line := 1 + strings.Count(text[:tok.pos], "\n"); line != tok.line {
				t.Fatalf("token %+v is on line %d", tok, line)
			}
			end = tok.pos + len(tok.text)
		}
		if err != nil && !strings.Contains(err.Error(), "without end") {
			t.Fatal(err)
		}
		for _, p := range Lint(Model{File: "f.sql", SQL: text, body: 1}) {
			if p.Reason == "" || p.Line < 1 {
				t.Fatalf("problem without a reason or a line: %+v", p)
			}
		}
	})
}

// Whatever the file, the parser returns, and a model without errors has all that the engine needs.
func FuzzHeader(f *testing.F) {
	f.Add(base)
	f.Add(file())
	f.Add("/*---\n---*/")
	f.Add("/*---\ntable: &a [*a]\n---*/\nselect")
	if text, err := os.ReadFile("audit/steps.sql"); err == nil {
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, errs := parseModel("s/red_t.sql", text, map[string]bool{"s": true})
		for _, err := range errs {
			if !strings.HasPrefix(err.Error(), "queries/s/red_t.sql:") {
				t.Fatalf("error without a place: %v", err)
			}
		}
		if len(errs) > 0 {
			return
		}
		if m.Doc == "" || len(m.Grain) == 0 || len(m.Columns) == 0 || m.Table != "s.red_t" || !m.DDL && m.MaxRows <= 0 {
			t.Fatalf("accepted: %+v", m)
		}
		if _, err := tokenize(m.SQL); err != nil {
			t.Fatalf("accepted text that has no tokens: %v", err)
		}
	})
}
