/*---
table: analytics.rhythm_cells
block: rhythm
grain: [mean_bin, cv_bin]
doc: The rhythm of the cells of analytics.red_rhythm_shapes, for analytics.rhythms. Written by analytics/rhythm.
columns:
  - {name: mean_bin, type: int64, unit: "1", doc: "mean logarithm of the pauses in steps of 1/8"}
  - {name: cv_bin, type: int64, unit: "1", doc: "logarithm of the coefficient of variation in steps of 1/4, 0 = 0.05 and less"}
  - {name: rhythm, type: string, doc: "analytics.rhythm_groups.rhythm"}
---*/
