"""The fuzz command finds nothing in a short run, sees each kind of failure, and covers every public name."""

import subprocess
import sys
from pathlib import Path

import pytest

import anneal_theory as at
from tests.fuzz.calls import Call
from tests.fuzz.run import fuzz
from tests.fuzz.watch import judge

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_a_short_run_has_no_failure():
    command = [sys.executable, "-m", "tests.fuzz", "--calls", "150", "--seed", "7"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert ", 0 failures, seed 7" in run.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("1 / 0", "legal", "ZeroDivisionError"),
        ("[1.0, {'a': np.array([float('nan')])}]", "legal", "the answer holds nan"),
        ("mpmath.mpf('inf')", "legal", "the answer holds inf"),
        ("at.Outcomes(np.zeros(1, dtype=bool), np.array([float('nan')]))", "legal", "the answer holds nan"),
        ("np.log(-np.ones(1)).size", "legal", "a warning: RuntimeWarning"),
        ("setattr(mpmath.mp, 'prec', 77)", "legal", "changed global state"),
        ("3.0", "illegal", "an answer for an illegal m"),
        ("3.0", "shape", "an answer for a call of a wrong shape"),
        ("at.averages.psi(0, at.BimodalTarget(0, 0.5))", "illegal", "an illegal m was not told"),
        ("at.averages.psi(0)", "legal", "TypeError"),
        ("[one for one in iter(int, 1)]", "legal", "not back after 0.2 s"),
        ("exit()", "legal", "SystemExit"),
    ],
)
def test_each_kind_of_failure_is_seen(text, kind, reason):
    import mpmath

    verdict = judge(Call("averages.psi", text, kind, "m" if kind == "illegal" else ""), limit=0.2)
    mpmath.mp.prec = 53
    assert verdict.outcome == "failure"
    assert verdict.reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "kind", "outcome"),
    [
        ("at.averages.psi(0, at.BimodalTarget(3, 0.8))", "legal", "answer"),
        ("at.averages.psi('x', at.BimodalTarget(3, 0.8))", "illegal", "refusal"),
        ("at.critical_temperature(at.BimodalTarget(1, 0.8))", "legal", "refusal"),
        ("at.averages.psi(0)", "shape", "refusal"),
    ],
)
def test_answers_and_refusals_are_told_apart(text, kind, outcome):
    verdict = judge(Call("averages.psi", text, kind, "m" if kind == "illegal" else ""))
    assert (verdict.outcome, verdict.reason) == (outcome, "")


def test_a_public_name_without_a_door_stops_the_command(monkeypatch):
    monkeypatch.setattr(at, "__all__", [*at.__all__, "__version__", "forgotten"])
    monkeypatch.setattr(at, "forgotten", lambda: None, raising=False)
    with pytest.raises(ValueError, match="forgotten"):
        fuzz(1, 0)


def test_a_call_depends_on_the_seed_and_its_number_alone():
    few, more = ([one.call.text for one in fuzz(count, 3, "Dynamics")] for count in (3, 6))
    assert few == more[:3]
    assert len(set(more)) > 3


def test_processes_make_the_same_calls():
    one, two = (sorted(v.call.text for v in fuzz(6, 5, "BimodalTarget", processes)) for processes in (1, 2))
    assert one == two


def test_an_unknown_function_is_told():
    with pytest.raises(ValueError, match="no public function"):
        fuzz(1, 0, "no_such_function")
