package lifecycle

import (
	"math"
	"strconv"
	"strings"
)

// String writes the rule in the rule language, every compound part in parentheses. Parsing it again gives the same tree.
func (n *node) String() string {
	var b strings.Builder
	writer{rule: true}.write(&b, n, n.kind)
	return b.String()
}

// sql writes the rule for the engine. Features are the parameters of the macros; attributes are fields of the parameter attributes.
func (n *node) sql() string {
	var b strings.Builder
	writer{}.write(&b, n, boolean)
	return b.String()
}

// writer writes a tree as a rule or as SQL. The two differ in attributes, which SQL must be told the type of, and in arithmetic, which SQL
// does on DOUBLE so that no product overflows.
type writer struct{ rule bool }

// sqlText quotes a text for the engine.
func sqlText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func sqlName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func ruleNumber(x float64) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', -1, 64)
	if len(s) > 20 {
		s = strconv.FormatFloat(math.Abs(x), 'e', -1, 64)
	}
	if x < 0 {
		return "(-" + s + ")"
	}
	return s
}

// sqlNumber writes whole numbers as integers and others with an exponent, which the engine reads as DOUBLE and not as DECIMAL.
func sqlNumber(x float64) string {
	s := strconv.FormatFloat(math.Abs(x), 'e', -1, 64)
	if x == math.Trunc(x) && math.Abs(x) <= 1e15 {
		s = strconv.FormatFloat(math.Abs(x), 'f', 0, 64)
	}
	if x < 0 {
		return "(-" + s + ")"
	}
	return s
}

func (w writer) write(b *strings.Builder, n *node, want kind) {
	list := func(args []*node, sep string, want kind) {
		for i, a := range args {
			if i > 0 {
				b.WriteString(sep)
			}
			w.write(b, a, want)
		}
	}
	// common is the type in which the arguments of a comparison are read.
	common := func(otherwise kind) kind {
		for _, a := range n.args {
			if a.kind != attribute {
				return a.kind
			}
		}
		return otherwise
	}
	not := func(s string) string {
		if n.not {
			return " NOT" + s
		}
		return s
	}
	switch n.op {
	case opNumber:
		if w.rule {
			b.WriteString(ruleNumber(n.num))
		} else {
			b.WriteString(sqlNumber(n.num))
		}
	case opText:
		b.WriteString(sqlText(n.str))
	case opBool:
		b.WriteString(strconv.FormatBool(n.num != 0))
	case opFeature:
		b.WriteString(n.str)
	case opAttr:
		w.attr(b, n.str, want)
	case opNegate:
		b.WriteString("(- ")
		w.operand(b, n.args[0])
		b.WriteString(")")
	case opAdd, opSubtract, opMultiply:
		b.WriteString("(")
		w.operand(b, n.args[0])
		b.WriteString(map[op]string{opAdd: " + ", opSubtract: " - ", opMultiply: " * "}[n.op])
		w.operand(b, n.args[1])
		b.WriteString(")")
	case opCall:
		if n.kind == attribute && want == attribute {
			want = text
		}
		if n.kind != attribute {
			want = n.kind
		}
		b.WriteString(n.str + "(")
		list(n.args, ", ", want)
		b.WriteString(")")
	case opCompare:
		b.WriteString("(")
		list(n.args, " "+n.str+" ", common(text))
		b.WriteString(")")
	case opBetween:
		k := common(text)
		b.WriteString("(")
		w.write(b, n.args[0], k)
		b.WriteString(not(" BETWEEN "))
		w.write(b, n.args[1], k)
		b.WriteString(" AND ")
		w.write(b, n.args[2], k)
		b.WriteString(")")
	case opIn:
		k := common(text)
		b.WriteString("(")
		w.write(b, n.args[0], k)
		b.WriteString(not(" IN ("))
		list(n.args[1:], ", ", k)
		b.WriteString("))")
	case opIsNull:
		b.WriteString("(")
		w.write(b, n.args[0], attribute)
		if n.not {
			b.WriteString(" IS NOT NULL)")
		} else {
			b.WriteString(" IS NULL)")
		}
	case opNot:
		b.WriteString("(NOT ")
		list(n.args, "", boolean)
		b.WriteString(")")
	case opAnd:
		b.WriteString("(")
		list(n.args, " AND ", boolean)
		b.WriteString(")")
	case opOr:
		b.WriteString("(")
		list(n.args, " OR ", boolean)
		b.WriteString(")")
	}
}

// operand writes a side of arithmetic.
func (w writer) operand(b *strings.Builder, n *node) {
	if w.rule || n.op == opAdd || n.op == opSubtract || n.op == opMultiply || n.op == opNegate || n.op == opAttr {
		w.write(b, n, number)
		return
	}
	b.WriteString("CAST(")
	w.write(b, n, number)
	b.WriteString(" AS DOUBLE)")
}

// attr reads an attribute as the type it is wanted as. The detour over text makes every stored type castable.
func (w writer) attr(b *strings.Builder, name string, want kind) {
	if w.rule {
		b.WriteString(sqlName(name))
		return
	}
	field := "attributes." + sqlName(name)
	switch want {
	case number:
		b.WriteString("TRY_CAST(CAST(" + field + " AS VARCHAR) AS DOUBLE)")
	case boolean:
		b.WriteString("TRY_CAST(CAST(" + field + " AS VARCHAR) AS BOOLEAN)")
	default:
		b.WriteString("CAST(" + field + " AS VARCHAR)")
	}
}
