package ingest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// MaxStored is how many rejects of one file are kept in audit.rejects; the counts stay exact.
const MaxStored = 100_000

// Reject is one row of audit.rejects.
type Reject struct {
	Input, Path  string
	Line         int64 // 0: the kind of file has no lines
	Column       string
	Reason, Text string // Text: the row as it stands in the file
}

// Scanned is what Go saw in a text file: the count that the engine's count is held against.
type Scanned struct {
	Records  int64 // data records, the broken ones included
	Broken   int64
	Rejects  []Reject // the first MaxStored broken ones
	Reencode string   // the file is in this encoding, not in the one that its start suggested: scan again
}

// Scan counts the records of a text file and checks their shape.
func (p *FilePlan) Scan() (Scanned, error) { return p.pass(nil) }

// Normalise rewrites the good records of a text file as canonical CSV: line number, then the needed columns (of NDJSON the whole line).
func (p *FilePlan) Normalise(path string) (s Scanned, err error) {
	f, err := os.Create(path)
	if err != nil {
		return s, fmt.Errorf("rewrite %s: %w", p.Found.Shown, err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	s, err = p.pass(w)
	if err2 := w.Flush(); err == nil {
		err = err2
	}
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err != nil {
		return s, fmt.Errorf("rewrite %s: %w", p.Found.Shown, err)
	}
	return s, nil
}

func (p *FilePlan) splitter(r io.Reader) *Splitter {
	want := 1
	if p.Dialect.Kind == CSV {
		want = 0
		for _, c := range p.Columns {
			if c.lookup == 0 {
				want++
			}
		}
	}
	return NewSplitter(r, p.Dialect, want)
}

func (p *FilePlan) pass(w *bufio.Writer) (Scanned, error) {
	var out Scanned
	r, err := p.Dialect.Open(p.Found.Path)
	if err != nil {
		return out, err
	}
	defer r.Close()
	s := p.splitter(r)
	needed := p.needed()
	header := p.Dialect.Kind == CSV && p.Dialect.Header
	var bad []byte // sample of records that are no UTF-8
	for {
		rec, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, fmt.Errorf("%s: %w", p.Found.Shown, err)
		}
		if header {
			header = false
			continue
		}
		out.Records++
		if rec.Problem != "" {
			out.Broken++
			if len(bad) < 1<<16 {
				bad = append(append(bad, rec.Raw...), '\n')
			}
			if len(out.Rejects) < MaxStored {
				out.Rejects = append(out.Rejects, Reject{p.Input.Name, p.Found.Shown, rec.Line, "", rec.Problem, Printable(rec.Raw)})
			}
			continue
		}
		if w == nil {
			continue
		}
		w.WriteString(strconv.FormatInt(rec.Line, 10))
		if p.Dialect.Kind == NDJSON {
			writeField(w, rec.Raw)
		} else {
			for _, k := range needed {
				writeField(w, rec.Fields[k])
			}
		}
		if err := w.WriteByte('\n'); err != nil {
			return out, err
		}
	}
	// A file whose start is plain ASCII says nothing about its encoding; the first records that are not, do.
	if out.Broken > 0 && p.File.Encoding == "" && p.Dialect.Encoding == "utf-8" && !p.Dialect.BOM {
		if name, _ := guessEncoding(bad, true); name == "windows-1251" {
			out.Reencode = name
		}
	}
	return out, nil
}

func writeField(w *bufio.Writer, f []byte) {
	w.WriteByte(',')
	plain := true
	for _, c := range f {
		if c == '"' || c == ',' || c == '\n' || c == '\r' {
			plain = false
			break
		}
	}
	if plain {
		w.Write(f)
		return
	}
	w.WriteByte('"')
	for _, c := range f {
		if c == '"' {
			w.WriteByte('"')
		}
		w.WriteByte(c)
	}
	w.WriteByte('"')
}

// RawLine is one record as it stands in the file.
type RawLine struct {
	Text   string
	Fields []string
}

// Lines reads the records that start on the given lines.
func (p *FilePlan) Lines(lines map[int64]bool) (map[int64]RawLine, error) {
	out := map[int64]RawLine{}
	r, err := p.Dialect.Open(p.Found.Path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s := p.splitter(r)
	for len(out) < len(lines) {
		rec, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Found.Shown, err)
		}
		if lines[rec.Line] {
			raw := RawLine{Text: Printable(cut(rec.Raw))}
			for _, f := range rec.Fields {
				raw.Fields = append(raw.Fields, Printable(f))
			}
			out[rec.Line] = raw
		}
	}
	return out, nil
}

// Value is the text of the column that code refuses, "" when the row does not hold it.
func (p *FilePlan) Value(code int, raw RawLine) string {
	i := (code - 10) / 10
	if code < 10 || i >= len(p.Bound) || p.Bound[i].Source < 0 {
		return ""
	}
	k := p.Bound[i].Source
	if p.Dialect.Kind == NDJSON {
		return jsonValue(raw.Text, p.Columns[k].Name)
	}
	if k < len(raw.Fields) {
		return raw.Fields[k]
	}
	return ""
}

// Printable makes bytes storable as text: broken UTF-8 becomes U+FFFD, NUL the symbol for it; at most MaxRaw bytes.
func Printable(b []byte) string {
	s := strings.ToValidUTF8(string(cut(b)), "\uFFFD")
	return strings.ReplaceAll(s, "\x00", "\u2400")
}
