"""Starts on the sphere as averages to many digits take them: cosines c of the pair, y of its sum (section 11)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import flint
import mpmath
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.balls import CONTEXT, exact_ball, rational
from anneal_theory.formulas.sphere_flow import sphere_start
from anneal_theory.formulas.sphere_flow_mp import sphere_start as sphere_start_mp
from anneal_theory.formulas.start_law import log_cosine, log_rho_of_cosine
from anneal_theory.formulas.start_law_mp import log_cosine_density as log_cosine_density_mp
from anneal_theory.models.free_pair import ALIGNED, VANISHED
from anneal_theory.models.sphere_pair import SpherePair, sphere_pair
from anneal_theory.numerics.gauss_digits import gauss_rule, gegenbauer
from anneal_theory.precision import bits_of, flint_precision
from anneal_theory.probability.digits.starts import Start, texts_of
from anneal_theory.probability.sphere.rules import LOWER, log_cosine_density, sum_balances
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.departures import Departures
from anneal_theory.threshold.digits.any_digits import settled_threshold
from anneal_theory.threshold.digits.balance_separatrix import BalanceSeparatrix
from anneal_theory.threshold.digits.sphere_separatrix import SphereSeparatrix
from anneal_theory.threshold.sphere.digits import sphere_threshold_cost

_AMONG_OTHERS = 0.25  # of the time of a threshold alone; 0.5 s each were measured at 20 digits of P
FEW = 12  # dimensions up to which starts at the ends of both cosines count
_FINEST = 1e-11  # of log rho_c that doubles are asked for
_BALANCED = 3e-12  # to which y_u is known
_RESOLVED = 1e-7  # how close to it starts in doubles are
_DEPTH = 150.0  # nats below its peak at which the density of y ends to matter
_APART = 4.0  # times the error of y_u: closer than this no threshold is interpolated


@dataclass(frozen=True, eq=False)
class SphereStarts:
    """Independent means, uniform on the sphere: the cosine c outside, y inside.

    Attributes:
        target: Separation and weight.
        schedule: With a closed form.
        init: Dimension, above 12.
        dynamics: With the constraint "sphere".
        law_dim: By whose law a trained variance moves; inf for that of large dimension.
    """

    target: BimodalTarget
    schedule: Schedule
    init: SphereInit
    dynamics: Dynamics
    law_dim: float = math.inf

    signs = (1,)
    reach = _RESOLVED

    @property
    def directions(self) -> int:
        """d - 1: of the difference beside the sum."""
        return self.init.dim - 1

    @property
    def closest(self) -> float:
        """The distance from y_u in doubles below which no threshold is interpolated."""
        return _APART * _BALANCED if self.target.half_log_odds else 0.0

    def farthest(self, depth: float) -> float:
        """Of the density of y."""
        return math.sqrt(-math.expm1(-2 * depth / (self.init.dim - 3)))

    def outer_rule(self, count: int) -> list[tuple[Fraction, flint.arb]]:
        """Over c."""
        return [(rational(node.mid()), weight) for node, weight in gauss_rule(gegenbauer(self.init.dim), count)]

    def outer_place(self, outer: Fraction) -> flint.arb:
        """c itself."""
        return exact_ball(outer)

    def kink(self, outer: Fraction) -> flint.arb | None:
        """y_u(c), at which a pair across the axis goes to neither mode: 0 without bias, else from doubles.

        None where all within reach go to one mode.
        """
        if not self.target.half_log_odds:
            return flint.arb(0)
        if outer not in self._kinks:
            widest = self.farthest(_DEPTH)
            self._kinks[outer] = float(sum_balances(self._model, np.array([float(outer)]), _BALANCED, widest)[0])
        balance = self._kinks[outer]
        return None if abs(balance) >= LOWER * self.farthest(_DEPTH) else flint.arb(balance)

    def fine_kink(self, outer: Fraction, digits: int) -> flint.arb | None:
        """y_u(c) of the run that goes to neither mode."""
        rough = self.kink(outer)
        if rough is None or not self.target.half_log_odds:
            return rough
        model = BalanceSeparatrix(self.target, self.schedule, self.dynamics, outer, self.law_dim)
        with flint_precision(bits_of(digits) + 64):
            largest = model.largest_sum.mid()
            balanced = settled_threshold(model, self.schedule, digits, float(rough * largest))
            return (flint.arb(mpmath.nstr(balanced.log_value, digits + 8)) / largest).mid()

    def log_density(self, inner: flint.arb) -> flint.arb:
        """Of the cosine of a uniform direction."""
        half = self._half
        ratio = (half + flint.arb(1) / 2).lgamma() - half.lgamma()
        density: flint.arb = log_cosine_density_mp(CONTEXT, inner, half, ratio)
        return density

    def beyond(self, inner: flint.arb) -> flint.arb:
        """The same law."""
        return (1 - inner**2).beta_lower(self._half, flint.arb(1) / 2, regularized=1) / 2

    @property
    def _half(self) -> flint.arb:
        """(d - 1)/2."""
        return exact_ball(Fraction(self.init.dim - 1, 2))

    def rough_log_density(self, inner: FloatArray) -> FloatArray:
        """In doubles."""
        return log_cosine_density(inner, self.init.dim)

    def rough(self, sign: int, side: int, outer: Fraction, inner: FloatArray, tolerance: float) -> FloatArray:
        """From thresholds in doubles."""
        starts = np.stack([inner, np.full(inner.shape, float(outer))], axis=1)
        centre = self.kink(outer)
        near = np.full(inner.shape, -3.0) if centre is None else np.log(np.abs(inner - float(centre)) + 1e-300)
        log_rho = self._search.thresholds(starts, near, 1e-3, float(side))
        log_rho = self._search.thresholds(starts, np.clip(log_rho, -60.0, 3.0), max(tolerance, _FINEST), float(side))
        return np.asarray(log_cosine(np.clip(log_rho, VANISHED, ALIGNED)))

    @cached_property
    def _model(self) -> SpherePair:
        return sphere_pair(self.target, self.schedule, self.dynamics, self.law_dim)

    @cached_property
    def _search(self) -> Departures:
        return Departures(self._model, _FINEST)

    @cached_property
    def _kinks(self) -> dict[Fraction, float]:
        return {}

    def __getstate__(self) -> dict[str, object]:
        """Without what other processes do not need."""
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    def cost(self, digits: int) -> float:
        """Of a threshold, but for what neighbours share."""
        return _AMONG_OTHERS * sphere_threshold_cost(digits)

    def thresholds(self, sign: int, starts: Sequence[Start]) -> list[str]:
        """log x_c."""
        problem = self.target, self.schedule, self.dynamics
        models = [SphereSeparatrix(*problem, one.outer, one.inner, self.law_dim) for one in starts]
        return texts_of(models, starts, self.schedule)

    def rough_threshold(self, z: float, inner: float) -> float:
        """log x_c."""
        return float(sphere_start(log_rho_of_cosine(z), inner, 0.0, 1.0)[0])

    def settings(self) -> dict[str, str]:
        """As text, for the checkpoint."""
        return {name: repr(getattr(self, name)) for name in ("target", "schedule", "init", "dynamics", "law_dim")}

    def log_cosine(self, log_threshold: flint.arb, inner: flint.arb) -> flint.arb:
        """x_c over the largest cosine that the difference may have beside the sum."""
        largest: flint.arb = sphere_start_mp(CONTEXT, flint.arb.pos_inf(), inner, flint.arb(0), flint.arb(1))[0]
        return log_threshold - largest
