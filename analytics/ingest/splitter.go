package ingest

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// MaxRecord is the longest record that is read as one, in bytes; a longer one is rejected.
const MaxRecord = 1 << 20

// MaxRaw is how much of a rejected row is kept, in bytes; the cut is made at a rune.
const MaxRaw = 2000

// Record is one record of a delimited file, or one that is none: then Problem says why and Fields is empty.
// Fields and Raw are valid until the next call of Next.
type Record struct {
	Line    int64 // first physical line, 1-based
	Fields  [][]byte
	Raw     []byte // the record as it stands in the file, without its line end; of a broken one the first line
	Problem string
}

// Splitter cuts a delimited text into records, streaming, with the physical line of each.
//
// A field may be quoted; inside quotes delimiters and line ends are text and a doubled quote is one. Line ends are \n, \r\n and a lone \r,
// mixed at will; empty lines are no records. What encoding/csv accepts is split equally; beyond that a quote inside an unquoted field is text.
//
// A broken record costs its own first line only, and reading resumes at the next line: a quote that is never closed, or is closed by a
// later line's quote, cannot swallow the lines between. A record of several lines is taken for a lost quote when its number of fields is
// wrong, or when one of its inner lines is a whole record by itself.
type Splitter struct {
	r      io.Reader
	buf    []byte
	at     int // start of the unread part of buf
	eof    bool
	line   int64 // physical line of buf[at]
	delim  byte
	quote  byte // 0: none
	spaces bool // fields are runs of what is neither space nor tab
	want   int  // number of fields; 0: not known yet
	rec    Record
	spare  []byte // unescaped quoted fields
	hold   bool   // the long line at buf[at] has been reported: skip the rest of it
}

// NewSplitter reads records from UTF-8 text. want 0 takes the number of fields of the first good record as the measure.
func NewSplitter(r io.Reader, d Dialect, want int) *Splitter {
	return &Splitter{r: r, line: 1, delim: d.Delimiter, quote: d.Quote, spaces: d.Whitespace, want: want, buf: make([]byte, 0, 4*MaxRecord)}
}

// fill makes at least MaxRecord+1 bytes visible, or all that is left.
func (s *Splitter) fill() error {
	if len(s.buf)-s.at > MaxRecord || s.eof {
		return nil
	}
	n := copy(s.buf[:cap(s.buf)], s.buf[s.at:])
	s.buf, s.at = s.buf[:n], 0
	for len(s.buf) < cap(s.buf) {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if err == io.EOF {
			s.eof = true
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eol finds the end of the line that starts b: the length of its text and of its end. size is -1 when b ends before the line does.
func eol(b []byte) (text, size int) {
	n := bytes.IndexByte(b, '\n')
	part := b
	if n >= 0 {
		part = b[:n]
	}
	if r := bytes.IndexByte(part, '\r'); r >= 0 {
		if r == len(part)-1 && n >= 0 {
			return r, 2
		}
		return r, 1
	}
	if n < 0 {
		return len(b), -1
	}
	return n, 1
}

// Next returns the next record, io.EOF after the last.
func (s *Splitter) Next() (*Record, error) {
	for {
		if err := s.fill(); err != nil {
			return nil, err
		}
		b := s.buf[s.at:]
		if len(b) == 0 {
			return nil, io.EOF
		}
		window := b
		if len(window) > MaxRecord {
			window = window[:MaxRecord]
		}
		text, size := eol(window)
		// A \r at the very end of the window may be half of \r\n.
		if size == 1 && text == len(window)-1 && window[text] == '\r' && text+1 < len(b) && b[text+1] == '\n' {
			size = 2
		}
		if size < 0 && len(b) <= MaxRecord {
			size = 0 // the last line has no end
		}
		if s.hold {
			if size < 0 {
				s.at += text
				continue
			}
			s.at += text + size
			s.line++
			s.hold = false
			continue
		}
		if size >= 0 && text == 0 && size > 0 {
			s.at += size
			s.line++
			continue
		}
		s.rec = Record{Line: s.line, Fields: s.rec.Fields[:0]}
		if size < 0 {
			s.rec.Raw = cut(b)
			s.rec.Problem = fmt.Sprintf("the line is longer than %d bytes", MaxRecord)
			s.at += text
			s.hold = true
			return &s.rec, nil
		}
		s.rec.Raw = b[:text]
		if s.quote == 0 || s.spaces || bytes.IndexByte(b[:text], s.quote) < 0 {
			s.plain(b[:text])
			s.at += text + size
			s.line++
			if s.spaces && len(s.rec.Fields) == 0 {
				continue // nothing but spaces: an empty line
			}
			s.judge()
			return &s.rec, nil
		}
		used, lines, problem := s.quoted(window, len(window) == len(b))
		if problem == "" && s.want > 0 && len(s.rec.Fields) != s.want {
			problem = s.count()
		}
		if problem == "" && lines > 1 && s.swallowed(window[:used]) {
			problem = "a quote is opened and not closed on the line"
		}
		if problem != "" {
			s.rec.Fields, s.rec.Raw, s.rec.Problem = s.rec.Fields[:0], cut(b[:text]), problem
			s.at += text + size
			s.line++
			return &s.rec, nil
		}
		raw := window[:used]
		for len(raw) > 0 && (raw[len(raw)-1] == '\n' || raw[len(raw)-1] == '\r') && len(raw) > used-2 {
			raw = raw[:len(raw)-1]
		}
		s.rec.Raw = raw
		s.at += used
		s.line += lines
		s.judge()
		return &s.rec, nil
	}
}

// plain splits a line without quotes.
func (s *Splitter) plain(line []byte) {
	if s.spaces {
		s.rec.Fields = append(s.rec.Fields, bytes.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })...)
		return
	}
	for {
		n := bytes.IndexByte(line, s.delim)
		if n < 0 {
			s.rec.Fields = append(s.rec.Fields, line)
			return
		}
		s.rec.Fields = append(s.rec.Fields, line[:n])
		line = line[n+1:]
	}
}

// quoted splits the record at the start of b. used counts its bytes with the line end, lines its physical lines.
func (s *Splitter) quoted(b []byte, whole bool) (used int, lines int64, problem string) {
	i := 0
	lines = 1
	s.spare = s.spare[:0]
	for {
		if i < len(b) && b[i] == s.quote {
			start := i + 1
			j := start
			escaped := false
			for {
				n := bytes.IndexByte(b[j:], s.quote)
				if n < 0 {
					if whole {
						return 0, 0, "a quote is opened and never closed"
					}
					return 0, 0, fmt.Sprintf("a quote is opened and not closed within %d bytes", MaxRecord)
				}
				j += n
				if j+1 < len(b) && b[j+1] == s.quote {
					escaped = true
					j += 2
					continue
				}
				break
			}
			field := b[start:j]
			if escaped {
				from := len(s.spare)
				s.spare = append(s.spare, bytes.ReplaceAll(field, []byte{s.quote, s.quote}, []byte{s.quote})...)
				s.rec.Fields = append(s.rec.Fields, s.spare[from:len(s.spare):len(s.spare)])
			} else {
				s.rec.Fields = append(s.rec.Fields, field)
			}
			lines += breaks(field)
			i = j + 1
			if i < len(b) && b[i] != s.delim && b[i] != '\n' && b[i] != '\r' {
				return 0, 0, "text after a closing quote"
			}
		} else {
			n := i
			for n < len(b) && b[n] != s.delim && b[n] != '\n' && b[n] != '\r' {
				n++
			}
			s.rec.Fields = append(s.rec.Fields, b[i:n])
			i = n
		}
		if i == len(b) {
			if !whole {
				return 0, 0, fmt.Sprintf("the record is longer than %d bytes", MaxRecord)
			}
			return i, lines, ""
		}
		switch b[i] {
		case s.delim:
			i++
		case '\r':
			i++
			if i < len(b) && b[i] == '\n' {
				i++
			}
			return i, lines, ""
		default:
			return i + 1, lines, ""
		}
	}
}

func breaks(b []byte) (n int64) {
	for {
		_, size := eol(b)
		if size < 0 {
			return n
		}
		text, size := eol(b)
		b = b[text+size:]
		n++
	}
}

// swallowed tells whether an inner line of a record of several lines is a record of the right width by itself.
func (s *Splitter) swallowed(record []byte) bool {
	if s.want < 3 {
		return false
	}
	text, size := eol(record)
	rest := record[text+max(size, 0):]
	for len(rest) > 0 {
		text, size := eol(rest)
		if bytes.Count(rest[:text], []byte{s.delim})+1 == s.want {
			return true
		}
		if size < 0 {
			break
		}
		rest = rest[text+size:]
	}
	return false
}

func (s *Splitter) count() string {
	return fmt.Sprintf("the row has %d fields, the header has %d", len(s.rec.Fields), s.want)
}

// judge rejects a split record for its width or bytes, and learns the width from the first good one.
func (s *Splitter) judge() {
	problem := ""
	switch {
	case s.want > 0 && len(s.rec.Fields) != s.want:
		problem = s.count()
	case bytes.IndexByte(s.rec.Raw, 0) >= 0:
		problem = "a NUL byte in the row"
	case !utf8.Valid(s.rec.Raw):
		problem = "bytes that are no text in the file's encoding"
	case s.want == 0:
		s.want = len(s.rec.Fields)
	}
	if problem != "" {
		s.rec.Problem, s.rec.Raw, s.rec.Fields = problem, cut(s.rec.Raw), s.rec.Fields[:0]
	}
}

// cut keeps the first MaxRaw bytes, ending at a rune.
func cut(b []byte) []byte {
	if len(b) <= MaxRaw {
		return b
	}
	n := MaxRaw
	for n > MaxRaw-4 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}
