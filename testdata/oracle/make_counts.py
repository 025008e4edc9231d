#!/usr/bin/env python3
"""Oracle of suffstat.CountCDF and CountSurvival: scipy's nbinom and poisson. python3 testdata/oracle/make_counts.py > testdata/oracle/counts.json"""
import json

from scipy.stats import nbinom, poisson

rows = []
for mean in (0.3, 2, 7.5, 40, 1000, 250000):
    for size in (0.8, 4, 11.1, 200, 1e6, None):
        for k in (0, 1, int(mean * 0.3), int(mean * 0.9), int(mean), int(mean * 3)):
            d = poisson(mean) if size is None else nbinom(size, size / (size + mean))
            rows.append({"k": k, "mean": mean, "size": size, "cdf": float(d.cdf(k)), "survival": float(d.sf(k - 1))})
print(json.dumps({"rows": rows}, indent=1))
