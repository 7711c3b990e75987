r"""Fourier series with residues, and the series of exponentials, for phi, psi and psi', with proved bounds.

**Fourier.** For any half period Q, with ``k_j = s (j + 1/2)``, ``s = 2 pi/Q``, every real u satisfies

    log 2cosh u = Q/2 - (s/2) sum_{j in Z} cos(k_j u) / (k_j sinh(pi k_j/2))
                  - sum_{nu>=1} (-1)^nu [ log(1 + e^(-2 nu Q - 2u)) + log(1 + e^(-2 nu Q + 2u)) ]

(the bracket makes the left side antiperiodic, and the second derivative has known Fourier coefficients). Average over
``u = a + R z`` and expand the logarithms to N terms. With ``x = Q - a > 0``, ``E_n = e^(2 n^2 R^2 - 2 n x)``,
``X = e^(-2a)``, ``W = e^(-2Q)``, ``G_j = e^(-R^2 k_j^2/2 - pi k_j/2)``, ``Y_j = e^(-pi k_j)``:

    phi + log 2 = Q/2 - 4 sum_{j>=0} cos(k_j a) G_j / ((2j+1) (1 - Y_j))
                  + sum_{n=1}^{N} (-1)^(n+1) (1/n) E_n (1 + X^(2n)) / (1 + W^n)  + remainder

and psi, psi' by differentiation: ``2 s sin G/(1-Y)`` and ``s^2 (2j+1) cos G/(1-Y)`` for the nodes, with plus sign,
``2 E_n (1 - X^(2n))`` and ``4 n E_n (1 + X^(2n))`` for the residues.

**Exponentials.** For a > 0: ``phi = a - log 2 + E log(1+y)``, ``1 - psi = 2 E y/(1+y)``, ``psi' = 4 E y/(1+y)^2`` with
``y = e^(-2u)``, expanded in the same way: ``E y^n = e^(2 n^2 R^2 - 2 n a)``.

Remainders. The tail after N terms of the expansion of ``log(1+y)``, ``2y/(1+y)``, ``4y/(1+y)^2`` is at most
``y^alpha/alpha``, ``2 y^alpha``, ``4 (N+1) y^alpha`` for *every* alpha in [N, N+1], alpha > 0, so its average is at
most that with ``y^alpha -> e^(2 alpha^2 R^2 - 2 alpha a)``; alpha near ``a/(2 R^2)`` gives the Gaussian size. With
aliases: ``-> 2 e^(2 alpha^2 R^2 - 2 alpha x) / (1 - e^(-2 alpha Q))``, half of it for psi. The nodes' sizes shrink by
at least the factor ``r_J = G_(J+1)/G_J`` (times ``(2J+3)/(2J+1)`` for psi') from node to node, so those from J on
add up to at most the J-th over ``1 - r_J``.

Source:
    theory section 2; docs/derivations/fourier_residues.md.
"""

import math
from fractions import Fraction

from anneal_theory.arithmetic import Arithmetic, Num
from anneal_theory.averages.appell_lerch import BOUND_BITS, STEP_BITS, Point, require_below_one
from anneal_theory.averages.plan import LN2, SeriesPlan, SeriesQuantity


def exponentials(
    arithmetic: Arithmetic[Num], point: Point[Num], plan: SeriesPlan, quantity: SeriesQuantity
) -> tuple[Num, Num]:
    """1 - psi, psi' or phi by the series of exponentials at a > 0 (N: `terms`), with a bound of its truncation."""
    bits = plan.bits
    parts: list[Num] = []
    if plan.terms:
        growth = arithmetic.exp(4 * point.r2)
        term = point.decay(1)  # e^(2 R^2 - 2a)
        ratio = term * growth
        for n in range(1, plan.terms + 1):
            parts.append(_coefficient(quantity, n) * term if quantity != "phi" else _signed(n) * term / n)
            drop = (2 * n * (point.a_size - n * point.r_size**2) - 2 * point.a_size + 2 * point.r_size**2) / LN2
            if plan.bits - drop + 32 < bits - STEP_BITS:
                bits = max(int(plan.bits - drop) + 32, BOUND_BITS)
                arithmetic.set_bits(bits)
                term, ratio, growth = +term, +ratio, +growth
            term, ratio = term * ratio, ratio * growth
        arithmetic.set_bits(plan.bits)
    total = sum(parts, arithmetic.rational(Fraction(0)))
    if quantity == "phi":
        total = point.a - arithmetic.log(arithmetic.rational(Fraction(2))) + total
    alpha = _order(point.a_size, point.r_size, plan.terms)
    arithmetic.set_bits(BOUND_BITS)
    order = arithmetic.rational(Fraction(alpha))
    bound = _constant(quantity, order, plan.terms) * arithmetic.exp(2 * order * (order * point.r2 - point.a))
    bound = arithmetic.upper(bound)
    arithmetic.set_bits(plan.bits)
    return total, bound


def fourier(
    arithmetic: Arithmetic[Num], point: Point[Num], plan: SeriesPlan, quantity: SeriesQuantity
) -> tuple[Num, Num]:
    """1 - psi, psi' or phi by the Fourier series with residues, with a bound of the truncation error: J, N, x of the
    plan.
    """
    margin = arithmetic.rational(Fraction(plan.margin))
    period = point.a + margin
    step = 2 * arithmetic.pi / period
    nodes, node_bound = _nodes(arithmetic, point, step, plan, quantity)
    residues = _residues(arithmetic, point, margin, plan, quantity)
    if quantity == "phi":
        value = period / 2 - arithmetic.log(arithmetic.rational(Fraction(2))) - 4 * nodes + residues
        weight = 4 * arithmetic.quotient(1, 1)
    elif quantity == "psi_prime":
        weight = step * step
        value = weight * nodes + residues
    else:
        weight = 2 * step
        value = 1 - (weight * nodes + residues)
    arithmetic.set_bits(BOUND_BITS)
    alpha = _order(plan.margin, point.r_size, plan.side_terms)
    order = arithmetic.rational(Fraction(alpha))
    aliases = arithmetic.exp(-2 * order * period)
    require_below_one(aliases)
    sides = 1 if quantity == "complement" else 2  # psi's two sides have opposite signs: the larger one bounds both
    remainder = sides * arithmetic.exp(2 * order * (order * point.r2 - margin)) / (1 - aliases)
    bound = arithmetic.upper(_constant(quantity, order, plan.side_terms) * remainder + weight * node_bound)
    arithmetic.set_bits(plan.bits)
    return value, bound


def _signed(n: int) -> int:
    return 1 if n % 2 else -1


def _coefficient(quantity: SeriesQuantity, n: int) -> int:
    """Coefficient of y^n in 2y/(1+y) or 4y/(1+y)^2."""
    return _signed(n) * (4 * n if quantity == "psi_prime" else 2)


def _constant(quantity: SeriesQuantity, order: Num, count: int) -> Num | int:
    """The constant before ``y^alpha`` in the remainder after `count` terms."""
    if quantity == "phi":
        return 1 / order
    return 4 * (count + 1) if quantity == "psi_prime" else 2


def _order(distance: float, radius: float, count: int) -> float:
    """The alpha in [N, N+1], alpha > 0, that makes the remainder smallest."""
    return min(max(distance / (2 * radius * radius), float(count), 2.0**-20), count + 1.0)


def _nodes(
    arithmetic: Arithmetic[Num], point: Point[Num], step: Num, plan: SeriesPlan, quantity: SeriesQuantity
) -> tuple[Num, Num]:
    """The sum over nodes without its common factor, and the bound of its tail."""
    sines = quantity == "complement"
    small, base = step * step * point.r2 / 8, step * arithmetic.pi / 4
    first, second = arithmetic.exp(-small), arithmetic.exp(-base)  # e^(-R^2 s^2/8), e^(-pi s/4)
    gauss, power = first * second, second * second  # G_0, Y_0
    growth = ((first * first) ** 2) ** 2
    ratio, square = growth * power, power * power
    waves = _wave(arithmetic, point, step, sines)
    step_size = 2 * math.pi / (point.a_size + plan.margin)
    linear, quadratic = math.pi * step_size / 2 / LN2, (point.r_size * step_size) ** 2 / 2 / LN2
    parts: list[Num] = []  # added up at the end, at full precision
    bits = plan.bits
    for j in range(plan.terms):
        term = gauss / (1 - power)
        if waves is not None:
            term *= waves[0]
        if quantity == "phi":
            term /= 2 * j + 1
        elif quantity == "psi_prime":
            term *= 2 * j + 1
        parts.append(term)
        needed = int(plan.bits - j * (linear + quadratic * j)) + 32
        if needed < bits - STEP_BITS:
            bits = max(needed, BOUND_BITS)
            arithmetic.set_bits(bits)
            gauss, ratio, growth, power, square = +gauss, +ratio, +growth, +power, +square
            if waves is not None:
                waves = +waves[0], +waves[1], +waves[2]
        gauss *= ratio
        ratio *= growth
        power *= square
        if waves is not None:
            wave, previous, double_cosine = waves
            waves = double_cosine * wave - previous, wave, double_cosine
    arithmetic.set_bits(BOUND_BITS)
    bound = _node_bound(arithmetic, gauss, ratio, power, plan.terms, quantity)
    arithmetic.set_bits(plan.bits)
    return sum(parts, arithmetic.quotient(0, 1)), bound


def _wave(arithmetic: Arithmetic[Num], point: Point[Num], step: Num, sines: bool) -> tuple[Num, Num, Num] | None:
    """cos(k_0 a) (or sin), the one before it, and 2 cos(s a); None for the constant 1 of a = 0."""
    if point.a_size == 0 and not sines:
        return None
    sine, cosine = arithmetic.sin_cos(step * point.a / 2)
    double_cosine = 2 - 4 * sine * sine
    return (sine, -sine, double_cosine) if sines else (cosine, cosine, double_cosine)


def _node_bound(
    arithmetic: Arithmetic[Num], gauss: Num, ratio: Num, power: Num, count: int, quantity: SeriesQuantity
) -> Num:
    ratio, power = arithmetic.upper(ratio), arithmetic.upper(power)
    size = arithmetic.upper(gauss) / (1 - power)
    if quantity == "phi":
        size /= 2 * count + 1
    elif quantity == "psi_prime":
        size *= 2 * count + 1
        ratio = ratio * (2 * count + 3) / (2 * count + 1)
    require_below_one(power)
    require_below_one(ratio)
    return arithmetic.upper(size / (1 - ratio))


def _residues(
    arithmetic: Arithmetic[Num], point: Point[Num], margin: Num, plan: SeriesPlan, quantity: SeriesQuantity
) -> Num:
    if not plan.side_terms:
        return arithmetic.quotient(0, 1)
    squared = arithmetic.exp(2 * point.r2)
    alias, x = arithmetic.exp(-2 * margin), point.decay(0)
    growth = squared * squared
    term = alias * squared  # E_1
    ratio = term * growth
    mirror_step, damping_step = x * x, alias * x
    mirror, damping = mirror_step, damping_step  # X^(2n), W^n
    parts: list[Num] = []
    bits = plan.bits
    for n in range(1, plan.side_terms + 1):
        numerator = 1 - mirror if quantity == "complement" else 1 + mirror
        part = term * numerator / (1 + damping)
        parts.append(_signed(n) * part / n if quantity == "phi" else _coefficient(quantity, n) * part)
        drop = 2 * n * (plan.margin - n * point.r_size**2) / LN2
        if plan.bits - drop + 32 < bits - STEP_BITS:
            bits = max(int(plan.bits - drop) + 32, BOUND_BITS)
            arithmetic.set_bits(bits)
            term, ratio, growth = +term, +ratio, +growth
            mirror, damping, mirror_step, damping_step = +mirror, +damping, +mirror_step, +damping_step
        term *= ratio
        ratio *= growth
        mirror *= mirror_step
        damping *= damping_step
    arithmetic.set_bits(plan.bits)
    return sum(parts, arithmetic.quotient(0, 1))
