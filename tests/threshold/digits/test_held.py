"""Runs held at Gauss points: the rule, the flow at a state beside the flow along series, and widths that move."""

import math
from fractions import Fraction

import flint
import numpy as np
import pytest

from anneal_theory.arithmetic import CONTEXT
from anneal_theory.averages.expansions import wide_label_expansions
from anneal_theory.averages.jets import derivatives, label_jet
from anneal_theory.numerics.taylor import series_length
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.digits import any_digits
from anneal_theory.threshold.digits.annealed_series import AnnealedPair
from anneal_theory.threshold.digits.any_digits import settled
from anneal_theory.threshold.digits.balance_separatrix import BalancedFlow
from anneal_theory.threshold.digits.free_separatrix import FreeSeparatrix
from anneal_theory.threshold.digits.held import finer, first_grid, held, resampled, rule_of
from anneal_theory.threshold.digits.shooting import Shooting, first_nodes
from anneal_theory.threshold.digits.sphere_series import AnnealedSphere

TARGET = BimodalTarget(3, "0.8")
BITS = 70


def on_sphere(variance, dim=math.inf):
    return AnnealedSphere(TARGET, Dynamics("free-energy", constraint="sphere", variance=variance), BITS, dim)


@pytest.mark.parametrize("count", [2, 5, 12])
def test_gauss_points_integrate_what_they_should(count):
    """Up to each point polynomials of degree n - 1, over all of [0, 1] of degree 2 n - 1."""
    with flint_precision(100):
        rule = rule_of(count)
        for degree in range(2 * count):
            values = flint.arb_mat([[place**degree] for place in rule.places])
            *up_to, whole = (rule.within * values).entries()
            assert abs(float(whole - flint.arb(1) / (degree + 1))) < 1e-28
            if degree < count:
                for place, found in zip(rule.places, up_to, strict=True):
                    assert abs(float(found - place ** (degree + 1) / (degree + 1))) < 1e-28
        series = rule.series @ np.array([float(place) for place in rule.places])  # x = (1 + P_1)/2
        assert series[:2] == pytest.approx([0.5, 0.5], abs=1e-14)
        assert np.abs(series[2:]).max(initial=0.0) < 1e-14


@pytest.mark.parametrize(
    ("flow", "state"),
    [
        (AnnealedPair(TARGET, Dynamics(), BITS), (0.3, -0.5, 0.2)),
        (AnnealedPair(TARGET, Dynamics(), BITS), (0.3, -40.0, 0.2)),
        (on_sphere("fixed"), (-1.0, -1.5, -0.2)),
        (on_sphere("follows-temperature"), (-1.0, -1.5, -0.2)),
        (on_sphere("trained"), (-1.0, -1.5, -0.2, 1.1)),
        (on_sphere("trained"), (-40.0, -1.5, -0.2, 1.1)),
        (BalancedFlow(on_sphere("trained")), (-1.5, -0.2, 1.1)),
        (on_sphere("trained", 3), (-1.0, -1.5, -0.2, 1.1)),
        (on_sphere("trained", 3), (-40.0, -1.5, -0.2, 1.1)),
        (BalancedFlow(on_sphere("trained", 3)), (-1.5, -0.2, 1.1)),
    ],
)
def test_the_flow_at_a_state_is_the_first_term_of_the_flow_along_series(flow, state):
    with flint_precision(4 * BITS), series_length(1):
        temperature, place = flint.arb("3.7"), [flint.arb(one) for one in state]
        at = flow.at(place, temperature)
        series = [flint.arb_series([one]) for one in place]
        along = flint.arb_series([temperature])
        rates, slopes = flow.near(place, along, 1).rates(series, along, 1, 1)
        for one, other in zip(at.rates(), rates, strict=True):
            assert abs(float(one - other[0])) < 2.0**-BITS
        for row, other_row in zip(at.slopes(), slopes, strict=True):
            for one, other in zip(row, other_row, strict=True):
                assert abs(float(flint.arb(one) - other[0])) < 2.0**-BITS


@pytest.mark.parametrize("square", [0.6, 9.0, 41.3, 807.0])
@pytest.mark.parametrize("place", [0.1, -2.2, 8.8])
def test_expansions_carried_to_a_width_are_those_there(place, square):
    """At a width, and at others so close to it that they share a polynomial; asked for with fewer bits before."""
    with flint_precision(130):
        wide_label_expansions(TARGET).values(flint.arb(place), flint.arb(square), 6)
    with flint_precision(180):
        wide = wide_label_expansions(TARGET)
        for off in (0.0, 1e-12, 4e-6):
            width = flint.arb(square) * (1 + flint.arb(off))
            found = wide.values(flint.arb(place), width, 6)
            known = derivatives(label_jet(flint.arb(place) + CONTEXT.half_log_odds(TARGET.exact_weight), width, 7))
            for order, (one, other) in enumerate(zip(found, known, strict=True)):
                assert abs(float((one - other).mid())) * square ** (order / 2) < 2.0**-160


def run_of(digits):
    """A run on the separatrix by doubles and power series, and where it is held first."""
    model, schedule = FreeSeparatrix(TARGET, Dynamics(), Fraction(1, 2), Fraction(2)), Exponential(3, 2)
    rough = collapse_threshold(TARGET, schedule, s0="0.5", distance_squared=2).log_value
    shooting = Shooting(model, pieces(schedule), schedule.highest_after)
    nodes, branch = first_nodes(shooting, rough, model.branches(3.0), any_digits.horizon_of(digits))
    grid = first_grid(nodes)
    return shooting, branch, grid, held(shooting, nodes, grid)


@pytest.mark.slow
def test_digits_double_with_the_points_and_more_points_move_nothing():
    shooting, branch, grid, run = run_of(16)
    first = settled(shooting, grid, run, branch, 64)

    def log_rho(counts):
        found = settled(shooting, *resampled(first.grid, first.run, counts), branch, 120)
        return found.run.states[0][1]

    with flint_precision(200):
        truth = log_rho([30] * len(first.grid.counts))
        off = [float(abs(truth - log_rho([count] * len(first.grid.counts)))) for count in (3, 6, 12)]
        assert off[1] < off[0] ** 1.5
        assert off[2] < off[1] ** 1.5
    more, same = finer(first.grid, first.run)
    assert all(b > a for a, b in zip(first.grid.counts, more.counts, strict=True))
    assert float(abs(same.states[0][1] - first.run.states[0][1])) == 0.0


@pytest.mark.slow
def test_a_stated_error_covers_what_fewer_points_leave(monkeypatch):
    """Where the first choice of points is too small, it is found out and points are added."""
    model, schedule = FreeSeparatrix(TARGET, Dynamics(), Fraction(1, 2), Fraction(2)), Exponential(3, 2)
    rough = collapse_threshold(TARGET, schedule, s0="0.5", distance_squared=2).log_value
    known = any_digits.settled_threshold(model, schedule, 20, rough)
    monkeypatch.setattr(any_digits, "wanted_points", lambda shooting, grid, run, bits: [6] * len(grid.counts))
    monkeypatch.setattr(any_digits, "_FINER", 12)
    few = any_digits.settled_threshold(model, schedule, 20, rough)
    assert abs(few.log_value - known.log_value) <= few.log_error + known.log_error
