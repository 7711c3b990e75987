"""Rest states against reference figures, definitions by mpmath, and brute-force training."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from anneal_theory.averages import mmse, psi
from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.fixed_points import (
    AttractorSet,
    attractor_set,
    attractors,
    collapsed_state,
    critical_temperature,
    hot_separation,
)
from anneal_theory.problem import BimodalTarget, Dynamics
from tests.exploration import examples


def test_the_collapsed_state_has_its_reference_digits():
    state = collapsed_state(BimodalTarget(3, 0.8))
    assert state.overlap == pytest.approx(8.981355632864873633, rel=1e-13)
    assert state.escape_rate == pytest.approx(0.01978001076914032750, rel=1e-12)


@pytest.mark.parametrize(
    ("separation", "weight", "expected"),
    [(3, 0.8, 5.58355), (3, 0.5, 3.31300), (4, 0.8, 41.66769), (4, 0.5, 25.45750), (2.5, 0.8, 2.61303)],
)
def test_the_critical_temperature_has_its_reference_digits(separation, weight, expected):
    assert critical_temperature(BimodalTarget(separation, weight)) == pytest.approx(expected, abs=6e-6)


@pytest.mark.parametrize("share", [0.999, 1.001])
def test_the_collapsed_state_exists_just_below_the_critical_temperature_only(share):
    target = BimodalTarget(2.5, 0.8)
    found = attractors(target, temperature=share * critical_temperature(target))
    assert any(point.m2 > 0 for point in found) == (share < 1)


def test_the_losses_at_the_reference_target_are_those_of_the_definition():
    losses = {point.collapsed: point.loss for point in attractors(BimodalTarget(3, 0.8)) if point.m1 > 0}
    assert losses[True] == pytest.approx(0.2212, abs=5e-5)
    assert losses[False] == pytest.approx(0.2221, abs=5e-5)


@pytest.mark.parametrize(("separation", "weight", "share"), [(3, "0.5", "0.5"), (1, "0.5", "0.5"), (5, "0.3", "0.3")])
@pytest.mark.parametrize("constraint", ["free", "sphere"])
def test_a_perfect_fit_has_the_divergence_zero_and_none_below(separation, weight, share, constraint):
    """Its terms cancel to rounding, 1e-15 to either side; the report shows the number as it is."""
    target = BimodalTarget(separation, weight)
    losses = [one.loss for one in attractors(target, family_weight=share, constraint=constraint)]
    assert min(losses) >= 0
    assert min(losses) == pytest.approx(0, abs=1e-14)


@pytest.mark.slow
@examples(15)
@given(st.floats(1.001, 1e4), st.sampled_from(["1/2", "0.3", "0.05"]))
def test_at_the_hot_separation_the_overlap_balances_the_temperature(temperature, weight):
    distance = hot_separation(temperature, weight)
    with mpmath.workdps(30):
        share = mpmath.mpf(Fraction(weight).numerator) / Fraction(weight).denominator
        c = mpmath.log(share / (1 - share)) / 2
        mean = mpmath.quad(
            lambda z: mpmath.npdf(z) * mpmath.sech(mpmath.mpf(distance) * z / 2 + c) / 2, mpmath.linspace(-14, 14, 15)
        )
        overlap = mpmath.sqrt(share * (1 - share)) * mpmath.exp(-(mpmath.mpf(distance) ** 2) / 8) * mean
        balance = overlap / (share * (1 - share)) * mpmath.mpf(temperature)
    # d log G/d log D is at most D^2/4 + 1, and close to D = 0 the balance loses nothing: 1e-12 relative in D.
    assert abs(balance - 1) < 1e-12 * (2 + distance**2 / 4)


def test_close_to_temperature_one_the_hot_separation_is_twice_the_root_of_the_excess():
    assert hot_separation("1.00000001") == pytest.approx(2e-4, rel=1e-7)
    assert hot_separation(10) == pytest.approx(3.667285495165031134716423, rel=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("target", [BimodalTarget(3, 0.8), BimodalTarget(2.2, 0.95), BimodalTarget(2, 0.6)], ids=repr)
def test_random_starts_land_on_the_attractors_and_on_all_of_them(target):
    rng = np.random.default_rng(3)
    square = target.separation**2

    def rates(t, y):
        m1, m2 = y.reshape(2, -1)
        gap = m1 - m2
        push = np.asarray(mmse(np.abs(gap) / target.separation)) * gap
        first, second = (square * np.asarray(psi(m, target)) - m for m in (m1, m2))
        return np.concatenate([first / 2 + push, second / 2 - push])

    centre, gap = rng.uniform(-1.2, 1.2, 30) * square, rng.exponential(1.0, 30) * square / 2 + 0.3
    start = np.concatenate([centre + gap, centre - gap])
    end = solve_ivp(rates, (0, 4000), start, method="LSODA", rtol=1e-7, atol=1e-8).y[:, -1].reshape(2, -1).T
    rests = np.array([(point.m1, point.m2) for point in attractors(target)])
    distances = np.abs(end[:, None, :] - rests).sum(axis=2)
    assert np.all(distances.min(axis=1) < 1e-4)
    assert set(distances.argmin(axis=1)) == set(range(len(rests)))


@pytest.mark.parametrize(
    ("separation", "weight", "expected"),
    [
        (2, 0.5, AttractorSet.NONE_COLLAPSE),
        (2.2, 0.95, AttractorSet.ALL_COLLAPSE),
        (3, 0.8, AttractorSet.BOTH),
        (60, 1e-9, AttractorSet.BOTH),
    ],
)
def test_the_endings_are_those_of_the_theory(separation, weight, expected):
    assert attractor_set(BimodalTarget(separation, weight), Dynamics()) is expected


def test_bad_input_and_absent_folds_raise():
    with pytest.raises(NoCollapsedState, match="increase separation"):
        critical_temperature(BimodalTarget(2, 0.5))
    with pytest.raises(DomainError, match="temperature must be"):
        hot_separation(0.5)
    with pytest.raises(DomainError, match="temperature must be"):
        attractors(BimodalTarget(3, 0.8), temperature=0.9)


@pytest.mark.parametrize(("separation", "collapsed"), [(2.259, False), (2.260, True)])
def test_a_pair_stays_collapsed_only_above_the_critical_separation_of_equal_weights(separation, collapsed):
    """SciPy's LSODA to t = 3000 from a pair at one mode: brackets R_c(1/2) to 1e-3."""
    target = BimodalTarget(separation, 0.5)

    def rates(t, y):
        gap = y[0] - y[1]
        push = float(mmse(abs(gap) / separation)) * gap
        first, second = (separation**2 * float(psi(m, target)) - m for m in y)
        return [first / 2 + push, second / 2 - push]

    end = solve_ivp(rates, (0, 3000), [5.0, 4.2], method="LSODA", rtol=1e-9, atol=1e-11).y[:, -1]
    assert (end[0] * end[1] > 0) == collapsed
