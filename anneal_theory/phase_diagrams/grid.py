"""The cells of a phase diagram: what stays the same in all, what varies along both axes, and one cell's probability."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from numpy.typing import NDArray

from anneal_theory._types import Exactable
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, ModelOptions, SphereInit
from anneal_theory.quantities.axes import VARIED
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for, keywords_of
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.sweeps.problem import OF_DYNAMICS, OF_INIT, OF_TARGET, Problem
from anneal_theory.sweeps.running import Place

Values: TypeAlias = Sequence[Exactable] | NDArray[Any]
RELATIVE_ERROR = 1e-3
# An error about one of these is one of the call: no cell can do without what it asks for.
_COMMON = {"method", "init", "relative_error", "replicas", "seed", "objective", "metric", "constraint"}


@checked(**{name: f"{parameter}_axis" for name, parameter in VARIED.items()})
@dataclass(frozen=True)
class Axes:
    """The axes of a phase diagram: rising lists of values of a parameter, of which two are given.

    Args:
        initial_temperatures: T0 >= 1 of the schedule.
        decay_times: t0 > 0 of the schedule, in gradient-flow time.
        durations: Times after which the temperature is 1.
        hold_times: Times for which the initial temperature is held.
        exponents: Powers of the decay of `Power`.
        separations: R > 0 of the target.
        weights: w* in (0, 1) of the target.
        dims: d >= 2. A `GaussianInit` of the usual variance 1/dim keeps it so in every dimension.
        variances: Variances of one coordinate of a `GaussianInit`.
        family_weights: w1 in (0, 1) of the family's first component.

    Raises:
        DomainError: a list is empty, does not rise, or holds a value outside the parameter's domain.
    """

    initial_temperatures: Values | None = None
    decay_times: Values | None = None
    durations: Values | None = None
    hold_times: Values | None = None
    exponents: Values | None = None
    separations: Values | None = None
    weights: Values | None = None
    dims: Values | None = None
    variances: Values | None = None
    family_weights: Values | None = None

    @property
    def given(self) -> dict[str, list[Any]]:
        """The lists that were given, by the parameter that varies.

        Raises:
            DomainError: they are not two.
        """
        lists = {name: getattr(self, name) for name in VARIED}
        varied = {VARIED[name]: _listed(values) for name, values in lists.items() if values is not None}
        if len(varied) != 2:
            step = f"give two of {', '.join(VARIED)}; a list of one value makes a curve"
            names = [name for name, values in lists.items() if values is not None]
            raise DomainError.of("the axes", "two lists of values", names, step)
        return varied


def _listed(values: Any) -> list[Any]:
    """As Python's numbers, which are what they are spelled."""
    return list(values.tolist() if hasattr(values, "tolist") else values)


@keywords_of(Axes, Dynamics)
class MapOptions(ModelOptions, total=False):
    """The arguments of `Axes` and of `Dynamics` as the keywords of a function."""

    initial_temperatures: Values | None
    decay_times: Values | None
    durations: Values | None
    hold_times: Values | None
    exponents: Values | None
    separations: Values | None
    weights: Values | None
    dims: Values | None
    variances: Values | None
    family_weights: Values | None


class Cell(NamedTuple):
    """One cell's numbers, NaN where it was refused, the estimate's note, and the reason of a refusal."""

    value: float = math.nan
    error: float = math.nan
    log_value: float = math.nan
    log_error: float = math.nan
    log_complement: float = math.nan
    log_complement_error: float = math.nan
    note: str = ""
    refusal: str = ""


NUMBERS = Cell._fields[:-2]


@dataclass(frozen=True)
class Grid:
    """A phase diagram before it is computed."""

    axes: dict[str, list[Any]]  # the values along both axes, as they were given, by parameter
    problem: Problem  # the problem of the first cell
    how: dict[str, Any]  # the method and its arguments as they were given; None for what was not

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of values along the axes."""
        first, second = map(len, self.axes.values())
        return first, second

    @cached_property
    def _common(self) -> set[str]:
        """The arguments that all cells share."""
        return (_COMMON | {"variance", "family_weight"}) - self.axes.keys()

    def at(self, place: Place) -> Problem:
        """The problem of a cell."""
        pairs = zip(self.axes.items(), place, strict=True)
        return self.problem.but({name: values[index] for (name, values), index in pairs})

    def cell(self, place: Place) -> Cell:
        """A cell's probability; where the method does not hold, or gives up, the reason."""
        try:
            problem = self.at(place)
            estimate = collapse_probability(
                problem.target, problem.schedule, problem.init, **problem.dynamics, **self.keywords(problem)
            )
        except (DomainError, SolveError, PrecisionError) as error:
            if isinstance(error, DomainError) and error.argument in self._common:
                raise
            return Cell(refusal=f"{type(error).__name__}: {error}")
        return _cell_of(estimate)

    def keywords(self, problem: Problem) -> dict[str, Any]:
        """The method and its arguments in a cell, with the aim of maps where it takes one and none is given."""
        asked_for = {name: value for name, value in self.how.items() if value is not None}
        integrated = asked_for["method"] == "large-dim" or (asked_for["method"] == "exact" and problem.rules.reducible)
        return {"relative_error": RELATIVE_ERROR} | asked_for if integrated else asked_for


def _cell_of(estimate: Estimate) -> Cell:
    numbers: dict[str, Any] = {name: getattr(estimate, name) for name in NUMBERS}
    doubles: dict[str, Any] = {name: float(number) for name, number in numbers.items() if number is not None}
    return Cell(note=estimate.note, **doubles)


def grid_of(
    target: BimodalTarget, init: GaussianInit | SphereInit, schedule: Schedule, options: Mapping[str, Any],
    how: dict[str, Any],
) -> Grid:  # fmt: skip
    """The grid of a phase diagram; the arguments are those of `phase_diagram`."""
    axes = Axes(**keywords_for(Axes, options)).given
    for name in axes:
        _require_own(name, schedule, init)
    base = Problem(target, schedule, init, keywords_for(Dynamics, options))
    return replace(Grid(axes, base, how), problem=Grid(axes, base, how).at((0, 0)))


def _require_own(name: str, schedule: Schedule, init: GaussianInit | SphereInit) -> None:
    """Refuse an axis of a parameter that the objects do not have."""
    plural = next(axis for axis, parameter in VARIED.items() if parameter == name)
    if name == "variance" and isinstance(init, SphereInit):
        raise DomainError.of(plural, "left out for a SphereInit", [name], "means start uniform on the sphere")
    if name in (*OF_TARGET, *OF_INIT, *OF_DYNAMICS) or name in schedule.parameters:
        return
    kind, own = (
        type(schedule).__name__,
        [axis for axis, parameter in VARIED.items() if parameter in schedule.parameters],
    )
    step = f"it has {', '.join(own) or 'none of these'}; or give another schedule"
    raise DomainError.of(plural, f"left out for the schedule {kind}", [name], step)
