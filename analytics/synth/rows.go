package synth

import "strconv"

// Instants in rows are Unix seconds UTC, 0 is NULL; days are days since 1970-01-01; money is in minor units (kopecks); an empty text is
// NULL.

// flaw marks a row that the generator spoiled on purpose (package comment, "Dirty rows").
type flaw uint8

const (
	clean    flaw = iota
	noID          // the required id is empty
	badStamp      // the required time is not a date (text formats only)
)

// Customer is one row of customers.
type Customer struct {
	ID                     string
	Created, Updated       int64
	Name, Phone, Email     string
	Source, Owner          string
	Timezone, City, Gender string
	Birthday               int64
	Interest, Tier         string
	flaw                   flaw
}

// Message is one row of messages. Its message_id is m<customer>-<Seq>, its entry_id e<customer>-<Entry> (0 is NULL).
type Message struct {
	Customer                       string // canonical id or an alias of it
	index                          int
	Seq, Entry                     int
	Channel, Scenario, Step        string
	Campaign, Template             string
	Kind, Variant, Personalization string
	Priority                       int
	Sent, Delivered                int64
	Opened, Clicked                int64
	Opens, Clicks                  int64
	MachineOpen, BotClick          bool
	Bounced, Unsubscribed          int64
	BounceType                     string
	Complained, NotSent            int64
	NotSentReason                  string
	flaw                           flaw
}

// Event is one row of events; event_id is v<customer>-<Seq>, order_id o<customer>-<Order> (0 is NULL).
type Event struct {
	Customer           string
	index              int
	Seq, Order         int
	Name               string
	Occurred, Received int64
	Value              int64 // minor units, 0 is NULL
	Product, Category  string
	Source             string
	flaw               flaw
}

// OrderItem is one row of order_items; Price is the price of one piece.
type OrderItem struct {
	Customer          string
	index             int
	Order             int
	Product, Category string
	Occurred          int64
	Quantity          int64
	Price             int64
	flaw              flaw
}

// Identity is one row of identities.
type Identity struct{ Alias, Customer string }

// Enrolment is one row of enrolments; entry_id is e<customer>-<Entry>.
type Enrolment struct {
	Customer        string
	index           int
	Entry           int
	Scenario        string
	Entered, Exited int64
	Reason          string
	Trigger, Arm    string
}

// Membership is one row of segment_memberships.
type Membership struct {
	Segment, Customer string
	From, To          int64
}

// Template is one row of templates.
type Template struct {
	ID, Name, Subject, Text, Hash string
	Updated                       int64
}

// Assignment is one row of assignments.
type Assignment struct {
	Experiment, Customer, Arm string
	Assigned                  int64
	Scenario, Cluster         string
}

// StageEntry is one row of stage_history: the stage that the life-cycle rules of audit.yaml give, as the CRM would have recorded it.
type StageEntry struct {
	Customer, Stage string
	Entered         int64
}

// Deal is one row of deals: one stage of one deal.
type Deal struct {
	ID, Customer string
	Stage        string
	Entered      int64
	Owner        string
	Amount       int64
	Outcome      string
	LossReason   string
	NextStep     int64
}

// Task is one row of tasks.
type Task struct {
	ID, Deal, Customer, Owner string
	Created, Due, Done        int64
}

// MessageEvent is one row of message_events: a click as the link tracker tells it. message_id is m<customer>-<Seq>.
type MessageEvent struct {
	Customer          string
	index, Seq        int
	Channel, Scenario string
	Occurred          int64
}

// Chunk holds the rows of consecutive customers, table by table.
type Chunk struct {
	Customers   []Customer
	Messages    []Message
	Events      []Event
	OrderItems  []OrderItem
	Identities  []Identity
	Enrolments  []Enrolment
	Memberships []Membership
	Templates   []Template
	Assignments []Assignment
	Stages      []StageEntry
	Deals       []Deal
	Tasks       []Task
	Clicks      []MessageEvent

	facts facts
	fates map[string]Fates
}

type kind uint8

const (
	kindText kind = iota
	kindInt
	kindMoney // minor units, written as currency units with two decimals
	kindTime
	kindDate
	kindBool
)

// column is one column of an input: text for kindText (append to dst, nothing is NULL), num for all others.
type column[R any] struct {
	name   string
	kind   kind
	unique bool // no dictionary in Parquet
	text   func(dst []byte, r *R) []byte
	num    func(r *R) (v int64, ok bool)
	bad    func(r *R) bool // the text written instead of the time is no date
}

func text[R any](name string, get func(r *R) string) column[R] {
	return column[R]{name: name, kind: kindText, text: func(dst []byte, r *R) []byte { return append(dst, get(r)...) }}
}

func id[R any](name string, f func(dst []byte, r *R) []byte) column[R] {
	return column[R]{name: name, kind: kindText, unique: true, text: f}
}

// ref is a text that repeats from row to row: a reference to another table.
func ref[R any](name string, f func(dst []byte, r *R) []byte) column[R] {
	return column[R]{name: name, kind: kindText, text: f}
}

// number writes 0 as NULL, as all optional numbers and times of the rows do.
func number[R any](name string, k kind, get func(r *R) int64) column[R] {
	return column[R]{name: name, kind: k, num: func(r *R) (int64, bool) { v := get(r); return v, v != 0 }}
}

func boolean[R any](name string, get func(r *R) bool) column[R] {
	return column[R]{name: name, kind: kindBool, num: func(r *R) (int64, bool) {
		if get(r) {
			return 1, true
		}
		return 0, true
	}}
}

// compose appends letter, the customer's index in nine digits, "-" and a running number: message, event, order and entry ids.
func compose(dst []byte, letter byte, index, seq int) []byte {
	dst = append(dst, letter)
	dst = pad(dst, index, 9)
	dst = append(dst, '-')
	return strconv.AppendInt(dst, int64(seq), 10)
}

func pad(dst []byte, n, width int) []byte {
	var buf [20]byte
	s := strconv.AppendInt(buf[:0], int64(n), 10)
	for range width - len(s) {
		dst = append(dst, '0')
	}
	return append(dst, s...)
}

func customerColumns() []column[Customer] {
	return []column[Customer]{
		id("customer_id", func(dst []byte, r *Customer) []byte {
			if r.flaw == noID {
				return dst
			}
			return append(dst, r.ID...)
		}),
		number("created_at", kindTime, func(r *Customer) int64 { return r.Created }),
		number("updated_at", kindTime, func(r *Customer) int64 { return r.Updated }),
		text("name", func(r *Customer) string { return r.Name }),
		id("phone", func(dst []byte, r *Customer) []byte { return append(dst, r.Phone...) }),
		id("email", func(dst []byte, r *Customer) []byte { return append(dst, r.Email...) }),
		text("source", func(r *Customer) string { return r.Source }),
		text("owner", func(r *Customer) string { return r.Owner }),
		text("timezone", func(r *Customer) string { return r.Timezone }),
		text("city", func(r *Customer) string { return r.City }),
		text("gender", func(r *Customer) string { return r.Gender }),
		number("birthday", kindDate, func(r *Customer) int64 { return r.Birthday }),
		text("interest", func(r *Customer) string { return r.Interest }),
		text("tier", func(r *Customer) string { return r.Tier }),
	}
}

func messageColumns() []column[Message] {
	sent := number("sent_at", kindTime, func(r *Message) int64 { return r.Sent })
	sent.bad = func(r *Message) bool { return r.flaw == badStamp }
	return []column[Message]{
		id("message_id", func(dst []byte, r *Message) []byte { return compose(dst, 'm', r.index, r.Seq) }),
		ref("customer_id", func(dst []byte, r *Message) []byte {
			if r.flaw == noID {
				return dst
			}
			return append(dst, r.Customer...)
		}),
		text("channel", func(r *Message) string { return r.Channel }),
		text("scenario_id", func(r *Message) string { return r.Scenario }),
		text("step_id", func(r *Message) string { return r.Step }),
		id("entry_id", func(dst []byte, r *Message) []byte {
			if r.Entry == 0 {
				return dst
			}
			return compose(dst, 'e', r.index, r.Entry)
		}),
		text("campaign_id", func(r *Message) string { return r.Campaign }),
		text("template_id", func(r *Message) string { return r.Template }),
		text("kind", func(r *Message) string { return r.Kind }),
		text("variant", func(r *Message) string { return r.Variant }),
		number("priority", kindInt, func(r *Message) int64 { return int64(r.Priority) }),
		sent,
		number("delivered_at", kindTime, func(r *Message) int64 { return r.Delivered }),
		number("opened_at", kindTime, func(r *Message) int64 { return r.Opened }),
		number("opens", kindInt, func(r *Message) int64 { return r.Opens }),
		number("clicked_at", kindTime, func(r *Message) int64 { return r.Clicked }),
		number("clicks", kindInt, func(r *Message) int64 { return r.Clicks }),
		boolean("machine_open", func(r *Message) bool { return r.MachineOpen }),
		boolean("bot_click", func(r *Message) bool { return r.BotClick }),
		number("bounced_at", kindTime, func(r *Message) int64 { return r.Bounced }),
		text("bounce_type", func(r *Message) string { return r.BounceType }),
		number("unsubscribed_at", kindTime, func(r *Message) int64 { return r.Unsubscribed }),
		number("complained_at", kindTime, func(r *Message) int64 { return r.Complained }),
		number("not_sent_at", kindTime, func(r *Message) int64 { return r.NotSent }),
		text("not_sent_reason", func(r *Message) string { return r.NotSentReason }),
		text("personalization", func(r *Message) string { return r.Personalization }),
	}
}

func eventColumns() []column[Event] {
	occurred := number("occurred_at", kindTime, func(r *Event) int64 { return r.Occurred })
	occurred.bad = func(r *Event) bool { return r.flaw == badStamp }
	return []column[Event]{
		ref("customer_id", func(dst []byte, r *Event) []byte {
			if r.flaw == noID {
				return dst
			}
			return append(dst, r.Customer...)
		}),
		text("name", func(r *Event) string { return r.Name }),
		occurred,
		id("event_id", func(dst []byte, r *Event) []byte { return compose(dst, 'v', r.index, r.Seq) }),
		number("value", kindMoney, func(r *Event) int64 { return r.Value }),
		id("order_id", func(dst []byte, r *Event) []byte {
			if r.Order == 0 {
				return dst
			}
			return compose(dst, 'o', r.index, r.Order)
		}),
		text("product_id", func(r *Event) string { return r.Product }),
		text("category", func(r *Event) string { return r.Category }),
		text("source", func(r *Event) string { return r.Source }),
		number("received_at", kindTime, func(r *Event) int64 { return r.Received }),
	}
}

func orderItemColumns() []column[OrderItem] {
	return []column[OrderItem]{
		id("order_id", func(dst []byte, r *OrderItem) []byte { return compose(dst, 'o', r.index, r.Order) }),
		text("product_id", func(r *OrderItem) string {
			if r.flaw == noID {
				return ""
			}
			return r.Product
		}),
		ref("customer_id", func(dst []byte, r *OrderItem) []byte { return append(dst, r.Customer...) }),
		number("occurred_at", kindTime, func(r *OrderItem) int64 { return r.Occurred }),
		text("category", func(r *OrderItem) string { return r.Category }),
		number("quantity", kindInt, func(r *OrderItem) int64 { return r.Quantity }),
		number("price", kindMoney, func(r *OrderItem) int64 { return r.Price }),
	}
}

func identityColumns() []column[Identity] {
	return []column[Identity]{
		text("alias_id", func(r *Identity) string { return r.Alias }),
		text("customer_id", func(r *Identity) string { return r.Customer }),
	}
}

func enrolmentColumns() []column[Enrolment] {
	return []column[Enrolment]{
		text("customer_id", func(r *Enrolment) string { return r.Customer }),
		text("scenario_id", func(r *Enrolment) string { return r.Scenario }),
		number("entered_at", kindTime, func(r *Enrolment) int64 { return r.Entered }),
		id("entry_id", func(dst []byte, r *Enrolment) []byte { return compose(dst, 'e', r.index, r.Entry) }),
		number("exited_at", kindTime, func(r *Enrolment) int64 { return r.Exited }),
		text("exit_reason", func(r *Enrolment) string { return r.Reason }),
		text("trigger", func(r *Enrolment) string { return r.Trigger }),
		text("arm", func(r *Enrolment) string { return r.Arm }),
	}
}

func membershipColumns() []column[Membership] {
	return []column[Membership]{
		text("segment_id", func(r *Membership) string { return r.Segment }),
		text("customer_id", func(r *Membership) string { return r.Customer }),
		number("valid_from", kindTime, func(r *Membership) int64 { return r.From }),
		number("valid_to", kindTime, func(r *Membership) int64 { return r.To }),
	}
}

func templateColumns() []column[Template] {
	return []column[Template]{
		text("template_id", func(r *Template) string { return r.ID }),
		number("updated_at", kindTime, func(r *Template) int64 { return r.Updated }),
		text("name", func(r *Template) string { return r.Name }),
		text("content_hash", func(r *Template) string { return r.Hash }),
		text("subject", func(r *Template) string { return r.Subject }),
		text("text", func(r *Template) string { return r.Text }),
	}
}

func assignmentColumns() []column[Assignment] {
	return []column[Assignment]{
		text("experiment_id", func(r *Assignment) string { return r.Experiment }),
		text("customer_id", func(r *Assignment) string { return r.Customer }),
		text("arm", func(r *Assignment) string { return r.Arm }),
		number("assigned_at", kindTime, func(r *Assignment) int64 { return r.Assigned }),
		text("scenario_id", func(r *Assignment) string { return r.Scenario }),
		text("cluster_id", func(r *Assignment) string { return r.Cluster }),
	}
}

func stageColumns() []column[StageEntry] {
	return []column[StageEntry]{
		text("customer_id", func(r *StageEntry) string { return r.Customer }),
		text("stage", func(r *StageEntry) string { return r.Stage }),
		number("entered_at", kindTime, func(r *StageEntry) int64 { return r.Entered }),
	}
}

func dealColumns() []column[Deal] {
	return []column[Deal]{
		text("deal_id", func(r *Deal) string { return r.ID }),
		text("stage", func(r *Deal) string { return r.Stage }),
		number("entered_at", kindTime, func(r *Deal) int64 { return r.Entered }),
		text("customer_id", func(r *Deal) string { return r.Customer }),
		text("owner", func(r *Deal) string { return r.Owner }),
		number("amount", kindMoney, func(r *Deal) int64 { return r.Amount }),
		text("outcome", func(r *Deal) string { return r.Outcome }),
		text("loss_reason", func(r *Deal) string { return r.LossReason }),
		number("next_step_at", kindTime, func(r *Deal) int64 { return r.NextStep }),
	}
}

func clickColumns() []column[MessageEvent] {
	return []column[MessageEvent]{
		ref("customer_id", func(dst []byte, r *MessageEvent) []byte { return append(dst, r.Customer...) }),
		text("event_type", func(*MessageEvent) string { return "clicked" }),
		number("occurred_at", kindTime, func(r *MessageEvent) int64 { return r.Occurred }),
		id("message_id", func(dst []byte, r *MessageEvent) []byte { return compose(dst, 'm', r.index, r.Seq) }),
		text("channel", func(r *MessageEvent) string { return r.Channel }),
		text("scenario_id", func(r *MessageEvent) string { return r.Scenario }),
	}
}

func taskColumns() []column[Task] {
	return []column[Task]{
		text("task_id", func(r *Task) string { return r.ID }),
		number("created_at", kindTime, func(r *Task) int64 { return r.Created }),
		text("deal_id", func(r *Task) string { return r.Deal }),
		text("customer_id", func(r *Task) string { return r.Customer }),
		text("owner", func(r *Task) string { return r.Owner }),
		number("due_at", kindTime, func(r *Task) int64 { return r.Due }),
		number("done_at", kindTime, func(r *Task) int64 { return r.Done }),
	}
}
