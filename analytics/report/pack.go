package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
)

// The page as it is written is packed: markup holds the language that the page opens in, once; the other language and the data of the charts,
// which nobody can see without the script anyway, stand in one compressed block, and so does the charting library. The script unpacks them with
// the browser's own DecompressionStream. Without script the page is whole in its own language, with tables instead of charts.

var (
	bilingual = regexp.MustCompile(`<span lang="ru">([^<]*)</span><span lang="en">([^<]*)</span>`)
	chartData = regexp.MustCompile(`(?s)<script type="application/json">(.*?)</script>`)
)

// packed is what the script needs besides the markup.
type packed struct {
	Texts  []string          `json:"texts"`  // the other language of every <x-t>, in the order of the page
	Charts []json.RawMessage `json:"charts"` // data of every .chart, in the order of the page
	Words  map[string]T      `json:"words"`  // what the script itself says
}

// packedHere is where the layout leaves room for the block.
const packedHere = "PACKED-HERE"

// pack writes a page without its other language and the data of its charts, and with the block that holds them; lang is the language that stays.
func pack(w io.Writer, page []byte, lang string, words map[string]T) error {
	p := packed{Texts: []string{}, Charts: []json.RawMessage{}, Words: words}
	page = bilingual.ReplaceAllFunc(page, func(m []byte) []byte {
		both := bilingual.FindSubmatch(m)
		here, other := both[1], both[2]
		if lang == "en" {
			here, other = other, here
		}
		p.Texts = append(p.Texts, html.UnescapeString(string(other)))
		return append(append([]byte("<x-t>"), here...), "</x-t>"...)
	})
	page = chartData.ReplaceAllFunc(page, func(m []byte) []byte {
		data := json.RawMessage(chartData.FindSubmatch(m)[1])
		if !json.Valid(data) { // a number that is none: the picture is left out, its table stands, and the audit does not fail at its last step
			data = json.RawMessage("null")
		}
		p.Charts = append(p.Charts, data)
		return nil
	})
	block, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	squeezed, err := squeeze(block)
	if err != nil {
		return err
	}
	at := bytes.LastIndex(page, []byte(packedHere)) // a name from the data may say the same, earlier on the page
	for _, part := range [][]byte{page[:at], []byte(squeezed), page[at+len(packedHere):]} {
		if _, err := w.Write(part); err != nil {
			return err //nolint:wrapcheck // the caller names what was written
		}
	}
	return nil
}

// squeeze is gzip in base64; the same bytes always give the same text.
func squeeze(b []byte) (string, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("compress a part of the report: %w", err)
	}
	if _, err := z.Write(b); err != nil {
		return "", fmt.Errorf("compress a part of the report: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("compress a part of the report: %w", err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

// scriptWords are the texts of the page that its script shows: those whose key begins with js_.
func (t *Texts) scriptWords() map[string]T {
	out := map[string]T{}
	for key, ru := range t.ru.text {
		if name, ok := strings.CutPrefix(key, "ui.js_"); ok {
			out[name] = T{Ru: ru, En: t.en.text[key]}
		}
	}
	return out
}
