"""The power laws of the gain of the transient and of the probability, with their orders, against the definition."""

import functools
import itertools
import math

import numpy as np
import pytest
from scipy.special import erf

from anneal_theory import BimodalTarget, asymptotics
from anneal_theory.averages import psi, psi_prime
from anneal_theory.fixed_points import collapsed_state
from derivations import transient_gain
from derivations.core import Derivation, DerivationError

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


rest_of = functools.cache(collapsed_state)


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


def orders(parameters, errors):
    logs = np.log(np.abs(parameters)), np.log(np.abs(errors))
    return np.diff(logs[1]) / np.diff(logs[0])


@pytest.mark.parametrize("separation", [2.5, 3, 4])
def test_the_power_law_with_its_correction_errs_in_the_fourth_order_of_the_start(separation):
    target, starts = BimodalTarget(separation, 0.5), np.array([0.4, 0.2, 0.1])
    errors = [log_gain(one, target) - math.log(asymptotics.small_start_gain(target, one)) for one in starts]
    np.testing.assert_allclose(orders(starts, errors), 4, atol=0.3)


def probability(dims, target, factor):
    """E erf(sqrt(d/2) factor/C(s0)) by quadrature, with C(s0) |s0|^gamma from its Chebyshev interpolant in s0^2."""
    gamma = asymptotics.gain_exponent(target)
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
    gamma = asymptotics.gain_exponent(target)
    true, constant = probability(dims, target, factor)
    scale = factor * math.exp(-constant)
    formula = np.array([asymptotics.large_dim_probability(target, int(dim), scale) for dim in dims])
    np.testing.assert_allclose(orders(np.array(dims), formula / true - 1), 1 - gamma if order else -1, atol=0.08)


def test_the_probability_falls_with_the_stated_power_of_the_dimension():
    """The slope between 1e8 and 1e9 differs from its limit by a share of the relative remainder, below 1e-4."""
    target = BimodalTarget(3, 0.5)
    values, _ = probability((1e8, 1e9), target, 0.1)
    assert math.log10(values[1] / values[0]) == pytest.approx(asymptotics.dimension_exponent(target), abs=1e-4)


def test_an_exponent_off_by_one_per_cent_stops_the_derivation(monkeypatch):
    monkeypatch.setattr(transient_gain, "EXPONENT", transient_gain.EXPONENT * 101 / 100)
    with pytest.raises(DerivationError, match="coefficients of order 0"):
        transient_gain._power_law(Derivation("transient_gain", "theory section 6", "slip"))
