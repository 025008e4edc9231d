package health

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// words that only fill a field. The first list holds everywhere, the second in the name, the phone and the address of a contact only: "нет" answers the question
// whether somebody has children.
var (
	fillerWords = wordSet("n/a", "na", "n.a", "null", "nil", "undefined", "unknown", "nan", "test", "тест", "тестовый", "testing", "tester", "test test", "тест тест", "xxx", "ххх", "asd", "asdf", "asdasd", "qwe", "qwerty",
		"йцу", "йцукен", "фыв", "фыва", "zzz", "не указан", "не указана", "не указано", "неизвестно", "неизвестен", "нет данных", "не заполнено", "отсутствует", "б/н", "belgisiz", "белгісіз", "көрсетілмеген",
		"not specified", "not set", "no data", "empty", "(none)", "(null)", `\n`, "#n/a", "#н/д", "н/д")
	fillerPersonal = wordSet("no", "нет", "нету", "net", "жоқ", "joq", "none", "no name", "noname", "без имени", "имя", "фамилия", "фио", "name", "first name", "last name", "клиент", "client", "customer",
		"покупатель", "гость", "guest", "user", "аноним", "anonymous", "новый клиент", "контакт", "contact", "удален", "удалён", "deleted", "нет имени", "нет почты", "нет телефона", "не знаю", "no phone", "no email")
)

func wordSet(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

// fold brings a value to the form in which fillers are listed: lower case, single blanks, no signs at the ends.
func fold(value string) string {
	value = strings.ToLower(cut(value, maxField))
	value = strings.TrimFunc(value, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".,;:!?*_-–—\"'«»", r) || unicode.Is(unicode.Cf, r)
	})
	return strings.Join(strings.Fields(value), " ")
}

// isFiller tells a value that only fills the field: signs without a letter or digit, a word that says nothing, one sign again and again ("aaa", "000-00-00"),
// a row of digits ("123"). personal: of a name, a phone or an address, where "no" and "client" are fillers too, and digits need not be meant.
func isFiller(value string, personal bool) bool {
	folded := fold(value)
	if fillerWords[folded] || personal && fillerPersonal[folded] {
		return true
	}
	letters, digits := 0, 0
	var seen [maxField]byte
	n, same, first := 0, true, rune(0)
	for _, r := range folded {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
			if r <= '9' && n < len(seen) {
				seen[n] = byte(r)
				n++
			}
		case strings.ContainsRune(" -().+/", r):
			continue
		default:
			return letters+digits == 0 && onlySigns(folded)
		}
		if first == 0 {
			first = r
		}
		same = same && r == first
	}
	switch {
	case letters+digits == 0:
		return true
	case !personal && digits > 0:
		return false // numbers of other fields are looked at by their field
	case letters > 0 && digits > 0:
		return false
	case letters > 0:
		return same && (letters >= 3 || personal && letters >= 2)
	}
	return personal && (n <= 1 || dull(seen[:n]))
}

func onlySigns(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
}

// numericFiller tells numbers that fill a text field: 0, 00, 123, 1234, 999.
func numericFiller(value string) bool {
	folded := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().+/", r) {
			return -1
		}
		return r
	}, fold(value))
	if folded == "" || len(folded) > 20 {
		return false
	}
	for i := range len(folded) {
		if folded[i] < '0' || folded[i] > '9' {
			return false
		}
	}
	return folded == "0" || len(folded) >= 2 && dull([]byte(folded))
}

func isNumber(value string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(strings.Replace(value, ",", ".", 1)), 64)
	return err == nil
}

// oldest is the age from which a date of birth is absurd: nobody alive is older than 118.
const oldest = 118

var dateLayouts = []string{time.DateOnly, "02.01.2006", "02/01/2006", "2006/01/02", "2006.01.02", "20060102", "2006-1-2", "2.1.2006"}

// placeholderDates are what systems and clerks write when they know none.
var placeholderDates = wordSet("1900-01-01", "1901-01-01", "1970-01-01", "0001-01-01", "1899-12-30", "1899-12-31", "1111-11-11")

// parseBirthday reads a date of birth as days since 1970-01-01. asOf is the day up to which ages count: a later date and an age above 118 are invalid, the zero dates of systems
// are fillers. Of moments only the date counts; a text that is no date is invalid.
func parseBirthday(text string, asOf int64) (day int64, s state) {
	text = strings.TrimSpace(cut(text, maxField))
	if text == "" {
		return 0, stateEmpty
	}
	if isFiller(text, true) {
		return 0, stateFiller
	}
	t, ok := parseDate(text)
	switch {
	case !ok && strings.Trim(text, "0-./: T") == "":
		return 0, stateFiller // 0000-00-00
	case !ok:
		return 0, stateInvalid
	case placeholderDates[t.Format(time.DateOnly)]:
		return 0, stateFiller
	}
	day = t.Unix() / 86400
	if t.Unix() < 0 && t.Unix()%86400 != 0 {
		day--
	}
	if day >= asOf || t.Before(time.Unix(asOf*86400, 0).UTC().AddDate(-oldest, 0, 0)) {
		return 0, stateInvalid
	}
	return day, stateValid
}

func parseDate(text string) (time.Time, bool) {
	if i := strings.IndexAny(text, " T"); i >= 6 {
		text = text[:i]
	}
	if len(text) > 10 || utf8.RuneCountInString(text) != len(text) {
		return time.Time{}, false
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
