package health

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

func TestPhones(t *testing.T) {
	t.Parallel()
	const n = 77011234568
	for _, x := range []struct {
		text, region string
		want         uint64
		state        state
	}{
		{"+7 701 123 45 68", "KZ", n, stateValid}, {"8(701)1234568", "RU", n, stateValid}, {"7011234568", "KZ", n, stateValid}, {"+7(701)123-45-68", "DE", n, stateValid},
		{"87011234568 доб. 12", "KZ", n, stateValid}, {"тел. 8 701 123 45 68", "KZ", n, stateValid}, {"+8 701 123 45 68", "KZ", n, stateValid}, {"\u202a+77011234568\u202c", "KZ", n, stateValid}, {"７７０１１２３４５６８", "KZ", n, stateValid},
		{"87011234568 Анна", "KZ", n, stateValid}, {"8/701/1234568", "KZ", n, stateValid}, {"+7 800 555-35-35", "RU", 78005553535, stateValid}, {"+49 30 901820", "RU", 4930901820, stateValid}, {"+1 650 253 0000", "KZ", 16502530000, stateValid}, {"650 253 0000", "US", 16502530000, stateValid},
		{"", "RU", 0, stateEmpty}, {" \u00a0 ", "RU", 0, stateEmpty}, {"-", "RU", 0, stateFiller}, {"123", "RU", 0, stateFiller}, {"000-00-00", "RU", 0, stateFiller}, {"+7 (000) 000-00-00", "RU", 0, stateFiller}, {"+7 701 000 00 00", "RU", 0, stateFiller},
		{"9999999999", "RU", 0, stateFiller}, {"test", "RU", 0, stateFiller}, {"нет", "RU", 0, stateFiller}, {"1234567890", "RU", 0, stateFiller},
		{"+7 123 456 78 91", "RU", 0, stateInvalid}, {"2-45-68", "RU", 0, stateInvalid}, {"позвонить утром", "RU", 0, stateInvalid}, {strings.Repeat("9", 60), "RU", 0, stateInvalid}, {strings.Repeat("12", 4000), "RU", 0, stateInvalid}, {"\xff\xfe", "RU", 0, stateFiller},
	} {
		got, s := parsePhones(x.text, x.region)
		if got[0] != x.want || s != x.state {
			t.Errorf("%.30q in %s: %d, %d; want %d, %d", x.text, x.region, got[0], s, x.want, x.state)
		}
	}
	if got, _ := parsePhones("8-701-123-45-68, +7 702 765 43 21; 8 701 123 45 68", "KZ"); got != [2]uint64{n, 77027654321} {
		t.Errorf("two numbers: %v", got)
	}
}

// What is read here is what libphonenumber reads, for every number that it calls valid.
func TestPhonesAsTheLibrary(t *testing.T) {
	t.Parallel()
	for i := range 3000 {
		national := fmt.Sprintf("%d%09d", []int{7, 9, 3, 4, 8}[i%5], (i*7_919_773+12_345)%1_000_000_000)
		want, err := phonenumbers.Parse("+7"+national, "RU")
		if err != nil || !phonenumbers.IsValidNumber(want) {
			continue
		}
		for _, form := range []string{"+7" + national, "8" + national, "8 (" + national[:3] + ") " + national[3:6] + "-" + national[6:], "7" + national} {
			got, s := parsePhones(form, "RU")
			if s != stateValid || got[0] != 7*10_000_000_000+*want.NationalNumber {
				t.Errorf("%s: %d, %d; the library says %v", form, got[0], s, want)
			}
		}
	}
}

func TestEmails(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		text, want string
		state      state
	}{
		{" Ivan.Petrov+news@GMail.com", "ivanpetrov@gmail.com", stateValid}, {"ivanpetrov@googlemail.com", "ivanpetrov@gmail.com", stateValid}, {"Ivan-Petrov@ya.ru", "ivan.petrov@yandex.ru", stateValid}, {"ivan.petrov+x@yandex.kz", "ivan.petrov@yandex.ru", stateValid},
		{"ivan.petrov+x@mail.ru", "ivan.petrov+x@mail.ru", stateValid}, {"ivan.petrov@bk.ru", "ivan.petrov@bk.ru", stateValid}, {"<ivan@x.kz>", "ivan@x.kz", stateValid}, {"mailto:ivan@x.kz", "ivan@x.kz", stateValid}, {"i.p+a@outlook.com", "i.p@outlook.com", stateValid},
		{"иван@пример.рф", "иван@xn--e1afmkfd.xn--p1ai", stateValid}, {"ivan@XN--E1AFMKFD.xn--p1ai", "ivan@xn--e1afmkfd.xn--p1ai", stateValid}, {"+@gmail.com", "+@gmail.com", stateValid}, {"ｉｖａｎ@x.kz", "ivan@x.kz", stateValid}, {"o'neil@x.ie.", "o'neil@x.ie", stateValid},
		{"", "", stateEmpty}, {"-", "", stateFiller}, {"нет", "", stateFiller}, {"aaa@aaa.aa", "", stateFiller}, {"mail@mail.ru", "", stateFiller}, {"test@corp.kz", "", stateFiller}, {"no@no.no", "", stateFiller}, {"нет@нет.рф", "", stateFiller}, {"noemail@shop.ru", "", stateFiller},
		{"x", "", stateInvalid}, {"ivan.mail.ru", "", stateInvalid}, {"ivan@", "", stateInvalid}, {"@mail.ru", "", stateInvalid}, {"ivan@@mail.ru", "", stateInvalid}, {"ivan petrov@mail.ru", "", stateInvalid}, {"ivan@mail", "", stateInvalid}, {"ivan@mail.123", "", stateInvalid},
		{".ivan@mail.ru", "", stateInvalid}, {"iv..an@mail.ru", "", stateInvalid}, {"ivan@-mail.ru", "", stateInvalid}, {"ivan@mail..ru", "", stateInvalid}, {strings.Repeat("a", 65) + "@mail.ru", "", stateInvalid}, {"a@" + strings.Repeat("b", 300) + ".ru", "", stateInvalid},
		{"ivan@mail.ru, petr@mail.ru", "ivan@mail.ru", stateValid},
	} {
		got, s := parseEmail(x.text)
		if text := got.String(); s != x.state || s == stateValid && text != x.want {
			t.Errorf("%.40q: %q, %d; want %q, %d", x.text, text, s, x.want, x.state)
		}
	}
}

func TestFillers(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"-", "--", "...", "?", "n/a", "N/A", "NULL", " null ", `\N`, "нет данных", "Тест", "test test", "aaa", "ХХХ", "xxx", "123", "12345", "000", "имя", "Клиент", "не указано", "жоқ", "\u200b-\u200b", "(none)"} {
		if !isFiller(s, true) {
			t.Errorf("%q fills a field", s)
		}
	}
	for _, s := range []string{"Ян", "Ли", "О", "Анна", "Нет-Нет Иван", "8 марта", "3М", "А101", "Inna", "Test Petrov"} {
		if isFiller(s, true) && s != "О" {
			t.Errorf("%q is a name", s)
		}
	}
	for s, want := range map[string]bool{"нет": false, "123": false, "client": false, "-": true, "unknown": true, "тест": true, "gold": false, "aaa": true, "ok": false} {
		if isFiller(s, false) != want {
			t.Errorf("%q in any field: want %v", s, want)
		}
	}
	for s, want := range map[string]bool{"0": true, "00-00": true, "123": true, "777": true, "5": false, "42": false, "1990": false, "x": false} {
		if numericFiller(s) != want {
			t.Errorf("%q: want %v", s, want)
		}
	}
}

func TestBirthdays(t *testing.T) {
	t.Parallel()
	const asOf = 20_000 // 2024-10-04
	for text, want := range map[string]state{
		"1990-05-17": stateValid, "17.05.1990": stateValid, "1990-05-17 00:00:00": stateValid, "1990-05-17T10:00:00Z": stateValid, "19900517": stateValid, "2024-10-03": stateValid, "1906-10-05": stateValid,
		"2024-10-04": stateInvalid, "2090-01-01": stateInvalid, "1890-01-01": stateInvalid, "1906-10-03": stateInvalid, "30.02.1990": stateInvalid, "17 мая": stateInvalid, "yes": stateInvalid, "": stateEmpty,
		"-": stateFiller, "0000-00-00": stateFiller, "1900-01-01": stateFiller, "01.01.1970": stateFiller, "0001-01-01T00:00:00": stateFiller,
	} {
		day, s := parseBirthday(text, asOf)
		if s != want || s == stateValid && strings.Contains(text, "1990") && day != 7441 {
			t.Errorf("%q: %d, day %d; want %d", text, s, day, want)
		}
	}
}

func FuzzFields(f *testing.F) {
	for _, s := range []string{"+7 701 123-45-67", "a.b+c@gmail.com", "иван@пример.рф", "-", "000", "\xff@\xfe", "\u202e7011234567", "1990-01-01", strings.Repeat("1", 600), "xn--@xn--.xn--", "@.", "+", ",,,", "8 доб"} {
		f.Add(s, "KZ")
	}
	f.Fuzz(func(t *testing.T, s, region string) {
		for _, r := range []string{"RU", "KZ", region} {
			got, st := parsePhones(s, r)
			if (st == stateValid) != (got[0] != 0) || got[0] > 999_999_999_999_999_999 {
				t.Fatalf("%q in %q: %v, %d", s, r, got, st)
			}
		}
		a, st := parseEmail(s)
		if st == stateValid {
			if !utf8.ValidString(a.String()) || !strings.Contains(a.domain, ".") || a.local == "" {
				t.Fatalf("%q: %+v", s, a)
			}
			if again, st := parseEmail(a.String()); st != stateValid && st != stateFiller || st == stateValid && again.String() != a.String() {
				t.Fatalf("%q is %q, and that is %q", s, a, again)
			}
		}
		parseBirthday(s, 20_000)
		isFiller(s, true)
		isFiller(s, false)
		numericFiller(s)
		fold(s)
	})
}
