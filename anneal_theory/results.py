"""Frozen results: estimates, balls, trajectories and outcomes, all of which turn into plain data or xarray."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from jaxtyping import Bool, Float

from anneal_theory.exact import exact
from anneal_theory.quantities.doors import checked

if TYPE_CHECKING:
    import xarray


@checked(method="method_name")
@dataclass(frozen=True)
class Estimate:
    """A number with its error.

    Attributes:
        value: The number, a float, or (like the other numbers) an ``mpf`` where digits were asked for; 0.0 or 1.0 (or
            inf) where a double cannot hold it and `log_value` can.
        error: Estimated absolute error of `value` (a standard error where `method` is a simulation).
        log_value: Natural logarithm of the number, right even where `value` underflows.
        method: The route that gave it.
        log_complement: log(1 - value) of a probability; None for other numbers.
        note: What the reader should know of the regime; empty if nothing.
    """

    value: Any
    error: Any
    log_value: Any
    method: str
    log_complement: Any = None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in vars(self).items()}

    def __float__(self) -> float:
        return float(self.value)


@checked
@dataclass(frozen=True)
class Ball:
    """A proven enclosure: the number lies within `radius` of `midpoint`.

    Its text shows all its digits, whatever the precision of mpmath's global context.

    Attributes:
        midpoint: `mpmath.mpf` at the centre.
        radius: `mpmath.mpf`, an upper bound of the distance.

    Example:
        >>> Ball(mpmath.mpf("0.25"), mpmath.mpf("1e-30"))
        Ball(0.25 +/- 1.00001E-30)
    """

    midpoint: Any
    radius: Any

    @property
    def value(self) -> Any:
        """The midpoint."""
        return self.midpoint

    @property
    def error(self) -> Any:
        """The radius."""
        return self.radius

    def __str__(self) -> str:
        return "{midpoint} +/- {radius}".format(**self.to_dict())

    def __repr__(self) -> str:
        return f"Ball({self})"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: decimal strings, the radius rounded up so that they still enclose the number."""
        digits = max(20, 2 + math.ceil(self.midpoint.bc * math.log10(2)))
        midpoint = mpmath.nstr(self.midpoint, digits)
        lost = abs(exact(midpoint) - exact(self.midpoint))
        radius = exact(self.radius) + lost
        with localcontext(prec=6, rounding=ROUND_UP):
            return {"midpoint": midpoint, "radius": str(Decimal(radius.numerator) / Decimal(radius.denominator))}


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Summary statistics along the training flow.

    Attributes:
        times: Gradient-flow times, shape (n,).
        statistics: One array of shape (n,) a statistic (or (n, ...) for matrices), by name.
        temperature: T(t) at the times, shape (n,).
        status: "finished", "event" or "stopped-early"; the flow reached the last time only if "finished".
        message: One sentence on how it ended.
        events: Times of the named events, in order of time.
    """

    times: Float[np.ndarray, " n"]
    statistics: dict[str, np.ndarray]
    temperature: Float[np.ndarray, " n"]
    status: str
    message: str
    events: dict[str, list[float]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.statistics[name]

    @property
    def final(self) -> dict[str, np.ndarray]:
        """The last value of each statistic."""
        return {name: np.asarray(values[-1]) for name, values in self.statistics.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in vars(self).items()}

    def to_xarray(self) -> xarray.Dataset:
        """A dataset over the coordinate ``time``; ``.to_zarr(path)`` saves it."""
        import xarray  # costs 0.7 s, so only where it is used

        variables = {"temperature": ("time", self.temperature)}
        for name, values in self.statistics.items():
            extra = [f"{name}_{axis}" for axis in range(values.ndim - 1)]
            variables[name] = (["time", *extra], values)  # type: ignore[assignment]
        attributes = {"status": self.status, "message": self.message}
        return xarray.Dataset(variables, coords={"time": self.times}, attrs=attributes)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """How many replicas of a training ended.

    Attributes:
        collapsed: One bool a replica.
        mode_weight: Final mass of the family at the mode +mu*, one a replica.
        statistics: Final summary statistics by name, shape (n,) each.
        settings: What was run, as plain data (enough to run it again).
        history: Recorded curves by name, shape (records, n); empty if none were asked for.
    """

    collapsed: Bool[np.ndarray, " n"]
    mode_weight: Float[np.ndarray, " n"]
    statistics: dict[str, np.ndarray] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    history: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of replicas that collapsed."""
        return int(self.collapsed.sum())

    @property
    def replicas(self) -> int:
        """Number of replicas."""
        return int(self.collapsed.size)

    @property
    def fraction(self) -> float:
        """Share of replicas that collapsed."""
        return self.count / self.replicas

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        counts = {"count": self.count, "replicas": self.replicas}
        return {name: plain(value) for name, value in vars(self).items()} | counts

    def to_xarray(self) -> xarray.Dataset:
        """A dataset over ``replica`` (and ``record`` for the history); ``.to_zarr(path)`` saves it."""
        import json

        import xarray  # costs 0.7 s, so only where it is used

        variables: dict[str, Any] = {"collapsed": ("replica", self.collapsed)}
        variables["mode_weight"] = ("replica", self.mode_weight)
        variables |= {name: ("replica", values) for name, values in self.statistics.items()}
        variables |= {f"history_{name}": (("record", "replica"), values) for name, values in self.history.items()}
        return xarray.Dataset(variables, attrs={"settings": json.dumps(plain(self.settings))})


def plain(value: Any) -> Any:
    """A value as JSON data: arrays become lists, infinities and numbers without a JSON form become strings."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return str(value)
