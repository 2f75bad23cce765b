"""Writes cancellations.json: targets at which terms of a loss or of its derivatives cancel, evaluated with 80 digits.

    pip install mpmath; python3 cancellations.py > cancellations.json

Each case: loss, parameters, logit (a float32), label from 0 to 1; value, gradient and curvature under sigmoid; and the
magnitude of each one's terms, to which errors are relative. No test runs this.
"""
import json
import random
import struct

from mpmath import exp, findroot, log, log1p, expm1, mp, mpf

mp.dps = 80
random.seed(1952)


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def target(name, p, margin, positive):
    """(value, slope, curvature) of a target by its margin, and the magnitudes of their terms."""
    odds = exp(-abs(margin))
    large, small = 1 / (1 + odds), odds / (1 + odds)
    pt, om = (large, small) if margin >= 0 else (small, large)
    logs = -log1p(odds), -log1p(odds) - abs(margin)
    log_pt, log_om = logs if margin >= 0 else logs[::-1]
    d = pt * om
    if name == "crossEntropy":
        return (-log_pt, -om, d), (-log_pt, om, d)
    if name == "poly1":
        e = mpf(p["epsilon"])
        return (
            (e * om - log_pt, -om - e * d, d - e * d * (om - pt)),
            (abs(e) * om - log_pt, om + abs(e) * d, d + abs(e) * d),
        )
    if name == "generalizedCrossEntropy":
        q = mpf(p["q"])
        power = exp(q * log_pt)
        value = -expm1(q * log_pt) / q
        return (value, -om * power, power * (d - q * om * om)), (value, om * power, power * (d + q * om * om))
    if name == "focal" or positive:
        g = mpf(p["gamma"] if name == "focal" else p["gammaPositive"])
        power = om**g
        slope = power * (g * pt * log_pt - om)
        bend = -g * pt * slope + power * (g * d * log_pt + g * pt * om + d)
        terms = -g * pt * slope + power * (-g * d * log_pt + g * pt * om + d)
        return (-power * log_pt, slope, bend), (-power * log_pt, -slope, terms)
    g, m = mpf(p["gammaNegative"]), mpf(p["margin"])

    # The magnitudes are those of the loss without a margin.
    _, magnitudes = target("focal", {"gamma": p["gammaNegative"]}, margin, True)
    x = om - m
    if x <= 0:
        return (mpf(0),) * 3, magnitudes
    rest, first, second = log(pt + m), d / (pt + m), (d * (om - pt)) / (pt + m) - d * d / (pt + m) ** 2
    steep = g * x ** (g - 1) * d if g != 0 else mpf(0)
    bend = steep * (om - pt) * rest + 2 * steep * first - x**g * second
    if g not in (0, 1):
        bend -= g * (g - 1) * x ** (g - 2) * d * d * rest
    return (-(x**g) * rest, steep * rest - x**g * first, bend), magnitudes


def case(name, p, z, y):
    z, y = mpf(z), mpf(y)
    ones, one_terms = target(name, p, z, True)
    zeros, zero_terms = target(name, p, -z, False)
    signs = 1, -1, 1
    exact = [y * a + s * (1 - y) * b for a, b, s in zip(ones, zeros, signs)]
    terms = [y * a + (1 - y) * b for a, b in zip(one_terms, zero_terms)]
    return [name, p, float(z), float(y), [float(each) for each in exact], [float(each) for each in terms]]


cases = []
tiny = lambda: random.choice([-1, 1]) * 10 ** random.uniform(-15, -2)
# Soft labels whose two sides nearly balance.
for name, p in [("crossEntropy", {}), ("focal", {"gamma": 2}), ("focal", {"gamma": 0.5}), ("poly1", {"epsilon": 1}),
                ("generalizedCrossEntropy", {"q": 0.7})]:
    for _ in range(12):
        z = single(random.uniform(-30, 30) if _ % 2 else random.uniform(-2, 2))
        up, down = -target(name, p, mpf(z), True)[0][1], -target(name, p, -mpf(z), False)[0][1]
        cases.append(case(name, p, z, min(1.0, float(down / (up + down) * (1 + tiny())))))
# Cross entropy and label 1/2 at logits near 0.
for k in range(1, 12):
    cases.append(case("crossEntropy", {}, single(10.0**-k), 0.5))
# The asymmetric loss beside its margin.
for m in [0.05, 0.2, 0.5, 1e-3]:
    for g in [0, 1, 2, 4, 2.5]:
        for _ in range(3):
            z = single(float(log(mpf(m) / (1 - mpf(m)))) + abs(tiny()))
            if 1 / (1 + exp(-mpf(z))) > mpf(m):
                p = {"gammaPositive": 1, "gammaNegative": g, "margin": m}
                cases.append(case("asymmetric", p, z, 0))
# Curvatures beside where they change sign.
for name, p, start in [("poly1", {"epsilon": 2}, -1), ("poly1", {"epsilon": 5}, 0), ("poly1", {"epsilon": 30}, 0),
                       ("generalizedCrossEntropy", {"q": 0.7}, 0), ("generalizedCrossEntropy", {"q": 1}, 0.1),
                       ("generalizedCrossEntropy", {"q": 0.07}, -2.5), ("focal", {"gamma": 2}, 0.5),
                       ("focal", {"gamma": 5}, 0), ("focal", {"gamma": 0.5}, 1)]:
    try:
        root = findroot(lambda x: target(name, p, x, True)[0][2], start, tol=1e-30)
    except ValueError:
        continue
    for _ in range(6):
        cases.append(case(name, p, single(float(root) + tiny()), 1))
# Poly-1 towards epsilon = -1.
for e in [-1, -1 + 2**-20, -0.999]:
    for z in [0.5, 2, 5, 12, 25, 60]:
        cases.append(case("poly1", {"epsilon": e}, z, 1))
print("[\n" + ",\n".join(json.dumps(each) for each in cases) + "\n]")
