"""Nodes and digits of the rule for the large-dimension probability, chosen by what doubles show (theory section 5)."""

import math
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
from scipy.interpolate import BSpline, PchipInterpolator, make_interp_spline

from anneal_theory._types import FloatArray
from anneal_theory.balls import exact_ball, rational
from anneal_theory.fixed_points import landscape_of, unstable_overlap
from anneal_theory.fixed_points.roots import unstable_point
from anneal_theory.formulas.start_law import (
    centre_variance,
    chance_argument_squared,
    distance_squared_large,
    log_chance_offset_large,
    normal_exponent,
)
from anneal_theory.models.free_pair import ALIGNED, VANISHED, free_pair
from anneal_theory.precision import bits_of, flint_precision
from anneal_theory.probability.cap_probability import log_erf
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.bisection import Search

_TOLERANCE = 1e-11  # of log rho_c in doubles
_DOUBLE = 1e-9  # what is relied on of it
_NEAREST = 1e-6  # to the unstable zero, for doubles; below, log rho_c is followed along its straight line
_LEAST = 12  # digits that a threshold is computed to where doubles do not do
_SURVEY, _SURVEY_TOLERANCE = 0.25, 1e-8  # steps in u, and errors, of the doubles that the plan is made from
_ORDER = 7  # of the spline through them: kinks would hide how fast the rule converges
_SATURATED = 1.75  # log of x from which on erf(x) is 1 in doubles
_SEEN = 1e-11  # error of a rule that doubles still show
SAFETY = 1.85  # a halved step squares the error, but for a factor; the power that is relied on
_HOPE = 0.8  # power of the digits by which steps shrink: 1 from the nearest singularity, 1/2 from the Gaussian
SPARE_DIGITS = 4  # digits of a threshold beyond what its share of P asks for


@dataclass(frozen=True)
class RuleNode:
    """A node of the rule."""

    sign: int  # of delta(0) (chooses the family weight)
    side: int  # of the unstable zero: 1, -1, or 0 where there is none
    index: int  # u is this many finest steps
    s0: Fraction  # (m1 + m2)/2 at the start
    digits: int  # digits of rho_c that it needs; 0 where doubles do
    rough: float  # log rho_c in doubles

    @property
    def key(self) -> str:
        """Of the start."""
        return f"{self.sign:+d} {self.s0}"


@dataclass(frozen=True, eq=False)
class LargeDimProblem:
    """What is averaged: target, schedule, law of the start, rules (for delta(0) > 0), and digits."""

    target: BimodalTarget
    schedule: Schedule
    init: GaussianInit
    dynamics: Dynamics
    digits: int

    @property
    def distance_squared(self) -> Fraction:
        """D0^2 = 2 d sigma^2."""
        square: Fraction = distance_squared_large(self.init.dim, self.init.exact_variance)
        return square

    @property
    def spread(self) -> Fraction:
        """Variance of s0."""
        variance: Fraction = centre_variance(self.target.exact_separation, Fraction(1, 2), self.init.exact_variance)
        return variance

    @property
    def log_offset(self) -> float:
        """log z - log rho_c, where the chance of an angle is erf(z)."""
        return float(log_chance_offset_large(float(self.init.dim)))

    @property
    def bits(self) -> int:
        """Working precision of the sums."""
        return bits_of(self.digits) + 64

    @property
    def depth(self) -> float:
        """Nats below P that are left out."""
        return self.digits * math.log(10) + 6.0

    @property
    def scale(self) -> float:
        """a: the step that a Gaussian needs over the step that the map's own singularities allow."""
        scale = math.sqrt(float(self.spread))
        return scale * math.sqrt(self.depth / (2 * math.pi**2)) if self.sides != (0,) else scale

    @property
    def sides(self) -> tuple[int, ...]:
        """1 and -1 for both sides of the unstable zero, 0 where there is none."""
        return (0,) if unstable_overlap(self.target) is None else (1, -1)

    @property
    def signs(self) -> tuple[int, ...]:
        """Of delta(0), as far as they differ."""
        return (1,) if self.dynamics.equal_weights else (1, -1)

    @property
    def centre(self) -> float:
        """s_u, the unstable zero of f, in doubles; 0 where there is none."""
        return unstable_overlap(self.target) or 0.0

    def zero(self) -> flint.arb:
        """The same at flint's working precision."""
        saddle = unstable_point(landscape_of(self.target).heavy)
        return saddle if self.target.half_log_odds >= 0 else -saddle

    def rules(self, sign: int) -> Dynamics:
        """The rules where the component with the larger overlap comes first."""
        own, weight = self.dynamics, self.dynamics.exact_family_weight
        return own if sign > 0 else Dynamics(own.objective, own.metric, 1 - weight)

    def settings(self) -> dict[str, str]:
        """As text, for the checkpoint."""
        return {name: repr(getattr(self, name)) for name in ("target", "schedule", "init", "dynamics", "digits")}


class LargeDimPlan:
    """The rule, from doubles: its stretch, its step, its nodes."""

    def __init__(self, problem: LargeDimProblem) -> None:
        self.problem = problem
        self.keys = [(sign, side) for sign in problem.signs for side in problem.sides]
        width = math.sqrt(2 * (problem.depth + 40.0) * float(problem.spread))
        self._far = (abs(self.problem.centre) + width) / problem.scale
        self._ends: dict[tuple[int, int], tuple[float, float]] = {}
        self._splines = {key: self._scanned(*key) for key in self.keys}
        self._top = max(float(self._logs(key, np.arange(*self._ends[key], _SURVEY)).max()) for key in self.keys)
        self.stretches = {key: self._stretch(key) for key in self.keys}
        self.step = self._chosen()

    def nodes(self, step: float) -> list[RuleNode]:
        """The nodes at this step, with the digits that each needs."""
        problem, nodes = self.problem, []
        grids = {key: self._grid(key, step) for key in self.keys}
        total = np.logaddexp.reduce(np.concatenate([self._logs(key, grids[key]) for key in self.keys]))
        with flint_precision(problem.bits + int(2 * problem.depth)):
            centre = problem.zero()
            for key, u in grids.items():
                logs = self._logs(key, u) - total
                u, logs = u[logs > -problem.depth], logs[logs > -problem.depth]
                rough = self._log_rho(key, u)
                for k, share, log_rho in zip(np.rint(u / step).astype(int), logs, rough, strict=True):
                    offset = _offset(problem, key[1], exact_ball(Fraction(step)) * int(k))
                    s0 = rational((centre + offset).mid())
                    digits = self._digits(key, float(share), float(log_rho), float(k * step))
                    nodes.append(RuleNode(*key, int(k), s0, digits, float(log_rho)))
        return nodes

    def _digits(self, key: tuple[int, int], share: float, log_rho: float, u: float) -> int:
        """Digits of log rho_c for a node that carries e^share of P."""
        needed = self.problem.digits + SPARE_DIGITS + share / math.log(10)
        square = chance_argument_squared(float(self.problem.init.dim), math.exp(2 * log_rho))
        if square > (needed + 3) * math.log(10) or log_rho <= VANISHED:
            return 0  # the error function is 1, or 0, to so many digits whatever rho_c is
        good = -math.log10(_DOUBLE if u >= self._reach(key[1]) else 0.5)
        return 0 if needed <= good else max(_LEAST, math.ceil(needed))

    def _log_rho(self, key: tuple[int, int], u: FloatArray) -> FloatArray:
        """log rho_c in doubles; close to the unstable zero they follow the scan's straight line."""
        log_rho, far = self._read(key, u), np.flatnonzero(u >= self._reach(key[1]))
        if far.size:
            log_rho[far] = self._searched(key, u[far], log_rho[far], 1e-5, _TOLERANCE)
        return log_rho

    def _reach(self, side: int) -> float:
        """The u below which doubles do not resolve s0 - s_u."""
        nearest = _NEAREST * (1 + abs(self.problem.centre)) / self.problem.scale
        return math.log(nearest) if side else -math.inf

    def _searched(
        self, key: tuple[int, int], u: FloatArray, guesses: FloatArray | None, stride: float, tolerance: float
    ) -> FloatArray:
        problem = self.problem
        search = Search(free_pair(problem.target, problem.schedule, problem.rules(key[0])), tolerance)
        lengths = np.full(u.shape, 0.5 * math.log(problem.distance_squared))
        starts = np.stack([self._middle(key[1], u), lengths], axis=1)
        log_rho = search.thresholds(starts, guesses, stride, tolerance)
        return np.clip(log_rho, VANISHED, ALIGNED)

    def _middle(self, side: int, u: FloatArray) -> FloatArray:
        offset = side * np.logaddexp(0.0, u) if side else u
        return np.asarray(self.problem.centre + self.problem.scale * offset)

    def _scanned(self, sign: int, side: int) -> PchipInterpolator | BSpline:
        """log rho_c in doubles, where the Gaussian leaves anything and doubles resolve it."""
        low = self._reach(side) if side else -self._far
        u = np.asarray(low + np.arange(math.ceil((self._far - low) / _SURVEY) + 2) * _SURVEY, dtype=np.float64)
        log_rho = self._searched((sign, side), u, None, 0.5, _SURVEY_TOLERANCE)
        full = np.flatnonzero(log_rho > _SATURATED - self.problem.log_offset)
        if full.size and full[0] > _ORDER:  # beyond, the error function is 1: what rho_c does there is not followed
            u, log_rho = u[: full[0] + 1], log_rho[: full[0] + 1]
            log_rho[-1] = min(log_rho[-1], log_rho[-2] + 3.0)
        self._ends[sign, side] = float(u[0]), float(u[-1])
        inside = np.all((log_rho < ALIGNED) & (log_rho > VANISHED))
        return make_interp_spline(u, log_rho, k=_ORDER) if inside else PchipInterpolator(u, log_rho)

    def _read(self, key: tuple[int, int], u: FloatArray) -> FloatArray:
        spline, (low, high) = self._splines[key], self._ends[key]
        slope = max(float(spline(low + 0.5) - spline(low)) / 0.5, 0.0)
        inside = np.asarray(spline(np.clip(u, low, high)))
        return np.asarray(np.clip(inside + slope * np.minimum(u - low, 0.0), VANISHED, ALIGNED))

    def _logs(self, key: tuple[int, int], u: FloatArray) -> FloatArray:
        """Logarithms of the integrand, without the normalisation of the Gaussian."""
        values, _ = log_erf(self._read(key, u) + self.problem.log_offset)
        jacobian = -np.logaddexp(0.0, -u) if key[1] else 0.0
        return np.asarray(
            values + jacobian + normal_exponent(s0=self._middle(key[1], u), variance=float(self.problem.spread))
        )

    def _stretch(self, key: tuple[int, int]) -> tuple[float, float]:
        """Where the integrand is within the depth of its peak."""
        low = -self.problem.depth - 2.0 if key[1] else -self._far
        u = np.arange(low, self._far, _SURVEY)
        matters = u[self._logs(key, u) > self._top - self.problem.depth]
        return (float(matters[0]), float(matters[-1])) if matters.size else (0.0, 0.0)

    def _grid(self, key: tuple[int, int], step: float) -> FloatArray:
        low, high = self.stretches[key]
        return np.asarray(np.arange(math.floor(low / step), math.ceil(high / step) + 1) * step, dtype=np.float64)

    def _rough_sum(self, step: float) -> float:
        return step * sum(float(np.exp(self._logs(key, self._grid(key, step)) - self._top).sum()) for key in self.keys)

    def _chosen(self) -> float:
        """The step whose error is estimated to be small enough: from the error of twice the step, seen in doubles."""
        steps = 2.0 ** (np.arange(12, -17, -1) / 4)
        sums = np.array([self._rough_sum(float(step)) for step in steps])
        errors = np.abs(sums / self._rough_sum(2.0**-6) - 1)
        errors = np.maximum.accumulate(errors[::-1])[::-1]  # they change sign as they shrink
        wanted = 0.3 * 10.0 ** (-(self.problem.digits + 0.5) / SAFETY)
        resolved = max(wanted, _SEEN, 10.0 * float(errors[-1]))
        step = float(steps[np.argmax(errors < resolved)])
        return 0.5 * step * math.pow(min(1.0, math.log(min(resolved, 0.5)) / math.log(wanted)), _HOPE)


def _offset(problem: LargeDimProblem, side: int, u: flint.arb) -> flint.arb:
    """s0 - s_u."""
    scale = exact_ball(Fraction(problem.scale))
    return scale * side * u.exp().log1p() if side else scale * u
