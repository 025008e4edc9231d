package queries

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one break of the portable subset: the rule, why the rule is there, and where.
type Problem struct {
	File   string
	Line   int
	Rule   string // "not portable: ::"
	Reason string
}

func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Rule, p.Reason)
}

// forbidden tokens and words of the portable subset, with the reason and what to write instead.
func forbidden(t token) string {
	switch t.kind {
	case tokenQuoted:
		return "engines disagree on quoting names: use lower case letters, digits and _"
	case tokenOp:
		return map[string]string{
			"::": "PostgreSQL's cast; write cast(x as type)",
			"/":  "integer or real division, depending on the engine; Go divides, or x_idiv for integers",
			"//": "ClickHouse reads it as the start of a comment, and on DOUBLE it is not floor division; write x_idiv",
			"%":  "the sign of a negative remainder differs between engines; compute such columns at load",
			"[":  "lists differ between engines; one row per element",
			"{":  "structs differ between engines; one column per field",
			"->": "lambdas and JSON arrows differ between engines",
			"**": "not in ClickHouse; multiply",
			"==": "write =",
			"!=": "write <>",
			"?":  "parameters have names: $name",
		}[t.text]
	case tokenWord:
		return map[string]string{
			"qualify":           "not everywhere; filter in an outer SELECT",
			"asof":              "differs between engines; use LAG or LEAD and a plain join",
			"pivot":             "columns would depend on the data",
			"unpivot":           "not everywhere; UNION ALL",
			"sample":            "the result would be random",
			"tablesample":       "the result would be random",
			"exclude":           "name the columns",
			"lateral":           "not everywhere; join on columns",
			"unnest":            "lists differ between engines; one row per element",
			"natural":           "a new column would change the join; JOIN ... ON",
			"using":             "engines disagree on which side's column it yields; JOIN ... ON",
			"rollup":            "NULL then has two meanings; UNION ALL",
			"cube":              "NULL then has two meanings; UNION ALL",
			"grouping":          "NULL then has two meanings; UNION ALL",
			"values":            "differs between engines as a table; SELECT ... UNION ALL SELECT ... or a core.cfg_ table",
			"interval":          "interval arithmetic differs; integer days and seconds",
			"current_date":      "a model never reads the clock; use core.periods or a parameter",
			"current_time":      "a model never reads the clock",
			"current_timestamp": "a model never reads the clock",
			"localtimestamp":    "a model never reads the clock",
			"timestamptz":       "time zones are resolved at load",
			"zone":              "time zones are resolved at load",
			"json":              "JSON functions differ between engines",
			"similar":           "regular expressions differ between engines",
			"glob":              "patterns differ between engines; LIKE or =",
			"ilike":             "case folding differs between engines",
			"recursive":         "not everywhere, and unbounded",
			"materialized":      "not everywhere; an override may use it",
			"decimal":           "money is integer minor units; Go has no decimal",
			"numeric":           "money is integer minor units; Go has no decimal",
			"float":             "write double",
			"real":              "write double",
		}[strings.ToLower(t.text)]
	}
	return ""
}

// functions of the portable subset; those x_ come from the prelude or from a block's macros.
var functions = []string{
	"count", "sum", "avg", "min", "max", "var_pop", "covar_pop", "row_number", "lag", "lead",
	"cast", "coalesce", "nullif", "abs", "greatest", "least", "floor", "ceil", "sqrt", "ln", "exp", "lower", "upper", "length", "concat",
}

// words that may stand before a parenthesis without being a function.
var beforeParenthesis = []string{
	"select", "from", "join", "on", "and", "or", "not", "in", "exists", "as", "over", "where", "having", "when", "then", "else", "case",
	"distinct", "all", "any", "union", "intersect", "except", "by", "between", "filter", "is", "like", "with", "limit", "end", "null", "partition", "order",
}

// words that end a join condition.
var afterOn = []string{"join", "left", "right", "inner", "full", "cross", "where", "group", "order", "having", "union", "window", "limit", "select"}

// functionReason says why a function that people try is not there.
func functionReason(name string) string {
	switch {
	case strings.HasPrefix(name, "approx_") || strings.HasPrefix(name, "quantile") || strings.HasPrefix(name, "percentile") || name == "median" || name == "mode":
		return "SQL never estimates a quantile: ship counts per value, Go estimates (x_median inside one customer)"
	case strings.HasPrefix(name, "regexp") || strings.HasPrefix(name, "json"):
		return "differs between engines; compute such columns at load"
	case strings.HasPrefix(name, "date_") || strings.HasPrefix(name, "epoch") || strings.HasPrefix(name, "to_") || slices.Contains([]string{"year", "month", "day", "week", "strftime", "strptime", "datediff", "datepart", "extract", "timezone", "age", "make_date"}, name):
		return "date functions differ between engines; day, week and month are columns made at load (core.calendar), else x_sec, x_day, x_month"
	case strings.HasPrefix(name, "list") || strings.HasPrefix(name, "array") || strings.HasPrefix(name, "struct") || name == "string_agg" || name == "group_concat":
		return "lists differ between engines; one row per element"
	case name == "random" || name == "uuid" || name == "setseed":
		return "the result would be random"
	case name == "now" || name == "today" || name == "get_current_timestamp":
		return "a model never reads the clock; use core.periods or a parameter"
	case name == "hash" || name == "md5" || name == "sha256":
		return "hashes differ between engines; bucket is a column of core.customers"
	case name == "stddev" || name == "stddev_pop" || name == "stddev_samp" || name == "variance" || name == "var_samp":
		return "variance travels as (n, mean, m2): count, avg, var_pop"
	case name == "generate_series" || name == "range":
		return "not everywhere; join core.calendar or core.periods"
	case name == "bool_or" || name == "bool_and":
		return "not in ClickHouse; x_any"
	case name == "first" || name == "last" || name == "any_value" || name == "arg_max" || name == "arg_min" || name == "max_by" || name == "min_by" || name == "first_value" || name == "last_value":
		return "ties are broken at random; ROW_NUMBER over a total order"
	case name == "round":
		return "halves are rounded differently between engines"
	case name == "if" || name == "iff" || name == "ifnull":
		return "write CASE or COALESCE"
	}
	return "not among the functions that are the same everywhere; see the list in queries/lint.go"
}

// Lint reports where the portable text of a model leaves the subset that runs unchanged on other engines. An override is not linted: it is
// the engine's own. Window functions need ORDER BY with NULLS FIRST or NULLS LAST on every key, because engines put NULL at different ends.
func Lint(m Model) []Problem {
	tokens, err := tokenize(m.SQL)
	if err != nil {
		return []Problem{{m.File, m.body, "not SQL", err.Error()}}
	}
	var out []Problem
	report := func(t token, rule, reason string) {
		out = append(out, Problem{m.File, m.body + t.line - 1, rule, reason})
	}
	at := func(i int) token {
		if i < 0 || i >= len(tokens) {
			return token{kind: tokenOp}
		}
		return tokens[i]
	}
	for i, t := range tokens {
		if at(i-1).text == "." { // a column named like a keyword
			if at(i-2).kind == tokenWord && t.kind == tokenWord && at(i+1).text != "(" {
				continue
			}
		}
		if t.is("grouping") && at(i+1).text != "(" && !at(i+1).is("sets") { // the contract's column of that name
			continue
		}
		if reason := forbidden(t); reason != "" {
			report(t, "not portable: "+strings.ToLower(t.text), reason)
			continue
		}
		if t.kind == tokenWord && at(i+1).text == "(" {
			name := strings.ToLower(t.text)
			if !strings.HasPrefix(name, "x_") && !slices.Contains(functions, name) && !slices.Contains(beforeParenthesis, name) {
				report(t, "not portable: "+name+"()", functionReason(name))
			}
		}
		switch {
		case t.is("on"):
			for j := i + 1; j < len(tokens) && !slices.ContainsFunc(afterOn, tokens[j].is); j++ {
				if strings.HasPrefix(strings.ToLower(tokens[j].text), "x_") && at(j+1).text == "(" && (at(j-1).text == "=" || at(closing(tokens, j+1)+1).text == "=") {
					report(tokens[j], "a macro in a join condition: "+strings.ToLower(tokens[j].text)+"()", "it hides the key from the planner (89 s against 3.6 s); join on plain columns")
				}
			}
		case t.is("group") && at(i+1).is("by"):
			if at(i + 2).is("all") {
				report(t, "not portable: group by all", "a new column would change the grouping; name the columns")
			}
			for j, depth := i+2, 0; j < len(tokens) && depth >= 0; j++ {
				u := tokens[j]
				if depth == 0 && (u.is("having") || u.is("order") || u.is("limit") || u.is("union") || u.is("window")) {
					break
				}
				if depth == 0 && u.kind == tokenNumber && (at(j-1).is("by") || at(j-1).text == ",") {
					report(u, "not portable: group by a position", "name the columns")
				}
				depth += depthOf(u)
			}
		case t.is("order") && at(i+1).is("by"):
			if at(i + 2).is("all") {
				report(t, "not portable: order by all", "name the columns")
				continue
			}
			out = append(out, m.lintOrder(tokens, i+2)...)
		case t.is("over") && at(i+1).text == "(":
			name, call := calledBefore(tokens, i)
			if slices.Contains([]string{"row_number", "lag", "lead"}, name) && !windowOrdered(tokens, i+1) {
				report(call, "no order: "+name+"()", "without ORDER BY the result is random")
			}
		}
	}
	return out
}

// LintCatalog lints every model and also reports what needs the columns of the tables read: a sum of a float64 column. The order in which
// threads add floats is random, so such a sum differs in its last digits from run to run; sums are integers (minor units, seconds, counts).
func LintCatalog(models []Model) []Problem {
	byTable := map[string]Model{}
	for _, m := range models {
		byTable[m.Table] = m
	}
	var out []Problem
	for _, m := range models {
		out = append(out, Lint(m)...)
		floats := map[string]bool{}
		for _, r := range m.Reads {
			for _, c := range byTable[r].Columns {
				floats[c.Name] = floats[c.Name] || c.Type == Float64
			}
		}
		tokens, err := tokenize(m.SQL)
		if err != nil {
			continue // Lint has reported it
		}
		for i, t := range tokens {
			if !(t.is("sum") || t.is("avg")) || i+1 >= len(tokens) || tokens[i+1].text != "(" {
				continue
			}
			for j, depth := i+1, 0; j < len(tokens); j++ {
				depth += depthOf(tokens[j])
				if depth == 0 {
					break
				}
				if u := tokens[j]; u.kind == tokenWord && floats[strings.ToLower(u.text)] {
					out = append(out, Problem{m.File, m.body + u.line - 1, strings.ToLower(t.text) + " of the float64 column " + u.text,
						"floats add up differently in every order of the rows; sum integers"})
				}
			}
		}
	}
	return out
}

// closing returns the place of the parenthesis that closes the one at token i.
func closing(tokens []token, i int) int {
	for depth := 0; i < len(tokens); i++ {
		if depth += depthOf(tokens[i]); depth == 0 {
			return i
		}
	}
	return i
}

func depthOf(t token) int {
	switch t.text {
	case "(":
		return 1
	case ")":
		return -1
	}
	return 0
}

// lintOrder checks that every key of the ORDER BY whose first key is token i ends with NULLS FIRST or NULLS LAST.
func (m Model) lintOrder(tokens []token, i int) []Problem {
	var out []Problem
	depth, explicit, first := 0, false, i
	end := func() {
		if !explicit && first < len(tokens) {
			out = append(out, Problem{m.File, m.body + tokens[first].line - 1, "no nulls first or nulls last",
				"engines put NULL at different ends of an ORDER BY; say where"})
		}
		explicit = false
	}
	for ; i < len(tokens); i++ {
		t := tokens[i]
		if depth == 0 && (t.text == ")" || t.is("rows") || t.is("range") || t.is("groups") || t.is("limit") || t.is("union") || t.is("offset")) {
			break
		}
		if depth == 0 && t.text == "," {
			end()
			first = i + 1
			continue
		}
		if t.is("nulls") && i+1 < len(tokens) && (tokens[i+1].is("first") || tokens[i+1].is("last")) {
			explicit = true
		}
		depth += depthOf(t)
	}
	end()
	return out
}

// calledBefore finds the function whose call ends right before token i (the word OVER).
func calledBefore(tokens []token, i int) (string, token) {
	depth := 0
	for j := i - 1; j >= 0; j-- {
		depth += depthOf(tokens[j])
		if depth == 0 && tokens[j].text == "(" && j > 0 {
			return strings.ToLower(tokens[j-1].text), tokens[j-1]
		}
		if depth == 0 && tokens[j].text != ")" {
			break
		}
	}
	return "", token{}
}

// windowOrdered tells whether the window that opens at token i has an ORDER BY.
func windowOrdered(tokens []token, i int) bool {
	depth := 0
	for ; i < len(tokens); i++ {
		depth += depthOf(tokens[i])
		if depth == 0 {
			return false
		}
		if depth == 1 && tokens[i].is("order") {
			return true
		}
	}
	return false
}
