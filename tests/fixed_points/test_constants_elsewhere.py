"""Every proven constant from several threads at once, and on mpmath's pure Python arithmetic."""

import os
import subprocess
import sys
import threading

import mpmath
import pytest

from anneal_theory.fixed_points import (
    collapsed_state,
    critical_separation,
    critical_temperature,
    hot_separation,
    transient_gain,
)
from anneal_theory.probability.slow.leading_order import leading_probability
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Ball
from anneal_theory.schedules import Exponential
from anneal_theory.threshold.slow.leading_order import leading_threshold

SLOW = Exponential(10, "300.5")


def target(serial):
    """A target of its own for each call, so that no answer is a remembered one."""
    return BimodalTarget(f"3.0{serial}", "0.7")


def spelled(answer):
    """All digits of a ball, or of the balls that an answer is made of."""
    parts = {"": answer} if isinstance(answer, Ball) else vars(answer) | getattr(answer, "parts", {})
    return " ".join(f"{name} {part.to_dict()}" for name, part in parts.items() if isinstance(part, Ball))


CONSTANTS = {
    "collapsed state": lambda n, digits: spelled(collapsed_state(target(n), digits=digits, certified=True)),
    "critical temperature": lambda n, digits: spelled(critical_temperature(target(n), digits=digits, certified=True)),
    "critical separation": lambda n, digits: spelled(critical_separation(f"0.80{n}", digits=digits, certified=True)),
    "hot separation": lambda n, digits: spelled(hot_separation(f"7.00{n}", digits=digits, certified=True)),
    "transient gain": lambda n, digits: spelled(transient_gain(target(n), "0.25", digits=digits, certified=True)),
    "hot clock": lambda n, digits: spelled(SLOW.clock_above(f"5.00{n}", digits=digits, certified=True)),
    "threshold": lambda n, digits: spelled(leading_threshold(target(n), SLOW, 0, Dynamics(), digits, True)),
    "chance": lambda n, digits: spelled(leading_probability(target(n), SLOW, 64, 0, Dynamics(), digits, True)),
}


JOBS = [(1, 20), (2, 75), (3, 33), (4, 50)]
SCRIPT = """
import mpmath
from tests.fixed_points.test_constants_elsewhere import CONSTANTS, JOBS
print(mpmath.libmp.BACKEND)
for constant in CONSTANTS.values():
    for job in JOBS:
        print(constant(*job))
"""


def computed_elsewhere(**variables):
    """mpmath's backend and {(name, job): answer} of a process with one thread."""
    environment = dict(os.environ, **variables)
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=environment)
    backend, *answers = done.stdout.splitlines()
    return backend, dict(zip([(name, job) for name in CONSTANTS for job in JOBS], answers, strict=True))


@pytest.fixture(scope="module")
def alone():
    return computed_elsewhere()


@pytest.mark.slow
@pytest.mark.parametrize("name", CONSTANTS)
def test_threads_at_different_precisions_give_what_one_thread_gives(name, alone):
    together, start = {}, threading.Barrier(len(JOBS))

    def work(job):
        start.wait()
        together[name, job] = CONSTANTS[name](*job)

    threads = [threading.Thread(target=work, args=(job,)) for job in JOBS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == {key: answer for key, answer in alone[1].items() if key[0] == name}


@pytest.mark.slow
def test_constants_are_the_same_to_the_last_digit_without_gmpy2(alone):
    assert alone[0] == "gmpy"
    assert computed_elsewhere(MPMATH_NOGMPY="1") == ("python", alone[1])


@pytest.mark.slow
def test_constants_leave_no_precision_changed():
    before = mpmath.mp.dps
    for constant in CONSTANTS.values():
        constant(6, 23)
    assert mpmath.mp.dps == before
