r"""A pair on the sphere along power series in time (theory section 11), at flint's working precision.

The state is ``(log x, M, c)`` with ``M = m1 + m2`` and the cosine c of the pair, and ``log v`` where the variance is
trained. Rates and derivatives are the derived ones, per unit of the clock, times ``dtau/dt = 1`` (the free energy) or
beta.
"""

from dataclasses import dataclass
from fractions import Fraction

import flint

from anneal_theory.averages.expansions import overlap_expansions
from anneal_theory.averages.jets import derivatives, half_log_odds, label_jet
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.formulas.sphere_flow import label_widening, log_variance_flow, overlap_variance, sphere_pair_flow
from anneal_theory.formulas.sphere_flow_mp import (
    overlap_argument,
    sphere_overlaps,
    sphere_pair_flow_by_log_variance,
    sphere_pair_jacobian,
)
from anneal_theory.numerics.heat_series import averages_along, derivatives_needed
from anneal_theory.numerics.taylor import Matrix, Series, Vector, composed, extended, series_length, series_of
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.threshold.digits.label_series import TERMS, closest, label_averages, label_slopes

_HALF = Fraction(1, 2)
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

    def pace(self, heat: flint.arb_series) -> flint.arb_series:
        """d tau/dt as a series."""
        return clock_pace_at(self.dynamics, heat, flint.arb_series([1]))

    def variance(self, state: Series, heat: flint.arb_series) -> flint.arb_series:
        """v of a state, a number or a series."""
        if self.trained:
            return state[3].exp()
        return heat if self.dynamics.variance == "follows-temperature" else flint.arb_series([1])

    def near(self, start: Vector, heat: flint.arb_series, count: int) -> "NearSphere":
        """The flow near a state: derivatives of psi at m1 and m2 (at their mean where these are close), and G."""
        radius = exact_ball(self.target.exact_separation)
        variance = self.variance([flint.arb_series([one]) for one in start], flint.arb_series([heat[0]]))[0]
        m1, m2, distance = sphere_overlaps(CONTEXT, start[0].exp(), start[1], start[2], radius)
        close = bool(m1 - m2 < closest(self.bits))
        orders = derivatives_needed(count, TERMS + _WIDENED + 2)
        bias, square = half_log_odds(self.target.exact_weight), overlap_variance(radius, variance).mid()
        labels = {}
        for place, m in ((_BETWEEN, start[1] / 2),) if close else ((_LEFT, m1), (_RIGHT, m2)):
            jet = label_jet((m + bias).mid(), square, orders)
            labels[place] = derivatives(jet)
        argument, _ = overlap_argument(CONTEXT, distance, variance)
        return NearSphere(self, labels, overlap_expansions(_HALF).at(argument.mid(), count))


@dataclass(frozen=True, eq=False)
class NearSphere:
    """The flow near a state.

    Attributes:
        pair: The flow.
        labels: psi and its derivatives in the overlap, by place: at m1 and m2, or at their mean alone.
        overlap: G in the distance from X.
    """

    pair: AnnealedSphere
    labels: dict[int, Vector]
    overlap: flint.arb_poly

    def rates(self, state: Series, heat: flint.arb_series, length: int, slopes: int) -> tuple[Series, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms."""
        with series_length(length):
            rates = _Along(self, state, heat).rates()
        with series_length(slopes):
            return rates, _Along(self, state, heat).slopes()


class _Along:
    """Everything the rates are made of along a series, of the current length."""

    def __init__(self, near: NearSphere, state: Series, heat: flint.arb_series) -> None:
        self.pair, self.labels, self.overlap = near.pair, near.labels, near.overlap
        self.close = _BETWEEN in near.labels
        state, pair = extended(state), near.pair
        (self.heat,) = extended([heat])
        (self.variance,) = extended([pair.variance(state, self.heat)])
        self.radius = exact_ball(pair.target.exact_separation)
        self.x, self.total, self.cosine = state[0].exp(), state[1], state[2]
        self.m1, self.m2, self.distance = sphere_overlaps(CONTEXT, self.x, self.total, self.cosine, self.radius)
        self.square, self.by_distance = overlap_argument(CONTEXT, self.distance, self.variance)
        self.pace = pair.pace(self.heat)

    def rates(self) -> Series:
        psi_1, psi_2, slope = label_averages(self._labels(TERMS + 1 if self.close else 1), *self._pair())
        found: tuple[flint.arb_series, ...] = sphere_pair_flow(
            **self._place(), psi_1=psi_1, psi_2=psi_2, overlap=composed(self.overlap, self.square), slope=slope,
        )  # fmt: skip
        if self.pair.trained:
            found = *found, log_variance_flow(self.variance, self.heat)[0]
        return [self.pace * one for one in series_of(found)]

    def slopes(self) -> Matrix:
        trained = self.pair.trained
        labels = self._labels((TERMS if self.close else 0) + 2 + (_WIDENED if trained else 0))
        psi_1, psi_2, slope = label_averages(labels, *self._pair())
        prime_1, prime_2, slope_1, slope_2 = label_slopes(labels, *self._pair())
        overlap, in_square = composed(self.overlap, self.square), composed(self.overlap.derivative(), self.square)
        pushed = {"overlap": overlap, "overlap_prime": in_square * self.by_distance}
        rows: tuple[tuple[flint.arb_series | int, ...], ...] = sphere_pair_jacobian(
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

    def _place(self) -> dict[str, flint.arb_series | flint.arb]:
        return {
            "difference_cosine": self.x, "overlap_sum": self.total, "pair_cosine": self.cosine,
            "separation": self.radius, "variance": self.variance, "temperature": self.heat,
        }  # fmt: skip

    def _pair(self) -> tuple[tuple[flint.arb_series, flint.arb_series], flint.arb_series, flint.arb, flint.arb]:
        """Both overlaps, their difference, R and the weight of either component."""
        return (self.m1, self.m2), self.m1 - self.m2, self.radius, flint.arb(0.5)

    def _labels(self, orders: int) -> list[Series]:
        """psi and its derivatives along the series: at m1 and m2, or at their mean where these are close."""
        square = overlap_variance(self.radius, self.variance)
        places = {_LEFT: self.m1, _RIGHT: self.m2, _BETWEEN: self.total / 2}
        return [averages_along(known, places[at], square, orders) for at, known in self.labels.items()]
