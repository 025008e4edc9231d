package triggers

import (
	"fmt"
	"strings"
	"time"

	"crmaudit/analytics"
)

// Rule is one trigger rule as the user wrote it.
type Rule struct {
	Name, When, Expect string
	After              time.Duration // wait before the clock starts; required for idle and deal_idle
	Within             time.Duration
	LateWithin         time.Duration // an answer later than this counts as none; 0: ten times Within, at least seven days
	Target             float64       // share in time that is wanted; 0: DefaultTarget
}

// DefaultTarget is the share of cases that ought to be answered in time where the rule does not say.
const DefaultTarget = .95

// The sides of a rule. Anything else is the name of an event.
var (
	whenWords   = []string{"idle", "customer_created", "deal", "deal_idle", "enrolled", "exited", "task_due"}
	expectWords = []string{"message", "task_created", "task_done", "deal", "deal_moved", "enrolled"}
)

// side splits "deal:offer_sent" into kind and name; what is not a known word is an event.
func side(text string, words []string) (kind, name string) {
	head, rest, _ := strings.Cut(text, ":")
	for _, w := range words {
		if head == w {
			return w, strings.TrimSpace(rest)
		}
	}
	return "event", text
}

// Mistake is one thing that is wrong with a rule; Key is the key of the rule that it is about.
type Mistake struct{ Key, What string }

// Check tells what is wrong with the rule.
func (r Rule) Check() []Mistake {
	var out []Mistake
	add := func(key, format string, args ...any) { out = append(out, Mistake{key, fmt.Sprintf(format, args...)}) }
	when, whenName := side(r.When, whenWords)
	expect, expectName := side(r.Expect, expectWords)
	for _, s := range []struct{ key, kind, name, text string }{{"when", when, whenName, r.When}, {"expect", expect, expectName, r.Expect}} {
		switch s.kind {
		case "deal", "enrolled", "exited":
			if s.name == "" {
				add(s.key, "%s needs a name behind a colon, for example %s:%s", s.kind, s.kind, map[string]string{"deal": "offer_sent"}[s.kind]+map[string]string{"enrolled": "welcome", "exited": "welcome"}[s.kind])
			}
		case "customer_created", "task_due", "task_created", "task_done", "deal_moved":
			if strings.Contains(s.text, ":") {
				add(s.key, "%s takes no name behind a colon", s.kind)
			}
		}
	}
	if (when == "idle" || when == "deal_idle") && r.After <= 0 {
		add("after", "%s needs after: how long nothing must have happened, for example 60d", when)
	}
	if r.LateWithin != 0 && r.LateWithin < r.Within {
		add("late_within", "%s is shorter than within %s: an answer in time would count as none", r.LateWithin, r.Within)
	}
	if r.Target < 0 || r.Target > 1 {
		add("target", "%v is out of range: allowed: 0 to 1", r.Target)
	}
	if (when == "deal_idle" || when == "task_due") && expect == "event" && r.Expect == r.When {
		add("expect", "the answer is the trigger itself")
	}
	return out
}

// Scenarios lists the scenarios that the rule names.
func (r Rule) Scenarios() []string {
	var out []string
	when, whenName := side(r.When, whenWords)
	expect, expectName := side(r.Expect, expectWords)
	if (when == "enrolled" || when == "exited") && whenName != "" {
		out = append(out, whenName)
	}
	if (expect == "enrolled" || expect == "message") && expectName != "" {
		out = append(out, expectName)
	}
	return out
}

// byDeal tells whether both sides are tied to one deal.
func byDeal(when, expect string) bool {
	deal := when == "deal" || when == "deal_idle" || when == "task_due" && (expect == "deal" || expect == "deal_moved")
	answer := expect == "deal" || expect == "deal_moved" || expect == "task_created" || expect == "task_done"
	return deal && answer
}

func (r Rule) lateWithin() time.Duration {
	if r.LateWithin > 0 {
		return r.LateWithin
	}
	return max(10*r.Within, 7*24*time.Hour)
}

func (r Rule) target() float64 {
	if r.Target > 0 {
		return r.Target
	}
	return DefaultTarget
}

// Config is core.cfg_triggers.
func Config(rules []Rule) analytics.Table {
	t := analytics.Table{
		Name: "core.cfg_triggers",
		Columns: []string{"position", "name", "when_kind", "when_name", "expect_kind", "expect_name", "by_deal", "after_seconds", "within_seconds",
			"late_seconds"},
	}
	seconds := func(d time.Duration) int64 { return int64(d / time.Second) }
	for i, r := range rules {
		when, whenName := side(r.When, whenWords)
		expect, expectName := side(r.Expect, expectWords)
		t.Rows = append(t.Rows, []any{int64(i + 1), r.Name, when, whenName, expect, expectName, byDeal(when, expect),
			seconds(r.After), seconds(r.Within), seconds(r.lateWithin())})
	}
	return t
}

// needs lists the inputs that the rule reads.
func (r Rule) needs() []string {
	input := func(kind string) string {
		switch kind {
		case "deal", "deal_idle", "deal_moved":
			return "deals"
		case "enrolled", "exited":
			return "enrolments"
		case "task_created", "task_done", "task_due":
			return "tasks"
		case "customer_created":
			return "customers"
		case "message":
			return "messages"
		}
		return "events"
	}
	when, _ := side(r.When, whenWords)
	expect, _ := side(r.Expect, expectWords)
	return []string{input(when), input(expect)}
}
