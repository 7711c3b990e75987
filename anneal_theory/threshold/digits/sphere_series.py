r"""A pair on the sphere along power series in time (theory section 11), at flint's working precision.

The state is ``(log x, M, c)`` with ``M = m1 + m2`` and the cosine c of the pair, and ``log v`` where the variance is
trained. Rates and derivatives are the derived ones, per unit of the clock, times ``dtau/dt = 1`` (the free energy) or
beta.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Generic

import flint

from anneal_theory.arithmetic import Along
from anneal_theory.averages.expansions import (
    Expansions,
    WideExpansions,
    label_expansions,
    overlap_expansions,
    wide_label_expansions,
)
from anneal_theory.averages.jets import derivatives, label_jet
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.formulas.sphere_flow import label_widening, log_variance_flow, overlap_variance, sphere_pair_flow
from anneal_theory.formulas.sphere_flow_mp import (
    overlap_argument,
    sphere_overlaps,
    sphere_pair_flow_by_log_variance,
    sphere_pair_jacobian,
)
from anneal_theory.formulas.sphere_variance import common_variance_growth, variance_bend
from anneal_theory.formulas.sphere_variance_mp import common_variance_slopes
from anneal_theory.numerics.heat_series import averages_along, derivatives_needed
from anneal_theory.numerics.taylor import (
    Matrix,
    Series,
    Vector,
    composed_derivatives,
    extended,
    rates_and_slopes,
)
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.threshold.digits.label_series import TERMS, closest, label_averages, label_slopes

_HALF = Fraction(1, 2)
_WIDENED = 2  # derivatives in an overlap that one in log v takes
_LEFT, _RIGHT, _BETWEEN = 0, 1, 2  # places of the averages of psi: m1, m2, and their mean


@dataclass(frozen=True)
class AnnealedSphere:
    """The flow of a pair on the sphere.

    The first component is the one with the larger overlap. So many `bits` are to be good, about three quarters of
    flint's working precision; `dim` is that by whose law a trained variance moves, inf for that of large dimension.
    """

    target: BimodalTarget
    dynamics: Dynamics
    bits: int
    dim: float = math.inf

    @property
    def trained(self) -> bool:
        """Whether the variance is part of the state."""
        return self.dynamics.variance == "trained"

    @cached_property
    def radius(self) -> flint.arb:
        """R, at the working precision that there was when it was first asked for: a flow is made for one."""
        return exact_ball(self.target.exact_separation)

    def places(self, state: list[Along]) -> tuple[Along, Along, Along]:
        """m1, m2 and the distance of the means."""
        overlaps: tuple[Along, Along, Along] = sphere_overlaps(CONTEXT, state[0].exp(), state[1], state[2], self.radius)
        return overlaps

    def pace(self, temperature: Along) -> Along:
        """d tau/dt at a temperature or along a series."""
        return clock_pace_at(self.dynamics, temperature, type(temperature)(1))

    def variance(self, state: list[Along], temperature: Along) -> Along:
        """v of a state, a number or a series."""
        if self.trained:
            return state[3].exp()
        return temperature if self.dynamics.variance == "follows-temperature" else type(temperature)(1)

    def at(self, state: Vector, temperature: flint.arb) -> "SphereRates[flint.arb]":
        """The rates at a state."""
        places = self.places(state)
        close = bool(places[0] - places[1] < closest(self.bits))
        return SphereRates(self, state, temperature, places, self._labels, self._overlap.values, close)

    def _labels(self, _: int, place: flint.arb, square: flint.arb, orders: int) -> Vector:
        if self.dynamics.variance == "fixed":
            return self._label.values(place, orders - 1)
        return self._wide_label.values(place, square, orders - 1)

    @cached_property
    def _label(self) -> Expansions:
        """psi, at the same working precision."""
        return label_expansions(self.target)

    @cached_property
    def _wide_label(self) -> WideExpansions:
        """psi of any width, likewise."""
        return wide_label_expansions(self.target)

    @cached_property
    def _overlap(self) -> Expansions:
        """G, likewise."""
        return overlap_expansions(_HALF)

    def near(self, start: Vector, temperature: flint.arb_series, count: int) -> "NearSphere":
        """The flow near a state: derivatives of psi at m1 and m2 (at their mean where these are close), and G."""
        variance = self.variance(start, temperature[0])
        m1, m2, distance = self.places(start)
        close = bool(m1 - m2 < closest(self.bits))
        orders = derivatives_needed(count, TERMS + _WIDENED + 2)
        bias, square = CONTEXT.half_log_odds(self.target.exact_weight), overlap_variance(self.radius, variance).mid()
        labels = {}
        for place, m in ((_BETWEEN, start[1] / 2),) if close else ((_LEFT, m1), (_RIGHT, m2)):
            jet = label_jet((m + bias).mid(), square, orders)
            labels[place] = derivatives(jet)
        argument, _ = overlap_argument(CONTEXT, distance, variance)
        return NearSphere(self, labels, self._overlap.at(argument.mid(), count))


@dataclass(frozen=True, eq=False)
class NearSphere:
    """The flow near a state: psi, psi', .. by place (m1 and m2, or their mean alone), and G by the distance from X."""

    pair: AnnealedSphere
    labels: dict[int, Vector]
    overlap: flint.arb_poly

    def rates(self, state: Series, temperature: flint.arb_series, length: int, slopes: int) -> tuple[Series, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms."""
        return rates_and_slopes(partial(self._along, state, temperature), length, slopes)

    def _along(self, state: Series, temperature: flint.arb_series) -> "SphereRates[flint.arb_series]":
        state, (temperature,) = extended(state), extended([temperature])
        overlap, close = partial(composed_derivatives, self.overlap), _BETWEEN in self.labels
        return SphereRates(self.pair, state, temperature, self.pair.places(state), self._labels, overlap, close)

    def _labels(self, at: int, place: flint.arb_series, square: flint.arb_series, orders: int) -> Series:
        return averages_along(self.labels[at], place, square, orders)


@dataclass(frozen=True, eq=False)
class SphereRates(Generic[Along]):
    """Everything the rates are made of, at a state or along a series of the current length."""

    pair: AnnealedSphere  # the flow
    state: list[Along]  # as above
    temperature: Along  # T
    places: tuple[Along, Along, Along]  # m1, m2 and the distance of the means
    # psi and its derivatives, so many in all, at one of the three places, an overlap and a variance of it
    labels: Callable[[int, Along, Along, int], list[Along]]
    overlap: Callable[[Along, int], list[Along]]  # G and so many of its derivatives in X
    close: bool  # whether the overlaps are close, so that psi is known at their mean

    @cached_property
    def variance(self) -> Along:
        """v."""
        return self.pair.variance(self.state, self.temperature)

    def rates(self) -> list[Along]:
        """Of the state, in time."""
        labels = self._labels((TERMS if self.close else 0) + (1 if self.pair.dim == math.inf else 2))
        psi_1, psi_2, slope = label_averages(labels, *self._pair())
        square, _ = overlap_argument(CONTEXT, self.places[2], self.variance)
        overlap = self.overlap(square, 0)[0]
        rates: list[Along] = list(sphere_pair_flow(
            **self._place(), psi_1=psi_1, psi_2=psi_2, overlap=overlap, slope=slope,
        ))  # fmt: skip
        if self.pair.trained:
            rates.append(self._variance_growth(labels, overlap))
        pace = self.pair.pace(self.temperature)
        return [pace * rate for rate in rates]

    def _variance_growth(self, labels: list[list[Along]], overlap: Along) -> Along:
        """Of log v."""
        growth: Along
        if self.pair.dim == math.inf:
            growth, *_ = log_variance_flow(self.variance, self.temperature)
            return growth
        prime_1, prime_2, _ = label_averages([label[1:] for label in labels], *self._pair())
        bend = variance_bend(
            self.places[2], self.pair.radius, self.variance, self.temperature, prime_1, prime_2, overlap
        )
        growth = common_variance_growth(flint.arb(self.pair.dim), self.variance, bend, self.temperature)
        return growth

    def slopes(self) -> list[list[Along]]:
        """Their derivatives by the state."""
        trained = self.pair.trained
        labels = self._labels((TERMS if self.close else 0) + 2 + (_WIDENED if trained else 0))
        psi_1, psi_2, slope = label_averages(labels, *self._pair())
        prime_1, prime_2, slope_1, slope_2 = label_slopes(labels, *self._pair())
        square, by_distance = overlap_argument(CONTEXT, self.places[2], self.variance)
        overlap, in_square = self.overlap(square, 1)
        pushed = {"overlap": overlap, "overlap_prime": in_square * by_distance}
        jacobian = sphere_pair_jacobian(
            CONTEXT, **self._place(), **pushed, psi_1=psi_1, psi_2=psi_2, psi_prime_1=prime_1, psi_prime_2=prime_2,
            slope=slope, slope_1=slope_1, slope_2=slope_2,
        )  # fmt: skip
        rows: list[list[Along | int]] = [list(row) for row in jacobian]
        if trained:
            widened = dict(zip(("widening_1", "widening_2", "slope_widening"), self._widened(labels), strict=True))
            column: tuple[Along, ...] = sphere_pair_flow_by_log_variance(CONTEXT, **self._place(), **pushed, **widened)
            for row, more in zip(rows, column, strict=True):
                row.append(more)
            rows.append(self._variance_slopes(labels, pushed, widened))
        pace = self.pair.pace(self.temperature)
        return [[pace * entry for entry in row] for row in rows]

    def _variance_slopes(
        self, labels: list[list[Along]], pushed: dict[str, Along], widened: dict[str, Along]
    ) -> list[Along | int]:
        """Derivatives of the rate of log v by the state."""
        if self.pair.dim == math.inf:
            return [0, 0, 0, log_variance_flow(self.variance, self.temperature)[1]]
        steeper_1, steeper_2, _ = self._widened([label[1:] for label in labels])
        place = {name: entry for name, entry in self._place().items() if name not in ("overlap_sum", "pair_cosine")}
        *by_state, _ = common_variance_slopes(
            CONTEXT, **place, **pushed, distance=self.places[2], dim=flint.arb(self.pair.dim),
            widening_1=widened["widening_1"], widening_2=widened["widening_2"],
            psi_prime_widening_1=steeper_1, psi_prime_widening_2=steeper_2,
        )  # fmt: skip
        return by_state

    def _widened(self, labels: list[list[Along]]) -> list[Along]:
        """Derivatives in log v of psi at m1 and m2 and of K; of a derivative of psi, where the labels begin with it."""
        bent = label_averages([label[_WIDENED:] for label in labels], *self._pair())
        return [label_widening(self.pair.radius, self.variance, average) for average in bent]

    def _place(self) -> dict[str, Along | flint.arb]:
        return {
            "difference_cosine": self.state[0].exp(), "overlap_sum": self.state[1], "pair_cosine": self.state[2],
            "separation": self.pair.radius, "variance": self.variance, "temperature": self.temperature,
        }  # fmt: skip

    def _pair(self) -> tuple[tuple[Along, Along], Along, flint.arb, flint.arb]:
        """Both overlaps, their difference, R and the weight of either component."""
        m1, m2, _ = self.places
        return (m1, m2), m1 - m2, self.pair.radius, flint.arb(0.5)

    def _labels(self, orders: int) -> list[list[Along]]:
        """psi and its derivatives: at m1 and m2, or at their mean where these are close."""
        square = overlap_variance(self.pair.radius, self.variance)
        places = {_BETWEEN: self.state[1] / 2} if self.close else dict(enumerate(self.places[:2]))
        return [self.labels(at, place, square, orders) for at, place in places.items()]
