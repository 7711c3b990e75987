r"""Power series of the pair's flow at a fixed temperature, at flint's working precision (theory sections 4 and 6).

Equal family weights. With ``g = 2 T G(D)``, ``X = D^2/4`` and ``l = log |Delta_perp|``, per unit of the clock

    m1' = -m1 + R^2 psi(m1) + g (m1 - m2),   m2' = -m2 + R^2 psi(m2) - g (m1 - m2),   l' = 2 g - 1,
    X = ((m1 - m2)/R)^2/4 + e^(2 l)/4.

Solutions are found by Newton's method on series: each step doubles the number of right coefficients, for two
compositions with the Taylor series of psi and one with that of G.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint

from anneal_theory.averages.jets import psi_jet, squared_overlap_jet
from anneal_theory.balls import exact_ball
from anneal_theory.problem import BimodalTarget
from anneal_theory.separatrix.taylor import series_length

_HALF = Fraction(1, 2)
_LABEL_REACH, _OVERLAP_REACH = 0.5, 0.15  # how far an expansion serves, in units of R and of X
_LABEL_TERMS, _OVERLAP_TERMS = 0.38, 0.46  # of them a bit

State = list[list[Any]]
"""Coefficients of m1, m2 and l."""


@dataclass(eq=False)
class Expansions:
    """Taylor coefficients of a function near a moving point, from expansions at few centres.

    Attributes:
        jet: From a centre and a count to the coefficients there.
        reach: How far from a centre its expansion serves, relative to the centre or absolute.
        relative: Whether `reach` is relative.
        terms: How many coefficients a centre has.
    """

    jet: Any
    reach: float
    relative: bool
    terms: int
    known: list[tuple[Any, Any]] = field(default_factory=list)

    def at(self, place: Any) -> Any:
        """The polynomial in the distance from a place."""
        for centre, poly in self.known:
            allowed = self.reach * (float(centre) if self.relative else 1.0)
            if abs(float((place - centre).mid())) <= allowed:
                return poly(flint.arb_poly([place - centre, 1]))
        centre = place.mid()
        poly = flint.arb_poly(self.jet(centre, self.terms))
        self.known.append((centre, poly))
        return poly(flint.arb_poly([place - centre, 1]))


@dataclass(frozen=True, eq=False)
class PairFlow:
    """The flow at one temperature.

    Attributes:
        target: With the mode in question on the positive side.
        temperature: T, an Arb ball.
        labels: Expansions of psi.
        overlaps: Expansions of G in X.
        recent: The last start and the expansions there.
    """

    target: BimodalTarget
    temperature: Any
    labels: Expansions
    overlaps: Expansions
    recent: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, target: BimodalTarget, temperature: Any) -> "PairFlow":
        """At flint's working precision, which is kept as long as the flow is used."""
        bits = flint.ctx.prec
        labels = Expansions(
            lambda centre, count: psi_jet(centre, target, count),
            _LABEL_REACH * target.separation, False, 24 + int(_LABEL_TERMS * bits),
        )  # fmt: skip
        overlaps = Expansions(
            lambda centre, count: squared_overlap_jet(centre, _HALF, count),
            _OVERLAP_REACH, True, 16 + int(_OVERLAP_TERMS * bits),
        )  # fmt: skip
        return cls(target, temperature, labels, overlaps)

    @property
    def square(self) -> Any:
        """R^2."""
        return exact_ball(self.target.exact_separation**2)

    def rates(self, state: State, count: int, slopes: int, aligned: bool = False) -> tuple[State, "Slopes | None"]:
        """`count` coefficients of the rates along a series, and of their derivatives if wanted.

        Args:
            state: Coefficients; missing ones are 0.
            slopes: How many coefficients of the derivatives; 0 for none.
            aligned: The pair lies on the axis (|Delta_perp| = 0), and l is left out.
        """
        *local, overlap = self._near(state, aligned)
        with series_length(count):
            first, second, gap, width, across = self._places(state, aligned)
            push = 2 * self.temperature * _composed(overlap, width)
            up = self.square * _composed(local[0], first) - first + push * gap
            down = self.square * _composed(local[1], second) - second - push * gap
            rates = [_padded(one, count) for one in (up, down, 2 * push - 1)]
        if not slopes:
            return rates, None
        with series_length(slopes):
            first, second, gap, width, across = self._places(state, aligned)
            push = flint.arb_series(push.coeffs())
            steep = self.temperature * _composed(overlap.derivative(), width)  # half of dg/dX
            tilt = steep * gap / self.square  # dg by m1 - m2
            labels = [
                self.square * _composed(one.derivative(), place) - 1
                for one, place in zip(local, (first, second), strict=True)
            ]
            parts = (*labels, push + tilt * gap, steep * across * gap, 2 * tilt, 2 * steep * across)
            return rates, Slopes(*(_padded(one, slopes) for one in parts))

    def _near(self, state: State, aligned: bool) -> list[Any]:
        """psi at both overlaps and G, expanded at the start of a series."""
        start = [one[0] for one in state]
        if self.recent and all(one is other for one, other in zip(start, self.recent[0], strict=True)):
            return list(self.recent[1])
        cold = flint.arb(0) if aligned else (2 * start[2]).exp() / 4
        gap = start[0] - start[1]
        found = [self.labels.at(one) for one in start[:2]]
        found.append(self.overlaps.at(gap * gap / (4 * self.square) + cold))
        self.recent[:] = [start, found]
        return found

    def _places(self, state: State, aligned: bool) -> tuple[Any, ...]:
        """m1, m2, m1 - m2, X and |Delta_perp|^2 as series of the current length."""
        first, second = flint.arb_series(state[0]), flint.arb_series(state[1])
        gap = first - second
        across = flint.arb_series([0]) if aligned else (2 * flint.arb_series(state[2])).exp()
        return first, second, gap, gap * gap / (4 * self.square) + across / 4, across


def _composed(poly: Any, series: Any) -> Any:
    """A local expansion along a series, whose constant term is where it was expanded."""
    moving = series.coeffs()[1:]
    if not any(moving):
        return flint.arb_series([poly[0]])
    return flint.arb_series(poly.coeffs())(flint.arb_series([0, *moving]))


def _padded(series: Any, count: int) -> list[Any]:
    coefficients = list(series.coeffs())[:count]
    return coefficients + [flint.arb(0)] * (count - len(coefficients))


@dataclass(frozen=True, eq=False)
class Slopes:
    """Derivatives of the rates: with S = dm1 - dm2 and ``w = pull S + turn dl``,
    ``dm1' = first dm1 + w``, ``dm2' = second dm2 - w``, ``dl' = stretch S + damp dl``."""

    first: list[Any]
    second: list[Any]
    pull: list[Any]
    turn: list[Any]
    stretch: list[Any]
    damp: list[Any]

    def applied(self, change: State, gaps: list[Any], known: int, order: int, low: int) -> list[Any]:
        """Coefficient `order` of the derivatives times a change whose first coefficient is that of order `known`.

        Args:
            gaps: The change of m1 - m2.
            low: The derivatives' coefficients below this order are left out.
        """
        top = order - known + 1
        if top <= low:
            return [flint.arb(0)] * 3

        def along(one: list[Any], other: list[Any]) -> Any:
            return sum((one[j] * other[order - j - known] for j in range(low, top)), flint.arb(0))

        w = along(self.pull, gaps) + along(self.turn, change[2])
        return [
            along(self.first, change[0]) + w,
            along(self.second, change[1]) - w,
            along(self.stretch, gaps) + along(self.damp, change[2]),
        ]


def in_time(flow: PairFlow, start: list[Any], count: int) -> State:
    """`count` Taylor coefficients in the clock of the run from a start (m1, m2, l)."""
    state: State = [[value] for value in start]
    while len(state[0]) < count:
        known = len(state[0])
        wanted = min(2 * known, count)
        rates, slopes = flow.rates(state, wanted - 1, max(wanted - 1 - known, 1))
        assert slopes is not None
        change: State = [[], [], []]
        gaps: list[Any] = []
        for k in range(known - 1, wanted - 1):
            moved = slopes.applied(change, gaps, known, k, 0)
            for i in range(3):
                change[i].append((rates[i][k] + moved[i]) / (k + 1))
            gaps.append(change[0][-1] - change[1][-1])
        state = [one + more for one, more in zip(state, change, strict=True)]
    return state


def leaving(flow: PairFlow, rest: Any, across: Any, rate: Any, count: int) -> State:
    """The orbit that leaves the coincident pair: `count` coefficients in ``e = exp(kappa* tau)``.

    ``e`` is (m1 - m2)/R to first order, and the orbit obeys ``kappa* e d/de = rates``.

    Args:
        rest: s*.
        across: log of the distance there.
        rate: kappa*.
    """
    half = exact_ball(flow.target.exact_separation) / 2
    zero = flint.arb(0)
    state: State = [[rest, half], [rest, -half], [across, zero]]
    while len(state[0]) < count:
        known = len(state[0])
        wanted = min(2 * known, count)
        rates, slopes = flow.rates(state, wanted, max(wanted - known, 1))
        assert slopes is not None
        damping = slopes.damp[0]
        change: State = [[], [], []]
        gaps: list[Any] = []
        for k in range(known, wanted):
            moved = slopes.applied(change, gaps, known, k, 1)
            right = [rates[i][k] + moved[i] for i in range(3)]
            gap = (right[0] - right[1]) / (rate * (k - 1)) if k % 2 else zero  # the orbit is symmetric under e -> -e
            middle = zero if k % 2 else (right[0] + right[1]) / (rate * (k - 1) + 1)
            change[0].append((middle + gap) / 2)
            change[1].append((middle - gap) / 2)
            change[2].append(zero if k % 2 else right[2] / (rate * k - damping))
            gaps.append(gap)
        state = [one + more for one, more in zip(state, change, strict=True)]
    return state
