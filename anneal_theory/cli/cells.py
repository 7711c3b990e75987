"""The cells of `anneal-theory compare`: computed, or taken from a file of an interrupted run."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anneal_theory.cli.output import as_json
from anneal_theory.sealed import read_sealed_json, refused, require_same, write_sealed

if TYPE_CHECKING:
    from anneal_theory.schedules import Schedule

_KIND = "anneal-theory cells of a comparison"
_FORMAT = 3
_WORDS = ("nan", "inf")  # of counts and biases without a decided run


class Cells:
    """Results of cells by schedule.

    Args:
        path: File to take finished cells from where it exists, and to write them to; None for none.
        settings: What all cells have in common; a file of others is refused.

    Raises:
        DomainError: the file is damaged or of other settings; it is left as it is.
    """

    def __init__(self, path: str | None, settings: dict[str, object]) -> None:
        self._path = None if path is None else Path(path)
        self._settings = settings
        self._done: dict[str, Any] = {}
        if self._path is not None and self._path.exists():
            self._done = self._read(self._path)

    def results(self, schedules: "Sequence[Schedule]", words: dict[str, object]) -> list[dict[str, object]]:
        """The comparisons of several schedules, as plain data.

        Raises:
            Interrupted: Ctrl-C; finished cells are in the file.
        """
        try:
            return [self.result(one, words) for one in schedules]
        except KeyboardInterrupt as interruption:
            from anneal_theory.errors import Interrupted

            finished = sum(repr(one) in self._done for one in schedules)
            done = f"interrupted with {finished} of {len(schedules)} cells finished"
            if self._path is None or not self._path.exists():
                raise Interrupted(f"{done}; nothing is kept without --checkpoint FILE") from interruption
            lost = "" if finished == len(schedules) else ", the one in progress starts again"
            again = f"the same command with --checkpoint {self._path} goes on from there"
            raise Interrupted(f"{done} and kept{lost}; {again}", self._path) from interruption

    def result(self, schedule: "Schedule", words: dict[str, Any]) -> dict[str, Any]:
        """The comparison of one schedule, as plain data."""
        key = repr(schedule)
        if key not in self._done:
            from anneal_theory.compare import compare_training

            found = compare_training(schedule=schedule, **words)
            self._done[key] = json.loads(json.dumps(found.to_dict(), allow_nan=False))
            self._write()
        result: dict[str, Any] = self._done[key]
        return result

    def _write(self) -> None:
        if self._path is not None:
            write_sealed(self._path, _KIND, _FORMAT, as_json("compare", self._settings, self._done).encode())

    def _read(self, path: Path) -> dict[str, object]:
        own = json.loads(as_json("compare", self._settings, {}))
        found = read_sealed_json(path, _KIND, _FORMAT)
        parts = ("version", "settings")
        require_same(path, {part: found.get(part) for part in parts}, {part: own[part] for part in parts})
        cells = found.get("result")
        if not isinstance(cells, dict):
            raise refused(path, 'whole (it has no "result")')
        for name, cell in cells.items():
            if not _sound(cell):
                raise refused(path, f"whole (its cell of {name} is no comparison with a count of runs)")
        return cells


def _sound(cell: Any) -> bool:
    """Whether a cell has what the table and the JSON take from it, and a count that can be one."""
    try:
        count = cell["count"]
        hits, replicas, numbers = count["collapsed"], count["replicas"], (count["share"], count["low"], count["high"])
        words, biases = (
            cell["verdict"],
            [(b["cause"], b["value"], b["error"], b["replicas"], b["undecided"]) for b in cell["biases"]],
        )
        numbers += (cell["theory"]["value"], cell["false_alarm"], *(x for bias in biases for x in bias[1:]))
        whole = isinstance(words, str) and isinstance(cell["settings"]["schedule"], dict)
        counted = type(hits) is int and type(replicas) is int and 0 <= hits <= replicas and replicas > 0
        known = all(isinstance(x, int | float) or x in _WORDS for x in numbers)
        inside = count["share"] in _WORDS or count["low"] <= count["share"] <= count["high"]
        return whole and counted and known and inside and 0 <= count["low"] <= count["high"] <= 1
    except (KeyError, TypeError, IndexError):
        return False
