"""The averages of psi that a pair's rates take, at a state or along power series, for any model.

The growth rate K is a divided difference of psi. Where both overlaps are close, its digits would cancel, so that it is
a series in their difference then, from the derivatives of psi at their weighted mean.
"""

import flint

from anneal_theory.arithmetic import Along
from anneal_theory.formulas.alignment import alignment_rate
from anneal_theory.formulas.growth_rate import close_averages, close_slopes, growth_apart

TERMS = 3  # of the derived averages of a close pair in powers of m1 - m2


def closest(bits: int) -> float:
    """The gap m1 - m2 below which the divided difference is a series in it, for so many good bits."""
    return float(2.0 ** (-bits / TERMS))


def label_averages(
    labels: list[list[Along]], overlaps: tuple[Along, Along], gap: Along, radius: flint.arb, w1: flint.arb,
) -> tuple[Along, ...]:  # fmt: skip
    """psi at both overlaps, and K, from psi, psi', .. at m1 and m2, or at the weighted mean of a close pair."""
    if len(labels) == 1:
        return close_averages(gap, radius, w1, *labels[0][: TERMS + 1])
    psi_1, psi_2 = (label[0] for label in labels)
    m1, m2 = overlaps
    return psi_1, psi_2, alignment_rate(m1, m2, radius, psi_1, psi_2)


def label_slopes(
    labels: list[list[Along]], overlaps: tuple[Along, Along], gap: Along, radius: flint.arb, w1: flint.arb,
) -> tuple[Along, ...]:  # fmt: skip
    """psi' at both overlaps, and the derivatives of K in both; arguments as in `label_averages`."""
    if len(labels) == 1:
        return close_slopes(gap, radius, w1, *labels[0][1 : TERMS + 2])
    (psi_1, prime_1, *_), (psi_2, prime_2, *_) = labels
    _, slope_1, slope_2 = growth_apart(overlaps[0], overlaps[1], radius, psi_1, psi_2, prime_1, prime_2)
    return prime_1, prime_2, slope_1, slope_2
