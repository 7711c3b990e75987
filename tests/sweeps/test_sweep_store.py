"""The store of a sweep: whole after kills, refused by name where it is another's, damaged or in use."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray
import zarr

import anneal_theory as at
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.sweeps.cells import computed_cell
from anneal_theory.sweeps.crews import dask_crew

TARGET, SCHEDULE, INIT = at.BimodalTarget(3, "0.8"), at.Exponential(30, 1000), at.GaussianInit(8)
AXES = {"separation": ["2.8", 3], "decay_time": [1000, 2000, "9000/2"]}
GUARD = 120.0
# 200 cells, each of which draws; a cell takes some milliseconds.
MANY = {"separation": np.linspace(2, 4, 20).round(3).tolist(), "batch_size": list(range(2, 12))}
SHORT = {"replicas": 2, "step_size": 0.25, "end_time": 25}
RUN = """
import json, sys
import anneal_theory as at
axes, short = json.loads(sys.argv[2])
at.sweep("mixture", axes, at.BimodalTarget(3, "0.8"), at.Constant(1), at.GaussianInit(8), store=sys.argv[1],
    workers=1, **short)
"""


def swept(store, **given):
    words = {"axes": AXES, "method": "leading-order"} | given
    return at.sweep("threshold", words.pop("axes"), TARGET, SCHEDULE, store=store, workers=1, **words)


def finished(store) -> int:
    """How many cells have their last number."""
    return sum(1 for one in Path(store, "seconds").glob("c/**/*") if one.is_file() and one.suffix != ".partial")


@pytest.fixture
def kept(tmp_path) -> Path:
    """A whole store."""
    swept(tmp_path / "runs.zarr")
    return tmp_path / "runs.zarr"


def files_of(store) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(Path(store).rglob("*")) if one.is_file()}


@pytest.mark.slow
def test_two_hundred_cells_killed_three_times_are_what_they_would_have_been(tmp_path):
    store, before = tmp_path / "runs.zarr", np.full((20, 10), np.nan)
    for cells in (20, 60, 110):
        process = subprocess.Popen([sys.executable, "-c", RUN, str(store), json.dumps([MANY, SHORT])])
        begun = time.monotonic()
        try:
            while finished(store) < cells:
                assert process.poll() is None
                assert time.monotonic() - begun < GUARD
                time.sleep(0.01)
            if cells == 20:
                with pytest.raises(
                    DomainError, match=rf"^store must be free: process {process.pid} on .* writes to it"
                ):
                    at.rerun_sweep(store)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        now = zarr.open_group(str(store), mode="r")["seconds"][...]
        assert np.array_equal(now[np.isfinite(before)], before[np.isfinite(before)])  # nothing was computed twice
        before = now
    assert np.isfinite(before).sum() < 200
    found = at.rerun_sweep(store, workers=1)
    assert np.array_equal(found.seconds.values[np.isfinite(before)], before[np.isfinite(before)])
    whole = at.sweep("mixture", MANY, TARGET, at.Constant(1), INIT, workers=1, **SHORT)
    assert found.drop_vars("seconds").equals(whole.drop_vars("seconds"))
    assert len(np.unique(found.collapsed)) > 1


@pytest.mark.nightly
@pytest.mark.slow
def test_a_dask_worker_that_is_killed_loses_nothing(tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    axes = {"separation": MANY["separation"][:12], "batch_size": [2, 3]}
    store, short = tmp_path / "runs.zarr", SHORT | {"replicas": 200, "end_time": 60}
    code = RUN.replace("workers=1", "scheduler=sys.argv[3]")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        with distributed.Client(cluster) as client:
            victim = next(iter(client.run(os.getpid).values()))
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(store), json.dumps([axes, short]), cluster.scheduler_address]
        )
        begun = time.monotonic()
        try:
            while finished(store) < 2:
                assert process.poll() is None
                assert time.monotonic() - begun < GUARD
                time.sleep(0.02)
            os.kill(victim, signal.SIGKILL)
            assert finished(store) < 24
            assert process.wait(GUARD) == 0
            assert finished(store) == 24  # by the sweep itself, before anything is run again
        finally:
            process.kill()
    found = at.rerun_sweep(store, workers=1)
    few = {"separation": axes["separation"][-2:], "batch_size": [2, 3]}
    own = at.sweep("mixture", few, TARGET, at.Constant(1), INIT, workers=1, **short)
    assert found.isel(separation=[-2, -1]).drop_vars("seconds").equals(own.drop_vars("seconds"))
    assert np.isfinite(found.seconds).all()


def test_a_whole_store_is_read_by_xarray_and_by_the_same_call_and_nothing_is_computed(kept, monkeypatch):
    files, found = files_of(kept), swept(None)
    monkeypatch.setattr("anneal_theory.sweeps.run.computed_cell", lambda *given: pytest.fail("a cell was computed"))
    assert swept(kept).drop_vars("seconds").identical(found.drop_vars("seconds"))
    assert at.rerun_sweep(kept).equals(swept(kept))
    read = xarray.open_zarr(kept, chunks=None).load()
    assert read.equals(swept(kept))
    assert read.attrs.items() >= found.attrs.items()
    assert files_of(kept) == files
    assert [one.name for one in kept.parent.iterdir()] == ["runs.zarr"]


def test_a_rerun_into_another_store_computes_all_cells_again(kept, tmp_path):
    again = at.rerun_sweep(kept, into=tmp_path / "again.zarr", workers=1)
    assert again.drop_vars("seconds").identical(swept(kept).drop_vars("seconds"))
    assert not np.array_equal(again.seconds, swept(kept).seconds)
    with pytest.raises(
        DomainError, match=r"^store must be the folder that a sweep is kept in, but was .*, where nothing is;"
    ):
        at.rerun_sweep(tmp_path / "none.zarr")
    with pytest.raises(DomainError, match=r"^into must be another folder than that of the sweep, but was"):
        at.rerun_sweep(kept, into=kept.parent / "." / kept.name)
    with pytest.raises(DomainError, match=r"^into must be in a folder that exists .* but was .*x\.zarr';"):
        at.rerun_sweep(kept, into=tmp_path / "none" / "x.zarr")
    with pytest.raises(DomainError, match=r", where nothing is; did you mean '.*/runs\.zarr'\?$"):
        at.rerun_sweep(kept.with_suffix(".zar"))


def test_a_cell_whose_seconds_are_missing_is_computed_again_alone(kept, monkeypatch):
    whole, cells = swept(kept), []
    (kept / "seconds" / "c" / "1" / "2").unlink()
    monkeypatch.setattr(
        "anneal_theory.sweeps.run.computed_cell", lambda n, one: cells.append(one.axes) or computed_cell(n, one)
    )
    assert swept(kept).drop_vars("seconds").equals(whole.drop_vars("seconds"))
    assert cells == [{"separation": ["3"], "decay_time": ["4500"]}]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"axes": AXES | {"decay_time": [1000, 2000, 5000]}}, "axes.decay_time .*'4500'.* there, .*'5000'.* here"),
        ({"axes": AXES | {"weight": [0.8]}}, "axes.weight"),
        ({"method": "slow-annealing"}, "arguments.method .'leading-order' there, 'slow-annealing' here"),
        ({"s0": "0.1"}, "arguments.s0 .None|arguments.s0 .<object"),
    ],
)
def test_a_store_of_another_sweep_is_refused_by_what_differs(kept, given, told):
    before = files_of(kept)
    with pytest.raises(
        DomainError, match=f"^store must be one of the same parameters, but was .* which has others: .*({told})"
    ):
        swept(kept, **given)
    assert files_of(kept) == before


def test_a_store_of_another_version_is_refused_by_it(kept, monkeypatch):
    monkeypatch.setattr("anneal_theory.sweeps.store.__version__", "9.9")
    with pytest.raises(
        DomainError, match=r"^store must be one of the same .*version \('anneal_theory .* 'anneal_theory 9.9' here"
    ):
        at.rerun_sweep(kept)


def test_damaged_stores_and_foreign_folders_are_refused_and_left_as_they_are(kept, tmp_path):
    chunk = kept / "value" / "c" / "0" / "1"
    whole = chunk.read_bytes()
    chunk.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    with pytest.raises(DomainError, match=r"^store must be undamaged \(ValueError: .*checksum"):
        swept(kept)
    chunk.write_bytes(whole)
    swept(kept)
    shutil.rmtree(kept / "value")
    with pytest.raises(DomainError, match=r"^store must be undamaged"):
        swept(kept)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes").write_text("mine")
    zarr.create_group(str(tmp_path / "other.zarr"))
    (tmp_path / "file").write_text("mine")
    for name in ("mine", "other.zarr", "file"):
        before = files_of(tmp_path / name)
        with pytest.raises(DomainError, match=r"^store must be the folder that a sweep is kept in"):
            swept(tmp_path / name)
        assert files_of(tmp_path / name) == before


def test_the_lock_of_a_process_that_is_gone_holds_nobody_up(kept):
    lock = Path(f"{kept}.lock")
    lock.write_text("process 1 on elsewhere")
    swept(kept)
    assert not lock.exists()


def test_a_full_disk_stops_the_sweep_and_the_store_stays_readable(tmp_path, monkeypatch):
    from zarr.storage import _local

    store, real, written = tmp_path / "runs.zarr", _local._put, []

    def full(path, *given, **more):
        written.append(path)
        if len(written) > 40:
            raise OSError(28, "No space left on device", str(path))
        return real(path, *given, **more)

    monkeypatch.setattr(_local, "_put", full)
    with pytest.raises(
        OSError, match=f"No space left on device; [0-5] of 6 cells are kept, .* goes on from there: '{store}'"
    ):
        swept(store)
    monkeypatch.setattr(_local, "_put", real)
    assert 0 < finished(store) < 6
    read = xarray.open_zarr(store, chunks=None).load()
    assert np.isfinite(read.value.values[np.isfinite(read.seconds.values)]).all()
    assert swept(store).drop_vars("seconds").equals(swept(None).drop_vars("seconds"))


@pytest.mark.parametrize("place", ["/proc/runs.zarr", "/none/here/runs.zarr"])
def test_a_folder_that_takes_no_files_is_told_before_the_work(place):
    with pytest.raises(DomainError, match=rf"^store must be in a folder that exists and takes new files \(.*'{place}'"):
        swept(place)


def test_a_scheduler_that_does_not_answer_is_named_and_local_work_is_offered(monkeypatch):
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    monkeypatch.setattr("anneal_theory.sweeps.crews._PATIENCE", "1s")
    told = r"^scheduler must be the address of a Dask scheduler that answers, .* 'tcp://127.0.0.1:1'; .*or leave it out"
    with pytest.raises(DomainError, match=told):
        at.sweep("threshold", AXES, TARGET, SCHEDULE, scheduler="tcp://127.0.0.1:1")


def test_a_cell_that_a_cluster_gives_up_ends_the_sweep_in_a_sentence():
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    from concurrent.futures import ThreadPoolExecutor

    class Client:
        def get_executor(self, pure):
            return ThreadPoolExecutor(1)

    told = r"^the cluster gave a cell up: its workers were lost .*\(KilledWorker\); the same call goes on"
    with pytest.raises(SolveError, match=told), dask_crew(abs, tuple, Client()):
        raise distributed.KilledWorker("cell", None, 3)
