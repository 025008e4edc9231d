"""Makes partitions.json for analytics/suffstat/partition.go: adjusted mutual information and adjusted Rand index by scikit-learn.

    python3 testdata/oracle/make_partitions.py testdata/oracle

Needs scikit-learn (pip install scikit-learn). The Go tests read the JSON and need no Python.
"""
import json, os, random, sys

import sklearn
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, mutual_info_score
from sklearn.metrics.cluster import contingency_matrix, expected_mutual_information

random.seed(5)


def case(name, a, b):
    table = contingency_matrix(a, b)
    return dict(name=name, table=table.tolist(), ami=float(adjusted_mutual_info_score(a, b)), ari=float(adjusted_rand_score(a, b)),
                mi=float(mutual_info_score(a, b)), emi=float(expected_mutual_information(table.astype("int64"), table.sum())))


noisy = [random.choice(range(5)) for _ in range(3000)]
cases = [
    case("statistics 9", list("000011112222"), list("000111122220")),
    case("unequal parts", [0] * 40 + [1] * 5 + [2] * 15, [random.choice([0, 0, 0, 1]) for _ in range(60)]),
    case("independent", [random.choice(range(4)) for _ in range(500)], [random.choice(range(6)) for _ in range(500)]),
    case("noisy copy", noisy, [x if random.random() < .8 else random.choice(range(5)) for x in noisy]),
    case("the same cut", list("001122"), list("aabbcc")),
    case("one part", [0] * 9, [0, 1, 2] * 3),
    case("one part in both", [0] * 9, [0] * 9),
    case("everybody alone", list(range(6)), list(range(6))),
    case("large and skewed", [0] * 90000 + [1] * 700 + [2] * 9300, [0] * 50000 + [1] * 45000 + [2] * 5000),
]
with open(os.path.join(sys.argv[1], "partitions.json"), "w") as f:
    json.dump(dict(made_by="make_partitions.py, scikit-learn " + sklearn.__version__, cases=cases), f, indent=1)
    f.write("\n")
