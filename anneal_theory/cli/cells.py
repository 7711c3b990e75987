"""The cells of `anneal-theory compare`: computed, or taken from a file of an interrupted run."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anneal_theory.cli.output import as_json
from anneal_theory.sealed import read_sealed_json, refused, require_same, write_sealed

if TYPE_CHECKING:
    from anneal_theory.schedules import Schedule

_KIND = "anneal-theory cells of a comparison"
_FORMAT = 3
_WORDS = ("nan", "inf")  # of counts and biases without a decided run


def compared(
    schedules: "Sequence[Schedule]", words: dict[str, Any], path: str | None, settings: dict[str, object]
) -> list[dict[str, Any]]:
    """The comparisons of several schedules, as plain data; a file of other settings, or damaged, is left as it is."""
    from anneal_theory.compare import compare_training
    from anneal_theory.sweeps.rows import RowFile, fill_rows

    def result(schedule: "Schedule") -> dict[str, Any]:
        comparison: dict[str, Any] = json.loads(
            json.dumps(compare_training(schedule=schedule, **words).to_dict(), allow_nan=False)
        )
        return comparison

    def write(path: Path, done: Mapping[str, Any]) -> None:
        write_sealed(path, _KIND, _FORMAT, as_json("compare", settings, done).encode())

    file = None if path is None else RowFile(Path(path), lambda path: _read(path, settings), write)
    cells = {repr(schedule): schedule for schedule in schedules}
    # trainings take all cores, and have a bar of their own
    rows = fill_rows(cells, result, file, what="comparison", keeper="checkpoint", progress=False)
    return [rows[repr(schedule)] for schedule in schedules]


def _read(path: Path, settings: dict[str, object]) -> dict[str, Any]:
    """The finished cells of a file, by schedule."""
    own = json.loads(as_json("compare", settings, {}))
    content = read_sealed_json(path, _KIND, _FORMAT)
    parts = ("version", "settings")
    require_same(path, {part: content.get(part) for part in parts}, {part: own[part] for part in parts})
    cells = content.get("result")
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
        numeric = all(isinstance(x, int | float) or x in _WORDS for x in numbers)
        inside = count["share"] in _WORDS or count["low"] <= count["share"] <= count["high"]
        return whole and counted and numeric and inside and 0 <= count["low"] <= count["high"] <= 1
    except (KeyError, TypeError, IndexError):
        return False
