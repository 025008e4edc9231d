package backlog

import (
	"math"
	"strings"

	"crmaudit/analytics"
)

// Problem names whose problem a hypothesis fixes: two hypotheses with the same answer act on the same customers and must not both be
// counted in a total. A transition "a->b" is the problem of those who are in stage a, as is every finding about stage a itself; a pair
// of scenarios or segments is a problem of its own, whichever block tells of it.
func Problem(subjectType, subject string) string {
	from, _, _ := strings.Cut(subject, "->")
	switch subjectType {
	case "transition":
		subjectType = "stage"
	case "scenario_pair", "segment_pair":
		subjectType = strings.TrimSuffix(subjectType, "_pair")
	}
	return subjectType + ":" + strings.TrimSpace(from)
}

// audienceOf names the customers whom a change of the subject would concern; problem is Opportunity.Problem. A pair and a step have the audience of their (first) scenario, segment or stage. Unknown for templates, products and deals.
func audienceOf(subjectType, subject, problem string) Audience {
	kind, _, _ := strings.Cut(subjectType, ":") // series: "scenario:click_rate"
	first := func(separator string) string {
		name, _, _ := strings.Cut(subject, separator)
		return strings.TrimSpace(name)
	}
	switch kind {
	case "stage", "scenario", "segment":
		return Audience{kind, subject}
	case "transition":
		return Audience{"stage", first("->")}
	case "stage_pair", "scenario_pair", "segment_pair":
		return Audience{strings.TrimSuffix(kind, "_pair"), first("|")}
	case "scenario_step":
		if at := strings.LastIndex(subject, "/"); at >= 0 {
			return Audience{"scenario", subject[:at]}
		}
	case "total", "channel", "channel_kind", "pressure", "cap", "policy", "programme":
		return Everybody
	}
	if of, name, ok := strings.Cut(problem, ":"); ok && (of == "scenario" || of == "stage" || of == "segment") {
		return Audience{of, name}
	} else if ok && of == "personalization" {
		name, _, _ = strings.Cut(name, ":")
		return Audience{"scenario", name}
	}
	return Audience{}
}

// family is the pot that the money of a hypothesis comes from. Customers who are in two hypotheses of one family are counted once; an order more and a message less of one customer are two things.
func family(h *analytics.Hypothesis) string {
	switch {
	case h.Block == "pipeline":
		return "deals"
	case strings.HasPrefix(h.Metric, "cost"), h.Block == "health", h.Kind == "personalization_no_gain":
		return "cost"
	case needsOrders(h.Metric):
		return "orders"
	}
	return h.Metric
}

// count fills OverlapsWith and CountedShare of ranked hypotheses: the share of a hypothesis's money that totals count. Of the same problem only the best counts. Of the others, the customers whom a better
// ranked one of the same family already has are taken off; customers in several of these are taken off as often, so that a total is rather too small than counts a customer twice.
func count(items []item, base *Base) {
	owner := map[string]string{}
	var counted []*item
	for i := range items {
		x := &items[i]
		if first, ok := owner[x.problem]; ok {
			x.h.OverlapsWith = first
			continue
		}
		owner[x.problem] = x.h.ID
		if x.h.Exploratory || x.h.Money == nil && x.h.Stake == nil {
			continue
		}
		rest := 1.
		for _, better := range counted {
			if family(&better.h) == family(&x.h) {
				rest -= base.Within(x.audience, better.audience)
			}
		}
		x.h.CountedShare = math.Round(1e4*math.Max(0, rest)) / 1e4
		counted = append(counted, x)
	}
}

// Total is a sum over hypotheses with its interval, currency units per quarter.
type Total struct {
	Value, Lower, Upper float64
	Plain               float64 // sum as if no customers were shared: more than can be had
	Counted             int     // hypotheses in the sum
	Reduced             int     // of them, with less than all of their customers
	Overlapping         int     // left out: a better ranked hypothesis fixes the same customers' same problem
	Exploratory         int     // left out: the finding behind it is not confirmed
}

// Sum adds what is at stake (stake true; of those without expected money) or the expected money of the confirmed hypotheses, each by its CountedShare. The limits
// are added too, as if the errors of all went together: the widest interval that any dependence between them can give.
func Sum(hs []analytics.Hypothesis, stake bool) Total {
	var t Total
	for _, h := range hs {
		v, lo, hi := h.Money, h.MoneyLower, h.MoneyUpper
		if stake {
			if v != nil {
				continue
			}
			v, lo, hi = h.Stake, h.StakeLower, h.StakeUpper
		}
		if v == nil || lo == nil || hi == nil {
			continue
		}
		if h.Exploratory {
			t.Exploratory++
			continue
		}
		t.Plain += *v
		switch {
		case h.OverlapsWith != "" || h.CountedShare == 0:
			t.Overlapping++
		default:
			if h.CountedShare < 1 {
				t.Reduced++
			}
			t.Value, t.Lower, t.Upper, t.Counted = t.Value+h.CountedShare**v, t.Lower+h.CountedShare**lo, t.Upper+h.CountedShare**hi, t.Counted+1
		}
	}
	return t
}

// TotalsTable is analytics.backlog_totals.
func TotalsTable(hs []analytics.Hypothesis, currency string) analytics.Table {
	t := analytics.Table{Name: "analytics.backlog_totals", Columns: []string{"measure", "value", "lower", "upper", "unit", "plain_sum", "counted", "reduced", "overlapping", "exploratory"}}
	for _, measure := range []string{"money", "stake"} {
		s := Sum(hs, measure == "stake")
		t.Rows = append(t.Rows, []any{measure, s.Value, s.Lower, s.Upper, currency, s.Plain, int64(s.Counted), int64(s.Reduced), int64(s.Overlapping), int64(s.Exploratory)})
	}
	return t
}
