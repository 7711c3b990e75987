"""The temperatures of a mixture's training: planned by a schedule, or found on the way by an adaptive rule.

An adaptive rule cools each replica on its own: every `every` steps it draws samples of that replica's mixture, looks at
the target's log-density there, and takes the next inverse temperature from it. From T = 1 on the run goes on as one
without annealing, so its number of steps is that of any other run.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.problem import BimodalTarget, GaussianMixture
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Constant, Schedule
from anneal_theory.training.adaptive import AdaAnn, Adaptive, ConstantESS
from anneal_theory.training.mixture_rules import MixtureRules

# Makes one step at each of the temperatures and returns the steps made: it stops at rest from the given step on, or
# never where that is None.
Advance: TypeAlias = Callable[[FloatArray, int | None], int]
# Log-density of the target, up to a constant, at so many samples of the mixture as it is.
LogDensityDraws: TypeAlias = Callable[[int], FloatArray]

UNIT = np.ones(2)
_LEAST = 1e-15  # steps of beta below this are none


@dataclass(frozen=True)
class Planned:
    """Training at the temperatures of a schedule."""

    temperatures: FloatArray
    calm_from: int | None

    @property
    def most_steps(self) -> int:
        """Steps that a replica may make."""
        return len(self.temperatures)

    @property
    def first_temperature(self) -> float:
        """That of the first step."""
        return float(self.temperatures[0])

    def drive(self, advance: Advance, log_density: LogDensityDraws) -> tuple[list[float], float]:
        """Train one replica; returns the steps made, and the temperature of the last."""
        made = advance(self.temperatures, self.calm_from)
        return [float(made)], float(self.temperatures[made - 1])


@dataclass(frozen=True)
class Adapted:
    """Training at the temperatures that an adaptive rule finds."""

    rule: Adaptive
    steps: int
    step_size: float
    calm_from: int | None

    @property
    def most_steps(self) -> int:
        """Steps that a replica may make."""
        return self.steps

    @property
    def first_temperature(self) -> float:
        """That of the first step."""
        return float(self.rule.initial_temperature)

    def drive(self, advance: Advance, log_density: LogDensityDraws) -> tuple[list[float], float]:
        """Train one replica; returns what a plan does, and with the steps its final T and the time when T was 1, or the
        end.
        """
        beta, done = 1 / float(self.rule.initial_temperature), 0
        while beta < 1 and done < self.steps:
            done += advance(np.full(min(self.rule.every, self.steps - done), 1 / beta), None)
            if done < self.steps:
                beta = next_beta(self.rule, beta, log_density(self.rule.samples))
        cooled = done
        if done < self.steps:
            done += advance(np.ones(self.steps - done), self.calm_from)
        return [float(done), 1 / beta, cooled * self.step_size], 1 / beta


@checked(schedule="rule", rules="mixture_rules")
def plan(schedule: Schedule | AdaAnn | ConstantESS, rules: MixtureRules) -> Planned | Adapted:
    """How the temperature of a run is found; refused are a hot end, and an end time of a rule that adapts."""
    if isinstance(schedule, Schedule):
        return Planned(rules.temperatures(schedule), rules.calm_from(schedule))
    if rules.end_time is None:
        raise DomainError.of(
            "end_time", "given with an adaptive rule", None, "how long it cools is not known beforehand"
        )
    still = Constant(1)
    return Adapted(schedule, rules.steps(still), float(rules.step_size), rules.calm_from(still))


def next_beta(rule: Adaptive, beta: float, log_p: Float[np.ndarray, " n"]) -> float:
    """What ``rule.next_beta`` gives for one replica; `ConstantESS` by root finding, ten times faster."""
    if isinstance(rule, AdaAnn):
        return float(rule.next_beta(np.array([beta]), log_p[None])[0])
    logs, wanted = log_p - log_p.max(), math.log(rule.ess)

    def surplus(step: float) -> float:
        weights = np.exp(step * logs)
        return 2 * math.log(weights.sum()) - math.log(logs.size * (weights @ weights)) - wanted

    if surplus(1 - beta) >= 0:
        return 1.0
    return min(1.0, beta + float(brentq(surplus, 0.0, 1 - beta, xtol=_LEAST)))


def require_cool(final: FloatArray, limit: float, longer: str) -> None:
    """Refuse runs that an adaptive rule left hotter than the limit; `longer` is the advice how to make runs longer."""
    hot = int(np.sum(final > limit))
    if hot:
        raise SolveError(
            f"the adaptive rule leaves {hot} of {final.size} runs above temperature {limit:g}, the hottest at "
            f"{final.max():.6g}; {longer}, or raise highest_final_temperature."
        )


def reduced_log_density(
    state: Float[np.ndarray, "5"], dim: int, weights: Float[np.ndarray, "2"], target: BimodalTarget,
    rng: np.random.Generator, count: int, variances: Float[np.ndarray, "2"] = UNIT,
) -> Float[np.ndarray, " n"]:  # fmt: skip
    """Draws of log p(x) + const, x from the mixture whose state in the coordinates of `mixture_kernels` is given.

    For unit variances x is ``c_j + z`` along mu*; across it has squared length ``(|p_j| + z')^2 + chi^2_{d-2}``, p_j
    the mean's part.
    """
    label = (rng.random(count) >= weights[0]).astype(np.intp)
    scale = np.sqrt(variances)[label]
    along = state[label] + scale * rng.standard_normal(count)
    across = np.hypot(state[2:4], state[4])[label] + scale * rng.standard_normal(count)
    others = scale**2 * (2 * rng.standard_gamma(0.5 * (dim - 2), count))
    pull = target.separation * along + target.half_log_odds
    return np.asarray(np.logaddexp(pull, -pull) - 0.5 * (along**2 + across**2 + others), dtype=np.float64)


def plain_log_density(
    means: Float[np.ndarray, "k d"], weights: Float[np.ndarray, " k"], target: GaussianMixture,
    rng: np.random.Generator, count: int, variances: Float[np.ndarray, " k"] | None = None,
) -> Float[np.ndarray, " n"]:  # fmt: skip
    """Draws of log p(x), x from the mixture of Gaussians with these means, of unit variance unless given."""
    label = rng.choice(len(weights), size=count, p=weights)
    noise = rng.standard_normal((count, means.shape[1]))
    return target.log_prob(means[label] + (noise if variances is None else np.sqrt(variances)[label, None] * noise))
