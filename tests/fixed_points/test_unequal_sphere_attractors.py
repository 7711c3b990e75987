"""Attractors on the sphere of unequal family weights: by the loss as an integral in a plane, and where flows end."""

import math
from fractions import Fraction

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.fixed_points import attractors
from anneal_theory.fixed_points.sphere_rests import sphere_rests
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Constant

TARGET = BimodalTarget(2, "0.7")
STEP = 1e-3


def angles_of(point, R=2.0):
    """The plane's other coordinate has opposite signs where that gives the pair's overlap."""
    a, b = math.acos(min(point.m1 / R**2, 1.0)), math.acos(max(point.m2 / R**2, -1.0))
    return a, -b if abs(math.cos(a + b) - point.pair_overlap) < abs(math.cos(a - b) - point.pair_overlap) else b


def log_mixture(x, y, means, weights, variance):
    logs = [math.log(w) - ((x - u) ** 2 + (y - v) ** 2) / (2 * variance) - math.log(2 * math.pi * variance)
            for w, (u, v) in zip(weights, means, strict=True)]  # fmt: skip
    return np.logaddexp(*logs)


def loss(first, second, family_weight, variance, temperature, R=2.0):
    """E_q[log q - log p/T] in two dimensions, an integral over a grid; more of them add what no angle changes."""
    edge = R + 9 * math.sqrt(variance)
    line = np.linspace(-edge, edge, 301)
    x, y = np.meshgrid(line, line)
    means = [(R * math.cos(one), R * math.sin(one)) for one in (first, second)]
    log_q = log_mixture(x, y, means, (family_weight, 1 - family_weight), variance)
    log_p = log_mixture(x, y, [(R, 0.0), (-R, 0.0)], (TARGET.weight, 1 - TARGET.weight), 1.0)
    return float(np.sum(np.exp(log_q) * (log_q - log_p / temperature)) * (line[1] - line[0]) ** 2)


@pytest.mark.slow
@pytest.mark.parametrize(("weight", "temperature"), [("0.7", 1.0), ("0.4", 1.0), ("0.6", 3.0)])
def test_pairs_at_rest_are_stationary_and_attractors_are_minima(weight, temperature):
    """Differences of the integral: a slope of 1e-6 in an angle is seen, where the pull of a mode has 0.3 and more."""
    share, variance = float(weight), temperature
    found = sphere_rests(TARGET, temperature, variance, Fraction(weight))
    assert sum(point.stable for point in found) >= 2
    assert not all(point.stable for point in found)
    for point in found:
        angles = np.array(angles_of(point))

        def around(i, j, angles=angles):
            return loss(*(angles + STEP * np.array([i, j])), share, variance, temperature)

        middle = around(0, 0)
        slopes = [(around(*move) - around(-move[0], -move[1])) / (2 * STEP) for move in ((1, 0), (0, 1))]
        assert np.abs(slopes).max() < 2e-6
        bends = [around(*move) - 2 * middle + around(-move[0], -move[1]) for move in ((1, 0), (0, 1))]
        mixed = (around(1, 1) - around(1, -1) - around(-1, 1) + around(-1, -1)) / 4
        least = np.linalg.eigvalsh(np.array([[bends[0], mixed], [mixed, bends[1]]]) / STEP**2)[0]
        assert (least > 1e-5) == point.stable


@pytest.mark.parametrize(("temperature", "variance"), [(1.0, "fixed"), (2.0, "trained")])
def test_their_loss_is_that_integral(temperature, variance):
    rules = {"constraint": "sphere", "variance": variance, "family_weight": "0.6"}
    for point in attractors(TARGET, temperature=temperature, **rules):
        assert point.loss_in(2) == pytest.approx(loss(*angles_of(point), 0.6, point.variance, 1.0), abs=1e-9)


@pytest.mark.parametrize(("variance", "temperature"), [("trained", 1.0), ("follows-temperature", 2.0)])
def test_long_flows_end_in_them(variance, temperature):
    """From eight starts; trained variances end at the temperature too."""
    rules = {"constraint": "sphere", "variance": variance, "family_weight": "0.6"}
    known = attractors(TARGET, temperature=temperature, **rules)
    own = {"dim": 128} if variance == "trained" else {}
    cosines = [0.001, 0.9, -0.9, 0.001, 0.3, -0.3, 0.5, -0.05], [0.7, 0.1, 0.1, -0.8, 0.5, -0.5, 0.0, 0.2]
    starts = at.SphereState(*map(np.array, cosines), np.linspace(-0.5, 0.5, 8))
    run = at.solve_flows(TARGET, Constant(temperature), starts, [4000.0], objective="free-energy", method="LSODA",
                         **rules, **own)  # fmt: skip
    reached = set()
    for m1, m2, s in zip(run["m1"][-1], run["m2"][-1], run["pair_overlap"][-1], strict=True):
        gaps = [max(abs(p.m1 - m1) / 4, abs(p.m2 - m2) / 4, abs(p.pair_overlap - s)) for p in known]
        assert min(gaps) < 1e-6
        reached.add(int(np.argmin(gaps)))
    assert reached == set(range(len(known)))
    if own:
        assert np.abs(run["v1"][-1] - temperature).max() < 1e-6


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_an_exchange_of_the_components_exchanges_them(temperature):
    one, other = (attractors(TARGET, temperature=temperature, family_weight=w, constraint="sphere", variance="trained")
                  for w in ("0.7", "0.3"))  # fmt: skip
    swapped = sorted(((p.m2, p.m1, p.loss) for p in other), key=lambda p: (-round(p[0] + p[1], 6), -p[0]))
    assert [(p.m1, p.m2, p.loss) for p in one] == [pytest.approx(p, rel=1e-9, abs=1e-12) for p in swapped]


def test_nearly_equal_weights_have_the_attractors_of_equal_ones_under_both_names():
    equal = attractors(TARGET, constraint="sphere")
    near = attractors(TARGET, family_weight="0.5000001", constraint="sphere")
    assert [p.collapsed for p in near] == [True, False, False, True]
    for p, q in zip((equal[0], equal[1], equal[2]), (near[0], near[1], near[3]), strict=True):
        assert (p.m1, p.m2, p.loss) == pytest.approx((q.m1, q.m2, q.loss), abs=1e-5)


def test_a_family_of_the_target_s_own_weights_has_no_loss():
    (found,) = (p for p in attractors(TARGET, family_weight="0.7", constraint="sphere") if p.m1 > 0 > p.m2)
    assert found.loss == pytest.approx(0, abs=1e-14)
