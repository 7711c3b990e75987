"""Numbers of training with noise that derived functions move, each from scratch: a few moves with large noise."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import flint
import numpy as np

import anneal_theory as at
from anneal_theory.gradient_flow import GramState
from anneal_theory.gradient_flow.general import general_system
from anneal_theory.models import sphere_pair as means_on_sphere
from anneal_theory.models.free_pair import full_free_pair
from anneal_theory.models.free_pair_kernels import full_rates
from anneal_theory.probability.digits.starts import FreeStarts
from anneal_theory.probability.large_dim import digits
from anneal_theory.probability.large_dim.quadrature_plan import LargeDimProblem, RuleNode
from anneal_theory.probability.noisy import sphere_quantiles
from anneal_theory.probability.noisy.first_order import step_grid
from anneal_theory.probability.noisy.means_noise_kernels import noisy_means_run
from anneal_theory.probability.noisy.means_state_kernels import set_pair
from anneal_theory.probability.noisy.pair_noise_kernels import noisy_run, run_of_start
from anneal_theory.probability.noisy.quantiles import Rule, quantile_average
from anneal_theory.probability.noisy.record_kernels import noise_of_sums
from anneal_theory.probability.noisy.simulated import noisy_runs
from anneal_theory.probability.noisy.sphere_quantile_kernels import quantile_move
from anneal_theory.probability.noisy.training_noise import NoisyTraining, noisy_training
from anneal_theory.problem import Dynamics

TARGET, SCHEDULE, INIT = at.BimodalTarget(3, "0.8"), at.Hold(10, 1), at.GaussianInit(8)
FREE, ON_SPHERE = Dynamics(), Dynamics(constraint="sphere", variance="trained")
RULE = Rule(overlaps=1, lengths=2, tolerance=1e-3)


def _few(rules: Dynamics, moves: int = 4) -> NoisyTraining:
    init = INIT if rules.constraint == "free" else at.SphereInit(8)
    training = noisy_training(TARGET, SCHEDULE, init, rules, batch_size=2, step_size=0.5, gradient="plain")
    return replace(training, plan=(*(part[:moves] for part in training.plan[:3]), training.plan[3]), quiet_from=9)


def _noisy_runs() -> tuple[list[float], list[float]]:
    """The end of a run that draws its noise, and of one at quantiles."""
    few = _few(FREE)
    drawn, work, start = np.array([0.3, 0.5, 1.0]), np.empty((3, 4)), np.array([0.3, 0.5, 0.1, 0.2, 0.7])
    noisy_run(np.random.default_rng(1), drawn, few.problem, few.noise, few.plan, few.quiet_from)
    run_of_start(start, 1.1, few.problem, few.noise, few.plan, work)
    return drawn.tolist(), work[0].tolist()


def _noisy_means() -> list[float]:
    """Means of unequal weights."""
    few, state = _few(Dynamics(family_weight="0.3")), np.array([0.3, -0.2, 1.0, 0.1, 0.9, 1.0])
    noisy_means_run(np.random.default_rng(1), state, few.problem, few.noise, few.plan, few.quiet_from)
    return state.tolist()


def _drawn() -> list[float]:
    """Runs from starts that are drawn: of pairs, and of means of unequal weights."""
    found: list[float] = []
    for rules in (FREE, Dynamics(family_weight="0.3")):
        _, named = noisy_runs(_few(rules, 1), TARGET, INIT, rules, 1, 1)
        found += [float(one[0]) for one in named.values()]
    return found


def _sphere_quantiles() -> list[float]:
    """A pair on the sphere at quantiles."""
    few, state, spreads = _few(ON_SPHERE), np.array([0.6, 0.4, 8.0, -0.5, 8.0, 2.0]), np.array([0.1, 0.2])
    set_pair(state, 0.1, 1.0, 0.1, 3.0)
    parts = (np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))), np.empty((4, 4)), np.empty((2, 2))
    for temperature, time in zip(few.plan[0][:3], few.plan[2][:3], strict=True):
        quantile_move(state, spreads, (1.1, 0.7), temperature, time, few.noise, few.plan[3], few.problem, parts)
    return [*state.tolist(), *spreads.tolist()]


def _chance() -> list[float]:
    """P by runs at quantiles, with the error of its tolerance."""
    found = quantile_average(_few(FREE), TARGET, INIT, RULE)
    return [found.value, found.error]


def _sphere_chance() -> list[float]:
    found = sphere_quantiles.sphere_quantile_average(_few(ON_SPHERE, 2), 8, RULE)
    return [found.value, found.error, sphere_quantiles._start(0.7, 8, 0.1, 1.0)[1]]


def _recorded() -> list[float]:
    """The noise of m1 + m2 at a recorded state."""
    model = means_on_sphere.sphere_pair(TARGET, SCHEDULE, ON_SPHERE)
    states, problem = np.array([[0.9, -0.4, 0.1, 1.5]]), (model.parameters, model.averages)
    return noise_of_sums(states, np.array([4.0]), problem, 8.0, 1.0).ravel().tolist()


def _natural() -> list[float]:
    """What a unit of time does in the natural metric, in all that is followed there."""
    rules, uneven = Dynamics(metric="natural"), Dynamics(metric="natural", family_weight="0.3")
    kept = at.alignment_survival(TARGET, 4, dim=16, batch_size=1000, metric="natural")
    general = GramState.from_means([[0.2, 0.1], [-0.1, 0.3]], TARGET)
    system, _ = general_system(general, SCHEDULE, "tempered-target", "natural")
    pair = full_free_pair(TARGET, SCHEDULE, uneven)
    full = full_rates(np.array([0.3, -0.2, 1.0, 0.1, 0.9]), 2.0, pair.parameters, pair.averages)
    paces = _few(rules).plan[2][0], step_grid(SCHEDULE, rules)[2][0, 0], uneven.clock_rate
    return [kept.growth, float(system.rates(0.0, system.start)[0]), *(float(one) for one in (*full, *paces))]


def _digits() -> list[float]:
    """The density of a start of free means in digits, and P in large dimension from thresholds that are given."""
    starts, problem = FreeStarts(TARGET, SCHEDULE, INIT, FREE), LargeDimProblem(TARGET, SCHEDULE, INIT, FREE, 8)
    nodes = [RuleNode(1, 0, index, problem.spread * index, 8, -2.0) for index in range(2)]
    store = SimpleNamespace(log_rho=lambda _: flint.arb(-2))
    total, _ = digits._summed(problem, nodes, 0.25, store)  # type: ignore[arg-type]
    found = starts.log_density(flint.arb("0.2")), starts.rough_log_density(np.array([0.2]))[0], total
    return [float(one) for one in found]


NUMBERS: dict[str, Callable[[], list[float]]] = {
    "noisy run": lambda: _noisy_runs()[0],
    "run at quantiles": lambda: _noisy_runs()[1],
    "noisy means": _noisy_means,
    "noisy runs from drawn starts": _drawn,
    "sphere run at quantiles": _sphere_quantiles,
    "P by quantiles": _chance,
    "P by quantiles on the sphere": _sphere_chance,
    "recorded noise": _recorded,
    "natural metric": _natural,
    "P in digits": _digits,
    "variances in a dimension": lambda: list(means_on_sphere._in_a_dimension(1.0, 10.0, 3.0, 5.0)),
}
