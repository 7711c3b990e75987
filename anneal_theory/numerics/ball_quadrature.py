"""Integrals of two functions at once, to many digits: Gauss rules on halved stretches, tanh-sinh next to a power.

The two are the parts of a whole, such as P and 1 - P; the smaller of them decides when a stretch is fine enough.
Midpoints of balls are summed: the digits are those on which two rules agree, and nothing is proven.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import flint

from anneal_theory.errors import PrecisionError

Pair: TypeAlias = tuple[flint.arb, flint.arb]
PairOf: TypeAlias = Callable[[flint.arb], Pair]

_HALVINGS = 12


@lru_cache(maxsize=16)
def _gauss(count: int, bits: int) -> list[tuple[flint.arb, flint.arb]]:
    """Nodes and weights on [-1, 1]."""
    roots = [flint.arb.legendre_p_root(count, k, weight=True) for k in range(count)]
    return [(node.mid(), weight.mid()) for node, weight in roots]


def _panel(share: PairOf, left: flint.arb, right: flint.arb, count: int) -> list[flint.arb]:
    middle, half = (left + right) / 2, (right - left) / 2
    total = [flint.arb(0), flint.arb(0)]
    for node, weight in _gauss(count, flint.ctx.prec):
        values = share((middle + half * node).mid())
        total = [entry + weight * value for entry, value in zip(total, values, strict=True)]
    return [entry * half for entry in total]


def halved(share: PairOf, left: flint.arb, right: flint.arb, digits: int, total: list[flint.arb]) -> list[flint.arb]:
    """Both integrals over a stretch, halved until a rule of more nodes agrees to the digits of the totals."""
    few, many = 12 + int(0.55 * digits), 20 + int(0.75 * digits)
    open_, done = [(left, right, 0)], [flint.arb(0), flint.arb(0)]
    aim = flint.arb(10) ** -(digits + 2)
    while open_:
        low, high, depth = open_.pop()
        rough, fine = _panel(share, low, high, few), _panel(share, low, high, many)
        sizes = [
            abs(outside) + abs(finished) + abs(own) for outside, finished, own in zip(total, done, fine, strict=True)
        ]
        which = 0 if sizes[0] < sizes[1] else 1  # the smaller part decides; the other follows from the sum
        if abs(rough[which] - fine[which]).mid() <= (aim * sizes[which]).mid():
            done = [entry + own for entry, own in zip(done, fine, strict=True)]
            continue
        if depth >= _HALVINGS:
            raise PrecisionError("0 digits reached: the integral is not resolved; ask for fewer digits")
        middle = ((low + high) / 2).mid()
        open_ += [(low, middle, depth + 1), (middle, high, depth + 1)]
    return done


def end_rule(share: PairOf, digits: int) -> list[flint.arb]:
    """Both integrals over t in (0, 1), with a power of t at 0: tanh-sinh, its step halved until it agrees."""
    aim = flint.arb(10) ** -(digits + 2)
    reach = math.asinh((digits + 12) * math.log(10) / math.pi) + 0.1
    step, before = 0.5, [flint.arb(0), flint.arb(0)]
    total = [flint.arb(0), flint.arb(0)]
    for level in range(10):
        count = int(reach / step)
        for k in range(-count, count + 1):
            if level and k % 2 == 0:
                continue
            x = flint.arb(k) * flint.arb(step)
            growth = (flint.arb.pi() * x.sinh()).exp()
            t = (growth / (1 + growth)).mid()
            weight = flint.arb.pi() * x.cosh() * growth / (1 + growth) ** 2
            total = [entry + weight * value for entry, value in zip(total, share(t), strict=True)]
        sums = [entry * flint.arb(step) for entry in total]
        which = 0 if sums[0] < sums[1] else 1
        if level > 2 and abs(before[which] - sums[which]).mid() <= (aim * sums[which]).mid():
            return sums
        before, step = sums, step / 2
    raise PrecisionError("0 digits reached: the integral next to an end is not resolved; ask for fewer digits")
