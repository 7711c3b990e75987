"""Thresholds of neighbours against the same start alone, and where pairs on the sphere go to neither mode."""

from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from anneal_theory.precision import flint_precision
from anneal_theory.probability.digits.sphere_starts import SphereStarts
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.digits import families, newton_pass
from anneal_theory.threshold.digits.any_digits import settled_threshold
from anneal_theory.threshold.digits.families import Neighbour, NeighbouringRuns, neighbouring_thresholds, spread_order
from anneal_theory.threshold.digits.free_separatrix import FreeSeparatrix
from anneal_theory.threshold.digits.sphere_separatrix import SphereSeparatrix
from tests.oracles.sphere_of_paper import flow_rates

TARGET = BimodalTarget(3, "0.8")
DIGITS = 16


def far_from(one, other):
    with mpmath.workdps(40):
        return abs(one.log_value - other.log_value)


def neighbours_of(model_at, count, rough_at, digits):
    """Starts at places k/4, with so many digits each."""
    return [Neighbour(model_at(k), flint.arb(k) / 4, digits(k), rough_at(k)) for k in range(count)]


@pytest.fixture
def begun(monkeypatch):
    """Counts the runs that begin with power series, from doubles."""
    calls, real = [], families.first_nodes
    monkeypatch.setattr(families, "first_nodes", lambda *given: calls.append(1) or real(*given))
    return calls


@pytest.mark.slow
def test_thresholds_of_neighbours_are_those_of_each_start_alone(begun):
    """Ten starts, held at the times of one of them; alone they take other times, precision and passes."""
    schedule, dynamics = Constant(1), Dynamics()

    def rough_at(k):
        return collapse_threshold(TARGET, schedule, s0=Fraction(k, 10), distance_squared=2).log_value

    starts = neighbours_of(
        lambda k: FreeSeparatrix(TARGET, dynamics, Fraction(k, 10), Fraction(2)), 10, rough_at,
        lambda k: DIGITS if k > 2 else DIGITS - 4,
    )  # fmt: skip
    together = neighbouring_thresholds(starts, schedule)
    assert len(begun) == 1  # all others from those before
    for start, one in zip(starts[::3], together[::3], strict=True):
        alone = settled_threshold(start.model, schedule, DIGITS + 2, start.rough)
        assert far_from(one, alone) <= mpmath.mpf(10) ** -start.digits
        assert one.log_error < 10.0**-start.digits
        assert one.digits == start.digits


@pytest.mark.slow
def test_neighbours_on_the_sphere_begin_at_those_before():
    """The second and third from one and two known runs; the threshold is that of the start alone."""
    rules = Dynamics("free-energy", constraint="sphere", variance="trained")
    schedule, cosine = ExponentialToOne(9, duration=4), Fraction(1, 20)

    def rough_at(k):
        return float(
            collapse_threshold(
                TARGET, schedule, mean_cosine=Fraction(k, 20), pair_overlap=cosine, objective="free-energy",
                constraint="sphere", variance="trained",
            ).log_value
        )  # fmt: skip

    starts = neighbours_of(
        lambda k: SphereSeparatrix(TARGET, schedule, rules, cosine, Fraction(k, 20)), 3, rough_at, lambda k: DIGITS
    )
    together = neighbouring_thresholds(starts, schedule)
    alone = settled_threshold(starts[0].model, schedule, DIGITS + 2, starts[0].rough)
    assert far_from(together[0], alone) <= mpmath.mpf(10) ** -DIGITS


def test_starts_are_taken_in_strides_that_known_runs_reach():
    """No farther from those before than these are from each other, half a unit at first; or the nearest of all."""
    places = [0.0, 0.1, 0.4, 0.9, 1.5, 2.2, 3.0, 9.0]
    order = spread_order(places, [20] * len(places))
    assert sorted(order) == list(range(len(places)))
    for k in range(1, len(order) - 1):
        known = [places[i] for i in order[:k]]
        away = max(min(known) - places[order[k]], places[order[k]] - max(known))
        assert away <= max(max(known) - min(known), 0.7)
    assert order[-1] == 7


@pytest.mark.slow
def test_a_guess_that_leads_nowhere_is_left_for_doubles(begun, monkeypatch):
    """The run through those found is spoilt; the threshold is the same."""
    model, schedule = FreeSeparatrix(TARGET, Dynamics(), Fraction(1, 2), Fraction(2)), Constant(1)
    rough = collapse_threshold(TARGET, schedule, s0="0.5", distance_squared=2).log_value
    family = NeighbouringRuns(schedule, 12)
    first = family.threshold(Neighbour(model, flint.arb(0), 12, rough))
    real = families._mixed
    monkeypatch.setattr(families, "_mixed", lambda shares, many: [[5 * x for x in one] for one in real(shares, many)])
    again = family.threshold(Neighbour(model, flint.arb(1), 12, rough))
    assert len(begun) == 2
    assert far_from(first, again) <= mpmath.mpf(10) ** -12


@pytest.mark.slow
def test_stretches_that_count_for_less_take_fewer_digits_and_change_none(monkeypatch):
    """With all digits everywhere the threshold is the same to what is stated."""
    model, schedule = FreeSeparatrix(TARGET, Dynamics(), Fraction(1, 2), Fraction(2)), Exponential(3, 2)
    rough = collapse_threshold(TARGET, schedule, s0="0.5", distance_squared=2).log_value
    found = settled_threshold(model, schedule, DIGITS, rough)
    monkeypatch.setattr(newton_pass, "_own_bits", lambda bits, weight: bits)
    full = settled_threshold(model, schedule, DIGITS, rough)
    assert far_from(found, full) <= mpmath.mpf(10) ** -DIGITS


@pytest.mark.parametrize(
    "variance",
    [
        "fixed",
        pytest.param("trained", marks=pytest.mark.slow),
        pytest.param("follows-temperature", marks=pytest.mark.slow),
    ],
)
def test_pairs_across_the_axis_on_either_side_of_y_u_go_to_either_mode(variance):
    """By an integrator of the definition, 1e-6 off y_u to eight digits; and doubles have the same y_u."""
    cosine, off = Fraction(1, 20), 1e-6
    rules = Dynamics("free-energy", constraint="sphere", variance=variance)
    schedule = Exponential(10, 2)
    starts = SphereStarts(TARGET, schedule, SphereInit(128), rules)
    with flint_precision(100):
        balanced, rough = (float(one) for one in (starts.fine_kink(cosine, 8), starts.kink(cosine)))
    assert balanced == pytest.approx(rough, abs=1e-10)  # the doubles' own tolerance is 3e-12, of a run's 1e-11
    temperature = schedule.temperature
    for side in (1, -1):
        overlap = (balanced + side * off) * np.sqrt((1 + float(cosine)) / 2)
        state = [overlap, overlap, float(cosine), temperature(0.0) if variance != "fixed" else 1.0]
        rates = flow_rates(3.0, np.log(4) / 2, temperature, variance, 1)
        end = solve_ivp(rates, (0, 40), state, method="LSODA", rtol=1e-10, atol=1e-12).y[:, -1]
        assert side * end[0] > 0.9
