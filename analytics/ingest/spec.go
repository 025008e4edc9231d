package ingest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"crmaudit/analytics"
)

// Spec is everything the load needs to know; cmd fills it from audit.yaml.
type Spec struct {
	Inputs           map[string][]File
	From, To         time.Time      // the audited period [From, To): midnights of the business zone
	Zone             *time.Location // business zone: days and weeks are cut in it
	Grain            string         // day, week, month, quarter, year
	Currency         string
	Rates            map[string]float64 // currency -> what one of its units is worth in Currency
	OrderEvents      []string
	ActivityEvents   []string
	AttributionHours int64 // window of message events without message_id; 0 means 72
	MaxRejectShare   float64
	ControlTotals    map[string]int64       // input -> rows that the user's own system counts
	BaseDir          string                 // relative paths are relative to it
	TempDir          string                 // rewritten files live here during the load; "" means the system's
	folders          map[string][]neighbour // what profiles have seen beside their files; nil: nothing yet
}

// File is one entry of an input in audit.yaml.
type File struct {
	Path           string                       `yaml:"path"`
	Table          string                       `yaml:"table,omitempty"` // duckdb files: table or schema.table
	Profile        string                       `yaml:"profile,omitempty"`
	Columns        map[string]string            `yaml:"columns,omitempty"` // column of the contract -> column of the file
	Values         map[string]map[string]string `yaml:"values,omitempty"`  // column of the contract -> value of the file -> value
	Constants      map[string]string            `yaml:"constants,omitempty"`
	Only           map[string][]string          `yaml:"only,omitempty"`    // rows with other values are excluded
	Exclude        map[string][]string          `yaml:"exclude,omitempty"` // rows with these values are excluded
	TimeFormat     string                       `yaml:"time_format,omitempty"`
	SourceTimezone string                       `yaml:"source_timezone,omitempty"`
	Encoding       string                       `yaml:"encoding,omitempty"`
	Delimiter      string                       `yaml:"delimiter,omitempty"` // one character or the word whitespace
	Quote          string                       `yaml:"quote,omitempty"`     // one character or the word none
	DecimalComma   *bool                        `yaml:"decimal_comma,omitempty"`
	Header         []string                     `yaml:"header,omitempty"` // names when the file has none
	KeepIdentical  bool                         `yaml:"keep_identical,omitempty"`
	Lookup         []Lookup                     `yaml:"lookup,omitempty"`
	FirstOf        map[string][]string          `yaml:"first_of,omitempty"`      // column of the contract -> columns of the file: the first that is not empty
	Combine        map[string][]string          `yaml:"combine,omitempty"`       // column of the contract -> columns of the file, joined with ":"
	FromFilename   map[string]string            `yaml:"from_filename,omitempty"` // column of the contract -> regular expression on the file's name: its first group
	OnlyRows       map[string][]string          `yaml:"only_rows,omitempty"`     // column of the file: rows with other values are excluded; "" is an empty value
	DropRows       map[string][]string          `yaml:"drop_rows,omitempty"`     // column of the file: rows with these values are excluded
	Newest         *Newest                      `yaml:"newest,omitempty"`        // row versions
	UntilNext      *UntilNext                   `yaml:"until_next,omitempty"`    // intervals from moves
	SnapshotAt     string                       `yaml:"snapshot_at,omitempty"`   // segment_memberships: every row is a line of a dated list; a date, filename or valid_from
}

// Lookup is a left join of a side file before the mapping: its columns become columns of the file, called as.column when As is given. A side file
// has one row per key, or the row with the greatest value of the column Newest counts.
type Lookup struct {
	Path   string            `yaml:"path"`
	As     string            `yaml:"as,omitempty"`
	On     map[string]string `yaml:"on"`             // column of the file or of an earlier lookup -> column of the side file
	Take   []string          `yaml:"take,omitempty"` // columns to take; empty: all
	Newest string            `yaml:"newest,omitempty"`
	more   []string          // further files of the same kind: parts of one export
}

// Newest says that the file holds versions of rows: of those with equal columns Per, over all files of the entry, only the one with the greatest
// value of By counts, the others are duplicates. Values that read as times or numbers are compared as such, others as text.
type Newest struct {
	By  string   `yaml:"by"`
	Per []string `yaml:"per"`
}

// UntilNext says that the file holds moves: the end of a row's interval is the start of the next row with equal columns Per, over all files of the
// entry. Rows whose columns have the values of Ends only end what was before and are excluded.
type UntilNext struct {
	Per  []string            `yaml:"per"`
	Ends map[string][]string `yaml:"ends,omitempty"`
}

// Mistake is one thing to mend. Path points into the configuration ("sources.messages[1].columns.channel") so that the command line can
// name the line. Data tells a mistake of the files (exit code 3) from one of the configuration (2).
type Mistake struct {
	Path string
	What string
	Data bool
}

// Mistakes is the error that carries all of them at once.
type Mistakes []Mistake

// Error lists one mistake per line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, x := range m {
		lines[i] = x.Path + ": " + x.What
	}
	return strings.Join(lines, "\n")
}

// Err wraps the mistakes in the kind of error that decides the exit code; nil when there are none.
func (m Mistakes) Err() error {
	if len(m) == 0 {
		return nil
	}
	for _, x := range m {
		if !x.Data {
			return &analytics.UsageError{Err: m}
		}
	}
	return &analytics.DataError{Err: m}
}

// Validate checks everything about spec that needs no file and reports every mistake at once, in the order of the inputs of the contract.
func Validate(spec Spec) Mistakes {
	var out Mistakes
	add := func(path, format string, args ...any) {
		out = append(out, Mistake{Path: path, What: fmt.Sprintf(format, args...)})
	}
	known := InputNames()
	for _, name := range slices.Sorted(maps.Keys(spec.Inputs)) {
		if !slices.Contains(known, name) {
			add("sources."+name, "unknown input%s: allowed are %s", hint(name, known), strings.Join(known, ", "))
		}
	}
	for _, in := range Inputs() {
		for i, f := range spec.Inputs[in.Name] {
			at := fmt.Sprintf("sources.%s[%d]", in.Name, i)
			validateFile(in, f, at, add)
			if f.Profile != "" {
				if _, err := ProfileByName(f.Profile); err != nil {
					add(at+".profile", "%v", err)
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(spec.ControlTotals)) {
		path := "sources.control_totals." + name
		switch {
		case !slices.Contains(known, name):
			add(path, "unknown input%s: allowed are %s", hint(name, known), strings.Join(known, ", "))
		case len(spec.Inputs[name]) == 0:
			add(path, "a control total for an input without files: add sources.%s or remove the total", name)
		case spec.ControlTotals[name] < 0:
			add(path, "%d is negative: allowed are row counts from 0", spec.ControlTotals[name])
		}
	}
	if !slices.Contains(Grains(), spec.Grain) {
		add("grain", "%q is unknown: allowed are %s", spec.Grain, strings.Join(Grains(), ", "))
	}
	if spec.Zone == nil {
		add("timezone", "missing: allowed are names of the IANA time zone database, such as Europe/Moscow")
	}
	if !spec.From.Before(spec.To) {
		add("period", "from %s is not before to %s", spec.From.Format(time.DateOnly), spec.To.Format(time.DateOnly))
	}
	if spec.MaxRejectShare < 0 || spec.MaxRejectShare > 1 {
		add("max_reject_share", "%v is not a share: allowed are 0 to 1", spec.MaxRejectShare)
	}
	if spec.AttributionHours < 0 {
		add("attribution_hours", "%d is negative: allowed are hours from 0 (0 means the default, 72)", spec.AttributionHours)
	}
	return out
}

func validateFile(in Input, f File, at string, add func(path, format string, args ...any)) {
	if f.Path == "" {
		add(at+".path", "missing: every source needs the path of a file or a glob such as exports/*.csv")
	}
	// Extra columns of the file may be renamed by naming them under columns (attr_city: Город).
	allowed := in.ColumnNames()
	column := func(path, name string) {
		if _, ok := in.Column(name); ok || (in.Extra != "" && strings.HasPrefix(name, in.Extra) && len(name) > len(in.Extra)) {
			return
		}
		more := ""
		if in.Extra != "" {
			more = ", and " + in.Extra + "* for extra columns"
		}
		add(path, "unknown column of %s%s: allowed are %s%s", in.Name, hint(name, allowed), strings.Join(allowed, ", "), more)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Columns)) {
		column(at+".columns."+name, name)
		if f.Columns[name] == "" {
			add(at+".columns."+name, "empty: name the column of the file, or remove the line")
		}
		if _, both := f.Constants[name]; both {
			add(at+".constants."+name, "%s is both a column and a constant: keep one", name)
		}
	}
	validateDerived(in, f, at, column, add)
	choice := func(path, name, value string) {
		c, ok := in.Column(name)
		if ok && c.Type == Choice && value != "" && !slices.Contains(c.Allowed, value) {
			add(path, "%q is not a %s%s: allowed are %s", value, name, hint(value, c.Allowed), strings.Join(c.Allowed, ", "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		column(at+".values."+name, name)
		for _, from := range slices.Sorted(maps.Keys(f.Values[name])) {
			choice(at+".values."+name+"."+from, name, f.Values[name][from])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Constants)) {
		column(at+".constants."+name, name)
		choice(at+".constants."+name, name, f.Constants[name])
	}
	for _, name := range slices.Sorted(maps.Keys(f.Only)) {
		column(at+".only."+name, name)
		for _, v := range f.Only[name] {
			choice(at+".only."+name, name, v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Exclude)) {
		column(at+".exclude."+name, name)
	}
	if f.TimeFormat != "" {
		if err := CheckTimeFormat(f.TimeFormat); err != nil {
			add(at+".time_format", "%v", err)
		}
	}
	if what := snapshotMistake(in, f); what != "" {
		add(at+".snapshot_at", "%s", what)
	}
	if f.SourceTimezone != "" {
		if _, err := LoadZone(f.SourceTimezone); err != nil {
			add(at+".source_timezone", "%v", err)
		}
	}
	if f.Encoding != "" && canonicalEncoding(f.Encoding) == "" {
		add(at+".encoding", "%q is unknown: allowed are %s", f.Encoding, strings.Join(encodings(), ", "))
	}
	if f.Delimiter != "" && f.Delimiter != "whitespace" && (len(f.Delimiter) != 1 || strings.ContainsAny(f.Delimiter, "\"\r\n")) {
		add(at+".delimiter", "%q: allowed are one ASCII character such as \",\", \";\", \"\\t\", \"|\", or the word whitespace", f.Delimiter)
	}
	if f.Quote != "" && f.Quote != "none" && (len(f.Quote) != 1 || f.Quote == f.Delimiter || strings.ContainsAny(f.Quote, "\r\n")) {
		add(at+".quote", "%q: allowed are one ASCII character other than the delimiter, or the word none", f.Quote)
	}
	seen := map[string]bool{}
	for i, h := range f.Header {
		if seen[h] {
			add(fmt.Sprintf("%s.header[%d]", at, i), "%q is there twice: column names must differ", h)
		}
		seen[h] = true
	}
	for i, l := range f.Lookup {
		if l.Path == "" {
			add(fmt.Sprintf("%s.lookup[%d].path", at, i), "missing: the path of the side file")
		}
		if len(l.On) == 0 {
			add(fmt.Sprintf("%s.lookup[%d].on", at, i), "missing: which column of the file equals which column of the side file, such as on: {campaign_id: id}")
		}
	}
}

// validateDerived checks the keys that make a column from several, and those that choose rows by columns of the file. column checks a name of the contract.
func validateDerived(in Input, f File, at string, column func(path, name string), add func(path, format string, args ...any)) {
	given := map[string]string{}
	for name := range f.Columns {
		given[name] = "columns"
	}
	for name := range f.Constants {
		given[name] = "constants"
	}
	once := func(key, name string) {
		column(at+"."+key+"."+name, name)
		if before := given[name]; before != "" {
			add(at+"."+key+"."+name, "%s is under %s too: keep one", name, before)
		}
		given[name] = key
	}
	for _, group := range []struct {
		key   string
		lists map[string][]string
	}{{"first_of", f.FirstOf}, {"combine", f.Combine}} {
		for _, name := range slices.Sorted(maps.Keys(group.lists)) {
			once(group.key, name)
			if list := group.lists[name]; len(list) == 0 || slices.Contains(list, "") {
				add(at+"."+group.key+"."+name, "a list of columns of the file, none of them empty")
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.FromFilename)) {
		once("from_filename", name)
		if re, err := regexp.Compile(f.FromFilename[name]); err != nil || re.NumSubexp() != 1 {
			add(at+".from_filename."+name, "%q: a regular expression with one group, such as ^segment-(.*)-20", f.FromFilename[name])
		}
	}
	rows := func(key string, lists map[string][]string) {
		for _, name := range slices.Sorted(maps.Keys(lists)) {
			if name == "" || len(lists[name]) == 0 {
				add(at+"."+key, "a column of the file and a list of its values; \"\" is an empty value")
			}
		}
	}
	rows("only_rows", f.OnlyRows)
	rows("drop_rows", f.DropRows)
	if n := f.Newest; n != nil && (n.By == "" || len(n.Per) == 0 || slices.Contains(n.Per, "")) {
		add(at+".newest", "write newest: {by: the column with the version, per: [the columns of the key]}")
	}
	if u := f.UntilNext; u != nil {
		start, end, ok := in.interval()
		switch {
		case !ok:
			add(at+".until_next", "%s has no interval: allowed for segment_memberships and enrolments", in.Name)
		case given[end] != "":
			add(at+".until_next", "%s is under %s too: until_next makes it from the next %s", end, given[end], start)
		case f.SnapshotAt != "":
			add(at+".until_next", "not together with snapshot_at: a file holds moves or lists")
		}
		if len(u.Per) == 0 || slices.Contains(u.Per, "") {
			add(at+".until_next.per", "the columns of the file that say whose interval it is, such as [user_id, list_id]")
		}
		rows("until_next.ends", u.Ends)
	}
}

// interval names the columns of the input's interval.
func (in Input) interval() (start, end string, ok bool) {
	for _, c := range in.Columns {
		if c.NotAfter != "" {
			return c.Name, c.NotAfter, true
		}
	}
	return "", "", false
}

// hint offers the nearest allowed word.
func hint(word string, among []string) string {
	if near := analytics.Nearest(word, among); near != "" && near != word {
		return fmt.Sprintf(" (did you mean %s?)", near)
	}
	return ""
}

// Grains lists the allowed lengths of a period.
func Grains() []string { return []string{"day", "week", "month", "quarter", "year"} }

// LoadZone loads a zone of the IANA database, which is linked into the program.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not a time zone: allowed are names of the IANA time zone database, such as UTC or Europe/Moscow", name)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone: allowed are names of the IANA time zone database, such as UTC or Europe/Moscow", name)
	}
	return z, nil
}
