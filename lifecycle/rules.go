package lifecycle

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"crmaudit/analytics"
)

// The language of stage rules.
//
// A rule is a boolean expression over the features of one customer at the end of one period. It is parsed here, checked against an
// allowlist, and written again from the syntax tree: nothing that a user typed reaches the engine as he typed it. Words are those of SQL and
// so is the logic of NULL: a rule that is NULL does not match.
//
//	rule    = or ;
//	or      = and { "or" and } ;
//	and     = not { "and" not } ;
//	not     = [ "not" ] test ;
//	test    = sum [ compare sum | [ "not" ] "between" sum "and" sum | [ "not" ] "in" "(" literal { "," literal } ")" | "is" [ "not" ] "null" ] ;
//	compare = "=" | "<>" | "!=" | "<" | "<=" | ">" | ">=" ;
//	sum     = product { ( "+" | "-" ) product } ;
//	product = sign { "*" sign } ;
//	sign    = [ "-" ] ( number | text | "true" | "false" | name | function "(" rule { "," rule } ")" | "(" rule ")" ) ;
//
// coalesce, least, greatest (which skip NULL) and abs are the functions. Attributes are typed by what they are compared with: next to a number
// they are read as a number, and text that is none is NULL.

// The features of the contract, in the order of the parameters of the macros x_stage and x_stage_mask.
const (
	recencyDays      = "recency_days"
	firstOrderDays   = "first_order_days"
	tenureDays       = "tenure_days"
	ordersTotal      = "orders_total"
	orders28d        = "orders_28d"
	orders90d        = "orders_90d"
	orders365d       = "orders_365d"
	revenueTotal     = "revenue_total"
	revenue365d      = "revenue_365d"
	avgOrderValue    = "avg_order_value"
	lastActivityDays = "last_activity_days"
	activity28d      = "activity_28d"
	messages28d      = "messages_28d"
	opens28d         = "opens_28d"
	clicks28d        = "clicks_28d"
	subscribed       = "subscribed"
	medianGapDays    = "median_gap_days"
	overdueRatio     = "overdue_ratio"
)

// Features lists the features that a stage rule may name, besides attr_*.
func Features() []string {
	return []string{
		recencyDays, firstOrderDays, tenureDays, ordersTotal, orders28d, orders90d, orders365d, revenueTotal, revenue365d, avgOrderValue,
		lastActivityDays, activity28d, messages28d, opens28d, clicks28d, subscribed, medianGapDays, overdueRatio,
	}
}

// Limits of one rule. The engine stops at expressions 1000 deep; the limits stay far below.
const (
	maxRuleLength  = 4000 // characters
	maxRuleDepth   = 100  // of the syntax tree
	maxRuleNesting = 400  // calls of the parser within each other
)

// kind is the type of an expression. An attribute has no type of its own.
type kind uint8

const (
	number kind = iota + 1
	text
	boolean
	attribute
)

func (k kind) String() string {
	return map[kind]string{number: "a number", text: "a text", boolean: "a condition", attribute: "an attribute"}[k]
}

type op uint8

const (
	opNumber op = iota + 1 // literal, num
	opText                 // literal, str
	opBool                 // literal, num 0 or 1
	opFeature
	opAttr
	opNegate
	opAdd
	opSubtract
	opMultiply
	opCall // str is the function
	opCompare
	opBetween
	opIn
	opIsNull
	opNot
	opAnd
	opOr
)

// node is one node of the syntax tree.
type node struct {
	op   op
	str  string  // name of a feature, attribute or function, comparison sign, or the value of a text
	num  float64 // value of a number or of true and false
	not  bool    // NOT BETWEEN, NOT IN, IS NOT NULL
	args []*node
	kind kind
	at   int // offset in the rule, in bytes; no part of the meaning
}

// RuleError is a mistake in one rule.
type RuleError struct {
	Column int    // 1-based, in characters of the rule
	What   string // what was found and what is allowed
}

func (e *RuleError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.What) }

// parseRule parses and checks a rule. attrs nil means that the attributes are not known yet: any name attr_* is accepted.
func parseRule(rule string, attrs []string) (*node, error) {
	if n := utf8.RuneCountInString(rule); n > maxRuleLength {
		return nil, &RuleError{1, fmt.Sprintf("the rule has %d characters; allowed are %d", n, maxRuleLength)}
	}
	return parse(rule, attrs)
}

func parse(rule string, attrs []string) (*node, error) {
	p := &parser{rule: rule, attrs: attrs}
	p.next()
	if p.err == nil && p.tok.kind == tokEnd {
		p.fail(0, "the rule is empty; write true for a stage that takes everybody who is left")
	}
	n := p.expression(0)
	if p.err == nil && p.tok.kind != tokEnd {
		p.unexpected("the end of the rule, or an operator")
	}
	if p.err != nil {
		return nil, p.err
	}
	if n.kind == number || n.kind == text {
		p.fail(n.at, "the rule is %s, not a condition; compare it with something", n.kind)
		return nil, p.err
	}
	return n, nil
}

type tokKind uint8

const (
	tokEnd tokKind = iota
	tokNumber
	tokText
	tokWord   // lower-cased in str unless quoted
	tokQuoted // "name"
	tokSign
)

type tok struct {
	kind tokKind
	str  string
	num  float64
	at   int
}

type parser struct {
	rule    string
	attrs   []string
	at      int
	tok     tok
	nesting int
	err     error
}

func (p *parser) fail(at int, format string, args ...any) {
	if p.err == nil {
		at = min(at, len(p.rule))
		p.err = &RuleError{utf8.RuneCountInString(p.rule[:at]) + 1, fmt.Sprintf(format, args...)}
	}
	p.tok = tok{kind: tokEnd, at: at} // unwinds the parser
}

func (p *parser) unexpected(want string) {
	found := "the end of the rule"
	switch p.tok.kind {
	case tokNumber, tokSign, tokWord:
		found = strconv.Quote(p.tok.str)
	case tokText, tokQuoted:
		found = "a quoted " + strconv.Quote(p.tok.str)
	}
	sign := p.tok.kind == tokSign
	switch {
	case sign && p.tok.str == "==":
		want = "= (one sign)"
	case sign && (p.tok.str == "/" || p.tok.str == "%"):
		want = "+, - or *: rules do not divide; multiply the other side"
	case sign && p.tok.str == "::":
		want = "no cast: attributes are read as what they are compared with"
	}
	p.fail(p.tok.at, "found %s; allowed here: %s", found, want)
}

// next reads one token.
func (p *parser) next() {
	if p.err != nil {
		return
	}
	for p.at < len(p.rule) {
		r, size := utf8.DecodeRuneInString(p.rule[p.at:])
		if !unicode.IsSpace(r) {
			break
		}
		p.at += size
	}
	start := p.at
	p.tok = tok{kind: tokEnd, at: start}
	if start >= len(p.rule) {
		return
	}
	rest := p.rule[start:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == utf8.RuneError && size <= 1:
		p.fail(start, "the rule is not UTF-8 text")
	case strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "/*") || strings.HasPrefix(rest, "//") || r == '#':
		p.fail(start, "rules have no comments; put it into a comment of the YAML file")
	case r == ';':
		p.fail(start, "found \";\"; a rule is one condition")
	case r >= '0' && r <= '9' || r == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		p.number(rest)
	case r == '\'':
		p.quoted(rest, '\'', tokText)
	case r == '"':
		p.quoted(rest, '"', tokQuoted)
	case r == '_' || unicode.IsLetter(r):
		end := strings.IndexFunc(rest, func(r rune) bool {
			return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		})
		if end < 0 {
			end = len(rest)
		}
		p.at += end
		p.tok = tok{kind: tokWord, str: strings.ToLower(rest[:end]), at: start}
	default:
		sign := rest[:size]
		for _, two := range []string{"<=", ">=", "<>", "!=", "==", "::", "||", "->"} {
			if strings.HasPrefix(rest, two) {
				sign = two
			}
		}
		p.at += len(sign)
		p.tok = tok{kind: tokSign, str: sign, at: start}
	}
}

func (p *parser) number(rest string) {
	end := 0
	digits := func() {
		for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
			end++
		}
	}
	digits()
	if end < len(rest) && rest[end] == '.' {
		end++
		digits()
	}
	if end < len(rest) && (rest[end] == 'e' || rest[end] == 'E') {
		mark := end
		end++
		if end < len(rest) && (rest[end] == '+' || rest[end] == '-') {
			end++
		}
		from := end
		digits()
		if end == from {
			end = mark
		}
	}
	if r, _ := utf8.DecodeRuneInString(rest[end:]); end < len(rest) && (r == '_' || r == '.' || unicode.IsLetter(r)) {
		p.fail(p.at, "found %q; a number is written 30 or 0.5", rest[:end]+string(r))
		return
	}
	x, err := strconv.ParseFloat(rest[:end], 64)
	if err != nil || math.Abs(x) > 1e15 {
		p.fail(p.at, "the number %s is too large; allowed are at most 1e15", rest[:end])
		return
	}
	p.tok = tok{kind: tokNumber, str: rest[:end], num: x, at: p.at}
	p.at += end
}

// quoted reads 'text' or "name"; the quote itself is written twice.
func (p *parser) quoted(rest string, quote byte, k tokKind) {
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		if rest[i] != quote {
			b.WriteByte(rest[i])
			continue
		}
		if i+1 < len(rest) && rest[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		if s := b.String(); !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			p.fail(p.at, "a quoted text that is not UTF-8")
			return
		}
		p.tok = tok{kind: k, str: b.String(), at: p.at}
		p.at += i + 1
		return
	}
	p.fail(p.at, "the quote %c is not closed", quote)
}

// Binding powers of the Pratt parser.
const (
	powerOr = iota + 1
	powerAnd
	powerNot
	powerTest
	powerSum
	powerProduct
	powerSign
)

// power of the token as an infix operator, 0 when it is none.
func (p *parser) power() int {
	switch {
	case p.tok.kind == tokWord:
		switch p.tok.str {
		case "or":
			return powerOr
		case "and":
			return powerAnd
		case "is", "in", "between", "not":
			return powerTest
		}
	case p.tok.kind == tokSign:
		switch p.tok.str {
		case "=", "<>", "!=", "<", "<=", ">", ">=":
			return powerTest
		case "+", "-":
			return powerSum
		case "*":
			return powerProduct
		}
	}
	return 0
}

// broken is the node of a parse that has failed; it has every type, so that no second message follows the first.
func broken() *node { return &node{op: opBool, kind: attribute} }

func (p *parser) expression(min int) *node {
	p.nesting++
	defer func() { p.nesting-- }()
	if p.nesting > maxRuleNesting {
		p.fail(p.tok.at, "the rule is nested too deeply")
		return broken()
	}
	left := p.prefix()
	for p.err == nil {
		power := p.power()
		if power <= min {
			break
		}
		left = p.infix(left, power)
		if p.err == nil && power == powerTest && p.power() == powerTest {
			p.fail(p.tok.at, "comparisons do not chain; write a < b and b < c")
		}
	}
	return left
}

func (p *parser) prefix() *node {
	t := p.tok
	switch {
	case p.err != nil:
		return broken()
	case t.kind == tokNumber:
		p.next()
		return p.make(&node{op: opNumber, num: t.num, kind: number, at: t.at})
	case t.kind == tokText:
		p.next()
		return p.make(&node{op: opText, str: t.str, kind: text, at: t.at})
	case t.kind == tokSign && t.str == "(":
		p.next()
		n := p.expression(0)
		p.expect(")")
		return n
	case t.kind == tokSign && t.str == "-":
		p.next()
		n := p.expression(powerProduct)
		if p.err == nil && n.op == opNumber {
			return p.make(&node{op: opNumber, num: 0 - n.num, kind: number, at: t.at}) // 0 - x has no negative zero
		}
		return p.make(&node{op: opNegate, args: []*node{n}, at: t.at})
	case t.kind == tokWord && t.str == "not":
		p.next()
		n := p.expression(powerNot)
		return p.make(&node{op: opNot, args: []*node{n}, at: t.at})
	case t.kind == tokWord && (t.str == "true" || t.str == "false"):
		p.next()
		n := &node{op: opBool, kind: boolean, at: t.at}
		if t.str == "true" {
			n.num = 1
		}
		return p.make(n)
	case t.kind == tokWord && t.str == "null":
		p.fail(t.at, "nothing equals NULL; write: is null, or: is not null")
		return broken()
	case t.kind == tokWord && slices.Contains([]string{"and", "or", "in", "is", "between"}, t.str):
		p.unexpected("a feature, a number or a text")
		return broken()
	case t.kind == tokWord || t.kind == tokQuoted:
		return p.name()
	}
	p.unexpected("a feature, a number or a text")
	return broken()
}

func (p *parser) expect(sign string) {
	if p.err == nil && (p.tok.kind != tokSign || p.tok.str != sign) {
		p.unexpected(strconv.Quote(sign))
		return
	}
	p.next()
}

func (p *parser) word(w string) {
	if p.err == nil && (p.tok.kind != tokWord || p.tok.str != w) {
		p.unexpected(w)
		return
	}
	p.next()
}

// functions of the rule language with the number of arguments, 0 for any number from one.
func ruleFunctions() map[string]int {
	return map[string]int{"coalesce": 0, "least": 0, "greatest": 0, "abs": 1}
}

func (p *parser) name() *node {
	t := p.tok
	if t.kind == tokWord && slices.Contains([]string{"select", "from", "with", "exists", "case", "when", "cast", "try_cast", "union", "over"}, t.str) {
		p.fail(t.at, "found %q; a rule is made of plain comparisons, without subqueries, CASE and casts", t.str)
		return broken()
	}
	p.next()
	if t.kind == tokWord && p.err == nil && p.tok.kind == tokSign && p.tok.str == "(" {
		return p.call(t)
	}
	if p.err == nil && p.tok.kind == tokSign && p.tok.str == "." {
		p.fail(p.tok.at, "found \".\"; a rule names features only, without a table")
		return broken()
	}
	if slices.Contains(Features(), t.str) {
		n := &node{op: opFeature, str: t.str, kind: number, at: t.at}
		if t.str == subscribed {
			n.kind = boolean
		}
		return p.make(n)
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(t.str), "attr_"); ok && rest != "" {
		if p.attrs == nil {
			return p.make(&node{op: opAttr, str: t.str, kind: attribute, at: t.at})
		}
		if i := slices.IndexFunc(p.attrs, func(a string) bool { return strings.EqualFold(a, t.str) }); i >= 0 {
			return p.make(&node{op: opAttr, str: p.attrs[i], kind: attribute, at: t.at})
		}
		have := "customers have no attribute"
		if len(p.attrs) > 0 {
			have = "attributes of customers: " + strings.Join(p.attrs, ", ")
		}
		p.fail(t.at, "unknown attribute %q%s; %s", t.str, nearest(t.str, p.attrs), have)
		return broken()
	}
	leak := ""
	for _, w := range []string{"next", "future", "will", "churned", "later", "following", "upcoming"} {
		if slices.Contains(strings.FieldsFunc(strings.ToLower(t.str), func(r rune) bool { return r == '_' }), w) {
			leak = " (a rule may only use what is known at the end of the period: looking ahead leaks the answer into the question)"
		}
	}
	p.fail(t.at, "unknown name %q%s%s; allowed are %s and attr_<name>", t.str, nearest(t.str, Features()), leak, strings.Join(Features(), ", "))
	return broken()
}

func nearest(word string, among []string) string {
	if w := analytics.Nearest(strings.ToLower(word), among); w != "" {
		return fmt.Sprintf(", did you mean %s?", w)
	}
	return ""
}

func (p *parser) call(t tok) *node {
	arity, ok := ruleFunctions()[t.str]
	if !ok {
		p.fail(t.at, "function %q is not allowed%s; allowed are abs, coalesce, greatest, least", t.str,
			nearest(t.str, []string{"abs", "coalesce", "greatest", "least"}))
		return broken()
	}
	p.next()
	n := &node{op: opCall, str: t.str, at: t.at}
	for p.err == nil {
		n.args = append(n.args, p.expression(0))
		if p.tok.kind != tokSign || p.tok.str != "," {
			break
		}
		p.next()
	}
	p.expect(")")
	if p.err == nil && arity > 0 && len(n.args) != arity {
		p.fail(t.at, "%s takes %d argument, found %d", t.str, arity, len(n.args))
	}
	return p.make(n)
}

func (p *parser) infix(left *node, power int) *node {
	t := p.tok
	p.next()
	if t.kind == tokSign {
		n := &node{str: t.str, args: []*node{left, nil}, at: t.at}
		switch t.str {
		case "+", "-", "*":
			n.op = map[string]op{"+": opAdd, "-": opSubtract, "*": opMultiply}[t.str]
			n.str = ""
		case "!=":
			n.op, n.str = opCompare, "<>"
		default:
			n.op = opCompare
		}
		n.args[1] = p.expression(power)
		return p.make(n)
	}
	switch t.str {
	case "and":
		return p.make(&node{op: opAnd, args: []*node{left, p.expression(power)}, at: t.at})
	case "or":
		return p.make(&node{op: opOr, args: []*node{left, p.expression(power)}, at: t.at})
	case "is":
		n := &node{op: opIsNull, args: []*node{left}, at: t.at}
		if p.tok.kind == tokWord && p.tok.str == "not" {
			n.not = true
			p.next()
		}
		p.word("null")
		return p.make(n)
	}
	n := &node{at: t.at}
	word := t.str
	if word == "not" {
		n.not = true
		word = p.tok.str
		if p.err == nil && (p.tok.kind != tokWord || word != "in" && word != "between") {
			p.unexpected("in or between after not")
			return broken()
		}
		p.next()
	}
	if word == "between" {
		low := p.expression(powerTest)
		p.word("and")
		high := p.expression(powerTest)
		n.op, n.args = opBetween, []*node{left, low, high}
		return p.make(n)
	}
	n.op, n.args = opIn, []*node{left}
	p.expect("(")
	for p.err == nil {
		at := p.tok.at
		v := p.expression(powerSum)
		if p.err == nil && v.op != opNumber && v.op != opText && v.op != opBool {
			p.fail(at, "a list after in holds numbers or texts only")
		}
		n.args = append(n.args, v)
		if p.tok.kind != tokSign || p.tok.str != "," {
			break
		}
		p.next()
	}
	p.expect(")")
	return p.make(n)
}

// make checks the types of a node and its depth.
func (p *parser) make(n *node) *node {
	if p.err != nil {
		return broken()
	}
	if n.depth() > maxRuleDepth {
		p.fail(n.at, "the rule is nested too deeply: more than %d levels; use in (...) or several stages", maxRuleDepth)
		return broken()
	}
	want := func(k kind) {
		for _, a := range n.args {
			if a.kind != k && a.kind != attribute {
				p.fail(a.at, "found %s where %s is needed", a.kind, k)
			}
		}
	}
	switch n.op {
	case opNegate, opAdd, opSubtract, opMultiply:
		want(number)
		n.kind = number
	case opAnd, opOr, opNot:
		want(boolean)
		n.kind = boolean
	case opIsNull:
		n.kind = boolean
	case opCompare, opBetween, opIn:
		k := p.unify(n)
		if k == boolean && (n.op != opCompare || n.str != "=" && n.str != "<>") {
			p.fail(n.at, "conditions are compared with = and <> only")
		}
		n.kind = boolean
	case opCall:
		if n.str == "abs" {
			want(number)
			n.kind = number
			break
		}
		n.kind = p.unify(n)
		if n.kind == boolean && n.str != "coalesce" {
			p.fail(n.at, "%s takes numbers or texts", n.str)
		}
	}
	if p.err != nil {
		return broken()
	}
	return n
}

// unify finds the one type of the arguments; attributes take the type of the others.
func (p *parser) unify(n *node) kind {
	k := attribute
	for _, a := range n.args {
		switch {
		case a.kind == attribute || a.kind == k:
		case k == attribute:
			k = a.kind
		default:
			p.fail(a.at, "found %s next to %s: both sides of a comparison must be of one type", a.kind, k)
		}
	}
	return k
}

func (n *node) depth() int {
	d := 0
	for _, a := range n.args {
		if a != nil {
			d = max(d, a.depth())
		}
	}
	return d + 1
}

// walk visits the node and all below it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, a := range n.args {
		a.walk(visit)
	}
}
