package report

import (
	"math"
	"strings"

	"golang.org/x/text/number"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Numbers as a reader of the language writes them: 3,4 % and 1 204 in Russian, 3.4% and 1,204 in English. A number that is not finite is
// shown as a dash, never as NaN.

const dash = "—"

func (w *words) decimal(x float64, decimals int) string {
	if !analytics.Finite(x) {
		return dash
	}
	if p := math.Pow10(decimals); math.Round(x*p) == 0 {
		x = 0 // no "-0"
	}
	s := w.printer.Sprint(number.Decimal(x, number.MaxFractionDigits(decimals), number.MinFractionDigits(decimals)))
	return strings.ReplaceAll(s, "-", "−")
}

func (w *words) integer(n int64) string {
	return strings.ReplaceAll(w.printer.Sprint(number.Decimal(n)), "-", "−")
}

// amount is a number in its unit, still to be formatted: the scale is shared by the value and its limits, so that they can be compared
// at a glance.
type amount struct {
	factor   float64 // shown number = x · factor
	step     float64 // shown numbers are rounded to multiples of it; 0 = only by decimals
	decimals int
	wrap     func(shown string, x float64) string // puts the unit around the shown value
}

// amount chooses scale and decimals by the size of x and the unit: share, customers, periods, orders, messages, seconds, bits, a currency code, or none.
func (w *words) amount(x float64, unit, grain, form string) amount {
	size := math.Abs(x)
	noun := func(name string, decimals int) amount {
		return amount{factor: 1, decimals: decimals, wrap: func(s string, x float64) string { return s + " " + w.noun(name, x, decimals) }}
	}
	switch unit {
	case "share", "share points", "share per message":
		a := amount{factor: 100, decimals: 1, wrap: func(s string, _ float64) string { return s + w.text["numbers.percent"] }}
		switch {
		case size > 0 && size < 0.001:
			a.decimals = 3
		case size < 0.01 && size > 0:
			a.decimals = 2
		}
		if form == "pp" || form == "points" || unit == "share points" {
			a.wrap = func(s string, x float64) string { return s + "\u00a0" + w.noun("point", x*100, a.decimals) }
			if form == "pp" && size >= 0.001 && math.Abs(size*100-math.Round(size*100)) < 1e-9 {
				a.decimals = 0
			}
		}
		return a
	case "customers", "customer":
		return noun("customer", fraction(size, 10))
	case "periods", "period":
		if grain == "" {
			grain = "period"
		}
		return noun(grain, fraction(size, 100))
	case "days", "day":
		return noun("day", fraction(size, 100))
	case "weeks":
		return noun("week", fraction(size, 100))
	case "orders", "order":
		return noun("order", fraction(size, 100)+fraction(size, 1))
	case "messages", "message":
		return noun("message", 2*fraction(size, 10))
	case "cases", "case":
		return noun("case", fraction(size, 10))
	case "deals", "deal":
		return noun("deal", fraction(size, 10)+fraction(size, 1))
	case "tasks", "task":
		return noun("task", fraction(size, 10))
	case "customer-days":
		return noun("customer_day", fraction(size, 10))
	case "customer-weeks":
		return noun("customer_week", fraction(size, 10))
	case "seconds":
		return w.duration(size)
	case "hours":
		return noun("hour", fraction(size, 10))
	case "entries":
		return noun("entry", 0)
	case "exits":
		return noun("exit", 0)
	case "scenarios":
		return noun("scenario", 0)
	case "templates":
		return noun("template", 0)
	case "pairs of messages":
		return noun("message_pair", 0)
	case "pairs of scenarios":
		return noun("scenario_pair", 0)
	case "contacts":
		return noun("contact", 0)
	case "pairs":
		return noun("contact_pair", 0)
	case "groups":
		return noun("contact_group", 0)
	case "fields":
		return noun("field_value", 0)
	case "ratio":
		if size >= 1 {
			return amount{factor: 1, decimals: 1 + fraction(size, 10), wrap: func(s string, _ float64) string { return s }}
		}
	case "bits":
		return amount{factor: 1, decimals: 4, wrap: func(s string, _ float64) string { return s + " " + w.text["numbers.bits"] }}
	}
	if isCurrency(unit) {
		return w.money(size, unit)
	}
	decimals := fraction(size, 100)
	if size > 0 && size < 1 {
		decimals = 3
	}
	return amount{factor: 1, decimals: decimals, wrap: func(s string, _ float64) string { return s }}
}

// duration shows a time in the unit that a reader would choose: 40 seconds, 12 minutes, 3.4 hours, 2 days.
func (w *words) duration(seconds float64) amount {
	unit, size := "second", 1.
	switch {
	case seconds >= 2*86_400 || seconds == 86_400:
		unit, size = "day", 86_400
	case seconds >= 2*3_600 || seconds == 3_600:
		unit, size = "hour", 3_600
	case seconds >= 120 || seconds == 60:
		unit, size = "minute", 60
	}
	decimals := fraction(seconds/size, 10)
	return amount{factor: 1 / size, decimals: decimals, wrap: func(s string, x float64) string { return s + " " + w.noun(unit, x/size, decimals) }}
}

// of is the number that is shown for x.
func (a amount) of(x float64) float64 {
	if a.step > 0 {
		return math.Round(x*a.factor/a.step) * a.step
	}
	return x * a.factor
}

// fraction is 1 when a number below limit is not whole, else 0 decimals.
func fraction(size, limit float64) int {
	if size < limit && size != math.Trunc(size) {
		return 1
	}
	return 0
}

func isCurrency(unit string) bool {
	if len(unit) != 3 {
		return false
	}
	for _, r := range unit {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return true
}

// money shows three figures: 152 ₽, 12 400 ₽, 1,24 млн ₽. More would promise what the interval denies.
func (w *words) money(size float64, currency string) amount {
	a := amount{factor: 1}
	scale := ""
	switch {
	case size >= 999.5e6:
		a.factor, a.decimals, scale = 1e-9, 2, "billion"
	case size >= 1e6:
		a.factor, a.decimals, scale = 1e-6, 2, "million"
	case size >= 1000:
		a.step = math.Pow10(int(math.Log10(size)) - 2)
	case size < 10:
		a.decimals = 2
	case size < 100:
		a.decimals = 1
	}
	if shown := size * a.factor; scale != "" && shown >= 100 {
		a.decimals = 0
	} else if scale != "" && shown >= 10 {
		a.decimals = 1
	}
	pattern := w.text["currencies."+currency]
	if pattern == "" {
		pattern = strings.ReplaceAll(w.text["currencies.other"], "CODE", currency)
	}
	a.wrap = func(s string, _ float64) string {
		if scale != "" {
			s += w.text["numbers."+scale]
		}
		if amount, negative := strings.CutPrefix(s, "−"); negative && !strings.HasPrefix(pattern, "#") {
			return "−" + strings.ReplaceAll(pattern, "#", amount) // −€20, not €−20
		}
		return strings.ReplaceAll(pattern, "#", s)
	}
	return a
}

// shown is an estimate cut in two for a table cell: the value with its unit, and its doubt (level, limits, n, or the word "fact").
type shown struct{ Value, Doubt string }

func (w *words) show(e suffstat.Estimate, grain, form string) shown {
	if !analytics.Finite(e.Value) {
		return shown{Value: dash, Doubt: w.text["ui.not_measured"]}
	}
	size := e.Value
	if size == 0 && analytics.Finite(e.Upper) {
		size = max(math.Abs(e.Upper), math.Abs(e.Lower))
	}
	a := w.amount(size, e.Unit, grain, form)
	out := shown{Value: a.wrap(w.decimal(a.of(e.Value), a.decimals), e.Value)}
	if e.Method == suffstat.MethodFact {
		out.Doubt = w.text["ui.fact"]
		return out
	}
	n := ""
	if e.N > 0 {
		n = "; n\u00a0=\u00a0" + w.integer(e.N)
	}
	level := ""
	if e.Level > 0 {
		decimals := 0
		for e.Level < 1 && decimals < 4 && math.Round(e.Level*100*math.Pow10(decimals)) == 100*math.Pow10(decimals) {
			decimals++ // 99.97 % of pairs chosen among many is not 100 %
		}
		level = w.decimal(e.Level*100, decimals) + w.text["numbers.percent"] + ": "
	}
	switch low, high := analytics.Finite(e.Lower), analytics.Finite(e.Upper); {
	case low && high:
		out.Doubt = level + w.span(a.of(e.Lower), a.of(e.Upper), a.decimals) + n
	case low: // a median whose upper limit lies beyond the ages seen
		out.Doubt = level + "≥ " + w.decimal(a.of(e.Lower), a.decimals) + n
	default:
		out.Doubt = w.text["ui.no_interval"] + n
	}
	return out
}

// span is "2,9–3,9"; with a negative limit "−0,2 … 3,9", where a dash could be read as a minus.
func (w *words) span(lower, upper float64, decimals int) string {
	between := "–"
	if lower < 0 || upper < 0 {
		between = w.text["numbers.between"]
	}
	return w.decimal(lower, decimals) + between + w.decimal(upper, decimals)
}

// estimate is a number inside a sentence: "3,4 % (95 %: 2,9–3,9; n = 1 204)", "1 204 клиента (факт)"; bare and pp leave the doubt out and
// are for settings and steps, which have none; number leaves out the unit as well, where the sentence names it. direction says of a difference which way it goes: "higher by 9.8 pp (…)".
func (w *words) estimate(e suffstat.Estimate, grain, form string) string {
	if form == "number" && analytics.Finite(e.Value) {
		return w.decimal(e.Value, fraction(math.Abs(e.Value), 10))
	}
	if form == "direction" {
		word := "numbers.higher"
		if e.Value < 0 {
			word, e = "numbers.lower", e.Scale(-1, e.Unit)
		}
		return strings.Replace(w.text[word], "{difference}", w.estimate(e, grain, "points"), 1)
	}
	s := w.show(e, grain, form)
	if form == "bare" || form == "pp" {
		return s.Value
	}
	return s.Value + " (" + s.Doubt + ")"
}
