r"""The collapse probability in large dimension to any number of digits (theory section 5).

``P = E_s0 erf(sqrt(d/2) rho_c(s0, sqrt(2d) sigma))`` by the trapezoidal rule in u, with

    s0 = s_u + sign a log(1 + e^u)        on both sides of the unstable zero s_u of f (s0 = a u where f has none)

rho_c vanishes like a power of ``|s0 - s_u|``, so the integrand falls exponentially at one end and like a Gaussian at the
other, and the rule converges geometrically. The scale a makes both ends ask for the same step. Doubles choose the step
and say how many digits of rho_c each node needs: few where little of P comes from.
"""

import math
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import flint
import mpmath
import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.special import erf

from anneal_theory._types import Exactable, FloatArray, Metric, Objective
from anneal_theory.averages import psi, psi_prime
from anneal_theory.balls import exact_ball, rational
from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.exact import exact
from anneal_theory.precision import bits_of, checked_digits, flint_precision, rounded, to_ball
from anneal_theory.probability.exact import certain
from anneal_theory.probability.large_dim_store import Store, shown_progress
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.separatrix.any_digits import threshold_at_digits, threshold_cost
from anneal_theory.separatrix.problem import collapse_problem, possible_ends
from anneal_theory.separatrix.search import ALIGNED, VANISHED, Search
from anneal_theory.separatrix.threshold import require_reducible
from anneal_theory.states import Ending, unstable_overlap

METHOD = "large-dim"
PRACTICAL_SECONDS = 3600.0
_TOLERANCE = 1e-11  # of log rho_c in doubles
_DOUBLE = 1e-9  # what is relied on of it
_NEAREST = 1e-6  # to the unstable zero, for doubles; below, log rho_c is followed along its straight line
_LEAST = 12  # digits that a threshold is computed to where doubles do not do
_SURVEY, _SURVEY_TOLERANCE = 0.25, 1e-8  # steps in u, and errors, of the doubles that the plan is made from
_SEEN = 1e-7  # error of a rule in doubles that tells how fast it converges
_HOPE = 0.8  # power of the digits by which steps shrink: 1 from the nearest singularity, 1/2 from the Gaussian
_SAFETY = 1.7  # a halved step squares the error; the power that is relied on
_HALVINGS = 3
_SPARE = 3  # digits of a threshold beyond what its share of P asks for


@dataclass(frozen=True)
class Node:
    """A node of the rule.

    Attributes:
        sign: Of delta(0) (chooses the family weight).
        side: Of the unstable zero: 1, -1, or 0 where there is none.
        index: u is this many finest steps.
        s0: (m1 + m2)/2 at the start.
        digits: Digits of rho_c that it needs; 0 where doubles do.
        rough: log rho_c in doubles.
    """

    sign: int
    side: int
    index: int
    s0: Fraction
    digits: int
    rough: float


@dataclass(frozen=True, eq=False)
class Problem:
    """What is averaged: target, schedule, law of the start, rules (for delta(0) > 0), and digits."""

    target: BimodalTarget
    schedule: Schedule
    init: GaussianInit
    dynamics: Dynamics
    digits: int

    @property
    def distance_squared(self) -> Fraction:
        """D0^2 = 2 d sigma^2."""
        return 2 * self.init.dim * self.init.exact_variance

    @property
    def spread(self) -> Fraction:
        """Variance of s0."""
        return self.target.exact_separation**2 * self.init.exact_variance / 2

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

    def rules(self, sign: int) -> Dynamics:
        """The rules where the component with the larger overlap comes first."""
        own, weight = self.dynamics, self.dynamics.exact_family_weight
        return own if sign > 0 else Dynamics(own.objective, own.metric, 1 - weight)

    def settings(self) -> dict[str, str]:
        """As text, for the checkpoint."""
        return {name: repr(getattr(self, name)) for name in ("target", "schedule", "init", "dynamics", "digits")}


def large_dim_probability_at_digits(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit,
    *,
    digits: int,
    objective: Objective = "tempered-target",
    metric: Metric = "euclidean",
    family_weight: Exactable = 0.5,
    progress: bool = False,
    checkpoint: str | Path | None = None,
    processes: int = 1,
    accept_cost: bool = False,
) -> Estimate:
    """P_collapse in large dimension with so many digits.

    Args:
        target: Separation and weight.
        schedule: With a closed form, and an end at temperature 1.
        init: Dimension and variance of the initial means.
        digits: Correct relative digits of P.
        objective: "tempered-target" or "free-energy".
        metric: "euclidean" or "natural".
        family_weight: w1; other than 1/2 needs the natural metric.
        progress: Whether the cost and a bar are written to the standard error.
        checkpoint: A file that keeps the thresholds found, to go on from after an interruption.
        processes: How many work at once. More than one are spawned: a script then needs ``if __name__ == "__main__"``.
        accept_cost: Whether more than an hour is fine.

    Returns:
        Estimate with ``mpf`` numbers; `error` is what halving the step of the rule would change, estimated from the
        change that the last halving made, and what the thresholds' errors do.

    Raises:
        DomainError: an argument is outside its domain, the cost is not accepted, or the checkpoint is damaged or of
            other settings.
        PrecisionError: a threshold, or the rule, does not settle.

    Source:
        theory section 5.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> target, init = BimodalTarget(3, "0.8"), GaussianInit(128)
        >>> found = large_dim_probability_at_digits(target, Constant(1), init, digits=6)
        >>> mpmath.nstr(found.value, 6)
        '0.991251'
    """
    problem = _problem(target, schedule, init, Dynamics(objective, metric, family_weight), digits)
    count = _checked_processes(processes)
    end = possible_ends(target, problem.dynamics)
    if end is not Ending.BOTH:
        return certain(end, METHOD)
    store = Store(checkpoint, problem.settings())
    plan = Plan(problem)
    step, nodes = plan.step, plan.nodes(plan.step)
    cost = _seconds(nodes, store) / count
    if cost > PRACTICAL_SECONDS and not accept_cost:
        raise DomainError.of(
            "digits", "fewer, unless the cost is accepted", digits,
            f"it would take about {cost / 3600:.1f} hours: pass accept_cost=True (--yes), or ask for fewer",
        )  # fmt: skip
    halved, missing = 0, nodes
    while True:
        _found(problem, missing, store, progress, count)
        value, error = _summed(problem, nodes, step, store)
        if error < 10.0 ** -(problem.digits + 0.3):
            return _estimate(problem, value, error)
        if halved == _HALVINGS:
            shown = max(0, int(-math.log10(error)))
            raise PrecisionError(f"{digits} digits were asked for and {shown} reached; the rule does not settle")
        step, halved = step / 2, halved + 1
        missing = [node for node in plan.nodes(step) if node.index % 2]
        nodes = [replace(node, index=2 * node.index) for node in nodes] + missing


def large_dim_cost(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit,
    *,
    digits: int,
    objective: Objective = "tempered-target",
    metric: Metric = "euclidean",
    family_weight: Exactable = 0.5,
    processes: int = 1,
) -> float:
    """Rough seconds that `large_dim_probability_at_digits` takes.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> large_dim_cost(BimodalTarget(3, "0.8"), Constant(1), GaussianInit(128), digits=6)
        0.0
    """
    problem = _problem(target, schedule, init, Dynamics(objective, metric, family_weight), digits)
    if possible_ends(target, problem.dynamics) is not Ending.BOTH:
        return 0.0
    plan = Plan(problem)
    return _seconds(plan.nodes(plan.step), Store(None, {})) / _checked_processes(processes)


def _problem(target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, digits: int) -> Problem:
    require_reducible(dynamics)
    pieces(schedule)  # refuses what has no closed form
    return Problem(target, schedule, init, dynamics, checked_digits(digits))


def _checked_processes(processes: int) -> int:
    if isinstance(processes, bool) or processes < 1:
        raise DomainError.of("processes", "at least 1", processes, "one for each core is the most that helps")
    return processes


def _seconds(nodes: list[Node], store: Store) -> float:
    return sum((threshold_cost(node.digits) for node in nodes if node.digits and not store.has(node)), 0.0)


class Plan:
    """The rule, from doubles: its stretch, its step, its nodes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        centre = unstable_overlap(problem.target)
        self.centre = 0.0 if centre is None else centre
        self.keys = [(sign, side) for sign in problem.signs for side in problem.sides]
        self._splines = {key: self._surveyed(*key) for key in self.keys}
        self._top = max(float(self._logs(key, self._splines[key].x).max()) for key in self.keys)
        self.stretches = {key: self._stretch(key) for key in self.keys}
        self.step = self._chosen()

    def nodes(self, step: float) -> list[Node]:
        """The nodes at this step, with the digits that each needs."""
        problem, found = self.problem, []
        grids = {key: self._grid(key, step) for key in self.keys}
        total = np.logaddexp.reduce(np.concatenate([self._logs(key, grids[key]) for key in self.keys]))
        with flint_precision(problem.bits + int(2 * problem.depth)):
            centre = precise_zero(problem.target, problem.digits)
            for key, u in grids.items():
                logs = self._logs(key, u) - total
                u, logs = u[logs > -problem.depth], logs[logs > -problem.depth]
                rough = self._log_rho(key, u)
                for k, share, log_rho in zip(np.rint(u / step).astype(int), logs, rough, strict=True):
                    offset = _offset(problem, key[1], exact_ball(Fraction(step)) * int(k))
                    s0 = rational((centre + offset).mid())
                    digits = self._digits(key, float(share), float(log_rho), float(k * step))
                    found.append(Node(*key, int(k), s0, digits, float(log_rho)))
        return found

    def _digits(self, key: tuple[int, int], share: float, log_rho: float, u: float) -> int:
        """Digits of log rho_c for a node that carries e^share of P."""
        needed = self.problem.digits + _SPARE + share / math.log(10)
        if 0.5 * self.problem.init.dim * math.exp(2 * log_rho) > (needed + 3) * math.log(10) or log_rho <= VANISHED:
            return 0  # the error function is 1, or 0, to so many digits whatever rho_c is
        good = -math.log10(_DOUBLE if u >= self._reach(key[1]) else 0.5)
        return 0 if needed <= good else max(_LEAST, math.ceil(needed))

    def _log_rho(self, key: tuple[int, int], u: FloatArray) -> FloatArray:
        """log rho_c in doubles; close to the unstable zero they follow the survey's straight line."""
        found, far = self._read(key, u), np.flatnonzero(u >= self._reach(key[1]))
        if far.size:
            found[far] = self._searched(key, u[far], found[far], 1e-5, _TOLERANCE)
        return found

    def _reach(self, side: int) -> float:
        """The u below which doubles do not resolve s0 - s_u."""
        nearest = _NEAREST * (1 + abs(self.centre)) / self.problem.scale
        return math.log(nearest) if side else -math.inf

    def _searched(
        self, key: tuple[int, int], u: FloatArray, guesses: FloatArray | None, stride: float, tolerance: float
    ) -> FloatArray:
        problem = self.problem
        search = Search(collapse_problem(problem.target, problem.schedule, problem.rules(key[0])), tolerance)
        lengths = np.full(u.shape, 0.5 * math.log(problem.distance_squared))
        found = search.thresholds(self._middle(key[1], u), lengths, guesses, stride, tolerance)
        return np.clip(found, VANISHED, ALIGNED)

    def _middle(self, side: int, u: FloatArray) -> FloatArray:
        offset = side * np.logaddexp(0.0, u) if side else u
        return np.asarray(self.centre + self.problem.scale * offset)

    def _surveyed(self, sign: int, side: int) -> PchipInterpolator | CubicSpline:
        """log rho_c in doubles, where the Gaussian leaves anything and doubles resolve it."""
        scale, spread = self.problem.scale, float(self.problem.spread)
        far = (abs(self.centre) + math.sqrt(2 * (self.problem.depth + 40.0) * spread)) / scale
        low = self._reach(side) if side else -far
        u = low + np.arange(math.ceil((far - low) / _SURVEY) + 2) * _SURVEY
        found = self._searched((sign, side), u, None, 0.5, _SURVEY_TOLERANCE)
        inside = np.all(np.abs(found) < ALIGNED)
        return CubicSpline(u, found, bc_type="natural") if inside else PchipInterpolator(u, found)

    def _read(self, key: tuple[int, int], u: FloatArray) -> FloatArray:
        spline, low = self._splines[key], self._splines[key].x[0]
        slope = max(float(spline(low, 1)), 0.0)
        inside = np.asarray(spline(np.clip(u, low, spline.x[-1])))
        return np.clip(inside + slope * np.minimum(u - low, 0.0), VANISHED, ALIGNED)

    def _logs(self, key: tuple[int, int], u: FloatArray) -> FloatArray:
        """Logarithms of the integrand, without the normalisation of the Gaussian."""
        log_x = self._read(key, u) + 0.5 * math.log(self.problem.init.dim / 2)
        small = math.log(2 / math.sqrt(math.pi)) + log_x
        values = np.where(log_x < -9.0, small, np.log(erf(np.exp(np.maximum(log_x, -9.0)))))
        jacobian = -np.logaddexp(0.0, -u) if key[1] else 0.0
        return np.asarray(values + jacobian - self._middle(key[1], u) ** 2 / (2 * float(self.problem.spread)))

    def _stretch(self, key: tuple[int, int]) -> tuple[float, float]:
        """Where the integrand is within the depth of its peak."""
        low = -self.problem.depth - 2.0 if key[1] else float(self._splines[key].x[0])
        u = np.arange(low, float(self._splines[key].x[-1]), _SURVEY)
        matters = u[self._logs(key, u) > self._top - self.problem.depth]
        return (float(matters[0]), float(matters[-1])) if matters.size else (0.0, 0.0)

    def _grid(self, key: tuple[int, int], step: float) -> FloatArray:
        low, high = self.stretches[key]
        return np.arange(math.floor(low / step), math.ceil(high / step) + 1) * step

    def _rough_sum(self, step: float) -> float:
        return step * sum(float(np.exp(self._logs(key, self._grid(key, step)) - self._top).sum()) for key in self.keys)

    def _chosen(self) -> float:
        """The step that the digits need, from one that is seen to be good to a few."""
        best = self._rough_sum(2.0**-6)
        for quarter in range(8, -17, -1):
            step = 2.0 ** (quarter / 4)
            seen = max(abs(self._rough_sum(step) / best - 1), 1e-12)
            if seen < _SEEN:
                break
        return float(step * min(1.0, (-math.log(seen) / (self.problem.depth + 2.0)) ** _HOPE))


def precise_zero(target: BimodalTarget, digits: int) -> Any:
    """The unstable zero of f at flint's working precision (0 where there is none), by Newton's method."""
    found = unstable_overlap(target)
    if found is None or target.exact_weight == Fraction(1, 2):
        return flint.arb(0)
    bits, square = flint.ctx.prec, target.exact_separation**2
    count = math.ceil(bits / math.log2(10)) + 5
    zero = Fraction(found)
    for _ in range(3 + math.ceil(math.log2(count))):
        value = square * exact(psi(zero, target, digits=count)) - zero
        change = value / (square * exact(psi_prime(zero, target, digits=count)) - 1)
        zero = Fraction(round((zero - change) * 2**bits), 2**bits)
        if abs(change) < Fraction(1, 2 ** (bits - 30)):
            return exact_ball(zero).mid()
    raise PrecisionError(f"the unstable zero of f does not settle to {digits} digits; ask for fewer")


def _offset(problem: Problem, side: int, u: Any) -> Any:
    """s0 - s_u."""
    scale = exact_ball(Fraction(problem.scale))
    return scale * side * u.exp().log1p() if side else scale * u


def _found(problem: Problem, nodes: list[Node], store: Store, progress: bool, processes: int) -> None:
    """Put the thresholds that the nodes need into the store, the longest first."""
    missing = sorted((n for n in nodes if n.digits and not store.has(n)), key=lambda n: -n.digits)
    seconds = _seconds(missing, store) / processes
    with shown_progress(progress, len(missing), seconds) as advance:
        if processes == 1:
            for node in missing:
                store.keep(node, _threshold(problem, node))
                advance()
            return
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            waiting = {pool.submit(_threshold, problem, node): node for node in missing}
            try:
                for done in as_completed(waiting):
                    store.keep(waiting[done], done.result())
                    advance()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _threshold(problem: Problem, node: Node) -> str:
    """log rho_c at a node, as text."""
    rules = problem.rules(node.sign)
    found = threshold_at_digits(
        problem.target, problem.schedule, node.s0, problem.distance_squared, rules, node.digits, node.rough
    )
    return str(mpmath.nstr(found.log_value, node.digits + 8))


def _summed(problem: Problem, nodes: list[Node], step: float, store: Store) -> tuple[Any, float]:
    """P, and its relative error: of the rule, from every other node, and of the thresholds."""
    with flint_precision(problem.bits):
        totals = [flint.arb(0), flint.arb(0)]
        for node in nodes:
            totals[node.index % 2] += _term(problem, node, step, store.log_rho(node)).mid()
        share = len(problem.signs) * (2 * flint.arb.pi() * exact_ball(problem.spread)).sqrt()
        value = (exact_ball(Fraction(step)) * (totals[0] + totals[1]) / share).mid()
        change = float(abs((totals[0] - totals[1]) / (totals[0] + totals[1])).abs_upper())
        return value, change**_SAFETY + len(nodes) * 10.0 ** -(problem.digits + _SPARE)


def _term(problem: Problem, node: Node, step: float, log_rho: Any) -> Any:
    u = exact_ball(Fraction(step)) * node.index
    x = log_rho.exp() * exact_ball(Fraction(problem.init.dim, 2)).sqrt()
    weight = (-(exact_ball(node.s0) ** 2) / (2 * exact_ball(problem.spread))).exp() * exact_ball(
        Fraction(problem.scale)
    )
    return x.erf() * (weight / (1 + (-u).exp()) if node.side else weight)


def _estimate(problem: Problem, value: Any, error: float) -> Estimate:
    digits = problem.digits
    with flint_precision(problem.bits):
        parts = [to_ball(one, digits + 5).midpoint for one in (value, value.log(), (-value).log1p())]
        size = mpmath.mpf(error) * parts[0]
    return Estimate(rounded(parts[0], digits), size, rounded(parts[1], digits), METHOD, rounded(parts[2], digits))  # type: ignore[arg-type]
