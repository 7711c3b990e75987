"""An aligned pair at rest, and its loss."""

from dataclasses import dataclass

from anneal_theory.averages import phi
from anneal_theory.fixed_points.information import label_information
from anneal_theory.formulas.fixed_points import divergence
from anneal_theory.formulas.pair_coordinates import aligned_squares
from anneal_theory.problem import BimodalTarget
from anneal_theory.shown import Shown


@dataclass(frozen=True, repr=False)
class FixedPoint(Shown):
    """An aligned pair at rest.

    Attributes:
        m1: Overlap of the better aligned mean, m1 >= m2.
        m2: Overlap of the other.
        stable: Whether it attracts.
        collapsed: Whether both means are at the same mode, m1 m2 > 0.
        loss: KL(q || p) at T = 1.
    """

    m1: float
    m2: float
    stable: bool
    collapsed: bool
    loss: float

    def told(self) -> dict[str, object]:
        """Kind, overlaps and loss."""
        kind = f"{'collapsed' if self.collapsed else 'split'}, {'stable' if self.stable else 'unstable'}"
        return {"kind": kind, "m1": self.m1, "m2": self.m2, "loss": self.loss}


def pair_loss(target: BimodalTarget, m1: float, m2: float, family_weight: float) -> float:
    """KL(q || p) of an aligned pair (theory section 3, with its constant); not below 0 by rounding."""
    radius = target.separation
    loss = float(
        divergence(
            *aligned_squares(m1, m2, radius),
            radius,
            float(min(target.exact_weight, 1 - target.exact_weight)),  # symmetric in w*, and 1 - w* keeps its digits
            family_weight,
            float(phi(m1, target)),
            float(phi(m2, target)),
            label_information(abs(m1 - m2) / radius, family_weight),
        )
    )
    return max(loss, 0.0)
