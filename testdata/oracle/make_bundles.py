# Oracle of analytics/suffstat/margins.go and analytics/bundles: expected numbers of baskets that hold two products both, at fixed sizes of baskets and fixed totals of products, by swap randomization (curveball,
# Strona et al., Nature Communications 5 (2014) 4114) of a made-up world, and by enumeration of all choices on a tiny one.
#   python3 testdata/oracle/make_bundles.py > testdata/oracle/bundles.json     (numpy; about one minute)
import itertools, json, math
import numpy as np

rng = np.random.default_rng(20261122)


def world(n, items, big):
    """Baskets of products of very different popularity; a few baskets are large; two pairs are planted."""
    weight = 1 / np.arange(1, items + 1) ** .8
    out = []
    for _ in range(n):
        k = min(items, 1 + rng.geometric(.45)) if rng.random() > big else int(rng.integers(8, 25))
        basket = set(rng.choice(items, size=min(k, items), replace=False, p=weight / weight.sum()).tolist())
        if 0 in basket and rng.random() < .3:
            basket.add(5)
        if 3 in basket and rng.random() < .2:
            basket.discard(1)
        out.append(basket)
    return out


def pairs_of(baskets, items):
    m = np.zeros((len(baskets), items), dtype=np.int32)
    for i, b in enumerate(baskets):
        m[i, sorted(b)] = 1
    return m.T @ m


def trade(baskets, times):
    n = len(baskets)
    first, second = rng.integers(0, n, times), rng.integers(0, n - 1, times)
    for i, j in zip(first, second):
        j += j >= i
        a, b = baskets[i], baskets[j]
        only_a, only_b = a - b, b - a
        if not only_a or not only_b:
            continue
        pool = list(only_a | only_b)
        rng.shuffle(pool)
        both = a & b
        baskets[i], baskets[j] = both | set(pool[:len(only_a)]), both | set(pool[len(only_a):])


def curveball(baskets, items, samples):
    b = [set(x) for x in baskets]
    trade(b, 10 * len(b))
    total, square = np.zeros((items, items)), np.zeros((items, items))
    for _ in range(samples):
        trade(b, 2 * len(b))
        p = pairs_of(b, items).astype(float)
        total += p
        square += p * p
    mean = total / samples
    return mean, np.sqrt(np.maximum(0, square / samples - mean * mean))


def describe(baskets, items, samples):
    seen = pairs_of(baskets, items)
    mean, sd = curveball(baskets, items, samples)
    sizes = np.bincount([len(b) for b in baskets])
    n = len(baskets)
    pairs = []
    for a, b in itertools.combinations(range(items), 2):
        if mean[a, b] >= 20:
            na, nb, both = int(seen[a, a]), int(seen[b, b]), int(seen[a, b])
            row = {"a": a, "b": b, "n_a": na, "n_b": nb, "n_ab": both, "expected": round(float(mean[a, b]), 4), "sd": round(float(sd[a, b]), 4), "lift": round(both * n / (na * nb), 9)}
            if both:
                row["se_log"] = round(math.sqrt(max(0, 1 / both - 1 / na - 1 / nb + 1 / n)), 9)
            pairs.append(row)
    return {"baskets": n, "samples": samples, "sizes": sizes.tolist(), "items": np.diag(seen).tolist(), "pairs": pairs}


def enumerated():
    """Chances by enumeration: baskets of size k with P proportional to the product of the odds, and the totals that these odds imply."""
    odds = [5., 2., 1., .7, .4, .1, .1]
    out = []
    for k in range(1, len(odds) + 1):
        sets = list(itertools.combinations(range(len(odds)), k))
        w = [math.prod(odds[i] for i in s) for s in sets]
        z = sum(w)
        hold = [sum(x for x, s in zip(w, sets) if i in s) / z for i in range(len(odds))]
        both = [[sum(x for x, s in zip(w, sets) if i in s and j in s) / z if i != j else None for j in range(len(odds))] for i in range(len(odds))]
        out.append({"size": k, "hold": hold, "both": both})
    return {"odds": odds, "sizes": out}


print(json.dumps({
    "swaps": [describe(world(4000, 50, .05), 50, 500), describe(world(1500, 12, .1), 12, 800)],
    "enumerated": enumerated(),
}, separators=(",", ":")))
