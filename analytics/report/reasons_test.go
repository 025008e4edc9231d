package report

import (
	"regexp"
	"slices"
	"testing"
)

// Every phrase has its words in both languages, with its own placeholders and no other.
func TestPhrasesHaveWords(t *testing.T) {
	texts := mustTexts(t)
	for group, phrases := range map[string][]phrase{"rejects": rejectPhrases, "test_notes": notePhrases} {
		for _, p := range phrases {
			text, err := texts.Get(group + "." + p.code)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, m := range placeholder.FindAllStringSubmatch(text.Ru, -1) {
				if !slices.Contains(p.shape.SubexpNames(), m[1]) {
					t.Errorf("%s.%s: placeholder %s is not in the phrase", group, p.code, m[1])
				}
			}
		}
	}
}

// The sentences that ingest and lifecycle write, as their code makes them: translated, values kept, unknown ones as they are.
func TestReasonsAndNotes(t *testing.T) {
	texts := mustTexts(t)
	for reason, want := range map[string]string{
		`found "32.13.2026": allowed are ISO 8601, epoch seconds, milliseconds or microseconds, YYYYMMDD; other formats need time_format`: `Найдено "32.13.2026"; допустимы ISO 8601, секунды, миллисекунды или микросекунды от 1970 года и восемь цифр даты. Для других форматов нужен time_format`,
		`found "fax": allowed are email, sms (map other words under values.channel)`:                                                      `Найдено "fax"; допустимо email, sms. Другие слова переводятся в разделе значений, столбец channel`,
		`found "{column}": allowed are numbers such as 1234,56`:                                                                           `Найдено "{column}"; допустимы числа вида 1234,56`,
		`found "1999-01-01": allowed are times from 2000-01-01 to before 2100-01-01`:                                                      `Найдено "1999-01-01"; допустимо время от 2000-01-01 и раньше 2100-01-01`,
		`found "x": allowed are true, false, 1, 0, yes, no, да, нет`:                                                                      `Найдено "x"; допустимо true, false, 1, 0, yes, no, да, нет`,
		`found "x": allowed are times written as DD.MM.YYYY`:                                                                              `Найдено "x"; допустимо время в виде DD.MM.YYYY`,
		`empty: customer_id is required`:                                                                                                  `Пусто: столбец customer_id обязателен`,
		`the row has 3 fields, the header has 4`:                                                                                          `Полей в строке: 3, в заголовке: 4`,
		`the line is longer than 1048576 bytes`:                                                                                           `Строка длиннее 1048576 байт`,
		`money in USD, the audit counts in RUB: give what one USD is worth as money: {rates: {USD: ...}}, or map the file's words for it under values.currency`: `Деньги в USD, а аудит считает в RUB: задайте курс этой валюты в настройках аудита`,
		`something new`: `something new`,
	} {
		if got := texts.rejectReason(reason); got.Ru != want {
			t.Errorf("%s:\n%s\nwant\n%s", reason, got.Ru, want)
		}
	}
	note := texts.testNote("18 periods pooled into 13 blocks; nothing to compare: one row or one column; fewer than 20 non-empty buckets: the interval rests on too few groups of customers")
	if want := "Периодов: 18, объединены в блоки: 13. Сравнивать нечего: одна строка или один столбец. Меньше 20 непустых корзин: для интервала слишком мало групп клиентов"; note.Ru != want {
		t.Errorf("note %s\nwant %s", note.Ru, want)
	}
	if latin := regexp.MustCompile(`[a-z]{4,}`); latin.MatchString(note.Ru) {
		t.Errorf("English in %s", note.Ru)
	}
}
