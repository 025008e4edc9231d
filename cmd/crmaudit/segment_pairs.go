package main

import (
	"maps"

	"crmaudit/segments/pairs"
)

// segmentPairs is the margins of segments for block pairs.
func (c *config) segmentPairs() pairs.Setup {
	s := pairs.Setup{Margins: map[string]map[string]float64{}}
	for _, segment := range c.Segments {
		if len(segment.Margins) > 0 {
			s.Margins[segment.ID] = maps.Clone(segment.Margins)
		}
	}
	return s
}
