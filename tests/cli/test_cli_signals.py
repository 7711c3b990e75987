"""Ctrl-C and a termination end every command soon, in one line, with nothing half-written and nothing left running."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from anneal_theory import storage
from anneal_theory.cli import interruption
from anneal_theory.cli.app import run
from tests.cli.held_commands import LIMIT, PLACES, ROOT, heeds_signals, program, started


def alive(group: int) -> list[str]:
    """Processes of a group that have not ended."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if line.split()[0] == str(group) and line.split()[1][0] != "Z"]


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and what was said; nothing of the command's session is left."""
    try:
        out, err = run.communicate(timeout=LIMIT)
        until = time.monotonic() + LIMIT
        while (left := alive(run.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        assert left == []
    finally:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    assert out == ""
    return run.returncode, err.replace("at work\n", "")


@pytest.fixture(scope="module")
def ends(tmp_path_factory) -> dict[str, tuple[int, str, list[str]]]:
    """What became of every command: started and interrupted beside each other, for most of the time is waiting.

    Those that compute without end, the first three, are started last: each alone, when nothing else waits for it.
    """
    found, backwards = {}, list(PLACES)[::-1]
    for several in (backwards[0::3], backwards[1::3], backwards[2::3]):
        folders = {place: tmp_path_factory.mktemp("out") for place in several}
        for folder in folders.values():
            (folder / "old").write_text("old")
        runs: dict[str, subprocess.Popen[str]] = {}
        try:
            for place, folder in folders.items():
                runs[place] = started(place, folder / "old")
            for running in runs.values():
                os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to every process
            for place, running in runs.items():
                code, told = ended(running)
                found[place] = code, told, [(folders[place] / name).read_text() for name in os.listdir(folders[place])]
        finally:
            for running in runs.values():
                with suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_ctrl_c_ends_a_command_wherever_it_is(ends, place):
    code, told, files = ends[place]
    assert code == 130
    assert told.startswith("anneal-theory: interrupted")
    assert told.count("\n") == 1
    assert files == ["old"]


def test_almost_nothing_is_loaded_before_the_first_moment_that_ctrl_c_is_handled_in():
    """Until then the interpreter answers with its own traceback, which no program can prevent."""
    code = "import sys; before = set(sys.modules); import anneal_theory.cli; print(*sorted(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "anneal_theory anneal_theory._version anneal_theory.cli\n"


@pytest.mark.slow
def test_the_hint_how_to_go_on_is_told(ends):
    assert "nothing is kept without --checkpoint FILE" in ends["processes"][1]
    told = ends["work that acts on Ctrl-C itself, between two steps"][1]
    assert told == "anneal-theory: interrupted at step 5; the same command goes on from there\n"


@pytest.mark.slow
def test_a_termination_is_handed_to_work_that_acts_on_ctrl_c(tmp_path):
    run = started("work that acts on Ctrl-C itself, between two steps", tmp_path / "out")
    run.send_signal(signal.SIGTERM)
    told = "anneal-theory: terminated; interrupted at step 5; the same command goes on from there\n"
    assert ended(run) == (143, told)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "word"), [(signal.SIGTERM, "terminated"), (signal.SIGHUP, "hangup")])
def test_a_termination_and_a_closed_terminal_clean_up_too(tmp_path, number, word):
    run = started("a file being written", tmp_path / "old")
    run.send_signal(number)
    assert ended(run) == (128 + number, f"anneal-theory: {word}\n")
    assert os.listdir(tmp_path) == []


@pytest.mark.slow
def test_a_command_that_tells_of_its_interruption_itself_is_not_told_of_twice(tmp_path):
    code = "import signal\n" + program(
        hold="""
import anneal_theory.fixed_points
import anneal_theory.cli.critical as command
def held(*given, **more):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
    except KeyboardInterrupt:
        print("what there is")
        raise SystemExit(0) from None
anneal_theory.fixed_points.critical_temperature = held
import anneal_theory.cli.app as app
def itself(*given, **more):
    try:
        held()
    except SystemExit:
        return 130
itself.help_flags = app.app.help_flags
app.app = itself
""",
        line="critical",
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=heeds_signals
    )
    assert (found.returncode, found.stdout, found.stderr) == (130, "what there is\n", "")


@pytest.mark.slow
def test_a_second_ctrl_c_does_not_wait(tmp_path, monkeypatch):
    run = started("a callback that swallows it", tmp_path / "out")
    run.send_signal(signal.SIGINT)
    run.send_signal(signal.SIGINT)
    assert ended(run) == (130, "anneal-theory: interrupted\n")


@pytest.mark.slow
def test_an_ignored_signal_stays_ignored(tmp_path):
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + program(
        hold="import os\nos.kill(os.getpid(), signal.SIGINT)", line=f"critical --out {tmp_path}/out"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert (tmp_path / "out").exists()


def test_an_interruption_may_say_how_to_go_on(monkeypatch, capsys):
    def interrupted(*given, **more):
        raise KeyboardInterrupt("the same command goes on")

    monkeypatch.setattr("anneal_theory.fixed_points.critical_temperature", interrupted)
    for _ in range(2):
        assert run(["critical"]) == 130
        assert capsys.readouterr().err == "anneal-theory: interrupted; the same command goes on\n"


def test_the_grace_leaves_room_within_the_two_seconds_that_are_promised():
    assert 0.5 < interruption.GRACE < 1.8
    assert interruption.GRACE < interruption.PATIENCE
    assert not storage.writing()
    assert re.search(r"within two seconds", interruption.__doc__)
