package ingest

import (
	"fmt"
	"strconv"
	"strings"
)

// Currencies is what money may be counted in: Main, and those that have a rate.
type Currencies struct {
	Main  string
	Rates map[string]float64 // what one unit is worth in Main
}

// CurrencyRefused begins the reason of every row whose money is in a currency without a rate. Such rows are never left out silently: the load ends with them (duck.Load).
const CurrencyRefused = "money in "

// CurrencyColumn is the column, in the plan's SQL, that holds the row's currency; "" when the file has none. The loader keeps it long enough to count what is converted.
func (p *FilePlan) CurrencyColumn() string {
	if i := p.currencyBound(); i >= 0 {
		return fmt.Sprintf("v%d", i)
	}
	return ""
}

func (p *FilePlan) currencyBound() int {
	for i, b := range p.Bound {
		if b.Column.Type == Currency && b.present() {
			return i
		}
	}
	return -1
}

// converted renders minor units of the audit's currency of the money expression: half away from zero, no rate (a refused row): as it is.
func (p *FilePlan) converted(money string) string {
	code := p.CurrencyColumn()
	if code == "" || len(p.money.Rates) == 0 {
		return money
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CASE %s", code)
	for _, c := range sortedKeys(p.money.Rates) {
		fmt.Fprintf(&b, " WHEN %s THEN CAST(round(%s * CAST('%s' AS DOUBLE)) AS BIGINT)", Quote(c), money, strconv.FormatFloat(p.money.Rates[c], 'g', -1, 64))
	}
	fmt.Fprintf(&b, " ELSE %s END", money)
	return b.String()
}

// foreign renders the condition under which the row is refused: money of a currency that has no rate. "" when the file does not say.
func (p *FilePlan) foreign() string {
	code := p.CurrencyColumn()
	if code == "" {
		return ""
	}
	var money []string
	for i, b := range p.Bound {
		if b.Column.Type == Money && b.present() {
			money = append(money, fmt.Sprintf("v%d", i))
		}
	}
	if len(money) == 0 {
		return ""
	}
	known := []string{Quote(p.money.Main)}
	for _, c := range sortedKeys(p.money.Rates) {
		known = append(known, Quote(c))
	}
	return fmt.Sprintf("%s NOT IN (%s) AND coalesce(%s) IS NOT NULL", code, strings.Join(known, ", "), strings.Join(money, ", "))
}
