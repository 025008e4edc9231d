/*---
table: scenarios.breadth
grain: [scenario_id]
doc: >-
  How selective the trigger of every chain is. Entries count on days whose stage is known, and so does the base: left out of both are the days before the first period of the panel (the stage at its begin is evaluated after such an entry, which may have changed it), and who came in a
  period that has not ended (no stage yet). Written by scenarios.Fit.
columns:
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: entrants, type: int64, unit: "customers", doc: "customers who entered, stage known"}
  - {name: eligible, type: int64, unit: "customers", doc: "customers of the panel in the audited window"}
  - {name: reach, type: float64, unit: "share", nullable: true, doc: "entrants divided by eligible"}
  - {name: reach_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of reach"}
  - {name: reach_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of reach"}
  - {name: target_entries, type: int64, unit: "entries", nullable: true, doc: "entries with a known stage; NULL when the definition names no stage"}
  - {name: precision, type: float64, unit: "share", nullable: true, doc: "share of entries in a stage that the definition names, on the day or at the next evaluation"}
  - {name: precision_lower, type: float64, unit: "share", nullable: true, doc: "lower end of the 95 % interval of precision"}
  - {name: precision_upper, type: float64, unit: "share", nullable: true, doc: "upper end of the 95 % interval of precision"}
  - {name: selectivity, type: float64, unit: "nats", nullable: true, doc: "Jensen-Shannon divergence between the stages of entries and the days of customers who never entered, minus noise_floor: 0 = the trigger does not look at the stage"}
  - {name: selectivity_lower, type: float64, unit: "nats", nullable: true, doc: "lower end of the 95 % interval of selectivity"}
  - {name: selectivity_upper, type: float64, unit: "nats", nullable: true, doc: "upper end of the 95 % interval of selectivity"}
  - {name: noise_floor, type: float64, unit: "nats", nullable: true, doc: "divergence expected of two equal mixes of this size"}
  - {name: reentry_share, type: float64, unit: "share", nullable: true, doc: "re-entries divided by entries (fact)"}
  - {name: reason, type: string, doc: "precision (fewer than 60 % in the declared stages), unselective (more than half of the base, whatever its stage), both, or empty"}
  - {name: p_value, type: float64, unit: "1", nullable: true, doc: "p-value of the claim; NULL when it could not be tested"}
  - {name: q_value, type: float64, unit: "1", nullable: true, doc: "false-discovery rate at which the scenario is selected among all that were tested (Benjamini-Hochberg)"}
  - {name: verdict, type: string, doc: "yes (too broad), no (not), undecided, insufficient_data, or excluded"}
  - {name: needed, type: int64, unit: "customers", nullable: true, doc: "customers that would decide; NULL when decided or when no number would do"}
---*/
