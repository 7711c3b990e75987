r"""Appell-Lerch sums of psi and psi' (Mordell integrals), with a proved bound of what they leave out.

With ``a >= 0``, ``p = e^(-2 R^2)``, ``y = e^(-2a)/p``, ``q = e^(-pi^2/R^2)``, ``c_N = q^(N-1/2)`` and
``omega = pi/(2 R^2)``:

    1 - psi = (2/theta) (A + B),          theta = sum_{n in Z} p^(n^2)
    A = (pi/R^2) e^((pi^2/4 - a^2)/(2 R^2)) sin(omega a) sum_{N>=1} q^(N^2/2) (1 + c_N) / D_N
    D_N = 1 - 2 c_N cos(2 omega a) + c_N^2
    B = y sum_{n>=1} p^(n^2) [ 1 / (1 + p^(2n-1) y) + 1 / (p^(2n-1) + y) ]

and psi' is minus the derivative, term by term. B is positive and A holds the Gaussian body of the integral, so sum
and tails are *relatively* accurate: psi' = e^(-2000000) costs what psi' = 1 costs.

Tails. ``D_N >= (1 - c_N)^2`` and ``q^((N+1)^2/2) = q^(N^2/2) c_(N+1)``, hence with K terms and ``c = c_(K+1)``

    |tail of sum q^(N^2/2) (1 + c_N)/D_N|       <= q^((K+1)^2/2) (1 + c) / ((1 - c)^2 (1 - c_(K+2)))
    |tail of sum q^(N^2/2) (1 + c_N) c_N/D_N^2| <= q^((K+1)^2/2) (1 + c) c / ((1 - c)^4 (1 - c_(K+2)))

The bracket in B times y is at most ``y + min(1, y p^(1-2n))``, the Gaussian factors shrink by ``p^(2n+1)`` from term
to term, so with M terms, ``g = p^((M+1)^2)``: ``tail of B <= g y/(1 - p^(2M+3)) + min(g/(1 - p^(2M+3)),
g y p^(-2M-1)/(1 - p^(2M+1)))``, twice that for B', and ``tail of theta <= 2 g/(1 - p^(2M+3))``.

Source:
    theory section 2; docs/derivations/mordell.md; Zwegers, Mock theta functions (2002), chapter 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic

from anneal_theory.arithmetic import Arithmetic, Num
from anneal_theory.averages.plan import LN2, SeriesPlan
from anneal_theory.errors import PrecisionError

BOUND_BITS = 64
STEP_BITS = 192  # lower the working precision in steps of this many bits


@dataclass(frozen=True)
class Point(Generic[Num]):
    """Where to evaluate: numbers of one arithmetic, and their sizes in double precision.

    `decay(k)` is ``e^(-2a + 2 k R^2)``; a_size and r_size are a and R in doubles. A point is `central` where a = R^2
    exactly, as for G at equal weights.
    """

    a: Num
    r2: Num
    decay: Callable[[int], Num]
    a_size: float
    r_size: float
    central: bool = False


def evaluate(arithmetic: Arithmetic[Num], point: Point[Num], plan: SeriesPlan, derivative: bool) -> tuple[Num, Num]:
    """1 - psi (or psi') with a bound of the truncation error. The plan's `terms` are K, its `side_terms` M."""
    p = arithmetic.exp(-2 * point.r2)
    bits = plan.bits
    y = arithmetic.rational(Fraction(1)) if point.central else point.decay(1)
    b, theta = _side_sum(arithmetic, point, p, y, plan, derivative)
    arithmetic.set_bits(BOUND_BITS)
    b_bound, theta_bound = _side_bound(arithmetic, p, y, plan.side_terms, derivative)
    arithmetic.set_bits(bits)
    a, a_bound = _main_part(arithmetic, point, p, plan, derivative)
    total, scale = a + b, 2 / theta
    value = total * scale
    arithmetic.set_bits(BOUND_BITS)
    # the true theta is in [theta, theta + theta_bound], which lowers the value by at most that share of it
    bound = arithmetic.upper((a_bound + b_bound) * scale + abs(value) * theta_bound)
    arithmetic.set_bits(bits)
    return value, bound


def _side_sum(
    arithmetic: Arithmetic[Num], point: Point[Num], p: Num, y: Num, plan: SeriesPlan, derivative: bool
) -> tuple[Num, Num]:
    """B (or -B') and theta. Gaussian factors by two recurrences; the precision falls with the terms."""
    p2, gauss, ratio, full = p * p, p, p, y  # p^2, p^(n^2), p^(2n-1)
    lefts, rights, gausses = [], [], []  # added up at the end, at full precision
    nats, bits = 2 * point.r_size**2 / LN2, plan.bits
    for n in range(1, plan.side_terms + 1):
        gausses.append(gauss)
        left = 1 + ratio * y
        lefts.append(gauss / (left * left) if derivative else gauss / left)
        if not point.central:
            right = ratio + y
            rights.append(gauss * ratio / (right * right) if derivative else gauss / right)
        elif derivative:
            rights.append(lefts[-1] * ratio)
        # the bracket may exceed the first one by p^(1-2n) while the Gaussian falls by p^(n^2-1)
        needed = int(plan.bits - nats * (n * n - 1 - 2 * n)) + 32
        if needed < bits - STEP_BITS and n > 2:
            bits = max(needed, BOUND_BITS)
            arithmetic.set_bits(bits)
            gauss, ratio, y, p2 = +gauss, +ratio, +y, +p2
        ratio *= p2
        gauss *= ratio
    arithmetic.set_bits(plan.bits)
    zero = arithmetic.quotient(0, 1)
    left_sum = sum(lefts, zero)
    b = full * (left_sum + (sum(rights, zero) if rights else left_sum))
    return (2 * b if derivative else b), 1 + 2 * sum(gausses, zero)


def _side_bound(arithmetic: Arithmetic[Num], p: Num, y: Num, count: int, derivative: bool) -> tuple[Num, Num]:
    p, y = arithmetic.upper(p), arithmetic.upper(y)
    require_below_one(p ** (2 * count + 1))
    gauss = p ** ((count + 1) ** 2)
    tail = gauss / (1 - p ** (2 * count + 3))
    right = gauss * y / p ** (2 * count + 1) / (1 - p ** (2 * count + 1))
    # either bound holds, so take the one that is smaller
    bound = tail * y + (right if right < tail else tail)
    return (2 * bound if derivative else bound), 2 * tail


def _main_part(
    arithmetic: Arithmetic[Num], point: Point[Num], p: Num, plan: SeriesPlan, derivative: bool
) -> tuple[Num, Num]:
    """A (or -A') and the bound of its tail."""
    pi, half = arithmetic.pi, 1 / (2 * point.r2)
    omega = pi * half
    eighth = arithmetic.exp(-pi * omega / 4)  # q^(1/8)
    root = (eighth * eighth) ** 2  # q^(1/2)
    if plan.terms == 0:
        arithmetic.set_bits(BOUND_BITS)
    # e^(-a^2/(2 R^2)) is p^(1/4) at the centre
    body = arithmetic.sqrt(arithmetic.sqrt(p)) if point.central else arithmetic.exp(-point.a * point.a * half)
    front = 2 * omega * body / eighth
    zero, unit = arithmetic.quotient(0, 1), arithmetic.quotient(1, 1)
    value = zero
    if plan.terms:
        # omega a = pi/2 at the centre
        sine, cosine = (unit, zero) if point.central else arithmetic.sin_cos(omega * point.a)
        plain, squared = _main_sum(arithmetic, point, root, 2 - 4 * sine * sine, plan, derivative)
        if derivative:
            slope = 2 * half * point.a * sine - omega * cosine
            value = front * (slope * plain + 8 * omega * sine * sine * cosine * squared)
        else:
            value = front * sine * plain
    arithmetic.set_bits(BOUND_BITS)
    root, front, omega = arithmetic.upper(root), arithmetic.upper(front), arithmetic.upper(omega)
    count = plan.terms
    c, c_next = root ** (2 * count + 1), root ** (2 * count + 3)
    require_below_one(c)
    gap = (1 - c) ** 2
    tail = root ** ((count + 1) ** 2) * (1 + c) / (gap * (1 - c_next))
    if derivative:
        slope_bound = arithmetic.upper(2 * half * point.a) + omega
        bound = front * tail * (slope_bound + 8 * omega * c / gap)
    else:
        bound = front * tail
    arithmetic.set_bits(plan.bits)
    return value, arithmetic.upper(bound)


def require_below_one(ratio: Num) -> None:
    """The bounds sum geometric series, so a ratio that cannot be told from one proves nothing."""
    if not ratio < 1:
        raise PrecisionError("no digits reached: R is too small or too large for this series")


def _main_sum(
    arithmetic: Arithmetic[Num], point: Point[Num], root: Num, double_cosine: Num, plan: SeriesPlan, derivative: bool
) -> tuple[Num, Num]:
    """``sum q^(N^2/2) (1+c)/D`` and, for the derivative, ``sum q^(N^2/2) (1+c) c/D^2``."""
    plain, squared = [], []  # added up at the end, at full precision
    q, c, gauss = root * root, root, root
    rate, bits = 4.9348022 / point.r_size**2 / LN2, plan.bits  # pi^2/2
    for n in range(1, plan.terms + 1):
        if point.central and not derivative:  # D = (1 + c)^2
            plain.append(gauss / (1 + c))
        else:
            denominator = 1 - c * (double_cosine - c)
            quotient = gauss * (1 + c) / denominator
            plain.append(quotient)
        if derivative:
            squared.append(quotient * c / denominator)
        needed = int(plan.bits - rate * (n * n - 1)) + 32
        if needed < bits - STEP_BITS:
            bits = max(needed, BOUND_BITS)
            arithmetic.set_bits(bits)
            q, c, gauss, double_cosine = +q, +c, +gauss, +double_cosine
        c *= q
        gauss *= c
    arithmetic.set_bits(plan.bits)
    zero = arithmetic.quotient(0, 1)
    return sum(plain, zero), sum(squared, zero)
