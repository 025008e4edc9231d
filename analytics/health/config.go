package health

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
)

// Config is `health:` of audit.yaml.
type Config struct {
	Region         string          `yaml:"region,omitempty"`
	KeyFields      []string        `yaml:"key_fields,omitempty"`
	OptionalFields []string        `yaml:"optional_fields,omitempty"`
	Fillers        []string        `yaml:"fillers,omitempty"`
	InactiveDays   int             `yaml:"inactive_days"`
	StaleDays      int             `yaml:"stale_days"`
	Norms          map[string]Norm `yaml:"norms,omitempty"`
}

// Norm of a check: ok up to Norm, red beyond Red; where more is better, ok from Norm on and red below Red. A Red of nil is never red.
type Norm struct {
	Norm float64  `yaml:"norm"`
	Red  *float64 `yaml:"red,omitempty"`
}

// The checks of analytics.health. KeyFilled and OptionalFilled also stand for single fields, as "key_filled:phone".
const (
	Duplicates         = "duplicates"
	KeyFilled          = "key_fields_filled"
	OptionalFilled     = "optional_fields_filled"
	Fillers            = "fillers"
	PhonesInvalid      = "phones_invalid"
	EmailsInvalid      = "emails_invalid"
	Unreachable        = "unreachable"
	Stale              = "stale"
	Inactive           = "inactive"
	EmailBounces       = "email_bounces"
	BirthdaysAbsurd    = "birthdays_absurd"
	keyFieldPrefix     = "key_filled:"
	optionalPrefix     = "optional_filled:"
	defaultInactive    = 365
	defaultStale       = 730
	defaultRegion      = "RU"
	mostConfiguredDays = 36600
)

// Checks are the names of the checks, in the order of the card.
func Checks() []string {
	return []string{Duplicates, KeyFilled, OptionalFilled, Fillers, PhonesInvalid, EmailsInvalid, Unreachable, BirthdaysAbsurd, Stale, Inactive, EmailBounces}
}

// higherIsBetter tells the checks that count what is right; all others count what is wrong.
func higherIsBetter(check string) bool { return check == KeyFilled || check == OptionalFilled }

// DefaultConfig is what holds where audit.yaml is silent. Norms of duplicates, filled fields, inactive contacts and bounces are those of the product; the others are usual
// in the field and a matter of taste: change them.
func DefaultConfig() Config {
	return Config{InactiveDays: defaultInactive, StaleDays: defaultStale}
}

// DefaultNorms are the norms; those given in audit.yaml replace their own ones only.
func DefaultNorms() map[string]Norm {
	red := func(x float64) *float64 { return &x }
	return map[string]Norm{
		Duplicates: {.05, red(.15)}, KeyFilled: {.95, red(.80)}, OptionalFilled: {.70, nil}, Inactive: {.20, red(.50)}, EmailBounces: {.03, red(.10)},
		Fillers: {.01, red(.05)}, PhonesInvalid: {.02, red(.10)}, EmailsInvalid: {.02, red(.10)}, Unreachable: {.02, red(.10)}, Stale: {.30, red(.60)}, BirthdaysAbsurd: {.01, red(.05)},
	}
}

// regions of libphonenumber by currency, where audit.yaml names none.
var regions = map[string]string{"RUB": "RU", "KZT": "KZ", "BYN": "BY", "UAH": "UA", "UZS": "UZ", "KGS": "KG", "AMD": "AM", "GEL": "GE", "USD": "US", "GBP": "GB", "EUR": "DE", "TRY": "TR", "CNY": "CN"}

// Complete fills in what the file leaves out: norms, the region by the currency.
func (c *Config) Complete(currency string) {
	if c.Region == "" {
		if c.Region = regions[currency]; c.Region == "" {
			c.Region = defaultRegion
		}
	}
	norms := DefaultNorms()
	for name, n := range c.Norms {
		norms[name] = n
	}
	c.Norms = norms
}

// contactFields are the fields that every contact has a column for.
func contactFields() []string {
	return []string{"name", "phone", "email", "source", "owner", "timezone", "created_at", "updated_at"}
}

// Validate reports every mistake of the section.
func (c Config) Validate(add func(path, format string, args ...any)) {
	if r := c.Region; r != "" && (len(r) != 2 || strings.ToUpper(r) != r || r[0] < 'A' || r[0] > 'Z' || r[1] < 'A' || r[1] > 'Z') {
		add("health.region", "%q is not a region: two capital letters, for example RU, KZ, DE", r)
	}
	for name, days := range map[string]int{"inactive_days": c.InactiveDays, "stale_days": c.StaleDays} {
		if days < 1 || days > mostConfiguredDays {
			add("health."+name, "%d is out of range: allowed: 1 to %d", days, mostConfiguredDays)
		}
	}
	for name, n := range c.Norms {
		path := "health.norms." + name
		if !slices.Contains(Checks(), name) {
			if near := analytics.Nearest(name, Checks()); near != "" {
				add(path, "no such check, did you mean %q? allowed: %s", near, strings.Join(Checks(), ", "))
			} else {
				add(path, "no such check: allowed: %s", strings.Join(Checks(), ", "))
			}
			continue
		}
		inside := func(key string, x float64) {
			if !(x >= 0 && x <= 1) || math.IsInf(x, 0) {
				add(path+"."+key, "%v is out of range: allowed: 0 to 1", x)
			}
		}
		inside("norm", n.Norm)
		if n.Red == nil {
			continue
		}
		inside("red", *n.Red)
		switch {
		case higherIsBetter(name) && *n.Red > n.Norm:
			add(path+".red", "%v is above the norm %v: more is better here, so the red zone lies below", *n.Red, n.Norm)
		case !higherIsBetter(name) && *n.Red < n.Norm:
			add(path+".red", "%v is below the norm %v: less is better here, so the red zone lies above", *n.Red, n.Norm)
		}
	}
	known := contactFields()
	for _, list := range []struct {
		name   string
		fields []string
	}{{"key_fields", c.KeyFields}, {"optional_fields", c.OptionalFields}} {
		for i, f := range list.fields {
			path := fmt.Sprintf("health.%s[%d]", list.name, i)
			switch {
			case slices.Contains(list.fields[:i], f):
				add(path, "%q is listed twice", f)
			case list.name == "optional_fields" && slices.Contains(c.KeyFields, f):
				add(path, "%q is a key field already", f)
			case !slices.Contains(known, f) && (!strings.HasPrefix(f, "attr_") || f == "attr_"):
				add(path, "%q is no field of a contact: allowed: %s, attr_<name>", f, strings.Join(known, ", "))
			}
		}
	}
	for i, f := range c.Fillers {
		if strings.TrimSpace(f) == "" {
			add(fmt.Sprintf("health.fillers[%d]", i), "an empty value is not filled anyway: remove it")
		}
	}
}

// Roles of a field.
const (
	RoleKey      = "key"
	RoleOptional = "optional"
	RoleOther    = "other"
)

// fieldRole is a row of core.cfg_health_fields.
type fieldRole struct {
	field, role       string
	birthday, matched bool
}

// roles gives every field its role. Without lists in audit.yaml name, phone and email are key fields, and source and all attributes optional ones. declared tells that
// audit.yaml names the field: then it counts although nobody has filled it.
func (s Setup) roles() []fieldRole {
	key, optional := s.KeyFields, s.OptionalFields
	if key == nil {
		key = []string{"name", "phone", "email"}
	}
	if optional == nil {
		optional = append([]string{"source"}, s.Attributes...)
	}
	fields := append(contactFields(), s.Attributes...)
	for _, f := range append(slices.Clone(s.KeyFields), s.OptionalFields...) { // attributes that the data has not
		if !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	slices.Sort(fields)
	var out []fieldRole
	matched := false
	for _, f := range slices.Compact(fields) {
		r := fieldRole{field: f, role: RoleOther, birthday: birthdayName(f)}
		switch {
		case slices.Contains(key, f):
			r.role = RoleKey
		case slices.Contains(optional, f):
			r.role = RoleOptional
		}
		if r.birthday && !matched {
			r.matched, matched = true, true
		}
		out = append(out, r)
	}
	return out
}

func (s Setup) declared(field string) bool {
	return slices.Contains(s.KeyFields, field) || slices.Contains(s.OptionalFields, field)
}

// birthdayName tells attributes whose name says a date of birth. What they hold is looked at too: a column in which fewer than half of the values are dates is none.
func birthdayName(field string) bool {
	name, ok := strings.CutPrefix(strings.ToLower(field), "attr_")
	if !ok {
		return false
	}
	for _, s := range []string{"birth", "bday", "rozhden", "рожд", "туған", "tugan"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return slices.Contains([]string{"dob", "др", "dr"}, name)
}
