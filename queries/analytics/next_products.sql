/*---
table: analytics.next_products
block: bundles
grain: [stage, level, item]
doc: >-
  What customers of a life-cycle stage are likely to buy next that they have not had: share with a first order of the item within 90 days after an order (Kaplan-Meier), by the stage in force at that order. Among the most bought products and categories only. Written by bundles.Fit.
columns:
  - {name: stage, type: string, doc: "stage"}
  - {name: level, type: string, doc: "product or category"}
  - {name: item, type: string, doc: "product_id or category"}
  - {name: place, type: int64, unit: "1", doc: "place within stage and level by lower x margin_value (by lower without money), 1 = next best product"}
  - {name: orders, type: int64, unit: "orders", doc: "orders of customers of the stage who had not had it"}
  - {name: bought, type: int64, unit: "orders", doc: "of them, seen to be followed by it within 90 days"}
  - {name: probability, type: float64, unit: "share", doc: "within 90 days"}
  - {name: lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval, bucket jackknife"}
  - {name: upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: elsewhere, type: float64, unit: "share", nullable: true, doc: "the same share over all other stages; NULL with too few orders there"}
  - {name: elsewhere_lower, type: float64, unit: "share", nullable: true, doc: "lower end of its 95 % interval, bucket jackknife"}
  - {name: elsewhere_upper, type: float64, unit: "share", nullable: true, doc: "upper end of it"}
  - {name: elsewhere_orders, type: int64, unit: "orders", doc: "orders of customers of the other stages who had not had it; 0 with too few"}
  - {name: margin_value, type: float64, unit: "money", nullable: true, doc: "mean margin of the item in an order that holds it; NULL without money"}
---*/
