"""Thresholds that an average needs, found on all processes asked for and kept as they come."""

from collections.abc import Callable, Sequence
from concurrent.futures import as_completed

from anneal_theory.numerics.pools import process_pool, submit_all
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.probability.digits.checkpoint import Node, Store


def filled(
    store: Store,
    missing: Sequence[Sequence[Node]],
    thresholds: Callable[[Sequence[Node]], list[str]],
    seconds: float,
    progress: bool,
    processes: int,
) -> None:
    """Put the thresholds of nodes into the store, in order.

    Args:
        store: Keeps those of each group as they come.
        missing: Groups of nodes, those that take longest first.
        thresholds: From a group to the logarithms of its thresholds, as text; a function that processes can be given.
        seconds: What all of it is expected to take.
        progress: Whether the cost and a bar are written to the standard error.
        processes: How many work at once.
    """
    count = sum(len(group) for group in missing)
    cost = f"{count} thresholds, about {seconds:.0f} s"
    with progress_bar("thresholds", count, shown=progress and bool(missing), head=cost, terminal=True) as move:
        if processes == 1:
            for group in missing:
                store.keep_all(group, thresholds(group))
                move(advance=len(group))
            return
        with process_pool(processes) as pool:
            waiting = dict(zip(submit_all(pool, thresholds, [(group,) for group in missing]), missing, strict=True))
            for done in as_completed(waiting):
                store.keep_all(waiting[done], done.result())
                move(advance=len(waiting[done]))
