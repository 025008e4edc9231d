#!/usr/bin/env python3
# Oracle of analytics/value: BG/NBD and gamma-gamma by an independent route (scipy: the likelihood of the paper as written, hyp2f1 as is, Nelder-Mead on the parameters; mpmath for extreme arguments).
# Run: python3 testdata/oracle/make_value.py ../shared/data/cdnow/CDNOW_sample.txt > testdata/oracle/value.json   (from the repository's root)
# Only aggregates of CDNOW go into the file: cells (x, t_x, T) in days with counts.
import sys, json, datetime as D, collections, math
import numpy as np
from scipy.special import gammaln, betaln, hyp2f1
from scipy.optimize import minimize
import mpmath as mp

day = lambda s: D.datetime.strptime(s, '%Y%m%d').date()
rows = [l.split() for l in open(sys.argv[1])]
by = collections.defaultdict(lambda: collections.defaultdict(float))
for _, c, d, _, a in rows: by[c][day(d)] += float(a)
END = D.date(1997, 9, 30)   # week 39, as in the paper
LATER = D.date(1998, 6, 30) # week 78

cells, later, spend = collections.Counter(), collections.defaultdict(lambda: [0, 0]), []
for c, days in by.items():
    ds = sorted(d for d in days if d <= END)
    x, tx, T = len(ds) - 1, (ds[-1] - ds[0]).days, (END - ds[0]).days
    cells[(x, tx, T)] += 1
    y = sum(END < d <= LATER for d in days)
    later[min(x, 7)][0] += 1; later[min(x, 7)][1] += y
    v = [days[d] for d in ds[1:] if days[d] > 0]
    if v: spend.append((len(v), round(100 * sum(v))))

keys = np.array(sorted(cells)); n = np.array([cells[tuple(k)] for k in keys], float)
x, tx, T = keys[:, 0].astype(float), keys[:, 1] / 7, keys[:, 2] / 7
def ll(q):
    r, al, a, b = np.exp(q)
    A1 = gammaln(r + x) - gammaln(r) + r * np.log(al)
    A2 = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    A3 = -(r + x) * np.log(al + T)
    A4 = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(al + tx), -np.inf)
    return float(np.sum(n * (A1 + A2 + np.logaddexp(A3, A4))))
fit = None
for s in ([.3, 5, .8, 2.5], [1, 10, .5, 2]):
    o = minimize(lambda q: -ll(q), np.log(s), method='Nelder-Mead', options=dict(xatol=1e-10, fatol=1e-10, maxiter=40000, maxfev=40000))
    if fit is None or o.fun < fit.fun: fit = o
par = np.exp(fit.x)
def hess(f, q, h=1e-3):
    k = len(q); H = np.zeros((k, k)); E = np.eye(k) * h
    for i in range(k):
        for j in range(k):
            H[i, j] = (f(q + E[i] + E[j]) - f(q + E[i] - E[j]) - f(q - E[i] + E[j]) + f(q - E[i] - E[j])) / (4 * h * h)
    return H
se = par * np.sqrt(np.diag(np.linalg.inv(-hess(ll, fit.x))))

r, al, a, b = par
def expect(x, tx, T, t):
    top = (a + b + x - 1) / (a - 1) * (1 - ((al + T) / (al + T + t)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, t / (al + T + t)))
    return top / (1 + (a / (b + x - 1) * ((al + T) / (al + tx)) ** (r + x) if x > 0 else 0))
customers = []
for q in [(0, 0, 38.86), (1, 1.71, 38.86), (2, 30.43, 38.86), (4, 20, 30), (11, 35.3, 37.0), (29, 37.3, 38.4), (2, 5, 27)]:
    xx, t1, t2 = q
    alive = 1 / (1 + (a / (b + xx - 1) * ((al + t2) / (al + t1)) ** (r + xx) if xx > 0 else 0))
    customers.append(dict(x=xx, t=t1, T=t2, span=39, p_alive=alive, expected=float(expect(xx, t1, t2, 39))))
def pcount(k, t):
    p = math.exp(betaln(a, b + k) - betaln(a, b) + gammaln(r + k) - gammaln(r) - gammaln(k + 1)) * (al / (al + t)) ** r * (t / (al + t)) ** k
    if k > 0:
        s = sum(math.exp(gammaln(r + j) - gammaln(r) - gammaln(j + 1)) * (t / (al + t)) ** j for j in range(k))
        p += math.exp(betaln(a + 1, b + k - 1) - betaln(a, b)) * (1 - (al / (al + t)) ** r * s)
    return p
ages = collections.Counter()
for (xx, t1, t2), m in cells.items(): ages[t2] += m
counts = [sum(m * pcount(k, d / 7) for d, m in ages.items()) for k in range(7)]
counts.append(sum(cells.values()) - sum(counts))

hold = []
for k in range(8):
    e = sum(m * expect(xx, t1 / 7, t2 / 7, (LATER - END).days / 7) for (xx, t1, t2), m in cells.items() if min(xx, 7) == k)
    hold.append(dict(repeats=k, customers=later[k][0], actual=later[k][1], expected=float(e)))

# Active() at arguments where the textbook formula loses digits, with 60 digits.
mp.mp.dps = 60
active = []
for (r_, al_, a_, b_, x_, T_, t_) in [(.2426, 4.4135, .7929, 2.4258, 0, 0, 39), (.25, 4, 1, 2.5, 3, 20, 13), (.25, 4, 1.0000001, 2.5, 3, 20, 13), (2, .01, .5, .3, 0, 0, 13), (2, .01, 3, 20, 40, 5, 13),
        (.5, 30, .2, .8, 0, 10, 52), (8, 12, .02, 9, 150, 100, 13), (.7, 5, 40, 300, 7, 60, 26), (.3, 1, .6, .4, 0, 3, 13), (30, 20, 6, 1, 12, 52, 52), (1.5, .3, 1.2, .7, 1, .5, 104)]:
    R, A_, a2, b2, X, TT, t2 = [mp.mpf(str(v)) for v in (r_, al_, a_, b_, x_, T_, t_)]
    if a2 == 1 or a2 + b2 + X == 1: a2 = a2 + mp.mpf(10) ** -30
    v = (a2 + b2 + X - 1) / (a2 - 1) * (1 - ((A_ + TT) / (A_ + TT + t2)) ** (R + X) * mp.hyp2f1(R + X, b2 + X, a2 + b2 + X - 1, t2 / (A_ + TT + t2)))
    active.append(dict(r=r_, alpha=al_, a=a_, b=b_, x=x_, T=T_, span=t_, value=float(v)))

sp = collections.Counter(spend)
k = np.array([q[0] for q in sorted(sp)], float); m = np.array([q[1] / 100 / q[0] for q in sorted(sp)]); w = np.array([sp[q] for q in sorted(sp)], float)
def lg(q):
    p, qq, v = np.exp(q)
    return float(np.sum(w * (gammaln(p * k + qq) - gammaln(p * k) - gammaln(qq) + qq * np.log(v) + (p * k - 1) * np.log(m) + p * k * np.log(k) - (p * k + qq) * np.log(k * m + v))))
og = minimize(lambda q: -lg(q), np.log([5, 4, 15]), method='Nelder-Mead', options=dict(xatol=1e-10, fatol=1e-10, maxiter=40000, maxfev=40000))
gg = np.exp(og.x); ggse = gg * np.sqrt(np.diag(np.linalg.inv(-hess(lg, og.x))))
corr = float(np.corrcoef(np.repeat(np.log(k), w.astype(int)), np.repeat(m, w.astype(int)))[0, 1])
p, q, v = gg
means = [dict(purchases=a_, mean=b_, value=float(p * (v + a_ * b_) / (p * a_ + q - 1))) for a_, b_ in [(0, 0), (1, 20), (5, 80.5)]]
json.dump(dict(
    source='CDNOW sample, weeks 1 to 39 (2,357 customers); testdata/oracle/make_value.py',
    cells=[[int(i) for i in kk] + [cells[tuple(kk)]] for kk in keys.tolist()],
    bg_nbd=dict(params=par.tolist(), se=se.tolist(), log_likelihood=-fit.fun), customers=customers, counts=counts, holdout=hold, active=active,
    spend=[[int(a_), int(b_), sp[(a_, b_)]] for a_, b_ in sorted(sp)],
    gamma_gamma=dict(params=gg.tolist(), se=ggse.tolist(), log_likelihood=-og.fun, correlation=corr, means=means)), sys.stdout, separators=(',', ':'))
print()
