"""Threads and processes at work, which an interruption does not wait for."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from types import FrameType
from typing import TypeVar

processes_started = False  # semaphores are shared with them, which have to be given back


_NAME = "anneal_theory"
Item = TypeVar("Item")
Result = TypeVar("Result")


def in_thread_pool() -> bool:
    """Whether this is one of a pool's threads, which share the processors already."""
    return threading.current_thread().name.startswith(_NAME)


@contextmanager
def thread_pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for compiled work, which lets others run; an interruption leaves them to end by themselves."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix=_NAME)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parallel_map(
    work: Callable[[Item], Result], items: Iterable[Item], tell: Callable[[float], None] = lambda done: None
) -> list[Result]:
    """The work on every item, in order, on all processors: the compiled kernels let other threads run."""
    queue = list(items)
    results = []
    with thread_pool(min(cores(), 8)) as pool:
        for result in pool.map(work, queue):
            results.append(result)
            tell(len(results) / len(queue))
    return results


@contextmanager
def process_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh interpreters (a forked one would share the state of other threads); an interruption ends them."""
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)
    try:
        yield pool
    except BaseException:
        started = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in started:
            process.terminate()
        pool.shutdown()  # they have ended, and what they shared is given back
        raise
    pool.shutdown()


def submit_all(
    pool: ProcessPoolExecutor, work: Callable[..., Result], items: Iterable[tuple[object, ...]]
) -> list[Future[Result]]:
    """Give the pool its work, one call for each tuple of arguments.

    The processes start here, with Ctrl-C kept from them: a terminal sends it to all, and they would tell of it by
    tracebacks of their own.
    """
    global processes_started
    processes_started = True
    with ctrl_c_waits():
        return [pool.submit(work, *item) for item in items]


@contextmanager
def ctrl_c_waits() -> Iterator[None]:
    """Ctrl-C does what it does at the end, and nothing to processes that are started meanwhile.

    So none is left half started, and what is written is counted. Processes inherit the mask; it does not serve this
    one, where another thread may take the signal.
    """
    came: list[FrameType | None] = []
    handler = signal.getsignal(signal.SIGINT)
    waits = callable(handler) and threading.current_thread() is threading.main_thread()
    if waits:
        signal.signal(signal.SIGINT, lambda number, frame: came.append(frame))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if waits:
            signal.signal(signal.SIGINT, handler)
    if came and callable(handler):
        handler(signal.SIGINT, came[0])


def _end_with_parent() -> None:
    """End this process when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
