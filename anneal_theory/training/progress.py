"""A progress bar on the standard error that can be switched off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(shown: bool, total: int, what: str = "training") -> Iterator[Callable[[int], None]]:
    """A function that moves the bar by a number of replicas; it does nothing where no bar is shown."""
    if not shown:
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.update(task, advance=count)


@contextmanager
def loss_bar(shown: bool, total: int, done: int) -> Iterator[Callable[[float, float], None]]:
    """A function to call after each step, which moves a progress bar where one is shown."""
    if not shown:
        yield lambda loss, temperature: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("training", total=total, completed=done)

        def advance(loss: float, temperature: float) -> None:
            progress.update(task, advance=1, description=f"T = {temperature:.3f}, loss = {loss:.3f}")

        yield advance
