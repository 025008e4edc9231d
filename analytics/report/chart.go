package report

import (
	"math"

	"crmaudit/analytics"
)

// chart is what the page's script needs to draw one picture; all words are in both languages and all numbers of the tips are already
// formatted here, so that the script decides nothing. Only the fields of its kind are set.
type chart struct {
	Kind  string  `json:"kind"` // heatmap, flow, curves, area, lines, network
	Label T       `json:"label"`
	X     []T     `json:"x,omitempty"` // categories of the horizontal axis
	Y     []T     `json:"y,omitempty"` // categories of the vertical axis (heatmap)
	XName T       `json:"xname"`
	YName T       `json:"yname"`
	Lines []line  `json:"lines,omitempty"`
	Cells []tile  `json:"cells,omitempty"`
	Nodes []node  `json:"nodes,omitempty"`
	Links []link  `json:"links,omitempty"`
	Max   float64 `json:"max,omitempty"`
	// Percent tells that the vertical axis of lines is a share; Min and Max are its ends.
	Percent bool     `json:"percent,omitempty"`
	Min     *float64 `json:"min,omitempty"`
	Tall    bool     `json:"tall,omitempty"`    // a heatmap whose height follows its rows
	Split   bool     `json:"split,omitempty"`   // a heatmap of two colours: Shade of its tiles instead of Value
	Between string   `json:"between,omitempty"` // what stands between row and column in a tip; an arrow by default
	Legend  []legend `json:"legend,omitempty"`  // groups of nodes (network)
}

// legend is a group of nodes; Hue -1 has no colour.
type legend struct {
	Name T   `json:"name"`
	Hue  int `json:"hue"`
}

// line is one curve; a nil point is not known.
type line struct {
	Name  T          `json:"name"`
	Value []*float64 `json:"value"`
	Lower []*float64 `json:"lower,omitempty"`
	Upper []*float64 `json:"upper,omitempty"`
	Tips  []T        `json:"tips"`
	Big   []bool     `json:"big,omitempty"`  // points that stand out (lines): the declared cap
	Mark  []int      `json:"mark,omitempty"` // points at which the series changed (lines): an upright dashed line
}

// tile is one cell of a heatmap.
type tile struct {
	X     int     `json:"x"`
	Y     int     `json:"y"`
	Value float64 `json:"value"`
	Stay  bool    `json:"stay"` // diagonal: drawn aside, since staying outweighs every move
	Text  T       `json:"text"`
	Tip   T       `json:"tip"`
	Shade float64 `json:"shade,omitempty"` // of a split heatmap: -1 (less) to 1 (more)
	Mark  bool    `json:"mark,omitempty"`  // drawn with a border
}

// node and link are a flow from the left column to the right one, or a network.
type node struct {
	ID   string  `json:"id"`
	Name T       `json:"name"`
	Hue  int     `json:"hue"`
	Left bool    `json:"left"`
	Size float64 `json:"size,omitempty"` // of a network: pixels
	Bulk bool    `json:"bulk,omitempty"` // of a network: another shape
	Tip  T       `json:"tip,omitzero"`
}

type link struct {
	From  string  `json:"from"`
	To    string  `json:"to"`
	Value int64   `json:"value"`
	Tip   T       `json:"tip"`
	Kind  string  `json:"kind,omitempty"`  // of a network: follows, declared, overlap, conflict
	Width float64 `json:"width,omitempty"` // of a network: pixels
}

// point is a number of a chart; nil when it is not finite.
func point(x float64) *float64 {
	if !analytics.Finite(x) {
		return nil
	}
	x = math.Round(x*1e6) / 1e6
	return &x
}
