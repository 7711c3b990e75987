r"""The annealed pair's flow along power series in time (theory section 4), at flint's working precision.

The state is ``(s, x, l)`` with ``x = log rho`` and ``l = log |Delta_perp|``, so that rho may be as small as it likes.
The rates and their derivatives are the derived ones, per unit of the clock, times ``dtau/dt = w1 beta`` (``beta`` in
the natural metric, without beta for the free energy).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Generic

import flint

from anneal_theory.arithmetic import Along
from anneal_theory.averages.expansions import Expansions, label_expansions, overlap_expansions
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.formulas.alignment import reduced_log_flow
from anneal_theory.formulas.pair_coordinates_mp import across_places
from anneal_theory.formulas.pair_statistics import reduced_across_jacobian
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


@dataclass(frozen=True)
class AnnealedPair:
    """The flow of a pair.

    The first component is the one with the larger overlap. So many `bits` are to be good, about three quarters of
    flint's working precision.
    """

    target: BimodalTarget
    dynamics: Dynamics
    bits: int

    @cached_property
    def radius(self) -> flint.arb:
        """R, at the working precision that there was when it was first asked for: a flow is made for one."""
        return exact_ball(self.target.exact_separation)

    @cached_property
    def first_weight(self) -> flint.arb:
        """Of the first component, likewise."""
        return exact_ball(self.dynamics.exact_family_weight)

    @cached_property
    def _expansions(self) -> tuple[Expansions, Expansions]:
        """Of psi and G, likewise."""
        return label_expansions(self.target), overlap_expansions(self.dynamics.exact_family_weight)

    @cached_property
    def _clock_rate(self) -> flint.arb:
        return exact_ball(self.dynamics.exact_clock_rate)

    def pace(self, temperature: Along) -> Along:
        """d tau/dt at a temperature or along a series."""
        return clock_pace_at(self.dynamics, temperature, type(temperature)(self._clock_rate))

    def near(self, start: Vector, temperature: flint.arb_series, count: int) -> "NearPair":
        """The flow near a state: psi expanded at m1 and m2 (at s where these are close), G at X."""
        m1, m2, gap, square, _ = self.places(start)
        labels, overlaps = self._expansions
        places = (start[0].mid(),) if gap < closest(self.bits) else (m1.mid(), m2.mid())
        return NearPair(self, [labels.at(place, count) for place in places], overlaps.at(square.mid(), count))

    def at(self, state: Vector, temperature: flint.arb) -> "PairRates[flint.arb]":
        """The rates at a state."""
        labels, overlaps = self._expansions
        places = self.places(state)
        sides = 1 if places[2] < closest(self.bits) else 2
        return PairRates(self, state[0], temperature, places, [labels.values] * sides, overlaps.values)

    def places(self, state: Sequence[Along]) -> list[Along]:
        """m1, m2, m1 - m2, X = D^2/4 and |Delta_perp|^2 of a state, numbers or series."""
        s, log_rho, log_across = state
        return list(across_places(CONTEXT, s, log_rho, log_across, self.radius, self.first_weight))


@dataclass(frozen=True, eq=False)
class NearPair:
    """The flow near a state: psi by distances from m1 and m2, or from s alone where these are close, and G by that from
    X.
    """

    pair: AnnealedPair
    labels: list[flint.arb_poly]
    overlap: flint.arb_poly

    def rates(self, state: Series, temperature: flint.arb_series, length: int, slopes: int) -> tuple[Series, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms."""
        return rates_and_slopes(partial(self._along, state, temperature), length, slopes)

    def _along(self, state: Series, temperature: flint.arb_series) -> "PairRates[flint.arb_series]":
        state, (temperature,) = extended(state), extended([temperature])
        labels = [partial(composed_derivatives, label) for label in self.labels]
        return PairRates(
            self.pair,
            state[0],
            temperature,
            self.pair.places(state),
            labels,
            partial(composed_derivatives, self.overlap),
        )


@dataclass(frozen=True, eq=False)
class PairRates(Generic[Along]):
    """Everything the rates are made of, at a state or along a series of the current length."""

    pair: AnnealedPair  # the flow
    s: Along  # weighted mean of the overlaps
    temperature: Along  # T
    places: list[Along]  # m1, m2, m1 - m2, X = D^2/4 and |Delta_perp|^2
    # psi and its derivatives, as functions of a place and how many, at m1 and m2, or at s alone
    labels: Sequence[Callable[[Along, int], list[Along]]]
    overlap: Callable[[Along, int], list[Along]]  # G in X, likewise

    def rates(self) -> list[Along]:
        """Of the state, in time."""
        psi_1, psi_2, slope = label_averages(self._labels(TERMS if self._close else 0), *self._pair())
        rates = reduced_log_flow(
            s=self.s, cosine_squared=0, **self._constants(), psi_1=psi_1, psi_2=psi_2,
            overlap=self.overlap(self.places[3], 0)[0], slope=slope,
        )  # fmt: skip
        pace = self.pair.pace(self.temperature)
        return [pace * rate for rate in rates]

    def slopes(self) -> list[list[Along]]:
        """Their derivatives by the state."""
        labels = self._labels((TERMS if self._close else 0) + 1)
        prime_1, prime_2, slope_1, slope_2 = label_slopes(labels, *self._pair())
        _, _, gap, square, across = self.places
        rows = reduced_across_jacobian(
            delta=gap, across_square=across, **self._constants(), psi_prime_1=prime_1, psi_prime_2=prime_2,
            overlap_in_square=self.overlap(square, 1)[1], slope_1=slope_1, slope_2=slope_2,
        )  # fmt: skip
        pace = self.pair.pace(self.temperature)
        return [[pace * entry for entry in row] for row in rows]

    @property
    def _close(self) -> bool:
        return len(self.labels) == 1

    def _constants(self) -> dict[str, Along | flint.arb]:
        return {
            "separation": self.pair.radius,
            "family_weight": self.pair.first_weight,
            "temperature": self.temperature,
        }

    def _pair(self) -> tuple[tuple[Along, Along], Along, flint.arb, flint.arb]:
        """Both overlaps, their difference, R and the weight of the first component."""
        m1, m2, gap, *_ = self.places
        return (m1, m2), gap, self.pair.radius, self.pair.first_weight

    def _labels(self, orders: int) -> list[list[Along]]:
        """psi and so many derivatives, at each place that it is known near."""
        places = [self.s] if self._close else self.places[:2]
        return [expansion(at, orders) for expansion, at in zip(self.labels, places, strict=True)]
