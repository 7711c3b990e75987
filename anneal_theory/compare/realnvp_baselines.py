"""Baselines for a RealNVP flow beside the schedule that the theory of mixtures chooses in the flow's own clock."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray, Objective
from anneal_theory.compare.baselines import (
    BARE,
    CHOICE,
    NAMES,
    WAYS,
    BaselineRow,
    BaselineTable,
    cooling_time,
    plain_choice,
    plain_ways,
    sound,
    table_row,
    way_of,
)
from anneal_theory.compare.bias import FALSE_ALARM
from anneal_theory.compare.kept_steps import StepResults, kept_steps
from anneal_theory.compare.keywords import own_words, require_keywords
from anneal_theory.compare.schedule_optimisation import choose_schedule
from anneal_theory.errors import DomainError, NoCollapsedState, SolveError
from anneal_theory.exact import exact
from anneal_theory.extras import require
from anneal_theory.fixed_points import collapsed_state
from anneal_theory.gradient_flow import ReducedState, solve_flow
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate, Outcomes
from anneal_theory.schedules import Constant, Schedule
from anneal_theory.sweeps.rules import plain_rule
from anneal_theory.training.adaptive import Rule
from anneal_theory.training.baselines import EVERY, BaselineRules, cold_since, realnvp_baselines

_KIND, _CLOCK = "anneal-theory baselines of flows", "clock"
_RECORDS = 200  # of the history, which the clock is read off
# Keywords of `train_realnvp` that the comparison sets itself, or that tell nothing there.
_OWN = {"checkpoint", "checkpoint_every", "clock", "record_every"}
_THEORY_ERROR = 1e-3  # relative; no count of runs sees less
_LEAST_TEMPERATURE = 1.3  # `choose_schedule` needs some room above the final temperature
_LONGEST = 200.0  # gradient-flow time in which a pair without annealing has long reached a mode


@checked(initial_temperature="baseline_temperature")
@own_words(budget="steps")
def compare_flow_baselines(
    target: BimodalTarget,
    *,
    dim: int = 8,
    steps: int = 2000,
    initial_temperature: float | int = 10,
    cooling_share: float = 0.8,
    replicas: int = 16,
    objective: Objective = "tempered-target",
    false_alarm: float = FALSE_ALARM,
    progress: bool = False,
    checkpoint: str | Path | None = None,
    **training: object,
) -> BaselineTable:
    """Train RealNVP flows without annealing, with the usual ways to anneal, and with the schedule the theory chooses.

    The flows without annealing give the clock: the gradient-flow time of a step, in which the theory of mixtures is
    set beside the flows (`time_per_step`). In it the theory chooses among exponential schedules, as for a mixture that
    starts from N(0, I/d). All ways have the same steps, starts and noise; those that anneal are down to T = 1 (the
    exponential: 1.15) after the same share of them. Pilot runs that set the adaptive rules come on top.

    Args:
        target: Separation and weight.
        dim: d >= 2.
        steps: Optimiser steps of each run.
        initial_temperature: T0 of linear beta and of the adaptive rules, at least 1.3, and the highest that the theory
            may choose: its components keep their variance, a flow's spread with the temperature and come back late.
        cooling_share: Share of the steps to cool down in.
        replicas: Flows of each row.
        objective: "tempered-target" or "free-energy".
        false_alarm: Of the intervals, strictly between 0 and 1.
        progress: Show bars on the standard error.
        checkpoint: File that keeps each row as soon as it is trained; the same call goes on from it.
        **training: The other keywords of `train_realnvp`: seed, batch_size, step_size, couplings, hidden ...

    Returns:
        Rows whose times are steps and whose theory is that of a mixture in the flow's clock, a statement on the order
        of the ways rather than on the counts; `settings` has the clock.

    Raises:
        DomainError: an argument lies outside its domain; the checkpoint is damaged, in use or of other settings.
        NoCollapsedState: the target is symmetric and has one mode.
        SolveError: the flows without annealing reach no mode, so that there is no clock; or training stopped.
        Interrupted: Ctrl-C; the checkpoint has the rows that were finished.

    Source:
        theory sections 5, 8 and 10.

    Example:
        >>> small = {"steps": 100, "replicas": 2, "batch_size": 16, "step_size": 0.03, "couplings": 2, "hidden": (8,)}
        >>> small |= {"most_undecided": 1}  # flows this small may be anywhere
        >>> table = compare_flow_baselines(BimodalTarget(3, 0.8), dim=32, evaluation_samples=100, **small)
        >>> [row.name for row in table.rows]
        ['no annealing', 'linear beta', 'AdaAnn', 'constant ESS', 'theory-chosen']
    """
    require("torch")
    from anneal_theory.training.realnvp_training import train_realnvp

    require_keywords("training", training, train_realnvp, _OWN)
    common = BaselineRules(initial_temperature, steps, cooling_share)
    if not initial_temperature >= _LEAST_TEMPERATURE:
        raise DomainError.of(
            "initial_temperature", f"at least {_LEAST_TEMPERATURE}", initial_temperature, "the theory chooses below it"
        )
    _half_overlap(target)  # refuses a target without modes
    words: dict[str, Any] = training | {"dim": dim, "objective": objective}

    def train(rule: Rule, record_every: int) -> Outcomes:
        own = words | {"record_every": record_every}
        return train_realnvp(target, rule, replicas=replicas, steps=steps, progress=progress, **own)

    def row(name: str, rule: Rule, outcomes: Outcomes, theory: Estimate | None) -> BaselineRow:
        cooled = cooling_time(rule, cold_since(outcomes.history))
        return table_row(name, rule, outcomes, outcomes.statistics, target, theory, cooled, false_alarm)

    def bare(results: StepResults) -> dict[str, object]:
        outcomes = train(Constant(1), max(1, steps // _RECORDS))
        return row(BARE, Constant(1), outcomes, None).to_dict() | {_CLOCK: time_per_step(outcomes.history, target)}

    def choice(results: StepResults) -> dict[str, object]:
        clock = results[BARE][_CLOCK]
        limit: dict[str, Any] = {"highest_initial_temperature": initial_temperature, "objective": objective}
        chosen = choose_schedule(target, GaussianInit(dim), common.cooling_time * clock, **limit)
        return plain_choice(chosen) | {"schedule": plain_rule(_in_units(chosen.schedule, clock))}

    def annealed(name: str, results: StepResults) -> dict[str, object]:
        rule, theory = way_of(name, results)
        theory = theory or _theory(target, rule, GaussianInit(dim), results[BARE][_CLOCK], objective)
        return row(name, rule, train(rule, EVERY), theory).to_dict()

    todo: dict[str, Callable[[StepResults], object]] = {
        WAYS: lambda results: plain_ways(realnvp_baselines(target, common, **words)), BARE: bare, CHOICE: choice
    }  # fmt: skip
    todo.update({name: functools.partial(annealed, name) for name in NAMES if name != BARE})
    settings = {"target": repr(target)} | vars(common) | words | {"replicas": replicas}
    done = kept_steps(todo, checkpoint, _KIND, settings | {"false_alarm": false_alarm}, _sound)
    rows = {name: BaselineRow.from_dict(done[name]) for name in NAMES}
    rows[BARE] = replace(rows[BARE], theory=way_of(BARE, done)[1])
    clock = {"target": settings["target"], "clock": float(done[BARE][_CLOCK])}
    return BaselineTable(tuple(rows.values()), steps, false_alarm, clock | settings)


def _sound(results: StepResults) -> None:
    """Read all that a file holds, the clock too."""
    sound(results)
    if BARE in results:
        float(results[BARE][_CLOCK])


def _theory(
    target: BimodalTarget, rule: Rule, init: GaussianInit, clock: float, objective: Objective
) -> Estimate | None:
    if not isinstance(rule, Schedule):
        return None
    flowing = _in_units(rule, 1 / clock)
    return collapse_probability(target, flowing, init, objective=objective, relative_error=_THEORY_ERROR)


def _in_units(schedule: Schedule, unit: float) -> Schedule:
    """The same cooling in another unit of time (given in the old one), rounded to ten digits as rows print it."""
    return schedule.rescaled(1 / exact(unit), digits=10)


def time_per_step(history: Mapping[str, FloatArray], target: BimodalTarget) -> float:
    """Gradient-flow time of a step: without annealing, flow and mixture reach half of the collapsed overlap together.

    The flows' overlap is the mean over replicas of ``|m1 + m2|/2``. The mixture starts with both means close together,
    from (m1 + m2)/2 = 0; for a symmetric target, where that would stay 0, from the flows' mean overlap.

    Args:
        history: Of flows trained at T = 1: step, m1 and m2, shape (records, replicas).
        target: The target.

    Raises:
        NoCollapsedState: the target is symmetric and has one mode.
        SolveError: the flows do not reach it, or at the first record already.

    Source:
        theory sections 4 and 10.
    """
    half = _half_overlap(target)
    means = np.abs(history["m1"] + history["m2"]).mean(axis=1) / 2
    steps = time_reached(history["step"][:, 0], means, half, "the flows without annealing")
    start = 0.0 if target.half_log_odds else float(means[0])
    times = np.linspace(0, _LONGEST, 20001)
    run = solve_flow(target, Constant(1), ReducedState.from_rho(start, 1e-9, 2**0.5, target), times)
    return time_reached(times, np.abs(run["m1"] + run["m2"]) / 2, half, "the mixture") / steps


def _half_overlap(target: BimodalTarget) -> float:
    half = collapsed_state(target).overlap / 2
    if not half > 0:
        raise NoCollapsedState(
            f"separation must be above 1 where the weights are equal, for flows to have a mode to fall into; it was "
            f"{target.separation:g}, where the two modes are one."
        )
    return float(half)


def time_reached(times: FloatArray, values: FloatArray, level: float, what: str) -> float:
    """The time at which values first reach a level, by linear interpolation."""
    index = int(np.argmax(values >= level))
    if not index:
        high = values[0] >= level
        state, advice = (
            ("starts above", "use a smaller perturbation") if high else ("does not reach", "take more steps")
        )
        raise SolveError(
            f"the mean overlap of {what} {state} {level:.4g}, half of the collapsed state's, which gives the clock: "
            f"it ends at {values[-1]:.4g}; {advice}."
        )
    low, high = values[index - 1], values[index]
    return float(times[index - 1] + (times[index] - times[index - 1]) * (level - low) / (high - low))
