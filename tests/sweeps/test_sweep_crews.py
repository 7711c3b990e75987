"""Who works at a sweep, and where it is kept: clients and addresses of clusters, killed workers, closed disks."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import xarray

import anneal_theory as at
from anneal_theory.cli.app import run
from anneal_theory.errors import DomainError
from tests.sweeps.test_sweep_store import GUARD, RUN, SHORT, files_of, finished, swept
from tests.test_compiled import BOUND

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(8)
AXES = {"separation": [2.5, 3], "batch_size": [2, 3]}
FLOWS = {"steps": 20, "hidden": (8,), "evaluation_samples": 50, "replicas": 2, "couplings": 2, "dim": 2,
         "highest_final_temperature": "inf"}  # fmt: skip
READ = (
    BOUND
    + """
import sys
import anneal_theory as at
found = at.rerun_sweep(sys.argv[1], workers=1)
print(float(found.value.sum()))
"""
)


def alike(one, other) -> bool:
    """The same but for what cells took."""
    return one.drop_vars("seconds").equals(other.drop_vars("seconds"))


@pytest.fixture(scope="module")
def whole():
    """A small sweep by this process alone."""
    return at.sweep("mixture", AXES, TARGET, at.Constant(1), INIT, workers=1, **SHORT)


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as found:
        yield found


@pytest.mark.slow
def test_a_client_that_is_given_does_the_work_and_stays_open(whole, cluster, tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    store = tmp_path / "runs.zarr"
    with distributed.Client(cluster) as client:
        before = set(client.run(os.getpid).values())
        found = at.sweep("mixture", AXES, TARGET, at.Constant(1), INIT, store=store, scheduler=client, **SHORT)
        assert alike(found, whole)
        assert set(client.run(os.getpid).values()) == before
        assert client.submit(abs, -3).result() == 3
        plan = at.plan_sweep("mixture", AXES, TARGET, at.Constant(1), INIT, scheduler=client, **SHORT)
        assert (plan.cells, plan.workers) == (4, 1)
    assert at.rerun_sweep(store, workers=1).equals(found)


@pytest.mark.slow
def test_the_command_line_takes_the_address_of_a_scheduler(whole, cluster, tmp_path, capsys):
    line = "sweep mixture --separation 2.5,3 --batch-size 2,3 --schedule constant --dim 8 --replicas 2 --step-size 0.25"
    line += f" --end-time 25 --store {tmp_path / 'runs.zarr'} --json --scheduler {cluster.scheduler_address}"
    assert run(line.split()) == 0
    document = json.loads(capsys.readouterr().out)["result"]
    assert document["collapsed"] == whole.collapsed.values.tolist()
    assert document["seed"] == whole.seed.values.tolist()
    assert "--scheduler" not in document["command"]  # who worked changes no number
    assert run(["rerun", str(tmp_path / "runs.zarr"), "--scheduler", cluster.scheduler_address, "--workers", "2"]) == 0
    assert run(["rerun", str(tmp_path / "runs.zarr"), "--into", str(tmp_path / "again.zarr"), "--workers", "2",
                "--scheduler", cluster.scheduler_address]) == 2  # fmt: skip
    assert "workers must be left out with a scheduler" in capsys.readouterr().err


@pytest.mark.slow
def test_a_process_that_is_killed_takes_its_workers_along_and_loses_only_their_cells(tmp_path):
    psutil = pytest.importorskip("psutil", reason="comes with the extra [cluster]")
    store, axes = tmp_path / "runs.zarr", {"separation": np.linspace(2, 4, 20).round(3).tolist(), "batch_size": [2, 3]}
    short = SHORT | {"replicas": 100, "end_time": 60}
    code = RUN.replace("workers=1", "workers=3")
    process = subprocess.Popen([sys.executable, "-c", code, str(store), json.dumps([axes, short])])
    begun = time.monotonic()
    try:
        while finished(store) < 4:
            assert process.poll() is None
            assert time.monotonic() - begun < GUARD
            time.sleep(0.01)
        workers = psutil.Process(process.pid).children(recursive=True)
        assert len(workers) >= 3
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    _, alive = psutil.wait_procs(workers, timeout=GUARD)
    assert alive == []
    before = xarray.open_zarr(store, chunks=None).load().seconds.values
    kept = np.isfinite(before)
    assert 4 <= kept.sum() < 40
    found = at.rerun_sweep(store, workers=1)
    assert np.array_equal(found.seconds.values[kept], before[kept])  # none was computed twice
    own = {"separation": axes["separation"][:1] + axes["separation"][-1:], "batch_size": [2, 3]}
    some = at.sweep("mixture", own, TARGET, at.Constant(1), INIT, workers=1, **short)
    assert alike(found.isel(separation=[0, -1]), some)


@pytest.mark.slow
def test_flows_are_kept_in_a_store_and_rerun_to_the_same_numbers(tmp_path):
    pytest.importorskip("torch", reason="the extra [train] is not installed")
    axes, store = {"batch_norm": [True, False], "initial_temperature": [2, 4]}, tmp_path / "flows.zarr"
    found = at.sweep("realnvp", axes, TARGET, at.Exponential(2, 5), store=store, workers=1, **FLOWS)
    assert not any(found.refusal.values.ravel())
    assert found.replicas.values.tolist() == [[2, 2], [2, 2]]
    assert at.rerun_sweep(store).identical(found)
    again = at.rerun_sweep(store, into=tmp_path / "again.zarr", workers=2)
    assert alike(again, found)
    (store / "seconds" / "c" / "0" / "1").unlink()  # as a kill would leave the cell
    assert alike(at.rerun_sweep(store, workers=1), found)
    assert "torch" in found.attrs["versions"]


def closed(folder, mode):
    for one in (folder, *(inner for inner in folder.rglob("*") if inner.is_dir())):
        one.chmod(mode)


def read_as_others(store):
    """What another process, which permissions bind, makes of a store."""
    line = [sys.executable, "-c", READ, str(store)]
    return subprocess.run(line, capture_output=True, text=True, check=False, env=os.environ)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are those of Linux")
def test_a_whole_store_on_a_closed_disk_is_read_and_one_with_cells_missing_is_refused_before_the_work(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    store = folder / "runs.zarr"
    found = swept(store)
    closed(folder, 0o555)
    try:
        told = read_as_others(store)
        assert (told.returncode, float(told.stdout)) == (0, float(found.value.sum())), told.stderr
        closed(folder, 0o755)
        (store / "seconds" / "c" / "1" / "2").unlink()
        before = files_of(store)
        closed(folder, 0o555)
        told = read_as_others(store)
        assert (
            "DomainError: store must be in a folder that exists and takes new files (Permission denied)" in told.stderr
        )
        folder.chmod(0o755)  # where the lock may stand, but no cell
        told = read_as_others(store)
        assert "DomainError: store must be a folder that takes new files (" in told.stderr
        assert "xarray.open_zarr reads what there is" in told.stderr
        assert int(np.isfinite(xarray.open_zarr(store, chunks=None).load().seconds).sum()) == 5
    finally:
        closed(folder, 0o755)
    assert files_of(store) == before
    assert alike(at.rerun_sweep(store, workers=1), found)


@pytest.mark.slow
def test_a_whole_store_that_another_process_writes_to_is_refused_as_before(tmp_path):
    from anneal_theory.sweeps.locks import Lock

    swept(tmp_path / "runs.zarr")
    with Lock(tmp_path / "runs.zarr"), pytest.raises(DomainError, match=r"^store must be free: process"):
        swept(tmp_path / "runs.zarr")
