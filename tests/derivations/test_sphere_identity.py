"""Means held on a sphere under any loss, and the alignment identity there, against two vectors and their velocities."""

from functools import cache

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import anneal_theory as at
from anneal_theory.averages import psi
from derivations.summary_statistics import constrained
from derivations.symbols import Gamma_1, Gamma_2, R, m_1, m_2, s_11, s_12, s_22
from tests.derivations.sphere_definitions import OnSphere
from tests.derivations.vector_pairs import dot, mp
from tests.exploration import examples
from tests.gradient_flow.test_sphere_flow import COOLING, PAPER, RULES, TARGET, cosines

STATE = (m_1, m_2, s_11, s_12, s_22)
LENGTH, MOBILITIES = mpmath.mpf("1.25"), (mpmath.mpf("0.75"), mpmath.mpf("1.75"))
# Losses of no mixture: of the overlaps in all ways, of the lengths too, of the cosine alone.
LOSSES = [
    m_1**2 * m_2 / 7 + sp.sin(s_12) + sp.exp(m_1 / 5) - m_2 * s_12**3 / 3,
    s_11 * m_2 + s_22**2 * m_1 - s_12 * s_11 * s_22 + sp.cos(m_1 * m_2),
    sp.exp(s_12 / 2),
]
coordinates = st.lists(st.floats(-1, 1), min_size=4, max_size=4)


@cache
def rates_of(loss):
    """The derived rates, and the loss, as functions of numbers."""
    letters = (*STATE, R, Gamma_1, Gamma_2)
    return sp.lambdify(letters, constrained(loss), modules="mpmath"), sp.lambdify(STATE, loss, modules="mpmath")


def on_sphere(row):
    row = [mpmath.mpf(x) for x in row]
    row[0] += 1.5  # away from 0
    return [LENGTH * x / mpmath.sqrt(dot(row, row)) for x in row]


def statistics(a, b):
    axis = [LENGTH, 0, 0, 0]
    return dot(a, axis), dot(b, axis), dot(a, a), dot(a, b), dot(b, b)


@pytest.mark.parametrize("loss", LOSSES)
@examples(5)
@given(first=coordinates, second=coordinates)
def test_constraint_forces_of_any_loss_are_those_of_projected_gradients(loss, first, second):
    """Gradients of the loss of two vectors in four dimensions by differences of its values, projected, to 12 digits."""
    rates, value = rates_of(loss)
    with mpmath.workdps(50):
        means, speeds = [on_sphere(first), on_sphere(second)], []

        def slope(which, place):
            def moved(x):
                rows = [list(one) for one in means]
                rows[which][place] = x
                return value(*statistics(*rows))

            return mpmath.diff(moved, means[which][place])

        for which, mean in enumerate(means):
            gradient = [slope(which, place) for place in range(4)]
            along = dot(gradient, mean) / LENGTH**2
            speeds.append([-MOBILITIES[which] * (g - along * x) for g, x in zip(gradient, mean, strict=True)])
        moved = [LENGTH * speeds[0][0], LENGTH * speeds[1][0]]
        moved.append(dot(speeds[0], means[1]) + dot(means[0], speeds[1]))
        for found, known in zip(rates(*statistics(*means), LENGTH, *MOBILITIES), moved, strict=True):
            assert abs(found - known) < mpmath.mpf(10) ** -12 * (1 + abs(known))


def identity(x, y, s, labels):
    """x' and y' of theory section 11.3, in units of R."""
    first, second = labels
    apart, along = (2 * (1 - s)) ** 0.5, (2 * (1 + s)) ** 0.5
    m1, m2 = (y * along + x * apart) / 2, (y * along - x * apart) / 2
    uneven = first * m1 - second * m2
    return [
        ((first - second) * (1 - x**2) - y * along / 2 * uneven) / (2 * apart),
        ((first + second) * (1 - y**2) - x * apart / 2 * uneven) / (2 * along),
    ]


@pytest.mark.parametrize("rows", [((6, 5, -3), (-2, 7, 4)), ((1, 0, 2), (-1, 2, -2)), ((1, 1, 0), (2, -1, 5))])
def test_both_cosines_of_two_vectors_move_as_the_identity_says(rows):
    """The push, which the velocities have and the identity has not, moves neither."""
    pair = OnSphere(tuple(tuple(mp.mpf(x) for x in row) for row in rows))
    moved = pair.rates(("difference_cosine", "sum_cosine"))
    known = identity(pair.difference_cosine, pair.sum_cosine, pair.pair_cosine, (pair.psi_1, pair.psi_2))
    for found, right in zip(moved, known, strict=True):
        assert abs(right) > mp.mpf("1e-3")
        assert abs(found - right) < mp.mpf(10) ** -20


@pytest.mark.slow
@given(place=cosines(), rule=st.sampled_from(RULES), time=st.floats(0.1, 8))
@examples(20)
def test_trajectories_obey_the_identity_in_both_cosines(place, rule, time):
    """By central differences, up to what a step of twice the size changes, and 1e-9 of the trajectory over a step."""
    step, words = 2e-3, PAPER | {"variance": rule}
    times = [time + k * step for k in (-2, -1, 0, 1, 2)]
    run = at.solve_flow(TARGET, COOLING, at.SphereState(*place), times, **words)
    s, m1, m2 = run["pair_overlap"], run["m1"], run["m2"]
    x, y = (m1 - m2) / (9 * np.sqrt(2 * (1 - s))), (m1 + m2) / (9 * np.sqrt(2 * (1 + s)))
    wider = at.BimodalTarget(3 * float(np.sqrt(run["variance"][2])), TARGET.weight)
    known = identity(x[2], y[2], s[2], [float(psi(float(m), wider)) for m in (m1[2], m2[2])])
    for found, right in zip((x, y), known, strict=True):
        wide, narrow = (found[4] - found[0]) / (4 * step), (found[3] - found[1]) / (2 * step)
        assert abs(narrow - right) < abs(wide - narrow) + 1e-9 / step
