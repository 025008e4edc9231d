package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"crmaudit/analytics"
	"crmaudit/analytics/duck"
)

// Query results for people (table) and for programs (csv, json). csv is data for machines: cells are as they are, so a spreadsheet would run
// a text that starts with = as a formula; hypotheses.csv, made for spreadsheets, guards against that.

func formats() []string { return []string{"table", "csv", "json"} }

func writeResult(w io.Writer, format string, rows *duck.Rows) error {
	b := bufio.NewWriter(w)
	var err error
	switch format {
	case "table":
		err = writeTable(b, rows)
	case "csv":
		err = writeCSV(b, rows)
	case "json":
		err = writeJSON(b, rows)
	default:
		return analytics.Usagef("--format: unknown form %q: table, csv or json", format)
	}
	if err := errors.Join(err, rows.Err()); err != nil {
		return err
	}
	return b.Flush()
}

func writeTable(w *bufio.Writer, rows *duck.Rows) error {
	var lines [][]string
	widths := make([]int, len(rows.Columns))
	right := make([]bool, len(rows.Columns))
	header := make([]string, len(rows.Columns))
	for i, column := range rows.Columns {
		header[i] = printable(column.Name)
		widths[i] = uniseg.StringWidth(header[i])
	}
	for row := rows.Next(); row != nil; row = rows.Next() {
		line := make([]string, len(row))
		for i, v := range row {
			line[i] = printable(cellText(v, "NULL"))
			widths[i] = max(widths[i], uniseg.StringWidth(line[i]))
			switch v.(type) {
			case int64, float64, *big.Int:
				right[i] = true
			}
		}
		lines = append(lines, line)
	}
	put := func(line []string) {
		for i, cell := range line {
			blanks := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
			switch {
			case right[i]:
				w.WriteString(blanks + cell)
			case i < len(line)-1:
				w.WriteString(cell + blanks)
			default:
				w.WriteString(cell)
			}
			if i < len(line)-1 {
				w.WriteString("  ")
			}
		}
		w.WriteByte('\n')
	}
	put(header)
	rule := make([]string, len(widths))
	for i, n := range widths {
		rule[i] = strings.Repeat("-", n)
	}
	put(rule)
	for _, line := range lines {
		put(line)
	}
	plural := "s"
	if len(lines) == 1 {
		plural = ""
	}
	fmt.Fprintf(w, "(%d row%s)\n", len(lines), plural)
	return nil
}

func writeCSV(w *bufio.Writer, rows *duck.Rows) error {
	c := csv.NewWriter(w)
	header := make([]string, len(rows.Columns))
	for i, column := range rows.Columns {
		header[i] = column.Name
	}
	if err := c.Write(header); err != nil {
		return err
	}
	record := make([]string, len(rows.Columns))
	for row := rows.Next(); row != nil; row = rows.Next() {
		for i, v := range row {
			record[i] = cellText(v, "")
		}
		if err := c.Write(record); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// writeJSON writes an array of objects, keys in the order of the columns; a name that stands twice gets _2, _3 …
func writeJSON(w *bufio.Writer, rows *duck.Rows) error {
	keys := make([][]byte, len(rows.Columns))
	taken := map[string]bool{}
	for i, column := range rows.Columns {
		unique := column.Name
		for n := 2; taken[unique]; n++ {
			unique = column.Name + "_" + strconv.Itoa(n)
		}
		taken[unique] = true
		keys[i] = jsonText(unique)
	}
	w.WriteByte('[')
	separator := "\n{"
	for row := rows.Next(); row != nil; row = rows.Next() {
		w.WriteString(separator)
		separator = ",\n{"
		for i, v := range row {
			if i > 0 {
				w.WriteString(", ")
			}
			w.Write(keys[i])
			w.WriteString(": ")
			w.Write(jsonValue(v))
		}
		w.WriteByte('}')
	}
	w.WriteString("\n]\n")
	return nil
}

// cellText is a value of duck.Rows as text: numbers exact, true and false, lists and structs as JSON, null for NULL.
func cellText(v any, null string) string {
	switch x := v.(type) {
	case nil:
		return null
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case []any, map[string]any:
		return string(jsonValue(x))
	}
	return fmt.Sprint(v)
}

// jsonValue is a value of duck.Rows as JSON. Integers are exact however large; NaN and infinities have become texts on the way.
func jsonValue(v any) []byte {
	switch x := v.(type) {
	case string:
		return jsonText(x)
	case *big.Int:
		return []byte(x.String())
	case []any:
		parts := make([][]byte, len(x))
		for i := range x {
			parts[i] = jsonValue(x[i])
		}
		return []byte("[" + string(bytes.Join(parts, []byte(", "))) + "]")
	case map[string]any:
		entries := map[string]json.RawMessage{} // encoding/json sorts the keys
		for key := range x {
			entries[key] = jsonValue(x[key])
		}
		v = entries
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("crmaudit: a %T from the engine has no JSON: %v", v, err))
	}
	return text
}

func jsonText(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}

// printable keeps what data says from steering the terminal: control characters show as escapes.
func printable(s string) string {
	if !strings.ContainsFunc(s, unicode.IsControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
