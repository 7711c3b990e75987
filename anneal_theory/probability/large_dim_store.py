"""Thresholds found on the way to a probability: kept in a file, so that an interrupted run can go on; and progress."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint

from anneal_theory.errors import DomainError
from anneal_theory.storage import atomic_write

_KIND = "anneal-theory thresholds of a large-dim probability"


@dataclass(frozen=True)
class Node:
    """A node of the rule.

    Attributes:
        sign: Of delta(0) (chooses the family weight).
        side: Of the unstable zero: 1, -1, or 0 where there is none.
        index: u is this many finest steps.
        s0: (m1 + m2)/2 at the start.
        digits: Digits of rho_c that it needs; 0 where doubles do.
        rough: log rho_c in doubles.
    """

    sign: int
    side: int
    index: int
    s0: Fraction
    digits: int
    rough: float


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

    def has(self, node: Node) -> bool:
        """Whether the threshold is known to the digits that are needed."""
        return bool(self._found.get(_key(node), [-1])[0] >= node.digits)

    def keep(self, node: Node, log_rho: str) -> None:
        """Take a threshold in, and write the file anew: whole, or not at all."""
        self._found[_key(node)] = [node.digits, log_rho]
        if self._path is not None:
            document = {"kind": _KIND, "settings": self._settings, "thresholds": self._found}
            atomic_write(self._path, json.dumps(document, indent=1).encode())

    def log_rho(self, node: Node) -> Any:
        """As an exact Arb number at flint's working precision."""
        return flint.arb(self._found[_key(node)][1] if node.digits else node.rough).mid()

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


def _key(node: Node) -> str:
    return f"{node.sign:+d} {node.s0}"


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
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("thresholds", total=total)
        yield lambda: progress.update(task, advance=1)
