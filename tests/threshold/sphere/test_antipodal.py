"""The constant alpha and the temperature at which the antipodal pair loses its stability, from their definitions."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha, antipodal_rates, antipodal_temperature
from tests.exploration import examples
from tests.oracles.sphere_of_paper import flow_rates


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


def sum_rate(target, temperature, m):
    """Rate of m1 + m2, in units of R^2, of a pair across the axis with m1 = m2 = m, by the definition of the flow."""
    rates = flow_rates(target.separation, target.half_log_odds, lambda t: temperature, "follows-temperature", 1)
    return sum(rates(0.0, np.array([m, m, 2 * m**2 - 1, temperature]))[:2])


@examples(20)
@given(separation=st.floats(1.5, 20), weight=st.floats(0.01, 0.99))
def test_the_sum_of_an_antipodal_pair_grows_below_the_temperature(separation, weight):
    """Central differences of the defined flow at m1 = m2 = 0.

    In m, psi turns on the scale sqrt(T)/R of its noise, so that with this step the differences leave out 1e-8/T of the
    rate, and rounding 1e-11.
    """
    target = BimodalTarget(separation, weight)
    edge, step = antipodal_temperature(target), 1e-4 / separation
    signs = []
    for temperature in (edge / 2, edge, 2 * edge):
        cosine, total = (float(one[0]) for one in antipodal_rates(target, *np.full((2, 1), temperature)))
        grown = (sum_rate(target, temperature, step) - sum_rate(target, temperature, -step)) / (4 * step)
        assert grown == pytest.approx(total, abs=1e-7 * cosine)
        signs.append(0 if abs(total) < 1e-10 * cosine else np.sign(total))
    assert signs == [1, 0, -1]


@pytest.mark.slow
def test_the_temperature_of_the_papers_target():
    """2 g = psi'(0)/2 by quadrature at R = 3, w* = 0.8: 15.34967558; the zero of psi would give 15.37783550."""
    target = BimodalTarget(3, "0.8")
    nodes = mpmath.linspace(-40, 40, 41)

    def surplus(temperature):
        width = 3 * mpmath.sqrt(temperature)
        density = lambda u: mpmath.npdf((u - mpmath.log(4) / 2) / width) / width  # noqa: E731
        slope = mpmath.quad(lambda u: mpmath.sech(u) ** 2 * density(u), nodes)
        distance = 6 / mpmath.sqrt(temperature)
        mean = mpmath.quad(lambda z: mpmath.npdf(z) * mpmath.sech(distance * z / 2), nodes)
        return 9 * slope / 2 - mpmath.exp(-(distance**2) / 8) * mean / 2

    found = float(mpmath.findroot(surplus, (15, 15.7)))
    assert found == pytest.approx(15.34967558, abs=5e-9)
    assert antipodal_temperature(target) == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize(("weight", "fold"), [(0.5, 1.0), (0.55, 0.92), (0.8, 0.73)])
def test_the_pitchfork_is_perfect_without_bias_alone(weight, fold):
    """Pairs at rest across the axis (x = 0): from one to three at T_a for w* = 1/2, else at a fold that is colder."""
    target = BimodalTarget(3, weight)
    places = np.linspace(-0.9999, 0.9999, 2000)  # an even number: none is 0

    def count(temperature):
        return np.sum(np.diff(np.sign([sum_rate(target, temperature, m) for m in places])) != 0)

    edge = antipodal_temperature(target)
    assert count(1.01 * fold * edge) == 1
    assert count(0.99 * fold * edge) == 3


def test_it_tends_to_alpha_for_large_separation():
    """R^2/T_a - alpha falls like R^-4."""
    gaps = [radius**2 / antipodal_temperature(BimodalTarget(radius, 0.6)) - antipodal_alpha() for radius in (5, 10, 20)]
    assert gaps[0] / gaps[1] == pytest.approx(16, rel=0.1)
    assert gaps[1] / gaps[2] == pytest.approx(16, rel=0.05)


def test_digits_are_checked():
    with pytest.raises(DomainError, match="digits"):
        antipodal_alpha(digits=0)
