package bundles

import (
	"context"
	"fmt"

	"crmaudit/analytics"
)

// NewBlock is bundles and upsell (audit block 11).
func NewBlock() analytics.Block {
	return analytics.Block{
		Name: "bundles", Schema: "analytics",
		Run: func(ctx context.Context, src analytics.Source, s analytics.Settings) (*analytics.Result, error) {
			c, err := Load(ctx, src)
			if err != nil {
				return nil, err
			}
			opt := Options{Margin: s.Margin, Currency: s.Currency, FDR: s.FDR, Level: s.Level, Days: float64(c.Totals.Days), Lift: .2, Share: .02}
			if x := s.Equivalence["bundle_lift"]; x > 0 {
				opt.Lift = x
			}
			if x := s.Equivalence["next_purchase"]; x > 0 {
				opt.Share = x
			}
			m, err := Fit(c, opt)
			if err != nil {
				return nil, fmt.Errorf("fit bundles: %w", err)
			}
			return &analytics.Result{Tables: m.Tables(), Findings: Findings(m), Coverage: Coverage(c, s.Inputs)}, nil
		},
	}
}

// Coverage says what there was to look at and what was left out. One row per thing that may be missing, so that none hides another.
func Coverage(c *Counts, inputs map[string]bool) []analytics.Coverage {
	var out []analytics.Coverage
	add := func(input string, present bool, answers, note string) {
		out = append(out, analytics.Coverage{Block: "bundles", Input: input, Present: present, Answers: answers, Note: note})
	}
	t := c.Totals
	if t.Lines == 0 {
		add("order_items", inputs["order_items"], "bundles", "missing")
		return out
	}
	u := c.Universes[inOrder]
	note := ""
	switch {
	case t.Baskets == 0:
		note = "none_in_period"
	case !u.enough():
		note = "small_baskets"
	case !t.FromItems:
		note = "product_events"
	}
	add("order_items", t.FromItems, "bundles", note)
	switch {
	case t.WithCategory == 0:
		add("order_items.category", false, "bundle_categories", "no_category")
	case t.WithCategory < t.Lines:
		add("order_items.category", true, "bundle_categories", "some_without_category")
	default:
		add("order_items.category", true, "bundle_categories", "")
	}
	priced := false
	for _, x := range c.Universes {
		for _, i := range x.Items {
			priced = priced || sum(i.Amount) > 0
		}
	}
	if note = "no_value"; priced {
		note = ""
	}
	add("order_items.price", priced, "attach_money", note)
	if t.WithoutCustomer > 0 {
		add("order_items.customer_id", t.WithoutCustomer < t.Lines, "bundle_customers", "some_without_customer")
	}
	if t.NotBought > 0 || t.Below > 0 {
		add("order_items.quantity", true, "bundles", "returns")
	}
	if t.Large > 0 {
		add("order_items.large", true, "bundles", "large_baskets")
	}
	if t.Every > 1 {
		add("order_items.sample", true, "bundles", "bundles_sample")
	}
	for _, x := range c.Universes {
		if x.Listed.Kept < x.Listed.Pairs || x.Listed.Places < x.Listed.Eligible {
			add("order_items.pairs", true, "bundles", "bundles_capped")
			break
		}
	}
	return out
}
