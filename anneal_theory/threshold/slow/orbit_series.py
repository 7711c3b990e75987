r"""Power series of the pair's flow at a fixed temperature, at flint's working precision (theory sections 4 and 6).

Equal family weights; the state is (m1, m2, l) with ``l = log |Delta_perp|``. The rates are the derived equations of the
aligned pair, which hold at any distance D, and its growth across the axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import flint

from anneal_theory.averages.expansions import Expansions, label_expansions, overlap_expansions
from anneal_theory.balls import exact_ball
from anneal_theory.formulas.fixed_points import across_rate, aligned_rest
from anneal_theory.formulas.pair_coordinates import quarter_squared
from anneal_theory.formulas.pair_statistics import overlap_log_jacobian
from anneal_theory.numerics.taylor import Matrix, Series, Vector, composed, extended, series_length, series_of
from anneal_theory.problem import BimodalTarget

_HALF = Fraction(1, 2)


@dataclass(frozen=True, eq=False)
class PairFlow:
    """The flow at one temperature."""

    target: BimodalTarget  # with the mode in question on the positive side
    temperature: flint.arb  # T, an Arb ball
    labels: Expansions  # expansions of psi
    overlaps: Expansions  # expansions of G in X
    radius: flint.arb  # R, an Arb ball
    w1: flint.arb  # weight of the first component
    # the last start and the expansions there
    recent: list[tuple[Vector, list[flint.arb_poly]]] = field(default_factory=list)

    @classmethod
    def of(cls, target: BimodalTarget, temperature: flint.arb) -> "PairFlow":
        """At flint's working precision, which is kept as long as the flow is used."""
        labels, overlaps = label_expansions(target), overlap_expansions(_HALF)
        return cls(target, temperature, labels, overlaps, exact_ball(target.exact_separation), exact_ball(_HALF))

    def near(self, start: Vector, temperature: flint.arb, count: int) -> "PairFlow":
        """Itself: the expansions at the last start are kept."""
        return self

    def rates(
        self, state: Sequence[flint.arb_series], temperature: flint.arb, length: int, slopes: int, aligned: bool = False
    ) -> tuple[Series, Matrix]:
        """Rates along a series to `length` terms, derivatives to `slopes`; an aligned pair (on the axis) has no l."""
        *labels, overlap = self._near([entry[0] for entry in state], aligned)
        with series_length(length):
            m1, m2, across, square = self._places(state, aligned)
            psi_1, psi_2 = (composed(label, at) for label, at in zip(labels, (m1, m2), strict=True))
            push = composed(overlap, square)
            overlap_rates = aligned_rest(m1, m2, self.radius, self.w1, temperature, psi_1, psi_2, push)
            rates = [*overlap_rates, across_rate(self.w1, temperature, push)]
        if not slopes:
            return rates, []
        with series_length(slopes):
            m1, m2, across, square = self._places(state, aligned)
            prime_1, prime_2 = (composed(label.derivative(), at) for label, at in zip(labels, (m1, m2), strict=True))
            rows = overlap_log_jacobian(
                delta=m1 - m2, across_square=across, separation=self.radius, family_weight=self.w1,
                temperature=temperature, psi_prime_1=prime_1, psi_prime_2=prime_2, overlap=extended([push])[0],
                overlap_in_square=composed(overlap.derivative(), square),
            )  # fmt: skip
            return rates, [series_of(row) for row in rows]

    def _near(self, start: Vector, aligned: bool) -> list[flint.arb_poly]:
        """psi at both overlaps and G, expanded at the start of a series."""
        if self.recent and all(map(_same, start, self.recent[0][0])):
            return list(self.recent[0][1])
        cold = flint.arb(0) if aligned else (2 * start[2]).exp()
        expansions = [self.labels.at(overlap) for overlap in start[:2]]
        expansions.append(self.overlaps.at(quarter_squared(start[0], start[1], cold, self.radius)))
        self.recent[:] = [(start, expansions)]
        return expansions

    def _places(self, state: Sequence[flint.arb_series], aligned: bool) -> tuple[flint.arb_series, ...]:
        """m1, m2, |Delta_perp|^2 and X as series of the current length."""
        m1, m2, length = extended(state)
        across = flint.arb_series([0]) if aligned else (2 * length).exp()
        return m1, m2, across, quarter_squared(m1, m2, across, self.radius)


def _same(ball: flint.arb, other: flint.arb) -> bool:
    """Whether two balls are the same ball."""
    return bool(ball.mid() == other.mid() and ball.rad() == other.rad())
