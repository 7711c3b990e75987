"""The flow of a pair on the sphere at a temperature and a variance, in doubles: rates and their derivatives."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages import mmse
from anneal_theory.averages.quadrature_double import label_mean, label_slope
from anneal_theory.averages.table_kernels import mmse_slope_at
from anneal_theory.averages.tables import mmse_table
from anneal_theory.formulas.alignment import alignment_rate
from anneal_theory.formulas.growth_rate import coincident_growth, growth_apart
from anneal_theory.formulas.sphere_flow import (
    label_width,
    scaled_distance,
    sphere_overlaps,
    sphere_pair_flow,
    sphere_pair_jacobian,
)
from anneal_theory.formulas.sphere_means import sphere_means_jacobian
from anneal_theory.formulas.sphere_rest import plane_flow, plane_places
from anneal_theory.problem import BimodalTarget


@dataclass(frozen=True)
class FrozenSphere:
    """Means on the sphere at fixed T and v, in the clock of the pull; `rates` and `jacobian` are of equal weights."""

    target: BimodalTarget
    temperature: float
    variance: float
    family_weight: Fraction = Fraction(1, 2)

    def label(self, m: FloatArray) -> FloatArray:
        """psi at overlaps, shape (n,)."""
        arguments = m + self.target.half_log_odds
        return np.asarray(np.copysign(label_mean(np.abs(arguments), self._width), arguments))

    def label_slope(self, m: FloatArray) -> FloatArray:
        """psi' at overlaps, shape (n,)."""
        return np.asarray(label_slope(np.abs(m + self.target.half_log_odds), self._width))

    def turning(self, first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Rates of the angles of pairs in a plane with the axis, each of shape (n,)."""
        m1, m2, distance = plane_places(first, second, self.target.separation)
        psi_1, psi_2 = self.label(m1), self.label(m2)
        overlap = np.asarray(mmse(scaled_distance(distance, self.variance), self.family_weight))
        rates: tuple[FloatArray, FloatArray] = plane_flow(
            first, second, float(self.family_weight), self.variance, self.temperature, psi_1, psi_2, overlap
        )
        return rates

    def return_rate(self, m1: float, m2: float, cosine: float) -> float:
        """The slowest rate at which pairs beside one at rest return to it; < 0 if some leave.

        By the derivatives in (m1, m2, c), which hold every change of a pair in any dimension but its rotations.
        Variances that are trained stay (docs/derivations/sphere_rest.md). 0 for means that doubles hold as coincident:
        what parts them is then as small as what holds them, and the derivative by c has no value.
        """
        if cosine == 1:
            return 0.0
        m, weight = np.array([m1, m2]), self.family_weight
        apart = scaled_distance(sphere_overlaps(0.0, 0.0, cosine, self.target.separation)[2], self.variance)
        table = mmse_table(weight)
        overlap, overlap_prime = mmse_slope_at(apart, table.coefficients, table.inverse_width)
        rows = sphere_means_jacobian(
            m1=m1, m2=m2, pair_cosine=cosine, separation=self.target.separation, family_weight=float(weight), dim=1,
            variance_1=self.variance, variance_2=self.variance, temperature=self.temperature,
            **dict(zip(("psi_1", "psi_2"), self.label(m), strict=True)),
            **dict(zip(("psi_prime_1", "psi_prime_2"), self.label_slope(m), strict=True)),
            overlap=overlap, overlap_prime=overlap_prime, widening_1=0.0, widening_2=0.0,
        )  # fmt: skip
        matrix = np.array([row[:3] for row in rows[:3]], dtype=np.float64)
        return -float(np.linalg.eigvals(matrix).real.max())

    def rates(self, x: float, total: float, cosine: float) -> FloatArray:
        """Rates of (log x, m1 + m2, c)."""
        m, overlap, _ = self._place(x, total, cosine)
        psi = self.label(m)
        return np.array(sphere_pair_flow(**self._state(x, total, cosine), psi_1=psi[0], psi_2=psi[1], overlap=overlap,
                                         slope=self._slopes(m)[0]))  # fmt: skip

    def jacobian(self, x: float, total: float, cosine: float) -> FloatArray:
        """Derivatives of the rates by (log x, m1 + m2, c), shape (3, 3); at x = 0 the first column is 0."""
        m, overlap, overlap_prime = self._place(x, total, cosine)
        (psi_1, psi_2), (prime_1, prime_2) = self.label(m), self.label_slope(m)
        slope, slope_1, slope_2 = self._slopes(m)
        return np.array(
            sphere_pair_jacobian(
                **self._state(x, total, cosine), psi_1=psi_1, psi_2=psi_2, psi_prime_1=prime_1, psi_prime_2=prime_2,
                overlap=overlap, overlap_prime=overlap_prime, slope=slope, slope_1=slope_1, slope_2=slope_2,
            )
        )  # fmt: skip

    @property
    def _width(self) -> float:
        return float(label_width(self.target.separation, self.variance))

    def _state(self, x: float, total: float, cosine: float) -> dict[str, float]:
        return {
            "difference_cosine": x, "overlap_sum": total, "pair_cosine": cosine,
            "separation": self.target.separation, "variance": self.variance, "temperature": self.temperature,
        }  # fmt: skip

    def _place(self, x: float, total: float, cosine: float) -> tuple[FloatArray, float, float]:
        """Overlaps, G and dG/dD at the distance in units of the width."""
        m1, m2, distance = sphere_overlaps(x, total, cosine, self.target.separation)
        table = mmse_table()
        apart = scaled_distance(distance, self.variance)
        return np.array([m1, m2]), float(mmse(apart)), mmse_slope_at(apart, table.coefficients, table.inverse_width)[1]

    def _slopes(self, m: FloatArray) -> tuple[float, float, float]:
        """K and its derivatives in both overlaps; 0 for those where m1 = m2, at x = 0, which only turn log x."""
        radius, prime = self.target.separation, self.label_slope(m)
        if m[0] == m[1]:
            return float(coincident_growth(radius, prime[0])), 0.0, 0.0
        psi = self.label(m)
        _, slope_1, slope_2 = growth_apart(m[0], m[1], radius, *psi, *prime)
        return float(alignment_rate(m[0], m[1], radius, *psi)), float(slope_1), float(slope_2)
