package ingest

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// A list of today's members, exported again and again, is the most common form of segments. Its files say who was a member on a day and neither since when
// nor until when. With snapshot_at every row of a file is a line of a dated list: a member holds from the day of his list until the next list of the segment,
// and the members of the last list until the end of the data. Who is on the first list came at a time that nobody knows.
//
// The next list of a segment is the next one that names it; or, when the segment was emptied or dropped, the next one that names another segment of the
// same list: files that hold all segments of a day, and files of one segment each, both come out right.

// The forms of snapshot_at besides a date.
const (
	SnapshotFilename = "filename"   // the date in the name of each file
	SnapshotColumn   = "valid_from" // the mapped column valid_from of each row
)

// snapshotMistake says what is wrong with snapshot_at, "" when nothing is.
func snapshotMistake(in Input, f File) string {
	_, dated := f.Columns["valid_from"]
	_, constant := f.Constants["valid_from"]
	switch _, listed := in.Column("listed"); {
	case f.SnapshotAt == "":
		return ""
	case !listed:
		return "only for segment_memberships: its rows are lines of a dated list"
	case f.SnapshotAt == SnapshotColumn:
	case dated || constant:
		return "valid_from is mapped too: write snapshot_at: valid_from if it is the date of the list, else leave snapshot_at out"
	case f.SnapshotAt == SnapshotFilename:
	default:
		if _, err := time.Parse(time.DateOnly, f.SnapshotAt); err != nil {
			return fmt.Sprintf("%q: allowed are a date such as 2026-09-01, filename (the date in the name of each file) or valid_from (a column of the file)", f.SnapshotAt)
		}
	}
	for _, name := range []string{"valid_to", "listed"} {
		if _, ok := f.Columns[name]; ok {
			return "a dated list has no " + name + ": a member holds until the next list"
		}
		if _, ok := f.Constants[name]; ok {
			return "a dated list has no " + name + ": a member holds until the next list"
		}
	}
	return ""
}

var fileDate = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})([-_.]?)(0[1-9]|1[0-2])([-_.]?)(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)`)

// DateInName finds the one date in a file's name, as 2026-09-01, 2026_09_01, 2026.09.01 or 20260901; "" when there is none, or more than one.
func DateInName(path string) string {
	found := ""
	for rest := filepath.Base(path); ; {
		at := fileDate.FindStringSubmatchIndex(rest)
		if at == nil {
			return found
		}
		part := func(i int) string { return rest[at[2*i]:at[2*i+1]] }
		date := part(1) + "-" + part(3) + "-" + part(5)
		if _, err := time.Parse(time.DateOnly, date); err == nil && part(2) == part(4) {
			if found != "" && found != date {
				return ""
			}
			found = date
		}
		rest = rest[at[11]:]
	}
}

// snapshot turns snapshot_at into constants of this one file. The mistake is one of the file.
func (p *FilePlan) snapshot(number int, zone *time.Location) (mistake string) {
	if p.File.SnapshotAt == "" {
		return ""
	}
	constants := maps.Clone(p.File.Constants)
	if constants == nil {
		constants = map[string]string{}
	}
	constants["listed"] = strconv.Itoa(number)
	if p.File.SnapshotAt != SnapshotColumn {
		date := p.File.SnapshotAt
		if date == SnapshotFilename {
			if date = DateInName(p.Found.Path); date == "" {
				return fmt.Sprintf("%s has no date in its name, or more than one: snapshot_at: filename needs one such as segments-2026-09-01.csv", p.Found.Shown)
			}
		}
		constants["valid_from"] = date
		p.rules = TimeRule{Business: zone} // the file itself holds no times
	}
	p.File.Constants = constants
	return ""
}
