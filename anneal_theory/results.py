"""Frozen results: estimates, trajectories and outcomes, all of which turn into plain data (and back) or xarray."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from jaxtyping import Bool, Float

from anneal_theory.errors import DomainError
from anneal_theory.extras import require
from anneal_theory.plain_data import Ball as Ball
from anneal_theory.plain_data import array_of, arrays_of, fields_of, read_answer, read_work
from anneal_theory.plain_data import plain as plain
from anneal_theory.quantities.doors import checked
from anneal_theory.shown import Shown, in_words, with_error
from anneal_theory.work import Work

if TYPE_CHECKING:
    import xarray

_FLAGS = "collapsed", "undecided", "diverged"  # of each replica
_UNCHANGED = "give what to_dict gave, unchanged"


@checked(method="method_name")
@dataclass(frozen=True, repr=False)
class Estimate(Shown):
    """A number with its error.

    Attributes:
        value: The number, a float, or (like the other numbers) an ``mpf`` where digits were asked for, and a `Ball`
            where they are proven; 0.0 or 1.0 (or inf) where a double cannot hold it and `log_value` can.
        error: Estimated absolute error of `value` (a standard error where `method` is a simulation).
        log_value: Natural logarithm of the number, right even where `value` underflows.
        method: The route that gave it.
        log_complement: log(1 - value) of a probability; None for other numbers.
        note: What the reader should know of the regime; empty if nothing.
        log_error: Estimated absolute error of `log_value`, which holds where `error` underflows too; what `error`
            amounts to unless given, infinite where the number may be 0 within it.
        log_complement_error: The same of `log_complement`; None where that is.
        digits: How many digits were asked for; None for doubles.
        parts: What the value of a formula is made of, by name; empty for other methods.
        work: What it took; None if not counted. Two estimates with the same numbers are equal whatever they took.

    Example:
        >>> round(Estimate(0.5, 0.1, -0.693, "simulated").log_error, 3)
        0.223
    """

    value: Any
    error: Any
    log_value: Any
    method: str
    log_complement: Any = None
    note: str = ""
    log_error: Any = None
    log_complement_error: Any = None
    digits: int | None = None
    parts: dict[str, Any] = field(default_factory=dict)
    work: Work | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        own = vars(self)
        if self.log_error is None:
            own["log_error"] = _log_error(self.value, self.error, self.log_value)
        if self.log_complement_error is None and self.log_complement is not None:
            own["log_complement_error"] = _log_error(1 - self.value, self.error, self.log_complement)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON with all digits; `from_dict` takes them back. Parts are left out where there are none."""
        return {name: plain(value) for name, value in vars(self).items() if name != "parts" or value}

    @classmethod
    @checked
    def from_dict(cls, data: dict[str, object]) -> Estimate:
        """The estimate whose `to_dict` this is, equal in every number.

        Raises:
            DomainError: something is missing, is no number, or is not part of an estimate.

        Example:
            >>> found = Estimate(mpmath.mpf(1) / 3, mpmath.mpf("1e-16"), mpmath.mpf(-1), "exact", digits=15)
            >>> Estimate.from_dict(found.to_dict()) == found
            True
        """
        words = fields_of(cls, data)
        for name in words.keys() - {"method", "note", "digits", "parts", "work"}:
            words[name] = read_answer(words[name], name)
        words["parts"] = {name: read_answer(number, name) for name, number in words.get("parts", {}).items()}
        words["work"] = read_work(words.get("work"))
        return cls(**words)

    def told(self) -> dict[str, object]:
        """The number with its error and what it rests on."""
        number = {"value": self.value, "error": self.error, "log value": self.log_value, "method": self.method}
        return number | ({"note": self.note} if self.note else {})

    def __repr__(self) -> str:
        """The number, where it is too small or large for a double its logarithm, and the method."""
        beyond = isinstance(self.value, float) and self.value in (0.0, math.inf) and math.isfinite(self.log_value)
        named = f"exp({in_words(self.log_value)})" if beyond else with_error(self.value, self.error)
        return f"Estimate({named}, {self.method})"

    def __float__(self) -> float:
        return float(self.value)


def _log_error(value: Any, error: Any, log_value: Any) -> Any:
    """How far log(value) may be off where value may be off by `error`: to the side of 0, where that is more."""
    if error == 0 or not error < value:
        return 0.0 if error == 0 and (value > 0 or log_value == -math.inf) else math.inf
    return -math.log1p(-error / value) if isinstance(value, float) else -mpmath.log1p(-error / value)


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory(Shown):
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

    def __repr__(self) -> str:
        """How many times, which statistics and how it ended: the arrays are long."""
        first, last = (f"{self.times[place]:g}" if self.times.size else "-" for place in (0, -1))
        names = ", ".join(self.statistics)
        return f"Trajectory({self.times.size} times from {first} to {last}; {names}; {self.status})"

    def told(self) -> dict[str, object]:
        """Times, statistics at the end, and what happened."""
        ends = {f"{name} at the end": values[-1] for name, values in self.statistics.items() if values.ndim == 1}
        happened = {name: ", ".join(f"{time:g}" for time in times) for name, times in self.events.items() if times}
        return {"times": self.times.size, "status": self.status, **(ends if self.times.size else {}), **happened}

    @property
    def final(self) -> dict[str, np.ndarray]:
        """The last value of each statistic."""
        return {name: np.asarray(values[-1]) for name, values in self.statistics.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in vars(self).items()}

    @classmethod
    @checked
    def from_dict(cls, data: dict[str, object]) -> Trajectory:
        """The trajectory whose `to_dict` this is, equal in every number.

        Raises:
            DomainError: something is missing, or is not part of a trajectory.

        Example:
            >>> run = Trajectory(np.array([1.0]), {"m1": np.array([0.1])}, np.array([2.0]), "finished", "")
            >>> Trajectory.from_dict(run.to_dict()).to_dict() == run.to_dict()
            True
        """
        words = fields_of(cls, data)
        words |= {name: array_of(words[name], name) for name in ("times", "temperature")}
        words["statistics"] = arrays_of(words["statistics"], "statistics")
        lengths = {len(values) for values in (words["times"], words["temperature"], *words["statistics"].values())}
        if len(lengths) > 1:
            raise DomainError.of("data", "of one value a time", f"{sorted(lengths)} values", _UNCHANGED)
        return cls(**words)

    def to_xarray(self) -> xarray.Dataset:
        """A dataset over the coordinate ``time``; ``.to_zarr(path)`` saves it."""
        require("xarray")
        import xarray  # costs 0.7 s, so only where it is used

        variables = {"temperature": ("time", self.temperature)}
        for name, values in self.statistics.items():
            extra = [f"{name}_{axis}" for axis in range(values.ndim - 1)]
            variables[name] = (["time", *extra], values)  # type: ignore[assignment]
        attributes = {"status": self.status, "message": self.message}
        return xarray.Dataset(variables, coords={"time": self.times}, attrs=attributes)


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes(Shown):
    """How many replicas of a training ended.

    Attributes:
        collapsed: One bool a replica; False where it is undecided.
        mode_weight: Final mass of the family at the mode +mu*, one a replica.
        statistics: Final summary statistics by name, shape (n,) each.
        settings: What was run, as plain data (enough to run it again).
        history: Recorded curves by name, shape (records, n); empty if none were asked for.
        undecided: Replicas whose fate is not known (diverged, or not settled), one bool each; none unless given.
        diverged: Those of them that diverged, one bool each; none unless given.
    """

    collapsed: Bool[np.ndarray, " n"]
    mode_weight: Float[np.ndarray, " n"]
    statistics: dict[str, np.ndarray] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    history: dict[str, np.ndarray] = field(default_factory=dict)
    undecided: Bool[np.ndarray, " m"] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    diverged: Bool[np.ndarray, " m"] = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        for name in ("undecided", "diverged"):
            if not getattr(self, name).size:
                object.__setattr__(self, name, np.zeros(self.collapsed.size, dtype=bool))

    def __repr__(self) -> str:
        """The counts, and what there is besides: the arrays are long."""
        undecided = f", {self.replicas - self.decided} undecided" if self.decided < self.replicas else ""
        history = f"; history of {', '.join(self.history)}" if self.history else ""
        return f"Outcomes({self.count} of {self.decided} collapsed{undecided}{history})"

    def told(self) -> dict[str, object]:
        """The counts, and what there is besides."""
        counts = {"collapsed": self.count, "decided": self.decided, "replicas": self.replicas, "share": self.fraction}
        more = {"statistics": ", ".join(self.statistics), "history": ", ".join(self.history)}
        return counts | {name: words for name, words in more.items() if words}

    @property
    def count(self) -> int:
        """Number of replicas that collapsed, of the decided ones."""
        return int(self.collapsed.sum())

    @property
    def replicas(self) -> int:
        """Number of replicas, the undecided ones among them."""
        return int(self.collapsed.size)

    @property
    def decided(self) -> int:
        """Number of replicas that are decided."""
        return int(np.sum(~self.undecided))

    @property
    def fraction(self) -> float:
        """Share of the decided replicas that collapsed; NaN where none is decided."""
        return self.count / self.decided if self.decided else math.nan

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in vars(self).items()} | self._counts()

    def _counts(self) -> dict[str, int]:
        return {"count": self.count, "replicas": self.replicas, "decided": self.decided}

    @classmethod
    @checked
    def from_dict(cls, data: dict[str, object]) -> Outcomes:
        """The outcomes whose `to_dict` this is, equal in every number.

        Raises:
            DomainError: something is missing or is not part of outcomes, or the replicas are not as many everywhere.

        Example:
            >>> found = Outcomes(np.array([True, False]), np.array([0.1, 0.8]), {"m1": np.array([-9.0, 9.0])})
            >>> Outcomes.from_dict(found.to_dict()).to_dict() == found.to_dict()
            True
        """
        counts = {name: data.get(name) for name in ("count", "replicas", "decided")}
        words = fields_of(cls, {name: value for name, value in data.items() if name not in counts})
        each = {name: array_of(words[name], name) for name in (*_FLAGS, "mode_weight") if name in words}
        words |= each | {name: arrays_of(words[name], name) for name in ("statistics", "history")}
        parts = each, words["statistics"], words["history"]
        lengths = {values.shape[-1] for part in parts for values in part.values()}
        outcomes = cls(**words) if len(lengths) == 1 else None
        if outcomes is None or counts != outcomes._counts():
            step = "give the data of one training, unchanged"
            what = "of as many replicas everywhere as it counts"
            raise DomainError.of("data", what, f"{sorted(lengths)}, {counts}", step)
        return outcomes

    def to_xarray(self) -> xarray.Dataset:
        """A dataset over ``replica`` (and ``record`` for the history); ``.to_zarr(path)`` saves it."""
        require("xarray")
        import xarray  # costs 0.7 s, so only where it is used

        arrays = {name: getattr(self, name) for name in (*_FLAGS, "mode_weight")} | self.statistics
        variables: dict[str, Any] = {name: ("replica", values) for name, values in arrays.items()}
        variables |= {f"history_{name}": (("record", "replica"), values) for name, values in self.history.items()}
        return xarray.Dataset(variables, attrs={"settings": json.dumps(plain(self.settings))})
