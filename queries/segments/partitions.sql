/*---
table: segments.partitions
block: pairs
grain: [partition_a, partition_b]
doc: >-
  Sets of segments that share no customers (partitions), compared with each other and with the life-cycle stages: do two ways to cut the base say the same? Customers in no segment of a partition
  are a part of their own. Written by segments/pairs.Fit.
columns:
  - {name: partition_a, type: string, doc: "its segments, separated by |"}
  - {name: partition_b, type: string, doc: "the other; lifecycle stands for the stages before the window"}
  - {name: parts_a, type: int64, unit: "parts", doc: "parts of a that hold customers"}
  - {name: parts_b, type: int64, unit: "parts", doc: "parts of b"}
  - {name: customers, type: int64, unit: "customers", doc: "customers looked at"}
  - {name: ami, type: float64, unit: "1", nullable: true, doc: "adjusted mutual information: 1 = the same cut, 0 = as much in common as by chance; NULL when neither cuts anything"}
  - {name: ari, type: float64, unit: "1", nullable: true, doc: "adjusted Rand index, the same by pairs of customers"}
---*/
