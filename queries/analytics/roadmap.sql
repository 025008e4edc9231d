/*---
table: analytics.roadmap
grain: [hypothesis_id]
doc: When to work on what, one row per hypothesis. Quick wins first, then what fits into a quarter, then the strategic; never two tests at once on customers who share a problem or largely are the same, never more at once than backlog.parallel.
columns:
  - {name: hypothesis_id, type: string, doc: "hypothesis"}
  - {name: position, type: int64, unit: "1", doc: "order of the roadmap: by start, then rank; those without a place come last"}
  - {name: rank, type: int64, unit: "1", doc: "place in the backlog"}
  - {name: lane, type: string, doc: "quick_win, next_quarter, strategic, or later (without a place)"}
  - {name: start_week, type: int64, unit: weeks, nullable: true, doc: "first week, 1 is the first after the audit; NULL without a place"}
  - {name: test_week, type: int64, unit: weeks, nullable: true, doc: "first week of the test, after the work; NULL without a test or a place"}
  - {name: end_week, type: int64, unit: weeks, nullable: true, doc: "last week"}
  - {name: depends_on, type: string, doc: "hypothesis_id that ends first; empty without one"}
  - {name: depends_why, type: string, doc: "why: holdout_first, same_problem, shared_customers, capacity (nobody was free earlier), or empty"}
  - {name: place, type: string, doc: "planned, or why it has no place: exploratory (not confirmed), same_problem (a better one is tried first and it may then be needless), beyond_horizon (not within 52 weeks)"}
---*/
