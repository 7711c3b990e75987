"""Attractors on the sphere: where long flows end, their loss by Monte Carlo, and what they say at the ends."""

import math

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import attractors
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import sphere_rests
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Constant
from tests.oracles.sphere_of_paper import flow_rates

STARTS = [(0.001, 0.6, 0.2), (0.9, 0.1, 0.0), (0.001, -0.7, 0.3)]  # x, y, s


@pytest.mark.parametrize(("temperature", "variance"), [(1.0, "fixed"), (4.0, "follows-temperature")])
def test_long_flows_end_in_the_attractors(temperature, variance):
    target = BimodalTarget(2.5, 0.7)
    rules = {"constraint": "sphere", "variance": variance}
    known = attractors(target, temperature=temperature, **rules)
    reached = set()
    for x, y, s in STARTS:
        start = at.SphereState(cosine=x, mean_cosine=y, pair_overlap=s)
        run = at.solve_flow(
            target, Constant(temperature), start, [0.0, 4000.0], rtol=1e-9, objective="free-energy", **rules
        )
        end = run.final
        gaps = [
            max(abs(p.m1 - end["m1"]), abs(p.m2 - end["m2"]), abs(p.pair_overlap - end["pair_overlap"])) for p in known
        ]
        assert min(gaps) < 1e-9 * 2.5**2  # the local error of a step; a stable rest forgets those before
        reached.add(int(np.argmin(gaps)))
    assert reached == {0, 1, 2}
    assert [p.collapsed for p in known] == [True, False, True]
    assert {p.variance for p in known} == {1.0 if variance == "fixed" else temperature}


@pytest.mark.parametrize("temperature", [1.0, 3.0])
def test_every_pair_at_rest_has_no_rate_in_the_equations_of_the_paper(temperature):
    """The oracle's rates, on a grid, of all pairs at rest, attractors or not."""
    target = BimodalTarget(2.5, 0.7)
    rates = flow_rates(2.5, target.half_log_odds, lambda t: temperature, "follows-temperature", 1)
    found = sphere_rests(target, temperature, temperature)
    assert len(found) == 6
    for p in found:
        state = np.array([p.m1 / 6.25, p.m2 / 6.25, p.pair_overlap, 1.0])
        assert np.abs(rates(0.0, state)[:3]).max() < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize(("temperature", "variance"), [(1.0, "trained"), (2.0, "follows-temperature")])
def test_the_loss_is_the_divergence_in_d_dimensions(temperature, variance):
    """400,000 draws in 6 dimensions, within six standard errors: a loss off by 0.01 or more is seen."""
    target, dim, count = BimodalTarget(2, 0.7), 6, 400_000
    rng = np.random.default_rng(7)
    for point in attractors(target, temperature=temperature, constraint="sphere", variance=variance):
        a, b = math.acos(min(point.m1 / 4, 1.0)), math.acos(max(point.m2 / 4, -1.0))
        # the plane's other coordinate has opposite signs where that gives the pair's overlap
        b = -b if abs(math.cos(a + b) - point.pair_overlap) < abs(math.cos(a - b) - point.pair_overlap) else b
        means = np.zeros((2, dim))
        means[:, 0], means[:, 1] = 2 * np.cos([a, b]), 2 * np.sin([a, b])
        draws = means[rng.integers(0, 2, count)] + math.sqrt(point.variance) * rng.standard_normal((count, dim))
        axis = np.zeros((2, dim))
        axis[:, 0] = 2.0, -2.0
        log_q = _log_mixture(draws, means, [0.5, 0.5], point.variance)
        ratio = log_q - _log_mixture(draws, axis, [0.7, 0.3], 1.0)
        error = 6 * ratio.std() / math.sqrt(count)
        assert abs(ratio.mean() - point.loss_in(dim)) < error < 0.02
        assert temperature > 1 or point.loss_in(dim) == point.loss


def _log_mixture(draws, means, weights, variance):
    logs = [
        math.log(w) - ((draws - m) ** 2).sum(axis=1) / (2 * variance) - draws.shape[1] / 2 * math.log(variance)
        for m, w in zip(means, weights, strict=True)
    ]
    return np.logaddexp(*logs)


def test_above_the_fold_only_the_split_pair_attracts():
    """At T = 30 a pair at either mode is pushed apart (R = 3); its loss at T = 1 counts no dimension."""
    (found,) = attractors(BimodalTarget(3, 0.8), temperature=30.0, constraint="sphere", variance="trained")
    assert (found.m1, found.m2, found.pair_overlap, found.collapsed) == (9.0, -9.0, -1.0, False)


def test_the_reflected_target_has_the_reflected_attractors():
    one, other = (attractors(BimodalTarget(3, w), constraint="sphere") for w in ("0.8", "0.2"))
    for p, q in zip(one, reversed(other), strict=True):
        assert (p.m1, p.m2, p.pair_overlap, p.loss) == pytest.approx((-q.m2, -q.m1, q.pair_overlap, q.loss), rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("separation", [6.9, 7, 12, 100])
def test_modes_far_apart_have_their_three_attractors_and_their_saddles(separation):
    """The means of a pair at a mode come ever closer, with no gap where doubles no longer tell them apart."""
    target = BimodalTarget(separation, 0.8)
    found, unit = attractors(target, constraint="sphere", variance="trained"), float(separation) ** 2
    assert [(p.collapsed, round(p.m1 / unit, 9), round(p.m2 / unit, 9)) for p in found] == [
        (True, 1.0, 1.0), (False, 1.0, -1.0), (True, -1.0, -1.0),
    ]  # fmt: skip
    assert [p.loss for p in found] == pytest.approx(
        [-math.log(0.8), -math.log(0.8 * 0.2) / 2 - math.log(2), -math.log(0.2)]
    )
    flow = FrozenSphere(target, 1.0, 1.0)
    rates = [flow.return_rate(p.m1, p.m2, p.pair_overlap) for p in found]
    assert rates == pytest.approx([0, 1, 0], abs=1e-10)  # of equal means T - abs(psi), 1.6e-11 at 6.9
    saddles = [p for p in sphere_rests(target, 1.0, 1.0) if not p.stable and abs(p.m1 - p.m2) > 0.5 * unit]
    neutral = -target.half_log_odds / unit
    assert [(round(p.m1 / unit, 6), round(p.m2 / unit, 6)) for p in saddles] == [
        (1.0, round(neutral, 6)), (round(neutral, 6), -1.0),
    ]  # fmt: skip


def test_what_attractors_on_the_sphere_refuse():
    with pytest.raises(DomainError, match="family_weight"):
        attractors(BimodalTarget(3, 0.8), constraint="sphere", family_weight=1)
    with pytest.raises(DomainError, match="variance"):
        attractors(BimodalTarget(3, 0.8), variance="trained")
