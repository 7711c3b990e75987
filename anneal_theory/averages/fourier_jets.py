r"""Taylor coefficients of E tanh and E sech with proven radii: the Fourier series with residues, term by term.

The series (docs/derivations/fourier_residues.md) is differentiated term by term. For a half period Q,
``s = 2 pi/Q``, ``k_j = s (j + 1/2)``, ``X = R^2``,

    E tanh(a + R z) = s sum_{j>=0} e^(-X k_j^2/2) sin(k_j a)/sinh(pi k_j/2) + residues of lambda = 2, 4, .., 2N
    E sech(a + R z) = s sum_{j>=0} e^(-X k_j^2/2) cos(k_j a)/cosh(pi k_j/2) + residues of lambda = 1, 3, .., 2N - 1
    residues: sum_l (-1)^(l+1) 2 e^(l^2 X/2 - l Q) (e^(l a) -+ e^(-l a))/(1 + e^(-l Q)),  l for lambda_l in exponents

(minus for tanh). The second line is the first one's argument for sech: on nodes shifted by half a step Poisson's sum
is ``sum_nu (-1)^nu S(a + nu Q)``, ``S(x) = E sech(x + R z)``, and ``sech u = 2 y^(1/2)/(1+y)``, ``y = e^(-2u)``, is
expanded to N terms in the images. What is left out:

*Images.* The tails after N terms, ``2 y^(N+1)/(1+y)`` and ``2 y^(N+1/2)/(1+y)`` in size, are at most ``2 y^(b/2)`` for
every b > 0 in [2N, 2N+2] and [2N-1, 2N+1]; at ``u + i v`` with ``|v| <= pi/4`` too, where ``|1+y| >= max(1, |y|)``.
Average: ``|t(x)| <= 2 e^(b^2 X/2 - b x)``. At ``x + i v`` this grows by ``e^(v^2/(2X))`` for any v, since
``E f(x + i v + R z) = int f(u) n(u - x - i v)`` with the normal density n, and by nothing for ``|v| <= pi/4``. Cauchy's
estimate on a circle of radius r round a bounds their share of coefficient i by

    4 r^(-i) e^(b^2 X/2 - b (Q - |a| - r) + g)/(1 - e^(-b Q)),   g = 0 if r <= pi/4, else r^2/(2X),

r = 0 for i = 0, else ``r = max(pi/4, R sqrt i)``.

*Nodes.* With ``1/cosh x <= 2 e^(-x)`` and ``sinh(x + y) >= e^y sinh x``, terms from k on fall from node to node
at least by the factor ``(1 + s/k)^i e^(-X k s - pi s/2)``, which falls itself; those left out add up to at most the
first one over one minus that.

Coefficient i comes out with a radius of about ``2^-bits e^g/r^i``, the size of Cauchy's bound of the coefficient
itself, so high orders lose nothing. a and X may be wide balls: the result holds for every a and X in them.

Source:
    theory section 2; docs/derivations/fourier_residues.md.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import flint

from anneal_theory.balls import exact_ball
from anneal_theory.errors import PrecisionError

_ROOM = 10.0  # nats by which nodes and period exceed what the precision needs
_BLOCK = 16  # sines of so many nodes come from one product each
_NARROW = math.pi / 4
_BOUND_BITS = 64
_MAX_NODES = 2_000_000


@dataclass(frozen=True)
class FourierPlan:
    """How to sum: sizes in doubles, proved sufficient or not by the bounds."""

    period: float  # Q, half of the period
    nodes: int  # how many
    orders: range  # lambda of the residues
    power: float  # b


def average_jet(a: flint.arb, square: flint.arb, count: int, *, odd: bool) -> list[flint.arb]:
    """Taylor coefficients in a of ``E tanh(a + R z)`` (odd) or ``E sech(a + R z)``.

    The square R^2 is > 0 for tanh.

    Example:
        >>> average_jet(flint.arb(0), flint.arb(1), 1, odd=False)[0].str(10, radius=False)
        '0.7412642741'
    """
    if not (a.is_finite() and square.is_finite()):
        return [flint.arb("nan")] * count
    sizes = float(square.abs_upper()), float(a.abs_upper())
    grid = _grid(*sizes, count, odd) if max(sizes) < math.inf else None
    if grid is None or grid.nodes > _MAX_NODES:
        raise PrecisionError("no digits reached: the overlap or the precision is too large for this series")
    with flint.ctx.extraprec(2 * grid.nodes.bit_length() + 8):
        step = 2 * flint.arb.pi() / flint.arb(grid.period)
        waves = _waves(a, square, step, grid.nodes, odd)
        residues = _residues(a, square, grid, odd)
        errors = _errors(a, square, step, grid, count, odd)
        odds = [flint.arb((2 * j + 1) ** 2) for j in range(grid.nodes)]
        coefficients, factor = [], step
        for n in range(count):
            total = sum(waves[n % 2], flint.arb(0))
            # sin turns to cos, -sin, -cos; cos to -sin, -cos, sin
            turned = n % 4 >= 2 if odd else n % 4 in (1, 2)
            residue = sum((left for left, _ in residues), flint.arb(0)) * exact_ball(Fraction(1, math.factorial(n)))
            coefficients.append((-total if turned else total) * factor + residue + flint.arb(0, errors[n]))
            if n + 1 < count:
                factor *= step / (2 * (n + 1))
                waves[n % 2] = [wave * square_odd for wave, square_odd in zip(waves[n % 2], odds, strict=True)]
                residues = _differentiated(residues, grid.orders)
    return coefficients


def _grid(r2: float, size: float, count: int, odd: bool) -> FourierPlan:
    nats, order = flint.ctx.prec * math.log(2) + _ROOM, count - 1
    reach = _circle(r2, order)
    top = _last_node(r2, order, nats)
    gaussian = math.sqrt(2 * nats / r2) if r2 > 0 else math.inf
    best, least, terms = None, math.inf, 0
    while True:
        power = min(2.0 * terms + (2 if odd else 1), gaussian)
        period = size + reach + nats / power + power * r2 / 2 + 1
        nodes = max(4, math.ceil(top * period / (2 * math.pi)) + 1)
        cost = nodes * (1 + 0.02 * count) + terms * (3 + 0.02 * count)
        if best is None or cost < least:
            first = 2 if odd else 1
            best, least = FourierPlan(period, nodes, range(first, first + 2 * terms, 2), power), cost
        if power == gaussian or cost > 2 * least:
            return best
        terms += 1 + terms // 8


def _circle(r2: float, order: int) -> float:
    return max(_NARROW, math.sqrt(r2 * order)) if order else 0.0


def _last_node(r2: float, order: int, nats: float) -> float:
    """A k beyond which the terms of the highest coefficient, and of the value, are below what the precision needs."""
    radius = _circle(r2, order)
    growth = order / 2 if radius > _NARROW else 0.0
    aim = nats - growth + (order * math.log(radius) if order else 0.0) - math.lgamma(order + 1)
    high = 1.0
    while not _fallen(high, r2, order, nats, aim):
        high *= 2
    low = high / 2
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if _fallen(middle, r2, order, nats, aim) else (middle, high)
    return high


def _fallen(k: float, r2: float, order: int, nats: float, aim: float) -> bool:
    exponent = r2 * k * k / 2 + math.pi * k / 2
    slope = r2 * k + math.pi / 2
    return exponent > nats and exponent - order * math.log(k) > aim and slope * k > order


def _waves(a: flint.arb, square: flint.arb, step: flint.arb, nodes: int, odd: bool) -> list[list[flint.arb]]:
    """Terms of the value and of the first derivative: sizes times sines and cosines, the latter times 2j + 1."""
    sizes = _sizes(square, step, nodes, odd)
    angle = a * step / 2
    inner = [(angle * (2 * j + 1)).sin_cos() for j in range(min(_BLOCK, nodes))]
    even, uneven = [], []
    for begin in range(0, nodes, _BLOCK):
        s0, c0 = (angle * (2 * begin)).sin_cos() if begin else (flint.arb(0), flint.arb(1))
        for j in range(begin, min(begin + _BLOCK, nodes)):
            s1, c1 = inner[j - begin]
            sine, cosine = s0 * c1 + c0 * s1, c0 * c1 - s0 * s1
            first, second = (sine, cosine) if odd else (cosine, sine)
            even.append(sizes[j] * first)
            uneven.append(sizes[j] * second * (2 * j + 1))
    return [even, uneven]


def _sizes(square: flint.arb, step: flint.arb, nodes: int, odd: bool) -> list[flint.arb]:
    """``e^(-X k^2/2)/sinh(pi k/2)``, or over cosh, at the nodes."""
    gauss = (-square * step * step / 8).exp()
    ratio = gauss**8  # from the first node to the second; then it shrinks by itself
    shrink, down = ratio, (-flint.arb.pi() * step / 4).exp()  # e^(-pi k/2)
    fall, out = down * down, []
    for _ in range(nodes):
        power = down * down
        out.append(2 * gauss * down / (1 - power if odd else 1 + power))
        gauss *= ratio
        ratio *= shrink
        down *= fall
    return out


def _residues(a: flint.arb, square: flint.arb, grid: FourierPlan, odd: bool) -> list[tuple[flint.arb, flint.arb]]:
    """Each residue, and the same with the other sign between its two exponentials."""
    period, out = flint.arb(grid.period), []
    for number, order in enumerate(grid.orders):
        base = square * (order * order) / 2 - order * period
        front = 2 * (-1) ** number / (1 + (-order * period).exp())
        plus, minus = (base + order * a).exp() * front, (base - order * a).exp() * front
        out.append((plus - minus, plus + minus) if odd else (plus + minus, plus - minus))
    return out


def _differentiated(residues: list[tuple[flint.arb, flint.arb]], orders: range) -> list[tuple[flint.arb, flint.arb]]:
    return [(right * order, left * order) for (left, right), order in zip(residues, orders, strict=True)]


def _errors(
    a: flint.arb, square: flint.arb, step: flint.arb, grid: FourierPlan, count: int, odd: bool
) -> list[flint.arb]:
    """Upper bounds of the images' remainder and of the nodes left out, for every coefficient."""
    working = flint.ctx.prec
    try:
        flint.ctx.prec = _BOUND_BITS
        low, high, size = square.abs_lower(), square.abs_upper(), a.abs_upper()
        power, period, pi = flint.arb(grid.power), flint.arb(grid.period), flint.arb.pi()
        images = 4 / (1 - (-power * period).exp())
        cut = step * (2 * grid.nodes + 1) / 2
        term = 2 * step * (-low * cut * cut / 2 - pi * cut / 2).exp()
        term /= 1 - (-pi * cut).exp() if odd else 1
        fall, bounds = (-low * cut * step - pi * step / 2).exp(), []
        for n in range(count):
            radius = flint.arb(_circle(float(high), n))
            growth = radius * radius / (2 * low) if n and float(radius) > _NARROW else flint.arb(0)
            exponent = power * power * high / 2 - power * (period - size - radius) + growth
            other = images * exponent.exp() / (radius**n if n else 1)
            ratio = (1 + step / cut) ** n * fall
            nodes_left_out = term / (1 - ratio) if ratio < 1 else flint.arb("inf")
            bounds.append((nodes_left_out + other).abs_upper())
            term *= cut / (n + 1)
        return bounds
    finally:
        flint.ctx.prec = working
