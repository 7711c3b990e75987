r"""The annealed pair's flow along power series in time (theory section 4), at flint's working precision.

The state is ``(s, x, l)`` with ``x = log rho`` and ``l = log |Delta_perp|``, so that rho may be as small as it likes.
The rates and their derivatives are the derived ones, per unit of the clock, times ``dtau/dt = w1 beta`` (``beta`` in
the natural metric, without beta for the free energy).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import flint

from anneal_theory.arithmetic import Along
from anneal_theory.averages.expansions import label_expansions, overlap_expansions
from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.formulas.alignment import reduced_log_flow
from anneal_theory.formulas.pair_coordinates_mp import across_places
from anneal_theory.formulas.pair_statistics import reduced_across_jacobian
from anneal_theory.numerics.taylor import Matrix, Series, Vector, composed, extended, series_length, series_of
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at
from anneal_theory.threshold.digits.label_series import TERMS, closest, label_averages, label_slopes


@dataclass(frozen=True)
class AnnealedPair:
    """The flow of a pair.

    Attributes:
        target: Separation and weight.
        dynamics: Reducible; the first component is the one with the larger overlap.
        bits: So many bits are to be good, about three quarters of flint's working precision.
    """

    target: BimodalTarget
    dynamics: Dynamics
    bits: int

    def pace(self, heat: flint.arb_series) -> flint.arb_series:
        """d tau/dt as a series."""
        return clock_pace_at(self.dynamics, heat, flint.arb_series([exact_ball(self.dynamics.exact_clock_rate)]))

    def near(self, start: Vector, heat: flint.arb_series, count: int) -> "NearPair":
        """The flow near a state: psi expanded at m1 and m2 (at s where these are close), G at X."""
        m1, m2, gap, square, _ = self.places(start)
        labels, overlaps = label_expansions(self.target), overlap_expansions(self.dynamics.exact_family_weight)
        places = (start[0].mid(),) if gap < closest(self.bits) else (m1.mid(), m2.mid())
        return NearPair(self, [labels.at(one, count) for one in places], overlaps.at(square.mid(), count))

    def places(self, state: Sequence[Along]) -> list[Along]:
        """m1, m2, m1 - m2, X = D^2/4 and |Delta_perp|^2 of a state, numbers or series."""
        radius, w1 = exact_ball(self.target.exact_separation), exact_ball(self.dynamics.exact_family_weight)
        s, log_rho, log_across = state
        return list(across_places(CONTEXT, s, log_rho, log_across, radius, w1))


@dataclass(frozen=True, eq=False)
class NearPair:
    """The flow near a state.

    Attributes:
        pair: The flow.
        labels: psi as polynomials in the distance from m1 and m2, or from s alone where these are close.
        overlap: G in the distance from X.
    """

    pair: AnnealedPair
    labels: list[flint.arb_poly]
    overlap: flint.arb_poly

    def rates(self, state: Series, heat: flint.arb_series, length: int, slopes: int) -> tuple[Series, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms."""
        with series_length(length):
            rates = _Along(self, state, heat).rates()
        with series_length(slopes):
            return rates, _Along(self, state, heat).slopes()


class _Along:
    """Everything the rates are made of along a series, of the current length."""

    def __init__(self, near: NearPair, state: Series, heat: flint.arb_series) -> None:
        state, pair = extended(state), near.pair
        self.radius = exact_ball(pair.target.exact_separation)
        self.w1 = exact_ball(pair.dynamics.exact_family_weight)
        self.s, self.labels, self.overlap = state[0], near.labels, near.overlap
        self.close = len(near.labels) == 1
        (self.heat,) = extended([heat])
        self.pace = pair.pace(self.heat)
        self.m1, self.m2, self.gap, self.square, self.across = pair.places(state)

    def rates(self) -> Series:
        psi_1, psi_2, slope = label_averages(self._labels(TERMS if self.close else 0), *self._pair())
        found = reduced_log_flow(
            s=self.s, cosine_squared=0, separation=self.radius, family_weight=self.w1, temperature=self.heat,
            psi_1=psi_1, psi_2=psi_2, overlap=composed(self.overlap, self.square), slope=slope,
        )  # fmt: skip
        return [self.pace * one for one in found]

    def slopes(self) -> Matrix:
        labels = self._labels((TERMS if self.close else 0) + 1)
        prime_1, prime_2, slope_1, slope_2 = label_slopes(labels, *self._pair())
        rows = reduced_across_jacobian(
            delta=self.gap, across_square=self.across, separation=self.radius, family_weight=self.w1,
            temperature=self.heat, psi_prime_1=prime_1, psi_prime_2=prime_2,
            overlap_in_square=composed(self.overlap.derivative(), self.square), slope_1=slope_1, slope_2=slope_2,
        )  # fmt: skip
        return [[self.pace * one for one in series_of(row)] for row in rows]

    def _pair(self) -> tuple[tuple[flint.arb_series, flint.arb_series], flint.arb_series, flint.arb, flint.arb]:
        """Both overlaps, their difference, R and the weight of the first component."""
        return (self.m1, self.m2), self.gap, self.radius, self.w1

    def _labels(self, orders: int) -> list[Series]:
        """psi and so many derivatives along the series, at each place that it is expanded at."""
        found = []
        for poly, at in zip(self.labels, [self.s] if self.close else [self.m1, self.m2], strict=True):
            found.append([composed(poly, at)])
            for _ in range(orders):
                poly = poly.derivative()
                found[-1].append(composed(poly, at))
        return found
