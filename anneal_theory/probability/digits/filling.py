"""Thresholds that an average needs, found on all processes asked for and kept as they come."""

from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from typing import Any

from anneal_theory.numerics.pools import process_pool, submit_all
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.probability.digits.checkpoint import Node, Store


def filled(
    store: Store, missing: Sequence[Node], threshold: Callable[[Any], str], seconds: float, progress: bool,
    processes: int,
) -> None:  # fmt: skip
    """Put the thresholds of nodes into the store, in order.

    Args:
        store: Keeps each as it comes.
        missing: The nodes, those that take longest first.
        threshold: From a node to the logarithm of its threshold, as text; a function that processes can be given.
        seconds: What all of it is expected to take.
        progress: Whether the cost and a bar are written to the standard error.
        processes: How many work at once.
    """
    cost = f"{len(missing)} thresholds, about {seconds:.0f} s"
    shown = progress and bool(missing)
    with progress_bar("thresholds", len(missing), shown=shown, head=cost, terminal=True) as move:
        if processes == 1:
            for node in missing:
                store.keep(node, threshold(node))
                move(advance=1)
            return
        with process_pool(processes) as pool:
            waiting = dict(zip(submit_all(pool, threshold, [(node,) for node in missing]), missing, strict=True))
            for done in as_completed(waiting):
                store.keep(waiting[done], done.result())
                move(advance=1)
