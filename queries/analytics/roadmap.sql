/*---
table: analytics.roadmap
grain: [hypothesis_id]
doc: When to work on what, one row per hypothesis. The hold-out and quick wins first, then the others by rank, the strategic not before the second quarter; never two tests at once on customers who are largely the same, never more at once than backlog.parallel.
columns:
  - {name: hypothesis_id, type: string, doc: "hypothesis"}
  - {name: position, type: int64, unit: "1", doc: "order of the roadmap: by start, then rank; those without a place come last"}
  - {name: rank, type: int64, unit: "1", doc: "place in the backlog"}
  - {name: lane, type: string, doc: "quick_win, next_quarter, strategic, or later (without a place)"}
  - {name: start_week, type: int64, unit: weeks, nullable: true, doc: "first week, 1 is the first after the audit; NULL without a place"}
  - {name: test_week, type: int64, unit: weeks, nullable: true, doc: "first week of the test, after the work; NULL without a test or a place"}
  - {name: end_week, type: int64, unit: weeks, nullable: true, doc: "last week"}
  - {name: depends_on, type: string, doc: "hypothesis_id that it waits for; empty without one"}
  - {name: depends_why, type: string, doc: "why: holdout_first (begins when the hold-out stands), same_problem (only if that one fails), shared_customers (tests on the same customers one after the other), capacity (nobody is free earlier), or empty"}
  - {name: place, type: string, doc: "planned, or why it has no place: exploratory (not confirmed), same_problem (a better one is tried first and it may then be needless), not_worth (by what is known it costs more than it brings), beyond_horizon (not within 52 weeks)"}
---*/
