"""Thresholds found on the way to a probability: kept in a file, so that an interrupted run can go on; and progress."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import flint

from anneal_theory.errors import DomainError

_KIND = "anneal-theory thresholds of a large-dim probability"


class Place(Protocol):
    """What a threshold belongs to."""

    @property
    def sign(self) -> int:
        """Of delta(0)."""

    @property
    def s0(self) -> Any:
        """The mean overlap, a Fraction."""

    @property
    def digits(self) -> int:
        """Digits of the threshold; 0 where the double serves."""

    @property
    def rough(self) -> float:
        """log rho_c in doubles."""


class Store:
    """log rho_c by place, in memory and, if there is one, in a file.

    Args:
        path: The file; None for none.
        settings: What the thresholds are of, as text by name.

    Raises:
        DomainError: the file is damaged, or of other settings.
    """

    def __init__(self, path: str | Path | None, settings: dict[str, str]) -> None:
        self._path = None if path is None else Path(path)
        self._settings = settings
        self._found: dict[str, list[Any]] = {}
        if self._path is None:
            return
        if self._path.exists():
            self._found = self._read(self._path)
        elif not self._path.parent.is_dir():
            raise DomainError.of("checkpoint", "a file in a folder that exists", str(path), "make the folder first")

    def has(self, place: Place) -> bool:
        """Whether the threshold is known to the digits that are needed."""
        return self._found.get(_key(place), [-1])[0] >= place.digits

    def keep(self, place: Place, log_rho: str) -> None:
        """Take a threshold in, and write the file anew: whole, or not at all."""
        self._found[_key(place)] = [place.digits, log_rho]
        if self._path is not None:
            document = {"kind": _KIND, "settings": self._settings, "thresholds": self._found}
            draft = self._path.with_name(self._path.name + ".part")
            draft.write_text(json.dumps(document, indent=1), encoding="utf-8")
            os.replace(draft, self._path)

    def log_rho(self, place: Place) -> Any:
        """As an exact Arb number at flint's working precision."""
        return flint.arb(self._found[_key(place)][1] if place.digits else place.rough).mid()

    def _read(self, path: Path) -> dict[str, list[Any]]:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            kind, settings, found = document["kind"], document["settings"], document["thresholds"]
            whole = kind == _KIND and isinstance(settings, dict) and all(_sound(*one) for one in found.values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            raise DomainError.of(
                "checkpoint", "one that this calculation wrote", str(path), "it is damaged or another file: remove it"
            )
        for name, value in self._settings.items():
            if settings.get(name) != value:
                raise DomainError.of(
                    "checkpoint", f"one of the same {name}, {value}", str(path),
                    f"it was begun with {settings.get(name)}: name another file, or remove it",
                )  # fmt: skip
        return dict(found)


def _key(place: Place) -> str:
    return f"{place.sign:+d} {place.s0}"


def _sound(digits: object, log_rho: object) -> bool:
    return isinstance(digits, int) and isinstance(log_rho, str) and bool(flint.arb(log_rho).is_finite())


@contextmanager
def shown_progress(shown: bool, total: int, seconds: float) -> Iterator[Callable[[], None]]:
    """Say the cost on the standard error, then show a bar; the function given moves it by one threshold."""
    if not shown or not total:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    console.print(f"{total} thresholds, about {seconds:.0f} s")
    columns = TextColumn("thresholds"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("thresholds", total=total)
        yield lambda: progress.update(task, advance=1)
