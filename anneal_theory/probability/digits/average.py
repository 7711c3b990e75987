r"""The exact probability to any number of digits (theory sections 5 and 11).

    P = sum_outer weight_i sum_panels int chance(z(v)) density(inner(v)) |d inner/dv| dv

The outer coordinate is averaged by the Gauss rule of its law. On each panel of v the logarithm z of the cosine of the
threshold's angle goes through its values at Chebyshev points, each to the digits that its share of P asks for, and the
chance of a cap of directions is integrated over that polynomial in Arb. Nothing but thresholds costs anything.

The error that is stated adds up what was measured: the outer rule with one node more, at few v of the weightiest panel;
polynomials without their last two coefficients, and more by as many times as a threshold between the points of a panel
is farther off its polynomial than these coefficients; a denser integration; and bounds of what lies beyond the panels.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import flint
import numpy as np

from anneal_theory.balls import CONTEXT, exact_ball, rational
from anneal_theory.formulas.start_law_mp import log_rho_of_cosine
from anneal_theory.numerics.gauss_digits import chebyshev_points, chebyshev_values, legendre_points, to_chebyshev
from anneal_theory.precision import bits_of, flint_precision
from anneal_theory.probability.cap_digits import cap_shares
from anneal_theory.probability.digits.checkpoint import Store
from anneal_theory.probability.digits.panels import NODE_SPARE, SPARE, Panel, PanelPlan

_DENSE = 24, 3.0  # points of the integration over a polynomial: so many, and so many a digit
_DENSER = 1.25
_CHECKED = 4  # v at which the outer rule is checked
_KINK_SPARE = 6  # digits of the kink beyond those of P: of starts that close to it less than that counts
_DROPPED = 2  # coefficients without which a polynomial is compared
_LEBESGUE = 4.0  # how much an interpolation enlarges errors of its values, at a hundred points
_BETWEEN = flint.fmpq(5, 7)  # of a panel: where a threshold is compared with the polynomial


@dataclass(frozen=True)
class Node:
    """A start whose threshold is needed.

    Attributes:
        sign: Of the label of the better aligned component.
        outer: Its outer coordinate, exact.
        inner: Its inner coordinate, exact.
        place: Where it is on the line of its neighbours, exact: v, or the outer coordinate of starts at one v.
        digits: Digits of the threshold; 0 where doubles do.
        z: The logarithm of the cosine, in doubles.
        rough: The logarithm of the threshold, in doubles.
        resolved: Whether doubles resolve the start, so that `rough` has their digits.
    """

    sign: int
    outer: Fraction
    inner: Fraction
    place: Fraction
    digits: int
    z: float
    rough: float
    resolved: bool = True

    @property
    def key(self) -> str:
        """Of the start."""
        return f"{self.sign:+d} {self.inner} {self.outer}"


@dataclass(frozen=True, eq=False)
class Stretch:
    """A panel at one node of the outer rule.

    Attributes:
        panel: The panel.
        outer: The node.
        weight: Its weight, a ball.
        centre: The kink there, exact; None if there is none.
        nodes: At the Chebyshev points of the panel, descending.
    """

    panel: Panel
    outer: Fraction
    weight: flint.arb
    centre: flint.arb | None
    nodes: list[Node]


@dataclass(frozen=True)
class Found:
    """P with the parts of its relative error, by what was done to measure them."""

    value: flint.arb
    errors: dict[str, float]


class Average:
    """The thresholds of a plan, and what they add up to."""

    def __init__(self, plan: PanelPlan) -> None:
        self.plan, self.starts, self.digits = plan, plan.starts, plan.digits
        self.bits = bits_of(self.digits) + 64
        self.fine_bits = self.bits + int(2 * plan.depth)  # of places, which lie close to the kink
        self._kinks: dict[Fraction, flint.arb | None] = {}
        self._kept: dict[int, list[tuple[flint.arb, flint.arb]]] = {}

    def stretches(self, order: int) -> list[Stretch]:
        """All panels at all nodes of the outer rule."""
        with flint_precision(self.fine_bits):
            return [
                self._stretch(panel, outer, weight)
                for outer, weight in self.starts.outer_rule(order)
                for panel in self.plan.panels
            ]

    def _stretch(self, panel: Panel, outer: Fraction, weight: flint.arb) -> Stretch:
        count, digits = self.plan.points(panel, float(weight))
        nodes = self._nodes(panel, outer, [_at(panel, x) for x in chebyshev_points(count)], digits)
        return Stretch(panel, outer, weight, self._kink(outer), nodes)

    def checks(self, order: int) -> list[Stretch]:
        """The weightiest panel at few v, for another outer rule."""
        panel = max(self.plan.panels, key=lambda one: one.share)
        with flint_precision(self.fine_bits):
            stretches = []
            for outer, weight in self.starts.outer_rule(order):
                _, digits = self.plan.points(panel, float(weight))
                v = [_at(panel, x) for x, _ in legendre_points(_CHECKED)]
                across = rational(self.starts.outer_place(outer).mid())  # starts at one v are neighbours
                nodes = [replace(node, place=across) for node in self._nodes(panel, outer, v, digits)]
                stretches.append(Stretch(panel, outer, weight, self._kink(outer), nodes))
            return stretches

    def between(self, stretches: list[Stretch]) -> list[tuple[Stretch, Node]]:
        """For each panel that is computed to many digits a start that is no point of it, at its weightiest node."""
        pairs = []
        with flint_precision(self.fine_bits):
            for panel in self.plan.panels:
                own = max((one for one in stretches if one.panel is panel), key=lambda one: float(one.weight))
                if own.nodes[0].digits:
                    v = _at(panel, flint.arb(_BETWEEN))
                    pairs.append((own, self._nodes(panel, own.outer, [v], own.nodes[0].digits)[0]))
        return pairs

    def _kink(self, outer: Fraction) -> flint.arb | None:
        """Where the threshold vanishes, to all digits if starts count that are so close to it."""
        if outer not in self._kinks:
            close, digits = self.plan.close, self.digits + _KINK_SPARE
            self._kinks[outer] = self.starts.fine_kink(outer, digits) if close else self.starts.kink(outer)
        return self._kinks[outer]

    def _nodes(self, panel: Panel, outer: Fraction, v: list[flint.arb], digits: int) -> list[Node]:
        """Starts at places of a panel, with their thresholds in doubles."""
        centre = self._kink(outer)
        inner = [rational(_inner(centre, panel.side, one).mid()) for one in v]
        tolerance = 1e-9 if digits else 10.0 ** -(self.plan.needed(panel, 1.0) + 1.0)
        rough = 0.0 if centre is None else float(centre)
        z = self.plan.rough(panel, outer, rough, np.array([float(one) for one in v]), min(max(tolerance, 1e-11), 1e-5))
        return [
            Node(panel.sign, outer, at, rational(x.mid()), digits, float(one),
                 self.starts.rough_threshold(float(one), float(at)), self.plan.resolved(panel, float(x)))
            for at, x, one in zip(inner, v, z, strict=True)
        ]  # fmt: skip

    def summed(self, stretches: list[Stretch], store: Store) -> Found:
        """P, and what its relative error is but for the outer rule."""
        with flint_precision(self.bits):
            count = int(_DENSE[0] + _DENSE[1] * self.digits)
            whole, cut, denser, tail = (flint.arb(0) for _ in range(4))
            for stretch in stretches:
                series = self.series(stretch, store)
                short = series[: len(series) - _DROPPED] if len(series) > _DROPPED + 2 else series
                one = self._integral(stretch, series, count)
                whole += one
                cut += abs(one - self._integral(stretch, short, count)).mid()
                denser += abs(one - self._integral(stretch, series, int(_DENSER * count))).mid()
                tail += self._left_out(stretch, series)
            whole += self._full()
            probability = whole.mid()
            lengths = sum(one.high - one.low for one in self.plan.panels)
            noise = lengths * _LEBESGUE * 10.0 ** -(self.digits + SPARE + NODE_SPARE)
            absolute = {"interpolation": cut, "integration": denser, "left out": tail}
            errors = {name: float((part / probability).abs_upper()) for name, part in absolute.items()}
            errors["left out"] += self.plan.neglected
            return Found(probability, errors | {"thresholds": noise})

    def series(self, stretch: Stretch, store: Store) -> list[flint.arb]:
        """Chebyshev coefficients of z on a panel."""
        values = [self._z(node, store) for node in stretch.nodes]
        count = len(values)
        return [one.mid() for one in (to_chebyshev(count) * flint.arb_mat(count, 1, values)).entries()]

    def _z(self, node: Node, store: Store) -> flint.arb:
        if not node.digits:
            return flint.arb(node.z)
        return self.starts.log_cosine(store.log_rho(node), exact_ball(node.inner)).mid()

    def doubt(self, pairs: Iterable[tuple[Stretch, Node]], store: Store) -> float:
        """How many times more polynomials are off between their points than their last coefficients say; 1 or more."""
        worst = 1.0
        with flint_precision(self.bits):
            for stretch, node in pairs:
                series = self.series(stretch, store)
                off = abs(self._z(node, store) - _read(series, [flint.arb(_BETWEEN)])[0])
                stated = sum((abs(one) for one in series[-_DROPPED:]), flint.arb(10) ** -node.digits * int(_LEBESGUE))
                worst = max(worst, float((off / stated).abs_upper()))
        return worst

    def outer_step(self, checks: list[Stretch], more: list[Stretch], value: float, store: Store) -> float:
        """What one node more of the outer rule changes, relative to P, by few v of the weightiest panel."""
        with flint_precision(self.bits):
            both = zip(self._checked(checks, store), self._checked(more, store), strict=True)
            shares = (share for _, share in legendre_points(_CHECKED))
            total = sum((share * (b - a) for share, (a, b) in zip(shares, both, strict=True)), flint.arb(0))
            return float((_half(checks[0].panel) * total / value).abs_upper())

    def _checked(self, checks: list[Stretch], store: Store) -> list[flint.arb]:
        """The average over an outer rule at each of the few v."""
        sums = []
        for k, (x, _) in enumerate(legendre_points(_CHECKED)):
            heights = (
                one.weight * self._height(one, _at(one.panel, x), self._z(one.nodes[k], store)) for one in checks
            )
            sums.append(sum(heights, flint.arb(0)))
        return sums

    def _integral(self, stretch: Stretch, series: list[flint.arb], count: int) -> flint.arb:
        """Over a panel, with the weight of the outer node."""
        points = self._points(count)
        z = _read(series, [x for x, _ in points])
        terms = (
            share * self._height(stretch, _at(stretch.panel, x), one) for (x, share), one in zip(points, z, strict=True)
        )
        return stretch.weight * _half(stretch.panel) * sum(terms, flint.arb(0))

    def _points(self, count: int) -> list[tuple[flint.arb, flint.arb]]:
        if count not in self._kept:
            self._kept[count] = legendre_points(count)
        return self._kept[count]

    def _height(self, stretch: Stretch, v: flint.arb, z: flint.arb) -> flint.arb:
        """The integrand over v."""
        inner = _inner(stretch.centre, stretch.panel.side, v)
        inside, beyond = cap_shares(log_rho_of_cosine(CONTEXT, z), self.starts.directions)
        chance = inside if inside < 0.5 else 1 - beyond  # the larger one may come out wide
        weight = (self.starts.log_density(inner) + (v if stretch.panel.side else 0)).exp()
        return chance * weight / len(self.starts.signs)

    def _left_out(self, stretch: Stretch, series: list[flint.arb]) -> flint.arb:
        """A bound of what lies below the lowest panel and above the highest, where not all pairs collapse."""
        panel, own = stretch.panel, [one for one in self.plan.panels if _same_side(one, stretch.panel)]
        bound = flint.arb(0)
        if panel.low == min(one.low for one in own):
            low = flint.arb(panel.low)
            # towards the kink the threshold falls, and the density is what it is there
            bound += (
                self._height(stretch, low, _read(series, [flint.arb(-1)])[0])
                if panel.side
                else (self.starts.beyond(low))
            )
        top = self.plan.tops[panel.sign, panel.side]
        if panel.high == top and not self.plan.filled[panel.sign, panel.side]:
            bound += self.starts.beyond(_inner(stretch.centre, panel.side, flint.arb(top)))
        return abs(bound * stretch.weight).mid()

    def _full(self) -> flint.arb:
        """The chance of starts beyond the tops of which all pairs collapse."""
        mass = flint.arb(0)
        for (sign, side), filled in self.plan.filled.items():
            if filled:
                top = flint.arb(self.plan.tops[sign, side])
                mass += self.starts.beyond(_inner(self._kink(self.plan.middle), side, top))
        return mass / len(self.starts.signs)


def _same_side(one: Panel, other: Panel) -> bool:
    return (one.sign, one.side) == (other.sign, other.side)


def _half(panel: Panel) -> flint.arb:
    return (flint.arb(panel.high) - flint.arb(panel.low)) / 2


def _at(panel: Panel, x: flint.arb) -> flint.arb:
    """v at x in [-1, 1]."""
    return (flint.arb(panel.high) + flint.arb(panel.low)) / 2 + _half(panel) * x


def _inner(centre: flint.arb | None, side: int, v: flint.arb) -> flint.arb:
    return v if centre is None or not side else centre + side * v.exp()


def _read(series: list[flint.arb], points: list[flint.arb]) -> list[flint.arb]:
    """A Chebyshev series at points."""
    count = len(series)
    return list((chebyshev_values(points, count) * flint.arb_mat(count, 1, series)).entries())
