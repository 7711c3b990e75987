"""The generated gain of the transient against its definition, and its power laws with their orders."""

import functools
import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erf

from anneal_theory import BimodalTarget
from anneal_theory.averages import psi, psi_prime
from anneal_theory.fixed_points import collapsed_state
from anneal_theory.formulas import transient_gain as made
from derivations import transient_gain
from derivations.core import Derivation, DerivationError

_STEP = 2.0**-8
_Z = np.arange(-12, 12, _STEP)
_DENSITY = _STEP * np.exp(-(_Z**2) / 2) / math.sqrt(2 * math.pi)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


def mean(values):
    """Trapezoidal average over z; the integrands are analytic, so the step leaves nothing above rounding."""
    return float(_DENSITY @ values)


rest_of = functools.cache(collapsed_state)


def product_averages(s, s_star, target):
    u, v = (m + target.half_log_odds + target.separation * _Z for m in (s, s_star))
    pair = 1 / (np.cosh(u) * np.cosh(v))
    return mean(pair), mean(pair * (np.tanh(u) + np.tanh(v)))


def definition(s, target):
    rest = rest_of(target)
    rise = target.separation**2 * np.asarray(psi_prime(s, target)) - rest.escape_rate
    return rise / (target.separation**2 * np.asarray(psi(s, target)) - s)


def log_gain(start, target):
    """The integral of the definition on panels that grow from the start; errs by about 1e-12."""
    end = rest_of(target).overlap
    edges = [start]
    while 2 * edges[-1] < end / 2:
        edges.append(2 * edges[-1])
    edges += list(np.linspace(edges[-1], end, 5)[1:])
    total = 0.0
    for low, high in itertools.pairwise(edges):
        total += (high - low) / 2 * float(_WEIGHTS @ definition((low + high) / 2 + (high - low) / 2 * _NODES, target))
    return total


def rates(target):
    """kappa*, kappa_0, gamma, psi'''(0)."""
    escape, start = rest_of(target).escape_rate, target.separation**2 * float(psi_prime(0.0, target))
    sech2 = 1 / np.cosh(target.separation * _Z) ** 2
    return escape, start, made.gain_exponent(escape, start), mean(4 * sech2 - 6 * sech2**2)


def orders(parameters, errors):
    logs = np.log(np.abs(parameters)), np.log(np.abs(errors))
    return np.diff(logs[1]) / np.diff(logs[0])


@pytest.mark.parametrize("setting", [(3, 0.8), (2.5, 0.6), (1.5, 0.9)])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1.1])
def test_the_form_without_singularity_is_the_integrand(setting, share):
    """The definition divides rounding of 1e-15 R^2 by f(s), which is 0.1 or more here."""
    target = BimodalTarget(*setting)
    s_star = rest_of(target).overlap
    s = share * s_star
    quotient = math.sinh(s - s_star) / (s - s_star)
    value = made.gain_slope(target.separation, quotient, *product_averages(s, s_star, target))
    assert value == pytest.approx(float(definition(np.float64(s), target)), rel=1e-11)


def test_the_form_without_singularity_tends_to_the_value_at_rest():
    """Half a step of 1e-6 from s* the integrand is within 1e-6 of its limit."""
    target = BimodalTarget(3, 0.8)
    rest = rest_of(target)
    u = rest.overlap + target.half_log_odds + target.separation * _Z
    limit = made.gain_slope_at_rest(3, rest.escape_rate, mean(-2 * np.tanh(u) / np.cosh(u) ** 2))
    near = made.gain_slope(3, 1.0, *product_averages(rest.overlap + 1e-6, rest.overlap, target))
    assert near == pytest.approx(limit, rel=1e-5)
    assert made.gain_slope(3, 1.0, *product_averages(rest.overlap, rest.overlap, target)) == pytest.approx(limit)


def test_the_gain_of_the_reference_target_comes_out_of_the_product_form():
    """C(0) = 12.91865 at R = 3, w* = 0.8 (theory section 10)."""
    target = BimodalTarget(3, 0.8)
    end = rest_of(target).overlap
    points = end / 2 * (1 + np.polynomial.legendre.leggauss(60)[0])
    slopes = [
        made.gain_slope(3, math.sinh(s - end) / (s - end), *product_averages(s, end, target)) for s in points.tolist()
    ]
    total = end / 2 * float(np.polynomial.legendre.leggauss(60)[1] @ np.array(slopes))
    assert math.exp(total) == pytest.approx(12.91865, abs=6e-6)


@pytest.mark.parametrize("separation", [2.5, 3, 4])
def test_the_power_law_errs_in_the_second_order_of_the_start_and_with_its_correction_in_the_fourth(separation):
    target = BimodalTarget(separation, 0.5)
    escape, start_rate, gamma, third = rates(target)
    end = rest_of(target).overlap
    smooth = quad(lambda s: float(definition(np.float64(s), target)) - gamma / s, 1e-3, end - 1e-6, epsabs=1e-12)[0]
    # The pieces left out: an odd integrand below 1e-3, and a smooth one above.
    slope = (float(definition(np.float64(1e-2), target)) - gamma / 1e-2) / 1e-2
    smooth += slope * 5e-7 + 1e-6 * (float(definition(np.float64(end - 1e-6), target)) - gamma / end)
    constant = gamma * math.log(end) + smooth
    starts = np.array([0.4, 0.2, 0.1])
    true = np.array([log_gain(one, target) for one in starts])
    plain = constant - gamma * np.log(starts)
    corrected = made.gain_small_start(starts, separation, escape, start_rate, third, gamma, constant)
    np.testing.assert_allclose(orders(starts, true - plain), 2, atol=0.15)
    np.testing.assert_allclose(orders(starts, true - corrected), 4, atol=0.3)


def probability(dims, target, factor):
    """E erf(sqrt(d/2) factor/C(s0)) by quadrature, with C(s0) |s0|^gamma from its Chebyshev interpolant in s0^2."""
    gamma = rates(target)[2]
    highest = 9 * target.separation / math.sqrt(2 * min(dims))

    def flattened(squares):
        roots = np.sqrt(squares)
        return np.array([log_gain(one, target) + gamma * math.log(one) for one in roots])

    gain = np.polynomial.Chebyshev.interpolate(flattened, 24, domain=[0, highest**2])

    # In x = log z the integrand is analytic and falls at both ends: the trapezoidal rule leaves nothing.
    x = np.arange(-14, 2.3, 0.02)
    z = np.exp(x)

    def average(dim):
        start = target.separation * z / math.sqrt(2 * dim)
        threshold = factor * start**gamma * np.exp(-gain(np.minimum(start, highest) ** 2))
        return 0.02 * float(2 * np.exp(x - z**2 / 2) / math.sqrt(2 * math.pi) @ erf(math.sqrt(dim / 2) * threshold))

    constant = float(gain(0.0))
    return np.array([average(dim) for dim in dims]), constant


@pytest.mark.parametrize(
    ("separation", "factor", "dims", "order"),
    [
        (3, 1e-3, (1e3, 4e3, 1.6e4), None),  # so small a threshold leaves the term of s0^2
        (3, 30.0, (1e8, 4e8, 1.6e9), "cubic"),  # so large a one that of erf's cubic term
    ],
)
def test_the_probability_of_a_symmetric_target_errs_in_the_stated_orders_of_the_dimension(
    separation, factor, dims, order
):
    target = BimodalTarget(separation, 0.5)
    gamma = rates(target)[2]
    true, constant = probability(dims, target, factor)
    moment = 2 ** (gamma / 2) * math.gamma((gamma + 1) / 2) / math.sqrt(math.pi)
    scale = factor * math.exp(-constant)
    formula = np.array([made.symmetric_probability(separation, dim, gamma, scale, moment) for dim in dims])
    np.testing.assert_allclose(orders(np.array(dims), formula / true - 1), 1 - gamma if order else -1, atol=0.08)


def test_the_probability_falls_with_the_stated_power_of_the_dimension():
    """The slope between 1e8 and 1e9 differs from its limit by a share of the relative remainder, below 1e-4."""
    target = BimodalTarget(3, 0.5)
    escape, start_rate, *_ = rates(target)
    values, _ = probability((1e8, 1e9), target, 0.1)
    assert math.log10(values[1] / values[0]) == pytest.approx(made.dimension_exponent(escape, start_rate), abs=1e-4)


def test_an_exponent_off_by_one_per_cent_stops_the_derivation(monkeypatch):
    monkeypatch.setattr(transient_gain, "EXPONENT", transient_gain.EXPONENT * 101 / 100)
    with pytest.raises(DerivationError, match="coefficients of order 0"):
        transient_gain._power_law(Derivation("transient_gain", "theory section 6", "slip"))
