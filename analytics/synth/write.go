package synth

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"

	"crmaudit/analytics"
)

// The formats of Write.
const (
	CSV     = "csv"
	Parquet = "parquet"
)

// inputOrder names the inputs and their order in audit.yaml.
var inputOrder = map[string]int{
	"messages": 0, "events": 1, "order_items": 2, "customers": 3, "identities": 4, "enrolments": 5, "segment_memberships": 6,
	"stage_history": 7, "templates": 8, "assignments": 9, "deals": 10, "tasks": 11, "message_events": 12,
}

// dialect is how one text file is written.
type dialect struct {
	delimiter    byte
	decimalComma bool
	windows1251  bool
	local        bool // "02.01.2006 15:04:05" in the business zone instead of ISO 8601 in UTC
}

// Progress reports done of total customers; it may be called from several goroutines, never at the same time.
type Progress func(step string, done, total int64)

// Write generates the world into dir: one set of files per input (<input>.csv, or <input>-001.csv … when there are more than 50,000
// customers), audit.yaml that audits them, and truth.json, which comes last: with it the world is whole. What an earlier Write left in dir is replaced; a directory that holds another
// audit.yaml is refused. The bytes written depend on cfg (Workers aside) and format only.
func Write(ctx context.Context, cfg Config, dir, format string, progress Progress) error {
	cfg, err := cfg.normalize()
	if err != nil {
		return err
	}
	if format != CSV && format != Parquet {
		return analytics.Usagef("format %q: choose csv or parquet", format)
	}
	if err := prepare(dir); err != nil {
		return err
	}
	w := newWorld(cfg)
	parts := (cfg.Customers + cfg.partSize - 1) / cfg.partSize
	results := make([]partResult, parts)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var done int64
	report := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		done += int64(n)
		if progress != nil {
			progress("generate", done, int64(cfg.Customers))
		}
	}
	next := make(chan int)
	go func() {
		defer close(next)
		for p := range parts {
			select {
			case next <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	var wg sync.WaitGroup
	for range min(cfg.Workers, parts) {
		wg.Go(func() {
			s := newSim(w)
			for p := range next {
				if err := w.writePart(ctx, s, dir, format, p, parts, &results[p], report); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("write world to %s: %w", dir, context.Cause(ctx))
	}
	var all facts
	var files []FileTruth
	for i := range results {
		all.add(&results[i].facts)
		files = append(files, results[i].files...)
	}
	slices.SortStableFunc(files, func(a, b FileTruth) int { return inputOrder[a.Input] - inputOrder[b.Input] })
	truth := w.truth(&all, files)
	if cfg.Counterfactual {
		if truth.Effects, err = counterfactual(ctx, w); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, "audit.yaml"), w.auditYAML(files, format)); err != nil {
		return err
	}
	data, err := json.MarshalIndent(truth, "", "  ")
	if err != nil {
		return fmt.Errorf("encode truth.json: %w", err)
	}
	return writeFile(filepath.Join(dir, "truth.json"), append(data, '\n'))
}

func writeFile(path string, data []byte) error {
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return analytics.Enginef("write %s: %w", path, err)
	}
	return nil
}

// signature begins every audit.yaml that Write makes.
const signature = "# A made-up company, written by crmaudit"

// prepare makes dir and removes the files of an earlier world: globs of the new audit.yaml might catch its data, and an old truth.json
// beside half of the new data would be a lie.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return analytics.Enginef("make directory for the made-up company: %w", err)
	}
	config := filepath.Join(dir, "audit.yaml")
	old, err := os.ReadFile(config)
	switch {
	case err == nil && !bytes.HasPrefix(old, []byte(signature)):
		return analytics.Usagef("%s holds an audit.yaml that crmaudit simulate did not write: choose another directory", dir)
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return analytics.Enginef("look at the audit.yaml in the way: %w", err)
	}
	for _, path := range []string{filepath.Join(dir, "truth.json"), config} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return analytics.Enginef("remove old %s: %w", path, err)
		}
	}
	for input := range inputOrder {
		for _, ext := range []string{CSV, Parquet} {
			old, err := filepath.Glob(filepath.Join(dir, input+"-[0-9][0-9][0-9]*."+ext))
			if err != nil {
				return analytics.Usagef("look for old files in %s: %w", dir, err)
			}
			for _, path := range append(old, filepath.Join(dir, input+"."+ext)) {
				if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
					return analytics.Enginef("remove old %s: %w", path, err)
				}
			}
		}
	}
	return nil
}

type partResult struct {
	facts facts
	files []FileTruth
}

// writePart writes the files of customers [part*partSize, (part+1)*partSize).
func (w *world) writePart(ctx context.Context, s *sim, dir, format string, part, parts int, result *partResult, report func(n int)) (err error) {
	o := &opener{w: w, dir: dir, format: format, part: part, parts: parts}
	defer func() {
		if err != nil {
			o.abort()
		}
	}()
	customers := open(o, "customers", customerColumns(), dialect{delimiter: ','})
	messages := open(o, "messages", messageColumns(), dialect{delimiter: ','})
	events := open(o, "events", eventColumns(), dialect{delimiter: ','})
	orderItems := open(o, "order_items", orderItemColumns(), w.orderItemsDialect())
	identities := open(o, "identities", identityColumns(), dialect{delimiter: ','})
	enrolments := open(o, "enrolments", enrolmentColumns(), dialect{delimiter: ','})
	memberships := open(o, "segment_memberships", membershipColumns(), dialect{delimiter: ','})
	assignments := open(o, "assignments", assignmentColumns(), dialect{delimiter: ','})
	deals := open(o, "deals", dealColumns(), dialect{delimiter: ','})
	tasks := open(o, "tasks", taskColumns(), dialect{delimiter: ','})
	var clicks *file[MessageEvent]
	if w.blocks {
		clicks = open(o, "message_events", clickColumns(), dialect{delimiter: ','})
	}
	var stages *file[StageEntry]
	if w.cfg.StageHistory {
		stages = open(o, "stage_history", stageColumns(), dialect{delimiter: ','})
	}
	var templates *file[Template]
	if part == 0 {
		whole := *o
		whole.parts = 1
		templates = open(&whole, "templates", templateColumns(), dialect{delimiter: ','})
		o.files, o.err = whole.files, whole.err
	}
	if o.err != nil {
		return o.err
	}
	last := min((part+1)*w.cfg.partSize, w.cfg.Customers)
	c := &Chunk{fates: map[string]Fates{}}
	for from := part * w.cfg.partSize; from < last; from += chunkSize {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		to := min(from+chunkSize, last)
		c.reset()
		s.run(from, to, c)
		if from == 0 {
			c.Templates = append(c.Templates, w.templates...)
		}
		result.facts.add(&c.facts)
		count(c.fates, "customers", len(c.Customers))
		count(c.fates, "messages", len(c.Messages))
		count(c.fates, "events", len(c.Events))
		count(c.fates, "order_items", len(c.OrderItems))
		count(c.fates, "identities", len(c.Identities))
		count(c.fates, "enrolments", len(c.Enrolments))
		count(c.fates, "segment_memberships", len(c.Memberships))
		count(c.fates, "stage_history", len(c.Stages))
		count(c.fates, "templates", len(c.Templates))
		count(c.fates, "assignments", len(c.Assignments))
		count(c.fates, "deals", len(c.Deals))
		count(c.fates, "tasks", len(c.Tasks))
		count(c.fates, "message_events", len(c.Clicks))
		if w.cfg.Dirty {
			w.spoil(c, from/chunkSize, format == CSV)
		}
		if err := errors.Join(customers.write(c.Customers), messages.write(c.Messages), events.write(c.Events), orderItems.write(c.OrderItems),
			identities.write(c.Identities), enrolments.write(c.Enrolments), memberships.write(c.Memberships), assignments.write(c.Assignments),
			deals.write(c.Deals), tasks.write(c.Tasks), stages.write(c.Stages), templates.write(c.Templates), clicks.write(c.Clicks)); err != nil {
			return err
		}
		report(to - from)
	}
	for _, f := range o.files {
		if err := f.close(); err != nil {
			return analytics.Enginef("write %s: %w", f.path, err)
		}
		result.files = append(result.files, FileTruth{Input: f.input, Path: filepath.Base(f.path), Fates: c.fates[f.input]})
	}
	o.files = nil
	return nil
}

func count(fates map[string]Fates, input string, n int) {
	f := fates[input]
	f.Rows += int64(n)
	f.Loaded += int64(n)
	fates[input] = f
}

func (c *Chunk) reset() {
	c.Customers, c.Messages, c.Events, c.OrderItems = c.Customers[:0], c.Messages[:0], c.Events[:0], c.OrderItems[:0]
	c.Identities, c.Enrolments, c.Memberships, c.Templates = c.Identities[:0], c.Enrolments[:0], c.Memberships[:0], c.Templates[:0]
	c.Assignments, c.Stages, c.Deals, c.Tasks, c.Clicks = c.Assignments[:0], c.Stages[:0], c.Deals[:0], c.Tasks[:0], c.Clicks[:0]
	c.facts = facts{}
}

// orderItemsDialect: the one ugly file of a dirty world.
func (w *world) orderItemsDialect() dialect {
	if w.cfg.Dirty {
		return dialect{delimiter: ';', decimalComma: true, windows1251: true, local: true}
	}
	return dialect{delimiter: ','}
}

// opener opens the files of one part and remembers the first error, so that the list of files reads as a list.
type opener struct {
	w           *world
	dir, format string
	part, parts int
	files       []closer
	err         error
}

type closer struct {
	input, path string
	close       func() error
}

func (o *opener) abort() {
	for _, f := range o.files {
		_ = f.close() // the error that led here is the one to report
	}
}

// file writes rows of one input in one of the two formats. The nil file takes no rows.
type file[R any] struct {
	columns []column[R]
	path    string
	// text
	dialect dialect
	out     *bufio.Writer
	buf     []byte
	cell    []byte
	// parquet
	builder *array.RecordBuilder
	writer  *pqarrow.FileWriter
	rows    int
}

func open[R any](o *opener, input string, columns []column[R], d dialect) *file[R] {
	if o.err != nil || len(o.w.cfg.Inputs) > 0 && !slices.Contains(o.w.cfg.Inputs, input) {
		return nil
	}
	name := input + "." + o.format
	if o.parts > 1 {
		name = fmt.Sprintf("%s-%03d.%s", input, o.part+1, o.format)
	}
	f := &file[R]{columns: columns, dialect: d, path: filepath.Join(o.dir, name)}
	disk, err := os.Create(f.path)
	if err != nil {
		o.err = analytics.Enginef("create file of %s: %w", input, err)
		return nil
	}
	var closeFile func() error
	if o.format == CSV {
		closeFile = f.openText(disk)
	} else if closeFile, err = f.openParquet(disk); err != nil {
		o.err = analytics.Enginef("start %s: %w", f.path, err)
		return nil
	}
	o.files = append(o.files, closer{input, f.path, closeFile})
	return f
}

func (f *file[R]) openText(disk *os.File) func() error {
	var sink io.WriteCloser = disk
	if f.dialect.windows1251 {
		sink = transform.NewWriter(disk, charmap.Windows1251.NewEncoder())
	}
	f.out = bufio.NewWriterSize(sink, 1<<18)
	for i, c := range f.columns {
		if i > 0 {
			f.buf = append(f.buf, f.dialect.delimiter)
		}
		f.buf = append(f.buf, c.name...)
	}
	f.buf = append(f.buf, '\n')
	return func() error {
		_, err := f.out.Write(f.buf)
		err = errors.Join(err, f.out.Flush())
		if f.dialect.windows1251 {
			err = errors.Join(err, sink.Close())
		}
		return errors.Join(err, disk.Close())
	}
}

var arrowTypes = [...]arrow.DataType{
	kindText: arrow.BinaryTypes.String, kindInt: arrow.PrimitiveTypes.Int64, kindMoney: arrow.PrimitiveTypes.Float64,
	kindTime: &arrow.TimestampType{Unit: arrow.Millisecond}, kindDate: arrow.FixedWidthTypes.Date32, kindBool: arrow.FixedWidthTypes.Boolean,
}

// parquetBatch is the number of rows handed to the Parquet writer at a time; parquetRowGroup that of a row group.
const (
	parquetBatch    = 1 << 14
	parquetRowGroup = 1 << 20
)

func (f *file[R]) openParquet(disk *os.File) (func() error, error) {
	var fields []arrow.Field
	options := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(1), parquet.WithMaxRowGroupLength(parquetRowGroup), parquet.WithStats(true)}
	for _, c := range f.columns {
		fields = append(fields, arrow.Field{Name: c.name, Type: arrowTypes[c.kind], Nullable: true})
		if c.unique || c.kind == kindTime {
			options = append(options, parquet.WithDictionaryFor(c.name, false))
		}
	}
	schema := arrow.NewSchema(fields, nil)
	var err error
	if f.writer, err = pqarrow.NewFileWriter(schema, disk, parquet.NewWriterProperties(options...), pqarrow.DefaultWriterProps()); err != nil {
		return nil, errors.Join(err, disk.Close())
	}
	f.builder = array.NewRecordBuilder(memory.DefaultAllocator, schema)
	return func() error {
		err := f.flush()
		f.builder.Release()
		return errors.Join(err, f.writer.Close()) // closes disk too
	}, nil
}

func (f *file[R]) flush() error {
	if f.rows == 0 {
		return nil
	}
	f.rows = 0
	batch := f.builder.NewRecordBatch()
	defer batch.Release()
	return f.writer.WriteBuffered(batch)
}

func (f *file[R]) write(rows []R) error {
	if f == nil {
		return nil
	}
	err := error(nil)
	if f.out != nil {
		err = f.writeText(rows)
	} else {
		err = f.writeParquet(rows)
	}
	if err != nil {
		return analytics.Enginef("write %s: %w", f.path, err)
	}
	return nil
}

func (f *file[R]) writeParquet(rows []R) error {
	fields := f.builder.Fields()
	for len(rows) > 0 {
		n := min(len(rows), parquetBatch-f.rows)
		for i, c := range f.columns {
			if c.kind == kindText {
				b := fields[i].(*array.StringBuilder).BinaryBuilder
				for r := range n {
					f.cell = c.text(f.cell[:0], &rows[r])
					if len(f.cell) == 0 {
						b.AppendNull()
					} else {
						b.Append(f.cell)
					}
				}
				continue
			}
			for r := range n {
				v, ok := c.num(&rows[r])
				if !ok {
					fields[i].AppendNull()
					continue
				}
				switch b := fields[i].(type) {
				case *array.Int64Builder:
					b.Append(v)
				case *array.Float64Builder:
					b.Append(float64(v) / 100)
				case *array.TimestampBuilder:
					b.Append(arrow.Timestamp(v * 1000))
				case *array.Date32Builder:
					b.Append(arrow.Date32(v))
				case *array.BooleanBuilder:
					b.Append(v == 1)
				}
			}
		}
		f.rows += n
		rows = rows[n:]
		if f.rows == parquetBatch {
			if err := f.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *file[R]) writeText(rows []R) error {
	for r := range rows {
		for i := range f.columns {
			c := &f.columns[i]
			if i > 0 {
				f.buf = append(f.buf, f.dialect.delimiter)
			}
			if c.kind == kindText {
				f.cell = c.text(f.cell[:0], &rows[r])
				f.buf = f.dialect.quote(f.buf, f.cell)
				continue
			}
			if c.bad != nil && c.bad(&rows[r]) {
				f.buf = append(f.buf, "31.02.2026 25:61"...)
				continue
			}
			v, ok := c.num(&rows[r])
			if ok {
				f.buf = f.dialect.append(f.buf, c.kind, v)
			}
		}
		f.buf = append(f.buf, '\n')
		if len(f.buf) > 1<<16 {
			if _, err := f.out.Write(f.buf); err != nil {
				return err
			}
			f.buf = f.buf[:0]
		}
	}
	return nil
}

// quote writes a text field by RFC 4180.
func (d dialect) quote(dst, cell []byte) []byte {
	special := false
	for _, b := range cell {
		if b == '"' || b == d.delimiter || b == '\n' || b == '\r' {
			special = true
			break
		}
	}
	if !special && (len(cell) == 0 || cell[0] != ' ') {
		return append(dst, cell...)
	}
	dst = append(dst, '"')
	dst = append(dst, bytes.ReplaceAll(cell, []byte{'"'}, []byte{'"', '"'})...)
	return append(dst, '"')
}

func (d dialect) append(dst []byte, k kind, v int64) []byte {
	switch k {
	case kindInt:
		return strconv.AppendInt(dst, v, 10)
	case kindMoney:
		if v < 0 {
			dst, v = append(dst, '-'), -v
		}
		dst = strconv.AppendInt(dst, v/100, 10)
		if d.decimalComma {
			dst = append(dst, ',')
		} else {
			dst = append(dst, '.')
		}
		return pad(dst, int(v%100), 2)
	case kindBool:
		return strconv.AppendBool(dst, v == 1)
	case kindDate:
		return appendDate(dst, v)
	}
	if d.local {
		v += zoneOffset
	}
	date, second := v/day, int(v%day)
	if d.local {
		y, m, dd := civil(date)
		dst = pad(dst, dd, 2)
		dst = append(dst, '.')
		dst = pad(dst, m, 2)
		dst = append(dst, '.')
		dst = pad(dst, y, 4)
	} else {
		dst = appendDate(dst, date)
	}
	dst = append(dst, ' ')
	dst = pad(dst, second/3600, 2)
	dst = append(dst, ':')
	dst = pad(dst, second/60%60, 2)
	dst = append(dst, ':')
	return pad(dst, second%60, 2)
}

func appendDate(dst []byte, days int64) []byte {
	y, m, d := civil(days)
	dst = pad(dst, y, 4)
	dst = append(dst, '-')
	dst = pad(dst, m, 2)
	dst = append(dst, '-')
	return pad(dst, d, 2)
}

// civil turns days since 1970-01-01 into a date (Hinnant, "chrono-compatible low-level date algorithms"); days after the year 0 only.
func civil(days int64) (y, m, d int) {
	z := days + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = int(doy - (153*mp+2)/5 + 1)
	m = int(mp + 3)
	if m > 12 {
		m -= 12
	}
	y = int(yoe + era*400)
	if m <= 2 {
		y++
	}
	return y, m, d
}
