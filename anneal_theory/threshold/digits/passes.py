"""The progress of a computation of digits of a threshold, pass by pass."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anneal_theory.numerics.progress import progress_bar


@contextmanager
def shown_passes(
    digits: int, cost_of: Callable[[int], float], *, shown: bool = True
) -> Iterator[Callable[[str, float], None]]:
    """The reports of `settled_threshold`, as a line with the cost and a bar on the standard error.

    Example:
        >>> with shown_passes(20, lambda digits: 1.0, shown=False) as tell:
        ...     tell("pass 1", 0.5)
    """
    head = f"a threshold to {digits} digits, about {cost_of(digits):.2g} s for tens of units of time"
    with progress_bar("threshold", 1.0, shown=shown, head=head, terminal=True) as move:
        yield lambda name, share: move(description=name, completed=share)
