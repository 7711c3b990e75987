"""The constant alpha and the temperature at which the antipodal pair loses its stability, from their definitions."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha, antipodal_rate, antipodal_temperature
from tests.exploration import examples
from tests.oracles.sphere_of_paper import centre_slope, overlap


@pytest.mark.slow
def test_alpha_is_the_root_of_its_definition():
    """2 G(2q) = q/sqrt(2 pi) by quadrature of G's definition, at 30 digits."""
    with mpmath.workdps(40):
        nodes = mpmath.linspace(-16, 16, 33)

        def label_error(distance):
            mean = mpmath.quad(lambda z: mpmath.npdf(z) * mpmath.sech(distance * z / 2), nodes)
            return mpmath.exp(-(distance**2) / 8) * mean / 4

        root = mpmath.findroot(lambda q: 2 * label_error(2 * q) - q / mpmath.sqrt(2 * mpmath.pi), 0.76)
        assert abs(antipodal_alpha(digits=30) - root**2) < mpmath.mpf(10) ** -30
    assert antipodal_alpha() == pytest.approx(0.5834295148, abs=5e-11)


def test_alpha_is_proven():
    ball, more = antipodal_alpha(digits=25, certified=True), antipodal_alpha(digits=60)
    with mpmath.workdps(70):
        assert abs(ball.value - more) <= ball.error < mpmath.mpf(10) ** -25


@examples(20)
@given(separation=st.floats(1.5, 50), weight=st.floats(0.01, 0.99))
def test_the_rate_vanishes_at_the_temperature(separation, weight):
    target = BimodalTarget(separation, weight)
    temperature = antipodal_temperature(target)
    g = overlap(2 * separation / np.sqrt(temperature))
    slope = centre_slope(separation * np.sqrt(temperature))
    assert 2 * g == pytest.approx(separation**2 * slope / 2, rel=1e-9)
    assert (
        antipodal_rate(target, temperature / 2, temperature / 2)
        > 0
        > antipodal_rate(target, 2 * temperature, 2 * temperature)
    )


def test_it_tends_to_alpha_for_large_separation():
    """R^2/T_a - alpha falls like R^-4."""
    gaps = [radius**2 / antipodal_temperature(BimodalTarget(radius, 0.6)) - antipodal_alpha() for radius in (5, 10, 20)]
    assert gaps[0] / gaps[1] == pytest.approx(16, rel=0.1)
    assert gaps[1] / gaps[2] == pytest.approx(16, rel=0.05)


def test_digits_are_checked():
    with pytest.raises(DomainError, match="digits"):
        antipodal_alpha(digits=0)
