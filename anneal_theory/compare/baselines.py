"""Baselines beside the schedule that the theory chooses, at an equal budget of steps."""

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.compare.bias import FALSE_ALARM
from anneal_theory.compare.binomial import interval
from anneal_theory.compare.kept_steps import StepResults, kept_steps
from anneal_theory.compare.keywords import own_words
from anneal_theory.compare.schedule_optimisation import ChosenSchedule, SearchMethod, choose_schedule
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.results import Estimate, Outcomes, plain
from anneal_theory.schedules import Schedule
from anneal_theory.shown import Shown, with_error
from anneal_theory.sweeps.rules import plain_rule, rule_from
from anneal_theory.training.adaptive import Rule
from anneal_theory.training.baselines import BaselineRules, baselines
from anneal_theory.training.mixture import train_mixture
from anneal_theory.training.mixture_rules import HIGHEST_FINAL_TEMPERATURE, ComparedOptions, MixtureRules
from anneal_theory.training.sample_sizes import effective_sample_sizes

BARE, CHOSEN = "no annealing", "theory-chosen"
NAMES = BARE, "linear beta", "AdaAnn", "constant ESS", CHOSEN
WAYS, CHOICE = "ways", "choice"  # steps of a comparison before its rows
_KIND = "anneal-theory baselines of a mixture"
_THEORY_ERROR = 1e-3  # relative; no count of runs sees less


@dataclass(frozen=True, repr=False)
class BaselineRow(Shown):
    """One way to choose temperatures, and how training with it ended.

    Attributes:
        name: "no annealing", "linear beta", "AdaAnn", "constant ESS" or "theory-chosen".
        schedule: The schedule or rule, as plain data.
        collapsed: Number of replicas that collapsed.
        replicas: Number of replicas.
        low: Lower end of the exact binomial interval of the probability of collapse, whatever the undecided ones are.
        high: Its upper end.
        mode_weight_error: Mean over the decided replicas, as the sample sizes are, of ``|mass nearer to mu* - w*|``.
        ess: Mean relative effective sample size at samples of the family, blind to lost modes.
        forward_ess: Mean of ``1/E_p[p/q]``, which is not.
        cooling_time: When T was 1.15 for good; for adaptive rules the mean time at which T was 1. In units of
            gradient-flow time for mixtures, in steps for flows.
        theory: The exact probability of collapse (of a mixture); None for adaptive rules, which have no theory.
        undecided: Number of replicas whose fate is not known (`Outcomes.undecided`).
    """

    name: str
    schedule: dict[str, Any]
    collapsed: int
    replicas: int
    low: float
    high: float
    mode_weight_error: float
    ess: float
    forward_ess: float
    cooling_time: float
    theory: Estimate | None
    undecided: int = 0

    def told(self) -> dict[str, object]:
        """The way to anneal, the count with its interval, and the theory's probability where it has one."""
        interval = f"{self.low:.3g} to {self.high:.3g}"
        told: dict[str, object] = {"name": self.name, "count": self.count, "interval": interval}
        return told if self.theory is None else told | {"theory": with_error(self.theory.value, self.theory.error)}

    @property
    def count(self) -> str:
        """How many of the decided replicas collapsed, in words."""
        return f"{self.collapsed} of {self.replicas - self.undecided} collapsed"

    @property
    def share(self) -> float:
        """Share of the decided replicas that collapsed; NaN where none is decided."""
        decided = self.replicas - self.undecided
        return self.collapsed / decided if decided else math.nan

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        theory = None if self.theory is None else self.theory.to_dict()
        return plain(vars(self) | {"theory": theory, "share": self.share})  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "BaselineRow":
        """The row whose `to_dict` this is.

        Raises:
            KeyError: something is missing; or TypeError, ValueError, where it is something else.
        """
        numbers = {member.name: data[member.name] for member in fields(cls)}
        for name in ("low", "high", "mode_weight_error", "ess", "forward_ess", "cooling_time"):
            numbers[name] = float(numbers[name])  # NaN is a word in JSON
        theory = numbers["theory"] if numbers["theory"] is None else Estimate.from_dict(numbers["theory"])
        return cls(**numbers | {"theory": theory, "schedule": dict(numbers["schedule"])})


@dataclass(frozen=True, repr=False)
class BaselineTable(Shown):
    """Baselines at one budget.

    Attributes:
        rows: One a way to choose temperatures.
        steps: Steps that each run may make; a run that is at rest at T = 1 ends earlier.
        false_alarm: Of the intervals.
        settings: What was run, as plain data.
    """

    rows: tuple[BaselineRow, ...]
    steps: int
    false_alarm: float
    settings: dict[str, Any]

    def told(self) -> dict[str, object]:
        """The count of each row, and the theory's probability where it has one."""
        return {
            row.name: row.count + ("" if row.theory is None else f", theory {row.told()['theory']}")
            for row in self.rows
        }

    def __getitem__(self, name: str) -> BaselineRow:
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        rows = [row.to_dict() for row in self.rows]
        return {"rows": rows, "steps": self.steps, "false_alarm": self.false_alarm, "settings": plain(self.settings)}


@checked(initial_temperature="baseline_temperature", init="initial_law")
@own_words(end_time="budget")
def compare_baselines(
    target: BimodalTarget,
    init: GaussianInit | SphereInit,
    *,
    budget: float | int = 200,
    initial_temperature: float | int = 10,
    cooling_share: float = 0.8,
    replicas: int = 200,
    false_alarm: float = FALSE_ALARM,
    threads: int | None = None,
    progress: bool = False,
    checkpoint: str | Path | None = None,
    **options: Unpack[ComparedOptions],
) -> BaselineTable:
    """Train mixtures without annealing, with the usual ways to anneal, and with the schedule that the theory chooses.

    All have the same budget, starts and step size. Those that anneal are down to T = 1 (the exponential: 1.15) after
    the same share of it; the adaptive rules are set to that by pilot runs, which come on top.

    Args:
        target: Separation and weight.
        init: Law of the initial means; `SphereInit` where ``constraint="sphere"``.
        budget: Time of gradient flow of each run, > 0; the number of steps is this over `step_size`.
        initial_temperature: T0 of linear beta and of the adaptive rules, > 1; the theory chooses its own.
        cooling_share: Share of the budget to cool down in.
        replicas: Independent runs of each row.
        false_alarm: Of the intervals, strictly between 0 and 1.
        threads: One a processor unless given.
        progress: Show a bar on the standard error.
        checkpoint: File that keeps each row as soon as it is trained; the same call goes on from it.
        **options: Arguments of `MixtureRules` (seed, step_size, batch_size, route ...; all rows start alike) and of
            `Dynamics`, constraint and variance included. Family weights other than 1/2 under the Euclidean metric and
            on the sphere have no quick theory: choosing the schedule takes minutes then.

    Raises:
        DomainError: an argument lies outside its domain; the checkpoint is damaged, in use or of other settings.
        SolveError: more runs of a row are undecided than may be, or an adaptive rule ended too hot.
        Interrupted: Ctrl-C; the checkpoint has the rows that were finished.

    Source:
        theory sections 5, 8 and 11.

    Example:
        >>> few = {"budget": 60, "replicas": 8, "batch_size": 20, "step_size": 0.2}
        >>> table = compare_baselines(BimodalTarget("2.5", "0.8"), GaussianInit(8), **few)
        >>> [row.name for row in table.rows]
        ['no annealing', 'linear beta', 'AdaAnn', 'constant ESS', 'theory-chosen']
        >>> table["AdaAnn"].theory is None, table["no annealing"].theory.value > table["theory-chosen"].theory.value
        (True, True)
    """
    common = BaselineRules(initial_temperature, budget, cooling_share)
    own = MixtureRules(replicas, **keywords_for(MixtureRules, options))  # refuses bad rules before the work
    training = Dynamics(**(dynamics := keywords_for(Dynamics, options)))
    shown = {name: getattr(training, name) for name in ("objective", "metric", "family_weight")} | dynamics
    sizes = {name: getattr(own, name) for name in ("seed", "batch_size", "step_size")}
    words: dict[str, Any] = {**shown, **sizes, **options, **sizes} | ({} if threads is None else {"threads": threads})
    # the quick search needs the alignment identity: equal weights, or for free means the natural metric
    quick = training.reducible and (training.constraint == "free" or training.equal_weights)
    method: SearchMethod = "quick" if quick else "exact"

    def choice(results: StepResults) -> dict[str, object]:
        return plain_choice(choose_schedule(target, init, common.cooling_time, method=method, **dynamics))

    def row(name: str, results: StepResults) -> dict[str, object]:
        rule, theory = way_of(name, results)
        outcomes = train_mixture(target, rule, init, replicas=replicas, end_time=budget, progress=progress, **words)
        effective = effective_sample_sizes(outcomes, target, training.family_weight, init.dim)
        theory = theory or _theory(target, rule, init, dynamics)
        cooled = cooling_time(rule, outcomes.statistics.get("cooling_time"))
        return table_row(name, rule, outcomes, effective, target, theory, cooled, false_alarm).to_dict()

    steps: dict[str, Callable[[StepResults], object]] = {
        WAYS: lambda results: plain_ways(baselines(target, init, common, **words)), CHOICE: choice
    }  # fmt: skip
    steps.update({name: functools.partial(row, name) for name in NAMES})
    settings = {"target": repr(target), "init": repr(init)} | vars(common) | words | {"replicas": replicas}
    done = kept_steps(steps, checkpoint, _KIND, settings | {"false_alarm": false_alarm}, sound)
    rows = tuple(BaselineRow.from_dict(done[name]) for name in NAMES)
    return BaselineTable(rows, max(1, round(budget / own.step_size)), false_alarm, settings)


def plain_ways(ways: Mapping[str, Rule]) -> dict[str, object]:
    """Ways to anneal as plain data."""
    return {name: plain_rule(rule) for name, rule in ways.items()}


def plain_choice(chosen: ChosenSchedule) -> dict[str, object]:
    """What the theory chose, as plain data: the rule and both probabilities."""
    return chosen.to_dict() | {"schedule": plain_rule(chosen.schedule)}


def way_of(name: str, results: StepResults) -> tuple[Rule, Estimate | None]:
    """The rule of a row, and the exact probability where the choice has it."""
    choice = results[CHOICE]
    if name == CHOSEN:
        return rule_from(choice["schedule"]), Estimate.from_dict(choice["probability"])
    return rule_from(results[WAYS][name]), Estimate.from_dict(choice["unannealed"]) if name == BARE else None


def sound(results: StepResults) -> None:
    """Read all that a file holds; KeyError, TypeError or ValueError where it is something else."""
    for name in results.keys() & set(NAMES):
        BaselineRow.from_dict(results[name])
    if results.keys() >= {WAYS, CHOICE}:
        for name in NAMES:
            way_of(name, results)


def table_row(
    name: str, rule: Rule, outcomes: Outcomes, sizes: Mapping[str, FloatArray], target: BimodalTarget,
    theory: Estimate | None, cooled: float, false_alarm: float,
) -> BaselineRow:  # fmt: skip
    """The row of trained replicas. `cooled` is when the temperature was down."""
    undecided, decided = outcomes.replicas - outcomes.decided, ~outcomes.undecided
    low, high = interval(outcomes.count, outcomes.replicas, 1 - false_alarm, undecided)

    def mean(values: FloatArray) -> float:
        return float(values[decided].mean()) if decided.any() else math.nan

    bias = mean(np.abs(outcomes.mode_weight - target.weight))
    return BaselineRow(
        name, rule.to_dict(), outcomes.count, outcomes.replicas, low, high, bias,
        mean(sizes["ess"]), mean(sizes["forward_ess"]), cooled, theory, undecided,
    )  # fmt: skip


def cooling_time(rule: Rule, measured: FloatArray | None) -> float:
    """When T is 1.15 for good; for an adaptive rule the mean of the times measured at which it was 1."""
    if isinstance(rule, Schedule):
        return float(rule.settling_time(HIGHEST_FINAL_TEMPERATURE - 1))
    assert measured is not None
    return float(measured.mean())


def _theory(
    target: BimodalTarget, rule: Rule, init: GaussianInit | SphereInit, dynamics: dict[str, Any]
) -> Estimate | None:
    if not isinstance(rule, Schedule):
        return None
    aim = _THEORY_ERROR if Dynamics(**dynamics).reducible else None  # else starts are drawn
    return collapse_probability(target, rule, init, **dynamics, relative_error=aim)
