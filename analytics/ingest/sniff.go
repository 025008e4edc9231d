package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Kind is a kind of file.
type Kind string

// The kinds of files.
const (
	CSV     Kind = "csv" // any delimited text
	NDJSON  Kind = "ndjson"
	Parquet Kind = "parquet"
	DuckDB  Kind = "duckdb"
	Empty   Kind = "empty" // no bytes: no rows, whatever the name says
)

// Dialect is how a file is written.
type Dialect struct {
	Kind         Kind
	Compression  string // "", gzip, zstd
	Encoding     string // utf-8, utf-16le, utf-16be, windows-1251, ...
	BOM          bool
	Delimiter    byte
	Whitespace   bool // fields are separated by runs of spaces and tabs
	Quote        byte // 0: none
	Newline      string
	Header       bool // the first record is the header
	DecimalComma bool
	TimeFormat   string
	Notes        []string // what was undecidable and how it was decided
}

// String is what audit.sources shows.
func (d Dialect) String() string {
	var out []string
	kind := string(d.Kind)
	if d.Compression != "" {
		kind += "." + d.Compression
	}
	out = append(out, kind)
	if d.Kind == CSV || d.Kind == NDJSON {
		enc := d.Encoding
		if d.BOM {
			enc += " with BOM"
		}
		out = append(out, enc)
	}
	if d.Kind == CSV {
		switch {
		case d.Whitespace:
			out = append(out, "delimiter whitespace")
		case d.Delimiter == '\t':
			out = append(out, "delimiter tab")
		default:
			out = append(out, fmt.Sprintf("delimiter %q", string(d.Delimiter)))
		}
		if d.Quote == 0 {
			out = append(out, "no quote")
		} else {
			out = append(out, "quote "+string(d.Quote))
		}
		if d.Header {
			out = append(out, "header")
		} else {
			out = append(out, "no header")
		}
	}
	if d.Newline != "" {
		out = append(out, d.Newline)
	}
	if d.DecimalComma {
		out = append(out, "decimal comma")
	}
	if d.TimeFormat != "" {
		out = append(out, "time "+d.TimeFormat)
	}
	return strings.Join(out, ", ")
}

func encodings() []string {
	return []string{"utf-8", "utf-16le", "utf-16be", "windows-1251", "windows-1252", "koi8-r", "cp866", "iso-8859-1"}
}

func canonicalEncoding(name string) string {
	n := strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(name))
	switch n {
	case "utf8", "utf-8-sig":
		n = "utf-8"
	case "cp1251", "win1251", "1251", "win-1251", "windows1251":
		n = "windows-1251"
	case "cp1252", "windows1252":
		n = "windows-1252"
	case "utf-16", "utf16", "utf16le":
		n = "utf-16le"
	case "utf16be":
		n = "utf-16be"
	case "ibm866", "866":
		n = "cp866"
	case "koi8r":
		n = "koi8-r"
	case "latin1", "latin-1":
		n = "iso-8859-1"
	}
	if slices.Contains(encodings(), n) {
		return n
	}
	return ""
}

func decoder(name string) encoding.Encoding {
	switch name {
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case "windows-1251":
		return charmap.Windows1251
	case "windows-1252":
		return charmap.Windows1252
	case "koi8-r":
		return charmap.KOI8R
	case "cp866":
		return charmap.CodePage866
	case "iso-8859-1":
		return charmap.ISO8859_1
	}
	return nil
}

// OpenError words what the operating system says about a path.
func OpenError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: no permission to read it", path)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// raw opens a file and undoes its compression.
func (d Dialect) raw(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, OpenError(path, err)
	}
	switch d.Compression {
	case "gzip":
		z, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: the gzip data is damaged: %w", path, err)
		}
		return both{z, f}, nil
	case "zstd":
		z, err := zstd.NewReader(f)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: the zstd data is damaged: %w", path, err)
		}
		return both{z.IOReadCloser(), f}, nil
	}
	return f, nil
}

type both struct {
	io.ReadCloser
	file *os.File
}

func (b both) Close() error { return errors.Join(b.ReadCloser.Close(), b.file.Close()) }

// Open returns the text of a file as UTF-8 without byte-order mark. In a file that says it is UTF-8 broken bytes stay as they are, so that
// their row can be rejected.
func (d Dialect) Open(path string) (io.ReadCloser, error) {
	r, err := d.raw(path)
	if err != nil {
		return nil, err
	}
	var text io.Reader = r
	if enc := decoder(d.Encoding); enc != nil {
		text = transform.NewReader(r, enc.NewDecoder())
	}
	buffered := bufio.NewReaderSize(text, 1<<16)
	if head, _ := buffered.Peek(3); bytes.Equal(head, []byte{0xEF, 0xBB, 0xBF}) {
		_, _ = buffered.Discard(3) // just peeked
	}
	return struct {
		io.Reader
		io.Closer
	}{buffered, r}, nil
}

const sampleSize = 1 << 18

// Sniff looks at the start of a file and says how it is written. What f says wins over what is seen. Its errors are data errors: a
// directory, a binary file, one endless line.
func Sniff(path string, f File) (Dialect, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Dialect{}, OpenError(path, err)
	}
	if info.IsDir() {
		return Dialect{}, fmt.Errorf("%s: a directory, not a file: write a glob such as %s", path, filepath.Join(path, "*.csv"))
	}
	if !info.Mode().IsRegular() {
		return Dialect{}, fmt.Errorf("%s: not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return Dialect{}, OpenError(path, err)
	}
	head := make([]byte, 16)
	n, err := io.ReadFull(file, head)
	file.Close()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Dialect{}, OpenError(path, err)
	}
	head = head[:n]
	if info.Size() == 0 {
		return Dialect{Kind: Empty}, nil
	}
	d := Dialect{Quote: '"', Delimiter: ',', Header: len(f.Header) == 0, TimeFormat: f.TimeFormat}
	name := strings.ToLower(path)
	switch {
	case bytes.HasPrefix(head, []byte("PAR1")):
		d.Kind = Parquet
		return d, nil
	case n >= 12 && string(head[8:12]) == "DUCK":
		d.Kind = DuckDB
		if f.Table == "" {
			return d, fmt.Errorf("%s: a DuckDB database: say which table with table: schema.name", path)
		}
		return d, nil
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		d.Compression = "gzip"
		name = strings.TrimSuffix(name, ".gz")
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		d.Compression = "zstd"
		name = strings.TrimSuffix(strings.TrimSuffix(name, ".zst"), ".zstd")
	default:
		if what := foreign(head); what != "" {
			return d, fmt.Errorf("%s: %s: allowed are csv, tsv, csv.gz, csv.zst, ndjson, parquet and duckdb", path, what)
		}
		if strings.HasSuffix(name, ".parquet") {
			return d, fmt.Errorf("%s: named .parquet, but it is no Parquet file (it does not start with PAR1)", path)
		}
		if strings.HasSuffix(name, ".duckdb") {
			return d, fmt.Errorf("%s: named .duckdb, but it is no DuckDB database", path)
		}
		if strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".zst") {
			return d, fmt.Errorf("%s: named as compressed, but its data are not: the file is damaged or misnamed", path)
		}
	}
	r, err := d.raw(path)
	if err != nil {
		return d, err
	}
	defer r.Close()
	sample := make([]byte, sampleSize)
	n, err = io.ReadFull(r, sample)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return d, fmt.Errorf("%s: the %s data are damaged: %w", path, d.Compression, err)
	}
	ended := err != nil
	sample = sample[:n]
	if n == 0 {
		d.Kind = Empty
		return d, nil
	}
	if what := foreign(sample); what != "" || bytes.HasPrefix(sample, []byte("PAR1")) {
		return d, fmt.Errorf("%s: the compressed data are not text: %s", path, what)
	}
	d.Encoding, d.BOM = guessEncoding(sample, ended)
	if f.Encoding != "" {
		d.Encoding = canonicalEncoding(f.Encoding)
	}
	if d.Encoding == "" {
		return d, fmt.Errorf("%s: a binary file, not a table: allowed are csv, tsv, csv.gz, csv.zst, ndjson, parquet and duckdb", path)
	}
	text := decode(sample, d.Encoding)
	if !ended && !bytes.ContainsAny(text, "\n\r") {
		// One line in a quarter of a mebibyte: look on, but not through gigabytes.
		more := make([]byte, 4*MaxRecord)
		n, err := io.ReadFull(r, more)
		if !bytes.ContainsAny(decode(more[:n], d.Encoding), "\n\r") && err == nil {
			return d, fmt.Errorf("%s: no line end in the first %d MiB: this is no table of lines (allowed are csv and ndjson with one record per line)", path, 4*MaxRecord>>20)
		}
	}
	if !ended {
		if cut := bytes.LastIndexAny(text, "\n\r"); cut > 0 {
			text = text[:cut+1]
		}
	}
	d.Newline = newline(text)
	first := bytes.TrimLeft(text, " \t\r\n")
	isJSON := strings.HasSuffix(name, ".ndjson") || strings.HasSuffix(name, ".jsonl") || strings.HasSuffix(name, ".json")
	if len(first) > 0 && (first[0] == '{' || isJSON) {
		if first[0] == '[' {
			return d, fmt.Errorf("%s: a JSON array: one object per line is read; convert with: jq -c '.[]'", path)
		}
		d.Kind, d.Quote, d.Delimiter, d.Header = NDJSON, 0, 0, false
		return d, nil
	}
	d.Kind = CSV
	switch {
	case f.Quote == "none":
		d.Quote = 0
	case f.Quote != "":
		d.Quote = f.Quote[0]
	}
	switch {
	case f.Delimiter == "whitespace":
		d.Whitespace, d.Quote, d.Delimiter = true, 0, ' '
	case f.Delimiter != "":
		d.Delimiter = f.Delimiter[0]
	default:
		d.guessDelimiter(text)
	}
	if f.DecimalComma != nil {
		d.DecimalComma = *f.DecimalComma
	} else {
		d.DecimalComma = d.guessDecimalComma(text)
	}
	return d, nil
}

// foreign names kinds of files that people take for tables.
func foreign(head []byte) string {
	for _, m := range []struct{ magic, what string }{
		{"PK\x03\x04", "a zip archive or an Excel workbook: save it as CSV"}, {"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as CSV"},
		{"%PDF", "a PDF document"}, {"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"}, {"GIF8", "a picture"},
		{"SQLite format 3", "an SQLite database"}, {"\x7fELF", "a program"}, {"BZh", "a bzip2 archive: compress with gzip or zstd"},
		{"\xfd7zXZ", "an xz archive: compress with gzip or zstd"}, {"7z\xbc\xaf", "a 7-Zip archive: unpack it"}, {"Obj\x01", "an Avro file: convert it to Parquet"},
		{"ORC", "an ORC file: convert it to Parquet"}, {"<!DOCTYPE", "a web page, not a table"}, {"<html", "a web page, not a table"}, {"<?xml", "an XML document"},
	} {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			if m.magic == "ORC" && len(head) > 3 && head[3] > 31 { // a CSV may start with the letters ORC
				continue
			}
			return m.what
		}
	}
	return ""
}

// guessEncoding returns "" for bytes that are no text.
func guessEncoding(b []byte, ended bool) (name string, bom bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return "utf-8", true
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return "utf-16le", true
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return "utf-16be", true
	}
	var even, odd, control int
	for i, c := range b {
		switch {
		case c == 0 && i%2 == 0:
			even++
		case c == 0:
			odd++
		case c < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 27:
			control++
		}
	}
	// Latin text in UTF-16 has a zero in nearly every second byte, Cyrillic text at least around digits and delimiters.
	if odd > len(b)/10 && even < odd/10 {
		return "utf-16le", false
	}
	if even > len(b)/10 && odd < even/10 {
		return "utf-16be", false
	}
	if even+odd+control > len(b)/50+2 {
		return "", false
	}
	valid, broken, cyrillic, high := 0, 0, 0, 0
	for rest := b; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			if !ended && len(rest) < utf8.UTFMax {
				break // the sample ends inside a rune
			}
			broken++
		} else if size > 1 {
			valid++
		}
		rest = rest[size:]
	}
	if broken == 0 || valid > broken {
		return "utf-8", false
	}
	for _, c := range b {
		if c >= 0x80 {
			high++
			if c >= 0xC0 || c == 0xA8 || c == 0xB8 {
				cyrillic++
			}
		}
	}
	if high >= 8 && cyrillic*10 >= high*8 {
		return "windows-1251", false
	}
	if high > len(b)/3 {
		return "", false
	}
	return "utf-8", false // a few broken bytes: their rows are rejected
}

func decode(b []byte, name string) []byte {
	if enc := decoder(name); enc != nil {
		b, _, _ = transform.Bytes(enc.NewDecoder(), b)
	}
	return bytes.TrimPrefix(b, []byte{0xEF, 0xBB, 0xBF})
}

func newline(text []byte) string {
	crlf := bytes.Count(text, []byte("\r\n"))
	lf := bytes.Count(text, []byte("\n")) - crlf
	cr := bytes.Count(text, []byte("\r")) - crlf
	kinds := 0
	for _, n := range []int{crlf, lf, cr} {
		if n > 0 {
			kinds++
		}
	}
	switch {
	case kinds == 0:
		return "no line end"
	case kinds > 1:
		return "mixed line ends"
	case crlf > 0:
		return "CRLF"
	case cr > 0:
		return "CR"
	}
	return "LF"
}

// guessDelimiter takes the delimiter that gives the most records the same number of fields, at least two; then the most fields.
func (d *Dialect) guessDelimiter(text []byte) {
	type result struct {
		delim  byte
		spaces bool
		width  int
		share  float64
	}
	measure := func(delim byte, spaces bool) result {
		try := *d
		try.Delimiter, try.Whitespace = delim, spaces
		s := NewSplitter(bytes.NewReader(text), try, 0)
		widths, total, header := map[int]int{}, 0, 0
		for total < 2000 {
			s.want = 0
			rec, err := s.Next()
			if err != nil {
				break
			}
			total++
			if rec.Problem == "" {
				widths[len(rec.Fields)]++
				if header == 0 {
					header = len(rec.Fields)
				}
			}
		}
		best := result{delim: delim, spaces: spaces}
		// The header, or else the first record, sets the width.
		if total > 0 {
			best.width, best.share = header, float64(widths[header])/float64(total)
		}
		return best
	}
	var found []result
	for _, c := range []byte(",;\t|") {
		if r := measure(c, false); r.width > 1 && r.share > 0 {
			found = append(found, r)
		}
	}
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].share != found[j].share {
			return found[i].share > found[j].share
		}
		return found[i].width > found[j].width
	})
	if len(found) > 0 {
		d.Delimiter = found[0].delim
		if len(found) > 1 && found[1].share == found[0].share && found[1].width == found[0].width {
			d.Notes = append(d.Notes, fmt.Sprintf("delimiter undecidable between %q and %q: %q taken; set delimiter to be sure", string(found[0].delim), string(found[1].delim), string(found[0].delim)))
		}
		return
	}
	if r := measure(' ', true); r.width > 1 && r.share > 0.9 && !bytes.ContainsAny(text, "\"") {
		d.Whitespace, d.Quote, d.Delimiter = true, 0, ' '
	}
}

// guessDecimalComma: a file has decimal commas when some field reads as a number with a comma that cannot separate thousands, or when the
// delimiter is not a comma and every number with a separator has a comma and none a point.
func (d *Dialect) guessDecimalComma(text []byte) bool {
	comma := regexp.MustCompile(`^[+-]?[0-9][0-9 \x{00A0}]*,[0-9]+$`)
	sure := regexp.MustCompile(`,([0-9]{1,2}|[0-9]{4,})$`)
	point := regexp.MustCompile(`^[+-]?[0-9]+\.[0-9]+$`)
	s := NewSplitter(bytes.NewReader(text), *d, 0)
	commas, certain, points := 0, 0, 0
	for range 2000 {
		rec, err := s.Next()
		if err != nil {
			break
		}
		for _, f := range rec.Fields {
			switch {
			case len(f) > 24:
			case comma.Match(f):
				commas++
				if sure.Match(f) {
					certain++
				}
			case point.Match(f):
				points++
			}
		}
	}
	return certain > 0 && certain >= points || d.Delimiter != ',' && commas > 0 && points == 0
}
