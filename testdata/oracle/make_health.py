"""Oracle of package analytics/health: testdata/oracle/health.json.

    pip install --target /tmp/jf jellyfish==1.3.0 && PYTHONPATH=/tmp/jf python3 testdata/oracle/make_health.py

jaro, jaro_winkler, slip: jellyfish 1.3.0 (jaro_similarity, jaro_winkler_similarity with the boost at any similarity as in Winkler 1990, damerau_levenshtein_distance = 1) on random words and on the
published pairs of Winkler's reports (MARTHA MARHTA .961, DWAYNE DUANE .840, DIXON DICKSONX .813). names: one name in the spellings of published tables, written out here by hand:
GOST R 52535.1-2006 = ICAO Doc 9303 (passports), ISO 9:1995 = GOST 7.79-2000 A, GOST 7.79-2000 B, BGN/PCGN 1947 for Russian, BGN/PCGN 1979 for Kazakh, Kazakh Latin alphabet of 2021 (table approved 28 January 2021).
"""
import json
import os
import random

import jellyfish

HERE = os.path.dirname(os.path.abspath(__file__))

ICAO = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia".split()))
ISO9 = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â".split()))
GOST_B = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "a b v g d e yo zh z i j k l m n o p r s t u f x cz ch sh shh `` y' ` e' yu ya".split()))
BGN = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюя", "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch ʺ y ʹ e yu ya".split()))
BGN["ё"] = "ë"
KAZAKH_BGN = dict(BGN, **dict(zip("әғқңөұүһі", "ä gh q ng ö ū ü h i".split())))
KAZAKH_2021 = dict(zip("аәбвгғдежзийкқлмнңоөпрстуұүфхһшыіэюя", "a ä b v g ğ d e j z i i k q l m n ñ o ö p r s t u ū ü f h h ş y ı e iu ia".split()))


def write(table, word):
    out = ""
    for i, c in enumerate(word):
        s = table[c].replace("_", "")
        # BGN/PCGN: ye and yë at the beginning, after vowels, й, ъ, ь
        if table in (BGN, KAZAKH_BGN) and c in "её" and (i == 0 or word[i - 1] in "аеёиоуыэюяйъьәөүұі"):
            s = "y" + s
        out += s
    return out


russian = """александр алексей андрей анна борис валентина василий виктор виктория владимир галина георгий григорий дарья денис дмитрий евгений екатерина елена жанна зинаида иван игорь илья ирина
кирилл ксения лариса любовь людмила максим мария михаил наталья николай ольга павел пётр роман светлана семён сергей софья степан татьяна фёдор юлия юрий яков
щербаков шишкин чайковский цветков хрущёв жуков ершов соловьёв воробьёв объедков мельников горбачёв ильин кузнецов лебедев алексеевич андреевна дмитриевич юрьевна щукин зайцев рыбаков чернышёв""".split()
kazakh = """әлия әсел айгүл нұрсұлтан гүлнәр қайрат жанар жұмабай ғалым өтеген үміт шыңғыс ерлан серік қасымов мұратбек төлеген бауыржан алматы қарағанды""".split()
names = []
for w in russian:
    names.append({"name": w, "icao": write(ICAO, w), "iso9": write(ISO9, w), "gost_b": write(GOST_B, w), "bgn": write(BGN, w)})
for w in kazakh:
    n = {"name": w}
    if all(c in KAZAKH_BGN for c in w):
        n["bgn"] = write(KAZAKH_BGN, w)
    if all(c in KAZAKH_2021 for c in w):
        n["kazakh_2021"] = write(KAZAKH_2021, w)
    names.append(n)

rng = random.Random(13)
pairs = [("martha", "marhta"), ("dwayne", "duane"), ("dixon", "dicksonx"), ("jones", "johnson"), ("abroms", "abrams"), ("hardin", "martinez"), ("itman", "smith"), ("", "a"), ("a", "a"), ("ab", "ba")]
letters = "abeiknorstv"
for _ in range(400):
    a = "".join(rng.choice(letters) for _ in range(rng.randint(1, 14)))
    b = list(a)
    for _ in range(rng.randint(0, 3)):
        k = rng.randrange(len(b) + 1)
        what = rng.randrange(4)
        if what == 0:
            b.insert(k, rng.choice(letters))
        elif what == 1 and k < len(b):
            b[k] = rng.choice(letters)
        elif what == 2 and k < len(b) and len(b) > 1:
            del b[k]
        elif what == 3 and k + 1 < len(b):
            b[k], b[k + 1] = b[k + 1], b[k]
    pairs.append((a, "".join(b)))
for _ in range(100):
    pairs.append(tuple("".join(rng.choice(letters) for _ in range(rng.randint(1, 10))) for _ in range(2)))


def winkler(a, b):
    j = jellyfish.jaro_similarity(a, b)
    p = 0
    while p < min(len(a), len(b), 4) and a[p] == b[p]:
        p += 1
    w = j + 0.1 * p * (1 - j)
    if j > 0.7:  # jellyfish boosts from here on only: there both must agree
        assert abs(w - jellyfish.jaro_winkler_similarity(a, b)) < 1e-9, (a, b)
    return w


similar = [{"a": a, "b": b, "jaro": jellyfish.jaro_similarity(a, b), "jaro_winkler": winkler(a, b), "slip": jellyfish.damerau_levenshtein_distance(a, b) == 1} for a, b in pairs]
with open(os.path.join(HERE, "health.json"), "w", encoding="utf-8") as f:
    json.dump({"source": "make_health.py, jellyfish 1.3.0", "similar": similar, "names": names}, f, ensure_ascii=False, indent=0)
    f.write("\n")
