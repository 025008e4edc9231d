package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
	"crmaudit/analytics/ingest"
	"crmaudit/analytics/report"
	"crmaudit/lifecycle"
	"crmaudit/queries"
)

// automations is the twelve usual trigger rules, commented out; a test holds that they are valid.
//
//go:embed automations.yaml
var automations string

func initCommand() command {
	return command{
		name:  "init",
		args:  "PATH... [--out audit.yaml] [--force]",
		short: "look at files and write a commented audit.yaml",
		long: `Looks at files (folders are walked), recognises the exports of vendors by their columns and names (and says by which), guesses for all other
files which input each one is and how its columns map, reads them once to find the period and the order events, writes a commented
audit.yaml, and says what each block will and will not be able to answer. Guesses to confirm are marked "?" in the file. An existing file
is kept unless --force is given.

  crmaudit init exports/ --timezone Europe/Moscow --currency RUB --language ru`,
		prepare: func(flags *pflag.FlagSet) func(context.Context, *environment, []string) error {
			out := flags.String("out", "audit.yaml", "the file to write")
			force := flags.Bool("force", false, "overwrite an existing file")
			draft := draft{}
			flags.StringVar(&draft.timezone, "timezone", "UTC", "business zone")
			flags.StringVar(&draft.currency, "currency", "USD", "currency of money columns")
			flags.StringVar(&draft.language, "language", "en", "language of report and texts: ru or en")
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) == 0 {
					return advise(analytics.Usagef("init: no files"), "Name files or folders: crmaudit init exports/")
				}
				if _, err := os.Lstat(*out); err == nil && !*force {
					return advise(analytics.Usagef("init: %s exists", *out), "Choose another name with --out, or overwrite it with --force.")
				}
				draft.out = *out
				return initialise(ctx, env, &draft, args)
			}
		},
	}
}

// draft is an audit.yaml in the making.
type draft struct {
	out, timezone, currency, language string
	files                             []draftFile
	skipped                           []string // file: why
	from, to                          string
	sure                              bool // the period comes from the data
	orderEvents                       []string
	eventNames                        []string
	vendors                           vendors
}

// draftFile is one entry of sources.
type draftFile struct {
	guess  ingest.Guessed
	path   string // as it stands in audit.yaml: relative, a glob when several files are parts of one export
	parts  int
	vendor *ingest.Recognised // nil: guessed
	// A table of a vendor that its profile does not know is seldom what its columns look like.
	doubtful bool
}

// columns is the columns of the contract that the file gives.
func (f draftFile) columns() []string {
	var out []string
	for ours := range f.guess.Columns {
		out = append(out, ours)
	}
	for ours := range f.guess.Constants {
		out = append(out, ours)
	}
	return append(out, f.guess.Found...)
}

func initialise(ctx context.Context, env *environment, d *draft, paths []string) error {
	found, err := findFiles(paths)
	if err != nil {
		return err
	}
	if err := d.recognise(found); err != nil {
		return err
	}
	for i, path := range found {
		env.progress.report("look at files", int64(i), int64(len(found)))
		if d.vendors.knows(path) {
			continue
		}
		g, err := ingest.Guess(path)
		switch {
		case err != nil:
			d.skipped = append(d.skipped, fmt.Sprintf("%s: %v", path, err))
		case g.Input == "":
			d.skipped = append(d.skipped, path+": "+strings.Join(append([]string{"no input of the contract fits"}, g.Notes...), "; "))
		default:
			if len(g.Missing) == 1 && g.Input == "messages" && g.Missing[0] == "channel" {
				g.Missing, g.Constants["channel"] = nil, "email"
				g.Notes = append(slices.DeleteFunc(g.Notes, func(n string) bool { return strings.HasPrefix(n, "nothing in the file looks like") }),
					"no column says the channel: all messages are taken as email")
			}
			if err := d.add(g, nil); err != nil {
				return err
			}
		}
	}
	env.progress.finish()
	if len(d.files) == 0 {
		for _, s := range d.skipped {
			env.log.Warn(s)
		}
		return advise(analytics.Usagef("init: none of the %d files looks like an input", len(found)),
			"See `crmaudit help config` for the inputs and their columns, and write audit.yaml by hand.")
	}
	d.guessPeriod()
	if _, err := parseConfig(d.out, []byte(d.render())); err != nil {
		return err // a flag that no audit.yaml may hold
	}
	problem := d.probe(ctx, env)
	if errors.Is(problem, context.Canceled) {
		return problem
	}
	text := d.render()
	if err := os.WriteFile(d.out, []byte(text), 0o666); err != nil {
		return analytics.Enginef("write %s: %w", d.out, err)
	}
	return d.explain(env, problem)
}

// findFiles walks folders and keeps the files that an input may be; a file that is named is taken whatever it is called.
func findFiles(paths []string) ([]string, error) {
	var found []string
	for _, root := range paths {
		before := len(found)
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
				return filepath.SkipDir
			case entry.IsDir():
				return nil
			case path == root, dataFile.MatchString(strings.ToLower(entry.Name())) && !slices.Contains(published(), entry.Name()):
				found = append(found, path)
			}
			return nil
		})
		if err != nil {
			return nil, analytics.Usagef("init: look for files: %w", err)
		}
		if len(found) == before {
			return nil, advise(analytics.Usagef("init: no data files in %s", root), "Data files are csv, tsv, txt, ndjson, jsonl, json with one object per line (also .gz and .zst), parquet and duckdb.")
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

var (
	dataFile = regexp.MustCompile(`\.(csv|tsv|txt|ndjson|jsonl|json|parquet|duckdb)(\.(gz|zst))?$`)
	partMark = regexp.MustCompile(`[0-9]+(\.[a-z.]+)$`)
)

// add takes a file in; one that is a further part of an export already there (the same name but for a number, the same columns) joins it as
// a glob.
func (d *draft) add(g ingest.Guessed, vendor *ingest.Recognised) error {
	relative, err := relativeTo(filepath.Dir(d.out), g.Path)
	if err != nil {
		return err
	}
	for i := range d.files {
		f := &d.files[i]
		same := f.guess.Input == g.Input && slices.Equal(f.guess.Found, g.Found) && (f.vendor == nil) == (vendor == nil)
		if glob := partMark.ReplaceAllString(relative, "*$1"); same && glob != relative && glob == partMark.ReplaceAllString(filepath.ToSlash(f.first(d)), "*$1") {
			f.path = glob
			f.parts++
			return nil
		}
	}
	f := draftFile{guess: g, path: relative, parts: 1, vendor: vendor}
	if why := d.vendors.doubt(g); vendor == nil && why != "" {
		f.doubtful = true
		f.guess.Notes = append(f.guess.Notes, why)
	}
	d.files = append(d.files, f)
	return nil
}

// first is the relative path of the first file of an entry.
func (f *draftFile) first(d *draft) string {
	path, err := relativeTo(filepath.Dir(d.out), f.guess.Path)
	if err != nil {
		return f.guess.Path
	}
	return path
}

func relativeTo(dir, path string) (string, error) {
	absDir, err := filepath.Abs(dir)
	if err != nil {
		return "", analytics.Enginef("init: %w", err)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", analytics.Enginef("init: %w", err)
	}
	relative, err := filepath.Rel(absDir, abs)
	if err != nil {
		return filepath.ToSlash(abs), nil // another volume
	}
	return filepath.ToSlash(relative), nil
}

// complete tells whether every required column of the file has been found.
func (f draftFile) complete() bool { return len(f.guess.Missing) == 0 && !f.doubtful }

// active is the files that the draft uses: the complete ones, or all when there is none. The others stand in it as comments.
func (d *draft) active() (active, waiting []draftFile) {
	for _, f := range d.files {
		if f.complete() {
			active = append(active, f)
		} else {
			waiting = append(waiting, f)
		}
	}
	if len(active) == 0 {
		return waiting, nil
	}
	return active, waiting
}

// guessPeriod takes the period from the stamps in the first rows, for the case that the files cannot be loaded yet.
func (d *draft) guessPeriod() {
	var first, last time.Time
	for _, f := range d.files {
		for _, values := range f.guess.Samples {
			for _, v := range values {
				rule := ingest.TimeRule{Format: f.guess.TimeFormat}
				if t, ok := rule.ParseTime(v); ok && t.Year() >= 2000 && t.Year() < 2100 {
					if first.IsZero() || t.Before(first) {
						first = t
					}
					if t.After(last) {
						last = t
					}
				}
			}
		}
	}
	if first.IsZero() { // nothing is dated: the year until now
		last = time.Now().UTC()
		first = last.AddDate(-1, 0, 0)
	}
	d.setPeriod(first, last)
}

// setPeriod audits the last year of whole weeks between the first and the last day of the data.
func (d *draft) setPeriod(first, last time.Time) {
	monday := func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
	to := monday(last.AddDate(0, 0, 1))
	from := monday(first)
	if year := to.AddDate(0, 0, -52*7); from.Before(year) {
		from = year
	}
	if !from.Before(to) {
		to = from.AddDate(0, 0, 7)
	}
	d.from, d.to = from.Format(time.DateOnly), to.Format(time.DateOnly)
}

// probe loads the files as the draft says into a temporary database: the load finds what does not fit, the data give the period and the
// order events. The problem that it returns does not keep the draft from being written.
func (d *draft) probe(ctx context.Context, env *environment) (problem error) {
	wide := *d
	wide.from, wide.to = "1990-01-01", "2100-01-01"
	c, err := parseConfig(d.out, []byte(wide.render()))
	if active, _ := d.active(); err != nil || !active[0].complete() {
		return err
	}
	c.MaxRejectShare = 1
	dir, err := os.MkdirTemp("", "crmaudit-init-")
	if err != nil {
		return analytics.Enginef("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	db, err := duck.Open(ctx, c.engineOptions(filepath.Join(dir, workName)))
	if err != nil {
		return err
	}
	defer func() { problem = errors.Join(problem, db.Close()) }()
	loaded, err := load(ctx, env, c, db, dir)
	env.progress.finish()
	if err != nil {
		return err
	}
	for _, s := range loaded.Sources {
		if s.Read > 0 && float64(s.Rejected) > 0.01*float64(s.Read) {
			problem = errors.Join(problem, analytics.Dataf("%s: %d of %d rows would be rejected as %s: `crmaudit check` says why", s.Path, s.Rejected, s.Read, s.Input))
		}
	}
	rows, err := each(ctx, db, "SELECT first_day, last_day FROM core.history")
	if err != nil {
		return err
	}
	if len(rows) == 1 {
		first, okFirst := rows[0][0].(int64)
		last, okLast := rows[0][1].(int64)
		if okFirst && okLast && last < ingest.Latest().Unix()/86400-1 { // else nothing is dated, and this is the period itself
			d.setPeriod(time.Unix(first*86400, 0).UTC(), time.Unix(last*86400, 0).UTC())
			d.sure = true
		}
	}
	rows, err = each(ctx, db, "SELECT CAST(name AS VARCHAR) AS name, count(value_minor) AS valued FROM core.events GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 200")
	if err != nil {
		return err
	}
	var valued []string
	for _, row := range rows {
		name := cellText(row[0], "")
		d.eventNames = append(d.eventNames, name)
		if orderWord.MatchString(name) && !noOrderWord.MatchString(name) {
			d.orderEvents = append(d.orderEvents, name)
			if n, ok := row[1].(int64); ok && n > 0 {
				valued = append(valued, name)
			}
		}
	}
	switch known := d.vendors.events(func(p *ingest.Profile) []string { return p.Orders }, d.eventNames); {
	case len(known) > 0:
		d.orderEvents = known
	case slices.Contains(d.orderEvents, "order"):
		d.orderEvents = []string{"order"}
	case len(valued) > 0: // an order is worth something
		d.orderEvents = valued
	}
	return problem
}

// What people call an order, and what only sounds like one.
var (
	orderWord   = regexp.MustCompile(`(?i)order|purchase|payment|transaction|checkout_?complete|^paid$|заказ|покупк|оплат`)
	noOrderWord = regexp.MustCompile(`(?i)cancel|refund|return|abandon|view|start|fail|created_draft|отмен|возврат|choice|button|page|detail|card|cash|error|method|status`)
)

// each reads all rows of a small query.
func each(ctx context.Context, db *duck.DB, text string) (out [][]any, err error) {
	rows, err := db.Query(ctx, text)
	if err != nil {
		return nil, err
	}
	for row := rows.Next(); row != nil; row = rows.Next() {
		out = append(out, row)
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// render writes the draft as commented YAML.
func (d *draft) render() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Written by crmaudit init. What is marked ? is a guess: confirm or correct it, then run `crmaudit check -c %s`.", comment(filepath.Base(d.out)))
	line("# `crmaudit help config` describes every key.")
	line("version: 1")
	line("name: %s", yamlText(strings.TrimSuffix(filepath.Base(d.out), filepath.Ext(d.out))))
	if d.sure {
		line("period: {from: %s, to: %s}   # the last year of whole weeks in the data; earlier rows feed recency and history", d.from, d.to)
	} else {
		line("period: {from: %s, to: %s}   # ? what to audit: days [from, to)", d.from, d.to)
	}
	line("grain: week          # day, week, month, quarter or year")
	line("timezone: %s        # ? the business zone, for example Europe/Moscow", yamlText(d.timezone))
	line("currency: %s        # ?", yamlText(d.currency))
	line("language: %s         # of report and texts: ru or en", yamlText(d.language))
	line("# money: {margin: 0.35}   # share of revenue that is profit; without it money is revenue")
	line("")
	d.vendors.render(line, d)
	line("sources:")
	active, waiting := d.active()
	d.renderSources(line, active)
	if len(waiting) > 0 {
		line("  # These files wait for the required columns that are marked ?, or for your word that they are what they look like. Then take the # away.")
		d.renderSources(func(format string, args ...any) { line("#"+format, args...) }, waiting)
	}
	line("")
	line("lifecycle:")
	line("  preset: ecommerce    # or food_retail, subscription, service, or your own stages: see `crmaudit help config`")
	switch {
	case len(d.orderEvents) > 0:
		line("  order_events: %s   # ? which events are orders", yamlList(d.orderEvents))
	case len(d.eventNames) > 0:
		line("  order_events: [order]   # ? no event looks like an order; there are %s", comment(strings.Join(d.eventNames[:min(12, len(d.eventNames))], ", ")))
	default:
		line("  order_events: [order]")
	}
	if acts := d.vendors.events(func(p *ingest.Profile) []string { return p.Acts }, d.eventNames); len(acts) > 0 {
		line("  activity_events: %s   # which events are a sign of life", yamlList(acts))
	}
	d.vendors.renderScenarios(line)
	line("")
	b.WriteString(automations)
	return b.String()
}

func (d *draft) renderSources(line func(string, ...any), files []draftFile) {
	for _, input := range ingest.InputNames() {
		of := slices.DeleteFunc(slices.Clone(files), func(f draftFile) bool { return f.guess.Input != input })
		if len(of) > 0 {
			line("  %s:", input)
		}
		for _, f := range of {
			d.renderFile(line, f)
		}
	}
}

func (d *draft) renderFile(line func(string, ...any), f draftFile) {
	if f.vendor != nil {
		f.renderVendor(line)
		return
	}
	g := f.guess
	parts := ""
	if f.parts > 1 {
		parts = fmt.Sprintf(", %d files", f.parts)
	}
	line("    # %s%s; taken for %s with certainty %.0f %%", comment(g.Dialect.String()), parts, g.Input, 100*g.Confidence)
	for _, n := range g.Notes {
		line("    # ? %s", comment(n))
	}
	if in, ok := ingest.InputByName(g.Input); ok && len(g.Unused) > 0 {
		fate := "not used"
		if in.Extra != "" {
			fate = "kept as " + in.Extra + "<name>"
		}
		line("    # further columns of the file, %s: %s", fate, comment(strings.Join(g.Unused, ", ")))
	}
	line("    - path: %s", yamlText(f.path))
	if len(g.Header) > 0 {
		line("      header: %s   # ? names for a file without them", yamlList(g.Header))
	}
	if len(g.Columns) > 0 {
		line("      columns: %s", yamlMap(g.Columns))
	}
	for _, name := range g.Missing {
		line("      # ? %s is required, and no column looks like it: add it to columns", name)
	}
	if len(g.Values) > 0 {
		var pairs []string
		for _, name := range sortedKeys(g.Values) {
			pairs = append(pairs, yamlText(name)+": "+yamlMap(g.Values[name]))
		}
		line("      values: {%s}", strings.Join(pairs, ", "))
	}
	if len(g.Constants) > 0 {
		line("      constants: %s   # ? the same for every row", yamlMap(g.Constants))
	}
	if g.TimeFormat != "" {
		line("      time_format: %s", yamlText(g.TimeFormat))
	}
	if _, dated := g.Columns["valid_from"]; g.Input == "segment_memberships" && !dated && g.Columns["valid_to"] == "" && ingest.DateInName(g.Path) != "" {
		line("      snapshot_at: filename   # ? a list of members of the day in the file's name; it holds until the next list")
	}
	if d.timezone != "UTC" {
		line("      source_timezone: %s   # ? zone of stamps that carry none", yamlText(d.timezone))
	}
}

// comment keeps a text of the user's on the line of a comment.
func comment(s string) string { return printable(s) }

var plainYAML = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_./-]*$`)

// yamlText is a scalar that reads back as the same text.
func yamlText(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
	default:
		if plainYAML.MatchString(s) {
			return s
		}
	}
	return string(jsonText(s)) // JSON strings are YAML strings
}

func yamlList(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = yamlText(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func yamlMap(m map[string]string) string {
	var pairs []string
	for _, k := range sortedKeys(m) {
		pairs = append(pairs, yamlText(k)+": "+yamlText(m[k]))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// explain says what was found and what the audit will and will not answer.
func (d *draft) explain(env *environment, problem error) error {
	var b strings.Builder
	d.vendors.explain(&b, d)
	for _, f := range d.files {
		if f.vendor != nil {
			continue
		}
		fmt.Fprintf(&b, "%s: %s (certainty %.0f %%)\n", printable(f.path), f.guess.Input, 100*f.guess.Confidence)
		for _, n := range f.guess.Notes {
			fmt.Fprintf(&b, "  ? %s\n", printable(n))
		}
	}
	for _, s := range d.skipped {
		fmt.Fprintf(&b, "%s (left out)\n", printable(s))
	}
	texts, err := report.LoadTexts()
	if err != nil {
		return err
	}
	b.WriteString("\nWhat the audit will be able to answer:\n")
	active, waiting := d.active()
	given := givenBy(active)
	rows, err := coverageOf(given)
	if err != nil {
		return err
	}
	said := map[string]bool{}
	for _, row := range rows {
		answers, _ := texts.CoverageText(row)
		words := answers.En
		if d.language == "ru" {
			words = answers.Ru
		}
		mark, needs := "+", ""
		if !row.Present {
			mark, needs = "-", "  (needs "+strings.TrimSuffix(row.Input, ".bulk")+")"
		}
		line := fmt.Sprintf("  %s %s: %s%s\n", mark, row.Block, words, needs)
		if !said[line] { // several columns may answer one question
			b.WriteString(line)
		}
		said[line] = true
	}
	if err := d.explainGaps(&b, given); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nWritten: %s. ", d.out)
	if problem != nil {
		fmt.Fprintf(&b, "Before it works:\n%s\n", strings.TrimSpace(problem.Error()))
	} else if !active[0].complete() {
		b.WriteString("Before it works, give the required columns that are marked ? in it.\n")
	} else if len(waiting) > 0 {
		doubtful := 0
		for _, f := range waiting {
			if f.doubtful {
				doubtful++
			}
		}
		if lacking := len(waiting) - doubtful; lacking > 0 {
			fmt.Fprintf(&b, "%d of the files stand in it as comments: they lack required columns.\n", lacking)
		}
		if doubtful > 0 {
			fmt.Fprintf(&b, "%d of the files stand in it as comments: they lie beside the export of a vendor and are none of the files that its profile knows.\n", doubtful)
		}
	}
	fmt.Fprintf(&b, "Next: look through the lines marked ?, then crmaudit check -c %s\n", d.out)
	_, err = env.stdout.Write([]byte(b.String()))
	return err
}

// givenBy is the inputs and columns that the files give. Facts of messages give messages with what facts tell, but for what the vendor does not record.
func givenBy(files []draftFile) map[string]bool {
	given := map[string]bool{}
	for _, f := range files {
		input := f.guess.Input
		given[input] = true
		for _, column := range f.columns() {
			given[input+"."+column] = true
			if input == "message_events" {
				given["messages."+column] = true
			}
		}
		if input != "message_events" {
			continue
		}
		given["messages"] = true
		for _, column := range []string{"sent_at", "delivered_at", "opened_at", "clicked_at", "bounced_at", "unsubscribed_at", "complained_at"} {
			given["messages."+column] = given["messages."+column] || f.vendor == nil || !slices.ContainsFunc(f.vendor.Profile.Cannot, func(g ingest.Gap) bool { return g.Input == "messages."+column })
		}
	}
	return given
}

// answerable tells whether what a block asks for is given: an input, a column of one ("messages.kind"), or what every input has. later is true for
// keys of audit.yaml, which no file gives, and for what only the data can tell ("orders.repeats", "messages.levels").
func answerable(input string, given map[string]bool) (present, later bool) {
	name, column, _ := strings.Cut(input, ".")
	switch {
	case name == "triggers", name == "scenarios", name == "policy":
		return false, true
	case input == "customers", input == "history", input == "stages":
		return true, false // every input names customers and has a time
	case input == "orders", input == "events":
		return given["events"] || given["order_items"], false
	case input == "messages.bulk":
		return given["messages.kind"], false
	}
	in, known := ingest.InputByName(name)
	_, there := in.Column(column)
	extra := in.Extra != "" && strings.HasPrefix(column, in.Extra)
	return given[input], !known || column != "" && !there && !extra
}

// coverageOf is what the blocks say about inputs before any data are read. What only the data can tell (enough customers, a long enough history)
// is in the coverage of the report.
func coverageOf(given map[string]bool) ([]analytics.Coverage, error) {
	models, err := queries.Catalog()
	if err != nil {
		return nil, fmt.Errorf("read the models: %w", err)
	}
	var out []analytics.Coverage
	c := defaultConfig()
	for _, b := range blocks(&c, lifecycle.Rules{}) {
		r, err := b.Run(context.Background(), duck.Nothing(models), c.settings(given))
		if err != nil {
			return nil, fmt.Errorf("ask %s about its inputs: %w", b.Name, err)
		}
		for _, row := range r.Coverage {
			var later bool
			if row.Present, later = answerable(row.Input, given); later {
				continue
			}
			out = append(out, row)
		}
	}
	return out, nil
}
