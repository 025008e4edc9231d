package duck

import (
	"context"
	"fmt"
	"strings"
)

// Returns, cancellations, price reductions and lines of nothing. An order event with a negative value and a line with a negative quantity or amount are no purchases: they lessen
// the order that they name, and leave core.events and core.order_items for core.corrections. Where nothing of the kind is in the data, this costs one scan of two columns.
//
// The value of an order is its events' when they tell one, else the sum of its lines. From the former go the events that came back or, when there is none, the lines that came back
// after the order (an earlier one is in the value already); from the latter all its negative lines and, when no line came back, the events that did. An order with something that came
// back and nothing left is no order.

// correctionsFound tells whether orders have rows that are no purchase.
func (l *loader) correctionsFound(ctx context.Context) (bool, error) {
	n, err := l.number(ctx, "look for returns", fmt.Sprintf("select (select count(*) from core.events where value_minor < 0 and name IN (%s)) + (select count(*) from core.order_items where amount_minor < 0 or quantity <= 0)", l.orderNames()))
	return n > 0, err
}

// orderNames lists the order events as SQL literals.
func (l *loader) orderNames() string {
	names := l.spec.OrderEvents
	if len(names) == 0 {
		names = []string{"order"}
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}

// backSQL collects the rows that are no purchase: load_back_events and load_back_items, and what they take from an order.
func (l *loader) backSQL() []string {
	return []string{
		fmt.Sprintf("create or replace temp table load_back_events as select rowid as rid, ck, order_id, CAST(product_id AS VARCHAR) AS product_id, occurred_at, day, value_minor from core.events where value_minor < 0 and name IN (%s)", l.orderNames()),
		`create or replace temp table load_back_items as
with held as (select order_id, product_id from core.order_items where amount_minor > 0 and order_id in (select order_id from core.order_items where amount_minor < 0) group by order_id, product_id)
select i.ck, i.order_id, CAST(i.product_id AS VARCHAR) AS product_id, i.occurred_at, i.day, i.quantity, i.amount_minor,
  CASE WHEN i.quantity = 0 THEN 'zero_quantity' WHEN i.quantity < 0 OR h.order_id IS NOT NULL THEN 'return' ELSE 'discount' END AS kind
from core.order_items i left join held h on h.order_id = i.order_id and h.product_id = i.product_id where i.amount_minor < 0 or i.quantity <= 0`,
		"create or replace temp table load_back_sums as select order_id, CAST(-sum(amount_minor) FILTER (WHERE kind = 'return') AS BIGINT) AS returned, CAST(-sum(amount_minor) FILTER (WHERE kind = 'discount') AS BIGINT) AS discount from load_back_items group by order_id",
	}
}

// netSQL makes core.orders of load_gross_orders (ck, order_id, occurred_at, day, revenue_minor, by_event): what is left of them.
func netSQL() []string {
	return []string{
		`create or replace temp table load_net_orders as
select g.*, CAST(coalesce(CASE WHEN g.by_event OR coalesce(b.returned, 0) = 0 THEN e.back END, CASE WHEN g.by_event THEN x.back ELSE b.returned END, 0) AS BIGINT) AS back, CAST(CASE WHEN g.by_event THEN 0 ELSE coalesce(b.discount, 0) END AS BIGINT) AS discount
from load_gross_orders g
left join (select ck, order_id, -sum(value_minor) AS back from load_back_events where order_id IS NOT NULL group by ck, order_id) e on e.ck = g.ck and e.order_id = g.order_id
left join load_back_sums b on b.order_id = g.order_id
left join (select o.ck, o.order_id, -sum(i.amount_minor) AS back from load_gross_orders o join load_back_items i on i.order_id = o.order_id and i.kind = 'return' and i.occurred_at > o.occurred_at group by o.ck, o.order_id) x on x.ck = g.ck and x.order_id = g.order_id`,
		"create or replace temp table load_gone as select ck, order_id from load_net_orders where back > 0 and revenue_minor - discount - back <= 0",
		`create or replace table core.orders as
select n.ck, n.order_id, n.occurred_at, n.day, greatest(0, n.revenue_minor - n.discount - n.back) AS revenue_minor from load_net_orders n
where not exists (select 1 from load_gone x where x.ck = n.ck and x.order_id = n.order_id)`,
	}
}

// correctSQL moves what is no purchase from core.events and core.order_items to core.corrections.
func (l *loader) correctSQL() []string {
	known := "(select order_id, min(ck) AS ck, bool_and(gone) AS gone from (select n.ck, n.order_id, x.order_id IS NOT NULL AS gone from load_net_orders n left join load_gone x on x.ck = n.ck and x.order_id = n.order_id) group by order_id)"
	fate := "CASE WHEN o.order_id IS NULL THEN 'return_without_order' WHEN o.gone THEN 'order_returned' ELSE 'return' END"
	return []string{
		fmt.Sprintf("create or replace temp table load_gone_events as select e.rowid as rid, e.ck, e.order_id, CAST(e.product_id AS VARCHAR) AS product_id, e.occurred_at, e.day, e.value_minor from core.events e join load_gone x on x.ck = e.ck and x.order_id = e.order_id where e.name IN (%s) and coalesce(e.value_minor, 0) >= 0", l.orderNames()),
		"create or replace temp table load_gone_orders as select k.order_id from " + known + " k where k.gone",
		fmt.Sprintf(`create or replace table core.corrections as
select 'events' AS input, %[1]s AS kind, b.ck, b.order_id, b.product_id, b.occurred_at, b.day, CAST(NULL AS DOUBLE) AS quantity, b.value_minor AS amount_minor from load_back_events b left join %[2]s o on o.order_id = b.order_id
union all
select 'events', 'order_returned', ck, order_id, product_id, occurred_at, day, NULL, value_minor from load_gone_events
union all
select 'order_items', CASE WHEN b.kind = 'return' THEN %[1]s ELSE b.kind END, coalesce(b.ck, o.ck), b.order_id, b.product_id, b.occurred_at, b.day, b.quantity, b.amount_minor from load_back_items b left join %[2]s o on o.order_id = b.order_id
union all
select 'order_items', 'order_returned', i.ck, i.order_id, CAST(i.product_id AS VARCHAR), i.occurred_at, i.day, i.quantity, i.amount_minor from core.order_items i join load_gone_orders g on g.order_id = i.order_id
where coalesce(i.amount_minor, 0) >= 0 and coalesce(i.quantity, 1) > 0`, fate, known),
		"delete from core.events where rowid in (select rid from load_back_events union all select rid from load_gone_events)",
		"create or replace temp table load_touched as select order_id from load_back_items union select order_id from load_gone_orders",
		// Lines of one product of a touched order become one: what is left of it. Quantities are summed in thousandths, so that no order of rows matters.
		`create or replace table core.order_items_net as
select * from core.order_items i where not exists (select 1 from load_touched t where t.order_id = i.order_id)
union all by name
select min(ck) AS ck, order_id, product_id, min(category) AS category, min(occurred_at) FILTER (WHERE bought) AS occurred_at, min(day) FILTER (WHERE bought) AS day,
  CASE WHEN count(quantity) > 0 THEN CAST(sum(CAST(round(coalesce(quantity, 1) * 1000) AS BIGINT)) AS DOUBLE) / 1000 END AS quantity, CAST(sum(amount_minor) AS BIGINT) AS amount_minor
from (select i.*, coalesce(amount_minor, 0) >= 0 and coalesce(quantity, 1) > 0 AS bought from core.order_items i join load_touched t on t.order_id = i.order_id where not exists (select 1 from load_gone_orders g where g.order_id = i.order_id))
group by order_id, product_id having bool_or(bought) and sum(CAST(round(coalesce(quantity, 1) * 1000) AS BIGINT)) > 0 and coalesce(sum(amount_minor), 0) >= 0`,
		"drop table core.order_items", "alter table core.order_items_net rename to order_items",
		"drop table load_back_events", "drop table load_back_items", "drop table load_back_sums", "drop table load_gross_orders", "drop table load_net_orders", "drop table load_gone", "drop table load_gone_events", "drop table load_gone_orders",
		"drop table load_touched",
	}
}

// noCorrectionsSQL makes the table without rows.
func noCorrectionsSQL() string {
	return "create or replace table core.corrections (input VARCHAR, kind VARCHAR, ck INTEGER, order_id VARCHAR, product_id VARCHAR, occurred_at TIMESTAMP, day INTEGER, quantity DOUBLE, amount_minor BIGINT)"
}

// countCorrectionsSQL writes audit.corrections, after the lines have got their customers.
func countCorrectionsSQL() []string {
	return []string{
		"delete from audit.corrections",
		`insert into audit.corrections
select input, kind, count(*), count(DISTINCT order_id), CAST(coalesce(sum(amount_minor), 0) AS BIGINT) from core.corrections group by input, kind
union all
select 'order_items', 'no_customer', count(*), count(DISTINCT order_id), CAST(coalesce(sum(amount_minor), 0) AS BIGINT) from core.order_items where ck IS NULL having count(*) > 0
union all
select 'order_items', 'no_category', count(*), count(DISTINCT order_id), CAST(coalesce(sum(amount_minor), 0) AS BIGINT) from core.order_items where category IS NULL and exists (select 1 from core.order_items where category IS NOT NULL) having count(*) > 0
order by 1, 2`,
	}
}
