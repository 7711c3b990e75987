"""The progress bar on the standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeAlias

Move: TypeAlias = Callable[..., None]
"""Moves the bar: ``advance=`` by so much, or ``completed=`` to there; ``description=`` is written beside it."""


@contextmanager
def progress_bar(
    what: str, total: float | None, *, shown: bool = True, done: float = 0, head: str = "", terminal: bool = False
) -> Iterator[Move]:
    """A function that moves the bar; it does nothing where no bar is shown.

    The total is a number of things, which are counted beside the bar, 1.0 for a share, or None for nobody knows how
    many; with `terminal` only a terminal has the bar, and `head`, a line before it, is written anyway.

    Example:
        >>> with progress_bar("training", 3, shown=False) as move:
        ...     move(advance=1)
    """
    if not shown:
        yield lambda **change: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if head:
        console.print(head)
    ends: tuple[ProgressColumn, ...] = MofNCompleteColumn(), TimeRemainingColumn()
    if not isinstance(total, int):
        ends = (TimeElapsedColumn(),) if total else (MofNCompleteColumn(), TimeElapsedColumn())
    columns = TextColumn("{task.description}"), BarColumn(), *ends
    hidden = terminal and not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=total, completed=done)  # type: ignore[arg-type]  # rich counts in floats as well
        yield partial(bar.update, task)
