"""The normal form of the passage through T_c, against finite differences of the flow at the fold."""

import mpmath
import pytest

from anneal_theory.averages.jets import overlap_jet, psi_jet
from anneal_theory.fixed_points.landscape import landscape_of
from anneal_theory.formulas.saddle_node import fold_null_vector
from anneal_theory.formulas.slow_passage import passage_coefficients
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget


def derivatives(jet):
    factor, found = 1, []
    for n, coefficient in enumerate(jet):
        factor *= max(n, 1)
        found.append(mpmath.mpf(coefficient.mid().str(38, radius=False)) * factor)
    return found


def coefficients(target):
    """The normal form, the null vector, the fold and the averages' derivatives there, to 35 digits."""
    with mpmath.workdps(40):
        m1, m2, temperature = (ball.value for ball in landscape_of(target).heavy.fold_at(38))
        radius = mpmath.mpf(str(target.separation))
        with flint_precision(140):
            first, second = (derivatives(psi_jet(m, target, 4)) for m in (m1, m2))
            g = derivatives(overlap_jet((m1 - m2) / radius, "1/2", 4))
        half = mpmath.mpf("0.5")
        labels = [part for pair in zip(first, second, strict=True) for part in pair]
        null = fold_null_vector(radius, half, first[1], second[1])
        return (
            passage_coefficients(m1, m2, radius, half, temperature, *labels, *g),
            null,
            (m1, m2, temperature),
            (first, second, g),
        )


def test_the_normal_form_has_its_reference_values():
    (a, c, b, _, _, growth), *_ = coefficients(BimodalTarget(3, 0.8))
    assert a * c == pytest.approx(0.05135, abs=6e-6)
    assert b == pytest.approx(10.111, abs=6e-4)
    assert growth == pytest.approx(0.30248, abs=6e-6)


@pytest.mark.parametrize(("separation", "weight"), [(3, 0.8), (2.5, 0.6), (4, 0.5)])
def test_the_flow_near_the_fold_follows_the_normal_form(separation, weight):
    """Rates of the aligned pair's equations on the centre manifold, where the rate of z vanishes to this order.

    The rate of y is a y^2 + c theta + a_3 y^3 + c_1 y theta up to the next order, here below 1 % of the cubic terms.
    """
    (a, c, _, a_3, c_1, _), null, (m1, m2, temperature), derived = coefficients(BimodalTarget(separation, weight))
    with mpmath.workdps(40):
        series = [[value / mpmath.factorial(k) for k, value in enumerate(row)][::-1] for row in derived]
    square = mpmath.mpf(str(separation)) ** 2

    def rates(x1, x2, theta):
        first, second = (mpmath.polyval(row, x) for row, x in zip(series, (x1, x2), strict=False))
        gap = m1 - m2 + x1 - x2
        push = 2 * (temperature + theta) * mpmath.polyval(series[2], (x1 - x2) / mpmath.sqrt(square)) * gap
        return -(m1 + x1) + square * first + push, -(m2 + x2) + square * second - push

    def along(y, z, theta):
        f = rates(y * null[0] + z * null[1], y * null[1] - z * null[0], theta)
        return (f[0] * null[0] + f[1] * null[1]) / norm, (f[0] * null[1] - f[1] * null[0]) / norm

    with mpmath.workdps(40):
        norm = null[0] ** 2 + null[1] ** 2
        for size, theta in (("1e-6", "1e-13"), ("-1e-6", "2e-13"), ("2e-6", "-1e-13")):
            y, warm = mpmath.mpf(size) / mpmath.sqrt(norm), mpmath.mpf(theta)
            z = mpmath.findroot(
                lambda z, y=y, t=warm: along(y, z, t)[1], (mpmath.mpf(0), mpmath.mpf("1e-9")), tol=1e-60
            )
            predicted = a * y**2 + c * warm + a_3 * y**3 + c_1 * y * warm
            cubic = abs(a_3 * y**3) + abs(c_1 * y * warm)
            assert abs(along(y, z, warm)[0] - predicted) < 0.01 * cubic
