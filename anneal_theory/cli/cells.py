"""The cells of `anneal-theory compare`: computed, or taken from a file of an interrupted run."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anneal_theory.cli.output import as_json
from anneal_theory.storage import atomic_write

if TYPE_CHECKING:
    from anneal_theory.schedules import Schedule


class Cells:
    """Results of cells by schedule.

    Args:
        path: File to take finished cells from where it exists, and to write them to; None for none.
        settings: What all cells have in common; a file of others is refused.

    Raises:
        DomainError: the file is damaged or of other settings; it is left as it is.
    """

    def __init__(self, path: str | None, settings: dict[str, Any]) -> None:
        self._path = None if path is None else Path(path)
        self._settings = settings
        self._done: dict[str, Any] = {}
        if self._path is not None and self._path.exists():
            self._done = self._read(self._path)

    def results(self, schedules: "Sequence[Schedule]", words: dict[str, Any]) -> list[dict[str, Any]]:
        """The comparisons of several schedules, as plain data.

        Raises:
            Interrupted: Ctrl-C; finished cells are in the file.
        """
        found: list[dict[str, Any]] = []
        try:
            for one in schedules:
                found.append(self.result(one, words))  # so that those before an interruption are counted
        except KeyboardInterrupt as interruption:
            from anneal_theory.errors import Interrupted

            done = f"interrupted with {len(found)} of {len(schedules)} cells finished"
            if self._path is None or not self._path.exists():
                raise Interrupted(f"{done}; nothing is kept without --checkpoint FILE") from interruption
            kept = f"{len(found)} of {len(schedules)} cells are kept; the same command with --checkpoint {self._path}"
            raise Interrupted(f"interrupted: {kept} goes on from there", self._path) from interruption
        return found

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
            atomic_write(self._path, (as_json("compare", self._settings, self._done) + "\n").encode())

    def _read(self, path: Path) -> dict[str, Any]:
        from anneal_theory.errors import DomainError

        own = json.loads(as_json("compare", self._settings, {}))
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            cells: dict[str, Any] = found["result"]
            whole = all(one["verdict"] and one["count"]["replicas"] for one in cells.values())
        except (ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            raise DomainError.of("checkpoint", "a whole file of this command", str(path), "move it away to start anew")
        for part in ("version", "settings"):
            if found.get(part) != own[part]:
                raise DomainError.of(
                    "checkpoint", f"of the same {part}", str(path), "give another file, or move this one away"
                )
        return cells
