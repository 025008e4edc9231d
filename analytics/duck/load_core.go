package duck

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics/ingest"
)

// core makes the finished tables of schema core from the staged inputs and drops schema load.
func (l *loader) core(ctx context.Context) error {
	if err := l.closeEntries(ctx); err != nil {
		return err
	}
	open, err := l.number(ctx, "load core.order_items", "select count(*) from core.order_items where ck is null or occurred_at is null")
	if err != nil {
		return err
	}
	returns, err := l.correctionsFound(ctx)
	if err != nil {
		return err
	}
	var fill []string // lines that tell who and when need no order
	if open > 0 {
		fill = itemsSQL()
	}
	for _, part := range []struct {
		what string
		text func() []string
	}{
		{"fold message events", l.foldSQL},
		{"load core.orders", func() []string { return l.ordersSQL(returns) }},
		{"load core.order_items", func() []string { return fill }},
		{"load audit.corrections", countCorrectionsSQL},
		{"load audit.exits", countExitsSQL},
		{"load core.assignments", clustersSQL},
		{"load core.deals", dealBucketsSQL},
		{"load core.segment_memberships", l.listsSQL},
		{"load core.history", l.historySQL},
		{"load core.calendar", l.calendarSQL},
		{"load core.customers", l.firstSeenSQL},
	} {
		for _, text := range part.text() {
			if err := l.exec(ctx, part.what, text); err != nil {
				return err
			}
		}
	}
	if err := l.customers(ctx); err != nil {
		return err
	}
	for _, t := range []string{"load.customers", "load.keys", "load.customer_rows", "load.customer_firsts", "load.messages", "load.message_events", "load.seen"} {
		if err := l.exec(ctx, "end the load", "drop table if exists "+t); err != nil {
			return err
		}
	}
	if err := l.exec(ctx, "end the load", "drop schema load"); err != nil {
		return err
	}
	return l.describeCore(ctx)
}

// describeCore compares the tables with their headers and writes the comments.
func (l *loader) describeCore(ctx context.Context) error {
	for _, name := range append(ingest.InputNames(), "customer_attributes", "orders", "corrections", "exits", "history", "periods", "calendar") {
		m, ok := l.db.models["core."+name]
		if !ok || name == "identities" {
			continue
		}
		have, err := describe(ctx, l.conn, "select * from "+qualified(m.Table), nil)
		if err != nil {
			return wrap(ctx, "describe "+m.Table, err)
		}
		extra, errs := compareColumns(m, have)
		if len(errs) > 0 {
			return fmt.Errorf("load %s: %w", m.Table, errors.Join(errs...))
		}
		m.View = name == "customer_attributes"
		if err := comment(ctx, l.conn, m, extra); err != nil {
			return err
		}
	}
	for _, name := range loadAccounts() {
		if err := comment(ctx, l.conn, l.db.models[name], nil); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) columns(input string) []string {
	in, _ := ingest.InputByName(input)
	return l.stageNames(in)
}

// foldSQL finds the message of every fact and folds the facts into the messages.
func (l *loader) foldSQL() []string {
	if len(l.of("message_events")) == 0 {
		return []string{
			"create or replace table core.message_events as select ck, event_type, occurred_at, day, channel, scenario_id, message_id, mk, CAST(NULL AS VARCHAR) AS attribution from load.message_events",
		}
	}
	hours := l.spec.AttributionHours
	if hours == 0 {
		hours = 72
	}
	events, _ := ingest.InputByName("message_events")
	carried := map[string]bool{}
	for _, c := range events.Columns {
		carried[c.CoreName()] = true
	}
	// A message that only facts tell of takes its properties from the send, else from any fact; min() because the order of facts is none.
	sends := "event_type IN ('sent', 'not_sent')"
	created := []string{"target AS mk"}
	final := []string{"m.mk"}
	for _, c := range l.columns("messages") {
		q := ident(c)
		fold := map[string]string{
			"sent_at": "min(occurred_at) FILTER (WHERE event_type = 'sent')", "sent_day": "min(day) FILTER (WHERE event_type = 'sent')",
			"not_sent_at": "min(occurred_at) FILTER (WHERE event_type = 'not_sent')",
		}[c]
		switch {
		case c == "ck" || c == "message_id":
			created = append(created, fmt.Sprintf("min(%s) AS %s", q, q))
			final = append(final, "m."+q)
		case c == "channel":
			created = append(created, fmt.Sprintf("coalesce(min(%[1]s) FILTER (WHERE %[2]s), min(%[1]s), 'unknown') AS %[1]s", q, sends))
			final = append(final, "m."+q)
		case fold != "":
			created = append(created, fold+" AS "+q)
			final = append(final, fmt.Sprintf("coalesce(m.%[1]s, f.%[1]s) AS %[1]s", q))
		case foldedColumns()[c] != "":
			created = append(created, fmt.Sprintf("NULL AS %s", q))
			final = append(final, fmt.Sprintf("coalesce(m.%[1]s, f.%[1]s) AS %[1]s", q))
		case carried[c]:
			created = append(created, fmt.Sprintf("coalesce(min(%[1]s) FILTER (WHERE %[2]s), min(%[1]s)) AS %[1]s", q, sends))
			final = append(final, "m."+q)
		default:
			created = append(created, fmt.Sprintf("NULL AS %s", q))
			final = append(final, "m."+q)
		}
	}
	var folds []string
	for _, c := range l.columns("messages") {
		if expr := foldedColumns()[c]; expr != "" {
			folds = append(folds, expr+" AS "+ident(c))
		}
	}
	const base = "load.messages"
	out := []string{
		"create or replace temp table load_facts as select e.*, CAST(CASE WHEN message_id IS NOT NULL THEN CAST(hash(ck, message_id) >> 1 AS BIGINT) WHEN " + sends + " THEN mk END AS BIGINT) AS target from load.message_events e",
		// The message's own row first: union by name fills its columns.
		"create or replace temp table load_all as select * from " + base + " union all by name select " + strings.Join(created, ", ") +
			" from load_facts f where target is not null and not exists (select 1 from " + base + " m where m.mk = f.target) group by target having bool_or(" + sends + ")",
		"create or replace temp table load_found (mk BIGINT, found BIGINT)",
	}
	for _, v := range []struct {
		channel, scenario bool
	}{{true, true}, {true, false}, {false, true}, {false, false}} {
		keys, on, where := "ck", "s.ck = r.ck", ""
		for _, k := range []struct {
			name string
			used bool
		}{{"channel", v.channel}, {"scenario_id", v.scenario}} {
			if k.used {
				keys += ", " + k.name
				on += fmt.Sprintf(" AND s.%[1]s = r.%[1]s", k.name)
				where += " AND r." + k.name + " IS NOT NULL"
			} else {
				where += " AND r." + k.name + " IS NULL" // a fact that does not say matches any
			}
		}
		out = append(out, fmt.Sprintf("insert into load_found select r.mk, s.mk from (select * from load_facts r where not (%s) and not exists (select 1 from load_all a where a.mk = r.target)%s) r asof join (select %s, sent_at, max(mk) AS mk from load_all where sent_at IS NOT NULL group by %s, sent_at) s on %s AND r.occurred_at >= s.sent_at where epoch_us(r.occurred_at) - epoch_us(s.sent_at) <= %d",
			sends, where, keys, keys, on, hours*3600*1_000_000))
	}
	return append(out,
		"create or replace table core.message_events as select e.ck, e.event_type, e.occurred_at, e.day, e.channel, e.scenario_id, e.message_id, coalesce(a.mk, n.found) AS mk, CASE WHEN a.mk IS NOT NULL THEN 'message_id' WHEN n.found IS NOT NULL THEN 'latest_send' ELSE 'none' END AS attribution"+
			" from load_facts e left join (select mk from load_all) a on a.mk = e.target left join load_found n on n.mk = e.mk",
		"create or replace temp table load_folds as select coalesce(a.mk, n.found) AS mk, "+strings.Join(folds, ", ")+
			" from load_facts e left join (select mk from load_all) a on a.mk = e.target left join load_found n on n.mk = e.mk where coalesce(a.mk, n.found) IS NOT NULL group by 1",
		"create or replace table core.messages as select "+strings.Join(final, ", ")+" from load_all m left join load_folds f on f.mk = m.mk",
		"drop table load_facts", "drop table load_all", "drop table load_found", "drop table load_folds",
	)
}

// foldedColumns are the columns of messages that facts fill, with the aggregate over the facts of one message.
func foldedColumns() map[string]string {
	first := func(column, event string) string {
		return fmt.Sprintf("min(%s) FILTER (WHERE event_type = '%s')", column, event)
	}
	count := func(event string) string {
		return fmt.Sprintf("CAST(nullif(count(*) FILTER (WHERE event_type = '%s'), 0) AS BIGINT)", event)
	}
	return map[string]string{
		"sent_at": first("occurred_at", "sent"), "sent_day": first("day", "sent"), "not_sent_at": first("occurred_at", "not_sent"),
		"delivered_at": first("occurred_at", "delivered"),
		"opened_at":    first("occurred_at", "opened"), "opened_day": first("day", "opened"), "opens": count("opened"),
		"clicked_at": first("occurred_at", "clicked"), "clicked_day": first("day", "clicked"), "clicks": count("clicked"),
		// A message is machine-opened, or bot-clicked, when every one of its opens, or clicks, is.
		"machine_open": "bool_and(machine_open) FILTER (WHERE event_type = 'opened')", "bot_click": "bool_and(bot_click) FILTER (WHERE event_type = 'clicked')",
		"bounced_at": first("occurred_at", "bounced"), "bounce_type": "min(bounce_type) FILTER (WHERE event_type = 'bounced')",
		"unsubscribed_at": first("occurred_at", "unsubscribed"), "unsubscribed_day": first("day", "unsubscribed"),
		"complained_at": first("occurred_at", "complained"), "complained_day": first("day", "complained"),
		"not_sent_reason": "min(not_sent_reason) FILTER (WHERE event_type = 'not_sent')",
	}
}

// ordersSQL makes core.orders and core.corrections; returns: some rows are no purchase (load_returns.go).
func (l *loader) ordersSQL(returns bool) []string {
	bought, boughtItems, target := "", "", "table core.orders"
	var out []string
	if returns {
		bought, boughtItems, target = " and coalesce(value_minor, 0) >= 0", " where coalesce(amount_minor, 0) >= 0 and coalesce(quantity, 1) > 0", "temp table load_gross_orders"
		out = l.backSQL()
	}
	out = append(out,
		fmt.Sprintf("create or replace temp table load_order_events as select ck, order_id, event_id, product_id, occurred_at, day, value_minor from core.events where name IN (%s)%s", l.orderNames(), bought),
		"create or replace temp table load_item_sums as select order_id, min(ck) AS ck, min(occurred_at) AS occurred_at, min(day) AS day, sum(amount_minor) AS amount from core.order_items"+boughtItems+" group by order_id",
		// Nearly every order is one row; only the others are taken apart into lines.
		`create or replace temp table load_event_orders as
with o as (select ck, order_id, count(*) AS n, min(occurred_at) AS occurred_at, min(day) AS day, max(value_minor) AS value from load_order_events where order_id IS NOT NULL group by ck, order_id)
select ck, order_id, occurred_at, day, value from o where n = 1
union all
select ck, order_id, min(occurred_at), min(day), CASE WHEN count(DISTINCT product_id) > 1 THEN sum(value_minor) ELSE max(value_minor) END
from (select e.ck, e.order_id, e.product_id, e.value_minor, min(e.occurred_at) AS occurred_at, min(e.day) AS day from load_order_events e
  join (select ck, order_id from o where n > 1) m on m.ck = e.ck and m.order_id = e.order_id group by e.ck, e.order_id, e.product_id, e.value_minor)
group by ck, order_id`)
	gross := `select CASE WHEN o.order_id IS NULL THEN i.ck ELSE o.ck END AS ck, CASE WHEN o.order_id IS NULL THEN i.order_id ELSE o.order_id END AS order_id, CASE WHEN o.order_id IS NULL THEN i.occurred_at ELSE o.occurred_at END AS occurred_at,
  CASE WHEN o.order_id IS NULL THEN i.day ELSE o.day END AS day, CAST(coalesce(o.value, i.amount, 0) AS BIGINT) AS revenue_minor%s
from load_event_orders o full join load_item_sums i on i.order_id = o.order_id where o.order_id IS NOT NULL OR (i.ck IS NOT NULL AND i.occurred_at IS NOT NULL)`
	single := `
union all
select ck, event_id, occurred_at, day, coalesce(value_minor, 0) from load_order_events where order_id IS NULL AND event_id IS NOT NULL
union all
select ck, concat(ck, '@', strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%f'), '#', row_number() OVER (PARTITION BY ck, occurred_at ORDER BY value_minor NULLS FIRST, product_id NULLS FIRST)), occurred_at, day, coalesce(value_minor, 0)
from load_order_events where order_id IS NULL AND event_id IS NULL`
	if !returns {
		out = append(out, "create or replace "+target+" as\n"+fmt.Sprintf(gross, "")+single, noCorrectionsSQL())
	} else {
		net := netSQL()
		net[len(net)-1] += single
		out = append(append(append(out, "create or replace "+target+" as\n"+fmt.Sprintf(gross, ", o.value IS NOT NULL AS by_event")), net...), l.correctSQL()...)
	}
	return append(out, "drop table load_order_events", "drop table load_item_sums", "drop table load_event_orders")
}

// itemsSQL gives lines that lack the customer or the time those of their order.
func itemsSQL() []string {
	return []string{
		`create or replace table core.order_items_filled as
select coalesce(i.ck, o.ck) AS ck, i.order_id, i.product_id, i.category, coalesce(i.occurred_at, o.occurred_at) AS occurred_at, coalesce(i.day, o.day) AS day, i.quantity, i.amount_minor
from core.order_items i left join (select order_id, min(ck) AS ck, min(occurred_at) AS occurred_at, min(day) AS day from core.orders group by order_id) o on o.order_id = i.order_id`,
		"drop table core.order_items", "alter table core.order_items_filled rename to order_items",
	}
}

// bucketOf is the sampling unit of an id: a column or expression of the engine's own dialect.
func bucketOf(id string) string {
	return "CAST(('0x' || substr(sha256('crmaudit/bucket/v1|' || " + id + "), 1, 16))::UBIGINT % 100 AS INTEGER)"
}

// clustersSQL gives assigned clusters their bucket: where whole clusters were assigned they, not their customers, are the sampling unit.
func clustersSQL() []string {
	return []string{
		"alter table core.assignments add column cluster_bucket INTEGER",
		"update core.assignments set cluster_bucket = " + bucketOf("cluster_id") + " where cluster_id IS NOT NULL",
	}
}

// dealBucketsSQL gives deals and tasks that name no customer a bucket of their own. A task of a deal has the bucket of the deal.
func dealBucketsSQL() []string {
	return []string{
		"alter table core.deals add column bucket INTEGER",
		"update core.deals set bucket = " + bucketOf("deal_id") + " where ck IS NULL",
		"alter table core.tasks add column bucket INTEGER",
		"update core.tasks set bucket = " + bucketOf("coalesce(deal_id, task_id)") + " where ck IS NULL",
	}
}

// listsSQL gives the lines of dated lists of members their ends: see ingest/snapshot.go. A list is a file and a day. One segment follows on its next list; a list is followed by the
// first of these, for all of its segments. A list that none precedes leaves open since when its members are there. A line without a date is on no list.
func (l *loader) listsSQL() []string {
	const lists = `create or replace temp table load_lists as
with lists as (select listed, segment_id, from_day, min(valid_from) AS valid_from from core.segment_memberships where listed IS NOT NULL and valid_from IS NOT NULL group by all),
days as (select segment_id, from_day, min(valid_from) AS valid_from from lists group by all),
steps as (select segment_id, from_day, lag(from_day) over w AS before_day, lead(from_day) over w AS next_day, lead(valid_from) over w AS next_from
  from days window w as (partition by segment_id order by from_day))
select l.listed, l.from_day, min(s.before_day) AS before_day, min(s.next_day) AS next_day, min(s.next_from) AS next_from
from lists l join steps s on s.segment_id = l.segment_id and s.from_day = l.from_day group by all`
	for _, src := range l.of("segment_memberships") {
		if slices.ContainsFunc(l.plans[src].Bound, func(b ingest.Bound) bool { return b.Column.Name == "listed" && (b.Source >= 0 || b.Constant != nil) }) {
			return []string{
				lists,
				`create or replace table core.segment_memberships_listed as
select m.* replace (CASE WHEN x.listed IS NOT NULL AND x.before_day IS NULL THEN NULL ELSE m.valid_from END AS valid_from,
  CASE WHEN x.listed IS NOT NULL THEN x.next_from ELSE m.valid_to END AS valid_to,
  CAST(CASE WHEN x.listed IS NOT NULL THEN coalesce(x.next_day, 1000000) WHEN m.listed IS NOT NULL THEN m.from_day ELSE m.to_day END AS INTEGER) AS to_day)
from core.segment_memberships m left join load_lists x on x.listed = m.listed and x.from_day = m.from_day`,
				"drop table core.segment_memberships", "alter table core.segment_memberships_listed rename to segment_memberships", "drop table load_lists",
			}
		}
	}
	return nil
}

// dated lists the tables whose days are history, with the column of the day.
func dated() [][2]string {
	return [][2]string{{"core.messages", "sent_day"}, {"core.message_events", "day"}, {"core.events", "day"}, {"core.orders", "day"}, {"core.enrolments", "entered_day"},
		{"core.assignments", "assigned_day"}, {"core.stage_history", "entered_day"}, {"core.deals", "entered_day"}, {"core.tasks", "created_day"}}
}

func (l *loader) fromTo() (from, to int64) {
	return ingest.DayOf(l.spec.From, l.spec.Zone), ingest.DayOf(l.spec.To, l.spec.Zone)
}

func (l *loader) historySQL() []string {
	from, to := l.fromTo()
	var parts []string
	for _, d := range dated() {
		parts = append(parts, fmt.Sprintf("select min(%[1]s) AS first, max(%[1]s) AS last from %[2]s", d[1], d[0]))
	}
	return []string{fmt.Sprintf("create or replace table core.history as select CAST(coalesce(min(first), %d) AS INTEGER) AS first_day, CAST(coalesce(max(last), %d) AS INTEGER) AS last_day from (%s)",
		from, to-1, strings.Join(parts, " union all "))}
}

func (l *loader) calendarSQL() []string {
	var rows []string
	for i, p := range ingest.Periods(l.spec.From.In(l.spec.Zone), l.spec.To.In(l.spec.Zone), l.spec.Grain) {
		rows = append(rows, fmt.Sprintf("(%d, DATE '%s', %d, %d, %t)", i+1, time.Unix(p.Start*86400, 0).UTC().Format(time.DateOnly), p.Start, p.End, p.Complete))
	}
	return []string{
		"create or replace table core.periods (period INTEGER, period_start DATE, start_day INTEGER, end_day INTEGER, complete BOOLEAN)",
		"insert into core.periods values " + strings.Join(rows, ", "),
		`create or replace table core.calendar as
select CAST(d AS INTEGER) AS day, DATE '1970-01-01' + CAST(d AS INTEGER) AS date, p.period,
  CAST(d - ((d + 3) % 7 + 7) % 7 AS INTEGER) AS week_start_day, CAST(d - day(DATE '1970-01-01' + CAST(d AS INTEGER)) + 1 AS INTEGER) AS month_start_day,
  CAST(((d + 3) % 7 + 7) % 7 + 1 AS INTEGER) AS weekday
from (select unnest(range(least(h.first_day, p.first), greatest(h.last_day + 1, p.last))) AS d from core.history h, (select min(start_day) AS first, max(end_day) AS last from core.periods) p) c
left join core.periods p on c.d >= p.start_day and c.d < p.end_day`,
	}
}

// firstSeenSQL makes load.seen(ck, seen, other): the first day by the contract's five reasons, and by any other dated row.
func (l *loader) firstSeenSQL() []string {
	parts := []string{"select ck, created_day AS seen, NULL AS other from load.customer_firsts"}
	for _, d := range [][3]string{
		{"core.events", "day", "seen"}, {"core.orders", "day", "seen"}, {"core.messages", "sent_day", "seen"}, {"core.enrolments", "entered_day", "seen"},
		{"core.message_events", "day", "seen"}, {"core.order_items", "day", "seen"}, {"core.assignments", "assigned_day", "other"}, {"core.stage_history", "entered_day", "other"}, {"core.exits", "exited_day", "other"},
		{"core.deals", "entered_day", "other"}, {"core.tasks", "created_day", "other"},
	} {
		columns := "min(" + d[1] + ") AS seen, NULL AS other"
		if d[2] == "other" {
			columns = "NULL AS seen, min(" + d[1] + ") AS other"
		}
		parts = append(parts, fmt.Sprintf("select ck, %s from %s where ck IS NOT NULL group by ck", columns, d[0]))
	}
	parts = append(parts, "select ck, NULL, min(from_day) FILTER (WHERE valid_from IS NOT NULL) from core.segment_memberships group by ck")
	return []string{"create or replace table load.seen as select ck, CAST(coalesce(min(seen), min(other), (select first_day from core.history)) AS INTEGER) AS first_seen_day from (" +
		strings.Join(parts, " union all ") + ") group by ck"}
}

// customers makes core.customers and core.customer_attributes. Attributes arrive as text; one whose every value reads as a whole number, a
// number or true/false becomes that, so that a stage rule can compare it.
func (l *loader) customers(ctx context.Context) error {
	const what = "load core.customers"
	list := []string{"k.ck", "k.customer_id", bucketOf("k.customer_id") + " AS bucket", "s.first_seen_day"}
	in, _ := ingest.InputByName("customers")
	for _, c := range ingest.StageColumns(in, nil) {
		switch c[0] {
		case "ck", "created_day":
		case "created_at":
			list = append(list, "r.created_day", "r.created_at")
		default:
			list = append(list, "r."+ident(c[0]))
		}
	}
	var attributes []string
	for _, name := range l.extras["customers"] {
		q := ident(name)
		var filled, whole, number, flag int64
		err := l.conn.QueryRowContext(ctx, fmt.Sprintf(`select count(%[1]s), count(*) filter (where regexp_full_match(%[1]s, '-?(0|[1-9][0-9]{0,17})')),
 count(*) filter (where regexp_full_match(%[1]s, '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]{1,2})?')), count(*) filter (where lower(%[1]s) in ('true', 'false')) from load.customer_rows`, q)).Scan(&filled, &whole, &number, &flag)
		if err != nil {
			return wrap(ctx, what, err)
		}
		expr := "r." + q
		switch {
		case filled == 0:
		case whole == filled:
			expr = "CAST(r." + q + " AS BIGINT)"
		case number == filled:
			expr = "CAST(r." + q + " AS DOUBLE)"
		case flag == filled:
			expr = "CAST(lower(r." + q + ") AS BOOLEAN)"
		}
		list = append(list, expr+" AS "+q)
		attributes = append(attributes, q+" := "+q)
	}
	if len(attributes) == 0 {
		attributes = []string{"attr_none := CAST(NULL AS VARCHAR)"}
	}
	for _, text := range []string{
		"create or replace table core.customers as select " + strings.Join(list, ", ") + " from load.customers k join load.seen s on s.ck = k.ck left join load.customer_rows r on r.ck = k.ck order by k.ck",
		"create or replace view core.customer_attributes as select ck, struct_pack(" + strings.Join(attributes, ", ") + ") AS attributes from core.customers",
	} {
		if err := l.exec(ctx, what, text); err != nil {
			return err
		}
	}
	return nil
}
