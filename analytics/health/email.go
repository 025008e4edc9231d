package health

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// provider says which signs a mail provider ignores in the local part, as its own help says; of every other domain nothing is assumed.
type provider struct {
	name   string // one mailbox under several domains has one name
	plus   bool   // what follows + is a label
	ignore string // signs that make no difference
	same   string // signs that mean the first of them
}

// providers: Gmail ignores dots and labels; Yandex takes - for a dot and knows labels, and one mailbox answers under all its domains; Outlook, iCloud, Fastmail and
// Zoho know labels; Proton ignores dots, - and _ and knows labels. Mail.ru is not here: its domains are different mailboxes, and neither dots nor labels are ignored.
var providers = func() map[string]provider {
	m := map[string]provider{}
	add := func(p provider, domains ...string) {
		for _, d := range domains {
			m[d] = p
		}
	}
	add(provider{name: "gmail.com", plus: true, ignore: "."}, "gmail.com", "googlemail.com")
	add(provider{name: "yandex.ru", plus: true, same: ".-"}, "yandex.ru", "ya.ru", "yandex.com", "yandex.kz", "yandex.by", "yandex.ua", "narod.ru")
	add(provider{name: "proton.me", plus: true, ignore: ".-_"}, "proton.me", "protonmail.com", "pm.me")
	for _, d := range []string{"outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "fastmail.com", "zoho.com"} {
		add(provider{name: d, plus: true}, d)
	}
	return m
}()

// freeDomains give addresses to everybody, so that a common domain says nothing of two contacts.
var freeDomains = map[string]bool{
	"mail.ru": true, "bk.ru": true, "inbox.ru": true, "list.ru": true, "internet.ru": true, "rambler.ru": true, "yahoo.com": true, "aol.com": true, "gmx.de": true, "gmx.com": true, "web.de": true,
	"mail.kz": true, "ukr.net": true, "tut.by": true, "xakep.ru": true, "qq.com": true, "163.com": true,
}

// roleLocals are addresses of an office, not of a person.
var roleLocals = []string{"info", "office", "sales", "mail", "admin", "zakaz", "order", "orders", "buh", "manager", "contact", "support", "hello", "reception", "priemnaya", "tender", "zakup", "hr"}

// address is a normalised e-mail address.
type address struct {
	local, domain string // as the provider tells mailboxes apart
	role          bool   // of an office, not of a person
	free          bool   // of a provider that gives addresses to everybody
}

func (a address) String() string { return a.local + "@" + a.domain }

// parseEmail reads an address, the first one of several: case, blanks and brackets do not count, the domain is brought to its ASCII form (IDN), and what the provider is known to ignore is
// left out. Invalid is what no mail server would take: no @, no dot in the domain, signs that an unquoted local part may not have, more than 64 and 254 bytes.
func parseEmail(text string) (address, state) {
	text = strings.TrimSpace(cut(text, maxField))
	if text == "" {
		return address{}, stateEmpty
	}
	text = strings.ToLower(norm.NFKC.String(text))
	if i := strings.IndexAny(text, ",;"); i > 0 && strings.Contains(text[:i], "@") {
		text = text[:i]
	}
	text = strings.TrimPrefix(strings.Trim(text, " \t\r\n<>\"';,"), "mailto:")
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		if isFiller(text, true) {
			return address{}, stateFiller
		}
		return address{}, stateInvalid
	}
	local, domain := text[:at], strings.TrimSuffix(text[at+1:], ".")
	if fillerAddress(local, domain) {
		return address{}, stateFiller
	}
	domain, ok := asciiDomain(domain)
	if !ok || !validLocal(local) || len(local)+len(domain) > 253 {
		return address{}, stateInvalid
	}
	a := address{local: local, domain: domain, role: slices.Contains(roleLocals, local), free: freeDomains[domain]}
	if p, ok := providers[domain]; ok {
		a.domain, a.local, a.free = p.name, p.canonical(local), true
	}
	return a, stateValid
}

// canonical is the local part as the provider reads it.
func (p provider) canonical(local string) string {
	out := local
	if i := strings.IndexByte(out, '+'); p.plus && i > 0 {
		out = out[:i]
	}
	if p.ignore == "" && p.same == "" {
		return out
	}
	out = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(p.ignore, r):
			return -1
		case strings.ContainsRune(p.same, r):
			return rune(p.same[0])
		}
		return r
	}, out)
	if out == "" {
		return local
	}
	return out
}

// asciiDomain is the domain in its ASCII form, and whether it can be one.
func asciiDomain(domain string) (string, bool) {
	plain := true
	for i := range len(domain) {
		if c := domain[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.') {
			plain = false
		}
	}
	if !plain || strings.Contains(domain, "xn--") {
		ascii, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return "", false
		}
		domain = ascii
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || len(domain) > 253 {
		return "", false
	}
	for i, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return "", false
		}
		if last := i == len(labels)-1; last && (len(l) < 2 || strings.Trim(l, "0123456789") == "") {
			return "", false
		}
	}
	return domain, true
}

// validLocal tells whether a local part may stand without quotes (RFC 5321, letters of other scripts as of RFC 6531).
func validLocal(local string) bool {
	if local == "" || len(local) > 64 || local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") || !utf8.ValidString(local) {
		return false
	}
	for _, r := range local {
		ascii := r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+/=?^_`{|}~.-", r)
		if !ascii && !(r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))) {
			return false
		}
	}
	return true
}

// fillerAddress tells addresses that only fill the field: aaa@aaa.aa, test@test.ru, no@no.no, mail@mail.ru, нет@нет.рф.
func fillerAddress(local, domain string) bool {
	first, _, _ := strings.Cut(domain, ".")
	switch {
	case slices.Contains([]string{"example.com", "example.org", "example.net", "example.ru", "test.com", "test.ru", "test.test", "localhost"}, domain):
		return true
	case local == first && (utf8.RuneCountInString(local) <= 4 || isFiller(local, true)):
		return true
	case slices.Contains([]string{"noemail", "no-email", "no_email", "nomail", "no-mail", "nomail1", "netpochty", "netmail", "test", "fake", "none", "нет"}, local):
		return true
	}
	return isFiller(local, true) && (first == "" || isFiller(first, true)) || repeated(local) && repeated(first)
}

// repeated tells one sign said again and again, three times at least.
func repeated(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	n := 0
	for _, r := range s {
		if r != first {
			return false
		}
		n++
	}
	return size > 0 && n >= 3
}
