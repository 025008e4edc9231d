package health

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"
)

// state is what a field of a contact holds.
type state uint8

const (
	stateEmpty   state = iota // nothing, or blanks
	stateFiller               // something that only fills the field: "-", 123, test
	stateInvalid              // no possible phone, address or date
	stateValid
)

// Limits of what is looked at; longer texts are cut, whatever they are.
const (
	maxField  = 512 // bytes of a phone, an address, a name
	maxPhones = 2   // numbers of one phone field
)

// plan7 are the regions of the numbering plan +7, where 8 is dialled for the country code.
func plan7(region string) bool { return region == "RU" || region == "KZ" }

// parsePhones reads a phone field: up to two numbers, each as country code and national number in one integer (E.164 without the plus), and what the field
// holds. Russian and Kazakh numbers are read here, with +7, 7, 8 or without a code; everything else is left to libphonenumber. The first digit of a +7 number
// must be 3, 4, 7, 8 or 9; nothing is asked of its area code, which change too often. Extensions ("доб. 12") are dropped: who shares a switchboard shares the number.
func parsePhones(text, region string) (numbers [maxPhones]uint64, s state) {
	if text = cut(text, maxField); !norm.NFKC.IsNormalString(text) {
		text = norm.NFKC.String(text)
	}
	if text = strings.TrimSpace(text); text == "" {
		return numbers, stateEmpty
	}
	n, worst := 0, stateFiller
	several := digitsIn(text) > 13 // 8/701/1234567 is one number
	for len(text) > 0 && n < maxPhones {
		part := text
		if i := strings.IndexAny(text, ",;|/\n"); several && i >= 0 {
			part, text = text[:i], text[i+1:]
		} else {
			text = ""
		}
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		number, s := parsePhone(part, region)
		if s == stateInvalid {
			worst = stateInvalid
		}
		if s == stateValid && (n == 0 || numbers[0] != number) {
			numbers[n] = number
			n++
		}
	}
	if n > 0 {
		return numbers, stateValid
	}
	return numbers, worst
}

func digitsIn(text string) (n int) {
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			n++
		}
	}
	return n
}

// parsePhone reads one number.
func parsePhone(text, region string) (uint64, state) {
	var digits [20]byte
	n, plus, plain := 0, false, true
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9':
			if n < len(digits) {
				digits[n] = byte(r)
			}
			n++
		case r == '+' && n == 0:
			plus = true
		case unicode.IsLetter(r):
			if n >= 7 { // an extension, or a word after the number: "доб. 12", "Анна"
				return finishPhone(digits[:min(n, len(digits))], n, plus, text[:i], region)
			}
			plain = false
		case r == utf8.RuneError, unicode.IsDigit(r):
			plain = false
		}
	}
	if n == 0 && plain || n == 0 && isFiller(text, true) {
		return 0, stateFiller
	}
	if !plain {
		return viaLibrary(text, region)
	}
	return finishPhone(digits[:min(n, len(digits))], n, plus, text, region)
}

func finishPhone(digits []byte, n int, plus bool, text, region string) (uint64, state) {
	if n > len(digits) {
		return 0, stateInvalid
	}
	if dull(digits) || n > 6 && dull(digits[1:]) {
		return 0, stateFiller
	}
	if national := plan7National(digits, plus, region); national != nil {
		if strings.IndexByte("34789", national[0]) < 0 {
			return 0, stateInvalid
		}
		if string(national[3:]) == "0000000" || dull(national) {
			return 0, stateFiller
		}
		return number("7", national), stateValid
	}
	return viaLibrary(text, region)
}

// plan7National gives the ten digits of a number of the plan +7, nil for any other.
func plan7National(digits []byte, plus bool, region string) []byte {
	switch {
	case len(digits) == 11 && digits[0] == '7' && (plus || plan7(region)):
		return digits[1:]
	case len(digits) == 11 && digits[0] == '8' && plan7(region) && (!plus || digits[1] == '7' || digits[1] == '9'): // +8 701 … is a common slip
		return digits[1:]
	case len(digits) == 10 && !plus && plan7(region):
		return digits
	}
	return nil
}

// dull tells digits that nobody has: one digit again and again, 123…, 987….
func dull(digits []byte) bool {
	if len(digits) < 2 {
		return true
	}
	step := int(digits[1]) - int(digits[0])
	if step < -1 || step > 1 {
		return false
	}
	for i := 1; i < len(digits); i++ {
		d := int(digits[i]) - int(digits[i-1])
		if d != step && !(step == 1 && digits[i-1] == '9' && digits[i] == '0') && !(step == -1 && digits[i-1] == '0' && digits[i] == '9') {
			return false
		}
	}
	return true
}

func viaLibrary(text, region string) (uint64, state) {
	p, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsValidNumber(p) {
		if isFiller(text, true) {
			return 0, stateFiller
		}
		return 0, stateInvalid
	}
	return number("", []byte(phonenumbers.Format(p, phonenumbers.E164))), stateValid
}

// number reads digits as one integer; signs are left out.
func number(code string, digits []byte) uint64 {
	n := uint64(0)
	for _, s := range []string{code, string(digits)} {
		for i := range len(s) {
			if s[i] >= '0' && s[i] <= '9' {
				n = n*10 + uint64(s[i]-'0')
			}
		}
	}
	return n
}

// cut shortens a text to at most n bytes without breaking a letter.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
