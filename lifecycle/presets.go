package lifecycle

// Presets lists the kinds of business that have ready stage rules, in the order of the documentation.
func Presets() []string { return []string{"ecommerce", "food_retail", "subscription", "service"} }

// Preset returns the stages of a kind of business, nil for an unknown one. They are a start: the audit says where a border separates
// nothing or a rule matches nobody.
func Preset(name string) []StageRule {
	switch name {
	case "ecommerce": // a purchase every one to two months
		return []StageRule{
			{"new", "orders_total = 1 and first_order_days <= 30"},
			{"active", "recency_days <= 60"},
			{"at_risk", "recency_days <= 120"},
			{"lost", "orders_total > 0"},
			{"lead", "true"},
		}
	case "food_retail": // a purchase every week or two; half a dozen in four weeks are the habit that the business lives on
		return []StageRule{
			{"new", "orders_total <= 2 and first_order_days <= 21"},
			{"regular", "recency_days <= 14 and orders_28d >= 3"},
			{"active", "recency_days <= 28"},
			{"at_risk", "recency_days <= 56"},
			{"lost", "orders_total > 0"},
			{"lead", "true"},
		}
	case "subscription": // a payment every month (35 days: the month and the retries of the card), use in between
		return []StageRule{
			{"new", "orders_total = 1 and first_order_days <= 35"},
			{"idle", "recency_days <= 35 and last_activity_days > 14"},
			{"active", "recency_days <= 35"},
			{"overdue", "recency_days <= 65"},
			{"churned", "orders_total > 0"},
			{"trial", "last_activity_days <= 30"},
			{"lead", "true"},
		}
	case "service": // visits in the customer's own rhythm, which may be two weeks or half a year
		return []StageRule{
			{"new", "orders_total = 1 and first_order_days <= 60"},
			{"regular", "orders_total >= 3 and overdue_ratio <= 1.5"},
			{"active", "recency_days <= 90"},
			{"at_risk", "recency_days <= 180"},
			{"lost", "orders_total > 0"},
			{"lead", "true"},
		}
	}
	return nil
}
