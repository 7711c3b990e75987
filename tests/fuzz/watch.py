"""Making one call and telling how it went: an answer, a documented refusal, or a failure with its reason."""

import contextlib
import decimal
import io
import re
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np

import anneal_theory
import anneal_theory as at
import anneal_theory.training.noise
from anneal_theory.errors import DomainError, PrecisionError, SolveError
from anneal_theory.training.adaptive import AdaAnn, ConstantESS
from anneal_theory.training.baselines import BaselineRules
from anneal_theory.training.rules import TrainingRules
from tests.advice import impossible
from tests.fuzz.calls import Call
from tests.fuzz.flows import made_flow, own_optimiser

LIMIT = 20.0  # seconds of work of a call
# Digits of a threshold take a run of power series to the saddle, or to the 2500th series and the refusal that names it;
# a probability in few dimensions, or over a long schedule, takes two hundred thousand runs.
_LONG_WORK = re.compile(r"collapse_threshold\(.*digits=|collapse_probability\(")
_LONGER = 6.0  # times the limit for these
_ASLEEP = 6.0  # times that by the clock
_LONGEST = 900  # characters of a message
# Where infinity is an answer, by the documentation.
INFINITE = {
    "Schedule.time_above",
    "Schedule.clock_above",
    "Schedule.settling_time",
    "Schedule.cells",
    "collapse_threshold",
    "collapse_probability",
    "noisy_collapse_probability",
    "threshold.slow.leading_order:leading_threshold",
    "probability.slow.leading_order:leading_probability",
    "probability.sphere.limit:passage_probability",
    "Estimate",
    "Estimate.from_dict",
    "ReducedState.rho",
    "FullState.rho",
    "solve_flow",
    "solve_flows",
    "choose_schedule",
    "training.mixture_rules:MixtureRules",
    "compare_baselines",
    "compare_training",
    "TrainingRules",
    "TrainingRules.temperatures",
}


@dataclass(frozen=True)
class Verdict:
    """How a call went.

    Attributes:
        call: The call.
        outcome: "answer", "refusal" or "failure".
        reason: What is wrong; empty if nothing.
        seconds: What it took.
    """

    call: Call
    outcome: str
    reason: str
    seconds: float


class Late(BaseException):
    """A call is over its time; no `except Exception` of ours may catch it."""


def names(folder: str) -> dict[str, Any]:
    """What the text of a call may use."""
    return {
        "anneal_theory": anneal_theory,
        "at": at,
        "np": np,
        "mpmath": mpmath,
        "Fraction": Fraction,
        "Decimal": Decimal,
        "AdaAnn": AdaAnn,
        "ConstantESS": ConstantESS,
        "TrainingRules": TrainingRules,
        "BaselineRules": BaselineRules,
        "FOLDER": folder,
        "made_flow": made_flow,
        "own_optimiser": own_optimiser,
    }


def judge(call: Call, limit: float = LIMIT) -> Verdict:
    """Make a call; the limit is longer where the documentation says that the work is."""
    limit *= _LONGER if call.kind == "legal" and _LONG_WORK.search(call.text) else 1.0
    before, start = _state(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            outcome, reason = _outcome(call, folder, limit)
    seconds = time.perf_counter() - start
    if not reason and told:
        reason = f"a warning: {told[0].category.__name__}: {told[0].message}"
    if not reason and _state() != before:
        reason = f"changed global state: {before} to {_state()}"
    return Verdict(call, "failure" if reason else outcome, reason, seconds)


def _outcome(call: Call, folder: str, limit: float) -> tuple[str, str]:
    try:
        with _deadline(limit):
            answer = eval(call.text, names(folder))  # the text is of our own making
    except (DomainError, PrecisionError, SolveError) as error:
        return "refusal", _wrong_refusal(call, error)
    except TypeError as error:
        fits = call.kind == "shape" and ("no_such_argument" in str(error) or "missing" in str(error))
        return "refusal", "" if fits else f"{type(error).__name__}: {str(error)[:300]}"
    except Late:
        return "failure", f"not back after {limit:g} s of work"
    except BaseException as error:
        return "failure", f"{type(error).__name__}: {str(error)[:300]}"
    if call.kind == "illegal":
        return "answer", f"an answer for an illegal {call.argument}: {str(answer)[:80]}"
    if call.kind == "shape":
        return "answer", f"an answer for a call of a wrong shape: {str(answer)[:80]}"
    wrong = next((text for text in _undefined(answer, call.door in INFINITE) if text), "")
    return "answer", f"the answer holds {wrong}" if wrong else ""


def _wrong_refusal(call: Call, error: Exception) -> str:
    """What is wrong with a refusal; empty if nothing."""
    message = str(error)
    if not message or len(message) > _LONGEST or "\n" in message:
        return f"a message that is not one short line ({len(message)} characters): {message[:300]}"
    if call.kind == "illegal" and not (isinstance(error, DomainError) and re.search(rf"\b{call.argument}\b", message)):
        return f"an illegal {call.argument} was not told: {message[:300]}"
    if call.kind == "shape" and "no_such_argument" not in message:
        return f"a wrong shape was told as {message[:300]}"
    if lacking := impossible(error, call.door):
        return f"an advice names {', '.join(sorted(lacking))}, which are not there: {message[:300]}"
    return ""


def _undefined(answer: Any, infinite: bool) -> Iterator[str]:
    """nan, and inf where it is none of the documented answers, anywhere in an answer."""
    if isinstance(answer, float | np.floating | mpmath.mpf):
        yield "nan" if mpmath.isnan(answer) else "inf" if mpmath.isinf(answer) and not infinite else ""
    elif isinstance(answer, np.ndarray) and answer.dtype.kind == "f":
        yield "nan" if np.isnan(answer).any() else "inf" if np.isinf(answer).any() and not infinite else ""
    for part in _parts(answer):
        yield from _undefined(part, infinite)


def _parts(answer: Any) -> list[Any]:
    """What an answer consists of."""
    if isinstance(answer, Mapping):
        return list(answer.values())
    if isinstance(answer, list | tuple):
        return list(answer)
    if is_dataclass(answer):
        names = [one.name for one in fields(answer) if not one.name.startswith(("exact_", "function", "settings"))]
        return [getattr(answer, name, None) for name in names]
    return []


def _state() -> dict[str, Any]:
    """What belongs to everyone in the process and is no call's to change."""
    state: dict[str, Any] = {
        "mpmath": mpmath.mp.prec,
        "flint": flint.ctx.prec,
        "numpy": np.geterr(),
        "decimal": decimal.getcontext().prec,
    }
    torch = sys.modules.get("torch")
    if torch is not None:
        state |= {
            "dtype": torch.get_default_dtype(),
            "grad": torch.is_grad_enabled(),
            "threads": torch.get_num_threads(),
        }
    return state


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    def late(*_: object) -> None:
        raise Late

    # Seconds of work, so that a busy machine is no failure; and a few times that by the clock, for a call that sleeps.
    timers = (signal.SIGPROF, signal.ITIMER_PROF, seconds), (signal.SIGALRM, signal.ITIMER_REAL, _ASLEEP * seconds)
    before = {number: signal.signal(number, late) for number, _, _ in timers}
    for _, timer, limit in timers:
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for number, timer, _ in timers:
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])
