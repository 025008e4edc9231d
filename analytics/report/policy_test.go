package report_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"crmaudit/analytics/report"
)

// section is the text of one section of the page, with plain spaces.
func section(t *testing.T, page, id string) string {
	t.Helper()
	body := markup(page)
	from := strings.Index(body, `<section id="`+id+`">`)
	if from < 0 {
		t.Fatalf("no section %s", id)
	}
	to := strings.Index(body[from:], "</section>")
	return strings.NewReplacer("\u00a0", " ", "\u2060", "").Replace(body[from : from+to])
}

func row(t *testing.T, section, name string) string {
	t.Helper()
	for _, r := range strings.Split(section, "<tr")[1:] {
		if strings.Contains(r, name) {
			return r
		}
	}
	t.Fatalf("no row with %q", name)
	return ""
}

func TestContactSection(t *testing.T) {
	s := section(t, write(t, defaultWorld().source(t), report.Options{}), "contact")
	for _, want := range []string{
		"10,0 %", "95 %: 9,0–11,0; n = 10 000", // share above the cap of one SMS a week
		"объявлен", "без сценария", // declared cap; messages without a scenario
		"взята ночь с 22:00 до 08:00", "Сервисным сообщениям ночью можно: таких 177 сообщений из 839",
		"После отписки ушло 86 сообщений (факт). Должно быть ноль.", "FROM scenarios.sent_after_unsubscribe",
		"Описание, а не результат", "A description, not a result",
		"Сказать нельзя: проверка не пройдена", "Чтобы решить, нужно 60 230 сообщений", "The data do not decide",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
	for _, bad := range []string{"NaN", "Inf", "%!"} {
		if strings.Contains(s, bad) {
			t.Errorf("%q in the section", bad)
		}
	}
}

// TestGoalAndCollisions: orders and collisions are answered beside the response, and the table of colliding pairs points to them.
func TestGoalAndCollisions(t *testing.T) {
	src := defaultWorld().source(t)
	page := write(t, src, report.Options{})
	s := section(t, page, "contact")
	for _, want := range []string{
		"Реже ли заказывают после массового сообщения, когда за 7 дней их больше?", "Да: на каждое следующее сообщение −0,62 п. п.", "Проверка сообщениями дней 8–14 0,040 п. п.", "Проверка седьмого дня днями 8 и 9",
		"внутри клиента и рассылки 71,0 %", "Ниже ли доля открытий сразу после другого массового сообщения, чем позже на той же неделе?", "Да: −3,1 п. п. (95 %: −4,3 … −1,9; n = 1 655)", "То же пятью неделями раньше 0,20 п. п.",
		"Ниже ли доля заказавших сразу после", "Сказать нельзя: не пройдена проверка тем", "Выше ли шансы отписки сразу после", "Да: отношение шансов 1,51", "Ни одно массовое сообщение не идёт так близко за другим",
		"Do fewer customers order after a bulk message", "Is the open rate worse right after another bulk message",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
	told := "связана разница: доли открытий −3,1 п. п. (95 %: −4,3 … −1,9; n = 1 655); шансов отписки, отношение 1,51"
	if !strings.Contains(section(t, page, "scenarios"), told) || strings.Contains(section(t, page, "scenarios"), "доли заказавших 0,21") {
		t.Errorf("the table of pairs does not point to collisions that can be told, and to them only: want %q", told)
	}
	nan := math.NaN()
	src["scenarios.fatigue"] = frame(t, rows("scenarios.fatigue", []string{"outcome", "term", "value", "lower", "upper", "p_value", "q_value", "verdict", "needed", "grade", "margin", "customers", "messages", "events", "baseline",
		"variation", "high_from", "strata", "note"},
		[]any{"open", "previous_7d", -.01, -.02, -.004, .1, .1, "different", nil, "C", .005, 1_655, 51_537, 12_690, .246, .7, nil, nil, ""},
		[]any{"open", "previous_collision_hours", nan, nan, nan, nan, nan, "insufficient_data", nil, "D", .005, 1_655, 51_537, 12_690, .246, .01, nil, nil, "not_identifiable"}))
	page = write(t, src, report.Options{})
	if s := section(t, page, "contact"); !strings.Contains(s, "решает один план рассылок") || !strings.Contains(section(t, page, "scenarios"), "по этой истории сказать нельзя") {
		t.Error("what cannot be told is not said so")
	}
}

// TestFatigueInsideTheMargin: "inside the margin" stands beside the interval that was held against the margin, not beside the wider one of 95 %.
func TestFatigueInsideTheMargin(t *testing.T) {
	src := defaultWorld().source(t)
	src["scenarios.fatigue"] = frame(t, rows("scenarios.fatigue", []string{"outcome", "term", "value", "lower", "upper", "p_value", "q_value", "verdict", "needed", "grade", "margin", "customers", "messages", "events", "baseline",
		"variation", "high_from", "strata", "note", "equivalence_lower", "equivalence_upper"},
		[]any{"open", "previous_7d", .001, -.0038, .0058, .6, .8, "equivalent", nil, "C", .005, 1_655, 51_537, 12_690, .246, .7, nil, nil, "", -.0029, .0049},
		[]any{"unsubscribe", "log_odds", .01, -.19, .21, .9, .9, "equivalent", nil, "C", .18, nil, 51_537, 300, .006, nil, 3, 155, "", -.15, .17}))
	s := section(t, write(t, src, report.Options{}), "contact")
	for _, want := range []string{"0.10 pp (90%: −0.29 to 0.49; n = 1,655) per message, inside the margin", "1.01 (90%: 0.86–1.19; n = 51,537), inside the margin"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
}

// TestNotIdentifiable: where the calendar leaves no variation, the page says so and gives no slope.
func TestNotIdentifiable(t *testing.T) {
	src := defaultWorld().source(t)
	nan := math.NaN()
	for _, note := range []string{"not_identifiable", "calendar_only"} {
		src["scenarios.fatigue"] = frame(t, rows("scenarios.fatigue", []string{"outcome", "term", "value", "lower", "upper", "p_value", "q_value", "verdict", "needed", "grade", "margin", "customers", "messages", "events", "baseline",
			"variation", "high_from", "strata", "note"},
			[]any{"open", "previous_7d", nan, nan, nan, nan, nan, "insufficient_data", nil, "D", .005, 1_655, 51_537, 12_690, .246, .021, nil, nil, note},
			[]any{"open", "previous_7d_calendar", -.012, -.02, -.004, nan, nan, "", nil, "", .005, 1_655, 51_537, 12_690, .246, .021, nil, nil, note}))
		s := section(t, write(t, src, report.Options{}), "contact")
		if !strings.Contains(s, "По этой истории узнать нельзя") || !strings.Contains(s, "This history cannot tell") || !strings.Contains(s, "случайный лимит частоты") {
			t.Errorf("%s: the page does not say that it cannot be told", note)
		}
	}
}

func TestTriggersSection(t *testing.T) {
	s := section(t, write(t, defaultWorld().source(t), report.Options{}), "triggers")
	for _, want := range []string{
		"Событие «call_missed» → создана задача, срок 15 минут", "Event “call_missed” → a task is created, within 15 minutes", "Тишина, прошло 60 дней → сообщение сценария «winback», срок 3 дня",
		"8,1 минуты", "95 %: 7,3–8,4; n = 379", "9,8 часа", "Ниже цели", "Слишком мало данных: нужно 90 клиентов", "вовремя: 337", "Не рейтинг",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is not in the section", want)
		}
	}
	if strings.Index(s, ">Дёмина<") > strings.Index(s, ">Жукова<") {
		t.Error("owners are not in the order of the alphabet")
	}
}

// TestEffectsSection: the words of a row fit its grade and its place among many comparisons.
func TestEffectsSection(t *testing.T) {
	s := section(t, write(t, defaultWorld().source(t), report.Options{}), "effects")
	forest := s[strings.Index(s, "Выручка на клиента"):]
	if r := row(t, forest, "winback"); !strings.Contains(r, "Даёт прирост") || !strings.Contains(r, "71,0 ₽") || !strings.Contains(r, "99 %:") || !strings.Contains(r, "прижаты к границе") {
		t.Errorf("revenue without outliers, at the level for selected ones: %s", r)
	}
	if r := row(t, s, "gift-2026"); strings.Contains(r, "вредит") || strings.Contains(r, "Вредит") || !strings.Contains(r, "может быть случайность (q = 0,227)") {
		t.Errorf("a difference that many comparisons may give: %s", r)
	}
	if r := row(t, s[strings.Index(s, "Доля отписавшихся"):], "promo_digest"); !strings.Contains(r, "Согласуется с вредом") || strings.Contains(r, "вредит") {
		t.Errorf("grade C: %s", r)
	}
	if r := row(t, s[strings.Index(s, "Доля перешедших"):], "birthday_gift"); !strings.Contains(r, "То же самое в пределах ±2 п. п.") {
		t.Errorf("equivalent: %s", r)
	}
	if r := row(t, s, "spring"); !strings.Contains(r, "Размеры групп не такие, какие даёт честное деление.") || !strings.Contains(r, "повторить эксперимент") {
		t.Errorf("no number: %s", r)
	}
	checks := s[strings.Index(s, `id="effects-checks"`):]
	if r := row(t, checks, "winback"); !strings.Contains(r, "p = 0,588, план 10 %") {
		t.Errorf("gates: %s", r)
	}
	if r := row(t, checks, "promo_digest"); !strings.Contains(r, "внутри группы «tea»; в ней 11,6 % похожих клиентов") || !strings.Contains(r, "«city: Москва», 0,31 стандартного отклонения") {
		t.Errorf("audience: %s", r)
	}
	if r := row(t, checks, "birthday_gift"); !strings.Contains(r, "кого нет в группе «чай»; таких 60,0 % похожих клиентов") {
		t.Errorf("audience: %s", r)
	}
	if strings.Contains(s, "158 ₽") {
		t.Error("revenue with outliers is shown beside the one without")
	}
}

// TestManyEffects: three hundred scenarios do not make three hundred rows; the page says how many are only in the database.
func TestManyEffects(t *testing.T) {
	src := defaultWorld().source(t)
	var effects [][]any
	for i := range 300 {
		effects = append(effects, []any{fmt.Sprintf("scenario_%03d", i), "order", "sequential_trials", "", "D", 1_000, 900, .06, .003, -.003, .009, .4, .6, "placebo", .95, .05, -.05, .15, .01, "inconclusive", 17_718, 28},
			[]any{fmt.Sprintf("silent_%03d", i), "order", "none", "", "D", i, 0, nil, nil, nil, nil, nil, nil, "bulk", nil, nil, nil, nil, nil, "", nil, 28})
	}
	src["scenarios.effects"] = frame(t, rows("scenarios.effects", []string{"scenario_id", "outcome", "method", "experiment_id", "grade", "customers_treated", "customers_control", "baseline", "effect", "lower", "upper", "p_value", "q_value",
		"caveat", "level", "relative", "relative_lower", "relative_upper", "margin", "verdict", "needed", "horizon_days"}, effects...))
	s := section(t, write(t, src, report.Options{}), "effects")
	if n := strings.Count(s, "scenario_"); n > 60 {
		t.Errorf("%d rows of one kind", n)
	}
	if n := strings.Count(s, "Ещё строк: 260. Все — в базе."); n != 2 {
		t.Errorf("said %d times, want 2, that there are more rows", n)
	}
	if !strings.Contains(s, "silent_299") || strings.Contains(s, "silent_000") {
		t.Error("of the scenarios without a number not the largest are shown")
	}
}
