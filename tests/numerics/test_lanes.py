"""Numbers of several runs at once: each lane is what one double would be, and none sees another."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import config
from numba.core import registry
from numba.core.target_extension import get_local_target
from numba.core.utils import order_by_target_specificity

from anneal_theory._compiled import kernel
from anneal_theory.numerics.lane_functions_kernels import exp_of_lanes as exp_of_lanes
from anneal_theory.numerics.lane_kernels import LANES, any_of, where, whole
from anneal_theory.numerics.lane_memory_kernels import entries_at, lanes_of, put, taken
from tests.exploration import examples

EPS = 2.0**-52


@kernel()
def of_each(values, out):
    for k in range(values.shape[0] // LANES):
        x = lanes_of(values, k)
        put(out, 2 * k, (np.exp(x), np.log(abs(x))))


def exp_and_log(values):
    out = np.empty(2 * values.size)
    of_each(values, out)
    both = out.reshape(-1, 2, LANES)
    return both[:, 0].ravel(), both[:, 1].ravel()


def test_exp_and_log_are_the_librarys_to_a_few_units_of_the_last_place():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.uniform(-708, 709, 4000), rng.normal(size=4000), 10 ** rng.uniform(-300, 2.8, 4000)])
    exps, logs = exp_and_log(values)
    assert np.all(np.abs(exps / np.exp(values) - 1) <= 3 * EPS)
    truth = np.log(np.abs(values))
    # next to 1 the logarithm has the absolute error of its argument's rounding
    assert np.all(np.abs(logs - truth) <= 3 * EPS * np.maximum(np.abs(truth), 0.1))


@kernel()
def log1p_of_each(values, out):
    for k in range(values.shape[0] // LANES):
        put(out, k, np.log1p(lanes_of(values, k)))


def test_log1p_is_the_librarys_to_a_few_units_of_the_last_place_however_small_it_is():
    rng = np.random.default_rng(2)
    sizes = 10 ** rng.uniform(-300, 0, 4000) * (1 - EPS)
    values = np.concatenate([sizes, -sizes, [0.0] * LANES, 10 ** rng.uniform(0, 300, 4000)])
    found = np.empty(values.size)
    log1p_of_each(values, found)
    truth = np.log1p(values)
    assert np.all(np.abs(found - truth) <= 6 * EPS * np.abs(truth))


def test_exp_is_zero_far_below_and_held_far_above_and_nan_stays():
    exps, logs = exp_and_log(np.array([-np.inf, -1e9, -708.1, 800.0, np.inf, np.nan, 0.0, 1.0]))
    np.testing.assert_array_equal(exps[:3], 0.0)
    assert exps[3] == exps[4] == pytest.approx(np.exp(709.0), rel=1e-15)
    assert np.isnan(exps[5])
    assert np.isnan(logs[5])
    assert np.isnan(logs[6])
    assert logs[7] == 0.0


@kernel(error_model="numpy")
def mixed(values, table, out):
    x, y = taken(values, 0, 2)
    put(out, 0, x + y * 2.0)
    put(out, 1, (1 - x) / y - 3)
    put(out, 2, where((x < y) & (y > 0.0) | (x == 1.0), x**3, -(y**2)))
    put(out, 3, np.copysign(np.minimum(np.sqrt(abs(x)), np.maximum(y, 0.5)), y))
    i = whole(np.floor(abs(x)))
    i = where(i < table.shape[0], i, table.shape[0] - 1)
    put(out, 4, entries_at(table, i, 0, 10))
    put(out, 14, where(any_of(x > 1e300), y, x) ** 1.5)


DOUBLES = st.lists(st.floats(-50, 50, allow_subnormal=False), min_size=2 * LANES, max_size=2 * LANES)


@examples(60)
@given(DOUBLES, st.integers(0, LANES - 1))
def test_a_lane_is_what_numpy_makes_of_its_numbers_whatever_its_neighbours_are(values, lane):
    numbers, table = np.array(values), np.arange(160.0).reshape(10, 16) / 7
    x, y = numbers.reshape(2, LANES)
    out = np.empty(15 * LANES)
    mixed(numbers, table, out)
    found = out.reshape(15, LANES)
    with np.errstate(all="ignore"):
        chosen = np.where((x < y) & (y > 0) | (x == 1), x**3, -(y**2))
        rows = [x + 2 * y, (1 - x) / y - 3, chosen, np.copysign(np.minimum(np.sqrt(abs(x)), np.maximum(y, 0.5)), y)]
        rows += list(table[np.minimum(np.floor(abs(x)), 9).astype(int), :10].T)
        rows.append(x**1.5)
    np.testing.assert_allclose(found, rows, rtol=4 * EPS, atol=4 * EPS * 50)
    alone, again = np.tile(numbers.reshape(2, LANES)[:, lane : lane + 1], (1, LANES)), np.empty(15 * LANES)
    mixed(alone.ravel(), table, again)
    np.testing.assert_array_equal(again.reshape(15, LANES)[:, 0], found[:, lane])


@pytest.mark.skipif(config.DISABLE_JIT, reason="nothing is compiled")
@pytest.mark.parametrize("function", [operator.add, operator.mul, operator.truediv, operator.lt])
def test_the_compiler_looks_for_operations_of_lanes_first(function):
    """numba's own would all be tried in vain for each operation of a formula: a tenth of the time of a first call."""
    typing = registry.cpu_target.typing_context
    typing.refresh()
    found = typing.resolve_value_type(function).templates
    first = order_by_target_specificity(get_local_target(typing), found)[0]
    assert any(kind.__name__.startswith("Lanes_") for kind in first.__mro__)
