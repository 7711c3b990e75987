r"""Power series of the pair's flow at a fixed temperature, at flint's working precision (theory sections 4 and 6).

Equal family weights; the state is (m1, m2, l) with ``l = log |Delta_perp|``. The rates are the derived equations of the
aligned pair, which hold at any distance D, and its growth across the axis. Solutions in time come from
`taylor.step_series`; the orbit that leaves the coincident pair is a series in ``exp(kappa* tau)``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint

from anneal_theory.averages.jets import psi_jet, squared_overlap_jet
from anneal_theory.balls import exact_ball
from anneal_theory.formulas.fixed_points import across_rate, aligned_rest
from anneal_theory.formulas.pair_coordinates import quarter_squared
from anneal_theory.formulas.pair_statistics import overlap_log_jacobian
from anneal_theory.numerics.taylor import Matrix, Vector, composed, extended, series_length, series_of
from anneal_theory.problem import BimodalTarget

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
        radius: R, an Arb ball.
        w1: Weight of the first component.
        recent: The last start and the expansions there.
    """

    target: BimodalTarget
    temperature: Any
    labels: Expansions
    overlaps: Expansions
    radius: Any
    w1: Any
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
        return cls(target, temperature, labels, overlaps, exact_ball(target.exact_separation), exact_ball(_HALF))

    def rates(
        self, state: Sequence[Any], heat: Any, length: int, slopes: int, aligned: bool = False
    ) -> tuple[Vector, Matrix]:
        """Rates along a series to `length` terms, and their derivatives by the state to `slopes` terms, 0 for none.

        Args:
            state: Power series of m1, m2 and l.
            heat: T.
            aligned: The pair lies on the axis (|Delta_perp| = 0), and l is left out of account.
        """
        *labels, overlap = self._near([one[0] for one in state], aligned)
        with series_length(length):
            m1, m2, across, square = self._places(state, aligned)
            psi_1, psi_2 = (composed(one, at) for one, at in zip(labels, (m1, m2), strict=True))
            push = composed(overlap, square)
            rest = aligned_rest(m1, m2, self.radius, self.w1, heat, psi_1, psi_2, push)
            rates = [*rest, across_rate(self.w1, heat, push)]
        if not slopes:
            return rates, []
        with series_length(slopes):
            m1, m2, across, square = self._places(state, aligned)
            prime_1, prime_2 = (composed(one.derivative(), at) for one, at in zip(labels, (m1, m2), strict=True))
            rows = overlap_log_jacobian(
                delta=m1 - m2, across_square=across, separation=self.radius, family_weight=self.w1, temperature=heat,
                psi_prime_1=prime_1, psi_prime_2=prime_2, overlap=extended([push])[0],
                overlap_in_square=composed(overlap.derivative(), square),
            )  # fmt: skip
            return rates, [series_of(row) for row in rows]

    def _near(self, start: list[Any], aligned: bool) -> list[Any]:
        """psi at both overlaps and G, expanded at the start of a series."""
        if self.recent and all(map(_same, start, self.recent[0])):
            return list(self.recent[1])
        cold = flint.arb(0) if aligned else (2 * start[2]).exp()
        found = [self.labels.at(one) for one in start[:2]]
        found.append(self.overlaps.at(quarter_squared(start[0], start[1], cold, self.radius)))
        self.recent[:] = [start, found]
        return found

    def _places(self, state: Sequence[Any], aligned: bool) -> tuple[Any, ...]:
        """m1, m2, |Delta_perp|^2 and X as series of the current length."""
        m1, m2, length = extended(state)
        across = flint.arb_series([0]) if aligned else (2 * length).exp()
        return m1, m2, across, quarter_squared(m1, m2, across, self.radius)


def _same(one: Any, other: Any) -> bool:
    """Whether two balls are the same ball."""
    return bool(one.mid() == other.mid() and one.rad() == other.rad())


def in_time(flow: PairFlow, start: list[Any], count: int) -> State:
    """`count` Taylor coefficients in the clock of the run from a start (m1, m2, l)."""
    state: State = [[value] for value in start]
    while len(state[0]) < count:
        state = _longer(flow, state, min(2 * len(state[0]), count), None)
    return state


def leaving(flow: PairFlow, rest: Any, across: Any, rate: Any, count: int) -> State:
    """The orbit that leaves the coincident pair: `count` coefficients in ``e = exp(kappa* tau)``.

    ``e`` is (m1 - m2)/R to first order, and the orbit obeys ``kappa* e d/de = rates``.

    Args:
        rest: s*.
        across: log of the distance there.
        rate: kappa*.
    """
    half = flow.radius / 2
    state: State = [[rest, half], [rest, -half], [across, flint.arb(0)]]
    while len(state[0]) < count:
        state = _longer(flow, state, min(2 * len(state[0]), count), rate)
    return state


def _longer(flow: PairFlow, state: State, wanted: int, rate: Any) -> State:
    """The same solution to twice as many coefficients, by one step of Newton's method.

    Args:
        rate: kappa* for the equation ``kappa* e d/de = rates``; None for ``d/dt = rates``.
    """
    known = len(state[0])
    shift = 1 if rate is None else 0  # of the order that a coefficient of the rates gives
    with series_length(wanted):
        series = [flint.arb_series(one) for one in state]
    rates, slopes = flow.rates(series, flow.temperature, wanted - shift, wanted - known)
    right = _coefficients(rates, wanted - shift)
    rows = [[one[1 - shift :] for one in _coefficients(row, wanted - known)] for row in slopes]
    first = [[row[i][0] for i in range(3)] for row in slopes]
    change: State = [[], [], []]
    for order in range(wanted - known):
        carried = _carried(rows, change, order)
        sums = [right[i][known - shift + order] + carried[i] for i in range(3)]
        if rate is None:
            solved = [one / (known + order) for one in sums]
        else:
            still = [[rate * (known + order) * (i == j) - first[i][j] for j in range(3)] for i in range(3)]
            solved = flint.arb_mat(still).solve(flint.arb_mat(3, 1, sums)).entries()
        for one, more in zip(change, solved, strict=True):
            one.append(more)
    return [one + more for one, more in zip(state, change, strict=True)]


def _carried(rows: list[State], change: State, order: int) -> list[Any]:
    """The last coefficient of derivatives times a change of `order` coefficients: one product of matrices."""
    if not order:
        return [flint.arb(0)] * 3
    flat = [entry for row in rows for one in row for entry in one[:order]]
    backwards = [entry for one in change for entry in one[::-1]]
    return list((flint.arb_mat(3, 3 * order, flat) * flint.arb_mat(3 * order, 1, backwards)).entries())


def _coefficients(many: Sequence[Any], count: int) -> State:
    """The first coefficients of series, with zeros where they end."""
    known = [list(one.coeffs())[:count] for one in many]
    return [one + [flint.arb(0)] * (count - len(one)) for one in known]
