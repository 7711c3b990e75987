r"""Appell-Lerch sums of psi and psi' (Mordell integrals), with a proved bound of what they leave out.

With ``a >= 0``, ``X = e^(-2a)``, ``p = e^(-2 R^2)``, ``q = e^(-pi^2/R^2)``, ``c_N = q^(N-1/2)`` and
``omega = pi/(2 R^2)``:

    1 - psi = (2/theta) (A + B),          theta = sum_{n in Z} p^(n^2)
    A = (pi/R^2) e^((pi^2/4 - a^2)/(2 R^2)) sin(omega a) sum_{N>=1} q^(N^2/2) (1 + c_N) / D_N
    D_N = 1 - 2 c_N cos(2 omega a) + c_N^2
    B = sum_{n>=1} p^(n^2) [ (X/p) / (1 + p^(2n-2) X) + X / (p^(2n) + X) ]

and psi' is minus the derivative, term by term. B is positive and A holds the Gaussian body of the integral, so sum
and tails are *relatively* accurate: psi' = e^(-2000000) costs what psi' = 1 costs.

Tails. ``D_N >= (1 - c_N)^2`` and ``q^((N+1)^2/2) = q^(N^2/2) c_(N+1)``, hence with K terms and ``c = c_(K+1)``

    |tail of sum q^(N^2/2) (1 + c_N)/D_N|       <= q^((K+1)^2/2) (1 + c) / ((1 - c)^2 (1 - c_(K+2)))
    |tail of sum q^(N^2/2) (1 + c_N) c_N/D_N^2| <= q^((K+1)^2/2) (1 + c) c / ((1 - c)^4 (1 - c_(K+2)))

The bracket in B is at most ``X/p + min(1, X p^(-2n))``, the Gaussian factors shrink by ``p^(2n+1)`` from term to term,
so with M terms, ``g = p^((M+1)^2)``: ``tail of B <= g X/p/(1 - p^(2M+3)) + min(g/(1 - p^(2M+3)), g X p^(-2M-2)/(1 -
p^(2M+1)))``, twice that for B', and ``tail of theta <= 2 g/(1 - p^(2M+3))``.

Source:
    theory section 2; docs/derivations/mordell.md; Zwegers, Mock theta functions (2002), chapter 1.
"""

from dataclasses import dataclass
from typing import Any

from anneal_theory.averages.plan import LN2, Plan
from anneal_theory.errors import PrecisionError
from anneal_theory.precision import Arithmetic

BOUND_BITS = 64
STEP_BITS = 192  # lower the working precision in steps of this many bits


@dataclass(frozen=True)
class Point:
    """Where to evaluate: numbers of one arithmetic, and their sizes in double precision.

    Attributes:
        a: |m + h|.
        x: e^(-2a).
        r2: R^2.
        a_size: a, in double precision.
        r_size: R, in double precision.
    """

    a: Any
    x: Any
    r2: Any
    a_size: float
    r_size: float


def evaluate(arithmetic: Arithmetic, point: Point, plan: Plan, derivative: bool) -> tuple[Any, Any]:
    """1 - psi (or psi') with a bound of the truncation error.

    Args:
        arithmetic: The number system of `point`.
        point: a >= 0 and R.
        plan: `terms` = K, `side_terms` = M.
        derivative: False for 1 - psi, True for psi'.

    Returns:
        The value, and a number that the truncation error does not exceed.
    """
    p = arithmetic.exp(-2 * point.r2)
    bits = plan.bits
    b, theta = _side_sum(arithmetic, point, p, plan, derivative)
    arithmetic.set_bits(BOUND_BITS)
    b_bound, theta_bound = _side_bound(arithmetic, point, p, plan.side_terms, derivative)
    arithmetic.set_bits(bits)
    a, a_bound = _main_part(arithmetic, point, plan, derivative)
    total, scale = a + b, 2 / theta
    value = total * scale
    arithmetic.set_bits(BOUND_BITS)
    # the true theta is in [theta, theta + theta_bound], which lowers the value by at most that share of it
    bound = arithmetic.upper((a_bound + b_bound) * scale + abs(value) * theta_bound)
    arithmetic.set_bits(bits)
    return value, bound


def _side_sum(arithmetic: Arithmetic, point: Point, p: Any, plan: Plan, derivative: bool) -> tuple[Any, Any]:
    """B (or -B') and theta. Gaussian factors by two recurrences; the precision falls with the terms."""
    x, p2 = point.x, p * p
    lefts, rights, gausses = [], [], []  # added up at the end, at full precision
    gauss, ratio, before, power = p, p2 * p, 1, p2  # p^(n^2), p^(2n+1), p^(2n-2), p^(2n)
    nats, bits = 2 * point.r_size**2 / LN2, plan.bits
    for n in range(1, plan.side_terms + 1):
        left, right = 1 + before * x, power + x
        gausses.append(gauss)
        if derivative:
            lefts.append(gauss / (left * left))
            rights.append(gauss * power / (right * right))
        else:
            lefts.append(gauss / left)
            rights.append(gauss / right)
        # the bracket may exceed the first one by p^(1-2n) while the Gaussian falls by p^(n^2-1)
        needed = int(plan.bits - nats * (n * n - 1 - 2 * n)) + 32
        if needed < bits - STEP_BITS and n > 2:
            bits = max(needed, BOUND_BITS)
            arithmetic.set_bits(bits)
            gauss, ratio, power, x, p2 = +gauss, +ratio, +power, +x, +p2
        gauss, before, power = gauss * ratio, power, power * p2
        ratio *= p2
    arithmetic.set_bits(plan.bits)
    b = sum(lefts) * point.x / p + sum(rights) * point.x
    return (2 * b if derivative else b), 1 + 2 * sum(gausses)


def _side_bound(arithmetic: Arithmetic, point: Point, p: Any, count: int, derivative: bool) -> tuple[Any, Any]:
    p, x = arithmetic.upper(p), arithmetic.upper(point.x)
    require_below_one(p ** (2 * count + 1))
    gauss = p ** ((count + 1) ** 2)
    rest = gauss / (1 - p ** (2 * count + 3))
    right = gauss * x / p ** (2 * count + 2) / (1 - p ** (2 * count + 1))
    # either bound holds, so take the one that is smaller
    bound = rest * x / p + (right if right < rest else rest)
    return (2 * bound if derivative else bound), 2 * rest


def _main_part(arithmetic: Arithmetic, point: Point, plan: Plan, derivative: bool) -> tuple[Any, Any]:
    """A (or -A') and the bound of its tail."""
    pi, half = arithmetic.pi(), 1 / (2 * point.r2)
    omega = pi * half
    eighth = arithmetic.exp(-pi * omega / 4)  # q^(1/8)
    root = (eighth * eighth) ** 2  # q^(1/2)
    if plan.terms == 0:
        arithmetic.set_bits(BOUND_BITS)
    front = 2 * omega * arithmetic.exp(-point.a * point.a * half) / eighth
    value: Any = 0
    if plan.terms:
        sine, cosine = arithmetic.sin_cos(omega * point.a)
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


def require_below_one(ratio: Any) -> None:
    """The bounds sum geometric series, so a ratio that cannot be told from one proves nothing."""
    if not ratio < 1:
        raise PrecisionError("no digits reached: R is too small or too large for this series")


def _main_sum(
    arithmetic: Arithmetic, point: Point, root: Any, double_cosine: Any, plan: Plan, derivative: bool
) -> tuple[Any, Any]:
    """``sum q^(N^2/2) (1+c)/D`` and, for the derivative, ``sum q^(N^2/2) (1+c) c/D^2``."""
    plain, squared = [], []  # added up at the end, at full precision
    q, c, gauss = root * root, root, root
    rate, bits = 4.9348022 / point.r_size**2 / LN2, plan.bits  # pi^2/2
    for n in range(1, plan.terms + 1):
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
    return sum(plain), sum(squared)
