package content

import (
	"context"
	"slices"

	"crmaudit/analytics"
)

// NewBlock is audit block 2, templates and content.
func NewBlock(setup Setup) analytics.Block {
	return analytics.Block{
		Name: "content", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, set analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Setup: setup, FDR: set.FDR, Level: set.Level}
			m := Fit(c, opt)
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m, opt), Coverage: Coverage(m, set.Inputs)}, nil
		},
	}
}

// Coverage says which inputs the block had and what each answered. The keys are listed in findings.go.
func Coverage(m *Model, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input, answers string, present bool, note string) {
		if !present && note == "" {
			note = "missing"
		}
		out = append(out, analytics.Coverage{Block: "content", Input: input, Present: present, Answers: answers, Note: note})
	}
	t := m.Totals
	note := ""
	switch {
	case t.Messages == 0 && inputs["messages"]:
		note = "none_in_period"
	case t.Messages > 0 && t.WithTemplate == 0:
		note = "no_template_ids"
	case t.WithTemplate < t.Messages:
		note = "some_without_template"
	case m.Limited:
		note = "templates_limited"
	}
	used := t.WithTemplate > 0
	add("messages.template_id", "template_use", used, note)
	if !used {
		return append(out, extras(m)...)
	}
	has := func(f func(*Template) bool) bool { return slices.ContainsFunc(m.Templates, f) }
	is := func(age string) bool { return has(func(t *Template) bool { return t.Age == age }) }
	note = ""
	switch {
	case t.Listed == 0:
		note = "no_templates_given"
	case t.Dated == 0:
		note = "no_dates"
	case is(AgeFuture):
		note = "future_dates"
	case is(AgeNotListed):
		note = "not_listed"
	case is(AgeNotGiven):
		note = "some_without_date"
	case is(AgeAfterPeriod):
		note = "after_period_dates"
	}
	add("templates.updated_at", "template_age", is(AgeKnown), note)
	given := has(func(t *Template) bool { return t.Hash != "" || t.Text.Text != "" || t.Subject != "" })
	note = ""
	if !given {
		note = "no_texts"
	}
	add("templates.text", "template_copies", given, note)
	note = ""
	if len(m.Subjects) == 0 {
		note = "no_subjects"
	}
	add("templates.subject", "template_subjects", len(m.Subjects) > 0, note)
	note = ""
	switch {
	case m.Lives == 0:
		note = "no_lives"
	case m.Lives >= 200:
		note = "lives_limited"
	}
	add("messages.clicked_at", "template_wearout", m.Lives > 0, note)
	return append(out, extras(m)...)
}

// extras says which of the columns beyond the contract the source gives.
func extras(m *Model) []analytics.Coverage {
	var out []analytics.Coverage
	for _, x := range []struct{ what, input, answers string }{{"device", "messages.x_device", "device_mix"}, {"click_position", "messages.x_click_position", "click_position"}, {"click_depth", "messages.x_click_depth", "click_depth"}} {
		c := analytics.Coverage{Block: "content", Input: x.input, Answers: x.answers, Note: "no_column"}
		if slices.ContainsFunc(m.Extras, func(e ExtraRow) bool { return e.What == x.what }) {
			c.Present, c.Note = true, ""
		}
		out = append(out, c)
	}
	return out
}
