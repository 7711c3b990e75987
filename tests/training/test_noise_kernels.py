"""Normals and chi-squares by counter: their laws, and that the shape of an array changes none."""

import numpy as np
import pytest
from scipy.stats import chi2, kstest, norm

from anneal_theory.training.noise_kernels import fill_normals, fill_uniforms, to_chi_squares
from tests.budgets import FALSE_ALARM


def _normals(count, seed=5):
    rows = np.empty((4, count))
    fill_normals(np.uint64(seed), *rows)
    return rows[:2]


def test_normals_are_normal_and_those_of_a_word_are_independent():
    """Kolmogorov and Smirnov's test of 100000 numbers, and of the squares' sum: sees a shift of 0.01 deviations."""
    first, second = _normals(50_000)
    assert kstest(np.concatenate([first, second]), norm.cdf).pvalue > FALSE_ALARM
    assert kstest(first**2 + second**2, chi2(2).cdf).pvalue > FALSE_ALARM
    assert abs(np.corrcoef(first, second)[0, 1]) < norm.isf(FALSE_ALARM / 2) / 50_000**0.5


@pytest.mark.parametrize("count", [1, 7, 8, 13])
def test_normals_do_not_depend_on_how_many_are_drawn(count):
    """What a vector register has no place for is drawn by the library's logarithm: some rounding apart."""
    np.testing.assert_allclose(_normals(count), _normals(64)[:, :count], rtol=1e-14)


def _chi_squares(freedom, normals, uniforms):
    values = normals.copy()
    to_chi_squares(np.random.Generator(np.random.SFC64(3)), freedom, values, uniforms, np.empty_like(values))
    return values


@pytest.mark.parametrize("freedom", [1.0, 2.0, 3.0, 4.0, 35.0, 99_995.0])
def test_chi_squares_have_their_law(freedom):
    """Kolmogorov and Smirnov's test of 40000 numbers: sees a shift of 0.02 standard deviations."""
    (normals, _), uniforms = _normals(40_000), np.empty(40_000)
    fill_uniforms(np.uint64(11), uniforms)
    assert kstest(_chi_squares(freedom, normals, uniforms), chi2(freedom).cdf).pvalue > FALSE_ALARM


def test_no_degree_of_freedom_is_nothing():
    assert not np.any(_chi_squares(0.0, _normals(9)[0], np.full(9, 0.5)))


@pytest.mark.parametrize("freedom", [2.0, 3.0, 123.0])
def test_what_is_taken_at_once_is_what_marsaglia_and_tsang_take(freedom):
    """By their condition as they write it, a little below and a little above where it changes."""
    size = freedom / 2 - 1 / 3
    normals = np.linspace(-2.4 * size**0.5, 6, 400)
    root = 1 + normals / (9 * size) ** 0.5
    bound = np.exp(0.5 * normals**2 + size * (1 - root**3 + np.log(root**3)))
    for factor, taken in ((1 - 1e-6, True), (1 + 1e-6, False)):
        uniforms = bound * factor
        inside = (uniforms < 1) & (np.abs(normals) > 0.3)  # next to 0 the bound is 1, but for rounding
        same = np.isclose(_chi_squares(freedom, normals, uniforms), 2 * size * root**3, rtol=1e-12)
        assert np.all(same[inside] == taken)
        assert np.sum(inside) > 200
