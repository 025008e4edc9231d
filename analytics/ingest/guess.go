package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// Guessed is what a look at one file suggests for audit.yaml. Everything in it is a suggestion for the user to confirm.
type Guessed struct {
	Path       string
	Dialect    Dialect
	Input      string            // "" when no input fits
	Confidence float64           // 0..1: share of the required columns that were found, weighted by how surely
	Columns    map[string]string // column of the contract -> column of the file, only where the names differ
	Constants  map[string]string // what the file's kind implies: name: order
	Values     map[string]map[string]string
	TimeFormat string   // strptime; "" when the stamps need none
	Header     []string // proposed names when the first line is data
	Missing    []string // required columns that nothing in the file looks like
	Found      []string // the file's columns
	Unused     []string // columns of the file that are not mapped
	Samples    map[string][]string
	Notes      []string
}

const guessRows = 200

// Guess looks at the first rows of a file and proposes the input that it may be, the mapping of columns and the format of times.
func Guess(path string) (Guessed, error) {
	g := Guessed{Path: path, Columns: map[string]string{}, Constants: map[string]string{}, Values: map[string]map[string]string{}, Samples: map[string][]string{}}
	d, err := Sniff(path, File{Table: "?"})
	if err != nil {
		return g, err
	}
	g.Dialect = d
	g.Notes = d.Notes
	var rows [][]string
	switch d.Kind {
	case Empty:
		g.Notes = append(g.Notes, "the file is empty")
		return g, nil
	case DuckDB:
		g.Notes = append(g.Notes, "a DuckDB database: name the table with table: and map its columns")
		return g, nil
	case Parquet:
		g.Found, rows, err = parquetHead(path)
	case NDJSON:
		g.Found, rows, err = jsonHead(path, d)
	default:
		g.Found, rows, err = csvHead(path, d)
	}
	if err != nil {
		return g, err
	}
	if d.Kind == CSV && !slices.ContainsFunc(g.Found, func(name string) bool { return strings.ContainsFunc(name, unicode.IsLetter) }) {
		// Not one letter in the first line: it is data. The guess goes on with made-up names.
		rows = append([][]string{g.Found}, rows...)
		for i := range g.Found {
			g.Header = append(g.Header, fmt.Sprintf("column_%d", i+1))
		}
		g.Found = g.Header
		g.Dialect.Header = false
		g.Notes = append(g.Notes, "the first line looks like data: give the names of the columns with header: [..]")
	}
	for k, name := range g.Found {
		for _, r := range rows {
			if k < len(r) && r[k] != "" && len(g.Samples[name]) < guessRows {
				g.Samples[name] = append(g.Samples[name], r[k])
			}
		}
	}
	g.TimeFormat = g.timeFormat()
	best := -1.0
	for _, in := range Inputs() {
		m := g.match(in)
		if m.score > best {
			best = m.score
			g.Input, g.Columns, g.Constants, g.Missing, g.Confidence = in.Name, m.columns, m.constants, m.missing, m.confidence
		}
	}
	if g.Confidence < 0.4 {
		g.Input, g.Columns, g.Constants, g.Missing = "", map[string]string{}, map[string]string{}, nil
	}
	g.finish()
	return g, nil
}

func csvHead(path string, d Dialect) (names []string, rows [][]string, err error) {
	r, err := d.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	s := NewSplitter(r, d, 0)
	for len(rows) < guessRows {
		rec, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		if rec.Problem != "" {
			continue
		}
		row := make([]string, len(rec.Fields))
		for i, f := range rec.Fields {
			row[i] = strings.TrimSpace(string(f))
		}
		if names == nil {
			names = row
		} else {
			rows = append(rows, row)
		}
	}
	return names, rows, nil
}

func jsonHead(path string, d Dialect) (names []string, rows [][]string, err error) {
	p := FilePlan{Found: Found{Path: path}, Dialect: d}
	if names, err = p.jsonNames(); err != nil {
		return nil, nil, err
	}
	r, err := d.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	s := NewSplitter(r, d, 1)
	for len(rows) < guessRows {
		rec, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		if rec.Problem != "" || !json.Valid(rec.Raw) || !bytes.HasPrefix(bytes.TrimSpace(rec.Raw), []byte("{")) {
			continue
		}
		row := make([]string, len(names))
		for i, n := range names {
			if v := jsonValue(string(rec.Raw), n); v != "null" {
				row[i] = v
			}
		}
		rows = append(rows, row)
	}
	return names, rows, nil
}

func parquetHead(path string) (names []string, rows [][]string, err error) {
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: read the Parquet schema: %w", path, err)
	}
	defer f.Close()
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: guessRows}, memory.DefaultAllocator)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: read the Parquet schema: %w", path, err)
	}
	schema, err := r.Schema()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: read the Parquet schema: %w", path, err)
	}
	for _, field := range schema.Fields() {
		names = append(names, field.Name)
	}
	if f.NumRows() == 0 {
		return names, nil, nil
	}
	batches, err := r.GetRecordReader(context.Background(), nil, []int{0})
	if err != nil {
		return names, nil, nil // the schema alone is a help
	}
	defer batches.Release()
	if !batches.Next() {
		return names, nil, nil
	}
	b := batches.RecordBatch()
	for i := range min(int(b.NumRows()), guessRows) {
		row := make([]string, len(names))
		for k := range names {
			if k < int(b.NumCols()) && b.Column(k).IsValid(i) {
				row[k] = b.Column(k).ValueStr(i)
			}
		}
		rows = append(rows, row)
	}
	return names, rows, nil
}

// plainName makes names comparable: lower case, letters and digits only.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// synonyms lists what systems and people call a column of the contract, the surest first, in plainName form.
func synonyms() map[string][]string {
	split := func(s string) []string { return strings.Fields(s) }
	return map[string][]string{
		"customer_id": split("customerid userid clientid contactid personid subscriberid externaluserid profileid subscriberkey leadid memberid householdid unmergedcustomerid customer user client contact uid vid cid fivetranuserid userpseudoid visitorid " +
			"клиент idклиента клиентid кодклиента покупатель контакт пользователь idпользователя подписчик abonentid email почта phone телефон"),
		"message_id":      split("messageid deliveryid sendid dispatchid idписьма idсообщения messageuuid"),
		"channel":         split("channel medium messagemedium channeltype канал каналкоммуникации типканала"),
		"scenario_id":     split("scenarioid scenario flowid flow journeyid journey canvasid canvas workflowid workflow automationid automation chainid сценарий idсценария цепочка scenarioname flowname canvasname workflowname"),
		"step_id":         split("stepid step flowmessageid canvasstepid actionid automationemailid nodeid шаг шагсценария"),
		"entry_id":        split("entryid canvasentryid entranceid enrolmentid enrollmentid"),
		"campaign_id":     split("campaignid campaign mailingid mailinginternalid jobid newsletterid broadcastid кампания рассылка idрассылки campaignname"),
		"template_id":     split("templateid template contentid emailid emailtemplateid шаблон"),
		"kind":            split("kind messagetype mailingtype campaigntype sendtype типрассылки"),
		"variant":         split("variant variation messagevariationid mailingvariantnum вариант"),
		"sent_at":         split("sentat sent senttime sendtime sendat datesent sentdate senddate sentts отправлено датаотправки отправка времяотправки"),
		"delivered_at":    split("deliveredat delivered deliverytime доставлено датадоставки"),
		"opened_at":       split("openedat opened firstopen firstopenedat dateread openat opentime readat открыто прочитано датаоткрытия"),
		"clicked_at":      split("clickedat clicked firstclick firstclickedat dateclicked clickat clicktime клик переход датаклика"),
		"bounced_at":      split("bouncedat bounced bouncetime"),
		"unsubscribed_at": split("unsubscribedat unsubscribed unsubscribetime отписка отписался датаотписки"),
		"complained_at":   split("complainedat complained complaint spamreport жалоба спам"),
		"not_sent_at":     split("notsentat notsent failedat"),
		"not_sent_reason": split("notsentreason notsentsystemname failreason причинанеотправки"),
		"opens":           split("opens opencount открытий"),
		"clicks":          split("clicks clickcount кликов"),
		"machine_open":    split("machineopen isproxyopen"),
		"bot_click":       split("botclick issuspectedbotclick"),
		"bounce_type":     split("bouncetype bouncecategory"),
		"event_type":      split("eventtype metric mailingstatussystemname recipientstate типсобытия статус"),
		"occurred_at":     split("occurredat timestamp eventtime eventts eventtimestamp datetime datetimeutc ts time createdat date eventdate transactiontimestamp purchasedate orderdate visitedat дата время датасобытия датазаказа датавремя"),
		"name":            split("name event eventname action activity activityname событие типсобытия действие"),
		"value":           split("value amount revenue total sum sales salesvalue price orderamount ordervalue totalprice propertyvalue cds сумма выручка стоимость суммазаказа"),
		"event_id":        split("eventid uuid hitid idсобытия"),
		"order_id":        split("orderid order basketid transactionid invoiceid receiptid checkid номерзаказа заказ idзаказа чек"),
		"product_id":      split("productid product sku itemid item productinternalid товар артикул idтовара"),
		"category":        split("category productcategory department категория"),
		"quantity":        split("quantity qty count количество"),
		"price":           split("price unitprice priceperitem цена"),
		"created_at":      split("createdat created signupdate registeredat registrationdate datecreated createtime датарегистрации создан датасоздания"),
		"updated_at":      split("updatedat updated modifiedat lastmodified обновлен датаизменения"),
		"phone":           split("phone phonenumber mobile телефон"),
		"email":           split("email emailaddress mail почта"),
		"owner":           split("owner ownerid manager assignee ответственный менеджер"),
		"timezone":        split("timezone tz часовойпояс"),
		"source":          split("source utmsource источник"),
		"alias_id":        split("aliasid oldid mergedid previousid orphanedbyid unmergedcustomerid vidtomerge староеid"),
		"entered_at":      split("enteredat entrytime startedat dateadded enrolledat enteredtime journeyentry stageenteredat датавхода"),
		"exited_at":       split("exitedat datelastexited endedat exittime датавыхода"),
		"exit_reason":     split("exitreason причинавыхода"),
		"trigger":         split("trigger triggertype триггер"),
		"arm":             split("arm variant group variantid incontrolgroup группа"),
		"segment_id":      split("segmentid segment listid list leadlistid segmentname сегмент группа"),
		"valid_from":      split("validfrom dateadded createdat addedat calculateddatetimeutc from датавхода"),
		"valid_to":        split("validto dateremoved deletedat removedat to датавыхода"),
		"stage":           split("stage stagename status lifecyclestage dealstage стадия этап"),
		"subject":         split("subject subjectline тема"),
		"text":            split("text body bodytext plaintext bodyhtml html текст"),
		"content_hash":    split("contenthash hash"),
		"experiment_id":   split("experimentid experiment abtestid testid эксперимент"),
		"assigned_at":     split("assignedat timestamp assignmenttime assigndate датаназначения"),
		"deal_id":         split("dealid deal opportunityid сделка idсделки"),
		"amount":          split("amount dealamount budget сумма бюджет"),
		"outcome":         split("outcome result итог"),
		"loss_reason":     split("lossreason lostreason причинаотказа"),
		"task_id":         split("taskid task задача idзадачи"),
		"due_at":          split("dueat duedate deadline срок"),
		"done_at":         split("doneat completedat closedat выполнено"),
		"received_at":     split("receivedat processingtime loadedat"),
		"next_step_at":    split("nextstepat nextactivityat следующийшаг"),
		"personalization": split("personalization персонализация"),
		"priority":        split("priority приоритет"),
		"cluster_id":      split("clusterid cluster"),
	}
}

// fileWords lists words in a file's name that speak for an input.
func fileWords() map[string][]string {
	return map[string][]string{
		"messages":            {"message", "send", "mailing", "email_stats", "рассыл", "сообщен", "письм"},
		"message_events":      {"message_event", "email_event", "delivery", "metric", "currents", "статус"},
		"events":              {"event", "transaction", "order", "purchase", "shop", "ecom", "session", "событ", "заказ", "покуп", "cdnow"},
		"order_items":         {"item", "line", "basket", "позиц"},
		"customers":           {"customer", "client", "user", "contact", "person", "subscriber", "demograph", "клиент", "контакт", "пользоват"},
		"identities":          {"identit", "merge", "alias", "слиян"},
		"enrolments":          {"enrol", "entry", "entries", "journey", "campaigns", "campaign_leads"},
		"segment_memberships": {"segment", "list_member", "membership", "сегмент"},
		"stage_history":       {"stage", "стади"},
		"templates":           {"template", "шаблон"},
		"assignments":         {"assign", "experiment", "ab_test", "abtest", "эксперимент"},
		"deals":               {"deal", "opportunit", "сделк"},
		"tasks":               {"task", "задач"},
	}
}

type match struct {
	columns, constants map[string]string
	missing            []string
	score, confidence  float64
}

// match maps the file's columns to one input. Every pair gets a certainty from its name, cut when the values do not read as the type.
func (g *Guessed) match(in Input) match {
	m := match{columns: map[string]string{}, constants: map[string]string{}}
	words := synonyms()
	base := strings.ToLower(filepath.Base(g.Path))
	named := slices.ContainsFunc(fileWords()[in.Name], func(w string) bool { return strings.Contains(base, w) })
	// In a file that is named after its rows, id is their id.
	own := ""
	if named {
		own = map[string]string{"customers": "customer_id", "messages": "message_id", "events": "event_id", "templates": "template_id", "deals": "deal_id", "tasks": "task_id"}[in.Name]
	}
	type pair struct {
		column Column
		source string
		sure   float64
	}
	var pairs []pair
	for _, c := range in.Columns {
		for _, source := range g.Found {
			sure := nameMatch(c.Name, source, words[c.Name])
			if c.Name == own && plainName(source) == "id" {
				sure = 0.7
			}
			if sure > 0 {
				sure *= g.fits(c, source)
			}
			if sure > 0.15 {
				pairs = append(pairs, pair{c, source, sure})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		if a.sure != b.sure {
			if a.sure > b.sure {
				return -1
			}
			return 1
		}
		return 0
	})
	sure := map[string]float64{}
	used := map[string]bool{}
	for _, p := range pairs {
		if _, done := sure[p.column.Name]; !done && !used[p.source] {
			sure[p.column.Name], used[p.source] = p.sure, true
			m.columns[p.column.Name] = p.source
		}
	}
	// A list of orders has no column that names the event.
	if in.Name == "events" && sure["name"] == 0 && sure["customer_id"] > 0 && sure["occurred_at"] > 0 && (sure["value"] > 0 || sure["order_id"] > 0) {
		m.constants["name"] = "order"
		sure["name"] = 0.8
	}
	required, got := 0.0, 0.0
	for _, c := range in.Columns {
		if c.Required {
			required++
			got += sure[c.Name]
			if sure[c.Name] == 0 {
				m.missing = append(m.missing, c.Name)
			}
		}
	}
	if len(in.OneOf) > 0 {
		required++
		best := 0.0
		for _, name := range in.OneOf {
			best = max(best, sure[name])
		}
		got += best
		if best == 0 {
			m.missing = append(m.missing, strings.Join(in.OneOf, " or "))
		}
	}
	m.confidence = got / max(required, 1)
	m.score = m.confidence - 0.5*float64(len(m.missing))
	// Further columns that fit speak for the input, and so does the file's name.
	for name, s := range sure {
		if c, ok := in.Column(name); ok && !c.Required {
			m.score += 0.08 * s
		}
	}
	if named {
		m.score += 0.2
	}
	// Every file of a CRM names customers; a list of them also says something about them, or is named so.
	if in.Name == "customers" && len(m.columns) < 2 && !named {
		m.confidence *= 0.4
		m.score -= 0.5
	}
	return m
}

// nameMatch is how surely a column's name means the column of the contract: 1 for the name itself, less for a synonym, by its place.
func nameMatch(column, source string, synonyms []string) float64 {
	s := plainName(source)
	if s == plainName(column) {
		return 1
	}
	if i := slices.Index(synonyms, s); i >= 0 {
		return 0.95 - 0.4*float64(i)/float64(len(synonyms))
	}
	for _, w := range synonyms {
		if len([]rune(w)) >= 5 && (strings.HasPrefix(s, w) || strings.HasSuffix(s, w)) {
			return 0.35
		}
	}
	return 0
}

// fits is the share of sample values that read as the column's type; 1 without samples.
func (g *Guessed) fits(c Column, source string) float64 {
	values := g.Samples[source]
	if len(values) == 0 {
		return 0.9
	}
	good := 0
	rule := TimeRule{Format: g.TimeFormat}
	for _, v := range values {
		ok := true
		switch c.Type {
		case Time:
			if _, ok = rule.ParseTime(v); !ok {
				_, ok = TimeRule{}.ParseTime(v)
			}
			ok = ok && !(allDigits(v) && len(v) < 8)
		case Money, Float, Int:
			_, ok = ParseMoney(v, g.Dialect.DecimalComma)
		case Bool:
			ok = slices.Contains(trueWords(), strings.ToLower(v)) || slices.Contains(falseWords(), strings.ToLower(v))
		case Text, Key:
			// An instant is no name and no id.
			_, stamp := TimeRule{}.ParseTime(v)
			ok = !(stamp && !allDigits(v)) && len(v) < 200
		}
		if ok {
			good++
		}
	}
	return float64(good) / float64(len(values))
}

// NamesCustomer tells whether a column's name is one by which systems call the customer, not only something like it.
func NamesCustomer(source string) bool {
	return nameMatch("customer_id", source, synonyms()["customer_id"]) >= 0.5
}

// timeFormats lists the formats that Guess tries when a column's values are no ISO 8601.
func timeFormats() []string {
	return []string{"%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
		"%d-%m-%Y %H:%M:%S", "%d-%m-%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d", "%m/%d/%y %H:%M", "%m/%d/%y"}
}

// timeFormat finds the format that reads every sample of some column; "" when ISO 8601 and epochs do, or nothing does.
func (g *Guessed) timeFormat() string {
	for _, name := range g.Found {
		values := g.Samples[name]
		if len(values) == 0 || !strings.ContainsAny(values[0], "./-") || !unicode.IsDigit(rune(values[0][0])) {
			continue
		}
		var fit []string
		for _, f := range timeFormats() {
			if !slices.ContainsFunc(values, func(v string) bool { _, ok := (TimeRule{Format: f}).ParseTime(v); return !ok }) {
				fit = append(fit, f)
			}
		}
		if len(fit) == 0 || !slices.ContainsFunc(values, func(v string) bool { _, ok := (TimeRule{}).ParseTime(v); return !ok }) {
			continue
		}
		if len(fit) > 1 && strings.HasPrefix(fit[0], "%d/%m") && strings.HasPrefix(fit[1], "%m/%d") {
			g.Notes = append(g.Notes, fmt.Sprintf("%s: day and month cannot be told apart in the first rows: %s or %s", name, fit[0], fit[1]))
		}
		return fit[0]
	}
	return ""
}

// finish drops mappings that say nothing, lists what is unused and proposes values for columns with fixed words.
func (g *Guessed) finish() {
	in, ok := InputByName(g.Input)
	mapped := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(g.Columns)) {
		source := g.Columns[name]
		mapped[source] = true
		if source == name {
			delete(g.Columns, name)
		}
		c, _ := in.Column(name)
		if c.Type != Choice {
			continue
		}
		for _, v := range g.Samples[source] {
			if slices.Contains(c.Allowed, strings.ToLower(v)) {
				continue
			}
			if to := knownValue(c.Name, v); to != "" {
				if g.Values[name] == nil {
					g.Values[name] = map[string]string{}
				}
				g.Values[name][v] = to
			}
		}
	}
	for _, source := range g.Found {
		if !mapped[source] {
			g.Unused = append(g.Unused, source)
		}
	}
	if ok && len(g.Missing) > 0 {
		g.Notes = append(g.Notes, "nothing in the file looks like the required "+strings.Join(g.Missing, ", "))
	}
}

// knownValue translates words of common systems into the contract's.
func knownValue(column, value string) string {
	words := map[string]map[string]string{
		"event_type": {"send": "sent", "emailsend": "sent", "smssend": "sent", "pushsend": "sent", "sentemail": "sent", "processed": "sent", "receivedemail": "delivered", "delivery": "delivered", "emaildelivered": "delivered",
			"open": "opened", "emailopen": "opened", "openedemail": "opened", "read": "opened", "click": "clicked", "emailclick": "clicked", "clickedemail": "clicked", "bounce": "bounced", "emailbounce": "bounced", "softbounce": "bounced", "notdelivered": "bounced",
			"unsubscribe": "unsubscribed", "emailunsubscribe": "unsubscribed", "spam": "complained", "spammed": "complained", "markasspam": "complained", "complaint": "complained", "emailcomplaint": "complained", "spamreport": "complained", "markedemailasspam": "complained",
			"dropped": "not_sent", "failed": "not_sent", "abort": "not_sent", "emailsendskip": "not_sent", "notsent": "not_sent", "отправлено": "sent", "доставлено": "delivered", "открыто": "opened", "клик": "clicked", "отписка": "unsubscribed", "жалоба": "complained"},
		"kind":        {"mass": "bulk", "blast": "bulk", "newsletter": "bulk", "campaign": "bulk", "массовая": "bulk", "automation": "trigger", "flow": "trigger", "triggered": "trigger", "триггерная": "trigger", "transaction": "transactional", "транзакционная": "transactional"},
		"bounce_type": {"hardbounce": "hard", "permanent": "hard", "softbounce": "soft", "transient": "soft"},
		"arm":         {"treatment": "treated", "test": "treated", "holdout": "control", "true": "control", "false": "treated"},
		"outcome":     {"closedwon": "won", "closedlost": "lost", "выиграна": "won", "проиграна": "lost"},
	}
	return words[column][plainName(value)]
}
