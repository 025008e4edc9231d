#!/usr/bin/env python3
"""Makes testdata/oracle/duplicates.json: what scipy says about one-dimensional transport and complete linkage.

  python3 testdata/oracle/make_duplicates.py testdata/oracle

Needs scipy and numpy. The Go tests read the JSON and need no Python.
"""
import json, sys
import numpy as np, scipy
from scipy.cluster.hierarchy import linkage, fcluster
from scipy.stats import wasserstein_distance

rng = np.random.default_rng(20261122)
out = {"made_by": f"make_duplicates.py, scipy {scipy.__version__}, numpy {np.__version__}", "transport": [], "bins": [], "linkage": []}

def transport(x, wx, y, wy):
    w = wasserstein_distance(x, y, wx, wy)
    out["transport"].append({"x": list(map(float, x)), "wx": None if wx is None else list(map(float, wx)),
                             "y": list(map(float, y)), "wy": None if wy is None else list(map(float, wy)), "w": float(w)})

transport([0, 1, 3], None, [5, 6, 8], None)
transport([0, 1], [3, 1], [0, 1], [2, 2])
transport([3.4, 3.9, 7.5, 7.8], [1.4, .9, 3.1, 7.2], [4.5, 1.4], [3.2, 3.5])
transport([2, 2, 2], None, [2], None)
for n, m in [(1, 1), (5, 9), (40, 17)]:
    transport(rng.normal(0, 10, n).round(3), rng.integers(0, 9, n) + 1, rng.normal(2, 5, m).round(3), rng.integers(1, 9, m))
for n, m, width in [(24, 24, 1.0), (60, 10, .5), (3, 168, 1.0)]:
    a, b = rng.integers(0, 50, n), rng.integers(0, 50, m)
    w = wasserstein_distance(np.arange(n) * width, np.arange(m) * width, a, b)
    out["bins"].append({"a": a.tolist(), "b": b.tolist(), "width": width, "w": float(w)})

# The chain A~B~C: single linkage would make one cluster of it.
chain = [.1, .9, .1]
cases = [(3, chain, [.05, .2, .95])]
for n in [2, 5, 12, 40]:
    x = rng.random((n, 3))
    i, j = np.triu_indices(n, 1)
    d = np.sqrt(((x[i] - x[j]) ** 2).sum(axis=1)).round(9)   # all different
    cases.append((n, d.tolist(), [.1, .3, .5, .8, 2]))
for n, d, cuts in cases:
    z = linkage(d, "complete")
    case = {"n": n, "d": d, "z": [[int(a), int(b), float(h), int(s)] for a, b, h, s in z], "cuts": []}
    for c in cuts:
        labels, first = fcluster(z, c, "distance"), {}
        case["cuts"].append({"height": c, "labels": [first.setdefault(int(l), len(first)) for l in labels]})
    out["linkage"].append(case)
json.dump(out, open(sys.argv[1] + "/duplicates.json", "w"), indent=None, separators=(",", ":"))
open(sys.argv[1] + "/duplicates.json", "a").write("\n")
