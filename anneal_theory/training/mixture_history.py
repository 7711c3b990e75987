"""Statistics recorded along a mixture's training: a replica's steps are made in parts, and looked at in between."""

from collections.abc import Callable, Sequence

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.training.mixture_adaptive import Adapted, Advance, LogDensityDraws, Planned

STATISTICS = ("m1", "m2", "s11", "s12", "s22")
SPHERE_STATISTICS = ("m1", "m2", "pair_overlap", "v1", "v2")
_COLUMNS = 2 + len(STATISTICS)


class Recorder:
    """Records of one replica, one every so many steps (None: none), of what `observe` gives."""

    def __init__(self, every: int | None, observe: Callable[[], Sequence[float]]) -> None:
        self._every, self._observe = every, observe
        self._done, self._temperature = 0, np.nan
        self._rows: list[list[float]] = []

    def drive(
        self, cooling: Planned | Adapted, advance: Advance, log_density: LogDensityDraws
    ) -> tuple[list[float], float]:
        """Train the replica as `cooling` does; with records it makes all steps, even at rest."""
        if self._every is None:
            return cooling.drive(advance, log_density)
        made = cooling.drive(self._parted(advance, self._every), log_density)
        self._record()
        return made

    @property
    def values(self) -> FloatArray:
        """All records, one after the other."""
        return np.array(self._rows, dtype=np.float64).ravel()

    def _parted(self, advance: Advance, every: int) -> Advance:
        def parted(temperatures: FloatArray, calm_from: int | None) -> int:
            made = 0
            while made < len(temperatures):
                self._temperature = float(temperatures[made])
                if self._done % every == 0:
                    self._record()
                part = temperatures[made : made + every - self._done % every]
                advance(part, None)
                made, self._done, self._temperature = made + len(part), self._done + len(part), float(part[-1])
            return made

        return parted

    def _record(self) -> None:
        self._rows.append([float(self._done), self._temperature, *self._observe()])


def records_of(every: int | None, steps: int) -> int:
    """Numbers in the records of one replica that makes so many steps.

    Example:
        >>> records_of(40, 100), records_of(None, 100)
        (28, 0)
    """
    return 0 if every is None else _COLUMNS * (-(-steps // every) + 1)


def history_of(records: FloatArray, statistics: tuple[str, ...] = STATISTICS) -> dict[str, FloatArray]:
    """Curves by name, shape (records, n), from the records of n replicas in rows; none where nothing was recorded.

    Example:
        >>> history_of(np.arange(14.0)[None])["m1"]
        array([[2.],
               [9.]])
    """
    if not records.size:
        return {}
    cube = records.reshape(len(records), -1, _COLUMNS)
    names = ("step", "temperature", *statistics)
    return {name: np.ascontiguousarray(cube[:, :, column].T) for column, name in enumerate(names)}
