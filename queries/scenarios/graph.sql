/*---
table: scenarios.graph
grain: [graph, scenario_id]
doc: >-
  Every chain in the two directed graphs of hand-overs: declared by next, and observed (edges that at least one exit in twenty takes). Facts of the graph, written by scenarios.Fit.
columns:
  - {name: graph, type: string, doc: "declared or observed"}
  - {name: scenario_id, type: string, doc: "scenario"}
  - {name: successors, type: int64, unit: "scenarios", doc: "other scenarios that an edge leads to"}
  - {name: predecessors, type: int64, unit: "scenarios", doc: "other scenarios that an edge comes from"}
  - {name: sink, type: bool, unit: "1", doc: "no edge leads on"}
  - {name: unreachable, type: bool, unit: "1", doc: "no edge leads here and, by definition, nothing starts it; in the observed graph: no entries"}
  - {name: loop, type: int64, unit: "1", nullable: true, doc: "number of the loop (strongly connected part of two or more, or an edge to itself) that it is in"}
  - {name: loop_members, type: string, doc: "scenarios of the loop, comma-separated"}
---*/
