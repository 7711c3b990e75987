"""Taylor coefficients of psi, E tanh, E sech and G with proven radii, to any order and precision.

Source:
    theory section 2; the series and its bounds are in `fourier_jets`.
"""

import math
from fractions import Fraction

import flint

from anneal_theory._types import Exactable
from anneal_theory.averages.fourier_jets import average_jet
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.exact import exact
from anneal_theory.problem import BimodalTarget

_POINT_BITS = 64


def psi_jet(m: flint.arb | Exactable, target: BimodalTarget, count: int) -> list[flint.arb]:
    """The first Taylor coefficients of psi at m (theory section 2), with radii of about ``2^-bits e^(n/2)/(R sqrt
    n)^n``.
    """
    with flint.ctx.extraprec(_POINT_BITS):  # a large m loses digits to h
        centre = m if isinstance(m, flint.arb) else exact_ball(exact(m, "m"))
        argument, square = centre + CONTEXT.half_log_odds(target.exact_weight), exact_ball(target.exact_separation**2)
    return label_jet(argument, square, count)


def label_jet(a: flint.arb, square: flint.arb, count: int) -> list[flint.arb]:
    """Taylor coefficients in a of ``E tanh(a + R z)``, for Arb balls a and R^2 > 0."""
    return average_jet(a, square, count, odd=True)


def sech_jet(a: flint.arb, square: flint.arb, count: int) -> list[flint.arb]:
    """Taylor coefficients in a of ``E sech(a + R z)``, for Arb balls a and R^2 >= 0.

    Example:
        >>> sech_jet(flint.arb(0), flint.arb(0), 3)[2].str(10, radius=False)
        '-0.5000000000'
    """
    return average_jet(a, square, count, odd=False)


def overlap_jet(distance: flint.arb | Exactable, weight: Exactable, count: int) -> list[flint.arb]:
    """The first Taylor coefficients of G(D; w) in D (theory section 2), at flint's precision, with relative radii."""
    length = distance if isinstance(distance, flint.arb) else exact_ball(exact(distance, "distance"))
    along = flint.arb_poly(squared_overlap_jet(length * length / 4, weight, count))
    step = flint.arb_poly([flint.arb(0), length / 2, flint.arb(1) / 4])  # X(D + t) - X(D)
    series = along(step)
    return [series[n] for n in range(count)]


def squared_overlap_jet(square: flint.arb, weight: Exactable, count: int) -> list[flint.arb]:
    """The first Taylor coefficients of G in ``X = D^2/4 >= 0``, with relative radii.

    ``G = (1/2) sqrt(w (1-w)) e^(-X/2) E sech(c + sqrt(X) z)``, ``c = (1/2) log(w/(1-w))`` (theory section 2); along X
    an average obeys ``d/dX = (1/2) d^2/dc^2``, as the normal density solves the heat equation.
    """
    share = exact(weight, "weight")
    jet = sech_jet(CONTEXT.half_log_odds(share), square, 2 * count - 1)
    front = exact_ball(share * (1 - share)).sqrt() * (-square / 2).exp() / 2
    average, damping = [], []
    for n in range(count):
        average.append(front * jet[2 * n] * exact_ball(Fraction(math.factorial(2 * n), 2**n * math.factorial(n))))
        damping.append(exact_ball(Fraction((-1) ** n, 2**n * math.factorial(n))))
    series = flint.arb_poly(average) * flint.arb_poly(damping)
    return [series[n] for n in range(count)]


def derivatives(jet: list[flint.arb]) -> list[flint.arb]:
    """The derivatives whose Taylor coefficients are given."""
    return [coefficient * math.factorial(order) for order, coefficient in enumerate(jet)]
