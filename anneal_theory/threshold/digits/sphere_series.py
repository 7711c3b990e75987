r"""A pair on the sphere along power series in time (theory section 11), at flint's working precision.

The state is ``(log x, M, c)`` with ``M = m1 + m2`` and the cosine c of the pair, and ``log v`` where the variance is
trained. Rates and derivatives are the derived ones, per unit of the clock, times ``dtau/dt = 1`` (the free energy) or
beta.
"""

import math
from dataclasses import dataclass
from typing import Any

import flint

from anneal_theory.averages.jets import half_log_odds, label_jet, squared_overlap_jet
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.formulas.sphere_flow import label_widening, log_variance_flow, overlap_variance, sphere_pair_flow
from anneal_theory.formulas.sphere_flow_mp import (
    overlap_argument,
    sphere_overlaps,
    sphere_pair_flow_by_log_variance,
    sphere_pair_jacobian,
)
from anneal_theory.numerics.heat_series import averages_along, derivatives_needed
from anneal_theory.numerics.taylor import Matrix, Vector, composed, extended, series_length, series_of
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.threshold.digits.label_series import TERMS, closest, label_averages, label_slopes

_WIDENED = 2  # derivatives in an overlap that one in log v takes
_LEFT, _RIGHT, _BETWEEN = 0, 1, 2  # places of the averages of psi: m1, m2, and their mean


@dataclass(frozen=True)
class AnnealedSphere:
    """The flow of a pair on the sphere.

    Attributes:
        target: Separation and weight.
        dynamics: With the constraint "sphere"; the first component is the one with the larger overlap.
        bits: So many bits are to be good, about three quarters of flint's working precision.
    """

    target: BimodalTarget
    dynamics: Dynamics
    bits: int

    @property
    def trained(self) -> bool:
        """Whether the variance is part of the state."""
        return self.dynamics.variance == "trained"

    def pace(self, heat: Any) -> Any:
        """d tau/dt as a series."""
        return clock_pace_at(self.dynamics, heat, flint.arb_series([1]))

    def variance(self, state: Vector, heat: Any) -> Any:
        """v of a state, a number or a series."""
        if self.trained:
            return state[3].exp()
        return heat if self.dynamics.variance == "follows-temperature" else flint.arb_series([1])

    def rates(self, state: Vector, heat: Any, length: int, slopes: int) -> tuple[Vector, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms."""
        local = _Local(self, [one[0] for one in state], heat[0], length)
        with series_length(length):
            rates = _Along(self, local, state, heat).rates()
        with series_length(slopes):
            return rates, _Along(self, local, state, heat).slopes()


class _Local:
    """Expansions at the first point of a series: derivatives of psi at the places it is needed, and of G."""

    def __init__(self, pair: AnnealedSphere, state: Vector, heat: Any, length: int) -> None:
        radius = exact_ball(pair.target.exact_separation)
        moving = [flint.arb_series([one]) for one in state]
        variance = pair.variance(moving, flint.arb_series([heat]))[0]
        m1, m2, distance = sphere_overlaps(CONTEXT, state[0].exp(), state[1], state[2], radius)
        self.close = m1 - m2 < closest(pair.bits)
        count = derivatives_needed(length, TERMS + _WIDENED + 2)
        bias = half_log_odds(pair.target.exact_weight)
        self.square = overlap_variance(radius, variance).mid()
        self.labels: dict[int, Vector] = {}
        for place, m in ((_BETWEEN, state[1] / 2),) if self.close else ((_LEFT, m1), (_RIGHT, m2)):
            jet = label_jet((m + bias).mid(), self.square, count)
            self.labels[place] = [one * math.factorial(n) for n, one in enumerate(jet)]
        argument, _ = overlap_argument(CONTEXT, distance, variance)
        self.overlap = flint.arb_poly(squared_overlap_jet(argument.mid(), "1/2", length + 2))


class _Along:
    """Everything the rates are made of along a series, of the current length."""

    def __init__(self, pair: AnnealedSphere, local: _Local, state: Vector, heat: Any) -> None:
        self.pair, self.local = pair, local
        state = extended(state)
        (self.heat,) = extended([heat])
        (self.variance,) = extended([pair.variance(state, self.heat)])
        self.radius = exact_ball(pair.target.exact_separation)
        self.x, self.total, self.cosine = state[0].exp(), state[1], state[2]
        self.m1, self.m2, self.distance = sphere_overlaps(CONTEXT, self.x, self.total, self.cosine, self.radius)
        self.square, self.by_distance = overlap_argument(CONTEXT, self.distance, self.variance)
        self.pace = pair.pace(self.heat)

    def rates(self) -> Vector:
        psi_1, psi_2, slope = label_averages(self._labels(TERMS + 1 if self.local.close else 1), *self._pair())
        found: tuple[Any, ...] = sphere_pair_flow(
            **self._place(), psi_1=psi_1, psi_2=psi_2, overlap=composed(self.local.overlap, self.square), slope=slope,
        )  # fmt: skip
        if self.pair.trained:
            found = *found, log_variance_flow(self.variance, self.heat)[0]
        return [self.pace * one for one in series_of(found)]

    def slopes(self) -> Matrix:
        trained, local = self.pair.trained, self.local
        labels = self._labels((TERMS if local.close else 0) + 2 + (_WIDENED if trained else 0))
        psi_1, psi_2, slope = label_averages(labels, *self._pair())
        prime_1, prime_2, slope_1, slope_2 = label_slopes(labels, *self._pair())
        overlap, in_square = composed(local.overlap, self.square), composed(local.overlap.derivative(), self.square)
        pushed = {"overlap": overlap, "overlap_prime": in_square * self.by_distance}
        rows: tuple[tuple[Any, ...], ...] = sphere_pair_jacobian(
            CONTEXT, **self._place(), **pushed, psi_1=psi_1, psi_2=psi_2, psi_prime_1=prime_1, psi_prime_2=prime_2,
            slope=slope, slope_1=slope_1, slope_2=slope_2,
        )  # fmt: skip
        if trained:
            bent = label_averages([one[_WIDENED:] for one in labels], *self._pair())
            widened = (label_widening(self.radius, self.variance, one) for one in bent)
            column = sphere_pair_flow_by_log_variance(
                CONTEXT, **self._place(), **pushed,
                **dict(zip(("widening_1", "widening_2", "slope_widening"), widened, strict=True)),
            )  # fmt: skip
            own = log_variance_flow(self.variance, self.heat)[1]
            rows = *((*row, more) for row, more in zip(rows, column, strict=True)), (0, 0, 0, own)
        return [[self.pace * one for one in series_of(row)] for row in rows]

    def _place(self) -> dict[str, Any]:
        return {
            "difference_cosine": self.x, "overlap_sum": self.total, "pair_cosine": self.cosine,
            "separation": self.radius, "variance": self.variance, "temperature": self.heat,
        }  # fmt: skip

    def _pair(self) -> tuple[Any, ...]:
        """Both overlaps, their difference, R and the weight of either component."""
        return (self.m1, self.m2), self.m1 - self.m2, self.radius, flint.arb(0.5)

    def _labels(self, orders: int) -> list[Vector]:
        """psi and its derivatives along the series: at m1 and m2, or at their mean where these are close."""
        square = overlap_variance(self.radius, self.variance)
        places = {_LEFT: self.m1, _RIGHT: self.m2, _BETWEEN: self.total / 2}
        return [averages_along(known, places[at], square, orders) for at, known in self.local.labels.items()]
