"""A computed phase diagram as an `xarray.Dataset`, with the temperature that it is to be read against."""

import platform
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, SupportsFloat

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory._version import __version__
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.extras import require
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.phase_diagrams.filling import MapTables
from anneal_theory.phase_diagrams.grid import Grid
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities import QUANTITIES
from anneal_theory.quantities.axes import VARIED
from anneal_theory.sweeps.problem import texts
from anneal_theory.threshold.sphere.antipodal import antipodal_temperature

if TYPE_CHECKING:
    import xarray

_MEANINGS = {
    "value": "probability of collapse",
    "error": "estimated absolute error of the probability; a standard error where it is simulated",
    "log_value": "natural logarithm of the probability",
    "log_error": "estimated absolute error of log_value",
    "log_complement": "natural logarithm of 1 minus the probability",
    "log_complement_error": "estimated absolute error of log_complement",
    "note": "what the reader should know of the regime",
    "refusal": "why there is no number here",
}
_LIBRARIES = "numpy", "scipy", "numba"
_UNIT = "gradient-flow time"


def settings_of(grid: Grid) -> dict[str, object]:
    """What a map is of, as plain data: its fixed parameters, its axes, the method and its arguments as text."""
    fixed = {name: text for name, text in grid.problem.parameters.items() if name not in grid.axes}
    how = {name: str(value) for name, value in grid.keywords(grid.problem).items()}
    return fixed | how | {"axes": {name: texts(values) for name, values in grid.axes.items()}}


def map_dataset(grid: Grid, tables: MapTables, seconds: float) -> "xarray.Dataset":
    """The dataset of a computed map."""
    require("xarray")
    import xarray  # costs 0.7 s, so only where it is used

    dims = tuple(grid.axes)
    arrays = {**tables.numbers, "note": tables.note, "refusal": tables.refusal}
    variables: dict[str, Any] = {name: (dims, array, {"long_name": _MEANINGS[name]}) for name, array in arrays.items()}
    variables |= _line(grid)
    coords: dict[str, Any] = {}
    for name, values in grid.axes.items():
        unit = {"units": _UNIT} if QUANTITIES[name].time else {}
        coords[name] = (name, _doubles(values), {"long_name": QUANTITIES[name].meaning} | unit)
    return xarray.Dataset(variables, coords=coords, attrs=_attributes(grid, seconds))


def _attributes(grid: Grid, seconds: float) -> dict[str, object]:
    settings = {name: text for name, text in settings_of(grid).items() if name != "axes"}
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    versions = ", ".join([f"anneal_theory {__version__}", f"python {platform.python_version()}", *libraries])
    return settings | {"versions": versions, "command": _command(grid), "seconds": seconds}


def _command(grid: Grid) -> str:
    """The call that gives this map."""
    problem = grid.problem
    axes = {plural: _doubles(grid.axes[name]).tolist() for plural, name in VARIED.items() if name in grid.axes}
    keywords = axes | grid.keywords(problem) | dict(problem.dynamics)
    arguments = [
        *map(repr, (problem.target, problem.init, problem.schedule)),
        *(f"{name}={own!r}" for name, own in keywords.items()),
    ]
    return f"phase_diagram({', '.join(arguments)})"


def _doubles(values: list[Any]) -> FloatArray:
    return np.array([float(exact(value)) for value in values])


def _line(grid: Grid) -> dict[str, object]:
    """The temperature that separates phases, over the axes that it depends on, with the reason where there is none."""
    rules = grid.problem.rules
    if rules.constraint == "free" and rules.equal_weights and "family_weight" not in grid.axes:
        return _over_targets(
            grid, "critical_temperature", critical_temperature, "T_c, above which there is no collapsed state"
        )
    if rules.constraint == "sphere" and rules.variance != "fixed":
        what = "T_a, below which a pair does not stay antipodal; R^2/alpha for large R"
        return _over_targets(grid, "antipodal_temperature", antipodal_temperature, what)
    return {}


def _over_targets(
    grid: Grid, name: str, function: Callable[[BimodalTarget], SupportsFloat], what: str
) -> dict[str, object]:
    """A function of the target alone over the axes that change the target."""
    dims = tuple(axis for axis in grid.axes if axis in ("separation", "weight"))
    shape = tuple(len(grid.axes[axis]) for axis in dims)
    numbers, reasons = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    for place in np.ndindex(shape):
        changes = {axis: grid.axes[axis][index] for axis, index in zip(dims, place, strict=True)}
        try:
            numbers[place] = float(function(grid.problem.but(changes).target))
        except DomainError as error:  # NoCollapsedState is one
            reasons[place] = f"{type(error).__name__}: {error}"
    why = {"long_name": f"why there is no {name}"}
    return {name: (dims, numbers, {"long_name": what}), f"{name}_refusal": (dims, reasons, why)}
