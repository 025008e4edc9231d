package ingest

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// CheckTimeFormat says what is wrong with a strptime format.
func CheckTimeFormat(format string) error {
	const allowed = "YymdHIMSfpzZbBaAj%"
	fields := 0
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		if i < len(format) && format[i] == '-' {
			i++
		}
		if i == len(format) || !strings.ContainsRune(allowed, rune(format[i])) {
			return fmt.Errorf("%q is not a strptime format: after %% allowed are %s, such as \"%%d.%%m.%%Y %%H:%%M:%%S\"", format, strings.Join(strings.Split(allowed, ""), " "))
		}
		if format[i] != '%' {
			fields++
		}
	}
	if fields == 0 {
		return fmt.Errorf("%q has no fields: allowed are strptime formats such as \"%%d.%%m.%%Y %%H:%%M:%%S\"", format)
	}
	return nil
}

// hasClock tells whether a strptime format reads a time of day.
func hasClock(format string) bool { return regexp.MustCompile(`%-?[HI]`).MatchString(format) }

func hasOffset(format string) bool { return regexp.MustCompile(`%-?[zZ]`).MatchString(format) }

// TimeRule is how the stamps of one file are read.
type TimeRule struct {
	Format   string         // strptime; "" means ISO 8601, epoch or YYYYMMDD, told apart per value
	Source   *time.Location // zone of stamps that carry none; nil means UTC, and the business zone for bare dates
	Business *time.Location // zone of bare dates when Source is nil
}

func (r TimeRule) source() *time.Location {
	if r.Source == nil {
		return time.UTC
	}
	return r.Source
}

// dateZone: a bare date is a day of the business, whatever the zone of the stamps, unless the user named the zone of the file.
func (r TimeRule) dateZone() *time.Location {
	if r.Source == nil && r.Business != nil {
		return r.Business
	}
	return r.source()
}

// The modes of a stamp: what its clock shows.
const (
	modeUTC    = "0"
	modeSource = "1" // wall time of the source's zone
	modeDate   = "2" // a bare date
)

// timeSQL renders the reading of expression t, of engine type native, in two steps, because an offset that depends on the instant is a CASE
// over a column: repeated inside an expression it would grow without bound. us is the stamp in microseconds as its clock shows it, NULL
// when it cannot be read, and mode says which clock that is. plain is set instead when t needs no arithmetic.
func (r TimeRule) timeSQL(t, native string) (us, mode, plain string) {
	native = strings.ToUpper(native)
	switch {
	case native == "TIMESTAMPTZ" || native == "TIMESTAMP WITH TIME ZONE":
		return "epoch_us(" + t + ")", modeUTC, ""
	case strings.HasPrefix(native, "TIMESTAMP"):
		t = "CAST(" + t + " AS TIMESTAMP)"
		if isUTC(r.source()) {
			return "", "", t
		}
		return "epoch_us(" + t + ")", modeSource, ""
	case native == "DATE":
		return "epoch_us(CAST(" + t + " AS TIMESTAMP))", modeDate, ""
	case native != "VARCHAR":
		t = "CAST(" + t + " AS VARCHAR)"
	}
	if r.Format != "" {
		us = "epoch_us(try_strptime(" + t + ", " + Quote(r.Format) + "))"
		switch {
		case hasOffset(r.Format):
			return us, modeUTC, ""
		case !hasClock(r.Format):
			return us, modeDate, ""
		}
		return us, modeSource, ""
	}
	number := "try_cast(" + t + " AS DECIMAL(28,6))"
	epoch := fmt.Sprintf("CAST(CASE WHEN %[1]s < 100000000000 THEN %[1]s * 1000000 WHEN %[1]s < 100000000000000 THEN %[1]s * 1000 WHEN %[1]s < 100000000000000000 THEN %[1]s ELSE %[1]s / 1000 END AS BIGINT)", number)
	// YYYY-MM-DD HH:MM:SS to the letter is the usual case and has no zone; reading it as a stamp with one would ask the time zone library.
	// Else a stamp has a zone when it ends in a letter or has a sign after the date; an epoch has a digit where a date has its first dash.
	exact := fmt.Sprintf("strlen(%[1]s) = 19 AND substr(%[1]s, 17, 1) = ':'", t)
	naive := fmt.Sprintf("right(%[1]s, 1) <= '9' AND NOT contains(substr(%[1]s, 11), '+') AND NOT contains(substr(%[1]s, 11), '-')", t)
	digits := fmt.Sprintf("substr(%s, 5, 1) BETWEEN '0' AND '9'", t)
	local, zonedText := "epoch_us(try_cast("+t+" AS TIMESTAMP))", "epoch_us(try_cast("+t+" AS TIMESTAMPTZ))"
	clock, zoned := fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", exact, local, zonedText), modeUTC
	if !isUTC(r.source()) {
		clock = fmt.Sprintf("CASE WHEN %s THEN %s WHEN %s THEN %s ELSE %s END", exact, local, naive, local, zonedText)
		zoned = fmt.Sprintf("CASE WHEN %s THEN 1 WHEN %s THEN 0 WHEN %s THEN 1 ELSE 0 END", exact, digits, naive)
	}
	us = fmt.Sprintf("coalesce(CASE WHEN strlen(%[1]s) > 10 THEN %[2]s ELSE epoch_us(CAST(try_cast(%[1]s AS DATE) AS TIMESTAMP)) END, CASE WHEN regexp_full_match(%[1]s, '[0-9]{8}') THEN epoch_us(try_strptime(%[1]s, '%%Y%%m%%d')) WHEN regexp_full_match(%[1]s, '[0-9]{9,19}([.][0-9]*)?') THEN %[3]s END)", t, clock, epoch)
	mode = fmt.Sprintf("CASE WHEN strlen(%[1]s) > 10 THEN %[2]s WHEN strlen(%[1]s) <> 8 AND %[3]s THEN 0 ELSE 2 END", t, zoned, digits)
	return us, mode, ""
}

func isUTC(z *time.Location) bool { return z.String() == "UTC" }

// instantSQL renders the TIMESTAMP (UTC) of a stamp from the columns of its microseconds, their whole seconds, and its mode.
func (r TimeRule) instantSQL(us, sec, mode string) string {
	tree := func(zone *time.Location) string { return LocalExpr(sec, zone, Earliest(), Latest()) }
	// Years beyond 9999 and infinity become the end of 9999: refused later as absurd, not as unreadable.
	us = fmt.Sprintf("CASE WHEN %[1]s > 253402300799000000 THEN 253402300799000000 WHEN %[1]s < -62135596800000000 THEN -62135596800000000 ELSE %[1]s END", us)
	source, date := tree(r.source()), tree(r.dateZone())
	if source == "0" && date == "0" {
		return "make_timestamp(" + us + ")"
	}
	return fmt.Sprintf("make_timestamp(%s - CAST(1000000 AS BIGINT) * CASE %s WHEN 1 THEN %s WHEN 2 THEN %s ELSE 0 END)", us, mode, source, date)
}

// Query renders SELECT t, v: the texts t of relation from and the instants v that the rule reads in them.
func (r TimeRule) Query(from string) string {
	us, mode, _ := r.timeSQL("t", "VARCHAR")
	return fmt.Sprintf("SELECT t, %s AS v FROM (SELECT *, u // 1000000 AS w FROM (SELECT t, %s AS u, %s AS m FROM %s))", r.instantSQL("u", "w", "m"), us, mode, from)
}

func isInteger(native string) bool {
	switch native {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT":
		return true
	}
	return false
}

func isNumber(native string) bool {
	return isInteger(native) || native == "DOUBLE" || native == "FLOAT" || strings.HasPrefix(native, "DECIMAL")
}

// numberSQL renders the plain decimal text of a number as people write it: spaces, apostrophes and no-break spaces between thousands,
// comma or point. Where one separator could be either, decimalComma decides: "1,234" is 1234, or 1.234 with it.
func numberSQL(t string, decimalComma bool) string {
	s := `replace(regexp_replace(` + t + `, '[\s\x{00A0}\x{202F}\x{2009}'']', '', 'g'), chr(8722), '-')`
	var b strings.Builder
	b.WriteString("CASE")
	for _, rule := range numberRules(decimalComma) {
		value := s
		for _, step := range rule.steps {
			value = "replace(" + value + ", '" + step[0] + "', '" + step[1] + "')"
		}
		fmt.Fprintf(&b, " WHEN regexp_full_match(%s, '%s') THEN %s", s, rule.pattern, value)
	}
	b.WriteString(" END")
	return b.String()
}

type numberRule struct {
	pattern string
	steps   [][2]string
}

func numberRules(decimalComma bool) []numberRule {
	drop := func(s string) [2]string { return [2]string{s, ""} }
	point := [2]string{",", "."}
	plain := numberRule{`[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?`, nil}
	if decimalComma {
		return []numberRule{
			{`[+-]?[0-9]{1,3}([.][0-9]{3})+(,[0-9]*)?`, [][2]string{drop("."), point}},
			{`[+-]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+`, [][2]string{drop(",")}},
			{`[+-]?[0-9]{1,3}(,[0-9]{3}){2,}`, [][2]string{drop(",")}},
			{`[+-]?([0-9]+,[0-9]*|,[0-9]+)`, [][2]string{point}},
			plain,
		}
	}
	return []numberRule{
		{`[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?`, [][2]string{drop(",")}},
		{`[+-]?[0-9]{1,3}([.][0-9]{3})+,[0-9]+`, [][2]string{drop("."), point}},
		{`[+-]?[0-9]{1,3}([.][0-9]{3}){2,}`, [][2]string{drop(".")}},
		{`[+-]?([0-9]+,[0-9]*|,[0-9]+)`, [][2]string{point}},
		plain,
	}
}

// moneySQL renders minor units (BIGINT, x100, half away from zero). Text never passes through a double.
func moneySQL(t, native string, decimalComma bool) string {
	native = strings.ToUpper(native)
	switch {
	case isInteger(native):
		return "CAST(" + t + " AS BIGINT) * 100"
	case strings.HasPrefix(native, "DECIMAL"):
		return "CAST(try_cast(" + t + " AS DECIMAL(18,2)) * 100 AS BIGINT)"
	case isNumber(native):
		return "CASE WHEN abs(" + t + ") < 1e16 THEN CAST(round(" + t + " * 100) AS BIGINT) END"
	}
	clean := "CAST(try_cast(" + numberSQL(t, decimalComma) + " AS DECIMAL(18,2)) * 100 AS BIGINT)"
	if decimalComma {
		return clean
	}
	// The plain number is the usual case; the patterns run for what it leaves. The engine reads "- " as 0 and 1_000 as 1000; we do not.
	return "coalesce(CASE WHEN right(" + t + ", 1) BETWEEN '0' AND '9' AND NOT contains(" + t + ", '_') THEN CAST(try_cast(" + t + " AS DECIMAL(18,2)) * 100 AS BIGINT) END, " + clean + ")"
}

func floatSQL(t, native string, decimalComma bool) string {
	v := "try_cast(" + t + " AS DOUBLE)"
	if strings.ToUpper(native) == "VARCHAR" {
		v = "try_cast(" + numberSQL(t, decimalComma) + " AS DOUBLE)"
	}
	return "CASE WHEN isfinite(" + v + ") THEN " + v + " END"
}

func intSQL(t, native string, decimalComma bool) string {
	if isInteger(strings.ToUpper(native)) {
		return "try_cast(" + t + " AS BIGINT)"
	}
	v := floatSQL(t, native, decimalComma)
	return fmt.Sprintf("CASE WHEN (%[1]s) = floor(%[1]s) THEN try_cast(%[1]s AS BIGINT) END", v)
}

func boolSQL(t, native string) string {
	if strings.ToUpper(native) == "BOOLEAN" {
		return t
	}
	quote := func(words []string) string {
		out := make([]string, len(words))
		for i, w := range words {
			out[i] = Quote(w)
		}
		return strings.Join(out, ", ")
	}
	t = "lower(trim(CAST(" + t + " AS VARCHAR)))"
	return fmt.Sprintf("CASE WHEN %[1]s IN (%[2]s) THEN true WHEN %[1]s IN (%[3]s) THEN false END", t, quote(trueWords()), quote(falseWords()))
}

func trueWords() []string {
	return []string{"true", "t", "1", "1.0", "yes", "y", "да", "истина", "on"}
}
func falseWords() []string {
	return []string{"false", "f", "0", "0.0", "no", "n", "нет", "ложь", "off"}
}

// Quote renders an SQL string literal.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Name renders an SQL identifier; names come from files and may hold anything.
func Name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// ParseMoney reads a number as numberSQL does and returns minor units (x100, half away from zero). ok is false when it is not a number or
// does not fit 16 digits of currency units.
func ParseMoney(text string, decimalComma bool) (minor int64, ok bool) {
	clean, ok := plainNumber(text, decimalComma)
	if !ok {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(clean)
	if !ok {
		return 0, false
	}
	r.Mul(r, big.NewRat(100, 1))
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	r.Add(r, half)
	q := new(big.Int).Quo(r.Num(), r.Denom()) // truncates towards zero: half away from zero after the shift
	if q.CmpAbs(big.NewInt(1e18)) >= 0 {
		return 0, false
	}
	return q.Int64(), true
}

func plainNumber(text string, decimalComma bool) (string, bool) {
	s := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '\f', '\v', 0xA0, 0x202F, 0x2009, '\'':
			return -1
		case 0x2212:
			return '-'
		}
		return r
	}, text)
	for _, rule := range numberRules(decimalComma) {
		if regexp.MustCompile(`^(?:` + rule.pattern + `)$`).MatchString(s) {
			for _, step := range rule.steps {
				s = strings.ReplaceAll(s, step[0], step[1])
			}
			return strings.TrimPrefix(s, "+"), true
		}
	}
	return "", false
}

// ParseTime reads one stamp as timeSQL does. It serves init, which must not need the engine, and the tests as an oracle.
func (r TimeRule) ParseTime(text string) (time.Time, bool) {
	if r.Format != "" {
		t, offset, ok := strptime(text, r.Format)
		if !ok {
			return time.Time{}, false
		}
		if offset {
			return t, true
		}
		zone := r.source()
		if !hasClock(r.Format) {
			zone = r.dateZone()
		}
		return fromLocal(t, zone), true
	}
	if t, err := time.Parse("2006-01-02", text); err == nil {
		return fromLocal(t, r.dateZone()), true
	}
	if len(text) == 8 && allDigits(text) {
		t, err := time.Parse("20060102", text)
		return fromLocal(t, r.dateZone()), err == nil
	}
	whole, _, _ := strings.Cut(text, ".")
	if len(whole) >= 9 && len(whole) <= 19 && allDigits(whole) {
		x, ok := new(big.Rat).SetString(text)
		if !ok {
			return time.Time{}, false
		}
		var scale int64
		switch {
		case len(whole) <= 11:
			scale = 1_000_000
		case len(whole) <= 14:
			scale = 1000
		case len(whole) <= 17:
			scale = 1
		default:
			n, err := strconv.ParseInt(whole, 10, 64)
			return time.UnixMicro(n / 1000).UTC(), err == nil
		}
		x.Mul(x, big.NewRat(scale, 1))
		return time.UnixMicro(new(big.Int).Quo(x.Num(), x.Denom()).Int64()).UTC(), true
	}
	s := text
	if len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return fromLocal(t, r.source()), true
		}
	}
	return time.Time{}, false
}

func fromLocal(t time.Time, zone *time.Location) time.Time {
	return t.Add(-time.Duration(LocalOffset(t.Unix(), zone)) * time.Second)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// strptime reads the numeric fields of a format; offset tells that the stamp carried its own zone.
func strptime(text, format string) (t time.Time, offset, ok bool) {
	year, month, day, hour, minute, second, nano := 1900, 1, 1, 0, 0, 0, 0
	pm, twelve, zone := false, false, 0
	take := func(most int) (int, bool) {
		n := 0
		for n < most && n < len(text) && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		if n == 0 {
			return 0, false
		}
		v, _ := strconv.Atoi(text[:n])
		text = text[n:]
		return v, true
	}
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			if text == "" || text[0] != format[i] {
				return t, false, false
			}
			text = text[1:]
			continue
		}
		i++
		if format[i] == '-' && i+1 < len(format) {
			i++
		}
		var good bool
		switch format[i] {
		case 'Y':
			year, good = take(4)
		case 'y':
			year, good = take(2)
			if year < 69 {
				year += 2000
			} else {
				year += 1900
			}
		case 'm':
			month, good = take(2)
		case 'd':
			day, good = take(2)
		case 'H':
			hour, good = take(2)
		case 'I':
			hour, good = take(2)
			twelve = true
		case 'M':
			minute, good = take(2)
		case 'S':
			second, good = take(2)
		case 'f':
			before := len(text)
			nano, good = take(9)
			for n := before - len(text); n < 9; n++ {
				nano *= 10
			}
		case 'p':
			if len(text) >= 2 {
				word := strings.ToUpper(text[:2])
				good, pm = word == "AM" || word == "PM", word == "PM"
				text = text[2:]
			}
		case 'z':
			sign := 1
			if text != "" && (text[0] == '+' || text[0] == '-') {
				if text[0] == '-' {
					sign = -1
				}
				text = text[1:]
				var h, m int
				h, good = take(2)
				text = strings.TrimPrefix(text, ":")
				m, _ = take(2)
				zone, offset = sign*(h*3600+m*60), true
			} else if strings.HasPrefix(text, "Z") {
				text, good, offset = text[1:], true, true
			}
		}
		if !good {
			return t, false, false
		}
	}
	if twelve {
		hour %= 12
		if pm {
			hour += 12
		}
	}
	t = time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC)
	if text != "" || t.Day() != day || int(t.Month()) != month || hour > 23 || minute > 59 || second > 59 {
		return t, false, false
	}
	return t.Add(-time.Duration(zone) * time.Second), offset, true
}

// MoneySQL renders the reading of a text expression as minor units: BIGINT, NULL when it cannot be read.
func MoneySQL(text string, decimalComma bool) string { return moneySQL(text, "VARCHAR", decimalComma) }
