package report

import _ "embed"

// artefactStyle is the look of the artefacts of decision: journey map, roadmap, forest plot, small pictures of series.
//
//go:embed assets/artefacts.css
var artefactStyle string
