package ingest

import (
	"encoding/json"
	"strings"
	"time"
)

// Source is one row of audit.sources: a file and the fates of its rows. The five fates add up to Read.
type Source struct {
	Input, Path, Dialect                                 string
	Read, Loaded, Rejected, Duplicate, Outside, Excluded int64
}

// Join adds another reading of the same file for the same input: a row is excluded when no reading uses it. Rows that two readings use count twice,
// in Read too.
func (s *Source) Join(o Source) {
	records := max(s.Read, o.Read)
	s.Loaded += o.Loaded
	s.Rejected += o.Rejected
	s.Duplicate += o.Duplicate
	s.Outside += o.Outside
	used := s.Loaded + s.Rejected + s.Duplicate + s.Outside
	s.Read = max(records, used)
	s.Excluded = s.Read - used
}

// Report is what the load has to say.
type Report struct {
	Sources  []Source
	Warnings []string
	Elapsed  time.Duration
}

// Inputs tells which inputs were given.
func (r Report) Inputs() map[string]bool {
	out := map[string]bool{}
	for _, s := range r.Sources {
		out[s.Input] = true
	}
	return out
}

// jsonValue reads one key (or a dotted path) of a JSON object as text; "" when it is not there.
func jsonValue(doc, path string) string {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(doc), &object) != nil {
		return ""
	}
	value, ok := object[path]
	if !ok {
		head, rest, dotted := strings.Cut(path, ".")
		if inner, ok := object[head]; ok && dotted {
			return jsonValue(string(inner), rest)
		}
		return ""
	}
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	return string(value)
}
