package overlap

import "crmaudit/analytics"

// reasonWords are the words by which reasons of not sending are told apart, in the order in which they are looked for: the first that a reason holds decides. They are
// the values of HubSpot, Mindbox, Dittofeed, Parcelvoy, Iterable, Mapp and the usual words of hand-made exports; a reason with none of them is unknown and counts as one that could
// have gone. So what is named first must be surer than what follows: a recipient's fatigue is a cap though he is "suppressed" by it.
var reasonWords = []struct {
	kind     string
	sendable bool
	words    []string
}{
	{"failed", false, []string{"hubl", "portal_", "template", "render", "corrupt", "attachment", "exception", "too_many_recipients", "unconfigured", "validation", "missing_content", "missing_required",
		"governance", "invalid_from", "invalid_app", "cancel", "mta_"}},
	{"cap", true, []string{"fatigue", "frequen", "freq_cap", "freqcap", "capped", "capping", "message_cap", "daily_cap", "weekly_cap", "cap_reached", "cap_exceeded", "over_cap", "limit", "throttl", "over_booked",
		"smart_sending", "recently", "лимит", "частот", "давлен"}},
	{"quiet_hours", true, []string{"quiet", "night", "do_not_disturb", "send_window", "sending_window", "time_window", "business_hours", "тих", "ночн", "нерабоч"}},
	{"conflict", true, []string{"conflict", "priorit", "preempt", "supersed", "another_campaign", "another_scenario", "another_journey", "another_message", "other_campaign", "other_scenario", "конфликт", "приоритет",
		"другой сценарий", "другая рассылка", "другая кампания"}},
	{"no_consent", false, []string{"unsub", "opt_out", "optout", "opted", "consent", "subscri", "spam", "complain", "suppress", "blacklist", "black_list", "stop_list", "stoplist", "blocklist", "block_list", "blocked",
		"exclu", "non_marketable", "graymail", "quarantin", "gdpr", "unconfirmed", "отпис", "соглас", "стоп", "жалоб", "спам", "исключ", "чёрн", "черн", "подпис", "запре"}},
	{"no_address", false, []string{"address", "bounce", "invalid", "identifier", "no_email", "noemail", "missing_email", "no_phone", "nophone", "missing_phone", "token", "device", "undeliver", "contact",
		"unreachable", "not_found", "unknown_user", "адрес", "телефон", "контакт", "токен", "почт"}},
	{"condition", false, []string{"control", "holdout", "hold_out", "liquid", "condition", "criteria", "duplicate", "already", "idempotent", "segment", "услови", "контрольн", "дубл", "уже"}},
	{"failed", false, []string{"fail", "error", "abort", "reject", "сбой", "ошиб"}},
}

// ReasonWords is core.cfg_reasons.
func ReasonWords() analytics.Table {
	t := analytics.Table{Name: "core.cfg_reasons", Columns: []string{"position", "word", "kind", "sendable"}}
	for _, r := range reasonWords {
		for _, word := range r.words {
			t.Rows = append(t.Rows, []any{int64(len(t.Rows) + 1), word, r.kind, r.sendable})
		}
	}
	return t
}
