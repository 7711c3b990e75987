"""Work on all cores."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from anneal_theory.numerics.pools import thread_pool


def side_by_side(
    work: Callable[[Any], Any], items: Iterable[Any], tell: Callable[[float], None] = lambda done: None
) -> list[Any]:
    """The work on every item, in order, on all cores: the compiled kernels let other threads run.

    Args:
        work: What is done with an item.
        items: The items.
        tell: Called with the share that is done.
    """
    queue = list(items)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    results = []
    with thread_pool(min(cores, 8)) as pool:
        for result in pool.map(work, queue):
            results.append(result)
            tell(len(results) / len(queue))
    return results
