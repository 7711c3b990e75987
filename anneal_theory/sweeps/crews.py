"""Those who work at cells: this thread, threads of this process, processes of this machine, or a Dask cluster."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import ExitStack, contextmanager
from typing import Any

from anneal_theory.errors import DomainError, SolveError
from anneal_theory.extras import load
from anneal_theory.numerics.pools import cores, process_pool, submit_all, thread_pool
from anneal_theory.sweeps.running import Crew, Place

_PATIENCE = "10s"  # for the scheduler's answer


@contextmanager
def own_crew(work: Callable[[Any], Any], cell: Callable[[Place], Any]) -> Iterator[Crew]:
    """This thread, cell by cell, for work that takes all cores and acts on Ctrl-C; `cell` is what the work is given."""

    def submit(place: Place) -> "Future[Any]":
        finished: Future[Any] = Future()
        finished.set_result(work(cell(place)))
        return finished

    yield Crew(submit, lambda: 1)


@contextmanager
def thread_crew(work: Callable[[Any], Any], cell: Callable[[Place], Any], workers: int | None) -> Iterator[Crew]:
    """Threads of this process, one a core unless a number is given."""
    count = workers or cores()
    with thread_pool(count) as pool:
        yield Crew(lambda place: pool.submit(work, cell(place)), lambda: count)


@contextmanager
def process_crew(work: Callable[[Any], Any], cell: Callable[[Place], Any], workers: int | None) -> Iterator[Crew]:
    """Processes of this machine, one a core unless a number is given; a single one is this process itself.

    They are those of `anneal_theory.numerics.pools`, which end with this process however it ends, and which Ctrl-C
    does not reach. Methods that hold the interpreter's lock, and torch, whose settings belong to a process, then work
    side by side.
    """
    count = workers or cores()
    if count == 1:
        with thread_crew(work, cell, 1) as crew:
            yield crew
        return
    try:
        with process_pool(count) as pool:
            yield Crew(lambda place: submit_all(pool, work, [(cell(place),)])[0], lambda: count)
    except BrokenExecutor as error:
        step = "the same call goes on with what is kept; fewer workers need less memory"
        raise SolveError(f"a worker was ended from outside, by the system where memory is short; {step}.") from error


@contextmanager
def dask_crew(work: Callable[[Any], Any], cell: Callable[[Place], Any], scheduler: Any) -> Iterator[Crew]:
    """The workers of a Dask cluster: a cell whose worker is lost is given to another.

    The work and its cells travel to the workers; the scheduler is an address ("tcp://host:8786"), or a
    `distributed.Client`. A cell whose workers were lost again and again ends it.
    """
    dask = load("distributed")  # costs a second, so only where it is used
    with ExitStack() as stack:
        client = scheduler
        if isinstance(scheduler, str):
            try:
                client = stack.enter_context(dask.Client(scheduler, timeout=_PATIENCE))
            except (OSError, ValueError, TypeError) as error:  # no other exception means a bad address
                step = "start one with `dask scheduler` and workers with `dask worker`, or leave it out to work here"
                what = "the address of a Dask scheduler that answers, such as tcp://host:8786"
                raise DomainError.of("scheduler", what, scheduler, step) from error
        pool = client.get_executor(pure=False)
        lost = dask.KilledWorker, dask.comm.CommClosedError, CancelledError
        try:
            yield Crew(lambda place: pool.submit(work, cell(place)), lambda: max(1, sum(client.nthreads().values())))
        except lost as error:
            pool.shutdown(wait=False)
            what = "the cluster gave a cell up: its workers were lost again and again, or the scheduler is gone"
            step = "the same call goes on with what is kept"
            raise SolveError(f"{what} ({type(error).__name__}); {step}.") from error
        except BaseException:
            pool.shutdown(wait=False)
            raise
        pool.shutdown()
