"""Fixed-target tables and long arrays: their values, their derivatives, their edges."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.averages import ball, mmse, phi, psi, psi_prime
from anneal_theory.averages import table_kernels as kernels
from anneal_theory.averages.double import TABLE_FROM
from anneal_theory.averages.psi_batches import odd_series
from anneal_theory.averages.tables import label_table, mmse_table
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from tests.exploration import examples

EPS = 2.0**-52
SEPARATIONS = ["0.01", "0.2", "0.7", "1.49", "1.5", "3", "5.5", "12", "30", "100"]
WEIGHTS = ["1e-9", "1e-3", "0.3", "0.5", "0.999999"]


def grid(radius, count=4000):
    """Overlaps around zero, over the body, out to where psi' underflows, and far away."""
    sizes = [1e-8, 3e-3, 1.0, radius, radius**2, 6 * radius, 30 * radius]
    return np.unique(np.concatenate([np.linspace(-s, s, count // 7) for s in sizes] + [[-1e6, 1e6]]))


def one_by_one(function, values, *rest):
    """The values of short calls, which sum afresh and read no table."""
    parts = np.array_split(values, 8)
    assert parts[0].size < TABLE_FROM
    return np.concatenate([function(part, *rest) for part in parts])


@pytest.mark.parametrize("weight", ["0.5", "0.8"])
@pytest.mark.parametrize("separation", SEPARATIONS)
def test_long_arrays_agree_with_single_sums(separation, weight):
    target = BimodalTarget(separation, weight)
    m = grid(target.separation, 20000)
    assert m.size >= TABLE_FROM
    # psi to 2e-14 absolutely, and relatively where it is small; 5e-16 a unit of the logarithm elsewhere
    truth = one_by_one(psi, m, target)
    assert np.max(np.abs(psi(m, target) - truth) / np.abs(np.where(truth == 0, 1, truth))) < 2e-14
    truth = one_by_one(psi_prime, m, target)
    seen = truth > 1e-300
    slack = np.maximum(1, -np.log(truth[seen]))
    assert np.max(np.abs(psi_prime(m, target)[seen] / truth[seen] - 1) / slack) < 3e-15
    assert np.max(np.abs(psi_prime(m, target) - truth)[~seen], initial=0) < 1e-313
    assert np.max(np.abs(phi(m, target) / one_by_one(phi, m, target) - 1)) < 1e-14


@pytest.mark.parametrize("weight", WEIGHTS)
def test_long_arrays_of_the_overlap_agree_with_single_sums(weight):
    distance = np.concatenate([np.linspace(0, 76, TABLE_FROM), np.geomspace(1e-9, 1, 200), [1e3, 1e300]])
    values, truth = mmse(distance, weight), one_by_one(mmse, distance, weight)
    seen = truth > 1e-300
    slack = np.maximum(1, -np.log(truth[seen]))
    assert np.max(np.abs(values[seen] / truth[seen] - 1) / slack) < 2e-15
    assert np.max(np.abs(values - truth)[~seen]) < 1e-312


@examples(60)
@given(separation=st.sampled_from(SEPARATIONS), share=st.floats(-1, 1))
def test_kernels_give_psi_and_its_two_derivatives(separation, share):
    target = BimodalTarget(separation, "0.5")
    table = label_table(target)
    a = share * 4 * max(1.0, target.separation)
    value = kernels.psi_at(a, table.psi, table.inverse_width)
    slope = kernels.psi_prime_at(a, table.psi_prime, table.inverse_width)
    bend = kernels.psi_second_at(a, table.psi_prime, table.inverse_width)
    assert value == pytest.approx(float(ball.psi(Fraction(a), target, 18).value), rel=2e-14, abs=1e-323)
    assert slope == pytest.approx(float(ball.psi_prime(Fraction(a), target, 18).value), rel=3e-14)
    # central differences: error of order 1e-24; the panel's derivative amplifies roundings by degree^2/width
    step = Fraction(1, 10**12)
    sides = [ball.psi_prime(Fraction(a) + sign * step, target, 45).value for sign in (1, -1)]
    with mpmath.workdps(45):
        expected = float((sides[0] - sides[1]) / 2 * 10**12)
    assert abs(bend - expected) <= 200 * 1e-15 * table.inverse_width * slope


@examples(60)
@given(weight=st.sampled_from(WEIGHTS), distance=st.floats(0.001, 60))
def test_kernels_give_the_overlap_and_its_derivative(weight, distance):
    table = mmse_table(weight)
    value, slope = kernels.mmse_slope_at(distance, table.coefficients, table.inverse_width)
    alone = kernels.mmse_at(distance, table.coefficients, table.inverse_width)
    assert value == pytest.approx(alone, rel=4 * EPS)  # another compilation, which may round otherwise
    truth = float(ball.mmse(Fraction(distance), weight, digits=18).value)
    slack = max(1.0, -math.log(truth))
    assert value == pytest.approx(truth, rel=2e-15 * slack)
    step = Fraction(1, 10**12)
    sides = [ball.mmse(Fraction(distance) + sign * step, weight, digits=45).value for sign in (1, -1)]
    with mpmath.workdps(45):
        expected = float((sides[0] - sides[1]) / 2 * 10**12)
    assert abs(slope - expected) <= 200 * 1e-15 * slack * truth * (table.inverse_width + distance / 4)
    curve = kernels.mmse_curve_at(distance, table.coefficients, table.inverse_width)
    assert curve[:2] == pytest.approx((value, slope), rel=1e-12, abs=1e-13 * truth)
    middle = ball.mmse(Fraction(distance), weight, digits=45).value
    with mpmath.workdps(45):
        expected = float((sides[0] - 2 * middle + sides[1]) * 10**24)
    assert abs(curve[2] - expected) <= 1e-11 * slack * truth * (table.inverse_width + distance / 4) ** 2


@pytest.mark.parametrize("separation", SEPARATIONS)
def test_psi_of_a_table_is_odd_bounded_and_saturates(separation):
    table = label_table(BimodalTarget(separation, "0.5"))
    a = grid(float(Fraction(separation)))
    values, mirrored = (np.array([kernels.psi_at(x, table.psi, table.inverse_width) for x in side]) for side in (a, -a))
    assert np.array_equal(values, -mirrored)
    assert np.all(np.abs(values) <= 1 + 4 * EPS)
    assert kernels.psi_at(1e300, table.psi, table.inverse_width) == 1.0
    assert kernels.psi_prime_at(-1e300, table.psi_prime, table.inverse_width) == 0.0
    assert kernels.psi_at(0.0, table.psi, table.inverse_width) == 0.0


@pytest.mark.parametrize("separation", SEPARATIONS)
def test_neighbouring_panels_meet(separation):
    table = label_table(BimodalTarget(separation, "0.5"))
    for panels in (table.psi, table.psi_prime):
        powers = 0.5 ** np.arange(panels.shape[1])
        right, left = panels[:-2] @ powers, panels[1:-1] @ (powers * (-1.0) ** np.arange(panels.shape[1]))
        seen = left > 1e-300
        slack = np.maximum(1, -np.log(left[seen]))
        assert np.max(np.abs(right[seen] / left[seen] - 1) / slack) < 2e-14


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_kernels_pass_a_non_number_on(bad):
    table, pair = label_table(BimodalTarget(3, "0.8")), mmse_table("0.5")
    assert math.isnan(kernels.psi_at(bad, table.psi, table.inverse_width))
    assert math.isnan(kernels.psi_prime_at(bad, table.psi_prime, table.inverse_width))
    assert math.isnan(kernels.psi_second_at(bad, table.psi_prime, table.inverse_width))
    assert math.isnan(kernels.mmse_at(bad, pair.coefficients, pair.inverse_width))
    assert all(math.isnan(x) for x in kernels.mmse_slope_at(bad, pair.coefficients, pair.inverse_width))
    assert np.isnan(table.psi_values(np.full(3, bad))).all()


@pytest.mark.parametrize("route", [0, 1, 2])
@pytest.mark.parametrize("separation", SEPARATIONS)
def test_each_route_of_long_arrays_is_right_to_2e14(separation, route):
    target = BimodalTarget(separation, "0.5")
    reach = odd_series(target.exact_separation).reach
    assert np.all(np.diff(reach) > 0)
    # one block of overlaps that the short polynomial takes, one only the next, one neither
    top = [0.999 * reach[0], 0.999 * reach[1], 3 * reach[1]][route]
    m = np.linspace(-top, top, 256)
    values, truth = label_table(target).psi_values(m), psi(m, target)
    assert np.max(np.abs(values / truth - 1)) < 2e-14


def test_values_are_written_into_a_given_array():
    table, m = label_table(BimodalTarget(3, "0.8")), np.linspace(-9, 9, 2000)
    out = np.empty_like(m)
    assert table.psi_values(m, out) is out
    assert np.max(np.abs(out - psi(m, table.target))) < 2e-14


def test_tables_are_remembered_and_cannot_be_written():
    table = label_table(BimodalTarget(3, "0.8"))
    assert table is label_table(BimodalTarget("3", 0.8))
    with pytest.raises(ValueError, match="read-only"):
        table.psi[0, 1] = 0.0


@pytest.mark.parametrize("weight", [0, 1, -0.2, "1.5", math.nan])
def test_a_table_of_an_impossible_weight_is_refused(weight):
    with pytest.raises(DomainError, match="weight must be"):
        mmse_table(weight)
