package suffstat

import "math"

// MixCell is one cell of two mixes: base and events before and after.
type MixCell struct {
	BaseBefore, EventsBefore, BaseAfter, EventsAfter float64
}

// Decomposition splits the change of a rate. After - Before = Rate + Mix.
type Decomposition struct {
	Before, After float64
	Rate          float64 // from other rates in equal cells
	Mix           float64 // from another mix of cells
}

// Kitagawa splits the difference of two crude rates.
//
// Question: did the rate change, or who was asked? Formula: Rate = sum mean(mix) d(rate), Mix = sum mean(rate) d(mix). A cell that is empty on one side has no rate there: that of the
// other side is taken, so that its coming or going is all mix. An empty side gives NaN. An identity, no estimate; the cells decide what counts as mix. Source: Kitagawa
// (1955). Check: mix (.5, .5) -> (.8, .2), rates (.10, .30) -> (.12, .35): total -.034 = +.0305 rate - .0645 mix.
func Kitagawa(cells []MixCell) Decomposition {
	var nb, na, xb, xa float64
	for _, c := range cells {
		nb, na, xb, xa = nb+c.BaseBefore, na+c.BaseAfter, xb+c.EventsBefore, xa+c.EventsAfter
	}
	d := Decomposition{Before: xb / nb, After: xa / na}
	if nb == 0 || na == 0 {
		return Decomposition{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	for _, c := range cells {
		if c.BaseBefore == 0 && c.BaseAfter == 0 {
			continue
		}
		rb, ra := c.EventsBefore/c.BaseBefore, c.EventsAfter/c.BaseAfter
		if c.BaseBefore == 0 {
			rb = ra
		}
		if c.BaseAfter == 0 {
			ra = rb
		}
		wb, wa := c.BaseBefore/nb, c.BaseAfter/na
		d.Rate += (wb + wa) / 2 * (ra - rb)
		d.Mix += (rb + ra) / 2 * (wa - wb)
	}
	return d
}
