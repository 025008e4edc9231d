package health

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

// Findings of block 13 and what each carries, for the texts (ru, en) and for the backlog.
//
// All are counted on all contacts: facts, no interval, no p-value, verdict different. (t) is a Value.Text, all others are Value.Estimate; shares are fractions in [0, 1]. A value
// that is not known is left out.
//
//	kind         SubjectType  Subject                  Values
//	data_health  check        name of the check, of    reason (t: the subject again), status (t: warning, red), share, numerator, denominator, norm, red_zone (left out where nothing is red), and
//	                          those in Checks() with   by subject:
//	                          status warning or red    duplicates: groups, certain, likely (pairs), possible (pairs; left out when 0), largest (contacts of the biggest group), extra_messages, extra_cost (currency
//	                                                   units, audited period; left out when 0), capped (contacts that share a number or an address with more than 200; left out when 0)
//	                                                   key_fields_filled, optional_fields_filled: field (t: the emptiest field), field_share
//	                                                   fillers: field (t: the field with most), field_count, filler (t: the most frequent one), filler_count
//	                                                   inactive, unreachable: messages, cost (of the audited period, to these contacts; left out when 0), days (inactive: asked for)
//	                                                   stale: days
//	                                                   birthdays_absurd: field (t: attribute)
//
// Opportunities: all Grade D, Threat structural_only, no test needed (TestDesign "none"), Effect nil. Metric duplicate_share, filled_share, filler_share, invalid_share, unreachable_share,
// absurd_share, stale_record_share, inactive_contact_share, bounce_share; Stake is the cost of the messages to the contacts concerned per quarter (duplicates, inactive, unreachable), where money.message_cost
// says what a message costs: what would not be spent, not what would be earned.
//
// Coverage keys (input: answers). customers: health; customers.phone, customers.email, customers.name: duplicates; customers.fillers: fillers; customers.updated_at: staleness; customers.birthday: birthdays; messages.bounced_at: bounces;
// history: inactive; money.message_cost: duplicate_cost. Notes: "", missing, and those of fit.go.

// Findings states every check outside its norm.
func Findings(m *Model, opt Options) []analytics.Finding {
	var out []analytics.Finding
	for _, c := range m.Checks {
		if !slices.Contains(Checks(), c.Name) || c.Status != Warning && c.Status != Red {
			continue
		}
		out = append(out, finding(m, opt, c))
	}
	return out
}

func finding(m *Model, opt Options, c Check) analytics.Finding {
	v := analytics.Values{}
	v.Text("reason", c.Name)
	v.Text("status", string(c.Status))
	v.Fact("share", c.Value(), c.Denominator, "share")
	unit := "contacts"
	switch c.Name {
	case EmailBounces:
		unit = "messages"
	case KeyFilled, OptionalFilled, Fillers:
		unit = "fields"
	}
	v.Fact("numerator", float64(c.Numerator), c.Denominator, unit)
	v.Fact("denominator", float64(c.Denominator), c.Denominator, unit)
	v.Fact("norm", c.Norm, c.Denominator, "share")
	if c.Red != nil {
		v.Fact("red_zone", *c.Red, c.Denominator, "share")
	}
	waste := m.describe(&v, opt, c)
	severity := analytics.Notice
	if c.Status == Red {
		severity = analytics.Warning
	}
	o := &analytics.Opportunity{
		Metric: metricOf(c.Name), Unit: "share", Baseline: suffstat.Fact(c.Value(), c.Denominator, "share"), Population: population(m, c), Step: math.Max(math.Abs(c.Value()-c.Norm), 1e-4),
		Grade: analytics.GradeStructural, Threat: "structural_only", TestDesign: "none", Effort: effortOf(c.Name),
	}
	if waste.CostMicro > 0 {
		stake := suffstat.Fact(float64(waste.CostMicro)/1e6*91/float64(m.Days), waste.Messages, opt.Currency)
		o.Stake = &stake
	}
	return analytics.Finding{
		Block: "health", Kind: "data_health", SubjectType: "check", Subject: c.Name, Severity: severity, Verdict: analytics.Different, Statistic: analytics.Number(c.Value()), Values: v,
		EvidenceSQL: evidence(c.Name), Opportunity: o,
	}
}

// population is how many contacts a repair would touch.
func population(m *Model, c Check) int64 {
	switch c.Name {
	case KeyFilled, OptionalFilled, Fillers:
		return m.N
	}
	return c.Numerator
}

func metricOf(check string) string {
	switch check {
	case Duplicates:
		return "duplicate_share"
	case KeyFilled, OptionalFilled:
		return "filled_share"
	case Fillers:
		return "filler_share"
	case PhonesInvalid, EmailsInvalid:
		return "invalid_share"
	case BirthdaysAbsurd:
		return "absurd_share"
	case EmailBounces:
		return "bounce_share"
	case Stale:
		return "stale_record_share"
	case Inactive:
		return "inactive_contact_share"
	}
	return check + "_share"
}

// effortOf: validation of a form is a setting; merging contacts and asking for missing fields is work.
func effortOf(check string) int {
	switch check {
	case Duplicates, KeyFilled, OptionalFilled, Stale:
		return 3
	case Inactive, EmailBounces:
		return 2
	}
	return 1
}

// describe adds the values of one check and returns what messages to the contacts concerned cost.
func (m *Model) describe(v *analytics.Values, opt Options, c Check) Waste {
	switch c.Name {
	case Duplicates:
		m.describeDuplicates(v, opt)
		return m.Duplicate
	case KeyFilled, OptionalFilled:
		role := RoleKey
		if c.Name == OptionalFilled {
			role = RoleOptional
		}
		if f, ok := m.worst(func(f Field) int64 { return f.Contacts - f.Filled() }, func(f Field) bool { return f.Role == role && f.known && !f.missing }); ok {
			v.Text("field", f.Name)
			v.Fact("field_share", float64(f.Filled())/float64(f.Contacts), f.Contacts, "share")
		}
	case Fillers:
		if f, ok := m.worst(func(f Field) int64 { return f.Filler }, func(f Field) bool { return f.Filler > 0 }); ok {
			v.Text("field", f.Name)
			v.Fact("field_count", float64(f.Filler), f.Given, "contacts")
		}
		if len(m.Fillers) > 0 {
			top := slices.MinFunc(m.Fillers, func(a, b Filler) int {
				return cmp.Or(cmp.Compare(b.Contacts, a.Contacts), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value))
			})
			v.Text("filler", top.Value)
			v.Fact("filler_count", float64(top.Contacts), top.Contacts, "contacts")
		}
	case Stale:
		v.Fact("days", float64(opt.StaleDays), c.Denominator, "days")
	case Inactive:
		v.Fact("days", float64(opt.InactiveDays), c.Denominator, "days")
		addWaste(v, opt, m.Inactive, "messages", "cost")
		return m.Inactive
	case Unreachable:
		addWaste(v, opt, m.Unreached, "messages", "cost")
		return m.Unreached
	case BirthdaysAbsurd:
		if f, ok := m.worst(func(f Field) int64 { return f.Bad }, func(f Field) bool { return f.isDate }); ok {
			v.Text("field", f.Name)
		}
	}
	return Waste{}
}

func (m *Model) describeDuplicates(v *analytics.Values, opt Options) {
	v.Fact("groups", float64(len(m.Groups)), m.N, "groups")
	v.Fact("certain", float64(m.ByVerdict[Certain]), m.N, "pairs")
	v.Fact("likely", float64(m.ByVerdict[Likely]), m.N, "pairs")
	if n := m.ByVerdict[Possible]; n > 0 {
		v.Fact("possible", float64(n), m.N, "pairs")
	}
	v.Fact("largest", float64(m.Largest), m.N, "contacts")
	addWaste(v, opt, m.Duplicate, "extra_messages", "extra_cost")
	capped := int64(0)
	for _, k := range m.Keys {
		if k.Shared {
			capped = max(capped, k.Size)
		}
	}
	if capped > 0 {
		v.Fact("capped", float64(capped), m.N, "contacts")
	}
}

func addWaste(v *analytics.Values, opt Options, w Waste, messages, cost string) {
	if w.Messages > 0 {
		v.Fact(messages, float64(w.Messages), w.Messages, "messages")
	}
	if w.CostMicro > 0 {
		v.Fact(cost, float64(w.CostMicro)/1e6, w.Messages, opt.Currency)
	}
}

// worst is the field with the most of count among those that pass.
func (m *Model) worst(count func(Field) int64, pass func(Field) bool) (worst Field, ok bool) {
	for _, f := range m.Fields {
		if pass(f) && (!ok || count(f) > count(worst)) {
			worst, ok = f, true
		}
	}
	return worst, ok && worst.Contacts > 0
}

func evidence(check string) string {
	const columns = "h.check_name, h.value, h.numerator, h.denominator, h.norm, h.red_zone, h.status"
	where := " WHERE h.check_name = " + analytics.SQLText(check)
	switch check {
	case Duplicates:
		return "SELECT " + columns + ", (SELECT COUNT(*) FROM analytics.duplicate_groups) AS groups, (SELECT SUM(extra_messages) FROM analytics.duplicate_groups) AS extra_messages, " +
			"(SELECT SUM(extra_cost) FROM analytics.duplicate_groups) AS extra_cost, p.verdict, p.pairs FROM analytics.health h " +
			"LEFT JOIN (SELECT verdict, COUNT(*) AS pairs FROM analytics.duplicate_contacts GROUP BY verdict) p ON TRUE" + where + " ORDER BY p.verdict"
	case KeyFilled, OptionalFilled:
		role := strings.TrimSuffix(check, "_fields_filled")
		return "SELECT " + columns + ", f.field, f.given, f.fillers, f.filled, f.share FROM analytics.health h LEFT JOIN analytics.completeness f ON f.role = " + analytics.SQLText(role) + where + " ORDER BY f.share, f.field"
	case Fillers:
		return "SELECT " + columns + ", f.field, f.value AS filler, f.contacts FROM analytics.health h LEFT JOIN analytics.health_fillers f ON TRUE" + where + " ORDER BY f.contacts DESC, f.field, filler"
	}
	return "SELECT " + columns + " FROM analytics.health h" + where
}
