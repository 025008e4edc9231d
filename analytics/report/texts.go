package report

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"crmaudit/analytics"
	"crmaudit/analytics/suffstat"
)

//go:embed texts/*.yaml
var textFiles embed.FS

// T is one text in both languages.
type T struct{ Ru, En string }

// Texts are all user texts, Russian and English, loaded from texts/*.yaml. A text is data: deciders carry values, never prose.
//
// In a text, {name} stands for a named value of the finding, formatted by its unit with interval and n, or marked as a fact;
// {name|bare} is the number alone (for settings), {name|number} the same without its unit, {name|pp} a share in percentage points alone, {name|points} the same with its interval,
// {grain|later} the form "later" of the audited period's name. A part in [[double brackets]] is left out when a value that it names is absent.
type Texts struct{ ru, en *words }

// words are the texts of one language, flattened: "findings.bottleneck.value" → text.
type words struct {
	tag     language.Tag
	printer *message.Printer
	text    map[string]string
}

// LoadTexts reads the embedded texts. An error is a broken build, found by the first test.
func LoadTexts() (*Texts, error) {
	ru, errRu := loadWords("ru", language.Russian)
	en, errEn := loadWords("en", language.English)
	if err := errors.Join(errRu, errEn); err != nil {
		return nil, err
	}
	return &Texts{ru: ru, en: en}, nil
}

// loadWords reads texts/ru.yaml and every texts/ru_*.yaml: a part of the page may keep its texts in a file of its own.
func loadWords(name string, tag language.Tag) (*words, error) {
	w := &words{tag: tag, printer: message.NewPrinter(tag), text: map[string]string{}}
	files, err := fs.Glob(textFiles, "texts/"+name+"*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, file := range files {
		data, err := textFiles.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
		var tree map[string]any
		if err := yaml.Unmarshal(data, &tree); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		if err := w.flatten("", tree); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	return w, nil
}

func (w *words) flatten(prefix string, node any) error {
	switch n := node.(type) {
	case map[string]any:
		for k, v := range n {
			if err := w.flatten(prefix+"."+k, v); err != nil {
				return err
			}
		}
	case []any:
		for i, v := range n {
			if err := w.flatten(prefix+"."+strconv.Itoa(i), v); err != nil {
				return err
			}
		}
	case string:
		key := strings.TrimPrefix(prefix, ".")
		if _, ok := w.text[key]; ok {
			return fmt.Errorf("%s is given twice", key)
		}
		w.text[key] = strings.TrimRight(n, "\n")
	default:
		return fmt.Errorf("%s is a %T, want text", strings.TrimPrefix(prefix, "."), node)
	}
	return nil
}

// each builds a text from both languages.
func (t *Texts) each(f func(*words) string) T { return T{Ru: f(t.ru), En: f(t.en)} }

// Has tells whether there is a text for the key.
func (t *Texts) Has(key string) bool { return t.ru.text[key] != "" && t.en.text[key] != "" }

// Get returns the text of a key, as it is in the file.
func (t *Texts) Get(key string) (T, error) {
	if !t.Has(key) {
		return T{}, fmt.Errorf("no text %q", key)
	}
	return t.each(func(w *words) string { return w.text[key] }), nil
}

// Name returns the word for a code ("designs", "ab"); a code without a word (the user's own) stands for itself, made safe to show.
func (t *Texts) Name(group, code string) T {
	return t.each(func(w *words) string { return w.name(group, code) })
}

func (w *words) name(group, code string) string {
	if s := w.text[group+"."+code]; s != "" && !strings.Contains(code, ".") {
		return s
	}
	return Shown(code)
}

// Shown makes a user's own name safe to stand inside a sentence: control and text-direction characters are dropped, line breaks become
// spaces, and a very long name is cut.
func Shown(name string) string {
	var b strings.Builder
	n := 0
	for _, r := range name {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			r = ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			continue
		}
		if n++; n > 80 {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// Finding renders a finding as one statement in both languages.
func (t *Texts) Finding(f analytics.Finding) (ru, en string) {
	return t.ru.finding(f), t.en.finding(f)
}

// Hypothesis renders the sentences of the hypothesis that a finding with an Opportunity becomes. It fits backlog.Words.
func (t *Texts) Hypothesis(f analytics.Finding) (ru, en analytics.Sentences) {
	return t.ru.hypothesis(f), t.en.hypothesis(f)
}

// CoverageText renders what an input answers and what is missing; a text that is no key is shown as it is.
func (t *Texts) CoverageText(c analytics.Coverage) (answers, note T) {
	return t.Name("coverage.answers", c.Answers), t.coverageNote(c.Block, c.Note)
}

// coverageNote is the text of a note; a block may have its own words for a note that others use too ("overlap_no_priorities"). A note in both languages
// with ‖ between (what a vendor's profile says) is its own text.
func (t *Texts) coverageNote(block, note string) T {
	if ru, en, both := strings.Cut(note, " ‖ "); both {
		return T{Ru: ru, En: en}
	}
	if own := block + "_" + note; t.Has("coverage.notes." + own) {
		note = own
	}
	return t.Name("coverage.notes", note)
}

// FindingsTable is analytics.findings: one row per finding, worst first, then by identity.
func (t *Texts) FindingsTable(findings []analytics.Finding) analytics.Table {
	table := analytics.Table{Name: "analytics.findings", Columns: []string{"finding_id", "block", "kind", "subject_type", "subject", "severity",
		"verdict", "exploratory", "statistic", "p_value", "q_value", "evidence_sql", "text_ru", "text_en"}}
	number := func(p *float64) any {
		if p == nil || !analytics.Finite(*p) {
			return nil
		}
		return *p
	}
	for _, f := range findings {
		ru, en := t.Finding(f)
		table.Rows = append(table.Rows, []any{f.ID(), f.Block, f.Kind, f.SubjectType, f.Subject, string(f.Severity), string(f.Verdict), f.Exploratory,
			number(f.Statistic), number(f.PValue), number(f.QValue), f.EvidenceSQL, ru, en})
	}
	slices.SortStableFunc(table.Rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	return table
}

// variant finds the text of a kind: the finding's reason first (of this very outcome, where there are texts for it: "response_fatigue"; more careful
// words for what is exploratory: "lift_exploratory"), then the kind's default, then the words for any kind.
func (w *words) variant(group string, f analytics.Finding, leaf string) string {
	reason, _, _ := strings.Cut(f.Text("reason"), ",") // of several the gravest, which stands first
	keys := []string{f.Kind + "." + reason, f.Kind + ".default", "other.default"}
	if f.Exploratory {
		keys = slices.Insert(keys, 0, f.Kind+"."+reason+"_exploratory")
	}
	if f.SubjectType == "pressure" { // the audit's own names, never the user's
		keys = slices.Insert(keys, 0, f.Kind+"."+f.Subject+"_"+f.Text("reason"))
	}
	for _, key := range keys {
		if s := w.text[group+"."+key+leaf]; s != "" {
			return s
		}
	}
	return ""
}

func (w *words) finding(f analytics.Finding) string {
	return w.render(w.variant("findings", f, ""), w.values(f))
}

func (w *words) hypothesis(f analytics.Finding) analytics.Sentences {
	values := w.values(f)
	say := func(leaf string) string { return w.render(w.variant("hypotheses", f, "."+leaf), values) }
	return analytics.Sentences{Title: say("title"), What: say("what"), Why: say("why"), Change: say("change")}
}

// values resolves a placeholder of a finding's text: subject and kind, the named values, and what its opportunity knows.
func (w *words) values(f analytics.Finding) func(name, form string) (string, bool) {
	grain := f.Text("grain")
	var value func(name, form string) (string, bool)
	value = func(name, form string) (string, bool) {
		switch name {
		case "order":
			if s := w.text["order_sentences."+f.Text("order")]; s != "" {
				return w.render(s, value), true
			}
		case "harm":
			sentence := w.text["harm_sentences."+f.Text("harm")]
			return w.render(sentence, value), sentence != ""
		case "best_window":
			from, ok := f.Number("best_from")
			to, closed := f.Number("best_to")
			if !closed {
				to.Value = math.NaN()
			}
			return w.window(from.Value, to.Value), ok
		case "subject":
			return w.subject(f.SubjectType, f.Subject), f.Subject != ""
		case "kind":
			return w.name("kinds", f.Kind), true
		case "opt_out":
			return w.name("opt_outs", f.Subject), f.SubjectType == "pressure"
		case "grain":
			s := w.text["grains."+grain+"."+form]
			return s, s != ""
		}
		if o := f.Opportunity; o != nil {
			switch name {
			case "population":
				return w.count(o.Population, "customer"), o.Population > 0
			case "step", "step_size":
				if name == "step_size" || f.Text("step") == "" {
					return w.estimate(suffstat.Fact(o.Step, 0, o.Unit), grain, form), o.Step != 0
				}
			case "stake":
				if o.Stake == nil {
					return "", false
				}
				stake := *o.Stake
				if stake.N == 0 {
					stake.N = o.Baseline.N // the money is the measured rate times counted customers
				}
				return w.estimate(stake, grain, form), analytics.Finite(stake.Value)
			}
		}
		if e, ok := f.Number(name); ok {
			return w.estimate(e, grain, form), analytics.Finite(e.Value)
		}
		s := f.Text(name)
		return w.code(name, s), s != ""
	}
	return value
}

// codes are the named values that hold a code of the audit, with the group of its words; a code of the user's own stands for itself.
var codes = map[string]string{
	"level": "levels", "reference_level": "levels", "basis": "bases", "peers_of": "peers", "threat": "threats",
	"shadowed_by": "stages", "role": "roles", "role_a": "roles", "role_b": "roles", "reference": "references", "response": "responses", "not_sent_reason": "not_sent", "lost_reason": "not_sent",
	"previous_channel": "channels", "first_channel": "channels", "channel": "channels", "top_channel": "channels", "time_window": "windows", "outcome": "outcomes", "method": "methods", "declared": "quiet_declared",
	"metric": "metrics", "message_kind": "message_kinds", "other_metric": "metrics", "field": "fields", "total": "message_kinds", "behaviour": "behaviours", "deal_check": "pipeline_checks",
}

// code is the shown name of a finding's named text.
func (w *words) code(name, s string) string {
	switch group := codes[name]; {
	case group != "":
		return w.name(group, s)
	case name == "roles":
		return strings.ReplaceAll(w.list("roles", s), "; ", ", ")
	case name == "declared_stages", name == "stages_gain", name == "stages_no_gain":
		return strings.ReplaceAll(w.list("stages", s), "; ", ", ")
	case name == "last_day", strings.HasPrefix(name, "change_"):
		return w.day(s)
	case strings.Contains(name, "stage"):
		return w.name("stages", s)
	case name == "failed":
		return w.list("failed", s)
	case name == "pair_caveat":
		return w.list("pair_caveats", s)
	case name == "when":
		return w.side(name, s)
	case name == "expect":
		return lowerFirst(w.side(name, s))
	}
	return Shown(s)
}

// list is the words for codes joined by commas.
func (w *words) list(group, codes string) string {
	var out []string
	for _, code := range strings.Split(codes, ",") {
		if code = strings.TrimSpace(code); code != "" {
			out = append(out, w.name(group, code))
		}
	}
	return strings.Join(out, "; ")
}

// side is one side of a trigger rule in words: "deal:won" is the deal's entry into stage won; the name of an event stands for itself.
func (w *words) side(name, text string) string {
	head, rest, _ := strings.Cut(text, ":")
	if pattern := w.text["trigger_sides."+name+"."+head]; pattern != "" && !strings.Contains(head, ".") {
		named := strings.TrimSpace(rest)
		return w.render(pattern, func(string, string) (string, bool) { return Shown(named), named != "" })
	}
	return w.render(w.text["trigger_sides.event"], func(string, string) (string, bool) { return Shown(text), text != "" })
}

// subject is the shown name of what a finding is about: stages by their word, a move as "from → to", everything else as the user named it.
func (w *words) subject(subjectType, subject string) string {
	subjectType, _, _ = strings.Cut(subjectType, ":") // a series has its metric behind it: "channel_kind:click_rate"
	switch subjectType {
	case "stage":
		return w.name("stages", subject)
	case "transition":
		if a, b, ok := strings.Cut(subject, "->"); ok {
			return w.name("stages", a) + " → " + w.name("stages", b)
		}
	case "stage_pair":
		if a, b, ok := strings.Cut(subject, "|"); ok {
			return w.name("stages", a) + " | " + w.name("stages", b)
		}
	case "deal_move", "order_step":
		return Shown(strings.Replace(subject, "->", " → ", 1))
	case "product_sequence", "category_sequence":
		return Shown(strings.Replace(subject, " -> ", " → ", 1))
	case "deal_check":
		return w.name("pipeline_checks", subject)
	case "scenario_pair":
		if a, b, ok := strings.Cut(subject, "|"); ok {
			return Shown(a) + " × " + Shown(b)
		}
	case "segment_pair", "segment_group":
		return Shown(strings.ReplaceAll(subject, "|", " × "))
	case "scenario_step":
		if i := strings.LastIndex(subject, "/"); i >= 0 {
			return Shown(subject[:i]) + " / " + Shown(subject[i+1:])
		}
	case "scenario_channel":
		if i := strings.LastIndex(subject, "/"); i >= 0 {
			return Shown(subject[:i]) + ", " + w.name("channels", subject[i+1:])
		}
	case "pressure":
		if s := w.text["pressure_subjects."+subject]; s != "" && !strings.Contains(subject, ".") {
			return s // "order" is the order of messages elsewhere
		}
		return w.name("subjects", subject)
	case "lifecycle", "policy", "scenarios", "segments", "pipeline":
		return w.name("subjects", subject)
	case "check":
		return w.name("health_checks", subject)
	case "channel":
		return w.name("channels", subject)
	case "input", "repeats", "clock":
		return w.name("inputs", subject)
	case "source", "silent_source", "late_source", "clock_source", "slow_source", "doubled_source":
		input, source, named := strings.Cut(subject, ": ")
		if named { // a title has a colon of its own
			source = ", " + Shown(strings.ReplaceAll(source, ": ", ", "))
		}
		return w.name("inputs", input) + source
	case "owners":
		return w.name("subjects", subject)
	case "channel_kind":
		if i := strings.LastIndex(subject, ":"); i >= 0 {
			return w.name("channels", subject[:i]) + ", " + w.messages(subject[i+1:])
		}
	case "total":
		return w.messages(subject)
	case "template": // a worn one is followed in a scenario: "id: scenario"
		return Shown(strings.Replace(subject, ": ", ", ", 1))
	case "flow":
		if channel, scenario, ok := strings.Cut(subject, ": "); ok {
			return w.name("channels", channel) + ", " + Shown(scenario)
		}
	case "experiment":
		return Shown(strings.Replace(subject, ": ", ", ", 1))
	case "personalization":
		return w.levels(subject)
	case "cap":
		if window, channel, ok := strings.Cut(subject, ":"); ok {
			return w.name("windows", window) + ", " + w.name("channels", channel)
		}
	}
	return Shown(subject)
}

// messages is a kind of messages as a subject: "bulk messages".
func (w *words) messages(kind string) string {
	if s := w.text["kind_messages."+kind]; s != "" && !strings.Contains(kind, ".") {
		return s
	}
	return w.name("message_kinds", kind)
}

// levels is a comparison of two levels of personalization, "scenario, channel: level × reference (experiment)", with the levels in words.
func (w *words) levels(subject string) string {
	i := strings.LastIndex(subject, ": ")
	if i < 0 {
		return Shown(subject)
	}
	tail, experiment, _ := strings.Cut(subject[i+2:], " (")
	high, low, ok := strings.Cut(tail, " × ")
	if !ok {
		return Shown(subject)
	}
	out := Shown(subject[:i]) + " — " + w.name("levels", high) + " × " + w.name("levels", low)
	if experiment != "" {
		out += " " + Shown("("+experiment)
	}
	return out
}

var (
	optional    = regexp.MustCompile(`\[\[(.*?)\]\]`)
	doubledStop = regexp.MustCompile(`\.\.(\s|$)`)
	placeholder = regexp.MustCompile(`\{([a-z_0-9]+)(?:\|([a-z_]+))?\}`)
)

// render fills a text. An absent value drops its [[optional part]]; outside of one it reads "not measured".
func (w *words) render(text string, value func(name, form string) (string, bool)) string {
	fill := func(s string) (string, bool) {
		whole := true
		out := placeholder.ReplaceAllStringFunc(s, func(p string) string {
			m := placeholder.FindStringSubmatch(p)
			v, ok := value(m[1], m[2])
			if !ok {
				whole = false
				return w.text["ui.not_measured"]
			}
			return v
		})
		return out, whole
	}
	text = optional.ReplaceAllStringFunc(text, func(s string) string {
		out, whole := fill(s[2 : len(s)-2])
		if !whole {
			return ""
		}
		return escapeBraces(out)
	})
	out, _ := fill(text)
	out = doubledStop.ReplaceAllString(out, ".$1") // a sentence that ends with "п. п."
	return strings.NewReplacer("\x00", "{", "\x01", "}").Replace(upperFirst(out))
}

// escapeBraces keeps a user's "{name}" inside an already filled part from being filled again.
func escapeBraces(s string) string { return strings.NewReplacer("{", "\x00", "}", "\x01").Replace(s) }

// upperFirst makes the first letter of a sentence a capital one: a text may begin with a value.
func upperFirst(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// count is a whole number with its noun in the right plural form: "1 204 клиента".
func (w *words) count(n int64, noun string) string {
	return w.integer(n) + " " + w.noun(noun, float64(n), 0)
}

// noun is the plural form of a noun for a number shown with some decimals.
func (w *words) noun(noun string, x float64, decimals int) string {
	s := strconv.FormatFloat(max(x, -x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	i, _ := strconv.Atoi(lastDigits(whole, 9))
	f, _ := strconv.Atoi(frac)
	t, _ := strconv.Atoi(strings.TrimRight(frac, "0"))
	form := plural.Cardinal.MatchPlural(w.tag, i, len(frac), len(strings.TrimRight(frac, "0")), f, t)
	names := map[plural.Form]string{plural.One: "one", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
	if s := w.text["nouns."+noun+"."+names[form]]; s != "" {
		return s
	}
	return w.text["nouns."+noun+".other"]
}

func lastDigits(s string, n int) string {
	if len(s) > n {
		return s[len(s)-n:]
	}
	return s
}
