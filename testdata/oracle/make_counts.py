#!/usr/bin/env python3
"""Oracle of suffstat.CountCDF, CountSurvival and MixedCount: scipy's nbinom and poisson, and scipy.integrate.quad over t. python3 testdata/oracle/make_counts.py > testdata/oracle/counts.json"""
import json

import numpy
from scipy.integrate import quad
from scipy.stats import nbinom, norm, poisson, t

rows = []
for mean in (0.3, 2, 7.5, 40, 1000, 250000):
    for size in (0.8, 4, 11.1, 200, 1e6, None):
        for k in (0, 1, int(mean * 0.3), int(mean * 0.9), int(mean), int(mean * 3)):
            d = poisson(mean) if size is None else nbinom(size, size / (size + mean))
            rows.append({"k": k, "mean": mean, "size": size, "cdf": float(d.cdf(k)), "survival": float(d.sf(k - 1))})
mixed = []
for mean in (3, 40, 1000):
    for tau in (0.05, 0.3, 0.8):
        for df in (4, 8, 30):
            unit = t.ppf(0.75, df) / norm.ppf(0.75)
            for share in (0, 0.3, 0.5, 1, 3):
                k = int(mean * share)
                split = numpy.log(max(k, 0.5) / mean) * unit / tau  # where the Poisson tail turns

                def integral(f):
                    edges = sorted({-numpy.inf, -30.0, split - 3 / tau / numpy.sqrt(max(k, 1)), split, split + 3 / tau / numpy.sqrt(max(k, 1)), 0.0, 30.0, numpy.inf})
                    return sum(quad(f, a, b, limit=500, epsabs=1e-14)[0] for a, b in zip(edges, edges[1:]))

                def mu(x):
                    return mean * numpy.exp(min(tau * x / unit, 600))

                mixed.append({"k": k, "mean": mean, "tau": tau, "df": df, "cdf": integral(lambda x: poisson.cdf(k, mu(x)) * t.pdf(x, df)),
                              "survival": integral(lambda x: poisson.sf(k - 1, mu(x)) * t.pdf(x, df))})
print(json.dumps({"rows": rows, "mixed": mixed}, indent=1))
