package ingest

import "slices"

// Type is the type of a column of the contract.
type Type int

// The column types.
const (
	Text     Type = iota
	Key           // customer id: text, goes through the identities, becomes ck
	Time          // an instant; stored as UTC
	Money         // currency units in the file, minor units (x100) in core
	Int           // a whole number
	Float         // a number
	Bool          // true/false, 1/0, yes/no, да/нет
	Choice        // one of Allowed
	Currency      // code of the currency of the row's money: decides how that is read, and is not kept
)

// Column is one column of an input of the contract.
type Column struct {
	Name     string
	Type     Type
	Required bool
	ID       bool     // part of what makes two rows the same fact
	Allowed  []string // Choice: every allowed value
	Core     string   // name in the core table when it differs
	Day      string   // core column with the business day of a Time
	NotAfter string   // Time: a row in which this column lies after that one is rejected
	Doc      string
}

// Input is one input of the contract: the table that a source entry fills.
type Input struct {
	Name    string
	Columns []Column
	When    []string // the first of these that is set decides whether the row is outside the period
	OneOf   []string // at least one of these must be set
	Extra   string   // prefix of further columns of the file; "" when they are ignored
	Latest  string   // among rows with one ID the one with the latest value wins; "" : the content decides
	Doc     string
}

// Column finds a column by name.
func (in Input) Column(name string) (Column, bool) {
	i := slices.IndexFunc(in.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return in.Columns[i], true
}

// ColumnNames lists the columns in the order of the contract.
func (in Input) ColumnNames() []string {
	out := make([]string, len(in.Columns))
	for i, c := range in.Columns {
		out[i] = c.Name
	}
	return out
}

// CoreName is the column's name in core.
func (c Column) CoreName() string {
	if c.Core != "" {
		return c.Core
	}
	return c.Name
}

// InputNames lists the inputs in the order in which they are loaded.
func InputNames() []string {
	var out []string
	for _, in := range Inputs() {
		out = append(out, in.Name)
	}
	return out
}

// InputByName finds an input of the contract.
func InputByName(name string) (Input, bool) {
	for _, in := range Inputs() {
		if in.Name == name {
			return in, true
		}
	}
	return Input{}, false
}

// Inputs is the contract's table of inputs, as data. The order of columns is the order in core.
func Inputs() []Input {
	text := func(name, doc string) Column { return Column{Name: name, Doc: doc} }
	when := func(name, doc string) Column { return Column{Name: name, Type: Time, Doc: doc} }
	key := func(required bool) Column {
		return Column{Name: "customer_id", Type: Key, Required: required, Doc: "the customer, as the source names him"}
	}
	need := func(c Column) Column { c.Required = true; return c }
	id := func(c Column) Column { c.ID = true; return c }
	day := func(c Column, name string) Column { c.Day = name; return c }
	choice := func(name, doc string, allowed ...string) Column {
		return Column{Name: name, Type: Choice, Allowed: allowed, Doc: doc}
	}
	number := func(name string, t Type, doc string) Column { return Column{Name: name, Type: t, Doc: doc} }
	core := func(c Column, name string) Column { c.Core = name; return c }
	currency := number("currency", Currency, "currency of the money in the row, a code of three letters; empty: that of the audit")

	kind := choice("kind", "how the message came about", "bulk", "trigger", "transactional")
	bounce := choice("bounce_type", "kind of bounce", "hard", "soft")
	personal := choice("personalization", "depth of personalisation", "none", "basic", "contextual", "behavioural")

	return []Input{
		{Name: "identities", Doc: "merged or orphaned ids", Columns: []Column{
			need(id(text("alias_id", "an id that is no longer in use"))), need(id(text("customer_id", "the id that it became")))}},
		{Name: "customers", Doc: "one row per customer", Extra: "attr_", When: []string{"created_at"}, Latest: "updated_at", Columns: []Column{
			id(key(true)), day(when("created_at", "when the customer became known"), "created_day"), when("updated_at", "when the record was last changed"),
			text("name", "name"), text("phone", "phone"), text("email", "e-mail address"), text("source", "where the customer came from"),
			text("owner", "responsible employee"), text("timezone", "the customer's time zone")}},
		{Name: "messages", Doc: "one row per message", Extra: "x_", When: []string{"sent_at", "not_sent_at"}, OneOf: []string{"sent_at", "not_sent_at"}, Columns: []Column{
			id(key(true)), id(text("message_id", "id of the message")), need(text("channel", "email, sms, push, messenger, call, ...")),
			text("scenario_id", "scenario, flow, journey"), text("step_id", "step of the scenario"), text("entry_id", "passage through the scenario"),
			text("campaign_id", "campaign"), text("template_id", "template"), kind, text("variant", "variant of a test"),
			number("priority", Int, "priority"), day(when("sent_at", "sent"), "sent_day"), when("delivered_at", "delivered"),
			day(when("opened_at", "first opened"), "opened_day"), number("opens", Int, "number of opens"),
			day(when("clicked_at", "first clicked"), "clicked_day"), number("clicks", Int, "number of clicks"),
			number("machine_open", Bool, "opened by a machine (privacy proxy)"), number("bot_click", Bool, "clicked by a bot"),
			when("bounced_at", "bounced"), bounce, day(when("unsubscribed_at", "unsubscribed through this message"), "unsubscribed_day"),
			day(when("complained_at", "marked as spam"), "complained_day"), when("not_sent_at", "the decision not to send"),
			text("not_sent_reason", "why it was not sent"), personal}},
		{Name: "message_events", Doc: "one row per fact about a message", When: []string{"occurred_at"}, Columns: []Column{
			key(true), need(choice("event_type", "what happened", "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "not_sent")),
			need(day(when("occurred_at", "when"), "day")), text("message_id", "id of the message"), id(text("event_id", "id of the fact")),
			text("channel", "channel"), text("scenario_id", "scenario, flow, journey"), text("step_id", "step of the scenario"),
			text("entry_id", "passage through the scenario"), text("campaign_id", "campaign"), text("template_id", "template"), kind,
			text("variant", "variant of a test"), number("priority", Int, "priority"), number("machine_open", Bool, "opened by a machine"),
			number("bot_click", Bool, "clicked by a bot"), bounce, text("not_sent_reason", "why it was not sent"), personal}},
		{Name: "events", Doc: "behaviour", When: []string{"occurred_at"}, Columns: []Column{
			key(true), need(text("name", "what the customer did")), need(day(when("occurred_at", "when"), "day")),
			core(number("value", Money, "value in currency units"), "value_minor"), id(text("event_id", "id of the event")),
			text("order_id", "order"), text("product_id", "product"), text("category", "product category"), text("source", "system that recorded it"),
			when("received_at", "when the record arrived"), currency}},
		{Name: "order_items", Doc: "lines of orders", When: []string{"occurred_at"}, Columns: []Column{
			key(false), need(text("order_id", "order")), need(text("product_id", "product")), text("category", "product category"),
			day(when("occurred_at", "when ordered"), "day"), number("quantity", Float, "quantity"),
			core(number("price", Money, "price of one piece in currency units"), "price_minor"), currency}},
		{Name: "enrolments", Doc: "entries into scenarios", When: []string{"entered_at", "exited_at"}, OneOf: []string{"entered_at", "exited_at"}, Columns: []Column{
			key(true), need(text("scenario_id", "scenario, flow, journey")), text("entry_id", "passage through the scenario"),
			{Name: "entered_at", Type: Time, Day: "entered_day", NotAfter: "exited_at", Doc: "entry; empty: the row only says when the latest entry ended"},
			day(when("exited_at", "exit"), "exited_day"), text("exit_reason", "why it ended"), text("trigger", "what started it"),
			choice("arm", "arm of a hold-out", "treated", "control")}},
		{Name: "segment_memberships", Doc: "who was in which segment, when", When: []string{"valid_from"}, Columns: []Column{
			need(text("segment_id", "segment")), key(true), {Name: "valid_from", Type: Time, Day: "from_day", NotAfter: "valid_to", Doc: "since"},
			day(when("valid_to", "until, exclusive"), "to_day"),
			number("listed", Int, "number of the dated list that the row is a line of (snapshot_at); empty: an interval")}},
		{Name: "stage_history", Doc: "stages recorded by the CRM itself", When: []string{"entered_at"}, Columns: []Column{
			key(true), need(text("stage", "stage")), need(day(when("entered_at", "entry"), "entered_day"))}},
		{Name: "templates", Doc: "message templates", Latest: "updated_at", Columns: []Column{
			need(id(text("template_id", "template"))), when("updated_at", "last change"), text("name", "name"), text("content_hash", "hash of the content"),
			text("subject", "subject line"), text("text", "the words of the message, plain or HTML")}},
		{Name: "assignments", Doc: "experiments and hold-outs", When: []string{"assigned_at"}, Columns: []Column{
			need(text("experiment_id", "experiment")), key(true), need(text("arm", "arm")), need(day(when("assigned_at", "assignment"), "assigned_day")),
			text("cluster_id", "cluster that was assigned as a whole"), text("scenario_id", "scenario under test")}},
		{Name: "deals", Doc: "moves of deals through the pipeline", When: []string{"entered_at"}, Columns: []Column{
			need(text("deal_id", "deal")), key(false), need(text("stage", "stage of the pipeline")), need(day(when("entered_at", "entry into the stage"), "entered_day")),
			text("owner", "responsible employee"), core(number("amount", Money, "amount in currency units"), "amount_minor"),
			choice("outcome", "how it ended", "won", "lost", "open"), text("loss_reason", "why it was lost"),
			day(when("next_step_at", "planned next step"), "next_step_day"), currency}},
		{Name: "tasks", Doc: "tasks of employees", When: []string{"created_at"}, Columns: []Column{
			need(id(text("task_id", "task"))), key(false), need(day(when("created_at", "created"), "created_day")), text("deal_id", "deal"),
			text("owner", "responsible employee"), day(when("due_at", "due"), "due_day"), day(when("done_at", "done"), "done_day")}},
	}
}
