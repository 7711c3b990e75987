"""`anneal-theory rerun`: the sweep of a store, from what the store says of itself."""

from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.option_fields import typed_integer
from anneal_theory.cli.options import OUTPUT, OutputGroup, Quiet
from anneal_theory.cli.sweep import DryRun, Scheduler, Slow, Workers, run_or_plan


def rerun(
    store: Annotated[str, Parameter(help="the store of a sweep", metavar="STORE")],
    /,
    *,
    into: Annotated[
        str | None,
        Parameter(help="compute all cells again into this store, and leave the first as it is", metavar="FOLDER"),
    ] = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
    dry_run: DryRun = False,
    allow_slow: Slow = False,
    quiet: Quiet = False,
    output: OutputGroup = OUTPUT,
) -> None:
    """Run the sweep of a store again, or the rest of it.

    `anneal-theory rerun runs.zarr` computes the cells that the store lacks; with --into all of them, into a new one.
    """
    from anneal_theory.sweeps.store import kept_into, stored_sweep

    setting, command = stored_sweep(store, into)
    how: dict[str, Any] = {"store": store if into is None else into, "scheduler": scheduler}
    how |= {} if workers is None else {"workers": typed_integer(workers, "workers")}
    with kept_into(into):
        run_or_plan(setting, how, command, dry_run, allow_slow, quiet, output)
