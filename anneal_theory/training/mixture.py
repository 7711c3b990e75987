r"""Stochastic variational training of a Gaussian mixture with fixed weights, many replicas at once.

The gradient. Component j draws its own batch of B points ``x_jn = mu_j + eps_jn`` (stratified: weights enter exactly).
With the responsibilities r of the family,

    plain:  g_i = w_i mean_n[ grad log q - beta grad log p ](x_in) + sum_j w_j mean_n[ r_i(x_jn) (x_jn - mu_i) ]
    path:   the first term alone (the second, the score, has mean zero: "sticking the landing")

Plain is the derivative in mu_i of ``sum_j w_j mean_n[log q - beta log p](mu_j + eps_jn)``. One step is
``mu_i -= dt P_i g_i``, times T for the free energy. `mixture_routes` has the routes, and why they have one law.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Unpack

import numpy as np

from anneal_theory._types import BoolArray, FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, GaussianMixture, SphereInit
from anneal_theory.problem.dynamics import require_fitting
from anneal_theory.problem.mixture import as_mixture
from anneal_theory.quantities.arguments import MOST_NUMBERS
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.results import Outcomes
from anneal_theory.schedules import Schedule
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.fates import DECIDED, DIVERGED, UNSETTLED, require_decided
from anneal_theory.training.mixture_adaptive import Adapted, Planned, plan, require_cool
from anneal_theory.training.mixture_history import SPHERE_STATISTICS, STATISTICS, history_of, records_of
from anneal_theory.training.mixture_routes import MixtureProblem, plain_run, reduced_run
from anneal_theory.training.mixture_rules import MixtureOptions, MixtureRules
from anneal_theory.training.outcome import positive_mass, same_sign
from anneal_theory.training.replicas import Kept, Run, all_runs
from anneal_theory.training.sphere_fates import settling_advice, sphere_outcomes
from anneal_theory.training.sphere_routes import SphereProblem, sphere_run


@checked(target="any_target", schedule="rule", init="initial_law")
def train_mixture(
    target: BimodalTarget | GaussianMixture,
    schedule: Schedule | AdaAnn | ConstantESS,
    init: GaussianInit | SphereInit,
    *,
    family_weights: Sequence[float] | FloatArray | None = None,
    threads: int | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = False,
    **options: Unpack[MixtureOptions],
) -> Outcomes:
    """Train replicas of a mixture from random starts by annealed reverse KL and tell which of them collapse.

    With ``constraint="sphere"`` (the paper's setting, theory section 11) a step is ``mu_i -= e dL/dmu_i``, then
    ``mu_i *= R/|mu_i|``, where e is the step size, times T for the free energy. A trained variance, one for each
    component, starts at the first temperature and makes the step ``v_i *= (1 - 2 e (dL/dv_i)/d)^2``. Each mean ends
    near a mode, so that ``s = mu_1 . mu_2/R^2`` ends near 1 for a collapsed pair and near -1 for a split one: the
    verdict is s > 0.

    A run is undecided where it does not show where training ends: it has left every neighbourhood of the target, or
    was still moving, near the boundary between the verdicts or above temperature 1.15 at its end (the rules are those
    of `anneal_theory.training.fates`; a run shorter than 20 units of time, or 40 steps, is always undecided).

    Args:
        target: Two modes; or any mixture, for free means on the plain route.
        schedule: Temperature at time ``i * step_size`` of step i; or an adaptive rule, which cools each replica by the
            target's log-density at samples of its own, and needs an `end_time`.
        init: Law of the initial means; a `SphereInit` where ``constraint="sphere"``.
        family_weights: Weights of K components instead of w1 of two, for free means on the plain route.
        threads: One a processor unless given.
        checkpoint: File to take finished replicas from where it exists, and to write them to: at the end, on Ctrl-C,
            and every half minute. A later call may ask for more replicas of the same training.
        progress: Show a bar on the standard error.
        **options: Arguments of `MixtureRules` (replicas, batch_size, step_size, route ...) and of `Dynamics`,
            constraint and variance included. On the sphere the routes are "reduced" and "plain", which have one law.

    Returns:
        For two modes and components `collapsed` is the sign test m1 m2 > 0, `mode_weight` the mass nearer to +mu*, and
        the statistics are m1, m2, s11, s12, s22 and the steps made. On the sphere `collapsed` is s > 0, and they are
        m1, m2 (products with mu*), pair_overlap (s), v1, v2 and the steps. For any other numbers collapsed means that
        fewer modes are nearest to a component than could be, and `mode_weight` is the weight of the components nearest
        to the first mode. The history, where one is recorded, has step, temperature and the five statistics, shape
        (records, replicas). An adaptive rule adds final_temperature and cooling_time, the time at which T = 1 was
        reached.

    Raises:
        DomainError: an argument lies outside its domain.
        SolveError: more runs are undecided than may be (the message counts the diverged and the unsettled ones), or an
            adaptive rule ends above the highest final temperature.
        Interrupted: Ctrl-C (a KeyboardInterrupt); finished replicas are in the checkpoint, those in progress are not.

    Source:
        theory sections 1, 3 and 11.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> found = train_mixture(BimodalTarget(3, 0.8), Constant(1), GaussianInit(128), replicas=20, batch_size=100)
        >>> found.count > 15
        True
        >>> from anneal_theory.problem import SphereInit
        >>> paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
        >>> few = {"replicas": 20, "batch_size": 100, "end_time": 40}
        >>> found = train_mixture(BimodalTarget(3, 0.8), Constant(1), SphereInit(128), **few, **paper)
        >>> found.count > 15, sorted(found.statistics)
        (True, ['m1', 'm2', 'pair_overlap', 'steps', 'v1', 'v2'])
    """
    rules, dynamics = MixtureRules(**keywords_for(MixtureRules, options)), Dynamics(**keywords_for(Dynamics, options))
    require_fitting(init, dynamics)
    if isinstance(init, SphereInit):
        _require_pair(target, family_weights, rules.route)
    weights = _weights(target, dynamics, family_weights, rules.route)
    if rules.route == "plain":
        rules.require_room(init.dim, len(weights) * rules.batch)
    cooling = plan(schedule, rules)
    settings = asdict(rules) | {"target": repr(target), "schedule": schedule.to_dict(), "init": repr(init)}
    settings |= {"objective": dynamics.objective, "metric": dynamics.metric, "weights": weights}
    if isinstance(init, SphereInit):
        settings |= {"constraint": dynamics.constraint, "variance": dynamics.variance}
    two = isinstance(target, BimodalTarget) and len(weights) == 2
    if rules.record_every is not None and not two:
        what = "left out for a general mixture"
        raise DomainError.of("record_every", what, rules.record_every, "it records m1, m2 ...")
    if isinstance(target, GaussianMixture) and target.dim != init.dim:
        step = "give both the same dimension"
        raise DomainError.of("init", f"of dimension {target.dim}, as the target", init.dim, step)
    run = _run(target, init, weights, dynamics, rules, cooling, two)
    count = 5 if two else len(weights)  # of the statistics, which a row begins with; then come steps, fate and records
    end = count + (3 if isinstance(cooling, Adapted) else 1)
    width = end + 1 + records_of(rules.record_every, cooling.most_steps)
    if rules.replicas * width > MOST_NUMBERS:
        what = f"at most {MOST_NUMBERS // width} with {width} numbers each, to fit in memory"
        raise DomainError.of("replicas", what, rules.replicas, "use fewer, or record more rarely")
    kept = Kept(rules.replicas, width, checkpoint, settings, lambda rows: _sound(rows, count, end, cooling.most_steps))
    ends = all_runs(run, kept, threads, progress)
    longer = rules.longer(cooling.most_steps)
    if isinstance(init, SphereInit) and isinstance(target, BimodalTarget):
        longer = settling_advice(longer, target.separation, float(rules.step_size), rules.batch, init.dim)
    if isinstance(cooling, Adapted):
        require_cool(ends[:, end - 2], float(rules.highest_final_temperature), longer)
    require_decided(ends[:, end], float(rules.most_undecided), float(rules.step_size), longer)
    return replace(_outcomes(ends, end, target, weights, settings, two), diverged=ends[:, end] == DIVERGED)


def _run(
    target: BimodalTarget | GaussianMixture, init: GaussianInit | SphereInit, weights: FloatArray, dynamics: Dynamics,
    rules: MixtureRules, cooling: Planned | Adapted, two: bool,
) -> Run:  # fmt: skip
    """What trains a replica."""
    if isinstance(init, SphereInit):
        assert isinstance(target, BimodalTarget)  # `_require_pair` refuses other targets
        return sphere_run(SphereProblem(target, init, dynamics, rules), cooling)
    problem = MixtureProblem(
        as_mixture(target, init.dim if rules.route == "plain" else 1), init, weights, dynamics, rules
    )
    if rules.route == "plain":
        return plain_run(problem, cooling, two)
    assert isinstance(target, BimodalTarget)  # `_weights` refuses other targets
    return reduced_run(problem, cooling, target)


def _require_pair(target: BimodalTarget | GaussianMixture, family_weights: object, route: str) -> None:
    """Refuse what the sphere does not have: other targets, weights, and averages without samples."""
    if not isinstance(target, BimodalTarget):
        raise DomainError.of("target", "a BimodalTarget for means on the sphere", target, "or train free means")
    if family_weights is not None:
        raise DomainError.of("family_weights", "left out on the sphere", family_weights, "give family_weight")
    if route == "exact":
        step = "solve_flow follows training without noise"
        raise DomainError.of("route", "'reduced' or 'plain' on the sphere", route, step)


def _sound(rows: FloatArray, count: int, end: int, most_steps: int) -> BoolArray:
    """Whether rows are such as a training gives: whole steps up to the last, a fate, finite numbers of decided runs."""
    steps, fates = rows[:, count], rows[:, end]
    labelled = np.isin(fates, (DECIDED, UNSETTLED, DIVERGED))
    finite = np.all(np.isfinite(rows), axis=1) | (fates == DIVERGED)
    return np.asarray(labelled & finite & (steps >= 1) & (steps <= most_steps) & (steps == np.floor(steps)))


def _weights(
    target: BimodalTarget | GaussianMixture,
    dynamics: Dynamics,
    family_weights: Sequence[float] | FloatArray | None,
    route: str,
) -> FloatArray:
    if family_weights is not None and not dynamics.equal_weights:
        raise DomainError.of("family_weights", "left out with family_weight", family_weights, "give one or the other")
    if route != "plain" and (family_weights is not None or not isinstance(target, BimodalTarget)):
        raise DomainError.of("route", "'plain' for a general mixture", route, "the other routes need two modes")
    if family_weights is None:
        return np.array([dynamics.family_weight, 1 - dynamics.family_weight])
    return GaussianMixture(np.zeros((len(family_weights), 1)), family_weights).weights


def _outcomes(
    ends: FloatArray, end: int, target: BimodalTarget | GaussianMixture, weights: FloatArray,
    settings: dict[str, object], two: bool,
) -> Outcomes:  # fmt: skip
    sphere = settings.get("constraint") == "sphere"
    names = SPHERE_STATISTICS if sphere else STATISTICS
    count, undecided = 5 if two else len(weights), ends[:, end] != DECIDED
    history = history_of(ends[:, end + 1 :], names)
    made = dict(zip(("steps", "final_temperature", "cooling_time"), ends[:, count:end].T.copy(), strict=False))
    if sphere and isinstance(target, BimodalTarget):
        return sphere_outcomes(ends[:, :count], undecided, target, weights, settings, made, history)
    if two and isinstance(target, BimodalTarget):
        statistics = dict(zip(names, ends[:, :count].T.copy(), strict=True)) | made
        mass = positive_mass(ends[:, :2], target.separation, weights)
        verdicts = same_sign(ends[:, 0], ends[:, 1]) & ~undecided
        return Outcomes(verdicts, mass, statistics, settings, history, undecided)
    modes = 2 if isinstance(target, BimodalTarget) else len(target.weights)
    nearest = ends[:, :count]
    reached = np.array([len(set(row)) for row in nearest])
    statistics = {f"nearest_mode_{i + 1}": nearest[:, i].copy() for i in range(count)} | made
    verdicts = (reached < min(modes, count)) & ~undecided
    return Outcomes(verdicts, (nearest == 0) @ weights, statistics, settings, history, undecided)
