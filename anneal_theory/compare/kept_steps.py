"""Steps of a long comparison, each kept in a file as soon as it is there, so that an end costs the step it came in."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from anneal_theory._version import __version__
from anneal_theory.errors import SolveError
from anneal_theory.results import plain
from anneal_theory.sealed import read_sealed_json, refused, require_same, write_sealed
from anneal_theory.sweeps.rows import RowFile, fill_rows

StepResults: TypeAlias = Mapping[str, Any]
_FORMAT = 1
_NO_NUMBERS = ("progress", "threads", "checkpoint")  # settings on which no number depends


def kept_steps(
    steps: Mapping[str, Callable[[StepResults], object]], path: str | Path | None, kind: str, settings: StepResults,
    sound: Callable[[StepResults], object],
) -> dict[str, Any]:  # fmt: skip
    """What the steps come to by name, as plain data; those that the file holds are not done again.

    Each step takes the results of those before it. `sound` reads the results that a file holds: what it raises refuses
    the file, as a file of other settings is refused and left as it is.
    """
    results: dict[str, Any] = {}
    own = {name: value for name, value in settings.items() if name not in _NO_NUMBERS}
    head = {"version": __version__, "settings": json.loads(json.dumps(plain(own)))}

    def work(name: str) -> Any:
        try:
            results[name] = json.loads(json.dumps(plain(steps[name](results)), allow_nan=False))
        except SolveError as error:
            raise SolveError(f"{name}: {error}") from error
        return results[name]

    def write(path: Path, done: StepResults) -> None:
        write_sealed(path, kind, _FORMAT, json.dumps(head | {"steps": done}, allow_nan=False).encode())

    def read(path: Path) -> dict[str, Any]:
        content = read_sealed_json(path, kind, _FORMAT)
        require_same(path, {part: content.get(part) for part in head}, head)
        done = content.get("steps")
        try:
            if not isinstance(done, dict) or not done.keys() <= steps.keys():
                raise ValueError("other steps")
            sound(done)
        except (KeyError, TypeError, ValueError, AttributeError) as error:  # a DomainError is a ValueError
            raise refused(path, f"whole ({type(error).__name__} in its steps: {error})") from error
        return done

    file = None if path is None else RowFile(Path(path), read, write)
    return fill_rows(
        {name: name for name in steps}, work, file, what="comparison", keeper="checkpoint", progress=False,
        keep=results.__setitem__,
    )  # fmt: skip
