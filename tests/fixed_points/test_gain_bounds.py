"""What proves the digits of the transient gain: winding numbers, bounds on circles, tails of psi's series."""

import math
from fractions import Fraction
from itertools import pairwise

import flint
import numpy as np
import pytest

from anneal_theory.averages.jets import psi_jet
from anneal_theory.fixed_points import gain_series as series
from anneal_theory.fixed_points import landscape_of
from anneal_theory.fixed_points.gain_cover import disc_cover
from anneal_theory.fixed_points.gain_digits import jet_of, rest
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget


def balls(*coefficients):
    return [flint.arb(c) for c in coefficients]


def path(separation="3", weight="0.8", start="0"):
    mode = landscape_of(BimodalTarget(separation, weight)).heavy
    with flint_precision(100):
        star, _ = rest(mode)
    return series.IntegrationPath(mode, jet_of(mode.target), star, Fraction(start))


@pytest.mark.parametrize(
    ("coefficients", "zeros"),
    [((1, 0.5), 0), ((0.5, 1), 1), ((0.25, -1, 0.5), 1), ((0.1, 0, 0, 1), 3), ((-0.9, 1), 1), ((-1.1, 1), 0)],
)
def test_the_winding_number_counts_the_zeros_inside(coefficients, zeros):
    assert series.circle(balls(*coefficients), balls(0, 0))[0] == zeros


@pytest.mark.parametrize("coefficients", [(1, 1), (-1, 0, 1), (1 + 1e-7, 1)])
def test_a_zero_on_the_circle_or_beside_it_proves_nothing(coefficients):
    assert series.circle(balls(*coefficients), balls(0, 0))[0] == -1


def test_a_wide_coefficient_proves_nothing():
    assert series.circle([flint.arb(0.5, 0.6), flint.arb(1)], balls(0, 0))[0] == -1


def test_the_bound_on_the_circle_holds_between_the_points():
    drift, rate = (2.0, 1.5, 0.3), (0.7, -0.4, 0.2)
    _, bound = series.circle(balls(*drift), balls(*rate))
    t = np.exp(2j * np.pi * np.linspace(0, 1, 100_001))
    values = np.abs((np.polyval(rate[::-1], t) - 1.0) / np.polyval(drift[::-1], t))
    assert bound >= values.max()


@pytest.mark.parametrize(("separation", "weight"), [("3", "0.8"), ("1", "0.7"), ("6", "0.9"), ("3", "0.5")])
def test_coefficients_of_the_quotient_stay_below_the_bound_of_their_disc(separation, weight):
    problem = path(separation, weight, "1/4" if weight == "0.5" else "0")
    for disc in disc_cover(problem):
        with flint_precision(300):
            star, radius = rest(problem.mode)
            better = series._recentred(disc, star)
            exactly = series.replace(problem, star=star)
            rate = series._escape_rate(exactly, radius)
            above, below = series._quotient_series(exactly, better, radius, rate, 60)
            for coefficient in series._divide(above, below, 60):
                assert float(coefficient.abs_upper()) <= disc.bound


@pytest.mark.parametrize("separation", ["0.5", "3", "20"])
@pytest.mark.parametrize("share", [0.5, 2.0, 6.0])
def test_the_tail_of_psi_on_a_circle_is_below_its_bound(separation, share):
    radius = share * float(Fraction(separation))
    with flint_precision(400):
        jet = psi_jet("0.3", BimodalTarget(separation, "0.7"), 260)
        sizes = [abs(c) * flint.arb(radius) ** k for k, c in enumerate(jet)]
        for count in (16, 40, 160):
            bound = series._tail_log2(count, share)
            if math.isinf(bound):
                assert count <= 4 * share**2
                continue
            left_out = sum(sizes[count:], flint.arb(0))
            assert left_out < flint.arb(2) ** flint.arb(bound)


@pytest.mark.parametrize("bits", [42, 400])
def test_enough_terms_are_taken_for_f_and_its_derivative(bits):
    problem = path()
    for radius in (Fraction(1, 1000), Fraction(2), Fraction(9)):
        count = series.terms(problem, radius, bits)
        with flint_precision(bits + 200):
            jet = problem.jet(Fraction(1), count + 40)
            rest_of_f = sum(
                (9 * abs(c) * flint.arb(float(radius)) ** k for k, c in list(enumerate(jet))[count:]), flint.arb(0)
            )
            slopes = [
                9 * k * abs(c) * flint.arb(float(radius)) ** (k - 1) for k, c in list(enumerate(jet))[count + 1 :]
            ]
        assert rest_of_f < flint.arb(2) ** -bits
        assert sum(slopes, flint.arb(0)) < flint.arb(2) ** -bits


def test_the_discs_cover_the_way_without_gaps():
    for problem in (path(), path("3", "0.5", "1/1000"), path("3", "0.8", "20"), path("6", "0.9", "-1")):
        discs = disc_cover(problem)
        ends = sorted((disc.left, disc.right) for disc in discs if disc.left is not None and disc.right is not None)
        for (_, right), (left, _) in pairwise(ends):
            assert right == left
        closest = next(disc for disc in discs if disc.kind == "removable")
        marks = {problem.start, closest.left, closest.right} | {end for pair in ends for end in pair}
        assert problem.start in marks
        for disc in discs:
            for end in (disc.left, disc.right):
                assert end is None or abs(end - disc.centre) <= disc.radius * Fraction(9, 10)


def test_deflation_divides_by_the_zero():
    # (t - e)(2 + 3t + t^2) with e = 1e-12 and -1e-12, both within the offset
    for e in (1e-12, -1e-12):
        product = flint.arb_poly([flint.arb(-e), flint.arb(1)]) * flint.arb_poly(balls(2, 3, 1))
        found = series._deflated([product[k] for k in range(4)], flint.arb(1e-12))
        for ball, truth in zip(found, (2, 3, 1), strict=True):
            assert ball.contains(flint.arb(truth))
            assert float(ball.rad()) < 1e-10


@pytest.mark.parametrize(
    ("separation", "weight", "start"), [("3", "0.8", "0"), ("3", "0.5", "1/100"), ("3", "0.8", "20")]
)
def test_a_series_cut_short_still_holds_the_truth_within_its_tail(monkeypatch, separation, weight, start):
    problem = path(separation, weight, start)
    discs = disc_cover(problem)
    with flint_precision(200):
        star, radius = rest(problem.mode)
        exactly = series.replace(problem, star=star)
        truth = series.integral(exactly, discs, radius)
        for length in (2, 5, 12, 30):
            monkeypatch.setattr(series, "_length", lambda disc, share, length=length: length)
            short = series.integral(exactly, discs, radius)
            assert short.overlaps(truth)
            assert not (short.mid() - truth).contains(flint.arb(0))
            assert short.rad() < 3000 * 2.0**-length
